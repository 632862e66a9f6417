import Domain
import Postgres

/// An appraisal as its row has it.
struct AppraisalRecord: Sendable {
    let appraisal: Appraisal
    let appraiserName: String
    let appraiserOrganisation: OrganisationID?
    let returnReason: String?
}

/// What the database is asked about appraisals.
enum AppraisalStatements {
    private static let columns: SQL = """
        a.id, a.bid_id, a.appraiser_id, a.kind, a.due_on, a.state, a.version, coalesce(p.name, ''), p.organisation_id,
        a.return_reason
        from appraisal a left join person p on p.id = a.appraiser_id
        """

    static func find(_ id: AppraisalID) -> Statement<AppraisalRecord> {
        Statement("appraisal.find", "select \(columns) where a.id = \(id)", decode: record)
    }

    static func lock(_ id: AppraisalID) -> Statement<AppraisalRecord> {
        Statement("appraisal.lock", "select \(columns) where a.id = \(id) for no key update of a", decode: record)
    }

    /// All appraisals of a bid that the actor may see.
    static func ofBid(_ bid: BidID) -> Statement<AppraisalRecord> {
        Statement("appraisal.of_bid", "select \(columns) where a.bid_id = \(bid) order by a.id", decode: record)
    }

    /// All appraisals of the bid that this one is of.
    static func siblings(_ id: AppraisalID) -> Statement<AppraisalRecord> {
        Statement(
            "appraisal.siblings",
            "select \(columns) where a.bid_id = (select x.bid_id from appraisal x where x.id = \(id)) order by a.id",
            decode: record)
    }

    static func siblings(of approval: ApprovalID) -> Statement<AppraisalRecord> {
        Statement(
            "appraisal.of_approval",
            """
            select \(columns) where a.bid_id = (select x.bid_id from approval x where x.id = \(approval))
            order by a.id
            """,
            decode: record)
    }

    private static func record(_ row: inout RowReader) throws -> AppraisalRecord {
        let appraisal = try Appraisal(
            id: row.read(), bid: row.read(), appraiser: row.read(), kind: row.read(), dueOn: row.read(),
            state: row.read(),
            version: row.read())
        return try AppraisalRecord(
            appraisal: appraisal, appraiserName: row.read(), appraiserOrganisation: row.read(), returnReason: row.read()
        )
    }

    private static let rowColumns: SQL = """
        select a.id, a.bid_id, b.reference, b.title, o.name, r.title, a.appraiser_id, coalesce(p.name, ''), a.kind,
            a.due_on, a.state, a.version
        from appraisal a
        join bid b on b.id = a.bid_id
        join round r on r.id = b.round_id
        join organisation o on o.id = b.organisation_id
        left join person p on p.id = a.appraiser_id
        """

    private static func row(_ row: inout RowReader) throws -> AppraisalRow {
        try AppraisalRow(
            id: row.read(), bid: row.read(), bidReference: row.read(), bidTitle: row.read(),
            organisationName: row.read(),
            roundTitle: row.read(), appraiser: row.read(), appraiserName: row.read(), kind: row.read(),
            dueOn: row.read(),
            state: row.read(), version: row.read())
    }

    static func rows(ofBid bid: BidID) -> Statement<AppraisalRow> {
        Statement("appraisal.rows_of_bid", "\(rowColumns) where a.bid_id = \(bid) order by a.id", decode: row)
    }

    /// The actor's own that still want something, the first due first, then the others.
    static func mine(after: (Int, Day, AppraisalID)?, limit: Int) -> Statement<AppraisalRow> {
        let done: SQL = "(a.state in ('submitted', 'final'))::integer"
        return Statement(
            "appraisal.mine",
            """
            \(rowColumns) where a.appraiser_id = (select actor.person_id())
                and (\(after?.1)::date is null
                    or (\(sql: done), a.due_on, a.id) > (\(after?.0)::integer, \(after?.1), \(after?.2)))
            order by \(sql: done), a.due_on, a.id limit \(limit)
            """, decode: row)
    }

    static func criteria(_ id: AppraisalID) -> Statement<Criterion> {
        RoundStatements.criteria(
            where: """
                round_id = (select b.round_id from appraisal a join bid b on b.id = a.bid_id where a.id = \(id))
                """)
    }

    static func criteria(of approval: ApprovalID) -> Statement<Criterion> {
        RoundStatements.criteria(
            where: """
                round_id = (select b.round_id from approval a join bid b on b.id = a.bid_id where a.id = \(approval))
                """)
    }

    /// The newest score on each criterion: what was once thought stays underneath.
    static func scores(_ id: AppraisalID) -> Statement<Score> {
        Statement(
            "appraisal.scores",
            """
            select distinct on (criterion_id) criterion_id, value, rationale from score where appraisal_id = \(id)
            order by criterion_id, recorded_at desc, id desc
            """
        ) { row in
            try Score(criterion: row.read(), value: row.read(), rationale: row.read())
        }
    }

    /// The newest score on each criterion in each appraisal of a bid that the actor may see.
    static func scores(ofBid bid: BidID) -> Statement<ScoreRecord> {
        scores(where: "a.bid_id = \(bid)")
    }

    static func scores(of approval: ApprovalID) -> Statement<ScoreRecord> {
        scores(where: "a.bid_id = (select x.bid_id from approval x where x.id = \(approval))")
    }

    private static func scores(where predicate: SQL) -> Statement<ScoreRecord> {
        Statement(
            "appraisal.scores_of_bid",
            """
            select distinct on (s.appraisal_id, s.criterion_id) s.appraisal_id, s.criterion_id, s.value, s.rationale
            from score s join appraisal a on a.id = s.appraisal_id
            where \(predicate)
            order by s.appraisal_id, s.criterion_id, s.recorded_at desc, s.id desc
            """
        ) { row in
            try ScoreRecord(
                appraisal: row.read(), score: Score(criterion: row.read(), value: row.read(), rationale: row.read()))
        }
    }

    /// People who could be given this bid: hold the capacity, are not of the bidding authority, and are not on it
    /// already.
    static func assignable(_ bid: BidID) -> Statement<AssignablePerson> {
        Statement(
            "appraisal.assignable",
            """
            select p.id, p.name, o.name, case when p.role = 'what_works' then 'what_works' else 'appraiser' end
            from person p join organisation o on o.id = p.organisation_id
            where p.state = 'active'
                and exists (select from capacity c where c.person_id = p.id and c.code in ('appraiser', 'reviewer')
                    and c.valid_from <= current_date and (c.valid_to is null or current_date <= c.valid_to))
                and not exists (select from appraisal a where a.bid_id = \(bid) and a.appraiser_id = p.id)
                and not exists (select from workflow.duty_performed d join workflow.duty_conflict x
                    on x.duty = d.duty and x.other = 'AP' where d.case_id = \(bid) and d.person_id = p.id)
            order by 4, p.name, p.id
            """
        ) { row in
            try AssignablePerson(id: row.read(), name: row.read(), organisationName: row.read(), kind: row.read())
        }
    }

    /// One person with the organisation and the scorer's capacity they hold, if any.
    static func scorer(_ person: PersonID) -> Statement<ScorerRecord> {
        Statement(
            "appraisal.scorer",
            """
            select p.id, p.organisation_id,
                case when p.role = 'what_works' then 'what_works' else 'appraiser' end
            from person p
            where p.id = \(person) and p.state = 'active'
                and exists (select from capacity c where c.person_id = p.id and c.code in ('appraiser', 'reviewer')
                    and c.valid_from <= current_date and (c.valid_to is null or current_date <= c.valid_to))
            """
        ) { row in
            try ScorerRecord(person: row.read(), organisation: row.read(), kind: row.read())
        }
    }

    static func insert(
        _ id: AppraisalID, of bid: BidID, for person: PersonID, kind: Criterion.Scorer, due: Day, by: PersonID
    )
        -> Statement<Void>
    {
        Statement(
            "appraisal.insert",
            """
            insert into appraisal (id, bid_id, appraiser_id, kind, due_on, assigned_by)
            values (\(id), \(bid), \(person), \(kind), \(due), \(by))
            """)
    }

    static func move(
        _ id: AppraisalID, to state: Appraisal.State, by event: AppraisalEvent, because reason: String? = nil
    )
        -> Statement<Void>
    {
        Statement(
            "appraisal.move",
            """
            update appraisal set state = \(state), last_event = \(event), transition_seq = transition_seq + 1,
                version = version + 1, return_reason = coalesce(\(reason), return_reason) where id = \(id)
            """)
    }

    /// Every saving is a new row for each score that changed.
    static func insertScores(_ scores: [Score], in id: AppraisalID, by person: PersonID) -> Statement<Void> {
        Statement(
            "appraisal.insert_scores",
            """
            insert into score (id, appraisal_id, criterion_id, value, rationale, recorded_by)
            select s.id, \(id), s.criterion, s.value, s.rationale, \(person)
            from unnest(\(scores.map { _ in Identifier<Score>.fresh() }), \(scores.map(\.criterion)),
                \(scores.map(\.value)),
                \(scores.map(\.rationale))) as s (id, criterion, value, rationale)
            """)
    }

    /// A saving moves the version, so that two windows of one appraiser notice each other.
    static func touch(_ id: AppraisalID) -> Statement<Void> {
        Statement("appraisal.touch", "update appraisal set version = version + 1 where id = \(id)")
    }
}

/// One score of one appraisal.
struct ScoreRecord: Sendable {
    let appraisal: AppraisalID
    let score: Score
}

/// Somebody who may score.
struct ScorerRecord: Sendable {
    let person: PersonID
    let organisation: OrganisationID
    let kind: Criterion.Scorer
}
