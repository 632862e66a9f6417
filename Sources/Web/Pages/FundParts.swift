import Domain
import Services

/// What the fund's pages have in common.
enum FundParts {
    /// When bids must be in and how long that is, always in the same place and words.
    static func deadline(_ closes: Instant?, now: Instant) -> any Markup {
        guard let closes else { return Component.InsetText("No closing time is set yet.") }
        let deadline = Deadline(closes, now: now)
        return Templates.Filled(
            name: "fund-deadline",
            fields: [
                "label": .text(deadline.isPast ? "Closed" : "Closes"), "distance": .text(deadline.distance),
                "moment": .text(deadline.moment), "machine": .text(deadline.machine), "close": .flag(deadline.isClose),
            ])
    }

    /// What can be done now, as buttons that lead to a page that asks first.
    static func actions(_ links: [Component.ButtonLink], title: String = "What you can do") -> [any Markup] {
        guard !links.isEmpty else { return [] }
        return [
            Templates.Filled(name: "fund-actions", fields: ["title": .text(title), "buttonsHTML": .parts(links)])
        ]
    }

    /// Where every change of a thing can be read.
    static func history(_ visit: Visit, _ machine: Machine, _ id: some CustomStringConvertible) -> any Markup {
        guard Permission.allows(.historyRead, subject: visit.subject) else { return HTML.empty }
        return link("See everything that happened, and who did it", "/history/\(machine.rawValue)/\(id)")
    }

    /// A paragraph that is one link.
    static func link(_ text: String, _ href: String, hidden: String? = nil) -> any Markup {
        Templates.Filled(
            name: "fund-link", fields: ["linkHTML": .markup(Component.Link(text, href, hidden: hidden).html)])
    }

    /// A moment on a page, readable by machines too: to the second, as HTML takes no more than three digits after it.
    static func time(_ instant: Instant) -> any Markup {
        Templates.Filled(
            name: "fund-time",
            fields: [
                "machine": .text(Instant(seconds: instant.seconds).description),
                "words": .text(Deadline.minute(instant)),
            ])
    }

    /// Everything that a draft still needs, each linked to where it can be put right.
    static func needs(_ title: String, _ problems: [FieldProblem], _ address: (FieldProblem) -> String) -> [any Markup]
    {
        guard !problems.isEmpty else { return [] }
        return [
            Component.Heading(title), Component.BulletList(problems.map { Component.Link($0.sentence, address($0)) }),
        ]
    }
}

extension Subject {
    /// Whether identity was proved lately enough to fill in a form and send it.
    var isFreshlyConfirmed: Bool {
        guard let steppedUpAt else { return false }
        return now.seconds - steppedUpAt.seconds < (Permission.stepUpMinutes - 5) * 60
    }
}
