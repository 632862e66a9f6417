import Domain
import Postgres
import Testing

@testable import Services

@Suite("Idempotency")
struct IdempotencyTests {
    private func newPerson(_ home: OrganisationID, _ email: String) -> NewPerson {
        NewPerson(organisation: home, role: .localAuthority, email: email, name: "Once Only", capacities: [.laEditor])
    }

    private func key(_ key: String, body: String = "a") -> IdempotencyKey {
        IdempotencyKey(key: key, requestHash: digest(of: Array(body.utf8)))
    }

    @Test("the same key gives the same answer; another body is refused; another person has keys of their own")
    func repeats() async throws {
        try await withFund { fund in
            let home = try await fund.organisation()
            let administrator = try await fund.administrator()
            let people = fund.core.people
            let first = try await people.invite(administrator, newPerson(home, "a@example.gov.uk"), once: key("k1"))
            let again = try await people.invite(administrator, newPerson(home, "a@example.gov.uk"), once: key("k1"))
            #expect(first.person == again.person)
            #expect(first.invitationToken == again.invitationToken)
            let other = await #expect(throws: Refusal.self) {
                try await people.invite(administrator, newPerson(home, "b@example.gov.uk"), once: key("k1", body: "b"))
            }
            #expect(other?.kind == .keyReused)
            let colleague = try await fund.administrator()
            _ = try await people.invite(colleague, newPerson(home, "c@example.gov.uk"), once: key("k1", body: "c"))
            #expect(
                try await fund.value(
                    "select count(*) from public.person where organisation_id = \(home)", as: Int.self) == 2)
            let kept: String = try await fund.value("select string_agg(result::text, '') from public.idempotency_key")
            #expect(!kept.contains(first.invitationToken))
        }
    }

    @Test("a refused command keeps nothing: the same key works after what was wrong is put right")
    func refused() async throws {
        try await withFund { fund in
            let home = try await fund.organisation()
            let administrator = try await fund.administrator()
            await #expect(throws: Refusal.self) {
                try await fund.core.people.invite(administrator, newPerson(home, "nonsense"), once: key("k2"))
            }
            _ = try await fund.core.people.invite(
                administrator, newPerson(home, "good@example.gov.uk"), once: key("k2", body: "good"))
        }
    }

    @Test("a storm of the same command on two servers: one effect, one answer", arguments: 0..<3)
    func storm(round: Int) async throws {
        try await withFund { fund in
            let home = try await fund.organisation()
            let administrator = try await fund.administrator()
            let (other, database) = try fund.anotherServer()
            let answers = try await withThrowingTaskGroup(of: PersonID.self) { group in
                for index in 0..<24 {
                    let core = index.isMultiple(of: 2) ? fund.core : other
                    group.addTask {
                        try await core.people.invite(
                            administrator, newPerson(home, "storm@example.gov.uk"), once: key("storm")
                        ).person
                    }
                }
                return try await group.reduce(into: Set<PersonID>()) { $0.insert($1) }
            }
            #expect(answers.count == 1)
            #expect(
                try await fund.value(
                    "select count(*) from audit.event where action = 'person.invite' and object_id = any(\(Array(answers)))",
                    as: Int.self) == 1)
            await database.shutdown()
        }
    }

    @Test("an answer whose COMMIT was lost is found, not done again")
    func lostAnswer() async throws {
        let once = key("lost")
        var attempts = 0
        let answer = try await Idempotency.run(once, as: Int.self) {
            attempts += 1
            if attempts == 1 { throw ConnectionLost(.closed, outcomeUnknown: true) }
            throw Replay(requestHash: once.requestHash, result: "[42]")
        }
        #expect(answer == 42)
        #expect(attempts == 2)
    }
}
