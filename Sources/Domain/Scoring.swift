/// What scores come to, in whole numbers: a ranking must not hang on the rounding of a machine.
extension AppraisalRules {
    /// A mean of scores, kept as sum and count so that nothing is lost before the end.
    public struct Mean: Hashable, Sendable {
        /// The sum of the scores.
        public let sum: Int
        /// How many there are.
        public let count: Int

        /// In hundredths, rounded half up.
        public var hundredths: Int { count == 0 ? 0 : (sum * 200 + count) / (count * 2) }
        /// `3.50`.
        public var text: String { Decimals.quotient(sum, by: max(count, 1), places: 2) ?? "0.00" }

        /// Whether the mean reaches a pass mark, exactly.
        public func reaches(_ passMark: Int) -> Bool { sum >= passMark * count && (count > 0 || passMark == 0) }
    }

    /// The mean of some scores; of none it is zero.
    public static func mean(_ scores: [Int]) -> Mean { Mean(sum: scores.reduce(0, +), count: scores.count) }

    /// The weighted total out of 100 as a decimal: `72.50`.
    public static func total(_ means: [(Criterion, Mean)]) -> String {
        Decimals.quotient(totalHundredths(means), by: 100, places: 2) ?? "0.00"
    }

    /// The weighted total out of 100, in hundredths, rounded half up once at the end.
    public static func totalHundredths(_ means: [(Criterion, Mean)]) -> Int {
        // Over one common denominator the sum is exact: weight × sum ⁄ count, of 5, in hundredths of a point.
        let common = means.map { max($0.1.count, 1) }.reduce(1, leastCommonMultiple)
        let sum = means.map { $0.0.weightBasisPoints * $0.1.sum * (common / max($0.1.count, 1)) }.reduce(0, +)
        let whole = common * highestScore
        return (sum * 2 + whole) / (whole * 2)
    }

    /// Criteria below their pass mark. One is enough to fail a bid, whatever its total.
    public static func failed(_ means: [(Criterion, Mean)]) -> [Criterion] {
        means.filter { !$0.1.reaches($0.0.passMark) }.map(\.0)
    }

    /// How far appraisers are apart, and whether that needs moderation.
    public struct Spread: Hashable, Sendable {
        /// Codes of criteria whose highest and lowest scores are too far apart.
        public let criteria: [String]
        /// The distance between the highest and the lowest total, in hundredths of a point out of 100.
        public let totals: Int
        /// Whether either needs moderation.
        public let needsModeration: Bool
    }

    /// Compares appraisers criterion by criterion, and by their totals over the criteria that they score.
    public static func spread(
        _ appraisals: [[Score]], criteria: [Criterion], scoreGap: Int = 2, totalGap: Int = 15
    ) -> Spread {
        let wide = criteria.filter { criterion in
            let values = appraisals.flatMap { scores in
                scores.filter { $0.criterion == criterion.id }.compactMap(\.value)
            }
            return (values.max() ?? 0) - (values.min() ?? 0) >= scoreGap
        }
        let appraised = criteria.filter { $0.scorer == .appraiser }
        let weight = max(appraised.map(\.weightBasisPoints).reduce(0, +), 1)
        let totals = appraisals.compactMap { scores -> Int? in
            let given = appraised.compactMap { criterion in
                scores.first { $0.criterion == criterion.id }?.value.map { (criterion, mean([$0])) }
            }
            guard given.count == appraised.count, !given.isEmpty else { return nil }
            // Out of 100 of what appraisers score, so that 15 points mean the same in every round.
            return totalHundredths(given) * RoundRules.wholeWeight / weight
        }
        let apart = (totals.max() ?? 0) - (totals.min() ?? 0)
        return Spread(
            criteria: wide.map(\.code), totals: apart, needsModeration: !wide.isEmpty || apart >= totalGap * 100)
    }

    /// A bid's place in the ranking depends on these and nothing else.
    public struct Standing: Hashable, Sendable {
        /// The bid.
        public let bid: BidID
        /// Weighted total in hundredths.
        public let total: Int
        /// Mean on the evaluation criterion in hundredths.
        public let evaluation: Int
        /// Mean on value for money in hundredths.
        public let valueForMoney: Int
        /// Hex digest of what was submitted.
        public let contentHash: String

        /// A standing with its parts.
        public init(bid: BidID, total: Int, evaluation: Int, valueForMoney: Int, contentHash: String) {
            self.bid = bid
            self.total = total
            self.evaluation = evaluation
            self.valueForMoney = valueForMoney
            self.contentHash = contentHash
        }
    }

    /// Best first: by weighted total, then the evaluation score, then value for money, then the digest of the submission.
    /// Never by time: who submits early gains nothing.
    public static func rank(_ standings: [Standing]) -> [Standing] {
        standings.sorted { left, right in
            if left.total != right.total { return left.total > right.total }
            if left.evaluation != right.evaluation { return left.evaluation > right.evaluation }
            if left.valueForMoney != right.valueForMoney { return left.valueForMoney > right.valueForMoney }
            return left.contentHash < right.contentHash
        }
    }

    private static func leastCommonMultiple(_ left: Int, _ right: Int) -> Int {
        var (a, b) = (left, right)
        while b != 0 { (a, b) = (b, a % b) }
        return left / max(a, 1) * right
    }
}
