public import Domain
import Postgres

// What approvers decide. Each act is about the digest that the approver saw, and is proved by a delegation.

extension Approvals {
    /// Turns the actor's key. `contentHash` is the digest that they saw: if the case changed since, nothing happens.
    /// Answers `approved`, or `awaitingSecondKey` when the sum needs another approver.
    public func approve(
        _ actor: Actor, _ id: ApprovalID, version: Int, contentHash: String, once: IdempotencyKey? = nil
    ) async throws -> Approval.State {
        try await platform.write("approvals.approve", actor, on: .approval(id), once: once) { tx, open in
            let (subject, foundBid, found, years, ledger, keys, delegations, others, setting) = try tx.pipeline(
                open, BidStatements.lock(of: id).optional, ApprovalStatements.lock(id).optional,
                ApprovalStatements.years(id).many, BidStatements.ledger(of: id).many, ApprovalStatements.keys(id).many,
                ApprovalStatements.ownDelegations.many, ApprovalStatements.couldApprove(id).many,
                ApprovalStatements.setting("two_key_threshold").optional)
            let record = try found.orNotFound("approval")
            let bid = try foundBid.orNotFound("approval")
            let grant = try Self.authorise(.approvalApprove, bid, subject)
            try Self.unchanged(record, version: version, contentHash: contentHash)
            try Duty.check(.approved, by: subject.person, ledger: ledger).enforce()
            let key = try ApprovalRules.key(
                record.approval(years), by: subject.person, delegations: delegations,
                turned: keys.filter(\.counts).map(\.person), threshold: setting.flatMap { Money($0) } ?? .zero,
                on: subject.now.londonDay, others: others.map(\.name))
            let move = try Workflow.move(key.event, from: record.state)
            tx.queue(ApprovalStatements.turnKey(record, by: subject.person, with: key.delegation).done)
            tx.queue(BidStatements.perform(.approved, in: record.bid, by: subject.person).done)
            if move.state == .approved {
                tx.queue(ApprovalStatements.approve(id).done)
                try Self.approveBid(tx, record, bid, subject, actor, grant)
            } else {
                tx.queue(ApprovalStatements.move(id, to: move.state, by: key.event).done)
            }
            Self.recordMove(tx, id, record, bid, move, key.event, subject, actor, grant, version: record.version)
            return move.state
        }
    }

    /// Passes a case that is above the actor's own limit to those who may decide it.
    public func referUp(_ actor: Actor, _ id: ApprovalID, version: Int) async throws {
        try await platform.write("approvals.refer_up", actor, on: .approval(id)) { tx, open in
            let (subject, foundBid, found, ledger, delegations) = try tx.pipeline(
                open, BidStatements.lock(of: id).optional, ApprovalStatements.lock(id).optional,
                BidStatements.ledger(of: id).many, ApprovalStatements.ownDelegations.many)
            let record = try found.orNotFound("approval")
            let bid = try foundBid.orNotFound("approval")
            let grant = try Self.authorise(.approvalReferUp, bid, subject)
            try version.mustEqual(record.version, "approval")
            let move = try Workflow.move(ApprovalEvent.referUp, from: record.state)
            try Duty.check(.approved, by: subject.person, ledger: ledger).enforce()
            try ApprovalRules.limitIsTooLow(
                record.wholeLife, delegations: delegations, on: subject.now.londonDay
            ).enforce()
            tx.queue(ApprovalStatements.move(id, to: move.state, by: .referUp).done)
            Self.recordMove(tx, id, record, bid, move, .referUp, subject, actor, grant, version: record.version)
        }
    }

    /// Refuses the award; what was reserved is given back.
    public func reject(_ actor: Actor, _ id: ApprovalID, version: Int, reason: String, once: IdempotencyKey? = nil)
        async throws
    {
        try await refuse(.reject, .approvalReject, actor, id, version, reason, once)
    }

    /// Sends the case back to its preparer; what was reserved is given back.
    public func `return`(_ actor: Actor, _ id: ApprovalID, version: Int, reason: String) async throws {
        try await refuse(.sendBack, .approvalReturn, actor, id, version, reason, nil)
    }

    private func refuse(
        _ event: ApprovalEvent, _ action: Action, _ actor: Actor, _ id: ApprovalID, _ version: Int, _ reason: String,
        _ once: IdempotencyKey?
    ) async throws {
        _ = try await platform.write("approvals.refuse", actor, on: .approval(id), once: once) { tx, open in
            let (subject, foundBid, found, ledger) = try tx.pipeline(
                open, BidStatements.lock(of: id).optional, ApprovalStatements.lock(id).optional,
                BidStatements.ledger(of: id).many)
            let record = try found.orNotFound("approval")
            let bid = try foundBid.orNotFound("approval")
            let grant = try Self.authorise(action, bid, subject)
            try version.mustEqual(record.version, "approval")
            let move = try Workflow.move(event, from: record.state)
            if event == .sendBack, !Self.sendsBack(record.state, subject) { throw action.permission.refusal }
            try Rules.reason(reason).enforce()
            if event == .reject { try Duty.check(.approved, by: subject.person, ledger: ledger).enforce() }
            tx.queue(ApprovalStatements.refuse(id, to: move.state, by: event, because: reason).done)
            tx.queue(ApprovalStatements.release(id).done)
            Self.recordMove(
                tx, id, record, bid, move, event, subject, actor, grant, reason: reason, version: record.version)
            return true
        }
    }

    /// What the approver saw is what there is.
    private static func unchanged(_ record: ApprovalRecord, version: Int, contentHash: String) throws(Refusal) {
        guard contentHash.lowercased() == Hex.text(record.hash) else {
            throw Refusal(
                .stale, code: "content_changed",
                "The case has changed since you looked at it. Read it again before you decide.")
        }
        try version.mustEqual(record.version, "approval")
    }

    /// The first award moves the bid; an uplift finds it where it is.
    private static func approveBid(
        _ tx: borrowing Transaction, _ record: ApprovalRecord, _ bid: BidRecord, _ subject: Subject, _ actor: Actor,
        _ grant: Grant
    ) throws {
        guard record.content.kind == .award else { return }
        let move = try Workflow.move(BidEvent.approve, from: bid.bid.state)
        tx.queue(BidStatements.move(record.bid, to: move.state, by: .approve).done)
        Bids.recordMove(tx, bid, move, .approve, subject, actor, grant)
    }
}
