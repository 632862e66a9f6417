-- What others ask of the evidence: which reports speak about a practice, whether they suffice for a decision, and what is armed
-- when an award begins and ends.

-- Every published report on a practice, whatever it says. Public facts, so it asks nobody who they are.
create or replace function public.evidence_for(practice uuid)
    returns table (report_id uuid, report_version integer, bid_id uuid, reference text, title text, direction text, sms integer,
                   padlock integer, published_at timestamptz)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select r.report_id, r.version, r.bid_id, r.reference, r.title, r.direction, r.sms, r.padlock, r.published_at
    from published.report r
    where r.state in ('published', 'corrected') and exists (
        select from public.practice_award l where l.practice_id = practice and l.bid_id = r.bid_id and l.ended_at is null)
    order by r.published_at, r.report_id;
end
$$;

-- Reports on a practice that should be public by now and are not.
create or replace function public.overdue_for(practice uuid)
    returns table (report_id uuid, title text, bid_id uuid, due_on date)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select r.report_id, r.title, r.bid_id, r.due_on
    from published.overdue_report r
    where exists (
        select from public.practice_award l where l.practice_id = practice and l.bid_id = r.bid_id and l.ended_at is null)
    order by r.due_on, r.report_id;
end
$$;

-- NE and NL2 say less than 2; a plus exceeds the threshold, and is worth less than the next whole level.
create or replace function public.evidence_level_rank(level text) returns numeric
    language sql immutable
    set search_path = pg_catalog, pg_temp
as $$
    select case level when 'NE' then 0 when 'NL2' then 1 when '2' then 2 when '2+' then 2.5 when '3' then 3 when '3+' then 3.5
        when '4' then 4 when '4+' then 4.5 end
$$;

create or replace function public.setting_number(wanted text, otherwise numeric) returns numeric
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$ select coalesce((select s.value::numeric from public.setting s where s.code = wanted), otherwise) $$;

-- Whether a rating bears a recommendation: only scaling asks for more than evidence at all. The rule is rows of setting.
create or replace function public.evidence_sufficient(recommendation text, level text, replicated boolean) returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select recommendation <> 'scale'
        or coalesce(public.evidence_level_rank(level) >= public.setting_number('scale_needs_level', 3), false)
        or coalesce(replicated, false)
$$;

-- The bids behind a practice: the cases in whose ledgers its duties stand. In one order, so that nobody waits in a circle.
create or replace function public.practice_cases(practice uuid) returns setof uuid
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select distinct l.bid_id from public.practice_award l where l.practice_id = practice and l.ended_at is null order by 1
$$;

-- The rating in force: the newest that was agreed and is not superseded.
create or replace function public.current_rating(practice uuid) returns uuid
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select r.id from public.evidence_rating r
    where r.practice_id = practice and r.state in ('agreed', 'review_needed')
    order by r.number desc limit 1
$$;

-- 1. An award begins: its authority looks at how able it is to evaluate, before anything else changes that.
create or replace function public.open_assessment(authority uuid, bid uuid, wave text) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    -- One in hand at a time: an authority with two awards has one baseline, which serves both.
    if exists (
        select from public.capacity_assessment c
        where c.organisation_id = authority
            and (c.state in ('opened', 'in_progress') or (c.bid_id = bid and c.wave = open_assessment.wave))) then
        return;
    end if;
    perform actor.as_system(true);
    insert into public.capacity_assessment (id, reference, organisation_id, bid_id, wave, due_on, rubric_version)
    values (public.uuid7(), public.next_reference('CAP'), authority, bid, wave,
        public.london_today() + public.setting_number('capacity_due_days', 60)::integer,
        (select max(r.version) from public.capacity_rubric r));
    perform actor.as_system(false);
end
$$;

-- TS001 for whoever is not signed in; TS002 for an award that does not stand where it must.
create or replace function public.demand_award(award uuid, states text[]) returns public.award
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    found public.award;
begin
    if not (actor.may_write() or actor.is_system() or actor.is_operator()) then
        raise exception 'no live session that may write' using errcode = 'TS007';
    end if;
    select a.* into found from public.award a where a.id = award;
    if found.id is null or not (found.state = any (states)) then
        raise exception 'the award does not stand where this is done' using errcode = 'TS002';
    end if;
    return found;
end
$$;

create or replace function public.open_capacity_baseline(award uuid) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about public.award := public.demand_award(award, '{active}');
begin
    perform public.open_assessment(about.organisation_id, about.bid_id, 'baseline');
end
$$;

-- 2. An award ends: four follow-ups are armed, whatever becomes of the programme, and capacity is looked at again.
create or replace function public.plan_follow_ups(award uuid) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about public.award := public.demand_award(award, '{closed}');
    ended date := coalesce((about.closed_at at time zone 'Europe/London')::date, public.london_today());
    mark integer;
    opens date;
begin
    foreach mark in array array[6, 12, 24, 36] loop
        if exists (select from public.follow_up f where f.award_id = about.id and f.months = mark) then
            continue;
        end if;
        opens := (ended + make_interval(months => mark))::date;
        perform actor.as_system(true);
        insert into public.follow_up (id, reference, award_id, bid_id, organisation_id, months, opens_on, due_on)
        values (public.uuid7(), public.next_reference('FUP'), about.id, about.bid_id, about.organisation_id, mark, opens,
            opens + public.setting_number('follow_up_days', 30)::integer);
        perform actor.as_system(false);
    end loop;
    perform public.open_assessment(about.organisation_id, about.bid_id, 'close');
end
$$;

-- 3. By the clock: yearly assessments while an award runs, one a year after it closed, each opened once.
create or replace function public.open_due_assessments() returns integer
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    due record;
    before bigint;
begin
    if not (actor.is_system() or actor.is_operator()) then
        raise exception 'this is for the scheduled worker' using errcode = 'TS007';
    end if;
    select count(*) into before from public.capacity_assessment;
    for due in
        select a.organisation_id, a.bid_id, 'after_12_months' as wave
        from public.award a
        where a.state = 'closed' and a.closed_at < now() - interval '12 months'
        union all
        select a.organisation_id, a.bid_id, 'yearly'
        from public.award a
        where a.state = 'active' and (
            select max(c.created_at) from public.capacity_assessment c where c.organisation_id = a.organisation_id)
            < now() - interval '12 months'
        order by 1, 2
    loop
        if due.wave = 'yearly' then
            -- A bid has one row of each other wave, and a yearly one each year.
            perform public.open_yearly(due.organisation_id, due.bid_id);
        else
            perform public.open_assessment(due.organisation_id, due.bid_id, due.wave);
        end if;
    end loop;
    return (select count(*) from public.capacity_assessment) - before;
end
$$;

create or replace function public.open_yearly(authority uuid, bid uuid) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select from public.capacity_assessment c
        where c.organisation_id = authority
            and (c.state in ('opened', 'in_progress') or c.created_at > now() - interval '12 months')) then
        return;
    end if;
    perform actor.as_system(true);
    insert into public.capacity_assessment (id, reference, organisation_id, bid_id, wave, due_on, rubric_version)
    values (public.uuid7(), public.next_reference('CAP'), authority, bid, 'yearly',
        public.london_today() + public.setting_number('capacity_due_days', 60)::integer,
        (select max(r.version) from public.capacity_rubric r));
    perform actor.as_system(false);
end
$$;

-- A follow-up that is past its day: reminded three times, at the due day and then every so many days. Each is a fact.
create or replace function public.remind_of_follow_ups() returns integer
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    written integer;
begin
    if not (actor.is_system() or actor.is_operator()) then
        raise exception 'reminders are for the scheduled worker' using errcode = 'TS007';
    end if;
    with due as (
        select f.id, f.reference, f.months,
            (select count(*)::integer from public.follow_up_reminder r where r.follow_up_id = f.id) as sent,
            coalesce((select max(r.at) from public.follow_up_reminder r where r.follow_up_id = f.id)
                + public.setting_number('follow_up_reminder_days', 14)::integer * interval '1 day', '-infinity') as next_at
        from public.follow_up f
        where f.state = 'open' and f.due_on <= public.london_today()
        for no key update of f skip locked
    ), reminded as (
        insert into public.follow_up_reminder (follow_up_id, number)
        select d.id, d.sent + 1 from due d where d.sent < 3 and d.next_at <= now()
        returning follow_up_id, number
    )
    insert into public.outbox (id, event, recipient_id, subject, body, object_kind, object_id, dedupe_key)
    select public.uuid7(), 'follow_up.reminder', who.id, d.reference || ' is waiting for your answer',
        'The follow-up ' || d.months || ' months after the award ended is due. This is reminder ' || m.number || ' of 3; after '
            || 'the third it counts as no response, and is published as such. Sign in to answer.',
        'follow_up', d.id, 'follow_up:reminder:' || d.id || ':' || m.number
    from reminded m
    join due d on d.id = m.follow_up_id
    cross join lateral (
        select distinct public.audience(x.audience, 'follow_up', d.id) as id
        from unnest('{bid_editors,bid_certifiers}'::text[]) as x (audience)) as who
    on conflict (dedupe_key, recipient_id) do nothing;
    get diagnostics written = row_count;
    return written;
end
$$;

-- An adoption that nobody confirmed for six months: its certifiers are asked whether it is still so.
create or replace function public.remind_of_adoptions() returns integer
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
    select public.uuid7(), 'la_adoption.confirm', who.id, 'Is “' || p.name || '” still running?',
        'Nobody has confirmed ' || a.reference || ' for six months. Sign in to confirm it or to say that it stopped.',
        'la_adoption', a.id, 'la_adoption:confirm:' || a.id || ':' || a.transition_seq
    from public.la_adoption a
    join public.practice p on p.id = a.practice_id
    cross join lateral (select public.audience('bid_certifiers', 'la_adoption', a.id) as id) as who
    where a.state in ('adopted_pilot', 'adopted_full', 'sustained')
        and (select max(l.at) from workflow.log l where l.object_id = a.id)
            < now() - public.setting_number('adoption_confirm_months', 6)::integer * interval '1 month'
    on conflict (dedupe_key, recipient_id) do nothing;
    get diagnostics written = row_count;
    return written;
end
$$;

-- Capacity by region, for those who may not see an authority's own: nothing below the minimum number of authorities. Levels are
-- those of the newest certification of each authority, set beside its first under the same rubric.
create or replace function public.capacity_by_region(as_at timestamptz default now())
    returns table (region text, dimension text, rubric_version integer, authorities integer, level_1 integer, level_2 integer,
                   level_3 integer, level_4 integer, two_waves integer, improved integer, unchanged integer, fell integer)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    least_count integer := public.setting_number('capacity_region_minimum', 3)::integer;
begin
    if actor.person_id() is null and not actor.is_operator() then
        return;
    end if;
    return query
    with wave as (
        select c.organisation_id, c.rubric_version, l.dimension, l.level,
            row_number() over (partition by c.organisation_id, c.rubric_version, l.dimension order by c.certified_at desc, c.id desc) as newest,
            row_number() over (partition by c.organisation_id, c.rubric_version, l.dimension order by c.certified_at, c.id) as oldest,
            count(*) over (partition by c.organisation_id, c.rubric_version, l.dimension) as waves
        from public.capacity_assessment c
        join public.capacity_level l on l.assessment_id = c.id and l.certification = (
            select max(x.certification) from public.capacity_level x where x.assessment_id = c.id and x.at <= as_at)
        where c.state in ('certified', 'moderated', 'locked') and c.certified_at <= as_at
    ), per_authority as (
        select w.organisation_id, w.rubric_version, w.dimension, max(w.waves) as waves,
            max(w.level) filter (where w.newest = 1) as now_level, max(w.level) filter (where w.oldest = 1) as first_level
        from wave w group by 1, 2, 3
    ), by_region as (
        select coalesce(public.organisation_fact_at(p.organisation_id, 'region', (as_at at time zone 'Europe/London')::date), 'Not known') as region, p.*
        from per_authority p
    )
    select b.region, b.dimension, b.rubric_version, count(*)::integer,
        count(*) filter (where now_level = 1)::integer, count(*) filter (where now_level = 2)::integer,
        count(*) filter (where now_level = 3)::integer, count(*) filter (where now_level = 4)::integer,
        case when count(*) filter (where waves > 1) >= least_count then count(*) filter (where waves > 1)::integer end,
        case when count(*) filter (where waves > 1) >= least_count then count(*) filter (where waves > 1 and now_level > first_level)::integer end,
        case when count(*) filter (where waves > 1) >= least_count then count(*) filter (where waves > 1 and now_level = first_level)::integer end,
        case when count(*) filter (where waves > 1) >= least_count then count(*) filter (where waves > 1 and now_level < first_level)::integer end
    from by_region b
    group by b.region, b.dimension, b.rubric_version
    having count(*) >= least_count
    order by b.region, b.dimension, b.rubric_version;
end
$$;

grant execute on function public.evidence_for(uuid), public.overdue_for(uuid), public.evidence_level_rank(text),
    public.setting_number(text, numeric), public.evidence_sufficient(text, text, boolean), public.practice_cases(uuid),
    public.current_rating(uuid), public.capacity_by_region(timestamptz), public.open_capacity_baseline(uuid),
    public.plan_follow_ups(uuid)
    to touchstone_app;
grant execute on function public.open_due_assessments(), public.remind_of_follow_ups(), public.remind_of_adoptions(),
    public.setting_number(text, numeric)
    to touchstone_worker;
