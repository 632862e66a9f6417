-- What the other scripts of this folder stand on.

-- What p04 and p05 do to a table before they say who may touch it: drop its policies, revoke its privileges (also those by
-- column), and, unless it belongs to nobody, force row security with one policy, for the owner.
create or replace function workflow.close_tables(tables text[], fenced boolean default true) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
as $$
declare
    it text;
    policy name;
    columns text;
begin
    foreach it in array tables loop
        for policy in select p.polname from pg_policy p where p.polrelid = it::regclass loop
            execute format('drop policy %I on %s', policy, it);
        end loop;
        select string_agg(quote_ident(a.attname), ', ') into columns
        from pg_attribute a where a.attrelid = it::regclass and a.attnum > 0 and not a.attisdropped;
        execute format('revoke all on %s from public, touchstone_app, touchstone_worker, touchstone_reader', it);
        execute format('revoke all (%s) on %s from public, touchstone_app, touchstone_worker, touchstone_reader', columns, it);
        if fenced then
            execute format('alter table %s enable row level security, force row level security', it);
            execute format('create policy owner_all on %s to touchstone_owner using (true) with check (true)', it);
        end if;
    end loop;
end
$$;

-- Identifiers made by the database itself, ordered by time like those that the services make (UUID version 7).
create or replace function public.uuid7() returns uuid
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
as $$
declare
    bytes bytea := uuid_send(gen_random_uuid());
    millis bigint := (extract(epoch from clock_timestamp()) * 1000)::bigint;
begin
    bytes := overlay(bytes placing substring(int8send(millis) from 3) from 1 for 6);
    bytes := set_byte(bytes, 6, (get_byte(bytes, 6) & 15) | 112);
    return encode(bytes, 'hex')::uuid;
end
$$;

create or replace function public.london_today() returns date
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$ select (now() at time zone 'Europe/London')::date $$;

grant execute on function public.uuid7(), public.london_today() to touchstone_app, touchstone_worker, touchstone_reader;

-- Whether an active person holds a capacity today, wherever it reaches.
create or replace function public.holds_today(person uuid, wanted text) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select from public.capacity c join public.person p on p.id = c.person_id
        where p.id = person and p.state = 'active' and c.code = wanted
            and c.valid_from <= public.london_today() and (c.valid_to is null or public.london_today() <= c.valid_to)
            and not (c.ended_by is not null and c.valid_to <= public.london_today()));
end
$$;

-- 2026-27 for every day from 1 April 2026 to 31 March 2027.
create or replace function public.financial_year(on_day date) returns text
    language sql immutable
    set search_path = pg_catalog, pg_temp
as $$
    select start::text || '-' || lpad(((start + 1) % 100)::text, 2, '0')
    from (select extract(year from on_day - interval '3 months')::integer as start) as y
$$;

grant execute on function public.financial_year(date) to touchstone_app, touchstone_worker, touchstone_reader;

-- The sequence behind each kind of human reference.
create or replace function public.reference_sequence(kind text) returns text
    language sql immutable
    set search_path = pg_catalog, pg_temp
as $$
    select 'public.' || case kind
        when 'PRG' then 'programme' when 'RND' then 'round' when 'BID' then 'bid' when 'APR' then 'approval'
        when 'AWD' then 'award' when 'VAR' then 'variation' when 'CLM' then 'claim' when 'PAY' then 'payment_batch'
        when 'RET' then 'monitoring_return' when 'EVL' then 'evaluation' when 'EPL' then 'evaluation_plan'
        when 'REV' then 'review' when 'EVR' then 'evaluation_report' when 'PRA' then 'practice'
        when 'RAT' then 'evidence_rating' when 'ROL' then 'adoption_decision' when 'ADO' then 'la_adoption'
        when 'CAP' then 'capacity_assessment' when 'FUP' then 'follow_up' end || '_number'
$$;

create or replace function public.next_reference(kind text) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    digits text;
begin
    if public.reference_sequence(kind) is null then
        raise exception 'no references of kind %', kind;
    end if;
    digits := nextval(public.reference_sequence(kind))::text;
    return kind || '-' || to_char(now() at time zone 'Europe/London', 'YYYY') || '-'
        || lpad(digits, greatest(4, length(digits)), '0');
end
$$;

-- Whether the caller sees the object of a machine: its table has the machine's name, and row security answers.
create or replace function public.sees_object(machine text, object uuid) returns boolean
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
as $$
declare
    seen boolean := false;
begin
    if exists (select from workflow.transition t where t.machine = sees_object.machine) then
        execute format('select exists (select from public.%I x where x.id = $1)', machine) into seen using object;
    end if;
    return seen;
end
$$;

grant execute on function public.sees_object(text, uuid) to touchstone_app;

-- Whether an approval has become an agreement, so that it no longer lapses: its offer was accepted, or a variation rests on it.
create or replace function public.is_relied_on(approval uuid) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select from public.award a
        where a.accepted_at is not null and (a.approval_id = approval
            or exists (
                select from public.variation v
                where v.award_id = a.id and v.approval_id = approval and v.state in ('approved', 'in_effect'))));
end
$$;

-- Whether the award that an approval promised money to is over, so that what it did not use is free again.
create or replace function public.is_over(approval uuid) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select from public.approval p join public.award a on a.bid_id = p.bid_id
        where p.id = approval and a.state in ('closed', 'terminated'));
end
$$;

grant execute on function public.is_relied_on(uuid) to touchstone_worker;
