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

    /// Proposes a limit for somebody else. It cannot be used before it is activated.
    public func propose(_ actor: Actor, _ new: NewDelegation) async throws -> DelegationID {
        try await platform.write("delegations.propose", actor, on: .person(new.person)) { tx, open in
            let (subject, found) = try tx.pipeline(open, PeopleStatements.find(new.person).optional)
            let holder = try found.orNotFound("person")
            let grant = try Permission.authorise(.delegationPropose, subject: subject, facts: .of(holder))
            try Self.problems(new, holder: holder).mustBeEmpty()
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

    private static func problems(_ new: NewDelegation, holder: Person) -> [FieldProblem] {
        var problems: [FieldProblem] = []
        if holder.role != .department || holder.state == .left {
            problems.append(FieldProblem("person", "Choose somebody of the department who has not left."))
        }
        if new.limit.pence <= 0 { problems.append(FieldProblem("limit", "Enter a limit above zero.")) }
        if new.tier.isEmpty || new.tier.count > 60 {
            problems.append(FieldProblem("tier", "Enter the tier in 1 to 60 characters."))
        }
        if new.instrument.isEmpty || new.instrument.count > 140 {
            problems.append(FieldProblem("instrument", "Enter the instrument in 1 to 140 characters."))
        }
        if new.to < new.from { problems.append(FieldProblem("to", "The last day must not be before the first.")) }
        return problems
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
            if transition.guards.contains(.reasonGiven) { try People.reasonGiven(reason) }
            if transition.guards.contains(.threePeople), locked.proposedBy == subject.person {
                throw Refusal(
                    .forbidden, code: "three_people",
                    "Whoever proposed a delegated limit cannot put it into force. Ask somebody else.")
            }
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
}
