import Domain
import Postgres
import Testing

@testable import Services

/// Somebody leaves; what they answered for does not.
@Suite struct HandoverTests {
    @Test("a senior officer leaves only when somebody who may takes over their programmes")
    func senior() async throws {
        try await FundStage.run { stage in
            let round = try await stage.openRound()
            let people = stage.services.people
            let administrator = try stage.actor("administrator")
            let senior = try stage.person("senior")
            let version = try await people.detail(administrator, senior).person.version
            func leave(_ successor: PersonID?) async throws -> Refusal? {
                try await refusal {
                    try await people.leave(
                        administrator, senior, version: version, handoverTo: successor,
                        reason: "A new post in another department.")
                }
            }
            #expect(try await leave(nil)?.problems.map(\.field) == ["handover"])
            // An approver is a colleague, but may not answer for a programme.
            #expect(try await leave(try stage.person("approver"))?.problems.map(\.field) == ["handover"])
            #expect(try await people.detail(administrator, senior).person.state == .active)

            let heir = try stage.person("officer2")
            _ = try await people.grant(
                administrator, heir, .seniorOfficerResponsible, from: Day(number: 20_000))
            #expect(try await leave(heir) == nil)
            let owners = try await stage.count(
                "select count(*) from programme p join round r on r.programme_id = p.id where r.id = \(round) and p.sor_id = \(heir)"
            )
            #expect(owners == 1)
        }
    }
}
