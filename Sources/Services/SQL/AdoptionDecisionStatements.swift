import Domain
import Postgres

/// A decision as its row has it.
struct AdoptionDecisionRecord: Sendable {
    let decision: AdoptionDecision
    let practiceName: String
    let programmeTitle: String
    let department: OrganisationID?
    let advice: AdoptionDecision.Advice
    let hasRating: Bool
    let standing: AdoptionDecisionRules.Standing
    let padlock: Int?
    let sufficient: Bool?
    let pack: Int
    let sequence: Int
    let recommenderName: String?
    let secondName: String?
    let deciderName: String?
    let decidedAt: Instant?
    let announcedAt: Instant?
    let reviewOn: Day?
    let reviewedAt: Instant?
    let reviewOutcome: String
    let reason: String?
    let now: AdoptionDecisionRules.Standing
    let packIsStale: Bool

    /// What permissions ask about it.
    var facts: Permission.Facts {
        Permission.Facts(
            organisation: department, department: department, programme: decision.programme,
            published: decision.state.isPublic)
    }
}

/// What the database is asked about roll-out decisions.
enum AdoptionDecisionStatements {
    /// The names of people are shown to whoever may see them; a programme's title comes from what anybody may know.
    private static let columns: SQL = """
        d.id, d.reference, d.practice_id, d.programme_id, d.state, d.version, d.title, d.question, d.expected_cost,
        d.reach_authorities, d.equity, d.recommended_by, d.seconded_by, p.name, coalesce(g.title, ''),
        g.organisation_id, d.recommendation, d.recommendation_reason, d.override,
        d.override_reason, d.evidence_to_follow, d.evidence_due_on, d.stop_rule, coalesce(d.external_decision_ref, ''),
        d.rating_id is not null, d.level_at_decision, d.sms_at_decision, coalesce(d.replicated_at_decision, false),
        d.padlock_at_decision, d.sufficient, d.pack, d.transition_seq, who.name, second.name, decider.name, d.decided_at,
        d.announced_at, d.review_on, d.reviewed_at, d.review_outcome, d.reason, r.level, r.sms,
        coalesce(r.replicated, false), \(stale)
        from adoption_decision d
        left join practice p on p.id = d.practice_id
        left join programme g on g.id = d.programme_id
        left join person who on who.id = d.recommended_by
        left join person second on second.id = d.seconded_by
        left join person decider on decider.id = d.decided_by
        left join evidence_rating r on r.id = public.current_rating(d.practice_id)
        """

    /// Whether the pack is not what there is now.
    private static let stale: SQL = """
        d.pack > 0 and (
            exists (
                (select e.report_id, e.report_version from public.evidence_for(d.practice_id) e
                 except select x.report_id, x.report_version from decision_evidence x
                    where x.decision_id = d.id and x.pack = d.pack and x.kind = 'report')
                union all
                (select x.report_id, x.report_version from decision_evidence x
                    where x.decision_id = d.id and x.pack = d.pack and x.kind = 'report'
                 except select e.report_id, e.report_version from public.evidence_for(d.practice_id) e))
            or public.current_rating(d.practice_id) is distinct from (
                select x.rating_id from decision_evidence x
                where x.decision_id = d.id and x.pack = d.pack and x.kind = 'rating'))
        """

    static func find(_ id: AdoptionDecisionID) -> Statement<AdoptionDecisionRecord> {
        Statement("adoption_decision.find", "select \(columns) where d.id = \(id)", decode: record)
    }

    static func lock(_ id: AdoptionDecisionID) -> Statement<AdoptionDecisionRecord> {
        Statement(
            "adoption_decision.lock", "select \(columns) where d.id = \(id) for no key update of d", decode: record)
    }

    private static func record(_ row: inout RowReader) throws -> AdoptionDecisionRecord {
        let id: AdoptionDecisionID = try row.read()
        let reference: String = try row.read()
        let practice: PracticeID = try row.read()
        let programme: ProgrammeID = try row.read()
        let state: AdoptionDecision.State = try row.read()
        let version: Int = try row.read()
        let content = try content(&row)
        let decision = try AdoptionDecision(
            id: id, reference: reference, practice: practice, programme: programme, state: state, version: version,
            content: content, recommender: row.read(), second: row.read())
        return try AdoptionDecisionRecord(
            decision: decision, practiceName: row.read(String?.self) ?? "", programmeTitle: row.read(),
            department: row.read(), advice: advice(&row), hasRating: row.read(), standing: standing(&row),
            padlock: row.read(), sufficient: row.read(), pack: row.read(), sequence: row.read(),
            recommenderName: row.read(), secondName: row.read(), deciderName: row.read(), decidedAt: row.read(),
            announcedAt: row.read(), reviewOn: row.read(), reviewedAt: row.read(), reviewOutcome: row.read(),
            reason: row.read(), now: standing(&row), packIsStale: row.read())
    }

    private static func content(_ row: inout RowReader) throws -> AdoptionDecision.Content {
        var content = AdoptionDecision.Content()
        content.title = try row.read()
        content.question = try row.read()
        content.expectedCost = try row.read()
        content.reachAuthorities = try row.read()
        content.equity = try row.read()
        return content
    }

    private static func advice(_ row: inout RowReader) throws -> AdoptionDecision.Advice {
        var advice = AdoptionDecision.Advice()
        advice.recommendation = try row.read()
        advice.reason = try row.read()
        let overridden: Bool = try row.read()
        var override = AdoptionDecision.Override()
        override.reason = try row.read()
        override.evidenceToFollow = try row.read()
        override.evidenceDue = try row.read()
        override.stopRule = try row.read()
        advice.override = overridden ? override : nil
        advice.externalReference = try row.read()
        return advice
    }

    private static func standing(_ row: inout RowReader) throws -> AdoptionDecisionRules.Standing {
        try AdoptionDecisionRules.Standing(level: row.read(), sms: row.read(), replicated: row.read())
    }

    private static let rowColumns: SQL = """
        select d.id, d.reference, d.title, d.practice_id, coalesce(p.name, ''), d.state, d.recommendation,
            d.level_at_decision, d.sufficient,
            exists (select from decision_flag f where f.decision_id = d.id
                and f.at > coalesce(d.reviewed_at, '-infinity')), d.created_at
        from adoption_decision d left join practice p on p.id = d.practice_id
        """

    private static func row(_ row: inout RowReader) throws -> AdoptionDecisionRow {
        try AdoptionDecisionRow(
            id: row.read(), reference: row.read(), title: row.read(), practice: row.read(), practiceName: row.read(),
            state: row.read(), recommendation: row.read(), level: row.read(), sufficient: row.read(),
            evidenceChanged: row.read(), createdAt: row.read())
    }

    static func rows(ofPractice practice: PracticeID) -> Statement<AdoptionDecisionRow> {
        Statement(
            "adoption_decision.rows",
            "\(rowColumns) where d.practice_id = \(practice) order by d.created_at desc, d.id desc", decode: row)
    }

    /// Newest first.
    static func list(state: AdoptionDecision.State?, after: (Instant, AdoptionDecisionID)?, limit: Int) -> Statement<
        AdoptionDecisionRow
    > {
        Statement(
            "adoption_decision.list",
            """
            \(rowColumns)
            where (\(after?.0)::timestamptz is null or (d.created_at, d.id) < (\(after?.0), \(after?.1)))
                and (\(state)::text is null or d.state = \(state))
            order by d.created_at desc, d.id desc limit \(limit)
            """, decode: row)
    }

    /// The pack that was assembled last, with what was cited of it.
    static func pack(_ id: AdoptionDecisionID) -> Statement<EvidenceItem> {
        Statement(
            "adoption_decision.pack",
            """
            select e.id, e.kind, e.report_id, e.report_version, e.rating_id, e.rating_number, e.title, e.direction, e.sms,
                e.due_on, c.bearing, c.note
            from decision_evidence e
            join adoption_decision d on d.id = e.decision_id and d.pack = e.pack
            left join lateral (
                select x.bearing, x.note from decision_citation x where x.evidence_id = e.id
                order by x.recommendation desc limit 1) c on true
            where e.decision_id = \(id)
            order by case e.kind when 'rating' then 0 when 'report' then 1 else 2 end, e.title, e.id
            """
        ) { row in
            try EvidenceItem(
                id: row.read(), kind: row.read(), report: row.read(), reportVersion: row.read(), rating: row.read(),
                ratingNumber: row.read(), title: row.read(), direction: row.read(), sms: row.read(), dueOn: row.read(),
                bearing: row.read(), note: row.read())
        }
    }

    static func reports(_ id: AdoptionDecisionID) -> Statement<EvidenceReport> {
        Statement(
            "adoption_decision.reports",
            """
            select e.report_id, e.report_version, e.reference, e.title, e.direction, e.sms, e.padlock, e.published_at
            from adoption_decision d cross join lateral public.evidence_for(d.practice_id) e
            where d.id = \(id) order by e.published_at, e.report_id
            """
        ) { row in
            try EvidenceReport(
                id: row.read(), version: row.read(), reference: row.read(), title: row.read(), direction: row.read(),
                sms: row.read(), padlock: row.read(), publishedAt: row.read())
        }
    }

    static func flags(_ id: AdoptionDecisionID) -> Statement<EvidenceFlag> {
        Statement(
            "adoption_decision.flags",
            """
            select f.cause, f.at, f.at > coalesce(d.reviewed_at, '-infinity')
            from decision_flag f join adoption_decision d on d.id = f.decision_id
            where f.decision_id = \(id) order by f.at desc, f.id desc
            """
        ) { row in try EvidenceFlag(cause: row.read(), at: row.read(), isOpen: row.read()) }
    }

    static func ledger(_ id: AdoptionDecisionID) -> Statement<Duty.Performed> {
        Statement(
            "adoption_decision.ledger",
            """
            select d.person_id, d.duty, d.object_version from workflow.duty_performed d
            where d.case_id in (select c from public.practice_cases(
                (select x.practice_id from adoption_decision x where x.id = \(id))) as c)
            """
        ) { row in try Duty.Performed(person: row.read(), duty: row.read(), version: row.read()) }
    }

    static func insert(
        _ id: AdoptionDecisionID, on practice: PracticeID, in programme: ProgrammeID, by person: PersonID,
        _ content: AdoptionDecision.Content
    ) -> Statement<Void> {
        Statement(
            "adoption_decision.insert",
            """
            insert into adoption_decision (id, reference, practice_id, programme_id, opened_by, title, question,
                expected_cost, reach_authorities, equity)
            values (\(id), next_reference('ROL'), \(practice), \(programme), \(person), \(values(content)))
            """)
    }

    static func save(_ id: AdoptionDecisionID, _ content: AdoptionDecision.Content) -> Statement<Void> {
        Statement(
            "adoption_decision.save",
            """
            update adoption_decision set (title, question, expected_cost, reach_authorities, equity)
                = (\(values(content))), version = version + 1 where id = \(id)
            """)
    }

    private static func values(_ content: AdoptionDecision.Content) -> SQL {
        "\(content.title), \(content.question), \(content.expectedCost), \(content.reachAuthorities), \(content.equity)"
    }

    static func cite(
        _ id: AdoptionDecisionID, in recommendation: Int, _ citation: AdoptionDecision.Citation, by person: PersonID
    )
        -> Statement<Void>
    {
        Statement(
            "adoption_decision.cite",
            """
            insert into decision_citation (id, decision_id, evidence_id, recommendation, bearing, note, cited_by)
            values (\(Identifier<AdoptionDecision.Citation>.fresh()), \(id), \(citation.evidence), \(recommendation),
                \(citation.bearing), \(citation.note), \(person))
            """)
    }

    static func recommend(_ id: AdoptionDecisionID, _ advice: AdoptionDecision.Advice, by person: PersonID)
        -> Statement<Void>
    {
        let override = advice.override ?? AdoptionDecision.Override()
        let external: String? = advice.externalReference.isEmpty ? nil : advice.externalReference
        return Statement(
            "adoption_decision.recommend",
            """
            update adoption_decision set \(SQL.moved(AdoptionDecisionEvent.recommend, to: .recommended)),
                recommendation = \(advice.recommendation), recommendation_reason = \(advice.reason),
                override = \(advice.override != nil), override_reason = \(override.reason),
                evidence_to_follow = \(override.evidenceToFollow), evidence_due_on = \(override.evidenceDue),
                stop_rule = \(override.stopRule), external_decision_ref = \(external), recommended_by = \(person)
            where id = \(id)
            """)
    }

    static func second(_ id: AdoptionDecisionID, by person: PersonID) -> Statement<Void> {
        Statement(
            "adoption_decision.second",
            "update adoption_decision set seconded_by = \(person), version = version + 1 where id = \(id)")
    }

    static func move(
        _ id: AdoptionDecisionID, _ event: AdoptionDecisionEvent, to state: AdoptionDecision.State,
        by decider: PersonID?,
        because reason: String?, found outcome: String?
    ) -> Statement<Void> {
        Statement(
            "adoption_decision.move",
            """
            update adoption_decision set \(SQL.moved(event, to: state)), decided_by = coalesce(\(decider), decided_by),
                reason = coalesce(\(reason), reason), review_outcome = coalesce(\(outcome), review_outcome)
            where id = \(id)
            """)
    }

    /// The department that runs a programme, where the actor may see it.
    static func department(of programme: ProgrammeID) -> Statement<OrganisationID> {
        Statement("adoption_decision.department", "select organisation_id from programme where id = \(programme)") {
            row in
            try row.read()
        }
    }

    /// Programmes that a decision can be about, for the actor's own department.
    static let programmes = Statement<ProgrammeChoice>(
        "adoption_decision.programmes",
        """
        select id, title from programme
        where id = any ((select actor.case_programmes())::uuid[]) and state in ('open', 'suspended', 'closing', 'closed')
        order by title, id
        """
    ) { row in try ProgrammeChoice(id: row.read(), title: row.read()) }
}
