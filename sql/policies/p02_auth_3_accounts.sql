-- The only doors to schema auth: how an account begins and how access is regained. See p02_auth_1_sessions.sql for the words
-- used and the rules kept. An invitation's `credential` is SHA-256 of the token in the link, its `key` SHA-256 of that.

create or replace function auth.role_fits(kind text, role text) returns boolean
    language sql immutable
    set search_path = pg_catalog, pg_temp
as $$
    select role = any (case
        when kind in ('local_authority', 'childrens_trust', 'charity', 'combined_authority') then array['local_authority', 'evaluator']
        when kind in ('company', 'evaluator') then array['evaluator']
        when kind = 'what_works' then array['what_works', 'evaluator']
        when kind = 'department' then array['department', 'administrator', 'auditor']
        when kind = 'audit_body' then array['auditor']
        else '{}' end)
$$;

-- Makes an account that its owner activates by the link. For administrators, for user administrators within their own
-- authority, and for the operator on the host (credential null). Null reason: done. Without a token: refused.
create or replace function auth.invite(
    credential bytea, invitation_id uuid, key bytea, person_id uuid, organisation_id uuid, role text, email text,
    name text, is_contractor boolean, lifetime interval)
    returns table (ok boolean, reason text)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    session auth.session := auth.claim($1);
    host public.organisation;
begin
    if (actor.is_operator() or (actor.may_write() and (
        actor.holds('administrator')
        or (actor.holds('la_user_administrator') and $5 = actor.organisation_id() and $6 = 'local_authority')))) is not true then
        return query select false, 'not_yours';
        return;
    end if;
    select o.* into host from public.organisation o where o.id = $5;
    if host.id is null or not auth.role_fits(host.kind, $6) or host.active_to <= public.london_today() then
        return query select false, 'role_does_not_fit';
        return;
    end if;
    -- The same word whether the address is taken here or elsewhere.
    if exists (select from public.person p where p.email = lower(btrim($7))) then
        return query select false, 'address_unavailable';
        return;
    end if;
    insert into public.person (id, organisation_id, role, email, name, is_contractor, created_by)
    values ($4, $5, $6, lower(btrim($7)), $8, $9, session.person_id);
    insert into auth.invitation (id, person_id, token_hash, created_by, expires_at)
    values ($2, $4, $3, session.person_id, now() + least($10, interval '30 days'));
    perform auth.note('person.invite', 'person', $4, session.person_id, null, jsonb_build_object('role', $6));
    return query select true, null::text;
end
$$;

-- A new link for somebody who lost it (invited) or their passphrase (active). Earlier links stop working. The second factor
-- stays as it is. For the same people as auth.invite, never for oneself. Without a token: refused.
create or replace function auth.reinvite(
    credential bytea, invitation_id uuid, key bytea, person_id uuid, lifetime interval)
    returns table (ok boolean, reason text, purpose text)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    session auth.session := auth.claim($1);
    standing text := (select p.state from public.person p where p.id = $4);
    why text;
begin
    if not auth.keeps($4) or $4 is not distinct from session.person_id then
        return query select false, 'not_yours', null::text;
        return;
    end if;
    if standing is null or standing not in ('invited', 'active') then
        return query select false, 'not_now', null::text;
        return;
    end if;
    why := case standing when 'invited' then 'invite' else 'reset' end;
    update auth.invitation i set expires_at = now() where i.person_id = $4 and i.accepted_at is null and i.expires_at > now();
    insert into auth.invitation (id, person_id, token_hash, purpose, created_by, expires_at)
    values ($2, $4, $3, why, session.person_id, now() + least($5, interval '30 days'));
    perform auth.note('person.reinvite', 'person', $4, session.person_id, null, jsonb_build_object('purpose', why));
    return query select true, null::text, why;
end
$$;

-- What the page behind a link shows. Without the link's token: no row.
create or replace function auth.invitation(credential bytea)
    returns table (email text, name text, organisation_name text, role text, purpose text, expired boolean)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select p.email, p.name, o.name, p.role, i.purpose,
        i.accepted_at is not null or i.expires_at <= now()
            or p.state <> case i.purpose when 'invite' then 'invited' else 'active' end
    from auth.invitation i
    join public.person p on p.id = i.person_id
    join public.organisation o on o.id = p.organisation_id
    where i.token_hash = sha256($1);
end
$$;

-- The invited person sets a passphrase; the account becomes active. On a reset, all sessions end. Null reason: done.
-- Without the link's token: refused.
create or replace function auth.accept_invitation(
    credential bytea, salt bytea, memory_kib integer, iterations integer, parallelism integer, verifier bytea)
    returns table (ok boolean, reason text, person_id uuid)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    link auth.invitation;
    standing text;
begin
    select i.* into link from auth.invitation i where i.token_hash = sha256($1) for update;
    standing := (select p.state from public.person p where p.id = link.person_id);
    if link.id is null or link.accepted_at is not null or link.expires_at <= now()
        or standing <> (case link.purpose when 'invite' then 'invited' else 'active' end) then
        return query select false, 'expired', null::uuid;
        return;
    end if;
    update auth.invitation i set accepted_at = now() where i.id = link.id;
    perform auth.set_credential(link.person_id, $2, $3, $4, $5, $6);
    if link.purpose = 'invite' then
        perform actor.as_system(true);
        update public.person p
        set state = 'active', last_event = 'activate', transition_seq = p.transition_seq + 1, version = p.version + 1
        where p.id = link.person_id;
        perform actor.as_system(false);
    else
        perform auth.end_where(link.person_id, null, null, 'passphrase reset');
    end if;
    perform auth.note(case link.purpose when 'invite' then 'person.activate' else 'person.passphrase_reset' end,
        'person', link.person_id, link.person_id);
    return query select true, null::text, link.person_id;
end
$$;

revoke execute on all functions in schema auth from public, touchstone_app, touchstone_worker, touchstone_reader;
grant execute on function
    auth.challenge(text, text), auth.open_session(text, bytea, text, bytea, uuid, text, interval, interval),
    auth.touch(bytea), auth.sessions(bytea), auth.end_session(bytea, uuid), auth.end_all(bytea),
    auth.end_sessions_of(bytea, uuid), auth.rate(text, integer, interval),
    auth.totp_for_session(bytea), auth.use_totp(bytea, bigint, bytea), auth.use_recovery_code(bytea, bytea, bytea),
    auth.step_up_challenge(bytea), auth.step_up(bytea, bytea, bigint, bytea), auth.enrol_totp(bytea, bytea),
    auth.totp_pending(bytea), auth.confirm_totp(bytea, bigint, bytea), auth.set_recovery_codes(bytea, bytea[]),
    auth.change_password(bytea, bytea, bytea, integer, integer, integer, bytea),
    auth.create_token(bytea, uuid, bytea, text, text, timestamptz),
    auth.invite(bytea, uuid, bytea, uuid, uuid, text, text, text, boolean, interval),
    auth.reinvite(bytea, uuid, bytea, uuid, interval), auth.invitation(bytea),
    auth.accept_invitation(bytea, bytea, integer, integer, integer, bytea)
    to touchstone_app;
