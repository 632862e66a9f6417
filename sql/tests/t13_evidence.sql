-- Evidence into decisions: ratings rest on all that is published, decisions cite it and are flagged when it changes, adoption is
-- declared and verified apart, capacity has something to show, silence stays in the denominator.
begin;
\ir fixture.psql
\ir fixture_evaluation.psql
\ir fixture_evidence.psql
select no_plan();

-- 1. A practice card.
select lives_ok($$ select probe.publish_trial('1', 'author.b', 'editor1', array['rev1', 'rev2']) $$, 'a trial is published');
select lives_ok($$ select probe.add_practice('practice', array['bid1']) $$, 'a card is written, checked by somebody else, published');
select is(probe.try('officer.r', format($$update public.practice set summary = 'other', version = version + 1 where id = %L$$, probe.id('practice'))), 'TS009', 'a published card is fixed');
select is((select content ->> 'name' from public.practice_version where practice_id = probe.id('practice') and number = 1), 'Practice practice', 'and kept as it was published');
select is(probe.try('editor3', format($$insert into public.practice (id, reference, name, originator_id, last_editor_id, created_by) values (gen_random_uuid(), public.next_reference('PRA'), 'X', %L, %L, %L)$$,
    probe.id('la1'), probe.id('editor3'), probe.id('editor3'))), '42501', 'an authority writes no card of another''s practice');
select is(probe.value(null, 'select name from published.practice'), 'Practice practice', 'the public reads the card');
select is(probe.value(null, 'select count(*) from public.practice'), '0', 'and nothing else');

-- 2. Ratings. Proposer, panel, authors and reviewers are different people.
select probe.new('rating');
select is(probe.try('rev1', probe.open_rating_sql('rating', 'practice', 'rev1')), '1', 'a reviewer opens a rating');
select probe.must('rater', probe.open_rating_sql('rating', 'practice', 'rater'));
select is(probe.try('rev1', probe.propose_sql('rating', 'rev1')), 'SOD_RV_RT', 'whoever reviewed the protocol does not rate');
select is(probe.try('rev3', probe.propose_sql('rating', 'rev3')), 'SOD_PE_RT', 'nor whoever reviewed the report');
select is(probe.try('rater', probe.move_sql('public.evidence_rating', 'rating', 'propose', 'proposed', format('proposed_by = %L', probe.id('rater')))), 'TS002', 'a proposal is complete');
select probe.must('rater', probe.propose_sql('rating', 'rater'));
select is((select count(*)::integer from public.evidence_rating_report where rating_id = probe.id('rating')), 1, 'it rests on every published report');
select is((select sms from public.evidence_rating_report where rating_id = probe.id('rating')), 5, 'with what each achieved');
select is((select count(*)::integer from workflow.duty_performed where duty = 'RT' and person_id = probe.id('rater') and case_id = probe.id('bid1')), 1, 'the duty stands in the ledger of the case');
select is(probe.try('rater.b', probe.move_sql('public.evidence_rating', 'rating', 'send_to_panel', 'panel')), 'TS007', 'by whoever proposed it');
select probe.must('rater', probe.move_sql('public.evidence_rating', 'rating', 'send_to_panel', 'panel'));
select is(probe.try('panel1', probe.move_sql('public.evidence_rating', 'rating', 'agree', 'agreed')), 'TS002', 'nobody agrees without votes');
select is(probe.try('rater', probe.vote_sql('rating', 'rater')), 'whoever proposed a rating is not on its panel', 'the proposer has no vote');
select is(probe.try('panel1', probe.vote_sql('rating', 'panel1', 'two')), 'TS011', 'a vote is for what is proposed');
select probe.must('panel1', probe.vote_sql('rating', 'panel1'));
select is(probe.try('panel1', probe.move_sql('public.evidence_rating', 'rating', 'agree', 'agreed')), 'TS002', 'one of two is not enough');
select is(probe.try('panel1', probe.vote_sql('rating', 'panel1')), '23505', 'and one person votes once');
select is(probe.value('editor3', 'select count(*) from public.evidence_rating'), '0', 'an authority sees no rating in hand');
select probe.must('panel2', probe.vote_sql('rating', 'panel2'));
select is(probe.try('panel2', probe.move_sql('public.evidence_rating', 'rating', 'agree', 'agreed', 'sms = 3')), 'TS009', 'what is agreed is what was proposed');
select probe.must('panel2', probe.move_sql('public.evidence_rating', 'rating', 'agree', 'agreed'));
select is(probe.value(null, 'select level || sms || direction from published.rating'), '35positive', 'the rating is public');
select is((select next_review_on from public.evidence_rating where id = probe.id('rating')), (public.london_today() + interval '24 months')::date, 'and is looked at again in two years');
select is(probe.try('rater', format('update public.evidence_rating_report set sms = 1 where rating_id = %L', probe.id('rating'))), '42501', 'what it rests on is not edited');

-- 3. Decisions: cited evidence, sufficiency, separate people.
select probe.decision_up_to('decision', 'practice', 'pack');
select is((select string_agg(kind, ',' order by kind) from public.decision_evidence where decision_id = probe.id('decision')), 'rating,report', 'the pack lists every published report and the rating');
select is(probe.refusal('officer.r', probe.recommend_sql('decision', 'officer.r')),
    'TS015 EVIDENCE uncited: A recommendation cites at least one item of the evidence pack.', 'a decision with no citation is refused');
select is(probe.try('officer.r', probe.cite_sql('decision', 'officer.r') || ';' || probe.recommend_sql('decision', 'officer.r', 'scale', ', sufficient = false')), '42501', 'whether it suffices is the database''s to say');
select is(probe.try('officer.r', probe.cite_sql('decision', 'officer.r') || ';' || probe.recommend_sql('decision', 'officer.r', 'scale', probe.override_sql())), 'TS002', 'no override for nothing');
select probe.must('officer.r', probe.cite_sql('decision', 'officer.r') || ';' || probe.recommend_sql('decision', 'officer.r'));
select is((select concat_ws(' ', level_at_decision, sms_at_decision, sufficient, rating_id = probe.id('rating')) from public.adoption_decision where id = probe.id('decision')), '3 5 t t', 'the rating at the decision is stored');
select is(probe.try('officer.r', format('update public.adoption_decision set recommendation = ''stop'', version = version + 1 where id = %L', probe.id('decision'))), 'TS009', 'a recommendation is not edited');
select is(probe.try('approver', probe.move_sql('public.adoption_decision', 'decision', 'approve', 'approved', format('decided_by = %L', probe.id('approver.r')))), 'TS007', 'nobody signs for somebody else');
select probe.must('approver.r', probe.move_sql('public.adoption_decision', 'decision', 'approve', 'approved', format('decided_by = %L', probe.id('approver.r'))));
select is(probe.value(null, 'select count(*) from published.decision'), '0', 'approved is not yet announced');
select probe.must('senior.r', probe.move_sql('public.adoption_decision', 'decision', 'announce', 'announced'));
select is(probe.value(null, 'select recommendation || level_at_decision from published.decision'), 'scale3', 'the decision log is public');
select is(probe.value(null, 'select string_agg(kind || coalesce('':'' || bearing, ''''), '','' order by kind) from published.decision_evidence'), 'rating,report:supports', 'with all that was on the table');
select is((select string_agg(duty, ',' order by duty) from workflow.duty_performed where case_id = probe.id('bid1') and person_id in (probe.id('officer.r'), probe.id('approver.r'))), 'AD,RO', 'both duties stand in the ledger');
-- Whoever recommends does not approve; whoever managed the award does not recommend alone.
select probe.decision_up_to('decision.both', 'practice', 'recommended');
insert into public.capacity (id, person_id, role, code, valid_from) values (gen_random_uuid(), probe.id('officer.r'), 'department', 'approver', public.london_today() - 1);
select is(probe.try('officer.r', probe.move_sql('public.adoption_decision', 'decision.both', 'approve', 'approved', format('decided_by = %L', probe.id('officer.r')))), 'TS007', 'approval needs its capacity with a second factor');
insert into auth.totp (person_id, sealed, confirmed_at) values (probe.id('officer.r'), '\x00', now());
select is(probe.try('officer.r', probe.move_sql('public.adoption_decision', 'decision.both', 'approve', 'approved', format('decided_by = %L', probe.id('officer.r')))), 'SOD_RO_AD', 'whoever recommended does not approve');
insert into workflow.duty_performed (id, case_id, person_id, duty) values (gen_random_uuid(), probe.id('bid1'), probe.id('officer.r'), 'VC');
select is(probe.try('approver.r', probe.move_sql('public.adoption_decision', 'decision.both', 'approve', 'approved', format('decided_by = %L', probe.id('approver.r')))), 'TS015', 'whoever managed the award is not the sole recommender');
select is(probe.try('officer.r', format('update public.adoption_decision set seconded_by = %L, version = version + 1 where id = %L', probe.id('officer.r'), probe.id('decision.both'))), 'the second is somebody else, who did not manage the award', 'nobody seconds themselves');
select probe.must('officer.s', format('update public.adoption_decision set seconded_by = %L, version = version + 1 where id = %L', probe.id('officer.s'), probe.id('decision.both')));
select is(probe.try('approver.r', probe.move_sql('public.adoption_decision', 'decision.both', 'approve', 'approved', format('decided_by = %L', probe.id('approver.r')))), '1', 'with a second it is approved');

-- 4. Scenario 17: a decision to scale while the practice is rated NL2.
select probe.add_practice('weak', array['bid2']);
select probe.new('rating.none');
select is(probe.refusal('rater', probe.open_rating_sql('rating.none', 'weak', 'rater')), 'done', 'a rating may be opened before anything is published');
select probe.decision_up_to('early', 'weak', 'pack');
select is(probe.try('officer.r', probe.cite_sql('early', 'officer.r') || ';' || probe.recommend_sql('early', 'officer.r')), 'TS015', 'nothing is published, so nothing can be cited');
select probe.publish_trial('2', 'author.b', 'editor2', array['rev1', 'rev2'], '{"design": {"design": "rct_individual", "comparator": "none"}}');
select probe.rate('rating.weak', 'weak', 'NL2');
select is((select sms from public.evidence_rating_report where rating_id = probe.id('rating.weak')), 1, 'without a comparison group a study is of strength 1');
select probe.must('officer.r', probe.move_sql('public.adoption_decision', 'early', 'assemble', 'evidence_pack'));
select is(probe.refusal('officer.r', probe.cite_sql('early', 'officer.r') || ';' || probe.recommend_sql('early', 'officer.r')),
    'TS015 EVIDENCE short: The evidence falls short of what scaling needs. Recommend something else, or override with a reason, the evidence that will follow and a stop rule.', 'scaling on NL2 is refused');
select is(probe.try('officer.r', probe.cite_sql('early', 'officer.r') || ';' || probe.recommend_sql('early', 'officer.r', 'test_further')), '1', 'testing further is not');
select is(probe.try('officer.r', probe.cite_sql('early', 'officer.r') || ';' || probe.recommend_sql('early', 'officer.r', 'scale', ', override = true, override_reason = ''Families cannot wait for the report.''')), 'TS002', 'an override without stop rule is refused');
select probe.must('officer.r', probe.cite_sql('early', 'officer.r') || ';' || probe.recommend_sql('early', 'officer.r', 'scale', probe.override_sql()));
select is((select concat_ws(' ', level_at_decision, sufficient, override) from public.adoption_decision where id = probe.id('early')), 'NL2 f t', 'with an override it is recorded, and so is that the evidence was short');

-- 5. Evidence that changes flags what rests on it.
select is((select count(*)::integer from public.decision_flag where decision_id = probe.id('decision')), 0, 'nothing has changed yet');
select probe.must('author.b', probe.write_report_sql('report1', 'author.b', '{"methods": {"limitations": "One country and two years"}}'));
select probe.must('author.b', probe.report_submission_sql('report1', 'author.b', 'propose_correction', 'published', '{"methods": {"limitations": "One country and two years"}}', note => 'A limitation was missing.'));
select probe.must('lead', probe.step_sql('report1', 'correct', 'corrected', 'correction_note = ''A limitation was missing.'''));
select is((select state from public.evidence_rating where id = probe.id('rating')), 'review_needed', 'a corrected report puts the rating up for review');
select is((select string_agg(cause, ',' order by cause) from public.decision_flag where decision_id = probe.id('decision')), 'rating_review,report_corrected', 'and flags the decision that cites it');
select isnt(probe.value(null, format('select evidence_changed_at from published.decision where decision_id = %L', probe.id('decision'))), null, 'which the public sees');
select is((select count(*)::integer > 0 from public.outbox where event = 'adoption_decision.evidence_changed'), true, 'and the officers are told');
select is(probe.try('approver.r', probe.move_sql('public.adoption_decision', 'decision.both', 'approve', 'approved', format('decided_by = %L', probe.id('approver.r')))), 'TS015', 'what waits for approval must be assembled anew');
select probe.must('officer.r', probe.move_sql('public.adoption_decision', 'decision', 'review', 'reviewed', 'review_outcome = ''The correction changes nothing that we rely on.'''));
select is(probe.value(null, format('select evidence_changed_at from published.decision where decision_id = %L', probe.id('decision'))), null, 'a review answers the flag');
select probe.rate('rating.2', 'practice', '3+');
select is((select state from public.evidence_rating where id = probe.id('rating')), 'superseded', 'the new rating supersedes the old');
select is((select cause from public.decision_flag where decision_id = probe.id('decision') order by at desc limit 1), 'rating_changed', 'and the decision is flagged again');
select is((select replicated from public.evidence_rating where id = probe.id('rating.2')), false, 'one positive study is no replication');

-- 6. Adoption.
select probe.new('adoption');
create function probe.declare_adoption_sql(key text, who text, la text) returns text language sql as $$
    select format('insert into public.la_adoption (id, reference, practice_id, organisation_id, declared_by) values (%L, public.next_reference(''ADO''), %L, %L, %L)', probe.id(key), probe.id('practice'), probe.id(la), probe.id(who)) $$;
select is(probe.try('certifier1', probe.declare_adoption_sql('adoption', 'certifier1', 'la3')), '42501', 'the originator declares nothing for another authority');
select is(probe.try('certifier1', probe.declare_adoption_sql('adoption', 'certifier1', 'la1')), 'TS009', 'nor itself');
select is(probe.try('editor3', probe.declare_adoption_sql('adoption', 'editor3', 'la3')), 'TS007', 'an editor does not certify');
select probe.must('certifier3', probe.declare_adoption_sql('adoption', 'certifier3', 'la3'));
select is(probe.try('certifier3', probe.move_sql('public.la_adoption', 'adoption', 'pilot', 'adopted_pilot', format('declared_by = %L', probe.id('certifier3')))), 'TS002', 'since when and how far is said');
select probe.must('certifier3', probe.move_sql('public.la_adoption', 'adoption', 'adopt', 'adopted_full', format('declared_by = %L, started_on = public.london_today() - 100, coverage_pct = 60', probe.id('certifier3'))));
select is(probe.try('certifier3', probe.move_sql('public.la_adoption', 'adoption', 'sustain', 'sustained', format('declared_by = %L, funding_ended_on = public.london_today() - 30', probe.id('certifier3')))), 'TS008', 'a year after the money, not a month');
select is(probe.value(null, 'select state || coalesce(verified_by, '' not verified'') from published.adoption'), 'adopted_full not verified', 'declared is not verified');
create function probe.verify_sql(who text, org text, kind text, state text default 'adopted_full') returns text language sql as $$
    select format('insert into public.adoption_verification (id, adoption_id, state, kind, verified_by, organisation_id, note) values (gen_random_uuid(), %L, %L, %L, %L, %L, ''We visited.'')', probe.id('adoption'), state, kind, probe.id(who), probe.id(org)) $$;
select is(probe.try('certifier3', probe.verify_sql('certifier3', 'la3', 'originator')), 'nobody verifies what they declared themselves', 'nobody verifies their own declaration');
select is(probe.try('certifier2', probe.verify_sql('certifier2', 'la2', 'originator')), 'TS007', 'nor does a third authority verify');
select is(probe.try('certifier1', probe.verify_sql('certifier1', 'la1', 'originator', 'sustained')), 'TS002', 'only what is declared');
select probe.must('certifier1', probe.verify_sql('certifier1', 'la1', 'originator'));
select is(probe.value(null, 'select state || verified_by from published.adoption'), 'adopted_fulloriginator', 'verified by the originator');
select is((select count(*)::integer from public.adoption_statement where adoption_id = probe.id('adoption')), 2, 'each statement is kept');

-- 7. Capacity. An award's beginning opens a baseline; nothing without something to show.
select is(probe.try('editor3', format('select public.open_capacity_baseline(%L)', probe.id('award1'))), '1', 'whoever activates calls it; it looks at the award, not at the caller');
select probe.must('officer.r', format('select public.open_capacity_baseline(%L)', probe.id('award1')));
select probe.must('officer.r', format('select public.open_capacity_baseline(%L)', probe.id('award1')));
select is((select count(*)::integer from public.capacity_assessment where organisation_id = probe.id('la1') and wave = 'baseline'), 1, 'one baseline, however often it is asked for');
insert into probe.known select 'capacity', id from public.capacity_assessment where organisation_id = probe.id('la1');
create function probe.answer_sql(who text, level integer, team text, evidence text default 'The policy of 2025 says so') returns text language sql as $$
    select format('insert into public.capacity_response (id, assessment_id, dimension, level, evidence, team, respondent_id) select gen_random_uuid(), %L, r.dimension, %s, %L, %L, %L from public.capacity_rubric r where r.version = 1', probe.id('capacity'), level, evidence, team, probe.id(who)) $$;
create function probe.certify_sql(who text, level integer, but text default '') returns text language sql as $$
    select format('insert into public.capacity_level (assessment_id, certification, dimension, level, evidence, agreed_by) select %1$L, c.transition_seq + 1, r.dimension, %2$s, ''The policy of 2025 says so'', %3$L from public.capacity_rubric r, public.capacity_assessment c where c.id = %1$L and r.version = 1 and r.dimension <> %4$L;', probe.id('capacity'), level, probe.id(who), but)
        || probe.move_sql('public.capacity_assessment', 'capacity', 'certify', 'certified', format('certified_by = %L', probe.id(who))) $$;
select is(probe.try('editor1', probe.answer_sql('editor1', 2, 'Analysis')), 'TS009', 'answers come once it is in progress');
select probe.must('editor1', probe.move_sql('public.capacity_assessment', 'capacity', 'begin', 'in_progress'));
select is(probe.try('editor1', probe.answer_sql('editor1', 2, 'Analysis', '')), '23514', 'no level without evidence');
select is(probe.try('editor1', probe.answer_sql('editor1', 3, 'Analysis', 'We do it')), '23514', 'a high level needs more than a word');
select is(probe.try('officer', probe.answer_sql('officer', 2, 'Department')), '42501', 'the department cannot edit');
select probe.must('editor1', probe.answer_sql('editor1', 2, 'Analysis'));
select is(probe.try('certifier1', probe.certify_sql('certifier1', 2)), 'TS002', 'one voice is too few');
select probe.must('certifier1', probe.answer_sql('certifier1', 3, ' analysis'));
select is(probe.try('certifier1', probe.certify_sql('certifier1', 2)), 'TS002', 'two of one team too');
select probe.must('both1', probe.answer_sql('both1', 3, 'Social work'));
select is(probe.value('both1', 'select count(distinct respondent_id) from public.capacity_response'), '3', 'a certifier sees all answers');
select is(probe.value('editor1', 'select count(distinct respondent_id) from public.capacity_response'), '1', 'an editor their own while others answer');
select is(probe.try('certifier1', probe.certify_sql('certifier1', 4)), 'TS002', 'no level beyond what was answered');
select is(probe.try('certifier1', probe.certify_sql('certifier1', 2, 'costing')), 'TS002', 'every dimension has one');
select probe.must('certifier1', probe.certify_sql('certifier1', 3));
select is(probe.value('editor2', 'select count(*) from public.capacity_assessment'), '0', 'another authority does not see it');
select is(probe.value('editor2', 'select count(*) from public.capacity_by_region()'), '0', 'nor a region of one');
select is(probe.value('officer', 'select count(*) from public.capacity_level'), '8', 'the case team sees it');
select is(probe.value('reviewer', 'select count(*) from public.capacity_assessment'), '0', 'What Works does not');
select is(probe.try('editor1', probe.answer_sql('editor1', 2, 'Analysis')), 'TS009', 'certified is certified');
select probe.must('certifier1', format('update public.capacity_assessment set peer_id = %L, version = version + 1 where id = %L', probe.id('la3'), probe.id('capacity')));
select is(probe.value('certifier3', 'select count(*) from public.capacity_level'), '8', 'the peer that was asked reads it');
select is(probe.try('certifier1', probe.move_sql('public.capacity_assessment', 'capacity', 'moderate', 'moderated', format('moderated_by = %L, moderation_note = ''We looked at the documents.''', probe.id('certifier1')))), 'TS007', 'nobody moderates their own');
select probe.must('certifier3', probe.move_sql('public.capacity_assessment', 'capacity', 'moderate', 'moderated', format('moderated_by = %L, moderation_note = ''We looked at the documents.''', probe.id('certifier3'))));

-- 8. Follow-up: armed at the close, reminded three times, silence counted. Scenario 19.
select is(probe.try('officer.r', format('select public.plan_follow_ups(%L)', probe.id('award1'))), 'TS002', 'not before the close');
set local session_replication_role = replica;
update public.award set state = 'closed', closed_at = now() - interval '25 months' where id = probe.id('award1');
set local session_replication_role = origin;
select probe.must('officer.r', format('select public.plan_follow_ups(%L)', probe.id('award1')));
select probe.must('officer.r', format('select public.plan_follow_ups(%L)', probe.id('award1')));
select is((select string_agg(months::text, ',' order by months) from public.follow_up where award_id = probe.id('award1')), '6,12,24,36', 'four, once');
insert into probe.known select 'follow' || months, id from public.follow_up where award_id = probe.id('award1');
select is(probe.try(null, probe.move_sql('public.follow_up', 'follow36', 'open', 'open'), 'touchstone_worker'), 'TS008', 'not before its day');
select is(probe.try(null, probe.move_sql('public.follow_up', 'follow24', 'open', 'open'), 'touchstone_worker', false), '1', 'the clock opens it');
select is(probe.try(null, probe.move_sql('public.follow_up', 'follow24', 'give_up', 'no_response'), 'touchstone_worker'), 'TS008', 'no silence before three reminders');
select is(probe.value(null, 'select public.remind_of_follow_ups() > 0', 'touchstone_worker'), 'true', 'the first reminder goes out');
select is(probe.value(null, 'select public.remind_of_follow_ups()', 'touchstone_worker'), '0', 'once');
set local session_replication_role = replica;
insert into public.follow_up_reminder select probe.id('follow24'), n, now() - interval '15 days' from generate_series(2, 3) n;
update public.follow_up_reminder set at = now() - interval '15 days';
set local session_replication_role = origin;
select is(probe.value(null, 'select public.remind_of_follow_ups()', 'touchstone_worker'), '0', 'there is no fourth');
select is(probe.try(null, probe.move_sql('public.follow_up', 'follow24', 'give_up', 'no_response'), 'touchstone_worker', false), '1', 'then silence is recorded');
select is(probe.try('editor2', probe.move_sql('public.follow_up', 'follow24', 'answer', 'returned', format('running = ''yes'', answers = 1, answered_by = %L', probe.id('editor2')))), '0', 'another authority answers nothing');
select probe.must('editor1', probe.move_sql('public.follow_up', 'follow24', 'answer', 'returned', format('running = ''partly'', answers = 1, answered_by = %L', probe.id('editor1'))));
select is(probe.try('certifier1', format('update public.follow_up set running = ''yes'', version = version + 1 where id = %L', probe.id('follow24'))), 'TS009', 'an answer is not edited');
select probe.must('officer', probe.move_sql('public.follow_up', 'follow24', 'accept', 'accepted'));

-- 9. The chain, both ways, as whoever asks.
create function probe.chain(who text, kind text, object text, way text) returns text language sql as $$
    select probe.value(who, format($f$
        with recursive walk (kind, id, distance) as (
            select %1$L::text, %2$L::uuid, 0
            union select n.kind, n.id, w.distance + 1 from walk w cross join lateral (
                select e.to_kind as kind, e.to_id as id from public.chain_edge e where e.from_kind = w.kind and e.from_id = w.id and %3$L = 'after'
                union all select e.from_kind, e.from_id from public.chain_edge e where e.to_kind = w.kind and e.to_id = w.id and %3$L = 'before') n where w.distance < 10)
        select string_agg(distinct n.kind, ',' order by n.kind) from walk w join public.chain_node n on n.kind = w.kind and n.id = w.id$f$, kind, probe.id(object), way)) $$;
select is(probe.chain('officer', 'award', 'award1', 'after'), 'adoption_decision,award,evaluation,evaluation_report,evidence_rating,follow_up,la_adoption,outcome,practice', 'from an award to what changed');
select is(probe.chain('officer', 'la_adoption', 'adoption', 'before'), 'adoption_decision,award,bid,evaluation,evaluation_report,evidence_rating,la_adoption,practice', 'and from an adoption back to the bid');
select is(probe.chain('editor2', 'award', 'award1', 'after'), null, 'nobody sees the start of what is not theirs');
select is(probe.chain('admin', 'practice', 'practice', 'after') like '%la_adoption%', false, 'an administrator sees no adoption');

select * from finish();
rollback;
