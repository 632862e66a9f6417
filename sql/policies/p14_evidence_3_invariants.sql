-- What must hold of evidence, decisions and adoptions whoever writes. See p06_invariants.sql.

create or replace trigger practice_workflow_signatures before insert or update on public.practice
    for each row execute function workflow.hold_signatures('create:created_by', 'check:checked_by');
create or replace trigger evidence_rating_workflow_signatures before insert or update on public.evidence_rating
    for each row execute function workflow.hold_signatures('open:opened_by', 'propose:proposed_by');
create or replace trigger adoption_decision_workflow_signatures before insert or update on public.adoption_decision
    for each row execute function workflow.hold_signatures('identify:opened_by', 'recommend:recommended_by', 'approve:decided_by');
create or replace trigger la_adoption_workflow_signatures before insert or update on public.la_adoption
    for each row execute function workflow.hold_signatures('declare:declared_by', 'consider:declared_by', 'pilot:declared_by',
        'adopt:declared_by', 'sustain:declared_by', 'confirm:declared_by', 'stop:declared_by', 'reject:declared_by',
        'reconsider:declared_by');
create or replace trigger capacity_assessment_workflow_signatures before insert or update on public.capacity_assessment
    for each row execute function workflow.hold_signatures('certify:certified_by', 'moderate:moderated_by');
create or replace trigger follow_up_workflow_signatures before insert or update on public.follow_up
    for each row execute function workflow.hold_signatures('answer:answered_by');

create or replace trigger practice_reference before insert on public.practice
    for each row execute function public.hold_reference('PRA');
create or replace trigger evidence_rating_reference before insert on public.evidence_rating
    for each row execute function public.hold_reference('RAT');
create or replace trigger adoption_decision_reference before insert on public.adoption_decision
    for each row execute function public.hold_reference('ROL');
create or replace trigger la_adoption_reference before insert on public.la_adoption
    for each row execute function public.hold_reference('ADO');
create or replace trigger capacity_assessment_reference before insert on public.capacity_assessment
    for each row execute function public.hold_reference('CAP');
create or replace trigger follow_up_reference before insert on public.follow_up
    for each row execute function public.hold_reference('FUP');

-- A reason that says something, where an event needs one. Arguments: the events.
create or replace function workflow.hold_reason() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if new.transition_seq <> old.transition_seq and new.last_event = any (tg_argv)
        and length(trim(coalesce(new.reason, ''))) < 20 then
        raise exception '% needs a reason', new.last_event using errcode = 'TS002';
    end if;
    return new;
end
$$;

create or replace trigger practice_workflow_reason before update on public.practice
    for each row execute function workflow.hold_reason('return', 'begin_review', 'retire');
create or replace trigger evidence_rating_workflow_reason before update on public.evidence_rating
    for each row execute function workflow.hold_reason('return', 'flag');
create or replace trigger adoption_decision_workflow_reason before update on public.adoption_decision
    for each row execute function workflow.hold_reason('return');
create or replace trigger la_adoption_workflow_reason before update on public.la_adoption
    for each row execute function workflow.hold_reason('stop', 'reject');
create or replace trigger capacity_assessment_workflow_reason before update on public.capacity_assessment
    for each row execute function workflow.hold_reason('reopen');
create or replace trigger follow_up_workflow_reason before update on public.follow_up
    for each row execute function workflow.hold_reason('return');

-- 1. Practices. A card changes while it is a draft or under review; whoever wrote it does not check it.
create or replace function public.hold_practice() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
    moved boolean := new.transition_seq <> old.transition_seq;
    loose text[] := array['state', 'last_event', 'transition_seq', 'version', 'checked_by', 'reason', 'published_number', 'published_at'];
begin
    if to_jsonb(new) - loose <> to_jsonb(old) - loose and not actor.is_operator() then
        if moved or old.state not in ('draft', 'under_review') then
            raise exception 'a practice card changes only as a draft or under review' using errcode = 'TS009';
        end if;
        if me is not null and new.last_editor_id is distinct from me then
            raise exception 'nobody edits for somebody else' using errcode = 'TS007';
        end if;
    end if;
    if moved and new.last_event = 'check' and me is not null and me in (new.created_by, new.last_editor_id) then
        raise exception 'whoever wrote a card does not check it' using errcode = 'TS003';
    end if;
    if moved and new.last_event in ('check', 'publish') and (new.summary = '' or new.population = ''
        or cardinality(new.core_components) = 0 or new.originator_id is null) then
        raise exception 'the card is not complete' using errcode = 'TS002';
    end if;
    if moved and new.last_event = 'publish' then
        new.published_number := old.published_number + 1;
        new.published_at := now();
    elsif (new.published_number, new.published_at) is distinct from (old.published_number, old.published_at) then
        raise exception 'a card is published by publishing it' using errcode = 'TS009';
    end if;
    return new;
end
$$;

create or replace trigger practice_workflow_hold before update on public.practice
    for each row execute function public.hold_practice();

create or replace function public.record_practice() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    insert into public.practice_version (practice_id, number, content, published_by)
    values (new.id, new.published_number, jsonb_build_object(
        'name', new.name, 'summary', new.summary, 'coreComponents', to_jsonb(new.core_components),
        'adaptableComponents', to_jsonb(new.adaptable_components), 'population', new.population, 'features', to_jsonb(new.features),
        'unitCost', new.unit_cost, 'costUnit', new.cost_unit, 'priceYear', new.price_year, 'staffNeeded', new.staff_needed,
        'originator', (select o.name from public.organisation o where o.id = new.originator_id)), actor.person_id());
    return null;
end
$$;

create or replace trigger practice_record after update on public.practice
    for each row when (new.last_event = 'publish' and new.transition_seq <> old.transition_seq)
    execute function public.record_practice();

-- A link ends once, by whoever ends it.
create or replace function public.hold_practice_award() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if new.version <> old.version + 1 or old.ended_at is not null then
        raise exception 'a link ends once' using errcode = 'TS002';
    end if;
    new.ended_at := now();
    return new;
end
$$;

create or replace trigger practice_award_hold before update on public.practice_award
    for each row execute function public.hold_practice_award();

-- 2. Ratings. The reports are all that are published, in their versions; the panel sees what was proposed and nothing else.
create or replace function public.hold_rating() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
    moved boolean;
    loose text[] := array['state', 'last_event', 'transition_seq', 'version', 'reason', 'agreed_at', 'next_review_on', 'replicated'];
    cases uuid;
begin
    if tg_op = 'INSERT' then
        if new.number <> 1 + coalesce((select max(r.number) from public.evidence_rating r where r.practice_id = new.practice_id), 0) then
            raise exception 'ratings of a practice are numbered on' using errcode = 'TS002';
        end if;
        return new;
    end if;
    moved := new.transition_seq <> old.transition_seq;
    if to_jsonb(new) - loose <> to_jsonb(old) - loose and not (moved and new.last_event = 'propose') then
        raise exception 'a rating changes only by a proposal' using errcode = 'TS009';
    end if;
    if not moved then
        return new;
    end if;
    if new.last_event = 'propose' then
        if not exists (select from public.evidence_for(new.practice_id)) then
            raise exception 'EVIDENCE none' using errcode = 'TS015', detail = 'No report on this practice is published, so there is nothing to rate.';
        end if;
        if new.sms is null or new.padlock is null or new.level is null or new.direction is null or new.consistency is null
            or new.rationale = '' or new.content_hash is null then
            raise exception 'a proposal is complete' using errcode = 'TS002';
        end if;
        select count(*) >= public.setting_number('scale_needs_studies', 2) into new.replicated
        from public.evidence_for(new.practice_id) e
        where e.sms >= public.setting_number('scale_needs_sms', 3) and e.direction = 'positive';
        for cases in select distinct e.bid_id from public.evidence_for(new.practice_id) e order by 1 loop
            perform workflow.refuse_duty(cases, me, 'RT');
        end loop;
    elsif new.last_event = 'send_to_panel' and me is not null and me <> new.proposed_by then
        raise exception 'a rating goes to the panel by whoever proposed it' using errcode = 'TS007';
    elsif new.last_event in ('return', 'agree') then
        if me = new.proposed_by then
            raise exception 'whoever proposed a rating is not on its panel' using errcode = 'TS003';
        end if;
        if new.last_event = 'agree' then
            perform public.demand_rating_agreed(new);
            new.agreed_at := now();
            new.next_review_on := public.london_today() + make_interval(months => public.setting_number('rating_review_months', 24)::integer);
        end if;
    end if;
    return new;
end
$$;

create or replace function public.demand_rating_agreed(rating public.evidence_rating) returns void
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if (select count(distinct v.person_id) from public.rating_vote v
        where v.rating_id = rating.id and v.content_hash = rating.content_hash and v.agrees)
        < public.setting_number('rating_panel_quorum', 2) then
        raise exception 'too few of the panel agree' using errcode = 'TS002';
    end if;
    if exists (
        (select e.report_id, e.report_version from public.evidence_for(rating.practice_id) e)
        except
        (select x.report_id, x.report_version from public.evidence_rating_report x
            where x.rating_id = rating.id and x.proposal = (
                select max(y.proposal) from public.evidence_rating_report y where y.rating_id = rating.id))) then
        raise exception 'EVIDENCE changed' using errcode = 'TS015',
            detail = 'A report on this practice was published or corrected after the rating was proposed. Send it back, so that it is proposed anew.';
    end if;
end
$$;

create or replace trigger evidence_rating_workflow_hold before insert or update on public.evidence_rating
    for each row execute function public.hold_rating();

create or replace function public.record_rating() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    it record;
begin
    if new.last_event = 'propose' then
        insert into public.evidence_rating_report (rating_id, proposal, report_id, report_version, bid_id, direction, sms, padlock)
        select new.id, new.transition_seq, e.report_id, e.report_version, e.bid_id, e.direction, e.sms, e.padlock
        from public.evidence_for(new.practice_id) e;
        for it in select distinct e.bid_id from public.evidence_for(new.practice_id) e order by 1 loop
            perform workflow.perform(it.bid_id, new.proposed_by, 'RT');
        end loop;
    elsif new.last_event = 'agree' then
        -- The one before it is superseded in the same moment; decisions that rest on that are flagged.
        for it in
            select r.id, r.transition_seq from public.evidence_rating r
            where r.practice_id = new.practice_id and r.id <> new.id and r.state in ('agreed', 'review_needed') order by r.id
        loop
            perform actor.as_system(true);
            update public.evidence_rating r set state = 'superseded', last_event = 'supersede', transition_seq = r.transition_seq + 1,
                version = r.version + 1 where r.id = it.id;
            perform actor.as_system(false);
        end loop;
    elsif new.last_event in ('flag', 'supersede') then
        insert into public.decision_flag (id, decision_id, cause, rating_id)
        select public.uuid7(), d.id, case new.last_event when 'flag' then 'rating_review' else 'rating_changed' end, new.id
        from public.adoption_decision d
        where d.rating_id = new.id and d.state in ('recommended', 'approved', 'announced', 'reviewed');
    end if;
    return null;
end
$$;

create or replace trigger evidence_rating_record after update on public.evidence_rating
    for each row when (new.transition_seq <> old.transition_seq) execute function public.record_rating();

-- A vote is for what was proposed, while the panel sits, by somebody with no part in the cases behind it.
create or replace function public.hold_rating_vote() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about public.evidence_rating;
    cases uuid;
begin
    select * into about from public.evidence_rating r where r.id = new.rating_id for no key update;
    if about.state is distinct from 'panel' then
        raise exception 'this rating is not before the panel' using errcode = 'TS002';
    end if;
    if new.content_hash <> about.content_hash then
        raise exception 'the proposal changed after it was read' using errcode = 'TS011';
    end if;
    if new.person_id = about.proposed_by then
        raise exception 'whoever proposed a rating is not on its panel' using errcode = 'TS003';
    end if;
    for cases in
        select distinct x.bid_id from public.evidence_rating_report x where x.rating_id = about.id order by 1
    loop
        perform workflow.refuse_duty(cases, new.person_id, 'RT');
        if new.agrees then
            perform workflow.perform(cases, new.person_id, 'RT');
        end if;
    end loop;
    return new;
end
$$;

create or replace trigger rating_vote_hold before insert on public.rating_vote
    for each row execute function public.hold_rating_vote();

-- 3. What rests on a report hears when the report changes. A new one calls for a new rating; so does a corrected or withdrawn one.
create or replace function public.note_report_change() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    it record;
    what text := case new.last_event when 'correct' then 'report_corrected' when 'withdraw' then 'report_withdrawn' else 'report_published' end;
begin
    for it in
        select r.id from public.evidence_rating r
        where r.state = 'agreed' and exists (
            select from public.practice_award l where l.practice_id = r.practice_id and l.bid_id = new.bid_id and l.ended_at is null)
        order by r.id
    loop
        perform actor.as_system(true);
        update public.evidence_rating r set state = 'review_needed', last_event = 'flag',
            reason = case what when 'report_published' then 'A new report on this practice was published: '
                when 'report_corrected' then 'A report on this practice was corrected: '
                else 'A report on this practice was withdrawn: ' end || new.reference,
            transition_seq = r.transition_seq + 1, version = r.version + 1 where r.id = it.id;
        perform actor.as_system(false);
    end loop;
    insert into public.decision_flag (id, decision_id, cause, report_id)
    select public.uuid7(), d.id, what, new.id
    from public.adoption_decision d
    where d.state in ('recommended', 'approved', 'announced', 'reviewed') and exists (
        select from public.decision_citation c join public.decision_evidence e on e.id = c.evidence_id
        where c.decision_id = d.id and e.report_id = new.id);
    return null;
end
$$;

create or replace trigger evaluation_report_zz_evidence after update on public.evaluation_report
    for each row when (new.transition_seq <> old.transition_seq and new.last_event in ('publish', 'correct', 'withdraw'))
    execute function public.note_report_change();

-- Whoever works on the decision is told that it no longer rests on what it did.
create or replace function public.tell_of_flag() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    insert into public.outbox (id, event, recipient_id, subject, body, object_kind, object_id, dedupe_key)
    select public.uuid7(), 'adoption_decision.evidence_changed', who.id, 'The evidence behind ' || d.reference || ' has changed',
        'Something that this decision rests on was corrected, withdrawn or rated anew. Sign in to review the decision.',
        'adoption_decision', d.id, 'decision_flag:' || new.id
    from public.adoption_decision d
    cross join lateral (
        select distinct public.audience(x.audience, 'adoption_decision', d.id) as id
        from unnest('{programme_officers,senior_officer}'::text[]) as x (audience)) as who
    where d.id = new.decision_id
    on conflict (dedupe_key, recipient_id) do nothing;
    return null;
end
$$;

create or replace trigger decision_flag_tell after insert on public.decision_flag
    for each row execute function public.tell_of_flag();

-- 4. Decisions.
create or replace function public.hold_decision() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
    moved boolean := new.transition_seq <> old.transition_seq;
    loose text[] := array['state', 'last_event', 'transition_seq', 'version', 'reason', 'pack', 'recommended_at', 'decided_at',
        'announced_at', 'review_on', 'reviewed_at', 'rating_id', 'level_at_decision', 'sms_at_decision', 'padlock_at_decision',
        'replicated_at_decision', 'sufficient', 'decided_by', 'seconded_by', 'review_outcome', 'external_decision_ref'];
    cases uuid;
    current_one public.evidence_rating;
begin
    if (new.pack, new.recommended_at, new.decided_at, new.announced_at, new.review_on, new.reviewed_at, new.rating_id,
            new.level_at_decision, new.sms_at_decision, new.padlock_at_decision, new.replicated_at_decision, new.sufficient)
        is distinct from (old.pack, old.recommended_at, old.decided_at, old.announced_at, old.review_on, old.reviewed_at,
            old.rating_id, old.level_at_decision, old.sms_at_decision, old.padlock_at_decision, old.replicated_at_decision,
            old.sufficient) and not actor.is_operator() then
        raise exception 'what was known at the decision is written by the decision' using errcode = 'TS009';
    end if;
    if to_jsonb(new) - loose <> to_jsonb(old) - loose
        and not (old.state in ('option_identified', 'evidence_pack') and (not moved or new.last_event in ('assemble', 'recommend'))) then
        raise exception 'a recommendation is not edited' using errcode = 'TS009';
    end if;
    if not moved then
        if new.seconded_by is distinct from old.seconded_by then
            perform public.check_second(old, new, me);
        end if;
        return new;
    end if;
    case new.last_event
        when 'assemble' then
            new.pack := new.transition_seq;
        when 'recommend' then
            select r.* into current_one from public.evidence_rating r where r.id = public.current_rating(new.practice_id);
            new.rating_id := current_one.id;
            new.level_at_decision := current_one.level;
            new.sms_at_decision := current_one.sms;
            new.padlock_at_decision := current_one.padlock;
            new.replicated_at_decision := coalesce(current_one.replicated, false);
            new.sufficient := public.evidence_sufficient(new.recommendation, current_one.level, current_one.replicated);
            new.recommended_at := now();
            new.seconded_by := null;
            perform public.demand_recommendation(new);
            for cases in select * from public.practice_cases(new.practice_id) loop
                perform workflow.refuse_duty(cases, me, 'RO');
            end loop;
        when 'approve' then
            if me = new.recommended_by or me = new.seconded_by then
                raise exception 'SOD_RO_AD' using errcode = 'TS003', detail = 'whoever recommended does not approve';
            end if;
            perform public.demand_pack_current(new);
            if public.managed_award(new.practice_id, new.recommended_by) and new.seconded_by is null then
                raise exception 'EVIDENCE second' using errcode = 'TS015',
                    detail = 'Whoever managed the award cannot recommend alone. Ask a colleague who did not to second it.';
            end if;
            for cases in select * from public.practice_cases(new.practice_id) loop
                perform workflow.refuse_duty(cases, me, 'AD');
            end loop;
            new.decided_at := now();
        when 'announce' then
            new.announced_at := now();
            new.review_on := public.london_today() + make_interval(months => public.setting_number('decision_review_months', 12)::integer);
        when 'review' then
            if length(trim(new.review_outcome)) < 20 then
                raise exception 'a review says what was found' using errcode = 'TS002';
            end if;
            new.reviewed_at := clock_timestamp();
            new.review_on := public.london_today() + make_interval(months => public.setting_number('decision_review_months', 12)::integer);
        else
            null;
    end case;
    return new;
end
$$;

-- Whether somebody ran an award behind the practice: prepared its approval, signed it, verified its claims.
create or replace function public.managed_award(practice uuid, person uuid) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select from workflow.duty_performed d
        where d.person_id = person and d.duty in ('PR', 'SG', 'VC') and d.case_id in (select public.practice_cases(practice)));
end
$$;

create or replace function public.check_second(was public.adoption_decision, now_is public.adoption_decision, me uuid) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    cases uuid;
begin
    if was.state <> 'recommended' or was.seconded_by is not null or now_is.seconded_by is null then
        raise exception 'a recommendation is seconded once, while it waits' using errcode = 'TS002';
    end if;
    if me is not null and now_is.seconded_by is distinct from me then
        raise exception 'nobody signs for somebody else' using errcode = 'TS007';
    end if;
    if now_is.seconded_by = was.recommended_by or public.managed_award(was.practice_id, now_is.seconded_by) then
        raise exception 'the second is somebody else, who did not manage the award' using errcode = 'TS003';
    end if;
    for cases in select * from public.practice_cases(was.practice_id) loop
        perform workflow.refuse_duty(cases, now_is.seconded_by, 'RO');
        perform workflow.perform(cases, now_is.seconded_by, 'RO');
    end loop;
end
$$;

-- A recommendation says what it rests on; scaling on short evidence says why, what will follow and when to stop.
create or replace function public.demand_recommendation(decision public.adoption_decision) returns void
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if decision.recommendation is null or length(trim(decision.recommendation_reason)) < 20 then
        raise exception 'a recommendation says what and why' using errcode = 'TS002';
    end if;
    if not exists (
        select from public.decision_citation c join public.decision_evidence e on e.id = c.evidence_id
        where c.decision_id = decision.id and c.recommendation = decision.transition_seq and e.pack = decision.pack) then
        raise exception 'EVIDENCE uncited' using errcode = 'TS015',
            detail = 'A recommendation cites at least one item of the evidence pack.';
    end if;
    perform public.demand_pack_current(decision);
    if not decision.sufficient and not decision.override then
        raise exception 'EVIDENCE short' using errcode = 'TS015',
            detail = 'The evidence falls short of what scaling needs. Recommend something else, or override with a reason, the evidence that will follow and a stop rule.';
    end if;
    if decision.override and (decision.sufficient or length(trim(decision.override_reason)) < 20
        or length(trim(decision.evidence_to_follow)) < 20 or decision.evidence_due_on is null
        or decision.evidence_due_on <= public.london_today() or length(trim(decision.stop_rule)) < 20) then
        raise exception 'an override has its reason, the evidence that will follow with its day, and a stop rule; and is not made for nothing'
            using errcode = 'TS002';
    end if;
end
$$;

-- The pack is what there is: nothing was published, corrected or withdrawn since it was assembled, and the rating is the same.
create or replace function public.demand_pack_current(decision public.adoption_decision) returns void
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
            (select e.report_id, e.report_version from public.evidence_for(decision.practice_id) e
             except
             select x.report_id, x.report_version from public.decision_evidence x
             where x.decision_id = decision.id and x.pack = decision.pack and x.kind = 'report')
            union all
            (select x.report_id, x.report_version from public.decision_evidence x
             where x.decision_id = decision.id and x.pack = decision.pack and x.kind = 'report'
             except
             select e.report_id, e.report_version from public.evidence_for(decision.practice_id) e))
        or public.current_rating(decision.practice_id) is distinct from (
            select x.rating_id from public.decision_evidence x
            where x.decision_id = decision.id and x.pack = decision.pack and x.kind = 'rating') then
        raise exception 'EVIDENCE changed' using errcode = 'TS015',
            detail = 'The evidence has changed since the pack was assembled. Assemble it again and look at what is new.';
    end if;
end
$$;

create or replace trigger adoption_decision_workflow_hold before update on public.adoption_decision
    for each row execute function public.hold_decision();

create or replace function public.record_decision() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    cases uuid;
begin
    if new.last_event = 'assemble' then
        insert into public.decision_evidence (id, decision_id, pack, kind, report_id, report_version, title, direction, sms)
        select public.uuid7(), new.id, new.pack, 'report', e.report_id, e.report_version, e.reference || ': ' || e.title, e.direction, e.sms
        from public.evidence_for(new.practice_id) e;
        insert into public.decision_evidence (id, decision_id, pack, kind, report_id, title, due_on)
        select public.uuid7(), new.id, new.pack, 'overdue_report', o.report_id, o.title, o.due_on
        from public.overdue_for(new.practice_id) o;
        insert into public.decision_evidence (id, decision_id, pack, kind, rating_id, rating_number, title, direction, sms)
        select public.uuid7(), new.id, new.pack, 'rating', r.id, r.number, r.reference || ': level ' || r.level, r.direction, r.sms
        from public.evidence_rating r where r.id = public.current_rating(new.practice_id);
    elsif new.last_event in ('recommend', 'approve') then
        for cases in select * from public.practice_cases(new.practice_id) loop
            perform workflow.perform(cases, case new.last_event when 'recommend' then new.recommended_by else new.decided_by end,
                case new.last_event when 'recommend' then 'RO' else 'AD' end);
        end loop;
    end if;
    return null;
end
$$;

create or replace trigger adoption_decision_record after update on public.adoption_decision
    for each row when (new.transition_seq <> old.transition_seq) execute function public.record_decision();

-- A citation belongs to the recommendation that is being made, and to its pack.
create or replace function public.hold_citation() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select from public.adoption_decision d join public.decision_evidence e on e.decision_id = d.id and e.pack = d.pack
        where d.id = new.decision_id and e.id = new.evidence_id and d.state = 'evidence_pack'
            and new.recommendation = d.transition_seq + 1) then
        raise exception 'a citation is of the pack that is being decided on' using errcode = 'TS009';
    end if;
    return new;
end
$$;

create or replace trigger decision_citation_hold before insert on public.decision_citation
    for each row execute function public.hold_citation();

-- A programme pays for what its own department decides; a practice is decided on once its card is published.
create or replace function public.hold_new_decision() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from public.practice p where p.id = new.practice_id and p.published_number > 0 and p.state <> 'retired') then
        raise exception 'only a published practice is decided on' using errcode = 'TS002';
    end if;
    return new;
end
$$;

create or replace trigger adoption_decision_workflow_new before insert on public.adoption_decision
    for each row execute function public.hold_new_decision();
