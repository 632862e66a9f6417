import Postgres
import Testing

extension ServerTests {
    @Suite("Prepared statements")
    struct PreparedTests {
        static var preparedCount: Statement<Int> {
            integer("count", "select count(*) from pg_prepared_statements where name like 'ts\\_%'")
        }

        static func oneConnection(_ configuration: inout DatabaseConfiguration) {
            configuration.writeConnections = 1
            configuration.readConnections = 1
        }

        @Test("the same wording is prepared once")
        func once() async throws {
            try await withDatabase(Self.oneConnection) { database in
                func total() async throws -> Int {
                    try await database.read("total", Self.preparedCount.one)
                }
                _ = try await total()
                let before = try await total()
                for number in 0..<10 { _ = try await database.read("echo", echo(number).one) }
                #expect(try await total() == before + 1)
            }
        }

        @Test("switched off, nothing is prepared by name, and everything works")
        func off() async throws {
            try await withDatabase({
                Self.oneConnection(&$0)
                $0.preparedStatements = false
            }) { database in
                for number in 0..<3 { #expect(try await database.read("echo", echo(number).one) == number) }
                let count = try await database.transaction("count") { tx in
                    _ = try tx.run(echo(1).one)
                    try tx.savepoint { tx.queue(echo(2).done) }
                    return try tx.run(Self.preparedCount.one)
                }
                #expect(count == 0)
                #expect(try await database.read("count", Self.preparedCount.one) == 0)
            }
        }

        @Test("a connection keeps no more than allowed, and those in use longest ago go")
        func bounded() async throws {
            try await withDatabase({
                Self.oneConnection(&$0)
                $0.preparedMax = 5
            }) { database in
                for number in 0..<30 {
                    let sql = SQL(stringLiteral: "select \(number)::bigint")
                    #expect(try await database.read("various", integer("various", sql).one) == number)
                    #expect(try await database.read("steady", echo(number).one) == number)
                }
                #expect(try await database.read("count", Self.preparedCount.one) <= 5)
                let many = try await database.transaction("many") { tx in
                    try (0..<30).map { try tx.run(integer("various", SQL(stringLiteral: "select \($0)::bigint")).one) }
                }
                #expect(many == Array(0..<30))
            }
        }

        @Test("a flight with more statements than the cache holds still works")
        func wideFlight() async throws {
            try await withDatabase({
                Self.oneConnection(&$0)
                $0.preparedMax = 2
            }) { database in
                let (a, b, c, d) = try await database.read(
                    "wide", integer("a", "select 1::bigint").one, integer("b", "select 2::bigint").one,
                    integer("c", "select 3::bigint").one, integer("d", "select 4::bigint").one)
                #expect([a, b, c, d] == [1, 2, 3, 4])
            }
        }

        @Test("a read is planned once, also where the server would rather plan for each value")
        func plannedOnce() async throws {
            try await withDatabase(Self.oneConnection) { database in
                for limit in 1...8 {
                    let found = try await database.read(
                        "page",
                        integer("page", "select i::bigint from generate_series(1, 9) as i limit \(limit)").many)
                    #expect(found.count == limit)
                }
                let plans = integer(
                    "plans", "select custom_plans from pg_prepared_statements where statement like 'select i::bigint%'")
                #expect(try await database.read("plans", plans.many) == [0])
            }
        }

        @Test("statements that the server forgot: reads ask again, a transaction is told once")
        func forgotten() async throws {
            let log = EventLog()
            try await withDatabase({
                Self.oneConnection(&$0)
                $0.observer = { log.add($0) }
            }) { database in
                _ = try await database.read("echo", echo(1).one)
                _ = try await database.read("forget", command("forget", "deallocate all").done)
                #expect(try await database.read("echo", echo(2).one) == 2, "asked again by itself")

                _ = try await database.transaction("echo") { try $0.run(echo(1).one) }
                try await database.transaction("forget") { try $0.run(command("forget", "deallocate all").done) }
                let error = try await failure(StatementError.self) {
                    try await database.transaction("echo") { try $0.run(echo(1).one) }
                }
                #expect(error.sqlState == .invalidSqlStatementName)
                #expect(try await database.transaction("echo") { try $0.run(echo(2).one) } == 2)
                #expect(log.count { if case .preparedDropped = $0 { true } else { false } } >= 2)
                #expect(log.discarded.isEmpty, "the connections are the same")
            }
        }

        /// Not a way to write a statement: explicit columns cannot change under one's feet.
        static var all: Statement<Int> {
            Statement("all", "select * from touchstone_shape") { row in
                let value = try row.read(Int.self)
                _ = try? row.read(String?.self)
                return value
            }
        }

        @Test("a result that changed shape: reads ask again, a transaction is told once")
        func reshaped() async throws {
            try await withDatabase(Self.oneConnection) { database in
                try await database.transaction("create") { tx in
                    tx.queue(command("drop", "drop table if exists touchstone_shape").done)
                    tx.queue(command("create", "create table touchstone_shape (a bigint)").done)
                }
                #expect(try await database.read("all", Self.all.many) == [])
                #expect(try await database.transaction("all") { try $0.run(Self.all.many) } == [])
                try await database.transaction("alter") {
                    try $0.run(command("alter", "alter table touchstone_shape add b text").done)
                }
                #expect(try await database.read("all", Self.all.many) == [])
                let error = try await failure(StatementError.self) {
                    try await database.transaction("all") { try $0.run(Self.all.many) }
                }
                #expect(error.sqlState == .featureNotSupported)
                #expect(try await database.transaction("all") { try $0.run(Self.all.many) } == [])
                try await database.transaction("drop") { $0.queue(command("drop", "drop table touchstone_shape").done) }
            }
        }
    }
}
