import Domain
import Postgres

extension ReportDefinition {
    /// View 19.
    static let dataCompleteness = ReportDefinition(
        "Completeness of outcome data",
        "How many of the outcome figures that were due hold a value, and why are the others missing?",
        action: .reportReadWhole, filters: ["programme", "round"],
        columns: [
            .of(.text, "indicator", "Indicator"), .of(.count, "with_value", "With a value"),
            .of(.count, "required", "Required"), .share("with_value", of: "required"),
            .interval("with_value", of: "required"), .of(.count, "provisional", "Provisional"),
            .of(.text, "reasons", "Reasons for the others"),
        ], reading: ["Accepted returns only, as they were accepted at that moment."]
    ) { query in
        (
            "report.r19",
            """
            select indicator, with_value, required, provisional, reasons, numerator, denominator, excluded, why
            from report.r19_data_completeness(
                coalesce(\(query.asAt), now()), \(query.filters.programme), \(query.filters.round))
            """
        )
    }
}
