import CPostgres

/// How a lane's connections are made.
struct ConnectionSettings: Sendable {
    let lane: Lane
    let connection: String
    let applicationName: String
    let connectTimeout: Duration
    let tcpUserTimeout: Duration
    /// Nil when statements are not prepared.
    let preparedMax: Int?
    /// Settings of the session, made as soon as it is open.
    let session: [(name: String, value: String)]

    init(_ lane: Lane, _ configuration: DatabaseConfiguration) {
        self.lane = lane
        connection = configuration.connection
        applicationName = "\(configuration.applicationName) \(lane)"
        connectTimeout = configuration.connectTimeout
        tcpUserTimeout = configuration.tcpUserTimeout
        preparedMax = configuration.preparedStatements ? configuration.preparedMax : nil
        let deadline =
            switch lane {
            case .report: configuration.reportDeadline
            case .imports: configuration.importDeadline
            case .read, .write, .listen: configuration.statementDeadline
            }
        func milliseconds(_ duration: Duration) -> String { "\(min(max(1, duration.milliseconds), 2_147_483_647))" }
        var session = [
            // A tenth before our own deadline: then the server ends the statement and the connection lives on.
            ("statement_timeout", milliseconds(deadline * 9 / 10)),
            ("lock_timeout", milliseconds(configuration.lockTimeout)),
            ("idle_in_transaction_session_timeout", milliseconds(configuration.idleInTransactionTimeout)),
            ("client_connection_check_interval", "2000"),
        ]
        if lane == .read || lane == .report { session.append(("default_transaction_read_only", "on")) }
        // A read is planned once for each connection. Left to itself the server plans a list anew for each request, because
        // it thinks that the plan for any state or page size must be worse than one for these; planning takes longer.
        if lane == .read, configuration.preparedStatements { session.append(("plan_cache_mode", "force_generic_plan")) }
        // What pages ask takes milliseconds; compiling a view that looks dear takes half a second.
        if lane == .read || lane == .write { session.append(("jit", "off")) }
        if lane == .report { session += configuration.reportSettings.map { ($0.key, $0.value) } }
        self.session = session.map { (name: $0.0, value: $0.1) }
    }
}

extension Connection {
    /// Connects, on the calling thread, which must be one of our own.
    ///
    /// The connect itself is libpq's blocking one: only that applies `connect_timeout` to each of several hosts in
    /// turn, so that a dead first host does not hide a living second. All later waits are ours and have a deadline.
    static func open(
        _ settings: ConnectionSettings, report: @escaping @Sendable (SQLState) -> Void
    ) throws(ConnectionLost) -> Connection {
        guard let raw = unsafe connect(settings) else { throw ConnectionLost(.connectFailed, message: "out of memory") }
        let connection = unsafe Connection(owning: raw, preparedMax: settings.preparedMax, report: report)
        guard unsafe PQstatus(raw) == CONNECTION_OK else { throw connection.lost(.connectFailed) }
        unsafe cpostgres_drop_notices(raw)
        guard unsafe PQsetnonblocking(raw, 1) == 0, unsafe PQenterPipelineMode(raw) == 1 else {
            throw connection.lost(.connectFailed)
        }
        let names = settings.session.map(\.name)
        let values = settings.session.map(\.value)
        let sql: SQL = "select set_config(n, v, false) from unnest(\(names), \(values)) as s(n, v)"
        do throws(ConnectionLost) {
            let until = Moment.now + settings.connectTimeout
            let results = try connection.exchange([Call(name: "session", sql: sql)], until: until)
            if let failure = results.failure {
                throw ConnectionLost(.connectFailed, message: "session settings: \(failure)")
            }
        } catch {
            throw ConnectionLost(.connectFailed, message: error.message)
        }
        return connection
    }

    private static func connect(_ settings: ConnectionSettings) -> OpaquePointer? {
        // What stands before `dbname` are defaults that the connection string may override; after it, our own demands.
        let seconds = max(2, (settings.connectTimeout.milliseconds + 999) / 1000)
        let options: [(String, String)] = [
            ("application_name", settings.applicationName),
            ("connect_timeout", "\(seconds)"),
            ("keepalives_idle", "10"),
            ("keepalives_interval", "5"),
            ("keepalives_count", "3"),
            ("tcp_user_timeout", "\(settings.tcpUserTimeout.milliseconds)"),
            ("dbname", settings.connection),
            ("client_encoding", "UTF8"),
        ]
        return unsafe withCStrings(options.map(\.0)) { keywords in
            unsafe withCStrings(options.map(\.1)) { values in
                unsafe PQconnectdbParams(keywords, values, 1)
            }
        }
    }

    /// Calls `body` with a NULL-terminated array of C strings, good during the call only.
    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result?
    ) -> Result? {
        let terminated = strings.map { [CChar]($0.utf8CString) }
        return unsafe terminated.flatMap(\.self).withUnsafeBufferPointer { bytes in
            var pointers: [UnsafePointer<CChar>?] = unsafe []
            var offset = 0
            for string in terminated {
                unsafe pointers.append(bytes.baseAddress?.advanced(by: offset))
                offset += string.count
            }
            unsafe pointers.append(nil)
            return unsafe pointers.withUnsafeBufferPointer { unsafe $0.baseAddress.flatMap { unsafe body($0) } }
        }
    }
}
