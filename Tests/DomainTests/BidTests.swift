import FoundationEssentials
import Testing

@testable import Domain

@Suite("Bids")
struct BidTests {
    @Test("a complete bid has no problems, a blank one has some in every section")
    func complete() {
        #expect(completeBid.problems(for: needs) == [])
        for section in BidSection.allCases {
            #expect(completeBid.progress(of: section, for: needs) == .complete)
            #expect(BidContent().progress(of: section, for: needs) == .notStarted)
            #expect(!BidContent().problems(in: section, for: needs).isEmpty)
            #expect(BidRules.storageProblems(BidContent(), in: section).isEmpty, "a blank draft can be saved")
        }
        var begun = BidContent()
        begun.need.problem = "Something"
        #expect(begun.progress(of: .need, for: needs) == .inProgress)
    }

    /// One change to a complete bid, and the field that must be named for it.
    struct Spoil: Sendable, CustomTestStringConvertible {
        let field: String
        let change: @Sendable (inout BidContent) -> Void
        var testDescription: String { field }
        init(_ field: String, _ change: @escaping @Sendable (inout BidContent) -> Void) {
            self.field = field
            self.change = change
        }
    }

    static let spoils: [Spoil] = [
        Spoil("summary.title") { $0.summary.title = "  " },
        Spoil("summary.title") { $0.summary.title = String(repeating: "é", count: 141) },
        Spoil("summary.summary") { $0.summary.summary = String(repeating: "x", count: 1001) },
        Spoil("summary.summary") { $0.summary.summary = "a\0b" },
        Spoil("summary.maturity") { $0.summary.maturity = nil },
        Spoil("summary.focusAreas") { $0.summary.focusAreas = [] },
        Spoil("summary.focusAreas") { $0.summary.focusAreas = [.adolescents, .adolescents] },
        Spoil("need.problem") { $0.need.problem = "" },
        Spoil("need.population") { $0.need.population = "" },
        Spoil("need.expectedNumber") { $0.need.expectedNumber = nil },
        Spoil("need.expectedNumber") { $0.need.expectedNumber = 0 },
        Spoil("theoryOfChange.inputs") { $0.theoryOfChange.inputs = [] },
        Spoil("theoryOfChange.activities") { $0.theoryOfChange.activities = [] },
        Spoil("theoryOfChange.outputs") { $0.theoryOfChange.outputs = [] },
        Spoil("theoryOfChange.outcomes") { $0.theoryOfChange.outcomes = [] },
        Spoil("theoryOfChange.impact") { $0.theoryOfChange.impact = [] },
        Spoil("theoryOfChange.assumptions") { $0.theoryOfChange.assumptions = [] },
        Spoil("theoryOfChange.externalFactors") { $0.theoryOfChange.externalFactors = [] },
        Spoil("theoryOfChange.inputs.1") { $0.theoryOfChange.inputs = ["a", " "] },
        Spoil("outcomes.outcomes") { $0.outcomes.outcomes = [] },
        Spoil("outcomes.outcomes") { $0.outcomes.outcomes[0].isPrimary = false },
        Spoil("outcomes.outcomes.0.indicatorCode") { $0.outcomes.outcomes[0].indicatorCode = "NOPE" },
        Spoil("outcomes.outcomes.1.indicatorCode") { $0.outcomes.outcomes.append(outcome("REREF", "22", "20")) },
        Spoil("outcomes.outcomes.0.baseline") { $0.outcomes.outcomes[0].baseline = "" },
        Spoil("outcomes.outcomes.0.baseline") { $0.outcomes.outcomes[0].baseline = "22.65" },
        Spoil("outcomes.outcomes.0.baseline") { $0.outcomes.outcomes[0].baseline = "100.1" },
        Spoil("outcomes.outcomes.0.baselinePeriod") { $0.outcomes.outcomes[0].baselinePeriod = "" },
        Spoil("outcomes.outcomes.0.target") { $0.outcomes.outcomes[0].target = "22.6" },
        Spoil("outcomes.outcomes.0.target") { $0.outcomes.outcomes[0].target = "30" },
        Spoil("outcomes.outcomes.0.targetPeriod") { $0.outcomes.outcomes[0].targetPeriod = "" },
        Spoil("outcomes.outcomes.1.target") { $0.outcomes.outcomes.append(outcome("PLACSTAB", "69", "68")) },
        Spoil("outcomes.outcomes.1.target") { $0.outcomes.outcomes.append(outcome("CLA_R", "67", "67")) },
        Spoil("costs.requested") { $0.costs.requested = nil },
        Spoil("costs.requested") { $0.costs.requested = .zero },
        Spoil("costs.requested") { $0.costs.requested = Money(pence: 49_999_99) },
        Spoil("costs.requested") { $0.costs.requested = Money(pence: 500_000_01) },
        Spoil("costs.lines") { $0.costs.requested = Money(pence: 100_000_01) },
        Spoil("costs.lines") { $0.costs.lines = [] },
        Spoil("costs.lines") { $0.costs.lines[4].inKind = false },
        Spoil("costs.lines") {
            $0.costs.lines[3].amount = Money(pence: 5_000_01)
            $0.costs.lines[0].amount = Money(pence: 59_999_99)
        },
        Spoil("costs.lines") {
            $0.costs.lines[2].amount = Money(pence: 15_000_01)
            $0.costs.lines[0].amount = Money(pence: 59_999_99)
        },
        Spoil("costs.lines.2.amount") { $0.costs.lines[2].amount = nil },
        Spoil("costs.lines.2.amount") { $0.costs.lines[2].amount = Money(pence: -1) },
        Spoil("costs.lines.1.year") { $0.costs.lines[1].year = nil },
        Spoil("costs.lines.1.year") { $0.costs.lines[1].year = year("2030-31") },
        Spoil("costs.lines.0.category") { $0.costs.lines[0].category = nil },
        Spoil("costs.matchFunding.0.source") {
            $0.costs.matchFunding = [BidContent.MatchFunding()]
            $0.costs.matchFunding[0].amount = Money(pounds: 1)
        },
        Spoil("costs.matchFunding.0.amount") { $0.costs.matchFunding = [BidContent.MatchFunding()] },
        Spoil("evaluation.question") { $0.evaluation.question = "" },
        Spoil("evaluation.comparator") { $0.evaluation.comparator = nil },
        Spoil("evaluation.comparatorIdea") { $0.evaluation.comparatorIdea = "" },
        Spoil("evaluation.numberAvailable") { $0.evaluation.numberAvailable = nil },
        Spoil("evaluation.dataAccess") { $0.evaluation.dataAccess = nil },
        Spoil("evaluation.approach") { $0.evaluation.approach = "" },
        Spoil("delivery.partners") { $0.delivery.partners = "" },
        Spoil("delivery.partnersSignedOff") { $0.delivery.partnersSignedOff = nil },
        Spoil("delivery.partnersSignedOff") { $0.delivery.partnersSignedOff = false },
        Spoil("delivery.plan") { $0.delivery.plan = "" },
        Spoil("delivery.sustainability") { $0.delivery.sustainability = "" },
        Spoil("delivery.exitCost") { $0.delivery.exitCost = nil },
        Spoil("delivery.childrensVoice") { $0.delivery.childrensVoice = "" },
        Spoil("delivery.burdenHours") { $0.delivery.burdenHours = "12.25" },
        Spoil("dataProtection.dpiaStatus") { $0.dataProtection.dpiaStatus = nil },
        Spoil("dataProtection.lawfulBasis") { $0.dataProtection.lawfulBasis = nil },
        Spoil("dataProtection.equalityImpact") { $0.dataProtection.equalityImpact = "" },
    ]

    @Test(
        "each thing that certification needs is missed by name, with a sentence that says what to do", arguments: spoils
    )
    func spoiled(spoil: Spoil) throws {
        var content = completeBid
        spoil.change(&content)
        let problems = content.problems(for: needs)
        #expect(problems.contains { $0.field == spoil.field }, "\(problems)")
        let verbs: Set = [
            "Enter", "Choose", "Add", "Mark", "Use", "Change", "Ask", "Lower", "Say", "Get", "Shorten", "Take",
            "Explain", "Give",
        ]
        for problem in problems {
            #expect(problem.sentence.hasSuffix("."), "\(problem.sentence)")
            #expect(verbs.contains(String(problem.sentence.prefix { $0 != " " })), "\(problem.sentence)")
        }
    }

    @Test("shares at their limit pass: contingency 5 %, overheads 15 %; the limits are parameters")
    func shares() {
        #expect(completeBid.problems(in: .costs, for: needs).isEmpty)
        let strict = BidNeeds(indicators: [rereferral], contingencyPercent: 4, overheadPercent: 14)
        #expect(completeBid.problems(in: .costs, for: strict).count == 2)
    }

    @Test("at the least and the most of the round a request passes")
    func requestLimits() {
        for pounds in [50_000, 500_000] {
            var content = completeBid
            content.costs.requested = Money(pounds: pounds)
            content.costs.lines = [costLine(.staff, "2026-27", pounds)]
            #expect(content.problems(in: .costs, for: needs).isEmpty)
        }
    }

    @Test("lengths are counted as the database counts them, in code points")
    func lengths() {
        var content = BidContent()
        content.summary.title = String(repeating: "é", count: 140)
        #expect(BidRules.storageProblems(content, in: .summary).isEmpty)
        // One character to a reader, two code points each.
        content.summary.title = String(repeating: "e\u{301}", count: 71)
        #expect(BidRules.storageProblems(content, in: .summary).map(\.field) == ["summary.title"])
    }

    @Test("scenario 3: the last editor, and whoever edited this version, cannot certify")
    func certifier() {
        let editor: PersonID = .number(20)
        let helper: PersonID = .number(21)
        let draft = bid(.inCertification, lastEditor: editor, contentVersion: 1)
        let ledger = [
            Duty.Performed(person: helper, duty: .wrote, version: 2),
            Duty.Performed(person: .number(22), duty: .wrote, version: 1),
        ]
        #expect(BidRules.certifier(editor, bid: draft, ledger: [])?.code == "SOD_W_CE")
        #expect(BidRules.certifier(helper, bid: draft, ledger: ledger)?.code == "SOD_W_CE")
        #expect(BidRules.certifier(.number(22), bid: draft, ledger: ledger) == nil)
        #expect(draft.draftVersion == 2)
    }

    @Test("sealed until the round closes, and for good if never submitted", arguments: Round.State.allCases)
    func sealed(state: Round.State) {
        let closed: Set<Round.State> = [.closed, .appraising, .decided, .announced]
        for bidState in Bid.State.allCases {
            let own: Set<Bid.State> = [.draft, .inCertification, .notSubmitted]
            let want = !closed.contains(state) || own.contains(bidState)
            #expect(BidRules.isSealed(bid(bidState), round: state) == want, "\(bidState) in \(state)")
            #expect(BidRules.isSealed(bidState, contentVersion: 0, round: state))
        }
    }

    @Test("only a draft is edited", arguments: Bid.State.allCases)
    func editable(state: Bid.State) { #expect((BidRules.editable(state) == nil) == (state == .draft)) }

    @Test("eligible needs every rule met, ineligible a second officer")
    func eligibilityDecision() {
        #expect(BidRules.rulesPassed([true, true]) == nil)
        #expect(BidRules.rulesPassed([true, false])?.code == "rules_unmet")
        #expect(BidRules.rulesPassed([Bool]())?.code == "rules_unchecked")
        #expect(BidRules.secondOfficer(.number(1), checker: .number(1))?.code == "second_officer")
        #expect(BidRules.secondOfficer(.number(1), checker: .number(2)) == nil)
        #expect(BidRules.secondOfficer(.number(1), checker: nil) != nil)
    }

    @Test("each section survives JSON, and a bare number is not money")
    func json() throws {
        let data = try JSONEncoder().encode(completeBid)
        #expect(try JSONDecoder().decode(BidContent.self, from: data) == completeBid)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(
                BidContent.Costs.self, from: Data(#"{"requested":100,"lines":[],"matchFunding":[]}"#.utf8))
        }
    }
}

@Suite("Canonical text")
struct CanonicalTests {
    @Test("every change of a bid changes its text", arguments: BidTests.spoils)
    func everyChange(spoil: BidTests.Spoil) {
        var content = completeBid
        spoil.change(&content)
        #expect(content.canonicalText != completeBid.canonicalText)
    }

    @Test("parts cannot run together: lists that differ only in where they are cut differ as text")
    func cuts() {
        let lists: [[String]] = [
            [], [""], ["", ""], ["a"], ["a", ""], ["", "a"], ["ab"], ["a", "b"], ["1:a,"], ["1:a", ""], ["-,"], ["-"],
            ["a,1:b"], ["a", "1:b"], ["0:,"], ["2:"],
        ]
        var texts: [String: [[String]]] = [:]
        for one in lists {
            for other in lists {
                var content = completeBid
                content.theoryOfChange.inputs = one
                content.theoryOfChange.activities = other
                texts[content.canonicalText, default: []].append(one + ["|"] + other)
            }
        }
        #expect(texts.count == lists.count * lists.count)
    }

    @Test("absent is not empty, nor zero")
    func absence() {
        var blank = completeBid
        blank.delivery.exitCost = nil
        #expect(blank.canonicalText != completeBid.canonicalText)
        var text = CanonicalText("x")
        text.add(String?.none)
        var other = CanonicalText("x")
        other.add("")
        #expect(text.text != other.text)
    }

    @Test("the form is fixed for good: receipts printed years ago must still check")
    func fixed() {
        var content = BidContent()
        content.summary.title = "Tête"
        #expect(
            content.canonicalText
                == "5:bid-1,5:Tête,0:,-,1:0,0:,0:,-,1:7,1:0,1:0,1:0,1:0,1:0,1:0,1:0,1:0,-,1:0,1:0,0:,-,0:,-,-,0:,0:,-,0:,0:,-,0:,0:,-,-,0:,"
        )
    }

    @Test("an approval's text depends on its content, its bid and its recipient, not on the order of its years")
    func approvals() {
        let base = ApprovalRules.canonicalText(completeCase, bid: .number(30), recipient: authority)
        var turned = completeCase
        turned.years.reverse()
        #expect(ApprovalRules.canonicalText(turned, bid: .number(30), recipient: authority) == base)
        #expect(ApprovalRules.canonicalText(completeCase, bid: .number(31), recipient: authority) != base)
        #expect(ApprovalRules.canonicalText(completeCase, bid: .number(30), recipient: otherAuthority) != base)
        let changes: [(inout Approval.Content) -> Void] = [
            { $0.kind = .uplift }, { $0.amount = Money(pence: 90_000_01) }, { $0.years[0].amount = Money(pence: 1) },
            { $0.years[0].kind = .capital }, { $0.conditions = "Report." }, { $0.recommendation = "Fund it!" },
            { $0.subsidyControl = .scheme }, { $0.screening.novel = true }, { $0.screening.contentious = nil },
            { $0.screening.rationale = "" }, { $0.consent = ExternalConsent(reference: "T1", date: day("2026-01-01")) },
        ]
        var seen: Set = [base]
        for change in changes {
            var content = completeCase
            change(&content)
            let text = ApprovalRules.canonicalText(content, bid: .number(30), recipient: authority)
            #expect(seen.insert(text).inserted)
        }
    }
}
