/// What a result says, computed and never typed: from the interval of the primary outcome and the smallest effect that
/// was said beforehand to be worthwhile.
public enum ResultDirection: String, Sendable, CaseIterable, Codable {
    case positive, negative, null, mixed, uninformative

    /// With an interval [l, u] whose positive side is the better one, and δ the smallest worthwhile effect:
    /// l > 0 positive, u < 0 negative, l ≤ 0 ≤ u < δ null, and uninformative where both no effect and a worthwhile one
    /// are within it, or where nobody said beforehand what is worthwhile.
    public static func of(_ interval: ConfidenceInterval, smallestWorthwhile: Double?) -> ResultDirection {
        if interval.low > 0 { return .positive }
        if interval.high < 0 { return .negative }
        guard let smallestWorthwhile else { return .uninformative }
        return interval.high < abs(smallestWorthwhile) ? .null : .uninformative
    }

    /// What several primary outcomes say together: mixed where they disagree. Nil without any.
    public static func of(_ primaries: [ResultDirection]) -> ResultDirection? {
        guard let first = primaries.first else { return nil }
        return primaries.allSatisfy { $0 == first } ? first : .mixed
    }

    /// As people say it.
    public var label: String {
        switch self {
        case .positive: "Better outcomes"
        case .negative: "Worse outcomes"
        case .null: "No worthwhile difference"
        case .mixed: "Mixed"
        case .uninformative: "Cannot tell"
        }
    }

    /// What it means, in a sentence for everybody.
    public var sentence: String {
        switch self {
        case .positive: "Outcomes were better for those who took part, beyond what chance explains."
        case .negative: "Outcomes were worse for those who took part, beyond what chance explains."
        case .null: "There was no difference worth having. The study was large enough to find one."
        case .mixed: "The main outcomes point in different directions."
        case .uninformative:
            "The study cannot tell whether there is a worthwhile difference or none: it leaves both possible."
        }
    }
}

/// In what an effect is counted.
public enum EffectMetric: String, Sendable, CaseIterable, Codable {
    case percentagePoints = "pp", standardised = "smd", riskRatio = "rr", oddsRatio = "or",
        meanDifference = "mean_difference", pounds = "gbp"

    /// As people say it.
    public var label: String {
        switch self {
        case .percentagePoints: "Percentage points"
        case .standardised: "Standardised mean difference (Hedges’ g)"
        case .riskRatio: "Risk ratio"
        case .oddsRatio: "Odds ratio"
        case .meanDifference: "Mean difference"
        case .pounds: "Pounds"
        }
    }

    /// Whether no effect is 1 rather than 0.
    public var isRatio: Bool { self == .riskRatio || self == .oddsRatio }

    /// The figure that means no effect.
    public var noEffect: Double { isRatio ? 1 : 0 }

    /// An interval turned so that the positive side is the better one: ratios by their logarithm, and the other way round
    /// where lower is better. Nil for a ratio that is not above zero.
    public func beneficial(_ interval: ConfidenceInterval, higherIsBetter: Bool) -> ConfidenceInterval? {
        var (low, high) = (interval.low, interval.high)
        if isRatio {
            guard low > 0, high > 0 else { return nil }
            (low, high) = (Elementary.log(low), Elementary.log(high))
        }
        return higherIsBetter
            ? ConfidenceInterval(low: low, high: high, level: interval.level)
            : ConfidenceInterval(low: -high, high: -low, level: interval.level)
    }

    /// The smallest worthwhile effect on the same scale.
    public func size(_ smallestWorthwhile: Double) -> Double {
        isRatio && smallestWorthwhile > 0 ? abs(Elementary.log(smallestWorthwhile)) : abs(smallestWorthwhile)
    }
}
