-- Claims, payments, ledger, variations, the end: who may, what holds, and that money never goes where it was not promised,
-- whoever writes. Begins where t10_money.sql ends: with two awards in force.
begin;
\ir fixture.psql
\ir fixture_money.psql
select no_plan();
select probe.approve_bid('bid1', 90000);
select probe.approve_bid('bid2', 90000);
select probe.begin_award('award1', 'bid1', 'la1', 'editor1', 'certifier1', '{"conditions":"(''C1'', ''First'', ''precedent'')"}');
select probe.begin_award('award2', 'bid2', 'la2', 'editor2', 'certifier2');

-- 4. Claims.
select probe.new('c1'), probe.new('c1x');
select is(probe.try(who, probe.start_sql('c1', 'award1', 1, who)), wanted, who || ' starts a claim: ' || wanted)
from (values ('editor1', '1'), ('certifier1', 'TS007'), ('editor2', '0'), ('officer', 'TS007'), ('auditor', 'TS007')) v (who, wanted);
select is(probe.act('editor1', probe.start_sql('c1', 'award1', 1, 'editor1')), '1', 'started');
select is(probe.try('editor1', probe.start_sql('c1x', 'award1', 1, 'editor1', 2)), '23505', 'one claim for one instalment');
select is(probe.value('officer', 'select count(*) from public.claim'), '0', 'the department does not see drafts');
select is(probe.try('editor1', probe.claim_sql('c1', 'send_for_certification', 'in_certification', 'editor1')), 'TS002', 'it needs lines');
create function probe.with_line(amount numeric, "is" jsonb) returns text language sql as $$
    select probe.try('editor1', probe.line_sql('c1', 1, amount, coalesce("is" ->> 'ref', 'INV 001'), 'editor1', "is") || ';' || probe.claim_sql('c1', 'send_for_certification', 'in_certification', 'editor1')) $$;
select is(probe.with_line(amount, "is"::jsonb), wanted, amount || ' ' || "is" || ': ' || wanted)
from (values (30000.00, '{}', '1'), (0, '{}', '23514'), (30000, '{"category":"training"}', 'TS002'), (30000, '{"category":"bonus"}', '23514'),
    (30000, '{"spent_on":"2020-01-01"}', 'TS002'), (30000, '{"ref":""}', 'TS002'), (30000, '{"ref":" - "}', 'TS002'), (90000.01, '{}', 'TS013')) v (amount, "is", wanted);
update public.setting set value = '0' where code = 'award_year_tolerance_percent';
select is(probe.with_line(90000, '{}'), '1', 'all that the year has');
select probe.must('editor1', probe.line_sql('c1', 1, 20000, 'INV 001', 'editor1'));
select is(probe.try('editor1', probe.line_sql('c1', 2, 1, 'inv-001', 'editor1')), '23505', 'one entry of the ledger, however it is written, is claimed once');
select is(probe.try('editor2', probe.line_sql('c1', 2, 1, 'x', 'editor2')), '0', 'another authority has no part in it');
select probe.must('editor1b', probe.line_sql('c1', 2, 10000, 'INV 002', 'editor1b'));
select is(probe.try('editor1b', 'update public.claim_line set sampled = false'), '42501', 'nobody chooses what is checked');
select is(probe.try('editor1b', format('update public.claim_line set verdict = ''allowed'', edited_by = %L where supplier <> ''x''', probe.id('editor1b'))), 'TS009', 'nor what is found');
select is(probe.try('editor1', replace(probe.claim_sql('c1', 'send_for_certification', 'in_certification', 'editor1'), 'last_event =', 'period_to = period_to - 1, last_event =')), 'TS009', 'nothing else changes with an event');
select is(probe.try('editor1b', format('update public.claim set period_to = period_to - 1, last_editor_id = %L, version = version + 1', probe.id('editor1'))), 'TS007', 'nor in another''s name');
select is(probe.act('editor1', probe.claim_sql('c1', 'send_for_certification', 'in_certification', 'editor1')), '1', 'sent');
select is((select amount from public.claim where id = probe.id('c1')), 30000.00, 'for what its lines come to');
select is(probe.try('editor1', format('update public.claim_line set amount = 1, edited_by = %L', probe.id('editor1'))), 'TS009', 'lines are frozen');
select is(probe.try('editor1', 'delete from public.claim_line'), 'TS009', 'and stay');
select probe.operate(format($f$insert into public.capacity (id, person_id, role, code, valid_from) select gen_random_uuid(), id, 'local_authority', 'la_certifier', public.london_today() - 1 from public.person where id in (%L, %L)$f$, probe.id('editor1'), probe.id('editor1b')));
select is(probe.try(who, probe.claim_sql('c1', 'submit', 'submitted', who)), wanted, who || ' certifies: ' || wanted)
from (values ('editor1', 'SOD_W_CE'), ('editor1b', 'SOD_W_CE'), ('certifier1', '1'), ('certifier2', '0'), ('reader1', 'TS007')) v (who, wanted);
select is(probe.act('certifier1', probe.claim_sql('c1', 'submit', 'submitted', 'certifier1')), '1', 'certified');
select is((select array_agg(l.position order by l.position) filter (where l.sampled) from public.claim_line l), (
    select public.sample_lines(2, c.sample_percent, c.sample_seed) from public.claim c where c.id = probe.id('c1')), 'the sample follows from the seed');
select is((select sample_percent from public.claim where id = probe.id('c1')), 100, 'a risk that nobody judged is high');
-- The same as Domain/ClaimSample.swift: values computed there and by hand.
select is(public.split_mix(11400714819323198485), 16294208416658607535::numeric, 'SplitMix64 of seed 0, first number');
select is(public.split_mix((2::numeric * 11400714819323198485) % 18446744073709551616), 7960286522194355700::numeric, 'second number');
select is(cardinality(public.sample_lines(n, p, s)), k, format('%s%% of %s lines: %s', p, n, k)) from (values (1, 10, 5, 1), (10, 10, -7, 1), (11, 10, 0, 2), (500, 25, 42, 125), (3, 100, 1, 3), (0, 10, 1, 0), (5, 0, 1, 0)) v (n, p, s, k);
select is((select count(distinct x)::integer from generate_series(1, 200) s, unnest(public.sample_lines(10, 10, s)) x), 10, 'every line can be drawn');

select is(probe.value(who, 'select count(*) from public.claim'), wanted, who || ' sees claims: ' || wanted)
from (values ('editor1', '1'), ('reader1', '1'), ('editor2', '0'), ('officer', '1'), ('finance', '1'), ('idle', '0'), ('officer.dep2', '0'), ('auditor', '1'), ('reviewer', '0'), ('admin', '0')) v (who, wanted);
select is(probe.try(who, probe.claim_sql('c1', 'begin_check', 'checking', who)), wanted, who || ' begins to check: ' || wanted)
from (values ('officer3', '1'), ('finance', 'TS007'), ('certifier1', 'TS007'), ('officer.dep2', '0')) v (who, wanted);
select is(probe.act('officer3', probe.claim_sql('c1', 'begin_check', 'checking', 'officer3')), '1', 'being checked');
select is(probe.try('officer3', probe.claim_sql('c1', 'verify', 'verified', 'officer3')), 'TS002', 'not verified before each sampled line has its finding');
select is(probe.try('officer3', 'update public.claim_line set amount = 5'), 'TS009', 'an officer corrects no line');
savepoint checking;
select probe.must('officer3', probe.findings_sql('c1', 'allowed'));
select probe.must('officer3', probe.claim_sql('c1', 'query', 'queried', 'officer3'));
select is(probe.try('officer3', probe.claim_sql('c1', 'verify', 'verified', 'officer3')), 'TS002', 'a queried claim waits for its answer');
select is(probe.try('editor1', format('update public.claim_line set amount = 1, edited_by = %L', probe.id('editor1'))), 'TS009', 'a query opens no sums');
select probe.must('editor1', format('update public.claim_line set evidence = '''', edited_by = %L', probe.id('editor1')));
select probe.must('editor1', probe.claim_sql('c1', 'answer', 'checking', 'editor1'));
select is(probe.try('officer3', probe.claim_sql('c1', 'verify', 'verified', 'officer3')), 'TS002', 'nor without the evidence of sampled lines');
rollback to checking;
select probe.must('officer3', probe.findings_sql('c1'));
select is(probe.try('officer3', probe.claim_sql('c1', 'part_verify', 'part_verified', 'officer3')), 'TS002', 'a part only where something is disallowed');
select is(probe.try('officer3', probe.findings_sql('c1', 'disallowed', 20000.01)), '23514', 'no more of a line than it is');
savepoint found;
select probe.must('officer3', format('update public.claim_line set verdict = ''disallowed'', disallowed = 5000, verdict_reason = ''x'' where position = 1 and claim_id = %L', probe.id('c1')));
select is(probe.try('officer3', probe.claim_sql('c1', 'verify', 'verified', 'officer3')), 'TS002', 'the whole only where nothing is');
select is(probe.act('officer3', probe.claim_sql('c1', 'part_verify', 'part_verified', 'officer3')), '1', 'a part');
select is((select verified_amount from public.claim where id = probe.id('c1')), 25000.00, 'of what is left');
rollback to found;
-- The return of the same period: waived for the first instalment by a setting.
select probe.met('return', false);
select is(probe.try('officer3', probe.claim_sql('c1', 'verify', 'verified', 'officer3')), '1', 'the first claim does not wait for a return');
update public.setting set value = 'true' where code = 'first_claim_needs_return';
select is(probe.try('officer3', probe.claim_sql('c1', 'verify', 'verified', 'officer3')), 'TS002', 'unless the fund says so');
rollback to found;
insert into workflow.duty_performed (id, case_id, person_id, duty) select gen_random_uuid(), probe.id('bid1'), probe.id('officer3'), 'FC';
select is(probe.try('officer3', probe.claim_sql('c1', 'verify', 'verified', 'officer3')), 'SOD_FC_VC', 'whoever cleared the award verifies none of its claims');
rollback to found;
select is(probe.act('officer3', probe.claim_sql('c1', 'verify', 'verified', 'officer3')), '1', 'verified');
select is((select pay_by from public.claim where id = probe.id('c1')), public.london_today() + 30, 'to be paid within thirty days');

-- 5. Approval for payment.
select is(probe.try('finance2', probe.claim_sql('c1', 'approve', 'approved_for_payment', 'finance2')), 'TS002', 'a condition that comes before payment is not met');
create function probe.finding(yes boolean) returns text language sql as $$
    select format('insert into public.condition_finding (id, award_id, code, met, evidence, found_by) values (gen_random_uuid(), %L, ''C1'', %L, ''Seen'', %L)', probe.id('award1'), yes, probe.id('officer')) $$;
select is(probe.try('officer', replace(probe.finding(true), '''C1''', '''C2''')), 'TS009', 'only conditions that the agreement has');
select is(probe.try('finance', replace(probe.finding(true), probe.id('officer')::text, probe.id('finance')::text)), '42501', 'found by officers');
select probe.must('officer', probe.finding(true));
select is(probe.try(who, probe.claim_sql('c1', 'approve', 'approved_for_payment', who)), wanted, who || ' approves for payment: ' || wanted)
from (values ('finance2', '1'), ('finance', '1'), ('officer3', 'TS007'), ('releaser', 'TS007'), ('certifier1', 'TS007'), ('auditor', '0')) v (who, wanted);
savepoint verified;
insert into public.capacity (id, person_id, role, code, valid_from) values (gen_random_uuid(), probe.id('officer3'), 'department', 'finance', public.london_today() - 1);
insert into auth.totp (person_id, sealed, confirmed_at) values (probe.id('officer3'), '\x00', now());
select is(probe.try('officer3', probe.claim_sql('c1', 'approve', 'approved_for_payment', 'officer3')), 'SOD_VC_FP', 'the verifier does not approve the payment');
rollback to verified;
insert into workflow.duty_performed (id, case_id, person_id, duty) select gen_random_uuid(), probe.id('bid1'), probe.id('finance2'), duty from unnest(array['AA']) duty;
select is(probe.try('finance2', probe.claim_sql('c1', 'approve', 'approved_for_payment', 'finance2')), 'SOD_AA_FP', 'nor the approver of the award');
rollback to verified;
select probe.must('officer', probe.finding(false));
select is(probe.refusal('finance2', probe.claim_sql('c1', 'approve', 'approved_for_payment', 'finance2')), 'TS002 CONDITION C1: Condition C1 comes before payment and is not met.', 'the latest finding counts');
rollback to verified;
select probe.met('overdue', true);
select is(probe.try('finance2', probe.claim_sql('c1', 'approve', 'approved_for_payment', 'finance2')), 'TS002', 'a return that is long overdue holds payments');
rollback to verified;
select probe.must('sor', probe.move_sql('public.award', 'award1', 'suspend', 'suspended', 'reason = ''Concerns about spending'''));
select is(probe.try('finance2', probe.claim_sql('c1', 'approve', 'approved_for_payment', 'finance2')), 'TS002', 'payments of a suspended award are held');
select is((select respond_by > public.london_today() + 10 from public.award where id = probe.id('award1')), true, 'the authority has ten working days to answer');
rollback to verified;
select probe.move('public.programme', 'programme', 'suspend', 'suspended');
select is(probe.try('finance2', probe.claim_sql('c1', 'approve', 'approved_for_payment', 'finance2')), 'TS002', 'and those of a suspended programme');
rollback to verified;
-- The bank.
set constraints all immediate; set constraints all deferred;
alter table public.bank_verification disable trigger bank_verification_append_only;
delete from public.bank_verification where verified_by = probe.id('finance');
select is(probe.refusal('finance2', probe.claim_sql('c1', 'approve', 'approved_for_payment', 'finance2')),
    'TS016 BANK unverified: The bank details of the authority are not verified by enough people yet.', 'two people verify where money goes');
rollback to verified;
select probe.new('bank.changed');
select probe.must('editor1', probe.bank_sql('bank.changed', 'la1', 'editor1', '7777'));
select is(probe.try('finance2', probe.claim_sql('c1', 'approve', 'approved_for_payment', 'finance2')), 'TS016', 'a change is not paid before it is verified');
select probe.must('certifier1', probe.verify_sql('bank.changed', 'certifier1', '7777')), probe.must('finance', probe.verify_sql('bank.changed', 'finance', '7777'));
select matches(probe.refusal('finance2', probe.claim_sql('c1', 'approve', 'approved_for_payment', 'finance2')), '^TS016 BANK on_hold: .* before \d', 'nor for seven days after');
set constraints all immediate; set constraints all deferred;
alter table public.bank_verification disable trigger bank_verification_append_only;
update public.bank_verification set at = at - interval '7 days' + interval '1 minute' where bank_account_id = probe.id('bank.changed');
select is(probe.try('finance2', probe.claim_sql('c1', 'approve', 'approved_for_payment', 'finance2')), 'TS016', 'a minute before their end');
update public.bank_verification set at = at - interval '1 minute' where bank_account_id = probe.id('bank.changed');
select is(probe.try('finance2', probe.claim_sql('c1', 'approve', 'approved_for_payment', 'finance2')), '1', 'then it is');
rollback to verified;
select is(probe.value(who, 'select string_agg(masked, '' '') from public.bank_account'), wanted, who || ' sees accounts: ' || coalesce(wanted, 'none'))
from (values ('editor1', '••••1234'), ('finance', '••••1234 ••••1234'), ('auditor', '••••1234 ••••1234'), ('reviewer', null), ('idle', null), ('admin', null), ('officer.dep2', null)) v (who, wanted);
select is(probe.value(who, 'select ' || what || ' from public.bank_account limit 1'), '42501', who || ' never reads ' || what)
from (values ('editor1'), ('finance'), ('auditor'), ('admin')) p (who), (values ('sealed'), ('fingerprint'), ('bank_account::text')) c (what);
create function probe.unmask(who text, reason text default 'Export of payments') returns text language sql as $$
    select probe.value(who, format('select convert_from(public.unmask_bank_account(%L, %L), ''LATIN1'')', probe.id('bank.award1'), reason)) $$;
select is(probe.unmask(who), 'TS007', who || ' unmasks nothing')
from (values ('officer'), ('approver'), ('releaser'), ('sor'), ('editor1'), ('auditor'), ('admin'), ('officer.dep2'), (null)) v (who);
select is(probe.unmask('finance', 'why not'), 'TS002', 'finance says why');
select is(probe.unmask('finance'), convert_from(sha256('secret 1234'), 'LATIN1'), 'finance does');
select is((select count(*)::integer || ' ' || max(object_id::text) from audit.event where action = 'bank.unmask' and person_id = probe.id('finance')), '1 ' || probe.id('bank.award1'), 'and the trail says so');
select is(probe.act('finance2', probe.claim_sql('c1', 'approve', 'approved_for_payment', 'finance2')), '1', 'approved for payment');
select is(probe.balance('award1', 'commitment') || ' ' || probe.balance('award1', 'payable'), '60000.00 30000.00', 'from promised to payable');
savepoint approved;
select is(probe.act('finance', probe.claim_sql('c1', 'return', 'checking', 'finance')), '1', 'finance can still send it back');
select is(probe.balance('award1', 'commitment') || ' ' || probe.balance('award1', 'payable'), '90000.00 0.00', 'and the money with it');
rollback to approved;

-- 6. Payment.
select probe.new('b1');
select is(probe.try(who, probe.batch_sql('b1', who)), wanted, who || ' puts payments together: ' || wanted)
from (values ('finance2', '1'), ('releaser', 'TS007'), ('officer', 'TS007'), ('editor1', 'TS007')) v (who, wanted);
select probe.must('finance2', probe.batch_sql('b1', 'finance2'));
select is(probe.try('finance2', probe.pay_sql('b1', 'c1', 'finance2', '30000.01')), 'TS013', 'a claim is paid what was verified');
select is(probe.try('releaser', probe.pay_sql('b1', 'c1', 'releaser')), '42501', 'payments are finance''s to enter');
select is(probe.try('finance2', probe.claim_sql('c1', event, to_state, 'finance2')), 'TS007', 'no claim is ' || event || ' by hand')
from (values ('batch', 'payment_batch')) v (event, to_state);
savepoint empty;
select probe.must('finance2', probe.move_sql('public.payment_batch', 'b1', 'cancel', 'cancelled', 'reason = ''Wrong day'''));
select is(probe.try('finance2', probe.pay_sql('b1', 'c1', 'finance2')), 'TS002', 'nothing goes into a batch that was cancelled');
rollback to empty;
select probe.new('bank.between');
select probe.must('editor1', probe.bank_sql('bank.between', 'la1', 'editor1', '5555'));
select is(probe.try('finance2', probe.pay_sql('b1', 'c1', 'finance2')), 'TS016', 'nor to details that changed after the approval');
rollback to empty;
insert into workflow.duty_performed (id, case_id, person_id, duty) select gen_random_uuid(), probe.id('bid1'), probe.id('everything'), 'VC';
select is(probe.try('everything', probe.pay_sql('b1', 'c1', 'everything')), 'SOD_VC_FP', 'nor by whoever verified a claim of it');
rollback to empty;
select is(probe.act('finance2', probe.pay_sql('b1', 'c1', 'finance2')), '1', 'entered');
select is((select state from public.claim where id = probe.id('c1')), 'payment_batch', 'the claim goes with its payment');
select is(probe.value('editor1', 'select count(*) from public.payment'), '0', 'the authority hears of it when it is paid');
select is(probe.try('finance2', probe.pay_sql('b1', 'c1', 'finance2', nth => 2)), 'TS002', 'not twice');
select is(probe.try('releaser', probe.move_sql('public.claim', 'c1', 'pay', 'paid')), 'TS007', 'nor paid by hand');
select is(probe.try('releaser', probe.release_sql('b1', 'releaser', 30000)), 'TS002', 'nothing leaves without its file');
select probe.must('finance2', probe.file_sql('b1', 'export'));
select is(probe.try('releaser', probe.release_sql('b1', 'releaser', total, n)), wanted, total || ' in ' || n || ' payments: ' || wanted)
from (values (30000, 1, '1'), (30000.01, 1, 'TS013'), (30000, 2, 'TS013')) v (total, n, wanted);
select is(probe.try(who, probe.release_sql('b1', who, 30000)), 'TS007', who || ' releases nothing') from (values ('finance2'), ('finance'), ('approver'), ('officer')) v (who);
savepoint own;
select probe.new('b.own');
select probe.must('releaser', probe.move_sql('public.payment_batch', 'b1', 'cancel', 'cancelled', 'reason = ''Wrong day'''));
select probe.must('everything', probe.batch_sql('b.own', 'everything'));
select probe.must('everything', probe.pay_sql('b.own', 'c1', 'everything'));
select probe.must('everything', probe.file_sql('b.own', 'own'));
select is(probe.try('everything', probe.release_sql('b.own', 'everything', 30000)), 'whoever put payments together does not release them', 'put together by one, released by another');
rollback to own;
savepoint filled;
insert into workflow.duty_performed (id, case_id, person_id, duty) select gen_random_uuid(), probe.id('bid1'), probe.id('releaser'), 'VC';
select is(probe.try('releaser', probe.release_sql('b1', 'releaser', 30000)), 'SOD_VC_RP', 'not by whoever verified a claim of it');
rollback to filled;
select is(probe.try('releaser', replace(probe.release_sql('b1', 'releaser', 30000), 'released_by', 'export_hash = sha256(''other''), released_by')), 'TS009', 'the file is the one that finance made');
select probe.must('releaser', probe.move_sql('public.payment_batch', 'b1', 'cancel', 'cancelled', 'reason = ''Wrong day'''));
select is((select state from public.claim where id = probe.id('c1')), 'approved_for_payment', 'cancelled: the claim waits again');
rollback to filled;
select probe.new('bank.late');
select probe.must('editor1', probe.bank_sql('bank.late', 'la1', 'editor1', '6666'));
select matches(probe.refusal('releaser', probe.release_sql('b1', 'releaser', 30000)), '^TS016 BANK changed', 'bank details that changed since hold the batch');
rollback to filled;
select is(probe.act('releaser', probe.release_sql('b1', 'releaser', 30000)), '1', 'released');
select is((select count(*)::integer from workflow.duty_performed where case_id = probe.id('bid1') and person_id = probe.id('releaser') and duty = 'RP'), 1, 'by whom, for this case');
select is(probe.balance('award1', 'paid'), 0.00, 'not paid before the file says so');
select is(probe.try('officer', probe.confirm_sql('b1', 'officer', 'file 1')), 'TS007', 'which officers do not read');
select is(probe.act('releaser', probe.confirm_sql('b1', 'releaser', 'file 1')), '1', 'paid');
select is(probe.value('editor1', 'select count(*) from public.payment'), '1', 'now');
select is(probe.balance('award1', 'payable') || ' ' || probe.balance('award1', 'paid'), '0.00 30000.00', 'from payable to paid');
select is(public.award_paid(probe.id('award1')), 30000.00, 'as everybody is told');
select is(probe.value(null, $$ select paid from published.award where title = 'Title of award1' $$), '30000.00', 'the public too');
select is(public.award_paid(probe.id('award1'), now() - interval '1 hour'), 0.00, 'and before it was not');
-- The same file again.
select is(probe.try('releaser', probe.confirm_sql('b1', 'releaser', 'file 1')), 'TS002', 'a batch is paid once');
select probe.new('b0');
select probe.must('finance2', probe.batch_sql('b0', 'finance2'));
select is(probe.try('finance2', probe.file_sql('b0', 'export')), '23505', 'a file leaves once');
set constraints all immediate; set constraints all deferred;
alter table public.payment_batch disable trigger user;
update public.payment_batch set state = 'released' where id = probe.id('b0');
alter table public.payment_batch enable trigger user;
select is(probe.try('releaser', probe.confirm_sql('b0', 'releaser', 'file 1')), '23505', 'and comes back once');
select is(probe.balance('award1', 'paid'), 30000.00, 'a replayed file changes nothing');
select is(probe.try('finance2', probe.pay_sql('b0', 'c1', 'finance2')), 'TS002', 'a paid claim is not paid again');
select throws_ok(format('select public.move_claim(%L, ''pay'', ''payable'', ''paid'', 30000)', probe.id('c1')), '23505', null, 'not even by a superuser');
select is(probe.value(who, 'select count(*) from public.' || it), wanted, who || ' sees ' || it || ': ' || wanted)
from (values ('editor1', 'payment', '1'), ('editor2', 'payment', '0'), ('editor1', 'payment_batch', '0'), ('officer', 'payment_batch', '2'), ('auditor', 'payment', '1'), ('idle', 'payment', '0'),
    ('editor1', 'ledger_entry', '6'), ('editor2', 'ledger_entry', '2'), ('officer', 'ledger_entry', '8'), ('auditor', 'ledger_entry', '8'), ('idle', 'ledger_entry', '0'), ('reviewer', 'ledger_entry', '0'),
    ('officer.dep2', 'ledger_entry', '0'), ('editor1', 'instalment', '3'), ('officer', 'instalment', '6'), ('idle', 'award', '0'), ('admin', 'award', '0')) v (who, it, wanted);

-- 7. The gate. The second instalment waits for a current, approved protocol, whoever asks.
select probe.claim_up_to('c2', 'award1', 2, 30000, 'verified', 2);
select is(probe.refusal('finance2', probe.claim_sql('c2', 'approve', 'approved_for_payment', 'finance2')),
    'TS012 GATE protocol_approved: This instalment needs a current, approved evaluation protocol before it is paid, and there is none. It is the turn of the evaluator, since 3 November 2026.',
    'the refusal says which milestone, whose turn, since when');
select is(probe.value('editor1', format('select milestone || '' '' || waiting_on from public.instalment_gate(%L, 2) where not open', probe.id('award1'))), 'protocol_approved the evaluator', 'the authority can look');
select is(probe.value('editor2', format('select count(*) from public.instalment_gate(%L, 2)', probe.id('award1'))), '0', 'another cannot');
-- A raw INSERT of a payment, past the claim's own approval.
savepoint waiting;
set constraints all immediate; set constraints all deferred;
alter table public.claim disable trigger user;
update public.claim set state = 'approved_for_payment', approved_at = now() where id = probe.id('c2');
alter table public.claim enable trigger user;
select is(probe.try('finance2', probe.pay_sql('b0', 'c2', 'finance2')), 'TS012', 'a raw INSERT of the payment is refused by the gate');
select probe.met('protocol_approved', true);
select is(probe.try('finance2', probe.pay_sql('b0', 'c2', 'finance2')), 'TS002', '(b0 is not open)');
rollback to waiting;
select probe.met('protocol_approved', true);
select is(probe.act('finance2', probe.claim_sql('c2', 'approve', 'approved_for_payment', 'finance2')), '1', 'the protocol is approved: the gate opens');
select probe.new('b2');
select probe.must('finance2', probe.batch_sql('b2', 'finance2'));
select probe.met('protocol_approved', false);
select is(probe.try('finance2', probe.pay_sql('b2', 'c2', 'finance2')), 'TS012', 'amended: the gate is closed again, also for a raw INSERT');
select probe.met('protocol_approved', true);
select probe.must('finance2', probe.pay_sql('b2', 'c2', 'finance2')), probe.must('finance2', probe.file_sql('b2', 'export 2'));
select probe.met('protocol_approved', false);
select is(probe.try('releaser', probe.release_sql('b2', 'releaser', 30000)), 'TS012', 'amended at the last moment: nothing is released');
select probe.met('protocol_approved', true);
select probe.must('releaser', probe.release_sql('b2', 'releaser', 30000)), probe.must('releaser', probe.confirm_sql('b2', 'releaser', 'file 2'));
select probe.claim_up_to('c3', 'award1', 3, 30000, 'verified', 3);
select is(split_part(probe.refusal('finance2', probe.claim_sql('c3', 'approve', 'approved_for_payment', 'finance2')), ':', 1), 'TS012 GATE final_report_accepted', 'the last waits for the final report');
select probe.met('final_report_accepted', true), probe.met('protocol_approved', false);
select is(split_part(probe.refusal('finance2', probe.claim_sql('c3', 'approve', 'approved_for_payment', 'finance2')), ':', 1), 'TS012 GATE protocol_approved', 'and for a protocol that is still approved');
select probe.met('protocol_approved', true);
savepoint open;
drop function public.evaluation_milestone(uuid, text);
select is(probe.try('finance2', probe.claim_sql('c3', 'approve', 'approved_for_payment', 'finance2')), '42883', 'a gate without an answer is closed');
rollback to open;
select probe.met('return', false);
select probe.move('public.claim', 'c3', 'return', 'checking', 'reason = ''x''');
select is(probe.try('officer3', probe.claim_sql('c3', 'verify', 'verified', 'officer3')), 'TS002', 'later claims wait for the return of their period');
rollback to open;

-- 8. The ledger.
select is(probe.try(who, 'insert into public.ledger_entry (id) values (gen_random_uuid())'), '42501', who || ' writes no ledger') from (values ('finance'), ('releaser'), ('officer'), ('editor1'), ('admin')) v (who);
create function probe.post(account text, debit numeric, credit numeric, transaction uuid default '00000000-0000-0000-0000-000000000001', year text default '2026-27') returns text language sql as $$
    select format($f$insert into public.ledger_entry (id, transaction_id, award_id, programme_id, account, financial_year, kind, debit, credit, what)
        values (gen_random_uuid(), %L, %L, %L, %L, %L, 'resource', %s, %s, 'approve')$f$, transaction, probe.id('award1'), probe.id('programme'), account, year, debit, credit) $$;
select throws_ok(probe.post('payable', 1, 0) || ';' || probe.post('commitment', 0, 2) || '; set constraints all immediate', 'TS013', 'LEDGER unbalanced', 'a transaction that does not balance');
select throws_ok(probe.post('payable', 1, 0) || '; set constraints all immediate', 'TS013', 'LEDGER unbalanced', 'nor half of one');
select throws_ok(probe.post('payable', 1, 0) || ';' || probe.post('commitment', 0, 1, year => '2027-28') || '; set constraints all immediate', 'TS013', null, 'nor across years');
select throws_ok(probe.post('payable', 1, 1), '23514', null, 'an entry has one side');
select throws_ok('update public.ledger_entry set debit = 5', 'TS004', null, 'entries are facts');
select is_empty('select transaction_id from public.ledger_entry group by 1 having sum(debit) <> sum(credit)', 'everything so far balances');
select is((select sum(debit - credit) from public.ledger_entry), 0.00, 'and sums to nothing');
-- Overspend: of the award, of a year, of the programme. By the claim's own check, and by the ledger behind it.
create function probe.overspend(amount numeric) returns text language plpgsql as $$
begin
    perform public.move_money(probe.id('award1'), 'approve', 'commitment', 'payable', '2026-27', 'resource', amount);
    raise exception using errcode = 'ZZ999', message = 'done';
exception when others then return case sqlstate when 'ZZ999' then sqlerrm else sqlstate || ' ' || sqlerrm end;
end $$;
select is(probe.overspend(30000), 'done', 'the last pound of the award');
select is(probe.overspend(30000.01), 'TS013 OVERSPEND award', 'and not a penny more');
update public.setting set value = '50' where code = 'award_year_tolerance_percent';
select is(probe.overspend(30000.01), 'TS013 OVERSPEND award', 'whatever the tolerance of a year');
savepoint years;
-- As if the award had promised half of it in the next year.
set constraints all immediate; set constraints all deferred;
alter table public.ledger_entry disable trigger user;
insert into public.ledger_entry (id, transaction_id, award_id, programme_id, account, financial_year, kind, debit, credit, what)
select gen_random_uuid(), '00000000-0000-0000-0000-000000000009', probe.id('award1'), probe.id('programme'), 'commitment', y, 'resource', d, c, w
from (values ('2026-27', 0, 30000, 'uncommit'), ('2027-28', 30000, 0, 'commit')) v (y, d, c, w);
alter table public.ledger_entry enable trigger user;
select is(probe.overspend(30000), 'done', 'sixty thousand, and half of it again');
update public.setting set value = '49' where code = 'award_year_tolerance_percent';
select is(probe.overspend(30000), 'TS013 OVERSPEND year', 'not above the tolerance');
update public.setting set value = '0' where code = 'award_year_tolerance_percent';
select is(probe.overspend(0.01), 'TS013 OVERSPEND year', 'without one, not a penny above the year');
rollback to years;
set constraints all immediate; set constraints all deferred;
alter table public.budget_line disable trigger user;
update public.budget_line set amount = 89999.99 where financial_year = '2026-27';
alter table public.budget_line enable trigger user;
select is(probe.overspend(30000), 'TS013 OVERSPEND programme', 'the budget of the programme, to the penny');
select is(probe.overspend(29999.99), 'done', 'and its last penny');
rollback to years;
update public.setting set value = '0' where code = 'award_year_tolerance_percent';

-- 9. Reversal: two people, a new entry, and money that is due back.
select is(probe.try('approver', probe.claim_sql('c2', 'reverse', 'reversed', 'approver')), 'TS002', 'asked for first');
select is(probe.try('officer3', probe.claim_sql('c2', 'request_reversal', 'paid', 'officer3')), 'TS007', 'by finance');
select probe.must('finance', probe.claim_sql('c2', 'request_reversal', 'paid', 'finance'));
savepoint asked;
insert into public.capacity (id, person_id, role, code, valid_from) values (gen_random_uuid(), probe.id('finance'), 'department', 'approver', public.london_today() - 1);
select is(probe.try('finance', probe.claim_sql('c2', 'reverse', 'reversed', 'finance')), 'whoever asks for a reversal does not decide it', 'decided by somebody else');
rollback to asked;
select is(probe.act('approver', probe.claim_sql('c2', 'reverse', 'reversed', 'approver')), '1', 'reversed');
select is(probe.balance('award1', 'paid') || ' ' || probe.balance('award1', 'recovery'), '30000.00 30000.00', 'by a new entry');
select is((select count(*)::integer from public.ledger_entry r join public.ledger_entry p on p.transaction_id = r.reversal_of where r.claim_id = probe.id('c2') and p.what = 'pay'), 4, 'that names the first');
select is((select amount from public.recovery where claim_id = probe.id('c2')), 30000.00, 'it is due back');
select is(public.award_paid(probe.id('award1')), 30000.00, 'paid is net of it');
select is(probe.overspend(30000.01), 'TS013 OVERSPEND award', 'and cannot be spent before it is back');
select is(probe.try(who, format('update public.recovery set received_on = public.london_today(), received_by = %L, version = version + 1', probe.id(who))), wanted, who || ' receives: ' || wanted)
from (values ('finance', '1'), ('officer', '42501'), ('editor1', '42501')) v (who, wanted);
select probe.must('finance', format('update public.recovery set received_on = public.london_today(), received_by = %L, version = version + 1', probe.id('finance')));
select is(probe.try('finance', format('update public.recovery set received_on = public.london_today(), received_by = %L, version = version + 1', probe.id('finance'))), 'TS009', 'once');
select is(probe.balance('award1', 'recovery') || ' ' || probe.balance('award1', 'commitment'), '0.00 60000.00', 'back where it was promised');
select probe.new('c2b');
select probe.must('editor1', probe.start_sql('c2b', 'award1', 2, 'editor1', 2));
select is(probe.try('editor1', probe.line_sql('c2b', 1, 100, 'REF c2', 'editor1')), '1', 'and may be claimed again, entry and all');

-- 10. Variations. More money goes through approval on the whole life.
select probe.new('v1');
create function probe.vary_sql(who text, kind text, delta numeric) returns text language sql as $$
    select format($f$insert into public.variation (id, reference, award_id, bid_id, programme_id, organisation_id, kind, reason, money_delta, new_ends_on, effective_on, created_by)
        select %L, public.next_reference('VAR'), id, bid_id, programme_id, organisation_id, %L, 'More families than we thought', %s, %s, public.london_today(), %L from public.award where id = %L$f$,
        probe.id('v1'), kind, delta, case kind when 'dates' then 'ends_on + 30' else 'null' end, probe.id(who), probe.id('award1')) $$;
select is(probe.try(who, probe.vary_sql(who, kind, delta)), wanted, format('%s asks for %s %s: %s', who, kind, delta, wanted))
from (values ('editor1', 'money_up', 15000, '1'), ('officer', 'dates', 0, '1'), ('editor1', 'money_up', 0, '23514'), ('editor1', 'dates', 1, '23514'), ('editor1', 'scope', 0, '23514'), ('editor2', 'dates', 0, '0'), ('finance', 'dates', 0, 'TS007')) v (who, kind, delta, wanted);
select probe.must('editor1', probe.vary_sql('editor1', 'money_up', 15000));
create function probe.variation_sql(event text, to_state text, who text, more text default '') returns text language sql as $$
    select probe.move_sql('public.variation', 'v1', event, to_state, case event when 'submit' then 'requested_by' when 'assess' then 'assessment = ''Sound'', assessed_by' when 'approve' then 'approved_by' else 'decision_reason' end
        || format(' = %L', case when event in ('submit', 'assess', 'approve') then probe.id(who)::text else 'Because' end) || more) $$;
select probe.must('certifier1', probe.variation_sql('submit', 'submitted', 'certifier1'));
select is((select retrospective from public.variation), false, 'not retrospective when it begins today');
select is(probe.try('editor1', 'update public.variation set money_delta = 20000, version = version + 1'), 'TS009', 'what was submitted stays');
savepoint submitted;
insert into public.capacity (id, person_id, role, code, valid_from) select gen_random_uuid(), probe.id('officer2'), 'department', c, public.london_today() - 1 from unnest(array['approver']) c;
insert into auth.totp (person_id, sealed, confirmed_at) values (probe.id('officer2'), '\x00', now());
select probe.must('officer2', probe.variation_sql('assess', 'assessed', 'officer2'));
select is(probe.try('officer2', probe.variation_sql('approve', 'approved', 'officer2')), 'whoever asks for or assesses a variation does not approve it', 'the assessor does not approve');
rollback to submitted;
select probe.must('officer2', probe.variation_sql('assess', 'assessed', 'officer2'));
select is(probe.try('approver2', probe.variation_sql('approve', 'approved', 'approver2')), 'TS005', 'more money needs its own approval');
select is(probe.try('approver2', probe.variation_sql('approve', 'approved', 'approver2', format(', approval_id = %L', probe.id('approval.bid1')))), 'TS005', 'not the one of the award');
select probe.operate(format($f$insert into public.approval (id, reference, bid_id, programme_id, kind, amount, whole_life, recommendation, subsidy_control, ncr_novel, ncr_contentious, ncr_repercussive, ncr_rationale, content_hash, prepared_by)
    values (%L, public.next_reference('APR'), %L, %L, 'uplift', 15000, 0, 'More', 'not_applicable', false, false, false, 'None', sha256('u'), %L)$f$, probe.new('uplift'), probe.id('bid1'), probe.id('programme'), probe.id('officer')));
select is((select whole_life from public.approval where id = probe.id('uplift')), 105000.00, 'scenario 4: on the whole life');
select probe.operate(format($f$insert into public.approval_year values (%L, '2026-27', 'resource', 15000, sha256('u'))$f$, probe.id('uplift')));
select probe.move('public.approval', 'uplift', 'clear', 'finance_cleared', format('cleared_by = %L', probe.id('finance')));
select probe.operate(format($f$insert into public.budget_entry (id, programme_id, financial_year, kind, approval_id, what, amount) values (gen_random_uuid(), %L, '2026-27', 'resource', %L, 'reserve', 15000)$f$, probe.id('programme'), probe.id('uplift')));
create function probe.uplift_key(who text) returns text language sql as $$
    select format('insert into public.approval_key (id, approval_id, person_id, delegation_id, content_hash, whole_life) values (gen_random_uuid(), %L, %L, %L, sha256(''u''), 105000)', probe.id('uplift'), probe.id(who), probe.id('limit.' || who)) $$;
select is(probe.try('approver', probe.uplift_key('approver')), 'TS005', 'above the limit of whoever could have approved fifteen thousand');
select probe.must('approver2', probe.uplift_key('approver2'));
select probe.move('public.approval', 'uplift', 'approve', 'approved');
savepoint uplifted;
set constraints all immediate; set constraints all deferred;
alter table public.approval disable trigger user;
update public.approval set kind = 'award' where id = probe.id('uplift');
alter table public.approval enable trigger user;
select is(probe.try('approver2', probe.variation_sql('approve', 'approved', 'approver2', format(', approval_id = %L', probe.id('uplift')))), 'TS005', 'an approval of another kind is none');
rollback to uplifted;
select is(probe.value('editor1', format('select string_agg(financial_year || '':'' || amount, '' '') from public.award_years(%L)', probe.id('award1'))), '2026-27:90000.00', 'an uplift that no variation rests on adds nothing yet');
select is(probe.value('editor2', format('select count(*) from public.award_years(%L)', probe.id('award1'))), '0', 'nor is it another''s to know');
select is(probe.act('approver2', probe.variation_sql('approve', 'approved', 'approver2', format(', approval_id = %L', probe.id('uplift')))), '1', 'approved');
create function probe.effect_sql(who text, plan text, maximum text default '105000') returns text language sql as $$
    select probe.version_sql('award1', 2, who, jsonb_build_object('variation_id', probe.id('v1'), 'maximum', maximum, 'starts_on', (select starts_on from public.award where id = probe.id('award1')),
        'ends_on', (select ends_on from public.award where id = probe.id('award1'))), plan) || ';' || probe.move_sql('public.variation', 'v1', 'take_effect', 'in_effect') $$;
select is(probe.try('signatory', probe.effect_sql('signatory', plan, maximum)), wanted, what) from (values
    ('(1, 30000, ''none'', date ''2026-12-01''), (2, 30000, ''protocol_approved'', ''2027-01-15''), (3, 45000, ''final_report_accepted'', ''2027-03-31'')', '105000', 'TS009', 'what was claimed stays'),
    ('(1, 30000, ''none'', date ''2026-12-01''), (2, 45000, ''protocol_approved'', ''2027-01-15''), (3, 30000, ''final_report_accepted'', ''2027-03-31'')', '105000', 'TS009', 'also what is being claimed again'),
    ('(1, 30000, ''none'', date ''2026-12-01''), (2, 30000, ''protocol_approved'', ''2027-01-15''), (3, 30000, ''final_report_accepted'', ''2027-03-31''), (4, 15000, ''protocol_approved'', ''2027-03-31'')', '105000', 'TS012', 'the last still waits for the final report'),
    ('(1, 30000, ''none'', date ''2026-12-01''), (2, 30000, ''protocol_approved'', ''2027-01-15''), (3, 30000, ''final_report_accepted'', ''2027-03-31''), (4, 16000, ''final_report_accepted'', ''2027-03-31'')', '106000', 'TS009', 'no more than was varied'),
    ('(1, 30000, ''none'', date ''2026-12-01''), (2, 30000, ''protocol_approved'', ''2027-01-15''), (3, 30000, ''final_report_accepted'', ''2027-03-31''), (4, 15000, ''final_report_accepted'', ''2027-03-31'')', '105000', '1', 'a fourth instalment')) v (plan, maximum, wanted, what);
select is(probe.try('signatory', probe.move_sql('public.variation', 'v1', 'take_effect', 'in_effect')), 'TS002', 'with the agreement that says so');
select probe.must('signatory', probe.effect_sql('signatory', '(1, 30000, ''none'', date ''2026-12-01''), (2, 30000, ''protocol_approved'', ''2027-01-15''), (3, 30000, ''final_report_accepted'', ''2027-03-31''), (4, 15000, ''final_report_accepted'', ''2027-03-31'')'));
select is((select amount || ' ' || agreement_number from public.award where id = probe.id('award1')), '105000.00 2', 'the award is larger by it');
select is(probe.balance('award1', 'commitment'), 75000.00, 'and so is what is promised');
select is(probe.try('approver2', format('update public.variation set approval_id = %L, version = version + 1', probe.id('approval.bid1'))), 'TS009', 'nothing rests on another approval afterwards');
select is(probe.value('officer', format('select amount from public.award_years(%L)', probe.id('award1'))), '105000.00', 'each year with it');
select is(probe.overspend(75000), 'done', 'it can be spent');
select is(probe.overspend(75000.01), 'TS013 OVERSPEND award', 'to the penny');

-- 11. The end: completed by two, closed by two, and what is left goes back.
select is(probe.try('certifier1', probe.move_sql('public.award', 'award1', 'declare_complete', 'active', format('completion_declared_by = %L', probe.id('certifier1')))), 'TS008', 'not before its last day is over');
select probe.operate(format('update public.award set ends_on = public.london_today() - 1, version = version + 1 where id = %L', probe.id('award1')));
select is(probe.try('officer', probe.move_sql('public.award', 'award1', 'complete', 'completed')), 'TS002', 'the authority declares it first');
select probe.must('certifier1', probe.move_sql('public.award', 'award1', 'declare_complete', 'active', format('completion_declared_by = %L', probe.id('certifier1'))));
select probe.met('return', false);
select is(probe.try('officer', probe.move_sql('public.award', 'award1', 'complete', 'completed')), 'TS002', 'and the last return is accepted');
select probe.met('return', true);
select probe.must('officer', probe.move_sql('public.award', 'award1', 'complete', 'completed'));
create function probe.reconcile(who text) returns text language sql as $$
    select probe.move_sql('public.award', 'award1', 'reconcile', 'completed', format('reconciled_by = %L, reconciliation_note = ''All there'', asset_note = ''None''', probe.id(who))) $$;
create function probe.close(who text) returns text language sql as $$ select probe.move_sql('public.award', 'award1', 'close', 'closed', format('closed_by = %L', probe.id(who))) $$;
select is(probe.try('finance', probe.reconcile('finance')), 'TS002', 'not while a claim is in hand');
select probe.must('finance2', probe.claim_sql('c3', 'approve', 'approved_for_payment', 'finance2'));
select probe.pay_claim('b3', 'c3', 30000);
select is(probe.try('sor', probe.close('sor')), 'TS002', 'closed when it is reconciled');
select probe.must('finance', probe.reconcile('finance'));
select probe.met('final_report', false);
select is(probe.try('sor', probe.close('sor')), 'TS002', 'and its final report is there');
select probe.met('final_report', true);
select is(probe.try('finance', probe.close('finance')), 'TS007', 'by the senior officer');
savepoint reconciled;
insert into public.capacity (id, person_id, role, code, valid_from) values (gen_random_uuid(), probe.id('finance'), 'department', 'senior_officer_responsible', public.london_today() - 1);
select is(probe.try('finance', probe.close('finance')), 'whoever reconciled the accounts does not close the award', 'who did not reconcile it');
rollback to reconciled;
select is(probe.act('sor', probe.close('sor')), '1', 'closed');
select is(probe.try('editor1', probe.line_sql('c2b', 1, 100, 'REF c2', 'editor1') || ';' || probe.claim_sql('c2b', 'send_for_certification', 'in_certification', 'editor1')), 'TS002', 'nothing is claimed any more');
select is(probe.balance('award1', 'commitment') || ' ' || probe.balance('award1', 'paid'), '0.00 60000.00', 'what was not paid is promised no more');
select is((select sum(e.amount) from public.budget_entry e join public.approval a on a.id = e.approval_id where a.bid_id = probe.id('bid1')), 60000.00, 'and no longer set aside');
select is_empty('select transaction_id from public.ledger_entry group by 1 having sum(debit) <> sum(credit)', 'it balances to the end');
-- Termination.
select is(probe.try(who, probe.move_sql('public.award', 'award2', 'terminate', 'terminated', 'reason = ''Not delivered''')), wanted, who || ' terminates: ' || wanted) from (values ('sor', 'TS007'), ('officer', 'TS007'), ('approver', '1')) v (who, wanted);
select is(probe.try('approver', probe.move_sql('public.award', 'award2', 'terminate', 'terminated', 'reason = ''Not delivered'', recovery_amount = 1')), 'TS013', 'no more is due back than was paid');
select probe.must('approver', probe.move_sql('public.award', 'award2', 'terminate', 'terminated', 'reason = ''Not delivered'''));
select is((select coalesce(sum(e.amount), 0) from public.budget_entry e where e.approval_id = probe.id('approval.bid2')), 0.00, 'its money is free');
select is(probe.value('officer2', $$ select count(*) from workflow.log where machine in ('award', 'claim', 'payment_batch', 'variation') $$)::integer > 30, true, 'the case team reads the history');
select is(probe.value('editor2', $$ select string_agg(distinct machine, ' ') from workflow.log where machine in ('award', 'claim', 'payment_batch', 'variation') $$), 'award', 'an authority its own');
select is(probe.value('idle', $$ select count(*) from workflow.log where machine in ('award', 'claim', 'payment_batch', 'variation') $$), '0', 'others none');

-- Every denied pair of the money duties, against each earlier duty, by the ledger of duties.
create function probe.pair(earlier text, later text) returns text language plpgsql as $$
begin
    insert into workflow.duty_performed (id, case_id, person_id, duty) values (gen_random_uuid(), probe.id('bid2'), probe.id('idle'), earlier);
    insert into workflow.duty_performed (id, case_id, person_id, duty) values (gen_random_uuid(), probe.id('bid2'), probe.id('idle'), later);
    raise exception using errcode = 'ZZ999', message = 'allowed';
exception when others then return sqlerrm;
end $$;
create temp table denied (later text, earlier text[]);
insert into denied values ('SG', '{W,CE,EA}'), ('VC', '{W,CE,FC,AA,FP,RP,EA}'), ('FP', '{W,CE,AA,VC,RP,EA}'), ('RP', '{W,CE,AP,CH,PR,AA,VC,FP,EA}');
select is(probe.pair(first, later), case when first = any (d.earlier) then 'SOD_' || first || '_' || later else 'allowed' end, first || ' then ' || later)
from denied d, unnest('{W,CE,AP,CH,PR,FC,AA,SG,VC,FP,RP,EA,RV,PE,RL,RT,RO,AD}'::text[]) first where first <> later;

select * from finish();
rollback;
