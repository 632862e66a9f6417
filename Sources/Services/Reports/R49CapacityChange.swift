import Domain
import Postgres

extension ReportDefinition {
    /// View 49.
    static let capacityChange = ReportDefinition(
        "Change in evaluative capacity", "Did authorities become better at evaluating?",
        action: .reportReadWhole, filters: [],
        columns: [
            .of(.text, "dimension", "Dimension"), .of(.text, "who", "Authorities"), .of(.count, "improved", "Rose"),
            .of(.count, "with_two", "Assessed twice"), .share("improved", of: "with_two"),
            .interval("improved", of: "with_two"), .of(.count, "fell", "Fell"),
        ],
        reading: ["Authorities assess themselves, with evidence for each level. There is no overall score."]
    ) { query in
        (
            "report.r49",
            """
            select dimension, who, improved, with_two, fell, numerator, denominator, excluded, why
            from report.r49_capacity_change(coalesce(\(query.asAt), now()))
            """
        )
    }
}
