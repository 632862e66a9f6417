import Domain
import Hummingbird
import Services

/// What the department does for the appraisal of one bid: who scores it, and what they gave.
enum BidAppraisalPages {
    static let routes: [Route] = [
        .page("/bids/{id}/appraisers", "assignAppraiserPage", "Assign an appraiser", .appraisalAssign, showAssign),
        .page(.post, "/bids/{id}/appraisers", "assignAppraiserForm", "Assign an appraiser", .appraisalAssign, assign),
        .page("/bids/{id}/scores", "bidScoresPage", "Scores of a bid", .appraisalCompare, scores),
    ]

    @Sendable static func showAssign(_ visit: Visit) async throws -> Response {
        var form = FormWriter()
        form.put("dueOn", visit.subject.now.londonDay.adding(days: 21))
        return visit.page(try await assignPage(visit, form.form))
    }

    @Sendable static func assign(_ visit: Visit) async throws -> Response {
        let id: BidID = try visit.id()
        return try await visit.submit {
            var reader = Form.Reader(visit.form)
            let person: PersonID? = reader.id("person")
            let due = reader.day("dueOn")
            let people = try await visit.core.appraisals.assignable(visit.actor, id)
            let chosen = people.first { $0.id == person }
            if chosen == nil { reader.refuse("person", "Choose who scores the bid") }
            if due == nil, visit.form.optional("dueOn-day") == nil {
                reader.refuse("dueOn", "Enter the day on which it is due")
            }
            try reader.check()
            guard let chosen, let due else { throw Refusal.notFound("person") }
            _ = try await visit.core.appraisals.assign(
                visit.actor, id, chosen.id, kind: chosen.kind, dueOn: due, once: visit.once)
            return visit.redirect("/bids/\(id)", done: .appraiserAssigned)
        } orShow: { refusal in
            try await assignPage(visit, visit.form, refusal.problems)
        }
    }

    private static func assignPage(_ visit: Visit, _ form: Form, _ problems: [FieldProblem] = []) async throws -> Page {
        let detail = try await visit.core.bids.detail(visit.actor, try visit.id())
        let people = try await visit.core.appraisals.assignable(visit.actor, detail.bid.id)
        let back = "/bids/\(detail.bid.id)"
        let ask = Questions(form, problems: problems)
        let choices = people.map {
            Component.Choice("\($0.id)", "\($0.name), \($0.organisationName): \(Words.label($0.kind).lowercased())")
        }
        let form = PostForm(
            action: "\(back)/appraisers", csrf: visit.csrf,
            content: [
                ask.select(
                    "person", "Who scores it?", hint: "Only people who have had no part in this bid are listed.",
                    choices),
                ask.date("dueOn", "When is it due?"),
                Component.ButtonGroup(Component.Button("Assign"), Component.Link("Cancel", back)),
            ], once: Tokens.fresh())
        let names = detail.appraisals.map { "\($0.appraiserName) (\(Words.label($0.kind).lowercased()))" }
        return Page(
            "Assign an appraiser", caption: "\(BidPages.caption(detail.bid)): \(detail.bid.title)", back: back,
            [
                Component.Paragraph(
                    "A bid needs two appraisers and one evaluation scorer. They do not see each other's scores until their own are final."
                ),
                names.isEmpty
                    ? Component.Paragraph("Nobody is assigned yet.")
                    : Component.Paragraph("Assigned so far: \(Words.list(names))."),
                form,
            ])
    }

    // MARK: Scores side by side

    @Sendable static func scores(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.bids.detail(visit.actor, try visit.id())
        let summary = try await visit.core.appraisals.summary(visit.actor, detail.bid.id)
        return visit.page(
            Page(
                "Scores", caption: "\(BidPages.caption(detail.bid)): \(detail.bid.title)",
                back: "/bids/\(detail.bid.id)",
                wide: true, parts(summary) + [reasons(summary)]))
    }

    /// The total, and each criterion with its mean, spread and number of scores.
    static func parts(_ summary: ScoreSummary) -> [any Markup] {
        let scorers = Set(summary.given.map(\.appraiserName)).count
        var parts: [any Markup] = [
            Component.SummaryList([
                .init("Weighted total", "\(summary.total) out of 100, from \(Words.count(scorers, "scorer"))"),
                .init("Pass marks", summary.passes ? Tag("All reached", .green) : Tag("Not all reached", .red)),
            ])
        ]
        if summary.needsModeration {
            parts.append(
                Component.WarningText(
                    "Scores differ by 2 or more on a criterion. They need to be talked through before a decision."))
        }
        parts.append(
            Component.Table(
                caption: "Scores by criterion",
                columns: [
                    .init("Criterion"), .init("Weight", numeric: true), .init("Mean", numeric: true),
                    .init("Spread", numeric: true), .init("Scores", numeric: true), .init("Pass mark", numeric: true),
                    .init("Given"),
                ],
                rows: summary.criteria.map { criterion -> [any Markup] in
                    let given = summary.given.filter { $0.criterionCode == criterion.criterion.code }
                    let mark = criterion.criterion.passMark == 0 ? "None" : "\(criterion.criterion.passMark)"
                    return Words.cells([
                        criterion.criterion.title, Words.percent(basisPoints: criterion.criterion.weightBasisPoints),
                        criterion.mean, "\(criterion.spread)", "\(criterion.count)",
                        criterion.belowPassMark ? "\(mark), not reached" : mark,
                        given.map { "\($0.appraiserName) \($0.value)" }.joined(separator: "; "),
                    ])
                }, firstCellIsHeader: true))
        return parts
    }

    private static func reasons(_ summary: ScoreSummary) -> any Markup {
        HTML.joined(
            [Component.Heading("Reasons")]
                + summary.criteria.flatMap { criterion -> [any Markup] in
                    let given = summary.given.filter { $0.criterionCode == criterion.criterion.code }
                    return [
                        Component.Heading(criterion.criterion.title, level: 3, size: .small),
                        Component.SummaryList(
                            given.map { .init("\($0.appraiserName): \(Words.score($0.value))", $0.rationale) }),
                    ]
                })
    }
}
