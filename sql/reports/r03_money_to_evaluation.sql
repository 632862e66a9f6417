-- View 3 of spec/reports.md: how much of what was paid went to evaluation.
--
-- By award. Numerator: allowed claim lines of the category 'evaluation' in claims that were paid and not reversed. Denominator:
-- everything paid on the award, net of reversals. Both in pence, from ledger and claim. Excluded: awards on which nothing was
-- paid yet. The evaluation budget of the agreement stands beside it.
drop function if exists report.r03_money_to_evaluation(timestamptz, uuid, uuid);
create function report.r03_money_to_evaluation(
        as_at timestamptz default now(), in_programme uuid default null, in_round uuid default null)
    returns table (reference text, award_id uuid, title text, organisation text, agreed numeric, evaluation numeric, paid numeric,
                   numerator bigint, denominator bigint, excluded bigint, why text)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    with in_scope as (
        select a.*, w.evaluation_budget from report.awards(as_at, in_programme, in_round) a
        join public.award w on w.id = a.award_id
        where (select report.sees_whole())
    ), paid as (
        select e.award_id, sum(e.debit - e.credit) as amount
        from public.ledger_entry e where e.account = 'paid' and e.at <= as_at group by e.award_id
    ), evaluation as (
        select l.award_id, sum(l.amount - coalesce(l.disallowed, 0)) as amount
        from public.claim_line l
        where l.category = 'evaluation'
            and (select sum(e.debit - e.credit) from public.ledger_entry e
                 where e.claim_id = l.claim_id and e.account = 'paid' and e.at <= as_at) > 0
        group by l.award_id
    ), judged as (
        select s.*, coalesce(p.amount, 0) as paid, coalesce(v.amount, 0) as evaluation
        from in_scope s
        left join paid p on p.award_id = s.award_id
        left join evaluation v on v.award_id = s.award_id
    )
    select j.reference, j.award_id, j.title, o.name, coalesce(j.evaluation_budget, 0), j.evaluation, j.paid,
        (j.evaluation * 100)::bigint, (j.paid * 100)::bigint, 0::bigint, ''::text
    from judged j join public.organisation o on o.id = j.organisation_id
    where j.paid > 0
    union all
    select null, null, null, null, null, null, null, 0, 0, count(*), 'Awards on which nothing has been paid are left out.'
    from judged j where j.paid <= 0 having count(*) > 0
    order by 4, 1
$$;

grant execute on function report.r03_money_to_evaluation(timestamptz, uuid, uuid) to touchstone_app, touchstone_worker;
