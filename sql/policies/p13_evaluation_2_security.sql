-- Who may touch which row of evaluations, plans, reviews and reports (visibility.md): the authority its own, the case team, the
-- appointed evaluator, review leads who are independent of both, reviewers what they are to review, auditors all of it.
-- What is approved or published, everybody reads in schema published.

select workflow.close_tables(array[
    'public.evaluation_design', 'public.evaluation_comparator', 'public.rubric', 'public.rubric_anchor',
    'public.rubric_criterion'], fenced => false);
select workflow.close_tables(array[
    'public.evaluation', 'public.evaluation_plan', 'public.evaluation_plan_section', 'public.evaluation_plan_submission',
    'public.evaluation_plan_version', 'public.evaluation_plan_outcome', 'public.plan_amendment', 'public.evaluation_comment',
    'public.evaluation_answer', 'public.evaluation_registration', 'public.review', 'public.conflict_declaration',
    'public.conflict_ruling', 'public.review_score', 'public.review_item', 'public.review_item_closure',
    'public.review_note', 'public.adjudication', 'public.evaluation_report', 'public.evaluation_report_section',
    'public.evaluation_report_submission', 'public.evaluation_report_version', 'public.report_result',
    'public.report_omission', 'public.report_flow', 'public.report_arm', 'public.report_balance',
    'public.report_deviation', 'public.report_cost', 'public.publication_delay', 'public.pressure_flag']);

-- 1. Words.
grant select on public.evaluation_design, public.evaluation_comparator, public.rubric, public.rubric_anchor,
    public.rubric_criterion to touchstone_app, touchstone_worker, touchstone_reader;

-- 2. The objects themselves: that they are, and where they stand.
grant select on public.evaluation, public.evaluation_plan, public.evaluation_report to touchstone_app;
grant update (title, evaluator_id, contract_ref, report_due, appointed_by, first_data_collection_planned,
        first_data_collection_actual, unblinded_on, version) on public.evaluation to touchstone_app;
grant update (submission, content_hash, independence_declared, independence_note, decision_reason, abandon_reason, lessons,
        state, last_event, transition_seq, version) on public.evaluation_plan to touchstone_app;
grant insert (id, reference, evaluation_id, plan_id, award_id, bid_id, organisation_id, kind, title, state, last_event,
        created_by),
    update (title, submission, content_hash, direction, signed_off_by, planned_on, delay_reason, delay_text, delay_until,
        decision_reason, correction_note, withdrawal_reason, url, doi, state, last_event, transition_seq, version)
    on public.evaluation_report to touchstone_app;

do $$
declare
    -- The department's case team and auditors, by the bid.
    team constant text := $e$exists (select from public.bid b where b.id = bid_id and (
        b.round_id = any ((select actor.case_rounds())::uuid[]) or b.id = any ((select actor.case_bids())::uuid[])))$e$;
    known constant text := format($e$(organisation_id = (select actor.authority())
        or bid_id = any ((select actor.evaluated_bids())::uuid[]) or bid_id = any ((select actor.led_bids())::uuid[])
        or bid_id = any ((select actor.reviewed_bids())::uuid[]) or %s)$e$, team);
    mine constant text := $e$(bid_id = any ((select actor.evaluated_bids())::uuid[]))$e$;
    leads constant text := $e$(bid_id = any ((select actor.led_bids())::uuid[]))$e$;
    authority constant text := $e$(organisation_id = (select actor.authority())
        and (select actor.holds('la_editor') or actor.holds('la_certifier')))$e$;
begin
    execute format('create policy evaluation_read on public.evaluation for select to touchstone_app using %s', known);
    execute format('create policy evaluation_plan_read on public.evaluation_plan for select to touchstone_app using %s', known);
    execute format('create policy evaluation_report_read on public.evaluation_report for select to touchstone_app using %s', known);
    execute format($p$create policy evaluation_change on public.evaluation for update to touchstone_app
        using ((select actor.may_write()) and %1$s)
        with check ((select actor.may_write()) and (%2$s or ((select actor.holds('programme_officer')) and %3$s)))$p$,
        known, mine, team);
    execute format($p$create policy evaluation_plan_change on public.evaluation_plan for update to touchstone_app
        using ((select actor.may_write()) and %1$s)
        with check ((select actor.may_write()) and (%2$s or %3$s or %4$s
            or ((select actor.holds('senior_officer_responsible')) and %5$s)))$p$, known, mine, leads, authority, team);
    execute format($p$create policy evaluation_report_change on public.evaluation_report for update to touchstone_app
        using ((select actor.may_write()) and %1$s)
        with check ((select actor.may_write()) and (%2$s or %3$s or %4$s
            or ((select actor.holds('senior_officer_responsible') or actor.holds('programme_officer')) and %5$s)))$p$,
        known, mine, leads, authority, team);
    execute format($p$create policy evaluation_report_add on public.evaluation_report for insert to touchstone_app
        with check ((select actor.may_write()) and created_by = (select actor.person_id()) and %s)$p$, mine);
end
$$;

-- 3. Drafts: the evaluator's own. The authority reads a plan from the moment it is asked to comment, a report while it checks
-- facts; so does the department with a report. Auditors always.
grant select on public.evaluation_plan_section, public.evaluation_report_section to touchstone_app;
grant insert (plan_id, section, content, edited_by, edited_at), update (content, version, edited_by, edited_at)
    on public.evaluation_plan_section to touchstone_app;
grant insert (report_id, section, content, edited_by, edited_at), update (content, version, edited_by, edited_at)
    on public.evaluation_report_section to touchstone_app;

create policy evaluation_plan_section_read on public.evaluation_plan_section for select to touchstone_app
    using (exists (
        select from public.evaluation_plan p
        where p.id = plan_id and (p.bid_id = any ((select actor.evaluated_bids())::uuid[])
            or (select actor.role()) = 'auditor'
            or (p.organisation_id = (select actor.authority()) and p.state not in ('not_started', 'drafting', 'amended')))));
create policy evaluation_report_section_read on public.evaluation_report_section for select to touchstone_app
    using (exists (
        select from public.evaluation_report p
        where p.id = report_id and (p.bid_id = any ((select actor.evaluated_bids())::uuid[])
            or (select actor.role()) = 'auditor'
            or (p.state = 'la_fact_check'
                and (p.organisation_id = (select actor.authority()) or (select actor.department()) is not null)))));

-- 4. What was submitted: also the case team, review leads, and the reviewers of that submission. Its rows go with it.
grant select on public.evaluation_plan_submission, public.evaluation_report_submission to touchstone_app;
grant insert (plan_id, number, content, canonical_text, content_hash, submitted_by) on public.evaluation_plan_submission to touchstone_app;
grant insert (report_id, number, content, canonical_text, content_hash, note, submitted_by)
    on public.evaluation_report_submission to touchstone_app;
grant select on public.evaluation_plan_version, public.evaluation_plan_outcome, public.evaluation_report_version,
    public.report_result, public.report_omission, public.report_flow, public.report_arm, public.report_balance,
    public.report_deviation, public.report_cost, public.publication_delay to touchstone_app;

do $$
declare
    it record;
begin
    for it in select * from (values ('evaluation_plan', 'plan_id'), ('evaluation_report', 'report_id')) v (subject, key) loop
        execute format($p$create policy %1$s_section_add on public.%1$s_section for insert to touchstone_app
            with check ((select actor.may_write()) and edited_by = (select actor.person_id()) and exists (
                select from public.%1$I p where p.id = %2$I and p.bid_id = any ((select actor.evaluated_bids())::uuid[])))$p$,
            it.subject, it.key);
        execute format($p$create policy %1$s_section_change on public.%1$s_section for update to touchstone_app
            using ((select actor.may_write()) and exists (
                select from public.%1$I p where p.id = %2$I and p.bid_id = any ((select actor.evaluated_bids())::uuid[])))
            with check ((select actor.may_write()) and edited_by = (select actor.person_id()))$p$, it.subject, it.key);
        execute format($p$create policy %1$s_submission_read on public.%1$s_submission for select to touchstone_app
            using (actor.may_read_submission(%2$I, number) or exists (
                select from public.%1$I p
                where p.id = %2$I and (p.organisation_id = (select actor.authority()) or (select actor.department()) is not null
                    or (select actor.role()) = 'auditor' or p.bid_id = any ((select actor.evaluated_bids())::uuid[])
                    or p.bid_id = any ((select actor.led_bids())::uuid[]))))$p$, it.subject, it.key);
        execute format($p$create policy %1$s_submission_add on public.%1$s_submission for insert to touchstone_app
            with check ((select actor.may_write()) and submitted_by = (select actor.person_id()) and exists (
                select from public.%1$I p where p.id = %2$I and p.bid_id = any ((select actor.evaluated_bids())::uuid[])))$p$,
            it.subject, it.key);
        -- What is approved or published: whoever knows of the object.
        execute format($p$create policy %1$s_version_read on public.%1$s_version for select to touchstone_app
            using (exists (select from public.%1$I p where p.id = %2$I))$p$, it.subject, it.key);
    end loop;
    for it in select * from unnest(array['report_result', 'report_omission', 'report_flow', 'report_arm', 'report_balance',
                                         'report_deviation', 'report_cost']) v (name) loop
        execute format($p$create policy %1$s_read on public.%1$I for select to touchstone_app
            using (exists (select from public.evaluation_report_submission s
                where s.report_id = %1$I.report_id and s.number = %1$I.submission))$p$, it.name);
    end loop;
end
$$;
create policy evaluation_plan_outcome_read on public.evaluation_plan_outcome for select to touchstone_app
    using (exists (select from public.evaluation_plan p where p.id = plan_id));
create policy publication_delay_read on public.publication_delay for select to touchstone_app
    using (exists (select from public.evaluation_report p where p.id = report_id));

-- 5. What was said about it: the authority, the case team, the evaluator, review leads, auditors. Not reviewers, who judge
-- the text alone.
grant select on public.evaluation_comment, public.evaluation_answer, public.plan_amendment, public.evaluation_registration
    to touchstone_app;
grant insert (id, plan_id, report_id, section, body, made_by, organisation_id) on public.evaluation_comment to touchstone_app;
grant insert (id, comment_id, body, answered_by) on public.evaluation_answer to touchstone_app;
grant insert (id, plan_id, number, reason, before_unblinding, opened_by) on public.plan_amendment to touchstone_app;
grant insert (id, plan_id, registry, registry_id, registered_on, url, recorded_by) on public.evaluation_registration to touchstone_app;

create policy evaluation_comment_read on public.evaluation_comment for select to touchstone_app
    using (exists (
        select from public.evaluation_plan p
        where p.id = plan_id and ((select actor.role()) <> 'what_works' or p.bid_id = any ((select actor.led_bids())::uuid[])))
        or exists (
        select from public.evaluation_report p
        where p.id = report_id and ((select actor.role()) <> 'what_works' or p.bid_id = any ((select actor.led_bids())::uuid[]))));
create policy evaluation_comment_add on public.evaluation_comment for insert to touchstone_app
    with check ((select actor.may_write()) and made_by = (select actor.person_id())
        and organisation_id = (select actor.organisation_id())
        and (((select actor.holds('la_editor') or actor.holds('la_certifier')) and (
                exists (select from public.evaluation_plan p where p.id = plan_id and p.organisation_id = (select actor.authority()))
                or exists (select from public.evaluation_report p where p.id = report_id and p.organisation_id = (select actor.authority()))))
            or ((select actor.holds('programme_officer'))
                and exists (select from public.evaluation_report p where p.id = report_id))));
create policy evaluation_answer_read on public.evaluation_answer for select to touchstone_app
    using (exists (select from public.evaluation_comment c where c.id = comment_id));
create policy evaluation_answer_add on public.evaluation_answer for insert to touchstone_app
    with check ((select actor.may_write() and actor.holds('evaluation_author')) and answered_by = (select actor.person_id())
        and exists (select from public.evaluation_comment c where c.id = comment_id));
create policy plan_amendment_read on public.plan_amendment for select to touchstone_app
    using (exists (select from public.evaluation_plan p where p.id = plan_id));
create policy plan_amendment_add on public.plan_amendment for insert to touchstone_app
    with check ((select actor.may_write()) and opened_by = (select actor.person_id()) and exists (
        select from public.evaluation_plan p where p.id = plan_id and p.bid_id = any ((select actor.evaluated_bids())::uuid[])));
create policy evaluation_registration_read on public.evaluation_registration for select to touchstone_app
    using (exists (select from public.evaluation_plan p where p.id = plan_id));
create policy evaluation_registration_add on public.evaluation_registration for insert to touchstone_app
    with check ((select actor.may_write()) and recorded_by = (select actor.person_id()) and exists (
        select from public.evaluation_plan p where p.id = plan_id and p.bid_id = any ((select actor.evaluated_bids())::uuid[])));

-- 6. Reviews. Who reviews is known to the reviewer, the review lead and auditors, and to the other reviewer when both are final:
-- never to the authority, the evaluator or the department. Scores are blind in the same way.
grant select on public.review, public.conflict_declaration, public.conflict_ruling, public.review_score, public.review_item,
    public.review_item_closure, public.review_note, public.adjudication to touchstone_app;
grant insert (id, reference, kind, evaluation_id, plan_id, report_id, bid_id, organisation_id, reviewer_id, is_third,
        rubric_version, due_on, invited_by, state, last_event),
    update (due_on, reason, state, last_event, transition_seq, version) on public.review to touchstone_app;
grant insert (id, review_id, bid_id, person_id, answer, kinds, detail) on public.conflict_declaration to touchstone_app;
grant insert (id, declaration_id, outcome, reason, ruled_by) on public.conflict_ruling to touchstone_app;
grant insert (id, review_id, criterion, value, rationale, recorded_by) on public.review_score to touchstone_app;
grant insert (id, review_id, kind, criterion, body, made_by) on public.review_item to touchstone_app;
grant insert (item_id, note, closed_by) on public.review_item_closure to touchstone_app;
grant insert (id, review_id, body, made_by) on public.review_note to touchstone_app;
grant insert (id, plan_id, report_id, criterion, value, reason, decided_by) on public.adjudication to touchstone_app;

create policy review_read on public.review for select to touchstone_app
    using (reviewer_id = (select actor.person_id()) or bid_id = any ((select actor.led_bids())::uuid[])
        or (select actor.role()) = 'auditor' or id = any ((select actor.peer_reviews())::uuid[]));
create policy review_add on public.review for insert to touchstone_app
    with check ((select actor.may_write()) and invited_by = (select actor.person_id())
        and bid_id = any ((select actor.led_bids())::uuid[]));
create policy review_change on public.review for update to touchstone_app
    using ((select actor.may_write()) and (reviewer_id = (select actor.person_id()) or bid_id = any ((select actor.led_bids())::uuid[])))
    with check ((select actor.may_write()) and (bid_id = any ((select actor.led_bids())::uuid[])
        or (reviewer_id = (select actor.person_id()) and (select actor.holds('reviewer')))));

create policy conflict_declaration_read on public.conflict_declaration for select to touchstone_app
    using (person_id = (select actor.person_id()) or bid_id = any ((select actor.led_bids())::uuid[])
        or (select actor.role()) = 'auditor');
create policy conflict_declaration_add on public.conflict_declaration for insert to touchstone_app
    with check ((select actor.may_write() and actor.holds('reviewer')) and person_id = (select actor.person_id())
        and exists (select from public.review r where r.id = review_id and r.reviewer_id = (select actor.person_id())));
create policy conflict_ruling_read on public.conflict_ruling for select to touchstone_app
    using (exists (select from public.conflict_declaration d where d.id = declaration_id));
create policy conflict_ruling_add on public.conflict_ruling for insert to touchstone_app
    with check ((select actor.may_write()) and ruled_by = (select actor.person_id()) and exists (
        select from public.conflict_declaration d where d.id = declaration_id and d.bid_id = any ((select actor.led_bids())::uuid[])));

create policy review_score_read on public.review_score for select to touchstone_app using (actor.may_read_scores_of(review_id));
create policy review_item_read on public.review_item for select to touchstone_app using (actor.may_read_scores_of(review_id));
create policy review_item_closure_read on public.review_item_closure for select to touchstone_app
    using (exists (select from public.review_item i where i.id = item_id));
-- Confidential: whoever wrote it, the review lead, auditors.
create policy review_note_read on public.review_note for select to touchstone_app
    using (made_by = (select actor.person_id()) or (select actor.role()) = 'auditor' or exists (
        select from public.review r where r.id = review_id and r.bid_id = any ((select actor.led_bids())::uuid[])));
create policy adjudication_read on public.adjudication for select to touchstone_app
    using ((select actor.role()) = 'auditor' or exists (
        select from public.review r
        where coalesce(r.plan_id, r.report_id) = coalesce(adjudication.plan_id, adjudication.report_id)
            and r.submission = adjudication.submission and (r.bid_id = any ((select actor.led_bids())::uuid[])
                or (r.reviewer_id = (select actor.person_id()) and r.state = 'final'))));

do $$
declare
    it record;
begin
    for it in select * from (values ('review_score', 'recorded_by'), ('review_item', 'made_by'), ('review_note', 'made_by')) v (name, who) loop
        execute format($p$create policy %1$s_add on public.%1$I for insert to touchstone_app
            with check ((select actor.may_write() and actor.holds('reviewer')) and %2$I = (select actor.person_id())
                and exists (select from public.review r where r.id = review_id and r.reviewer_id = (select actor.person_id())))$p$,
            it.name, it.who);
    end loop;
end
$$;
create policy review_item_closure_add on public.review_item_closure for insert to touchstone_app
    with check ((select actor.may_write()) and closed_by = (select actor.person_id()) and exists (
        select from public.review_item i join public.review r on r.id = i.review_id
        where i.id = item_id and r.bid_id = any ((select actor.led_bids())::uuid[])));
create policy adjudication_add on public.adjudication for insert to touchstone_app
    with check ((select actor.may_write()) and decided_by = (select actor.person_id()) and (
        exists (select from public.evaluation_plan p where p.id = plan_id and p.bid_id = any ((select actor.led_bids())::uuid[]))
        or exists (select from public.evaluation_report p where p.id = report_id and p.bid_id = any ((select actor.led_bids())::uuid[]))));

-- 7. Pressure: whoever reports it, the senior officer responsible, auditors.
grant select on public.pressure_flag to touchstone_app;
grant insert (id, report_id, body, flagged_by) on public.pressure_flag to touchstone_app;
create policy pressure_flag_read on public.pressure_flag for select to touchstone_app
    using (flagged_by = (select actor.person_id()) or (select actor.role()) = 'auditor'
        or ((select actor.holds('senior_officer_responsible')) and exists (
            select from public.evaluation_report p where p.id = report_id)));
create policy pressure_flag_add on public.pressure_flag for insert to touchstone_app
    with check ((select actor.may_write()) and flagged_by = (select actor.person_id()) and exists (
        select from public.evaluation_report p
        where p.id = report_id and (p.bid_id = any ((select actor.evaluated_bids())::uuid[])
            or p.bid_id = any ((select actor.led_bids())::uuid[]))));

-- 8. The clock begins evaluations whose start has come, and publishes reports on their day. Nothing else.
grant select (id, evaluation_id, bid_id, state, transition_seq, version), update (state, last_event, transition_seq, version)
    on public.evaluation_plan to touchstone_worker;
grant select (id, evaluation_id, bid_id, state, planned_on, transition_seq, version),
    update (state, last_event, transition_seq, version) on public.evaluation_report to touchstone_worker;
grant select (id, bid_id, first_data_collection_planned, first_data_collection_actual) on public.evaluation to touchstone_worker;
create policy evaluation_clock_read on public.evaluation for select to touchstone_worker using (true);
create policy evaluation_plan_clock_read on public.evaluation_plan for select to touchstone_worker
    using (state in ('registered', 'active'));
create policy evaluation_plan_clock on public.evaluation_plan for update to touchstone_worker
    using (state = 'registered') with check (state = 'active');
create policy evaluation_report_clock_read on public.evaluation_report for select to touchstone_worker
    using (state in ('publication_scheduled', 'published'));
create policy evaluation_report_clock on public.evaluation_report for update to touchstone_worker
    using (state = 'publication_scheduled') with check (state = 'published');
