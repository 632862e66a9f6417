-- View 18 of spec/reports.md: did monitoring returns come in on time?
--
-- By authority, in the order of the alphabet. Denominator: returns due by `as_at`, less those that were waived. Numerator: those
-- whose first version was submitted on or before the due day, in London. Excluded: waived returns.
drop function if exists report.r18_return_timeliness(timestamptz, uuid, uuid);
create function report.r18_return_timeliness(
        as_at timestamptz default now(), in_programme uuid default null, in_round uuid default null)
    returns table (organisation text, on_time bigint, late bigint, outstanding bigint, median_days_late numeric,
                   numerator bigint, denominator bigint, excluded bigint, why text)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    with due as (
        select r.id, r.organisation_id, r.due_on,
            exists (select from public.return_ruling u
                    where u.return_id = r.id and u.ruling = 'waived' and u.at <= as_at) as waived,
            (select min(v.submitted_at) from public.return_version v
             where v.return_id = r.id and v.submitted_at <= as_at) as submitted_at
        from public.monitoring_return r
        where (select report.sees_whole()) and r.due_on <= (as_at at time zone 'Europe/London')::date
            and r.created_at <= as_at
            and (in_programme is null or r.programme_id = in_programme) and (in_round is null or r.round_id = in_round)
    ), judged as (
        select d.*, (d.submitted_at at time zone 'Europe/London')::date - d.due_on as days_late from due d
    )
    select o.name, count(*) filter (where not j.waived and j.days_late <= 0), count(*) filter (where not j.waived and j.days_late > 0),
        count(*) filter (where not j.waived and j.submitted_at is null),
        percentile_cont(0.5) within group (order by j.days_late) filter (where not j.waived and j.days_late > 0)::numeric(8,1),
        count(*) filter (where not j.waived and j.days_late <= 0), count(*) filter (where not j.waived),
        count(*) filter (where j.waived), case when bool_or(j.waived) then 'Returns that were waived are left out.' else '' end
    from judged j join public.organisation o on o.id = j.organisation_id
    group by o.id, o.name
    order by o.name
$$;

grant execute on function report.r18_return_timeliness(timestamptz, uuid, uuid) to touchstone_app, touchstone_worker;
