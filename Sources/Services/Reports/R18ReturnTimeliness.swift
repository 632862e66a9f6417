import Domain
import Postgres

extension ReportDefinition {
    /// View 18.
    static let returnTimeliness = ReportDefinition(
        "Timeliness of returns", "Did monitoring returns come in on time?",
        action: .reportReadWhole, filters: ["programme", "round"],
        columns: [
            .of(.text, "organisation", "Authority"), .of(.count, "on_time", "On time"), .of(.count, "late", "Late"),
            .of(.count, "outstanding", "Not in"), .of(.decimal, "median_days_late", "Median days late"),
            .of(.count, "due", "Due"), .share("on_time", of: "due"), .interval("on_time", of: "due"),
        ], reading: ["In the order of the alphabet: this is no league table."]
    ) { query in
        (
            "report.r18",
            """
            select organisation, on_time, late, outstanding, median_days_late::text, denominator,
                numerator, denominator, excluded, why
            from report.r18_return_timeliness(
                coalesce(\(query.asAt), now()), \(query.filters.programme), \(query.filters.round))
            """
        )
    }
}
