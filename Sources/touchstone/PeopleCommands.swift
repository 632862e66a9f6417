import ArgumentParser
import Domain
import Services

/// Accounts.
struct PersonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "person", abstract: "List, invite, suspend and reinstate people.",
        subcommands: [FirstAdministratorCommand.self, List.self, Invite.self, Suspend.self, Reinstate.self, Leave.self])

    /// Made on the host with the owner's connection: there is nobody yet who could invite.
    struct FirstAdministratorCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "first-administrator", abstract: "Invite an administrator, from the host itself.")

        @Option(help: "E-mail address.") var email: String
        @Option(help: "Name.") var name: String
        @Option(help: "Name of the department; made when there is none.") var organisation: String
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try Connections.needSealingKey()
            let made = try await Connections.withOperator { core in
                try await FirstAdministrator(core).create(email: email, name: name, organisation: organisation)
            }
            try output.say(
                "Invited \(email). The link, shown this once: /invitations/\(made.invitationToken)",
                Invitation(person: made.person, token: made.invitationToken))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List people that you may see.")

        @Option(help: "Part of a name or address.") var search: String?
        @Option(help: "Where the last page ended.") var after: String?
        @OptionGroup var output: OutputOptions

        func run() async throws {
            struct Row: Encodable {
                let id: PersonID, name: String, email: String, organisation: String, role: Role, state: Person.State
                let capacities: [Capacity]
            }
            struct Listing: Encodable { let people: [Row], next: String? }
            let page = try await Connections.withApplication { core in
                try await core.people.list(
                    try Connections.actor(), page: PageRequest(after: after, size: PageRequest.sizeMax),
                    filter: PeopleFilter(search: search))
            }
            let rows = page.rows.map { row in
                [
                    row.name, row.email, row.organisationName, row.state.rawValue,
                    row.capacities.map(\.rawValue).joined(separator: ","),
                ]
            }
            try output.say(
                Output.table(["name", "address", "organisation", "state", "capacities"], rows)
                    + (page.next.map { "\nMore: --after \($0)" } ?? ""),
                Listing(
                    people: page.rows.map {
                        Row(
                            id: $0.id, name: $0.name, email: $0.email, organisation: $0.organisationName, role: $0.role,
                            state: $0.state, capacities: $0.capacities)
                    }, next: page.next))
        }
    }

    struct Invite: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Invite somebody, from the host: the link goes to them, and is printed once.")

        @Option(help: "Id of their organisation.") var organisation: OrganisationID
        @Option(help: "Role of the account, for life.") var role: Role
        @Option(help: "E-mail address.") var email: String
        @Option(help: "Name.") var name: String
        @Option(help: "A capacity from today; may be repeated.") var capacity: [Capacity] = []
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try Connections.needSealingKey()
            let made = try await Connections.withApplication { core in
                try await core.people.invite(
                    try Connections.actor(),
                    NewPerson(organisation: organisation, role: role, email: email, name: name, capacities: capacity))
            }
            try output.say(
                "Invited \(email). The link, shown this once: /invitations/\(made.invitationToken)",
                Invitation(person: made.person, token: made.invitationToken))
        }
    }

    struct Suspend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Suspend an account; its sessions end at once.")

        @Argument(help: "Id of the person.") var person: PersonID
        @Option(help: "Why, in at least 20 characters.") var reason: String
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await PersonCommand.change(person, output, "suspended") { core, actor, version in
                try await core.people.suspend(actor, person, version: version, reason: reason)
            }
        }
    }

    struct Reinstate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Reinstate a suspended account.")

        @Argument(help: "Id of the person.") var person: PersonID
        @Option(help: "Why.") var reason: String?
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await PersonCommand.change(person, output, "reinstated") { core, actor, version in
                try await core.people.reinstate(actor, person, version: version, reason: reason)
            }
        }
    }

    struct Leave: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Record that somebody left, and who takes over.")

        @Argument(help: "Id of the person.") var person: PersonID
        @Option(help: "Id of the person who takes over their work.") var handoverTo: PersonID?
        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await PersonCommand.change(person, output, "left") { core, actor, version in
                try await core.people.leave(actor, person, version: version, handoverTo: handoverTo)
            }
        }
    }

    private struct Invitation: Encodable { let person: PersonID, token: String }
    private struct Changed: Encodable { let person: PersonID, state: String }

    /// Reads the account's version, then changes it: a change by somebody else in between is refused.
    private static func change(
        _ person: PersonID, _ output: OutputOptions, _ word: String,
        _ body: (Touchstone, Actor, Int) async throws -> Void
    ) async throws {
        try await Connections.withApplication { core in
            let actor = try Connections.actor()
            let detail = try await core.people.detail(actor, person)
            try await body(core, actor, detail.person.version)
            try output.say("\(detail.person.name): \(word).", Changed(person: person, state: word))
        }
    }
}

/// Capacities of people.
struct CapacityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capacity", abstract: "Grant and end what people may act as.",
        subcommands: [Grant.self, End.self])

    struct Grant: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Grant a capacity to somebody else.")

        @Argument(help: "Id of the person.") var person: PersonID
        @Argument(help: "Which capacity.") var capacity: Capacity
        @Option(help: "First day, as 2026-04-01.") var from: Day
        @Option(help: "Last day.") var to: Day?
        @OptionGroup var output: OutputOptions

        func run() async throws {
            struct Granted: Encodable { let id: CapacityID, person: PersonID, capacity: Capacity }
            let id = try await Connections.withApplication { core in
                try await core.people.grant(try Connections.actor(), person, capacity, from: from, to: to)
            }
            try output.say(
                "Granted: \(capacity.label), from \(from.spoken).",
                Granted(id: id, person: person, capacity: capacity))
        }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a capacity.")

        @Argument(help: "Id of the grant.") var capacity: CapacityID
        @Option(help: "Its version.") var version: Int
        @Option(help: "Why.") var reason: String
        @OptionGroup var output: OutputOptions

        func run() async throws {
            struct Ended: Encodable { let id: CapacityID }
            try await Connections.withApplication { core in
                try await core.people.endCapacity(
                    try Connections.actor(), capacity, version: version, reason: reason)
            }
            try output.say("Ended.", Ended(id: capacity))
        }
    }
}

/// Delegated limits.
struct DelegationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delegation", abstract: "List, propose, activate and revoke delegated limits.",
        subcommands: [List.self, Propose.self, Activate.self, Revoke.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List delegated limits.")

        @OptionGroup var output: OutputOptions

        func run() async throws {
            struct Row: Encodable {
                let id: DelegationID, person: String, tier: String, limit: Money, from: Day, to: Day, state: String
                let version: Int
            }
            let page = try await Connections.withApplication { core in
                try await core.delegations.list(try Connections.actor(), page: PageRequest(size: PageRequest.sizeMax))
            }
            let rows = page.rows.map { row in
                Row(
                    id: row.delegation.id, person: row.personName, tier: row.delegation.tier,
                    limit: row.delegation.limit,
                    from: row.delegation.validFrom, to: row.delegation.validTo, state: row.delegation.state.rawValue,
                    version: row.version)
            }
            try output.say(
                Output.table(
                    ["holder", "tier", "limit", "from", "to", "state"],
                    rows.map { [$0.person, $0.tier, "\($0.limit)", "\($0.from)", "\($0.to)", $0.state] }), rows)
        }
    }

    struct Propose: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Propose a limit; another person activates it.")

        @Argument(help: "Id of the person who is to hold it.") var person: PersonID
        @Option(help: "Name of the tier.") var tier: String
        @Option(help: "The most that a whole-life sum may be.") var limit: Money
        @Option(help: "Letter or minute that it rests on.") var instrument: String
        @Option(help: "First day.") var from: Day
        @Option(help: "Last day.") var to: Day
        @OptionGroup var output: OutputOptions

        func run() async throws {
            struct Proposed: Encodable { let id: DelegationID }
            let id = try await Connections.withApplication { core in
                try await core.delegations.propose(
                    try Connections.actor(),
                    NewDelegation(person: person, tier: tier, limit: limit, instrument: instrument, from: from, to: to))
            }
            try output.say("Proposed. Another person must activate it: \(id).", Proposed(id: id))
        }
    }

    struct Activate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Put a proposed limit into force.")

        @Argument(help: "Id of the delegation.") var delegation: DelegationID
        @Option(help: "Its version.") var version: Int
        @OptionGroup var output: OutputOptions

        func run() async throws {
            struct Activated: Encodable { let id: DelegationID }
            try await Connections.withApplication { core in
                try await core.delegations.activate(try Connections.actor(), delegation, version: version)
            }
            try output.say("In force.", Activated(id: delegation))
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Revoke a limit.")

        @Argument(help: "Id of the delegation.") var delegation: DelegationID
        @Option(help: "Its version.") var version: Int
        @Option(help: "Why.") var reason: String
        @OptionGroup var output: OutputOptions

        func run() async throws {
            struct Revoked: Encodable { let id: DelegationID }
            try await Connections.withApplication { core in
                try await core.delegations.revoke(
                    try Connections.actor(), delegation, version: version, reason: reason)
            }
            try output.say("Revoked.", Revoked(id: delegation))
        }
    }
}
