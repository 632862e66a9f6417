-- A round: a call for bids, with its criteria and its eligibility rules, frozen when approved.

create table public.round (
    id              uuid primary key,
    reference       text not null unique,
    programme_id    uuid not null references public.programme,
    title           text not null check (length(title) between 1 and 140),
    prospectus      text not null default '' check (length(prospectus) <= 20000),
    opens_at        timestamptz,
    closes_at       timestamptz,
    min_award       numeric(14,2) check (min_award >= 0),
    max_award       numeric(14,2) check (max_award > 0),
    budget          numeric(14,2) check (budget > 0),
    frozen_hash     bytea,
    state           text not null default 'draft',
    last_event      text not null default 'create',
    transition_seq  integer not null default 1,
    version         integer not null default 1,
    created_by      uuid not null references public.person,
    created_at      timestamptz not null default now(),
    check (opens_at < closes_at),
    check (min_award <= max_award)
);

create index round_programme on public.round (programme_id, id);
create index round_due on public.round (state, opens_at, closes_at);

create trigger round_workflow before insert or update on public.round
    for each row execute function workflow.guard('round');

create table public.criterion (
    id          uuid primary key,
    round_id    uuid not null references public.round,
    code        text not null check (code ~ '^[a-z][a-z_]{1,39}$'),
    title       text not null check (length(title) between 1 and 140),
    weight      numeric(5,2) not null check (weight > 0 and weight <= 100),
    pass_mark   integer not null default 0 check (pass_mark between 0 and 5),
    -- The evaluation criterion is scored by What Works, and below its pass mark a bid fails whatever its total.
    scorer      text not null default 'appraiser' check (scorer in ('appraiser', 'what_works')),
    guidance    text not null check (length(guidance) between 1 and 4000),
    position    integer not null,
    unique (round_id, code)
);

create table public.eligibility_rule (
    id        uuid primary key,
    round_id  uuid not null references public.round,
    code      text not null check (code ~ '^[a-z][a-z0-9_]{1,39}$'),
    sentence  text not null check (length(sentence) between 1 and 500),
    -- The predicate, in the rule language of Domain/Eligibility.swift.
    predicate jsonb not null,
    source    text not null check (length(source) between 1 and 300),
    position  integer not null,
    unique (round_id, code)
);

-- Criteria and rules belong to the round's content: they do not move once it is approved.
create function public.keep_round_frozen() returns trigger
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform 1 from public.round r where r.id = coalesce(new.round_id, old.round_id) and r.state = 'draft' for update;
    if not found then
        raise exception 'criteria and rules are frozen once the round is approved' using errcode = 'TS009';
    end if;
    return coalesce(new, old);
end
$$;

create trigger criterion_frozen before insert or update or delete on public.criterion
    for each row execute function public.keep_round_frozen();
create trigger eligibility_rule_frozen before insert or update or delete on public.eligibility_rule
    for each row execute function public.keep_round_frozen();
