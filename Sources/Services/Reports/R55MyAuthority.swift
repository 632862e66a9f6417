import Domain
import Postgres

extension ReportDefinition {
    /// View 55.
    static let myAuthority = ReportDefinition(
        "My authority",
        "Where do we stand: deadlines, money, returns, evaluation, and outcomes beside neighbours and England?",
        action: .reportReadOwn, filters: [],
        columns: [
            .of(.text, "area", "Area"), .of(.link, "item", "What"), .of(.text, "stands", "Where it stands"),
            .of(.day, "due_on", "Due"), .of(.money, "amount", "Sum"),
        ], reading: ["Only your own authority. The counts above are of claims, returns and follow-ups done and due."]
    ) { query in
        (
            "report.r55",
            """
            select area, item, path, stands, due_on, amount::numeric(14,2), numerator, denominator, excluded, why
            from report.r55_my_authority(coalesce(\(query.asAt), now()))
            """
        )
    }
}
