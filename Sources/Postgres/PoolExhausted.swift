/// No connection came free: nothing was sent, so asking again later is safe.
public struct PoolExhausted: Error, Sendable, CustomStringConvertible {
    /// Why the caller was turned away.
    public enum Reason: Sendable, Hashable {
        /// It waited as long as it may.
        case timedOut
        /// As many callers as allowed were waiting already.
        case tooManyWaiting
    }

    /// Why the caller was turned away.
    public let reason: Reason
    /// The lane that was full.
    public let lane: Lane

    /// Makes an error; for tests of code that handles one.
    public init(_ reason: Reason, lane: Lane) {
        self.reason = reason
        self.lane = lane
    }

    /// A line for a log.
    public var description: String { "\(lane) lane exhausted: \(reason)" }
}

/// The separate sets of connections, so that one kind of work cannot starve another.
public enum Lane: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// Reads that share few connections.
    case read
    /// Transactions, each alone on a connection.
    case write
    /// Long reads, on connections of their own.
    case report
    /// Long transactions that bring much in, on a connection of their own.
    case imports = "import"
    /// The connection that listens for notifications.
    case listen

    /// The lane's name, as logs and metrics show it.
    public var description: String { rawValue }
}
