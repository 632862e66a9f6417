-- What must hold before money leaves: the evaluation's gate, payments, batches.

-- 1. The gate. An instalment after the first needs a current approved protocol, whatever else it names; an amendment that needs
-- a new review closes it again.
create or replace function public.gate_state(
    award uuid, wanted integer,
    out open boolean, out milestone text, out waiting_on text, out since timestamptz, out sentence text)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about public.award;
    named text;
    is_first boolean;
    step text;
    answer record;
begin
    select a.* into about from public.award a where a.id = award;
    select i.milestone into named from public.instalment i
    where i.award_id = award and i.agreement_number = about.agreement_number and i.position = wanted;
    if named is null then
        return;
    end if;
    is_first := not exists (
        select from public.instalment i
        where i.award_id = award and i.agreement_number = about.agreement_number and i.position < wanted);
    open := true;
    milestone := named;
    if not is_first and exists (
        select from public.agreement_version v
        where v.award_id = award and v.number = about.agreement_number and 'evaluation' = any (v.clauses)) then
        milestone := case named when 'none' then 'protocol_approved' else named end;
        is_first := false;
    else
        is_first := true;
    end if;
    foreach step in array array_remove(array[case when not is_first then 'protocol_approved' end, nullif(named, 'none')], null) loop
        select e.met, e.waiting_on, e.since into answer from public.evaluation_milestone(award, step) e;
        if answer.met is not true then
            open := false;
            milestone := step;
            waiting_on := coalesce(answer.waiting_on, 'the evaluation');
            since := answer.since;
            exit;
        end if;
    end loop;
    sentence := public.gate_sentence(open, milestone, waiting_on, since);
end
$$;

create or replace function public.gate_sentence(open boolean, milestone text, waiting_on text, since timestamptz) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select case
        when open and milestone = 'none' then 'This instalment waits for nothing from the evaluation.'
        when open then 'This instalment needs ' || what || ', and there is one.'
        else 'This instalment needs ' || what || ' before it is paid, and there is none. It is the turn of ' || waiting_on
            || coalesce(', since ' || to_char(since at time zone 'Europe/London', 'FMDD FMMonth YYYY'), '') || '.' end
    from (select case milestone when 'protocol_approved' then 'a current, approved evaluation protocol'
        when 'interim_report' then 'an interim evaluation report'
        when 'final_report_accepted' then 'an accepted final evaluation report' end as what) as words
$$;

create or replace function public.refuse_closed_gate(award uuid, wanted integer) returns void
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    gate record;
begin
    select * into gate from public.gate_state(award, wanted);
    if gate.open is not true then
        raise exception 'GATE %', coalesce(gate.milestone, 'unknown') using errcode = 'TS012',
            detail = coalesce(gate.sentence, 'The agreement no longer plans this instalment.');
    end if;
end
$$;

-- All that holds a payment back, but the bank.
create or replace function public.refuse_payment(about public.award, wanted integer) returns void
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    unmet text;
begin
    if about.state not in ('active', 'completed') then
        raise exception 'payments of this award are held' using errcode = 'TS002',
            detail = 'Payments are made while an award is active or completed.';
    end if;
    perform public.refuse_suspended(about.programme_id);
    perform public.refuse_closed_gate(about.id, wanted);
    if public.returns_overdue(about.id) > 0 then
        raise exception 'RETURN overdue' using errcode = 'TS002',
            detail = 'A monitoring return of this award is overdue, so the next instalment is held.';
    end if;
    select c.code into unmet from public.award_condition c
    where c.award_id = about.id and c.agreement_number = about.agreement_number and c.kind = 'precedent' and coalesce((
        select f.met from public.condition_finding f where f.award_id = c.award_id and f.code = c.code
        order by f.at desc, f.id desc limit 1), false) is false
    limit 1;
    if found then
        raise exception 'CONDITION %', unmet using errcode = 'TS002',
            detail = 'Condition ' || unmet || ' comes before payment and is not met.';
    end if;
end
$$;

-- 2. Payments: of an approved claim, exactly what was verified, to details that are settled.
create or replace function public.hold_payment() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about public.award;
    claim public.claim;
    batch public.payment_batch;
    account public.bank_account;
begin
    select a.* into about from public.award a where a.id = new.award_id for no key update;
    select c.* into claim from public.claim c where c.id = new.claim_id for no key update;
    select b.* into batch from public.payment_batch b where b.id = new.batch_id for no key update;
    select b.* into account from public.bank_account b where b.id = new.bank_account_id;
    if claim.award_id is distinct from about.id or new.bid_id is distinct from about.bid_id
        or batch.programme_id is distinct from about.programme_id then
        raise exception 'a payment, its claim, its award and its batch belong together' using errcode = 'TS009';
    end if;
    perform public.refuse_payment(about, claim.position);
    if claim.state <> 'approved_for_payment' or batch.state <> 'open' or batch.export_hash is not null then
        raise exception 'a claim that is approved for payment goes into a batch that is open' using errcode = 'TS002';
    end if;
    if new.amount is distinct from claim.verified_amount then
        raise exception 'BATCH amount' using errcode = 'TS013', detail = 'A claim is paid exactly what was verified.';
    end if;
    if new.reference !~ ('^' || batch.reference || '-\d{3}$') then
        raise exception 'a payment has its number in its batch' using errcode = 'TS009';
    end if;
    perform public.refuse_unsettled_bank(about.organisation_id, new.bank_account_id);
    perform workflow.refuse_duty(about.bid_id, new.created_by, 'FP');
    new.payee := account.payee;
    new.masked := account.masked;
    new.at := now();
    return new;
end
$$;

create or replace trigger payment_hold before insert on public.payment
    for each row execute function public.hold_payment();

create or replace function public.move_claims_of(batch uuid, event text, to_state text) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    one record;
begin
    perform actor.as_system(true);
    for one in
        select c.id from public.payment p join public.claim c on c.id = p.claim_id
        where p.batch_id = batch and c.state = case event when 'batch' then 'approved_for_payment' else 'payment_batch' end
        order by c.award_id, c.id
    loop
        update public.claim c
        set state = to_state, last_event = event, transition_seq = c.transition_seq + 1, version = c.version + 1
        where c.id = one.id;
    end loop;
    perform actor.as_system(false);
end
$$;

create or replace function public.record_payment() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform public.move_claims_of(new.batch_id, 'batch', 'payment_batch');
    return null;
end
$$;

create or replace trigger payment_record after insert on public.payment
    for each row execute function public.record_payment();

-- 3. Batches.
create or replace trigger payment_batch_reference before insert on public.payment_batch
    for each row execute function public.hold_reference('PAY');
create or replace trigger payment_batch_workflow_signatures before insert or update on public.payment_batch
    for each row execute function workflow.hold_signatures('assemble:created_by', 'release:released_by', 'confirm:confirmed_by');

create or replace function public.hold_batch() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    event text := case when new.transition_seq <> old.transition_seq then new.last_event else '' end;
    changed text[] := workflow.changed_keys(to_jsonb(old), to_jsonb(new));
    allowed text[];
begin
    new.updated_at := now();
    allowed := case event
        when '' then case when old.state = 'open' then '{export_hash}' else '{}' end
        when 'release' then '{released_by,control_total,payment_count}'
        when 'cancel' then '{reason}'
        when 'confirm' then '{confirmed_by,confirmation_hash}'
        else '{}' end::text[];
    if not actor.is_operator() and not changed <@ allowed then
        raise exception 'a batch does not change like this now' using errcode = 'TS009',
            detail = 'columns: ' || array_to_string(changed, ', ');
    end if;
    case event
        when 'release' then
            perform public.check_release(new);
            new.released_at := now();
        when 'cancel' then
            if new.reason is null then
                raise exception 'this needs its reason' using errcode = 'TS002';
            end if;
        when 'confirm' then
            if new.confirmation_hash is null then
                raise exception 'payments are confirmed by the payment file' using errcode = 'TS002';
            end if;
            new.confirmed_at := now();
        else
            null;
    end case;
    return new;
end
$$;

create or replace trigger payment_batch_workflow_hold before update on public.payment_batch
    for each row execute function public.hold_batch();

-- The releaser counted the same, nothing is in it twice, and everything that held a payment back when it was put in still
-- lets it go: a protocol may have been amended since, or bank details changed.
create or replace function public.check_release(batch public.payment_batch) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    one record;
    about public.award;
    total numeric := 0;
    counted integer := 0;
begin
    if batch.released_by = batch.created_by then
        raise exception 'whoever put payments together does not release them' using errcode = 'TS003';
    end if;
    if batch.export_hash is null then
        raise exception 'payments are released with their file' using errcode = 'TS002';
    end if;
    for one in
        select p.*, c.state as claim_state, c.position as claim_position
        from public.payment p join public.claim c on c.id = p.claim_id
        where p.batch_id = batch.id order by p.award_id, p.id
    loop
        select a.* into about from public.award a where a.id = one.award_id for no key update;
        if one.claim_state <> 'payment_batch'
            or exists (select from public.ledger_entry e where e.claim_id = one.claim_id and e.what = 'pay') then
            raise exception 'BATCH duplicate' using errcode = 'TS013', detail = 'Payment ' || one.reference || ' was made already.';
        end if;
        perform public.refuse_payment(about, one.claim_position);
        perform public.refuse_unsettled_bank(about.organisation_id, one.bank_account_id);
        total := total + one.amount;
        counted := counted + 1;
    end loop;
    if counted = 0 or (batch.control_total, batch.payment_count) is distinct from (total, counted) then
        raise exception 'BATCH total' using errcode = 'TS013',
            detail = 'The total or the number of payments is not what this batch holds. Count them again.';
    end if;
end
$$;

create or replace function public.record_batch() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    case new.last_event
        when 'release' then
            perform workflow.perform(bid_id, new.released_by, 'RP')
            from (select distinct p.bid_id from public.payment p where p.batch_id = new.id order by p.bid_id) as x;
        when 'cancel' then
            perform public.move_claims_of(new.id, 'unbatch', 'approved_for_payment');
        when 'confirm' then
            perform public.move_claims_of(new.id, 'pay', 'paid');
        else
            null;
    end case;
    return null;
end
$$;

create or replace trigger payment_batch_record after update on public.payment_batch
    for each row when (new.transition_seq <> old.transition_seq) execute function public.record_batch();
