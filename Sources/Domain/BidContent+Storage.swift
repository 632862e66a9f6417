// What keeps a draft from being saved. A draft may be as incomplete as it likes; only what could not be kept is refused.

extension BidRules {
    /// Most entries of one list of the theory of change.
    public static let mostEntries = 30
    /// Most characters of one entry.
    public static let longestEntry = 500
    /// Most outcomes.
    public static let mostOutcomes = 30
    /// Most cost lines.
    public static let mostCostLines = 200
    /// Most sources of match funding.
    public static let mostSources = 30
    /// Most characters of a name or a period.
    public static let longestName = 140
    /// Most people that a count may give.
    public static let largestCount = 100_000_000

    /// What keeps one section from being stored.
    public static func storageProblems(_ content: BidContent, in section: BidSection) -> [FieldProblem] {
        switch section {
        case .summary: content.summary.storageProblems
        case .need: content.need.storageProblems
        case .theoryOfChange: content.theoryOfChange.storageProblems
        case .outcomes: content.outcomes.storageProblems
        case .costs: content.costs.storageProblems
        case .evaluation: content.evaluation.storageProblems
        case .delivery: content.delivery.storageProblems
        case .dataProtection: content.dataProtection.storageProblems
        }
    }
}

extension Problems {
    fileprivate mutating func count(_ number: Int?, _ field: String) {
        guard let number else { return }
        need(
            (1...BidRules.largestCount).contains(number), field,
            "Enter a whole number from 1 to \(Rules.grouped(BidRules.largestCount)).")
    }

    fileprivate mutating func amount(_ money: Money?, _ field: String, atLeast least: Int) {
        guard let money else { return }
        need(
            ProgrammeRules.isStorable(money) && money.pence >= least, field,
            least > 0 ? "Enter an amount above zero, or leave it blank for now." : "Enter an amount of zero or more.")
    }

    fileprivate mutating func decimal(_ text: String, _ field: String, places: Int) {
        guard !text.isBlank else { return }
        let form = places == 1 ? "at most one decimal place" : "at most two decimal places"
        need(
            Decimals.hundredths(text, places: places) != nil, field,
            "Enter a number of zero or more with \(form), such as 22.6.")
    }
}

extension BidContent.Summary {
    fileprivate var storageProblems: [FieldProblem] {
        var problems = Problems()
        problems.length(title, "summary.title", "title", BidRules.longestTitle)
        problems.length(summary, "summary.summary", "summary", BidRules.longestSummary)
        problems.need(Set(focusAreas).count == focusAreas.count, "summary.focusAreas", "Choose each focus area once.")
        return problems.found
    }
}

extension BidContent.Need {
    fileprivate var storageProblems: [FieldProblem] {
        var problems = Problems()
        problems.length(problem, "need.problem", "problem")
        problems.length(population, "need.population", "population")
        problems.count(expectedNumber, "need.expectedNumber")
        return problems.found
    }
}

extension BidContent.TheoryOfChange {
    /// The seven lists by name and noun, in the order in which they follow from each other.
    var lists: [(name: String, noun: String, entries: [String])] {
        [
            ("inputs", "input", inputs), ("activities", "activity", activities), ("outputs", "output", outputs),
            ("outcomes", "outcome", outcomes), ("impact", "impact", impact), ("assumptions", "assumption", assumptions),
            ("externalFactors", "external factor", externalFactors),
        ]
    }

    fileprivate var storageProblems: [FieldProblem] {
        var problems = Problems()
        for list in lists {
            let field = "theoryOfChange.\(list.name)"
            problems.need(
                list.entries.count <= BidRules.mostEntries, field, "Give at most \(BidRules.mostEntries) entries here.")
            for (index, entry) in list.entries.enumerated() {
                problems.length(entry, "\(field).\(index)", list.noun, BidRules.longestEntry)
            }
        }
        return problems.found
    }
}

extension BidContent.Outcomes {
    fileprivate var storageProblems: [FieldProblem] {
        var problems = Problems()
        problems.need(
            outcomes.count <= BidRules.mostOutcomes, "outcomes.outcomes",
            "Give at most \(BidRules.mostOutcomes) outcomes.")
        for (index, outcome) in outcomes.enumerated() {
            let field = "outcomes.outcomes.\(index)"
            problems.length(outcome.indicatorCode, "\(field).indicatorCode", "code", 20)
            problems.decimal(outcome.baseline, "\(field).baseline", places: 2)
            problems.decimal(outcome.target, "\(field).target", places: 2)
            problems.length(outcome.baselinePeriod, "\(field).baselinePeriod", "period", BidRules.longestName)
            problems.length(outcome.targetPeriod, "\(field).targetPeriod", "period", BidRules.longestName)
        }
        return problems.found
    }
}

extension BidContent.Costs {
    fileprivate var storageProblems: [FieldProblem] {
        var problems = Problems()
        problems.amount(requested, "costs.requested", atLeast: 1)
        problems.need(
            lines.count <= BidRules.mostCostLines, "costs.lines", "Give at most \(BidRules.mostCostLines) cost lines.")
        for (index, line) in lines.enumerated() {
            problems.amount(line.amount, "costs.lines.\(index).amount", atLeast: 1)
        }
        problems.need(
            matchFunding.count <= BidRules.mostSources, "costs.matchFunding",
            "Give at most \(BidRules.mostSources) other sources of money.")
        for (index, source) in matchFunding.enumerated() {
            problems.length(source.source, "costs.matchFunding.\(index).source", "source", BidRules.longestName)
            problems.amount(source.amount, "costs.matchFunding.\(index).amount", atLeast: 1)
        }
        return problems.found
    }
}

extension BidContent.Evaluation {
    fileprivate var storageProblems: [FieldProblem] {
        var problems = Problems()
        problems.length(question, "evaluation.question", "question")
        problems.length(comparatorIdea, "evaluation.comparatorIdea", "answer")
        problems.count(numberAvailable, "evaluation.numberAvailable")
        problems.length(approach, "evaluation.approach", "approach")
        return problems.found
    }
}

extension BidContent.Delivery {
    fileprivate var storageProblems: [FieldProblem] {
        var problems = Problems()
        problems.length(partners, "delivery.partners", "list of partners")
        problems.length(plan, "delivery.plan", "plan")
        problems.length(sustainability, "delivery.sustainability", "answer")
        problems.amount(exitCost, "delivery.exitCost", atLeast: 0)
        problems.length(childrensVoice, "delivery.childrensVoice", "answer")
        problems.decimal(burdenHours, "delivery.burdenHours", places: 1)
        return problems.found
    }
}

extension BidContent.DataProtection {
    fileprivate var storageProblems: [FieldProblem] {
        var problems = Problems()
        problems.length(equalityImpact, "dataProtection.equalityImpact", "answer")
        return problems.found
    }
}
