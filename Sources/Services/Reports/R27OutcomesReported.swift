import Domain
import Postgres

extension ReportDefinition {
    /// View 27.
    static let outcomesReported = ReportDefinition(
        "Outcomes reported", "Did completed projects report the outcomes that they set out to measure?",
        action: .reportReadWhole, filters: ["programme", "round"],
        columns: [
            .of(.text, "round", "Round"), .of(.count, "reported", "Reported an outcome"),
            .of(.count, "completed", "Completed projects"), .share("reported", of: "completed"),
            .interval("reported", of: "completed"), .of(.text, "silent", "Reported none"),
        ],
        reading: ["An outcome counts when the protocol named it beforehand and its value is in a published report."]
    ) { query in
        (
            "report.r27",
            """
            select round, reported, completed, silent, numerator, denominator, excluded, why
            from report.r27_outcomes_reported(
                coalesce(\(query.asAt), now()), \(query.filters.programme), \(query.filters.round))
            """
        )
    }
}
