import Logging
import Postgres
import ServiceLifecycle
import Testing

extension ServerTests {
    @Suite("The pool at work")
    struct PoolTests {
        @Test("too many at once: some wait, the rest are refused, and all connections are good afterwards")
        func exhausted() async throws {
            try await withDatabase(
                {
                    $0.writeConnections = 2
                    $0.waitersMax = 3
                    $0.acquireTimeout = .milliseconds(300)
                }, expectUsable: false
            ) { database in
                let results = await withTaskGroup(of: Result<String, any Error>.self) { group in
                    for _ in 0..<12 {
                        group.addTask {
                            do {
                                return .success(
                                    try await database.transaction("hold") {
                                        try $0.run(text("hold", "select pg_sleep(1)::text").one)
                                    })
                            } catch {
                                return .failure(error)
                            }
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                let refusals = results.compactMap { result -> PoolExhausted.Reason? in
                    if case .failure(let error as PoolExhausted) = result { error.reason } else { nil }
                }
                let served = results.count { if case .success = $0 { true } else { false } }
                #expect(served == 2)
                #expect(refusals.count { $0 == .timedOut } >= 1)
                #expect(refusals.count { $0 == .tooManyWaiting } >= 1)
                #expect(refusals.count == 10)
                for number in 0..<10 {
                    let answer = try await database.transaction("after") { try $0.run(echo(number).one) }
                    #expect(answer == number)
                }
            }
        }

        @Test("no more connections than allowed, however many ask")
        func limit() async throws {
            try await withDatabase({
                $0.writeConnections = 3
                $0.acquireTimeout = .seconds(20)
            }) { database in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<100 {
                        group.addTask {
                            let answer = try await database.transaction("echo") { try $0.run(echo(number).one) }
                            #expect(answer == number)
                            #expect(database.statistics.write.open <= 3)
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }

        @Test("nobody can be connected to: the waiting are told that, not that the pool is small")
        func unreachable() async throws {
            let nowhere = "host=/nonexistent port=1 dbname=postgres user=postgres"
            try await withDatabase(on: nowhere, { $0.acquireTimeout = .milliseconds(300) }, expectUsable: false) {
                database in
                let read = try await failure(ConnectionLost.self) { try await database.read("echo", echo(1).one) }
                #expect(read.reason == .connectFailed)
                let write = try await failure(ConnectionLost.self) {
                    try await database.transaction("echo") { try $0.run(echo(1).one) }
                }
                #expect(write.reason == .connectFailed)
                #expect(!write.outcomeUnknown)
            }
        }

        @Test("connections that have lived long enough are replaced while work goes on")
        func lifetime() async throws {
            let log = EventLog()
            try await withDatabase({
                $0.maxLifetime = .milliseconds(100)
                $0.observer = { log.add($0) }
            }) { database in
                for number in 0..<60 {
                    #expect(try await database.read("echo", echo(number).one) == number)
                    #expect(try await database.transaction("echo") { try $0.run(echo(number).one) } == number)
                    try await Task.sleep(for: .milliseconds(10))
                }
                #expect(log.count { if case .connected = $0 { true } else { false } } >= 6)
                #expect(log.discarded.isEmpty, "replaced, not lost")
            }
        }

        @Test("a connection idle for long is asked for a sign of life first")
        func idleCheck() async throws {
            try await withDatabase({ $0.idleCheck = .milliseconds(20) }) { database in
                for number in 0..<5 {
                    #expect(try await database.read("echo", echo(number).one) == number)
                    #expect(try await database.transaction("echo") { try $0.run(echo(number).one) } == number)
                    #expect(try await database.report("echo", echo(number).one) == number)
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
        }

        @Test("shutdown lets what runs end, refuses what comes, and may be said twice")
        func shutdown() async throws {
            try await withDatabase(expectUsable: false) { database in
                let running = Task {
                    try await database.transaction("runs") {
                        try $0.run(text("runs", "select pg_sleep(0.7)::text").one)
                    }
                }
                try await eventually("it runs") { database.statistics.write.leased == 1 }
                await database.shutdown()
                _ = try await running.value
                let error = try await failure(ConnectionLost.self) { try await database.read("late", echo(1).one) }
                #expect(error.reason == .shutdown)
                await database.shutdown()
            }
        }

        @Test("shutdown ends what will not end, and tells the caller")
        func forcedShutdown() async throws {
            try await withDatabase(
                {
                    $0.drainTimeout = .milliseconds(200)
                    $0.statementDeadline = .seconds(20)
                }, expectUsable: false
            ) { database in
                let write = Task {
                    try await database.transaction("runs") { try $0.run(text("runs", "select pg_sleep(15)::text").one) }
                }
                let read = Task { try await database.read("runs", text("runs", "select pg_sleep(15)::text").one) }
                try await eventually("both run") {
                    database.statistics.write.leased == 1 && database.statistics.read.leased == 1
                }
                await database.shutdown()
                #expect(try await failure(ConnectionLost.self) { try await write.value }.reason == .shutdown)
                #expect(try await failure(ConnectionLost.self) { try await read.value }.reason == .shutdown)
            }
        }

        @Test("as a service it lives until the group shuts down")
        func service() async throws {
            let configuration = DatabaseConfiguration(connection: try TestDatabase.connection())
            let database = Database(configuration, logger: TestDatabase.quiet)
            let group = ServiceGroup(services: [database], logger: TestDatabase.quiet)
            let running = Task { try await group.run() }
            #expect(try await database.read("echo", echo(1).one) == 1)
            await group.triggerGracefulShutdown()
            try await running.value
            #expect(database.statistics == PoolStatistics())
        }

        @Test("a cancelled transaction ends at once, waiting or running, and leaves nothing behind")
        func cancelled() async throws {
            try await withDatabase({
                $0.writeConnections = 1
                $0.statementDeadline = .seconds(20)
                $0.acquireTimeout = .seconds(20)
            }) { database in
                let running = Task {
                    try await database.transaction("runs") { try $0.run(text("runs", "select pg_sleep(16)::text").one) }
                }
                try await eventually("it runs") { database.statistics.write.leased == 1 }
                let waiting = Task { try await database.transaction("waits") { try $0.run(echo(1).one) } }
                try await eventually("it waits") { database.statistics.write.waiting == 1 }
                waiting.cancel()
                #expect(try await failure(ConnectionLost.self) { try await waiting.value }.reason == .cancelled)
                try await Task.sleep(for: .milliseconds(50))
                running.cancel()
                #expect(try await failure(ConnectionLost.self) { try await running.value }.reason == .cancelled)
                try await expectNothingRuns("pg_sleep(16)", database)
            }
        }
    }

    @Suite("Listening")
    struct ListenTests {
        @Test("resync first, then what is notified; again after the connection was lost")
        func listens() async throws {
            try await withDatabase { database in
                var heard = database.listen("touchstone_a", "touchstone B\"").makeAsyncIterator()
                #expect(await heard.next() == .resync)
                try await database.transaction("notify") { tx in
                    tx.queue(command("a", "select pg_notify('touchstone_a', 'one')").done)
                    tx.queue(command("b", "select pg_notify('touchstone B\"', 'é')").done)
                }
                #expect(await heard.next() == .message(channel: "touchstone_a", payload: "one"))
                #expect(await heard.next() == .message(channel: "touchstone B\"", payload: "é"))
                try await database.transaction("kill") { tx in
                    try tx.run(
                        command(
                            "kill",
                            """
                            select pg_terminate_backend(pid) from pg_stat_activity
                            where application_name = 'touchstone listen'
                            """
                        ).done)
                }
                #expect(await heard.next() == .resync)
                try await database.transaction("notify") {
                    $0.queue(command("a", "select pg_notify('touchstone_a', 'two')").done)
                }
                #expect(await heard.next() == .message(channel: "touchstone_a", payload: "two"))
            }
        }

        @Test("a consumer that is too slow is told to look afresh")
        func slow() async throws {
            try await withDatabase { database in
                let stream = database.listen("touchstone_flood")
                var heard = stream.makeAsyncIterator()
                #expect(await heard.next() == .resync)
                try await database.transaction("flood") {
                    try $0.run(
                        command(
                            "flood", "select pg_notify('touchstone_flood', n::text) from generate_series(1, 3000) n"
                        ).done)
                }
                // Nobody takes anything while the listener's buffer overflows.
                try await Task.sleep(for: .milliseconds(500))
                var resynced = false
                for _ in 0..<3001 where !resynced { resynced = await heard.next() == .resync }
                #expect(resynced)
            }
        }

        @Test("the stream ends with the database, and is over at once after it")
        func ends() async throws {
            try await withDatabase(expectUsable: false) { database in
                let stream = database.listen("touchstone_a")
                let heard = Task { await stream.reduce(into: [Notification]()) { $0.append($1) } }
                try await Task.sleep(for: .milliseconds(100))
                await database.shutdown()
                #expect(await heard.value.allSatisfy { $0 == .resync })
                for await _ in database.listen("touchstone_b") { Issue.record("nothing can come") }
            }
        }
    }
}
