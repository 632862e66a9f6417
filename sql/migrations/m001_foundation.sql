-- Rooms of the database, and the words that every later file uses.
--
-- public    business objects: what the fund is about
-- actor     who is asking: the session context that row security trusts
-- auth      credentials and sessions: no role but the owner reads these tables
-- workflow  which change of state may happen, and which did
-- audit     what happened, sealed
-- report    the questions that the fund must answer
--
-- Own refusals use SQLSTATE class TS:
--   TS001 no live session        TS002 transition refused     TS003 duties must be separate
--   TS004 append-only            TS005 above delegated limit  TS006 over budget
--   TS007 not your capacity      TS008 too late or too early  TS009 content is frozen
--   TS010 too many attempts      TS011 approval does not match what was seen

revoke all on schema public from public;

create schema actor;
create schema auth;
create schema workflow;
create schema audit;
create schema report;

grant usage on schema public, actor, auth, workflow, audit, report to touchstone_app, touchstone_worker;
grant usage on schema public, workflow, audit, report, actor to touchstone_reader;

alter default privileges revoke execute on functions from public;

-- Facts are append-only: a correction is a new row.
create function workflow.refuse_change() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception '% rows are facts: they are added, never changed or removed', tg_table_name
        using errcode = 'TS004';
end
$$;

-- Human references such as BID-2026-0042. Gaps are harmless; repeats are not.
create sequence public.programme_number;
create sequence public.round_number;
create sequence public.bid_number;
create sequence public.approval_number;

create function public.next_reference(kind text) returns text
    language plpgsql
    volatile
    security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    number bigint;
begin
    number := case kind
        when 'PRG' then nextval('public.programme_number')
        when 'RND' then nextval('public.round_number')
        when 'BID' then nextval('public.bid_number')
        when 'APR' then nextval('public.approval_number')
    end;
    if number is null then
        raise exception 'no references of kind %', kind;
    end if;
    return kind || '-' || to_char(now() at time zone 'Europe/London', 'YYYY') || '-' || lpad(number::text, 4, '0');
end
$$;

grant execute on function public.next_reference(text) to touchstone_app, touchstone_worker;

-- What the schema has become. Written by `touchstone migrate` only.
create table public.schema_change (
    name       text primary key,
    checksum   bytea not null,
    repeatable boolean not null default false,
    applied_at timestamptz not null default clock_timestamp(),
    applied_by text not null default session_user
);

grant select on public.schema_change to touchstone_app, touchstone_worker, touchstone_reader;
