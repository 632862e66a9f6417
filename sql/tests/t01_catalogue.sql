-- The catalogue: what every table and function must be, whoever added it. A new table without a row here fails.
begin;
\ir fixture.psql
select no_plan();

create temp view ours as
select c.oid, (n.nspname || '.' || c.relname)::text collate "default" as name, c.relrowsecurity, c.relforcerowsecurity
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('public', 'auth', 'workflow', 'audit', 'actor', 'report') and c.relkind in ('r', 'p', 'v', 'm')
    and pg_get_userbyid(c.relowner) = 'touchstone_owner';

-- Table × role × command: S select, I insert, U update, D delete, T truncate, R references; of the table or of a column.
create temp table golden (name text primary key, app text, worker text, reader text);
insert into golden values
        ('audit.event', 'SI', 'I', ''),
        ('audit.seal', 'S', '', ''),
        ('audit.sealed_event', 'S', '', ''),
        ('auth.credential', '', '', ''),
        ('auth.invitation', '', '', ''),
        ('auth.pepper', '', '', ''),
        ('auth.rate_bucket', '', '', ''),
        ('auth.recovery_code', '', '', ''),
        ('auth.session', '', '', ''),
        ('auth.totp', '', '', ''),
        ('auth.totp_used', '', '', ''),
        ('public.bank_holiday', 'S', 'S', 'S'),
        ('public.appraisal', 'SIU', '', ''),
        ('public.approval', 'SIU', 'SU', ''),
        ('public.approval_key', 'SI', '', ''),
        ('public.approval_year', 'SI', '', ''),
        ('public.bid', 'SIU', 'SU', ''),
        ('public.bid_cost_line', 'SI', '', ''),
        ('public.bid_outcome', 'SI', '', ''),
        ('public.bid_section', 'SIU', '', ''),
        ('public.bid_version', 'SI', '', ''),
        ('public.budget_entry', 'SI', '', ''),
        ('public.budget_line', 'SIUD', '', ''),
        ('public.capacity', 'SIU', '', ''),
        ('public.capacity_kind', 'S', 'S', 'S'),
        ('public.criterion', 'SIUD', '', 'S'),
        ('public.delegation', 'SIU', 'SU', ''),
        ('public.eligibility_finding', 'SI', '', ''),
        ('public.eligibility_rule', 'SIUD', '', 'S'),
        ('public.idempotency_key', 'SI', '', ''),
        ('public.indicator', 'S', 'S', 'S'),
        ('public.organisation', 'SIU', '', 'S'),
        ('public.organisation_fact', 'SI', '', 'S'),
        ('public.organisation_neighbour', 'S', '', 'S'),
        ('public.organisation_successor', 'S', '', 'S'),
        ('public.outbox', 'SI', 'SI', ''),
        ('public.person', 'SU', '', ''),
        ('public.programme', 'SIU', '', ''),
        ('public.programme_aim', 'SIUD', '', ''),
        ('public.reference_load', 'S', '', ''),
        ('public.round', 'SIU', 'SU', 'S'),
        ('public.schema_change', 'S', 'S', 'S'),
        ('public.score', 'SI', '', ''),
        ('public.setting', 'S', 'S', 'S'),
        ('workflow.duty_conflict', 'S', 'S', 'S'),
        ('workflow.duty_performed', 'SI', '', ''),
        ('workflow.log', 'S', '', ''),
        ('workflow.transition', 'S', 'S', 'S');

select set_eq(
    $$ select o.name, p.app, p.worker, p.reader from ours o, lateral (
        select max(held) filter (where role = 'touchstone_app') as app, max(held) filter (where role = 'touchstone_worker') as worker,
            max(held) filter (where role = 'touchstone_reader') as reader
        from (
            select role, coalesce(string_agg(letter, '' order by n) filter (where has_table_privilege(role, o.oid, priv)
                or (priv in ('select', 'insert', 'update', 'references') and has_any_column_privilege(role, o.oid, priv))), '') as held
            from unnest(array['touchstone_app', 'touchstone_worker', 'touchstone_reader']) role,
                (values ('S', 'select', 1), ('I', 'insert', 2), ('U', 'update', 3), ('D', 'delete', 4), ('T', 'truncate', 5), ('R', 'references', 6)) v (letter, priv, n)
            group by role) x) p $$,
    $$ select * from golden $$,
    'every table × role × command is as in the golden table');

select is_empty(
    $$ select name from ours where not (relrowsecurity and relforcerowsecurity) and name not in ('public.bank_holiday', 'public.capacity_kind',
        'public.indicator', 'public.setting', 'public.schema_change', 'workflow.transition', 'workflow.duty_conflict') $$,
    'row security is forced on every table but the seven that belong to nobody');

select is_empty(
    $$ select p.polname from pg_policy p join ours o on o.oid = p.polrelid
       where p.polname <> 'owner_all' and (0 = any (p.polroles) or p.polroles && array['touchstone_owner'::regrole::oid]) $$,
    'no policy is for everybody, and the owner has only its own');

select is_empty(
    $$ select o.name || ': ' || cmd from ours o, unnest(array['insert', 'update', 'delete']) cmd
       where (has_table_privilege('touchstone_app', o.oid, cmd) or (cmd <> 'delete' and has_any_column_privilege('touchstone_app', o.oid, cmd)))
        and not exists (select from pg_policy p where p.polrelid = o.oid and p.polroles && array['touchstone_app'::regrole::oid]
            and p.polcmd = case cmd when 'insert' then 'a' when 'update' then 'w' else 'd' end)
        and o.relrowsecurity $$,
    'what the application is granted, a policy governs');

-- Writing policies of the application name a session that may write, so auditors and read-only tokens are shut out by one word.
select is_empty(
    $$ select o.name || ' ' || p.polname from pg_policy p join ours o on o.oid = p.polrelid
       where p.polroles && array['touchstone_app'::regrole::oid] and p.polcmd in ('a', 'w', 'd') and p.polname <> 'event_add'
        and coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') || coalesce(pg_get_expr(p.polqual, p.polrelid), '') not like '%actor.may_write()%' $$,
    'every writing policy asks whether the session may write');

create temp view our_functions as
select n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as name, p.*
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where n.nspname in ('public', 'auth', 'workflow', 'audit', 'actor', 'report') and pg_get_userbyid(p.proowner) = 'touchstone_owner';

select is_empty(
    $$ select name from our_functions where not coalesce('search_path=pg_catalog, pg_temp' = any (proconfig), false)
        and name not in ('actor.seal(secret bytea, facts text)', 'actor.facts()') $$,
    'every function pins its search path, but for the two that run in those of p01 alone');
select is_empty(
    $$ select name || ' by ' || login from our_functions, unnest(array['touchstone_app', 'touchstone_worker', 'touchstone_reader']) login
       where proname in ('seal', 'facts') and has_function_privilege(login, oid, 'execute') $$,
    'which no login calls');
select is_empty(
    $$ select name from our_functions where prosrc ~ 'actor[.](seal|facts)[(]' and proname <> 'facts'
        and not coalesce('search_path=pg_catalog, pg_temp' = any (proconfig), false) $$,
    'nor any function that pins none');
select is_empty(
    $$ select name from our_functions where has_function_privilege('public', oid, 'execute') $$,
    'no function is for PUBLIC');
select is_empty(
    $$ select name from our_functions where prosecdef and prokind <> 'f' $$, 'definers are plain functions');
select is_empty(
    $$ select f.name from our_functions f join pg_namespace n on n.oid = f.pronamespace
       where n.nspname = 'report' and f.prosecdef $$, 'reports run as whoever asks');
select is_empty(
    $$ select f.name from our_functions f join pg_language l on l.oid = f.prolang join pg_namespace n on n.oid = f.pronamespace
       where n.nspname = 'actor' and (l.lanname <> 'plpgsql' or not f.prosecdef
        or (f.provolatile <> 's' and f.proname not in ('open', 'enter', 'as_system', 'may_act_on'))) $$,
    'functions for policies: plpgsql, stable (the plan of an immutable one shows what it answers), security definer');

-- The doors: what the application may execute. A new one needs a line here, and a thought.
select set_eq(
    $$ select n.nspname || '.' || f.proname from our_functions f join pg_namespace n on n.oid = f.pronamespace
       where has_function_privilege('touchstone_app', f.oid, 'execute') $$,
    array['actor.open', 'actor.session_id', 'actor.person_id', 'actor.organisation_id', 'actor.role', 'actor.holds',
        'actor.may_act', 'actor.is_system', 'actor.may_write', 'actor.authority', 'actor.is_own_bid', 'actor.did', 'actor.may_tell', 'actor.department', 'actor.whole_department',
        'actor.case_programmes', 'actor.unsealed_rounds', 'actor.case_rounds', 'actor.case_bids', 'actor.assigned_bids',
        'actor.withdrawn_after_close', 'actor.sees_case', 'actor.may_read_scores',
        'auth.challenge', 'auth.open_session', 'auth.touch', 'auth.sessions', 'auth.end_session', 'auth.end_all',
        'auth.end_sessions_of', 'auth.rate', 'auth.totp_for_session', 'auth.use_totp', 'auth.use_recovery_code',
        'auth.step_up_challenge', 'auth.step_up', 'auth.enrol_totp', 'auth.totp_pending', 'auth.confirm_totp',
        'auth.set_recovery_codes', 'auth.change_password', 'auth.create_token', 'auth.invite', 'auth.reinvite',
        'auth.invitation', 'auth.accept_invitation', 'audit.read_sealed_bid',
        'public.next_reference', 'public.uuid7', 'public.london_today', 'public.financial_year', 'public.organisation_fact_at',
        'public.audience', 'public.working_days_between', 'public.open_work', 'public.hand_over', 'report.r11_delegated_limits', 'report.r12_segregation', 'report.r59_audit_trail', 'report.r59_audit_totals'],
    'the doors of the application are these');

select is_empty(
    $$ select rolname from pg_roles where rolname like 'touchstone\_%' and (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls) $$,
    'no login has power over the cluster or past row security');
select is_empty(
    $$ select roleid::regrole || ' to ' || member::regrole from pg_auth_members
       where roleid::regrole::text like 'touchstone\_%' or member::regrole::text like 'touchstone\_%' $$,
    'no login is a member of another');
select is_empty(
    $$ select c.relname from pg_class c where pg_get_userbyid(c.relowner) in ('touchstone_app', 'touchstone_worker', 'touchstone_reader') $$,
    'only the owner owns');
select is_empty(
    $$ select n.nspname, r from pg_namespace n, unnest(array['touchstone_app', 'touchstone_worker', 'touchstone_reader', 'public']) r
       where n.nspname in ('public', 'auth', 'workflow', 'audit', 'actor', 'report') and has_schema_privilege(r, n.oid, 'create') $$,
    'nobody else creates anything');
select is(has_database_privilege('touchstone_app', current_database(), 'temp'), false, 'not even temporary tables');

-- Facts are only ever added to.
select is_empty(
    $$ select o.name from ours o where o.name = any (array['public.organisation_fact', 'public.reference_load', 'audit.event', 'audit.seal',
            'audit.sealed_event', 'workflow.log', 'workflow.duty_performed', 'public.budget_entry', 'public.bid_version', 'public.bid_outcome',
            'public.bid_cost_line', 'public.eligibility_finding', 'public.score', 'public.approval_year', 'public.approval_key'])
        and not exists (select from pg_trigger t where t.tgrelid = o.oid and t.tgfoid = 'workflow.refuse_change'::regproc and t.tgtype & 27 = 27) $$,
    'append-only tables refuse update and delete by trigger');
insert into audit.event (id, action, object_kind) values (gen_random_uuid(), 'probe', 'probe');
select throws_ok('update audit.event set reason = ''x''', 'TS004', null, 'even for a superuser');
select throws_ok('delete from workflow.duty_performed', 'TS004', null, 'even for a superuser');

-- The rows that the guard goes by are symmetric and complete.
select is_empty(
    $$ select duty, other from workflow.duty_conflict c where not exists (
        select from workflow.duty_conflict d where d.duty = c.other and d.other = c.duty and d.reach = c.reach) $$,
    'conflicts of duties are symmetric');
select is((select count(distinct duty)::integer from workflow.duty_conflict), 18, 'all eighteen duties are in the table');
select is_empty(
    $$ select machine, from_state from workflow.transition t where from_state <> '' and not exists (
        select from workflow.transition b where b.machine = t.machine and b.to_state = t.from_state) $$,
    'no transition leaves a state that nothing leads to');
select is_empty(
    $$ select machine, event, c from workflow.transition, unnest(capacities) c where c <> 'system'
        and not exists (select from public.capacity_kind k where k.code = c) $$,
    'every capacity that a transition names can be held');

-- Rules change on purpose only: whoever changes p03_workflow_rows.sql (and Domain/Workflow.swift) writes the new digest here.
select is((select count(*)::integer from workflow.transition), 83, 'eighty-three transitions');
select is((select md5(string_agg(concat_ws('|', machine, from_state, event, to_state, array_to_string(capacities, ',')), E'\n'
        order by machine collate "C", from_state collate "C", event collate "C")) from workflow.transition),
    '61e567d2bee93b7664bc324acffdb756', 'and they are these');

select * from finish();
rollback;
