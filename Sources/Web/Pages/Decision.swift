import Domain
import Hummingbird
import Services

/// A decisive act on one thing: a page that says what will happen and asks, and what is done on yes.
struct Decision<Detail: Sendable>: Sendable {
    /// The thing decided on, as its page needs it.
    struct Case: Sendable {
        let detail: Detail
        let caption: String
        /// The thing's own page, under which the decision lies.
        let back: String
        let version: Int
    }

    /// Last part of the address, a noun: `submission`. Also what the green banner's code is.
    let path: String
    /// Stem of the operations' names: `submitProgramme`.
    let name: String
    /// Of the button that leads there, and of the page.
    let title: String
    /// Of the button that does it.
    let confirm: String
    var style: Component.Button.Style = .primary
    let action: Domain.Action
    /// What is said once it is done.
    let done: String
    /// The question for a reason, where one is needed.
    var reason: String?
    var wide = false
    /// Where it leads, below the thing's own page: `/receipt`.
    var lands = ""
    /// Whether the core offers it now.
    let allowed: @Sendable (Detail) -> Bool
    /// What will happen, before the form.
    let lead: @Sendable (Visit, Detail) -> [any Markup]
    /// Further questions.
    var questions: @Sendable (Detail, Questions) -> [any Markup] = { _, _ in [] }
    /// What the person saw and decides on, such as a digest: it comes back with the form.
    var hidden: @Sendable (Detail) -> [(String, String)] = { _ in [] }
    /// Does it.
    let act: @Sendable (Visit, Detail) async throws -> Void

    private var mark: Done { Done(rawValue: path) }

    /// The button on the thing's page.
    func link(_ back: String) -> Component.ButtonLink {
        Component.ButtonLink(text: title, href: "\(back)/\(path)", style: style)
    }

    /// The page and its form, as rows of the route table.
    func routes(_ base: String, _ load: @escaping @Sendable (Visit) async throws -> Case) -> [Route] {
        [
            .page("\(base)/\(path)", "\(name)Page", title, action) { visit in
                let found = try await load(visit)
                guard allowed(found.detail) else { return visit.redirect(found.back) }
                if action.permission.needsStepUp, !visit.subject.isFreshlyConfirmed { throw Self.confirmFirst }
                return visit.page(page(visit, found, form: .empty, version: found.version))
            },
            .page(.post, "\(base)/\(path)", "\(name)Form", title, action) { visit in
                let found = try await load(visit)
                return try await visit.submit {
                    try await act(visit, found.detail)
                    return visit.redirect(found.back + lands, done: mark)
                } orShow: { refusal in
                    let version = refusal.kind == .stale ? found.version : visit.form.version
                    return page(visit, found, form: visit.form, problems: refusal.problems, version: version)
                }
            },
        ]
    }

    /// The page that asks.
    private func page(
        _ visit: Visit, _ found: Case, form: Form, problems: [FieldProblem] = [], version: Int
    ) -> Page {
        let ask = Questions(form, problems: problems)
        var parts = questions(found.detail, ask)
        if let reason {
            parts.append(
                ask.area("reason", reason, hint: "At least 20 characters. The people concerned will read this."))
        }
        parts.append(
            Component.ButtonGroup(Component.Button(confirm, style: style), Component.Link("Cancel", found.back)))
        let post = PostForm(
            action: "\(found.back)/\(path)", csrf: visit.csrf, content: parts, version: version, once: Tokens.fresh(),
            hidden: hidden(found.detail))
        return Page(title, caption: found.caption, back: found.back, wide: wide, lead(visit, found.detail) + [post])
    }

    /// Asked before the form is filled in, so that nothing typed is lost on the way.
    private static var confirmFirst: Refusal {
        Refusal(
            .stepUpRequired, code: "step_up_required",
            "Confirm that it is you, then try again. A confirmation lasts \(Permission.stepUpMinutes) minutes.")
    }
}

extension Array {
    /// Buttons for what the core offers now.
    func links<Detail>(_ back: String, _ detail: Detail) -> [Component.ButtonLink] where Element == Decision<Detail> {
        filter { $0.allowed(detail) }.map { $0.link(back) }
    }

    /// What the banner says after each.
    func sentences<Detail>() -> [Done: String] where Element == Decision<Detail> {
        Dictionary(map { (Done(rawValue: $0.path), $0.done) }) { first, _ in first }
    }

    /// All their routes.
    func routes<Detail>(
        _ base: String, _ load: @escaping @Sendable (Visit) async throws -> Decision<Detail>.Case
    ) -> [Route] where Element == Decision<Detail> {
        flatMap { $0.routes(base, load) }
    }
}
