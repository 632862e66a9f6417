-- Separation of duties, by person over the life of a case: every pair, by direct insert with a live session and by the acts.
begin;
\ir fixture.psql
select no_plan();

create function probe.duty(who text, in_case uuid, what text, version integer default 0) returns text language sql as $$
    select format('insert into workflow.duty_performed (id, case_id, person_id, duty, object_version) values (gen_random_uuid(), %L, %L, %L, %s)',
        in_case, probe.id(who), what, version) $$;

create function probe.pairs() returns setof text language plpgsql as $$
declare
    first text;
    second text;
    reach text;
    some_case uuid;
    answer text;
begin
    for first in select distinct duty from workflow.duty_conflict loop
        for second in select distinct duty from workflow.duty_conflict loop
            some_case := gen_random_uuid();
            reach := (select c.reach from workflow.duty_conflict c where c.duty = first and c.other = second);
            if probe.act('officer', probe.duty('officer', some_case, first, 1)) <> '1' then
                return next first || ' alone refused';
            end if;
            answer := probe.try('officer', probe.duty('officer', some_case, second, 1));
            if first = second then
                continue;
            end if;
            if (reach is not null and answer <> format('SOD_%s_%s', first, second)) or (reach is null and answer <> '1') then
                return next first || ' then ' || second || ': ' || answer;
            end if;
            if probe.try('officer', probe.duty('officer', gen_random_uuid(), second, 1)) <> '1' then
                return next second || ' in another case refused';
            end if;
            if reach = 'version' and probe.try('officer', probe.duty('officer', some_case, second, 2)) <> '1' then
                return next second || ' of another version refused';
            end if;
            if probe.try('officer2', probe.duty('officer2', some_case, second, 1)) <> '1' then
                return next second || ' by another person refused';
            end if;
        end loop;
    end loop;
end $$;
select is((select count(*)::integer from workflow.duty_conflict), 144, 'seventy-two pairs, both ways round');
select is_empty('select probe.pairs()', 'every forbidden pair is refused in both orders, every other is allowed');
select is(probe.try('officer', probe.duty('officer2', gen_random_uuid(), 'AP')), '42501', 'nobody records a duty of somebody else');

-- The acts record their duties themselves, whatever the service does.
select results_eq(format($$ select d.duty, k.key, d.object_version from workflow.duty_performed d join probe.known k on k.id = d.person_id where case_id = %L order by 1, 2 $$, probe.id('bid1')),
    $$ values ('CE', 'certifier1', 1), ('W', 'editor1', 1) $$, 'writing and certifying are in the ledger');
select probe.finish_appraisals('bid1');
select probe.add_approval('award', 'bid1', 90000);
select results_eq(format($$ select d.duty, k.key from workflow.duty_performed d join probe.known k on k.id = d.person_id where case_id = %L and duty not in ('W', 'CE') order by 1, 2 $$, probe.id('bid1')),
    $$ values ('AP', 'appraiser1'), ('AP', 'appraiser2'), ('AP', 'reviewer'), ('FC', 'finance'), ('PR', 'officer') $$, 'so are appraising, preparing and clearing');

-- The acts themselves are refused.
-- Scenario 3: an editor certifies.
select is(probe.act('both1', format('update public.bid_section set content = ''{}'', version = version + 1, edited_by = %2$L, edited_at = now() where bid_id = %1$L and section = ''need''', probe.id('draft1'), probe.id('both1'))), '1', 'many hats edits a section');
select is(probe.act('editor1', probe.move_sql('public.bid', 'draft1', 'send_for_certification', 'in_certification', format('last_editor_id = %L', probe.id('editor1')))), '1', 'another sends it');
select is(probe.try('both1', probe.move_sql('public.bid', 'draft1', 'submit', 'submitted', format('content_version = 1, content_hash = sha256(''x''), certified_by = %L', probe.id('both1')))), 'SOD_W_CE', 'who edited does not certify');
select is(probe.try('certifier1', probe.move_sql('public.bid', 'draft1', 'submit', 'submitted', format('content_version = 1, content_hash = sha256(''x''), certified_by = %L', probe.id('certifier1')))), '1', 'who did not, does');

-- Many hats holds four capacities of the department and may use one in a case.
create function probe.key(who text) returns text language sql as $$
    select format('insert into public.approval_key (id, approval_id, person_id, delegation_id, content_hash, whole_life) values (gen_random_uuid(), %L, %L, %L, sha256(''a''), %s)',
        probe.id('award'), probe.id(who), probe.id('limit.' || who), (select whole_life from public.approval where id = probe.id('award'))) $$;
select is(probe.try('manyhats', probe.key('manyhats')), '1', 'an approver who did nothing else turns a key');
create function probe.after(duty text, statement text) returns text language plpgsql as $$
declare
    answer text;
begin
    begin
        perform probe.act('manyhats', probe.duty('manyhats', probe.id('bid1'), duty));
        answer := probe.try('manyhats', statement);
        raise exception using errcode = 'ZZ998';
    exception when sqlstate 'ZZ998' then return answer;
    end;
end $$;
select is(probe.after('AP', probe.key('manyhats')), 'SOD_AP_AA', 'not after appraising');
select is(probe.after('PR', probe.key('manyhats')), 'SOD_PR_AA', 'not after preparing');
select is(probe.after('FC', probe.key('manyhats')), 'SOD_FC_AA', 'not after clearing');
select is(probe.after('CH', probe.key('manyhats')), 'SOD_CH_AA', 'not after chairing');
select is(probe.after('AP', probe.move_sql('public.approval', 'award', 'reject', 'rejected')), 'SOD_AP_AA', 'nor is it refused by them');
select probe.move('public.approval', 'award', 'return', 'returned');
select is(probe.after('AP', probe.move_sql('public.approval', 'award', 'revise', 'prepared', format('prepared_by = %L', probe.id('manyhats')))), 'SOD_AP_PR', 'an appraiser does not prepare');
select is(probe.after('AP', probe.move_sql('public.bid', 'bid1', 'decline', 'declined')), 'SOD_AP_AA', 'nor decide the bid');
select probe.move('public.approval', 'award', 'revise', 'prepared', format('prepared_by = %L', probe.id('officer')));
select is(probe.after('PR', probe.move_sql('public.approval', 'award', 'clear', 'finance_cleared', format('cleared_by = %L', probe.id('manyhats')))), 'SOD_PR_FC', 'a preparer does not clear');
select is(probe.try('manyhats', probe.move_sql('public.approval', 'award', 'clear', 'finance_cleared', format('cleared_by = %L', probe.id('finance')))), 'TS007', 'nor sign for somebody else');
select is(probe.try('officer', format($f$insert into public.appraisal (id, bid_id, appraiser_id, kind, due_on, assigned_by) values (gen_random_uuid(), %L, %L, 'appraiser', public.london_today(), %L)$f$,
    probe.id('bid1'), probe.id('officer2'), probe.id('officer'))), 'TS007', 'an appraisal goes to an appraiser');
select probe.act('manyhats', probe.duty('manyhats', probe.id('bid2'), 'PR'));
select is(probe.try('officer', format($f$insert into public.appraisal (id, bid_id, appraiser_id, kind, due_on, assigned_by) values (gen_random_uuid(), %L, %L, 'appraiser', public.london_today(), %L)$f$,
    probe.id('bid2'), probe.id('manyhats'), probe.id('officer'))), 'SOD_PR_AP', 'and not to who prepared the approval');

-- One's own appraisal is one's own.
select probe.operate(format($f$insert into public.appraisal (id, bid_id, appraiser_id, kind, due_on, assigned_by) values (%L, %L, %L, 'appraiser', public.london_today(), %L)$f$, probe.new('ap.bid2'), probe.id('bid2'), probe.id('appraiser1'), probe.id('officer')));
select is(probe.try('appraiser2', probe.move_sql('public.appraisal', 'ap.bid2', 'begin', 'in_progress')), 'TS007', 'nobody begins another''s');
select is(probe.act('appraiser1', probe.move_sql('public.appraisal', 'ap.bid2', 'begin', 'in_progress')), '1', 'one begins one''s own');
select is(probe.try('appraiser2', format($f$insert into public.score (id, appraisal_id, criterion_id, value, recorded_by) values (gen_random_uuid(), %L, %L, 5, %L)$f$, probe.id('ap.bid2'), probe.id('need.round.closed'), probe.id('appraiser2'))), 'TS009', 'nor scores in it');
select is(probe.try('appraiser1', format($f$insert into public.score (id, appraisal_id, criterion_id, value, recorded_by) values (gen_random_uuid(), %L, %L, 5, %L)$f$, probe.id('ap.bid2'), probe.id('need.round.closed'), probe.id('appraiser1'))), '1', 'one scores in one''s own');
select is(probe.try('appraiser1', format('update public.appraisal set due_on = due_on + 30, version = version + 1 where id = %L', probe.id('ap.bid2'))), 'TS007', 'nobody moves their own due date');
select is(probe.try('appraiser1', probe.move_sql('public.appraisal', 'ap.bid2', 'submit', 'submitted')), 'TS002', 'nothing is submitted without scores and reasons');
select probe.act('appraiser1', format($f$insert into public.score (id, appraisal_id, criterion_id, value, rationale, recorded_by)
    select gen_random_uuid(), %L, c.id, 5, repeat('because ', 10), %L from public.criterion c join public.bid b on b.round_id = c.round_id where b.id = %L and c.scorer = 'appraiser'$f$, probe.id('ap.bid2'), probe.id('appraiser1'), probe.id('bid2')));
select is(probe.act('appraiser1', probe.move_sql('public.appraisal', 'ap.bid2', 'submit', 'submitted')), '1', 'submitted');
select is(probe.try('appraiser1', format($f$insert into public.score (id, appraisal_id, criterion_id, value, recorded_by) values (gen_random_uuid(), %L, %L, 5, %L)$f$, probe.id('ap.bid2'), probe.id('need.round.closed'), probe.id('appraiser1'))), 'TS009', 'scores are closed then');
insert into public.capacity (id, person_id, role, code, valid_from) values (gen_random_uuid(), probe.id('appraiser1'), 'department', 'programme_officer', public.london_today());
select is(probe.try('appraiser1', probe.move_sql('public.appraisal', 'ap.bid2', 'finalise', 'final')), 'TS007', 'nobody checks their own');

-- Capacities that exclude each other cannot be granted, by SQL either. Scenario 23.
create function probe.grant(giver text, to_whom text, in_role text, code text) returns text language sql as $$
    select format('insert into public.capacity (id, person_id, role, code, valid_from, granted_by) values (gen_random_uuid(), %L, %L, %L, public.london_today(), %L)',
        probe.id(to_whom), in_role, code, probe.id(giver)) $$;
select is(probe.try('admin', probe.grant('admin', 'officer', 'department', 'approver')), '1', 'an administrator grants');
select is(probe.try('admin', probe.grant('admin', 'admin', 'administrator', 'administrator')), '42501', 'not to oneself');
select is(probe.try('admin', probe.grant('admin2', 'admin', 'administrator', 'administrator')), '42501', 'nor in another''s name');
select is(probe.try('admin', probe.grant('admin', 'admin2', 'department', 'approver')), '23503', 'an administrator cannot approve: not their role');
select is(probe.try('admin', probe.grant('admin', 'admin2', 'administrator', 'approver')), '23503', 'nor is it a capacity of that role');
select throws_ok(probe.grant('admin', 'auditor', 'auditor', 'programme_officer'), '23503', null, 'an auditor holds nothing else, even by a superuser');
select throws_ok(probe.grant('admin', 'admin', 'administrator', 'administrator'), '23514', null, 'nobody grants to themselves, even by a superuser');
select throws_ok(format('update public.person set role = ''department'', version = version + 1 where id = %L', probe.id('admin')), '23503', null, 'nor does a role change while capacities hang on it');
select is(probe.try('officer', probe.grant('officer', 'idle', 'department', 'appraiser')), '42501', 'officers grant nothing');
select is(probe.try('users1', probe.grant('users1', 'reader1', 'local_authority', 'la_editor')), '1', 'a user administrator grants at home');
select is(probe.try('users1', probe.grant('users1', 'editor2', 'local_authority', 'la_certifier')), '42501', 'not elsewhere');
select is(probe.try('admin', format('update public.person set state = ''suspended'', last_event = ''suspend'', transition_seq = transition_seq + 1, version = version + 1 where id = %L', probe.id('admin'))), 'TS007', 'nobody suspends themselves');
select is(probe.try('users1', probe.move_sql('public.person', 'officer', 'suspend', 'suspended')), '0', 'nor people elsewhere');

-- Handing over: by whoever keeps the account, to whoever may take it.
select probe.operate(format($f$insert into public.appraisal (id, bid_id, appraiser_id, kind, due_on, assigned_by) values (%L, %L, %L, 'appraiser', public.london_today(), %L)$f$, probe.new('ap.bid2.2'), probe.id('bid2'), probe.id('appraiser2'), probe.id('officer')));
select is(probe.value('admin', format('select string_agg(kind || can_be_handed_over, '' '') from public.open_work(%L)', probe.id('appraiser2'))), 'appraisaltrue', 'an administrator sees that something is open');
select is(probe.value(who, format('select count(*) from public.open_work(%L)', probe.id('appraiser2'))), '0', coalesce(who, 'nobody') || ' does not') from (values ('officer'), ('users1'), ('auditor'), (null)) v (who);
select is(probe.try('officer', format('select public.hand_over(%L, %L)', probe.id('appraiser2'), probe.id('manyhats'))), 'TS007', 'nor hands it over');
select is(probe.value('admin', format('select public.hand_over(%L, %L)', probe.id('appraiser2'), probe.id(heir))), moved, heir || ' takes ' || moved)
from (values ('finance', '0'), ('manyhats', '0'), ('appraiser1', '0')) v (heir, moved);
select probe.add_person('appraiser3', 'dep', 'department', '{appraiser}');
select is(probe.value('admin', format('select public.hand_over(%L, %L)', probe.id('appraiser2'), probe.id('appraiser3'))), '1', 'an appraiser with no part in the case takes it');
select is(probe.value('admin', format('select public.hand_over(%L, %L)', probe.id('sor'), probe.id('officer'))), '0', 'a programme goes to a senior officer only');

-- What was ended stays ended.
create function probe.end_on(day text) returns text language sql as $$
    select format('update public.capacity set valid_to = %s, ended_by = %L, end_reason = ''x'', version = version + 1 where person_id = %L', day, probe.id('admin'), probe.id('officer2')) $$;
select is(probe.act('admin', probe.end_on('public.london_today() - 1')), '1', 'a capacity is ended');
select is(probe.try('admin', probe.end_on('public.london_today() + 9')), 'TS009', 'and not prolonged');
select is(probe.try('admin', format('update public.capacity set valid_to = null, version = version + 1 where person_id = %L', probe.id('officer2'))), 'TS009', 'nor revived');
select is(probe.try('admin', format('update public.capacity set training_valid_until = public.london_today(), version = version + 2 where person_id = %L', probe.id('finance'))), 'TS002', 'nor changed past somebody else''s change');
select is(probe.try('admin', replace(probe.end_on('public.london_today()'), probe.id('officer2')::text, probe.id('admin')::text)), '0', 'nobody touches their own');

-- A limit has three people: proposer, activator, holder.
create function probe.limit(proposer text, holder text) returns text language sql as $$
    select format('insert into public.delegation (id, person_id, tier, max_amount, instrument_ref, valid_from, valid_to, proposed_by) values (%L, %L, ''T'', 1, ''x'', public.london_today(), public.london_today(), %L)',
        probe.id('limit.new'), probe.id(holder), probe.id(proposer)) $$;
select probe.new('limit.new');
select is(probe.try('approver', probe.limit('approver', 'approver')), 'TS007', 'nobody proposes their own limit');
select is(probe.act('admin', probe.limit('admin', 'approver')), '1', 'an administrator proposes');
select is(probe.try('admin', probe.move_sql('public.delegation', 'limit.new', 'activate', 'active', format('activated_by = %L', probe.id('admin')))), '23514', 'and does not activate');
select is(probe.try('approver', probe.move_sql('public.delegation', 'limit.new', 'activate', 'active', format('activated_by = %L', probe.id('approver')))), 'TS007', 'nor does its holder');
select is(probe.try('sor', probe.move_sql('public.delegation', 'limit.new', 'activate', 'active', format('activated_by = %L', probe.id('admin2')))), 'TS007', 'nor anybody in another''s name');
select is(probe.try('admin2', probe.move_sql('public.delegation', 'limit.new', 'activate', 'active', format('activated_by = %L', probe.id('admin2')))), '1', 'a second administrator does');
select is(probe.try('admin2', format('update public.delegation set max_amount = 1e9, version = version + 1 where id = %L', probe.id('limit.new'))), '42501', 'limits are not edited');

select * from finish();
rollback;
