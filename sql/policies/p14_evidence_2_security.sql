-- Who may touch which row of evidence and adoption. See p04_row_security.sql for how a policy is read.

select workflow.close_tables(array['public.evidence_threshold', 'public.capacity_rubric'], fenced => false);
select workflow.close_tables(array[
    'public.practice', 'public.practice_version', 'public.practice_award', 'public.evidence_rating',
    'public.evidence_rating_report', 'public.rating_vote', 'public.adoption_decision', 'public.decision_evidence',
    'public.decision_citation', 'public.decision_flag', 'public.la_adoption', 'public.adoption_statement',
    'public.adoption_verification', 'public.capacity_assessment', 'public.capacity_response', 'public.capacity_level',
    'public.follow_up', 'public.follow_up_value', 'public.follow_up_reminder', 'public.dissemination',
    'public.dissemination_delivery', 'public.dissemination_reach', 'public.dissemination_outcome']);

grant select on public.evidence_threshold, public.capacity_rubric to touchstone_app, touchstone_worker, touchstone_reader;

-- 1. Practices. A published card is for everybody; one in the making for whoever makes it, What Works, the department and auditors.
grant select on public.practice, public.practice_version, public.practice_award to touchstone_app;
grant insert (id, reference, name, summary, core_components, adaptable_components, population, features, unit_cost, cost_unit,
        price_year, staff_needed, originator_id, last_editor_id, state, last_event, created_by),
    update (name, summary, core_components, adaptable_components, population, features, unit_cost, cost_unit, price_year,
        staff_needed, originator_id, last_editor_id, checked_by, reason, state, last_event, transition_seq, version)
    on public.practice to touchstone_app;
grant insert (id, practice_id, bid_id, part, linked_by), update (ended_by, ended_at, version) on public.practice_award to touchstone_app;

create policy practice_read on public.practice for select to touchstone_app
    using ((published_number > 0 and (select actor.person_id()) is not null)
        or originator_id = (select actor.organisation_id())
        or created_by = (select actor.person_id())
        or (select actor.role()) in ('department', 'what_works', 'auditor'));
create policy practice_add on public.practice for insert to touchstone_app
    with check (created_by = (select actor.person_id()) and last_editor_id = created_by and (select actor.may_write())
        and ((select actor.holds('programme_officer') or actor.holds('reviewer'))
            or ((select actor.holds('la_editor')) and originator_id = (select actor.authority()))));
create policy practice_change on public.practice for update to touchstone_app
    using ((select actor.may_write()) and (originator_id = (select actor.authority())
        or (select actor.role()) in ('department', 'what_works')))
    with check ((select actor.may_write()) and (
        (select actor.holds('programme_officer') or actor.holds('reviewer') or actor.holds('review_lead')
            or actor.holds('senior_officer_responsible'))
        or ((select actor.holds('la_editor')) and originator_id = (select actor.authority()))));

create policy practice_version_read on public.practice_version for select to touchstone_app
    using ((select actor.person_id()) is not null);

create policy practice_award_read on public.practice_award for select to touchstone_app
    using (exists (select from public.practice p where p.id = practice_id));
create policy practice_award_add on public.practice_award for insert to touchstone_app
    with check (linked_by = (select actor.person_id()) and (select actor.may_write()
        and (actor.holds('programme_officer') or actor.holds('reviewer') or actor.holds('review_lead'))));
create policy practice_award_change on public.practice_award for update to touchstone_app
    using ((select actor.may_write() and (actor.holds('programme_officer') or actor.holds('reviewer') or actor.holds('review_lead'))))
    with check (ended_by = (select actor.person_id()) and (select actor.may_write()));

-- 2. Ratings. Agreed ones are for everybody; one in hand for What Works, the department and auditors. Votes: What Works, auditors.
grant select on public.evidence_rating, public.evidence_rating_report, public.rating_vote to touchstone_app;
grant insert (id, reference, practice_id, number, opened_by, state, last_event),
    update (sms, padlock, level, emmie, cost_band, direction, consistency, proposal, rationale, departure_reason, content_hash,
        proposed_by, reason, state, last_event, transition_seq, version)
    on public.evidence_rating to touchstone_app;
grant insert (id, rating_id, person_id, content_hash, agrees, note) on public.rating_vote to touchstone_app;

create policy evidence_rating_read on public.evidence_rating for select to touchstone_app
    using ((state in ('agreed', 'review_needed', 'superseded') and (select actor.person_id()) is not null)
        or (select actor.role()) in ('department', 'what_works', 'auditor'));
create policy evidence_rating_add on public.evidence_rating for insert to touchstone_app
    with check (opened_by = (select actor.person_id()) and (select actor.may_write() and actor.holds('reviewer')));
create policy evidence_rating_change on public.evidence_rating for update to touchstone_app
    using ((select actor.may_write()) and (select actor.role()) = 'what_works')
    with check ((select actor.may_write()
        and (actor.holds('reviewer') or actor.holds('review_lead') or actor.holds('rating_panel'))));

create policy evidence_rating_report_read on public.evidence_rating_report for select to touchstone_app
    using (exists (select from public.evidence_rating r where r.id = rating_id));
create policy rating_vote_read on public.rating_vote for select to touchstone_app
    using (person_id = (select actor.person_id()) or (select actor.role()) in ('what_works', 'auditor'));
create policy rating_vote_add on public.rating_vote for insert to touchstone_app
    with check (person_id = (select actor.person_id()) and (select actor.may_write() and actor.holds('rating_panel')));

-- 3. Decisions: announced ones are for everybody, others for the programme's team and auditors.
grant select on public.adoption_decision, public.decision_evidence, public.decision_citation, public.decision_flag to touchstone_app;
grant insert (id, reference, practice_id, programme_id, title, question, expected_cost, reach_authorities, equity, opened_by,
        state, last_event),
    update (title, question, expected_cost, reach_authorities, equity, recommendation, recommendation_reason, override,
        override_reason, evidence_to_follow, evidence_due_on, stop_rule, external_decision_ref, recommended_by, seconded_by,
        decided_by, review_outcome, reason, state, last_event, transition_seq, version)
    on public.adoption_decision to touchstone_app;
grant insert (id, decision_id, evidence_id, recommendation, bearing, note, cited_by) on public.decision_citation to touchstone_app;

create policy adoption_decision_read on public.adoption_decision for select to touchstone_app
    using ((state in ('announced', 'reviewed') and (select actor.person_id()) is not null)
        or programme_id = any ((select actor.case_programmes())::uuid[]));
create policy adoption_decision_add on public.adoption_decision for insert to touchstone_app
    with check (opened_by = (select actor.person_id()) and programme_id = any ((select actor.case_programmes())::uuid[])
        and (select actor.may_write() and actor.holds('programme_officer')));
create policy adoption_decision_change on public.adoption_decision for update to touchstone_app
    using ((select actor.may_write()) and programme_id = any ((select actor.case_programmes())::uuid[]))
    with check (programme_id = any ((select actor.case_programmes())::uuid[]) and (select actor.may_write()
        and (actor.holds('programme_officer') or actor.holds('approver') or actor.holds('senior_officer_responsible'))));
do $$
declare
    it text;
begin
    foreach it in array array['decision_evidence', 'decision_citation', 'decision_flag'] loop
        execute format($p$create policy %1$s_read on public.%1$I for select to touchstone_app
            using (exists (select from public.adoption_decision d where d.id = decision_id))$p$, it);
    end loop;
end
$$;
create policy decision_citation_add on public.decision_citation for insert to touchstone_app
    with check (cited_by = (select actor.person_id()) and (select actor.may_write()
        and (actor.holds('programme_officer') or actor.holds('senior_officer_responsible')))
        and exists (select from public.adoption_decision d
            where d.id = decision_id and d.programme_id = any ((select actor.case_programmes())::uuid[])));

-- 4. Adoptions: the authority's own, the practice's originator's, the department's, What Works' and auditors'.
grant select on public.la_adoption, public.adoption_statement, public.adoption_verification to touchstone_app;
grant insert (id, reference, practice_id, organisation_id, started_on, coverage_pct, adaptations, fidelity, local_cost, funded_by,
        funding_ended_on, awareness_source, evidence_read, declared_by, state, last_event),
    update (started_on, coverage_pct, adaptations, fidelity, local_cost, funded_by, funding_ended_on, awareness_source,
        evidence_read, reason, declared_by, state, last_event, transition_seq, version)
    on public.la_adoption to touchstone_app;
grant insert (id, adoption_id, state, kind, verified_by, organisation_id, note) on public.adoption_verification to touchstone_app;

create policy la_adoption_read on public.la_adoption for select to touchstone_app
    using (organisation_id = (select actor.authority())
        or (select actor.role()) in ('department', 'what_works', 'auditor')
        or exists (select from public.practice p where p.id = practice_id and p.originator_id = (select actor.authority())));
create policy la_adoption_add on public.la_adoption for insert to touchstone_app
    with check (organisation_id = (select actor.authority()) and declared_by = (select actor.person_id())
        and (select actor.may_write() and actor.holds('la_certifier')));
create policy la_adoption_change on public.la_adoption for update to touchstone_app
    using ((select actor.may_write()) and (organisation_id = (select actor.authority())
        or (select actor.role()) in ('department', 'what_works')
        or exists (select from public.practice p where p.id = practice_id and p.originator_id = (select actor.authority()))))
    with check (organisation_id = (select actor.authority()) and (select actor.may_write() and actor.holds('la_certifier')));
create policy adoption_statement_read on public.adoption_statement for select to touchstone_app
    using (exists (select from public.la_adoption a where a.id = adoption_id));
create policy adoption_verification_read on public.adoption_verification for select to touchstone_app
    using (exists (select from public.la_adoption a where a.id = adoption_id));
create policy adoption_verification_add on public.adoption_verification for insert to touchstone_app
    with check (verified_by = (select actor.person_id()) and organisation_id = (select actor.organisation_id())
        and (select actor.may_write()
            and (actor.holds('la_certifier') or actor.holds('programme_officer') or actor.holds('reviewer'))));

-- 5. Capacity: the authority itself, a peer that it asked (once certified), the department's case team, auditors. Others have
-- public.capacity_by_region.
grant select on public.capacity_assessment, public.capacity_response, public.capacity_level to touchstone_app;
grant insert (id, reference, organisation_id, bid_id, wave, due_on, rubric_version, state, last_event),
    update (evaluation_done_by, support_received, data_readiness, peer_id, certified_by, moderated_by, moderation_note, reason,
        state, last_event, transition_seq, version)
    on public.capacity_assessment to touchstone_app;
grant insert (id, assessment_id, dimension, level, evidence, team, respondent_id) on public.capacity_response to touchstone_app;
grant insert (assessment_id, certification, dimension, level, evidence, agreed_by) on public.capacity_level to touchstone_app;

create policy capacity_assessment_read on public.capacity_assessment for select to touchstone_app
    using (organisation_id = (select actor.authority())
        or (peer_id = (select actor.authority()) and state in ('certified', 'moderated', 'locked'))
        or (bid_id is null and (select actor.whole_department()) is not null)
        or exists (select from public.bid b where b.id = bid_id
            and (b.round_id = any ((select actor.case_rounds())::uuid[]) or b.id = any ((select actor.case_bids())::uuid[])))
        or (select actor.role()) = 'auditor');
create policy capacity_assessment_add on public.capacity_assessment for insert to touchstone_app
    with check (organisation_id = (select actor.authority()) and bid_id is null and wave = 'voluntary'
        and (select actor.may_write() and (actor.holds('la_editor') or actor.holds('la_certifier'))));
create policy capacity_assessment_change on public.capacity_assessment for update to touchstone_app
    using ((select actor.may_write()) and (organisation_id = (select actor.authority())
        or (peer_id = (select actor.authority()) and state in ('certified', 'moderated'))))
    with check ((select actor.may_write() and (actor.holds('la_editor') or actor.holds('la_certifier')))
        and (organisation_id = (select actor.authority()) or peer_id = (select actor.authority())));

-- While people still answer, they see their own answers and the certifier sees all; then the whole authority does.
create policy capacity_response_read on public.capacity_response for select to touchstone_app
    using (respondent_id = (select actor.person_id())
        or exists (select from public.capacity_assessment c
            where c.id = assessment_id and (c.state not in ('opened', 'in_progress') or c.organisation_id <> coalesce((select actor.authority()), c.id)
                or (select actor.holds('la_certifier')))));
create policy capacity_response_add on public.capacity_response for insert to touchstone_app
    with check (respondent_id = (select actor.person_id())
        and (select actor.may_write() and (actor.holds('la_editor') or actor.holds('la_certifier')))
        and exists (select from public.capacity_assessment c
            where c.id = assessment_id and c.organisation_id = (select actor.authority())));
create policy capacity_level_read on public.capacity_level for select to touchstone_app
    using (exists (select from public.capacity_assessment c where c.id = assessment_id));
create policy capacity_level_add on public.capacity_level for insert to touchstone_app
    with check (agreed_by = (select actor.person_id()) and (select actor.may_write() and actor.holds('la_certifier'))
        and exists (select from public.capacity_assessment c
            where c.id = assessment_id and c.organisation_id = (select actor.authority())));

-- 6. Follow-ups: the authority's, the case team's, auditors'.
grant select on public.follow_up, public.follow_up_value, public.follow_up_reminder to touchstone_app;
grant update (running, funder, coverage_pct, staff_retained, capacity_kept, comment, answered_by, answers, reason, state,
        last_event, transition_seq, version)
    on public.follow_up to touchstone_app;
grant insert (follow_up_id, answer, indicator_code, period, value, missing_reason, source) on public.follow_up_value to touchstone_app;

do $$
declare
    seen constant text := $e$(
        organisation_id = (select actor.authority())
        or exists (select from public.bid b where b.id = bid_id
            and (b.round_id = any ((select actor.case_rounds())::uuid[]) or b.id = any ((select actor.case_bids())::uuid[])))
        or (select actor.role()) = 'auditor')$e$;
begin
    execute format('create policy follow_up_read on public.follow_up for select to touchstone_app using %s', seen);
    execute format($p$create policy follow_up_change on public.follow_up for update to touchstone_app
        using ((select actor.may_write()) and %1$s)
        with check ((select actor.may_write()) and %1$s
            and (select actor.holds('la_editor') or actor.holds('la_certifier') or actor.holds('programme_officer')))$p$, seen);
end
$$;
create policy follow_up_value_read on public.follow_up_value for select to touchstone_app
    using (exists (select from public.follow_up f where f.id = follow_up_id));
create policy follow_up_value_add on public.follow_up_value for insert to touchstone_app
    with check ((select actor.may_write() and (actor.holds('la_editor') or actor.holds('la_certifier')))
        and exists (select from public.follow_up f where f.id = follow_up_id and f.organisation_id = (select actor.authority())));
create policy follow_up_reminder_read on public.follow_up_reminder for select to touchstone_app
    using (exists (select from public.follow_up f where f.id = follow_up_id));

-- 7. Dissemination: everybody signed in reads it, officers and What Works record it.
grant select on public.dissemination, public.dissemination_delivery, public.dissemination_reach, public.dissemination_outcome
    to touchstone_app;
grant insert (id, practice_id, kind, title, audience_roles, planned_on, planned_by) on public.dissemination to touchstone_app;
grant insert (dissemination_id, delivered_on, attendance, cost, recorded_by) on public.dissemination_delivery to touchstone_app;
grant insert (dissemination_id, organisation_id) on public.dissemination_reach to touchstone_app;
grant insert (dissemination_id, surveyed, using_it, note, recorded_by) on public.dissemination_outcome to touchstone_app;
do $$
declare
    it text;
    own text;
begin
    for it, own in select * from (values ('dissemination', 'planned_by'), ('dissemination_delivery', 'recorded_by'),
            ('dissemination_reach', null), ('dissemination_outcome', 'recorded_by')) as v loop
        execute format('create policy %1$s_read on public.%1$I for select to touchstone_app using ((select actor.person_id()) is not null)', it);
        execute format($p$create policy %1$s_add on public.%1$I for insert to touchstone_app
            with check ((select actor.may_write() and (actor.holds('programme_officer') or actor.holds('reviewer') or actor.holds('review_lead')))%2$s)$p$,
            it, case when own is not null then format(' and %I = (select actor.person_id())', own) else '' end);
    end loop;
end
$$;

-- 8. The clock: ratings come up for review, assessments are locked, follow-ups open and end.
grant select (id, state, next_review_on, transition_seq, version), update (reason, state, last_event, transition_seq, version)
    on public.evidence_rating to touchstone_worker;
create policy evidence_rating_clock_read on public.evidence_rating for select to touchstone_worker using (state in ('agreed', 'review_needed'));
create policy evidence_rating_clock on public.evidence_rating for update to touchstone_worker
    using (state = 'agreed') with check (state = 'review_needed');
grant select (id, state, certified_at, transition_seq, version), update (state, last_event, transition_seq, version)
    on public.capacity_assessment to touchstone_worker;
create policy capacity_assessment_clock_read on public.capacity_assessment for select to touchstone_worker
    using (state in ('certified', 'moderated', 'locked'));
create policy capacity_assessment_clock on public.capacity_assessment for update to touchstone_worker
    using (state in ('certified', 'moderated')) with check (state = 'locked');
grant select (id, state, opens_on, due_on, transition_seq, version), update (state, last_event, transition_seq, version)
    on public.follow_up to touchstone_worker;
grant select on public.follow_up_reminder to touchstone_worker;
create policy follow_up_clock_read on public.follow_up for select to touchstone_worker using (true);
create policy follow_up_clock on public.follow_up for update to touchstone_worker
    using (state in ('scheduled', 'open')) with check (state in ('open', 'no_response'));
create policy follow_up_reminder_clock on public.follow_up_reminder for select to touchstone_worker using (true);
