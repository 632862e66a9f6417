-- Money moving: claims of the authority, payments in batches, and a ledger that balances.

create table public.claim (
    id               uuid primary key,
    reference        text not null unique,
    award_id         uuid not null references public.award,
    bid_id           uuid not null references public.bid,
    programme_id     uuid not null references public.programme,
    organisation_id  uuid not null references public.organisation,
    -- The instalment as the agreement had it; its position stays the same in later versions.
    instalment_id    uuid not null references public.instalment,
    position         integer not null,
    -- The n-th claim of the award.
    seq              integer not null,
    period_from      date,
    period_to        date,
    -- What the lines come to, and what of it was verified. Set by trigger.
    amount           numeric(14,2) check (amount > 0),
    verified_amount  numeric(14,2) check (verified_amount > 0),
    last_editor_id   uuid references public.person,
    declaration_version text check (length(declaration_version) between 1 and 60),
    certified_by     uuid references public.person,
    submitted_at     timestamptz,
    -- Which lines are checked follows from these; drawn by the database when the claim is submitted.
    sample_seed      bigint,
    sample_percent   integer check (sample_percent between 0 and 100),
    checked_by       uuid references public.person,
    verified_by      uuid references public.person,
    verified_at      timestamptz,
    pay_by           date,
    approved_by      uuid references public.person,
    approved_at      timestamptz,
    query            text check (length(query) between 1 and 4000),
    query_by         date,
    reason           text check (length(reason) between 1 and 4000),
    reversal_requested_by uuid references public.person,
    reversed_by      uuid references public.person,
    state            text not null default 'draft',
    last_event       text not null default 'start',
    transition_seq   integer not null default 1,
    version          integer not null default 1,
    created_by       uuid not null references public.person,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),
    unique (award_id, seq),
    check (period_from <= period_to)
);

create index claim_organisation on public.claim (organisation_id, updated_at desc, id desc);
create index claim_recent on public.claim (updated_at desc, id desc);
create index claim_queue on public.claim (state, updated_at, id);
create unique index claim_one_live on public.claim (award_id, position) where state not in ('rejected', 'reversed');

create trigger claim_workflow before insert or update on public.claim
    for each row execute function workflow.guard('claim');

create table public.claim_line (
    id             uuid primary key,
    claim_id       uuid not null references public.claim,
    award_id       uuid not null references public.award,
    position       integer not null check (position between 1 and 500),
    spent_on       date,
    category       text check (category in ('staff', 'training', 'evaluation', 'data_it', 'premises', 'commissioned_service',
                                            'overhead', 'contingency')),
    amount         numeric(14,2) check (amount > 0),
    vat            numeric(14,2) check (vat >= 0),
    supplier       text not null default '' check (length(supplier) <= 140),
    ledger_ref     text not null default '' check (length(ledger_ref) <= 140),
    -- Digest of the reference without case, spaces and punctuation. Set by trigger; null where there is none.
    ledger_key     bytea,
    evidence       text not null default '' check (length(evidence) <= 500),
    edited_by      uuid not null references public.person,
    sampled        boolean not null default false,
    verdict        text check (verdict in ('allowed', 'disallowed')),
    disallowed     numeric(14,2) check (disallowed > 0),
    verdict_reason text check (length(verdict_reason) between 1 and 1000),
    -- False once its claim was refused or given back: the same entry may then be claimed again.
    counts         boolean not null default true,
    unique (claim_id, position) deferrable initially immediate,
    check (vat <= amount),
    check (disallowed <= amount),
    check (verdict is distinct from 'allowed' or disallowed is null),
    check (verdict is distinct from 'disallowed' or (disallowed is not null and verdict_reason is not null))
);

create unique index claim_line_once on public.claim_line (award_id, ledger_key) where counts and ledger_key is not null;

-- Payments that leave together, in one file.
create table public.payment_batch (
    id               uuid primary key,
    reference        text not null unique,
    programme_id     uuid not null references public.programme,
    -- What the releaser counted: it must be what is there.
    control_total    numeric(14,2) check (control_total > 0),
    payment_count    integer check (payment_count > 0),
    export_hash      bytea unique check (octet_length(export_hash) = 32),
    -- The file with which the bank or the finance system answered. The same file changes nothing twice.
    confirmation_hash bytea unique check (octet_length(confirmation_hash) = 32),
    released_by      uuid references public.person,
    released_at      timestamptz,
    confirmed_by     uuid references public.person,
    confirmed_at     timestamptz,
    reason           text check (length(reason) between 1 and 4000),
    state            text not null default 'open',
    last_event       text not null default 'assemble',
    transition_seq   integer not null default 1,
    version          integer not null default 1,
    created_by       uuid not null references public.person,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now()
);

create index payment_batch_recent on public.payment_batch (updated_at desc, id desc);
create index payment_batch_programme on public.payment_batch (programme_id, state);

create trigger payment_batch_workflow before insert or update on public.payment_batch
    for each row execute function workflow.guard('payment_batch');

create table public.payment (
    id              uuid primary key,
    reference       text not null unique,
    batch_id        uuid not null references public.payment_batch,
    claim_id        uuid not null references public.claim,
    award_id        uuid not null references public.award,
    bid_id          uuid not null references public.bid,
    bank_account_id uuid not null references public.bank_account,
    amount          numeric(14,2) not null check (amount > 0),
    payee           text not null,
    masked          text not null,
    created_by      uuid not null references public.person,
    at              timestamptz not null default now(),
    unique (batch_id, claim_id)
);

create index payment_claim on public.payment (claim_id);
create index payment_award on public.payment (award_id);

create trigger payment_append_only before update or delete on public.payment
    for each row execute function workflow.refuse_change();

-- Money that is due back.
create table public.recovery (
    id          uuid primary key,
    award_id    uuid not null references public.award,
    claim_id    uuid references public.claim,
    reason      text not null check (length(reason) between 1 and 4000),
    amount      numeric(14,2) not null check (amount > 0),
    due_on      date not null,
    raised_by   uuid references public.person,
    raised_at   timestamptz not null default now(),
    received_on date,
    received_by uuid references public.person,
    version     integer not null default 1,
    check ((received_on is null) = (received_by is null))
);

create index recovery_award on public.recovery (award_id, raised_at);

-- The ledger. Money stands in one of these places; each transaction moves it from some to others and sums to nothing.
create table public.ledger_account (
    code    text primary key,
    meaning text not null
);

insert into public.ledger_account (code, meaning) values
    ('budget', 'The programme''s budget, from which promises are taken.'),
    ('commitment', 'Promised by agreement and not yet approved for payment.'),
    ('payable', 'Approved for payment and not yet paid.'),
    ('paid', 'Paid to the authority.'),
    ('recovery', 'Paid, and due back.');

-- Money arrives by debit and leaves by credit. A mistake is put right by a further transaction that names the first.
create table public.ledger_entry (
    id             uuid primary key,
    transaction_id uuid not null,
    award_id       uuid not null references public.award,
    programme_id   uuid not null references public.programme,
    account        text not null references public.ledger_account (code),
    financial_year text not null check (financial_year ~ '^20\d{2}-\d{2}$'),
    kind           text not null check (kind in ('resource', 'capital')),
    debit          numeric(14,2) not null default 0 check (debit >= 0),
    credit         numeric(14,2) not null default 0 check (credit >= 0),
    what           text not null check (what in ('commit', 'uncommit', 'approve', 'unapprove', 'pay', 'reverse', 'recover')),
    claim_id       uuid references public.claim,
    payment_id     uuid references public.payment,
    variation_id   uuid references public.variation,
    reversal_of    uuid,
    by_person      uuid references public.person,
    at             timestamptz not null default clock_timestamp(),
    check ((debit = 0) <> (credit = 0))
);

create index ledger_entry_award on public.ledger_entry (award_id, account, financial_year, kind);
create index ledger_entry_programme on public.ledger_entry (programme_id, financial_year, kind, account);
create index ledger_entry_transaction on public.ledger_entry (transaction_id);
create index ledger_entry_claim on public.ledger_entry (claim_id);
-- A claim is paid once, whoever asks how often.
create unique index ledger_entry_paid_once on public.ledger_entry (claim_id, account) where what = 'pay';
create unique index ledger_entry_reversed_once on public.ledger_entry (reversal_of, account) where reversal_of is not null;

create trigger ledger_entry_append_only before update or delete on public.ledger_entry
    for each row execute function workflow.refuse_change();

insert into public.setting (code, value, meaning, source) values
    ('sample_percent_low', '10', 'Part of a claim''s lines that is checked where the risk is low.', 'Default; set by the department'),
    ('sample_percent_medium', '25', 'Part of a claim''s lines that is checked where the risk is medium.', 'Default; set by the department'),
    ('sample_percent_high', '100', 'Part of a claim''s lines that is checked where the risk is high or was not judged.', 'Default; set by the department'),
    ('award_year_tolerance_percent', '5', 'Claims of an award may go above its plan for a year by this much, never above the award.', 'Default; set by the department'),
    ('first_claim_needs_return', 'false', 'Whether the first claim of an award waits for a monitoring return too.', 'Default; set by the department'),
    ('claim_query_working_days', '10', 'A query on a claim is answered within this many working days.', 'Default; set by the department'),
    ('payment_days', '30', 'A claim is paid within this many days of its verification.', 'Default; set by the department'),
    ('recovery_days', '30', 'Money that is due back is paid back within this many days.', 'Default; set by the department');
