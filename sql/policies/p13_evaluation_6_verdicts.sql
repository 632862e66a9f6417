-- What reviews together say, and what a decision needs of them.

-- 1. What the final reviews of a submission say together. A ruling replaces the scores it settles; all of them stay.
create or replace function public.review_outcome(
    kind text, subject uuid, submission integer,
    out finals integer, out live integer, out score numeric, out missing text[], out gates_failed text[],
    out disagreements text[], out unsettled text[], out open_must_fix integer)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    gate_score integer := workflow.number_of('review_gate_score', 2);
    apart integer := workflow.number_of('review_disagreement', 2);
    minimum integer := workflow.number_of('review_minimum', 2);
    impact boolean;
begin
    select count(*) filter (where r.state = 'final'), count(*) filter (where r.state not in ('declined', 'withdrawn'))
    into finals, live from public.review r
    where coalesce(r.plan_id, r.report_id) = review_outcome.subject and r.submission = review_outcome.submission;
    impact := public.claims_impact(review_outcome.kind, review_outcome.subject, review_outcome.submission);
    with given as (
        select r.rubric_version, c.code, c.position, s.value
        from public.review r
        join public.rubric_criterion c on c.rubric_version = r.rubric_version
        cross join lateral (
            select x.value from public.review_score x
            where x.review_id = r.id and x.criterion = c.code order by x.recorded_at desc, x.id desc limit 1) s
        where coalesce(r.plan_id, r.report_id) = review_outcome.subject and r.submission = review_outcome.submission
            and r.state = 'final'),
    judged as (
        select c.code, c.position, count(g.value) as scored, max(g.value) - min(g.value) >= apart as is_apart,
            coalesce(max(a.value), avg(g.value)) as counts, max(a.value) is not null or finals > minimum as is_settled,
            case review_outcome.kind when 'protocol' then c.protocol_weight else c.report_weight end as weight,
            case review_outcome.kind when 'protocol' then c.protocol_gate else c.report_gate end as gate
        from public.rubric_criterion c
        left join given g on g.code = c.code and g.rubric_version = c.rubric_version
        left join public.adjudication a on a.criterion = c.code
            and coalesce(a.plan_id, a.report_id) = review_outcome.subject and a.submission = review_outcome.submission
        where c.rubric_version = coalesce((select max(x.rubric_version) from given x), (select max(x.version) from public.rubric x))
        group by c.code, c.position, weight, gate)
    select sum(j.weight * j.counts) / 4,
        coalesce(array_agg(j.code order by j.position) filter (where j.weight > 0 and (j.scored < finals or j.scored = 0)), '{}'),
        coalesce(array_agg(j.code order by j.position) filter (where
            (j.gate = 'always' or (j.gate = 'impact' and impact)) and (j.counts >= gate_score) is not true), '{}'),
        coalesce(array_agg(j.code order by j.position) filter (where j.is_apart), '{}'),
        coalesce(array_agg(j.code order by j.position) filter (where j.is_apart and not j.is_settled), '{}')
    into score, missing, gates_failed, disagreements, unsettled
    from judged j;
    select count(*) into open_must_fix
    from public.review_item i join public.review r on r.id = i.review_id
    where coalesce(r.plan_id, r.report_id) = review_outcome.subject and r.state = 'final' and i.kind = 'must_fix'
        and not exists (select from public.review_item_closure c where c.item_id = i.id);
end
$$;

-- Whether the content under review claims an effect, so that the gates of a comparison count.
create or replace function public.claims_impact(kind text, subject uuid, submission integer) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(case kind
        when 'protocol' then (
            select s.content #>> '{design,impact}' from public.evaluation_plan_submission s
            where s.plan_id = subject and s.number = claims_impact.submission)
        else (
            select v.content #>> '{design,impact}' from public.evaluation_report r
            join public.evaluation_plan_version v on v.plan_id = r.plan_id and v.number = r.plan_version
            where r.id = subject) end = 'true', false);
end
$$;

create or replace function public.check_reviews_final(kind text, subject uuid, submission integer) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if (public.review_outcome(kind, subject, submission)).finals < workflow.number_of('review_minimum', 2) then
        perform workflow.fail('reviews_final', 'Two reviews of this submission must be final.');
    end if;
end
$$;

-- What approving a plan and signing off a report need.
create or replace function public.check_reviews(kind text, subject uuid, submission integer) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    said record := public.review_outcome(kind, subject, submission);
begin
    perform public.check_reviews_final(kind, subject, submission);
    if cardinality(said.unsettled) > 0 then
        perform workflow.fail('disagreements_settled', 'Reviewers are far apart on: ' || array_to_string(said.unsettled, ', ')
            || '. Ask a third reviewer or settle it with a reason.');
    elsif cardinality(said.missing) > 0 then
        perform workflow.fail('rubric_passed', 'Not every criterion is scored: ' || array_to_string(said.missing, ', ') || '.');
    elsif cardinality(said.gates_failed) > 0 then
        perform workflow.fail('rubric_passed', 'Gates that are not passed: ' || array_to_string(said.gates_failed, ', ') || '.');
    elsif (said.score >= workflow.number_of('review_pass_score', 65)) is not true then
        perform workflow.fail('rubric_passed', format('The score is %s of 100, and %s is needed.', round(said.score, 1),
            workflow.number_of('review_pass_score', 65)));
    elsif said.open_must_fix > 0 then
        perform workflow.fail('must_fix_closed', format('Points that must be put right and are still open: %s.', said.open_must_fix));
    end if;
end
$$;

-- 2. Rulings of the review lead.
create or replace function public.hold_adjudication() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    what text := case when new.plan_id is not null then 'protocol' else 'report' end;
    about record := public.review_subject(what, coalesce(new.plan_id, new.report_id));
begin
    if about.state not in ('in_review', 'peer_review') then
        raise exception 'disagreements are settled while the submission is under review' using errcode = 'TS002';
    end if;
    perform workflow.refuse_dependent(about.evaluation_id, new.decided_by);
    new.submission := about.submission;
    if not (new.criterion = any ((public.review_outcome(what, coalesce(new.plan_id, new.report_id), about.submission)).disagreements)) then
        perform workflow.fail('disagreements_settled', 'Reviewers are not far apart on this criterion.');
    end if;
    return new;
end
$$;

create or replace trigger adjudication_hold before insert on public.adjudication
    for each row execute function public.hold_adjudication();

create or replace function public.record_adjudication() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform workflow.perform((public.review_subject(case when new.plan_id is not null then 'protocol' else 'report' end,
        coalesce(new.plan_id, new.report_id))).bid_id, new.decided_by, 'RL');
    return null;
end
$$;

create or replace trigger adjudication_record after insert on public.adjudication
    for each row execute function public.record_adjudication();

create or replace function public.hold_item_closure() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about public.review;
begin
    select r.* into about from public.review_item i join public.review r on r.id = i.review_id where i.id = new.item_id;
    if new.closed_by = about.reviewer_id then
        raise exception 'points are closed by the review lead' using errcode = 'TS007';
    end if;
    perform workflow.refuse_dependent(about.evaluation_id, new.closed_by);
    return new;
end
$$;

create or replace trigger review_item_closure_hold before insert on public.review_item_closure
    for each row execute function public.hold_item_closure();
