-- View 11 of spec/reports.md: were approvals within delegated limits, and was consent there where it was needed?
--
-- Denominator: approvals given until `as_at`. Numerator: those where every key that made them was turned with a delegation of
-- at least the whole-life sum and, if the spend is novel, contentious or repercussive, consent is dated on or before the
-- decision. Excluded: cases prepared until then that were refused or not yet decided. Rebuilt from the transition log and
-- from the keys, which are only ever added to. The financial year is that of the decision, in London.
drop function if exists report.r11_delegated_limits(timestamptz, uuid);
create function report.r11_delegated_limits(as_at timestamptz default now(), in_programme uuid default null)
    returns table (financial_year text, tier text, numerator bigint, denominator bigint, excluded bigint, why text,
                   amount numeric, outside text[])
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    with given as (
        select l.object_id as id, max(l.at) as at
        from workflow.log l
        where l.machine = 'approval' and l.event = 'approve' and l.at <= as_at
        group by l.object_id
    ), judged as (
        select a.id, a.reference, a.amount,
            public.financial_year((g.at at time zone 'Europe/London')::date) as financial_year,
            coalesce((array_agg(d.tier order by d.max_amount desc, d.id))[1], 'No key') as tier,
            coalesce(bool_and(d.max_amount >= k.whole_life), false)
                and (not (a.ncr_novel or a.ncr_contentious or a.ncr_repercussive)
                    or coalesce(a.consent_on <= (g.at at time zone 'Europe/London')::date, false)) as complies
        from given g
        join public.approval a on a.id = g.id
        left join public.approval_key k on k.approval_id = a.id and k.content_hash = a.content_hash and k.at <= as_at
        left join public.delegation d on d.id = k.delegation_id
        where in_programme is null or a.programme_id = in_programme
        group by a.id, a.reference, a.amount, a.ncr_novel, a.ncr_contentious, a.ncr_repercussive, a.consent_on, g.at
    ), left_out as (
        select public.financial_year((a.created_at at time zone 'Europe/London')::date) as financial_year, count(*) as cases
        from public.approval a
        where a.created_at <= as_at and (in_programme is null or a.programme_id = in_programme)
            and not exists (select from given g where g.id = a.id)
        group by 1
    )
    select j.financial_year, j.tier, count(*) filter (where j.complies), count(*), 0::bigint, ''::text,
        sum(j.amount), coalesce(array_agg(j.reference order by j.reference) filter (where not j.complies), '{}')
    from judged j
    group by j.financial_year, j.tier
    union all
    select o.financial_year, ''::text, 0, 0, o.cases, 'Refused, sent back or not yet decided at that moment', 0, '{}'
    from left_out o
    order by 1, 2
$$;

grant execute on function report.r11_delegated_limits(timestamptz, uuid) to touchstone_app, touchstone_worker, touchstone_reader;
