import Postgres
import Testing

extension ServerTests {
    @Suite("The read lane")
    struct ReadLaneTests {
        @Test("several statements travel in one flight and come back typed")
        func flight() async throws {
            try await withDatabase { database in
                _ = try await database.read("warm", echo(0).one)
                let before = database.flights.read
                let (one, many, none, affected) = try await database.read(
                    "page", echo(1).one, integer("many", "select n from generate_series(1, 3) n").many,
                    text("none", "select 'x' where false").optional,
                    command("count", "select generate_series(1, 5)").affected)
                #expect(one == 1)
                #expect(many == [1, 2, 3])
                #expect(none == nil)
                #expect(affected == 5)
                #expect(database.flights.read == before + 1, "one round trip")
            }
        }

        @Test("cardinality is checked", arguments: [0, 1, 2])
        func cardinality(rows: Int) async throws {
            try await withDatabase { database in
                let statement = integer("rows", "select n from generate_series(1, \(rows)) n")
                #expect(try await database.read("many", statement.many).count == rows)
                if rows == 1 {
                    #expect(try await database.read("one", statement.one) == 1)
                } else {
                    let error = try await failure(StatementError.self) { try await database.read("one", statement.one) }
                    #expect(error.kind == .cardinality)
                    #expect(error.statement == "rows")
                }
                if rows == 2 {
                    let error = try await failure(StatementError.self) {
                        try await database.read("optional", statement.optional)
                    }
                    #expect(error.kind == .cardinality)
                }
            }
        }

        @Test("the first failure in a flight is the one reported, by name; the flights behind it are not touched")
        func aborted() async throws {
            try await withDatabase({ $0.readConnections = 1 }) { database in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<40 {
                        group.addTask {
                            guard number.isMultiple(of: 2) else {
                                #expect(try await database.read("good", echo(number).one) == number)
                                return
                            }
                            let error = try await failure(StatementError.self) {
                                try await database.read(
                                    "bad", echo(1).one, integer("division", "select 1 / \(0)").one,
                                    integer("after", "select \(number) + 1").one)
                            }
                            #expect(error.sqlState == .divisionByZero)
                            #expect(error.statement == "division")
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(database.statistics.read.open == 1, "the connection survived")
            }
        }

        @Test("a statement that cannot be prepared fails by its own name, for all who send it at once")
        func unpreparable() async throws {
            try await withDatabase({ $0.readConnections = 1 }) { database in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<20 {
                        group.addTask {
                            let error = try await failure(StatementError.self) {
                                try await database.read(
                                    "bad", echo(number).one, integer("typo", "select nonesuch from nowhere").one)
                            }
                            #expect(error.sqlState == .undefinedTable)
                            #expect(error.statement == "typo")
                        }
                        group.addTask {
                            let answer = try await database.read("good", echo(number).one)
                            #expect(answer == number)
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }

        @Test("local settings of concurrent reads never cross, and die with their flight", arguments: [true, false])
        func isolation(prepared: Bool) async throws {
            try await withDatabase({ $0.preparedStatements = prepared }) { database in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for task in 0..<32 {
                        group.addTask {
                            for round in 0..<40 {
                                let mine = "\(task).\(round)"
                                if (task + round).isMultiple(of: 5) {
                                    let nobody = try await database.read("nobody", Self.context.one)
                                    #expect(nobody == "", "a flight that sets nothing sees nothing")
                                } else {
                                    let (_, first, _, second) = try await database.read(
                                        "somebody", text("open", "select set_config('test.who', \(mine), true)").one,
                                        Self.context.one, echo(round).one, Self.context.one)
                                    #expect(first == mine)
                                    #expect(second == mine)
                                }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }

        static var context: Statement<String> {
            text("context", "select coalesce(current_setting('test.who', true), '')")
        }

        @Test("the context dies even when its flight fails")
        func failedContext() async throws {
            try await withDatabase({ $0.readConnections = 1 }) { database in
                _ = try await failure(StatementError.self) {
                    try await database.read(
                        "fails", text("open", "select set_config('test.who', 'me', true)").one,
                        integer("division", "select 1 / \(0)").one)
                }
                #expect(try await database.read("after", Self.context.one) == "")
            }
        }

        @Test("the database itself refuses writes here and in the report lane")
        func readOnly() async throws {
            try await withDatabase { database in
                let write = command("write", "create table should_not_exist (a int)").done
                let read = try await failure(StatementError.self) { try await database.read("write", write) }
                #expect(read.sqlState == .readOnlySqlTransaction)
                let report = try await failure(StatementError.self) { try await database.report("write", write) }
                #expect(report.sqlState == .readOnlySqlTransaction)
            }
        }

        @Test("a read that leaves a transaction open costs its connection, so nobody inherits it")
        func transactionLeftOpen() async throws {
            try await withDatabase({ $0.readConnections = 1 }) { database in
                _ = try? await database.read("begin", command("begin", "begin").done)
                #expect(try await database.read("after", Self.context.one) == "")
                let state = try await database.read(
                    "state",
                    integer(
                        "state",
                        "select count(*) from pg_stat_activity where state like 'idle in%' and application_name = 'touchstone read'"
                    ).one)
                #expect(state == 0)
            }
        }

        @Test("at the deadline the caller is told; the connection drains and lives on")
        func deadline() async throws {
            let log = EventLog()
            try await withDatabase({
                $0.readConnections = 1
                $0.abandonedReadGrace = .seconds(20)
                $0.observer = { log.add($0) }
            }) { database in
                let error = try await failure(ConnectionLost.self) {
                    try await database.read(
                        "slow", deadline: .milliseconds(200), text("slow", "select pg_sleep(1)::text").one)
                }
                #expect(error.reason == .deadline)
                #expect(try await database.read("behind", echo(1).one) == 1, "it waited its turn behind the slow one")
                #expect(log.discarded.isEmpty)
            }
        }

        @Test("a connection silent on an abandoned read is replaced; the reads behind it are asked again")
        func replaced() async throws {
            let log = EventLog()
            try await withDatabase({
                $0.readConnections = 1
                $0.abandonedReadGrace = .milliseconds(200)
                $0.observer = { log.add($0) }
            }) { database in
                async let slow = failure(ConnectionLost.self) {
                    try await database.read(
                        "slow", deadline: .milliseconds(300), text("slow", "select pg_sleep(4)::text").one)
                }
                try await Task.sleep(for: .milliseconds(100))
                async let behind = database.read("behind", echo(5).one)
                #expect(try await slow.reason == .deadline)
                #expect(try await behind == 5)
                #expect(log.discarded.count == 1)
                #expect(log.count { if case .retried(.read, _, _, _) = $0 { true } else { false } } == 1)
                try await expectNothingRuns("pg_sleep(4)", database)
            }
        }

        @Test("a cancelled task is told at once, whether it waits or has been sent")
        func cancelled() async throws {
            try await withDatabase({
                $0.readConnections = 1
                $0.readsInFlight = 1
                $0.abandonedReadGrace = .milliseconds(100)
            }) { database in
                let sent = Task { try await database.read("sent", text("sent", "select pg_sleep(4)::text").one) }
                try await eventually("the first is under way") { database.statistics.read.leased == 1 }
                let waiting = Task { try await database.read("waiting", echo(1).one) }
                try await eventually("the second waits") { database.statistics.read.waiting == 1 }
                waiting.cancel()
                sent.cancel()
                #expect(try await failure(ConnectionLost.self) { try await waiting.value }.reason == .cancelled)
                #expect(try await failure(ConnectionLost.self) { try await sent.value }.reason == .cancelled)
                try await expectNothingRuns("pg_sleep(4)", database)
            }
        }

        @Test("a task cancelled before it asks sends nothing")
        func cancelledBefore() async throws {
            try await withDatabase { database in
                let task = Task {
                    withUnsafeCurrentTask { $0?.cancel() }
                    return try await database.read("never", echo(1).one)
                }
                let error = try await failure(ConnectionLost.self) { try await task.value }
                #expect(error.reason == .cancelled)
            }
        }

        @Test("a report that nobody awaits is ended on the server")
        func report() async throws {
            try await withDatabase({ $0.reportDeadline = .seconds(3) }) { database in
                // The server's own time-out is a tenth shorter and ends a plain statement before ours does.
                let slow = text("slow", "select pg_sleep(15)::text").one
                let error = try await failure(StatementError.self) { try await database.report("slow", slow) }
                #expect(error.sqlState == .queryCanceled)
            }
            try await withDatabase { database in
                let slow = text("slow", "select pg_sleep(9)::text").one
                let task = Task { try await database.report("slow", slow) }
                try await eventually("it runs") { database.statistics.report.leased == 1 }
                try await Task.sleep(for: .milliseconds(100))
                task.cancel()
                #expect(try await failure(ConnectionLost.self) { try await task.value }.reason == .cancelled)
                try await expectNothingRuns("pg_sleep(9)", database)
            }
        }

        @Test("a long report does not hold up reads or transactions")
        func lanes() async throws {
            try await withDatabase { database in
                async let first: String = database.report("slow", text("slow", "select pg_sleep(1.5)::text").one)
                async let second: String = database.report("slow", text("slow", "select pg_sleep(1.5)::text").one)
                try await eventually("both run") { database.statistics.report.leased == 2 }
                for number in 0..<50 {
                    #expect(try await database.read("quick", echo(number).one) == number)
                    #expect(try await database.transaction("quick") { try $0.run(echo(number).one) } == number)
                }
                #expect(database.statistics.report.leased == 2, "the reports were still running all the while")
                _ = try await (first, second)
            }
        }

        @Test("large results and large parameters travel, mixed with small ones")
        func large() async throws {
            try await withDatabase({ $0.readConnections = 1 }) { database in
                let long = String(repeating: "x", count: 3_000_000)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<8 {
                        group.addTask {
                            let answer = try await database.read("long", text("long", "select \(long)").one)
                            #expect(answer == long)
                        }
                        group.addTask {
                            let answer = try await database.read("short", echo(number).one)
                            #expect(answer == number)
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }
    }
}

/// The server no longer runs such a statement.
func expectNothingRuns(_ text: String, _ database: Database) async throws {
    try await eventually("the server stopped running \(text)") {
        try await database.report(
            "running",
            integer(
                "running",
                """
                select count(*) from pg_stat_activity
                where state = 'active' and pid <> pg_backend_pid() and query like '%' || \(text) || '%'
                """
            ).one) == 0
    }
}
