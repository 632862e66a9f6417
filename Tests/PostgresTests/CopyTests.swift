import Postgres
import Testing

extension ServerTests {
    @Suite("COPY")
    struct CopyTests {
        struct Mine: Error, Equatable {}

        /// A table of its own for each test.
        static func withTable(
            _ configure: (inout DatabaseConfiguration) -> Void = { _ in }, _ body: (Database) async throws -> Void
        ) async throws {
            try await withDatabase(configure) { database in
                try await database.transaction("create") { tx in
                    tx.queue(command("drop", "drop table if exists touchstone_copy").done)
                    tx.queue(command("create", "create table touchstone_copy (line bigint not null, words text)").done)
                }
                try await body(database)
                try await database.transaction("drop") { $0.queue(command("drop", "drop table touchstone_copy").done) }
            }
        }

        static func rows(_ database: Database) async throws -> Int {
            try await database.transaction("count") {
                try $0.run(integer("count", "select count(*) from touchstone_copy").one)
            }
        }

        @Test("what goes in comes out, whatever it is")
        func hostileValues() async throws {
            let hostile: [String?] = [
                nil, "", "\\N", "\\.", "\\", "a\tb", "a\nb", "a\r\nb", "NULL", "E'\\x'", "it's; drop table x;--",
                "Ünïcödé 🧒🏽 עברית", String(repeating: "x", count: 1_000_000), "\u{1}\u{7f}", "trailing\\",
            ]
            try await Self.withTable { database in
                let taken = try await database.importing("copy") { tx in
                    try tx.copy("lines", into: "touchstone_copy (line, words)") { rows in
                        for (number, value) in hostile.enumerated() { try rows.row("\(number)", value) }
                    }
                }
                #expect(taken == hostile.count)
                let back = try await database.transaction("read") { tx in
                    try tx.run(
                        Statement<String?>("back", "select words from touchstone_copy order by line") { try $0.read() }
                            .many)
                }
                #expect(back == hostile)
            }
        }

        @Test("NUL is refused before it is sent, nothing stays, and the connection serves on")
        func nul() async throws {
            try await Self.withTable { database in
                let error = try await failure(StatementError.self) {
                    try await database.importing("copy") { tx in
                        _ = try tx.copy("lines", into: "touchstone_copy (line, words)") { rows in
                            try rows.row("1", "fine")
                            try rows.row("2", "a\0b")
                        }
                    }
                }
                #expect(error.kind == .parameter)
                #expect(error.statement == "lines")
                #expect(try await Self.rows(database) == 0)
            }
        }

        @Test("many rows travel in chunks and are all there; what was queued went first")
        func many() async throws {
            try await Self.withTable { database in
                let count = 200_000
                let taken = try await database.importing("copy") { tx in
                    tx.queue(command("first", "insert into touchstone_copy (line) values (-1)").done)
                    let taken = try tx.copy("lines", into: "touchstone_copy (line, words)") { rows in
                        for number in 0..<count { try rows.row("\(number)", "row \(number) of many") }
                    }
                    let seen = try tx.run(integer("seen", "select count(*) from touchstone_copy").one)
                    #expect(seen == count + 1)
                    return taken
                }
                #expect(taken == count)
                #expect(try await Self.rows(database) == count + 1)
                #expect(database.statistics.imports.open == 1, "one connection, still there")
            }
        }

        @Test("a row that the server refuses undoes all of them, and says which statement")
        func refusedRow() async throws {
            try await Self.withTable { database in
                for bad in ["x", ""] {
                    let error = try await failure(StatementError.self) {
                        try await database.importing("copy") { tx in
                            _ = try tx.copy("lines", into: "touchstone_copy (line, words)") { rows in
                                try rows.row("1", "good")
                                try rows.row(bad, "bad")
                                for number in 0..<50_000 { try rows.row("\(number)", "more that nobody wants") }
                            }
                        }
                    }
                    #expect(error.sqlState == .invalidTextRepresentation)
                    #expect(error.statement == "lines")
                }
                let short = try await failure(StatementError.self) {
                    try await database.importing("copy") { tx in
                        _ = try tx.copy("lines", into: "touchstone_copy (line, words)") { rows in try rows.row("1") }
                    }
                }
                #expect(short.sqlState == .badCopyFileFormat)
                #expect(try await Self.rows(database) == 0)
            }
        }

        @Test("a body that gives up is heard itself, not the server's echo")
        func bodyThrows() async throws {
            try await Self.withTable { database in
                let error = try await failure(Mine.self) {
                    try await database.importing("copy") { tx in
                        _ = try tx.copy("lines", into: "touchstone_copy (line, words)") { rows in
                            for number in 0..<50_000 { try rows.row("\(number)", "so far so good") }
                            throw Mine()
                        }
                    }
                }
                #expect(error == Mine())
                #expect(try await Self.rows(database) == 0)
            }
        }

        @Test("a table that is not there refuses at the door")
        func noTable() async throws {
            try await Self.withTable { database in
                let error = try await failure(StatementError.self) {
                    try await database.importing("copy") { tx in
                        _ = try tx.copy("lines", into: "touchstone_nowhere (line)") { rows in
                            Issue.record("the body must not run")
                            try rows.row("1")
                        }
                    }
                }
                #expect(error.sqlState == .undefinedTable)
            }
        }

        @Test("a failed copy can be undone alone, inside a savepoint, and another follows in the same transaction")
        func savepoint() async throws {
            try await Self.withTable { database in
                let taken = try await database.importing("copy") { tx in
                    do {
                        try tx.savepoint {
                            _ = try tx.copy("lines", into: "touchstone_copy (line, words)") { try $0.row("x", "bad") }
                        }
                    } catch is StatementError {}
                    return try tx.copy("lines", into: "touchstone_copy (line, words)") { try $0.row("7", "good") }
                }
                #expect(taken == 1)
                #expect(try await Self.rows(database) == 1)
            }
        }

        @Test("a copy that takes too long loses its connection, and the next one gets another")
        func deadline() async throws {
            try await Self.withTable({ $0.importDeadline = .milliseconds(300) }) { database in
                let error = try await failure(ConnectionLost.self) {
                    try await database.importing("copy") { tx in
                        _ = try tx.copy("lines", into: "touchstone_copy (line, words)") { rows in
                            while true { try rows.row("1", "for ever") }
                        }
                    }
                }
                #expect(error.reason == .deadline || error.reason == .closed)
                let again = try await database.importing("again") { tx in
                    try tx.copy("lines", into: "touchstone_copy (line, words)") { try $0.row("1", "again") }
                }
                #expect(again == 1)
            }
        }
    }
}
