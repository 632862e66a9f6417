import Domain
import Services

/// A return to be read.
enum ReturnReading {
    static func parts(_ content: ReturnContent, indicators: [ReturnIndicator], findings: [ReturnFinding])
        -> [any Markup]
    {
        let spend = content.spend
        let reach = content.reach
        var parts: [any Markup] = [
            outcomes(content, indicators), Component.Heading("People reached"),
            Component.SummaryList([
                .init("People reached", number(reach.peopleReached)),
                .init("Of the target group", number(reach.ofWhichTarget)),
                .init("Sites live", number(reach.sitesLive)), .init("Staff trained", number(reach.staffTrained)),
                .init("Delivered as designed", reach.fidelityPercent.map { "\($0)%" }),
            ]), Component.Heading("Spend"),
            Component.SummaryList([
                .init("In the period", spend.period?.description), .init("To date", spend.toDate?.description),
                .init("Forecast for the whole project", spend.forecast?.description),
                .init("Why the forecast differs", spend.varianceReason),
                .init("Why unusual spend stands", spend.confirmation),
            ]), milestones(content.milestones), risks(content.risks), Component.Heading("Learning and evaluation"),
            Component.SummaryList([
                .init("What was learnt", content.learning.note),
                .init("The evaluator has the access they need", Words.yesNo(content.learning.evaluatorAccess)),
                .init("If not, what is being done", content.learning.confirmation),
                .init("Hours that this return took", number(content.learning.burdenHours)),
            ]),
        ]
        if !findings.isEmpty { parts.append(self.findings(findings, back: nil)) }
        return parts
    }

    private static func number(_ number: Int?) -> String? { number.map(Words.grouped) }

    private static func outcomes(_ content: ReturnContent, _ indicators: [ReturnIndicator]) -> any Markup {
        Component.Table(
            caption: "Outcomes",
            columns: [
                .init("Indicator"), .init("Numerator", numeric: true), .init("Denominator", numeric: true),
                .init("Figure", numeric: true), .init("Status"), .init("Comment"),
            ],
            rows: indicators.map { indicator -> [any Markup] in
                let value = content.outcomes.value(of: indicator.code)
                let figure = value.figure(indicator).map { "\($0)" }
                return [
                    Component.Link("\(indicator.name)", "/indicators/\(indicator.code)"), HTML(text: value.numerator),
                    HTML(text: value.denominator), HTML(text: figure ?? value.missingReason?.label ?? "Not given"),
                    HTML(text: value.missingReason == nil ? Words.plain(value.status.rawValue) : "–"),
                    Component.Prose(
                        text: [value.comment, value.confirmation].filter { !$0.isEmpty }.joined(separator: "\n"),
                        absent: "–"),
                ]
            }, firstCellIsHeader: true, empty: "No indicators are asked for.")
    }

    private static func milestones(_ milestones: ReturnContent.Milestones) -> any Markup {
        Component.Table(
            caption: "Milestones",
            columns: [
                .init("Milestone"), .init("Planned"), .init("Expected"), .init("Happened"), .init("How it stands"),
            ],
            rows: milestones.lines.map { line -> [any Markup] in
                [
                    HTML(text: "\(line.code): \(line.title)"), HTML(text: line.planned?.spoken ?? "–"),
                    HTML(text: line.forecast?.spoken ?? "–"), HTML(text: line.actual?.spoken ?? "–"),
                    HTML(text: line.rating.map(Words.title) ?? "–"),
                ]
            }, firstCellIsHeader: true, empty: "No milestones.")
    }

    private static func risks(_ risks: ReturnContent.Risks) -> any Markup {
        Component.Table(
            caption: "Risks",
            columns: [
                .init("Risk"), .init("Kind"), .init("Likelihood", numeric: true), .init("Impact", numeric: true),
                .init("What is done"), .init("Owner"), .init("Raised"), .init("Closed"),
            ],
            rows: risks.lines.map { line -> [any Markup] in
                [
                    HTML(text: line.title), HTML(text: line.category?.label ?? "–"),
                    HTML(text: line.likelihood.map(String.init) ?? "–"),
                    HTML(text: line.impact.map(String.init) ?? "–"),
                    Component.Prose(text: line.mitigation, absent: "–"), HTML(text: line.owner),
                    HTML(text: line.raised?.spoken ?? "–"), HTML(text: line.closed?.spoken ?? "–"),
                ]
            }, firstCellIsHeader: true, empty: "No risks.")
    }

    /// What the rules say: what blocks first.
    static func findings(_ findings: [ReturnFinding], back: String?) -> any Markup {
        let order: [ReturnRule.Severity] = [.hard, .soft, .beta]
        let sorted = order.flatMap { severity in findings.filter { $0.severity == severity } }
        return Component.Table(
            caption: "What the checks say",
            columns: [.init("Finding"), .init("What to do"), .init("How it counts"), .init("Reason given")],
            rows: sorted.map { finding -> [any Markup] in
                let address = finding.section.flatMap { section in
                    back.map { "\($0)/sections/\(section.rawValue)?check=yes#\(finding.field)" }
                }
                return [
                    address.map { Component.Link(finding.sentence, $0) } ?? HTML(text: finding.sentence),
                    HTML(text: finding.fix), weight(finding), Component.Prose(text: finding.reason ?? "", absent: "–"),
                ]
            })
    }

    private static func weight(_ finding: ReturnFinding) -> any Markup {
        switch finding.severity {
        case .hard: Tag("Must be put right", .red)
        case .soft: finding.reason == nil ? Tag("Needs a reason", .orange) : Tag("Explained", .green)
        case .beta: Tag("For information", .grey)
        }
    }
}
