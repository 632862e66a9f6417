import Domain
import Postgres

/// The audit trail's own statements.
enum AuditStatements {
    struct NewEvent {
        let id: AuditEventID
        let person: PersonID?
        let organisation: OrganisationID?
        let capacity: Capacity?
        let action: String
        let object: ObjectReference
        let from: String?
        let to: String?
        let reason: String?
        let before: [UInt8]?
        let after: [UInt8]?
        let detail: PostgresJSON
        let address: String?
        let requestID: String?
    }

    static func insert(_ event: NewEvent) -> Statement<Void> {
        Statement(
            "audit.insert",
            """
            insert into audit.event (id, person_id, organisation_id, capacity, action, object_kind, object_id,
                from_state, to_state, reason, before_hash, after_hash, detail, address, request_id)
            values (\(event.id), \(event.person), \(event.organisation), \(event.capacity), \(event.action),
                \(event.object.kind), \(event.object.id), \(event.from), \(event.to), \(event.reason),
                \(event.before.map(Bytes.init)), \(event.after.map(Bytes.init)), \(event.detail), \(event.address),
                \(event.requestID))
            """)
    }

    static let lastBatch = Statement<Int64>(
        "audit.last_batch", "select coalesce(max(s.batch), 0) from audit.seal s"
    ) { row in try row.read() }

    static let seal = Statement<Int>("audit.seal", "select audit.seal_batch()") { row in try row.read() }

    static func events(after seq: Int64, limit: Int) -> Statement<AuditLine> {
        Statement(
            "audit.events",
            """
            select e.seq, e.id::text, (extract(epoch from e.at) * 1000000)::bigint, e.person_id::text,
                e.organisation_id::text, e.capacity, e.action, e.object_kind, e.object_id::text, e.from_state, e.to_state,
                e.reason, encode(e.before_hash, 'hex'), encode(e.after_hash, 'hex'), e.detail::text, e.address,
                e.request_id
            from audit.event e where e.seq > \(seq) order by e.seq limit \(limit)
            """
        ) { row in
            AuditLine(
                seq: try row.read(), id: try row.read(), at: try row.read(), person: try row.read(),
                organisation: try row.read(), capacity: try row.read(), action: try row.read(),
                objectKind: try row.read(), objectId: try row.read(), from: try row.read(), to: try row.read(),
                reason: try row.read(), before: try row.read(), after: try row.read(), detail: try row.read(),
                address: try row.read(), request: try row.read())
        }
    }

    static func seals(after batch: Int64, limit: Int) -> Statement<AuditSealLine> {
        Statement(
            "audit.seals",
            """
            select s.batch, s.members, array(select encode(d, 'hex') from unnest(s.digests) with ordinality as u (d, n) order by n),
                encode(s.previous, 'hex'), encode(s.head, 'hex'), (extract(epoch from s.sealed_at) * 1000000)::bigint
            from audit.seal s where s.batch > \(batch) order by s.batch limit \(limit)
            """
        ) { row in
            AuditSealLine(
                batch: try row.read(), members: try row.read(), digests: try row.read(), previous: try row.read(),
                head: try row.read(), sealedAt: try row.read())
        }
    }
}
