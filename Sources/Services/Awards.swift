public import Domain
import Postgres

/// Awards: from the draft of an agreement to the close of its accounts.
public struct Awards: Sendable {
    let platform: Platform

    /// Newest first: an authority's own from the offer on; the department's and auditors' all.
    public func list(_ actor: Actor, page: PageRequest = PageRequest(), filter: AwardFilter = AwardFilter())
        async throws
        -> Page<AwardRow>
    {
        let after = try page.keys(2).map { (try Keys.instant($0[0]), try Keys.id($0[1], of: Award.self)) }
        let (subject, rows) = try await platform.read(
            "awards.list", actor, AwardStatements.list(filter, after: after, limit: page.limit).many)
        _ = try Permission.authorise(.awardList, subject: subject)
        return Page(rows, page) { ["\($0.updatedAt)", "\($0.id)"] }
    }

    /// The award of a bid, if it has one that the actor may see.
    public func ofBid(_ actor: Actor, _ bid: BidID) async throws -> AwardID? {
        let (subject, id) = try await platform.read("awards.of_bid", actor, AwardStatements.id(ofBid: bid).optional)
        _ = try Permission.authorise(.awardList, subject: subject)
        return id
    }

    /// Starts the award of an approved bid: the agreement is drafted from what is known already.
    public func draft(_ actor: Actor, _ bid: BidID, once: IdempotencyKey? = nil) async throws -> AwardID {
        let id = AwardID.fresh()
        return try await platform.write("awards.draft", actor, on: .award(id), once: once) { tx, open in
            let (subject, found, approvals, years, content, round, retention, existing) = try tx.pipeline(
                open, BidStatements.lock(bid).optional, ApprovalStatements.rows(ofBid: bid).many,
                AgreementStatements.years(ofBid: bid).many, BidSectionStatements.submitted(bid).optional,
                RoundStatements.find(ofBid: bid).optional, ApprovalStatements.setting("retention_percent").optional,
                AwardStatements.id(ofBid: bid).optional)
            let record = try found.orNotFound("bid")
            let grant = try Bids.authorise(.awardDraft, record, subject)
            if let existing { throw Self.exists(existing) }
            guard let round, let content else { throw Refusal.notFound("bid") }
            guard let approval = approvals.first(where: { $0.kind == .award && $0.state == .approved }) else {
                throw Self.notApproved
            }
            let (approved, programme) = try tx.pipeline(
                ApprovalStatements.find(approval.id).one, ProgrammeStatements.find(round.programme).one)
            let agreement = Agreement.proposed(
                for: try JSON.value(content), approved: approval.amount, years: years,
                conditions: approved.content.conditions,
                powers: programme.content.powers, conditionality: programme.content.conditionality,
                on: subject.now.londonDay,
                retention: retention.flatMap { Int($0) } ?? AgreementRules.retentionPercent)
            let move = try Workflow.move(AwardEvent.draft, from: nil)
            tx.queue(
                AwardStatements.insert(
                    .init(
                        id: id, bid: bid, organisation: record.bid.organisation, programme: round.programme,
                        round: record.bid.round, approval: approval.id, title: record.bid.title,
                        draft: PostgresJSON(try JSON.encode(agreement)), drafter: subject.person)
                ).done)
            tx.queue(
                Record(subject, actor).event(
                    "award.draft", on: .award(id), as: grant.capacity, to: move.state.rawValue,
                    detail: ["bid": "\(bid)", "amount": approval.amount.decimal]))
            return id
        }
    }

    /// Saves the draft of the agreement. Answers the new version.
    public func save(_ actor: Actor, _ id: AwardID, version: Int, _ agreement: Agreement) async throws -> Int {
        // Departures are allowed by others, and put in at the check.
        var kept = agreement
        kept.departures = []
        let draft = PostgresJSON(try JSON.encode(kept))
        return try await platform.write("awards.save", actor, on: .award(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, AwardStatements.lock(id).optional)
            let record = try found.orNotFound("award")
            let grant = try Self.authorise(.awardEdit, record, subject)
            try AgreementRules.storageProblems(agreement).mustBeEmpty()
            try version.mustEqual(record.award.version, "agreement")
            guard record.award.state.isDraft else { throw Self.notDraft }
            tx.queue(AwardStatements.saveDraft(id, draft, by: subject.person).done)
            tx.queue(
                Record(subject, actor).event(
                    "award.edit", on: .award(id), as: grant.capacity,
                    detail: ["version": "\(record.award.version + 1)"]))
            return record.award.version + 1
        }
    }

    /// Allows something to be left out of the agreement, with a reason that auditors will read.
    public func approveDeparture(
        _ actor: Actor, _ id: AwardID, from subject: Agreement.Departure.Subject, reason: String
    ) async throws {
        try await platform.write("awards.approve_departure", actor, on: .award(id)) { tx, open in
            let (person, found) = try tx.pipeline(open, AwardStatements.lock(id).optional)
            let record = try found.orNotFound("award")
            let grant = try Self.authorise(.awardApproveDeparture, record, person)
            guard record.award.state.isDraft else { throw Self.notDraft }
            try Rules.reason(reason).enforce()
            try AgreementRules.checkerIsNotDrafter(person.person, drafter: record.award.drafter).enforce()
            tx.queue(
                AgreementStatements.insertDeparture(id, from: subject, because: reason, by: person.person).done)
            tx.queue(
                Record(person, actor).event(
                    "award.approve_departure", on: .award(id), as: grant.capacity, reason: reason,
                    detail: ["from": subject.rawValue]))
        }
    }

    /// The second officer finds the agreement complete. It becomes a version that nobody can change, with its schedule.
    public func qualityCheck(_ actor: Actor, _ id: AwardID, version: Int) async throws {
        try await platform.write("awards.quality_check", actor, on: .award(id)) { tx, open in
            let (subject, found, departures, years, indicators, retention) = try tx.pipeline(
                open, AwardStatements.lock(id).optional, AgreementStatements.departures(id).many,
                AgreementStatements.years(id).many, BidSectionStatements.indicators.many,
                ApprovalStatements.setting("retention_percent").optional)
            let record = try found.orNotFound("award")
            let grant = try Self.authorise(.awardQualityCheck, record, subject)
            try version.mustEqual(record.award.version, "agreement")
            let move = try Workflow.move(AwardEvent.qualityCheck, from: record.award.state)
            for drafter in [record.award.drafter, record.creator] {
                try AgreementRules.checkerIsNotDrafter(subject.person, drafter: drafter).enforce()
            }
            let agreement = try Self.drafted(record, departures)
            try AgreementRules.problems(
                agreement,
                for: Self.needs(record, years, indicators, retention: retention, today: subject.now.londonDay)
            ).mustBeEmpty()
            let number = record.agreementNumber + 1
            let made = try NewAgreementVersion(
                agreement, of: record, number: number, indicators: indicators, by: subject.person)
            for statement in AgreementStatements.insert(made) { tx.queue(statement.done) }
            tx.queue(AwardStatements.qualityCheck(id, by: subject.person, number: number, hash: made.hash).done)
            Self.recordMove(tx, record, move, .qualityCheck, subject, actor, grant, after: made.hash)
        }
    }
}

extension Awards {
    static func exists(_ id: AwardID) -> Refusal {
        Refusal(.conflict, code: "award_exists", "This bid has an award already. Look for it in the list of awards.")
    }

    static let notApproved = Refusal(
        .conflict, code: "bid_not_approved", "An agreement is drafted once the award is approved and has not lapsed.")

    static let notDraft = Refusal(
        .conflict, code: "not_a_draft",
        "The agreement is no longer a draft. Have it sent back first, if something must change.")

    /// Sees the award, and may do this to it.
    static func authorise(_ action: Action, _ record: AwardRecord, _ subject: Subject) throws -> Grant {
        _ = try Permission.authorise(.awardRead, subject: subject, facts: record.facts)
        return try Permission.authorise(action, subject: subject, facts: record.facts)
    }

    /// The draft with the departures that were allowed.
    static func drafted(_ record: AwardRecord, _ departures: [DepartureView]) throws -> Agreement {
        var agreement: Agreement = try JSON.value(record.draft)
        agreement.departures = departures.map { view in
            var departure = Agreement.Departure()
            departure.from = view.subject
            departure.reason = view.reason
            departure.authority = view.approvedBy.isEmpty ? "the department" : view.approvedBy
            return departure
        }
        return agreement
    }

    static func needs(
        _ record: AwardRecord, _ years: [BudgetLine], _ indicators: [Indicator], retention: String?, today: Day
    ) -> AgreementRules.Needs {
        AgreementRules.Needs(
            approved: record.award.amount, years: years, today: today, indicators: Set(indicators.map(\.code)),
            retention: retention.flatMap { Int($0) } ?? AgreementRules.retentionPercent)
    }

    /// The event and the notices of one move.
    static func recordMove(
        _ tx: borrowing Transaction, _ record: AwardRecord, _ move: (state: Award.State, transition: Transition),
        _ event: AwardEvent, _ subject: Subject, _ actor: Actor, _ grant: Grant, reason: String? = nil,
        after: [UInt8]? = nil, detail: [String: String] = [:]
    ) {
        let award = record.award
        var detail = detail
        detail["bid"] = "\(award.bid)"
        detail["amount"] = award.amount.decimal
        tx.queue(
            Record(subject, actor).event(
                "award.\(event.rawValue)", on: .award(award.id), as: grant.capacity, from: award.state.rawValue,
                to: move.state.rawValue, reason: reason, before: record.hash, after: after ?? record.hash,
                detail: detail))
        tx.tell(
            move.transition,
            Outbox(
                "award.\(event.rawValue)", on: .award(award.id), subject: "\(award.reference) \(event.headline)",
                body: [
                    "The award of \(award.amount) to \(record.organisationName) for “\(record.title)” "
                        + "(\(award.reference)) \(event.headline).",
                    reason.map { "Reason: \($0)" },
                ].compactMap(\.self).joined(separator: "\n\n"),
                dedupe: "award.\(event.rawValue):\(award.id):\(award.version)"))
    }
}

extension AwardEvent {
    /// The permission that the event needs; nil when nobody does it by hand.
    var action: Action? {
        switch self {
        case .draft: .awardDraft
        case .qualityCheck: .awardQualityCheck
        case .sendBack: .awardReturn
        case .offer: .awardOffer
        case .accept: .awardAccept
        case .decline: .awardDecline
        case .expire: nil
        case .sign: .awardSign
        case .activate: .awardActivate
        case .suspend: .awardSuspend
        case .resume: .awardResume
        case .declareComplete: .awardDeclareComplete
        case .complete: .awardComplete
        case .reconcile: .awardReconcile
        case .close: .awardClose
        case .terminate: .awardTerminate
        }
    }

    /// As a notice says it.
    var headline: String {
        switch self {
        case .draft: "is being drafted"
        case .qualityCheck: "passed its quality check and waits to be offered"
        case .sendBack: "was sent back to its drafter"
        case .offer: "is offered and waits for the authority"
        case .accept: "was accepted and waits for the department’s signature"
        case .decline: "was declined"
        case .expire: "was not accepted in time"
        case .sign: "is signed by both sides"
        case .activate: "is in force"
        case .suspend: "is suspended: no payments are made"
        case .resume: "is in force again"
        case .declareComplete: "was declared complete by the authority"
        case .complete: "is complete"
        case .reconcile: "is reconciled and waits to be closed"
        case .close: "is closed"
        case .terminate: "was ended"
        }
    }
}
