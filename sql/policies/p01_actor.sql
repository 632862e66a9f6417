-- Who is asking. Each transaction of the server begins with actor.open and the credential that the caller presented (SHA-256
-- of the token). That looks the session up, once, by SHA-256 of the credential, and leaves what it found in the local setting
-- touchstone.actor: facts in plain text behind a seal, which is a digest of a secret of the database, this connection, this
-- transaction and the facts. Policies believe only facts whose seal is right. So the application's password, a copy of the
-- session table, a setting that was made up or changed, and a setting of another transaction are all no context.
--
-- A session that ends while a transaction runs is gone from the next transaction on; for a change of state, at once: see
-- actor.may_act_on. (Transactions within one message of the simple protocol begin at the same moment and so count as one; the
-- server sends none such.)
--
-- Functions for policies: plpgsql (its plan is cached), stable, security definer, pinned search_path. Call them in policies
-- as (select actor.f()), so that a statement asks once. No context: null, false or an empty array; hence no rows.
-- What a holder of the application's password and no live credential gains from each of them: nothing.

drop function if exists actor.live(text), actor.held_by(uuid, timestamptz);

-- The seal of a text, good for this transaction on this connection only. This function and the next run several times a
-- statement. They are for functions of this file and the next alone, all of which pin the search path; to pin it here once more
-- would cost a tenth of a read. The secret is looked up each time: a plan that held it would show it to debug_print_plan.
create or replace function actor.seal(secret bytea, facts text) returns text
    language plpgsql stable security definer
as $$
begin
    return encode(sha256(secret || sha256(
        int4send(pg_backend_pid()) || timestamptz_send(transaction_timestamp()) || convert_to(facts, 'UTF8'))), 'hex');
end
$$;

-- The facts of this transaction, if their seal is right, else null:
--   session|person|organisation|role|whether it may write (t or f)|capacities with commas between, as actor.open shows them
create or replace function actor.facts() returns text
    language plpgsql stable security definer
as $$
declare
    shown text := current_setting('touchstone.actor', true);
begin
    return (select substr(shown, 65) from auth.pepper p where left(shown, 64) = actor.seal(p.value, substr(shown, 65)));
end
$$;

-- The capacities of a person that count at this moment, as `code` or `code@kind:id` of their scope: valid today in London, and
-- for those that need a second factor only where it is set up and was used in this session. No scope: everywhere that the
-- role reaches.
create or replace function actor.capacities_of(person uuid, second_factor_used boolean) returns text[]
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    today date := (now() at time zone 'Europe/London')::date;
begin
    return array(
        select c.code || coalesce('@' || c.scope_kind || ':' || c.scope_id, '') as held
        from public.capacity c
        join public.capacity_kind k on k.code = c.code
        where c.person_id = person
            and c.valid_from <= today
            and (c.valid_to is null or today <= c.valid_to)
            -- Ended by somebody: at once, not at midnight.
            and not (c.ended_by is not null and c.valid_to <= today)
            and (not k.second_factor or second_factor_used)
        order by held);
end
$$;

-- Finds the live session with this key, says whose it is, and makes that the context of this transaction; without one, nobody
-- is. Level 'password' is live for fifteen minutes and is no context at all for row security: it may only go on to the second
-- factor. Only doors call it that are shown a credential, of which the key is the SHA-256.
create or replace function actor.enter(
    key bytea, wanted_level text,
    out session_id uuid, out person_id uuid, out name text, out organisation_id uuid, out organisation_name text,
    out role text, out scope text, out level text, out has_second_factor boolean, out stepped_up_at timestamptz,
    out last_seen_at timestamptz, out capacities text[])
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    facts text;
begin
    capacities := '{}';
    select s.id, p.id, p.name, o.id, o.name, p.role, s.scope, s.level, t.person_id is not null, s.stepped_up_at,
        s.last_seen_at
    into session_id, person_id, name, organisation_id, organisation_name, role, scope, level, has_second_factor,
        stepped_up_at, last_seen_at
    from auth.session s
    join public.person p on p.id = s.person_id
    join public.organisation o on o.id = p.organisation_id
    left join auth.totp t on t.person_id = p.id and t.confirmed_at is not null
    where s.key = enter.key
        and (s.level = wanted_level or wanted_level = 'any')
        and s.ended_at is null
        and now() < s.expires_at
        and now() < s.last_seen_at + s.idle_limit
        and (s.level = 'full' or now() < s.created_at + interval '15 minutes')
        and p.state = 'active'
        and (o.active_to is null or public.london_today() < o.active_to);
    if level = 'full' then
        capacities := actor.capacities_of(person_id, has_second_factor and stepped_up_at is not null);
        facts := concat_ws('|', session_id, person_id, organisation_id, role, scope = 'write' and role <> 'auditor',
            array_to_string(capacities, ','));
        perform set_config('touchstone.actor', (select actor.seal(p.value, facts) from auth.pepper p) || facts, true);
    else
        -- Not empty: see actor.is_operator.
        perform set_config('touchstone.actor', 'nobody', true);
    end if;
end
$$;

-- The facts taken apart, for functions that ask for several of them.
create or replace function actor.me(out person_id uuid, out organisation_id uuid, out role text)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    facts text := actor.facts();
begin
    person_id := split_part(facts, '|', 2);
    organisation_id := split_part(facts, '|', 3);
    role := split_part(facts, '|', 4);
end
$$;

create or replace function actor.session_id() returns uuid
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return split_part(actor.facts(), '|', 1);
end
$$;

create or replace function actor.person_id() returns uuid
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return split_part(actor.facts(), '|', 2);
end
$$;

create or replace function actor.organisation_id() returns uuid
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return split_part(actor.facts(), '|', 3);
end
$$;

create or replace function actor.role() returns text
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return split_part(actor.facts(), '|', 4);
end
$$;

-- Whether this session may change anything: not a read-only token, and never an auditor.
create or replace function actor.may_write() returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(split_part(actor.facts(), '|', 5) = 't', false);
end
$$;

-- The capacities that count, taken apart.
create or replace function actor.held() returns table (code text, scope_kind text, scope_id uuid)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select split_part(h, '@', 1), substring(h from '@(.*):'), substring(h from ':(.*)')::uuid
    from unnest(string_to_array(split_part(actor.facts(), '|', 6), ',')) as h;
end
$$;

-- The codes of them, whatever their scope.
create or replace function actor.codes() returns text[]
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return string_to_array(regexp_replace(split_part(actor.facts(), '|', 6), '@[^,]*', '', 'g'), ',');
end
$$;

create or replace function actor.holds(wanted text) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(wanted = any (actor.codes()), false);
end
$$;

-- The proof, valid for this transaction on this connection only, that a door of the database acts for the system: an
-- invitation that was accepted, say. Its key is a secret of the database, so no setting can be made up outside.
create or replace function actor.system_ticket() returns text
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return (select actor.seal(p.value, 'system') from auth.pepper p);
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
    return session_user = 'touchstone_owner' and coalesce(current_setting('touchstone.actor', true), '') = '';
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
    return actor.may_write() and coalesce(actor.codes() && capacities, false);
end
$$;

-- As may_act, and the capacity must reach the object: a programme officer of one programme moves nothing in another. For
-- workflow.guard. The session is looked up anew, since what moves an object has often waited for it: whoever has signed out, was
-- suspended or lost a capacity meanwhile, moves nothing.
create or replace function actor.may_act_on(capacities text[], machine text, subject jsonb) returns boolean
    language plpgsql volatile security definer
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
    perform actor.enter((select s.key from auth.session s where s.id = actor.session_id()), 'full');
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
    me record := actor.enter(sha256(credential), 'any');
begin
    if me.session_id is null then
        raise exception 'no live session' using errcode = 'TS001';
    end if;
    return query
    select me.session_id, me.person_id, me.name, me.organisation_id, me.organisation_name, me.role, me.capacities, me.level,
        me.scope, me.has_second_factor, me.stepped_up_at, me.last_seen_at, pg_catalog.now();
end
$$;

-- The application may ask; only doors of the database may seal, act as the system or look a session up.
revoke execute on function
    actor.seal(bytea, text), actor.facts(), actor.capacities_of(uuid, boolean), actor.enter(bytea, text), actor.held(),
    actor.codes(), actor.system_ticket(), actor.as_system(boolean), actor.is_operator(), actor.may_act_on(text[], text, jsonb)
    from public, touchstone_app, touchstone_worker, touchstone_reader;
grant execute on function
    actor.open(bytea), actor.session_id(), actor.person_id(), actor.organisation_id(), actor.role(), actor.holds(text),
    actor.may_act(text[]), actor.is_system(), actor.may_write()
    to touchstone_app, touchstone_worker, touchstone_reader;
