/// Where the database is, and every limit of this module, by name.
public struct DatabaseConfiguration: Sendable {
    /// A libpq connection string or URI. Hosts, `target_session_attrs`, `sslmode` and the rest pass through.
    public var connection: String

    /// Connections that reads share.
    public var readConnections = 4
    /// Reads in flight on each of them.
    public var readsInFlight = 8
    /// Connections for transactions: with a thread each, and more of them share one fsync.
    public var writeConnections = 12
    /// Connections for reports.
    public var reportConnections = 2
    /// Connections for imports.
    public var importConnections = 1

    /// How long one host may take to let us in; libpq counts whole seconds, two at least.
    public var connectTimeout: Duration = .seconds(5)
    /// How long a caller waits for a connection before ``PoolExhausted``.
    public var acquireTimeout: Duration = .seconds(2)
    /// How many callers may wait in one lane; the next is refused at once.
    public var waitersMax = 512

    /// How long a read, or one flight of a transaction, may take, whatever the server does. The server's own
    /// `statement_timeout` is set a tenth below, so that a merely slow statement does not cost the connection.
    public var statementDeadline: Duration = .seconds(5)
    /// The same for reports.
    public var reportDeadline: Duration = .seconds(60)
    /// The same for each flight of an import, and for one whole COPY.
    public var importDeadline: Duration = .seconds(600)
    /// `lock_timeout`: how long a statement may wait for a lock.
    public var lockTimeout: Duration = .seconds(3)
    /// `idle_in_transaction_session_timeout`: how long the server keeps a transaction whose client fell silent.
    public var idleInTransactionTimeout: Duration = .seconds(5)
    /// `tcp_user_timeout`: how long sent data may stay unacknowledged.
    public var tcpUserTimeout: Duration = .seconds(5)

    /// How long to wait for a cancel request to be delivered before the connection is closed all the same.
    public var cancelWait: Duration = .seconds(2)
    /// How long a shared connection may stay silent on a read that nobody awaits any more, before it is replaced.
    public var abandonedReadGrace: Duration = .seconds(1)

    /// The age at which a connection is replaced; each lives up to a tenth less, so that they do not all go at once.
    public var maxLifetime: Duration = .seconds(1800)
    /// A connection idle for longer than this is asked for a sign of life before it is used.
    public var idleCheck: Duration = .seconds(30)
    /// The first pause after a failed connect; doubled each time.
    public var connectBackoff: Duration = .milliseconds(50)
    /// The longest pause after a failed connect: short, because a database that has recovered should be in use at once,
    /// and harmless, because a lane makes one connection at a time.
    public var connectBackoffMax: Duration = .milliseconds(250)
    /// How long shutdown waits for what is running.
    public var drainTimeout: Duration = .seconds(10)

    /// Whether statements are prepared; switch off behind a pooler that gives each transaction another server.
    public var preparedStatements = true
    /// How many prepared statements a connection keeps.
    public var preparedMax = 200

    /// A statement flight that takes longer is reported as slow.
    public var slowAfter: Duration = .milliseconds(500)
    /// What `pg_stat_activity` shows; the lane is added.
    public var applicationName = "touchstone"
    /// More settings for the sessions of the report lane, such as `work_mem`.
    public var reportSettings: [String: String] = [:]

    /// Is told every event, after logs and metrics; called from many threads, so it must be quick.
    public var observer: (@Sendable (PostgresEvent) -> Void)?

    /// The defaults, for the database at `connection`.
    public init(connection: String) {
        self.connection = connection
    }
}
