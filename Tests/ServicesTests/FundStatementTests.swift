import Domain
import FoundationEssentials
import Postgres
import Testing

@testable import Services

/// Every statement of the fund is prepared against the schema, so that a renamed column fails here and not at night.
@Suite struct FundStatementTests {
    @Test("Every statement prepares, as the application")
    func prepare() async throws {
        try await withFund { test in try await Self.prepare(Self.all, on: test) }
    }

    /// Prepares statements as the application, and records each that does not.
    static func prepare(_ statements: [AnyStatement], on test: Fund) async throws {
        for statement in statements {
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
            let head = oids.isEmpty ? "prepare fund_check as " : "prepare fund_check (\(types)) as "
            do {
                try await test.app.transaction("test.prepare") { tx in
                    _ = try tx.run(Statement<Void>("test.prepare", SQL(stringLiteral: head + statement.text)).done)
                    _ = try tx.run(Statement<Void>("test.deallocate", "deallocate fund_check").done)
                }
            } catch {
                Issue.record("\(statement.name): \(error)")
            }
        }
    }

    @Test("No two statements share a name with other words")
    func names() {
        let byName = Dictionary(grouping: Set(Self.all), by: \.name)
        // Lists that depend on a filter, or on which object they start from, share a name on purpose.
        let shared: Set<String> = [
            "bid.list", "bid.list_json", "round.criteria", "round.rules", "eligibility.findings",
            "appraisal.scores_of_bid",
            "approval.programme_budget", "bid.title_taken",
        ]
        for (name, statements) in byName where statements.count > 1 {
            #expect(shared.contains(name), "\(name)")
        }
    }

    static let bid = BidID.fresh()
    static let round = RoundID.fresh()
    static let programme = ProgrammeID.fresh()
    static let appraisal = AppraisalID.fresh()
    static let approval = ApprovalID.fresh()
    static let person = PersonID.fresh()
    static let now = Instant(seconds: 1_800_000_000)

    static var all: [AnyStatement] { programmes + rounds + bids + sections + appraisals + approvals + others }

    static var programmes: [AnyStatement] {
        let content = Programme.Content()
        return [
            ProgrammeStatements.find(programme).untyped, ProgrammeStatements.lock(programme).untyped,
            ProgrammeStatements.aims(programme).untyped, ProgrammeStatements.budget(programme).untyped,
            ProgrammeStatements.list(after: (now, programme), limit: 2).untyped,
            ProgrammeStatements.list(after: nil, limit: 2).untyped, ProgrammeStatements.submitter(programme).untyped,
            ProgrammeStatements.seniorOfficers.untyped,
            ProgrammeStatements.insert(programme, by: person, of: .fresh(), content).untyped,
            ProgrammeStatements.save(programme, content).untyped, ProgrammeStatements.clearAims(programme).untyped,
            ProgrammeStatements.addAims(programme, []).untyped, ProgrammeStatements.clearBudget(programme).untyped,
            ProgrammeStatements.addBudget(programme, []).untyped,
            ProgrammeStatements.move(programme, to: .open, by: .open).untyped,
            ProgrammeStatements.open(programme, scheme: nil).untyped,
        ]
    }

    static var rounds: [AnyStatement] {
        let content = Round.Content()
        return [
            RoundStatements.find(round).untyped, RoundStatements.find(ofBid: bid).untyped,
            RoundStatements.find(of: approval).untyped, RoundStatements.lock(round).untyped,
            RoundStatements.criteria(round).untyped, RoundStatements.criteria(ofBid: bid).untyped,
            RoundStatements.rules(round).untyped, RoundStatements.rules(ofBid: bid).untyped,
            RoundStatements.ofProgramme(programme).untyped, RoundStatements.list(after: round, limit: 2).untyped,
            RoundStatements.open(after: (now, round), limit: 2).untyped, RoundStatements.bidCounts(round).untyped,
            RoundStatements.awarded(round).untyped, RoundStatements.limits(round).untyped,
            RoundStatements.ledger(round).untyped,
            RoundStatements.insert(round, in: programme, by: person, content).untyped,
            RoundStatements.save(round, content).untyped, RoundStatements.clearCriteria(round).untyped,
            RoundStatements.addCriteria(round, []).untyped, RoundStatements.clearRules(round).untyped,
            RoundStatements.move(round, to: .open, by: .open).untyped,
            RoundStatements.approve(round, frozen: []).untyped, RoundStatements.extend(round, until: now).untyped,
            RoundStatements.standing(round).untyped,
        ] + ((try? [RoundStatements.addRules(round, []).untyped]) ?? [])
    }

    static var bids: [AnyStatement] {
        let filter = BidFilter(round: round, state: .draft, organisation: .fresh())
        return [
            BidStatements.find(bid).untyped, BidStatements.lock(bid).untyped, BidStatements.lock(of: appraisal).untyped,
            BidStatements.lock(of: approval).untyped, BidStatements.find(of: appraisal).untyped,
            BidStatements.find(of: approval).untyped,
            BidStatements.list(filter, after: (now, bid), limit: 2).untyped,
            BidStatements.list(BidFilter(), after: nil, limit: 2).untyped,
            BidStatements.ofRound(round, limit: 2).untyped,
            BidStatements.insert(bid, in: round, of: .fresh(), by: person, title: "").untyped,
            BidStatements.titleTaken("", in: round).untyped, BidStatements.titleTaken("", besides: bid).untyped,
            BidStatements.move(bid, to: .draft, by: .reopen).untyped,
            BidStatements.move(bid, to: .draft, by: .reopen, because: "").untyped,
            BidStatements.sendForCertification(bid, requested: nil).untyped,
            BidStatements.submit(bid, by: person, hash: [], requested: nil).untyped, BidStatements.receipt(bid).untyped,
            BidStatements.certifiers(bid).untyped, BidStatements.ledger(bid).untyped,
            BidStatements.ledger(of: approval).untyped, BidStatements.ledger(of: appraisal).untyped,
            BidStatements.perform(.wrote, in: bid, by: person).untyped,
            BidJSONStatements.detail(bid).untyped, BidJSONStatements.list(filter, after: (now, bid), size: 2).untyped,
        ]
    }

    static var sections: [AnyStatement] {
        let json = PostgresJSON("{}")
        return [
            BidSectionStatements.all(bid).untyped, BidSectionStatements.all(of: appraisal).untyped,
            BidSectionStatements.version(bid, .need).untyped,
            BidSectionStatements.insert(bid, .need, json, by: person).untyped,
            BidSectionStatements.update(bid, .need, json, by: person).untyped,
            BidSectionStatements.touch(bid, by: person, title: nil, requested: nil).untyped,
            BidSectionStatements.submitted(bid).untyped, BidSectionStatements.submitted(of: appraisal).untyped,
            BidSectionStatements.submitted(of: approval).untyped,
            BidSectionStatements.insertVersion(bid, number: 1, json, hash: [], statement: "", by: person).untyped,
            BidSectionStatements.insertOutcomes(bid, number: 1, []).untyped,
            BidSectionStatements.insertCosts(bid, number: 1, []).untyped, BidSectionStatements.indicators.untyped,
            BidSectionStatements.years(bid).untyped, EligibilityStatements.organisation(ofBid: bid).untyped,
            EligibilityStatements.facts(ofBid: bid).untyped, EligibilityStatements.findings(bid).untyped,
            EligibilityStatements.findings(of: approval).untyped,
            EligibilityStatements.insert([], of: bid, by: person).untyped, EligibilityStatements.checker(bid).untyped,
        ]
    }

    static var appraisals: [AnyStatement] {
        [
            AppraisalStatements.find(appraisal).untyped, AppraisalStatements.lock(appraisal).untyped,
            AppraisalStatements.ofBid(bid).untyped, AppraisalStatements.siblings(appraisal).untyped,
            AppraisalStatements.siblings(of: approval).untyped, AppraisalStatements.rows(ofBid: bid).untyped,
            AppraisalStatements.mine(after: (0, Day(number: 1), appraisal), limit: 2).untyped,
            AppraisalStatements.criteria(appraisal).untyped, AppraisalStatements.criteria(of: approval).untyped,
            AppraisalStatements.scores(appraisal).untyped, AppraisalStatements.scores(ofBid: bid).untyped,
            AppraisalStatements.scores(of: approval).untyped, AppraisalStatements.assignable(bid).untyped,
            AppraisalStatements.scorer(person).untyped,
            AppraisalStatements.insert(
                appraisal, of: bid, for: person, kind: .appraiser, due: Day(number: 1), by: person
            )
            .untyped,
            AppraisalStatements.move(appraisal, to: .final, by: .finalise).untyped,
            AppraisalStatements.insertScores([], in: appraisal, by: person).untyped,
            AppraisalStatements.touch(appraisal).untyped,
        ]
    }

    static var approvals: [AnyStatement] {
        let content = Approval.Content()
        let record = ApprovalRecord(
            id: approval, reference: "", bid: bid, programme: programme, programmeTitle: "", state: .prepared,
            version: 1,
            preparer: person, preparerName: "", clearer: nil, clearerName: nil, wholeLife: .zero, hash: [],
            decisionReason: nil, decidedAt: nil, lapsesAt: nil, content: content)
        return [
            ApprovalStatements.find(approval).untyped, ApprovalStatements.lock(approval).untyped,
            ApprovalStatements.years(approval).untyped, ApprovalStatements.budget(approval).untyped,
            ApprovalStatements.programmeBudget(approval).untyped, ApprovalStatements.budget(ofBid: bid).untyped,
            ApprovalStatements.rows(ofBid: bid).untyped,
            ApprovalStatements.queue(after: (0, now, approval), limit: 2).untyped,
            ApprovalStatements.keys(approval).untyped, ApprovalStatements.ownDelegations.untyped,
            ApprovalStatements.ownProgrammeDelegations.untyped, ApprovalStatements.couldApprove(approval).untyped,
            ApprovalStatements.otherAwards(approval).untyped,
            ApprovalStatements.settings.untyped, ApprovalStatements.setting("two_key_threshold").untyped,
            ApprovalStatements.insert(approval, of: bid, in: programme, by: person, hash: [], content).untyped,
            ApprovalStatements.revise(approval, by: person, hash: [], content).untyped,
            ApprovalStatements.insertYears(approval, hash: [], []).untyped,
            ApprovalStatements.move(approval, to: .prepared, by: .revise).untyped,
            ApprovalStatements.clear(approval, by: person).untyped, ApprovalStatements.approve(approval).untyped,
            ApprovalStatements.refuse(approval, to: .rejected, by: .reject, because: "").untyped,
            ApprovalStatements.turnKey(record, by: person, with: .fresh()).untyped,
            ApprovalStatements.reserve(approval).untyped, ApprovalStatements.release(approval).untyped,
        ]
    }

    static var others: [AnyStatement] {
        [
            HomeStatements.tasks(limit: 2).untyped, HomeStatements.counts.untyped, HomeStatements.receipts.untyped,
            NoticeStatements.insert(
                Outbox("bid.submit", on: .bid(bid), subject: "", body: ""), to: .programmeOfficers
            ).untyped,
        ] + reports
    }

    static var reports: [AnyStatement] {
        ReportCode.allCases.flatMap { code -> [AnyStatement] in
            let report = code.definition
            guard let filters = try? ReportFilters([:], of: report) else { return [] }
            let query = ReportQuery(asAt: nil, filters: filters)
            return [report.lines(query).untyped] + (report.totals.map { [$0(query).untyped] } ?? [])
        }
    }
}
