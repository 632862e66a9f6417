public import Domain
import Postgres

/// A programme to choose.
public struct ProgrammeChoice: Hashable, Sendable {
    /// Its identity.
    public let id: ProgrammeID
    /// Its title.
    public let title: String
}

/// Roll-out decisions: each says which evidence it rests on, and is flagged when that changes.
public struct AdoptionDecisions: Sendable {
    let platform: Platform

    /// Newest first: announced ones for everybody, others for the programme's team.
    public func list(
        _ actor: Actor, page: PageRequest = PageRequest(), state: AdoptionDecision.State? = nil
    ) async throws -> Page<AdoptionDecisionRow> {
        let after = try page.keys(2).map { (try Keys.instant($0[0]), try Keys.id($0[1], of: AdoptionDecision.self)) }
        let (subject, rows) = try await platform.read(
            "adoption_decisions.list", actor,
            AdoptionDecisionStatements.list(state: state, after: after, limit: page.limit).many)
        _ = try Permission.authorise(.adoptionDecisionList, subject: subject)
        return Page(rows, page) { ["\($0.createdAt)", "\($0.id)"] }
    }

    /// Programmes that this actor may put an option up in.
    public func programmes(_ actor: Actor) async throws -> [ProgrammeChoice] {
        let (subject, rows) = try await platform.read(
            "adoption_decisions.programmes", actor, AdoptionDecisionStatements.programmes.many)
        _ = try Permission.authorise(.adoptionDecisionList, subject: subject)
        return rows
    }

    /// The decision with its evidence pack, in one flight.
    public func detail(_ actor: Actor, _ id: AdoptionDecisionID) async throws -> AdoptionDecisionDetail {
        let (subject, found, pack, reports, flags, ledger, settings) = try await platform.read(
            "adoption_decisions.detail", actor, AdoptionDecisionStatements.find(id).optional,
            AdoptionDecisionStatements.pack(id).many, AdoptionDecisionStatements.reports(id).many,
            AdoptionDecisionStatements.flags(id).many, AdoptionDecisionStatements.ledger(id).many,
            ApprovalStatements.settings.many)
        let record = try found.orNotFound("roll-out decision")
        _ = try Permission.authorise(.adoptionDecisionRead, subject: subject, facts: record.facts)
        let decision = record.decision
        let recommended = decision.recommender != nil && record.advice.recommendation != nil
        let standard = EvidenceSettings([], settings).standard
        let needsSecond = decision.recommender.map { AdoptionDecisionRules.needsSecond($0, ledger: ledger) } ?? false
        return AdoptionDecisionDetail(
            decision: decision, practiceName: record.practiceName, programmeTitle: record.programmeTitle,
            advice: Self.advice(record, pack), standing: recommended ? record.standing : nil, padlock: record.padlock,
            sufficient: record.sufficient,
            shortfall: AdoptionDecisionRules.shortfall(.scale, record.now, standard: standard), pack: pack,
            packIsStale: record.packIsStale, reports: reports, recommenderName: record.recommenderName,
            secondName: record.secondName, needsSecond: needsSecond && decision.second == nil,
            deciderName: record.deciderName, decidedAt: record.decidedAt, announcedAt: record.announcedAt,
            reviewOn: record.reviewOn, reviewedAt: record.reviewedAt, reviewOutcome: record.reviewOutcome,
            reason: record.reason, flags: flags,
            mayEdit: Self.isOpen(decision.state)
                && Permission.allows(.adoptionDecisionAssemble, subject: subject, facts: record.facts),
            maySecond: Permission.allows(.adoptionDecisionSecond, subject: subject, facts: record.facts)
                && AdoptionDecisionRules.second(decision, by: subject.person, ledger: ledger) == nil,
            allowed: Self.allowed(record, subject, ledger))
    }

    /// Puts an option on a published practice up for decision.
    public func identify(
        _ actor: Actor, _ practice: PracticeID, in programme: ProgrammeID, _ content: AdoptionDecision.Content,
        once: IdempotencyKey? = nil
    ) async throws -> AdoptionDecisionID {
        let id = AdoptionDecisionID.fresh()
        return try await platform.write("adoption_decisions.identify", actor, on: .practice(practice), once: once) {
            tx, open in
            let (subject, found, department) = try tx.pipeline(
                open, PracticeStatements.find(practice).optional,
                AdoptionDecisionStatements.department(of: programme).optional)
            let card = try found.orNotFound("practice").practice
            guard let department else { throw Refusal.notFound("programme") }
            let facts = Permission.Facts(organisation: department, department: department, programme: programme)
            let grant = try Permission.authorise(.adoptionDecisionIdentify, subject: subject, facts: facts)
            let move = try Workflow.move(AdoptionDecisionEvent.identify, from: nil)
            try AdoptionDecisionRules.problems(content).mustBeEmpty()
            guard card.publishedNumber > 0, card.state != .retired else {
                throw Refusal(
                    .conflict, code: "practice_not_published",
                    "Only a practice whose card is published can be decided on.")
            }
            tx.queue(
                AdoptionDecisionStatements.insert(id, on: practice, in: programme, by: subject.person, content).done)
            EvidenceAct(
                subject: subject, actor: actor, grant: grant, object: .adoptionDecision(id), name: content.title
            )
            .move(AdoptionDecisionEvent.identify, move, from: nil, version: 1, detail: ["practice": "\(practice)"], tx)
            return id
        }
    }

    /// Changes what is asked, before it is recommended. Answers the new version.
    public func save(_ actor: Actor, _ id: AdoptionDecisionID, version: Int, _ content: AdoptionDecision.Content)
        async throws -> Int
    {
        try await platform.write("adoption_decisions.save", actor, on: .adoptionDecision(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, AdoptionDecisionStatements.lock(id).optional)
            let (record, grant) = try Self.authorise(.adoptionDecisionAssemble, found, subject)
            try version.mustEqual(record.decision.version, "decision")
            guard Self.isOpen(record.decision.state) else {
                throw Refusal(
                    .conflict, code: "recommended",
                    "What was recommended on is fixed. Have the recommendation sent back first.")
            }
            try AdoptionDecisionRules.problems(content).mustBeEmpty()
            tx.queue(AdoptionDecisionStatements.save(id, content).done)
            EvidenceAct(
                subject: subject, actor: actor, grant: grant, object: .adoptionDecision(id),
                name: record.decision.reference
            ).note("adoption_decision.edit", tx)
            return version + 1
        }
    }

    /// Recommends, citing items of the pack. What was known at that moment is stored by the database with it.
    public func recommend(
        _ actor: Actor, _ id: AdoptionDecisionID, version: Int, _ advice: AdoptionDecision.Advice,
        once: IdempotencyKey? = nil
    ) async throws {
        _ = try await platform.write("adoption_decisions.recommend", actor, on: .adoptionDecision(id), once: once) {
            tx, open in
            let (subject, found, pack, ledger, settings) = try tx.pipeline(
                open, AdoptionDecisionStatements.lock(id).optional, AdoptionDecisionStatements.pack(id).many,
                AdoptionDecisionStatements.ledger(id).many, ApprovalStatements.settings.many)
            let (record, grant) = try Self.authorise(.adoptionDecisionRecommend, found, subject)
            let decision = record.decision
            try version.mustEqual(decision.version, "decision")
            let move = try Workflow.move(AdoptionDecisionEvent.recommend, from: decision.state)
            let shortfall = advice.recommendation.flatMap {
                AdoptionDecisionRules.shortfall($0, record.now, standard: EvidenceSettings([], settings).standard)
            }
            try AdoptionDecisionRules.problems(
                advice, content: decision.content, pack: pack.map(\.id), shortfall: shortfall, on: subject.now.londonDay
            ).mustBeEmpty()
            try Duty.check(.recommendedRollOut, by: subject.person, ledger: ledger).enforce()
            if record.packIsStale { throw Self.stale }
            for citation in advice.citations {
                tx.queue(
                    AdoptionDecisionStatements.cite(id, in: record.sequence + 1, citation, by: subject.person).done)
            }
            tx.queue(AdoptionDecisionStatements.recommend(id, advice, by: subject.person).done)
            EvidenceAct(
                subject: subject, actor: actor, grant: grant, object: .adoptionDecision(id), name: decision.reference
            )
            .move(
                AdoptionDecisionEvent.recommend, move, from: decision.state, version: version,
                detail: [
                    "recommendation": advice.recommendation?.rawValue ?? "", "cited": "\(advice.citations.count)",
                    "override": advice.override == nil ? "no" : "yes",
                ], says: "“\(decision.content.title)” waits for a decision. Sign in to see it.", tx)
            return true
        }
    }

    /// Seconds a recommendation whose recommender ran an award behind the practice.
    public func second(_ actor: Actor, _ id: AdoptionDecisionID, version: Int) async throws {
        try await platform.write("adoption_decisions.second", actor, on: .adoptionDecision(id)) { tx, open in
            let (subject, found, ledger) = try tx.pipeline(
                open, AdoptionDecisionStatements.lock(id).optional, AdoptionDecisionStatements.ledger(id).many)
            let (record, grant) = try Self.authorise(.adoptionDecisionSecond, found, subject)
            try version.mustEqual(record.decision.version, "decision")
            try AdoptionDecisionRules.second(record.decision, by: subject.person, ledger: ledger).enforce()
            tx.queue(AdoptionDecisionStatements.second(id, by: subject.person).done)
            EvidenceAct(
                subject: subject, actor: actor, grant: grant, object: .adoptionDecision(id),
                name: record.decision.reference
            ).note("adoption_decision.second", tx)
        }
    }

    /// Assembles the pack, sends back, approves, announces or reviews. For a review `reason` is what was found.
    public func move(
        _ actor: Actor, _ id: AdoptionDecisionID, _ event: AdoptionDecisionEvent, version: Int, reason: String? = nil,
        once: IdempotencyKey? = nil
    ) async throws {
        guard let action = event.action, ![.identify, .recommend].contains(event) else {
            throw Refusal.notFound("roll-out decision")
        }
        _ = try await platform.write("adoption_decisions.move", actor, on: .adoptionDecision(id), once: once) {
            tx, open in
            let (subject, found, ledger) = try tx.pipeline(
                open, AdoptionDecisionStatements.lock(id).optional, AdoptionDecisionStatements.ledger(id).many)
            let (record, grant) = try Self.authorise(action, found, subject)
            let decision = record.decision
            try version.mustEqual(decision.version, "decision")
            let move = try Workflow.move(event, from: decision.state)
            if move.transition.guards.contains(.reasonGiven) { try Rules.reason(reason ?? "").enforce() }
            if event == .approve {
                try AdoptionDecisionRules.approval(decision, by: subject.person, ledger: ledger).enforce()
                if record.packIsStale { throw Self.stale }
            }
            tx.queue(
                AdoptionDecisionStatements.move(
                    id, event, to: move.state, by: event == .approve ? subject.person : nil,
                    because: event == .review ? nil : reason, found: event == .review ? reason : nil
                ).done)
            EvidenceAct(
                subject: subject, actor: actor, grant: grant, object: .adoptionDecision(id), name: decision.reference
            )
            .move(
                event, move, from: decision.state, version: version, reason: reason,
                says: "The roll-out decision “\(decision.content.title)”. Sign in to see it.", tx)
            return true
        }
    }

    private static func authorise(_ action: Action, _ found: AdoptionDecisionRecord?, _ subject: Subject) throws -> (
        AdoptionDecisionRecord, Grant
    ) {
        let record = try found.orNotFound("roll-out decision")
        _ = try Permission.authorise(.adoptionDecisionRead, subject: subject, facts: record.facts)
        return (record, try Permission.authorise(action, subject: subject, facts: record.facts))
    }

    private static func allowed(_ record: AdoptionDecisionRecord, _ subject: Subject, _ ledger: [Duty.Performed])
        -> [AdoptionDecisionEvent]
    {
        offered(AdoptionDecisionEvent.self, from: record.decision.state, to: subject, facts: record.facts, as: \.action)
            .filter { event in
                switch event {
                case .recommend:
                    !record.packIsStale && Duty.check(.recommendedRollOut, by: subject.person, ledger: ledger) == nil
                case .approve:
                    !record.packIsStale
                        && AdoptionDecisionRules.approval(record.decision, by: subject.person, ledger: ledger) == nil
                default: true
                }
            }
    }

    private static func advice(_ record: AdoptionDecisionRecord, _ pack: [EvidenceItem]) -> AdoptionDecision.Advice {
        var advice = record.advice
        advice.citations = pack.compactMap { item in
            item.bearing.map { AdoptionDecision.Citation(evidence: item.id, bearing: $0, note: item.note ?? "") }
        }
        return advice
    }

    private static func isOpen(_ state: AdoptionDecision.State) -> Bool {
        state == .optionIdentified || state == .evidencePack
    }

    private static let stale = Refusal(
        .conflict, code: "evidence_changed",
        "The evidence has changed since the pack was assembled. Assemble it again and look at what is new.")
}

extension AdoptionDecisionEvent {
    /// The permission that the event needs.
    var action: Action? { Action(rawValue: "adoption_decision.\(rawValue)") }
}
