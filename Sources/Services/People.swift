import Crypto
public import Domain
import FoundationEssentials
import Postgres

/// Accounts: who is here, who comes, who leaves.
public struct People: Sendable {
    let platform: Platform

    /// People by name: all of them for administrators and auditors, one's own organisation's for its user administrators.
    public func list(
        _ actor: Actor, page: PageRequest = PageRequest(), filter: PeopleFilter = PeopleFilter()
    ) async throws -> Page<PersonRow> {
        let keys = try page.keys(2)
        let (subject, rows) = try await platform.read(
            "people.list", actor, PeopleStatements.list(filter, after: keys, limit: page.limit).many)
        _ = try Permission.authorise(.peopleList, subject: subject)
        return Page(rows, page) { [$0.name, $0.id.description] }
    }

    /// A person with capacities and delegated limits.
    public func detail(_ actor: Actor, _ id: PersonID) async throws -> PersonDetail {
        let (subject, found, capacities, delegations) = try await platform.read(
            "people.detail", actor, PeopleStatements.detail(id).optional, PeopleStatements.capacities(of: id).many,
            DelegationStatements.of(id).many)
        let (person, organisationName, isContractor) = try found.orNotFound("person")
        let facts = Permission.Facts.of(person)
        _ = try Permission.authorise(.peopleRead, subject: subject, facts: facts)
        let allowed = offered(PersonEvent.self, from: person.state, to: subject, facts: facts) { event in
            switch event {
            case .suspend: .peopleSuspend
            case .reinstate: .peopleReinstate
            case .leave: .peopleLeave
            case .invite, .activate: nil
            }
        }
        return PersonDetail(
            person: person, organisationName: organisationName, isContractor: isContractor, capacities: capacities,
            delegations: delegations, allowed: allowed)
    }

    /// What a person may act as, the newest first.
    public func capacities(_ actor: Actor, _ id: PersonID) async throws -> [CapacityRow] {
        let (subject, found, capacities) = try await platform.read(
            "people.capacities", actor, PeopleStatements.find(id).optional, PeopleStatements.capacities(of: id).many)
        let person = try found.orNotFound("person")
        let facts = Permission.Facts.of(person)
        _ = try Permission.authorise(.peopleRead, subject: subject, facts: facts)
        _ = try Permission.authorise(.capacityList, subject: subject, facts: facts)
        return capacities
    }

    /// Makes an account that its owner activates by the link. The link goes to them and to nobody else: the outbox names
    /// the invitation, and whoever delivers it adds the link. The token comes back for the operator on the host; a front
    /// that serves the inviter must not show it, or the inviter could accept in the other's name.
    ///
    /// The token is in no table: it is derived from the invitation's id with the sealing key, so that a repeated command
    /// gives the same one.
    public func invite(
        _ actor: Actor, _ new: NewPerson, once: IdempotencyKey? = nil
    ) async throws -> (person: PersonID, invitationToken: String) {
        let credential = actor.credential
        let platform = platform
        let made = try await platform.write("people.invite", actor, once: once) { tx, open in
            let (subject, found) = try tx.pipeline(
                open, OrganisationStatements.detail(new.organisation, asAt: nil).optional)
            let organisation = try found.orNotFound("organisation").organisation
            let person = PersonID.fresh()
            _ = try Permission.authorise(
                .peopleInvite, subject: subject, facts: .init(organisation: new.organisation, person: person))
            if !new.capacities.isEmpty {
                _ = try Permission.authorise(
                    .capacityGrant, subject: subject, facts: .init(organisation: new.organisation, person: person))
            }
            try PersonRules.problems(name: new.name, email: new.email).mustBeEmpty()
            try PersonRules.invite(
                role: new.role, kind: organisation.kind, organisation: new.organisation, capacities: new.capacities,
                by: subject
            ).enforce()
            let made = Invited(person: person, invitation: Identifier<InvitationView>.fresh().rawValue)
            let key = Credential(token: Self.token(of: made.invitation, platform.configuration)).key
            let answer = try tx.run(
                PeopleStatements.invite(
                    credential, invitation: made.invitation, key: key, person: person, new,
                    life: platform.configuration.invitationLife
                ).one)
            guard answer.ok else { throw Self.refusal(answer.reason) }
            let notice = InvitationNotice(
                invitation: made.invitation, name: new.name, organisation: organisation.name, isReset: false)
            tx.queue(notice.outbox(platform.configuration).to([person]))
            let record = Record(subject, actor)
            for capacity in Set(new.capacities).sorted(by: { $0.rawValue < $1.rawValue }) {
                let granted = PeopleStatements.NewCapacity(
                    id: .fresh(), person: person, role: new.role, capacity: capacity, scope: nil,
                    from: subject.now.londonDay, to: nil, trainingValidUntil: nil, grantedBy: subject.person)
                tx.queue(PeopleStatements.grant(granted).done)
                tx.queue(record.event("capacity.grant", on: .person(person), detail: ["capacity": capacity.rawValue]))
            }
            return made
        }
        return (made.person, Self.token(of: made.invitation, platform.configuration))
    }

    /// What is kept of an invitation under its idempotency key: nothing that signs in.
    private struct Invited: Codable, Sendable {
        let person: PersonID
        let invitation: UUID
    }

    static func token(of invitation: UUID, _ configuration: ServicesConfiguration) -> String {
        let mac = HMAC<SHA256>.authenticationCode(
            for: Array("invitation:\(invitation.uuidString)".utf8), using: SymmetricKey(data: configuration.sealingKey))
        return Data(mac).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
            "=", with: "")
    }

    static func refusal(_ reason: String?) -> Refusal {
        switch reason {
        case "role_does_not_fit":
            .invalid([FieldProblem("role", "Choose a role that fits the organisation, and one that still exists.")])
        case "address_unavailable":
            .invalid([FieldProblem("email", "This e-mail address cannot be used. Use another one.")])
        case "not_now":
            Refusal(.conflict, code: "wrong_state", "The account is suspended or left, so there is no link to send.")
        default: Action.peopleInvite.permission.refusal
        }
    }

    /// For how many days an invitation can be accepted.
    public var invitationDays: Int { platform.configuration.invitationDays }

    /// A new link for somebody who lost theirs, or their passphrase, sent to them. Earlier links stop working. As with
    /// ``invite(_:_:once:)``, the token that comes back is for the operator only.
    @discardableResult
    public func reinvite(_ actor: Actor, _ id: PersonID) async throws -> String {
        let credential = actor.credential
        let platform = platform
        return try await platform.write("people.reinvite", actor, on: .person(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, PeopleStatements.find(id).optional)
            let person = try Self.seen(found, by: subject)
            _ = try Permission.authorise(.peopleResetSignIn, subject: subject, facts: .of(person))
            let invitation = Identifier<InvitationView>.fresh().rawValue
            let token = Self.token(of: invitation, platform.configuration)
            let answer = try tx.run(
                PeopleStatements.reinvite(
                    credential, invitation: invitation, key: Credential(token: token).key, person: id,
                    life: platform.configuration.invitationLife
                ).one)
            guard answer.ok else { throw Self.refusal(answer.reason) }
            let notice = InvitationNotice(
                invitation: invitation, name: person.name, organisation: nil, isReset: person.state != .invited)
            tx.queue(notice.outbox(platform.configuration).to([id]))
            return token
        }
    }

    /// Shuts an account; its sessions and tokens end at once.
    public func suspend(_ actor: Actor, _ id: PersonID, version: Int, reason: String) async throws {
        try await move("people.suspend", actor, id, version, .suspend, .peopleSuspend, reason: reason)
    }

    /// Opens a suspended account again.
    public func reinstate(_ actor: Actor, _ id: PersonID, version: Int, reason: String? = nil) async throws {
        try await move("people.reinstate", actor, id, version, .reinstate, .peopleReinstate, reason: reason)
    }

    /// Records that somebody left: the account is over, sessions and capacities end. `handoverTo` takes over their work.
    public func leave(
        _ actor: Actor, _ id: PersonID, version: Int, handoverTo successor: PersonID?, reason: String? = nil
    ) async throws {
        try await move(
            "people.leave", actor, id, version, .leave, .peopleLeave, reason: reason, successor: successor)
    }

    private func move(
        _ name: StaticString, _ actor: Actor, _ id: PersonID, _ version: Int, _ event: PersonEvent, _ action: Action,
        reason: String?,
        successor: PersonID? = nil
    ) async throws {
        try await platform.write(name, actor, on: .person(id)) { tx, open in
            let (subject, found, heir, work) = try tx.pipeline(
                open, PeopleStatements.lock(id).optional, PeopleStatements.find(successor ?? id).optional,
                PeopleStatements.openWork(of: id).one)
            let person = try Self.seen(found, by: subject)
            let grant = try Permission.authorise(action, subject: subject, facts: .of(person))
            try version.mustEqual(person.version, "account")
            let (state, transition) = try Workflow.move(event, from: person.state)
            try PersonRules.notOneself(id, subject).enforce()
            if transition.guards.contains(.reasonGiven) { try Rules.reason(reason ?? "").enforce() }
            tx.queue(PeopleStatements.move(person, event, to: state).affecting(1))
            if event == .leave {
                let named = successor == nil ? nil : heir
                try PersonRules.leave(person, openWork: successor == nil ? work : max(work, 1), handover: named)
                    .enforce()
                if let successor, work > 0 { try Self.handOver(work, from: id, to: successor, tx) }
                tx.queue(
                    PeopleStatements.endAll(
                        of: id, last: subject.now.londonDay.adding(days: -1), by: subject.person, reason: "left"
                    ).done)
            }
            tx.queue(
                Record(subject, actor).event(
                    "person.\(event.rawValue)", on: .person(id), as: grant.capacity, from: person.state.rawValue,
                    to: state.rawValue, reason: reason,
                    detail: successor.map { ["handover_to": $0.description] } ?? [:]))
        }
    }

    /// All that can be handed over must find its owner; what was begun stays, and a programme officer assigns it anew.
    private static func handOver(
        _ work: Int, from person: PersonID, to successor: PersonID, _ tx: borrowing Transaction
    ) throws {
        guard try tx.run(PeopleStatements.handOver(from: person, to: successor).one) >= work else {
            throw Refusal.invalid([
                FieldProblem(
                    "handover",
                    "Choose somebody who may do all of this work: they lack a capacity for it, or took another part "
                        + "in one of the cases.")
            ])
        }
    }

    /// What row security did not hide may still be out of this person's reach.
    static func seen(_ person: Person?, by subject: Subject) throws -> Person {
        let person = try person.orNotFound("person")
        guard Permission.allows(.peopleRead, subject: subject, facts: .of(person)) || person.id == subject.person
        else { throw Refusal.notFound("person") }
        return person
    }
}
