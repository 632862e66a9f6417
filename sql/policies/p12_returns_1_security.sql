-- Who may touch which row of indicators, published figures and monitoring returns. See p04_row_security.sql for how policies
-- are written here. Draft sections are the authority's own; the department reads what was certified.

select workflow.close_tables(array[
    'public.indicator_version', 'public.statistic_series', 'public.statistic_letter', 'public.statistic', 'public.statistics_load', 'public.return_rule',
    -- Nobody but the owner reads or writes staging; COPY does not work under row security.
    'public.statistic_staging'],
    fenced => false);
select workflow.close_tables(array[
    'public.monitoring_return', 'public.return_indicator', 'public.return_section',
    'public.return_version', 'public.return_value', 'public.return_figure', 'public.return_milestone', 'public.return_risk',
    'public.return_confirmation', 'public.return_ruling', 'public.return_comment', 'public.return_restatement',
    'public.return_check']);

-- 1. Definitions, rules and published figures belong to nobody: everybody reads them, the owner writes them.
grant select on public.indicator_version, public.statistic_series, public.statistic_letter, public.statistic, public.statistics_load, public.return_rule
    to touchstone_app, touchstone_reader;

-- Bids whose returns this person reads in full without being of the case: those who evaluate the award, and those who review its
-- evaluation or lead that, once their interests are declared.
create or replace function actor.return_bids() returns uuid[]
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return case actor.role()
        when 'evaluator' then actor.evaluated_bids()
        when 'what_works' then actor.led_bids() || array(
            select distinct v.bid_id from public.review v
            where v.reviewer_id = actor.person_id()
                and v.state in ('coi_checked', 'in_progress', 'submitted', 'clarification', 'final'))
        else '{}' end;
end
$$;

revoke execute on function actor.return_bids() from public;
grant execute on function actor.return_bids() to touchstone_app, touchstone_worker, touchstone_reader;

-- 2. Returns: the authority, the case team, auditors, and those who evaluate the award.
grant select on public.monitoring_return, public.return_indicator, public.return_section, public.return_version,
    public.return_value, public.return_figure, public.return_milestone, public.return_risk, public.return_confirmation,
    public.return_ruling, public.return_comment, public.return_restatement, public.return_check
    to touchstone_app;
grant update (content_version, content_hash, submitted_at, certified_by, last_editor_id, reason, changes_due_on, state,
        last_event, transition_seq, version, updated_at)
    on public.monitoring_return to touchstone_app;
grant insert (return_id, section, content, edited_by), update (content, version, edited_by, edited_at)
    on public.return_section to touchstone_app;
grant insert (return_id, number, content, content_hash, statement_version, certified_by) on public.return_version to touchstone_app;
grant insert on public.return_value, public.return_figure, public.return_milestone, public.return_risk, public.return_confirmation
    to touchstone_app;
grant insert (id, return_id, number, field, comment, person_id) on public.return_comment to touchstone_app;
grant insert (id, return_id, source, file_sha256, counts, person_id) on public.return_check to touchstone_app;

create policy monitoring_return_read on public.monitoring_return for select to touchstone_app
    using (organisation_id = (select actor.authority())
        or round_id = any ((select actor.case_rounds())::uuid[])
        or bid_id = any ((select actor.case_bids())::uuid[])
        or bid_id = any ((select actor.return_bids())::uuid[]));
create policy monitoring_return_change on public.monitoring_return for update to touchstone_app
    using ((select actor.may_write()) and (organisation_id = (select actor.authority())
        or round_id = any ((select actor.case_rounds())::uuid[]) or bid_id = any ((select actor.case_bids())::uuid[])))
    with check ((select actor.may_write()) and (
        (organisation_id = (select actor.authority()) and (select actor.holds('la_editor') or actor.holds('la_certifier')))
        or ((round_id = any ((select actor.case_rounds())::uuid[]) or bid_id = any ((select actor.case_bids())::uuid[]))
            and (select actor.holds('programme_officer') or actor.holds('senior_officer_responsible')))));

-- What hangs on a return is read by whoever reads the return; its draft only by the authority itself.
do $$
declare
    it text;
begin
    foreach it in array array['return_indicator', 'return_version', 'return_value', 'return_figure', 'return_milestone',
                              'return_risk', 'return_confirmation', 'return_ruling', 'return_comment', 'return_restatement'] loop
        execute format($p$create policy %1$s_read on public.%1$I for select to touchstone_app
            using (exists (select from public.monitoring_return r where r.id = return_id)) $p$, it);
    end loop;
    foreach it in array array['return_value', 'return_figure', 'return_milestone', 'return_risk', 'return_confirmation'] loop
        execute format($p$create policy %1$s_add on public.%1$I for insert to touchstone_app
            with check ((select actor.may_write() and actor.holds('la_certifier')) and exists (
                select from public.monitoring_return r
                where r.id = return_id and r.organisation_id = (select actor.authority()))) $p$, it);
    end loop;
end
$$;

create policy return_section_read on public.return_section for select to touchstone_app
    using (exists (select from public.monitoring_return r
        where r.id = return_id and r.organisation_id = (select actor.authority())));
create policy return_section_add on public.return_section for insert to touchstone_app
    with check (edited_by = (select actor.person_id()) and (select actor.may_write() and actor.holds('la_editor'))
        and exists (select from public.monitoring_return r
            where r.id = return_id and r.organisation_id = (select actor.authority())));
create policy return_section_change on public.return_section for update to touchstone_app
    using ((select actor.may_write()) and exists (select from public.monitoring_return r
        where r.id = return_id and r.organisation_id = (select actor.authority())))
    with check (edited_by = (select actor.person_id()) and (select actor.may_write() and actor.holds('la_editor'))
        and exists (select from public.monitoring_return r
            where r.id = return_id and r.organisation_id = (select actor.authority())));

create policy return_version_add on public.return_version for insert to touchstone_app
    with check (certified_by = (select actor.person_id()) and (select actor.may_write() and actor.holds('la_certifier'))
        and exists (select from public.monitoring_return r
            where r.id = return_id and r.organisation_id = (select actor.authority())));
create policy return_comment_add on public.return_comment for insert to touchstone_app
    with check (person_id = (select actor.person_id()) and (select actor.may_write() and actor.holds('programme_officer'))
        and exists (select from public.monitoring_return r where r.id = return_id and r.state = 'under_review'
            and (r.round_id = any ((select actor.case_rounds())::uuid[]) or r.bid_id = any ((select actor.case_bids())::uuid[]))));

create policy return_check_read on public.return_check for select to touchstone_app
    using (exists (select from public.monitoring_return r where r.id = return_id));
create policy return_check_add on public.return_check for insert to touchstone_app
    with check (person_id = (select actor.person_id()) and (select actor.may_write() and actor.holds('la_editor'))
        and exists (select from public.monitoring_return r
            where r.id = return_id and r.organisation_id = (select actor.authority())));

-- 3. The clock opens returns. It sees which they are, not what they say.
grant select (id, award_id, bid_id, organisation_id, programme_id, round_id, period_to, due_on, state, transition_seq, version),
    update (state, last_event, transition_seq, version)
    on public.monitoring_return to touchstone_worker;
create policy monitoring_return_clock_read on public.monitoring_return for select to touchstone_worker
    using (state in ('scheduled', 'open'));
create policy monitoring_return_clock on public.monitoring_return for update to touchstone_worker
    using (state = 'scheduled') with check (state = 'open');

-- 4. History and audit of a return are seen by whoever sees it; an evaluator or reviewer sees the figures, not who did what.
create policy log_read_returns on workflow.log for select to touchstone_app
    using (machine = 'monitoring_return' and exists (select from public.monitoring_return x where x.id = object_id));
create policy event_read_returns on audit.event for select to touchstone_app
    using (object_kind = 'monitoring_return' and exists (select from public.monitoring_return x where x.id = object_id)
        and ((select actor.department()) is not null
            or ((select actor.authority()) is not null
                and (organisation_id = (select actor.authority()) or to_state is not null))));

-- 5. Views.
drop view if exists public.published_figure, public.statistic_current, public.indicator_current;

-- The definition in force.
create view public.indicator_current with (security_invoker = true) as
select distinct on (v.indicator_code) v.*, i.active, i.source
from public.indicator_version v join public.indicator i on i.code = v.indicator_code
where v.valid_from <= public.london_today()
order by v.indicator_code, v.number desc;

-- What each file says now: its latest row for each figure.
create view public.statistic_current with (security_invoker = true) as
select distinct on (s.area_code, s.indicator_code, s.cohort, s.period, s.format) s.*
from public.statistic s
order by s.area_code, s.indicator_code, s.cohort, s.period, s.format, s.id desc;

-- One figure for each indicator, group, period and area: from the format that is preferred, with its counts where they are
-- published, and the rate worked out where only counts are. Year Y goes by the population of the middle of Y - 1.
create view public.published_figure with (security_invoker = true) as
select distinct on (s.area_code, s.indicator_code, s.cohort, s.period)
    s.indicator_code, s.cohort, s.period, s.geography, s.area_code, s.organisation_id, s.gss_code, s.area_name, s.format,
    s.numerator, coalesce(s.denominator, p.value) as denominator,
    case when s.status = 'value' then coalesce(
        case when v.rounding = 'half_up' then round(s.value, v.decimals) else s.value end,
        round(s.numerator * v.scale / nullif(coalesce(s.denominator, p.value), 0), v.decimals)) end as figure,
    s.value_text, s.numerator_text,
    case when s.status = 'value' and s.value is null and coalesce(s.denominator, p.value) is null then 'not_available'
        else s.status end as status,
    s.recorded_at, x.source
from public.statistic_current s
join public.indicator_current v on v.indicator_code = s.indicator_code
join lateral (
    select min(m.priority) as priority, min(m.source) as source
    from public.statistic_series m
    where m.format = s.format and m.indicator_code = s.indicator_code and m.cohort = s.cohort) as x on true
left join public.statistic_current p
    on v.population_basis = 'previous_year' and s.denominator is null and p.area_code = s.area_code and p.cohort = ''
    and p.indicator_code = (select t.value from public.setting t where t.code = 'population_indicator')
    and p.period = (s.period::integer - 1)::text and p.format = 'population'
order by s.area_code, s.indicator_code, s.cohort, s.period, (s.status <> 'value'), x.priority, s.format;

grant select on public.indicator_current, public.statistic_current, public.published_figure to touchstone_app, touchstone_reader;
