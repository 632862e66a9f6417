import Domain

/// What an installation may change about the core. Every field has a default that is fit for production.
public struct ServicesConfiguration: Sendable {
    /// The key that seals TOTP seeds: 32 bytes that the database never sees.
    public var sealingKey: [UInt8]
    /// Fewest characters in a passphrase.
    public var minimumPassphrase = 15
    /// A web session ends after this long without a request.
    public var sessionIdle: Duration = .seconds(15 * 60)
    /// A web session ends this long after sign-in, whatever happens.
    public var sessionAbsolute: Duration = .seconds(12 * 3600)
    /// How long an invitation can be accepted.
    public var invitationLife: Duration = .seconds(7 * 86_400)
    /// The same in whole days, for people.
    var invitationDays: Int { Int(invitationLife.components.seconds / 86_400) }
    /// The most days that a personal API token may live.
    public var tokenDaysMax = 90
    /// What Argon2id costs for passphrases set from now on.
    public var argon2 = Argon2Cost()
    /// How many passphrases are hashed at the same time; each takes a thread and the memory above.
    public var hashingConcurrency = 2
    /// How many may wait for a hashing thread before others are turned away.
    public var hashingWaitersMax = 64
    /// Passphrases that nobody may use, in lower case.
    public var blocklist: Set<String> = []
    /// Words of this installation that a passphrase may not be made of, such as the service's name.
    public var contextWords: [String] = ["touchstone"]
    /// The name that authenticator apps show.
    public var serviceName = "Touchstone"

    /// The defaults, with this installation's sealing key.
    public init(sealingKey: [UInt8]) {
        self.sealingKey = sealingKey
    }
}

extension ServicesConfiguration {
    /// Refuses a passphrase that is too short, or that others would guess. `words` are what they know of the account.
    func check(passphrase: String, words: [String], field: String = "passphrase") throws {
        let problem = PassphraseRules.problem(passphrase, minimum: minimumPassphrase, words: contextWords + words) {
            blocklist.contains($0)
        }
        if let problem { throw Refusal.invalid([FieldProblem(field, problem)]) }
    }
}

/// The cost parameters of Argon2id.
public struct Argon2Cost: Hashable, Sendable {
    /// Memory in KiB.
    public var memoryKiB: Int
    /// Passes over the memory.
    public var iterations: Int
    /// Lanes.
    public var parallelism: Int

    /// OWASP's first recommendation: 19 MiB, two passes, one lane.
    public init(memoryKiB: Int = 19_456, iterations: Int = 2, parallelism: Int = 1) {
        self.memoryKiB = memoryKiB
        self.iterations = iterations
        self.parallelism = parallelism
    }
}
