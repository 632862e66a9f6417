public import Domain
import Postgres

extension Account {
    private static let wrongFirstCode = Refusal.invalid([
        FieldProblem("code", "Enter the six digits that your authenticator app shows now.")
    ])

    /// Makes a seed for an authenticator app, which counts from the first right code on. Also for a session that signed in
    /// with a passphrase only, where a second factor is needed and none is set up.
    public func enrolTotp(_ actor: Actor) async throws -> TotpEnrolment {
        let credential = actor.credential
        let sealer = SeedSealer(key: platform.configuration.sealingKey)
        let seed = randomBytes(OneTimePassword.seedBytes)
        let (name, answer) = try await platform.system("account.enrol_totp") { tx in
            let holder = try tx.run(AccountStatements.holder(credential).one)
            let sealed = try sealer.seal(seed, for: holder.person)
            return (holder.name, try tx.run(AccountStatements.enrolTotp(credential, sealed: sealed).one))
        }
        try await settle(answer, actor, Self.wrongFirstCode)
        return TotpEnrolment(
            secret: OneTimePassword.base32(seed),
            uri: OneTimePassword.uri(seed: seed, account: name, issuer: platform.configuration.serviceName))
    }

    /// The first right code puts the second factor in force. Answers with the new token and the recovery codes, which are
    /// shown this once.
    public func confirmTotp(_ actor: Actor, code: String) async throws -> (token: String, codes: [String]) {
        let credential = actor.credential
        let sealer = SeedSealer(key: platform.configuration.sealingKey)
        let token = Tokens.fresh()
        let next = Credential(token: token)
        let codes = RecoveryCodes.fresh()
        let typed = code.filter { !$0.isWhitespace }
        let answer = try await platform.system("account.confirm_totp") { tx in
            let (person, pending) = try tx.pipeline(
                SignInStatements.holder(credential).one, AccountStatements.pendingSeed(credential).optional)
            guard let pending else { return SignInStatements.Answer(ok: false, reason: "nothing_pending") }
            guard pending.wait == 0, let sealed = pending.sealed else {
                return .init(ok: false, reason: "wait", wait: pending.wait)
            }
            guard
                let step = OneTimePassword.step(
                    of: typed, seed: try sealer.open(sealed, for: person), now: pending.now)
            else { return .init(ok: false, reason: "wrong") }
            let answer = try tx.run(AccountStatements.confirmTotp(credential, step: step, next: next).one)
            guard answer.ok else { return answer }
            return try tx.run(
                AccountStatements.setRecoveryCodes(next, hashes: codes.map(RecoveryCodes.hash)).one)
        }
        try await settle(answer, actor, Self.wrongFirstCode)
        return (token, codes)
    }

    /// New recovery codes for the old ones. Needs a fresh proof of identity.
    public func renewRecoveryCodes(_ actor: Actor) async throws -> [String] {
        let credential = actor.credential
        let codes = RecoveryCodes.fresh()
        let answer = try await platform.system("account.renew_recovery_codes") { tx in
            try tx.run(AccountStatements.setRecoveryCodes(credential, hashes: codes.map(RecoveryCodes.hash)).one)
        }
        try await settle(answer, actor, Self.wrongFirstCode)
        return codes
    }

    /// A token for programs, shown this once. It may do what its owner may, or only look.
    public func createToken(
        _ actor: Actor, label: String, scope: TokenScope, days: Int
    ) async throws -> (id: SessionID, token: String) {
        let most = platform.configuration.tokenDaysMax
        var problems: [FieldProblem] = []
        if label.isEmpty || label.count > 140 {
            problems.append(FieldProblem("label", "Enter what the token is for, in 1 to 140 characters."))
        }
        if !(1...most).contains(days) {
            problems.append(FieldProblem("days", "Enter a number of days from 1 to \(most)."))
        }
        guard problems.isEmpty else { throw Refusal.invalid(problems) }
        let credential = actor.credential
        let token = Tokens.fresh()
        let id = SessionID.fresh()
        let key = Credential(token: token).key
        let answer = try await platform.system("account.create_token") { tx in
            try tx.run(
                AccountStatements.createToken(credential, id: id, key: key, label: label, scope: scope, days: days).one)
        }
        try await settle(answer, actor, .invalid([FieldProblem("days", "Choose a shorter life for the token.")]))
        return (id, token)
    }

    /// Ends a token of one's own.
    public func revokeToken(_ actor: Actor, _ id: SessionID) async throws {
        try await endSession(actor, id)
    }
}
