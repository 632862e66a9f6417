-- The evil server: whoever holds the application's password, and perhaps one live session, and nothing else.
begin;
\ir fixture.psql
select no_plan();

create function probe.attack(who text, statement text, wanted text, what text) returns text language sql as $$
    select is(probe.try(who, statement), wanted, what) $$;

-- Becoming somebody else.
select probe.attack(null, s, w, s) from (values
    ('set role touchstone_owner', '42501'), ('set role touchstone_worker', '42501'),
    ('set row_security = off', '0'), ('alter role touchstone_app bypassrls', '42501'), ('alter role touchstone_app superuser', '42501'),
    ('grant touchstone_owner to touchstone_app', '42501'), ('create role x', '42501')) v (s, w);
select is((select rolsuper from pg_roles where rolname = 'touchstone_app'), false, 'only a superuser changes the session authorization, and this is none');
select probe.attack(null, 'set row_security = off; select from public.bid', '42501', 'row security that is switched off refuses instead of leaking');

-- Reading what signs in.
select probe.attack(w, s, '42501', coalesce(w, 'nobody') || ': ' || s) from (values (null), ('officer'), ('admin'), ('auditor')) a (w), (values
    ('select from auth.session'), ('select key from auth.session'), ('select from auth.credential'), ('select from auth.totp'), ('select from auth.pepper'),
    ('select from auth.invitation'), ('select from auth.rate_bucket'), ('select from auth.recovery_code'), ('select from auth.totp_used'),
    ('insert into auth.session select'), ('update auth.session set ended_at = null'), ('delete from auth.rate_bucket'), ('truncate auth.session'),
    ('update auth.credential set verifier = sha256(''x'')'), ('select actor.live()'), ('select * from actor.held_by(gen_random_uuid(), now())'),
    ('select * from actor.held()'), ('select actor.as_system(true)'), ('select actor.system_ticket()'), ('select auth.claim(null)'),
    ('select auth.set_credential(gen_random_uuid(), ''x'', 1, 1, 1, ''x'')'), ('select auth.raise_session(gen_random_uuid(), ''x'')'),
    ('select auth.end_where(gen_random_uuid(), null, null, ''x'')'), ('select auth.forgive(''x'')'), ('select auth.attempt(''x'')'),
    ('select auth.take(''account:x'', 1, ''1 day'')'), ('select auth.note(''x'', ''x'', null, null)'), ('select auth.spend_step(gen_random_uuid(), 1)'),
    ('select workflow.perform(gen_random_uuid(), gen_random_uuid(), ''AA'')'), ('select audit.seal_batch()'),
    ('select workflow.close_tables(array[''public.bid''])'), ('select pg_read_file(''/etc/passwd'')'), ('copy public.bid to program ''id'''),
    ('select public.notice_context(''bid'', gen_random_uuid())')) b (s);

-- Changing the house.
select probe.attack('officer', s, '42501', s) from (values
    ('create table public.x ()'), ('create schema x'), ('create temporary table x ()'), ('create function public.x() returns integer language sql as ''select 1'''),
    ('alter table public.bid disable row level security'), ('alter table public.bid disable trigger all'), ('drop policy bid_read on public.bid'),
    ('drop trigger bid_workflow on public.bid'), ('create policy x on public.bid using (true)'), ('truncate public.bid'), ('truncate audit.event'),
    ('delete from public.bid'), ('delete from audit.event'), ('update audit.event set reason = null'), ('update workflow.log set event = null'),
    ('insert into workflow.log (machine) values (null)'), ('insert into workflow.transition values (''bid'', ''draft'', ''win'', ''offered'', ''{la_editor}'')'),
    ('update workflow.transition set capacities = ''{la_editor}'''), ('delete from workflow.duty_conflict'), ('update public.setting set value = ''1e12'''),
    ('insert into public.capacity_kind values (''x'', ''department'', false)'), ('insert into audit.seal values (1, ''{1}'', ''{}'', ''x'', ''x'')'),
    ('insert into public.schema_change (name, checksum) values (''x'', ''x'')'), ('set session_replication_role = replica'),
    ('create trigger x before insert on public.bid for each row execute function workflow.refuse_change()'), ('lock table audit.event in exclusive mode'),
    ('insert into public.person (id, organisation_id, role, email, name) values (gen_random_uuid(), gen_random_uuid(), ''administrator'', ''x@x.x'', ''x'')'),
    ('update public.bid set organisation_id = gen_random_uuid()'), ('update public.bid set created_by = null'), ('update public.person set email = ''x@x.x'''),
    ('update public.person set role = ''administrator'''), ('update public.person set organisation_id = gen_random_uuid()'),
    ('update public.capacity set code = ''approver'''), ('update public.delegation set max_amount = 1e9'), ('delete from public.score'),
    ('update public.score set value = 5'), ('update public.approval_key set content_hash = ''x'''), ('delete from public.budget_entry'),
    ('update public.approval set whole_life = 1'), ('update public.bid_version set content = ''{}'''), ('update public.idempotency_key set result = ''{}'''),
    ('select nextval(''public.bid_number'')'), ('select setval(''audit.event_number'', 1)'), ('alter function actor.person_id() security invoker'),
    ('create operator public.= (leftarg = uuid, rightarg = uuid, function = uuid_eq)'), ('create extension dblink'), ('do language plpgsql $x$ begin execute ''create table public.y ()''; end $x$')) v (s);

-- With the password alone: every door answers no.
select is(probe.value(null, $$ select count(*) from auth.sessions('\x00') $$), '0', 'no sessions to list');
select is(probe.value(null, $$ select count(*) from auth.totp_for_session(sha256('x')) $$), '0', 'no seed');
select is(probe.value(null, $$ select count(*) from auth.totp_pending(null) $$), '0', 'none in waiting');
select is(probe.value(null, $$ select count(*) from auth.step_up_challenge(null) $$), '0', 'no challenge');
select is(probe.value(null, s), 'false', s) from (values
    ($$ select ok from auth.use_totp(sha256('x'), 1, sha256('x')) $$), ($$ select ok from auth.use_recovery_code(null, 'x', 'x') $$),
    ($$ select ok from auth.step_up(null, null, null, sha256('x')) $$), ($$ select ok from auth.enrol_totp(null, 'x') $$),
    ($$ select ok from auth.confirm_totp(null, 1, sha256('x')) $$), ($$ select ok from auth.set_recovery_codes(null, array[sha256('x')]) $$),
    ($$ select ok from auth.change_password(null, 'x', 'x', 1, 1, 1, 'x') $$),
    ($$ select ok from auth.create_token(null, gen_random_uuid(), sha256('x'), 'x', 'write', now() + interval '1 hour') $$),
    ($$ select ok from auth.invite(null, gen_random_uuid(), sha256('x'), gen_random_uuid(), null, 'administrator', 'x@x.example', 'x', null, '1 day') $$),
    ($$ select ok from auth.reinvite(null, gen_random_uuid(), sha256('x'), gen_random_uuid(), '1 day') $$),
    ($$ select ok from auth.reinvite(null, gen_random_uuid(), sha256('x'), null, null) $$),
    ($$ select ok from auth.accept_invitation(null, 'x', 1, 1, 1, 'x') $$),
    ($$ select ok from auth.open_session(null, null, null, sha256('x'), gen_random_uuid(), 'web', '1 day', '1 day') $$),
    ($$ select ok from auth.open_session('officer@probe.example', null, null, sha256('x'), gen_random_uuid(), 'web', '1 day', '1 day') $$),
    ($$ select ok from auth.open_session('officer@probe.example', '', null, sha256('x'), gen_random_uuid(), 'web', '1 day', '1 day') $$)) v (s);
select is(probe.value(null, $$ select auth.end_all(null) $$), '0', 'nobody is signed out');
select is(probe.value(null, format($$ select auth.end_session(null, %L) $$, gen_random_uuid())), '0', 'not by number either');
select is(probe.try(null, format($$ select auth.end_sessions_of(null, %L) $$, probe.id('officer'))), 'TS007', 'nor the sessions of others');
select is(probe.value(null, format($$ select count(*) from public.audience('department', 'bid', %L) $$, probe.id('bid1'))), '0', 'nobody is found');
select is(probe.value(null, format($$ select actor.sees_case(%1$L) or actor.may_read_scores(%1$L) or actor.withdrawn_after_close(%1$L) $$, probe.id('bid1'))), 'false', 'no question is answered');
select is(probe.try(null, $$ select actor.open(null) $$), 'TS001', 'no credential opens nothing');
select is(probe.try(null, $$ select actor.open('') $$), 'TS001', 'nor an empty one');

-- With a live session: that person, nobody else, and only as themselves.
select is(probe.value('editor1', $$ select set_config('touchstone.credential', repeat('00', 32), true) is not null and (select count(*) = 0 from public.bid) $$), 'true', 'changing the setting loses the context');
select is(probe.value('editor1', $$ select actor.may_act('{system}') or actor.may_act('{approver}') $$), 'false', 'an editor is neither system nor approver');
select is(probe.try('editor1', $$ select set_config('touchstone.credential', '', true), set_config('session_authorization', 'touchstone_app', true) $$), '1', 'control');
select probe.attack('officer', format($$ insert into public.bid (id, reference, round_id, organisation_id, title, created_by) values (gen_random_uuid(), public.next_reference('BID'), %L, %L, 'x', %L) $$, probe.id('round.open'), probe.id('dep'), probe.id('officer')), 'TS007', 'a department does not bid');
select probe.attack('officer', format($$ insert into public.approval (id, reference, bid_id, programme_id, amount, whole_life, recommendation, subsidy_control, ncr_novel, ncr_contentious, ncr_repercussive, ncr_rationale, content_hash, prepared_by)
    values (gen_random_uuid(), public.next_reference('APR'), %L, %L, 1, 1, 'x', 'scheme', false, false, false, 'x', sha256('z'), %L) $$, probe.id('bid1'), gen_random_uuid(), probe.id('officer')), 'TS009', 'no other programme pays');
select probe.attack('editor1', format($$ insert into public.idempotency_key (person_id, key, request_hash, result) values (%L, 'k', sha256('x'), '{}') $$, probe.id('editor2')), '42501', 'answers are one''s own');
select probe.attack('editor1', format($$ insert into public.eligibility_finding (id, bid_id, rule_code, passed, evidence, as_at, recorded_by) values (gen_random_uuid(), %L, 'x', true, 'x', now(), %L) $$, probe.id('bid1'), probe.id('editor1')), '42501', 'nobody finds themselves eligible');
select probe.attack('editor1', format($$ insert into public.organisation_fact (id, organisation_id, fact, value, valid_from, source, recorded_by) values (gen_random_uuid(), %L, 'ofsted_overall', 'Outstanding', now(), 'x', %L) $$, probe.id('la1'), probe.id('editor1')), '42501', 'nor outstanding');
select probe.attack('admin', probe.move_sql('public.bid', 'bid1', 'appraise', 'appraised'), '0', 'administrators touch no business');
select probe.attack('auditor', probe.move_sql('public.bid', 'bid1', 'appraise', 'appraised'), '0', 'auditors touch nothing');
select probe.attack('auditor', format($$ insert into workflow.duty_performed (id, case_id, person_id, duty) values (gen_random_uuid(), %L, %L, 'AA') $$, probe.id('bid1'), probe.id('auditor')), '42501', 'and perform no duty');
select probe.attack('auditor', format($$ insert into public.outbox (id, event, recipient_id, subject, body, object_kind, dedupe_key) values (gen_random_uuid(), 'x', %L, 'x', 'x', 'x', 'x') $$, probe.id('officer')), '42501', 'and send nothing');
select is(probe.value('officer', $$ insert into public.outbox (id, event, recipient_id, subject, body, object_kind, dedupe_key)
    select public.uuid7(), 'x', a, 'x', 'x', 'bid', 'k' from public.audience('auditors', 'bid', null) a on conflict (dedupe_key, recipient_id) do nothing returning 1 $$), '1', 'notices reach whom one does not see');

select * from finish();
rollback;
