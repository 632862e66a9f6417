import Domain
import FoundationEssentials
import Postgres

/// What happened to an object, from the transition log.
enum HistoryStatements {
    /// The log is the truth about the change; the reason stands in the audit event of the same act, which is the first of
    /// that action on the object from the change on.
    static func of(kind: String, id: UUID, limit: Int) -> Statement<HistoryEntry> {
        Statement(
            "history.of",
            """
            select l.at, p.name, l.event, l.from_state, l.to_state, e.reason, l.version
            from workflow.log l
            left join public.person p on p.id = l.person_id
            left join lateral (
                select ev.reason from audit.event ev
                where ev.object_kind = l.machine and ev.object_id = l.object_id
                    and ev.person_id is not distinct from l.person_id and ev.to_state = l.to_state
                    and ev.at between l.at and l.at + interval '15 seconds'
                order by ev.seq limit 1
            ) e on true
            where l.machine = \(kind) and l.object_id = \(id)
            order by l.seq
            limit \(limit)
            """
        ) { row in
            HistoryEntry(
                at: try row.read(), personName: try row.read(), event: try row.read(), from: try row.read(),
                to: try row.read(), reason: try row.read(), version: try row.read())
        }
    }
}
