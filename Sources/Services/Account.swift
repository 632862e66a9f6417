public import Domain
import Postgres

/// What people do with their own account.
public struct Account: Sendable {
    let platform: Platform
    let hashing: PassphraseHashing

    private static let wrongProof = Refusal(
        .invalid, code: "wrong_proof", "That is not right. Check what you entered and try again.",
        problems: [FieldProblem("code", "Enter a new code from your authenticator app, or your passphrase.")])

    private static let readOnly = Refusal(
        .forbidden, code: "read_only_token",
        "This token is for reading only, and reading never needs a fresh proof. Use a token that may write, or sign in."
    )

    private var sealer: SeedSealer { SeedSealer(key: platform.configuration.sealingKey) }

    /// A token shows that a program was trusted once, and not who is there: ways to sign in change only from a session.
    private static let sessionNeeded = Refusal(
        .forbidden, code: "session_needed",
        "This is done from a session and not with a token. Sign in and do it from there.")

    /// What a door answers to a token that it is closed to. A wrong code is a wrong code, whoever sends it.
    private static let closed: Set = ["no_session", "step_up", "nothing_pending"]

    /// Ends in a refusal unless the database's door said yes. What it refuses to every token is said in so many words.
    func settle(_ answer: SignInStatements.Answer, _ actor: Actor, _ wrong: Refusal) async throws {
        if !answer.ok, Self.closed.contains(answer.reason ?? ""), try await isToken(actor) { throw Self.sessionNeeded }
        try answer.enforce(wrong)
    }

    /// Whether the actor calls with a personal API token.
    private func isToken(_ actor: Actor) async throws -> Bool {
        let credential = actor.credential
        let own = try await platform.system("account.own_sessions") { tx in
            try tx.run(AccountStatements.sessions(credential).many)
        }
        return own.contains { $0.isCurrent && $0.isToken }
    }

    /// Proves again who is there: a code from the app where one is set up, else the passphrase. The token is replaced; the
    /// answer is the new one. For sessions, and for personal API tokens that may write: what needs a fresh proof is
    /// closed to the others for good.
    public func stepUp(_ actor: Actor, passphrase: String? = nil, code: String? = nil) async throws -> String {
        let subject: Subject = try await platform.read("account.step_up", actor)
        guard subject.mayWrite || subject.role == .auditor else { throw Self.readOnly }
        let credential = actor.credential
        let token = Tokens.fresh()
        let next = Credential(token: token)
        let sealer = sealer
        let code = (code ?? "").filter { !$0.isWhitespace }
        // With an app: one transaction, so that the attempt and its outcome are one.
        let (challenge, answer) = try await platform.system("account.step_up") {
            tx -> (AccountStatements.StepUpChallenge?, SignInStatements.Answer?) in
            let (person, found) = try tx.pipeline(
                SignInStatements.holder(credential).one, AccountStatements.stepUpChallenge(credential).optional)
            // The session was alive a moment ago: a door that does not open is closed to what it came with.
            guard let challenge = found else { return (nil, .init(ok: false, reason: "no_session")) }
            guard challenge.needsTotp else { return (challenge, nil) }
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
            try await settle(answer, actor, Self.wrongProof)
            return token
        }
        guard let salt = challenge?.salt, let cost = challenge?.cost else { throw Self.wrongProof }
        let hash = try await hashing.hash(passphrase ?? "", salt: salt, cost: cost)
        try await platform.system("account.step_up") { tx in
            try tx.run(AccountStatements.stepUp(credential, hash: hash, step: nil, next: next).one)
        }.enforce(Self.wrongProof)
        return token
    }

    /// Changes the passphrase on proof of the old one; ends all other sessions and tokens.
    public func changePassphrase(_ actor: Actor, current: String, new: String) async throws {
        let (_, own) = try await platform.read("account.own", actor, AccountStatements.own.one)
        if try await isToken(actor) { throw Self.sessionNeeded }
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
        let answer = try await platform.system("account.change_passphrase") { tx in
            try tx.run(
                AccountStatements.changePassphrase(credential, old: oldHash, salt: salt, new: newHash, cost: cost).one)
        }
        try await settle(
            answer, actor, .invalid([FieldProblem("current", "Enter the passphrase that you sign in with now.")]))
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
