import Domain

/// Results as dots with their intervals on one scale, the line of no effect among them: inline SVG, no script, readable in
/// print. The table with the same figures follows it.
struct ForestPlot: Markup {
    /// One result.
    struct Row: Sendable {
        let label: String
        let effect: Double
        let interval: ConfidenceInterval
        let text: String
    }

    /// Unique on the page.
    let id: String
    let title: String
    let rows: [Row]
    /// The value that means no effect.
    let noEffect: Double
    /// Most rows; the table has them all.
    static let most = 30

    private static let left = 10.0
    private static let width = 620.0
    private static let rowHeight = 56.0

    var html: HTML {
        let shown = Array(rows.prefix(Self.most))
        guard !shown.isEmpty else { return .empty }
        let low = min(noEffect, shown.map(\.interval.low).min() ?? 0)
        let high = max(noEffect, shown.map(\.interval.high).max() ?? 0)
        let span = max(high - low, 1e-9)
        func x(_ value: Double) -> Double { Self.left + (value - low) / span * Self.width }
        let height = Double(shown.count) * Self.rowHeight + 34
        let lines = shown.enumerated().map { index, row -> String in
            let y = Double(index) * Self.rowHeight + 40
            let label = HTML(text: "\(row.label): \(row.text)").source
            return """
                <text class="app-chart__text" x="\(svg(Self.left))" y="\(svg(y - 16))">\(label)</text>\
                <line class="app-forest__interval" x1="\(svg(x(row.interval.low)))" y1="\(svg(y))" x2="\(svg(x(row.interval.high)))" y2="\(svg(y))"/>\
                <circle class="app-forest__effect" cx="\(svg(x(row.effect)))" cy="\(svg(y))" r="6"/>
                """
        }
        let none = "No effect (\(Rounded.text(noEffect)))"
        return HTML(
            trusted: """
                <figure class="app-chart" aria-labelledby="\(id)-title">
                <figcaption class="govuk-heading-s" id="\(id)-title">\(HTML(text: title).source)</figcaption>
                <div class="app-scroll" tabindex="0" role="region" aria-labelledby="\(id)-title"><svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="\(id)-title \(id)-desc" \
                viewBox="0 0 640 \(svg(height))"><desc id="\(id)-desc">\(HTML(text: description).source)</desc>
                <line class="app-chart__line" x1="\(svg(x(noEffect)))" y1="6" x2="\(svg(x(noEffect)))" y2="\(svg(height - 24))"/>
                \(lines.joined(separator: "\n"))
                <text class="app-chart__text" x="\(svg(min(x(noEffect) + 4, 480)))" y="\(svg(height - 6))">\(HTML(text: none).source)</text></svg></div>
                </figure>
                """)
    }

    private var description: String {
        rows.map { "\($0.label): \($0.text)." }.joined(separator: " ")
    }
}

/// The way of participants through a study as boxes: inline SVG. The table with the same figures follows it.
struct FlowDiagram: Markup {
    /// Unique on the page.
    let id: String
    let flow: ReportFacts.Flow

    var html: HTML {
        let arms = Array(flow.arms.prefix(4))
        let columns = max(arms.count, 1)
        let width = 640.0 / Double(columns)
        var parts: [String] = []
        var top = 8.0
        if let assessed = flow.assessed {
            parts.append(box(170, top, 300, ["Assessed: \(Words.grouped(assessed))"]))
            parts.append(line(320, top + 40, 320, top + 60))
            top += 60
        }
        parts.append(box(170, top, 300, ["Randomised or included: \(Words.grouped(flow.randomised))"]))
        for (index, arm) in arms.enumerated() {
            let middle = width * (Double(index) + 0.5)
            parts.append(line(320, top + 40, middle, top + 70))
            parts.append(
                box(
                    width * Double(index) + 6, top + 70, width - 12,
                    [
                        arm.name, "Allocated: \(Words.grouped(arm.allocated))", "Lost: \(Words.grouped(arm.lost))",
                        "Analysed: \(Words.grouped(arm.analysed))",
                    ]))
        }
        let height = top + 190
        return HTML(
            trusted: """
                <figure class="app-chart" aria-labelledby="\(id)-title">
                <figcaption class="govuk-heading-s" id="\(id)-title">From those assessed to those analysed</figcaption>
                <div class="app-scroll" tabindex="0" role="region" aria-labelledby="\(id)-title"><svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="\(id)-title \(id)-desc" \
                viewBox="0 0 640 \(svg(height))"><desc id="\(id)-desc">\(HTML(text: description).source)</desc>
                \(parts.joined(separator: "\n"))</svg></div>
                </figure>
                """)
    }

    /// The same in words and as a table.
    var table: any Markup {
        Component.Table(
            caption: "Flow of participants",
            columns: [
                .init("Group"), .init("Allocated", numeric: true), .init("Lost", numeric: true),
                .init("Analysed", numeric: true),
            ],
            rows: flow.arms.map {
                Words.cells([$0.name, Words.grouped($0.allocated), Words.grouped($0.lost), Words.grouped($0.analysed)])
            }, captionSize: .small, firstCellIsHeader: true)
    }

    private var description: String {
        let start = flow.assessed.map { "\(Words.grouped($0)) assessed. " } ?? ""
        return start + "\(Words.grouped(flow.randomised)) randomised or included. "
            + flow.arms.map { "\($0.name): \($0.allocated) allocated, \($0.lost) lost, \($0.analysed) analysed." }
            .joined(separator: " ")
    }

    private func box(_ x: Double, _ y: Double, _ width: Double, _ lines: [String]) -> String {
        let height = Double(lines.count) * 22 + 18
        let words = lines.enumerated().map { index, text in
            """
            <text class="app-chart__text" x="\(svg(x + 10))" y="\(svg(y + 26 + Double(index) * 22))">\(HTML(text: text).source)</text>
            """
        }
        return """
            <rect class="app-flow__box" x="\(svg(x))" y="\(svg(y))" width="\(svg(width))" height="\(svg(height))"/>\(words.joined())
            """
    }

    private func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
        """
        <line class="app-chart__line" x1="\(svg(x1))" y1="\(svg(y1))" x2="\(svg(x2))" y2="\(svg(y2))"/>
        """
    }
}

/// Two places are enough for a drawing.
private func svg(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let sign = hundredths < 0 ? "-" : ""
    let (whole, part) = (abs(hundredths) / 100, abs(hundredths) % 100)
    return part == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(part < 10 ? "0" : "")\(part)"
}
