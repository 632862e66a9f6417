/// What a listener hears.
public enum Notification: Sendable, Hashable {
    /// The listener is connected, for the first time or again: whatever was notified meanwhile is lost, so look afresh.
    case resync
    /// Somebody said `notify`.
    case message(channel: String, payload: String)
}
