/// One reviewer's score on one criterion.
public struct ReviewScore: Hashable, Sendable, Codable {
    /// Which criterion of the rubric.
    public var criterion: String
    /// 0–4; nil while undecided.
    public var value: Int?
    /// Why, pointing to the text.
    public var rationale: String

    /// A score.
    public init(criterion: String, value: Int?, rationale: String) {
        self.criterion = criterion
        self.value = value
        self.rationale = rationale
    }
}

/// What must be true of a review before it is handed in, and what the reviews of a submission come to.
public enum ReviewRules {
    /// Fewest characters of a rationale.
    public static let shortestRationale = 20
    /// Most characters of a rationale.
    public static let longestRationale = 8000

    /// What keeps scores from being stored. Fields are `scores.<criterion>.value` and `.rationale`.
    public static func storageProblems(_ scores: [ReviewScore], rubric: Rubric, kind: Review.Kind) -> [FieldProblem] {
        var problems = Problems()
        let codes = Set(rubric.criteria(for: kind).map(\.code))
        for score in scores {
            let field = "scores.\(score.criterion)"
            problems.need(codes.contains(score.criterion), field, "Score only the criteria of this rubric.")
            problems.need(
                score.value.map { (0...Rubric.highest).contains($0) } ?? true, "\(field).value",
                "Choose a score from 0 to \(Rubric.highest).")
            problems.length(score.rationale, "\(field).rationale", "reason", longestRationale)
        }
        return problems.found
    }

    /// What handing in still needs: each criterion scored, with a reason.
    public static func problems(_ scores: [ReviewScore], rubric: Rubric, kind: Review.Kind) -> [FieldProblem] {
        var problems = Problems()
        problems.add(storageProblems(scores, rubric: rubric, kind: kind))
        for criterion in rubric.criteria(for: kind) {
            let score = scores.first { $0.criterion == criterion.code }
            let field = "scores.\(criterion.code)"
            problems.need(
                score?.value != nil, "\(field).value",
                "Choose a score from 0 to \(Rubric.highest) for “\(criterion.title)”.")
            problems.need(
                (score?.rationale.trimmed.unicodeScalars.count ?? 0) >= shortestRationale, "\(field).rationale",
                "Explain the score for “\(criterion.title)” in at least \(shortestRationale) characters.")
        }
        return problems.found
    }

    /// What the final reviews of one submission say about one criterion.
    public struct Standing: Hashable, Sendable {
        /// The criterion.
        public let criterion: Rubric.Criterion
        /// The reviewers' scores, in the order of the reviews.
        public let values: [Int]
        /// The score that a ruling set.
        public let ruling: Int?
        /// Whether the reviewers are too far apart.
        public let isDisputed: Bool
        /// Whether a dispute waits for a ruling or a third reviewer.
        public let isUnsettled: Bool
        /// The score that counts, in hundredths; nil without any.
        public let hundredths: Int?
        /// Whether it is a gate that is not reached.
        public let failsGate: Bool
    }

    /// What the final reviews of one submission come to.
    public struct Verdict: Hashable, Sendable {
        /// Criterion by criterion.
        public let standings: [Standing]
        /// The weighted total out of 100, in hundredths; nil while a criterion has no score.
        public let total: Int?
        /// What the rules advise.
        public let advice: Advice
        /// How many final reviews there are.
        public let finals: Int
    }

    /// What the rules advise the review lead.
    public enum Advice: String, Sendable, CaseIterable, Codable {
        /// Not enough final reviews, or a dispute that is not settled.
        case wait
        case approve, revise, reject
    }

    /// Puts the final reviews of a submission together. A dispute is settled by a ruling, or by a third reviewer, whose
    /// score then counts with the others.
    public static func verdict(
        _ reviews: [[ReviewScore]], rulings: [String: Int], rubric: Rubric, kind: Review.Kind, estimatesImpact: Bool,
        thresholds: ReviewThresholds = ReviewThresholds()
    ) -> Verdict {
        let standings = rubric.criteria(for: kind).map { criterion -> Standing in
            let values = reviews.compactMap { scores in
                scores.first { $0.criterion == criterion.code }.flatMap(\.value)
            }
            let ruling = rulings[criterion.code]
            let isDisputed = (values.max() ?? 0) - (values.min() ?? 0) >= thresholds.disagreement
            let hundredths =
                ruling.map { $0 * 100 } ?? (values.isEmpty ? nil : (values.reduce(0, +) * 200 / values.count + 1) / 2)
            let isGate = criterion.isGate(kind, estimatesImpact: estimatesImpact)
            return Standing(
                criterion: criterion, values: values, ruling: ruling, isDisputed: isDisputed,
                isUnsettled: isDisputed && ruling == nil && values.count < 3, hundredths: hundredths,
                failsGate: isGate && (hundredths ?? 0) < thresholds.gate * 100)
        }
        let total = total(standings, kind)
        return Verdict(
            standings: standings, total: total, advice: advice(standings, total, reviews.count, thresholds),
            finals: reviews.count)
    }

    /// Σ weight × score ⁄ 4, in hundredths of a point out of 100.
    private static func total(_ standings: [Standing], _ kind: Review.Kind) -> Int? {
        var sum = 0
        for standing in standings {
            guard let hundredths = standing.hundredths else { return nil }
            sum += standing.criterion.weight(kind) * hundredths
        }
        return (sum * 2 + Rubric.highest) / (Rubric.highest * 2)
    }

    private static func advice(_ standings: [Standing], _ total: Int?, _ finals: Int, _ thresholds: ReviewThresholds)
        -> Advice
    {
        guard let total, finals >= thresholds.minimum, !standings.contains(where: \.isUnsettled) else { return .wait }
        if total < thresholds.revise * 100 { return .reject }
        return total >= thresholds.pass * 100 && !standings.contains(where: \.failsGate) ? .approve : .revise
    }

    /// Whether somebody can be asked to review: not of the evaluator's nor of the authority's organisation, and free of
    /// any other part in the case. Where What Works evaluates, its own people are the evaluator's, so others review.
    public static func invitable(
        _ person: PersonID, organisation: OrganisationID, evaluator: OrganisationID?, recipient: OrganisationID,
        kind: Review.Kind, ledger: [Duty.Performed], already: [PersonID]
    ) -> Refusal? {
        func refuse(_ sentence: String) -> Refusal { .invalid([FieldProblem("reviewer", sentence)]) }
        if organisation == evaluator {
            return refuse("Choose somebody from another organisation: this person’s organisation is the evaluator.")
        }
        if organisation == recipient {
            return refuse("Choose somebody from another organisation: this person’s organisation receives the money.")
        }
        if already.contains(person) { return refuse("Choose somebody else: this person has the review already.") }
        let duty: Duty = kind == .protocol ? .reviewedProtocol : .peerReviewed
        if Duty.check(duty, by: person, ledger: ledger) != nil {
            return refuse("Choose somebody else: this person has a part in the case that excludes it.")
        }
        return nil
    }

    /// How far pairs of reviewers agree over many submissions, for the review lead.
    public static func agreement(_ pairs: [(Int, Int)], weights: RaterAgreement.Weights = .quadratic)
        -> RaterAgreement.Kappa
    {
        RaterAgreement.kappa(pairs, highest: Rubric.highest, weights: weights)
    }
}
