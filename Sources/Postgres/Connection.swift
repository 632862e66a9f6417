import CPostgres

/// One connection in pipeline mode: sends flights, gives back what comes.
///
/// Unchecked: libpq's handle belongs to one thread at a time. The thread that connects hands the connection over and
/// forgets it; nothing else shares it.
@safe final class Connection: @unchecked Sendable {
    private let raw: OpaquePointer
    private let parameters = Parameters()
    private var prepared: PreparedCache?
    private let report: @Sendable (SQLState) -> Void

    /// What the server has still to answer, in order.
    private var expected: [Expected] = []
    private var expectedHead = 0
    /// libpq ends each command's results with a NULL.
    private var awaitsEnd = false

    /// libpq's connection, for the parts of this type in other files.
    var handle: OpaquePointer { unsafe raw }

    /// The socket; it does not change once connected.
    let socket: Int32

    private enum Expected {
        case prepare(PreparedCache.Entry)
        case housekeeping
        case housekeepingSync
        case statement(PreparedCache.Entry?)
        case sync
    }

    /// One thing that came from the server.
    enum Incoming: ~Copyable {
        /// The result of the next statement; an error is a result too.
        case result(ResultHandle)
        /// The end of a flight.
        case sync
        /// Nothing yet.
        case nothing
    }

    init(owning raw: OpaquePointer, preparedMax: Int?, report: @escaping @Sendable (SQLState) -> Void) {
        unsafe self.raw = unsafe raw
        self.report = report
        socket = unsafe PQsocket(raw)
        prepared = preparedMax.map { PreparedCache(capacity: max(1, $0)) }
    }

    deinit {
        unsafe PQfinish(raw)
    }

    /// Whether the connection may be used again. Doubt means no: idle, in no transaction, nothing outstanding.
    var isClean: Bool {
        unsafe expectedHead == expected.count && PQstatus(raw) == CONNECTION_OK
            && PQtransactionStatus(raw) == PQTRANS_IDLE
    }

    /// Whether nothing is outstanding.
    var isQuiet: Bool { expectedHead == expected.count }

    /// Whether the server is outside any transaction, as far as its last word goes.
    var isOutsideTransaction: Bool { unsafe PQtransactionStatus(raw) == PQTRANS_IDLE }

    func lost(_ reason: ConnectionLost.Reason = .closed) -> ConnectionLost {
        let text = unsafe PQerrorMessage(raw).map { unsafe String(cString: $0) } ?? ""
        let line = text.split(separator: "\n").first.map(String.init) ?? ""
        return ConnectionLost(reason, message: line)
    }
}

// MARK: - Sending

extension Connection {
    /// Queues one flight, ended by its Sync, and pushes it as far as the socket takes it now.
    func send(_ calls: [Call]) throws(ConnectionLost) {
        let entries = try prepare(calls)
        for (index, call) in calls.enumerated() {
            let entry = entries.isEmpty ? nil : entries[index]
            try send(call.sql, entry)
            expected.append(.statement(entry))
        }
        try sync(.sync)
    }

    /// A Sync alone: asks for a sign of life.
    func sendPing() throws(ConnectionLost) {
        try sync(.sync)
    }

    /// Prepares what is not, each ended by a Sync of its own: were it inside the flight, an earlier failure there would
    /// skip it, and the next flight, already on its way, would rely on it in vain.
    private func prepare(_ calls: [Call]) throws(ConnectionLost) -> [PreparedCache.Entry?] {
        // More statements than the cache holds would evict one another inside the flight.
        guard let capacity = prepared?.capacity, calls.count <= capacity else { return [] }
        if prepared?.mustDeallocateAll == true {
            try sendHousekeeping("deallocate all")
            prepared?.deallocatedAll()
        }
        var entries: [PreparedCache.Entry?] = []
        entries.reserveCapacity(calls.count)
        for call in calls {
            if !call.isPreparable {
                entries.append(nil)
            } else if let entry = prepared?.find(call.sql) {
                entries.append(entry)
            } else if let (entry, evicted) = prepared?.insert(call.sql) {
                if let evicted { try sendHousekeeping("deallocate \(evicted.name)") }
                let sent = parameters.with(call.sql) { count in
                    unsafe PQsendPrepare(raw, entry.name, call.sql.text, count, parameters.types)
                }
                guard sent == 1 else { throw lost() }
                expected.append(.prepare(entry))
                try sync(.housekeepingSync)
                entries.append(entry)
            }
        }
        return entries
    }

    private func sendHousekeeping(_ text: String) throws(ConnectionLost) {
        guard unsafe PQsendQueryParams(raw, text, 0, nil, nil, nil, nil, 1) == 1 else { throw lost() }
        expected.append(.housekeeping)
        try sync(.housekeepingSync)
    }

    private func send(_ sql: SQL, _ entry: PreparedCache.Entry?) throws(ConnectionLost) {
        let sent = parameters.with(sql) { count in
            if let entry {
                return unsafe PQsendQueryPrepared(
                    raw, entry.name, count, parameters.values, parameters.lengths, parameters.formats, 1)
            }
            return unsafe PQsendQueryParams(
                raw, sql.text, count, parameters.types, parameters.values, parameters.lengths, parameters.formats, 1)
        }
        guard sent == 1 else { throw lost() }
    }

    private func sync(_ kind: Expected) throws(ConnectionLost) {
        guard unsafe PQpipelineSync(raw) == 1 else { throw lost() }
        expected.append(kind)
    }

    /// Pushes what is queued; true when nothing is left.
    func flush() throws(ConnectionLost) -> Bool {
        let left = unsafe PQflush(raw)
        guard left >= 0 else { throw lost() }
        return left == 0
    }
}

// MARK: - Receiving

extension Connection {
    /// Takes in what the socket has.
    func consume() throws(ConnectionLost) {
        guard unsafe PQconsumeInput(raw) == 1 else { throw lost() }
    }

    /// The next thing that has come in whole. Never blocks.
    func next() throws(ConnectionLost) -> Incoming {
        while expectedHead < expected.count {
            guard unsafe PQisBusy(raw) == 0 else { return .nothing }
            guard let pointer = unsafe PQgetResult(raw) else {
                guard awaitsEnd else { throw lost(.protocolViolation) }
                awaitsEnd = false
                advance()
                continue
            }
            let result = unsafe ResultHandle(owning: pointer)
            if result.isFatal {
                // The server's last words; the socket closes behind them.
                throw ConnectionLost(.closed, message: result.error.sqlState?.description ?? "")
            }
            switch expected[expectedHead] {
            case .sync, .housekeepingSync:
                guard result.status == PGRES_PIPELINE_SYNC else { throw lost(.protocolViolation) }
                let isFlight = if case .sync = expected[expectedHead] { true } else { false }
                advance()
                if isFlight { return .sync }
            case .prepare(let entry):
                try expectCommand(result)
                if result.status == PGRES_FATAL_ERROR {
                    entry.failure = result.error
                    prepared?.remove(entry)
                }
            case .housekeeping:
                // A failed DEALLOCATE leaves a statement behind, no more.
                try expectCommand(result)
            case .statement(let entry):
                try expectCommand(result)
                noticeStale(result, entry)
                return .result(result)
            }
        }
        return .nothing
    }

    /// Why preparing the statement at the head of the line failed, if that is what its error is about.
    var preparationFailure: StatementError? {
        guard expectedHead < expected.count, case .statement(let entry?) = expected[expectedHead] else { return nil }
        return entry.failure
    }

    /// The next notification, which the caller frees.
    func nextNotification() -> UnsafeMutablePointer<PGnotify>? {
        unsafe PQnotifies(raw)
    }

    private func expectCommand(_ result: borrowing ResultHandle) throws(ConnectionLost) {
        switch result.status {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY, PGRES_FATAL_ERROR, PGRES_PIPELINE_ABORTED:
            guard !awaitsEnd else { throw lost(.protocolViolation) }
            awaitsEnd = true
        default:
            // COPY, or something new: nobody here knows how to go on.
            throw lost(.protocolViolation)
        }
    }

    /// The server no longer knows the statement, or its result has changed shape: so it may be with all the others.
    private func noticeStale(_ result: borrowing ResultHandle, _ entry: PreparedCache.Entry?) {
        guard result.status == PGRES_FATAL_ERROR, let entry, entry.failure == nil else { return }
        let error = result.error
        guard let state = error.sqlState, error.isStalePreparation else { return }
        if prepared?.dropAll(because: entry) == true { report(state) }
    }

    private func advance() {
        expectedHead += 1
        if expectedHead == expected.count {
            expected.removeAll(keepingCapacity: true)
            expectedHead = 0
        } else if expectedHead >= 256 {
            expected.removeFirst(expectedHead)
            expectedHead = 0
        }
    }
}

extension StatementError {
    /// `26000`, or the planner's `0A000`: the prepared statement is at fault, not the SQL.
    var isStalePreparation: Bool {
        sqlState == .invalidSqlStatementName || (sqlState == .featureNotSupported && routine == "RevalidateCachedQuery")
    }
}

// MARK: - Giving up

extension Connection {
    /// Cancels what the server is doing, waits a bounded time for that to be delivered, closes. Blocks up to `wait`.
    static func abandon(_ connection: consuming Connection, wait: Duration) {
        // Nothing runs on a connection that the server has closed.
        guard unsafe PQstatus(connection.raw) == CONNECTION_OK,
            let cancel = unsafe PQgetCancel(connection.raw)
        else { return }
        let handle = unsafe CancelHandle(owning: cancel)
        let delivered = Wake()
        // PQcancel blocks, and on a silent network for minutes: so on a thread that nobody waits for longer.
        let started = OwnThread.start("pg-cancel") {
            handle.fire()
            delivered.signal()
        }
        if started { _ = Wait.until(.now + wait, wake: delivered) }
    }
}

/// What is needed to cancel, independent of the connection's life.
///
/// Unchecked: libpq lets a PGcancel be used from any thread; here exactly one does.
@safe private final class CancelHandle: @unchecked Sendable {
    private let raw: OpaquePointer

    init(owning raw: OpaquePointer) {
        unsafe self.raw = unsafe raw
    }

    deinit {
        unsafe PQfreeCancel(raw)
    }

    func fire() {
        var message = [CChar](repeating: 0, count: 256)
        unsafe _ = PQcancel(raw, &message, Int32(message.count))
    }
}
