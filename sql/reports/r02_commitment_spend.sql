-- View 2 of spec/reports.md: what was promised and what was paid, against the budget.
--
-- By programme, financial year and kind of money. Numerator: paid, net of what was reversed. Denominator: the budget of
-- programmes that were approved by then. Both in pence, from the ledger and never from forms. Excluded: nothing; money that is
-- being recovered stands in a column of its own.
drop function if exists report.r02_commitment_spend(timestamptz, uuid);
create function report.r02_commitment_spend(as_at timestamptz default now(), in_programme uuid default null)
    returns table (programme text, financial_year text, kind text, budget numeric, paid numeric, committed_unpaid numeric,
                   in_recovery numeric, uncommitted numeric, numerator bigint, denominator bigint, excluded bigint, why text)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    with moved as (
        select e.programme_id, e.financial_year, e.kind,
            coalesce(sum(e.debit - e.credit) filter (where e.account = 'paid'), 0) as paid,
            coalesce(sum(e.debit - e.credit) filter (where e.account in ('commitment', 'payable')), 0) as committed,
            coalesce(sum(e.debit - e.credit) filter (where e.account = 'recovery'), 0) as recovery
        from public.ledger_entry e
        where e.at <= as_at
        group by e.programme_id, e.financial_year, e.kind
    )
    select p.title, b.financial_year, b.kind, b.amount, coalesce(m.paid, 0), coalesce(m.committed, 0), coalesce(m.recovery, 0),
        b.amount - coalesce(m.paid, 0) - coalesce(m.committed, 0) - coalesce(m.recovery, 0),
        (coalesce(m.paid, 0) * 100)::bigint, (b.amount * 100)::bigint, 0::bigint, ''::text
    from public.budget_line b
    join public.programme p on p.id = b.programme_id
    left join moved m on m.programme_id = b.programme_id and m.financial_year = b.financial_year and m.kind = b.kind
    where (select report.sees_whole()) and (in_programme is null or p.id = in_programme)
        and exists (
            select from workflow.log l
            where l.machine = 'programme' and l.object_id = p.id and l.event = 'approve' and l.at <= as_at)
    order by p.title, p.id, b.financial_year, b.kind
$$;

grant execute on function report.r02_commitment_spend(timestamptz, uuid) to touchstone_app, touchstone_worker;
