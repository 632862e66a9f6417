-- The content of a report: its draft, and each submission unfolded into rows, with what is computed and never typed.

create or replace trigger evaluation_report_reference before insert on public.evaluation_report
    for each row execute function public.hold_reference('EVR');

-- 1. The draft. After publication it is the draft of a correction.
create or replace function public.keep_report_open() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform 1 from public.evaluation_report r
    where r.id = new.report_id and r.state in ('drafting', 'la_fact_check', 'revise', 'published', 'corrected') for share;
    if not found then
        raise exception 'a report is edited while it is drafted, checked, revised or corrected' using errcode = 'TS009';
    end if;
    if tg_op = 'UPDATE' and new.version <> old.version + 1 then
        raise exception 'version of a section must go up by one' using errcode = 'TS002';
    end if;
    return new;
end
$$;

create or replace trigger evaluation_report_section_open before insert or update on public.evaluation_report_section
    for each row execute function public.keep_report_open();

create or replace function public.record_report_section() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform workflow.perform((select r.bid_id from public.evaluation_report r where r.id = new.report_id), new.edited_by, 'EA');
    return null;
end
$$;

create or replace trigger evaluation_report_section_record after insert or update on public.evaluation_report_section
    for each row execute function public.record_report_section();

-- 2. A submission is the draft, and answers to the version of the plan in force.
create or replace function public.hold_report_submission() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    report public.evaluation_report;
    draft jsonb;
begin
    select r.* into report from public.evaluation_report r where r.id = new.report_id for no key update;
    if report.state not in ('la_fact_check', 'revise', 'published', 'corrected') then
        raise exception 'this report is not waiting to be submitted' using errcode = 'TS002';
    end if;
    if report.state in ('published', 'corrected') and new.note is null then
        perform workflow.fail('reason_given', 'A correction says what it corrects, in at least 20 characters.');
    end if;
    select coalesce(jsonb_object_agg(s.section, s.content), '{}') into draft
    from public.evaluation_report_section s where s.report_id = new.report_id;
    if new.number <> report.submission + 1 or new.content <> draft
        or new.content_hash <> sha256(convert_to(new.canonical_text, 'UTF8')) then
        raise exception 'a submission is the draft as it stands, with the digest of its text' using errcode = 'TS011';
    end if;
    new.plan_version := (select p.approved_version from public.evaluation_plan p where p.id = report.plan_id);
    if not actor.is_operator() then
        new.submitted_at := now();
    end if;
    return new;
end
$$;

create or replace trigger evaluation_report_submission_hold before insert on public.evaluation_report_submission
    for each row execute function public.hold_report_submission();

create or replace function public.check_report_submission() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from public.evaluation_report r where r.id = new.report_id and r.submission >= new.number) then
        raise exception 'a submission belongs to the act of submitting' using errcode = 'TS009';
    end if;
    return null;
end
$$;

drop trigger if exists evaluation_report_submission_there on public.evaluation_report_submission;
create constraint trigger evaluation_report_submission_there after insert on public.evaluation_report_submission
    deferrable initially deferred for each row execute function public.check_report_submission();

-- 3. What a result says. An interval is turned so that plus is better: ratios by their logarithm, and the other way round where
-- lower is better. The same as Domain/ResultDirection.swift.
create or replace function public.result_direction(metric text, beneficial text, low numeric, high numeric, worthwhile numeric)
    returns text
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
declare
    ratio boolean := metric in ('rr', 'or');
    l numeric;
    u numeric;
    least_effect numeric;
begin
    -- A ratio that is not above zero is refused by the table.
    if beneficial is null or (ratio and least(low, high, worthwhile) <= 0) then
        return null;
    end if;
    least_effect := abs(case when ratio then ln(worthwhile) else worthwhile end);
    l := case when ratio then ln(low) else low end;
    u := case when ratio then ln(high) else high end;
    if beneficial = 'lower' then
        select -u, -l into l, u;
    end if;
    return case when l > 0 then 'positive' when u < 0 then 'negative'
        when u < least_effect then 'null' else 'uninformative' end;
end
$$;

-- Whether p and the interval say the same, within the rounding of what is printed.
create or replace function public.p_agrees(metric text, low numeric, high numeric, level numeric, p numeric) returns boolean
    language sql immutable
    set search_path = pg_catalog, pg_temp
as $$
    select p is null or abs(p - (1 - level / 100)) <= 0.005
        or (case when metric in ('rr', 'or') then 1 else 0 end) in (low, high)
        or (p < 1 - level / 100) = (low > (case when metric in ('rr', 'or') then 1 else 0 end)
            or high < (case when metric in ('rr', 'or') then 1 else 0 end))
$$;

create or replace function public.unfold_report() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    plan uuid := (select r.plan_id from public.evaluation_report r where r.id = new.report_id);
begin
    perform public.unfold_results(new, plan);
    insert into public.report_omission (report_id, submission, outcome_code, reason)
    select new.report_id, new.number, x ->> 'outcomeCode', coalesce(x ->> 'reason', '')
    from jsonb_array_elements(coalesce(new.content #> '{results,notAnalysed}', '[]')) as x;
    perform public.unfold_flow(new);
    insert into public.report_balance (report_id, submission, position, variable, smd)
    select new.report_id, new.number, x.n, x.v ->> 'variable', public.number_given(x.v ->> 'smd')
    from jsonb_array_elements(coalesce(new.content #> '{balance,variables}', '[]')) with ordinality as x (v, n);
    insert into public.report_deviation (report_id, submission, position, plan_id, plan_version, key, what, why, before_unblinding)
    select new.report_id, new.number, x.n, plan,
        coalesce(public.number_given(x.v ->> 'planVersion')::integer, new.plan_version),
        nullif(x.v ->> 'key', ''), coalesce(x.v ->> 'what', ''), coalesce(x.v ->> 'why', ''), (x.v ->> 'beforeUnblinding')::boolean
    from jsonb_array_elements(coalesce(new.content #> '{deviations,deviations}', '[]')) with ordinality as x (v, n);
    insert into public.report_cost (report_id, submission, perspective, price_year, setup, recurrent, per_unit, fiscal_saving,
        bcr, payback_months, confidence_grade, optimism_bias_pct, absence_reason)
    select new.report_id, new.number, nullif(c ->> 'perspective', ''), nullif(c ->> 'priceYear', ''),
        public.number_given(c ->> 'setup'), public.number_given(c ->> 'recurrent'), public.number_given(c ->> 'perUnit'),
        public.number_given(c ->> 'fiscalSaving'), public.number_given(c ->> 'bcr'),
        public.number_given(c ->> 'paybackMonths')::integer, public.number_given(c ->> 'confidenceGrade')::integer,
        public.number_given(c ->> 'optimismBias'), nullif(btrim(c ->> 'absenceReason'), '')
    from (select coalesce(new.content -> 'cost', '{}') as c) as cost
    where num_nonnulls(public.number_given(c ->> 'setup'), public.number_given(c ->> 'recurrent'),
        public.number_given(c ->> 'perUnit'), nullif(btrim(c ->> 'absenceReason'), '')) > 0;
    return null;
end
$$;

create or replace trigger evaluation_report_submission_unfold after insert on public.evaluation_report_submission
    for each row execute function public.unfold_report();

-- Results: promised or not, primary or not, and for the headline result of each outcome its direction.
create or replace function public.unfold_results(sent public.evaluation_report_submission, plan uuid) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    insert into public.report_result (report_id, submission, position, outcome_code, outcome, time_point, headline,
        prespecified, is_primary, metric, arms, effect, ci_low, ci_high, ci_level, p, p_agrees, p_note, adjusted, model,
        analysis_set, direction)
    select sent.report_id, sent.number, x.n, o.code, coalesce(o.name, x.v ->> 'outcome'), x.time_point, x.headline,
        o.code is not null and o.time_point = x.time_point, coalesce(o.is_primary and o.time_point = x.time_point, false),
        x.metric, coalesce(x.v -> 'arms', '[]'), x.effect, x.low, x.high, x.level, x.p,
        public.p_agrees(x.metric, x.low, x.high, x.level, x.p), nullif(btrim(x.v ->> 'pNote'), ''),
        (x.v ->> 'adjusted')::boolean, nullif(x.v ->> 'model', ''), nullif(x.v ->> 'analysisSet', ''),
        public.result_direction(x.metric, coalesce(o.beneficial, x.v ->> 'beneficial'), x.low, x.high,
            -- In another metric than the plan's, the smallest worthwhile effect says nothing.
            case when o.metric is null or o.metric = x.metric then o.smallest_worthwhile_effect end)
    from (
        select r.n, r.v, coalesce(nullif(r.v ->> 'timePoint', ''), '') as time_point,
            coalesce((r.v ->> 'headline')::boolean, false) as headline, r.v ->> 'metric' as metric,
            public.number_given(r.v ->> 'effect') as effect, public.number_given(r.v ->> 'ciLow') as low,
            public.number_given(r.v ->> 'ciHigh') as high,
            coalesce(public.number_given(r.v ->> 'ciLevel'), 95) as level, public.number_given(r.v ->> 'p') as p
        from jsonb_array_elements(coalesce(sent.content #> '{results,results}', '[]')) with ordinality as r (v, n)) as x
    left join public.evaluation_plan_outcome o
        on o.plan_id = plan and o.number = sent.plan_version and o.code = x.v ->> 'outcomeCode';
end
$$;

-- The flow of participants, and with it attrition: overall from those randomised (or allocated), and the difference of arms.
create or replace function public.unfold_flow(sent public.evaluation_report_submission) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    insert into public.report_arm (report_id, submission, position, arm, allocated, lost, analysed)
    select sent.report_id, sent.number, x.n, x.v ->> 'arm', public.number_given(x.v ->> 'allocated')::integer,
        public.number_given(x.v ->> 'lost')::integer, public.number_given(x.v ->> 'analysed')::integer
    from jsonb_array_elements(coalesce(sent.content #> '{flow,arms}', '[]')) with ordinality as x (v, n);
    insert into public.report_flow (report_id, submission, assessed, randomised, analysed, attrition_overall, attrition_differential)
    select sent.report_id, sent.number, f.assessed, f.randomised, a.analysed,
        round(100 * (1 - a.analysed::numeric / nullif(coalesce(f.randomised, a.allocated), 0)), 4), round(100 * a.differential, 4)
    from (
        select public.number_given(sent.content #>> '{flow,assessed}')::integer as assessed,
            public.number_given(sent.content #>> '{flow,randomised}')::integer as randomised) as f
    cross join (
        select sum(m.analysed)::integer as analysed, sum(m.allocated)::integer as allocated,
            max(1 - m.analysed::numeric / nullif(m.allocated, 0)) - min(1 - m.analysed::numeric / nullif(m.allocated, 0)) as differential
        from public.report_arm m where m.report_id = sent.report_id and m.submission = sent.number) as a
    where a.analysed is not null;
end
$$;

-- What the primary outcomes say together. Null without any result; uninformative where each of them was left out with a reason.
create or replace function public.report_direction(report uuid, sent integer) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select case count(distinct r.direction) when 1 then min(r.direction) when 0 then (
            select case when count(*) > 0 and bool_and(m.outcome_code is not null) then 'uninformative' end
            from public.evaluation_report e
            join public.evaluation_plan_outcome o on o.plan_id = e.plan_id and o.number = s.plan_version and o.is_primary
            left join public.report_omission m on m.report_id = e.id and m.submission = sent and m.outcome_code = o.code
            where e.id = report)
        else 'mixed' end
    from public.evaluation_report_submission s
    left join public.report_result r
        on r.report_id = s.report_id and r.submission = s.number and r.headline and r.is_primary and r.prespecified
    where s.report_id = report and s.number = sent
    group by s.plan_version
$$;

-- 4. What keeps the current submission from being signed off.
create or replace function public.report_lacks(report uuid) returns text[]
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about public.evaluation_report;
    said jsonb;
    lacks text[] := '{}';
    plan integer;
begin
    select r.* into about from public.evaluation_report r where r.id = report;
    select s.content into said from public.evaluation_report_submission s where s.report_id = report and s.number = about.submission;
    if said is null then
        return array['submission'];
    end if;
    if about.kind = 'final' then
        -- Against the plan as it stands now: an amendment after the submission asks for another one.
        plan := (select p.approved_version from public.evaluation_plan p where p.id = about.plan_id);
        select lacks || coalesce(array_agg('outcome:' || o.code order by not o.is_primary, o.code), '{}') into lacks
        from public.evaluation_plan_outcome o
        where o.plan_id = about.plan_id and o.number = plan
            and not exists (
                select from public.report_result r
                where r.report_id = report and r.submission = about.submission and r.outcome_code = o.code
                    and r.time_point = o.time_point and (r.headline or not o.is_primary))
            and not exists (
                select from public.report_omission m
                where m.report_id = report and m.submission = about.submission and m.outcome_code = o.code);
        if about.plan_version <> plan then
            lacks := lacks || 'plan_version'::text;
        end if;
        if not exists (select from public.report_flow f where f.report_id = report and f.submission = about.submission) then
            lacks := lacks || 'flow'::text;
        end if;
        if not exists (select from public.report_cost c where c.report_id = report and c.submission = about.submission) then
            lacks := lacks || 'cost'::text;
        end if;
        if about.direction is null then
            lacks := lacks || 'direction'::text;
        end if;
    end if;
    -- Either a table of deviations, or the statement that there were none.
    if coalesce(said #>> '{deviations,none}' = 'true', false) = exists (
        select from public.report_deviation d where d.report_id = report and d.submission = about.submission) then
        lacks := lacks || 'deviations'::text;
    end if;
    select lacks || coalesce(array_agg('p:' || r.position order by r.position), '{}') into lacks
    from public.report_result r
    where r.report_id = report and r.submission = about.submission and not r.p_agrees and length(coalesce(r.p_note, '')) < 20;
    select lacks || coalesce(array_agg(v.what order by v.n), '{}') into lacks
    from (values (1, 'limitations', '{methods,limitations}'), (2, 'access', '{access,statement}'),
            (3, 'plain_language', '{summary,plainLanguage}'), (4, 'voice', '{people,voice}'), (5, 'harms', '{people,harms}'),
            (6, 'equity', '{people,equitySubgroups}')) as v (n, what, path)
    where btrim(coalesce(said #>> v.path::text[], '')) = '' and (about.kind = 'final' or v.what in ('limitations', 'plain_language'));
    return lacks;
end
$$;
