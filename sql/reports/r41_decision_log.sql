-- View 41 of spec/reports.md: do roll-out decisions rest on the evidence that the rule asks for?
--
-- One line for each decision approved by `as_at`. Denominator: those decisions. Numerator: those whose evidence met the rule when
-- they were made. Overrides are listed with their reason and with the day on which the missing evidence is due. Excluded:
-- options that are not decided.
drop function if exists report.r41_decision_log(timestamptz, uuid);
create function report.r41_decision_log(as_at timestamptz default now(), in_programme uuid default null)
    returns table (reference text, decision_id uuid, practice text, recommendation text, decided_on date, level text, sms integer,
                   sufficient boolean, override_reason text, evidence_due_on date, cited bigint, evidence_changed boolean,
                   numerator bigint, denominator bigint, excluded bigint, why text)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    with judged as (
        select d.*, p.name as practice_name, l.at as approved_at,
            (select count(*) from public.decision_citation c where c.decision_id = d.id and c.at <= as_at) as citations,
            exists (select from public.decision_flag f
                where f.decision_id = d.id and f.at <= as_at and f.at > coalesce(d.reviewed_at, '-infinity')) as changed
        from public.adoption_decision d
        join public.practice p on p.id = d.practice_id
        left join lateral (
            select max(l.at) as at from workflow.log l
            where l.machine = 'adoption_decision' and l.object_id = d.id and l.event = 'approve' and l.at <= as_at) as l on true
        where (select report.sees_whole()) and d.created_at <= as_at and (in_programme is null or d.programme_id = in_programme)
    )
    select j.reference, j.id, j.practice_name, replace(j.recommendation, '_', ' '), (j.approved_at at time zone 'Europe/London')::date,
        coalesce(j.level_at_decision, 'not rated'), j.sms_at_decision, coalesce(j.sufficient, false), j.override_reason, j.evidence_due_on,
        j.citations, j.changed, case when j.sufficient then 1 else 0 end::bigint, 1::bigint, 0::bigint, ''::text
    from judged j where j.approved_at is not null
    union all
    select null, null, null, null, null, null, null, null, null, null, null, null, 0, 0, count(*), 'Options that are not yet decided are left out.'
    from judged j where j.approved_at is null having count(*) > 0
    order by 5, 1
$$;

grant execute on function report.r41_decision_log(timestamptz, uuid) to touchstone_app, touchstone_worker;
