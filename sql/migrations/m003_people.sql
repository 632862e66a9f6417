-- People, what they may act as, and how they prove who they are.

create table public.capacity_kind (
    code         text primary key,
    role         text not null check (role in ('department', 'local_authority', 'what_works', 'evaluator', 'auditor', 'administrator')),
    -- Money, decisions and other people's access need a second factor.
    second_factor boolean not null,
    unique (code, role)
);

insert into public.capacity_kind (code, role, second_factor) values
    ('programme_officer', 'department', false),
    ('appraiser', 'department', false),
    ('panel_member', 'department', false),
    ('panel_chair', 'department', false),
    ('finance', 'department', true),
    ('approver', 'department', true),
    ('senior_officer_responsible', 'department', true),
    ('signatory', 'department', true),
    ('payment_releaser', 'department', true),
    ('la_editor', 'local_authority', false),
    ('la_certifier', 'local_authority', false),
    ('la_reader', 'local_authority', false),
    ('la_user_administrator', 'local_authority', false),
    ('reviewer', 'what_works', false),
    ('review_lead', 'what_works', true),
    ('rating_panel', 'what_works', false),
    ('evaluation_author', 'evaluator', false),
    ('auditor', 'auditor', false),
    ('administrator', 'administrator', true);

create table public.person (
    id              uuid primary key,
    organisation_id uuid not null references public.organisation,
    -- A person has one role for as long as the account exists; the foreign key below makes
    -- "an administrator or auditor holds nothing else" true by construction, in any order of events.
    role            text not null check (role in ('department', 'local_authority', 'what_works', 'evaluator', 'auditor', 'administrator')),
    email           text not null check (email = lower(email) and email ~ '^[^@\s]+@[^@\s]+\.[^@\s]+$' and length(email) <= 254),
    name            text not null check (length(name) between 1 and 140),
    is_contractor   boolean not null default false,
    state           text not null default 'invited',
    last_event      text not null default 'invite',
    transition_seq  integer not null default 1,
    version         integer not null default 1,
    created_at      timestamptz not null default now(),
    created_by      uuid references public.person,
    unique (id, role),
    unique (email)
);

create index person_organisation on public.person (organisation_id, name, id);

create table public.capacity (
    id             uuid primary key,
    person_id      uuid not null,
    role           text not null,
    code           text not null,
    -- Null scope: everywhere that the role reaches. Otherwise one programme, round, bid or organisation.
    scope_kind     text check (scope_kind in ('programme', 'round', 'bid', 'organisation')),
    scope_id       uuid,
    valid_from     date not null,
    valid_to       date,
    training_valid_until date,
    granted_by     uuid references public.person,
    ended_by       uuid references public.person,
    end_reason     text,
    version        integer not null default 1,
    created_at     timestamptz not null default now(),
    foreign key (person_id, role) references public.person (id, role),
    foreign key (code, role) references public.capacity_kind (code, role),
    check ((scope_kind is null) = (scope_id is null)),
    check (valid_to is null or valid_from <= valid_to),
    check (granted_by is distinct from person_id)
);

create index capacity_person on public.capacity (person_id, valid_from, valid_to);
create unique index capacity_once on public.capacity (person_id, code, coalesce(scope_id, '00000000-0000-0000-0000-000000000000'))
    where valid_to is null;

create table public.delegation (
    id             uuid primary key,
    person_id      uuid not null references public.person,
    tier           text not null check (length(tier) between 1 and 60),
    max_amount     numeric(14,2) not null check (max_amount > 0),
    categories     text[] not null default '{programme,award}',
    instrument_ref text not null check (length(instrument_ref) between 1 and 140),
    valid_from     date not null,
    valid_to       date not null,
    proposed_by    uuid references public.person,
    activated_by   uuid references public.person,
    state          text not null default 'proposed',
    last_event     text not null default 'propose',
    transition_seq integer not null default 1,
    version        integer not null default 1,
    created_at     timestamptz not null default now(),
    check (valid_from <= valid_to),
    check (proposed_by is distinct from person_id and activated_by is distinct from person_id),
    check (activated_by is null or activated_by is distinct from proposed_by)
);

create index delegation_person on public.delegation (person_id, valid_from, valid_to);

-- Credentials. The verifier is SHA-256 of the Argon2id output: the password's hash itself never leaves
-- the server that computed it, and the database checks it, so a stolen application password opens no session.
create table auth.credential (
    person_id   uuid primary key references public.person,
    salt        bytea not null check (octet_length(salt) = 16),
    memory_kib  integer not null,
    iterations  integer not null,
    parallelism integer not null,
    verifier    bytea not null check (octet_length(verifier) = 32),
    changed_at  timestamptz not null default now()
);

-- The seed is sealed (AES-256-GCM) with a key that the database does not have.
-- A new seed waits in pending until a code from it was shown, so that a half-done change locks nobody out.
create table auth.totp (
    person_id    uuid primary key references public.person,
    sealed       bytea,
    pending      bytea,
    confirmed_at timestamptz,
    check ((sealed is null) = (confirmed_at is null))
);

create table auth.totp_used (
    person_id uuid not null references public.person,
    step      bigint not null,
    used_at   timestamptz not null default now(),
    primary key (person_id, step)
);

create table auth.recovery_code (
    person_id uuid not null references public.person,
    code_hash bytea not null,
    used_at   timestamptz,
    primary key (person_id, code_hash)
);

create table auth.session (
    id             uuid primary key,
    person_id      uuid not null references public.person,
    kind           text not null check (kind in ('web', 'api')),
    -- SHA-256 of the credential that the server presents; the credential is itself SHA-256 of the token.
    key            bytea not null unique check (octet_length(key) = 32),
    -- password: may only go on to the second factor. full: signed in.
    level          text not null check (level in ('password', 'full')),
    label          text not null default '' check (length(label) <= 140),
    scope          text not null default 'write' check (scope in ('read', 'write')),
    created_at     timestamptz not null default now(),
    last_seen_at   timestamptz not null default now(),
    idle_limit     interval not null,
    expires_at     timestamptz not null,
    stepped_up_at  timestamptz,
    ended_at       timestamptz,
    end_reason     text
);

create index session_person on auth.session (person_id) where ended_at is null;

create table auth.invitation (
    id          uuid primary key,
    person_id   uuid not null references public.person,
    token_hash  bytea not null unique check (octet_length(token_hash) = 32),
    purpose     text not null default 'invite' check (purpose in ('invite', 'reset')),
    created_at  timestamptz not null default now(),
    created_by  uuid references public.person,
    expires_at  timestamptz not null,
    accepted_at timestamptz
);

-- One row per thing counted: an account, a source address. Shared by all servers, on the database's clock.
create table auth.rate_bucket (
    key        text primary key,
    failures   integer not null default 0,
    window_from timestamptz not null default now(),
    blocked_until timestamptz
);

-- Fixed per installation; makes the answer for an unknown e-mail address stable and indistinguishable.
create table auth.pepper (only_row boolean primary key default true check (only_row), value bytea not null);
insert into auth.pepper (value)
    values (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));
