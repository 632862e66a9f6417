import Domain
import Postgres

extension ReportDefinition {
    /// View 12.
    static let segregation = ReportDefinition(
        "Segregation of duties",
        "How many acts in scope were refused because duties must be separate, and did any get through?",
        columns: [
            .of(.day, "month", "Month"), .of(.text, "pair", "Duties"), .of(.count, "denied", "Refused attempts"),
            .of(.count, "violations", "Violations"), .of(.count, "acts", "Acts in scope"),
            .share("denied", of: "acts", "Share refused"),
        ], reading: ["Violations must be 0 in every line."]
    ) { query in
        (
            "report.r12",
            """
            select case when duty <> '' then month end, duty || ' and ' || other, numerator, violations, denominator,
                numerator, denominator, excluded, why
            from report.r12_segregation(coalesce(\(query.asAt), now()), \(query.filters.programme))
            order by month, duty, other
            """
        )
    }
}
