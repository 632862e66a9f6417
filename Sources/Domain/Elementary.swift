/// The few functions of analysis that the formulae need. The rooms of this house that decide import no mathematics
/// library, which also makes the same figures come out on every machine. Each is accurate to a few units in the last place;
/// a test holds them to published values.
enum Elementary {
    private static let logarithmOfTwo = 0.693_147_180_559_945_309_4
    /// The same in two parts, so that their product with a whole number loses nothing.
    private static let twoHigh = 0.693_147_180_369_123_816_49
    private static let twoLow = 1.908_214_929_270_587_700_02e-10

    /// eˣ: x is brought within half of ln 2 of zero, where the series is short, and the rest is a power of two.
    static func exp(_ x: Double) -> Double {
        guard !x.isNaN else { return .nan }
        if x > 709.79 { return .infinity }
        if x < -745.2 { return 0 }
        let power = (x / logarithmOfTwo).rounded()
        let rest = (x - power * twoHigh) - power * twoLow
        var term = 1.0
        var sum = 1.0
        for step in 1...20 {
            term *= rest / Double(step)
            sum += term
        }
        return Double(sign: .plus, exponent: Int(power), significand: sum)
    }

    /// ln x: the exponent counts in ln 2, and the significand m by 2·artanh((m − 1)/(m + 1)).
    static func log(_ x: Double) -> Double {
        guard x > 0 else { return x == 0 ? -.infinity : .nan }
        guard x.isFinite else { return x }
        var exponent = Double(x.exponent)
        var significand = x.significand
        if significand > 1.414_213_562_373_095 {
            significand /= 2
            exponent += 1
        }
        let ratio = (significand - 1) / (significand + 1)
        let square = ratio * ratio
        var sum = 0.0
        for odd in stride(from: 41.0, through: 3, by: -2) { sum = square * (sum + 1 / odd) }
        return exponent * twoHigh + (2 * ratio * (1 + sum) + exponent * twoLow)
    }

    /// The angle whose tangent is x: halved twice, so that the series is short.
    static func arctangent(_ x: Double) -> Double {
        if x < 0 { return -arctangent(-x) }
        if x > 1 { return .pi / 2 - arctangent(1 / x) }
        func halved(_ x: Double) -> Double { x / (1 + (1 + x * x).squareRoot()) }
        let small = halved(halved(x))
        let square = small * small
        var sum = 0.0
        for odd in stride(from: 31.0, through: 3, by: -2) { sum = -square * (1 / odd + sum) }
        return 4 * small * (1 + sum)
    }
}
