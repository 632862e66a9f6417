import Foundation
import Logging
import Postgres
import Synchronization
import Testing

/// All tests that talk to a server, one after the other: together they would take more connections than it has.
@Suite("A real PostgreSQL", .serialized)
enum ServerTests {}

/// Where the scratch server is. Without one these tests fail: a test that skips itself proves nothing.
enum TestDatabase {
    static func connection() throws -> String {
        try #require(
            ProcessInfo.processInfo.environment["TOUCHSTONE_TEST_DATABASE"],
            "Set TOUCHSTONE_TEST_DATABASE to a libpq connection string of a superuser on a scratch cluster.")
    }

    static let quiet: Logger = {
        var logger = Logger(label: "postgres.tests")
        logger.logLevel = .critical
        return logger
    }()
}

/// Remembers the events of a database, for tests that look at them.
final class EventLog: Sendable {
    private let events = Mutex<[PostgresEvent]>([])

    func add(_ event: PostgresEvent) {
        events.withLock { $0.append(event) }
    }

    func count(_ matches: (PostgresEvent) -> Bool) -> Int {
        events.withLock { $0.count(where: matches) }
    }

    var discarded: [ConnectionLost] {
        events.withLock { events in
            events.compactMap { if case .discarded(_, let error) = $0 { error } else { nil } }
        }
    }
}

/// Gives `body` a database with small lanes; afterwards every connection must be usable or closed.
func withDatabase(
    on connection: String? = nil, _ configure: (inout DatabaseConfiguration) -> Void = { _ in },
    expectUsable: Bool = true, _ body: (Database) async throws -> Void
) async throws {
    var configuration = DatabaseConfiguration(connection: try connection ?? TestDatabase.connection())
    configuration.readConnections = 2
    configuration.writeConnections = 4
    configuration.cancelWait = .milliseconds(500)
    configuration.drainTimeout = .seconds(5)
    configure(&configuration)
    let database = Database(configuration, logger: TestDatabase.quiet)
    do {
        try await body(database)
        if expectUsable { try await expectEveryConnectionUsable(database) }
    } catch {
        await database.shutdown()
        throw error
    }
    await database.shutdown()
    #expect(database.statistics == PoolStatistics(), "after shutdown nothing is left")
}

/// Nothing is leased, and all lanes answer, on every connection that they have.
func expectEveryConnectionUsable(_ database: Database) async throws {
    try await eventually("nothing is leased any more") {
        let statistics = database.statistics
        return statistics.read.leased + statistics.write.leased + statistics.report.leased == 0
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<6 {
            group.addTask {
                let answer = try await database.read("usable", echo(number).one)
                #expect(answer == number)
            }
            group.addTask {
                let answer = try await database.transaction("usable") { try $0.run(echo(number).one) }
                #expect(answer == number)
            }
        }
        group.addTask {
            let answer = try await database.report("usable", echo(7).one)
            #expect(answer == 7)
        }
        try await group.waitForAll()
    }
}

func echo(_ number: Int) -> Statement<Int> {
    Statement("echo", "select \(number)") { try $0.read() }
}

func text(_ name: StaticString, _ sql: SQL) -> Statement<String> {
    Statement(name, sql) { try $0.read() }
}

func integer(_ name: StaticString, _ sql: SQL) -> Statement<Int> {
    Statement(name, sql) { try $0.read() }
}

func command(_ name: StaticString, _ sql: SQL) -> Statement<Void> {
    Statement(name, sql)
}

/// Waits, generously, for something that happens elsewhere.
func eventually(
    _ what: String, within seconds: Int = 10, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    for _ in 0..<seconds * 100 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("never happened: \(what)", sourceLocation: sourceLocation)
}

/// The error that `body` throws, of the type expected.
func failure<Failure: Error, Value>(
    _ type: Failure.Type, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Value
) async throws -> Failure {
    do {
        _ = try await body()
    } catch let error as Failure {
        return error
    }
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    throw CancellationError()
}
