import CoreMetrics
import Logging

/// What this module has to tell: the one source of its logs and its metrics.
public enum PostgresEvent: Sendable {
    /// A connection was made.
    case connected(Lane, took: Duration)
    /// A connection could not be made.
    case connectFailed(Lane, ConnectionLost)
    /// A request had to wait for a connection.
    case waited(Lane, name: StaticString, Duration)
    /// A request was turned away.
    case refused(Lane, name: StaticString, PoolExhausted.Reason)
    /// A flight came back.
    case flown(Lane, name: StaticString, statements: Int, took: Duration)
    /// A flight, or a whole transaction, is tried again.
    case retried(Lane, name: StaticString, attempt: Int, because: String)
    /// A flight took longer than ``DatabaseConfiguration/slowAfter``.
    case slow(Lane, name: StaticString, took: Duration)
    /// A connection was given up.
    case discarded(Lane, ConnectionLost)
    /// The prepared statements of a connection were forgotten, because the server no longer knows them as they were.
    case preparedDropped(Lane, SQLState)
}

/// Turns events into log lines and metrics.
final class Observer: Sendable {
    private let logger: Logger
    private let forward: (@Sendable (PostgresEvent) -> Void)?
    private let slowAfter: Duration
    private let meters: [Meters]

    private struct Meters: Sendable {
        let flights: Counter
        let duration: Timer
        let waited: Timer
        let refused: Counter
        let retried: Counter
        let discarded: Counter
        let connected: Counter
        let connectFailed: Counter

        init(_ lane: Lane) {
            let dimensions = [("lane", lane.rawValue)]
            flights = Counter(label: "postgres_flights", dimensions: dimensions)
            duration = Timer(label: "postgres_flight_duration", dimensions: dimensions)
            waited = Timer(label: "postgres_wait_duration", dimensions: dimensions)
            refused = Counter(label: "postgres_refused", dimensions: dimensions)
            retried = Counter(label: "postgres_retried", dimensions: dimensions)
            discarded = Counter(label: "postgres_discarded", dimensions: dimensions)
            connected = Counter(label: "postgres_connected", dimensions: dimensions)
            connectFailed = Counter(label: "postgres_connect_failed", dimensions: dimensions)
        }
    }

    init(_ configuration: DatabaseConfiguration, logger: Logger) {
        self.logger = logger
        forward = configuration.observer
        slowAfter = configuration.slowAfter
        meters = Lane.allCases.map { Meters($0) }
    }

    private func meters(_ lane: Lane) -> Meters {
        switch lane {
        case .read: meters[0]
        case .write: meters[1]
        case .report: meters[2]
        case .imports: meters[3]
        case .listen: meters[4]
        }
    }

    func observe(_ event: PostgresEvent) {
        measure(event)
        log(event)
        forward?(event)
    }

    /// A flight came back: measured, and reported when it was slow.
    func flown(_ lane: Lane, _ name: StaticString, statements: Int, took: Duration) {
        observe(.flown(lane, name: name, statements: statements, took: took))
        if took > slowAfter { observe(.slow(lane, name: name, took: took)) }
    }

    private func measure(_ event: PostgresEvent) {
        switch event {
        case .connected(let lane, _): meters(lane).connected.increment()
        case .connectFailed(let lane, _): meters(lane).connectFailed.increment()
        case .waited(let lane, _, let duration): meters(lane).waited.recordNanoseconds(duration.nanoseconds)
        case .refused(let lane, _, _): meters(lane).refused.increment()
        case .flown(let lane, _, _, let took):
            meters(lane).flights.increment()
            meters(lane).duration.recordNanoseconds(took.nanoseconds)
        case .retried(let lane, _, _, _): meters(lane).retried.increment()
        case .discarded(let lane, _): meters(lane).discarded.increment()
        case .slow, .preparedDropped: break
        }
    }

    /// Not all events are worth a line: what happens with each request is only measured.
    private func log(_ event: PostgresEvent) {
        switch event {
        case .waited, .flown: break
        case .connected(let lane, let took):
            logger.debug("postgres connected", metadata: ["lane": "\(lane)", "ms": "\(took.milliseconds)"])
        case .connectFailed(let lane, let error):
            logger.error("postgres connect failed", metadata: ["lane": "\(lane)", "error": "\(error)"])
        case .refused(let lane, let name, let reason):
            logger.warning(
                "postgres request refused", metadata: ["lane": "\(lane)", "name": "\(name)", "reason": "\(reason)"])
        case .retried(let lane, let name, let attempt, let reason):
            logger.notice(
                "postgres retried",
                metadata: ["lane": "\(lane)", "name": "\(name)", "attempt": "\(attempt)", "because": "\(reason)"])
        case .slow(let lane, let name, let took):
            logger.warning(
                "postgres slow", metadata: ["lane": "\(lane)", "name": "\(name)", "ms": "\(took.milliseconds)"])
        case .discarded(let lane, let error):
            logger.warning("postgres connection discarded", metadata: ["lane": "\(lane)", "error": "\(error)"])
        case .preparedDropped(let lane, let state):
            logger.notice("postgres prepared statements dropped", metadata: ["lane": "\(lane)", "state": "\(state)"])
        }
    }
}
