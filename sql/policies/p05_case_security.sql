-- Who may touch which row, continued: bids, appraisals, approvals, and the records of what was done.

-- Everything here is closed first: old policies and privileges go, row security is forced.
select workflow.close_tables(array[
    'public.bid', 'public.bid_section', 'public.bid_version', 'public.bid_outcome', 'public.bid_cost_line',
    'public.eligibility_finding', 'public.appraisal', 'public.score', 'public.approval', 'public.approval_year',
    'public.approval_key', 'public.idempotency_key', 'public.outbox', 'workflow.duty_performed', 'workflow.log',
    'audit.event', 'audit.seal', 'audit.sealed_event']);

-- 1. Bids. The authority sees its own, always. The department: what was submitted, once the round is closed. Those who
-- appraise it: their bids. Auditors: that there is a bid, always; what it says, with the department.
grant select on public.bid, public.bid_section, public.bid_version, public.bid_outcome, public.bid_cost_line,
    public.eligibility_finding to touchstone_app;
grant insert (id, reference, round_id, organisation_id, title, requested, last_editor_id, state, last_event, created_by),
    update (title, requested, last_editor_id, content_version, content_hash, submitted_at, certified_by, decline_reason,
        state, last_event, transition_seq, version, updated_at)
    on public.bid to touchstone_app;
grant insert (bid_id, section, content, edited_by, edited_at), update (content, version, edited_by, edited_at)
    on public.bid_section to touchstone_app;
grant insert on public.bid_version, public.bid_outcome, public.bid_cost_line to touchstone_app;
grant insert (id, bid_id, rule_code, passed, evidence, as_at, recorded_by) on public.eligibility_finding to touchstone_app;

do $$
declare
    seen constant text := $e$(
        organisation_id = (select actor.authority())
        or (content_version > 0 and state not in ('draft', 'in_certification', 'not_submitted')
            and round_id = any ((select actor.unsealed_rounds())::uuid[])
            and (state <> 'withdrawn' or actor.withdrawn_after_close(id)))
        or (state <> 'withdrawn' and id = any ((select actor.assigned_bids())::uuid[]))
        or (select actor.role()) = 'auditor')$e$;
begin
    execute format('create policy bid_read on public.bid for select to touchstone_app using %s', seen);
    execute format($p$create policy bid_change on public.bid for update to touchstone_app
        using ((select actor.may_write()) and %s)
        with check (
            (organisation_id = (select actor.authority())
                and (select actor.may_write() and (actor.holds('la_editor') or actor.holds('la_certifier'))))
            or ((round_id = any ((select actor.case_rounds())::uuid[]) or id = any ((select actor.case_bids())::uuid[]))
                and (select actor.may_write() and (actor.holds('programme_officer') or actor.holds('approver')))))$p$, seen);
end
$$;
create policy bid_add on public.bid for insert to touchstone_app
    with check ((select actor.may_write() and actor.holds('la_editor')) and organisation_id = (select actor.authority())
        and created_by = (select actor.person_id()));

-- Draft sections stay as they were when the bid was submitted. Outside the authority they open with the round's close: the
-- case team all of it, the rest of the department the summary, appraisers from outside the summary and the evaluation.
create policy bid_section_read on public.bid_section for select to touchstone_app
    using (exists (
        select from public.bid b
        where b.id = bid_id and (
            b.organisation_id = (select actor.authority())
            or (b.content_version > 0 and b.state not in ('draft', 'in_certification', 'not_submitted') and (
                b.round_id = any ((select actor.case_rounds())::uuid[])
                or b.id = any ((select actor.case_bids())::uuid[])
                or (section = 'summary' and b.round_id = any ((select actor.unsealed_rounds())::uuid[]))
                or (section in ('summary', 'evaluation') and b.id = any ((select actor.assigned_bids())::uuid[])))))));
create policy bid_section_add on public.bid_section for insert to touchstone_app
    with check (edited_by = (select actor.person_id()) and (select actor.may_write() and actor.holds('la_editor'))
        and actor.is_own_bid(bid_id));
create policy bid_section_change on public.bid_section for update to touchstone_app
    using ((select actor.may_write())
        and actor.is_own_bid(bid_id))
    with check (edited_by = (select actor.person_id()) and (select actor.may_write() and actor.holds('la_editor'))
        and actor.is_own_bid(bid_id));

-- What was submitted: the authority, the case team, auditors after the close.
do $$
declare
    it text;
begin
    foreach it in array array['bid_version', 'bid_outcome', 'bid_cost_line'] loop
        execute format($p$
            create policy %1$s_read on public.%1$I for select to touchstone_app
                using (exists (
                    select from public.bid b
                    where b.id = bid_id and (
                        b.organisation_id = (select actor.authority())
                        or (b.state not in ('draft', 'in_certification', 'not_submitted') and (
                            b.round_id = any ((select actor.case_rounds())::uuid[])
                            or b.id = any ((select actor.case_bids())::uuid[])))))) $p$, it);
    end loop;
end
$$;
create policy bid_version_add on public.bid_version for insert to touchstone_app
    with check (certified_by = (select actor.person_id()) and (select actor.may_write() and actor.holds('la_certifier'))
        and actor.is_own_bid(bid_id));
create policy bid_outcome_add on public.bid_outcome for insert to touchstone_app
    with check ((select actor.may_write() and actor.holds('la_certifier'))
        and actor.is_own_bid(bid_id));
create policy bid_cost_line_add on public.bid_cost_line for insert to touchstone_app
    with check ((select actor.may_write() and actor.holds('la_certifier'))
        and actor.is_own_bid(bid_id));

-- The authority reads the findings once the check is over.
create policy eligibility_finding_read on public.eligibility_finding for select to touchstone_app
    using (exists (
        select from public.bid b
        where b.id = bid_id and (
            (b.organisation_id = (select actor.authority()) and b.state not in ('submitted', 'eligibility_check'))
            or b.round_id = any ((select actor.case_rounds())::uuid[])
            or b.id = any ((select actor.case_bids())::uuid[]))));
create policy eligibility_finding_add on public.eligibility_finding for insert to touchstone_app
    with check (recorded_by = (select actor.person_id()) and (select actor.may_write() and actor.holds('programme_officer'))
        and exists (select from public.bid b where b.id = bid_id and b.state in ('submitted', 'eligibility_check')
            and (b.round_id = any ((select actor.case_rounds())::uuid[]) or b.id = any ((select actor.case_bids())::uuid[]))));

-- The clock ends drafts that were not submitted. It sees which they are, not what they say.
grant select (id, round_id, organisation_id, state, transition_seq, version), update (state, last_event, transition_seq, version)
    on public.bid to touchstone_worker;
create policy bid_clock_read on public.bid for select to touchstone_worker
    using (state in ('draft', 'in_certification', 'not_submitted'));
create policy bid_clock on public.bid for update to touchstone_worker
    using (state in ('draft', 'in_certification')) with check (state = 'not_submitted');

-- 2. Appraisals: one's own, and the case team's and auditors' view of who appraises what. Never the authority's.
grant select on public.appraisal, public.score to touchstone_app;
grant insert (id, bid_id, appraiser_id, kind, due_on, assigned_by, state, last_event),
    update (due_on, return_reason, state, last_event, transition_seq, version) on public.appraisal to touchstone_app;
grant insert (id, appraisal_id, criterion_id, value, rationale, recorded_by) on public.score to touchstone_app;

do $$
declare
    seen constant text := $e$(
        appraiser_id = (select actor.person_id())
        or exists (select from public.bid b where b.id = bid_id and (
            b.round_id = any ((select actor.case_rounds())::uuid[]) or b.id = any ((select actor.case_bids())::uuid[]))))$e$;
begin
    execute format('create policy appraisal_read on public.appraisal for select to touchstone_app using %s', seen);
    execute format($p$create policy appraisal_change on public.appraisal for update to touchstone_app
        using ((select actor.may_write()) and %1$s)
        with check ((select actor.may_write()) and %1$s and (
            (appraiser_id = (select actor.person_id()) and (select actor.holds('appraiser') or actor.holds('reviewer')))
            or (select actor.holds('programme_officer'))))$p$, seen);
end
$$;
create policy appraisal_add on public.appraisal for insert to touchstone_app
    with check (assigned_by = (select actor.person_id()) and (select actor.may_write() and actor.holds('programme_officer'))
        and exists (select from public.bid b where b.id = bid_id and (
            b.round_id = any ((select actor.case_rounds())::uuid[]) or b.id = any ((select actor.case_bids())::uuid[]))));

-- Scores are blind: see actor.may_read_scores.
create policy score_read on public.score for select to touchstone_app
    using (exists (select from public.appraisal a where a.id = appraisal_id and a.appraiser_id = (select actor.person_id()))
        or actor.may_read_scores(appraisal_id));
create policy score_add on public.score for insert to touchstone_app
    with check (recorded_by = (select actor.person_id())
        and (select actor.may_write() and (actor.holds('appraiser') or actor.holds('reviewer')))
        and exists (select from public.appraisal a where a.id = appraisal_id and a.appraiser_id = (select actor.person_id())));

-- 3. Approvals: the case team and auditors.
grant select on public.approval, public.approval_year, public.approval_key to touchstone_app;
grant insert (id, reference, bid_id, programme_id, kind, amount, whole_life, conditions, recommendation, subsidy_control,
        ncr_novel, ncr_contentious, ncr_repercussive, ncr_rationale, consent_ref, consent_on, content_hash, prepared_by,
        state, last_event),
    update (amount, conditions, recommendation, subsidy_control, ncr_novel, ncr_contentious, ncr_repercussive,
        ncr_rationale, consent_ref, consent_on, content_hash, decision_reason, prepared_by, cleared_by, decided_at,
        lapses_at, state, last_event, transition_seq, version)
    on public.approval to touchstone_app;
grant insert on public.approval_year to touchstone_app;
grant insert (id, approval_id, person_id, delegation_id, content_hash, whole_life) on public.approval_key to touchstone_app;

create policy approval_read on public.approval for select to touchstone_app
    using (programme_id = any ((select actor.case_programmes())::uuid[]));
create policy approval_add on public.approval for insert to touchstone_app
    with check (programme_id = any ((select actor.case_programmes())::uuid[]) and prepared_by = (select actor.person_id())
        and (select actor.may_write() and actor.holds('programme_officer')));
create policy approval_change on public.approval for update to touchstone_app
    using ((select actor.may_write()) and programme_id = any ((select actor.case_programmes())::uuid[]))
    with check (programme_id = any ((select actor.case_programmes())::uuid[]) and (select actor.may_write()
        and (actor.holds('programme_officer') or actor.holds('finance') or actor.holds('approver'))));

create policy approval_year_read on public.approval_year for select to touchstone_app
    using (exists (select from public.approval a where a.id = approval_id));
create policy approval_year_add on public.approval_year for insert to touchstone_app
    with check (exists (select from public.approval a where a.id = approval_id)
        and (select actor.may_write() and actor.holds('programme_officer')));
create policy approval_key_read on public.approval_key for select to touchstone_app
    using (exists (select from public.approval a where a.id = approval_id));
create policy approval_key_add on public.approval_key for insert to touchstone_app
    with check (person_id = (select actor.person_id()) and (select actor.may_write() and actor.holds('approver'))
        and exists (select from public.approval a where a.id = approval_id));

-- The clock ends approvals whose offer nobody accepted.
grant select (id, bid_id, programme_id, state, lapses_at, transition_seq, version),
    update (state, last_event, transition_seq, version)
    on public.approval to touchstone_worker;
create policy approval_clock_read on public.approval for select to touchstone_worker using (state in ('approved', 'lapsed'));
create policy approval_clock on public.approval for update to touchstone_worker
    using (state = 'approved' and not public.is_relied_on(id)) with check (state = 'lapsed');

-- 4. Records. One's own answers and notices; duties of oneself and of the cases one works on.
grant select on public.idempotency_key, public.outbox to touchstone_app;
grant insert (person_id, key, request_hash, result) on public.idempotency_key to touchstone_app;
grant insert (id, event, recipient_id, subject, body, object_kind, object_id, dedupe_key)
    on public.outbox to touchstone_app, touchstone_worker;
grant select on public.outbox to touchstone_worker;
grant select on workflow.duty_performed, workflow.log to touchstone_app;
grant insert (id, case_id, person_id, duty, object_version) on workflow.duty_performed to touchstone_app;

create policy idempotency_key_read on public.idempotency_key for select to touchstone_app
    using (person_id = (select actor.person_id()));
create policy idempotency_key_add on public.idempotency_key for insert to touchstone_app
    with check (person_id = (select actor.person_id()) and (select actor.may_write()));

-- One's own, and what this very transaction wrote: `on conflict` looks at it.
create policy outbox_read on public.outbox for select to touchstone_app
    using (recipient_id = (select actor.person_id()) or created_at = now());
create policy outbox_add on public.outbox for insert to touchstone_app
    with check ((select actor.may_write()) and actor.may_tell(event, object_kind, object_id, recipient_id));
create policy outbox_deliver on public.outbox for select to touchstone_worker using (true);
create policy outbox_add_worker on public.outbox for insert to touchstone_worker with check (true);

create policy duty_performed_read on workflow.duty_performed for select to touchstone_app
    using (person_id = (select actor.person_id())
        -- Who reviewed a protocol or report is not the department's to know.
        or ((((select actor.department()) is not null and duty not in ('RV', 'PE')) or (select actor.role()) = 'auditor')
            and (exists (select from public.bid b where b.id = case_id)
                or exists (select from public.round r where r.id = case_id)
                or exists (select from public.programme p where p.id = case_id))));
create policy duty_performed_add on workflow.duty_performed for insert to touchstone_app
    with check (person_id = (select actor.person_id()) and (select actor.may_write()));

-- The history of an object is seen by whoever sees the object.
create policy log_read on workflow.log for select to touchstone_app
    using ((machine = 'bid' and exists (select from public.bid x where x.id = object_id))
        or (machine = 'round' and exists (select from public.round x where x.id = object_id))
        or (machine = 'programme' and exists (select from public.programme x where x.id = object_id))
        or (machine = 'appraisal' and exists (select from public.appraisal x where x.id = object_id))
        or (machine = 'approval' and exists (select from public.approval x where x.id = object_id))
        or (machine = 'person' and exists (select from public.person x where x.id = object_id))
        or (machine = 'delegation' and exists (select from public.delegation x where x.id = object_id))
        or (machine <> all (array['bid', 'round', 'programme', 'appraisal', 'approval', 'person', 'delegation'])
            and public.sees_object(machine, object_id)));

-- 5. The audit trail. Anybody signed in adds what they themselves did; that includes auditors and read-only tokens, whose
-- reading is recorded. A change of state must have happened, a capacity must be held, and what the doors of the database record
-- (auth.note, audit.read_sealed_bid), nobody else does. Time, number and transaction are the database's. Auditors read all of
-- it, administrators what concerns accounts, the department its own cases, an authority the history of its own bids.
grant usage on sequence audit.event_number to touchstone_app, touchstone_worker;
grant select on audit.event, audit.seal, audit.sealed_event to touchstone_app;
grant insert (id, person_id, organisation_id, capacity, action, object_kind, object_id, from_state, to_state, reason,
        before_hash, after_hash, detail, address, request_id)
    on audit.event to touchstone_app, touchstone_worker;

create policy event_read on audit.event for select to touchstone_app
    using ((select actor.role()) = 'auditor'
        or person_id = (select actor.person_id())
        or (object_kind in ('person', 'session', 'capacity', 'delegation', 'organisation')
            and (select actor.holds('administrator')))
        or (object_kind = 'bid' and exists (select from public.bid b where b.id = object_id)
            and ((select actor.department()) is not null
                or ((select actor.authority()) is not null
                    and (organisation_id = (select actor.authority()) or to_state is not null))))
        or ((select actor.department()) is not null and (
            (object_kind = 'programme' and exists (select from public.programme x where x.id = object_id))
            or (object_kind = 'round' and exists (select from public.round x where x.id = object_id))
            or (object_kind = 'appraisal' and exists (select from public.appraisal x where x.id = object_id))
            or (object_kind = 'approval' and exists (select from public.approval x where x.id = object_id))))
        or (object_kind <> all (array['bid', 'round', 'programme', 'appraisal', 'approval', 'person', 'delegation'])
            and ((select actor.department()) is not null
                or ((select actor.authority()) is not null
                    and (organisation_id = (select actor.authority()) or to_state is not null)))
            and public.sees_object(object_kind, object_id)));
create policy event_add on audit.event for insert to touchstone_app
    with check (person_id = (select actor.person_id()) and organisation_id = (select actor.organisation_id())
        and action ~ '^[a-z_]+[.][a-z_]+$' and action !~ '^(session|token)[.]'
        and action not in ('person.invite', 'person.reinvite', 'person.activate', 'person.passphrase_changed',
            'person.passphrase_reset', 'person.second_factor_set', 'person.recovery_codes_set', 'person.hand_over', 'bid.read_sealed')
        and (capacity is null or actor.holds(capacity))
        and ((from_state is null and to_state is null) or actor.did(action, object_kind, object_id, to_state)));
create policy event_add_worker on audit.event for insert to touchstone_worker
    with check (person_id is null and organisation_id is null);

create policy seal_read on audit.seal for select to touchstone_app using ((select actor.role()) = 'auditor');
create policy sealed_event_read on audit.sealed_event for select to touchstone_app using ((select actor.role()) = 'auditor');

-- 6. What a bid says that is still sealed, an auditor opens for a reason, which is recorded in the same statement: no event, no
-- answer. (Also where it is sealed no longer.) One row for each saved section, in the order of the form; one without a section
-- where none was saved; none where there is no such bid. Without an auditor's token: refused.
create or replace function audit.read_sealed_bid(
    bid uuid, reason text, address text default null, request_id text default null)
    returns table (title text, section text, content jsonb, version integer, edited_by text, edited_at timestamptz)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    why text := btrim($2, E' \t\r\n');
begin
    if (actor.role() = 'auditor' and actor.holds('auditor')) is not true then
        raise exception 'sealed bids are opened by auditors' using errcode = 'TS007';
    end if;
    if (length(why) between 20 and 2000) is not true then
        raise exception 'a reason has 20 to 2000 characters' using errcode = '22023';
    end if;
    if not exists (select from public.bid b where b.id = $1) then
        return;
    end if;
    insert into audit.event (id, person_id, organisation_id, capacity, action, object_kind, object_id, reason, address, request_id)
    values (public.uuid7(), actor.person_id(), actor.organisation_id(), 'auditor', 'bid.read_sealed', 'bid', $1, why, $3, $4);
    return query
    select b.title, s.section, s.content, s.version, p.name, s.edited_at
    from public.bid b
    left join public.bid_section s on s.bid_id = b.id
    left join public.person p on p.id = s.edited_by
    where b.id = $1
    order by array_position('{summary,need,theory_of_change,outcomes,costs,evaluation,delivery,data_protection}', s.section);
end
$$;

grant execute on function audit.read_sealed_bid(uuid, text, text, text) to touchstone_app;
