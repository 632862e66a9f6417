import Domain
import Postgres

/// An assessment as its row has it.
struct CapacityAssessmentRecord: Sendable {
    let assessment: CapacityAssessment
    let organisationName: String
    let peerName: String?
    let context: CapacityAssessment.Context
    let dueOn: Day
    let certifiedAt: Instant?
    let moderationNote: String
    let reason: String?
    let sequence: Int
    let isSeenByDepartment: Bool

    /// What permissions ask. The peer that was asked sees it once it is certified; the department its case team's.
    func facts(for subject: Subject) -> Permission.Facts {
        let asked = assessment.peer == subject.organisation && assessment.state.isCertified
        return Permission.Facts(
            organisation: assessment.organisation,
            published: asked || (subject.role == .department && isSeenByDepartment))
    }
}

/// What the database is asked about capacity assessments.
enum CapacityAssessmentStatements {
    private static let columns: SQL = """
        c.id, c.reference, c.organisation_id, c.wave, c.state, c.version, c.rubric_version, c.peer_id, o.name, peer.name,
        c.evaluation_done_by, c.support_received, c.data_readiness, c.due_on, c.certified_at, c.moderation_note, c.reason,
        c.transition_seq, (select actor.department()) is not null
        from capacity_assessment c
        join organisation o on o.id = c.organisation_id
        left join organisation peer on peer.id = c.peer_id
        """

    static func find(_ id: CapacityAssessmentID) -> Statement<CapacityAssessmentRecord> {
        Statement("capacity.find", "select \(columns) where c.id = \(id)", decode: record)
    }

    static func lock(_ id: CapacityAssessmentID) -> Statement<CapacityAssessmentRecord> {
        Statement("capacity.lock", "select \(columns) where c.id = \(id) for no key update of c", decode: record)
    }

    private static func record(_ row: inout RowReader) throws -> CapacityAssessmentRecord {
        let assessment = try CapacityAssessment(
            id: row.read(), reference: row.read(), organisation: row.read(), wave: row.read(), state: row.read(),
            version: row.read(), rubricVersion: row.read(), peer: row.read())
        return try CapacityAssessmentRecord(
            assessment: assessment, organisationName: row.read(), peerName: row.read(), context: context(&row),
            dueOn: row.read(), certifiedAt: row.read(), moderationNote: row.read(), reason: row.read(),
            sequence: row.read(), isSeenByDepartment: row.read())
    }

    private static func context(_ row: inout RowReader) throws -> CapacityAssessment.Context {
        var context = CapacityAssessment.Context()
        context.doneBy = try row.read()
        context.support = try row.read()
        context.dataReadiness = try row.read()
        return context
    }

    private static let rowColumns: SQL = """
        select c.id, c.reference, o.name, c.wave, c.state, c.due_on, c.created_at, c.certified_at
        from capacity_assessment c join organisation o on o.id = c.organisation_id
        """

    private static func row(_ row: inout RowReader) throws -> CapacityAssessmentRow {
        try CapacityAssessmentRow(
            id: row.read(), reference: row.read(), organisationName: row.read(), wave: row.read(), state: row.read(),
            dueOn: row.read(), createdAt: row.read(), certifiedAt: row.read())
    }

    /// By authority, the newest first within it.
    static func list(after: (String, Instant, CapacityAssessmentID)?, limit: Int) -> Statement<CapacityAssessmentRow> {
        Statement(
            "capacity.list",
            """
            \(rowColumns)
            where (\(after?.0)::text is null or o.name > \(after?.0)
                or (o.name = \(after?.0) and (c.created_at, c.id) < (\(after?.1), \(after?.2))))
            order by o.name, c.created_at desc, c.id desc limit \(limit)
            """, decode: row)
    }

    static func rubric(of id: CapacityAssessmentID) -> Statement<CapacityDimension> {
        Statement(
            "capacity.rubric",
            """
            select r.dimension, r.title, r.levels, r.source
            from capacity_rubric r join capacity_assessment c on c.rubric_version = r.version
            where c.id = \(id) order by r.position
            """
        ) { row in
            try CapacityDimension(code: row.read(), title: row.read(), levels: row.read(), source: row.read())
        }
    }

    /// The newest view of each person on each dimension, as far as the actor may see.
    static func voices(_ id: CapacityAssessmentID) -> Statement<CapacityVoiceView> {
        Statement(
            "capacity.voices",
            """
            select distinct on (r.dimension, r.respondent_id) r.respondent_id, r.team, r.dimension, r.level, r.evidence,
                coalesce(p.name, '')
            from capacity_response r left join person p on p.id = r.respondent_id
            where r.assessment_id = \(id) order by r.dimension, r.respondent_id, r.at desc, r.id desc
            """
        ) { row in
            let voice = try CapacityVoice(
                person: row.read(), team: row.read(),
                answer: CapacityAnswer(dimension: row.read(), level: row.read(), evidence: row.read()))
            return try CapacityVoiceView(voice: voice, personName: row.read())
        }
    }

    /// The levels of the newest certification.
    static func levels(_ id: CapacityAssessmentID) -> Statement<CapacityAnswer> {
        levels(where: "l.assessment_id = \(id)")
    }

    private static func levels(where predicate: SQL) -> Statement<CapacityAnswer> {
        Statement(
            "capacity.levels",
            """
            select l.dimension, l.level, l.evidence from capacity_level l
            where \(predicate) and l.certification = (
                select max(x.certification) from capacity_level x where x.assessment_id = l.assessment_id)
            order by l.dimension
            """
        ) { row in try CapacityAnswer(dimension: row.read(), level: row.read(), evidence: row.read()) }
    }

    /// The certified assessment of the same authority before this one.
    static func earlier(than id: CapacityAssessmentID) -> Statement<Earlier> {
        Statement(
            "capacity.earlier",
            """
            select e.id, e.reference, o.name, e.wave, e.state, e.due_on, e.created_at, e.certified_at, e.rubric_version
            from capacity_assessment c
            join capacity_assessment e on e.organisation_id = c.organisation_id and e.id <> c.id
                and e.certified_at is not null and e.state in ('certified', 'moderated', 'locked')
                and e.certified_at < coalesce(c.certified_at, now())
            join organisation o on o.id = e.organisation_id
            where c.id = \(id) order by e.certified_at desc, e.id desc limit 1
            """
        ) { reader in try Earlier(row: row(&reader), rubric: reader.read()) }
    }

    /// An assessment before this one, with its rubric.
    struct Earlier: Sendable {
        let row: CapacityAssessmentRow
        let rubric: Int
    }

    static func levelsOfEarlier(than id: CapacityAssessmentID) -> Statement<CapacityAnswer> {
        levels(
            where: """
                l.assessment_id = (
                    select e.id from capacity_assessment c
                    join capacity_assessment e on e.organisation_id = c.organisation_id and e.id <> c.id
                        and e.certified_at is not null and e.state in ('certified', 'moderated', 'locked')
                        and e.certified_at < coalesce(c.certified_at, now())
                    where c.id = \(id) order by e.certified_at desc, e.id desc limit 1)
                """)
    }

    static let peers = Statement<AuthorityChoice>(
        "capacity.peers",
        """
        select id, name from organisation where kind = 'local_authority' and active_to is null
            and id <> (select actor.organisation_id())
        order by name, id
        """
    ) { row in try AuthorityChoice(id: row.read(), name: row.read()) }

    static let regions = Statement<RegionalCapacity>(
        "capacity.regions",
        """
        select region, dimension, rubric_version, authorities, array[level_1, level_2, level_3, level_4]::bigint[], two_waves,
            improved, unchanged, fell
        from public.capacity_by_region() order by region, dimension, rubric_version
        """
    ) { row in
        try RegionalCapacity(
            region: row.read(), dimension: row.read(), rubricVersion: row.read(), authorities: row.read(),
            levels: row.read(), twice: row.read(), improved: row.read(), unchanged: row.read(), fell: row.read())
    }

    static func insert(_ id: CapacityAssessmentID, for organisation: OrganisationID, due: Day) -> Statement<Void> {
        Statement(
            "capacity.insert",
            """
            insert into capacity_assessment (id, reference, organisation_id, wave, due_on, rubric_version)
            values (\(id), next_reference('CAP'), \(organisation), 'voluntary', \(due),
                (select max(version) from capacity_rubric))
            """)
    }

    static func answer(_ id: CapacityAssessmentID, _ answer: CapacityAnswer, team: String, by person: PersonID)
        -> Statement<Void>
    {
        Statement(
            "capacity.answer",
            """
            insert into capacity_response (id, assessment_id, dimension, level, evidence, team, respondent_id)
            values (\(Identifier<CapacityVoice>.fresh()), \(id), \(answer.dimension), \(answer.level), \(answer.evidence),
                \(team), \(person))
            """)
    }

    static func describe(_ id: CapacityAssessmentID, _ context: CapacityAssessment.Context) -> Statement<Void> {
        Statement(
            "capacity.describe",
            """
            update capacity_assessment set evaluation_done_by = \(context.doneBy), support_received = \(context.support),
                data_readiness = \(context.dataReadiness), version = version + 1
            where id = \(id)
            """)
    }

    static func level(_ id: CapacityAssessmentID, in certification: Int, _ answer: CapacityAnswer, by person: PersonID)
        -> Statement<
            Void
        >
    {
        Statement(
            "capacity.level",
            """
            insert into capacity_level (assessment_id, certification, dimension, level, evidence, agreed_by)
            values (\(id), \(certification), \(answer.dimension), \(answer.level), \(answer.evidence), \(person))
            """)
    }

    static func move(
        _ id: CapacityAssessmentID, _ event: CapacityAssessmentEvent, to state: CapacityAssessment.State,
        certifier: PersonID? = nil, moderator: PersonID? = nil, note: String? = nil, because reason: String? = nil
    ) -> Statement<Void> {
        Statement(
            "capacity.move",
            """
            update capacity_assessment set \(SQL.moved(event, to: state)),
                certified_by = coalesce(\(certifier), certified_by), moderated_by = coalesce(\(moderator), moderated_by),
                moderation_note = coalesce(\(note), moderation_note), reason = coalesce(\(reason), reason)
            where id = \(id)
            """)
    }

    static func askPeer(_ id: CapacityAssessmentID, _ peer: OrganisationID) -> Statement<Void> {
        Statement(
            "capacity.ask_peer",
            "update capacity_assessment set peer_id = \(peer), version = version + 1 where id = \(id)")
    }
}
