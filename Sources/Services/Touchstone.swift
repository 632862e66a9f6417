public import Domain
public import Logging
public import Postgres

/// The whole core, one value. Fronts hold it and nothing else; each area of work is a property.
public struct Touchstone: Sendable {
    let platform: Platform
    let hashing: PassphraseHashing
    let worker: Database?

    /// The core on a database. Nothing is opened until something is asked. A demonstration also gives the worker's
    /// connection, which lets ``Inbox/development(page:)`` show everybody's notices.
    public init(
        database: Database, worker: Database? = nil, configuration: ServicesConfiguration, logger: Logger
    ) {
        platform = Platform(database: database, configuration: configuration, logger: logger)
        hashing = PassphraseHashing(
            threads: configuration.hashingConcurrency, waitersMax: configuration.hashingWaitersMax)
        self.worker = worker
    }

    /// Signing in.
    public var signIn: SignIn { SignIn(platform: platform, hashing: hashing) }
    /// One's own account.
    public var account: Account { Account(platform: platform, hashing: hashing) }
    /// Other people's accounts.
    public var people: People { People(platform: platform) }
    /// Delegated limits.
    public var delegations: Delegations { Delegations(platform: platform) }
    /// Organisations and indicators.
    public var organisations: Organisations { Organisations(platform: platform) }
    /// Notices.
    public var inbox: Inbox { Inbox(platform: platform, worker: worker) }
    /// What happened to an object.
    public var history: History { History(platform: platform) }
    /// The audit trail.
    public var audit: Audit { Audit(platform: platform) }
    /// Whether the service can work.
    public var health: Health { Health(platform: platform) }

    /// Who this actor is: name, organisation, capacities. One round trip. Keeps the session alive, at most once a minute,
    /// without making the caller wait for it.
    public func subject(_ actor: Actor) async throws -> Subject {
        let (subject, seen) = try await Refusals.mapped {
            try await platform.database.read("subject", ActorStatements.openAndSeen(actor.credential).one)
        }
        if subject.now.seconds - seen.seconds > Self.touchSeconds {
            let platform = platform
            Task {
                do {
                    try await platform.database.transaction("touch") { tx in
                        tx.queue(SignInStatements.touch(actor.credential).done)
                    }
                } catch {
                    platform.logger.warning("last-seen was not renewed", metadata: ["error": "\(error)"])
                }
            }
        }
        return subject
    }

    /// A session that was seen so lately is not written again.
    private static let touchSeconds: Int64 = 60
}
