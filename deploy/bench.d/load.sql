-- Many bids, for deploy/bench only: psql -v bids=100000 as a superuser, after `touchstone demo load`.
-- Every authority gets its share, all in one open round. Identifiers are counted, so that pgbench can name them:
-- 01900000-0000-7000-8000-<twelve hexadecimal digits>. The triggers are off: this is bulk, not an act of anybody.

\set ON_ERROR_STOP on
begin;
set local session_replication_role = replica;

with authority as (
    select o.id, row_number() over (order by o.id) - 1 as number, count(*) over () as total
    from public.organisation o
    where exists (select from public.person p where p.organisation_id = o.id and p.role = 'local_authority')
),
open_round as (
    select id from public.round where state = 'open' order by closes_at desc, id limit 1
)
insert into public.bid (id, reference, round_id, organisation_id, title, created_by, created_at, updated_at)
select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'BID-2000-' || lpad(n::text, 7, '0'), r.id, a.id,
    'Bench bid ' || n, p.id, now() - n * interval '1 second', now() - n * interval '1 second'
from generate_series(1, :bids) as n
cross join open_round r
join authority a on a.number = n % a.total
cross join lateral (
    select x.id from public.person x where x.organisation_id = a.id and x.role = 'local_authority' order by x.id limit 1
) p;

commit;
analyze;
