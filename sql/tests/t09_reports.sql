-- Views 11, 12 and 59: what they count, as at which moment, and for whom.
begin;
\ir fixture.psql
select no_plan();
select probe.finish_appraisals('bid1');
select probe.operate(format($f$insert into public.appraisal (id, bid_id, appraiser_id, kind, due_on, assigned_by) values (%L, %L, %L, 'appraiser', public.london_today(), %L)$f$,
    probe.new('ap.bid2'), probe.id('bid2'), probe.id('appraiser1'), probe.id('officer')));
select probe.move('public.appraisal', 'ap.bid2', 'begin', 'in_progress');
select probe.finish_appraisals('bid2');

create function probe.award(key text, bid text, amount numeric, who text) returns void language sql as $$
    select probe.add_approval(key, bid, amount);
    select probe.operate(format('insert into public.approval_key (id, approval_id, person_id, delegation_id, content_hash, whole_life) select gen_random_uuid(), id, %L, %L, content_hash, whole_life from public.approval where id = %L',
        probe.id(who), probe.id('limit.' || who), probe.id(key)));
    select probe.move('public.approval', key, 'approve', 'approved', 'decided_at = now(), lapses_at = now() + interval ''60 days''') $$;
select probe.award('one', 'bid1', 90000, 'approver');
select probe.award('uplift', 'bid1', 50000, 'approver2');
select probe.add_approval('waiting', 'bid2', 5000);

create function probe.year() returns text language sql as $$ select public.financial_year(public.london_today()) $$;
select results_eq($$ select tier, numerator, denominator, excluded, amount, outside from report.r11_delegated_limits(clock_timestamp()) order by tier collate "C" $$,
    $$ values ('', 0::bigint, 0::bigint, 1::bigint, 0::numeric, '{}'::text[]), ('Tier 100000.00', 1, 1, 0, 90000.00, '{}'), ('Tier 5000000.00', 1, 1, 0, 50000.00, '{}') $$,
    'r11: two given within limits, one not decided');
select is((select distinct financial_year from report.r11_delegated_limits(clock_timestamp())), probe.year(), 'in this financial year');
select is_empty($$ select from report.r11_delegated_limits(now() - interval '1 day') $$, 'as at yesterday: nothing');
select is_empty($$ select from report.r11_delegated_limits(clock_timestamp(), gen_random_uuid()) $$, 'in another programme: nothing');
-- What should never be: a key above the limit, and consent that came too late. Made behind everybody's back.
set local session_replication_role = replica;
update public.delegation set max_amount = 10 where id = probe.id('limit.approver');
update public.approval set ncr_novel = true, consent_ref = 'HMT', consent_on = public.london_today() + 1 where id = probe.id('uplift');
set local session_replication_role = origin;
select is((select string_agg(numerator || '/' || denominator || ' ' || cardinality(outside), ', ' order by tier) from report.r11_delegated_limits(clock_timestamp()) where tier <> ''), '0/1 1, 0/1 1', 'r11 names what is outside');
select is(probe.value(who, 'select coalesce(sum(denominator), 0) from report.r11_delegated_limits(clock_timestamp())'), expected, who || ' counts ' || expected)
from (values ('auditor', '2'), ('officer', '2'), ('editor1', '0'), ('officer.dep2', '0'), ('admin', '0')) v (who, expected);

-- r12.
select probe.act('officer', format($$ insert into audit.event (id, person_id, organisation_id, action, object_kind, object_id, detail) values (gen_random_uuid(), %L, %L, 'duty.denied', 'approval', %L, '{"code": "SOD_PR_AA"}') $$, probe.id('officer'), probe.id('dep'), probe.id('one')));
select probe.act('officer', format($$ insert into audit.event (id, person_id, organisation_id, action, object_kind, object_id, detail) values (gen_random_uuid(), %L, %L, 'duty.denied', 'bid', %L, '{"code": "SOD_AA_PR"}') $$, probe.id('officer'), probe.id('dep'), probe.id('bid1')));
select probe.act('officer', format($$ insert into audit.event (id, person_id, organisation_id, action, object_kind, object_id, detail) values (gen_random_uuid(), %L, %L, 'permission.denied', 'bid', %L, '{"code": "duties_separate"}') $$, probe.id('officer'), probe.id('dep'), probe.id('bid1')));
select results_eq($$ select numerator, violations, denominator from report.r12_segregation(clock_timestamp()) where duty = 'AA' and other = 'PR' $$,
    $$ values (2::bigint, 0::bigint, 4::bigint) $$, 'r12: both orders of a pair are one pair');
select is((select sum(violations) from report.r12_segregation(clock_timestamp())), 0::numeric, 'no violation');
select is((select excluded from report.r12_segregation(clock_timestamp()) where duty = ''), 1::bigint, 'a refusal that names no pair is counted apart');
set local session_replication_role = replica;
insert into workflow.duty_performed (id, case_id, person_id, duty) values (gen_random_uuid(), probe.id('bid1'), probe.id('officer'), 'AA');
set local session_replication_role = origin;
select is((select violations from report.r12_segregation(clock_timestamp()) where duty = 'AA' and other = 'PR'), 1::bigint, 'a violation behind everybody''s back is found');
select is((select coalesce(sum(denominator), 0) from report.r12_segregation(now() - interval '1 hour')), 0::numeric, 'as at an hour ago: nothing');
select is((select count(*) from report.r12_segregation(clock_timestamp(), gen_random_uuid())), 0::bigint, 'in another programme: nothing');
select is(probe.value('auditor', $$ select numerator from report.r12_segregation(clock_timestamp()) where duty = 'AA' and other = 'PR' $$), '2', 'an auditor sees it all');
select is(probe.value('editor2', $$ select coalesce(sum(numerator), 0) from report.r12_segregation(clock_timestamp()) $$), '0', 'an authority sees none of the department''s');

-- r59.
select is((select array_agg(action order by seq) from report.r59_audit_trail(clock_timestamp(), about_kind => 'bid')), array['duty.denied', 'permission.denied'], 'r59 by kind');
select is((select count(*) from report.r59_audit_trail(clock_timestamp(), of_action => 'duty')), 2::bigint, 'by the first word of the action');
select is((select count(*) from report.r59_audit_trail(clock_timestamp(), about_id => probe.id('one'), by_person => probe.id('officer'))), 1::bigint, 'by object and person');
select is((select array_agg(seq) from report.r59_audit_trail(clock_timestamp(), most => 1, before_seq => (select max(seq) from audit.event))),
    (select array_agg(seq) from (select seq from audit.event order by seq desc offset 1 limit 1) x), 'page by page');
select is(probe.value(who, 'select numerator || ''/'' || denominator from report.r59_audit_totals(clock_timestamp(), since => now())'), expected, who || ' counts events: ' || expected)
from (values ('auditor', '0/3'), ('editor2', '0/0'), ('officer', '0/3')) v (who, expected);
select is((select excluded from report.r59_audit_totals(now() - interval '1 hour', since => now())), 3::bigint, 'later ones are left out, and counted');

select * from finish();
rollback;
