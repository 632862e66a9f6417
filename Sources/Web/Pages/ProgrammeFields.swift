import Domain
import Services

/// The questions about a programme, in plain words.
struct ProgrammeFields {
    let ask: Questions
    let seniorOfficers: [PersonChoice]
    let indicators: [Indicator]
    /// The financial years on offer.
    let years: [FinancialYear]

    /// The form of a part.
    func parts(_ part: ProgrammePart) -> [any Markup] {
        switch part {
        case .basics: basics
        case .businessCase: businessCase
        case .money: money
        case .aims: aims
        case .screening: Self.screening(ask) + Self.consent(ask)
        case .risk: risk
        }
    }

    private var basics: [any Markup] {
        [
            ask.text("title", "Title", hint: "Up to 140 characters."),
            ask.area("summary", "Summary", hint: "What the money is for, in a few sentences.", rows: 6),
            ask.select(
                "seniorOfficer", "Senior officer responsible", hint: "The person who answers for this programme.",
                seniorOfficers.map { Component.Choice("\($0.id)", $0.name) }),
            ask.text(
                "ggisSchemeReference", "Grants register reference",
                hint: "From the government grants register, such as SCH-000005439. Needed before the programme opens.",
                width: .twenty),
            ask.radios(
                "allocationMethod", "How will the money be given out?",
                Options.of(Programme.AllocationMethod.self) { Words.label($0) }),
            ask.area("allocationReason", "If it is not competed, why not?", rows: 4),
            ask.radios("powers", "Which law allows this grant?", Options.of(Programme.Powers.self) { Words.label($0) }),
            ask.text("powersDetail", "If other powers, which?"),
            ask.radios(
                "conditionality", "How is the money tied?",
                Options.of(Programme.Conditionality.self) { Words.label($0) }),
        ]
    }

    private var businessCase: [any Markup] {
        [
            ask.area("businessCase.strategic", "Strategic case", hint: "Why this is needed, and why now.", rows: 8),
            ask.area(
                "businessCase.economic", "Economic case", hint: "Why this is the best use of public money.", rows: 8),
            ask.area("businessCase.commercial", "Commercial case", hint: "How it will be bought or granted.", rows: 8),
            ask.area(
                "businessCase.financial", "Financial case", hint: "What it costs and how it is paid for.", rows: 8),
            ask.area("businessCase.management", "Management case", hint: "Who will run it, and how.", rows: 8),
        ]
    }

    private var money: [any Markup] {
        [
            Self.budget(
                ask, "budget", "Budget",
                hint:
                    "One line for each financial year (1 April to 31 March) and kind of money. The total of all years is "
                    + "the whole-life sum that approval is tested on.", years: years),
            ask.money(
                "evaluationBudget", "Of this, for evaluation",
                hint: "Enter 0 if nothing. Comparable programmes spend 10% to 20% of their budget on evaluation."),
        ]
    }

    /// Rows of year, kind and amount.
    static func budget(
        _ ask: Questions, _ list: String, _ title: String, hint: String, years: [FinancialYear]
    ) -> any Markup {
        ask.list(list, title, hint: hint, add: "Add another year", row: "Line") { path, _ in
            [
                ask.select(
                    "\(path).year", "Financial year", years.map { Component.Choice($0.description, $0.description) },
                    size: nil),
                ask.select(
                    "\(path).kind", "Kind of money", Options.of(BudgetLine.Kind.self) { Words.label($0) }, size: nil),
                ask.money("\(path).amount", "Amount", size: nil),
            ]
        }
    }

    private var aims: [any Markup] {
        let measures = indicators.map { Component.Choice($0.code, Words.choice($0)) }
        return [
            ask.list(
                "aims", "Aims", hint: "What this programme is meant to achieve, and the measure that will show it.",
                add: "Add another aim", row: "Aim"
            ) { path, _ in
                [
                    ask.area("\(path).aim", "The aim", rows: 3, most: 500, size: nil),
                    ask.select("\(path).indicatorCode", "Measure", measures, size: nil),
                    ask.select(
                        "\(path).test", "What it is for", Options.of(Programme.ValueTest.self) { Words.label($0) },
                        size: nil),
                ]
            }
        ]
    }

    /// The questions whose yes takes a decision out of every delegation.
    static func screening(_ ask: Questions) -> [any Markup] {
        [
            Component.Paragraph(
                "If any answer is yes, consent from the Treasury is needed first, whatever the amount."),
            ask.yesNo(
                "screening.novel", "Is the spending novel?", hint: "Of a kind that the department has not done before."),
            ask.yesNo(
                "screening.contentious", "Is it contentious?", hint: "It may cause public argument or criticism."),
            ask.yesNo(
                "screening.repercussive", "Is it repercussive?",
                hint: "It may cause costs or claims for other departments."),
            ask.area("screening.rationale", "Reasons for these answers", rows: 4),
        ]
    }

    /// The consent as recorded.
    static func consent(_ ask: Questions) -> [any Markup] {
        [
            ask.text(
                "consent.reference", "Reference of the consent",
                hint: "Leave blank if consent is not needed or not yet given.",
                width: .twenty),
            ask.date("consent.date", "Date of the consent"),
        ]
    }

    private var risk: [any Markup] {
        let levels = Options.of(RiskLevel.self) { Words.label($0) }
        return [
            ask.radios(
                "adviceStatus", "Advice from the complex grants panel",
                hint: "A cross-government panel that advises on new or high-risk grants.",
                Options.of(Programme.GrantAdvice.self) { Words.label($0) }),
            ask.text("adviceReference", "Reference of the advice", width: .twenty),
            ask.radios("fraudRiskInherent", "Risk of fraud before controls", inline: true, levels),
            ask.radios("fraudRiskResidual", "Risk of fraud with controls", inline: true, levels),
            ask.date("fraudRiskNextReview", "Next review of the fraud risk"),
            ask.radios(
                "riskProfile", "Overall risk",
                hint: "It sets how often projects report and how many claims are checked.",
                inline: true, levels),
        ]
    }
}
