import Domain

/// The eight sections of a bid as forms: content to answers and back. Blank rows are dropped on the way back.
enum BidSectionForms {
    /// A section's content as a form shows it.
    static func form(_ section: BidSection, _ content: BidContent) -> Form {
        var form = FormWriter()
        switch section {
        case .summary: put(content.summary, in: &form)
        case .need:
            form.put("need.problem", content.need.problem)
            form.put("need.population", content.need.population)
            form.put("need.expectedNumber", content.need.expectedNumber)
        case .theoryOfChange:
            for part in theoryParts {
                for (index, text) in content.theoryOfChange[keyPath: part.path].enumerated() {
                    form.put("\(part.id).\(index)", text)
                }
            }
        case .outcomes: put(content.outcomes, in: &form)
        case .costs: put(content.costs, in: &form)
        case .evaluation: put(content.evaluation, in: &form)
        case .delivery: put(content.delivery, in: &form)
        case .dataProtection:
            form.put("dataProtection.dpiaStatus", content.dataProtection.dpiaStatus)
            form.put("dataProtection.lawfulBasis", content.dataProtection.lawfulBasis)
            form.put("dataProtection.equalityImpact", content.dataProtection.equalityImpact)
        }
        return form.form
    }

    /// What a form says, as content, with a sentence for each answer that cannot be read.
    static func content(_ section: BidSection, _ form: Form) -> (content: BidContent, problems: [FieldProblem]) {
        var reader = Form.Reader(form)
        var content = BidContent()
        switch section {
        case .summary: content.summary = summary(&reader)
        case .need:
            content.need.problem = reader.form["need.problem"]
            content.need.population = reader.form["need.population"]
            content.need.expectedNumber = reader.count("need.expectedNumber")
        case .theoryOfChange:
            for part in theoryParts {
                content.theoryOfChange[keyPath: part.path] =
                    form.rows(part.id).map { form["\(part.id).\($0)"] }.filter { !$0.isEmpty }
            }
        case .outcomes: content.outcomes = outcomes(&reader)
        case .costs: content.costs = costs(&reader)
        case .evaluation: content.evaluation = evaluation(&reader)
        case .delivery: content.delivery = delivery(&reader)
        case .dataProtection:
            content.dataProtection.dpiaStatus = reader.choice("dataProtection.dpiaStatus")
            content.dataProtection.lawfulBasis = reader.choice("dataProtection.lawfulBasis")
            content.dataProtection.equalityImpact = reader.form["dataProtection.equalityImpact"]
        }
        return (content, reader.problems)
    }

    /// One list of the theory of change.
    struct TheoryPart {
        let id: String
        let path: WritableKeyPath<BidContent.TheoryOfChange, [String]>
        let title: String
        let hint: String
        let row: String
    }

    /// The lists of the theory of change, in the order in which they are thought.
    static var theoryParts: [TheoryPart] {
        [
            TheoryPart(
                id: "theoryOfChange.inputs", path: \.inputs, title: "Inputs",
                hint: "What you put in: people, money, training, time.", row: "Input"),
            TheoryPart(
                id: "theoryOfChange.activities", path: \.activities, title: "Activities",
                hint: "What you will do with them.", row: "Activity"),
            TheoryPart(
                id: "theoryOfChange.outputs", path: \.outputs, title: "Outputs",
                hint: "What you can count straight away: sessions held, families seen.", row: "Output"),
            TheoryPart(
                id: "theoryOfChange.outcomes", path: \.outcomes, title: "Outcomes",
                hint: "What changes for children, families or staff.", row: "Outcome"),
            TheoryPart(
                id: "theoryOfChange.impact", path: \.impact, title: "Impact",
                hint: "The lasting difference if it works.", row: "Impact"),
            TheoryPart(
                id: "theoryOfChange.assumptions", path: \.assumptions, title: "Assumptions",
                hint: "What must be true for one step to lead to the next.", row: "Assumption"),
            TheoryPart(
                id: "theoryOfChange.externalFactors", path: \.externalFactors, title: "External factors",
                hint: "What else could cause the same change.", row: "External factor"),
        ]
    }
}

// MARK: Content to answers

extension BidSectionForms {
    private static func put(_ summary: BidContent.Summary, in form: inout FormWriter) {
        form.put("summary.title", summary.title)
        form.put("summary.summary", summary.summary)
        form.put("summary.maturity", summary.maturity)
        form.put("summary.focusAreas", all: summary.focusAreas.map(\.rawValue))
    }

    private static func put(_ outcomes: BidContent.Outcomes, in form: inout FormWriter) {
        for (index, outcome) in outcomes.outcomes.enumerated() {
            let row = "outcomes.outcomes.\(index)"
            form.row("\(row)")
            form.put("\(row).indicatorCode", outcome.indicatorCode)
            form.tick("\(row).isPrimary", outcome.isPrimary)
            form.put("\(row).baseline", outcome.baseline)
            form.put("\(row).baselinePeriod", outcome.baselinePeriod)
            form.put("\(row).target", outcome.target)
            form.put("\(row).targetPeriod", outcome.targetPeriod)
        }
    }

    private static func put(_ costs: BidContent.Costs, in form: inout FormWriter) {
        form.put("costs.requested", costs.requested)
        for (index, line) in costs.lines.enumerated() {
            let row = "costs.lines.\(index)"
            form.row("\(row)")
            form.put("\(row).category", line.category)
            form.put("\(row).year", line.year?.description)
            form.put("\(row).amount", line.amount)
            form.tick("\(row).recurrent", line.recurrent)
            form.tick("\(row).inKind", line.inKind)
        }
        for (index, match) in costs.matchFunding.enumerated() {
            let row = "costs.matchFunding.\(index)"
            form.row("\(row)")
            form.put("\(row).source", match.source)
            form.put("\(row).amount", match.amount)
            form.tick("\(row).confirmed", match.confirmed)
        }
    }

    private static func put(_ evaluation: BidContent.Evaluation, in form: inout FormWriter) {
        form.put("evaluation.question", evaluation.question)
        form.put("evaluation.comparator", evaluation.comparator)
        form.put("evaluation.comparatorIdea", evaluation.comparatorIdea)
        form.put("evaluation.numberAvailable", evaluation.numberAvailable)
        form.put("evaluation.dataAccess", evaluation.dataAccess)
        form.put("evaluation.approach", evaluation.approach)
    }

    private static func put(_ delivery: BidContent.Delivery, in form: inout FormWriter) {
        form.put("delivery.partners", delivery.partners)
        form.put("delivery.partnersSignedOff", delivery.partnersSignedOff)
        form.put("delivery.plan", delivery.plan)
        form.put("delivery.sustainability", delivery.sustainability)
        form.put("delivery.exitCost", delivery.exitCost)
        form.put("delivery.childrensVoice", delivery.childrensVoice)
        form.put("delivery.burdenHours", delivery.burdenHours)
    }
}

// MARK: Answers to content

extension BidSectionForms {
    private static func summary(_ reader: inout Form.Reader) -> BidContent.Summary {
        var summary = BidContent.Summary()
        summary.title = reader.form["summary.title"]
        summary.summary = reader.form["summary.summary"]
        summary.maturity = reader.choice("summary.maturity")
        summary.focusAreas = reader.choices("summary.focusAreas")
        return summary
    }

    private static func outcomes(_ reader: inout Form.Reader) -> BidContent.Outcomes {
        var outcomes = BidContent.Outcomes()
        for number in reader.form.rows("outcomes.outcomes") {
            let row = "outcomes.outcomes.\(number)"
            var outcome = BidContent.Outcome()
            outcome.indicatorCode = reader.form["\(row).indicatorCode"]
            outcome.isPrimary = reader.ticked("\(row).isPrimary")
            outcome.baseline = reader.form["\(row).baseline"]
            outcome.baselinePeriod = reader.form["\(row).baselinePeriod"]
            outcome.target = reader.form["\(row).target"]
            outcome.targetPeriod = reader.form["\(row).targetPeriod"]
            if outcome != BidContent.Outcome() { outcomes.outcomes.append(outcome) }
        }
        return outcomes
    }

    private static func costs(_ reader: inout Form.Reader) -> BidContent.Costs {
        var costs = BidContent.Costs()
        costs.requested = reader.money("costs.requested")
        for number in reader.form.rows("costs.lines") {
            let row = "costs.lines.\(number)"
            var line = BidContent.CostLine()
            line.category = reader.choice("\(row).category")
            line.year = reader.year("\(row).year")
            line.amount = reader.money("\(row).amount")
            line.recurrent = reader.ticked("\(row).recurrent")
            line.inKind = reader.ticked("\(row).inKind")
            if line != BidContent.CostLine() { costs.lines.append(line) }
        }
        for number in reader.form.rows("costs.matchFunding") {
            let row = "costs.matchFunding.\(number)"
            var match = BidContent.MatchFunding()
            match.source = reader.form["\(row).source"]
            match.amount = reader.money("\(row).amount")
            match.confirmed = reader.ticked("\(row).confirmed")
            if match != BidContent.MatchFunding() { costs.matchFunding.append(match) }
        }
        return costs
    }

    private static func evaluation(_ reader: inout Form.Reader) -> BidContent.Evaluation {
        var evaluation = BidContent.Evaluation()
        evaluation.question = reader.form["evaluation.question"]
        evaluation.comparator = reader.choice("evaluation.comparator")
        evaluation.comparatorIdea = reader.form["evaluation.comparatorIdea"]
        evaluation.numberAvailable = reader.count("evaluation.numberAvailable")
        evaluation.dataAccess = reader.choice("evaluation.dataAccess")
        evaluation.approach = reader.form["evaluation.approach"]
        return evaluation
    }

    private static func delivery(_ reader: inout Form.Reader) -> BidContent.Delivery {
        var delivery = BidContent.Delivery()
        delivery.partners = reader.form["delivery.partners"]
        delivery.partnersSignedOff = reader.yesNo("delivery.partnersSignedOff")
        delivery.plan = reader.form["delivery.plan"]
        delivery.sustainability = reader.form["delivery.sustainability"]
        delivery.exitCost = reader.money("delivery.exitCost")
        delivery.childrensVoice = reader.form["delivery.childrensVoice"]
        delivery.burdenHours = reader.form["delivery.burdenHours"]
        return delivery
    }
}
