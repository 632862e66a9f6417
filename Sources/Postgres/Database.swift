public import Logging
public import ServiceLifecycle
import Synchronization

/// The database: a lane for reads, one for transactions, one for reports, and listeners.
///
/// Nothing is opened until a lane is first used, so a command or a test needs no `ServiceGroup`; only ``shutdown()``.
public final class Database: Service, Sendable {
    private let configuration: DatabaseConfiguration
    private let observer: Observer
    private let timekeeper = Timekeeper()
    let reads: SharedLane
    let reports: SharedLane
    private let writes: WriteLane
    private let imports: WriteLane
    private let listeners = Mutex<Listeners>(Listeners())

    private struct Listeners {
        var all: [Listener] = []
        var isShut = false
    }

    /// Sets the lanes up; opens nothing yet.
    public init(_ configuration: DatabaseConfiguration, logger: Logger) {
        self.configuration = configuration
        observer = Observer(configuration, logger: logger)
        reads = SharedLane(.read, configuration, observer: observer, timekeeper: timekeeper)
        reports = SharedLane(.report, configuration, observer: observer, timekeeper: timekeeper)
        writes = WriteLane(.write, configuration, observer: observer, timekeeper: timekeeper)
        imports = WriteLane(.imports, configuration, observer: observer, timekeeper: timekeeper)
        timekeeper.add { [pool = reads.pool] in pool.tick() }
        timekeeper.add { [pool = reports.pool] in pool.tick() }
        timekeeper.add { [pool = writes.pool] in pool.tick() }
        timekeeper.add { [pool = imports.pool] in pool.tick() }
    }

    deinit {
        beginShutdown()
        stop()
    }

    /// Lives until graceful shutdown or cancellation, then drains.
    public func run() async throws {
        try? await gracefulShutdown()
        // A task of its own: this one may be cancelled, and draining must wait all the same.
        await Task { await self.shutdown() }.value
    }

    /// Lets what is running end, refuses the rest, closes everything. May be called again.
    public func shutdown() async {
        beginShutdown()
        let deadline = Moment.now + configuration.drainTimeout
        while !isDrained, Moment.now < deadline { await pause() }
        stop()
        // What was still running is being interrupted: wait for the closing, but not for ever.
        let last = Moment.now + configuration.cancelWait + .seconds(1)
        while !isDrained, Moment.now < last { await pause() }
    }

    private func pause() async {
        do {
            try await Task.sleep(for: .milliseconds(5))
        } catch {
            // Cancelled: do not spin while draining.
            await Task.yield()
        }
    }

    private var isDrained: Bool {
        reads.pool.isDrained && reports.pool.isDrained && writes.pool.isDrained && imports.pool.isDrained
    }

    private func beginShutdown() {
        let open = listeners.withLock { listeners in
            listeners.isShut = true
            defer { listeners.all = [] }
            return listeners.all
        }
        for listener in open { listener.stop() }
        reads.pool.drain()
        reports.pool.drain()
        writes.pool.drain()
        imports.pool.drain()
    }

    private func stop() {
        reads.pool.driver.post(.stop)
        reports.pool.driver.post(.stop)
        writes.pool.driver.stop()
        imports.pool.driver.stop()
        timekeeper.stop()
    }

    /// The lanes at this moment.
    public var statistics: PoolStatistics {
        var statistics = PoolStatistics()
        statistics.read = reads.pool.statistics
        statistics.write = writes.pool.statistics
        statistics.report = reports.pool.statistics
        statistics.imports = imports.pool.statistics
        return statistics
    }

    /// How many round trips each lane has made.
    public var flights: FlightCounts {
        var counts = FlightCounts()
        counts.read = reads.flights
        counts.write = writes.flights
        counts.report = reports.flights
        counts.imports = imports.flights
        return counts
    }
}

// MARK: - Asking

extension Database {
    /// Reads in one flight: one round trip, one implicit read-only transaction, on a connection shared with others.
    ///
    /// A local setting that the first step makes holds for the other steps and dies with the flight. When the
    /// connection is lost the flight is sent once more, whole.
    public func read<each R: Sendable>(
        _ name: StaticString, deadline: Duration? = nil, _ steps: repeat Step<each R>
    ) async throws -> (repeat each R) {
        let results = try await reads.fly(name, try Self.calls(repeat each steps), deadline: deadline)
        return try Self.decode(results, repeat each steps)
    }

    /// Reads in one flight on a connection of the report lane, with that lane's longer deadline.
    public func report<each R: Sendable>(
        _ name: StaticString, _ steps: repeat Step<each R>
    ) async throws -> (repeat each R) {
        let results = try await reports.fly(name, try Self.calls(repeat each steps), deadline: nil)
        return try Self.decode(results, repeat each steps)
    }

    /// Runs a transaction. `body` is synchronous and runs on the connection's own thread.
    ///
    /// BEGIN travels with the first flight and COMMIT with what is queued at the end. If the body throws, the
    /// transaction is rolled back and that very error comes out. `retrying` says how often the whole body may be run
    /// again when the server answers `40001` or `40P01`: it must then do nothing but talk to the database.
    public func transaction<R: Sendable>(
        _ name: StaticString, isolation: Isolation = .readCommitted, readOnly: Bool = false, retrying: Int = 0,
        deadline: Duration? = nil, _ body: @escaping @Sendable (borrowing Transaction) throws -> R
    ) async throws -> R {
        let opening = TransactionOpening(name: name, isolation: isolation, readOnly: readOnly)
        return try await writes.run(opening, retrying: retrying, deadline: deadline, body)
    }

    /// Runs a long transaction that brings much in, on the import lane: the same rules as ``transaction(_:isolation:readOnly:retrying:deadline:_:)``,
    /// a connection that nobody else waits for, and a longer deadline.
    public func importing<R: Sendable>(
        _ name: StaticString, deadline: Duration? = nil,
        _ body: @escaping @Sendable (borrowing Transaction) throws -> R
    ) async throws -> R {
        let opening = TransactionOpening(name: name, isolation: .readCommitted, readOnly: false, lane: .imports)
        return try await imports.run(opening, retrying: 0, deadline: deadline, body)
    }

    /// Listens to channels on a connection of its own, until the stream is dropped or the database shuts down.
    ///
    /// ``Notification/resync`` comes first, after each reconnect, and after a consumer was too slow: whatever was
    /// notified before it may have been missed, so look afresh. Call it once with all channels.
    public func listen(_ channels: StaticString...) -> AsyncStream<Notification> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Notification.self, bufferingPolicy: .bufferingOldest(Listener.bufferMax))
        let listener = Listener(channels, configuration, observer: observer, continuation)
        let isShut = listeners.withLock { listeners in
            if !listeners.isShut { listeners.all.append(listener) }
            return listeners.isShut
        }
        guard !isShut else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            listener.stop()
            self?.listeners.withLock { $0.all.removeAll { $0 === listener } }
        }
        listener.start()
        return stream
    }

    static func calls<each R: Sendable>(_ steps: repeat Step<each R>) throws(StatementError) -> [Call] {
        var calls: [Call] = []
        for step in repeat each steps {
            try step.sql.checked(step.name)
            calls.append(step.call)
        }
        return calls
    }

    /// Decodes on the caller's thread: the lane's thread has other flights to see to.
    static func decode<each R: Sendable>(
        _ results: FlightResults, _ steps: repeat Step<each R>
    ) throws -> (repeat each R) {
        if let failure = results.failure { throw failure }
        var index = -1
        func next<Output>(_ step: Step<Output>) throws -> Output {
            index += 1
            return try step.result(results.rows(index))
        }
        return try (repeat next(each steps))
    }
}
