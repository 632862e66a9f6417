/// A statement as a value: its name, its SQL with parameters, and how to read a row of its result.
///
/// What is expected of the result is said where it is used: ``one``, ``optional``, ``many``, ``affected``,
/// ``affecting(_:)`` or ``done`` make a ``Step`` of it.
public struct Statement<Output: Sendable>: Sendable {
    private let staticName: StaticString

    /// The text and the parameters.
    public let sql: SQL

    private let decode: (@Sendable (inout RowReader) throws -> Output)?

    /// A statement that returns rows, which `decode` reads one at a time.
    public init(_ name: StaticString, _ sql: SQL, decode: @escaping @Sendable (inout RowReader) throws -> Output) {
        staticName = name
        self.sql = sql
        self.decode = decode
    }

    /// A statement whose rows, if any, nobody reads.
    public init(_ name: StaticString, _ sql: SQL) where Output == Void {
        staticName = name
        self.sql = sql
        decode = nil
    }

    /// The name, which errors, logs and metrics carry.
    public var name: String { staticName.description }

    /// The same without the type of its rows, for lists of statements.
    public var untyped: AnyStatement {
        AnyStatement(name: name, text: sql.text, parameterOIDs: sql.parameterOIDs)
    }
}

/// A statement without the type of its rows: what a test needs to prepare it against the schema.
public struct AnyStatement: Sendable, Hashable {
    /// The name that errors and logs carry.
    public let name: String
    /// The text, with `$1`, `$2`, … for the parameters.
    public let text: String
    /// The types that the parameters are sent as.
    public let parameterOIDs: [OID]
}

extension Statement {
    /// Exactly one row.
    public var one: Step<Output> {
        step { rows, name in
            guard rows.count == 1 else {
                throw StatementError.cardinality("\(rows.count) rows where 1 was expected", in: name)
            }
            return try row(0, of: rows)
        }
    }

    /// One row or none.
    public var optional: Step<Output?> {
        step { rows, name in
            guard rows.count <= 1 else {
                throw StatementError.cardinality("\(rows.count) rows where at most 1 was expected", in: name)
            }
            return rows.count == 0 ? nil : try row(0, of: rows)
        }
    }

    /// Any number of rows, in the order in which they came.
    public var many: Step<[Output]> {
        step { rows, _ in
            let count = rows.count
            var outputs: [Output] = []
            outputs.reserveCapacity(count)
            for index in 0..<count { outputs.append(try row(index, of: rows)) }
            return outputs
        }
    }

    /// How many rows the command changed.
    public var affected: Step<Int> {
        step { rows, _ in rows.affected }
    }

    /// Exactly `expected` rows changed. Any other number dooms the transaction: it cannot commit any more.
    public func affecting(_ expected: Int) -> Step<Void> {
        step(.affecting) { rows, name in
            let affected = rows.affected
            guard affected == expected else {
                throw StatementError.cardinality("\(affected) rows changed where \(expected) was expected", in: name)
            }
        }
    }

    /// Nothing is expected but success.
    public var done: Step<Void> {
        step(.nothing) { _, _ in }
    }

    private func step<Result: Sendable>(
        _ expectation: StepExpectation = .rows,
        _ finish: @escaping @Sendable (Rows, StaticString) throws -> Result
    ) -> Step<Result> {
        Step(name: staticName, sql: sql, expectation: expectation, finish: finish)
    }

    private func row(_ index: Int, of rows: Rows) throws -> Output {
        guard let decode else {
            // The initialiser without a decoder is only there for Void.
            guard let nothing = () as? Output else { throw StatementError.decoding("no decoder").named(staticName) }
            return nothing
        }
        var reader = rows.reader(row: index)
        do {
            let output = try decode(&reader)
            try reader.finished()
            return output
        } catch let error as StatementError {
            throw error.named(staticName)
        }
    }
}

/// A statement and what is expected of its result.
public struct Step<Result: Sendable>: Sendable {
    let name: StaticString
    let sql: SQL
    let expectation: StepExpectation
    private let finish: @Sendable (Rows, StaticString) throws -> Result

    init(
        name: StaticString, sql: SQL, expectation: StepExpectation,
        finish: @escaping @Sendable (Rows, StaticString) throws -> Result
    ) {
        self.name = name
        self.sql = sql
        self.expectation = expectation
        self.finish = finish
    }

    /// Reads the result, or throws what the server said.
    func result(_ rows: Rows) throws -> Result {
        try finish(rows, name)
    }

    var call: Call { Call(name: name, sql: sql) }
}

/// What a step wants, as far as sending it matters.
enum StepExpectation: Sendable {
    /// Success.
    case nothing
    /// A number of changed rows, checked before COMMIT is sent.
    case affecting
    /// Rows, or a count for the caller.
    case rows
}

/// A step without its type: what travels.
struct Call: Sendable {
    let name: StaticString
    let sql: SQL
    /// Whether it may be prepared. BEGIN, COMMIT and their kind are not: there is nothing to plan, and a COMMIT must
    /// not fail because somebody said `deallocate all`.
    var isPreparable = true

    /// A statement that steers the transaction.
    static func control(_ name: StaticString, _ text: String) -> Call {
        Call(name: name, sql: SQL(text: text), isPreparable: false)
    }
}
