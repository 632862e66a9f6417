import Domain
import Foundation
import Postgres
import Testing

@testable import Services

/// Defects of other systems that must not be ours; each test is named after what went wrong there.
@Suite("Lessons from peers")
struct PeerLessonTests {
    // MARK: Deleting an organisation takes its history along

    @Test("An organisation is never deleted: not by the application, not by the owner, and nothing goes along with it")
    func deletingAnOrganisation() async throws {
        try await FundStage.run { stage in
            let round = try await stage.openRound()
            _ = try await stage.fund.submittedBid(round, "916", pounds: 90_000)
            let organisation: OrganisationID = try await stage.test.value(
                "select organisation_id from person where id = \(try stage.person("916.editor"))")
            let before = try await counts(stage)
            for (who, database) in [("the application", stage.test.app), ("the owner", stage.owner)] {
                await #expect(throws: StatementError.self, "\(who)") {
                    try await database.transaction("test.delete") { tx in
                        try tx.run(
                            Statement<Void>(
                                "test.delete", "delete from public.organisation where id = \(organisation)"
                            ).done)
                    }
                }
            }
            #expect(try await counts(stage) == before)
        }
    }

    private func counts(_ stage: FundStage) async throws -> [Int] {
        try await stage.test.value(
            """
            select array[(select count(*) from organisation), (select count(*) from person), (select count(*) from bid),
                (select count(*) from audit.event), (select count(*) from workflow.log)]
            """)
    }

    @Test("No foreign key takes rows along or empties them when what it points at goes")
    func noCascade() async throws {
        try await withFund { fund in
            let found: [String] = try await fund.value(
                """
                select coalesce(array_agg(conrelid::regclass::text || '.' || conname order by 1), '{}') from pg_constraint
                where contype = 'f' and confdeltype::text not in ('a', 'r')
                """)
            #expect(found.isEmpty, "\(found)")
        }
    }

    // MARK: Renaming a phase strands what is in it

    @Test("Words may change while a bid is under way: codes carry it, and it moves on")
    func renamedLabels() async throws {
        try await FundStage.run { stage in
            let round = try await stage.openRound()
            let bid = try await stage.fund.draftBid(round, "916", pounds: 90_000)
            try await stage.test.sql("update public.indicator set name = name || ' (as renamed)'")
            try await stage.test.sql("update public.organisation set name = name || ' Council'")
            let bids = stage.services.bids
            try await bids.sendForCertification(
                try stage.actor("916.editor"), bid.id, version: try await stage.fund.version(bid.id))
            _ = try await bids.submit(
                try stage.actor("916.certifier"), bid.id, version: try await stage.fund.version(bid.id),
                declarationVersion: Declaration.version)
            try await stage.close(round)
            try await stage.test.sql("update public.programme set title = title || ', renamed', version = version + 1")
            try await stage.fund.findEligible(bid)
            try await stage.fund.assign(bid)
            try await stage.fund.beginAppraisal(round)
            try await stage.fund.finishAppraisals(bid)
            let detail = try await bids.detail(try stage.actor("officer"), bid.id)
            #expect(detail.bid.state == .appraised)
            #expect(detail.organisationName.hasSuffix(" Council"))
        }
    }

    @Test("What the database keeps of a state or a capacity is its code and never its words")
    func codesOnly() async throws {
        for state in Bid.State.allCases.map(\.rawValue) + Round.State.allCases.map(\.rawValue)
            + Approval.State.allCases.map(\.rawValue) + Capacity.allCases.map(\.rawValue)
        {
            #expect(state.allSatisfy { $0 == "_" || ($0.isASCII && $0.isLowercase) }, "\(state)")
        }
        try await withFund { fund in
            let kept: [String] = try await fund.value("select array_agg(code order by code) from public.capacity_kind")
            #expect(kept == Capacity.allCases.map(\.rawValue).sorted())
        }
    }

    // MARK: Permission asked at the door only

    /// What may happen to somebody while their act waits for its turn.
    enum Loss: String, CaseIterable, CustomTestStringConvertible {
        case capacityEnded, suspended, signedOut

        var testDescription: String { rawValue }

        /// As psql takes it: without parameters; the id is ours.
        func sql(_ person: PersonID) -> String {
            switch self {
            case .capacityEnded:
                """
                update public.capacity
                set valid_from = public.london_today() - 2, valid_to = public.london_today() - 1, version = version + 1
                where person_id = '\(person)'
                """
            case .suspended: "update public.person set state = 'suspended' where id = '\(person)'"
            case .signedOut: "update auth.session set ended_at = now() where person_id = '\(person)'"
            }
        }
    }

    @Test(
        "A permission that is lost while the act waits for its row is not used when the wait is over",
        arguments: Loss.allCases)
    func lostWhileWaiting(_ loss: Loss) async throws {
        try await FundStage.run { stage in
            let round = try await stage.openRound()
            let bid = try await stage.fund.sentBid(round, "916", pounds: 90_000)
            let person = try stage.person("916.certifier")
            let actor = try stage.actor("916.certifier")
            let version = try await stage.fund.version(bid.id)
            let services = stage.services
            let holder = try Holder(stage.test.name, locking: bid.id)
            let act = Task {
                try await services.bids.withdraw(
                    actor, bid.id, version: version, reason: "Decided by the council to do something else.")
            }
            try await waits(stage)
            try TestDatabase.psql(
                ["-c", "set session_replication_role = replica", "-c", loss.sql(person)], database: stage.test.name)
            try holder.release()
            let refused = try await refusal { try await act.value }
            #expect([.forbidden, .unauthenticated].contains(refused?.kind), "\(String(describing: refused))")
            let state: String = try await stage.test.value("select state from bid where id = \(bid.id)")
            #expect(state == "in_certification")
            let events: Int = try await stage.test.value(
                "select count(*) from audit.event where action = 'bid.withdraw' and object_id = \(bid.id)")
            #expect(events == 0)
        }
    }

    /// Until the application waits for a lock. Asked as the superuser: others are not told what somebody waits for.
    private func waits(_ stage: FundStage) async throws {
        for _ in 0..<200 {
            let waiting = try TestDatabase.psql(
                [
                    "-c",
                    """
                    select count(*) from pg_stat_activity where datname = current_database()
                        and usename = 'touchstone_app' and wait_event_type = 'Lock'
                    """,
                ], database: stage.test.name)
            if waiting != "0" { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("nothing waits for the row")
    }
}

/// Another session that holds the row of a bid until it is told to let go.
private final class Holder {
    private let process = Process()
    private let input = Pipe()

    init(_ database: String, locking bid: BidID) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", try TestDatabase.conninfo(database)]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(
            contentsOf: Data("begin; select 'held' from public.bid where id = '\(bid)' for update;\n".utf8))
        let said = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard said.contains("held") else { throw TestDatabase.Unusable(description: said) }
    }

    /// Lets go.
    func release() throws {
        try input.fileHandleForWriting.write(contentsOf: Data("rollback;\n".utf8))
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
