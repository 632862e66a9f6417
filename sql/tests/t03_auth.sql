-- Signing in, second factors, tokens, invitations; and what each door gives to somebody without token or passphrase: nothing.
begin;
\ir fixture.psql
select no_plan();

create function probe.sign_in(who text, passphrase text, token text, source text default '10.0.0.1') returns text language sql as $$
    select format($f$ select ok || ':' || wait_seconds || ':' || coalesce(level, '') || ':' || coalesce(second_factor, '')
        from auth.open_session(%L, %L::bytea, %L, %L::bytea, gen_random_uuid(), 'web', '15 minutes', '12 hours') $f$,
        who, convert_to(passphrase, 'UTF8'), source, sha256(probe.credential(token))) $$;

-- Whoever has the address and not the passphrase learns nothing.
select is(probe.value(null, probe.sign_in('editor1@probe.example', 'passphrase of editor1', 't1')), 'true:0:full:none', 'the right passphrase signs in');
select is(probe.value('t1', 'select count(*) from public.bid'), '3', 'and the session works');
select is(probe.value(null, probe.sign_in('EDITOR1@probe.example ', 'passphrase of editor1', 't2')), 'true:0:full:none', 'however the address is written');
select is(probe.value(null, probe.sign_in('editor1@probe.example', 'wrong', 't3')), 'false:0::', 'a wrong passphrase');
select is(probe.value(null, probe.sign_in('nobody@probe.example', 'wrong', 't4')), 'false:0::', 'and an unknown address give the same answer');
select is(probe.value('t3', 'select 1'), 'TS001', 'no session comes of it');
select is((select count(*)::integer from audit.event where action = 'session.refuse'), 2, 'refusals are recorded');
select is(probe.value(null, $$ select octet_length(salt) || ':' || memory_kib || ':' || wait_seconds from auth.challenge('editor1@probe.example', null) $$),
    probe.value(null, $$ select octet_length(salt) || ':' || memory_kib || ':' || wait_seconds from auth.challenge('nobody@probe.example', null) $$),
    'challenges look the same');
select is(probe.value(null, $$ select encode(salt, 'hex') from auth.challenge('nobody@probe.example', null) $$),
    probe.value(null, $$ select encode(salt, 'hex') from auth.challenge(' Nobody@probe.example', null) $$), 'and stay the same');
select probe.operate(format($$ insert into public.person (id, organisation_id, role, email, name) values (%L, probe.id('la1'), 'local_authority', 'fresh@probe.example', 'Fresh') $$, probe.new('fresh')));
select is(probe.value(null, probe.sign_in('fresh@probe.example', '', 't5')), 'false:0::', 'no passphrase set: none is right');
select probe.move('public.person', 'editor2', 'suspend', 'suspended');
select is(probe.value(null, probe.sign_in('editor2@probe.example', 'passphrase of editor2', 't6')), 'false:0::', 'suspended: refused like any other');

-- Slower, never locked; counted on the account whatever the source.
select is((select count(*)::integer from generate_series(1, 9) n
    where probe.value(null, probe.sign_in('reader1@probe.example', 'guess', 't7', '10.1.0.' || n)) = 'false:0::'), 9, 'nine guesses are heard');
select is(probe.value(null, probe.sign_in('reader1@probe.example', 'guess', 't7', '10.1.1.1')), 'false:0::', 'so is the tenth');
select is(split_part(probe.value(null, probe.sign_in('reader1@probe.example', 'passphrase of reader1', 't7', '10.1.1.2')), ':', 1), 'false', 'then even the right one waits');
select ok(split_part(probe.value(null, probe.sign_in('reader1@probe.example', 'passphrase of reader1', 't7', '10.1.1.2')), ':', 2)::integer between 1 and 2, 'for a second');
update auth.rate_bucket set blocked_until = clock_timestamp() where key like 'account:%' and failures >= 10;
select is(probe.value(null, probe.sign_in('reader1@probe.example', 'guess', 't7', '10.1.1.3')), 'false:0::', 'another guess');
select ok(split_part(probe.value(null, probe.sign_in('reader1@probe.example', 'x', 't7', '10.1.1.3')), ':', 2)::integer between 2 and 4, 'waits longer');
update auth.rate_bucket set failures = 60, blocked_until = clock_timestamp() where key like 'account:%' and failures >= 10;
select probe.value(null, probe.sign_in('reader1@probe.example', 'x', 't7', '10.1.1.3'));
select ok(split_part(probe.value(null, probe.sign_in('reader1@probe.example', 'x', 't7', '10.1.1.3')), ':', 2)::integer between 890 and 900, 'at most a quarter of an hour');
update auth.rate_bucket set blocked_until = clock_timestamp() where key like 'account:%' and failures >= 10;
select is(probe.value(null, probe.sign_in('reader1@probe.example', 'passphrase of reader1', 't7', '10.1.1.3')), 'true:0:full:none', 'and the right one still signs in');
select is((select count(*)::integer from generate_series(1, 101) n
    where probe.value(null, probe.sign_in('x' || n || '@probe.example', 'guess', 't8', '10.9.9.9')) = 'false:0::'), 100, 'one source has a hundred guesses, over all accounts');

-- Second factor.
select is(probe.value(null, probe.sign_in('finance@probe.example', 'passphrase of finance', 'f1')), 'true:0:password:confirmed', 'half signed in');
select is(probe.value(null, $$ select wait_seconds from auth.totp_for_session(probe.credential('f1')) $$), '0', 'the seed is handed out');
select is(probe.value(null, $$ select count(*) from auth.totp_for_session(probe.credential('nobody')) $$), '0', 'not without a session');
create function probe.step(shift integer default 0) returns bigint language sql as $$ select floor(extract(epoch from clock_timestamp()) / 30)::bigint + shift $$;
grant execute on function probe.step(integer) to public;
select is(probe.value(null, $$ select ok || ':' || coalesce(reason, '') from auth.use_totp(probe.credential('f1'), probe.step(-20), sha256(probe.credential('f2'))) $$), 'false:not_now', 'an old step is refused');
select is(probe.value(null, $$ select ok::text from auth.use_totp(probe.credential('f1'), probe.step(), sha256(probe.credential('f2'))) $$), 'true', 'the right step signs in');
select is(probe.value('f1', 'select 1'), 'TS001', 'the old credential is dead');
select is(probe.value('f2', $$ select actor.holds('finance') $$), 'true', 'the new one holds what needs a second factor');
select is(probe.value(null, probe.sign_in('finance@probe.example', 'passphrase of finance', 'f3')), 'true:0:password:confirmed', 'another session');
select is(probe.value(null, $$ select ok || ':' || coalesce(reason, '') from auth.use_totp(probe.credential('f3'), probe.step(), sha256(probe.credential('f4'))) $$), 'false:replayed', 'a step is used once, in any session');
select is(probe.value(null, $$ select ok || ':' || coalesce(reason, '') from auth.use_totp(probe.credential('f3'), probe.step(-1), sha256(probe.credential('f4'))) $$), 'false:replayed', 'and none before it');
select is((select count(*)::integer from generate_series(1, 12) where probe.value(null, $$ select wait_seconds from auth.totp_for_session(probe.credential('f3')) $$) <> '0'), 2, 'seeds are handed out ten times, then slower');
select is(probe.value(null, $$ select ok || ':' || reason from auth.enrol_totp(probe.credential('f3'), '\x01') $$), 'false:step_up', 'half signed in, nobody changes a second factor');
insert into auth.recovery_code (person_id, code_hash) values (probe.id('finance'), sha256('code one'));
update auth.rate_bucket set failures = 0, blocked_until = null where key like 'totp:%';
select is(probe.value(null, $$ select ok || ':' || reason from auth.use_recovery_code(probe.credential('f3'), sha256('guess'), sha256(probe.credential('f4'))) $$), 'false:wrong', 'a wrong recovery code');
select is(probe.value(null, $$ select ok || ':' || codes_left from auth.use_recovery_code(probe.credential('f3'), sha256('code one'), sha256(probe.credential('f4'))) $$), 'true:0', 'a right one');
select is(probe.value('f4', $$ select actor.holds('finance') $$), 'true', 'signs in');
select is(probe.value(null, $$ select ok || ':' || reason from auth.use_recovery_code(probe.credential('f4'), sha256('code one'), sha256(probe.credential('f5'))) $$), 'false:wrong', 'once');

-- Enrolment.
delete from auth.totp where person_id = probe.id('approver');
select is(probe.value(null, probe.sign_in('approver@probe.example', 'passphrase of approver', 'a1')), 'true:0:password:to_enrol', 'a capacity asks for a second factor');
select is(probe.value(null, $$ select ok::text from auth.enrol_totp(probe.credential('a1'), '\x0102') $$), 'true', 'a seed waits');
select is(probe.value(null, $$ select encode(sealed, 'hex') from auth.totp_pending(probe.credential('a1')) $$), '0102', 'any server can judge it');
select is(probe.value(null, $$ select ok || ':' || reason from auth.use_totp(probe.credential('a1'), probe.step(), sha256(probe.credential('a2'))) $$), 'false:no_session', 'it does not count yet');
select is(probe.value(null, $$ select ok::text from auth.confirm_totp(probe.credential('a1'), probe.step(), sha256(probe.credential('a2'))) $$), 'true', 'until confirmed');
select is(probe.value('a2', $$ select actor.holds('approver') $$), 'true', 'then it does');
select is(probe.value(null, $$ select ok::text from auth.set_recovery_codes(probe.credential('a2'), array[sha256('c1'), sha256('c2')]) $$), 'true', 'recovery codes follow');

-- Stepping up and tokens.
update auth.session set stepped_up_at = null where person_id = probe.id('editor1');
select is(probe.value(null, $$ select ok || ':' || reason from auth.create_token(probe.credential('t1'), gen_random_uuid(), sha256(probe.credential('api')), 'x', 'read', now() + interval '1 day') $$), 'false:step_up', 'a token needs a fresh proof');
select is(probe.value(null, $$ select method from auth.step_up_challenge(probe.credential('t1')) $$), 'passphrase', 'by passphrase where there is no second factor');
select is(probe.value(null, $$ select ok || ':' || reason from auth.step_up(probe.credential('t1'), 'wrong', null, sha256(probe.credential('t1b'))) $$), 'false:wrong', 'the wrong one');
select is(probe.value(null, $$ select ok::text from auth.step_up(probe.credential('t1'), 'passphrase of editor1', null, sha256(probe.credential('t1b'))) $$), 'true', 'the right one');
select is(probe.value(null, $$ select ok || ':' || reason from auth.step_up(probe.credential('a2'), 'passphrase of approver', null, sha256(probe.credential('a3'))) $$), 'false:totp_needed', 'a passphrase is not enough where there is one');
select is(probe.value(null, $$ select ok::text from auth.create_token(probe.credential('t1b'), probe.id('draft1'), sha256(probe.credential('api')), 'x', 'read', now() + interval '1 day') $$), 'true', 'a token is made');
select is(probe.value(null, $$ select ok || ':' || reason from auth.create_token(probe.credential('t1b'), gen_random_uuid(), sha256(probe.credential('api2')), 'x', 'read', now() + interval '900 days') $$), 'false:expiry', 'not for ever');
select is(probe.value('api', 'select count(*) from public.bid'), '3', 'it reads');
select is(probe.try('api', format($$ update public.bid set title = 'x', version = version + 1 where id = %L $$, probe.id('draft1'))), '0', 'a read-only token changes nothing');
select is(probe.value(null, $$ select ok || ':' || reason from auth.create_token(probe.credential('api'), gen_random_uuid(), sha256(probe.credential('api2')), 'x', 'write', now() + interval '1 day') $$), 'false:step_up', 'a token makes no tokens');
select is(probe.value(null, $$ select count(*) from auth.sessions(probe.credential('t1b')) $$), '4', 'own sessions are listed');
select is(probe.value(null, $$ select count(*) from auth.sessions(probe.credential('nobody')) $$), '0', 'nobody else''s');

-- Passphrases.
select is(probe.value(null, $$ select ok || ':' || reason from auth.change_password(probe.credential('t1b'), 'wrong', sha256('s'), 19456, 2, 1, sha256('new')) $$), 'false:wrong', 'a change needs the old one');
select is(probe.value(null, $$ select ok::text from auth.change_password(probe.credential('t1b'), 'passphrase of editor1', substring(sha256('s') for 16), 19456, 2, 1, sha256('new')) $$), 'true', 'it is changed');
select is(probe.value('api', 'select 1'), 'TS001', 'tokens end');
select is(probe.value('t1b', 'select count(*) from public.bid'), '3', 'this session stays');
select is(probe.value(null, probe.sign_in('editor1@probe.example', 'passphrase of editor1', 'n1')), 'false:0::', 'the old one is wrong now');
select is(probe.value(null, probe.sign_in('editor1@probe.example', 'new', 'n2')), 'true:0:full:none', 'the new one is right');
select is(probe.value(null, $$ select auth.end_session(probe.credential('n2')) $$), '1', 'signed out');
select is(probe.value('n2', 'select 1'), 'TS001', 'at once');
select is(probe.value(null, $$ select auth.end_session(probe.credential('t1b'), (select s.id from auth.sessions(probe.credential('t1b')) s where not s.is_current limit 1)) $$), '1', 'and another of one''s own');
select is(probe.value(null, $$ select auth.end_session(probe.credential('certifier1'), (select id from probe.known where key = 'officer')) $$), '0', 'nobody else''s session');
select is(probe.value(null, $$ select auth.end_all(probe.credential('certifier1')) $$), '1', 'everywhere');

-- Invitations.
create function probe.invite(who text, org text, role text, email text) returns text language sql as $$
    select format($f$ select ok || ':' || coalesce(reason, '') from auth.invite(%s, gen_random_uuid(), sha256(probe.credential(%L)), %L, %L, %L, %L, 'New', false, '7 days') $f$,
        case when who is null then 'null' else format('probe.credential(%L)', who) end, 'link ' || email, probe.new(email), probe.id(org), role, email) $$;
select is(probe.value(null, probe.invite(null, 'dep', 'administrator', 'evil@probe.example')), 'false:not_yours', 'the application alone invites nobody');
select is(probe.value('officer', probe.invite('officer', 'dep', 'department', 'n3@probe.example')), 'false:not_yours', 'nor does an officer');
select is(probe.value('users1', probe.invite('users1', 'la2', 'local_authority', 'n4@probe.example')), 'false:not_yours', 'nor a user administrator elsewhere');
select is(probe.value('users1', probe.invite('users1', 'la1', 'local_authority', 'n5@probe.example')), 'true:', 'but at home');
select is(probe.value('admin', probe.invite('admin', 'la1', 'auditor', 'n6@probe.example')), 'false:role_does_not_fit', 'an authority has no auditors');
select is(probe.value('users1', probe.invite('users1', 'la1', 'local_authority', 'Officer@probe.example')), 'false:address_unavailable', 'an address that is taken');
select is(probe.value('auditor', probe.invite('auditor', 'aud', 'auditor', 'n7@probe.example')), 'false:not_yours', 'auditors change nothing');
select is(probe.value(null, $$ select count(*) from auth.invitation(sha256('guess')) $$), '0', 'a guessed link shows nothing');
select is(probe.value(null, $$ select ok || ':' || reason from auth.accept_invitation(sha256('guess'), '\x00', 1, 1, 1, sha256('x')) $$), 'false:expired', 'and accepts nothing');
select is(probe.value(null, $$ select email || ':' || expired from auth.invitation(probe.credential('link n5@probe.example')) $$), 'n5@probe.example:false', 'the link shows whose it is');
select is(probe.value(null, $$ select ok::text from auth.accept_invitation(probe.credential('link n5@probe.example'), substring(sha256('s') for 16), 19456, 2, 1, sha256('mine')) $$), 'true', 'it is accepted');
select is((select state || ':' || last_event from public.person where email = 'n5@probe.example'), 'active:activate', 'the account is active');
select is(probe.value(null, $$ select ok || ':' || reason from auth.accept_invitation(probe.credential('link n5@probe.example'), '\x00', 1, 1, 1, sha256('x')) $$), 'false:expired', 'once');
select is(probe.value(null, $$ select actor.is_system() $$), 'false', 'and no trace of the system is left');
select is(probe.value(null, probe.sign_in('n5@probe.example', 'mine', 'n5')), 'true:0:full:none', 'the new person signs in');
select is(probe.value('n5', 'select count(*) from public.bid'), '0', 'and sees nothing before holding a capacity');
select is(probe.value('admin', $$ select ok || ':' || purpose from auth.reinvite(probe.credential('admin'), gen_random_uuid(), sha256(probe.credential('reset')), (select id from probe.known where key = 'n5@probe.example'), '1 day') $$), 'true:reset', 'a reset');
select is(probe.value('admin', format($$ select ok || ':' || reason from auth.reinvite(probe.credential('admin'), gen_random_uuid(), sha256('r'), %L, '1 day') $$, probe.id('admin'))), 'false:not_yours', 'not for oneself');
select is(probe.value('users1', format($$ select ok || ':' || reason from auth.reinvite(probe.credential('users1'), gen_random_uuid(), sha256('r'), %L, '1 day') $$, probe.id('officer'))), 'false:not_yours', 'nor elsewhere');
select is(probe.value(null, $$ select ok::text from auth.accept_invitation(probe.credential('reset'), substring(sha256('s') for 16), 19456, 2, 1, sha256('again')) $$), 'true', 'is accepted');
select is(probe.value('n5', 'select 1'), 'TS001', 'and ends what was open');
select is(probe.value('users1', format($$ select auth.end_sessions_of(probe.credential('users1'), %L) $$, probe.id('officer'))), 'TS007', 'sessions of others are not for everybody to end');
select is(probe.value('admin', format($$ select auth.end_sessions_of(probe.credential('admin'), %L) $$, probe.id('reviewer'))), '1', 'but for whoever keeps the account');

-- Rates of any kind.
select is(probe.value(null, $$ select string_agg(allowed::text, '') from (select (auth.rate('token 1', 3, '1 minute')).allowed from generate_series(1, 5)) x $$), 'truetruetruefalsefalse', 'three of five');
select is((select count(*)::integer from auth.rate_bucket where key = 'rate:token 1'), 1, 'in a name of their own');
select is(probe.try(null, $$ select auth.rate(repeat('x', 300), 3, '1 minute') $$), '22023', 'with limits');

select * from finish();
rollback;
