import Domain
import Hummingbird
import Services

/// The department asks for changes, field by field.
enum ReturnReviewPages {
    static let routes: [Route] = [
        .page("/returns/{id}/changes", "returnChangesPage", "Ask for changes to a return", .returnRequestChanges, show),
        .page(
            .post, "/returns/{id}/changes", "returnChangesForm", "Ask for changes to a return", .returnRequestChanges,
            send),
    ]

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        let found = try await ReturnPages.load(visit)
        guard found.detail.allowed.contains(.requestChanges) else { return visit.redirect(found.back) }
        let view = try await visit.core.returns.content(visit.actor, found.detail.subject.id)
        return visit.page(page(visit, found, view, .empty, [], version: found.version))
    }

    @Sendable static func send(_ visit: Visit) async throws -> Response {
        let found = try await ReturnPages.load(visit)
        let view = try await visit.core.returns.content(visit.actor, found.detail.subject.id)
        let typed = visit.form.rowsChanged
        return try await visit.submit {
            if let typed { return visit.page(page(visit, found, view, typed, [], version: visit.form.version)) }
            let comments = visit.form.rows("comments").compactMap { row -> ReturnComment? in
                let text = visit.form["comments.\(row).comment"]
                let field = visit.form["comments.\(row).field"]
                return text.isEmpty && field.isEmpty ? nil : ReturnComment(field: field, comment: text)
            }
            try await visit.core.returns.requestChanges(
                visit.actor, found.detail.subject.id, version: visit.form.version, reason: visit.form["reason"],
                comments: comments)
            return visit.redirect(found.back, done: .changesRequested)
        } orShow: { refusal in
            page(visit, found, view, typed ?? visit.form, refusal.problems, version: visit.form.version)
        }
    }

    private static func page(
        _ visit: Visit, _ found: Decision<ReturnDetail>.Case, _ view: ReturnContentView, _ form: Form,
        _ problems: [FieldProblem], version: Int
    ) -> Page {
        let ask = Questions(form, problems: problems)
        let fields = [Component.Choice("", "Choose")] + choices(view)
        let post = PostForm(
            action: "\(found.back)/changes", csrf: visit.csrf,
            content: [
                Questions.firstButton,
                ask.list("comments", "Questions about single answers", add: "Add a question", row: "Question") {
                    path, _ in
                    [
                        ask.select("\(path).field", "About", fields),
                        ask.area("\(path).comment", "What do you ask?", rows: 3, most: 2000),
                    ]
                },
                ask.area("reason", "What must change?", hint: "At least 20 characters. The authority will read this."),
                Component.ButtonGroup(Component.Button("Ask for changes"), Component.Link("Cancel", found.back)),
            ], version: version)
        return Page(
            "Ask for changes", caption: found.caption, back: found.back, problems: problems, wide: true,
            [Component.Paragraph("The version that was submitted stays as it is. The authority has ten working days.")]
                + [post] + ReturnReading.parts(view.content, indicators: view.indicators, findings: view.findings))
    }

    private static func choices(_ view: ReturnContentView) -> [Component.Choice] {
        view.indicators.map { Component.Choice("outcomes.\($0.code).numerator", $0.name) }
            + ReturnSection.allCases.filter { $0 != .outcomes }.map {
                Component.Choice("\($0.rawValue).section", Words.title($0))
            }
    }
}
