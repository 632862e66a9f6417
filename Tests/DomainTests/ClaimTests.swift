import FoundationEssentials
import Testing

@testable import Domain

func claimLine(
    _ date: String, _ pounds: Int, _ reference: String, _ category: BidContent.CostLine.Category = .staff
) -> Claim.Line {
    var line = Claim.Line()
    line.date = day(date)
    line.category = category
    line.amount = Money(pounds: pounds)
    line.supplier = "A supplier"
    line.ledgerReference = reference
    line.evidence = "Invoice \(reference)"
    return line
}

@Suite("Claims")
struct ClaimTests {
    static let needs = ClaimRules.Needs(
        starts: day("2026-12-01"), ends: day("2027-11-30"), categories: [.staff, .training], today: day("2027-05-01"),
        maximum: Money(pounds: 100_000), instalment: Money(pounds: 30_000), claimedBefore: Money(pounds: 75_000),
        year: year("2026-27"), yearCap: Money(pounds: 30_000), claimedInYear: Money(pounds: 5000),
        otherPeriods: [day("2026-12-01")...day("2026-12-31")], usedReferences: ["inv001"])

    static func content() -> Claim.Content {
        var content = Claim.Content()
        content.from = day("2027-01-01")
        content.to = day("2027-04-30")
        content.lines = [
            claimLine("2027-01-31", 15_000, "INV-100"), claimLine("2027-04-30", 10_000, "INV-101", .training),
        ]
        return content
    }

    static func fields(_ change: (inout Claim.Content) -> Void) -> [String] {
        var changed = content()
        change(&changed)
        return ClaimRules.problems(changed, for: needs).map(\.field)
    }

    @Test("a complete claim that uses everything to the last pound")
    func complete() { #expect(Self.fields { _ in }.isEmpty) }

    @Test("each rule of C1, at its field")
    func rules() {
        #expect(Self.fields { $0.from = day("2026-12-31") } == ["from"], "another claim has that day")
        #expect(Self.fields { $0.from = day("2026-11-30") }.contains("from"))
        #expect(Self.fields { $0.to = day("2027-05-02") } == ["to"], "not over yet")
        #expect(Self.fields { $0.lines[0].date = day("2026-12-31") } == ["lines.0.date"])
        #expect(Self.fields { $0.lines[0].category = .overhead } == ["lines.0.category"])
        #expect(Self.fields { $0.lines[0].amount = .zero } == ["lines.0.amount"])
        #expect(Self.fields { $0.lines[0].vat = Money(pounds: 15_001) } == ["lines.0.vat"])
        #expect(Self.fields { $0.lines[0].supplier = "" } == ["lines.0.supplier"])
        #expect(Self.fields { $0.lines[0].evidence = "" } == ["lines.0.evidence"])
        #expect(Self.fields { $0.lines[0].ledgerReference = "" } == ["lines.0.ledgerReference"])
        #expect(Self.fields { $0.lines[1].ledgerReference = "inv 100" } == ["lines.1.ledgerReference"], "twice here")
        #expect(
            Self.fields { $0.lines[1].ledgerReference = "Inv/001" } == ["lines.1.ledgerReference"], "claimed before")
        #expect(Self.fields { $0.lines = [] } == ["lines"])
        var needs = Self.needs
        needs.signed = day("2027-02-01")
        #expect(
            ClaimRules.problems(Self.content(), for: needs).map(\.field) == ["lines.0.date"],
            "scenario 7: spending from before the signature")
    }

    @Test("a penny above the instalment, the award or the year is too much")
    func caps() {
        func pennyMore(_ change: (inout ClaimRules.Needs) -> Void) -> [String] {
            var needs = Self.needs
            change(&needs)
            return ClaimRules.problems(Self.content(), for: needs).map(\.sentence)
        }
        #expect(pennyMore { $0.instalment = Money(pence: 2_499_999) }.count == 1)
        #expect(pennyMore { $0.claimedBefore = Money(pence: 7_500_001) }.count == 1)
        #expect(pennyMore { $0.claimedInYear = Money(pence: 500_001) }.count == 1)
        #expect(pennyMore { $0.yearCap = .zero }.first?.contains("£0, which is what 2026-27 has left") == true)
        #expect(ClaimRules.yearCap(Money(pence: 3_000_001), tolerancePercent: 5) == Money(pence: 3_150_001))
    }

    @Test("the sample is the one that the description gives, for reference seeds")
    func sampleReference() {
        // First outputs of SplitMix64 from state 1234567, as its authors publish them.
        var generator = ClaimSample.SplitMix64(state: 1_234_567)
        #expect(generator.next() == 6_457_827_717_110_365_317)
        #expect(generator.next() == 3_203_168_211_198_807_973)
        #expect(generator.next() == 9_817_491_932_198_370_423)
    }

    @Test(
        "as many as the risk says, rounded up, at least one, never twice, the same again", arguments: [0, 1, 7, 10, 99])
    func sample(count: Int) {
        for percent in [10, 25, 100] {
            for seed in [UInt64(0), 1, .max] {
                let lines = ClaimSample.lines(of: count, percent: percent, seed: seed)
                let wanted = count == 0 ? 0 : max(1, (count * percent + 99) / 100)
                #expect(lines.count == wanted)
                #expect(Set(lines).count == wanted)
                #expect(lines.allSatisfy { (1...max(1, count)).contains($0) })
                #expect(lines == lines.sorted())
                #expect(ClaimSample.lines(of: count, percent: percent, seed: seed) == lines)
            }
        }
        #expect(ClaimSample.percent(.low) == 10 && ClaimSample.percent(.medium) == 25)
        #expect(ClaimSample.percent(nil) == 100)
    }

    @Test("no line is likelier than another")
    func sampleIsFair() {
        var hits = [Int](repeating: 0, count: 10)
        for seed in 0..<10_000 as Range<UInt64> {
            for line in ClaimSample.lines(of: 10, percent: 10, seed: seed) { hits[line - 1] += 1 }
        }
        // 1,000 each; the standard deviation is 30.
        #expect(hits.allSatisfy { (850...1150).contains($0) }, "\(hits)")
    }

    @Test("a check is complete when each sampled line has a finding; what is not paid has a reason")
    func findings() {
        let lines = Self.content().lines
        func fields(_ findings: [Claim.Finding]) -> [String] {
            ClaimRules.findingProblems(findings, lines: lines, sampled: [2]).map(\.field)
        }
        #expect(fields([]) == ["findings.2.verdict"])
        #expect(fields([.init(line: 2, verdict: .allowed)]).isEmpty)
        #expect(fields([.init(line: 2, verdict: .disallowed)]) == ["findings.2.reason"])
        #expect(
            fields([.init(line: 2, verdict: .disallowed, disallowed: Money(pounds: 10_001), reason: "Not eligible.")])
                == ["findings.2.disallowed"])
        #expect(
            fields([.init(line: 2, verdict: .allowed), .init(line: 3, verdict: .allowed)]) == ["findings.3.verdict"])
    }

    @Test("what a check comes to")
    func outcomes() {
        let lines = Self.content().lines
        let all = ClaimRules.outcome([.init(line: 1, verdict: .allowed)], lines: lines)
        #expect(all.amount == Money(pounds: 25_000) && all.state == .verified)
        let part = ClaimRules.outcome(
            [.init(line: 1, verdict: .disallowed, disallowed: Money(pence: 1), reason: "x")], lines: lines)
        #expect(part.amount == Money(pence: 2_499_999) && part.state == .partVerified)
        let none = ClaimRules.outcome(
            [.init(line: 1, verdict: .disallowed), .init(line: 2, verdict: .disallowed)], lines: lines)
        #expect(none.amount == .zero && none.state == .rejected && none.disallowed == Money(pounds: 25_000))
    }

    @Test("bank details: two people, and a change is held to the second")
    func bank() {
        #expect(ClaimRules.bankReady(payableFrom: nil, now: noon)?.code == "bank_not_verified")
        #expect(ClaimRules.bankReady(payableFrom: noon.adding(seconds: 1), now: noon)?.code == "bank_on_hold")
        #expect(ClaimRules.bankReady(payableFrom: noon, now: noon) == nil)
        #expect(BankDetails.verifierIsAnother(.number(1), enteredBy: .number(1))?.code == "same_person")
        #expect(BankDetails(name: "A", sortCode: "20-00 00", account: "12345678").problems.isEmpty)
        #expect(
            BankDetails(name: "", sortCode: "2000", account: "1234567x").problems.map(\.field) == [
                "name", "sortCode", "account",
            ])
        #expect(BankDetails(name: "A", sortCode: "200000", account: "12345678").masked == "••••5678")
    }

    @Test("a closed gate says which milestone, whose turn it is and since when")
    func gate() {
        let gate = EvaluationGate(
            milestone: .protocolApproved, isOpen: false, waitingOn: "the What Works review lead",
            since: instant("2026-11-03T09:00:00Z"))
        #expect(gate.refusal?.code == "gate_protocol_approved")
        #expect(gate.sentence.contains("approved evaluation protocol"))
        #expect(gate.sentence.contains("the What Works review lead, since 3 November 2026"))
        #expect(EvaluationGate(milestone: .none, isOpen: true).refusal == nil)
    }

    @Test("the payment file is the same bytes for the same batch, and holds no formula")
    func file() {
        let first = Payment(
            reference: "PAY-2026-0001-001", claimReference: "CLM-2026-0001", awardReference: "AWD-2026-0001",
            bank: BankDetails(name: "=Anytown", sortCode: "200000", account: "00345678"), amount: Money(pence: 123_456))
        let second = Payment(
            reference: "PAY-2026-0001-002", claimReference: "CLM-2026-0002", awardReference: "AWD-2026-0002",
            bank: BankDetails(name: "Say \"Hi\", please", sortCode: "200001", account: "12345678"),
            amount: Money(pounds: 1))
        let csv = PaymentFile.csv(batch: "PAY-2026-0001", [second, first])
        #expect(csv == PaymentFile.csv(batch: "PAY-2026-0001", [first, second]))
        #expect(csv.contains("\"PAY-2026-0001-001\",\"'=Anytown\",\"200000\",\"00345678\",\"1234.56\",\"GBP\""))
        #expect(csv.contains("\"Say \"\"Hi\"\", please\""))
        #expect(csv.contains("\"PAY-2026-0001\",\"total\",\"\",\"\",\"\",\"1235.56\",\"GBP\",\"2\",\"\""))
        let expected = ["PAY-2026-0001-001": Money(pence: 123_456), "PAY-2026-0001-002": Money(pounds: 1)]
        #expect(PaymentFile.confirmationProblems(csv, expected).isEmpty, "what was sent comes back as it is")
        #expect(PaymentFile.confirmationProblems("nothing", expected).count == 1)
        #expect(PaymentFile.confirmationProblems("payment,amount\nPAY-2026-0001-001,1234.56", expected).count == 1)
        #expect(
            PaymentFile.confirmationProblems(
                "payment,amount\nPAY-2026-0001-001,1234.57\nPAY-2026-0001-002,1.00\nPAY-9,1.00", expected
            ).count == 2)
        let batch = PaymentBatch(
            id: .number(1), reference: "PAY-2026-0001", state: .open, version: 1, total: Money(pence: 123_556), count: 2
        )
        #expect(PaymentFile.controlled(count: 2, total: Money(pence: 123_556), batch: batch) == nil)
        #expect(
            PaymentFile.controlled(count: 1, total: nil, batch: batch)?.problems.map(\.field) == ["count", "total"])
    }
}

@Suite("Ledger")
struct LedgerTests {
    static let y1 = year("2026-27")
    static let y2 = year("2027-28")

    @Test("an act balances in each year, or is none")
    func balance() {
        func entry(_ account: String, _ fy: FinancialYear, _ debit: Int, _ credit: Int) -> Ledger.Entry {
            .init(account: account, year: fy, debit: Money(pence: debit), credit: Money(pence: credit))
        }
        #expect(Ledger.isBalanced([entry("a", Self.y1, 5, 0), entry("b", Self.y1, 0, 5)]))
        #expect(!Ledger.isBalanced([entry("a", Self.y1, 5, 0), entry("b", Self.y2, 0, 5)]), "not across years")
        #expect(!Ledger.isBalanced([entry("a", Self.y1, 5, 0), entry("b", Self.y1, 0, 4)]))
        #expect(!Ledger.isBalanced([entry("a", Self.y1, 0, 0)]))
        #expect(!Ledger.isBalanced([entry("a", Self.y1, -5, 0), entry("b", Self.y1, 0, -5)]))
    }

    @Test("whatever was posted, its mirror image leaves nothing, to the penny")
    func reversal() {
        var generator = ClaimSample.SplitMix64(state: 42)
        for _ in 0..<200 {
            var entries: [Ledger.Entry] = []
            for _ in 0..<Int(generator.next(below: 8) + 1) {
                let sum = Money(pence: Int(generator.next(below: 99_999_999)) + 1)
                let fy = generator.next(below: 2) == 0 ? Self.y1 : Self.y2
                entries.append(.init(account: "a", year: fy, debit: sum))
                entries.append(.init(account: "b", year: fy, credit: sum))
            }
            #expect(Ledger.isBalanced(entries))
            let both = entries + Ledger.reversal(entries)
            #expect(Ledger.isBalanced(both))
            #expect(Ledger.balance("a", both) == .zero && Ledger.balance("b", both) == .zero)
            #expect(Ledger.balance("a", entries) == .zero - Ledger.balance("b", entries))
        }
    }

    @Test("an award is closed when nothing is on its way")
    func closing() {
        let sound = Ledger.Position(
            promised: Money(pounds: 3), claimed: Money(pounds: 2), approved: Money(pounds: 2), paid: Money(pounds: 2))
        #expect(Ledger.closable(sound, inHand: 1, recoveryRaised: false)?.code == "claims_in_hand")
        #expect(Ledger.closable(sound, inHand: 0, recoveryRaised: false) == nil)
        let wrong = Ledger.Position(
            promised: Money(pounds: 1), claimed: Money(pounds: 2), approved: Money(pounds: 1), paid: Money(pounds: 2))
        #expect(Ledger.closable(wrong, inHand: 0, recoveryRaised: false)?.code == "not_reconciled")
        #expect(sound.left == Money(pounds: 1))
        #expect(Ledger.recoverable(Money(pounds: 2), sound).isEmpty && Ledger.recoverable(nil, sound).isEmpty)
        #expect(Ledger.recoverable(Money(pence: 201), sound).map(\.field) == ["recovery"])
    }
}
