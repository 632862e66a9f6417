-- Evaluations, reviews and reports: who may do what and who sees whom, each refusal by its code; reviewers independent and
-- blind; a plan frozen, amended and re-armed; a report that keeps its promises and cannot be withheld.
begin;
\ir fixture.psql
\ir fixture_evaluation.psql
select no_plan();

-- People who also have a token for reading only; nothing may be accepted of it.
create temp table reading as select unnest(array['author', 'lead', 'rev1', 'rev2', 'editor1', 'certifier1', 'sor']) as who;
select probe.add_session(who || '.reads', who, 'read') from reading;
-- Everybody of whom a statement is accepted, where {me} stands for whoever tries it. Everybody else is refused, whatever the code.
create function probe.who_may(statement text) returns text language sql as $$
    select coalesce(string_agg(t.token, ' ' order by t.token), 'nobody')
    from probe.known k join public.person p on p.id = k.id
    cross join lateral (select k.key as token union all select k.key || '.reads' where k.key in (select who from reading)) t
    where p.state = 'active' and probe.try(t.token, replace(statement, '{me}', k.id::text)) ~ '^[1-9]\d{0,2}$' $$;
-- Everybody who is shown rows of a query.
create function probe.who_sees(query text) returns text language sql as $$
    select coalesce(string_agg(k.key, ' ' order by k.key), 'nobody')
    from probe.known k join public.person p on p.id = k.id
    where p.state = 'active' and probe.value(k.key, 'select count(*) from ' || query) ~ '^[1-9]\d{0,2}$' $$;
-- A transition as a statement, with its columns signed by whoever tries.
create function probe.who_moves(object text, event text, to_state text, more text default '') returns text language sql as $$
    select probe.who_may(probe.step_sql(object, event, to_state, more)) $$;

-- 1. An evaluation is planned with its award, once.
select is(probe.try('officer', format('select public.plan_evaluation(%L)', gen_random_uuid())), 'TS002', 'no award, no evaluation');
select is(probe.try('auditor', format('select public.plan_evaluation(%L)', probe.id('award1'))), 'TS007', 'an auditor plans nothing');
select is(probe.try(null, format('select public.plan_evaluation(%L)', probe.id('award1'))), 'TS007', 'nor does nobody');
select is(probe.milestone('award1', 'protocol_approved'), 'f the department, to bring the award into force', 'the gate is closed before there is an evaluation');
select is(probe.milestone('award1', 'none'), 't', 'no milestone is met');
select probe.plan('award1', 'plan1', 'eval');
select is(probe.try('officer', format('select public.plan_evaluation(%L)', probe.id('award1'))), '1', 'planning again is harmless');
select is((select count(*)::integer from public.evaluation), 1, 'and changes nothing');
select results_eq(format('select inception_due - public.london_today(), protocol_due - public.london_today(), registration_status, is_self_evaluation from public.evaluation where id = %L', probe.id('plan1.evaluation')),
    $$ values (30, 90, 'unregistered', false) $$, 'inception is due after 30 days, the protocol after 90');
select is(probe.who_may('insert into public.evaluation (id) values (gen_random_uuid())'), 'nobody', 'nobody plans one by hand');
select is(probe.who_may(format('insert into public.evaluation_plan (id, reference, evaluation_id, award_id, bid_id, organisation_id) values (gen_random_uuid(), ''EPL-2026-0001'', %L, %L, %L, %L)',
    gen_random_uuid(), probe.id('award2'), probe.id('bid2'), probe.id('la2'))), 'nobody', 'nor a plan');

-- Who evaluates.
select is(probe.who_may(replace(probe.appoint_sql('plan1', 'eval2', 'admin'), probe.id('admin')::text, '{me}')), 'manyhats officer officer2', 'programme officers appoint');
select is(probe.try('officer', probe.appoint_sql('plan1', 'eval2', 'officer2')), 'TS007', 'in their own name');
select is(probe.try('officer', probe.appoint_sql('plan1', 'dep', 'officer')), 'TS009', 'a department does not evaluate');
select is(probe.try('officer', probe.appoint_sql('plan1', 'la2', 'officer')), 'TS009', 'nor another authority');
select is(probe.try('officer', probe.appoint_sql('plan1', 'ww', 'officer')), '1', 'a What Works centre may');
select is(probe.try('officer', probe.dates_sql('plan1', 'is_self_evaluation = true')), '42501', 'nobody marks a self-evaluation: it is one or it is not');
select is(probe.try('author', probe.dates_sql('plan1', 'registration_status = ''pre_registered''')), '42501', 'nobody types a registration status');
select is(probe.who_may(probe.dates_sql('plan1', 'first_data_collection_planned = public.london_today() + 20')), 'author author.b', 'dates are the author''s');
select is(probe.try('author', probe.dates_sql('plan1', 'first_data_collection_actual = public.london_today() + 1')), 'TS008', 'what began is not in the future');
select is(probe.try('author', 'update public.evaluation set version = version + 2'), 'TS002', 'versions go up by one');
select is(probe.act('officer', probe.appoint_sql('plan1', 'la1', 'officer')), '1', 'the authority may evaluate itself');
select is((select is_self_evaluation from public.evaluation where id = probe.id('plan1.evaluation')), true, 'and is marked for it');
select is(probe.act('officer', probe.appoint_sql('plan1', 'eval', 'officer')), '1', 'an independent evaluator');
select is((select is_self_evaluation from public.evaluation where id = probe.id('plan1.evaluation')), false, 'is not');
select ok(auth.role_fits('what_works', 'evaluator') and auth.role_fits('local_authority', 'evaluator') and not auth.role_fits('department', 'evaluator'), 'people of a What Works centre or an authority may be evaluators, of a department not');

-- 2. The plan is drafted by the appointed evaluator.
select is(probe.who_moves('plan1', 'start', 'drafting', 'independence_declared = true'), 'author author.b', 'the appointed evaluator''s authors start');
select alike(probe.refusal('author', probe.step_sql('plan1', 'start', 'drafting')), 'TS002 GUARD independence_declared%', 'who declare that they are independent');
select is(probe.try('author', probe.write_plan_sql('plan1', 'author') || ';select 1'), 'TS009', 'nothing is written before the start');
select probe.step('author', 'plan1', 'start', 'drafting', 'independence_declared = true');
select is(probe.who_may(replace(probe.write_sql('evaluation_plan', 'plan1', 'admin', '{"overview": {}}') || ';select 1', probe.id('admin')::text, '{me}')), 'author author.b', 'sections are theirs');
select is(probe.try('author', probe.write_plan_sql('plan1', 'author.b') || ';select 1'), '42501', 'in their own name');
select alike(probe.refusal('author', probe.step_sql('plan1', 'send_for_comment', 'la_comment')), 'TS002 GUARD plan_complete%', 'a plan without sections is not sent');
select probe.must('author', probe.write_plan_sql('plan1', 'author') || ';select 1');
select is(probe.try('author', format('update public.evaluation_plan_section set content = ''{"a": 1}'', edited_by = %L, version = 1 where plan_id = %L and section = ''context''', probe.id('author'), probe.id('plan1'))), 'TS002', 'a stale version');
select is(probe.try('editor1', format('select 1 from public.evaluation_plan_section where plan_id = %L', probe.id('plan1'))), '0', 'the authority does not read the draft yet');
select is(probe.try('author', format('update public.evaluation_plan set submission = 1, version = version + 1 where id = %L', probe.id('plan1'))), 'TS009', 'no part of a plan changes beside its steps');
select is(probe.try('author', format('update public.evaluation_plan set approved_version = 1, version = version + 1 where id = %L', probe.id('plan1'))), '42501', 'nobody types an approval');
select is(probe.try('author', probe.submission_sql('plan1', 'author', 'submit', 'submitted')), 'TS002', 'a plan is not submitted before the authority was asked');
create function probe.comment_sql(key text, what text, object text) returns text language sql as $$
    select format($f$insert into public.evaluation_comment (id, %s, body, made_by, organisation_id) select %L, %L, 'The sample is not ours.', p.id, p.organisation_id from public.person p where p.id = '{me}'$f$,
        what, coalesce(probe.id(key), gen_random_uuid()), probe.id(object)) $$;
select is(probe.try('editor1', replace(probe.comment_sql('none', 'plan_id', 'plan1'), '{me}', probe.id('editor1')::text)), 'TS008', 'nobody comments before they are asked');
select is(probe.who_moves('plan1', 'send_for_comment', 'la_comment'), 'author author.b', 'the author sends it to the authority');
select probe.step('author', 'plan1', 'send_for_comment', 'la_comment');
select is(probe.milestone('award1', 'protocol_approved'), 'f the local authority', 'it is the authority''s turn');

-- The authority comments; every comment is answered; it has its say or its time is over.
select is(probe.who_may(probe.comment_sql('none', 'plan_id', 'plan1')), 'both1 certifier1 editor1', 'editors and certifiers of the authority comment');
select is(probe.try('editor1', replace(probe.comment_sql('none', 'plan_id', 'plan1'), '{me}', probe.id('certifier1')::text)), '42501', 'in their own name');
select is(probe.who_sees(format('public.evaluation_plan_section where plan_id = %L', probe.id('plan1'))), 'auditor author author.b both1 certifier1 editor1 reader1 users1', 'the authority reads what it is asked about; the department not yet');
select alike(probe.refusal('author', probe.submission_sql('plan1', 'author', 'submit', 'submitted')), 'TS002 GUARD comments_answered: The authority may still comment%', 'the authority is waited for');
select probe.new('comment1');
select probe.must('editor1', replace(probe.comment_sql('comment1', 'plan_id', 'plan1'), '{me}', probe.id('editor1')::text));
select is((select round from public.evaluation_comment where id = probe.id('comment1')), 1, 'a comment is on what is to be submitted next');
select is(probe.who_moves('plan1', 'finish_comments', 'la_comment'), 'both1 certifier1 editor1', 'the authority says that it is done');
select probe.step('certifier1', 'plan1', 'finish_comments', 'la_comment');
select is(probe.milestone('award1', 'protocol_approved'), 'f the evaluator', 'then it is the evaluator''s turn');
select alike(probe.refusal('author', probe.submission_sql('plan1', 'author', 'submit', 'submitted')), 'TS002 GUARD comments_answered: Every comment needs an answer.', 'no comment stays without an answer');
select is(probe.who_may(format($$insert into public.evaluation_answer (id, comment_id, body, answered_by) values (gen_random_uuid(), %L, 'We asked them.', '{me}')$$, probe.id('comment1'))), 'author author.b', 'authors answer');
select probe.must('author', format($$insert into public.evaluation_answer (id, comment_id, body, answered_by) values (gen_random_uuid(), %L, 'We asked them.', %L)$$, probe.id('comment1'), probe.id('author')));
select is(probe.try('author', format('update public.evaluation_comment set body = ''x'' where id = %L', probe.id('comment1'))), '42501', 'comments are facts');

-- What is submitted is what was drafted, with its digest.
select alike(probe.refusal('author', probe.submission_sql('plan1', 'author', 'submit', 'submitted', '{"context": {"risks": "Other"}}')), 'TS011%', 'not another text than the draft');
select alike(probe.refusal('author', replace(probe.submission_sql('plan1', 'author', 'submit', 'submitted'), 'sha256(', 'sha256(''x''::bytea || ')), 'TS011%', 'nor another digest');
select is(probe.try('author', probe.step_sql('plan1', 'submit', 'submitted', 'submission = submission + 1, content_hash = sha256(''x'')')), 'TS011', 'nor nothing');
select is(probe.try('author', split_part(probe.submission_sql('plan1', 'author', 'submit', 'submitted'), ';', 1) || '; set constraints all immediate'), 'TS009', 'nor a submission that is not one');
select is(probe.who_may(replace(probe.submission_sql('plan1', 'admin', 'submit', 'submitted'), probe.id('admin')::text, '{me}')), 'author author.b', 'authors submit');
select is(probe.try('author', probe.submission_sql('plan1', 'author', 'submit', 'submitted') || '; set constraints all immediate; select 1'), '1', 'and it holds at the end');
select is(probe.try('author', probe.submission_sql('plan1', 'author.b', 'submit', 'submitted')), '42501', 'in their own name');
select is(probe.who_may(format($$update public.evaluation_plan_section set content = '{"risks": "Ours"}', edited_by = '{me}', version = version + 1 where plan_id = %L and section = 'context'$$, probe.id('plan1'))), 'author author.b', 'whoever reads a draft does not write in it');
select is(probe.who_may(format('update public.evaluation_plan set version = version + 1 where id = %L', probe.id('plan1'))), 'author author.b both.ww2 both1 certifier1 editor1 lead lead.b lead.ww2 sor', 'nor touches the plan, who has no part in it');
select is(probe.who_may(format('update public.evaluation set version = version + 1 where id = %L', probe.id('plan1.evaluation'))), 'author author.b manyhats officer officer2', 'nor the evaluation');
select alike(probe.refusal('author', probe.write_plan_sql('plan1', 'author', it) || ';' || probe.submission_sql('plan1', 'author', 'submit', 'submitted', it)), 'TS002 GUARD plan_complete%', why)
from (values ('{"outcomes": {"primary": []}}'::jsonb, 'a plan without a primary outcome'),
    ('{"outcomes": {"secondary": [{"code": "P1", "name": "x", "instrument": "x", "timePoint": "x", "beneficial": "lower"}]}}', 'two outcomes of one code'),
    ('{"outcomes": {"secondary": [{"code": "S1", "name": "x", "indicatorCode": "NO_SUCH", "timePoint": "x", "beneficial": "lower"}]}}', 'an indicator that nobody knows'),
    ('{"outcomes": {"secondary": [{"code": "S1", "name": "x", "instrument": "x", "timePoint": "x"}]}}', 'an outcome without a better side'),
    ('{"overview": {"stage": "never"}}', 'an unknown stage'), ('{"design": {"design": "magic"}}', 'an unknown design'), ('{"design": {"comparator": "nobody"}}', 'an unknown comparator')) v (it, why);
select probe.must('author', probe.submission_sql('plan1', 'author', 'submit', 'submitted'));
select is(probe.try('author', probe.write_sql('evaluation_plan', 'plan1', 'author', '{"context": {"risks": "Later"}}') || ';select 1'), 'TS009', 'what was submitted is not edited');
select is(probe.milestone('award1', 'protocol_approved'), 'f the What Works review lead', 'it is the review lead''s turn');
select is(probe.who_sees(format('public.evaluation_plan_submission where plan_id = %L', probe.id('plan1'))),
    'appraiser1 appraiser2 approver approver2 approver3 auditor author author.b both.ww2 both1 certifier1 editor1 finance lead lead.b lead.ww2 manyhats officer officer2 reader1 sor users1',
    'the authority, the case team, the evaluator, review leads and auditors read the submission; reviewers not yet')
;

-- 3. Reviewers: independent of the evaluator and the recipient, invited by a lead who is too.
create function probe.invite(reviewer text, who text default 'lead', subject text default 'plan1') returns text language sql as $$
    select probe.refusal(who, probe.invite_sql('none', subject, reviewer, who)) $$;
select probe.new('none');
select is(probe.who_may(replace(probe.invite_sql('none', 'plan1', 'rev1', 'admin'), probe.id('admin')::text, '{me}')), 'both.ww2 lead lead.b lead.ww2', 'review leads invite');
select alike(probe.refusal('lead', probe.invite_sql('none', 'plan1', 'rev1', 'lead.b')), 'TS007%', 'in their own name');
select alike(probe.invite('panel'), 'TS007%', 'reviewers only');
select is(probe.try('lead', replace(probe.invite_sql('none', 'plan1', 'rev1', 'lead'), 'public.next_reference(''REV'')', '''REV-2026-9999''')), 'TS009', 'under a reference that was given out');
select alike(probe.invite('lead.b'), 'TS007%', 'not another lead');
select alike(probe.invite('both.ww2', 'both.ww2'), 'TS003 SOD_RL_RV%', 'nobody invites themselves');
select is(probe.invite('both.ww2'), 'done', 'whoever is both may review for another lead');
select is(probe.act('lead', replace(probe.invite_sql('none', 'plan1', 'rev1', 'lead'), '''protocol'' as kind', '''report'' as kind')), 'TS009', 'a review of a plan is of its protocol');
select is(probe.try('lead', replace(probe.invite_sql('none', 'plan1', 'rev1', 'lead'), 's.bid_id, s.organisation_id', quote_literal(probe.id('bid2')) || ', s.organisation_id')), 'TS009', 'and of its case');
-- Organisations, whoever they are. The operator holds every capacity, so only the rule stands in the way.
create function probe.invite_as_operator(reviewer text) returns text language sql as $$
    select probe.try(null, probe.invite_sql('none', 'plan1', reviewer, 'lead'), 'touchstone_owner') $$;
select is(probe.invite_as_operator('rev1'), '1', 'the operator may, too');
do $$ begin perform probe.add_person('rev.eval', 'eval', 'what_works', '{reviewer}'); perform probe.add_person('rev.la', 'la1', 'what_works', '{reviewer}'); end $$;
select is(probe.invite_as_operator('rev.eval'), 'INDEPENDENCE evaluator', 'not from the evaluator''s organisation');
select is(probe.invite_as_operator('rev.la'), 'INDEPENDENCE recipient', 'not from the recipient''s');
insert into workflow.duty_performed (id, case_id, person_id, duty) values (gen_random_uuid(), probe.id('bid1'), probe.id('rev5'), 'RL');
select alike(probe.invite('rev5'), 'TS003 SOD_RL_RV%', 'not who has led the review of this case');

select probe.new('r1'), probe.new('r2');
select probe.must('lead', probe.invite_sql('r1', 'plan1', 'rev1', 'lead'));
select alike(probe.invite('rev1'), '23505%review_once%', 'once for each submission');
select is((select due_on from public.review where id = probe.id('r1')), public.after_working_days(public.london_today(), 20), 'due in twenty working days');
select is(probe.who_sees(format('public.review where id = %L', probe.id('r1'))), 'auditor both.ww2 lead lead.b lead.ww2 rev1', 'who reviews is known to the reviewer, review leads and auditors');
select is(probe.try('officer', probe.appoint_sql('plan1', 'ww', 'officer')), 'TS009', 'the evaluator does not change under review');
select is(probe.who_moves('r1', 'accept', 'accepted'), 'rev1', 'only the invited person accepts');
select is(probe.who_moves('r1', 'decline', 'declined', 'reason = ''I have no time before the summer.'''), 'rev1', 'or declines');
select alike(probe.refusal('rev1', probe.step_sql('r1', 'decline', 'declined')), 'TS002 GUARD reason_given%', 'with a reason');
select probe.step('rev1', 'r1', 'accept', 'accepted');

-- Interests first: nothing is shown before.
select is(probe.try('rev1', 'select 1 from public.evaluation_plan_submission'), '0', 'the text is not shown before interests are declared');
select is(probe.try('rev1', 'select 1 from public.evaluation_plan'), '1', 'but whose it is, so that interests can be declared');
select alike(probe.refusal('rev1', probe.step_sql('r1', 'check_interests', 'coi_checked')), 'TS002 GUARD interests_clear%', 'a declaration is asked for');
select is(probe.who_may(replace(probe.declare_sql('r1', 'admin'), probe.id('admin')::text, '{me}')), 'rev1', 'one''s own');
select is(probe.try('rev1', replace(probe.declare_sql('r1', 'rev1'), 'r.bid_id', quote_literal(probe.id('bid2')))), 'TS009', 'about this case');
select is(probe.try('rev1', replace(probe.declare_sql('r1', 'rev1', 'declared'), 'We wrote a paper together in 2025.', 'short')), '23514', 'with what it is');
-- An interest that is declared at once locks the review until it is ruled on.
select probe.new('d0');
select is(probe.try('rev1', probe.declare_sql('r1', 'rev1', 'declared') || ';' || probe.step_sql('r1', 'check_interests', 'coi_checked')), 'TS002', 'who declared an interest does not go on');
select is(probe.try('rev1', probe.step_sql('r1', 'declare_interest', 'locked')), 'TS002', 'a review is not locked without a word');
select is(probe.try('rev1', probe.declare_sql('r1', 'rev1', 'declared') || ';' || probe.step_sql('r1', 'declare_interest', 'locked')), '1', 'it waits for the lead');
select probe.must('rev1', probe.declare_sql('r1', 'rev1'));
select is(probe.who_sees(format('public.conflict_declaration where review_id = %L', probe.id('r1'))), 'auditor both.ww2 lead lead.b lead.ww2 rev1', 'declarations are for review leads and auditors');
select is(probe.who_moves('r1', 'check_interests', 'coi_checked'), 'both.ww2 lead lead.b lead.ww2 rev1', 'the reviewer or a lead goes on');
select is(probe.try('lead', 'update public.setting set value = ''99'' where code = ''conflict_months'''), '42501', 'nobody makes declarations immortal');
update public.setting set value = '-1' where code = 'conflict_months';
select alike(probe.refusal('rev1', probe.step_sql('r1', 'check_interests', 'coi_checked')), 'TS002 GUARD interests_clear%', 'a declaration ages');
update public.setting set value = '12' where code = 'conflict_months';
select probe.step('rev1', 'r1', 'check_interests', 'coi_checked');
select is(probe.try('rev1', 'select 1 from public.evaluation_plan_submission'), '1', 'now the text is shown');
select is(probe.try('rev1', 'select 1 from public.evaluation_plan_section'), '0', 'and not the draft');
select is(probe.try('rev1', 'select 1 from public.evaluation_comment'), '0', 'nor what the authority said');

-- The review begins when two are clear.
select alike(probe.refusal('rev1', probe.step_sql('r1', 'begin', 'in_progress')), 'TS002 GUARD under_review%', 'not before the lead has begun it');
select alike(probe.refusal('lead', probe.step_sql('plan1', 'begin_review', 'in_review')), 'TS002 GUARD two_reviewers_clear%', 'one reviewer is not two');
select probe.must('lead', probe.invite_sql('r2', 'plan1', 'rev2', 'lead'));
select alike(probe.refusal('lead', probe.step_sql('plan1', 'begin_review', 'in_review')), 'TS002 GUARD two_reviewers_clear%', 'nor is one who has not accepted');
select probe.step('rev2', 'r2', 'accept', 'accepted');
select probe.must('rev2', probe.declare_sql('r2', 'rev2'));
select probe.step('rev2', 'r2', 'check_interests', 'coi_checked');
select is(probe.who_moves('plan1', 'begin_review', 'in_review'), 'both.ww2 lead lead.b lead.ww2', 'a review lead begins');
insert into workflow.duty_performed (id, case_id, person_id, duty) values (gen_random_uuid(), probe.id('bid1'), probe.id('lead.b'), 'RT');
select is(probe.try('lead.b', probe.step_sql('plan1', 'begin_review', 'in_review')), 'SOD_RT_RL', 'not one who has rated the evidence');
select probe.step('lead', 'plan1', 'begin_review', 'in_review');
select is(probe.milestone('award1', 'protocol_approved'), 'f the What Works reviewers', 'it is the reviewers'' turn');

-- Scores: the reviewer's own, on the rubric, blind.
select is(probe.who_moves('r1', 'begin', 'in_progress'), 'rev1', 'reviewers begin their own');
select probe.step('rev1', 'r1', 'begin', 'in_progress'), probe.step('rev2', 'r2', 'begin', 'in_progress');
select is(probe.who_may(replace(probe.score_sql('r1', 'admin'), probe.id('admin')::text, '{me}')), 'rev1', 'and score their own');
select is(probe.try('rev1', format('insert into public.review_score (id, review_id, criterion, value, recorded_by) values (gen_random_uuid(), %L, ''charm'', 4, %L)', probe.id('r1'), probe.id('rev1'))), 'TS009', 'on the rubric');
select is(probe.try('rev1', format('insert into public.review_score (id, review_id, criterion, value, recorded_by) values (gen_random_uuid(), %L, ''capacity'', 4, %L)', probe.id('r1'), probe.id('rev1'))), 'TS009', 'where it has a weight');
select is(probe.try('rev1', format('insert into public.review_score (id, review_id, criterion, value, recorded_by) values (gen_random_uuid(), %L, ''design'', 5, %L)', probe.id('r1'), probe.id('rev1'))), '23514', 'from 0 to 4');
select is(probe.who_may(format('update public.review set version = version + 1 where id = %L', probe.id('r1'))), 'both.ww2 lead lead.b lead.ww2 rev1', 'whoever has no part in a review does not touch it');
select alike(probe.refusal('rev1', probe.step_sql('r1', 'submit', 'submitted')), 'TS002 GUARD review_complete%Missing: Question and theory of change, Strength of the design,%', 'and all of it');
select probe.must('rev1', probe.score_sql('r1', 'rev1', 4, '{"cost": 1}'));
select is(probe.who_may(format($$insert into public.review_note (id, review_id, body, made_by) values (gen_random_uuid(), %L, 'Between us.', '{me}')$$, probe.id('r1'))), 'rev1', 'notes are the reviewer''s own');
select is(probe.who_may(format($$insert into public.review_item (id, review_id, kind, criterion, body, made_by) values (gen_random_uuid(), %L, 'must_fix', 'cost', 'Say what it costs.', '{me}')$$, probe.id('r1'))), 'rev1', 'points are the reviewer''s own');
select probe.new('item1'), probe.new('item2');
select probe.must('rev1', format($$insert into public.review_item (id, review_id, kind, criterion, body, made_by) values (%L, %L, 'must_fix', 'cost', 'canary: say what it costs.', %L)$$, probe.id('item1'), probe.id('r1'), probe.id('rev1')));
select probe.must('rev1', format($$insert into public.review_note (id, review_id, body, made_by) values (gen_random_uuid(), %L, 'canary: between us, they are slow.', %L)$$, probe.id('r1'), probe.id('rev1')));
select is(probe.who_sees(format('public.review_score where review_id = %L', probe.id('r1'))), 'auditor rev1', 'a review in hand is read by its reviewer; not even by the lead');
select probe.step('rev1', 'r1', 'submit', 'submitted');
select is((select string_agg(duty, ',') from workflow.duty_performed where person_id = probe.id('rev1')), 'RV', 'whoever reviewed a protocol has reviewed it');
select is(probe.who_sees(format('public.review_score where review_id = %L', probe.id('r1'))), 'auditor both.ww2 lead lead.b lead.ww2 rev1', 'once handed in also by the lead');
select is(probe.who_moves('r1', 'finalise', 'final'), 'both.ww2 lead lead.ww2', 'a lead makes it final, but not one who rated');
select alike(probe.refusal('lead', probe.step_sql('r1', 'ask_to_clarify', 'clarification')), 'TS002 GUARD reason_given%', 'or asks a question, which is said');
select probe.step('lead', 'r1', 'ask_to_clarify', 'clarification', 'reason = ''What do you mean by cost?''');
select is(probe.who_moves('r1', 'clarify', 'submitted'), 'rev1', 'that the reviewer answers');
select probe.step('rev1', 'r1', 'clarify', 'submitted');
select probe.step('lead', 'r1', 'finalise', 'final');
select is(probe.try('rev1', probe.score_sql('r1', 'rev1', 0)), 'TS009', 'what is final is not scored again');
select is(probe.try('rev1', format($$insert into public.review_item (id, review_id, kind, body, made_by) values (gen_random_uuid(), %L, 'must_fix', 'One more thing.', %L)$$, probe.id('r1'), probe.id('rev1'))), 'TS009', 'nor gets another point');
select is(probe.try('rev1', format($$insert into public.review_note (id, review_id, body, made_by) values (gen_random_uuid(), %L, 'One more thing.', %L)$$, probe.id('r1'), probe.id('rev1'))), 'TS009', 'nor another note');
-- Blindness: the first is final, the second in hand.
select is(probe.try('rev2', format('select 1 from public.review where id = %L', probe.id('r1'))), '0', 'the second reviewer does not see that there is a first');
select is(probe.try('rev2', format('select 1 from public.review_score where review_id = %L', probe.id('r1'))), '0', 'nor their scores');
select is(probe.try('rev2', format('select 1 from public.review_item where review_id = %L', probe.id('r1'))), '0', 'nor their points');
select is(probe.try('rev1', format('select 1 from public.review where id = %L', probe.id('r2'))), '0', 'nor the first the second');
select is(probe.value('rev2', format('select count(*) from workflow.log where object_id = %L', probe.id('r1'))), '0', 'nor what happened to it');
select is(probe.value('author', format('select concat_ws('','', submission, invited, in_hand, final) from public.review_progress(''protocol'', %L)', probe.id('plan1'))), '1,0,1,1', 'the author sees how far it is, without a name');
select is(probe.value('author.other', format('select count(*) from public.review_progress(''protocol'', %L)', probe.id('plan1'))), '0', 'another evaluator does not');
select is(probe.who_sees(format('public.reviewer_name(%L) where name is not null', probe.id('r1'))), 'auditor both.ww2 lead lead.b lead.ww2 rev1', 'nor is the name of a reviewer for anybody else');
select is(probe.value('lead', format('select string_agg(k.key, '' '' order by k.key) from public.review_candidates(''protocol'', %L) c join probe.known k on k.id = c.person_id', probe.id('plan1'))),
    'both.ww2 rev.ww2 rev.ww2b rev3 rev4 reviewer reviewer2', 'who could review: nobody of the evaluator or the authority, nobody who led, nobody who was asked');
select is(probe.who_sees(format('public.review_candidates(''protocol'', %L)', probe.id('plan1'))), 'both.ww2 lead lead.b lead.ww2', 'which only review leads ask');
select alike(probe.refusal('lead', probe.step_sql('plan1', 'approve', 'approved')), 'TS002 GUARD reviews_final%', 'one final review approves nothing');
select alike(probe.refusal('lead', probe.step_sql('plan1', 'ask_to_revise', 'revise', 'decision_reason = ''Say what it costs, please.''')), 'TS002 GUARD reviews_final%', 'nor sends it back');

-- An interest in the middle of it (scenario 22): locked, scores kept and not counted, somebody else asked.
select probe.must('rev2', probe.score_sql('r2', 'rev2', 2));
select probe.new('d2');
select probe.must('rev2', probe.declare_sql('r2', 'rev2', 'declared', 'd2'));
select is(probe.try('lead', probe.rule_sql('d2', 'lead', 'recused')), 'TS002', 'nothing is ruled on before the review is locked');
select probe.step('rev2', 'r2', 'declare_interest', 'locked');
select is(probe.try('rev2', 'select 1 from public.evaluation_plan_submission'), '0', 'a locked review shows nothing');
select is(probe.try('rev2', probe.score_sql('r2', 'rev2', 4)), 'TS009', 'and takes no score');
select is(probe.try('rev2', probe.step_sql('r2', 'begin', 'in_progress')), 'TS002', 'and does not go on');
select is(probe.who_may(replace(probe.rule_sql('d2', 'admin', 'recused'), probe.id('admin')::text, '{me}')), 'both.ww2 lead lead.b lead.ww2', 'a review lead rules');
select alike(probe.refusal('lead', probe.step_sql('r2', 'recuse', 'withdrawn')), 'TS002 GUARD ruling_recorded%', 'and says so');
select is(probe.try('lead', probe.rule_sql('d2', 'lead', 'managed') || ';' || probe.step_sql('r2', 'manage', 'coi_checked')), '1', 'it may be managed');
select is(probe.try('lead', probe.rule_sql('d2', 'lead', 'managed') || ';' || probe.step_sql('r2', 'recuse', 'withdrawn')), 'TS002', 'the ruling is what is done');
select probe.must('lead', probe.rule_sql('d2', 'lead', 'recused'));
select probe.step('lead', 'r2', 'recuse', 'withdrawn');
select is((select count(*)::integer from public.review_score where review_id = probe.id('r2')), 13, 'the scores are kept');
select is((select concat_ws(',', finals, live) from public.review_outcome('protocol', probe.id('plan1'), 1)), '1,1', 'and do not count');
select probe.review_up_to('r3', 'plan1', 'rev3', 'lead', 'coi_checked');
select probe.finish_review('r3', 'rev3', 'lead', 3, '{"cost": 3, "access": 1}');
select is(probe.try('rev3', format('select 1 from public.review_score where review_id = %L', probe.id('r1'))), '13', 'two are final: each reads the other');
select is(probe.try('rev1', format('select 1 from public.review where id = %L', probe.id('r3'))), '1', 'and knows who it is');
select is(probe.try('rev3', format('select 1 from public.review_note where review_id = %L', probe.id('r1'))), '0', 'but not what was said in confidence');
select is(probe.who_sees('public.review_note'), 'auditor both.ww2 lead lead.b lead.ww2 rev1', 'which is for review leads and auditors');
select is(probe.try('rev2', format('select 1 from public.review_score where review_id = %L', probe.id('r1'))), '0', 'whoever stood back reads nothing of it');
select is(probe.try('rev4', 'select 1 from public.review'), '0', 'other reviewers see none of it');

-- 4. What a decision needs. Cost: 4 and 1 and 3 are apart; access: 4 and 1.
select is(probe.value('lead', format('select concat_ws('' '', finals, round(score, 2), gates_failed, disagreements, unsettled, open_must_fix) from public.review_standing(''protocol'', %L)', probe.id('plan1'))),
    '2 83.75 {} {cost,access} {cost,access} 1', 'where the reviews stand');
select is(probe.value('author', format('select count(*) from public.review_standing(''protocol'', %L)', probe.id('plan1'))), '0', 'is not for the author');
select is(probe.value('officer', format('select count(*) from public.review_standing(''protocol'', %L)', probe.id('plan1'))), '0', 'nor the department');
select is(probe.value('author', format('select count(*) from public.review_feedback(''protocol'', %L)', probe.id('plan1'))), '0', 'nor is what reviewers said, before it is decided');
select alike(probe.refusal('lead', probe.step_sql('plan1', 'approve', 'approved')), 'TS002 GUARD disagreements_settled: Reviewers are far apart on: cost, access%', 'a disagreement of two points or more is settled');
create function probe.settle_sql(criterion text, value integer) returns text language sql as $$
    select format($f$insert into public.adjudication (id, plan_id, criterion, value, reason, decided_by) values (gen_random_uuid(), %L, %L, %s, 'The appendix has it in full.', '{me}')$f$, probe.id('plan1'), criterion, value) $$;
select is(probe.who_may(probe.settle_sql('cost', 2)), 'both.ww2 lead lead.ww2', 'by the review lead');
select alike(probe.refusal('lead', replace(probe.settle_sql('design', 2), '{me}', probe.id('lead')::text)), 'TS002 GUARD disagreements_settled%', 'where there is one');
select probe.must('lead', replace(probe.settle_sql('cost', 2), '{me}', probe.id('lead')::text));
select is(probe.try('lead', replace(probe.settle_sql('cost', 4), '{me}', probe.id('lead')::text)), '23505', 'once');
select is(probe.try('lead', replace(probe.settle_sql('access', 1), '{me}', probe.id('lead')::text) || ';' || probe.step_sql('plan1', 'approve', 'approved')), 'TS002', 'a gate below 2 fails');
select probe.must('lead', replace(probe.settle_sql('access', 3), '{me}', probe.id('lead')::text));
select is((select count(distinct value)::integer from public.review_score where criterion = 'access' and review_id in (probe.id('r1'), probe.id('r3'))), 2, 'both scores stay as they were');
select alike(probe.refusal('lead', probe.step_sql('plan1', 'approve', 'approved')), 'TS002 GUARD must_fix_closed%', 'what must be put right is put right');
select is(probe.who_may(format($$insert into public.review_item_closure (item_id, note, closed_by) values (%L, 'It is in section 9.', '{me}')$$, probe.id('item1'))), 'both.ww2 lead lead.b lead.ww2', 'as a review lead finds');
create function probe.own_point() returns text language plpgsql as $$
declare
    answer text;
begin
    set local session_replication_role = replica;
    update public.review set reviewer_id = probe.id('both.ww2') where id = probe.id('r1');
    set local session_replication_role = origin;
    answer := probe.try('both.ww2', format($f$insert into public.review_item_closure (item_id, note, closed_by) values (%L, 'It is in section 9.', %L)$f$, probe.id('item1'), probe.id('both.ww2')));
    raise exception using errcode = 'ZZ998', message = answer;
exception when sqlstate 'ZZ998' then
    return sqlerrm;
end $$;
select is(probe.own_point(), 'TS007', 'but not on a point of their own');
select probe.must('lead', format($$insert into public.review_item_closure (item_id, note, closed_by) values (%L, 'It is in section 9.', %L)$$, probe.id('item1'), probe.id('lead')));
select is(probe.milestone('award1', 'protocol_approved'), 'f the What Works review lead', 'it is the lead''s turn');

-- Power, clusters and the score, on copies of the same reviews.
create function probe.with_content(but jsonb, more text default '') returns text language plpgsql as $$
declare
    answer text;
begin
    begin
        set local session_replication_role = replica;
        update public.evaluation_plan_submission set content = probe.protocol(but) where plan_id = probe.id('plan1');
        set local session_replication_role = origin;
        answer := probe.refusal('lead', probe.step_sql('plan1', 'approve', 'approved', more));
        raise exception using errcode = 'ZZ998', message = answer;
    exception when sqlstate 'ZZ998' then
        return sqlerrm;
    end;
end $$;
select is(probe.with_content('{}'), 'done', 'this plan would be approved');
select alike(probe.with_content('{"sample": {"mdes": "0.21"}}'), 'TS002 GUARD power_sufficient%', 'not one that cannot find what is worth finding');
select is(probe.with_content('{"sample": {"mdes": "0.21"}, "overview": {"stage": "pilot"}}'), 'done', 'unless it is a pilot');
select is(probe.with_content('{"sample": {"mdes": ""}, "design": {"impact": false}}'), 'done', 'or claims no effect');
select alike(probe.with_content('{"design": {"clusters": 5}}'), 'TS002 GUARD power_sufficient%fewer than 8 clusters%', 'five clusters need a reason (scenario 15)');
select is(probe.with_content('{"design": {"clusters": 5}}', 'decision_reason = ''There are no more authorities to be had.'''), 'done', 'with which they pass');
select is(probe.with_content('{"design": {"clusters": 16}}'), 'done', 'eight in each arm do not');
update public.setting set value = '90' where code = 'review_pass_score';
select alike(probe.refusal('lead', probe.step_sql('plan1', 'approve', 'approved')), 'TS002 GUARD rubric_passed: The score is%', 'a score below the mark');
update public.setting set value = '65' where code = 'review_pass_score';

-- Sent back, submitted again, reviewed again.
select alike(probe.refusal('lead', probe.step_sql('plan1', 'ask_to_revise', 'revise')), 'TS002 GUARD reason_given%', 'a plan is sent back with a reason');
select is(probe.try('lead', probe.step_sql('plan1', 'ask_to_revise', 'revise', 'decision_reason = ''Say what it costs, please.''')), '1', 'to be revised');
select is(probe.who_moves('plan1', 'approve', 'approved'), 'both.ww2 lead lead.ww2', 'a review lead approves');
select is(probe.try('lead', probe.step_sql('plan1', 'approve', 'approved', 'content_hash = sha256(''x'')')), 'TS009', 'and nothing else than what was submitted');
insert into workflow.duty_performed (id, case_id, person_id, duty) values (gen_random_uuid(), probe.id('bid1'), probe.id('lead.ww2'), 'PE');
select is(probe.try('lead.ww2', probe.step_sql('plan1', 'approve', 'approved')), 'SOD_PE_RL', 'not who has reviewed the report');
select probe.step('lead', 'plan1', 'approve', 'approved');

-- 5. What is approved is frozen, by the database, and public.
select results_eq(format($$ select number, submission, encode(content_hash, 'hex'), canonical_text = probe.protocol()::text, changed_keys, approved_by from public.evaluation_plan_version where plan_id = %L $$, probe.id('plan1')),
    format($$ values (1, 1, encode(sha256(convert_to(probe.protocol()::text, 'UTF8')), 'hex'), true, '{}'::text[], %L::uuid) $$, probe.id('lead')), 'version 1 is the submission, with a digest that anybody can make again');
select results_eq('select code, is_primary, beneficial, metric, smallest_worthwhile_effect from public.evaluation_plan_outcome order by code',
    $$ values ('P1', true, 'lower', 'pp', 3::numeric), ('S1', false, 'lower', 'smd', 0.2) $$, 'and promises two outcomes');
select is(probe.who_may(format('insert into public.evaluation_plan_version (plan_id, number, submission, content, canonical_text, content_hash) values (%L, 2, 1, ''{}'', '''', sha256(''x''))', probe.id('plan1'))), 'nobody', 'nobody writes a version');
select throws_ok('update public.evaluation_plan_version set content = ''{}''', 'TS004', null, 'nor changes one, not even a superuser');
select throws_ok('delete from public.evaluation_plan_submission', 'TS004', null, 'nor removes what it rests on');
select is((select stage from public.evaluation where id = probe.id('plan1.evaluation')), 'efficacy', 'the stage is the plan''s');
select is(probe.milestone('award1', 'protocol_approved'), 't', 'the gate is open');
select is(probe.milestone('award1', 'final_report_accepted'), 'f the evaluator', 'the last one is not');
select is(probe.value(null, 'select version || '' '' || digest || '' '' || planned_sms from published.protocol where award = (select reference from published.protocol limit 1) or true'), '1 ' || encode(sha256(convert_to(probe.protocol()::text, 'UTF8')), 'hex') || ' 5', 'anybody reads it, without signing in');
select is(probe.value('author', format('select count(*) from public.review_feedback(''protocol'', %L) where rationale is not null', probe.id('plan1'))), '26', 'the author reads what both reviewers said');
select is(probe.value('author', format('select string_agg(distinct reviewer::text, '','') from public.review_feedback(''protocol'', %L)', probe.id('plan1'))), '1,2', 'as reviewer 1 and 2');
select is(probe.value('author', format('select item_kind || '' '' || closed from public.review_feedback(''protocol'', %L) where item_id is not null', probe.id('plan1'))), 'must_fix true', 'with the points to put right');
select is(probe.value('author.other', format('select count(*) from public.review_feedback(''protocol'', %L)', probe.id('plan1'))), '0', 'another evaluator does not');
select is(probe.value('rev5', format('select count(*) from public.review_feedback(''protocol'', %L)', probe.id('plan1'))), '0', 'nor another reviewer');

-- Registration is compared with the first data collection (scenario 12).
select alike(probe.refusal('author', probe.step_sql('plan1', 'register', 'registered')), 'TS002 GUARD registration_recorded%', 'a registration is an entry on a register');
select alike(probe.refusal('author', probe.registration_sql('plan1', 'author')), 'TS002 GUARD registration_recorded: The day on which%', 'there is something to compare it with');
select probe.must('author', probe.dates_sql('plan1', 'first_data_collection_planned = public.london_today() + 30'));
select is(probe.who_may(replace(probe.registration_sql('plan1', 'admin'), probe.id('admin')::text, '{me}')), 'author author.b', 'recorded by the author');
select is(probe.try('author', probe.registration_sql('plan1', 'author', registry_id => 'ISRCTN123')), '23514', 'with an id of the register''s form');
select is(probe.try('author', probe.registration_sql('plan1', 'author', 'public.london_today() + 1')), 'TS008', 'once it is there');
create function probe.registered(registered integer, planned integer, actual integer) returns text language plpgsql as $$
declare
    answer text;
begin
    perform probe.must('author', probe.dates_sql('plan1', format('first_data_collection_planned = public.london_today() + %s', planned)));
    perform probe.must('author', probe.registration_sql('plan1', 'author', format('public.london_today() + %s', registered)));
    if actual is not null then
        perform probe.must('author', probe.dates_sql('plan1', format('first_data_collection_actual = public.london_today() + %s', actual)));
    end if;
    select registration_status into answer from public.evaluation where id = probe.id('plan1.evaluation');
    raise exception using errcode = 'ZZ998', message = answer;
exception when sqlstate 'ZZ998' then
    return sqlerrm;
end $$;
select is(probe.registered(-1, 10, null), 'pre_registered', 'registered before the planned start');
select is(probe.registered(-5, -5, null), 'retrospective', 'on the same day is not before');
select is(probe.registered(-5, -9, null), 'retrospective', 'after it: retrospective');
select is(probe.registered(-5, 10, -6), 'retrospective', 'a start that was earlier than planned tells');
select is(probe.registered(-5, -9, -4), 'pre_registered', 'and one that was later');
select probe.must('author', probe.registration_sql('plan1', 'author'));
select is((select version_number from public.evaluation_registration), 1, 'it is of the version in force');
select probe.step('author', 'plan1', 'register', 'registered');
select is(probe.value(null, 'select registration_status || '' '' || registry_id || '' '' || phase from published.protocol p join published.evaluation e using (evaluation_id, registration_status)'), 'pre_registered ISRCTN90922032 planned', 'which everybody can look up');
select is(probe.try('author', probe.step_sql('plan1', 'begin', 'active')), 'TS008', 'an evaluation begins with its data');
select is(probe.try(null, probe.step_sql('plan1', 'begin', 'active'), 'touchstone_worker'), 'TS008', 'the clock does not begin it either');
select probe.must('author', probe.dates_sql('plan1', 'first_data_collection_actual = public.london_today() - 0'));
select is(probe.try('author', probe.dates_sql('plan1', 'first_data_collection_actual = null')), 'TS009', 'what began, began');
select is(probe.try('author', probe.dates_sql('plan1', 'first_data_collection_planned = public.london_today() + 90')), 'TS009', 'a plan for the start is no use after it');
select is(probe.try(null, probe.step_sql('plan1', 'begin', 'active'), 'touchstone_worker'), '1', 'then the clock may');
select is(probe.try(null, format('update public.evaluation_plan set state = ''abandoned'', version = version + 1 where id = %L', probe.id('plan1')), 'touchstone_worker'), 'TS002', 'and nothing else');
select is(probe.who_moves('plan1', 'begin', 'active'), 'author author.b', 'or the author');
select probe.step('author', 'plan1', 'begin', 'active');
select is(probe.try(null, probe.step_sql('plan1', 'complete', 'completed'), 'touchstone_worker'), '0', 'the clock does not end what it began');

-- 6. Amendments stand beside what they change; one that touches the primary outcome or the sample is reviewed again.
create function probe.amend_sql(who text, before boolean default true, number integer default 2) returns text language sql as $$
    select format('insert into public.plan_amendment (id, plan_id, number, reason, before_unblinding, opened_by) values (gen_random_uuid(), %L, %s, ''The pandemic closed the clinics.'', %L, %L)',
        probe.id('plan1'), number, before, coalesce(probe.id(who)::text, '{me}')) $$;
select alike(probe.refusal('author', probe.step_sql('plan1', 'amend', 'amended')), 'TS002 GUARD amendment_explained%', 'an amendment says why');
select is(probe.who_may(probe.amend_sql('nobody in particular')), 'author author.b', 'its author''s');
select is(probe.try('author', probe.amend_sql('author', number => 3)), 'TS002', 'in its order');
select is(probe.try('author', replace(probe.amend_sql('author'), 'The pandemic closed the clinics.', 'Because')), '23514', 'with a reason');
select is(probe.try('author', probe.dates_sql('plan1', 'unblinded_on = public.london_today()') || ';' || probe.amend_sql('author')), 'TS009', 'not before unblinding, when somebody has seen results');
select probe.must('author', probe.amend_sql('author'));
select is(probe.who_moves('plan1', 'amend', 'amended'), 'author author.b', 'authors amend');
select probe.step('author', 'plan1', 'amend', 'amended');
select is(probe.milestone('award1', 'protocol_approved'), 't', 'opening an amendment closes no gate');
select alike(probe.refusal('author', probe.submission_sql('plan1', 'author', 'adopt', 'approved')), 'TS002 GUARD amendment_explained: Nothing has changed%', 'an amendment changes something');
select probe.must('author', probe.write_plan_sql('plan1', 'author', '{"context": {"risks": "The pandemic"}, "timetable": {"milestones": [{"code": "start"}]}}') || ';select 1');
select is(probe.value('lead', format('select public.plan_changed_keys(%L)', probe.id('plan1'))), '{context.risks,timetable.milestones}', 'what changed is computed');
select is(probe.value('author.other', format('select public.plan_changed_keys(%L)', probe.id('plan1'))), '{}', 'for those who have a part in it');
select is(probe.value('lead', format('select public.plan_needs_rereview(%L)', probe.id('plan1'))), 'false', 'risks and times need no review');
select is(probe.milestone('award1', 'protocol_approved'), 't', 'and close no gate');
-- What touches the sample or the primary outcome closes it as soon as it is written.
create function probe.rearms(but jsonb) returns text language plpgsql as $$
declare
    answer text;
begin
    perform probe.must('author', probe.write_plan_sql('plan1', 'author', but) || ';select 1');
    answer := probe.milestone('award1', 'protocol_approved') || ' / ' || substr(probe.refusal('author', probe.submission_sql('plan1', 'author', 'adopt', 'approved', but)), 1, 28);
    raise exception using errcode = 'ZZ998', message = answer;
exception when sqlstate 'ZZ998' then
    return sqlerrm;
end $$;
select is(probe.rearms(but), 'f the evaluator / TS002 GUARD no_review_needed', why) from (values
    ('{"sample": {"mdes": "0.2"}}'::jsonb, 'a smaller sample'), ('{"participants": {"ageTo": 25}}', 'other participants'), ('{"design": {"clusters": 20}}', 'clusters'),
    ('{"outcomes": {"primary": [{"code": "P1", "name": "Other", "instrument": "Records", "timePoint": "12 months", "beneficial": "lower", "metric": "pp", "smallestWorthwhileEffect": "3"}]}}', 'another primary outcome')) v (but, why);
select is(probe.rearms('{"outcomes": {"secondary": []}}'), 't / done', 'a secondary outcome does not');
select probe.must('author', probe.submission_sql('plan1', 'author', 'adopt', 'approved', '{"context": {"risks": "The pandemic"}, "timetable": {"milestones": [{"code": "start"}]}}'));
select results_eq(format('select number, submission, changed_keys, reason, before_unblinding, needs_review from public.evaluation_plan_version where plan_id = %L and number = 2', probe.id('plan1')),
    $$ values (2, 2, '{context.risks,timetable.milestones}'::text[], 'The pandemic closed the clinics.', true, false) $$, 'version 2 says what changed, why, and when');
select is(probe.value(null, 'select (before #>> ''{context,risks}'') || '' > '' || (after #>> ''{context,risks}'') from published.amendment'), 'None > The pandemic', 'and is public beside version 1');
select is(probe.value(null, 'select string_agg(version || '' '' || is_current, '','' order by version) from published.protocol'), '1 false,2 true', 'both stay');
select is(probe.milestone('award1', 'protocol_approved'), 't', 'the gate stays open');
select alike(probe.refusal('author', probe.step_sql('plan1', 'register', 'registered')), 'TS002 GUARD registration_recorded%', 'the register is told of each version');
select probe.must('author', probe.registration_sql('plan1', 'author'));
select probe.step('author', 'plan1', 'register', 'registered');
select probe.step('author', 'plan1', 'begin', 'active');
select is((select registration_status from public.evaluation where id = probe.id('plan1.evaluation')), 'pre_registered', 'the first entry decides');
-- An amendment of the design (scenario 13), reviewed again by two, with the money waiting.
select probe.must('author', probe.amend_sql('author', number => 3));
select probe.step('author', 'plan1', 'amend', 'amended');
select probe.plan_up_to('plan1', 'author', 'certifier1', 'lead', '{}', 'submitted', '{"context": {"risks": "The pandemic"}, "timetable": {"milestones": [{"code": "start"}]}, "design": {"clusters": 20, "design": "qed_difference_in_difference", "comparator": "matched"}}');
select is(probe.milestone('award1', 'protocol_approved'), 'f the What Works review lead', 'an amendment under review closes the gate');
select is(probe.try('rev1', 'select 1 from public.evaluation_plan_submission where number = 3'), '0', 'reviewers of the first submission are not those of this one');
select probe.review_up_to('r7', 'plan1', 'rev1', 'lead', 'coi_checked'), probe.review_up_to('r8', 'plan1', 'rev3', 'lead', 'coi_checked');
select probe.step('lead', 'plan1', 'begin_review', 'in_review');
select probe.finish_review('r7', 'rev1', 'lead'), probe.finish_review('r8', 'rev3', 'lead');
select is(probe.try('lead', probe.step_sql('plan1', 'approve', 'approved')), '1', 'ten clusters in each arm');
select probe.step('lead', 'plan1', 'approve', 'approved');
select is(probe.milestone('award1', 'protocol_approved'), 't', 'approval opens it again');
select is(probe.value(null, 'select string_agg(planned_sms::text, '' > '' order by version) from published.protocol'), '5 > 5 > 3', 'planned strength 5, fallback 3, side by side');
select probe.must('author', probe.registration_sql('plan1', 'author'));
select probe.step('author', 'plan1', 'register', 'registered');
select probe.step('author', 'plan1', 'begin', 'active');

-- Abandoned: by the senior officer and a review lead together, with lessons that are published.
select alike(probe.refusal('sor', probe.step_sql('plan1', 'abandon', 'abandoned', 'abandon_reason = ''The service was closed down.''')), 'TS002 GUARD lessons_recorded%', 'an evaluation is given up with its lessons');
select alike(probe.refusal('sor', probe.step_sql('plan1', 'abandon', 'abandoned', 'abandon_reason = ''The service was closed down.'', lessons = ''Ask whether the service will last as long as its evaluation.''')), 'TS002 GUARD lead_agreed%', 'and not by the department alone');
select is(probe.who_moves('plan1', 'agree_to_abandon', 'active', 'decision_reason = ''There is nothing left to evaluate.'''), 'both.ww2 lead', 'a review lead agrees');
select is(probe.try('lead', probe.step_sql('plan1', 'agree_to_abandon', 'active')), 'TS002', 'with a reason');
create function probe.give_up() returns text language plpgsql as $$
declare
    answer text;
begin
    perform probe.step('lead', 'plan1', 'agree_to_abandon', 'active', 'decision_reason = ''There is nothing left to evaluate.''');
    answer := probe.who_moves('plan1', 'abandon', 'abandoned', 'abandon_reason = ''The service was closed down.'', lessons = ''Ask whether the service will last as long as its evaluation.''');
    perform probe.step('sor', 'plan1', 'abandon', 'abandoned', 'abandon_reason = ''The service was closed down.'', lessons = ''Ask whether the service will last as long as its evaluation.''');
    answer := concat_ws(' / ', answer, probe.milestone('award1', 'protocol_approved'), public.final_report_submitted(probe.id('award1')), probe.value(null, 'select phase || '' '' || lessons from published.evaluation'));
    raise exception using errcode = 'ZZ998', message = answer;
exception when sqlstate 'ZZ998' then
    return sqlerrm;
end $$;
select is(probe.give_up(), 'sor / f nobody: the evaluation was abandoned / t / abandoned Ask whether the service will last as long as its evaluation.', 'and the senior officer does: the money stops, the lessons are public');
select alike(probe.refusal('author', probe.step_sql('plan1', 'complete', 'completed')), 'TS002 GUARD final_report_signed_off%', 'it is complete with its report');

-- 7. What Works evaluates (scenario 16): nobody of that organisation reviews or leads.
select probe.plan('award2', 'plan2', 'ww');
select probe.plan_up_to('plan2', 'author.ww', 'certifier2', 'lead.ww2', '{}', 'submitted');
select is(probe.try('lead', 'select 1 from public.evaluation_plan_submission s where plan_id = ' || quote_literal(probe.id('plan2'))), '0', 'its review leads do not even read it');
select is(probe.who_may(replace(probe.invite_sql('none', 'plan2', 'rev.ww2', 'admin'), probe.id('admin')::text, '{me}')), 'both.ww2 lead.ww2', 'nor invite to its review');
select alike(probe.invite(r, 'lead.ww2', 'plan2'), 'TS003 INDEPENDENCE evaluator%', r || ' cannot be asked') from unnest(array['rev1', 'rev4', 'reviewer']) r;
select is(probe.invite('rev.ww2', 'lead.ww2', 'plan2'), 'done', 'another organisation''s reviewers can');
select is(probe.try(null, probe.step_sql('plan2', 'begin_review', 'in_review'), 'touchstone_owner'), 'TS002', 'and are needed');
select probe.review_up_to('r9', 'plan2', 'rev.ww2', 'lead.ww2', 'coi_checked'), probe.review_up_to('r10', 'plan2', 'rev.ww2b', 'lead.ww2', 'coi_checked');
select is(probe.who_moves('plan2', 'begin_review', 'in_review'), 'both.ww2 lead.ww2', 'a lead of another organisation begins');
select probe.step('lead.ww2', 'plan2', 'begin_review', 'in_review');
select probe.finish_review('r9', 'rev.ww2', 'lead.ww2'), probe.finish_review('r10', 'rev.ww2b', 'lead.ww2');
select is(probe.who_moves('plan2', 'approve', 'approved'), 'both.ww2 lead.ww2', 'and approves');
select probe.step('lead.ww2', 'plan2', 'approve', 'approved');
select is(probe.try('officer', probe.appoint_sql('plan2', 'ww2', 'officer')), 'INDEPENDENCE evaluator', 'whose reviewers have judged it, cannot take it over');
-- Duties follow the person, whatever they hold: who wrote the bid, or certified it, does not evaluate it.
insert into workflow.duty_performed (id, case_id, person_id, duty) values (gen_random_uuid(), probe.id('bid2'), probe.id('author.la'), 'W');
create function probe.self_evaluation() returns text language plpgsql as $$
declare
    answer text;
begin
    update public.capacity set scope_kind = null, scope_id = null, version = version + 1 where person_id = probe.id('author.la') and scope_kind is not null;
    set local session_replication_role = replica;
    update public.evaluation set evaluator_id = probe.id('la1') where id = probe.id('plan2.evaluation');
    update public.evaluation_plan set state = 'drafting' where id = probe.id('plan2');
    set local session_replication_role = origin;
    answer := probe.try('author.la', probe.write_sql('evaluation_plan', 'plan2', 'author.la', '{"context": {"risks": "x"}}') || ';select 1');
    raise exception using errcode = 'ZZ998', message = answer;
exception when sqlstate 'ZZ998' then
    return sqlerrm;
end $$;
select is(probe.self_evaluation(), 'SOD_W_EA', 'who wrote the bid does not write its evaluation');

-- 8. The report. Started by the author once a plan is approved; the facts are checked by the authority and the department.
select probe.new('none.report'), probe.new('report1');
select is(probe.who_may(replace(probe.start_report_sql('none.report', 'plan1', 'admin'), probe.id('admin')::text, '{me}')), 'author author.b', 'authors start a report');
select is(probe.try('author', replace(probe.start_report_sql('none.report', 'plan1', 'author'), 'p.bid_id', quote_literal(probe.id('bid2')))), 'TS007', 'of their own evaluation');
select is(probe.try('author.b', replace(probe.start_report_sql('none.report', 'plan1', 'author.b'), 'p.award_id', quote_literal(probe.id('award2')))), 'TS009', 'and its plan');
select probe.must('author', probe.start_report_sql('report1', 'plan1', 'author'));
select is(probe.who_may(format($$insert into public.evaluation_report_section (report_id, section, content, edited_by) values (%L, 'findings', '{}', '{me}')$$, probe.id('report1'))), 'author author.b', 'authors write it');
select is(probe.who_may((select format($$insert into public.evaluation_report (id, reference, evaluation_id, plan_id, award_id, bid_id, organisation_id, kind, title, created_by)
    values (gen_random_uuid(), public.next_reference('EVR'), %L, %L, %L, %L, %L, 'interim', 'x', '{me}')$$, p.evaluation_id, p.id, p.award_id, p.bid_id, p.organisation_id) from public.evaluation_plan p where p.id = probe.id('plan1'))), 'author author.b', 'no other evaluator, even one who knows its number');
select is(probe.try('author', probe.start_report_sql('none.report', 'plan1', 'author')), '23505', 'there is one final report');
select is(probe.try('author', probe.start_report_sql('none.report', 'plan1', 'author', 'interim')), '1', 'and interim ones');
select is(probe.try('author.b', probe.start_report_sql('none.report', 'plan1', 'author.b', 'interim') || format('; select from workflow.duty_performed where person_id = %L and duty = ''EA''', probe.id('author.b'))), '1', 'and with that has written of it');
select is(probe.try('author.b', probe.write_report_sql('report1', 'author.b') || format('; select from workflow.duty_performed where person_id = %L and duty = ''EA''', probe.id('author.b'))), '1', 'as whoever writes a section');
select is(probe.try('author', replace(probe.start_report_sql('none.report', 'plan1', 'author', 'interim'), 'public.next_reference(''EVR'')', '''EVR-2026-9999''')), 'TS009', 'references are given out');
select is(probe.try('author', format('update public.evaluation_report set direction = ''positive'', version = version + 1 where id = %L', probe.id('report1'))), 'TS009', 'a direction is not typed');
select probe.must('author', probe.write_report_sql('report1', 'author'));
select is(probe.who_sees(format('public.evaluation_report_section where report_id = %L', probe.id('report1'))), 'auditor author author.b', 'a draft is the evaluator''s own');
select probe.step('author', 'report1', 'send_for_fact_check', 'la_fact_check');
select is(probe.milestone('award1', 'final_report_accepted'), 'f the local authority', 'it is the authority''s turn');
select is(probe.who_sees(format('public.evaluation_report_section where report_id = %L', probe.id('report1'))),
    'appraiser1 appraiser2 approver approver2 approver3 auditor author author.b both1 certifier1 editor1 finance manyhats officer officer2 reader1 sor users1', 'the authority and the case team check facts');
select is(probe.who_may(probe.comment_sql('none', 'report_id', 'report1')), 'both1 certifier1 editor1 manyhats officer officer2', 'and say what is wrong');
select is(probe.who_may(format($$update public.evaluation_report_section set content = '{"findings": "It works!"}', edited_by = '{me}', version = version + 1 where report_id = %L and section = 'findings'$$, probe.id('report1'))), 'author author.b', 'but they write nothing in it');
select is(probe.who_moves('report1', 'finish_fact_check', 'la_fact_check'), 'both1 certifier1 editor1', 'the authority says that it is done');
select probe.step('editor1', 'report1', 'finish_fact_check', 'la_fact_check');
select is(public.final_report_submitted(probe.id('award1')), false, 'not handed in yet');

-- Figures are unfolded from what was submitted, and refused where they cannot be.
create function probe.submitting(but jsonb) returns text language sql as $$
    select probe.refusal('author', probe.write_report_sql('report1', 'author', but) || ';' || probe.report_submission_sql('report1', 'author', 'submit', 'submitted', but)) $$;
create function probe.result(code text, low text, high text, effect text default null, more jsonb default '{}') returns jsonb language sql as $$
    select jsonb_build_object('outcomeCode', code, 'timePoint', '12 months', 'headline', true, 'metric', 'pp', 'effect', coalesce(effect, low), 'ciLow', low, 'ciHigh', high) || more $$;
select is(probe.submitting('{}'), 'done', 'a sound report is handed in');
select alike(probe.submitting(jsonb_build_object('results', jsonb_build_object('results', jsonb_build_array(probe.result('P1', l, h, e, more))))), code || '%' || name || '%', why) from (values
    ('-13.5', '-3.7', '2', '{}'::jsonb, '23514', 'report_result_interval', 'an effect outside its interval'), ('-0.5', '4', '3.5', '{"metric": "smd"}', '23514', 'report_result_smd', 'a standardised difference above 3'),
    ('-0.5', '4', '1', '{"metric": "rr"}', '23514', 'report_result_ratio', 'a ratio below zero'), ('-1', '1', '0', '{"p": "1.2"}', '23514', 'report_result_p_check', 'a p above 1'),
    ('-1', '1', '0', '{"metric": "luck"}', '23514', 'report_result_metric_check', 'an unknown metric')) v (l, h, e, more, code, name, why);
select alike(probe.submitting('{"flow": {"randomised": 1700}}'), '23514%report_flow_falls%', 'more randomised than assessed');
select alike(probe.submitting('{"flow": {"arms": [{"arm": "A", "allocated": 10, "analysed": 11}]}}'), '23514%report_arm_falls%', 'more analysed than allocated');
select alike(probe.submitting('{"deviations": {"deviations": [{"planVersion": 9, "what": "x", "why": "y"}]}}'), '23503%', 'a deviation from a version that there is not');
select alike(probe.submitting('{"results": {"notAnalysed": [{"outcomeCode": "S1", "reason": "No."}]}}'), '23514%report_omission_reason%', 'an omission without a reason');
select is(probe.try('author', split_part(probe.report_submission_sql('report1', 'author', 'submit', 'submitted'), ';', 1) || '; set constraints all immediate'), 'TS009', 'a submission that is not one');
select alike(probe.refusal('author', probe.report_submission_sql('report1', 'author', 'submit', 'submitted', more => ', direction = ''negative''')), 'TS009 the direction of a result is computed, and it is positive%', 'another direction than the computed one');
select is(probe.refusal('author', probe.report_submission_sql('report1', 'author', 'submit', 'submitted', more => ', direction = ''positive''')), 'done', 'the same is fine');
select is(probe.try('author', probe.report_submission_sql('report1', 'author.b', 'submit', 'submitted')), '42501', 'in one''s own name');
select is(probe.who_may(split_part(replace(probe.report_submission_sql('report1', 'admin', 'submit', 'submitted'), probe.id('admin')::text, '{me}'), ';', 1)), 'author author.b', 'authors submit');
select is(probe.who_may('insert into public.report_result (report_id, submission, position, outcome, time_point, headline, prespecified, is_primary, metric, effect, ci_low, ci_high, ci_level, p_agrees) values (gen_random_uuid(), 1, 1, ''x'', ''x'', true, true, true, ''pp'', 1, 1, 1, 95, true)'), 'nobody', 'nobody writes a result');
select probe.must('author', probe.report_submission_sql('report1', 'author', 'submit', 'submitted'));
select results_eq(format('select outcome_code, prespecified, is_primary, direction, p_agrees from public.report_result where report_id = %L order by position', probe.id('report1')),
    $$ values ('P1', true, true, 'positive', true), ('S1', true, false, 'null', true), (null, false, false, 'positive', true) $$, 'what the plan did not promise is marked');
select results_eq(format('select assessed, randomised, analysed, attrition_overall, attrition_differential from public.report_flow where report_id = %L', probe.id('report1')),
    $$ values (1600, 1511, 1471, 2.6473::numeric(7,4), 0.0035::numeric(7,4)) $$, 'attrition is computed: 1,511 to 1,471 are 2.6% (scenario 24)');
select results_eq(format('select direction, plan_version from public.evaluation_report where id = %L', probe.id('report1')), $$ values ('positive', 3) $$, 'fewer children in care is better');
select is(public.final_report_submitted(probe.id('award1')), true, 'handed in');
select is(probe.try('author', format($$update public.evaluation_report_section set content = '{}', edited_by = %L, version = version + 1 where report_id = %L and section = 'findings'$$, probe.id('author'), probe.id('report1'))), 'TS009', 'what was handed in is not edited');

-- The rule of direction: the golden table that Domain has too.
select is(public.result_direction(metric, beneficial, low, high, worthwhile), direction, format('%s [%s, %s], %s is better, worthwhile %s: %s', metric, low, high, beneficial, worthwhile, direction)) from (values
    ('pp', 'lower', -13.5, -3.7, 3, 'positive'), ('pp', 'higher', -13.5, -3.7, 3, 'negative'), ('smd', 'higher', -0.1, 0.1, 0.2, 'null'), ('smd', 'higher', -0.1, 0.2, 0.2, 'uninformative'),
    ('smd', 'higher', -0.1, 0.3, 0.2, 'uninformative'), ('smd', 'higher', 0, 0.1, 0.2, 'null'), ('smd', 'higher', -0.3, 0, 0.2, 'null'), ('smd', 'lower', -0.3, 0, 0.2, 'uninformative'),
    ('smd', 'higher', -0.1, 0.1, null, 'uninformative'), ('smd', 'higher', 0.01, 0.5, null, 'positive'), ('rr', 'lower', 0.7, 0.9, 0.9, 'positive'), ('rr', 'higher', 0.7, 0.9, 1.1, 'negative'),
    ('rr', 'lower', 0.95, 1.05, 0.9, 'null'), ('or', 'higher', 0.9, 1.05, 1.1, 'null'), ('or', 'higher', 0.9, 1.2, 1.1, 'uninformative'), ('smd', null, 1, 2, 0.2, null)) v (metric, beneficial, low, high, worthwhile, direction);
select is(public.p_agrees(metric, low, high, 95, p), agrees, format('%s [%s, %s], p %s: %s', metric, low, high, p, agrees)) from (values
    ('pp', -1, 4, 0.03, false), ('pp', -1, 4, 0.2, true), ('pp', 1, 4, 0.03, true), ('pp', 1, 4, 0.2, false), ('pp', 0, 4, 0.03, true), ('pp', -0.1, 4, 0.052, true), ('rr', 0.8, 1.2, 0.03, false), ('rr', 0.8, 0.9, 0.03, true), ('pp', -1, 4, null, true)) v (metric, low, high, p, agrees);

-- 9. Peer review: two reviewers, at most one of whom reviewed the protocol.
select is(probe.invite('rev1', 'lead', 'report1'), 'done', 'who reviewed the protocol may review the report');
select probe.review_up_to('p1', 'report1', 'rev1', 'lead', 'accepted');
select alike(probe.invite('rev3', 'lead', 'report1'), 'TS003 INDEPENDENCE protocol_reviewer%', 'but only one of them');
select is(probe.invite('rev4', 'lead', 'report1'), 'done', 'the other is new');
select probe.must('rev1', probe.declare_sql('p1', 'rev1'));
select probe.step('rev1', 'p1', 'check_interests', 'coi_checked');
select probe.review_up_to('p2', 'report1', 'rev4', 'lead', 'coi_checked');
select is(probe.value('rev4', format('select count(*) from public.report_result where report_id = %L', probe.id('report1'))), '3', 'reviewers read what they review');
select is(probe.value('rev3', format('select count(*) from public.report_result where report_id = %L', probe.id('report1'))), '0', 'and others do not');
select is(probe.who_moves('report1', 'begin_review', 'peer_review'), 'both.ww2 lead', 'a review lead begins');
select probe.step('lead', 'report1', 'begin_review', 'peer_review');
select probe.finish_review('p1', 'rev1', 'lead', 4), probe.finish_review('p2', 'rev4', 'lead', 4, final => false);
select is((select string_agg(duty, ',' order by duty) from workflow.duty_performed where person_id = probe.id('rev1')), 'PE,RV', 'both duties are recorded');
select is(probe.who_sees(format('public.review_score where review_id = %L', probe.id('p2'))), 'auditor both.ww2 lead lead.b lead.ww2 rev4', 'blind again until both are final');
create function probe.sign_sql(who text) returns text language sql as $$ select probe.step_sql('report1', 'sign_off', 'signed_off', format('signed_off_by = %L', coalesce(probe.id(who)::text, '{me}'))) $$;
select alike(probe.refusal('lead', probe.sign_sql('lead')), 'TS002 GUARD reviews_final%', 'one final review signs nothing off');
select probe.step('lead', 'p2', 'finalise', 'final');
select is(probe.who_may(probe.sign_sql('whoever')), 'both.ww2 lead', 'a review lead signs off');
select is(probe.who_may(format('update public.evaluation_report set version = version + 1 where id = %L', probe.id('report1'))), 'author author.b both.ww2 both1 certifier1 editor1 lead lead.b lead.ww2 manyhats officer officer2 sor', 'who has no part in a report does not touch it');
select is(probe.try('lead', probe.sign_sql('lead.b')), 'TS007', 'in their own name');

-- A report that leaves out what was promised is not signed off, whoever asks. On the same reviews, with another content.
create function probe.signing(but jsonb, who text default 'lead', gaps text default 'lead') returns text language plpgsql as $$
declare
    answer text;
    content jsonb := probe.findings(but);
begin
    begin
        set local session_replication_role = replica;
        update public.evaluation_report set state = 'revise' where id = probe.id('report1');
        set local session_replication_role = origin;
        perform probe.must('author', probe.write_report_sql('report1', 'author', but));
        perform probe.must('author', probe.report_submission_sql('report1', 'author', 'submit', 'submitted', but));
        set local session_replication_role = replica;
        update public.evaluation_report set state = 'peer_review' where id = probe.id('report1');
        update public.review set submission = 2 where report_id = probe.id('report1');
        set local session_replication_role = origin;
        answer := concat_ws(' / ', (select direction from public.evaluation_report where id = probe.id('report1')), probe.value(gaps, format('select public.report_gaps(%L)', probe.id('report1'))),
            probe.refusal(who, probe.sign_sql(who)));
        raise exception using errcode = 'ZZ998', message = answer;
    exception when sqlstate 'ZZ998' then
        return sqlerrm;
    end;
end $$;
select is(probe.signing('{}'), 'positive / {} / done', 'a whole report is');
select is(probe.signing('{"results": {"results": [{"outcomeCode": "S1", "timePoint": "12 months", "headline": true, "metric": "smd", "effect": "-0.05", "ciLow": "-0.15", "ciHigh": "0.05"}]}}'),
    '{outcome:P1,direction} / TS002 GUARD outcomes_reported: Still missing: outcome:P1, direction.', 'not without the primary outcome');
select is(probe.signing('{"results": {"results": [{"outcomeCode": "P1", "timePoint": "12 months", "headline": true, "metric": "pp", "effect": "-8.6", "ciLow": "-13.5", "ciHigh": "-3.7"}]}}'),
    'positive / {outcome:S1} / TS002 GUARD outcomes_reported: Still missing: outcome:S1.', 'not without a secondary one');
select is(probe.signing('{"results": {"results": [{"outcomeCode": "P1", "timePoint": "6 months", "headline": true, "metric": "pp", "effect": "-8.6", "ciLow": "-13.5", "ciHigh": "-3.7"}], "notAnalysed": [{"outcomeCode": "S1", "reason": "The questionnaire was not returned."}]}}'),
    '{outcome:P1,direction} / TS002 GUARD outcomes_reported: Still missing: outcome:P1, direction.', 'not at another time than promised');
select is(probe.signing('{"results": {"results": [{"outcomeCode": "P1", "timePoint": "12 months", "headline": false, "metric": "pp", "effect": "-8.6", "ciLow": "-13.5", "ciHigh": "-3.7"}], "notAnalysed": [{"outcomeCode": "S1", "reason": "The questionnaire was not returned."}]}}'),
    '{outcome:P1,direction} / TS002 GUARD outcomes_reported: Still missing: outcome:P1, direction.', 'nor with the primary outcome beside the point');
select is(probe.signing('{"results": {"results": [], "notAnalysed": [{"outcomeCode": "S1", "reason": "The questionnaire was not returned."}, {"outcomeCode": "P1", "reason": "The register was closed to us."}]}}'),
    'uninformative / {} / done', 'unless each omission has its reason');
select is(probe.signing('{"flow": {"arms": []}}'), 'positive / {flow} / TS002 GUARD outcomes_reported: Still missing: flow.', 'not without the flow of participants');
select is(probe.signing('{"deviations": {"none": false}}'), 'positive / {deviations} / TS002 GUARD outcomes_reported: Still missing: deviations.', 'not without the deviations');
select is(probe.signing('{"deviations": {"none": true, "deviations": [{"planVersion": 3, "what": "x", "why": "y"}]}}'), 'positive / {deviations} / TS002 GUARD outcomes_reported: Still missing: deviations.', 'nor with a table and its denial');
select is(probe.signing('{"deviations": {"none": false, "deviations": [{"planVersion": 1, "what": "Stepped wedge to difference in difference", "why": "The pandemic"}]}}'), 'positive / {} / done', 'with a table it is');
select is(probe.signing('{"cost": {"perUnit": ""}}'), 'positive / {cost} / TS002 GUARD outcomes_reported: Still missing: cost.', 'not without the cost');
select is(probe.signing('{"cost": {"perUnit": "", "absenceReason": "Costs are reported next year."}}'), 'positive / {} / done', 'or the reason why not');
select is(probe.signing(but), format('positive / {%s} / TS002 GUARD outcomes_reported: Still missing: %s.', gap, gap), 'not without ' || gap) from (values
    ('{"methods": {"limitations": " "}}'::jsonb, 'limitations'), ('{"access": {"statement": ""}}', 'access'), ('{"summary": {"plainLanguage": ""}}', 'plain_language'),
    ('{"people": {"voice": ""}}', 'voice'), ('{"people": {"harms": ""}}', 'harms'), ('{"people": {"equitySubgroups": ""}}', 'equity')) v (but, gap);
-- p = .03 beside an interval from −1 to 4 (scenario 25).
create function probe.p_case(more jsonb) returns jsonb language sql as $$
    select jsonb_build_object('results', jsonb_build_object('results', jsonb_build_array(probe.result('P1', '-1', '4', '1.5', '{"p": "0.03"}' || more)),
        'notAnalysed', '[{"outcomeCode": "S1", "reason": "The questionnaire was not returned."}]'::jsonb)) $$;
select is(probe.signing(probe.p_case('{}')), 'null / {p:1} / TS002 GUARD figures_agree: A p value and its interval disagree without an explanation, in result 1.', 'a p value that its interval denies blocks the sign-off');
select is(probe.signing(probe.p_case('{"pNote": "Adjusted for three tests after Holm."}')), 'null / {} / done', 'unless it is explained');
select alike(probe.signing('{}', 'officer'), 'positive / {} / TS007%', 'nor does the department');
-- Two primaries that disagree are mixed; a null result goes the same way.
select is(probe.signing(jsonb_build_object('results', jsonb_build_object('results', jsonb_build_array(probe.result('P1', '-1', '1', '0')), 'notAnalysed', '[{"outcomeCode": "S1", "reason": "The questionnaire was not returned."}]'::jsonb))),
    'null / {} / done', 'a null result is signed off like any other');
select is(probe.value('author.other', format('select public.report_gaps(%L)', probe.id('report1'))), null, 'what is missing is for those who have a part in it');

-- An amendment after the submission asks for another one.
create function probe.signing_after_amendment() returns text language plpgsql as $$
declare
    answer text;
begin
    set local session_replication_role = replica;
    update public.evaluation_plan set approved_version = 2 where id = probe.id('plan1');
    set local session_replication_role = origin;
    answer := probe.refusal('lead', probe.sign_sql('lead'));
    raise exception using errcode = 'ZZ998', message = answer;
exception when sqlstate 'ZZ998' then
    return sqlerrm;
end $$;
select is(probe.signing_after_amendment(), 'TS002 GUARD outcomes_reported: Still missing: plan_version.', 'a report answers to the version in force');

-- 10. Signed off: from here on it is published, or put off in public.
select probe.must('lead', probe.sign_sql('lead'));
select results_eq(format('select publish_due_on - public.london_today(), signed_off_by from public.evaluation_report where id = %L', probe.id('report1')), format('values (84, %L::uuid)', probe.id('lead')), 'public within 84 days');
select is(probe.milestone('award1', 'final_report_accepted'), 't', 'the last instalment is free');
select is(probe.milestone('award1', 'interim_report'), 't', 'as is any before it');
select is(probe.value(null, 'select count(*) from published.report'), '0', 'not public yet');
select is_empty($$ select from_state, event, to_state from workflow.transition t where machine = 'evaluation_report' and from_state in ('signed_off', 'publication_scheduled', 'delayed', 'published', 'corrected')
    and to_state not in ('publication_scheduled', 'delayed', 'published', 'corrected', 'withdrawn') $$, 'no step leads from a signed-off report to one that is not (scenario 14)');
select is_empty($$ select event from workflow.transition where machine = 'evaluation_report' and to_state = 'withdrawn' and from_state not in ('published', 'corrected') $$, 'and only what was public can be withdrawn');
select set_eq($$ select event, to_state from workflow.transition t, unnest(capacities) c join public.capacity_kind k on k.code = c
    where machine = 'evaluation_report' and k.role = 'department' $$, $$ values ('schedule', 'publication_scheduled'), ('delay', 'delayed'), ('renew_delay', 'delayed') $$, 'the department schedules and delays, and nothing else');
select is_empty($$ select distinct on (s, e, t) s, e, t from (select distinct from_state s from workflow.transition where machine = 'evaluation_report' and from_state <> '') a, (select distinct event e from workflow.transition where machine = 'evaluation_report') b,
    unnest(array['drafting', 'revise', 'withdrawn', 'submitted']) t
    where s in ('signed_off', 'publication_scheduled', 'delayed') and probe.try('sor', probe.step_sql('report1', e, t)) not in ('TS002', 'TS009') $$, 'whatever a senior officer tries');
create function probe.delay_sql(reason text, days integer, words text default null, event text default 'delay') returns text language sql as $$
    select probe.step_sql('report1', event, 'delayed', format('delay_reason = %L, delay_text = %L, delay_until = public.london_today() + %s', reason, words, days)) $$;
select is(probe.who_may(probe.delay_sql('resource_constraints', 30)), 'manyhats officer officer2 sor', 'the department delays');
select alike(probe.refusal('sor', probe.delay_sql(r, d, w)), e, why) from (values ('resource_constraints', 85, null, 'TS002 GUARD delay_is_coded%', 'twelve weeks at most'), ('resource_constraints', 0, null, 'TS002 GUARD delay_is_coded%', 'into the future'),
    ('awkward', 30, null, '23514%', 'for one of six reasons'), ('other', 30, null, 'TS002 GUARD delay_is_coded%', 'in words where it is another'), (null, 30, null, 'TS002 GUARD delay_is_coded%', 'not without one')) v (r, d, w, e, why);
create function probe.schedule_sql(days integer) returns text language sql as $$ select probe.step_sql('report1', 'schedule', 'publication_scheduled', format('planned_on = public.london_today() + %s', days)) $$;
select is(probe.who_may(probe.schedule_sql(40)), 'author author.b both.ww2 lead lead.b lead.ww2 manyhats officer officer2', 'a day is set by the review lead, the author or an officer');
select alike(probe.refusal('officer', probe.schedule_sql(85)), 'TS002 GUARD within_deadline%', 'within the 84 days');
select alike(probe.refusal('officer', probe.schedule_sql(-1)), 'TS002 GUARD within_deadline%', 'and not in the past');
select is(probe.who_moves('report1', 'publish', 'published'), 'author author.b both.ww2 lead lead.b lead.ww2', 'the review lead or the author publishes');
select probe.must('officer', probe.delay_sql('resource_constraints', 30));
select is(probe.value(null, 'select title || '' '' || delay_reason || '' '' || renewals || '' '' || is_overdue from published.overdue_report'), 'Report of plan1 resource_constraints 0 false', 'a delay is in public, by title');
select is(probe.who_may(probe.delay_sql('other', 84, 'The minister has not read it yet.', 'renew_delay')), 'sor', 'only the senior officer prolongs it');
select alike(probe.refusal('lead', probe.step_sql('report1', 'publish', 'published')), 'TS002 GUARD publication_due%', 'a delay in force holds');
select probe.must('sor', probe.delay_sql('other', 84, 'The minister has not read it yet.', 'renew_delay'));
select results_eq('select number, reason, until - public.london_today(), decided_by from public.publication_delay order by number',
    format('values (1, ''resource_constraints'', 30, %L::uuid), (2, ''other'', 84, %L)', probe.id('officer'), probe.id('sor')), 'each delay is on record');
select is(probe.value(null, 'select renewals || '' '' || delay_text from published.overdue_report'), '1 The minister has not read it yet.', 'and in public');
-- The clock passes.
create function probe.days_later(days integer) returns void language plpgsql as $$
begin
    set local session_replication_role = replica;
    update public.evaluation_report set signed_off_at = now() - make_interval(days => days), publish_due_on = public.london_today() - days + 84, delay_until = public.london_today() - days + 84 where id = probe.id('report1');
    set local session_replication_role = origin;
end $$;
create function probe.told(what text) returns text language sql as $$
    select coalesce(string_agg(k.key, ' ' order by k.key), 'nobody') from public.outbox o join probe.known k on k.id = o.recipient_id where o.event = 'evaluation_report.' || what $$;
select probe.days_later(55);
select is(probe.value(null, 'select public.remind_of_publication()', 'touchstone_worker'), '0', 'on day 55 nobody is told');
select is(probe.try('officer', 'select public.remind_of_publication()'), '42501', 'and nobody else may');
select probe.days_later(56);
select is(probe.value(null, 'select public.remind_of_publication()', 'touchstone_worker'), '3', 'on day 56 three are');
select is(probe.told('publication_due'), 'author author.b sor', 'the senior officer and the authors');
select is(probe.value(null, 'select public.remind_of_publication()', 'touchstone_worker'), '0', 'once');
select probe.days_later(84);
select is(probe.value(null, 'select is_overdue from published.overdue_report'), 'false', 'day 84 is in time');
select is(probe.value(null, 'select public.remind_of_publication()', 'touchstone_worker'), '9', 'and more are told');
select probe.days_later(85);
select is(probe.value(null, 'select days_overdue || '' '' || is_overdue from published.overdue_report'), '1 true', 'day 85 is overdue, for everybody to see');
select probe.days_later(112);
select ok(probe.value(null, 'select public.remind_of_publication()', 'touchstone_worker')::integer > 0, 'day 112 goes higher');
select is(probe.told('publication_escalated'), 'approver approver2 approver3 auditor author author.b both.ww2 both1 certifier1 lead lead.b lead.ww2 manyhats sor', 'to approvers and auditors');
select is(probe.who_moves('report1', 'publish', 'published'), 'author author.b both.ww2 lead lead.b lead.ww2', 'when a delay is over, the author publishes without asking');
select is(probe.try(null, probe.step_sql('report1', 'publish', 'published'), 'touchstone_worker'), '0', 'the clock publishes what has its day');
select probe.must('lead', probe.schedule_sql(0));
select is(probe.try(null, probe.step_sql('report1', 'publish', 'published'), 'touchstone_worker', false), '1', 'on its day');
select results_eq(format('select number, submission, direction, published_by from public.evaluation_report_version where report_id = %L', probe.id('report1')), $$ values (1, 1, 'positive', null::uuid) $$, 'and writes the version');
select is(probe.value(null, 'select concat_ws('' '', title, version, direction, sms, planned_sms, padlock, attrition, smallest_arm, follow_up_months, registration_status, summary) from published.report'),
    'Report of plan1 1 positive 3 5 3 0.026473 735 12 pre_registered Fewer children were in care.', 'in public, whatever it says');
select is(probe.value(null, 'select string_agg(concat_ws('' '', outcome, prespecified, direction), '' | '' order by position) from published.result'),
    'Children in care after 12 months t positive | Strengths and difficulties t null | School attendance f positive', 'figure by figure');
select is(probe.value(null, 'select count(*) from published.overdue_report'), '0', 'and no longer on the list');
select is(probe.value(null, 'select title from published.report', 'touchstone_reader'), 'Report of plan1', 'analysts read it too');
select is(probe.try('author', probe.step_sql('plan1', 'complete', 'completed')), '1', 'then the evaluation is complete');

-- Corrected: a new version, the old one within reach. Withdrawn: the notice stays.
select alike(probe.refusal('lead', probe.step_sql('report1', 'correct', 'corrected')), 'TS002 GUARD correction_proposed%', 'a correction is proposed by the author');
select probe.must('author', probe.write_report_sql('report1', 'author', '{"summary": {"plainLanguage": "Somewhat fewer children were in care."}}'));
select alike(probe.refusal('author', probe.report_submission_sql('report1', 'author', 'propose_correction', 'published', '{"summary": {"plainLanguage": "Somewhat fewer children were in care."}}')), 'TS002 GUARD reason_given%', 'with what it corrects');
select probe.must('author', probe.report_submission_sql('report1', 'author', 'propose_correction', 'published', '{"summary": {"plainLanguage": "Somewhat fewer children were in care."}}', note => 'The summary said more than the figures do.'));
select is(probe.value(null, 'select version || '' '' || summary from published.report'), '1 Fewer children were in care.', 'a proposal is not public');
select is(probe.who_moves('report1', 'correct', 'corrected'), 'both.ww2 lead', 'a review lead publishes it');
select probe.step('lead', 'report1', 'correct', 'corrected');
select is(probe.value(null, 'select concat_ws('' '', version, summary, correction_note) from published.report'), '2 Somewhat fewer children were in care. The summary said more than the figures do.', 'with what was corrected');
select is(probe.value(null, 'select string_agg(version || '' '' || (content #>> ''{summary,plainLanguage}''), '' | '' order by version) from published.report_version'), '1 Fewer children were in care. | 2 Somewhat fewer children were in care.', 'both versions stay');
select is(probe.who_moves('report1', 'withdraw', 'withdrawn', 'withdrawal_reason = ''The data turned out to be made up.'''), 'both.ww2 lead', 'a review lead withdraws, the department does not');
select is(probe.try('lead', probe.step_sql('report1', 'withdraw', 'withdrawn')), 'TS002', 'with a reason');
create function probe.withdrawn() returns text language plpgsql as $$
declare
    answer text;
begin
    perform probe.step('lead', 'report1', 'withdraw', 'withdrawn', 'withdrawal_reason = ''The data turned out to be made up.''');
    answer := concat_ws(' / ', probe.value(null, 'select concat_ws('' '', title, state, withdrawal_reason, content, direction, summary) from published.report'), probe.value(null, 'select count(*) from published.result'), probe.milestone('award1', 'final_report_accepted'));
    raise exception using errcode = 'ZZ998', message = answer;
exception when sqlstate 'ZZ998' then
    return sqlerrm;
end $$;
select is(probe.withdrawn(), 'Report of plan1 withdrawn The data turned out to be made up. / 0 / f the evaluator', 'the notice stays, the content goes, the gate closes');

-- Pressure.
select is(probe.who_may(format($$insert into public.pressure_flag (id, report_id, body, flagged_by) values (gen_random_uuid(), %L, 'We were asked to leave out a table.', '{me}')$$, probe.id('report1'))), 'author author.b both.ww2 lead lead.b lead.ww2', 'author and review lead report pressure');
select probe.must('author', format($$insert into public.pressure_flag (id, report_id, body, flagged_by) values (gen_random_uuid(), %L, 'We were asked to leave out a table.', %L)$$, probe.id('report1'), probe.id('author')));
select is(probe.who_sees('public.pressure_flag'), 'auditor author sor', 'to the senior officer and auditors');

-- 11. Who sees which row: plan1 and report1 of la1 by eval, plan2 of la2 by What Works. Counts of rows by person, with the
-- public record apart. An interim report of plan1 is in peer review, with one review final and one in hand.
select probe.report_up_to('report2', 'plan1', 'author', 'certifier1', 'lead', '{}', 'submitted', kind => 'interim', but => jsonb_build_object('deviations', '{"none": false, "deviations": [{"planVersion": 1, "what": "x", "why": "y"}]}'::jsonb, 'results', probe.findings() -> 'results' || '{"notAnalysed": [{"outcomeCode": "S1", "reason": "It is not the time for it yet."}]}'));
select probe.review_up_to('q1', 'report2', 'reviewer', 'lead', 'coi_checked'), probe.review_up_to('q2', 'report2', 'reviewer2', 'lead', 'coi_checked');
select probe.step('lead', 'report2', 'begin_review', 'peer_review');
select probe.finish_review('q1', 'reviewer', 'lead');
select probe.step('reviewer2', 'q2', 'begin', 'in_progress'), probe.must('reviewer2', probe.score_sql('q2', 'reviewer2'));
create temp table seen (relation text, who text, rows integer);
do $$
declare
    it text;
    who text;
begin
    foreach it in array array['evaluation', 'evaluation_plan', 'evaluation_plan_section', 'evaluation_plan_submission', 'evaluation_plan_version', 'evaluation_plan_outcome',
        'plan_amendment', 'evaluation_comment', 'evaluation_answer', 'evaluation_registration', 'review', 'conflict_declaration', 'conflict_ruling', 'review_score', 'review_item',
        'review_item_closure', 'review_note', 'adjudication', 'evaluation_report', 'evaluation_report_section', 'evaluation_report_submission', 'evaluation_report_version',
        'report_result', 'report_omission', 'report_flow', 'report_arm', 'report_balance', 'report_deviation', 'report_cost', 'publication_delay', 'pressure_flag'] loop
        foreach who in array array['editor1', 'editor2', 'officer', 'officer.dep2', 'author', 'author.other', 'author.ww', 'author.idle', 'lead', 'lead.ww2', 'rev1', 'rev2', 'reviewer', 'reviewer2', 'panel', 'auditor', 'admin'] loop
            insert into seen values (it, who, coalesce(nullif(probe.value(who, 'select count(*) from public.' || it), '42501'), '-1')::integer);
        end loop;
    end loop;
end $$;
select is(coalesce((select string_agg(who || ' ' || rows, ', ' order by who) from seen where seen.relation = split_part(line, ': ', 1) and rows > 0), ''), split_part(line, ': ', 2), split_part(line, ': ', 1) || ' by person')
from regexp_split_to_table($golden$adjudication: auditor 2, lead 2, lead.ww2 2, rev1 2
conflict_declaration: auditor 12, lead 10, lead.ww2 12, rev1 3, rev2 2, reviewer 1, reviewer2 1
conflict_ruling: auditor 1, lead 1, lead.ww2 1, rev2 1
evaluation: auditor 2, author 1, author.ww 1, editor1 1, editor2 1, lead 1, lead.ww2 2, officer 2, rev1 1, reviewer 1, reviewer2 1
evaluation_answer: auditor 1, author 1, editor1 1, lead 1, lead.ww2 1, officer 1
evaluation_comment: auditor 1, author 1, editor1 1, lead 1, lead.ww2 1, officer 1
evaluation_plan: auditor 2, author 1, author.ww 1, editor1 1, editor2 1, lead 1, lead.ww2 2, officer 2, rev1 1, reviewer 1, reviewer2 1
evaluation_plan_outcome: auditor 8, author 6, author.ww 2, editor1 6, editor2 2, lead 6, lead.ww2 8, officer 8, rev1 6, reviewer 6, reviewer2 6
evaluation_plan_section: auditor 22, author 11, author.ww 11, editor1 11, editor2 11
evaluation_plan_submission: auditor 4, author 3, author.ww 1, editor1 3, editor2 1, lead 3, lead.ww2 4, officer 4, rev1 2
evaluation_plan_version: auditor 4, author 3, author.ww 1, editor1 3, editor2 1, lead 3, lead.ww2 4, officer 4, rev1 3, reviewer 3, reviewer2 3
evaluation_registration: auditor 3, author 3, editor1 3, lead 3, lead.ww2 3, officer 3, rev1 3, reviewer 3, reviewer2 3
evaluation_report: auditor 2, author 2, editor1 2, lead 2, lead.ww2 2, officer 2, rev1 2, reviewer 2, reviewer2 2
evaluation_report_section: auditor 26, author 26
evaluation_report_submission: auditor 3, author 3, editor1 3, lead 3, lead.ww2 3, officer 3, rev1 1, reviewer 1, reviewer2 1
evaluation_report_version: auditor 2, author 2, editor1 2, lead 2, lead.ww2 2, officer 2, rev1 2, reviewer 2, reviewer2 2
plan_amendment: auditor 2, author 2, editor1 2, lead 2, lead.ww2 2, officer 2, rev1 2, reviewer 2, reviewer2 2
pressure_flag: auditor 1, author 1
publication_delay: auditor 2, author 2, editor1 2, lead 2, lead.ww2 2, officer 2, rev1 2, reviewer 2, reviewer2 2
report_arm: auditor 6, author 6, editor1 6, lead 6, lead.ww2 6, officer 6, rev1 2, reviewer 2, reviewer2 2
report_balance: auditor 3, author 3, editor1 3, lead 3, lead.ww2 3, officer 3, rev1 1, reviewer 1, reviewer2 1
report_cost: auditor 3, author 3, editor1 3, lead 3, lead.ww2 3, officer 3, rev1 1, reviewer 1, reviewer2 1
report_deviation: auditor 1, author 1, editor1 1, lead 1, lead.ww2 1, officer 1, reviewer 1, reviewer2 1
report_omission: auditor 1, author 1, editor1 1, lead 1, lead.ww2 1, officer 1, reviewer 1, reviewer2 1
report_flow: auditor 3, author 3, editor1 3, lead 3, lead.ww2 3, officer 3, rev1 1, reviewer 1, reviewer2 1
report_result: auditor 9, author 9, editor1 9, lead 9, lead.ww2 9, officer 9, rev1 3, reviewer 3, reviewer2 3
review: auditor 11, lead 9, lead.ww2 11, rev1 6, rev2 1, reviewer 1, reviewer2 1
review_item: auditor 1, lead 1, lead.ww2 1, rev1 1
review_item_closure: auditor 1, lead 1, lead.ww2 1, rev1 1
review_note: auditor 1, lead 1, lead.ww2 1, rev1 1
review_score: auditor 147, lead 94, lead.ww2 120, rev1 80, rev2 13, reviewer 14, reviewer2 14$golden$, '\n') line;
select is((select string_agg(relation, ',') from (select relation from seen where rows > 0 group by relation having relation not in ('adjudication', 'conflict_declaration', 'conflict_ruling', 'evaluation', 'evaluation_answer', 'evaluation_comment',
    'evaluation_plan', 'evaluation_plan_outcome', 'evaluation_plan_section', 'evaluation_plan_submission', 'evaluation_plan_version', 'evaluation_registration', 'evaluation_report', 'evaluation_report_section', 'evaluation_report_submission',
    'evaluation_report_version', 'plan_amendment', 'pressure_flag', 'publication_delay', 'report_arm', 'report_balance', 'report_cost', 'report_deviation', 'report_flow', 'report_omission', 'report_result', 'review', 'review_item', 'review_item_closure', 'review_note', 'review_score')) x), null, 'and nothing else');
select is(probe.value(null, 'select count(*) from public.' || relation), '0', relation || ': nothing without a session') from (select distinct relation from seen) x where relation <> 'x' order by 1;
select is(probe.value('auditor', 'select count(*) from public.evaluation_plan', 'touchstone_reader'), '42501', 'analysts have the public record only');

-- Masking: the identities and the confidential words of reviewers, in every table, view and log that can be read.
insert into audit.event (id, person_id, organisation_id, action, object_kind, object_id, to_state) values (gen_random_uuid(), probe.id('rev1'), probe.id('ww'), 'review.submit', 'review', probe.id('r1'), 'submitted');
create function probe.traces(who text, needles text[]) returns setof text language plpgsql as $$
declare
    it record;
    found text;
begin
    for it in select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('public', 'workflow', 'audit', 'published') and c.relkind in ('r', 'v') and pg_get_userbyid(c.relowner) = 'touchstone_owner'
            -- Who works here is no secret; who reviewed what is.
            and c.relname not in ('person', 'capacity') loop
        -- That somebody has an account is no secret either.
        found := probe.value(who, format('select count(*) from %I.%I t where t::text ~ %L and t::text not like ''%%,person,%%''', it.nspname, it.relname, array_to_string(needles, '|')));
        if found <> '42501' and found <> '0' then
            return next format('%s.%s', it.nspname, it.relname);
        end if;
    end loop;
end $$;
select is_empty(format('select probe.traces(%L, array[probe.id(''rev1''), probe.id(''rev3''), probe.id(''rev4''), probe.id(''rev.ww2'')]::text[] || array[''canary:'', ''Person rev''])', who), who || ' finds no trace of a reviewer')
from unnest(array['editor1', 'certifier1', 'editor2', 'author', 'author.other', 'author.ww', 'officer', 'sor', 'approver', 'admin', 'rev5', 'panel']) who;
select isnt_empty($$ select probe.traces('lead', array[probe.id('rev1')]::text[]) $$, 'as the review lead does');
select is_empty($$ select probe.traces('rev4', array['canary: between us']) $$, 'confidential notes are not for the other reviewer');
select is_empty($$ select probe.traces('reviewer', array[probe.id('reviewer2')]::text[]) except select 'public.appraisal' $$, 'nor who the other is, while their review is in hand');

-- 12. Every state × event that is not in the tables is refused, and what is in them only its capacities may do.
create temp table machine (machine text, object text);
insert into machine values ('evaluation_plan', 'plan1'), ('review', 'q2'), ('evaluation_report', 'report2');
create function probe.put(relation text, object text, wanted text) returns void language plpgsql as $$
begin
    set local session_replication_role = replica;
    execute format('update public.%I set state = %L where id = %L', relation, wanted, probe.id(object));
    set local session_replication_role = origin;
end $$;
create function probe.unlawful(which text, object text) returns setof text language plpgsql as $$
declare
    was record;
    e record;
    answer text;
    lawful text;
begin
    for was in select distinct s from (select from_state as s from workflow.transition t where t.machine = which union select to_state from workflow.transition t where t.machine = which) x where s <> '' loop
        perform probe.put(which, object, was.s);
        for e in select distinct event, to_state from workflow.transition t where t.machine = which
            union select 'invented', (select min(to_state) from workflow.transition t where t.machine = which) loop
            lawful := (select to_state from workflow.transition t where t.machine = which and t.from_state = was.s and t.event = e.event);
            answer := probe.try(null, probe.move_sql('public.' || which, object, e.event, e.to_state), 'touchstone_owner');
            if lawful is distinct from e.to_state and answer <> 'TS002' then
                return next format('%s: %s from %s to %s: %s', which, e.event, was.s, e.to_state, answer);
            end if;
        end loop;
    end loop;
end $$;
create function probe.out_of_capacity(which text, object text) returns setof text language plpgsql as $$
declare
    t workflow.transition;
    who text;
    answer text;
begin
    for t in select * from workflow.transition x where x.machine = which and x.from_state <> '' loop
        perform probe.put(which, object, t.from_state);
        -- One for each set of capacities and organisation.
        for who in select min(k.key) from probe.known k join public.person p on p.id = k.id
            where p.state = 'active' and not exists (select from public.capacity c where c.person_id = p.id and c.code = any (t.capacities))
            group by p.organisation_id, p.role, array(select c.code from public.capacity c where c.person_id = p.id order by 1) loop
            answer := probe.try(who, probe.move_sql('public.' || which, object, t.event, t.to_state));
            if answer not in ('0', '42501', 'TS007') then
                return next format('%s %s by %s: %s', which, t.event, who, answer);
            end if;
        end loop;
    end loop;
end $$;
select is_empty(format('select probe.unlawful(%L, %L)', machine, object), machine || ': every state × event that is not in the table is refused') from machine order by machine;
select is_empty(format('select probe.out_of_capacity(%L, %L)', machine, object), machine || ': nobody acts outside their capacities') from machine order by machine;

select * from finish();
rollback;
