-- The machine of a plan: what each step needs, what is frozen, and what an amendment changes.

-- 1. What differs between two contents, as 'section.key'.
create or replace function public.changed_keys(before jsonb, after jsonb) returns text[]
    language sql immutable
    set search_path = pg_catalog, pg_temp
as $$
    select coalesce(array_agg(section || '.' || key order by section, key), '{}')
    from (select jsonb_object_keys(before) as section union select jsonb_object_keys(after)) as s
    cross join lateral (
        select jsonb_object_keys(coalesce(before -> section, '{}')) as key
        union select jsonb_object_keys(coalesce(after -> section, '{}'))) as k
    where before #> array[section, key] is distinct from after #> array[section, key]
$$;

-- Whether a change of these keys is reviewed again: the primary outcome and the sample, by the setting.
create or replace function public.keys_need_review(keys text[]) returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select from unnest(keys) as k (key)
        cross join lateral unnest(string_to_array(
            (select s.value from public.setting s where s.code = 'evaluation_rereview_keys'), ',')) as w (wanted)
        where k.key = btrim(w.wanted) or starts_with(k.key, btrim(w.wanted) || '.'))
$$;

create or replace function public.plan_drift(plan uuid) returns text[]
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select coalesce((
        select public.changed_keys(v.content, public.plan_draft(plan))
        from public.evaluation_plan p join public.evaluation_plan_version v on v.plan_id = p.id and v.number = p.approved_version
        where p.id = plan), '{}')
$$;

-- An amendment in hand that goes to review, or would have to as it stands: money waits for it.
create or replace function public.plan_is_rearmed(plan public.evaluation_plan) returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select plan.approved_version > 0 and (plan.state in ('la_comment', 'submitted', 'in_review', 'revise')
        or (plan.state = 'amended' and public.keys_need_review(public.plan_drift(plan.id))))
$$;

-- 2. The outcomes that a content promises.
create or replace function public.promised_outcomes(content jsonb)
    returns table (code text, is_primary boolean, name text, indicator_code text, instrument text, time_point text,
                   beneficial text, metric text, smallest_worthwhile_effect numeric)
    language sql immutable
    set search_path = pg_catalog, pg_temp
as $$
    select o ->> 'code', k.is_primary, o ->> 'name', nullif(o ->> 'indicatorCode', ''), nullif(o ->> 'instrument', ''),
        o ->> 'timePoint', o ->> 'beneficial', nullif(o ->> 'metric', ''),
        abs(public.number_given(o ->> 'smallestWorthwhileEffect'))
    from (values (true, 'primary'), (false, 'secondary')) as k (is_primary, list)
    cross join lateral jsonb_array_elements(coalesce(content #> array['outcomes', k.list], '[]')) as o
$$;

-- What a plan must say before anybody reviews it, as far as the database reads it. Domain asks for the rest.
create or replace function public.check_plan_content(content jsonb) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
as $$
declare
    primaries integer;
    bad text;
begin
    select count(*) filter (where o.is_primary),
        min(o.code) filter (where o.code is null or o.code !~ '^[A-Z][A-Z0-9]{0,7}$' or coalesce(o.name, '') = ''
            or coalesce(o.time_point, '') = '' or o.beneficial not in ('higher', 'lower') or o.beneficial is null
            or (o.indicator_code is null and o.instrument is null)
            or (o.indicator_code is not null and not exists (select from public.indicator i where i.code = o.indicator_code)))
    into primaries, bad
    from public.promised_outcomes(content) o;
    if primaries is null or primaries not between 1 and 2 then
        perform workflow.fail('plan_complete', 'A plan has one primary outcome, or two.');
    elsif bad is not null or exists (
        select from public.promised_outcomes(content) o group by o.code having count(*) > 1 or o.code is null) then
        perform workflow.fail('plan_complete', 'Each outcome needs a code of its own, a name, a registered indicator or an instrument, a time point, and which way is better.');
    elsif (content #>> '{overview,stage}' in ('theory', 'feasibility', 'pilot', 'efficacy', 'effectiveness', 'scale_up')) is not true then
        perform workflow.fail('plan_complete', 'A plan says at which stage the evaluation is.');
    elsif not exists (select from public.evaluation_design d where d.code = content #>> '{design,design}')
        or not exists (select from public.evaluation_comparator c where c.code = content #>> '{design,comparator}') then
        perform workflow.fail('plan_complete', 'A plan names its design and its comparator.');
    end if;
end
$$;

-- Enough people to find an effect worth having, unless the stage is before that; few clusters need a reason.
create or replace function public.check_power(content jsonb, reason text) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
as $$
declare
    mdes numeric := public.number_given(content #>> '{sample,mdes}');
    worthwhile numeric := public.number_given(content #>> '{sample,worthwhileEffect}');
    clusters numeric := public.number_given(content #>> '{design,clusters}');
    arms integer := greatest(2, jsonb_array_length(coalesce(content #> '{sample,arms}', '[]')));
    fewest integer := workflow.number_of('clusters_per_arm_warning', 8);
begin
    if content #>> '{overview,stage}' not in ('theory', 'feasibility', 'pilot')
        and content #>> '{design,impact}' = 'true' and (mdes <= worthwhile) is not true then
        perform workflow.fail('power_sufficient', 'The smallest effect that the study can find is above the smallest that is worth having.');
    end if;
    if clusters / arms < fewest and length(btrim(coalesce(reason, ''))) < 20 then
        perform workflow.fail('power_sufficient', format('With fewer than %s clusters in each arm, say why the plan is approved all the same.', fewest));
    end if;
end
$$;

-- 3. Each step.
create or replace function public.hold_plan() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
    moved boolean := new.transition_seq <> old.transition_seq;
    loose text[] := array['state', 'last_event', 'transition_seq', 'version'];
    sent public.evaluation_plan_submission;
begin
    loose := loose || case when moved then case new.last_event
        when 'start' then array['independence_declared', 'independence_note']
        when 'submit' then array['submission', 'content_hash']
        when 'adopt' then array['submission', 'content_hash']
        when 'approve' then array['decision_reason']
        when 'ask_to_revise' then array['decision_reason']
        when 'agree_to_abandon' then array['decision_reason']
        when 'abandon' then array['abandon_reason', 'lessons']
        else '{}' end else '{}' end;
    if to_jsonb(new) - loose <> to_jsonb(old) - loose then
        raise exception 'this part of a plan does not change here' using errcode = 'TS009';
    end if;
    if not moved then
        return new;
    end if;
    if new.last_event in ('submit', 'adopt') then
        select s.* into sent from public.evaluation_plan_submission s
        where s.plan_id = new.id and s.number = new.submission;
        if new.submission <> old.submission + 1 or sent.content_hash is distinct from new.content_hash then
            raise exception 'a submission comes with its content and digest' using errcode = 'TS011';
        end if;
        new.decision_reason := null;
        perform public.check_plan_content(sent.content);
    end if;
    if new.last_event in ('begin_review', 'ask_to_revise', 'approve', 'agree_to_abandon') then
        perform workflow.refuse_dependent(new.evaluation_id, me);
        perform workflow.refuse_duty(new.bid_id, me, 'RL');
    end if;
    case new.last_event
        when 'start' then
            if not exists (select from public.evaluation e where e.id = new.evaluation_id and e.evaluator_id is not null) then
                perform workflow.fail('independence_declared', 'Nobody has been appointed to evaluate.');
            elsif not new.independence_declared then
                perform workflow.fail('independence_declared', 'The author declares that they are independent of what they evaluate.');
            end if;
        when 'send_for_comment' then
            if (select count(*) from public.evaluation_plan_section s where s.plan_id = new.id) < 11 then
                perform workflow.fail('plan_complete', 'Every section of the plan is filled in, or says why it does not apply.');
            end if;
            new.comment_due_on := public.after_working_days(public.london_today(), workflow.number_of('plan_comment_working_days', 10));
        when 'submit' then
            perform public.check_comments(new.id, 'send_for_comment', 'finish_comments',
                case old.state when 'la_comment' then new.comment_due_on end);
        when 'begin_review' then
            if (select count(*) from public.review r
                where r.plan_id = new.id and r.submission = new.submission and r.state = 'coi_checked')
                < workflow.number_of('review_minimum', 2) then
                perform workflow.fail('two_reviewers_clear', 'Two reviewers must have accepted and be free of conflicts of interest.');
            end if;
            new.review_due_on := public.after_working_days(public.london_today(), workflow.number_of('review_working_days', 20));
        when 'ask_to_revise' then
            perform public.check_reason(new.decision_reason);
            perform public.check_reviews_final('protocol', new.id, new.submission);
        when 'approve' then
            perform public.check_reviews('protocol', new.id, new.submission);
            select s.* into sent from public.evaluation_plan_submission s where s.plan_id = new.id and s.number = new.submission;
            perform public.check_power(sent.content, new.decision_reason);
            if old.approved_version > 0 and public.plan_drift(new.id) = '{}' then
                perform workflow.fail('amendment_explained', 'Nothing has changed since the last version.');
            end if;
            new.approved_version := old.approved_version + 1;
        when 'register' then
            if not exists (
                select from public.evaluation_registration g
                where g.plan_id = new.id and g.version_number = new.approved_version) then
                perform workflow.fail('registration_recorded', 'The entry of this version on a public register is recorded first.');
            end if;
        when 'begin' then
            if not exists (
                select from public.evaluation e
                where e.id = new.evaluation_id
                    and coalesce(e.first_data_collection_actual, e.first_data_collection_planned) <= public.london_today()) then
                raise exception 'data collection has not begun' using errcode = 'TS008';
            end if;
        when 'amend' then
            if not exists (select from public.plan_amendment a where a.plan_id = new.id and a.number = new.approved_version + 1) then
                perform workflow.fail('amendment_explained', 'An amendment says what changes, why, and whether results had been seen.');
            end if;
        when 'adopt' then
            if public.plan_drift(new.id) = '{}' then
                perform workflow.fail('amendment_explained', 'Nothing has changed since the last version.');
            elsif public.keys_need_review(public.plan_drift(new.id)) then
                perform workflow.fail('no_review_needed', 'The amendment changes the primary outcome or the sample, so it is reviewed again.');
            end if;
            new.approved_version := old.approved_version + 1;
        when 'complete' then
            if not exists (
                select from public.evaluation_report r
                where r.evaluation_id = new.evaluation_id and r.kind = 'final'
                    and r.state in ('signed_off', 'publication_scheduled', 'delayed', 'published', 'corrected')) then
                perform workflow.fail('final_report_signed_off', 'The final report must be signed off first.');
            end if;
        when 'agree_to_abandon' then
            perform public.check_reason(new.decision_reason);
        when 'abandon' then
            perform public.check_reason(new.abandon_reason);
            if length(btrim(coalesce(new.lessons, ''))) < 50 then
                perform workflow.fail('lessons_recorded', 'What can be learnt from it is written down, in at least 50 characters, and published.');
            elsif (select l.event from workflow.log l
                where l.object_id = new.id and l.machine = 'evaluation_plan' and l.event <> 'abandon'
                order by l.seq desc limit 1) is distinct from 'agree_to_abandon' then
                perform workflow.fail('lead_agreed', 'A review lead of What Works agrees first.');
            end if;
        else null;
    end case;
    return new;
end
$$;

create or replace function public.check_reason(reason text) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
as $$
begin
    if length(btrim(coalesce(reason, ''))) < 20 then
        perform workflow.fail('reason_given', 'Give a reason of at least 20 characters.');
    end if;
end
$$;

create or replace trigger evaluation_plan_workflow_hold before update on public.evaluation_plan
    for each row execute function public.hold_plan();

-- 4. What a step leaves behind: duties, and with an approval the frozen version.
create or replace function public.record_plan() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
begin
    if new.last_event in ('start', 'send_for_comment', 'submit', 'amend', 'adopt') then
        perform workflow.perform(new.bid_id, me, 'EA');
    elsif new.last_event in ('begin_review', 'ask_to_revise', 'approve', 'agree_to_abandon') then
        perform workflow.perform(new.bid_id, me, 'RL');
    end if;
    if new.approved_version > old.approved_version then
        perform public.freeze_plan(new, me, new.last_event = 'approve');
    end if;
    return null;
end
$$;

create or replace trigger evaluation_plan_record after update on public.evaluation_plan
    for each row when (new.transition_seq <> old.transition_seq) execute function public.record_plan();

create or replace function public.freeze_plan(plan public.evaluation_plan, by_person uuid, reviewed boolean) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    frozen jsonb;
begin
    insert into public.evaluation_plan_version (plan_id, number, submission, content, canonical_text, content_hash,
        changed_keys, reason, before_unblinding, needs_review, approved_by, approved_at)
    select s.plan_id, plan.approved_version, s.number, s.content, s.canonical_text, s.content_hash,
        case when v.number is null then '{}' else public.changed_keys(v.content, s.content) end, a.reason, a.before_unblinding, reviewed, by_person, now()
    from public.evaluation_plan_submission s
    left join public.evaluation_plan_version v on v.plan_id = s.plan_id and v.number = plan.approved_version - 1
    left join public.plan_amendment a on a.plan_id = s.plan_id and a.number = plan.approved_version
    where s.plan_id = plan.id and s.number = plan.submission
    returning content into frozen;
    insert into public.evaluation_plan_outcome (plan_id, number, code, is_primary, name, indicator_code, instrument,
        time_point, beneficial, metric, smallest_worthwhile_effect)
    select plan.id, plan.approved_version, o.code, o.is_primary, o.name, o.indicator_code, o.instrument, o.time_point,
        o.beneficial, o.metric, o.smallest_worthwhile_effect
    from public.promised_outcomes(frozen) o;
    update public.evaluation e set stage = frozen #>> '{overview,stage}', version = e.version + 1
    where e.id = plan.evaluation_id and e.stage is distinct from frozen #>> '{overview,stage}';
end
$$;
