import Domain
import Postgres

/// The functions of schema `report`, which run as the reader.
enum ReportStatements {
    struct DelegatedLimits: Sendable {
        let year: String
        let tier: String
        let numerator: Int
        let denominator: Int
        let excluded: Int
        let why: String?
        let amount: Money
        let outside: [String]
    }

    static func delegatedLimits(asAt: Instant?, programme: ProgrammeID?) -> Statement<DelegatedLimits> {
        Statement(
            "report.r11",
            """
            select financial_year, tier, numerator, denominator, excluded, why, coalesce(amount, 0)::numeric(14,2),
                coalesce(outside, '{}')
            from report.r11_delegated_limits(coalesce(\(asAt), now()), \(programme)) order by financial_year, tier
            """
        ) { row in
            try DelegatedLimits(
                year: row.read(), tier: row.read(), numerator: row.read(), denominator: row.read(),
                excluded: row.read(),
                why: row.read(), amount: row.read(), outside: row.read())
        }
    }

    struct Segregation: Sendable {
        let month: Day
        let duty: String
        let other: String
        let numerator: Int
        let violations: Int
        let denominator: Int
        let excluded: Int
        let why: String?
    }

    static func segregation(asAt: Instant?, programme: ProgrammeID?) -> Statement<Segregation> {
        Statement(
            "report.r12",
            """
            select month, duty, other, numerator, violations, denominator, excluded, why
            from report.r12_segregation(coalesce(\(asAt), now()), \(programme)) order by month, duty, other
            """
        ) { row in
            try Segregation(
                month: row.read(), duty: row.read(), other: row.read(), numerator: row.read(), violations: row.read(),
                denominator: row.read(), excluded: row.read(), why: row.read())
        }
    }

    struct Totals: Sendable {
        let numerator: Int
        let denominator: Int
        let excluded: Int
        let why: String?
    }

    static func auditTotals(asAt: Instant?, _ filters: ReportFilters) -> Statement<Totals> {
        Statement(
            "report.r59_totals",
            """
            select numerator, denominator, excluded, why
            from report.r59_audit_totals(coalesce(\(asAt), now()), \(filters.kind), \(filters.object),
                \(filters.person),
                \(filters.action), \(filters.since), \(filters.until))
            """
        ) { row in
            try Totals(numerator: row.read(), denominator: row.read(), excluded: row.read(), why: row.read())
        }
    }

    static func auditTrail(asAt: Instant?, _ filters: ReportFilters) -> Statement<[ReportCell]> {
        Statement(
            "report.r59",
            """
            select seq, at, person_name, organisation_name, capacity, action,
                object_kind || coalesce(' ' || object_id, ''), from_state, to_state, reason, sealed_in
            from report.r59_audit_trail(coalesce(\(asAt), now()), \(filters.kind), \(filters.object), \(filters.person),
                \(filters.action), \(filters.since), \(filters.until), \(filters.before), \(Int32(filters.size)))
            """
        ) { row in
            let number = ReportCell.count(try row.read())
            let at = ReportCell.instant(try row.read())
            var cells = [number, at]
            for _ in 0..<8 { cells.append(try row.read(String?.self).map { .text($0) } ?? .none) }
            cells.append(try row.read(Int?.self).map { .count($0) } ?? .none)
            return cells
        }
    }
}
