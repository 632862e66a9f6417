-- What evaluation gives to other parts of the fund and to the services: the gate on money, whose turn it is, what reviews say
-- without saying whose they are, and what the clock reminds people of.

-- 1. An award that becomes active gets its evaluation and an empty plan, with the days on which they are due.
create or replace function public.plan_evaluation(award uuid) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    it public.award;
    starts date;
    evaluation uuid := public.uuid7();
begin
    if not (actor.may_write() or actor.is_system() or actor.is_operator()) then
        raise exception 'an evaluation is planned by whoever brings the award into force' using errcode = 'TS007';
    end if;
    select a.* into it from public.award a where a.id = plan_evaluation.award for share;
    if it.state is distinct from 'active' then
        raise exception 'an evaluation is planned when its award becomes active' using errcode = 'TS002';
    end if;
    if exists (select from public.evaluation e where e.award_id = it.id) then
        return;
    end if;
    starts := coalesce((it.activated_at at time zone 'Europe/London')::date, public.london_today());
    insert into public.evaluation (id, reference, award_id, bid_id, organisation_id, title, inception_due, protocol_due)
    values (evaluation, public.next_reference('EVL'), it.id, it.bid_id, it.organisation_id, it.title,
        starts + workflow.number_of('evaluation_inception_days', 30),
        coalesce(it.protocol_due_on, starts + workflow.number_of('evaluation_protocol_days', 90)))
    on conflict (award_id) do nothing;
    if not found then
        return;
    end if;
    perform actor.as_system(true);
    insert into public.evaluation_plan (id, reference, evaluation_id, award_id, bid_id, organisation_id)
    values (public.uuid7(), public.next_reference('EPL'), evaluation, it.id, it.bid_id, it.organisation_id);
    perform actor.as_system(false);
end
$$;

-- 2. Whose turn it is, in plain words, and since when.
create or replace function public.turn_of(
    kind text, subject uuid, state text, submission integer, due date, asked text, finished text,
    out waiting_on text, out since timestamptz)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    said boolean;
begin
    select max(l.at) into since from workflow.log l where l.object_id = subject and l.event <> 'agree_to_abandon';
    said := due < public.london_today() or exists (
        select from workflow.log l where l.object_id = subject and l.event = finished and l.seq > (
            select max(k.seq) from workflow.log k where k.object_id = subject and k.event = asked));
    waiting_on := case
        when turn_of.state in ('la_comment', 'la_fact_check') and said is not true then 'the local authority'
        when turn_of.state = 'submitted' then 'the What Works review lead'
        when turn_of.state in ('in_review', 'peer_review') then
            case when (public.review_outcome(kind, subject, turn_of.submission)).finals < workflow.number_of('review_minimum', 2)
                then 'the What Works reviewers' else 'the What Works review lead' end
        when turn_of.state = 'abandoned' then 'nobody: the evaluation was abandoned'
        else 'the evaluator' end;
end
$$;

-- The gate. protocol_approved: a plan is approved, and no amendment that must be reviewed again is in hand.
create or replace function public.evaluation_milestone(
    award uuid, milestone text, out met boolean, out waiting_on text, out since timestamptz)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    plan public.evaluation_plan;
    report public.evaluation_report;
begin
    met := false;
    if milestone = 'none' then
        met := true;
        return;
    end if;
    select p.* into plan from public.evaluation_plan p where p.award_id = award;
    if plan.id is null then
        waiting_on := 'the department, to bring the award into force';
        since := (select max(l.at) from workflow.log l where l.object_id = award);
        return;
    end if;
    if plan.state = 'not_started' and not exists (
        select from public.evaluation e where e.id = plan.evaluation_id and e.evaluator_id is not null) then
        waiting_on := 'the department, to appoint an evaluator';
        since := plan.created_at;
        return;
    end if;
    if milestone = 'protocol_approved' then
        met := plan.approved_version > 0 and plan.state <> 'abandoned' and not public.plan_is_rearmed(plan);
        if met then
            since := (select v.approved_at from public.evaluation_plan_version v
                where v.plan_id = plan.id and v.number = plan.approved_version);
        else
            select t.waiting_on, t.since into waiting_on, since
            from public.turn_of('protocol', plan.id, plan.state, plan.submission, plan.comment_due_on, 'send_for_comment', 'finish_comments') t;
        end if;
        return;
    elsif milestone not in ('interim_report', 'final_report_accepted') then
        raise exception 'no such milestone: %', milestone using errcode = '22023';
    end if;
    -- The report that has come furthest; the final one does for the interim one as well.
    select r.* into report from public.evaluation_report r
    where r.plan_id = plan.id and r.state <> 'withdrawn' and (r.kind = 'final' or milestone = 'interim_report')
    order by r.signed_off_at nulls last, r.submission desc, r.created_at limit 1;
    met := report.state in ('signed_off', 'publication_scheduled', 'delayed', 'published', 'corrected');
    if met is true then
        since := report.signed_off_at;
    elsif report.id is null then
        met := false;
        select t.waiting_on, t.since into waiting_on, since
        from public.turn_of('protocol', plan.id, plan.state, plan.submission, plan.comment_due_on, 'send_for_comment', 'finish_comments') t;
    else
        select t.waiting_on, t.since into waiting_on, since
        from public.turn_of('report', report.id, report.state, report.submission, report.fact_check_due_on, 'send_for_fact_check', 'finish_fact_check') t;
    end if;
end
$$;

-- For closing an award: the final report was handed in; or the evaluation was abandoned and its lessons are published instead.
create or replace function public.final_report_submitted(award uuid) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select from public.evaluation_report r
        where r.award_id = award and r.kind = 'final' and r.submission > 0 and r.state <> 'withdrawn')
        or exists (select from public.evaluation_plan p where p.award_id = award and p.state = 'abandoned');
end
$$;

-- 3. For the services. Whoever may know of an evaluation: the same people as in its policy.
create or replace function actor.knows_evaluation(bid uuid) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return actor.is_operator() or bid = any (actor.evaluated_bids()) or bid = any (actor.led_bids()) or bid = any (actor.reviewed_bids())
        or exists (
            select from public.bid b
            where b.id = knows_evaluation.bid and (b.organisation_id = actor.authority()
                or b.round_id = any (actor.case_rounds()) or b.id = any (actor.case_bids())));
end
$$;

create or replace function public.plan_changed_keys(plan uuid) returns text[]
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from public.evaluation_plan p where p.id = plan and actor.knows_evaluation(p.bid_id)) then
        return '{}';
    end if;
    return public.plan_drift(plan);
end
$$;

create or replace function public.plan_needs_rereview(plan uuid) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce((
        select public.plan_is_rearmed(p) from public.evaluation_plan p where p.id = plan and actor.knows_evaluation(p.bid_id)), false);
end
$$;

-- What the reviews of the current submission come to; for the review lead, auditors and nobody else.
create or replace function public.review_standing(kind text, subject uuid)
    returns table (finals integer, live integer, score numeric, missing text[], gates_failed text[], disagreements text[],
                   unsettled text[], open_must_fix integer)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about record := public.review_subject(kind, subject);
begin
    if about.bid_id = any (actor.led_bids()) or actor.role() = 'auditor' then
        return query select * from public.review_outcome(kind, subject, about.submission);
    end if;
end
$$;

-- How far the reviews are, without a name.
create or replace function public.review_progress(kind text, subject uuid)
    returns table (submission integer, invited integer, in_hand integer, final integer)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    about record := public.review_subject(kind, subject);
begin
    if about.bid_id is not null and actor.knows_evaluation(about.bid_id) then
        return query
        select about.submission, count(*) filter (where r.state = 'invited')::integer,
            count(*) filter (where r.state not in ('invited', 'final', 'declined', 'withdrawn'))::integer,
            count(*) filter (where r.state = 'final')::integer
        from public.review r
        where coalesce(r.plan_id, r.report_id) = review_progress.subject and r.submission = about.submission;
    end if;
end
$$;

-- What reviewers said, for those who must act on it: once the review lead has decided on that submission, numbered in an order
-- that says nothing about who they are, without confidential notes.
create or replace function public.review_feedback(kind text, subject uuid)
    returns table (submission integer, reviewer integer, criterion text, value integer, rationale text,
                   item_id uuid, item_kind text, body text, closed boolean)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    about record := public.review_subject(kind, subject);
    decided integer := case when about.state in ('submitted', 'in_review', 'peer_review') then about.submission - 1 else about.submission end;
begin
    if about.bid_id is null or not actor.knows_evaluation(about.bid_id) or actor.role() = 'what_works' then
        return;
    end if;
    return query
    with counted as (
        select r.id, r.submission, dense_rank() over (partition by r.submission order by sha256(uuid_send(r.id)))::integer as n
        from public.review r
        where coalesce(r.plan_id, r.report_id) = review_feedback.subject and r.state = 'final' and r.submission <= decided)
    select c.submission, c.n, s.criterion, s.value, s.rationale, null::uuid, null::text, null::text, null::boolean
    from counted c
    cross join lateral (
        select distinct on (x.criterion) x.criterion, x.value, x.rationale
        from public.review_score x where x.review_id = c.id order by x.criterion, x.recorded_at desc, x.id desc) s
    union all
    select c.submission, c.n, i.criterion, null, null, i.id, i.kind, i.body,
        exists (select from public.review_item_closure z where z.item_id = i.id)
    from counted c join public.review_item i on i.review_id = c.id
    order by 1, 2, 7 nulls first, 3;
end
$$;

create or replace function public.report_gaps(report uuid) returns text[]
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from public.evaluation_report r where r.id = report and actor.knows_evaluation(r.bid_id)) then
        return null;
    end if;
    return public.report_lacks(report);
end
$$;

grant execute on function public.plan_evaluation(uuid), public.evaluation_milestone(uuid, text), public.final_report_submitted(uuid),
    public.plan_changed_keys(uuid), public.plan_needs_rereview(uuid), public.review_standing(text, uuid),
    public.review_progress(text, uuid), public.review_feedback(text, uuid), public.report_gaps(uuid)
    to touchstone_app;

-- 4. The clock. Days 56, 84 and 112 after sign-off; a protocol that is due, comments and reviews that are late.
create or replace function public.remind_of_publication() returns integer
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    written integer;
begin
    if not (actor.is_system() or actor.is_operator()) then
        raise exception 'reminders are for the scheduled worker' using errcode = 'TS007';
    end if;
    insert into public.outbox (id, event, recipient_id, subject, body, object_kind, object_id, dedupe_key)
    select public.uuid7(), 'evaluation_report.' || step.what, who.id, r.reference || step.subject,
        format('“%s” was signed off on %s and is to be public by %s. Sign in to see it.', r.title,
            to_char(r.signed_off_at at time zone 'Europe/London', 'FMDD FMMonth YYYY'), to_char(r.publish_due_on, 'FMDD FMMonth YYYY')),
        'evaluation_report', r.id, 'evaluation_report:' || step.what || ':' || r.id
    from public.evaluation_report r
    cross join lateral (values
        ('publication_due', workflow.number_of('publication_warning_days', 56), ' is to be published soon',
            '{senior_officer,evaluation_authors}'::text[]),
        ('publication_overdue', workflow.number_of('publication_days', 84), ' is overdue for publication',
            '{senior_officer,evaluation_authors,review_leads,bid_certifiers}'),
        ('publication_escalated', workflow.number_of('publication_escalation_days', 112), ' has not been published and is escalated',
            '{senior_officer,approvers,evaluation_authors,review_leads,bid_certifiers,auditors}')) as step (what, days, subject, audiences)
    cross join lateral (
        select distinct public.audience(x.audience, 'evaluation_report', r.id) as id from unnest(step.audiences) as x (audience)) as who
    where r.state in ('signed_off', 'publication_scheduled', 'delayed')
        and public.london_today() >= (r.signed_off_at at time zone 'Europe/London')::date + step.days
    on conflict (dedupe_key, recipient_id) do nothing;
    get diagnostics written = row_count;
    return written;
end
$$;

create or replace function public.remind_of_evaluations() returns integer
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    written integer;
begin
    if not (actor.is_system() or actor.is_operator()) then
        raise exception 'reminders are for the scheduled worker' using errcode = 'TS007';
    end if;
    insert into public.outbox (id, event, recipient_id, subject, body, object_kind, object_id, dedupe_key)
    select public.uuid7(), due.kind || '.' || due.what, who.id, due.reference || due.subject,
        'It is due on ' || to_char(due.day, 'FMDD FMMonth YYYY') || '. Sign in to see what is asked of you.',
        due.kind, due.id, due.kind || ':' || due.what || ':' || due.id || ':' || due.day
    from (
        select 'evaluation_plan' as kind, p.id, p.reference, 'protocol_due' as what, e.protocol_due as day,
            ' is due' as subject, '{evaluation_authors,programme_officers}'::text[] as audiences
        from public.evaluation_plan p join public.evaluation e on e.id = p.evaluation_id
        where p.submission = 0 and p.state <> 'abandoned' and e.protocol_due - 14 <= public.london_today()
        union all
        select 'evaluation_plan', p.id, p.reference, 'comment_due', p.comment_due_on, ' waits for your comments', '{bid_editors,bid_certifiers}'
        from public.evaluation_plan p where p.state = 'la_comment' and p.comment_due_on - 3 <= public.london_today()
        union all
        select 'evaluation_report', r.id, r.reference, 'fact_check_due', r.fact_check_due_on, ' waits for you to check its facts',
            '{bid_editors,bid_certifiers}'
        from public.evaluation_report r where r.state = 'la_fact_check' and r.fact_check_due_on - 3 <= public.london_today()
        union all
        select 'review', r.id, r.reference, 'review_due', r.due_on, ' is due', '{reviewer}'
        from public.review r
        where r.state in ('invited', 'accepted', 'coi_checked', 'in_progress', 'clarification') and r.due_on - 3 <= public.london_today()
    ) as due
    cross join lateral (
        select distinct public.audience(x.audience, due.kind, due.id) as id from unnest(due.audiences) as x (audience)) as who
    on conflict (dedupe_key, recipient_id) do nothing;
    get diagnostics written = row_count;
    return written;
end
$$;

grant execute on function public.remind_of_publication(), public.remind_of_evaluations() to touchstone_worker;
