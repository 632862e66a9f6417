import Domain
import Postgres

/// What loading definitions, series and rules asks of the database.
enum IndicatorReferenceStatements {
    /// A definition, as the file has it.
    struct Version: Sendable, Hashable {
        let code: String
        let number: Int
        let numerator: String
        let denominator: String
        let populationBasis: String
        let scale: Int
        let rounding: String
        let periodType: String
        let availableAfterMonths: Int
        let threshold: Int
        let low: String
        let high: String
        let tags: String
        let framework: String
        let comparators: String
        let from: Day

        /// Which definition: `REREF 1`.
        var key: String { "\(code) \(number)" }
        /// What must stay as it is.
        var words: String {
            [
                numerator, denominator, populationBasis, "\(scale)", rounding, periodType, "\(availableAfterMonths)",
                "\(threshold)", low, high, tags, framework, comparators, "\(from)",
            ].joined(separator: "|")
        }
    }

    /// A definition that is on record, as one text to compare.
    struct Known: Sendable {
        let key: String
        let words: String
    }

    static let versions = Statement<Known>(
        "reference.indicator_versions",
        """
        select v.indicator_code || ' ' || v.number, array_to_string(array[v.numerator_text, v.denominator_text, v.population_basis,
            v.scale::text, v.rounding, v.period_type, v.available_after_months::text, v.small_number_threshold::text,
            coalesce(v.plausible_min::text, ''), coalesce(v.plausible_max::text, ''), array_to_string(v.tags, ' '),
            v.framework_version, array_to_string(v.comparators, ' '), v.valid_from::text], '|')
        from public.indicator_version v
        """
    ) { row in try Known(key: row.read(), words: row.read()) }

    static func add(_ rows: [Version]) -> Statement<Void> {
        Statement(
            "reference.add_indicator_versions",
            """
            insert into public.indicator_version (indicator_code, number, name, numerator_text, denominator_text, population_basis,
                unit, decimals, scale, rounding, polarity, period_type, source_collection, available_after_months,
                small_number_threshold, plausible_min, plausible_max, tags, framework_version, comparators, supersedes, valid_from)
            select n.code, n.number, i.name, n.numerator, n.denominator, n.basis, i.unit, i.decimals, n.scale, n.rounding,
                i.polarity, n.period_type, i.source, n.months, n.threshold, nullif(n.low, '')::numeric,
                nullif(n.high, '')::numeric, string_to_array(n.tags, ' '), n.framework, string_to_array(n.comparators, ' '),
                nullif(n.number - 1, 0), n.valid_from
            from unnest(\(rows.map(\.code)), \(rows.map(\.number)), \(rows.map(\.numerator)), \(rows.map(\.denominator)),
                \(rows.map(\.populationBasis)), \(rows.map(\.scale)), \(rows.map(\.rounding)), \(rows.map(\.periodType)),
                \(rows.map(\.availableAfterMonths)), \(rows.map(\.threshold)), \(rows.map(\.low)), \(rows.map(\.high)),
                \(rows.map(\.tags)), \(rows.map(\.framework)), \(rows.map(\.comparators)), \(rows.map(\.from)))
                as n (code, number, numerator, denominator, basis, scale, rounding, period_type, months, threshold, low, high,
                    tags, framework, comparators, valid_from)
            join public.indicator i on i.code = n.code
            """)
    }

    static let series = Statement<[String]>(
        "reference.series",
        """
        select array[s.code, s.format, s.layout, s.indicator_code, s.cohort, s.numerator_column, s.denominator_column,
            s.value_column, s.filters::text, s.denominator_filters::text, s.priority::text, s.source]
        from public.statistic_series s
        """
    ) { row in try row.read() }

    static func putSeries(_ rows: [[String]]) -> Statement<Void> {
        func column(_ index: Int) -> [String] { rows.map { $0[index] } }
        return Statement(
            "reference.put_series",
            """
            insert into public.statistic_series (code, format, layout, indicator_code, cohort, numerator_column,
                denominator_column, value_column, filters, denominator_filters, priority, source)
            select n.code, n.format, n.layout, n.indicator, n.cohort, n.numerator, n.denominator, n.value, n.filters::jsonb,
                n.others::jsonb, n.priority::integer, n.source
            from unnest(\(column(0)), \(column(1)), \(column(2)), \(column(3)), \(column(4)), \(column(5)), \(column(6)),
                \(column(7)), \(column(8)), \(column(9)), \(column(10)), \(column(11)))
                as n (code, format, layout, indicator, cohort, numerator, denominator, value, filters, others, priority, source)
            on conflict (code) do update set format = excluded.format, layout = excluded.layout,
                indicator_code = excluded.indicator_code, cohort = excluded.cohort, numerator_column = excluded.numerator_column,
                denominator_column = excluded.denominator_column, value_column = excluded.value_column,
                filters = excluded.filters, denominator_filters = excluded.denominator_filters, priority = excluded.priority,
                source = excluded.source
            """)
    }

    static let rules = Statement<[String]>(
        "reference.return_rules",
        """
        select array[r.code, r.severity, coalesce(r.number::text, ''), r.meaning, r.sentence, r.fix, r.source]
        from public.return_rule r
        """
    ) { row in try row.read() }

    static func putRules(_ rows: [[String]]) -> Statement<Void> {
        func column(_ index: Int) -> [String] { rows.map { $0[index] } }
        return Statement(
            "reference.put_return_rules",
            """
            insert into public.return_rule (code, severity, number, meaning, sentence, fix, source)
            select n.code, n.severity, nullif(n.number, '')::numeric, n.meaning, n.sentence, n.fix, n.source
            from unnest(\(column(0)), \(column(1)), \(column(2)), \(column(3)), \(column(4)), \(column(5)), \(column(6)))
                as n (code, severity, number, meaning, sentence, fix, source)
            on conflict (code) do update set severity = excluded.severity, number = excluded.number,
                meaning = excluded.meaning, sentence = excluded.sentence, fix = excluded.fix, source = excluded.source
            """)
    }
}
