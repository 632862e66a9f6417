-- What must hold of claims, whoever writes.

create or replace trigger claim_reference before insert on public.claim
    for each row execute function public.hold_reference('CLM');
create or replace trigger claim_workflow_signatures before insert or update on public.claim
    for each row execute function workflow.hold_signatures('start:created_by', 'submit:certified_by', 'begin_check:checked_by',
        'verify:verified_by', 'part_verify:verified_by', 'approve:approved_by', 'request_reversal:reversal_requested_by',
        'reverse:reversed_by');

-- 1. Which lines are checked: Domain/ClaimSample.swift says the same. SplitMix64, then a shuffle of the first k places.
create or replace function public.xor64(a numeric, b numeric) returns numeric
    language sql immutable
    set search_path = pg_catalog, pg_temp
as $$
    select case when x < 0 then x + 18446744073709551616 else x end
    from (select ((case when a >= 9223372036854775808 then a - 18446744073709551616 else a end)::bigint
        # (case when b >= 9223372036854775808 then b - 18446744073709551616 else b end)::bigint)::numeric as x) as y
$$;

create or replace function public.split_mix(state numeric) returns numeric
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
declare
    whole constant numeric := 18446744073709551616;
    mixed numeric := state;
begin
    mixed := public.xor64(mixed, div(mixed, 1073741824)) * 13787848793156543929 % whole;
    mixed := public.xor64(mixed, div(mixed, 134217728)) * 10723151780598845931 % whole;
    return public.xor64(mixed, div(mixed, 2147483648));
end
$$;

create or replace function public.sample_lines(count integer, percent integer, seed bigint) returns integer[]
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
declare
    whole constant numeric := 18446744073709551616;
    state numeric := case when seed < 0 then seed + whole else seed end;
    numbers integer[] := array(select generate_series(1, count));
    wanted integer := greatest(1, least(count, (count * percent + 99) / 100));
    bound numeric;
    drawn numeric;
    place integer;
    other integer;
    kept integer;
begin
    if count <= 0 or percent <= 0 then
        return '{}';
    end if;
    for place in 1..wanted loop
        bound := count - place + 1;
        loop
            state := (state + 11400714819323198485) % whole;
            drawn := public.split_mix(state);
            exit when drawn < (whole - 1) - (whole - 1) % bound;
        end loop;
        other := place + (drawn % bound)::integer;
        kept := numbers[place];
        numbers[place] := numbers[other];
        numbers[other] := kept;
    end loop;
    return array(select n from unnest(numbers[1:wanted]) as x (n) order by n);
end
$$;

-- 2. Claims.
create or replace function public.claim_columns(event text, standing text) returns text[]
    language sql immutable
    set search_path = pg_catalog, pg_temp
as $$
    select case event
        when '' then case when standing = 'draft' then '{period_from,period_to,last_editor_id}' else '{}' end
        when 'submit' then '{certified_by,declaration_version}'
        when 'decline_certification' then '{reason}'
        when 'begin_check' then '{checked_by}'
        when 'query' then '{query}'
        when 'verify' then '{verified_by}'
        when 'part_verify' then '{verified_by}'
        when 'reject' then '{reason}'
        when 'return' then '{reason}'
        when 'approve' then '{approved_by}'
        when 'request_reversal' then '{reversal_requested_by,reason}'
        when 'reverse' then '{reversed_by}'
        else '{}' end::text[]
$$;

create or replace function public.hold_claim() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
    about public.award;
    changed text[];
    event text;
begin
    -- Money of one award moves one step at a time.
    select a.* into about from public.award a where a.id = new.award_id for no key update;
    new.updated_at := now();
    if tg_op = 'INSERT' then
        if about.state not in ('active', 'completed') or (new.bid_id, new.programme_id, new.organisation_id)
            is distinct from (about.bid_id, about.programme_id, about.organisation_id) then
            raise exception 'money is claimed from an award in force' using errcode = 'TS002';
        end if;
        select i.position into new.position from public.instalment i
        where i.id = new.instalment_id and i.award_id = about.id and i.agreement_number = about.agreement_number;
        if not found then
            raise exception 'the agreement plans no such instalment' using errcode = 'TS002';
        end if;
        new.seq := coalesce((select max(c.seq) from public.claim c where c.award_id = about.id), 0) + 1;
        return new;
    end if;
    event := case when new.transition_seq <> old.transition_seq then new.last_event else '' end;
    changed := workflow.changed_keys(to_jsonb(old), to_jsonb(new));
    if not actor.is_operator() and not changed <@ public.claim_columns(event, old.state) then
        raise exception 'a claim does not change like this now' using errcode = 'TS009',
            detail = 'columns: ' || array_to_string(changed, ', ');
    end if;
    if event = '' and me is not null and changed <> '{}' and new.last_editor_id is distinct from me then
        raise exception 'nobody edits for somebody else' using errcode = 'TS007';
    end if;
    if event <> '' then
        new := public.hold_claim_event(old, new, about);
    end if;
    return new;
end
$$;

create or replace trigger claim_workflow_hold before insert or update on public.claim
    for each row execute function public.hold_claim();

create or replace function public.hold_claim_event(before public.claim, claim public.claim, about public.award) returns public.claim
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
    today date := public.london_today();
begin
    if (claim.last_event in ('decline_certification', 'reject', 'return', 'request_reversal') and claim.reason is null)
        or (claim.last_event = 'query' and claim.query is null) then
        raise exception 'this needs its reason' using errcode = 'TS002';
    end if;
    if claim.last_event in ('send_for_certification', 'submit') and about.state not in ('active', 'suspended', 'completed') then
        raise exception 'money is claimed from an award in force' using errcode = 'TS002';
    end if;
    case claim.last_event
        when 'send_for_certification' then
            claim.amount := (select sum(l.amount) from public.claim_line l where l.claim_id = claim.id);
            perform public.check_claim(claim, about);
        when 'submit' then
            if claim.certified_by = claim.last_editor_id or exists (
                select from public.claim_line l where l.claim_id = claim.id and l.edited_by = claim.certified_by) then
                raise exception 'SOD_W_CE' using errcode = 'TS003', detail = 'an editor does not certify';
            end if;
            if claim.declaration_version is null then
                raise exception 'a claim is submitted with its declaration' using errcode = 'TS002';
            end if;
            perform public.check_claim(claim, about);
            claim.submitted_at := now();
            claim.sample_seed := hashtextextended(gen_random_uuid()::text, 0);
            claim.sample_percent := public.setting_integer('sample_percent_' || coalesce(
                (select p.risk_profile from public.programme p where p.id = claim.programme_id), 'high'), 100);
        when 'begin_check' then
            perform workflow.refuse_duty(claim.bid_id, me, 'VC');
        when 'query' then
            claim.query_by := public.after_working_days(today, public.setting_integer('claim_query_working_days', 10));
        when 'verify', 'part_verify' then
            perform public.check_verification(claim, about);
            claim.verified_amount := claim.amount - (
                select coalesce(sum(l.disallowed), 0) from public.claim_line l where l.claim_id = claim.id);
            if (claim.last_event = 'verify') <> (claim.verified_amount = claim.amount) then
                raise exception 'a part is verified where something was disallowed, the whole where nothing was' using errcode = 'TS002';
            end if;
            claim.verified_at := now();
            claim.pay_by := today + public.setting_integer('payment_days', 30);
        when 'return' then
            claim.verified_at := null;
            claim.verified_amount := null;
            claim.approved_by := null;
            claim.approved_at := null;
        when 'approve' then
            perform public.refuse_payment(about, claim.position);
            perform public.refuse_unsettled_bank(about.organisation_id, null);
            claim.approved_at := now();
        when 'batch' then
            if not exists (
                select from public.payment p join public.payment_batch b on b.id = p.batch_id
                where p.claim_id = claim.id and b.state = 'open') then
                raise exception 'a claim goes into a batch with its payment' using errcode = 'TS002';
            end if;
        when 'pay' then
            if not exists (
                select from public.payment p join public.payment_batch b on b.id = p.batch_id
                where p.claim_id = claim.id and b.state = 'paid') then
                raise exception 'a claim is paid with its batch' using errcode = 'TS002';
            end if;
        when 'reverse' then
            if before.last_event <> 'request_reversal' then
                raise exception 'a reversal is asked for first' using errcode = 'TS002';
            end if;
            if claim.reversed_by = claim.reversal_requested_by then
                raise exception 'whoever asks for a reversal does not decide it' using errcode = 'TS003';
            end if;
        else
            null;
    end case;
    return claim;
end
$$;

-- 3. What a claim must be before it is certified (C1).
create or replace function public.check_claim(claim public.claim, about public.award) returns void
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    v public.agreement_version;
    signed date := (about.signed_at at time zone 'Europe/London')::date;
    year text := (select i.financial_year from public.instalment i where i.id = claim.instalment_id);
    asked numeric;
    planned numeric;
begin
    select av.* into v from public.agreement_version av where av.award_id = about.id and av.number = about.agreement_number;
    if claim.period_from is null or claim.period_to is null or claim.period_from < v.starts_on or claim.period_to > v.ends_on
        or not exists (select from public.claim_line l where l.claim_id = claim.id) then
        raise exception 'a claim has its period, within the funding period, and its lines' using errcode = 'TS002';
    end if;
    if exists (
        select from public.claim_line l
        where l.claim_id = claim.id and (
            l.spent_on is null or l.category is null or l.amount is null or l.supplier = '' or l.ledger_key is null
            or l.spent_on not between claim.period_from and claim.period_to
            or not l.category = any (v.categories)
            or (v.mode = 'evidence_first' and l.spent_on > public.london_today())
            or (l.spent_on < signed and v.retrospective_approval is null))) then
        raise exception 'each line is dated in the period, after the agreement, of a kind that it allows, with supplier and reference'
            using errcode = 'TS002';
    end if;
    if exists (
        select from public.claim c
        where c.award_id = about.id and c.id <> claim.id and c.state not in ('draft', 'rejected', 'reversed')
            and daterange(c.period_from, c.period_to, '[]') && daterange(claim.period_from, claim.period_to, '[]')) then
        raise exception 'another claim covers a part of this period' using errcode = 'TS002';
    end if;
    select sum(coalesce(c.verified_amount, c.amount)) into asked from public.claim c
    where c.award_id = about.id and c.id <> claim.id and c.state not in ('draft', 'rejected', 'reversed');
    if coalesce(asked, 0) + claim.amount > about.amount then
        raise exception 'OVERSPEND award' using errcode = 'TS013',
            detail = 'With this claim, more would be claimed than the award comes to.';
    end if;
    select sum(coalesce(c.verified_amount, c.amount)) into asked from public.claim c
    join public.instalment i on i.id = c.instalment_id
    where c.award_id = about.id and c.id <> claim.id and c.state not in ('draft', 'rejected', 'reversed') and i.financial_year = year;
    select sum(i.amount) into planned from public.instalment i
    where i.award_id = about.id and i.agreement_number = about.agreement_number and i.financial_year = year;
    if (coalesce(asked, 0) + claim.amount) * 100
        > coalesce(planned, 0) * (100 + public.setting_integer('award_year_tolerance_percent', 0)) then
        raise exception 'OVERSPEND year' using errcode = 'TS013',
            detail = 'With this claim, more would be claimed for ' || year || ' than the agreement plans and its tolerance allows.';
    end if;
end
$$;

-- 4. What a check must have found (C3).
create or replace function public.check_verification(claim public.claim, about public.award) returns void
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    is_first boolean := not exists (
        select from public.instalment i
        where i.award_id = about.id and i.agreement_number = about.agreement_number and i.position < claim.position);
    waived boolean := is_first and coalesce(
        (select s.value from public.setting s where s.code = 'first_claim_needs_return'), 'false') <> 'true';
begin
    if exists (select from public.claim_line l where l.claim_id = claim.id and l.sampled and (l.verdict is null or l.evidence = '')) then
        raise exception 'each sampled line has its evidence and a finding' using errcode = 'TS002';
    end if;
    if not waived and public.return_accepted(about.id, claim.period_from, claim.period_to) is not true then
        raise exception 'RETURN %', claim.period_to using errcode = 'TS002',
            detail = 'The monitoring return of the same period must be accepted first.';
    end if;
end
$$;

-- 5. Lines: the authority's while it drafts, evidence while it is asked, findings while they are checked.
create or replace function public.hold_claim_line() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about public.claim;
    changed text[];
    allowed text[];
begin
    if actor.is_system() then
        return new;
    end if;
    select c.* into about from public.claim c where c.id = coalesce(new.claim_id, old.claim_id) for share;
    if tg_op = 'DELETE' then
        if about.state <> 'draft' then
            raise exception 'a claim is edited only while it is a draft' using errcode = 'TS009';
        end if;
        return old;
    end if;
    if tg_op = 'INSERT' then
        if about.state <> 'draft' or new.award_id <> about.award_id or new.sampled or not new.counts or new.verdict is not null then
            raise exception 'lines are entered while the claim is a draft' using errcode = 'TS009';
        end if;
    else
        changed := workflow.changed_keys(to_jsonb(old), to_jsonb(new));
        allowed := case
            when about.state = 'draft'
                then '{position,spent_on,category,amount,vat,supplier,ledger_ref,ledger_key,evidence,edited_by}'
            when about.state = 'queried' and actor.authority() is not null then '{evidence,edited_by}'
            when about.state = 'checking' and actor.department() is not null then '{verdict,disallowed,verdict_reason}'
            else '{}' end::text[];
        if not actor.is_operator() and not changed <@ allowed then
            raise exception 'a line does not change like this now' using errcode = 'TS009',
                detail = 'columns: ' || array_to_string(changed, ', ');
        end if;
        if actor.authority() is not null and new.edited_by is distinct from actor.person_id() then
            raise exception 'nobody edits for somebody else' using errcode = 'TS007';
        end if;
    end if;
    new.ledger_key := sha256(convert_to(nullif(regexp_replace(lower(new.ledger_ref), '[^[:alnum:]]', '', 'g'), ''), 'UTF8'));
    return new;
end
$$;

create or replace trigger claim_line_hold before insert or update or delete on public.claim_line
    for each row execute function public.hold_claim_line();

-- Whoever writes a line or the period has written this claim. Versions of claims are numbered apart from those of bids and returns.
create or replace function public.record_claim_line() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform workflow.perform(c.bid_id, new.edited_by, 'W', 1000000 + c.seq) from public.claim c where c.id = new.claim_id;
    return null;
end
$$;

drop trigger if exists claim_line_record on public.claim_line;
drop trigger if exists claim_line_record_new on public.claim_line;
create trigger claim_line_record_new after insert on public.claim_line
    for each row execute function public.record_claim_line();
create trigger claim_line_record after update on public.claim_line
    for each row when (new.edited_by is distinct from old.edited_by) execute function public.record_claim_line();

-- 6. What follows from an event: duties, the sample, money.
create or replace function public.record_claim() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    numbers integer[];
begin
    case new.last_event
        when 'send_for_certification' then
            perform workflow.perform(new.bid_id, new.last_editor_id, 'W', 1000000 + new.seq);
        when 'submit' then
            perform workflow.perform(new.bid_id, new.certified_by, 'CE', 1000000 + new.seq);
            numbers := public.sample_lines(
                (select count(*)::integer from public.claim_line l where l.claim_id = new.id), new.sample_percent, new.sample_seed);
            perform actor.as_system(true);
            update public.claim_line l set sampled = true
            from (select x.id, row_number() over (order by x.position) as number from public.claim_line x where x.claim_id = new.id) as n
            where l.id = n.id and n.number = any (numbers);
            perform actor.as_system(false);
        when 'verify', 'part_verify', 'reject' then
            perform workflow.perform(new.bid_id, actor.person_id(), 'VC');
        when 'approve' then
            perform workflow.perform(new.bid_id, new.approved_by, 'FP');
            perform public.move_claim(new.id, 'approve', 'commitment', 'payable', new.verified_amount);
        when 'return' then
            if old.state = 'approved_for_payment' then
                perform public.move_claim(new.id, 'unapprove', 'payable', 'commitment', old.verified_amount);
            end if;
        when 'pay' then
            perform public.move_claim(new.id, 'pay', 'payable', 'paid', new.verified_amount);
        when 'reverse' then
            perform public.move_claim(new.id, 'reverse', 'paid', 'recovery', new.verified_amount);
            perform public.raise_claim_recovery(new.id);
        else
            null;
    end case;
    if new.state in ('rejected', 'reversed') and old.state <> new.state then
        perform actor.as_system(true);
        update public.claim_line l set counts = false where l.claim_id = new.id;
        perform actor.as_system(false);
    end if;
    return null;
end
$$;

create or replace trigger claim_record after update on public.claim
    for each row when (new.transition_seq <> old.transition_seq) execute function public.record_claim();
