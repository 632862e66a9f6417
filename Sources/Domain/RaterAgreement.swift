/// How far two people who rated the same things agree beyond chance: Cohen's weighted kappa (1968), with the
/// large-sample standard error of Fleiss, Cohen and Everitt (1969).
public enum RaterAgreement {
    /// How much a near miss counts.
    public enum Weights: String, Sendable, CaseIterable, Codable {
        /// Only the same rating counts.
        case none
        /// By distance.
        case linear
        /// By squared distance.
        case quadratic
    }

    /// What was found.
    public enum Kappa: Hashable, Sendable {
        /// An estimate from so many pairs of ratings.
        case estimate(Estimate, pairs: Int)
        /// No agreement beyond chance can be told: too few pairs, or somebody gave everything the same rating.
        case notEstimable(pairs: Int)

        /// How many pairs of ratings there were.
        public var pairs: Int {
            switch self {
            case .estimate(_, let pairs), .notEstimable(let pairs): pairs
            }
        }
    }

    /// Kappa of pairs of ratings on a scale from 0 to `highest`. Ratings outside it are not counted.
    public static func kappa(
        _ ratings: [(Int, Int)], highest: Int, weights: Weights, level: Double = 0.95
    ) -> Kappa {
        let scale = 0...max(highest, 1)
        var table = Array(repeating: Array(repeating: 0, count: scale.count), count: scale.count)
        for (one, other) in ratings where scale.contains(one) && scale.contains(other) { table[one][other] += 1 }
        return kappa(table: table, weights: weights, level: level)
    }

    /// Kappa of a square table of counts: row by the first rater's rating, column by the second's.
    public static func kappa(table: [[Int]], weights: Weights, level: Double = 0.95) -> Kappa {
        let size = table.count
        let total = table.joined().reduce(0, +)
        guard size >= 2, total >= 2, table.allSatisfy({ $0.count == size }) else { return .notEstimable(pairs: total) }
        let n = Double(total)
        let cells = table.map { $0.map { Double($0) / n } }
        let rows = cells.map { $0.reduce(0, +) }
        let columns = (0..<size).map { column in cells.reduce(0) { $0 + $1[column] } }
        // A rater who gave everything the same rating told nothing apart: kappa would be 0 or 0/0, and neither is true.
        guard rows.filter({ $0 > 0 }).count > 1, columns.filter({ $0 > 0 }).count > 1 else {
            return .notEstimable(pairs: total)
        }
        let weight = weights.table(size)
        let observed = sum(size) { cells[$0][$1] * weight[$0][$1] }
        let expected = sum(size) { rows[$0] * columns[$1] * weight[$0][$1] }
        guard expected < 1 else { return .notEstimable(pairs: total) }
        let kappa = (observed - expected) / (1 - expected)
        let ofRow = (0..<size).map { row in (0..<size).reduce(0) { $0 + columns[$1] * weight[row][$1] } }
        let ofColumn = (0..<size).map { column in (0..<size).reduce(0) { $0 + rows[$1] * weight[$1][column] } }
        let spread = sum(size) { row, column in
            let distance = weight[row][column] - (ofRow[row] + ofColumn[column]) * (1 - kappa)
            return cells[row][column] * distance * distance
        }
        let mean = kappa - expected * (1 - kappa)
        let variance = max(0, spread - mean * mean) / (n * (1 - expected) * (1 - expected))
        let error = variance.squareRoot()
        let reach = NormalDistribution.quantile((1 + level) / 2) * error
        let interval = ConfidenceInterval(low: max(-1, kappa - reach), high: min(1, kappa + reach), level: level)
        return .estimate(Estimate(value: kappa, standardError: error, interval: interval), pairs: total)
    }

    private static func sum(_ size: Int, _ term: (Int, Int) -> Double) -> Double {
        (0..<size).reduce(0) { total, row in (0..<size).reduce(total) { $0 + term(row, $1) } }
    }
}

extension RaterAgreement.Weights {
    /// How much each pair of ratings agrees, 1 for the same.
    fileprivate func table(_ size: Int) -> [[Double]] {
        (0..<size).map { row in
            (0..<size).map { column in
                let distance = Double(abs(row - column)) / Double(size - 1)
                return switch self {
                case .none: row == column ? 1 : 0
                case .linear: 1 - distance
                case .quadratic: 1 - distance * distance
                }
            }
        }
    }
}
