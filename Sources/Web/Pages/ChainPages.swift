import Domain
import FoundationEssentials
import Hummingbird
import Services

/// Why did we fund this, what did we learn, what changed: the chain through one thing.
enum ChainPages {
    static let routes: [Route] = [
        .page("/chain/{kind}/{id}", "chainPage", "What led to it, and what came of it", .chainRead, show)
    ]

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        guard let id = UUID(uuidString: visit.text("id")) else { throw WebRefusal.notFound }
        let chain = try await visit.core.chain.of(visit.actor, kind: visit.text("kind"), id: id)
        let start = chain.start
        let names = Dictionary((chain.nodes + [start]).map { ("\($0.kind):\($0.id)", name($0)) }) { first, _ in first }
        return visit.page(
            Page(
                start.title, caption: "\(Words.chained(start.kind)) \(start.reference)", back: path(start) ?? "/",
                wide: true,
                [
                    Component.Paragraph(
                        "From a bid to an award, its evaluation and report, the practice and its rating, the decision, who took it up, and what changed. It shows what you may see.",
                        .lead),
                    table(
                        chain.nodes.filter { $0.way == .before }, caption: "What led to it",
                        empty: "Nothing that you can see led to it."),
                    table(
                        chain.nodes.filter { $0.way == .after }, caption: "What came of it",
                        empty: "Nothing that you can see has come of it yet."),
                    Component.Details(
                        summary: "Each link of the chain",
                        parts: [
                            Component.BulletList(
                                chain.edges.map { "\(names[$0.from] ?? $0.from) → \(names[$0.to] ?? $0.to)" })
                        ]),
                ]))
    }

    private static func table(_ nodes: [ChainNode], caption: String, empty: String) -> any Markup {
        let order = Dictionary(uniqueKeysWithValues: ChainView.kinds.enumerated().map { ($0.element, $0.offset) })
        let sorted = nodes.sorted {
            ((order[$0.kind] ?? 99), $0.distance, $0.reference) < ((order[$1.kind] ?? 99), $1.distance, $1.reference)
        }
        return Component.Table(
            caption: caption, columns: [.init("What"), .init("Title"), .init("Where it stands"), .init("Since")],
            rows: sorted.map { node -> [any Markup] in
                let title: any Markup = path(node).map { Component.Link(name(node), $0) } ?? HTML(text: name(node))
                let state =
                    Machine(rawValue: node.kind).map { Words.state($0, node.state) }
                    ?? HTML(text: Words.plain(node.state))
                return [
                    HTML(text: Words.chained(node.kind)), title, state, HTML(text: node.at?.londonDay.spoken ?? "–"),
                ]
            }, empty: empty)
    }

    private static func name(_ node: ChainNode) -> String {
        node.reference.isEmpty || node.kind == "outcome" ? node.title : "\(node.reference): \(node.title)"
    }

    /// Where a thing's own page is.
    private static func path(_ node: ChainNode) -> String? {
        node.kind == "outcome"
            ? "/organisations/\(node.id.uuidString.lowercased())"
            : ObjectPath.of(ObjectReference(kind: node.kind, id: node.id))
    }
}

/// My authority: what waits, what stands where, and how things go beside neighbours and England.
enum MyAuthorityPages {
    static let routes: [Route] = [
        .page("/my-authority", "myAuthorityPage", "My authority", .reportRead, show)
    ]

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        guard visit.subject.role == .localAuthority else { throw WebRefusal.notFound }
        let home = try await visit.core.home(visit.actor)
        let report = try await visit.core.reports.run(visit.actor, .r55, asAt: nil, filters: [:])
        let areas = report.rows.reduce(into: [String]()) { seen, row in
            if let area = row.first.map({ report.columns[0].words($0) }), !seen.contains(area) { seen.append(area) }
        }
        var parts: [any Markup] = HomePages.tasks(home)
        for area in areas {
            let rows = report.rows.filter { $0.first.map { report.columns[0].words($0) } == area }
            parts.append(
                Component.Table(
                    caption: area,
                    columns: report.columns.dropFirst().map { .init($0.title, numeric: $0.kind.isNumeric) },
                    rows: rows.map { row in
                        zip(report.columns, row).dropFirst().map { column, cell in column.shown(cell) }
                    }, firstCellIsHeader: true))
        }
        if !report.notes.isEmpty { parts.append(Component.InsetText(report.notes.joined(separator: " "))) }
        parts += [
            FundParts.link("The same as a report, as JSON or CSV", "/reports/r55"),
            FundParts.link("Feedback and notices", "/inbox"),
            FundParts.link("Practices that others took up", "/practices"),
            FundParts.link("Our capacity to evaluate", "/capacity-assessments"),
        ]
        return visit.page(Page("My authority", caption: visit.subject.organisationName, wide: true, parts))
    }
}
