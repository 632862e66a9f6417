-- View 29 of spec/reports.md: are reports published in time, whatever they say?
--
-- By direction of result. Denominator: reports signed off at least as many days before `as_at` as the rule allows (setting
-- 'publication_days'). Numerator: those first published within that time. Excluded: reports whose time is not yet up. The titles
-- of what is overdue are named. The last note compares null with positive results by chi-squared with one degree of freedom,
-- where every expected count is at least 5.
drop function if exists report.r29_publication(timestamptz, uuid, uuid);
create function report.r29_publication(
        as_at timestamptz default now(), in_programme uuid default null, in_round uuid default null)
    returns table (direction text, in_time bigint, late bigint, unpublished bigint, due bigint, overdue text,
                   numerator bigint, denominator bigint, excluded bigint, why text)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    with allowed as (
        select s.value::integer as days from public.setting s where s.code = 'publication_days'
    ), judged as (
        select r.title, coalesce(r.direction, 'uninformative') as direction,
            (so.at at time zone 'Europe/London')::date + w.days as due_on,
            (p.at at time zone 'Europe/London')::date as published_on
        from public.evaluation_report r
        cross join allowed w
        join lateral (
            select min(l.at) as at from workflow.log l
            where l.machine = 'evaluation_report' and l.object_id = r.id and l.event = 'sign_off' and l.at <= as_at) as so on so.at is not null
        left join lateral (
            select min(l.at) as at from workflow.log l
            where l.machine = 'evaluation_report' and l.object_id = r.id and l.event = 'publish' and l.at <= as_at) as p on true
        where (select report.sees_whole())
            and exists (select from public.award a where a.id = r.award_id
                and (in_programme is null or a.programme_id = in_programme) and (in_round is null or a.round_id = in_round))
    ), due as (
        select j.*, j.published_on <= j.due_on as in_time from judged j
        where j.due_on <= (as_at at time zone 'Europe/London')::date
    ), two_by_two as (
        select count(*) filter (where d.direction = 'null' and d.in_time) as a,
            count(*) filter (where d.direction = 'null' and d.in_time is not true) as b,
            count(*) filter (where d.direction = 'positive' and d.in_time) as c,
            count(*) filter (where d.direction = 'positive' and d.in_time is not true) as e,
            count(*)::numeric as n
        from due d where d.direction in ('null', 'positive')
    ), compared as (
        select case when t.n = 0 then ''
            when least((t.a + t.b) * (t.a + t.c), (t.a + t.b) * (t.b + t.e), (t.c + t.e) * (t.a + t.c), (t.c + t.e) * (t.b + t.e)) < 5 * t.n
                then format('Null results in time: %s of %s; positive: %s of %s. Too few to test whether they differ.', t.a, t.a + t.b, t.c, t.c + t.e)
            else format('Null results in time: %s of %s; positive: %s of %s. Chi-squared %s with 1 degree of freedom (3.84 would be a difference at the 5%% level).',
                t.a, t.a + t.b, t.c, t.c + t.e,
                round(t.n * power((t.a * t.e - t.b * t.c)::numeric, 2) / ((t.a + t.b) * (t.c + t.e) * (t.a + t.c) * (t.b + t.e)), 2)) end as note
        from two_by_two t
    )
    select d.direction, count(*) filter (where d.in_time), count(*) filter (where not d.in_time),
        count(*) filter (where d.published_on is null), count(*),
        coalesce(string_agg(d.title, '; ' order by d.title) filter (where d.published_on is null), ''),
        count(*) filter (where d.in_time), count(*), 0::bigint, max(c.note)
    from due d cross join compared c
    group by d.direction
    union all
    select null, null, null, null, null, null, 0, 0, count(*), 'Reports whose time to publish is not yet up are left out.'
    from judged j where j.due_on > (as_at at time zone 'Europe/London')::date having count(*) > 0
    order by 1
$$;

grant execute on function report.r29_publication(timestamptz, uuid, uuid) to touchstone_app, touchstone_worker;
