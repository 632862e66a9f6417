/// A type of the caller that travels as a ``PostgresValue``: identifiers, money, states.
///
/// An enum over `String` needs only to declare it: `extension BidState: PostgresConvertible {}`.
public protocol PostgresConvertible: Sendable {
    /// The value it travels as.
    associatedtype Wire: PostgresValue

    /// The value to send.
    var wire: Wire { get }

    /// The value received; throws when it cannot be one of these.
    init(wire: Wire) throws
}

/// A type that PostgreSQL knows. Built in to this module, not for conformance outside it: the underscored requirements
/// are the module's own business.
public protocol PostgresValue: PostgresConvertible where Wire == Self {
    /// The type that a parameter is sent as.
    static var oid: OID { get }

    /// The array of that type.
    static var arrayOID: OID { get }

    /// Whether a column of type `oid` can be read as this.
    static func _accepts(_ oid: OID) -> Bool

    /// Appends the binary form; answers false for NULL, having appended nothing.
    func _encode(into bytes: inout [UInt8]) throws(StatementError) -> Bool

    /// Reads the binary form.
    static func _decode(_ bytes: RawSpan, _ oid: OID) throws(StatementError) -> Self

    /// The value for NULL; throws unless the type has one.
    static func _decodeNull() throws(StatementError) -> Self
}

extension PostgresValue {
    /// A value of PostgreSQL travels as itself.
    public var wire: Self { self }

    /// A value of PostgreSQL travels as itself.
    public init(wire: Self) throws {
        self = wire
    }

    /// Only the type that it is sent as.
    public static func _accepts(_ oid: OID) -> Bool { oid == Self.oid }

    /// NULL is refused.
    public static func _decodeNull() throws(StatementError) -> Self {
        throw .decoding("NULL where \(Self.self) was expected")
    }
}

/// Nothing in the wire value says which case was meant. Carries the type only: the value may be personal.
struct UnknownRawValue: Error, CustomStringConvertible {
    let description: String
}

extension RawRepresentable where Self: PostgresConvertible, RawValue: PostgresValue {
    /// The raw value is what travels.
    public var wire: RawValue { rawValue }

    /// The case with that raw value.
    public init(wire: RawValue) throws {
        guard let value = Self(rawValue: wire) else {
            throw UnknownRawValue(description: "unknown value for \(Self.self)")
        }
        self = value
    }
}
