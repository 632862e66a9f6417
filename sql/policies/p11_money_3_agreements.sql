-- What must hold of awards, continued: what an agreement says, and how it is varied.

-- 1. A version is made in the same transaction as the step that puts it into force.
create or replace function public.hold_agreement_version() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about public.award;
begin
    select a.* into about from public.award a where a.id = new.award_id for no key update;
    new.at := now();
    if new.number is distinct from about.agreement_number + 1 then
        raise exception 'the next version of this agreement is %', about.agreement_number + 1 using errcode = 'TS009';
    end if;
    if new.content_hash <> sha256(convert_to(new.canonical || E'\n' || new.rendered, 'UTF8')) then
        raise exception 'the digest is not that of the agreement' using errcode = 'TS011';
    end if;
    if not (new.variation_id is null and about.state = 'drafting')
        and not exists (
            select from public.variation v
            where v.id = new.variation_id and v.award_id = new.award_id and v.state = 'approved'
                and about.state in ('active', 'suspended')
                and new.maximum = about.amount + v.money_delta
                and new.starts_on = coalesce(v.new_starts_on, about.starts_on)
                and new.ends_on = coalesce(v.new_ends_on, about.ends_on)) then
        raise exception 'an agreement changes by its quality check or by an approved variation, as that says' using errcode = 'TS009';
    end if;
    return new;
end
$$;

create or replace trigger agreement_version_hold before insert on public.agreement_version
    for each row execute function public.hold_agreement_version();

-- At commit it is in force: no version lies about that nobody checked.
create or replace function public.check_version_used() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from public.award a where a.id = new.award_id and a.agreement_number >= new.number) then
        raise exception 'a version of an agreement is made when it is checked' using errcode = 'TS009';
    end if;
    return null;
end
$$;

drop trigger if exists agreement_version_used on public.agreement_version;
create constraint trigger agreement_version_used after insert on public.agreement_version deferrable initially deferred
    for each row execute function public.check_version_used();

-- Its schedule and conditions come with it.
create or replace function public.hold_agreement_part() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select from public.agreement_version v join public.award a on a.id = v.award_id
        where v.award_id = new.award_id and v.number = new.agreement_number and v.number > a.agreement_number
            and v.at = now() and (actor.is_operator() or v.made_by = actor.person_id())) then
        raise exception 'a schedule and its conditions come with their agreement' using errcode = 'TS009';
    end if;
    if tg_argv[0] = 'instalment' then
        new.financial_year := public.financial_year(new.due_on);
    end if;
    return new;
end
$$;

create or replace trigger instalment_hold before insert on public.instalment
    for each row execute function public.hold_agreement_part('instalment');
create or replace trigger award_condition_hold before insert on public.award_condition
    for each row execute function public.hold_agreement_part('condition');

-- 2. What an agreement must hold before anybody is bound by it. Clauses, or a departure; payments that come to the award in
-- each year; and the evaluation's hold on them.
create or replace function public.check_agreement(award uuid, first uuid, number integer, amount numeric) returns void
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    v public.agreement_version;
    clause text;
    evaluated boolean := not public.has_departed(award, 'evaluation');
    first_position integer;
    final public.instalment;
begin
    select av.* into v from public.agreement_version av where av.award_id = award and av.number = check_agreement.number;
    foreach clause in array array['duration_purpose', 'payment', 'eligible_expenditure', 'annual_review', 'monitoring_reporting',
            'audit_assurance', 'fraud_irregularity', 'conflicts_of_interest', 'evaluation', 'data_access', 'publication',
            'withholding_repayment', 'novation'] loop
        if not clause = any (v.clauses) and not public.has_departed(award, clause) then
            raise exception 'CLAUSE %', clause using errcode = 'TS009',
                detail = 'The agreement lacks the clause ' || replace(clause, '_', ' ') || ', and nobody recorded a departure from it.';
        end if;
    end loop;
    -- The clause may be in although a departure was once allowed.
    evaluated := evaluated or 'evaluation' = any (v.clauses);
    if v.maximum <> amount
        or amount is distinct from (select sum(i.amount) from public.instalment i where i.award_id = award and i.agreement_number = number)
        or exists (
            select from (
                select i.financial_year, i.kind, i.amount from public.instalment i
                where i.award_id = award and i.agreement_number = number
                union all
                select y.financial_year, y.kind, -y.amount
                from public.award_approvals(award, first) p
                join public.approval_year y on y.approval_id = p.id and y.content_hash = p.content_hash) as x
            group by x.financial_year, x.kind having sum(x.amount) <> 0) then
        raise exception 'the instalments of each year come to what was approved for it' using errcode = 'TS006';
    end if;
    if not evaluated then
        return;
    end if;
    select min(i.position) into first_position from public.instalment i where i.award_id = award and i.agreement_number = number;
    select i.* into final from public.instalment i
    where i.award_id = award and i.agreement_number = number order by i.position desc limit 1;
    if final.milestone <> 'final_report_accepted' or exists (
        select from public.instalment i
        where i.award_id = award and i.agreement_number = number and i.position > first_position and i.milestone = 'none') then
        raise exception 'GATE schedule' using errcode = 'TS012',
            detail = 'Instalments after the first wait for an approved protocol, and the last waits for the accepted final report.';
    end if;
    if final.amount * 100 < amount * public.setting_integer('retention_percent', 10) and not public.has_departed(award, 'retention') then
        raise exception 'GATE schedule' using errcode = 'TS012',
            detail = 'The last instalment holds back too small a part of the award.';
    end if;
end
$$;

-- 3. Departures, and whether conditions are met.
create or replace function public.hold_departure() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    about public.award;
begin
    select a.* into about from public.award a where a.id = new.award_id for no key update;
    if about.state not in ('drafting', 'active', 'suspended') then
        raise exception 'a departure is allowed before the agreement that needs it is checked' using errcode = 'TS009';
    end if;
    if new.approved_by = any (about.drafters) then
        raise exception 'whoever drafted an agreement allows no departure in it' using errcode = 'TS003';
    end if;
    new.at := now();
    return new;
end
$$;

create or replace trigger agreement_departure_hold before insert on public.agreement_departure
    for each row execute function public.hold_departure();

create or replace function public.hold_finding() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select from public.award a
        join public.award_condition c on c.award_id = a.id and c.agreement_number = a.agreement_number
        where a.id = new.award_id and c.code = new.code) then
        raise exception 'the agreement has no such condition' using errcode = 'TS009';
    end if;
    return new;
end
$$;

create or replace trigger condition_finding_hold before insert on public.condition_finding
    for each row execute function public.hold_finding();

-- 4. Variations.
create or replace trigger variation_reference before insert on public.variation
    for each row execute function public.hold_reference('VAR');
create or replace trigger variation_workflow_signatures before insert or update on public.variation
    for each row execute function workflow.hold_signatures('draft:created_by', 'submit:requested_by', 'assess:assessed_by',
        'approve:approved_by');

create or replace function public.hold_variation() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
    about public.award;
    changed text[];
    allowed text[];
begin
    select a.* into about from public.award a where a.id = new.award_id;
    new.updated_at := now();
    if tg_op = 'INSERT' then
        if about.state not in ('active', 'suspended')
            or (new.bid_id, new.programme_id, new.organisation_id) is distinct from (about.bid_id, about.programme_id, about.organisation_id) then
            raise exception 'what is varied is an agreement in force' using errcode = 'TS002';
        end if;
        return new;
    end if;
    changed := workflow.changed_keys(to_jsonb(old), to_jsonb(new));
    allowed := case
        when new.transition_seq = old.transition_seq and old.state = 'draft'
            then '{reason,money_delta,new_starts_on,new_ends_on,effective_on,schedule,before,after}'
        when new.transition_seq = old.transition_seq then '{}'
        when new.last_event = 'submit' then '{requested_by,before,after}'
        when new.last_event = 'assess' then '{assessed_by,assessment}'
        when new.last_event = 'approve' then '{approved_by,decision_reason,approval_id}'
        when new.last_event in ('reject', 'withdraw') then '{decision_reason}'
        else '{}' end::text[];
    if not actor.is_operator() and not changed <@ allowed then
        raise exception 'a variation does not change like this now' using errcode = 'TS009',
            detail = 'columns: ' || array_to_string(changed, ', ');
    end if;
    if new.transition_seq <> old.transition_seq then
        new := public.hold_variation_event(new, about);
    end if;
    return new;
end
$$;

create or replace trigger variation_workflow_hold before insert or update on public.variation
    for each row execute function public.hold_variation();

create or replace function public.hold_variation_event(new public.variation, about public.award) returns public.variation
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
    today date := public.london_today();
begin
    case new.last_event
        when 'submit' then
            if new.effective_on is null or length(new.reason) < 20
                or (new.kind = 'dates' and new.new_starts_on is null and new.new_ends_on is null) then
                raise exception 'a variation says what changes, why, and from when' using errcode = 'TS002';
            end if;
            new.requested_at := now();
            new.retrospective := new.effective_on < today;
            new.decide_by := public.after_working_days(today, public.setting_integer('variation_working_days', 20));
        when 'assess' then
            if new.assessed_by in (new.requested_by, new.created_by) then
                raise exception 'whoever asks for a variation does not assess it' using errcode = 'TS003';
            end if;
            if new.assessment is null then
                raise exception 'an assessment says what was found' using errcode = 'TS002';
            end if;
        when 'approve' then
            if new.approved_by in (new.requested_by, new.created_by, new.assessed_by) then
                raise exception 'whoever asks for or assesses a variation does not approve it' using errcode = 'TS003';
            end if;
            if new.kind = 'money_up' and not exists (
                select from public.approval p
                where p.id = new.approval_id and p.bid_id = new.bid_id and p.kind = 'uplift' and p.state = 'approved'
                    and p.amount = new.money_delta and p.lapses_at > clock_timestamp()) then
                raise exception 'more money needs its own approval, of exactly that sum, on the whole life' using errcode = 'TS005';
            elsif new.kind <> 'money_up' and new.approval_id is not null then
                raise exception 'only more money rests on an approval' using errcode = 'TS009';
            end if;
        when 'reject', 'withdraw' then
            if new.decision_reason is null then
                raise exception 'this needs its reason' using errcode = 'TS002';
            end if;
            if new.last_event = 'reject' and me in (new.requested_by, new.created_by, new.assessed_by) then
                raise exception 'whoever asks for or assesses a variation does not decide it' using errcode = 'TS003';
            end if;
        when 'take_effect' then
            if about.state not in ('active', 'suspended') or not exists (
                select from public.agreement_version v
                where v.variation_id = new.id and v.number = about.agreement_number + 1) then
                raise exception 'a variation takes effect with the next version of the agreement' using errcode = 'TS002';
            end if;
        else
            null;
    end case;
    return new;
end
$$;

-- In effect: the next version is in force, its money promised; what was claimed stays as it was.
create or replace function public.record_variation() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    v public.agreement_version;
begin
    select av.* into v from public.agreement_version av where av.variation_id = new.id;
    if exists (
        select from public.claim c
        join public.award a on a.id = c.award_id
        join public.instalment was on was.award_id = a.id and was.agreement_number = a.agreement_number and was.position = c.position
        left join public.instalment i on i.award_id = a.id and i.agreement_number = v.number and i.position = c.position
        where c.award_id = new.award_id and c.state not in ('rejected', 'reversed')
            and (i.id is null or (i.amount, i.kind, i.due_on, i.milestone) is distinct from (was.amount, was.kind, was.due_on, was.milestone))) then
        raise exception 'instalments that were claimed stay as they are' using errcode = 'TS009';
    end if;
    perform workflow.perform(new.bid_id, actor.person_id(), 'SG');
    update public.award a
    set agreement_number = v.number, agreement_hash = v.content_hash, version = a.version + 1
    where a.id = new.award_id;
    perform public.check_agreement(a.id, a.approval_id, v.number, a.amount) from public.award a where a.id = new.award_id;
    perform public.commit_award(new.award_id, new.id);
    return null;
end
$$;

create or replace trigger variation_record after update on public.variation
    for each row when (new.last_event = 'take_effect' and new.transition_seq <> old.transition_seq)
    execute function public.record_variation();
