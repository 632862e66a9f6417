-- View 49 of spec/reports.md: did authorities become better at evaluating?
--
-- By dimension, for authorities that had an award and for the others. Denominator: authorities with two certified assessments by
-- the same version of the rubric. Numerator: those whose latest level is above their first. Excluded: authorities with one
-- assessment, or whose rubric changed in between. Groups of fewer than three authorities are not shown (setting
-- 'capacity_region_minimum'): somebody could be known.
drop function if exists report.r49_capacity_change(timestamptz);
create function report.r49_capacity_change(as_at timestamptz default now())
    returns table (dimension text, who text, improved bigint, fell bigint, with_two bigint,
                   numerator bigint, denominator bigint, excluded bigint, why text)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    with wave as (
        select a.organisation_id, a.rubric_version, l.dimension, l.level, l.at,
            row_number() over (partition by a.organisation_id, a.rubric_version, l.dimension order by l.at) as first_to_last,
            row_number() over (partition by a.organisation_id, a.rubric_version, l.dimension order by l.at desc) as last_to_first
        from public.capacity_assessment a
        join lateral (
            select c.dimension, c.level, c.at, rank() over (order by c.certification desc) as latest
            from public.capacity_level c where c.assessment_id = a.id and c.at <= as_at) as l on l.latest = 1
        where (select report.sees_whole())
    ), pair as (
        select f.organisation_id, f.rubric_version, f.dimension, f.level as before, t.level as after, f.at < t.at as two,
            case when exists (select from public.award w where w.organisation_id = f.organisation_id and w.activated_at <= as_at)
                then 'Had an award' else 'Never had an award' end as who
        from wave f
        join wave t on t.organisation_id = f.organisation_id and t.rubric_version = f.rubric_version and t.dimension = f.dimension
            and t.last_to_first = 1
        where f.first_to_last = 1
            and f.rubric_version = (select max(x.rubric_version) from wave x where x.organisation_id = f.organisation_id)
    ), minimum as (
        select s.value::integer as n from public.setting s where s.code = 'capacity_region_minimum'
    )
    select case when count(*) filter (where p.two) >= m.n then r.title end, p.who,
        count(*) filter (where p.two and p.after > p.before), count(*) filter (where p.two and p.after < p.before),
        count(*) filter (where p.two),
        case when count(*) filter (where p.two) >= m.n then count(*) filter (where p.two and p.after > p.before) else 0 end,
        case when count(*) filter (where p.two) >= m.n then count(*) filter (where p.two) else 0 end,
        case when count(*) filter (where p.two) >= m.n then count(*) filter (where not p.two) else count(*) end,
        case when count(*) filter (where p.two) < m.n then format('Groups of fewer than %s authorities with two assessments are not shown.', m.n)
            when bool_or(not p.two) then 'Authorities with one assessment are left out.' else '' end
    from pair p
    join public.capacity_rubric r on r.version = p.rubric_version and r.dimension = p.dimension
    cross join minimum m
    group by p.dimension, r.title, r.position, p.who, m.n
    order by r.position, p.who
$$;

grant execute on function report.r49_capacity_change(timestamptz) to touchstone_app, touchstone_worker;
