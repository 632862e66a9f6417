/// What must be true of an agreement before it is offered (G1): the form is named, the money adds up, spending is defined,
/// the evaluation holds the money, and every clause is there or its absence was decided by somebody.
public enum AgreementRules {
    /// Most instalments of one award.
    public static let mostInstalments = 60
    /// Most conditions.
    public static let mostConditions = 40
    /// The last payment is at least this part of the whole, in hundredths, so that the final report is worth waiting for.
    public static let retentionPercent = 10
    /// Characters of a reason that departs from what is usual.
    static let shortestReason = Rules.shortestReason

    /// What an agreement is held against.
    public struct Needs: Hashable, Sendable {
        /// What approvals have promised.
        public let approved: Money
        /// The day of the check, before which spending is retrospective.
        public let today: Day
        /// Codes of registered indicators.
        public let indicators: Set<String>
        /// What approvals have promised for each year and kind of money.
        public let years: [BudgetLine]
        /// The last payment's least part, in hundredths.
        public let retention: Int

        /// What an agreement is held against.
        public init(
            approved: Money, years: [BudgetLine], today: Day, indicators: Set<String>, retention: Int = retentionPercent
        ) {
            self.approved = approved
            self.years = years
            self.today = today
            self.indicators = indicators
            self.retention = retention
        }
    }

    /// What keeps an agreement from passing its quality check.
    public static func problems(_ agreement: Agreement, for needs: Needs) -> [FieldProblem] {
        var problems = Problems()
        form(agreement, &problems)
        period(agreement, needs, &problems)
        spending(agreement, &problems)
        problems.add(scheduleProblems(agreement, for: needs))
        evaluation(agreement, needs, &problems)
        problems.add(clauseProblems(agreement))
        problems.add(conditionProblems(agreement.conditions))
        return problems.found
    }

    /// What keeps a draft from being stored: only what could not be kept.
    public static func storageProblems(_ agreement: Agreement) -> [FieldProblem] {
        var problems = Problems()
        problems.length(agreement.determinationNumber, "determinationNumber", "number", 40)
        problems.length(agreement.purpose, "purpose", "purpose")
        problems.length(agreement.retrospectiveApproval, "retrospectiveApproval", "reference", 140)
        problems.length(agreement.ineligible, "ineligible", "text")
        problems.length(agreement.advanceReason, "advanceReason", "reason")
        problems.need(
            agreement.instalments.count <= mostInstalments, "instalments",
            "Enter at most \(mostInstalments) instalments.")
        problems.need(
            agreement.conditions.count <= mostConditions, "conditions", "Enter at most \(mostConditions) conditions.")
        for (index, condition) in agreement.conditions.enumerated() {
            problems.length(condition.code, "conditions.\(index).code", "code", 20)
            problems.length(condition.text, "conditions.\(index).text", "condition")
        }
        problems.need(
            agreement.departures.count <= Agreement.Departure.Subject.allCases.count, "departures",
            "Record each departure once.")
        for (index, departure) in agreement.departures.enumerated() {
            problems.length(departure.reason, "departures.\(index).reason", "reason")
            problems.length(departure.authority, "departures.\(index).authority", "reference", 140)
        }
        let sums = [agreement.maximum, agreement.evaluationBudget] + agreement.instalments.map(\.amount)
        problems.need(
            sums.allSatisfy { $0.map(ProgrammeRules.isStorable) ?? true }, "maximum", "Enter amounts of zero or more.")
        return problems.found
    }

    private static func form(_ agreement: Agreement, _ problems: inout Problems) {
        problems.need(agreement.instrument != nil, "instrument", "Choose the form of the agreement.")
        if agreement.instrument == .section31 {
            problems.need(
                isDetermination(agreement.determinationNumber), "determinationNumber",
                "Enter the number of the determination, such as 31/7833.")
        }
        problems.need(agreement.conditionality != nil, "conditionality", "Choose whether the money is ringfenced.")
        if agreement.conditionality == .unringfenced {
            problems.need(
                isDeparted(from: .unringfenced, agreement), "conditionality",
                "Ringfence the money, or record the departure: who allowed it to be spent on anything, and why.")
        }
        problems.text(agreement.purpose, "purpose", "Enter what the money is for.")
    }

    /// `31/7833`, or the older `CSDSD 04/2015`.
    static func isDetermination(_ number: String) -> Bool {
        func digits(_ text: some StringProtocol, _ range: ClosedRange<Int>) -> Bool {
            range.contains(text.utf8.count) && text.utf8.allSatisfy { (48...57).contains($0) }
        }
        let parts = number.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, digits(parts[1], 4...4) else { return false }
        if digits(parts[0], 2...2) { return true }
        guard parts[0].hasPrefix("CSDSD") else { return false }
        let rest = parts[0].dropFirst(5)
        return digits(rest.hasPrefix(" ") ? rest.dropFirst() : rest, 1...12)
    }

    private static func period(_ agreement: Agreement, _ needs: Needs, _ problems: inout Problems) {
        problems.need(agreement.starts != nil, "starts", "Enter the first day of the funding period.")
        problems.need(agreement.ends != nil, "ends", "Enter the last day of the funding period.")
        guard let starts = agreement.starts, let ends = agreement.ends else { return }
        problems.need(starts <= ends, "ends", "Enter a last day that is not before the first.")
        if starts < needs.today {
            problems.text(
                agreement.retrospectiveApproval, "retrospectiveApproval",
                "The period starts before the agreement is signed. Enter the reference of the decision that allows it, or a later first day."
            )
        }
    }

    private static func spending(_ agreement: Agreement, _ problems: inout Problems) {
        problems.need(!agreement.categories.isEmpty, "categories", "Choose at least one kind of cost that counts.")
        problems.text(agreement.ineligible, "ineligible", "Enter what the money may not be spent on.")
        problems.need(agreement.frequency != nil, "frequency", "Choose how often it is paid.")
        problems.need(agreement.mode != nil, "mode", "Choose whether evidence or payment comes first.")
        if agreement.mode == .paymentRequestFirst {
            problems.need(
                agreement.advanceReason.trimmed.unicodeScalars.count >= shortestReason, "advanceReason",
                "Enter why money is needed before it is spent, in at least \(shortestReason) characters.")
        }
    }

    private static func evaluation(_ agreement: Agreement, _ needs: Needs, _ problems: inout Problems) {
        problems.need(!agreement.indicators.isEmpty, "indicators", "Choose at least one indicator to be reported.")
        for code in agreement.indicators where !needs.indicators.contains(code) {
            problems.need(false, "indicators", "Choose another indicator: \(code) is not registered.")
        }
        problems.need(
            agreement.evaluationBudget != nil, "evaluationBudget",
            "Enter how much of the award is for its evaluation; enter 0 if the evaluation is paid from elsewhere.")
        if let budget = agreement.evaluationBudget, let maximum = agreement.maximum {
            problems.need(budget <= maximum, "evaluationBudget", "Enter at most the whole award, \(maximum).")
        }
    }

    static func isDeparted(from subject: Agreement.Departure.Subject, _ agreement: Agreement) -> Bool {
        agreement.departures.contains {
            $0.from == subject && !$0.authority.isBlank
                && $0.reason.trimmed.unicodeScalars.count >= shortestReason
        }
    }

    /// Every clause is ticked, or a departure from it is recorded with a reason and whose decision it was.
    public static func clauseProblems(_ agreement: Agreement) -> [FieldProblem] {
        var problems = Problems()
        for clause in Agreement.Clause.allCases
        where !agreement.clauses.contains(clause) && !isDeparted(from: .clause(clause), agreement) {
            problems.need(
                false, "clauses",
                "Add the clause “\(clause.title)”, or record the departure: who allowed it to be left out, and why.")
        }
        for (index, departure) in agreement.departures.enumerated() {
            problems.need(departure.from != nil, "departures.\(index).from", "Choose what is departed from.")
            problems.need(
                departure.reason.trimmed.unicodeScalars.count >= shortestReason, "departures.\(index).reason",
                "Enter why, in at least \(shortestReason) characters.")
            problems.text(
                departure.authority, "departures.\(index).authority",
                "Enter the reference of the decision that allows it.")
        }
        return problems.found
    }

    private static func conditionProblems(_ conditions: [Agreement.Condition]) -> [FieldProblem] {
        var problems = Problems()
        var codes: Set<String> = []
        for (index, condition) in conditions.enumerated() {
            problems.text(condition.code, "conditions.\(index).code", "Enter a short code, such as C1.")
            problems.need(
                condition.code.isBlank || codes.insert(condition.code).inserted, "conditions.\(index).code",
                "Give each condition a code of its own.")
            problems.text(condition.text, "conditions.\(index).text", "Enter what must be done.")
            problems.need(
                condition.kind != nil, "conditions.\(index).kind", "Choose whether it comes before the first payment.")
        }
        return problems.found
    }

    /// The payments come to exactly the award, in order of time, and the evaluation holds them: none after the first without
    /// an approved protocol, none of the last without an accepted final report, which is worth at least a tenth.
    public static func scheduleProblems(_ agreement: Agreement, for needs: Needs) -> [FieldProblem] {
        var problems = Problems()
        problems.need(
            agreement.maximum == needs.approved, "maximum",
            "Enter the amount that was approved, \(needs.approved); no more and no less.")
        let plan = agreement.instalments
        problems.need(!plan.isEmpty, "instalments", "Enter at least one instalment.")
        for (index, instalment) in plan.enumerated() {
            let fits = instalment.amount.map { $0 > .zero && ProgrammeRules.isStorable($0) } ?? false
            problems.need(fits, "instalments.\(index).amount", "Enter the amount of this instalment, above zero.")
            problems.need(instalment.dueOn != nil, "instalments.\(index).dueOn", "Enter the day on which it is due.")
            if let starts = agreement.starts, let due = instalment.dueOn {
                problems.need(
                    due >= starts, "instalments.\(index).dueOn", "Enter a day in or after the funding period.")
            }
            if index > 0, let before = plan[index - 1].dueOn, let due = instalment.dueOn {
                problems.need(before < due, "instalments.\(index).dueOn", "Enter a day after the instalment before it.")
            }
        }
        let sum = plan.compactMap(\.amount).total
        problems.need(
            sum == needs.approved, "instalments",
            "Change the instalments so that they come to \(needs.approved). Now they come to \(sum).")
        if sum == needs.approved { problems.add(yearProblems(plan, for: needs)) }
        problems.add(gateProblems(agreement, for: needs))
        return problems.found
    }

    /// Each financial year's instalments come to what was approved for that year: money does not move between years here.
    private static func yearProblems(_ plan: [Instalment], for needs: Needs) -> [FieldProblem] {
        var problems = Problems()
        let years = Set(plan.compactMap { $0.dueOn.flatMap { FinancialYear(of: $0) } } + needs.years.map(\.year))
        for year in years.sorted() {
            for kind in BudgetLine.Kind.allCases {
                let approved = needs.years.filter { $0.year == year && $0.kind == kind }.map(\.amount).total
                let planned = plan.filter { $0.kind == kind && $0.dueOn.flatMap { FinancialYear(of: $0) } == year }
                let sum = planned.compactMap(\.amount).total
                problems.need(
                    sum == approved, "instalments",
                    "Change the \(kind.rawValue) instalments due in \(year) so that they come to \(approved), which was approved for that year. Now they come to \(sum)."
                )
            }
        }
        return problems.found
    }

    private static func gateProblems(_ agreement: Agreement, for needs: Needs) -> [FieldProblem] {
        var problems = Problems()
        guard !isDeparted(from: .clause(.evaluation), agreement) || agreement.clauses.contains(.evaluation) else {
            return []
        }
        let plan = agreement.instalments
        for (index, instalment) in plan.enumerated() where index > 0 {
            problems.need(
                instalment.milestone >= .protocolApproved, "instalments.\(index).milestone",
                "Choose what this instalment waits for: none after the first is paid without an approved protocol.")
            problems.need(
                instalment.milestone >= plan[index - 1].milestone, "instalments.\(index).milestone",
                "Choose the same milestone as the instalment before it, or a later one.")
        }
        guard let last = plan.last else { return problems.found }
        let index = plan.count - 1
        problems.need(
            last.milestone == .finalReportAccepted, "instalments.\(index).milestone",
            "Let the last instalment wait for the accepted final report.")
        guard !isDeparted(from: .retention, agreement) else { return problems.found }
        if plan.count > 2 {
            problems.need(
                plan[index - 1].milestone >= .interimReport, "instalments.\(index - 1).milestone",
                "Let the last instalment but one wait for the interim report, or record the departure from retention.")
        }
        if let amount = last.amount {
            problems.need(
                amount.pence * 100 >= needs.approved.pence * needs.retention, "instalments.\(index).amount",
                "Hold back at least \(needs.retention)% of the award for the last instalment, or record the departure from retention."
            )
        }
        return problems.found
    }

    /// Whoever drafted the agreement does not check it.
    public static func checkerIsNotDrafter(_ person: PersonID, drafter: PersonID) -> Refusal? {
        person == drafter
            ? Refusal(
                .forbidden, code: "own_draft",
                "You drafted this agreement, so another officer checks it.") : nil
    }

    /// What both sides sign is what they read.
    public static func unchanged(signed: String, current: String) -> Refusal? {
        signed.lowercased() == current.lowercased()
            ? nil
            : Refusal(
                .stale, code: "content_changed",
                "The agreement has changed since you looked at it. Read it again before you sign.")
    }

    /// Everything that is agreed, as text for the digest that both sides sign.
    public static func canonicalText(_ agreement: Agreement, bid: BidID, recipient: OrganisationID) -> String {
        var text = CanonicalText("agreement-1")
        text.add(bid.description)
        text.add(recipient.description)
        text.add(agreement.instrument)
        text.add(agreement.determinationNumber)
        text.add(agreement.conditionality)
        text.add(agreement.purpose)
        text.add(agreement.maximum)
        text.add(agreement.starts?.description)
        text.add(agreement.ends?.description)
        text.add(agreement.retrospectiveApproval)
        text.list(agreement.categories.map(\.rawValue).sorted()) { $0.add($1) }
        text.add(agreement.ineligible)
        text.add(agreement.frequency)
        text.add(agreement.mode)
        text.add(agreement.advanceReason)
        text.list(agreement.instalments) { text, instalment in
            text.add(instalment.dueOn?.description)
            text.add(instalment.amount)
            text.add(instalment.kind.rawValue)
            text.add(instalment.milestone.rawValue)
        }
        text.list(agreement.indicators.sorted()) { $0.add($1) }
        text.add(agreement.evaluationBudget)
        text.list(agreement.conditions) { text, condition in
            text.add(condition.code)
            text.add(condition.text)
            text.add(condition.kind)
            text.add(condition.due?.description)
        }
        text.list(agreement.clauses.map(\.rawValue).sorted()) { $0.add($1) }
        text.list(agreement.departures) { text, departure in
            text.add(departure.from)
            text.add(departure.reason)
            text.add(departure.authority)
        }
        return text.text
    }
}
