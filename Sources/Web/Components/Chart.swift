/// A horizontal bar chart as inline SVG: no script, no inline style, readable in print. It never stands alone: the table
/// with the same figures follows it.
struct Chart: Markup {
    /// One bar.
    struct Bar: Sendable {
        let label: String
        /// Its length, not negative.
        let value: Double
        /// As it is written at its end.
        let text: String
        /// Which of two series, 0 or 1.
        var series = 0
    }

    /// Unique on the page.
    let id: String
    let title: String
    /// The message of the chart in words, for those who do not see it.
    let description: String
    let bars: [Bar]

    private static let width = 640.0
    private static let rowHeight = 44.0
    private static let barHeight = 18.0
    /// Most bars; more would be unreadable, and the table has them all.
    static let most = 30

    var html: HTML {
        let shown = bars.prefix(Self.most)
        guard !shown.isEmpty else { return .empty }
        let height = Double(shown.count) * Self.rowHeight + 8
        let largest = max(shown.map(\.value).max() ?? 0, 0.000_001)
        let rows = shown.enumerated().map { index, bar -> String in
            let top = Double(index) * Self.rowHeight + 4
            let length = max(bar.value, 0) / largest * (Self.width - 130)
            let label = HTML(text: bar.label).source
            let text = HTML(text: bar.text).source
            let kind = bar.series == 0 ? "app-chart__bar" : "app-chart__bar app-chart__bar--b"
            return """
                <text class="app-chart__text" x="6" y="\(number(top + 12))">\(label)</text>\
                <rect class="\(kind)" x="0" y="\(number(top + 18))" width="\(number(max(length, 1)))" height="\(number(Self.barHeight))"/>\
                <text class="app-chart__text" x="\(number(max(length, 1) + 8))" y="\(number(top + 32))">\(text)</text>
                """
        }
        return HTML(
            trusted: """
                <figure class="app-chart" aria-labelledby="\(id)-title">
                <figcaption class="govuk-heading-s" id="\(id)-title">\(HTML(text: title).source)</figcaption>
                <div class="app-scroll" tabindex="0" role="region" aria-labelledby="\(id)-title"><svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="\(id)-title \(id)-desc" \
                viewBox="0 0 \(number(Self.width)) \(number(height))"><desc id="\(id)-desc">\(HTML(text: description).source)</desc>
                \(rows.joined(separator: "\n"))
                <line class="app-chart__line" x1="0" y1="0" x2="0" y2="\(number(height))"/></svg></div>
                </figure>
                """)
    }

    /// Two places are enough for a drawing.
    private func number(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let (whole, part) = (hundredths / 100, hundredths % 100)
        return part == 0 ? "\(whole)" : "\(whole).\(part < 10 ? "0" : "")\(part)"
    }
}

/// Comma-separated values (RFC 4180), with a byte-order mark so that spreadsheets read UTF-8.
enum CSV {
    /// Rows as text, the header first.
    static func text(_ rows: [[String]]) -> String {
        "\u{FEFF}" + rows.map { $0.map(cell).joined(separator: ",") + "\r\n" }.joined()
    }

    /// One cell. What a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers.
    static func cell(_ text: String) -> String {
        var text = text
        if let first = text.unicodeScalars.first, dangerous.contains(first), !isNumber(text) { text = "'" + text }
        guard text.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    private static let dangerous: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]

    private static func isNumber(_ text: String) -> Bool {
        let digits = text.drop { $0 == "-" || $0 == "+" }
        return text.count - digits.count <= 1 && !digits.isEmpty
            && digits.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 }
            && digits.filter { $0 == "." }.count <= 1
    }
}
