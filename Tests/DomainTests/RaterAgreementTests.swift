import Testing

@testable import Domain

@Suite("Agreement of raters")
struct RaterAgreementTests {
    /// Two raters, a published table of counts, and what the source gives: kappa, standard error, 95 % interval.
    struct Published: Sendable, CustomTestStringConvertible {
        let source: String
        let table: [[Int]]
        let weights: RaterAgreement.Weights
        let kappa: Double
        let error: Double
        let low: Double
        let high: Double
        var testDescription: String { source }
    }

    static let published = [
        Published(
            source: "SAS/STAT FREQ, skin conditions, unweighted",
            table: [[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]], weights: .none, kappa: 0.3449,
            error: 0.0724, low: 0.2030, high: 0.4868),
        Published(
            source: "SAS/STAT FREQ, skin conditions, Cicchetti–Allison (linear)",
            table: [[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]], weights: .linear, kappa: 0.5082,
            error: 0.0655, low: 0.3798, high: 0.6366),
        Published(
            source: "Fleiss, Levin and Paik 2003, table 18.1", table: [[75, 1, 4], [5, 4, 1], [0, 0, 10]],
            weights: .none,
            kappa: 0.676, error: 0.088, low: 0.504, high: 0.848),
        Published(
            source: "Agresti 2002, pathologists",
            table: [[22, 2, 2, 0], [5, 7, 14, 0], [0, 2, 36, 0], [0, 1, 17, 10]],
            weights: .none, kappa: 0.493, error: 0.057, low: 0.382, high: 0.604),
        Published(
            source: "Fleiss, Cohen and Everitt 1969, kappa 0.429", table: [[106, 10, 4], [22, 28, 10], [2, 12, 6]],
            weights: .none, kappa: 0.429, error: 0.054, low: 0.323, high: 0.534),
    ]

    @Test("kappa is as published", arguments: published)
    func reference(case published: Published) throws {
        guard
            case .estimate(let estimate, let pairs) = RaterAgreement.kappa(
                table: published.table, weights: published.weights)
        else {
            Issue.record("not estimable")
            return
        }
        let places = published.kappa.description.count > 5 ? 0.000_05 : 0.000_5
        #expect(pairs == published.table.joined().reduce(0, +))
        #expect(abs(estimate.value - published.kappa) <= places + 0.000_001)
        #expect(abs(estimate.standardError - published.error) <= 0.000_5)
        #expect(abs(estimate.interval.low - published.low) <= 0.000_6)
        #expect(abs(estimate.interval.high - published.high) <= 0.000_6)
    }

    @Test("quadratic weights forgive near misses more than linear ones")
    func weights() throws {
        let table = [[22, 2, 2, 0], [5, 7, 14, 0], [0, 2, 36, 0], [0, 1, 17, 10]]
        let values = RaterAgreement.Weights.allCases.compactMap { weights -> Double? in
            guard case .estimate(let estimate, _) = RaterAgreement.kappa(table: table, weights: weights) else {
                return nil
            }
            return estimate.value
        }
        // 0.6488 and 0.7838 from the formula, by hand.
        #expect(values.count == 3 && values[0] < values[1] && values[1] < values[2])
        #expect(abs(values[1] - 0.6488) < 0.0001 && abs(values[2] - 0.7838) < 0.0001)
    }

    @Test("constant ratings are not estimable, and never 1")
    func constant() {
        #expect(
            RaterAgreement.kappa([(3, 3), (3, 3), (3, 3)], highest: 4, weights: .quadratic) == .notEstimable(pairs: 3))
        #expect(
            RaterAgreement.kappa([(3, 2), (3, 4), (3, 3)], highest: 4, weights: .linear) == .notEstimable(pairs: 3))
        #expect(RaterAgreement.kappa([(2, 1)], highest: 4, weights: .none) == .notEstimable(pairs: 1))
        #expect(RaterAgreement.kappa([], highest: 4, weights: .none) == .notEstimable(pairs: 0))
    }

    @Test("full agreement on different things is 1, with an interval of no width")
    func perfect() {
        guard
            case .estimate(let estimate, let pairs) = RaterAgreement.kappa(
                [(0, 0), (2, 2), (4, 4)], highest: 4, weights: .quadratic)
        else {
            Issue.record("not estimable")
            return
        }
        #expect(pairs == 3 && abs(estimate.value - 1) < 1e-12 && estimate.interval.high <= 1)
    }
}
