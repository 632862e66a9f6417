import Domain
import Postgres
import Synchronization
import Testing

@testable import Services

/// Gathers the lines of an export.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    @Sendable func take(_ line: String) { lines.withLock { $0.append(line) } }
}

@Suite("The audit trail")
struct AuditTests {
    /// A fund in which things happened: two sealed batches and nothing left over.
    private func sealed(_ fund: Fund) async throws {
        let administrator = try await fund.administrator()
        let person = try await fund.person(in: try await fund.organisation(), role: .localAuthority)
        for round in 0..<3 {
            let version = 2 + 2 * round
            try await fund.core.people.suspend(
                administrator, person, version: version, reason: "Reason with “quotes”, ünïcode and a \\ in it")
            try await fund.core.people.reinstate(administrator, person, version: version + 1)
            if round == 1 { try await seal(fund) }
        }
        try await seal(fund)
    }

    /// Seals until nothing is left: events wait for the oldest transaction of the cluster, which may be another test's.
    private func seal(_ fund: Fund) async throws {
        for _ in 0..<400 {
            try await fund.workerCore.audit.seal()
            let left: Int = try await fund.value(
                """
                select count(*) from audit.event e
                where not exists (select from audit.sealed_event s where s.seq = e.seq)
                """)
            if left == 0 { return }
            try await Task.sleep(for: .milliseconds(25))
        }
        Issue.record("events stay unsealed")
    }

    private func lines(_ fund: Fund) async throws -> [String] {
        let lines = Lines()
        try await fund.operatorCore.audit.export(to: lines.take)
        return lines.all
    }

    /// Changes the database as nobody should be able to, and says what a verification finds.
    private func tamper(_ checkpointed: Bool = false, _ sql: String...) async throws -> AuditVerdict {
        try await withFund { fund in
            try await sealed(fund)
            let sound = Audit.verify(try await lines(fund))
            #expect(sound.isSound, "\(String(describing: sound.fault))")
            #expect(sound.unsealed == 0)
            try TestDatabase.psql(
                ["-c", "set session_replication_role = replica"] + sql.flatMap { ["-c", $0] }, database: fund.name)
            return Audit.verify(try await lines(fund), checkpoint: checkpointed ? sound.checkpoint : nil)
        }
    }

    private let third = "(select seq from audit.event order by seq offset 2 limit 1)"
    private let last = "(select max(seq) from audit.event)"

    @Test("the service and the database write the same canonical text")
    func canonical() async throws {
        try await withFund { fund in
            try await sealed(fund)
            let exported = try await lines(fund)
            let events = exported.compactMap { try? JSON.decode(AuditLine.self, $0) }
            #expect(events.count > 6)
            for event in events {
                let text: String = try await fund.value(
                    "select audit.canonical(e) from audit.event e where e.seq = \(event.seq)")
                #expect(event.canonical == text)
            }
        }
    }

    @Test(
        "an edited row is named",
        arguments: ["reason = 'other'", "at = at - interval '1 second'", "detail = '{\"a\": 1}'"])
    func edit(change: String) async throws {
        let verdict = try await tamper(false, "update audit.event set \(change) where seq = \(third)")
        #expect(verdict.fault?.seq != nil)
        #expect(verdict.fault?.sentence.contains("not as it was sealed") == true)
    }

    @Test("an edited row whose digest was edited too is found in its batch")
    func editWithDigest() async throws {
        let verdict = try await tamper(
            false, "update audit.event set reason = 'other' where seq = \(third)",
            """
            update audit.seal s set digests[3] = (select sha256(convert_to(audit.canonical(e), 'UTF8'))
                from audit.event e where e.seq = s.members[3]) where batch = 1
            """)
        #expect(verdict.fault?.batch == 1)
    }

    @Test("a row removed from the middle is named")
    func deleteMiddle() async throws {
        let verdict = try await tamper(false, "delete from audit.event where seq = \(third)")
        #expect(verdict.fault?.sentence.contains("is gone") == true)
        #expect(verdict.fault?.seq != nil)
    }

    @Test("a row slipped in afterwards is named")
    func insert() async throws {
        let verdict = try await tamper(
            false,
            """
            insert into audit.event (seq, id, at, action, object_kind)
            values (\(last) + 1, gen_random_uuid(), now() - interval '1 day', 'bid.submit', 'bid')
            """)
        #expect(verdict.fault?.sentence.contains("inserted") == true)
        #expect(verdict.fault?.seq != nil)
    }

    @Test("the newest batch removed with its seal is found against the checkpoint, and only so")
    func deleteTail() async throws {
        let cut = [
            "delete from audit.event where seq in (select unnest(members) from audit.seal where batch > 1)",
            "delete from audit.sealed_event where batch > 1", "delete from audit.seal where batch > 1",
        ]
        let blind = try await tamper(false, cut[0], cut[1], cut[2])
        #expect(blind.isSound)
        let seeing = try await tamper(true, cut[0], cut[1], cut[2])
        #expect((seeing.fault?.batch ?? 0) > 1)
    }

    @Test("everything removed is found against the checkpoint")
    func deleteAll() async throws {
        let verdict = try await tamper(
            true, "delete from audit.event", "delete from audit.seal", "delete from audit.sealed_event")
        #expect(verdict.fault != nil)
    }

    @Test("two rows that changed places are found")
    func reorder() async throws {
        let verdict = try await tamper(
            false,
            """
            update audit.event e set seq = case when e.seq = lower(r.b) then upper(r.b) else lower(r.b) end + 1000000
            from (select int8range(min(seq), max(seq)) as b from audit.event where seq <= \(third)) r
            where e.seq in (lower(r.b), upper(r.b))
            """, "update audit.event set seq = seq - 1000000 where seq > 1000000")
        #expect(verdict.fault?.seq != nil)
    }

    @Test("lines of the file that changed places, a lost line and nonsense are found")
    func file() async throws {
        try await withFund { fund in
            try await sealed(fund)
            let sound = try await lines(fund)
            var swapped = sound
            swapped.swapAt(1, 2)
            #expect(Audit.verify(swapped).fault?.sentence.contains("order") == true)
            var lost = sound
            lost.remove(at: 1)
            #expect(Audit.verify(lost).fault?.seq != nil)
            #expect(Audit.verify(sound + ["nonsense"]).fault != nil)
            let checkpoint = try #require(Audit.verify(sound).checkpoint)
            let forged = AuditCheckpoint(batch: checkpoint.batch, head: checkpoint.head, count: checkpoint.count + 1)
            #expect(Audit.verify(sound, checkpoint: forged).fault?.batch == checkpoint.batch)
            #expect(Audit.verify(sound, checkpoint: checkpoint).isSound)
        }
    }

    @Test("nobody changes or removes events by any of the roles")
    func appendOnly() async throws {
        try await withFund { fund in
            try await sealed(fund)
            for database in [fund.app, fund.owner, fund.worker] {
                for text in ["update audit.event set reason = 'x'", "delete from audit.event"] as [SQL] {
                    let error = await #expect(throws: StatementError.self) {
                        try await database.transaction("t") { tx in try tx.run(Statement("t", text).done) }
                    }
                    #expect(error?.sqlState == "TS004" || error?.sqlState == "42501")
                }
            }
        }
    }

    @Test("if the event cannot be written, neither is the act")
    func insertFails() async throws {
        try await withFund { fund in
            let administrator = try await fund.administrator()
            let person = try await fund.person(in: try await fund.organisation(), role: .localAuthority)
            try TestDatabase.psql(
                ["-c", "alter table audit.event add constraint no_more check (action <> 'person.suspend') not valid"],
                database: fund.name)
            await #expect(throws: (any Error).self) {
                try await fund.core.people.suspend(
                    administrator, person, version: 2, reason: "This is a reason that is long enough")
            }
            let detail = try await fund.core.people.detail(administrator, person)
            #expect(detail.person.state == .active)
            #expect(detail.person.version == 2)
        }
    }

    @Test("an auditor exports, and that is recorded; others may not; an auditor changes nothing")
    func auditor() async throws {
        try await withFund { fund in
            try await sealed(fund)
            let office = try await fund.organisation(.auditBody)
            let auditor = try await fund.actor(.auditor, in: office)
            let lines = Lines()
            try await fund.core.audit.export(auditor, to: lines.take)
            #expect(Audit.verify(lines.all).isSound)
            let events = lines.all.compactMap { try? JSON.decode(AuditLine.self, $0) }
            #expect(events.contains { $0.action == "audit.export" })
            let administrator = try await fund.administrator()
            let refusal = await #expect(throws: Refusal.self) {
                try await fund.core.audit.export(administrator, to: { _ in })
            }
            #expect(refusal?.kind == .forbidden)
            let person = try await fund.person(in: office, role: .auditor)
            let write = await #expect(throws: Refusal.self) {
                try await fund.core.people.suspend(
                    auditor, person, version: 2, reason: "Auditors may not do this at all")
            }
            #expect(write?.kind == .forbidden)
        }
    }
}
