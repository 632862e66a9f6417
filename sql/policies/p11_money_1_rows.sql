-- Who may touch which row of awards, claims and payments. See p04_row_security.sql. What hangs on an award is seen with it;
-- everybody else has `published.award`.

select workflow.close_tables(array['public.ledger_account'], fenced => false);
grant select on public.ledger_account to touchstone_app, touchstone_worker, touchstone_reader;
select workflow.close_tables(array[
    'public.award', 'public.variation', 'public.agreement_version', 'public.instalment', 'public.agreement_departure',
    'public.award_condition', 'public.condition_finding', 'public.bank_account', 'public.bank_verification', 'public.claim',
    'public.claim_line', 'public.payment_batch', 'public.payment', 'public.recovery', 'public.ledger_entry']);

-- 1. Awards: the case team and auditors; the authority from the offer on.
grant select on public.award to touchstone_app;
grant insert (id, reference, bid_id, organisation_id, programme_id, round_id, approval_id, title, draft, drafted_by, state,
        last_event, created_by),
    update (approval_id, title, draft, drafted_by, agreement_number, agreement_hash, ggis_award_ref, evaluator_name,
        evaluator_due_on, protocol_due_on, council_decision_ref, statement_version, checked_by, offered_by, accepted_by,
        signed_by, completion_declared_by, reconciled_by, reconciliation_note, asset_note, closed_by, recovery_amount, reason,
        state, last_event, transition_seq, version, updated_at)
    on public.award to touchstone_app;
do $$
declare
    seen constant text := $e$(
        (offered_at is not null and organisation_id = (select actor.authority()))
        or round_id = any ((select actor.case_rounds())::uuid[]) or bid_id = any ((select actor.case_bids())::uuid[]))$e$;
begin
    execute format('create policy award_read on public.award for select to touchstone_app using %s', seen);
    execute format($p$create policy award_change on public.award for update to touchstone_app
        using ((select actor.may_write()) and %s)
        with check (
            (organisation_id = (select actor.authority()) and (select actor.may_write() and actor.holds('la_certifier')))
            or ((round_id = any ((select actor.case_rounds())::uuid[]) or bid_id = any ((select actor.case_bids())::uuid[]))
                and (select actor.may_write() and (actor.holds('programme_officer') or actor.holds('approver')
                    or actor.holds('senior_officer_responsible') or actor.holds('signatory') or actor.holds('finance')))))$p$,
        seen);
end
$$;
create policy award_add on public.award for insert to touchstone_app
    with check ((select actor.may_write() and actor.holds('programme_officer')) and created_by = (select actor.person_id())
        and (round_id = any ((select actor.case_rounds())::uuid[]) or bid_id = any ((select actor.case_bids())::uuid[])));

-- The clock ends offers that nobody accepted.
grant select (id, organisation_id, state, accept_by, transition_seq, version),
    update (state, last_event, transition_seq, version) on public.award to touchstone_worker;
create policy award_clock_read on public.award for select to touchstone_worker using (state in ('offered', 'expired'));
create policy award_clock on public.award for update to touchstone_worker
    using (state = 'offered') with check (state = 'expired');

-- 2. The agreement: written by the officer who checks a draft, or by the signatory who puts a variation into effect.
grant select on public.agreement_version, public.instalment, public.award_condition, public.agreement_departure,
    public.condition_finding to touchstone_app;
grant insert (id, award_id, number, variation_id, instrument, conditionality, determination_no, maximum, starts_on, ends_on,
        retrospective_approval, frequency, mode, advance_reason, evaluation_budget, clauses, categories, indicators, content,
        canonical, rendered, content_hash, made_by)
    on public.agreement_version to touchstone_app;
grant insert (id, award_id, agreement_number, position, amount, kind, due_on, milestone) on public.instalment to touchstone_app;
grant insert on public.award_condition to touchstone_app;
grant insert (id, award_id, subject, reason, approved_by) on public.agreement_departure to touchstone_app;
grant insert (id, award_id, code, met, evidence, found_by) on public.condition_finding to touchstone_app;
do $$
declare
    it text;
begin
    foreach it in array array['agreement_version', 'instalment', 'award_condition', 'agreement_departure', 'condition_finding',
            'variation', 'claim_line', 'recovery', 'ledger_entry'] loop
        execute format($p$create policy %1$s_read on public.%1$I for select to touchstone_app
            using (exists (select from public.award a where a.id = award_id))$p$, it);
    end loop;
    foreach it in array array['instalment', 'award_condition'] loop
        execute format($p$create policy %1$s_add on public.%1$I for insert to touchstone_app
            with check ((select actor.may_write() and (actor.holds('programme_officer') or actor.holds('signatory')))
                and exists (select from public.award a where a.id = award_id))$p$, it);
    end loop;
end
$$;
create policy agreement_version_add on public.agreement_version for insert to touchstone_app
    with check (made_by = (select actor.person_id())
        and (select actor.may_write() and (actor.holds('programme_officer') or actor.holds('signatory')))
        and exists (select from public.award a where a.id = award_id));
create policy agreement_departure_add on public.agreement_departure for insert to touchstone_app
    with check (approved_by = (select actor.person_id())
        and (select actor.may_write() and (actor.holds('approver') or actor.holds('senior_officer_responsible')))
        and exists (select from public.award a where a.id = award_id));
create policy condition_finding_add on public.condition_finding for insert to touchstone_app
    with check (found_by = (select actor.person_id()) and (select actor.may_write() and actor.holds('programme_officer'))
        and exists (select from public.award a where a.id = award_id));

-- 3. Variations.
grant select on public.variation to touchstone_app;
grant insert (id, reference, award_id, bid_id, programme_id, organisation_id, kind, reason, money_delta, new_starts_on,
        new_ends_on, effective_on, schedule, before, after, state, last_event, created_by),
    update (reason, money_delta, new_starts_on, new_ends_on, effective_on, schedule, before, after, requested_by, assessed_by,
        assessment, approved_by, decision_reason, approval_id, state, last_event, transition_seq, version, updated_at)
    on public.variation to touchstone_app;
create policy variation_add on public.variation for insert to touchstone_app
    with check ((select actor.may_write() and (actor.holds('la_editor') or actor.holds('programme_officer')))
        and created_by = (select actor.person_id()) and exists (select from public.award a where a.id = award_id));
create policy variation_change on public.variation for update to touchstone_app
    using ((select actor.may_write()) and exists (select from public.award a where a.id = award_id))
    with check ((select actor.may_write() and (actor.holds('la_editor') or actor.holds('la_certifier')
            or actor.holds('programme_officer') or actor.holds('approver') or actor.holds('signatory')))
        and exists (select from public.award a where a.id = award_id));

-- 4. Bank details: never the details themselves. The authority's own, masked; masked too for those who see an award of it.
grant select (id, organisation_id, payee, masked, entered_by, entered_at) on public.bank_account to touchstone_app;
grant insert (id, organisation_id, payee, sealed, fingerprint, masked, entered_by) on public.bank_account to touchstone_app;
grant select (id, bank_account_id, verified_by, at) on public.bank_verification to touchstone_app;
grant insert (id, bank_account_id, fingerprint, verified_by) on public.bank_verification to touchstone_app;
create policy bank_account_read on public.bank_account for select to touchstone_app
    using (organisation_id = (select actor.authority())
        or exists (select from public.award a where a.organisation_id = bank_account.organisation_id));
create policy bank_account_add on public.bank_account for insert to touchstone_app
    with check (entered_by = (select actor.person_id()) and organisation_id = (select actor.authority())
        and (select actor.may_write() and (actor.holds('la_editor') or actor.holds('la_certifier'))));
create policy bank_verification_read on public.bank_verification for select to touchstone_app
    using (exists (select from public.bank_account b where b.id = bank_account_id));
create policy bank_verification_add on public.bank_verification for insert to touchstone_app
    with check (verified_by = (select actor.person_id())
        and (select actor.may_write() and (actor.holds('la_editor') or actor.holds('la_certifier') or actor.holds('finance')))
        and exists (select from public.bank_account b where b.id = bank_account_id));

-- 5. Claims: the authority's own; the case team's once they are submitted. Lines are seen with their claim.
grant select on public.claim, public.claim_line to touchstone_app;
grant insert (id, reference, award_id, bid_id, programme_id, organisation_id, instalment_id, period_from, period_to,
        last_editor_id, state, last_event, created_by),
    update (period_from, period_to, last_editor_id, declaration_version, certified_by, checked_by, verified_by, approved_by,
        query, reason, reversal_requested_by, reversed_by, state, last_event, transition_seq, version, updated_at)
    on public.claim to touchstone_app;
grant insert (id, claim_id, award_id, position, spent_on, category, amount, vat, supplier, ledger_ref, evidence, edited_by),
    update (position, spent_on, category, amount, vat, supplier, ledger_ref, evidence, edited_by, verdict, disallowed,
        verdict_reason),
    delete on public.claim_line to touchstone_app;
do $$
declare
    seen constant text := $e$(
        organisation_id = (select actor.authority())
        or (submitted_at is not null and exists (select from public.award a where a.id = award_id)))$e$;
begin
    execute format('create policy claim_read on public.claim for select to touchstone_app using %s', seen);
    execute format($p$create policy claim_change on public.claim for update to touchstone_app
        using ((select actor.may_write()) and %1$s)
        with check (
            (organisation_id = (select actor.authority())
                and (select actor.may_write() and (actor.holds('la_editor') or actor.holds('la_certifier'))))
            or (%1$s and (select actor.may_write() and (actor.holds('programme_officer') or actor.holds('finance')
                or actor.holds('approver') or actor.holds('payment_releaser')))))$p$, seen);
end
$$;
create policy claim_add on public.claim for insert to touchstone_app
    with check ((select actor.may_write() and actor.holds('la_editor')) and organisation_id = (select actor.authority())
        and created_by = (select actor.person_id()) and exists (select from public.award a where a.id = award_id));
drop policy claim_line_read on public.claim_line;
create policy claim_line_read on public.claim_line for select to touchstone_app
    using (exists (select from public.claim c where c.id = claim_id));
create policy claim_line_add on public.claim_line for insert to touchstone_app
    with check (edited_by = (select actor.person_id()) and (select actor.may_write() and actor.holds('la_editor'))
        and exists (select from public.claim c where c.id = claim_id and c.organisation_id = (select actor.authority())));
create policy claim_line_change on public.claim_line for update to touchstone_app
    using ((select actor.may_write()) and exists (select from public.claim c where c.id = claim_id))
    with check ((select actor.may_write()) and (
        (edited_by = (select actor.person_id()) and (select actor.holds('la_editor'))
            and exists (select from public.claim c where c.id = claim_id and c.organisation_id = (select actor.authority())))
        or (select actor.holds('programme_officer'))));
create policy claim_line_remove on public.claim_line for delete to touchstone_app
    using ((select actor.may_write() and actor.holds('la_editor'))
        and exists (select from public.claim c where c.id = claim_id and c.organisation_id = (select actor.authority())));

-- 6. Payments: batches are the department's; a payment is seen with its award, so that the authority knows what comes.
grant select on public.payment_batch, public.payment to touchstone_app;
grant insert (id, reference, programme_id, state, last_event, created_by),
    update (control_total, payment_count, export_hash, confirmation_hash, released_by, confirmed_by, reason, state, last_event,
        transition_seq, version, updated_at)
    on public.payment_batch to touchstone_app;
grant insert (id, reference, batch_id, claim_id, award_id, bid_id, bank_account_id, amount, payee, masked, created_by)
    on public.payment to touchstone_app;
create policy payment_batch_read on public.payment_batch for select to touchstone_app
    using (programme_id = any ((select actor.case_programmes())::uuid[]));
create policy payment_batch_add on public.payment_batch for insert to touchstone_app
    with check ((select actor.may_write() and actor.holds('finance')) and created_by = (select actor.person_id())
        and programme_id = any ((select actor.case_programmes())::uuid[]));
create policy payment_batch_change on public.payment_batch for update to touchstone_app
    using ((select actor.may_write()) and programme_id = any ((select actor.case_programmes())::uuid[]))
    with check (programme_id = any ((select actor.case_programmes())::uuid[])
        and (select actor.may_write() and (actor.holds('finance') or actor.holds('payment_releaser'))));
-- An authority sees a payment once its batch has gone.
create policy payment_read on public.payment for select to touchstone_app
    using (exists (select from public.payment_batch b where b.id = batch_id)
        or exists (select from public.claim c where c.id = claim_id and c.organisation_id = (select actor.authority())
            and c.state in ('paid', 'reversed')));
create policy payment_add on public.payment for insert to touchstone_app
    with check ((select actor.may_write() and actor.holds('finance')) and created_by = (select actor.person_id())
        and exists (select from public.payment_batch b where b.id = batch_id)
        and exists (select from public.award a where a.id = award_id));

-- 7. What is due back, and the ledger: read with the award. The database writes them.
grant select on public.recovery, public.ledger_entry to touchstone_app;
grant update (received_on, received_by, version) on public.recovery to touchstone_app;
create policy recovery_change on public.recovery for update to touchstone_app
    using ((select actor.may_write()) and exists (select from public.award a where a.id = award_id))
    with check (received_by = (select actor.person_id()) and (select actor.may_write() and actor.holds('finance'))
        and exists (select from public.award a where a.id = award_id));
