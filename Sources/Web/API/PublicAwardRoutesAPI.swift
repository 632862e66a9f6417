import Services

// What was funded, for everybody, as data.

extension RouteTable {
    static let publicAwardAPI: [Route] = [
        .system("/api/v1/public/awards", "listPublicAwards", "What was funded, newest first", face: .api) { call in
            let page = try await call.core.awards.published(page: call.publicList)
            return .json(.object([("items", .list(page.rows, \.json)), ("next", .text(page.next))])).publicly
        },
        .system(
            "/api/v1/public/awards/{reference}", "getPublicAward", "An award with its protocols and reports",
            face: .api
        ) { call in
            let story = try await call.core.awards.published(call.text("reference").uppercased())
            return .json(
                .object([
                    ("award", story.award.json), ("protocols", .list(story.protocols, \.json)),
                    ("reports", .list(story.reports, \.json)),
                ])
            ).publicly
        },
    ]
}

extension PublishedAward {
    var json: JSON {
        .object([
            ("reference", .text(reference)), ("title", .text(title)), ("organisationName", .text(organisationName)),
            ("programmeTitle", .text(programmeTitle)), ("amount", .money(amount)), ("paid", .money(paid)),
            ("state", .code(state)), ("starts", .of(starts)), ("ends", .of(ends)),
        ])
    }
}
