-- The only doors to schema auth: signing in and staying in. All are security definer and granted to touchstone_app alone.
--
-- `credential` is SHA-256 of a token; a `key` is SHA-256 of a credential, and is what tables keep. `verifier_input` is the
-- output of Argon2id, of which auth.credential keeps the SHA-256. Each comment says what somebody gains who holds the
-- application's password but no token and no passphrase.
--
-- A refusal is a row, not an error, so that the transaction commits and the failure stays counted.
-- All counting is by the database's clock, in auth.rate_bucket, and therefore shared by all servers.

-- Named limits of signing in. Slower, never locked: a lock would let strangers shut people out.
create or replace function auth.limits(
    out account_free integer, out account_longest interval, out source_free integer, out source_window interval,
    out fresh interval, out longest_idle interval, out longest_session interval, out longest_token interval)
    language sql immutable
    set search_path = pg_catalog, pg_temp
as $$
    select 10, interval '15 minutes', 100, interval '15 minutes',
        interval '15 minutes', interval '2 hours', interval '24 hours', interval '366 days'
$$;

-- What Argon2id costs for an address that nobody has; a fund that changes the cost for everybody sets `argon2_cost` to
-- memory KiB/iterations/parallelism.
create or replace function auth.usual_cost(out memory_kib integer, out iterations integer, out parallelism integer)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    cost text[] := string_to_array(
        coalesce((select s.value from public.setting s where s.code = 'argon2_cost'), '19456/2/1'), '/');
begin
    memory_kib := cost[1]::integer;
    iterations := cost[2]::integer;
    parallelism := cost[3]::integer;
end
$$;

create or replace function auth.note(
    action text, object_kind text, object_id uuid, person uuid, source text default null, detail jsonb default '{}')
    returns void
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
    insert into audit.event (id, person_id, organisation_id, action, object_kind, object_id, detail, address)
    select public.uuid7(), person, (select p.organisation_id from public.person p where p.id = person),
        action, object_kind, object_id, detail, source
$$;

-- Sets the context of this transaction and returns the session behind it, if it is alive at that level.
create or replace function auth.claim(credential bytea, wanted_level text default 'full') returns auth.session
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    claimed uuid;
    found auth.session;
begin
    if credential is null then
        perform set_config('touchstone.actor', '', true);
        return null;
    end if;
    claimed := (actor.enter(sha256(credential), wanted_level)).session_id;
    select s.* into found from auth.session s where s.id = claimed;
    return found;
end
$$;

-- Counts one attempt before it is known whether it succeeds. 0: go on. Otherwise seconds to wait; nothing was counted.
-- The bucket stays locked until the transaction ends, so attempts on one account go one after the other.
create or replace function auth.attempt(bucket_key text) returns integer
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    bucket auth.rate_bucket;
    free integer := (auth.limits()).account_free;
    longest interval := (auth.limits()).account_longest;
begin
    insert into auth.rate_bucket (key) values (bucket_key)
        on conflict (key) do update set key = excluded.key returning * into bucket;
    if bucket.blocked_until > clock_timestamp() then
        return ceil(extract(epoch from bucket.blocked_until - clock_timestamp()));
    end if;
    if bucket.window_from < clock_timestamp() - interval '1 day' then
        bucket.failures := 0;
    end if;
    bucket.failures := bucket.failures + 1;
    update auth.rate_bucket b
    set failures = bucket.failures,
        window_from = clock_timestamp(),
        blocked_until = case when bucket.failures >= free then
            clock_timestamp() + least(longest, make_interval(secs => power(2, least(bucket.failures - free, 20)))) end
    where b.key = bucket_key;
    return 0;
end
$$;

create or replace function auth.forgive(bucket_key text) returns void
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$ update auth.rate_bucket set failures = 0, blocked_until = null where key = bucket_key $$;

-- A fixed window: at most `most` in each. True while there is room.
create or replace function auth.take(bucket_key text, most integer, per interval, out allowed boolean, out wait_seconds integer)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    bucket auth.rate_bucket;
begin
    insert into auth.rate_bucket as b (key, failures, window_from) values (bucket_key, 1, clock_timestamp())
    on conflict (key) do update
        set failures = case when b.window_from <= clock_timestamp() - per then 1 else least(b.failures, most) + 1 end,
            window_from = case when b.window_from <= clock_timestamp() - per then clock_timestamp() else b.window_from end
    returning b.* into bucket;
    allowed := bucket.failures <= most;
    wait_seconds := case when allowed then 0
        else greatest(1, ceil(extract(epoch from bucket.window_from + per - clock_timestamp()))) end;
end
$$;

-- Limits of any other kind, such as requests of one API token in a minute.
-- Without a token one gains: a counter of one's own; its names cannot meet those above.
create or replace function auth.rate(counted text, most integer, per interval, out allowed boolean, out wait_seconds integer)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if length(counted) > 200 or most < 1 or per not between interval '1 second' and interval '1 day' then
        raise exception 'a rate has a name of at most 200 characters, a limit and a window of at most a day'
            using errcode = '22023';
    end if;
    select t.allowed, t.wait_seconds into allowed, wait_seconds from auth.take('rate:' || counted, most, per) t;
end
$$;

create or replace function auth.account_bucket(email text) returns text
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return 'account:' || (select encode(sha256(p.value || convert_to(lower(btrim(email)), 'UTF8')), 'hex') from auth.pepper p);
end
$$;

-- How to hash the passphrase for this address. The answer for an address that nobody has is made from a secret of the
-- database, always the same and of the same form. Without a passphrase one gains: salts, which sign nobody in.
create or replace function auth.challenge(email text, source text)
    returns table (salt bytea, memory_kib integer, iterations integer, parallelism integer, wait_seconds integer)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    address text := lower(btrim($1));
    invented bytea;
    usual record;
begin
    select substring(sha256(p.value || convert_to('salt:' || address, 'UTF8')) from 1 for 16) into invented from auth.pepper p;
    select * into usual from auth.usual_cost();
    return query
    select coalesce(c.salt, invented), coalesce(c.memory_kib, usual.memory_kib), coalesce(c.iterations, usual.iterations),
        coalesce(c.parallelism, usual.parallelism),
        coalesce(ceil(extract(epoch from greatest(
            b.blocked_until - clock_timestamp(), interval '0')))::integer, 0)
    from (values (1)) always
    left join public.person p on p.email = address
    left join auth.credential c on c.person_id = p.id
    left join auth.rate_bucket b on b.key = auth.account_bucket(address);
end
$$;

-- Signs in. level 'password' when a second factor is set up ('confirmed') or needed ('to_enrol'). Says nothing about
-- which part was wrong. Without the passphrase one gains: attempts, each counted, slower from the tenth on.
create or replace function auth.open_session(
    email text, verifier_input bytea, source text, credential_key bytea, session_id uuid, kind text,
    idle interval, absolute interval)
    returns table (ok boolean, wait_seconds integer, level text, person_id uuid, second_factor text)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    account text := auth.account_bucket(coalesce($1, ''));
    from_source text := 'source:' || left($3, 100);
    known record;
    right_passphrase boolean;
    factor text;
    room record;
    wait integer;
begin
    if $6 <> 'web' or octet_length($4) <> 32 then
        raise exception 'only web sessions are opened with a passphrase' using errcode = '22023';
    end if;
    wait := auth.attempt(account);
    if wait = 0 and from_source is not null then
        select * into room from auth.take(from_source, (auth.limits()).source_free, (auth.limits()).source_window);
        wait := room.wait_seconds;
    end if;
    if wait > 0 then
        return query select false, wait, null::text, null::uuid, null::text;
        return;
    end if;

    select p.id, p.state, c.verifier, o.active_to into known
    from public.person p
    join public.organisation o on o.id = p.organisation_id
    left join auth.credential c on c.person_id = p.id
    where p.email = lower(btrim($1));
    right_passphrase := sha256($2) = coalesce(known.verifier, sha256(''::bytea))
        and known.verifier is not null and known.state = 'active'
        and (known.active_to is null or public.london_today() < known.active_to);
    if right_passphrase is not true then
        perform auth.note('session.refuse', 'person', known.id, null, $3, '{}');
        return query select false, 0, null::text, null::uuid, null::text;
        return;
    end if;

    perform auth.forgive(account);
    if from_source is not null then
        update auth.rate_bucket b set failures = greatest(b.failures - 1, 0) where b.key = from_source;
    end if;
    factor := case
        when exists (select from auth.totp t where t.person_id = known.id and t.confirmed_at is not null) then 'confirmed'
        when auth.needs_second_factor(known.id) then 'to_enrol'
        else 'none' end;
    insert into auth.session (id, person_id, kind, key, level, idle_limit, expires_at)
    values ($5, known.id, 'web', $4, case factor when 'none' then 'full' else 'password' end,
        least($7, (auth.limits()).longest_idle), now() + least($8, (auth.limits()).longest_session));
    perform auth.note('session.open', 'session', $5, known.id, $3, jsonb_build_object('second_factor', factor));
    return query select true, 0, case factor when 'none' then 'full' else 'password' end, known.id, factor;
end
$$;

create or replace function auth.needs_second_factor(person uuid) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select from public.capacity c join public.capacity_kind k on k.code = c.code
        where c.person_id = person and k.second_factor and (c.valid_to is null or public.london_today() <= c.valid_to)
            and not (c.ended_by is not null and c.valid_to <= public.london_today()));
end
$$;

-- Renews last-seen, at most once a minute. Without a token: nothing happens.
create or replace function auth.touch(credential bytea) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    session auth.session := auth.claim(credential, 'any');
begin
    update auth.session s set last_seen_at = now()
    where s.id = session.id and s.last_seen_at < now() - interval '1 minute';
end
$$;

-- A person's own live sessions and API tokens. Without a token: no rows.
create or replace function auth.sessions(credential bytea)
    returns table (id uuid, kind text, label text, scope text, created_at timestamptz, last_seen_at timestamptz,
                   expires_at timestamptz, is_current boolean)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    session auth.session := auth.claim($1);
begin
    return query
    select s.id, s.kind, s.label, s.scope, s.created_at, s.last_seen_at, s.expires_at, s.id = session.id
    from auth.session s
    where s.person_id = session.person_id and s.ended_at is null and now() < s.expires_at
        and now() < s.last_seen_at + s.idle_limit and s.level = 'full'
    order by s.created_at desc;
end
$$;

create or replace function auth.end_where(person uuid, just uuid, except_for uuid, why text) returns integer
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    ended integer;
begin
    update auth.session s set ended_at = now(), end_reason = why
    where s.person_id = person and s.ended_at is null
        and (just is null or s.id = just) and s.id is distinct from except_for;
    get diagnostics ended = row_count;
    return ended;
end
$$;

-- Signs out: this session, or another of one's own. How many were ended. Without a token: none.
create or replace function auth.end_session(credential bytea, session_id uuid default null) returns integer
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    session auth.session := auth.claim(credential, 'any');
    ended integer;
begin
    if session.id is null or (session.level <> 'full' and session_id is not null) then
        return 0;
    end if;
    -- A token that may only read may end itself, and nothing else.
    if session.scope = 'read' and coalesce(session_id, session.id) <> session.id then
        raise exception 'this token is for reading only' using errcode = 'TS007';
    end if;
    ended := auth.end_where(session.person_id, coalesce(session_id, session.id), null, 'signed out');
    if ended > 0 then
        perform auth.note('session.end', 'session', coalesce(session_id, session.id), session.person_id);
    end if;
    return ended;
end
$$;

-- Signs out everywhere, API tokens included. Without a token: none.
create or replace function auth.end_all(credential bytea) returns integer
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    session auth.session := auth.claim(credential);
    ended integer;
begin
    if session.id is null then
        return 0;
    end if;
    if session.scope = 'read' then
        raise exception 'this token is for reading only' using errcode = 'TS007';
    end if;
    ended := auth.end_where(session.person_id, null, null, 'signed out everywhere');
    perform auth.note('session.end_all', 'person', session.person_id, session.person_id, null,
        jsonb_build_object('ended', ended));
    return ended;
end
$$;

-- Whether the caller keeps the accounts of that person's organisation.
create or replace function auth.keeps(person uuid) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return actor.is_operator() or (actor.may_write() and (
        actor.holds('administrator')
        or (actor.holds('la_user_administrator') and exists (
            select from public.person p
            where p.id = person and p.role = 'local_authority' and p.organisation_id = actor.organisation_id()))));
end
$$;

-- Ends another person's sessions, for those who keep their account. Without a token: none.
create or replace function auth.end_sessions_of(credential bytea, person uuid) returns integer
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    session auth.session := auth.claim(credential);
    ended integer;
begin
    if not auth.keeps(person) then
        raise exception 'these accounts are kept by somebody else' using errcode = 'TS007';
    end if;
    ended := auth.end_where(person, null, null, 'ended by whoever keeps the account');
    perform auth.note('session.end_all', 'person', person, session.person_id, null, jsonb_build_object('ended', ended));
    return ended;
end
$$;

-- Suspension and leaving end sessions at once, whoever does it and however.
create or replace function auth.end_sessions_with_account() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if new.state <> 'active' and old.state = 'active' then
        perform auth.end_where(new.id, null, null, new.state);
    end if;
    return null;
end
$$;

create or replace trigger person_sessions_end after update on public.person
    for each row execute function auth.end_sessions_with_account();
