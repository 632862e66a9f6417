import Domain
import Hummingbird
import Services

/// A report of an evaluation: written in parts, facts checked, reviewed, signed off, published whatever it says.
enum EvaluationReportPages {
    static let routes: [Route] =
        [
            .page("/evaluation-reports", "evaluationReportsPage", "Evaluation reports", .evaluationReportList, list),
            .page(
                "/evaluation-reports/{id}", "evaluationReportPage", "A report of an evaluation", .evaluationReportRead,
                show),
            .page(
                "/evaluation-reports/{id}/content", "reportContentPage", "All that a report says",
                .evaluationReportRead, content),
            .page(
                "/evaluation-reports/{id}/parts/{part}", "reportPartPage", "A part of a report", .evaluationReportRead,
                part),
            .page(
                .post, "/evaluation-reports/{id}/parts/{part}", "saveReportPartForm", "Save a part of a report",
                .evaluationReportEdit, save),
            .page(
                .post, "/evaluation-reports/{id}/comments", "commentOnReportForm", "Comment on a fact",
                .evaluationReportComment, comment),
            .page(
                .post, "/evaluation-reports/{id}/comments/{comment}/answers", "answerReportCommentForm",
                "Answer a comment",
                .evaluationReportAnswer, answer),
        ] + decisions.routes("/evaluation-reports/{id}", load)

    static func base(_ id: EvaluationReportID) -> String { "/evaluation-reports/\(id)" }

    @Sendable static func list(_ visit: Visit) async throws -> Response {
        let page = try await visit.core.evaluationReports.list(visit.actor, page: visit.list)
        let table = Component.Table(
            caption: "Reports, newest first",
            columns: [.init("Title"), .init("Kind"), .init("Where it stands"), .init("Result"), .init("Public by")],
            rows: page.rows.map { row -> [any Markup] in
                [
                    Component.Link(row.title, base(row.id)), HTML(text: Words.label(row.kind)), Words.tag(row.state),
                    row.direction.map { Words.tag($0) } ?? HTML(text: "–"), HTML(text: row.publishDue?.spoken ?? "–"),
                ]
            }, captionHidden: true, firstCellIsHeader: true, empty: "No report concerns you yet.")
        return visit.page(Page("Evaluation reports", wide: true, [table, visit.pagination(page.next)]))
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        visit.page(page(visit, try await visit.core.evaluationReports.detail(visit.actor, try visit.id()), .empty, []))
    }

    private static func page(_ visit: Visit, _ detail: EvaluationReportDetail, _ form: Form, _ problems: [FieldProblem])
        -> Page
    {
        let base = base(detail.report.id)
        var parts: [any Markup] = [facts(detail)] + status(detail)
        if let computed = detail.computed { parts.append(self.computed(computed)) }
        parts += PaperParts.messages(detail.messages)
        if detail.isAuthor, detail.report.state.isEditable {
            parts += PaperParts.tasks(detail.parts, base: base) + PaperParts.needs(detail.problems, base: base)
        } else if detail.answers != nil {
            parts.append(FundParts.link("Read all that the report says", "\(base)/content"))
        }
        parts += FundParts.actions(decisions.links(base, detail))
        if visit.subject.holds(.reviewLead), detail.report.submission > 0 {
            parts.append(FundParts.link("Go to the review desk of this report", "\(base)/reviews"))
        }
        if detail.report.state.isPublic {
            parts.append(FundParts.link("See what the public sees", "/public/reports/\(detail.report.reference)"))
        }
        parts += PaperParts.comments(visit, detail.comments, form: detail.form, base: base, mayAnswer: detail.isAuthor)
        if detail.mayComment {
            parts += PaperParts.commentForm(
                visit, detail.form, base: base, ask: Questions(form, problems: problems), title: "Point out a fact",
                hint:
                    "Only facts: names, numbers, dates, what was done. The conclusions are the evaluator’s. Comments and answers are kept."
            )
        }
        parts += PaperParts.feedback(detail.feedback) + delays(detail) + versions(detail)
        if !detail.pressure.isEmpty {
            parts += [
                Component.Heading("Pressure that was reported"),
                Component.SummaryList(detail.pressure.map { .init(Deadline.minute($0.at), $0.body) }),
            ]
        }
        parts.append(FundParts.history(visit, .evaluationReport, detail.report.id))
        var done = decisions.sentences()
        done[.commentSaved] = "Your comment is saved."
        done[.answerSaved] = "Your answer is saved."
        done[.partSaved] = "Saved."
        done[.reportStarted] = "The report is started."
        return Page(
            detail.report.title,
            caption: "\(Words.label(detail.report.kind)) \(detail.report.reference), \(detail.authorityName)",
            back: "/evaluations/\(detail.evaluation.id)", problems: problems, banner: visit.banner(done), wide: true,
            parts)
    }

    private static func facts(_ detail: EvaluationReportDetail) -> any Markup {
        var rows: [Component.SummaryList.Row] = [
            .init("Where it stands", Words.tag(detail.report.state)), .init("Evaluator", detail.evaluatorName),
            .init("Plan", Component.Link("Open the plan", "/evaluation-plans/\(detail.plan)")),
            .init("Result", detail.report.direction.map { Words.tag($0) } ?? HTML(text: "Not computed yet")),
        ]
        if detail.report.state == .laFactCheck, let due = detail.factCheckDueOn {
            rows.append(
                .init("Facts checked until", due.spoken + (detail.factCheckFinished ? " (the authority is done)" : "")))
        }
        if let progress = PaperParts.progress(detail.progress) { rows.append(progress) }
        if let at = detail.signedOffAt { rows.append(.init("Signed off", Deadline.minute(at))) }
        if let due = detail.report.publishDue { rows.append(.init("Public by", due.spoken)) }
        if let on = detail.plannedOn { rows.append(.init("Planned for", on.spoken)) }
        if let at = detail.publishedAt { rows.append(.init("Published", Deadline.minute(at))) }
        return Component.SummaryList(rows)
    }

    private static func status(_ detail: EvaluationReportDetail) -> [any Markup] {
        if let reason = detail.withdrawalReason {
            return [Component.WarningText("This report was withdrawn. The notice stays in public: \(reason)")]
        }
        var parts: [any Markup] = []
        if let reason = detail.decisionReason, !reason.isEmpty {
            parts.append(Component.InsetText([Component.Prose(text: "From the review lead: \(reason)")]))
        }
        if detail.report.state.isSignedOff, !detail.report.state.isPublic {
            parts.append(
                Component.InsetText(
                    "This report is signed off, so it will be public. It can be delayed for one of six reasons, which are listed in public by its title. Nobody can withhold it."
                ))
        }
        if detail.correctionWaits { parts.append(Component.InsetText("A correction waits for the review lead.")) }
        return parts
    }

    private static func computed(_ computed: ReportComputation) -> any Markup {
        Component.SummaryList(
            [
                .init("Result", computed.direction.map { Words.tag($0) } ?? HTML(text: "Not complete yet")),
                .init("Maryland scale", "\(computed.sms) (planned: \(computed.plannedSMS))"),
                .init("Padlock, from which the panel starts", computed.padlock.map { "\($0) of 5" }),
                .init("Lost", computed.attrition?.percent().map { "\($0)%" }),
                .init(
                    "Difference in loss between groups",
                    computed.differentialAttrition.map { "\(Rounded.text($0 * 100, places: 1)) percentage points" }),
            ], card: "Computed from the report")
    }

    private static func delays(_ detail: EvaluationReportDetail) -> [any Markup] {
        guard !detail.delays.isEmpty else { return [] }
        return [
            Component.Table(
                caption: "Delays", columns: [.init("Decided"), .init("Reason"), .init("In words"), .init("Until")],
                rows: detail.delays.map {
                    Words.cells([Deadline.minute($0.at), Words.label($0.reason), $0.text, $0.until.spoken])
                }, captionSize: .small)
        ]
    }

    private static func versions(_ detail: EvaluationReportDetail) -> [any Markup] {
        guard !detail.versions.isEmpty else { return [] }
        return [
            Component.Table(
                caption: "Public versions",
                columns: [
                    .init("Version", numeric: true), .init("Public since"), .init("Result"), .init("Correction"),
                    .init("Digest"),
                ],
                rows: detail.versions.map {
                    Words.cells([
                        "\($0.number)", Deadline.minute($0.publishedAt), $0.direction?.label, $0.note, $0.digest,
                    ])
                }, captionSize: .small)
        ]
    }

    @Sendable static func content(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.evaluationReports.detail(visit.actor, try visit.id())
        guard let answers = detail.answers else { throw WebRefusal.notFound }
        let base = base(detail.report.id)
        let change: @Sendable (String) -> String = { "\(base)/parts/\($0)" }
        let edit = detail.isAuthor && detail.report.state.isEditable ? change : nil
        return visit.page(
            Page(
                "All that the report says", caption: "\(detail.report.reference): \(detail.report.title)", back: base,
                wide: true,
                [
                    PaperReading(form: detail.form, answers: answers, edit: edit)
                ]))
    }

    // MARK: Parts and comments

    @Sendable static func part(_ visit: Visit) async throws -> Response {
        let id: EvaluationReportID = try visit.id()
        let view = try await visit.core.evaluationReports.part(visit.actor, id, visit.text("part"))
        let checked = visit.query("check") == nil ? [] : view.problems
        return visit.page(
            PaperParts.page(visit, view, base: base(id), form: nil, problems: checked, version: view.version))
    }

    @Sendable static func save(_ visit: Visit) async throws -> Response {
        let id: EvaluationReportID = try visit.id()
        let code = visit.text("part")
        let view = try await visit.core.evaluationReports.part(visit.actor, id, code)
        return try await PaperParts.save(
            visit, view, base: base(id), next: next(code),
            store: {
                try await visit.core.evaluationReports.savePart(visit.actor, id, code, $0, version: visit.form.version)
            }, reload: { try await visit.core.evaluationReports.part(visit.actor, id, code) })
    }

    private static func next(_ code: String) -> String? {
        let all = Questionnaire.evaluationReport(designs: []).sections.map(\.code)
        return all.firstIndex(of: code).flatMap { $0 + 1 < all.count ? all[$0 + 1] : nil }
    }

    @Sendable static func comment(_ visit: Visit) async throws -> Response {
        let id: EvaluationReportID = try visit.id()
        return try await visit.submit {
            _ = try await visit.core.evaluationReports.comment(
                visit.actor, id, section: visit.form.optional("section"), body: visit.form["body"])
            return visit.redirect(base(id), done: .commentSaved)
        } orShow: { refusal in
            let detail = try await visit.core.evaluationReports.detail(visit.actor, id)
            return page(visit, detail, visit.form, refusal.problems)
        }
    }

    @Sendable static func answer(_ visit: Visit) async throws -> Response {
        let id: EvaluationReportID = try visit.id()
        let comment: EvaluationCommentID = try visit.id("comment")
        return try await visit.submit {
            try await visit.core.evaluationReports.answer(visit.actor, id, comment, body: visit.form["body-\(comment)"])
            return visit.redirect(base(id), done: .answerSaved)
        } orShow: { refusal in
            let detail = try await visit.core.evaluationReports.detail(visit.actor, id)
            let problems = refusal.problems.map { FieldProblem("body-\(comment)", $0.sentence) }
            return page(visit, detail, .empty, problems)
        }
    }

    @Sendable static func load(_ visit: Visit) async throws -> Decision<EvaluationReportDetail>.Case {
        let detail = try await visit.core.evaluationReports.detail(visit.actor, try visit.id())
        return .init(
            detail: detail, caption: "\(detail.report.reference): \(detail.report.title)", back: base(detail.report.id),
            version: detail.report.version)
    }
}
