import Domain
import Postgres

extension ReportDefinition {
    /// View 29.
    static let publication = ReportDefinition(
        "Publication", "Are reports published in time, whatever they say?",
        action: .reportReadWhole, filters: ["programme", "round"],
        columns: [
            .of(.text, "direction", "Result"), .of(.count, "in_time", "In time"), .of(.count, "due", "Due"),
            .share("in_time", of: "due"), .interval("in_time", of: "due"), .of(.count, "late", "Late"),
            .of(.count, "unpublished", "Not published"), .of(.text, "overdue", "Overdue"),
        ]
    ) { query in
        (
            "report.r29",
            """
            select direction, in_time, due, late, unpublished, overdue, numerator, denominator, excluded, why
            from report.r29_publication(coalesce(\(query.asAt), now()), \(query.filters.programme), \(query.filters.round))
            """
        )
    }
}
