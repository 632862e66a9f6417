/// The values that hold others: what may be NULL, and one-dimensional arrays.
extension Optional: PostgresConvertible where Wrapped: PostgresConvertible {
    /// The wrapped value's own, or NULL.
    public typealias Wire = Wrapped.Wire?

    /// The wrapped value's own, or NULL.
    public var wire: Wrapped.Wire? { self?.wire }

    /// Nil for NULL.
    public init(wire: Wrapped.Wire?) throws {
        self = try wire.map { try Wrapped(wire: $0) }
    }
}

extension Optional: PostgresValue where Wrapped: PostgresValue {
    /// The wrapped type's.
    public static var oid: OID { Wrapped.oid }
    /// The wrapped type's.
    public static var arrayOID: OID { Wrapped.arrayOID }

    /// Whatever the wrapped type accepts.
    public static func _accepts(_ oid: OID) -> Bool { Wrapped._accepts(oid) }

    /// The value, or nothing for NULL.
    public func _encode(into bytes: inout [UInt8]) throws(StatementError) -> Bool {
        guard let self else { return false }
        return try self._encode(into: &bytes)
    }

    /// A value that is there.
    public static func _decode(_ bytes: RawSpan, _ oid: OID) throws(StatementError) -> Wrapped? {
        try Wrapped._decode(bytes, oid)
    }

    /// NULL is nil.
    public static func _decodeNull() throws(StatementError) -> Wrapped? { nil }
}

extension Array: PostgresConvertible where Element: PostgresConvertible {
    /// An array of the elements' own.
    public typealias Wire = [Element.Wire]

    /// Each element's own.
    public var wire: [Element.Wire] { map(\.wire) }

    /// Each element from its own.
    public init(wire: [Element.Wire]) throws {
        self = try wire.map { try Element(wire: $0) }
    }
}

extension Array: PostgresValue where Element: PostgresValue {
    /// The elements' array type.
    public static var oid: OID { Element.arrayOID }

    /// PostgreSQL has no type for arrays of arrays; asking for one leaves it to fail there.
    public static var arrayOID: OID { .unspecified }

    /// Whether the column is an array is seen in its bytes; the elements' type is checked there.
    public static func _accepts(_ oid: OID) -> Bool { true }

    /// A header of dimensions, then length and bytes of each element.
    public func _encode(into bytes: inout [UInt8]) throws(StatementError) -> Bool {
        guard count <= Int(Int32.max) else { throw .parameter("array with more than 2^31 elements") }
        guard Element.arrayOID != .unspecified else { throw .parameter("array of arrays") }
        let start = bytes.count
        let dimensions: Int32 = isEmpty ? 0 : 1
        bytes.append(bigEndian: dimensions)
        bytes.append(bigEndian: 0 as Int32)
        bytes.append(bigEndian: Element.oid.rawValue)
        guard dimensions == 1 else { return true }
        bytes.append(bigEndian: Int32(count))
        bytes.append(bigEndian: 1 as Int32)
        var nulls = false
        do {
            for element in self {
                let lengthAt = bytes.count
                bytes.append(bigEndian: -1 as Int32)
                if try element._encode(into: &bytes) {
                    bytes.overwrite(bigEndian: Int32(bytes.count - lengthAt - 4), at: lengthAt)
                } else {
                    nulls = true
                }
            }
        } catch {
            bytes.removeSubrange(start...)
            throw error
        }
        if nulls { bytes.overwrite(bigEndian: 1, at: start + 4) }
        return true
    }

    /// One dimension, whatever its lower bound.
    public static func _decode(_ bytes: RawSpan, _ oid: OID) throws(StatementError) -> [Element] {
        guard bytes.byteCount >= 12 else { throw .decoding("no array where one was expected") }
        let dimensions = bytes.bigEndian(as: Int32.self)
        let elementOID = OID(rawValue: bytes.bigEndian(at: 8, as: UInt32.self))
        guard Element._accepts(elementOID) else {
            throw .decoding("array of type \(elementOID.rawValue) where \(Self.self) was expected")
        }
        guard dimensions != 0 else { return [] }
        guard dimensions == 1, bytes.byteCount >= 20 else { throw .decoding("array of \(dimensions) dimensions") }
        let count = Int(bytes.bigEndian(at: 12, as: Int32.self))
        // Each element takes four bytes at least, so a count beyond that is no array: do not reserve for it.
        guard count >= 0, count <= (bytes.byteCount - 20) / 4 else { throw .decoding("array shorter than its count") }
        var elements: [Element] = []
        elements.reserveCapacity(count)
        var offset = 20
        for _ in 0..<count {
            guard offset + 4 <= bytes.byteCount else { throw .decoding("array shorter than its count") }
            let length = Int(bytes.bigEndian(at: offset, as: Int32.self))
            offset += 4
            if length < 0 {
                elements.append(try Element._decodeNull())
            } else {
                guard length <= bytes.byteCount - offset else { throw .decoding("array shorter than its count") }
                elements.append(try Element._decode(bytes.extracting(offset..<offset + length), elementOID))
                offset += length
            }
        }
        return elements
    }
}
