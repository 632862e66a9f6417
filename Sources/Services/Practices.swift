public import Domain
import Postgres

/// Practice cards: what a way of working is, what is known about it, and who took it up.
public struct Practices: Sendable {
    let platform: Platform

    /// By name: published ones for everybody, others for those who work on them.
    public func list(_ actor: Actor, page: PageRequest = PageRequest(), filter: PracticeFilter = PracticeFilter())
        async throws -> Page<PracticeRow>
    {
        let after = try page.keys(2).map { ($0[0], try Keys.id($0[1], of: Practice.self)) }
        let (subject, rows) = try await platform.read(
            "practices.list", actor, PracticeStatements.list(filter, after: after, limit: page.limit).many)
        _ = try Permission.authorise(.practiceList, subject: subject)
        return Page(rows, page) { [$0.name, "\($0.id)"] }
    }

    /// The card with all that is known about the practice, in one flight.
    public func detail(_ actor: Actor, _ id: PracticeID) async throws -> PracticeDetail {
        let (subject, found, ratings, reports, overdue, awards, decisions, adoptions, activities, own, linkable) =
            try await platform.read(
                "practices.detail", actor, PracticeStatements.find(id).optional, RatingStatements.briefs(of: id).many,
                EvidenceStatements.reports(on: id).many, EvidenceStatements.overdue(on: id).many,
                PracticeStatements.awards(of: id).many, AdoptionDecisionStatements.rows(ofPractice: id).many,
                AdoptionStatements.counts(ofPractice: id).many, DisseminationStatements.activities(ofPractice: id).many,
                AdoptionStatements.own(ofPractice: id).optional, PracticeStatements.linkable(to: id).many)
        let record = try found.orNotFound("practice")
        let practice = record.practice
        let facts = practice.facts(for: subject)
        _ = try Permission.authorise(.practiceRead, subject: subject, facts: facts)
        func may(_ action: Action) -> Bool { Permission.allows(action, subject: subject, facts: facts) }
        let inHand = ratings.contains { !$0.state.isPublic }
        return PracticeDetail(
            practice: practice, originatorName: record.originatorName, publishedAt: record.publishedAt,
            reason: record.reason, rating: ratings.first { $0.state == .agreed || $0.state == .reviewNeeded },
            ratings: ratings, reports: reports, overdue: overdue, awards: awards,
            linkable: may(.practiceLink) ? linkable : [], decisions: decisions,
            adoptions: adoptions, activities: activities, ownAdoption: own,
            problems: PracticeRules.problems(practice.content),
            allowed: offered(PracticeEvent.self, from: practice.state, to: subject, facts: facts, as: \.action).filter {
                $0 != .check || PracticeRules.check(practice, by: subject.person) == nil
            },
            mayEdit: practice.state.isEditable && may(.practiceEdit),
            mayLink: practice.state != .retired && may(.practiceLink),
            mayRate: practice.publishedNumber > 0 && !reports.isEmpty && !inHand && may(.evidenceRatingOpen),
            mayRecord: practice.publishedNumber > 0 && may(.disseminationRecord))
    }

    /// Begins a card.
    public func create(_ actor: Actor, _ content: Practice.Content, once: IdempotencyKey? = nil) async throws
        -> PracticeID
    {
        let id = PracticeID.fresh()
        return try await platform.write("practices.create", actor, on: .practice(id), once: once) { tx, open in
            let subject = try tx.run(open)
            let grant = try Permission.authorise(.practiceCreate, subject: subject)
            let move = try Workflow.move(PracticeEvent.create, from: nil)
            try PracticeRules.problems(draft: content).mustBeEmpty()
            try PracticeRules.mayWrite(content, as: subject).enforce()
            tx.queue(PracticeStatements.insert(id, by: subject.person, content).done)
            EvidenceAct(subject: subject, actor: actor, grant: grant, object: .practice(id), name: content.name)
                .move(PracticeEvent.create, move, from: nil, version: 1, tx)
            return id
        }
    }

    /// Writes the card; it may be incomplete. Answers the new version.
    public func save(_ actor: Actor, _ id: PracticeID, version: Int, _ content: Practice.Content) async throws -> Int {
        try await platform.write("practices.save", actor, on: .practice(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, PracticeStatements.lock(id).optional)
            let (practice, grant) = try Self.authorise(.practiceEdit, found, subject)
            try version.mustEqual(practice.version, "practice card")
            guard practice.state.isEditable else { throw Self.notEditable }
            try PracticeRules.problems(draft: content).mustBeEmpty()
            try PracticeRules.mayWrite(content, as: subject).enforce()
            tx.queue(PracticeStatements.save(id, by: subject.person, content).done)
            EvidenceAct(subject: subject, actor: actor, grant: grant, object: .practice(id), name: practice.reference)
                .note("practice.edit", tx)
            return practice.version + 1
        }
    }

    /// Moves the card: checked, sent back, published, taken under review, retired.
    public func move(_ actor: Actor, _ id: PracticeID, _ event: PracticeEvent, version: Int, reason: String? = nil)
        async throws
    {
        guard let action = event.action, event != .create else { throw Refusal.notFound("practice") }
        try await platform.write("practices.move", actor, on: .practice(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, PracticeStatements.lock(id).optional)
            let (practice, grant) = try Self.authorise(action, found, subject)
            try version.mustEqual(practice.version, "practice card")
            let move = try Workflow.move(event, from: practice.state)
            if move.transition.guards.contains(.reasonGiven) { try Rules.reason(reason ?? "").enforce() }
            if move.transition.guards.contains(.cardComplete) {
                try PracticeRules.problems(practice.content).mustBeEmpty()
            }
            if event == .check { try PracticeRules.check(practice, by: subject.person).enforce() }
            tx.queue(
                PracticeStatements.move(
                    id, event, to: move.state, by: event == .check ? subject.person : nil, because: reason
                ).done)
            EvidenceAct(subject: subject, actor: actor, grant: grant, object: .practice(id), name: practice.reference)
                .move(
                    event, move, from: practice.state, version: practice.version, reason: reason,
                    says: "The card of “\(practice.content.name)”. Sign in to see it.", tx)
        }
    }

    /// Says that an award was part of the practice's story.
    public func link(_ actor: Actor, _ id: PracticeID, to bid: BidID, as part: Practice.Part) async throws {
        try await platform.write("practices.link", actor, on: .practice(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, PracticeStatements.lock(id).optional)
            let (practice, grant) = try Self.authorise(.practiceLink, found, subject)
            tx.queue(PracticeStatements.link(id, to: bid, as: part, by: subject.person).done)
            EvidenceAct(subject: subject, actor: actor, grant: grant, object: .practice(id), name: practice.reference)
                .note("practice.link", detail: ["bid": "\(bid)", "part": part.rawValue], tx)
        }
    }

    /// Ends a link that was made by mistake; that it was there stays on record.
    public func unlink(_ actor: Actor, _ id: PracticeID, from bid: BidID) async throws {
        try await platform.write("practices.unlink", actor, on: .practice(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, PracticeStatements.lock(id).optional)
            let (practice, grant) = try Self.authorise(.practiceLink, found, subject)
            _ = try tx.run(PracticeStatements.unlink(id, from: bid, by: subject.person).optional).orNotFound("link")
            EvidenceAct(subject: subject, actor: actor, grant: grant, object: .practice(id), name: practice.reference)
                .note("practice.unlink", detail: ["bid": "\(bid)"], tx)
        }
    }

    private static func authorise(_ action: Action, _ found: PracticeRecord?, _ subject: Subject) throws -> (
        Practice, Grant
    ) {
        let practice = try found.orNotFound("practice").practice
        let facts = practice.facts(for: subject)
        _ = try Permission.authorise(.practiceRead, subject: subject, facts: facts)
        return (practice, try Permission.authorise(action, subject: subject, facts: facts))
    }

    private static let notEditable = Refusal(
        .conflict, code: "card_is_fixed",
        "The card can be changed as a draft or under review only. Take it under review, or send it back, first.")
}

extension PracticeEvent {
    /// The permission that the event needs.
    var action: Action? { Action(rawValue: "practice.\(rawValue)") }
}
