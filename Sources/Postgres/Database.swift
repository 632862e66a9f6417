public import Logging
public import ServiceLifecycle

/// The database: three lanes of connections and the listener.
public final class Database: Service, Sendable {
    /// Opens nothing yet; the first use of a lane does.
    public init(_ configuration: DatabaseConfiguration, logger: Logger) {}

    /// Lives until graceful shutdown, then drains.
    public func run() async throws {}

    /// Lets what is running end, refuses the rest, closes everything. May be called again.
    public func shutdown() async {}

    /// Reads in one flight.
    public func read<each R: Sendable>(
        _ name: StaticString, deadline: Duration? = nil, _ steps: repeat Step<each R>
    ) async throws -> (repeat each R) {
        throw ConnectionLost(.shutdown)
    }

    /// Reads in one flight, on the report lane.
    public func report<each R: Sendable>(
        _ name: StaticString, _ steps: repeat Step<each R>
    ) async throws -> (repeat each R) {
        throw ConnectionLost(.shutdown)
    }

    /// Runs a transaction.
    public func transaction<R: Sendable>(
        _ name: StaticString, isolation: Isolation = .readCommitted, readOnly: Bool = false, retrying: Int = 0,
        deadline: Duration? = nil, _ body: @escaping @Sendable (borrowing Transaction) throws -> R
    ) async throws -> R {
        throw ConnectionLost(.shutdown)
    }

    /// The lanes at this moment.
    public var statistics: PoolStatistics { PoolStatistics() }

    /// Round trips so far.
    public var flights: FlightCounts { FlightCounts() }

    /// Listens on a connection of its own.
    public func listen(_ channels: StaticString...) -> AsyncStream<Notification> {
        AsyncStream { $0.finish() }
    }
}
