/// What a round is held against when it is approved.
public struct RoundLimits: Hashable, Sendable {
    /// The programme's whole-life budget.
    public let budget: Money
    /// What its other approved rounds may already spend.
    public let committed: Money
    /// Fewest working days that a round stays open.
    public let workingDays: Int
    /// Bank holidays, as far as they are known.
    public let holidays: Set<Day>

    /// Limits of one round.
    public init(budget: Money, committed: Money, workingDays: Int, holidays: Set<Day> = []) {
        self.budget = budget
        self.committed = committed
        self.workingDays = workingDays
        self.holidays = holidays
    }

    /// What the programme has left for this round.
    public var left: Money { budget - committed }
}

/// What must be true of a round before it moves.
public enum RoundRules {
    /// Weights sum to 100.00.
    public static let wholeWeight = 10_000
    /// The criterion that What Works scores, below whose pass mark a bid fails whatever its total.
    public static let evaluationCode = "evaluation"
    /// Lowest pass mark of that criterion.
    public static let evaluationPassMark = 3
    /// Fewest appraisers of a bid.
    public static let fewestAppraisers = 2

    /// The refusal of a submission outside the opening hours of a round.
    public static let notOpen = Refusal(
        .conflict, code: "round_closed",
        "This round is not open for bids at this moment. Look at the round for its opening and closing times.")

    /// Content changes only while it is a draft; criteria and rules are frozen by approval.
    public static func editable(_ state: Round.State) -> Refusal? {
        state == .draft
            ? nil
            : Refusal(
                .conflict, code: "round_frozen",
                "A round is changed only while it is a draft: what bids are judged by stays as it was approved.")
    }

    /// Whether somebody may approve a round: not its author.
    public static func independent(_ person: PersonID, author: PersonID) -> Refusal? {
        person == author
            ? Refusal(
                .forbidden, code: "approver_is_author",
                "You wrote this round, so you cannot approve it. Ask another approver.") : nil
    }

    /// What keeps a draft from being stored at all.
    public static func storageProblems(_ content: Round.Content) -> [FieldProblem] {
        var problems = Problems()
        problems.text(content.title, "title", "Enter a title for the round.")
        problems.length(content.title, "title", "title", 140)
        problems.length(content.prospectus, "prospectus", "prospectus", 20_000)
        if let opens = content.opensAt, let closes = content.closesAt {
            problems.need(opens < closes, "closesAt", "Enter a closing time that is later than the opening time.")
        }
        func amount(_ money: Money?, _ field: String, atLeast minimum: Int, _ sentence: String) {
            guard let money else { return }
            problems.need(ProgrammeRules.isStorable(money) && money.pence >= minimum, field, sentence)
        }
        amount(content.minimumAward, "minimumAward", atLeast: 0, "Enter a smallest award of zero or more.")
        amount(content.maximumAward, "maximumAward", atLeast: 1, "Enter a largest award above zero.")
        amount(content.budget, "budget", atLeast: 1, "Enter a budget above zero.")
        if let minimum = content.minimumAward, let maximum = content.maximumAward {
            problems.need(minimum <= maximum, "maximumAward", "Enter a largest award that is not below the smallest.")
        }
        problems.add(criterionProblems(content.criteria))
        problems.add(ruleProblems(content.rules))
        return problems.found
    }

    /// What approval still needs (R1). Empty when the round is complete.
    public static func problems(_ content: Round.Content, limits: RoundLimits) -> [FieldProblem] {
        var problems = Problems()
        problems.add(storageProblems(content))
        problems.text(content.prospectus, "prospectus", "Enter the prospectus that applicants will read.")
        problems.need(content.opensAt != nil, "opensAt", "Enter when the round opens.")
        problems.need(content.closesAt != nil, "closesAt", "Enter when the round closes.")
        if let opens = content.opensAt, let closes = content.closesAt, opens < closes {
            let days = workingDaysOpen(opens, closes, WorkingDays(holidays: limits.holidays))
            problems.need(
                days >= limits.workingDays, "closesAt",
                "Keep the round open for at least \(Rules.counted(limits.workingDays, "working day")) after the day it opens. "
                    + "Now it is \(days).")
        }
        problems.need(
            content.minimumAward != nil, "minimumAward", "Enter the smallest award. Enter 0 if there is none.")
        problems.need(content.maximumAward != nil, "maximumAward", "Enter the largest award.")
        problems.need(content.budget != nil, "budget", "Enter the money of this round.")
        if let budget = content.budget {
            problems.need(
                budget <= limits.left, "budget",
                "Lower the budget to \(max(limits.left, .zero)) or less: that is what the programme has left.")
            if let maximum = content.maximumAward {
                problems.need(
                    maximum <= budget, "maximumAward",
                    "Lower the largest award to the round's budget of \(budget) or less.")
            }
        }
        problems.add(weightProblems(content.criteria))
        problems.need(!content.rules.isEmpty, "rules", "Add at least one eligibility rule.")
        return problems.found
    }

    /// Working days after the day of opening until the last day on which a bid can come in. A round that closes at midnight
    /// closes on the day before.
    static func workingDaysOpen(_ opens: Instant, _ closes: Instant, _ calendar: WorkingDays) -> Int {
        let last = Instant(microseconds: closes.microseconds - 1).londonDay
        return calendar.count(from: opens.londonDay.adding(days: 1), through: last)
    }

    private static func criterionProblems(_ criteria: [Criterion]) -> [FieldProblem] {
        var problems = Problems()
        var codes: Set<String> = []
        problems.need(criteria.count <= 30, "criteria", "Use at most 30 criteria.")
        for (index, criterion) in criteria.enumerated() {
            let field = "criteria.\(index)"
            problems.need(
                isCode(criterion.code, digits: false), "\(field).code",
                "Enter a code of 2 to 40 small letters and underscores, such as \(evaluationCode).")
            problems.need(
                codes.insert(criterion.code).inserted, "\(field).code", "Use each code once in a round. Choose another."
            )
            problems.text(criterion.title, "\(field).title", "Enter a title for the criterion.")
            problems.length(criterion.title, "\(field).title", "title", 140)
            problems.need(
                (1...wholeWeight).contains(criterion.weightBasisPoints), "\(field).weight",
                "Enter a weight above 0 and up to 100, with at most two decimal places.")
            problems.need((0...5).contains(criterion.passMark), "\(field).passMark", "Enter a pass mark from 0 to 5.")
            problems.text(criterion.guidance, "\(field).guidance", "Enter the guidance that scorers will see.")
            problems.length(criterion.guidance, "\(field).guidance", "guidance")
        }
        return problems.found
    }

    private static func ruleProblems(_ rules: [EligibilityRule]) -> [FieldProblem] {
        var problems = Problems()
        var codes: Set<String> = []
        problems.need(rules.count <= 30, "rules", "Use at most 30 rules.")
        for (index, rule) in rules.enumerated() {
            let field = "rules.\(index)"
            problems.need(
                isCode(rule.code, digits: true), "\(field).code",
                "Enter a code of 2 to 40 small letters, digits and underscores, such as ofsted_grade.")
            problems.need(
                codes.insert(rule.code).inserted, "\(field).code", "Use each code once in a round. Choose another.")
            problems.text(rule.sentence, "\(field).sentence", "Enter the rule as applicants will read it.")
            problems.length(rule.sentence, "\(field).sentence", "rule", 500)
            problems.text(rule.source, "\(field).source", "Enter where the rule comes from.")
            problems.length(rule.source, "\(field).source", "source", 300)
            problems.add(EligibilityRules.predicateProblems(rule.predicate, "\(field).predicate"))
        }
        return problems.found
    }

    private static func weightProblems(_ criteria: [Criterion]) -> [FieldProblem] {
        var problems = Problems()
        let sum = criteria.map(\.weightBasisPoints).reduce(0, +)
        problems.need(
            sum == wholeWeight, "criteria",
            "Change the weights so that they sum to 100.00. Now they sum to \(Decimals.quotient(sum, by: 100, places: 2) ?? "0")."
        )
        let whatWorks = criteria.filter { $0.scorer == .whatWorks }
        problems.need(
            whatWorks.count == 1 && whatWorks[0].code == evaluationCode, "criteria",
            "Give What Works exactly one criterion to score, with the code \(evaluationCode).")
        if let index = criteria.firstIndex(where: { $0.scorer == .whatWorks }) {
            problems.need(
                criteria[index].passMark >= evaluationPassMark, "criteria.\(index).passMark",
                "Enter a pass mark of at least \(evaluationPassMark) for the evaluation criterion.")
        }
        problems.need(
            criteria.contains { $0.scorer == .appraiser }, "criteria",
            "Add at least one criterion that the department's appraisers score.")
        return problems.found
    }

    /// Whether the closing time may move (R3): to later, before it has passed, for every applicant alike.
    public static func extend(_ round: Round, to newClose: Instant, now: Instant) -> Refusal? {
        guard let closes = round.content.closesAt, round.state == .open, now < closes else { return notOpen }
        guard newClose > closes else {
            return .invalid([
                FieldProblem("closesAt", "Enter a closing time that is later than \(LondonTime(closes)).")
            ])
        }
        return nil
    }

    /// Whether appraisal may begin (R5): no bid is waiting to be checked, and each eligible one has its scorers.
    public static func beginAppraisal(
        _ bids: [(String, Bid.State, appraisers: Int, whatWorks: Int)]
    ) -> Refusal? {
        if let waiting = bids.first(where: { $0.1 == .submitted || $0.1 == .eligibilityCheck }) {
            return Refusal(
                .conflict, code: "eligibility_open",
                "Check the eligibility of every bid first. \(waiting.0) is still waiting.")
        }
        let short = bids.first {
            $0.1 == .eligible && ($0.appraisers < fewestAppraisers || $0.whatWorks < 1)
        }
        guard let short else { return nil }
        return Refusal(
            .conflict, code: "appraisers_missing",
            "Assign at least \(fewestAppraisers) appraisers and one What Works reviewer to every eligible bid. "
                + "\(short.0) has \(Rules.counted(short.appraisers, "appraiser")) "
                + "and \(Rules.counted(short.whatWorks, "What Works reviewer")).")
    }

    /// Whether a round is decided (R6): no bid waits, and what was awarded fits its money.
    public static func decide(_ bids: [(String, Bid.State)], awarded: Money, budget: Money?) -> Refusal? {
        let waiting: Set<Bid.State> = [.submitted, .eligibilityCheck, .eligible, .appraised]
        if let bid = bids.first(where: { waiting.contains($0.1) }) {
            return Refusal(
                .conflict, code: "bids_undecided",
                "Decide every bid first: approve it, put it in reserve or decline it. \(bid.0) is still waiting.")
        }
        guard let budget, awarded > budget else { return nil }
        return Refusal(
            .conflict, code: "round_over_budget",
            "The awards come to \(awarded), which is more than the round's budget of \(budget).")
    }

    /// Everything that approval freezes, as text for a digest.
    public static func canonicalText(_ content: Round.Content) -> String {
        var text = CanonicalText("round-1")
        text.add(content.title)
        text.add(content.prospectus)
        text.add(content.opensAt?.description)
        text.add(content.closesAt?.description)
        text.add(content.minimumAward)
        text.add(content.maximumAward)
        text.add(content.budget)
        text.list(content.criteria) { text, criterion in
            text.add(criterion.code)
            text.add(criterion.title)
            text.add(criterion.weightBasisPoints)
            text.add(criterion.passMark)
            text.add(criterion.scorer)
            text.add(criterion.guidance)
        }
        text.list(content.rules) { text, rule in
            text.add(rule.code)
            text.add(rule.sentence)
            rule.predicate.write(to: &text)
            text.add(rule.source)
        }
        return text.text
    }

    private static func isCode(_ text: String, digits: Bool) -> Bool {
        let bytes = Array(text.utf8)
        guard (2...40).contains(bytes.count), (97...122).contains(bytes[0]) else { return false }
        return bytes.allSatisfy { (97...122).contains($0) || $0 == 95 || (digits && (48...57).contains($0)) }
    }
}
