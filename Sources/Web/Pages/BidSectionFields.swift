import Domain

/// The questions of each section of a bid, in plain words.
struct BidSectionFields {
    let ask: Questions
    let indicators: [Indicator]
    let years: [FinancialYear]

    /// The form of a section.
    func parts(_ section: BidSection) -> [any Markup] {
        switch section {
        case .summary: summary
        case .need: need
        case .theoryOfChange: theory
        case .outcomes: outcomes
        case .costs: costs
        case .evaluation: evaluation
        case .delivery: delivery
        case .dataProtection: dataProtection
        }
    }

    private var summary: [any Markup] {
        [
            ask.text("summary.title", "Title of the project", hint: "Up to 140 characters."),
            ask.area(
                "summary.summary", "Summary", hint: "What you will do, for whom, and what you expect to change.",
                rows: 8,
                most: 1000),
            ask.radios(
                "summary.maturity", "How far along is this idea?",
                Options.of(BidContent.Maturity.self) { Words.label($0) }),
            ask.boxes(
                "summary.focusAreas", "What is it about?", hint: "Choose all that apply.",
                Options.of(BidContent.FocusArea.self) { Words.label($0) }),
        ]
    }

    private var need: [any Markup] {
        [
            ask.area(
                "need.problem", "What is the problem?", hint: "Say how you know, with figures where you can.", rows: 8),
            ask.area(
                "need.population", "Who is it for?", hint: "Which children, families or staff, and how they are chosen."
            ),
            ask.number(
                "need.expectedNumber", "How many children or families do you expect to take part?",
                hint: "Over the whole life of the project."),
        ]
    }

    private var theory: [any Markup] {
        BidSectionForms.theoryParts.map { part in
            ask.list(part.id, part.title, hint: part.hint, add: "Add another", row: part.row) { path, number in
                [ask.area(path, "\(part.row) \(number), in a sentence", rows: 2, most: nil, size: nil)]
            }
        }
    }

    private var outcomes: [any Markup] {
        let choices = indicators.map { Component.Choice($0.code, Words.choice($0)) }
        return [
            ask.list(
                "outcomes.outcomes", "Outcomes you promise",
                hint: "Choose at least one main outcome. It is what the project will be judged on.",
                add: "Add another outcome", row: "Outcome"
            ) { path, _ in
                [
                    ask.select("\(path).indicatorCode", "Measure", choices, size: nil),
                    ask.flag("\(path).isPrimary", "This is a main outcome"),
                    ask.number(
                        "\(path).baseline", "Figure now (baseline)", hint: "For example, 22.6", decimal: true, size: nil
                    ),
                    ask.text(
                        "\(path).baselinePeriod", "Period of that figure", hint: "For example, 2025-26", width: .ten,
                        size: nil),
                    ask.number(
                        "\(path).target", "Target", hint: "On the better side of the figure now.", decimal: true,
                        size: nil),
                    ask.text(
                        "\(path).targetPeriod", "Period of the target", hint: "For example, 2028-29", width: .ten,
                        size: nil),
                ]
            }
        ]
    }

    private var costs: [any Markup] {
        let categories = Options.of(BidContent.CostLine.Category.self) { Words.label($0) }
        let yearChoices = years.map { Component.Choice($0.description, $0.description) }
        return [
            ask.money(
                "costs.requested", "How much are you asking for?",
                hint: "The sum of all cost lines, without those given in kind."),
            ask.list(
                "costs.lines", "Cost lines",
                hint: "One line for each kind of cost in each financial year (1 April to 31 March). "
                    + "Contingency may be up to 5%, and overheads up to 15%, of what you ask for.",
                add: "Add another cost line", row: "Cost line"
            ) { path, _ in
                [
                    ask.select("\(path).category", "Kind of cost", categories, size: nil),
                    ask.select("\(path).year", "Financial year", yearChoices, size: nil),
                    ask.money("\(path).amount", "Amount", size: nil),
                    ask.flag("\(path).recurrent", "It comes back every year"),
                    ask.flag("\(path).inKind", "It is given in kind, so you are not asking for it"),
                ]
            },
            ask.list(
                "costs.matchFunding", "Money from elsewhere", hint: "Leave blank if there is none.",
                add: "Add another source",
                row: "Source"
            ) { path, _ in
                [
                    ask.text("\(path).source", "Who gives it", size: nil),
                    ask.money("\(path).amount", "Amount", size: nil),
                    ask.flag("\(path).confirmed", "It is confirmed"),
                ]
            },
        ]
    }

    private var evaluation: [any Markup] {
        [
            ask.area(
                "evaluation.question", "What do you want to find out?",
                hint: "The question that the evaluation must answer, in one or two sentences.", rows: 4),
            ask.radios(
                "evaluation.comparator", "Whom could the results be compared with?",
                Options.of(BidContent.Comparator.self) { Words.label($0) }),
            ask.area(
                "evaluation.comparatorIdea", "How would the comparison work?",
                hint: "If there is no comparison, say why."),
            ask.number("evaluation.numberAvailable", "How many people could be compared?"),
            ask.radios(
                "evaluation.dataAccess", "Do you have access to the data?",
                Options.of(BidContent.DataAccess.self) { Words.label($0) }),
            ask.area("evaluation.approach", "How would you evaluate it?", rows: 8),
        ]
    }

    private var delivery: [any Markup] {
        [
            ask.area(
                "delivery.partners", "Partners",
                hint: "Who else takes part, and what each does. Say so if there are none."),
            ask.yesNo(
                "delivery.partnersSignedOff", "Have all partners signed off this bid?",
                hint: "Answer yes if there are none."),
            ask.area("delivery.plan", "Plan", hint: "Main steps, with dates and who leads them.", rows: 8),
            ask.area("delivery.childrensVoice", "How have children and families shaped this?"),
            ask.area("delivery.sustainability", "What happens when the funding ends?"),
            ask.money("delivery.exitCost", "What will it cost each year after that?", hint: "Enter 0 if nothing."),
            ask.number(
                "delivery.burdenHours", "Hours spent on this bid so far (optional)",
                hint: "We report how heavy the process is. It does not affect your bid.", decimal: true, suffix: "hours"
            ),
        ]
    }

    private var dataProtection: [any Markup] {
        [
            ask.radios(
                "dataProtection.dpiaStatus", "Data protection impact assessment",
                hint: "This looks at the risks to people whose data you use.",
                Options.of(BidContent.DPIAStatus.self) { Words.label($0) }),
            ask.radios(
                "dataProtection.lawfulBasis", "What allows you to use the data? (lawful basis)",
                Options.of(BidContent.LawfulBasis.self) { Words.label($0) }),
            ask.area(
                "dataProtection.equalityImpact", "Who might gain or lose more than others?",
                hint:
                    "Think of age, sex, race, disability and other protected characteristics, and what you will do about it.",
                rows: 6),
        ]
    }
}
