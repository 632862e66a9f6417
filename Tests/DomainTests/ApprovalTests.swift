import Testing

@testable import Domain

@Suite("Approvals")
struct ApprovalTests {
    static let me: PersonID = .number(60)
    static let today = day("2026-11-24")

    static func route(
        _ pence: Int, limit: Int? = 100_000, state: Approval.State = .financeCleared,
        content: Approval.Content = completeCase,
        turned: [PersonID] = [], by person: PersonID = me, on today: Day = today, threshold: Int = 1_000_000
    ) -> ApprovalRoute {
        ApprovalRules.route(
            approval(pence, state, content), by: person, delegations: limit.map { [delegation($0, of: person)] } ?? [],
            turned: turned, threshold: Money(pounds: threshold), on: today)
    }

    @Test("at the limit it is approved, a penny above it is referred up")
    func limit() {
        #expect(Self.route(100_000_00) == .approve(.number(61)))
        guard case .referUp(let sentence) = Self.route(100_000_01) else {
            Issue.record("a penny above the limit was not referred up")
            return
        }
        #expect(sentence.contains("£100,000.01") && sentence.contains("£100,000"))
    }

    @Test("scenario 4: £90,000 and an uplift of £15,000 are £105,000, above a limit of £100,000")
    func scenario4() {
        var uplift = completeCase
        uplift.kind = .uplift
        uplift.amount = Money(pounds: 15_000)
        #expect(Self.route(90_000_00) == .approve(.number(61)))
        let refusal = attempt { () throws(Refusal) in
            try ApprovalRules.key(
                approval(105_000_00, .financeCleared, uplift), by: Self.me, delegations: [delegation(100_000)],
                turned: [],
                threshold: Money(pounds: 1_000_000), on: Self.today, others: ["Grace"])
        }.refusal
        #expect(refusal?.code == "above_limit")
        #expect(refusal?.sentence.contains("£105,000") == true && refusal?.sentence.contains("Grace") == true)
        #expect(
            ApprovalRules.limitIsTooLow(Money(pounds: 105_000), delegations: [delegation(100_000)], on: Self.today)
                == nil)
        #expect(
            ApprovalRules.limitIsTooLow(Money(pounds: 100_000), delegations: [delegation(100_000)], on: Self.today)?
                .code
                == "within_limit")
    }

    @Test(
        "scenario 5: contentious and £20,000 still needs consent; with consent on record it goes on",
        arguments: [0, 1, 2])
    func scenario5(which: Int) {
        var content = completeCase
        content.screening = SpendScreening(
            novel: which == 0, contentious: which == 1, repercussive: which == 2, rationale: "So.")
        guard case .needsConsent(let sentence) = Self.route(20_000_00, content: content) else {
            Issue.record("spending that no delegation covers was not stopped")
            return
        }
        #expect(sentence.contains(["novel", "contentious", "repercussive"][which]))
        content.consent = ExternalConsent(reference: "HMT/1", date: Self.today.adding(days: 1))
        if case .needsConsent = Self.route(20_000_00, content: content) {
        } else {
            Issue.record("tomorrow's consent counted")
        }
        content.consent = ExternalConsent(reference: "HMT/1", date: Self.today)
        #expect(Self.route(20_000_00, content: content) == .approve(.number(61)))
    }

    @Test(
        "a delegation counts from its first through its last day, while active, for its holder, and limits do not add up"
    )
    func delegations() {
        #expect(Self.route(1, on: day("2026-03-31")) == .refused(ApprovalRules.noLimit))
        #expect(Self.route(1, on: day("2026-04-01")) == .approve(.number(61)))
        #expect(Self.route(1, on: day("2027-03-31")) == .approve(.number(61)))
        #expect(Self.route(1, on: day("2027-04-01")) == .refused(ApprovalRules.noLimit))
        #expect(Self.route(1, limit: nil) == .refused(ApprovalRules.noLimit))
        let two = [delegation(60_000), delegation(60_000)]
        let limit = ApprovalRules.limit(of: Self.me, two + [delegation(500_000, of: .number(1))], on: Self.today)
        #expect(limit?.limit == Money(pounds: 60_000))
        for state in Delegation.State.allCases where state != .active {
            let dead = Delegation(
                id: .number(61), person: Self.me, tier: "x", limit: Money(pounds: 9), validFrom: Self.today,
                validTo: Self.today,
                state: state)
            #expect(ApprovalRules.limit(of: Self.me, [dead], on: Self.today) == nil)
        }
    }

    @Test("two keys above the threshold, one at it; never two from one person")
    func keys() {
        #expect(ApprovalRules.keysNeeded(Money(pounds: 1_000_000), threshold: Money(pounds: 1_000_000)) == 1)
        #expect(ApprovalRules.keysNeeded(Money(pence: 1_000_000_01), threshold: Money(pounds: 1_000_000)) == 2)
        #expect(Self.route(1_000_000_00, limit: 5_000_000) == .approve(.number(61)))
        #expect(Self.route(1_000_000_01, limit: 5_000_000) == .firstKey(.number(61)))
        #expect(
            Self.route(1_000_000_01, limit: 5_000_000, state: .awaitingSecondKey, turned: [.number(62)])
                == .approve(.number(61)))
        let again = Self.route(1_000_000_01, limit: 5_000_000, state: .awaitingSecondKey, turned: [Self.me])
        guard case .refused(let refusal) = again else {
            Issue.record("one person turned both keys")
            return
        }
        #expect(refusal.code == "key_turned")
    }

    @Test("preparer and clearer never approve; nothing is approved that does not wait for it")
    func separation() {
        #expect(Self.route(1, by: .number(71)) == .refused(Duty.refusal(already: .prepared, new: .approved)))
        #expect(Self.route(1, by: .number(72)) == .refused(Duty.refusal(already: .cleared, new: .approved)))
        for state in Approval.State.allCases {
            let waits = [.financeCleared, .referredUp, .awaitingSecondKey].contains(state)
            if case .refused = Self.route(1, state: state) { #expect(!waits) } else { #expect(waits) }
        }
    }

    static let budget = [
        BudgetLine(year: year("2026-27"), amount: Money(pounds: 60_000)),
        BudgetLine(year: year("2027-28"), amount: Money(pounds: 60_000)),
    ]

    @Test("a complete case has no problems; each gap is named")
    func preparing() {
        #expect(ApprovalRules.problems(completeCase, budget: Self.budget).isEmpty)
        let changes: [(String, (inout Approval.Content) -> Void)] = [
            ("amount", { $0.amount = nil }), ("amount", { $0.amount = .zero }), ("years", { $0.years = [] }),
            ("years", { $0.amount = Money(pence: 90_000_01) }),
            ("years.0.amount", { $0.years[0].amount = Money(pence: 60_000_01) }),
            ("years.0.year", { $0.years[0].kind = .capital }),
            ("years.1.year", { $0.years[1].year = $0.years[0].year }),
            ("years.1.amount", { $0.years[1].amount = .zero }), ("recommendation", { $0.recommendation = " " }),
            ("subsidyControl", { $0.subsidyControl = nil }), ("screening.novel", { $0.screening.novel = nil }),
            ("screening.contentious", { $0.screening.contentious = nil }),
            ("screening.repercussive", { $0.screening.repercussive = nil }),
            ("screening.rationale", { $0.screening.rationale = "" }),
            ("consent.reference", { $0.consent = ExternalConsent(reference: "", date: day("2026-01-01")) }),
        ]
        for (field, change) in changes {
            var content = completeCase
            change(&content)
            #expect(ApprovalRules.problems(content, budget: Self.budget).contains { $0.field == field }, "\(field)")
        }
    }

    @Test("a first award follows the appraisal, more money an award, and both an open programme")
    func preparable() {
        func code(
            _ kind: Approval.Kind, _ bid: Bid.State, _ programme: Programme.State? = .open, maximum: Int = 100_000
        ) -> String? {
            var content = completeCase
            content.kind = kind
            return ApprovalRules.preparable(
                content, bid: bid, programme: programme, maximum: Money(pounds: maximum),
                requested: Money(pounds: 100_000)
            )?.code
        }
        for state in Bid.State.allCases {
            #expect((code(.award, state) == nil) == (state == .appraised))
            #expect((code(.uplift, state) == nil) == [.approvedForOffer, .offered].contains(state))
        }
        for state in Programme.State.allCases { #expect((code(.award, .appraised, state) == nil) == (state == .open)) }
        #expect(code(.award, .appraised, .open, maximum: 89_999) == "invalid")
        #expect(
            ApprovalRules.preparable(
                completeCase, bid: .appraised, programme: .open, maximum: nil, requested: Money(pence: 89_999_99))
                != nil)
    }

    @Test("the last pound of a year can be promised, not one more")
    func budgetLeft() {
        let left = [BudgetLine(year: year("2026-27"), amount: Money(pounds: 100))]
        #expect(
            ApprovalRules.budgetLeft([BudgetLine(year: year("2026-27"), amount: Money(pounds: 100))], left: left) == nil
        )
        let short = ApprovalRules.budgetLeft(
            [BudgetLine(year: year("2026-27"), amount: Money(pence: 100_01))], left: left)
        #expect(short?.code == "budget_short")
        #expect(
            ApprovalRules.budgetLeft(
                [BudgetLine(year: year("2026-27"), kind: .capital, amount: Money(pence: 1))], left: left) != nil)
        #expect(
            ApprovalRules.budgetLeft([BudgetLine(year: year("2027-28"), amount: Money(pence: 1))], left: left) != nil)
    }

    @Test("awards split to stay under a limit are shown together, within the window only")
    func splitting() {
        func together(_ others: [(String, Int)], amount: Int = 60_000) -> Money? {
            ApprovalRules.splitting(
                Money(pounds: amount), on: Self.today,
                others: others.map { (day: day($0.0), amount: Money(pounds: $0.1)) },
                windowDays: 90, limit: Money(pounds: 100_000))
        }
        #expect(together([("2026-11-01", 60_000)]) == Money(pounds: 120_000))
        #expect(together([("2026-08-26", 60_000)]) == Money(pounds: 120_000))
        #expect(together([("2026-08-25", 60_000)]) == nil)
        #expect(together([("2026-11-01", 40_000)]) == nil)
        #expect(together([("2026-11-01", 200_000)]) == nil)
        #expect(together([]) == nil)
    }

    @Test("an approval lapses at its moment and not before")
    func lapse() {
        let lapses = ApprovalRules.lapsesAt(approved: noon, days: 60)
        #expect(lapses == instant("2027-01-23T12:00:00Z"))
        #expect(!ApprovalRules.hasLapsed(.approved, lapsesAt: lapses, now: lapses.adding(seconds: -1)))
        #expect(ApprovalRules.hasLapsed(.approved, lapsesAt: lapses, now: lapses))
        #expect(!ApprovalRules.hasLapsed(.rejected, lapsesAt: lapses, now: lapses))
        #expect(!ApprovalRules.hasLapsed(.approved, lapsesAt: nil, now: lapses))
    }
}
