import Domain
import Postgres

/// A follow-up as its row has it.
struct FollowUpRecord: Sendable {
    let followUp: FollowUp
    let awardTitle: String
    let organisationName: String
    let department: OrganisationID?
    let programme: ProgrammeID?
    let answeredAt: Instant?
    let reason: String?

    /// What permissions ask about it.
    var facts: Permission.Facts {
        Permission.Facts(
            organisation: followUp.organisation, department: department, programme: programme, bid: followUp.bid)
    }
}

/// What the database is asked about follow-ups.
enum FollowUpStatements {
    private static let columns: SQL = """
        f.id, f.reference, f.award_id, f.bid_id, f.organisation_id, f.months, f.opens_on, f.due_on, f.state, f.version,
        f.answers, f.running, f.funder, (f.coverage_pct * 100)::integer, f.staff_retained, f.capacity_kept, f.comment,
        coalesce(a.reference || ': ' || a.title, ''), o.name, g.organisation_id, g.id, f.answered_at, f.reason
        from follow_up f
        join organisation o on o.id = f.organisation_id
        left join award a on a.id = f.award_id
        left join programme g on g.id = a.programme_id
        """

    static func find(_ id: FollowUpID) -> Statement<FollowUpRecord> {
        Statement("follow_up.find", "select \(columns) where f.id = \(id)", decode: record)
    }

    static func lock(_ id: FollowUpID) -> Statement<FollowUpRecord> {
        Statement("follow_up.lock", "select \(columns) where f.id = \(id) for no key update of f", decode: record)
    }

    private static func record(_ row: inout RowReader) throws -> FollowUpRecord {
        let followUp = try FollowUp(
            id: row.read(), reference: row.read(), award: row.read(), bid: row.read(), organisation: row.read(),
            months: row.read(), opensOn: row.read(), dueOn: row.read(), state: row.read(), version: row.read(),
            answers: row.read(), content: content(&row))
        return try FollowUpRecord(
            followUp: followUp, awardTitle: row.read(), organisationName: row.read(), department: row.read(),
            programme: row.read(), answeredAt: row.read(), reason: row.read())
    }

    private static func content(_ row: inout RowReader) throws -> FollowUp.Content {
        var content = FollowUp.Content()
        content.running = try row.read()
        content.funder = try row.read()
        content.coverage = try row.read()
        content.staff = try row.read()
        content.capacityKept = try row.read()
        content.comment = try row.read()
        return content
    }

    /// What is due first on top.
    static func list(state: FollowUp.State?, after: (Day, FollowUpID)?, limit: Int) -> Statement<FollowUpRow> {
        Statement(
            "follow_up.list",
            """
            select f.id, f.reference, coalesce(a.title, ''), o.name, f.months, f.state, f.opens_on, f.due_on,
                (select count(*) from follow_up_reminder r where r.follow_up_id = f.id), f.running
            from follow_up f
            join organisation o on o.id = f.organisation_id
            left join award a on a.id = f.award_id
            where (\(state)::text is null or f.state = \(state))
                and (\(after?.0)::date is null or (f.due_on, f.id) > (\(after?.0), \(after?.1)))
            order by f.due_on, f.id limit \(limit)
            """
        ) { row in
            try FollowUpRow(
                id: row.read(), reference: row.read(), awardTitle: row.read(), organisationName: row.read(),
                months: row.read(), state: row.read(), opensOn: row.read(), dueOn: row.read(), reminders: row.read(),
                running: row.read())
        }
    }

    static func values(_ id: FollowUpID) -> Statement<FollowUp.Value> {
        Statement(
            "follow_up.values",
            """
            select v.indicator_code, v.period, coalesce(trim_scale(v.value)::text, ''), v.missing_reason, v.source
            from follow_up_value v join follow_up f on f.id = v.follow_up_id and f.answers = v.answer
            where v.follow_up_id = \(id) order by v.indicator_code
            """
        ) { row in
            try FollowUp.Value(
                indicator: row.read(), period: row.read(), value: row.read(), missing: row.read(), source: row.read())
        }
    }

    /// The indicators that the bid's outcomes named, with the newest figure that is published for the authority.
    static func indicators(_ id: FollowUpID) -> Statement<FollowUpIndicator> {
        Statement(
            "follow_up.indicators",
            """
            select i.code, i.name, p.period, case when p.status = 'value' then trim_scale(p.figure)::text end
            from (select distinct o.indicator_code, f.organisation_id
                from follow_up f join bid b on b.id = f.bid_id
                join bid_outcome o on o.bid_id = b.id and o.number = b.content_version
                where f.id = \(id)) as w
            join indicator i on i.code = w.indicator_code
            left join lateral (
                select x.period, x.status, x.figure from published_figure x
                where x.indicator_code = i.code and x.organisation_id = w.organisation_id and x.cohort = ''
                order by x.period desc limit 1) p on true
            order by i.code
            """
        ) { row in
            try FollowUpIndicator(code: row.read(), name: row.read(), period: row.read(), figure: row.read())
        }
    }

    static func reminders(_ id: FollowUpID) -> Statement<Instant> {
        Statement("follow_up.reminders", "select at from follow_up_reminder where follow_up_id = \(id) order by number")
        {
            row in try row.read()
        }
    }

    static func answer(_ id: FollowUpID, by person: PersonID, number: Int, _ content: FollowUp.Content) -> Statement<
        Void
    > {
        Statement(
            "follow_up.answer",
            """
            update follow_up set \(SQL.moved(FollowUpEvent.answer, to: .returned)), running = \(content.running),
                funder = \(content.funder), coverage_pct = \(content.coverage)::numeric / 100,
                staff_retained = \(content.staff), capacity_kept = \(content.capacityKept), comment = \(content.comment),
                answered_by = \(person), answers = \(number)
            where id = \(id)
            """)
    }

    static func value(_ id: FollowUpID, answer: Int, _ value: FollowUp.Value) -> Statement<Void> {
        let number: String? = value.value.isEmpty ? nil : value.value
        return Statement(
            "follow_up.value",
            """
            insert into follow_up_value (follow_up_id, answer, indicator_code, period, value, missing_reason, source)
            values (\(id), \(answer), \(value.indicator), \(value.period), \(number)::text::numeric, \(value.missing),
                \(value.source))
            """)
    }

    static func move(_ id: FollowUpID, _ event: FollowUpEvent, to state: FollowUp.State, because reason: String?)
        -> Statement<Void>
    {
        Statement(
            "follow_up.move",
            "update follow_up set \(SQL.moved(event, to: state)), reason = coalesce(\(reason), reason) where id = \(id)"
        )
    }
}
