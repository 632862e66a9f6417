/// A statement failed and the connection is as good as before.
///
/// The other type, ``ConnectionLost``, means that nothing more can be said on that connection. They are two types so
/// that a handler for the first cannot swallow the second.
public struct StatementError: Error, Sendable {
    /// Who said no.
    public enum Kind: Sendable, Hashable {
        /// PostgreSQL; ``StatementError/sqlState`` says why.
        case server
        /// A column was not what its decoder expected.
        case decoding
        /// There were more or fewer rows than the step demands.
        case cardinality
        /// A parameter cannot be sent; nothing was.
        case parameter
    }

    /// Who said no.
    public let kind: Kind
    /// The name of the statement, as its ``Statement`` gives it.
    public internal(set) var statement: String
    /// The code of the failure; nil unless ``kind`` is `server`.
    public let sqlState: SQLState?
    /// What happened, in words. From the server it can quote values: show it to developers, do not log it.
    public let message: String
    /// More words from the server; it can quote values.
    public internal(set) var detail: String?
    /// The server's advice.
    public internal(set) var hint: String?
    /// The constraint that was violated: map this to an error of the domain.
    public internal(set) var constraint: String?
    /// The schema of the table concerned.
    public internal(set) var schema: String?
    /// The table concerned.
    public internal(set) var table: String?
    /// The column concerned.
    public internal(set) var column: String?
    /// Where in the text of the statement, counted in characters from 1.
    public internal(set) var position: Int?
    /// The server's function that raised the failure, such as `RevalidateCachedQuery`.
    public internal(set) var routine: String?

    /// Makes an error; for tests of code that handles one.
    public init(
        kind: Kind, statement: String, sqlState: SQLState? = nil, message: String, constraint: String? = nil
    ) {
        self.kind = kind
        self.statement = statement
        self.sqlState = sqlState
        self.message = message
        self.constraint = constraint
    }
}

extension StatementError: CustomStringConvertible {
    /// A line for a log: code, constraint and statement, and never a parameter or a value from a row.
    ///
    /// The server's own words are added only for class 42, where they speak of the statement's text.
    public var description: String {
        guard kind == .server, let sqlState else { return "\(kind) in \(statement): \(message)" }
        var line = sqlState.description
        if let constraint {
            line += " on \(constraint)"
        } else if let table {
            line += " on \(table)" + (column.map { ".\($0)" } ?? "")
        }
        line += " in \(statement)"
        if SQLState.Class.syntaxErrorOrAccessRuleViolation ~= sqlState {
            line += ": \(message)"
        }
        return line
    }
}

extension StatementError {
    static func decoding(_ message: String) -> StatementError {
        StatementError(kind: .decoding, statement: "", message: message)
    }

    static func parameter(_ message: String) -> StatementError {
        StatementError(kind: .parameter, statement: "", message: message)
    }

    static func cardinality(_ message: String, in statement: StaticString) -> StatementError {
        StatementError(kind: .cardinality, statement: statement.description, message: message)
    }

    /// The same error with the statement's name filled in, where the thrower did not know it.
    func named(_ name: StaticString) -> StatementError {
        guard statement.isEmpty else { return self }
        var copy = self
        copy.statement = name.description
        return copy
    }
}
