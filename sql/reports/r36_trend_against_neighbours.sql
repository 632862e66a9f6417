-- View 36 of spec/reports.md: how did a published outcome move, beside the authority's statistical neighbours?
--
-- By authority, in the order of the alphabet. The change of its published figure between two periods, less the mean change of
-- those of its ten statistical neighbours (newest model) whose figures are published in both. Shown with at least seven such
-- neighbours. Descriptive: it says what moved, not why. Numerator: authorities shown. Denominator: authorities asked about.
-- Excluded: those without a figure in both periods, or with too few neighbours. Counts what was on record at `as_at`.
drop function if exists report.r36_trend_against_neighbours(timestamptz, text, text, text, uuid, uuid);
create function report.r36_trend_against_neighbours(
        as_at timestamptz default now(), of_indicator text default null, from_period text default null, to_period text default null,
        of_practice uuid default null, of_organisation uuid default null)
    returns table (organisation text, organisation_id uuid, before numeric, after numeric, change numeric, neighbours_change numeric,
                   neighbours integer, difference numeric, numerator bigint, denominator bigint, excluded bigint, why text)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    with figure as (
        select f.organisation_id, f.period, f.figure
        from public.published_figure f
        where f.indicator_code = coalesce(of_indicator, 'CLA_R') and f.cohort = '' and f.geography = 'authority' and f.figure is not null
            and f.period in (from_period, to_period) and f.recorded_at <= as_at
    ), moved as (
        select a.organisation_id, a.figure as before, b.figure as after, b.figure - a.figure as change
        from figure a join figure b on b.organisation_id = a.organisation_id and b.period = to_period
        where a.period = from_period
    ), asked as (
        select o.id, o.name
        from public.organisation o
        where o.kind = 'local_authority' and (select actor.role()) is not null
            and (o.active_to is null or o.active_to >= (as_at at time zone 'Europe/London')::date)
            and (of_organisation is null or o.id = of_organisation)
            and (of_practice is null or exists (
                select from public.la_adoption l join report.states('la_adoption', as_at) s on s.object_id = l.id
                where l.practice_id = of_practice and l.organisation_id = o.id
                    and s.state in ('adopted_pilot', 'adopted_full', 'sustained')))
    ), beside as (
        select a.id, a.name, m.before, m.after, m.change, n.change as neighbours_change, n.neighbours
        from asked a
        left join moved m on m.organisation_id = a.id
        left join lateral (
            select avg(x.change) as change, count(*)::integer as neighbours
            from public.organisation_neighbour k
            join moved x on x.organisation_id = k.neighbour_id
            where k.organisation_id = a.id
                and k.model_year = (select max(y.model_year) from public.organisation_neighbour y where y.organisation_id = a.id)) as n on true
    )
    select b.name, b.id, b.before, b.after, b.change, round(b.neighbours_change, 2), b.neighbours,
        round(b.change - b.neighbours_change, 2), 1::bigint, 1::bigint, 0::bigint, ''::text
    from beside b where b.change is not null and b.neighbours >= 7
    union all
    select null, null, null, null, null, null, null, null, 0, count(*), count(*),
        'Authorities without a published figure in both periods, or with fewer than seven neighbours that have one, are left out.'
    from beside b where b.change is null or b.neighbours < 7 having count(*) > 0
    order by 1
$$;

grant execute on function report.r36_trend_against_neighbours(timestamptz, text, text, text, uuid, uuid) to touchstone_app, touchstone_worker;
