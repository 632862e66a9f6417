-- Indicators, published figures and monitoring returns.
begin;
\ir fixture.psql
\ir fixture_money.psql
\ir fixture_returns.psql
select no_plan();

select probe.approve_bid('bid1', 90000);
select probe.begin_award('award1', 'bid1', 'la1', 'editor1', 'certifier1');

-- 1. Planning.
select is(probe.try('officer', format('select public.plan_monitoring(%L)', probe.id('award1'))), 'TS007', 'whoever does not activate plans nothing');
select is(probe.try(null, format('select public.plan_monitoring(%L)', probe.id('award1'))), 'TS007', 'nor does nobody');
select probe.plan_returns('award1');
select is((select count(*)::integer from public.monitoring_return), 4, 'quarterly periods from start to end');
select results_eq($$ select sequence, period_from, period_to from public.monitoring_return order by sequence $$,
    $$ select n + 1, (public.london_today() - 300 + make_interval(months => 3 * n))::date,
        least((public.london_today() - 300 + make_interval(months => 3 * n + 3))::date - 1, public.london_today() + 60) from generate_series(0, 3) n $$,
    'each begins where the last ended, and the last ends with the award');
select is_empty($$ select 1 from public.monitoring_return r where public.working_days_between(r.period_to, r.due_on) <> 20 or extract(isodow from r.due_on) > 5 $$,
    'each is due twenty working days after its period');
select results_eq($$ select distinct indicator_code, indicator_version, is_primary from public.return_indicator $$, $$ values ('REREF', 1, true) $$,
    'what must be reported is what the bid promised, as it is defined now');
select is(probe.try('signatory', format('select public.plan_monitoring(%L)', probe.id('award1'))), '1', 'planning again is harmless');
select is((select count(*)::integer from public.monitoring_return), 4, 'and adds nothing');
select is(probe.try('signatory', 'insert into public.monitoring_return (id) values (gen_random_uuid())'), '42501', 'nobody plans one by hand');

-- 2. The clock opens what has ended.
select is(probe.try(null, format($f$update public.monitoring_return set state = 'open', last_event = 'open', transition_seq = 2, version = 2 where state = 'scheduled'
    and period_to < public.london_today()$f$), 'touchstone_worker', false), '3', 'three periods have ended');
select is(probe.try(null, probe.return_sql('return.award1.4', 'open', 'open', 'officer'), 'touchstone_worker'), 'TS008', 'the fourth has not');
select is(probe.try('editor1', probe.return_sql('return.award1.4', 'begin', 'in_progress', 'editor1')), 'TS002', 'and is not written in yet');
select is(probe.value('editor1', format('select content_version from public.monitoring_return where id = %L', probe.id('return.award1.1'))), '0', 'its authority sees it');
select is(probe.value('editor2', 'select count(*) from public.monitoring_return'), '0', 'another authority does not');
select is(probe.value('idle', 'select count(*) from public.monitoring_return'), '0', 'nor does somebody of the department without a part in it');
select is(probe.value('officer', 'select count(*) from public.monitoring_return'), '4', 'the case team sees all');
select is(probe.value('auditor', 'select count(*) from public.monitoring_return'), '4', 'so do auditors');
select is(probe.value('admin', 'select count(*) from public.monitoring_return'), '0', 'administrators do not');
select is(probe.value('reviewer2', 'select count(*) from public.monitoring_return'), '0', 'nor reviewers who have no part in it');

-- 3. Drafting: the authority's own, one version at a time, while it is in progress.
select is(probe.try('editor1', probe.section_sql('return.award1.1', 'outcomes', 'editor1')), 'TS009', 'nothing is written before it is begun');
select is(probe.act('editor1', probe.return_sql('return.award1.1', 'begin', 'in_progress', 'editor1')), '1', 'an editor begins');
select is(probe.act('editor1', probe.section_sql('return.award1.1', 'outcomes', 'editor1')), '1', 'and writes');
select is(probe.try('editor1', probe.section_sql('return.award1.1', 'spend', 'editor1b')), '42501', 'in their own name');
select is(probe.try('certifier1', probe.section_sql('return.award1.1', 'spend', 'certifier1')), '42501', 'a certifier does not');
select is(probe.try('editor2', probe.section_sql('return.award1.1', 'spend', 'editor2')), '42501', 'nor another authority');
select is(probe.try('editor1', format('update public.return_section set version = version + 2, edited_by = %L where return_id = %L', probe.id('editor1'), probe.id('return.award1.1'))), 'TS002', 'versions go up by one');
select is(probe.value('officer', 'select count(*) from public.return_section'), '0', 'the department does not read drafts');
select is(probe.value('auditor', 'select count(*) from public.return_section'), '0', 'nor do auditors');
select is((select count(*)::integer from workflow.duty_performed where duty = 'W' and object_version = 1001 and person_id = probe.id('editor1')), 1, 'whoever writes has written this version of this return');
select is(probe.try('editor1', format('update public.monitoring_return set due_on = due_on + 30, version = version + 1 where id = %L', probe.id('return.award1.1'))), '42501', 'nobody moves a due date');

-- 4. Certifying: by somebody else, whole.
select is(probe.act('editor1', probe.return_sql('return.award1.1', 'send_for_certification', 'in_certification', 'editor1')), '1', 'to the certifiers');
select is(probe.try('editor1', probe.section_sql('return.award1.1', 'outcomes', 'editor1')), 'TS009', 'then it rests');
select is(probe.act('both1', 'select 1'), '1', 'somebody who is both');
select is(probe.try('certifier1', probe.return_sql('return.award1.1', 'submit', 'submitted', 'certifier1') || '; set constraints all immediate'), 'TS009', 'a submission without its version is none');
select is(probe.try('certifier1', probe.return_sql('return.award1.1', 'submit', 'submitted', 'certifier1b')), 'TS009', 'signed by whoever does it');
select is(probe.try('certifier1', replace(probe.submit_return_sql('return.award1.1', 'certifier1', 1, 12, 100), '''REREF'', 1, 12', '''CLA_R'', 1, 12')), 'TS009', 'every indicator that was asked for is there');
select is(probe.try('certifier1', replace(probe.submit_return_sql('return.award1.1', 'certifier1', 1, 12, 100), '1000, 1000', '1000, null')), '23502', 'and what was spent');
select is(probe.act('certifier1', probe.submit_return_sql('return.award1.1', 'certifier1', 1, 12, 100)), '1', 'a certifier submits');
select is((select late_days from public.monitoring_return where id = probe.id('return.award1.1')),
    (select greatest(0, public.london_today() - due_on) from public.monitoring_return where id = probe.id('return.award1.1')), 'how late it is, is counted');
select is(probe.try('certifier1', format('insert into public.return_value (return_id, number, position, indicator_code, indicator_version, value, status) values (%L, 1, 2, ''CLA_R'', 1, 5, ''outturn'')', probe.id('return.award1.1'))), '1', 'figures come with their version, in its transaction');

-- The same person in both capacities: refused by what the ledger says.
select probe.must('both1', probe.return_sql('return.award1.2', 'begin', 'in_progress', 'both1'));
select probe.must('both1', probe.section_sql('return.award1.2', 'outcomes', 'both1'));
select probe.must('editor1', probe.return_sql('return.award1.2', 'send_for_certification', 'in_certification', 'editor1'));
select is(probe.try('both1', probe.submit_return_sql('return.award1.2', 'both1', 1, 12, 100)), 'SOD_W_CE', 'an editor of this version does not certify it');
select is(probe.act('certifier1', probe.submit_return_sql('return.award1.2', 'certifier1', 1, 3, 60)), '1', 'somebody else does');

-- 5. Review.
select is(probe.value('officer', 'select count(*) from public.return_value'), '2', 'the case team reads what was certified');
select is(probe.value('editor2', 'select count(*) from public.return_value'), '0', 'another authority does not');
select is(probe.value('idle', 'select count(*) from public.return_value'), '0', 'nor does the rest of the department');
select is(probe.try('certifier1', probe.return_sql('return.award1.1', 'begin_review', 'under_review', 'certifier1')), 'TS007', 'an authority does not review itself');
select is(probe.act('officer', probe.return_sql('return.award1.1', 'begin_review', 'under_review', 'officer')), '1', 'an officer takes it up');
select is(probe.try('officer', probe.move_sql('public.monitoring_return', 'return.award1.1', 'request_changes', 'changes_requested')), 'TS002', 'changes need a reason');
select is(probe.act('officer', format('insert into public.return_comment (id, return_id, number, field, comment, person_id) values (gen_random_uuid(), %L, 1, ''outcomes.REREF.numerator'', ''Is this right?'', %L)', probe.id('return.award1.1'), probe.id('officer'))), '1', 'what is asked is asked field by field');
select is(probe.act('officer', probe.return_sql('return.award1.1', 'request_changes', 'changes_requested', 'officer')), '1', 'back it goes');
select is((select changes_due_on from public.monitoring_return where id = probe.id('return.award1.1')), public.after_working_days(public.london_today(), 10), 'for ten working days');
select is(probe.value('editor1', 'select count(*) from public.return_comment'), '1', 'the authority reads the comments');
select is(probe.act('editor1', probe.return_sql('return.award1.1', 'resume', 'in_progress', 'editor1')), '1', 'it is taken up again');
select is(probe.act('editor1', probe.section_sql('return.award1.1', 'outcomes', 'editor1')), '1', 'and changed');
select is(probe.act('editor1', probe.return_sql('return.award1.1', 'send_for_certification', 'in_certification', 'editor1')), '1', 'sent on');
select is(probe.act('certifier1', probe.submit_return_sql('return.award1.1', 'certifier1', 2, 14, 100)), '1', 'and certified again');
select is((select count(*)::integer from public.return_version where return_id = probe.id('return.award1.1')), 2, 'both versions are there');
select is(public.return_accepted(probe.id('award1'), public.london_today() - 400, public.london_today() + 400), false, 'nothing is accepted yet');
select probe.must('officer', probe.return_sql('return.award1.1', 'begin_review', 'under_review', 'officer'));
select is(probe.act('officer', probe.return_sql('return.award1.1', 'accept', 'accepted', 'officer')), '1', 'accepted');
select is((select count(*)::integer from public.return_restatement), 0, 'a first acceptance restates nothing');
select is(public.return_accepted(probe.id('award1'), (select period_from from public.monitoring_return where id = probe.id('return.award1.1')),
    (select period_to from public.monitoring_return where id = probe.id('return.award1.1'))), true, 'the first period is in');
select probe.must('officer', probe.return_sql('return.award1.2', 'begin_review', 'under_review', 'officer'));
select probe.must('officer', probe.return_sql('return.award1.2', 'accept_with_issues', 'accepted_with_issues', 'officer'));
select is(probe.act('sor', probe.return_sql('return.award1.3', 'waive', 'waived', 'sor')), '1', 'the senior officer waives one');
select is(probe.try('officer', probe.return_sql('return.award1.4', 'waive', 'waived', 'officer')), 'TS007', 'an officer does not');
select is(public.return_accepted(probe.id('award1'), public.london_today() - 400, public.london_today()), true, 'what ended is in, accepted or waived');
select is(public.return_accepted(probe.id('award1'), public.london_today() - 400, public.london_today() + 400), false, 'the last is to come');

-- 6. Reopening: the old figures count until the new ones are accepted; both stay; an earlier moment does not move.
create temp table before_reopening as select clock_timestamp() as at;
select is(probe.try('officer', probe.return_sql('return.award1.1', 'reopen', 'reopened', 'officer')), 'TS007', 'an officer does not reopen');
select is(probe.act('sor', probe.return_sql('return.award1.1', 'reopen', 'reopened', 'sor')), '1', 'the senior officer does');
select is((select numerator from public.return_values_as_at(clock_timestamp()) where return_id = probe.id('return.award1.1')), 14.00, 'what was accepted still counts');
select probe.report('return.award1.1', 9, 100, 3, 'resume');
select is((select numerator from public.return_values_as_at(clock_timestamp()) where return_id = probe.id('return.award1.1')), 14.00, 'and goes on counting while the new version is looked at');
select probe.must('officer', probe.return_sql('return.award1.1', 'begin_review', 'under_review', 'officer'));
select probe.must('officer', probe.return_sql('return.award1.1', 'accept', 'accepted', 'officer'));
select is((select numerator from public.return_values_as_at(clock_timestamp()) where return_id = probe.id('return.award1.1')), 9.00, 'then the new figure counts');
select is((select numerator from public.return_values_as_at((select at from before_reopening)) where return_id = probe.id('return.award1.1')), 14.00, 'as at a moment before, the old one does');
select results_eq($$ select field, old_value, new_value, cause, from_number, to_number from public.return_restatement order by field $$,
    $$ values ('outcomes.REREF.numerator', '14.00', '9.00', 'A school was counted twice', 2, 3), ('outcomes.REREF.value', '14.00', '9.00', 'A school was counted twice', 2, 3) $$,
    'what differs is on record, with its cause');
select results_eq(format('select ruling, number from public.return_ruling where return_id = %L order by at, id', probe.id('return.award1.1')),
    $$ values ('changes_requested', 1), ('accepted', 2), ('reopened', 2), ('accepted', 3) $$, 'each ruling is on record');

-- 7. Facts stay.
select is(probe.try(null, format('update %s set return_id = return_id', t), 'touchstone_owner'), 'TS004', t || ' is a fact') from unnest(array['public.return_version', 'public.return_value',
    'public.return_figure', 'public.return_ruling', 'public.return_comment', 'public.return_restatement', 'public.return_indicator']) t;

-- 8. Small counts for those who are not of the case.
select results_eq($$ select probe.value(who, 'select count(*) || coalesce('' '' || string_agg(coalesce(numerator::text, ''c'') || ''/'' || coalesce(value::text, ''c''), '' '' order by period_from), '''') from public.released_return_values(clock_timestamp())')
        from unnest(array['idle', 'reviewer2', 'auditor', 'editor2', 'admin']) who $$,
    $$ values ('2 9.00/9.00 c/c'), ('2 9.00/9.00 c/c'), ('2 9.00/9.00 c/c'), ('0'), ('0') $$, 'three of sixty shows as a letter, and so does its rate');

-- 9. Reminders: each once.
create function probe.reminded() returns text language sql as $$ select coalesce(string_agg(distinct event, ' ' order by event), '') from public.outbox where object_kind = 'monitoring_return' and event in ('return.soon', 'return.due', 'return.late_1', 'return.late_5', 'return.held') $$;
create function probe.set_due(day date) returns void language plpgsql as $$
begin
    set local session_replication_role = replica;
    update public.monitoring_return set due_on = day, period_to = day - 1, state = 'open', content_version = 0, period_from = day - 80 where id = probe.id('return.award1.4');
    set local session_replication_role = origin;
    delete from public.outbox where object_kind = 'monitoring_return';
end $$;
create function probe.step(days integer) returns text language plpgsql as $$
declare
    day date;
begin
    -- The due date that today is so many working days after, or before.
    if days > 0 then
        select max(d) into day from generate_series(public.london_today() - 80, public.london_today() - 1, interval '1 day') d where public.working_days_between(d::date, public.london_today()) = days and extract(isodow from d) < 6;
    elsif days = 0 then day := public.london_today();
    else select min(d) into day from generate_series(public.london_today() + 1, public.london_today() + 80, interval '1 day') d where public.working_days_between(public.london_today(), d::date) = -days; end if;
    perform probe.set_due(day);
    perform probe.operate('select public.remind_of_returns()');
    return probe.reminded();
end $$;
select results_eq($$ select probe.step(n) from unnest(array[-30, -5, -1, 0, 1, 4, 5, 9, 10, 30]) n $$,
    $$ values (''), ('return.soon'), ('return.soon'), ('return.due'), ('return.late_1'), ('return.late_1'), ('return.late_5'), ('return.late_5'), ('return.held'), ('return.held') $$, 'five working days before, on the day, one, five and ten after');
select is((select count(*) from public.outbox where event = 'return.held' and recipient_id = probe.id('sor')), 1::bigint, 'the last goes to the senior officer');
create temp table written as select count(*) as n from public.outbox;
select probe.operate('select public.remind_of_returns()');
select is((select count(*) from public.outbox), (select n from written), 'and nothing is said twice');
select is(public.returns_overdue(probe.id('award1')), 1, 'the next instalment waits');
select is(probe.try('officer', 'select public.remind_of_returns()'), '42501', 'reminders are the clock''s');

-- 10. Published figures.
select probe.operate($f$insert into public.statistic_series (code, format, layout, indicator_code, numerator_column, denominator_column, value_column, source)
    values ('probe.REREF', 'probe', 'ees', 'REREF', 'n', 'd', 'v', 'Probe'), ('probe.POP', 'population', 'ees', 'POP_0_17', '', '', 'p', 'Probe'), ('probe.CLA', 'probe', 'ees', 'CLA_R', 'n', '', '', 'Probe') on conflict do nothing$f$);
select probe.operate(format($f$insert into public.organisation_fact (id, organisation_id, fact, value, valid_from, source) values (gen_random_uuid(), %L, 'gss_code', 'E08000038', '2020-01-01', 'Probe'), (gen_random_uuid(), %L, 'gss_code', 'E09000027', '2020-01-01', 'Probe')$f$, probe.id('la1'), probe.id('la2')));
create function probe.stage(lines text) returns void language plpgsql as $$
begin
    delete from public.statistic_staging;
    execute 'insert into public.statistic_staging values ' || replace(lines, '(', '(''00000000-0000-7000-8000-000000000001'', ');
end $$;
create function probe.accept(dry boolean default false) returns jsonb language plpgsql as $$
declare
    me text := session_user;
    answer jsonb;
begin
    perform set_config('session_authorization', 'touchstone_owner', true);
    answer := public.accept_statistics('00000000-0000-7000-8000-000000000001', 'probe.csv', 'probe', sha256('f'), 3, dry);
    perform set_config('session_authorization', me, true);
    return answer;
end $$;
create function probe.lines() returns text language sql as $$ select
    $l$(2, 'probe.REREF', 'figure', '2025', 'authority', '001', 'E08000016', 'La 1', '7', '112', '6.3'),
       (3, 'probe.REREF', 'figure', '2025', 'authority', '002', 'E09000027', 'La 2', 'c', '90', 'c'),
       (4, 'probe.REREF', 'figure', '2025', 'authority', '001 / 002', 'E08000038 / E09000027', 'Both', '9', '202', '4.5'),
       (5, 'probe.REREF', 'figure', '2025', 'authority', '999', 'E06000099', 'Nowhere', '1', '2', '50'),
       (6, 'probe.REREF', 'figure', '2025', 'country', '', 'E92000001', 'England', '142897', '632828', '22.6'),
       (7, 'probe.REREF', 'figure', '2025', 'authority', '', 'E09000027', 'La 2 without a code', '5', '90', '5.6')$l$ $$;
select probe.stage(split_part(probe.lines(), E',\n       (7,', 1));
select is(probe.accept(true) - 'letters' - 'joint_areas' - 'gss_changes' - 'ended_areas' - 'unmatched_areas' - 'changes', '{"accepted": true, "format": "probe", "rows": 3, "figures": 4, "added": 4, "changed": 0, "unchanged": 0, "suppressed": 1, "unmatched": 1, "dry_run": true}'::jsonb, 'a dry run says what it would do');
select is((select count(*) from public.statistic), 0::bigint, 'and does nothing');
select probe.stage(split_part(probe.lines(), E',\n       (7,', 1));
create temp table load1 as select probe.accept() as report;
select is((select report -> 'gss_changes' -> 0 ->> 'dfe_code' from load1), '001', 'authorities match on the DfE code; the moved GSS code is reported');
select is((select report -> 'joint_areas' ->> 0 from load1), '001+002', 'two that publish together are one area');
select is((select report -> 'letters' from load1), '{"c": 1}'::jsonb, 'letters are counted');
select results_eq($$ select area_code, figure, status, numerator, denominator from public.published_figure where indicator_code = 'REREF' order by area_code $$,
    $$ values ('001', 6.3, 'value', 7::numeric, 112::numeric), ('001+002', 4.5, 'value', 9, 202), ('002', null, 'suppressed', null, 90), ('E92000001', 22.6, 'value', 142897, 632828) $$,
    'suppressed is a status: not zero, and not missing');
select probe.stage(split_part(probe.lines(), E',\n       (7,', 1));
select is(probe.accept() ->> 'unchanged', '4', 'the same file again');
select results_eq('select (select count(*) from public.statistic), (select count(*) from public.statistics_load)', 'values (4::bigint, 1::bigint)', 'changes nothing, not even the list of loads');
select probe.stage(replace(split_part(probe.lines(), E',\n       (7,', 1), '''7'', ''112'', ''6.3''', '''8'', ''112'', ''7.1'''));
select pg_sleep(0.01);
create temp table moment as select clock_timestamp() as at;
select probe.operate($f$delete from public.statistic_staging where load_id <> '00000000-0000-7000-8000-000000000001'$f$);
update public.statistic_staging set load_id = '00000000-0000-7000-8000-000000000002';
create function probe.accept_second() returns jsonb language plpgsql as $$
declare
    me text := session_user;
    answer jsonb;
begin
    perform set_config('session_authorization', 'touchstone_owner', true);
    answer := public.accept_statistics('00000000-0000-7000-8000-000000000002', 'probe.csv', 'probe', sha256('g'), 3, false);
    perform set_config('session_authorization', me, true);
    return answer;
end $$;
create temp table load2 as select probe.accept_second() as report;
select is((select report -> 'changes' -> 0 ->> 'before' || ' to ' || (report -> 'changes' -> 0 ->> 'after') from load2), '7 / 112 / 6.3 to 8 / 112 / 7.1', 'a correction is reported');
select is((select figure from public.published_figure where area_code = '001' and indicator_code = 'REREF'), 7.1, 'and shows');
select is((select count(*) from public.statistic where area_code = '001'), 2::bigint, 'beside what it corrects');
select probe.stage($l$(2, 'probe.REREF', 'figure', '2025', 'authority', '001', '', 'La 1', '1,7', '112', '6.3'), (3, 'probe.REREF', 'figure', '2025', 'planet', '', '', 'Mars', '7', '112', '6.3'),
    (4, 'probe.REREF', 'figure', '2024/25', 'country', '', 'E92000001', 'England', '7', '112', '6.3'), (5, 'probe.REREF', 'figure', '2023', 'country', '', 'E92000001', 'England', '7', '112', '6.3'),
    (6, 'probe.REREF', 'figure', '2023', 'country', '', 'E92000001', 'England', '8', '112', '7.1')$l$);
create temp table bad as select probe.accept() as report;
select is((select report ->> 'problem_count' from bad), '4', 'one bad line and nothing is loaded; each is named');
select results_eq($$ select (p ->> 'line')::integer, p ->> 'column' from bad, jsonb_array_elements(report -> 'problems') p order by 1 $$,
    $$ values (2, 'n'), (3, 'geographic_level'), (4, 'time_period'), (6, 'REREF') $$, 'with its line and column');
select is((select count(*) from public.statistic), 5::bigint, 'nothing of it stays');
select is(probe.try('admin', $q$select public.accept_statistics(gen_random_uuid(), 'x', 'probe', sha256('x'), 1, true)$q$), '42501', 'loading is for the operator');
select is(probe.value('editor2', 'select count(*) from public.statistic'), '5', 'what is published is for everybody signed in');

-- A rate of year Y goes by the population of Y - 1; England is pooled.
select probe.operate($f$insert into public.statistic (load_id, format, indicator_code, period, geography, area_code, organisation_id, value, value_text, numerator, numerator_text, status, line)
    select l.id, 'population', 'POP_0_17', '2024', 'authority', '001', o.id, 20000, '20000', null, '', 'value', 2 from public.statistics_load l, public.organisation o where o.dfe_code = '001' limit 1$f$);
select probe.operate($f$insert into public.statistic (load_id, format, indicator_code, period, geography, area_code, organisation_id, numerator, numerator_text, status, line)
    select l.id, 'probe', 'CLA_R', '2025', 'authority', '001', o.id, 125, '125', 'value', 3 from public.statistics_load l, public.organisation o where o.dfe_code = '001' limit 1$f$);
select results_eq($$ select figure, denominator from public.published_figure where indicator_code = 'CLA_R' $$, $$ values (63::numeric, 20000::numeric) $$, '125 of 20,000 of the year before is 62.5 in 10,000: 63');
select results_eq($$ select numerator, denominator, figure, authorities, excluded from public.pooled_figure('REREF', '2025') $$, $$ values (8::numeric, 112::numeric, 7.1, 1::bigint, 1::bigint) $$, 'pooled, with what is left out counted');

select * from finish();
rollback;
