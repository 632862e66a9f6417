-- What the clock reminds people of. The scheduled worker calls these; each notice is written once, however often they run.

-- Working days after one day, up to and including another.
create or replace function public.working_days_between(after date, until date) returns integer
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select count(*)::integer
    from generate_series(after + 1, until, interval '1 day') as d (day)
    where extract(isodow from d.day) < 6 and not exists (select from public.bank_holiday h where h.day = d.day::date)
$$;

-- An approval that waits for a key longer than the setting allows: the officers, the approvers and the senior officer hear of it.
create or replace function public.remind_of_waiting_approvals() returns integer
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    written integer;
begin
    if not (actor.is_system() or actor.is_operator()) then
        raise exception 'reminders are for the scheduled worker' using errcode = 'TS007';
    end if;
    insert into public.outbox (id, event, recipient_id, subject, body, object_kind, object_id, dedupe_key)
    select public.uuid7(), 'approval.waiting', who.id, a.reference || ' has been waiting for approval',
        'It has waited more than ' || patience.days || ' working days for a decision. Sign in to see the case.',
        'approval', a.id, 'approval:waiting:' || a.id || ':' || a.transition_seq
    from public.approval a
    cross join (select coalesce(max(s.value::integer), 5) as days
        from public.setting s where s.code = 'approval_patience_working_days') as patience
    cross join lateral (
        select public.audience(x.audience, 'approval', a.id) as id
        from unnest('{programme_officers,approvers,senior_officer}'::text[]) as x (audience)) as who
    where a.state in ('finance_cleared', 'referred_up', 'awaiting_second_key')
        and public.working_days_between(
            (select max(l.at) at time zone 'Europe/London' from workflow.log l where l.object_id = a.id)::date,
            public.london_today()) > patience.days
    on conflict (dedupe_key, recipient_id) do nothing;
    get diagnostics written = row_count;
    return written;
end
$$;

grant execute on function public.remind_of_waiting_approvals() to touchstone_worker;
grant execute on function public.working_days_between(date, date) to touchstone_app, touchstone_worker, touchstone_reader;
