import Domain
import Postgres

/// A round as its row has it, with what permission and pages need of its programme.
struct RoundRecord: Sendable {
    let id: RoundID
    let reference: String
    let programme: ProgrammeID
    let state: Round.State
    let version: Int
    let author: PersonID
    let authorName: String
    let department: OrganisationID
    let programmeTitle: String
    let programmeReference: String
    let programmeState: Programme.State
    let seniorOfficer: PersonID?
    let content: Round.Content

    /// The round, once criteria and rules are known.
    func round(criteria: [Criterion] = [], rules: [EligibilityRule] = []) -> Round {
        var content = content
        content.criteria = criteria
        content.rules = rules
        return Round(
            id: id, reference: reference, programme: programme, state: state, version: version, author: author,
            content: content)
    }
}

/// What the database is asked about rounds.
enum RoundStatements {
    private static let columns: SQL = """
        r.id, r.reference, r.programme_id, r.state, r.version, r.created_by, coalesce(author.name, ''),
            p.organisation_id,
        p.title, p.reference, p.state, p.sor_id, r.title, r.prospectus, r.opens_at, r.closes_at, r.min_award,
            r.max_award,
        r.budget
        from round r
        join programme p on p.id = r.programme_id
        left join person author on author.id = r.created_by
        """

    static func find(_ id: RoundID) -> Statement<RoundRecord> {
        Statement("round.find", "select \(columns) where r.id = \(id)", decode: record)
    }

    /// The round that a bid is in.
    static func find(ofBid bid: BidID) -> Statement<RoundRecord> {
        Statement(
            "round.find_of_bid", "select \(columns) where r.id = (select b.round_id from bid b where b.id = \(bid))",
            decode: record)
    }

    /// The round that an approval's bid is in.
    static func find(of approval: ApprovalID) -> Statement<RoundRecord> {
        Statement(
            "round.find_of_approval",
            """
            select \(columns) where r.id = (select b.round_id from approval a join bid b on b.id = a.bid_id
                where a.id = \(approval))
            """, decode: record)
    }

    static func lock(_ id: RoundID) -> Statement<RoundRecord> {
        Statement("round.lock", "select \(columns) where r.id = \(id) for no key update of r", decode: record)
    }

    private static func record(_ row: inout RowReader) throws -> RoundRecord {
        try RoundRecord(
            id: row.read(), reference: row.read(), programme: row.read(), state: row.read(), version: row.read(),
            author: row.read(), authorName: row.read(), department: row.read(), programmeTitle: row.read(),
            programmeReference: row.read(), programmeState: row.read(), seniorOfficer: row.read(),
            content: content(&row))
    }

    private static func content(_ row: inout RowReader) throws -> Round.Content {
        var content = Round.Content()
        content.title = try row.read()
        content.prospectus = try row.read()
        content.opensAt = try row.read()
        content.closesAt = try row.read()
        content.minimumAward = try row.read()
        content.maximumAward = try row.read()
        content.budget = try row.read()
        return content
    }

    static func criteria(_ id: RoundID) -> Statement<Criterion> {
        criteria(where: "round_id = \(id)")
    }

    /// The criteria of the round that a bid is in.
    static func criteria(ofBid bid: BidID) -> Statement<Criterion> {
        criteria(where: "round_id = (select b.round_id from bid b where b.id = \(bid))")
    }

    static func criteria(where predicate: SQL) -> Statement<Criterion> {
        Statement(
            "round.criteria",
            """
            select id, code, title, (weight * 100)::integer, pass_mark, scorer, guidance from criterion
            where \(predicate) order by position
            """
        ) { row in
            try Criterion(
                id: row.read(), code: row.read(), title: row.read(), weightBasisPoints: row.read(),
                passMark: row.read(),
                scorer: row.read(), guidance: row.read())
        }
    }

    static func rules(_ id: RoundID) -> Statement<EligibilityRule> {
        rules(where: "round_id = \(id)")
    }

    /// The rules of the round that a bid is in.
    static func rules(ofBid bid: BidID) -> Statement<EligibilityRule> {
        rules(where: "round_id = (select b.round_id from bid b where b.id = \(bid))")
    }

    private static func rules(where predicate: SQL) -> Statement<EligibilityRule> {
        Statement(
            "round.rules",
            "select code, sentence, predicate, source from eligibility_rule where \(predicate) order by position"
        ) { row in
            try EligibilityRule(
                code: row.read(), sentence: row.read(), predicate: JSON.value(row.read(PostgresJSON.self).text),
                source: row.read())
        }
    }

    private static let rowColumns: SQL = """
        select r.id, r.reference, r.title, r.programme_id, p.title, r.state, r.opens_at, r.closes_at, r.budget,
            (select count(*) from bid b where b.round_id = r.id)
        from round r join programme p on p.id = r.programme_id
        """

    private static func row(_ row: inout RowReader) throws -> RoundRow {
        try RoundRow(
            id: row.read(), reference: row.read(), title: row.read(), programme: row.read(), programmeTitle: row.read(),
            state: row.read(), opensAt: row.read(), closesAt: row.read(), budget: row.read(), bids: row.read())
    }

    static func ofProgramme(_ id: ProgrammeID) -> Statement<RoundRow> {
        Statement(
            "round.of_programme", "\(rowColumns) where r.programme_id = \(id) order by r.created_at desc, r.id desc",
            decode: row)
    }

    /// Newest first; ids are made in the order of time.
    static func list(after: RoundID?, limit: Int) -> Statement<RoundRow> {
        Statement(
            "round.list",
            "\(rowColumns) where (\(after)::uuid is null or r.id < \(after)) order by r.id desc limit \(limit)",
            decode: row)
    }

    /// Open for bidding at this moment, the first to close first.
    static func open(after: (Instant, RoundID)?, limit: Int) -> Statement<RoundRow> {
        Statement(
            "round.open",
            """
            \(rowColumns) where r.state = 'open' and now() < r.closes_at
                and (\(after?.0)::timestamptz is null or (r.closes_at, r.id) > (\(after?.0), \(after?.1)))
            order by r.closes_at, r.id limit \(limit)
            """, decode: row)
    }

    /// How many of the bids that the actor may see stand where.
    static func bidCounts(_ id: RoundID) -> Statement<BidCount> {
        Statement(
            "round.bid_counts", "select state, count(*) from bid where round_id = \(id) group by state order by state"
        ) { row in
            try BidCount(state: row.read(), count: row.read())
        }
    }

    /// What has been approved in this round so far.
    static func awarded(_ id: RoundID) -> Statement<Money> {
        Statement(
            "round.awarded",
            """
            select coalesce(sum(a.amount), 0)::numeric(14,2) from approval a join bid b on b.id = a.bid_id
            where b.round_id = \(id) and a.state = 'approved'
            """
        ) { row in try row.read() }
    }

    /// What the round's money and time are held against: the programme's budget, what its other rounds take of it, and
    /// how many working days a round stays open at least.
    static func limits(_ id: RoundID) -> Statement<RoundLimits> {
        Statement(
            "round.limits",
            """
            select coalesce((select sum(l.amount) from budget_line l where l.programme_id = r.programme_id),
                0)::numeric(14,2),
                coalesce((select sum(x.budget) from round x where x.programme_id = r.programme_id and x.id <> r.id
                    and x.state not in ('draft', 'cancelled')), 0)::numeric(14,2),
                coalesce((select value::integer from setting where code = 'round_minimum_working_days'), 10),
                array(select day from bank_holiday)
            from round r where r.id = \(id)
            """
        ) { row in
            let (budget, committed): (Money, Money) = (try row.read(), try row.read())
            let days: Int = try row.read()
            let holidays: [Day] = try row.read()
            return RoundLimits(budget: budget, committed: committed, workingDays: days, holidays: Set(holidays))
        }
    }

    /// Duties of every case of the round that would exclude somebody from deciding it.
    static func ledger(_ id: RoundID) -> Statement<Duty.Performed> {
        Statement(
            "round.ledger",
            """
            select d.person_id, d.duty, d.object_version
            from workflow.duty_performed d join bid b on b.id = d.case_id
            where b.round_id = \(id) and d.duty = 'AP'
            """
        ) { row in
            try Duty.Performed(person: row.read(), duty: row.read(), version: row.read())
        }
    }

    static func insert(_ id: RoundID, in programme: ProgrammeID, by author: PersonID, _ content: Round.Content)
        -> Statement<Void>
    {
        Statement(
            "round.insert",
            """
            insert into round (id, reference, programme_id, created_by, title, prospectus, opens_at, closes_at,
                min_award,
                max_award, budget)
            values (\(id), next_reference('RND'), \(programme), \(author), \(content.title), \(content.prospectus),
                \(content.opensAt), \(content.closesAt), \(content.minimumAward), \(content.maximumAward),
                \(content.budget))
            """)
    }

    static func save(_ id: RoundID, _ content: Round.Content) -> Statement<Void> {
        Statement(
            "round.save",
            """
            update round set title = \(content.title), prospectus = \(content.prospectus), opens_at =
                \(content.opensAt),
                closes_at = \(content.closesAt), min_award = \(content.minimumAward), max_award =
                    \(content.maximumAward),
                budget = \(content.budget), version = version + 1
            where id = \(id)
            """)
    }

    static func clearCriteria(_ id: RoundID) -> Statement<Void> {
        Statement("round.clear_criteria", "delete from criterion where round_id = \(id)")
    }

    static func addCriteria(_ id: RoundID, _ criteria: [Criterion]) -> Statement<Void> {
        // Always new: a round is often copied from another, whose criteria keep their ids. Scores come after the freeze.
        let ids = criteria.map { _ in CriterionID.fresh() }
        let weights = criteria.map { Money(pence: $0.weightBasisPoints) }
        return Statement(
            "round.add_criteria",
            """
            insert into criterion (id, round_id, code, title, weight, pass_mark, scorer, guidance, position)
            select c.id, \(id), c.code, c.title, c.weight, c.pass_mark, c.scorer, c.guidance, c.position
            from unnest(\(ids), \(criteria.map(\.code)), \(criteria.map(\.title)), \(weights),
                \(criteria.map(\.passMark)),
                \(criteria.map(\.scorer.rawValue)), \(criteria.map(\.guidance)))
                with ordinality as c (id, code, title, weight, pass_mark, scorer, guidance, position)
            """)
    }

    static func clearRules(_ id: RoundID) -> Statement<Void> {
        Statement("round.clear_rules", "delete from eligibility_rule where round_id = \(id)")
    }

    static func addRules(_ id: RoundID, _ rules: [EligibilityRule]) throws -> Statement<Void> {
        let ids = rules.map { _ in Identifier<EligibilityRule>.fresh() }
        let predicates = try rules.map { PostgresJSON(try JSON.encode($0.predicate)) }
        return Statement(
            "round.add_rules",
            """
            insert into eligibility_rule (id, round_id, code, sentence, predicate, source, position)
            select e.id, \(id), e.code, e.sentence, e.predicate, e.source, e.position
            from unnest(\(ids), \(rules.map(\.code)), \(rules.map(\.sentence)), \(predicates), \(rules.map(\.source)))
                with ordinality as e (id, code, sentence, predicate, source, position)
            """)
    }

    static func move(_ id: RoundID, to state: Round.State, by event: RoundEvent) -> Statement<Void> {
        Statement(
            "round.move",
            """
            update round set state = \(state), last_event = \(event), transition_seq = transition_seq + 1,
                version = version + 1 where id = \(id)
            """)
    }

    /// Approves and keeps the digest of what was approved.
    static func approve(_ id: RoundID, frozen hash: [UInt8]) -> Statement<Void> {
        Statement(
            "round.approve",
            """
            update round set state = 'approved', last_event = 'approve', transition_seq = transition_seq + 1,
                version = version + 1, frozen_hash = \(Bytes(hash)) where id = \(id)
            """)
    }

    static func extend(_ id: RoundID, until close: Instant) -> Statement<Void> {
        Statement(
            "round.extend",
            """
            update round set closes_at = \(close), last_event = 'extend', transition_seq = transition_seq + 1,
                version = version + 1 where id = \(id)
            """)
    }

    /// Of each bid that is still in the running: its state, and how many appraisals of each kind it has.
    static func standing(_ id: RoundID) -> Statement<BidStanding> {
        Statement(
            "round.standing",
            """
            select b.id, b.reference, b.state,
                (select count(*) from appraisal a where a.bid_id = b.id and a.kind = 'appraiser'),
                (select count(*) from appraisal a where a.bid_id = b.id and a.kind = 'what_works')
            from bid b where b.round_id = \(id) order by b.reference
            """
        ) { row in
            try BidStanding(
                id: row.read(), reference: row.read(), state: row.read(), appraisers: row.read(), whatWorks: row.read())
        }
    }
}

/// How far one bid of a round is.
struct BidStanding: Sendable {
    let id: BidID
    let reference: String
    let state: Bid.State
    let appraisers: Int
    let whatWorks: Int
}
