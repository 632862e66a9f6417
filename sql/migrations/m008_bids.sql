-- A bid: drafted in sections that save themselves, certified by a second person, sealed until the round closes.

create table public.bid (
    id              uuid primary key,
    reference       text not null unique,
    round_id        uuid not null references public.round,
    organisation_id uuid not null references public.organisation,
    title           text not null default '' check (length(title) <= 140),
    -- Set from the costs section when it is sent for certification.
    requested       numeric(14,2) check (requested > 0),
    last_editor_id  uuid references public.person,
    -- The submitted version, if any.
    content_version integer not null default 0,
    content_hash    bytea,
    submitted_at    timestamptz,
    certified_by    uuid references public.person,
    decline_reason  text check (length(decline_reason) <= 4000),
    state           text not null default 'draft',
    last_event      text not null default 'start',
    transition_seq  integer not null default 1,
    version         integer not null default 1,
    created_by      uuid not null references public.person,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    unique (round_id, organisation_id, title)
);

create index bid_organisation on public.bid (organisation_id, state, updated_at desc, id desc);
create index bid_recent on public.bid (updated_at desc, id desc);
create index bid_organisation_recent on public.bid (organisation_id, updated_at desc, id desc);
create index bid_round on public.bid (round_id, state, reference);

create trigger bid_workflow before insert or update on public.bid
    for each row execute function workflow.guard('bid');

-- A submission counts only while the round is open, by the database's clock at the moment it is written.
create function public.hold_bid_to_round() returns trigger
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if new.last_event in ('start', 'submit', 'reopen') and (tg_op = 'INSERT' or new.transition_seq <> old.transition_seq) then
        perform 1 from public.round r
        where r.id = new.round_id and r.state = 'open'
            and clock_timestamp() >= r.opens_at and clock_timestamp() < r.closes_at
        for share;
        if not found then
            raise exception 'the round is not open' using errcode = 'TS008';
        end if;
    end if;
    return new;
end
$$;

-- Named to run after bid_workflow: triggers fire in order of name, and what is not lawful is not late either.
create trigger bid_workflow_within_round before insert or update on public.bid
    for each row execute function public.hold_bid_to_round();

-- One row per section of the draft, each with its own version, so that two editors meet only where they really meet.
create table public.bid_section (
    bid_id     uuid not null references public.bid,
    section    text not null check (section in ('summary', 'need', 'theory_of_change', 'outcomes', 'costs', 'evaluation',
                                                'delivery', 'data_protection')),
    content    jsonb not null,
    version    integer not null default 1,
    edited_by  uuid not null references public.person,
    edited_at  timestamptz not null default now(),
    primary key (bid_id, section)
);

create function public.keep_bid_sealed() returns trigger
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform 1 from public.bid b where b.id = new.bid_id and b.state = 'draft' for share;
    if not found then
        raise exception 'a bid is edited only while it is a draft' using errcode = 'TS009';
    end if;
    if tg_op = 'UPDATE' and new.version <> old.version + 1 then
        raise exception 'version of a section must go up by one' using errcode = 'TS002';
    end if;
    return new;
end
$$;

create trigger bid_section_sealed before insert or update on public.bid_section
    for each row execute function public.keep_bid_sealed();

-- What was submitted, word for word, with the digest that the receipt shows.
create table public.bid_version (
    bid_id       uuid not null references public.bid,
    number       integer not null check (number >= 1),
    content      jsonb not null,
    content_hash bytea not null check (octet_length(content_hash) = 32),
    statement_version text not null,
    certified_by uuid not null references public.person,
    submitted_at timestamptz not null default clock_timestamp(),
    primary key (bid_id, number)
);

create trigger bid_version_append_only before update or delete on public.bid_version
    for each row execute function workflow.refuse_change();

-- The figures of a submitted version, as rows that can be summed.
create table public.bid_outcome (
    bid_id          uuid not null,
    number          integer not null,
    position        integer not null,
    indicator_code  text not null references public.indicator (code),
    is_primary      boolean not null,
    baseline        numeric(14,2) not null,
    baseline_period text not null,
    target          numeric(14,2) not null,
    target_period   text not null,
    primary key (bid_id, number, position),
    foreign key (bid_id, number) references public.bid_version
);

create trigger bid_outcome_append_only before update or delete on public.bid_outcome
    for each row execute function workflow.refuse_change();

create table public.bid_cost_line (
    bid_id         uuid not null,
    number         integer not null,
    position       integer not null,
    category       text not null check (category in ('staff', 'training', 'evaluation', 'data_it', 'premises',
                                                     'commissioned_service', 'overhead', 'contingency')),
    financial_year text not null check (financial_year ~ '^20\d{2}-\d{2}$'),
    amount         numeric(14,2) not null check (amount > 0),
    recurrent      boolean not null,
    in_kind        boolean not null,
    primary key (bid_id, number, position),
    foreign key (bid_id, number) references public.bid_version
);

create trigger bid_cost_line_append_only before update or delete on public.bid_cost_line
    for each row execute function workflow.refuse_change();

-- The finding on each rule, with the evidence it rests on.
create table public.eligibility_finding (
    id         uuid primary key,
    bid_id     uuid not null references public.bid,
    rule_code  text not null,
    passed     boolean not null,
    evidence   text not null check (length(evidence) between 1 and 500),
    as_at      date not null,
    recorded_at timestamptz not null default now(),
    recorded_by uuid not null references public.person
);

create index eligibility_finding_bid on public.eligibility_finding (bid_id, recorded_at);

create trigger eligibility_finding_append_only before update or delete on public.eligibility_finding
    for each row execute function workflow.refuse_change();
