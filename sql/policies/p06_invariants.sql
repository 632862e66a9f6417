-- What must hold whoever writes, beyond states and rows: signatures, frozen content, separate duties, money. Domain decides
-- the same and says it better; this holds when something else writes with the application's password and a live session.
--
-- Triggers fire in order of name: those named …_workflow_… run after workflow.guard, so that whoever may not act learns nothing
-- else. The operator on the host (the owner's login, no credential) may set times and limits; duties, keys and budgets bind it too.

-- 1. Duties are recorded by the act itself, so that no path avoids the ledger. The service may record them as well.
create or replace function workflow.perform(in_case uuid, person uuid, what text, object_version integer default 0) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if person is not null and not exists (
        select from workflow.duty_performed d
        where d.case_id = in_case and d.person_id = person and d.duty = what and d.object_version = perform.object_version) then
        insert into workflow.duty_performed (id, case_id, person_id, duty, object_version)
        values (public.uuid7(), in_case, person, what, perform.object_version)
        on conflict do nothing;
    end if;
end
$$;

-- Refuses, without recording anything, what the ledger of the case excludes for this person.
create or replace function workflow.refuse_duty(in_case uuid, person uuid, what text) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    clash text;
begin
    select d.duty into clash
    from workflow.duty_performed d
    join workflow.duty_conflict c on c.duty = what and c.other = d.duty and c.reach = 'case'
    where d.case_id = in_case and d.person_id = person
    limit 1;
    if found then
        raise exception 'SOD_%_%', clash, what using errcode = 'TS003',
            detail = 'the same person may not perform both duties in one case';
    end if;
end
$$;

-- 2. Who signs is who acts. Arguments: event:column. On that event the column names the actor; at other times it stays or
-- is cleared.
create or replace function workflow.hold_signatures() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me text := actor.person_id();
    pair text;
    signer text;
    before text;
begin
    if actor.is_operator() or actor.is_system() then
        return new;
    end if;
    foreach pair in array tg_argv loop
        signer := to_jsonb(new) ->> split_part(pair, ':', 2);
        before := case when tg_op = 'UPDATE' then to_jsonb(old) ->> split_part(pair, ':', 2) end;
        if new.last_event = split_part(pair, ':', 1)
            and (tg_op = 'INSERT' or new.transition_seq <> old.transition_seq) then
            if signer is distinct from me then
                raise exception '% is signed by whoever does it', new.last_event using errcode = 'TS007';
            end if;
        elsif signer is distinct from before and signer is not null and signer is distinct from me then
            raise exception 'nobody signs for somebody else' using errcode = 'TS007';
        end if;
    end loop;
    return new;
end
$$;

create or replace trigger programme_workflow_signatures before insert or update on public.programme
    for each row execute function workflow.hold_signatures('create:created_by');
create or replace trigger round_workflow_signatures before insert or update on public.round
    for each row execute function workflow.hold_signatures('create:created_by');
create or replace trigger appraisal_workflow_signatures before insert or update on public.appraisal
    for each row execute function workflow.hold_signatures('assign:assigned_by');
create or replace trigger approval_workflow_signatures before insert or update on public.approval
    for each row execute function workflow.hold_signatures('prepare:prepared_by', 'revise:prepared_by', 'clear:cleared_by');
create or replace trigger delegation_workflow_signatures before insert or update on public.delegation
    for each row execute function workflow.hold_signatures('propose:proposed_by', 'activate:activated_by');

-- References come from the sequence: a number that was not given out yet cannot be taken.
create or replace function public.hold_reference() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    given bigint;
begin
    execute 'select last_value from ' || public.reference_sequence(tg_argv[0]) into given;
    if new.reference !~ ('^' || tg_argv[0] || '-20\d{2}-\d{4,9}$') or split_part(new.reference, '-', 3)::bigint > given then
        raise exception 'references are given out by next_reference' using errcode = 'TS009';
    end if;
    return new;
end
$$;

create or replace trigger programme_reference before insert on public.programme
    for each row execute function public.hold_reference('PRG');
create or replace trigger round_reference before insert on public.round
    for each row execute function public.hold_reference('RND');
create or replace trigger bid_reference before insert on public.bid
    for each row execute function public.hold_reference('BID');
create or replace trigger approval_reference before insert on public.approval
    for each row execute function public.hold_reference('APR');

-- 3. People keep no account of their own; what was ended stays ended.
create or replace function public.hold_person() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if actor.is_operator() or actor.is_system() then
        return new;
    end if;
    if new.transition_seq <> old.transition_seq and new.id = actor.person_id() then
        raise exception 'nobody does this to their own account' using errcode = 'TS007';
    end if;
    if new.is_contractor <> old.is_contractor and not auth.keeps(new.id) then
        raise exception 'this is for whoever keeps the account' using errcode = 'TS007';
    end if;
    return new;
end
$$;

create or replace trigger person_workflow_hold before update on public.person
    for each row execute function public.hold_person();

create or replace function public.hold_capacity() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if new.version <> old.version + 1 then
        raise exception 'version of % must go up by one', tg_table_name using errcode = 'TS002';
    end if;
    if old.valid_to is not null and (new.valid_to is null or new.valid_to > old.valid_to) then
        raise exception 'a capacity that ends is not prolonged: grant it again' using errcode = 'TS009';
    end if;
    return new;
end
$$;

-- What a capacity is limited to must be there.
create or replace function public.hold_capacity_scope() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if new.scope_kind is not null and not (case new.scope_kind
        when 'programme' then exists (select from public.programme x where x.id = new.scope_id)
        when 'round' then exists (select from public.round x where x.id = new.scope_id)
        when 'bid' then exists (select from public.bid x where x.id = new.scope_id)
        else exists (select from public.organisation x where x.id = new.scope_id) end) then
        raise exception 'nothing has the id that the capacity is limited to'
            using errcode = 'foreign_key_violation', constraint = 'capacity_scope';
    end if;
    return new;
end
$$;

create or replace trigger capacity_scope before insert on public.capacity
    for each row execute function public.hold_capacity_scope();

create or replace trigger capacity_hold before update on public.capacity
    for each row execute function public.hold_capacity();

-- 4. Programmes. Content is the officer's until it is submitted; afterwards only what later steps add.
create or replace function public.hold_programme() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
    loose text[] := array['state', 'last_event', 'transition_seq', 'version', 'ggis_scheme_ref', 'sor_id',
                           'fra_residual', 'fra_next_review', 'cgap_status', 'cgap_ref'];
    total numeric;
begin
    if old.state <> 'draft' and not actor.is_operator() and to_jsonb(new) - loose <> to_jsonb(old) - loose then
        raise exception 'a programme is changed only while it is a draft' using errcode = 'TS009';
    end if;
    if not actor.is_operator() and new.sor_id is distinct from old.sor_id and old.state <> 'draft'
        and (new.sor_id = me or not public.holds_today(new.sor_id, 'senior_officer_responsible')) then
        raise exception 'a programme passes to another senior officer, by somebody else' using errcode = 'TS007';
    end if;
    if new.transition_seq <> old.transition_seq and new.last_event = 'submit' and me is not null
        and (new.sor_id is null or not public.holds_today(new.sor_id, 'senior_officer_responsible')
            or not exists (select from public.programme_aim a where a.programme_id = new.id)
            or not exists (select from public.budget_line b where b.programme_id = new.id)) then
        raise exception 'a programme needs its senior officer, its aims and its budget' using errcode = 'TS002';
    end if;
    if new.transition_seq = old.transition_seq or me is null or new.last_event not in ('approve', 'reject', 'return') then
        return new;
    end if;
    if me in (new.created_by, new.sor_id) or me = (
        select l.person_id from workflow.log l
        where l.object_id = new.id and l.event = 'submit' order by l.seq desc limit 1) then
        raise exception 'whoever wrote, submitted or answers for a programme does not rule on it' using errcode = 'TS003';
    end if;
    if new.last_event = 'approve' and (new.consent_ref is null or new.consent_on > public.london_today()) then
        select coalesce(sum(b.amount), 0) into total from public.budget_line b where b.programme_id = new.id;
        if new.ncr_novel is not false or new.ncr_contentious is not false or new.ncr_repercussive is not false
            or not exists (
                select from public.delegation d
                where d.person_id = me and d.state = 'active' and 'programme' = any (d.categories)
                    and d.max_amount >= total and public.london_today() between d.valid_from and d.valid_to) then
            raise exception 'this is above the delegated limit, or needs consent first' using errcode = 'TS005';
        end if;
    end if;
    return new;
end
$$;

create or replace trigger programme_workflow_hold before update on public.programme
    for each row execute function public.hold_programme();

create or replace function public.keep_programme_frozen() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform 1 from public.programme p
    where p.id = coalesce(new.programme_id, old.programme_id) and p.state = 'draft' for update;
    if not found then
        raise exception 'aims and budget are frozen once the programme is submitted' using errcode = 'TS009';
    end if;
    return coalesce(new, old);
end
$$;

create or replace trigger programme_aim_frozen before insert or update or delete on public.programme_aim
    for each row execute function public.keep_programme_frozen();
create or replace trigger budget_line_frozen before insert or update or delete on public.budget_line
    for each row execute function public.keep_programme_frozen();

-- 5. Rounds.
create or replace function public.hold_round() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
    moved boolean := new.transition_seq <> old.transition_seq;
    loose text[] := array['state', 'last_event', 'transition_seq', 'version'];
begin
    if actor.is_operator() then
        return new;
    end if;
    if moved and new.last_event = 'approve' then
        loose := loose || 'frozen_hash'::text;
        if me = new.created_by then
            raise exception 'whoever wrote a round does not approve it' using errcode = 'TS003';
        end if;
        if new.frozen_hash is null or new.opens_at is null or new.closes_at is null
            or (select coalesce(sum(c.weight), 0) from public.criterion c where c.round_id = new.id) <> 100 then
            raise exception 'a round needs its times, and criteria whose weights sum to 100' using errcode = 'TS002';
        end if;
    elsif moved and new.last_event = 'extend' then
        loose := loose || 'closes_at'::text;
        if new.closes_at <= old.closes_at or clock_timestamp() >= old.closes_at then
            raise exception 'a round is prolonged before it closes, to a later time' using errcode = 'TS008';
        end if;
    elsif moved and new.last_event = 'begin_appraisal' and exists (
        select from public.bid b
        where b.round_id = new.id and b.state = 'eligible' and (
            select count(*) filter (where a.kind = 'appraiser') < 2 or count(*) filter (where a.kind = 'what_works') < 1
            from public.appraisal a where a.bid_id = b.id)) then
        raise exception 'each eligible bid needs two appraisers and a What Works scorer' using errcode = 'TS002';
    elsif moved and new.last_event = 'decide' and exists (
        select from public.bid b
        where b.round_id = new.id and b.state in ('submitted', 'eligibility_check', 'eligible', 'appraised')) then
        raise exception 'every bid of the round must be decided first' using errcode = 'TS002';
    elsif moved and new.last_event = 'decide' and exists (
        select from public.bid b join workflow.duty_performed d on d.case_id = b.id
        where b.round_id = new.id and d.person_id = me and d.duty = 'AP') then
        raise exception 'whoever appraised a bid of the round does not decide it' using errcode = 'TS003';
    end if;
    if moved and ((new.last_event = 'open' and clock_timestamp() < new.opens_at)
        or (new.last_event = 'close' and clock_timestamp() < new.closes_at)) then
        raise exception 'the time has not come' using errcode = 'TS008';
    end if;
    if (old.state <> 'draft' or moved) and to_jsonb(new) - loose <> to_jsonb(old) - loose then
        raise exception 'a round is changed only while it is a draft' using errcode = 'TS009';
    end if;
    return new;
end
$$;

create or replace trigger round_workflow_hold before update on public.round
    for each row execute function public.hold_round();

-- 6. Appraisals: by people who may score, each their own, quality-checked by another.
create or replace function public.hold_appraisal() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    me uuid := actor.person_id();
begin
    if tg_op = 'INSERT' then
        if not public.holds_today(new.appraiser_id, case new.kind when 'what_works' then 'reviewer' else 'appraiser' end) then
            raise exception 'this person may not score that' using errcode = 'TS007';
        end if;
        perform workflow.refuse_duty(new.bid_id, new.appraiser_id, 'AP');
        return new;
    end if;
    if me is null then
        return new;
    end if;
    if new.transition_seq <> old.transition_seq and (me = new.appraiser_id) <> (new.last_event in ('begin', 'submit', 'resume')) then
        raise exception 'an appraisal is done by its appraiser and checked by somebody else' using errcode = 'TS007';
    end if;
    if new.transition_seq <> old.transition_seq and new.last_event = 'submit' and exists (
        select from public.bid b join public.criterion c on c.round_id = b.round_id
        where b.id = new.bid_id and c.scorer = new.kind and coalesce((
            select s.value is null or length(s.rationale) < 50 from public.score s
            where s.appraisal_id = new.id and s.criterion_id = c.id
            order by s.recorded_at desc, s.id desc limit 1), true)) then
        raise exception 'every criterion needs a score and its reason' using errcode = 'TS002';
    end if;
    if new.due_on <> old.due_on and me = new.appraiser_id then
        raise exception 'nobody moves their own due date' using errcode = 'TS007';
    end if;
    return new;
end
$$;

create or replace trigger appraisal_workflow_hold before insert or update on public.appraisal
    for each row execute function public.hold_appraisal();

create or replace function public.record_appraisal() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform workflow.perform(new.bid_id, new.appraiser_id, 'AP');
    return null;
end
$$;

create or replace trigger appraisal_record after update on public.appraisal
    for each row when (new.last_event = 'submit' and new.transition_seq <> old.transition_seq)
    execute function public.record_appraisal();

-- For triggers and doors only.
revoke execute on all functions in schema workflow from public, touchstone_app, touchstone_worker, touchstone_reader;
