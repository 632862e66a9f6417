/// GOV.UK Frontend 5.11.1 components as values. Each renders with the exact markup of the design system; see
/// `Templates/govuk-*.mustache`. A field's `name` is also the id of its input, so `FieldProblem.field` links to it.
enum Component {
    /// Sizes of headings, labels, legends and captions.
    enum Size: String, Sendable { case small = "s", medium = "m", large = "l", extraLarge = "xl" }

    /// How wide an input is, in characters.
    enum Width: Int, Sendable { case two = 2, three = 3, four = 4, five = 5, ten = 10, twenty = 20, thirty = 30 }

    /// What inputs share: id, label, hint, error and the ids that describe them.
    static func question(
        _ name: String, _ label: String, size: Size? = nil, hint: String?, error: String?, isHeading: Bool = false,
        describedFirst: String? = nil
    ) -> Fields {
        let described = [
            describedFirst, hint == nil ? nil : "\(name)-hint", error == nil ? nil : "\(name)-error",
        ].compactMap(\.self)
        return [
            "id": .text(name), "name": .text(name), "label": .text(label), "size": .text(size?.rawValue),
            "hint": .text(hint), "error": .text(error), "isHeading": .flag(isHeading),
            "describedBy": .text(described.joined(separator: " ")),
        ]
    }

    /// One line of text.
    struct TextInput: Markup {
        let name: String
        let label: String
        var value: String? = nil
        var hint: String? = nil
        var error: String? = nil
        var type = "text"
        var width: Width? = nil
        /// `£`
        var prefix: String? = nil
        /// `%`
        var suffix: String? = nil
        var autocomplete: String? = nil
        /// `numeric`, `decimal`, `email`.
        var inputMode: String? = nil
        var spellcheck: Bool? = nil
        var labelSize: Size? = nil
        /// The label is the page's heading.
        var isHeading = false
        /// More words for people who cannot see which row this is in.
        var hiddenLabel: String? = nil

        var html: HTML {
            Templates.render(
                "govuk-input",
                Component.question(name, label, size: labelSize, hint: hint, error: error, isHeading: isHeading).adding(
                    [
                        "value": .text(value), "type": .text(type), "width": .text(width.map { String($0.rawValue) }),
                        "prefix": .text(prefix), "suffix": .text(suffix),
                        "affix": .flag(prefix != nil || suffix != nil),
                        "autocomplete": .text(autocomplete), "inputMode": .text(inputMode),
                        "spellcheck": .text(spellcheck.map(String.init)), "hiddenLabel": .text(hiddenLabel),
                    ]))
        }
    }

    /// A sum of money in pounds, with its sign before it.
    static func money(
        _ name: String, _ label: String, value: String?, hint: String? = nil, error: String? = nil,
        labelSize: Size? = nil,
        hiddenLabel: String? = nil
    ) -> TextInput {
        TextInput(
            name: name, label: label, value: value, hint: hint, error: error, width: .ten, prefix: "£",
            inputMode: "decimal", spellcheck: false, labelSize: labelSize, hiddenLabel: hiddenLabel)
    }

    /// A passphrase, with a button that shows it.
    struct PasswordInput: Markup {
        let name: String
        let label: String
        var hint: String? = nil
        var error: String? = nil
        /// `current-password` or `new-password`.
        var autocomplete = "current-password"

        var html: HTML {
            Templates.render(
                "govuk-password-input",
                Component.question(name, label, hint: hint, error: error).adding(["autocomplete": .text(autocomplete)]))
        }
    }

    /// Several lines of text; with `maximum`, counts characters.
    struct Textarea: Markup {
        let name: String
        let label: String
        var value: String? = nil
        var hint: String? = nil
        var error: String? = nil
        var rows = 5
        /// Most characters; shown and counted.
        var maximum: Int? = nil
        var labelSize: Size? = nil
        var isHeading = false

        var html: HTML {
            Templates.render(
                "govuk-textarea",
                Component.question(
                    name, label, size: labelSize, hint: hint, error: error, isHeading: isHeading,
                    describedFirst: maximum == nil ? nil : "\(name)-info"
                ).adding(["value": .text(value), "rows": .number(rows), "maximum": .text(maximum.map(String.init))]))
        }
    }

    /// A day as three boxes, `name-day`, `name-month`, `name-year`. The first box has the id `name`, so that an error
    /// about the whole date leads to it.
    struct DateInput: Markup {
        let name: String
        let legend: String
        var day: String? = nil
        var month: String? = nil
        var year: String? = nil
        var hint: String? = "For example, 27 3 2026"
        var error: String? = nil
        var legendSize: Size = .medium

        var html: HTML {
            let parts = [("day", "Day", day, 2), ("month", "Month", month, 2), ("year", "Year", year, 4)]
            let items = parts.map { part, label, value, width -> Fields in
                [
                    "id": .text(part == "day" ? name : "\(name)-\(part)"), "name": .text("\(name)-\(part)"),
                    "label": .text(label), "value": .text(value), "width": .number(width), "error": .flag(error != nil),
                ]
            }
            return Templates.render(
                "govuk-date-input",
                Component.question(name, legend, size: legendSize, hint: hint, error: error).adding([
                    "items": .rows(items)
                ]))
        }
    }

    /// A button that sends the form.
    struct Button: Markup {
        enum Style: String, Sendable { case primary = "", secondary, warning }
        let text: String
        var style: Style = .primary
        var name: String? = nil
        var value: String? = nil

        init(_ text: String, style: Style = .primary, name: String? = nil, value: String? = nil) {
            self.text = text
            self.style = style
            self.name = name
            self.value = value
        }

        var html: HTML {
            Templates.render(
                "govuk-button",
                ["text": .text(text), "style": .text(style.rawValue), "name": .text(name), "value": .text(value)])
        }
    }

    /// A link that looks like a button.
    struct ButtonLink: Markup {
        let text: String
        let href: String
        var style: Button.Style = .primary
        var start = false

        var html: HTML {
            Templates.render(
                "govuk-button-link",
                ["text": .text(text), "href": .text(href), "style": .text(style.rawValue), "start": .flag(start)])
        }
    }

    /// Buttons and links side by side.
    struct ButtonGroup: Markup {
        let parts: [any Markup]
        init(_ parts: any Markup...) { self.parts = parts }
        var html: HTML {
            HTML(trusted: "<div class=\"govuk-button-group\">") + .joined(parts) + HTML(trusted: "</div>")
        }
    }

    /// A group of questions under one legend.
    struct Fieldset: Markup {
        let legend: String
        var size: Size = .medium
        var isHeading = false
        var hint: String? = nil
        let parts: [any Markup]

        var html: HTML {
            Templates.render(
                "govuk-fieldset",
                [
                    "legend": .text(legend), "size": .text(size.rawValue), "isHeading": .flag(isHeading),
                    "hint": .text(hint), "contentHTML": .parts(parts),
                ])
        }
    }
}
