/// Counts working days: Monday to Friday, less the bank holidays that it is given. Holidays are data, since they are
/// proclaimed year by year.
public struct WorkingDays: Hashable, Sendable {
    /// Days on which nobody works, besides weekends.
    public let holidays: Set<Day>

    /// A calendar with these bank holidays.
    public init(holidays: Set<Day> = []) { self.holidays = holidays }

    /// Whether people work on a day.
    public func isWorking(_ day: Day) -> Bool { day.weekday <= 5 && !holidays.contains(day) }

    /// The day so many working days after another. The day itself does not count: one working day after a Friday is the
    /// next Monday, if that is no holiday.
    public func adding(_ count: Int, to day: Day) -> Day {
        var day = day
        var left = count
        while left > 0 {
            day = day.adding(days: 1)
            if isWorking(day) { left -= 1 }
        }
        while left < 0 {
            day = day.adding(days: -1)
            if isWorking(day) { left += 1 }
        }
        return day
    }

    /// How many working days there are from one day through another, both counted; zero when they are the wrong way round.
    public func count(from first: Day, through last: Day) -> Int {
        guard first <= last else { return 0 }
        // Whole weeks have five weekdays each; only the rest and the holidays are looked at day by day.
        let days = last.number - first.number + 1
        let rest = (0..<(days % 7)).filter { first.adding(days: $0).weekday <= 5 }.count
        let off = holidays.filter { first <= $0 && $0 <= last && $0.weekday <= 5 }.count
        return days / 7 * 5 + rest - off
    }
}
