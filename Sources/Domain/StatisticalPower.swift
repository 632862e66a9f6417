/// What a trial is planned with, and the smallest effect that it could find.
public struct StatisticalPower: Hashable, Sendable {
    /// The accepted chance of a false alarm, both sides: 0.05.
    public var alpha: Double
    /// The wanted chance of finding an effect that is there: 0.8.
    public var power: Double
    /// The share of units in the intervention group, usually 0.5.
    public var allocation: Double
    /// Units measured at the end, all groups together.
    public var units: Double
    /// Groups that are allocated as one, such as schools; nil where people are allocated one by one.
    public var clusters: Int?
    /// How alike members of one group are (ρ); only with groups.
    public var intraclassCorrelation: Double
    /// The share of variance that the baseline explains, within and between groups.
    public var baselineR2: Double

    /// A plan with its figures.
    public init(
        alpha: Double = 0.05, power: Double = 0.8, allocation: Double = 0.5, units: Double, clusters: Int? = nil,
        intraclassCorrelation: Double = 0, baselineR2: Double = 0
    ) {
        self.alpha = alpha
        self.power = power
        self.allocation = allocation
        self.units = units
        self.clusters = clusters
        self.intraclassCorrelation = intraclassCorrelation
        self.baselineR2 = baselineR2
    }

    /// The smallest effect that the trial could find, in standard deviations; nil where the figures bear none.
    ///
    /// `M·√((1−R²)/(P(1−P)N))` for people allocated one by one, and for groups
    /// `M·√(ρ(1−R²)/(P(1−P)J) + (1−ρ)(1−R²)/(P(1−P)N))` with N = J·n, where M = t(α/2) + t(power) with N−2 or, for
    /// groups, J−2 degrees of freedom (Bloom 2005; Dong and Maynard 2013).
    public var smallestDetectableEffect: Double? {
        let shares = [alpha, power, allocation]
        guard shares.allSatisfy({ $0 > 0 && $0 < 1 }), (0..<1).contains(baselineR2),
            (0...1).contains(intraclassCorrelation), units > 2, let multiplier
        else { return nil }
        let split = allocation * (1 - allocation)
        let left = 1 - baselineR2
        guard let clusters else { return multiplier * (left / (split * units)).squareRoot() }
        let between = intraclassCorrelation * left / (split * Double(clusters))
        let within = (1 - intraclassCorrelation) * left / (split * units)
        return multiplier * (between + within).squareRoot()
    }

    /// M = t(α/2) + t(power): 2.80 for large trials at 5 % and 80 %. Nil with fewer than three units or groups.
    public var multiplier: Double? {
        let degrees = (clusters ?? Int(min(units, 1e9))) - 2
        guard degrees >= 1 else { return nil }
        return StudentDistribution.quantile(1 - alpha / 2, degrees: degrees)
            + StudentDistribution.quantile(power, degrees: degrees)
    }

    /// How much larger a trial in groups must be than one without: 1 + (m−1)ρ for groups of m.
    public static func designEffect(clusterSize: Double, intraclassCorrelation: Double) -> Double {
        1 + (clusterSize - 1) * intraclassCorrelation
    }

    /// Whether a figure that somebody entered is the computed one, within a share such as 0.05 of it.
    public static func agrees(_ entered: Double, with computed: Double, within share: Double) -> Bool {
        abs(entered - computed) <= abs(computed) * share + 1e-12
    }
}
