-- The public record of evidence and decisions, and the chain from an award to what changed. Owned views: they hold exactly what
-- anybody may see.

drop view if exists published.adoption, published.decision_evidence, published.decision, published.rating, published.practice;

-- The card as it was published last, also while it is under review.
create view published.practice as
select p.id as practice_id, p.reference, v.content ->> 'name' as name, v.content ->> 'summary' as summary,
    v.content -> 'coreComponents' as core_components, v.content -> 'adaptableComponents' as adaptable_components,
    v.content ->> 'population' as population, v.content -> 'features' as features,
    (v.content ->> 'unitCost')::numeric(14,2) as unit_cost, v.content ->> 'costUnit' as cost_unit, v.content ->> 'priceYear' as price_year,
    v.content ->> 'staffNeeded' as staff_needed, v.content ->> 'originator' as originator, v.number, v.published_at, p.state,
    r.id as rating_id, r.level, r.sms, r.padlock, r.direction, r.cost_band,
    case when r.id is null then 'not_rated' else r.state end as rating_state
from public.practice p
join public.practice_version v on v.practice_id = p.id and v.number = p.published_number
left join lateral (
    select x.id, x.level, x.sms, x.padlock, x.direction, x.cost_band, x.state
    from public.evidence_rating x
    where x.practice_id = p.id and x.state in ('agreed', 'review_needed') order by x.number desc limit 1) r on true;

create view published.rating as
select r.id as rating_id, r.reference, r.practice_id, v.content ->> 'name' as practice, r.number, r.state, r.sms, r.padlock, r.level,
    r.emmie, r.cost_band, r.direction, r.consistency, r.replicated, r.rationale, r.departure_reason, r.agreed_at, r.next_review_on,
    r.reason as review_cause,
    coalesce((
        select jsonb_agg(jsonb_build_object('id', x.report_id, 'reference', e.reference, 'title', e.title, 'version', x.report_version,
            'direction', x.direction, 'sms', x.sms) order by e.reference)
        from public.evidence_rating_report x join public.evaluation_report e on e.id = x.report_id
        where x.rating_id = r.id and x.proposal = (
            select max(y.proposal) from public.evidence_rating_report y where y.rating_id = r.id)), '[]') as reports
from public.evidence_rating r
join public.practice p on p.id = r.practice_id
join public.practice_version v on v.practice_id = p.id and v.number = p.published_number
where r.state in ('agreed', 'review_needed', 'superseded');

create view published.decision as
select d.id as decision_id, d.reference, d.practice_id, v.content ->> 'name' as practice, g.title as programme, d.title, d.question,
    d.recommendation, d.recommendation_reason, d.expected_cost, d.reach_authorities, d.equity, d.rating_id, d.level_at_decision,
    d.sms_at_decision, d.padlock_at_decision, d.replicated_at_decision, d.sufficient, d.override, d.override_reason,
    d.evidence_to_follow, d.evidence_due_on, d.stop_rule, d.external_decision_ref, d.decided_at, d.announced_at, d.review_on,
    d.reviewed_at, d.review_outcome, d.state, f.at as evidence_changed_at, f.cause as evidence_change
from public.adoption_decision d
join public.programme g on g.id = d.programme_id
join public.practice p on p.id = d.practice_id
join public.practice_version v on v.practice_id = p.id and v.number = p.published_number
left join lateral (
    select x.at, x.cause from public.decision_flag x
    where x.decision_id = d.id and x.at > coalesce(d.reviewed_at, '-infinity') order by x.at desc limit 1) f on true
where d.state in ('announced', 'reviewed');

-- What was on the table, and which of it was cited.
create view published.decision_evidence as
select e.decision_id, e.id as evidence_id, e.kind, e.report_id, e.report_version, e.rating_id, e.rating_number, e.title, e.direction,
    e.sms, e.due_on, c.bearing, c.note
from public.decision_evidence e
join public.adoption_decision d on d.id = e.decision_id and d.pack = e.pack
left join lateral (
    select x.bearing, x.note from public.decision_citation x
    where x.evidence_id = e.id order by x.recommendation desc limit 1) c on true
where d.state in ('announced', 'reviewed');

-- Who took a practice up. What was declared, and apart from it whether somebody else found it so.
create view published.adoption as
select a.id as adoption_id, a.reference, a.practice_id, v.content ->> 'name' as practice, a.organisation_id, o.name as organisation,
    a.state, a.started_on, a.coverage_pct, l.at as since, f.kind as verified_by, f.at as verified_at
from public.la_adoption a
join public.organisation o on o.id = a.organisation_id
join public.practice p on p.id = a.practice_id
join public.practice_version v on v.practice_id = p.id and v.number = p.published_number
left join lateral (
    select max(x.at) as at from workflow.log x
    where x.object_id = a.id and x.to_state = a.state and x.event <> 'confirm') l on true
left join lateral (
    select x.kind, x.at from public.adoption_verification x
    where x.adoption_id = a.id and x.state = a.state and x.at >= l.at order by x.at desc limit 1) f on true
where a.state in ('adopted_pilot', 'adopted_full', 'sustained', 'stopped');

grant select on published.practice, published.rating, published.decision, published.decision_evidence, published.adoption
    to touchstone_app, touchstone_reader;

-- The chain: what leads to what. As whoever asks, so that it shows what they may see and nothing else. An outcome is all that is
-- published about one authority; its identity is the authority's.
drop view if exists public.chain_node, public.chain_edge;

create view public.chain_edge with (security_invoker = true) as
select 'bid' as from_kind, a.bid_id as from_id, 'award' as to_kind, a.id as to_id from public.award a
union all select 'award', e.award_id, 'evaluation', e.id from public.evaluation e
union all select 'evaluation', r.evaluation_id, 'evaluation_report', r.id from public.evaluation_report r
union all select distinct 'evaluation_report', x.report_id, 'evidence_rating', x.rating_id from public.evidence_rating_report x
union all select distinct 'evaluation_report', e.report_id, 'adoption_decision', e.decision_id
    from public.decision_evidence e join public.decision_citation c on c.evidence_id = e.id where e.report_id is not null
union all select 'evidence_rating', d.rating_id, 'adoption_decision', d.id from public.adoption_decision d where d.rating_id is not null
union all select 'award', w.id, 'practice', l.practice_id
    from public.practice_award l join public.award w on w.bid_id = l.bid_id where l.ended_at is null
union all select 'practice', d.practice_id, 'adoption_decision', d.id from public.adoption_decision d
union all select 'practice', r.practice_id, 'evidence_rating', r.id from public.evidence_rating r
union all select 'practice', a.practice_id, 'la_adoption', a.id from public.la_adoption a
union all select 'adoption_decision', d.id, 'la_adoption', a.id
    from public.adoption_decision d join public.la_adoption a on a.practice_id = d.practice_id
    where d.state in ('announced', 'reviewed')
union all select 'award', r.award_id, 'monitoring_return', r.id from public.monitoring_return r
union all select 'award', f.award_id, 'follow_up', f.id from public.follow_up f
union all select 'la_adoption', a.id, 'outcome', a.organisation_id from public.la_adoption a
union all select 'monitoring_return', r.id, 'outcome', r.organisation_id from public.monitoring_return r
    where r.state in ('accepted', 'accepted_with_issues')
union all select 'follow_up', f.id, 'outcome', f.organisation_id from public.follow_up f where f.state in ('returned', 'accepted');

create view public.chain_node with (security_invoker = true) as
select 'bid' as kind, b.id, b.reference, b.title, b.state, b.created_at as at from public.bid b
union all select 'award', a.id, a.reference, a.title, a.state, a.created_at from public.award a
union all select 'evaluation', e.id, e.reference, e.title, e.registration_status, e.created_at from public.evaluation e
union all select 'evaluation_report', r.id, r.reference, r.title, r.state, coalesce(r.published_at, r.created_at) from public.evaluation_report r
union all select 'practice', p.id, p.reference, p.name, p.state, p.created_at from public.practice p
union all select 'evidence_rating', r.id, r.reference, 'Rating ' || r.number || coalesce(': level ' || r.level, ''), r.state,
    coalesce(r.agreed_at, r.created_at) from public.evidence_rating r
union all select 'adoption_decision', d.id, d.reference, d.title || coalesce(': ' || replace(d.recommendation, '_', ' '), ''), d.state,
    coalesce(d.decided_at, d.created_at) from public.adoption_decision d
union all select 'la_adoption', a.id, a.reference, o.name, a.state, a.created_at
    from public.la_adoption a join public.organisation o on o.id = a.organisation_id
union all select 'monitoring_return', r.id, r.reference, 'Return to ' || to_char(r.period_to, 'FMDD FMMonth YYYY'), r.state, r.created_at from public.monitoring_return r
union all select 'follow_up', f.id, f.reference, f.months || ' months after the end', f.state, f.created_at from public.follow_up f
union all select 'outcome', o.id, coalesce(o.dfe_code, ''), 'Outcomes of ' || o.name, 'published', o.created_at from public.organisation o;

grant select on public.chain_edge, public.chain_node to touchstone_app;
