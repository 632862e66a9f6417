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
    ('update auth.credential set verifier = sha256(''x'')'), ('select actor.facts()'), ('select actor.seal(''x'', ''x'')'), ('select * from actor.enter(''x'', ''any'')'),
    ('select actor.capacities_of(gen_random_uuid(), true)'), ('select actor.codes()'),
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
select is(probe.value('editor1', $$ select set_config('touchstone.actor', repeat('00', 32), true) is not null and (select count(*) = 0 from public.bid) $$), 'true', 'changing the setting loses the context');
select is(probe.value('editor1', format($$ select set_config('touchstone.actor', replace(current_setting('touchstone.actor'), %L, %L), true) is not null and actor.%s $$, was, is_now, what)), 'false', was || ' becomes ' || is_now)
from (values ('la_editor', 'la_certifier', 'holds(''la_certifier'')'), ('local_authority', 'department', 'role() is not null'), ('|t|', '|f|', 'role() is not null'),
    (probe.id('editor1')::text, probe.id('editor2')::text, 'person_id() is not null'), (probe.id('la1')::text, probe.id('la2')::text, 'organisation_id() is not null')) v (was, is_now, what);
select is(probe.value(who, $$ select set_config('touchstone.actor', replace(current_setting('touchstone.actor'), '|f|', '|t|'), true) is not null and actor.may_write() $$), 'false', who || ' does not make it a context that writes')
from unnest(array['officer.reads', 'auditor']) who;
-- Names are looked up where the functions say, not where the caller says.
create schema lies;
grant usage on schema lies to public;
create function lies.yes(text, text) returns boolean language sql immutable as $$ select true $$;
create operator lies.= (leftarg = text, rightarg = text, function = lies.yes);
create function lies.encode(bytea, text) returns text language sql immutable as $$ select repeat('ab', 32) $$;
grant execute on all functions in schema lies to public;
create function probe.lied_to(query text) returns text language plpgsql set search_path from current as $$
begin
    perform set_config('search_path', 'lies, public, pg_catalog', true);
    return probe.value('set:' || repeat('ab', 32) || 'x|x|x|auditor|f|auditor', query);
end $$;
select is(probe.lied_to($$ select 'a'::text = 'b' and encode('', 'hex') like 'ab%' $$), 'true', 'control: what the caller made is found first');
select is(probe.lied_to($$ select coalesce(actor.role(), 'nobody') $$), 'nobody', 'operators and functions of the caller judge no seal');
select is(probe.lied_to($$ select actor.may_write() or actor.holds('auditor') or actor.is_system() $$), 'false', 'whatever it asks');
select is(probe.value('admin', $$ select reason from auth.invite(null, gen_random_uuid(), sha256('x'), gen_random_uuid(), probe.id('dep'), 'administrator', 'x@x.example', 'x', false, '1 day') $$), 'not_yours', 'a door that is shown no credential goes by none');
select is(probe.value('editor1', $$ select actor.may_act('{system}') or actor.may_act('{approver}') $$), 'false', 'an editor is neither system nor approver');
select is(probe.try('editor1', $$ select set_config('touchstone.actor', '', true), set_config('session_authorization', 'touchstone_app', true) $$), '1', 'control');
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
-- Notices: of what one has just done, to whom it concerns.
create function probe.tells(who text, recipient text, event text, kind text default 'bid', object text default 'bid1') returns text language sql as $$
    select probe.try(who, format($f$ insert into public.outbox (id, event, recipient_id, subject, body, object_kind, object_id, dedupe_key)
        values (gen_random_uuid(), %L, %L, 'x', 'x', %L, %L, 'k') on conflict (dedupe_key, recipient_id) do nothing $f$, event, probe.id(recipient), kind, probe.id(object))) $$;
select probe.finish_appraisals('bid1');
select is(probe.tells('officer', 'auditor', 'bid.appraise'), '42501', 'no notice of what somebody else did');
select is(probe.act('approver', probe.move_sql('public.bid', 'bid1', 'decline', 'declined', $$decline_reason = 'No'$$)), '1', 'an approver declines a bid');
select is(probe.tells('approver', who, 'bid.decline'), '1', 'and tells ' || who) from unnest(array['editor1', 'certifier1', 'auditor', 'finance', 'sor']) who;
select is(probe.tells('approver', who, 'bid.decline'), '42501', 'but not ' || who) from unnest(array['editor2', 'officer.dep2', 'reviewer2', 'admin']) who;
select is(probe.tells('approver', 'editor1', event), '42501', 'nor of ' || event) from unnest(array['bid.approve', 'round.decline', 'decline', 'bid']) event;
select is(probe.tells('approver', 'editor2', 'bid.decline', 'bid', 'bid2'), '42501', 'nor of another bid');
select is(probe.tells('approver', 'editor1', 'person.invite', 'invitation', 'bid1'), '42501', 'nor of an invitation that nobody made');
select is(probe.tells('finance', 'editor1', 'bid.decline'), '42501', 'and nobody else tells it');
select is(probe.tells('officer.reads', 'editor1', 'bid.decline'), '42501', 'nor a token for reading');
insert into auth.invitation (id, person_id, token_hash, created_by, expires_at) values (probe.new('link'), probe.id('editor2'), sha256('x'), probe.id('admin'), now() + interval '1 day');
select is(probe.tells(who, recipient, 'person.invite', 'invitation', 'link'), expected, format('%s sends %s the link: %s', who, recipient, expected))
from (values ('admin', 'editor2', '1'), ('admin', 'editor1', '42501'), ('admin2', 'editor2', '42501')) v (who, recipient, expected);

-- Events: of what one did, under a capacity that one holds.
create function probe.records(who text, action text, more_columns text default '', more_values text default '') returns text language sql as $$
    select probe.try(who, format($f$ insert into audit.event (id, person_id, organisation_id, object_kind, object_id, action%s) values (gen_random_uuid(), actor.person_id(), actor.organisation_id(), 'bid', %L, %L%s) $f$,
        more_columns, probe.id('bid1'), action, more_values)) $$;
select is(probe.records('officer', 'bid.edit'), '1', 'control: one''s own event');
select is(probe.records('approver', 'bid.decline', ', from_state, to_state, capacity', ', ''appraised'', ''declined'', ''approver'''), '1', 'control: what one did');
select is(probe.records(who, action, ', to_state', format(', %L', into_state)), '42501', format('%s did not %s into %s', who, action, into_state))
from (values ('approver', 'bid.decline', 'approved'), ('approver', 'bid.approve', 'approved'), ('officer', 'bid.decline', 'declined'), ('approver', 'bid.appraise', 'appraised')) v (who, action, into_state);
select is(probe.records('officer', 'bid.approve', ', from_state', ', ''appraised'''), '42501', 'nor out of a state');
select is(probe.records('officer', 'bid.edit', ', capacity', ', ''approver'''), '42501', 'nor under another capacity');
select is(probe.records('officer', action), '42501', 'no event ' || to_json(action)) from unnest(array['x', 'bid', 'bid.', '.edit', 'Bid.edit', 'bid.edit now', E'bid.edit\nx', 'session.open', 'token.create']) action;
-- What the doors record, only they record; also what will be added to them.
create view probe.door_action as
    select distinct m[1] as action from pg_proc p, regexp_matches(p.prosrc, $$auth[.]note[(]\s*'([a-z_.]+)'$$, 'g') m
    where p.pronamespace in ('auth'::regnamespace, 'public'::regnamespace) union select 'bid.read_sealed';
select cmp_ok((select count(*)::integer from probe.door_action), '>', 8, 'the doors record events');
select is(probe.records('officer', action), '42501', 'only a door records ' || action) from probe.door_action;

select * from finish();
rollback;
