import Domain
import Postgres

/// The doors to schema `auth` for one's own account.
enum AccountStatements {
    typealias Answer = SignInStatements.Answer

    /// Whose session this is and their name, at whatever level; TS001 when it is not alive.
    static func holder(_ credential: Credential) -> Statement<(person: PersonID, name: String)> {
        Statement("auth.holder_name", "select o.person_id, o.name from actor.open(\(Bytes(credential.bytes))) as o") {
            row in
            (try row.read(), try row.read())
        }
    }

    struct StepUpChallenge: Sendable {
        let needsTotp: Bool
        let sealed: [UInt8]?
        let salt: [UInt8]?
        let cost: Argon2Cost?
        let wait: Int
        let now: Int64
    }

    static func stepUpChallenge(_ credential: Credential) -> Statement<StepUpChallenge> {
        Statement(
            "auth.step_up_challenge",
            """
            select c.method = 'totp', c.sealed, c.salt, c.memory_kib, c.iterations, c.parallelism, c.wait_seconds,
                floor(extract(epoch from clock_timestamp()))::bigint
            from auth.step_up_challenge(\(Bytes(credential.bytes))) as c
            """
        ) { row in
            let needsTotp: Bool = try row.read()
            let sealed: Bytes? = try row.read()
            let salt: Bytes? = try row.read()
            let memory: Int? = try row.read()
            let iterations: Int? = try row.read()
            let lanes: Int? = try row.read()
            var cost: Argon2Cost?
            if let memory, let iterations, let lanes {
                cost = Argon2Cost(memoryKiB: memory, iterations: iterations, parallelism: lanes)
            }
            return StepUpChallenge(
                needsTotp: needsTotp, sealed: sealed?.value, salt: salt?.value, cost: cost, wait: try row.read(),
                now: try row.read())
        }
    }

    static func stepUp(
        _ credential: Credential, hash: [UInt8]?, step: Int64?, next: Credential
    ) -> Statement<Answer> {
        Statement(
            "auth.step_up",
            """
            select s.ok, s.reason, s.wait_seconds
            from auth.step_up(\(Bytes(credential.bytes)), \(hash.map(Bytes.init)), \(step), \(Bytes(next.key))) as s
            """
        ) { row in try SignInStatements.answerWithWait(&row) }
    }

    /// Own address and organisation, for the challenge and for the words that a passphrase may not be made of.
    static let own = Statement<(email: String, words: [String])>(
        "account.own",
        """
        select p.email, p.name, o.name
        from public.person p join public.organisation o on o.id = p.organisation_id
        where p.id = (select actor.person_id())
        """
    ) { row in
        let email: String = try row.read()
        return (email, [email, try row.read(), try row.read()])
    }

    static func changePassphrase(
        _ credential: Credential, old: [UInt8], salt: [UInt8], new: [UInt8], cost: Argon2Cost
    ) -> Statement<Answer> {
        Statement(
            "auth.change_password",
            """
            select c.ok, c.reason, c.wait_seconds
            from auth.change_password(\(Bytes(credential.bytes)), \(Bytes(old)), \(Bytes(salt)), \(Int32(cost.memoryKiB)),
                \(Int32(cost.iterations)), \(Int32(cost.parallelism)), \(Bytes(digest(of: new)))) as c
            """
        ) { row in try SignInStatements.answerWithWait(&row) }
    }

    static func enrolTotp(_ credential: Credential, sealed: [UInt8]) -> Statement<Answer> {
        Statement(
            "auth.enrol_totp",
            "select e.ok, e.reason from auth.enrol_totp(\(Bytes(credential.bytes)), \(Bytes(sealed))) as e"
        ) { row in try SignInStatements.answer(&row) }
    }

    static func pendingSeed(_ credential: Credential) -> Statement<SignInStatements.SealedSeed> {
        Statement(
            "auth.totp_pending",
            """
            select t.sealed, t.wait_seconds, floor(extract(epoch from clock_timestamp()))::bigint
            from auth.totp_pending(\(Bytes(credential.bytes))) as t
            """
        ) { row in try SignInStatements.seed(&row) }
    }

    static func confirmTotp(_ credential: Credential, step: Int64, next: Credential) -> Statement<Answer> {
        Statement(
            "auth.confirm_totp",
            """
            select c.ok, c.reason from auth.confirm_totp(\(Bytes(credential.bytes)), \(step), \(Bytes(next.key))) as c
            """
        ) { row in try SignInStatements.answer(&row) }
    }

    static func setRecoveryCodes(_ credential: Credential, hashes: [[UInt8]]) -> Statement<Answer> {
        Statement(
            "auth.set_recovery_codes",
            """
            select s.ok, s.reason
            from auth.set_recovery_codes(\(Bytes(credential.bytes)), \(hashes.map(Bytes.init))) as s
            """
        ) { row in try SignInStatements.answer(&row) }
    }

    static func createToken(
        _ credential: Credential, id: SessionID, key: [UInt8], label: String, scope: TokenScope, days: Int
    ) -> Statement<Answer> {
        Statement(
            "auth.create_token",
            """
            select t.ok, t.reason
            from auth.create_token(\(Bytes(credential.bytes)), \(id), \(Bytes(key)), \(label), \(scope),
                now() + \(days) * interval '1 day') as t
            """
        ) { row in try SignInStatements.answer(&row) }
    }

    static func sessions(_ credential: Credential) -> Statement<SessionView> {
        Statement(
            "auth.sessions",
            """
            select s.id, s.kind = 'api', s.label, s.scope, s.created_at, s.last_seen_at, s.expires_at, s.is_current
            from auth.sessions(\(Bytes(credential.bytes))) as s
            """
        ) { row in
            SessionView(
                id: try row.read(), isToken: try row.read(), label: try row.read(), scope: try row.read(),
                createdAt: try row.read(), lastSeenAt: try row.read(), expiresAt: try row.read(),
                isCurrent: try row.read())
        }
    }

    static func endSession(_ credential: Credential, _ id: SessionID?) -> Statement<Int> {
        Statement("auth.end_session", "select auth.end_session(\(Bytes(credential.bytes)), \(id))") { row in
            try row.read()
        }
    }

    static func endAll(_ credential: Credential) -> Statement<Int> {
        Statement("auth.end_all", "select auth.end_all(\(Bytes(credential.bytes)))") { row in try row.read() }
    }
}
