public import Domain
import Postgres

// What the department does with a claim: check, verify, approve, and take back.

extension Claims {
    /// Begins the check. The sample was drawn when the claim was submitted.
    public func beginCheck(_ actor: Actor, _ id: ClaimID, version: Int) async throws {
        try await act(.beginCheck, .claimBeginCheck, actor, id, version) { tx, record, _, subject, ledger in
            try Duty.check(.verified, by: subject.person, ledger: ledger).enforce()
            tx.queue(ClaimStatements.beginCheck(record.id, by: subject.person).done)
            return (record.state, nil)
        }
    }

    /// Asks the authority about the claim; the time for checking stands still.
    public func query(_ actor: Actor, _ id: ClaimID, version: Int, question: String) async throws {
        try await act(.query, .claimQuery, actor, id, version) { tx, record, _, _, _ in
            try Rules.reason(question).enforce()
            tx.queue(ClaimStatements.query(record.id, question).done)
            return (record.state, question)
        }
    }

    /// Saves findings on lines while the check is under way. Answers the new version.
    public func saveFindings(_ actor: Actor, _ id: ClaimID, version: Int, _ findings: [Claim.Finding]) async throws {
        try await platform.write("claims.save_findings", actor, on: .claim(id)) { tx, open in
            let (subject, foundAward, found, lines, ledger) = try tx.pipeline(
                open, AwardStatements.find(of: id).optional, ClaimStatements.lock(id).optional,
                ClaimStatements.lines(id).many, MoneyStatements.ledger(of: id).many)
            let record = try found.orNotFound("claim")
            let award = try foundAward.orNotFound("claim")
            let grant = try Self.authorise(.claimVerify, record, award, subject)
            try version.mustEqual(record.version, "claim")
            guard record.state == .checking else { throw Self.notChecking }
            try Duty.check(.verified, by: subject.person, ledger: ledger).enforce()
            try ClaimRules.findingProblems(findings, lines: lines.map(\.line), sampled: []).mustBeEmpty()
            tx.queue(ClaimStatements.saveFindings(id, findings, lines: lines.map(\.line)).done)
            tx.queue(
                Record(subject, actor).event(
                    "claim.find", on: .claim(id), as: grant.capacity, detail: ["lines": "\(findings.count)"]))
        }
    }

    /// Finishes the check: what was found of the lines decides whether all of it is verified, a part, or nothing.
    /// Answers where the claim then stands.
    public func verify(
        _ actor: Actor, _ id: ClaimID, version: Int, _ findings: [Claim.Finding], once: IdempotencyKey? = nil
    ) async throws -> Claim.State {
        try await platform.write("claims.verify", actor, on: .claim(id), once: once) { tx, open in
            let (subject, foundAward, found, lines, ledger, accepted) = try tx.pipeline(
                open, AwardStatements.lock(of: id).optional, ClaimStatements.lock(id).optional,
                ClaimStatements.lines(id).many, MoneyStatements.ledger(of: id).many,
                ClaimStatements.returnAccepted(id).optional)
            let record = try found.orNotFound("claim")
            let award = try foundAward.orNotFound("claim")
            let grant = try Self.authorise(.claimVerify, record, award, subject)
            try version.mustEqual(record.version, "claim")
            let merged = Self.merged(lines.compactMap(\.finding), findings)
            let sampled = Set(lines.filter(\.isSampled).map(\.number))
            try ClaimRules.findingProblems(merged, lines: lines.map(\.line), sampled: sampled).mustBeEmpty()
            let outcome = ClaimRules.outcome(merged, lines: lines.map(\.line))
            let event = outcome.event
            let move = try Workflow.move(event, from: record.state)
            try Duty.check(.verified, by: subject.person, ledger: ledger).enforce()
            if let from = record.from, let to = record.to, outcome.state != .rejected {
                try ClaimRules.returnAccepted(accepted ?? false, from: from, to: to).enforce()
            }
            let why = merged.filter { $0.verdict == .disallowed }.map { "Line \($0.line): \($0.reason)" }
                .joined(separator: "\n").orNil
            tx.queue(ClaimStatements.saveFindings(id, merged, lines: lines.map(\.line)).done)
            tx.queue(
                event == .reject
                    ? ClaimStatements.move(id, to: move.state, by: event, because: why ?? "").done
                    : ClaimStatements.verify(id, to: move.state, by: event, subject.person).done)
            Self.recordMove(
                tx, record, award, move, event, subject, actor, grant, reason: why,
                detail: ["amount": outcome.amount.decimal, "disallowed": outcome.disallowed.decimal])
            return move.state
        }
    }

    /// Rejects the whole claim.
    public func reject(_ actor: Actor, _ id: ClaimID, version: Int, reason: String, once: IdempotencyKey? = nil)
        async throws
    {
        try await act(.reject, .claimReject, actor, id, version, once: once) { tx, record, _, subject, ledger in
            try Rules.reason(reason).enforce()
            try Duty.check(.verified, by: subject.person, ledger: ledger).enforce()
            tx.queue(ClaimStatements.move(record.id, to: .rejected, by: .reject, because: reason).done)
            return (record.state, reason)
        }
    }

    /// Sends a verified claim back to be checked again.
    public func `return`(_ actor: Actor, _ id: ClaimID, version: Int, reason: String) async throws {
        try await because(.sendBack, .claimReturn, actor, id, version, reason)
    }

    /// Approves a verified claim for payment: the gate, the conditions, the bank details and the money all say yes.
    public func approve(_ actor: Actor, _ id: ClaimID, version: Int, once: IdempotencyKey? = nil) async throws {
        _ = try await platform.write("claims.approve", actor, on: .claim(id), once: once) { tx, open in
            let (subject, foundAward, found, instalments, conditions, bank, ledger, position) = try tx.pipeline(
                open, AwardStatements.lock(of: id).optional, ClaimStatements.lock(id).optional,
                AgreementStatements.standing(of: id).many, AgreementStatements.conditions(of: id).many,
                BankStatements.standing(of: id).optional, MoneyStatements.ledger(of: id).many,
                MoneyStatements.position(of: id).optional)
            let record = try found.orNotFound("claim")
            let award = try foundAward.orNotFound("claim")
            let grant = try Self.authorise(.claimApprove, record, award, subject)
            try version.mustEqual(record.version, "claim")
            let move = try Workflow.move(ClaimEvent.approve, from: record.state)
            guard award.award.state.takesClaims else { throw Self.notRunning(award) }
            try Duty.check(.approvedPayment, by: subject.person, ledger: ledger).enforce()
            try Self.gate(instalments, record.position)?.refusal.enforce()
            try Self.conditionsMet(conditions).enforce()
            try ClaimRules.bankReady(payableFrom: bank?.payableFrom, now: subject.now).enforce()
            if let position, let amount = record.verified, position.approved + amount > position.promised {
                throw Self.overspend(position.promised - position.approved)
            }
            tx.queue(ClaimStatements.approve(id, by: subject.person).done)
            Self.recordMove(
                tx, record, award, move, .approve, subject, actor, grant,
                detail: ["amount": record.verified?.decimal ?? ""])
            return true
        }
    }

    /// Finance asks that a payment be taken back; somebody else decides it.
    public func requestReversal(_ actor: Actor, _ id: ClaimID, version: Int, reason: String) async throws {
        try await act(.requestReversal, .claimRequestReversal, actor, id, version) { tx, record, _, subject, _ in
            try Rules.reason(reason).enforce()
            tx.queue(ClaimStatements.requestReversal(record.id, by: subject.person, because: reason).done)
            return (record.state, reason)
        }
    }

    /// Takes a payment back: as a new entry of the ledger, never as a change of the old one.
    public func reverse(_ actor: Actor, _ id: ClaimID, version: Int, once: IdempotencyKey? = nil) async throws {
        try await act(.reverse, .claimReverse, actor, id, version, once: once) { tx, record, _, subject, ledger in
            guard record.isReversalRequested else {
                throw Refusal(.conflict, code: "not_requested", "Finance asks for the reversal of a payment first.")
            }
            if record.reversalRequester == subject.person {
                throw Refusal(
                    .forbidden, code: "same_person", "You asked for this reversal, so somebody else decides it.")
            }
            tx.queue(ClaimStatements.reverse(record.id, by: subject.person).done)
            return (record.state, record.reason)
        }
    }
}

extension Claims {
    static let notDraft = Refusal(
        .conflict, code: "not_a_draft", "This claim is no longer a draft, so it cannot be changed.")
    static let notChecking = Refusal(
        .conflict, code: "wrong_state", "Findings are recorded while a claim is being checked.")

    static func notRunning(_ award: AwardRecord) -> Refusal {
        Refusal(
            .conflict, code: "award_not_active",
            award.award.state == .suspended
                ? "The award is suspended, so no money is claimed or paid. Ask the department why."
                : "Money is claimed while an award is in force. This one is not.")
    }

    static func overspend(_ left: Money) -> Refusal {
        Refusal(
            .conflict, code: "award_overspent",
            "The award has \(left) left to be approved, and this claim is above that. Send it back to be checked again."
        )
    }

    static func conditionsMet(_ conditions: [ConditionView]) -> Refusal? {
        let unmet = conditions.filter { $0.kind == .precedent && $0.isMet != true }.map(\.code)
        guard !unmet.isEmpty else { return nil }
        return Refusal(
            .conflict, code: "condition_unmet",
            "Before the first payment these conditions must be met: \(unmet.joined(separator: ", ")). A programme officer records it."
        )
    }

    static func gate(_ instalments: [InstalmentView], _ position: Int) -> EvaluationGate? {
        instalments.first { $0.position == position }?.gate
    }

    static func editorOnly(_ subject: Subject) -> Refusal? {
        subject.holds(.laEditor)
            ? nil : Refusal(.forbidden, code: "forbidden", "Only an editor of the authority can change evidence.")
    }

    /// Findings that were saved, with those that come with the act in their place.
    static func merged(_ saved: [Claim.Finding], _ new: [Claim.Finding]) -> [Claim.Finding] {
        Dictionary((saved + new).map { ($0.line, $0) }) { $1 }.values.sorted { $0.line < $1.line }
    }

    /// Sees the claim, and may do this to it.
    static func authorise(_ action: Action, _ record: ClaimRecord, _ award: AwardRecord, _ subject: Subject) throws
        -> Grant
    {
        let facts = record.facts(award)
        _ = try Permission.authorise(.claimRead, subject: subject, facts: facts)
        return try Permission.authorise(action, subject: subject, facts: facts)
    }

    /// What a page may offer, less what the person's own part in the case rules out.
    static func allowed(
        _ record: ClaimRecord, _ facts: Permission.Facts, _ subject: Subject, _ ledger: [Duty.Performed]
    ) -> [ClaimEvent] {
        offered(ClaimEvent.self, from: record.state, to: subject, facts: facts, as: \.action).filter { event in
            switch event {
            case .submit: record.lastEditor != subject.person
            case .beginCheck, .verify, .partVerify, .reject:
                Duty.check(.verified, by: subject.person, ledger: ledger) == nil
            case .approve: Duty.check(.approvedPayment, by: subject.person, ledger: ledger) == nil
            case .requestReversal: !record.isReversalRequested
            case .reverse: record.isReversalRequested && record.reversalRequester != subject.person
            default: true
            }
        }
    }

    func because(
        _ event: ClaimEvent, _ action: Action, _ actor: Actor, _ id: ClaimID, _ version: Int, _ reason: String
    ) async throws {
        try await act(event, action, actor, id, version) { tx, record, state, _, _ in
            try Rules.reason(reason).enforce()
            tx.queue(ClaimStatements.move(record.id, to: state, by: event, because: reason).done)
            return (record.state, reason)
        }
    }

    /// One act on a claim: locked, authorised, moved, recorded. The body writes, and answers the reason.
    func act(
        _ event: ClaimEvent, _ action: Action, _ actor: Actor, _ id: ClaimID, _ version: Int,
        once: IdempotencyKey? = nil,
        _ body:
            @escaping @Sendable (
                borrowing Transaction, ClaimRecord, Claim.State, Subject, [Duty.Performed]
            ) throws -> (Claim.State, String?)
    ) async throws {
        _ = try await platform.write("claims.act", actor, on: .claim(id), once: once) { tx, open in
            let (subject, foundAward, found, ledger) = try tx.pipeline(
                open, AwardStatements.lock(of: id).optional, ClaimStatements.lock(id).optional,
                MoneyStatements.ledger(of: id).many)
            let record = try found.orNotFound("claim")
            let award = try foundAward.orNotFound("claim")
            let grant = try Self.authorise(action, record, award, subject)
            try version.mustEqual(record.version, "claim")
            let move = try Workflow.move(event, from: record.state)
            let (_, reason) = try body(tx, record, move.state, subject, ledger)
            Self.recordMove(tx, record, award, move, event, subject, actor, grant, reason: reason)
            return true
        }
    }

    /// The event and the notices of one move.
    static func recordMove(
        _ tx: borrowing Transaction, _ record: ClaimRecord, _ award: AwardRecord,
        _ move: (state: Claim.State, transition: Transition), _ event: ClaimEvent, _ subject: Subject, _ actor: Actor,
        _ grant: Grant, reason: String? = nil, detail: [String: String] = [:]
    ) {
        var detail = detail
        detail["award"] = "\(award.award.id)"
        tx.queue(
            Record(subject, actor).event(
                "claim.\(event.rawValue)", on: .claim(record.id), as: grant.capacity, from: record.state.rawValue,
                to: move.state.rawValue, reason: reason, detail: detail))
        tx.tell(
            move.transition,
            Outbox(
                "claim.\(event.rawValue)", on: .claim(record.id),
                subject: "Claim \(record.reference) \(event.headline)",
                body: [
                    "Claim \(record.reference) of \(award.organisationName) for “\(award.title)” "
                        + "(\(award.award.reference), instalment \(record.position)) \(event.headline).",
                    reason.map { "Reason: \($0)" },
                ].compactMap(\.self).joined(separator: "\n\n"),
                dedupe: "claim.\(event.rawValue):\(record.id):\(record.version)"))
    }
}

extension ClaimRules.Outcome {
    /// The event that says so.
    var event: ClaimEvent {
        switch state {
        case .verified: .verify
        case .rejected: .reject
        default: .partVerify
        }
    }
}

extension ClaimEvent {
    /// The permission that the event needs; nil when nobody does it by hand.
    var action: Action? {
        switch self {
        case .start: .claimStart
        case .sendForCertification: .claimSendForCertification
        case .declineCertification: .claimDeclineCertification
        case .submit: .claimSubmit
        case .beginCheck: .claimBeginCheck
        case .query: .claimQuery
        case .answer: .claimAnswer
        case .verify: .claimVerify
        case .partVerify: .claimPartVerify
        case .reject: .claimReject
        case .sendBack: .claimReturn
        case .approve: .claimApprove
        case .batch, .unbatch, .pay: nil
        case .requestReversal: .claimRequestReversal
        case .reverse: .claimReverse
        }
    }

    /// As a notice says it.
    var headline: String {
        switch self {
        case .start: "was started"
        case .sendForCertification: "waits to be certified"
        case .declineCertification: "was sent back to its editors"
        case .submit: "was submitted"
        case .beginCheck: "is being checked"
        case .query: "has a question to answer"
        case .answer: "was answered"
        case .verify: "is verified"
        case .partVerify: "is verified in part"
        case .reject: "was rejected"
        case .sendBack: "goes back to be checked again"
        case .approve: "is approved for payment"
        case .batch: "was put into a batch of payments"
        case .unbatch: "was taken out of a batch of payments"
        case .pay: "is paid"
        case .requestReversal: "may be reversed: an approver decides"
        case .reverse: "was reversed"
        }
    }
}
