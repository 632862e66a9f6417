-- The catalogue: what every table and function must be, whoever added it. A new table without a row here fails.
begin;
\ir fixture.psql
select no_plan();

create temp view ours as
select c.oid, (n.nspname || '.' || c.relname)::text collate "default" as name, c.relrowsecurity, c.relforcerowsecurity, c.relkind, c.reloptions
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('public', 'auth', 'workflow', 'audit', 'actor', 'report', 'published') and c.relkind in ('r', 'p', 'v', 'm')
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
-- Awards, claims and payments.
insert into golden values
        ('public.agreement_departure', 'SI', '', ''),
        ('public.agreement_version', 'SI', '', ''),
        ('public.award', 'SIU', 'SU', ''),
        ('public.award_condition', 'SI', '', ''),
        ('public.bank_account', 'SI', '', ''),
        ('public.bank_verification', 'SI', '', ''),
        ('public.claim', 'SIU', '', ''),
        ('public.claim_line', 'SIUD', '', ''),
        ('public.condition_finding', 'SI', '', ''),
        ('public.instalment', 'SI', '', ''),
        ('public.ledger_account', 'S', 'S', 'S'),
        ('public.ledger_entry', 'S', '', ''),
        ('public.payment', 'SI', '', ''),
        ('public.payment_batch', 'SIU', '', ''),
        ('public.recovery', 'SU', '', ''),
        ('public.variation', 'SIU', '', ''),
        ('published.award', 'S', '', 'S');
-- Indicators, published figures and returns.
insert into golden values
        ('public.indicator_version', 'S', '', 'S'),
        ('public.indicator_current', 'S', '', 'S'),
        ('public.statistic_series', 'S', '', 'S'),
        ('public.statistic_letter', 'S', '', 'S'),
        ('public.statistic', 'S', '', 'S'),
        ('public.statistic_current', 'S', '', 'S'),
        ('public.published_figure', 'S', '', 'S'),
        ('public.statistics_load', 'S', '', 'S'),
        ('public.statistic_staging', '', '', ''),
        ('public.monitoring_return', 'SU', 'SU', ''),
        ('public.return_indicator', 'S', '', ''),
        ('public.return_section', 'SIU', '', ''),
        ('public.return_version', 'SI', '', ''),
        ('public.return_value', 'SI', '', ''),
        ('public.return_figure', 'SI', '', ''),
        ('public.return_milestone', 'SI', '', ''),
        ('public.return_risk', 'SI', '', ''),
        ('public.return_confirmation', 'SI', '', ''),
        ('public.return_ruling', 'S', '', ''),
        ('public.return_comment', 'SI', '', ''),
        ('public.return_restatement', 'S', '', ''),
        ('public.return_rule', 'S', '', 'S'),
        ('public.return_check', 'SI', '', '');
-- Evaluations, reviews and reports.
insert into golden values
        ('public.evaluation', 'SU', 'S', ''),
        ('public.evaluation_plan', 'SU', 'SU', ''),
        ('public.evaluation_plan_section', 'SIU', '', ''),
        ('public.evaluation_plan_submission', 'SI', '', ''),
        ('public.evaluation_plan_version', 'S', '', ''),
        ('public.evaluation_plan_outcome', 'S', '', ''),
        ('public.plan_amendment', 'SI', '', ''),
        ('public.evaluation_comment', 'SI', '', ''),
        ('public.evaluation_answer', 'SI', '', ''),
        ('public.evaluation_registration', 'SI', '', ''),
        ('public.review', 'SIU', '', ''),
        ('public.conflict_declaration', 'SI', '', ''),
        ('public.conflict_ruling', 'SI', '', ''),
        ('public.review_score', 'SI', '', ''),
        ('public.review_item', 'SI', '', ''),
        ('public.review_item_closure', 'SI', '', ''),
        ('public.review_note', 'SI', '', ''),
        ('public.adjudication', 'SI', '', ''),
        ('public.evaluation_report', 'SIU', 'SU', ''),
        ('public.evaluation_report_section', 'SIU', '', ''),
        ('public.evaluation_report_submission', 'SI', '', ''),
        ('public.evaluation_report_version', 'S', '', ''),
        ('public.report_result', 'S', '', ''),
        ('public.report_omission', 'S', '', ''),
        ('public.report_flow', 'S', '', ''),
        ('public.report_arm', 'S', '', ''),
        ('public.report_balance', 'S', '', ''),
        ('public.report_deviation', 'S', '', ''),
        ('public.report_cost', 'S', '', ''),
        ('public.publication_delay', 'S', '', ''),
        ('public.pressure_flag', 'SI', '', ''),
        ('public.evaluation_design', 'S', 'S', 'S'),
        ('public.evaluation_comparator', 'S', 'S', 'S'),
        ('public.rubric', 'S', 'S', 'S'),
        ('public.rubric_anchor', 'S', 'S', 'S'),
        ('public.rubric_criterion', 'S', 'S', 'S'),
        ('published.evaluation', 'S', '', 'S'),
        ('published.protocol', 'S', '', 'S'),
        ('published.amendment', 'S', '', 'S'),
        ('published.report', 'S', '', 'S'),
        ('published.report_version', 'S', '', 'S'),
        ('published.result', 'S', '', 'S'),
        ('published.overdue_report', 'S', '', 'S');

-- Practices, ratings, decisions, adoption.
insert into golden values
        ('public.practice', 'SIU', '', ''),
        ('public.practice_version', 'S', '', ''),
        ('public.practice_award', 'SIU', '', ''),
        ('public.evidence_threshold', 'S', 'S', 'S'),
        ('public.evidence_rating', 'SIU', 'SU', ''),
        ('public.evidence_rating_report', 'S', '', ''),
        ('public.rating_vote', 'SI', '', ''),
        ('public.adoption_decision', 'SIU', '', ''),
        ('public.decision_evidence', 'S', '', ''),
        ('public.decision_citation', 'SI', '', ''),
        ('public.decision_flag', 'S', '', ''),
        ('public.la_adoption', 'SIU', '', ''),
        ('public.adoption_statement', 'S', '', ''),
        ('public.adoption_verification', 'SI', '', ''),
        ('public.capacity_rubric', 'S', 'S', 'S'),
        ('public.capacity_assessment', 'SIU', 'SU', ''),
        ('public.capacity_response', 'SI', '', ''),
        ('public.capacity_level', 'SI', '', ''),
        ('public.follow_up', 'SU', 'SU', ''),
        ('public.follow_up_value', 'SI', '', ''),
        ('public.follow_up_reminder', 'S', 'S', ''),
        ('public.dissemination', 'SI', '', ''),
        ('public.dissemination_delivery', 'SI', '', ''),
        ('public.dissemination_reach', 'SI', '', ''),
        ('public.dissemination_outcome', 'SI', '', ''),
        ('public.chain_edge', 'S', '', ''),
        ('public.chain_node', 'S', '', ''),
        ('published.practice', 'S', '', 'S'),
        ('published.rating', 'S', '', 'S'),
        ('published.decision', 'S', '', 'S'),
        ('published.decision_evidence', 'S', '', 'S'),
        ('published.adoption', 'S', '', 'S');

-- Tables that belong to nobody: words, rules, settings, published figures.
create temp table unfenced (name text primary key);
insert into unfenced values ('public.bank_holiday'), ('public.capacity_kind'), ('public.indicator'), ('public.setting'),
    ('public.schema_change'), ('workflow.transition'), ('workflow.duty_conflict');
insert into unfenced values ('public.ledger_account');
insert into unfenced values ('public.indicator_version'), ('public.statistic_series'), ('public.statistic_letter'), ('public.statistic'),
    ('public.statistics_load'), ('public.statistic_staging'), ('public.return_rule');
insert into unfenced values ('public.evaluation_design'), ('public.evaluation_comparator'), ('public.rubric'), ('public.rubric_anchor'),
    ('public.rubric_criterion');
insert into unfenced values ('public.evidence_threshold'), ('public.capacity_rubric');

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
    $$ select name from ours where relkind in ('r', 'p') and not (relrowsecurity and relforcerowsecurity) and name not in (select name from unfenced) $$,
    'row security is forced on every table but those that belong to nobody');
-- A view shows what its reader may see, but in the schema that is for everybody.
select is_empty(
    $$ select name from ours where relkind = 'v' and name not like 'published.%' and not coalesce('security_invoker=true' = any (reloptions), false) $$,
    'views are read as whoever asks');
select is_empty(
    $$ select name from ours where relkind = 'm' or (name like 'published.%' and relkind <> 'v') $$,
    'what is published are views, and nothing is materialised');

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
where n.nspname in ('public', 'auth', 'workflow', 'audit', 'actor', 'report', 'published') and pg_get_userbyid(p.proowner) = 'touchstone_owner';

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
    $$ select name from our_functions where name like 'report.%' and prosecdef and proname <> 'sees_whole'
        and prosrc !~ 'report[.]sees_whole[(][)]|actor[.]role[(][)]' $$,
    'reports run as whoever asks, or ask first who that is');
select is_empty(
    $$ select f.name from our_functions f join pg_language l on l.oid = f.prolang join pg_namespace n on n.oid = f.pronamespace
       where n.nspname = 'actor' and (l.lanname <> 'plpgsql' or not f.prosecdef
        or (f.provolatile <> 's' and f.proname not in ('open', 'enter', 'as_system', 'may_act_on'))) $$,
    'functions for policies: plpgsql, stable (the plan of an immutable one shows what it answers), security definer');

-- The doors: what the application may execute. A new one needs a line here, and a thought.
create temp table doors as select unnest(array['actor.open', 'actor.session_id', 'actor.person_id', 'actor.organisation_id', 'actor.role', 'actor.holds',
        'actor.may_act', 'actor.is_system', 'actor.may_write', 'actor.authority', 'actor.is_own_bid', 'actor.did', 'actor.may_tell', 'actor.department', 'actor.whole_department',
        'actor.case_programmes', 'actor.unsealed_rounds', 'actor.case_rounds', 'actor.case_bids', 'actor.assigned_bids',
        'actor.withdrawn_after_close', 'actor.sees_case', 'actor.may_read_scores',
        'auth.challenge', 'auth.open_session', 'auth.touch', 'auth.sessions', 'auth.end_session', 'auth.end_all',
        'auth.end_sessions_of', 'auth.rate', 'auth.totp_for_session', 'auth.use_totp', 'auth.use_recovery_code',
        'auth.step_up_challenge', 'auth.step_up', 'auth.enrol_totp', 'auth.totp_pending', 'auth.confirm_totp',
        'auth.set_recovery_codes', 'auth.change_password', 'auth.create_token', 'auth.invite', 'auth.reinvite',
        'auth.invitation', 'auth.accept_invitation', 'audit.read_sealed_bid',
        'public.next_reference', 'public.uuid7', 'public.london_today', 'public.financial_year', 'public.organisation_fact_at',
        'public.audience', 'public.working_days_between', 'public.open_work', 'public.hand_over', 'report.r11_delegated_limits', 'report.r12_segregation', 'report.r59_audit_trail', 'report.r59_audit_totals']) as name;
insert into doors values ('public.sees_object'), ('public.award_paid'), ('public.award_state'), ('public.instalment_standing'),
    ('public.instalment_gate'), ('public.award_balance'), ('public.award_years'), ('public.bank_standing'), ('public.unmask_bank_account');
insert into doors values ('actor.evaluated_bids'), ('actor.led_bids'), ('actor.reviewed_bids'), ('actor.may_read_submission'),
    ('actor.peer_reviews'), ('actor.may_read_scores_of'), ('public.plan_evaluation'), ('public.evaluation_milestone'),
    ('public.final_report_submitted'), ('public.plan_changed_keys'), ('public.plan_needs_rereview'), ('public.review_standing'),
    ('public.review_progress'), ('public.review_feedback'), ('public.report_gaps'), ('public.number_given'), ('public.security_start'), ('public.review_candidates'), ('public.reviewer_name'),
    ('public.claims_impact');
insert into doors values ('actor.return_bids'), ('public.plan_monitoring'), ('public.return_accepted'), ('public.returns_overdue'),
    ('public.return_values_as_at'), ('public.released_return_values'), ('public.return_duty_version'), ('public.after_working_days'),
    ('public.setting_count'), ('public.statistic_as_at'), ('public.pooled_figure'), ('public.national_spread');
insert into doors values ('public.evidence_for'), ('public.overdue_for'), ('public.evidence_level_rank'), ('public.setting_number'),
    ('public.evidence_sufficient'), ('public.practice_cases'), ('public.current_rating'), ('public.capacity_by_region'),
    ('public.open_capacity_baseline'), ('public.plan_follow_ups');
insert into doors values ('report.sees_whole'), ('report.r01_scorecard'), ('report.r02_commitment_spend'), ('report.r03_money_to_evaluation'),
    ('report.r18_return_timeliness'), ('report.r19_data_completeness'), ('report.r21_evaluation_built_in'), ('report.r22_pre_registration'),
    ('report.r27_outcomes_reported'), ('report.r28_direction_of_results'), ('report.r29_publication'), ('report.r36_trend_against_neighbours'),
    ('report.r37_pooled_outcome'), ('report.r41_decision_log'), ('report.r44_adoption_ladder'), ('report.r49_capacity_change'), ('report.r55_my_authority');
select set_eq(
    $$ select n.nspname || '.' || f.proname from our_functions f join pg_namespace n on n.oid = f.pronamespace
       where has_function_privilege('touchstone_app', f.oid, 'execute') $$,
    $$ select name from doors $$, 'the doors of the application are these');

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
       where n.nspname in ('public', 'auth', 'workflow', 'audit', 'actor', 'report', 'published') and has_schema_privilege(r, n.oid, 'create') $$,
    'nobody else creates anything');
select is(has_database_privilege('touchstone_app', current_database(), 'temp'), false, 'not even temporary tables');

-- Facts are only ever added to.
select is_empty(
    $$ select o.name from ours o where o.name = any (array['public.organisation_fact', 'public.reference_load', 'audit.event', 'audit.seal',
            'audit.sealed_event', 'workflow.log', 'workflow.duty_performed', 'public.budget_entry', 'public.bid_version', 'public.bid_outcome',
            'public.bid_cost_line', 'public.eligibility_finding', 'public.score', 'public.approval_year', 'public.approval_key',
            'public.agreement_version', 'public.instalment', 'public.agreement_departure', 'public.award_condition', 'public.condition_finding',
            'public.bank_account', 'public.bank_verification', 'public.payment', 'public.ledger_entry',
            'public.evaluation_plan_submission', 'public.evaluation_plan_version', 'public.evaluation_plan_outcome', 'public.plan_amendment',
            'public.evaluation_comment', 'public.evaluation_answer', 'public.evaluation_registration', 'public.conflict_declaration',
            'public.conflict_ruling', 'public.review_score', 'public.review_item', 'public.review_item_closure', 'public.review_note',
            'public.adjudication', 'public.evaluation_report_submission', 'public.evaluation_report_version', 'public.report_result',
            'public.report_omission', 'public.report_flow', 'public.report_arm', 'public.report_balance', 'public.report_deviation',
            'public.report_cost', 'public.publication_delay', 'public.pressure_flag',
            'public.practice_version', 'public.evidence_rating_report', 'public.rating_vote', 'public.decision_evidence',
            'public.decision_citation', 'public.decision_flag', 'public.adoption_statement', 'public.adoption_verification',
            'public.capacity_response', 'public.capacity_level', 'public.follow_up_value', 'public.follow_up_reminder',
            'public.dissemination', 'public.dissemination_delivery', 'public.dissemination_reach', 'public.dissemination_outcome'])
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

-- Rules change on purpose only: whoever changes a file p03_workflow_rows*.sql (and Domain/Workflow*.swift) writes the new
-- count and digest of the machine here.
create temp table machines (machine text primary key, transitions integer, digest text);
insert into machines values
    ('appraisal', 6, '2e829f1eabbaf5b2cd2f6260e71c676c'),
    ('approval', 21, 'f2dd3a3abdd6d46627557a19008723f0'),
    ('bid', 22, 'bc210399c2c0afa7da5e88f0d96f080c'),
    ('delegation', 5, '2b6bc5fc8662787fcb730f0197cf5d5a'),
    ('person', 7, '78763130c9adc5b1d7dba4ecdaa6dfed'),
    ('programme', 9, 'c65695625bf1b486271528efd733bf55'),
    ('round', 14, 'eadbd9b23221cbc0c61fee89e5e87d1c');
insert into machines values
    ('award', 23, '2e4106c56c3339d4d98dfb6672f7a3b4'),
    ('claim', 20, '9e2ac86bd6d23c6caa65cddb64836b2b'),
    ('payment_batch', 4, '72061b29176ee92ab75e56984e6e33ab'),
    ('variation', 10, '57e88c5d6f17d93012b405e9b34aaa54');
insert into machines values ('monitoring_return', 16, 'cab67b843cb058b61c40aa062459a70b');
insert into machines values
    ('evaluation_plan', 37, '2f7b722a929344e3a0769dccbca9b4bd'),
    ('evaluation_report', 23, '90e2fd531657dc2c307f074984659303'),
    ('review', 21, '7537b6d009f5448bb0ae0f2b3a8d7235');
insert into machines values
    ('adoption_decision', 9, 'd9f4d7165a9d7249b88031f24b1ff177'),
    ('capacity_assessment', 7, 'df8fd0614263c444ba7acfccc3085566'),
    ('evidence_rating', 9, 'a04c37d9b07fdd7ba6f674120c84e8c9'),
    ('follow_up', 7, '9726a5be4d9695571cd13febdebd93da'),
    ('la_adoption', 18, '9d790fb16c46a89014f07167e7cd27e9'),
    ('practice', 8, '74ffcd78bfadc76e4cd63f3cb8a54a5b');
select set_eq(
    $$ select machine, count(*)::integer, md5(string_agg(concat_ws('|', from_state, event, to_state, array_to_string(capacities, ',')), E'\n'
        order by from_state collate "C", event collate "C")) from workflow.transition group by machine $$,
    $$ select machine, transitions, digest from machines $$, 'the transitions are these');

select * from finish();
rollback;
