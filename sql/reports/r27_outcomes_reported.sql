-- View 27 of spec/reports.md: did completed projects report the outcomes that they set out to measure?
--
-- By round. Denominator: projects complete by `as_at` (completed or closed, or their funding period over). Numerator: those with
-- the value of at least one outcome that the protocol named beforehand, in a report that was public by then. Nobody is left out
-- for having reported nothing. Excluded: projects still running, and awards that were terminated.
drop function if exists report.r27_outcomes_reported(timestamptz, uuid, uuid);
create function report.r27_outcomes_reported(
        as_at timestamptz default now(), in_programme uuid default null, in_round uuid default null)
    returns table (round text, reported bigint, completed bigint, silent text,
                   numerator bigint, denominator bigint, excluded bigint, why text)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    with judged as (
        select a.*, exists (
                select from report.public_reports(as_at) p
                join public.report_result x on x.report_id = p.report_id and x.submission = p.submission and x.prespecified
                where p.bid_id = a.bid_id) as reports
        from report.awards(as_at, in_programme, in_round) a
        where (select report.sees_whole())
    )
    select r.title, count(*) filter (where j.is_complete and j.reports), count(*) filter (where j.is_complete),
        coalesce(string_agg(j.title, '; ' order by j.title) filter (where j.is_complete and not j.reports), ''),
        count(*) filter (where j.is_complete and j.reports), count(*) filter (where j.is_complete),
        count(*) filter (where not j.is_complete),
        case when bool_or(not j.is_complete) then 'Projects that are still running, or were ended early, are left out.' else '' end
    from judged j join public.round r on r.id = j.round_id
    group by r.id, r.title, r.reference
    order by r.reference
$$;

grant execute on function report.r27_outcomes_reported(timestamptz, uuid, uuid) to touchstone_app, touchstone_worker;
