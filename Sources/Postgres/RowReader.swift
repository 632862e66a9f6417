import CPostgres

/// Reads one row, column by column, in the order of the statement's select list.
///
/// Each read checks the column's type and whether NULL is expected; reading more or fewer columns than came is an error.
@safe public struct RowReader: ~Copyable {
    private let result: OpaquePointer
    private let owner: FlightResults
    private let row: Int32
    private let columns: Int32
    private var column: Int32 = 0

    init(result: OpaquePointer, owner: FlightResults, row: Int32) {
        unsafe self.result = unsafe result
        self.owner = owner
        self.row = row
        columns = unsafe PQnfields(result)
    }

    /// Reads the next column.
    public mutating func read<Value: PostgresConvertible>(
        _ type: Value.Type = Value.self
    ) throws(StatementError) -> Value {
        guard column < columns else {
            throw .decoding("\(columns) columns came and the decoder reads more")
        }
        let here = column
        column += 1
        let oid = unsafe OID(rawValue: PQftype(result, here))
        do {
            guard Value.Wire._accepts(oid) else {
                throw StatementError.decoding("type \(oid.rawValue) where \(Value.self) was expected")
            }
            guard unsafe PQgetisnull(result, row, here) == 0 else { return try Value(wire: Value.Wire._decodeNull()) }
            let length = unsafe Int(PQgetlength(result, row, here))
            guard let start = unsafe PQgetvalue(result, row, here) else {
                throw StatementError.decoding("no value")
            }
            let bytes = unsafe RawSpan(_unsafeStart: start, byteCount: length)
            return try Value(wire: Value.Wire._decode(bytes, oid))
        } catch {
            throw located(error, column: here)
        }
    }

    /// Says which column; the name is read only now, when something is wrong.
    private func located(_ error: any Error, column: Int32) -> StatementError {
        let name = unsafe PQfname(result, column).map { unsafe String(cString: $0) } ?? "?"
        let reason = (error as? StatementError)?.message ?? String(describing: error)
        var located = StatementError.decoding("row \(row + 1), column \(column + 1) (\(name)): \(reason)")
        located.column = name
        return located
    }

    /// After the decoder: every column that came must have been read.
    func finished() throws(StatementError) {
        guard column == columns else {
            throw .decoding("\(columns) columns came and the decoder reads \(column)")
        }
    }
}
