import Domain
import FoundationEssentials
import Postgres

/// Loading reference data, set by set.
enum ReferenceStatements {
    static let today = Statement<Day>("reference.today", "select public.london_today()") { row in try row.read() }

    /// One load at a time.
    static let lock = Statement<Void>(
        "reference.lock", "select pg_advisory_xact_lock(hashtextextended('touchstone.reference', 0))")

    static let known = Statement<ReferencePlan.Known>(
        "reference.known",
        """
        select o.id, o.dfe_code, o.name, o.active_from, o.active_to from public.organisation o
        where o.dfe_code is not null
        """
    ) { row in
        ReferencePlan.Known(
            id: try row.read(), dfeCode: try row.read(), name: try row.read(), from: try row.read(), to: try row.read())
    }

    static let facts = Statement<ReferencePlan.Fact>(
        "reference.facts",
        """
        select f.organisation_id, f.fact, f.value, f.valid_from, f.valid_to, f.source
        from public.organisation_fact f join public.organisation o on o.id = f.organisation_id
        where o.dfe_code is not null
        """
    ) { row in
        ReferencePlan.Fact(
            organisation: try row.read(), fact: try row.read(), value: try row.read(), from: try row.read(),
            to: try row.read(), source: try row.read())
    }

    static func add(_ rows: [ReferencePlan.NewOrganisation]) -> Statement<Void> {
        Statement(
            "reference.add",
            """
            insert into public.organisation (id, kind, dfe_code, name, active_from, active_to)
            select n.id, 'local_authority', n.code, n.name, n.since, n.until
            from unnest(\(rows.map(\.id)), \(rows.map(\.dfeCode)), \(rows.map(\.name)), \(rows.map(\.from)),
                \(rows.map(\.to))) as n (id, code, name, since, until)
            """)
    }

    static func rename(_ rows: [ReferencePlan.Renamed]) -> Statement<Void> {
        Statement(
            "reference.rename",
            """
            update public.organisation o
            set name = n.name, active_from = n.since, active_to = n.until, version = o.version + 1,
                alt_names = case when o.name = n.name then o.alt_names else o.alt_names || o.name end
            from unnest(\(rows.map(\.id)), \(rows.map(\.name)), \(rows.map(\.from)), \(rows.map(\.to)))
                as n (id, name, since, until)
            where o.id = n.id
            """)
    }

    static func addFacts(_ rows: [ReferencePlan.Fact]) -> Statement<Void> {
        Statement(
            "reference.add_facts",
            """
            insert into public.organisation_fact (id, organisation_id, fact, value, valid_from, valid_to, source)
            select public.uuid7(), n.organisation, n.fact, n.value, n.since, n.until, n.source
            from unnest(\(rows.map(\.organisation)), \(rows.map(\.fact)), \(rows.map(\.value)), \(rows.map(\.from)),
                \(rows.map(\.to)), \(rows.map(\.source))) as n (organisation, fact, value, since, until, source)
            """)
    }

    struct Neighbour: Sendable, Hashable {
        let organisation: OrganisationID
        let rank: Int
        let neighbour: OrganisationID
    }

    static func neighbours(year: Int) -> Statement<Neighbour> {
        Statement(
            "reference.neighbours",
            """
            select n.organisation_id, n.rank, n.neighbour_id from public.organisation_neighbour n
            where n.model_year = \(year)
            """
        ) { row in Neighbour(organisation: try row.read(), rank: try row.read(), neighbour: try row.read()) }
    }

    static func putNeighbours(_ rows: [Neighbour], year: Int) -> Statement<Void> {
        Statement(
            "reference.put_neighbours",
            """
            insert into public.organisation_neighbour (organisation_id, model_year, rank, neighbour_id)
            select n.organisation, \(year), n.rank, n.neighbour
            from unnest(\(rows.map(\.organisation)), \(rows.map(\.rank)), \(rows.map(\.neighbour)))
                as n (organisation, rank, neighbour)
            on conflict (organisation_id, model_year, rank) do update set neighbour_id = excluded.neighbour_id
            """)
    }

    struct Succession: Sendable, Hashable {
        let predecessor: OrganisationID
        let successor: OrganisationID
        let on: Day
    }

    static let successions = Statement<Succession>(
        "reference.successions",
        "select s.predecessor_id, s.successor_id, s.effective_on from public.organisation_successor s"
    ) { row in Succession(predecessor: try row.read(), successor: try row.read(), on: try row.read()) }

    static func putSuccessions(_ rows: [Succession]) -> Statement<Void> {
        Statement(
            "reference.put_successions",
            """
            insert into public.organisation_successor (predecessor_id, successor_id, effective_on)
            select n.predecessor, n.successor, n.day
            from unnest(\(rows.map(\.predecessor)), \(rows.map(\.successor)), \(rows.map(\.on)))
                as n (predecessor, successor, day)
            on conflict (predecessor_id, successor_id) do update set effective_on = excluded.effective_on
            """)
    }

    static func putIndicators(_ rows: [Indicator]) -> Statement<Void> {
        Statement(
            "reference.put_indicators",
            """
            insert into public.indicator (code, name, unit, decimals, polarity, source)
            select n.code, n.name, n.unit, n.decimals, n.polarity, n.source
            from unnest(\(rows.map(\.code)), \(rows.map(\.name)), \(rows.map(\.unit)), \(rows.map(\.decimals)),
                \(rows.map(\.polarity)), \(rows.map(\.source))) as n (code, name, unit, decimals, polarity, source)
            on conflict (code) do update set name = excluded.name, unit = excluded.unit, decimals = excluded.decimals,
                polarity = excluded.polarity, source = excluded.source
            """)
    }

    static let bankHolidays = Statement<Day>("reference.bank_holidays", "select day from public.bank_holiday") { row in
        try row.read()
    }

    static func putBankHolidays(_ days: [Day], _ names: [String]) -> Statement<Void> {
        Statement(
            "reference.put_bank_holidays",
            """
            insert into public.bank_holiday (day, name)
            select n.day, n.name from unnest(\(days), \(names)) as n (day, name)
            on conflict (day) do update set name = excluded.name
            """)
    }

    /// Keeps which bytes were loaded, once for the same bytes in a row.
    static func record(name: String, sha256: [UInt8], rows: Int, changes: PostgresJSON) -> Statement<Void> {
        Statement(
            "reference.record",
            """
            insert into public.reference_load (id, name, sha256, rows_read, changes)
            select public.uuid7(), \(name), \(Bytes(sha256)), \(rows)::integer, \(changes)
            where \(Bytes(sha256)) is distinct from (
                select l.sha256 from public.reference_load l where l.name = \(name) order by l.loaded_at desc, l.id desc
                limit 1)
            """)
    }
}
