import Domain
import Postgres

/// Keys of commands and the answers that were given.
enum IdempotencyStatements {
    /// Makes a second sender of the same key wait until the first is done, so that it finds the answer.
    static func lock(_ once: IdempotencyKey) -> Statement<Void> {
        Statement("idempotency.lock", "select pg_advisory_xact_lock(hashtextextended(\(once.key), 7))")
    }

    /// Opens the session and looks for the key: throws ``Replay`` from the decoder when there is one.
    ///
    /// The look-up is lateral, so it runs after `actor.open` has put the credential in place and row security can see it.
    static func open(_ credential: Credential, _ once: IdempotencyKey) -> Statement<Subject> {
        Statement(
            "idempotency.open",
            """
            select \(sql: ActorStatements.columns), k.request_hash, k.result
            from actor.open(\(Bytes(credential.bytes))) as o
            left join lateral (
                select request_hash, result from public.idempotency_key
                where person_id = o.person_id and key = \(once.key)
            ) as k on true
            """
        ) { row in
            let subject = try ActorStatements.writer(&row)
            let hash: Bytes? = try row.read()
            let result: String? = try row.read()
            if let hash, let result { throw Replay(requestHash: hash.value, result: result) }
            return subject
        }
    }

    /// Keeps the answer. It is wrapped in an array, so that every answer is a JSON document.
    static func insert(_ once: IdempotencyKey, result: some Codable) throws -> Statement<Void> {
        let json = PostgresJSON(try JSON.encode([result]))
        return Statement(
            "idempotency.insert",
            """
            insert into public.idempotency_key (person_id, key, request_hash, result)
            values ((select actor.person_id()), \(once.key), \(Bytes(once.requestHash)), \(json))
            """)
    }
}
