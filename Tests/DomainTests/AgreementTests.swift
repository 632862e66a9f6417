import FoundationEssentials
import Testing

@testable import Domain

/// An agreement that passes its quality check.
func agreement() -> Agreement {
    var agreement = Agreement()
    agreement.instrument = .section31
    agreement.determinationNumber = "31/7833"
    agreement.conditionality = .ringfenced
    agreement.purpose = "Family help from the first call."
    agreement.maximum = Money(pounds: 100_000)
    agreement.starts = day("2026-12-01")
    agreement.ends = day("2027-11-30")
    agreement.categories = [.staff, .training, .evaluation]
    agreement.ineligible = "Alcohol, fines and anything paid for by another grant."
    agreement.frequency = .milestone
    agreement.mode = .evidenceFirst
    agreement.instalments = [
        Instalment(dueOn: day("2027-01-31"), amount: Money(pounds: 30_000), milestone: .none),
        Instalment(dueOn: day("2027-06-30"), amount: Money(pounds: 50_000), milestone: .interimReport),
        Instalment(dueOn: day("2028-01-31"), amount: Money(pounds: 20_000), milestone: .finalReportAccepted),
    ]
    agreement.indicators = ["REREF"]
    agreement.evaluationBudget = Money(pounds: 10_000)
    agreement.clauses = Agreement.Clause.allCases
    return agreement
}

let agreementNeeds = AgreementRules.Needs(
    approved: Money(pounds: 100_000), years: agreementYears, today: day("2026-11-24"),
    indicators: ["REREF", "PLACSTAB"])

let agreementYears = [
    BudgetLine(year: year("2026-27"), amount: Money(pounds: 30_000)),
    BudgetLine(year: year("2027-28"), amount: Money(pounds: 70_000)),
]

func departure(_ from: Agreement.Departure.Subject) -> Agreement.Departure {
    var departure = Agreement.Departure()
    departure.from = from
    departure.reason = "The board decided so on 3 November."
    departure.authority = "SUB-2026-11"
    return departure
}

@Suite("Agreements")
struct AgreementTests {
    static func fields(_ change: (inout Agreement) -> Void) -> [String] {
        var changed = agreement()
        change(&changed)
        return AgreementRules.problems(changed, for: agreementNeeds).map(\.field)
    }

    @Test("a complete agreement passes")
    func complete() { #expect(AgreementRules.problems(agreement(), for: agreementNeeds).isEmpty) }

    @Test("what is left out is asked for, once, at its field")
    func missing() {
        #expect(Self.fields { $0.instrument = nil } == ["instrument"])
        #expect(Self.fields { $0.determinationNumber = "7833" } == ["determinationNumber"])
        #expect(Self.fields { $0.conditionality = nil } == ["conditionality"])
        #expect(Self.fields { $0.purpose = " " } == ["purpose"])
        #expect(Self.fields { $0.starts = nil } == ["starts"])
        #expect(Self.fields { $0.ends = day("2026-11-30") } == ["ends"])
        #expect(Self.fields { $0.categories = [] } == ["categories"])
        #expect(Self.fields { $0.mode = .paymentRequestFirst } == ["advanceReason"])
        #expect(Self.fields { $0.indicators = ["NOPE"] } == ["indicators"])
        #expect(Self.fields { $0.evaluationBudget = Money(pounds: 100_001) } == ["evaluationBudget"])
    }

    @Test(
        "numbers of determinations",
        arguments: [
            ("31/7833", true), ("CSDSD 04/2015", true), ("CSDSD04", false), ("CSDSD 04", false), ("CSDSD04/2015", true),
            ("31/783", false), ("31-7833", false),
        ])
    func determination(number: String, fits: Bool) { #expect(AgreementRules.isDetermination(number) == fits) }

    @Test("scenario 6: unringfenced money without an evaluation clause fails, until both departures are recorded")
    func departures() {
        func roundOne(_ agreement: inout Agreement) {
            agreement.conditionality = .unringfenced
            agreement.clauses.removeAll { $0 == .evaluation }
        }
        #expect(Self.fields(roundOne) == ["conditionality", "clauses"])
        #expect(
            Self.fields {
                roundOne(&$0)
                $0.departures = [departure(.clause(.evaluation))]
            } == ["conditionality"])
        #expect(
            Self.fields {
                roundOne(&$0)
                $0.departures = [departure(.clause(.evaluation)), departure(.unringfenced)]
            }.isEmpty)
        #expect(
            Self.fields {
                roundOne(&$0)
                var short = departure(.clause(.evaluation))
                short.reason = "Because."
                $0.departures = [short, departure(.unringfenced)]
            } == ["clauses", "departures.0.reason"], "a departure without a reason is none")
    }

    @Test("scenario 7: a period that began before the signature needs a decision that allows it")
    func retrospective() {
        #expect(Self.fields { $0.starts = day("2026-01-01") } == ["retrospectiveApproval"])
        #expect(
            Self.fields {
                $0.starts = day("2026-01-01")
                $0.retrospectiveApproval = "SUB-2026-12"
            }.isEmpty)
    }

    @Test("each clause is needed, and each can be departed from", arguments: Agreement.Clause.allCases)
    func clauses(clause: Agreement.Clause) {
        #expect(Self.fields { $0.clauses.removeAll { $0 == clause } } == ["clauses"])
        #expect(
            Self.fields {
                $0.clauses.removeAll { $0 == clause }
                $0.departures = [departure(.clause(clause))]
            }.isEmpty)
    }

    @Test("the payments come to the award, to the penny, in order of time")
    func schedule() {
        #expect(Self.fields { $0.instalments[0].amount = Money(pence: 2_999_999) } == ["instalments"])
        #expect(Self.fields { $0.instalments[1].dueOn = $0.instalments[2].dueOn } == ["instalments.2.dueOn"])
        #expect(Self.fields { $0.instalments[0].dueOn = day("2026-11-30") } == ["instalments.0.dueOn"])
        #expect(Self.fields { $0.maximum = Money(pounds: 99_999) } == ["maximum"])
        #expect(
            Self.fields { $0.instalments[0].dueOn = day("2027-04-01") } == ["instalments", "instalments"], "both years")
        #expect(Self.fields { $0.instalments[1].kind = .capital } == ["instalments", "instalments"], "both kinds")
    }

    @Test("no instalment after the first without a protocol; none of the last without the final report, worth a tenth")
    func gate() {
        #expect(
            Self.fields { $0.instalments[1].milestone = .none } == [
                "instalments.1.milestone", "instalments.1.milestone",
            ], "after the first, and the last but one")
        #expect(Self.fields { $0.instalments[1].milestone = .protocolApproved } == ["instalments.1.milestone"])
        #expect(Self.fields { $0.instalments[2].milestone = .interimReport } == ["instalments.2.milestone"])
        #expect(
            Self.fields {
                $0.instalments[1].amount = Money(pence: 6_000_001)
                $0.instalments[2].amount = Money(pence: 999_999)
            } == ["instalments.2.amount"])
        #expect(
            Self.fields {
                $0.instalments[1].amount = Money(pounds: 60_000)
                $0.instalments[2].amount = Money(pounds: 10_000)
            }.isEmpty, "exactly a tenth is enough")
        #expect(
            Self.fields {
                $0.instalments[1].milestone = .protocolApproved
                $0.instalments[1].amount = Money(pounds: 69_000)
                $0.instalments[2].amount = Money(pounds: 1000)
                $0.departures = [departure(.retention)]
            }.isEmpty)
        func lump(_ agreement: inout Agreement) {
            agreement.instalments = [
                Instalment(dueOn: day("2027-01-31"), amount: Money(pounds: 30_000), milestone: .none),
                Instalment(dueOn: day("2027-06-30"), amount: Money(pounds: 70_000), milestone: .none),
            ]
        }
        #expect(Self.fields(lump).count == 2, "the second waits for a protocol, and the last for the report")
        #expect(
            Self.fields {
                lump(&$0)
                $0.clauses.removeAll { $0 == .evaluation }
                $0.departures = [departure(.clause(.evaluation))]
            }.isEmpty, "somebody decided that nothing waits")
    }

    @Test("the digest's text changes with every part that is signed")
    func canonical() {
        let text = AgreementRules.canonicalText(agreement(), bid: .number(1), recipient: authority)
        let changes: [(inout Agreement) -> Void] = [
            { $0.instrument = .fundingAgreement }, { $0.purpose += "." }, { $0.maximum = Money(pounds: 1) },
            { $0.instalments[1].milestone = .protocolApproved }, { $0.instalments[1].dueOn = day("2027-07-01") },
            { $0.clauses.removeLast() }, { $0.departures = [departure(.retention)] }, { $0.indicators = [] },
            { $0.conditions = [Agreement.Condition()] }, { $0.advanceReason = "x" }, { $0.ineligible = "" },
        ]
        for change in changes {
            var changed = agreement()
            change(&changed)
            #expect(AgreementRules.canonicalText(changed, bid: .number(1), recipient: authority) != text)
        }
        var shuffled = agreement()
        shuffled.clauses.reverse()
        shuffled.categories.reverse()
        #expect(AgreementRules.canonicalText(shuffled, bid: .number(1), recipient: authority) == text)
        #expect(AgreementRules.canonicalText(agreement(), bid: .number(2), recipient: authority) != text)
    }

    @Test("stored as JSON and read again it is the same; a departure is a plain code")
    func coding() throws {
        var whole = agreement()
        whole.departures = [departure(.clause(.novation)), departure(.retention)]
        let json = try JSONEncoder().encode(whole)
        #expect(try JSONDecoder().decode(Agreement.self, from: json) == whole)
        #expect(String(decoding: json, as: UTF8.self).contains("\"from\":\"novation\""))
        #expect(
            Agreement.Departure.Subject.allCases.allSatisfy { Agreement.Departure.Subject(rawValue: $0.rawValue) == $0 }
        )
    }

    @Test("both forms are rendered from the data, with every clause that is there and no other")
    func document() {
        let parties = AgreementParties(
            department: "The Department", recipient: "Anytown", reference: "AWD-2026-0001", project: "First call",
            programme: "Innovation", indicators: ["REREF": "Re-referrals"], version: 2)
        let determination = agreement().document(parties)
        #expect(determination.sections.map(\.number).suffix(2) == ["Annex A", "Annex B"])
        #expect(determination.text.contains("31/7833"))
        #expect(determination.text.contains("Anytown"))
        #expect(determination.text.contains("£100,000"))
        #expect(determination.text.contains("Re-referrals (REREF)"))
        var other = agreement()
        other.instrument = .fundingAgreement
        other.clauses.removeAll { $0 == .publication }
        let funding = other.document(parties)
        #expect(!funding.sections.contains { $0.heading == Agreement.Clause.publication.title })
        #expect(funding.sections.contains { $0.heading == Agreement.Clause.evaluation.title })
        #expect(funding.text.contains("version 2"))
    }
}

@Suite("Variations")
struct VariationTests {
    static func fields(_ change: (inout Variation.Content) -> Void, used: Int = 1) -> [String] {
        var content = Variation.Content()
        content.kind = .dates
        content.reason = "Recruitment took longer than planned."
        content.ends = day("2028-01-31")
        content.effectiveOn = day("2027-03-01")
        content.instalments = agreement().instalments
        change(&content)
        return VariationRules.problems(
            content, of: agreement(), approved: Money(pounds: 100_000), years: agreementYears, used: used,
            today: day("2027-03-01")
        ).map(\.field)
    }

    @Test("dates alone")
    func dates() {
        #expect(Self.fields { _ in }.isEmpty)
        #expect(Self.fields { $0.ends = nil } == ["ends"])
        #expect(Self.fields { $0.ends = day("2026-11-30") } == ["ends"])
        #expect(Self.fields { $0.effectiveOn = nil } == ["effectiveOn"])
        var late = Variation.Content()
        late.effectiveOn = day("2027-02-28")
        #expect(VariationRules.isRetrospective(late, today: day("2027-03-01")))
        #expect(!VariationRules.isRetrospective(late, today: day("2027-02-28")))
        #expect(Self.fields { $0.increase = Money(pounds: 1) } == ["increase"])
    }

    @Test("more money comes with the schedule that pays it, and leaves what is claimed alone")
    func moneyUp() {
        func up(_ content: inout Variation.Content) {
            content.kind = .moneyUp
            content.ends = nil
            content.increase = Money(pounds: 5000)
        }
        #expect(Self.fields(up) == ["instalments"])
        #expect(
            Self.fields {
                up(&$0)
                $0.instalments[1].amount = Money(pounds: 55_000)
            }.isEmpty)
        #expect(
            Self.fields {
                up(&$0)
                $0.instalments[0].amount = Money(pounds: 35_000)
            } == ["instalments"], "the first is claimed already")
        var content = Variation.Content()
        content.kind = .moneyUp
        content.increase = Money(pounds: 5000)
        #expect(VariationRules.upliftApproved(content, uplift: nil)?.code == "uplift_not_approved")
        #expect(VariationRules.upliftApproved(content, uplift: Money(pence: 500_001))?.code == "uplift_differs")
        #expect(VariationRules.upliftApproved(content, uplift: Money(pounds: 5000)) == nil)
    }

    @Test("three people")
    func people() {
        #expect(VariationRules.threePeople(.number(1), requester: .number(1), assessor: nil)?.code == "own_variation")
        #expect(
            VariationRules.threePeople(.number(2), requester: .number(1), assessor: .number(2))?.code
                == "own_assessment")
        #expect(VariationRules.threePeople(.number(3), requester: .number(1), assessor: .number(2)) == nil)
    }
}
