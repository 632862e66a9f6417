import Domain
import Postgres

/// A rating as its row has it.
struct RatingRecord: Sendable {
    let rating: EvidenceRating
    let practiceName: String
    let replicated: Bool
    let opener: PersonID
    let proposerName: String?
    let agreedAt: Instant?
    let nextReviewOn: Day?
    let reason: String?
    let proposal: String
    let hash: [UInt8]?
    let unitCost: Money?

    /// What permissions ask: What Works and the department see every rating, others what is agreed.
    func facts(for subject: Subject) -> Permission.Facts {
        Permission.Facts(
            person: opener, published: rating.state.isPublic || [.department, .whatWorks].contains(subject.role))
    }
}

/// What the database is asked about ratings.
enum RatingStatements {
    private static let columns: SQL = """
        r.id, r.reference, r.practice_id, r.number, r.state, r.version, r.proposed_by, r.content_hash, r.sms, r.padlock,
        r.level, r.emmie, r.cost_band, r.direction, r.consistency, r.rationale, r.departure_reason, p.name, r.replicated,
        r.opened_by, who.name, r.agreed_at, r.next_review_on, r.reason, r.proposal, p.unit_cost
        from evidence_rating r
        join practice p on p.id = r.practice_id
        left join person who on who.id = r.proposed_by
        """

    static func find(_ id: EvidenceRatingID) -> Statement<RatingRecord> {
        Statement("rating.find", "select \(columns) where r.id = \(id)", decode: record)
    }

    static func lock(_ id: EvidenceRatingID) -> Statement<RatingRecord> {
        Statement("rating.lock", "select \(columns) where r.id = \(id) for no key update of r", decode: record)
    }

    private static func record(_ row: inout RowReader) throws -> RatingRecord {
        let id: EvidenceRatingID = try row.read()
        let reference: String = try row.read()
        let practice: PracticeID = try row.read()
        let number: Int = try row.read()
        let state: EvidenceRating.State = try row.read()
        let version: Int = try row.read()
        let proposer: PersonID? = try row.read()
        let hash = try row.read(Bytes?.self)?.value
        let content = try content(&row)
        let rating = EvidenceRating(
            id: id, reference: reference, practice: practice, number: number, state: state, version: version,
            proposer: proposer, contentHash: hash.map { Hex.text($0) }, content: content)
        return try RatingRecord(
            rating: rating, practiceName: row.read(), replicated: row.read(), opener: row.read(),
            proposerName: row.read(),
            agreedAt: row.read(), nextReviewOn: row.read(), reason: row.read(),
            proposal: row.read(PostgresJSON.self).text,
            hash: hash, unitCost: row.read())
    }

    private static func content(_ row: inout RowReader) throws -> EvidenceRating.Content {
        var content = EvidenceRating.Content()
        content.sms = try row.read()
        content.padlock = try row.read()
        content.level = try row.read()
        let emmie = try row.read(PostgresJSON.self).text
        content.emmie = emmie == "{}" ? EvidenceRating.Emmie() : try JSON.value(emmie)
        content.costBand = try row.read()
        content.direction = try row.read()
        content.consistency = try row.read()
        content.rationale = try row.read()
        content.departureReason = try row.read()
        return content
    }

    /// A rating in brief, of a row called r that may be absent.
    static let briefColumns: SQL = """
        r.id, r.reference, r.number, r.state, r.level, r.sms, r.padlock, r.direction, r.replicated, r.agreed_at
        """

    static func brief(_ row: inout RowReader) throws -> RatingBrief? {
        let id: EvidenceRatingID? = try row.read()
        let reference: String? = try row.read()
        let number: Int? = try row.read()
        let state: EvidenceRating.State? = try row.read()
        let level: EvidenceLevel? = try row.read()
        let sms: Int? = try row.read()
        let padlock: Int? = try row.read()
        let direction: ResultDirection? = try row.read()
        let replicated: Bool? = try row.read()
        let agreedAt: Instant? = try row.read()
        guard let id, let reference, let number, let state else { return nil }
        return RatingBrief(
            id: id, reference: reference, number: number, state: state, level: level, sms: sms, padlock: padlock,
            direction: direction, replicated: replicated ?? false, agreedAt: agreedAt)
    }

    static func briefs(of practice: PracticeID) -> Statement<RatingBrief> {
        Statement(
            "rating.briefs",
            "select \(briefColumns) from evidence_rating r where r.practice_id = \(practice) order by r.number desc"
        ) { row in try brief(&row).orNotFound("rating") }
    }

    /// In hand first, then those that need review, then the rest; the newest first within each.
    static func list(state: EvidenceRating.State?, after: (Int, EvidenceRatingID)?, limit: Int) -> Statement<RatingRow>
    {
        Statement(
            "rating.list",
            """
            select \(briefColumns), r.practice_id, p.name, r.next_review_on
            from evidence_rating r join practice p on p.id = r.practice_id
            where (\(state)::text is null or r.state = \(state))
                and (\(after?.0)::bigint is null or (\(place), r.id) > (\(after?.0), \(after?.1)))
            order by \(place), r.id limit \(limit)
            """
        ) { row in
            let found = try brief(&row).orNotFound("rating")
            return try RatingRow(
                brief: found, practice: row.read(), practiceName: row.read(), nextReviewOn: row.read())
        }
    }

    /// Where a rating stands in the list.
    private static let place: SQL = """
        (case r.state when 'panel' then 0 when 'proposed' then 1 when 'not_rated' then 2 when 'review_needed' then 3
            when 'agreed' then 4 else 5 end)
        """

    /// Every published report on the practice, with the figures that a rating goes by.
    static func studies(ofPractice practice: PracticeID) -> Statement<RatedStudy> {
        studies(where: "l.practice_id = \(practice)")
    }

    /// The same for the practice of a rating.
    static func studies(of id: EvidenceRatingID) -> Statement<RatedStudy> {
        studies(where: "l.practice_id = (select x.practice_id from evidence_rating x where x.id = \(id))")
    }

    private static func studies(where predicate: SQL) -> Statement<RatedStudy> {
        Statement(
            "rating.studies",
            """
            select r.report_id, r.reference, r.title, r.version, r.sms, r.mdes::text, r.attrition::text, r.smallest_arm,
                r.follow_up_months, r.direction, coalesce(e.is_self_evaluation, false)
            from published.report r
            join practice_award l on l.bid_id = r.bid_id and l.ended_at is null
            left join published.evaluation e on e.evaluation_id = r.evaluation_id
            where \(predicate) and r.state in ('published', 'corrected')
            order by r.published_at, r.report_id
            """
        ) { row in
            try RatedStudy(
                report: row.read(), reference: row.read(), title: row.read(), version: row.read(), sms: row.read(),
                detectableEffect: row.read(String?.self).flatMap { Double($0) },
                attrition: row.read(String?.self).flatMap { Double($0) }, smallestArm: row.read(),
                followUpMonths: row.read(), direction: row.read(), isSelfEvaluation: row.read())
        }
    }

    /// The reports that the newest proposal rests on, with the versions that were read.
    static func read(_ id: EvidenceRatingID) -> Statement<EvidenceReport> {
        Statement(
            "rating.read",
            """
            select x.report_id, x.report_version, coalesce(p.reference, ''), coalesce(p.title, ''), x.direction, x.sms,
                x.padlock, p.published_at
            from evidence_rating_report x left join published.report p on p.report_id = x.report_id
            where x.rating_id = \(id)
                and x.proposal = (select max(y.proposal) from evidence_rating_report y where y.rating_id = \(id))
            order by p.published_at, x.report_id
            """
        ) { row in
            try EvidenceReport(
                id: row.read(), version: row.read(), reference: row.read(), title: row.read(), direction: row.read(),
                sms: row.read(), padlock: row.read(), publishedAt: row.read())
        }
    }

    static func votes(_ id: EvidenceRatingID) -> Statement<RatingVote> {
        Statement(
            "rating.votes",
            """
            select v.person_id, coalesce(p.name, ''), v.agrees, v.note, v.content_hash = r.content_hash, v.at
            from rating_vote v join evidence_rating r on r.id = v.rating_id left join person p on p.id = v.person_id
            where v.rating_id = \(id) order by v.at, v.id
            """
        ) { row in
            try RatingVote(
                person: row.read(), personName: row.read(), agrees: row.read(), note: row.read(),
                counts: row.read(Bool?.self) ?? false, at: row.read())
        }
    }

    static func ledger(of id: EvidenceRatingID) -> Statement<Duty.Performed> {
        Statement(
            "rating.ledger",
            """
            select d.person_id, d.duty, d.object_version from workflow.duty_performed d
            where d.person_id = (select actor.person_id()) and d.case_id in (
                select c from public.practice_cases(
                    (select r.practice_id from evidence_rating r where r.id = \(id))) as c)
            """
        ) { row in try Duty.Performed(person: row.read(), duty: row.read(), version: row.read()) }
    }

    static func insert(_ id: EvidenceRatingID, of practice: PracticeID, by person: PersonID) -> Statement<Void> {
        Statement(
            "rating.insert",
            """
            insert into evidence_rating (id, reference, practice_id, number, opened_by)
            select \(id), next_reference('RAT'), \(practice), 1 + coalesce(max(r.number), 0), \(person)
            from evidence_rating r where r.practice_id = \(practice)
            """)
    }

    static func propose(
        _ id: EvidenceRatingID, by person: PersonID, _ content: EvidenceRating.Content, emmie: String, proposal: String,
        hash: [UInt8]
    ) -> Statement<Void> {
        Statement(
            "rating.propose",
            """
            update evidence_rating set \(SQL.moved(EvidenceRatingEvent.propose, to: .proposed)), sms = \(content.sms),
                padlock = \(content.padlock), level = \(content.level), emmie = \(PostgresJSON(emmie)),
                cost_band = \(content.costBand), direction = \(content.direction), consistency = \(content.consistency),
                rationale = \(content.rationale), departure_reason = \(content.departureReason),
                proposal = \(PostgresJSON(proposal)), content_hash = \(Bytes(hash)), proposed_by = \(person)
            where id = \(id)
            """)
    }

    static func move(
        _ id: EvidenceRatingID, _ event: EvidenceRatingEvent, to state: EvidenceRating.State, because reason: String?
    ) -> Statement<Void> {
        Statement(
            "rating.move",
            """
            update evidence_rating set \(SQL.moved(event, to: state)), reason = coalesce(\(reason), reason)
            where id = \(id)
            """)
    }

    static func vote(_ id: EvidenceRatingID, by person: PersonID, hash: [UInt8], agrees: Bool, note: String)
        -> Statement<Void>
    {
        Statement(
            "rating.vote",
            """
            insert into rating_vote (id, rating_id, person_id, content_hash, agrees, note)
            values (\(Identifier<RatingVote>.fresh()), \(id), \(person), \(Bytes(hash)), \(agrees), \(note))
            """)
    }
}
