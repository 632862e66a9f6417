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

    /// What the server said, all of it: nothing may be read after the result is cleared.
    var error: StatementError { unsafe StatementError(result: raw) }

    /// The command's tag, such as `COMMIT`.
    var isRollbackTag: Bool {
        guard let tag = unsafe PQcmdStatus(raw) else { return false }
        return unsafe String(cString: tag) == "ROLLBACK"
    }

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
        for unsafe raw in unsafe raws { unsafe PQclear(raw) }
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
