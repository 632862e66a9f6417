import Domain
import Foundation
import Postgres
import Testing

@testable import Services

/// Independent scorers, each blind to the others until their own is final.
@Suite struct AppraisalTests {
    /// An eligible bid with its three scorers.
    private func assigned(_ stage: FundStage) async throws -> (RoundID, DemonstrationBid) {
        let round = try await stage.openRound()
        let bid = try await stage.fund.submittedBid(round, "916")
        try await stage.close(round)
        try await stage.fund.findEligible(bid)
        try await stage.fund.assign(bid)
        return (round, bid)
    }

    @Test("Scores are blind until one's own are final, and for authorities and reviewers always")
    func blind() async throws {
        try await FundStage.run { stage in
            let (_, bid) = try await assigned(stage)
            let rows = try await stage.fund.appraisals(bid)
            let first = try #require(rows.first { $0.appraiser == stage.fund.cast.people["appraiser1"] })
            let second = try #require(rows.first { $0.appraiser == stage.fund.cast.people["appraiser2"] })
            try await stage.fund.score(first.id, by: "appraiser1", value: 5)
            try await stage.services.appraisals.submit(try stage.actor("appraiser1"), first.id, version: 3)
            try await stage.services.appraisals.finalise(try stage.actor("officer"), first.id, version: 4)
            // The other appraiser is not done: no page of theirs shows the first one's scores.
            let other = try stage.actor("appraiser2")
            #expect(
                try await refusal { try await stage.services.appraisals.detail(other, first.id) }?.kind == .notFound)
            #expect(try await refusal { try await stage.services.appraisals.summary(other, bid.id) } != nil)
            let hidden = try await stage.test.app.read(
                "test.scores", ActorStatements.open(other.credential).one,
                AppraisalStatements.scores(ofBid: bid.id).many)
            #expect(hidden.1.isEmpty, "row security hides them as well")
            // Nor does the authority ever see who appraises it.
            let authority = try await stage.services.bids.detail(try stage.actor("916.editor"), bid.id)
            #expect(authority.appraisals.isEmpty)
            // Once their own is final, they are shown what is final.
            try await stage.fund.score(second.id, by: "appraiser2", value: 3)
            try await stage.services.appraisals.submit(other, second.id, version: 3)
            try await stage.services.appraisals.finalise(try stage.actor("officer"), second.id, version: 4)
            let open = try await stage.test.app.read(
                "test.scores", ActorStatements.open(other.credential).one,
                AppraisalStatements.scores(ofBid: bid.id).many)
            #expect(Set(open.1.map(\.appraisal)) == [first.id, second.id])
        }
    }

    @Test("A bid is appraised in the moment its last appraisal becomes final, and the summary adds up")
    func lastFinal() async throws {
        try await FundStage.run { stage in
            let (round, bid) = try await assigned(stage)
            let officer = try stage.actor("officer")
            #expect(try await refusal { try await stage.services.appraisals.summary(officer, bid.id) } != nil)
            try await stage.fund.beginAppraisal(round)
            try await stage.fund.finishAppraisals(bid)
            #expect(try await stage.services.bids.detail(officer, bid.id).bid.state == .appraised)
            let summary = try await stage.services.appraisals.summary(officer, bid.id)
            #expect(summary.criteria.count == 7)
            #expect(summary.criteria.filter { $0.criterion.scorer == .appraiser }.allSatisfy { $0.count == 2 })
            #expect(summary.criteria.first { $0.criterion.code == "evaluation" }?.count == 1)
            #expect(summary.passes && !summary.needsModeration)
            #expect(summary.given.count == 13)
        }
    }

    @Test("Every saving is a new row; what was once thought can be read again")
    func appendOnly() async throws {
        try await FundStage.run { stage in
            let (_, bid) = try await assigned(stage)
            let row = try #require(
                try await stage.fund.appraisals(bid).first { $0.appraiser == stage.fund.cast.people["appraiser1"] })
            try await stage.fund.score(row.id, by: "appraiser1", value: 2)
            let appraiser = try stage.actor("appraiser1")
            let before = try await stage.services.appraisals.detail(appraiser, row.id)
            var changed = before.scores
            changed[0].value = 4
            #expect(
                try await stage.services.appraisals.saveScores(
                    appraiser, row.id, version: before.appraisal.version, changed) == before.appraisal.version + 1)
            let id = row.id
            #expect(try await stage.count("select count(*) from score where appraisal_id = \(id)") == 7)
            let after = try await stage.services.appraisals.detail(appraiser, row.id)
            #expect(after.scores[0].value == 4)
            let stale = try await refusal {
                try await stage.services.appraisals.saveScores(
                    appraiser, row.id, version: before.appraisal.version, changed)
            }
            #expect(stale?.kind == .stale)
            do {
                try await stage.asOwner(Statement<Void>("test.tamper", "update score set value = 5").done)
                Issue.record("scores were changed")
            } catch let error as StatementError {
                #expect(error.sqlState == "TS004")
            }
        }
    }

    @Test("Nobody scores for their own organisation, twice, or without the capacity")
    func assigning() async throws {
        try await FundStage.run { stage in
            let (_, bid) = try await assigned(stage)
            let officer = try stage.actor("officer")
            let due = stage.fund.today.adding(days: 10)
            func assign(_ key: String, _ kind: Criterion.Scorer = .appraiser) async throws -> Refusal? {
                let person = try stage.person(key)
                return try await refusal {
                    try await stage.services.appraisals.assign(officer, bid.id, person, kind: kind, dueOn: due)
                }
            }
            #expect(try await assign("appraiser1")?.kind == .invalid, "has it already")
            #expect(try await assign("916.editor")?.kind == .invalid, "the bidder")
            #expect(try await assign("finance")?.kind == .invalid, "no appraiser")
            #expect(try await assign("reviewer2", .appraiser)?.kind == .invalid, "the wrong kind")
            #expect(try await assign("reviewer2", .whatWorks) == nil)
            let people = try await stage.services.appraisals.assignable(officer, bid.id)
            #expect(!people.contains { stage.fund.cast.people["appraiser1"] == $0.id })
        }
    }

    @Test("A reviewer from outside reads the summary and the evaluation, and nothing else of the bid")
    func reviewerReads() async throws {
        try await FundStage.run { stage in
            let (_, bid) = try await assigned(stage)
            let reviewer = try stage.actor("reviewer")
            let row = try #require(try await stage.services.appraisals.mine(reviewer).rows.first)
            let detail = try await stage.services.appraisals.detail(reviewer, row.id)
            #expect(detail.criteria.map(\.code) == ["evaluation"])
            #expect(!detail.content.evaluation.question.isEmpty)
            #expect(detail.content.costs == BidContent.Costs() && detail.content.need == BidContent.Need())
            let content = try await stage.services.bids.content(reviewer, bid.id)
            #expect(content.sections == [.summary, .evaluation])
            #expect(
                try await refusal { try await stage.services.bids.section(reviewer, bid.id, .costs) }?.kind == .notFound
            )
            #expect(
                try await refusal {
                    try await stage.services.bids.content(try stage.actor("reviewer2"), bid.id)
                }?.kind == .notFound)
        }
    }
}
