import Domain
import Postgres

/// A bid's detail as PostgreSQL wrote it, with what permission asks about it.
struct BidDocument: Sendable {
    let facts: Permission.Facts
    let version: Int
    let json: String
}

/// JSON that PostgreSQL builds and that passes through unread: rows of aliased columns, money as text, times as RFC
/// 3339.
enum BidJSONStatements {
    static func detail(_ id: BidID) -> Statement<BidDocument> {
        Statement(
            "bid.detail_json",
            """
            select b.organisation_id, r.programme_id, p.organisation_id, b.round_id, b.id, b.state, b.version,
                b.content_version, r.state, array(select a.appraiser_id from appraisal a where a.bid_id = b.id),
                row_to_json((select x from (
                    select b.id, b.reference, b.title, b.state, b.version, b.requested::text as requested,
                        b.organisation_id as "organisationId", o.name as "organisationName", b.round_id as "roundId",
                        r.reference as "roundReference", r.title as "roundTitle", r.state as "roundState",
                        r.closes_at as "closesAt", b.content_version as "contentVersion",
                        encode(b.content_hash, 'hex') as "contentHash", b.submitted_at as "submittedAt",
                        b.decline_reason as reason, b.updated_at as "updatedAt"
                ) as x))
            from bid b
            join round r on r.id = b.round_id
            join organisation o on o.id = b.organisation_id
            left join programme p on p.id = r.programme_id
            where b.id = \(id)
                and (b.organisation_id = (select actor.organisation_id()) or (select actor.role()) <> 'local_authority')
            """, decode: document)
    }

    private static func document(_ row: inout RowReader) throws -> BidDocument {
        let organisation: OrganisationID = try row.read()
        let programme: ProgrammeID? = try row.read()
        let department: OrganisationID? = try row.read()
        let round: RoundID = try row.read()
        let bid = try Bid(
            id: row.read(), reference: "", round: round, organisation: organisation, title: "", state: row.read(),
            version: row.read(), lastEditor: nil, requested: nil, contentVersion: row.read())
        let roundState: Round.State = try row.read()
        let facts = Permission.Facts(
            organisation: organisation, department: department, assignees: Set(try row.read([PersonID].self)),
            programme: programme, round: round, bid: bid.id, sealed: BidRules.isSealed(bid, round: roundState),
            published: roundState.isPublished)
        return BidDocument(facts: facts, version: bid.version, json: try row.read(PostgresJSON.self).text)
    }

    /// A page of the list of bids: `{"items": […], "next": …}`, with the same cursor as ``BidStatements/list``.
    static func list(_ filter: BidFilter, after: (Instant, BidID)?, size: Int) -> Statement<String> {
        let wanted = BidStatements.wanted(filter, after: after)
        return Statement(
            "bid.list_json",
            """
            select json_build_object(
                'items', coalesce(json_agg(x order by x."updatedAt" desc, x.id desc) filter (where place <= \(size)),
                    '[]'),
                'next', max(translate(encode(convert_to(
                        '["' || to_char(x."updatedAt" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","' ||
                            x.id || '"]',
                    'UTF8'), 'base64'), E'+/=\\n', '-_')) filter (where place = \(size) and total > \(size)))
            from (
                select y as x, row_number() over (order by y."updatedAt" desc, y.id desc) as place, count(*) over ()
                    as total
                from ((select \(columns)
                    where (select actor.role()) = 'local_authority'
                        and b.organisation_id = (select actor.organisation_id()) and \(wanted)
                    order by b.updated_at desc, b.id desc limit \(size + 1))
                    union all
                    (select \(columns)
                    where (select actor.role()) <> 'local_authority' and \(wanted)
                    order by b.updated_at desc, b.id desc limit \(size + 1))) as y
            ) as page, lateral (select (page.x).*) as x
            """
        ) { row in try row.read(PostgresJSON.self).text }
    }

    private static let columns: SQL = """
        b.id, b.reference, case when \(sql: BidStatements.sealedFromAuditor) then '' else b.title end as title,
        b.state, b.version, case when \(sql: BidStatements.sealedFromAuditor) then null else b.requested::text end as requested,
        b.organisation_id as "organisationId", o.name as "organisationName", b.round_id as "roundId", r.title as
            "roundTitle",
        r.closes_at as "closesAt", b.updated_at as "updatedAt"
        from bid b
        join round r on r.id = b.round_id
        join organisation o on o.id = b.organisation_id
        """
}
