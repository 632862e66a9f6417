import Domain
import Foundation
import Logging
import Postgres
import Testing

@testable import Services

/// A fund with its people signed in and nothing done yet, on a database of its own. Acts go through the services.
struct FundStage {
    let test: Fund
    let fund: DemonstrationFund

    var services: Touchstone { fund.touchstone }
    var owner: Database { fund.owner }

    /// Runs a test on a fresh stage and closes its connections.
    static func run(_ body: (FundStage) async throws -> Void) async throws {
        try await withFund { test in
            let demonstration = test.demonstration
            try await body(FundStage(test: test, fund: try await demonstration.fund()))
        }
    }

    func actor(_ key: String) throws -> Actor { try fund.cast.actor(key) }
    func person(_ key: String) throws -> PersonID { try fund.cast.person(key) }

    /// An open programme with that much money and a round of it that takes bids.
    func openRound(_ title: String = "Round 1", programme budget: Money = Money(pounds: 90_000_000)) async throws
        -> RoundID
    {
        let programme = try await fund.openProgramme("Innovation", budget: budget)
        let round = try await fund.approvedRound(
            programme, title, opensIn: 7, budget: min(budget, Money(pounds: 15_000_000)))
        try await fund.tick()
        try await fund.setTimes(round, opened: 20, closesIn: 5)
        try await fund.tick()
        return round
    }

    func close(_ round: RoundID) async throws {
        try await fund.setTimes(round, opened: 40, closesIn: -1)
        try await fund.tick()
    }

    /// A bid of each authority, appraised, in a round that is being appraised.
    func appraisedBids(
        _ bids: [(code: String, pounds: Int)], programme budget: Money = Money(pounds: 90_000_000)
    ) async throws -> (RoundID, [DemonstrationBid]) {
        let round = try await openRound(programme: budget)
        var submitted: [DemonstrationBid] = []
        for bid in bids { submitted.append(try await fund.submittedBid(round, bid.code, pounds: bid.pounds)) }
        try await close(round)
        for bid in submitted {
            try await fund.findEligible(bid)
            try await fund.assign(bid)
        }
        try await fund.beginAppraisal(round)
        for bid in submitted { try await fund.finishAppraisals(bid) }
        return (round, submitted)
    }

    /// One appraised bid with an approval that finance has cleared.
    func clearedApproval(pounds: Int, content change: (inout Approval.Content) -> Void = { _ in }) async throws
        -> (DemonstrationBid, ApprovalID)
    {
        let (_, bids) = try await appraisedBids([("916", pounds)])
        return (bids[0], try await cleared(bids[0], pounds: pounds, content: change))
    }

    func cleared(_ bid: DemonstrationBid, pounds: Int, content change: (inout Approval.Content) -> Void = { _ in })
        async throws -> ApprovalID
    {
        var content = fund.approvalContent(Money(pounds: pounds))
        change(&content)
        let id = try await services.approvals.prepare(try actor("officer"), bid.id, content)
        try await fund.clear(id)
        return id
    }

    func approve(_ id: ApprovalID, by key: String, once: IdempotencyKey? = nil) async throws -> Approval.State {
        let head = try await fund.head(id)
        return try await services.approvals.approve(
            try actor(key), id, version: head.version, contentHash: head.hash, once: once)
    }

    /// As the owner: what a test may see or change behind everybody's back.
    func asOwner<Result: Sendable>(_ step: Step<Result>) async throws -> Result {
        try await owner.transaction("test.owner") { tx in try tx.run(step) }
    }

    func count(_ sql: SQL) async throws -> Int {
        try await asOwner(Statement("test.count", sql) { row in try row.read(Int.self) }.one)
    }

    func setLimit(_ key: String, pounds: Int) async throws {
        let person = try person(key)
        try await asOwner(
            Statement<Void>(
                "test.limit",
                """
                update delegation set max_amount = \(Money(pounds: pounds)), version = version + 1
                where person_id = \(person)
                """
            ).done)
    }
}

/// The refusal that an act ends with; nil when it was done.
func refusal<Result>(_ act: () async throws -> Result) async throws -> Refusal? {
    do {
        _ = try await act()
        return nil
    } catch let refusal as Refusal {
        return refusal
    }
}

extension Fund {
    /// The demonstration on this fund, with a cost of hashing that tests can afford.
    var demonstration: Demonstration {
        var configuration = configuration
        configuration.argon2 = Argon2Cost(memoryKiB: 64, iterations: 1, parallelism: 1)
        return Demonstration(
            owner: owner, application: app, worker: worker, configuration: configuration, logger: Fund.logger)
    }
}
