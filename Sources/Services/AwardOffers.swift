public import Domain
import Postgres

/// What a signatory records with the department's signature (G5).
public struct AwardSignature: Hashable, Sendable {
    /// Its entry on the government grants register.
    public var ggisReference = ""
    /// Who evaluates, where that is known.
    public var evaluatorName: String?
    /// By when an evaluator is appointed, where nobody is yet.
    public var evaluatorDueOn: Day?
    /// By when the protocol is due; ninety days on when nothing is said.
    public var protocolDueOn: Day?

    /// Nothing recorded yet.
    public init() {}

    /// What keeps the agreement from being signed.
    var problems: [FieldProblem] {
        var problems: [FieldProblem] = []
        if ggisReference.orNil == nil {
            problems.append(
                FieldProblem(
                    "ggisReference", "Enter the reference of this award on the government grants register."))
        }
        if evaluatorName?.orNil == nil, evaluatorDueOn == nil {
            problems.append(
                FieldProblem(
                    "evaluatorName", "Enter who evaluates the project, or the day by which an evaluator is appointed."))
        }
        if protocolDueOn == nil {
            problems.append(FieldProblem("protocolDueOn", "Enter the day by which the evaluation protocol is due."))
        }
        return problems
    }
}

// From an agreement that is checked to one that is in force.

extension Awards {
    /// Offers the award. `contentHash` is the digest of the agreement that was read.
    public func offer(
        _ actor: Actor, _ id: AwardID, version: Int, contentHash: String, once: IdempotencyKey? = nil
    ) async throws {
        _ = try await platform.write("awards.offer", actor, on: .award(id), once: once) { tx, open in
            let (subject, found) = try tx.pipeline(open, AwardStatements.lock(id).optional)
            let record = try found.orNotFound("award")
            let grant = try Self.authorise(.awardOffer, record, subject)
            try Self.unchanged(record, version: version, contentHash: contentHash)
            let move = try Workflow.move(AwardEvent.offer, from: record.award.state)
            tx.queue(AwardStatements.offer(id, by: subject.person).done)
            Self.recordMove(tx, record, move, .offer, subject, actor, grant)
            return true
        }
    }

    /// Accepts the offer for the authority: the certifier signs the digest that they read.
    public func accept(
        _ actor: Actor, _ id: AwardID, version: Int, contentHash: String, councilDecision: String? = nil,
        once: IdempotencyKey? = nil
    ) async throws {
        _ = try await platform.write("awards.accept", actor, on: .award(id), once: once) { tx, open in
            let (subject, found, standing) = try tx.pipeline(
                open, AwardStatements.lock(id).optional, BankStatements.standing(of: id).optional)
            let record = try found.orNotFound("award")
            let grant = try Self.authorise(.awardAccept, record, subject)
            try Self.unchanged(record, version: version, contentHash: contentHash)
            let move = try Workflow.move(AwardEvent.accept, from: record.award.state)
            try Self.offerOpen(record, on: subject.now.londonDay).enforce()
            try Self.bankEntered(standing, by: subject.person).enforce()
            tx.queue(
                AwardStatements.accept(
                    id, by: subject.person, statement: Self.statementVersion, council: councilDecision?.orNil
                ).done)
            Self.recordMove(
                tx, record, move, .accept, subject, actor, grant, detail: ["statement": Self.statementVersion])
            return true
        }
    }

    /// Declines the offer for the authority.
    public func decline(_ actor: Actor, _ id: AwardID, version: Int, reason: String, once: IdempotencyKey? = nil)
        async throws
    {
        try await because(.decline, .awardDecline, actor, id, version, reason, once)
    }

    /// Signs for the department the digest that the authority signed.
    public func sign(
        _ actor: Actor, _ id: AwardID, version: Int, contentHash: String, _ signature: AwardSignature,
        once: IdempotencyKey? = nil
    ) async throws {
        _ = try await platform.write("awards.sign", actor, on: .award(id), once: once) { tx, open in
            let (subject, found, ledger) = try tx.pipeline(
                open, AwardStatements.lock(id).optional, MoneyStatements.ledger(of: id).many)
            let record = try found.orNotFound("award")
            let grant = try Self.authorise(.awardSign, record, subject)
            try signature.problems.mustBeEmpty()
            try Self.unchanged(record, version: version, contentHash: contentHash)
            let move = try Workflow.move(AwardEvent.sign, from: record.award.state)
            try Duty.check(.signed, by: subject.person, ledger: ledger).enforce()
            tx.queue(AwardStatements.sign(id, by: subject.person, signature).done)
            Self.recordMove(
                tx, record, move, .sign, subject, actor, grant, detail: ["ggis": signature.ggisReference])
            return true
        }
    }

    /// Puts the award into force: the money is committed, and returns, evaluation and baseline are planned with it.
    public func activate(_ actor: Actor, _ id: AwardID, version: Int, once: IdempotencyKey? = nil) async throws {
        _ = try await platform.write("awards.activate", actor, on: .award(id), once: once) { tx, open in
            let (subject, found) = try tx.pipeline(open, AwardStatements.lock(id).optional)
            let record = try found.orNotFound("award")
            let grant = try Self.authorise(.awardActivate, record, subject)
            try version.mustEqual(record.award.version, "award")
            let move = try Workflow.move(AwardEvent.activate, from: record.award.state)
            tx.queue(AwardStatements.move(id, to: move.state, by: .activate).done)
            for plan in AwardStatements.planned(id) { tx.queue(plan.done) }
            Self.recordMove(tx, record, move, .activate, subject, actor, grant)
            return true
        }
    }
}

extension Awards {
    /// The edition of the statement that a certifier agrees to when accepting.
    public static let statementVersion = "award-2026-1"

    /// What the certifier confirms by accepting, point by point.
    public static let statementPoints = [
        "I have read this agreement and accept it for my authority.",
        "I am the chief executive, the section 151 officer or somebody whom they have authorised.",
        "The bank details on record are ours. I did not enter them.",
        "Our people will take part in the evaluation, and its reports may be published whatever they find.",
    ]

    /// What was signed is what is there.
    static func unchanged(_ record: AwardRecord, version: Int, contentHash: String) throws(Refusal) {
        try AgreementRules.unchanged(signed: contentHash, current: record.hash.map(Hex.text) ?? "").enforce()
        try version.mustEqual(record.award.version, "award")
    }

    private static func offerOpen(_ record: AwardRecord, on today: Day) -> Refusal? {
        guard let last = record.acceptBy, last < today else { return nil }
        return Refusal(
            .conflict, code: "offer_over",
            "The last day to accept this offer was \(last.spoken). Ask the department to make a new one.")
    }

    /// Bank details are there, verified by somebody of the authority, and not entered by who accepts.
    private static func bankEntered(_ standing: BankStanding?, by person: PersonID) -> Refusal? {
        guard let standing, standing.byAuthority else {
            return Refusal(
                .conflict, code: "bank_not_verified",
                "Before an award is accepted, one person of your authority enters its bank details and another verifies them."
            )
        }
        return standing.enteredBy == person
            ? Refusal(
                .forbidden, code: "same_person",
                "You entered the bank details, so another certifier accepts the award.") : nil
    }

    /// An event that needs a reason and nothing else.
    func because(
        _ event: AwardEvent, _ action: Action, _ actor: Actor, _ id: AwardID, _ version: Int, _ reason: String,
        _ once: IdempotencyKey?
    ) async throws {
        _ = try await platform.write("awards.because", actor, on: .award(id), once: once) { tx, open in
            let (subject, found) = try tx.pipeline(open, AwardStatements.lock(id).optional)
            let record = try found.orNotFound("award")
            let grant = try Self.authorise(action, record, subject)
            try version.mustEqual(record.award.version, "award")
            let move = try Workflow.move(event, from: record.award.state)
            try Rules.reason(reason).enforce()
            tx.queue(AwardStatements.move(id, to: move.state, by: event, because: reason).done)
            Self.recordMove(tx, record, move, event, subject, actor, grant, reason: reason)
            return true
        }
    }
}
