import Domain
import Postgres

/// The doors to schema `auth` that stand before any session: signing in, second factors, invitations.
enum SignInStatements {
    struct Challenge: Sendable {
        let salt: [UInt8]
        let cost: Argon2Cost
        let wait: Int
    }

    /// How to hash the passphrase of an address, known or not.
    static func challenge(email: String, source: String?) -> Statement<Challenge> {
        Statement(
            "auth.challenge",
            """
            select c.salt, c.memory_kib, c.iterations, c.parallelism, c.wait_seconds
            from auth.challenge(\(email), \(source)) as c
            """
        ) { row in
            Challenge(salt: try row.read(Bytes.self).value, cost: try cost(&row), wait: try row.read())
        }
    }

    static func cost(_ row: inout RowReader) throws -> Argon2Cost {
        Argon2Cost(memoryKiB: try row.read(), iterations: try row.read(), parallelism: try row.read())
    }

    struct NewSession: Sendable {
        let id: SessionID
        let credential: Credential
        let idle: Duration
        let absolute: Duration
    }

    struct Opened: Sendable {
        let ok: Bool
        let wait: Int
        let level: String?
        let person: PersonID?
        let secondFactor: String?
    }

    /// Opens the session when the hash is right; counts the attempt in any case.
    static func open(email: String, hash: [UInt8], source: String?, session: NewSession) -> Statement<Opened> {
        Statement(
            "auth.open_session",
            """
            select s.ok, s.wait_seconds, s.level, s.person_id, s.second_factor
            from auth.open_session(\(email), \(Bytes(hash)), \(source), \(Bytes(session.credential.key)), \(session.id),
                'web', \(session.idle.components.seconds) * interval '1 second',
                \(session.absolute.components.seconds) * interval '1 second') as s
            """
        ) { row in
            Opened(
                ok: try row.read(), wait: try row.read() ?? 0, level: try row.read(), person: try row.read(),
                secondFactor: try row.read())
        }
    }

    /// Whose session this is, at whatever level; TS001 when it is not alive.
    static func holder(_ credential: Credential) -> Statement<PersonID> {
        Statement("auth.holder", "select o.person_id from actor.open(\(Bytes(credential.bytes))) as o") { row in
            try row.read()
        }
    }

    struct SealedSeed: Sendable {
        let sealed: [UInt8]?
        let wait: Int
        /// Seconds since 1970 on the database's clock.
        let now: Int64
    }

    static func sealedSeed(_ credential: Credential) -> Statement<SealedSeed> {
        Statement(
            "auth.totp_for_session",
            """
            select t.sealed, t.wait_seconds, floor(extract(epoch from clock_timestamp()))::bigint
            from auth.totp_for_session(\(Bytes(credential.bytes))) as t
            """
        ) { row in try seed(&row) }
    }

    static func seed(_ row: inout RowReader) throws -> SealedSeed {
        SealedSeed(sealed: try row.read(Bytes?.self)?.value, wait: try row.read(), now: try row.read())
    }

    struct Answer: Sendable {
        let ok: Bool
        let reason: String?
        var wait = 0
    }

    static func answer(_ row: inout RowReader) throws -> Answer { Answer(ok: try row.read(), reason: try row.read()) }

    static func answerWithWait(_ row: inout RowReader) throws -> Answer {
        Answer(ok: try row.read(), reason: try row.read(), wait: try row.read() ?? 0)
    }

    static func useTotp(_ credential: Credential, step: Int64, next: Credential) -> Statement<Answer> {
        Statement(
            "auth.use_totp",
            """
            select u.ok, u.reason from auth.use_totp(\(Bytes(credential.bytes)), \(step), \(Bytes(next.key))) as u
            """
        ) { row in try answer(&row) }
    }

    static func useRecoveryCode(_ credential: Credential, hash: [UInt8], next: Credential) -> Statement<Answer> {
        Statement(
            "auth.use_recovery_code",
            """
            select u.ok, u.reason, u.wait_seconds
            from auth.use_recovery_code(\(Bytes(credential.bytes)), \(Bytes(hash)), \(Bytes(next.key))) as u
            """
        ) { row in try answerWithWait(&row) }
    }

    static func invitation(_ credential: Credential) -> Statement<InvitationView> {
        Statement(
            "auth.invitation",
            """
            select i.email, i.name, i.organisation_name, i.role, i.purpose, i.expired
            from auth.invitation(\(Bytes(credential.bytes))) as i
            """
        ) { row in
            InvitationView(
                email: try row.read(), name: try row.read(), organisation: try row.read(), role: try row.read(),
                isReset: try row.read(String.self) == "reset", expired: try row.read())
        }
    }

    static func accept(_ credential: Credential, salt: [UInt8], hash: [UInt8], cost: Argon2Cost) -> Statement<Answer> {
        Statement(
            "auth.accept_invitation",
            """
            select a.ok, a.reason
            from auth.accept_invitation(\(Bytes(credential.bytes)), \(Bytes(salt)), \(Int32(cost.memoryKiB)),
                \(Int32(cost.iterations)), \(Int32(cost.parallelism)), \(Bytes(digest(of: hash)))) as a
            """
        ) { row in try answer(&row) }
    }

    static func touch(_ credential: Credential) -> Statement<Void> {
        Statement("auth.touch", "select auth.touch(\(Bytes(credential.bytes)))")
    }
}
