import Domain
import Hummingbird
import Services

/// Monitoring returns, with their sections.
extension RouteTable {
    static let monitoringReturnAPI: [Route] =
        [
            .api(
                .get, "/returns", "listReturns", "Returns that you may see, the last due first", .returnList,
                query: Route.Parameter.list + [
                    .init(name: "state", about: "Only in this state.", schema: .codes(MonitoringReturn.State.self)),
                    .init(name: "award", about: "Only of this award.", schema: .id),
                ], gives: .list("ReturnRow")
            ) { call in
                let filter = ReturnFilter(
                    state: call.parameters.optional("state").flatMap { MonitoringReturn.State(rawValue: $0) },
                    award: call.parameters.optional("award").flatMap { AwardID($0) })
                return call.rows(try await call.core.returns.list(call.actor, page: call.list, filter: filter), \.json)
            },
            .api(.get, "/returns/{id}", "getReturn", "A return with its rulings", .returnRead, gives: .one("Return")) {
                call in
                let detail = try await call.core.returns.detail(call.actor, try call.id())
                return .json(detail.json, etag: detail.subject.version)
            },
            .api(
                .get, "/returns/{id}/content", "getReturnContent",
                "All that it says: the newest, one version, or what was accepted at the end of a day", .returnRead,
                query: [
                    .init(name: "number", about: "Which version.", schema: .integer(1...999)),
                    .init(name: "asAt", about: "What was accepted at the end of this day.", schema: .day),
                ], gives: .one("ReturnContent")
            ) { call in
                let view = try await call.core.returns.content(
                    call.actor, try call.id(), number: call.parameters.optional("number").flatMap { Int($0) },
                    asAt: call.parameters.optional("asAt").flatMap { Day($0) }.flatMap {
                        LondonTime($0.adding(days: 1), hour: 0)?.instant
                    })
                return .json(view.json)
            },
            .api(
                .get, "/returns/{id}/template", "getReturnTemplate", "The sheet to fill in, as CSV", .returnRead,
                gives: .file("text/csv")
            ) { call in
                let (name, csv) = try await call.core.returns.template(call.actor, try call.id())
                return .download(csv, type: "text/csv; charset=utf-8; header=present", name: name)
            },
            .api(
                .post, "/returns/{id}/uploads", "uploadReturn", "Check a filled-in sheet, and take its answers",
                .returnEdit,
                body: ReturnSchema.upload, gives: .one("ReturnUpload")
            ) { call in
                let upload = try await call.core.returns.upload(
                    call.actor, try call.id(), file: Array(call.body("csv").utf8),
                    dryRun: call.json["dryRun"]?.bool ?? true)
                return .json(upload.json)
            },
        ] + transitions + ReturnSection.allCases.flatMap(returnSectionRoutes)

    private static let transitions: [Route] = [
        .transition(
            "/returns/{id}/certification-request", "requestReturnCertification", "Send to the certifier",
            .returnSendForCertification
        ) { try await $0.core.returns.sendForCertification($0.actor, try $0.id(), version: $0.version) },
        .transition(
            "/returns/{id}/certification-refusal", "declineReturnCertification", "Send back to the editors",
            .returnDeclineCertification, body: FundSchema.reason
        ) {
            try await $0.core.returns.declineCertification(
                $0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
        },
        .api(
            .post, "/returns/{id}/submission", "submitReturn", "Certify and submit", .returnSubmit,
            body: FundSchema.submission, gives: .created("Receipt"), versioned: true, once: true
        ) { call in
            let id: MonitoringReturnID = try call.id()
            let receipt = try await call.core.returns.submit(
                call.actor, id, version: call.version, declarationVersion: call.body("declarationVersion"),
                once: call.once)
            return .created("/api/v1/returns/\(id)/content", receipt.json)
        },
        .transition("/returns/{id}/review", "reviewReturn", "Begin the review", .returnBeginReview) {
            try await $0.core.returns.beginReview($0.actor, try $0.id(), version: $0.version)
        },
        .transition(
            "/returns/{id}/changes", "requestReturnChanges", "Ask for changes", .returnRequestChanges,
            body: ReturnSchema.changes
        ) { call in
            try await call.core.returns.requestChanges(
                call.actor, try call.id(), version: call.version, reason: call.body("reason"),
                comments: try call.content([Asked].self, of: "comments").map {
                    ReturnComment(field: $0.field, comment: $0.comment)
                })
        },
        .transition("/returns/{id}/acceptance", "acceptReturn", "Accept", .returnAccept, once: true) {
            try await $0.core.returns.accept($0.actor, try $0.id(), version: $0.version, once: $0.once)
        },
        .transition(
            "/returns/{id}/acceptance-with-issues", "acceptReturnWithIssues", "Accept with issues", .returnAccept,
            body: FundSchema.reason, once: true
        ) {
            try await $0.core.returns.acceptWithIssues(
                $0.actor, try $0.id(), version: $0.version, issues: $0.body("reason"), once: $0.once)
        },
        .transition(
            "/returns/{id}/reopening", "reopenReturn", "Reopen an accepted return", .returnReopen,
            body: FundSchema.reason,
            once: true
        ) {
            try await $0.core.returns.reopen(
                $0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"), once: $0.once)
        },
        .transition(
            "/returns/{id}/waiver", "waiveReturn", "Do without it", .returnWaive, body: FundSchema.reason, once: true
        ) {
            try await $0.core.returns.waive(
                $0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"), once: $0.once)
        },
    ]

    private struct Asked: Decodable {
        let field: String
        let comment: String
    }

    private static func returnSectionRoutes(_ section: ReturnSection) -> [Route] {
        let path = "/returns/{id}/sections/\(section.rawValue)"
        let name = section.rawValue.prefix(1).uppercased() + section.rawValue.dropFirst()
        return [
            .api(
                .get, path, "getReturn\(name)", "\(Words.title(section)): as drafted or submitted", .returnRead,
                gives: .one("ReturnSection")
            ) { call in
                let view = try await call.core.returns.section(call.actor, try call.id(), section)
                return .json(view.json, etag: view.version)
            },
            .api(
                .put, path, "saveReturn\(name)", "\(Words.title(section)): save the draft", .returnEdit,
                body: ReturnSchema.section(section), gives: .one("Saved"), versioned: true
            ) { call in
                let version = try await call.core.returns.saveSection(
                    call.actor, try call.id(), section, content: try ReturnSchema.content(section, call),
                    version: call.version)
                return .json(.object([("version", .int(version))]), etag: version)
            },
        ]
    }

    static let statisticAPI: [Route] = [
        .api(
            .get, "/indicator-definitions", "listIndicatorDefinitions", "The registry, with the definition in force",
            .indicatorList, gives: .one("IndicatorDefinitions")
        ) { call in .json(.items(try await call.core.statistics.registry(call.actor)) { .encoded($0) }) },
        .api(
            .get, "/indicators/{code}/figures", "listPublishedFigures", "Published figures of one period",
            .statisticList,
            query: [
                .init(
                    name: "period", about: "Which, such as 2025; the newest when left out.",
                    schema: .text(most: 4, least: 4)),
                .init(name: "cohort", about: "Which group: CIN, CPP or CLA.", schema: .text(most: 3, least: 3)),
            ], gives: .one("PublishedFigures")
        ) { call in
            let figures = try await call.core.statistics.indicator(
                call.actor, call.text("code"), period: call.parameters.optional("period"),
                cohort: call.parameters.optional("cohort") ?? "")
            return .json(figures.json)
        },
        .api(
            .get, "/indicators/{code}/returns", "listReturnCounts", "What accepted returns say, small counts withheld",
            .returnList, gives: .one("ReturnTable")
        ) { call in .json(try await call.core.returns.table(call.actor, call.text("code")).json) },
        .api(
            .get, "/organisations/{id}/figures", "listAuthorityFigures",
            "Published figures of one authority beside others",
            .statisticList, gives: .one("AuthorityFigures")
        ) { call in
            let figures = try await call.core.statistics.authority(call.actor, try call.id())
            return .json(
                .object([
                    ("organisationId", .of(figures.organisation)), ("name", .text(figures.name)),
                    ("items", .list(figures.rows) { .encoded($0) }),
                ]))
        },
    ]
}
