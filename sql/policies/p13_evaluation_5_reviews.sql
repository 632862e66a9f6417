-- The machine of a review, and what reviews together say: independence, interests, scores, disagreements.

create or replace trigger review_reference before insert on public.review
    for each row execute function public.hold_reference('REV');
create or replace trigger review_workflow_signatures before insert or update on public.review
    for each row execute function workflow.hold_signatures('invite:invited_by');

-- 1. Where a subject stands.
create or replace function public.review_subject(
    kind text, subject uuid,
    out evaluation_id uuid, out bid_id uuid, out organisation_id uuid, out submission integer, out state text)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if kind = 'protocol' then
        select p.evaluation_id, p.bid_id, p.organisation_id, p.submission, p.state
        into evaluation_id, bid_id, organisation_id, submission, state from public.evaluation_plan p where p.id = subject;
    else
        select p.evaluation_id, p.bid_id, p.organisation_id, p.submission, p.state
        into evaluation_id, bid_id, organisation_id, submission, state from public.evaluation_report p where p.id = subject;
    end if;
end
$$;

create or replace function public.hold_new_review() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about record := public.review_subject(new.kind, coalesce(new.plan_id, new.report_id));
    duty text := case new.kind when 'protocol' then 'RV' else 'PE' end;
begin
    if (new.evaluation_id, new.bid_id, new.organisation_id) is distinct from (about.evaluation_id, about.bid_id, about.organisation_id) then
        raise exception 'a review is of what it says' using errcode = 'TS009';
    elsif about.state not in ('submitted', 'in_review', 'peer_review') then
        raise exception 'reviewers are invited once there is a submission' using errcode = 'TS002';
    elsif not public.holds_today(new.reviewer_id, 'reviewer') then
        raise exception 'this person is no reviewer' using errcode = 'TS007';
    end if;
    perform workflow.refuse_dependent(new.evaluation_id, actor.person_id());
    perform workflow.refuse_duty(new.bid_id, actor.person_id(), 'RL');
    if new.reviewer_id = actor.person_id() then
        raise exception 'SOD_RL_%', duty using errcode = 'TS003', detail = 'whoever leads the review does not review';
    end if;
    perform workflow.refuse_dependent(new.evaluation_id, new.reviewer_id);
    perform workflow.refuse_duty(new.bid_id, new.reviewer_id, duty);
    -- Invitations of one subject wait for each other here.
    perform pg_advisory_xact_lock(hashtextextended(coalesce(new.plan_id, new.report_id)::text, 4));
    if new.kind = 'report' and public.reviewed_protocol(new.bid_id, new.reviewer_id) and exists (
        select from public.review r
        where r.report_id = new.report_id and r.submission = about.submission and r.state not in ('declined', 'withdrawn')
            and public.reviewed_protocol(r.bid_id, r.reviewer_id)) then
        raise exception 'INDEPENDENCE protocol_reviewer' using errcode = 'TS003',
            detail = 'at most one reviewer of a report has reviewed its protocol';
    end if;
    new.submission := about.submission;
    new.rubric_version := (select max(r.version) from public.rubric r);
    new.due_on := coalesce(new.due_on, public.after_working_days(public.london_today(), workflow.number_of('review_working_days', 20)));
    return new;
end
$$;

create or replace function public.reviewed_protocol(bid uuid, person uuid) returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select exists (select from workflow.duty_performed d where d.case_id = bid and d.person_id = person and d.duty = 'RV')
        or exists (select from public.review r where r.bid_id = bid and r.reviewer_id = person and r.kind = 'protocol'
            and r.signed_at is not null)
$$;

create or replace trigger review_workflow_new before insert on public.review
    for each row execute function public.hold_new_review();

-- 2. Each step.
create or replace function public.hold_review() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
    moved boolean := new.transition_seq <> old.transition_seq;
    about record;
    declared public.conflict_declaration;
    ruled text;
    reviewers constant text[] := array['accept', 'decline', 'begin', 'submit', 'clarify', 'declare_interest'];
    loose text[] := array['state', 'last_event', 'transition_seq', 'version', 'due_on', 'reason'];
begin
    if to_jsonb(new) - loose <> to_jsonb(old) - loose then
        raise exception 'who reviews what does not change: invite somebody else' using errcode = 'TS009';
    end if;
    if me = new.reviewer_id and new.due_on <> old.due_on then
        raise exception 'nobody moves their own due date' using errcode = 'TS007';
    end if;
    if not moved then
        return new;
    end if;
    if me is not null and (me = new.reviewer_id) is distinct from (new.last_event = any (reviewers))
        and not (new.last_event = 'check_interests' and me = new.reviewer_id) then
        raise exception 'a review is done by its reviewer and led by somebody else' using errcode = 'TS007';
    end if;
    if me <> new.reviewer_id then
        perform workflow.refuse_dependent(new.evaluation_id, me);
        perform workflow.refuse_duty(new.bid_id, me, 'RL');
    end if;
    about := public.review_subject(new.kind, coalesce(new.plan_id, new.report_id));
    -- The newest declaration on this case: one that was made for the protocol counts for the report, while it is fresh.
    select d.* into declared from public.conflict_declaration d
    where d.bid_id = new.bid_id and d.person_id = new.reviewer_id order by d.at desc, d.id desc limit 1;
    ruled := (select g.outcome from public.conflict_ruling g where g.declaration_id = declared.id);
    case
        when new.last_event in ('decline', 'release', 'ask_to_clarify') then
            perform public.check_reason(new.reason);
        when new.last_event = 'check_interests' then
            if (declared.at > now() - make_interval(months => workflow.number_of('conflict_months', 12))
                and (declared.answer = 'none' or ruled = 'managed')) is not true then
                perform workflow.fail('interests_clear', 'The reviewer declares their interests first, and what was declared is ruled on.');
            end if;
        when new.last_event = 'begin' then
            if about.state not in ('in_review', 'peer_review') or about.submission <> new.submission then
                perform workflow.fail('under_review', 'The review begins when the review lead has begun it.');
            end if;
        when new.last_event in ('submit', 'clarify') then
            perform public.check_scored(new);
            new.signed_at := now();
        when new.last_event = 'declare_interest' then
            if declared.review_id is distinct from new.id or declared.answer <> 'declared' or ruled is not null then
                perform workflow.fail('interests_clear', 'Say first what stands between you and this evaluation.');
            end if;
        when new.last_event in ('manage', 'recuse') then
            if ruled is distinct from (case new.last_event when 'manage' then 'managed' else 'recused' end) then
                perform workflow.fail('ruling_recorded', 'The ruling is recorded first, with its reason.');
            end if;
        else null;
    end case;
    return new;
end
$$;

create or replace trigger review_workflow_hold before update on public.review
    for each row execute function public.hold_review();

create or replace function public.check_scored(about public.review) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    missing text;
begin
    select string_agg(c.title, ', ' order by c.position) into missing
    from public.rubric_criterion c
    left join lateral (
        select s.value, s.rationale from public.review_score s
        where s.review_id = about.id and s.criterion = c.code order by s.recorded_at desc, s.id desc limit 1) s on true
    where c.rubric_version = about.rubric_version
        and case about.kind when 'protocol' then c.protocol_weight else c.report_weight end > 0
        and (s.value is null or length(btrim(s.rationale)) < 20);
    if missing is not null then
        perform workflow.fail('review_complete', 'Each criterion needs a score and a reason of at least 20 characters. Missing: ' || missing || '.');
    end if;
end
$$;

create or replace function public.record_review() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform workflow.perform(new.bid_id, new.reviewer_id, case new.kind when 'protocol' then 'RV' else 'PE' end);
    return null;
end
$$;

create or replace trigger review_record after update on public.review
    for each row when (new.last_event in ('submit', 'clarify') and new.transition_seq <> old.transition_seq)
    execute function public.record_review();

-- 3. What hangs on a review is written by its reviewer, while it is in hand.
create or replace function public.keep_review_own() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    writer uuid := (to_jsonb(new) ->> tg_argv[0])::uuid;
    about public.review;
begin
    select r.* into about from public.review r where r.id = new.review_id for share;
    if about.reviewer_id is distinct from writer or not (about.state = any (tg_argv[1]::text[])) then
        raise exception 'this is written by the reviewer while the review is in hand' using errcode = 'TS009';
    end if;
    if tg_table_name = 'review_score' and not exists (
        select from public.rubric_criterion c
        where c.rubric_version = about.rubric_version and c.code = to_jsonb(new) ->> 'criterion'
            and case about.kind when 'protocol' then c.protocol_weight else c.report_weight end > 0) then
        raise exception 'the rubric has no such criterion' using errcode = 'TS009';
    end if;
    if tg_table_name = 'conflict_declaration' and about.bid_id::text <> to_jsonb(new) ->> 'bid_id' then
        raise exception 'a declaration is about the case of its review' using errcode = 'TS009';
    end if;
    return new;
end
$$;

create or replace trigger review_score_own before insert on public.review_score
    for each row execute function public.keep_review_own('recorded_by', '{in_progress,clarification}');
create or replace trigger review_item_own before insert on public.review_item
    for each row execute function public.keep_review_own('made_by', '{in_progress,clarification}');
create or replace trigger review_note_own before insert on public.review_note
    for each row execute function public.keep_review_own('made_by', '{in_progress,submitted,clarification}');
create or replace trigger conflict_declaration_own before insert on public.conflict_declaration
    for each row execute function public.keep_review_own('person_id', '{accepted,coi_checked,in_progress,submitted,clarification,final}');

create or replace function public.hold_ruling() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about public.review;
begin
    select r.* into about from public.conflict_declaration d join public.review r on r.id = d.review_id
    where d.id = new.declaration_id and d.answer = 'declared' for share of r;
    if about.state is distinct from 'locked' then
        raise exception 'a ruling is on a declared interest that waits for it' using errcode = 'TS002';
    end if;
    if new.ruled_by = about.reviewer_id then
        raise exception 'nobody rules on their own interests' using errcode = 'TS007';
    end if;
    perform workflow.refuse_dependent(about.evaluation_id, new.ruled_by);
    return new;
end
$$;

create or replace trigger conflict_ruling_hold before insert on public.conflict_ruling
    for each row execute function public.hold_ruling();
