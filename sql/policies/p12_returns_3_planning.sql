-- Which returns an award owes, what others ask about them, and what the clock reminds people of.

-- Plans the returns of an award that became active: periods of so many months from its start to its end, each due so many
-- working days after it. Called again it adds what is missing and changes nothing.
create or replace function public.plan_monitoring(award uuid) returns integer
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about record;
    months integer := greatest(public.setting_count('return_period_months', 3), 1);
    grace integer := public.setting_count('return_grace_working_days', 20);
    begins date;
    ends date;
    it integer := 0;
    made integer := 0;
    planned uuid;
begin
    if not (actor.may_write() or actor.is_system() or actor.is_operator()) then
        raise exception 'returns are planned by whoever activates the award' using errcode = 'TS007';
    end if;
    select a.id, a.bid_id, a.organisation_id, a.programme_id, a.round_id, a.starts_on, a.ends_on, a.indicators, a.state into about
    from public.award a where a.id = plan_monitoring.award for share;
    if about.id is null or about.state <> 'active' then
        raise exception 'returns are planned for an active award' using errcode = 'TS002';
    end if;
    loop
        begins := (about.starts_on + make_interval(months => it * months))::date;
        exit when begins > about.ends_on or it >= 400;
        ends := least((about.starts_on + make_interval(months => (it + 1) * months))::date - 1, about.ends_on);
        exit when ends <= begins;
        it := it + 1;
        continue when exists (
            select from public.monitoring_return r
            where r.award_id = about.id and (r.sequence = it or r.period_from = begins));
        planned := public.uuid7();
        insert into public.monitoring_return (id, reference, award_id, bid_id, organisation_id, programme_id, round_id,
            sequence, period_from, period_to, due_on)
        values (planned, public.next_reference('RET'), about.id, about.bid_id, about.organisation_id, about.programme_id,
            about.round_id, it, begins, ends, public.after_working_days(ends, grace));
        -- What the agreement names, and without that what the bid promised; as it is defined today.
        insert into public.return_indicator (return_id, position, indicator_code, indicator_version, is_primary)
        select planned, row_number() over (order by coalesce(bool_or(o.is_primary), false) desc, min(w.place), w.code), w.code, c.number,
            coalesce(bool_or(o.is_primary), false)
        from (
            select x.code, x.place from unnest(about.indicators) with ordinality as x (code, place)
            union all
            select o.indicator_code, o.position from public.bid_outcome o
            join public.bid b on b.id = o.bid_id and b.content_version = o.number
            where b.id = about.bid_id and cardinality(coalesce(about.indicators, '{}')) = 0) as w
        join public.indicator_current c on c.indicator_code = w.code
        left join public.bid b on b.id = about.bid_id
        left join public.bid_outcome o on o.bid_id = b.id and o.number = b.content_version and o.indicator_code = w.code
        group by w.code, c.number;
        made := made + 1;
    end loop;
    return made;
end
$$;

-- Whether everything that an award owed for a stretch of time is in and accepted, or waived.
create or replace function public.return_accepted(award uuid, period_from date, period_to date) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce((
        select bool_and(r.state in ('accepted', 'accepted_with_issues', 'waived'))
        from public.monitoring_return r
        where r.award_id = return_accepted.award
            and r.period_to between return_accepted.period_from and return_accepted.period_to), false);
end
$$;

-- How many returns of an award are so late that the next instalment waits for them.
create or replace function public.returns_overdue(award uuid) returns integer
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select count(*) from public.monitoring_return r
        where r.award_id = returns_overdue.award and r.state in ('open', 'in_progress', 'in_certification')
            and r.content_version = 0 and r.due_on < public.london_today()
            and public.working_days_between(r.due_on, public.london_today()) >= public.setting_count('return_hold_working_days', 10));
end
$$;

grant execute on function public.plan_monitoring(uuid), public.return_accepted(uuid, date, date), public.returns_overdue(uuid)
    to touchstone_app, touchstone_worker;

-- The accepted figures as they stood at a moment: of each return the newest version that was accepted until then. A return that
-- is reopened keeps the figures it had until it is accepted again. Security invoker: rows are what the caller may see.
create or replace function public.return_values_as_at(at timestamptz default now())
    returns table (return_id uuid, award_id uuid, bid_id uuid, organisation_id uuid, programme_id uuid, round_id uuid, sequence integer,
        period_from date, period_to date, number integer, accepted_at timestamptz, indicator_code text, indicator_version integer,
        numerator numeric, denominator numeric, value numeric, status text, missing_reason text, comment text)
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select r.id, r.award_id, r.bid_id, r.organisation_id, r.programme_id, r.round_id, r.sequence, r.period_from, r.period_to,
        x.number, x.at, v.indicator_code, v.indicator_version, v.numerator, v.denominator, v.value, v.status, v.missing_reason, v.comment
    from public.monitoring_return r
    join lateral (
        select u.number, u.at from public.return_ruling u
        where u.return_id = r.id and u.ruling in ('accepted', 'accepted_with_issues') and u.at <= return_values_as_at.at
        order by u.at desc, u.id desc limit 1) as x on true
    join public.return_value v on v.return_id = r.id and v.number = x.number
$$;

grant execute on function public.return_values_as_at(timestamptz) to touchstone_app;

-- The same for people of the department and of What Works who are not of the case: counts as they may be published. A small
-- count takes its figure with it, and so does a small rest of the whole.
create or replace function public.released_return_values(at timestamptz default now())
    returns table (organisation_id uuid, programme_id uuid, round_id uuid, period_from date, period_to date, indicator_code text,
        numerator numeric, denominator numeric, value numeric, status text, missing_reason text, suppressed boolean)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if coalesce(actor.role(), '') not in ('department', 'what_works', 'auditor') then
        return;
    end if;
    return query
    select r.organisation_id, r.programme_id, r.round_id, r.period_from, r.period_to, r.indicator_code,
        case when not s.small then r.numerator end,
        case when not s.small_whole then r.denominator end,
        case when not s.small then r.value end,
        r.status, r.missing_reason, s.small
    from public.return_values_as_at(released_return_values.at) r
    join public.indicator_version d on d.indicator_code = r.indicator_code and d.number = r.indicator_version
    cross join lateral (
        select coalesce(r.denominator > 0 and r.denominator < d.small_number_threshold, false) as small_whole) as w
    cross join lateral (
        select w.small_whole or coalesce(r.numerator > 0 and r.numerator < d.small_number_threshold, false)
            or coalesce(d.unit = 'percent' and r.denominator - r.numerator > 0
                and r.denominator - r.numerator < d.small_number_threshold, false) as small,
            w.small_whole as small_whole) as s;
end
$$;

grant execute on function public.released_return_values(timestamptz) to touchstone_app;

-- The ladder: a notice before a return is due, on the day, and one, five and ten working days after; the last also to the
-- senior officer, to finance and to those who keep the authority's accounts. Each once, however often the clock runs.
create or replace function public.remind_of_returns() returns integer
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    written integer;
    today date := public.london_today();
    notice integer := public.setting_count('return_notice_working_days', 5);
    hold integer := public.setting_count('return_hold_working_days', 10);
begin
    if not (actor.is_system() or actor.is_operator()) then
        raise exception 'reminders are for the scheduled worker' using errcode = 'TS007';
    end if;
    insert into public.outbox (id, event, recipient_id, subject, body, object_kind, object_id, dedupe_key)
    select public.uuid7(), 'return.' || s.step, who.id,
        r.reference || case s.step when 'soon' then ' is due soon' when 'due' then ' is due today' else ' is late' end,
        'The monitoring return for ' || to_char(r.period_from, 'FMDD FMMonth YYYY') || ' to '
            || to_char(r.period_to, 'FMDD FMMonth YYYY') || ' is due on ' || to_char(r.due_on, 'FMDD FMMonth YYYY') || '.'
            || case when s.step = 'held' then ' The next instalment waits until it is in.' else '' end || ' Sign in to see it.',
        'monitoring_return', r.id, 'return:' || s.step || ':' || r.id
    from public.monitoring_return r
    cross join lateral (
        select public.working_days_between(r.due_on, today) as late, public.working_days_between(today, r.due_on) as ahead) as d
    cross join lateral (
        select 'soon' as step where today < r.due_on and d.ahead <= notice
        union all select 'due' where today = r.due_on
        union all select 'late_1' where d.late between 1 and 4
        union all select 'late_5' where d.late between 5 and hold - 1
        union all select 'held' where d.late >= hold) as s
    cross join lateral (
        select public.audience(x.audience, 'monitoring_return', r.id) as id
        from unnest(case s.step when 'held' then '{bid_editors,bid_certifiers,programme_officers,finance,senior_officer}'
            when 'soon' then '{bid_editors,bid_certifiers}'
            else '{bid_editors,bid_certifiers,programme_officers}' end::text[]) as x (audience)) as who
    where r.state in ('open', 'in_progress', 'in_certification') and r.content_version = 0
        and r.due_on < today + 15
    on conflict (dedupe_key, recipient_id) do nothing;
    get diagnostics written = row_count;
    return written;
end
$$;

revoke execute on function public.remind_of_returns() from public, touchstone_app;
grant execute on function public.remind_of_returns() to touchstone_worker;
