import Testing

@testable import Domain

@Suite("Reviews")
struct ReviewTests {
    /// The rubric of the data dictionary §4.12: code, weights, gates.
    static let rubric = Rubric(
        version: 1,
        criteria: [
            ("question", 8, 4, Rubric.Gate.always, Rubric.Gate.always), ("design", 14, 12, .always, .always),
            ("comparator", 10, 10, .impact, .impact), ("power", 10, 8, .always, .always),
            ("outcomes", 10, 6, .always, .always), ("registration", 8, 8, .never, .never),
            ("attrition", 6, 10, .never, .always), ("analysis", 6, 12, .never, .always),
            ("implementation", 8, 6, .never, .never), ("cost", 6, 8, .never, .never),
            ("equity", 6, 6, .always, .always), ("access", 6, 2, .always, .always),
            ("transparency", 2, 6, .never, .always), ("capacity", 0, 2, .never, .never),
        ].map {
            Rubric.Criterion(
                code: $0.0, title: $0.0, protocolWeight: $0.1, reportWeight: $0.2, protocolGate: $0.3, reportGate: $0.4,
                best: "best", worst: "worst")
        }, anchors: ["Absent", "Serious gap", "Partial", "Sound", "Exemplary"])

    func scores(_ value: Int, _ changes: [String: Int] = [:], kind: Review.Kind = .protocol) -> [ReviewScore] {
        Self.rubric.criteria(for: kind).map {
            ReviewScore(
                criterion: $0.code, value: changes[$0.code] ?? value, rationale: "The protocol says so on page 3.")
        }
    }

    func verdict(
        _ reviews: [[ReviewScore]], rulings: [String: Int] = [:], kind: Review.Kind = .protocol, impact: Bool = true
    ) -> ReviewRules.Verdict {
        ReviewRules.verdict(reviews, rulings: rulings, rubric: Self.rubric, kind: kind, estimatesImpact: impact)
    }

    @Test("weights come to 100, and a criterion without weight is not scored", arguments: Review.Kind.allCases)
    func weights(kind: Review.Kind) {
        #expect(Self.rubric.criteria.map { $0.weight(kind) }.reduce(0, +) == 100)
        #expect(Self.rubric.criteria(for: .protocol).count == 13 && Self.rubric.criteria(for: .report).count == 14)
        #expect(verdict([scores(4, kind: kind), scores(4, kind: kind)], kind: kind).total == 100_00)
        #expect(verdict([scores(3, kind: kind), scores(2, kind: kind)], kind: kind).total == 62_50)
    }

    @Test("from 65 with all gates approve, from 50 revise, below reject")
    func advice() {
        #expect(verdict([scores(3), scores(3)]).advice == .approve)
        #expect(verdict([scores(2), scores(3)]).advice == .revise)
        #expect(verdict([scores(1), scores(2)]).advice == .reject)
        #expect(verdict([scores(4)]).advice == .wait, "one review is not enough")
        let gate = verdict([scores(4, ["power": 1]), scores(4, ["power": 1])])
        #expect(gate.advice == .revise && gate.standings.filter(\.failsGate).map(\.criterion.code) == ["power"])
    }

    @Test("a comparator is a gate only where an effect is claimed")
    func impactGate() {
        let low = [scores(4, ["comparator": 0]), scores(4, ["comparator": 1])]
        #expect(verdict(low, impact: true).advice == .revise)
        #expect(verdict(low, impact: false).advice == .approve)
    }

    @Test("scores two apart wait for a ruling or a third reviewer; both scores stay in sight")
    func disputes() throws {
        let apart = [scores(4), scores(4, ["design": 2])]
        let open = verdict(apart)
        #expect(open.advice == .wait && open.standings.filter(\.isUnsettled).map(\.criterion.code) == ["design"])
        let ruled = verdict(apart, rulings: ["design": 3])
        #expect(ruled.advice == .approve)
        let design = try #require(ruled.standings.first { $0.criterion.code == "design" })
        #expect(design.values == [4, 2] && design.hundredths == 300 && design.isDisputed && !design.isUnsettled)
        #expect(verdict(apart + [scores(4, ["design": 3])]).advice == .approve)
    }

    @Test("handing in needs a score and a reason for each criterion")
    func complete() {
        #expect(ReviewRules.problems(scores(3), rubric: Self.rubric, kind: .protocol).isEmpty)
        #expect(ReviewRules.problems([], rubric: Self.rubric, kind: .protocol).count == 26)
        var one = scores(3)
        one[0].value = nil
        one[1].rationale = "Short"
        #expect(
            ReviewRules.problems(one, rubric: Self.rubric, kind: .protocol).map(\.field) == [
                "scores.question.value", "scores.design.rationale",
            ])
        let wrong = [ReviewScore(criterion: "capacity", value: 5, rationale: "")]
        #expect(ReviewRules.storageProblems(wrong, rubric: Self.rubric, kind: .protocol).count == 2)
    }

    @Test("nobody of the evaluator or the recipient reviews, also where What Works evaluates (scenario 16)")
    func independence() {
        func ask(
            _ organisation: OrganisationID, _ ledger: [Duty.Performed] = [], already: [PersonID] = [],
            evaluator: OrganisationID = .number(7), kind: Review.Kind = .protocol
        ) -> Refusal? {
            ReviewRules.invitable(
                .number(20), organisation: organisation, evaluator: evaluator, recipient: authority, kind: kind,
                ledger: ledger, already: already)
        }
        #expect(ask(centre) == nil)
        #expect(ask(centre, evaluator: centre)?.problems.first?.field == "reviewer")
        #expect(ask(authority) != nil)
        #expect(ask(centre, already: [.number(20)]) != nil)
        #expect(ask(centre, [Duty.Performed(person: .number(20), duty: .authoredEvaluation)]) != nil)
        #expect(ask(centre, [Duty.Performed(person: .number(20), duty: .rated)]) != nil)
        #expect(ask(centre, [Duty.Performed(person: .number(20), duty: .reviewedProtocol)], kind: .report) == nil)
    }

    @Test("agreement is told from pairs of final scores, and not where it cannot be")
    func agreement() {
        let pairs = [(4, 4), (3, 3), (2, 3), (1, 1), (0, 1), (2, 2)]
        guard case .estimate(let kappa, let count) = ReviewRules.agreement(pairs) else {
            Issue.record("not estimable")
            return
        }
        #expect(count == 6 && kappa.value > 0.8 && kappa.interval.low < kappa.value)
        #expect(ReviewRules.agreement([(3, 3), (3, 3)]) == .notEstimable(pairs: 2))
    }
}
