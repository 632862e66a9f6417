-- An award: the promise of money for one bid, from the first draft of its agreement to its close.

-- What anybody may see without signing in: views that hold exactly that and nothing else.
create schema published;
grant usage on schema published to touchstone_app, touchstone_reader;

create sequence public.award_number;
create sequence public.variation_number;
create sequence public.claim_number;
create sequence public.payment_batch_number;
create sequence public.monitoring_return_number;
create sequence public.evaluation_number;
create sequence public.evaluation_plan_number;
create sequence public.review_number;
create sequence public.evaluation_report_number;
create sequence public.practice_number;
create sequence public.evidence_rating_number;
create sequence public.adoption_decision_number;
create sequence public.la_adoption_number;
create sequence public.capacity_assessment_number;
create sequence public.follow_up_number;

create table public.award (
    id               uuid primary key,
    reference        text not null unique,
    -- The bid that it grew from; also the case in which duties are kept apart.
    bid_id           uuid not null unique references public.bid,
    organisation_id  uuid not null references public.organisation,
    programme_id     uuid not null references public.programme,
    round_id         uuid not null references public.round,
    approval_id      uuid not null references public.approval,
    title            text not null check (length(title) between 1 and 140),
    -- The agreement while it is written. What is signed is in agreement_version.
    draft            jsonb not null default '{}',
    -- All that approvals have promised so far. Set by trigger, like what follows of the current version.
    amount           numeric(14,2) not null check (amount > 0),
    agreement_number integer not null default 0,
    agreement_hash   bytea,
    instrument       text,
    conditionality   text,
    determination_no text,
    starts_on        date,
    ends_on          date,
    evaluation_budget numeric(14,2),
    categories       text[] not null default '{}',
    indicators       text[] not null default '{}',
    ggis_award_ref   text check (length(ggis_award_ref) between 1 and 60),
    evaluator_name   text check (length(evaluator_name) between 1 and 200),
    evaluator_due_on date,
    protocol_due_on  date,
    council_decision_ref text check (length(council_decision_ref) between 1 and 140),
    statement_version text check (length(statement_version) between 1 and 60),
    accept_by        date,
    drafted_by       uuid not null references public.person,
    -- All who have written at the draft: none of them checks it. Set by trigger.
    drafters         uuid[] not null default '{}',
    checked_by       uuid references public.person,
    offered_by       uuid references public.person,
    offered_at       timestamptz,
    accepted_by      uuid references public.person,
    accepted_at      timestamptz,
    signed_by        uuid references public.person,
    signed_at        timestamptz,
    activated_at     timestamptz,
    completion_declared_by uuid references public.person,
    completion_declared_at timestamptz,
    reconciled_by    uuid references public.person,
    reconciled_at    timestamptz,
    reconciliation_note text check (length(reconciliation_note) between 1 and 4000),
    asset_note       text check (length(asset_note) between 1 and 4000),
    closed_by        uuid references public.person,
    closed_at        timestamptz,
    recovery_amount  numeric(14,2) check (recovery_amount >= 0),
    reason           text check (length(reason) between 1 and 4000),
    -- By when the authority may answer a suspension.
    respond_by       date,
    state            text not null default 'drafting',
    last_event       text not null default 'draft',
    transition_seq   integer not null default 1,
    version          integer not null default 1,
    created_by       uuid not null references public.person,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now()
);

create index award_organisation on public.award (organisation_id, updated_at desc, id desc);
create index award_programme on public.award (programme_id, state);
create index award_recent on public.award (updated_at desc, id desc);
create index award_approval on public.award (approval_id);
create index award_offer on public.award (accept_by) where state = 'offered';

create trigger award_workflow before insert or update on public.award
    for each row execute function workflow.guard('award');

-- A change of what was agreed. Money is added by an approval on the whole-life sum.
create table public.variation (
    id               uuid primary key,
    reference        text not null unique,
    award_id         uuid not null references public.award,
    bid_id           uuid not null references public.bid,
    programme_id     uuid not null references public.programme,
    organisation_id  uuid not null references public.organisation,
    kind             text not null check (kind in ('money_up', 'dates')),
    reason           text not null check (length(reason) between 1 and 4000),
    money_delta      numeric(14,2) not null default 0 check (money_delta >= 0),
    new_starts_on    date,
    new_ends_on      date,
    effective_on     date,
    -- The whole schedule as it would be.
    schedule         jsonb not null default '[]',
    before           jsonb not null default '{}',
    after            jsonb not null default '{}',
    -- It asks for something that has happened already. Set by trigger when it is submitted.
    retrospective    boolean not null default false,
    decide_by        date,
    requested_by     uuid references public.person,
    requested_at     timestamptz,
    assessed_by      uuid references public.person,
    assessment       text check (length(assessment) between 1 and 4000),
    approved_by      uuid references public.person,
    decision_reason  text check (length(decision_reason) between 1 and 4000),
    -- The uplift that it rests on, used once.
    approval_id      uuid unique references public.approval,
    state            text not null default 'draft',
    last_event       text not null default 'draft',
    transition_seq   integer not null default 1,
    version          integer not null default 1,
    created_by       uuid not null references public.person,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),
    check ((kind = 'money_up') = (money_delta > 0))
);

create index variation_award on public.variation (award_id, created_at);
create index variation_recent on public.variation (updated_at desc, id desc);
create unique index variation_one_in_hand on public.variation (award_id)
    where state in ('submitted', 'assessed', 'approved');

create trigger variation_workflow before insert or update on public.variation
    for each row execute function workflow.guard('variation');

-- What both sides sign: the text that they read and the data that it was made of, with the digest of the two.
create table public.agreement_version (
    id               uuid primary key,
    award_id         uuid not null references public.award,
    number           integer not null check (number >= 1),
    variation_id     uuid unique references public.variation,
    instrument       text not null check (instrument in ('section_31', 'funding_agreement')),
    conditionality   text not null check (conditionality in ('ringfenced', 'unringfenced', 'agreement')),
    -- `31/7833`, and the form of the first years.
    determination_no text check (determination_no ~ '^(\d{2}/\d{4}|CSDSD ?\d+/\d{4})$'),
    maximum          numeric(14,2) not null check (maximum > 0),
    starts_on        date not null,
    ends_on          date not null,
    retrospective_approval text check (length(retrospective_approval) between 1 and 140),
    frequency        text not null check (frequency in ('monthly', 'quarterly', 'yearly', 'milestone', 'lump_sum')),
    mode             text not null check (mode in ('evidence_first', 'payment_request_first')),
    -- Why money is needed ahead of spending, where it is.
    advance_reason   text check (length(advance_reason) between 1 and 4000),
    evaluation_budget numeric(14,2) not null default 0 check (evaluation_budget >= 0),
    clauses          text[] not null check (clauses <@ array['duration_purpose', 'payment', 'eligible_expenditure', 'annual_review',
                         'monitoring_reporting', 'audit_assurance', 'fraud_irregularity', 'conflicts_of_interest', 'evaluation',
                         'data_access', 'publication', 'withholding_repayment', 'novation']),
    categories       text[] not null check (cardinality(categories) > 0 and categories <@ array['staff', 'training', 'evaluation',
                         'data_it', 'premises', 'commissioned_service', 'overhead', 'contingency']),
    indicators       text[] not null default '{}',
    content          jsonb not null,
    canonical        text not null,
    rendered         text not null,
    content_hash     bytea not null check (octet_length(content_hash) = 32),
    made_by          uuid not null references public.person,
    at               timestamptz not null default now(),
    unique (award_id, number),
    check (starts_on <= ends_on),
    check (evaluation_budget <= maximum),
    check (instrument <> 'section_31' or determination_no is not null),
    check (mode <> 'payment_request_first' or advance_reason is not null)
);

create trigger agreement_version_append_only before update or delete on public.agreement_version
    for each row execute function workflow.refuse_change();

-- Payments as one version of the agreement plans them, all of them in each version, and what the evaluation must have reached.
create table public.instalment (
    id               uuid primary key,
    award_id         uuid not null,
    agreement_number integer not null,
    position         integer not null check (position between 1 and 60),
    amount           numeric(14,2) not null check (amount > 0),
    kind             text not null default 'resource' check (kind in ('resource', 'capital')),
    financial_year   text not null check (financial_year ~ '^20\d{2}-\d{2}$'),
    due_on           date not null,
    milestone        text not null check (milestone in ('none', 'protocol_approved', 'interim_report', 'final_report_accepted')),
    unique (award_id, agreement_number, position),
    foreign key (award_id, agreement_number) references public.agreement_version (award_id, number)
);

create trigger instalment_append_only before update or delete on public.instalment
    for each row execute function workflow.refuse_change();

-- A clause that is left out or a rule that is not kept, on purpose: comply or explain.
create table public.agreement_departure (
    id          uuid primary key,
    award_id    uuid not null references public.award,
    subject     text not null check (length(subject) between 1 and 60),
    reason      text not null check (length(reason) between 20 and 4000),
    approved_by uuid not null references public.person,
    at          timestamptz not null default now()
);

create index agreement_departure_award on public.agreement_departure (award_id, at);

create trigger agreement_departure_append_only before update or delete on public.agreement_departure
    for each row execute function workflow.refuse_change();

-- What the authority must do: before the first payment, or throughout. Part of a version; what was found of it, beside it.
create table public.award_condition (
    award_id         uuid not null,
    agreement_number integer not null,
    code             text not null check (length(code) between 1 and 20),
    text             text not null check (length(text) between 1 and 4000),
    kind             text not null check (kind in ('precedent', 'ongoing')),
    due_on           date,
    primary key (award_id, agreement_number, code),
    foreign key (award_id, agreement_number) references public.agreement_version (award_id, number)
);

create trigger award_condition_append_only before update or delete on public.award_condition
    for each row execute function workflow.refuse_change();

create table public.condition_finding (
    id       uuid primary key,
    award_id uuid not null references public.award,
    code     text not null check (length(code) between 1 and 20),
    met      boolean not null,
    evidence text not null check (length(evidence) between 1 and 2000),
    found_by uuid not null references public.person,
    at       timestamptz not null default clock_timestamp()
);

create index condition_finding_award on public.condition_finding (award_id, code, at);

create trigger condition_finding_append_only before update or delete on public.condition_finding
    for each row execute function workflow.refuse_change();

-- Where an authority is paid. The latest row of an authority counts; an older one never comes back by itself.
create table public.bank_account (
    id              uuid primary key,
    organisation_id uuid not null references public.organisation,
    payee           text not null check (length(payee) between 1 and 140),
    -- Sort code and account number, encrypted by the service. Only unmask_bank_account reads it.
    sealed          bytea not null check (octet_length(sealed) between 28 and 1024),
    -- Keyed digest of the same, so that a second person can type it again without seeing it.
    fingerprint     bytea not null check (octet_length(fingerprint) = 32),
    masked          text not null check (masked ~ '^••••\d{4}$'),
    entered_by      uuid not null references public.person,
    entered_at      timestamptz not null default clock_timestamp()
);

create index bank_account_organisation on public.bank_account (organisation_id, entered_at desc, id desc);

create trigger bank_account_append_only before update or delete on public.bank_account
    for each row execute function workflow.refuse_change();

create table public.bank_verification (
    id              uuid primary key,
    bank_account_id uuid not null references public.bank_account,
    fingerprint     bytea not null check (octet_length(fingerprint) = 32),
    verified_by     uuid not null references public.person,
    at              timestamptz not null default clock_timestamp(),
    unique (bank_account_id, verified_by)
);

create trigger bank_verification_append_only before update or delete on public.bank_verification
    for each row execute function workflow.refuse_change();

insert into public.setting (code, value, meaning, source) values
    ('offer_acceptance_days', '30', 'An offer stands for this many days.', 'Default; the National Trust gives 30 days'),
    ('bank_hold_days', '7', 'No payment goes to changed bank details for this many days.', 'Default; set by the department'),
    ('bank_verifications', '2', 'Bank details are verified by this many people besides whoever entered them.', 'Default; set by the department'),
    ('retention_percent', '10', 'The last instalment, which waits for the final report, is at least this part of an award.', 'Default; set by the department'),
    ('variation_working_days', '20', 'A variation is decided within this many working days.', 'Default; set by the department'),
    ('suspension_response_working_days', '10', 'An authority may answer a suspension within this many working days.', 'Default; set by the department');
