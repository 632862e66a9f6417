/// Takes the rows of a COPY, field by field, and sends them on in chunks: what is held is never more than one chunk.
///
///     try tx.copy("lines.copy", into: "staging (line, text)") { rows in
///         for (number, text) in lines { try rows.row("\(number)", text) }
///     }
public struct CopyWriter: ~Copyable {
    /// Rows that were ended.
    public private(set) var count = 0

    private let stream: CopyStream
    private var chunk: [UInt8] = []
    private var fields = 0

    /// A chunk is sent when it has grown to this. A single field can make it longer.
    static let chunkSize = 256 * 1024

    init(_ stream: CopyStream) {
        self.stream = stream
        chunk.reserveCapacity(Self.chunkSize + 4096)
    }

    /// One whole row; nil is NULL.
    public mutating func row(_ values: String?...) throws {
        for value in values { try field(value) }
        try endRow()
    }

    /// The next field of the row; nil is NULL. Text that PostgreSQL cannot hold is refused before it is sent.
    public mutating func field(_ value: String?) throws(StatementError) {
        if fields > 0 { chunk.append(UInt8(ascii: "\t")) }
        fields += 1
        guard let value else {
            chunk.append(UInt8(ascii: "\\"))
            chunk.append(UInt8(ascii: "N"))
            return
        }
        for byte in value.utf8 {
            switch byte {
            case 0: throw StatementError.parameter("NUL in text").named(stream.name)
            case UInt8(ascii: "\\"): append("\\")
            case UInt8(ascii: "\n"): append("n")
            case UInt8(ascii: "\r"): append("r")
            case UInt8(ascii: "\t"): append("t")
            default: chunk.append(byte)
            }
        }
    }

    /// Ends the row.
    public mutating func endRow() throws(ConnectionLost) {
        chunk.append(UInt8(ascii: "\n"))
        fields = 0
        count += 1
        if chunk.count >= Self.chunkSize { try flush() }
    }

    /// Sends what is left.
    mutating func flush() throws(ConnectionLost) {
        guard !chunk.isEmpty else { return }
        try stream.send(chunk)
        chunk.removeAll(keepingCapacity: true)
    }

    private mutating func append(_ escaped: Character) {
        chunk.append(UInt8(ascii: "\\"))
        chunk.append(contentsOf: String(escaped).utf8)
    }
}

/// Where chunks go: one COPY on one connection.
final class CopyStream {
    let name: StaticString
    private let connection: Connection
    private let until: Moment
    private let wake: Wake?
    private let interrupted: () -> ConnectionLost.Reason?

    init(
        _ name: StaticString, _ connection: Connection, until: Moment, wake: Wake?,
        interrupted: @escaping () -> ConnectionLost.Reason?
    ) {
        self.name = name
        self.connection = connection
        self.until = until
        self.wake = wake
        self.interrupted = interrupted
    }

    /// Hands a chunk to the socket and waits until it is gone, so that libpq never holds more than one.
    func send(_ chunk: [UInt8]) throws(ConnectionLost) {
        while try !connection.putCopyData(chunk) { try wait(writing: true) }
        while try !connection.flush() { try wait(writing: true) }
    }

    /// Ends the COPY, with all rows or, when the body failed, with none of them.
    func end(because failure: String?) throws(ConnectionLost) {
        while try !connection.putCopyEnd(failure) { try wait(writing: true) }
        while try !connection.flush() { try wait(writing: true) }
    }

    /// Waits for the socket; throws when the moment has passed or somebody has given up.
    func wait(writing: Bool) throws(ConnectionLost) {
        let ready = Wait.until(until, socket: connection.socket, writing: writing, wake: wake)
        if ready.woken {
            wake?.clear()
            if let reason = interrupted() { throw ConnectionLost(reason) }
        }
        // The server may be telling us something that it must get rid of before it reads on.
        if ready.readable { try connection.consume() }
        if ready.timedOut { throw ConnectionLost(.deadline) }
    }
}
