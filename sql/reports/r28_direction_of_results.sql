-- View 28 of spec/reports.md: what did the evaluations find?
--
-- One line for each direction, 'not reported' among them. Denominator: completed projects, all of them, whether they reported or
-- not. A second share goes by the projects that reported, because both are quoted and they are not the same. The direction is
-- that of the latest final report that was public at `as_at`, computed from the interval of the primary outcome.
drop function if exists report.r28_direction_of_results(timestamptz, uuid, uuid);
create function report.r28_direction_of_results(
        as_at timestamptz default now(), in_programme uuid default null, in_round uuid default null)
    returns table (direction text, projects bigint, completed bigint, reporting bigint, titles text,
                   numerator bigint, denominator bigint, excluded bigint, why text)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    with judged as (
        select a.title, a.is_complete, coalesce(p.direction, 'not_reported') as direction
        from report.awards(as_at, in_programme, in_round) a
        left join lateral (
            select x.direction from report.public_reports(as_at) x
            where x.bid_id = a.bid_id and x.kind = 'final' order by x.published_at desc limit 1) as p on true
        where (select report.sees_whole())
    ), whole as (
        select count(*) filter (where j.is_complete) as completed,
            count(*) filter (where j.is_complete and j.direction <> 'not_reported') as reporting,
            count(*) filter (where not j.is_complete) as running
        from judged j
    )
    select d.direction, count(j.title), w.completed, case when d.direction <> 'not_reported' then w.reporting end,
        coalesce(string_agg(j.title, '; ' order by j.title), ''),
        case when d.direction <> 'not_reported' then count(j.title) else 0 end,
        case when d.position = 1 then w.completed else 0 end, case when d.position = 1 then w.running else 0 end,
        case when w.running > 0 then 'Projects that are still running, or were ended early, are left out.' else '' end
    from (values ('positive', 1), ('null', 2), ('negative', 3), ('mixed', 4), ('uninformative', 5), ('not_reported', 6)) as d (direction, position)
    cross join whole w
    left join judged j on j.is_complete and j.direction = d.direction
    where w.completed + w.running > 0
    group by d.direction, d.position, w.completed, w.reporting, w.running
    order by d.position
$$;

grant execute on function report.r28_direction_of_results(timestamptz, uuid, uuid) to touchstone_app, touchstone_worker;
