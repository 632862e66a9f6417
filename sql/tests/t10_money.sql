-- Awards: who drafts, checks, offers, accepts and signs what, and that nothing is agreed that was not approved.
begin;
\ir fixture.psql
\ir fixture_money.psql
select no_plan();
select probe.approve_bid('bid1', 90000);
select probe.approve_bid('bid2', 90000);

-- 1. The agreement. Drafted by one officer, checked by another.
select probe.new('award1'), probe.new('bank.award1');
select is(probe.try(who, probe.draft_sql('award1', 'bid1', who)), wanted, who || ' drafts an award: ' || wanted)
from (values ('officer', '1'), ('finance', 'TS007'), ('editor1', 'TS007'), ('auditor', 'TS007'), ('officer.reads', 'TS007')) v (who, wanted);
select is(probe.try('officer', replace(probe.draft_sql('award1', 'bid1', 'officer'), probe.id('approval.bid1')::text, probe.id('approval.bid2')::text)), 'TS002', 'not on the approval of another bid');
select is(probe.act('officer', probe.draft_sql('award1', 'bid1', 'officer')), '1', 'drafted');
select is((select amount from public.award), 90000.00, 'for what was approved');
select is(probe.try('officer', 'update public.award set amount = 1'), '42501', 'which nobody types');
select is(probe.try('officer', probe.check_sql('award1', 1, 'officer')), 'whoever drafted an agreement does not check it', 'not checked by its drafter');
savepoint drafted;
select is(probe.act('officer3', format('update public.award set draft = ''{"purpose":"x"}'', drafted_by = %L, version = version + 1 where id = %L', probe.id('officer3'), probe.id('award1'))), '1', 'another officer edits');
select is(probe.try('officer3', probe.check_sql('award1', 1, 'officer3')), 'whoever drafted an agreement does not check it', 'nor by anybody who wrote at it');
select is(probe.try('officer3', format('update public.award set draft = ''{"purpose":"x"}'', drafted_by = %L, version = version + 1', probe.id('officer'))), 'TS007', 'in nobody else''s name');
rollback to drafted;
select is(probe.try('officer2', probe.check_sql('award1', 1, 'officer2')), '1', 'but by a second officer');
select is(probe.try('officer2', probe.check_sql('award1', 2, 'officer2')), 'TS009', 'versions follow each other');
select is(probe.try('officer2', probe.check_sql('award1', 1, 'officer2', '{"canonical":"other"}')), 'TS011', 'the digest is of what is stored');
select is(probe.try('officer2', replace(probe.check_sql('award1', 1, 'officer2'), 'agreement_hash = sha256', 'agreement_hash = sha224')), 'TS011', 'and the award names it');
select is(probe.try('officer2', probe.version_sql('award1', 1, 'officer2') || '; set constraints all immediate'), 'TS009', 'no version lies about unchecked');
select is(probe.try('officer2', probe.check_sql('award1', 1, 'officer2', jsonb_build_object('clauses', probe.clauses(clause)))), 'TS009', 'the clause ' || clause || ' is not forgotten')
from unnest(probe.clauses()::text[]) clause;
-- Scenario 6: unringfenced, and no evaluation clause.
create function probe.no_evaluation() returns jsonb language sql as $$ select jsonb_build_object('clauses', probe.clauses('evaluation'), 'conditionality', 'unringfenced') $$;
create function probe.departure_sql(who text, subject text) returns text language sql as $$
    select format('insert into public.agreement_departure (id, award_id, subject, reason, approved_by) values (gen_random_uuid(), %L, %L, ''A reason of twenty characters'', %L)', probe.id('award1'), subject, probe.id(who)) $$;
select is(probe.refusal('officer2', probe.check_sql('award1', 1, 'officer2', probe.no_evaluation())),
    'TS009 CLAUSE evaluation: The agreement lacks the clause evaluation, and nobody recorded a departure from it.', 'scenario 6: the check says what is missing');
select is(probe.try(who, probe.departure_sql(who, 'evaluation')), wanted, who || ' allows a departure: ' || wanted)
from (values ('officer2', '42501'), ('finance', '42501'), ('editor1', '42501'), ('auditor', '42501'), ('approver', '1'), ('sor', '1')) v (who, wanted);
select is(probe.try('sor', replace(probe.departure_sql('sor', 'evaluation'), 'A reason of twenty characters', 'Because')), '23514', 'with a reason');
savepoint before_departure;
select probe.must('approver', probe.departure_sql('approver', 'evaluation'));
select is(probe.try('officer2', probe.check_sql('award1', 1, 'officer2', probe.no_evaluation(), '(1, 90000, ''none'', date ''2026-12-01'')')), '1', 'allowed, by name: it passes, and money waits for nothing');
select is(probe.try('officer2', probe.check_sql('award1', 1, 'officer2', '{}', '(1, 90000, ''none'', date ''2026-12-01'')')), 'TS012', 'where the clause is in, the money waits for it');
rollback to before_departure;
-- The schedule.
select is(probe.try('officer2', probe.check_sql('award1', 1, 'officer2', '{}', plan)), wanted, what)
from (values
    ('(1, 30000, ''none'', date ''2026-12-01''), (2, 60000.01, ''final_report_accepted'', ''2027-03-31'')', 'TS006', 'a penny more than the award'),
    ('(1, 30000, ''none'', date ''2026-12-01''), (2, 59999.99, ''final_report_accepted'', ''2027-03-31'')', 'TS006', 'a penny less'),
    ('(1, 30000, ''none'', date ''2026-12-01''), (2, 60000, ''final_report_accepted'', ''2027-04-01'')', 'TS006', 'in a year for which nothing was set aside'),
    ('(1, 30000, ''none'', date ''2026-12-01''), (2, 30000, ''none'', ''2027-01-01''), (3, 30000, ''final_report_accepted'', ''2027-03-31'')', 'TS012', 'an instalment after the first that waits for nothing'),
    ('(1, 30000, ''none'', date ''2026-12-01''), (2, 60000, ''protocol_approved'', ''2027-03-31'')', 'TS012', 'a last one that does not wait for the final report'),
    ('(1, 90000, ''none'', date ''2026-12-01'')', 'TS012', 'also where it is the only one'),
    ('(1, 81000.01, ''none'', date ''2026-12-01''), (2, 8999.99, ''final_report_accepted'', ''2027-03-31'')', 'TS012', 'a last one of less than a tenth'),
    ('(1, 81000, ''none'', date ''2026-12-01''), (2, 9000, ''final_report_accepted'', ''2027-03-31'')', '1', 'a tenth')) v (plan, wanted, what);
select is(probe.try('officer2', probe.check_sql('award1', 1, 'officer2', '{"maximum":"80000"}')), 'TS006', 'the maximum is what was approved');
select is(probe.act('officer2', probe.check_sql('award1', 1, 'officer2', '{"conditions":"(''C1'', ''First'', ''precedent'')"}')), '1', 'checked');
select is((select starts_on || ' ' || evaluation_budget || ' ' || array_to_string(categories, ',') from public.award), (public.london_today() - 300) || ' 9000.00 staff,evaluation', 'the award says what its version says');
select is(probe.try('officer', statement), wanted, what) from (values
    ('update public.award set draft = ''{"x":1}'', version = version + 1', 'TS009', 'a checked draft is frozen'),
    ('update public.award set agreement_number = 2, version = version + 1', 'TS009', 'and its version stays'),
    ('update public.instalment set amount = 1', '42501', 'instalments are facts'), ('update public.agreement_version set rendered = ''x''', '42501', 'versions too'),
    (format('insert into public.instalment (id, award_id, agreement_number, position, amount, due_on, milestone) values (gen_random_uuid(), %L, 1, 4, 1, ''2026-12-01'', ''none'')', probe.id('award1')), 'TS009', 'none slips in later'),
    ('delete from public.award', '42501', 'nothing is deleted')) v (statement, wanted, what);
select throws_ok('update public.agreement_version set rendered = ''x''', 'TS004', null, 'not even by a superuser');
select throws_ok('delete from public.instalment', 'TS004', null, 'nor instalments');
select is(probe.try('officer2', format('insert into public.instalment (id, award_id, agreement_number, position, amount, due_on, milestone) values (gen_random_uuid(), %L, 1, 4, 1, ''2026-12-01'', ''none'')', probe.id('award1'))), 'TS009', 'not even by whoever checked it');
select is(probe.try('officer', probe.move_sql('public.award', 'award1', 'return', 'drafting')), 'TS002', 'sent back with a reason only');
savepoint checked;
select is(probe.act('officer', probe.move_sql('public.award', 'award1', 'return', 'drafting', 'reason = ''Wrong dates''')), '1', 'sent back');
select is(probe.try('officer2', probe.check_sql('award1', 2, 'officer2')), '1', 'and checked again, as the next version');
rollback to checked;

-- 2. Offer, acceptance, bank details.
select is(probe.value('editor1', 'select count(*) from public.award'), '0', 'its authority does not know of it yet');
select is(probe.try(who, probe.award_sql('award1', 'offer', 'offered', who)), wanted, who || ' offers: ' || wanted)
from (values ('officer', 'TS007'), ('finance', 'TS007'), ('auditor', '0'), ('editor1', '0'), ('approver', '1'), ('sor', '1')) v (who, wanted);
select is(probe.try('sor', replace(probe.award_sql('award1', 'offer', 'offered', 'sor'), 'offered_by', 'agreement_hash = sha256(''x''), offered_by')), 'TS011', 'what is offered is what was read');
select probe.move('public.programme', 'programme', 'suspend', 'suspended');
select is(probe.try('sor', probe.award_sql('award1', 'offer', 'offered', 'sor')), 'TS002', 'no offers while the programme is suspended');
rollback to checked;
select probe.operate(format('update public.approval set lapses_at = now() - interval ''1 second'', version = version + 1 where id = %L', probe.id('approval.bid1')));
select is(probe.try('sor', probe.award_sql('award1', 'offer', 'offered', 'sor')), 'TS002', 'nor on an approval that lapsed');
rollback to checked;
select is(probe.try('sor', probe.move_sql('public.bid', 'bid1', 'offer', 'offered')), 'TS007', 'nobody moves the bid by hand');
select is(probe.act('sor', probe.award_sql('award1', 'offer', 'offered', 'sor')), '1', 'offered');
select is((select state from public.bid where id = probe.id('bid1')), 'offered', 'the bid with it');
select is((select accept_by from public.award), public.london_today() + 30, 'for thirty days');
select is(probe.value('editor1', 'select count(*) from public.award'), '1', 'now its authority knows');
select is(probe.value('editor2', 'select count(*) from public.award'), '0', 'and no other');
select is(probe.value(null, 'select count(*) from published.award'), '0', 'nor the public');
select is(probe.try('certifier1', probe.award_sql('award1', 'accept', 'accepted', 'certifier1')), 'TS016', 'no acceptance without bank details');
select is(probe.try(who, probe.bank_sql('bank.award1', 'la1', who, '1234')), wanted, who || ' enters bank details: ' || wanted)
from (values ('editor1', '1'), ('certifier1', '1'), ('reader1', '42501'), ('editor2', '42501'), ('finance', '42501'), ('auditor', '42501')) v (who, wanted);
select is(probe.act('editor1', probe.bank_sql('bank.award1', 'la1', 'editor1', '1234')), '1', 'entered');
select is(probe.try('certifier1', probe.award_sql('award1', 'accept', 'accepted', 'certifier1')), 'TS016', 'not until they are verified');
select is(probe.try(who, probe.verify_sql('bank.award1', who, typed)), wanted, who || ' verifies: ' || wanted)
from (values ('editor1', '1234', 'whoever entered bank details does not verify them'), ('certifier1', '1234', '1'), ('certifier1', '1235', 'TS011'), ('reader1', '1234', '42501'), ('certifier2', '1234', 'TS007'), ('finance', '1234', '1'), ('officer', '1234', '42501')) v (who, typed, wanted);
select probe.must('finance', probe.verify_sql('bank.award1', 'finance', '1234'));
select is(probe.try('certifier1', probe.award_sql('award1', 'accept', 'accepted', 'certifier1')), 'TS016', 'somebody of the authority must have verified them');
select probe.must('certifier1', probe.verify_sql('bank.award1', 'certifier1', '1234'));
select is(probe.try(who, probe.award_sql('award1', 'accept', 'accepted', who)), wanted, who || ' accepts: ' || wanted)
from (values ('certifier1', '1'), ('editor1', 'TS007'), ('certifier2', '0'), ('sor', 'TS007')) v (who, wanted);
select is(probe.try('certifier1', replace(probe.award_sql('award1', 'accept', 'accepted', 'certifier1'), 'accepted_by', 'agreement_hash = sha256(''x''), accepted_by')), 'TS011', 'what is accepted is what was read');
select is(probe.try('certifier1', replace(probe.award_sql('award1', 'accept', 'accepted', 'certifier1'), 'accepted_by', 'ggis_award_ref = ''X'', accepted_by')), 'TS009', 'and nothing else changes with it');
select is(probe.try('certifier1', 'update public.award set evaluator_name = ''us'', version = version + 1'), 'TS007', 'nor without it');
savepoint offered;
select probe.must('certifier1b', replace(probe.bank_sql('bank.award1', 'la1', 'certifier1b', '9999'), probe.id('bank.award1')::text, probe.new('bank.new')::text));
select probe.must('editor1', probe.verify_sql('bank.new', 'editor1', '9999'));
select is(probe.try('certifier1b', probe.award_sql('award1', 'accept', 'accepted', 'certifier1b')), 'whoever entered the bank details does not accept', 'whoever entered the bank details does not accept');
select is(probe.try('certifier1', probe.verify_sql('bank.award1', 'certifier1', '1234')), 'TS009', 'replaced details are not verified');
rollback to offered;
-- The end of the offer.
select is(probe.try('certifier1', probe.move_sql('public.award', 'award1', 'decline', 'declined', 'reason = ''No longer possible''')), '1', 'it can be declined');
select is(probe.try(null, probe.move_sql('public.award', 'award1', 'expire', 'expired'), 'touchstone_worker'), 'TS008', 'the clock does not end it early');
select probe.operate(format('update public.award set accept_by = public.london_today() - 1, version = version + 1 where id = %L', probe.id('award1')));
select is(probe.try('certifier1', probe.award_sql('award1', 'accept', 'accepted', 'certifier1')), 'TS008', 'it is not accepted late');
select is(probe.try('sor', probe.move_sql('public.award', 'award1', 'expire', 'expired')), 'TS007', 'no person ends it');
select is(probe.try(null, probe.move_sql('public.award', 'award1', 'expire', 'expired'), 'touchstone_worker'), '1', 'the clock does');
rollback to offered;
select is(probe.value(null, 'select public.remind_of_offers()', 'touchstone_worker'), '0', 'nobody is reminded early');
select probe.operate(format('update public.award set accept_by = public.london_today() + 7, version = version + 1 where id = %L', probe.id('award1')));
select is(probe.value(null, 'select public.remind_of_offers()', 'touchstone_worker')::integer > 0, true, 'seven days before, they are');
rollback to offered;
select is(probe.act('certifier1', probe.award_sql('award1', 'accept', 'accepted', 'certifier1')), '1', 'accepted');
select is(probe.value(null, 'select reference from published.award'), (select reference from public.award), 'the public knows');
-- What was accepted no longer lapses.
select probe.operate(format('update public.approval set lapses_at = now() - interval ''1 second'', version = version + 1 where id = %L', probe.id('approval.bid1')));
select is(probe.try(null, probe.move_sql('public.approval', 'approval.bid1', 'lapse', 'lapsed'), 'touchstone_worker'), '0', 'the clock passes it over');
select throws_ok(probe.move_sql('public.approval', 'approval.bid1', 'lapse', 'lapsed'), 'TS007', null, 'nobody else ends it');

-- 3. Signature, for the department, by somebody with no part in the bid.
select is(probe.try('signatory', probe.move_sql('public.award', 'award1', 'sign', 'signed_dept', format('signed_by = %L, %s', probe.id('signatory'), what))), wanted, what)
from (values ('evaluator_due_on = current_date, protocol_due_on = current_date', 'TS002'), ('ggis_award_ref = ''G'', protocol_due_on = current_date', 'TS002'),
    ('ggis_award_ref = ''G'', evaluator_name = ''Us''', 'TS002'), ('ggis_award_ref = ''G'', evaluator_name = ''Us'', protocol_due_on = current_date', '1')) v (what, wanted);
select is(probe.try(who, probe.award_sql('award1', 'sign', 'signed_dept', who)), wanted, who || ' signs: ' || wanted)
from (values ('signatory', '1'), ('sor', 'TS007'), ('certifier1', 'TS007'), ('everything', '1')) v (who, wanted);
savepoint accepted;
insert into workflow.duty_performed (id, case_id, person_id, duty) values (gen_random_uuid(), probe.id('bid1'), probe.id('signatory'), 'W');
select is(probe.try('signatory', probe.award_sql('award1', 'sign', 'signed_dept', 'signatory')), 'SOD_W_SG', 'not by whoever wrote the bid');
rollback to accepted;
select is(probe.act('signatory', probe.award_sql('award1', 'sign', 'signed_dept', 'signatory')), '1', 'signed');
select is((select duty from workflow.duty_performed where case_id = probe.id('bid1') and person_id = probe.id('signatory')), 'SG', 'the ledger of duties says so');
select is(probe.act('signatory', probe.award_sql('award1', 'activate', 'active', 'signatory')), '1', 'in force');
select is(probe.balance('award1', 'commitment'), 90000.00, 'the money is promised');
select is(probe.balance('award1', 'budget'), -90000.00, 'out of the budget');
select probe.begin_award('award2', 'bid2', 'la2', 'editor2', 'certifier2');
select is(probe.value('editor1', $$ select string_agg(position || ':' || state, ' ' order by position) from public.instalment_standing($$ || quote_literal(probe.id('award1')) || ')'),
    (select string_agg(position || ':' || case when due_on > public.london_today() then 'planned' when due_on + 30 >= public.london_today() then 'due' else 'overdue' end, ' ' order by position) from public.instalment where award_id = probe.id('award1')), 'instalments stand where the calendar is');

select * from finish();
rollback;
