import Synchronization

/// Reads that share few connections: one thread sends and receives for all of them.
///
/// Each read is one flight: one implicit transaction, ended by its own Sync. What a first statement sets locally holds
/// for the others of its flight and dies with it, so flights of different people may follow one another on a
/// connection and never see each other's settings.
final class SharedLane: Sendable {
    let pool: Pool<SharedDriver>
    private let acquireTimeout: Duration
    private let standardDeadline: Duration

    init(_ lane: Lane, _ configuration: DatabaseConfiguration, observer: Observer, timekeeper: Timekeeper) {
        let isReport = lane == .report
        var settings = PoolMachine.Settings(
            connectionsMax: isReport ? configuration.reportConnections : configuration.readConnections)
        settings.depth = isReport ? 1 : configuration.readsInFlight
        settings.apply(configuration)
        let driver = SharedDriver(
            ConnectionSettings(lane, configuration), cancelWait: configuration.cancelWait, observer: observer,
            // A report is alone on its connection: once nobody waits for it, nothing is lost by closing that.
            grace: isReport ? .zero : configuration.abandonedReadGrace)
        pool = Pool(lane, settings, driver: driver, observer: observer, timekeeper: timekeeper)
        acquireTimeout = configuration.acquireTimeout
        standardDeadline = isReport ? configuration.reportDeadline : configuration.statementDeadline
    }

    private static let settling: Duration = .milliseconds(25)

    var flights: Int { pool.driver.flights.load(ordering: .relaxed) }

    /// Sends the statements in one flight and waits for their results. Asks once more, whole, when the connection was
    /// lost or its prepared statements were stale: a read changes nothing, so doing it twice is harmless.
    func fly(_ name: StaticString, _ calls: [Call], deadline: Duration?) async throws -> FlightResults {
        let until = Moment.now + (deadline ?? standardDeadline)
        do {
            let results = try await attempt(name, calls, until: until)
            guard let failure = results.failure, failure.isStalePreparation else { return results }
            pool.observer.observe(.retried(pool.lane, name: name, attempt: 1, because: failure.description))
        } catch let error as ConnectionLost where error.isWorthRetrying {
            pool.observer.observe(.retried(pool.lane, name: name, attempt: 1, because: error.description))
            // A server that ends, ends all its sessions within moments. The one retry should not meet the next that dies.
            try await Task.sleep(for: Self.settling)
        }
        return try await attempt(name, calls, until: until)
    }

    private func attempt(_ name: StaticString, _ calls: [Call], until: Moment) async throws -> FlightResults {
        let now = Moment.now
        let flight = Flight(
            name, calls, since: now, waitsUntil: min(now + acquireTimeout, until), deadline: until)
        let ticket = pool.request(flight)
        return try await withTaskCancellationHandler {
            try await flight.promise.value()
        } onCancel: {
            guard flight.promise.settle(.failure(ConnectionLost(.cancelled))) else { return }
            // If it has a connection already, the lane's thread must know that nobody awaits it.
            if pool.cancel(ticket) == nil { pool.driver.post(.abandon(flight)) }
        }
    }
}

extension PoolMachine.Settings {
    mutating func apply(_ configuration: DatabaseConfiguration) {
        waitersMax = configuration.waitersMax
        maxLifetime = configuration.maxLifetime
        idleCheck = configuration.idleCheck
        backoff = configuration.connectBackoff
        backoffMax = configuration.connectBackoffMax
    }
}

/// The hands of a shared lane's pool: a mailbox that its thread empties.
final class SharedDriver: PoolDriver {
    /// What other threads ask of the lane's thread.
    enum Message {
        case attach(Int, Connection, took: Duration)
        case send(Int, Flight, check: Bool)
        case close(Int)
        case abandon(Flight)
        case stop
    }

    private struct Mailbox {
        var messages: [Message] = []
        var isAsleep = false
        var isStarted = false
        var isStopped = false
    }

    let settings: ConnectionSettings
    let cancelWait: Duration
    let grace: Duration
    let observer: Observer
    let flights = Atomic<Int>(0)
    let bell = Wake()
    private let mailbox = Mutex(Mailbox())

    init(_ settings: ConnectionSettings, cancelWait: Duration, observer: Observer, grace: Duration) {
        self.settings = settings
        self.cancelWait = cancelWait
        self.observer = observer
        self.grace = grace
    }

    func open(_ id: Int, for pool: Pool<SharedDriver>) {
        let mustStart = mailbox.withLock { mailbox in
            defer { mailbox.isStarted = true }
            return !mailbox.isStarted
        }
        if mustStart { OwnThread.start("pg-\(settings.lane)") { SharedLoop(self, pool).run() } }
        let started = OwnThread.start("pg-connect") { [settings, observer] in
            let began = Moment.now
            do throws(ConnectionLost) {
                let connection = try Connection.open(settings) { observer.observe(.preparedDropped(settings.lane, $0)) }
                guard self.post(.attach(id, connection, took: .now - began)) else { return pool.closed(id) }
            } catch {
                pool.openFailed(id, error)
            }
        }
        if !started { pool.openFailed(id, ConnectionLost(.connectFailed, message: "no thread")) }
    }

    func lease(_ id: Int, to request: Flight, ticket: UInt64, check: Bool, for pool: Pool<SharedDriver>) {
        if !post(.send(id, request, check: check)) { request.refuse(ConnectionLost(.shutdown)) }
    }

    func close(_ id: Int) {
        post(.close(id))
    }

    /// Leaves a message; rings only if the thread sleeps. False once the lane has stopped.
    @discardableResult
    func post(_ message: Message) -> Bool {
        let (isTaken, mustRing) = mailbox.withLock { mailbox in
            guard !mailbox.isStopped else { return (false, false) }
            mailbox.messages.append(message)
            defer { mailbox.isAsleep = false }
            return (true, mailbox.isAsleep)
        }
        if mustRing { bell.signal() }
        return isTaken
    }

    /// Takes all messages. If there are none the thread is marked asleep, so that the next one rings.
    func take(into messages: inout [Message], sleeping: Bool) {
        mailbox.withLock { mailbox in
            swap(&messages, &mailbox.messages)
            mailbox.isAsleep = sleeping && messages.isEmpty
        }
    }

    /// No more messages; those that were left are given back.
    func stop() -> [Message] {
        mailbox.withLock { mailbox in
            mailbox.isStopped = true
            defer { mailbox.messages = [] }
            return mailbox.messages
        }
    }
}
