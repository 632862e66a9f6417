import Domain
import Services

/// The questions of one section of a return.
struct ReturnSectionFields {
    let ask: Questions
    let view: ReturnSectionView

    var parts: [any Markup] {
        switch view.section {
        case .outcomes: view.indicators.map(outcome)
        case .reach:
            [
                ask.number("reach.peopleReached", "People reached in the period"),
                ask.number("reach.ofWhichTarget", "Of those, people of the target group"),
                ask.number("reach.sitesLive", "Sites where the project runs"),
                ask.number("reach.staffTrained", "Staff trained in the period"),
                ask.number("reach.fidelityPercent", "Share of the model delivered as designed", suffix: "%"),
            ]
        case .spend: spend
        case .milestones: [milestones]
        case .risks: [risks]
        case .learning:
            [
                ask.area(
                    "learning.note", "What was learnt", hint: "In plain words, for other authorities too.", rows: 8,
                    most: 8000),
                ask.yesNo("learning.evaluatorAccess", "Does the evaluator have the access that the evaluation needs?"),
                ask.area("learning.confirmation", "If not, what is being done?", rows: 3, most: 2000),
                ask.number("learning.burdenHours", "Hours that this return took", hint: "It helps to ask for less."),
            ]
        }
    }

    /// One indicator: what others have, then the counts.
    private func outcome(_ indicator: ReturnIndicator) -> any Markup {
        let row = "outcomes.\(indicator.code)"
        let counts: [any Markup] =
            indicator.hasCounts
            ? [
                ask.number("\(row).numerator", "Numerator", hint: indicator.numerator, decimal: true),
                ask.number("\(row).denominator", "Denominator", hint: indicator.denominator, decimal: true),
            ] : [ask.number("\(row).value", "Figure", hint: Words.unit(indicator.unit), decimal: true)]
        let reasons =
            [Component.Choice("", "There is a figure")]
            + Options.of(ReturnContent.MissingReason.self, \.label)
        return Component.Fieldset(
            legend: indicator.isPrimary ? "\(indicator.name) (primary outcome)" : indicator.name,
            parts: [beside(indicator)] + counts + [
                ask.select("\(row).missingReason", "If there is no figure, why not?", reasons),
                ask.radios(
                    "\(row).status", "Is the figure final?", inline: true,
                    [Component.Choice("provisional", "Provisional"), Component.Choice("outturn", "Final")]),
                ask.area(
                    "\(row).comment", "What happened",
                    hint: "Needed when the figure changed much since the last return.", rows: 2,
                    most: 2000),
                ask.area(
                    "\(row).confirmation", "Why an unusual figure is right",
                    hint: "Needed when nearly no authority has such a figure.",
                    rows: 2, most: 2000),
                ask.text("\(row).source", "Where the figure comes from"),
            ])
    }

    /// The last period, the authority's published figure, its neighbours and England.
    private func beside(_ indicator: ReturnIndicator) -> any Markup {
        guard let other = view.comparisons.first(where: { $0.code == indicator.code }),
            other.last != nil || other.period != nil
        else { return Component.Paragraph("Nothing is published or reported yet to compare it with.", .hint) }
        return Component.Table(
            caption: "To compare \(indicator.name) with",
            columns: [.init("Whose"), .init("When"), .init("Figure (\(Words.unit(indicator.unit)))", numeric: true)],
            rows: [
                Words.cells(["Your last return", view.last?.period ?? "–", other.last ?? "–"]),
                Words.cells([view.organisationName, other.period ?? "–", other.own ?? "–"]),
                Words.cells([
                    "Middle of \(other.neighbourCount) statistical neighbours", other.period ?? "–",
                    other.neighbours ?? "–",
                ]),
                Words.cells(["England", other.period ?? "–", other.england ?? "–"]),
            ], captionSize: .small, firstCellIsHeader: true)
    }

    private var spend: [any Markup] {
        let before: [any Markup] =
            view.last.map { last in
                [
                    Component.InsetText(
                        "Until \(last.period): \(last.spendToDate?.description ?? "nothing reported") to date.")
                ]
            } ?? []
        return before + [
            ask.money("spend.period", "Spend in the period"),
            ask.money("spend.toDate", "Spend from the start to the end of the period"),
            ask.money("spend.forecast", "Forecast for the whole project"),
            ask.area("spend.varianceReason", "Why the forecast differs from the award", rows: 3, most: 2000),
            ask.area("spend.confirmation", "Why unusual spend is right", rows: 3, most: 2000),
        ]
    }

    private var milestones: any Markup {
        ask.list("milestones.lines", "Milestones", add: "Add a milestone", row: "Milestone") { path, _ in
            [
                ask.text("\(path).code", "Short name", hint: "The same in every return, such as M1.", width: .ten),
                ask.text("\(path).title", "What it is"), ask.date("\(path).planned", "Planned for"),
                ask.date("\(path).forecast", "Expected now", hint: nil),
                ask.date("\(path).actual", "Happened on", hint: nil),
                ask.radios(
                    "\(path).rating", "How it stands", inline: true,
                    Options.of(ReturnContent.Rating.self) { Words.title($0) }),
            ]
        }
    }

    private var risks: any Markup {
        ask.list("risks.lines", "Risks", add: "Add a risk", row: "Risk") { path, _ in
            [
                ask.select(
                    "\(path).category", "Kind",
                    [Component.Choice("", "Choose")] + Options.of(ReturnContent.Risk.Category.self, \.label)),
                ask.text("\(path).title", "What may happen"),
                ask.number("\(path).likelihood", "Likelihood", hint: "1 hardly, 5 almost surely"),
                ask.number("\(path).impact", "Impact", hint: "1 slight, 5 grave"),
                ask.text("\(path).proximity", "How soon"),
                ask.area("\(path).mitigation", "What is done about it", rows: 3, most: 2000),
                ask.text("\(path).owner", "Who sees to it"), ask.date("\(path).raised", "Raised on"),
                ask.date("\(path).closed", "Closed on", hint: nil),
            ]
        }
    }
}
