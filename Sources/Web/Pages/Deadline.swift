import Domain

/// When something is due, in words. Deadlines are London wall time; a round that closes at midnight reads "11:59pm" on the
/// day that ends, because "midnight on 28 November" is read both ways.
struct Deadline: Sendable {
    /// `11:59pm on 27 November 2026`.
    let moment: String
    /// `in 3 days`, `in 5 hours`, `2 days ago`.
    let distance: String
    /// RFC 3339, for `<time datetime>`.
    let machine: String
    /// Whether it has passed.
    let isPast: Bool
    /// Less than a day is left.
    let isClose: Bool

    /// `in 3 days, 11:59pm on 27 November 2026`.
    var words: String { "\(distance), \(moment)" }

    /// The deadline at a moment: the first that is too late.
    init(_ closes: Instant, now: Instant) {
        moment = Self.moment(closes)
        distance = Self.distance(from: now, to: closes)
        machine = closes.description
        isPast = closes <= now
        isClose = !isPast && closes.seconds - now.seconds < 86_400
    }

    /// The end of a day.
    init(_ day: Day, now: Instant) {
        let closes = LondonTime(day.adding(days: 1), hour: 0)?.instant ?? Instant(utc: day.adding(days: 1))
        moment = day.spoken
        let days = day.number - now.londonDay.number
        distance =
            switch days {
            case 0: "today"
            case 1: "tomorrow"
            case 2...: "in \(days) days"
            case -1: "yesterday"
            default: "\(-days) days ago"
            }
        machine = day.description
        isPast = days < 0
        isClose = !isPast && closes.seconds - now.seconds < 86_400 * 2
    }

    /// The first moment that is too late, as people write a deadline.
    static func moment(_ closes: Instant) -> String {
        let wall = LondonTime(closes)
        let midnight = wall.hour == 0 && wall.minute == 0 && wall.second == 0
        return midnight ? LondonTime(closes.adding(seconds: -60)).description : wall.description
    }

    /// `10:42am on 27 November 2026`, to the minute.
    static func minute(_ instant: Instant) -> String {
        LondonTime(instant.adding(seconds: -Int64(LondonTime(instant).second))).description
    }

    /// `10:42:07am on 27 November 2026`, to the second.
    static func second(_ instant: Instant) -> String {
        let wall = LondonTime(instant)
        let clock = wall.hour % 12 == 0 ? 12 : wall.hour % 12
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(clock):\(two(wall.minute)):\(two(wall.second))\(wall.hour < 12 ? "am" : "pm") on \(wall.day.spoken)"
    }

    private static func distance(from now: Instant, to closes: Instant) -> String {
        let seconds = closes.seconds - now.seconds
        let size = seconds.magnitude
        let days = abs(closes.adding(seconds: -1).londonDay.number - now.londonDay.number)
        let words: String
        switch size {
        case ..<60: words = "less than a minute"
        case ..<3600: words = Words.count(Int(size / 60), "minute")
        case ..<86_400: words = Words.count(Int(size / 3600), "hour")
        default: words = Words.count(max(days, 1), "day")
        }
        return seconds > 0 ? "in \(words)" : "\(words) ago"
    }
}
