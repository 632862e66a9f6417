import Glibc

/// A point on the monotonic clock, in nanoseconds. Everything that decides by time takes one, so tests can invent them.
struct Moment: Comparable, Hashable, Sendable {
    var nanoseconds: Int64

    static var now: Moment {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Moment(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    static let distantFuture = Moment(nanoseconds: .max)

    static func < (left: Moment, right: Moment) -> Bool { left.nanoseconds < right.nanoseconds }

    /// Later by `duration`; a duration too long to count never ends.
    static func + (moment: Moment, duration: Duration) -> Moment {
        let (sum, overflow) = moment.nanoseconds.addingReportingOverflow(duration.nanoseconds)
        return overflow ? .distantFuture : Moment(nanoseconds: sum)
    }

    static func - (later: Moment, earlier: Moment) -> Duration {
        .nanoseconds(later.nanoseconds - earlier.nanoseconds)
    }

    /// Whole milliseconds from `now` to here, rounded up so that a wait does not end early and spin.
    func milliseconds(from now: Moment) -> Int32 {
        guard self > now else { return 0 }
        let milliseconds = (nanoseconds - now.nanoseconds) / 1_000_000
        return Int32(min(milliseconds + 1, 3_600_000))
    }
}

extension Duration {
    /// As nanoseconds; too long to count becomes the longest that can be.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflow2) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow || overflow2 ? (seconds < 0 ? .min : .max) : sum
    }

    var milliseconds: Int64 { nanoseconds / 1_000_000 }
}
