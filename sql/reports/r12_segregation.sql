-- View 12 of spec/reports.md: were duties kept apart?
--
-- One row for each pair of duties and month (London) in which something happened. Denominator: acts of either duty in that
-- month. Numerator: attempts that were refused because the same person had done the other. `violations` counts people who
-- have done both in one case, in the month of the later act: it must be 0. Excluded: refusals of the same kind that name no
-- pair, such as a second officer's rule, in a row of their own. All of it is rebuilt from rows that are only ever added to.
drop function if exists report.r12_segregation(timestamptz, uuid);
create function report.r12_segregation(as_at timestamptz default now(), in_programme uuid default null)
    returns table (month date, duty text, other text, numerator bigint, violations bigint, denominator bigint,
                   excluded bigint, why text)
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    with pair as (
        select c.duty, c.other, c.reach from workflow.duty_conflict c where c.duty < c.other
    ), in_scope as (
        select d.id, d.case_id, d.person_id, d.duty, d.object_version,
            date_trunc('month', d.at at time zone 'Europe/London')::date as month, d.at
        from workflow.duty_performed d
        where d.at <= as_at and (in_programme is null or d.case_id = in_programme or exists (
            select from public.bid b join public.round r on r.id = b.round_id
            where b.id = d.case_id and r.programme_id = in_programme))
    ), acts as (
        select s.month, p.duty, p.other, count(*) as acts
        from in_scope s join pair p on s.duty in (p.duty, p.other)
        group by s.month, p.duty, p.other
    ), broken as (
        select greatest(x.month, y.month) as month, p.duty, p.other, count(distinct (x.case_id, x.person_id)) as people
        from pair p
        join in_scope x on x.duty = p.duty
        join in_scope y on y.duty = p.other and y.case_id = x.case_id and y.person_id = x.person_id
            and (p.reach = 'case' or x.object_version = y.object_version)
        group by 1, 2, 3
    ), refused as (
        select date_trunc('month', e.at at time zone 'Europe/London')::date as month,
            least(split_part(e.detail ->> 'code', '_', 2), split_part(e.detail ->> 'code', '_', 3)) as duty,
            greatest(split_part(e.detail ->> 'code', '_', 2), split_part(e.detail ->> 'code', '_', 3)) as other,
            count(*) as attempts
        from audit.event e
        where e.at <= as_at and e.action in ('duty.denied', 'permission.denied')
            and e.detail ->> 'code' ~ '^(SOD_[A-Z]{1,2}_[A-Z]{1,2}|duties_separate)$'
            and (in_programme is null or e.object_id = in_programme or exists (
                select from public.bid b join public.round r on r.id = b.round_id
                where r.programme_id = in_programme and (b.id = e.object_id or exists (
                    select from public.approval a where a.id = e.object_id and a.bid_id = b.id))))
        group by 1, 2, 3
    )
    select coalesce(a.month, r.month, b.month), coalesce(a.duty, r.duty, b.duty), coalesce(a.other, r.other, b.other),
        coalesce(r.attempts, 0), coalesce(b.people, 0), coalesce(a.acts, 0), 0::bigint, ''::text
    from acts a
    full join (select * from refused f where exists (select from pair p where p.duty = f.duty and p.other = f.other)) r
        on (r.month, r.duty, r.other) = (a.month, a.duty, a.other)
    full join broken b on (b.month, b.duty, b.other) = (coalesce(a.month, r.month), coalesce(a.duty, r.duty), coalesce(a.other, r.other))
    union all
    select f.month, ''::text, ''::text, 0, 0, 0, sum(f.attempts)::bigint, 'Refused for separation, but the rule names no pair of duties'
    from refused f
    where not exists (select from pair p where p.duty = f.duty and p.other = f.other)
    group by f.month
    order by 1, 2, 3
$$;

grant execute on function report.r12_segregation(timestamptz, uuid) to touchstone_app, touchstone_worker, touchstone_reader;
