/// Sixteen bytes: `uuid`. Compared as PostgreSQL compares it, so that keyset paging agrees on the order.
public struct PostgresUUID: PostgresValue, Hashable, Comparable {
    /// The first eight bytes.
    public let high: UInt64
    /// The last eight bytes.
    public let low: UInt64

    /// An identifier by its two halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Both halves.
    public var bytes: (UInt64, UInt64) { (high, low) }

    /// Byte by byte.
    public static func < (left: PostgresUUID, right: PostgresUUID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    /// `uuid`.
    public static var oid: OID { .uuid }
    /// `uuid[]`.
    public static var arrayOID: OID { .uuidArray }

    /// The sixteen bytes.
    public func _encode(into bytes: inout [UInt8]) throws(StatementError) -> Bool {
        bytes.append(bigEndian: high)
        bytes.append(bigEndian: low)
        return true
    }

    /// The sixteen bytes.
    public static func _decode(_ bytes: RawSpan, _ oid: OID) throws(StatementError) -> PostgresUUID {
        guard bytes.byteCount == 16 else { throw .decoding("\(bytes.byteCount) bytes where a uuid was expected") }
        return PostgresUUID(high: bytes.bigEndian(as: UInt64.self), low: bytes.bigEndian(at: 8, as: UInt64.self))
    }
}
