-- Who sees which row (spec/visibility.md), as each role, and who may write where.
begin;
\ir fixture.psql
select no_plan();

-- What each person sees of each table, by the keys of the fixture. One row, one answer.
create function probe.sees(who text, relation text, filter text default 'true') returns text language sql as $$
    select coalesce(probe.value(who, format(
        'select string_agg(k.key, '' '' order by k.key) from %s t join probe.known k on k.id = t.id where %s', relation, filter)), '') $$;

select is(probe.sees(who, 'public.bid'), expected, who || ' sees bids: ' || expected)
from (values
    ('editor1', 'bid1 draft1 sealed1'), ('certifier1', 'bid1 draft1 sealed1'), ('reader1', 'bid1 draft1 sealed1'),
    ('editor2', 'bid2 draft2 missed2'), ('certifier2', 'bid2 draft2 missed2'),
    ('officer', 'bid1 bid2'), ('finance', 'bid1 bid2'), ('approver', 'bid1 bid2'), ('sor', 'bid1 bid2'), ('appraiser1', 'bid1 bid2'),
    ('idle', 'bid1 bid2'), ('officer.dep2', ''), ('reviewer', 'bid1'), ('reviewer2', ''), ('admin', ''),
    ('auditor', 'bid1 bid2 draft1 draft2 missed2 sealed1')) v (who, expected);

-- What bids say.
create function probe.reads(who text) returns text language sql as $$
    select coalesce(probe.value(who, $f$ select string_agg(k.key || ':' || sections, ' ' order by k.key) from (
        select bid_id, string_agg(section, ',' order by section) as sections from public.bid_section group by bid_id) s
        join probe.known k on k.id = s.bid_id $f$), '') $$;
select is(probe.reads(who), expected, who || ' reads: ' || expected)
from (values
    ('editor1', 'bid1:costs,evaluation,need,summary draft1:costs,evaluation,need,summary sealed1:costs,evaluation,need,summary'),
    ('officer', 'bid1:costs,evaluation,need,summary bid2:costs,evaluation,need,summary'),
    ('approver', 'bid1:costs,evaluation,need,summary bid2:costs,evaluation,need,summary'),
    ('idle', 'bid1:summary bid2:summary'),
    ('reviewer', 'bid1:evaluation,summary'), ('reviewer2', ''), ('officer.dep2', ''), ('admin', ''),
    ('auditor', 'bid1:costs,evaluation,need,summary bid2:costs,evaluation,need,summary')) v (who, expected);
select is(probe.value(who, format('select count(*) from public.%s', it))::integer, versions, who || ' reads ' || it || ': ' || versions)
from unnest(array['bid_version', 'bid_cost_line']) it, (values ('editor1', 2), ('editor2', 1), ('officer', 2), ('auditor', 2), ('idle', 0), ('reviewer', 0), ('officer.dep2', 0), ('admin', 0)) v (who, versions);

-- A case team is those without scope, or with one that covers it.
select probe.add_person('scoped', 'dep', 'department', '{}');
insert into public.capacity (id, person_id, role, code, scope_kind, scope_id, valid_from)
    values (probe.new('scope'), probe.id('scoped'), 'department', 'programme_officer', 'bid', probe.id('bid2'), public.london_today());
select is(probe.reads('scoped'), 'bid1:summary bid2:costs,evaluation,need,summary', 'a capacity for one bid opens that bid');
update public.capacity set scope_kind = 'round', scope_id = probe.id('round.open'), version = version + 1 where id = probe.id('scope');
select is(probe.reads('scoped'), 'bid1:summary bid2:summary', 'one for another round opens nothing here');
update public.capacity set scope_kind = 'programme', scope_id = probe.id('programme'), version = version + 1 where id = probe.id('scope');
select is(probe.reads('scoped'), 'bid1:costs,evaluation,need,summary bid2:costs,evaluation,need,summary', 'one for the programme opens its closed rounds');
update public.capacity set scope_kind = 'round', scope_id = probe.id('round.open'), version = version + 1 where id = probe.id('scope');
select is(probe.act('scoped', probe.move_sql('public.bid', 'bid1', 'withdraw', 'withdrawn')), 'TS007', 'and moves nothing here');
select is(probe.act('scoped', probe.move_sql('public.round', 'round.closed', 'begin_appraisal', 'appraising')), 'TS007', 'nor the other round');

-- A round that is cancelled while open stays sealed, one cancelled after its close does not; a bid withdrawn before stays hidden.
savepoint cancelled;
select probe.move('public.round', 'round.open', 'cancel', 'cancelled');
select is(probe.sees('officer', 'public.bid'), 'bid1 bid2', 'cancelled while open: sealed');
select probe.move('public.round', 'round.closed', 'cancel', 'cancelled');
select is(probe.sees('officer', 'public.bid'), 'bid1 bid2', 'cancelled after the close: as before');
rollback to cancelled;
select probe.move('public.bid', 'sealed1', 'withdraw', 'withdrawn');
select probe.operate(format('update public.round set closes_at = clock_timestamp() - interval ''1 second'', version = version + 1 where id = %L', probe.id('round.open')));
alter table workflow.log disable trigger log_append_only;
update workflow.log set at = at - interval '1 hour' where object_id = probe.id('sealed1');
select probe.move('public.round', 'round.open', 'close', 'closed');
select is(probe.sees('officer', 'public.bid'), 'bid1 bid2', 'withdrawn before the close: hidden');
select probe.move('public.bid', 'bid2', 'withdraw', 'withdrawn');
select is(probe.sees('officer', 'public.bid'), 'bid1 bid2', 'withdrawn after the close: still there');
rollback to cancelled;

-- Scores are blind.
create function probe.scores(who text) returns text language sql as $$
    select coalesce(probe.value(who, 'select string_agg(k.key, '' '' order by k.key) from public.score s join probe.known k on k.id = s.appraisal_id'), '') $$;
select is(probe.scores(who), expected, who || ' sees scores, all in progress: ' || expected)
from (values ('appraiser1', 'ap.bid1.1'), ('appraiser2', 'ap.bid1.2'), ('reviewer', 'ap.bid1.3'), ('officer', ''), ('approver', ''),
    ('editor1', ''), ('admin', ''), ('idle', ''), ('auditor', 'ap.bid1.1 ap.bid1.2 ap.bid1.3')) v (who, expected);
select probe.move('public.appraisal', 'ap.bid1.1', 'submit', 'submitted');
select is(probe.scores(who), expected, who || ' sees scores, one submitted: ' || expected)
from (values ('appraiser1', 'ap.bid1.1'), ('appraiser2', 'ap.bid1.2'), ('officer', 'ap.bid1.1'), ('approver', ''), ('finance', '')) v (who, expected);
select probe.move('public.appraisal', 'ap.bid1.1', 'finalise', 'final');
select probe.move('public.appraisal', 'ap.bid1.2', 'submit', 'submitted');
select is(probe.scores(who), expected, who || ' sees scores, one final: ' || expected)
from (values ('appraiser1', 'ap.bid1.1'), ('appraiser2', 'ap.bid1.2'), ('reviewer', 'ap.bid1.3'), ('officer', 'ap.bid1.1 ap.bid1.2'), ('approver', '')) v (who, expected);
select probe.move('public.appraisal', 'ap.bid1.2', 'finalise', 'final');
select is(probe.scores('appraiser1'), 'ap.bid1.1 ap.bid1.2', 'once one''s own is final, other final ones show');
select is(probe.scores('reviewer'), 'ap.bid1.3', 'not while one''s own is in hand');
select probe.move('public.appraisal', 'ap.bid1.3', 'submit', 'submitted');
select probe.move('public.appraisal', 'ap.bid1.3', 'finalise', 'final');
select is(probe.scores(who), expected, who || ' sees scores, all final: ' || expected)
from (values ('approver', 'ap.bid1.1 ap.bid1.2 ap.bid1.3'), ('finance', 'ap.bid1.1 ap.bid1.2 ap.bid1.3'), ('sor', 'ap.bid1.1 ap.bid1.2 ap.bid1.3'),
    ('reviewer', 'ap.bid1.3'), ('editor1', ''), ('idle', ''), ('officer.dep2', '')) v (who, expected);
-- An officer who appraises a bid is an appraiser there.
select probe.operate(format($f$insert into public.appraisal (id, bid_id, appraiser_id, kind, due_on, assigned_by) values (%L, %L, %L, 'appraiser', public.london_today(), %L)$f$,
    probe.new('ap.hats'), probe.id('bid1'), probe.id('manyhats'), probe.id('officer')));
select is(probe.scores('manyhats'), '', 'many hats: own appraisal first');

-- Who appraises what.
select is(probe.sees(who, 'public.appraisal'), expected, who || ' sees appraisals: ' || expected)
from (values ('appraiser1', 'ap.bid1.1 ap.bid1.2 ap.bid1.3 ap.hats'), ('reviewer', 'ap.bid1.3'), ('editor1', ''), ('idle', ''),
    ('auditor', 'ap.bid1.1 ap.bid1.2 ap.bid1.3 ap.hats'), ('officer.dep2', '')) v (who, expected);

-- Programmes, rounds, approvals, money.
select probe.operate(format($f$insert into public.programme (id, reference, organisation_id, title, created_by) values (%L, public.next_reference('PRG'), %L, 'Draft', %L)$f$,
    probe.new('programme.draft'), probe.id('dep'), probe.id('officer')));
select probe.operate(format($f$insert into public.round (id, reference, programme_id, title, created_by) values (%L, public.next_reference('RND'), %L, 'Draft', %L)$f$,
    probe.new('round.draft'), probe.id('programme'), probe.id('officer')));
select is(probe.sees(who, 'public.programme'), expected, who || ' sees programmes: ' || expected)
from (values ('officer', 'programme programme.draft'), ('auditor', 'programme programme.draft'), ('editor1', 'programme'), ('reviewer', 'programme'),
    ('idle', 'programme'), ('officer.dep2', 'programme'), ('admin', '')) v (who, expected);
select is(probe.sees(who, 'public.round'), expected, who || ' sees rounds: ' || expected)
from (values ('officer', 'round.closed round.draft round.open'), ('editor1', 'round.closed round.open'), ('officer.dep2', 'round.closed round.open'), ('admin', '')) v (who, expected);
select probe.add_approval('award', 'bid1', 90000);
select is(probe.value(who, format('select count(*) from public.%s', it)), expected, who || ' sees ' || it || ': ' || expected)
from unnest(array['approval', 'approval_year', 'budget_entry']) it, (values ('officer', '1'), ('finance', '1'), ('approver', '1'), ('appraiser1', '1'),
    ('auditor', '1'), ('idle', '0'), ('editor1', '0'), ('reviewer', '0'), ('officer.dep2', '0'), ('admin', '0')) v (who, expected);
select is(probe.value(who, 'select count(*) > 0 from public.eligibility_finding')::boolean, false, 'no findings yet') from (values ('editor1')) v (who);

-- People, notices, duties.
select is(probe.sees(who, 'public.person', 't.email like ''%@probe.example'''), expected, who || ' sees people: ' || expected)
from (values ('editor1', 'both1 certifier1 editor1 reader1 users1'), ('reviewer', 'reviewer reviewer2')) v (who, expected);
select is(probe.value(who, 'select count(*) from public.person p where p.email like ''%@probe.example''')::integer,
    (select count(*)::integer from public.person where email like '%@probe.example'), who || ' sees everybody')
from (values ('officer'), ('admin'), ('auditor')) v (who);
select is(probe.value(who, 'select count(*) from public.outbox where created_at <> now()'), expected, who || ' has notices: ' || expected)
from (values ('editor1', '1'), ('editor2', '1'), ('officer', '1'), ('admin', '0'), ('auditor', '0'), ('certifier1', '0')) v (who, expected);
select is(probe.value('editor1', format('select string_agg(duty, '' '' order by duty) from workflow.duty_performed where case_id = %L', probe.id('bid1'))), 'W', 'an editor sees their own duties');
select is(probe.value('officer', format('select string_agg(duty, '' '' order by duty) from workflow.duty_performed where case_id = %L', probe.id('bid1'))), 'AP AP AP CE FC PR W', 'the case team sees those of the case');
select is(probe.value('officer', format('select count(*) from workflow.duty_performed where case_id = %L', probe.id('draft1'))), '0', 'not of a sealed one');
select is(probe.value(who, format('select count(*) from workflow.log where object_id = %L', probe.id('draft2'))), expected, who || ' reads the history of another''s draft: ' || expected)
from (values ('editor1', '0'), ('officer', '0'), ('editor2', '1'), ('auditor', '1')) v (who, expected);

-- The audit trail.
select probe.operate(format($$ insert into audit.event (id, person_id, organisation_id, action, object_kind, object_id, to_state) values (gen_random_uuid(), %L, %L, 'bid.check', 'bid', %L, 'eligibility_check') $$, probe.id('officer'), probe.id('dep'), probe.id('bid1')));
select probe.act('editor1', format($$ insert into audit.event (id, person_id, organisation_id, action, object_kind, object_id) values (gen_random_uuid(), %L, %L, 'bid.edit', 'bid', %L) $$, probe.id('editor1'), probe.id('la1'), probe.id('draft1')));
select probe.act('admin', format($$ insert into audit.event (id, person_id, organisation_id, action, object_kind, object_id) values (gen_random_uuid(), %L, %L, 'person.suspend', 'person', %L) $$, probe.id('admin'), probe.id('dep'), probe.id('officer')));
select probe.act('officer', format($$ insert into audit.event (id, person_id, organisation_id, action, object_kind, object_id) values (gen_random_uuid(), %L, %L, 'appraisal.return', 'appraisal', %L) $$, probe.id('officer'), probe.id('dep'), probe.id('ap.bid1.1')));
select is(probe.value(who, 'select string_agg(action, '' '' order by action) from audit.event where xid = pg_current_xact_id()'), expected, who || ' reads events: ' || coalesce(expected, 'none'))
from (values ('auditor', 'appraisal.return bid.check bid.edit person.suspend'), ('admin', 'person.suspend'), ('officer', 'appraisal.return bid.check'),
    ('editor1', 'bid.check bid.edit'), ('editor2', null), ('reviewer', null), ('officer.dep2', null)) v (who, expected);
select is(probe.try('officer', format($$ insert into audit.event (id, person_id, organisation_id, action, object_kind) values (gen_random_uuid(), %L, %L, 'x', 'x') $$, probe.id('approver'), probe.id('dep'))), '42501', 'nobody writes in another''s name');
select is(probe.try('officer', $$ insert into audit.event (id, action, object_kind) values (gen_random_uuid(), 'x', 'x') $$), '42501', 'nor in nobody''s');
select is(probe.try('officer', $$ insert into audit.event (id, at, action, object_kind) values (gen_random_uuid(), now(), 'x', 'x') $$), '42501', 'nor at another time');
select is(probe.try('auditor', format($$ insert into audit.event (id, person_id, organisation_id, action, object_kind) values (gen_random_uuid(), %L, %L, 'audit.read', 'bid') $$, probe.id('auditor'), probe.id('aud'))), '1', 'auditors'' reading is recorded');

-- What a sealed bid says, an auditor reads for a reason.
create function probe.opens(who text, reason text, bid text default 'sealed1') returns text language sql as $$
    select probe.try(who, format('select * from audit.read_sealed_bid(%L, %L, ''10.0.0.1'', ''r1'')', probe.id(bid), reason)) $$;
\set why '''A complaint of 3 May asks for it.'''
select is(probe.value('auditor', format('select count(*) from public.bid_section where bid_id = %L', probe.id('sealed1'))), '0', 'control: sealed');
select is(probe.opens(who, :why), 'TS007', coalesce(left(who, 10), 'nobody') || ' opens no sealed bid')
from unnest(array[null, 'officer', 'admin', 'sor', 'editor1', 'editor2', 'reviewer', 'idle', 'set:' || repeat('ab', 32) || 'x|x|x|auditor|f|auditor']) who;
select is(probe.opens('auditor', reason), '22023', 'an auditor opens none for: ' || coalesce(to_json(left(reason, 20))::text, 'no reason'))
from unnest(array[null, '', 'because', repeat(' ', 30), E'\n \t' || repeat('x', 19) || ' ', repeat('x', 2001)]) reason;
select is(probe.opens('officer', null), 'TS007', 'who may not, learns nothing of reasons');
select is(probe.opens('auditor', :why), '4', 'with a reason, all of it');
select is(probe.opens('auditor', repeat('x', n)), '4', n || ' characters are a reason') from unnest(array[20, 2000]) n;
select is(probe.opens('auditor', :why, 'officer'), '0', 'no such bid, no answer');
savepoint opened;
select probe.act('auditor', format('select from audit.read_sealed_bid(%L, %L)', probe.id('officer'), :why));
select is((select count(*)::integer from audit.event where action = 'bid.read_sealed'), 0, 'and no event');
set transaction read only;
select is(probe.value('auditor', format('select title from audit.read_sealed_bid(%L, %L)', probe.id('sealed1'), :why)), '25006', 'nor an answer where nothing is recorded');
rollback to opened;
select is(probe.act('auditor', format($$ do $x$ begin perform from audit.read_sealed_bid(%L, %L, '10.0.0.1', 'r1'); end $x$ $$, probe.id('sealed1'), '  ' || :why || ' ')), '0', 'an auditor opens one');
select is((select string_agg(concat_ws('|', person_id, organisation_id, capacity, object_kind, object_id, reason, address, request_id), ' ') from audit.event where action = 'bid.read_sealed'),
    concat_ws('|', probe.id('auditor'), probe.id('aud'), 'auditor', 'bid', probe.id('sealed1'), :why, '10.0.0.1', 'r1'), 'and one event says who, what and why');
select is(probe.value('auditor', format('select reason from audit.event where action = ''bid.read_sealed'' and object_id = %L', probe.id('sealed1'))), :why, 'which auditors read');
select is(probe.value('auditor', format('select string_agg(concat_ws('':'', title, section, content, version, edited_by), '' '') from audit.read_sealed_bid(%L, %L)', probe.id('sealed1'), :why)),
    (select string_agg(concat_ws(':', 'Title of sealed1', s, to_jsonb('secret ' || s), 1, 'Person editor1'), ' ') from unnest(array['summary', 'need', 'costs', 'evaluation']) s), 'title, sections in order, and who wrote them');
rollback to opened;
create function probe.refuse() returns trigger language plpgsql as $$ begin raise 'no' using errcode = 'ZZ001'; end $$;
create trigger probe_refuse before insert on audit.event for each row execute function probe.refuse();
select is(probe.value('auditor', format('select title from audit.read_sealed_bid(%L, %L)', probe.id('sealed1'), :why)), 'ZZ001', 'no event, no answer');
rollback to opened;
update public.capacity set valid_from = public.london_today() - 9, valid_to = public.london_today() - 1, version = version + 1 where person_id = probe.id('auditor');
select is(probe.opens('auditor', :why), 'TS007', 'nor for who is auditor no longer');
rollback to opened;
select probe.operate(format($f$insert into public.bid (id, reference, round_id, organisation_id, title, created_by) values (%L, public.next_reference('BID'), %L, %L, 'Bare', %L)$f$,
    probe.new('bare'), probe.id('round.open'), probe.id('la2'), probe.id('editor2')));
select is(probe.value('auditor', format('select title || coalesce(section, '' and nothing'') from audit.read_sealed_bid(%L, %L)', probe.id('bare'), :why)), 'Bare and nothing', 'a bid with no section has its title');
rollback to opened;

-- Another's row and no row at all look the same to a writer.
select is(probe.try('editor1', format('update public.bid set title = ''x'', version = version + 1 where id = %L', probe.id('draft2'))), '0', 'another''s draft: not found');
select is(probe.try('editor1', format('update public.bid set title = ''x'', version = version + 1 where id = %L', gen_random_uuid())), '0', 'no draft: not found');
select is(probe.try('editor1', format('select from public.bid where id = %L for no key update', probe.id('draft2'))), '0', 'nor locked');
select is(probe.try('editor1', 'update public.bid set title = ''x'''), 'TS002', 'a blind update reaches only one''s own');
select is(probe.try('editor1', format($$ insert into public.bid_section (bid_id, section, content, edited_by) values (%L, 'delivery', '{}', %L) $$, id, probe.id('editor1'))), expected, what)
from (values (probe.id('draft1'), '1', 'own draft: written'), (probe.id('draft2'), '42501', 'another''s: refused'), (gen_random_uuid(), 'TS009', 'none: refused')) v (id, expected, what);
select is(probe.try('editor1', format($$ insert into public.bid (id, reference, round_id, organisation_id, title, created_by) values (gen_random_uuid(), public.next_reference('BID'), %L, %L, 'Title of draft2', %L) $$,
    probe.id('round.open'), probe.id('la1'), probe.id('editor1'))), '1', 'another authority''s title is free to take');
select is(probe.try('editor1', format($$ insert into public.bid (id, reference, round_id, organisation_id, title, created_by) values (gen_random_uuid(), public.next_reference('BID'), %L, %L, 'x', %L) $$,
    probe.id('round.open'), probe.id('la2'), probe.id('editor1'))), '42501', 'not in another''s name');
select is(probe.try('editor1', format($$ insert into public.bid (id, reference, round_id, organisation_id, title, created_by) values (gen_random_uuid(), 'BID-2026-999999', %L, %L, 'x', %L) $$,
    probe.id('round.open'), probe.id('la1'), probe.id('editor1'))), 'TS009', 'nor with a number of one''s own choice');

-- Auditors, read-only tokens and readers write nothing anywhere, whatever they try.
create function probe.writes(who text) returns setof text language plpgsql as $$
declare
    it record;
    answer text;
begin
    for it in
        select n.nspname || '.' || c.relname as name, (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
            and has_column_privilege('touchstone_app', c.oid, a.attname, 'update') order by a.attname = 'version' desc, a.attnum limit 1) as col,
            has_table_privilege('touchstone_app', c.oid, 'delete') as deletes
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('public', 'workflow', 'audit') and c.relkind = 'r' and c.relrowsecurity loop
        if it.col is not null then
            answer := probe.try(who, format('update %s set %I = %I%s', it.name, it.col, it.col, case it.col when 'version' then ' + 1' else '' end));
            if answer not in ('0', '42501') then return next 'update ' || it.name || ': ' || answer; end if;
        end if;
        if it.deletes then
            answer := probe.try(who, 'delete from ' || it.name);
            if answer not in ('0', '42501') then return next 'delete ' || it.name || ': ' || answer; end if;
        end if;
    end loop;
end $$;
select is_empty(format('select probe.writes(%L)', who), who || ' changes nothing') from (values ('auditor'), ('officer.reads'), ('idle'), (null), ('reviewer2')) v (who);
select is(probe.try(who, format($$ insert into public.programme (id, reference, organisation_id, title, created_by) values (gen_random_uuid(), public.next_reference('PRG'), %L, 'x', %L) $$,
    probe.id('dep'), probe.id(split_part(who, '.', 1)))), expected, who || ' starts a programme: ' || expected)
from (values ('auditor', 'TS007'), ('officer.reads', 'TS007'), ('idle', 'TS007'), ('editor1', 'TS007'), ('approver', 'TS007'), ('officer', '1')) v (who, expected);
select is(probe.try('reader1', format($$ insert into public.bid_section (bid_id, section, content, edited_by) values (%L, 'delivery', '{}', %L) $$, probe.id('draft1'), probe.id('reader1'))), '42501', 'a reader of the authority edits nothing');
select is(probe.try('certifier1', format($$ insert into public.bid_section (bid_id, section, content, edited_by) values (%L, 'delivery', '{}', %L) $$, probe.id('draft1'), probe.id('certifier1'))), '42501', 'nor does a certifier');

select * from finish();
rollback;
