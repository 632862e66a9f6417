-- A programme: why money is spent, who answers for it, how much in which year.

create table public.programme (
    id               uuid primary key,
    reference        text not null unique,
    organisation_id  uuid not null references public.organisation,
    title            text not null check (length(title) between 1 and 140),
    summary          text not null default '' check (length(summary) <= 4000),
    sor_id           uuid references public.person,
    ggis_scheme_ref  text check (ggis_scheme_ref ~ '^SCH-\d{9}$'),
    allocation_method text check (allocation_method in ('competed', 'uncompeted', 'criteria_based', 'formula', 'grant_in_aid')),
    allocation_reason text check (length(allocation_reason) <= 4000),
    powers           text check (powers in ('s31_lga_2003', 's14_education_act_2002', 'other')),
    powers_detail    text check (length(powers_detail) <= 1000),
    conditionality   text check (conditionality in ('ringfenced', 'unringfenced', 'agreement')),
    -- The five cases of a business case.
    case_strategic   text check (length(case_strategic) <= 4000),
    case_economic    text check (length(case_economic) <= 4000),
    case_commercial  text check (length(case_commercial) <= 4000),
    case_financial   text check (length(case_financial) <= 4000),
    case_management  text check (length(case_management) <= 4000),
    evaluation_budget numeric(14,2) check (evaluation_budget >= 0),
    -- Novel, contentious or repercussive spend is never delegated.
    ncr_novel        boolean,
    ncr_contentious  boolean,
    ncr_repercussive boolean,
    ncr_rationale    text check (length(ncr_rationale) <= 4000),
    consent_ref      text check (length(consent_ref) between 1 and 140),
    consent_on       date,
    cgap_status      text check (cgap_status in ('not_required', 'considered', 'referred', 'advised')),
    cgap_ref         text check (length(cgap_ref) <= 140),
    fra_inherent     text check (fra_inherent in ('low', 'medium', 'high')),
    fra_residual     text check (fra_residual in ('low', 'medium', 'high')),
    fra_next_review  date,
    risk_profile     text check (risk_profile in ('low', 'medium', 'high')),
    state            text not null default 'draft',
    last_event       text not null default 'create',
    transition_seq   integer not null default 1,
    version          integer not null default 1,
    created_by       uuid not null references public.person,
    created_at       timestamptz not null default now(),
    check ((consent_ref is null) = (consent_on is null))
);

create trigger programme_workflow before insert or update on public.programme
    for each row execute function workflow.guard('programme');

create table public.programme_aim (
    programme_id   uuid not null references public.programme,
    position       integer not null check (position between 1 and 50),
    aim            text not null check (length(aim) between 1 and 500),
    indicator_code text not null,
    -- Which of the four tests this aim serves: local evaluative capacity, public money, dissemination, outcomes.
    nao_test       text not null check (nao_test in ('a', 'b', 'c', 'd')),
    primary key (programme_id, position)
);

-- Indicators that bids and aims choose from. Full definitions come with the statistics.
create table public.indicator (
    code        text primary key check (code ~ '^[A-Z][A-Z0-9_]{1,19}$'),
    name        text not null check (length(name) between 1 and 300),
    unit        text not null check (unit in ('per_10k', 'percent', 'days', 'score', 'pounds_per_week', 'pounds', 'ratio', 'points')),
    decimals    integer not null check (decimals between 0 and 2),
    -- low: lower is better. high: higher is better. context: neither.
    polarity    text not null check (polarity in ('low', 'high', 'context')),
    source      text not null,
    active      boolean not null default true
);

alter table public.programme_aim add foreign key (indicator_code) references public.indicator (code);

-- Financial years run from 1 April to 31 March and are named by both: 2026-27.
create table public.budget_line (
    programme_id   uuid not null references public.programme,
    financial_year text not null check (financial_year ~ '^20\d{2}-\d{2}$'),
    kind           text not null check (kind in ('resource', 'capital')),
    amount         numeric(14,2) not null check (amount >= 0),
    primary key (programme_id, financial_year, kind)
);

-- Money set aside against a budget line. Positive reserves, negative releases; the sum is what is spoken for.
create table public.budget_entry (
    id             uuid primary key,
    programme_id   uuid not null,
    financial_year text not null,
    kind           text not null,
    approval_id    uuid not null,
    what           text not null check (what in ('reserve', 'release')),
    amount         numeric(14,2) not null check ((what = 'reserve' and amount > 0) or (what = 'release' and amount < 0)),
    at             timestamptz not null default clock_timestamp(),
    foreign key (programme_id, financial_year, kind) references public.budget_line
);

create index budget_entry_line on public.budget_entry (programme_id, financial_year, kind);
create index budget_entry_approval on public.budget_entry (approval_id);

create trigger budget_entry_append_only before update or delete on public.budget_entry
    for each row execute function workflow.refuse_change();

-- The line is locked before it is summed: two approvals against the last pound cannot both win.
create function public.hold_within_budget() returns trigger
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    line public.budget_line;
    spoken numeric(14,2);
begin
    select * into line from public.budget_line b
    where b.programme_id = new.programme_id and b.financial_year = new.financial_year and b.kind = new.kind
    for update;
    select coalesce(sum(e.amount), 0) into spoken from public.budget_entry e
    where e.programme_id = new.programme_id and e.financial_year = new.financial_year and e.kind = new.kind;
    if spoken + new.amount > line.amount then
        raise exception 'the % budget for % has % left and % was asked for',
            new.kind, new.financial_year, line.amount - spoken, new.amount using errcode = 'TS006';
    end if;
    if spoken + new.amount < 0 then
        raise exception 'more would be released than was reserved' using errcode = 'TS006';
    end if;
    return new;
end
$$;

create trigger budget_entry_within before insert on public.budget_entry
    for each row execute function public.hold_within_budget();
