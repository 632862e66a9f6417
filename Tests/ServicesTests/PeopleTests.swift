import Domain
import Postgres
import Testing

@testable import Services

@Suite("People")
struct PeopleTests {
    private let reason = "This is a reason that is long enough"

    private func refusal(_ work: () async throws -> Void) async -> Refusal? {
        do {
            try await work()
            return nil
        } catch {
            return error as? Refusal
        }
    }

    @Test("scenario 23: an administrator gives themselves approver: refused, by the service, by SQL, and recorded")
    func scenario23() async throws {
        try await withFund { fund in
            let department = try await fund.organisation(.department)
            let administrator = try await fund.administrator(in: department)
            let me = try await fund.person(of: administrator)
            let today = try await fund.core.subject(administrator).now.londonDay
            let refused = await refusal {
                try await fund.core.people.grant(administrator, me, .approver, from: today)
            }
            #expect(refused?.kind == .forbidden)
            // Not even with the service out of the way.
            for role in ["administrator", "department"] {
                let error = await #expect(throws: StatementError.self) {
                    try await fund.app.transaction("t") { tx in
                        _ = try tx.run(ActorStatements.open(administrator.credential).one)
                        try tx.run(
                            Statement(
                                "t",
                                """
                                insert into public.capacity (id, person_id, role, code, valid_from, granted_by)
                                values (public.uuid7(), \(me), \(role), 'approver', public.london_today(), \(me))
                                """
                            ).done)
                    }
                }
                #expect(error?.kind == .server)
            }
            let recorded: Int = try await fund.value(
                """
                select count(*) from audit.event
                where action = 'permission.denied' and person_id = \(me) and object_id = \(me)
                """)
            #expect(recorded == 1)
        }
    }

    @Test("no other administrator can make an administrator an approver either: the account's role forbids it")
    func exclusive() async throws {
        try await withFund { fund in
            let department = try await fund.organisation(.department)
            let administrator = try await fund.administrator(in: department)
            let colleague = try await fund.person(in: department, role: .administrator, [.administrator])
            let today = try await fund.core.subject(administrator).now.londonDay
            let refused = await refusal {
                try await fund.core.people.grant(administrator, colleague, .approver, from: today)
            }
            #expect(refused?.problems.first?.field == "capacity")
            await #expect(throws: StatementError.self) {
                try await fund.sql(
                    """
                    insert into public.capacity (id, person_id, role, code, valid_from)
                    values (public.uuid7(), \(colleague), 'department', 'approver', public.london_today())
                    """)
            }
        }
    }

    @Test("a user administrator of an authority keeps its own people and sees no others")
    func userAdministrator() async throws {
        try await withFund { fund in
            let home = try await fund.organisation()
            let elsewhere = try await fund.organisation()
            let keeper = try await fund.actor(.laUserAdministrator, in: home)
            let own = try await fund.person(in: home, role: .localAuthority, [.laEditor])
            let other = try await fund.person(in: elsewhere, role: .localAuthority, [.laEditor])
            let today = try await fund.core.subject(keeper).now.londonDay
            let people = fund.core.people

            #expect(try await people.list(keeper).rows.map(\.organisation).allSatisfy { $0 == home })
            #expect(try await people.list(keeper, filter: .init(organisation: elsewhere)).rows.isEmpty)
            #expect(try await people.detail(keeper, own).person.id == own)
            #expect(await refusal { _ = try await people.detail(keeper, other) }?.kind == .notFound)
            #expect(
                await refusal { try await people.suspend(keeper, other, version: 2, reason: reason) }?.kind == .notFound
            )
            #expect(
                await refusal { try await people.grant(keeper, other, .laReader, from: today) }?.kind == .notFound)
            #expect(await refusal { _ = try await people.reinvite(keeper, other) }?.kind == .notFound)
            let foreign = NewPerson(
                organisation: elsewhere, role: .localAuthority, email: "x@example.gov.uk", name: "X Y")
            #expect(await refusal { _ = try await people.invite(keeper, foreign) }?.kind == .forbidden)
            let official = NewPerson(
                organisation: home, role: .department, email: "y@example.gov.uk", name: "Y Z",
                capacities: [.approver])
            #expect(await refusal { _ = try await people.invite(keeper, official) } != nil)

            let id = try await people.grant(keeper, own, .laReader, from: today)
            #expect(try await people.detail(keeper, own).capacities.contains { $0.id == id })
            try await people.suspend(keeper, own, version: 2, reason: reason)
            #expect(try await people.detail(keeper, own).allowed.contains(.reinstate))
        }
    }

    @Test("a stale version is refused, a reason is demanded, a state is respected")
    func guards() async throws {
        try await withFund { fund in
            let administrator = try await fund.administrator()
            let person = try await fund.person(in: try await fund.organisation(), role: .localAuthority)
            let people = fund.core.people
            #expect(
                await refusal { try await people.suspend(administrator, person, version: 1, reason: reason) }?.kind
                    == .stale)
            #expect(
                await refusal { try await people.suspend(administrator, person, version: 2, reason: "no") }?.kind
                    == .invalid)
            #expect(
                await refusal { try await people.reinstate(administrator, person, version: 2) }?.code == "wrong_state")
            let nobody = PersonID.fresh()
            #expect(
                await refusal { try await people.suspend(administrator, nobody, version: 2, reason: reason) }?.kind
                    == .notFound)
            try await people.leave(administrator, person, version: 2, handoverTo: nil, reason: reason)
            #expect(try await people.detail(administrator, person).person.state == .left)
            let history = try await fund.core.history.of(administrator, kind: "person", id: person.rawValue)
            #expect(history.map(\.event) == ["invite", "activate", "leave"])
            #expect(history.last?.reason == reason)
            #expect(history.last?.personName != nil)
        }
    }

    @Test("ending a capacity takes effect at once and is seen in the subject")
    func endCapacity() async throws {
        try await withFund { fund in
            let administrator = try await fund.administrator()
            let department = try await fund.organisation(.department)
            let person = try await fund.person(in: department, role: .department, [.programmeOfficer])
            let actor = try await fund.signIn(person)
            #expect(try await fund.core.subject(actor).holds(.programmeOfficer))
            let held = try #require(try await fund.core.people.detail(administrator, person).capacities.first)
            try await fund.core.people.endCapacity(administrator, held.id, version: held.version, reason: reason)
            #expect(try await !fund.core.subject(actor).holds(.programmeOfficer))
            let again = await refusal {
                try await fund.core.people.endCapacity(
                    administrator, held.id, version: held.version + 1, reason: reason)
            }
            #expect(again?.code == "already_ended")
        }
    }

    @Test("a capacity that needs a second factor counts only after one was used")
    func secondFactorGate() async throws {
        try await withFund { fund in
            let department = try await fund.organisation(.department)
            let person = try await fund.person(in: department, role: .department, [.approver, .appraiser])
            let without = try await fund.core.subject(try await fund.signIn(person, steppedUp: false))
            #expect(!without.holds(.approver))
            #expect(without.holds(.appraiser))
            #expect(try await fund.core.subject(try await fund.signIn(person)).holds(.approver))
        }
    }

    @Test("the same capacity granted twice at once is there once")
    func grantRace() async throws {
        try await withFund { fund in
            let department = try await fund.organisation(.department)
            let person = try await fund.person(in: department, role: .department)
            var keepers: [Actor] = []
            for _ in 0..<6 { keepers.append(try await fund.administrator(in: department)) }
            let today = try await fund.core.subject(keepers[0]).now.londonDay
            let granted = await withTaskGroup(of: Bool.self) { group in
                for keeper in keepers {
                    group.addTask {
                        (try? await fund.core.people.grant(keeper, person, .appraiser, from: today)) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(granted == 1)
        }
    }

    @Test("lists page by keyset without gaps or repeats; nobody without the right lists")
    func paging() async throws {
        try await withFund { fund in
            let administrator = try await fund.administrator()
            let home = try await fund.organisation()
            for index in 0..<23 {
                _ = try await fund.person(in: home, role: .localAuthority, name: "Same \(index % 3)")
            }
            var seen: [PersonID] = []
            var after: String?
            repeat {
                let page = try await fund.core.people.list(
                    administrator, page: PageRequest(after: after, size: 5), filter: .init(organisation: home))
                seen += page.rows.map(\.id)
                after = page.next
            } while after != nil
            #expect(seen.count == 23)
            #expect(Set(seen).count == 23)
            let editor = try await fund.actor(.laEditor, in: home)
            #expect(await refusal { _ = try await fund.core.people.list(editor) }?.kind == .forbidden)
            let bad = await refusal {
                _ = try await fund.core.people.list(administrator, page: PageRequest(after: "%%%"))
            }
            #expect(bad?.code == "bad_cursor")
        }
    }

    @Test("delegation: three people, a reason to revoke, and no use before it is activated")
    func delegation() async throws {
        try await withFund { fund in
            let department = try await fund.organisation(.department)
            let first = try await fund.administrator(in: department)
            let second = try await fund.administrator(in: department)
            let holder = try await fund.person(in: department, role: .department, [.approver])
            let today = try await fund.core.subject(first).now.londonDay
            let new = NewDelegation(
                person: holder, tier: "Deputy director", limit: Money(pounds: 250_000), instrument: "Letter of 1 April",
                from: today, to: today.adding(days: 300))
            let delegations = fund.core.delegations
            let id = try await delegations.propose(first, new)
            let row = try #require(try await delegations.list(first).rows.first { $0.delegation.id == id })
            #expect(!row.isValidToday)
            #expect(await refusal { try await delegations.activate(first, id, version: 1) }?.code == "three_people")
            let own = try await fund.signIn(holder)
            #expect(await refusal { try await delegations.activate(own, id, version: 1) }?.kind == .forbidden)
            try await delegations.activate(second, id, version: 1)
            #expect(try await delegations.list(first).rows.first { $0.delegation.id == id }?.isValidToday == true)
            #expect(try await fund.core.inbox.list(own).rows.map(\.event) == ["delegation.activate"])
            #expect(try await fund.core.inbox.development().rows.count == 1)
            #expect(
                await refusal { try await delegations.revoke(second, id, version: 2, reason: "") }?.kind == .invalid)
            try await delegations.revoke(second, id, version: 2, reason: reason)
            #expect(try await delegations.list(first).rows.first { $0.delegation.id == id }?.isValidToday == false)
        }
    }
}
