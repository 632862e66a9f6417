-- What must hold of monitoring returns whoever writes: who certifies, what is frozen, what is recorded. See p06_invariants.sql.

-- The day so many working days after another.
create or replace function public.after_working_days(day date, count integer) returns date
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select d.day::date
    from generate_series(after_working_days.day + 1, after_working_days.day + 10 + 3 * count, interval '1 day') as d (day)
    where extract(isodow from d.day) < 6 and not exists (select from public.bank_holiday h where h.day = d.day::date)
    order by d.day offset greatest(count - 1, 0) limit 1
$$;

grant execute on function public.after_working_days(date, integer) to touchstone_app, touchstone_worker, touchstone_reader;

create or replace function public.setting_count(wanted text, otherwise integer) returns integer
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce((select s.value::integer from public.setting s where s.code = wanted), otherwise);
end
$$;

grant execute on function public.setting_count(text, integer) to touchstone_app, touchstone_worker, touchstone_reader;

-- Duties of a return stand in the ledger of the award's case, beside those of the bid: each version of each return has a
-- number of its own there.
create or replace function public.return_duty_version(sequence integer, number integer) returns integer
    language sql immutable
    set search_path = pg_catalog, pg_temp
as $$ select sequence * 1000 + number $$;

grant execute on function public.return_duty_version(integer, integer) to touchstone_app, touchstone_worker;

create or replace function public.hold_return() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
    moved boolean := new.transition_seq <> old.transition_seq;
    today date := public.london_today();
    loose text[] := array['state', 'last_event', 'transition_seq', 'version', 'updated_at', 'reason', 'changes_due_on',
        'last_editor_id', 'content_version', 'content_hash', 'submitted_at', 'late_days', 'late_working_days', 'certified_by'];
begin
    if to_jsonb(new) - loose <> to_jsonb(old) - loose then
        raise exception 'period, case and due date of a return are fixed' using errcode = 'TS009';
    end if;
    if new.last_editor_id is distinct from old.last_editor_id
        and (new.state <> 'in_progress' or (me is not null and new.last_editor_id is distinct from me)) then
        raise exception 'a return is edited by whoever edits it, while it is in progress' using errcode = 'TS009';
    end if;
    if moved and new.last_event = 'submit' then
        if today < new.period_to and not actor.is_operator() then
            raise exception 'the period has not ended' using errcode = 'TS008';
        end if;
        if new.content_version <> old.content_version + 1 or new.content_hash is null
            or (me is not null and new.certified_by is distinct from me) then
            raise exception 'a submission is the next version, with its digest, certified by whoever submits' using errcode = 'TS009';
        end if;
        if new.certified_by = old.last_editor_id or exists (
            select from workflow.duty_performed d
            where d.case_id = new.bid_id and d.person_id = new.certified_by and d.duty = 'W'
                and d.object_version = public.return_duty_version(new.sequence, new.content_version)) then
            raise exception 'SOD_W_CE' using errcode = 'TS003', detail = 'an editor does not certify';
        end if;
        -- When it came in, and how late, is said once: by its first submission.
        new.submitted_at := coalesce(old.submitted_at, now());
        new.late_days := coalesce(old.late_days, greatest(0, today - new.due_on));
        new.late_working_days := coalesce(old.late_working_days, public.working_days_between(new.due_on, today));
        new.changes_due_on := null;
        return new;
    end if;
    if (new.content_version, new.content_hash, new.submitted_at, new.late_days, new.late_working_days, new.certified_by)
        is distinct from (old.content_version, old.content_hash, old.submitted_at, old.late_days, old.late_working_days, old.certified_by) then
        raise exception 'what was submitted changes only by submitting' using errcode = 'TS009';
    end if;
    if not moved then
        if (new.reason, new.changes_due_on) is distinct from (old.reason, old.changes_due_on) then
            raise exception 'rulings are not edited' using errcode = 'TS009';
        end if;
        return new;
    end if;
    if new.last_event in ('decline_certification', 'request_changes', 'accept_with_issues', 'reopen', 'waive')
        and coalesce(length(btrim(new.reason)), 0) = 0 then
        raise exception '% needs a reason', new.last_event using errcode = 'TS002';
    end if;
    if new.last_event = 'open' and today <= new.period_to and not actor.is_operator() then
        raise exception 'the time has not come' using errcode = 'TS008';
    end if;
    if new.last_event in ('request_changes', 'reopen') then
        new.changes_due_on := public.after_working_days(today, public.setting_count('return_changes_working_days', 10));
    end if;
    return new;
end
$$;

create or replace trigger monitoring_return_workflow_hold before update on public.monitoring_return
    for each row execute function public.hold_return();
create or replace trigger monitoring_return_reference before insert on public.monitoring_return
    for each row execute function public.hold_reference('RET');

-- The figures of a version as fields and texts, for comparing two.
create or replace function public.return_fields(in_return uuid, in_number integer) returns table (field text, value text)
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select 'outcomes.' || v.indicator_code || '.' || e.key, e.value
    from public.return_value v
    cross join lateral jsonb_each_text(
        to_jsonb(v) - array['return_id', 'number', 'position', 'indicator_code', 'indicator_version']) as e
    where v.return_id = in_return and v.number = in_number
    union all
    select 'figures.' || e.key, e.value
    from public.return_figure f
    cross join lateral jsonb_each_text(to_jsonb(f) - array['return_id', 'number']) as e
    where f.return_id = in_return and f.number = in_number
    union all
    select 'milestones.' || m.code || '.' || e.key, e.value
    from public.return_milestone m
    cross join lateral jsonb_each_text(to_jsonb(m) - array['return_id', 'number', 'position', 'code']) as e
    where m.return_id = in_return and m.number = in_number
    union all
    select 'risks.' || r.position || '.' || e.key, e.value
    from public.return_risk r
    cross join lateral jsonb_each_text(to_jsonb(r) - array['return_id', 'number', 'position']) as e
    where r.return_id = in_return and r.number = in_number
$$;

-- Duties, rulings and restatements are written by the act itself.
create or replace function public.record_return() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    before integer;
begin
    if new.last_event = 'submit' then
        perform workflow.perform(new.bid_id, new.certified_by, 'CE', public.return_duty_version(new.sequence, new.content_version));
        return null;
    end if;
    if new.last_event in ('accept', 'accept_with_issues') then
        select r.number into before from public.return_ruling r
        where r.return_id = new.id and r.ruling in ('accepted', 'accepted_with_issues') and r.number < new.content_version
        order by r.at desc, r.id desc limit 1;
        if found then
            insert into public.return_restatement (id, return_id, from_number, to_number, field, old_value, new_value, cause)
            select public.uuid7(), new.id, before, new.content_version, coalesce(o.field, n.field), o.value, n.value,
                coalesce((select r.reason from public.return_ruling r
                    where r.return_id = new.id and r.ruling = 'reopened' order by r.at desc, r.id desc limit 1), '')
            from public.return_fields(new.id, before) o
            full join public.return_fields(new.id, new.content_version) n on n.field = o.field
            where o.value is distinct from n.value;
        end if;
    end if;
    if new.last_event in ('accept', 'accept_with_issues', 'request_changes', 'reopen', 'waive') then
        insert into public.return_ruling (id, return_id, number, ruling, reason, person_id)
        values (public.uuid7(), new.id, new.content_version, new.state, coalesce(new.reason, ''), actor.person_id());
    end if;
    return null;
end
$$;

create or replace trigger monitoring_return_record after update on public.monitoring_return
    for each row when (new.transition_seq <> old.transition_seq) execute function public.record_return();

-- Sections move only while the return is in progress, one version at a time.
create or replace function public.hold_return_section() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform 1 from public.monitoring_return r where r.id = new.return_id and r.state = 'in_progress' for share;
    if not found then
        raise exception 'a return is edited only while it is in progress' using errcode = 'TS009';
    end if;
    if tg_op = 'UPDATE' and (new.version <> old.version + 1 or new.return_id <> old.return_id or new.section <> old.section) then
        raise exception 'version of a section must go up by one' using errcode = 'TS002';
    end if;
    return new;
end
$$;

create or replace trigger return_section_hold before insert or update on public.return_section
    for each row execute function public.hold_return_section();

create or replace function public.record_return_section() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about record;
begin
    select r.bid_id, r.sequence, r.content_version into about from public.monitoring_return r where r.id = new.return_id;
    perform workflow.perform(about.bid_id, new.edited_by, 'W', public.return_duty_version(about.sequence, about.content_version + 1));
    return null;
end
$$;

create or replace trigger return_section_record after insert or update on public.return_section
    for each row execute function public.record_return_section();

-- A version is what the return says it submitted; its figures come with it, in the same transaction.
create or replace function public.hold_return_version() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not actor.is_operator() then
        new.submitted_at := now();
    end if;
    if not exists (
        select from public.monitoring_return r
        where r.id = new.return_id and r.state = 'submitted' and r.content_version = new.number
            and r.content_hash = new.content_hash and r.certified_by = new.certified_by) then
        raise exception 'a version belongs to a submission' using errcode = 'TS009';
    end if;
    return new;
end
$$;

create or replace trigger return_version_hold before insert on public.return_version
    for each row execute function public.hold_return_version();

create or replace function public.hold_return_figures() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not actor.is_operator() and not exists (
        select from public.return_version v
        where v.return_id = new.return_id and v.number = new.number and v.submitted_at = now()) then
        raise exception 'figures are submitted with their version' using errcode = 'TS009';
    end if;
    return new;
end
$$;

create or replace trigger return_value_hold before insert on public.return_value
    for each row execute function public.hold_return_figures();
create or replace trigger return_figure_hold before insert on public.return_figure
    for each row execute function public.hold_return_figures();
create or replace trigger return_milestone_hold before insert on public.return_milestone
    for each row execute function public.hold_return_figures();
create or replace trigger return_risk_hold before insert on public.return_risk
    for each row execute function public.hold_return_figures();
create or replace trigger return_confirmation_hold before insert on public.return_confirmation
    for each row execute function public.hold_return_figures();

-- At commit, a submitted return has its version, and a figure or a reason for every indicator that was asked for.
create or replace function public.check_return_version() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select from public.return_version v
        where v.return_id = new.id and v.number = new.content_version and v.content_hash = new.content_hash)
        or not exists (select from public.return_figure f where f.return_id = new.id and f.number = new.content_version)
        or exists (
            select from public.return_indicator i
            where i.return_id = new.id and not exists (
                select from public.return_value v
                where v.return_id = new.id and v.number = new.content_version and v.indicator_code = i.indicator_code
                    and v.indicator_version = i.indicator_version)) then
        raise exception 'the submitted version is not whole' using errcode = 'TS009';
    end if;
    return null;
end
$$;

drop trigger if exists monitoring_return_version_there on public.monitoring_return;
create constraint trigger monitoring_return_version_there after update on public.monitoring_return deferrable initially deferred
    for each row when (new.last_event = 'submit' and new.transition_seq <> old.transition_seq)
    execute function public.check_return_version();
