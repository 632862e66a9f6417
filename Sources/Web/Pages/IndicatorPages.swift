import Domain
import Hummingbird
import Services

/// The registry of indicators, and what was published: with letters where there is no figure.
enum IndicatorPages {
    static let routes: [Route] = [
        .page("/indicators", "indicatorsPage", "Indicators", .indicatorList, list),
        .page("/indicators/{code}", "indicatorPage", "An indicator and its published figures", .statisticList, show),
        .page("/indicators/{code}/csv", "indicatorCSVPage", "Published figures as CSV", .statisticList, csv),
        .page(
            "/indicators/{code}/returns", "indicatorReturnsPage", "What returns say of an indicator", .returnList,
            returns),
        .page(
            "/indicators/{code}/returns/csv", "indicatorReturnsCSVPage", "What returns say of an indicator, as CSV",
            .returnList, returnsCSV),
        .page(
            "/organisations/{id}/figures", "authorityFiguresPage", "Published figures of an authority", .statisticList,
            authority),
    ]

    @Sendable static func list(_ visit: Visit) async throws -> Response {
        let rows = try await visit.core.statistics.registry(visit.actor)
        return visit.page(
            Page(
                "Indicators", wide: true,
                [
                    Component.Paragraph(
                        "What outcomes are measured by. A definition never changes: a better one gets the next number."),
                    Component.Table(
                        caption: "The registry",
                        columns: [
                            .init("Indicator"), .init("What is counted"), .init("Among whom"), .init("Unit"),
                            .init("Source"),
                            .init("Newest figures"),
                        ],
                        rows: rows.map { row -> [any Markup] in
                            [
                                Component.Link("\(row.code): \(row.name)", "/indicators/\(row.code)"),
                                HTML(text: row.numerator), HTML(text: row.denominator.isEmpty ? "–" : row.denominator),
                                HTML(text: Words.unit(row.unit)), HTML(text: row.source),
                                HTML(text: row.newestPeriod ?? "–"),
                            ]
                        }, firstCellIsHeader: true),
                    attribution,
                ]))
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        let figures = try await load(visit)
        let definition = figures.definition
        let here = "/indicators/\(definition.code)"
        let ask = Questions(visit.parameters)
        let periods = figures.periods.map {
            Component.Choice(
                "\($0.period) \($0.cohort)", $0.cohort.isEmpty ? $0.period : "\($0.period), \(Words.cohort($0.cohort))")
        }
        var content: [any Markup] = [self.definition(definition)]
        if !periods.isEmpty {
            content.append(
                FilterForm(
                    action: here,
                    content: [ask.select("period", "Period", periods), Component.Button("Show", style: .secondary)]))
        }
        content += pooled(figures) + [table(figures), key]
        if !figures.figures.isEmpty {
            let query = visit.request.uri.query.map { "?" + $0 } ?? ""
            content.append(FundParts.link("Download as CSV", "\(here)/csv\(query)"))
        }
        if Permission.allows(.returnList, subject: visit.subject) {
            content.append(FundParts.link("What returns say of it", "\(here)/returns"))
        }
        content += loads(figures)
        content.append(attribution)
        return visit.page(
            Page(
                definition.name, caption: "Indicator \(definition.code)",
                breadcrumbs: [.init("Home", "/"), .init("Indicators", "/indicators")], wide: true, content))
    }

    @Sendable static func csv(_ visit: Visit) async throws -> Response {
        let figures = try await load(visit)
        let rows = figures.figures.map {
            [
                figures.definition.code, $0.period, figures.cohort, $0.geography, $0.areaCode, $0.areaName,
                $0.numerator ?? "",
                $0.denominator ?? "", $0.text, $0.status.rawValue, $0.source,
            ]
        }
        let header = [
            "indicator", "period", "cohort", "geography", "area_code", "area_name", "numerator", "denominator",
            "figure",
            "status", "source",
        ]
        return .download(
            CSV.text([header] + rows), type: "text/csv; charset=utf-8; header=present",
            name: "\(figures.definition.code).csv")
    }

    /// The period and group of the address: `2025 CLA`.
    private static func load(_ visit: Visit) async throws -> IndicatorFigures {
        let parts = (visit.query("period") ?? "").split(separator: " ", omittingEmptySubsequences: false).map(
            String.init)
        let period = parts.first.flatMap { $0.count == 4 ? $0 : nil }
        var figures = try await visit.core.statistics.indicator(
            visit.actor, visit.text("code"), period: period, cohort: parts.count > 1 ? parts[1] : "")
        if period == nil, figures.figures.isEmpty, let first = figures.periods.first {
            figures = try await visit.core.statistics.indicator(
                visit.actor, visit.text("code"), period: first.period, cohort: first.cohort)
        }
        return figures
    }

    private static func definition(_ definition: IndicatorDefinition) -> any Markup {
        let band = definition.plausibleLow.flatMap { low in definition.plausibleHigh.map { "\(low) to \($0)" } }
        return Component.SummaryList([
            .init("Numerator", definition.numerator),
            .init(
                "Denominator",
                definition.populationBasis == "previous_year"
                    ? "\(definition.denominator), mid-year estimate of the year before" : definition.denominator),
            .init("Unit", "\(Words.unit(definition.unit)), \(Words.count(definition.decimals, "decimal place"))"),
            .init("Which way is better", Words.direction(definition.polarity)),
            .init("Period", Words.plain(definition.periodType)), .init("Source", definition.source),
            .init("Public", "\(Words.count(definition.availableAfterMonths, "month")) after the period ends"),
            .init(
                "Small counts",
                definition.threshold > 1 ? "1 to \(definition.threshold - 1) are shown as a letter" : "None"),
            .init("Plausible", band),
            .init("Definition", "Number \(definition.number), from \(definition.validFrom.spoken)"),
        ])
    }

    private static func pooled(_ figures: IndicatorFigures) -> [any Markup] {
        guard let pooled = figures.pooled, let figure = pooled.figure else { return [] }
        return [
            Component.InsetText(
                "All authorities together: \(figure) (\(pooled.numerator ?? "–") of \(pooled.denominator ?? "–"), "
                    + "\(Words.count(pooled.authorities, "authority", "authorities")); \(pooled.excluded) left out for want of a count). "
                    + "Counts are added up; this is not the mean of the authorities.")
        ]
    }

    private static func table(_ figures: IndicatorFigures) -> any Markup {
        Component.Table(
            caption: figures.period.map { "Published for \($0)" } ?? "Published",
            columns: [
                .init("Area"), .init("Level"), .init("Numerator", numeric: true), .init("Denominator", numeric: true),
                .init("Figure", numeric: true), .init("Source"),
            ],
            rows: figures.figures.map { row -> [any Markup] in
                [
                    row.organisation.map { Component.Link(row.areaName, "/organisations/\($0)/figures") }
                        ?? HTML(text: row.areaName),
                    HTML(text: Words.geography(row.geography)), HTML(text: row.numerator ?? "–"),
                    HTML(text: row.denominator ?? "–"), HTML(text: row.text), HTML(text: row.source),
                ]
            }, firstCellIsHeader: true, empty: "Nothing is published for it.")
    }

    /// What the letters mean.
    static let key: any Markup = Component.Details(
        summary: "What the letters mean",
        parts: [
            Component.BulletList(
                FigureStatus.allCases.compactMap { status in status.letter.map { "\($0): \(status.meaning)" } })
        ])

    private static func loads(_ figures: IndicatorFigures) -> [any Markup] {
        guard !figures.loads.isEmpty else { return [] }
        return [
            Component.Details(
                summary: "Files that it was loaded from",
                parts: [
                    Component.Table(
                        caption: "Files",
                        columns: [
                            .init("File"), .init("When"), .init("New", numeric: true), .init("Changed", numeric: true),
                        ],
                        rows: figures.loads.map { load -> [any Markup] in
                            [
                                HTML(text: load.file), FundParts.time(load.at), HTML(text: Words.grouped(load.added)),
                                HTML(text: Words.grouped(load.changed)),
                            ]
                        }, captionSize: .small)
                ])
        ]
    }

    private static let attribution: any Markup = Component.Paragraph(
        "Contains public sector information licensed under the Open Government Licence v3.0 (education department, ONS, Ofsted).",
        .small)

    // MARK: One authority

    @Sendable static func authority(_ visit: Visit) async throws -> Response {
        let figures = try await visit.core.statistics.authority(visit.actor, try visit.id())
        return visit.page(
            Page(
                "Published figures", caption: figures.name, back: "/organisations/\(figures.organisation)", wide: true,
                [
                    Component.Table(
                        caption: "The newest of each, beside others",
                        columns: [
                            .init("Indicator"), .init("Period"), .init(figures.name, numeric: true),
                            .init("Middle of neighbours", numeric: true), .init("Region", numeric: true),
                            .init("England", numeric: true),
                        ],
                        rows: figures.rows.map { row -> [any Markup] in
                            let who = row.cohort.isEmpty ? "" : ", \(Words.cohort(row.cohort))"
                            let near = row.neighbours.isEmpty ? "–" : "\(row.neighbours) (of \(row.neighbourCount))"
                            return [
                                Component.Link("\(row.name)\(who)", "/indicators/\(row.code)"), HTML(text: row.period),
                                HTML(text: row.own), HTML(text: near),
                                HTML(text: row.region.isEmpty ? "–" : row.region),
                                HTML(text: row.england.isEmpty ? "–" : row.england),
                            ]
                        }, firstCellIsHeader: true, empty: "Nothing is published for this authority."),
                    key, attribution,
                ]))
    }

    // MARK: What returns say

    @Sendable static func returns(_ visit: Visit) async throws -> Response {
        let table = try await visit.core.returns.table(visit.actor, visit.text("code"))
        let totals = !table.rowTotals.isEmpty
        let columns = table.periods.map { Component.Table.Column($0, numeric: true) }
        var rows = zip(table.authorities, table.cells).enumerated().map { index, row -> [any Markup] in
            Words.cells([row.0] + row.1 + (totals ? [table.rowTotals[index]] : []))
        }
        if totals, !rows.isEmpty { rows.append(Words.cells(["All"] + table.columnTotals)) }
        return visit.page(
            Page(
                "What returns say", caption: "\(table.code): \(table.name)", back: "/indicators/\(table.code)",
                wide: true,
                [
                    Component.Paragraph(
                        "Numerators of accepted returns by the end of their period. Small counts are shown as the letter c, and so are counts through which a small one could be worked out: \(table.withheld) in all. \(table.missing) have no figure."
                    ),
                    Component.Table(
                        caption: "Accepted numerators",
                        columns: [.init("Authority")] + columns + (totals ? [.init("All", numeric: true)] : []),
                        rows: rows,
                        firstCellIsHeader: true, empty: "No return with this indicator is accepted yet."),
                    FundParts.link("Download as CSV", "/indicators/\(table.code)/returns/csv"),
                ]))
    }

    @Sendable static func returnsCSV(_ visit: Visit) async throws -> Response {
        let table = try await visit.core.returns.table(visit.actor, visit.text("code"))
        let totals = !table.rowTotals.isEmpty
        var lines = [["authority"] + table.periods + (totals ? ["all"] : [])]
        for (index, row) in zip(table.authorities, table.cells).enumerated() {
            lines.append([row.0] + row.1 + (totals ? [table.rowTotals[index]] : []))
        }
        if totals { lines.append(["all"] + table.columnTotals) }
        return .download(
            CSV.text(lines), type: "text/csv; charset=utf-8; header=present", name: "\(table.code)-returns.csv")
    }
}
