import Domain
import Testing

/// Values that every rule stands on: money to the penny, time to the second.
@Suite struct TimeAndMoneyTests {
    @Test("Every hour of two years survives the way to London and back, but for the hour that happens twice")
    func london() throws {
        let first = try #require(Day("2026-01-01"))
        let start = Instant(utc: first)
        for hour in 0..<(2 * 365 * 24) {
            let instant = start.adding(seconds: Int64(hour) * 3600)
            let back = LondonTime(instant).instant
            #expect(back == instant || back == instant.adding(seconds: 3600), "\(instant)")
        }
    }

    @Test("A deadline in summer and in winter is the right moment in UTC")
    func deadlines() throws {
        let july = try #require(Day("2026-07-31"))
        let summer = try #require(LondonTime(july, hour: 23, minute: 59, second: 59))
        #expect(summer.instant.description == "2026-07-31T22:59:59Z")
        let november = try #require(Day("2026-11-30"))
        let winter = try #require(LondonTime(november, hour: 23, minute: 59))
        #expect(winter.instant.description == "2026-11-30T23:59:00Z")
    }

    @Test(
        "Days are numbered without gaps and say their own name",
        arguments: [-800_000, -719_162, -1, 0, 1, 20_781, 2_932_896])
    func days(number: Int) {
        let day = Day(number: number)
        let (year, month, date) = day.parts
        if (1...9999).contains(year) { #expect(Day(year: year, month: month, day: date) == day) }
    }

    @Test("What people write as money is read to the penny, or not at all")
    func money() {
        let good = ["0": 0, "1250": 125_000, "1,250.5": 125_050, "£1,250.50": 125_050, "-3.07": -307]
        for (text, pence) in good { #expect(Money(text)?.pence == pence, "\(text)") }
        for text in ["", "£", "1.234", "1e3", "12a", "999999999999999", "٣", "1.2.3"] {
            #expect(Money(text) == nil, "\(text)")
        }
        #expect(Money(pence: 212_800_000_00).description == "£212,800,000")
        #expect(Money(pence: -307).decimal == "-3.07")
    }

    @Test("A financial year starts in April")
    func years() throws {
        let last = try #require(Day("2026-03-31"))
        #expect(FinancialYear(of: last)?.description == "2025-26")
        #expect(FinancialYear(of: last.adding(days: 1))?.description == "2026-27")
        #expect(FinancialYear("2026-28") == nil)
    }
}
