import Postgres

extension HomeStatements {
    /// What waits in evidence, decisions and adoption. Each branch begins with a condition on the actor alone.
    static let evidence: SQL = """
        select case p.state when 'ww_checked' then 'practice_to_publish' else 'practice_to_check' end, 'practice', p.id,
            p.name, p.reference, null::timestamptz, p.created_at
        from practice p
        where ((p.state = 'ww_checked' and (select actor.holds('programme_officer')))
            or (p.state in ('draft', 'under_review') and (select actor.holds('reviewer') or actor.holds('review_lead'))
                and p.summary <> '' and (select actor.person_id()) not in (p.created_by, p.last_editor_id)))
        union all
        select case r.state when 'panel' then 'rating_to_vote' when 'review_needed' then 'rating_to_renew'
                else 'rating_to_propose' end,
            'evidence_rating', r.id, p.name, r.reference, null, r.created_at
        from evidence_rating r join practice p on p.id = r.practice_id
        where (r.state = 'panel' and (select actor.holds('rating_panel'))
                and r.proposed_by is distinct from (select actor.person_id())
                and not exists (select from rating_vote v where v.rating_id = r.id and v.content_hash = r.content_hash
                    and v.person_id = (select actor.person_id())))
            or (r.state in ('not_rated', 'proposed') and (select actor.holds('reviewer'))
                and (select actor.person_id()) in (r.opened_by, r.proposed_by))
            or (r.state = 'review_needed' and (select actor.holds('reviewer')) and not exists (
                select from evidence_rating n where n.practice_id = r.practice_id and n.number > r.number))
        union all
        select case d.state when 'option_identified' then 'decision_to_assemble' when 'evidence_pack' then 'decision_to_recommend'
                when 'recommended' then 'decision_to_approve' when 'approved' then 'decision_to_announce'
                else 'decision_to_review' end,
            'adoption_decision', d.id, d.title, d.reference,
            case when d.state in ('announced', 'reviewed') then d.review_on::timestamp at time zone 'Europe/London' end,
            d.created_at
        from adoption_decision d
        where d.programme_id = any ((select actor.case_programmes())::uuid[]) and (
            (d.state in ('option_identified', 'evidence_pack') and (select actor.holds('programme_officer')))
            or (d.state = 'recommended' and (select actor.holds('approver') or actor.holds('senior_officer_responsible'))
                and (select actor.person_id()) is distinct from d.recommended_by
                and (select actor.person_id()) is distinct from d.seconded_by)
            or (d.state = 'approved' and (select actor.holds('senior_officer_responsible')))
            or (d.state in ('announced', 'reviewed')
                and (select actor.holds('programme_officer') or actor.holds('senior_officer_responsible'))
                and (d.review_on <= public.london_today() + 30 or exists (select from decision_flag f
                    where f.decision_id = d.id and f.at > coalesce(d.reviewed_at, '-infinity')))))
        union all
        select 'adoption_to_confirm', 'la_adoption', a.id, p.name, a.reference, null, a.created_at
        from la_adoption a join practice p on p.id = a.practice_id
        where (select actor.holds('la_certifier')) and a.organisation_id = (select actor.organisation_id())
            and a.state in ('adopted_pilot', 'adopted_full', 'sustained')
            and (select max(l.at) from workflow.log l where l.object_id = a.id) < now() - interval '6 months'
        union all
        select 'adoption_to_verify', 'la_adoption', a.id, p.name, a.reference || ', ' || o.name, null, a.created_at
        from la_adoption a join practice p on p.id = a.practice_id join organisation o on o.id = a.organisation_id
        where (select actor.holds('la_certifier')) and p.originator_id = (select actor.organisation_id())
            and a.state in ('adopted_pilot', 'adopted_full', 'sustained')
            and not exists (select from adoption_verification v where v.adoption_id = a.id and v.state = a.state)
        union all
        select case when c.state = 'in_progress' and (select actor.holds('la_certifier')) then 'capacity_to_certify'
                else 'capacity_to_answer' end,
            'capacity_assessment', c.id, 'Capacity assessment', c.reference,
            ((c.due_on + 1)::timestamp at time zone 'Europe/London'), c.created_at
        from capacity_assessment c
        where (select actor.holds('la_editor') or actor.holds('la_certifier'))
            and c.organisation_id = (select actor.organisation_id()) and c.state in ('opened', 'in_progress')
        union all
        select case f.state when 'returned' then 'follow_up_to_accept' else 'follow_up_to_answer' end, 'follow_up', f.id,
            coalesce(a.title, ''), f.reference || ', ' || f.months || ' months after the end',
            ((f.due_on + 1)::timestamp at time zone 'Europe/London'), f.created_at
        from follow_up f left join award a on a.id = f.award_id
        where (f.state = 'open' and (select actor.holds('la_editor') or actor.holds('la_certifier'))
                and f.organisation_id = (select actor.organisation_id()))
            or (f.state = 'returned' and (select actor.holds('programme_officer')))
        """
}
