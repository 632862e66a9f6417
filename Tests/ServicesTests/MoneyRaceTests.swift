import Domain
import Foundation
import Postgres
import Testing

@testable import Services

/// Two servers, one award: nothing is overspent and nothing is paid twice, whoever presses when and however often.
@Suite struct MoneyRaceTests {
    /// Outcomes of several acts at the same moment: `done`, or the refusal's code.
    private static func together(_ acts: [@Sendable () async throws -> Void]) async throws -> [String] {
        try await withThrowingTaskGroup(of: String.self) { group in
            for act in acts {
                group.addTask { try await refusal { try await act() }?.code ?? "done" }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test("Two servers approve one claim, put it into two batches, and confirm one batch: each happens once")
    func oneClaim() async throws {
        try await AwardStage.runActive { made in
            let (other, database) = try made.stage.test.anotherServer()
            let cores = [made.services, other]
            let claim = try await made.verified(1, [Money(pounds: 30_000)])
            let version = try await made.claimVersion(claim)
            let finance = [try made.actor("finance2"), try made.actor("finance2")]
            let approvals = try await Self.together(
                zip(cores, finance).map { core, actor in
                    { try await core.claims.approve(actor, claim, version: version) }
                })
            #expect(approvals.count { $0 == "done" } == 1, "\(approvals)")
            let programme = try await made.programme
            let batches = try await Self.together(
                zip(cores, finance).map { core, actor in
                    { _ = try await core.payments.assemble(actor, programme: programme, claims: [claim]) }
                })
            #expect(batches.count { $0 == "done" } == 1, "\(batches)")
            #expect(try await made.stage.count("select count(*) from payment") == 1)
            let batch: PaymentBatchID = try await made.stage.test.value("select id from payment_batch")
            let head = try await made.services.payments.detail(try made.actor("releaser"), batch).row.batch
            let releaser = try made.actor("releaser")
            let releases = try await Self.together(
                cores.map { core in
                    {
                        _ = try await core.payments.release(
                            releaser, batch, version: head.version, count: 1, total: Money(pounds: 30_000))
                    }
                })
            #expect(releases.count { $0 == "done" } == 1, "\(releases)")
            let file = try await made.services.payments.export(finance[0], batch).csv
            let confirmations = try await Self.together(
                cores.map { core in
                    { _ = try await core.payments.confirm(releaser, batch, version: head.version + 1, file: file) }
                })
            #expect(confirmations == ["done", "done"], "the second is told what the first did: \(confirmations)")
            #expect(try await made.paid() == Money(pounds: 30_000))
            #expect(try await made.stage.count("select count(*) from ledger_entry where what = 'pay'") == 2)
            await database.shutdown()
        }
    }

    @Test("A control: without the trigger that locks and looks, the same claim is paid twice")
    func controlWithoutLock() async throws {
        try await AwardStage.runActive { made in
            let claim = try await made.approved(1, [Money(pounds: 30_000)])
            try await made.stage.test.sql("alter table payment disable trigger user")
            let programme = try await made.programme
            let actor = try made.actor("finance2")
            let app = made.stage.test.app
            let outcomes = try await Self.together(
                (0..<2).map { _ in
                    {
                        let batch = PaymentBatchID.fresh()
                        try await app.transaction("test.unlocked") { tx in
                            let subject = try tx.run(ActorStatements.openForWriting(actor.credential).one)
                            try tx.run(PaymentStatements.insert(batch, in: programme, by: subject.person).done)
                            try tx.run(
                                PaymentStatements.insertPayments(batch, [claim], by: subject.person).affecting(1))
                        }
                    }
                })
            #expect(outcomes == ["done", "done"])
            #expect(
                try await made.stage.count("select count(*) from payment where claim_id = \(claim)") == 2,
                "the test above can fail")
        }
    }

    @Test(
        "A variation that takes a payment away, and the claim for it: one of them wins, and the award is not overspent")
    func variationAgainstClaim() async throws {
        try await AwardStage.runActive { made in
            let services = made.services
            let (other, database) = try made.stage.test.anotherServer()
            let today = try await services.subject(try made.editor).now.londonDay
            let detail = try await services.awards.detail(try made.editor, made.award)
            let plan = try #require(detail.agreement?.instalments)
            // The first payment shrinks, and a new one of the same year takes what it loses.
            var content = Variation.Content()
            content.kind = .dates
            content.reason = AwardStage.reason
            content.ends = detail.agreement?.ends?.adding(days: 1)
            content.effectiveOn = today
            content.instalments = plan
            content.instalments[0].amount = Money(pounds: 1000)
            var rest = plan[0]
            rest.dueOn = plan[0].dueOn?.adding(days: 1)
            rest.amount = (plan[0].amount ?? .zero) - Money(pounds: 1000)
            rest.milestone = .protocolApproved
            content.instalments.insert(rest, at: 1)
            let variation = try await services.variations.draft(try made.editor, made.award, content)
            try await services.variations.submit(try made.certifier, variation, version: 1)
            try await services.variations.assess(
                try made.actor("officer2"), variation, version: 2, assessment: AwardStage.reason)
            try await services.variations.approve(try made.actor("approver2"), variation, version: 3)
            let (signatory, editor, award) = (try made.actor("signatory"), try made.editor, made.award)
            let outcomes = try await Self.together([
                { try await services.variations.takeEffect(signatory, variation, version: 4) },
                { _ = try await other.claims.start(editor, award, position: 1) },
            ])
            let done = outcomes.count { $0 == "done" }
            let planned: Money = try await made.stage.test.value(
                """
                select sum(i.amount) from instalment i join award a on a.id = i.award_id
                    and a.agreement_number = i.agreement_number
                """)
            #expect(planned == Money(pounds: 100_000))
            // Either order is sound: a claim after the variation is of the new instalment.
            #expect(done >= 1, "\(outcomes)")
            let sound = try await made.stage.count(
                """
                select count(*) from claim c join instalment i on i.id = c.instalment_id
                join award a on a.id = c.award_id where i.amount <> (select n.amount from instalment n
                    where n.award_id = a.id and n.agreement_number = a.agreement_number and n.position = c.position)
                """)
            #expect(sound == 0, "a claim stands on an instalment as it is in force")
            await database.shutdown()
        }
    }

    @Test(
        "The same payment file again changes nothing; the same key answers as it did; a file of another batch is refused"
    )
    func replay() async throws {
        try await AwardStage.runActive { made in
            let claim = try await made.approved(1, [Money(pounds: 300)])
            let batch = try await made.assembled([claim])
            let releaser = try made.actor("releaser")
            let version = try await made.batchVersion(batch)
            let key = IdempotencyKey(key: "release-1", requestHash: digest("release"))
            func release() async throws -> String {
                try await made.services.payments.release(
                    releaser, batch, version: version, count: 1, total: Money(pounds: 300), once: key)
            }
            let first = try await release()
            #expect(try await release() == first, "scenario 20: a retry returns the first result")
            let file = try await made.services.payments.export(try made.actor("finance2"), batch).csv
            #expect(Hex.text(digest(file)) == first)
            let paid = try await made.services.payments.confirm(
                releaser, batch, version: version + 1, file: file)
            #expect(!paid.wasKnown)
            let before = try await Snapshot(made)
            for _ in 0..<2 {
                let again = try await made.services.payments.confirm(
                    releaser, batch, version: version + 1, file: file)
                #expect(again == PaymentConfirmation(payments: 1, total: Money(pounds: 300), wasKnown: true))
            }
            #expect(try await Snapshot(made) == before)
            let second = try await made.approvedAgain(Money(pounds: 50))
            let next = try await made.released([second]).batch
            #expect(
                try await refusal {
                    try await made.services.payments.confirm(
                        releaser, next, version: try await made.batchVersion(next), file: file)
                }?.code == "file_known")
        }
    }

    @Test(
        "Whichever statement of claim → payment fails, nothing of the act is left, and the retry ends as if nothing had happened"
    )
    func everyStatementFails() async throws {
        try await AwardStage.runActive { made in
            let faults = try await Faults(made.stage)
            let services = made.services
            let claim = try await made.drafted(1, [Money(pounds: 200), Money(pounds: 100)])
            let (editor, certifier) = (try made.editor, try made.certifier)
            let (officer, finance, releaser) = (
                try made.actor("officer"), try made.actor("finance2"), try made.actor("releaser")
            )
            let programme = try await made.programme
            func version() async throws -> Int { try await made.claimVersion(claim) }
            var failures = 0
            func act(_ name: String, _ work: (IdempotencyKey) async throws -> Void) async throws {
                let key = IdempotencyKey(key: "act-\(name)", requestHash: digest(name))
                failures += try await faults.everywhere(made) { try await work(key) }
            }
            try await act("send") { _ in
                try await services.claims.sendForCertification(editor, claim, version: try await version())
            }
            try await act("submit") { key in
                try await services.claims.submit(
                    certifier, claim, version: try await version(), declarationVersion: Claim.Declaration.version,
                    once: key)
            }
            try await act("check") { _ in
                try await services.claims.beginCheck(officer, claim, version: try await version())
            }
            try await act("verify") { key in
                _ = try await services.claims.verify(
                    officer, claim, version: try await version(),
                    [.init(line: 1, verdict: .allowed), .init(line: 2, verdict: .allowed)], once: key)
            }
            try await act("approve") { key in
                try await services.claims.approve(finance, claim, version: try await version(), once: key)
            }
            try await act("assemble") { key in
                _ = try await services.payments.assemble(finance, programme: programme, claims: [claim], once: key)
            }
            let batch: PaymentBatchID = try await made.stage.test.value("select id from payment_batch")
            try await act("release") { key in
                _ = try await services.payments.release(
                    releaser, batch, version: try await made.batchVersion(batch), count: 1, total: Money(pounds: 300),
                    once: key)
            }
            let file = try await services.payments.export(finance, batch).csv
            try await act("confirm") { key in
                _ = try await services.payments.confirm(
                    releaser, batch, version: try await made.batchVersion(batch), file: file, once: key)
            }
            #expect(failures > 50, "\(failures) statements were made to fail")
            #expect(try await made.claimState(claim) == .paid)
            #expect(try await made.paid() == Money(pounds: 300))
            #expect(try await made.stage.count("select count(*) from payment") == 1)
            #expect(
                try await made.stage.count(
                    "select count(*) from (select 1 from ledger_entry group by transaction_id having sum(debit) <> sum(credit)) x"
                ) == 0)
            for duty in ["VC", "FP", "RP"] {
                #expect(
                    try await made.stage.count(
                        "select count(*) from workflow.duty_performed where case_id = \(made.bid.id) and duty = \(duty)"
                    )
                        == 1, "\(duty)")
            }
        }
    }
}

/// Everything that an act could leave behind, as counts and sums.
struct Snapshot: Equatable {
    let text: String

    init(_ made: AwardStage) async throws {
        text = try await made.stage.test.value(
            """
            select concat_ws(' ', (select string_agg(c.state || c.version, ',' order by c.id) from claim c),
                (select string_agg(b.state || b.version, ',' order by b.id) from payment_batch b),
                (select count(*) from payment), (select count(*) from ledger_entry), (select sum(debit) from ledger_entry),
                (select count(*) from workflow.duty_performed), (select count(*) from workflow.log),
                (select count(*) from audit.event), (select count(*) from outbox), (select count(*) from idempotency_key),
                (select string_agg(coalesce(l.verdict, '-'), ',' order by l.id) from claim_line l))
            """)
    }
}

/// Makes the n-th writing statement fail, whoever writes: a trigger on every table counts them.
struct Faults {
    let stage: FundStage

    init(_ stage: FundStage) async throws {
        self.stage = stage
        try await stage.test.sql("create sequence public.fault_count")
        try await stage.test.sql("create table public.fault_plan (at bigint)")
        try await stage.test.sql(
            """
            create function public.fault() returns trigger language plpgsql security definer
                set search_path = pg_catalog, pg_temp as $$
            declare wanted bigint := (select p.at from public.fault_plan p);
            begin
                if wanted is not null and nextval('public.fault_count') = wanted then
                    raise exception 'the % of % fails', tg_op, tg_table_name using errcode = 'XX000';
                end if;
                return null;
            end $$
            """)
        try await stage.test.sql(
            """
            do $$ declare t record; begin
                for t in select schemaname, tablename from pg_tables
                    where schemaname in ('public', 'workflow', 'audit') and tablename not in ('fault_plan', 'said') loop
                    execute format('create trigger zz_fault before insert or update or delete on %I.%I
                        for each statement execute function public.fault()', t.schemaname, t.tablename);
                end loop;
            end $$
            """)
    }

    private func plan(_ at: Int?) async throws {
        try await stage.test.sql("truncate public.fault_plan")
        try await stage.test.sql("alter sequence public.fault_count restart")
        if let at { try await stage.test.sql("insert into public.fault_plan values (\(at))") }
    }

    /// Fails the first, then the second, … statement of the work, each time checking that nothing is left; then lets it
    /// through. Answers how many failed.
    func everywhere(_ made: AwardStage, _ work: () async throws -> Void) async throws -> Int {
        let before = try await Snapshot(made)
        for at in 1...200 {
            try await plan(at)
            do {
                try await work()
                try await plan(nil)
                return at - 1
            } catch let error as StatementError where error.sqlState == "XX000" {
                try await plan(nil)
                let after = try await Snapshot(made)
                #expect(after == before, "statement \(at): \(error.message)")
            }
        }
        Issue.record("it never ended")
        return 0
    }
}

extension AwardStage {
    /// A second claim for the first instalment is not possible while the first stands; the last one can be claimed too.
    func approvedAgain(_ amount: Money) async throws -> ClaimID {
        for milestone in EvaluationMilestone.allCases { try await say(milestone, met: true) }
        return try await approved(2, [amount])
    }
}
