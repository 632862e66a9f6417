/// What must be true of a programme before it moves.
public enum ProgrammeRules {
    /// What is wrong with who answers for the programme: the fact whether they hold the capacity is looked up.
    public static func seniorOfficer(fits: Bool) -> [FieldProblem] {
        fits
            ? []
            : [
                FieldProblem(
                    "seniorOfficer", "Choose an active colleague who holds the capacity of senior officer responsible.")
            ]
    }

    /// Most characters of a title.
    public static let longestTitle = 140
    /// Most aims.
    public static let mostAims = 50
    /// Most characters of one aim.
    public static let longestAim = 500

    /// Content changes only while it is a draft.
    public static func editable(_ state: Programme.State) -> Refusal? {
        state == .draft
            ? nil
            : Refusal(
                .conflict, code: "programme_frozen",
                "A programme is changed only while it is a draft. Ask the approver to return it for changes.")
    }

    /// What keeps a draft from being stored at all.
    public static func storageProblems(_ content: Programme.Content) -> [FieldProblem] {
        var problems = Problems()
        problems.text(content.title, "title", "Enter a title for the programme.")
        problems.length(content.title, "title", "title", longestTitle)
        problems.length(content.summary, "summary", "summary")
        problems.length(content.allocationReason, "allocationReason", "reason")
        problems.length(content.powersDetail, "powersDetail", "detail", 1000)
        for (name, text) in content.businessCase.parts {
            problems.length(text, "businessCase.\(name)", "\(name) case")
        }
        problems.length(content.screening.rationale, "screening.rationale", "rationale")
        problems.length(content.adviceReference, "adviceReference", "reference", 140)
        if let scheme = content.ggisSchemeReference {
            problems.need(isSchemeReference(scheme), "ggisSchemeReference", schemeSentence)
        }
        problems.add(ApprovalRules.consentProblems(content.consent))
        if let budget = content.evaluationBudget {
            problems.need(
                isStorable(budget), "evaluationBudget", "Enter the evaluation budget as an amount of zero or more.")
        }
        problems.need(content.aims.count <= mostAims, "aims", "Give at most \(mostAims) aims.")
        for (index, aim) in content.aims.enumerated() {
            problems.text(aim.aim, "aims.\(index).aim", "Enter the aim, or remove it.")
            problems.length(aim.aim, "aims.\(index).aim", "aim", longestAim)
            problems.text(
                aim.indicatorCode, "aims.\(index).indicatorCode", "Choose the indicator that will show this aim.")
        }
        problems.add(lineProblems(content.budget, "budget", atLeast: 0))
        return problems.found
    }

    /// What approval still needs (P2). Empty when the programme is complete.
    public static func problems(_ content: Programme.Content) -> [FieldProblem] {
        var problems = Problems()
        problems.add(storageProblems(content))
        problems.text(content.summary, "summary", "Enter a summary of the programme.")
        problems.need(
            content.seniorOfficer != nil, "seniorOfficer", "Choose the senior officer responsible for this programme.")
        problems.need(
            content.allocationMethod != nil, "allocationMethod", "Choose how the money will be allocated.")
        if let method = content.allocationMethod, method != .competed {
            problems.text(content.allocationReason, "allocationReason", "Explain why the money is not competed for.")
        }
        problems.need(content.powers != nil, "powers", "Choose the power under which the money is paid.")
        if content.powers == .other { problems.text(content.powersDetail, "powersDetail", "Name the power.") }
        problems.need(content.conditionality != nil, "conditionality", "Choose which conditions the money carries.")
        for (name, text) in content.businessCase.parts {
            problems.text(text, "businessCase.\(name)", "Summarise the \(name) case.")
        }
        problems.need(
            content.evaluationBudget != nil, "evaluationBudget",
            "Enter the evaluation budget. Enter 0 if there is none.")
        problems.need(
            content.adviceStatus != nil, "adviceStatus",
            "Say whether advice from the grants panel is needed or was given.")
        if let status = content.adviceStatus, status == .referred || status == .advised {
            problems.text(
                content.adviceReference, "adviceReference", "Enter the reference of the referral or the advice.")
        }
        problems.need(content.fraudRiskInherent != nil, "fraudRiskInherent", "Choose the fraud risk before controls.")
        problems.need(content.fraudRiskResidual != nil, "fraudRiskResidual", "Choose the fraud risk after controls.")
        problems.need(
            content.fraudRiskNextReview != nil, "fraudRiskNextReview", "Enter when fraud risk is next reviewed.")
        problems.need(content.riskProfile != nil, "riskProfile", "Choose the risk profile of the programme.")
        problems.add(ApprovalRules.screeningProblems(content.screening))
        problems.need(!content.aims.isEmpty, "aims", "Give at least one aim, with the indicator that will show it.")
        problems.need(
            content.wholeLife > .zero, "budget",
            "Enter the budget by financial year. The whole-life sum must be above zero.")
        if let evaluation = content.evaluationBudget {
            problems.need(
                evaluation <= content.wholeLife, "evaluationBudget",
                "Lower the evaluation budget: it is more than the whole-life sum of \(content.wholeLife).")
        }
        return problems.found
    }

    /// Whether somebody may decide on a programme: neither its author or submitter, nor the officer who answers for it.
    public static func independent(
        _ person: PersonID, author: PersonID, submitter: PersonID?, seniorOfficer: PersonID?
    ) -> Refusal? {
        if person == author || person == submitter {
            return Refusal(
                .forbidden, code: "approver_submitted",
                "You wrote or submitted this programme, so you cannot decide on it. Ask another approver.")
        }
        if person == seniorOfficer {
            return Refusal(
                .forbidden, code: "approver_is_senior_officer",
                "You are the senior officer responsible for this programme, so you cannot decide on it. Ask another approver."
            )
        }
        return nil
    }

    /// Whether an approver may approve (P3): complete, independent, and within limit or with consent recorded.
    public static func approve(
        _ programme: Programme, by person: PersonID, submitter: PersonID?, delegations: [Delegation], on today: Day
    ) -> Refusal? {
        let content = programme.content
        if let refusal = independent(
            person, author: programme.author, submitter: submitter, seniorOfficer: content.seniorOfficer)
        {
            return refusal
        }
        let missing = problems(content)
        guard missing.isEmpty else { return .invalid(missing) }
        let consented = content.consent.map { $0.date <= today } ?? false
        if content.screening.needsConsent {
            return consented ? nil : ApprovalRules.consentNeeded(content.screening)
        }
        guard let limit = ApprovalRules.limit(of: person, delegations, on: today) else {
            return ApprovalRules.noLimit
        }
        if content.wholeLife <= limit.limit || consented { return nil }
        return ApprovalRules.aboveLimit(content.wholeLife, limit.limit)
    }

    /// Whether a programme may open (P5): it is on the government grants register.
    public static func open(schemeReference: String?) -> Refusal? {
        schemeReference.map(isSchemeReference) == true
            ? nil : .invalid([FieldProblem("ggisSchemeReference", schemeSentence)])
    }

    /// Whether a programme may begin to close (P7).
    public static func roundsDecided(_ rounds: [Round.State]) -> Refusal? {
        let undecided = rounds.filter { ![.decided, .announced, .cancelled].contains($0) }.count
        guard undecided > 0 else { return nil }
        let verb = undecided == 1 ? "is" : "are"
        return Refusal(
            .conflict, code: "rounds_undecided",
            "\(Rules.counted(undecided, "round")) of this programme \(verb) not decided yet. "
                + "Decide or cancel every round first.")
    }

    private static let schemeSentence =
        "Enter the scheme reference from the government grants register, such as SCH-000005439."

    private static func isSchemeReference(_ text: String) -> Bool {
        text.hasPrefix("SCH-") && text.utf8.count == 13 && text.dropFirst(4).utf8.allSatisfy { (48...57).contains($0) }
    }

    static func isStorable(_ money: Money) -> Bool { (0...Money.maximumPence).contains(money.pence) }

    /// Lines of money by year and kind: amounts in range, no year and kind twice.
    static func lineProblems(_ lines: [BudgetLine], _ field: String, atLeast minimum: Int) -> [FieldProblem] {
        var problems = Problems()
        var seen: Set<String> = []
        for (index, line) in lines.enumerated() {
            problems.need(
                isStorable(line.amount) && line.amount.pence >= minimum, "\(field).\(index).amount",
                minimum > 0 ? "Enter an amount above zero, or remove the line." : "Enter an amount of zero or more.")
            problems.need(
                seen.insert("\(line.year) \(line.kind.rawValue)").inserted, "\(field).\(index).year",
                "Put all \(line.kind.rawValue) money of \(line.year) into one line.")
        }
        return problems.found
    }
}

extension Programme.BusinessCase {
    /// The five cases by name, in the usual order.
    var parts: [(name: String, text: String)] {
        [
            ("strategic", strategic), ("economic", economic), ("commercial", commercial), ("financial", financial),
            ("management", management),
        ]
    }
}
