import Domain
import Postgres

/// An approval as its row has it.
struct ApprovalRecord: Sendable {
    let id: ApprovalID
    let reference: String
    let bid: BidID
    let programme: ProgrammeID
    let programmeTitle: String
    let state: Approval.State
    let version: Int
    let preparer: PersonID
    let preparerName: String
    let clearer: PersonID?
    let clearerName: String?
    let wholeLife: Money
    let hash: [UInt8]
    let decisionReason: String?
    let decidedAt: Instant?
    let lapsesAt: Instant?
    let content: Approval.Content

    /// The approval with its years.
    func approval(_ years: [BudgetLine]) -> Approval {
        var content = content
        content.years = years
        return Approval(
            id: id, reference: reference, bid: bid, programme: programme, state: state, version: version,
            preparer: preparer,
            clearer: clearer, wholeLife: wholeLife, contentHash: Hex.text(hash), content: content)
    }
}

/// What the database is asked about approvals.
enum ApprovalStatements {
    private static let columns: SQL = """
        a.id, a.reference, a.bid_id, a.programme_id, coalesce(g.title, ''), a.state, a.version, a.prepared_by,
        coalesce(prep.name, ''), a.cleared_by, clear.name, a.whole_life, a.content_hash, a.decision_reason,
            a.decided_at,
        a.lapses_at, a.kind, a.amount, a.conditions, a.recommendation, a.subsidy_control, a.ncr_novel,
            a.ncr_contentious,
        a.ncr_repercussive, a.ncr_rationale, a.consent_ref, a.consent_on
        from approval a
        left join programme g on g.id = a.programme_id
        left join person prep on prep.id = a.prepared_by
        left join person clear on clear.id = a.cleared_by
        """

    static func find(_ id: ApprovalID) -> Statement<ApprovalRecord> {
        Statement("approval.find", "select \(columns) where a.id = \(id)", decode: record)
    }

    static func lock(_ id: ApprovalID) -> Statement<ApprovalRecord> {
        Statement("approval.lock", "select \(columns) where a.id = \(id) for no key update of a", decode: record)
    }

    private static func record(_ row: inout RowReader) throws -> ApprovalRecord {
        try ApprovalRecord(
            id: row.read(), reference: row.read(), bid: row.read(), programme: row.read(), programmeTitle: row.read(),
            state: row.read(), version: row.read(), preparer: row.read(), preparerName: row.read(), clearer: row.read(),
            clearerName: row.read(), wholeLife: row.read(), hash: row.read(Bytes.self).value,
            decisionReason: row.read(),
            decidedAt: row.read(), lapsesAt: row.read(), content: content(&row))
    }

    private static func content(_ row: inout RowReader) throws -> Approval.Content {
        var content = Approval.Content()
        content.kind = try row.read()
        content.amount = try row.read()
        content.conditions = try row.read()
        content.recommendation = try row.read()
        content.subsidyControl = try row.read()
        content.screening = try row.screening()
        content.consent = try row.consent()
        return content
    }

    private static let rowColumns: SQL = """
        select a.id, a.reference, a.kind, a.bid_id, b.reference, b.title, o.name, a.amount, a.whole_life, a.state,
            a.version,
            coalesce(p.name, ''), a.created_at, a.lapses_at
        from approval a
        join bid b on b.id = a.bid_id
        join organisation o on o.id = b.organisation_id
        left join person p on p.id = a.prepared_by
        """

    private static func row(_ row: inout RowReader) throws -> ApprovalRow {
        try ApprovalRow(
            id: row.read(), reference: row.read(), kind: row.read(), bid: row.read(), bidReference: row.read(),
            bidTitle: row.read(), organisationName: row.read(), amount: row.read(), wholeLife: row.read(),
            state: row.read(),
            version: row.read(), preparerName: row.read(), createdAt: row.read(), lapsesAt: row.read())
    }

    static func rows(ofBid bid: BidID) -> Statement<ApprovalRow> {
        Statement(
            "approval.rows_of_bid", "\(rowColumns) where a.bid_id = \(bid) order by a.created_at, a.id", decode: row)
    }

    /// In hand first and oldest first within it, so that what waits longest is on top; decided ones after.
    static func queue(after: (Int, Instant, ApprovalID)?, limit: Int) -> Statement<ApprovalRow> {
        Statement(
            "approval.queue",
            """
            \(rowColumns)
            where (\(after?.0)::bigint is null
                or ((a.state in ('approved', 'rejected', 'lapsed'))::integer, a.created_at, a.id)
                    > (\(after?.0), \(after?.1), \(after?.2)))
            order by (a.state in ('approved', 'rejected', 'lapsed'))::integer, a.created_at, a.id limit \(limit)
            """, decode: row)
    }

    static func keys(_ id: ApprovalID) -> Statement<KeyTurned> {
        Statement(
            "approval.keys",
            """
            select k.person_id, coalesce(p.name, ''), coalesce(d.tier, ''), k.at,
                k.content_hash = a.content_hash and k.whole_life = a.whole_life
            from approval_key k join approval a on a.id = k.approval_id
            left join person p on p.id = k.person_id
            left join delegation d on d.id = k.delegation_id
            where k.approval_id = \(id) order by k.at, k.id
            """
        ) { row in
            try KeyTurned(
                person: row.read(), personName: row.read(), tier: row.read(), at: row.read(), counts: row.read())
        }
    }

    /// The actor's own delegations that could serve today, the largest first.
    static let ownDelegations = Statement<Delegation>(
        "approval.own_delegations",
        """
        select id, person_id, tier, max_amount, valid_from, valid_to, state from delegation
        where person_id = (select actor.person_id()) and state = 'active' and 'award' = any (categories)
        order by max_amount desc, id
        """, decode: delegation)

    /// The same for programmes.
    static let ownProgrammeDelegations = Statement<Delegation>(
        "approval.own_programme_delegations",
        """
        select id, person_id, tier, max_amount, valid_from, valid_to, state from delegation
        where person_id = (select actor.person_id()) and state = 'active' and 'programme' = any (categories)
        order by max_amount desc, id
        """, decode: delegation)

    private static func delegation(_ row: inout RowReader) throws -> Delegation {
        try Delegation(
            id: row.read(), person: row.read(), tier: row.read(), limit: row.read(), validFrom: row.read(),
            validTo: row.read(), state: row.read())
    }

    /// Who could turn a key for this: a limit that covers the whole life, valid today, and no part in the case so far.
    static func couldApprove(_ id: ApprovalID) -> Statement<PersonChoice> {
        Statement(
            "approval.could_approve",
            """
            select distinct p.id, p.name
            from approval a
            join delegation d on d.max_amount >= a.whole_life and d.state = 'active' and 'award' = any (d.categories)
                and public.london_today() between d.valid_from and d.valid_to
            join person p on p.id = d.person_id and p.state = 'active'
            where a.id = \(id) and p.id <> (select actor.person_id())
                and exists (select from capacity c where c.person_id = p.id and c.code = 'approver'
                    and c.valid_from <= public.london_today()
                    and (c.valid_to is null or public.london_today() <= c.valid_to))
                and not exists (select from workflow.duty_performed u join workflow.duty_conflict x
                    on x.duty = u.duty and x.other = 'AA' where u.case_id = a.bid_id and u.person_id = p.id)
            order by p.name, p.id
            """
        ) { row in try PersonChoice(id: row.read(), name: row.read()) }
    }

    /// Other awards to the same recipient within the window, so that splitting shows.
    static func otherAwards(_ id: ApprovalID) -> Statement<OtherAward> {
        Statement(
            "approval.other_awards",
            """
            select x.id, x.reference, xb.title, x.amount, x.state, coalesce(x.decided_at, x.created_at)
            from approval a join bid b on b.id = a.bid_id
            join bid xb on xb.organisation_id = b.organisation_id
            join approval x on x.bid_id = xb.id
            where a.id = \(id) and x.id <> a.id and x.state not in ('rejected', 'lapsed')
                and coalesce(x.decided_at, x.created_at)
                    >= now() - (select value from setting where code = 'splitting_window_days')::integer * interval '1
                        day'
            order by 6 desc, 1 limit 50
            """
        ) { row in
            try OtherAward(
                approval: row.read(), reference: row.read(), bidTitle: row.read(), amount: row.read(),
                state: row.read(),
                at: row.read())
        }
    }

    /// What an installation may change about approvals.
    static let settings = Statement<Setting>("setting.all", "select code, value from setting") { row in
        try Setting(code: row.read(), value: row.read())
    }

    static func setting(_ code: StaticString) -> Statement<String> {
        Statement("setting.find", "select value from setting where code = \(code.description)") { row in try row.read()
        }
    }

    static func insert(
        _ id: ApprovalID, of bid: BidID, in programme: ProgrammeID, by person: PersonID, hash: [UInt8],
        _ content: Approval.Content
    ) -> Statement<Void> {
        Statement(
            "approval.insert",
            """
            insert into approval (id, reference, bid_id, programme_id, kind, prepared_by, whole_life, amount,
                conditions,
                recommendation, subsidy_control, ncr_novel, ncr_contentious, ncr_repercussive, ncr_rationale,
                    consent_ref,
                consent_on, content_hash)
            values (\(id), next_reference('APR'), \(bid), \(programme), \(content.kind), \(person), \(content.amount),
                \(values(content, hash)))
            """)
    }

    static func revise(_ id: ApprovalID, by person: PersonID, hash: [UInt8], _ content: Approval.Content) -> Statement<
        Void
    > {
        Statement(
            "approval.revise",
            """
            update approval set (amount, conditions, recommendation, subsidy_control, ncr_novel, ncr_contentious,
                ncr_repercussive, ncr_rationale, consent_ref, consent_on, content_hash) = (\(values(content, hash))),
                state = 'prepared', last_event = 'revise', transition_seq = transition_seq + 1, version = version + 1,
                prepared_by = \(person), cleared_by = null, decision_reason = null
            where id = \(id)
            """)
    }

    private static func values(_ content: Approval.Content, _ hash: [UInt8]) -> SQL {
        """
        \(content.amount), \(content.conditions), \(content.recommendation), \(content.subsidyControl),
        \(content.screening.novel), \(content.screening.contentious), \(content.screening.repercussive),
        \(content.screening.rationale), \(content.consent?.reference), \(content.consent?.date), \(Bytes(hash))
        """
    }

    static func move(_ id: ApprovalID, to state: Approval.State, by event: ApprovalEvent) -> Statement<Void> {
        Statement(
            "approval.move",
            """
            update approval set state = \(state), last_event = \(event), transition_seq = transition_seq + 1,
                version = version + 1 where id = \(id)
            """)
    }

    static func clear(_ id: ApprovalID, by person: PersonID) -> Statement<Void> {
        Statement(
            "approval.clear",
            """
            update approval set state = 'finance_cleared', last_event = 'clear', transition_seq = transition_seq + 1,
                version = version + 1, cleared_by = \(person) where id = \(id)
            """)
    }

    static func approve(_ id: ApprovalID) -> Statement<Void> {
        Statement(
            "approval.approve",
            """
            update approval set state = 'approved', last_event = 'approve', transition_seq = transition_seq + 1,
                version = version + 1, decided_at = now(), lapses_at = now()
                    + (select value from setting where code = 'approval_lapse_days')::integer * interval '1 day'
            where id = \(id)
            """)
    }

    static func refuse(_ id: ApprovalID, to state: Approval.State, by event: ApprovalEvent, because reason: String)
        -> Statement<Void>
    {
        Statement(
            "approval.refuse",
            """
            update approval set state = \(state), last_event = \(event), transition_seq = transition_seq + 1,
                version = version + 1, decision_reason = \(reason),
                decided_at = case when \(state == .rejected) then now() else decided_at end where id = \(id)
            """)
    }

    static func turnKey(_ record: ApprovalRecord, by person: PersonID, with delegation: DelegationID) -> Statement<Void>
    {
        Statement(
            "approval.turn_key",
            """
            insert into approval_key (id, approval_id, person_id, delegation_id, content_hash, whole_life)
            values (\(Identifier<KeyTurned>.fresh()), \(record.id), \(person), \(delegation), \(Bytes(record.hash)),
                \(record.wholeLife))
            """)
    }
}
