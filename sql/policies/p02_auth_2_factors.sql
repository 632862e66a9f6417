-- The only doors to schema auth: second factors, stepping up, passphrases, API tokens. See p02_auth_1_sessions.sql for the
-- words used and the rules kept.
--
-- TOTP seeds are sealed with a key that the database does not have, so the server judges the code and the database keeps
-- the rest: that attempts are counted (each handing out of a sealed seed is one), that a step is near now, that no step is
-- used twice on any server. A server that lies about a code is a server that was given the passphrase as well.

-- Hands out a sealed seed and counts one attempt. wait_seconds > 0: come back later, no seed. Without a token: no row.
create or replace function auth.totp_for_session(credential bytea)
    returns table (sealed bytea, wait_seconds integer)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    session auth.session := auth.claim($1, 'any');
    wait integer;
begin
    if session.id is null or session.kind <> 'web' then
        return;
    end if;
    wait := auth.attempt('totp:' || session.person_id);
    return query
    select case when wait = 0 then t.sealed end, wait
    from auth.totp t where t.person_id = session.person_id and t.confirmed_at is not null;
end
$$;

-- Records that a step was used. Null: accepted. Otherwise why not.
create or replace function auth.spend_step(person uuid, step bigint) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if abs(step - floor(extract(epoch from clock_timestamp()) / 30)) > 2 then
        return 'not_now';
    end if;
    perform pg_advisory_xact_lock(hashtextextended(person::text, 4));
    if exists (select from auth.totp_used u where u.person_id = person and u.step >= spend_step.step) then
        return 'replayed';
    end if;
    insert into auth.totp_used (person_id, step) values (person, step);
    return null;
end
$$;

-- Turns a session into a full one that has just proved a second factor, under a new key.
create or replace function auth.raise_session(session_id uuid, new_key bytea) returns void
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
    update auth.session
    set key = new_key, level = 'full', stepped_up_at = now(), last_seen_at = now()
    where id = session_id
$$;

-- The second half of signing in: the server found the code right for this step. Without a token: refused.
create or replace function auth.use_totp(credential bytea, step bigint, new_key bytea)
    returns table (ok boolean, reason text)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    session auth.session := auth.claim($1, 'any');
    why text;
begin
    if session.id is null or session.kind <> 'web' or not exists (
        select from auth.totp t where t.person_id = session.person_id and t.confirmed_at is not null) then
        return query select false, 'no_session';
        return;
    end if;
    why := auth.spend_step(session.person_id, $2);
    if why is null then
        perform auth.forgive('totp:' || session.person_id);
        perform auth.raise_session(session.id, $3);
    end if;
    perform auth.note(case when why is null then 'session.second_factor' else 'session.refuse_second_factor' end,
        'session', session.id, session.person_id, null,
        jsonb_build_object('method', 'totp') || case when why is null then '{}' else jsonb_build_object('reason', why) end);
    return query select why is null, why;
end
$$;

-- The same with a recovery code, which then is spent. code_hash: SHA-256 of the code. Without a token: refused.
create or replace function auth.use_recovery_code(credential bytea, code_hash bytea, new_key bytea)
    returns table (ok boolean, reason text, wait_seconds integer, codes_left integer)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    session auth.session := auth.claim($1, 'any');
    wait integer;
    spent integer;
begin
    if session.id is null or session.kind <> 'web' then
        return query select false, 'no_session', 0, 0;
        return;
    end if;
    wait := auth.attempt('totp:' || session.person_id);
    if wait > 0 then
        return query select false, 'wait', wait, 0;
        return;
    end if;
    update auth.recovery_code c set used_at = now()
    where c.person_id = session.person_id and c.code_hash = $2 and c.used_at is null;
    get diagnostics spent = row_count;
    if spent = 1 then
        perform auth.forgive('totp:' || session.person_id);
        perform auth.raise_session(session.id, $3);
    end if;
    perform auth.note(case when spent = 1 then 'session.second_factor' else 'session.refuse_second_factor' end,
        'session', session.id, session.person_id, null, jsonb_build_object('method', 'recovery_code'));
    return query
    select spent = 1, case when spent = 1 then null else 'wrong' end, 0,
        (select count(*)::integer from auth.recovery_code c where c.person_id = session.person_id and c.used_at is null);
end
$$;

-- What stepping up needs, in a session or with an API token: method 'totp' (with the sealed seed) or 'passphrase' (with the way
-- to hash it). Counts one attempt for TOTP. Without a token: no row.
create or replace function auth.step_up_challenge(credential bytea)
    returns table (method text, sealed bytea, salt bytea, memory_kib integer, iterations integer, parallelism integer,
                   wait_seconds integer)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    session auth.session := auth.claim($1);
    seed bytea;
    wait integer := 0;
begin
    if session.id is null then
        return;
    end if;
    select t.sealed into seed from auth.totp t where t.person_id = session.person_id and t.confirmed_at is not null;
    if seed is not null then
        wait := auth.attempt('totp:' || session.person_id);
        return query select 'totp', case when wait = 0 then seed end, null::bytea, null::integer, null::integer, null::integer, wait;
        return;
    end if;
    return query
    select 'passphrase', null::bytea, c.salt, c.memory_kib, c.iterations, c.parallelism, 0
    from auth.credential c where c.person_id = session.person_id;
end
$$;

-- Whether this is the person's passphrase; counts the attempt on their account.
create or replace function auth.passphrase_is_right(person uuid, verifier_input bytea, out is_right boolean, out wait_seconds integer)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    bucket text := auth.account_bucket((select p.email from public.person p where p.id = person));
begin
    is_right := false;
    wait_seconds := auth.attempt(bucket);
    if wait_seconds = 0 and exists (
        select from auth.credential c where c.person_id = person and c.verifier = sha256(verifier_input)) then
        is_right := true;
        perform auth.forgive(bucket);
    end if;
end
$$;

-- A fresh proof of identity within a session or for an API token, under a new key: else what needs a fresh proof would be
-- closed to a token from its sixteenth minute on. What a token is for and when it ends stay as they are; auth.is_fresh keeps
-- ways to sign in, and other tokens, out of its reach. One of the two: the step of a right TOTP code where a
-- second factor is set up, else the passphrase. Without a token: refused.
create or replace function auth.step_up(credential bytea, verifier_input bytea, totp_step bigint, new_key bytea)
    returns table (ok boolean, reason text, wait_seconds integer)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    session auth.session := auth.claim($1);
    judged record;
    why text;
begin
    if session.id is null then
        return query select false, 'no_session', 0;
        return;
    end if;
    if exists (select from auth.totp t where t.person_id = session.person_id and t.confirmed_at is not null) then
        why := case when $3 is null then 'totp_needed' else auth.spend_step(session.person_id, $3) end;
        if why is null then
            perform auth.forgive('totp:' || session.person_id);
        end if;
    else
        select * into judged from auth.passphrase_is_right(session.person_id, $2);
        if judged.wait_seconds > 0 then
            return query select false, 'wait', judged.wait_seconds;
            return;
        end if;
        why := case when judged.is_right then null else 'wrong' end;
    end if;
    if why is null then
        perform auth.raise_session(session.id, $4);
    end if;
    perform auth.note(case when why is null then 'session.step_up' else 'session.refuse_step_up' end,
        'session', session.id, session.person_id);
    return query select why is null, why, 0;
end
$$;

-- Whether the session proved itself lately enough to change how it proves itself.
create or replace function auth.is_fresh(session auth.session) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    -- Never null: `not null` is not true, and would let everybody through.
    return coalesce(session.kind = 'web' and session.level = 'full'
        and session.stepped_up_at > now() - (auth.limits()).fresh, false);
end
$$;

-- Puts a new sealed seed in waiting. Where a second factor exists already, a fresh step-up is needed; the old one counts
-- until the new one is confirmed. Without a token: refused.
create or replace function auth.enrol_totp(credential bytea, sealed bytea)
    returns table (ok boolean, reason text)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    session auth.session := auth.claim($1, 'any');
begin
    if session.id is null or session.kind <> 'web' then
        return query select false, 'no_session';
        return;
    end if;
    if not auth.is_fresh(session)
        and exists (select from auth.totp t where t.person_id = session.person_id and t.confirmed_at is not null) then
        return query select false, 'step_up';
        return;
    end if;
    insert into auth.totp as t (person_id, pending) values (session.person_id, $2)
        on conflict (person_id) do update set pending = excluded.pending;
    return query select true, null::text;
end
$$;

-- The seed in waiting, so that any server can judge the first code. Counts one attempt. Without a token: no row.
create or replace function auth.totp_pending(credential bytea)
    returns table (sealed bytea, wait_seconds integer)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    session auth.session := auth.claim($1, 'any');
    wait integer;
begin
    if session.id is null or session.kind <> 'web' then
        return;
    end if;
    wait := auth.attempt('totp:' || session.person_id);
    return query
    select case when wait = 0 then t.pending end, wait
    from auth.totp t where t.person_id = session.person_id and t.pending is not null;
end
$$;

-- The server found the first code right: the seed in waiting counts from now. Without a token: refused.
create or replace function auth.confirm_totp(credential bytea, step bigint, new_key bytea)
    returns table (ok boolean, reason text)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    session auth.session := auth.claim($1, 'any');
    has_one boolean;
    why text;
begin
    if session.id is null or session.kind <> 'web' then
        return query select false, 'no_session';
        return;
    end if;
    has_one := exists (select from auth.totp t where t.person_id = session.person_id and t.confirmed_at is not null);
    why := case
        when not exists (select from auth.totp t where t.person_id = session.person_id and t.pending is not null) then 'nothing_pending'
        when has_one and not auth.is_fresh(session) then 'step_up'
        else auth.spend_step(session.person_id, $2) end;
    if why is null then
        update auth.totp t set sealed = t.pending, pending = null, confirmed_at = now() where t.person_id = session.person_id;
        perform auth.forgive('totp:' || session.person_id);
        perform auth.raise_session(session.id, $3);
        perform auth.note('person.second_factor_set', 'person', session.person_id, session.person_id);
    end if;
    return query select why is null, why;
end
$$;

-- New recovery codes for old: SHA-256 of each. Needs a fresh step-up. Without a token: refused.
create or replace function auth.set_recovery_codes(credential bytea, hashes bytea[])
    returns table (ok boolean, reason text)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    session auth.session := auth.claim($1);
begin
    if not auth.is_fresh(session) then
        return query select false, case when session.id is null then 'no_session' else 'step_up' end;
        return;
    end if;
    if cardinality($2) not between 1 and 20 or exists (select from unnest($2) h where octet_length(h) <> 32) then
        raise exception 'one to twenty SHA-256 hashes' using errcode = '22023';
    end if;
    delete from auth.recovery_code c where c.person_id = session.person_id;
    insert into auth.recovery_code (person_id, code_hash) select session.person_id, h from unnest($2) h;
    perform auth.note('person.recovery_codes_set', 'person', session.person_id, session.person_id);
    return query select true, null::text;
end
$$;

-- A new passphrase, on proof of the old one; ends all other sessions and tokens. Without a token: refused.
create or replace function auth.change_password(
    credential bytea, old_input bytea, salt bytea, memory_kib integer, iterations integer, parallelism integer, verifier bytea)
    returns table (ok boolean, reason text, wait_seconds integer)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    session auth.session := auth.claim($1);
    judged record;
begin
    if session.id is null or session.kind <> 'web' then
        return query select false, 'no_session', 0;
        return;
    end if;
    select * into judged from auth.passphrase_is_right(session.person_id, $2);
    if not judged.is_right then
        return query select false, case when judged.wait_seconds > 0 then 'wait' else 'wrong' end, judged.wait_seconds;
        return;
    end if;
    perform auth.set_credential(session.person_id, $3, $4, $5, $6, $7);
    perform auth.end_where(session.person_id, null, session.id, 'passphrase changed');
    perform auth.note('person.passphrase_changed', 'person', session.person_id, session.person_id);
    return query select true, null::text, 0;
end
$$;

create or replace function auth.set_credential(
    person uuid, salt bytea, memory_kib integer, iterations integer, parallelism integer, verifier bytea) returns void
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
    insert into auth.credential (person_id, salt, memory_kib, iterations, parallelism, verifier)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (person_id) do update set salt = excluded.salt, memory_kib = excluded.memory_kib,
        iterations = excluded.iterations, parallelism = excluded.parallelism, verifier = excluded.verifier, changed_at = now()
$$;

-- A personal API token: a session of kind 'api'. Needs a fresh step-up; a token makes no tokens. Its own proof of identity
-- dates from now, so acts that need a fresh one soon need auth.step_up. Without a token: refused.
create or replace function auth.create_token(
    credential bytea, id uuid, key bytea, label text, scope text, expires_at timestamptz)
    returns table (ok boolean, reason text)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    session auth.session := auth.claim($1);
begin
    if not auth.is_fresh(session) then
        return query select false, case when session.id is null then 'no_session' else 'step_up' end;
        return;
    end if;
    if $6 <= now() or $6 > now() + (auth.limits()).longest_token then
        return query select false, 'expiry';
        return;
    end if;
    insert into auth.session (id, person_id, kind, key, level, label, scope, idle_limit, expires_at, stepped_up_at)
    values ($2, session.person_id, 'api', $3, 'full', $4, $5, $6 - now(), $6, session.stepped_up_at);
    perform auth.note('token.create', 'session', $2, session.person_id, null,
        jsonb_build_object('scope', $5, 'expires_at', $6));
    return query select true, null::text;
end
$$;
