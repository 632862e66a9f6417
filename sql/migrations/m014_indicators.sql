-- What is measured, and what was published about it. Definitions are versioned data; a published figure keeps the text it
-- was published with, so that a suppressed cell is never zero and never missing.

-- Populations are counts: they are measured like indicators and are offered to nobody as an outcome.
-- squawk-ignore ban-drop-constraint
alter table public.indicator drop constraint indicator_unit_check;
alter table public.indicator add constraint indicator_unit_check
    check (unit in ('per_10k', 'percent', 'days', 'score', 'pounds_per_week', 'pounds', 'ratio', 'points', 'number'));

insert into public.indicator (code, name, unit, decimals, polarity, source, active)
values ('POP_0_17', 'Children aged 0 to 17', 'number', 0, 'context', 'ONS mid-year estimates', false);

-- A definition never changes: a better one is the next number. What a return must report is one of these, for good.
create table public.indicator_version (
    indicator_code   text not null references public.indicator (code),
    number           integer not null check (number >= 1),
    name             text not null check (length(name) between 1 and 300),
    numerator_text   text not null check (length(numerator_text) <= 500),
    denominator_text text not null check (length(denominator_text) <= 500),
    -- 'previous_year': the mid-year estimate of the year before, which DfE rates use. '': the denominator is its own count.
    population_basis text not null check (population_basis in ('', 'previous_year')),
    unit             text not null,
    decimals         integer not null check (decimals between 0 and 2),
    -- What the quotient is multiplied by; 0 where the value is not a quotient of two counts.
    scale            integer not null check (scale in (0, 1, 100, 10000)),
    rounding         text not null default 'half_up' check (rounding in ('half_up', 'nearest_5')),
    polarity         text not null check (polarity in ('low', 'high', 'context')),
    period_type      text not null check (period_type in ('financial_year', 'academic_year', 'point_in_time', 'cohort')),
    source_collection text not null,
    -- Months after the end of a period until its figures are public.
    available_after_months integer not null check (available_after_months between 0 and 36),
    -- Counts below this, but not nothing, are small.
    small_number_threshold integer not null default 5 check (small_number_threshold between 0 and 20),
    plausible_min    numeric,
    plausible_max    numeric,
    tags             text[] not null default '{}',
    framework_version text not null default '',
    comparators      text[] not null default '{}',
    supersedes       integer,
    valid_from       date not null,
    recorded_at      timestamptz not null default now(),
    primary key (indicator_code, number),
    check (supersedes is null or supersedes < number),
    check (plausible_min is null or plausible_max is null or plausible_min < plausible_max)
);

create trigger indicator_version_append_only before update or delete on public.indicator_version
    for each row execute function workflow.refuse_change();

-- How the columns of a published file become figures. A file is of the format whose columns it has.
create table public.statistic_series (
    code               text primary key,
    format             text not null check (format ~ '^[a-z][a-z0-9_]{1,39}$'),
    -- 'ees': the department's open-data layout. 'lait': indicator, period, dfe_code, area, value.
    layout             text not null check (layout in ('ees', 'lait')),
    indicator_code     text not null references public.indicator (code),
    -- Whom the figure is about, where an indicator is published for several groups.
    cohort             text not null default '' check (cohort in ('', 'CIN', 'CPP', 'CLA')),
    numerator_column   text not null default '',
    -- One column, or several added up: inpost_fte+vacancy_fte.
    denominator_column text not null default '',
    value_column       text not null default '',
    -- Lines that carry the figure: column → value. And lines that carry its denominator, where those are others.
    filters            jsonb not null default '{}',
    denominator_filters jsonb not null default '{}',
    -- Where two formats publish the same figure the lower one is shown.
    priority           integer not null default 1,
    source             text not null,
    check (numerator_column <> '' or value_column <> '')
);

-- What stands in a published file where there is no figure. None of it is zero, and none is nothing.
create table public.statistic_letter (
    letter  text primary key check (length(letter) between 1 and 4),
    status  text not null unique,
    meaning text not null
);

insert into public.statistic_letter (letter, status, meaning) values
    ('c', 'suppressed', 'withheld, because so few children are counted that one could be known'),
    ('x', 'not_available', 'not available'),
    ('u', 'unreliable', 'withheld, because the data are not reliable'),
    ('z', 'not_applicable', 'not applicable'),
    ('low', 'low', 'more than nothing, and rounded to zero'),
    ('-', 'withheld', 'suppressed or not available; the source does not say which');

create table public.statistics_load (
    id         uuid primary key,
    file       text not null check (length(file) between 1 and 200),
    format     text not null,
    sha256     bytea not null check (octet_length(sha256) = 32),
    rows_read  integer not null check (rows_read >= 0),
    figures    integer not null check (figures >= 0),
    added      integer not null,
    changed    integer not null,
    unchanged  integer not null,
    suppressed integer not null,
    unmatched  integer not null,
    -- What changed, which GSS codes differ, which areas nobody knows.
    diff       jsonb not null,
    at         timestamptz not null default now(),
    person_id  uuid references public.person
);

create trigger statistics_load_append_only before update or delete on public.statistics_load
    for each row execute function workflow.refuse_change();

-- One published figure. A correction is a later row; nothing is overwritten.
create table public.statistic (
    id               bigint generated always as identity primary key,
    load_id          uuid not null references public.statistics_load,
    format           text not null,
    indicator_code   text not null references public.indicator (code),
    cohort           text not null default '',
    -- The year in which the period ends: 2025 is the year to 31 March 2025, or the school year 2024/25.
    period           text not null check (period ~ '^\d{4}$'),
    geography        text not null check (geography in ('authority', 'joint', 'region', 'country')),
    -- The DfE code of an authority, 314+318 for two that publish together, the GSS code of a region or of England.
    area_code        text not null check (length(area_code) between 3 and 40),
    organisation_id  uuid references public.organisation,
    gss_code         text not null default '',
    area_name        text not null default '',
    numerator        numeric,
    denominator      numeric,
    value            numeric,
    numerator_text   text not null default '',
    denominator_text text not null default '',
    value_text       text not null default '',
    -- Of the figure, or of its numerator where only that is published.
    status           text not null check (status in ('value', 'suppressed', 'not_available', 'unreliable', 'not_applicable', 'low', 'withheld')),
    line             integer not null,
    recorded_at      timestamptz not null default now(),
    check ((geography = 'authority') = (organisation_id is not null)),
    check (case when status = 'value' then coalesce(value, numerator) is not null else value is null end)
);

create index statistic_area on public.statistic (area_code, indicator_code, cohort, period, format, id desc);
create index statistic_indicator on public.statistic (indicator_code, cohort, period, area_code, format, id desc);

create trigger statistic_append_only before update or delete on public.statistic
    for each row execute function workflow.refuse_change();

-- Where a file lies while it is checked. Unlogged: after a crash the file is read again.
create unlogged table public.statistic_staging (
    load_id          uuid not null,
    line             integer not null,
    series           text not null,
    -- 'figure', or 'denominator' where that stands on a line of its own.
    part             text not null,
    period           text not null,
    geography        text not null,
    dfe_code         text not null,
    gss_code         text not null,
    area_name        text not null,
    numerator_text   text not null,
    denominator_text text not null,
    value_text       text not null
);

insert into public.setting (code, value, meaning, source) values
    ('population_indicator', 'POP_0_17', 'The indicator that holds the children of an area, for rates.', 'ONS mid-year estimates');
