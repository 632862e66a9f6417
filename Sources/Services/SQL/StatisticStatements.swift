import Domain
import FoundationEssentials
import Postgres

/// What the database is asked about indicators and published figures.
enum StatisticStatements {
    /// Where files lie while they are checked.
    static let staging: StaticString = """
        public.statistic_staging (load_id, line, series, part, period, geography, dfe_code, gss_code, area_name, \
        numerator_text, denominator_text, value_text)
        """

    static let catalogue = Statement<StatisticsFile.Series>(
        "statistic.catalogue",
        """
        select s.code, s.format, s.layout, s.numerator_column, s.denominator_column, s.value_column, s.filters,
            s.denominator_filters
        from public.statistic_series s order by s.format, s.code
        """
    ) { row in
        let (code, format): (String, String) = try (row.read(), row.read())
        let layout: String = try row.read()
        guard let layout = StatisticsFile.Layout(rawValue: layout) else { throw WireError(what: "a layout of files") }
        let numerator: String = try row.read()
        let denominator: String = try row.read()
        return StatisticsFile.Series(
            code: code, format: format, layout: layout, numerator: numerator,
            denominator: denominator.split(separator: "+").map(String.init), value: try row.read(),
            filters: try JSON.decode([String: String].self, row.read(PostgresJSON.self).text),
            denominatorFilters: try JSON.decode([String: String].self, row.read(PostgresJSON.self).text))
    }

    static func accept(
        _ id: Identifier<StatisticsReport>, file: String, format: String, hash: [UInt8], rows: Int, dryRun: Bool
    ) -> Statement<String> {
        Statement(
            "statistic.accept",
            "select public.accept_statistics(\(id), \(file), \(format), \(Bytes(hash)), \(rows)::integer, \(dryRun))"
        ) { row in try row.read(PostgresJSON.self).text }
    }

    private static let definitionColumns: SQL = """
        v.indicator_code, v.number, v.name, v.numerator_text, v.denominator_text, v.population_basis, v.unit, v.decimals,
        v.scale, v.rounding, v.polarity, v.period_type, v.source_collection, v.available_after_months,
        v.small_number_threshold, v.plausible_min::text, v.plausible_max::text, v.tags, v.valid_from, i.active
        """

    private static func definition(_ row: inout RowReader) throws -> IndicatorDefinition {
        try IndicatorDefinition(
            code: row.read(), number: row.read(), name: row.read(), numerator: row.read(), denominator: row.read(),
            populationBasis: row.read(), unit: row.read(), decimals: row.read(), scale: row.read(),
            rounding: row.read(),
            polarity: row.read(), periodType: row.read(), source: row.read(), availableAfterMonths: row.read(),
            threshold: row.read(), plausibleLow: row.read(), plausibleHigh: row.read(), tags: row.read(),
            validFrom: row.read(), isOffered: row.read(), newestPeriod: row.read())
    }

    static let registry = Statement<IndicatorDefinition>(
        "statistic.registry",
        """
        select \(definitionColumns),
            (select max(s.period) from public.statistic s where s.indicator_code = v.indicator_code)
        from public.indicator_current v join public.indicator i on i.code = v.indicator_code
        order by v.indicator_code
        """, decode: definition)

    static func definitions(_ code: String) -> Statement<IndicatorDefinition> {
        Statement(
            "statistic.definitions",
            """
            select \(definitionColumns), null::text
            from public.indicator_version v join public.indicator i on i.code = v.indicator_code
            where v.indicator_code = \(code) order by v.number desc
            """, decode: definition)
    }

    static func periods(_ code: String) -> Statement<FigurePeriod> {
        Statement(
            "statistic.periods",
            """
            select s.period, s.cohort, count(distinct s.area_code)::integer from public.statistic s
            where s.indicator_code = \(code) group by s.period, s.cohort order by s.period desc, s.cohort
            """
        ) { row in try FigurePeriod(period: row.read(), cohort: row.read(), areas: row.read()) }
    }

    private static func newest(_ code: String, _ period: String?, _ cohort: String) -> SQL {
        """
        coalesce(\(period), (select max(n.period) from public.statistic n
            where n.indicator_code = \(code) and n.cohort = \(cohort)))
        """
    }

    /// England and the regions first, then authorities by name: this is no league table.
    static func figures(_ code: String, period: String?, cohort: String) -> Statement<PublishedFigure> {
        Statement(
            "statistic.figures",
            """
            select f.geography, f.area_code, coalesce(o.name, f.area_name), f.organisation_id, f.period, f.numerator::text,
                f.denominator::text, f.figure::text, f.status, f.source
            from public.published_figure f left join public.organisation o on o.id = f.organisation_id
            where f.indicator_code = \(code) and f.cohort = \(cohort) and f.period = \(newest(code, period, cohort))
            order by array_position(array['country', 'region', 'joint', 'authority'], f.geography),
                coalesce(o.name, f.area_name), f.area_code
            """
        ) { row in
            try PublishedFigure(
                geography: row.read(), areaCode: row.read(), areaName: row.read(), organisation: row.read(),
                period: row.read(), numerator: row.read(), denominator: row.read(), figure: row.read(),
                status: row.read(),
                source: row.read())
        }
    }

    static func pooled(_ code: String, period: String?, cohort: String) -> Statement<PooledFigure> {
        Statement(
            "statistic.pooled",
            """
            select p.numerator::text, p.denominator::text, p.figure::text, p.authorities, p.excluded
            from public.pooled_figure(\(code), \(newest(code, period, cohort)), \(cohort)) as p
            where p.authorities > 0
            """
        ) { row in
            try PooledFigure(
                numerator: row.read(), denominator: row.read(), figure: row.read(), authorities: row.read(),
                excluded: row.read())
        }
    }

    static func loads(_ code: String) -> Statement<StatisticsLoad> {
        Statement(
            "statistic.loads",
            """
            select l.file, encode(l.sha256, 'hex'), l.added, l.changed, l.at
            from public.statistics_load l
            where l.format in (select s.format from public.statistic_series s where s.indicator_code = \(code))
            order by l.at desc, l.id desc limit 20
            """
        ) { row in
            try StatisticsLoad(
                file: row.read(), sha256: row.read(), added: row.read(), changed: row.read(), at: row.read())
        }
    }

    static func threshold(_ code: String) -> Statement<Int> {
        Statement(
            "statistic.threshold",
            "select c.small_number_threshold from public.indicator_current c where c.indicator_code = \(code)"
        ) { row in try row.read() }
    }

    static func name(_ id: OrganisationID) -> Statement<String> {
        Statement(
            "statistic.authority_name",
            "select o.name from public.organisation o where o.id = \(id) and o.kind = 'local_authority'"
        ) { row in try row.read() }
    }

    /// The newest period of each indicator for one authority, beside others. The middle of neighbours is their median.
    static func authority(_ id: OrganisationID) -> Statement<AuthorityFigure> {
        Statement(
            "statistic.authority",
            """
            with own as (
                select distinct on (f.indicator_code, f.cohort) f.*
                from public.published_figure f join public.organisation o on o.dfe_code = f.area_code
                where o.id = \(id)
                order by f.indicator_code, f.cohort, f.period desc
            )
            select own.indicator_code, v.name, own.cohort, v.unit, v.polarity, own.period,
                coalesce(own.figure::text, l.letter, 'x'), own.status,
                coalesce((select coalesce(e.figure::text, el.letter) from public.published_figure e
                    left join public.statistic_letter el on el.status = e.status
                    where e.area_code = 'E92000001' and e.indicator_code = own.indicator_code and e.cohort = own.cohort
                        and e.period = own.period), ''),
                coalesce((select coalesce(e.figure::text, el.letter) from public.published_figure e
                    left join public.statistic_letter el on el.status = e.status
                    where e.geography = 'region' and lower(e.area_name) = (select lower(public.organisation_fact_at(
                            \(id), 'region', public.london_today())))
                        and e.indicator_code = own.indicator_code and e.cohort = own.cohort and e.period = own.period), ''),
                coalesce(round(n.middle::numeric, v.decimals)::text, ''), n.counted
            from own
            join public.indicator_current v on v.indicator_code = own.indicator_code and v.active
            left join public.statistic_letter l on l.status = own.status
            cross join lateral (
                select percentile_cont(0.5) within group (order by f.figure) as middle, count(f.figure)::integer as counted
                from public.organisation_neighbour b
                join public.organisation o on o.id = b.neighbour_id
                join public.published_figure f on f.area_code = o.dfe_code and f.indicator_code = own.indicator_code
                    and f.cohort = own.cohort and f.period = own.period
                where b.organisation_id = \(id)
                    and b.model_year = (select max(m.model_year) from public.organisation_neighbour m)) as n
            order by own.indicator_code, own.cohort
            """
        ) { row in
            try AuthorityFigure(
                code: row.read(), name: row.read(), cohort: row.read(), unit: row.read(), polarity: row.read(),
                period: row.read(), own: row.read(), status: row.read(), england: row.read(), region: row.read(),
                neighbours: row.read(), neighbourCount: row.read())
        }
    }
}
