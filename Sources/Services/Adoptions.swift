public import Domain
import Postgres

/// Which authority took up which practice: what it says itself, and apart from that what others found.
public struct Adoptions: Sendable {
    let platform: Platform

    /// The register, by practice and authority; alphabetical, never by merit.
    public func list(_ actor: Actor, page: PageRequest = PageRequest(), filter: AdoptionFilter = AdoptionFilter())
        async throws -> Page<AdoptionRow>
    {
        let after = try page.keys(3).map { ($0[0], $0[1], try Keys.id($0[2], of: Adoption.self)) }
        let (subject, rows) = try await platform.read(
            "adoptions.list", actor, AdoptionStatements.list(filter, after: after, limit: page.limit).many)
        _ = try Permission.authorise(.laAdoptionList, subject: subject)
        return Page(rows, page) { [$0.practiceName, $0.organisationName, "\($0.id)"] }
    }

    /// One adoption with what was said and found.
    public func detail(_ actor: Actor, _ id: AdoptionID) async throws -> AdoptionDetail {
        let (subject, found, findings, reports, history) = try await platform.read(
            "adoptions.detail", actor, AdoptionStatements.find(id).optional, AdoptionStatements.findings(id).many,
            AdoptionStatements.reports(id).many,
            HistoryStatements.of(kind: "la_adoption", id: id.rawValue, limit: History.entriesMax).many)
        let record = try found.orNotFound("adoption")
        let facts = record.facts(for: subject)
        _ = try Permission.authorise(.laAdoptionRead, subject: subject, facts: facts)
        let adoption = record.adoption
        let verified = findings.contains { $0.state == adoption.state && $0.at >= record.since }
        return AdoptionDetail(
            adoption: adoption, practiceName: record.practiceName, organisationName: record.organisationName,
            since: record.since, reason: record.reason, findings: findings, isVerified: verified, reports: reports,
            history: history,
            mayVerify: Permission.allows(.laAdoptionVerify, subject: subject, facts: facts)
                && (try? AdoptionRules.verifiable(adoption, originator: record.originator, by: subject)) != nil,
            allowed: offered(AdoptionEvent.self, from: adoption.state, to: subject, facts: facts, as: \.action))
    }

    /// An authority says that it knows of a practice: the first step of the ladder.
    public func declare(
        _ actor: Actor, _ practice: PracticeID, _ content: Adoption.Content, once: IdempotencyKey? = nil
    )
        async throws -> AdoptionID
    {
        let id = AdoptionID.fresh()
        return try await platform.write("adoptions.declare", actor, on: .practice(practice), once: once) { tx, open in
            let (subject, found, own) = try tx.pipeline(
                open, PracticeStatements.find(practice).optional, AdoptionStatements.own(ofPractice: practice).optional)
            let card = try found.orNotFound("practice").practice
            let grant = try Permission.authorise(
                .laAdoptionDeclare, subject: subject, facts: Permission.Facts(organisation: subject.organisation))
            let move = try Workflow.move(AdoptionEvent.declare, from: nil)
            try AdoptionRules.declarable(originator: card.content.originator, by: subject.organisation).enforce()
            if own != nil {
                throw Refusal(
                    .conflict, code: "declared",
                    "Your authority has an entry for this practice already. Move that one on.")
            }
            guard card.publishedNumber > 0, card.state != .retired else {
                throw Refusal(.conflict, code: "practice_not_published", "Only a published practice can be taken up.")
            }
            try AdoptionRules.problems(content, for: .declare, on: subject.now.londonDay).mustBeEmpty()
            tx.queue(
                AdoptionStatements.insert(id, of: practice, by: subject.organisation, subject.person, content).done)
            EvidenceAct(subject: subject, actor: actor, grant: grant, object: .adoption(id), name: card.content.name)
                .move(AdoptionEvent.declare, move, from: nil, version: 1, detail: ["practice": "\(practice)"], tx)
            return id
        }
    }

    /// Moves on the ladder, confirms, stops, rejects or reconsiders, with what is so now.
    public func move(
        _ actor: Actor, _ id: AdoptionID, _ event: AdoptionEvent, version: Int, _ content: Adoption.Content,
        reason: String? = nil
    ) async throws {
        guard let action = event.action, event != .declare else { throw Refusal.notFound("adoption") }
        try await platform.write("adoptions.move", actor, on: .adoption(id)) { tx, open in
            let (subject, found, settings) = try tx.pipeline(
                open, AdoptionStatements.lock(id).optional, ApprovalStatements.settings.many)
            let record = try found.orNotFound("adoption")
            let facts = record.facts(for: subject)
            _ = try Permission.authorise(.laAdoptionRead, subject: subject, facts: facts)
            let grant = try Permission.authorise(action, subject: subject, facts: facts)
            let adoption = record.adoption
            try version.mustEqual(adoption.version, "adoption")
            let move = try Workflow.move(event, from: adoption.state)
            let months = settings.first { $0.code == "adoption_sustained_months" }.flatMap { Int($0.value) }
            try AdoptionRules.problems(
                content, for: event, on: subject.now.londonDay, sustainedMonths: months ?? AdoptionRules.sustainedMonths
            ).mustBeEmpty()
            if move.transition.guards.contains(.reasonGiven) { try Rules.reason(reason ?? "").enforce() }
            tx.queue(
                AdoptionStatements.move(id, event, to: move.state, by: subject.person, content, because: reason).done)
            EvidenceAct(subject: subject, actor: actor, grant: grant, object: .adoption(id), name: adoption.reference)
                .move(
                    event, move, from: adoption.state, version: version, reason: reason,
                    says:
                        "\(record.organisationName) on “\(record.practiceName)”. Sign in to see it, and to verify it.",
                    tx)
        }
    }

    /// Somebody of another organisation found it so.
    public func verify(_ actor: Actor, _ id: AdoptionID, version: Int, note: String) async throws {
        try await platform.write("adoptions.verify", actor, on: .adoption(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, AdoptionStatements.lock(id).optional)
            let record = try found.orNotFound("adoption")
            let facts = record.facts(for: subject)
            _ = try Permission.authorise(.laAdoptionRead, subject: subject, facts: facts)
            let grant = try Permission.authorise(.laAdoptionVerify, subject: subject, facts: facts)
            try version.mustEqual(record.adoption.version, "adoption")
            let kind = try AdoptionRules.verifiable(record.adoption, originator: record.originator, by: subject)
            guard note.count >= Rules.shortestReason, note.count <= Rules.longestText else {
                throw Refusal.invalid([
                    FieldProblem("note", "Say in at least \(Rules.shortestReason) characters what you looked at.")
                ])
            }
            tx.queue(AdoptionStatements.verify(id, record.adoption.state, as: kind, by: subject, note: note).done)
            EvidenceAct(
                subject: subject, actor: actor, grant: grant, object: .adoption(id), name: record.adoption.reference
            )
            .note("la_adoption.verify", detail: ["state": record.adoption.state.rawValue, "kind": kind.rawValue], tx)
        }
    }
}

extension AdoptionEvent {
    /// The permission that the event needs.
    var action: Action? { Action(rawValue: "la_adoption.\(rawValue)") }
}

/// What was done so that others hear of a practice: planned, delivered, and what came of it.
public struct Dissemination: Sendable {
    let platform: Platform

    /// Plans an activity.
    public func plan(
        _ actor: Actor, _ practice: PracticeID, _ kind: DisseminationActivity.Kind, title: String, on day: Day,
        once: IdempotencyKey? = nil
    ) async throws -> Identifier<DisseminationActivity> {
        let id = Identifier<DisseminationActivity>.fresh()
        guard !title.isEmpty, title.count <= 140 else {
            throw Refusal.invalid([FieldProblem("title", "Enter a title of 1 to 140 characters.")])
        }
        return try await platform.write("dissemination.plan", actor, on: .practice(practice), once: once) { tx, open in
            let (subject, grant) = try Self.authorise(tx, open, practice)
            tx.queue(DisseminationStatements.plan(id, of: practice, kind, title, on: day, by: subject.person).done)
            EvidenceAct(subject: subject, actor: actor, grant: grant, object: .practice(practice), name: title)
                .note("dissemination.plan", detail: ["activity": "\(id)", "kind": kind.rawValue], tx)
            return id
        }
    }

    /// Records that it was done, and whom it reached.
    public func deliver(
        _ actor: Actor, _ id: Identifier<DisseminationActivity>, of practice: PracticeID, on day: Day, attendance: Int,
        cost: Money, reached: [OrganisationID]
    ) async throws {
        try await platform.write("dissemination.deliver", actor, on: .practice(practice)) { tx, open in
            let (subject, grant) = try Self.authorise(tx, open, practice)
            guard try tx.run(DisseminationStatements.practice(of: id).optional) == practice else {
                throw Refusal.notFound("activity")
            }
            guard day <= subject.now.londonDay else {
                throw Refusal.invalid([FieldProblem("deliveredOn", "Enter a day that is not in the future.")])
            }
            tx.queue(
                DisseminationStatements.deliver(id, on: day, attendance: attendance, cost: cost, by: subject.person)
                    .done)
            tx.queue(DisseminationStatements.reach(id, reached).done)
            EvidenceAct(subject: subject, actor: actor, grant: grant, object: .practice(practice), name: "")
                .note("dissemination.deliver", detail: ["activity": "\(id)", "authorities": "\(reached.count)"], tx)
        }
    }

    /// Records what those who were asked afterwards said.
    public func outcome(
        _ actor: Actor, _ id: Identifier<DisseminationActivity>, of practice: PracticeID, surveyed: Int, usingIt: Int,
        note: String
    ) async throws {
        guard Proportion(usingIt, of: surveyed) != nil else {
            throw Refusal.invalid([FieldProblem("usingIt", "No more can use it than were asked.")])
        }
        try await platform.write("dissemination.outcome", actor, on: .practice(practice)) { tx, open in
            let (subject, grant) = try Self.authorise(tx, open, practice)
            guard try tx.run(DisseminationStatements.practice(of: id).optional) == practice else {
                throw Refusal.notFound("activity")
            }
            tx.queue(
                DisseminationStatements.outcome(
                    id, surveyed: surveyed, usingIt: usingIt, note: note, by: subject.person
                ).done)
            EvidenceAct(subject: subject, actor: actor, grant: grant, object: .practice(practice), name: "")
                .note("dissemination.outcome", detail: ["activity": "\(id)"], tx)
        }
    }

    private static func authorise(_ tx: borrowing Transaction, _ open: Step<Subject>, _ practice: PracticeID) throws
        -> (
            Subject, Grant
        )
    {
        let (subject, found) = try tx.pipeline(open, PracticeStatements.find(practice).optional)
        let card = try found.orNotFound("practice").practice
        let facts = card.facts(for: subject)
        _ = try Permission.authorise(.practiceRead, subject: subject, facts: facts)
        return (subject, try Permission.authorise(.disseminationRecord, subject: subject, facts: facts))
    }
}
