/// Chooses which lines of a claim are checked: at random, but the same lines for the same seed on every machine, so that an
/// auditor can repeat the choice from the seed that was stored.
///
/// The algorithm, in full: the generator is SplitMix64 (Steele, Lea and Flood, 2014) with the 64-bit seed as its state. The
/// numbers 1…n stand in order; for i from 0 to k − 1 a number j is drawn from i…n − 1 and the i-th and j-th change places
/// (Fisher and Yates). A draw below a bound takes the generator's next number and throws it away while it is not below the
/// largest multiple of the bound, so that no line is likelier than another. The sample is the first k, k being the given
/// part of n rounded up, and at least one.
public enum ClaimSample {
    /// Which part of the lines is looked at, in hundredths, by how risky the programme is.
    public static func percent(_ risk: RiskLevel?) -> Int {
        switch risk {
        case .low: 10
        case .medium: 25
        // A risk that nobody has judged is treated as high.
        case .high, nil: 100
        }
    }

    /// The numbers of the lines to check, from 1, in ascending order.
    public static func lines(of count: Int, percent: Int, seed: UInt64) -> [Int] {
        guard count > 0, percent > 0 else { return [] }
        let wanted = max(1, min(count, (count * percent + 99) / 100))
        var numbers = Array(1...count)
        var generator = SplitMix64(state: seed)
        for place in 0..<wanted {
            numbers.swapAt(place, place + Int(generator.next(below: UInt64(count - place))))
        }
        return numbers.prefix(wanted).sorted()
    }

    /// The generator.
    struct SplitMix64 {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }

        /// A number from 0 up to but not including the bound, each as likely as the others.
        mutating func next(below bound: UInt64) -> UInt64 {
            let limit = UInt64.max - UInt64.max % bound
            while true {
                let number = next()
                if number < limit { return number % bound }
            }
        }
    }
}
