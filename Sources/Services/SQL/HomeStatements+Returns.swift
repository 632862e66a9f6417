import Postgres

extension HomeStatements {
    /// Returns that wait: for their authority to write and to certify, for the department to review and to chase.
    static let returns: SQL = """
        select case r.state when 'in_certification' then 'return_to_certify' else 'return_to_write' end, 'monitoring_return',
            r.id, to_char(r.period_from, 'FMDD FMMonth YYYY') || ' to ' || to_char(r.period_to, 'FMDD FMMonth YYYY'),
            r.reference, ((coalesce(r.changes_due_on, r.due_on) + 1)::timestamp at time zone 'Europe/London'), r.updated_at
        from monitoring_return r
        where (select actor.role()) = 'local_authority' and r.organisation_id = (select actor.organisation_id())
            and ((r.state in ('open', 'in_progress', 'changes_requested', 'reopened') and (select actor.holds('la_editor')))
                or (r.state = 'in_certification' and (select actor.holds('la_certifier'))
                    and r.last_editor_id is distinct from (select actor.person_id())))
        union all
        select case when r.state in ('submitted', 'under_review') then 'return_to_review' else 'return_overdue' end,
            'monitoring_return', r.id, o.name, r.reference, null, r.updated_at
        from monitoring_return r join organisation o on o.id = r.organisation_id
        where (select actor.holds('programme_officer'))
            and (r.state in ('submitted', 'under_review')
                or (r.state in ('open', 'in_progress', 'in_certification') and r.due_on < public.london_today()))
        """
}
