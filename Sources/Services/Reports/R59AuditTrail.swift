import Domain
import Postgres

extension ReportDefinition {
    /// View 59.
    static let auditTrail = ReportDefinition(
        "Audit trail", "What happened, to what, by whom, and is it sealed?",
        filters: ["kind", "id", "person", "action", "since", "until", "before", "size"],
        columns: [
            .of(.count, "seq", "Number"), .of(.instant, "at", "When"), .of(.text, "person", "Who"),
            .of(.text, "organisation", "Organisation"), .of(.text, "capacity", "Acting as"),
            .of(.text, "action", "Action"), .of(.text, "object", "Object"), .of(.text, "from", "From"),
            .of(.text, "to", "To"), .of(.text, "reason", "Reason"), .of(.count, "sealed_in", "Sealed in batch"),
        ],
        totals: { query in
            let filters = query.filters
            return Statement(
                "report.r59_totals",
                """
                select numerator, denominator, excluded, why
                from report.r59_audit_totals(coalesce(\(query.asAt), now()), \(filters.kind), \(filters.object),
                    \(filters.person), \(filters.action), \(filters.since), \(filters.until))
                """
            ) { row in try ReportCounts(&row) }
        }
    ) { query in
        let filters = query.filters
        return (
            "report.r59",
            """
            select seq, at, person_name, organisation_name, capacity, action,
                object_kind || coalesce(' ' || object_id, ''), from_state, to_state, reason, sealed_in,
                0::bigint, 0::bigint, 0::bigint, null::text
            from report.r59_audit_trail(coalesce(\(query.asAt), now()), \(filters.kind), \(filters.object),
                \(filters.person), \(filters.action), \(filters.since), \(filters.until), \(filters.before),
                \(Int32(filters.size)))
            """
        )
    }
}
