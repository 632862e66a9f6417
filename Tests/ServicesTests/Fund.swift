import Domain
import Foundation
import Logging
import Postgres

@testable import Services

/// A fund of its own for one test: a fresh database and the core on each role's connection, and quick ways to fill it.
/// What the factories make is made by the owner's SQL, without hashing a passphrase.
struct Fund: Sendable {
    let name: String
    /// As the server connects.
    let app: Database
    /// As the operator connects.
    let owner: Database
    /// As scheduled work connects.
    let worker: Database
    let configuration: ServicesConfiguration
    /// The core that the server holds.
    let core: Touchstone
    /// The core of the command line.
    let operatorCore: Touchstone
    /// The core of scheduled work.
    let workerCore: Touchstone

    static let sealingKey = [UInt8](repeating: 7, count: 32)
    /// The seed of everybody's authenticator app.
    static let totpSeed = Array("12345678901234567890".utf8)

    static let logger = Logger(label: "fund") { _ in SwiftLogNoOpLogHandler() }

    init(_ name: String) throws {
        self.name = name
        app = try TestDatabase.database(name, role: "touchstone_app")
        owner = try TestDatabase.database(name, role: "touchstone_owner")
        worker = try TestDatabase.database(name, role: "touchstone_worker")
        configuration = ServicesConfiguration(sealingKey: Self.sealingKey)
        core = Touchstone(database: app, worker: worker, configuration: configuration, logger: Self.logger)
        operatorCore = Touchstone(database: owner, configuration: configuration, logger: Self.logger)
        workerCore = Touchstone(database: worker, configuration: configuration, logger: Self.logger)
    }

    /// Another server on the same database.
    func anotherServer() throws -> (core: Touchstone, database: Database) {
        let database = try TestDatabase.database(name, role: "touchstone_app")
        return (Touchstone(database: database, configuration: configuration, logger: Self.logger), database)
    }

    func shutdown() async {
        await app.shutdown()
        await owner.shutdown()
        await worker.shutdown()
    }

    /// Runs SQL as the owner.
    func sql(_ sql: SQL) async throws {
        try await owner.transaction("test.sql") { tx in try tx.run(Statement("test.sql", sql).done) }
    }

    /// Reads one value as the owner.
    func value<Value: PostgresConvertible>(_ sql: SQL, as type: Value.Type = Value.self) async throws -> Value {
        try await owner.transaction("test.value") { tx in
            try tx.run(Statement("test.value", sql) { row in try row.read(Value.self) }.one)
        }
    }

    // MARK: Factories

    /// An organisation; an authority gets a DfE code that no real one has.
    func organisation(
        _ kind: Organisation.Kind = .localAuthority, name: String? = nil, dfeCode: String? = nil
    ) async throws -> OrganisationID {
        let id = OrganisationID.fresh()
        let name = name ?? "\(kind.rawValue) \(id)"
        var code = dfeCode
        if code == nil, kind == .localAuthority { code = try await unusedCode() }
        try await sql(
            """
            insert into public.organisation (id, kind, dfe_code, name, active_from)
            values (\(id), \(kind), \(code), \(name), '2009-01-01')
            """)
        return id
    }

    private func unusedCode() async throws -> String {
        try await value(
            """
            select lpad(n::text, 3, '0') from generate_series(0, 199) as n
            where not exists (select from public.organisation o where o.dfe_code = lpad(n::text, 3, '0'))
            order by n limit 1
            """)
    }

    /// An authority of the reference data, by DfE code.
    func authority(_ dfeCode: String) async throws -> OrganisationID {
        try await value("select o.id from public.organisation o where o.dfe_code = \(dfeCode)")
    }

    /// An active person with capacities from yesterday on, and a second factor where one of them needs it.
    func person(
        in organisation: OrganisationID, role: Role, _ capacities: [Capacity] = [], name: String? = nil,
        email: String? = nil, secondFactor: Bool? = nil
    ) async throws -> PersonID {
        let id = PersonID.fresh()
        let name = name ?? "Person \(id)"
        let email = email ?? "\(id)@example.gov.uk"
        let needsSecondFactor = secondFactor ?? capacities.contains(where: \.needsSecondFactor)
        let sealed = try SeedSealer(key: Self.sealingKey).seal(Self.totpSeed, for: id)
        try await owner.transaction("test.person") { tx in
            let statements: [SQL] =
                [
                    """
                    insert into public.person (id, organisation_id, role, email, name)
                    values (\(id), \(organisation), \(role), \(email), \(name))
                    """,
                    """
                    update public.person
                    set state = 'active', last_event = 'activate', transition_seq = 2, version = 2 where id = \(id)
                    """,
                    """
                    insert into public.capacity (id, person_id, role, code, valid_from)
                    select public.uuid7(), \(id), \(role), c, public.london_today() - 1
                    from unnest(\(capacities)) as c
                    """,
                ]
                + (needsSecondFactor
                    ? [
                        "insert into auth.totp (person_id, sealed, confirmed_at) values (\(id), \(Bytes(sealed)), now())"
                    ]
                    : [])
            for statement in statements { try tx.run(Statement("test.person", statement).done) }
        }
        return id
    }

    /// Signs a person in without a passphrase. `steppedUp` also stands for a used second factor.
    func signIn(
        _ person: PersonID, steppedUp: Bool = true, scope: TokenScope = .write, kind: String = "web",
        idle: Duration = .seconds(3600), absolute: Duration = .seconds(12 * 3600)
    ) async throws -> Actor {
        let token = Tokens.fresh()
        return try await signIn(
            person, token: token, steppedUp: steppedUp, scope: scope, kind: kind, idle: idle, absolute: absolute)
    }

    /// The same with a token of the test's choice.
    func signIn(
        _ person: PersonID, token: String, steppedUp: Bool = true, scope: TokenScope = .write, kind: String = "web",
        idle: Duration = .seconds(3600), absolute: Duration = .seconds(12 * 3600)
    ) async throws -> Actor {
        let credential = Credential(token: token)
        try await sql(
            """
            insert into auth.session (id, person_id, kind, key, level, scope, idle_limit, expires_at, stepped_up_at)
            values (\(SessionID.fresh()), \(person), \(kind), \(Bytes(credential.key)), 'full', \(scope),
                \(idle.components.seconds) * interval '1 second',
                now() + \(absolute.components.seconds) * interval '1 second',
                case when \(steppedUp) then now() end)
            """)
        return Actor(credential: credential, requestID: "test", address: "192.0.2.1")
    }

    /// Somebody new, signed in and stepped up: `try await fund.actor(.programmeOfficer, in: department)`.
    func actor(_ capacities: Capacity..., in organisation: OrganisationID, name: String? = nil) async throws -> Actor {
        let role = capacities.first?.role ?? .localAuthority
        return try await signIn(try await person(in: organisation, role: role, capacities, name: name))
    }

    /// The person behind an actor.
    func person(of actor: Actor) async throws -> PersonID {
        try await core.subject(actor).person
    }

    /// An administrator, in a department of their own unless one is given.
    func administrator(in department: OrganisationID? = nil) async throws -> Actor {
        let home = if let department { department } else { try await organisation(.department) }
        return try await actor(.administrator, in: home)
    }

    /// The code that everybody's authenticator app shows, so many steps from now by the database's clock.
    func totpCode(step offset: Int64 = 0) async throws -> String {
        let now: Int64 = try await value("select floor(extract(epoch from clock_timestamp()))::bigint")
        return OneTimePassword.code(seed: Self.totpSeed, step: now / 30 + offset)
    }
}

/// Lets so many tests have a fund at the same time: Swift Testing starts them all at once, and a cluster has only so many
/// connections.
actor FundGate {
    static let shared = FundGate(places: 8)

    private var places: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(places: Int) { self.places = places }

    func enter() async {
        if places > 0 {
            places -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func leave() {
        if waiting.isEmpty { places += 1 } else { waiting.removeFirst().resume() }
    }
}

/// Runs a test on a fund of its own and takes it away afterwards.
func withFund<Result: Sendable>(_ body: (Fund) async throws -> Result) async throws -> Result {
    await FundGate.shared.enter()
    do {
        let result = try await withFundNow(body)
        await FundGate.shared.leave()
        return result
    } catch {
        await FundGate.shared.leave()
        throw error
    }
}

private func withFundNow<Result: Sendable>(_ body: (Fund) async throws -> Result) async throws -> Result {
    let name = try await TestDatabase.clone()
    let fund = try Fund(name)
    do {
        let result = try await body(fund)
        await fund.shutdown()
        TestDatabase.drop(name)
        return result
    } catch {
        await fund.shutdown()
        TestDatabase.drop(name)
        throw error
    }
}
