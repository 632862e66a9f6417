import Domain
import Foundation
import Postgres
import Testing

@testable import Services

/// From an approved bid to money that was paid: agreement, gate, claim, payment.
@Suite struct AwardTests {
    @Test("From an approved bid to a paid claim, each act by another person, to the penny")
    func journey() async throws {
        try await AwardStage.run { made in
            try await made.activate()
            #expect(try await made.state() == .active)
            let detail = try await made.services.awards.detail(try made.actor("finance"), made.award)
            #expect(detail.position.promised == Money(pounds: 100_000))
            #expect(detail.instalments.map(\.amount).total == Money(pounds: 100_000))
            #expect(detail.balance.map(\.commitment).total == Money(pounds: 100_000))
            #expect(detail.bank?.masked == "••••5678" && detail.bank?.isReady == true)
            let first = try #require(detail.instalments.first)
            #expect(first.gate.isOpen && detail.instalments[1].gate.isOpen == false)
            let half = Money(pence: first.amount.pence / 2)
            let claim = try await made.approved(1, [half, first.amount - half])
            let (batch, file) = try await made.released([claim])
            #expect(file.contains("\"200000\",\"12345678\""))
            let answer = try await made.services.payments.confirm(
                try made.actor("releaser"), batch, version: try await made.batchVersion(batch), file: file)
            #expect(answer == PaymentConfirmation(payments: 1, total: first.amount, wasKnown: false))
            #expect(try await made.claimState(claim) == .paid)
            #expect(try await made.paid() == first.amount)
            let after = try await made.services.awards.detail(try made.certifier, made.award)
            #expect(after.position.paid == first.amount && after.position.isSound)
            #expect(after.instalments[0].status == .paid)
            let published = try await made.services.awards.published(after.award.reference).award
            #expect(published.paid == first.amount && published.state == .active)
        }
    }

    @Test("Nobody without a part in it sees an award; the authority sees it from the offer on; bank digits never")
    func visibility() async throws {
        try await AwardStage.run { made in
            let other = try made.actor("840.certifier")
            #expect(
                try await refusal { try await made.services.awards.detail(try made.certifier, made.award) }?.kind
                    == .notFound, "a draft is the department's own")
            try await made.activate()
            #expect(try await made.services.awards.detail(try made.certifier, made.award).award.state == .active)
            for key in ["840.certifier", "reviewer", "administrator"] {
                #expect(
                    try await refusal { try await made.services.awards.detail(try made.actor(key), made.award) }?.kind
                        == .notFound, "\(key)")
            }
            #expect(try await made.services.awards.list(other).rows.isEmpty)
            let bank = try await made.services.awards.detail(try made.actor("auditor"), made.award).bank
            #expect(bank?.masked == "••••5678")
            let id = try #require(bank?.id)
            let sealed = try await made.stage.count(
                """
                select count(*) from bank_account
                where position('12345678'::bytea in sealed) > 0 or position('12345678'::bytea in fingerprint) > 0
                """)
            #expect(sealed == 0)
            #expect(
                try await refusal {
                    try await made.services.bankAccounts.unmask(
                        try made.actor("officer"), for: made.award, id, reason: AwardStage.reason)
                }?.kind == .forbidden)
            let seen = try await made.services.bankAccounts.unmask(
                try made.actor("finance"), for: made.award, id, reason: AwardStage.reason)
            #expect(seen == AwardStage.bank)
            #expect(try await made.stage.count("select count(*) from audit.event where action = 'bank.unmask'") == 1)
        }
    }

    @Test(
        "Scenario 6: unringfenced and without an evaluation clause, it fails its check until both are allowed by others"
    )
    func scenario6() async throws {
        try await AwardStage.run { made in
            try await made.completeDraft {
                $0.conditionality = .unringfenced
                $0.clauses.removeAll { $0 == .evaluation }
            }
            func check() async throws -> Refusal? {
                let version = try await made.version()
                return try await refusal {
                    try await made.services.awards.qualityCheck(
                        try made.actor("officer2"), made.award, version: version)
                }
            }
            let refused = try await check()
            #expect(refused?.problems.map(\.field) == ["conditionality", "clauses"])
            #expect(
                try await refusal {
                    try await made.services.awards.approveDeparture(
                        try made.actor("officer2"), made.award, from: .unringfenced, reason: AwardStage.reason)
                }?.kind == .forbidden, "an officer allows nothing")
            for subject in [Agreement.Departure.Subject.unringfenced, .clause(.evaluation)] {
                try await made.services.awards.approveDeparture(
                    try made.actor("senior"), made.award, from: subject, reason: AwardStage.reason)
            }
            #expect(try await check() == nil)
            let view = try await made.services.awards.agreement(try made.actor("officer"), made.award)
            #expect(view.content.departures.count == 2)
            #expect(view.hash == Hex.text(digest(view.signedText ?? "")), "anybody can make the digest again")
        }
    }

    @Test("The database refuses the same agreement when the service is not asked")
    func clauseInDatabase() async throws {
        try await AwardStage.run { made in
            try await made.completeDraft { $0.clauses.removeAll { $0 == .publication } }
            let actor = try made.actor("officer2")
            let award = made.award
            let refused = try await refusal {
                try await made.services.platform.write("test.bypass", actor) { tx, open in
                    let (subject, found, indicators) = try tx.pipeline(
                        open, AwardStatements.lock(award).optional, BidSectionStatements.indicators.many)
                    let record = try found.orNotFound("award")
                    let version = try NewAgreementVersion(
                        try Awards.drafted(record, []), of: record, number: 1, indicators: indicators,
                        by: subject.person)
                    for statement in AgreementStatements.insert(version) { tx.queue(statement.done) }
                    tx.queue(
                        AwardStatements.qualityCheck(award, by: subject.person, number: 1, hash: version.hash).done)
                }
            }
            #expect(refused?.code == "clause_publication")
        }
    }

    @Test(
        "Whoever drafted does not check; what changed after it was read is not signed; an editor of the details does not accept"
    )
    func people() async throws {
        try await AwardStage.run { made in
            try await made.completeDraft()
            let version = try await made.version()
            #expect(
                try await refusal {
                    try await made.services.awards.qualityCheck(
                        try made.actor("officer"), made.award, version: version)
                }?.code == "own_draft")
            try await made.services.awards.qualityCheck(try made.actor("officer2"), made.award, version: version)
            #expect(
                try await refusal {
                    try await made.services.awards.offer(
                        try made.actor("senior"), made.award, version: version + 1,
                        contentHash: String(repeating: "0", count: 64))
                }?.code == "content_changed")
            try await made.services.awards.offer(
                try made.actor("senior"), made.award, version: version + 1, contentHash: try await made.hash())
            func accept() async throws -> Refusal? {
                let (version, hash) = (try await made.version(), try await made.hash())
                return try await refusal {
                    try await made.services.awards.accept(
                        try made.certifier, made.award, version: version, contentHash: hash)
                }
            }
            #expect(try await accept()?.code == "bank_not_verified")
            let own = try await made.services.bankAccounts.enter(
                try made.certifier, for: made.award, AwardStage.bank)
            try await made.services.bankAccounts.verify(try made.editor, for: made.award, own, AwardStage.bank)
            #expect(try await accept()?.code == "same_person")
            let wrong = BankDetails(name: "Anytown Council", sortCode: "200000", account: "12345679")
            let again = try await made.services.bankAccounts.enter(try made.editor, for: made.award, AwardStage.bank)
            #expect(
                try await refusal {
                    try await made.services.bankAccounts.verify(try made.certifier, for: made.award, again, wrong)
                } != nil, "what was typed is not what was entered")
            #expect(
                try await refusal {
                    try await made.services.bankAccounts.verify(
                        try made.editor, for: made.award, again, AwardStage.bank)
                }?.code == "same_person")
            try await made.services.bankAccounts.verify(try made.certifier, for: made.award, again, AwardStage.bank)
            #expect(try await accept() == nil)
        }
    }

    @Test("Scenario 7: spending from before the signature counts only with a decision that says so")
    func scenario7() async throws {
        for decision in ["", "SUB-2026-7"] {
            try await AwardStage.run { made in
                let today = try await made.services.subject(try made.editor).now.londonDay
                try await made.completeDraft {
                    $0.retrospectiveApproval = decision
                    if decision.isEmpty { $0.starts = today }
                }
                let version = try await made.version()
                try await made.services.awards.qualityCheck(try made.actor("officer2"), made.award, version: version)
                try await made.services.awards.offer(
                    try made.actor("senior"), made.award, version: version + 1, contentHash: try await made.hash())
                try await made.settleBank()
                try await made.services.awards.accept(
                    try made.certifier, made.award, version: version + 2, contentHash: try await made.hash())
                try await made.services.awards.sign(
                    try made.actor("signatory"), made.award, version: version + 3, contentHash: try await made.hash(),
                    try await made.signature())
                try await made.services.awards.activate(
                    try made.actor("signatory"), made.award, version: version + 4)
                let id = try await made.services.claims.start(try made.editor, made.award, position: 1)
                _ = try await made.services.claims.save(
                    try made.editor, id, version: 1, try await made.content(daysAgo: 10, [Money(pounds: 100)]))
                let refused = try await refusal {
                    try await made.services.claims.sendForCertification(try made.editor, id, version: 2)
                }
                #expect((refused == nil) == !decision.isEmpty, "\(String(describing: refused))")
            }
        }
    }

    @Test(
        "The gate: refused with what is wanted, whose turn it is and since when, also by raw SQL; open, it lets go; closed again, it holds"
    )
    func gate() async throws {
        try await AwardStage.runActive { made in
            let claim = try await made.verified(2, [Money(pounds: 1000)])
            func approve() async throws -> Refusal? {
                let version = try await made.claimVersion(claim)
                return try await refusal {
                    try await made.services.claims.approve(try made.actor("finance2"), claim, version: version)
                }
            }
            let refused = try await approve()
            #expect(refused?.code == "gate_protocol_approved")
            #expect(refused?.sentence.contains("the What Works review lead, since 3 November 2026") == true)
            try await made.say(.protocolApproved, met: true)
            #expect(try await approve()?.code == "gate_interim_report", "the instalment's own milestone")
            try await made.say(.interimReport, met: true)
            #expect(try await approve() == nil)
            // An amendment closes it again: neither the service nor a raw INSERT gets past it.
            try await made.say(.protocolApproved, met: false)
            #expect(
                try await refusal { try await made.assembled([claim]) }?.code == "gate_protocol_approved")
            let batch = PaymentBatchID.fresh()
            let actor = try made.actor("finance2")
            let programme = try await made.programme
            do {
                try await made.stage.test.app.transaction("test.raw") { tx in
                    let subject = try tx.run(ActorStatements.openForWriting(actor.credential).one)
                    try tx.run(PaymentStatements.insert(batch, in: programme, by: subject.person).done)
                    try tx.run(PaymentStatements.insertPayments(batch, [claim], by: subject.person).done)
                }
                Issue.record("the trigger let it pass")
            } catch let error as StatementError {
                #expect(error.sqlState == "TS012")
                #expect(error.message == "GATE protocol_approved")
            }
            try await made.say(.protocolApproved, met: true)
            _ = try await made.released([claim])
        }
    }

    @Test(
        "Verifying, approving and releasing are three people, and whoever puts payments together does not release them")
    func duties() async throws {
        try await AwardStage.runActive { made in
            for (key, capacity) in [("officer", "finance"), ("finance2", "payment_releaser"), ("releaser", "finance")] {
                let person = try made.stage.person(key)
                try await made.stage.test.sql(
                    """
                    insert into capacity (id, person_id, role, code, valid_from)
                    values (public.uuid7(), \(person), 'department', \(capacity), public.london_today())
                    """)
            }
            let officer = try made.stage.person("officer")
            try await made.stage.test.sql(
                "insert into auth.totp (person_id, sealed, confirmed_at) values (\(officer), '\\x00', now())")
            let claim = try await made.verified(1, [Money(pounds: 100)])
            let version = try await made.claimVersion(claim)
            #expect(
                try await refusal {
                    try await made.services.claims.approve(try made.actor("officer"), claim, version: version)
                }?.code == "SOD_VC_FP")
            try await made.services.claims.approve(try made.actor("finance2"), claim, version: version)
            let batch = try await made.assembled([claim])
            let release = try await refusal {
                try await made.services.payments.release(
                    try made.actor("finance2"), batch, version: try await made.batchVersion(batch), count: 1,
                    total: Money(pounds: 100))
            }
            #expect(release?.code == "SOD_FP_RP")
            let miscounted = try await refusal {
                try await made.services.payments.release(
                    try made.actor("releaser"), batch, version: try await made.batchVersion(batch), count: 2,
                    total: Money(pounds: 100))
            }
            #expect(miscounted?.problems.map(\.field) == ["count"])
        }
    }

    @Test("The sample that the database drew is the one that the description gives")
    func sample() async throws {
        try await AwardStage.runActive { made in
            let amounts = (1...17).map { Money(pounds: $0) }
            let claim = try await made.submitted(1, amounts)
            let detail = try await made.services.claims.detail(try made.actor("officer"), claim)
            let seed = try #require(detail.sampleSeed)
            #expect(detail.samplePercent == 25)
            #expect(
                detail.lines.filter(\.isSampled).map(\.number)
                    == ClaimSample.lines(of: 17, percent: 25, seed: seed))
            for seed in [Int64(0), 1, -1, .max, .min, 1_234_567] {
                let drawn: [Int32] = try await made.stage.asOwner(
                    Statement("test.sample", "select public.sample_lines(40, 25, \(seed))") { row in
                        try row.read([Int32].self)
                    }.one)
                #expect(
                    drawn.map(Int.init) == ClaimSample.lines(of: 40, percent: 25, seed: UInt64(bitPattern: seed)))
            }
        }
    }

    @Test("A question, an answer, a part that is not allowed, and a reversal as a new entry")
    func partAndReversal() async throws {
        try await AwardStage.runActive { made in
            let claim = try await made.submitted(1, [Money(pounds: 60), Money(pounds: 40)])
            let officer = try made.actor("officer")
            try await made.services.claims.beginCheck(officer, claim, version: try await made.claimVersion(claim))
            try await made.services.claims.query(
                officer, claim, version: try await made.claimVersion(claim), question: AwardStage.reason)
            try await made.services.claims.answer(
                try made.editor, claim, version: try await made.claimVersion(claim), evidence: [1: "Payroll, page 7"],
                reply: AwardStage.reason)
            let state = try await made.services.claims.verify(
                officer, claim, version: try await made.claimVersion(claim),
                [
                    .init(line: 1, verdict: .allowed),
                    .init(line: 2, verdict: .disallowed, disallowed: Money(pounds: 15), reason: "Not of this project."),
                ])
            #expect(state == .partVerified)
            try await made.services.claims.approve(
                try made.actor("finance2"), claim, version: try await made.claimVersion(claim))
            let (batch, file) = try await made.released([claim])
            _ = try await made.services.payments.confirm(
                try made.actor("releaser"), batch, version: try await made.batchVersion(batch), file: file)
            #expect(try await made.paid() == Money(pounds: 85))
            let entries = try await made.stage.count("select count(*) from ledger_entry")
            try await made.services.claims.requestReversal(
                try made.actor("finance"), claim, version: try await made.claimVersion(claim), reason: AwardStage.reason
            )
            try await made.services.claims.reverse(
                try made.actor("approver2"), claim, version: try await made.claimVersion(claim))
            #expect(try await made.paid() == .zero)
            #expect(try await made.stage.count("select count(*) from ledger_entry") == entries + 2)
            let detail = try await made.services.awards.detail(try made.actor("finance"), made.award)
            #expect(detail.recoveries.map(\.amount) == [Money(pounds: 85)])
            let due = try #require(detail.recoveries.first)
            let today = try await made.services.subject(try made.actor("finance")).now.londonDay
            try await made.services.awards.receive(
                try made.actor("finance"), made.award, recovery: due.id, version: due.version, on: today)
        }
    }

    @Test("More money goes through approval on the whole-life sum, and is committed with the next version")
    func moneyUp() async throws {
        try await AwardStage.runActive { made in
            let services = made.services
            let detail = try await services.awards.detail(try made.editor, made.award)
            let today = try await services.subject(try made.editor).now.londonDay
            var content = Variation.Content()
            content.kind = .moneyUp
            content.reason = AwardStage.reason
            content.increase = Money(pounds: 10_000)
            content.effectiveOn = today
            content.instalments = try #require(detail.agreement?.instalments)
            for (index, year) in made.stage.fund.split(Money(pounds: 10_000)).enumerated() {
                let place = index == 0 ? 0 : content.instalments.count - 1
                content.instalments[place].amount = (content.instalments[place].amount ?? .zero) + year.1
            }
            let id = try await services.variations.draft(try made.editor, made.award, content)
            try await services.variations.submit(try made.certifier, id, version: 1)
            try await services.variations.assess(
                try made.actor("officer2"), id, version: 2, assessment: AwardStage.reason)
            #expect(
                try await refusal {
                    try await services.variations.approve(try made.actor("approver2"), id, version: 3)
                }?
                .code == "uplift_not_approved")
            let uplift = try await services.approvals.prepare(
                try made.actor("officer"), made.bid.id,
                made.stage.fund.approvalContent(Money(pounds: 10_000), kind: .uplift))
            try await made.stage.fund.clear(uplift)
            _ = try await made.stage.approve(uplift, by: "approver")
            try await services.variations.approve(try made.actor("approver2"), id, version: 3, uplift: uplift)
            try await services.variations.takeEffect(try made.actor("signatory"), id, version: 4)
            let after = try await services.awards.detail(try made.editor, made.award)
            #expect(after.award.amount == Money(pounds: 110_000))
            #expect(after.versions.map(\.number) == [1, 2])
            #expect(after.balance.map(\.commitment).total == Money(pounds: 110_000))
        }
    }
}
