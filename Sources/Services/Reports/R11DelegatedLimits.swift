import Domain
import Postgres

extension ReportDefinition {
    /// View 11.
    static let delegatedLimits = ReportDefinition(
        "Delegated limits and consent",
        "How many approvals were within the approver's delegated limit and, where needed, had consent first?",
        columns: [
            .of(.text, "financial_year", "Financial year"), .of(.text, "tier", "Tier"),
            .of(.count, "compliant", "Within limit and consent"), .of(.count, "approvals", "All approvals"),
            .share("compliant", of: "approvals"), .of(.count, "excluded", "Left out"),
            .of(.money, "amount", "Sum approved"), .of(.text, "outside", "Outside"),
        ]
    ) { query in
        (
            "report.r11",
            """
            select case when tier <> '' then financial_year end, tier, numerator, denominator, excluded,
                coalesce(amount, 0)::numeric(14,2), array_to_string(outside, ', '),
                numerator, denominator, excluded, why
            from report.r11_delegated_limits(coalesce(\(query.asAt), now()), \(query.filters.programme))
            order by financial_year, tier
            """
        )
    }
}
