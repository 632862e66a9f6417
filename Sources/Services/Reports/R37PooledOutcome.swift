import Domain
import Postgres

extension ReportDefinition {
    /// View 37.
    static let pooledOutcome = ReportDefinition(
        "Pooled outcome",
        "What is the outcome of all authorities together, and of those that use a practice beside the others?",
        filters: ["indicator", "practice"],
        columns: [
            .of(.text, "period", "Year to 31 March"), .of(.text, "who", "Authorities"),
            .of(.decimal, "figure", "Figure"),
            .of(.decimal, "counted", "Counted"), .of(.decimal, "out_of", "Out of"),
            .of(.count, "authorities", "How many"),
            .of(.count, "left_out", "Left out"),
        ],
        reading: [
            "Counts are added up and divided once. The mean of the authorities' rates is another number.",
            "Descriptive: authorities that chose a practice differ from the others in more than that.",
        ]
    ) { query in
        (
            "report.r37",
            """
            select period, who, figure::text, trim_scale(counted)::text, trim_scale(out_of)::text, authorities, left_out,
                numerator, denominator, excluded, why
            from report.r37_pooled_outcome(
                coalesce(\(query.asAt), now()), \(query.filters.indicator), \(query.filters.practice))
            """
        )
    }
}
