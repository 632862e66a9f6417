public import Domain
import Postgres

/// Ratings of the evidence on practices: proposed by rule and judgement, agreed by a panel, versioned.
public struct Ratings: Sendable {
    let platform: Platform

    /// In hand first, then what needs review, then the rest.
    public func list(
        _ actor: Actor, page: PageRequest = PageRequest(), state: EvidenceRating.State? = nil
    ) async throws -> Page<RatingRow> {
        let after = try page.keys(2).map { (try Keys.number($0[0]), try Keys.id($0[1], of: EvidenceRating.self)) }
        let (subject, rows) = try await platform.read(
            "ratings.list", actor, RatingStatements.list(state: state, after: after, limit: page.limit).many)
        _ = try Permission.authorise(.evidenceRatingList, subject: subject)
        return Page(rows, page) { [String(Self.place($0.brief.state)), "\($0.brief.id)"] }
    }

    private static func place(_ state: EvidenceRating.State) -> Int {
        switch state {
        case .panel: 0
        case .proposed: 1
        case .notRated: 2
        case .reviewNeeded: 3
        case .agreed: 4
        case .superseded: 5
        }
    }

    /// The rating with every published report, and what the rules make of them.
    public func detail(_ actor: Actor, _ id: EvidenceRatingID) async throws -> RatingDetail {
        let (subject, found, studies, read, votes, ledger, thresholds, settings) = try await platform.read(
            "ratings.detail", actor, RatingStatements.find(id).optional, RatingStatements.studies(of: id).many,
            RatingStatements.read(id).many, RatingStatements.votes(id).many, RatingStatements.ledger(of: id).many,
            EvidenceStatements.thresholds.many, ApprovalStatements.settings.many)
        let record = try found.orNotFound("rating")
        let facts = record.facts(for: subject)
        _ = try Permission.authorise(.evidenceRatingRead, subject: subject, facts: facts)
        let rules = EvidenceSettings(thresholds, settings)
        let rating = record.rating
        let independent = RatingRules.mayVote(subject.person, on: rating, ledger: ledger) == nil
        let voted = votes.contains { $0.counts && $0.person == subject.person }
        let allowed = offered(EvidenceRatingEvent.self, from: rating.state, to: subject, facts: facts, as: \.action)
        let seesPanel = subject.role == .whatWorks || subject.role == .auditor
        return RatingDetail(
            rating: rating, practiceName: record.practiceName, replicated: record.replicated,
            proposerName: seesPanel ? record.proposerName : nil, agreedAt: record.agreedAt,
            nextReviewOn: record.nextReviewOn, reason: record.reason, studies: studies, read: read,
            proposal: Self.proposal(studies, record, rules),
            proposed: record.proposal == "{}" ? nil : try? JSON.value(record.proposal), votes: votes,
            quorum: rules.quorum,
            thresholds: thresholds.map(EvidenceThreshold.init),
            mayVote: allowed.contains(.agree) && independent && !voted,
            allowed: allowed.filter { event in
                switch event {
                case .agree: false
                case .sendBack: independent
                case .sendToPanel: rating.proposer == subject.person
                case .propose: Duty.check(.rated, by: subject.person, ledger: ledger) == nil
                default: true
                }
            })
    }

    /// Begins a rating of a practice on which a report is published.
    public func open(_ actor: Actor, _ practice: PracticeID, once: IdempotencyKey? = nil) async throws
        -> EvidenceRatingID
    {
        let id = EvidenceRatingID.fresh()
        return try await platform.write("ratings.open", actor, on: .practice(practice), once: once) { tx, open in
            let (subject, found, reports, briefs) = try tx.pipeline(
                open, PracticeStatements.lock(practice).optional, EvidenceStatements.reports(on: practice).many,
                RatingStatements.briefs(of: practice).many)
            let card = try found.orNotFound("practice").practice
            let facts = card.facts(for: subject)
            _ = try Permission.authorise(.practiceRead, subject: subject, facts: facts)
            let grant = try Permission.authorise(.evidenceRatingOpen, subject: subject, facts: facts)
            let move = try Workflow.move(EvidenceRatingEvent.open, from: nil)
            guard !reports.isEmpty else { throw Self.nothingPublished }
            if let other = briefs.first(where: { !$0.state.isPublic }) {
                throw Refusal(
                    .conflict, code: "rating_in_hand",
                    "\(other.reference) of this practice is still in hand. Finish that one first.")
            }
            tx.queue(RatingStatements.insert(id, of: practice, by: subject.person).done)
            EvidenceAct(
                subject: subject, actor: actor, grant: grant, object: .evidenceRating(id),
                name: "A rating of “\(card.content.name)”"
            )
            .move(EvidenceRatingEvent.open, move, from: nil, version: 1, detail: ["practice": "\(practice)"], tx)
            return id
        }
    }

    /// Proposes, or proposes anew. The reports it rests on are all that are published; nobody chooses.
    public func propose(_ actor: Actor, _ id: EvidenceRatingID, version: Int, _ content: EvidenceRating.Content)
        async throws
    {
        try await platform.write("ratings.propose", actor, on: .evidenceRating(id)) { tx, open in
            let (subject, found, studies, ledger, thresholds, settings) = try tx.pipeline(
                open, RatingStatements.lock(id).optional, RatingStatements.studies(of: id).many,
                RatingStatements.ledger(of: id).many, EvidenceStatements.thresholds.many,
                ApprovalStatements.settings.many)
            let (record, grant) = try Self.authorise(.evidenceRatingPropose, found, subject)
            try version.mustEqual(record.rating.version, "rating")
            let move = try Workflow.move(EvidenceRatingEvent.propose, from: record.rating.state)
            try Duty.check(.rated, by: subject.person, ledger: ledger).enforce()
            guard let proposal = Self.proposal(studies, record, EvidenceSettings(thresholds, settings)) else {
                throw Self.nothingPublished
            }
            try RatingRules.problems(content, proposal: proposal).mustBeEmpty()
            let hash = digest(RatingRules.canonicalText(content, practice: record.rating.practice, studies: studies))
            tx.queue(
                RatingStatements.propose(
                    id, by: subject.person, content, emmie: try JSON.encode(content.emmie),
                    proposal: try JSON.encode(proposal), hash: hash
                ).done)
            EvidenceAct(
                subject: subject, actor: actor, grant: grant, object: .evidenceRating(id), name: record.rating.reference
            )
            .move(EvidenceRatingEvent.propose, move, from: record.rating.state, version: version, after: hash, tx)
        }
    }

    /// Sends it to the panel, back to its proposer, or says that it needs review.
    public func move(
        _ actor: Actor, _ id: EvidenceRatingID, _ event: EvidenceRatingEvent, version: Int, reason: String? = nil
    ) async throws {
        guard [.sendToPanel, .sendBack, .flag].contains(event), let action = event.action else {
            throw Refusal.notFound("rating")
        }
        try await platform.write("ratings.move", actor, on: .evidenceRating(id)) { tx, open in
            let (subject, found, ledger) = try tx.pipeline(
                open, RatingStatements.lock(id).optional, RatingStatements.ledger(of: id).many)
            let (record, grant) = try Self.authorise(action, found, subject)
            let rating = record.rating
            try version.mustEqual(rating.version, "rating")
            let move = try Workflow.move(event, from: rating.state)
            if move.transition.guards.contains(.reasonGiven) { try Rules.reason(reason ?? "").enforce() }
            if event == .sendToPanel, rating.proposer != subject.person {
                throw Refusal(
                    .forbidden, code: "not_your_proposal", "Whoever proposed the rating sends it to the panel.")
            }
            if event == .sendBack { try RatingRules.mayVote(subject.person, on: rating, ledger: ledger).enforce() }
            tx.queue(RatingStatements.move(id, event, to: move.state, because: reason).done)
            EvidenceAct(
                subject: subject, actor: actor, grant: grant, object: .evidenceRating(id), name: rating.reference
            )
            .move(
                event, move, from: rating.state, version: version, reason: reason,
                says: "The rating of “\(record.practiceName)”. Sign in to see it.", tx)
        }
    }

    /// One member's vote on exactly what was read. With enough of them that agree, the rating counts from now on and the one
    /// before it is superseded. Answers where it stands after.
    public func vote(
        _ actor: Actor, _ id: EvidenceRatingID, version: Int, contentHash: String, agrees: Bool, note: String,
        once: IdempotencyKey? = nil
    ) async throws -> EvidenceRating.State {
        try await platform.write("ratings.vote", actor, on: .evidenceRating(id), once: once) { tx, open in
            let (subject, found, ledger, votes, studies, settings) = try tx.pipeline(
                open, RatingStatements.lock(id).optional, RatingStatements.ledger(of: id).many,
                RatingStatements.votes(id).many, RatingStatements.studies(of: id).many, ApprovalStatements.settings.many
            )
            let (record, grant) = try Self.authorise(.evidenceRatingAgree, found, subject)
            let rating = record.rating
            try version.mustEqual(rating.version, "rating")
            let move = try Workflow.move(EvidenceRatingEvent.agree, from: rating.state)
            try RatingRules.mayVote(subject.person, on: rating, ledger: ledger).enforce()
            guard let hash = record.hash, contentHash == rating.contentHash else { throw Self.changed }
            guard !votes.contains(where: { $0.counts && $0.person == subject.person }) else {
                throw Refusal(.forbidden, code: "voted", "You have voted on this proposal already.")
            }
            if !agrees || note.count > Rules.longestText { try Rules.reason(note).enforce() }
            tx.queue(RatingStatements.vote(id, by: subject.person, hash: hash, agrees: agrees, note: note).done)
            let act = EvidenceAct(
                subject: subject, actor: actor, grant: grant, object: .evidenceRating(id), name: rating.reference)
            act.note("evidence_rating.vote", detail: ["agrees": agrees ? "yes" : "no"], tx)
            let inFavour = votes.count { $0.counts && $0.agrees } + (agrees ? 1 : 0)
            guard agrees, inFavour >= EvidenceSettings([], settings).quorum else { return rating.state }
            guard digest(RatingRules.canonicalText(rating.content, practice: rating.practice, studies: studies)) == hash
            else {
                throw Self.evidenceChanged
            }
            tx.queue(RatingStatements.move(id, .agree, to: move.state, because: nil).done)
            act.move(
                EvidenceRatingEvent.agree, move, from: rating.state, version: version, after: hash,
                says: "The rating of “\(record.practiceName)” is agreed. Sign in to see it.", tx)
            return move.state
        }
    }

    private static func authorise(_ action: Action, _ found: RatingRecord?, _ subject: Subject) throws -> (
        RatingRecord, Grant
    ) {
        let record = try found.orNotFound("rating")
        let facts = record.facts(for: subject)
        _ = try Permission.authorise(.evidenceRatingRead, subject: subject, facts: facts)
        return (record, try Permission.authorise(action, subject: subject, facts: facts))
    }

    private static func proposal(_ studies: [RatedStudy], _ record: RatingRecord, _ rules: EvidenceSettings)
        -> RatingProposal?
    {
        RatingRules.propose(
            studies, unitCost: record.unitCost, costBounds: rules.costBounds, thresholds: rules.thresholds,
            standard: rules.standard)
    }

    private static let nothingPublished = Refusal(
        .conflict, code: "no_evidence", "No report on this practice is published, so there is nothing to rate.")
    private static let changed = Refusal(
        .conflict, code: "content_changed",
        "The proposal has changed since you looked at it. Read it again before you vote.")
    static let evidenceChanged = Refusal(
        .conflict, code: "evidence_changed",
        "A report on this practice was published or corrected after the rating was proposed. Send it back, so that it is proposed anew."
    )
}

extension EvidenceRatingEvent {
    /// The permission that the event needs; nil when nobody does it by hand.
    var action: Action? { Action(rawValue: "evidence_rating.\(rawValue)") }
}

extension EvidenceThreshold {
    init(_ row: EvidenceStatements.Threshold) {
        self.init(
            measure: row.measure, gives: row.gives, bound: row.bound, meaning: row.meaning, source: row.source,
            mark: row.mark)
    }
}
