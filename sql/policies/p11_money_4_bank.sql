-- Where money goes: entered by one person, verified by others, held for a while when it changes, and never shown.

create or replace function public.hold_bank_account() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    -- Two entries of one authority follow each other, so that there is always one latest.
    perform pg_advisory_xact_lock(hashtextextended(new.organisation_id::text, 12));
    new.entered_at := clock_timestamp();
    return new;
end
$$;

create or replace trigger bank_account_hold before insert on public.bank_account
    for each row execute function public.hold_bank_account();

create or replace function public.current_bank_account(organisation uuid) returns uuid
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select b.id from public.bank_account b
        where b.organisation_id = organisation order by b.entered_at desc, b.id desc limit 1);
end
$$;

create or replace function public.hold_bank_verification() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    account public.bank_account;
    verifier public.person;
begin
    select b.* into account from public.bank_account b where b.id = new.bank_account_id;
    select p.* into verifier from public.person p where p.id = new.verified_by;
    new.at := clock_timestamp();
    if account.id is distinct from public.current_bank_account(account.organisation_id) then
        raise exception 'these details were replaced' using errcode = 'TS009';
    end if;
    if new.verified_by = account.entered_by then
        raise exception 'whoever entered bank details does not verify them' using errcode = 'TS003';
    end if;
    if verifier.organisation_id <> account.organisation_id and verifier.role <> 'department' then
        raise exception 'bank details are verified by their authority and by the department' using errcode = 'TS007';
    end if;
    if new.fingerprint <> account.fingerprint then
        raise exception 'what was typed is not what was entered' using errcode = 'TS011';
    end if;
    return new;
end
$$;

create or replace trigger bank_verification_hold before insert on public.bank_verification
    for each row execute function public.hold_bank_verification();

-- How far an authority's current details can be relied on. One row, of nulls where there are none.
create or replace function public.bank_state(
    organisation uuid,
    out bank_account_id uuid, out masked text, out payee text, out entered_by uuid, out entered_at timestamptz,
    out is_change boolean, out verifications integer, out by_authority boolean, out verified_at timestamptz,
    out payable_from timestamptz, out ready boolean)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    needed integer := greatest(public.setting_integer('bank_verifications', 2), 1);
begin
    select b.id, b.masked, b.payee, b.entered_by, b.entered_at,
        exists (select from public.bank_account x where x.organisation_id = organisation and x.id <> b.id)
    into bank_account_id, masked, payee, entered_by, entered_at, is_change
    from public.bank_account b where b.id = public.current_bank_account(organisation);
    select count(*), coalesce(bool_or(p.organisation_id = organisation), false), (array_agg(v.at order by v.at))[needed]
    into verifications, by_authority, verified_at
    from public.bank_verification v join public.person p on p.id = v.verified_by
    where v.bank_account_id = bank_state.bank_account_id;
    payable_from := verified_at + case when is_change
        then public.setting_integer('bank_hold_days', 7) * interval '1 day' else interval '0' end;
    ready := coalesce(by_authority and payable_from <= clock_timestamp(), false);
end
$$;

-- The same, for those who may see the masked details: no row for others, nor where nothing was entered.
create or replace function public.bank_standing(organisation uuid)
    returns table (bank_account_id uuid, masked text, payee text, entered_by uuid, entered_at timestamptz, is_change boolean,
        verifications integer, by_authority boolean, verified_at timestamptz, payable_from timestamptz, ready boolean)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if organisation = actor.authority() or exists (
        select from public.award a
        where a.organisation_id = organisation and a.programme_id = any (actor.case_programmes())) then
        return query select s.* from public.bank_state(organisation) s where s.bank_account_id is not null;
    end if;
end
$$;

-- Refuses a payment to details that are not settled.
create or replace function public.refuse_unsettled_bank(organisation uuid, account uuid) returns void
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    bank record;
begin
    select * into bank from public.bank_state(organisation);
    if account is not null and account is distinct from bank.bank_account_id then
        raise exception 'BANK changed' using errcode = 'TS016',
            detail = 'The authority has entered other bank details since this payment was prepared.';
    elsif bank.by_authority is not true or bank.verified_at is null then
        raise exception 'BANK unverified' using errcode = 'TS016',
            detail = 'The bank details of the authority are not verified by enough people yet.';
    elsif bank.ready is not true then
        raise exception 'BANK on_hold' using errcode = 'TS016',
            detail = 'The bank details of the authority changed, and no payment goes to them before '
                || to_char(bank.payable_from at time zone 'Europe/London', 'FMDD FMMonth YYYY HH24:MI') || '.';
    end if;
end
$$;

-- The one door to the details themselves: finance of a department that pays this authority. Each look is on the audit trail.
create or replace function public.unmask_bank_account(account uuid, reason text, about uuid default null) returns bytea
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about_account public.bank_account;
    me record := actor.me();
begin
    select b.* into about_account from public.bank_account b where b.id = account;
    if not actor.may_write() or not actor.holds('finance') or about_account.id is null or not exists (
        select from public.award a
        where a.organisation_id = about_account.organisation_id and a.programme_id = any (actor.case_programmes())) then
        raise exception 'bank details are shown to finance of the department that pays' using errcode = 'TS007';
    end if;
    if length(coalesce(reason, '')) < 10 then
        raise exception 'say why you need to see them' using errcode = 'TS002';
    end if;
    insert into audit.event (id, person_id, organisation_id, capacity, action, object_kind, object_id, reason, detail)
    values (public.uuid7(), me.person_id, me.organisation_id, 'finance', 'bank.unmask', 'bank_account', account, reason,
        jsonb_build_object('masked', about_account.masked, 'organisation', about_account.organisation_id, 'about', about));
    return about_account.sealed;
end
$$;

grant execute on function public.bank_standing(uuid), public.unmask_bank_account(uuid, text, uuid) to touchstone_app;
