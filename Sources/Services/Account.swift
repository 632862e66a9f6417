public import Domain
import Postgres

/// What people do with their own account.
public struct Account: Sendable {
    let platform: Platform
    let hashing: PassphraseHashing

    private static let wrongProof = Refusal(
        .invalid, code: "wrong_proof", "That is not right. Check what you entered and try again.",
        problems: [FieldProblem("code", "Enter a new code from your authenticator app, or your passphrase.")])

    private var sealer: SeedSealer { SeedSealer(key: platform.configuration.sealingKey) }

    /// Proves again who is there: a code from the app where one is set up, else the passphrase. The token is replaced; the
    /// answer is the new one.
    public func stepUp(_ actor: Actor, passphrase: String? = nil, code: String? = nil) async throws -> String {
        let credential = actor.credential
        let token = Tokens.fresh()
        let next = Credential(token: token)
        let sealer = sealer
        let code = (code ?? "").filter { !$0.isWhitespace }
        // With an app: one transaction, so that the attempt and its outcome are one.
        let (challenge, answer) = try await platform.system("account.step_up") { tx in
            let (person, found) = try tx.pipeline(
                SignInStatements.holder(credential).one, AccountStatements.stepUpChallenge(credential).optional)
            guard let challenge = found else { throw Refusals.unauthenticated }
            guard challenge.needsTotp else { return (challenge, SignInStatements.Answer?.none) }
            guard challenge.wait == 0, let sealed = challenge.sealed else {
                return (challenge, .init(ok: false, reason: "wait", wait: challenge.wait))
            }
            guard
                let step = OneTimePassword.step(
                    of: code, seed: try sealer.open(sealed, for: person), now: challenge.now)
            else { return (challenge, .init(ok: false, reason: "wrong")) }
            return (
                challenge, try tx.run(AccountStatements.stepUp(credential, hash: nil, step: step, next: next).one)
            )
        }
        if let answer {
            try answer.enforce(Self.wrongProof)
            return token
        }
        guard let salt = challenge.salt, let cost = challenge.cost else { throw Self.wrongProof }
        let hash = try await hashing.hash(passphrase ?? "", salt: salt, cost: cost)
        try await platform.system("account.step_up") { tx in
            try tx.run(AccountStatements.stepUp(credential, hash: hash, step: nil, next: next).one)
        }.enforce(Self.wrongProof)
        return token
    }

    /// Changes the passphrase on proof of the old one; ends all other sessions and tokens.
    public func changePassphrase(_ actor: Actor, current: String, new: String) async throws {
        let (_, own) = try await platform.read("account.own", actor, AccountStatements.own.one)
        try platform.configuration.check(passphrase: new, words: own.words, field: "new")
        let challenge = try await platform.system("account.challenge") { tx in
            try tx.run(SignInStatements.challenge(email: own.email, source: actor.address).one)
        }
        guard challenge.wait == 0 else { throw Refusals.rateLimited(seconds: challenge.wait) }
        let salt = randomBytes(16)
        let cost = platform.configuration.argon2
        let oldHash = try await hashing.hash(current, salt: challenge.salt, cost: challenge.cost)
        let newHash = try await hashing.hash(new, salt: salt, cost: cost)
        let credential = actor.credential
        try await platform.system("account.change_passphrase") { tx in
            try tx.run(
                AccountStatements.changePassphrase(credential, old: oldHash, salt: salt, new: newHash, cost: cost).one)
        }.enforce(.invalid([FieldProblem("current", "Enter the passphrase that you sign in with now.")]))
    }

    /// One's own live web sessions.
    public func sessions(_ actor: Actor) async throws -> [SessionView] {
        try await all(actor).filter { !$0.isToken }
    }

    /// One's own live API tokens.
    public func tokens(_ actor: Actor) async throws -> [SessionView] {
        try await all(actor).filter(\.isToken)
    }

    private func all(_ actor: Actor) async throws -> [SessionView] {
        let (_, sessions) = try await platform.read(
            "account.sessions", actor, AccountStatements.sessions(actor.credential).many)
        return sessions
    }

    /// Ends another of one's own sessions.
    public func endSession(_ actor: Actor, _ id: SessionID) async throws {
        let credential = actor.credential
        let (_, ended) = try await platform.systemWrite("account.end_session", actor) { tx in
            try tx.run(AccountStatements.endSession(credential, id).one)
        }
        guard ended > 0 else { throw Refusal.notFound("session") }
    }

    /// Signs out. Signing out twice is no error.
    public func signOut(_ actor: Actor) async throws {
        let credential = actor.credential
        _ = try await platform.system("account.sign_out") { tx in
            try tx.run(AccountStatements.endSession(credential, nil).one)
        }
    }

    /// Ends all of one's own sessions and API tokens, this one too.
    public func signOutEverywhere(_ actor: Actor) async throws {
        let credential = actor.credential
        _ = try await platform.system("account.sign_out_everywhere") { tx in
            try tx.run(AccountStatements.endAll(credential).one)
        }
    }
}
