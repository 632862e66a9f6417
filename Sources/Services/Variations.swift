public import Domain
import Postgres

/// Variations: asked for, assessed and decided by three people, and in effect as a new version of the agreement.
public struct Variations: Sendable {
    let platform: Platform

    /// Everything that a variation's page shows.
    public func detail(_ actor: Actor, _ id: VariationID) async throws -> VariationDetail {
        let (subject, found, foundAward, agreement, instalments, years, uplifts, history) = try await platform.read(
            "variations.detail", actor, VariationStatements.find(id).optional,
            AwardStatements.find(of: id).optional, AgreementStatements.version(of: id).optional,
            AgreementStatements.standing(of: id).many, AgreementStatements.years(of: id).many,
            VariationStatements.uplifts(of: id).many,
            HistoryStatements.of(kind: "variation", id: id.rawValue, limit: History.entriesMax).many)
        let record = try found.orNotFound("variation")
        let award = try foundAward.orNotFound("variation")
        _ = try Permission.authorise(.variationRead, subject: subject, facts: award.facts)
        let variation = try record.variation()
        let terms = try agreement.orNotFound("variation").agreement
        let used = Self.used(instalments)
        let editable =
            record.row.state == .draft && Permission.allows(.variationEdit, subject: subject, facts: award.facts)
        return VariationDetail(
            variation: variation, award: award.row,
            changes: VariationRules.changes(variation.content, of: terms).map {
                VariationChange(what: $0.what, before: $0.before, after: $0.after)
            },
            problems: record.row.state == .draft
                ? VariationRules.problems(
                    variation.content, of: terms, approved: award.award.amount, years: years, used: used,
                    today: subject.now.londonDay) : [],
            assessment: record.assessment, decisionReason: record.decisionReason, decideBy: record.row.decideBy,
            isRetrospective: record.row.isRetrospective, requesterName: record.requesterName,
            assessorName: record.assessorName, uplifts: uplifts, agreement: terms, used: used,
            allowed: Self.allowed(record, award, subject), editable: editable, history: history)
    }

    /// Begins a variation: the schedule is the one in force, to be changed.
    public func draft(
        _ actor: Actor, _ award: AwardID, _ content: Variation.Content, once: IdempotencyKey? = nil
    ) async throws -> VariationID {
        let id = VariationID.fresh()
        return try await platform.write("variations.draft", actor, on: .variation(id), once: once) { tx, open in
            let (subject, found, agreement) = try tx.pipeline(
                open, AwardStatements.lock(award).optional, AgreementStatements.version(award, nil).optional)
            let record = try found.orNotFound("award")
            let grant = try Awards.authorise(.variationDraft, record, subject)
            try Self.storable(content).mustBeEmpty()
            let move = try Workflow.move(VariationEvent.draft, from: nil)
            guard record.award.state.isRunning, let terms = try agreement?.agreement else {
                throw Refusal(
                    .conflict, code: "award_not_active", "What is varied is an award in force. This one is not.")
            }
            var content = content
            if content.instalments.isEmpty { content.instalments = terms.instalments }
            tx.queue(try VariationStatements.insert(id, of: record.award, by: subject.person, content).done)
            tx.queue(
                Record(subject, actor).event(
                    "variation.draft", on: .variation(id), as: grant.capacity, to: move.state.rawValue,
                    detail: ["award": "\(award)", "kind": content.kind.rawValue]))
            return id
        }
    }

    /// Saves a draft. Answers its new version.
    public func save(_ actor: Actor, _ id: VariationID, version: Int, _ content: Variation.Content) async throws -> Int
    {
        try await platform.write("variations.save", actor, on: .variation(id)) { tx, open in
            let (subject, foundAward, found) = try tx.pipeline(
                open, AwardStatements.find(of: id).optional, VariationStatements.lock(id).optional)
            let record = try found.orNotFound("variation")
            let award = try foundAward.orNotFound("variation")
            let grant = try Self.authorise(.variationEdit, award, subject)
            try Self.storable(content).mustBeEmpty()
            try version.mustEqual(record.row.version, "variation")
            guard record.row.state == .draft else {
                throw Refusal(.conflict, code: "not_a_draft", "This variation is submitted and cannot be changed.")
            }
            guard content.kind == record.row.kind else {
                throw Refusal.invalid([FieldProblem("kind", "The kind of a variation stays. Start another one.")])
            }
            tx.queue(try VariationStatements.save(id, content).done)
            tx.queue(
                Record(subject, actor).event(
                    "variation.edit", on: .variation(id), as: grant.capacity,
                    detail: ["version": "\(record.row.version + 1)"]))
            return record.row.version + 1
        }
    }

    /// Asks for the change.
    public func submit(_ actor: Actor, _ id: VariationID, version: Int, once: IdempotencyKey? = nil) async throws {
        _ = try await platform.write("variations.submit", actor, on: .variation(id), once: once) { tx, open in
            let (subject, foundAward, found, agreement, instalments, years) = try tx.pipeline(
                open, AwardStatements.lock(of: id).optional, VariationStatements.lock(id).optional,
                AgreementStatements.version(of: id).optional, AgreementStatements.standing(of: id).many,
                AgreementStatements.years(of: id).many)
            let record = try found.orNotFound("variation")
            let award = try foundAward.orNotFound("variation")
            let grant = try Self.authorise(.variationSubmit, award, subject)
            try version.mustEqual(record.row.version, "variation")
            let move = try Workflow.move(VariationEvent.submit, from: record.row.state)
            let content = try record.variation().content
            let terms = try agreement.orNotFound("variation").agreement
            try VariationRules.problems(
                content, of: terms, approved: award.award.amount, years: years, used: Self.used(instalments),
                today: subject.now.londonDay
            ).mustBeEmpty()
            let after = VariationRules.applied(content, to: terms)
            tx.queue(
                VariationStatements.submit(
                    id, by: subject.person, before: PostgresJSON(try JSON.encode(terms)),
                    after: PostgresJSON(try JSON.encode(after))
                ).done)
            Self.recordMove(tx, record, award, move, .submit, subject, actor, grant)
            return true
        }
    }

    /// A second person says what they found.
    public func assess(_ actor: Actor, _ id: VariationID, version: Int, assessment: String) async throws {
        try await act(.assess, .variationAssess, actor, id, version) { tx, record, _, subject, _ in
            try Rules.reason(assessment).enforce()
            try VariationRules.threePeople(
                subject.person, requester: record.requester ?? record.creator, assessor: nil
            ).enforce()
            if record.creator == subject.person {
                try VariationRules.threePeople(subject.person, requester: record.creator, assessor: nil).enforce()
            }
            tx.queue(VariationStatements.assess(id, by: subject.person, assessment).done)
            return assessment
        }
    }

    /// A third person agrees. More money rests on an approved uplift of exactly that sum.
    public func approve(
        _ actor: Actor, _ id: VariationID, version: Int, uplift: ApprovalID? = nil, once: IdempotencyKey? = nil
    ) async throws {
        try await act(.approve, .variationApprove, actor, id, version, once: once) { tx, record, _, subject, uplifts in
            try Self.third(record, subject)
            let chosen = uplifts.first { $0.approval == uplift }
            try VariationRules.upliftApproved(try record.variation().content, uplift: chosen?.amount).enforce()
            tx.queue(
                VariationStatements.approve(id, by: subject.person, on: chosen?.approval, because: nil).done)
            return nil
        }
    }

    /// A third person refuses.
    public func reject(_ actor: Actor, _ id: VariationID, version: Int, reason: String, once: IdempotencyKey? = nil)
        async throws
    {
        try await act(.reject, .variationReject, actor, id, version, once: once) { tx, record, state, subject, _ in
            try Rules.reason(reason).enforce()
            try Self.third(record, subject)
            tx.queue(VariationStatements.move(id, to: state, by: .reject, because: reason).done)
            return reason
        }
    }

    /// Those who asked take it back.
    public func withdraw(_ actor: Actor, _ id: VariationID, version: Int, reason: String) async throws {
        try await act(.withdraw, .variationWithdraw, actor, id, version) { tx, _, state, _, _ in
            try Rules.reason(reason).enforce()
            tx.queue(VariationStatements.move(id, to: state, by: .withdraw, because: reason).done)
            return reason
        }
    }

    /// Puts an approved variation into effect: the next version of the agreement is made, and more money is committed.
    public func takeEffect(_ actor: Actor, _ id: VariationID, version: Int, once: IdempotencyKey? = nil) async throws {
        _ = try await platform.write("variations.take_effect", actor, on: .variation(id), once: once) { tx, open in
            let (subject, foundAward, found, agreement, indicators, ledger) = try tx.pipeline(
                open, AwardStatements.lock(of: id).optional, VariationStatements.lock(id).optional,
                AgreementStatements.version(of: id).optional, BidSectionStatements.indicators.many,
                MoneyStatements.ledger(of: id).many)
            let record = try found.orNotFound("variation")
            let award = try foundAward.orNotFound("variation")
            let grant = try Self.authorise(.variationTakeEffect, award, subject)
            try version.mustEqual(record.row.version, "variation")
            let move = try Workflow.move(VariationEvent.takeEffect, from: record.row.state)
            try Duty.check(.signed, by: subject.person, ledger: ledger).enforce()
            let terms = try agreement.orNotFound("variation").agreement
            let changed = VariationRules.applied(try record.variation().content, to: terms)
            let made = try NewAgreementVersion(
                changed, of: award, number: award.agreementNumber + 1, indicators: indicators, by: subject.person,
                variation: id)
            for statement in AgreementStatements.insert(made) { tx.queue(statement.done) }
            tx.queue(VariationStatements.takeEffect(id).done)
            Self.recordMove(tx, record, award, move, .takeEffect, subject, actor, grant, after: made.hash)
            return true
        }
    }
}

extension Variations {
    /// What keeps a draft from being stored.
    private static func storable(_ content: Variation.Content) -> [FieldProblem] {
        var problems: [FieldProblem] = []
        if content.reason.orNil == nil { problems.append(FieldProblem("reason", "Enter why the change is needed.")) }
        if content.reason.unicodeScalars.count > Rules.longestText {
            problems.append(FieldProblem("reason", "Shorten the reason to 4,000 characters or fewer."))
        }
        if content.kind == .moneyUp, content.increase.map({ $0 <= .zero }) ?? true {
            problems.append(FieldProblem("increase", "Enter how much more money is asked for, above zero."))
        }
        if content.kind == .dates, content.increase.map({ $0 != .zero }) ?? false {
            problems.append(FieldProblem("increase", "Ask for more money in a variation of its own."))
        }
        if content.instalments.count > AgreementRules.mostInstalments {
            problems.append(
                FieldProblem("instalments", "Enter at most \(AgreementRules.mostInstalments) instalments."))
        }
        return problems
    }

    /// How many instalments at the head of the schedule are claimed or paid.
    static func used(_ instalments: [InstalmentView]) -> Int {
        (instalments.lastIndex { $0.claim != nil } ?? -1) + 1
    }

    private static func third(_ record: VariationRecord, _ subject: Subject) throws(Refusal) {
        for requester in [record.requester, record.creator].compactMap(\.self) {
            try VariationRules.threePeople(subject.person, requester: requester, assessor: record.assessor).enforce()
        }
    }

    static func authorise(_ action: Action, _ award: AwardRecord, _ subject: Subject) throws -> Grant {
        _ = try Permission.authorise(.variationRead, subject: subject, facts: award.facts)
        return try Permission.authorise(action, subject: subject, facts: award.facts)
    }

    private static func allowed(_ record: VariationRecord, _ award: AwardRecord, _ subject: Subject) -> [VariationEvent]
    {
        let asked = [record.requester, record.creator].contains(subject.person)
        return offered(
            VariationEvent.self, from: record.row.state, to: subject, facts: award.facts, as: \.action
        ).filter { event in
            switch event {
            case .assess: !asked
            case .approve, .reject: !asked && record.assessor != subject.person
            default: true
            }
        }
    }

    private func act(
        _ event: VariationEvent, _ action: Action, _ actor: Actor, _ id: VariationID, _ version: Int,
        once: IdempotencyKey? = nil,
        _ body:
            @escaping @Sendable (
                borrowing Transaction, VariationRecord, Variation.State, Subject, [UpliftChoice]
            ) throws -> String?
    ) async throws {
        _ = try await platform.write("variations.act", actor, on: .variation(id), once: once) { tx, open in
            let (subject, foundAward, found, uplifts) = try tx.pipeline(
                open, AwardStatements.lock(of: id).optional, VariationStatements.lock(id).optional,
                VariationStatements.uplifts(of: id).many)
            let record = try found.orNotFound("variation")
            let award = try foundAward.orNotFound("variation")
            let grant = try Self.authorise(action, award, subject)
            try version.mustEqual(record.row.version, "variation")
            let move = try Workflow.move(event, from: record.row.state)
            let reason = try body(tx, record, move.state, subject, uplifts)
            Self.recordMove(tx, record, award, move, event, subject, actor, grant, reason: reason)
            return true
        }
    }

    private static func recordMove(
        _ tx: borrowing Transaction, _ record: VariationRecord, _ award: AwardRecord,
        _ move: (state: Variation.State, transition: Transition), _ event: VariationEvent, _ subject: Subject,
        _ actor: Actor, _ grant: Grant, reason: String? = nil, after: [UInt8]? = nil
    ) {
        let row = record.row
        tx.queue(
            Record(subject, actor).event(
                "variation.\(event.rawValue)", on: .variation(row.id), as: grant.capacity, from: row.state.rawValue,
                to: move.state.rawValue, reason: reason, before: award.hash, after: after,
                detail: ["award": "\(row.award)", "kind": row.kind.rawValue]))
        tx.tell(
            move.transition,
            Outbox(
                "variation.\(event.rawValue)", on: .variation(row.id),
                subject: "Variation \(row.reference) \(event.headline)",
                body: [
                    "Variation \(row.reference) of \(award.award.reference), “\(award.title)”, \(event.headline).",
                    reason.map { "Reason: \($0)" },
                ].compactMap(\.self).joined(separator: "\n\n"),
                dedupe: "variation.\(event.rawValue):\(row.id):\(row.version)"))
    }
}

extension VariationEvent {
    /// The permission that the event needs.
    var action: Action? {
        switch self {
        case .draft: .variationDraft
        case .submit: .variationSubmit
        case .assess: .variationAssess
        case .approve: .variationApprove
        case .reject: .variationReject
        case .withdraw: .variationWithdraw
        case .takeEffect: .variationTakeEffect
        }
    }

    /// As a notice says it.
    var headline: String {
        switch self {
        case .draft: "is being written"
        case .submit: "was submitted and waits to be assessed"
        case .assess: "is assessed and waits for an approver"
        case .approve: "is approved and waits to be put into effect"
        case .reject: "was refused"
        case .withdraw: "was withdrawn"
        case .takeEffect: "is in effect"
        }
    }
}
