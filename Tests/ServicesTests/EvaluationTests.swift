import Domain
import Foundation
import Postgres
import Testing

@testable import Services

/// From an empty plan to what the public reads.
@Suite struct EvaluationTests {
    @Test("the main path: plan, two blind reviews, approval, registration, report, sign-off, publication")
    func mainPath() async throws {
        try await EvaluationStage.run { made in
            let services = made.services
            let milestone = { (detail: EvaluationDetail, code: String) in
                detail.milestones.first { $0.code == code }?.isMet ?? false
            }
            try await made.submittedPlan()
            let sent = try await services.evaluationPlans.detail(made.author, made.plan)
            #expect(sent.plan.state == .submitted && sent.problems.isEmpty && sent.plan.submission == 1)
            _ = try await made.reviewedPlan()
            let desk = try await services.reviews.desk(made.lead, plan: made.plan)
            #expect(desk.verdict.advice == .approve && desk.verdict.total == 75_00)
            #expect(desk.agreement == .notEstimable(pairs: 13), "both gave everything a 3")
            try await services.evaluationPlans.approve(made.lead, made.plan, version: desk.version)
            var evaluation = try await services.evaluations.detail(made.author, made.evaluation)
            #expect(milestone(evaluation, "protocol_approved") && !milestone(evaluation, "final_report_accepted"))
            try await made.register()
            evaluation = try await services.evaluations.detail(made.author, made.evaluation)
            #expect(evaluation.evaluation.registration == .preRegistered)
            let report = try await made.publishedReport()
            evaluation = try await services.evaluations.detail(made.author, made.evaluation)
            #expect(milestone(evaluation, "final_report_accepted"))
            let detail = try await services.evaluationReports.detail(made.author, report)
            #expect(detail.report.state == .published && detail.report.direction == .positive)
            #expect(detail.computed?.direction == .positive && detail.computed?.sms == 5)
            let open = try await services.publicEvaluations.report(detail.report.reference)
            #expect(open.head.direction == .positive && open.results.count == 1 && open.head.sms == 5)
            #expect(open.answers?["summary.plainLanguage"] == reportAnswers()["summary.plainLanguage"])
            let planned = try await services.publicEvaluations.protocol(sent.plan.reference)
            #expect(planned.head.registration == .preRegistered && planned.versions.count == 1)
            #expect(digestHex(planned.canonicalTexts[1] ?? "") == planned.versions[0].digest, "recomputed off line")
        }
    }

    private func digestHex(_ text: String) -> String { Hex.text(digest(text)) }

    @Test("scenario 12: registered after recruitment is retrospective, and nobody types which")
    func retrospective() async throws {
        try await EvaluationStage.run { made in
            try await made.registeredPlan(starts: -10, registered: -1)
            let detail = try await made.services.evaluations.detail(made.author, made.evaluation)
            #expect(detail.evaluation.registration == .retrospective)
        }
    }

    @Test("scenario 15: few groups need the review lead's reason")
    func fewClusters() async throws {
        try await EvaluationStage.run { made in
            try await made.submittedPlan {
                $0["design.design"] = "rct_cluster"
                $0["design.clusters"] = "5"
                $0["sample.icc"] = "0.01"
                $0["sample.worthwhileEffect"] = "0.9"
                $0["sample.mdes"] = ""
                $0["sample.notApplicable.0.question"] = "sample.mdes"
                $0["sample.notApplicable.0.reason"] = "Computed by the server for five groups."
            }
            _ = try await made.reviewedPlan()
            let detail = try await made.services.evaluationPlans.detail(made.lead, made.plan)
            #expect(detail.warnings.contains { $0.hasPrefix("Only 5 groups") })
            let version = try await made.planVersion()
            let without = try await refusal {
                try await made.services.evaluationPlans.approve(made.lead, made.plan, version: version)
            }
            #expect(without?.problems.first?.field == "reason")
        }
    }

    @Test("scenario 16: reviewers of the evaluator's organisation cannot be invited, also where What Works evaluates")
    func whatWorksEvaluates() async throws {
        try await EvaluationStage.run { made in
            let test = made.test
            let centre = try await test.organisation(.whatWorks, name: "Evaluating centre")
            let version: Int = try await test.value("select version from evaluation where id = \(made.evaluation)")
            _ = try await made.services.evaluations.appoint(
                try made.stage.actor("officer"), made.evaluation, version: version, evaluator: centre, contract: "C-2")
            let author = try await test.signIn(
                try await test.person(in: centre, role: .evaluator, [.evaluationAuthor]))
            let insider = try await test.actor(.reviewer, in: centre, name: "Ina Insider")
            let other = EvaluationStage(
                award: made.award, evaluation: made.evaluation, plan: made.plan, author: author, lead: made.lead,
                reviewers: made.reviewers)
            try await other.submittedPlan()
            let desk = try await made.services.reviews.desk(made.lead, plan: made.plan)
            #expect(desk.candidates.count >= 3 && !desk.candidates.contains { $0.name == "Ina Insider" })
            let person = try await test.person(of: insider)
            let due = try await made.today().adding(days: 10)
            let refused = try await refusal {
                try await made.services.reviews.invite(made.lead, plan: made.plan, person, dueOn: due)
            }
            #expect(refused?.problems.first?.field == "reviewer")
            // A review lead of that centre does not lead this review, and does not even see its desk.
            let inside = try await test.actor(.reviewLead, in: centre)
            #expect(
                try await refusal { try await made.services.reviews.desk(inside, plan: made.plan) }?.kind == .notFound)
        }
    }

    @Test("scenario 14: whoever signs for the department finds no way to withhold; a delay is listed by title")
    func delays() async throws {
        try await EvaluationStage.run { made in
            try await made.approvedPlan()
            let report = try await made.signedOffReport {
                $0["results.results.0.arms.0.mean"] = "44.8"
                $0["results.results.0.effect"] = "0"
                $0["results.results.0.ciLow"] = "-4.9"
                $0["results.results.0.ciHigh"] = "4.9"
                $0["results.results.0.p"] = "0.99"
            }
            let senior = try made.stage.actor("senior")
            let detail = try await made.services.evaluationReports.detail(senior, report)
            #expect(detail.report.direction == .null)
            #expect(Set(detail.allowed).isSubset(of: [.delay, .schedule]), "\(detail.allowed)")
            let today = try await made.today()
            let version = try await made.reportVersion(report)
            let tooLong = try await refusal {
                try await made.services.evaluationReports.delay(
                    senior, report, version: version, reason: .policyChanges, text: "", until: today.adding(days: 85))
            }
            #expect(tooLong?.problems.first?.field == "until")
            let unsaid = try await refusal {
                try await made.services.evaluationReports.delay(
                    senior, report, version: version, reason: .other, text: "", until: today.adding(days: 10))
            }
            #expect(unsaid?.problems.first?.field == "text")
            try await made.services.evaluationReports.delay(
                senior, report, version: version, reason: .policyChanges, text: "", until: today.adding(days: 10))
            let listed = try await made.services.publicEvaluations.overdue()
            #expect(listed.map(\.title) == ["What family meetings do"] && listed[0].delayReason == .policyChanges)
            // A programme officer may delay once, and not renew; the senior officer may.
            let officer = try made.stage.actor("officer")
            let next = try await made.reportVersion(report)
            let renewed = try await refusal {
                try await made.services.evaluationReports.delay(
                    officer, report, version: next, reason: .policyChanges, text: "", until: today.adding(days: 20))
            }
            #expect(renewed?.kind == .forbidden)
        }
    }

    @Test("scenario 25: a p value that contradicts its interval stops sign-off, and the page says so before")
    func contradiction() async throws {
        try await EvaluationStage.run { made in
            try await made.approvedPlan()
            let report = try await made.submittedReport {
                $0["results.results.0.arms.0.mean"] = ""
                $0["results.results.0.effect"] = "1.5"
                $0["results.results.0.ciLow"] = "-1"
                $0["results.results.0.ciHigh"] = "4"
                $0["results.results.0.p"] = "0.03"
            }
            try await made.reviewReport(report)
            let detail = try await made.services.evaluationReports.detail(made.lead, report)
            #expect(detail.messages.contains { $0.weight == .signOff } && detail.gaps == ["p:1"])
            let version = try await made.reportVersion(report)
            let refused = try await refusal {
                try await made.services.evaluationReports.signOff(made.lead, report, version: version)
            }
            #expect(refused?.problems.first?.field == "results.results.0.p")
        }
    }

    @Test("a report that leaves out an outcome of the protocol cannot even be submitted")
    func omission() async throws {
        try await EvaluationStage.run { made in
            try await made.approvedPlan()
            let id = try await made.services.evaluationReports.start(
                made.author, made.evaluation, kind: .final, title: "A report")
            try await made.writeReport(id) {
                $0["results.notAnalysed.0.outcomeCode"] = ""
                $0["results.notAnalysed.0.reason"] = ""
            }
            let version = try await made.reportVersion(id)
            let refused = try await refusal {
                try await made.services.evaluationReports.sendForFactCheck(made.author, id, version: version)
            }
            #expect(refused?.problems.map(\.field) == ["results.results"])
        }
    }

    @Test("scenario 13: an amendment keeps both versions, says before or after unblinding, and shows the fallback")
    func amendment() async throws {
        try await EvaluationStage.run { made in
            try await made.registeredPlan()
            let services = made.services
            try await services.evaluationPlans.amend(
                made.author, made.plan, version: try await made.planVersion(), reason: EvaluationStage.reason,
                beforeUnblinding: true)
            try await made.writePlan {
                $0["overview.changes"] = "A fallback design is named."
                $0["design.fallback"] = "qed_difference_in_difference"
            }
            let draft = try await services.evaluationPlans.detail(made.author, made.plan)
            #expect(draft.draftChanges.map(\.key).contains("design.fallback") && !draft.needsReview)
            _ = try await services.evaluationPlans.adopt(made.author, made.plan, version: draft.plan.version)
            let open = try await services.publicEvaluations.protocol(draft.plan.reference)
            #expect(open.versions.map(\.number) == [2, 1] && open.versions[0].beforeUnblinding == true)
            #expect(open.versions[0].plannedSMS == 5 && open.versions[0].fallbackSMS == 3)
            #expect(open.versions[0].changes.contains { $0.key == "design.fallback" })
        }
    }

    @Test("an amendment of the primary outcome goes through review again, and the gate closes until then")
    func rearmed() async throws {
        try await EvaluationStage.run { made in
            try await made.registeredPlan()
            let services = made.services
            try await services.evaluationPlans.amend(
                made.author, made.plan, version: try await made.planVersion(), reason: EvaluationStage.reason,
                beforeUnblinding: true)
            try await made.writePlan {
                $0["overview.changes"] = "Measured later."
                $0["outcomes.primary.0.timePoint"] = "18 months"
            }
            let draft = try await services.evaluationPlans.detail(made.author, made.plan)
            #expect(draft.needsReview)
            let refused = try await refusal {
                try await services.evaluationPlans.adopt(made.author, made.plan, version: draft.plan.version)
            }
            #expect(refused?.code == "no_review_needed")
            let detail = try await services.evaluations.detail(made.author, made.evaluation)
            #expect(detail.milestones.first { $0.code == "protocol_approved" }?.isMet == false)
        }
    }

    @Test("a correction is a new version beside the old one; a withdrawal leaves its notice")
    func correction() async throws {
        try await EvaluationStage.run { made in
            try await made.approvedPlan()
            let report = try await made.publishedReport()
            let services = made.services
            let reference = try await services.evaluationReports.detail(made.author, report).report.reference
            try await made.writeReport(report) { $0["people.harms"] = "One family complained about the room." }
            _ = try await services.evaluationReports.proposeCorrection(
                made.author, report, version: try await made.reportVersion(report), note: EvaluationStage.reason)
            var open = try await services.publicEvaluations.report(reference)
            #expect(open.head.version == 1, "what is proposed is not public yet")
            try await services.evaluationReports.correct(
                made.lead, report, version: try await made.reportVersion(report))
            open = try await services.publicEvaluations.report(reference)
            #expect(open.head.version == 2 && open.head.state == .corrected && open.versions.count == 2)
            try await services.evaluationReports.withdraw(
                made.lead, report, version: try await made.reportVersion(report), reason: EvaluationStage.reason)
            open = try await services.publicEvaluations.report(reference)
            #expect(open.head.state == .withdrawn && open.answers == nil)
            #expect(open.head.withdrawalReason == EvaluationStage.reason)
        }
    }

    @Test("an evaluation is given up by two people, and its lessons are public")
    func abandoned() async throws {
        try await EvaluationStage.run { made in
            try await made.approvedPlan()
            let services = made.services
            let senior = try made.stage.actor("senior")
            let lessons = "Recruit only where managers have agreed to it in writing beforehand."
            let alone = try await refusal {
                try await services.evaluationPlans.abandon(
                    senior, made.plan, version: try await made.planVersion(), reason: EvaluationStage.reason,
                    lessons: lessons)
            }
            #expect(alone?.code == "lead_agreed")
            try await services.evaluationPlans.agreeToAbandon(
                made.lead, made.plan, version: try await made.planVersion(), reason: EvaluationStage.reason)
            try await services.evaluationPlans.abandon(
                senior, made.plan, version: try await made.planVersion(), reason: EvaluationStage.reason,
                lessons: lessons)
            let rows = try await services.publicEvaluations.evaluations().rows
            #expect(rows.first?.phase == "abandoned" && rows.first?.lessons == lessons)
        }
    }

    @Test("authors write, authorities comment, every comment is answered, and stale saves are refused")
    func drafting() async throws {
        try await EvaluationStage.run { made in
            let services = made.services
            let undeclared = try await refusal {
                try await services.evaluationPlans.start(
                    made.author, made.plan, version: try await made.planVersion(), declares: false)
            }
            #expect(undeclared?.problems.first?.field == "independent")
            try await services.evaluationPlans.start(
                made.author, made.plan, version: try await made.planVersion(), declares: true)
            try await made.writePlan()
            let stale = try await refusal {
                try await services.evaluationPlans.savePart(
                    made.author, made.plan, "design", planAnswers(), version: 0)
            }
            #expect(stale?.kind == .stale)
            let bad = try await refusal {
                try await services.evaluationPlans.savePart(
                    made.author, made.plan, "sample", planAnswers { $0["sample.alpha"] = "two" }, version: 1)
            }
            #expect(bad?.problems.map(\.field) == ["sample.alpha"])
            // Before it is asked to comment the authority sees nothing of the draft.
            let editor = try made.award.editor
            #expect(
                try await refusal { try await services.evaluationPlans.part(editor, made.plan, "design") }?.kind
                    == .notFound)
            try await services.evaluationPlans.sendForComment(
                made.author, made.plan, version: try await made.planVersion())
            let comment = try await services.evaluationPlans.comment(
                editor, made.plan, section: "design", body: "Our teams share cases.")
            try await services.evaluationPlans.finishComments(
                editor, made.plan, version: try await made.planVersion())
            let open = try await refusal {
                try await services.evaluationPlans.submit(
                    made.author, made.plan, version: try await made.planVersion())
            }
            #expect(open?.code == "comments_answered")
            try await services.evaluationPlans.answer(made.author, made.plan, comment, body: "We ask them not to.")
            _ = try await services.evaluationPlans.submit(
                made.author, made.plan, version: try await made.planVersion())
            #expect(try await made.planState() == .submitted)
        }
    }
}
