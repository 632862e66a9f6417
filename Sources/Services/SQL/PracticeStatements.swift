import Domain
import Postgres

/// A practice as its row has it.
struct PracticeRecord: Sendable {
    let practice: Practice
    let originatorName: String?
    let publishedAt: Instant?
    let reason: String?
}

/// What the database is asked about practices.
enum PracticeStatements {
    private static let columns: SQL = """
        p.id, p.reference, p.state, p.version, p.published_number, p.created_by, p.last_editor_id, p.name, p.summary,
        p.core_components, p.adaptable_components, p.population, p.features, p.unit_cost, p.cost_unit, p.price_year,
        p.staff_needed, p.originator_id, o.name, p.published_at, p.reason
        from practice p left join organisation o on o.id = p.originator_id
        """

    static func find(_ id: PracticeID) -> Statement<PracticeRecord> {
        Statement("practice.find", "select \(columns) where p.id = \(id)", decode: record)
    }

    static func lock(_ id: PracticeID) -> Statement<PracticeRecord> {
        Statement("practice.lock", "select \(columns) where p.id = \(id) for no key update of p", decode: record)
    }

    private static func record(_ row: inout RowReader) throws -> PracticeRecord {
        let practice = try Practice(
            id: row.read(), reference: row.read(), state: row.read(), version: row.read(), publishedNumber: row.read(),
            creator: row.read(), lastEditor: row.read(), content: content(&row))
        return try PracticeRecord(
            practice: practice, originatorName: row.read(), publishedAt: row.read(), reason: row.read())
    }

    private static func content(_ row: inout RowReader) throws -> Practice.Content {
        var content = Practice.Content()
        content.name = try row.read()
        content.summary = try row.read()
        content.coreComponents = try row.read()
        content.adaptableComponents = try row.read()
        content.population = try row.read()
        content.features = try row.read()
        content.unitCost = try row.read()
        content.costUnit = try row.read()
        content.priceYear = try row.read()
        content.staffNeeded = try row.read()
        content.originator = try row.read()
        return content
    }

    /// By name. The rating is the newest that was agreed.
    static func list(_ filter: PracticeFilter, after: (String, PracticeID)?, limit: Int) -> Statement<PracticeRow> {
        Statement(
            "practice.list",
            """
            select p.id, p.reference, p.name, p.summary, p.state, o.name, \(RatingStatements.briefColumns)
            from practice p
            left join organisation o on o.id = p.originator_id
            left join lateral (
                select * from evidence_rating x where x.practice_id = p.id and x.state in ('agreed', 'review_needed')
                order by x.number desc limit 1) r on true
            where (\(after?.0)::text is null or (p.name, p.id) > (\(after?.0), \(after?.1)))
                and (\(filter.state)::text is null or p.state = \(filter.state))
                and (\(filter.search)::text is null or strpos(lower(p.name || ' ' || p.summary || ' '
                    || array_to_string(p.features, ' ')), lower(\(filter.search))) > 0)
            order by p.name, p.id limit \(limit)
            """
        ) { row in
            try PracticeRow(
                id: row.read(), reference: row.read(), name: row.read(), summary: row.read(), state: row.read(),
                originatorName: row.read(), rating: RatingStatements.brief(&row))
        }
    }

    static func awards(of id: PracticeID) -> Statement<PracticeAward> {
        Statement(
            "practice.awards",
            """
            select l.bid_id, a.id, coalesce(a.reference || ': ' || a.title, b.reference || ': ' || b.title), l.part
            from practice_award l
            left join award a on a.bid_id = l.bid_id
            left join bid b on b.id = l.bid_id
            where l.practice_id = \(id) and l.ended_at is null order by l.linked_at, l.id
            """
        ) { row in
            try PracticeAward(bid: row.read(), award: row.read(), title: row.read(), part: row.read())
        }
    }

    /// Every award that is evaluated and not linked yet, from the public record: What Works sees no bids.
    static func linkable(to id: PracticeID) -> Statement<LinkableAward> {
        Statement(
            "practice.linkable",
            """
            select e.bid_id, e.award || ': ' || e.title || ', ' || e.authority from published.evaluation e
            where (select actor.role()) in ('department', 'what_works') and not exists (
                select from practice_award l where l.practice_id = \(id) and l.bid_id = e.bid_id and l.ended_at is null)
            order by e.award limit 500
            """
        ) { row in try LinkableAward(bid: row.read(), title: row.read()) }
    }

    static func insert(_ id: PracticeID, by person: PersonID, _ content: Practice.Content) -> Statement<Void> {
        Statement(
            "practice.insert",
            """
            insert into practice (id, reference, created_by, last_editor_id, name, summary, core_components,
                adaptable_components, population, features, unit_cost, cost_unit, price_year, staff_needed, originator_id)
            values (\(id), next_reference('PRA'), \(person), \(person), \(values(content)))
            """)
    }

    static func save(_ id: PracticeID, by person: PersonID, _ content: Practice.Content) -> Statement<Void> {
        Statement(
            "practice.save",
            """
            update practice set (name, summary, core_components, adaptable_components, population, features, unit_cost,
                cost_unit, price_year, staff_needed, originator_id) = (\(values(content))),
                last_editor_id = \(person), version = version + 1
            where id = \(id)
            """)
    }

    private static func values(_ content: Practice.Content) -> SQL {
        """
        \(content.name), \(content.summary), \(content.coreComponents), \(content.adaptableComponents),
        \(content.population), \(content.features), \(content.unitCost), \(content.costUnit), \(content.priceYear),
        \(content.staffNeeded), \(content.originator)
        """
    }

    static func move(
        _ id: PracticeID, _ event: PracticeEvent, to state: Practice.State, by checker: PersonID?,
        because reason: String?
    )
        -> Statement<Void>
    {
        Statement(
            "practice.move",
            """
            update practice set \(SQL.moved(event, to: state)), checked_by = coalesce(\(checker), checked_by),
                reason = coalesce(\(reason), reason)
            where id = \(id)
            """)
    }

    static func link(_ id: PracticeID, to bid: BidID, as part: Practice.Part, by person: PersonID) -> Statement<Void> {
        Statement(
            "practice.link",
            """
            insert into practice_award (id, practice_id, bid_id, part, linked_by)
            values (\(Identifier<PracticeAward>.fresh()), \(id), \(bid), \(part), \(person))
            """)
    }

    static func unlink(_ id: PracticeID, from bid: BidID, by person: PersonID) -> Statement<BidID> {
        Statement(
            "practice.unlink",
            """
            update practice_award set ended_by = \(person), ended_at = now(), version = version + 1
            where practice_id = \(id) and bid_id = \(bid) and ended_at is null
            returning bid_id
            """
        ) { row in try row.read() }
    }
}
