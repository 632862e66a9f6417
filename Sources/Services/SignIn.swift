import Domain
import Logging
import Postgres

/// Signing in: what can be done before there is an actor.
///
/// Every cause of failure gives the same answer after the same work, so that nobody learns which addresses have accounts.
/// Attempts are counted in the database, and therefore by all servers together.
public struct SignIn: Sendable {
    let platform: Platform
    let hashing: PassphraseHashing

    private static let failed = Refusal(
        .unauthenticated, code: "sign_in_failed", "The e-mail address or the passphrase is not right.")
    private static let wrongCode = Refusal(
        .unauthenticated, code: "wrong_code",
        "That code is not right, or was used already. Wait for the next one and enter it.")

    /// Signs in with a passphrase. What comes back is either a session or a token that leads to the second factor.
    public func begin(
        email: String, passphrase: String, source: String?, userAgent: String? = nil
    ) async throws -> SignInResult {
        let challenge = try await platform.system("sign_in.challenge") { tx in
            try tx.run(SignInStatements.challenge(email: email, source: source).one)
        }
        guard challenge.wait == 0 else { throw Refusals.rateLimited(seconds: challenge.wait) }
        // Longer than any passphrase can be: nobody's. It is cut, not refused, so that the work stays the same.
        let typed = String(passphrase.unicodeScalars.prefix(PassphraseRules.maximum + 1).map(Character.init))
        let hash = try await hashing.hash(typed, salt: challenge.salt, cost: challenge.cost)
        let token = Tokens.fresh()
        let session = SignInStatements.NewSession(
            id: .fresh(), credential: Credential(token: token), idle: platform.configuration.sessionIdle,
            absolute: platform.configuration.sessionAbsolute)
        let opened = try await platform.system("sign_in.open") { tx in
            try tx.run(SignInStatements.open(email: email, hash: hash, source: source, session: session).one)
        }
        guard opened.wait == 0 else { throw Refusals.rateLimited(seconds: opened.wait) }
        guard opened.ok, let person = opened.person else { throw Self.failed }
        return opened.level == "full"
            ? .signedIn(token: token, person: person)
            : .secondFactorNeeded(token: token, toEnrol: opened.secondFactor == "to_enrol")
    }

    /// Finishes signing in with six digits from the app, or with a recovery code, which is spent. The token is replaced:
    /// the answer is the cookie.
    public func secondFactor(token: String, code: String, source: String?) async throws -> String {
        let credential = Credential(token: token)
        let token = Tokens.fresh()
        let next = Credential(token: token)
        let typed = code.filter { !$0.isWhitespace }
        let isTotp = typed.count == 6 && typed.allSatisfy { $0.isASCII && $0.isNumber }
        let sealer = SeedSealer(key: platform.configuration.sealingKey)
        let answer = try await platform.system("sign_in.second_factor") { tx in
            isTotp
                ? try Self.totp(tx, credential, typed, next, sealer)
                : try tx.run(
                    SignInStatements.useRecoveryCode(credential, hash: RecoveryCodes.hash(typed), next: next).one)
        }
        try answer.enforce(Self.wrongCode)
        return token
    }

    /// Judges a code in the transaction in which the attempt is counted. A wrong code is an answer and not an error: an
    /// error would roll the counting back.
    private static func totp(
        _ tx: borrowing Transaction, _ credential: Credential, _ code: String, _ next: Credential, _ sealer: SeedSealer
    ) throws -> SignInStatements.Answer {
        let (person, seed) = try tx.pipeline(
            SignInStatements.holder(credential).one, SignInStatements.sealedSeed(credential).optional)
        guard let seed else { return .init(ok: false, reason: "wrong") }
        guard seed.wait == 0, let sealed = seed.sealed else { return .init(ok: false, reason: "wait", wait: seed.wait) }
        guard let step = OneTimePassword.step(of: code, seed: try sealer.open(sealed, for: person), now: seed.now)
        else {
            return .init(ok: false, reason: "wrong")
        }
        return try tx.run(SignInStatements.useTotp(credential, step: step, next: next).one)
    }

    /// What an invitation's page shows. Not found for a token that never was one.
    public func invitation(token: String) async throws -> InvitationView {
        let found = try await platform.systemRead(
            "sign_in.invitation", SignInStatements.invitation(Credential(token: token)).optional)
        return try found.orNotFound("invitation")
    }

    /// The invited person chooses a passphrase; the account becomes active. They sign in with it afterwards.
    public func accept(invitation token: String, passphrase: String) async throws {
        let invitation = try await invitation(token: token)
        guard !invitation.expired else { throw Self.expired }
        try platform.configuration.check(
            passphrase: passphrase, words: [invitation.email, invitation.name, invitation.organisation])
        let salt = randomBytes(16)
        let cost = platform.configuration.argon2
        let hash = try await hashing.hash(passphrase, salt: salt, cost: cost)
        let answer = try await platform.system("sign_in.accept") { tx in
            try tx.run(SignInStatements.accept(Credential(token: token), salt: salt, hash: hash, cost: cost).one)
        }
        guard answer.ok else { throw Self.expired }
    }

    private static let expired = Refusal(
        .conflict, code: "invitation_expired", "This link was used already or is too old. Ask for a new one.")
}

extension SignInStatements.Answer {
    /// Ends the act unless the database said yes. `wrong` is the refusal for a code or passphrase that is not right.
    func enforce(_ wrong: Refusal) throws(Refusal) {
        guard !ok else { return }
        switch reason {
        case "no_session": throw Refusals.unauthenticated
        case "wait": throw Refusals.rateLimited(seconds: wait)
        case "step_up":
            throw Refusal(.stepUpRequired, code: "step_up_required", "Confirm that it is you, then try again.")
        default: throw wrong
        }
    }
}
