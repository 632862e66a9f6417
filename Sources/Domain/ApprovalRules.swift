/// What must be true of an approval before it moves: the case is complete, the money is there.
public enum ApprovalRules {
    /// What keeps a case from being prepared (A1): the sum and its years, the recommendation, subsidy control, screening.
    /// `budget` is the programme's own lines.
    public static func problems(_ content: Approval.Content, budget: [BudgetLine]) -> [FieldProblem] {
        var problems = Problems()
        let fits = content.amount.map { ProgrammeRules.isStorable($0) && $0 > .zero } ?? false
        problems.need(fits, "amount", "Enter the amount of the award, above zero.")
        problems.need(!content.years.isEmpty, "years", "Split the amount by financial year.")
        problems.add(ProgrammeRules.lineProblems(content.years, "years", atLeast: 1))
        if let amount = content.amount, !content.years.isEmpty {
            let sum = content.years.map(\.amount).total
            problems.need(
                sum == amount, "years", "Change the years so that they come to \(amount). Now they come to \(sum).")
        }
        for (index, line) in content.years.enumerated() {
            let has = budget.first { $0.year == line.year && $0.kind == line.kind }?.amount
            problems.need(
                has != nil, "years.\(index).year",
                "Choose a year in which the programme has \(line.kind.rawValue) money. It has none in \(line.year).")
            if let has {
                problems.need(
                    line.amount <= has, "years.\(index).amount",
                    "Lower the amount: the programme's \(line.kind.rawValue) budget for \(line.year) is \(has).")
            }
        }
        problems.length(content.conditions, "conditions", "conditions", 8000)
        problems.text(content.recommendation, "recommendation", "Enter your recommendation, with its reasons.")
        problems.length(content.recommendation, "recommendation", "recommendation")
        problems.need(content.subsidyControl != nil, "subsidyControl", "Choose how subsidy control applies.")
        problems.add(screeningProblems(content.screening))
        problems.add(consentProblems(content.consent))
        return problems.found
    }

    /// Whether this bid can have such an approval now: a first award once it is appraised, more money once it was approved,
    /// and never while the programme is suspended or closing. `requested` and `maximum` limit a first award.
    public static func preparable(
        _ content: Approval.Content, bid: Bid.State, programme: Programme.State?, maximum: Money?,
        requested: Money? = nil
    ) -> Refusal? {
        guard programme == .open else {
            return Refusal(
                .conflict, code: "programme_not_open", "New money is promised only while the programme is open.")
        }
        switch content.kind {
        case .award:
            guard bid == .appraised else {
                return Refusal(
                    .conflict, code: "bid_not_appraised",
                    "An award is prepared once the appraisal of the bid is closed and before it is decided.")
            }
            guard let amount = content.amount else { return nil }
            if let maximum, amount > maximum {
                return .invalid([FieldProblem("amount", "Enter at most \(maximum), the largest award in this round.")])
            }
            if let requested, amount > requested {
                return .invalid([FieldProblem("amount", "Enter at most \(requested), which is what the bid asks for.")])
            }
            return nil
        case .uplift:
            return bid == .approvedForOffer || bid == .offered
                ? nil
                : Refusal(
                    .conflict, code: "bid_not_approved",
                    "More money is prepared only for an award that was approved before.")
        }
    }

    /// Whether each year's budget has the money left (A2).
    public static func budgetLeft(_ years: [BudgetLine], left: [BudgetLine]) -> Refusal? {
        for line in years {
            let rest = left.first { $0.year == line.year && $0.kind == line.kind }?.amount ?? .zero
            if line.amount > rest {
                return Refusal(
                    .conflict, code: "budget_short",
                    "The \(line.kind.rawValue) budget for \(line.year) has \(rest) left, and \(line.amount) is needed. "
                        + "Return the case to its preparer.")
            }
        }
        return nil
    }

    /// The three questions of screening, answered with a reason.
    public static func screeningProblems(_ screening: SpendScreening) -> [FieldProblem] {
        var problems = Problems()
        problems.need(screening.novel != nil, "screening.novel", "Say whether the spending is novel.")
        problems.need(screening.contentious != nil, "screening.contentious", "Say whether the spending is contentious.")
        problems.need(
            screening.repercussive != nil, "screening.repercussive", "Say whether the spending is repercussive.")
        problems.text(screening.rationale, "screening.rationale", "Explain your answers to the three questions.")
        problems.length(screening.rationale, "screening.rationale", "rationale")
        return problems.found
    }

    static func consentProblems(_ consent: ExternalConsent?) -> [FieldProblem] {
        guard let consent else { return [] }
        var problems = Problems()
        problems.text(consent.reference, "consent.reference", "Enter the reference of the consent.")
        problems.length(consent.reference, "consent.reference", "reference", 140)
        return problems.found
    }

    /// The last moment at which an offer can be accepted, if nothing else is agreed: so many days after approval.
    public static func lapsesAt(approved: Instant, days: Int) -> Instant {
        approved.adding(seconds: Int64(days) * 86_400)
    }

    /// Whether an approval lapses now.
    public static func hasLapsed(_ state: Approval.State, lapsesAt: Instant?, now: Instant) -> Bool {
        state == .approved && lapsesAt.map { $0 <= now } ?? false
    }

    /// Awards to one recipient within the window that together exceed a limit that none exceeds alone.
    /// Answers what they come to; nil when there is nothing to show. A hint for the approver, never a refusal.
    public static func splitting(
        _ amount: Money, on today: Day, others: [(day: Day, amount: Money)], windowDays: Int, limit: Money
    ) -> Money? {
        let recent = others.filter { today.number - windowDays <= $0.day.number && $0.day <= today }
        let together = amount + recent.map(\.amount).total
        guard !recent.isEmpty, together > limit, amount <= limit, recent.allSatisfy({ $0.amount <= limit }) else {
            return nil
        }
        return together
    }

    /// Everything that is approved, as text for the digest that approvers sign. Years stand in their own order, so that the
    /// text does not hang on how a database returns rows.
    public static func canonicalText(_ content: Approval.Content, bid: BidID, recipient: OrganisationID) -> String {
        var text = CanonicalText("approval-1")
        text.add(bid.description)
        text.add(recipient.description)
        text.add(content.kind)
        text.add(content.amount)
        let years = content.years.sorted { ($0.year.start, $0.kind.rawValue) < ($1.year.start, $1.kind.rawValue) }
        text.list(years) { text, line in
            text.add(line.year.description)
            text.add(line.kind)
            text.add(line.amount)
        }
        text.add(content.conditions)
        text.add(content.recommendation)
        text.add(content.subsidyControl)
        text.add(content.screening.novel)
        text.add(content.screening.contentious)
        text.add(content.screening.repercussive)
        text.add(content.screening.rationale)
        text.add(content.consent?.reference)
        text.add(content.consent?.date.description)
        return text.text
    }
}
