-- What happened. Written in the transaction that did it; sealed in batches afterwards.

create sequence audit.event_number;

create table audit.event (
    seq         bigint primary key default nextval('audit.event_number'),
    id          uuid not null unique,
    at          timestamptz not null default clock_timestamp(),
    -- For the sealing job: only events of finished transactions are sealed.
    xid         xid8 not null default pg_current_xact_id(),
    person_id   uuid,
    organisation_id uuid,
    capacity    text,
    action      text not null check (length(action) between 1 and 80),
    object_kind text not null check (length(object_kind) between 1 and 40),
    object_id   uuid,
    from_state  text,
    to_state    text,
    reason      text,
    before_hash bytea,
    after_hash  bytea,
    detail      jsonb not null default '{}',
    address     text,
    request_id  text
);

create index event_object on audit.event (object_kind, object_id, seq);
create index event_person on audit.event (person_id, seq);
create index event_at on audit.event (at);
create index event_xid on audit.event (xid);

create trigger event_append_only before update or delete on audit.event
    for each row execute function workflow.refuse_change();
create trigger event_no_truncate before truncate on audit.event
    for each statement execute function workflow.refuse_change();

create table audit.seal (
    batch      bigint primary key,
    members    bigint[] not null check (cardinality(members) > 0),
    -- SHA-256 of each member, so that a verifier can name the row that was changed and not only its batch.
    digests    bytea[] not null,
    previous   bytea not null,
    head       bytea not null,
    -- All events of transactions before this one are sealed: where the next batch begins to look.
    horizon    xid8 not null,
    sealed_at  timestamptz not null default clock_timestamp(),
    check (cardinality(digests) = cardinality(members))
);

create trigger seal_append_only before update or delete on audit.seal
    for each row execute function workflow.refuse_change();
create trigger seal_no_truncate before truncate on audit.seal
    for each statement execute function workflow.refuse_change();

-- The canonical text of an event: netstrings in a fixed order, "-" for null. `Services/Audit.swift` computes the same
-- bytes from an export; neither may change without a new algorithm name in the seal.
create function audit.netstring(part text) returns text
    language sql immutable
    set search_path = pg_catalog, pg_temp
as $$ select case when part is null then '-,' else octet_length(part) || ':' || part || ',' end $$;

create function audit.canonical(e audit.event) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select audit.netstring(e.seq::text) || audit.netstring(e.id::text)
        || audit.netstring((extract(epoch from e.at) * 1000000)::bigint::text)
        || audit.netstring(e.person_id::text) || audit.netstring(e.organisation_id::text)
        || audit.netstring(e.capacity) || audit.netstring(e.action) || audit.netstring(e.object_kind)
        || audit.netstring(e.object_id::text) || audit.netstring(e.from_state) || audit.netstring(e.to_state)
        || audit.netstring(e.reason) || audit.netstring(encode(e.before_hash, 'hex'))
        || audit.netstring(encode(e.after_hash, 'hex')) || audit.netstring(e.detail::text)
        || audit.netstring(e.address) || audit.netstring(e.request_id)
$$;

-- Chains every committed, unsealed event into one new batch: head = fold of sha256(head || sha256(canonical)), and then
-- sha256(head || time of sealing in microseconds).
-- Returns how many were sealed. One sealer at a time; writers never wait for it.
create function audit.seal_batch(most integer default 10000) returns integer
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    last record;
    e audit.event;
    head bytea;
    members bigint[] := '{}';
    digests bytea[] := '{}';
    digest bytea;
    upto xid8 := pg_snapshot_xmin(pg_current_snapshot());
    since xid8;
    sealed timestamptz := clock_timestamp();
begin
    if not pg_try_advisory_xact_lock(hashtextextended('audit.seal_batch', 0)) then
        return 0;
    end if;
    select s.batch, s.head, s.horizon into last from audit.seal s order by s.batch desc limit 1;
    -- A cluster that was restored from a dump counts transactions anew.
    since := case when last.horizon <= upto then last.horizon else '0'::xid8 end;
    head := coalesce(last.head, sha256(''::bytea));
    for e in
        select ev.* from audit.event ev
        where ev.xid >= since and ev.xid < upto
            and not exists (select 1 from audit.sealed_event m where m.seq = ev.seq)
        order by ev.seq limit most
    loop
        digest := sha256(convert_to(audit.canonical(e), 'UTF8'));
        head := sha256(head || digest);
        members := members || e.seq;
        digests := digests || digest;
        insert into audit.sealed_event (seq, batch) values (e.seq, coalesce(last.batch, 0) + 1);
    end loop;
    if cardinality(members) = 0 then
        return 0;
    end if;
    -- The moment is part of the chain: what carries an older time and turns up later was slipped in.
    head := sha256(head || convert_to((extract(epoch from sealed) * 1000000)::bigint::text, 'UTF8'));
    insert into audit.seal (batch, sealed_at, members, digests, previous, head, horizon)
        values (coalesce(last.batch, 0) + 1, sealed, members, digests, coalesce(last.head, sha256(''::bytea)), head,
            case when cardinality(members) < most then upto else since end);
    return cardinality(members);
end
$$;

-- An index of what is sealed, so that the job need not search the arrays. The arrays are the truth.
create table audit.sealed_event (
    seq   bigint primary key,
    batch bigint not null
);

create trigger sealed_event_append_only before update or delete on audit.sealed_event
    for each row execute function workflow.refuse_change();

grant execute on function audit.seal_batch(integer) to touchstone_worker;

-- The answer to a command is kept with its key, in the transaction that carried it out.
create table public.idempotency_key (
    person_id    uuid not null,
    key          text not null check (length(key) between 1 and 200),
    request_hash bytea not null check (octet_length(request_hash) = 32),
    result       jsonb not null,
    created_at   timestamptz not null default now(),
    primary key (person_id, key)
);

-- Mail to be: written with the act that causes it.
create table public.outbox (
    id           uuid primary key,
    event        text not null check (length(event) between 1 and 80),
    recipient_id uuid not null references public.person,
    subject      text not null check (length(subject) between 1 and 200 and subject !~ '[\r\n]'),
    body         text not null check (length(body) <= 4000),
    object_kind  text not null,
    object_id    uuid,
    -- One notice per happening and recipient, however often it is retried.
    dedupe_key   text not null,
    created_at   timestamptz not null default now(),
    unique (dedupe_key, recipient_id)
);

create index outbox_recipient on public.outbox (recipient_id, created_at desc, id);
