import Domain
import Hummingbird
import Services

extension Route {
    /// A transition: a noun under its object, done once or refused.
    static func transition(
        _ path: String, _ operation: String, _ summary: String, _ action: Domain.Action, body: Schema? = nil,
        once: Bool = false, _ act: @escaping @Sendable (Call) async throws -> Void
    ) -> Route {
        .api(.post, path, operation, summary, action, body: body, versioned: true, once: once) { call in
            try await act(call)
            return .noContent()
        }
    }
}

/// Programmes and rounds.
extension RouteTable {
    static let programmeAPI: [Route] = [
        .api(
            .get, "/programmes", "listProgrammes", "Programmes, newest first", .programmeList,
            query: Route.Parameter.list, gives: .list("ProgrammeRow")
        ) { call in
            call.rows(try await call.core.programmes.list(call.actor, page: call.list), \.json)
        },
        .api(
            .post, "/programmes", "createProgramme", "Create a draft", .programmeCreate, body: FundSchema.programme,
            gives: .created("Created"), once: true
        ) { call in
            let id = try await call.core.programmes.create(
                call.actor, try call.content(Programme.Content.self), once: call.once)
            return .created("/api/v1/programmes/\(id)", .object([("id", .of(id))]))
        },
        .api(
            .get, "/programmes/{id}", "getProgramme", "A programme with its budget and rounds", .programmeRead,
            gives: .one("Programme")
        ) { call in
            let detail = try await call.core.programmes.detail(call.actor, try call.id())
            return .json(detail.json, etag: detail.programme.version)
        },
        .api(
            .put, "/programmes/{id}", "saveProgramme", "Save a draft", .programmeEdit, body: FundSchema.programme,
            gives: .one("Saved"), versioned: true
        ) { call in
            let version = try await call.core.programmes.save(
                call.actor, try call.id(), version: call.version, try call.content(Programme.Content.self))
            return .json(.object([("version", .int(version))]), etag: version)
        },
        .transition("/programmes/{id}/submission", "submitProgramme", "Submit for approval", .programmeSubmit) {
            try await $0.core.programmes.submit($0.actor, try $0.id(), version: $0.version)
        },
        .transition("/programmes/{id}/approval", "approveProgramme", "Approve", .programmeApprove, once: true) {
            try await $0.core.programmes.approve($0.actor, try $0.id(), version: $0.version, once: $0.once)
        },
        .transition(
            "/programmes/{id}/rejection", "rejectProgramme", "Reject", .programmeReject, body: FundSchema.reason
        ) {
            try await $0.core.programmes.reject($0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
        },
        .transition(
            "/programmes/{id}/return", "returnProgramme", "Send back to its author", .programmeReturn,
            body: FundSchema.reason
        ) {
            try await $0.core.programmes.return($0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
        },
        .transition(
            "/programmes/{id}/opening", "openProgramme", "Open", .programmeOpen,
            body: .object([.optional("ggisSchemeReference", .nullable(.text(most: 40)))])
        ) {
            try await $0.core.programmes.open(
                $0.actor, try $0.id(), version: $0.version, ggis: $0.optional("ggisSchemeReference"))
        },
        .transition(
            "/programmes/{id}/suspension", "suspendProgramme", "Suspend", .programmeSuspend, body: FundSchema.reason
        ) {
            try await $0.core.programmes.suspend($0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
        },
        .transition(
            "/programmes/{id}/resumption", "resumeProgramme", "Let it go on", .programmeResume, body: FundSchema.reason
        ) {
            try await $0.core.programmes.resume($0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
        },
        .transition("/programmes/{id}/closing", "beginClosingProgramme", "Begin to close", .programmeBeginClosing) {
            try await $0.core.programmes.beginClosing($0.actor, try $0.id(), version: $0.version)
        },
    ]

    static let roundAPI: [Route] = [
        .api(
            .get, "/rounds", "listRounds", "Rounds, newest first", .roundList, query: Route.Parameter.list,
            gives: .list("RoundRow")
        ) { call in
            call.rows(try await call.core.rounds.list(call.actor, page: call.list), \.json)
        },
        .api(
            .get, "/open-rounds", "listOpenRounds", "Rounds that are open for bids now", .roundList,
            query: Route.Parameter.list, gives: .list("RoundRow")
        ) { call in
            call.rows(try await call.core.rounds.open(call.actor, page: call.list), \.json)
        },
        .api(
            .post, "/rounds", "createRound", "Create a draft under a programme", .roundCreate,
            body: FundSchema.newRound, gives: .created("Created"), once: true
        ) { call in
            let id = try await call.core.rounds.create(
                call.actor, try call.bodyID("programme"), try call.content(Round.Content.self, of: "content"),
                once: call.once)
            return .created("/api/v1/rounds/\(id)", .object([("id", .of(id))]))
        },
        .api(
            .get, "/rounds/{id}", "getRound", "A round with criteria, rules and the bids that you may see", .roundRead,
            gives: .one("Round")
        ) { call in
            let detail = try await call.core.rounds.detail(call.actor, try call.id())
            return .json(detail.json, etag: detail.round.version)
        },
        .api(
            .put, "/rounds/{id}", "saveRound", "Save a draft", .roundEdit, body: FundSchema.round, gives: .one("Saved"),
            versioned: true
        ) { call in
            let version = try await call.core.rounds.save(
                call.actor, try call.id(), version: call.version, try call.content(Round.Content.self))
            return .json(.object([("version", .int(version))]), etag: version)
        },
        .transition(
            "/rounds/{id}/approval", "approveRound", "Approve; criteria and rules are fixed from then on",
            .roundApprove, once: true
        ) {
            try await $0.core.rounds.approve($0.actor, try $0.id(), version: $0.version, once: $0.once)
        },
        .transition(
            "/rounds/{id}/extension", "extendRound", "Close later, for everybody", .roundExtend, body: FundSchema.extend
        ) { call in
            guard let close = call.json["closesAt"]?.string.flatMap({ Instant($0) }) else {
                throw WebRefusal.malformed("body_not_acceptable", "Send a time.")
            }
            try await call.core.rounds.extend(
                call.actor, try call.id(), version: call.version, newClose: close, reason: call.body("reason"))
        },
        .transition("/rounds/{id}/appraisal", "beginRoundAppraisal", "Begin appraisal", .roundBeginAppraisal) {
            try await $0.core.rounds.beginAppraisal($0.actor, try $0.id(), version: $0.version)
        },
        .transition(
            "/rounds/{id}/decision", "decideRound", "Record that all its bids are decided", .roundDecide, once: true
        ) {
            try await $0.core.rounds.decide($0.actor, try $0.id(), version: $0.version, once: $0.once)
        },
        .transition("/rounds/{id}/cancellation", "cancelRound", "Cancel", .roundCancel, body: FundSchema.reason) {
            try await $0.core.rounds.cancel($0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
        },
    ]
}
