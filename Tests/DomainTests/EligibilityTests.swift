import FoundationEssentials
import Testing

@testable import Domain

@Suite("Eligibility")
struct EligibilityTests {
    /// The rules of a real call, as data.
    static let rules: [EligibilityRule] = [
        EligibilityRule(
            code: "upper_tier", sentence: "The lead is an upper-tier authority.",
            predicate: .organisationKind([.localAuthority]),
            source: "Call, 1"),
        EligibilityRule(
            code: "ofsted", sentence: "Ofsted grade at least requires improvement.",
            predicate: .factIn(.ofstedOverall, OfstedGrade.atLeast(.requiresImprovement)), source: "Call, 2"),
        EligibilityRule(
            code: "solvent", sentence: "No section 114 notice.", predicate: .factAbsent(.section114), source: "Call, 3"),
        EligibilityRule(
            code: "band", sentence: "The sum is within the band.",
            predicate: .all([.requestedAtLeast(Money(pounds: 50_000)), .requestedAtMost(Money(pounds: 500_000))]),
            source: "Call, 4"),
        EligibilityRule(
            code: "partners", sentence: "Partners have signed off.", predicate: .partnersSignedOff, source: "Call, 5"),
        EligibilityRule(
            code: "exists", sentence: "The lead exists.", predicate: .organisationActive, source: "Call, 6"),
    ]

    /// An authority whose section 114 notice begins on a day, looked at on a day: the loader's work, done by hand.
    static func facts(
        on asAt: Day, noticeFrom: Day? = nil, grade: OfstedGrade? = .good, requested: Money? = Money(pounds: 90_000)
    )
        -> EligibilityFacts
    {
        var values: [OrganisationFact: EligibilityFacts.Dated] = [:]
        if let grade {
            values[.ofstedOverall] = .init(
                value: grade.rawValue, validFrom: day("2024-05-01"), source: "Ofsted, May 2024")
        }
        if let noticeFrom, noticeFrom <= asAt {
            values[.section114] = .init(value: "in force", validFrom: noticeFrom, source: "Notice of the s.151 officer")
        }
        let borough = Organisation(
            id: authority, kind: .localAuthority, dfeCode: "871", name: "Slough", activeFrom: day("1998-04-01"),
            activeTo: nil)
        return EligibilityFacts(
            organisation: borough, values: values, requested: requested, partnersSignedOff: true, asAt: asAt)
    }

    @Test("scenario 1: a notice on the closing day fails the bid; a day earlier it passes")
    func scenario1() throws {
        let closing = day("2026-03-31")
        let after = EligibilityRules.evaluate(Self.rules, Self.facts(on: closing, noticeFrom: closing))
        #expect(after.filter { !$0.passed }.map(\.code) == ["solvent"])
        let solvent = try #require(after.first { $0.code == "solvent" })
        #expect(
            solvent.evidence
                == "Section 114 notice of Slough on 31 March 2026 was in force (since 31 March 2026; Notice of the s.151 officer)."
        )
        #expect(solvent.unmet == ["There is no section 114 notice."])
        #expect(solvent.asAt == closing)
        let before = EligibilityRules.evaluate(
            Self.rules, Self.facts(on: closing.adding(days: -1), noticeFrom: closing))
        #expect(before.filter { !$0.passed }.isEmpty)
        #expect(before.first { $0.code == "solvent" }?.evidence == "Slough had no section 114 notice on 30 March 2026.")
    }

    @Test("grades are ordered, and a rule lists those that are good enough")
    func ofsted() {
        #expect(
            OfstedGrade.inadequate < .requiresImprovement && .requiresImprovement < .good
                && OfstedGrade.good < .outstanding)
        #expect(
            OfstedGrade.atLeast(.requiresImprovement) == ["Requires improvement to be good", "Good", "Outstanding"])
        func passes(_ grade: OfstedGrade?) -> Bool {
            EligibilityRules.evaluate(Self.rules[1], Self.facts(on: day("2026-03-31"), grade: grade)).passed
        }
        #expect(passes(.requiresImprovement) && passes(.outstanding) && !passes(.inadequate) && !passes(nil))
        let finding = EligibilityRules.evaluate(Self.rules[1], Self.facts(on: day("2026-03-31")))
        #expect(
            finding.evidence
                == "Ofsted overall grade of Slough on 31 March 2026 was Good (since 1 May 2024; Ofsted, May 2024).")
    }

    @Test("sums at the edges of the band pass, a penny beyond fails and is named")
    func band() {
        func finding(_ pence: Int?) -> EligibilityFinding {
            EligibilityRules.evaluate(
                Self.rules[3], Self.facts(on: day("2026-03-31"), requested: pence.map { Money(pence: $0) }))
        }
        #expect(finding(50_000_00).passed && finding(500_000_00).passed)
        #expect(!finding(49_999_99).passed && !finding(500_000_01).passed && !finding(nil).passed)
        #expect(finding(500_000_01).unmet == ["The sum asked for is at most £500,000."])
        #expect(finding(nil).unmet.count == 2)
    }

    @Test("any, all and not are what they say")
    func combinations() {
        let facts = Self.facts(on: day("2026-03-31"))
        let yes = EligibilityPredicate.organisationActive
        let no = EligibilityPredicate.not(yes)
        func passes(_ predicate: EligibilityPredicate) -> Bool {
            EligibilityRules.evaluate(
                EligibilityRule(code: "x", sentence: "x", predicate: predicate, source: "x"), facts
            ).passed
        }
        #expect(passes(yes) && !passes(no) && passes(.not(no)))
        #expect(
            passes(.any([no, yes])) && !passes(.any([no, no])) && !passes(.all([no, yes])) && passes(.all([yes, yes])))
        #expect(passes(.all([])) && !passes(.any([])), "empty lists, which RoundRules refuses, mean what logic says")
        var content = completeRound
        content.rules[0].predicate = .any([])
        #expect(RoundRules.problems(content, limits: roomy).map(\.field) == ["rules.0.predicate"])
    }

    @Test("evidence is cut where the database would refuse it")
    func longEvidence() {
        let many = EligibilityPredicate.all(Array(repeating: .factAbsent(.section114), count: 40))
        let finding = EligibilityRules.evaluate(
            EligibilityRule(code: "x", sentence: "x", predicate: many, source: "x"), Self.facts(on: day("2026-03-31")))
        #expect(finding.evidence.unicodeScalars.count == EligibilityRules.longestEvidence)
    }

    @Test(
        "rules read as people would write them",
        arguments: [
            #"{"factIn":{"fact":"ofsted_overall","values":["Good","Outstanding"]}}"#,
            #"{"factAbsent":{"fact":"section_114"}}"#,
            #"{"organisationKind":["local_authority","childrens_trust"]}"#, #"{"organisationActive":true}"#,
            #"{"all":[{"requestedAtLeast":"50000.00"},{"not":{"requestedAtMost":"10.00"}}]}"#,
            #"{"any":[{"partnersSignedOff":true}]}"#,
        ])
    func json(text: String) throws {
        let predicate = try JSONDecoder().decode(EligibilityPredicate.self, from: Data(text.utf8))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        #expect(String(decoding: try encoder.encode(predicate), as: UTF8.self) == text)
    }

    @Test(
        "what is not exactly one known rule is refused",
        arguments: [
            "{}", #"{"nope":1}"#, #"{"organisationActive":true,"partnersSignedOff":true}"#,
            #"{"organisationActive":false}"#,
            #"{"factIn":{"fact":"colour","values":[]}}"#, #"{"requestedAtMost":5}"#, #"{"factIn":{"fact":"region"}}"#,
            "[]",
        ])
    func badJSON(text: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(EligibilityPredicate.self, from: Data(text.utf8))
        }
    }

    @Test("rules that differ give different canonical text")
    func canonical() {
        let predicates: [EligibilityPredicate] = [
            .organisationActive, .partnersSignedOff, .not(.organisationActive), .all([.organisationActive]),
            .any([.organisationActive]), .all([]), .any([]), .organisationKind([.charity]),
            .organisationKind([.charity, .company]),
            .factIn(.region, ["a", "b"]), .factIn(.region, ["a"]), .factIn(.laType, ["a"]), .factAbsent(.region),
            .requestedAtLeast(.zero), .requestedAtMost(.zero), .all([.all([]), .organisationActive]),
            .all([.all([.organisationActive])]),
        ]
        let texts = predicates.map { predicate in
            var content = completeRound
            content.rules[0].predicate = predicate
            return RoundRules.canonicalText(content)
        }
        #expect(Set(texts).count == predicates.count)
    }
}
