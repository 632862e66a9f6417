-- The ledger: written here and nowhere else, balanced, and never beyond what was promised.

-- 1. Each transaction sums to nothing, within one award, one year and one kind of money at a time.
create or replace function public.check_balanced() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select from public.ledger_entry e where e.transaction_id = new.transaction_id
        group by e.award_id, e.financial_year, e.kind having sum(e.debit) <> sum(e.credit))
        or (select count(distinct e.award_id) from public.ledger_entry e where e.transaction_id = new.transaction_id) > 1 then
        raise exception 'LEDGER unbalanced' using errcode = 'TS013', detail = 'Debits and credits of a transaction are equal.';
    end if;
    return null;
end
$$;

drop trigger if exists ledger_entry_balanced on public.ledger_entry;
create constraint trigger ledger_entry_balanced after insert on public.ledger_entry deferrable initially deferred
    for each row execute function public.check_balanced();

-- 2. What is drawn (approved for payment, paid, or due back) stays within the award, its year and the programme's budget. The
-- award is locked, then the budget lines in their order, before anything is summed: two payments of the last pound cannot both win.
create or replace function public.hold_within_promise() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    one record;
    line public.budget_line;
    sums record;
begin
    for one in select distinct n.award_id from added n order by n.award_id loop
        perform 1 from public.award a where a.id = one.award_id for no key update;
    end loop;
    for one in select distinct n.programme_id, n.financial_year, n.kind from added n order by 1, 2, 3 loop
        select b.* into line from public.budget_line b
        where b.programme_id = one.programme_id and b.financial_year = one.financial_year and b.kind = one.kind for update;
        if coalesce((
            select sum(e.debit - e.credit) from public.ledger_entry e
            where e.programme_id = one.programme_id and e.financial_year = one.financial_year and e.kind = one.kind
                and e.account in ('payable', 'paid', 'recovery')), 0) > coalesce(line.amount, 0) then
            raise exception 'OVERSPEND programme' using errcode = 'TS013',
                detail = 'The budget of ' || one.financial_year || ' does not have that much left.';
        end if;
    end loop;
    for one in select distinct n.award_id from added n order by n.award_id loop
        for sums in
            select e.financial_year, a.amount,
                coalesce(sum(e.debit - e.credit) filter (where e.account in ('payable', 'paid', 'recovery')), 0) as drawn,
                coalesce(sum(e.debit - e.credit) filter (where e.account = 'commitment' and e.what in ('commit', 'uncommit')), 0) as promised
            from public.ledger_entry e join public.award a on a.id = e.award_id
            where e.award_id = one.award_id
            group by grouping sets ((a.amount), (a.amount, e.financial_year))
            order by e.financial_year nulls first
        loop
            if sums.financial_year is null and (sums.drawn > sums.promised or sums.promised > sums.amount) then
                raise exception 'OVERSPEND award' using errcode = 'TS013', detail = 'The award does not have that much left.';
            elsif sums.financial_year is not null
                and sums.drawn * 100 > sums.promised * (100 + public.setting_integer('award_year_tolerance_percent', 0)) then
                raise exception 'OVERSPEND year' using errcode = 'TS013',
                    detail = 'The award does not have that much left in ' || sums.financial_year || '.';
            end if;
        end loop;
    end loop;
    return null;
end
$$;

create or replace trigger ledger_entry_within after insert on public.ledger_entry
    referencing new table as added for each statement execute function public.hold_within_promise();

-- 3. Moving money: from one place to another, both halves in one statement.
create or replace function public.move_money(
    award uuid, what text, source text, target text, year text, kind text, amount numeric,
    claim uuid default null, payment uuid default null, variation uuid default null, reversal_of uuid default null) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about public.award;
    transaction uuid := public.uuid7();
begin
    if amount = 0 then
        return;
    end if;
    select a.* into about from public.award a where a.id = award for no key update;
    insert into public.ledger_entry (id, transaction_id, award_id, programme_id, account, financial_year, kind, debit, credit, what,
        claim_id, payment_id, variation_id, reversal_of, by_person)
    select public.uuid7(), transaction, about.id, about.programme_id, x.account, year, move_money.kind, x.debit, x.credit,
        move_money.what, claim, payment, variation, move_money.reversal_of, actor.person_id()
    from (values (target, amount, 0), (source, 0, amount)) as x (account, debit, credit);
end
$$;

create or replace function public.move_claim(about uuid, what text, source text, target text, amount numeric) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    claim record;
begin
    select c.*, i.financial_year, i.kind into claim
    from public.claim c join public.instalment i on i.id = c.instalment_id where c.id = about;
    perform public.move_money(claim.award_id, what, source, target, claim.financial_year, claim.kind, amount, about,
        case when what = 'pay' then (
            select p.id from public.payment p join public.payment_batch b on b.id = p.batch_id
            where p.claim_id = about and b.state = 'paid') end,
        null,
        case what
            when 'reverse' then (select e.transaction_id from public.ledger_entry e where e.claim_id = about and e.what = 'pay' limit 1)
            when 'unapprove' then (
                select e.transaction_id from public.ledger_entry e where e.claim_id = about and e.what = 'approve'
                order by e.at desc, e.id desc limit 1) end);
end
$$;

-- What the current agreement promises for each year, less what was promised already.
create or replace function public.commit_award(award uuid, variation uuid) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    one record;
begin
    for one in
        select x.financial_year, x.kind, sum(x.amount) as missing
        from (
            select i.financial_year, i.kind, i.amount from public.instalment i
            join public.award a on a.id = i.award_id and a.agreement_number = i.agreement_number
            where a.id = award
            union all
            select e.financial_year, e.kind, e.credit - e.debit from public.ledger_entry e
            where e.award_id = award and e.account = 'commitment' and e.what in ('commit', 'uncommit')) as x
        group by x.financial_year, x.kind having sum(x.amount) <> 0
        order by sum(x.amount), x.financial_year, x.kind
    loop
        if one.missing > 0 then
            perform public.move_money(award, 'commit', 'budget', 'commitment', one.financial_year, one.kind, one.missing,
                variation => commit_award.variation);
        else
            perform public.move_money(award, 'uncommit', 'commitment', 'budget', one.financial_year, one.kind, -one.missing,
                variation => commit_award.variation);
        end if;
    end loop;
end
$$;

-- At the end: what was promised and not drawn goes back to the budget, and what was set aside for it is free.
create or replace function public.release_award(award uuid) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    one record;
begin
    for one in
        select e.financial_year, e.kind, sum(e.debit - e.credit) as rest from public.ledger_entry e
        where e.award_id = award and e.account = 'commitment'
        group by e.financial_year, e.kind having sum(e.debit - e.credit) > 0 order by 1, 2
    loop
        perform public.move_money(award, 'uncommit', 'commitment', 'budget', one.financial_year, one.kind, one.rest);
    end loop;
    perform public.free_reservation(award);
end
$$;

create or replace function public.free_reservation(award uuid) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    one record;
    free numeric;
    part numeric;
    last_line text := '';
begin
    for one in
        select b.programme_id, b.financial_year, b.kind, b.approval_id, sum(b.amount) as held,
            sum(sum(b.amount)) over (partition by b.financial_year, b.kind) - coalesce((
                select sum(e.debit - e.credit) from public.ledger_entry e
                where e.award_id = award and e.financial_year = b.financial_year and e.kind = b.kind
                    and e.account in ('payable', 'paid', 'recovery')), 0) as unused
        from public.budget_entry b
        join public.approval p on p.id = b.approval_id
        join public.award a on a.bid_id = p.bid_id
        where a.id = award
        group by b.programme_id, b.financial_year, b.kind, b.approval_id, p.created_at having sum(b.amount) > 0
        order by b.financial_year, b.kind, p.created_at desc
    loop
        if last_line <> one.financial_year || one.kind then
            free := one.unused;
            last_line := one.financial_year || one.kind;
        end if;
        part := least(free, one.held);
        if part > 0 then
            insert into public.budget_entry (id, programme_id, financial_year, kind, approval_id, what, amount)
            values (public.uuid7(), one.programme_id, one.financial_year, one.kind, one.approval_id, 'release', -part);
            free := free - part;
        end if;
    end loop;
end
$$;

-- 4. What is due back.
create or replace function public.raise_claim_recovery(about uuid) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    insert into public.recovery (id, award_id, claim_id, reason, amount, due_on, raised_by)
    select public.uuid7(), c.award_id, c.id, c.reason, c.verified_amount,
        public.london_today() + public.setting_integer('recovery_days', 30), actor.person_id()
    from public.claim c where c.id = about;
end
$$;

-- For an award as a whole: from the latest year backwards.
create or replace function public.raise_recovery(award uuid, amount numeric, reason text) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    one record;
    rest numeric := amount;
begin
    for one in
        select e.financial_year, e.kind, sum(e.debit - e.credit) as paid from public.ledger_entry e
        where e.award_id = award and e.account = 'paid'
        group by e.financial_year, e.kind having sum(e.debit - e.credit) > 0 order by 1 desc, 2
    loop
        perform public.move_money(award, 'reverse', 'paid', 'recovery', one.financial_year, one.kind, least(rest, one.paid));
        rest := rest - least(rest, one.paid);
    end loop;
    if rest > 0 then
        raise exception 'OVERSPEND recovery' using errcode = 'TS013', detail = 'No more can be due back than was paid.';
    end if;
    insert into public.recovery (id, award_id, reason, amount, due_on, raised_by)
    values (public.uuid7(), award, reason, amount, public.london_today() + public.setting_integer('recovery_days', 30), actor.person_id());
end
$$;

create or replace function public.hold_recovery() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if new.version <> old.version + 1 then
        raise exception 'version of % must go up by one', tg_table_name using errcode = 'TS002';
    end if;
    if old.received_on is not null or new.received_on is null or new.received_on > public.london_today()
        or not workflow.changed_keys(to_jsonb(old), to_jsonb(new)) <@ '{received_on,received_by}'::text[] then
        raise exception 'what is due back is received once' using errcode = 'TS009';
    end if;
    return new;
end
$$;

create or replace trigger recovery_hold before update on public.recovery
    for each row execute function public.hold_recovery();

-- Received: free for other claims of the award; once the award is over, for the programme.
create or replace function public.record_recovery() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    one record;
    rest numeric := new.amount;
    over boolean := public.award_state(new.award_id) in ('closed', 'terminated');
begin
    for one in
        select e.financial_year, e.kind, sum(e.debit - e.credit) as due from public.ledger_entry e
        where e.award_id = new.award_id and e.account = 'recovery'
            and (new.claim_id is null or (e.financial_year, e.kind) = (
                select i.financial_year, i.kind from public.claim c join public.instalment i on i.id = c.instalment_id
                where c.id = new.claim_id))
        group by e.financial_year, e.kind having sum(e.debit - e.credit) > 0 order by 1 desc, 2
    loop
        perform public.move_money(new.award_id, 'recover', 'recovery', case when over then 'budget' else 'commitment' end,
            one.financial_year, one.kind, least(rest, one.due), new.claim_id);
        rest := rest - least(rest, one.due);
    end loop;
    if over then
        perform public.free_reservation(new.award_id);
    end if;
    return null;
end
$$;

create or replace trigger recovery_record after update on public.recovery
    for each row execute function public.record_recovery();
