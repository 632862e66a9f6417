import Domain
import Hummingbird
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
    static func actions(_ links: [Component.ButtonLink]) -> [any Markup] {
        guard !links.isEmpty else { return [] }
        return [Templates.Filled(name: "fund-actions", fields: ["buttonsHTML": .parts(links)])]
    }

    /// Links to the first and next page of a list; filters stay.
    static func pager(_ visit: Visit, _ next: String?, query: [(String, String?)] = []) -> any Markup {
        let kept = query.compactMap { name, value in value.map { "\(name)=\(encoded($0))" } }
        func address(_ more: [String]) -> String {
            let all = kept + more
            return all.isEmpty ? visit.path : visit.path + "?" + all.joined(separator: "&")
        }
        return Component.Pagination(
            first: visit.query("after") == nil ? nil : address([]), next: next.map { address(["after=\(encoded($0))"]) })
    }

    /// A value for the query of an address.
    static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126: encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                encoded += "%" + (hex.count == 1 ? "0" + hex : hex)
            }
        }
        return encoded
    }

    /// Where every change of a thing can be read.
    static func history(_ kind: String, _ id: some CustomStringConvertible) -> any Markup {
        Component.Paragraph.link("See everything that happened, and who did it", "/history/\(kind)/\(id)")
    }

    /// A mark of state in a summary list.
    static func state(_ tag: Tag) -> Component.SummaryList.Row { .init("Where it stands", tag) }

    /// A sum of money, or a dash.
    static func sum(_ money: Money?) -> any Markup { HTML(text: money?.description ?? "–") }

    /// Everything that a form still needs, linked to where it can be filled in.
    static func needs(_ title: String, _ problems: [FieldProblem], _ address: (FieldProblem) -> String) -> [any Markup] {
        guard !problems.isEmpty else { return [] }
        return [
            Component.Heading(title),
            Component.BulletList(problems.map { Component.Link($0.sentence, address($0)) }),
        ]
    }
}

/// A decisive act: a page that says what will happen and asks, and what is done on yes.
struct Decision<Detail: Sendable>: Sendable {
    /// Last part of the address, a noun: `submission`.
    let path: String
    /// Of the button that leads there, and the page's title.
    let title: String
    /// Of the button that does it.
    let confirm: String
    var style: Component.Button.Style = .primary
    /// What happens, before the form.
    let lead: @Sendable (Detail) -> [any Markup]
    /// The question for a reason, where one is needed.
    var reason: String?
    /// Further questions.
    var questions: @Sendable (Detail, Questions) -> [any Markup] = { _, _ in [] }
    /// Shown after the form's page was left.
    let done: Done
    /// Does it.
    let act: @Sendable (Visit, Detail) async throws -> Void

    /// The page that asks.
    func page(_ visit: Visit, _ detail: Detail, caption: String, back: String, version: Int, form: Form, wide: Bool = false) -> Page {
        let ask = Questions(form)
        var parts = questions(detail, ask)
        if let reason {
            parts.append(
                ask.area("reason", reason, hint: "At least 20 characters. The people concerned will read this.", most: 4000))
        }
        parts.append(Component.ButtonGroup(Component.Button(confirm, style: style), Component.Link("Cancel", back)))
        let form = PostForm(
            action: "\(back)/\(path)", csrf: visit.csrf, content: parts, version: version, once: Tokens.fresh())
        return Page(title, caption: caption, back: back, wide: wide, lead(detail) + [form])
    }

    /// Asks when the page is opened, and acts when the form comes back. `version` is the one that the page was made from.
    func answer(
        _ visit: Visit, _ detail: Detail, caption: String, back: String, version: Int, allowed: Bool
    ) async throws -> Response {
        guard visit.request.method == .post else {
            guard allowed else { return visit.redirect(back) }
            return visit.page(page(visit, detail, caption: caption, back: back, version: version, form: .empty))
        }
        return try await visit.submit {
            try await act(visit, detail)
            return visit.redirect(back, done: done)
        } orShow: { refusal in
            let shown = refusal.kind == .stale ? version : visit.form.version
            return page(visit, detail, caption: caption, back: back, version: shown, form: visit.form)
        }
    }
}
