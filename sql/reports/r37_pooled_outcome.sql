-- View 37 of spec/reports.md: the outcome of all authorities together, and of those that use a practice beside the others.
--
-- By period. The counts of authorities are added up and divided once; the mean of their rates is another number and is never
-- shown. Numerator and denominator are those counts. Only authorities with both counts take part. Excluded: the others, which are
-- counted: a suppressed figure is neither nothing nor missing. Descriptive: groups that chose a practice differ in more than that.
drop function if exists report.r37_pooled_outcome(timestamptz, text, uuid);
create function report.r37_pooled_outcome(
        as_at timestamptz default now(), of_indicator text default null, of_practice uuid default null)
    returns table (period text, who text, counted numeric, out_of numeric, figure numeric, authorities bigint, left_out bigint,
                   numerator bigint, denominator bigint, excluded bigint, why text)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    with adopter as (
        select l.organisation_id
        from public.la_adoption l join report.states('la_adoption', as_at) s on s.object_id = l.id
        where l.practice_id = of_practice and s.state in ('adopted_pilot', 'adopted_full', 'sustained')
    ), cell as (
        select f.period, f.numerator, f.denominator, f.numerator is not null and f.denominator > 0 as whole,
            case when of_practice is null then 'All authorities'
                when exists (select from adopter a where a.organisation_id = f.organisation_id) then 'Uses the practice'
                else 'Does not use it' end as who
        from public.published_figure f
        where (select actor.role()) is not null and f.indicator_code = coalesce(of_indicator, 'REREF') and f.cohort = ''
            and f.geography = 'authority' and f.recorded_at <= as_at
    )
    select c.period, c.who, sum(c.numerator) filter (where c.whole), sum(c.denominator) filter (where c.whole),
        round(sum(c.numerator) filter (where c.whole) * max(v.scale) / nullif(sum(c.denominator) filter (where c.whole), 0), max(v.decimals)),
        count(*) filter (where c.whole), count(*) filter (where not c.whole),
        coalesce(sum(c.numerator) filter (where c.whole), 0)::bigint, coalesce(sum(c.denominator) filter (where c.whole), 0)::bigint,
        count(*) filter (where not c.whole),
        case when bool_or(not c.whole) then 'Authorities whose counts are suppressed or not available are left out of both counts.' else '' end
    from cell c
    join public.indicator_current v on v.indicator_code = coalesce(of_indicator, 'REREF')
    group by c.period, c.who
    order by c.period desc, c.who
$$;

grant execute on function report.r37_pooled_outcome(timestamptz, text, uuid) to touchstone_app, touchstone_worker;
