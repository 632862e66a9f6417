import Synchronization

/// A connection that only listens, on a thread of its own; it connects again for as long as somebody is interested.
final class Listener: Sendable {
    private let channels: [StaticString]
    private let settings: ConnectionSettings
    private let configuration: DatabaseConfiguration
    private let observer: Observer
    private let continuation: AsyncStream<Notification>.Continuation
    private let bell = Wake()
    private let isStopped = Atomic<Bool>(false)

    /// How many notifications wait for a slow consumer; then they are dropped and it is told to look afresh.
    static let bufferMax = 1024

    /// How long the connection may be silent before it is asked for a sign of life.
    private static let keepAlive: Duration = .seconds(30)
    private static let pingPatience: Duration = .seconds(5)
    /// How long to wait before seeing whether a slow consumer has made room.
    private static let fullBufferPause: Duration = .milliseconds(200)

    init(
        _ channels: [StaticString], _ configuration: DatabaseConfiguration, observer: Observer,
        _ continuation: AsyncStream<Notification>.Continuation
    ) {
        self.channels = channels
        self.configuration = configuration
        self.observer = observer
        self.continuation = continuation
        settings = ConnectionSettings(.listen, configuration)
    }

    func start() {
        if !OwnThread.start("pg-listen", { self.run() }) { continuation.finish() }
    }

    func stop() {
        isStopped.store(true, ordering: .relaxed)
        bell.signal()
    }

    private var mustStop: Bool { isStopped.load(ordering: .relaxed) }

    private func run() {
        var backoff = configuration.connectBackoff
        while !mustStop {
            let began = Moment.now
            do throws(ConnectionLost) {
                let connection = try Connection.open(settings) { _ in }
                observer.observe(.connected(.listen, took: .now - began))
                backoff = configuration.connectBackoff
                try listen(connection)
            } catch {
                let event: PostgresEvent =
                    error.reason == .connectFailed ? .connectFailed(.listen, error) : .discarded(.listen, error)
                observer.observe(event)
            }
            guard !mustStop else { break }
            if Wait.until(.now + backoff * Double.random(in: 0.5...1), wake: bell).woken { bell.clear() }
            backoff = min(backoff * 2, configuration.connectBackoffMax)
        }
        continuation.finish()
    }

    private func listen(_ connection: Connection) throws(ConnectionLost) {
        let calls = channels.map { channel in
            Call(name: "listen", sql: SQL(text: "listen \(Self.quoted(channel.description))"))
        }
        let results = try connection.exchange(calls, until: .now + configuration.statementDeadline)
        if let failure = results.failure { throw ConnectionLost(.connectFailed, message: failure.description) }
        // Only now: whatever is notified from here on is heard.
        var owesResync = true
        while !mustStop {
            for notification in connection.notifications() { deliver(notification, &owesResync) }
            if owesResync { owesResync = !isTaken(.resync) }
            let patience = owesResync ? Self.fullBufferPause : Self.keepAlive
            let ready = Wait.until(.now + patience, socket: connection.socket, wake: bell)
            if ready.woken { bell.clear() }
            if ready.readable { try connection.consume() }
            if ready.timedOut, !owesResync { try connection.ping(until: .now + Self.pingPatience) }
        }
    }

    /// What a full buffer drops is made good by a resync as soon as there is room.
    private func deliver(_ notification: Notification, _ owesResync: inout Bool) {
        if owesResync { owesResync = !isTaken(.resync) }
        if !owesResync, !isTaken(notification) { owesResync = true }
    }

    private func isTaken(_ notification: Notification) -> Bool {
        if case .dropped = continuation.yield(notification) { false } else { true }
    }

    private static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
