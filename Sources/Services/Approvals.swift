public import Domain
import Postgres

/// Approvals: who promises how much, proved at the moment of promising.
public struct Approvals: Sendable {
    let platform: Platform

    /// In hand first, the longest waiting on top; decided ones after.
    public func queue(_ actor: Actor, page: PageRequest = PageRequest()) async throws -> Page<ApprovalRow> {
        let after = try page.keys(3).map {
            (try Keys.number($0[0]), try Keys.instant($0[1]), try Keys.id($0[2], of: Approval.self))
        }
        let (subject, rows) = try await platform.read(
            "approvals.queue", actor, ApprovalStatements.queue(after: after, limit: page.limit).many)
        _ = try Permission.authorise(.approvalList, subject: subject)
        return Page(rows, page) { [$0.state.isInHand ? "0" : "1", "\($0.createdAt)", "\($0.id)"] }
    }

    /// The whole case on one page, in one flight.
    public func detail(_ actor: Actor, _ id: ApprovalID) async throws -> ApprovalDetail {
        let (subject, parts) = try await load(actor, id)
        let record = try parts.record.orNotFound("approval")
        let bid = try parts.bid.orNotFound("approval")
        _ = try Permission.authorise(.approvalRead, subject: subject, facts: bid.facts)
        var facts = bid.facts
        facts.scoresOpen = AppraisalRules.maySeeScores(subject, appraisals: parts.appraisals.map(\.appraisal))
        let approval = record.approval(parts.years)
        let turned = parts.keys.filter(\.counts).map(\.person)
        let today = subject.now.londonDay
        return ApprovalDetail(
            approval: approval, bid: bid.row, programmeTitle: record.programmeTitle, preparerName: record.preparerName,
            clearerName: record.clearerName, content: try parts.content.map { try JSON.value($0) } ?? BidContent(),
            scores: facts.scoresOpen
                ? Appraisals.summary(
                    bid.bid.id, parts.criteria, parts.appraisals, parts.scores,
                    spread: parts.settings["score_spread_moderation"]
                ) : nil,
            findings: parts.findings, budget: parts.budget, keys: parts.keys,
            keysNeeded: ApprovalRules.keysNeeded(record.wholeLife, threshold: parts.threshold),
            delegation: parts.delegations.first { $0.isValid(on: today) },
            route: subject.holds(.approver)
                ? ApprovalRules.route(
                    approval, by: subject.person, delegations: parts.delegations, turned: turned,
                    threshold: parts.threshold, on: today) : nil,
            couldApprove: parts.couldApprove, otherAwards: parts.others,
            splitting: Self.splitting(approval, parts, on: today),
            allowed: Self.allowed(record, bid, subject, parts.ledger), decisionReason: record.decisionReason,
            decidedAt: record.decidedAt, lapsesAt: record.lapsesAt, history: parts.history)
    }

    /// Prepares the approval of an appraised bid, or of more money for an award that was approved before.
    public func prepare(_ actor: Actor, _ bid: BidID, _ content: Approval.Content, once: IdempotencyKey? = nil)
        async throws
        -> ApprovalID
    {
        let id = ApprovalID.fresh()
        return try await platform.write("approvals.prepare", actor, on: .bid(bid), once: once) { tx, open in
            let (subject, found, ledger, others, budget, round) = try tx.pipeline(
                open, BidStatements.lock(bid).optional, BidStatements.ledger(bid).many,
                ApprovalStatements.rows(ofBid: bid).many, ApprovalStatements.budget(ofBid: bid).many,
                RoundStatements.find(ofBid: bid).optional)
            let record = try found.orNotFound("bid")
            let grant = try Bids.authorise(.approvalPrepare, record, subject)
            let move = try Workflow.move(ApprovalEvent.prepare, from: nil)
            guard let programme = record.programme, let round else { throw Refusal.notFound("bid") }
            if let other = others.first(where: { $0.state.isInHand }) { throw Self.inHand(other) }
            try ApprovalRules.preparable(
                content, bid: record.bid.state, programme: round.programmeState, maximum: round.content.maximumAward,
                requested: record.bid.requested
            ).enforce()
            try ApprovalRules.problems(content, budget: budget.map(\.line)).mustBeEmpty()
            try Duty.check(.prepared, by: subject.person, ledger: ledger).enforce()
            let hash = digest(ApprovalRules.canonicalText(content, bid: bid, recipient: record.bid.organisation))
            tx.queue(
                ApprovalStatements.insert(id, of: bid, in: programme, by: subject.person, hash: hash, content).done)
            tx.queue(ApprovalStatements.insertYears(id, hash: hash, content.years).done)
            tx.queue(BidStatements.perform(.prepared, in: bid, by: subject.person).done)
            Self.recordMove(
                tx, id, nil, record, move, .prepare, subject, actor, grant, after: hash, version: 1, content: content)
            return id
        }
    }

    /// Changes what is to be approved: it goes back to prepared, what was reserved is given back, and keys turned for
    /// the old content count no more. Answers the new version.
    public func revise(_ actor: Actor, _ id: ApprovalID, version: Int, _ content: Approval.Content) async throws -> Int
    {
        try await platform.write("approvals.revise", actor, on: .approval(id)) { tx, open in
            let (subject, foundBid, found, ledger, budget, round) = try tx.pipeline(
                open, BidStatements.lock(of: id).optional, ApprovalStatements.lock(id).optional,
                BidStatements.ledger(of: id).many, ApprovalStatements.programmeBudget(id).many,
                RoundStatements.find(of: id).optional)
            let record = try found.orNotFound("approval")
            let bid = try foundBid.orNotFound("approval")
            let grant = try Self.authorise(.approvalRevise, bid, subject)
            try version.mustEqual(record.version, "approval")
            let move = try Workflow.move(ApprovalEvent.revise, from: record.state)
            guard content.kind == record.content.kind, let round else {
                throw Refusal.invalid([
                    FieldProblem("kind", "The kind of an approval stays as it is. Prepare another one.")
                ])
            }
            try ApprovalRules.preparable(
                content, bid: bid.bid.state, programme: round.programmeState, maximum: round.content.maximumAward,
                requested: bid.bid.requested
            ).enforce()
            try ApprovalRules.problems(content, budget: budget.map(\.line)).mustBeEmpty()
            try Duty.check(.prepared, by: subject.person, ledger: ledger).enforce()
            let hash = digest(ApprovalRules.canonicalText(content, bid: record.bid, recipient: bid.bid.organisation))
            tx.queue(ApprovalStatements.release(id).done)
            tx.queue(ApprovalStatements.revise(id, by: subject.person, hash: hash, content).done)
            tx.queue(ApprovalStatements.insertYears(id, hash: hash, content.years).done)
            tx.queue(BidStatements.perform(.prepared, in: record.bid, by: subject.person).done)
            Self.recordMove(
                tx, id, record, bid, move, .revise, subject, actor, grant, after: hash, version: record.version,
                content: content)
            return record.version + 1
        }
    }

    /// Clears the money: each year's budget has it, and it is set aside from this moment.
    public func clear(_ actor: Actor, _ id: ApprovalID, version: Int) async throws {
        try await platform.write("approvals.clear", actor, on: .approval(id)) { tx, open in
            let (subject, foundBid, found, ledger, years, budget) = try tx.pipeline(
                open, BidStatements.lock(of: id).optional, ApprovalStatements.lock(id).optional,
                BidStatements.ledger(of: id).many, ApprovalStatements.years(id).many, ApprovalStatements.budget(id).many
            )
            let record = try found.orNotFound("approval")
            let bid = try foundBid.orNotFound("approval")
            let grant = try Self.authorise(.approvalClear, bid, subject)
            try version.mustEqual(record.version, "approval")
            let move = try Workflow.move(ApprovalEvent.clear, from: record.state)
            try Duty.check(.cleared, by: subject.person, ledger: ledger).enforce()
            if record.preparer == subject.person { throw Duty.refusal(already: .prepared, new: .cleared) }
            try ApprovalRules.budgetLeft(years, left: budget.map { BudgetLine($0.line, amount: $0.left) }).enforce()
            tx.queue(ApprovalStatements.clear(id, by: subject.person).done)
            tx.queue(ApprovalStatements.reserve(id).done)
            tx.queue(BidStatements.perform(.cleared, in: record.bid, by: subject.person).done)
            Self.recordMove(tx, id, record, bid, move, .clear, subject, actor, grant, version: record.version)
        }
    }
}

extension Approvals {
    /// What the page of a case is made of.
    private struct Parts: Sendable {
        var record: ApprovalRecord?
        var bid: BidRecord?
        var years: [BudgetLine] = []
        var budget: [BudgetPosition] = []
        var keys: [KeyTurned] = []
        var ledger: [Duty.Performed] = []
        var delegations: [Delegation] = []
        var couldApprove: [PersonChoice] = []
        var others: [OtherAward] = []
        var findings: [FindingView] = []
        var criteria: [Criterion] = []
        var appraisals: [AppraisalRecord] = []
        var scores: [ScoreRecord] = []
        var content: String?
        var settings: [String: String] = [:]
        var history: [HistoryEntry] = []

        var threshold: Money { settings["two_key_threshold"].flatMap { Money($0) } ?? .zero }
    }

    private func load(_ actor: Actor, _ id: ApprovalID) async throws -> (Subject, Parts) {
        let (
            subject, record, bid, years, budget, keys, ledger, delegations, couldApprove, others, findings, criteria,
            appraisals, scores, content, settings, history
        ) = try await platform.read(
            "approvals.detail", actor, ApprovalStatements.find(id).optional, BidStatements.find(of: id).optional,
            ApprovalStatements.years(id).many, ApprovalStatements.budget(id).many, ApprovalStatements.keys(id).many,
            BidStatements.ledger(of: id).many, ApprovalStatements.ownDelegations.many,
            ApprovalStatements.couldApprove(id).many, ApprovalStatements.otherAwards(id).many,
            EligibilityStatements.findings(of: id).many, AppraisalStatements.criteria(of: id).many,
            AppraisalStatements.siblings(of: id).many, AppraisalStatements.scores(of: id).many,
            BidSectionStatements.submitted(of: id).optional, ApprovalStatements.settings.many,
            HistoryStatements.of(kind: "approval", id: id.rawValue, limit: History.entriesMax).many)
        return (
            subject,
            Parts(
                record: record, bid: bid, years: years, budget: budget, keys: keys, ledger: ledger,
                delegations: delegations, couldApprove: couldApprove, others: others, findings: findings,
                criteria: criteria, appraisals: appraisals, scores: scores, content: content,
                settings: Dictionary(settings.map { ($0.code, $0.value) }) { first, _ in first }, history: history)
        )
    }

    /// The lowest limit that the awards pass together and none passes alone: the reader's own, or the sum above which two
    /// approvers are needed.
    private static func splitting(_ approval: Approval, _ parts: Parts, on today: Day) -> SplittingHint? {
        let days = parts.settings["splitting_window_days"].flatMap { Int($0) } ?? 0
        let own = parts.delegations.filter { $0.isValid(on: today) }.map(\.limit).max()
        let others = parts.others.map { (day: $0.at.londonDay, amount: $0.amount) }
        for limit in ([parts.threshold] + [own].compactMap(\.self)).sorted() where limit > .zero {
            let amount = approval.content.amount ?? .zero
            let together = ApprovalRules.splitting(amount, on: today, others: others, windowDays: days, limit: limit)
            if let together { return SplittingHint(together: together, limit: limit, days: days) }
        }
        return nil
    }

    /// What a page may offer, less what the person's own part in the case rules out.
    private static func allowed(
        _ record: ApprovalRecord, _ bid: BidRecord, _ subject: Subject, _ ledger: [Duty.Performed]
    ) -> [ApprovalEvent] {
        offered(ApprovalEvent.self, from: record.state, to: subject, facts: bid.facts, as: \.action).filter { event in
            switch event {
            case .revise: Duty.check(.prepared, by: subject.person, ledger: ledger) == nil
            case .clear: Duty.check(.cleared, by: subject.person, ledger: ledger) == nil
            case .approve, .reject: Duty.check(.approved, by: subject.person, ledger: ledger) == nil
            case .firstKey: false
            case .sendBack: sendsBack(record.state, subject)
            default: true
            }
        }
    }

    /// Finance sends back what it has not cleared; approvers what waits for their keys.
    static func sendsBack(_ state: Approval.State, _ subject: Subject) -> Bool {
        subject.holds(state == .prepared ? .finance : .approver)
    }

    static func authorise(_ action: Action, _ bid: BidRecord, _ subject: Subject) throws -> Grant {
        _ = try Permission.authorise(.approvalRead, subject: subject, facts: bid.facts)
        return try Permission.authorise(action, subject: subject, facts: bid.facts)
    }

    private static func inHand(_ other: ApprovalRow) -> Refusal {
        Refusal(
            .conflict, code: "approval_in_hand",
            "\(other.reference) for this bid is still in hand. Revise it, or have it rejected, before another is prepared."
        )
    }

    /// The event and the notices of one move.
    static func recordMove(
        _ tx: borrowing Transaction, _ id: ApprovalID, _ record: ApprovalRecord?, _ bid: BidRecord,
        _ move: (state: Approval.State, transition: Transition), _ event: ApprovalEvent, _ subject: Subject,
        _ actor: Actor, _ grant: Grant, reason: String? = nil, after: [UInt8]? = nil, version: Int,
        content: Approval.Content? = nil
    ) {
        let amount = (content ?? record?.content)?.amount
        tx.queue(
            Record(subject, actor).event(
                "approval.\(event.rawValue)", on: .approval(id), as: grant.capacity, from: record?.state.rawValue,
                to: move.state.rawValue, reason: reason, before: record?.hash, after: after ?? record?.hash,
                detail: ["bid": "\(bid.bid.id)", "amount": amount?.decimal ?? ""]))
        let name = record?.reference ?? "the award for \(bid.bid.reference)"
        tx.tell(
            move.transition,
            Outbox(
                "approval.\(event.rawValue)", on: .approval(id), subject: "Approval of \(name) \(event.headline)",
                body: [
                    "The approval of \(amount?.description ?? "money") for “\(bid.bid.title)” (\(bid.bid.reference)) "
                        + "by \(bid.organisationName) \(event.headline).",
                    reason.map { "Reason: \($0)" },
                ].compactMap(\.self).joined(separator: "\n\n"),
                dedupe: "approval.\(event.rawValue):\(id):\(version)"))
    }
}

extension BudgetLine {
    /// The same year and kind with another amount.
    init(_ line: BudgetLine, amount: Money) {
        self.init(year: line.year, kind: line.kind, amount: amount)
    }
}

extension ApprovalEvent {
    /// The permission that the event needs; nil when nobody does it by hand.
    var action: Action? {
        switch self {
        case .prepare: .approvalPrepare
        case .clear: .approvalClear
        case .referUp: .approvalReferUp
        case .firstKey, .approve: .approvalApprove
        case .reject: .approvalReject
        case .sendBack: .approvalReturn
        case .revise: .approvalRevise
        case .lapse: nil
        }
    }

    /// As a notice says it.
    var headline: String {
        switch self {
        case .prepare: "is waiting for finance"
        case .clear: "is waiting for approval"
        case .referUp: "was referred up"
        case .firstKey: "is waiting for a second approver"
        case .approve: "was given"
        case .reject: "was refused"
        case .sendBack: "was sent back"
        case .revise: "was revised and is waiting for finance"
        case .lapse: "has lapsed"
        }
    }
}
