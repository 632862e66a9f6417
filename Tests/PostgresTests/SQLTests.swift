import Testing

@testable import Postgres

@Suite("SQL whose interpolations bind")
struct SQLTests {
    @Test("values become numbers in the text, and the same wording gives the same text")
    func numbering() {
        func query(_ id: Int, _ name: String) -> SQL { "select a from b where id = \(id) and name = \(name)" }
        #expect(query(1, "x").text == "select a from b where id = $1 and name = $2")
        #expect(query(1, "x").text == query(2, "'; drop table b; --").text)
        #expect(query(1, "x").parameterOIDs == [.int8, .text])
    }

    @Test("spliced SQL is numbered on, in any depth")
    func splicing() {
        let inner: SQL = "x = \(1) or y = '$1' or z = \("two")"
        let outer: SQL = "select \(0) where (\(inner)) and (\(sql: inner)) and w = \(true)"
        #expect(
            outer.text
                == "select $1 where (x = $2 or y = '$1' or z = $3) and (x = $4 or y = '$1' or z = $5) and w = $6")
        #expect(outer.parameterOIDs == [.int8, .int8, .text, .int8, .text, .bool])
        let twice: SQL = "\(outer) union \(outer)"
        #expect(twice.parameterOIDs.count == 12)
        #expect(twice.text.hasSuffix("and w = $12"))
    }

    @Test("splicing keeps numbers straight beyond nine and beside text that is not ASCII")
    func splicingMany() {
        let many: SQL = "é \(1) \(2) \(3) \(4) \(5) \(6) \(7) \(8) \(9) \(10) \(11) ü"
        let twice: SQL = "\(many)|\(many)"
        #expect(twice.text == "é $1 $2 $3 $4 $5 $6 $7 $8 $9 $10 $11 ü|é $12 $13 $14 $15 $16 $17 $18 $19 $20 $21 $22 ü")
    }

    @Test("the raw door pastes text of the program")
    func raw() {
        let direction: StaticString = "desc"
        let sql: SQL = "select a from b order by a \(raw: direction) limit \(10)"
        #expect(sql.text == "select a from b order by a desc limit $1")
    }

    @Test("arrays and optionals bind as one parameter each")
    func containers() {
        let none: Int? = nil
        let sql: SQL = "select \([1, 2]), \(["a", "b"]), \(none), \(Optional("x"))"
        #expect(sql.parameterOIDs == [.int8Array, .textArray, .int8, .text])
        #expect(sql.parameters[2].length == -1)
    }

    @Test("what cannot be sent is an error before anything is sent")
    func unsendable() throws {
        let unsendable: [SQL] = [
            "select \("a\0b")", "select \(["fine", "a\0b"])", "select \(PostgresJSON("\"\0\""))",
            "select \(PostgresNumeric("NaN"))", "select \(PostgresNumeric("1e5"))", "select \(PostgresNumeric(""))",
            "select \(PostgresNumeric("."))", "select \(PostgresNumeric("--1"))", "select \(PostgresNumeric("1.2.3"))",
            "select \(PostgresTimestamp(microsecondsSince1970: .max))",
            "select \(PostgresTimestamp(microsecondsSince1970: .min))",
            "select \(PostgresDate(daysSince1970: .max))", "select \([[1]])",
        ]
        for sql in unsendable {
            let error = try #require(throws: StatementError.self) { try sql.checked("test") }
            #expect(error.kind == .parameter)
            #expect(error.statement == "test")
        }
    }

    @Test("a failed parameter leaves no bytes behind")
    func noResidue() {
        let sql: SQL = "select \("good"), \("a\0b"), \(["x", "\0"]), \(PostgresJSON("\0")), \("more")"
        #expect(sql.bytes == Array("goodmore".utf8))
    }

    @Test("65,536 parameters are one too many, in pieces too")
    func tooMany() throws {
        var sql: SQL = "select 1"
        for index in 0..<65_535 { sql.bind(index) }
        try sql.checked("test")
        sql.bind(0)
        let error = try #require(throws: StatementError.self) { try sql.checked("test") }
        #expect(error.kind == .parameter)
        let halves: SQL = "\(sql) \(sql)"
        #expect(throws: StatementError.self) { try halves.checked("test") }
    }
}

@Suite("Errors by consequence")
struct ErrorTests {
    @Test("the line for a log has the code, the constraint and the statement, and no value")
    func description() {
        let unique = StatementError(
            kind: .server, statement: "bid.insert", sqlState: .uniqueViolation,
            message: "duplicate key value: secret", constraint: "bid_reference_key")
        #expect(unique.description == "23505 unique_violation on bid_reference_key in bid.insert")
        let syntax = StatementError(
            kind: .server, statement: "bid.find", sqlState: .undefinedColumn, message: "column x does not exist")
        #expect(syntax.description == "42703 undefined_column in bid.find: column x does not exist")
        let own = StatementError(kind: .server, statement: "duty", sqlState: "TS001", message: "secret")
        #expect(own.description == "TS001 in duty")
    }

    @Test("states match by code and by class")
    func states() {
        let state: SQLState = "23505"
        #expect(state == .uniqueViolation)
        #expect(SQLState.Class.integrityConstraintViolation ~= state)
        #expect(!(SQLState.Class.transactionRollback ~= state))
        #expect(state.classCode == "23")
        #expect(SQLState.serializationFailure.isWorthRetrying && SQLState.deadlockDetected.isWorthRetrying)
        #expect(!SQLState.transactionRollback.isWorthRetrying, "not the whole of class 40")
    }

    @Test("a lost connection says whether a change may have been made")
    func lost() {
        #expect(ConnectionLost(.deadline).description == "connection lost: deadline")
        #expect(ConnectionLost(.closed, outcomeUnknown: true).description.contains("outcome unknown"))
    }
}
