import Testing

@testable import Domain

private func study(
    sms: Int, _ direction: ResultDirection, mdes: Double? = 0.18, attrition: Double? = 0.05, arm: Int? = 700,
    months: Int? = 12,
    own: Bool = false, report: UInt8 = 1
) -> RatedStudy {
    RatedStudy(
        report: .number(report), reference: "EVR-\(report)", title: "A report", version: 1, sms: sms,
        detectableEffect: mdes,
        attrition: attrition, smallestArm: arm, followUpMonths: months, direction: direction, isSelfEvaluation: own)
}

private let bounds = [100, 500, 1000, 2001].map { Money(pounds: $0) }

@Suite("Ratings by rule")
struct RatingRuleTests {
    @Test("nothing published, nothing to rate")
    func nothing() {
        #expect(RatingRules.propose([], unitCost: nil, costBounds: bounds) == nil)
    }

    @Test(
        "what the rules make of studies: level, method, padlocks, direction, consistency, replication",
        arguments: [
            ([study(sms: 5, .positive)], "3", 5, 5, ResultDirection.positive, EvidenceRating.Consistency.single, false),
            ([study(sms: 5, .null)], "NE", 5, 5, .null, .single, false),
            ([study(sms: 5, .positive), study(sms: 5, .positive, report: 2)], "4", 5, 5, .positive, .consistent, true),
            (
                [study(sms: 5, .positive, months: 6), study(sms: 5, .positive, months: 6, report: 2)], "3", 5, 5,
                .positive, .consistent, true
            ),
            ([study(sms: 3, .positive), study(sms: 3, .positive, report: 2)], "2", 3, 3, .positive, .consistent, true),
            ([study(sms: 5, .positive), study(sms: 5, .negative, report: 2)], "3", 5, 5, .mixed, .inconsistent, false),
            ([study(sms: 2, .positive)], "2", 2, 2, .positive, .single, false),
            ([study(sms: 1, .positive)], "NL2", 1, 0, .positive, .single, false),
            ([study(sms: 5, .positive, mdes: nil)], "3", 5, 0, .positive, .single, false),
            ([study(sms: 5, .positive, mdes: 0.35)], "3", 5, 3, .positive, .single, false),
            ([study(sms: 5, .positive, attrition: 0.45)], "NL2", 5, 1, .positive, .single, false),
            ([study(sms: 5, .positive, arm: 19)], "NL2", 5, 5, .positive, .single, false),
            ([study(sms: 5, .positive, own: true)], "NL2", 1, 0, .positive, .single, false),
        ] as [([RatedStudy], String, Int, Int, ResultDirection, EvidenceRating.Consistency, Bool)])
    func table(
        studies: [RatedStudy], level: String, sms: Int, padlock: Int, direction: ResultDirection,
        consistency: EvidenceRating.Consistency,
        replicated: Bool
    ) throws {
        let proposal = try #require(RatingRules.propose(studies, unitCost: nil, costBounds: bounds))
        #expect(proposal.level.rawValue == level)
        #expect(proposal.sms == sms)
        #expect(proposal.padlock == padlock)
        #expect(proposal.direction == direction)
        #expect(proposal.consistency == consistency)
        #expect(proposal.replicated == replicated)
    }

    @Test(
        "cost bands at their bounds",
        arguments: [(99, 1), (100, 2), (499, 2), (500, 3), (999, 3), (1000, 4), (2000, 4), (2001, 5)])
    func bands(pounds: Int, band: Int) {
        #expect(RatingRules.costBand(Money(pounds: pounds), bounds: bounds) == band)
    }

    @Test("a departure from the rules needs its reason; agreement with them does not")
    func departure() throws {
        let proposal = try #require(RatingRules.propose([study(sms: 5, .positive)], unitCost: nil, costBounds: bounds))
        var content = EvidenceRating.Content()
        content.sms = proposal.sms
        content.padlock = proposal.padlock
        content.level = proposal.level
        content.direction = proposal.direction
        content.consistency = proposal.consistency
        content.rationale = "One large trial in five places, with little attrition and a clear result."
        #expect(RatingRules.problems(content, proposal: proposal).isEmpty)
        content.level = .threePlus
        #expect(RatingRules.problems(content, proposal: proposal).map(\.field) == ["departureReason"])
        content.departureReason = "The process evaluation supports it strongly."
        #expect(RatingRules.problems(content, proposal: proposal).isEmpty)
        content.emmie.effect = .init(quality: 5, note: "")
        #expect(RatingRules.problems(content, proposal: proposal).map(\.field) == ["emmie.effect.quality"])
    }

    @Test("the digest's text changes with every part, and with the version of a report")
    func canonical() {
        var content = EvidenceRating.Content()
        content.level = .three
        let text = RatingRules.canonicalText(content, practice: .number(1), studies: [study(sms: 5, .positive)])
        var other = content
        other.emmie.mechanism.note = "How it works"
        #expect(RatingRules.canonicalText(other, practice: .number(1), studies: [study(sms: 5, .positive)]) != text)
        #expect(
            RatingRules.canonicalText(content, practice: .number(1), studies: [study(sms: 5, .positive, report: 2)])
                != text)
        #expect(RatingRules.canonicalText(content, practice: .number(1), studies: [study(sms: 5, .positive)]) == text)
    }

    @Test("the panel: not the proposer, nobody with a part in the cases")
    func panel() {
        let rating = EvidenceRating(
            id: .number(1), reference: "RAT", practice: .number(2), number: 1, state: .panel, version: 3,
            proposer: .number(10), contentHash: nil,
            content: .init())
        #expect(RatingRules.mayVote(.number(10), on: rating, ledger: [])?.code == "own_proposal")
        for duty in [Duty.authoredEvaluation, .reviewedProtocol, .peerReviewed, .ledReview] {
            let refusal = RatingRules.mayVote(.number(11), on: rating, ledger: [.init(person: .number(11), duty: duty)])
            #expect(refusal?.code == "SOD_\(duty.rawValue)_RT")
        }
        #expect(
            RatingRules.mayVote(.number(11), on: rating, ledger: [.init(person: .number(12), duty: .peerReviewed)])
                == nil)
    }
}

@Suite("Roll-out decisions")
struct AdoptionDecisionRuleTests {
    @Test("whether evidence bears scaling: level three, or replicated; every other recommendation does not ask")
    func sufficiency() {
        for level in EvidenceLevel.allCases {
            let standing = AdoptionDecisionRules.Standing(level: level, sms: 5, replicated: false)
            let suffices = [EvidenceLevel.three, .threePlus, .four, .fourPlus].contains(level)
            #expect((AdoptionDecisionRules.shortfall(.scale, standing) == nil) == suffices, "\(level)")
            for other in AdoptionDecision.Recommendation.allCases where other != .scale {
                #expect(AdoptionDecisionRules.shortfall(other, standing) == nil)
            }
        }
        #expect(AdoptionDecisionRules.shortfall(.scale, .unrated) != nil)
        #expect(AdoptionDecisionRules.shortfall(.scale, .init(level: .two, sms: 3, replicated: true)) == nil)
    }

    private func advice(_ what: AdoptionDecision.Recommendation, _ citations: [AdoptionDecision.Citation])
        -> AdoptionDecision.Advice
    {
        var advice = AdoptionDecision.Advice()
        advice.recommendation = what
        advice.reason = "The trial found fewer children in care."
        advice.citations = citations
        return advice
    }

    private var option: AdoptionDecision.Content {
        var content = AdoptionDecision.Content()
        content.title = "Roll it out"
        content.question = "Should every authority do it?"
        content.expectedCost = Money(pounds: 1_000_000)
        content.reachAuthorities = 100
        return content
    }

    private let pack: [DecisionEvidenceID] = [.number(1), .number(2)]

    private func fields(_ advice: AdoptionDecision.Advice, shortfall: String? = nil) -> [String] {
        AdoptionDecisionRules.problems(advice, content: option, pack: pack, shortfall: shortfall, on: day("2026-11-24"))
            .map(\.field)
    }

    @Test("a decision with no citation is refused; so is one that cites something else, or the same twice")
    func citations() {
        #expect(fields(advice(.adapt, [])) == ["citations"])
        #expect(fields(advice(.adapt, [.init(evidence: .number(9), bearing: .supports)])) == ["citations"])
        let one = AdoptionDecision.Citation(evidence: .number(1), bearing: .against)
        #expect(fields(advice(.stop, [one, one])) == ["citations"])
        #expect(fields(advice(.stop, [one])).isEmpty)
    }

    @Test("scenario 17: scaling while the practice is rated NL2 goes only with an override that has everything")
    func scenario17() {
        let standing = AdoptionDecisionRules.Standing(level: .notLevelTwo, sms: 1, replicated: false)
        let shortfall = AdoptionDecisionRules.shortfall(.scale, standing)
        var scale = advice(.scale, [.init(evidence: .number(1), bearing: .supports)])
        #expect(fields(scale, shortfall: shortfall) == ["override"])
        var override = AdoptionDecision.Override()
        scale.override = override
        #expect(
            fields(scale, shortfall: shortfall) == ["overrideReason", "evidenceToFollow", "evidenceDue", "stopRule"])
        override.reason = "Families cannot wait for the report."
        override.evidenceToFollow = "The impact report of the pathfinder."
        override.evidenceDue = day("2026-11-24")
        override.stopRule = "It stops when the report finds no benefit."
        scale.override = override
        #expect(fields(scale, shortfall: shortfall) == ["evidenceDue"])
        override.evidenceDue = day("2027-11-24")
        scale.override = override
        #expect(fields(scale, shortfall: shortfall).isEmpty)
        #expect(fields(scale, shortfall: nil) == ["override"], "no override for nothing")
    }

    @Test(
        "whoever managed an award behind it does not recommend alone; whoever recommended or seconded does not approve")
    func people() {
        func decision(second: PersonID? = nil) -> AdoptionDecision {
            AdoptionDecision(
                id: .number(1), reference: "ROL", practice: .number(2), programme: .number(3), state: .recommended,
                version: 4, content: option,
                recommender: .number(10), second: second)
        }
        let managed = [
            Duty.Performed(person: .number(10), duty: .verified), .init(person: .number(10), duty: .recommendedRollOut),
        ]
        #expect(AdoptionDecisionRules.approval(decision(), by: .number(12), ledger: managed)?.code == "second_needed")
        #expect(AdoptionDecisionRules.second(decision(), by: .number(10), ledger: managed)?.code == "not_a_second")
        #expect(AdoptionDecisionRules.second(decision(), by: .number(11), ledger: managed) == nil)
        #expect(AdoptionDecisionRules.approval(decision(second: .number(11)), by: .number(12), ledger: managed) == nil)
        #expect(
            AdoptionDecisionRules.approval(decision(second: .number(11)), by: .number(11), ledger: managed)?.code
                == "SOD_RO_AD")
        #expect(AdoptionDecisionRules.approval(decision(), by: .number(10), ledger: [])?.code == "SOD_RO_AD")
    }
}

@Suite("Adoption, capacity, follow-up")
struct AdoptionRuleTests {
    @Test(
        "sustained: to the day, a year after the money ended",
        arguments: [("2025-11-24", true), ("2025-11-25", false), ("2024-02-29", true)])
    func sustained(ended: String, may: Bool) {
        var content = Adoption.Content()
        content.fundingEndedOn = day(ended)
        #expect(AdoptionRules.problems(content, for: .sustain, on: day("2026-11-24")).isEmpty == may)
    }

    @Test(
        "months end where the month ends",
        arguments: [
            ("2026-08-31", 6, "2027-02-28"), ("2023-08-31", 6, "2024-02-29"), ("2026-01-15", 24, "2028-01-15"),
            ("2026-12-01", 1, "2027-01-01"),
        ])
    func months(from: String, months: Int, to: String) {
        #expect(day(from).adding(months: months) == day(to))
    }

    @Test("an originator declares nothing: not for another, not for itself")
    func originator() {
        #expect(AdoptionRules.declarable(originator: authority, by: authority)?.code == "own_practice")
        #expect(AdoptionRules.declarable(originator: authority, by: otherAuthority) == nil)
        let facts = Permission.Facts(organisation: otherAuthority)
        #expect(!Permission.allows(.laAdoptionDeclare, subject: subject(.localAuthority, [.laCertifier]), facts: facts))
    }

    @Test("verified by the originator or in a sample check, never by oneself")
    func verification() throws {
        func adoption(_ state: Adoption.State) -> Adoption {
            Adoption(
                id: .number(1), reference: "ADO", practice: .number(2), organisation: otherAuthority, state: state,
                version: 1, content: .init())
        }
        let own = subject(.localAuthority, [.laCertifier], organisation: otherAuthority)
        let originator = subject(.localAuthority, [.laCertifier])
        func code(_ who: Subject, _ state: Adoption.State = .adoptedFull, originator: OrganisationID = authority)
            -> String?
        {
            attempt { () throws(Refusal) in
                try AdoptionRules.verifiable(adoption(state), originator: originator, by: who)
            }.refusal?.code
        }
        #expect(code(own) == "own_declaration")
        #expect(code(originator, originator: centre) == "not_the_originator")
        #expect(code(originator, .considering) == "nothing_to_verify")
        #expect(
            try AdoptionRules.verifiable(adoption(.adoptedFull), originator: authority, by: originator) == .originator)
        #expect(
            try AdoptionRules.verifiable(
                adoption(.sustained), originator: authority, by: subject(.whatWorks, [.reviewer])) == .sampleCheck)
    }

    private let rubric = ["leadership", "costing"].map {
        CapacityDimension(code: $0, title: $0, levels: ["a", "b", "c", "d"], source: "")
    }

    private func voice(_ person: UInt8, _ team: String, _ dimension: String, _ level: Int) -> CapacityVoice {
        CapacityVoice(
            person: .number(person), team: team,
            answer: .init(dimension: dimension, level: level, evidence: "The policy of 2025 says so"))
    }

    @Test("no level without something to show; from level three on more than a word")
    func evidence() {
        func fields(_ level: Int?, _ evidence: String) -> [String] {
            CapacityRules.problems(
                [.init(dimension: "costing", level: level, evidence: evidence)], team: "Analysis", rubric: rubric
            ).map(\.field)
        }
        #expect(fields(1, "") == ["answers.costing.evidence"])
        #expect(fields(2, "A word").isEmpty)
        #expect(fields(3, "A word") == ["answers.costing.evidence"])
        #expect(fields(3, "The costing guide of 2025").isEmpty)
        #expect(fields(nil, "Something") == ["answers", "answers.costing.level"])
    }

    @Test("certifying: two people of different teams, within what was answered, not the only voice")
    func certifying() {
        let levels = rubric.map { CapacityAnswer(dimension: $0.code, level: 2, evidence: "The policy") }
        func fields(_ voices: [CapacityVoice], _ levels: [CapacityAnswer]) -> Set<String> {
            Set(CapacityRules.problems(certifying: levels, voices: voices, rubric: rubric, by: .number(1)).map(\.field))
        }
        let both = ["leadership", "costing"].flatMap { [voice(1, "Analysis", $0, 2), voice(2, "Social work", $0, 3)] }
        #expect(fields(both, levels).isEmpty)
        #expect(fields(both.filter { $0.person == .number(2) }, levels).contains("voices"))
        #expect(
            fields(both.map { CapacityVoice(person: $0.person, team: "analysis ", answer: $0.answer) }, levels)
                .contains("voices"))
        #expect(
            fields(
                both, levels.map { .init(dimension: $0.dimension, level: 4, evidence: "The policy of 2025 says so") })
                == ["levels.leadership", "levels.costing"])
        #expect(
            fields(both.filter { $0.answer.dimension == "costing" || $0.person == .number(1) }, levels) == [
                "levels.leadership"
            ], "the certifier is the only voice")
        #expect(CapacityRules.bestFit([1, 4, 2]) == 2)
        #expect(CapacityRules.bestFit([1, 2, 3, 4]) == 2)
        #expect(CapacityRules.bestFit([]) == nil)
    }

    @Test("two assessments: change with direction and evidence; another rubric breaks the series")
    func change() throws {
        let before = [
            CapacityAnswer(dimension: "costing", level: 2, evidence: "Budgets"),
            .init(dimension: "leadership", level: 3, evidence: "The board asks for it"),
        ]
        let after = [
            CapacityAnswer(dimension: "costing", level: 3, evidence: "Full costs per case since 2026"),
            .init(dimension: "leadership", level: 2, evidence: "Sometimes"),
        ]
        let changes = try #require(CapacityRules.change(from: (1, before), to: (1, after)))
        #expect(changes.map(\.direction) == [.improved, .fell])
        #expect(
            changes[0].before.evidence == "Budgets" && changes[0].after.evidence == "Full costs per case since 2026")
        #expect(CapacityRules.change(from: (1, before), to: (2, after)) == nil)
    }

    @Test("scenario 19: who keeps silent is counted, as unknown, in the denominator")
    func survival() {
        let survival = FollowUpRules.survival([
            (.accepted, .yes), (.returned, .partly), (.accepted, .no), (.noResponse, nil), (.noResponse, nil),
            (.open, nil), (.scheduled, nil),
        ])
        #expect(survival.due == 6)
        #expect(survival.unknown == 3)
        #expect(survival.proportion?.percent() == "33.3")
    }

    @Test("follow-ups are due at the same day of the month, whatever its length")
    func schedule() {
        let days = FollowUpRules.schedule(closedOn: day("2026-08-31"), daysToAnswer: 30)
        #expect(days.map(\.months) == [6, 12, 24, 36])
        #expect(days.map(\.opens) == ["2027-02-28", "2027-08-31", "2028-08-31", "2029-08-31"].map(day))
        #expect(days.map(\.due) == days.map { $0.opens.adding(days: 30) })
    }

    @Test("an answer gives each figure or says why not, never both")
    func values() {
        var content = FollowUp.Content()
        content.running = .yes
        content.funder = "The council"
        content.staff = .most
        content.capacityKept = .partly
        func fields(_ value: String, _ missing: FollowUp.Missing?) -> [String] {
            content.values = [
                .init(indicator: "REREF", period: "2028", value: value, missing: missing, source: .authority)
            ]
            return FollowUpRules.problems(content, indicators: ["REREF"]).map(\.field)
        }
        #expect(fields("22.6", nil).isEmpty)
        #expect(fields("", .tooFew).isEmpty)
        #expect(fields("", nil) == ["values.REREF"])
        #expect(fields("22.6", .tooFew) == ["values.REREF"])
        #expect(fields("many", nil) == ["values.REREF"])
    }

    @Test("a practice card: complete to be checked, and not by whoever wrote it")
    func card() {
        var content = Practice.Content()
        content.name = "Family group conferences"
        #expect(PracticeRules.problems(draft: content).isEmpty)
        #expect(
            PracticeRules.problems(content).map(\.field) == ["summary", "population", "coreComponents", "originator"])
        let practice = Practice(
            id: .number(1), reference: "PRA", state: .draft, version: 1, publishedNumber: 0, creator: .number(10),
            lastEditor: .number(11), content: content)
        #expect(
            PracticeRules.check(practice, by: .number(10)) != nil
                && PracticeRules.check(practice, by: .number(11)) != nil)
        #expect(PracticeRules.check(practice, by: .number(12)) == nil)
    }
}
