import Postgres
import Synchronization
import Testing

extension ServerTests {
    @Suite("Transactions")
    struct TransactionTests {
        struct Mine: Error, Equatable {}

        /// A table of its own for each test.
        static func withTable(
            _ configure: (inout DatabaseConfiguration) -> Void = { _ in }, _ body: (Database) async throws -> Void
        ) async throws {
            try await withDatabase(configure) { database in
                try await database.transaction("create") { tx in
                    tx.queue(command("drop", "drop table if exists touchstone_test").done)
                    tx.queue(
                        command("create", "create table touchstone_test (id bigint primary key, n bigint not null)")
                            .done)
                }
                try await body(database)
                try await database.transaction("drop") { $0.queue(command("drop", "drop table touchstone_test").done) }
            }
        }

        static func insert(_ id: Int, _ n: Int = 0) -> Statement<Void> {
            command("insert", "insert into touchstone_test (id, n) values (\(id), \(n))")
        }

        static func ids(_ database: Database) async throws -> [Int] {
            try await database.read("ids", integer("ids", "select id from touchstone_test order by id").many)
        }

        @Test("two round trips: open, lock and load; then write, record, commit")
        func roundTrips() async throws {
            try await Self.withTable { database in
                let before = database.flights.write
                let found = try await database.transaction("submit") { tx in
                    let (_, found) = try tx.pipeline(
                        text("open", "select set_config('test.who', 'me', true)").one,
                        integer("load", "select count(*) from touchstone_test").one)
                    tx.queue(Self.insert(1).done)
                    tx.queue(Self.insert(2).done)
                    return found
                }
                #expect(found == 0)
                #expect(database.flights.write == before + 2)
                #expect(try await Self.ids(database) == [1, 2])
            }
        }

        @Test("queued statements alone take one round trip, and a body that asks nothing takes none")
        func fewerRoundTrips() async throws {
            try await Self.withTable { database in
                let before = database.flights.write
                try await database.transaction("queued") { $0.queue(Self.insert(1).done) }
                #expect(database.flights.write == before + 1)
                try await database.transaction("nothing") { _ in }
                #expect(database.flights.write == before + 1)
                try await database.transaction("counted") { $0.queue(Self.insert(2).affecting(1)) }
                #expect(database.flights.write == before + 3, "a count is known before COMMIT is said")
            }
        }

        @Test("the body's own error comes out, and nothing is kept")
        func rollback() async throws {
            try await Self.withTable { database in
                await #expect(throws: Mine.self) {
                    try await database.transaction("fails") { tx in
                        try tx.run(Self.insert(1).done)
                        tx.queue(Self.insert(2).done)
                        throw Mine()
                    }
                }
                await #expect(throws: Mine.self) {
                    try await database.transaction("fails at once") { _ in throw Mine() }
                }
                let ids = try await Self.ids(database)
                #expect(ids.isEmpty)
            }
        }

        @Test("a server's refusal carries constraint, table and statement")
        func refusal() async throws {
            try await Self.withTable { database in
                let error = try await failure(StatementError.self) {
                    try await database.transaction("twice") { tx in
                        try tx.run(Self.insert(1).done)
                        try tx.run(Self.insert(1).done)
                    }
                }
                #expect(error.sqlState == .uniqueViolation)
                #expect(error.constraint == "touchstone_test_pkey")
                #expect(error.table == "touchstone_test")
                #expect(error.statement == "insert")
                #expect(try await Self.ids(database).isEmpty)
            }
        }

        @Test("a queued statement that fails stops COMMIT, which travels behind it")
        func queuedFailure() async throws {
            try await Self.withTable { database in
                let error = try await failure(StatementError.self) {
                    try await database.transaction("queued") { tx in
                        tx.queue(Self.insert(1).done)
                        tx.queue(Self.insert(1).done)
                        tx.queue(Self.insert(2).done)
                    }
                }
                #expect(error.sqlState == .uniqueViolation)
                #expect(try await Self.ids(database).isEmpty)
            }
        }

        @Test("a wrong count rolls back: at once, queued, and even if the body swallows it")
        func affecting() async throws {
            try await Self.withTable { database in
                let none = command("update", "update touchstone_test set n = 1 where id = \(99)").affecting(1)
                let bodies: [@Sendable (borrowing Transaction) throws -> Void] = [
                    { try $0.run(none) },
                    { $0.queue(none) },
                    { tx in
                        tx.queue(none)
                        _ = try tx.run(echo(1).one)
                    },
                    { tx in try? tx.run(none) },
                ]
                for body in bodies {
                    let error = try await failure(StatementError.self) {
                        try await database.transaction("counted") { tx in
                            try tx.run(Self.insert(1).affecting(1))
                            try body(tx)
                        }
                    }
                    #expect(error.kind == .cardinality)
                    #expect(error.statement == "update")
                }
                #expect(try await Self.ids(database).isEmpty)
            }
        }

        @Test("a swallowed failure turns COMMIT into ROLLBACK, and that is an error")
        func commitThatRolledBack() async throws {
            try await Self.withTable { database in
                let error = try await failure(StatementError.self) {
                    try await database.transaction("swallows") { tx in
                        try tx.run(Self.insert(1).done)
                        _ = try? tx.run(integer("division", "select 1 / \(0)").one)
                    }
                }
                #expect(error.sqlState == .inFailedSqlTransaction)
                #expect(try await Self.ids(database).isEmpty)
            }
        }

        @Test("a parameter that cannot be sent fails before anything is, queued or not")
        func parameters() async throws {
            try await Self.withTable { database in
                let bad = command("bad", "select \("a\0b")").done
                for queued in [true, false] {
                    let error = try await failure(StatementError.self) {
                        try await database.transaction("bad") { tx in
                            try tx.run(Self.insert(1).done)
                            if queued { tx.queue(bad) } else { try tx.run(bad) }
                        }
                    }
                    #expect(error.kind == .parameter)
                }
                #expect(try await Self.ids(database).isEmpty)
            }
        }

        @Test("a savepoint undoes its own part only, and only undoing costs a round trip")
        func savepoint() async throws {
            try await Self.withTable { database in
                let before = database.flights.write
                try await database.transaction("parts") { tx in
                    try tx.run(Self.insert(1).done)
                    do {
                        try tx.savepoint {
                            try tx.run(Self.insert(2).done)
                            try tx.run(Self.insert(1).done)
                        }
                        Issue.record("the second insert must fail")
                    } catch let error as StatementError {
                        #expect(error.sqlState == .uniqueViolation)
                    }
                    try tx.savepoint {
                        try tx.run(Self.insert(3).done)
                        try? tx.savepoint {
                            try tx.run(Self.insert(4).done)
                            throw Mine()
                        }
                    }
                    tx.queue(Self.insert(5).done)
                }
                #expect(database.flights.write == before + 8, "five statements, two undone, and the commit")
                #expect(try await Self.ids(database) == [1, 3, 5])
            }
        }

        @Test("what a savepoint queued fails inside it; what it did not send is forgotten with it")
        func savepointQueue() async throws {
            try await Self.withTable { database in
                try await database.transaction("queues") { tx in
                    try tx.run(Self.insert(1).done)
                    do {
                        try tx.savepoint { tx.queue(Self.insert(1).done) }
                        Issue.record("the queued insert must fail")
                    } catch let error as StatementError {
                        #expect(error.sqlState == .uniqueViolation)
                    }
                    try? tx.savepoint {
                        tx.queue(Self.insert(2).done)
                        throw Mine()
                    }
                    try? tx.savepoint {
                        try tx.run(command("update", "update touchstone_test set n = 1 where id = \(99)").affecting(1))
                    }
                    try tx.savepoint {}
                    try tx.savepoint { tx.queue(Self.insert(3).affecting(1)) }
                }
                #expect(try await Self.ids(database) == [1, 3])
            }
        }

        @Test("isolation and access mode reach the server", arguments: Isolation.allCases, [true, false])
        func modes(isolation: Isolation, readOnly: Bool) async throws {
            try await withDatabase { database in
                let (level, mode) = try await database.transaction("modes", isolation: isolation, readOnly: readOnly) {
                    tx in
                    try tx.pipeline(
                        text("level", "select current_setting('transaction_isolation')").one,
                        text("mode", "select current_setting('transaction_read_only')").one)
                }
                let names: [Isolation: String] = [
                    .readCommitted: "read committed", .repeatableRead: "repeatable read", .serializable: "serializable",
                ]
                #expect(level == names[isolation])
                #expect(mode == (readOnly ? "on" : "off"))
            }
        }

        /// Two transactions that each read what the other writes.
        static func conflict(_ database: Database, retrying: Int, _ runs: RunCount) async throws {
            try await database.transaction("rows") { tx in
                tx.queue(Self.insert(1, 0).done)
                tx.queue(Self.insert(2, 0).done)
            }
            let meeting = Meeting(2)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 1...2 {
                    group.addTask {
                        try await database.transaction("skew", isolation: .serializable, retrying: retrying) { tx in
                            runs.add()
                            let sum = try tx.run(integer("sum", "select sum(n)::bigint from touchstone_test").one)
                            meeting.wait()
                            try tx.run(
                                command("write", "update touchstone_test set n = n + \(sum + 1) where id = \(id)")
                                    .affecting(1))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }

        @Test("a real serialization failure is retried, whole, when asked for")
        func retried() async throws {
            let log = EventLog()
            try await Self.withTable({ $0.observer = { log.add($0) } }) { database in
                let runs = RunCount()
                try await Self.conflict(database, retrying: 5, runs)
                let values = try await database.read(
                    "values", integer("values", "select n from touchstone_test order by n").many)
                #expect(values == [1, 2], "as if one had run after the other")
                #expect(runs.count >= 3)
                #expect(log.count { if case .retried(.write, _, _, _) = $0 { true } else { false } } == runs.count - 2)
            }
        }

        @Test("and is the caller's when not")
        func notRetried() async throws {
            try await Self.withTable { database in
                let runs = RunCount()
                let error = try await failure(StatementError.self) {
                    try await Self.conflict(database, retrying: 0, runs)
                }
                #expect(error.sqlState == .serializationFailure)
                #expect(runs.count == 2)
            }
        }

        @Test(
            "retries are bounded, and nothing else is retried",
            arguments: ["40001", "40P01", "40000", "23505", "P0001"])
        func bounds(code: String) async throws {
            try await withDatabase { database in
                let runs = RunCount()
                let raise = command("raise", "select set_config('test.code', \(code), true)")
                let error = try await failure(StatementError.self) {
                    try await database.transaction("raises", retrying: 2) { tx in
                        runs.add()
                        tx.queue(raise.done)
                        try tx.run(
                            command(
                                "block",
                                "do $$ begin raise exception using errcode = current_setting('test.code'); end $$"
                            ).done)
                    }
                }
                #expect(error.sqlState?.rawValue == code)
                #expect(runs.count == (code == "40001" || code == "40P01" ? 3 : 1))
            }
        }

        @Test("a real deadlock is retried")
        func deadlock() async throws {
            try await Self.withTable { database in
                try await database.transaction("rows") { tx in
                    tx.queue(Self.insert(1).done)
                    tx.queue(Self.insert(2).done)
                }
                let meeting = Meeting(2)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for (first, second) in [(1, 2), (2, 1)] {
                        group.addTask {
                            try await database.transaction("crossed", retrying: 3) { tx in
                                func touch(_ id: Int) -> Step<Void> {
                                    command("touch", "update touchstone_test set n = n + 1 where id = \(id)").affecting(
                                        1)
                                }
                                try tx.run(touch(first))
                                meeting.wait()
                                try tx.run(touch(second))
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                let values = try await database.read(
                    "values", integer("values", "select n from touchstone_test").many)
                #expect(values == [2, 2])
            }
        }
    }
}

/// Counts, from any thread.
final class RunCount: Sendable {
    private let value = Atomic<Int>(0)

    var count: Int { value.load(ordering: .sequentiallyConsistent) }

    func add() {
        value.add(1, ordering: .sequentiallyConsistent)
    }
}

/// Lets the first few go on only together; later comers pass. Blocks, so only for transaction bodies.
final class Meeting: Sendable {
    private let missing: Mutex<Int>

    init(_ count: Int) {
        missing = Mutex(count)
    }

    func wait() {
        missing.withLock { $0 -= 1 }
        for _ in 0..<5_000 where missing.withLock({ $0 > 0 }) {
            pauseThread(milliseconds: 1)
        }
    }
}
