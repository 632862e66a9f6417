-- The report of an evaluation: drafted in sections, unfolded into rows with each submission, published whatever it says.

insert into public.setting (code, value, meaning, source) values
    ('publication_days', '84', 'A report is published within this many days of its sign-off.', 'Government Social Research publication protocol: 12 weeks [S45]'),
    ('publication_warning_days', '56', 'From this many days after sign-off the senior officer is warned.', 'Default; set by the department'),
    ('publication_escalation_days', '112', 'From this many days after sign-off an unpublished report is escalated.', 'Default; set by the department'),
    ('publication_delay_days', '84', 'Each delay of a publication lasts at most this many days.', 'Default: twelve weeks; set by the department');

create table public.evaluation_report (
    id               uuid primary key,
    reference        text not null unique,
    evaluation_id    uuid not null references public.evaluation,
    plan_id          uuid not null references public.evaluation_plan,
    award_id         uuid not null references public.award,
    bid_id           uuid not null references public.bid,
    organisation_id  uuid not null references public.organisation,
    kind             text not null check (kind in ('interim', 'final')),
    title            text not null check (length(btrim(title)) between 1 and 200),
    submission       integer not null default 0,
    content_hash     bytea check (octet_length(content_hash) = 32),
    -- The version of the plan that the submission answers to. Set by trigger.
    plan_version     integer not null default 0,
    -- The version in public; 0 before publication. Set by trigger.
    published_version integer not null default 0,
    -- Computed from the primary outcomes, never typed: a different one is refused.
    direction        text check (direction in ('positive', 'negative', 'null', 'mixed', 'uninformative')),
    fact_check_due_on date,
    review_due_on    date,
    signed_off_at    timestamptz,
    signed_off_by    uuid references public.person,
    publish_due_on   date,
    planned_on       date,
    delay_reason     text check (delay_reason in ('sign_off_delays', 'procurement_delays', 'resource_constraints',
                                                  'quality_issues', 'policy_changes', 'other')),
    delay_text       text check (length(delay_text) <= 4000),
    delay_until      date,
    delays           integer not null default 0,
    published_at     timestamptz,
    decision_reason  text check (length(decision_reason) <= 4000),
    correction_note  text check (length(correction_note) between 1 and 4000),
    withdrawal_reason text check (length(withdrawal_reason) between 1 and 4000),
    url              text check (url ~ '^https://' and length(url) <= 500),
    doi              text check (doi ~ '^10\.\d{4,9}/\S{1,200}$'),
    state            text not null default 'drafting',
    last_event       text not null default 'start',
    transition_seq   integer not null default 1,
    version          integer not null default 1,
    created_by       uuid not null references public.person,
    created_at       timestamptz not null default now()
);

create index evaluation_report_state on public.evaluation_report (state, created_at desc, id desc);
create index evaluation_report_evaluation on public.evaluation_report (evaluation_id, created_at desc, id desc);
create index evaluation_report_award on public.evaluation_report (award_id);
create index evaluation_report_bid on public.evaluation_report (bid_id);
create index evaluation_report_due on public.evaluation_report (publish_due_on)
    where state in ('signed_off', 'publication_scheduled', 'delayed');
create unique index evaluation_report_final on public.evaluation_report (evaluation_id)
    where kind = 'final' and state <> 'withdrawn';

create trigger evaluation_report_workflow before insert or update on public.evaluation_report
    for each row execute function workflow.guard('evaluation_report');

alter table public.evaluation_comment add foreign key (report_id) references public.evaluation_report;
alter table public.review add foreign key (report_id) references public.evaluation_report;
alter table public.adjudication add foreign key (report_id) references public.evaluation_report;

create table public.evaluation_report_section (
    report_id uuid not null references public.evaluation_report,
    section   text not null check (section in ('summary', 'context', 'methods', 'results', 'flow', 'balance', 'deviations',
                                               'cost', 'findings', 'people', 'lessons', 'access', 'appendices')),
    content   jsonb not null check (jsonb_typeof(content) = 'object'),
    version   integer not null default 1,
    edited_by uuid not null references public.person,
    edited_at timestamptz not null default now(),
    primary key (report_id, section)
);

create table public.evaluation_report_submission (
    report_id      uuid not null references public.evaluation_report,
    number         integer not null check (number >= 1),
    plan_version   integer not null default 0,
    content        jsonb not null,
    canonical_text text not null,
    content_hash   bytea not null check (octet_length(content_hash) = 32),
    -- What a correction corrects.
    note           text check (length(btrim(note)) between 20 and 4000),
    submitted_by   uuid not null references public.person,
    submitted_at   timestamptz not null default clock_timestamp(),
    primary key (report_id, number)
);

create trigger evaluation_report_submission_append_only before update or delete on public.evaluation_report_submission
    for each row execute function workflow.refuse_change();

-- What is in public, frozen; each correction is another one beside it.
create table public.evaluation_report_version (
    report_id      uuid not null references public.evaluation_report,
    number         integer not null check (number >= 1),
    submission     integer not null,
    content        jsonb not null,
    canonical_text text not null,
    content_hash   bytea not null check (octet_length(content_hash) = 32),
    direction      text,
    note           text,
    published_by   uuid references public.person,
    published_at   timestamptz not null default clock_timestamp(),
    primary key (report_id, number),
    foreign key (report_id, submission) references public.evaluation_report_submission
);

create trigger evaluation_report_version_append_only before update or delete on public.evaluation_report_version
    for each row execute function workflow.refuse_change();

-- The figures of a submission, as rows. Written from its content by the database, so that they cannot differ from it.
create table public.report_result (
    report_id    uuid not null,
    submission   integer not null,
    position     integer not null,
    -- Null: not an outcome of the plan.
    outcome_code text,
    outcome      text not null check (length(outcome) between 1 and 300),
    time_point   text not null check (length(time_point) between 1 and 140),
    -- The one result by which its outcome is judged.
    headline     boolean not null,
    -- Set from the plan: an outcome and time point that it promised.
    prespecified boolean not null,
    is_primary   boolean not null,
    metric       text not null check (metric in ('pp', 'smd', 'rr', 'or', 'mean_difference', 'gbp')),
    arms         jsonb not null default '[]',
    effect       numeric not null,
    ci_low       numeric not null,
    ci_high      numeric not null,
    ci_level     numeric not null check (ci_level > 50 and ci_level < 100),
    p            numeric check (p between 0 and 1),
    -- Whether p and the interval say the same, within rounding.
    p_agrees     boolean not null,
    p_note       text,
    adjusted     boolean,
    model        text,
    analysis_set text check (analysis_set in ('itt', 'pp', 'other')),
    direction    text check (direction in ('positive', 'negative', 'null', 'uninformative')),
    primary key (report_id, submission, position),
    foreign key (report_id, submission) references public.evaluation_report_submission,
    constraint report_result_interval check (ci_low <= effect and effect <= ci_high),
    constraint report_result_smd check (metric <> 'smd' or abs(effect) <= 3),
    constraint report_result_ratio check (metric not in ('rr', 'or') or ci_low > 0)
);

create unique index report_result_headline on public.report_result (report_id, submission, outcome_code) where headline;

create table public.report_omission (
    report_id    uuid not null,
    submission   integer not null,
    outcome_code text not null,
    reason       text not null,
    primary key (report_id, submission, outcome_code),
    foreign key (report_id, submission) references public.evaluation_report_submission,
    constraint report_omission_reason check (length(btrim(reason)) between 20 and 4000)
);

create table public.report_flow (
    report_id   uuid not null,
    submission  integer not null,
    assessed    integer check (assessed >= 0),
    randomised  integer check (randomised >= 0),
    analysed    integer not null check (analysed >= 0),
    -- Per cent; computed.
    attrition_overall numeric(7,4) check (attrition_overall between 0 and 100),
    attrition_differential numeric(7,4) check (attrition_differential between 0 and 100),
    primary key (report_id, submission),
    foreign key (report_id, submission) references public.evaluation_report_submission,
    constraint report_flow_falls check (randomised <= assessed and analysed <= randomised)
);

create table public.report_arm (
    report_id  uuid not null,
    submission integer not null,
    position   integer not null,
    arm        text not null check (length(arm) between 1 and 140),
    allocated  integer not null check (allocated >= 0),
    lost       integer check (lost >= 0),
    analysed   integer not null check (analysed >= 0),
    primary key (report_id, submission, position),
    foreign key (report_id, submission) references public.evaluation_report_submission,
    constraint report_arm_falls check (analysed <= allocated)
);

create table public.report_balance (
    report_id  uuid not null,
    submission integer not null,
    position   integer not null,
    variable   text not null check (length(variable) between 1 and 140),
    smd        numeric not null check (abs(smd) <= 10),
    primary key (report_id, submission, position),
    foreign key (report_id, submission) references public.evaluation_report_submission
);

create table public.report_deviation (
    report_id    uuid not null,
    submission   integer not null,
    position     integer not null,
    plan_id      uuid not null,
    plan_version integer not null,
    key          text check (length(key) <= 140),
    what         text not null check (length(btrim(what)) between 1 and 4000),
    why          text not null check (length(btrim(why)) between 1 and 4000),
    before_unblinding boolean,
    primary key (report_id, submission, position),
    foreign key (report_id, submission) references public.evaluation_report_submission,
    foreign key (plan_id, plan_version) references public.evaluation_plan_version
);

create table public.report_cost (
    report_id      uuid not null,
    submission     integer not null,
    perspective    text,
    price_year     text,
    setup          numeric(14,2) check (setup >= 0),
    recurrent      numeric(14,2) check (recurrent >= 0),
    per_unit       numeric(14,2) check (per_unit >= 0),
    fiscal_saving  numeric(14,2),
    bcr            numeric,
    payback_months integer check (payback_months >= 0),
    confidence_grade integer check (confidence_grade between 1 and 6),
    optimism_bias_pct numeric,
    absence_reason text,
    primary key (report_id, submission),
    foreign key (report_id, submission) references public.evaluation_report_submission,
    constraint report_cost_or_reason check (num_nonnulls(setup, recurrent, per_unit) > 0 or length(btrim(absence_reason)) >= 20)
);

do $$
declare
    it text;
begin
    foreach it in array array['report_result', 'report_omission', 'report_flow', 'report_arm', 'report_balance',
                              'report_deviation', 'report_cost'] loop
        execute format('create trigger %1$s_append_only before update or delete on public.%1$I
            for each row execute function workflow.refuse_change()', it);
    end loop;
end
$$;

-- Each delay of a publication; written by the act itself.
create table public.publication_delay (
    report_id  uuid not null references public.evaluation_report,
    number     integer not null check (number >= 1),
    reason     text not null,
    text       text,
    until      date not null,
    decided_by uuid references public.person,
    at         timestamptz not null default clock_timestamp(),
    primary key (report_id, number)
);

create trigger publication_delay_append_only before update or delete on public.publication_delay
    for each row execute function workflow.refuse_change();

-- Somebody pressed for other conclusions: for the senior officer responsible and auditors.
create table public.pressure_flag (
    id         uuid primary key,
    report_id  uuid not null references public.evaluation_report,
    body       text not null check (length(btrim(body)) between 20 and 4000),
    flagged_by uuid not null references public.person,
    at         timestamptz not null default clock_timestamp()
);

create index pressure_flag_report on public.pressure_flag (report_id, at);

create trigger pressure_flag_append_only before update or delete on public.pressure_flag
    for each row execute function workflow.refuse_change();
