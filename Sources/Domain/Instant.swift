/// A moment, in microseconds since 1970-01-01T00:00:00Z. The precision of PostgreSQL's `timestamptz`, with nothing lost.
public struct Instant: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// Microseconds since the start of 1970, UTC.
    public let microseconds: Int64

    /// A moment by its microseconds.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// A moment by whole seconds since 1970.
    public init(seconds: Int64) { self.init(microseconds: seconds * 1_000_000) }

    /// A UTC date and time of day.
    public init(utc day: Day, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        self.init(seconds: Int64(day.number) * 86_400 + Int64(hour * 3600 + minute * 60 + second))
    }

    /// Whole seconds since 1970, rounded down.
    public var seconds: Int64 { microseconds >= 0 ? microseconds / 1_000_000 : (microseconds - 999_999) / 1_000_000 }

    /// Reads RFC 3339 with `Z` or an offset: `2026-11-24T23:59:59Z`. Nil for anything else.
    public init?(_ text: some StringProtocol) {
        guard let value = Self.parse(Array(text.utf8)) else { return nil }
        self = value
    }

    /// RFC 3339 in UTC; microseconds only when there are any.
    public var description: String {
        let day = Day(number: Int(seconds.floorDivided(by: 86_400)))
        let rest = Int(seconds - Int64(day.number) * 86_400)
        let fraction = microseconds - seconds * 1_000_000
        let tail = fraction == 0 ? "" : "." + padded(Int(fraction), 6)
        return "\(day)T\(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))\(tail)Z"
    }

    /// Decodes RFC 3339.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = Instant(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an RFC 3339 time")
        }
        self = value
    }

    /// Encodes RFC 3339 in UTC.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// Earlier before later.
    public static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }

    /// A moment so many seconds later.
    public func adding(seconds: Int64) -> Instant { Instant(microseconds: microseconds + seconds * 1_000_000) }

    private static func parse(_ bytes: [UInt8]) -> Instant? {
        guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t"),
            let day = Day(String(decoding: bytes[0..<10], as: UTF8.self)),
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"), hour < 24, minute < 60, second < 60
        else { return nil }
        var position = 19
        var fraction: Int64 = 0
        if bytes[position] == UInt8(ascii: ".") {
            let digits = bytes[(position + 1)...].prefix { (48...57).contains($0) }
            guard (1...9).contains(digits.count) else { return nil }
            for place in 0..<6 {
                let index = digits.startIndex + place
                fraction = fraction * 10 + (index < digits.endIndex ? Int64(digits[index] - 48) : 0)
            }
            position = digits.endIndex
        }
        guard let offset = offsetSeconds(bytes[position...]) else { return nil }
        let base = Instant(utc: day, hour: hour, minute: minute, second: second)
        return Instant(microseconds: base.microseconds + fraction - Int64(offset) * 1_000_000)
    }

    private static func offsetSeconds(_ zone: ArraySlice<UInt8>) -> Int? {
        let bytes = Array(zone)
        if bytes == [UInt8(ascii: "Z")] || bytes == [UInt8(ascii: "z")] { return 0 }
        guard bytes.count == 6, bytes[3] == UInt8(ascii: ":"), let hours = number(bytes[1..<3]),
            let minutes = number(bytes[4..<6]), hours < 24, minutes < 60
        else { return nil }
        switch bytes[0] {
        case UInt8(ascii: "+"): return hours * 3600 + minutes * 60
        case UInt8(ascii: "-"): return -(hours * 3600 + minutes * 60)
        default: return nil
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        digits.allSatisfy { (48...57).contains($0) } ? digits.reduce(0) { $0 * 10 + Int($1 - 48) } : nil
    }
}

extension FixedWidthInteger {
    /// Division that rounds towards minus infinity, as calendars need.
    func floorDivided(by divisor: Self) -> Self {
        let quotient = self / divisor
        return (self % divisor != 0) && ((self < 0) != (divisor < 0)) ? quotient - 1 : quotient
    }
}

/// A number with leading zeros, at least `width` digits.
func padded(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return text.count >= width ? text : String(repeating: "0", count: width - text.count) + text
}
