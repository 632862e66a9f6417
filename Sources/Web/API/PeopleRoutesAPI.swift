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
            .post, "/people", "invitePerson", "Invite somebody; the link goes to them", .peopleInvite,
            body: newPerson, gives: .created("Invitation"), once: true
        ) { call in
            guard let role = Role(rawValue: call.body("role")) else {
                throw WebRefusal.malformed("body_not_acceptable", "Send a role.")
            }
            let (person, _) = try await call.core.people.invite(
                call.actor,
                NewPerson(
                    organisation: try call.bodyID("organisation"), role: role, email: call.body("email"),
                    name: call.body("name"),
                    isContractor: call.json["isContractor"]?.bool ?? false, capacities: call.codes("capacities")),
                once: call.once)
            return .created("/api/v1/people/\(person)", invitation(person, sentTo: call.body("email"), call))
        },
        .api(
            .get, "/people/{id}", "getPerson", "A person with capacities and limits", .peopleRead, gives: .one("Person")
        ) { call in
            let detail = try await call.core.people.detail(call.actor, try call.id())
            return .json(detail.json, etag: detail.person.version)
        },
        .api(
            .post, "/people/{id}/invitation", "reinvitePerson", "Send them a new link; earlier ones stop working",
            .peopleResetSignIn, gives: .created("Invitation")
        ) { call in
            let id: PersonID = try call.id()
            try await call.core.people.reinvite(call.actor, id)
            let email = try await call.core.people.detail(call.actor, id).person.email
            return .created("/api/v1/people/\(id)", invitation(id, sentTo: email, call))
        },
        .api(
            .get, "/people/{id}/capacities", "listCapacities", "What a person may act as, the newest first",
            .capacityList, gives: .one("Capacities")
        ) { call in
            .json(.items(try await call.core.people.capacities(call.actor, try call.id()), \.json))
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
            .get, "/delegations/{id}", "getDelegation", "A delegated limit", .delegationRead,
            gives: .one("DelegationRow")
        ) { call in
            let row = try await call.core.delegations.detail(call.actor, try call.id())
            return .json(row.json, etag: row.version)
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
            return .created("/api/v1/delegations/\(id)", .object([("id", .of(id))]))
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

    /// That an invitation is on its way; never the link, which is for the person invited.
    private static func invitation(_ person: PersonID, sentTo email: String, _ call: Call) -> JSON {
        .object([
            ("id", .of(person)), ("sentTo", .text(email)), ("validForDays", .int(call.core.people.invitationDays)),
        ])
    }
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
