-- View 1 of spec/reports.md: the scorecard. Four tests, and for each the figures that say how far it is met.
--
-- Every figure is the total of another report, by the same function and the same moment, and leads to its rows. Money is in
-- pounds, rounded half up; everything else is counted. Nothing is added up across lines: they answer different questions.
drop function if exists report.r01_scorecard(timestamptz, uuid);
create function report.r01_scorecard(as_at timestamptz default now(), in_programme uuid default null)
    returns table (test text, measure text, path text, unit text, met bigint, out_of bigint, left_out bigint,
                   numerator bigint, denominator bigint, excluded bigint, why text)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    with line (position, test, measure, report, met, out_of, left_out) as (
        select 11, 'a', 'Awards whose protocol was approved before the first data were collected', 'r21', sum(r.numerator), sum(r.denominator), sum(r.excluded)
        from report.r21_evaluation_built_in(as_at, in_programme) r
        union all
        select 12, 'a', 'Evaluations registered before they collected data', 'r22', sum(r.numerator), sum(r.denominator), sum(r.excluded)
        from report.r22_pre_registration(as_at, in_programme) r
        union all
        select 13, 'a', 'Outcome cells of accepted returns that hold a value', 'r19', sum(r.numerator), sum(r.denominator), sum(r.excluded)
        from report.r19_data_completeness(as_at, in_programme) r
        union all
        select 14, 'a', 'Dimensions of local evaluative capacity that rose, of those assessed twice', 'r49', sum(r.numerator), sum(r.denominator), sum(r.excluded)
        from report.r49_capacity_change(as_at) r
        union all
        select 21, 'b', 'Approvals within delegated limits and consent', 'r11', sum(r.numerator), sum(r.denominator), sum(r.excluded)
        from report.r11_delegated_limits(as_at, in_programme) r
        union all
        select 22, 'b', 'Budget that has been paid', 'r02', round(sum(r.numerator) / 100.0), round(sum(r.denominator) / 100.0), sum(r.excluded)
        from report.r02_commitment_spend(as_at, in_programme) r
        union all
        select 23, 'b', 'Money paid that went to evaluation', 'r03', round(sum(r.numerator) / 100.0), round(sum(r.denominator) / 100.0), sum(r.excluded)
        from report.r03_money_to_evaluation(as_at, in_programme) r
        union all
        select 24, 'b', 'Roll-out decisions that rest on sufficient evidence', 'r41', sum(r.numerator), sum(r.denominator), sum(r.excluded)
        from report.r41_decision_log(as_at, in_programme) r
        union all
        select 31, 'c', 'Reports published in time, whatever they say', 'r29', sum(r.numerator), sum(r.denominator), sum(r.excluded)
        from report.r29_publication(as_at, in_programme) r
        union all
        select 32, 'c', 'Authorities that use a published practice, of those that could', 'r44', sum(r.numerator), sum(r.denominator), sum(r.excluded)
        from report.r44_adoption_ladder(as_at) r
        union all
        select 33, 'c', 'Monitoring returns that came in on time', 'r18', sum(r.numerator), sum(r.denominator), sum(r.excluded)
        from report.r18_return_timeliness(as_at, in_programme) r
        union all
        select 41, 'd', 'Completed projects that reported an outcome named beforehand', 'r27', sum(r.numerator), sum(r.denominator), sum(r.excluded)
        from report.r27_outcomes_reported(as_at, in_programme) r
        union all
        select 42, 'd', 'Completed projects whose evaluation found a positive result, of all completed', 'r28',
            sum(r.projects) filter (where r.direction = 'positive'), max(r.completed), sum(r.excluded)
        from report.r28_direction_of_results(as_at, in_programme) r
        union all
        select 43, 'd', 'The same, of those that reported', 'r28', sum(r.projects) filter (where r.direction = 'positive'), max(r.reporting), sum(r.excluded)
        from report.r28_direction_of_results(as_at, in_programme) r
    )
    select case l.test when 'a' then 'Local evaluative capacity' when 'b' then 'Better use of public money'
            when 'c' then 'Wider dissemination of good practice' else 'Improved outcomes for children' end,
        l.measure, '/reports/' || l.report || case when in_programme is not null then '?programme=' || in_programme else '' end,
        case when l.report in ('r02', 'r03') then 'pounds' else 'cases' end,
        coalesce(l.met, 0)::bigint, coalesce(l.out_of, 0)::bigint, coalesce(l.left_out, 0)::bigint, 0::bigint, 0::bigint, 0::bigint, ''::text
    from line l
    where (select report.sees_whole())
    order by l.position;
end
$$;

grant execute on function report.r01_scorecard(timestamptz, uuid) to touchstone_app, touchstone_worker;
