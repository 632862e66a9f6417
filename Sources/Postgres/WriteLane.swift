import Synchronization

/// Transactions: each alone on a connection that has its own thread, where the synchronous body runs. Imports are the same,
/// with other limits.
final class WriteLane: Sendable {
    let pool: Pool<WriteDriver>
    private let lane: Lane
    private let acquireTimeout: Duration
    private let statementDeadline: Duration

    /// The longest pause before a transaction is run again; the pause is random, so that rivals do not meet again.
    private static let retryPauseMax: Duration = .milliseconds(50)

    init(_ lane: Lane = .write, _ configuration: DatabaseConfiguration, observer: Observer, timekeeper: Timekeeper) {
        let imports = lane == .imports
        var settings = PoolMachine.Settings(
            connectionsMax: imports ? configuration.importConnections : configuration.writeConnections)
        settings.apply(configuration)
        let driver = WriteDriver(
            ConnectionSettings(lane, configuration), cancelWait: configuration.cancelWait, observer: observer)
        pool = Pool(lane, settings, driver: driver, observer: observer, timekeeper: timekeeper)
        self.lane = lane
        acquireTimeout = configuration.acquireTimeout
        statementDeadline = imports ? configuration.importDeadline : configuration.statementDeadline
    }

    var flights: Int { pool.driver.flights.load(ordering: .relaxed) }

    /// Runs the transaction, and runs it again, whole, as often as the caller allows, when the server rolled it back
    /// only to keep transactions apart.
    func run<R: Sendable>(
        _ opening: TransactionOpening, retrying: Int, deadline: Duration?,
        _ body: @escaping @Sendable (borrowing Transaction) throws -> R
    ) async throws -> R {
        let until = deadline.map { Moment.now + $0 } ?? .distantFuture
        var attempt = 0
        while true {
            do {
                return try await once(opening, until: until, body)
            } catch let error as StatementError where attempt < retrying && error.sqlState?.isWorthRetrying == true {
                attempt += 1
                pool.observer.observe(
                    .retried(lane, name: opening.name, attempt: attempt, because: error.description))
            }
            do {
                try await Task.sleep(for: Self.retryPauseMax * Double.random(in: 0...1))
            } catch {
                throw ConnectionLost(.cancelled)
            }
        }
    }

    private func once<R: Sendable>(
        _ opening: TransactionOpening, until: Moment, _ body: @escaping @Sendable (borrowing Transaction) throws -> R
    ) async throws -> R {
        let now = Moment.now
        let promise = Promise<R>()
        let job = Job(
            opening.name, since: now, waitsUntil: min(now + acquireTimeout, until),
            refusal: { promise.settle(.failure($0)) },
            work: { [observer = pool.observer, driver = pool.driver, statementDeadline] post in
                let session = TransactionSession(
                    post, opening, until: until, flightMax: statementDeadline, observer: observer,
                    count: { driver.flights.add(1, ordering: .relaxed) })
                let result = session.perform(body)
                return Job.Finish(
                    lost: session.lost ?? (post.connection.isClean ? nil : ConnectionLost(.protocolViolation)),
                    deliver: { promise.settle(result) })
            })
        let ticket = pool.request(job)
        return try await withTaskCancellationHandler {
            try await promise.value()
        } onCancel: {
            job.cancel()
            pool.cancel(ticket)?.refuse(ConnectionLost(.cancelled))
        }
    }
}

/// How a transaction begins.
struct TransactionOpening: Sendable {
    let name: StaticString
    let isolation: Isolation
    let readOnly: Bool
    var lane = Lane.write
}

/// A transaction that waits for a connection or runs on one.
final class Job: PoolRequest {
    /// What the worker is to do when the body has ended.
    struct Finish {
        /// Why the connection cannot be kept, if so.
        let lost: ConnectionLost?
        /// Tells the caller.
        let deliver: @Sendable () -> Void
    }

    let name: StaticString
    let since: Moment
    let waitsUntil: Moment
    let work: @Sendable (Worker.Post) -> Finish
    private let refusal: @Sendable (any Error) -> Void
    private let state = Mutex(State())

    private struct State {
        var isCancelled = false
        var bell: Wake?
    }

    init(
        _ name: StaticString, since: Moment, waitsUntil: Moment,
        refusal: @escaping @Sendable (any Error) -> Void, work: @escaping @Sendable (Worker.Post) -> Finish
    ) {
        self.name = name
        self.since = since
        self.waitsUntil = waitsUntil
        self.refusal = refusal
        self.work = work
    }

    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// The task that waits was cancelled: wakes the worker, if there is one.
    func cancel() {
        let bell = state.withLock { state in
            state.isCancelled = true
            return state.bell
        }
        bell?.signal()
    }

    func started(by bell: Wake) {
        state.withLock { $0.bell = bell }
    }

    func refuse(_ error: any Error) {
        refusal(error)
    }
}

/// The hands of the write lane's pool: the workers by number.
final class WriteDriver: PoolDriver {
    let settings: ConnectionSettings
    let cancelWait: Duration
    let observer: Observer
    let flights = Atomic<Int>(0)
    private let workers = Mutex<[Int: Worker]>([:])

    init(_ settings: ConnectionSettings, cancelWait: Duration, observer: Observer) {
        self.settings = settings
        self.cancelWait = cancelWait
        self.observer = observer
    }

    func open(_ id: Int, for pool: Pool<WriteDriver>) {
        let worker = Worker(id, pool, cancelWait: cancelWait)
        workers.withLock { $0[id] = worker }
        let started = OwnThread.start("pg-\(settings.lane)-\(id)") { [settings, observer] in
            let began = Moment.now
            do throws(ConnectionLost) {
                let connection = try Connection.open(settings) { observer.observe(.preparedDropped(settings.lane, $0)) }
                pool.opened(id, took: .now - began)
                worker.run(connection)
                self.forget(id)
            } catch {
                self.forget(id)
                pool.openFailed(id, error)
            }
        }
        if !started {
            forget(id)
            pool.openFailed(id, ConnectionLost(.connectFailed, message: "no thread"))
        }
    }

    private func forget(_ id: Int) {
        workers.withLock { $0[id] = nil }
    }

    func lease(_ id: Int, to request: Job, ticket: UInt64, check: Bool, for pool: Pool<WriteDriver>) {
        let order = Worker.Order(job: request, ticket: ticket, check: check)
        let isTaken = workers.withLock { $0[id] }?.give(order) ?? false
        // It died while idle, between the pool's decision and now: nothing was sent, so the request waits for another.
        if !isTaken { pool.lostBeforeUse(id, request, ticket: ticket, ConnectionLost(.closed)) }
    }

    func close(_ id: Int) {
        workers.withLock { $0[id] }?.close()
    }

    /// Ends what is running.
    func stop() {
        for worker in workers.withLock({ Array($0.values) }) { worker.stop() }
    }
}
