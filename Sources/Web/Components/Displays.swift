extension Component {
    /// The list of problems at the head of a page that was sent back.
    struct ErrorSummary: Markup {
        /// The input's id and what is wrong; no id when it is about no field.
        let problems: [(field: String?, sentence: String)]

        var html: HTML {
            Templates.render(
                "govuk-error-summary",
                [
                    "items": .rows(
                        problems.map { ["href": .text($0.field.map { "#" + $0 }), "sentence": .text($0.sentence)] })
                ])
        }
    }

    /// A coloured word.
    struct Tag: Markup {
        enum Colour: String, Sendable {
            case blue = "", grey, green, turquoise, lightBlue = "light-blue", purple, pink, red, orange, yellow
        }
        let text: String
        var colour: Colour = .blue

        init(_ text: String, _ colour: Colour = .blue) {
            self.text = text
            self.colour = colour
        }

        var html: HTML { Templates.render("govuk-tag", ["text": .text(text), "colour": .text(colour.rawValue)]) }
    }

    /// A link in running text or a table cell.
    struct Link: Markup {
        let text: String
        let href: String
        /// Follows the text for people who cannot see the context.
        var hidden: String? = nil
        /// Leads to a file, not to a page.
        var isDownload = false

        init(_ text: String, _ href: String, hidden: String? = nil, isDownload: Bool = false) {
            self.text = text
            self.href = href
            self.hidden = hidden
            self.isDownload = isDownload
        }

        var html: HTML {
            Templates.render(
                "govuk-link",
                [
                    "text": .text(text), "href": .text(href), "hidden": .text(hidden), "download": .flag(isDownload),
                ])
        }
    }

    /// A summary list: terms, what they are, and links to change them.
    struct SummaryList: Markup {
        struct Row: Sendable {
            let key: String
            let value: any Markup
            var actions: [Link] = []

            init(_ key: String, _ value: any Markup, actions: [Link] = []) {
                self.key = key
                self.value = value
                self.actions = actions
            }
            /// A text with its line breaks kept; a dash when there is none.
            init(_ key: String, _ text: String?, actions: [Link] = []) {
                self.init(key, Prose(text: text ?? ""), actions: actions)
            }
        }
        let rows: [Row]
        /// With a title it becomes a card.
        var card: String? = nil
        var cardActions: [Link] = []

        init(_ rows: [Row], card: String? = nil, cardActions: [Link] = []) {
            self.rows = rows
            self.card = card
            self.cardActions = cardActions
        }

        var html: HTML {
            let anyAction = rows.contains { !$0.actions.isEmpty }
            let items = rows.map { row -> Fields in
                [
                    "key": .text(row.key), "valueHTML": .markup(row.value.html),
                    "actions": .rows(row.actions.map { ["linkHTML": .markup($0.html)] }),
                    "hasActions": .flag(!row.actions.isEmpty), "noActions": .flag(anyAction && row.actions.isEmpty),
                ]
            }
            return Templates.render(
                "govuk-summary-list",
                [
                    "rows": .rows(items), "card": .text(card),
                    "cardActions": .rows(cardActions.map { ["linkHTML": .markup($0.html)] }),
                    "hasCardActions": .flag(!cardActions.isEmpty),
                ])
        }
    }

    /// Text that somebody wrote: escaped, with its line breaks.
    struct Prose: Markup {
        let text: String
        var absent = "Not given"

        var html: HTML {
            guard !text.isEmpty else {
                return HTML(trusted: "<span class=\"app-absent\">\(HTML(text: absent).source)</span>")
            }
            return HTML(trusted: "<span class=\"app-prose\">\(HTML(text: text).source)</span>")
        }
    }

    /// A paragraph of ours.
    struct Paragraph: Markup {
        enum Style: String, Sendable {
            case body = "govuk-body", lead = "govuk-body-l", small = "govuk-body-s", hint = "govuk-hint"
        }
        let text: String
        var style: Style = .body

        init(_ text: String, _ style: Style = .body) {
            self.text = text
            self.style = style
        }

        var html: HTML {
            let tag = style == .hint ? "div" : "p"
            return HTML(trusted: "<\(tag) class=\"\(style.rawValue)\">\(HTML(text: text).source)</\(tag)>")
        }
    }

    /// A heading below the page's own: level 2 to 4.
    struct Heading: Markup {
        let text: String
        var level = 2
        var size: Size = .medium

        init(_ text: String, level: Int = 2, size: Size = .medium) {
            self.text = text
            self.level = level
            self.size = size
        }

        var html: HTML {
            HTML(trusted: "<h\(level) class=\"govuk-heading-\(size.rawValue)\">\(HTML(text: text).source)</h\(level)>")
        }
    }

    /// Points, one a line.
    struct BulletList: Markup {
        let items: [any Markup]
        init(_ items: [any Markup]) { self.items = items }
        init(_ texts: [String]) { items = texts.map { HTML(text: $0) } }

        var html: HTML {
            HTML(
                trusted: "<ul class=\"govuk-list govuk-list--bullet\">"
                    + items.map { "<li>\($0.html.source)</li>" }.joined() + "</ul>")
        }
    }

    /// A list of tasks with where each stands.
    struct TaskList: Markup {
        struct Task: Sendable {
            let title: String
            /// Nil when it cannot be started yet.
            let href: String?
            var hint: String? = nil
            let status: String
            /// Nil for plain text, as for "Completed".
            var colour: Tag.Colour? = nil
        }
        /// Ids of rows begin with it.
        var id = "tasks"
        let tasks: [Task]

        var html: HTML {
            let items = tasks.enumerated().map { index, task -> Fields in
                let row = "\(id)-\(index + 1)"
                let described = [task.hint == nil ? nil : "\(row)-hint", "\(row)-status"].compactMap(\.self)
                let status = task.colour.map { Tag(task.status, $0).html } ?? HTML(text: task.status)
                return [
                    "row": .text(row), "title": .text(task.title), "href": .text(task.href), "hint": .text(task.hint),
                    "describedBy": .text(described.joined(separator: " ")), "statusHTML": .markup(status),
                    "cannotStart": .flag(task.href == nil),
                ]
            }
            return Templates.render("govuk-task-list", ["tasks": .rows(items)])
        }
    }

    /// A table. Wide ones scroll inside their own region.
    struct Table: Markup {
        struct Column: Sendable {
            let title: String
            var numeric = false
            /// The title is for screen readers only, as above buttons that say what they do.
            var hidden = false
            init(_ title: String, numeric: Bool = false, hidden: Bool = false) {
                self.title = title
                self.numeric = numeric
                self.hidden = hidden
            }
        }
        let caption: String
        let columns: [Column]
        let rows: [[any Markup]]
        var captionSize: Size = .medium
        /// The caption is for screen readers only, when a heading says the same.
        var captionHidden = false
        /// The first cell of each row names the row.
        var firstCellIsHeader = false
        /// Said instead of an empty table.
        var empty = "There is nothing here."

        var html: HTML {
            guard !rows.isEmpty else {
                let heading: [any Markup] = captionHidden ? [] : [Heading(caption, size: captionSize)]
                return .joined(heading + [Paragraph(empty)])
            }
            let body = rows.map { row -> Fields in
                let cells = row.enumerated().map { index, cell -> Fields in
                    [
                        "cellHTML": .markup(cell.html),
                        "numeric": .flag(index < columns.count && columns[index].numeric),
                        "header": .flag(firstCellIsHeader && index == 0),
                    ]
                }
                return ["cells": .rows(cells)]
            }
            return Templates.render(
                "govuk-table",
                [
                    "caption": .text(caption), "size": .text(captionSize.rawValue),
                    "captionHidden": .flag(captionHidden),
                    "columns": .rows(
                        columns.map {
                            [
                                "title": .text($0.title), "numeric": .flag($0.numeric), "hidden": .flag($0.hidden),
                                "shown": .flag(!$0.hidden),
                            ]
                        }),
                    "rows": .rows(body),
                ])
        }
    }

    /// Links to the first and the next page of a list that pages by keyset.
    struct Pagination: Markup {
        var first: String? = nil
        var next: String? = nil
        var html: HTML {
            guard first != nil || next != nil else { return .empty }
            return Templates.render("govuk-pagination", ["first": .text(first), "next": .text(next)])
        }
    }
}
