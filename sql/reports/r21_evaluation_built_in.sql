-- View 21 of spec/reports.md: was evaluation designed in from the start?
--
-- By round. Denominator: awards that were active by `as_at` and whose first data had been collected by then. Numerator: those
-- whose protocol was first approved before that day, in London. Excluded: awards that have not yet collected data.
drop function if exists report.r21_evaluation_built_in(timestamptz, uuid, uuid);
create function report.r21_evaluation_built_in(
        as_at timestamptz default now(), in_programme uuid default null, in_round uuid default null)
    returns table (round text, before_first_data bigint, past_first_data bigint, without_protocol bigint,
                   numerator bigint, denominator bigint, excluded bigint, why text)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    with judged as (
        select a.round_id, e.first_data_collection_actual <= (as_at at time zone 'Europe/London')::date as collected,
            (p.approved_at at time zone 'Europe/London')::date < e.first_data_collection_actual as before,
            p.approved_at is null as none
        from report.awards(as_at, in_programme, in_round) a
        left join public.evaluation e on e.award_id = a.award_id
        left join lateral (
            select min(v.approved_at) as approved_at
            from public.evaluation_plan l join public.evaluation_plan_version v on v.plan_id = l.id
            where l.evaluation_id = e.id and v.approved_at <= as_at) as p on true
        where (select report.sees_whole())
    )
    select r.title, count(*) filter (where j.collected and j.before), count(*) filter (where j.collected),
        count(*) filter (where j.collected and j.none),
        count(*) filter (where j.collected and j.before), count(*) filter (where j.collected),
        count(*) filter (where j.collected is not true),
        case when bool_or(j.collected is not true) then 'Awards that have not yet collected data from anybody are left out.' else '' end
    from judged j join public.round r on r.id = j.round_id
    group by r.id, r.title, r.reference
    order by r.reference
$$;

grant execute on function report.r21_evaluation_built_in(timestamptz, uuid, uuid) to touchstone_app, touchstone_worker;
