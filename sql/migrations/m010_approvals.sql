-- Approval: who may promise how much, proved at the moment of promising.

create table public.approval (
    id              uuid primary key,
    reference       text not null unique,
    bid_id          uuid not null references public.bid,
    programme_id    uuid not null references public.programme,
    -- award: the first promise. uplift: more money for the same award, on the whole-life sum.
    kind            text not null default 'award' check (kind in ('award', 'uplift')),
    amount          numeric(14,2) not null check (amount > 0),
    -- What this award has been promised before, plus this: the sum that limits are tested on. Set by trigger.
    whole_life      numeric(14,2) not null,
    conditions      text not null default '' check (length(conditions) <= 8000),
    recommendation  text not null check (length(recommendation) between 1 and 4000),
    subsidy_control text not null check (subsidy_control in ('not_applicable', 'standalone', 'mfa_speia', 'scheme')),
    ncr_novel       boolean not null,
    ncr_contentious boolean not null,
    ncr_repercussive boolean not null,
    ncr_rationale   text not null check (length(ncr_rationale) between 1 and 4000),
    consent_ref     text check (length(consent_ref) between 1 and 140),
    consent_on      date,
    -- Digest of everything that is being approved. Keys turned for another digest do not count.
    content_hash    bytea not null check (octet_length(content_hash) = 32),
    decision_reason text check (length(decision_reason) <= 4000),
    prepared_by     uuid not null references public.person,
    cleared_by      uuid references public.person,
    decided_at      timestamptz,
    lapses_at       timestamptz,
    state           text not null default 'prepared',
    last_event      text not null default 'prepare',
    transition_seq  integer not null default 1,
    version         integer not null default 1,
    created_at      timestamptz not null default now(),
    check ((consent_ref is null) = (consent_on is null))
);

create index approval_bid on public.approval (bid_id, created_at);
create index approval_queue on public.approval (state, created_at, id);
create unique index approval_one_in_hand on public.approval (bid_id)
    where state in ('prepared', 'finance_cleared', 'referred_up', 'awaiting_second_key', 'returned');

create trigger approval_workflow before insert or update on public.approval
    for each row execute function workflow.guard('approval');

create table public.approval_year (
    approval_id    uuid not null references public.approval,
    financial_year text not null check (financial_year ~ '^20\d{2}-\d{2}$'),
    kind           text not null check (kind in ('resource', 'capital')),
    amount         numeric(14,2) not null check (amount > 0),
    content_hash   bytea not null,
    primary key (approval_id, content_hash, financial_year, kind)
);

create trigger approval_year_append_only before update or delete on public.approval_year
    for each row execute function workflow.refuse_change();

-- One turn of one key, by one person, for one digest.
create table public.approval_key (
    id            uuid primary key,
    approval_id   uuid not null references public.approval,
    person_id     uuid not null references public.person,
    delegation_id uuid not null references public.delegation,
    content_hash  bytea not null,
    whole_life    numeric(14,2) not null,
    at            timestamptz not null default clock_timestamp(),
    unique (approval_id, person_id, content_hash)
);

create trigger approval_key_append_only before update or delete on public.approval_key
    for each row execute function workflow.refuse_change();

-- Settings that a fund may change, with where they come from.
create table public.setting (
    code    text primary key,
    value   text not null,
    meaning text not null,
    source  text not null
);

insert into public.setting (code, value, meaning, source) values
    ('two_key_threshold', '1000000.00', 'An award above this whole-life sum needs two approvers.', 'Default; set by the department'),
    ('approval_lapse_days', '60', 'An approval lapses when no offer is accepted within this many days.', 'Default; set by the department'),
    ('round_minimum_working_days', '10', 'A round stays open at least this many working days.', 'Default; set by the department'),
    ('appraisal_working_days', '15', 'An appraisal is due this many working days after it is assigned.', 'Default; set by the department'),
    ('score_spread_moderation', '2', 'Scores that differ by this much or more need moderation.', 'Default; set by the department'),
    ('splitting_window_days', '90', 'Awards to one recipient within this many days are shown together to the approver.', 'Default; set by the department');

-- The whole-life sum is computed here, never taken from the caller; and content moves only on the way back to 'prepared'.
create function public.fix_whole_life() returns trigger
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    before numeric(14,2);
begin
    perform 1 from public.bid b where b.id = new.bid_id for no key update;
    select coalesce(sum(a.amount), 0) into before from public.approval a
    where a.bid_id = new.bid_id and a.state = 'approved' and a.id <> new.id;
    new.whole_life := before + new.amount;
    if tg_op = 'UPDATE' and new.state <> 'prepared'
        and (new.amount, new.content_hash, new.conditions, new.ncr_novel, new.ncr_contentious, new.ncr_repercussive)
            is distinct from
            (old.amount, old.content_hash, old.conditions, old.ncr_novel, old.ncr_contentious, old.ncr_repercussive) then
        raise exception 'what is being approved changes only by going back to the preparer' using errcode = 'TS009';
    end if;
    return new;
end
$$;

-- Named so that it runs before approval_workflow: triggers fire in order of name.
create trigger approval_fix_whole_life before insert or update on public.approval
    for each row execute function public.fix_whole_life();

-- A key turns only with a delegation that is this person's, active, valid today and large enough for the whole life.
create function public.check_key() returns trigger
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    approval public.approval;
    delegation public.delegation;
    today date := (clock_timestamp() at time zone 'Europe/London')::date;
begin
    select * into approval from public.approval a where a.id = new.approval_id for update;
    if approval.state not in ('finance_cleared', 'referred_up', 'awaiting_second_key') then
        raise exception 'this approval is not waiting for a key' using errcode = 'TS002';
    end if;
    if new.content_hash <> approval.content_hash or new.whole_life <> approval.whole_life then
        raise exception 'the case changed after it was read' using errcode = 'TS011';
    end if;
    select * into delegation from public.delegation d where d.id = new.delegation_id for share;
    if delegation.person_id is distinct from new.person_id or delegation.state <> 'active'
        or today not between delegation.valid_from and delegation.valid_to
        or not ('award' = any (delegation.categories)) then
        raise exception 'no delegation is valid for this person today' using errcode = 'TS005';
    end if;
    if delegation.max_amount < approval.whole_life then
        raise exception 'whole-life % is above the delegated limit %', approval.whole_life, delegation.max_amount
            using errcode = 'TS005';
    end if;
    if (approval.ncr_novel or approval.ncr_contentious or approval.ncr_repercussive)
        and (approval.consent_ref is null or approval.consent_on > today) then
        raise exception 'novel, contentious or repercussive spend needs recorded consent first' using errcode = 'TS005';
    end if;
    return new;
end
$$;

create trigger approval_key_check before insert on public.approval_key
    for each row execute function public.check_key();

-- Approved means: enough different people turned their keys for exactly this digest.
create function public.check_keys_turned() returns trigger
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    needed integer;
    turned integer;
begin
    if new.state = 'approved' and (tg_op = 'INSERT' or old.state <> 'approved') then
        select case when new.whole_life > s.value::numeric then 2 else 1 end into needed
        from public.setting s where s.code = 'two_key_threshold';
        select count(distinct k.person_id) into turned from public.approval_key k
        where k.approval_id = new.id and k.content_hash = new.content_hash and k.whole_life = new.whole_life;
        if turned < coalesce(needed, 2) then
            raise exception '% of % approvers have approved this', turned, coalesce(needed, 2) using errcode = 'TS005';
        end if;
    end if;
    return new;
end
$$;

create trigger approval_workflow_keys_turned before insert or update on public.approval
    for each row execute function public.check_keys_turned();

alter table public.budget_entry add foreign key (approval_id) references public.approval;
