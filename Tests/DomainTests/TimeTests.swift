import Testing

@testable import Domain

@Suite("Days, London time, financial years, working days")
struct TimeTests {
    @Test("every hour of three years goes to London and back")
    func everyHour() {
        var moment = instant("2025-01-01T00:00:00Z")
        let end = instant("2028-01-01T00:00:00Z")
        while moment < end {
            let wall = LondonTime(moment)
            let back = wall.instant
            // In the hour that comes twice, the later moment is meant; everywhere else the way back is exact.
            let isFirstOfTwo = LondonTime(moment.adding(seconds: 3600)) == wall
            #expect(back == (isFirstOfTwo ? moment.adding(seconds: 3600) : moment), "\(moment)")
            moment = moment.adding(seconds: 3600)
        }
    }

    @Test(
        "the edges of summer time",
        arguments: [
            ("2026-03-29T00:59:59Z", "2026-03-29", 0, 59, 59), ("2026-03-29T01:00:00Z", "2026-03-29", 2, 0, 0),
            ("2026-10-25T00:59:59Z", "2026-10-25", 1, 59, 59), ("2026-10-25T01:00:00Z", "2026-10-25", 1, 0, 0),
            ("2026-06-30T23:00:00Z", "2026-07-01", 0, 0, 0), ("2026-12-31T23:59:59Z", "2026-12-31", 23, 59, 59),
        ])
    func edges(utc: String, date: String, hour: Int, minute: Int, second: Int) throws {
        let wall = LondonTime(instant(utc))
        #expect(wall == LondonTime(day(date), hour: hour, minute: minute, second: second))
    }

    @Test("the hour that does not exist means the moment an hour on; the one that comes twice, the later")
    func oddHours() {
        #expect(london("2026-03-29", 1, 30) == instant("2026-03-29T01:30:00Z"))
        #expect(london("2026-10-25", 1, 30) == instant("2026-10-25T01:30:00Z"))
        #expect(LondonTime(instant("2026-10-25T23:59:00Z")).description == "11:59pm on 25 October 2026")
    }

    @Test("scenario 2: 23:59:59 on the last day of summer time is in time, 00:00:00 is late")
    func closesToTheSecond() {
        // Closing at the end of Saturday 24 October 2026, still summer time.
        var content = completeRound
        content.opensAt = london("2026-09-01", 9, 0)
        content.closesAt = london("2026-10-25", 0, 0)
        let open = round(.open, content)
        let inTime = instant("2026-10-24T22:59:59Z")
        #expect(LondonTime(inTime).description == "11:59:59pm on 24 October 2026")
        #expect(BidRules.roundOpen(open, at: inTime) == nil)
        #expect(
            BidRules.roundOpen(open, at: Instant(microseconds: instant("2026-10-24T23:00:00Z").microseconds - 1)) == nil
        )
        let late = BidRules.roundOpen(open, at: instant("2026-10-24T23:00:00Z"))
        #expect(late?.code == "round_closed")
        #expect(late?.kind == .conflict)
        #expect(BidRules.roundOpen(open, at: london("2026-09-01", 8, 59, 59)) != nil)
        #expect(BidRules.roundOpen(open, at: london("2026-09-01", 9, 0)) == nil)
        #expect(BidRules.roundOpen(round(.closed, content), at: inTime) != nil)
    }

    @Test("days go to parts and back, across leap years and before 1970")
    func days() {
        for number in stride(from: -719_162, through: 60_000, by: 7) {
            let one = Day(number: number)
            let parts = one.parts
            #expect(Day(year: parts.year, month: parts.month, day: parts.day) == one)
            #expect(Day(one.description) == one)
        }
        #expect(
            Day("2026-02-29") == nil && Day("2028-02-29") != nil && Day("2100-02-29") == nil && Day("26-02-01") == nil)
        #expect(day("2026-11-24").weekday == 2)
    }

    @Test("moments read what they write, to the microsecond, and nothing else")
    func instants() {
        for text in ["2026-11-24T23:59:59Z", "1969-12-31T23:59:59.000001Z", "2026-11-24T00:00:00.123456Z"] {
            #expect(instant(text).description == text)
        }
        #expect(instant("2026-11-24T13:00:00+01:00") == noon)
        for text in ["2026-11-24", "2026-11-24T24:00:00Z", "2026-11-24T12:00:60Z", "2026-11-24T12:00:00", "x"] {
            #expect(Instant(text) == nil, "\(text)")
        }
    }

    @Test("a financial year turns on 1 April")
    func financialYears() {
        #expect(FinancialYear(of: day("2026-03-31"))?.description == "2025-26")
        #expect(FinancialYear(of: day("2026-04-01"))?.description == "2026-27")
        #expect(FinancialYear("1999-00") == nil && FinancialYear("2026-28") == nil && FinancialYear("2099-00") == nil)
        #expect(year("2026-27").next == year("2027-28"))
        for start in 2000...2098 {
            let one = FinancialYear(start: start)
            #expect(one.map(\.description).flatMap { FinancialYear($0) } == one)
        }
    }

    @Test("working days skip weekends and the bank holidays given")
    func workingDays() {
        let calendar = WorkingDays(holidays: [day("2026-12-25"), day("2026-12-28"), day("2026-08-31")])
        #expect(calendar.adding(1, to: day("2026-12-24")) == day("2026-12-29"))
        #expect(calendar.adding(-1, to: day("2026-12-29")) == day("2026-12-24"))
        #expect(calendar.adding(0, to: day("2026-12-26")) == day("2026-12-26"))
        #expect(calendar.count(from: day("2026-12-21"), through: day("2027-01-03")) == 8)
        #expect(calendar.count(from: day("2026-12-26"), through: day("2026-12-25")) == 0)
    }

    @Test("counting by weeks is counting by days")
    func workingDaysCount() {
        let calendar = WorkingDays(holidays: [day("2026-12-25"), day("2026-12-26"), day("2026-12-28")])
        for offset in 0..<7 {
            let first = day("2026-12-14").adding(days: offset)
            for length in 0..<40 {
                let last = first.adding(days: length)
                let slow = (0...length).filter { calendar.isWorking(first.adding(days: $0)) }.count
                #expect(calendar.count(from: first, through: last) == slow, "\(first) through \(last)")
            }
        }
    }
}
