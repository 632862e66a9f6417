import Domain
import Postgres

extension ReportDefinition {
    /// View 36.
    static let trendAgainstNeighbours = ReportDefinition(
        "Outcomes beside statistical neighbours",
        "How did a published outcome move, beside the authority's statistical neighbours?",
        filters: ["indicator", "from", "to", "practice", "organisation"],
        columns: [
            .of(.link, "organisation", "Authority"), .of(.decimal, "before", "Before"), .of(.decimal, "after", "After"),
            .of(.decimal, "change", "Change"), .of(.decimal, "neighbours_change", "Mean change of neighbours"),
            .of(.count, "neighbours", "Neighbours"), .of(.decimal, "difference", "Difference"),
        ],
        reading: [
            "Descriptive: it says what moved beside what, not why.",
            "Give an indicator, such as CLA_R, and two periods, such as 2019 and 2025 (the year to 31 March).",
        ]
    ) { query in
        (
            "report.r36",
            """
            select organisation, '/organisations/' || organisation_id, before::text, after::text, change::text,
                neighbours_change::text, neighbours::bigint, difference::text, numerator, denominator, excluded, why
            from report.r36_trend_against_neighbours(
                coalesce(\(query.asAt), now()), \(query.filters.indicator), \(query.filters.from), \(query.filters.to),
                \(query.filters.practice), \(query.filters.organisation))
            """
        )
    }
}
