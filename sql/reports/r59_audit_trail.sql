-- View 59 of spec/reports.md: what happened, to what, by whom, when; and is it sealed?
--
-- Newest first, by keyset: pass the last `seq` of a page as `before_seq`. Row security leaves an auditor everything, others
-- their own part. Whether an event is sealed is known to auditors only; for others it is null.
drop function if exists report.r59_audit_trail(timestamptz, text, uuid, uuid, text, timestamptz, timestamptz, bigint, integer);
create function report.r59_audit_trail(
    as_at timestamptz default now(), about_kind text default null, about_id uuid default null, by_person uuid default null,
    of_action text default null, since timestamptz default null, until timestamptz default null,
    before_seq bigint default null, most integer default 100)
    returns table (seq bigint, at timestamptz, person_id uuid, person_name text, organisation_name text, capacity text,
                   action text, object_kind text, object_id uuid, from_state text, to_state text, reason text, detail jsonb,
                   request_id text, sealed_in bigint)
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select e.seq, e.at, e.person_id, p.name, o.name, e.capacity, e.action, e.object_kind, e.object_id, e.from_state,
        e.to_state, e.reason, e.detail, e.request_id, m.batch
    from audit.event e
    left join public.person p on p.id = e.person_id
    left join public.organisation o on o.id = e.organisation_id
    left join audit.sealed_event m on m.seq = e.seq
    where e.at <= as_at
        and (about_kind is null or e.object_kind = about_kind)
        and (about_id is null or e.object_id = about_id)
        and (by_person is null or e.person_id = by_person)
        and (of_action is null or e.action = of_action or e.action like of_action || '.%')
        and (since is null or e.at >= since)
        and (until is null or e.at < until)
        and (before_seq is null or e.seq < before_seq)
    order by e.seq desc
    limit least(greatest(most, 1), 1000)
$$;

-- The totals of the same question. Numerator: events in a sealed batch. Denominator: events. Excluded: later than `as_at`.
drop function if exists report.r59_audit_totals(timestamptz, text, uuid, uuid, text, timestamptz, timestamptz);
create function report.r59_audit_totals(
    as_at timestamptz default now(), about_kind text default null, about_id uuid default null, by_person uuid default null,
    of_action text default null, since timestamptz default null, until timestamptz default null)
    returns table (numerator bigint, denominator bigint, excluded bigint, why text)
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select count(*) filter (where e.at <= as_at and m.seq is not null), count(*) filter (where e.at <= as_at),
        count(*) filter (where e.at > as_at),
        case when count(*) filter (where e.at > as_at) > 0 then 'Happened after the moment that was asked about' else '' end
    from audit.event e
    left join audit.sealed_event m on m.seq = e.seq
    where (about_kind is null or e.object_kind = about_kind)
        and (about_id is null or e.object_id = about_id)
        and (by_person is null or e.person_id = by_person)
        and (of_action is null or e.action = of_action or e.action like of_action || '.%')
        and (since is null or e.at >= since)
        and (until is null or e.at < until)
$$;

grant execute on function
    report.r59_audit_trail(timestamptz, text, uuid, uuid, text, timestamptz, timestamptz, bigint, integer),
    report.r59_audit_totals(timestamptz, text, uuid, uuid, text, timestamptz, timestamptz)
    to touchstone_app;
