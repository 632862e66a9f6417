import Domain
import FoundationEssentials
import Postgres
import Testing

@testable import Services

/// Every statement of evaluation is prepared against the schema, as the application.
@Suite struct EvaluationStatementTests {
    @Test("every statement prepares")
    func prepare() async throws {
        try await withFund { test in
            for statement in Self.all {
                let oids = statement.parameterOIDs.map { Int($0.rawValue) }
                let types = try await test.app.transaction("test.types") { tx in
                    try tx.run(
                        Statement(
                            "test.types",
                            """
                            select coalesce(string_agg(o::oid::regtype::text, ', ' order by i), '')
                            from unnest(\(oids)) with ordinality as t (o, i)
                            """
                        ) { row in try row.read(String.self) }.one)
                }
                let head = oids.isEmpty ? "prepare check_it as " : "prepare check_it (\(types)) as "
                do {
                    try await test.app.transaction("test.prepare") { tx in
                        _ = try tx.run(Statement<Void>("test.prepare", SQL(stringLiteral: head + statement.text)).done)
                        _ = try tx.run(Statement<Void>("test.deallocate", "deallocate check_it").done)
                    }
                } catch {
                    Issue.record("\(statement.name): \(error)")
                }
            }
        }
    }

    @Test("no two statements share a name with other words")
    func names() {
        let shared: Set<String> = [
            "review.items", "review.criteria", "review.anchors", "evaluation_plan.move", "evaluation_report.move",
        ]
        for (name, statements) in Dictionary(grouping: Set(Self.all), by: \.name) where statements.count > 1 {
            #expect(shared.contains(name), "\(name)")
        }
    }

    static let evaluation = EvaluationID.fresh()
    static let plan = EvaluationPlanID.fresh()
    static let report = EvaluationReportID.fresh()
    static let review = ReviewID.fresh()
    static let person = PersonID.fresh()
    static let day = Day("2026-11-24")!
    static let now = Instant(seconds: 1_800_000_000)

    static var all: [AnyStatement] { evaluations + papers + plans + reports + reviews + open }

    static var evaluations: [AnyStatement] {
        [
            EvaluationStatements.find(evaluation).untyped, EvaluationStatements.lock(evaluation).untyped,
            EvaluationStatements.list(after: (now, evaluation), limit: 2).untyped,
            EvaluationStatements.milestones(of: evaluation).untyped,
            EvaluationStatements.evaluators(for: evaluation).untyped,
            EvaluationStatements.appoint(evaluation, .fresh(), contract: "", by: person, reportDue: day).untyped,
            EvaluationStatements.recordDates(evaluation, planned: day, actual: nil, unblinded: nil).untyped,
            EvaluationStatements.designs.untyped, EvaluationStatements.settings.untyped,
        ]
    }

    static var papers: [AnyStatement] {
        [EvaluationPaper.plan(plan), .report(report)].flatMap { paper -> [AnyStatement] in
            [
                EvaluationPaperStatements.sections(paper).untyped,
                EvaluationPaperStatements.insertSection(paper, "design", "{}", by: person).untyped,
                EvaluationPaperStatements.updateSection(paper, "design", "{}", by: person).untyped,
                EvaluationPaperStatements.submission(paper).untyped,
                EvaluationPaperStatements.insertSubmission(
                    paper, number: 1, json: "{}", text: "", hash: [], note: nil, by: person
                ).untyped, EvaluationPaperStatements.comments(paper).untyped,
                EvaluationPaperStatements.feedback(paper).untyped, EvaluationPaperStatements.progress(paper).untyped,
                ReviewStatements.of(paper).untyped, ReviewStatements.scores(of: paper).untyped,
                ReviewStatements.items(of: paper).untyped, ReviewStatements.candidates(paper).untyped,
                ReviewStatements.ledger(paper).untyped, ReviewStatements.rulings(of: paper).untyped,
                ReviewStatements.adjudicate(paper, criterion: "", value: 1, reason: "", by: person).untyped,
            ]
        } + [
            EvaluationPaperStatements.submission(ofPlan: review).untyped,
            EvaluationPaperStatements.submission(ofReport: review).untyped,
            EvaluationPaperStatements.insertAnswer(to: .fresh(), "", by: person).untyped,
        ]
    }

    static var plans: [AnyStatement] {
        [
            EvaluationPlanStatements.find(plan).untyped, EvaluationPlanStatements.lock(plan).untyped,
            EvaluationPlanStatements.find(ofEvaluation: evaluation).untyped,
            EvaluationPlanStatements.ofEvaluation(evaluation).untyped,
            EvaluationPlanStatements.ledger(of: plan).untyped,
            EvaluationPlanStatements.commentsFinished(plan).untyped,
            EvaluationPlanStatements.move(plan, .approve, to: .approved).untyped,
            EvaluationPlanStatements.insertRegistration(
                plan, RegistrationEntry(registry: .osf, number: "", on: day, url: nil), by: person
            ).untyped,
            EvaluationPlanStatements.insertAmendment(plan, number: 2, reason: "", beforeUnblinding: true, by: person)
                .untyped,
            EvaluationPlanStatements.versions(plan).untyped, EvaluationPlanStatements.version(of: report).untyped,
            EvaluationPlanStatements.version(ofReview: review).untyped,
            EvaluationPlanStatements.registrations(plan).untyped,
            EvaluationPlanStatements.amendment(plan).untyped,
        ]
    }

    static var reports: [AnyStatement] {
        [
            EvaluationReportStatements.find(report).untyped, EvaluationReportStatements.lock(report).untyped,
            EvaluationReportStatements.ofEvaluation(evaluation).untyped,
            EvaluationReportStatements.list(after: report, limit: 2).untyped,
            EvaluationReportStatements.ledger(of: report).untyped,
            EvaluationReportStatements.factCheckFinished(report).untyped,
            EvaluationReportStatements.move(report, .publish, to: .published).untyped,
            EvaluationReportStatements.retitle(report, "").untyped, EvaluationReportStatements.gaps(report).untyped,
            EvaluationReportStatements.delays(report).untyped, EvaluationReportStatements.versions(report).untyped,
            EvaluationReportStatements.insertPressure(on: report, "", by: person).untyped,
            EvaluationReportStatements.pressure(on: report).untyped,
        ]
    }

    static var reviews: [AnyStatement] {
        [
            ReviewStatements.find(review).untyped, ReviewStatements.lock(review).untyped,
            ReviewStatements.mine(after: (0, day, review), limit: 2).untyped,
            ReviewStatements.criteria(ReviewStatements.newest).untyped,
            ReviewStatements.anchors(ReviewStatements.newest).untyped, ReviewStatements.scores(review).untyped,
            ReviewStatements.insertScores([], in: review, by: person).untyped, ReviewStatements.touch(review).untyped,
            ReviewStatements.items(review).untyped,
            ReviewStatements.insertItem(.fresh(), in: review, mustFix: true, criterion: nil, body: "", by: person)
                .untyped,
            ReviewStatements.closeItem(.fresh(), note: "", by: person).untyped, ReviewStatements.notes(review).untyped,
            ReviewStatements.insertNote(in: review, "", by: person).untyped,
            ReviewStatements.declarations(of: review).untyped,
            ReviewStatements.insertRuling(on: .fresh(), managed: true, reason: "", by: person).untyped,
            ReviewStatements.move(review, .accept, to: .accepted).untyped,
            ReviewStatements.ledger(ofReview: review).untyped,
            ReviewStatements.pairs(kind: .protocol).untyped, ReviewStatements.desk.untyped,
        ]
    }

    static var open: [AnyStatement] {
        [
            PublishedEvaluationStatements.protocols(after: nil, limit: 2).untyped,
            PublishedEvaluationStatements.versions("").untyped,
            PublishedEvaluationStatements.reports(after: (now, ""), limit: 2).untyped,
            PublishedEvaluationStatements.report("").untyped, PublishedEvaluationStatements.results("").untyped,
            PublishedEvaluationStatements.reportVersions("").untyped, PublishedEvaluationStatements.overdue.untyped,
            PublishedEvaluationStatements.evaluations(after: nil, limit: 2).untyped,
        ]
    }
}
