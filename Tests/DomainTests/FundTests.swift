import Testing

@testable import Domain

@Suite("Programmes and rounds")
struct FundTests {
    @Test("a complete programme has no problems; each gap is named")
    func programmeProblems() {
        #expect(ProgrammeRules.problems(completeProgramme).isEmpty)
        let changes: [(String, (inout Programme.Content) -> Void)] = [
            ("title", { $0.title = "" }), ("title", { $0.title = String(repeating: "x", count: 141) }),
            ("summary", { $0.summary = "" }), ("seniorOfficer", { $0.seniorOfficer = nil }),
            ("allocationMethod", { $0.allocationMethod = nil }),
            ("allocationReason", { $0.allocationMethod = .uncompeted }),
            ("powers", { $0.powers = nil }), ("powersDetail", { $0.powers = .other }),
            ("conditionality", { $0.conditionality = nil }),
            ("businessCase.economic", { $0.businessCase.economic = "" }),
            ("evaluationBudget", { $0.evaluationBudget = nil }),
            ("evaluationBudget", { $0.evaluationBudget = Money(pence: 1_000_000_01) }),
            ("adviceStatus", { $0.adviceStatus = nil }), ("adviceReference", { $0.adviceStatus = .referred }),
            ("fraudRiskInherent", { $0.fraudRiskInherent = nil }),
            ("fraudRiskResidual", { $0.fraudRiskResidual = nil }),
            ("fraudRiskNextReview", { $0.fraudRiskNextReview = nil }), ("riskProfile", { $0.riskProfile = nil }),
            ("screening.novel", { $0.screening.novel = nil }), ("aims", { $0.aims = [] }),
            ("aims.0.indicatorCode", { $0.aims[0].indicatorCode = "" }), ("budget", { $0.budget = [] }),
            ("budget.1.year", { $0.budget.append($0.budget[0]) }),
            ("budget.0.amount", { $0.budget[0].amount = Money(pence: -1) }),
            ("ggisSchemeReference", { $0.ggisSchemeReference = "SCH-1" }),
        ]
        for (field, change) in changes {
            var content = completeProgramme
            change(&content)
            #expect(ProgrammeRules.problems(content).contains { $0.field == field }, "\(field)")
        }
        var title = Programme.Content()
        title.title = "Only a title"
        #expect(ProgrammeRules.storageProblems(title).isEmpty, "a draft may leave everything else blank")
    }

    @Test("an approver of a programme is within limit or has consent, and is neither submitter nor senior officer")
    func programmeApproval() {
        let today = day("2026-11-24")
        func code(
            _ content: Programme.Content = completeProgramme, by person: PersonID = .number(60), limit: Int = 1_000_000,
            submitter: PersonID? = .number(52)
        ) -> String? {
            ProgrammeRules.approve(
                programme(content), by: person, submitter: submitter, delegations: [delegation(limit, of: person)],
                on: today
            )?.code
        }
        #expect(code() == nil)
        #expect(code(limit: 999_999) == "above_limit")
        #expect(code(by: .number(50)) == "approver_is_senior_officer")
        #expect(code(by: .number(51)) == "approver_submitted")
        #expect(code(by: .number(52)) == "approver_submitted")
        var novel = completeProgramme
        novel.screening.novel = true
        #expect(code(novel) == "consent_needed")
        novel.consent = ExternalConsent(reference: "HMT/2", date: today.adding(days: 1))
        #expect(code(novel) == "consent_needed")
        novel.consent = ExternalConsent(reference: "HMT/2", date: today)
        #expect(code(novel) == nil)
        var large = completeProgramme
        large.consent = ExternalConsent(reference: "HMT/3", date: today)
        #expect(code(large, limit: 10) == nil)
        #expect(
            ProgrammeRules.approve(programme(), by: .number(60), submitter: nil, delegations: [], on: today)?.code
                == "no_limit")
        var gap = completeProgramme
        gap.summary = ""
        #expect(code(gap) == "invalid")
    }

    @Test("opening needs the register's reference; closing needs every round decided")
    func programmeMoves() {
        #expect(ProgrammeRules.open(schemeReference: "SCH-000005439") == nil)
        for text in [nil, "", "SCH-00000543", "SCH-0000054390", "sch-000005439", "SCH-00000543x"] {
            #expect(ProgrammeRules.open(schemeReference: text) != nil)
        }
        #expect(ProgrammeRules.roundsDecided([.decided, .announced, .cancelled]) == nil)
        #expect(ProgrammeRules.roundsDecided([]) == nil)
        for state in Round.State.allCases where ![.decided, .announced, .cancelled].contains(state) {
            #expect(ProgrammeRules.roundsDecided([.decided, state])?.code == "rounds_undecided")
        }
        for state in Programme.State.allCases { #expect((ProgrammeRules.editable(state) == nil) == (state == .draft)) }
        for state in Round.State.allCases { #expect((RoundRules.editable(state) == nil) == (state == .draft)) }
    }

    @Test("a complete round has no problems; each gap is named")
    func roundProblems() {
        #expect(RoundRules.problems(completeRound, limits: roomy).isEmpty)
        let changes: [(String, (inout Round.Content) -> Void)] = [
            ("title", { $0.title = " " }), ("prospectus", { $0.prospectus = "" }), ("opensAt", { $0.opensAt = nil }),
            ("closesAt", { $0.closesAt = nil }), ("closesAt", { $0.closesAt = $0.opensAt }),
            ("minimumAward", { $0.minimumAward = nil }), ("maximumAward", { $0.maximumAward = nil }),
            ("maximumAward", { $0.maximumAward = Money(pounds: 49_999) }),
            ("maximumAward", { $0.maximumAward = Money(pence: 2_000_000_01) }),
            ("budget", { $0.budget = nil }), ("budget", { $0.budget = Money(pence: 5_000_000_01) }),
            ("criteria", { $0.criteria = [] }), ("criteria", { $0.criteria[0].weightBasisPoints = 3999 }),
            ("criteria.0.weight", { $0.criteria[0].weightBasisPoints = 0 }),
            ("criteria.1.code", { $0.criteria[1].code = "need" }),
            ("criteria.0.code", { $0.criteria[0].code = "Need" }),
            ("criteria.0.passMark", { $0.criteria[0].passMark = 6 }),
            ("criteria.0.guidance", { $0.criteria[0].guidance = "" }),
            ("criteria", { $0.criteria[2].scorer = .appraiser }),
            ("criteria", { $0.criteria[0].scorer = .whatWorks }), ("criteria", { $0.criteria[2].code = "other" }),
            ("criteria.2.passMark", { $0.criteria[2].passMark = 2 }), ("rules", { $0.rules = [] }),
            ("rules.0.code", { $0.rules[0].code = "x" }), ("rules.1.code", { $0.rules.append($0.rules[0]) }),
            ("rules.0.sentence", { $0.rules[0].sentence = "" }), ("rules.0.source", { $0.rules[0].source = "" }),
            ("rules.0.predicate", { $0.rules[0].predicate = .factIn(.region, []) }),
        ]
        for (field, change) in changes {
            var content = completeRound
            change(&content)
            #expect(RoundRules.problems(content, limits: roomy).contains { $0.field == field }, "\(field)")
        }
    }

    @Test("ten working days after the day of opening, holidays not counted, and midnight closes the day before")
    func daysOpen() {
        var content = completeRound
        content.opensAt = london("2026-11-02", 9, 0)
        content.closesAt = london("2026-11-16", 23, 59)
        func fine(_ holidays: Set<Day> = []) -> Bool {
            let limits = RoundLimits(
                budget: Money(pounds: 5_000_000), committed: .zero, workingDays: 10, holidays: holidays)
            return RoundRules.problems(content, limits: limits).isEmpty
        }
        #expect(fine())
        #expect(!fine([day("2026-11-09")]))
        content.closesAt = london("2026-11-16", 0, 0)
        #expect(!fine())
        content.closesAt = london("2026-11-17", 0, 0)
        #expect(fine())
    }

    @Test("an open round is extended to later only, and before it closes")
    func extending() {
        let open = round(.open)
        let closes = completeRound.closesAt!
        #expect(RoundRules.extend(open, to: closes.adding(seconds: 1), now: closes.adding(seconds: -1)) == nil)
        #expect(RoundRules.extend(open, to: closes, now: closes.adding(seconds: -1))?.kind == .invalid)
        #expect(RoundRules.extend(open, to: closes.adding(seconds: 1), now: closes)?.code == "round_closed")
        #expect(RoundRules.extend(round(.closed), to: closes.adding(seconds: 1), now: noon)?.code == "round_closed")
        #expect(RoundRules.independent(.number(33), author: .number(33)) != nil)
        #expect(RoundRules.independent(.number(34), author: .number(33)) == nil)
    }

    @Test("appraisal begins when every eligible bid has two appraisers and a reviewer, and none waits")
    func beginning() {
        func code(_ state: Bid.State, _ appraisers: Int, _ whatWorks: Int) -> String? {
            RoundRules.beginAppraisal([("BID-1", state, appraisers: appraisers, whatWorks: whatWorks)])?.code
        }
        #expect(code(.eligible, 2, 1) == nil)
        #expect(code(.eligible, 1, 1) == "appraisers_missing" && code(.eligible, 2, 0) == "appraisers_missing")
        #expect(code(.submitted, 0, 0) == "eligibility_open" && code(.eligibilityCheck, 0, 0) == "eligibility_open")
        for state in [Bid.State.withdrawn, .ineligible, .notSubmitted] { #expect(code(state, 0, 0) == nil) }
    }

    @Test("a round is decided when no bid waits and the awards fit its money")
    func deciding() {
        let budget = Money(pounds: 100)
        #expect(
            RoundRules.decide([("B", .approvedForOffer), ("C", .declined)], awarded: budget, budget: budget) == nil)
        #expect(RoundRules.decide([], awarded: Money(pence: 100_01), budget: budget)?.code == "round_over_budget")
        for state in [Bid.State.submitted, .eligibilityCheck, .eligible, .appraised] {
            #expect(RoundRules.decide([("B", state)], awarded: .zero, budget: budget)?.code == "bids_undecided")
        }
    }

    @Test("a reason says something")
    func reasons() {
        #expect(Rules.reason(String(repeating: "x", count: 20)) == nil)
        #expect(Rules.reason(String(repeating: "x", count: 19) + "  ")?.problems.map(\.field) == ["reason"])
        #expect(Rules.reason(String(repeating: "x", count: 4001)) != nil)
    }
}

@Suite("People and limits")
struct PeopleTests {
    static func person(_ role: Role, _ state: Person.State = .active, home: OrganisationID = authority) -> Person {
        Person(id: .number(91), organisation: home, role: role, email: "a@b.uk", name: "Ada", state: state, version: 1)
    }

    @Test("every capacity belongs to exactly its role, so administrators and auditors hold nothing else")
    func capacities() {
        for capacity in Capacity.allCases {
            for role in Role.allCases {
                #expect((PersonRules.capacity(capacity, of: role) == nil) == (capacity.role == role))
            }
        }
        #expect(Capacity.allCases.filter { $0.role == .administrator } == [.administrator])
        #expect(Capacity.allCases.filter { $0.role == .auditor } == [.auditor])
    }

    @Test("a user administrator gives authority capacities in their own authority, to others")
    func granting() {
        let keeper = subject(.localAuthority, [.laUserAdministrator])
        let admin = subject(.administrator, [.administrator])
        let today = day("2026-11-24")
        func code(_ capacity: Capacity, _ person: Person, _ who: Subject, to: Day? = nil) -> String? {
            PersonRules.grant(capacity, to: person, by: who, from: today, to: to)?.code
        }
        #expect(code(.laEditor, Self.person(.localAuthority), keeper) == nil)
        #expect(code(.laEditor, Self.person(.localAuthority, home: otherAuthority), keeper) == "out_of_reach")
        #expect(code(.approver, Self.person(.department, home: dept), keeper) == "out_of_reach")
        #expect(code(.approver, Self.person(.department, home: dept), admin) == nil)
        #expect(code(.approver, Self.person(.administrator, home: dept), admin) == "invalid")
        #expect(code(.laEditor, Self.person(.localAuthority, .left), admin) == "person_left")
        #expect(code(.laEditor, Self.person(.localAuthority), admin, to: today.adding(days: -1)) == "invalid")
        let me = Person(
            id: admin.person, organisation: dept, role: .administrator, email: "a@b.uk", name: "A", state: .active,
            version: 1)
        #expect(code(.administrator, me, admin) == "not_oneself")
    }

    @Test("a role fits the kind of organisation, and an invitation fits its sender")
    func inviting() {
        #expect(PersonRules.role(.localAuthority, fits: .localAuthority) == nil)
        #expect(PersonRules.role(.department, fits: .localAuthority) != nil)
        #expect(PersonRules.role(.auditor, fits: .auditBody) == nil)
        let keeper = subject(.localAuthority, [.laUserAdministrator])
        func code(_ role: Role, _ kind: Organisation.Kind, _ home: OrganisationID, _ capacities: [Capacity]) -> String?
        {
            PersonRules.invite(role: role, kind: kind, organisation: home, capacities: capacities, by: keeper)?.code
        }
        #expect(code(.localAuthority, .localAuthority, authority, [.laEditor]) == nil)
        #expect(code(.localAuthority, .localAuthority, otherAuthority, [.laEditor]) == "out_of_reach")
        #expect(code(.department, .department, dept, [.approver]) == "out_of_reach")
        #expect(code(.localAuthority, .localAuthority, authority, [.approver]) == "invalid")
        #expect(PersonRules.problems(name: "Ada", email: "ada@example.gov.uk").isEmpty)
        for email in ["", "ada", "ada@", "@x.uk", "a@b", "a b@c.uk", "a@b@c.uk", "a@b..uk"] {
            #expect(PersonRules.problems(name: "Ada", email: email).map(\.field) == ["email"], "\(email)")
        }
    }

    @Test("open work is handed to an active colleague of the same side")
    func leaving() {
        let leaver = Self.person(.localAuthority)
        func heir(_ n: UInt8, _ state: Person.State = .active, home: OrganisationID = authority) -> Person {
            Person(
                id: .number(n), organisation: home, role: .localAuthority, email: "b@b.uk", name: "B", state: state,
                version: 1)
        }
        #expect(PersonRules.leave(leaver, openWork: 0, handover: nil) == nil)
        #expect(PersonRules.leave(leaver, openWork: 2, handover: nil)?.kind == .invalid)
        #expect(PersonRules.leave(leaver, openWork: 2, handover: heir(92)) == nil)
        #expect(PersonRules.leave(leaver, openWork: 2, handover: heir(91)) != nil)
        #expect(PersonRules.leave(leaver, openWork: 2, handover: heir(92, .suspended)) != nil)
        #expect(PersonRules.leave(leaver, openWork: 2, handover: heir(92, home: otherAuthority)) != nil)
    }

    @Test("holder, proposer and activator of a limit are three people")
    func threePeople() {
        let today = day("2026-11-24")
        let limit = delegation(100, of: .number(1))
        #expect(DelegationRules.propose(for: .number(1), by: .number(1))?.code == "three_people")
        #expect(DelegationRules.propose(for: .number(1), by: .number(2)) == nil)
        #expect(DelegationRules.activate(limit, proposer: .number(2), by: .number(3), on: today) == nil)
        for (proposer, activator) in [(2, 2), (2, 1), (1, 3)] as [(UInt8, UInt8)] {
            #expect(
                DelegationRules.activate(limit, proposer: .number(proposer), by: .number(activator), on: today)?.code
                    == "three_people")
        }
        #expect(
            DelegationRules.activate(limit, proposer: .number(2), by: .number(3), on: day("2027-04-01"))?.code
                == "delegation_over")
        #expect(
            DelegationRules.revoke(limit, by: .number(1)) != nil && DelegationRules.revoke(limit, by: .number(2)) == nil
        )
        func fields(_ limit: Money?, _ holder: [Capacity]) -> [String] {
            DelegationRules.problems(tier: "DD", limit: limit, instrument: "L1", from: today, to: today, holder: holder)
                .map(\.field)
        }
        #expect(fields(Money(pounds: 1), [.approver]) == [])
        #expect(fields(.zero, [.finance]) == ["person", "limit"])
    }

    @Test("passphrases: long, unguessed, not made of what others know")
    func passphrases() {
        func bad(_ text: String) -> Bool {
            PassphraseRules.problem(text, words: ["ada@slough.gov.uk", "Touchstone"]) { $0 == "correct horse battery" }
                != nil
        }
        #expect(!bad("seven quiet herons wade"))
        #expect(bad("fourteen chars") && !bad("fifteen charsxy"))
        #expect(bad(String(repeating: "ab cd ef ", count: 15)) && !bad(String(repeating: "ab cd ef ", count: 14)))
        #expect(bad("Correct Horse Battery") && bad("correct horse batterycorrect horse battery"))
        #expect(bad("aaaaaaaaaaaaaaaaaaaa") && bad("touchstone slough 1"))
        #expect(!bad("touchstone seven quiet herons"))
    }
}
