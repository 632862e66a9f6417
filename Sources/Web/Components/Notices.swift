extension Component {
    /// Something that happened or that one should know, at the head of the page.
    struct NotificationBanner: Markup {
        let title: String
        let text: String
        var success = false
        var link: Link? = nil

        /// Something that has just been done.
        static func success(_ text: String, link: Link? = nil) -> NotificationBanner {
            NotificationBanner(title: "Success", text: text, success: true, link: link)
        }
        /// Something to know.
        static func important(_ text: String, link: Link? = nil) -> NotificationBanner {
            NotificationBanner(title: "Important", text: text, link: link)
        }

        var html: HTML {
            Templates.render(
                "govuk-notification-banner",
                [
                    "title": .text(title), "text": .text(text), "success": .flag(success),
                    "linkHTML": .markup(link?.html ?? .empty),
                ])
        }
    }

    /// The big confirmation; it is the page's heading.
    struct Panel: Markup {
        let title: String
        var text: String? = nil
        /// In bold below the text, such as a reference.
        var strong: String? = nil
        var html: HTML {
            Templates.render("govuk-panel", ["title": .text(title), "text": .text(text), "strong": .text(strong)])
        }
    }

    /// An exclamation mark and a sentence.
    struct WarningText: Markup {
        let text: String
        init(_ text: String) { self.text = text }
        var html: HTML { Templates.render("govuk-warning-text", ["text": .text(text)]) }
    }

    /// Set apart by a line at its side.
    struct InsetText: Markup {
        let parts: [any Markup]
        init(_ text: String) { parts = [HTML(text: text)] }
        init(_ parts: [any Markup]) { self.parts = parts }
        var html: HTML { Templates.render("govuk-inset-text", ["contentHTML": .parts(parts)]) }
    }

    /// Opens on demand.
    struct Details: Markup {
        let summary: String
        let parts: [any Markup]
        var open = false
        var html: HTML {
            Templates.render(
                "govuk-details", ["summary": .text(summary), "contentHTML": .parts(parts), "open": .flag(open)])
        }
    }

    /// The way back up.
    struct Breadcrumbs: Markup {
        let links: [Link]
        var html: HTML {
            Templates.render(
                "govuk-breadcrumbs", ["items": .rows(links.map { ["text": .text($0.text), "href": .text($0.href)] })])
        }
    }

    /// Back to where one came from.
    struct BackLink: Markup {
        let href: String
        var text = "Back"
        var html: HTML { Templates.render("govuk-back-link", ["text": .text(text), "href": .text(href)]) }
    }
}
