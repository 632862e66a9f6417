-- Organisations, and the dated facts about them.

create table public.organisation (
    id          uuid primary key,
    kind        text not null check (kind in ('local_authority', 'childrens_trust', 'charity', 'company', 'evaluator',
                                              'what_works', 'department', 'combined_authority', 'police', 'icb', 'audit_body')),
    -- The stable key of an authority: GSS codes move, this one does not.
    dfe_code    text unique check (dfe_code ~ '^\d{3}$'),
    name        text not null check (length(name) between 1 and 200),
    alt_names   text[] not null default '{}',
    active_from date,
    active_to   date,
    charity_no  text check (charity_no ~ '^\d{6,8}(-\d)?$'),
    company_no  text check (company_no ~ '^([A-Z]{2})?\d{6,8}$'),
    version     integer not null default 1,
    created_at  timestamptz not null default now(),
    check (active_to is null or active_from is null or active_from <= active_to),
    check (kind <> 'local_authority' or dfe_code is not null)
);

create unique index organisation_name_key on public.organisation (lower(name), coalesce(active_from, 'epoch'));

-- Two times: valid_from/valid_to say when it was so, recorded_at when we learnt it.
create table public.organisation_fact (
    id              uuid primary key,
    organisation_id uuid not null references public.organisation,
    fact            text not null check (fact in ('gss_code', 'la_type', 'region', 'sub_region', 'ofsted_overall', 'section_114')),
    value           text not null check (length(value) between 1 and 200),
    valid_from      date not null,
    valid_to        date,
    source          text not null check (length(source) between 1 and 300),
    recorded_at     timestamptz not null default now(),
    recorded_by     uuid,
    check (valid_to is null or valid_from < valid_to),
    check (fact <> 'gss_code' or value ~ '^E(06|08|09|10)\d{6}$'),
    check (fact <> 'la_type' or value in ('UA', 'MD', 'LB', 'SC')),
    check (fact <> 'ofsted_overall' or value in ('Outstanding', 'Good', 'Requires improvement to be good', 'Inadequate'))
);

create index organisation_fact_lookup on public.organisation_fact (organisation_id, fact, valid_from desc, recorded_at desc);
create unique index organisation_fact_once on public.organisation_fact (organisation_id, fact, valid_from, value, coalesce(valid_to, 'infinity'::date));

create trigger organisation_fact_append_only before update or delete on public.organisation_fact
    for each row execute function workflow.refuse_change();

create table public.organisation_successor (
    predecessor_id uuid not null references public.organisation,
    successor_id   uuid not null references public.organisation,
    effective_on   date not null,
    primary key (predecessor_id, successor_id),
    check (predecessor_id <> successor_id)
);

-- Ranked statistical neighbours, by model year.
create table public.organisation_neighbour (
    organisation_id uuid not null references public.organisation,
    model_year      integer not null check (model_year between 2000 and 2100),
    rank            integer not null check (rank between 1 and 10),
    neighbour_id    uuid not null references public.organisation,
    primary key (organisation_id, model_year, rank),
    check (organisation_id <> neighbour_id)
);

-- The value of one fact on one day, as it was known at one moment.
create function public.organisation_fact_at(organisation uuid, which text, on_day date, known_at timestamptz default now())
    returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select value
    from public.organisation_fact
    where organisation_id = organisation and fact = which
        and valid_from <= on_day and (valid_to is null or on_day < valid_to)
        and recorded_at <= known_at
    order by valid_from desc, recorded_at desc
    limit 1
$$;

grant execute on function public.organisation_fact_at(uuid, text, date, timestamptz)
    to touchstone_app, touchstone_worker, touchstone_reader;

-- A file that was loaded: which bytes, how many rows, what changed.
create table public.reference_load (
    id         uuid primary key,
    name       text not null,
    sha256     bytea not null,
    rows_read  integer not null check (rows_read >= 0),
    changes    jsonb not null,
    loaded_at  timestamptz not null default now(),
    loaded_by  uuid
);

create trigger reference_load_append_only before update or delete on public.reference_load
    for each row execute function workflow.refuse_change();
