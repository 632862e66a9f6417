-- The evaluation of an award: who does it, its plan in sections, what was submitted, what was approved and frozen, what was
-- said about it, where it was registered, and each amendment beside what it changed.

-- 1. Words: designs and comparators, with the most that the Maryland scale gives each. Domain/EvaluationDesign.swift has the same.
create table public.evaluation_design (
    code        text primary key check (code ~ '^[a-z][a-z_]{2,39}$'),
    family      text not null check (family in ('impact', 'process', 'economic')),
    branch      text not null check (branch in ('randomised', 'quasi_experimental', 'theory_based', 'generic', 'process', 'economic')),
    title       text not null check (length(title) between 1 and 140),
    highest_sms integer not null check (highest_sms between 1 and 5),
    clustered   boolean not null default false,
    position    integer not null,
    source      text not null
);

insert into public.evaluation_design (position, code, family, branch, title, highest_sms, clustered, source)
select row_number() over (), v.code, v.family, v.branch, v.title, v.sms, v.code in ('rct_cluster', 'rct_stepped_wedge'),
    'Terms of the Magenta Book; Maryland Scientific Methods Scale, wording of 4 and 5 [K]'
from (values
    ('rct_individual', 'impact', 'randomised', 'Randomised trial: people allocated one by one', 5),
    ('rct_cluster', 'impact', 'randomised', 'Randomised trial: groups allocated (cluster)', 5),
    ('rct_stepped_wedge', 'impact', 'randomised', 'Randomised trial: stepped wedge', 5),
    ('rct_waitlist', 'impact', 'randomised', 'Randomised trial: waiting list', 5),
    ('rct_encouragement', 'impact', 'randomised', 'Randomised trial: encouragement', 5),
    ('rct_other', 'impact', 'randomised', 'Randomised trial: other', 5),
    ('qed_instrumental_variables', 'impact', 'quasi_experimental', 'Quasi-experiment: instrumental variables', 4),
    ('qed_regression_discontinuity', 'impact', 'quasi_experimental', 'Quasi-experiment: regression discontinuity', 4),
    ('qed_propensity_matching', 'impact', 'quasi_experimental', 'Quasi-experiment: propensity matching', 3),
    ('qed_timing_of_events', 'impact', 'quasi_experimental', 'Quasi-experiment: timing of events', 3),
    ('qed_interrupted_time_series', 'impact', 'quasi_experimental', 'Quasi-experiment: interrupted time series', 3),
    ('qed_synthetic_control', 'impact', 'quasi_experimental', 'Quasi-experiment: synthetic control', 3),
    ('qed_difference_in_difference', 'impact', 'quasi_experimental', 'Quasi-experiment: difference in difference', 3),
    ('qed_other', 'impact', 'quasi_experimental', 'Quasi-experiment: other', 3),
    ('theory_qca', 'impact', 'theory_based', 'Theory-based: qualitative comparative analysis', 1),
    ('theory_realist', 'impact', 'theory_based', 'Theory-based: realist evaluation', 1),
    ('theory_process_tracing', 'impact', 'theory_based', 'Theory-based: process tracing', 1),
    ('theory_contribution_analysis', 'impact', 'theory_based', 'Theory-based: contribution analysis', 1),
    ('theory_bayesian_updating', 'impact', 'theory_based', 'Theory-based: Bayesian updating', 1),
    ('theory_contribution_tracing', 'impact', 'theory_based', 'Theory-based: contribution tracing', 1),
    ('theory_most_significant_change', 'impact', 'theory_based', 'Theory-based: most significant change', 1),
    ('theory_outcome_harvesting', 'impact', 'theory_based', 'Theory-based: outcome harvesting', 1),
    ('theory_simulation', 'impact', 'theory_based', 'Theory-based: simulation', 1),
    ('theory_other', 'impact', 'theory_based', 'Theory-based: other', 1),
    ('generic_before_after', 'impact', 'generic', 'Other research: before and after', 1),
    ('generic_other', 'impact', 'generic', 'Other research: other', 1),
    ('process_interviews', 'process', 'process', 'Process evaluation: interviews', 1),
    ('process_focus_groups', 'process', 'process', 'Process evaluation: focus groups', 1),
    ('process_case_studies', 'process', 'process', 'Process evaluation: case studies', 1),
    ('process_surveys', 'process', 'process', 'Process evaluation: surveys', 1),
    ('process_output_modelling', 'process', 'process', 'Process evaluation: output modelling', 1),
    ('process_observation', 'process', 'process', 'Process evaluation: observation', 1),
    ('process_consultative', 'process', 'process', 'Process evaluation: consultative methods', 1),
    ('process_other', 'process', 'process', 'Process evaluation: other', 1),
    ('economic_cost_effectiveness', 'economic', 'economic', 'Economic evaluation: cost-effectiveness', 1),
    ('economic_cost_benefit', 'economic', 'economic', 'Economic evaluation: cost-benefit', 1),
    ('economic_cost_utility', 'economic', 'economic', 'Economic evaluation: cost-utility', 1),
    ('economic_other', 'economic', 'economic', 'Economic evaluation: other', 1)
) as v (code, family, branch, title, sms);

create table public.evaluation_comparator (
    code        text primary key,
    title       text not null,
    highest_sms integer not null check (highest_sms between 1 and 5),
    source      text not null
);

insert into public.evaluation_comparator (code, title, highest_sms, source)
select v.code, v.title, v.sms, 'Default; without a comparator at most 1'
from (values
    ('business_as_usual', 'People who get the usual service at the same time', 5),
    ('waitlist', 'People on a waiting list', 5),
    ('stepped', 'Places that start later', 5),
    ('matched', 'Similar people or places, matched', 4),
    ('synthetic', 'A weighted mix of other places (synthetic control)', 4),
    ('historical', 'Earlier years', 2),
    ('none', 'Nobody', 1)
) as v (code, title, sms);

insert into public.setting (code, value, meaning, source) values
    ('evaluation_inception_days', '30', 'The inception meeting of an evaluation is due this many days after the award becomes active.', 'Default; set by the department'),
    ('evaluation_protocol_days', '90', 'The protocol is due for review this many days after the award becomes active.', 'Default; set by the department'),
    ('plan_comment_working_days', '10', 'The authority has this many working days to comment on a plan or to check the facts of a report.', 'Default; set by the department'),
    ('evaluation_rereview_keys', 'outcomes.primary,sample,participants,design.clusters,design.unitOfAllocation', 'An amendment that changes one of these is reviewed again, and money waits for it.', 'Default: the primary outcome and the sample; set by the department'),
    ('clusters_per_arm_warning', '8', 'With fewer clusters in each arm the review lead gives a reason for approving a plan.', 'Default; set by the department');

-- 2. The evaluation. The case of its duties is the bid.
create table public.evaluation (
    id                  uuid primary key,
    reference           text not null unique,
    award_id            uuid not null unique references public.award,
    bid_id              uuid not null references public.bid,
    -- Who gets the money.
    organisation_id     uuid not null references public.organisation,
    title               text not null check (length(title) between 1 and 140),
    -- Who evaluates. Null until somebody is appointed.
    evaluator_id        uuid references public.organisation,
    contract_ref        text check (length(contract_ref) between 1 and 140),
    appointed_by        uuid references public.person,
    appointed_at        timestamptz,
    -- Set by trigger: the recipient evaluates itself. It caps the rating.
    is_self_evaluation  boolean not null default false,
    -- Set from the approved protocol.
    stage               text check (stage in ('theory', 'feasibility', 'pilot', 'efficacy', 'effectiveness', 'scale_up')),
    inception_due       date not null,
    protocol_due        date not null,
    report_due          date,
    first_data_collection_planned date,
    first_data_collection_actual  date,
    -- The day on which anybody who analyses first saw results by group.
    unblinded_on        date,
    -- Computed from the register's date and the first data collection; never typed.
    registration_status text not null default 'unregistered'
                        check (registration_status in ('unregistered', 'pre_registered', 'retrospective')),
    version             integer not null default 1,
    created_at          timestamptz not null default now(),
    check ((evaluator_id is null) = (appointed_at is null))
);

create index evaluation_evaluator on public.evaluation (evaluator_id, created_at desc, id desc);
create index evaluation_organisation on public.evaluation (organisation_id, created_at desc, id desc);
create index evaluation_bid on public.evaluation (bid_id);

-- 3. The plan and its draft.
create table public.evaluation_plan (
    id               uuid primary key,
    reference        text not null unique,
    evaluation_id    uuid not null unique references public.evaluation,
    award_id         uuid not null references public.award,
    bid_id           uuid not null references public.bid,
    organisation_id  uuid not null references public.organisation,
    -- How often it was submitted; reviews and rulings belong to one submission.
    submission       integer not null default 0,
    content_hash     bytea check (octet_length(content_hash) = 32),
    -- The version in force; 0 before the first approval. Set by trigger.
    approved_version integer not null default 0,
    independence_declared boolean not null default false,
    independence_note text check (length(independence_note) between 1 and 4000),
    comment_due_on   date,
    review_due_on    date,
    decision_reason  text check (length(decision_reason) <= 4000),
    abandon_reason   text check (length(abandon_reason) between 1 and 4000),
    -- What can be learnt from an evaluation that was given up. Published.
    lessons          text check (length(lessons) between 1 and 8000),
    state            text not null default 'not_started',
    last_event       text not null default 'create',
    transition_seq   integer not null default 1,
    version          integer not null default 1,
    created_at       timestamptz not null default now()
);

create index evaluation_plan_state on public.evaluation_plan (state, created_at, id);
create index evaluation_plan_award on public.evaluation_plan (award_id);
create index evaluation_plan_bid on public.evaluation_plan (bid_id);

create trigger evaluation_plan_workflow before insert or update on public.evaluation_plan
    for each row execute function workflow.guard('evaluation_plan');

-- One row per section of the draft, each with its own version, so that two authors meet only where they really meet.
create table public.evaluation_plan_section (
    plan_id   uuid not null references public.evaluation_plan,
    section   text not null check (section in ('overview', 'questions', 'design', 'participants', 'outcomes', 'sample',
                                               'analysis', 'strands', 'data', 'timetable', 'context')),
    content   jsonb not null check (jsonb_typeof(content) = 'object'),
    version   integer not null default 1,
    edited_by uuid not null references public.person,
    edited_at timestamptz not null default now(),
    primary key (plan_id, section)
);

-- What was submitted, word for word, with the digest that reviews and versions rest on.
create table public.evaluation_plan_submission (
    plan_id        uuid not null references public.evaluation_plan,
    number         integer not null check (number >= 1),
    content        jsonb not null,
    canonical_text text not null,
    content_hash   bytea not null check (octet_length(content_hash) = 32),
    submitted_by   uuid not null references public.person,
    submitted_at   timestamptz not null default clock_timestamp(),
    primary key (plan_id, number)
);

create trigger evaluation_plan_submission_append_only before update or delete on public.evaluation_plan_submission
    for each row execute function workflow.refuse_change();

-- What is approved, frozen; written by the approval itself. Version 2 and later say what changed, why, and whether anybody had
-- seen results.
create table public.evaluation_plan_version (
    plan_id          uuid not null references public.evaluation_plan,
    number           integer not null check (number >= 1),
    submission       integer not null,
    content          jsonb not null,
    canonical_text   text not null,
    content_hash     bytea not null check (octet_length(content_hash) = 32),
    changed_keys     text[] not null default '{}',
    reason           text,
    before_unblinding boolean,
    needs_review     boolean not null default true,
    approved_by      uuid references public.person,
    approved_at      timestamptz not null default clock_timestamp(),
    primary key (plan_id, number),
    foreign key (plan_id, submission) references public.evaluation_plan_submission,
    check (number = 1 or (cardinality(changed_keys) > 0 and reason is not null and before_unblinding is not null))
);

create trigger evaluation_plan_version_append_only before update or delete on public.evaluation_plan_version
    for each row execute function workflow.refuse_change();

-- The outcomes that a version promises, as rows: a report must account for each.
create table public.evaluation_plan_outcome (
    plan_id        uuid not null,
    number         integer not null,
    code           text not null check (code ~ '^[A-Z][A-Z0-9]{0,7}$'),
    is_primary     boolean not null,
    name           text not null check (length(name) between 1 and 300),
    indicator_code text references public.indicator (code),
    instrument     text,
    time_point     text not null check (length(time_point) between 1 and 140),
    beneficial     text not null check (beneficial in ('higher', 'lower')),
    metric         text check (metric in ('pp', 'smd', 'rr', 'or', 'mean_difference', 'gbp')),
    -- In the metric, always above zero; for ratios another number than 1.
    smallest_worthwhile_effect numeric check (smallest_worthwhile_effect > 0),
    primary key (plan_id, number, code),
    foreign key (plan_id, number) references public.evaluation_plan_version
);

create trigger evaluation_plan_outcome_append_only before update or delete on public.evaluation_plan_outcome
    for each row execute function workflow.refuse_change();

create table public.plan_amendment (
    id        uuid primary key,
    plan_id   uuid not null references public.evaluation_plan,
    -- The version that it will make.
    number    integer not null check (number >= 2),
    reason    text not null check (length(btrim(reason)) between 20 and 4000),
    -- Whether nobody who analyses had seen results by group when the change was decided.
    before_unblinding boolean not null,
    opened_by uuid not null references public.person,
    opened_at timestamptz not null default clock_timestamp(),
    unique (plan_id, number)
);

create trigger plan_amendment_append_only before update or delete on public.plan_amendment
    for each row execute function workflow.refuse_change();

-- What the authority (and for a report's facts the department) said, and what the author answered.
create table public.evaluation_comment (
    id              uuid primary key,
    plan_id         uuid references public.evaluation_plan,
    report_id       uuid,
    -- The submission that it is for. Set by trigger.
    round           integer not null default 0,
    section         text check (length(section) between 1 and 40),
    body            text not null check (length(btrim(body)) between 1 and 4000),
    made_by         uuid not null references public.person,
    organisation_id uuid not null references public.organisation,
    at              timestamptz not null default clock_timestamp(),
    check (num_nonnulls(plan_id, report_id) = 1)
);

create index evaluation_comment_plan on public.evaluation_comment (plan_id, at) where plan_id is not null;
create index evaluation_comment_report on public.evaluation_comment (report_id, at) where report_id is not null;

create trigger evaluation_comment_append_only before update or delete on public.evaluation_comment
    for each row execute function workflow.refuse_change();

create table public.evaluation_answer (
    id          uuid primary key,
    comment_id  uuid not null references public.evaluation_comment,
    body        text not null check (length(btrim(body)) between 1 and 4000),
    answered_by uuid not null references public.person,
    at          timestamptz not null default clock_timestamp()
);

create index evaluation_answer_comment on public.evaluation_answer (comment_id, at);

create trigger evaluation_answer_append_only before update or delete on public.evaluation_answer
    for each row execute function workflow.refuse_change();

-- An entry on a public register, one or more for each version.
create table public.evaluation_registration (
    id             uuid primary key,
    plan_id        uuid not null references public.evaluation_plan,
    version_number integer not null,
    registry       text not null check (registry in ('isrctn', 'osf', 'evaluation_registry', 'other')),
    registry_id    text not null check (length(registry_id) between 1 and 140),
    registered_on  date not null,
    url            text check (url ~ '^https://' and length(url) <= 500),
    recorded_by    uuid not null references public.person,
    at             timestamptz not null default clock_timestamp(),
    foreign key (plan_id, version_number) references public.evaluation_plan_version,
    constraint evaluation_registration_isrctn check (registry <> 'isrctn' or registry_id ~ '^ISRCTN\d{8}$')
);

create index evaluation_registration_plan on public.evaluation_registration (plan_id, version_number);

create trigger evaluation_registration_append_only before update or delete on public.evaluation_registration
    for each row execute function workflow.refuse_change();
