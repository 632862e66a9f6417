-- Every state × event of every machine: what is not in the table is refused, and what is in it only its capacities may do.
begin;
\ir fixture.psql
select no_plan();

select probe.add_approval('award', 'bid1', 90000);
create temp table machine (machine text, relation text, object text);
insert into machine values ('programme', 'public.programme', 'programme'), ('round', 'public.round', 'round.open'), ('bid', 'public.bid', 'bid1'),
    ('appraisal', 'public.appraisal', 'ap.bid1.1'), ('approval', 'public.approval', 'award'), ('person', 'public.person', 'officer2'),
    ('delegation', 'public.delegation', 'limit.approver');

-- Puts an object into a state as nobody can: without its triggers.
create function probe.put(relation text, object text, wanted text) returns void language plpgsql as $$
begin
    set local session_replication_role = replica;
    execute format('update %s set state = %L where id = %L', relation, wanted, probe.id(object));
    set local session_replication_role = origin;
end $$;

-- As the operator, who holds every capacity: only the table stands in the way.
create function probe.unlawful(which text) returns setof text language plpgsql as $$
declare
    m machine;
    was record;
    e record;
    answer text;
    lawful text;
begin
    select * into m from machine where machine.machine = which;
    for was in select distinct s from (select from_state as s from workflow.transition t where t.machine = which union select to_state from workflow.transition t where t.machine = which) x where s <> '' loop
        perform probe.put(m.relation, m.object, was.s);
        for e in select distinct event, to_state from workflow.transition t where t.machine = which
            union select 'invented', (select min(to_state) from workflow.transition t where t.machine = which) loop
            lawful := (select to_state from workflow.transition t where t.machine = which and t.from_state = was.s and t.event = e.event);
            answer := probe.try(null, probe.move_sql(m.relation, m.object, e.event, e.to_state), 'touchstone_owner');
            if lawful is distinct from e.to_state and answer <> 'TS002' then
                return next format('%s: %s from %s to %s: %s', which, e.event, was.s, e.to_state, answer);
            end if;
        end loop;
    end loop;
end $$;

create function probe.pairs(which text) returns integer language sql as $$
    select (select count(distinct s)::integer from (select from_state as s from workflow.transition where machine = which union select to_state from workflow.transition where machine = which) x where s <> '')
        * (select count(distinct event)::integer from workflow.transition where machine = which) $$;

select is_empty(format('select probe.unlawful(%L)', machine), machine || ': every state × event that is not in the table is refused (' || probe.pairs(machine) || ' pairs)')
from machine order by machine;

-- With a session, for each transition: whoever lacks its capacities is refused.
create function probe.out_of_capacity(which text) returns setof text language plpgsql as $$
declare
    m machine;
    t workflow.transition;
    who text;
    answer text;
begin
    select * into m from machine where machine.machine = which;
    for t in select * from workflow.transition x where x.machine = which and x.from_state <> '' loop
        perform probe.put(m.relation, m.object, t.from_state);
        for who in select k.key from probe.known k join public.person p on p.id = k.id
            where p.state = 'active' and k.key <> m.object and not exists (
                select from public.capacity c where c.person_id = p.id and c.code = any (t.capacities)) loop
            answer := probe.try(who, probe.move_sql(m.relation, m.object, t.event, t.to_state));
            if answer not in ('0', '42501', 'TS007') then
                return next format('%s %s by %s: %s', which, t.event, who, answer);
            end if;
        end loop;
    end loop;
end $$;
select is_empty(format('select probe.out_of_capacity(%L)', machine), machine || ': nobody acts outside their capacities') from machine order by machine;

-- Back to where they were.
select probe.put('public.round', 'round.open', 'open');
select probe.put('public.person', 'officer2', 'active');

-- Nothing else moves a state.
select probe.put('public.bid', 'draft1', 'draft');
select is(probe.try('editor1', format('update public.bid set state = ''submitted'', version = version + 1 where id = %L', probe.id('draft1'))), 'TS002', 'a state without an event');
select is(probe.try('editor1', format('update public.bid set last_event = ''submit'', version = version + 1 where id = %L', probe.id('draft1'))), 'TS002', 'an event without a step');
select is(probe.try('editor1', format('update public.bid set title = ''x'', version = version + 2 where id = %L', probe.id('draft1'))), 'TS002', 'a version that skips');
select is(probe.try('editor1', format('update public.bid set title = ''x'', version = version where id = %L', probe.id('draft1'))), 'TS002', 'a stale version');
select is(probe.try('editor1', format('update public.bid set title = ''x'', version = version + 1 where id = %L', probe.id('draft1'))), '1', 'an edit');
select is(probe.try('editor1', format('update public.bid set transition_seq = transition_seq + 2, last_event = ''send_for_certification'', state = ''in_certification'', version = version + 1 where id = %L', probe.id('draft1'))), 'TS002', 'two steps at once');
select is(probe.try('editor1', format($$ insert into public.bid (id, reference, round_id, organisation_id, title, created_by, state, last_event) values (gen_random_uuid(), public.next_reference('BID'), %L, %L, 'x', %L, 'submitted', 'submit') $$,
    probe.id('round.open'), probe.id('la1'), probe.id('editor1'))), 'TS002', 'an object does not start in the middle');
select is(probe.try('editor1', format($$ insert into workflow.log (machine, object_id, event, from_state, to_state, version) values ('bid', %L, 'submit', 'draft', 'submitted', 1) $$, probe.id('draft1'))), '42501', 'nobody writes the log');
select results_eq(format($$ select event, from_state, to_state, person_id from workflow.log where object_id = %L order by seq $$, probe.id('sealed1')),
    $$ values ('start', '', 'draft', null::uuid), ('send_for_certification', 'draft', 'in_certification', null), ('submit', 'in_certification', 'submitted', null) $$, 'the log is written by the change');

-- Times are the database's.
select is(probe.act('editor1', probe.move_sql('public.bid', 'draft1', 'send_for_certification', 'in_certification')), '1', 'sent');
select is(probe.try('certifier1', probe.move_sql('public.bid', 'draft1', 'submit', 'submitted', format('content_version = 1, content_hash = sha256(''x''), certified_by = %L', probe.id('certifier1')))), '1', 'submitted in time');
select is(probe.try('certifier1', probe.move_sql('public.bid', 'draft1', 'submit', 'submitted', format('content_version = 1, content_hash = sha256(''x''), certified_by = %L', probe.id('both1')))), 'TS009', 'not in another''s name');
select is(probe.try('certifier1', probe.move_sql('public.bid', 'draft1', 'submit', 'submitted', format('content_version = 3, content_hash = sha256(''x''), certified_by = %L', probe.id('certifier1')))), 'TS009', 'not as any version');
select is(probe.try('certifier1', probe.move_sql('public.bid', 'draft1', 'submit', 'submitted', format('content_version = 1, content_hash = sha256(''x''), certified_by = %L', probe.id('certifier1'))) || '; set constraints all immediate'), 'TS009', 'not without its text');
select probe.put('public.round', 'round.open', 'open');
select probe.operate(format('update public.round set closes_at = clock_timestamp() - interval ''1 millisecond'', version = version + 1 where id = %L', probe.id('round.open')));
select is(probe.try('certifier1', probe.move_sql('public.bid', 'draft1', 'submit', 'submitted', format('content_version = 1, content_hash = sha256(''x''), certified_by = %L', probe.id('certifier1')))), 'TS008', 'a millisecond late is late');
select is(probe.try('officer', probe.move_sql('public.bid', 'sealed1', 'check', 'eligibility_check')), '0', 'nothing is opened before the round is closed');
select is(probe.try(null, probe.move_sql('public.round', 'round.open', 'close', 'closed'), 'touchstone_worker', false), '1', 'the clock closes the round');
select is(probe.try(null, probe.move_sql('public.bid', 'draft1', 'expire', 'not_submitted'), 'touchstone_worker', false), '1', 'and ends what was not submitted');
select is(probe.try(null, probe.move_sql('public.bid', 'sealed1', 'check', 'eligibility_check'), 'touchstone_worker'), '0', 'and nothing else');
select is(probe.try(null, probe.move_sql('public.round', 'round.closed', 'begin_appraisal', 'appraising'), 'touchstone_worker'), '0', 'nor does it begin an appraisal');
select is(probe.act('officer', probe.move_sql('public.bid', 'sealed1', 'check', 'eligibility_check')), '1', 'now it may be opened');
select is(probe.try('officer', probe.move_sql('public.bid', 'sealed1', 'find_ineligible', 'ineligible')), 'a second officer finds a bid ineligible', 'whoever checks does not rule it out');
select is(probe.try('officer2', probe.move_sql('public.bid', 'sealed1', 'find_ineligible', 'ineligible')), '1', 'another officer does');

-- Frozen content.
select is(probe.try('officer', format('update public.round set budget = 5, version = version + 1 where id = %L', probe.id('round.closed'))), 'TS009', 'a round does not change after its approval');
select is(probe.try('officer', format('delete from public.criterion where round_id = %L', probe.id('round.closed'))), 'TS009', 'nor do its criteria');
select is(probe.try('officer', format('update public.programme set title = ''x'', version = version + 1 where id = %L', probe.id('programme'))), 'TS009', 'nor a programme') from (select probe.put('public.programme', 'programme', 'open')) x;
select is(probe.try('officer', format('update public.budget_line set amount = amount * 2 where programme_id = %L', probe.id('programme'))), 'TS009', 'nor its budget');
select is(probe.try('editor1', format('update public.bid set title = ''x'', version = version + 1 where id = %L', probe.id('bid1'))), 'TS009', 'nor a submitted bid') from (select probe.put('public.bid', 'bid1', 'eligible')) x;
select is(probe.try('editor1', format('update public.bid_section set content = ''{}'', version = version + 1, edited_by = %2$L where bid_id = %1$L', probe.id('bid1'), probe.id('editor1'))), 'TS009', 'nor its sections');
select is(probe.try('certifier1', format($$ insert into public.bid_version values (%L, 2, '{}', sha256('y'), '1', %L) $$, probe.id('bid1'), probe.id('certifier1'))), 'TS009', 'nor is there another version');
select is(probe.try('certifier1', format($$ insert into public.bid_cost_line values (%L, 9, 1, 'staff', '2026-27', 1, false, false) $$, probe.id('bid1'))), 'TS009', 'nor figures for it');

-- Programmes and rounds are ruled on by others than those who made them.
select probe.put('public.programme', 'programme', 'in_approval');
select is(probe.try('approver2', probe.move_sql('public.programme', 'programme', 'approve', 'approved')), '1', 'an approver within limits');
select is(probe.try('approver', probe.move_sql('public.programme', 'programme', 'approve', 'approved')), 'TS005', 'not above them');
select is(probe.try('approver', probe.move_sql('public.programme', 'programme', 'approve', 'approved', 'consent_ref = ''HMT-1'', consent_on = current_date')), 'TS009', 'nor with a consent that they write themselves');
select probe.operate(format('update public.programme set consent_ref = ''HMT-1'', consent_on = public.london_today() + 1, version = version + 1 where id = %L', probe.id('programme')));
select is(probe.try('approver', probe.move_sql('public.programme', 'programme', 'approve', 'approved')), 'TS005', 'nor with a consent of tomorrow');
select probe.operate(format('update public.programme set consent_on = public.london_today(), version = version + 1 where id = %L', probe.id('programme')));
select is(probe.try('approver', probe.move_sql('public.programme', 'programme', 'approve', 'approved')), '1', 'unless consent is there');
select probe.operate(format('update public.programme set consent_ref = null, consent_on = null, version = version + 1 where id = %L', probe.id('programme')));
select probe.operate(format('update public.programme set ncr_contentious = true, version = version + 1 where id = %L', probe.id('programme')));
select is(probe.try('approver2', probe.move_sql('public.programme', 'programme', 'approve', 'approved')), 'TS005', 'contentious spend needs consent whatever the sum');
select probe.operate(format('update public.programme set ncr_contentious = false, sor_id = %L, version = version + 1 where id = %L', probe.id('approver2'), probe.id('programme')));
select matches(probe.try('approver2', probe.move_sql('public.programme', 'programme', 'approve', 'approved')), 'does not rule', 'not by who answers for it');

select * from finish();
rollback;
