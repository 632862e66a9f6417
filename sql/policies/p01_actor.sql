-- Who is asking. The server opens each transaction with the credential that the caller presented (SHA-256 of the token);
-- the session table keeps SHA-256 of that. So neither the application's password nor a copy of the table is a context:
-- a policy believes only what it finds behind a credential that is alive at this moment.
--
-- Every function here: plpgsql (its plan is cached), stable, security definer, pinned search_path. Call them in policies
-- as (select actor.f()), so that a statement asks once. No live session: null, false or an empty array; hence no rows.
-- What a holder of the application's password and no live credential gains from each of them: nothing.

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

-- The key of the session that this transaction claims, or null. Anything but 64 hex digits claims nothing.
create or replace function actor.key() returns bytea
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    credential text := current_setting('touchstone.credential', true);
begin
    if credential is null or credential !~ '^[0-9a-f]{64}$' then
        return null;
    end if;
    return sha256(decode(credential, 'hex'));
end
$$;

-- The live session behind this transaction. Level 'password' is live for fifteen minutes and is no context at all for
-- row security: it may only go on to the second factor.
create or replace function actor.live(wanted_level text default 'full') returns auth.session
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    found auth.session;
    claimed bytea := actor.key();
begin
    if claimed is null then
        return null;
    end if;
    select s.* into found
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
    return found;
end
$$;

create or replace function actor.session_id() returns uuid
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return (actor.live()).id;
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
declare
    me uuid := (actor.live()).person_id;
begin
    return (select p.organisation_id from public.person p where p.id = me);
end
$$;

create or replace function actor.role() returns text
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := (actor.live()).person_id;
begin
    return (select p.role from public.person p where p.id = me);
end
$$;

-- The capacities that count at this moment: valid today in London, and for those that need a second factor only where it
-- is set up and was used in this session. Null scope: everywhere that the role reaches.
create or replace function actor.held() returns table (code text, scope_kind text, scope_id uuid)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    session auth.session := actor.live();
begin
    if session.id is null then
        return;
    end if;
    return query
    select c.code, c.scope_kind, c.scope_id
    from public.capacity c
    join public.capacity_kind k on k.code = c.code
    where c.person_id = session.person_id
        and c.valid_from <= public.london_today()
        and (c.valid_to is null or public.london_today() <= c.valid_to)
        and (not k.second_factor
            or (session.stepped_up_at is not null
                and exists (select from auth.totp t where t.person_id = session.person_id and t.confirmed_at is not null)));
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
        or (length(shown) = 64 and shown = actor.system_ticket());
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
    session auth.session := actor.live();
begin
    return session.id is not null and session.scope = 'write'
        and exists (select from public.person p where p.id = session.person_id and p.role <> 'auditor');
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

-- The organisation for which this person acts on the authority's side: null for every other role, and for a person of
-- an authority who holds no capacity today.
create or replace function actor.authority() returns uuid
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select p.organisation_id from public.person p
        where p.id = (actor.live()).person_id and p.role = 'local_authority'
            and exists (select from actor.held()));
end
$$;

create or replace function actor.department() returns uuid
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := (actor.live()).person_id;
begin
    return (select p.organisation_id from public.person p where p.id = me and p.role = 'department');
end
$$;

-- The department for whose every case this person works: they hold a capacity without scope.
create or replace function actor.whole_department() returns uuid
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select p.organisation_id from public.person p
        where p.id = (actor.live()).person_id and p.role = 'department'
            and exists (select from actor.held() h where h.scope_kind is null));
end
$$;

-- Programmes on whose team a person of the department works: all of the department's where a capacity has no scope, else
-- those that a capacity names or whose rounds or bids it names. For an auditor: all there are.
create or replace function actor.case_programmes() returns uuid[]
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    us uuid := actor.department();
begin
    if us is null then
        if actor.role() = 'auditor' then
            return array(select p.id from public.programme p);
        end if;
        return '{}';
    end if;
    if exists (select from actor.held() h where h.scope_kind is null) then
        return array(select p.id from public.programme p where p.organisation_id = us);
    end if;
    return array(
        select distinct p.id
        from actor.held() h
        left join public.bid b on h.scope_kind = 'bid' and b.id = h.scope_id
        left join public.round r on r.id = case h.scope_kind when 'round' then h.scope_id when 'bid' then b.round_id end
        join public.programme p on p.id = case h.scope_kind when 'programme' then h.scope_id else r.programme_id end
        where p.organisation_id = us);
end
$$;

-- Rounds whose bids are no longer sealed, in the department's own programmes; for an auditor, in all.
-- A round that was cancelled while open stays sealed.
create or replace function actor.unsealed_rounds() returns uuid[]
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    us uuid := actor.department();
    everywhere boolean := us is null and actor.role() = 'auditor';
begin
    if us is null and not coalesce(everywhere, false) then
        return '{}';
    end if;
    return array(
        select r.id
        from public.round r
        join public.programme p on p.id = r.programme_id
        where (everywhere or p.organisation_id = us)
            and (r.state in ('closed', 'appraising', 'decided', 'announced')
                or (r.state = 'cancelled'
                    and exists (select from workflow.log l where l.object_id = r.id and l.event = 'close'))));
end
$$;

-- Unsealed rounds on whose case team this person is; for an auditor, all that are unsealed.
create or replace function actor.case_rounds() returns uuid[]
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    unsealed uuid[] := actor.unsealed_rounds();
begin
    if cardinality(unsealed) = 0 or actor.role() = 'auditor'
        or exists (select from actor.held() h where h.scope_kind is null) then
        return case when actor.role() = 'auditor' or exists (select from actor.held()) then unsealed else '{}' end;
    end if;
    return array(
        select r.id from public.round r
        where r.id = any (unsealed)
            and exists (
                select from actor.held() h
                where h.scope_id = case h.scope_kind when 'programme' then r.programme_id when 'round' then r.id end));
end
$$;

-- Single bids to which a capacity of the department is limited.
create or replace function actor.case_bids() returns uuid[]
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    unsealed uuid[];
begin
    if actor.department() is null or not exists (select from actor.held() h where h.scope_kind = 'bid') then
        return '{}';
    end if;
    unsealed := actor.unsealed_rounds();
    return array(
        select b.id from actor.held() h join public.bid b on b.id = h.scope_id
        where h.scope_kind = 'bid' and b.round_id = any (unsealed));
end
$$;

-- Bids that this person appraises, in rounds that are no longer sealed.
create or replace function actor.assigned_bids() returns uuid[]
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := (actor.live()).person_id;
begin
    if me is null or not exists (select from actor.held() h where h.code in ('appraiser', 'reviewer')) then
        return '{}';
    end if;
    return array(
        select a.bid_id from public.appraisal a
        join public.bid b on b.id = a.bid_id
        join public.round r on r.id = b.round_id
        where a.appraiser_id = me and r.state in ('closed', 'appraising', 'decided', 'announced'));
end
$$;

-- A bid that was withdrawn before its round closed stays the authority's own affair.
create or replace function actor.withdrawn_after_close(bid uuid) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return (actor.live()).id is not null and exists (
        select from workflow.log l
        join public.bid b on b.id = l.object_id
        join public.round r on r.id = b.round_id
        where l.object_id = bid and l.event = 'withdraw' and l.from_state not in ('draft', 'in_certification')
            and (l.from_state <> 'submitted' or l.at >= r.closes_at));
end
$$;

-- The one helper for objects that hang on a bid: whether this actor may read the bid's case in full.
--   team     the department's case team and auditors, once the round is closed
--   author   the authority that wrote it
create or replace function actor.sees_case(bid uuid) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about record;
begin
    select b.round_id, b.state, b.content_version into about from public.bid b where b.id = bid;
    if about.round_id is null or about.content_version = 0
        or about.state in ('draft', 'in_certification', 'not_submitted') then
        return false;
    end if;
    return (about.round_id = any (actor.case_rounds()) or bid = any (actor.case_bids()))
        and (about.state <> 'withdrawn' or actor.withdrawn_after_close(bid));
end
$$;

-- Scores other than one's own (visibility.md §6): an appraiser of the department once their own appraisal is final, and then
-- only final ones; the officer who checks its quality, once it is submitted; officers who decide, once all are final;
-- auditors, once the round is closed. What Works reviewers and authorities: never.
create or replace function actor.may_read_scores(appraisal uuid) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := (actor.live()).person_id;
    about public.appraisal;
    mine text;
begin
    select a.* into about from public.appraisal a where a.id = appraisal;
    if me is null or about.id is null then
        return false;
    end if;
    if about.appraiser_id = me then
        return true;
    end if;
    if not actor.sees_case(about.bid_id) then
        return false;
    end if;
    if actor.role() = 'auditor' then
        return true;
    end if;
    select a.state into mine from public.appraisal a where a.bid_id = about.bid_id and a.appraiser_id = me;
    if mine is not null and mine <> 'final' then
        return false;
    end if;
    if mine = 'final' and about.state = 'final' then
        return true;
    end if;
    if actor.holds('programme_officer') and about.state in ('submitted', 'returned', 'final') then
        return true;
    end if;
    return actor.may_read_as_decider()
        and not exists (select from public.appraisal a where a.bid_id = about.bid_id and a.state <> 'final');
end
$$;

create or replace function actor.may_read_as_decider() returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select from actor.held() h
        where h.code in ('programme_officer', 'approver', 'finance', 'senior_officer_responsible', 'panel_chair'));
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
    session auth.session;
begin
    perform set_config('touchstone.credential', encode(credential, 'hex'), true);
    session := actor.live('any');
    if session.id is null then
        raise exception 'no live session' using errcode = 'TS001';
    end if;
    return query
    select session.id, p.id, p.name, o.id, o.name, p.role,
        case when session.level = 'full' then array(
            select h.code || coalesce('@' || h.scope_kind || ':' || h.scope_id, '') from actor.held() h order by 1)
        else '{}' end,
        session.level, session.scope,
        exists (select from auth.totp t where t.person_id = p.id and t.confirmed_at is not null),
        session.stepped_up_at, session.last_seen_at, pg_catalog.now()
    from public.person p
    join public.organisation o on o.id = p.organisation_id
    where p.id = session.person_id;
end
$$;

-- The application may ask; only doors of the database may act as the system or see the session row.
revoke execute on all functions in schema actor from public, touchstone_app, touchstone_worker, touchstone_reader;
grant execute on function
    actor.open(bytea), actor.session_id(), actor.person_id(), actor.organisation_id(), actor.role(), actor.holds(text),
    actor.may_act(text[]), actor.is_system(), actor.may_write(), actor.authority(), actor.department(),
    actor.whole_department(), actor.case_programmes(), actor.unsealed_rounds(), actor.case_rounds(), actor.case_bids(), actor.assigned_bids(),
    actor.withdrawn_after_close(uuid), actor.sees_case(uuid), actor.may_read_scores(uuid)
    to touchstone_app, touchstone_worker, touchstone_reader;
grant execute on function public.uuid7(), public.london_today() to touchstone_app, touchstone_worker, touchstone_reader;
