import Domain
import Foundation
import Postgres
import Testing

@testable import Services

@Suite struct DemonstrationTests {
    /// States in which no object of the demonstration rests while a server runs, and why.
    static let empty: [Machine: [String: String]] = [
        .programme: [
            "closed": "needs awards that are closed, which come with a later issue",
            "archived": "follows closing, with a later issue",
        ],
        .round: [
            "approved": "the worker schedules an approved round at its next turn: nothing rests there",
            "announced": "needs outcome letters, which come with a later issue",
        ],
        .followUp: ["no_response": "follows three reminders a fortnight apart; scenario 19 walks them"],
    ]

    @Test("The demonstration has an object in every state but those listed, and a second load changes nothing")
    func everyState() async throws {
        try await withFund { test in
            let demonstration = test.demonstration
            #expect(try await demonstration.load())
            let before = try await Self.counts(test.owner)
            #expect(try await !demonstration.load())
            #expect(try await Self.counts(test.owner) == before)
            // As it stands a moment after the server has started.
            let report = await Scheduler(test.workerCore).tick()
            #expect(report.failed.isEmpty)
            for machine in Machine.allCases {
                let found = try await Self.states(machine, test.owner)
                let listed = Set((Self.empty[machine] ?? [:]).keys)
                #expect(Set(machine.states).subtracting(found) == listed, "\(machine)")
            }
            let evaluations = try await Self.evaluations(test.owner)
            #expect(Set(evaluations) == Self.published)
            for account in demonstration.signIns {
                #expect((account.secondFactorSecret != nil) == account.capacities.contains(where: \.needsSecondFactor))
            }
        }
    }

    @Test("The accounts sign in with what is printed, and the tokens act as their owners")
    func signingIn() async throws {
        try await withFund { test in
            let demonstration = test.demonstration
            _ = try await demonstration.fund()
            let officer = try #require(demonstration.signIns.first { $0.email == "officer@department.example" })
            let services = demonstration.touchstone
            let result = try await services.signIn.begin(
                email: officer.email, passphrase: officer.passphrase, source: nil)
            guard case .signedIn(let token, _) = result else {
                Issue.record("not signed in: \(result)")
                return
            }
            let actor = Actor(credential: Credential(token: token), requestID: "test")
            #expect(try await services.subject(actor).capacities.map(\.capacity) == [.programmeOfficer])
            for issued in try await demonstration.tokens() {
                let actor = Actor(credential: Credential(token: issued.token), requestID: "test")
                #expect(try await services.home(actor).subject.role == issued.role)
            }
        }
    }

    /// What is known of evaluations whose facts are real, or that found nothing: a figure only where a source gives one.
    private static let published: Set = [
        "Family Safeguarding: a trial in steps, active, version 1, pre_registered",
        "Family Safeguarding, approved, version 1, unregistered, uninformative",
        "Family Valued: a trial in steps, active, version 2, pre_registered",
        "Family drug and alcohol court, approved, version 1, unregistered, uninformative",
        "Family group conferences before court, completed, version 1, pre_registered, positive, -8.6 (-13.6 to -3.6)",
        "Partners in Practice: early help, approved, version 1, unregistered, uninformative",
        "Rooms for homework in foster homes, completed, version 1, pre_registered, null, -2.0 (-8.8 to 4.8)",
        "Social workers in schools, active, version 1, retrospective",
        "Support for women whose children were removed, approved, version 1, unregistered, uninformative",
    ]

    private static func evaluations(_ owner: Database) async throws -> [String] {
        try await owner.transaction("test.evaluations") { tx in
            try tx.run(
                Statement(
                    "test.evaluations",
                    """
                    select concat_ws(', ', e.title, p.state, 'version ' || p.approved_version, e.registration_status,
                        r.direction, round(x.effect, 1) || ' (' || round(x.ci_low, 1) || ' to ' || round(x.ci_high, 1) || ')')
                    from evaluation e join evaluation_plan p on p.evaluation_id = e.id
                    left join published.report r on r.evaluation_id = e.id and r.kind = 'final'
                    left join published.result x on x.report_id = r.report_id
                    where e.title ~ '^(Family (Saf|Val|dru|gro)|Partners|Rooms|Social workers|Support for)'
                    """
                ) { row in try row.read(String.self) }.many)
        }
    }

    private static func counts(_ owner: Database) async throws -> [Int] {
        try await owner.transaction("test.counts") { tx in
            try tx.run(
                Statement(
                    "test.counts",
                    """
                    select array[(select count(*) from person), (select count(*) from bid),
                        (select count(*) from workflow.log), (select count(*) from audit.event),
                        (select count(*) from approval), (select count(*) from outbox), (select count(*) from award),
                        (select count(*) from claim), (select count(*) from la_adoption)]
                    """
                ) { row in try row.read([Int].self) }.one)
        }
    }

    private static func states(_ machine: Machine, _ owner: Database) async throws -> Set<String> {
        let name = machine.rawValue
        return try await owner.transaction("test.states") { tx in
            Set(
                try tx.run(
                    Statement("test.states", SQL(stringLiteral: "select distinct state from public.\(name)")) { row in
                        try row.read(String.self)
                    }.many))
        }
    }
}
