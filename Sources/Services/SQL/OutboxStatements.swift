import Domain
import FoundationEssentials
import Postgres

/// Rows of the outbox.
enum OutboxStatements {
    static func insert(_ notice: Outbox, to people: [PersonID]) -> Statement<Void> {
        Statement(
            "outbox.insert",
            """
            insert into public.outbox (id, event, recipient_id, subject, body, object_kind, object_id, dedupe_key)
            select n.id, \(notice.event), n.person, \(notice.subject), \(notice.body), \(notice.object.kind),
                \(notice.object.id), \(notice.dedupe)
            from unnest(\(people.map { _ in Identifier<Outbox>.fresh() }), \(people)) as n (id, person)
            on conflict (dedupe_key, recipient_id) do nothing
            """)
    }
}
