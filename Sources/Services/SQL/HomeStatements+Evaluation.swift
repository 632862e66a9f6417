import Postgres

/// What waits for evaluators, authorities, review leads and reviewers, and for officers who appoint evaluators.
extension HomeStatements {
    static let evaluation: SQL = """
        select 'evaluator_to_appoint', 'evaluation', e.id, e.title, e.reference, null::timestamptz, e.created_at
        from evaluation e
        where (select actor.holds('programme_officer')) and e.evaluator_id is null
        union all
        select case p.state when 'approved' then 'plan_to_register' else 'plan_to_write' end, 'evaluation_plan', p.id, e.title,
            p.reference, case when p.submission = 0
                then ((e.protocol_due + 1)::timestamp at time zone 'Europe/London') end, p.created_at
        from evaluation_plan p join evaluation e on e.id = p.evaluation_id
        where (select actor.holds('evaluation_author')) and e.evaluator_id = (select actor.organisation_id())
            and (p.state in ('not_started', 'drafting', 'revise', 'amended', 'approved')
                or (p.state = 'la_comment' and exists (select from evaluation_comment c where c.plan_id = p.id
                    and not exists (select from evaluation_answer a where a.comment_id = c.id))))
        union all
        select case when r.state in ('signed_off', 'publication_scheduled') then 'report_to_publish' else 'report_to_write' end,
            'evaluation_report', r.id, r.title, r.reference,
            case when r.publish_due_on is not null
                then ((r.publish_due_on + 1)::timestamp at time zone 'Europe/London') end, r.created_at
        from evaluation_report r join evaluation e on e.id = r.evaluation_id
        where (select actor.holds('evaluation_author')) and e.evaluator_id = (select actor.organisation_id())
            and r.state in ('drafting', 'la_fact_check', 'revise', 'signed_off', 'publication_scheduled')
        union all
        select 'plan_to_comment', 'evaluation_plan', p.id, e.title, p.reference,
            ((p.comment_due_on + 1)::timestamp at time zone 'Europe/London'), p.created_at
        from evaluation_plan p join evaluation e on e.id = p.evaluation_id
        where (select actor.holds('la_editor') or actor.holds('la_certifier'))
            and p.organisation_id = (select actor.organisation_id()) and p.state = 'la_comment'
            and not exists (select from workflow.log l where l.machine = 'evaluation_plan' and l.object_id = p.id
                and l.event = 'finish_comments' and l.seq > (select max(k.seq) from workflow.log k
                    where k.machine = 'evaluation_plan' and k.object_id = p.id and k.event = 'send_for_comment'))
        union all
        select 'report_to_check', 'evaluation_report', r.id, r.title, r.reference,
            ((r.fact_check_due_on + 1)::timestamp at time zone 'Europe/London'), r.created_at
        from evaluation_report r
        where (select actor.holds('la_editor') or actor.holds('la_certifier'))
            and r.organisation_id = (select actor.organisation_id()) and r.state = 'la_fact_check'
            and not exists (select from workflow.log l where l.machine = 'evaluation_report' and l.object_id = r.id
                and l.event = 'finish_fact_check' and l.seq > (select max(k.seq) from workflow.log k
                    where k.machine = 'evaluation_report' and k.object_id = r.id and k.event = 'send_for_fact_check'))
        union all
        select 'plan_to_review', 'evaluation_plan', p.id, e.title, p.reference,
            ((p.review_due_on + 1)::timestamp at time zone 'Europe/London'), p.created_at
        from evaluation_plan p join evaluation e on e.id = p.evaluation_id
        where (select actor.holds('review_lead')) and p.state in ('submitted', 'in_review')
            and p.bid_id = any ((select actor.led_bids())::uuid[])
        union all
        select 'report_to_review', 'evaluation_report', r.id, r.title, r.reference,
            ((r.review_due_on + 1)::timestamp at time zone 'Europe/London'), r.created_at
        from evaluation_report r
        where (select actor.holds('review_lead')) and r.state in ('submitted', 'peer_review')
            and r.bid_id = any ((select actor.led_bids())::uuid[])
        union all
        select 'interest_to_rule', 'review', w.id, e.title, w.reference, null, w.created_at
        from review w join evaluation e on e.id = w.evaluation_id
        where (select actor.holds('review_lead')) and w.state = 'locked' and w.reviewer_id <> (select actor.person_id())
            and w.bid_id = any ((select actor.led_bids())::uuid[])
        union all
        select 'review_to_do', 'review', w.id, e.title, w.reference,
            ((w.due_on + 1)::timestamp at time zone 'Europe/London'), w.created_at
        from review w join evaluation e on e.id = w.evaluation_id
        where (select actor.holds('reviewer')) and w.reviewer_id = (select actor.person_id())
            and w.state in ('invited', 'accepted', 'coi_checked', 'in_progress', 'clarification')
        """
}
