import Domain
import Postgres

extension ReportDefinition {
    /// View 2.
    static let commitmentSpend = ReportDefinition(
        "Commitment and spend", "What was promised and what was paid, against the budget?",
        action: .reportReadWhole, measure: .money,
        columns: [
            .of(.text, "financial_year", "Financial year"), .of(.text, "programme", "Programme"),
            .of(.text, "kind", "Kind"),
            .of(.money, "budget", "Budget"), .of(.money, "paid", "Paid"),
            .of(.money, "committed_unpaid", "Committed, not paid"), .of(.money, "in_recovery", "Being recovered"),
            .of(.money, "uncommitted", "Not committed"),
        ], reading: ["From the ledger: nothing here is taken from a form."]
    ) { query in
        (
            "report.r02",
            """
            select financial_year, programme, kind, budget::numeric(14,2), paid::numeric(14,2), committed_unpaid::numeric(14,2),
                in_recovery::numeric(14,2), uncommitted::numeric(14,2), numerator, denominator, excluded, why
            from report.r02_commitment_spend(coalesce(\(query.asAt), now()), \(query.filters.programme))
            """
        )
    }
}
