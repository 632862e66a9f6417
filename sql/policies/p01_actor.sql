-- Who is asking. The server opens each transaction with the credential that the caller presented (SHA-256 of the token);
-- the session table keeps SHA-256 of that. So neither the application's password nor a copy of the table is a context:
-- a policy believes only what it finds behind a credential that is alive at this moment.
--
-- Every function here: plpgsql (its plan is cached), stable, security definer, pinned search_path. Call them in policies
-- as (select actor.f()), so that a statement asks once. No live session: null, false or an empty array; hence no rows.
-- What a holder of the application's password and no live credential gains from each of them: nothing.

-- The live session behind this transaction, and whose it is. Level 'password' is live for fifteen minutes and is no context
-- at all for row security: it may only go on to the second factor. Anything but 64 hex digits claims nothing.
create or replace function actor.live(
    wanted_level text default 'full',
    out session_id uuid, out person_id uuid, out organisation_id uuid, out role text, out scope text, out level text,
    out stepped_up_at timestamptz)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    credential text := current_setting('touchstone.credential', true);
    claimed bytea;
begin
    if credential is null or length(credential) <> 64 or translate(credential, '0123456789abcdef', '') <> '' then
        return;
    end if;
    -- In a variable: inside the query it would be computed for each row that a small table shows.
    claimed := sha256(decode(credential, 'hex'));
    select s.id, p.id, p.organisation_id, p.role, s.scope, s.level, s.stepped_up_at
    into session_id, person_id, organisation_id, role, scope, level, stepped_up_at
    from auth.session s
    join public.person p on p.id = s.person_id
    join public.organisation o on o.id = p.organisation_id
    where s.key = claimed
        and (s.level = wanted_level or wanted_level = 'any')
        and s.ended_at is null
        and now() < s.expires_at
        and now() < s.last_seen_at + s.idle_limit
        and (s.level = 'full' or now() < s.created_at + interval '15 minutes')
        and p.state = 'active'
        and (o.active_to is null or public.london_today() < o.active_to);
end
$$;

create or replace function actor.session_id() returns uuid
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return (actor.live()).session_id;
end
$$;

create or replace function actor.person_id() returns uuid
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return (actor.live()).person_id;
end
$$;

create or replace function actor.organisation_id() returns uuid
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return (actor.live()).organisation_id;
end
$$;

create or replace function actor.role() returns text
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return (actor.live()).role;
end
$$;

-- The capacities of a person that count at this moment: valid today in London, and for those that need a second factor only
-- where it is set up and was used in this session. Null scope: everywhere that the role reaches.
create or replace function actor.held_by(person uuid, stepped_up_at timestamptz)
    returns table (code text, scope_kind text, scope_id uuid)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    today date := (now() at time zone 'Europe/London')::date;
begin
    return query
    select c.code, c.scope_kind, c.scope_id
    from public.capacity c
    join public.capacity_kind k on k.code = c.code
    where c.person_id = person
        and c.valid_from <= today
        and (c.valid_to is null or today <= c.valid_to)
        -- Ended by somebody: at once, not at midnight.
        and not (c.ended_by is not null and c.valid_to <= today)
        and (not k.second_factor
            or (held_by.stepped_up_at is not null
                and exists (select from auth.totp t where t.person_id = person and t.confirmed_at is not null)));
end
$$;

create or replace function actor.held() returns table (code text, scope_kind text, scope_id uuid)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me record := actor.live();
begin
    return query select h.code, h.scope_kind, h.scope_id from actor.held_by(me.person_id, me.stepped_up_at) h;
end
$$;

create or replace function actor.holds(wanted text) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (select from actor.held() h where h.code = wanted);
end
$$;

-- The proof, valid for this transaction on this connection only, that a door of the database acts for the system: an
-- invitation that was accepted, say. Its key is a secret of the database, so no setting can be made up outside.
create or replace function actor.system_ticket() returns text
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return (select encode(sha256(p.value || convert_to(
        'system ticket:' || pg_backend_pid() || ':' || transaction_timestamp(), 'UTF8')), 'hex') from auth.pepper p);
end
$$;

-- Called by the doors around the one statement that they do for the system. Nobody else may execute it.
create or replace function actor.as_system(working boolean) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config('touchstone.system', case when working then actor.system_ticket() else '' end, true);
end
$$;

-- The scheduled worker by its login, or a door of the database at work. Never the application's login by itself.
create or replace function actor.is_system() returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    shown text := current_setting('touchstone.system', true);
begin
    return session_user = 'touchstone_worker'
        or coalesce(length(shown) = 64 and shown = actor.system_ticket(), false);
end
$$;

-- The operator on the host: the owner's login, for as long as it does not act for somebody.
create or replace function actor.is_operator() returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return session_user = 'touchstone_owner' and coalesce(current_setting('touchstone.credential', true), '') = '';
end
$$;

-- Whether this session may change anything: not a read-only token, and never an auditor.
create or replace function actor.may_write() returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me record := actor.live();
begin
    return coalesce(me.scope = 'write' and me.role <> 'auditor', false);
end
$$;

create or replace function actor.may_act(capacities text[]) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if actor.is_operator() or ('system' = any (capacities) and actor.is_system()) then
        return true;
    end if;
    return actor.may_write() and exists (select from actor.held() h where h.code = any (capacities));
end
$$;

-- As may_act, and the capacity must reach the object: a programme officer of one programme moves nothing in another.
create or replace function actor.may_act_on(capacities text[], machine text, subject jsonb) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    programme uuid;
    round uuid;
    bid uuid;
    organisation uuid;
begin
    if actor.is_operator() or ('system' = any (capacities) and actor.is_system()) then
        return true;
    end if;
    if not actor.may_write() then
        return false;
    end if;
    if exists (select from actor.held() h where h.code = any (capacities) and h.scope_kind is null) then
        return true;
    end if;
    programme := case machine when 'programme' then subject ->> 'id' else subject ->> 'programme_id' end;
    round := case machine when 'round' then subject ->> 'id' else subject ->> 'round_id' end;
    bid := case machine when 'bid' then subject ->> 'id' else subject ->> 'bid_id' end;
    if round is null and bid is not null then
        round := (select b.round_id from public.bid b where b.id = bid);
    end if;
    if programme is null and round is not null then
        programme := (select r.programme_id from public.round r where r.id = round);
    end if;
    organisation := coalesce((subject ->> 'organisation_id')::uuid, (select b.organisation_id from public.bid b where b.id = bid));
    return exists (
        select from actor.held() h
        where h.code = any (capacities)
            and h.scope_id = case h.scope_kind when 'programme' then programme when 'round' then round
                                               when 'bid' then bid when 'organisation' then organisation end);
end
$$;

-- Opens a transaction for whoever presents this credential. First statement of every transaction of the server, also of
-- read-only ones. TS001 when there is no live session: never signed in, signed out, idle, expired, suspended, closed.
create or replace function actor.open(credential bytea)
    returns table (session_id uuid, person_id uuid, name text, organisation_id uuid, organisation_name text, role text,
                   capacities text[], level text, scope text, has_second_factor boolean, stepped_up_at timestamptz,
                   last_seen_at timestamptz, now timestamptz)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    me record;
begin
    perform set_config('touchstone.credential', encode(credential, 'hex'), true);
    me := actor.live('any');
    if me.session_id is null then
        raise exception 'no live session' using errcode = 'TS001';
    end if;
    return query
    select me.session_id, p.id, p.name, o.id, o.name, p.role,
        case when me.level = 'full' then array(
            select h.code || coalesce('@' || h.scope_kind || ':' || h.scope_id, '')
            from actor.held_by(me.person_id, me.stepped_up_at) h order by 1)
        else '{}' end,
        me.level, me.scope,
        exists (select from auth.totp t where t.person_id = p.id and t.confirmed_at is not null),
        me.stepped_up_at, s.last_seen_at, pg_catalog.now()
    from auth.session s
    join public.person p on p.id = s.person_id
    join public.organisation o on o.id = p.organisation_id
    where s.id = me.session_id;
end
$$;

-- The application may ask; only doors of the database may act as the system or see the session row.
revoke execute on function
    actor.live(text), actor.held_by(uuid, timestamptz), actor.held(), actor.system_ticket(), actor.as_system(boolean), actor.is_operator(),
    actor.may_act_on(text[], text, jsonb)
    from public, touchstone_app, touchstone_worker, touchstone_reader;
grant execute on function
    actor.open(bytea), actor.session_id(), actor.person_id(), actor.organisation_id(), actor.role(), actor.holds(text),
    actor.may_act(text[]), actor.is_system(), actor.may_write()
    to touchstone_app, touchstone_worker, touchstone_reader;
