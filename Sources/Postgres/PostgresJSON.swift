/// JSON as text, passed through: sent as `jsonb`, read from `json` or `jsonb`.
///
/// The text is not parsed here. What PostgreSQL builds goes to the reader as it came.
public struct PostgresJSON: PostgresValue, Hashable {
    /// The JSON.
    public let text: String

    /// Wraps JSON; PostgreSQL refuses what is not.
    public init(_ text: String) {
        self.text = text
    }

    /// Wraps JSON; PostgreSQL refuses what is not.
    public init(text: String) {
        self.text = text
    }

    /// `jsonb`.
    public static var oid: OID { .jsonb }
    /// `jsonb[]`.
    public static var arrayOID: OID { .jsonbArray }

    /// Either kind.
    public static func _accepts(_ oid: OID) -> Bool { oid == .jsonb || oid == .json }

    /// A version byte and the text.
    public func _encode(into bytes: inout [UInt8]) throws(StatementError) -> Bool {
        bytes.append(1)
        do {
            return try text._encode(into: &bytes)
        } catch {
            bytes.removeLast()
            throw error
        }
    }

    /// The text, after the version byte if it is `jsonb`.
    public static func _decode(_ bytes: RawSpan, _ oid: OID) throws(StatementError) -> PostgresJSON {
        PostgresJSON(try String._decode(bytes, oid))
    }

    /// The text behind the version byte of `jsonb`.
    static func versioned(_ bytes: RawSpan) throws(StatementError) -> String {
        guard bytes.byteCount > 0, bytes.bigEndian(as: UInt8.self) == 1 else {
            throw .decoding("jsonb of a version that is not 1")
        }
        return try bytes.extracting(1...).text()
    }
}
