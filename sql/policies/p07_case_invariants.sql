-- What must hold whoever writes, continued: bids, approvals and their money. See p06_invariants.sql.

-- 1. Bids. The authority's words move only in draft; what was submitted is fixed by the act of submitting.
create or replace function public.hold_bid() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
    moved boolean := new.transition_seq <> old.transition_seq;
begin
    if old.state not in ('draft', 'in_certification') and not actor.is_operator()
        and (new.title, new.requested, new.last_editor_id) is distinct from (old.title, old.requested, old.last_editor_id) then
        raise exception 'a bid is edited only while it is a draft' using errcode = 'TS009';
    end if;
    if me is not null and new.last_editor_id is distinct from old.last_editor_id and new.last_editor_id is distinct from me then
        raise exception 'nobody edits for somebody else' using errcode = 'TS007';
    end if;
    if moved and new.last_event = 'submit' then
        -- The same moment as on the receipt.
        new.submitted_at := now();
        if new.content_version <> old.content_version + 1 or new.content_hash is null
            or (me is not null and new.certified_by is distinct from me) then
            raise exception 'a submission is the next version, with its digest, certified by whoever submits' using errcode = 'TS009';
        end if;
        if new.certified_by = old.last_editor_id or exists (
            select from public.bid_section s
            where s.bid_id = new.id and s.edited_by = new.certified_by
                and s.edited_at > coalesce(old.submitted_at, '-infinity')) then
            raise exception 'SOD_W_CE' using errcode = 'TS003', detail = 'an editor does not certify';
        end if;
        return new;
    end if;
    if (new.content_version, new.content_hash, new.submitted_at, new.certified_by)
        is distinct from (old.content_version, old.content_hash, old.submitted_at, old.certified_by) then
        raise exception 'what was submitted changes only by submitting' using errcode = 'TS009';
    end if;
    if not moved then
        return new;
    end if;
    if new.last_event = 'find_eligible' and exists (
        select from public.eligibility_rule e
        where e.round_id = new.round_id and coalesce((
            select f.passed from public.eligibility_finding f where f.bid_id = new.id and f.rule_code = e.code
            order by f.recorded_at desc, f.id desc limit 1), false) is false) then
        raise exception 'a bid is eligible when every rule was found to be met' using errcode = 'TS002';
    elsif new.last_event = 'check' and not exists (
        select from public.round r where r.id = new.round_id and r.state in ('closed', 'appraising')) then
        raise exception 'bids are sealed until the round is closed' using errcode = 'TS008';
    elsif new.last_event = 'expire' and not exists (
        select from public.round r where r.id = new.round_id and r.state not in ('scheduled', 'open')) then
        raise exception 'drafts expire when the round is closed' using errcode = 'TS008';
    elsif new.last_event = 'find_ineligible' and me = (
        select l.person_id from workflow.log l
        where l.object_id = new.id and l.event = 'check' order by l.seq desc limit 1) then
        raise exception 'a second officer finds a bid ineligible' using errcode = 'TS003';
    elsif new.last_event = 'appraise' and not exists (
        select from public.appraisal a where a.bid_id = new.id having count(*) > 0 and bool_and(a.state = 'final')) then
        raise exception 'appraisals are still in hand' using errcode = 'TS002';
    elsif new.last_event = 'offer' and not exists (
        select from public.award a where a.bid_id = new.id and a.state = 'offered') then
        raise exception 'a bid is offered with its award' using errcode = 'TS002';
    elsif new.last_event in ('approve', 'reserve', 'decline') then
        perform workflow.refuse_duty(new.id, me, 'AA');
        if (new.last_event = 'approve') <> exists (
            select from public.approval a where a.bid_id = new.id and a.state = 'approved') then
            raise exception 'the decision on the bid follows its approval' using errcode = 'TS002';
        end if;
    end if;
    return new;
end
$$;

create or replace trigger bid_workflow_hold before update on public.bid
    for each row execute function public.hold_bid();

create or replace function public.record_bid() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform workflow.perform(new.id, new.certified_by, 'CE', new.content_version);
    return null;
end
$$;

create or replace trigger bid_record after update on public.bid
    for each row when (new.last_event = 'submit' and new.transition_seq <> old.transition_seq)
    execute function public.record_bid();

-- Whoever writes a section has written this version of the bid.
create or replace function public.record_section() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform workflow.perform(new.bid_id, new.edited_by, 'W', (
        select b.content_version + 1 from public.bid b where b.id = new.bid_id));
    return null;
end
$$;

create or replace trigger bid_section_record after insert or update on public.bid_section
    for each row execute function public.record_section();

-- A version is what the bid says it submitted; its figures come with it, in the same transaction.
create or replace function public.hold_bid_version() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not actor.is_operator() then
        new.submitted_at := now();
    end if;
    if not exists (
        select from public.bid b
        where b.id = new.bid_id and (
            (b.state = 'submitted' and b.content_version = new.number and b.content_hash = new.content_hash)
            or (b.state = 'in_certification' and b.content_version + 1 = new.number))) then
        raise exception 'a version belongs to a submission' using errcode = 'TS009';
    end if;
    return new;
end
$$;

create or replace trigger bid_version_hold before insert on public.bid_version
    for each row execute function public.hold_bid_version();

create or replace function public.hold_bid_figures() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not actor.is_operator() and not exists (
        select from public.bid_version v
        where v.bid_id = new.bid_id and v.number = new.number and v.submitted_at = now()) then
        raise exception 'figures are submitted with their version' using errcode = 'TS009';
    end if;
    return new;
end
$$;

create or replace trigger bid_outcome_hold before insert on public.bid_outcome
    for each row execute function public.hold_bid_figures();
create or replace trigger bid_cost_line_hold before insert on public.bid_cost_line
    for each row execute function public.hold_bid_figures();

-- At commit, a submitted bid has its version, word for word.
create or replace function public.check_bid_version() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select from public.bid_version v
        where v.bid_id = new.id and v.number = new.content_version and v.content_hash = new.content_hash) then
        raise exception 'the submitted version is missing' using errcode = 'TS009';
    end if;
    return null;
end
$$;

drop trigger if exists bid_version_there on public.bid;
create constraint trigger bid_version_there after update on public.bid deferrable initially deferred
    for each row when (new.last_event = 'submit' and new.transition_seq <> old.transition_seq)
    execute function public.check_bid_version();

-- 2. Approvals.
create or replace function public.hold_approval() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
    -- The rest is content. Who cleared it is part of its progress, the whole-life sum is computed.
    loose text[] := array['state', 'last_event', 'transition_seq', 'version', 'whole_life', 'cleared_by', 'decision_reason',
                          'decided_at', 'lapses_at', 'prepared_by'];
begin
    if tg_op = 'INSERT' then
        if new.programme_id is distinct from (
            select r.programme_id from public.bid b join public.round r on r.id = b.round_id where b.id = new.bid_id) then
            raise exception 'an award is paid by the programme that it was bid for' using errcode = 'TS009';
        end if;
        return new;
    end if;
    -- What is being approved moves only by a revision with another digest: a key then stands for what was read.
    if not actor.is_operator() and to_jsonb(new) - loose <> to_jsonb(old) - loose
        and (new.transition_seq = old.transition_seq or new.last_event <> 'revise' or new.content_hash = old.content_hash) then
        raise exception 'what is being approved changes only by a revision, with a new digest' using errcode = 'TS009';
    end if;
    if new.transition_seq = old.transition_seq then
        if not actor.is_operator() and (new.lapses_at, new.decided_at, new.decision_reason)
            is distinct from (old.lapses_at, old.decided_at, old.decision_reason) then
            raise exception 'decisions are not edited' using errcode = 'TS009';
        end if;
        return new;
    end if;
    if new.last_event = 'clear' and new.cleared_by = new.prepared_by then
        raise exception 'SOD_PR_FC' using errcode = 'TS003', detail = 'the preparer does not clear';
    elsif new.last_event = 'reject' then
        perform workflow.refuse_duty(new.bid_id, me, 'AA');
    elsif new.last_event = 'lapse' and (new.lapses_at is null or new.lapses_at > clock_timestamp()) then
        raise exception 'the time has not come' using errcode = 'TS008';
    elsif new.last_event = 'lapse' and public.is_relied_on(new.id) then
        raise exception 'what was approved has been agreed' using errcode = 'TS008';
    elsif new.last_event = 'approve' then
        -- When it was given and when it lapses is the database's to say.
        new.decided_at := now();
        new.lapses_at := now() + coalesce(
            (select s.value::integer from public.setting s where s.code = 'approval_lapse_days'), 60) * interval '1 day';
        -- Every pound of it is set aside, in its year, before it is promised.
        if new.amount is distinct from (
                select sum(y.amount) from public.approval_year y where y.approval_id = new.id and y.content_hash = new.content_hash)
            or exists (
                select from public.approval_year y
                where y.approval_id = new.id and y.content_hash = new.content_hash and y.amount is distinct from (
                    select sum(e.amount) from public.budget_entry e
                    where e.approval_id = new.id and e.financial_year = y.financial_year and e.kind = y.kind)) then
            raise exception 'the budget of each year must be reserved first' using errcode = 'TS006';
        end if;
    end if;
    return new;
end
$$;

create or replace trigger approval_workflow_hold before insert or update on public.approval
    for each row execute function public.hold_approval();

-- Duties, and money given back when what it was set aside for falls away.
create or replace function public.record_approval() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if new.last_event in ('prepare', 'revise') then
        perform workflow.perform(new.bid_id, new.prepared_by, 'PR');
    elsif new.last_event = 'clear' then
        perform workflow.perform(new.bid_id, new.cleared_by, 'FC');
    end if;
    if new.state in ('prepared', 'returned', 'rejected', 'lapsed') then
        insert into public.budget_entry (id, programme_id, financial_year, kind, approval_id, what, amount)
        select public.uuid7(), e.programme_id, e.financial_year, e.kind, e.approval_id, 'release', -sum(e.amount)
        from public.budget_entry e where e.approval_id = new.id
        group by e.programme_id, e.financial_year, e.kind, e.approval_id having sum(e.amount) > 0
        order by e.financial_year, e.kind;
    end if;
    return null;
end
$$;

drop trigger if exists approval_record on public.approval;
drop trigger if exists approval_record_new on public.approval;
create trigger approval_record after update on public.approval
    for each row when (new.transition_seq <> old.transition_seq) execute function public.record_approval();
create trigger approval_record_new after insert on public.approval
    for each row execute function public.record_approval();

create or replace function public.record_key() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform workflow.perform((select a.bid_id from public.approval a where a.id = new.approval_id), new.person_id, 'AA');
    return null;
end
$$;

create or replace trigger approval_key_record after insert on public.approval_key
    for each row execute function public.record_key();

-- Years are written with the content that they belong to.
create or replace function public.hold_approval_year() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select from public.approval a
        where a.id = new.approval_id and a.state = 'prepared' and a.content_hash = new.content_hash) then
        raise exception 'years belong to the content that is being prepared' using errcode = 'TS009';
    end if;
    return new;
end
$$;

create or replace trigger approval_year_hold before insert on public.approval_year
    for each row execute function public.hold_approval_year();

-- Money is set aside for one approval: never more in a year than it says, only while it is in hand, never below nothing.
-- Named so that it runs after the budget line is locked.
create or replace function public.hold_entry_to_approval() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about public.approval;
    held numeric(14,2);
    wanted numeric(14,2);
begin
    select a.* into about from public.approval a where a.id = new.approval_id;
    select coalesce(sum(e.amount), 0) into held from public.budget_entry e
    where e.approval_id = new.approval_id and e.financial_year = new.financial_year and e.kind = new.kind;
    select coalesce(sum(y.amount), 0) into wanted from public.approval_year y
    where y.approval_id = new.approval_id and y.content_hash = about.content_hash
        and y.financial_year = new.financial_year and y.kind = new.kind;
    if about.programme_id is distinct from new.programme_id or held + new.amount < 0
        or (new.what = 'reserve' and (held + new.amount > wanted
            or about.state not in ('prepared', 'finance_cleared', 'referred_up', 'awaiting_second_key')))
        or (new.what = 'release' and about.state = 'approved' and not public.is_over(new.approval_id)) then
        raise exception 'money is set aside for an approval in hand, as much as it says' using errcode = 'TS006';
    end if;
    return new;
end
$$;

create or replace trigger budget_entry_within_approval before insert on public.budget_entry
    for each row execute function public.hold_entry_to_approval();
