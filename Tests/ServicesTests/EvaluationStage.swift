import Domain
import Foundation
import Postgres
import Testing

@testable import Services

/// A stage with an award in force, its evaluation and the people of it: two authors, a review lead, and reviewers whose
/// names stand nowhere else, so that a test can look for them.
struct EvaluationStage {
    let award: AwardStage
    let evaluation: EvaluationID
    let plan: EvaluationPlanID
    let author: Actor
    let lead: Actor
    let reviewers: [Actor]

    var stage: FundStage { award.stage }
    var test: Fund { award.stage.test }
    var services: Touchstone { award.services }

    /// Names that only the review lead, auditors, the reviewers themselves and administrators may meet.
    static let canaries = ["Quillfeather", "Brandywhistle", "Thistlewick"]
    static let reason = "Because of what was found on reading it twice."

    /// Runs a test on a stage with an evaluator appointed and nothing written.
    static func run(_ body: (EvaluationStage) async throws -> Void) async throws {
        try await FundStage.run { stage in try await body(try await on(stage)) }
    }

    static func on(_ stage: FundStage) async throws -> EvaluationStage {
        let award = try await AwardStage.inForce(on: stage, of: "916")
        let test = stage.test
        let institute = try await test.organisation(.evaluator, name: "Institute of Trials")
        let centre = try await test.organisation(.whatWorks, name: "Second centre")
        let author = try await test.actor(.evaluationAuthor, in: institute, name: "Ada Author")
        let lead = try await test.actor(.reviewLead, in: centre, name: "Lena Lead")
        var reviewers: [Actor] = []
        for name in canaries { reviewers.append(try await test.actor(.reviewer, in: centre, name: "Robin \(name)")) }
        let officer = try stage.actor("officer")
        let id: EvaluationID = try await test.value("select id from evaluation where award_id = \(award.award)")
        let plan: EvaluationPlanID = try await test.value("select id from evaluation_plan where evaluation_id = \(id)")
        _ = try await stage.services.evaluations.appoint(
            officer, id, version: 1, evaluator: institute, contract: "C-2026-1")
        return EvaluationStage(
            award: award, evaluation: id, plan: plan, author: author, lead: lead, reviewers: reviewers)
    }

    func today() async throws -> Day { try await services.subject(author).now.londonDay }

    // MARK: The plan

    func planVersion() async throws -> Int {
        try await test.value("select version from evaluation_plan where id = \(plan)")
    }
    func planState() async throws -> EvaluationPlan.State {
        try await test.value("select state from evaluation_plan where id = \(plan)")
    }

    /// Writes every part of the plan, or again those that `change` touches.
    func writePlan(_ change: (inout Questionnaire.Answers) -> Void = { _ in }) async throws {
        let answers = planAnswers {
            $0["outcomes.primary.0.indicatorCode"] = ""
            $0["outcomes.primary.0.instrument"] = "Returns on children in care"
            change(&$0)
        }
        let detail = try await services.evaluationPlans.detail(author, plan)
        for section in detail.form.sections {
            let part = detail.parts.first { $0.section == section.code }
            _ = try await services.evaluationPlans.savePart(
                author, plan, section.code, answers.of(section), version: part?.version ?? 0)
        }
    }

    /// Started, written, commented on and submitted.
    func submittedPlan(_ change: (inout Questionnaire.Answers) -> Void = { _ in }) async throws {
        try await services.evaluationPlans.start(author, plan, version: try await planVersion(), declares: true)
        try await writePlan(change)
        try await services.evaluationPlans.sendForComment(author, plan, version: try await planVersion())
        try await services.evaluationPlans.finishComments(
            try award.editor, plan, version: try await planVersion())
        _ = try await services.evaluationPlans.submit(author, plan, version: try await planVersion())
    }

    func version(of review: ReviewID) async throws -> Int {
        try await test.value("select version from review where id = \(review)")
    }

    /// Invites a reviewer and lets them accept and declare that nothing stands in the way.
    func invite(_ reviewer: Actor, report: EvaluationReportID? = nil, isThird: Bool = false) async throws -> ReviewID {
        let person = try await test.person(of: reviewer)
        let due = try await today().adding(days: 20)
        let id =
            if let report {
                try await services.reviews.invite(lead, report: report, person, dueOn: due, isThird: isThird)
            } else {
                try await services.reviews.invite(lead, plan: plan, person, dueOn: due, isThird: isThird)
            }
        try await services.reviews.accept(reviewer, id, version: 1)
        try await services.reviews.declare(reviewer, id, version: 2, kinds: [], detail: "")
        return id
    }

    /// Scores every criterion alike but for those that are named, and hands in.
    func score(
        _ review: ReviewID, by reviewer: Actor, _ value: Int, but changes: [String: Int] = [:], final: Bool = true
    )
        async throws
    {
        try await services.reviews.begin(reviewer, review, version: try await version(of: review))
        let detail = try await services.reviews.detail(reviewer, review)
        let scores = detail.rubric.criteria(for: detail.review.kind).map {
            ReviewScore(
                criterion: $0.code, value: changes[$0.code] ?? value, rationale: "The text says so in its third part.")
        }
        let saved = try await services.reviews.saveScores(reviewer, review, version: detail.review.version, scores)
        try await services.reviews.submit(reviewer, review, version: saved)
        if final {
            try await services.reviews.finalise(lead, review, version: try await version(of: review))
        }
    }

    /// Two final reviews of the plan.
    func reviewedPlan(_ values: (Int, Int) = (3, 3), but changes: [String: Int] = [:]) async throws -> [ReviewID] {
        let first = try await invite(reviewers[0])
        let second = try await invite(reviewers[1])
        try await services.evaluationPlans.beginReview(lead, plan, version: try await planVersion())
        try await score(first, by: reviewers[0], values.0)
        try await score(second, by: reviewers[1], values.1, but: changes)
        return [first, second]
    }

    func approvedPlan(_ change: (inout Questionnaire.Answers) -> Void = { _ in }) async throws {
        try await submittedPlan(change)
        _ = try await reviewedPlan()
        try await services.evaluationPlans.approve(lead, plan, version: try await planVersion())
    }

    /// Data collection is to begin on a day so many days from now; what is registered is registered on another.
    func registeredPlan(starts: Int = 5, registered: Int = -1) async throws {
        try await approvedPlan()
        try await register(starts: starts, registered: registered)
    }

    func register(starts: Int = 5, registered: Int = -1) async throws {
        let today = try await today()
        let version: Int = try await test.value("select version from evaluation where id = \(evaluation)")
        _ = try await services.evaluations.recordDates(
            author, evaluation, version: version, planned: today.adding(days: starts), actual: nil, unblinded: nil)
        try await services.evaluationPlans.register(
            author, plan, version: try await planVersion(),
            RegistrationEntry(
                registry: .isrctn, number: "ISRCTN12345678", on: today.adding(days: registered),
                url: "https://www.isrctn.com/ISRCTN12345678"))
    }

    // MARK: The report

    func reportVersion(_ id: EvaluationReportID) async throws -> Int {
        try await test.value("select version from evaluation_report where id = \(id)")
    }
    func reportState(_ id: EvaluationReportID) async throws -> EvaluationReport.State {
        try await test.value("select state from evaluation_report where id = \(id)")
    }

    func writeReport(_ id: EvaluationReportID, _ change: (inout Questionnaire.Answers) -> Void = { _ in }) async throws
    {
        let answers = reportAnswers(change)
        let detail = try await services.evaluationReports.detail(author, id)
        for section in detail.form.sections {
            let part = detail.parts.first { $0.section == section.code }
            _ = try await services.evaluationReports.savePart(
                author, id, section.code, answers.of(section), version: part?.version ?? 0)
        }
    }

    /// A final report on an approved plan, its facts checked, submitted.
    func submittedReport(_ change: (inout Questionnaire.Answers) -> Void = { _ in }) async throws -> EvaluationReportID
    {
        let id = try await services.evaluationReports.start(
            author, evaluation, kind: .final, title: "What family meetings do")
        try await writeReport(id, change)
        try await services.evaluationReports.sendForFactCheck(author, id, version: try await reportVersion(id))
        try await services.evaluationReports.finishFactCheck(try award.editor, id, version: try await reportVersion(id))
        _ = try await services.evaluationReports.submit(author, id, version: try await reportVersion(id))
        return id
    }

    /// Two final peer reviews of a report. One of the reviewers has reviewed the protocol, which is allowed.
    func reviewReport(_ id: EvaluationReportID, _ value: Int = 3) async throws {
        let first = try await invite(reviewers[0], report: id)
        let second = try await invite(reviewers[2], report: id)
        try await services.evaluationReports.beginReview(lead, id, version: try await reportVersion(id))
        try await score(first, by: reviewers[0], value)
        try await score(second, by: reviewers[2], value)
    }

    func signedOffReport(_ change: (inout Questionnaire.Answers) -> Void = { _ in }) async throws -> EvaluationReportID
    {
        let id = try await submittedReport(change)
        try await reviewReport(id)
        try await services.evaluationReports.signOff(lead, id, version: try await reportVersion(id))
        return id
    }

    func publishedReport(_ change: (inout Questionnaire.Answers) -> Void = { _ in }) async throws -> EvaluationReportID
    {
        let id = try await signedOffReport(change)
        try await services.evaluationReports.publish(lead, id, version: try await reportVersion(id))
        return id
    }
}
