/// Nothing more can be said on the connection; it is always closed, never repaired.
///
/// What was asked may or may not have happened: ``outcomeUnknown`` says whether a change can have been made.
public struct ConnectionLost: Error, Sendable, CustomStringConvertible {
    /// Why the connection is gone.
    public enum Reason: Sendable, Hashable {
        /// No connection could be made.
        case connectFailed
        /// The other side closed it, or the network failed.
        case closed
        /// The server did not answer before the deadline.
        case deadline
        /// The task that asked was cancelled.
        case cancelled
        /// The database is shutting down.
        case shutdown
        /// libpq and this module disagree on what comes next; going on would risk mixing answers.
        case protocolViolation
    }

    /// Why the connection is gone.
    public let reason: Reason
    /// What libpq said; never a parameter or a password.
    public let message: String
    /// Whether a COMMIT was under way, so that only a look at the data can tell what happened.
    public let outcomeUnknown: Bool

    /// Makes an error; for tests of code that handles one.
    public init(_ reason: Reason, message: String = "", outcomeUnknown: Bool = false) {
        self.reason = reason
        self.message = message
        self.outcomeUnknown = outcomeUnknown
    }

    /// A line for a log.
    public var description: String {
        var line = "connection lost: \(reason)"
        if !message.isEmpty {
            line += ": \(message)"
        }
        if outcomeUnknown {
            line += " (commit under way, outcome unknown)"
        }
        return line
    }

    /// Whether asking again on another connection can help: the network failed, nobody asked to stop.
    var isWorthRetrying: Bool {
        reason == .closed || reason == .protocolViolation
    }

    func duringCommit() -> ConnectionLost {
        ConnectionLost(reason, message: message, outcomeUnknown: true)
    }
}
