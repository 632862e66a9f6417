/// Wall time in Europe/London, in which deadlines are set and read.
///
/// British Summer Time runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October
/// (The Summer Time Order 2002, SI 2002/262). Years before 2002 are not used here.
public struct LondonTime: Hashable, Sendable, CustomStringConvertible {
    /// The day on the wall calendar.
    public let day: Day
    /// Hour of the day, 0-23.
    public let hour: Int
    /// Minute, 0-59.
    public let minute: Int
    /// Second, 0-59.
    public let second: Int

    /// A wall time; nil when a part is out of range.
    public init?(_ day: Day, hour: Int, minute: Int = 0, second: Int = 0) {
        guard (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second) else { return nil }
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// The wall time at a moment.
    public init(_ instant: Instant) {
        let local = instant.seconds + (Self.isSummer(instant) ? 3600 : 0)
        let day = Day(number: Int(local.floorDivided(by: 86_400)))
        let rest = Int(local - Int64(day.number) * 86_400)
        self.day = day
        self.hour = rest / 3600
        self.minute = rest / 60 % 60
        self.second = rest % 60
    }

    /// The moment of this wall time. In the hour that happens twice the later moment is meant, so that a deadline never
    /// comes early; in the hour that does not happen, the moment an hour on.
    public var instant: Instant {
        let asUTC = Instant(utc: day, hour: hour, minute: minute, second: second)
        return Self.isSummer(asUTC) && Self.isSummer(asUTC.adding(seconds: -3600))
            ? asUTC.adding(seconds: -3600) : asUTC
    }

    /// `11:59pm on 31 March 2026`; seconds are left out when zero.
    public var description: String {
        let clock = hour % 12 == 0 ? 12 : hour % 12
        let seconds = second == 0 ? "" : ":\(padded(second, 2))"
        return "\(clock):\(padded(minute, 2))\(seconds)\(hour < 12 ? "am" : "pm") on \(day.spoken)"
    }

    /// Whether British Summer Time holds at a moment.
    static func isSummer(_ instant: Instant) -> Bool {
        let year = Day(number: Int(instant.seconds.floorDivided(by: 86_400))).parts.year
        guard let start = lastSunday(year, 3), let end = lastSunday(year, 10) else { return false }
        return instant >= Instant(utc: start, hour: 1) && instant < Instant(utc: end, hour: 1)
    }

    private static func lastSunday(_ year: Int, _ month: Int) -> Day? {
        Day(year: year, month: month, day: 31).map { $0.adding(days: -($0.weekday % 7)) }
    }
}

extension Instant {
    /// The day on the wall calendar in London.
    public var londonDay: Day { LondonTime(self).day }
}
