import Domain
import Foundation
import Postgres
import Testing

@testable import Services

/// Reviewers: independent, blind to each other, unnamed to whom they judge.
@Suite("Reviews of evaluations") struct ReviewServiceTests {
    @Test("nothing is shown before interests are declared; a declared one locks the review until it is ruled on")
    func interests() async throws {
        try await EvaluationStage.run { made in
            try await made.submittedPlan()
            let services = made.services
            let reviewer = made.reviewers[0]
            let person = try await made.test.person(of: reviewer)
            let due = try await made.today().adding(days: 20)
            let id = try await services.reviews.invite(made.lead, plan: made.plan, person, dueOn: due)
            #expect(try await services.reviews.detail(reviewer, id).answers == nil)
            try await services.reviews.accept(reviewer, id, version: 1)
            #expect(try await services.reviews.detail(reviewer, id).answers == nil)
            try await services.reviews.declare(
                reviewer, id, version: 2, kinds: [.academic], detail: "We wrote a paper together in 2025.")
            #expect(try await services.reviews.detail(reviewer, id).review.state == .locked)
            #expect(try await services.reviews.desk(made.lead).first?.locked == 1)
            try await services.reviews.rule(
                made.lead, id, version: 3, managed: true, reason: "The paper was about something else.")
            let clear = try await services.reviews.detail(reviewer, id)
            #expect(clear.review.state == .coiChecked && clear.answers?["design.design"] == "rct_individual")
        }
    }

    @Test(
        "scenario 22: co-authorship declared mid-review locks it; the score is kept, not counted, and somebody else asked"
    )
    func midReview() async throws {
        try await EvaluationStage.run { made in
            try await made.submittedPlan()
            let services = made.services
            let reviews = try await made.reviewedPlan((3, 3))
            let version = try await made.version(of: reviews[0])
            try await services.reviews.declare(
                made.reviewers[0], reviews[0], version: version, kinds: [.academic],
                detail: "I noticed that I wrote with an author in 2024.")
            try await services.reviews.rule(
                made.lead, reviews[0], version: version + 1, managed: false, reason: "They published together lately.")
            let desk = try await services.reviews.desk(made.lead, plan: made.plan)
            #expect(desk.verdict.finals == 1 && desk.verdict.advice == .wait)
            let review = reviews[0]
            #expect(try await made.stage.count("select count(*) from review_score where review_id = \(review)") == 13)
            #expect(desk.candidates.contains { $0.name == "Robin \(EvaluationStage.canaries[2])" })
        }
    }

    @Test("a reviewer sees the other's scores only when both are final")
    func blind() async throws {
        try await EvaluationStage.run { made in
            try await made.submittedPlan()
            let services = made.services
            let first = try await made.invite(made.reviewers[0])
            let second = try await made.invite(made.reviewers[1])
            try await services.evaluationPlans.beginReview(
                made.lead, made.plan, version: try await made.planVersion())
            try await made.score(first, by: made.reviewers[0], 4)
            #expect(
                try await refusal { try await services.reviews.detail(made.reviewers[1], first) }?.kind == .notFound)
            try await made.score(second, by: made.reviewers[1], 2, final: false)
            #expect(
                try await refusal { try await services.reviews.detail(made.reviewers[1], first) }?.kind == .notFound)
            try await services.reviews.finalise(made.lead, second, version: try await made.version(of: second))
            let other = try await made.test.app.read(
                "test.scores", ActorStatements.open(made.reviewers[1].credential).one,
                ReviewStatements.scores(first).many)
            #expect(other.1.count == 13, "row security lets them through now")
        }
    }

    @Test(
        "scores two apart are settled by a ruling with its reason; both scores stay; must-fix points are closed first")
    func disagreement() async throws {
        try await EvaluationStage.run { made in
            try await made.submittedPlan()
            let services = made.services
            let first = try await made.invite(made.reviewers[0])
            let second = try await made.invite(made.reviewers[1])
            try await services.evaluationPlans.beginReview(
                made.lead, made.plan, version: try await made.planVersion())
            try await services.reviews.begin(
                made.reviewers[0], first, version: try await made.version(of: first))
            let point = try await services.reviews.addItem(
                made.reviewers[0], first, mustFix: true, criterion: "power", body: "Give the source of the ICC.")
            let detail = try await services.reviews.detail(made.reviewers[0], first)
            let scores = detail.scores.map {
                ReviewScore(criterion: $0.criterion, value: 4, rationale: "It says so on page 3.")
            }
            let saved = try await services.reviews.saveScores(
                made.reviewers[0], first, version: detail.review.version, scores)
            try await services.reviews.submit(made.reviewers[0], first, version: saved)
            try await services.reviews.finalise(made.lead, first, version: saved + 1)
            try await made.score(second, by: made.reviewers[1], 4, but: ["cost": 1])
            let desk = try await services.reviews.desk(made.lead, plan: made.plan)
            #expect(desk.verdict.standings.filter(\.isUnsettled).map(\.criterion.code) == ["cost"])
            let apart = try await refusal {
                try await services.evaluationPlans.approve(made.lead, made.plan, version: desk.version)
            }
            #expect(apart?.code == "disagreements_settled")
            try await services.reviews.adjudicate(
                made.lead, plan: made.plan, criterion: "cost", value: 3, reason: "The annex on cost was overlooked.")
            let open = try await refusal {
                try await services.evaluationPlans.approve(made.lead, made.plan, version: desk.version)
            }
            #expect(open?.code == "must_fix_closed")
            try await services.reviews.closeItem(made.lead, first, point, note: "The source is given in the annex.")
            try await services.evaluationPlans.approve(made.lead, made.plan, version: desk.version)
            let settled = try await services.reviews.desk(made.lead, plan: made.plan)
            let cost = try #require(settled.verdict.standings.first { $0.criterion.code == "cost" })
            #expect(cost.values == [4, 1] && cost.ruling == 3)
            guard case .estimate(let kappa, let pairs) = try await services.reviews.agreement(made.lead).quadratic
            else {
                return
            }
            #expect(pairs == 13 && kappa.interval.low <= kappa.value)
        }
    }

    @Test(
        "names of reviewers reach neither the evaluator, the authority nor the department: page values, feedback, notices"
    )
    func masking() async throws {
        try await EvaluationStage.run { made in
            try await made.submittedPlan()
            let reviews = try await made.reviewedPlan()
            try await made.services.evaluationPlans.askToRevise(
                made.lead, made.plan, version: try await made.planVersion(), reason: EvaluationStage.reason)
            let services = made.services
            let outside = [
                made.author, try made.award.editor, try made.stage.actor("officer"), try made.stage.actor("senior"),
            ]
            for actor in outside {
                let detail = try await services.evaluationPlans.detail(actor, made.plan)
                #expect(detail.feedback.count >= 26 && Set(detail.feedback.map(\.reviewer)) == [1, 2])
                let evaluation = try await services.evaluations.detail(actor, made.evaluation)
                let history = try await services.history.of(actor, kind: "evaluation_plan", id: made.plan.rawValue)
                let notices = try await services.inbox.list(actor).rows
                let everything = "\(detail) \(evaluation) \(history) \(notices)"
                for canary in EvaluationStage.canaries { #expect(!everything.contains(canary), "\(canary)") }
                for review in reviews {
                    #expect(try await refusal { try await services.reviews.detail(actor, review) }?.kind == .notFound)
                    let log = try await refusal {
                        try await services.history.of(actor, kind: "review", id: review.rawValue)
                    }
                    #expect(log?.kind == .notFound)
                }
                #expect(try await refusal { try await services.reviews.desk(actor, plan: made.plan) } != nil)
            }
            let lead = try await services.reviews.desk(made.lead, plan: made.plan)
            #expect(lead.reviews.allSatisfy { $0.reviewerName?.hasPrefix("Robin") == true }, "who may, does")
            let told = try await made.test.value(
                "select coalesce(string_agg(subject || body, ' '), '') from outbox", as: String.self)
            for canary in EvaluationStage.canaries { #expect(!told.contains(canary)) }
        }
    }

    @Test("whoever reviews does not lead, whoever writes does not review, and nobody acts with the wrong capacity")
    func duties() async throws {
        try await EvaluationStage.run { made in
            try await made.submittedPlan()
            let services = made.services
            let version = try await made.planVersion()
            let both = try await made.test.actor(
                .reviewLead, .reviewer, in: try await made.test.organisation(.whatWorks), name: "Bo Both")
            let person = try await made.test.person(of: both)
            let due = try await made.today().adding(days: 5)
            let id = try await services.reviews.invite(made.lead, plan: made.plan, person, dueOn: due)
            try await services.reviews.accept(both, id, version: 1)
            try await services.reviews.declare(both, id, version: 2, kinds: [], detail: "")
            _ = try await made.invite(made.reviewers[0])
            try await services.evaluationPlans.beginReview(made.lead, made.plan, version: version)
            try await made.score(id, by: both, 3)
            let denied = try await refusal {
                try await services.evaluationPlans.askToRevise(
                    both, made.plan, version: version + 1, reason: EvaluationStage.reason)
            }
            #expect(denied?.code == "SOD_RV_RL")
            #expect(
                try await refusal {
                    try await services.evaluationPlans.approve(made.author, made.plan, version: version + 1)
                }?.kind == .forbidden)
        }
    }
}
