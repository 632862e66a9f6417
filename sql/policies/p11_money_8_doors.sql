-- What others may ask of awards and money, and what everybody may see.

-- 1. Facts that other parts of the house build on.
create or replace function public.award_paid(award uuid, at timestamptz default 'infinity') returns numeric
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select coalesce(sum(e.debit - e.credit), 0) from public.ledger_entry e
        where e.award_id = award and e.account = 'paid' and e.at <= award_paid.at);
end
$$;

create or replace function public.award_state(award uuid) returns text
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return (select a.state from public.award a where a.id = award);
end
$$;

-- 2. Where each instalment of the current agreement stands. As whoever asks.
create or replace function public.instalment_standing(award uuid)
    returns table (instalment_id uuid, "position" integer, amount numeric, kind text, financial_year text, due_on date,
        milestone text, state text, claim_id uuid, claimed numeric, paid numeric)
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select i.id, i.position, i.amount, i.kind, i.financial_year, i.due_on, i.milestone,
        case
            when c.state = 'paid' then 'paid'
            when c.id is not null then 'claimed'
            when a.state in ('closed', 'terminated', 'declined', 'expired') then 'skipped'
            when a.state not in ('active', 'suspended', 'completed') or public.london_today() < i.due_on then 'planned'
            when public.london_today() <= i.due_on + 30 then 'due'
            else 'overdue' end,
        c.id, coalesce(c.verified_amount, c.amount), coalesce((
            select sum(e.debit - e.credit) from public.ledger_entry e where e.claim_id = c.id and e.account = 'paid'), 0)
    from public.award a
    join public.instalment i on i.award_id = a.id and i.agreement_number = a.agreement_number
    left join public.claim c on c.award_id = a.id and c.position = i.position and c.state not in ('rejected', 'reversed')
    where a.id = instalment_standing.award
    order by i.position
$$;

-- Whether the evaluation lets an instalment be paid; for those who see the award.
create or replace function public.instalment_gate(award uuid, wanted integer)
    returns table (open boolean, milestone text, waiting_on text, since timestamptz, sentence text)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select from public.award a
        where a.id = award and ((a.offered_at is not null and a.organisation_id = actor.authority())
            or a.round_id = any (actor.case_rounds()) or a.bid_id = any (actor.case_bids()))) then
        return query select g.* from public.gate_state(award, wanted) g where g.open is not null;
    end if;
end
$$;

-- Where the money of an award stands, by year and kind. As whoever asks.
create or replace function public.award_balance(award uuid)
    returns table (financial_year text, kind text, committed numeric, commitment numeric, payable numeric, paid numeric, recovery numeric)
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select e.financial_year, e.kind,
        coalesce(sum(e.debit - e.credit) filter (where e.account = 'commitment' and e.what in ('commit', 'uncommit')), 0),
        coalesce(sum(e.debit - e.credit) filter (where e.account = 'commitment'), 0),
        coalesce(sum(e.debit - e.credit) filter (where e.account = 'payable'), 0),
        coalesce(sum(e.debit - e.credit) filter (where e.account = 'paid'), 0),
        coalesce(sum(e.debit - e.credit) filter (where e.account = 'recovery'), 0)
    from public.ledger_entry e where e.award_id = award_balance.award
    group by e.financial_year, e.kind order by e.financial_year, e.kind
$$;

-- What was approved for each year of an award, for those who see it: its schedule comes to exactly that.
create or replace function public.award_years(award uuid) returns table (financial_year text, kind text, amount numeric)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select y.financial_year, y.kind, sum(y.amount)
    from public.award a
    cross join lateral public.award_approvals(a.id, a.approval_id) p
    join public.approval_year y on y.approval_id = p.id and y.content_hash = p.content_hash
    where a.id = award and ((a.offered_at is not null and a.organisation_id = actor.authority())
        or a.round_id = any (actor.case_rounds()) or a.bid_id = any (actor.case_bids()))
    group by y.financial_year, y.kind order by y.financial_year, y.kind;
end
$$;

-- 3. The clock: seven days before an offer ends, the authority and the officers hear of it, once.
create or replace function public.remind_of_offers() returns integer
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    written integer;
begin
    if not (actor.is_system() or actor.is_operator()) then
        raise exception 'reminders are for the scheduled worker' using errcode = 'TS007';
    end if;
    insert into public.outbox (id, event, recipient_id, subject, body, object_kind, object_id, dedupe_key)
    select public.uuid7(), 'award.offer_ends', who.id, 'The offer ' || a.reference || ' ends soon',
        'It can be accepted until ' || to_char(a.accept_by, 'FMDD FMMonth YYYY') || '. Sign in to accept or decline it.',
        'award', a.id, 'award:offer_ends:' || a.id
    from public.award a
    cross join lateral (
        select distinct public.audience(x.audience, 'award', a.id) as id
        from unnest('{bid_certifiers,programme_officers,finance,senior_officer}'::text[]) as x (audience)) as who
    where a.state = 'offered' and a.accept_by - 7 <= public.london_today() and public.london_today() <= a.accept_by
    on conflict (dedupe_key, recipient_id) do nothing;
    get diagnostics written = row_count;
    return written;
end
$$;

grant execute on function public.award_paid(uuid, timestamptz), public.award_state(uuid), public.instalment_standing(uuid),
    public.instalment_gate(uuid, integer), public.award_balance(uuid), public.award_years(uuid) to touchstone_app;
grant execute on function public.award_paid(uuid, timestamptz), public.award_state(uuid) to touchstone_reader;
grant execute on function public.remind_of_offers() to touchstone_worker;

-- 4. What everybody may know of an award: from its acceptance on, who got how much for what, and how much of it was paid.
create or replace view published.award as
select a.id as award_id, a.reference, a.title, a.bid_id, a.organisation_id, o.name as organisation, o.dfe_code,
    a.programme_id, p.reference as programme_reference, p.title as programme, a.round_id, r.title as round,
    p.organisation_id as funder_id, f.name as funder, a.amount, public.award_paid(a.id) as paid, a.state, a.instrument,
    a.conditionality, a.starts_on, a.ends_on, a.evaluation_budget,
    (a.accepted_at at time zone 'Europe/London')::date as awarded_on, a.updated_at
from public.award a
join public.organisation o on o.id = a.organisation_id
join public.programme p on p.id = a.programme_id
join public.organisation f on f.id = p.organisation_id
join public.round r on r.id = a.round_id
where a.accepted_at is not null;
revoke all on published.award from public;
grant select on published.award to touchstone_app, touchstone_reader;
