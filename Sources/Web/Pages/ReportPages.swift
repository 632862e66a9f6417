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
                        ReportCode.allCases.filter { Permission.allows($0.action, subject: visit.subject) }.map {
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
            return visit.page(try await page(code, nil, visit, refusal).saying(refusal), status: .unprocessableContent)
        }
    }

    private static func page(
        _ code: ReportCode, _ table: ReportTable?, _ visit: Visit, _ refusal: Refusal? = nil
    ) async throws -> Page {
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
                        hint: "A day, such as 2026-03-31. Leave blank for now.",
                        error: refusal?.problems.first { $0.field == "asAt" }?.sentence, width: .ten),
                ]
                    + filterInputs(code, programmes, visit, refusal)
                    + [HTML(trusted: "</div>"), Component.Button("Show", style: .secondary)]),
        ]
        if let table {
            content += figures(table)
            content.append(
                Templates.Filled(
                    name: "fund-link",
                    fields: [
                        "linkHTML": .markup(
                            Component.Link(
                                "Download as CSV",
                                "/reports/\(code.rawValue)/csv\(visit.request.uri.query.map { "?" + $0 } ?? "")",
                                isDownload: true
                            ).html)
                    ]))
        }
        return Page(code.title, caption: "Report \(code.number)", back: "/reports", wide: true, content)
    }

    private static func filterInputs(
        _ code: ReportCode, _ programmes: [ProgrammeRow], _ visit: Visit, _ refusal: Refusal?
    ) -> [any Markup] {
        code.filters.map { name in
            let error = refusal?.problems.first { $0.field == name }?.sentence
            if name == "programme" {
                return Component.Select(
                    name: name, label: ReportCode.label(name),
                    choices: programmes.map { .init($0.id.description, $0.title) }, value: visit.query(name),
                    error: error, blank: "All")
            }
            return Component.TextInput(
                name: name, label: ReportCode.label(name), value: visit.query(name), error: error, width: .twenty)
        }
    }

    private static func figures(_ table: ReportTable) -> [any Markup] {
        let chart = ReportChart.of(table)
        return [
            Component.SummaryList(
                [.init("As at", LondonTime(table.asAt).description)]
                    + (table.hasTotals
                        ? [
                            .init("Counted (numerator)", table.words(table.numerator)),
                            .init("Out of (denominator)", table.words(table.denominator)),
                            .init("Left out (exclusions)", Words.grouped(table.excluded)),
                        ] : [])), chart ?? HTML.empty,
            Component.Table(
                caption: "Figures", columns: table.columns.map { .init($0.title, numeric: $0.kind.isNumeric) },
                rows: table.rows.map { row in zip(table.columns, row).map { column, cell in column.shown(cell) } },
                empty: "There is nothing to count."),
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
    static func of(_ table: ReportTable) -> Chart? { table.code == .r59 ? actions(table) : figures(table) }

    /// The first figure that is not 0 everywhere. What names a row stands before its figures: each bar carries all of it,
    /// so that no two bars read the same.
    private static func figures(_ table: ReportTable) -> Chart? {
        guard table.rows.count > 1, let first = table.columns.firstIndex(where: { $0.kind.isNumeric }) else {
            return nil
        }
        // Rows in different units have only their shares in common, and are named by what they measure.
        let isMixed = table.columns.contains { $0.key == "unit" }
        let number =
            table.columns.indices.first { index in
                let kind = table.columns[index].kind
                return (isMixed ? kind == .percent : kind.isNumeric)
                    && table.rows.contains { ($0[index].magnitude ?? 0) > 0 }
            } ?? first
        let naming: [ReportColumn.Kind] = isMixed ? [.link] : [.text, .day]
        let labels = table.columns[..<first].indices.filter { naming.contains(table.columns[$0].kind) }
        guard !labels.isEmpty else { return nil }
        let bars = table.rows.compactMap { row -> Chart.Bar? in
            guard let value = row[number].magnitude else { return nil }
            let label = labels.map { table.columns[$0].words(row[$0]) }.joined(separator: ", ")
            return Chart.Bar(label: label, value: value, text: table.columns[number].words(row[number]))
        }
        let by = Words.list(labels.map { table.columns[$0].title.lowercased() })
        return chart(table, "\(table.columns[number].title) by \(by)", bars)
    }

    /// How often each action occurs among the events that are shown.
    private static func actions(_ table: ReportTable) -> Chart? {
        guard let action = table.columns.firstIndex(where: { $0.key == "action" }) else { return nil }
        let counts = Dictionary(grouping: table.rows, by: { table.columns[action].words($0[action]) })
            .map { (action: $0.key, count: $0.value.count) }
            .sorted { ($1.count, $0.action) < ($0.count, $1.action) }
        return chart(
            table, "The events shown, by action",
            counts.map { Chart.Bar(label: $0.action, value: Double($0.count), text: Words.grouped($0.count)) },
            most: actionsMost)
    }

    /// The trail itself is what the page is for: it should not begin a screen further down.
    private static let actionsMost = 8

    private static func chart(
        _ table: ReportTable, _ title: String, _ bars: [Chart.Bar], most: Int = Chart.most
    ) -> Chart? {
        guard let largest = bars.max(by: { $0.value < $1.value }) else { return nil }
        let part = bars.count > most ? " (the first \(most) of \(bars.count))" : ""
        return Chart(
            id: "chart-\(table.code.rawValue)", title: title + part,
            description:
                "Bar chart with \(min(bars.count, most)) bars. The largest of all is \(largest.label), "
                + "\(largest.text). The table below has every figure.",
            bars: Array(bars.prefix(most)))
    }
}

extension ReportColumn {
    /// A cell for people.
    func words(_ cell: ReportCell) -> String {
        switch (key, cell) {
        case ("month", .day(let day)): day.spoken.split(separator: " ").dropFirst().joined(separator: " ")
        case ("pair", .text(let pair)): Self.duties(pair)
        case (_, .text("")): "–"
        case ("seq", .count(let number)), ("sealed_in", .count(let number)): String(number)
        case (_, .count(let count)): Words.grouped(count)
        default: cell.words
        }
    }

    /// A cell of the table: moments and short names stay on one line.
    func shown(_ cell: ReportCell) -> HTML {
        let words = words(cell)
        if case .link(let text, let path) = cell { return Component.Link(text, path).html }
        let short = words.count <= 16 || key == "object"
        return kind == .instant || kind == .day || short ? .unbroken(words) : HTML(text: words)
    }

    /// `AA and AP` is "Approved this award, and appraised this bid".
    private static func duties(_ pair: String) -> String {
        let phrases = pair.split(separator: " and ").map { Duty(rawValue: String($0))?.phrase ?? String($0) }
        let words = phrases.joined(separator: ", and ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}

extension ReportCode {
    /// The number in the catalogue of reports.
    var number: String { String(rawValue.dropFirst().drop { $0 == "0" }) }

    /// What a filter asks, on the page.
    static func label(_ filter: String) -> String {
        switch filter {
        case "programme": "Programme"
        case "round": "Identity of the round"
        case "practice": "Identity of the practice"
        case "organisation": "Identity of the authority"
        case "indicator": "Code of the indicator, such as CLA_R"
        case "from": "From the year to 31 March, such as 2019"
        case "to": "To the year to 31 March, such as 2025"
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
    var isNumeric: Bool { [.count, .money, .percent, .decimal].contains(self) }
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
        case .decimal(let text), .link(let text, path: _): text
        case .instant(let instant): LondonTime(instant).description
        case .day(let day): day.spoken
        }
    }

    /// For the length of a bar.
    var magnitude: Double? {
        switch self {
        case .count(let count): Double(count)
        case .money(let money): Double(money.pence) / 100
        case .percent(let text), .decimal(let text): Double(text)
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
    /// Whether its lines add up to one figure; those of a scorecard do not.
    var hasTotals: Bool { rows.isEmpty || numerator + denominator + excluded > 0 }

    /// A total in its measure.
    func words(_ total: Int) -> String {
        measure == .money ? Money(pence: total).description : Words.grouped(total)
    }

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
            ("rows", .list(rows) { .list($0, \.json) }), ("measure", .code(measure)), ("numerator", .int(numerator)),
            ("denominator", .int(denominator)),
            ("excluded", .int(excluded)), ("notes", .list(notes) { .text($0) }), ("sqlHash", .text(sqlHash)),
        ])
    }
}
