/// From where to where an estimate may lie, at a level such as 0.95.
public struct ConfidenceInterval: Hashable, Sendable {
    /// The lower end.
    public let low: Double
    /// The upper end.
    public let high: Double
    /// How sure: 0.95.
    public let level: Double

    /// An interval with its ends.
    public init(low: Double, high: Double, level: Double = 0.95) {
        self.low = low
        self.high = high
        self.level = level
    }

    /// Whether a value lies within, ends included.
    public func contains(_ value: Double) -> Bool { low <= value && value <= high }
}

/// An estimate with its uncertainty.
public struct Estimate: Hashable, Sendable {
    /// The estimate.
    public let value: Double
    /// Its standard error; on the scale of the logarithm for ratios.
    public let standardError: Double
    /// Where it may lie.
    public let interval: ConfidenceInterval

    /// An estimate with its parts.
    public init(value: Double, standardError: Double, interval: ConfidenceInterval) {
        self.value = value
        self.standardError = standardError
        self.interval = interval
    }
}

/// One group's mean with its spread.
public struct GroupMean: Hashable, Sendable {
    /// How many were measured.
    public let count: Int
    /// Their mean.
    public let mean: Double
    /// Their standard deviation.
    public let deviation: Double

    /// A group with its figures.
    public init(count: Int, mean: Double, deviation: Double) {
        self.count = count
        self.mean = mean
        self.deviation = deviation
    }
}

/// The share of one group that has an outcome.
public struct GroupShare: Hashable, Sendable {
    /// How many are in the group.
    public let count: Int
    /// Which share of them has the outcome, from 0 to 1.
    public let share: Double

    /// A group with its share; nil for nobody, or where it is no share.
    public init?(count: Int, share: Double) {
        guard count > 0, (0...1).contains(share) else { return nil }
        self.count = count
        self.share = share
    }

    /// The same from counts.
    public init?(_ proportion: Proportion) {
        guard let share = proportion.share else { return nil }
        self.init(count: proportion.denominator, share: share)
    }

    /// The interval of Wilson (1927), which stays within 0 and 1 and is honest for small numbers.
    public func wilson(level: Double = 0.95) -> ConfidenceInterval {
        let z = NormalDistribution.quantile((1 + level) / 2)
        let n = Double(count)
        let scale = 1 + z * z / n
        let centre = (share + z * z / (2 * n)) / scale
        let half = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot() / scale
        // At the ends the formula is exactly 0 or 1; rounding must not cross them.
        return ConfidenceInterval(
            low: share == 0 ? 0 : max(0, centre - half), high: share == 1 ? 1 : min(1, centre + half), level: level)
    }
}

/// Two groups compared, intervention less comparison. Floating point is right here: these are estimates, and only their
/// rounded figures are shown.
public enum Comparison {
    /// The difference of two shares with the standard error √(p₁q₁/n₁ + p₂q₂/n₂) and its normal interval: −0.086 is 8.6
    /// percentage points less.
    public static func difference(
        _ intervention: GroupShare, _ comparison: GroupShare, level: Double = 0.95
    ) -> Estimate {
        let variance = [intervention, comparison].reduce(0) { $0 + $1.share * (1 - $1.share) / Double($1.count) }
        return around(intervention.share - comparison.share, variance.squareRoot(), level)
    }

    /// The same difference with the interval of Newcombe (1998, method 10), made of the Wilson intervals of both shares:
    /// right for small groups too.
    public static func newcombe(
        _ intervention: GroupShare, _ comparison: GroupShare, level: Double = 0.95
    ) -> ConfidenceInterval {
        let (one, other) = (intervention.share, comparison.share)
        let (first, second) = (intervention.wilson(level: level), comparison.wilson(level: level))
        let below = root(squared(one - first.low) + squared(second.high - other))
        let above = root(squared(first.high - one) + squared(other - second.low))
        return ConfidenceInterval(low: one - other - below, high: one - other + above, level: level)
    }

    /// The ratio of two shares with the interval of Katz (1978), made on the scale of the logarithm. Nil where a group
    /// has nobody with the outcome.
    public static func riskRatio(
        _ intervention: GroupShare, _ comparison: GroupShare, level: Double = 0.95
    ) -> Estimate? {
        guard intervention.share > 0, comparison.share > 0 else { return nil }
        let variance = [intervention, comparison].reduce(0) { $0 + (1 - $1.share) / ($1.share * Double($1.count)) }
        return ratio(intervention.share / comparison.share, variance.squareRoot(), level)
    }

    /// The ratio of two odds with Woolf's interval. Nil where a group has nobody, or everybody, with the outcome.
    public static func oddsRatio(
        _ intervention: GroupShare, _ comparison: GroupShare, level: Double = 0.95
    ) -> Estimate? {
        let both = [intervention, comparison]
        guard both.allSatisfy({ $0.share > 0 && $0.share < 1 }) else { return nil }
        let variance = both.reduce(0) { $0 + 1 / (Double($1.count) * $1.share * (1 - $1.share)) }
        func odds(_ group: GroupShare) -> Double { group.share / (1 - group.share) }
        return ratio(odds(intervention) / odds(comparison), variance.squareRoot(), level)
    }

    /// The difference of two means with the standard error of Welch and a normal interval.
    public static func meanDifference(
        _ intervention: GroupMean, _ comparison: GroupMean, level: Double = 0.95
    ) -> Estimate? {
        guard intervention.count > 1, comparison.count > 1 else { return nil }
        let first = squared(intervention.deviation) / Double(intervention.count)
        let second = squared(comparison.deviation) / Double(comparison.count)
        return around(intervention.mean - comparison.mean, (first + second).squareRoot(), level)
    }

    /// Hedges' g: the difference of means in pooled standard deviations, with the correction 1 − 3/(4ν − 1) for small
    /// groups, and its standard error (Borenstein and others 2009, chapter 4). Nil without spread.
    public static func hedgesG(_ intervention: GroupMean, _ comparison: GroupMean, level: Double = 0.95) -> Estimate? {
        guard intervention.count > 1, comparison.count > 1 else { return nil }
        let (n, m) = (Double(intervention.count), Double(comparison.count))
        let degrees = n + m - 2
        let pooled = root(
            ((n - 1) * squared(intervention.deviation) + (m - 1) * squared(comparison.deviation)) / degrees)
        guard pooled > 0 else { return nil }
        let correction = 1 - 3 / (4 * degrees - 1)
        let raw = (intervention.mean - comparison.mean) / pooled
        return around(correction * raw, correction * root((n + m) / (n * m) + squared(raw) / (2 * (n + m))), level)
    }

    private static func around(_ value: Double, _ error: Double, _ level: Double) -> Estimate {
        let reach = NormalDistribution.quantile((1 + level) / 2) * error
        return Estimate(
            value: value, standardError: error,
            interval: ConfidenceInterval(low: value - reach, high: value + reach, level: level))
    }

    private static func ratio(_ value: Double, _ error: Double, _ level: Double) -> Estimate {
        let reach = NormalDistribution.quantile((1 + level) / 2) * error
        let interval = ConfidenceInterval(
            low: value * Elementary.exp(-reach), high: value * Elementary.exp(reach), level: level)
        return Estimate(value: value, standardError: error, interval: interval)
    }

    private static func squared(_ x: Double) -> Double { x * x }
    private static func root(_ x: Double) -> Double { x.squareRoot() }
}

extension Proportion {
    /// As a share from 0 to 1; nil of nothing.
    public var share: Double? { denominator > 0 ? Double(numerator) / Double(denominator) : nil }
}
