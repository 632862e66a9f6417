-- Reviews: a rubric as data, reviewers who are independent and blind to each other, interests declared first.

-- 1. The rubric, in versions. A criterion counts where it has a weight; a gate is passed with the least score of the setting.
create table public.rubric (
    version integer primary key check (version >= 1),
    title   text not null,
    source  text not null
);

create table public.rubric_anchor (
    rubric_version integer not null references public.rubric,
    value          integer not null check (value between 0 and 4),
    meaning        text not null,
    primary key (rubric_version, value)
);

create table public.rubric_criterion (
    rubric_version  integer not null references public.rubric,
    code            text not null check (code ~ '^[a-z][a-z_]{1,39}$'),
    position        integer not null,
    title           text not null,
    protocol_weight integer not null check (protocol_weight between 0 and 100),
    report_weight   integer not null check (report_weight between 0 and 100),
    -- impact: a gate only where the evaluation claims an effect.
    protocol_gate   text not null check (protocol_gate in ('never', 'always', 'impact')),
    report_gate     text not null check (report_gate in ('never', 'always', 'impact')),
    best            text not null,
    worst           text not null,
    primary key (rubric_version, code),
    unique (rubric_version, position)
);

insert into public.rubric values (1, 'Touchstone rubric for protocols and reports', 'Proposed for this product [D]; two external reviewers after the Education Endowment Foundation [S52]');

insert into public.rubric_anchor values
    (1, 0, 'Absent or fatal'), (1, 1, 'Serious gap'), (1, 2, 'Partial'), (1, 3, 'Sound'), (1, 4, 'Exemplary');

insert into public.rubric_criterion values
    (1, 'question', 1, 'Question and theory of change', 8, 4, 'always', 'always', 'A causal path that can be tested, with its assumptions', 'None'),
    (1, 'design', 2, 'Strength of the design', 14, 12, 'always', 'always', 'Randomised, with enough clusters', 'Before and after only, for a claim of impact'),
    (1, 'comparator', 3, 'Comparator or counterfactual', 10, 10, 'impact', 'impact', 'Concurrent and equivalent, contamination dealt with', 'None'),
    (1, 'power', 4, 'Sample and power', 10, 8, 'always', 'always', 'The smallest detectable effect is at most the worthwhile one, and the source of the intra-cluster correlation is given', 'No calculation'),
    (1, 'outcomes', 5, 'Outcomes: standard, valid, well timed', 10, 6, 'always', 'always', 'An indicator of the registry, with a lag that the follow-up covers', 'Ad hoc, rated by those who deliver'),
    (1, 'registration', 6, 'Registration and analysis fixed beforehand', 8, 8, 'never', 'never', 'Registered before data were collected, with an analysis plan', 'Retrospective or none'),
    (1, 'attrition', 7, 'Attrition and missing data', 6, 10, 'never', 'always', 'At most 10%, a difference of at most 5 points, and a sensitivity analysis', 'More than 50%, or not reported'),
    (1, 'analysis', 8, 'Analysis and uncertainty', 6, 12, 'never', 'always', 'By intention to treat, clustered errors, intervals and effect sizes, multiplicity', 'Only p values, or none'),
    (1, 'implementation', 9, 'Implementation and process', 8, 6, 'never', 'never', 'Fidelity, dose, reach and adaptation measured', 'None'),
    (1, 'cost', 10, 'Cost and value', 6, 8, 'never', 'never', 'Full cost, price year and sensitivity', 'None'),
    (1, 'equity', 11, 'Equity, harms, children''s voice, ethics', 6, 6, 'always', 'always', 'Subgroups set beforehand and a log of harms', 'None'),
    (1, 'access', 12, 'Data access, governance, feasibility', 6, 2, 'always', 'always', 'Agreements signed and the data protection assessment done', 'None'),
    (1, 'transparency', 13, 'Transparency and complete reporting', 2, 6, 'never', 'always', 'Every result that was promised', 'Selective'),
    (1, 'capacity', 14, 'Local capacity and use of learning', 0, 2, 'never', 'never', 'Analysts of the authority take part', 'None');

insert into public.setting (code, value, meaning, source) values
    ('review_working_days', '20', 'A review is due this many working days after it is asked for.', 'Default; set by the department'),
    ('review_minimum', '2', 'So many final reviews are needed to decide on a submission.', 'Two external reviewers, after the Education Endowment Foundation [S52]'),
    ('review_gate_score', '2', 'Each gate of the rubric needs at least this score.', 'Default; set by the department'),
    ('review_pass_score', '65', 'A plan is approved, and a report signed off, from this weighted score out of 100.', 'Default; set by the department'),
    ('review_disagreement', '2', 'Scores of two reviewers that are this far apart need a third review or a ruling.', 'Default; set by the department'),
    ('conflict_months', '12', 'A declaration of no conflict of interest counts for this many months.', 'Default; set by the department');

-- 2. A review: one reviewer, one submission.
create table public.review (
    id              uuid primary key,
    reference       text not null unique,
    kind            text not null check (kind in ('protocol', 'report')),
    evaluation_id   uuid not null references public.evaluation,
    plan_id         uuid references public.evaluation_plan,
    report_id       uuid,
    bid_id          uuid not null references public.bid,
    -- Who gets the money.
    organisation_id uuid not null references public.organisation,
    -- The submission under review. Set by trigger.
    submission      integer not null default 0,
    reviewer_id     uuid not null references public.person,
    is_third        boolean not null default false,
    rubric_version  integer not null references public.rubric,
    due_on          date not null,
    reason          text check (length(reason) between 1 and 4000),
    invited_by      uuid not null references public.person,
    signed_at       timestamptz,
    state           text not null default 'invited',
    last_event      text not null default 'invite',
    transition_seq  integer not null default 1,
    version         integer not null default 1,
    created_at      timestamptz not null default now(),
    check ((kind = 'protocol') = (plan_id is not null) and (kind = 'report') = (report_id is not null))
);

create index review_reviewer on public.review (reviewer_id, state, due_on);
create index review_plan on public.review (plan_id, submission) where plan_id is not null;
create index review_report on public.review (report_id, submission) where report_id is not null;
create index review_bid on public.review (bid_id);
create unique index review_once on public.review (coalesce(plan_id, report_id), submission, reviewer_id)
    where state not in ('declined', 'withdrawn');

create trigger review_workflow before insert or update on public.review
    for each row execute function workflow.guard('review');

-- 3. Interests: declared before anything is shown; what is declared locks the review until it is ruled on.
create table public.conflict_declaration (
    id        uuid primary key,
    review_id uuid not null references public.review,
    bid_id    uuid not null references public.bid,
    person_id uuid not null references public.person,
    answer    text not null check (answer in ('none', 'declared')),
    kinds     text[] not null default '{}'
              check (kinds <@ array['employment', 'financial', 'personal', 'prior_involvement', 'academic']),
    detail    text not null default '' check (length(detail) <= 4000),
    at        timestamptz not null default clock_timestamp(),
    check (case answer when 'none' then kinds = '{}' else cardinality(kinds) > 0 and length(btrim(detail)) >= 20 end)
);

create index conflict_declaration_review on public.conflict_declaration (review_id, at desc, id desc);

create trigger conflict_declaration_append_only before update or delete on public.conflict_declaration
    for each row execute function workflow.refuse_change();

create table public.conflict_ruling (
    id             uuid primary key,
    declaration_id uuid not null unique references public.conflict_declaration,
    outcome        text not null check (outcome in ('managed', 'recused')),
    -- How it is managed, or why it excludes.
    reason         text not null check (length(btrim(reason)) between 20 and 4000),
    ruled_by       uuid not null references public.person,
    at             timestamptz not null default clock_timestamp()
);

create trigger conflict_ruling_append_only before update or delete on public.conflict_ruling
    for each row execute function workflow.refuse_change();

-- 4. Scores: each saving is a row, the newest counts.
create table public.review_score (
    id          uuid primary key,
    review_id   uuid not null references public.review,
    criterion   text not null,
    value       integer check (value between 0 and 4),
    rationale   text not null default '' check (length(rationale) <= 8000),
    recorded_by uuid not null references public.person,
    recorded_at timestamptz not null default clock_timestamp()
);

create index review_score_latest on public.review_score (review_id, criterion, recorded_at desc, id desc);

create trigger review_score_append_only before update or delete on public.review_score
    for each row execute function workflow.refuse_change();

create table public.review_item (
    id        uuid primary key,
    review_id uuid not null references public.review,
    kind      text not null check (kind in ('must_fix', 'should_fix')),
    criterion text,
    body      text not null check (length(btrim(body)) between 1 and 4000),
    made_by   uuid not null references public.person,
    at        timestamptz not null default clock_timestamp()
);

create index review_item_review on public.review_item (review_id, at);

create trigger review_item_append_only before update or delete on public.review_item
    for each row execute function workflow.refuse_change();

create table public.review_item_closure (
    item_id   uuid primary key references public.review_item,
    note      text not null check (length(btrim(note)) between 1 and 4000),
    closed_by uuid not null references public.person,
    at        timestamptz not null default clock_timestamp()
);

create trigger review_item_closure_append_only before update or delete on public.review_item_closure
    for each row execute function workflow.refuse_change();

-- For the review lead alone, and for auditors.
create table public.review_note (
    id        uuid primary key,
    review_id uuid not null references public.review,
    body      text not null check (length(btrim(body)) between 1 and 8000),
    made_by   uuid not null references public.person,
    at        timestamptz not null default clock_timestamp()
);

create index review_note_review on public.review_note (review_id, at);

create trigger review_note_append_only before update or delete on public.review_note
    for each row execute function workflow.refuse_change();

-- Where two reviewers are far apart: the score that counts, and why. What they scored stays.
create table public.adjudication (
    id         uuid primary key,
    plan_id    uuid references public.evaluation_plan,
    report_id  uuid,
    submission integer not null default 0,
    criterion  text not null,
    value      integer not null check (value between 0 and 4),
    reason     text not null check (length(btrim(reason)) between 20 and 4000),
    decided_by uuid not null references public.person,
    at         timestamptz not null default clock_timestamp(),
    check (num_nonnulls(plan_id, report_id) = 1)
);

create unique index adjudication_once on public.adjudication (coalesce(plan_id, report_id), submission, criterion);

create trigger adjudication_append_only before update or delete on public.adjudication
    for each row execute function workflow.refuse_change();
