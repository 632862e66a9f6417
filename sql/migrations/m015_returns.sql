-- Monitoring returns: what an award reports, period by period. What was certified is kept word for word for ever; a correction
-- is the next version, and what was accepted at any past moment can be read as it was.

create table public.monitoring_return (
    id              uuid primary key,
    reference       text not null unique,
    award_id        uuid not null references public.award,
    -- The case: duties and reach go by the bid that the award grew from.
    bid_id          uuid not null references public.bid,
    organisation_id uuid not null references public.organisation,
    programme_id    uuid not null references public.programme,
    round_id        uuid not null references public.round,
    sequence        integer not null check (sequence between 1 and 999),
    period_from     date not null,
    period_to       date not null,
    due_on          date not null,
    -- The newest certified version, if any.
    content_version integer not null default 0,
    content_hash    bytea,
    submitted_at    timestamptz,
    late_days       integer check (late_days >= 0),
    late_working_days integer check (late_working_days >= 0),
    certified_by    uuid references public.person,
    last_editor_id  uuid references public.person,
    -- Of the last ruling or refusal to certify; and until when changes are asked for.
    reason          text check (length(reason) <= 4000),
    changes_due_on  date,
    state           text not null default 'scheduled',
    last_event      text not null default 'plan',
    transition_seq  integer not null default 1,
    version         integer not null default 1,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    unique (award_id, sequence),
    unique (award_id, period_from),
    check (period_from < period_to and period_to < due_on)
);

create index monitoring_return_own on public.monitoring_return (organisation_id, state, due_on desc, id desc);
create index monitoring_return_own_due on public.monitoring_return (organisation_id, due_on desc, id desc);
create index monitoring_return_due on public.monitoring_return (due_on, id) where state not in ('accepted', 'accepted_with_issues', 'waived');
create index monitoring_return_round on public.monitoring_return (round_id, due_on desc, id desc);
create index monitoring_return_bid on public.monitoring_return (bid_id);

create trigger monitoring_return_workflow before insert or update on public.monitoring_return
    for each row execute function workflow.guard('monitoring_return');

-- What a return must report: fixed when it is planned, so that a later definition does not change what was asked.
create table public.return_indicator (
    return_id         uuid not null references public.monitoring_return,
    position          integer not null check (position >= 1),
    indicator_code    text not null,
    indicator_version integer not null,
    is_primary        boolean not null default false,
    primary key (return_id, position),
    unique (return_id, indicator_code),
    foreign key (indicator_code, indicator_version) references public.indicator_version (indicator_code, number)
);

create trigger return_indicator_append_only before update or delete on public.return_indicator
    for each row execute function workflow.refuse_change();

-- The draft, in sections that save themselves.
create table public.return_section (
    return_id  uuid not null references public.monitoring_return,
    section    text not null check (section in ('outcomes', 'reach', 'spend', 'milestones', 'risks', 'learning')),
    content    jsonb not null,
    version    integer not null default 1,
    edited_by  uuid not null references public.person,
    edited_at  timestamptz not null default now(),
    primary key (return_id, section)
);

-- What was certified, word for word.
create table public.return_version (
    return_id    uuid not null references public.monitoring_return,
    number       integer not null check (number between 1 and 999),
    content      jsonb not null,
    content_hash bytea not null check (octet_length(content_hash) = 32),
    statement_version text not null,
    certified_by uuid not null references public.person,
    submitted_at timestamptz not null default clock_timestamp(),
    primary key (return_id, number)
);

create trigger return_version_append_only before update or delete on public.return_version
    for each row execute function workflow.refuse_change();

-- The figures of a version, as rows that can be summed. A figure or why there is none; never a zero that stands for nothing.
create table public.return_value (
    return_id         uuid not null,
    number            integer not null,
    position          integer not null,
    indicator_code    text not null references public.indicator (code),
    indicator_version integer not null,
    numerator         numeric(14,2) check (numerator >= 0),
    denominator       numeric(14,2) check (denominator > 0),
    value             numeric(14,2),
    status            text not null check (status in ('provisional', 'outturn')),
    missing_reason    text check (missing_reason in ('not_yet_available', 'too_few_to_report', 'system_change', 'partner_not_supplied',
                                                     'not_collected', 'not_applicable', 'refused')),
    comment           text not null default '' check (length(comment) <= 2000),
    source            text not null default '' check (length(source) <= 300),
    primary key (return_id, number, position),
    unique (return_id, number, indicator_code),
    foreign key (return_id, number) references public.return_version,
    check ((value is null) = (missing_reason is not null))
);

create index return_value_indicator on public.return_value (indicator_code, return_id, number);

create trigger return_value_append_only before update or delete on public.return_value
    for each row execute function workflow.refuse_change();

create table public.return_figure (
    return_id         uuid not null,
    number            integer not null,
    people_reached    integer check (people_reached >= 0),
    of_which_target   integer check (of_which_target >= 0),
    sites_live        integer check (sites_live >= 0),
    staff_trained     integer check (staff_trained >= 0),
    fidelity_percent  numeric(5,2) check (fidelity_percent between 0 and 100),
    spend_period      numeric(14,2) not null check (spend_period >= 0),
    spend_to_date     numeric(14,2) not null check (spend_to_date >= 0),
    forecast_outturn  numeric(14,2) not null check (forecast_outturn >= 0),
    variance_reason   text not null default '' check (length(variance_reason) <= 2000),
    evaluator_access_ok boolean not null,
    learning_note     text not null default '' check (length(learning_note) <= 8000),
    burden_hours      numeric(6,1) check (burden_hours >= 0),
    primary key (return_id, number),
    foreign key (return_id, number) references public.return_version,
    check (of_which_target <= people_reached)
);

create trigger return_figure_append_only before update or delete on public.return_figure
    for each row execute function workflow.refuse_change();

create table public.return_milestone (
    return_id  uuid not null,
    number     integer not null,
    position   integer not null,
    code       text not null check (length(code) between 1 and 40),
    title      text not null check (length(title) between 1 and 300),
    planned_on date not null,
    forecast_on date,
    actual_on  date,
    rag        text not null check (rag in ('red', 'amber', 'green')),
    primary key (return_id, number, position),
    foreign key (return_id, number) references public.return_version
);

create trigger return_milestone_append_only before update or delete on public.return_milestone
    for each row execute function workflow.refuse_change();

create table public.return_risk (
    return_id  uuid not null,
    number     integer not null,
    position   integer not null,
    category   text not null check (category in ('set_up', 'design', 'interaction', 'evaluation', 'data', 'workforce', 'finance', 'safeguarding')),
    title      text not null check (length(title) between 1 and 300),
    likelihood integer not null check (likelihood between 1 and 5),
    impact     integer not null check (impact between 1 and 5),
    proximity  text not null default '' check (length(proximity) <= 100),
    mitigation text not null check (length(mitigation) between 1 and 2000),
    owner      text not null check (length(owner) between 1 and 200),
    raised_on  date not null,
    closed_on  date check (closed_on >= raised_on),
    primary key (return_id, number, position),
    foreign key (return_id, number) references public.return_version
);

create trigger return_risk_append_only before update or delete on public.return_risk
    for each row execute function workflow.refuse_change();

-- Why an unusual figure stands: a soft rule that was answered.
create table public.return_confirmation (
    return_id  uuid not null,
    number     integer not null,
    rule_code  text not null,
    field      text not null check (length(field) between 1 and 100),
    reason     text not null check (length(reason) between 1 and 2000),
    primary key (return_id, number, rule_code, field),
    foreign key (return_id, number) references public.return_version
);

create trigger return_confirmation_append_only before update or delete on public.return_confirmation
    for each row execute function workflow.refuse_change();

-- Every ruling, written by the change of state itself. What was accepted at a moment: the newest ruling until then that
-- accepts, unless the return was reopened; the figures of a reopened return stay what they were until it is accepted again.
create table public.return_ruling (
    id         uuid primary key,
    return_id  uuid not null references public.monitoring_return,
    number     integer not null,
    ruling     text not null check (ruling in ('accepted', 'accepted_with_issues', 'changes_requested', 'reopened', 'waived')),
    reason     text not null default '' check (length(reason) <= 4000),
    person_id  uuid references public.person,
    at         timestamptz not null default clock_timestamp()
);

create index return_ruling_return on public.return_ruling (return_id, at);

create trigger return_ruling_append_only before update or delete on public.return_ruling
    for each row execute function workflow.refuse_change();

-- What the department asks about one field of one version.
create table public.return_comment (
    id         uuid primary key,
    return_id  uuid not null references public.monitoring_return,
    number     integer not null,
    field      text not null check (length(field) between 1 and 100),
    comment    text not null check (length(comment) between 1 and 2000),
    person_id  uuid not null references public.person,
    at         timestamptz not null default now()
);

create index return_comment_return on public.return_comment (return_id, number, at);

create trigger return_comment_append_only before update or delete on public.return_comment
    for each row execute function workflow.refuse_change();

-- What a reopening changed, field by field, once it is accepted again.
create table public.return_restatement (
    id          uuid primary key,
    return_id   uuid not null references public.monitoring_return,
    from_number integer not null,
    to_number   integer not null,
    field       text not null,
    old_value   text,
    new_value   text,
    cause       text not null,
    at          timestamptz not null default clock_timestamp(),
    unique (return_id, to_number, field),
    check (old_value is distinct from new_value)
);

create trigger return_restatement_append_only before update or delete on public.return_restatement
    for each row execute function workflow.refuse_change();

-- The catalogue of messages: what is checked, how severe it is, what it says and how to put it right. A rule starts as beta,
-- which only counts; soft rules want a reason; hard ones block.
create table public.return_rule (
    code     text primary key check (code ~ '^[a-z][a-z0-9_]{2,39}$'),
    severity text not null check (severity in ('beta', 'soft', 'hard')),
    -- The number that the rule goes by, where it has one.
    number   numeric,
    meaning  text not null,
    sentence text not null,
    fix      text not null,
    source   text not null
);

-- Each run of the checks, so that somebody can count which rules hurt.
create table public.return_check (
    id          uuid primary key,
    return_id   uuid not null references public.monitoring_return,
    source      text not null check (source in ('page', 'upload')),
    file_sha256 bytea check (octet_length(file_sha256) = 32),
    -- Rule → how often it spoke.
    counts      jsonb not null,
    person_id   uuid not null references public.person,
    at          timestamptz not null default now()
);

create index return_check_return on public.return_check (return_id, at);

create trigger return_check_append_only before update or delete on public.return_check
    for each row execute function workflow.refuse_change();

insert into public.setting (code, value, meaning, source) values
    ('return_period_months', '3', 'A monitoring return covers this many months.', 'Default; set by the department'),
    ('return_grace_working_days', '20', 'A return is due this many working days after its period ends.', 'Default; set by the department'),
    ('return_changes_working_days', '10', 'Changes that are asked for are due within this many working days.', 'Default; set by the department'),
    ('return_notice_working_days', '5', 'A return that is not in is remembered this many working days before it is due.', 'Ministry of Housing, Communities and Local Government practice'),
    ('return_hold_working_days', '10', 'A return this many working days late goes to the senior officer and holds the next instalment.', 'Default; set by the department');
