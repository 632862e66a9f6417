import Domain
import Hummingbird
import Services

/// Reports: each as a page with a chart and its table, as JSON and as CSV, from one value.
extension RouteTable {
    static let reportPages: [Route] = [
        .page("/reports", "reportsPage", "Reports", .reportRead, ReportPages.list),
        .page("/reports/{code}", "reportPage", "A report as at a moment", .reportRead, ReportPages.show),
        .page("/reports/{code}/csv", "reportCSVPage", "A report as CSV", .reportExport, ReportPages.csv),
    ]
}

enum ReportPages {
    @Sendable static func list(_ visit: Visit) async throws -> Response {
        visit.page(
            Page(
                "Reports",
                [
                    Component.BulletList(
                        ReportCode.allCases.map {
                            Component.Link("\($0.number). \($0.title)", "/reports/\($0.rawValue)").html
                                + HTML(trusted: "<br>\(HTML(text: $0.question).source)")
                        })
                ]))
    }

    /// What the address asks for.
    static func code(_ text: String) throws -> ReportCode {
        guard let code = ReportCode(rawValue: text) else { throw WebRefusal.notFound }
        return code
    }

    /// "As at", as a day (its end, in London) or as a moment.
    static func moment(_ text: String?) throws -> Instant? {
        guard let text, !text.isEmpty else { return nil }
        if let day = Day(text) { return LondonTime(day.adding(days: 1), hour: 0)?.instant }
        guard let instant = Instant(text) else {
            throw Refusal.invalid([
                FieldProblem("asAt", "Enter a day, such as 2026-03-31, or a time, such as 2026-03-31T17:00:00Z")
            ])
        }
        return instant
    }

    /// Everything else in the address is a filter; the core knows which it has.
    static func filters(_ parameters: Form) -> [String: String] {
        Dictionary(
            parameters.names.filter { !["asAt", "done"].contains($0) && parameters.optional($0) != nil }.map {
                ($0, parameters[$0])
            },
            uniquingKeysWith: { first, _ in first })
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        let code = try code(visit.text("code"))
        do {
            let table = try await visit.core.reports.run(
                visit.actor, code, asAt: try moment(visit.query("asAt")), filters: filters(visit.parameters))
            return visit.page(try await page(code, table, visit))
        } catch let refusal as Refusal where refusal.kind == .invalid {
            return visit.page(try await page(code, nil, visit).saying(refusal), status: .unprocessableContent)
        }
    }

    private static func page(_ code: ReportCode, _ table: ReportTable?, _ visit: Visit) async throws -> Page {
        let programmes =
            code.filters.contains("programme")
            ? try await visit.core.programmes.list(visit.actor, page: .init(size: Limit.pageSize)).rows : []
        var content: [any Markup] = [
            Component.Paragraph(code.question, .lead),
            FilterForm(
                action: "/reports/\(code.rawValue)",
                content: [
                    HTML(trusted: "<div class=\"app-two\">"),
                    Component.TextInput(
                        name: "asAt", label: "As at", value: visit.query("asAt"),
                        hint: "A day: year, month, day. Leave blank for now.", width: .ten),
                ]
                    + filterInputs(code, programmes, visit)
                    + [HTML(trusted: "</div>"), Component.Button("Show", style: .secondary)]),
        ]
        if let table {
            content += figures(table)
            content.append(
                Component.Link(
                    "Download as CSV", "/reports/\(code.rawValue)/csv\(visit.request.uri.query.map { "?" + $0 } ?? "")"
                ).html)
        }
        return Page(code.title, caption: "Report \(code.number)", back: "/reports", wide: true, content)
    }

    private static func filterInputs(_ code: ReportCode, _ programmes: [ProgrammeRow], _ visit: Visit) -> [any Markup] {
        code.filters.map { name in
            if name == "programme" {
                return Component.Select(
                    name: name, label: ReportCode.label(name),
                    choices: programmes.map { .init($0.id.description, $0.title) }, value: visit.query(name),
                    blank: "All")
            }
            return Component.TextInput(
                name: name, label: ReportCode.label(name), value: visit.query(name), width: .twenty)
        }
    }

    private static func figures(_ table: ReportTable) -> [any Markup] {
        let chart = ReportChart.of(table)
        return [
            Component.SummaryList([
                .init("As at", LondonTime(table.asAt).description), .init("Numerator", String(table.numerator)),
                .init("Denominator", String(table.denominator)), .init("Left out", String(table.excluded)),
            ]), chart ?? HTML.empty,
            Component.Table(
                caption: "Figures", columns: table.columns.map { .init($0.title, numeric: $0.kind.isNumeric) },
                rows: table.rows.map { $0.map { HTML(text: $0.words) } }, empty: "There is nothing to count."),
            table.notes.isEmpty
                ? HTML.empty
                : HTML.joined([Component.Heading("How to read this", size: .small), Component.BulletList(table.notes)]),
            Component.Paragraph("Digest of the query: \(table.sqlHash.prefix(16))", .small),
        ]
    }

    @Sendable static func csv(_ visit: Visit) async throws -> Response {
        let code = try code(visit.text("code"))
        let table = try await visit.core.reports.run(
            visit.actor, code, asAt: try moment(visit.query("asAt")), filters: filters(visit.parameters))
        return .download(
            csvText(table), type: "text/csv; charset=utf-8; header=present", name: "report-\(code.rawValue).csv")
    }

    /// The figures, then what they are: a file that is found later still says what it answers.
    static func csvText(_ table: ReportTable) -> String {
        let about = [
            ["as_at", table.asAt.description],
            [
                "filters",
                table.filters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; "),
            ],
            ["numerator", String(table.numerator)], ["denominator", String(table.denominator)],
            ["excluded", String(table.excluded)],
            ["query_sha256", table.sqlHash],
        ]
        return CSV.text([table.columns.map(\.key)] + table.rows.map { $0.map(\.plain) }) + "\r\n"
            + CSV.text(about).dropFirst()
    }
}

/// Which column of a report is drawn, and named by what.
enum ReportChart {
    static func of(_ table: ReportTable) -> Chart? {
        guard table.rows.count > 1, let number = table.columns.firstIndex(where: { $0.kind.isNumeric }),
            let label = table.columns.firstIndex(where: { $0.kind == .text || $0.kind == .day })
        else { return nil }
        let bars = table.rows.compactMap { row -> Chart.Bar? in
            guard let value = row[number].magnitude else { return nil }
            return Chart.Bar(label: row[label].words, value: value, text: row[number].words)
        }
        guard !bars.isEmpty, let largest = bars.max(by: { $0.value < $1.value }) else { return nil }
        let title = "\(table.columns[number].title) by \(table.columns[label].title.lowercased())"
        return Chart(
            id: "chart-\(table.code.rawValue)", title: title,
            description:
                "Bar chart with \(bars.count) bars. The longest is \(largest.label), \(largest.text). The table below has every figure.",
            bars: bars)
    }
}

extension ReportCode {
    /// The number in the catalogue of reports.
    var number: String { String(rawValue.dropFirst()) }

    /// What a filter asks, on the page.
    static func label(_ filter: String) -> String {
        switch filter {
        case "programme": "Programme"
        case "kind": "Kind of object, such as bid"
        case "id": "Identity of the object"
        case "person": "Identity of the person"
        case "action": "What happened, such as bid.submit"
        case "since": "From this time on, such as 2026-03-31T00:00:00Z"
        case "until": "Before this time"
        case "before": "Before this number in the trail"
        case "size": "How many rows"
        default: filter
        }
    }
}

extension ReportColumn.Kind {
    /// Whether figures stand in it.
    var isNumeric: Bool { [.count, .money, .percent].contains(self) }
}

extension ReportCell {
    /// For people.
    var words: String {
        switch self {
        case .none: "–"
        case .text(let text): text
        case .count(let count): String(count)
        case .money(let money): money.description
        case .percent(let text): text + "%"
        case .instant(let instant): LondonTime(instant).description
        case .day(let day): day.spoken
        }
    }

    /// For the length of a bar.
    var magnitude: Double? {
        switch self {
        case .count(let count): Double(count)
        case .money(let money): Double(money.pence) / 100
        case .percent(let text): Double(text)
        default: nil
        }
    }

    /// For programs: numbers as numbers, money as a decimal text.
    var json: JSON {
        switch self {
        case .none: .null
        case .count(let count): .int(count)
        default: .text(plain)
        }
    }
}

extension ReportTable {
    var json: JSON {
        .object([
            ("code", .code(code)), ("title", .text(title)), ("question", .text(question)), ("asAt", .of(asAt)),
            ("filters", .object(filters.sorted { $0.key < $1.key }.map { ($0.key, JSON.text($0.value)) })),
            (
                "columns",
                .list(columns) {
                    .object([("key", .text($0.key)), ("title", .text($0.title)), ("kind", .code($0.kind))])
                }
            ),
            ("rows", .list(rows) { .list($0, \.json) }), ("numerator", .int(numerator)),
            ("denominator", .int(denominator)),
            ("excluded", .int(excluded)), ("notes", .list(notes) { .text($0) }), ("sqlHash", .text(sqlHash)),
        ])
    }
}
