public import Domain
import Postgres

extension People {
    /// Gives somebody else a capacity. The role of their account decides which are possible at all.
    @discardableResult
    public func grant(
        _ actor: Actor, _ id: PersonID, _ capacity: Capacity, scope: HeldCapacity.Scope? = nil, from: Day,
        to: Day? = nil, trainingValidUntil: Day? = nil
    ) async throws -> CapacityID {
        try await platform.write("people.grant", actor, on: .person(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, PeopleStatements.lock(id).optional)
            let person = try Self.seen(found, by: subject)
            let grant = try Permission.authorise(.capacityGrant, subject: subject, facts: .of(person))
            try PersonRules.grant(capacity, to: person, by: subject, from: from, to: to).enforce()
            let new = PeopleStatements.NewCapacity(
                id: .fresh(), person: id, role: person.role, capacity: capacity, scope: scope, from: from, to: to,
                trainingValidUntil: trainingValidUntil, grantedBy: subject.person)
            tx.queue(PeopleStatements.grant(new).done)
            tx.queue(
                Record(subject, actor).event(
                    "capacity.grant", on: .person(id), as: grant.capacity,
                    detail: ["capacity": capacity.rawValue, "from": from.description, "to": to?.description ?? ""]))
            return new.id
        }
    }

    /// Ends somebody else's capacity: today it no longer counts.
    public func endCapacity(_ actor: Actor, _ id: CapacityID, version: Int, reason: String) async throws {
        try await platform.write("people.end_capacity", actor, on: .capacity(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, PeopleStatements.lockCapacity(id).optional)
            let held = try found.orNotFound("capacity")
            let person = try Self.seen(held.person, by: subject)
            let grant = try Permission.authorise(.capacityEnd, subject: subject, facts: .of(person))
            try version.mustEqual(held.version, "capacity")
            try Rules.reason(reason).enforce()
            let today = subject.now.londonDay
            guard !held.isEnded, held.to.map({ $0 >= today }) ?? true else {
                throw Refusal(.conflict, code: "already_ended", "This capacity has ended already.")
            }
            let last = max(today.adding(days: -1), held.from)
            tx.queue(
                PeopleStatements.end(id, version: version, last: last, by: subject.person, reason: reason).affecting(1))
            tx.queue(
                Record(subject, actor).event(
                    "capacity.end", on: .person(person.id), as: grant.capacity, reason: reason,
                    detail: ["capacity": held.capacity.rawValue]))
        }
    }
}
