public import Domain
import Postgres

// What the department does with a bid once its round has closed.

extension Bids {
    /// Checks every eligibility rule as at the closing day, keeps each finding with its evidence, and answers them.
    @discardableResult
    public func check(_ actor: Actor, _ id: BidID, version: Int) async throws -> [EligibilityFinding] {
        try await platform.write("bids.check", actor, on: .bid(id)) { tx, open in
            let (subject, found, rules, organisation, facts, content) = try tx.pipeline(
                open, BidStatements.lock(id).optional, RoundStatements.rules(ofBid: id).many,
                EligibilityStatements.organisation(ofBid: id).optional, EligibilityStatements.facts(ofBid: id).many,
                BidSectionStatements.submitted(id).optional)
            let record = try found.orNotFound("bid")
            let grant = try Self.authorise(.bidCheck, record, subject)
            try version.mustEqual(record.bid.version, "bid")
            let move = try Workflow.move(BidEvent.check, from: record.bid.state)
            guard let closesAt = record.closesAt, let organisation, let content else { throw Refusal.notFound("bid") }
            let findings = try Self.findings(
                rules, organisation, facts, content: try JSON.value(content), on: closesAt.londonDay)
            tx.queue(BidStatements.move(id, to: move.state, by: .check).done)
            tx.queue(EligibilityStatements.insert(findings, of: id, by: subject.person).done)
            Self.recordMove(
                tx, record, move, .check, subject, actor, grant,
                detail: Dictionary(findings.map { ($0.code, $0.passed ? "passed" : "failed") }) { $1 })
            return findings
        }
    }

    /// Confirms that every rule is met.
    public func findEligible(_ actor: Actor, _ id: BidID, version: Int) async throws {
        try await platform.write("bids.find_eligible", actor, on: .bid(id)) { tx, open in
            let (subject, found, findings) = try tx.pipeline(
                open, BidStatements.lock(id).optional, EligibilityStatements.findings(id).many)
            let record = try found.orNotFound("bid")
            let grant = try Self.authorise(.bidFindEligible, record, subject)
            try version.mustEqual(record.bid.version, "bid")
            let move = try Workflow.move(BidEvent.findEligible, from: record.bid.state)
            try BidRules.rulesPassed(findings.map(\.passed)).enforce()
            tx.queue(BidStatements.move(id, to: move.state, by: .findEligible).done)
            Self.recordMove(tx, record, move, .findEligible, subject, actor, grant)
        }
    }

    /// Finds the bid ineligible: by another officer than the one who ran the check, with a reason for the authority.
    public func findIneligible(_ actor: Actor, _ id: BidID, version: Int, reason: String) async throws {
        try await platform.write("bids.find_ineligible", actor, on: .bid(id)) { tx, open in
            let (subject, found, checker) = try tx.pipeline(
                open, BidStatements.lock(id).optional, EligibilityStatements.checker(id).optional)
            let record = try found.orNotFound("bid")
            let grant = try Self.authorise(.bidFindIneligible, record, subject)
            try version.mustEqual(record.bid.version, "bid")
            let move = try Workflow.move(BidEvent.findIneligible, from: record.bid.state)
            try Rules.reason(reason).enforce()
            try BidRules.secondOfficer(subject.person, checker: checker).enforce()
            tx.queue(BidStatements.move(id, to: move.state, by: .findIneligible, because: reason).done)
            Self.recordMove(tx, record, move, .findIneligible, subject, actor, grant, reason: reason)
        }
    }

    /// Puts an appraised bid on the reserve list.
    public func reserve(_ actor: Actor, _ id: BidID, version: Int, reason: String, once: IdempotencyKey? = nil)
        async throws
    {
        try await decide(.reserve, .bidReserve, actor, id, version, reason, once)
    }

    /// Declines an appraised bid.
    public func decline(_ actor: Actor, _ id: BidID, version: Int, reason: String, once: IdempotencyKey? = nil)
        async throws
    {
        try await decide(.decline, .bidDecline, actor, id, version, reason, once)
    }

    private func decide(
        _ event: BidEvent, _ action: Action, _ actor: Actor, _ id: BidID, _ version: Int, _ reason: String,
        _ once: IdempotencyKey?
    ) async throws {
        _ = try await platform.write("bids.decide", actor, on: .bid(id), once: once) { tx, open in
            let (subject, found, ledger, inHand) = try tx.pipeline(
                open, BidStatements.lock(id).optional, BidStatements.ledger(id).many,
                ApprovalStatements.rows(ofBid: id).many)
            let record = try found.orNotFound("bid")
            let grant = try Self.authorise(action, record, subject)
            try version.mustEqual(record.bid.version, "bid")
            let move = try Workflow.move(event, from: record.bid.state)
            try Rules.reason(reason).enforce()
            try Duty.check(.approved, by: subject.person, ledger: ledger).enforce()
            if let approval = inHand.first(where: { $0.state.isInHand }) {
                throw Refusal(
                    .conflict, code: "approval_in_hand",
                    "The approval \(approval.reference) of this bid is still in hand. Have it rejected first.")
            }
            tx.queue(BidStatements.move(id, to: move.state, by: event, because: reason).done)
            Self.recordMove(tx, record, move, event, subject, actor, grant, reason: reason)
            return true
        }
    }

    private static func findings(
        _ rules: [EligibilityRule], _ organisation: Organisation, _ facts: [FactRecord], content: BidContent,
        on day: Day
    ) throws -> [EligibilityFinding] {
        EligibilityRules.evaluate(
            rules,
            EligibilityFacts(
                organisation: organisation,
                values: Dictionary(
                    facts.map {
                        ($0.fact, EligibilityFacts.Dated(value: $0.value, validFrom: $0.validFrom, source: $0.source))
                    }
                ) { first, _ in first },
                requested: content.costs.requested, partnersSignedOff: content.delivery.partnersSignedOff, asAt: day))
    }
}

extension Approval.State {
    /// Whether somebody still has to do something with it.
    var isInHand: Bool {
        switch self {
        case .prepared, .financeCleared, .referredUp, .awaitingSecondKey, .returned: true
        case .approved, .rejected, .lapsed: false
        }
    }
}

extension BidRecord {
    /// Refuses when the round does not take submissions at this moment.
    func mustBeOpen(at now: Instant) throws(Refusal) {
        if !isOpen(at: now) { throw RoundRules.notOpen }
    }
}
