-- Which changes of state may happen, which did, and which duties one person may not combine.

-- The same rows as Domain/Workflow.swift; a test keeps the two equal. Filled by sql/policies/p03_workflow_rows.sql.
create table workflow.transition (
    machine    text not null,
    from_state text not null,      -- '' where the object is created
    event      text not null,
    to_state   text not null,
    capacities text[] not null,    -- 'system' is the scheduled worker
    primary key (machine, from_state, event)
);

create table workflow.log (
    seq         bigint generated always as identity primary key,
    at          timestamptz not null default clock_timestamp(),
    machine     text not null,
    object_id   uuid not null,
    event       text not null,
    from_state  text not null,
    to_state    text not null,
    person_id   uuid,
    version     integer not null
);

create index log_object on workflow.log (object_id, seq);
create index log_machine on workflow.log (machine, to_state, at);

create trigger log_append_only before update or delete on workflow.log
    for each row execute function workflow.refuse_change();

-- One trigger for every table with a state. A transition is: transition_seq one higher, last_event named, and a row in
-- workflow.transition that the actor's capacities allow. Anything else may not touch the state.
create function workflow.guard() returns trigger
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    machine text := tg_argv[0];
    was text := case when tg_op = 'UPDATE' then old.state else '' end;
    rule workflow.transition;
begin
    if tg_op = 'UPDATE' then
        if new.version <> old.version + 1 then
            raise exception 'version of % must go up by one', tg_table_name using errcode = 'TS002';
        end if;
        if new.transition_seq = old.transition_seq then
            if new.state <> old.state or new.last_event <> old.last_event then
                raise exception '%: state changes only by an event', machine using errcode = 'TS002';
            end if;
            return new;
        end if;
        if new.transition_seq <> old.transition_seq + 1 then
            raise exception '%: one event at a time', machine using errcode = 'TS002';
        end if;
    elsif new.transition_seq <> 1 or new.version <> 1 then
        raise exception '%: an object starts at the beginning', machine using errcode = 'TS002';
    end if;

    select * into rule from workflow.transition t
    where t.machine = tg_argv[0] and t.from_state = was and t.event = new.last_event;
    if not found or rule.to_state <> new.state then
        raise exception '%: % does not lead from "%" to "%"', machine, new.last_event, was, new.state
            using errcode = 'TS002';
    end if;
    if not actor.may_act_on(rule.capacities, tg_argv[0], to_jsonb(new)) then
        raise exception '%: % is not for this actor', machine, new.last_event using errcode = 'TS007';
    end if;
    insert into workflow.log (machine, object_id, event, from_state, to_state, person_id, version)
        values (machine, new.id, new.last_event, was, new.state, actor.person_id(), new.version);
    return new;
end
$$;

create trigger person_workflow before insert or update on public.person
    for each row execute function workflow.guard('person');
create trigger delegation_workflow before insert or update on public.delegation
    for each row execute function workflow.guard('delegation');

-- Segregation of duties, by person, over the life of one award. The case is the bid that the award grew from,
-- or the programme or round where the duty concerns that.
create table workflow.duty_conflict (
    duty  text not null,
    other text not null,
    -- 'case': anywhere in the case. 'version': only for the same version of the content.
    reach text not null check (reach in ('case', 'version')),
    primary key (duty, other)
);

create table workflow.duty_performed (
    id             uuid primary key,
    case_id        uuid not null,
    person_id      uuid not null references public.person,
    duty           text not null,
    object_version integer not null default 0,
    at             timestamptz not null default clock_timestamp(),
    unique (case_id, person_id, duty, object_version)
);

create index duty_performed_case on workflow.duty_performed (case_id, person_id);

create trigger duty_performed_append_only before update or delete on workflow.duty_performed
    for each row execute function workflow.refuse_change();

create function workflow.separate_duties() returns trigger
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    clash workflow.duty_performed;
begin
    -- Two sessions of one person wait for each other here, so that neither misses the other's row.
    perform pg_advisory_xact_lock(hashtextextended(new.case_id::text || new.person_id::text, 3));
    select d.* into clash
    from workflow.duty_performed d
    join workflow.duty_conflict c on c.duty = new.duty and c.other = d.duty
    where d.case_id = new.case_id and d.person_id = new.person_id
        and (c.reach = 'case' or d.object_version = new.object_version)
    limit 1;
    if found then
        raise exception 'SOD_%_%', clash.duty, new.duty using errcode = 'TS003',
            detail = 'the same person may not perform both duties in one case';
    end if;
    return new;
end
$$;

create trigger duty_performed_separate before insert on workflow.duty_performed
    for each row execute function workflow.separate_duties();
