-- The public record of evaluations: what is planned, under way, done or given up; protocols with their amendments side by side;
-- reports whatever they say; and by title what should be public and is not. Owned views: they hold exactly what anybody may see.

drop view if exists published.overdue_report, published.result, published.report_version, published.report, published.amendment,
    published.protocol, published.evaluation;

-- Where the padlock starts from: the lowest of design, smallest detectable effect and attrition, by the thresholds on record.
create or replace function public.security_start(sms integer, mdes numeric, attrition numeric) returns integer
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select case when sms is not null and mdes is not null and attrition is not null then least(
        case when sms <= 1 then 0 else sms end,
        coalesce((select max(t.gives) from public.evidence_threshold t where t.measure = 'padlock_mdes' and mdes < t.bound), 0),
        coalesce((select max(t.gives) from public.evidence_threshold t where t.measure = 'padlock_attrition' and attrition <= t.bound), 0)) end
$$;

grant execute on function public.security_start(integer, numeric, numeric) to touchstone_app, touchstone_reader;

-- One row for each evaluation that was planned, also those that ended without a report.
create view published.evaluation as
select e.id as evaluation_id, e.reference, e.title, e.bid_id, a.reference as award, o.name as authority, v.name as evaluator,
    e.is_self_evaluation, e.stage, e.registration_status, e.first_data_collection_planned, e.first_data_collection_actual,
    e.protocol_due, e.report_due, p.id as plan_id, p.reference as plan, p.approved_version,
    case when p.state = 'abandoned' then 'abandoned' when p.state = 'completed' then 'completed'
        when p.state in ('active', 'amended') or e.first_data_collection_actual is not null then 'live' else 'planned' end as phase,
    case when p.state = 'abandoned' then p.abandon_reason end as abandon_reason,
    case when p.state = 'abandoned' then p.lessons end as lessons
from public.evaluation e
join public.award a on a.id = e.award_id
join public.organisation o on o.id = e.organisation_id
join public.evaluation_plan p on p.evaluation_id = e.id
left join public.organisation v on v.id = e.evaluator_id;

-- Each approved version, word for word, with its digest and where it is registered.
create view published.protocol as
select p.id as plan_id, p.reference, e.id as evaluation_id, e.title, p.bid_id, a.reference as award, o.name as authority,
    org.name as evaluator, e.is_self_evaluation, v.number as version, v.number = p.approved_version as is_current,
    v.content #>> '{overview,stage}' as stage, v.content #>> '{design,design}' as design,
    case when e.is_self_evaluation then 1 else least(d.highest_sms, c.highest_sms) end as planned_sms,
    v.approved_at, encode(v.content_hash, 'hex') as digest, v.canonical_text, v.content, v.changed_keys, v.reason,
    v.before_unblinding, v.needs_review, e.registration_status, g.registry, g.registry_id, g.registered_on, g.url,
    coalesce(e.first_data_collection_actual, e.first_data_collection_planned) as first_data_collection,
    p.state = 'abandoned' as is_abandoned
from public.evaluation_plan p
join public.evaluation e on e.id = p.evaluation_id
join public.award a on a.id = p.award_id
join public.organisation o on o.id = p.organisation_id
join public.evaluation_plan_version v on v.plan_id = p.id
left join public.organisation org on org.id = e.evaluator_id
left join public.evaluation_design d on d.code = v.content #>> '{design,design}'
left join public.evaluation_comparator c on c.code = v.content #>> '{design,comparator}'
left join lateral (
    select x.registry, x.registry_id, x.registered_on, x.url from public.evaluation_registration x
    where x.plan_id = p.id order by x.registered_on, x.at limit 1) g on true;

-- Each amendment with both contents, so that anybody can lay them side by side.
create view published.amendment as
select p.id as plan_id, p.reference, p.bid_id, e.title, v.number as version, v.changed_keys, v.reason, v.before_unblinding,
    v.needs_review, a.opened_at, v.approved_at, was.content as before, v.content as after,
    encode(was.content_hash, 'hex') as digest_before, encode(v.content_hash, 'hex') as digest_after
from public.evaluation_plan_version v
join public.evaluation_plan_version was on was.plan_id = v.plan_id and was.number = v.number - 1
join public.evaluation_plan p on p.id = v.plan_id
join public.evaluation e on e.id = p.evaluation_id
join public.plan_amendment a on a.plan_id = v.plan_id and a.number = v.number;

-- One row for each report that is or was public. Of a withdrawn one the notice stays, without the content.
create view published.report as
select r.id as report_id, r.reference, r.title, r.kind, v.number as version, r.bid_id, r.evaluation_id, a.reference as award,
    o.name as authority, org.name as evaluator, e.is_self_evaluation, r.state, e.stage,
    coalesce(nullif(v.content #>> '{methods,designUsed}', ''), w.content #>> '{design,design}') as design,
    w.content #>> '{design,comparator}' as comparator,
    case when e.is_self_evaluation then 1 else least(first.highest_sms, with_first.highest_sms) end as planned_sms,
    s.sms, public.security_start(s.sms, public.number_given(w.content #>> '{sample,mdes}'), f.attrition_overall / 100) as padlock,
    case when r.state <> 'withdrawn' then v.direction end as direction,
    round(f.attrition_overall / 100, 6) as attrition, round(f.attrition_differential / 100, 6) as attrition_differential,
    public.number_given(w.content #>> '{sample,mdes}') as mdes,
    public.number_given(v.content #>> '{methods,followUpMonths}')::integer as follow_up_months,
    (select min(m.analysed) from public.report_arm m where m.report_id = r.id and m.submission = v.submission) as smallest_arm,
    e.registration_status, p.id as plan_id, p.reference as plan, u.plan_version,
    (r.signed_off_at at time zone 'Europe/London')::date as signed_off_on, r.published_at, v.published_at as version_at,
    (r.published_at at time zone 'Europe/London')::date - (r.signed_off_at at time zone 'Europe/London')::date as days_to_publish,
    r.url, r.doi, encode(v.content_hash, 'hex') as digest, v.note as correction_note,
    case when r.state = 'withdrawn' then r.withdrawal_reason end as withdrawal_reason,
    case when r.state <> 'withdrawn' then v.content #>> '{summary,plainLanguage}' end as summary,
    case when r.state <> 'withdrawn' then v.content end as content
from public.evaluation_report r
join public.evaluation_report_version v on v.report_id = r.id and v.number = r.published_version
join public.evaluation_report_submission u on u.report_id = r.id and u.number = v.submission
join public.evaluation e on e.id = r.evaluation_id
join public.award a on a.id = r.award_id
join public.organisation o on o.id = r.organisation_id
join public.evaluation_plan p on p.id = r.plan_id
join public.evaluation_plan_version w on w.plan_id = p.id and w.number = u.plan_version
join public.evaluation_plan_version w1 on w1.plan_id = p.id and w1.number = 1
left join public.organisation org on org.id = e.evaluator_id
left join public.evaluation_design d on d.code = coalesce(nullif(v.content #>> '{methods,designUsed}', ''), w.content #>> '{design,design}')
left join public.evaluation_design first on first.code = w1.content #>> '{design,design}'
left join public.evaluation_comparator c on c.code = w.content #>> '{design,comparator}'
left join public.evaluation_comparator with_first on with_first.code = w1.content #>> '{design,comparator}'
left join public.report_flow f on f.report_id = r.id and f.submission = v.submission
cross join lateral (
    -- A trial that was not carried out as planned is not one of the best.
    select case when e.is_self_evaluation then 1
        else least(d.highest_sms, c.highest_sms, case when v.content #>> '{methods,wellImplemented}' = 'false' then 4 end) end as sms) s
where r.state in ('published', 'corrected', 'withdrawn');

-- Every version that was ever public stays within reach, but for those that were withdrawn.
create view published.report_version as
select r.id as report_id, r.reference, r.title, v.number as version, v.number = r.published_version as is_current, v.direction,
    v.note, v.published_at, encode(v.content_hash, 'hex') as digest, v.canonical_text, v.content
from public.evaluation_report r
join public.evaluation_report_version v on v.report_id = r.id
where r.state in ('published', 'corrected');

-- The figures of what is public: the same rows for a page, JSON and CSV.
create view published.result as
select r.id as report_id, r.reference, r.title, r.bid_id, v.number as version, x.position, x.outcome_code, x.outcome, x.time_point,
    x.headline, x.prespecified, x.is_primary, x.metric, x.arms, x.effect, x.ci_low, x.ci_high, x.ci_level, x.p, x.p_agrees, x.p_note,
    x.adjusted, x.model, x.analysis_set, x.direction
from public.evaluation_report r
join public.evaluation_report_version v on v.report_id = r.id and v.number = r.published_version
join public.report_result x on x.report_id = r.id and x.submission = v.submission
where r.state in ('published', 'corrected');

-- Signed off and not public: overdue, or put off. By title, with the coded reason.
create view published.overdue_report as
select r.id as report_id, r.reference, r.title, r.bid_id, r.evaluation_id, a.reference as award, o.name as authority,
    org.name as evaluator, r.state, (r.signed_off_at at time zone 'Europe/London')::date as signed_off_on, r.publish_due_on as due_on,
    greatest(public.london_today() - r.publish_due_on, 0) as days_overdue, public.london_today() > r.publish_due_on as is_overdue,
    case when r.delays > 0 then r.delay_reason end as delay_reason, case when r.delays > 0 then r.delay_text end as delay_text,
    case when r.delays > 0 then r.delay_until end as delay_until, greatest(r.delays - 1, 0) as renewals, r.planned_on
from public.evaluation_report r
join public.evaluation e on e.id = r.evaluation_id
join public.award a on a.id = r.award_id
join public.organisation o on o.id = r.organisation_id
left join public.organisation org on org.id = e.evaluator_id
where r.state in ('signed_off', 'publication_scheduled', 'delayed')
    and (public.london_today() > r.publish_due_on or r.delays > 0);

grant select on published.evaluation, published.protocol, published.amendment, published.report, published.report_version,
    published.result, published.overdue_report to touchstone_app, touchstone_reader;
