import Domain
import FoundationEssentials
import Hummingbird
import Services

extension Done {
    static let reviewerInvited = Done(rawValue: "reviewer-invited")
    static let disagreementSettled = Done(rawValue: "disagreement-settled")
    static let pointClosed = Done(rawValue: "point-closed")
}

/// The review lead's desk for one plan or report: who reviews, where they disagree, what they come to.
enum ReviewDeskPages {
    static let routes: [Route] = routes(.protocol) + routes(.report)

    private static func routes(_ kind: Review.Kind) -> [Route] {
        let noun = noun(kind)
        let name = kind == .protocol ? "Plan" : "Report"
        return [
            .page("/\(noun)/{id}/reviews", "review\(name)DeskPage", "The review desk", .reviewCompare) { visit in
                visit.page(page(visit, try await load(visit, kind), .empty, []))
            },
            .page(.post, "/\(noun)/{id}/reviews", "invite\(name)ReviewerForm", "Invite a reviewer", .reviewInvite) {
                try await invite($0, kind)
            },
            .page(
                .post, "/\(noun)/{id}/adjudications", "adjudicate\(name)Form", "Settle a disagreement",
                .reviewAdjudicate
            ) {
                try await adjudicate($0, kind)
            },
            .page(
                .post, "/\(noun)/{id}/reviews/{review}/points/{item}/closure", "close\(name)PointForm", "Close a point",
                .reviewCloseItem
            ) {
                try await close($0, kind)
            },
        ]
    }

    private static func noun(_ kind: Review.Kind) -> String {
        kind == .protocol ? "evaluation-plans" : "evaluation-reports"
    }

    private static func load(_ visit: Visit, _ kind: Review.Kind) async throws -> DeskDetail {
        kind == .protocol
            ? try await visit.core.reviews.desk(visit.actor, plan: try visit.id())
            : try await visit.core.reviews.desk(visit.actor, report: try visit.id())
    }

    private static func base(_ visit: Visit, _ kind: Review.Kind) -> String {
        "/\(noun(kind))/\(visit.text("id").lowercased())"
    }

    // MARK: Acts

    @Sendable private static func invite(_ visit: Visit, _ kind: Review.Kind) async throws -> Response {
        try await visit.submit {
            var reader = Form.Reader(visit.form)
            let person: PersonID? = reader.id("reviewer")
            let due = reader.day("dueOn")
            if person == nil { reader.refuse("reviewer", "Choose who reviews.") }
            if due == nil, visit.form.optional("dueOn-day") == nil { reader.refuse("dueOn", "Enter when it is due.") }
            try reader.check()
            guard let person, let due else { throw Refusal.notFound("person") }
            let third = visit.form["third"] == "yes"
            _ =
                kind == .protocol
                ? try await visit.core.reviews.invite(
                    visit.actor, plan: try visit.id(), person, dueOn: due, isThird: third, once: visit.once)
                : try await visit.core.reviews.invite(
                    visit.actor, report: try visit.id(), person, dueOn: due, isThird: third, once: visit.once)
            return visit.redirect("\(base(visit, kind))/reviews", done: .reviewerInvited)
        } orShow: { refusal in
            page(visit, try await load(visit, kind), visit.form, refusal.problems)
        }
    }

    @Sendable private static func adjudicate(_ visit: Visit, _ kind: Review.Kind) async throws -> Response {
        let criterion = visit.form["criterion"]
        return try await visit.submit {
            var reader = Form.Reader(visit.form)
            let value = reader.number("value.\(criterion)", in: 0...Rubric.highest, "Choose the score that counts.")
            if value == nil { reader.refuse("value.\(criterion)", "Choose the score that counts.") }
            try reader.check()
            let reason = visit.form["reason.\(criterion)"]
            if kind == .protocol {
                try await visit.core.reviews.adjudicate(
                    visit.actor, plan: try visit.id(), criterion: criterion, value: value ?? 0, reason: reason)
            } else {
                try await visit.core.reviews.adjudicate(
                    visit.actor, report: try visit.id(), criterion: criterion, value: value ?? 0, reason: reason)
            }
            return visit.redirect("\(base(visit, kind))/reviews", done: .disagreementSettled)
        } orShow: { refusal in
            let problems = refusal.problems.map { problem in
                FieldProblem(problem.field == "reason" ? "reason.\(criterion)" : problem.field, problem.sentence)
            }
            return page(visit, try await load(visit, kind), visit.form, problems)
        }
    }

    @Sendable private static func close(_ visit: Visit, _ kind: Review.Kind) async throws -> Response {
        let item: ReviewItemID = try visit.id("item")
        return try await visit.submit {
            try await visit.core.reviews.closeItem(
                visit.actor, try visit.id("review"), item, note: visit.form["note.\(item)"])
            return visit.redirect("\(base(visit, kind))/reviews", done: .pointClosed)
        } orShow: { refusal in
            let problems = refusal.problems.map { FieldProblem("note.\(item)", $0.sentence) }
            return page(visit, try await load(visit, kind), visit.form, problems)
        }
    }

    // MARK: The page

    private static func page(_ visit: Visit, _ desk: DeskDetail, _ form: Form, _ problems: [FieldProblem]) -> Page {
        let base = base(visit, desk.kind)
        let ask = Questions(form, problems: problems)
        var parts: [any Markup] = [summary(desk)]
        parts += desk.warnings.map { Component.WarningText($0) } + PaperParts.messages(desk.messages)
        parts.append(reviews(desk))
        if desk.mayInvite, !desk.candidates.isEmpty { parts += invitation(visit, desk, ask, base) }
        if desk.verdict.finals > 0 {
            parts.append(verdict(desk))
            parts += disagreements(visit, desk, ask, base)
        }
        parts += points(visit, desk, ask, base)
        let plan = EvaluationPlanPages.decisions.filter { item in desk.planEvents.contains { $0.leads == item.path } }
        let report = EvaluationReportPages.decisions.filter { item in
            desk.reportEvents.contains { $0.leads == item.path }
        }
        parts += FundParts.actions(
            plan.map { $0.link(base) } + report.map { $0.link(base) }, title: "What you can decide")
        return Page(
            "Review desk: \(desk.title)", caption: "\(Words.label(desk.kind)) \(desk.reference), \(desk.authorityName)",
            back: base, problems: problems,
            banner: visit.banner([
                .reviewerInvited: "The reviewer is invited.", .disagreementSettled: "The disagreement is settled.",
                .pointClosed: "The point is closed.",
            ]), wide: true, parts)
    }

    private static func summary(_ desk: DeskDetail) -> any Markup {
        Component.SummaryList([
            .init("Where it stands", Words.plain(desk.state)), .init("Submission", "\(desk.submission)"),
            .init("Final reviews", "\(desk.verdict.finals)"),
            .init("Score", desk.verdict.total.map { "\(Words.decimal(hundredths: $0)) of 100" }),
            .init("What the rules advise", advice(desk.verdict.advice)),
            .init("Agreement of the reviewers", Words.kappa(desk.agreement)),
        ])
    }

    private static func advice(_ advice: ReviewRules.Advice) -> String {
        switch advice {
        case .wait: "Wait: two final reviews are needed, and disagreements settled"
        case .approve: "Approve"
        case .revise: "Send back to be revised"
        case .reject: "Send back: the score is too low, a new start may be better"
        }
    }

    private static func reviews(_ desk: DeskDetail) -> any Markup {
        Component.Table(
            caption: "Reviews",
            columns: [
                .init("Reviewer"), .init("Organisation"), .init("Submission", numeric: true), .init("Due"),
                .init("Where it stands"),
            ],
            rows: desk.reviews.map { row -> [any Markup] in
                [
                    Component.Link(row.reviewerName ?? row.review.reference, "/reviews/\(row.review.id)"),
                    HTML(text: row.reviewerOrganisation ?? "–"),
                    HTML(text: "\(row.review.submission)\(row.review.isThird ? ", third" : "")"),
                    HTML(text: row.review.dueOn.spoken), Words.tag(row.review.state),
                ]
            }, captionSize: .small, firstCellIsHeader: true, empty: "Nobody is invited yet.")
    }

    private static func invitation(_ visit: Visit, _ desk: DeskDetail, _ ask: Questions, _ base: String) -> [any Markup]
    {
        let people = desk.candidates.map {
            Component.Choice(
                "\($0.id)", "\($0.name), \($0.organisationName) (\(Words.count($0.inHand, "review")) in hand)")
        }
        return [
            Component.Heading("Invite a reviewer"),
            PostForm(
                action: "\(base)/reviews", csrf: visit.csrf,
                content: [
                    ask.select(
                        "reviewer", "Who reviews?",
                        hint:
                            "Nobody of the evaluator or the authority is listed, and nobody with another part in the case.",
                        people),
                    ask.date("dueOn", "When is it due?"),
                    ask.flag("third", "A third review, because the first two disagree"), Component.Button("Invite"),
                ], once: Tokens.fresh()),
        ]
    }

    private static func verdict(_ desk: DeskDetail) -> any Markup {
        Component.Table(
            caption: "Scores by criterion",
            columns: [
                .init("Criterion"), .init("Weight", numeric: true), .init("Reviewers’ scores", numeric: true),
                .init("Ruling", numeric: true), .init("Counts", numeric: true), .init("Remark"),
            ],
            rows: desk.verdict.standings.map { standing -> [any Markup] in
                let remark =
                    standing.isUnsettled
                    ? "Far apart: settle it"
                    : standing.failsGate ? "Gate not passed" : standing.isDisputed ? "Settled" : ""
                return Words.cells([
                    standing.criterion.title, "\(standing.criterion.weight(desk.kind))",
                    standing.values.map(String.init).joined(separator: " and "), standing.ruling.map(String.init),
                    standing.hundredths.map { Words.decimal(hundredths: $0) }, remark,
                ])
            }, captionSize: .small, firstCellIsHeader: true)
    }

    private static func disagreements(_ visit: Visit, _ desk: DeskDetail, _ ask: Questions, _ base: String)
        -> [any Markup]
    {
        let open = desk.verdict.standings.filter(\.isUnsettled)
        guard desk.mayInvite, !open.isEmpty else { return [] }
        let choices = (0...Rubric.highest).map { Component.Choice("\($0)", "\($0)") }
        return [Component.Heading("Disagreements")]
            + open.map { standing in
                PostForm(
                    action: "\(base)/adjudications", csrf: visit.csrf,
                    content: [
                        ask.select(
                            "value.\(standing.criterion.code)",
                            "Score that counts for \(standing.criterion.title.lowercased())",
                            hint: "The reviewers gave \(standing.values.map(String.init).joined(separator: " and ")).",
                            choices),
                        ask.area(
                            "reason.\(standing.criterion.code)", "Why",
                            hint: "At least 20 characters. Both scores stay.",
                            rows: 3), Component.Button("Settle", style: .secondary),
                    ], hidden: [("criterion", standing.criterion.code)])
            }
    }

    private static func points(_ visit: Visit, _ desk: DeskDetail, _ ask: Questions, _ base: String) -> [any Markup] {
        guard !desk.items.isEmpty else { return [] }
        let table = Component.Table(
            caption: "Points raised",
            columns: [.init("Submission", numeric: true), .init("Kind"), .init("What"), .init("Closed with")],
            rows: desk.items.map {
                Words.cells([
                    "\($0.submission)", $0.isMustFix ? "Must be put right" : "Should be put right", $0.body,
                    $0.closedWith,
                ])
            }, captionSize: .small)
        return [table]
            + desk.items.filter { $0.closedWith == nil }.map { item in
                PostForm(
                    action: "\(base)/reviews/\(item.review)/points/\(item.id)/closure", csrf: visit.csrf,
                    content: [
                        ask.area("note.\(item.id)", "How was “\(item.body)” put right?", rows: 2),
                        Component.Button("Close this point", style: .secondary),
                    ])
            }
    }
}

extension EvaluationPlanEvent {
    /// The page on which a review lead decides it.
    fileprivate var leads: String? {
        switch self {
        case .beginReview: "review"
        case .approve: "approval"
        case .askToRevise: "revision"
        default: nil
        }
    }
}

extension EvaluationReportEvent {
    /// The page on which a review lead decides it.
    fileprivate var leads: String? {
        switch self {
        case .beginReview: "review"
        case .signOff: "sign-off"
        case .askToRevise: "revision"
        default: nil
        }
    }
}
