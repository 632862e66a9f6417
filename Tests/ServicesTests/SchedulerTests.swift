import Domain
import Postgres
import Testing

@testable import Services

@Suite("Scheduled work")
struct SchedulerTests {
    /// A programme and a round of it in a state, put there by the operator.
    private func round(_ fund: Fund, state: String, opens: String, closes: String) async throws -> RoundID {
        let department = try await fund.organisation(.department)
        let officer = try await fund.person(in: department, role: .department, [.programmeOfficer])
        let programme = ProgrammeID.fresh()
        let round = RoundID.fresh()
        try TestDatabase.psql(
            [
                "-c", "set session_replication_role = replica",
                "-c",
                """
                insert into public.programme (id, reference, organisation_id, title, created_by)
                values ('\(programme)', '\(programme)', '\(department)', 'A programme', '\(officer)')
                """,
                "-c",
                """
                insert into public.round (id, reference, programme_id, title, opens_at, closes_at, state, created_by)
                values ('\(round)', '\(round)', '\(programme)', 'A round', now() + interval '\(opens)',
                    now() + interval '\(closes)', '\(state)', '\(officer)')
                """,
            ], database: fund.name)
        return round
    }

    private func state(_ fund: Fund, _ round: RoundID) async throws -> String {
        try await fund.value("select r.state from public.round r where r.id = \(round)")
    }

    @Test("rounds are scheduled, opened and closed by the database's clock, one step for each event")
    func rounds() async throws {
        try await withFund { fund in
            let due = try await round(fund, state: "approved", opens: "-1 hour", closes: "1 hour")
            let early = try await round(fund, state: "scheduled", opens: "1 hour", closes: "2 hours")
            let over = try await round(fund, state: "open", opens: "-2 hours", closes: "-1 second")
            let report = await Scheduler(fund.workerCore).tick()
            #expect(report.failed.isEmpty)
            #expect(try await state(fund, due) == "open")
            #expect(try await state(fund, over) == "closed")
            #expect(report.moved["round.schedule"] == 1)
            #expect(report.moved["round.open"] == 1)
            #expect(report.moved["round.close"] == 1)
            #expect(try await state(fund, early) == "scheduled")
            try await fund.sql(
                "update public.round set opens_at = now(), version = version + 1 where id = \(early)")
            await Scheduler(fund.workerCore).tick()
            #expect(try await state(fund, early) == "open")
            let recorded: [String] = try await fund.value(
                "select array_agg(action order by seq) from audit.event where object_id = \(due)")
            #expect(recorded == ["round.schedule", "round.open"])
        }
    }

    @Test("many workers at once do each thing once")
    func together() async throws {
        try await withFund { fund in
            for _ in 0..<5 { _ = try await round(fund, state: "open", opens: "-2 hours", closes: "-1 second") }
            let closed = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<6 {
                    group.addTask { await Scheduler(fund.workerCore).tick().moved["round.close"] ?? 0 }
                }
                return await group.reduce(0, +)
            }
            #expect(closed == 5)
        }
    }

    @Test("a delegation whose last day has passed expires and its holder is told once")
    func delegations() async throws {
        try await withFund { fund in
            let department = try await fund.organisation(.department)
            let holder = try await fund.person(in: department, role: .department, [.approver])
            let id = DelegationID.fresh()
            try TestDatabase.psql(
                [
                    "-c", "set session_replication_role = replica",
                    "-c",
                    """
                    insert into public.delegation (id, person_id, tier, max_amount, instrument_ref, valid_from, valid_to,
                        state, last_event, transition_seq, version)
                    values ('\(id)', '\(holder)', 'Tier', 1000, 'Letter', current_date - 30, current_date - 2, 'active',
                        'activate', 2, 2)
                    """,
                ], database: fund.name)
            for _ in 0..<2 {
                let report = await Scheduler(fund.workerCore).tick()
                #expect(report.failed.isEmpty)
            }
            #expect(
                try await fund.value("select state from public.delegation where id = \(id)", as: String.self)
                    == "expired")
            let notices = try await fund.core.inbox.list(try await fund.signIn(holder)).rows
            #expect(notices.map(\.event) == ["delegation.expire"])
        }
    }
}
