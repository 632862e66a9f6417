import Testing

@testable import Domain

@Suite("Appraisals")
struct AppraisalTests {
    static let criteria = completeRound.criteria
    static let reason = String(repeating: "r", count: 50)

    static func scores(_ values: [Int?]) -> [Score] {
        zip(criteria.filter { $0.scorer == .appraiser }, values).map {
            Score(criterion: $0.id!, value: $1, rationale: reason)
        }
    }

    static func appraisal(
        _ n: UInt8, _ person: UInt8, _ state: Appraisal.State, _ kind: Criterion.Scorer = .appraiser
    ) -> Appraisal {
        Appraisal(
            id: .number(n), bid: .number(30), appraiser: .number(person), kind: kind, dueOn: day("2026-12-01"),
            state: state,
            version: 1)
    }

    @Test("handing in needs every criterion of one's kind scored, with 50 characters of reason")
    func handingIn() {
        let own = AppraisalRules.criteria(Self.criteria, for: .appraiser)
        #expect(own.map(\.code) == ["need", "value_for_money"])
        #expect(AppraisalRules.criteria(Self.criteria, for: .whatWorks).map(\.code) == ["evaluation"])
        #expect(AppraisalRules.problems(Self.scores([0, 5]), criteria: own).isEmpty)
        #expect(
            AppraisalRules.problems(Self.scores([3]), criteria: own).map(\.field) == [
                "scores.value_for_money.value", "scores.value_for_money.rationale",
            ])
        #expect(AppraisalRules.problems(Self.scores([nil, 5]), criteria: own).map(\.field) == ["scores.need.value"])
        #expect(AppraisalRules.problems(Self.scores([6, 5]), criteria: own).map(\.field) == ["scores.need.value"])
        var short = Self.scores([3, 3])
        short[0].rationale = String(repeating: "r", count: 49) + "   "
        #expect(AppraisalRules.problems(short, criteria: own).map(\.field) == ["scores.need.rationale"])
    }

    @Test("scores are saved half done, but not for what is not one's own, nor twice")
    func saving() {
        let own = AppraisalRules.criteria(Self.criteria, for: .appraiser)
        #expect(
            AppraisalRules.storageProblems([Score(criterion: .number(41), value: nil, rationale: "")], criteria: own)
                .isEmpty)
        #expect(
            !AppraisalRules.storageProblems([Score(criterion: .number(43), value: 3, rationale: "")], criteria: own)
                .isEmpty)
        #expect(!AppraisalRules.storageProblems(Self.scores([3, 3]) + Self.scores([4]), criteria: own).isEmpty)
        for state in Appraisal.State.allCases {
            #expect((AppraisalRules.scorable(state) == nil) == (state == .inProgress))
        }
        for state in Bid.State.allCases {
            #expect((AppraisalRules.beforeDecision(state) == nil) == (state == .eligible))
        }
    }

    @Test("weighted totals are exact and rounded once")
    func totals() {
        func total(_ scores: [[Int]]) -> String {
            AppraisalRules.total(zip(Self.criteria, scores).map { ($0, AppraisalRules.mean($1)) })
        }
        #expect(total([[5, 5], [5, 5], [5]]) == "100.00")
        #expect(total([[0], [0], [0]]) == "0.00")
        // 40 × 3.5/5 + 35 × 4/5 + 25 × 3/5 = 28 + 28 + 15
        #expect(total([[3, 4], [4, 4], [3]]) == "71.00")
        // Means of three and of seven: 40 × (10/3)/5 + 35 × (22/7)/5 + 25 × 4/5 = 26.666… + 22 + 20
        #expect(total([[3, 3, 4], [3, 3, 3, 3, 3, 3, 4], [4]]) == "68.67")
        #expect(AppraisalRules.mean([3, 4]).text == "3.50")
        #expect(AppraisalRules.mean([3, 3, 4]).hundredths == 333)
        #expect(AppraisalRules.mean([]).text == "0.00")
    }

    @Test("below a pass mark is failed, whatever the total; the mark itself passes")
    func gate() {
        func failed(_ scores: [[Int]]) -> [String] {
            AppraisalRules.failed(zip(Self.criteria, scores).map { ($0, AppraisalRules.mean($1)) }).map(\.code)
        }
        #expect(failed([[5, 5], [5, 5], [2]]) == ["evaluation"])
        #expect(failed([[2, 2], [0, 0], [3]]) == [])
        #expect(failed([[1, 2], [5, 5], [3]]) == ["need"])
        #expect(failed([[], [5], [3]]) == ["need"])
    }

    @Test("moderation: two points apart on a criterion, or fifteen in the total")
    func spread() {
        func spread(_ one: [Int], _ other: [Int]) -> AppraisalRules.Spread {
            AppraisalRules.spread([Self.scores(one), Self.scores(other)], criteria: Self.criteria)
        }
        #expect(!spread([3, 3], [3, 3]).needsModeration)
        #expect(spread([3, 3], [5, 3]).criteria == ["need"])
        #expect(spread([3, 3], [5, 3]).needsModeration)
        // One point on each: 20 of 100.
        let even = spread([3, 3], [4, 4])
        #expect(even.criteria == [] && even.totals == 2000 && even.needsModeration)
        // One point on value for money alone: 35 ⁄ 75 of 20 points, about 9.3.
        let near = spread([3, 3], [3, 4])
        #expect(near.totals < 1500 && !near.needsModeration)
    }

    @Test("ranking: total, evaluation, value for money, digest; never the order in which bids came")
    func ranking() {
        func standing(_ n: UInt8, _ total: Int, _ evaluation: Int, _ value: Int, _ hash: String)
            -> AppraisalRules.Standing
        {
            .init(bid: .number(n), total: total, evaluation: evaluation, valueForMoney: value, contentHash: hash)
        }
        let wanted = [
            standing(5, 8000, 300, 300, "f"), standing(4, 7000, 400, 100, "f"), standing(3, 7000, 300, 400, "f"),
            standing(2, 7000, 300, 300, "a"), standing(1, 7000, 300, 300, "b"),
        ]
        for turn in 0..<5 {
            let shuffled = Array(wanted[turn...] + wanted[..<turn])
            #expect(AppraisalRules.rank(shuffled) == wanted)
            #expect(AppraisalRules.rank(shuffled.reversed()) == wanted)
        }
    }

    @Test("blind until one's own is final", arguments: Appraisal.State.allCases, Appraisal.State.allCases)
    func blindness(own: Appraisal.State, theirs: Appraisal.State) {
        let me = subject(.department, [.appraiser], person: .number(1))
        let mine = Self.appraisal(81, 1, own)
        let other = Self.appraisal(82, 2, theirs)
        let all = [mine, other]
        #expect(AppraisalRules.maySeeScores(of: mine, by: me, siblings: all))
        #expect(AppraisalRules.maySeeScores(of: other, by: me, siblings: all) == (own == .final && theirs == .final))
        let officer = subject(.department, [.programmeOfficer], person: .number(3))
        #expect(
            AppraisalRules.maySeeScores(of: other, by: officer, siblings: all)
                == ([.submitted, .returned, .final].contains(theirs)))
        let approver = subject(.department, [.approver], person: .number(4))
        #expect(
            AppraisalRules.maySeeScores(of: other, by: approver, siblings: all) == (own == .final && theirs == .final))
        // An officer who also appraises is an appraiser first.
        let both = subject(.department, [.appraiser, .programmeOfficer], person: .number(1))
        if own != .final { #expect(!AppraisalRules.maySeeScores(of: other, by: both, siblings: all)) }
    }

    @Test("reviewers, authorities, evaluators and administrators never see the scores of others; auditors do")
    func others() {
        let all = [Self.appraisal(81, 1, .final), Self.appraisal(82, 2, .final, .whatWorks)]
        for role in Role.allCases where role != .department {
            let who = subject(role, Capacity.allCases.filter { $0.role == role }, person: .number(2))
            #expect(AppraisalRules.maySeeScores(who, appraisals: all) == (role == .auditor), "\(role)")
        }
        #expect(!AppraisalRules.maySeeScores(subject(.auditor, [.auditor]), appraisals: []))
    }

    @Test("complete means two appraisers and one reviewer, all final")
    func allFinal() {
        #expect(AppraisalRules.allFinal([(.appraiser, .final), (.appraiser, .final), (.whatWorks, .final)]))
        #expect(!AppraisalRules.allFinal([(.appraiser, .final), (.whatWorks, .final)]))
        #expect(!AppraisalRules.allFinal([(.appraiser, .final), (.appraiser, .final)]))
        #expect(
            !AppraisalRules.allFinal([
                (.appraiser, .final), (.appraiser, .final), (.whatWorks, .final), (.appraiser, .assigned),
            ]))
        #expect(!AppraisalRules.allFinal([]))
    }

    @Test("a bid is given to people of neither side who have no part in it")
    func assigning() {
        func code(
            _ person: PersonID = .number(90), _ home: OrganisationID = dept, _ state: Bid.State = .eligible,
            already: [PersonID] = [], ledger: [Duty.Performed] = [], due: String = "2026-11-24"
        ) -> String? {
            AppraisalRules.assignable(
                scorer: person, organisation: home, bid: bid(state), kind: .appraiser, already: already, ledger: ledger,
                dueOn: day(due), today: day("2026-11-24"))?.code
        }
        #expect(code() == nil)
        #expect(code(.number(90), authority) == "invalid")
        #expect(code(already: [.number(90)]) == "invalid")
        #expect(code(due: "2026-11-23") == "invalid")
        #expect(code(.number(90), dept, .submitted) == "bid_not_eligible")
        #expect(code(ledger: [Duty.Performed(person: .number(90), duty: .prepared)]) == "SOD_PR_AP")
    }
}
