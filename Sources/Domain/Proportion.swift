/// A part of a whole, that keeps both numbers: every share in a report can be traced to what was counted.
public struct Proportion: Hashable, Sendable {
    /// How many.
    public let numerator: Int
    /// Of how many; not negative.
    public let denominator: Int

    /// `numerator` of `denominator`; nil when that is no proportion.
    public init?(_ numerator: Int, of denominator: Int) {
        guard denominator >= 0, (0...denominator).contains(numerator) else { return nil }
        self.numerator = numerator
        self.denominator = denominator
    }

    /// As a percentage, rounded half up in whole numbers: 7 of 112 is `6.3`. Nil when there is nothing to divide by.
    public func percent(places: Int = 1) -> String? {
        Decimals.quotient(numerator * 100, by: denominator, places: places)
    }

    /// The 95 % interval of Wilson (1927), which stays within 0 and 1 and is honest for small numbers. Nil for 0 of 0.
    ///
    /// Floating point is right here: an interval is an estimate, and only its rounded ends are shown.
    public var wilson95: (low: Double, high: Double)? {
        guard denominator > 0 else { return nil }
        let z = 1.959_963_984_540_054
        let n = Double(denominator)
        let share = Double(numerator) / n
        let scale = 1 + z * z / n
        let centre = (share + z * z / (2 * n)) / scale
        let half = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot() / scale
        // At the ends the formula is exactly 0 or 1; rounding must not cross them.
        return (numerator == 0 ? 0 : max(0, centre - half), numerator == denominator ? 1 : min(1, centre + half))
    }
}

/// Decimals in whole numbers, rounded half up as official statistics are. Never floating point.
public enum Decimals {
    /// A quotient to so many places, halves away from zero. Nil when dividing by nothing, or out of range.
    public static func quotient(_ dividend: Int, by divisor: Int, places: Int) -> String? {
        guard divisor > 0, (0...9).contains(places) else { return nil }
        let scale = (0..<places).reduce(1) { value, _ in value * 10 }
        let (scaled, overflow) = dividend.magnitude.multipliedReportingOverflow(by: UInt(scale))
        guard !overflow else { return nil }
        let (whole, rest) = scaled.quotientAndRemainder(dividingBy: UInt(divisor))
        let rounded = rest >= UInt(divisor) - rest ? whole + 1 : whole
        return text(rounded, places: places, negative: dividend < 0 && rounded > 0)
    }

    /// Reads a decimal as people type it, `22.6`, into hundredths. Nil when it is none, is negative, has more decimal places
    /// than allowed, or has more digits than the database keeps.
    public static func hundredths(_ text: String, places: Int = 2) -> Int? {
        let parts = text.trimmed.split(separator: ".", omittingEmptySubsequences: false)
        let digits = parts.joined()
        guard (1...2).contains(parts.count), (0...2).contains(places), (1...10).contains(parts[0].count),
            digits.utf8.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        let decimals = parts.count == 2 ? parts[1].count : 0
        guard parts.count == 1 || decimals >= 1, decimals <= places, let value = Int(digits) else { return nil }
        return value * [100, 10, 1][decimals]
    }

    private static func text(_ value: UInt, places: Int, negative: Bool) -> String {
        var digits = String(value)
        if digits.count <= places { digits = String(repeating: "0", count: places + 1 - digits.count) + digits }
        let sign = negative ? "-" : ""
        return places == 0 ? sign + digits : "\(sign)\(digits.dropLast(places)).\(digits.suffix(places))"
    }
}
