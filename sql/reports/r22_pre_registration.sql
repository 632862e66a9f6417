-- View 22 of spec/reports.md: were evaluations registered before they collected data?
--
-- By stage and design of the approved protocol. Denominator: evaluations that had begun to collect data by `as_at`. Numerator:
-- those registered on an earlier day than their first data collection, as recorded by then. A later registration is
-- retrospective: shown apart, never counted. Excluded: evaluations that have not begun.
drop function if exists report.r22_pre_registration(timestamptz, uuid, uuid);
create function report.r22_pre_registration(
        as_at timestamptz default now(), in_programme uuid default null, in_round uuid default null)
    returns table (stage text, design text, pre_registered bigint, retrospective bigint, unregistered bigint, started bigint,
                   titles text, numerator bigint, denominator bigint, excluded bigint, why text)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    with judged as (
        select e.title, coalesce(v.content -> 'overview' ->> 'stage', '') as stage, coalesce(d.title, '') as design,
            coalesce(e.first_data_collection_actual <= (as_at at time zone 'Europe/London')::date, false) as started,
            g.registered_on < e.first_data_collection_actual as pre, g.registered_on is not null as registered
        from report.awards(as_at, in_programme, in_round) a
        join public.evaluation e on e.award_id = a.award_id
        left join public.evaluation_plan l on l.evaluation_id = e.id
        left join lateral (
            select x.content from public.evaluation_plan_version x
            where x.plan_id = l.id and x.approved_at <= as_at order by x.number desc limit 1) as v on true
        left join public.evaluation_design d on d.code = v.content -> 'design' ->> 'design'
        left join lateral (
            select min(x.registered_on) as registered_on from public.evaluation_registration x
            where x.plan_id = l.id and x.at <= as_at) as g on true
        where (select report.sees_whole())
    )
    select case when j.stage = '' then 'No approved protocol' else initcap(replace(j.stage, '_', ' ')) end,
        j.design, count(*) filter (where j.pre), count(*) filter (where j.registered and not j.pre),
        count(*) filter (where not j.registered), count(*),
        string_agg(j.title, '; ' order by j.title) filter (where j.pre is not true),
        count(*) filter (where j.pre), count(*), 0::bigint, ''::text
    from judged j where j.started
    group by j.stage, j.design
    union all
    select null, null, null, null, null, null, null, 0, 0, count(*), 'Evaluations that have not begun to collect data are left out.'
    from judged j where not j.started having count(*) > 0
    order by 1, 2
$$;

grant execute on function report.r22_pre_registration(timestamptz, uuid, uuid) to touchstone_app, touchstone_worker;
