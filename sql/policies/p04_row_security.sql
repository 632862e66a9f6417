-- Who may touch which row. Row security is forced on every table but those that belong to nobody; the owner's functions see
-- all rows, everybody else only what a policy below gives. A new table is granted to nobody until this file or p05 says so. Statements of the server carry their own predicates as well: this is the fence.
--
-- A policy on UPDATE looks at two things. USING says which rows may be locked or changed at all: those that are seen, by a
-- session that may write (locking a row that others change is part of reading it in order). WITH CHECK says who may leave
-- the row changed. Which change of state is allowed, is up to workflow.guard.

-- Everything here is closed first: old policies and privileges go, row security is forced.
select workflow.close_tables(array[
    'public.bank_holiday', 'public.capacity_kind', 'public.indicator', 'public.setting', 'public.schema_change',
    'workflow.transition', 'workflow.duty_conflict'], fenced => false);
select workflow.close_tables(array[
    'auth.credential', 'auth.totp', 'auth.totp_used', 'auth.recovery_code', 'auth.session', 'auth.invitation',
    'auth.rate_bucket', 'auth.pepper',
    'public.organisation', 'public.organisation_fact', 'public.organisation_successor', 'public.organisation_neighbour',
    'public.reference_load', 'public.person', 'public.capacity', 'public.delegation', 'public.programme',
    'public.programme_aim', 'public.budget_line', 'public.budget_entry', 'public.round', 'public.criterion',
    'public.eligibility_rule']);

-- 1. Tables that belong to nobody: words, rules, settings. Everybody reads them, the owner writes them.
grant select on public.bank_holiday, public.capacity_kind, public.indicator, public.setting, public.schema_change,
    workflow.transition, workflow.duty_conflict
    to touchstone_app, touchstone_worker, touchstone_reader;

-- 2. Credentials: nobody but the owner, whose functions are the doors (p02).

-- 3. Organisations: public facts, for anybody signed in and for analysts; written by administrators.
grant select on public.organisation, public.organisation_fact, public.organisation_successor, public.organisation_neighbour
    to touchstone_app, touchstone_reader;
grant insert (id, kind, dfe_code, name, alt_names, active_from, active_to, charity_no, company_no),
    update (name, alt_names, active_from, active_to, charity_no, company_no, version)
    on public.organisation to touchstone_app;
grant insert (id, organisation_id, fact, value, valid_from, valid_to, source, recorded_by)
    on public.organisation_fact to touchstone_app;
grant select on public.reference_load to touchstone_app;

create policy organisation_read on public.organisation for select to touchstone_app
    using ((select actor.person_id()) is not null);
create policy organisation_add on public.organisation for insert to touchstone_app
    with check ((select actor.may_write() and actor.holds('administrator')));
create policy organisation_change on public.organisation for update to touchstone_app
    using ((select actor.may_write() and actor.holds('administrator')))
    with check ((select actor.may_write() and actor.holds('administrator')));
create policy organisation_analyst on public.organisation for select to touchstone_reader using (true);

create policy organisation_fact_read on public.organisation_fact for select to touchstone_app
    using ((select actor.person_id()) is not null);
create policy organisation_fact_add on public.organisation_fact for insert to touchstone_app
    with check (recorded_by = (select actor.person_id())
        and ((select actor.may_write() and actor.holds('administrator'))
            or (fact in ('section_114', 'ofsted_overall') and (select actor.may_write() and actor.holds('programme_officer')))));
create policy organisation_fact_analyst on public.organisation_fact for select to touchstone_reader using (true);

create policy organisation_successor_read on public.organisation_successor for select to touchstone_app
    using ((select actor.person_id()) is not null);
create policy organisation_successor_analyst on public.organisation_successor for select to touchstone_reader using (true);
create policy organisation_neighbour_read on public.organisation_neighbour for select to touchstone_app
    using ((select actor.person_id()) is not null);
create policy organisation_neighbour_analyst on public.organisation_neighbour for select to touchstone_reader using (true);

create policy reference_load_read on public.reference_load for select to touchstone_app
    using ((select actor.role()) in ('department', 'auditor', 'administrator'));

-- 4. People: oneself and one's organisation; the department deals with everybody; administrators keep accounts, auditors
-- read. Accounts begin by auth.invite and nowhere else.
grant select on public.person, public.capacity, public.delegation to touchstone_app;
grant update (name, is_contractor, state, last_event, transition_seq, version) on public.person to touchstone_app;
grant insert (id, person_id, role, code, scope_kind, scope_id, valid_from, valid_to, training_valid_until, granted_by),
    update (valid_to, training_valid_until, ended_by, end_reason, version) on public.capacity to touchstone_app;
grant insert (id, person_id, tier, max_amount, categories, instrument_ref, valid_from, valid_to, proposed_by, state, last_event),
    update (activated_by, state, last_event, transition_seq, version) on public.delegation to touchstone_app;

create policy person_read on public.person for select to touchstone_app
    using (id = (select actor.person_id())
        or organisation_id = (select actor.organisation_id())
        or (select actor.role()) in ('department', 'administrator', 'auditor'));
create policy person_change on public.person for update to touchstone_app
    using ((select actor.may_write()) and ((select actor.holds('administrator'))
        or (role = 'local_authority' and organisation_id = (select actor.organisation_id())
            and (select actor.holds('la_user_administrator')))))
    with check ((select actor.may_write()) and ((select actor.holds('administrator'))
        or (role = 'local_authority' and organisation_id = (select actor.organisation_id())
            and (select actor.holds('la_user_administrator')))));

-- A capacity is seen with its person.
create policy capacity_read on public.capacity for select to touchstone_app
    using (person_id = (select actor.person_id())
        or (select actor.role()) in ('department', 'administrator', 'auditor')
        or exists (select from public.person p where p.id = person_id and p.organisation_id = (select actor.organisation_id())));
create policy capacity_add on public.capacity for insert to touchstone_app
    with check ((select actor.may_write()) and granted_by = (select actor.person_id()) and person_id <> granted_by
        and ((select actor.holds('administrator'))
            or (role = 'local_authority' and (select actor.holds('la_user_administrator')) and exists (
                select from public.person p where p.id = person_id and p.organisation_id = (select actor.organisation_id())))));
create policy capacity_change on public.capacity for update to touchstone_app
    using ((select actor.may_write()) and person_id <> (select actor.person_id())
        and ((select actor.holds('administrator'))
            or (role = 'local_authority' and (select actor.holds('la_user_administrator')) and exists (
                select from public.person p where p.id = person_id and p.organisation_id = (select actor.organisation_id())))))
    with check ((select actor.may_write()) and person_id <> (select actor.person_id())
        and (ended_by is null or ended_by = (select actor.person_id())));

create policy delegation_read on public.delegation for select to touchstone_app
    using (person_id = (select actor.person_id()) or (select actor.role()) in ('department', 'administrator', 'auditor'));
create policy delegation_add on public.delegation for insert to touchstone_app
    with check ((select actor.may_write() and actor.holds('administrator'))
        and proposed_by = (select actor.person_id()) and person_id <> proposed_by);
-- A delegation is locked by its own holder too, while a key turns.
create policy delegation_change on public.delegation for update to touchstone_app
    using ((select actor.may_write()) and (person_id = (select actor.person_id())
        or (select actor.role()) in ('department', 'administrator')))
    with check ((select actor.may_write() and (actor.holds('administrator') or actor.holds('senior_officer_responsible')))
        and person_id <> (select actor.person_id()));

-- The clock ends delegations.
grant select (id, person_id, state, valid_to, transition_seq, version), update (state, last_event, transition_seq, version)
    on public.delegation to touchstone_worker;
create policy delegation_clock_read on public.delegation for select to touchstone_worker using (state in ('active', 'expired'));
create policy delegation_clock on public.delegation for update to touchstone_worker
    using (state = 'active') with check (state = 'expired');

-- 5. Programmes: the case team and auditors; what is open, everybody but administrators.
grant select on public.programme, public.programme_aim, public.budget_line, public.budget_entry to touchstone_app;
grant insert (id, reference, organisation_id, title, summary, sor_id, ggis_scheme_ref, allocation_method, allocation_reason,
        powers, powers_detail, conditionality, case_strategic, case_economic, case_commercial, case_financial,
        case_management, evaluation_budget, ncr_novel, ncr_contentious, ncr_repercussive, ncr_rationale, consent_ref,
        consent_on, cgap_status, cgap_ref, fra_inherent, fra_residual, fra_next_review, risk_profile, state, last_event,
        created_by),
    update (title, summary, sor_id, ggis_scheme_ref, allocation_method, allocation_reason, powers, powers_detail,
        conditionality, case_strategic, case_economic, case_commercial, case_financial, case_management,
        evaluation_budget, ncr_novel, ncr_contentious, ncr_repercussive, ncr_rationale, consent_ref, consent_on,
        cgap_status, cgap_ref, fra_inherent, fra_residual, fra_next_review, risk_profile, state, last_event,
        transition_seq, version)
    on public.programme to touchstone_app;
-- Part of a draft until it is submitted; a trigger holds them from then on.
grant insert, delete on public.programme_aim, public.budget_line to touchstone_app;
grant update (aim, indicator_code, nao_test) on public.programme_aim to touchstone_app;
grant update (amount) on public.budget_line to touchstone_app;
grant insert (id, programme_id, financial_year, kind, approval_id, what, amount) on public.budget_entry to touchstone_app;

do $$
declare
    seen constant text := $e$(
        (state in ('open', 'suspended', 'closing', 'closed', 'archived')
            and (select actor.role()) in ('department', 'local_authority', 'what_works', 'evaluator', 'auditor'))
        or organisation_id = (select actor.whole_department())
        or id = any ((select actor.case_programmes())::uuid[]))$e$;
begin
    execute format('create policy programme_read on public.programme for select to touchstone_app using %s', seen);
    execute format($p$create policy programme_change on public.programme for update to touchstone_app
        using ((select actor.may_write()) and %s)
        with check (organisation_id = (select actor.department()) and (select actor.may_write()
            and (actor.holds('programme_officer') or actor.holds('approver') or actor.holds('senior_officer_responsible'))))$p$,
        seen);
end
$$;
create policy programme_add on public.programme for insert to touchstone_app
    with check ((select actor.may_write() and actor.holds('programme_officer'))
        and organisation_id = (select actor.department()) and created_by = (select actor.person_id()));

create policy programme_aim_read on public.programme_aim for select to touchstone_app
    using (exists (select from public.programme p where p.id = programme_id));
create policy programme_aim_add on public.programme_aim for insert to touchstone_app
    with check (programme_id = any ((select actor.case_programmes())::uuid[])
        and (select actor.may_write() and actor.holds('programme_officer')));
create policy programme_aim_change on public.programme_aim for update to touchstone_app
    using (programme_id = any ((select actor.case_programmes())::uuid[])
        and (select actor.may_write() and actor.holds('programme_officer')));
create policy programme_aim_remove on public.programme_aim for delete to touchstone_app
    using (programme_id = any ((select actor.case_programmes())::uuid[])
        and (select actor.may_write() and actor.holds('programme_officer')));

create policy budget_line_read on public.budget_line for select to touchstone_app
    using (exists (select from public.programme p where p.id = programme_id));
create policy budget_line_add on public.budget_line for insert to touchstone_app
    with check (programme_id = any ((select actor.case_programmes())::uuid[])
        and (select actor.may_write() and actor.holds('programme_officer')));
create policy budget_line_change on public.budget_line for update to touchstone_app
    using (programme_id = any ((select actor.case_programmes())::uuid[])
        and (select actor.may_write() and actor.holds('programme_officer')));
create policy budget_line_remove on public.budget_line for delete to touchstone_app
    using (programme_id = any ((select actor.case_programmes())::uuid[])
        and (select actor.may_write() and actor.holds('programme_officer')));

-- What has been set aside is the case team's affair.
create policy budget_entry_read on public.budget_entry for select to touchstone_app
    using (programme_id = any ((select actor.case_programmes())::uuid[]));
create policy budget_entry_add on public.budget_entry for insert to touchstone_app
    with check (programme_id = any ((select actor.case_programmes())::uuid[]) and (select actor.may_write()
        and (actor.holds('finance') or actor.holds('approver') or actor.holds('programme_officer'))));

-- 6. Rounds: the case team and auditors; from being scheduled, everybody but administrators.
grant select on public.round, public.criterion, public.eligibility_rule to touchstone_app, touchstone_reader;
grant insert (id, reference, programme_id, title, prospectus, opens_at, closes_at, min_award, max_award, budget, state,
        last_event, created_by),
    update (title, prospectus, opens_at, closes_at, min_award, max_award, budget, frozen_hash, state, last_event,
        transition_seq, version)
    on public.round to touchstone_app;
grant insert, delete on public.criterion, public.eligibility_rule to touchstone_app;
grant update (code, title, weight, pass_mark, scorer, guidance, position) on public.criterion to touchstone_app;
grant update (code, sentence, predicate, source, position) on public.eligibility_rule to touchstone_app;

do $$
declare
    seen constant text := $e$(
        ((state in ('scheduled', 'open', 'closed', 'appraising', 'decided', 'announced')
                or (state = 'cancelled' and opens_at <= now()))
            and (select actor.role()) in ('department', 'local_authority', 'what_works', 'evaluator', 'auditor'))
        or programme_id = any ((select actor.case_programmes())::uuid[]))$e$;
begin
    execute format('create policy round_read on public.round for select to touchstone_app using %s', seen);
    execute format($p$create policy round_change on public.round for update to touchstone_app
        using ((select actor.may_write()) and %s)
        with check (programme_id = any ((select actor.case_programmes())::uuid[]) and (select actor.may_write()
            and (actor.holds('programme_officer') or actor.holds('approver') or actor.holds('senior_officer_responsible'))))$p$,
        seen);
end
$$;
create policy round_add on public.round for insert to touchstone_app
    with check ((select actor.may_write() and actor.holds('programme_officer'))
        and programme_id = any ((select actor.case_programmes())::uuid[]) and created_by = (select actor.person_id()));
create policy round_analyst on public.round for select to touchstone_reader
    using (state in ('scheduled', 'open', 'closed', 'appraising', 'decided', 'announced'));

-- The clock schedules, opens and closes rounds.
grant select (id, state, opens_at, closes_at, transition_seq, version), update (state, last_event, transition_seq, version)
    on public.round to touchstone_worker;
create policy round_clock_read on public.round for select to touchstone_worker using (true);
create policy round_clock on public.round for update to touchstone_worker
    using (state in ('approved', 'scheduled', 'open')) with check (state in ('scheduled', 'open', 'closed'));

do $$
declare
    it text;
begin
    foreach it in array array['criterion', 'eligibility_rule'] loop
        execute format($p$
            create policy %1$s_read on public.%1$I for select to touchstone_app, touchstone_reader
                using (exists (select from public.round r where r.id = round_id));
            create policy %1$s_add on public.%1$I for insert to touchstone_app
                with check (exists (select from public.round r where r.id = round_id
                        and r.programme_id = any ((select actor.case_programmes())::uuid[]))
                    and (select actor.may_write() and actor.holds('programme_officer')));
            create policy %1$s_change on public.%1$I for update to touchstone_app
                using (exists (select from public.round r where r.id = round_id
                        and r.programme_id = any ((select actor.case_programmes())::uuid[]))
                    and (select actor.may_write() and actor.holds('programme_officer')));
            create policy %1$s_remove on public.%1$I for delete to touchstone_app
                using (exists (select from public.round r where r.id = round_id
                        and r.programme_id = any ((select actor.case_programmes())::uuid[]))
                    and (select actor.may_write() and actor.holds('programme_officer')))$p$, it);
    end loop;
end
$$;
