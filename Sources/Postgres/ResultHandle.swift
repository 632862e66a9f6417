import CPostgres

/// The one owner of a `PGresult`: it cannot be copied, and clears it when it goes.
@safe struct ResultHandle: ~Copyable {
    private let raw: OpaquePointer

    init(owning raw: OpaquePointer) {
        unsafe self.raw = unsafe raw
    }

    deinit {
        unsafe PQclear(raw)
    }

    var status: ExecStatusType { unsafe PQresultStatus(raw) }

    var isFailure: Bool { status == PGRES_FATAL_ERROR || status == PGRES_PIPELINE_ABORTED }

    /// The server ends the session with this.
    var isFatal: Bool {
        guard status == PGRES_FATAL_ERROR else { return false }
        // `V`, the severity that is never translated.
        guard let severity = unsafe PQresultErrorField(raw, 0x56) else { return false }
        let text = unsafe String(cString: severity)
        return text == "FATAL" || text == "PANIC"
    }

    /// The rows that a command changed.
    var affected: Int {
        guard let digits = unsafe PQcmdTuples(raw) else { return 0 }
        return unsafe Int(String(cString: digits)) ?? 0
    }

    /// What the server said, all of it: nothing may be read after the result is cleared.
    var error: StatementError { unsafe StatementError(result: raw) }

    /// Gives the pointer away; the taker clears it.
    consuming func release() -> OpaquePointer {
        let raw = unsafe self.raw
        discard self
        return unsafe raw
    }
}

/// The results of one flight, in the order of its statements. Owned by the flight; read by whoever asked for it.
///
/// Unchecked: a `PGresult` does not refer to its connection, and only one thread at a time holds the flight: first the
/// one that receives, then the one that decodes.
@safe final class FlightResults: @unchecked Sendable {
    private var raws: [OpaquePointer] = unsafe []

    /// The first failure, and the statement it belongs to.
    var failure: StatementError?

    deinit {
        for index in unsafe raws.indices { unsafe PQclear(raws[index]) }
    }

    var count: Int { unsafe raws.count }

    func reserve(_ count: Int) {
        unsafe raws.reserveCapacity(count)
    }

    func adopt(_ result: consuming ResultHandle) {
        unsafe raws.append(result.release())
    }

    func rows(_ index: Int) throws(ConnectionLost) -> Rows {
        guard unsafe index < raws.count else {
            throw ConnectionLost(.protocolViolation, message: "fewer results than statements")
        }
        return unsafe Rows(borrowing: raws[index], keeping: self)
    }
}

/// A look at one result. Keeps its owner alive, so it is safe to hold.
@safe struct Rows {
    fileprivate let raw: OpaquePointer
    private let owner: FlightResults

    fileprivate init(borrowing raw: OpaquePointer, keeping owner: FlightResults) {
        unsafe self.raw = unsafe raw
        self.owner = owner
    }

    var count: Int { unsafe Int(PQntuples(raw)) }

    /// The rows that a command changed, or that a query returned.
    var affected: Int {
        guard let digits = unsafe PQcmdTuples(raw) else { return 0 }
        return unsafe Int(String(cString: digits)) ?? 0
    }

    /// The command's tag, such as `COMMIT` or `UPDATE 3`.
    var tag: String {
        unsafe PQcmdStatus(raw).map { unsafe String(cString: $0) } ?? ""
    }

    func reader(row: Int) -> RowReader {
        unsafe RowReader(result: raw, owner: owner, row: Int32(row))
    }
}

extension StatementError {
    /// Reads every field of the error, before the result is cleared.
    fileprivate init(result: OpaquePointer) {
        func field(_ code: Character) -> String? {
            guard let text = unsafe PQresultErrorField(result, Int32(code.asciiValue ?? 0)) else { return nil }
            return unsafe String(cString: text)
        }
        self.init(
            kind: .server, statement: "", sqlState: SQLState(rawValue: field("C") ?? "XX000"),
            message: field("M") ?? "no message", constraint: field("n"))
        detail = field("D")
        hint = field("H")
        schema = field("s")
        table = field("t")
        column = field("c")
        position = field("P").flatMap { Int($0) }
        routine = field("R")
    }
}
