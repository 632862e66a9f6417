-- What was learnt and what was decided on it: practices, the rating of their evidence, and decisions to roll out, test further,
-- adapt or stop. A practice is linked to the bids that it grew from or was tried in; through them to awards and evaluations.

create table public.practice (
    id                   uuid primary key,
    reference            text not null unique,
    name                 text not null check (length(name) between 1 and 140),
    summary              text not null default '' check (length(summary) <= 4000),
    -- What makes it this practice, and what each place may change.
    core_components      text[] not null default '{}' check (cardinality(core_components) <= 30),
    adaptable_components text[] not null default '{}' check (cardinality(adaptable_components) <= 30),
    population           text not null default '' check (length(population) <= 2000),
    features             text[] not null default '{}' check (cardinality(features) <= 30),
    unit_cost            numeric(14,2) check (unit_cost >= 0),
    cost_unit            text not null default '' check (length(cost_unit) <= 140),
    price_year           text check (price_year ~ '^20\d{2}-\d{2}$'),
    staff_needed         text not null default '' check (length(staff_needed) <= 2000),
    originator_id        uuid references public.organisation,
    last_editor_id       uuid not null references public.person,
    checked_by           uuid references public.person,
    published_number     integer not null default 0,
    published_at         timestamptz,
    reason               text check (length(reason) <= 4000),
    state                text not null default 'draft',
    last_event           text not null default 'create',
    transition_seq       integer not null default 1,
    version              integer not null default 1,
    created_by           uuid not null references public.person,
    created_at           timestamptz not null default now()
);

create unique index practice_name_key on public.practice (lower(name)) where state <> 'retired';
create index practice_list on public.practice (name, id);

create trigger practice_workflow before insert or update on public.practice
    for each row execute function workflow.guard('practice');

-- A card as it was published. Written by the act of publishing.
create table public.practice_version (
    practice_id  uuid not null references public.practice,
    number       integer not null,
    content      jsonb not null,
    published_by uuid references public.person,
    published_at timestamptz not null default now(),
    primary key (practice_id, number)
);

create trigger practice_version_append_only before update or delete on public.practice_version
    for each row execute function workflow.refuse_change();

create table public.practice_award (
    id          uuid primary key,
    practice_id uuid not null references public.practice,
    bid_id      uuid not null references public.bid,
    part        text not null check (part in ('origin', 'replication', 'scale')),
    linked_by   uuid not null references public.person,
    linked_at   timestamptz not null default now(),
    ended_by    uuid references public.person,
    ended_at    timestamptz,
    version     integer not null default 1,
    check ((ended_by is null) = (ended_at is null))
);

create unique index practice_award_once on public.practice_award (practice_id, bid_id) where ended_at is null;
create index practice_award_bid on public.practice_award (bid_id);

-- Thresholds of the derived ratings, with where they come from. mark K: common practice, to be checked by whoever answers for
-- the installation. D: a default of this product.
create table public.evidence_threshold (
    measure text not null check (measure ~ '^[a-z_]+$'),
    gives   integer not null,
    bound   numeric not null,
    meaning text not null,
    source  text not null,
    mark    text not null check (mark in ('K', 'D', 'S')),
    primary key (measure, gives)
);

insert into public.evidence_threshold (measure, gives, bound, meaning, source, mark) values
    ('padlock_mdes', 5, 0.20, 'Smallest detectable effect below this', 'EEF security rating pattern', 'K'),
    ('padlock_mdes', 4, 0.30, 'Smallest detectable effect below this', 'EEF security rating pattern', 'K'),
    ('padlock_mdes', 3, 0.40, 'Smallest detectable effect below this', 'EEF security rating pattern', 'K'),
    ('padlock_mdes', 2, 0.50, 'Smallest detectable effect below this', 'EEF security rating pattern', 'K'),
    ('padlock_mdes', 1, 0.60, 'Smallest detectable effect below this', 'EEF security rating pattern', 'K'),
    ('padlock_attrition', 5, 0.10, 'Share lost to follow-up at most this', 'EEF security rating pattern', 'K'),
    ('padlock_attrition', 4, 0.20, 'Share lost to follow-up at most this', 'EEF security rating pattern', 'K'),
    ('padlock_attrition', 3, 0.30, 'Share lost to follow-up at most this', 'EEF security rating pattern', 'K'),
    ('padlock_attrition', 2, 0.40, 'Share lost to follow-up at most this', 'EEF security rating pattern', 'K'),
    ('padlock_attrition', 1, 0.50, 'Share lost to follow-up at most this', 'EEF security rating pattern', 'K'),
    ('level_rigorous_sms', 3, 4, 'A study is rigorous from this strength of method on', 'Standards of evidence of the children''s What Works centre, EIF pattern', 'K'),
    ('level_long_months', 4, 12, 'One of the studies of level 4 follows for at least so many months', 'Standards of evidence of the children''s What Works centre, EIF pattern', 'K'),
    ('level_floor_arm', 2, 20, 'Participants in each group at both times, at least', 'EIF assessors'' floor', 'K'),
    ('level_floor_attrition', 2, 0.40, 'Share lost to follow-up at most this', 'EIF assessors'' floor', 'K'),
    ('cost_band', 1, 100, 'Cost per unit below so many pounds', 'Cost bands of published practice guides', 'K'),
    ('cost_band', 2, 500, 'Cost per unit below so many pounds', 'Cost bands of published practice guides', 'K'),
    ('cost_band', 3, 1000, 'Cost per unit below so many pounds', 'Cost bands of published practice guides', 'K'),
    ('cost_band', 4, 2000.01, 'Cost per unit below so many pounds', 'Cost bands of published practice guides', 'K');

insert into public.setting (code, value, meaning, source) values
    ('rating_panel_quorum', '2', 'So many members of the rating panel agree before a rating counts.', 'Default; set by What Works'),
    ('rating_review_months', '24', 'A rating is reviewed after so many months, or when a new report is published.', 'Default; set by What Works'),
    ('scale_needs_level', '3', 'A decision to scale needs at least this level of evidence, or the strength of method below, replicated.', 'Default; set by the department'),
    ('scale_needs_sms', '3', 'The strength of method from which a study counts for a decision to scale.', 'Default; set by the department'),
    ('scale_needs_studies', '2', 'So many such studies with a positive result are a replication.', 'Default; set by the department'),
    ('decision_review_months', '12', 'A roll-out decision is reviewed so many months after it is announced.', 'Default; set by the department');

-- One row for each version of a rating. It measures confidence, not size or success.
create table public.evidence_rating (
    id               uuid primary key,
    reference        text not null unique,
    practice_id      uuid not null references public.practice,
    number           integer not null check (number >= 1),
    sms              integer check (sms between 1 and 5),
    padlock          integer check (padlock between 0 and 5),
    level            text check (level in ('NE', 'NL2', '2', '2+', '3', '3+', '4', '4+')),
    -- Effect, mechanism, moderators, implementation, economic: {"effect": {"quality": 3, "note": "…"}, …}
    emmie            jsonb not null default '{}' check (jsonb_typeof(emmie) = 'object'),
    cost_band        integer check (cost_band between 1 and 5),
    direction        text check (direction in ('positive', 'negative', 'null', 'mixed', 'uninformative')),
    consistency      text check (consistency in ('single', 'consistent', 'inconsistent')),
    -- Enough strong studies with a positive result: set by trigger from the reports.
    replicated       boolean not null default false,
    -- What the rules computed from the reports, to set beside what the panel agreed.
    proposal         jsonb not null default '{}',
    rationale        text not null default '' check (length(rationale) <= 8000),
    departure_reason text not null default '' check (length(departure_reason) <= 4000),
    content_hash     bytea check (octet_length(content_hash) = 32),
    opened_by        uuid not null references public.person,
    proposed_by      uuid references public.person,
    agreed_at        timestamptz,
    next_review_on   date,
    reason           text check (length(reason) <= 4000),
    state            text not null default 'not_rated',
    last_event       text not null default 'open',
    transition_seq   integer not null default 1,
    version          integer not null default 1,
    created_at       timestamptz not null default now(),
    unique (practice_id, number)
);

create unique index evidence_rating_one_in_hand on public.evidence_rating (practice_id)
    where state in ('not_rated', 'proposed', 'panel');
create index evidence_rating_due on public.evidence_rating (state, next_review_on);

create trigger evidence_rating_workflow before insert or update on public.evidence_rating
    for each row execute function workflow.guard('evidence_rating');

-- The reports that a proposal rests on, in the version that was read: all that are published on the practice. By trigger.
create table public.evidence_rating_report (
    rating_id      uuid not null references public.evidence_rating,
    proposal       integer not null,
    report_id      uuid not null references public.evaluation_report,
    report_version integer not null,
    bid_id         uuid not null references public.bid,
    direction      text,
    sms            integer,
    padlock        integer,
    primary key (rating_id, proposal, report_id)
);

create index evidence_rating_report_report on public.evidence_rating_report (report_id);

create trigger evidence_rating_report_append_only before update or delete on public.evidence_rating_report
    for each row execute function workflow.refuse_change();

-- One vote of one panel member on one digest.
create table public.rating_vote (
    id           uuid primary key,
    rating_id    uuid not null references public.evidence_rating,
    person_id    uuid not null references public.person,
    content_hash bytea not null,
    agrees       boolean not null,
    note         text not null default '' check (length(note) <= 4000),
    at           timestamptz not null default clock_timestamp(),
    unique (rating_id, person_id, content_hash)
);

create trigger rating_vote_append_only before update or delete on public.rating_vote
    for each row execute function workflow.refuse_change();

create table public.adoption_decision (
    id                    uuid primary key,
    reference             text not null unique,
    practice_id           uuid not null references public.practice,
    programme_id          uuid not null references public.programme,
    title                 text not null check (length(title) between 1 and 140),
    question              text not null check (length(question) between 1 and 2000),
    expected_cost         numeric(14,2) check (expected_cost >= 0),
    reach_authorities     integer check (reach_authorities between 0 and 500),
    equity                text not null default '' check (length(equity) <= 4000),
    recommendation        text check (recommendation in ('scale', 'test_further', 'adapt', 'stop', 'no_decision')),
    recommendation_reason text not null default '' check (length(recommendation_reason) <= 4000),
    -- What was known when it was recommended. Set by trigger from the rating that was in force.
    rating_id             uuid references public.evidence_rating,
    level_at_decision     text,
    sms_at_decision       integer,
    padlock_at_decision   integer,
    replicated_at_decision boolean,
    sufficient            boolean,
    override              boolean not null default false,
    override_reason       text not null default '' check (length(override_reason) <= 4000),
    evidence_to_follow    text not null default '' check (length(evidence_to_follow) <= 4000),
    evidence_due_on       date,
    stop_rule             text not null default '' check (length(stop_rule) <= 4000),
    -- A decision of a minister is recorded, not taken, here.
    external_decision_ref text check (length(external_decision_ref) between 1 and 140),
    pack                  integer not null default 0,
    opened_by             uuid not null references public.person,
    recommended_by        uuid references public.person,
    recommended_at        timestamptz,
    seconded_by           uuid references public.person,
    decided_by            uuid references public.person,
    decided_at            timestamptz,
    announced_at          timestamptz,
    review_on             date,
    reviewed_at           timestamptz,
    review_outcome        text not null default '' check (length(review_outcome) <= 4000),
    reason                text check (length(reason) <= 4000),
    state                 text not null default 'option_identified',
    last_event            text not null default 'identify',
    transition_seq        integer not null default 1,
    version               integer not null default 1,
    created_at            timestamptz not null default now()
);

create index adoption_decision_practice on public.adoption_decision (practice_id);
create index adoption_decision_list on public.adoption_decision (created_at, id);

create trigger adoption_decision_workflow before insert or update on public.adoption_decision
    for each row execute function workflow.guard('adoption_decision');

-- The evidence pack, as it was assembled: every published report on the practice, whatever it says, every overdue one by its
-- title, and the rating. By trigger, so that nobody chooses what is in it.
create table public.decision_evidence (
    id             uuid primary key,
    decision_id    uuid not null references public.adoption_decision,
    pack           integer not null,
    kind           text not null check (kind in ('report', 'overdue_report', 'rating')),
    report_id      uuid references public.evaluation_report,
    report_version integer,
    rating_id      uuid references public.evidence_rating,
    rating_number  integer,
    title          text not null,
    direction      text,
    sms            integer,
    due_on         date,
    at             timestamptz not null default now(),
    check (case kind when 'rating' then rating_id is not null else report_id is not null end)
);

create index decision_evidence_pack on public.decision_evidence (decision_id, pack);
create index decision_evidence_report on public.decision_evidence (report_id);

create trigger decision_evidence_append_only before update or delete on public.decision_evidence
    for each row execute function workflow.refuse_change();

-- Which items of the pack a recommendation rests on, and how they bear on it.
create table public.decision_citation (
    id          uuid primary key,
    decision_id uuid not null references public.adoption_decision,
    evidence_id uuid not null references public.decision_evidence,
    -- The recommendation that it belongs to: the transition_seq that the decision then has.
    recommendation integer not null,
    bearing     text not null check (bearing in ('supports', 'against', 'context')),
    note        text not null default '' check (length(note) <= 2000),
    cited_by    uuid not null references public.person,
    at          timestamptz not null default now(),
    unique (decision_id, recommendation, evidence_id)
);

create index decision_citation_evidence on public.decision_citation (evidence_id);

create trigger decision_citation_append_only before update or delete on public.decision_citation
    for each row execute function workflow.refuse_change();

-- Something that a decision rests on is not what it was. The decision stands flagged until it is reviewed after this.
create table public.decision_flag (
    id          uuid primary key,
    decision_id uuid not null references public.adoption_decision,
    cause       text not null check (cause in ('report_corrected', 'report_withdrawn', 'report_published', 'rating_review', 'rating_changed')),
    report_id   uuid references public.evaluation_report,
    rating_id   uuid references public.evidence_rating,
    at          timestamptz not null default clock_timestamp()
);

create index decision_flag_decision on public.decision_flag (decision_id, at);

create trigger decision_flag_append_only before update or delete on public.decision_flag
    for each row execute function workflow.refuse_change();
