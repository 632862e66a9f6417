/// The plain values: booleans, integers, text and bytes.
extension Bool: PostgresValue {
    /// `boolean`.
    public static var oid: OID { .bool }
    /// `boolean[]`.
    public static var arrayOID: OID { .boolArray }

    /// One byte.
    public func _encode(into bytes: inout [UInt8]) throws(StatementError) -> Bool {
        bytes.append(self ? 1 : 0)
        return true
    }

    /// One byte.
    public static func _decode(_ bytes: RawSpan, _ oid: OID) throws(StatementError) -> Bool {
        try bytes.integer(UInt8.self) != 0
    }
}

extension Int16: PostgresValue {
    /// `smallint`.
    public static var oid: OID { .int2 }
    /// `smallint[]`.
    public static var arrayOID: OID { .int2Array }

    /// Two bytes.
    public func _encode(into bytes: inout [UInt8]) throws(StatementError) -> Bool {
        bytes.append(bigEndian: self)
        return true
    }

    /// Two bytes.
    public static func _decode(_ bytes: RawSpan, _ oid: OID) throws(StatementError) -> Int16 {
        try bytes.integer(Int16.self)
    }
}

extension Int32: PostgresValue {
    /// `integer`.
    public static var oid: OID { .int4 }
    /// `integer[]`.
    public static var arrayOID: OID { .int4Array }

    /// Whatever fits without loss.
    public static func _accepts(_ oid: OID) -> Bool { oid == .int4 || oid == .int2 }

    /// Four bytes.
    public func _encode(into bytes: inout [UInt8]) throws(StatementError) -> Bool {
        bytes.append(bigEndian: self)
        return true
    }

    /// Two or four bytes, by the column's type.
    public static func _decode(_ bytes: RawSpan, _ oid: OID) throws(StatementError) -> Int32 {
        oid == .int2 ? Int32(try bytes.integer(Int16.self)) : try bytes.integer(Int32.self)
    }
}

extension Int64: PostgresValue {
    /// `bigint`.
    public static var oid: OID { .int8 }
    /// `bigint[]`.
    public static var arrayOID: OID { .int8Array }

    /// Any integer: none loses anything.
    public static func _accepts(_ oid: OID) -> Bool { oid == .int8 || oid == .int4 || oid == .int2 }

    /// Eight bytes.
    public func _encode(into bytes: inout [UInt8]) throws(StatementError) -> Bool {
        bytes.append(bigEndian: self)
        return true
    }

    /// Two, four or eight bytes, by the column's type.
    public static func _decode(_ bytes: RawSpan, _ oid: OID) throws(StatementError) -> Int64 {
        switch oid {
        case .int2: Int64(try bytes.integer(Int16.self))
        case .int4: Int64(try bytes.integer(Int32.self))
        default: try bytes.integer(Int64.self)
        }
    }
}

extension Int: PostgresValue {
    /// `bigint`.
    public static var oid: OID { .int8 }
    /// `bigint[]`.
    public static var arrayOID: OID { .int8Array }

    /// Any integer: none loses anything.
    public static func _accepts(_ oid: OID) -> Bool { Int64._accepts(oid) }

    /// Eight bytes.
    public func _encode(into bytes: inout [UInt8]) throws(StatementError) -> Bool {
        bytes.append(bigEndian: Int64(self))
        return true
    }

    /// Two, four or eight bytes, by the column's type.
    public static func _decode(_ bytes: RawSpan, _ oid: OID) throws(StatementError) -> Int {
        Int(try Int64._decode(bytes, oid))
    }
}

extension String: PostgresValue {
    /// `text`.
    public static var oid: OID { .text }
    /// `text[]`.
    public static var arrayOID: OID { .textArray }

    /// Whatever is text on the wire.
    public static func _accepts(_ oid: OID) -> Bool {
        switch oid {
        case .text, .varchar, .name, .bpchar, .json, .jsonb, .unknown: true
        default: false
        }
    }

    /// The UTF-8; PostgreSQL has no NUL in text, so neither have we.
    public func _encode(into bytes: inout [UInt8]) throws(StatementError) -> Bool {
        let start = bytes.count
        bytes.append(contentsOf: utf8)
        guard !bytes[start...].contains(0) else {
            bytes.removeSubrange(start...)
            throw .parameter("text with a NUL character")
        }
        return true
    }

    /// The UTF-8; `jsonb` has a version byte before it.
    public static func _decode(_ bytes: RawSpan, _ oid: OID) throws(StatementError) -> String {
        oid == .jsonb ? try PostgresJSON.versioned(bytes) : try bytes.text()
    }
}

/// `bytea`. A type of its own, so that `[UInt8]` cannot be mistaken for an array of small integers.
public struct Bytes: PostgresValue, Hashable {
    /// The bytes.
    public var value: [UInt8]

    /// Wraps bytes.
    public init(_ value: [UInt8]) {
        self.value = value
    }

    /// `bytea`.
    public static var oid: OID { .bytea }
    /// `bytea[]`.
    public static var arrayOID: OID { .byteaArray }

    /// The bytes as they are.
    public func _encode(into bytes: inout [UInt8]) throws(StatementError) -> Bool {
        bytes.append(contentsOf: value)
        return true
    }

    /// The bytes as they are.
    public static func _decode(_ bytes: RawSpan, _ oid: OID) throws(StatementError) -> Bytes {
        unsafe bytes.withUnsafeBytes { unsafe Bytes([UInt8]($0)) }
    }
}
