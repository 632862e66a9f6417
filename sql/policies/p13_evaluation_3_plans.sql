-- What must hold of evaluations and their plans, whoever writes. See p06_invariants.sql for how these triggers are ordered.
-- A guard that fails is TS002 with the message GUARD <name>, as in Domain/Guard.swift, and says in its detail what is missing.

create or replace function workflow.fail(guard text, sentence text) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception 'GUARD %', guard using errcode = 'TS002', detail = sentence;
end
$$;

create or replace function workflow.number_of(code text, otherwise integer) returns integer
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$ select coalesce((select s.value::integer from public.setting s where s.code = number_of.code), otherwise) $$;

create or replace function public.number_given(given text) returns numeric
    language sql immutable
    set search_path = pg_catalog, pg_temp
as $$ select nullif(btrim(given), '')::numeric $$;

grant execute on function public.number_given(text) to touchstone_app, touchstone_reader;

-- Refuses whoever belongs to the evaluator or the recipient: they do not judge what they wrote or are paid for.
create or replace function workflow.refuse_dependent(evaluation uuid, person uuid) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    theirs uuid := (select p.organisation_id from public.person p where p.id = person);
    about public.evaluation;
begin
    select e.* into about from public.evaluation e where e.id = evaluation;
    if theirs = about.evaluator_id then
        raise exception 'INDEPENDENCE evaluator' using errcode = 'TS003', detail = 'this person belongs to the evaluator';
    elsif theirs = about.organisation_id then
        raise exception 'INDEPENDENCE recipient' using errcode = 'TS003', detail = 'this person belongs to the authority';
    end if;
end
$$;

-- 1. Evaluations.
create or replace function public.hold_evaluation() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
    plan public.evaluation_plan;
begin
    if new.version <> old.version + 1 then
        raise exception 'version of an evaluation must go up by one' using errcode = 'TS002';
    end if;
    select p.* into plan from public.evaluation_plan p where p.evaluation_id = new.id;
    if me is not null then
        if (new.title, new.evaluator_id, new.contract_ref, new.report_due, new.appointed_by)
                is distinct from (old.title, old.evaluator_id, old.contract_ref, old.report_due, old.appointed_by)
            and not actor.may_act_on('{programme_officer}', 'evaluation', to_jsonb(new)) then
            raise exception 'an evaluator is appointed by a programme officer' using errcode = 'TS007';
        end if;
        if (new.first_data_collection_planned, new.first_data_collection_actual, new.unblinded_on) is distinct from
                (old.first_data_collection_planned, old.first_data_collection_actual, old.unblinded_on)
            and not actor.may_act_on('{evaluation_author}', 'evaluation', to_jsonb(new)) then
            raise exception 'the dates of an evaluation are recorded by its author' using errcode = 'TS007';
        end if;
    end if;
    if new.evaluator_id is distinct from old.evaluator_id then
        perform public.check_appointment(new, plan);
        if me is not null and new.appointed_by is distinct from me then
            raise exception 'an appointment is signed by whoever makes it' using errcode = 'TS007';
        end if;
        new.appointed_at := now();
    elsif new.appointed_by is distinct from old.appointed_by then
        raise exception 'an appointment is not edited' using errcode = 'TS009';
    end if;
    new.is_self_evaluation := coalesce(new.evaluator_id = new.organisation_id, false);
    perform public.check_evaluation_dates(old, new, plan.state);
    new.registration_status := public.registration_of(plan.id, coalesce(new.first_data_collection_actual, new.first_data_collection_planned));
    return new;
end
$$;

-- Not while somebody judges the plan, not by who cannot evaluate, and never by who has judged it.
create or replace function public.check_appointment(wanted public.evaluation, plan public.evaluation_plan) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if wanted.evaluator_id is null or not exists (
        select from public.organisation o
        where o.id = wanted.evaluator_id and (o.kind in ('evaluator', 'company', 'what_works') or o.id = wanted.organisation_id)) then
        raise exception 'this organisation cannot evaluate' using errcode = 'TS009';
    end if;
    if plan.state in ('submitted', 'in_review', 'completed', 'abandoned') then
        raise exception 'the evaluator does not change while the plan is under review, or after its end' using errcode = 'TS009';
    end if;
    if exists (
        select from public.review r join public.person p on p.id = r.reviewer_id
        where r.evaluation_id = wanted.id and r.state not in ('declined', 'withdrawn') and p.organisation_id = wanted.evaluator_id) then
        raise exception 'INDEPENDENCE evaluator' using errcode = 'TS003', detail = 'somebody of this organisation reviews the evaluation';
    end if;
end
$$;

-- The start of data collection decides whether an evaluation was registered in time, so it does not wander.
create or replace function public.check_evaluation_dates(was public.evaluation, wanted public.evaluation, plan_state text) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if greatest(wanted.first_data_collection_actual, wanted.unblinded_on) > public.london_today() then
        raise exception 'this has not happened yet' using errcode = 'TS008';
    end if;
    if actor.is_operator() then
        return;
    end if;
    if was.first_data_collection_actual is not null
        and (wanted.first_data_collection_actual is null or wanted.first_data_collection_actual > was.first_data_collection_actual) then
        raise exception 'data collection began when it began: a correction can only be to an earlier day' using errcode = 'TS009';
    end if;
    if was.unblinded_on is not null and (wanted.unblinded_on is null or wanted.unblinded_on > was.unblinded_on) then
        raise exception 'what was seen was seen: a correction can only be to an earlier day' using errcode = 'TS009';
    end if;
    if wanted.first_data_collection_planned is distinct from was.first_data_collection_planned
        and (was.first_data_collection_actual is not null or plan_state in ('active', 'completed', 'abandoned')) then
        raise exception 'a plan for the start is no use after it' using errcode = 'TS009';
    end if;
end
$$;

-- pre_registered: the first entry on a register is of an earlier day than the first data.
create or replace function public.registration_of(plan uuid, data_from date) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select case when min(g.registered_on) is null then 'unregistered'
        when min(g.registered_on) < data_from then 'pre_registered' else 'retrospective' end
    from public.evaluation_registration g where g.plan_id = plan
$$;

create or replace trigger evaluation_hold before update on public.evaluation
    for each row execute function public.hold_evaluation();

create or replace function public.hold_registration() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    plan public.evaluation_plan;
begin
    select p.* into plan from public.evaluation_plan p where p.id = new.plan_id for share;
    if plan.approved_version = 0 then
        raise exception 'what is registered is an approved plan' using errcode = 'TS002';
    end if;
    if new.registered_on > public.london_today() then
        raise exception 'it has not been registered yet' using errcode = 'TS008';
    end if;
    if not exists (
        select from public.evaluation e
        where e.id = plan.evaluation_id and coalesce(e.first_data_collection_actual, e.first_data_collection_planned) is not null) then
        perform workflow.fail('registration_recorded', 'The day on which data collection is to begin must be recorded first.');
    end if;
    new.version_number := plan.approved_version;
    return new;
end
$$;

create or replace trigger evaluation_registration_hold before insert on public.evaluation_registration
    for each row execute function public.hold_registration();

create or replace function public.note_registration() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    -- The trigger of the evaluation computes its status.
    update public.evaluation e set version = e.version + 1
    from public.evaluation_plan p where p.id = new.plan_id and e.id = p.evaluation_id;
    return null;
end
$$;

create or replace trigger evaluation_registration_note after insert on public.evaluation_registration
    for each row execute function public.note_registration();

-- 2. The draft of a plan.
create or replace function public.keep_plan_open() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform 1 from public.evaluation_plan p
    where p.id = new.plan_id and p.state in ('drafting', 'la_comment', 'revise', 'amended') for share;
    if not found then
        raise exception 'a plan is edited while it is drafted, commented on, revised or amended' using errcode = 'TS009';
    end if;
    if tg_op = 'UPDATE' and new.version <> old.version + 1 then
        raise exception 'version of a section must go up by one' using errcode = 'TS002';
    end if;
    return new;
end
$$;

create or replace trigger evaluation_plan_section_open before insert or update on public.evaluation_plan_section
    for each row execute function public.keep_plan_open();

create or replace function public.record_plan_section() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform workflow.perform((select p.bid_id from public.evaluation_plan p where p.id = new.plan_id), new.edited_by, 'EA');
    return null;
end
$$;

create or replace trigger evaluation_plan_section_record after insert or update on public.evaluation_plan_section
    for each row execute function public.record_plan_section();

create or replace function public.plan_draft(plan uuid) returns jsonb
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select coalesce(jsonb_object_agg(s.section, s.content), '{}') from public.evaluation_plan_section s where s.plan_id = plan
$$;

-- What is submitted is the draft, and the digest is of its text; both in the transaction that moves the plan.
create or replace function public.hold_plan_submission() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    plan public.evaluation_plan;
begin
    select p.* into plan from public.evaluation_plan p where p.id = new.plan_id for no key update;
    if plan.state not in ('la_comment', 'revise', 'amended') then
        raise exception 'this plan is not waiting to be submitted' using errcode = 'TS002';
    end if;
    if new.number <> plan.submission + 1 or new.content <> public.plan_draft(new.plan_id)
        or new.content_hash <> sha256(convert_to(new.canonical_text, 'UTF8')) then
        raise exception 'a submission is the draft as it stands, with the digest of its text' using errcode = 'TS011';
    end if;
    if not actor.is_operator() then
        new.submitted_at := now();
    end if;
    return new;
end
$$;

create or replace trigger evaluation_plan_submission_hold before insert on public.evaluation_plan_submission
    for each row execute function public.hold_plan_submission();

create or replace function public.check_plan_submission() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from public.evaluation_plan p where p.id = new.plan_id and p.submission >= new.number) then
        raise exception 'a submission belongs to the act of submitting' using errcode = 'TS009';
    end if;
    return null;
end
$$;

drop trigger if exists evaluation_plan_submission_there on public.evaluation_plan_submission;
create constraint trigger evaluation_plan_submission_there after insert on public.evaluation_plan_submission
    deferrable initially deferred for each row execute function public.check_plan_submission();

create or replace function public.hold_amendment() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    plan public.evaluation_plan;
    seen date;
begin
    select p.* into plan from public.evaluation_plan p where p.id = new.plan_id for no key update;
    select e.unblinded_on into seen from public.evaluation e where e.id = plan.evaluation_id;
    if plan.state not in ('registered', 'active') or new.number <> plan.approved_version + 1 then
        raise exception 'this plan is not waiting to be amended' using errcode = 'TS002';
    end if;
    if new.before_unblinding and seen <= public.london_today() then
        raise exception 'results by group were seen on %', seen using errcode = 'TS009';
    end if;
    return new;
end
$$;

create or replace trigger plan_amendment_hold before insert on public.plan_amendment
    for each row execute function public.hold_amendment();

-- 3. Comments and answers.
create or replace function public.hold_comment() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    last integer;
begin
    if new.plan_id is not null then
        select p.submission into last from public.evaluation_plan p where p.id = new.plan_id and p.state = 'la_comment' for share;
    else
        select p.submission into last from public.evaluation_report p where p.id = new.report_id and p.state = 'la_fact_check' for share;
    end if;
    if last is null then
        raise exception 'comments are made while they are asked for' using errcode = 'TS008';
    end if;
    new.round := last + 1;
    return new;
end
$$;

create or replace trigger evaluation_comment_hold before insert on public.evaluation_comment
    for each row execute function public.hold_comment();

-- The authority has had its say: it said so since it was asked, or its time is over; and every comment has an answer.
create or replace function public.check_comments(subject uuid, asked text, finished text, due date) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select from public.evaluation_comment c
        where coalesce(c.plan_id, c.report_id) = subject
            and not exists (select from public.evaluation_answer a where a.comment_id = c.id)) then
        perform workflow.fail('comments_answered', 'Every comment needs an answer.');
    end if;
    if coalesce(due >= public.london_today(), false) and not exists (
        select from workflow.log l
        where l.object_id = subject and l.event = finished and l.seq > (
            select max(k.seq) from workflow.log k where k.object_id = subject and k.event = asked)) then
        perform workflow.fail('comments_answered', 'The authority may still comment: it has not said that it is done, and its time is not over.');
    end if;
end
$$;
