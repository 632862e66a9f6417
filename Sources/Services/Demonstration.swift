import Crypto
public import Domain
import FoundationEssentials
public import Logging
public import Postgres

/// A demonstration fund: people, programmes, rounds, bids, appraisals and approvals in every state that can be reached.
///
/// Accounts are made as the operator makes them, by the owner's connection. Everything else is done by those people
/// through the services, so every rule was really applied. Only time is helped along: the owner moves opening and
/// closing times into the past, and the scheduled work does the rest.
public struct Demonstration: Sendable {
    let owner: Database
    let touchstone: Touchstone
    let scheduler: Scheduler
    let configuration: ServicesConfiguration
    let logger: Logger

    /// A demonstration on a migrated database with its reference data. `owner`, `application` and `worker` are the same
    /// database by three logins.
    public init(
        owner: Database, application: Database, worker: Database, configuration: ServicesConfiguration, logger: Logger
    ) {
        self.owner = owner
        self.configuration = configuration
        self.logger = logger
        touchstone = Touchstone(database: application, configuration: configuration, logger: logger)
        scheduler = Scheduler(Touchstone(database: worker, configuration: configuration, logger: logger))
    }

    /// Loads the fund; says false, having changed nothing, when it is there already.
    @discardableResult
    public func load(progress: @Sendable (String) -> Void = { _ in }) async throws -> Bool {
        let found = try await owner.transaction("demonstration.found") { tx in
            try tx.run(DemonstrationStatements.found.one)
        }
        switch found {
        case .complete: return false
        case .partial: throw DemonstrationError.halfLoaded
        case .none: break
        }
        progress("Making accounts")
        let fund = try await fund()
        try await fund.load(progress)
        try await owner.transaction("demonstration.finish") { tx in
            tx.queue(DemonstrationStatements.endSessions.done)
            tx.queue(DemonstrationStatements.markLoaded.done)
        }
        return true
    }

    /// The people of the demonstration, signed in, with nothing done yet.
    func fund() async throws -> DemonstrationFund {
        DemonstrationFund(
            touchstone: touchstone, owner: owner, scheduler: scheduler, cast: try await makeCast(), today: Self.today(),
            projects: try DemonstrationProject.all(), indicators: try await indicators())
    }

    /// The accounts that a person can sign in with. The passphrase and the second factor's secret are made from this
    /// installation's sealing key, so they are the same each time and nobody else's.
    public var signIns: [DemonstrationSignIn] {
        DemonstrationCast.roles.map { role in
            DemonstrationSignIn(
                name: role.name, email: role.email, role: role.role, capacities: role.capacities,
                passphrase: passphrase,
                secondFactorSecret: role.needsSecondFactor ? OneTimePassword.base32(seed(role.email)) : nil)
        }
    }

    /// Fresh API tokens, one for each account that can sign in, valid for a week; those of an earlier call are revoked.
    public func tokens() async throws -> [DemonstrationToken] {
        let roles = DemonstrationCast.roles
        let tokens = roles.map { role in DemonstrationToken(email: role.email, role: role.role, token: Tokens.fresh()) }
        try await owner.transaction("demonstration.tokens") { tx in
            tx.queue(DemonstrationStatements.revokeTokens.done)
            for token in tokens {
                tx.queue(DemonstrationStatements.addToken(token.email, key: Credential(token: token.token).key).done)
            }
        }
        return tokens
    }

    /// Indicators that a bid can promise to lower, re-referrals first.
    private func indicators() async throws -> [String] {
        let codes = try await owner.transaction("demonstration.indicators") { tx in
            try tx.run(DemonstrationStatements.indicators.many)
        }
        guard !codes.isEmpty else { throw DemonstrationError.noAuthority("indicators") }
        return codes
    }

    /// Today in London.
    private static func today() -> Day { Instant(seconds: Int64(Date().timeIntervalSince1970)).londonDay }

    /// Four groups of letters: long enough for the policy, easy to type from a screen.
    var passphrase: String {
        let text = OneTimePassword.base32(derived("passphrase")).lowercased()
        return stride(from: 0, to: 20, by: 5).map { start in
            String(text.dropFirst(start).prefix(5))
        }.joined(separator: "-")
    }

    private func seed(_ email: String) -> [UInt8] { Array(derived("totp " + email).prefix(OneTimePassword.seedBytes)) }

    private func derived(_ purpose: String) -> [UInt8] {
        Array(
            HMAC<SHA256>.authenticationCode(
                for: Array("demonstration \(purpose)".utf8), using: SymmetricKey(data: configuration.sealingKey)))
    }
}

extension Demonstration {
    /// Organisations, accounts, capacities, delegations and sessions, as the operator makes them.
    private func makeCast() async throws -> DemonstrationCast {
        let hashing = PassphraseHashing(threads: configuration.hashingConcurrency, waitersMax: 64)
        let sealer = SeedSealer(key: configuration.sealingKey)
        var actors: [String: Actor] = [:]
        var people: [String: PersonID] = [:]
        try await owner.transaction("demonstration.organisations") { tx in
            for organisation in DemonstrationCast.organisations {
                tx.queue(DemonstrationStatements.addOrganisation(organisation).done)
            }
        }
        for role in DemonstrationCast.roles {
            let salt = randomBytes(16)
            let cost = configuration.argon2
            let hash = try await hashing.hash(passphrase, salt: salt, cost: cost)
            let person = PersonID.fresh()
            let token = Tokens.fresh()
            let account = DemonstrationStatements.Account(
                person: person, role: role, invitation: Credential(token: Tokens.fresh()), salt: salt, cost: cost,
                verifier: digest(of: hash),
                seed: role.needsSecondFactor ? try sealer.seal(seed(role.email), for: person) : nil,
                session: Credential(token: token))
            try await owner.transaction("demonstration.account") { tx in
                for step in DemonstrationStatements.make(account) { _ = try tx.run(step) }
            }
            actors[role.key] = Actor(credential: account.session, requestID: "demonstration", address: nil)
            people[role.key] = person
        }
        return DemonstrationCast(actors: actors, people: people)
    }
}

/// An account of the demonstration.
public struct DemonstrationSignIn: Sendable, Hashable {
    /// Generated name.
    public let name: String
    /// Name of the account.
    public let email: String
    /// The side of the table.
    public let role: Role
    /// What it may act as.
    public let capacities: [Capacity]
    /// The same for all, and different in each installation.
    public let passphrase: String
    /// For an authenticator app, in base32; nil where none is needed.
    public let secondFactorSecret: String?
}

/// An API token of the demonstration.
public struct DemonstrationToken: Sendable, Hashable {
    /// Whose.
    public let email: String
    /// Their side of the table.
    public let role: Role
    /// What to send as the bearer token.
    public let token: String
}

/// Why the demonstration could not be loaded.
public enum DemonstrationError: Error, CustomStringConvertible {
    /// An earlier load was interrupted; the database must be made anew.
    case halfLoaded
    /// The reference data is missing.
    case noAuthority(String)
    /// Scheduled work failed; the log says why.
    case schedule([String])
    /// The file of projects does not have what is needed.
    case badProjects

    /// In words.
    public var description: String {
        switch self {
        case .halfLoaded: "An earlier load of the demonstration was interrupted. Start again with an empty database."
        case .noAuthority(let code): "There is no authority with code \(code): load the reference data first."
        case .schedule(let failed): "Scheduled work failed: \(failed.joined(separator: ", "))."
        case .badProjects: "The file of projects is not as expected."
        }
    }
}
