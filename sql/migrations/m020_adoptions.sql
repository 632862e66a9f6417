-- What became of it: which authority took up which practice, how able authorities are to evaluate, whether funded work goes on
-- after the money, and what was done to spread the word.

create table public.la_adoption (
    id               uuid primary key,
    reference        text not null unique,
    practice_id      uuid not null references public.practice,
    organisation_id  uuid not null references public.organisation,
    started_on       date,
    coverage_pct     numeric(5,2) check (coverage_pct between 0 and 100),
    adaptations      text not null default '' check (length(adaptations) <= 4000),
    -- How much of the core is delivered, by the authority's own judgement: 1 little … 5 all of it.
    fidelity         integer check (fidelity between 1 and 5),
    local_cost       numeric(14,2) check (local_cost >= 0),
    funded_by        text not null default '' check (length(funded_by) <= 200),
    funding_ended_on date,
    awareness_source text check (awareness_source in ('event', 'guide', 'webinar', 'site_visit', 'peer_support', 'publication', 'other')),
    -- Reports that were read before deciding.
    evidence_read    uuid[] not null default '{}' check (cardinality(evidence_read) <= 50),
    reason           text check (length(reason) <= 4000),
    declared_by      uuid not null references public.person,
    state            text not null default 'aware',
    last_event       text not null default 'declare',
    transition_seq   integer not null default 1,
    version          integer not null default 1,
    created_at       timestamptz not null default now(),
    unique (practice_id, organisation_id)
);

create index la_adoption_organisation on public.la_adoption (organisation_id);

create trigger la_adoption_workflow before insert or update on public.la_adoption
    for each row execute function workflow.guard('la_adoption');

-- What an authority said, each time it said something. By trigger.
create table public.adoption_statement (
    adoption_id  uuid not null references public.la_adoption,
    number       integer not null,
    state        text not null,
    started_on   date,
    coverage_pct numeric(5,2),
    adaptations  text not null,
    fidelity     integer,
    local_cost   numeric(14,2),
    funded_by    text not null,
    declared_by  uuid references public.person,
    at           timestamptz not null default now(),
    primary key (adoption_id, number)
);

create trigger adoption_statement_append_only before update or delete on public.adoption_statement
    for each row execute function workflow.refuse_change();

-- What somebody else found to be so. Kept apart from what was declared; it counts for the state that it was made for.
create table public.adoption_verification (
    id              uuid primary key,
    adoption_id     uuid not null references public.la_adoption,
    state           text not null,
    kind            text not null check (kind in ('originator', 'sample_check')),
    verified_by     uuid not null references public.person,
    organisation_id uuid not null references public.organisation,
    note            text not null check (length(note) between 1 and 4000),
    at              timestamptz not null default clock_timestamp()
);

create index adoption_verification_adoption on public.adoption_verification (adoption_id, at);

create trigger adoption_verification_append_only before update or delete on public.adoption_verification
    for each row execute function workflow.refuse_change();

-- Eight dimensions, four levels each, in words. A new version breaks the series, and the break is shown.
create table public.capacity_rubric (
    version   integer not null,
    dimension text not null check (dimension ~ '^[a-z_]+$'),
    position  integer not null check (position between 1 and 20),
    title     text not null,
    levels    text[] not null check (cardinality(levels) = 4),
    source    text not null,
    primary key (version, dimension)
);

insert into public.capacity_rubric (version, dimension, position, title, levels, source)
select 1, v.dimension, v.position, v.title, array[v.one, v.two, v.three, v.four],
    'Default of this product, after the pattern of the What Works Growth maturity matrix'
from (values
    ('leadership', 1, 'Leadership and culture', 'Nobody senior asks what works', 'Some leaders ask, now and then', 'Leaders ask for evidence before decisions', 'Decisions say which evidence they rest on, also when it is unwelcome'),
    ('skills', 2, 'Staff skills', 'Nobody is trained in evaluation', 'One or two people, without time for it', 'Several people with time set aside', 'A team that designs evaluations and trains others'),
    ('data_access', 3, 'Data access and quality', 'Case data cannot be drawn for analysis', 'Drawn by hand, with known gaps', 'Drawn routinely, quality is checked', 'Linked across services, checked and documented'),
    ('linkage', 4, 'Linkage and governance', 'No agreements for sharing data', 'Agreements made case by case', 'Standing agreements with the main partners', 'Standing agreements, used for long-term outcomes'),
    ('theory_of_change', 5, 'Use of a theory of change', 'Projects start without one', 'Written for funders', 'Written with practitioners and tested', 'Revised as results come in'),
    ('design', 6, 'Design and comparison groups', 'Before and after at most', 'Benchmarks from elsewhere', 'Comparison groups are planned from the start', 'Randomised or quasi-experimental designs are usual'),
    ('costing', 7, 'Costing', 'Costs are not recorded by project', 'Budgets only', 'Full costs per case', 'Cost-effectiveness, with price year and sensitivity'),
    ('using_findings', 8, 'Using and sharing findings', 'Reports are filed', 'Shared when asked', 'Published, and discussed where decisions are made', 'Findings change services, and others learn of it')
) as v (dimension, position, title, one, two, three, four);

create table public.capacity_assessment (
    id                 uuid primary key,
    reference          text not null unique,
    organisation_id    uuid not null references public.organisation,
    -- The award's bid; null where an authority assesses itself unasked.
    bid_id             uuid references public.bid,
    wave               text not null check (wave in ('baseline', 'yearly', 'close', 'after_12_months', 'voluntary')),
    due_on             date not null,
    rubric_version     integer not null,
    evaluation_done_by text check (evaluation_done_by in ('in_house', 'commissioned', 'what_works', 'mixed', 'none')),
    support_received   text not null default '' check (length(support_received) <= 2000),
    data_readiness     text not null default '' check (length(data_readiness) <= 2000),
    -- An authority that was asked to look at it.
    peer_id            uuid references public.organisation,
    certified_by       uuid references public.person,
    certified_at       timestamptz,
    moderated_by       uuid references public.person,
    moderation_note    text not null default '' check (length(moderation_note) <= 4000),
    reason             text check (length(reason) <= 4000),
    state              text not null default 'opened',
    last_event         text not null default 'open',
    transition_seq     integer not null default 1,
    version            integer not null default 1,
    created_at         timestamptz not null default now(),
    check (peer_id is distinct from organisation_id)
);

create unique index capacity_assessment_one_in_hand on public.capacity_assessment (organisation_id)
    where state in ('opened', 'in_progress');
create index capacity_assessment_organisation on public.capacity_assessment (organisation_id, created_at);

create trigger capacity_assessment_workflow before insert or update on public.capacity_assessment
    for each row execute function workflow.guard('capacity_assessment');

-- One person's view of one dimension. The newest of a person counts. No level without what shows it.
create table public.capacity_response (
    id            uuid primary key,
    assessment_id uuid not null references public.capacity_assessment,
    dimension     text not null,
    level         integer not null check (level between 1 and 4),
    evidence      text not null check (length(evidence) between 1 and 4000),
    team          text not null check (length(team) between 1 and 140),
    respondent_id uuid not null references public.person,
    at            timestamptz not null default clock_timestamp(),
    constraint capacity_response_evidence check (level < 3 or length(evidence) >= 20)
);

create index capacity_response_assessment on public.capacity_response (assessment_id, dimension, respondent_id, at);

create trigger capacity_response_append_only before update or delete on public.capacity_response
    for each row execute function workflow.refuse_change();

-- The level that the certifier holds to be the best fit, with what shows it. There is no overall score.
create table public.capacity_level (
    assessment_id uuid not null references public.capacity_assessment,
    certification integer not null,
    dimension     text not null,
    level         integer not null check (level between 1 and 4),
    evidence      text not null check (length(evidence) between 1 and 4000),
    agreed_by     uuid not null references public.person,
    at            timestamptz not null default now(),
    primary key (assessment_id, certification, dimension),
    constraint capacity_level_evidence check (level < 3 or length(evidence) >= 20)
);

create trigger capacity_level_append_only before update or delete on public.capacity_level
    for each row execute function workflow.refuse_change();

create table public.follow_up (
    id              uuid primary key,
    reference       text not null unique,
    award_id        uuid not null references public.award,
    bid_id          uuid not null references public.bid,
    organisation_id uuid not null references public.organisation,
    months          integer not null check (months in (6, 12, 24, 36)),
    opens_on        date not null,
    due_on          date not null,
    running         text check (running in ('yes', 'partly', 'no')),
    funder          text not null default '' check (length(funder) <= 200),
    coverage_pct    numeric(5,2) check (coverage_pct between 0 and 100),
    staff_retained  text check (staff_retained in ('all', 'most', 'some', 'none')),
    capacity_kept   text check (capacity_kept in ('yes', 'partly', 'no')),
    comment         text not null default '' check (length(comment) <= 4000),
    answered_by     uuid references public.person,
    answered_at     timestamptz,
    answers         integer not null default 0,
    reason          text check (length(reason) <= 4000),
    state           text not null default 'scheduled',
    last_event      text not null default 'schedule',
    transition_seq  integer not null default 1,
    version         integer not null default 1,
    created_at      timestamptz not null default now(),
    unique (award_id, months),
    check (opens_on <= due_on)
);

create index follow_up_due on public.follow_up (state, opens_on, due_on);
create index follow_up_organisation on public.follow_up (organisation_id);
create index follow_up_bid on public.follow_up (bid_id);

create trigger follow_up_workflow before insert or update on public.follow_up
    for each row execute function workflow.guard('follow_up');

create table public.follow_up_value (
    follow_up_id   uuid not null references public.follow_up,
    answer         integer not null,
    indicator_code text not null references public.indicator (code),
    period         text not null check (length(period) between 1 and 40),
    value          numeric(14,4),
    missing_reason text check (missing_reason in ('not_yet_available', 'too_few', 'system_change', 'partner_not_supplied', 'not_collected', 'not_applicable', 'refused')),
    source         text not null check (source in ('published', 'authority')),
    at             timestamptz not null default now(),
    primary key (follow_up_id, answer, indicator_code),
    check ((value is null) = (missing_reason is not null))
);

create trigger follow_up_value_append_only before update or delete on public.follow_up_value
    for each row execute function workflow.refuse_change();

create table public.follow_up_reminder (
    follow_up_id uuid not null references public.follow_up,
    number       integer not null check (number between 1 and 3),
    at           timestamptz not null default now(),
    primary key (follow_up_id, number)
);

create trigger follow_up_reminder_append_only before update or delete on public.follow_up_reminder
    for each row execute function workflow.refuse_change();

-- What was done so that others hear of a practice: planned, delivered, and what came of it; each a fact of its own.
create table public.dissemination (
    id             uuid primary key,
    practice_id    uuid not null references public.practice,
    kind           text not null check (kind in ('event', 'guide', 'webinar', 'site_visit', 'peer_support', 'publication')),
    title          text not null check (length(title) between 1 and 140),
    audience_roles text[] not null default '{}',
    planned_on     date not null,
    planned_by     uuid not null references public.person,
    at             timestamptz not null default now()
);

create table public.dissemination_delivery (
    dissemination_id uuid primary key references public.dissemination,
    delivered_on     date not null,
    attendance       integer not null check (attendance >= 0),
    cost             numeric(14,2) not null check (cost >= 0),
    recorded_by      uuid not null references public.person,
    at               timestamptz not null default now()
);

create table public.dissemination_reach (
    dissemination_id uuid not null references public.dissemination,
    organisation_id  uuid not null references public.organisation,
    at               timestamptz not null default now(),
    primary key (dissemination_id, organisation_id)
);

create table public.dissemination_outcome (
    dissemination_id uuid primary key references public.dissemination,
    surveyed         integer not null check (surveyed >= 0),
    using_it         integer not null check (using_it between 0 and surveyed),
    note             text not null default '' check (length(note) <= 4000),
    recorded_by      uuid not null references public.person,
    at               timestamptz not null default now()
);

create trigger dissemination_append_only before update or delete on public.dissemination
    for each row execute function workflow.refuse_change();
create trigger dissemination_delivery_append_only before update or delete on public.dissemination_delivery
    for each row execute function workflow.refuse_change();
create trigger dissemination_reach_append_only before update or delete on public.dissemination_reach
    for each row execute function workflow.refuse_change();
create trigger dissemination_outcome_append_only before update or delete on public.dissemination_outcome
    for each row execute function workflow.refuse_change();

insert into public.setting (code, value, meaning, source) values
    ('capacity_due_days', '60', 'A capacity assessment is due so many days after it is opened.', 'Default; set by the department'),
    ('capacity_lock_days', '28', 'A certified capacity assessment is locked after so many days.', 'Default; set by the department'),
    ('capacity_region_minimum', '3', 'Others see capacity by region only from so many authorities on.', 'Default; set by the department'),
    ('follow_up_days', '30', 'A follow-up return is due so many days after it opens.', 'Default; set by the department'),
    ('follow_up_reminder_days', '14', 'So many days pass between reminders of a follow-up, and after the third before it counts as no response.', 'Default; set by the department'),
    ('adoption_confirm_months', '6', 'An authority is asked to confirm an adoption every so many months.', 'Default; set by the department'),
    ('adoption_sustained_months', '12', 'A practice is sustained when it runs so many months after its funding ended.', 'Default; set by the department');
