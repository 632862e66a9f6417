/// An outcome indicator that bids choose from.
public struct Indicator: Hashable, Sendable, Codable {
    /// Permanent code, such as `REREF`.
    public let code: String
    /// As people read it.
    public let name: String
    /// What a value counts.
    public let unit: Unit
    /// Decimal places of a published value, 0-2.
    public let decimals: Int
    /// Which way is better; targets are held to it.
    public let polarity: Polarity
    /// The collection that it comes from.
    public let source: String

    /// An indicator with its parts.
    public init(code: String, name: String, unit: Unit, decimals: Int, polarity: Polarity, source: String) {
        self.code = code
        self.name = name
        self.unit = unit
        self.decimals = decimals
        self.polarity = polarity
        self.source = source
    }

    /// What a value counts.
    public enum Unit: String, Sendable, CaseIterable, Codable {
        case per10k = "per_10k", percent, days, score, poundsPerWeek = "pounds_per_week", pounds, ratio, points, number
    }
    /// Which way is better.
    public enum Polarity: String, Sendable, CaseIterable, Codable { case low, high, context }
}
