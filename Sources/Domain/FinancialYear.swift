/// A financial year, 1 April to 31 March, named by both calendar years: `2026-27`.
public struct FinancialYear: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The calendar year in which it starts, 2000-2098.
    public let start: Int

    /// The year that starts on 1 April of `start`; nil outside 2000-2098.
    public init?(start: Int) {
        guard (2000...2098).contains(start) else { return nil }
        self.start = start
    }

    /// Reads `2026-27`; nil for anything else, and when the two years do not follow each other.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count == 4, parts[1].count == 2, let first = Int(parts[0]),
            let second = Int(parts[1]),
            (first + 1) % 100 == second
        else { return nil }
        self.init(start: first)
    }

    /// The year in which a day falls; nil outside the range.
    public init?(of day: Day) {
        let (year, month, _) = day.parts
        self.init(start: month >= 4 ? year : year - 1)
    }

    /// The next year, or this one at the end of the range.
    public var next: FinancialYear { FinancialYear(start: start + 1) ?? self }

    /// `2026-27`.
    public var description: String { "\(start)-\(padded((start + 1) % 100, 2))" }

    /// Decodes `2026-27`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let year = FinancialYear(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a financial year")
        }
        self = year
    }

    /// Encodes `2026-27`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// Earlier before later.
    public static func < (left: FinancialYear, right: FinancialYear) -> Bool { left.start < right.start }
}
