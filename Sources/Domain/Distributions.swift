/// The standard normal distribution.
public enum NormalDistribution {
    /// Φ(x), the probability of a value up to `x`.
    ///
    /// Near the middle by the series φ(x)·Σ x²ᵏ⁺¹ ⁄ (1·3·5…) (Abramowitz and Stegun 26.2.11), in the tails by the
    /// continued fraction 26.2.14. Both agree with tables to 14 digits; the tails keep their relative accuracy.
    public static func cumulative(_ x: Double) -> Double {
        guard x.isFinite else { return x.isNaN ? .nan : x < 0 ? 0 : 1 }
        let size = abs(x)
        if size > 38 { return x < 0 ? 0 : 1 }
        let density = Elementary.exp(-x * x / 2) / squareRootOfTwoPi
        guard size > 3 else {
            var term = size
            var sum = size
            var odd = 1.0
            while abs(term) > sum.magnitude * 1e-17, odd < 400 {
                odd += 2
                term *= x * x / odd
                sum += term
            }
            return x < 0 ? 0.5 - density * sum : 0.5 + density * sum
        }
        var fraction = size
        for step in stride(from: 120.0, through: 1, by: -1) { fraction = size + step / fraction }
        let tail = density / fraction
        return x < 0 ? tail : 1 - tail
    }

    /// The value below which a share `p` lies; infinite at 0 and 1, not a number outside.
    ///
    /// Wichura's algorithm AS 241 (PPND16, Applied Statistics 37, 1988), accurate to about 1 part in 10¹⁶.
    public static func quantile(_ p: Double) -> Double {
        guard p > 0, p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
        let q = p - 0.5
        if abs(q) <= 0.425 {
            let r = 0.180625 - q * q
            return q * polynomial(middleTop, r) / polynomial(middleBottom, r)
        }
        let r = (-Elementary.log(q < 0 ? p : 1 - p)).squareRoot()
        let size =
            r <= 5
            ? polynomial(tailTop, r - 1.6) / polynomial(tailBottom, r - 1.6)
            : polynomial(farTop, r - 5) / polynomial(farBottom, r - 5)
        return q < 0 ? -size : size
    }

    /// The probability of a value at least as far from 0 as `z`, on either side.
    public static func twoSided(_ z: Double) -> Double { 2 * cumulative(-abs(z)) }

    private static let squareRootOfTwoPi = (2 * Double.pi).squareRoot()

    /// Horner's rule, the constant first.
    private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
        coefficients.reversed().reduce(0) { $0 * x + $1 }
    }

    // The published coefficients of AS 241.
    private static let middleTop = [
        3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
        45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
    ]
    private static let middleBottom = [
        1.0, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077, 21213.794301586595867,
        39307.895800092710610, 28729.085735721942674, 5226.4952788528545610,
    ]
    private static let tailTop = [
        1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
        1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833, 7.74545014278341407640e-4,
    ]
    private static let tailBottom = [
        1.0, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550, 0.148103976427480074590,
        0.0151986665636164571966, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
    ]
    private static let farTop = [
        6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 0.296560571828504891230,
        0.0265321895265761230930, 0.00124266094738807843860, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
    ]
    private static let farBottom = [
        1.0, 0.599832206555887937690, 0.136929880922735805310, 0.0148753612908506148525, 7.86869131145613259100e-4,
        1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
    ]
}

/// Student's t distribution with a whole number of degrees of freedom.
public enum StudentDistribution {
    /// Beyond this many degrees of freedom t and the normal distribution agree to six digits, and the normal is used.
    private static let largestDegrees = 1_000_000

    /// The probability of a value up to `t`; not a number without a degree of freedom.
    ///
    /// For whole degrees of freedom the probability is a finite sum (Abramowitz and Stegun 26.7.3 and 26.7.4), so that
    /// nothing is approximated but the rounding of each term.
    public static func cumulative(_ t: Double, degrees: Int) -> Double {
        guard degrees >= 1, !t.isNaN else { return .nan }
        guard degrees <= largestDegrees else { return NormalDistribution.cumulative(t) }
        guard t.isFinite else { return t < 0 ? 0 : 1 }
        let inside = inside(abs(t), degrees: degrees)
        return t < 0 ? (1 - inside) / 2 : (1 + inside) / 2
    }

    /// The value below which a share `p` lies: by halving the bracket until two neighbouring numbers hold it.
    public static func quantile(_ p: Double, degrees: Int) -> Double {
        guard degrees >= 1, p > 0, p < 1 else {
            return degrees < 1 || p.isNaN || p < 0 || p > 1 ? .nan : p == 0 ? -.infinity : .infinity
        }
        guard degrees <= largestDegrees else { return NormalDistribution.quantile(p) }
        if p == 0.5 { return 0 }
        if p < 0.5 { return -quantile(1 - p, degrees: degrees) }
        var low = 0.0
        var high = 2.0
        while cumulative(high, degrees: degrees) < p, high < 1e12 { (low, high) = (high, high * 2) }
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if middle <= low || middle >= high { break }
            if cumulative(middle, degrees: degrees) < p { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The probability of a value at least as far from 0 as `t`, on either side.
    public static func twoSided(_ t: Double, degrees: Int) -> Double {
        2 * cumulative(-abs(t), degrees: degrees)
    }

    /// A(t|ν), the probability between −t and t.
    private static func inside(_ t: Double, degrees: Int) -> Double {
        let angle = Elementary.arctangent(t / Double(degrees).squareRoot())
        let cosine = (Double(degrees) / (Double(degrees) + t * t)).squareRoot()
        let sine = t / (Double(degrees) + t * t).squareRoot()
        let square = cosine * cosine
        let isOdd = degrees % 2 == 1
        if degrees == 1 { return 2 * angle / .pi }
        // Odd: cos θ (1 + 2/3 cos²θ + 2·4/(3·5) cos⁴θ …); even: 1 + 1/2 cos²θ + 1·3/(2·4) cos⁴θ …
        var term = isOdd ? cosine : 1
        var sum = term
        var step = isOdd ? 3 : 2
        while step <= degrees - 2 {
            term *= square * Double(step - 1) / Double(step)
            sum += term
            step += 2
        }
        return isOdd ? 2 / .pi * (angle + sine * sum) : sine * sum
    }
}
