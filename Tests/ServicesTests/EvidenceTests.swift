import Domain
import Foundation
import Postgres
import Testing

@testable import Services

/// Evidence into decisions, decisions into practice, on a real database.
@Suite struct EvidenceTests {
    @Test("A rating rests on every published report, is agreed by a panel of two, and is public")
    func rating() async throws {
        try await EvidenceStage.run { stage in
            let practice = try await stage.practice()
            let id = try await stage.proposed(practice)
            let detail = try await stage.services.ratings.detail(try stage.actor("reviewer2"), id)
            #expect(detail.proposal?.level == .three && detail.proposal?.sms == 5 && detail.proposal?.padlock == 5)
            #expect(detail.read.map(\.id) == [stage.report])
            let own = try await refusal {
                try await stage.services.ratings.vote(
                    try stage.actor("reviewer2"), id, version: 2, contentHash: detail.rating.contentHash ?? "",
                    agrees: true, note: "")
            }
            #expect(own?.kind == .forbidden)
            try await stage.services.ratings.move(try stage.actor("reviewer2"), id, .sendToPanel, version: 2)
            let hash = detail.rating.contentHash ?? ""
            let stale = try await refusal {
                try await stage.services.ratings.vote(
                    try stage.actor("panel"), id, version: 3, contentHash: String(repeating: "0", count: 64),
                    agrees: true, note: "")
            }
            #expect(stale?.code == "content_changed")
            #expect(
                try await stage.services.ratings.vote(
                    try stage.actor("panel"), id, version: 3, contentHash: hash, agrees: true, note: "") == .panel)
            let twice = try await refusal {
                try await stage.services.ratings.vote(
                    try stage.actor("panel"), id, version: 3, contentHash: hash, agrees: true, note: "")
            }
            #expect(twice?.code == "voted")
            #expect(
                try await stage.services.ratings.vote(
                    try stage.actor("panel2"), id, version: 3, contentHash: hash, agrees: true, note: "") == .agreed)
            let published = try await stage.services.publicEvidence.ratings().page.rows
            #expect(published.map(\.content.level) == [.three])
            #expect(published.first?.reports.map(\.reference) == ["EVR-2026-9001"])
        }
    }

    @Test("A department user reads no vote; a reviewer with a part in the case cannot rate")
    func separation() async throws {
        try await EvidenceStage.run { stage in
            let practice = try await stage.practice()
            let reviewer = try stage.award.stage.person("reviewer2")
            let bid = stage.award.bid.id
            try await stage.test.sql(
                "insert into workflow.duty_performed (id, case_id, person_id, duty) values (gen_random_uuid(), \(bid), \(reviewer), 'RV')"
            )
            let refused = try await refusal { try await stage.proposed(practice) }
            #expect(refused?.code == "SOD_RV_RT")
        }
    }

    @Test("A decision with no citation is refused; one that cites stores what was known, and both duties")
    func decision() async throws {
        try await EvidenceStage.run { stage in
            let practice = try await stage.practice()
            _ = try await stage.agreed(practice)
            let id = try await stage.option(practice)
            let decisions = stage.services.adoptionDecisions
            var advice = try await stage.advice(id)
            let citations = advice.citations
            advice.citations = []
            let uncited = try await refusal {
                try await decisions.recommend(try stage.actor("officer2"), id, version: 2, advice)
            }
            #expect(uncited?.problems.map(\.field) == ["citations"])
            advice.citations = citations
            try await decisions.recommend(try stage.actor("officer2"), id, version: 2, advice)
            let detail = try await decisions.detail(try stage.actor("senior"), id)
            #expect(detail.standing?.level == .three && detail.sufficient == true)
            #expect(detail.pack.map(\.kind) == [.rating, .report])
            let own = try await refusal {
                try await decisions.move(try stage.actor("officer2"), id, .approve, version: 3)
            }
            #expect(own?.kind == .forbidden)
            try await decisions.move(try stage.actor("approver2"), id, .approve, version: 3)
            try await decisions.move(try stage.actor("senior"), id, .announce, version: 4)
            let log = try await stage.services.publicEvidence.decisions().rows
            #expect(log.map(\.advice.recommendation) == [.scale] && log.first?.sufficient == true)
            let bid = stage.award.bid.id
            let duties: [String] = try await stage.test.value(
                "select array_agg(duty order by duty) from workflow.duty_performed where case_id = \(bid) and duty in ('RT', 'RO', 'AD')"
            )
            #expect(duties == ["AD", "RO", "RT", "RT", "RT"])
        }
    }

    @Test("Scenario 17: scaling while rated NL2 goes only with an override, which the public log shows")
    func scenario17() async throws {
        try await EvidenceStage.run(comparator: "none") { stage in
            let practice = try await stage.practice()
            _ = try await stage.agreed(practice)
            let id = try await stage.option(practice)
            let short = try await refusal {
                try await stage.services.adoptionDecisions.recommend(
                    try stage.actor("officer2"), id, version: 2, try await stage.advice(id))
            }
            #expect(short?.problems.map(\.field) == ["override"])
            _ = try await stage.announced(practice) { $0.override = EvidenceStage.override }
            let decision = try #require(try await stage.services.publicEvidence.decisions().rows.first)
            #expect(decision.standing.level == .notLevelTwo && !decision.sufficient)
            #expect(decision.advice.override?.stopRule == EvidenceStage.override.stopRule)
        }
    }

    @Test("Evidence superseded: the decision is flagged in public, and a review answers it")
    func flagged() async throws {
        try await EvidenceStage.run { stage in
            let practice = try await stage.practice()
            let first = try await stage.agreed(practice)
            let id = try await stage.announced(practice)
            #expect(try await stage.services.publicEvidence.decisions().rows.first?.change == nil)
            try stage.correctReport()
            let flagged = try #require(try await stage.services.publicEvidence.decisions().rows.first)
            #expect(flagged.change == .reportCorrected)
            #expect(
                try await stage.services.ratings.detail(try stage.actor("lead"), first).rating.state == .reviewNeeded)
            let detail = try await stage.services.adoptionDecisions.detail(try stage.actor("officer2"), id)
            #expect(detail.evidenceChanged && detail.packIsStale)
            try await stage.services.adoptionDecisions.move(
                try stage.actor("officer2"), id, .review, version: detail.decision.version, reason: EvidenceStage.reason
            )
            #expect(try await stage.services.publicEvidence.decisions().rows.first?.change == nil)
            _ = try await stage.agreed(practice)
            #expect(try await stage.services.publicEvidence.decisions().rows.first?.change == .ratingChanged)
            #expect(try await stage.services.ratings.detail(try stage.actor("lead"), first).rating.state == .superseded)
        }
    }

    @Test("The chain is whole, both ways, in one query, and shows nobody more than they may see")
    func chain() async throws {
        try await EvidenceStage.run { stage in
            let practice = try await stage.practice()
            _ = try await stage.agreed(practice)
            _ = try await stage.announced(practice)
            let adoption = try await stage.adopted(practice)
            let chain = stage.services.chain
            let forward = try await chain.of(try stage.actor("officer"), kind: "award", id: stage.award.award.rawValue)
            let after = Set(forward.nodes.filter { $0.way == .after }.map(\.kind))
            #expect(
                after.isSuperset(of: [
                    "evaluation", "evaluation_report", "evidence_rating", "adoption_decision", "la_adoption", "outcome",
                    "practice",
                ]))
            #expect(forward.nodes.filter { $0.way == .before }.map(\.kind) == ["bid"])
            let back = try await chain.of(try stage.actor("officer"), kind: "la_adoption", id: adoption.rawValue)
            let before = Set(back.nodes.filter { $0.way == .before }.map(\.kind))
            #expect(
                before == [
                    "practice", "adoption_decision", "evidence_rating", "evaluation_report", "evaluation", "award",
                    "bid",
                ])
            #expect(
                back.edges.contains { $0.from.hasPrefix("evaluation_report:") && $0.to.hasPrefix("adoption_decision:") }
            )
            let stranger = try await refusal {
                try await chain.of(try stage.actor("926.editor"), kind: "award", id: stage.award.award.rawValue)
            }
            #expect(stranger?.kind == .notFound)
            let odd = try await refusal { try await chain.of(try stage.actor("officer"), kind: "person", id: UUID()) }
            #expect(odd?.kind == .notFound)
        }
    }

    @Test("An adoption is declared by the authority itself and verified by others; the originator is not an adopter")
    func adoption() async throws {
        try await EvidenceStage.run { stage in
            let practice = try await stage.practice()
            let originator = try await refusal {
                try await stage.services.adoptions.declare(try stage.actor("919.certifier"), practice, .init())
            }
            #expect(originator?.code == "own_practice")
            let id = try await stage.adopted(practice)
            let own = try await refusal {
                try await stage.services.adoptions.verify(
                    try stage.actor("840.certifier"), id, version: 2, note: EvidenceStage.reason)
            }
            #expect(own?.kind == .forbidden)
            let third = try await refusal {
                try await stage.services.adoptions.verify(
                    try stage.actor("926.certifier"), id, version: 2, note: EvidenceStage.reason)
            }
            #expect(third?.kind == .notFound)
            let counts = try await stage.services.practices.detail(try stage.actor("926.editor"), practice).adoptions
            #expect(counts == [AdoptionCount(state: .adoptedFull, declared: 1, verified: 0)])
            try await stage.services.adoptions.verify(
                try stage.actor("919.certifier"), id, version: 2, note: EvidenceStage.reason)
            let verified = try await stage.services.practices.detail(try stage.actor("926.editor"), practice).adoptions
            #expect(verified == [AdoptionCount(state: .adoptedFull, declared: 1, verified: 1)])
            let early = try await refusal {
                try await stage.services.adoptions.move(
                    try stage.actor("840.certifier"), id, .sustain, version: 2, .init())
            }
            #expect(early?.problems.map(\.field) == ["fundingEndedOn"])
        }
    }

    @Test(
        "Activation opens a baseline once; no score without something to show; two assessments give change with evidence"
    )
    func capacity() async throws {
        try await EvidenceStage.run { stage in
            let capacity = stage.services.capacityAssessments
            let (editor, certifier) = (try stage.award.editor, try stage.award.certifier)
            let rows = try await capacity.list(editor).rows
            #expect(rows.map(\.wave) == [.baseline])
            let first = try #require(rows.first).id
            try await Self.assess(stage, first, level: 2)
            let locked: Int = try await stage.test.value(
                "select count(*)::integer from capacity_level where assessment_id = \(first)")
            #expect(locked == 8)
            let bare = try await refusal {
                let again = try await capacity.open(editor)
                return try await capacity.answer(
                    editor, again, version: 1, [.init(dimension: "costing", level: 2, evidence: "")], team: "Analysis",
                    context: .init())
            }
            #expect(bare?.problems.map(\.field) == ["answers.costing.evidence"])
            let second = try #require(try await capacity.list(editor).rows.first { $0.state == .opened }).id
            try await Self.assess(stage, second, level: 3)
            let detail = try await capacity.detail(certifier, second)
            let changes = try #require(detail.comparison?.changes)
            #expect(
                changes.count == 8 && changes.allSatisfy { $0.direction == .improved && !$0.after.evidence.isEmpty })
            let other = try await refusal { try await capacity.detail(try stage.actor("840.certifier"), second) }
            #expect(other?.kind == .notFound)
            #expect(
                try await capacity.regions(try stage.actor("840.certifier")).isEmpty, "a region of one is not shown")
            let department = try await refusal {
                try await capacity.certify(try stage.actor("officer"), second, version: 5, [])
            }
            #expect(department?.kind == .notFound || department?.kind == .forbidden)
        }
    }

    /// Two people of different teams answer, and the certifier certifies.
    static func assess(_ stage: EvidenceStage, _ id: CapacityAssessmentID, level: Int) async throws {
        let capacity = stage.services.capacityAssessments
        for (who, team) in [(try stage.award.editor, "Analysis"), (try stage.award.certifier, "Finance")] {
            let detail = try await capacity.detail(who, id)
            let answers = detail.rubric.map {
                CapacityAnswer(dimension: $0.code, level: level, evidence: "The policy of this year says so")
            }
            _ = try await capacity.answer(
                who, id, version: detail.assessment.version, answers, team: team, context: .init())
        }
        let detail = try await capacity.detail(try stage.award.certifier, id)
        try await capacity.certify(
            try stage.award.certifier, id, version: detail.assessment.version,
            detail.rubric.map {
                CapacityAnswer(dimension: $0.code, level: level, evidence: "The policy of this year says so")
            })
    }

    @Test("Scenario 19: armed at the close, reminded three times, then counted as unknown; a late answer still counts")
    func followUp() async throws {
        try await EvidenceStage.run { stage in
            let award = stage.award.award
            try EvidenceStage.replica(
                stage.test.name,
                "update public.award set state = 'closed', closed_at = now() - interval '25 months' where id = '\(award)'"
            )
            try await stage.test.owner.transaction("test.close") { tx in
                tx.queue(Statement<Void>("test.close", "select public.plan_follow_ups(\(award))").done)
            }
            let scheduler = Scheduler(stage.test.workerCore)
            let report = await scheduler.tick()
            #expect(report.failed.isEmpty, "\(report.failed)")
            let editor = try stage.award.editor
            let followUps = stage.services.followUps
            let rows = try await followUps.list(editor).rows
            #expect(rows.map(\.months) == [6, 12, 24, 36])
            #expect(rows.map(\.state) == [.open, .open, .open, .scheduled])
            for _ in 1...3 {
                try EvidenceStage.replica(
                    stage.test.name, "update public.follow_up_reminder set at = at - interval '15 days'")
                _ = await scheduler.tick()
            }
            try EvidenceStage.replica(
                stage.test.name, "update public.follow_up_reminder set at = at - interval '15 days'")
            _ = await scheduler.tick()
            let silent = try #require(try await followUps.list(editor).rows.first { $0.months == 24 })
            #expect(silent.state == .noResponse && silent.reminders == 3)
            let all = try await followUps.list(try stage.actor("officer")).rows
            let survival = FollowUpRules.survival(all.map { ($0.state, $0.running) })
            #expect(survival.due == 3 && survival.unknown == 3 && survival.proportion?.numerator == 0)
            let detail = try await followUps.detail(editor, silent.id)
            var content = FollowUp.Content()
            content.running = .partly
            content.funder = "The council"
            content.staff = .most
            content.capacityKept = .yes
            content.values = detail.indicators.map {
                .init(indicator: $0.code, period: "2028", value: "", missing: .notYetAvailable, source: .authority)
            }
            try await followUps.answer(editor, silent.id, version: detail.followUp.version, content)
            try await followUps.move(
                try stage.actor("officer"), silent.id, .accept, version: detail.followUp.version + 1)
            #expect(try await followUps.detail(editor, silent.id).followUp.state == .accepted)
        }
    }

    @Test("The public record is searched without signing in, and holds nothing that is not public")
    func search() async throws {
        try await EvidenceStage.run { stage in
            let practice = try await stage.practice()
            _ = try await stage.agreed(practice)
            _ = try await stage.option(practice)
            let hits = try await stage.services.publicEvidence.search("family conferences")
            #expect(Set(hits.map(\.kind)).isSuperset(of: ["practice", "rating"]))
            #expect(!hits.contains { $0.kind == "decision" }, "an option is not public")
            #expect(try await stage.services.publicEvidence.search("  ").isEmpty)
            #expect(try await stage.services.publicEvidence.search("'; drop table practice; --").isEmpty)
            let long = try await refusal {
                try await stage.services.publicEvidence.search(String(repeating: "a", count: 201))
            }
            #expect(long?.problems.map(\.field) == ["q"])
        }
    }

    @Test("Every statement of evidence prepares, as the application or the worker")
    func statements() async throws {
        try await withFund { test in
            for statement in Self.all { try await test.prepares(statement, on: test.app) }
            for statement in Self.worker { try await test.prepares(statement, on: test.worker) }
        }
    }

    private static var all: [AnyStatement] {
        let (practice, rating, decision) = (PracticeID.fresh(), EvidenceRatingID.fresh(), AdoptionDecisionID.fresh())
        let (adoption, capacity, followUp) = (AdoptionID.fresh(), CapacityAssessmentID.fresh(), FollowUpID.fresh())
        let person = PersonID.fresh()
        return [
            PracticeStatements.list(.init(search: "a", state: .draft), after: ("a", practice), limit: 2).untyped,
            PracticeStatements.lock(practice).untyped,
            PracticeStatements.awards(of: practice).untyped, PracticeStatements.linkable(to: practice).untyped,
            RatingStatements.list(state: .panel, after: (1, rating), limit: 2).untyped,
            RatingStatements.studies(of: rating).untyped,
            RatingStatements.lock(rating).untyped, RatingStatements.read(rating).untyped,
            RatingStatements.votes(rating).untyped,
            RatingStatements.ledger(of: rating).untyped, AdoptionDecisionStatements.lock(decision).untyped,
            AdoptionDecisionStatements.pack(decision).untyped,
            AdoptionDecisionStatements.flags(decision).untyped,
            AdoptionDecisionStatements.list(state: .approved, after: nil, limit: 2).untyped,
            AdoptionStatements.list(.init(practice: practice), after: nil, limit: 2).untyped,
            AdoptionStatements.lock(adoption).untyped,
            AdoptionStatements.move(adoption, .pilot, to: .adoptedPilot, by: person, .init(), because: nil).untyped,
            CapacityAssessmentStatements.lock(capacity).untyped,
            CapacityAssessmentStatements.levelsOfEarlier(than: capacity).untyped,
            CapacityAssessmentStatements.list(after: nil, limit: 2).untyped,
            FollowUpStatements.indicators(followUp).untyped,
            FollowUpStatements.list(state: .open, after: nil, limit: 2).untyped,
            ChainStatements.walk(kind: "award", id: UUID()).untyped,
            PublicEvidenceStatements.search("a", limit: 2).untyped, PublicEvidenceStatements.counts.untyped,
            HomeStatements.tasks(limit: 2).untyped,
        ]
    }

    private static var worker: [AnyStatement] {
        [
            EvidenceSchedule.reviewRatings(limit: 2).untyped, EvidenceSchedule.lockAssessments(limit: 2).untyped,
            EvidenceSchedule.openFollowUps(limit: 2).untyped, EvidenceSchedule.giveUpFollowUps(limit: 2).untyped,
            EvidenceSchedule.openAssessments.untyped, EvidenceSchedule.remindOfFollowUps.untyped,
            EvidenceSchedule.remindOfAdoptions.untyped,
        ]
    }
}

extension Fund {
    /// Prepares a statement with the types that it sends.
    fileprivate func prepares(_ statement: AnyStatement, on database: Database) async throws {
        let oids = statement.parameterOIDs.map { Int($0.rawValue) }
        let types = try await owner.transaction("test.types") { tx in
            try tx.run(
                Statement(
                    "test.types",
                    "select coalesce(string_agg(o::oid::regtype::text, ', ' order by i), '') from unnest(\(oids)) with ordinality as t (o, i)"
                ) {
                    row in try row.read(String.self)
                }.one)
        }
        let head = oids.isEmpty ? "prepare evidence_check as " : "prepare evidence_check (\(types)) as "
        do {
            try await database.transaction("test.prepare") { tx in
                try tx.run(Statement<Void>("test.prepare", SQL(stringLiteral: head + statement.text)).done)
                try tx.run(Statement<Void>("test.deallocate", "deallocate evidence_check").done)
            }
        } catch {
            Issue.record("\(statement.name): \(error)")
        }
    }
}
