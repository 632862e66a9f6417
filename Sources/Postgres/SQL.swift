/// The text of a statement and its parameters.
///
/// Written as a literal: what is interpolated is bound, never pasted. `"select … where id = \(id)"` is sent as
/// `select … where id = $1`, so the same wording is always the same text and is prepared once.
public struct SQL: Sendable {
    /// The text, with `$1`, `$2`, … where values were interpolated.
    public internal(set) var text: String

    /// Where each parameter is, in order.
    var parameters: [Parameter] = []

    /// The binary forms of all parameters, one after the other: one allocation however many there are.
    var bytes: [UInt8] = []

    /// Why a parameter cannot be sent. Interpolation cannot throw, so the error waits here for the first to use it.
    var failure: StatementError?

    struct Parameter: Sendable {
        let oid: UInt32
        /// Where the bytes begin; the length is negative for NULL.
        let offset: Int
        let length: Int
        /// Where `$n` begins in the UTF-8 of the text, so that splicing can renumber it.
        let position: Int
    }

    /// The number of parameters that the protocol can count.
    static let parametersMax = 65_535

    /// The types that the parameters are sent as.
    public var parameterOIDs: [OID] { parameters.map { OID(rawValue: $0.oid) } }
}

extension SQL: ExpressibleByStringInterpolation {
    /// A statement without parameters.
    public init(stringLiteral value: String) {
        text = value
    }

    /// A statement with what was interpolated.
    public init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.sql
    }

    /// Gathers the text and binds the values.
    public struct StringInterpolation: StringInterpolationProtocol, Sendable {
        var sql: SQL

        /// Begins with room for the literal parts and a number for each value.
        public init(literalCapacity: Int, interpolationCount: Int) {
            sql = SQL(text: "")
            sql.text.reserveCapacity(literalCapacity + 3 * interpolationCount)
            sql.parameters.reserveCapacity(interpolationCount)
        }

        /// Adds text of the statement.
        public mutating func appendLiteral(_ literal: String) {
            sql.text += literal
        }

        /// Binds a value.
        public mutating func appendInterpolation<Value: PostgresConvertible>(_ value: Value) {
            sql.bind(value.wire)
        }

        /// Binds a value or NULL. Without this the compiler takes an optional in an interpolation for a mistake.
        public mutating func appendInterpolation<Value: PostgresConvertible>(_ value: Value?) {
            sql.bind(value.wire)
        }

        /// Pastes text that is part of the program. Not for values: a `StaticString` cannot hold any.
        public mutating func appendInterpolation(raw text: StaticString) {
            sql.text += text.description
        }

        /// Splices other SQL; its parameters are numbered on.
        public mutating func appendInterpolation(_ other: SQL) {
            sql.splice(other)
        }

        /// Splices other SQL; its parameters are numbered on.
        public mutating func appendInterpolation(sql other: SQL) {
            sql.splice(other)
        }
    }
}

extension SQL {
    mutating func bind<Value: PostgresValue>(_ value: Value) {
        let position = text.utf8.count
        let offset = bytes.count
        var length = -1
        do {
            if try value._encode(into: &bytes) { length = bytes.count - offset }
        } catch {
            failure = failure ?? error
        }
        parameters.append(
            Parameter(oid: Value.oid.rawValue, offset: offset, length: length, position: position))
        text += "$"
        text += String(parameters.count)
    }

    mutating func splice(_ other: SQL) {
        failure = failure ?? other.failure
        let base = bytes.count
        bytes += other.bytes
        let source = other.text.utf8
        var read = source.startIndex
        for (index, parameter) in other.parameters.enumerated() {
            let start = source.index(source.startIndex, offsetBy: parameter.position)
            text += other.text[read..<start]
            parameters.append(
                Parameter(
                    oid: parameter.oid, offset: base + parameter.offset, length: parameter.length,
                    position: text.utf8.count))
            text += "$"
            text += String(parameters.count)
            read = source.index(start, offsetBy: 1 + String(index + 1).utf8.count)
        }
        text += other.text[read...]
    }

    /// Throws what interpolation could not.
    func checked(_ name: StaticString) throws(StatementError) {
        if let failure { throw failure.named(name) }
        guard parameters.count <= SQL.parametersMax else {
            throw StatementError.parameter("\(parameters.count) parameters, at most \(SQL.parametersMax)").named(name)
        }
    }
}
