import Domain
import Hummingbird
import Services

extension Done {
    static let evaluatorAppointed = Done(rawValue: "evaluator-appointed")
    static let datesRecorded = Done(rawValue: "dates-recorded")
    static let reportStarted = Done(rawValue: "report-started")
}

/// Evaluations: the list, one evaluation with its plan and reports, and what belongs to neither.
enum EvaluationPages {
    static let routes: [Route] = [
        .page("/evaluations", "evaluationsPage", "Evaluations", .evaluationList, list),
        .page("/evaluations/{id}", "evaluationPage", "An evaluation", .evaluationRead, show),
        .page(
            "/evaluations/{id}/evaluator", "appointEvaluatorPage", "Appoint an evaluator", .evaluationAppoint,
            appointPage),
        .page(
            .post, "/evaluations/{id}/evaluator", "appointEvaluatorForm", "Appoint an evaluator", .evaluationAppoint,
            appoint),
        .page(
            "/evaluations/{id}/dates", "evaluationDatesPage", "Dates of an evaluation", .evaluationRecordDates,
            datesPage),
        .page(
            .post, "/evaluations/{id}/dates", "evaluationDatesForm", "Record dates", .evaluationRecordDates, recordDates
        ),
        .page("/evaluations/{id}/reports/new", "startReportPage", "Start a report", .evaluationReportStart, startPage),
        .page(
            .post, "/evaluations/{id}/reports/new", "startReportForm", "Start a report", .evaluationReportStart, start),
    ]

    @Sendable static func list(_ visit: Visit) async throws -> Response {
        let page = try await visit.core.evaluations.list(visit.actor, page: visit.list)
        let table = Component.Table(
            caption: "Evaluations, newest first",
            columns: [
                .init("What is evaluated"), .init("Authority"), .init("Evaluator"), .init("Plan"), .init("Report"),
                .init("Plan due"),
            ],
            rows: page.rows.map { row -> [any Markup] in
                [
                    Component.Link(row.title, "/evaluations/\(row.id)"), HTML(text: row.authorityName),
                    HTML(text: row.evaluatorName ?? "Not appointed"),
                    row.planState.map { Words.tag($0) } ?? HTML(text: "–"),
                    row.reportState.map { Words.tag($0) } ?? HTML(text: "–"), HTML(text: row.protocolDue.spoken),
                ]
            }, captionHidden: true, firstCellIsHeader: true, empty: "No evaluation concerns you yet.")
        return visit.page(Page("Evaluations", wide: true, [table, visit.pagination(page.next)]))
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.evaluations.detail(visit.actor, try visit.id())
        let base = "/evaluations/\(detail.evaluation.id)"
        var links: [Component.ButtonLink] = []
        if detail.may.contains(.evaluationAppoint) {
            links.append(.init(text: "Appoint an evaluator", href: "\(base)/evaluator"))
        }
        if detail.may.contains(.evaluationRecordDates) {
            links.append(.init(text: "Record dates", href: "\(base)/dates", style: .secondary))
        }
        if detail.may.contains(.evaluationReportStart) {
            links.append(.init(text: "Start a report", href: "\(base)/reports/new", style: .secondary))
        }
        return visit.page(
            Page(
                detail.evaluation.title, caption: "Evaluation \(detail.evaluation.reference)", back: "/evaluations",
                banner: visit.banner([
                    .evaluatorAppointed: "The evaluator is appointed.", .datesRecorded: "The dates are recorded.",
                ]),
                [facts(detail)] + notes(detail) + [milestones(visit, detail)] + documents(detail)
                    + FundParts.actions(links)))
    }

    private static func facts(_ detail: EvaluationDetail) -> any Markup {
        let evaluation = detail.evaluation
        return Component.SummaryList([
            .init("Authority", detail.authorityName), .init("Evaluator", detail.evaluatorName),
            .init("Contract", detail.contractRef), .init("Stage", detail.stage?.label),
            .init("Plan due", evaluation.protocolDue.spoken), .init("Report due", detail.reportDue?.spoken),
            .init("Data collection planned from", evaluation.plannedStart?.spoken),
            .init("Data collection began", evaluation.actualStart?.spoken),
            .init("Results by group first seen", detail.unblindedOn?.spoken),
            .init("Registration", Words.label(evaluation.registration)),
        ])
    }

    private static func notes(_ detail: EvaluationDetail) -> [any Markup] {
        detail.evaluation.isSelfEvaluation
            ? [
                Component.WarningText(
                    "The authority evaluates itself. That is allowed, and caps how far its results can be trusted.")
            ] : []
    }

    private static func milestones(_ visit: Visit, _ detail: EvaluationDetail) -> any Markup {
        Component.Table(
            caption: "What money waits for",
            columns: [.init("Milestone"), .init("Reached"), .init("Whose turn it is"), .init("Since")],
            rows: detail.milestones.map { milestone -> [any Markup] in
                [
                    HTML(text: Words.milestone(milestone.code)),
                    milestone.isMet ? Tag("Yes", .green) : Tag("Not yet", .grey),
                    HTML(text: milestone.waitingOn ?? "–"),
                    milestone.since.map { FundParts.time($0) } ?? HTML(text: "–"),
                ]
            }, captionSize: .small, firstCellIsHeader: true)
    }

    private static func documents(_ detail: EvaluationDetail) -> [any Markup] {
        var parts: [any Markup] = []
        if let plan = detail.plan {
            parts.append(
                Component.SummaryList(
                    [
                        .init("Where it stands", Words.tag(plan.state)),
                        .init("Version in force", plan.approvedVersion == 0 ? "None yet" : "\(plan.approvedVersion)"),
                    ], card: "Plan \(plan.reference)",
                    cardActions: [.init("Open", "/evaluation-plans/\(plan.id)", hidden: "the plan")]))
        }
        parts += detail.reports.map { report in
            Component.SummaryList(
                [
                    .init("Title", report.title), .init("Where it stands", Words.tag(report.state)),
                    .init("Result", report.direction.map { Words.tag($0) } ?? HTML(text: "–")),
                ], card: "\(Words.label(report.kind)) \(report.reference)",
                cardActions: [.init("Open", "/evaluation-reports/\(report.id)", hidden: report.reference)])
        }
        return parts
    }

    // MARK: Appointing

    @Sendable static func appointPage(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.evaluations.detail(visit.actor, try visit.id())
        try visit.offer(.evaluationAppoint)
        var form = FormWriter()
        form.put("contract", detail.contractRef)
        form.put("evaluator", detail.evaluation.evaluator.map { "\($0)" })
        form.put("reportDue", detail.reportDue)
        return visit.page(appointing(visit, detail, form.form, []))
    }

    @Sendable static func appoint(_ visit: Visit) async throws -> Response {
        let id: EvaluationID = try visit.id()
        return try await visit.submit {
            var reader = Form.Reader(visit.form)
            let evaluator: OrganisationID? = reader.id("evaluator")
            let due = reader.day("reportDue")
            if evaluator == nil { reader.refuse("evaluator", "Choose who evaluates.") }
            try reader.check()
            guard let evaluator else { throw Refusal.notFound("organisation") }
            _ = try await visit.core.evaluations.appoint(
                visit.actor, id, version: visit.form.version, evaluator: evaluator, contract: visit.form["contract"],
                reportDue: due)
            return visit.redirect("/evaluations/\(id)", done: .evaluatorAppointed)
        } orShow: { refusal in
            let detail = try await visit.core.evaluations.detail(visit.actor, id)
            return appointing(visit, detail, visit.form, refusal.problems)
        }
    }

    private static func appointing(_ visit: Visit, _ detail: EvaluationDetail, _ form: Form, _ problems: [FieldProblem])
        -> Page
    {
        let base = "/evaluations/\(detail.evaluation.id)"
        let ask = Questions(form, problems: problems)
        return Page(
            "Appoint an evaluator", caption: "\(detail.evaluation.reference): \(detail.evaluation.title)", back: base,
            problems: problems,
            [
                Component.Paragraph(
                    "Whoever evaluates has no other part in this award. If the authority evaluates itself, the evidence is capped."
                ),
                PostForm(
                    action: "\(base)/evaluator", csrf: visit.csrf,
                    content: [
                        ask.select(
                            "evaluator", "Who evaluates?",
                            detail.evaluators.map { Component.Choice("\($0.id)", $0.name) }),
                        ask.text("contract", "Reference of the contract or grant"),
                        ask.date("reportDue", "When is the final report due? (optional)"),
                        Component.ButtonGroup(Component.Button("Appoint"), Component.Link("Cancel", base)),
                    ], version: detail.evaluation.version),
            ])
    }

    // MARK: Dates

    @Sendable static func datesPage(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.evaluations.detail(visit.actor, try visit.id())
        try visit.offer(.evaluationRecordDates)
        var form = FormWriter()
        form.put("planned", detail.evaluation.plannedStart)
        form.put("actual", detail.evaluation.actualStart)
        form.put("unblinded", detail.unblindedOn)
        return visit.page(dates(visit, detail, form.form, []))
    }

    @Sendable static func recordDates(_ visit: Visit) async throws -> Response {
        let id: EvaluationID = try visit.id()
        return try await visit.submit {
            var reader = Form.Reader(visit.form)
            let (planned, actual, unblinded) = (reader.day("planned"), reader.day("actual"), reader.day("unblinded"))
            try reader.check()
            _ = try await visit.core.evaluations.recordDates(
                visit.actor, id, version: visit.form.version, planned: planned, actual: actual, unblinded: unblinded)
            return visit.redirect("/evaluations/\(id)", done: .datesRecorded)
        } orShow: { refusal in
            let detail = try await visit.core.evaluations.detail(visit.actor, id)
            return dates(visit, detail, visit.form, refusal.problems)
        }
    }

    private static func dates(_ visit: Visit, _ detail: EvaluationDetail, _ form: Form, _ problems: [FieldProblem])
        -> Page
    {
        let base = "/evaluations/\(detail.evaluation.id)"
        let ask = Questions(form, problems: problems)
        return Page(
            "Dates of the evaluation", caption: "\(detail.evaluation.reference): \(detail.evaluation.title)",
            back: base,
            problems: problems,
            [
                Component.Paragraph(
                    "A protocol counts as registered in time only if it was on a public register before data collection began. Once recorded, a day that has passed can only be moved to an earlier one."
                ),
                PostForm(
                    action: "\(base)/dates", csrf: visit.csrf,
                    content: [
                        ask.date("planned", "When is data collection to begin?"),
                        ask.date("actual", "When did it begin?"),
                        ask.date("unblinded", "When did anybody who analyses first see results by group?"),
                        Component.ButtonGroup(Component.Button("Save"), Component.Link("Cancel", base)),
                    ], version: detail.evaluation.version),
            ])
    }

    // MARK: Starting a report

    @Sendable static func startPage(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.evaluations.detail(visit.actor, try visit.id())
        try visit.offer(.evaluationReportStart)
        return visit.page(starting(visit, detail, .empty, []))
    }

    @Sendable static func start(_ visit: Visit) async throws -> Response {
        let id: EvaluationID = try visit.id()
        return try await visit.submit {
            var reader = Form.Reader(visit.form)
            let kind: EvaluationReport.Kind? = reader.choice("kind")
            if kind == nil { reader.refuse("kind", "Choose which report it is.") }
            try reader.check()
            let report = try await visit.core.evaluationReports.start(
                visit.actor, id, kind: kind ?? .final, title: visit.form["title"], once: visit.once)
            return visit.redirect("/evaluation-reports/\(report)", done: .reportStarted)
        } orShow: { refusal in
            let detail = try await visit.core.evaluations.detail(visit.actor, id)
            return starting(visit, detail, visit.form, refusal.problems)
        }
    }

    private static func starting(_ visit: Visit, _ detail: EvaluationDetail, _ form: Form, _ problems: [FieldProblem])
        -> Page
    {
        let base = "/evaluations/\(detail.evaluation.id)"
        let ask = Questions(form, problems: problems)
        return Page(
            "Start a report", caption: "\(detail.evaluation.reference): \(detail.evaluation.title)", back: base,
            problems: problems,
            [
                PostForm(
                    action: "\(base)/reports/new", csrf: visit.csrf,
                    content: [
                        ask.radios(
                            "kind", "Which report is it?", Options.of(EvaluationReport.Kind.self) { Words.label($0) }),
                        ask.text("title", "Title", hint: "Under this title it is listed to the public if it is late."),
                        Component.ButtonGroup(Component.Button("Start"), Component.Link("Cancel", base)),
                    ], once: Tokens.fresh())
            ])
    }
}
