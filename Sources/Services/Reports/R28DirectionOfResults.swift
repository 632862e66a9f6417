import Domain
import Postgres

extension ReportDefinition {
    /// View 28.
    static let directionOfResults = ReportDefinition(
        "Direction of results", "What did the evaluations find, of all completed projects and of those that reported?",
        action: .reportReadWhole, filters: ["programme", "round"],
        columns: [
            .of(.text, "direction", "Result"), .of(.count, "projects", "Projects"),
            .of(.count, "completed", "All completed"), .share("projects", of: "completed", "Share of all completed"),
            .interval("projects", of: "completed"), .of(.count, "reporting", "Reporting"),
            .share("projects", of: "reporting", "Share of reporting", key: "share_of_reporting"),
            .of(.text, "titles", "Which"),
        ],
        reading: [
            "Projects that reported nothing stay in the first share: leaving them out flatters the programme.",
            "The direction is computed from the interval of the primary outcome and the smallest effect worth having.",
            "A null result is a finding: the interval rules out an effect worth having. Uninformative means it does not.",
        ]
    ) { query in
        (
            "report.r28",
            """
            select replace(direction, '_', ' '), projects, completed, reporting, titles,
                numerator, denominator, excluded, why
            from report.r28_direction_of_results(
                coalesce(\(query.asAt), now()), \(query.filters.programme), \(query.filters.round))
            """
        )
    }
}
