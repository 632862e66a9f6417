-- The four logins and the database. For psql, as a superuser, any number of times:
--   psql -v database=touchstone -v owner_password=… -v app_password=… -v worker_password=… -v reader_password=… -f roles.sql
-- (deploy/cluster passes the passwords by the environment and \getenv, so that no process list shows them.)
--
--   touchstone_owner   owns the database and everything in it; migrates; nobody's requests run as it
--   touchstone_app     the server: owns nothing, sees nothing without a live session
--   touchstone_worker  scheduled work and the outbox
--   touchstone_reader  analysts with psql, read-only

\set ON_ERROR_STOP on
\if :{?database}
\else
\set database touchstone
\endif

-- Statements below carry passwords: they must not reach the server's log, not even when one of them fails.
set log_statement = 'none';
set log_min_error_statement = 'panic';
set log_min_duration_statement = -1;
set password_encryption = 'scram-sha-256';

select format('create role %I', name)
from unnest(array['touchstone_owner', 'touchstone_app', 'touchstone_worker', 'touchstone_reader']) as name
where not exists (select from pg_roles where rolname = name)
\gexec

alter role touchstone_owner with
    login nosuperuser nocreatedb nocreaterole noreplication nobypassrls inherit password :'owner_password';
alter role touchstone_app with
    login nosuperuser nocreatedb nocreaterole noreplication nobypassrls noinherit password :'app_password';
alter role touchstone_worker with
    login nosuperuser nocreatedb nocreaterole noreplication nobypassrls noinherit password :'worker_password';
alter role touchstone_reader with
    login nosuperuser nocreatedb nocreaterole noreplication nobypassrls noinherit password :'reader_password';

-- A migration may run long, but it never makes others queue behind a lock it waits for.
alter role touchstone_owner set statement_timeout = '15min';
alter role touchstone_owner set lock_timeout = '3s';
alter role touchstone_owner set idle_in_transaction_session_timeout = '60s';

-- A request is over in seconds; a half-open client must not hold its locks.
alter role touchstone_app set statement_timeout = '10s';
alter role touchstone_app set lock_timeout = '3s';
alter role touchstone_app set idle_in_transaction_session_timeout = '10s';

alter role touchstone_worker set statement_timeout = '5min';
alter role touchstone_worker set lock_timeout = '5s';
alter role touchstone_worker set idle_in_transaction_session_timeout = '30s';

alter role touchstone_reader set default_transaction_read_only = on;
alter role touchstone_reader set statement_timeout = '2min';
alter role touchstone_reader set lock_timeout = '3s';
alter role touchstone_reader set idle_in_transaction_session_timeout = '60s';

select format('create database %I owner touchstone_owner', :'database')
where not exists (select from pg_database where datname = :'database')
\gexec

revoke all on database :"database" from public;
grant connect on database :"database" to touchstone_app, touchstone_worker, touchstone_reader;
