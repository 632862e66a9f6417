import Domain
import Postgres

extension ReportDefinition {
    /// View 3.
    static let moneyToEvaluation = ReportDefinition(
        "Money to evaluation", "How much of what was paid went to evaluation?",
        action: .reportReadWhole, measure: .money, filters: ["programme", "round"],
        columns: [
            .of(.link, "award", "Award"), .of(.text, "title", "Project"), .of(.text, "organisation", "Authority"),
            .of(.money, "agreed", "Evaluation budget agreed"), .of(.money, "evaluation", "Evaluation, paid"),
            .of(.money, "paid", "All paid"),
        ],
        reading: [
            "Paid claim lines of the category evaluation. Contracts that the department lets itself are not in this ledger."
        ]
    ) { query in
        (
            "report.r03",
            """
            select reference, '/awards/' || award_id, title, organisation, agreed::numeric(14,2), evaluation::numeric(14,2),
                paid::numeric(14,2), numerator, denominator, excluded, why
            from report.r03_money_to_evaluation(
                coalesce(\(query.asAt), now()), \(query.filters.programme), \(query.filters.round))
            """
        )
    }
}
