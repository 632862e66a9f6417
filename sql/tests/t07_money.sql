-- Limits, keys, consent and budgets: nothing is promised that was not allowed and set aside.
begin;
\ir fixture.psql
select no_plan();
select probe.finish_appraisals('bid1');

create function probe.key(of_approval text, who text, hash text default 'a', sum numeric default null) returns text language sql as $$
    select format('insert into public.approval_key (id, approval_id, person_id, delegation_id, content_hash, whole_life) values (gen_random_uuid(), %L, %L, %L, sha256(%L), %s)',
        probe.id(of_approval), probe.id(who), probe.id('limit.' || who), hash, coalesce(sum, (select whole_life from public.approval where id = probe.id(of_approval)))) $$;
create function probe.approve(key text) returns text language sql as $$
    select probe.move_sql('public.approval', key, 'approve', 'approved', 'decided_at = now(), lapses_at = now() + interval ''60 days''') $$;

-- An officer with a limit, who is no approver.
select probe.operate(format($f$insert into public.delegation (id, person_id, tier, max_amount, instrument_ref, valid_from, valid_to)
    values (%L, %L, 'T', 1e9, 'x', public.london_today(), public.london_today())$f$, probe.new('limit.officer'), probe.id('officer')));
select probe.move('public.delegation', 'limit.officer', 'activate', 'active');

-- Runs a scene and undoes it.
create function probe.scene(amount numeric, more text, who text, statement text) returns text language plpgsql as $$
declare
    answer text;
begin
    begin
        perform probe.add_approval('award', 'bid1', amount);
        if more <> '' then
            perform probe.operate(format('update public.approval set %s, version = version + 1 where id = %L', more, probe.id('award')));
        end if;
        answer := probe.try(who, replace(replace(statement, 'KEY', probe.key('award', who)), 'APPROVE', probe.approve('award')));
        raise exception using errcode = 'ZZ998';
    exception when sqlstate 'ZZ998' then return answer;
    end;
end $$;

-- At the limit, above it, and on what was promised before. Scenario 4.
select is(probe.scene(100000.00, '', 'approver', 'KEY'), '1', 'exactly the limit');
select is(probe.scene(100000.01, '', 'approver', 'KEY'), 'TS005', 'the limit and a penny');
select is(probe.scene(100000.00, '', 'officer', 'KEY'), '42501', 'only approvers turn keys, whatever limit they hold');
select is(probe.scene(90000, '', 'approver', 'APPROVE'), 'TS005', 'nothing is approved without a key');
select is(probe.scene(90000, '', 'approver', 'KEY; APPROVE'), '1', 'one key for a small sum');
update public.setting set value = '500000.00' where code = 'two_key_threshold';
select is(probe.scene(500000.00, '', 'approver2', 'KEY; APPROVE'), '1', 'one key at the threshold');
select is(probe.scene(500000.01, '', 'approver2', 'KEY; APPROVE'), 'TS005', 'not a penny above it');
select is(probe.scene(500000.01, '', 'approver2', 'KEY; ' || replace(probe.move_sql('public.approval', 'none', 'first_key', 'awaiting_second_key'), 'where id = NULL', 'where state = ''finance_cleared''')), '1', 'there it waits for a second');

select probe.add_approval('two', 'bid1', 600000);
select is(probe.act('approver2', probe.key('two', 'approver2')), '1', 'first key');
select is(probe.try('approver2', probe.key('two', 'approver2')), '23505', 'not twice by one person');
select is(probe.act('approver2', probe.move_sql('public.approval', 'two', 'first_key', 'awaiting_second_key')), '1', 'it waits');
select is(probe.try('approver2', probe.approve('two')), 'TS005', 'the first does not finish it');
select is(probe.try('approver', probe.key('two', 'approver')), 'TS005', 'nor somebody with too low a limit');
select is(probe.try('approver3', probe.key('two', 'approver3', 'b')), 'TS011', 'nor a key for other content');
select is(probe.try('approver3', probe.key('two', 'approver3', 'a', 1)), 'TS011', 'nor for another sum');
select is(probe.try('approver3', replace(probe.key('two', 'approver3'), probe.id('limit.approver3')::text, probe.id('limit.approver2')::text)), 'TS005', 'nor on another''s limit');
savepoint before;
select probe.operate(format('update public.delegation set valid_to = public.london_today() - 1, version = version + 1 where id = %L', probe.id('limit.approver3')));
select is(probe.try('approver3', probe.key('two', 'approver3')), 'TS005', 'nor on one that ended yesterday');
rollback to before;
select probe.move('public.delegation', 'limit.approver3', 'revoke', 'revoked');
select is(probe.try('approver3', probe.key('two', 'approver3')), 'TS005', 'nor on one that was revoked');
rollback to before;
select probe.operate(format('update public.delegation set categories = ''{programme}'', version = version + 1 where id = %L', probe.id('limit.approver3')));
select is(probe.try('approver3', probe.key('two', 'approver3')), 'TS005', 'nor on one for something else');
rollback to before;
select is(probe.try('officer', format('insert into public.approval_year values (%L, ''2027-28'', ''resource'', 1, sha256(''a''))', probe.id('two'))), 'TS009', 'years are not added under the approvers');
-- The content changes between the keys.
select is(probe.try('officer', format('update public.approval set amount = 700000, version = version + 1 where id = %L', probe.id('two'))), 'TS009', 'content does not change under the approvers');
select is(probe.act('officer', probe.move_sql('public.approval', 'two', 'revise', 'prepared', format('amount = 650000, content_hash = sha256(''b''), prepared_by = %L', probe.id('officer')))), '1', 'it goes back to the preparer');
select is((select sum(amount) from public.budget_entry where approval_id = probe.id('two')), 0.00, 'and the money is given back');
select is(probe.act('officer', format('insert into public.approval_year values (%L, ''2026-27'', ''resource'', 650000, sha256(''b''))', probe.id('two'))), '1', 'with its new years');
select is(probe.act('finance', probe.move_sql('public.approval', 'two', 'clear', 'finance_cleared', format('cleared_by = %L', probe.id('finance')))), '1', 'cleared again');
select is(probe.act('approver3', probe.key('two', 'approver3', 'b')), '1', 'a key for the new content');
select is(probe.try('approver3', probe.approve('two')), 'TS006', 'nothing is approved that is not set aside');
select is(probe.act('finance', format($$ insert into public.budget_entry (id, programme_id, financial_year, kind, approval_id, what, amount) values (gen_random_uuid(), %L, '2026-27', 'resource', %L, 'reserve', 650000) $$, probe.id('programme'), probe.id('two'))), '1', 'set aside');
select is(probe.try('approver3', probe.approve('two')), 'TS005', 'the key for the old content does not count');
rollback to before;
select is(probe.act('approver3', probe.key('two', 'approver3')), '1', 'second key');
select is(probe.act('approver3', probe.approve('two')), '1', 'approved by two');
select is(probe.try('approver3', format('update public.approval set lapses_at = now() + interval ''9 years'', version = version + 1 where id = %L', probe.id('two'))), 'TS009', 'a decision is not edited');
select is(probe.try('finance', format($$ insert into public.budget_entry (id, programme_id, financial_year, kind, approval_id, what, amount) values (gen_random_uuid(), %L, '2026-27', 'resource', %L, 'release', -600000) $$, probe.id('programme'), probe.id('two'))), 'TS006', 'and what was promised stays set aside');
select is(probe.act('approver3', probe.move_sql('public.bid', 'bid1', 'approve', 'approved_for_offer')), '1', 'the bid follows');
-- Scenario 4: an uplift is tested on the whole life.
select probe.add_approval('uplift', 'bid1', 15000);
select is((select whole_life from public.approval where id = probe.id('uplift')), 615000.00, 'the whole life is computed, not told');
select is(probe.try('approver', probe.key('uplift', 'approver')), 'TS005', 'a small uplift of a large award is a large award');
select is(probe.try('officer', format($$ insert into public.approval (id, reference, bid_id, programme_id, amount, whole_life, recommendation, subsidy_control, ncr_novel, ncr_contentious, ncr_repercussive, ncr_rationale, content_hash, prepared_by)
    values (gen_random_uuid(), public.next_reference('APR'), %L, %L, 1, 1, 'x', 'scheme', false, false, false, 'x', sha256('z'), %L) $$, probe.id('bid1'), probe.id('programme'), probe.id('officer'))), '23505', 'one approval in hand at a time');

-- Budgets: the last pound is given once.
select is((select sum(amount) from public.budget_entry where programme_id = probe.id('programme')), 615000.00, 'spoken for so far');
create function probe.reserve(amount numeric, year text default '2026-27', what text default 'reserve') returns text language sql as $$
    select format($f$insert into public.budget_entry (id, programme_id, financial_year, kind, approval_id, what, amount) values (gen_random_uuid(), %L, %L, 'resource', %L, %L, %s)$f$,
        probe.id('programme'), year, probe.id('uplift'), what, amount) $$;
select is(probe.try('finance', probe.reserve(1)), 'TS006', 'no more than the approval says');
select is(probe.try('finance', probe.reserve(1, '2027-28')), 'TS006', 'in the years that it says');
select is(probe.try('finance', probe.reserve(-20000, what => 'release')), 'TS006', 'no more is given back than was set aside');
select throws_ok($$ select probe.add_approval('too much', 'bid2', 385000.01) $$, 'TS006', null, 'not a penny more than the budget has left');
select lives_ok($$ select probe.add_approval('the rest', 'bid2', 385000.00) $$, 'the last pound');
select is(probe.try('approver2', probe.move_sql('public.approval', 'the rest', 'reject', 'rejected')), '1', 'refused');
select probe.act('approver2', probe.move_sql('public.approval', 'the rest', 'reject', 'rejected'));
select is((select sum(amount) from public.budget_entry where programme_id = probe.id('programme')), 615000.00, 'and given back');

-- Consent. Scenario 5.
select probe.operate(format($f$insert into public.approval (id, reference, bid_id, programme_id, amount, whole_life, recommendation, subsidy_control,
        ncr_novel, ncr_contentious, ncr_repercussive, ncr_rationale, content_hash, prepared_by)
    values (%L, public.next_reference('APR'), %L, %L, 20000, 0, 'Fund it', 'not_applicable', false, true, false, 'Contentious', sha256('c'), %L)$f$, probe.new('ncr'), probe.id('bid2'), probe.id('programme'), probe.id('officer')));
select probe.move('public.approval', 'ncr', 'clear', 'finance_cleared', format('cleared_by = %L', probe.id('finance')));
select is(probe.try('approver2', probe.key('ncr', 'approver2', 'c')), 'TS005', 'contentious: no key without consent, whatever the sum');
-- What is approved is what was read: content moves only by a revision with another digest, whoever tries.
select is(probe.try(who, format('update public.approval set %s, version = version + 1 where id = %L', change, probe.id('ncr'))), 'TS009', who || ' does not slip in ' || change)
from (values ('approver2'), ('finance'), ('officer')) p (who),
    (values ('consent_ref = ''MADE-UP'', consent_on = current_date'), ('amount = amount - 1'), ('ncr_contentious = false'),
        ('recommendation = ''other'''), ('subsidy_control = ''scheme'''), ('conditions = ''none''')) c (change);
select probe.operate(format('update public.approval set consent_ref = ''HMT-1'', consent_on = public.london_today() + 1, version = version + 1 where id = %L', probe.id('ncr')));
select is(probe.try('approver2', probe.key('ncr', 'approver2', 'c')), 'TS005', 'nor with one of tomorrow');
select probe.operate(format('update public.approval set consent_on = public.london_today(), version = version + 1 where id = %L', probe.id('ncr')));
select is(probe.try('approver2', probe.key('ncr', 'approver2', 'c')), '1', 'with one of today');

-- Lapse.
select is(probe.try(null, probe.move_sql('public.approval', 'two', 'lapse', 'lapsed'), 'touchstone_worker'), 'TS008', 'an approval does not lapse early');
select probe.operate(format('update public.approval set lapses_at = now() - interval ''1 second'', version = version + 1 where id = %L', probe.id('two')));
select is(probe.try('officer', probe.move_sql('public.approval', 'two', 'lapse', 'lapsed')), 'TS007', 'nor by a person');
select is(probe.try(null, probe.move_sql('public.approval', 'two', 'lapse', 'lapsed'), 'touchstone_worker', false), '1', 'the clock ends it');
select is((select sum(amount) from public.budget_entry where approval_id = probe.id('two')), 0.00, 'and its money is free');

-- The ten-thousandth reference is not cut to four digits.
select setval('public.programme_number', 9998);
select is(right(public.next_reference('PRG'), 5), '-9999', 'a reference has four digits');
select is(right(public.next_reference('PRG'), 6), '-10000', 'and more where the number has more');

select * from finish();
rollback;
