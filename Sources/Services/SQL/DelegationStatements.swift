import Domain
import Postgres

/// Delegated limits.
enum DelegationStatements {
    private static let select: SQL = """
        select d.id, d.person_id, d.tier, d.max_amount, d.valid_from, d.valid_to, d.state, p.name, d.instrument_ref,
            b.name, a.name, d.version,
            d.state = 'active' and public.london_today() between d.valid_from and d.valid_to
        from public.delegation d
        join public.person p on p.id = d.person_id
        left join public.person b on b.id = d.proposed_by
        left join public.person a on a.id = d.activated_by
        """

    private static func row(_ row: inout RowReader) throws -> DelegationRow {
        DelegationRow(
            delegation: try delegation(&row), personName: try row.read(), instrument: try row.read(),
            proposedByName: try row.read(), activatedByName: try row.read(), version: try row.read(),
            isValidToday: try row.read())
    }

    private static func delegation(_ row: inout RowReader) throws -> Delegation {
        Delegation(
            id: try row.read(), person: try row.read(), tier: try row.read(), limit: try row.read(),
            validFrom: try row.read(), validTo: try row.read(), state: try row.read())
    }

    static func list(after keys: [String]?, limit: Int) -> Statement<DelegationRow> {
        let id = keys.flatMap { DelegationID($0[1]) }
        return Statement(
            "delegation.list",
            """
            \(sql: select)
            where \(keys?[0])::text is null or (p.name, d.id) > (\(keys?[0]), \(id)::uuid)
            order by p.name, d.id
            limit \(limit)
            """
        ) { try row(&$0) }
    }

    static func find(_ id: DelegationID) -> Statement<DelegationRow> {
        Statement("delegation.find", "\(sql: select) where d.id = \(id)") { try row(&$0) }
    }

    /// The organisation of whoever holds it.
    static func holder(of id: DelegationID) -> Statement<OrganisationID> {
        Statement(
            "delegation.holder",
            """
            select p.organisation_id from public.delegation d join public.person p on p.id = d.person_id
            where d.id = \(id)
            """
        ) { row in try row.read() }
    }

    static func of(_ person: PersonID) -> Statement<DelegationRow> {
        Statement(
            "delegation.of_person",
            "\(sql: select) where d.person_id = \(person) order by d.valid_from desc, d.id desc limit 100"
        ) { try row(&$0) }
    }

    struct Locked: Sendable {
        let delegation: Delegation
        let version: Int
        let proposedBy: PersonID?
        let holder: OrganisationID
    }

    static func lock(_ id: DelegationID) -> Statement<Locked> {
        Statement(
            "delegation.lock",
            """
            select d.id, d.person_id, d.tier, d.max_amount, d.valid_from, d.valid_to, d.state, d.version, d.proposed_by,
                p.organisation_id
            from public.delegation d join public.person p on p.id = d.person_id
            where d.id = \(id) for no key update of d
            """
        ) { row in
            Locked(
                delegation: try delegation(&row), version: try row.read(), proposedBy: try row.read(),
                holder: try row.read())
        }
    }

    static func propose(_ id: DelegationID, _ new: NewDelegation, by person: PersonID) -> Statement<Void> {
        Statement(
            "delegation.propose",
            """
            insert into public.delegation (id, person_id, tier, max_amount, instrument_ref, valid_from, valid_to,
                proposed_by)
            values (\(id), \(new.person), \(new.tier), \(new.limit), \(new.instrument), \(new.from), \(new.to),
                \(person))
            """)
    }

    static func move(
        _ id: DelegationID, version: Int, _ event: DelegationEvent, to state: Delegation.State, activatedBy: PersonID?
    ) -> Statement<Void> {
        Statement(
            "delegation.move",
            """
            update public.delegation
            set state = \(state), last_event = \(event.rawValue), transition_seq = transition_seq + 1,
                version = version + 1, activated_by = coalesce(\(activatedBy)::uuid, activated_by)
            where id = \(id) and version = \(version)
            """)
    }
}
