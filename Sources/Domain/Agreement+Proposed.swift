extension Agreement {
    /// The first draft for an approved bid: what is known already is filled in, so that the drafter writes only what is new.
    /// Its schedule keeps to the years that were approved and holds back what the final report is worth.
    public static func proposed(
        for content: BidContent, approved: Money, years: [BudgetLine], conditions: String, powers: Programme.Powers?,
        conditionality: Programme.Conditionality?, on today: Day, retention: Int = AgreementRules.retentionPercent
    ) -> Agreement {
        var agreement = Agreement()
        agreement.instrument = powers == .section31 ? .section31 : .fundingAgreement
        agreement.conditionality = conditionality
        agreement.purpose = content.summary.summary
        agreement.maximum = approved
        agreement.categories = BidContent.CostLine.Category.allCases.filter { category in
            content.costs.lines.contains { $0.category == category && !$0.inKind }
        }
        agreement.frequency = .milestone
        agreement.mode = .evidenceFirst
        agreement.indicators = content.outcomes.outcomes.map(\.indicatorCode).reduce(into: []) { codes, code in
            if !codes.contains(code) { codes.append(code) }
        }
        agreement.evaluationBudget =
            content.costs.lines.filter { $0.category == .evaluation && !$0.inKind }
            .compactMap(\.amount).total
        agreement.clauses = Clause.allCases
        let plan = schedule(years, approved: approved, on: today, retention: retention)
        agreement.instalments = plan
        agreement.starts = today
        agreement.ends = plan.last?.dueOn
        if !conditions.isBlank {
            var condition = Condition()
            condition.code = "C1"
            condition.text = conditions
            condition.kind = .ongoing
            agreement.conditions = [condition]
        }
        return agreement
    }

    /// A payment a year, on its last day but for the first, and the retention as a payment of its own on the last day of all.
    static func schedule(_ years: [BudgetLine], approved: Money, on today: Day, retention: Int) -> [Instalment] {
        let ordered = years.sorted { ($0.year, $0.kind.rawValue) < ($1.year, $1.kind.rawValue) }
        guard let last = ordered.last else { return [] }
        let held = Money(pence: min((approved.pence * retention + 99) / 100, last.amount.pence))
        var plan: [Instalment] = []
        for (index, line) in ordered.enumerated() {
            let amount = index == ordered.count - 1 ? line.amount - held : line.amount
            guard amount > .zero, let due = dueDay(of: line.year, index, of: ordered.count, on: today) else { continue }
            plan.append(
                Instalment(
                    dueOn: due, amount: amount, kind: line.kind,
                    milestone: plan.isEmpty ? .none : index == ordered.count - 1 ? .interimReport : .protocolApproved))
        }
        guard held > .zero, let end = Day(year: last.year.start + 1, month: 3, day: 31) else { return plan }
        plan.append(Instalment(dueOn: end, amount: held, kind: last.kind, milestone: .finalReportAccepted))
        return plan
    }

    /// A day within a financial year: two months on where today lies in it, else its middle, each line a day later.
    private static func dueDay(of year: FinancialYear, _ index: Int, of count: Int, on today: Day) -> Day? {
        guard let first = Day(year: year.start, month: 4, day: 1), let end = Day(year: year.start + 1, month: 3, day: 1)
        else { return nil }
        let wanted = first <= today ? today.adding(days: 60) : first.adding(days: 182)
        return min(max(wanted, first), end).adding(days: index)
    }
}
