extension Component {
    /// One radio button, checkbox or option.
    struct Choice: Sendable {
        let value: String
        let label: String
        var hint: String?
        /// Shown below a radio button or checkbox when it is chosen (always, without JavaScript).
        var reveals: [any Markup] = []

        init(_ value: String, _ label: String, hint: String? = nil, reveals: [any Markup] = []) {
            self.value = value
            self.label = label
            self.hint = hint
            self.reveals = reveals
        }
    }

    /// Radio buttons.
    struct Radios: Markup {
        let name: String
        let legend: String
        let choices: [Choice]
        var value: String? = nil
        var hint: String? = nil
        var error: String? = nil
        var legendSize: Size = .medium
        /// The legend is the page's heading.
        var isHeading = false
        var inline = false
        var small = false

        var html: HTML {
            Component.choiceGroup(self, kind: "radios", type: "radio", chosen: Set([value].compactMap(\.self)))
        }
    }

    /// Checkboxes.
    struct Checkboxes: Markup {
        let name: String
        let legend: String
        let choices: [Choice]
        var values: [String] = []
        var hint: String? = nil
        var error: String? = nil
        var legendSize: Size = .medium
        var isHeading = false
        var small = false

        var html: HTML {
            let group = Radios(
                name: name, legend: legend, choices: choices, hint: hint, error: error, legendSize: legendSize,
                isHeading: isHeading, small: small)
            return Component.choiceGroup(group, kind: "checkboxes", type: "checkbox", chosen: Set(values))
        }
    }

    /// A drop-down list. Blank first, so that nothing is chosen by accident.
    struct Select: Markup {
        let name: String
        let label: String
        let choices: [Choice]
        var value: String? = nil
        var hint: String? = nil
        var error: String? = nil
        var blank: String? = "Choose"
        var labelSize: Size? = nil
        /// More words for people who cannot see which row this is in.
        var hiddenLabel: String? = nil

        var html: HTML {
            var options = choices.map { choice -> Fields in
                [
                    "value": .text(choice.value), "label": .text(choice.label),
                    "selected": .flag(choice.value == value ?? ""),
                ]
            }
            // A choice of nothing among the choices says so in its own words.
            if let blank, !choices.contains(where: \.value.isEmpty) {
                options.insert(["label": .text(blank), "selected": .flag((value ?? "").isEmpty)], at: 0)
            }
            return Templates.render(
                "govuk-select",
                Component.question(name, label, size: labelSize, hint: hint, error: error)
                    .adding(["options": .rows(options), "hiddenLabel": .text(hiddenLabel)]))
        }
    }

    private static func choiceGroup(_ group: Radios, kind: String, type: String, chosen: Set<String>) -> HTML {
        let items = group.choices.enumerated().map { index, choice -> Fields in
            let id = index == 0 ? group.name : "\(group.name)-\(index + 1)"
            let described = choice.hint == nil ? nil : "\(id)-item-hint"
            return [
                "id": .text(id), "name": .text(group.name), "value": .text(choice.value), "label": .text(choice.label),
                "hint": .text(choice.hint), "describedBy": .text(described),
                "checked": .flag(chosen.contains(choice.value)),
                "kind": .text(kind), "type": .text(type), "revealsHTML": .parts(choice.reveals),
                "hidden": .flag(!chosen.contains(choice.value)), "conditional": .flag(!choice.reveals.isEmpty),
            ]
        }
        let only = group.choices.count == 1 && group.legend.isEmpty
        return Templates.render(
            "govuk-choices",
            Component.question(
                group.name, group.legend, size: group.legendSize, hint: group.hint, error: group.error,
                isHeading: group.isHeading
            ).adding([
                "items": .rows(items), "kind": .text(kind), "inline": .flag(group.inline), "small": .flag(group.small),
                "fieldset": .flag(!only),
            ]))
    }
}
