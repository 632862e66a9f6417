public import Domain
import FoundationEssentials
import Postgres

/// The first account of an installation: made on the host, since nobody can be asked yet. Runs as the owner.
public struct FirstAdministrator: Sendable {
    let platform: Platform

    /// On the core that stands on the owner's connection.
    public init(_ core: Touchstone) {
        platform = core.platform
    }

    /// Makes an administrator, and the department they belong to when there is none of that name. Answers with the token of
    /// the invitation, which is shown this once. Not restricted to the very first: it is also the way back in.
    public func create(
        email: String, name: String, organisation: String
    ) async throws -> (person: PersonID, invitationToken: String) {
        let platform = platform
        let person = PersonID.fresh()
        let invitation = Identifier<InvitationView>.fresh().rawValue
        let token = People.token(of: invitation, platform.configuration)
        try await platform.system("first_administrator.create") { tx in
            let department = try tx.run(FirstAdministratorStatements.department(organisation, new: .fresh()).one)
            let new = NewPerson(organisation: department, role: .administrator, email: email, name: name)
            try PersonRules.problems(name: name, email: email).mustBeEmpty()
            let answer = try tx.run(
                PeopleStatements.invite(
                    nil, invitation: invitation, key: Credential(token: token).key, person: person, new,
                    life: platform.configuration.invitationLife
                ).one)
            guard answer.ok else { throw People.refusal(answer.reason) }
            let today = try tx.run(ReferenceStatements.today.one)
            tx.queue(
                PeopleStatements.grant(
                    .init(
                        id: .fresh(), person: person, role: .administrator, capacity: .administrator, scope: nil,
                        from: today, to: nil, trainingValidUntil: nil, grantedBy: nil)
                ).done)
            tx.queue(
                Record().event(
                    "capacity.grant", on: .person(person),
                    detail: ["capacity": Capacity.administrator.rawValue, "by": "operator"]))
        }
        return (person, token)
    }
}

/// Statements of the first account.
enum FirstAdministratorStatements {
    /// The department of that name, made when it is not there.
    static func department(_ name: String, new id: OrganisationID) -> Statement<OrganisationID> {
        Statement(
            "first_administrator.department",
            """
            with there as (
                select o.id from public.organisation o
                where lower(o.name) = lower(\(name)) and o.kind = 'department'
            ), made as (
                insert into public.organisation (id, kind, name)
                select \(id), 'department', \(name) where not exists (select from there)
                returning id
            )
            select id from there union all select id from made
            """
        ) { row in try row.read() }
    }
}
