-- View 55 of spec/reports.md: my authority. Deadlines, money, returns, evaluation, and outcomes beside neighbours and England.
--
-- Runs as the reader and names their own authority: nobody sees another's. Numerator: things that are done; denominator: things
-- that are due. Each line leads to the thing itself.
drop function if exists report.r55_my_authority(timestamptz);
create function report.r55_my_authority(as_at timestamptz default now())
    returns table (area text, item text, path text, stands text, due_on date, amount numeric,
                   numerator bigint, denominator bigint, excluded bigint, why text)
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    with own as (select (select actor.authority()) as id)
    select 'Money'::text, a.title, '/awards/' || a.id, replace(a.state, '_', ' '), a.accept_by,
        public.award_paid(a.id, as_at), 0::bigint, 0::bigint, 0::bigint, ''::text
    from public.award a, own where a.organisation_id = own.id and a.state not in ('drafting', 'quality_checked')
    union all
    select 'Claims', c.reference, '/claims/' || c.id, replace(c.state, '_', ' '), c.query_by, c.amount,
        case when c.state = 'paid' then 1 else 0 end, 1, 0, ''
    from public.claim c, own where c.organisation_id = own.id and c.created_at <= as_at
    union all
    select 'Returns', r.reference, '/returns/' || r.id, replace(r.state, '_', ' '), r.due_on, null,
        case when r.submitted_at <= as_at then 1 else 0 end, 1, 0, ''
    from public.monitoring_return r, own
    where r.organisation_id = own.id and r.due_on <= (as_at at time zone 'Europe/London')::date + 90 and r.state <> 'waived'
    union all
    select 'Evaluation', p.reference, '/evaluation-plans/' || p.id, replace(p.state, '_', ' '), p.comment_due_on, null, 0, 0, 0, ''
    from public.evaluation_plan p, own where p.organisation_id = own.id
    union all
    select 'Evaluation', e.title, '/evaluation-reports/' || e.id, replace(e.state, '_', ' '), e.fact_check_due_on, null, 0, 0, 0, ''
    from public.evaluation_report e, own where e.organisation_id = own.id
    union all
    select 'Capacity', c.reference, '/capacity-assessments/' || c.id, replace(c.state, '_', ' '), c.due_on, null, 0, 0, 0, ''
    from public.capacity_assessment c, own where c.organisation_id = own.id
    union all
    select 'Follow-up', f.reference, '/follow-ups/' || f.id, replace(f.state, '_', ' '), f.due_on, null,
        case when f.answered_at <= as_at then 1 else 0 end, case when f.opens_on <= (as_at at time zone 'Europe/London')::date then 1 else 0 end, 0, ''
    from public.follow_up f, own where f.organisation_id = own.id
    union all
    select 'Outcomes', i.name || ', ' || t.period, '/indicators/' || i.code,
        format('%s; neighbours %s; England %s', coalesce(t.figure::text, t.status), coalesce(n.mean::text, 'not shown'), coalesce(e.figure::text, 'not shown')),
        null, null, 0, 0, 0, 'Neighbours: the mean of the statistical neighbours that have a figure. England: all authorities pooled, as published. Descriptive.'
    from own
    join lateral (
        select distinct on (f.indicator_code) f.indicator_code, f.period, f.figure, f.status
        from public.published_figure f
        where f.organisation_id = own.id and f.cohort = '' and f.recorded_at <= as_at
            and exists (select from public.award a where a.organisation_id = own.id and f.indicator_code = any (a.indicators))
        order by f.indicator_code, f.period desc) as t on true
    join public.indicator i on i.code = t.indicator_code
    left join lateral (
        select round(avg(f.figure), 1) as mean from public.organisation_neighbour k
        join public.published_figure f on f.organisation_id = k.neighbour_id and f.indicator_code = t.indicator_code
            and f.cohort = '' and f.period = t.period
        where k.organisation_id = own.id
            and k.model_year = (select max(y.model_year) from public.organisation_neighbour y where y.organisation_id = own.id)) as n on true
    left join lateral (
        select f.figure from public.published_figure f
        where f.geography = 'country' and f.indicator_code = t.indicator_code and f.cohort = '' and f.period = t.period limit 1) as e on true
    order by 1, 5 nulls last, 2
$$;

grant execute on function report.r55_my_authority(timestamptz) to touchstone_app, touchstone_worker;
