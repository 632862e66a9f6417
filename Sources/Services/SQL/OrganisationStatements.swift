import Domain
import Postgres

/// Organisations and their dated facts; indicators.
enum OrganisationStatements {
    private static let columns: SQL = "o.id, o.kind, o.dfe_code, o.name, o.active_from, o.active_to"

    private static func organisation(_ row: inout RowReader) throws -> Organisation {
        Organisation(
            id: try row.read(), kind: try row.read(), dfeCode: try row.read(), name: try row.read(),
            activeFrom: try row.read(), activeTo: try row.read())
    }

    static func list(_ filter: OrganisationFilter, after keys: [String]?, limit: Int) -> Statement<OrganisationRow> {
        let id = keys.flatMap { OrganisationID($0[1]) }
        return Statement(
            "organisation.list",
            """
            select \(sql: columns), r.value
            from public.organisation o
            left join lateral public.organisation_fact_at(o.id, 'region', public.london_today()) as r (value) on true
            where (\(filter.kind)::text is null or o.kind = \(filter.kind))
                and (\(filter.region)::text is null or r.value = \(filter.region))
                and (\(filter.search)::text is null or strpos(lower(o.name), lower(\(filter.search))) > 0
                    or o.dfe_code = \(filter.search))
                and (not \(filter.activeOnly) or o.active_to is null or public.london_today() < o.active_to)
                and (\(keys?[0])::text is null or (o.name, o.id) > (\(keys?[0]), \(id)::uuid))
            order by o.name, o.id
            limit \(limit)
            """
        ) { row in OrganisationRow(organisation: try organisation(&row), region: try row.read()) }
    }

    static func detail(
        _ id: OrganisationID, asAt day: Day?
    ) -> Statement<(organisation: Organisation, otherNames: [String], day: Day)> {
        Statement(
            "organisation.detail",
            """
            select \(sql: columns), o.alt_names, coalesce(\(day)::date, public.london_today())
            from public.organisation o where o.id = \(id)
            """
        ) { row in (try organisation(&row), try row.read(), try row.read()) }
    }

    private static let factColumns: SQL = "f.fact, f.value, f.valid_from, f.valid_to, f.source, f.recorded_at"

    private static func fact(_ row: inout RowReader) throws -> OrganisationFactRow {
        OrganisationFactRow(
            fact: try row.read(), value: try row.read(), validFrom: try row.read(), validTo: try row.read(),
            source: try row.read(), recordedAt: try row.read())
    }

    /// The facts of one day: for each the latest that had begun, as it was recorded last.
    static func facts(of id: OrganisationID, asAt day: Day?) -> Statement<OrganisationFactRow> {
        Statement(
            "organisation.facts",
            """
            select distinct on (f.fact) \(sql: factColumns)
            from public.organisation_fact f
            where f.organisation_id = \(id) and f.valid_from <= coalesce(\(day)::date, public.london_today())
                and (f.valid_to is null or coalesce(\(day)::date, public.london_today()) < f.valid_to)
            order by f.fact, f.valid_from desc, f.recorded_at desc
            """
        ) { try fact(&$0) }
    }

    static func history(of id: OrganisationID) -> Statement<OrganisationFactRow> {
        Statement(
            "organisation.history",
            """
            select \(sql: factColumns) from public.organisation_fact f
            where f.organisation_id = \(id)
            order by f.valid_from desc, f.recorded_at desc, f.id
            limit 500
            """
        ) { try fact(&$0) }
    }

    private static func link(_ row: inout RowReader) throws -> OrganisationLink {
        OrganisationLink(id: try row.read(), name: try row.read(), effectiveOn: try row.read())
    }

    static func neighbours(of id: OrganisationID) -> Statement<OrganisationLink> {
        Statement(
            "organisation.neighbours",
            """
            select o.id, o.name, null::date
            from public.organisation_neighbour n join public.organisation o on o.id = n.neighbour_id
            where n.organisation_id = \(id)
                and n.model_year = (select max(m.model_year) from public.organisation_neighbour m
                    where m.organisation_id = \(id))
            order by n.rank
            """
        ) { try link(&$0) }
    }

    static func predecessors(of id: OrganisationID) -> Statement<OrganisationLink> {
        Statement(
            "organisation.predecessors",
            """
            select o.id, o.name, s.effective_on
            from public.organisation_successor s join public.organisation o on o.id = s.predecessor_id
            where s.successor_id = \(id) order by s.effective_on, o.name
            """
        ) { try link(&$0) }
    }

    static func successors(of id: OrganisationID) -> Statement<OrganisationLink> {
        Statement(
            "organisation.successors",
            """
            select o.id, o.name, s.effective_on
            from public.organisation_successor s join public.organisation o on o.id = s.successor_id
            where s.predecessor_id = \(id) order by s.effective_on, o.name
            """
        ) { try link(&$0) }
    }

    static let indicators = Statement<Indicator>(
        "organisation.indicators",
        """
        select i.code, i.name, i.unit, i.decimals, i.polarity, i.source from public.indicator i
        where i.active order by i.code
        """
    ) { row in
        Indicator(
            code: try row.read(), name: try row.read(), unit: try row.read(), decimals: try row.read(),
            polarity: try row.read(), source: try row.read())
    }
}
