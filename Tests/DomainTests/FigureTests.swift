import Testing

@testable import Domain

@Suite("Money, proportions, decimals")
struct FigureTests {
    @Test("money reads what it writes, in both forms")
    func moneyRoundTrip() {
        var pence = 0
        while pence <= Money.maximumPence {
            for sign in [1, -1] {
                let money = Money(pence: pence * sign)
                #expect(Money(money.decimal) == money)
                if sign == 1 { #expect(Money(money.description) == money) }
            }
            pence = pence < 2000 ? pence + 1 : pence * 7 + 13
        }
    }

    @Test(
        "what people type",
        arguments: [
            ("1250", 125_000), ("1,250.5", 125_050), ("£1,250.50", 125_050), ("0.01", 1),
            ("999999999999.99", Money.maximumPence),
        ])
    func typed(text: String, pence: Int) { #expect(Money(text)?.pence == pence) }

    @Test(
        "what is no amount",
        arguments: [
            "", "£", "1.234", "1e3", "12p", "1000000000000.00", "١٢", "1.2.3", "--1", "£-1", "NaN",
            "99999999999999999999",
        ])
    func malformed(text: String) { #expect(Money(text) == nil) }

    @Test("scenario 11: 7 of 112 is 6.3, not 6.2")
    func scenario11() { #expect(Proportion(7, of: 112)?.percent() == "6.3") }

    @Test("rounding half up is exact: compared with whole-number arithmetic for every small fraction")
    func halfUp() throws {
        for denominator in 1...120 {
            for numerator in 0...denominator {
                // In thousandths of a per cent there is no doubt where half lies: n/d ≥ k/1000 + 1/2000.
                let tenths = (numerator * 2000 + denominator) / (2 * denominator)
                let want = "\(tenths / 10).\(tenths % 10)"
                #expect(
                    Proportion(numerator, of: denominator)?.percent(places: 1) == want, "\(numerator)/\(denominator)")
            }
        }
        #expect(Proportion(1, of: 8)?.percent(places: 1) == "12.5")
        #expect(Proportion(1, of: 8)?.percent(places: 0) == "13")
        #expect(Proportion(0, of: 0)?.percent() == nil)
        #expect(Proportion(2, of: 1) == nil && Proportion(-1, of: 1) == nil)
        #expect(Decimals.quotient(-1, by: 8, places: 2) == "-0.13")
        #expect(Decimals.quotient(-1, by: 8000, places: 2) == "0.00")
        #expect(Decimals.quotient(Int.max, by: 3, places: 9) == nil)
    }

    @Test(
        "Wilson's interval matches published values",
        arguments: [
            // Newcombe (1998), Statistics in Medicine 17, table I, method 3: score without continuity correction.
            (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718),
        ])
    func wilson(numerator: Int, denominator: Int, low: Double, high: Double) throws {
        let interval = try #require(Proportion(numerator, of: denominator)?.wilson95)
        #expect(abs(interval.low - low) < 0.00006)
        #expect(abs(interval.high - high) < 0.00006)
        let mirrored = try #require(Proportion(denominator - numerator, of: denominator)?.wilson95)
        #expect(abs(mirrored.low - (1 - interval.high)) < 1e-12)
        #expect(Proportion(0, of: 0)?.wilson95 == nil)
    }

    @Test("decimals as text: places allowed, nothing else")
    func decimals() {
        #expect(Decimals.hundredths("22.6", places: 1) == 2260)
        #expect(Decimals.hundredths("22.65", places: 1) == nil)
        #expect(Decimals.hundredths("22", places: 0) == 2200)
        #expect(Decimals.hundredths(" 0.05 ") == 5)
        for text in ["", ".", "1.", ".5", "-1", "+1", "1e2", "1,5", "٣", "1.2.3", "12345678901"] {
            #expect(Decimals.hundredths(text) == nil, "\(text)")
        }
    }
}
