import Domain
import Postgres
import Testing

@testable import Services

/// What the clock reminds people of.
@Suite struct ReminderTests {
    @Test("an approval that waits too long is chased once, and not before")
    func waiting() async throws {
        try await FundStage.run { stage in
            let (_, approval) = try await stage.clearedApproval(pounds: 100_000)
            let notices: SQL =
                "select count(*) from outbox where event = 'approval.waiting' and object_id = \(approval)"
            let scheduler = Scheduler(stage.test.workerCore)
            #expect(await scheduler.tick().failed.isEmpty)
            #expect(try await stage.count(notices) == 0)

            // No day has passed since; patience below nothing makes today too late.
            _ = try await stage.asOwner(
                Statement(
                    "test.patience",
                    "update setting set value = '-1' where code = 'approval_patience_working_days'"
                ).affecting(1))
            #expect(await scheduler.tick().reminded > 0)
            let told = try await stage.count(notices)
            #expect(told > 0)
            await scheduler.tick()
            #expect(try await stage.count(notices) == told)
        }
    }

    @Test("working days leave out weekends and bank holidays")
    func workingDays() async throws {
        try await withFund { fund in
            let christmas: Int = try await fund.value("select working_days_between('2026-12-24', '2026-12-29')")
            #expect(christmas == 1)
            let week: Int = try await fund.value("select working_days_between('2026-11-23', '2026-11-30')")
            #expect(week == 5)
        }
    }
}
