import Domain
import Postgres

extension ReportDefinition {
    /// View 1.
    static let scorecard = ReportDefinition(
        "Scorecard: the four tests",
        "What has the programme achieved for local evaluative capacity, public money, good practice and children's outcomes?",
        action: .reportReadWhole,
        columns: [
            .of(.text, "test", "Test"), .of(.link, "measure", "Measure"),
            .of(.text, "unit", "Counted in"), .of(.count, "met", "Met"),
            .of(.count, "out_of", "Out of"), .share("met", of: "out_of"), .interval("met", of: "out_of"),
            .of(.count, "left_out", "Left out"),
        ],
        reading: [
            "Each figure is the total of another report, at the same moment; its name leads to the rows.",
            "The lines are not added up: they answer different questions.",
            "An interval says how far a share could lie from what was counted if these were a sample of more such projects. Sums of money are no sample and have none.",
        ]
    ) { query in
        (
            "report.r01",
            """
            select test, measure, path, unit, met, out_of, left_out, numerator, denominator, excluded, why
            from report.r01_scorecard(coalesce(\(query.asAt), now()), \(query.filters.programme))
            """
        )
    }
}
