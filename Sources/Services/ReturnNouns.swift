public import Domain
public import Postgres

// The nouns of returns: published statistics, and what awards report.

extension Touchstone {
    /// Published figures and the registry of indicators.
    public var statistics: Statistics { Statistics(platform: platform) }
    /// Monitoring returns.
    public var returns: Returns { Returns(platform: platform) }
}

extension ObjectReference {
    /// A monitoring return.
    public static func monitoringReturn(_ id: MonitoringReturnID) -> Self {
        Self(kind: "monitoring_return", id: id.rawValue)
    }
}

extension FigureStatus: PostgresConvertible {}
extension MonitoringReturn.State: PostgresConvertible {}
extension MonitoringReturnEvent: PostgresConvertible {}
extension ReturnSection: PostgresConvertible {}
extension ReturnRule.Code: PostgresConvertible {}
extension ReturnRule.Severity: PostgresConvertible {}
extension ReturnContent.Status: PostgresConvertible {}
extension ReturnContent.MissingReason: PostgresConvertible {}
extension ReturnContent.Rating: PostgresConvertible {}
extension ReturnContent.Risk.Category: PostgresConvertible {}

extension ExactDecimal: PostgresConvertible {
    /// `numeric`.
    public var wire: PostgresNumeric { PostgresNumeric(description) }

    /// The same figure; throws when it has more digits than are kept here.
    public init(wire: PostgresNumeric) throws {
        guard let figure = ExactDecimal(wire.text) else {
            throw WireError(what: "a figure of at most six decimal places")
        }
        self = figure
    }
}
