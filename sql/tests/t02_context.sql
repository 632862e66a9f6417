-- The context: without a live credential there is nothing, whatever is set, and nothing changes.

-- A context of an earlier transaction on this connection, sealed by the database itself. It is tried in the next one.
begin;
select gen_random_uuid() || '|' || gen_random_uuid() || '|' || gen_random_uuid() || '|auditor|f|auditor' as facts \gset
select actor.seal(p.value, :'facts') || :'facts' as earlier from auth.pepper p \gset
select set_config('touchstone.actor', :'earlier', true) as ignored \gset
select actor.role() as role_then \gset
commit;

begin;
\ir fixture.psql
select no_plan();

-- Every table that the application may read shows no row without a context, and with any context that is made up.
create temp view fenced as
select n.nspname || '.' || c.relname as name
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('public', 'workflow', 'audit') and c.relkind = 'r' and c.relrowsecurity
    and has_any_column_privilege('touchstone_app', c.oid, 'select');

create function probe.visible(who text, login text default 'touchstone_app') returns setof text language plpgsql as $$
declare
    it text;
    seen text;
begin
    for it in select name from fenced loop
        seen := probe.try(who, 'select from ' || it || case it when 'public.outbox' then ' where created_at <> now()' else '' end, login);
        if seen <> '0' then
            return next it || ' ' || seen;
        end if;
    end loop;
end $$;

select cmp_ok((select count(*)::integer from fenced), '>', 30, 'there are tables to look at');
select is_empty($$ select probe.visible(null) $$, 'no context, no rows');
-- How the seal is made, once more, so that each part of it can be another.
create function probe.seal(facts text, secret bytea default null, pid integer default pg_backend_pid(),
    at timestamptz default transaction_timestamp()) returns text language sql as $$
    select encode(sha256(coalesce(secret, (select value from auth.pepper)) || sha256(int4send(pid) || timestamptz_send(at) || convert_to(facts, 'UTF8'))), 'hex') || facts $$;
-- What actor.open leaves.
create function probe.context(who text) returns text language sql as $$
    select probe.value(who, $f$ select current_setting('touchstone.actor') $f$) $$;
create function probe.no_context(what text, setting text) returns setof text language plpgsql as $$
begin
    return next is_empty(format('select probe.visible(%L)', 'set:' || setting), what || ': no rows');
    return next is(probe.value('set:' || setting, $f$ select concat(actor.session_id(), actor.person_id(), actor.organisation_id(),
        actor.role(), actor.authority(), actor.department(), actor.whole_department()) $f$), '', what || ': nobody');
    return next is(probe.value('set:' || setting, $f$ select actor.may_write() or actor.holds('programme_officer') or actor.may_act('{programme_officer}') $f$),
        'false', what || ': nothing held');
end $$;

select is(:'role_then'::text, 'auditor', 'control: what the database sealed is a context in its transaction');
select probe.no_context('a context of an earlier transaction', :'earlier');
select is(probe.value('set:' || probe.seal(:'facts'), 'select actor.role()'), 'auditor', 'control: the same facts, sealed in this one');
select is(probe.context('officer'), probe.seal(substr(probe.context('officer'), 65)), 'control: the seal is what this test thinks it is');
select cmp_ok(probe.value('set:' || probe.context('officer'), 'select count(*) from public.bid')::integer, '>', 0, 'control: it is a context');
select is(array_length(string_to_array(substr(probe.context('officer'), 65), '|'), 1), 6, 'control: it has six facts');

select probe.no_context(what, setting) from (select probe.context('officer') as own, substr(probe.context('officer'), 65) as facts) c, lateral (values
    ('another secret', probe.seal(facts, secret => sha256('guess'))),
    ('no secret', probe.seal(facts, secret => '')),
    ('another connection', probe.seal(facts, pid => pg_backend_pid() + 1)),
    ('a transaction that began a microsecond earlier', probe.seal(facts, at => transaction_timestamp() - interval '1 microsecond')),
    ('a digest of the facts alone', encode(sha256(convert_to(facts, 'UTF8')), 'hex') || facts),
    ('facts without a seal', facts), ('a seal without facts', left(own, 64)), ('an empty setting', ''),
    ('a made-up seal', repeat('ab', 32) || facts), ('the seal in capitals', upper(left(own, 64)) || facts),
    ('more facts', own || ',approver'), ('fewer facts', left(own, -1)), ('a space before', ' ' || own), ('the seal twice', left(own, 64) || own),
    ('one digit of the seal', translate(left(own, 1), '0123456789abcdef', '123456789abcdef0') || substr(own, 2)),
    ('a live credential', encode(probe.credential('officer'), 'hex')),
    ('what the session table holds', encode(sha256(probe.credential('officer')), 'hex')),
    ('not hex at all', 'not hex at all')) v (what, setting);
-- Each fact by itself, replaced by that of somebody else who is signed in.
select probe.no_context('fact ' || n || ' of ' || other,
    left(own, 64) || (select string_agg(case i when n then (string_to_array(substr(theirs, 65), '|'))[n] else part end, '|' order by i)
        from unnest(string_to_array(substr(own, 65), '|')) with ordinality u (part, i)))
from generate_series(1, 6) n, unnest(array['editor2', 'auditor']) other,
    lateral (select probe.context('officer') as own, probe.context(other) as theirs) c
where (string_to_array(substr(theirs, 65), '|'))[n] <> (string_to_array(substr(own, 65), '|'))[n];
select is(probe.value(null, format($$ select set_config('touchstone.credential', %L, true) is not null and (select count(*) = 0 from public.person) $$,
    encode(probe.credential('officer'), 'hex'))), 'true', 'a credential in a setting, without actor.open: no context');
select unalike(probe.context('officer'), '%' || encode(probe.credential('officer'), 'hex') || '%', 'the context shows no credential');

-- A door that is shown a dead credential leaves nobody.
select is(probe.value('officer', $$ with shown as materialized (select count(*) as n from auth.sessions('\x00')) select n || coalesce(actor.role(), ' and nobody') from shown $$),
    '0 and nobody', 'a dead credential ends the context');
select cmp_ok(probe.value('officer', 'select count(*) from public.bid')::integer, '>', 0, 'a live credential shows rows');

-- A setting of another kind: an organisation, a person, a role, a system ticket.
select is(probe.try(null, $$ select set_config('app.organisation', '1', true), set_config('actor.person_id', '1', true),
    set_config('touchstone.system', repeat('a', 64), true) $$), '1', 'settings can be made up');
select is(probe.value(null, $$ select set_config('touchstone.system', repeat('a', 64), true) is not null and actor.is_system() $$), 'false',
    'a made-up ticket is not the system');
select is(probe.try(null, $$ select actor.as_system(true) $$), '42501', 'nor does anybody print one');
select is(probe.try('officer', $$ select actor.system_ticket() $$), '42501', 'nor read one');

-- What ends a session.
create function probe.dies(what text, change text) returns setof text language plpgsql as $$
begin
    begin
        execute change;
        return next is(probe.try('officer', 'select 1'), 'TS001', what || ': no live session');
        return next is(probe.value(null, format('select count(*) from auth.sessions(%L)', probe.credential('officer'))), '0', what || ': not at the doors either');
        raise exception using errcode = 'ZZ998';
    exception when sqlstate 'ZZ998' then null;
    end;
end $$;
select probe.dies('signed out', $$ update auth.session set ended_at = now() where person_id = probe.id('officer') $$);
select probe.dies('expired', $$ update auth.session set expires_at = now() where person_id = probe.id('officer') $$);
select probe.dies('idle', $$ update auth.session set last_seen_at = now() - interval '61 minutes' where person_id = probe.id('officer') $$);
select probe.dies('suspended', $$ select probe.move('public.person', 'officer', 'suspend', 'suspended') $$);
select probe.dies('left', $$ select probe.move('public.person', 'officer', 'leave', 'left') $$);
select probe.dies('organisation closed', $$ update public.organisation set active_to = public.london_today() where id = probe.id('dep') $$);

select probe.move('public.person', 'officer', 'suspend', 'suspended');
select probe.move('public.person', 'officer', 'reinstate', 'active');
select is(probe.try('officer', 'select 1'), 'TS001', 'who is reinstated signs in again');
update auth.session set ended_at = null where key = sha256(probe.credential('officer'));

-- What is lost while a transaction runs: an act that changes a state looks again.
create function probe.lost(who text, change text, statement text) returns text language plpgsql as $$
declare
    answer text;
    rows bigint;
begin
    perform actor.open(probe.credential(who));
    begin
        execute change;
        perform set_config('session_authorization', 'touchstone_app', true);
        execute statement;
        get diagnostics rows = row_count;
        raise exception using errcode = 'ZZ999', message = rows::text;
    exception when others then
        answer := case sqlstate when 'ZZ999' then sqlerrm else sqlstate end;
    end;
    perform set_config('touchstone.actor', '', true);
    return answer;
end $$;
select probe.finish_appraisals('bid1');
select is(probe.lost('approver', change, probe.move_sql('public.bid', 'bid1', 'decline', 'declined', $$decline_reason = 'No'$$)), expected, 'an act after ' || what || ': ' || expected)
from (values ('nothing happened', 'select 1', '1'),
    ('signing out', $$ update auth.session set ended_at = now() where person_id = probe.id('approver') $$, 'TS007'),
    ('suspension', $$ set local session_replication_role = replica; update public.person set state = 'suspended' where id = probe.id('approver'); set local session_replication_role = origin $$, 'TS007'),
    ('the end of the capacity', $$ update public.capacity set valid_to = public.london_today(), ended_by = probe.id('admin'), version = version + 1 where person_id = probe.id('approver') $$, 'TS007'),
    ('the end of the session''s second factor', $$ update auth.session set stepped_up_at = null where person_id = probe.id('approver') $$, 'TS007'),
    ('the end of another''s capacity', $$ update public.capacity set valid_to = public.london_today(), ended_by = probe.id('admin'), version = version + 1 where person_id = probe.id('approver2') $$, '1')) v (what, change, expected);

-- Half signed in: the session may go on to the second factor and nothing else.
update auth.session set level = 'password', stepped_up_at = null where person_id = probe.id('finance');
select is(probe.value('finance', $$ select level || ':' || capacities::text from actor.open(probe.credential('finance')) $$), 'password:{}',
    'half signed in: no capacity');
select is_empty($$ select probe.visible('finance') $$, 'half signed in: no rows');
update auth.session set created_at = now() - interval '16 minutes' where person_id = probe.id('finance');
select is(probe.try('finance', 'select 1'), 'TS001', 'half signed in for too long: no live session');

-- Capacities that need a second factor count only with one.
select is(probe.value('approver', $$ select actor.holds('approver') $$), 'true', 'an approver with a second factor holds the capacity');
update auth.session set stepped_up_at = null where person_id = probe.id('approver');
select is(probe.value('approver', $$ select actor.holds('approver') $$), 'false', 'not in a session without it');
update auth.session set stepped_up_at = now() where person_id = probe.id('approver');
update auth.totp set sealed = null, confirmed_at = null where person_id = probe.id('approver');
select is(probe.value('approver', $$ select actor.holds('approver') $$), 'false', 'nor without one set up');

-- Capacities are dated, by London's day, and end at once when somebody ends them.
select is(probe.value('officer', $$ select actor.holds('programme_officer') $$), 'true', 'held today');
update public.capacity set valid_from = public.london_today() + 1, version = version + 1 where person_id = probe.id('officer');
select is(probe.value('officer', $$ select actor.holds('programme_officer') $$), 'false', 'not held before its day');
update public.capacity set valid_from = public.london_today() - 5, valid_to = public.london_today(), version = version + 1 where person_id = probe.id('officer');
select is(probe.value('officer', $$ select actor.holds('programme_officer') $$), 'true', 'held to the end of its last day');
update public.capacity set ended_by = probe.id('admin'), version = version + 1 where person_id = probe.id('officer');
select is(probe.value('officer', $$ select actor.holds('programme_officer') $$), 'false', 'but not when somebody ended it');

-- Reading works where nothing may be written.
savepoint reading;
set transaction read only;
select is((select probe.value('editor1', $$ select count(*) from public.bid $$)), '3', 'a context opens in a read-only transaction');
rollback to reading;

-- The worker and the analysts.
select is(probe.try(null, 'select from public.person', 'touchstone_worker'), '42501', 'the worker sees no people');
select is(probe.try(null, 'select title from public.bid', 'touchstone_worker'), '42501', 'the worker does not read what bids say');
select is(probe.try(null, 'select id from public.bid', 'touchstone_worker'), '3', 'the worker sees which bids are drafts');
select is(probe.try(null, 'select from public.bid', 'touchstone_reader'), '42501', 'analysts see no bids');
select is(probe.try(null, 'select from public.round', 'touchstone_reader'), '2', 'analysts see published rounds');
select is(probe.try(null, 'select from public.person', 'touchstone_reader'), '42501', 'analysts see no people');

select * from finish();
rollback;
