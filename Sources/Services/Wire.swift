public import Domain
public import FoundationEssentials
public import Postgres

// How the words of the domain travel to PostgreSQL and back.

extension UUID: PostgresConvertible {
    /// `uuid`.
    public var wire: PostgresUUID {
        let bytes = uuid
        return PostgresUUID(
            high: Self.word([bytes.0, bytes.1, bytes.2, bytes.3, bytes.4, bytes.5, bytes.6, bytes.7]),
            low: Self.word([bytes.8, bytes.9, bytes.10, bytes.11, bytes.12, bytes.13, bytes.14, bytes.15]))
    }

    /// The same sixteen bytes.
    public init(wire: PostgresUUID) {
        func byte(_ word: UInt64, _ place: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: word >> (56 - 8 * place)) }
        let (high, low) = wire.bytes
        self.init(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5), byte(high, 6),
                byte(high, 7), byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3), byte(low, 4), byte(low, 5),
                byte(low, 6), byte(low, 7)
            ))
    }

    private static func word(_ bytes: InlineArray<8, UInt8>) -> UInt64 {
        var word: UInt64 = 0
        for index in bytes.indices { word = word << 8 | UInt64(bytes[index]) }
        return word
    }
}

extension Identifier: PostgresConvertible {
    /// `uuid`.
    public var wire: PostgresUUID { rawValue.wire }
    /// The id with these bytes.
    public init(wire: PostgresUUID) { self.init(rawValue: UUID(wire: wire)) }
}

extension Identifier {
    /// A new identity: UUIDv7, so that ids made later sort later. The time in it orders rows and decides nothing.
    static func fresh() -> Self {
        let milliseconds = UInt64(Date().timeIntervalSince1970 * 1000)
        var generator = SystemRandomNumberGenerator()
        let high = milliseconds << 16 | 0x7000 | generator.next() & 0x0fff
        let low = generator.next() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
        return Self(wire: PostgresUUID(high: high, low: low))
    }
}

extension Money: PostgresConvertible {
    /// `numeric`.
    public var wire: PostgresNumeric { PostgresNumeric(decimal) }
    /// The amount; throws when it has more than two decimal places or is out of range.
    public init(wire: PostgresNumeric) throws {
        guard let money = Money(wire.text) else { throw WireError(what: "an amount of money") }
        self = money
    }
}

extension Instant: PostgresConvertible {
    /// `timestamptz`.
    public var wire: PostgresTimestamp { PostgresTimestamp(microsecondsSince1970: microseconds) }
    /// The same microsecond.
    public init(wire: PostgresTimestamp) { self.init(microseconds: wire.microsecondsSince1970) }
}

extension Day: PostgresConvertible {
    /// `date`.
    public var wire: PostgresDate { PostgresDate(daysSince1970: Int32(clamping: number)) }
    /// The same day.
    public init(wire: PostgresDate) { self.init(number: Int(wire.daysSince1970)) }
}

extension Role: PostgresConvertible {}
extension Capacity: PostgresConvertible {}
extension Person.State: PostgresConvertible {}
extension Delegation.State: PostgresConvertible {}
extension Organisation.Kind: PostgresConvertible {}
extension OrganisationFact: PostgresConvertible {}
extension TokenScope: PostgresConvertible {}

/// A column does not hold what its type promises. Says what was expected and never the value.
struct WireError: Error, CustomStringConvertible {
    let what: String
    var description: String { "not \(what)" }
}
