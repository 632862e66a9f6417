import Domain
import FoundationEssentials
import Hummingbird
import Services

/// Reference data, and what is looked back on.
extension RouteTable {
    static let organisationAPI: [Route] = [
        .api(
            .get, "/organisations", "listOrganisations", "Organisations by name", .organisationList,
            query: Route.Parameter.list + [
                .init(name: "kind", about: "Only of this kind.", schema: .codes(Organisation.Kind.self)),
                .init(name: "region", about: "Only in this region today.", schema: .text(most: 100, least: 1)),
                .init(
                    name: "search", about: "Whose name contains this, or whose code it is.",
                    schema: .text(most: 100, least: 1)),
                .init(name: "active", about: "Only those that exist today.", schema: .code(["yes"])),
            ], gives: .list("OrganisationRow")
        ) { call in
            let filter = OrganisationFilter(
                kind: call.parameters.optional("kind").flatMap { Organisation.Kind(rawValue: $0) },
                region: call.parameters.optional("region"), search: call.parameters.optional("search"),
                activeOnly: call.parameters.has("active"))
            return call.rows(
                try await call.core.organisations.list(call.actor, page: call.list, filter: filter), \.json)
        },
        .api(
            .get, "/organisations/{id}", "getOrganisation", "An organisation as at a day", .organisationRead,
            query: [.init(name: "asAt", about: "The day; today when left out.", schema: .day)],
            gives: .one("Organisation")
        ) { call in
            let day = call.parameters.optional("asAt").flatMap { Day($0) }
            return .json(try await call.core.organisations.detail(call.actor, try call.id(), asAt: day).json)
        },
        .api(.get, "/indicators", "listIndicators", "Outcome indicators", .indicatorList, gives: .one("Indicators")) {
            call in
            .json(.items(try await call.core.organisations.indicators(call.actor)) { .encoded($0) })
        },
        .api(.get, "/settings", "listSettings", "The settings of this fund", .settingList, gives: .one("Settings")) {
            call in
            .json(
                .items(try await call.core.settings.list(call.actor)) {
                    .object([("code", .text($0.code)), ("value", .text($0.value))])
                })
        },
    ]

    static let overviewAPI: [Route] = [
        .api(
            .get, "/notices", "listNotices", "Notices to you, newest first", .inboxRead, query: Route.Parameter.list,
            gives: .list("Notice")
        ) { call in
            call.rows(try await call.core.inbox.list(call.actor, page: call.list), \.json)
        },
        .api(
            .get, "/history/{kind}/{id}", "getHistory", "What happened to an object, oldest first", .historyRead,
            gives: .one("History")
        ) { call in
            let kind = call.text("kind")
            guard Machine(rawValue: kind) != nil, let id = UUID(uuidString: call.text("id")) else {
                throw WebRefusal.notFound
            }
            return .json(.items(try await call.core.history.of(call.actor, kind: kind, id: id), \.json))
        },
        .api(.get, "/reports", "listReports", "The reports that there are", .reportRead, gives: .one("Reports")) { _ in
            .json(
                .items(ReportCode.allCases) {
                    .object([("code", .code($0)), ("title", .text($0.title)), ("question", .text($0.question))])
                })
        },
        .api(
            .get, "/reports/{code}", "getReport", "A report as at a moment", .reportRead, query: reportQuery,
            gives: .one("Report")
        ) { call in
            .json(try await report(call).json)
        },
        .api(
            .get, "/reports/{code}/csv", "getReportCSV", "A report as CSV", .reportExport, query: reportQuery,
            gives: .file("text/csv")
        ) { call in
            let table = try await report(call)
            return .download(
                ReportPages.csvText(table), type: "text/csv; charset=utf-8; header=present",
                name: "report-\(table.code.rawValue).csv")
        },
        .api(
            .get, "/audit/export", "exportAudit",
            "The whole audit trail with its seals, a JSON document a line: for `touchstone audit verify`", .auditExport,
            gives: .file("application/jsonl")
        ) { call in
            .lines(
                try await call.core.audit.export(call.actor), type: "application/jsonl; charset=utf-8",
                name: "audit.jsonl")
        },
    ]

    private static let reportQuery: [Route.Parameter] =
        [
            .init(
                name: "asAt", about: "A day (its end, in London) or a time; now when left out.",
                schema: .text(most: 40, least: 1))
        ]
        + Set(ReportCode.allCases.flatMap(\.filters)).sorted().map {
            .init(
                name: $0, about: "Only where this is so; which reports know it, their pages say.",
                schema: .text(most: 100, least: 1))
        }

    private static func report(_ call: Call) async throws -> ReportTable {
        let code = try ReportPages.code(call.text("code"))
        return try await call.core.reports.run(
            call.actor, code, asAt: try ReportPages.moment(call.parameters.optional("asAt")),
            filters: ReportPages.filters(call.parameters))
    }
}

/// For machines that watch, and for programs that want to know what there is.
extension RouteTable {
    static let system: [Route] = [
        .system("/health/live", "getLiveness", "Whether the process answers") { _ in
            .json(.object([("status", .text("live"))]))
        },
        .system("/health/ready", "getReadiness", "Whether it can serve, with the schema's revision") { call in
            let health = await call.front.core.health.ready()
            let json = JSON.object([
                ("status", .text(health.isReady ? "ready" : "not_ready")), ("database", .flag(health.databaseAnswers)),
                ("schemaRevision", .text(health.revision)), ("expectedRevision", .text(health.expectedRevision)),
            ])
            return .json(json, status: health.isReady ? .ok : .serviceUnavailable)
        },
        .system("/metrics", "getMetrics", "Counts, in Prometheus' text format") { call in
            let loopback =
                ["127.0.0.1", "::1", nil].contains(call.context.peer) && call.context.address == call.context.peer
            guard call.front.settings.metricsOnLoopback, loopback, let text = call.front.settings.metricsText else {
                throw WebRefusal.notFound
            }
            return .bytes(Array(text().utf8), type: "text/plain; version=0.0.4; charset=utf-8")
        },
        .system("/openapi.json", "getOpenAPI", "This description") { _ in
            .bytes(OpenAPI.bytes, type: "application/json; charset=utf-8")
        },
        .system("/assets/{version}/{name}", "getAsset", "A stylesheet, script or picture") { call in
            try call.front.assets.response(
                version: call.text("version"), name: call.text("name"), request: call.request)
        },
    ]
}
