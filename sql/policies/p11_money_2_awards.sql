-- What must hold of awards and their agreements, whoever writes. See p06_invariants.sql for how these triggers are named.

-- Which columns differ, beside those by which any object moves on.
create or replace function workflow.changed_keys(before jsonb, after jsonb) returns text[]
    language sql immutable
    set search_path = pg_catalog, pg_temp
as $$
    select coalesce(array_agg(a.key), '{}')
    from jsonb_each(after) a
    where a.value is distinct from before -> a.key
        and a.key <> all (array['state', 'last_event', 'transition_seq', 'version', 'updated_at'])
$$;

create or replace function public.setting_integer(wanted text, fallback integer) returns integer
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce((select s.value::integer from public.setting s where s.code = wanted), fallback);
end
$$;

-- 1. Awards.
create or replace trigger award_reference before insert on public.award
    for each row execute function public.hold_reference('AWD');
create or replace trigger award_workflow_signatures before insert or update on public.award
    for each row execute function workflow.hold_signatures('draft:created_by', 'quality_check:checked_by', 'offer:offered_by',
        'accept:accepted_by', 'sign:signed_by', 'declare_complete:completion_declared_by', 'reconcile:reconciled_by',
        'close:closed_by');

-- The approvals that an award rests on: the first promise, and the uplifts of variations in effect.
create or replace function public.award_approvals(award uuid, first uuid) returns setof public.approval
    language sql stable
    set search_path = pg_catalog, pg_temp
as $$
    select p.* from public.approval p
    where p.state = 'approved' and (p.id = first or p.id in (
        select v.approval_id from public.variation v where v.award_id = award and v.state = 'in_effect'))
$$;

create or replace function public.promised(award uuid, first uuid) returns numeric
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return (select coalesce(sum(p.amount), 0) from public.award_approvals(award, first) p);
end
$$;

create or replace function public.hold_new_award() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select from public.bid b join public.round r on r.id = b.round_id join public.approval a on a.bid_id = b.id
        where b.id = new.bid_id and b.organisation_id = new.organisation_id and r.id = new.round_id
            and r.programme_id = new.programme_id and b.state = 'approved_for_offer'
            and a.id = new.approval_id and a.kind = 'award' and a.state = 'approved' and a.lapses_at > clock_timestamp()) then
        raise exception 'an award is drafted for a bid whose approval stands' using errcode = 'TS002';
    end if;
    new.amount := public.promised(new.id, new.approval_id);
    new.drafters := array[new.created_by];
    new.updated_at := now();
    return new;
end
$$;

create or replace trigger award_workflow_hold_new before insert on public.award
    for each row execute function public.hold_new_award();

-- Which columns an event, or an edit in a state, may carry.
create or replace function public.award_columns(event text, standing text) returns text[]
    language sql immutable
    set search_path = pg_catalog, pg_temp
as $$
    select case event
        when 'quality_check' then '{checked_by,agreement_number,agreement_hash}'
        when 'return' then '{reason}'
        when 'offer' then '{offered_by}'
        when 'accept' then '{accepted_by,council_decision_ref,statement_version}'
        when 'decline' then '{reason}'
        when 'sign' then '{signed_by,ggis_award_ref,evaluator_name,evaluator_due_on,protocol_due_on}'
        when 'suspend' then '{reason}'
        when 'resume' then '{reason}'
        when 'declare_complete' then '{completion_declared_by}'
        when 'reconcile' then '{reconciled_by,reconciliation_note,asset_note}'
        when 'close' then '{closed_by}'
        when 'terminate' then '{reason,recovery_amount}'
        when '' then case
            when standing = 'drafting'
                then '{draft,title,approval_id,drafted_by,ggis_award_ref,evaluator_name,evaluator_due_on,protocol_due_on}'
            when standing in ('quality_checked', 'offered', 'accepted')
                then '{ggis_award_ref,evaluator_name,evaluator_due_on,protocol_due_on}'
            when standing in ('signed_dept', 'active', 'suspended') then '{evaluator_name,evaluator_due_on}'
            else '{}' end
        else '{}' end::text[]
$$;

create or replace function public.hold_award() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
    moved boolean := new.transition_seq <> old.transition_seq;
    event text := case when new.transition_seq <> old.transition_seq then new.last_event else '' end;
    changed text[] := workflow.changed_keys(to_jsonb(old), to_jsonb(new));
begin
    new.updated_at := now();
    if event in ('offer', 'accept', 'sign') and new.agreement_hash is distinct from old.agreement_hash then
        raise exception 'the agreement changed after it was read' using errcode = 'TS011';
    end if;
    -- A variation in effect brings the next version; nobody else can.
    if not moved and changed @> '{agreement_number,agreement_hash}' and changed <@ '{agreement_number,agreement_hash}'
        and new.agreement_number = old.agreement_number + 1 and exists (
            select from public.variation v join public.agreement_version av on av.variation_id = v.id
            where v.award_id = new.id and v.state = 'in_effect' and av.number = new.agreement_number
                and av.content_hash = new.agreement_hash) then
        new.amount := public.promised(new.id, new.approval_id);
        new := public.with_version(new);
        return new;
    end if;
    if not actor.is_operator() and not changed <@ public.award_columns(event, old.state) then
        raise exception 'an award does not change like this now' using errcode = 'TS009',
            detail = 'columns: ' || array_to_string(changed, ', ');
    end if;
    if not moved and me is not null and changed <> '{}' and actor.authority() is not null then
        raise exception 'the authority does not write an award' using errcode = 'TS007';
    end if;
    if changed && '{draft,title,approval_id,drafted_by}'::text[] then
        if me is not null and new.drafted_by is distinct from me then
            raise exception 'nobody drafts for somebody else' using errcode = 'TS007';
        end if;
        if new.approval_id <> old.approval_id and not public.approval_stands(new.approval_id, new.bid_id) then
            raise exception 'the approval does not stand' using errcode = 'TS002';
        end if;
        if not new.drafted_by = any (new.drafters) then
            new.drafters := new.drafters || new.drafted_by;
        end if;
    end if;
    if new.state = 'drafting' then
        new.amount := public.promised(new.id, new.approval_id);
    end if;
    if moved then
        new := public.hold_award_event(old, new);
    end if;
    return new;
end
$$;

create or replace trigger award_workflow_hold before update on public.award
    for each row execute function public.hold_award();

create or replace function public.approval_stands(approval uuid, bid uuid) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select from public.approval a
        where a.id = approval and a.bid_id = bid and a.kind = 'award' and a.state = 'approved' and a.lapses_at > clock_timestamp());
end
$$;

-- The award with what its current version says.
create or replace function public.with_version(about public.award) returns public.award
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    v public.agreement_version;
begin
    select av.* into v from public.agreement_version av where av.award_id = about.id and av.number = about.agreement_number;
    if v.id is null or v.content_hash is distinct from about.agreement_hash then
        raise exception 'there is no such version of the agreement' using errcode = 'TS011';
    end if;
    about.instrument := v.instrument;
    about.conditionality := v.conditionality;
    about.determination_no := v.determination_no;
    about.starts_on := v.starts_on;
    about.ends_on := v.ends_on;
    about.evaluation_budget := v.evaluation_budget;
    about.categories := v.categories;
    about.indicators := v.indicators;
    return about;
end
$$;

-- What each event asks for, and the times that it sets: they are the database's to say.
create or replace function public.hold_award_event(before public.award, about public.award) returns public.award
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
    today date := public.london_today();
    bank record;
begin
    if about.last_event in ('return', 'decline', 'suspend', 'resume', 'terminate')
        and (about.reason is null or about.reason is not distinct from before.reason and before.last_event = about.last_event) then
        raise exception 'this needs its reason' using errcode = 'TS002';
    end if;
    case about.last_event
        when 'quality_check' then
            if about.checked_by = any (about.drafters) then
                raise exception 'whoever drafted an agreement does not check it' using errcode = 'TS003';
            end if;
            if about.agreement_number <> before.agreement_number + 1 then
                raise exception 'a check makes the next version' using errcode = 'TS011';
            end if;
            about := public.with_version(about);
            perform public.check_agreement(about.id, about.approval_id, about.agreement_number, about.amount);
        when 'offer' then
            perform public.refuse_suspended(about.programme_id);
            if not public.approval_stands(about.approval_id, about.bid_id)
                or about.amount <> public.promised(about.id, about.approval_id) then
                raise exception 'the approval does not stand for this sum' using errcode = 'TS002';
            end if;
            about.offered_at := now();
            about.accept_by := least(
                today + public.setting_integer('offer_acceptance_days', 30),
                (select (a.lapses_at at time zone 'Europe/London')::date from public.approval a where a.id = about.approval_id));
        when 'accept' then
            if today > about.accept_by then
                raise exception 'the offer is over' using errcode = 'TS008';
            end if;
            if about.statement_version is null or not exists (
                select from public.approval a where a.id = about.approval_id and a.state = 'approved') then
                raise exception 'acceptance needs its statement, and an approval that stands' using errcode = 'TS002';
            end if;
            select * into bank from public.bank_state(about.organisation_id);
            if bank.by_authority is not true then
                raise exception 'BANK unverified' using errcode = 'TS016',
                    detail = 'Bank details must be entered by one person of the authority and verified by another.';
            end if;
            if bank.entered_by = about.accepted_by then
                raise exception 'whoever entered the bank details does not accept' using errcode = 'TS003';
            end if;
            about.accepted_at := now();
        when 'expire' then
            if today <= about.accept_by then
                raise exception 'the offer still stands' using errcode = 'TS008';
            end if;
        when 'sign' then
            if about.ggis_award_ref is null
                or (not public.has_departed(about.id, 'evaluation') and (about.protocol_due_on is null
                    or (about.evaluator_name is null and about.evaluator_due_on is null))) then
                raise exception 'an agreement is signed when its reference and the dates of its evaluation are there'
                    using errcode = 'TS002';
            end if;
            about.signed_at := now();
        when 'activate' then
            about.activated_at := now();
        when 'suspend' then
            about.respond_by := public.after_working_days(today, public.setting_integer('suspension_response_working_days', 10));
        when 'declare_complete' then
            perform public.refuse_before_end(about.ends_on);
            about.completion_declared_at := now();
        when 'complete' then
            perform public.refuse_before_end(about.ends_on);
            if about.completion_declared_at is null
                or public.return_accepted(about.id, about.starts_on, about.ends_on) is not true then
                raise exception 'completion is declared by the authority, after its last return is accepted' using errcode = 'TS002';
            end if;
        when 'reconcile' then
            perform public.refuse_unsettled(about.id);
            if about.reconciliation_note is null or about.asset_note is null then
                raise exception 'a reconciliation says what was found' using errcode = 'TS002';
            end if;
            about.reconciled_at := now();
        when 'close' then
            perform public.refuse_unsettled(about.id);
            if about.closed_by = about.reconciled_by then
                raise exception 'whoever reconciled the accounts does not close the award' using errcode = 'TS003';
            end if;
            if about.reconciled_at is null
                or (not public.has_departed(about.id, 'evaluation') and public.final_report_submitted(about.id) is not true) then
                raise exception 'an award is closed when it is reconciled and its final report is there' using errcode = 'TS002';
            end if;
            about.closed_at := now();
        when 'terminate' then
            perform public.refuse_unsettled(about.id);
        else
            null;
    end case;
    return about;
end
$$;

create or replace function public.refuse_before_end(ends_on date) returns void
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if ends_on is null or public.london_today() <= ends_on then
        raise exception 'the funding period is not over' using errcode = 'TS008';
    end if;
end
$$;

create or replace function public.refuse_suspended(programme uuid) returns void
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from public.programme p where p.id = programme and p.state = 'suspended') then
        raise exception 'the programme is suspended: no new awards, and no payments' using errcode = 'TS002';
    end if;
end
$$;

-- Nothing is on its way to being paid.
create or replace function public.refuse_unsettled(award uuid) returns void
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select from public.claim c
        where c.award_id = award and c.state in ('submitted', 'checking', 'queried', 'verified', 'part_verified',
            'approved_for_payment', 'payment_batch')) then
        raise exception 'a claim is still in hand' using errcode = 'TS002';
    end if;
end
$$;

create or replace function public.has_departed(award uuid, wanted text) returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (select from public.agreement_departure d where d.award_id = award and d.subject = wanted);
end
$$;

-- What follows from an event: duties, the bid, money promised and given back.
create or replace function public.record_award() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    case new.last_event
        when 'offer' then
            perform actor.as_system(true);
            update public.bid b
            set state = 'offered', last_event = 'offer', transition_seq = b.transition_seq + 1, version = b.version + 1,
                updated_at = now()
            where b.id = new.bid_id;
            perform actor.as_system(false);
        when 'sign' then
            perform workflow.perform(new.bid_id, new.signed_by, 'SG');
        when 'activate' then
            perform public.commit_award(new.id, null);
        when 'close' then
            perform public.release_award(new.id);
        when 'terminate' then
            perform public.release_award(new.id);
            if new.recovery_amount > 0 then
                perform public.raise_recovery(new.id, new.recovery_amount, new.reason);
            end if;
        else
            null;
    end case;
    return null;
end
$$;

create or replace trigger award_record after update on public.award
    for each row when (new.transition_seq <> old.transition_seq) execute function public.record_award();
