/// A figure as official statistics print it: a decimal, kept exactly.
public struct ExactDecimal: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The digits without the point; negative below nought.
    public let units: Int
    /// How many of them stand after the point.
    public let places: Int

    /// So many units of the last place: `ExactDecimal(units: 226, places: 1)` is 22.6.
    public init(units: Int, places: Int = 0) {
        self.units = units
        self.places = places
    }

    /// Reads `22.6` or `-0.5`, of at most 15 digits before and 6 after the point. Nil for anything else, letters
    /// among it.
    public init?(_ text: some StringProtocol) {
        let negative = text.first == "-"
        let parts = text.dropFirst(negative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), text.utf8.count - parts.joined().utf8.count <= 2,
            (1...12).contains(parts[0].utf8.count), parts.count == 1 || (1...6).contains(parts[1].utf8.count),
            parts.joined().utf8.allSatisfy({ (48...57).contains($0) }), let units = Int(parts.joined())
        else { return nil }
        self.init(units: negative ? -units : units, places: parts.count == 2 ? parts[1].utf8.count : 0)
    }

    /// `22.6`.
    public var description: String {
        guard places > 0 else { return String(units) }
        var digits = String(units.magnitude)
        if digits.utf8.count <= places {
            digits = String(repeating: "0", count: places + 1 - digits.utf8.count) + digits
        }
        return "\(units < 0 ? "-" : "")\(digits.dropLast(places)).\(digits.suffix(places))"
    }

    /// The same figure with so many places, rounded half up (away from nought).
    public func rounded(to wanted: Int) -> ExactDecimal {
        guard places > wanted else {
            return ExactDecimal(units: units * ExactDecimal.power(wanted - places), places: wanted)
        }
        let divisor = ExactDecimal.power(places - wanted)
        let whole = Int(units.magnitude) / divisor
        let up = Int(units.magnitude) % divisor * 2 >= divisor ? whole + 1 : whole
        return ExactDecimal(units: units < 0 ? -up : up, places: wanted)
    }

    /// By value: 22.6 and 22.60 are the same.
    public static func == (left: ExactDecimal, right: ExactDecimal) -> Bool {
        let (a, b, _) = aligned(left, right)
        return a == b
    }

    /// By value.
    public func hash(into hasher: inout Hasher) {
        var figure = self
        while figure.places > 0, figure.units % 10 == 0 {
            figure = ExactDecimal(units: figure.units / 10, places: figure.places - 1)
        }
        hasher.combine(figure.units)
        hasher.combine(figure.places)
    }

    /// By value.
    public static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
        let (a, b, _) = aligned(left, right)
        return a < b
    }

    /// Sum.
    public static func + (left: ExactDecimal, right: ExactDecimal) -> ExactDecimal {
        let (a, b, places) = aligned(left, right)
        return ExactDecimal(units: a + b, places: places)
    }

    /// Difference.
    public static func - (left: ExactDecimal, right: ExactDecimal) -> ExactDecimal {
        let (a, b, places) = aligned(left, right)
        return ExactDecimal(units: a - b, places: places)
    }

    private static func aligned(_ left: ExactDecimal, _ right: ExactDecimal) -> (Int, Int, Int) {
        let places = max(left.places, right.places)
        return (left.units * power(places - left.places), right.units * power(places - right.places), places)
    }

    static func power(_ exponent: Int) -> Int { (0..<max(0, exponent)).reduce(1) { value, _ in value * 10 } }
}

/// How a published figure follows from its counts. Decimal, rounded half up: binary floating point and half-even
/// rounding each get published values wrong.
public enum IndicatorFormula {
    /// `numerator ⁄ denominator × scale`, to so many places. Nil when there is nothing to divide by, or it is out of
    /// range.
    ///
    ///     IndicatorFormula.rate(ExactDecimal(units: 7), of: ExactDecimal(units: 112), scale: 100, decimals: 1)  // 6.3
    public static func rate(_ numerator: ExactDecimal, of denominator: ExactDecimal, scale: Int, decimals: Int)
        -> ExactDecimal?
    {
        guard denominator.units > 0, (0...6).contains(decimals), scale > 0 else { return nil }
        // Both without their points, over one denominator; one place more than wanted decides the half.
        let (top, overflowed) = numerator.units.multipliedReportingOverflow(
            by: scale * ExactDecimal.power(denominator.places + decimals))
        let (bottom, toolong) = denominator.units.multipliedReportingOverflow(by: ExactDecimal.power(numerator.places))
        guard !overflowed, !toolong else { return nil }
        let (whole, rest) = top.magnitude.quotientAndRemainder(dividingBy: bottom.magnitude)
        let units = Int(rest >= bottom.magnitude - rest ? whole + 1 : whole)
        return ExactDecimal(units: top < 0 ? -units : units, places: decimals)
    }

    /// The figure of many areas together: their counts added up, never the mean of their rates. Areas without both
    /// counts are left out, and counted.
    public static func pooled(
        _ areas: [(numerator: ExactDecimal?, denominator: ExactDecimal?)], scale: Int, decimals: Int
    ) -> Pooled {
        var pooled = Pooled(
            numerator: ExactDecimal(units: 0), denominator: ExactDecimal(units: 0), included: 0, excluded: 0, rate: nil)
        for area in areas {
            guard let numerator = area.numerator, let denominator = area.denominator, denominator.units > 0 else {
                pooled.excluded += 1
                continue
            }
            pooled.numerator = pooled.numerator + numerator
            pooled.denominator = pooled.denominator + denominator
            pooled.included += 1
        }
        pooled.rate = rate(pooled.numerator, of: pooled.denominator, scale: scale, decimals: decimals)
        return pooled
    }

    /// What pooling came to.
    public struct Pooled: Hashable, Sendable {
        /// All that was counted.
        public fileprivate(set) var numerator: ExactDecimal
        /// All that it was counted among.
        public fileprivate(set) var denominator: ExactDecimal
        /// Areas in it.
        public fileprivate(set) var included: Int
        /// Areas without both counts.
        public fileprivate(set) var excluded: Int
        /// The figure; nil when nothing could be divided.
        public fileprivate(set) var rate: ExactDecimal?
    }
}

/// Why a cell of a published table holds no figure. None of these is nought, and none is nothing.
public enum FigureStatus: String, Sendable, CaseIterable, Codable {
    case value, suppressed, notAvailable = "not_available", unreliable, notApplicable = "not_applicable", low, withheld

    /// The letter that stands in its place; nil for a figure.
    public var letter: String? {
        switch self {
        case .value: nil
        case .suppressed: "c"
        case .notAvailable: "x"
        case .unreliable: "u"
        case .notApplicable: "z"
        case .low: "low"
        case .withheld: "-"
        }
    }

    /// What the letter means.
    public var meaning: String {
        switch self {
        case .value: "A figure"
        case .suppressed: "Suppressed, because so few children are counted that one could be known"
        case .notAvailable: "Not available"
        case .unreliable: "Withheld, because the data are not reliable"
        case .notApplicable: "Not applicable"
        case .low: "More than nothing, and rounded to nought"
        case .withheld: "Suppressed or not available; the source does not say which"
        }
    }
}
