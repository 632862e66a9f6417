import Domain
import Foundation
import Postgres
import Testing

@testable import Services

/// Who may promise how much: limits, keys, consent, budgets and races.
@Suite struct ApprovalTests {
    @Test("From an open round to an approved award: every step by the person whose step it is")
    func wholeJourney() async throws {
        try await FundStage.run { stage in
            let (bid, approval) = try await stage.clearedApproval(pounds: 200_000)
            #expect(try await stage.approve(approval, by: "approver.low") == .approved)
            let detail = try await stage.services.bids.detail(try stage.actor("officer"), bid.id)
            #expect(detail.bid.state == .approvedForOffer)
            #expect(detail.approvals.map(\.state) == [.approved])
            let whole = try await stage.services.approvals.detail(try stage.actor("officer"), approval)
            #expect(whole.keys.count == 1 && whole.keys[0].counts)
            #expect(whole.scores != nil && whole.lapsesAt != nil)
            #expect(whole.history.map(\.event) == ["prepare", "clear", "approve"])
            #expect(whole.budget.map(\.reserved).total == Money(pounds: 200_000))
        }
    }

    @Test("Scenario 4: £90k, then £15k more for the same award, is a whole life of £105k and above a limit of £100k")
    func wholeLife() async throws {
        try await FundStage.run { stage in
            let (bid, first) = try await stage.clearedApproval(pounds: 90_000)
            try await stage.setLimit("approver.low", pounds: 100_000)
            #expect(try await stage.approve(first, by: "approver.low") == .approved)
            let uplift = try await stage.cleared(bid, pounds: 15_000) { $0.kind = .uplift }
            let refused = try await refusal { try await stage.approve(uplift, by: "approver.low") }
            #expect(refused?.kind == .conflict)
            #expect(refused?.code == "above_limit")
            #expect(refused?.sentence.contains("£105,000") == true)
            #expect(refused?.sentence.contains("Martin Hale") == true, "says who could")
            try await stage.services.approvals.referUp(
                try stage.actor("approver.low"), uplift, version: try await stage.fund.head(uplift).version)
            #expect(try await stage.approve(uplift, by: "approver") == .approved)
        }
    }

    @Test("Awards that pass a limit only together are pointed out to whoever holds that limit, and stop nobody")
    func splitting() async throws {
        try await FundStage.run { stage in
            let (bid, first) = try await stage.clearedApproval(pounds: 90_000)
            try await stage.setLimit("approver.low", pounds: 100_000)
            let alone = try await stage.services.approvals.detail(try stage.actor("approver.low"), first)
            #expect(alone.splitting == nil)
            #expect(try await stage.approve(first, by: "approver.low") == .approved)
            let second = try await stage.cleared(bid, pounds: 15_000) { $0.kind = .uplift }
            let low = try await stage.services.approvals.detail(try stage.actor("approver.low"), second)
            #expect(
                low.splitting
                    == SplittingHint(together: Money(pounds: 105_000), limit: Money(pounds: 100_000), days: 90))
            // Far below a high limit, and below the sum that takes two keys, there is nothing to say.
            let high = try await stage.services.approvals.detail(try stage.actor("approver2"), second)
            #expect(high.splitting == nil)
            try await stage.test.sql(
                "update setting set value = '100000.00' where code = 'two_key_threshold'")
            let keys = try await stage.services.approvals.detail(try stage.actor("finance"), second)
            #expect(keys.splitting?.together == Money(pounds: 105_000))
            #expect(try await stage.approve(second, by: "approver2") == .awaitingSecondKey)
        }
    }

    @Test("Scenario 5: contentious spend of £20k needs consent whatever the amount")
    func contentious() async throws {
        try await FundStage.run { stage in
            let (_, approval) = try await stage.clearedApproval(pounds: 100_000) {
                $0.amount = Money(pounds: 20_000)
                $0.years = stage.fund.split(Money(pounds: 20_000)).map { BudgetLine(year: $0.0, amount: $0.1) }
                $0.screening.contentious = true
            }
            let refused = try await refusal { try await stage.approve(approval, by: "approver2") }
            #expect(refused?.code == "consent_needed")
            // Past the services, the database says the same.
            let person = try stage.person("approver2")
            let actor = try stage.actor("approver2")
            do {
                try await stage.test.app.transaction("test.bypass") { tx in
                    _ = try tx.run(ActorStatements.open(actor.credential).one)
                    let record = try tx.run(ApprovalStatements.lock(approval).one)
                    let delegation = try tx.run(ApprovalStatements.ownDelegations.many)[0]
                    tx.queue(ApprovalStatements.turnKey(record, by: person, with: delegation.id).done)
                }
                Issue.record("the trigger let it pass")
            } catch let error as StatementError {
                #expect(error.sqlState == "TS005")
            }
        }
    }

    @Test("A limit covers exactly its amount and not a penny more", arguments: [0, 1])
    func boundary(pence: Int) async throws {
        try await FundStage.run { stage in
            let amount = Money(pence: 20_000_000 + pence)
            let (_, approval) = try await stage.clearedApproval(pounds: 200_001) {
                $0.amount = amount
                $0.years = stage.fund.split(amount).map { BudgetLine(year: $0.0, amount: $0.1) }
            }
            try await stage.setLimit("approver.low", pounds: 200_000)
            let refused = try await refusal { try await stage.approve(approval, by: "approver.low") }
            #expect(refused?.code == (pence == 0 ? nil : "above_limit"))
        }
    }

    @Test("A limit that was cut, or ran out, between clearing and approving does not serve")
    func limitCut() async throws {
        try await FundStage.run { stage in
            let (_, approval) = try await stage.clearedApproval(pounds: 200_000)
            try await stage.setLimit("approver.low", pounds: 50_000)
            #expect(try await refusal { try await stage.approve(approval, by: "approver.low") }?.code == "above_limit")
            let person = try stage.person("approver")
            try await stage.asOwner(
                Statement<Void>(
                    "test.expire",
                    """
                    update delegation set valid_to = public.london_today() - 1, version = version + 1
                    where person_id = \(person)
                    """
                ).done)
            #expect(try await refusal { try await stage.approve(approval, by: "approver") }?.code == "no_limit")
        }
    }

    @Test("Above the threshold two different people must agree on the same text")
    func twoKeys() async throws {
        try await FundStage.run { stage in
            let (_, approval) = try await stage.clearedApproval(pounds: 1_500_000)
            #expect(try await stage.approve(approval, by: "approver") == .awaitingSecondKey)
            #expect(try await refusal { try await stage.approve(approval, by: "approver") }?.code == "key_turned")
            #expect(try await stage.approve(approval, by: "approver2") == .approved)
        }
    }

    @Test("A change of content voids the keys and gives the money back")
    func revisionVoidsKeys() async throws {
        try await FundStage.run { stage in
            let (_, approval) = try await stage.clearedApproval(pounds: 1_500_000)
            let seen = try await stage.fund.head(approval)
            #expect(try await stage.approve(approval, by: "approver") == .awaitingSecondKey)
            var content = stage.fund.approvalContent(Money(pounds: 1_400_000))
            content.conditions = "Another condition."
            _ = try await stage.services.approvals.revise(
                try stage.actor("officer"), approval, version: try await stage.fund.head(approval).version, content)
            #expect(
                try await stage.count(
                    "select coalesce(sum(amount), 0)::bigint from budget_entry where approval_id = \(approval)")
                    == 0)
            try await stage.fund.clear(approval)
            let version = try await stage.fund.head(approval).version
            let old = try await refusal {
                try await stage.services.approvals.approve(
                    try stage.actor("approver2"), approval, version: version, contentHash: seen.hash)
            }
            #expect(old?.code == "content_changed")
            #expect(try await stage.approve(approval, by: "approver2") == .awaitingSecondKey, "the first key is void")
        }
    }

    @Test("Scenario 20: two approvers press at once, one wins; a retry returns what the first try did")
    func pressedAtOnce() async throws {
        try await FundStage.run { stage in
            let (_, approval) = try await stage.clearedApproval(pounds: 200_000)
            let head = try await stage.fund.head(approval)
            let services = stage.services
            let actors = [try stage.actor("approver"), try stage.actor("approver2")]
            let outcomes = try await withThrowingTaskGroup(of: String.self) { group in
                for (index, actor) in actors.enumerated() {
                    group.addTask {
                        let key = IdempotencyKey(key: "press-\(index)", requestHash: digest("press"))
                        let refused = try await refusal {
                            try await services.approvals.approve(
                                actor, approval, version: head.version, contentHash: head.hash, once: key)
                        }
                        return refused?.kind.rawValue ?? "approved"
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.sorted() == ["approved", "stale"])
            #expect(try await stage.count("select count(*) from approval_key where approval_id = \(approval)") == 1)
            // The winner's network failed; the same command again answers as before.
            let winner = try await stage.count(
                """
                select (person_id = \(try stage.person("approver2")))::integer from approval_key
                where approval_id = \(approval)
                """)
            let again = try await services.approvals.approve(
                actors[winner], approval, version: head.version, contentHash: head.hash,
                once: IdempotencyKey(key: "press-\(winner)", requestHash: digest("press")))
            #expect(again == .approved)
            #expect(try await stage.count("select count(*) from approval_key where approval_id = \(approval)") == 1)
        }
    }

    @Test("The last pound is reserved once, whoever presses first")
    func budgetRace() async throws {
        try await FundStage.run { stage in
            // Two awards of £1.5m a year, in years that have £2m.
            let (_, bids) = try await stage.appraisedBids(
                [("916", 3_000_000), ("840", 3_000_000)], programme: Money(pounds: 6_000_000))
            var approvals: [ApprovalID] = []
            for bid in bids {
                approvals.append(
                    try await stage.services.approvals.prepare(
                        try stage.actor("officer"), bid.id, stage.fund.approvalContent(bid.requested)))
            }
            let services = stage.services
            let pairs = zip(approvals, [try stage.actor("finance"), try stage.actor("finance2")]).map { ($0, $1) }
            let outcomes = try await withThrowingTaskGroup(of: String.self) { group in
                for (approval, actor) in pairs {
                    group.addTask {
                        try await refusal { try await services.approvals.clear(actor, approval, version: 1) }?.kind
                            .rawValue
                            ?? "cleared"
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.sorted() == ["cleared", "conflict"])
            #expect(try await stage.count("select count(*) from budget_entry where what = 'reserve'") == 2)
        }
    }

    @Test("Whoever prepared, cleared or appraised a case does not approve it, and the preparer does not clear it")
    func separateDuties() async throws {
        try await FundStage.run { stage in
            // One person is given every capacity of the department, behind the administrators' backs.
            let person = try stage.person("officer")
            for code in ["finance", "approver", "appraiser"] {
                try await stage.asOwner(
                    Statement<Void>(
                        "test.grant",
                        """
                        insert into capacity (id, person_id, role, code, valid_from)
                        values (public.uuid7(), \(person), 'department', \(code), public.london_today())
                        """
                    ).done)
            }
            try await stage.asOwner(
                Statement<Void>(
                    "test.totp",
                    """
                    insert into auth.totp (person_id, sealed, confirmed_at) values (\(person), '\\x00', now())
                    """
                ).done)
            let (bid, approval) = try await stage.clearedApproval(pounds: 100_000)
            let approve = try await refusal { try await stage.approve(approval, by: "officer") }
            #expect(approve?.code == "SOD_PR_AA")
            let uplift = try await stage.approve(approval, by: "approver.low")
            #expect(uplift == .approved)
            let more = try await stage.services.approvals.prepare(
                try stage.actor("officer"), bid.id, stage.fund.approvalContent(Money(pounds: 10_000), kind: .uplift))
            let clear = try await refusal {
                try await stage.services.approvals.clear(try stage.actor("officer"), more, version: 1)
            }
            #expect(clear?.code == "SOD_PR_FC")
            #expect(try await stage.count("select count(*) from audit.event where action = 'duty.denied'") == 2)
        }
    }

    @Test("A round is decided once every bid is, and within its money")
    func deciding() async throws {
        try await FundStage.run { stage in
            let (round, bids) = try await stage.appraisedBids([("916", 200_000), ("840", 300_000)])
            let approver = try stage.actor("approver")
            let version = try await stage.fund.roundVersion(round)
            #expect(
                try await refusal { try await stage.services.rounds.decide(approver, round, version: version) }?.code
                    == "bids_undecided")
            let approval = try await stage.cleared(bids[0], pounds: 200_000)
            _ = try await stage.approve(approval, by: "approver.low")
            try await stage.services.bids.decline(
                approver, bids[1].id, version: try await stage.fund.version(bids[1].id),
                reason: DemonstrationFund.reason)
            try await stage.asOwner(
                Statement<Void>("test.budget", "update round set budget = 150000, version = version + 1").done)
            let late = try await stage.fund.roundVersion(round)
            #expect(
                try await refusal { try await stage.services.rounds.decide(approver, round, version: late) }?.code
                    == "round_over_budget")
            try await stage.asOwner(
                Statement<Void>("test.budget", "update round set budget = 15000000, version = version + 1").done)
            try await stage.services.rounds.decide(approver, round, version: try await stage.fund.roundVersion(round))
        }
    }
}
