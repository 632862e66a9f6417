import Domain
import FoundationEssentials
import Postgres

/// People, their capacities, and invitations.
enum PeopleStatements {
    private static let columns: SQL = "p.id, p.organisation_id, p.role, p.email, p.name, p.state, p.version"

    private static func person(_ row: inout RowReader) throws -> Person {
        Person(
            id: try row.read(), organisation: try row.read(), role: try row.read(), email: try row.read(),
            name: try row.read(), state: try row.read(), version: try row.read())
    }

    /// A page by name. Administrators and auditors list everybody, others their own organisation.
    static func list(_ filter: PeopleFilter, after keys: [String]?, limit: Int) -> Statement<PersonRow> {
        let search = filter.search.map { "%\(likeEscaped($0))%" }
        let id = keys.flatMap { PersonID($0[1]) }
        return Statement(
            "people.list",
            """
            select p.id, p.name, p.email, p.organisation_id, o.name, p.role, p.state,
                array(
                    select c.code from public.capacity c
                    where c.person_id = p.id and c.valid_from <= public.london_today()
                        and (c.valid_to is null or public.london_today() <= c.valid_to)
                    order by c.code)
            from public.person p
            join public.organisation o on o.id = p.organisation_id
            where ((select actor.role()) in ('administrator', 'auditor')
                    or p.organisation_id = (select actor.organisation_id()))
                and (\(filter.organisation)::uuid is null or p.organisation_id = \(filter.organisation))
                and (\(filter.role)::text is null or p.role = \(filter.role))
                and (\(filter.state)::text is null or p.state = \(filter.state))
                and (\(search)::text is null or p.name ilike \(search) or p.email ilike \(search))
                and (\(keys?[0])::text is null or (p.name, p.id) > (\(keys?[0]), \(id)::uuid))
            order by p.name, p.id
            limit \(limit)
            """
        ) { row in
            PersonRow(
                id: try row.read(), name: try row.read(), email: try row.read(), organisation: try row.read(),
                organisationName: try row.read(), role: try row.read(), state: try row.read(),
                capacities: try row.read())
        }
    }

    private static func likeEscaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
    }

    static func detail(_ id: PersonID) -> Statement<(person: Person, organisationName: String, isContractor: Bool)> {
        Statement(
            "people.detail",
            """
            select \(sql: columns), o.name, p.is_contractor
            from public.person p join public.organisation o on o.id = p.organisation_id
            where p.id = \(id)
            """
        ) { row in (try person(&row), try row.read(), try row.read()) }
    }

    static func lock(_ id: PersonID) -> Statement<Person> {
        Statement(
            "people.lock", "select \(sql: columns) from public.person p where p.id = \(id) for no key update"
        ) { row in try person(&row) }
    }

    static func find(_ id: PersonID) -> Statement<Person> {
        Statement("people.find", "select \(sql: columns) from public.person p where p.id = \(id)") { row in
            try person(&row)
        }
    }

    static func move(_ person: Person, _ event: PersonEvent, to state: Person.State) -> Statement<Void> {
        Statement(
            "people.move",
            """
            update public.person
            set state = \(state), last_event = \(event.rawValue), transition_seq = transition_seq + 1,
                version = version + 1
            where id = \(person.id) and version = \(person.version)
            """)
    }

    struct Invited: Sendable {
        let ok: Bool
        let reason: String?
    }

    static func invite(
        _ credential: Credential?, invitation: UUID, key: [UInt8], person: PersonID, _ new: NewPerson, life: Duration
    ) -> Statement<Invited> {
        Statement(
            "auth.invite",
            """
            select i.ok, i.reason
            from auth.invite(\(credential.map { Bytes($0.bytes) }), \(invitation), \(Bytes(key)), \(person),
                \(new.organisation), \(new.role), \(new.email), \(new.name), \(new.isContractor),
                \(life.components.seconds) * interval '1 second') as i
            """
        ) { row in Invited(ok: try row.read(), reason: try row.read()) }
    }

    static func reinvite(
        _ credential: Credential, invitation: UUID, key: [UInt8], person: PersonID, life: Duration
    ) -> Statement<Invited> {
        Statement(
            "auth.reinvite",
            """
            select i.ok, i.reason
            from auth.reinvite(\(Bytes(credential.bytes)), \(invitation), \(Bytes(key)), \(person),
                \(life.components.seconds) * interval '1 second') as i
            """
        ) { row in Invited(ok: try row.read(), reason: try row.read()) }
    }

    // MARK: Capacities

    static func capacities(of person: PersonID) -> Statement<CapacityRow> {
        Statement(
            "capacity.of_person",
            """
            select c.id, c.code, c.scope_kind, c.scope_id, c.valid_from, c.valid_to, c.training_valid_until, g.name,
                c.end_reason, c.version
            from public.capacity c left join public.person g on g.id = c.granted_by
            where c.person_id = \(person)
            order by c.valid_from desc, c.id desc
            limit 200
            """
        ) { row in
            CapacityRow(
                id: try row.read(), capacity: try row.read(),
                scope: try ActorStatements.scope(try row.read(), try row.read()), validFrom: try row.read(),
                validTo: try row.read(), trainingValidUntil: try row.read(), grantedByName: try row.read(),
                endReason: try row.read(), version: try row.read())
        }
    }

    /// What a person may act as today.
    static func held(by person: PersonID) -> Statement<Capacity> {
        Statement(
            "capacity.held",
            """
            select distinct c.code from public.capacity c
            where c.person_id = \(person) and c.valid_from <= public.london_today()
                and (c.valid_to is null or public.london_today() <= c.valid_to)
            """
        ) { row in try row.read() }
    }

    struct NewCapacity: Sendable {
        let id: CapacityID
        let person: PersonID
        let role: Role
        let capacity: Capacity
        let scope: HeldCapacity.Scope?
        let from: Day
        let to: Day?
        let trainingValidUntil: Day?
        let grantedBy: PersonID?
    }

    static func grant(_ new: NewCapacity) -> Statement<Void> {
        let (kind, id) = columns(of: new.scope)
        return Statement(
            "capacity.grant",
            """
            insert into public.capacity (id, person_id, role, code, scope_kind, scope_id, valid_from, valid_to,
                training_valid_until, granted_by)
            values (\(new.id), \(new.person), \(new.role), \(new.capacity), \(kind), \(id), \(new.from), \(new.to),
                \(new.trainingValidUntil), \(new.grantedBy))
            """)
    }

    private static func columns(of scope: HeldCapacity.Scope?) -> (kind: String?, id: UUID?) {
        switch scope {
        case nil: (nil, nil)
        case .programme(let id): ("programme", id.rawValue)
        case .round(let id): ("round", id.rawValue)
        case .bid(let id): ("bid", id.rawValue)
        case .organisation(let id): ("organisation", id.rawValue)
        }
    }

    struct LockedCapacity: Sendable {
        let person: Person
        let capacity: Capacity
        let from: Day
        let to: Day?
        let version: Int
        let isEnded: Bool
    }

    static func lockCapacity(_ id: CapacityID) -> Statement<LockedCapacity> {
        Statement(
            "capacity.lock",
            """
            select \(sql: columns), c.code, c.valid_from, c.valid_to, c.version, c.ended_by is not null
            from public.capacity c join public.person p on p.id = c.person_id
            where c.id = \(id) for no key update of c
            """
        ) { row in
            LockedCapacity(
                person: try person(&row), capacity: try row.read(), from: try row.read(), to: try row.read(),
                version: try row.read(), isEnded: try row.read())
        }
    }

    /// Ends a capacity: yesterday was its last day, or its first day where it began today or later.
    static func end(_ id: CapacityID, version: Int, last: Day, by person: PersonID, reason: String) -> Statement<Void> {
        Statement(
            "capacity.end",
            """
            update public.capacity
            set valid_to = \(last), ended_by = \(person), end_reason = \(reason), version = version + 1
            where id = \(id) and version = \(version)
            """)
    }

    /// How much of somebody's work would be left without an owner. Behind row security for whoever keeps accounts, so
    /// the database counts it for them.
    static func openWork(of person: PersonID) -> Statement<Int> {
        Statement(
            "person.open_work",
            "select count(*) from public.open_work(\(person)) w where w.can_be_handed_over"
        ) { row in try row.read() }
    }

    /// Moves that work to a colleague who holds the capacity for it and has no conflicting duty.
    static func handOver(from person: PersonID, to successor: PersonID) -> Statement<Int> {
        Statement("person.hand_over", "select public.hand_over(\(person), \(successor))") { row in try row.read() }
    }

    /// What a leaver holds ends with them.
    static func endAll(of person: PersonID, last: Day, by actor: PersonID, reason: String) -> Statement<Void> {
        Statement(
            "capacity.end_all",
            """
            update public.capacity
            set valid_to = greatest(\(last), valid_from), ended_by = \(actor), end_reason = \(reason), version = version + 1
            where person_id = \(person) and ended_by is null and (valid_to is null or valid_to > \(last))
            """)
    }
}
