-- View 19 of spec/reports.md: how complete are the outcome data?
--
-- By indicator. Denominator: cells that accepted returns had to fill, as accepted at `as_at`. Numerator: those with a value.
-- A cell without one carries a reason; 'not applicable' was not required and is excluded.
drop function if exists report.r19_data_completeness(timestamptz, uuid, uuid);
create function report.r19_data_completeness(
        as_at timestamptz default now(), in_programme uuid default null, in_round uuid default null)
    returns table (indicator_code text, indicator text, with_value bigint, required bigint, provisional bigint, reasons text,
                   numerator bigint, denominator bigint, excluded bigint, why text)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    with cell as (
        select v.indicator_code, v.missing_reason, v.status
        from public.return_values_as_at(as_at) v
        where (select report.sees_whole())
            and (in_programme is null or v.programme_id = in_programme) and (in_round is null or v.round_id = in_round)
    ), reason as (
        select c.indicator_code, string_agg(replace(c.missing_reason, '_', ' ') || ' ' || c.cells, ', ' order by c.cells desc, c.missing_reason) as reasons
        from (select indicator_code, missing_reason, count(*) as cells from cell
              where missing_reason is not null group by 1, 2) as c
        group by c.indicator_code
    )
    select c.indicator_code, i.name, count(*) filter (where c.missing_reason is null),
        count(*) filter (where c.missing_reason is distinct from 'not_applicable'),
        count(*) filter (where c.missing_reason is null and c.status = 'provisional'), coalesce(max(r.reasons), ''),
        count(*) filter (where c.missing_reason is null), count(*) filter (where c.missing_reason is distinct from 'not_applicable'),
        count(*) filter (where c.missing_reason = 'not_applicable'),
        case when bool_or(c.missing_reason = 'not_applicable') then 'Cells that do not apply to a project are left out.' else '' end
    from cell c
    join public.indicator i on i.code = c.indicator_code
    left join reason r on r.indicator_code = c.indicator_code
    group by c.indicator_code, i.name
    order by i.name
$$;

grant execute on function report.r19_data_completeness(timestamptz, uuid, uuid) to touchstone_app, touchstone_worker;
