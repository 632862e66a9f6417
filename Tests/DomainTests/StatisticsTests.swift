import Testing

@testable import Domain

/// Formulae against published values; the source of each stands beside it.
@Suite("Statistics")
struct StatisticsTests {
    func near(_ value: Double?, _ wanted: Double, within tolerance: Double = 1e-9) -> Bool {
        guard let value else { return false }
        return abs(value - wanted) <= tolerance
    }

    @Test("exponential, logarithm and arctangent keep 15 digits")
    func elementary() {
        #expect(near(Elementary.exp(1), 2.718_281_828_459_045, within: 1e-15))
        #expect(near(Elementary.exp(-20.5) * 1e9, 1.250_152_866_386_743_5, within: 1e-14))
        #expect(Elementary.exp(-800) == 0 && Elementary.exp(800) == .infinity && Elementary.exp(0) == 1)
        #expect(near(Elementary.log(10), 2.302_585_092_994_046, within: 1e-15))
        #expect(near(Elementary.log(1e-10), -23.025_850_929_940_457, within: 1e-13))
        #expect(Elementary.log(1) == 0 && Elementary.log(0) == -.infinity && Elementary.log(-1).isNaN)
        #expect(near(Elementary.arctangent(1), .pi / 4, within: 1e-15))
        #expect(near(Elementary.arctangent(-0.2), -0.197_395_559_849_880_76, within: 1e-16))
        #expect(near(Elementary.arctangent(1e9), .pi / 2 - 1e-9, within: 1e-15))
    }

    @Test("the normal distribution agrees with tables to 14 digits and keeps its tails")
    func normal() {
        #expect(NormalDistribution.cumulative(0) == 0.5)
        #expect(near(NormalDistribution.cumulative(1), 0.841_344_746_068_542_9, within: 1e-15))
        #expect(near(NormalDistribution.cumulative(1.96), 0.975_002_104_851_779_7, within: 1e-15))
        #expect(near(NormalDistribution.cumulative(-3.5), 2.326_290_790_355_250_2e-4, within: 1e-17))
        #expect(near(NormalDistribution.cumulative(-6) * 1e9, 0.986_587_645_037_694_6, within: 1e-12))
        #expect(near(NormalDistribution.quantile(0.975), 1.959_963_984_540_054, within: 1e-14))
        #expect(near(NormalDistribution.quantile(0.8), 0.841_621_233_572_914_3, within: 1e-14))
        #expect(near(NormalDistribution.quantile(1e-10), -6.361_340_902_404_056, within: 1e-13))
        #expect(NormalDistribution.quantile(1) == .infinity && NormalDistribution.quantile(1.1).isNaN)
        for step in 1..<200 {
            let p = Double(step) / 200
            #expect(near(NormalDistribution.cumulative(NormalDistribution.quantile(p)), p, within: 1e-15))
        }
    }

    /// 97.5 % and 80 % points from the tables of Student's t (Fisher and Yates; to more digits from R 4.3).
    @Test(
        "Student's t agrees with tables for few and many degrees of freedom",
        arguments: [
            (1, 12.706_204_736_174_7, 1.376_381_920_471_17), (2, 4.302_652_729_749_46, 1.060_660_171_779_82),
            (3, 3.182_446_305_283_71, 0.978_472_312_363_30), (8, 2.306_004_135_204_17, 0.888_889_517_767_02),
            (10, 2.228_138_851_986_27, 0.879_057_828_550_59), (29, 2.045_229_642_132_70, 0.854_191_985_881_86),
            (120, 1.979_930_405_082_44, 0.844_626_837_743_13), (1000, 1.962_339_080_826_41, 0.841_980_822_162_43),
        ])
    func student(degrees: Int, high: Double, power: Double) {
        #expect(near(StudentDistribution.quantile(0.975, degrees: degrees), high, within: 1e-11))
        #expect(near(StudentDistribution.quantile(0.025, degrees: degrees), -high, within: 1e-11))
        #expect(near(StudentDistribution.quantile(0.8, degrees: degrees), power, within: 1e-12))
        #expect(near(StudentDistribution.cumulative(high, degrees: degrees), 0.975, within: 1e-13))
        #expect(near(StudentDistribution.twoSided(high, degrees: degrees), 0.05, within: 1e-13))
        #expect(StudentDistribution.cumulative(0, degrees: degrees) == 0.5)
    }

    @Test("without degrees of freedom there is no distribution; with very many it is the normal one")
    func edges() {
        #expect(StudentDistribution.quantile(0.9, degrees: 0).isNaN)
        #expect(StudentDistribution.cumulative(1, degrees: 0).isNaN)
        #expect(StudentDistribution.quantile(0.975, degrees: 2_000_000) == NormalDistribution.quantile(0.975))
    }

    /// Data dictionary §4.13: family group conferences.
    @Test(
        "family group conferences: 36.2 % against 44.8 % of about 755 is −8.6 points, SE 2.52, −13.5 to −3.7, RR 0.81")
    func familyGroupConferences() throws {
        let meeting = try #require(GroupShare(count: 755, share: 0.362))
        let usual = try #require(GroupShare(count: 755, share: 0.448))
        let difference = Comparison.difference(meeting, usual)
        #expect(Rounded.text(difference.value * 100, places: 1) == "−8.6")
        #expect(Rounded.text(difference.standardError * 100, places: 2) == "2.52")
        #expect(Rounded.text(difference.interval.low * 100, places: 1) == "−13.5")
        #expect(Rounded.text(difference.interval.high * 100, places: 1) == "−3.7")
        let ratio = try #require(Comparison.riskRatio(meeting, usual))
        #expect(Rounded.text(ratio.value, places: 2) == "0.81")
        #expect(near(ratio.interval.low, 0.714, within: 0.001) && near(ratio.interval.high, 0.914, within: 0.001))
    }

    /// Newcombe, Statistics in Medicine 17 (1998) 873–890, table II, method 10.
    @Test(
        "the interval of Newcombe is as published",
        arguments: [
            (56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (10, 10, 0, 20, 0.6791, 1.0000),
            (5, 56, 0, 29, -0.0381, 0.1926),
        ])
    func newcombe(a: Int, n: Int, b: Int, m: Int, low: Double, high: Double) throws {
        let first = try #require(Proportion(a, of: n).flatMap { GroupShare($0) })
        let second = try #require(Proportion(b, of: m).flatMap { GroupShare($0) })
        let interval = Comparison.newcombe(first, second)
        #expect(near(interval.low, low, within: 0.000_05) && near(interval.high, high, within: 0.000_05))
    }

    @Test("the interval of Wilson is the one that proportions show, and stays within 0 and 1")
    func wilson() throws {
        let seven = try #require(Proportion(7, of: 112))
        let shown = try #require(seven.wilson95)
        let same = try #require(GroupShare(seven)?.wilson())
        #expect(near(same.low, shown.low, within: 1e-12) && near(same.high, shown.high, within: 1e-12))
        #expect(try #require(GroupShare(count: 20, share: 0)).wilson().low == 0)
        #expect(try #require(GroupShare(count: 20, share: 1)).wilson().high == 1)
    }

    /// Borenstein, Hedges, Higgins and Rothstein, Introduction to Meta-Analysis (2009), chapter 4.
    @Test("Hedges’ g is as published: 0.5924 with variance 0.0411")
    func hedges() throws {
        let g = try #require(
            Comparison.hedgesG(
                GroupMean(count: 50, mean: 103, deviation: 5.5), GroupMean(count: 50, mean: 100, deviation: 4.5)))
        #expect(near(g.value, 0.5924, within: 0.000_05))
        #expect(near(g.standardError * g.standardError, 0.0411, within: 0.000_05))
        #expect(
            Comparison.hedgesG(
                GroupMean(count: 5, mean: 1, deviation: 0), GroupMean(count: 5, mean: 1, deviation: 0)) == nil)
    }

    @Test("ratios of nothing are none, and odds are as computed by hand")
    func ratios() throws {
        let none = try #require(GroupShare(count: 10, share: 0))
        let half = try #require(GroupShare(count: 10, share: 0.5))
        #expect(Comparison.riskRatio(none, half) == nil && Comparison.oddsRatio(none, half) == nil)
        let fifth = try #require(GroupShare(count: 100, share: 0.2))
        let odds = try #require(Comparison.oddsRatio(fifth, half))
        #expect(near(odds.value, 0.25))
        #expect(GroupShare(count: 0, share: 0.5) == nil && GroupShare(count: 5, share: 1.2) == nil)
    }

    /// Bloom (1995, 2005): 2.80 standard errors at 5 % and 80 %; 3.11 with 10 degrees of freedom.
    @Test("the smallest detectable effect has Bloom's multiplier and the formulae of the dictionary")
    func power() throws {
        let trial = StatisticalPower(units: 400)
        #expect(near(trial.multiplier, 2.80, within: 0.01))
        #expect(near(trial.smallestDetectableEffect, 0.280_846_760_782_3, within: 1e-10))
        let explained = StatisticalPower(units: 400, baselineR2: 0.5)
        #expect(near(explained.smallestDetectableEffect, 0.198_588_649_023_5, within: 1e-10))
        let groups = StatisticalPower(
            units: 800, clusters: 40, intraclassCorrelation: 0.15, baselineR2: 0.4)
        #expect(near(groups.smallestDetectableEffect, 0.309_040_915_283_1, within: 1e-10))
        let few = StatisticalPower(units: 240, clusters: 12, intraclassCorrelation: 0.1)
        #expect(near(few.multiplier, 3.11, within: 0.005))
    }

    @Test("with no more than two groups, or impossible figures, there is no detectable effect")
    func noPower() {
        #expect(StatisticalPower(units: 100, clusters: 2, intraclassCorrelation: 0.1).smallestDetectableEffect == nil)
        #expect(StatisticalPower(alpha: 0, units: 100).smallestDetectableEffect == nil)
        #expect(StatisticalPower(units: 100, baselineR2: 1).smallestDetectableEffect == nil)
        #expect(StatisticalPower(units: 2).smallestDetectableEffect == nil)
    }

    @Test("groups of 25 with ρ = 0.05 need a trial 2.2 times as large, and 5 % is the tolerance")
    func designEffect() {
        #expect(near(StatisticalPower.designEffect(clusterSize: 25, intraclassCorrelation: 0.05), 2.2))
        #expect(StatisticalPower.agrees(0.21, with: 0.2, within: 0.05))
        #expect(!StatisticalPower.agrees(0.211, with: 0.2, within: 0.05))
    }

    @Test("figures are written with halves away from zero and a real minus")
    func figures() {
        #expect(Rounded.text(0.1255, places: 2) == "0.13" && Rounded.text(-8.6, places: 2) == "−8.6")
        #expect(Rounded.text(2, places: 2, keepingZeros: true) == "2.00" && Rounded.text(-0.001, places: 2) == "0")
        #expect(Rounded.text(.nan) == "–" && TypedDecimal.value("-3.70") == -3.7 && TypedDecimal.value("1e3") == nil)
        #expect(TypedDecimal.value("0x10") == nil && TypedDecimal.value(".5") == nil && TypedDecimal.value("−2") == -2)
    }
}
