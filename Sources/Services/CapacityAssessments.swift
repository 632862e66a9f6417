public import Domain
import Postgres

/// How able authorities are to evaluate, in their own view: several voices, something to show for every level, and no
/// overall score.
public struct CapacityAssessments: Sendable {
    let platform: Platform

    /// By authority, the newest first within it.
    public func list(_ actor: Actor, page: PageRequest = PageRequest()) async throws -> Page<CapacityAssessmentRow> {
        let after = try page.keys(3).map {
            ($0[0], try Keys.instant($0[1]), try Keys.id($0[2], of: CapacityAssessment.self))
        }
        let (subject, rows) = try await platform.read(
            "capacity.list", actor, CapacityAssessmentStatements.list(after: after, limit: page.limit).many)
        _ = try Permission.authorise(.capacityAssessmentList, subject: subject)
        return Page(rows, page) { [$0.organisationName, "\($0.createdAt)", "\($0.id)"] }
    }

    /// What anybody signed in may know of others: by region, from three authorities on.
    public func regions(_ actor: Actor) async throws -> [RegionalCapacity] {
        let (subject, rows) = try await platform.read(
            "capacity.regions", actor, CapacityAssessmentStatements.regions.many)
        _ = try Permission.authorise(.capacityAssessmentList, subject: subject)
        return rows
    }

    /// One assessment with its answers, its levels and how they compare with the one before.
    public func detail(_ actor: Actor, _ id: CapacityAssessmentID) async throws -> CapacityAssessmentDetail {
        let (subject, found, rubric, voices, levels, earlier, earlierLevels, peers) = try await platform.read(
            "capacity.detail", actor, CapacityAssessmentStatements.find(id).optional,
            CapacityAssessmentStatements.rubric(of: id).many, CapacityAssessmentStatements.voices(id).many,
            CapacityAssessmentStatements.levels(id).many, CapacityAssessmentStatements.earlier(than: id).optional,
            CapacityAssessmentStatements.levelsOfEarlier(than: id).many, CapacityAssessmentStatements.peers.many)
        let record = try found.orNotFound("capacity assessment")
        let facts = record.facts(for: subject)
        _ = try Permission.authorise(.capacityAssessmentRead, subject: subject, facts: facts)
        let own = voices.filter { $0.voice.person == subject.person }
        let assessment = record.assessment
        let comparison = earlier.map { earlier in
            CapacityComparison(
                earlier: earlier.row,
                changes: levels.isEmpty
                    ? []
                    : CapacityRules.change(
                        from: (earlier.rubric, earlierLevels), to: (assessment.rubricVersion, levels)))
        }
        return CapacityAssessmentDetail(
            assessment: assessment, organisationName: record.organisationName, peerName: record.peerName,
            context: record.context, dueOn: record.dueOn, rubric: rubric, own: own.map(\.voice.answer),
            ownTeam: own.first?.voice.team ?? "", voices: voices, levels: assessment.state.isCertified ? levels : [],
            certifiedAt: record.certifiedAt, moderationNote: record.moderationNote, reason: record.reason,
            comparison: comparison, peers: peers, allowed: Self.allowed(record, subject, facts))
    }

    /// An authority begins one unasked.
    public func open(_ actor: Actor, once: IdempotencyKey? = nil) async throws -> CapacityAssessmentID {
        let id = CapacityAssessmentID.fresh()
        return try await platform.write("capacity.open", actor, on: .capacityAssessment(id), once: once) { tx, open in
            let (subject, settings) = try tx.pipeline(open, ApprovalStatements.settings.many)
            let grant = try Permission.authorise(
                .capacityAssessmentOpen, subject: subject, facts: Permission.Facts(organisation: subject.organisation))
            let move = try Workflow.move(CapacityAssessmentEvent.open, from: nil)
            let days = settings.first { $0.code == "capacity_due_days" }.flatMap { Int($0.value) } ?? 60
            tx.queue(
                CapacityAssessmentStatements.insert(
                    id, for: subject.organisation, due: subject.now.londonDay.adding(days: days)
                ).done)
            EvidenceAct(
                subject: subject, actor: actor, grant: grant, object: .capacityAssessment(id),
                name: "A capacity assessment"
            )
            .move(CapacityAssessmentEvent.open, move, from: nil, version: 1, tx)
            return id
        }
    }

    /// Gives one's own view of some or all dimensions; a later view of one's own replaces it, and both stay on record.
    /// Answers the new version.
    public func answer(
        _ actor: Actor, _ id: CapacityAssessmentID, version: Int, _ answers: [CapacityAnswer], team: String,
        context: CapacityAssessment.Context
    ) async throws -> Int {
        try await platform.write("capacity.answer", actor, on: .capacityAssessment(id)) { tx, open in
            let (subject, found, rubric) = try tx.pipeline(
                open, CapacityAssessmentStatements.lock(id).optional, CapacityAssessmentStatements.rubric(of: id).many)
            let (record, grant) = try Self.authorise(.capacityAssessmentBegin, found, subject)
            try version.mustEqual(record.assessment.version, "assessment")
            let given = answers.filter { $0.level != nil || !$0.evidence.isEmpty }
            try CapacityRules.problems(given, team: team, rubric: rubric).mustBeEmpty()
            let act = EvidenceAct(
                subject: subject, actor: actor, grant: grant, object: .capacityAssessment(id),
                name: record.assessment.reference)
            var version = version
            if record.assessment.state == .opened {
                let move = try Workflow.move(CapacityAssessmentEvent.begin, from: .opened)
                tx.queue(CapacityAssessmentStatements.move(id, .begin, to: move.state).done)
                act.move(CapacityAssessmentEvent.begin, move, from: .opened, version: version, tx)
                version += 1
            } else if record.assessment.state != .inProgress {
                throw Refusal(.conflict, code: "certified", "Answers are given until the assessment is certified.")
            }
            for answer in given {
                tx.queue(CapacityAssessmentStatements.answer(id, answer, team: team, by: subject.person).done)
            }
            tx.queue(CapacityAssessmentStatements.describe(id, context).done)
            act.note("capacity_assessment.answer", detail: ["dimensions": "\(given.count)"], tx)
            return version + 1
        }
    }

    /// Certifies the level that fits each dimension best, within what was answered and with what shows it.
    public func certify(_ actor: Actor, _ id: CapacityAssessmentID, version: Int, _ levels: [CapacityAnswer])
        async throws
    {
        try await platform.write("capacity.certify", actor, on: .capacityAssessment(id)) { tx, open in
            let (subject, found, rubric, voices) = try tx.pipeline(
                open, CapacityAssessmentStatements.lock(id).optional, CapacityAssessmentStatements.rubric(of: id).many,
                CapacityAssessmentStatements.voices(id).many)
            let (record, grant) = try Self.authorise(.capacityAssessmentCertify, found, subject)
            try version.mustEqual(record.assessment.version, "assessment")
            let move = try Workflow.move(CapacityAssessmentEvent.certify, from: record.assessment.state)
            try CapacityRules.problems(
                certifying: levels, voices: voices.map(\.voice), rubric: rubric, by: subject.person
            ).mustBeEmpty()
            for level in levels {
                tx.queue(
                    CapacityAssessmentStatements.level(id, in: record.sequence + 1, level, by: subject.person).done)
            }
            tx.queue(CapacityAssessmentStatements.move(id, .certify, to: move.state, certifier: subject.person).done)
            EvidenceAct(
                subject: subject, actor: actor, grant: grant, object: .capacityAssessment(id),
                name: record.assessment.reference
            ).move(CapacityAssessmentEvent.certify, move, from: record.assessment.state, version: version, tx)
        }
    }

    /// Asks another authority to look at it; from then on its people can read it.
    public func askPeer(_ actor: Actor, _ id: CapacityAssessmentID, version: Int, _ peer: OrganisationID) async throws {
        try await platform.write("capacity.ask_peer", actor, on: .capacityAssessment(id)) { tx, open in
            let (subject, found, peers) = try tx.pipeline(
                open, CapacityAssessmentStatements.lock(id).optional, CapacityAssessmentStatements.peers.many)
            let (record, grant) = try Self.authorise(.capacityAssessmentReopen, found, subject)
            try version.mustEqual(record.assessment.version, "assessment")
            guard record.assessment.state == .certified, record.assessment.peer == nil else {
                throw Refusal(
                    .conflict, code: "not_certified", "A peer is asked once, after the assessment is certified.")
            }
            guard peers.contains(where: { $0.id == peer }) else {
                throw Refusal.invalid([FieldProblem("peer", "Choose an authority other than your own.")])
            }
            tx.queue(CapacityAssessmentStatements.askPeer(id, peer).done)
            EvidenceAct(
                subject: subject, actor: actor, grant: grant, object: .capacityAssessment(id),
                name: record.assessment.reference
            ).note("capacity_assessment.ask_peer", detail: ["peer": "\(peer)"], tx)
        }
    }

    /// Reopens, moderates or locks. For a moderation `reason` is what the peer found.
    public func move(
        _ actor: Actor, _ id: CapacityAssessmentID, _ event: CapacityAssessmentEvent, version: Int,
        reason: String? = nil
    ) async throws {
        guard [.reopen, .moderate, .lock].contains(event), let action = event.action else {
            throw Refusal.notFound("capacity assessment")
        }
        try await platform.write("capacity.move", actor, on: .capacityAssessment(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, CapacityAssessmentStatements.lock(id).optional)
            let (record, grant) = try Self.authorise(action, found, subject)
            try version.mustEqual(record.assessment.version, "assessment")
            let move = try Workflow.move(event, from: record.assessment.state)
            if move.transition.guards.contains(.reasonGiven) { try Rules.reason(reason ?? "").enforce() }
            let moderates = event == .moderate
            tx.queue(
                CapacityAssessmentStatements.move(
                    id, event, to: move.state, moderator: moderates ? subject.person : nil,
                    note: moderates ? reason : nil,
                    because: event == .reopen ? reason : nil
                ).done)
            EvidenceAct(
                subject: subject, actor: actor, grant: grant, object: .capacityAssessment(id),
                name: record.assessment.reference
            ).move(event, move, from: record.assessment.state, version: version, reason: reason, tx)
        }
    }

    private static func authorise(_ action: Action, _ found: CapacityAssessmentRecord?, _ subject: Subject) throws -> (
        CapacityAssessmentRecord, Grant
    ) {
        let record = try found.orNotFound("capacity assessment")
        let facts = record.facts(for: subject)
        _ = try Permission.authorise(.capacityAssessmentRead, subject: subject, facts: facts)
        return (record, try Permission.authorise(action, subject: subject, facts: facts))
    }

    private static func allowed(_ record: CapacityAssessmentRecord, _ subject: Subject, _ facts: Permission.Facts)
        -> [CapacityAssessmentEvent]
    {
        var events = offered(
            CapacityAssessmentEvent.self, from: record.assessment.state, to: subject, facts: facts, as: \.action)
        if record.assessment.peer != subject.organisation { events.removeAll { $0 == .moderate } }
        // Answering goes on while it is in progress, by the permission of beginning.
        let answers = Permission.allows(.capacityAssessmentBegin, subject: subject, facts: facts)
        if record.assessment.state == .inProgress, answers { events.append(.begin) }
        return events
    }
}

extension CapacityAssessmentEvent {
    /// The permission that the event needs.
    var action: Action? { Action(rawValue: "capacity_assessment.\(rawValue)") }
}
