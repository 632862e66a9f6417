import Domain
import FoundationEssentials
import Postgres
import Testing

@testable import Services

/// Every statement of awards, claims and payments is prepared against the schema.
@Suite struct MoneyStatementTests {
    @Test("Every statement of money prepares, as the application")
    func prepare() async throws {
        try await withFund { test in try await FundStatementTests.prepare(try Self.all, on: test) }
    }

    @Test("No two statements of money share a name with other words")
    func names() throws {
        for (name, statements) in Dictionary(grouping: Set(try Self.all), by: \.name) where statements.count > 1 {
            #expect(["award.list", "claim.list", "agreement.years"].contains(name), "\(name)")
        }
    }

    private static let award = AwardID.fresh()
    private static let claim = ClaimID.fresh()
    private static let variation = VariationID.fresh()
    private static let batch = PaymentBatchID.fresh()
    private static let account = BankAccountID.fresh()
    private static let person = PersonID.fresh()
    private static let day = Day(number: 20_000)
    private static let now = Instant(seconds: 1_800_000_000)
    private static let hash = [UInt8](repeating: 1, count: 32)

    private static let awardValue = Award(
        id: award, reference: "AWD-2026-0001", bid: .fresh(), organisation: .fresh(), programme: .fresh(),
        round: .fresh(), approval: .fresh(), state: .active, version: 1, drafter: person, amount: Money(pounds: 1))

    static var all: [AnyStatement] { get throws { try awards + agreements() + claims + payments + variations() } }

    private static var awards: [AnyStatement] {
        [
            AwardStatements.find(award).untyped, AwardStatements.lock(award).untyped,
            AwardStatements.lock(of: claim).untyped, AwardStatements.lock(of: variation).untyped,
            AwardStatements.find(of: claim).untyped, AwardStatements.find(of: variation).untyped,
            AwardStatements.id(ofBid: .fresh()).untyped,
            AwardStatements.list(AwardFilter(), after: nil, limit: 21).untyped,
            AwardStatements.list(
                AwardFilter(state: .active, organisation: .fresh(), programme: .fresh()), after: (now, award), limit: 21
            ).untyped, AwardStatements.row(of: award).untyped,
            AwardStatements.saveDraft(award, PostgresJSON("{}"), by: person).untyped,
            AwardStatements.move(award, to: .active, by: .activate).untyped,
            AwardStatements.move(award, to: .suspended, by: .suspend, because: "x").untyped,
            AwardStatements.qualityCheck(award, by: person, number: 1, hash: hash).untyped,
            AwardStatements.offer(award, by: person).untyped,
            AwardStatements.accept(award, by: person, statement: "1", council: nil).untyped,
            AwardStatements.sign(award, by: person, AwardSignature()).untyped,
            AwardStatements.declareComplete(award, by: person).untyped,
            AwardStatements.reconcile(award, by: person, note: "x", assets: "x").untyped,
            AwardStatements.terminate(award, because: "x", recovery: .zero).untyped,
            AwardStatements.close(award, by: person).untyped, AwardStatements.planFollowUps(award).untyped,
            AwardStatements.finalReportSubmitted(award).untyped, MoneyStatements.ledger(of: award).untyped,
            MoneyStatements.ledger(of: claim).untyped, MoneyStatements.ledger(of: variation).untyped,
            MoneyStatements.ledger(of: batch).untyped, MoneyStatements.position(award).untyped,
            MoneyStatements.position(of: claim).untyped, MoneyStatements.inHand(award).untyped,
            MoneyStatements.balance(award).untyped, MoneyStatements.recoveries(award).untyped,
            MoneyStatements.receive(.fresh(), on: day, by: person).untyped,
            BankStatements.standing(OrganisationID.fresh()).untyped, BankStatements.standing(of: award).untyped,
            BankStatements.standing(of: claim).untyped,
            BankStatements.insert(
                account, of: .fresh(), payee: "x", sealed: hash, fingerprint: hash, masked: "••••1234", by: person
            ).untyped, BankStatements.verify(account, fingerprint: hash, by: person).untyped,
            BankStatements.unmask(account, because: "x", about: award).untyped,
            PublishedStatements.awards(after: nil, limit: 21).untyped, PublishedStatements.award("x").untyped,
        ] + AwardStatements.planned(award).map(\.untyped)
    }

    private static func agreements() throws -> [AnyStatement] {
        [
            AgreementStatements.version(award, nil).untyped, AgreementStatements.version(of: claim).untyped,
            AgreementStatements.version(of: variation).untyped, AgreementStatements.versions(award).untyped,
            AgreementStatements.standing(award).untyped, AgreementStatements.standing(of: claim).untyped,
            AgreementStatements.standing(of: variation).untyped, AgreementStatements.conditions(award).untyped,
            AgreementStatements.conditions(of: claim).untyped, AgreementStatements.departures(award).untyped,
            AgreementStatements.years(award).untyped, AgreementStatements.years(of: variation).untyped,
            AgreementStatements.years(ofBid: BidID.fresh()).untyped,
            AgreementStatements.insertDeparture(award, from: .retention, because: "x", by: person).untyped,
            AgreementStatements.insertFinding(award, code: "C1", met: true, evidence: "x", by: person).untyped,
        ]
    }

    private static var claims: [AnyStatement] {
        [
            ClaimStatements.find(claim).untyped, ClaimStatements.lock(claim).untyped,
            ClaimStatements.lines(claim).untyped, ClaimStatements.others(of: claim).untyped,
            ClaimStatements.returnAccepted(claim).untyped, ClaimStatements.rows(ofAward: award).untyped,
            ClaimStatements.list(ClaimFilter(), after: nil, limit: 21).untyped,
            ClaimStatements.list(ClaimFilter(state: .paid, award: award), after: (now, claim), limit: 21).untyped,
            ClaimStatements.insert(claim, for: .fresh(), of: awardValue, by: person).untyped,
            ClaimStatements.saveHead(claim, Claim.Content(), by: person).untyped,
            ClaimStatements.removeLines(claim).untyped,
            ClaimStatements.insertLines(claim, of: award, [Claim.Line()], by: person).untyped,
            ClaimStatements.saveEvidence(claim, [(1, "x")], by: person).untyped,
            ClaimStatements.saveFindings(claim, [.init(line: 1, verdict: .allowed)], lines: []).untyped,
            ClaimStatements.move(claim, to: .checking, by: .answer).untyped,
            ClaimStatements.move(claim, to: .rejected, by: .reject, because: "x").untyped,
            ClaimStatements.submit(claim, by: person, declaration: "1").untyped,
            ClaimStatements.beginCheck(claim, by: person).untyped, ClaimStatements.query(claim, "x").untyped,
            ClaimStatements.verify(claim, to: .verified, by: .verify, person).untyped,
            ClaimStatements.approve(claim, by: person).untyped,
            ClaimStatements.requestReversal(claim, by: person, because: "x").untyped,
            ClaimStatements.reverse(claim, by: person).untyped,
        ]
    }

    private static var payments: [AnyStatement] {
        [
            PaymentStatements.list(after: nil, limit: 21).untyped,
            PaymentStatements.list(after: (now, batch), limit: 21).untyped, PaymentStatements.find(batch).untyped,
            PaymentStatements.lock(batch).untyped, PaymentStatements.confirmed(by: hash).untyped,
            PaymentStatements.payments(in: batch).untyped, PaymentStatements.payments(of: claim).untyped,
            PaymentStatements.payable(limit: 200).untyped,
            PaymentStatements.insert(batch, in: .fresh(), by: person).untyped,
            PaymentStatements.insertPayments(batch, [claim], by: person).untyped,
            PaymentStatements.seal(batch, hash: hash).untyped,
            PaymentStatements.release(batch, by: person, count: 1, total: Money(pounds: 1)).untyped,
            PaymentStatements.confirm(batch, by: person, hash: hash).untyped,
            PaymentStatements.cancel(batch, because: "x").untyped,
        ]
    }

    private static func variations() throws -> [AnyStatement] {
        [
            VariationStatements.rows(ofAward: award).untyped, VariationStatements.find(variation).untyped,
            VariationStatements.lock(variation).untyped, VariationStatements.uplifts(of: variation).untyped,
            try VariationStatements.insert(variation, of: awardValue, by: person, Variation.Content()).untyped,
            try VariationStatements.save(variation, Variation.Content()).untyped,
            VariationStatements.submit(
                variation, by: person, before: PostgresJSON("{}"), after: PostgresJSON("{}")
            ).untyped, VariationStatements.assess(variation, by: person, "x").untyped,
            VariationStatements.approve(variation, by: person, on: nil, because: nil).untyped,
            VariationStatements.move(variation, to: .withdrawn, by: .withdraw, because: "x").untyped,
            VariationStatements.takeEffect(variation).untyped,
        ]
    }
}
