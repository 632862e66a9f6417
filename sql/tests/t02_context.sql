-- The context: without a live credential there is nothing, whatever is set, and nothing changes.
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
select is_empty($$ select probe.visible('hex:' || repeat('ab', 32)) $$, 'a made-up credential, no rows');
select is_empty($$ select probe.visible('hex:not hex at all') $$, 'a setting that is no credential, no rows and no error');
select is_empty($$ select probe.visible('hex:' || encode(sha256(probe.credential('officer')), 'hex')) $$,
    'what the session table holds is not a credential');
select is_empty($$ select probe.visible('hex:' || upper(encode(probe.credential('officer'), 'hex'))) $$, 'nor is a variation');
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
        return next is_empty(format('select probe.visible(%L)', 'hex:' || encode(probe.credential('officer'), 'hex')), what || ': no rows');
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
