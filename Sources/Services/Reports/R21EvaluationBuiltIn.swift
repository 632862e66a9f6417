import Domain
import Postgres

extension ReportDefinition {
    /// View 21.
    static let evaluationBuiltIn = ReportDefinition(
        "Evaluation built in at award", "Was the protocol approved before the first data were collected from anybody?",
        action: .reportReadWhole, filters: ["programme", "round"],
        columns: [
            .of(.text, "round", "Round"), .of(.count, "before_first_data", "Approved before"),
            .of(.count, "past_first_data", "Collecting data"), .share("before_first_data", of: "past_first_data"),
            .interval("before_first_data", of: "past_first_data"),
            .of(.count, "without_protocol", "Without a protocol"),
        ]
    ) { query in
        (
            "report.r21",
            """
            select round, before_first_data, past_first_data, without_protocol, numerator, denominator, excluded, why
            from report.r21_evaluation_built_in(
                coalesce(\(query.asAt), now()), \(query.filters.programme), \(query.filters.round))
            """
        )
    }
}
