import Domain
import Postgres

// What waits for whom among awards, claims and payments. See HomeStatements.swift.

extension HomeStatements {
    /// A person who has performed one of these duties in the case may not perform the other.
    private static func untouched(_ bid: SQL, by duty: Duty) -> SQL {
        """
        not exists (select from workflow.duty_performed u join workflow.duty_conflict x
            on x.duty = u.duty and x.other = \(duty)
            where u.case_id = \(bid) and u.person_id = (select actor.person_id()))
        """
    }

    static let awards: SQL = """
        select 'award_to_draft', 'bid', b.id, b.title, b.reference, null, b.updated_at
        from bid b
        where (select actor.holds('programme_officer')) and b.state = 'approved_for_offer'
            and b.round_id = any ((select actor.case_rounds())::uuid[])
            and not exists (select from award w where w.bid_id = b.id)
        union all
        select case
                when w.drafted_by = (select actor.person_id()) or w.created_by = (select actor.person_id())
                    then 'agreement_to_complete' else 'agreement_to_check' end,
            'award', w.id, w.title, w.reference, null, w.updated_at
        from award w
        where (select actor.holds('programme_officer')) and w.state = 'drafting'
        union all
        select 'award_to_offer', 'award', w.id, w.title, w.reference, null, w.updated_at
        from award w
        where (select actor.holds('approver') or actor.holds('senior_officer_responsible'))
            and w.state = 'quality_checked'
        union all
        select 'offer_to_accept', 'award', w.id, w.title, w.reference,
            ((w.accept_by + 1)::timestamp at time zone 'Europe/London'), w.offered_at
        from award w
        where (select actor.holds('la_certifier')) and w.state = 'offered'
            and w.organisation_id = (select actor.organisation_id())
        union all
        select 'bank_to_verify', 'award', w.id, w.title, s.masked, null, s.entered_at
        from award w cross join lateral public.bank_standing(w.organisation_id) as s
        where (select actor.holds('la_editor') or actor.holds('la_certifier') or actor.holds('finance'))
            and w.state in ('offered', 'accepted', 'signed_dept', 'active') and s.bank_account_id is not null
            and s.payable_from is null and s.entered_by <> (select actor.person_id())
            and not exists (select from bank_verification v where v.bank_account_id = s.bank_account_id
                and v.verified_by = (select actor.person_id()))
        union all
        select case w.state when 'accepted' then 'award_to_sign' else 'award_to_activate' end, 'award', w.id, w.title,
            w.reference, null, w.updated_at
        from award w
        where (select actor.holds('signatory')) and w.state in ('accepted', 'signed_dept')
        union all
        select case v.state when 'submitted' then 'variation_to_assess' when 'assessed' then 'variation_to_decide'
                else 'variation_to_effect' end,
            'variation', v.id, w.title, v.reference,
            ((v.decide_by + 1)::timestamp at time zone 'Europe/London'), v.updated_at
        from variation v join award w on w.id = v.award_id
        where (select actor.role()) = 'department'
            and (select actor.person_id()) is distinct from v.requested_by
            and (select actor.person_id()) <> v.created_by
            and ((v.state = 'submitted' and (select actor.holds('programme_officer')))
                or (v.state = 'assessed' and (select actor.holds('approver'))
                    and (select actor.person_id()) is distinct from v.assessed_by)
                or (v.state = 'approved' and (select actor.holds('signatory'))))
        union all
        select case when w.reconciled_at is null then 'award_to_reconcile' else 'award_to_close' end, 'award', w.id,
            w.title, w.reference, null, w.updated_at
        from award w
        where w.state = 'completed'
            and ((w.reconciled_at is null and (select actor.holds('finance')))
                or (w.reconciled_at is not null and (select actor.holds('senior_officer_responsible'))
                    and w.reconciled_by <> (select actor.person_id())))
        """

    static let claims: SQL = """
        select 'instalment_to_claim', 'award', w.id, w.title, w.reference || ', instalment ' || s.position,
            ((s.due_on + 1)::timestamp at time zone 'Europe/London'), w.activated_at
        from award w cross join lateral public.instalment_standing(w.id) as s
        where (select actor.holds('la_editor')) and w.state = 'active'
            and w.organisation_id = (select actor.organisation_id()) and s.state in ('due', 'overdue')
        union all
        select case c.state when 'draft' then 'claim_to_complete' when 'in_certification' then 'claim_to_certify'
                else 'claim_to_answer' end,
            'claim', c.id, w.title, c.reference,
            case c.state when 'queried' then ((c.query_by + 1)::timestamp at time zone 'Europe/London') end, c.updated_at
        from claim c join award w on w.id = c.award_id
        where (select actor.role()) = 'local_authority' and c.organisation_id = (select actor.organisation_id())
            and ((c.state = 'draft' and (select actor.holds('la_editor')))
                or (c.state = 'in_certification' and (select actor.holds('la_certifier'))
                    and c.last_editor_id is distinct from (select actor.person_id()))
                or (c.state = 'queried' and (select actor.holds('la_editor') or actor.holds('la_certifier'))))
        union all
        select 'claim_to_check', 'claim', c.id, w.title, c.reference, null, c.submitted_at
        from claim c join award w on w.id = c.award_id
        where (select actor.holds('programme_officer')) and c.state in ('submitted', 'checking')
            and \(untouched("c.bid_id", by: .verified))
        union all
        select case when c.state = 'approved_for_payment' then 'claim_to_pay' else 'claim_to_approve' end, 'claim', c.id,
            w.title, c.reference, ((c.pay_by + 1)::timestamp at time zone 'Europe/London'), c.verified_at
        from claim c join award w on w.id = c.award_id
        where (select actor.holds('finance')) and c.state in ('verified', 'part_verified', 'approved_for_payment')
            and \(untouched("c.bid_id", by: .approvedPayment))
        union all
        select 'reversal_to_decide', 'claim', c.id, w.title, c.reference, null, c.updated_at
        from claim c join award w on w.id = c.award_id
        where (select actor.holds('approver')) and c.state = 'paid' and c.last_event = 'request_reversal'
            and c.reversal_requested_by <> (select actor.person_id())
        union all
        select case p.state when 'open' then 'payments_to_release' else 'payments_to_confirm' end, 'payment_batch', p.id,
            p.reference, g.title, null, p.updated_at
        from payment_batch p join programme g on g.id = p.programme_id
        where (p.state = 'open' and (select actor.holds('payment_releaser')) and p.created_by <> (select
                actor.person_id()))
            or (p.state = 'released' and (select actor.holds('payment_releaser') or actor.holds('finance')))
        """
}
