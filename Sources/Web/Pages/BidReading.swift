import Domain

/// What a bid says, for readers: the check-your-answers page, the department, appraisers and approvers.
struct BidReading: Markup {
    let content: BidContent
    /// The sections that this reader sees.
    let sections: [BidSection]
    var indicators: [String: Indicator] = [:]
    /// The address of a section's form, for those who may change it.
    var edit: (@Sendable (BidSection) -> String)?
    /// Level of the sections' headings.
    var level = 2

    var html: HTML {
        .joined(
            sections.flatMap { section in
                let change = edit.map { FundParts.link("Change", $0(section), hidden: section.title.lowercased()) }
                let heading: any Markup = Component.Heading(section.title, level: level)
                let rows = rows(section)
                let answers: [any Markup] = rows.isEmpty ? [] : [Component.SummaryList(rows)]
                return [heading] + [change].compactMap(\.self) + answers + tables(section)
            })
    }

    private func rows(_ section: BidSection) -> [Component.SummaryList.Row] {
        switch section {
        case .summary:
            [
                .init("Title", content.summary.title),
                .init("Summary", content.summary.summary),
                .init("How far along", content.summary.maturity.map(Words.label)),
                .init("About", Words.lines(content.summary.focusAreas.map(Words.label))),
            ]
        case .need:
            [
                .init("The problem", content.need.problem),
                .init("Who it is for", content.need.population),
                .init("Expected to take part", content.need.expectedNumber.map(Words.grouped)),
            ]
        case .theoryOfChange:
            BidSectionForms.theoryParts.map { .init($0.title, Self.points(content.theoryOfChange[keyPath: $0.path])) }
        case .outcomes: []
        case .costs: [.init("Asked for", content.costs.requested?.description)]
        case .evaluation: evaluation
        case .delivery: delivery
        case .dataProtection:
            [
                .init("Impact assessment", content.dataProtection.dpiaStatus.map(Words.label)),
                .init("Lawful basis", content.dataProtection.lawfulBasis.map(Words.label)),
                .init("Effect on equality", content.dataProtection.equalityImpact),
            ]
        }
    }

    private var evaluation: [Component.SummaryList.Row] {
        [
            .init("The question", content.evaluation.question),
            .init("Compared with", content.evaluation.comparator.map(Words.label)),
            .init("How the comparison works", content.evaluation.comparatorIdea),
            .init("People who could be compared", content.evaluation.numberAvailable.map(Words.grouped)),
            .init("Access to data", content.evaluation.dataAccess.map(Words.label)),
            .init("Approach", content.evaluation.approach),
        ]
    }

    private var delivery: [Component.SummaryList.Row] {
        [
            .init("Partners", content.delivery.partners),
            .init("Partners have signed off", Words.yesNo(content.delivery.partnersSignedOff)),
            .init("Plan", content.delivery.plan),
            .init("Voice of children and families", content.delivery.childrensVoice),
            .init("After the funding", content.delivery.sustainability),
            .init("Yearly cost after that", content.delivery.exitCost?.description),
            .init("Hours spent on this bid", content.delivery.burdenHours),
        ]
    }

    private static func points(_ texts: [String]) -> any Markup {
        texts.count > 1 ? Component.BulletList(texts) : Component.Prose(text: texts.first ?? "")
    }

    // MARK: Tables

    private func tables(_ section: BidSection) -> [any Markup] {
        switch section {
        case .outcomes: [outcomes]
        case .costs: costs
        default: []
        }
    }

    private var outcomes: any Markup {
        Component.Table(
            caption: "Outcomes promised",
            columns: [
                .init("Measure"), .init("Main outcome"), .init("Now", numeric: true), .init("Period"),
                .init("Target", numeric: true), .init("Period of target"),
            ],
            rows: content.outcomes.outcomes.map { outcome in
                let measure = indicators[outcome.indicatorCode].map(Words.choice) ?? outcome.indicatorCode
                return Words.cells([
                    measure, outcome.isPrimary ? "Yes" : "No", outcome.baseline, outcome.baselinePeriod, outcome.target,
                    outcome.targetPeriod,
                ])
            }, captionSize: .small, firstCellIsHeader: true, empty: "No outcomes are given yet.")
    }

    private var costs: [any Markup] {
        var tables: [any Markup] = [lines]
        if !content.costs.lines.isEmpty { tables.append(Self.totals(content.costs)) }
        if !content.costs.matchFunding.isEmpty {
            tables.append(
                Component.Table(
                    caption: "Money from elsewhere",
                    columns: [.init("Source"), .init("Confirmed"), .init("Amount", numeric: true)],
                    rows: content.costs.matchFunding.map {
                        Words.cells([$0.source, $0.confirmed ? "Yes" : "No", $0.amount?.description])
                    }, captionSize: .small, firstCellIsHeader: true))
        }
        return tables
    }

    private var lines: any Markup {
        Component.Table(
            caption: "Cost lines",
            columns: [.init("Kind of cost"), .init("Year"), .init("Notes"), .init("Amount", numeric: true)],
            rows: content.costs.lines.map { line in
                let notes = [line.recurrent ? "every year" : nil, line.inKind ? "in kind" : nil].compactMap(\.self)
                return Words.cells([
                    line.category.map(Words.label) ?? "Not chosen", line.year?.description,
                    notes.joined(separator: ", "),
                    line.amount?.description,
                ])
            }, captionSize: .small, firstCellIsHeader: true, empty: "No costs are given yet.")
    }

    /// Totals by kind of cost and year, without what is given in kind: the sum that is asked for.
    static func totals(_ costs: BidContent.Costs) -> any Markup {
        let asked = costs.lines.filter { !$0.inKind }
        let years = Set(asked.compactMap(\.year)).sorted()
        func sum(_ lines: [BidContent.CostLine]) -> String { lines.compactMap(\.amount).total.description }
        func row(_ title: String, _ lines: [BidContent.CostLine]) -> [any Markup] {
            Words.cells([title] + years.map { year in sum(lines.filter { $0.year == year }) } + [sum(lines)])
        }
        let categories = BidContent.CostLine.Category.allCases.filter { category in
            asked.contains { $0.category == category }
        }
        return Component.Table(
            caption: "Totals by kind of cost and year, without costs in kind",
            columns: [.init("Kind of cost")] + years.map { .init($0.description, numeric: true) }
                + [.init("All years", numeric: true)],
            rows: categories.map { category in row(Words.label(category), asked.filter { $0.category == category }) }
                + [row("Total", asked)],
            captionSize: .small, firstCellIsHeader: true)
    }

    /// How the cost lines stand against the sum asked for, in a sentence.
    static func balance(_ costs: BidContent.Costs) -> String? {
        guard let requested = costs.requested, !costs.lines.isEmpty else { return nil }
        let sum = costs.lines.filter { !$0.inKind }.compactMap(\.amount).total
        if sum == requested { return "The cost lines add up to what you are asking for, \(requested)." }
        let gap = sum > requested ? sum - requested : requested - sum
        return "The cost lines add up to \(sum), and you are asking for \(requested): "
            + (sum > requested ? "\(gap) too little." : "\(gap) too much.")
    }
}

extension Words {
    /// Cells of text; a dash where there is nothing.
    static func cells(_ texts: [String?]) -> [any Markup] {
        texts.map { HTML(text: ($0 ?? "").isEmpty ? "–" : $0 ?? "–") }
    }

    /// One below the other; nil when there are none.
    static func lines(_ texts: [String]) -> String? { texts.isEmpty ? nil : texts.joined(separator: "\n") }
}
