import Domain
import Hummingbird
import Services

extension Done {
    static let returnSaved = Done(rawValue: "return-saved")
    static let returnUploaded = Done(rawValue: "return-uploaded")
    static let changesRequested = Done(rawValue: "changes-requested")
}

/// Monitoring returns: the list, and each on its page.
enum ReturnPages {
    static let routes: [Route] =
        [
            .page("/returns", "returnsPage", "Monitoring returns", .returnList, list),
            .page("/returns/{id}", "returnPage", "A monitoring return", .returnRead, show),
            .page("/returns/{id}/content", "returnContentPage", "All that a return says", .returnRead, content),
        ] + ReturnSectionPages.routes + ReturnUploadPages.routes + ReturnReviewPages.routes
        + ReturnDecisions.all.routes("/returns/{id}", load)

    @Sendable static func list(_ visit: Visit) async throws -> Response {
        let filter = ReturnFilter(
            state: visit.query("state").flatMap { MonitoringReturn.State(rawValue: $0) },
            award: visit.query("award").flatMap { AwardID($0) }, overdueOnly: visit.query("overdue") == "yes")
        let page = try await visit.core.returns.list(visit.actor, page: visit.list, filter: filter)
        let states = MonitoringReturn.State.allCases.map { Component.Choice($0.rawValue, Words.tag($0).text) }
        let ask = Questions(visit.parameters)
        return visit.page(
            Page(
                "Monitoring returns", wide: true,
                [
                    FilterForm(
                        action: "/returns",
                        content: [
                            ask.select("state", "Where it stands", [Component.Choice("", "Any")] + states),
                            ask.flag("overdue", "Only those that are overdue"),
                            Component.Button("Filter", style: .secondary),
                        ]),
                    table(page.rows, caption: "Returns, the last due first"), visit.pagination(page.next),
                    FundParts.link("Indicators and published figures", "/indicators"),
                ]))
    }

    static func table(_ rows: [ReturnRow], caption: String) -> any Markup {
        Component.Table(
            caption: caption,
            columns: [
                .init("Return"), .init("Authority"), .init("Period"), .init("Due"), .init("Where it stands"),
                .init("Came in"),
            ],
            rows: rows.map { row -> [any Markup] in
                [
                    Component.Link(name(row), "/returns/\(row.id)"),
                    HTML(text: row.organisationName), HTML(text: "\(row.from.spoken) to \(row.to.spoken)"),
                    row.isOverdue
                        ? HTML.joined([HTML(text: "\(row.due.spoken) "), Tag("Overdue", .red)])
                        : HTML(text: row.due.spoken),
                    Words.tag(row.state), HTML(text: late(row)),
                ]
            }, firstCellIsHeader: true, empty: "There are no returns.")
    }

    private static func late(_ row: ReturnRow) -> String {
        guard let at = row.submittedAt else { return "–" }
        let days = row.lateDays ?? 0
        return days == 0 ? at.londonDay.spoken : "\(at.londonDay.spoken), \(Words.count(days, "day")) late"
    }

    @Sendable static func load(_ visit: Visit) async throws -> Decision<ReturnDetail>.Case {
        let detail = try await visit.core.returns.detail(visit.actor, try visit.id())
        return .init(
            detail: detail, caption: caption(detail.row), back: "/returns/\(detail.subject.id)",
            version: detail.subject.version)
    }

    static func caption(_ row: ReturnRow) -> String { "Return \(name(row))" }

    /// Its reference, with the award's title for those who see it.
    private static func name(_ row: ReturnRow) -> String {
        row.awardTitle.isEmpty ? row.reference : "\(row.reference): \(row.awardTitle)"
    }

    /// What the banner says on a return's page.
    static var sentences: [Done: String] {
        var done = ReturnDecisions.all.sentences()
        done[.returnSaved] = "Saved."
        done[.returnUploaded] = "The answers of the file are in the draft. Check them before you send them on."
        done[.changesRequested] = "The authority is asked for changes."
        return done
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        visit.page(ReturnStoryPage.page(visit, try await visit.core.returns.detail(visit.actor, try visit.id())))
    }

    /// The whole return: the newest, one version, or what was accepted at the end of a day.
    @Sendable static func content(_ visit: Visit) async throws -> Response {
        let id: MonitoringReturnID = try visit.id()
        let asAt = visit.query("asAt").flatMap { Day($0) }
        let view = try await visit.core.returns.content(
            visit.actor, id, number: visit.query("number").flatMap { Int($0) },
            asAt: asAt.flatMap { LondonTime($0.adding(days: 1), hour: 0)?.instant })
        let title = view.number == 0 ? "Draft" : "Version \(view.number)"
        let when = asAt.map { ", as accepted at the end of \($0.spoken)" } ?? ""
        return visit.page(
            Page(
                "\(title)\(when)", caption: caption(view.row), back: "/returns/\(id)", wide: true,
                ReturnReading.parts(view.content, indicators: view.indicators, findings: view.findings)))
    }
}
