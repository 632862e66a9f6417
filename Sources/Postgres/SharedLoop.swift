import Synchronization

/// The thread of a shared lane: messages in, flights out, results back.
final class SharedLoop {
    private let driver: SharedDriver
    private let pool: Pool<SharedDriver>
    private let poller = Poller()
    private var sessions: [UInt64: SharedSession] = [:]
    /// No flight needs attention before this; a lower bound, so that most rounds need not look.
    private var attentionAt = Moment.distantFuture
    private var isStopping = false

    init(_ driver: SharedDriver, _ pool: Pool<SharedDriver>) {
        self.driver = driver
        self.pool = pool
    }

    func run() {
        poller.add(driver.bell.descriptor, key: 0)
        var messages: [SharedDriver.Message] = []
        var ready: [Poller.Ready] = []
        while !isStopping {
            driver.take(into: &messages, sleeping: true)
            if messages.isEmpty {
                poller.wait(until: attentionAt, into: &ready)
                // Whoever rang has left a message: take it in this round, before going back to wait.
                driver.take(into: &messages, sleeping: false)
            }
            for message in messages { handle(message) }
            messages.removeAll(keepingCapacity: true)
            for event in ready { handle(event) }
            ready.removeAll(keepingCapacity: true)
            let now = Moment.now
            if now >= attentionAt { attend(now) }
        }
        stop()
    }

    private func handle(_ message: SharedDriver.Message) {
        switch message {
        case .attach(let id, let connection, let took):
            let session = SharedSession(id, connection)
            sessions[session.key] = session
            poller.add(connection.socket, key: session.key)
            pool.opened(id, took: took)
        case .send(let id, let flight, let check):
            send(flight, to: id, check: check)
        case .close(let id):
            if let session = sessions.removeValue(forKey: UInt64(id)) {
                poller.remove(session.connection.socket)
            }
            pool.closed(id)
        case .abandon(let flight):
            flight.abandonedAt = .now
            attentionAt = min(attentionAt, .now + driver.grace)
        case .stop:
            isStopping = true
        }
    }

    private func send(_ flight: Flight, to id: Int, check: Bool) {
        guard let session = sessions[UInt64(id)] else {
            // The connection was lost between the lease and now; the pool knows. The caller asks again.
            flight.promise.settle(.failure(ConnectionLost(.closed)))
            return
        }
        do {
            try session.send(flight, check: check)
            driver.flights.add(1, ordering: .relaxed)
            attentionAt = min(attentionAt, session.attentionAt(grace: driver.grace))
            try flush(session)
        } catch {
            lose(session, error)
        }
    }

    private func handle(_ event: Poller.Ready) {
        guard event.key != 0 else { return driver.bell.clear() }
        guard let session = sessions[event.key] else { return }
        do {
            if event.readable {
                try session.connection.consume()
                session.heard(.now)
                while let flight = try session.nextCompleted() { complete(flight, session) }
            }
            if session.wantsToWrite { try flush(session) }
        } catch {
            lose(session, error)
        }
    }

    private func flush(_ session: SharedSession) throws(ConnectionLost) {
        let wantsToWrite = try !session.connection.flush()
        guard wantsToWrite != session.wantsToWrite else { return }
        session.wantsToWrite = wantsToWrite
        poller.change(session.connection.socket, key: session.key, writing: wantsToWrite)
    }

    private func complete(_ flight: Flight, _ session: SharedSession) {
        driver.observer.flown(pool.lane, flight.name, statements: flight.calls.count, took: .now - flight.sentAt)
        pool.release(session.id, keep: true)
        flight.promise.settle(.success(flight.results))
    }

    /// Deadlines passed, abandoned reads, connections that fell silent.
    private func attend(_ now: Moment) {
        attentionAt = .distantFuture
        for session in Array(sessions.values) {
            for flight in session.inFlight where flight.deadline <= now && flight.abandonedAt == nil {
                flight.abandonedAt = now
                flight.promise.settle(.failure(ConnectionLost(.deadline)))
            }
            if let reason = session.silent(now, grace: driver.grace) {
                lose(session, ConnectionLost(.closed, message: reason))
            } else {
                attentionAt = min(attentionAt, session.attentionAt(grace: driver.grace))
            }
        }
    }

    /// Gives the connection up. Its reads are told, and ask again elsewhere.
    private func lose(_ session: SharedSession, _ error: ConnectionLost) {
        sessions[session.key] = nil
        poller.remove(session.connection.socket)
        pool.lost(session.id, error)
        for flight in session.inFlight { flight.promise.settle(.failure(error)) }
        let (pool, driver, id) = (pool, driver, session.id)
        guard !session.inFlight.isEmpty else { return pool.closed(id) }
        // The server may still be at work on it: cancel, wait a little, close; not on this thread.
        let connection = session.connection
        let started = OwnThread.start("pg-close") {
            Connection.abandon(connection, wait: driver.cancelWait)
            pool.closed(id)
        }
        if !started { pool.closed(id) }
    }

    private func stop() {
        for session in Array(sessions.values) { lose(session, ConnectionLost(.shutdown)) }
        for message in driver.stop() {
            switch message {
            case .send(_, let flight, _): flight.promise.settle(.failure(ConnectionLost(.shutdown)))
            case .attach(let id, _, _), .close(let id): pool.closed(id)
            case .abandon, .stop: break
            }
        }
    }
}

/// One shared connection and the flights that are on it, in order.
final class SharedSession {
    let id: Int
    let connection: Connection
    var key: UInt64 { UInt64(id) }
    var wantsToWrite = false
    private(set) var inFlight: [Flight] = []
    private var lastHeard = Moment.now
    /// Pings whose answer must be passed over, and until when the oldest must come.
    private var pings = 0
    private var pingUntil: Moment?

    /// How long an idle connection may take to give a sign of life.
    private static let pingPatience: Duration = .seconds(1)

    init(_ id: Int, _ connection: Connection) {
        self.id = id
        self.connection = connection
    }

    func send(_ flight: Flight, check: Bool) throws(ConnectionLost) {
        let now = Moment.now
        flight.sentAt = now
        inFlight.append(flight)
        if check {
            try connection.sendPing()
            pings += 1
            pingUntil = now + Self.pingPatience
        }
        try connection.send(flight.calls)
    }

    func heard(_ now: Moment) {
        lastHeard = now
        pingUntil = nil
    }

    /// The next flight whose results have all come.
    func nextCompleted() throws(ConnectionLost) -> Flight? {
        while pings > 0, let first = inFlight.first, first.results.count == 0 {
            // A ping stands before the first flight sent after an idle time, so before everything else.
            guard try connection.receive(into: FlightResults(), []) else { return nil }
            pings -= 1
        }
        guard let first = inFlight.first else { return nil }
        guard try connection.receive(into: first.results, first.calls) else { return nil }
        // Before it is taken off the list: whoever is on the list is told that the connection is lost.
        if inFlight.count == 1, !connection.isClean {
            throw ConnectionLost(.protocolViolation, message: "a read left a transaction open")
        }
        inFlight.removeFirst()
        return first
    }

    /// Why the connection must be replaced, if it must.
    func silent(_ now: Moment, grace: Duration) -> String? {
        if let pingUntil, pingUntil <= now { return "no sign of life" }
        guard let abandoned = inFlight.first?.abandonedAt, max(abandoned, lastHeard) + grace <= now else { return nil }
        return "silent on a read that nobody awaits"
    }

    /// When this session next needs a look.
    func attentionAt(grace: Duration) -> Moment {
        var next = pingUntil ?? .distantFuture
        for flight in inFlight {
            next = min(next, flight.abandonedAt.map { max($0, lastHeard) + grace } ?? flight.deadline)
        }
        return next
    }
}
