import Domain
import Postgres

/// An adoption as its row has it.
struct AdoptionRecord: Sendable {
    let adoption: Adoption
    let practiceName: String
    let organisationName: String
    let originator: OrganisationID?
    let since: Instant
    let reason: String?

    /// What permissions ask. The originator, the department and What Works see every adoption.
    func facts(for subject: Subject) -> Permission.Facts {
        Permission.Facts(
            organisation: adoption.organisation,
            published: [.department, .whatWorks].contains(subject.role) || originator == subject.organisation)
    }
}

/// What the database is asked about adoptions.
enum AdoptionStatements {
    /// When the step was reached; a confirmation does not begin it anew.
    private static let since: SQL = """
        coalesce((select max(l.at) from workflow.log l where l.object_id = a.id and l.to_state = a.state
            and l.event <> 'confirm'), a.created_at)
        """

    private static let columns: SQL = """
        a.id, a.reference, a.practice_id, a.organisation_id, a.state, a.version, a.started_on,
        (a.coverage_pct * 100)::integer, a.adaptations, a.fidelity, a.local_cost, a.funded_by, a.funding_ended_on,
        a.awareness_source, a.evidence_read, coalesce(p.name, ''), o.name, p.originator_id, \(since), a.reason
        from la_adoption a
        join organisation o on o.id = a.organisation_id
        left join practice p on p.id = a.practice_id
        """

    static func find(_ id: AdoptionID) -> Statement<AdoptionRecord> {
        Statement("adoption.find", "select \(columns) where a.id = \(id)", decode: record)
    }

    static func lock(_ id: AdoptionID) -> Statement<AdoptionRecord> {
        Statement("adoption.lock", "select \(columns) where a.id = \(id) for no key update of a", decode: record)
    }

    private static func record(_ row: inout RowReader) throws -> AdoptionRecord {
        let adoption = try Adoption(
            id: row.read(), reference: row.read(), practice: row.read(), organisation: row.read(), state: row.read(),
            version: row.read(), content: content(&row))
        return try AdoptionRecord(
            adoption: adoption, practiceName: row.read(), organisationName: row.read(), originator: row.read(),
            since: row.read(), reason: row.read())
    }

    private static func content(_ row: inout RowReader) throws -> Adoption.Content {
        var content = Adoption.Content()
        content.startedOn = try row.read()
        content.coverage = try row.read()
        content.adaptations = try row.read()
        content.fidelity = try row.read()
        content.localCost = try row.read()
        content.fundedBy = try row.read()
        content.fundingEndedOn = try row.read()
        content.awarenessSource = try row.read()
        content.evidenceRead = try row.read()
        return content
    }

    /// By practice and authority.
    static func list(_ filter: AdoptionFilter, after: (String, String, AdoptionID)?, limit: Int) -> Statement<
        AdoptionRow
    > {
        Statement(
            "adoption.list",
            """
            select a.id, a.reference, a.practice_id, p.name, a.organisation_id, o.name, a.state, \(since), v.kind
            from la_adoption a
            join organisation o on o.id = a.organisation_id
            join practice p on p.id = a.practice_id
            left join lateral (
                select x.kind from adoption_verification x
                where x.adoption_id = a.id and x.state = a.state and x.at >= \(since) order by x.at desc limit 1) v on true
            where (\(after?.0)::text is null or (p.name, o.name, a.id) > (\(after?.0), \(after?.1), \(after?.2)))
                and (\(filter.practice)::uuid is null or a.practice_id = \(filter.practice))
                and (\(filter.organisation)::uuid is null or a.organisation_id = \(filter.organisation))
                and (\(filter.state)::text is null or a.state = \(filter.state))
            order by p.name, o.name, a.id limit \(limit)
            """
        ) { row in
            try AdoptionRow(
                id: row.read(), reference: row.read(), practice: row.read(), practiceName: row.read(),
                organisation: row.read(), organisationName: row.read(), state: row.read(), since: row.read(),
                verified: row.read())
        }
    }

    /// How many authorities stand where: public steps from the public record, so that everybody counts the same.
    static func counts(ofPractice practice: PracticeID) -> Statement<AdoptionCount> {
        Statement(
            "adoption.counts",
            """
            select a.state, count(*), count(a.verified_by) from published.adoption a
            where a.practice_id = \(practice) group by a.state order by a.state
            """
        ) { row in try AdoptionCount(state: row.read(), declared: row.read(), verified: row.read()) }
    }

    /// The adoption of the actor's own authority.
    static func own(ofPractice practice: PracticeID) -> Statement<AdoptionID> {
        Statement(
            "adoption.own",
            """
            select id from la_adoption where practice_id = \(practice) and organisation_id = (select actor.authority())
            """
        ) { row in try row.read() }
    }

    static func findings(_ id: AdoptionID) -> Statement<AdoptionFinding> {
        Statement(
            "adoption.findings",
            """
            select v.state, v.kind, o.name, v.note, v.at
            from adoption_verification v join organisation o on o.id = v.organisation_id
            where v.adoption_id = \(id) order by v.at desc, v.id desc
            """
        ) { row in
            try AdoptionFinding(
                state: row.read(), kind: row.read(), organisationName: row.read(), note: row.read(), at: row.read())
        }
    }

    static func reports(_ id: AdoptionID) -> Statement<EvidenceReport> {
        Statement(
            "adoption.reports",
            """
            select e.report_id, e.report_version, e.reference, e.title, e.direction, e.sms, e.padlock, e.published_at
            from la_adoption a cross join lateral public.evidence_for(a.practice_id) e
            where a.id = \(id) order by e.published_at, e.report_id
            """
        ) { row in
            try EvidenceReport(
                id: row.read(), version: row.read(), reference: row.read(), title: row.read(), direction: row.read(),
                sms: row.read(), padlock: row.read(), publishedAt: row.read())
        }
    }

    static func insert(
        _ id: AdoptionID, of practice: PracticeID, by organisation: OrganisationID, _ person: PersonID,
        _ content: Adoption.Content
    ) -> Statement<Void> {
        Statement(
            "adoption.insert",
            """
            insert into la_adoption (id, reference, practice_id, organisation_id, declared_by, started_on, coverage_pct,
                adaptations, fidelity, local_cost, funded_by, funding_ended_on, awareness_source, evidence_read)
            values (\(id), next_reference('ADO'), \(practice), \(organisation), \(person), \(values(content)))
            """)
    }

    static func move(
        _ id: AdoptionID, _ event: AdoptionEvent, to state: Adoption.State, by person: PersonID,
        _ content: Adoption.Content, because reason: String?
    ) -> Statement<Void> {
        Statement(
            "adoption.move",
            """
            update la_adoption set \(SQL.moved(event, to: state)), declared_by = \(person),
                reason = coalesce(\(reason), reason), (started_on, coverage_pct, adaptations, fidelity, local_cost, funded_by,
                funding_ended_on, awareness_source, evidence_read) = (\(values(content)))
            where id = \(id)
            """)
    }

    private static func values(_ content: Adoption.Content) -> SQL {
        """
        \(content.startedOn), \(content.coverage)::numeric / 100, \(content.adaptations), \(content.fidelity),
        \(content.localCost), \(content.fundedBy), \(content.fundingEndedOn), \(content.awarenessSource),
        \(content.evidenceRead)
        """
    }

    static func verify(
        _ id: AdoptionID, _ state: Adoption.State, as kind: Adoption.Verification, by subject: Subject, note: String
    ) -> Statement<Void> {
        Statement(
            "adoption.verify",
            """
            insert into adoption_verification (id, adoption_id, state, kind, verified_by, organisation_id, note)
            values (\(Identifier<AdoptionFinding>.fresh()), \(id), \(state), \(kind), \(subject.person),
                \(subject.organisation), \(note))
            """)
    }
}

/// What the database is asked about what was done to spread the word.
enum DisseminationStatements {
    static func activities(ofPractice practice: PracticeID) -> Statement<DisseminationActivity> {
        Statement(
            "dissemination.activities",
            """
            select d.id, d.kind, d.title, d.planned_on, v.delivered_on, v.attendance, v.cost,
                (select count(*) from dissemination_reach r where r.dissemination_id = d.id), o.surveyed, o.using_it
            from dissemination d
            left join dissemination_delivery v on v.dissemination_id = d.id
            left join dissemination_outcome o on o.dissemination_id = d.id
            where d.practice_id = \(practice) order by d.planned_on desc, d.id desc
            """
        ) { row in
            try DisseminationActivity(
                id: row.read(), kind: row.read(), title: row.read(), plannedOn: row.read(), deliveredOn: row.read(),
                attendance: row.read(), cost: row.read(), authorities: row.read(), surveyed: row.read(),
                usingIt: row.read())
        }
    }

    static func practice(of id: Identifier<DisseminationActivity>) -> Statement<PracticeID> {
        Statement("dissemination.practice", "select practice_id from dissemination where id = \(id)") { row in
            try row.read()
        }
    }

    static func plan(
        _ id: Identifier<DisseminationActivity>, of practice: PracticeID, _ kind: DisseminationActivity.Kind,
        _ title: String,
        on day: Day, by person: PersonID
    ) -> Statement<Void> {
        Statement(
            "dissemination.plan",
            """
            insert into dissemination (id, practice_id, kind, title, planned_on, planned_by)
            values (\(id), \(practice), \(kind), \(title), \(day), \(person))
            """)
    }

    static func deliver(
        _ id: Identifier<DisseminationActivity>, on day: Day, attendance: Int, cost: Money, by person: PersonID
    ) -> Statement<Void> {
        Statement(
            "dissemination.deliver",
            """
            insert into dissemination_delivery (dissemination_id, delivered_on, attendance, cost, recorded_by)
            values (\(id), \(day), \(attendance), \(cost), \(person))
            """)
    }

    static func reach(_ id: Identifier<DisseminationActivity>, _ organisations: [OrganisationID]) -> Statement<Void> {
        Statement(
            "dissemination.reach",
            """
            insert into dissemination_reach (dissemination_id, organisation_id)
            select \(id), o.id from unnest(\(organisations)) as o (id) on conflict do nothing
            """)
    }

    static func outcome(
        _ id: Identifier<DisseminationActivity>, surveyed: Int, usingIt: Int, note: String, by person: PersonID
    ) -> Statement<Void> {
        Statement(
            "dissemination.outcome",
            """
            insert into dissemination_outcome (dissemination_id, surveyed, using_it, note, recorded_by)
            values (\(id), \(surveyed), \(usingIt), \(note), \(person))
            """)
    }
}
