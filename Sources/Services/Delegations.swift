public import Domain
import Postgres

/// Delegated limits: proposed by one person, put into force by a second, held by a third.
public struct Delegations: Sendable {
    let platform: Platform

    /// Delegated limits by holder's name.
    public func list(_ actor: Actor, page: PageRequest = PageRequest()) async throws -> Page<DelegationRow> {
        let keys = try page.keys(2)
        let (subject, rows) = try await platform.read(
            "delegations.list", actor, DelegationStatements.list(after: keys, limit: page.limit).many)
        _ = try Permission.authorise(.delegationList, subject: subject)
        return Page(rows, page) { [$0.personName, $0.delegation.id.description] }
    }

    /// One delegated limit.
    public func detail(_ actor: Actor, _ id: DelegationID) async throws -> DelegationRow {
        let (subject, found, holder) = try await platform.read(
            "delegations.detail", actor, DelegationStatements.find(id).optional,
            DelegationStatements.holder(of: id).optional)
        let row = try found.orNotFound("delegation")
        _ = try Permission.authorise(
            .delegationRead, subject: subject, facts: .init(organisation: holder, person: row.delegation.person))
        return row
    }

    /// Proposes a limit for somebody else. It cannot be used before it is activated.
    public func propose(_ actor: Actor, _ new: NewDelegation) async throws -> DelegationID {
        try await platform.write("delegations.propose", actor, on: .person(new.person)) { tx, open in
            let (subject, found, held) = try tx.pipeline(
                open, PeopleStatements.find(new.person).optional, PeopleStatements.held(by: new.person).many)
            let holder = try found.orNotFound("person")
            let grant = try Permission.authorise(.delegationPropose, subject: subject, facts: .of(holder))
            try DelegationRules.problems(
                tier: new.tier, limit: new.limit, instrument: new.instrument, from: new.from, to: new.to, holder: held
            ).mustBeEmpty()
            try DelegationRules.propose(for: new.person, by: subject.person).enforce()
            let (state, _) = try Workflow.move(DelegationEvent.propose, from: nil)
            let id = DelegationID.fresh()
            tx.queue(DelegationStatements.propose(id, new, by: subject.person).done)
            tx.queue(
                Record(subject, actor).event(
                    "delegation.propose", on: .delegation(id), as: grant.capacity, to: state.rawValue,
                    detail: ["limit": new.limit.decimal, "tier": new.tier, "person": new.person.description]))
            return id
        }
    }

    /// Puts a proposed limit into force.
    public func activate(_ actor: Actor, _ id: DelegationID, version: Int) async throws {
        try await move("delegations.activate", actor, id, version, .activate, .delegationActivate, reason: nil)
    }

    /// Takes a limit away.
    public func revoke(_ actor: Actor, _ id: DelegationID, version: Int, reason: String) async throws {
        try await move("delegations.revoke", actor, id, version, .revoke, .delegationRevoke, reason: reason)
    }

    private func move(
        _ name: StaticString, _ actor: Actor, _ id: DelegationID, _ version: Int, _ event: DelegationEvent,
        _ action: Action, reason: String?
    ) async throws {
        try await platform.write(name, actor, on: .delegation(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, DelegationStatements.lock(id).optional)
            let locked = try found.orNotFound("delegation")
            let grant = try Permission.authorise(
                action, subject: subject,
                facts: .init(organisation: locked.holder, person: locked.delegation.person))
            try version.mustEqual(locked.version, "delegation")
            let (state, transition) = try Workflow.move(event, from: locked.delegation.state)
            if transition.guards.contains(.reasonGiven) { try Rules.reason(reason ?? "").enforce() }
            try Self.rule(event, locked, subject).enforce()
            let activator = event == .activate ? subject.person : nil
            tx.queue(
                DelegationStatements.move(id, version: version, event, to: state, activatedBy: activator).affecting(1))
            tx.queue(
                Record(subject, actor).event(
                    "delegation.\(event.rawValue)", on: .delegation(id), as: grant.capacity,
                    from: locked.delegation.state.rawValue, to: state.rawValue, reason: reason,
                    detail: ["limit": locked.delegation.limit.decimal]))
            tx.queue(
                Outbox(
                    "delegation.\(event.rawValue)", on: .delegation(id),
                    subject: event == .activate ? "A limit was delegated to you" : "Your delegated limit was revoked",
                    body: "Limit: \(locked.delegation.limit). Valid from \(locked.delegation.validFrom.spoken) to "
                        + "\(locked.delegation.validTo.spoken)."
                ).to([locked.delegation.person]))
        }
    }

    private static func rule(
        _ event: DelegationEvent, _ locked: DelegationStatements.Locked, _ subject: Subject
    ) -> Refusal? {
        switch event {
        case .activate:
            DelegationRules.activate(
                locked.delegation, proposer: locked.proposedBy, by: subject.person, on: subject.now.londonDay)
        case .revoke: DelegationRules.revoke(locked.delegation, by: subject.person)
        case .propose, .expire: nil
        }
    }
}
