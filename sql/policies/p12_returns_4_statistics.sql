-- Published statistics: a file that was copied into staging is checked as a set and becomes figures, or nothing of it does.
-- Run by the operator (`touchstone statistics load`).

-- The figures of a staged file, with their areas. Authorities match on the DfE code: GSS codes move between files.
create or replace function public.staged_figures(load uuid)
    returns table (line integer, series text, format text, indicator_code text, cohort text, period text, geography text, area_code text,
        organisation_id uuid, unknown boolean, gss_code text, dfe_code text, area_name text, numerator_text text, denominator_text text, value_text text)
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    with areas as (
        select distinct s.geography, s.dfe_code, s.gss_code from public.statistic_staging s where s.load_id = staged_figures.load
    ), members as (
        -- One part for an authority, several where authorities publish together, by DfE code or, without one, by GSS code.
        select a.geography, a.dfe_code, a.gss_code, p.position, o.id, o.dfe_code as code
        from areas a
        cross join lateral regexp_split_to_table(case when a.dfe_code <> '' then a.dfe_code else a.gss_code end, '\s*[/+]\s*')
            with ordinality as p (code, position)
        left join lateral (
            select o.id, o.dfe_code from public.organisation o
            where o.kind = 'local_authority' and a.dfe_code <> '' and o.dfe_code = p.code
            union all
            (select o.id, o.dfe_code from public.organisation o
            join public.organisation_fact f on f.organisation_id = o.id and f.fact = 'gss_code' and f.value = p.code
            where a.dfe_code = '' order by f.valid_from desc limit 1)) as o on true
        where a.geography = 'authority'
    ), known as (
        select m.geography, m.dfe_code, m.gss_code, count(*) as parts, bool_or(m.id is null) as unknown,
            string_agg(coalesce(m.code, '?'), '+' order by m.code) as area_code, (array_agg(m.id))[1] as id
        from members m group by 1, 2, 3
    )
    select s.line, s.series, x.format, x.indicator_code, x.cohort, s.period,
        case when s.geography = 'authority' and k.parts > 1 then 'joint' else s.geography end,
        case s.geography when 'authority' then k.area_code else s.gss_code end,
        case when s.geography = 'authority' and k.parts = 1 then k.id end,
        coalesce(k.unknown, false), s.gss_code, s.dfe_code, s.area_name, s.numerator_text,
        case when x.denominator_filters = '{}' then s.denominator_text else coalesce(d.denominator_text, '') end, s.value_text
    from public.statistic_staging s
    join public.statistic_series x on x.code = s.series
    left join known k on k.geography = s.geography and k.dfe_code = s.dfe_code and k.gss_code = s.gss_code
    left join public.statistic_staging d on d.load_id = s.load_id and d.series = s.series and d.part = 'denominator'
        and d.period = s.period and d.geography = s.geography and d.dfe_code = s.dfe_code and d.gss_code = s.gss_code
    where s.load_id = staged_figures.load and s.part = 'figure'
$$;

-- Checks the staged file, compares it with what is on record, writes what differs unless this is a dry run, and reports. A file
-- with one bad line writes nothing. The same file again writes nothing, not even that it was loaded.
create or replace function public.accept_statistics(
    load uuid, file text, file_format text, sha256 bytea, rows_read integer, dry_run boolean) returns jsonb
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    set jit = off
as $$
declare
    number constant text := '^-?\d{1,15}(\.\d{1,20})?$';
    problems jsonb;
    problem_count integer;
    report jsonb;
begin
    -- One load at a time.
    perform pg_advisory_xact_lock(hashtextextended('statistics', 14));
    analyze public.statistic_staging;
    create temp table staged on commit drop as
    select f.*, case when f.numerator_text ~ number then 'value' when f.numerator_text = '' then 'none' else n.status end as numerator_status,
        case when f.denominator_text ~ number then 'value' when f.denominator_text = '' then 'none' else d.status end as denominator_status,
        case when f.value_text ~ number then 'value' when f.value_text = '' then 'none' else v.status end as value_status,
        row_number() over (
            partition by f.indicator_code, f.cohort, f.period, f.area_code order by f.line) as nth,
        first_value(f.line) over (
            partition by f.indicator_code, f.cohort, f.period, f.area_code order by f.line) as first_line
    from public.staged_figures(load) f
    left join public.statistic_letter n on n.letter = f.numerator_text
    left join public.statistic_letter d on d.letter = f.denominator_text
    left join public.statistic_letter v on v.letter = f.value_text;
    analyze pg_temp.staged;

    select count(*), jsonb_agg(to_jsonb(p) order by p.line, p."column") filter (where p.nth <= 100) into problem_count, problems
    from (
        select p.*, row_number() over (order by p.line, p."column") as nth from (
            select s.line, c.name as "column",
                'Line ' || s.line || ', column ' || c.name || ': "' || left(c.text, 40) || '" is neither a number nor a letter that is known here, such as c or x.' as sentence
            from pg_temp.staged s
            join public.statistic_series x on x.code = s.series
            cross join lateral (values (x.numerator_column, s.numerator_text, s.numerator_status),
                (x.denominator_column, s.denominator_text, s.denominator_status),
                (x.value_column, s.value_text, s.value_status)) as c (name, text, status)
            where c.status is null
            union
            select s.line, 'time_period', 'Line ' || s.line || ': "' || left(s.period, 20) || '" is not a year such as 2025.'
            from pg_temp.staged s where s.period !~ '^\d{4}$'
            union
            select s.line, 'geographic_level', 'Line ' || s.line || ': "' || left(s.geography, 40) || '" is not a level of geography that is known here.'
            from pg_temp.staged s where s.geography not in ('authority', 'joint', 'region', 'country')
            union
            select s.line, x.indicator_code, 'Line ' || s.line || ' gives ' || x.indicator_code || ' of ' || s.area_name || ' for '
                || s.period || ' again; line ' || s.first_line || ' gave it first.'
            from pg_temp.staged s join public.statistic_series x on x.code = s.series
            where s.nth > 1 and not s.unknown and (s.numerator_text, s.denominator_text, s.value_text) is distinct from (
                select (t.numerator_text, t.denominator_text, t.value_text) from pg_temp.staged t
                where t.line = s.first_line and t.series = s.series)
        ) as p
    ) as p;
    if problem_count > 0 then
        delete from public.statistic_staging g where g.load_id = load;
        drop table pg_temp.staged;
        return jsonb_build_object('accepted', false, 'problems', problems, 'problem_count', problem_count);
    end if;

    create temp table figure on commit drop as
    select s.*, c.id as there, c.id is not null and (c.numerator_text, c.denominator_text, c.value_text)
            is not distinct from (s.numerator_text, s.denominator_text, s.value_text) as same,
        c.numerator_text as was_numerator, c.denominator_text as was_denominator, c.value_text as was_value,
        case when x.value_column <> '' and s.value_status <> 'none' then s.value_status
            when x.numerator_column <> '' and s.numerator_status <> 'none' then s.numerator_status else 'not_available' end as status
    from pg_temp.staged s
    join public.statistic_series x on x.code = s.series
    left join public.statistic_current c on c.area_code = s.area_code and c.indicator_code = s.indicator_code
        and c.cohort = s.cohort and c.period = s.period and c.format = file_format
    where s.nth = 1 and not s.unknown;

    select jsonb_build_object(
        'accepted', true, 'format', file_format, 'rows', rows_read, 'figures', count(*),
        'added', count(*) filter (where f.there is null),
        'changed', count(*) filter (where f.there is not null and not f.same),
        'unchanged', count(*) filter (where f.same),
        'suppressed', count(*) filter (where f.status <> 'value'),
        'letters', (select coalesce(jsonb_object_agg(z.letter, z.n), '{}') from (
            select l.letter, count(*) as n from pg_temp.figure g join public.statistic_letter l on l.status = g.status group by 1) as z),
        'unmatched', (select count(*) from pg_temp.staged s where s.unknown),
        'unmatched_areas', (select coalesce(jsonb_agg(distinct jsonb_build_object('dfe_code', s.dfe_code, 'gss_code', s.gss_code, 'name', s.area_name)), '[]')
            from pg_temp.staged s where s.unknown),
        'joint_areas', (select coalesce(jsonb_agg(distinct s.area_code), '[]') from pg_temp.figure s where s.geography = 'joint'),
        'ended_areas', (select coalesce(jsonb_agg(distinct jsonb_build_object('dfe_code', o.dfe_code, 'name', o.name, 'ended', o.active_to)), '[]')
            from pg_temp.figure s join public.organisation o on o.id = s.organisation_id and o.active_to is not null),
        'gss_changes', (select coalesce(jsonb_agg(to_jsonb(g) order by g.dfe_code, g.in_file), '[]') from (
            select o.dfe_code, o.name, s.gss_code as in_file, public.organisation_fact_at(o.id, 'gss_code', public.london_today()) as on_record
            from (select distinct f.organisation_id, f.gss_code from pg_temp.figure f where f.organisation_id is not null and f.gss_code <> '') s
            join public.organisation o on o.id = s.organisation_id
            where o.active_to is null and s.gss_code is distinct from public.organisation_fact_at(o.id, 'gss_code', public.london_today())) as g),
        'changes', (select coalesce(jsonb_agg(to_jsonb(g)), '[]') from (
            select h.indicator_code, h.cohort, h.period, h.area_code, h.area_name,
                concat_ws(' / ', nullif(h.was_numerator, ''), nullif(h.was_denominator, ''), nullif(h.was_value, '')) as before,
                concat_ws(' / ', nullif(h.numerator_text, ''), nullif(h.denominator_text, ''), nullif(h.value_text, '')) as after, h.line
            from pg_temp.figure h where h.there is not null and not h.same
            order by h.indicator_code, h.period, h.area_code limit 200) as g),
        'dry_run', dry_run)
    into report from pg_temp.figure f;

    if not dry_run and (report ->> 'added')::integer + (report ->> 'changed')::integer > 0 then
        insert into public.statistics_load (id, file, format, sha256, rows_read, figures, added, changed, unchanged, suppressed, unmatched, diff)
        values (load, file, file_format, accept_statistics.sha256, rows_read, (report ->> 'figures')::integer, (report ->> 'added')::integer,
            (report ->> 'changed')::integer, (report ->> 'unchanged')::integer, (report ->> 'suppressed')::integer,
            (report ->> 'unmatched')::integer, report - 'accepted');
        insert into public.statistic (load_id, format, indicator_code, cohort, period, geography, area_code, organisation_id, gss_code, area_name,
            numerator, denominator, value, numerator_text, denominator_text, value_text, status, line)
        select load, file_format, f.indicator_code, f.cohort, f.period, f.geography, f.area_code, f.organisation_id, f.gss_code, f.area_name,
            case when f.numerator_status = 'value' then f.numerator_text::numeric end,
            case when f.denominator_status = 'value' then f.denominator_text::numeric end,
            case when f.value_status = 'value' then f.value_text::numeric end,
            f.numerator_text, f.denominator_text, f.value_text, f.status, f.line
        from pg_temp.figure f where not f.same
        order by f.indicator_code, f.cohort, f.period, f.area_code;
    end if;
    delete from public.statistic_staging g where g.load_id = load;
    drop table pg_temp.staged, pg_temp.figure;
    return report;
end
$$;

-- What was known at a moment: of each figure the latest row until then.
create or replace function public.statistic_as_at(at timestamptz) returns setof public.statistic
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select distinct on (s.area_code, s.indicator_code, s.cohort, s.period, s.format) s.*
    from public.statistic s where s.recorded_at <= statistic_as_at.at
    order by s.area_code, s.indicator_code, s.cohort, s.period, s.format, s.id desc
$$;

-- All authorities together: their counts added up, never the mean of their rates. Those without both counts are left out, and counted.
create or replace function public.pooled_figure(indicator text, of_period text, of_cohort text default '')
    returns table (numerator numeric, denominator numeric, figure numeric, authorities bigint, excluded bigint, mean_of_authorities numeric)
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select sum(f.numerator) filter (where w.whole), sum(f.denominator) filter (where w.whole),
        round(sum(f.numerator) filter (where w.whole) * max(v.scale) / nullif(sum(f.denominator) filter (where w.whole), 0), max(v.decimals)),
        count(*) filter (where w.whole), count(*) filter (where not w.whole), round(avg(f.figure), max(v.decimals))
    from public.published_figure f
    join public.indicator_current v on v.indicator_code = f.indicator_code
    cross join lateral (select f.numerator is not null and coalesce(f.denominator, 0) > 0 as whole) as w
    where f.indicator_code = pooled_figure.indicator and f.period = of_period and f.cohort = of_cohort and f.geography = 'authority'
$$;

-- How authorities differ, for the plausible band of a return: their newest period with figures.
create or replace function public.national_spread(indicator text, of_cohort text default '')
    returns table (period text, authorities bigint, mean numeric, deviation numeric)
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select f.period, count(*), round(avg(f.figure), 4), round(stddev_samp(f.figure), 4)
    from public.published_figure f
    where f.indicator_code = national_spread.indicator and f.cohort = of_cohort and f.geography = 'authority' and f.figure is not null
    group by f.period having count(*) >= 20
    order by f.period desc limit 1
$$;

grant execute on function public.statistic_as_at(timestamptz), public.pooled_figure(text, text, text), public.national_spread(text, text)
    to touchstone_app, touchstone_reader;
revoke execute on function public.staged_figures(uuid), public.accept_statistics(uuid, text, text, bytea, integer, boolean)
    from public, touchstone_app, touchstone_worker, touchstone_reader;
