// What certification needs (B1). Each sentence starts with what to do; each field is the dotted path of an answer.

extension BidSection {
    /// How far a section is, as the task list shows it.
    public enum Progress: String, Sendable, CaseIterable, Codable {
        case notStarted = "not_started", inProgress = "in_progress", complete
    }
}

extension BidContent {
    /// What certification still needs. Empty when the bid is complete.
    public func problems(for needs: BidNeeds) -> [FieldProblem] {
        BidSection.allCases.flatMap { problems(in: $0, for: needs) }
    }

    /// What certification still needs of one section.
    public func problems(in section: BidSection, for needs: BidNeeds) -> [FieldProblem] {
        let missing: [FieldProblem] =
            switch section {
            case .summary: summary.problems
            case .need: need.problems
            case .theoryOfChange: theoryOfChange.problems
            case .outcomes: outcomes.problems(needs)
            case .costs: costs.problems(needs)
            case .evaluation: evaluation.problems
            case .delivery: delivery.problems
            case .dataProtection: dataProtection.problems
            }
        // One message for one cause: what cannot be stored is said first, and once for each field.
        let storage = BidRules.storageProblems(self, in: section)
        let fields = Set(storage.map(\.field))
        return storage + missing.filter { !fields.contains($0.field) }
    }

    /// How far a section is.
    public func progress(of section: BidSection, for needs: BidNeeds) -> BidSection.Progress {
        if isBlank(section) { return .notStarted }
        return problems(in: section, for: needs).isEmpty ? .complete : .inProgress
    }

    /// Whether nothing was entered in a section.
    public func isBlank(_ section: BidSection) -> Bool {
        switch section {
        case .summary: summary == Summary()
        case .need: need == Need()
        case .theoryOfChange: theoryOfChange == TheoryOfChange()
        case .outcomes: outcomes == Outcomes()
        case .costs: costs == Costs()
        case .evaluation: evaluation == Evaluation()
        case .delivery: delivery == Delivery()
        case .dataProtection: dataProtection == DataProtection()
        }
    }
}

extension BidContent.Summary {
    fileprivate var problems: [FieldProblem] {
        var problems = Problems()
        problems.text(title, "summary.title", "Enter the title of the project.")
        problems.text(summary, "summary.summary", "Enter a summary of the project.")
        problems.need(maturity != nil, "summary.maturity", "Choose how far along the idea is.")
        problems.need(!focusAreas.isEmpty, "summary.focusAreas", "Choose at least one focus area.")
        return problems.found
    }
}

extension BidContent.Need {
    fileprivate var problems: [FieldProblem] {
        var problems = Problems()
        problems.text(problem, "need.problem", "Enter the problem that the project answers.")
        problems.text(population, "need.population", "Enter who the project is for.")
        problems.need(
            expectedNumber != nil, "need.expectedNumber", "Enter how many children or families you expect to take part."
        )
        return problems.found
    }
}

extension BidContent.TheoryOfChange {
    fileprivate var problems: [FieldProblem] {
        var problems = Problems()
        for list in lists {
            let field = "theoryOfChange.\(list.name)"
            let article = "aeiou".contains(list.noun.prefix(1)) ? "an" : "a"
            problems.need(!list.entries.isEmpty, field, "Enter at least one \(list.noun).")
            for (index, entry) in list.entries.enumerated() {
                problems.text(entry, "\(field).\(index)", "Enter \(article) \(list.noun), or remove the empty line.")
            }
        }
        return problems.found
    }
}

extension BidContent.Outcomes {
    fileprivate func problems(_ needs: BidNeeds) -> [FieldProblem] {
        var problems = Problems()
        problems.need(!outcomes.isEmpty, "outcomes.outcomes", "Add at least one outcome.")
        problems.need(
            outcomes.isEmpty || outcomes.contains(where: \.isPrimary), "outcomes.outcomes",
            "Mark at least one outcome as primary.")
        var seen: Set<String> = []
        for (index, outcome) in outcomes.enumerated() {
            let field = "outcomes.outcomes.\(index)"
            problems.text(outcome.baselinePeriod, "\(field).baselinePeriod", "Enter the period of the baseline.")
            problems.text(outcome.targetPeriod, "\(field).targetPeriod", "Enter the period of the target.")
            guard let indicator = needs.indicators[outcome.indicatorCode] else {
                problems.need(false, "\(field).indicatorCode", "Choose an indicator from the list.")
                continue
            }
            problems.need(
                seen.insert("\(indicator.code) \(outcome.targetPeriod.trimmed)").inserted, "\(field).indicatorCode",
                "Use each indicator once for a target period. Change this one or remove it.")
            problems.add(outcome.figureProblems(indicator, field))
        }
        return problems.found
    }
}

extension BidContent.Outcome {
    /// Both figures fit the indicator, and the target lies on the better side of the baseline.
    fileprivate func figureProblems(_ indicator: Indicator, _ field: String) -> [FieldProblem] {
        var problems = Problems()
        func figure(_ text: String, _ name: String) -> Int? {
            guard !text.isBlank else {
                problems.need(false, "\(field).\(name)", "Enter the \(name).")
                return nil
            }
            guard let value = Decimals.hundredths(text, places: indicator.decimals) else {
                problems.need(
                    false, "\(field).\(name)",
                    "Enter the \(name) as a number with \(indicator.placesInWords), such as \(indicator.example).")
                return nil
            }
            guard indicator.unit != .percent || value <= 100_00 else {
                problems.need(false, "\(field).\(name)", "Enter the \(name) as a percentage from 0 to 100.")
                return nil
            }
            return value
        }
        guard let before = figure(baseline, "baseline"), let after = figure(target, "target") else {
            return problems.found
        }
        switch indicator.polarity {
        case .low:
            problems.need(
                after < before, "\(field).target",
                "Enter a target below the baseline of \(baseline.trimmed): for this indicator, lower is better.")
        case .high:
            problems.need(
                after > before, "\(field).target",
                "Enter a target above the baseline of \(baseline.trimmed): for this indicator, higher is better.")
        case .context:
            problems.need(
                after != before, "\(field).target",
                "Enter a target that differs from the baseline of \(baseline.trimmed).")
        }
        return problems.found
    }
}

extension Indicator {
    fileprivate var placesInWords: String {
        switch decimals {
        case 0: "no decimal places"
        case 1: "at most one decimal place"
        default: "at most \(decimals) decimal places"
        }
    }

    fileprivate var example: String { decimals == 0 ? "22" : decimals == 1 ? "22.6" : "22.65" }
}

extension BidContent.Costs {
    fileprivate func problems(_ needs: BidNeeds) -> [FieldProblem] {
        var problems = Problems()
        problems.need(!lines.isEmpty, "costs.lines", "Add at least one cost line.")
        for (index, line) in lines.enumerated() {
            let field = "costs.lines.\(index)"
            problems.need(line.category != nil, "\(field).category", "Choose what the money is for.")
            problems.need(line.amount != nil, "\(field).amount", "Enter the amount in pounds.")
            problems.need(line.year != nil, "\(field).year", "Choose the financial year.")
            if let year = line.year, !needs.years.isEmpty {
                problems.need(
                    needs.years.contains(year), "\(field).year",
                    "Choose a financial year in which the programme has money: "
                        + "\(needs.years.map(\.description).joined(separator: ", ")).")
            }
        }
        for (index, source) in matchFunding.enumerated() {
            let field = "costs.matchFunding.\(index)"
            problems.text(source.source, "\(field).source", "Enter where the money comes from, or remove the line.")
            problems.need(source.amount != nil, "\(field).amount", "Enter the amount in pounds, or remove the line.")
        }
        guard let requested else {
            problems.need(false, "costs.requested", "Enter how much you ask for.")
            return problems.found
        }
        problems.add(sumProblems(requested, needs))
        return problems.found
    }

    /// Money asked for: its sum by line, its shares, its limits. Costs in kind are part of the cost, not of the request.
    private func sumProblems(_ requested: Money, _ needs: BidNeeds) -> [FieldProblem] {
        var problems = Problems()
        let asked = lines.filter { !$0.inKind }
        let sum = asked.compactMap(\.amount).total
        problems.need(
            sum == requested, "costs.lines",
            "Change the cost lines or the sum you ask for: the lines come to \(sum), and you ask for \(requested).")
        if let minimum = needs.minimum {
            problems.need(
                requested >= minimum, "costs.requested", "Ask for at least \(minimum), the least in this round.")
        }
        if let maximum = needs.maximum {
            problems.need(
                requested <= maximum, "costs.requested", "Ask for at most \(maximum), the most in this round.")
        }
        func share(_ category: BidContent.CostLine.Category, _ name: String, atMost percent: Int) {
            let part = asked.filter { $0.category == category }.compactMap(\.amount).total
            problems.need(
                part.pence * 100 <= requested.pence * percent, "costs.lines",
                "Lower \(name) to at most \(percent)% of the sum you ask for. Now it is \(part) of \(requested).")
        }
        share(.contingency, "contingency", atMost: needs.contingencyPercent)
        share(.overhead, "overheads", atMost: needs.overheadPercent)
        return problems.found
    }
}

extension BidContent.Evaluation {
    fileprivate var problems: [FieldProblem] {
        var problems = Problems()
        problems.text(question, "evaluation.question", "Enter the question that the evaluation will answer.")
        problems.need(comparator != nil, "evaluation.comparator", "Choose with whom results could be compared.")
        problems.text(
            comparatorIdea, "evaluation.comparatorIdea",
            comparator == .some(.none)
                ? "Explain why no comparison is possible." : "Enter your idea for the comparison.")
        problems.need(
            numberAvailable != nil, "evaluation.numberAvailable", "Enter how many people could be compared.")
        problems.need(dataAccess != nil, "evaluation.dataAccess", "Choose how far access to the data is agreed.")
        problems.text(approach, "evaluation.approach", "Enter how you would evaluate the project.")
        return problems.found
    }
}

extension BidContent.Delivery {
    fileprivate var problems: [FieldProblem] {
        var problems = Problems()
        problems.text(partners, "delivery.partners", "Enter the partners, or say that there are none.")
        problems.need(
            partnersSignedOff == true, "delivery.partnersSignedOff",
            partnersSignedOff == nil
                ? "Say whether all partners have signed off." : "Get every partner to sign off before you send the bid."
        )
        problems.text(plan, "delivery.plan", "Enter the plan of delivery.")
        problems.text(sustainability, "delivery.sustainability", "Enter what happens when the funding ends.")
        problems.need(
            exitCost != nil, "delivery.exitCost",
            "Enter the yearly cost after the funding ends. Enter 0 if there is none.")
        problems.text(childrensVoice, "delivery.childrensVoice", "Enter how children and families shaped the project.")
        return problems.found
    }
}

extension BidContent.DataProtection {
    fileprivate var problems: [FieldProblem] {
        var problems = Problems()
        problems.need(
            dpiaStatus != nil, "dataProtection.dpiaStatus",
            "Choose where the data protection impact assessment stands.")
        problems.need(lawfulBasis != nil, "dataProtection.lawfulBasis", "Choose the lawful basis for using the data.")
        problems.text(
            equalityImpact, "dataProtection.equalityImpact", "Enter who might gain or lose more than others.")
        return problems.found
    }
}
