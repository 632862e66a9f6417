import Domain
import Postgres

extension ReportDefinition {
    /// View 22.
    static let preRegistration = ReportDefinition(
        "Pre-registration", "Were evaluations registered before they collected data?",
        action: .reportReadWhole, filters: ["programme", "round"],
        columns: [
            .of(.text, "stage", "Stage"), .of(.text, "design", "Design"),
            .of(.count, "pre_registered", "Registered before"),
            .of(.count, "started", "Started"), .share("pre_registered", of: "started"),
            .interval("pre_registered", of: "started"), .of(.count, "retrospective", "Registered afterwards"),
            .of(.count, "unregistered", "Not registered"), .of(.text, "titles", "Not registered before"),
        ], reading: ["A registration on or after the first day of data collection is retrospective and is not counted."]
    ) { query in
        (
            "report.r22",
            """
            select stage, design, pre_registered, started, retrospective, unregistered, titles,
                numerator, denominator, excluded, why
            from report.r22_pre_registration(
                coalesce(\(query.asAt), now()), \(query.filters.programme), \(query.filters.round))
            """
        )
    }
}
