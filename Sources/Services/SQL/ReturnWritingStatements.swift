import Domain
import Postgres

/// What writing and ruling on returns asks of the database.
enum ReturnWritingStatements {
    static func sectionVersion(_ id: MonitoringReturnID, _ section: ReturnSection) -> Statement<Int> {
        Statement(
            "return_section.version",
            """
            select coalesce((select s.version from return_section s
                where s.return_id = \(id) and s.section = \(section)), 0)
            """
        ) { row in try row.read() }
    }

    static func insertSection(
        _ id: MonitoringReturnID, _ section: ReturnSection, _ json: PostgresJSON, by person: PersonID
    )
        -> Statement<Void>
    {
        Statement(
            "return_section.insert",
            """
            insert into return_section (return_id, section, content, edited_by)
            values (\(id), \(section), \(json), \(person))
            """)
    }

    static func updateSection(
        _ id: MonitoringReturnID, _ section: ReturnSection, _ json: PostgresJSON, by person: PersonID
    )
        -> Statement<Void>
    {
        Statement(
            "return_section.update",
            """
            update return_section set content = \(json), version = version + 1, edited_by = \(person), edited_at = now()
            where return_id = \(id) and section = \(section)
            """)
    }

    /// The draft was changed by somebody.
    static func touch(_ id: MonitoringReturnID, by person: PersonID) -> Statement<Void> {
        Statement(
            "return.touch",
            """
            update monitoring_return set last_editor_id = \(person), updated_at = now(), version = version + 1
            where id = \(id)
            """)
    }

    static func move(
        _ id: MonitoringReturnID, to state: MonitoringReturn.State, by event: MonitoringReturnEvent,
        because reason: String? = nil
    ) -> Statement<Void> {
        Statement(
            "return.move",
            """
            update monitoring_return set state = \(state), last_event = \(event), transition_seq = transition_seq + 1,
                version = version + 1, updated_at = now(), reason = \(reason)
            where id = \(id)
            """)
    }

    static func submit(_ id: MonitoringReturnID, by person: PersonID, number: Int, hash: [UInt8]) -> Statement<Void> {
        Statement(
            "return.submit",
            """
            update monitoring_return set state = 'submitted', last_event = 'submit', transition_seq = transition_seq + 1,
                version = version + 1, updated_at = now(), reason = null, content_version = \(number),
                content_hash = \(Bytes(hash)), certified_by = \(person), submitted_at = coalesce(submitted_at, now())
            where id = \(id)
            """)
    }

    static func insertVersion(
        _ id: MonitoringReturnID, number: Int, _ json: PostgresJSON, hash: [UInt8], statement: String,
        by person: PersonID
    ) -> Statement<Void> {
        Statement(
            "return_version.insert",
            """
            insert into return_version (return_id, number, content, content_hash, statement_version, certified_by)
            values (\(id), \(number), \(json), \(Bytes(hash)), \(statement), \(person))
            """)
    }

    static func insertValues(
        _ id: MonitoringReturnID, number: Int, _ content: ReturnContent.Outcomes, _ indicators: [ReturnIndicator]
    ) -> Statement<Void> {
        let values = indicators.map { ($0, content.value(of: $0.code)) }
        return Statement(
            "return_value.insert",
            """
            insert into return_value (return_id, number, position, indicator_code, indicator_version, numerator, denominator,
                value, status, missing_reason, comment, source)
            select \(id), \(number), n.position, n.code, n.version, n.numerator, n.denominator, n.value, n.status, n.missing,
                n.comment, n.source
            from unnest(\(values.map(\.0.code)),
                \(values.map(\.0.version)), \(values.map { $0.1.counts($0.0).numerator }),
                \(values.map { $0.1.counts($0.0).denominator }), \(values.map { $0.1.figure($0.0) }),
                \(values.map(\.1.status)), \(values.map(\.1.missingReason)), \(values.map(\.1.comment)),
                \(values.map(\.1.source)))
                with ordinality as n (code, version, numerator, denominator, value, status, missing, comment, source, position)
            """)
    }

    static func insertFigures(_ id: MonitoringReturnID, number: Int, _ content: ReturnContent) -> Statement<Void> {
        let (reach, spend, learning) = (content.reach, content.spend, content.learning)
        return Statement(
            "return_figure.insert",
            """
            insert into return_figure (return_id, number, people_reached, of_which_target, sites_live, staff_trained,
                fidelity_percent, spend_period, spend_to_date, forecast_outturn, variance_reason, evaluator_access_ok,
                learning_note, burden_hours)
            values (\(id), \(number), \(reach.peopleReached), \(reach.ofWhichTarget), \(reach.sitesLive),
                \(reach.staffTrained), \(reach.fidelityPercent), \(spend.period), \(spend.toDate), \(spend.forecast),
                \(spend.varianceReason), \(learning.evaluatorAccess), \(learning.note), \(learning.burdenHours))
            """)
    }

    static func insertMilestones(_ id: MonitoringReturnID, number: Int, _ lines: [ReturnContent.Milestone])
        -> Statement<Void>
    {
        Statement(
            "return_milestone.insert",
            """
            insert into return_milestone (return_id, number, position, code, title, planned_on, forecast_on, actual_on, rag)
            select \(id), \(number), n.position, n.code, n.title, n.planned, n.forecast, n.actual, n.rag
            from unnest(\(lines.map(\.code)), \(lines.map(\.title)), \(lines.map(\.planned)), \(lines.map(\.forecast)),
                \(lines.map(\.actual)), \(lines.map(\.rating)))
                with ordinality as n (code, title, planned, forecast, actual, rag, position)
            """)
    }

    static func insertRisks(_ id: MonitoringReturnID, number: Int, _ lines: [ReturnContent.Risk]) -> Statement<Void> {
        Statement(
            "return_risk.insert",
            """
            insert into return_risk (return_id, number, position, category, title, likelihood, impact, proximity, mitigation,
                owner, raised_on, closed_on)
            select \(id), \(number), n.position, n.category, n.title, n.likelihood, n.impact, n.proximity,
                n.mitigation, n.owner, n.raised, n.closed
            from unnest(\(lines.map(\.category)), \(lines.map(\.title)), \(lines.map(\.likelihood)), \(lines.map(\.impact)),
                \(lines.map(\.proximity)), \(lines.map(\.mitigation)), \(lines.map(\.owner)), \(lines.map(\.raised)),
                \(lines.map(\.closed)))
                with ordinality as n (category, title, likelihood, impact, proximity, mitigation, owner, raised, closed, position)
            """)
    }

    static func insertConfirmations(_ id: MonitoringReturnID, number: Int, _ findings: [ReturnFinding]) -> Statement<
        Void
    > {
        let answered = findings.filter { $0.severity == .soft && $0.reason != nil }
        return Statement(
            "return_confirmation.insert",
            """
            insert into return_confirmation (return_id, number, rule_code, field, reason)
            select \(id), \(number), n.rule, n.field, n.reason
            from unnest(\(answered.map(\.rule)), \(answered.map(\.field)), \(answered.map { $0.reason ?? "" }))
                as n (rule, field, reason)
            on conflict do nothing
            """)
    }

    static func insertComments(
        _ id: MonitoringReturnID, number: Int, _ comments: [ReturnComment], by person: PersonID
    ) -> Statement<Void> {
        Statement(
            "return_comment.insert",
            """
            insert into return_comment (id, return_id, number, field, comment, person_id)
            select public.uuid7(), \(id), \(number)::integer, n.field, n.comment, \(person)
            from unnest(\(comments.map(\.field)), \(comments.map(\.comment))) as n (field, comment)
            """)
    }

    static func insertCheck(
        _ id: MonitoringReturnID, source: String, hash: [UInt8]?, counts: PostgresJSON, by person: PersonID
    ) -> Statement<Void> {
        Statement(
            "return_check.insert",
            """
            insert into return_check (id, return_id, source, file_sha256, counts, person_id)
            values (public.uuid7(), \(id), \(source), \(hash.map { Bytes($0) }), \(counts), \(person))
            """)
    }

    /// Accepted numerators of one indicator that the actor may see.
    static func counts(_ code: String) -> Statement<CountRow> {
        Statement(
            "return.counts",
            """
            select o.name, v.period_to, v.numerator, false
            from public.return_values_as_at() as v join organisation o on o.id = v.organisation_id
            where v.indicator_code = \(code) order by o.name, v.period_to
            """, decode: count)
    }

    /// The same for those who are not of the case: small counts are withheld already.
    static func releasedCounts(_ code: String) -> Statement<CountRow> {
        Statement(
            "return.released_counts",
            """
            select o.name, v.period_to, v.numerator, v.suppressed
            from public.released_return_values() as v join organisation o on o.id = v.organisation_id
            where v.indicator_code = \(code) order by o.name, v.period_to
            """, decode: count)
    }

    private static func count(_ row: inout RowReader) throws -> CountRow {
        try CountRow(authority: row.read(), period: row.read(), count: row.read(), isWithheld: row.read())
    }

    /// One count of one authority for one period.
    struct CountRow: Sendable {
        let authority: String
        let period: Day
        let count: ExactDecimal?
        let isWithheld: Bool
    }
}
