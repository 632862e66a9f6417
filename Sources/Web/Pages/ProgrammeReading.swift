import Domain
import Services

extension Done {
    static let programmeSaved = Done(rawValue: "programme-saved")
}

extension ProgrammePages {
    /// All that a programme says, part by part.
    static func reading(_ detail: ProgrammeDetail, editable: Bool) -> [any Markup] {
        ProgrammePart.ordered.flatMap { part -> [any Markup] in
            let change =
                editable
                ? [
                    Component.Link(
                        "Change", "/programmes/\(detail.programme.id)/edit/\(part.rawValue)",
                        hidden: part.title.lowercased())
                ] : []
            let rows = rows(part, detail.programme.content, detail)
            let list: [any Markup] = [Component.SummaryList(rows, card: part.title, cardActions: change)]
            switch part {
            case .money: return list + [budget(detail)]
            case .aims:
                return list + (detail.programme.content.aims.isEmpty ? [] : [aims(detail.programme.content.aims)])
            default: return list
            }
        }
    }

    private static func rows(
        _ part: ProgrammePart, _ content: Programme.Content, _ detail: ProgrammeDetail
    ) -> [Component.SummaryList.Row] {
        switch part {
        case .basics:
            [
                .init("Summary", content.summary),
                .init("Senior officer responsible", detail.seniorOfficerName),
                .init("Grants register reference", content.ggisSchemeReference),
                .init("How the money is given out", content.allocationMethod.map(Words.label)),
                .init(
                    "Why it is not competed",
                    content.allocationMethod == .competed ? "It is competed" : content.allocationReason),
                .init("Powers", content.powers.map { $0 == .other ? content.powersDetail : Words.label($0) }),
                .init("How the money is tied", content.conditionality.map(Words.label)),
            ]
        case .businessCase:
            [
                .init("Strategic", content.businessCase.strategic), .init("Economic", content.businessCase.economic),
                .init("Commercial", content.businessCase.commercial),
                .init("Financial", content.businessCase.financial),
                .init("Management", content.businessCase.management),
            ]
        case .money:
            [
                .init("Whole-life sum", content.wholeLife.description),
                .init("Of this, for evaluation", evaluation(content)),
            ]
        case .aims: [.init("Number of aims", "\(content.aims.count)")]
        case .screening: screening(content.screening, content.consent)
        case .risk:
            [
                .init("Advice from the grants panel", content.adviceStatus.map(Words.label)),
                .init("Reference of the advice", content.adviceReference),
                .init("Fraud risk before controls", content.fraudRiskInherent.map(Words.label)),
                .init("Fraud risk with controls", content.fraudRiskResidual.map(Words.label)),
                .init("Next review of fraud risk", content.fraudRiskNextReview?.spoken),
                .init("Overall risk", content.riskProfile.map(Words.label)),
            ]
        }
    }

    /// The sum for evaluation and its share, beside the usual share.
    private static func evaluation(_ content: Programme.Content) -> String? {
        guard let budget = content.evaluationBudget else { return nil }
        guard content.wholeLife > .zero else { return budget.description }
        let share = (budget.pence * 10_000 + content.wholeLife.pence / 2) / content.wholeLife.pence
        return
            "\(budget), which is \(Words.percent(basisPoints: share)) of the whole. Comparable programmes spend 10% to 20%."
    }

    /// The three screening answers and the consent, for programmes and approvals.
    static func screening(_ screening: SpendScreening, _ consent: ExternalConsent?) -> [Component.SummaryList.Row] {
        [
            .init("Novel", Words.yesNo(screening.novel)), .init("Contentious", Words.yesNo(screening.contentious)),
            .init("Repercussive", Words.yesNo(screening.repercussive)), .init("Reasons", screening.rationale),
            .init(
                "Consent from the Treasury",
                consent.map { "\($0.reference), \($0.date.spoken)" }
                    ?? (screening.needsConsent ? "Needed, and not recorded yet" : "Not needed")),
        ]
    }

    private static func aims(_ aims: [Programme.Aim]) -> any Markup {
        Component.Table(
            caption: "Aims and their measures", columns: [.init("Aim"), .init("Measure"), .init("What it is for")],
            rows: aims.map { Words.cells([$0.aim, $0.indicatorCode, Words.label($0.test)]) }, captionSize: .small,
            firstCellIsHeader: true)
    }

    private static func budget(_ detail: ProgrammeDetail) -> any Markup {
        Component.Table(
            caption: "Budget by financial year",
            columns: [
                .init("Year"), .init("Kind of money"), .init("Budget", numeric: true), .init("Reserved", numeric: true),
                .init("Left", numeric: true),
            ],
            rows: detail.budget.map { position in
                Words.cells([
                    position.line.year.description, Words.label(position.line.kind), position.line.amount.description,
                    position.reserved.description, position.left.description,
                ])
            }, captionSize: .small, firstCellIsHeader: true, empty: "No budget is given.")
    }
}
