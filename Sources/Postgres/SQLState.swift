/// The five characters with which PostgreSQL says what kind of failure it met.
///
/// Match on this, never on a message: messages are translated and change between versions.
public struct SQLState: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The code, such as `23505`.
    public let rawValue: String

    /// Makes a state from its five characters.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Makes a state from its five characters.
    public init(stringLiteral value: String) {
        rawValue = value
    }

    init(code: StaticString) {
        rawValue = code.description
    }

    /// The first two characters, which name the family: `23` is every integrity constraint.
    public var classCode: String { String(rawValue.prefix(2)) }

    /// What PostgreSQL calls the code, such as `unique_violation`; nil for a code of our own.
    public var conditionName: String? { SQLState.names[rawValue] }

    /// The code and what PostgreSQL calls it.
    public var description: String {
        guard let name = conditionName else { return rawValue }
        return "\(rawValue) \(name)"
    }

    /// Failures that pass when the whole transaction is run again: `40001` and `40P01`, nothing else.
    public var isWorthRetrying: Bool {
        self == .serializationFailure || self == .deadlockDetected
    }
}

extension SQLState {
    /// A family of states, for `case SQLState.Class.integrityConstraintViolation:`.
    public struct Class: Hashable, Sendable {
        /// The two characters that begin every code of the family.
        public let code: String

        /// A family by its two characters.
        public init(_ code: String) {
            self.code = code
        }

        /// `08`: the connection.
        public static let connectionException = Class("08")
        /// `22`: a value that cannot be what it is meant to be.
        public static let dataException = Class("22")
        /// `23`: a constraint said no.
        public static let integrityConstraintViolation = Class("23")
        /// `40`: rolled back by the server to keep transactions apart.
        public static let transactionRollback = Class("40")
        /// `42`: the text of the statement is wrong, or a right is missing.
        public static let syntaxErrorOrAccessRuleViolation = Class("42")
        /// `53`: out of disk, memory or connections.
        public static let insufficientResources = Class("53")
        /// `57`: an operator, or a time-out, intervened.
        public static let operatorIntervention = Class("57")
    }

    /// Whether `state` belongs to the family `pattern`.
    public static func ~= (pattern: Class, state: SQLState) -> Bool {
        state.rawValue.hasPrefix(pattern.code)
    }
}
