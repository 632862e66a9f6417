import Domain
import FoundationEssentials
import Postgres

/// Notices, as their recipients see them.
enum InboxStatements {
    private static func notice(_ row: inout RowReader) throws -> Notice {
        Notice(
            id: try row.read(), event: try row.read(), recipient: try row.read(), recipientName: try row.read(),
            subject: try row.read(), body: try row.read(),
            object: ObjectReference(kind: try row.read(), id: try row.read()), createdAt: try row.read())
    }

    private static let columns: SQL = """
        n.id, n.event, n.recipient_id, p.name, n.subject, n.body, n.object_kind, n.object_id, n.created_at
        """

    /// One's own, the newest first.
    static func own(after keys: [String]?, limit: Int) -> Statement<Notice> {
        let at = keys.flatMap { Instant($0[0]) }
        let id = keys.flatMap { UUID(uuidString: $0[1]) }
        return Statement(
            "inbox.own",
            """
            select \(sql: columns)
            from public.outbox n join public.person p on p.id = n.recipient_id
            where n.recipient_id = (select actor.person_id())
                and (\(at)::timestamptz is null or (n.created_at, n.id) < (\(at), \(id)::uuid))
            order by n.created_at desc, n.id desc
            limit \(limit)
            """
        ) { try notice(&$0) }
    }

    /// Everybody's: for the worker's connection.
    static func all(after keys: [String]?, limit: Int) -> Statement<Notice> {
        let at = keys.flatMap { Instant($0[0]) }
        let id = keys.flatMap { UUID(uuidString: $0[1]) }
        return Statement(
            "inbox.all",
            """
            select n.id, n.event, n.recipient_id, null::text, n.subject, n.body, n.object_kind, n.object_id, n.created_at
            from public.outbox n
            where \(at)::timestamptz is null or (n.created_at, n.id) < (\(at), \(id)::uuid)
            order by n.created_at desc, n.id desc
            limit \(limit)
            """
        ) { try notice(&$0) }
    }
}
