-- What must hold of adoptions, capacity assessments and follow-ups whoever writes. See p06_invariants.sql.

-- 1. Adoptions. The originator has the practice anyway, and is not counted among those who took it up.
create or replace function public.hold_adoption() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about public.practice;
begin
    select * into about from public.practice p where p.id = new.practice_id;
    if tg_op = 'INSERT' then
        if about.originator_id = new.organisation_id then
            raise exception 'the originator does not adopt its own practice' using errcode = 'TS009';
        end if;
        if about.published_number = 0 or about.state = 'retired' then
            raise exception 'only a published practice is adopted' using errcode = 'TS002';
        end if;
        return new;
    end if;
    if new.transition_seq = old.transition_seq and not actor.is_operator() then
        raise exception 'an authority says what changed by an event, so that it is remembered' using errcode = 'TS009';
    end if;
    if new.last_event in ('pilot', 'adopt') and (new.started_on is null or new.coverage_pct is null) then
        raise exception 'an adoption says since when and how far' using errcode = 'TS002';
    end if;
    if new.last_event = 'sustain' and (new.funding_ended_on is null or new.funding_ended_on
        + make_interval(months => public.setting_number('adoption_sustained_months', 12)::integer) > public.london_today()) then
        raise exception 'sustained means: still running a year after its funding ended' using errcode = 'TS008';
    end if;
    if new.started_on > public.london_today() or new.funding_ended_on > public.london_today() then
        raise exception 'what has not happened yet is not declared' using errcode = 'TS008';
    end if;
    return new;
end
$$;

create or replace trigger la_adoption_workflow_hold before insert or update on public.la_adoption
    for each row execute function public.hold_adoption();

create or replace function public.record_adoption() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    insert into public.adoption_statement (adoption_id, number, state, started_on, coverage_pct, adaptations, fidelity, local_cost,
        funded_by, declared_by)
    values (new.id, new.transition_seq, new.state, new.started_on, new.coverage_pct, new.adaptations, new.fidelity, new.local_cost,
        new.funded_by, new.declared_by);
    return null;
end
$$;

create or replace trigger la_adoption_record after insert or update on public.la_adoption
    for each row execute function public.record_adoption();

-- A verification is of the state as it stands, by somebody of another organisation: a certifier of the authority that the
-- practice comes from, or an officer or reviewer who checks a sample.
create or replace function public.hold_verification() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about public.la_adoption;
    originator uuid;
begin
    select * into about from public.la_adoption a where a.id = new.adoption_id for no key update;
    select p.originator_id into originator from public.practice p where p.id = about.practice_id;
    if new.state is distinct from about.state or about.state not in ('adopted_pilot', 'adopted_full', 'sustained', 'stopped') then
        raise exception 'the state as it stands is verified' using errcode = 'TS002';
    end if;
    if new.organisation_id = about.organisation_id then
        raise exception 'nobody verifies what they declared themselves' using errcode = 'TS003';
    end if;
    if not actor.is_operator() and not (case new.kind
        when 'originator' then new.organisation_id = originator and actor.holds('la_certifier')
        else actor.holds('programme_officer') or actor.holds('reviewer') end) then
        raise exception 'this is verified by the originator, or in a sample check' using errcode = 'TS007';
    end if;
    return new;
end
$$;

create or replace trigger adoption_verification_hold before insert on public.adoption_verification
    for each row execute function public.hold_verification();

-- 2. Capacity. At least two people of different teams, something to show for each level, one level for each dimension within
-- what was answered, certified by somebody who is not the only voice.
create or replace function public.hold_capacity_assessment() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
    moved boolean;
    loose text[] := array['state', 'last_event', 'transition_seq', 'version', 'reason', 'certified_by', 'certified_at', 'moderated_by',
        'moderation_note', 'peer_id'];
begin
    if tg_op = 'INSERT' then
        if new.rubric_version is distinct from (select max(r.version) from public.capacity_rubric r) then
            raise exception 'an assessment uses the newest rubric' using errcode = 'TS009';
        end if;
        return new;
    end if;
    moved := new.transition_seq <> old.transition_seq;
    if to_jsonb(new) - loose <> to_jsonb(old) - loose
        and not (old.state in ('opened', 'in_progress') and new.state in ('in_progress', 'certified')) and not actor.is_operator() then
        raise exception 'an assessment changes only until it is certified' using errcode = 'TS009';
    end if;
    if new.peer_id is distinct from old.peer_id and (old.state <> 'certified' or moved or actor.authority() is distinct from new.organisation_id) then
        raise exception 'the authority itself asks a peer, once it is certified' using errcode = 'TS009';
    end if;
    if new.certified_at is distinct from old.certified_at and not actor.is_operator() then
        raise exception 'when it was certified is the database''s to say' using errcode = 'TS009';
    end if;
    if not moved then
        return new;
    end if;
    if new.last_event = 'moderate' and me is not null then
        if actor.authority() is distinct from new.peer_id then
            raise exception 'a peer that was asked moderates' using errcode = 'TS007';
        end if;
        if length(trim(new.moderation_note)) < 20 then
            raise exception 'a moderation says what was found' using errcode = 'TS002';
        end if;
    elsif new.last_event <> 'moderate' and me is not null and not actor.is_system()
        and actor.authority() is distinct from new.organisation_id then
        raise exception 'an authority deals with its own assessment' using errcode = 'TS007';
    end if;
    if new.last_event = 'certify' then
        new.certified_at := now();
        perform public.demand_capacity_complete(new);
    end if;
    return new;
end
$$;

create or replace function public.demand_capacity_complete(assessment public.capacity_assessment) returns void
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    people integer;
    teams integer;
begin
    select count(distinct r.respondent_id), count(distinct lower(trim(r.team))) into people, teams
    from public.capacity_response r where r.assessment_id = assessment.id;
    if people < 2 or teams < 2 then
        raise exception 'at least two people of different teams answer' using errcode = 'TS002';
    end if;
    if exists (
        select from public.capacity_rubric d
        left join public.capacity_level l on l.assessment_id = assessment.id and l.certification = assessment.transition_seq
            and l.dimension = d.dimension
        where d.version = assessment.rubric_version and (l.level is null or not exists (
            select from public.capacity_response r
            where r.assessment_id = assessment.id and r.dimension = d.dimension
            having l.level between min(r.level) and max(r.level)))) then
        raise exception 'each dimension has one level, within what was answered' using errcode = 'TS002';
    end if;
    if exists (
        select from public.capacity_rubric d
        where d.version = assessment.rubric_version and not exists (
            select from public.capacity_response r
            where r.assessment_id = assessment.id and r.dimension = d.dimension and r.respondent_id <> assessment.certified_by)) then
        raise exception 'the certifier is not the only voice on a dimension' using errcode = 'TS003';
    end if;
end
$$;

create or replace trigger capacity_assessment_workflow_hold before insert or update on public.capacity_assessment
    for each row execute function public.hold_capacity_assessment();

create or replace function public.hold_capacity_response() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about public.capacity_assessment;
begin
    select * into about from public.capacity_assessment c where c.id = new.assessment_id for key share;
    if about.state is distinct from 'in_progress' then
        raise exception 'answers are given while the assessment is in progress' using errcode = 'TS009';
    end if;
    if not exists (select from public.capacity_rubric r where r.version = about.rubric_version and r.dimension = new.dimension) then
        raise exception 'the rubric has no such dimension' using errcode = 'TS009';
    end if;
    return new;
end
$$;

create or replace trigger capacity_response_hold before insert on public.capacity_response
    for each row execute function public.hold_capacity_response();

-- Levels come with their certification, in the same transaction.
create or replace function public.hold_capacity_level() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select from public.capacity_assessment c
        where c.id = new.assessment_id and c.state = 'in_progress' and new.certification = c.transition_seq + 1) then
        raise exception 'levels are set by certifying' using errcode = 'TS009';
    end if;
    return new;
end
$$;

create or replace trigger capacity_level_hold before insert on public.capacity_level
    for each row execute function public.hold_capacity_level();

-- 3. Follow-ups.
create or replace function public.hold_follow_up() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    moved boolean := new.transition_seq <> old.transition_seq;
    loose text[] := array['state', 'last_event', 'transition_seq', 'version', 'reason', 'answered_at'];
begin
    if to_jsonb(new) - loose <> to_jsonb(old) - loose and not (moved and new.last_event = 'answer') and not actor.is_operator() then
        raise exception 'a follow-up changes by an answer' using errcode = 'TS009';
    end if;
    if not moved then
        return new;
    end if;
    case new.last_event
        when 'open' then
            if new.opens_on > public.london_today() then
                raise exception 'the time has not come' using errcode = 'TS008';
            end if;
        when 'answer' then
            if actor.person_id() is not null and actor.authority() is distinct from new.organisation_id then
                raise exception 'the authority that had the award answers' using errcode = 'TS007';
            end if;
            if new.running is null or new.answers <> old.answers + 1 then
                raise exception 'an answer says whether it still runs' using errcode = 'TS002';
            end if;
            new.answered_at := now();
        when 'give_up' then
            if (select count(*) from public.follow_up_reminder r where r.follow_up_id = new.id) < 3
                or (select max(r.at) from public.follow_up_reminder r where r.follow_up_id = new.id)
                    > now() - public.setting_number('follow_up_reminder_days', 14)::integer * interval '1 day' then
                raise exception 'three reminders come first' using errcode = 'TS008';
            end if;
        else
            null;
    end case;
    return new;
end
$$;

create or replace trigger follow_up_workflow_hold before update on public.follow_up
    for each row execute function public.hold_follow_up();

-- Values come with their answer.
create or replace function public.hold_follow_up_value() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select from public.follow_up f
        where f.id = new.follow_up_id and f.state in ('open', 'no_response') and new.answer = f.answers + 1) then
        raise exception 'values are given with an answer' using errcode = 'TS009';
    end if;
    return new;
end
$$;

create or replace trigger follow_up_value_hold before insert on public.follow_up_value
    for each row execute function public.hold_follow_up_value();

-- For triggers and doors only. What was granted above stays granted: these were never for the application.
revoke execute on function public.open_assessment(uuid, uuid, text), public.open_yearly(uuid, uuid), public.demand_award(uuid, text[]),
    public.managed_award(uuid, uuid), public.check_second(public.adoption_decision, public.adoption_decision, uuid),
    public.demand_recommendation(public.adoption_decision), public.demand_pack_current(public.adoption_decision),
    public.demand_rating_agreed(public.evidence_rating)
    from public, touchstone_app, touchstone_worker, touchstone_reader;
revoke execute on all functions in schema workflow from public, touchstone_app, touchstone_worker, touchstone_reader;
