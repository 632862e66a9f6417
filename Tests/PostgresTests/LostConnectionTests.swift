import Foundation
import Postgres
import Testing

extension ServerTests {
    @Suite("Connections that are lost", OwnCluster(), .serialized)
    struct LostConnectionTests {
        static func withOwn(
            _ configure: (inout DatabaseConfiguration) -> Void = { _ in },
            _ body: (Database, Cluster) async throws -> Void
        ) async throws {
            let cluster = try Cluster.required()
            try await withDatabase(on: cluster.connection(), configure) { try await body($0, cluster) }
        }

        static var backend: Statement<Int> { integer("backend", "select pg_backend_pid()::bigint") }

        static func kill(_ lane: String, _ database: Database) async throws {
            _ = try await database.report(
                "kill",
                command(
                    "kill",
                    """
                    select pg_terminate_backend(pid) from pg_stat_activity
                    where application_name = \("touchstone " + lane)
                    """
                ).done)
        }

        /// Neither faster than it can be nor longer than the deadline allows, with room for a slow machine.
        static func within(_ seconds: Int, _ body: () async throws -> Void) async rethrows {
            let took = try await ContinuousClock().measure { try await body() }
            #expect(took < .seconds(seconds))
        }

        @Test("a backend killed while idle is noticed, and costs nobody anything")
        func killedIdle() async throws {
            try await Self.withOwn { database, _ in
                for number in 0..<3 {
                    #expect(try await database.transaction("echo") { try $0.run(echo(number).one) } == number)
                    #expect(try await database.read("echo", echo(number).one) == number)
                    try await Self.kill("write", database)
                    try await Self.kill("read", database)
                    try await eventually("both notice") {
                        database.statistics.write.open == 0 && database.statistics.read.open == 0
                    }
                }
            }
        }

        @Test("a backend killed under a read: asked again, once, and the caller never knows")
        func killedRead() async throws {
            let log = EventLog()
            try await Self.withOwn({ $0.observer = { log.add($0) } }) { database, _ in
                let reads = (0..<6).map { number in
                    Task {
                        try await database.read(
                            "slow", text("slow", "select pg_sleep(0.4)::text").one, echo(number).one
                        ).1
                    }
                }
                try await eventually("they are under way") { database.statistics.read.leased == 6 }
                try await Task.sleep(for: .milliseconds(100))
                try await Self.kill("read", database)
                for (number, read) in reads.enumerated() { #expect(try await read.value == number) }
                #expect(log.count { if case .retried(.read, _, _, _) = $0 { true } else { false } } == 6)
            }
        }

        @Test("a read whose connection is lost twice is not asked a third time")
        func killedTwice() async throws {
            let log = EventLog()
            try await Self.withOwn({ $0.observer = { log.add($0) } }) { database, _ in
                let error = try await failure(ConnectionLost.self) {
                    try await database.read(
                        "suicide", command("die", "select pg_terminate_backend(pg_backend_pid())").done)
                }
                #expect(error.reason == .closed)
                #expect(!error.outcomeUnknown)
                #expect(log.count { if case .retried = $0 { true } else { false } } == 1)
            }
        }

        @Test("a backend killed inside a transaction is the caller's to know, and is never retried")
        func killedTransaction() async throws {
            try await Self.withOwn { database, _ in
                let runs = RunCount()
                let error = try await failure(ConnectionLost.self) {
                    try await database.transaction("dies", retrying: 3) { tx in
                        runs.add()
                        _ = try? tx.run(command("die", "select pg_terminate_backend(pg_backend_pid())").done)
                        // Swallowing it does not help: there is nothing left to talk to.
                        _ = try tx.run(echo(1).one)
                    }
                }
                #expect(error.reason == .closed)
                #expect(runs.count == 1)
            }
        }

        @Test("a body that swallows the loss cannot commit")
        func swallowedLoss() async throws {
            try await Self.withOwn { database, _ in
                let error = try await failure(ConnectionLost.self) {
                    try await database.transaction("dies") { tx in
                        _ = try? tx.run(command("die", "select pg_terminate_backend(pg_backend_pid())").done)
                    }
                }
                #expect(error.reason == .closed)
                #expect(!error.outcomeUnknown, "COMMIT was never said")
            }
        }

        @Test("the server stops and starts: errors meanwhile, none after, no restart of ours")
        func restart() async throws {
            try await Self.withOwn({ $0.acquireTimeout = .milliseconds(500) }) { database, cluster in
                _ = try await database.read("echo", echo(1).one)
                _ = try await database.transaction("echo") { try $0.run(echo(1).one) }
                try cluster.stop()
                try await Self.within(10) {
                    _ = try await failure(ConnectionLost.self) { try await database.read("echo", echo(1).one) }
                    _ = try await failure(ConnectionLost.self) {
                        try await database.transaction("echo") { try $0.run(echo(1).one) }
                    }
                }
                try cluster.start()
                try await eventually("both lanes work again") {
                    let read = try? await database.read("echo", echo(2).one)
                    let write = try? await database.transaction("echo") { try $0.run(echo(2).one) }
                    return read == 2 && write == 2
                }
            }
        }

        @Test("the server restarts under load: every error is a definite one, and all is well after")
        func restartUnderLoad() async throws {
            try await Self.withOwn { database, cluster in
                let load = (0..<8).map { number in
                    Task {
                        var errors: [any Error] = []
                        for round in 0..<10_000 where !Task.isCancelled {
                            do {
                                if number.isMultiple(of: 2) {
                                    _ = try await database.read("echo", echo(round).one)
                                } else {
                                    _ = try await database.transaction("echo") { try $0.run(echo(round).one) }
                                }
                            } catch {
                                errors.append(error)
                            }
                        }
                        return errors
                    }
                }
                try await Task.sleep(for: .milliseconds(200))
                try cluster.stop()
                try cluster.start()
                try await Task.sleep(for: .milliseconds(300))
                for task in load { task.cancel() }
                for task in load {
                    for error in await task.value {
                        #expect(error is ConnectionLost || error is PoolExhausted, "\(error)")
                    }
                }
            }
        }

        @Test("a stopped backend: the deadline holds all the same, for a transaction")
        func frozenTransaction() async throws {
            try await Self.withOwn({ $0.statementDeadline = .milliseconds(500) }) { database, _ in
                try await Self.within(5) {
                    let error = try await failure(ConnectionLost.self) {
                        try await database.transaction("frozen") { tx in
                            let backend = try tx.run(Self.backend.one)
                            freeze(backend)
                            defer { Self.thawLater(backend) }
                            _ = try tx.run(echo(1).one)
                        }
                    }
                    #expect(error.reason == .deadline)
                    #expect(!error.outcomeUnknown)
                }
            }
        }

        @Test("a stopped backend at COMMIT: the deadline holds, and the outcome is said to be unknown")
        func frozenCommit() async throws {
            try await Self.withOwn({ $0.statementDeadline = .milliseconds(500) }) { database, _ in
                let error = try await failure(ConnectionLost.self) {
                    try await database.transaction("frozen") { tx in
                        let backend = try tx.run(Self.backend.one)
                        freeze(backend)
                        Self.thawLater(backend)
                    }
                }
                #expect(error.reason == .deadline)
                #expect(error.outcomeUnknown)
            }
        }

        @Test("the whole transaction's deadline counts too, whatever each flight may take")
        func wholeDeadline() async throws {
            try await Self.withOwn { database, _ in
                let error = try await failure(ConnectionLost.self) {
                    try await database.transaction("long", deadline: .milliseconds(400)) { tx in
                        for _ in 0..<100 { _ = try tx.run(text("nap", "select pg_sleep(0.1)::text").one) }
                    }
                }
                #expect(error.reason == .deadline)
            }
        }

        @Test("a stopped backend: the deadline holds for reads, and the connection is replaced")
        func frozenRead() async throws {
            let log = EventLog()
            try await Self.withOwn({
                $0.readConnections = 1
                $0.abandonedReadGrace = .milliseconds(200)
                $0.observer = { log.add($0) }
            }) { database, _ in
                let backend = try await database.read("backend", Self.backend.one)
                freeze(backend)
                defer { thaw(backend) }
                try await Self.within(5) {
                    let error = try await failure(ConnectionLost.self) {
                        try await database.read("frozen", deadline: .milliseconds(400), echo(1).one)
                    }
                    #expect(error.reason == .deadline)
                    #expect(try await database.read("next", echo(2).one) == 2)
                }
                #expect(log.discarded.count == 1)
            }
        }

        @Test("a silent line while idle: the sign of life fails, and the request goes elsewhere")
        func silentIdle() async throws {
            let cluster = try Cluster.required()
            let proxy = try Proxy(to: cluster.port)
            defer { proxy.close() }
            try await withDatabase(
                on: cluster.connection(port: proxy.port),
                {
                    $0.idleCheck = .milliseconds(10)
                    $0.acquireTimeout = .seconds(8)
                }
            ) { database in
                _ = try await database.transaction("echo") { try $0.run(echo(1).one) }
                _ = try await database.read("echo", echo(1).one)
                proxy.set(.silent)
                try await Task.sleep(for: .milliseconds(50))
                async let write = database.transaction("echo") { try $0.run(echo(2).one) }
                async let read = database.read("echo", echo(2).one)
                try await Task.sleep(for: .milliseconds(1500))
                proxy.set(.pass)
                #expect(try await write == 2)
                #expect(try await read == 2)
            }
        }

        @Test("a line that falls silent during a large send: the deadline holds")
        func silentSend() async throws {
            let cluster = try Cluster.required()
            let proxy = try Proxy(to: cluster.port)
            defer { proxy.close() }
            try await withDatabase(
                on: cluster.connection(port: proxy.port),
                {
                    $0.abandonedReadGrace = .milliseconds(100)
                    $0.statementDeadline = .seconds(1)
                }
            ) { database in
                let large = String(repeating: "x", count: 30_000_000)
                _ = try await database.transaction("echo") { try $0.run(echo(1).one) }
                _ = try await database.read("echo", echo(1).one)
                proxy.set(.silent)
                try await Self.within(8) {
                    async let write = failure(ConnectionLost.self) {
                        try await database.transaction("send") { try $0.run(text("send", "select \(large)").one) }
                    }
                    async let read = failure(ConnectionLost.self) {
                        try await database.read("send", text("send", "select \(large)").one)
                    }
                    let (first, second) = try await (write, read)
                    #expect(first.reason == .deadline)
                    #expect(second.reason == .deadline)
                }
                proxy.set(.pass)
            }
        }

        @Test("COMMIT's answer is lost: the error says that it may have happened, and it has")
        func lostAnswer() async throws {
            try await Self.commitThrough(.cutAfterCommit, reason: .closed, rows: 1)
        }

        @Test("COMMIT itself is lost: the error cannot know, and it has not")
        func lostCommit() async throws {
            try await Self.commitThrough(.silentAtCommit, reason: .deadline, rows: 0)
        }

        static func commitThrough(_ mode: Proxy.Mode, reason: ConnectionLost.Reason, rows: Int) async throws {
            let cluster = try Cluster.required()
            let proxy = try Proxy(to: cluster.port)
            defer { proxy.close() }
            try await withDatabase(
                on: cluster.connection(port: proxy.port),
                {
                    // Then COMMIT is seen in every flight, not only when it is prepared.
                    $0.preparedStatements = false
                    $0.statementDeadline = .seconds(1)
                }
            ) { database in
                try await database.transaction("create") { tx in
                    tx.queue(command("drop", "drop table if exists lost_answer").done)
                    tx.queue(command("create", "create table lost_answer (id bigint)").done)
                }
                proxy.set(mode)
                let error = try await failure(ConnectionLost.self) {
                    try await database.transaction("insert", retrying: 3) { tx in
                        try tx.run(command("insert", "insert into lost_answer values (1)").done)
                    }
                }
                #expect(error.reason == reason)
                #expect(error.outcomeUnknown)
                proxy.set(.pass)
                try await eventually("the row is or is not there, once and for all") {
                    try await database.read("count", integer("count", "select count(*) from lost_answer").one) == rows
                }
            }
        }

        /// So that the backend can end, once the test no longer needs it stopped.
        static func thawLater(_ backend: Int) {
            Thread.detachNewThread {
                Thread.sleep(forTimeInterval: 2)
                thaw(backend)
            }
        }
    }
}
