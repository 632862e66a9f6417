-- What the reports on the whole of a programme stand on. They count rows that their reader may not open one by one, so they run
-- as the owner, say first who may ask, and answer with counts, sums and what is public anyway.

create or replace function report.sees_whole() returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(actor.role() in ('department', 'what_works', 'auditor'), false) or actor.is_operator();
end
$$;

-- Where each object of a kind stood at a moment, and since when.
create or replace function report.states(of_machine text, as_at timestamptz) returns table (object_id uuid, state text, since timestamptz)
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select distinct on (l.object_id) l.object_id, l.to_state, l.at
    from workflow.log l
    where l.machine = of_machine and l.at <= as_at
    order by l.object_id, l.seq desc
$$;

-- The awards that had an agreement in force until a moment: where they stood, when the funding ends by the agreement of that
-- moment, and whether the project was complete by then: completed or closed, or its funding period over.
create or replace function report.awards(as_at timestamptz, in_programme uuid, in_round uuid default null)
    returns table (award_id uuid, bid_id uuid, organisation_id uuid, programme_id uuid, round_id uuid, title text, reference text,
                   state text, starts_on date, ends_on date, amount numeric, is_complete boolean)
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select a.id, a.bid_id, a.organisation_id, a.programme_id, a.round_id, a.title, a.reference, s.state, v.starts_on, v.ends_on,
        v.maximum, s.state in ('completed', 'closed') or (v.ends_on < (as_at at time zone 'Europe/London')::date and s.state <> 'terminated')
    from public.award a
    join report.states('award', as_at) s on s.object_id = a.id
    join lateral (
        select g.starts_on, g.ends_on, g.maximum from public.agreement_version g
        where g.award_id = a.id and g.at <= as_at order by g.number desc limit 1) as v on true
    where exists (
            select from workflow.log l
            where l.machine = 'award' and l.object_id = a.id and l.event = 'activate' and l.at <= as_at)
        and (in_programme is null or a.programme_id = in_programme)
        and (in_round is null or a.round_id = in_round)
$$;

-- What was public of each report at a moment: its latest published version, unless it was withdrawn by then.
create or replace function report.public_reports(as_at timestamptz)
    returns table (report_id uuid, bid_id uuid, kind text, title text, submission integer, direction text, published_at timestamptz)
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select r.id, r.bid_id, r.kind, r.title, v.submission, v.direction, v.published_at
    from public.evaluation_report r
    join report.states('evaluation_report', as_at) s on s.object_id = r.id and s.state in ('published', 'corrected')
    join lateral (
        select v.submission, v.direction, v.published_at from public.evaluation_report_version v
        where v.report_id = r.id and v.published_at <= as_at order by v.number desc limit 1) as v on true
$$;

revoke execute on function report.states(text, timestamptz), report.awards(timestamptz, uuid, uuid), report.public_reports(timestamptz) from public;
grant execute on function report.sees_whole() to touchstone_app, touchstone_worker, touchstone_reader;
