import Domain
import Postgres

/// What waits for whom. Each branch begins with a condition on the actor alone, which PostgreSQL decides once:
/// branches of other roles are never run.
enum HomeStatements {
    static func tasks(limit: Int) -> Statement<HomeTask> {
        Statement(
            "home.tasks",
            """
            select t.kind, t.object_kind, t.object_id, t.title, t.detail, t.due, t.since
            from (\(authority) union all \(officer) union all \(officerBids) union all \(money) union all \(approver)
                union all \(scorer) union all \(evaluation) union all \(evidence) union all \(accounts)
                union all \(awards) union all \(claims) union all \(returns)) as t
            order by t.due nulls last, t.since, t.object_id limit \(limit)
            """
        ) { row in
            let kind: HomeTask.Kind = try row.read()
            let object = try ObjectReference(kind: row.read(), id: row.read())
            return try HomeTask(
                kind: kind, object: object, title: row.read(), detail: row.read(), due: row.read(), since: row.read())
        }
    }

    private static let authority: SQL = """
        select 'bid_to_start' as kind, 'round' as object_kind, r.id as object_id, r.title, r.reference as detail,
            r.closes_at as due, r.opens_at as since
        from round r
        where (select actor.holds('la_editor')) and r.state = 'open' and now() < r.closes_at
            and not exists (select from bid b where b.round_id = r.id and b.state <> 'withdrawn'
                and b.organisation_id = (select actor.organisation_id()))
        union all
        select case b.state when 'draft' then 'bid_to_complete' else 'bid_to_certify' end, 'bid', b.id, b.title,
            b.reference || ', ' || r.title, r.closes_at, b.updated_at
        from bid b join round r on r.id = b.round_id
        where (select actor.role()) = 'local_authority' and b.organisation_id = (select actor.organisation_id())
            and ((b.state = 'draft' and (select actor.holds('la_editor')))
                or (b.state = 'in_certification' and (select actor.holds('la_certifier'))
                    and b.last_editor_id is distinct from (select actor.person_id())))
        """

    private static let officer: SQL = """
        select 'programme_to_complete', 'programme', p.id, p.title, p.reference, null, p.created_at
        from programme p
        where (select actor.holds('programme_officer')) and p.state = 'draft'
            and p.organisation_id = (select actor.organisation_id())
        union all
        select case r.state when 'draft' then 'round_to_complete' else 'round_to_appraise' end, 'round', r.id, r.title,
            r.reference, null, coalesce(r.closes_at, r.created_at)
        from round r join programme p on p.id = r.programme_id
        where (select actor.holds('programme_officer')) and r.state in ('draft', 'closed')
            and p.organisation_id = (select actor.organisation_id())
        union all
        select 'appraisal_to_finalise', 'appraisal', a.id, b.title, b.reference || ', ' || coalesce(s.name, ''),
            ((a.due_on + 1)::timestamp at time zone 'Europe/London'), a.created_at
        from appraisal a join bid b on b.id = a.bid_id left join person s on s.id = a.appraiser_id
        where (select actor.holds('programme_officer')) and a.state = 'submitted'
        union all
        select 'approval_to_revise', 'approval', a.id, b.title, a.reference, null, a.created_at
        from approval a join bid b on b.id = a.bid_id
        where (select actor.holds('programme_officer')) and a.state = 'returned'
        """

    private static let officerBids: SQL = """
        select case b.state when 'submitted' then 'bid_to_check' when 'eligibility_check' then 'bid_to_find'
                when 'eligible' then 'appraisals_to_assign' else 'approval_to_prepare' end,
            'bid', b.id, b.title, b.reference || ', ' || o.name, null, b.updated_at
        from bid b join round r on r.id = b.round_id join organisation o on o.id = b.organisation_id
        where (select actor.holds('programme_officer')) and r.state in ('closed', 'appraising')
            and b.round_id = any ((select actor.case_rounds())::uuid[])
            and (b.state in ('submitted', 'eligibility_check')
                or (b.state = 'eligible'
                    and ((select count(*) from appraisal a where a.bid_id = b.id and a.kind = 'appraiser') < 2
                        or not exists (select from appraisal a where a.bid_id = b.id and a.kind = 'what_works')))
                or (b.state = 'appraised' and not exists (select from approval a where a.bid_id = b.id
                    and a.state in ('prepared', 'finance_cleared', 'referred_up', 'awaiting_second_key', 'returned'))))
        """

    private static let money: SQL = """
        select 'approval_to_clear', 'approval', a.id, b.title, a.reference || ', ' || o.name, null, a.created_at
        from approval a join bid b on b.id = a.bid_id join organisation o on o.id = b.organisation_id
        where (select actor.holds('finance')) and a.state = 'prepared' and a.prepared_by <> (select actor.person_id())
        """

    /// Awards within the actor's limit, and those just above it that they can pass on; never those in which they had a
    /// part.
    private static let approver: SQL = """
        select 'programme_to_approve', 'programme', p.id, p.title, p.reference, null, p.created_at
        from programme p
        where (select actor.holds('approver')) and p.state = 'in_approval' and p.created_by <> (select
            actor.person_id())
            and p.organisation_id = (select actor.organisation_id())
            and p.sor_id is distinct from (select actor.person_id())
        union all
        select case r.state when 'draft' then 'round_to_approve' else 'round_to_decide' end, 'round', r.id, r.title,
            r.reference, null, r.created_at
        from round r join programme p on p.id = r.programme_id
        where (select actor.holds('approver')) and p.organisation_id = (select actor.organisation_id())
            and ((r.state = 'draft' and r.created_by <> (select actor.person_id()) and r.opens_at is not null
                    and exists (select from criterion c where c.round_id = r.id))
                or (r.state = 'appraising' and not exists (select from bid b where b.round_id = r.id
                    and b.state in ('submitted', 'eligibility_check', 'eligible', 'appraised'))))
        union all
        select case when a.whole_life <= coalesce(mine.most, 0) then 'approval_to_approve' else 'approval_to_refer_up'
            end,
            'approval', a.id, b.title, a.reference || ', ' || o.name, null, a.created_at
        from approval a join bid b on b.id = a.bid_id join organisation o on o.id = b.organisation_id
        cross join (select max(d.max_amount) as most from delegation d
            where d.person_id = (select actor.person_id()) and d.state = 'active' and 'award' = any (d.categories)
                and public.london_today() between d.valid_from and d.valid_to) as mine
        where (select actor.holds('approver')) and a.state in ('finance_cleared', 'referred_up', 'awaiting_second_key')
            and (a.whole_life <= coalesce(mine.most, 0) or a.state = 'finance_cleared')
            and not exists (select from approval_key k where k.approval_id = a.id and k.content_hash = a.content_hash
                and k.person_id = (select actor.person_id()))
            and not exists (select from workflow.duty_performed u join workflow.duty_conflict x
                on x.duty = u.duty and x.other = 'AA'
                where u.case_id = a.bid_id and u.person_id = (select actor.person_id()))
        """

    private static let scorer: SQL = """
        select 'appraisal_to_score', 'appraisal', a.id, b.title, b.reference || ', ' || r.title,
            ((a.due_on + 1)::timestamp at time zone 'Europe/London'), a.created_at
        from appraisal a join bid b on b.id = a.bid_id join round r on r.id = b.round_id
        where (select actor.holds('appraiser') or actor.holds('reviewer'))
            and a.appraiser_id = (select actor.person_id()) and a.state in ('assigned', 'in_progress', 'returned')
        """

    private static let accounts: SQL = """
        select 'programme_to_open', 'programme', p.id, p.title, p.reference, null, p.created_at
        from programme p
        where (select actor.holds('senior_officer_responsible')) and p.state = 'approved'
            and p.organisation_id = (select actor.organisation_id())
        union all
        select 'delegation_to_activate', 'delegation', d.id, p.name, d.tier, null, d.created_at
        from delegation d join person p on p.id = d.person_id
        where (select actor.holds('administrator') or actor.holds('senior_officer_responsible')) and d.state =
            'proposed'
            and d.person_id <> (select actor.person_id()) and d.proposed_by is distinct from (select actor.person_id())
        union all
        select 'invitation_pending', 'person', p.id, p.name, p.email, null, p.created_at
        from person p
        where (select actor.holds('administrator') or actor.holds('la_user_administrator')) and p.state = 'invited'
            and ((select actor.role()) = 'administrator' or p.organisation_id = (select actor.organisation_id()))
        union all
        select 'capacity_ending', 'person', p.id, p.name, c.code,
            ((c.valid_to + 1)::timestamp at time zone 'Europe/London'), c.created_at
        from capacity c join person p on p.id = c.person_id
        where (select actor.holds('administrator') or actor.holds('la_user_administrator')) and p.state = 'active'
            and c.valid_to between public.london_today() and public.london_today() + 30
            and ((select actor.role()) = 'administrator' or p.organisation_id = (select actor.organisation_id()))
        """

    /// A few numbers for each role.
    static let counts = Statement<HomeCount>(
        "home.counts",
        """
        select c.code, c.label, c.value from (
            select 1 as place, 'bids_drafted' as code, 'Bids being drafted' as label,
                (select count(*) from bid b where b.organisation_id = (select actor.organisation_id())
                    and b.state in ('draft', 'in_certification')) as value
            where (select actor.role()) = 'local_authority'
            union all
            select 2, 'bids_submitted', 'Bids submitted',
                (select count(*) from bid b where b.organisation_id = (select actor.organisation_id())
                    and b.content_version > 0)
            where (select actor.role()) = 'local_authority'
            union all
            select 3, 'rounds_open', 'Rounds open', (select count(*) from round r where r.state = 'open')
            where (select actor.role()) in ('department', 'local_authority')
            union all
            select 4, 'approvals_in_hand', 'Approvals in hand',
                (select count(*) from approval a where a.state not in ('approved', 'rejected', 'lapsed'))
            where (select actor.role()) = 'department'
            union all
            select 5, 'events_sealed', 'Events sealed', (select count(*) from audit.sealed_event)
            where (select actor.role()) = 'auditor'
            union all
            select 6, 'events_unsealed', 'Events not yet sealed',
                (select count(*) from audit.event e where not exists
                    (select from audit.sealed_event s where s.seq = e.seq))
            where (select actor.role()) = 'auditor'
            union all
            select 7, 'denials', 'Refused attempts in the last 30 days',
                (select count(*) from audit.event e where e.action in ('duty.denied', 'permission.denied')
                    and e.at >= now() - interval '30 days')
            where (select actor.role()) = 'auditor'
            union all
            select 8, 'people_active', 'Active accounts', (select count(*) from person p where p.state = 'active')
            where (select actor.role()) = 'administrator'
        ) as c order by c.place
        """
    ) { row in
        try HomeCount(code: row.read(), label: row.read(), value: row.read())
    }

    /// An authority's newest submissions.
    static let receipts = Statement<HomeReceipt>(
        "home.receipts",
        """
        select b.id, b.title, b.reference, v.number, encode(v.content_hash, 'hex'), v.submitted_at, coalesce(c.name, '')
        from bid b join bid_version v on v.bid_id = b.id and v.number = b.content_version
        left join person c on c.id = v.certified_by
        where (select actor.role()) = 'local_authority' and b.organisation_id = (select actor.organisation_id())
        order by v.submitted_at desc, b.id limit 10
        """
    ) { row in
        let bid: BidID = try row.read()
        let title: String = try row.read()
        return try HomeReceipt(
            bid: bid, title: title,
            receipt: Receipt(
                reference: row.read(), number: row.read(), hash: row.read(), submittedAt: row.read(),
                certifiedBy: row.read()))
    }
}
