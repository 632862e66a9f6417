import Domain
import Hummingbird
import Services

private let newPerson = Schema.object([
    .required("organisation", .id), .required("role", .codes(Role.self)),
    .required("email", .text(most: 254, least: 3)),
    .required("name", .text(most: 140, least: 1)), .optional("isContractor", .flag),
    .optional("capacities", .list(.codes(Capacity.self), most: 20)),
])

private let newCapacity = Schema.object([
    .required("capacity", .codes(Capacity.self)), .optional("from", .nullable(.day), "Today when left out."),
    .optional("to", .nullable(.day)), .optional("trainingValidUntil", .nullable(.day)),
    .optional(
        "scope",
        .nullable(
            .object([.required("kind", .code(["programme", "round", "bid", "organisation"])), .required("id", .id)])),
        "The one object that it reaches; everywhere when left out."),
])

private let newDelegation = Schema.object([
    .required("person", .id), .required("tier", .text(most: 100, least: 1)), .required("limit", .money),
    .required("instrument", .text(most: 500, least: 1)), .required("from", .day), .required("to", .day),
])

/// One's own account.
extension RouteTable {
    static let accountAPI: [Route] = [
        .api(.get, "/me", "getMe", "Who you are and what you may act as", .accountRead, gives: .one("Me")) { call in
            .json(try await call.core.subject(call.actor).json)
        },
        .api(.get, "/me/tasks", "listMyTasks", "What waits for you", .homeRead, gives: .one("Tasks")) { call in
            .json(try await call.core.home(call.actor).json)
        },
        .api(.get, "/me/sessions", "listMySessions", "Where you are signed in", .accountRead, gives: .one("Sessions")) {
            call in
            .json(.items(try await call.core.account.sessions(call.actor), \.json))
        },
        .api(.delete, "/me/sessions/{id}", "endMySession", "End a session", .accountEndSessions) { call in
            try await call.core.account.endSession(call.actor, try call.id())
            return .noContent()
        },
        .api(.get, "/me/tokens", "listMyTokens", "Your API tokens", .tokenList, gives: .one("Sessions")) { call in
            .json(.items(try await call.core.account.tokens(call.actor), \.json))
        },
        .api(.delete, "/me/tokens/{id}", "revokeMyToken", "Revoke a token", .tokenRevoke) { call in
            try await call.core.account.revokeToken(call.actor, try call.id())
            return .noContent()
        },
    ]
}

/// People, capacities and delegated limits.
extension RouteTable {
    static let peopleAPI: [Route] = [
        .api(
            .get, "/people", "listPeople", "People by name", .peopleList,
            query: Route.Parameter.list + [
                .init(name: "organisation", about: "Only of this organisation.", schema: .id),
                .init(name: "role", about: "Only with this role.", schema: .codes(Role.self)),
                .init(name: "state", about: "Only in this state.", schema: .codes(Person.State.self)),
                .init(
                    name: "search", about: "Whose name or address contains this.", schema: .text(most: 100, least: 1)),
            ], gives: .list("PersonRow")
        ) { call in
            let filter = PeopleFilter(
                organisation: call.parameters.optional("organisation").flatMap { OrganisationID($0) },
                role: call.parameters.optional("role").flatMap { Role(rawValue: $0) },
                state: call.parameters.optional("state").flatMap { Person.State(rawValue: $0) },
                search: call.parameters.optional("search"))
            return call.rows(try await call.core.people.list(call.actor, page: call.list, filter: filter), \.json)
        },
        .api(
            .post, "/people", "invitePerson", "Invite somebody; the link is given this once", .peopleInvite,
            body: newPerson, gives: .created("Invitation"), once: true
        ) { call in
            guard let role = Role(rawValue: call.body("role")) else {
                throw WebRefusal.malformed("body_not_acceptable", "Send a role.")
            }
            let (person, token) = try await call.core.people.invite(
                call.actor,
                NewPerson(
                    organisation: try call.bodyID("organisation"), role: role, email: call.body("email"),
                    name: call.body("name"),
                    isContractor: call.json["isContractor"]?.bool ?? false, capacities: call.codes("capacities")),
                once: call.once)
            return .created(
                "/api/v1/people/\(person)",
                .object([("id", .of(person)), ("invitation", .text("/invitations/\(token)"))]))
        },
        .api(
            .get, "/people/{id}", "getPerson", "A person with capacities and limits", .peopleRead, gives: .one("Person")
        ) { call in
            let detail = try await call.core.people.detail(call.actor, try call.id())
            return .json(detail.json, etag: detail.person.version)
        },
        .api(
            .post, "/people/{id}/invitation", "reinvitePerson", "A new link", .peopleResetSignIn,
            gives: .created("Invitation")
        ) { call in
            let id: PersonID = try call.id()
            let token = try await call.core.people.reinvite(call.actor, id)
            return .created(
                "/invitations/\(token)", .object([("id", .of(id)), ("invitation", .text("/invitations/\(token)"))]))
        },
        .transition(
            "/people/{id}/suspension", "suspendPerson", "Suspend; all sessions end", .peopleSuspend,
            body: FundSchema.reason
        ) {
            try await $0.core.people.suspend($0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
        },
        .transition("/people/{id}/reinstatement", "reinstatePerson", "Reinstate", .peopleReinstate) {
            try await $0.core.people.reinstate($0.actor, try $0.id(), version: $0.version)
        },
        .transition(
            "/people/{id}/leaving", "leavePerson", "Record that they left", .peopleLeave,
            body: .object([.optional("handoverTo", .nullable(.id)), .optional("reason", .nullable(.text(most: 4000)))])
        ) { call in
            try await call.core.people.leave(
                call.actor, try call.id(), version: call.version,
                handoverTo: call.optional("handoverTo").flatMap { PersonID($0) },
                reason: call.optional("reason"))
        },
        .api(
            .post, "/people/{id}/capacities", "grantCapacity", "Give a capacity", .capacityGrant, body: newCapacity,
            gives: .created("Created")
        ) { call in
            let person: PersonID = try call.id()
            guard let capacity = Capacity(rawValue: call.body("capacity")) else {
                throw WebRefusal.malformed("body_not_acceptable", "Send a capacity.")
            }
            let from: Day
            if let day = call.day("from") {
                from = day
            } else {
                from = try await call.core.subject(call.actor).now.londonDay
            }
            let id = try await call.core.people.grant(
                call.actor, person, capacity, scope: call.scope, from: from, to: call.day("to"),
                trainingValidUntil: call.day("trainingValidUntil"))
            return .created("/api/v1/people/\(person)", .object([("id", .of(id))]))
        },
        .transition("/capacities/{id}/ending", "endCapacity", "End a capacity", .capacityEnd, body: FundSchema.reason) {
            try await $0.core.people.endCapacity($0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
        },
        .api(
            .get, "/delegations", "listDelegations", "Delegated limits", .delegationList, query: Route.Parameter.list,
            gives: .list("DelegationRow")
        ) { call in
            call.rows(try await call.core.delegations.list(call.actor, page: call.list), \.json)
        },
        .api(
            .post, "/delegations", "proposeDelegation", "Propose a limit", .delegationPropose, body: newDelegation,
            gives: .created("Created")
        ) { call in
            guard let limit = call.json["limit"]?.string.flatMap({ Money($0) }), let from = call.day("from"),
                let to = call.day("to")
            else {
                throw WebRefusal.malformed("body_not_acceptable", "Send a limit and two days.")
            }
            let id = try await call.core.delegations.propose(
                call.actor,
                NewDelegation(
                    person: try call.bodyID("person"), tier: call.body("tier"), limit: limit,
                    instrument: call.body("instrument"), from: from, to: to))
            return .created("/api/v1/delegations", .object([("id", .of(id))]))
        },
        .transition("/delegations/{id}/activation", "activateDelegation", "Put a limit into force", .delegationActivate)
        {
            try await $0.core.delegations.activate($0.actor, try $0.id(), version: $0.version)
        },
        .transition(
            "/delegations/{id}/revocation", "revokeDelegation", "Take a limit away", .delegationRevoke,
            body: FundSchema.reason
        ) {
            try await $0.core.delegations.revoke($0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
        },
    ]
}

extension Call {
    /// Codes in a list of the body.
    fileprivate func codes<Value: RawRepresentable>(_ name: String) -> [Value] where Value.RawValue == String {
        guard case .array(let elements) = json[name] else { return [] }
        return elements.compactMap { $0.string.flatMap { Value(rawValue: $0) } }
    }

    /// The scope of a capacity in the body.
    fileprivate var scope: HeldCapacity.Scope? {
        guard let scope = json["scope"], let id = scope["id"]?.string else { return nil }
        switch scope["kind"]?.string {
        case "programme": return ProgrammeID(id).map { .programme($0) }
        case "round": return RoundID(id).map { .round($0) }
        case "bid": return BidID(id).map { .bid($0) }
        case "organisation": return OrganisationID(id).map { .organisation($0) }
        default: return nil
        }
    }
}
