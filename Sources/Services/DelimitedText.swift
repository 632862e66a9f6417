import Domain

/// Reads comma-separated text piece by piece: RFC 4180, with or without a byte-order mark, whatever ends its lines.
/// Holds one record at a time, however long the file is.
struct DelimitedText {
    /// One record.
    struct Record: Sendable, Hashable {
        /// The line on which it begins, counted from 1: what an editor or a spreadsheet shows.
        let line: Int
        /// Its cells.
        let cells: [String]

        /// Whether there is nothing in it.
        var isBlank: Bool { cells.allSatisfy { $0.allSatisfy(\.isWhitespace) } }
    }

    /// What separates cells.
    private let separator: UInt8
    private var cell: [UInt8] = []
    private var cells: [String] = []
    private var line = 1
    private var begin = 1
    private var quoted = false
    /// The last byte was a quote inside quotes: it ends them or is the first of two.
    private var quoteSeen = false
    private var atStart = true
    private var mark: [UInt8] = []

    /// The longest record that is read: one without an end is no table.
    static let recordMax = 1 << 20
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    init(separator: UInt8 = UInt8(ascii: ",")) {
        self.separator = separator
    }

    /// Takes the next piece and hands over each record that it completes.
    mutating func take(_ bytes: some Sequence<UInt8>, _ record: (Record) throws -> Void) throws {
        for byte in bytes {
            if atStart {
                mark.append(byte)
                if mark == Self.byteOrderMark {
                    atStart = false
                    continue
                }
                if Self.byteOrderMark.starts(with: mark) { continue }
                atStart = false
                let held = mark
                for byte in held { try take(byte, record) }
                continue
            }
            try take(byte, record)
        }
    }

    /// Hands over the last record, if it had no line end.
    mutating func finish(_ record: (Record) throws -> Void) throws {
        if atStart, !mark.isEmpty {
            atStart = false
            for byte in mark { try take(byte, record) }
        }
        guard !quoted || quoteSeen else { throw unended }
        if !cell.isEmpty || !cells.isEmpty { try endRecord(record) }
    }

    private mutating func take(_ byte: UInt8, _ record: (Record) throws -> Void) throws {
        if quoted, !quoteSeen {
            if byte == UInt8(ascii: "\"") {
                quoteSeen = true
            } else {
                if byte == UInt8(ascii: "\n") { line += 1 }
                cell.append(byte)
            }
        } else if byte == UInt8(ascii: "\""), quoted {
            // The second of two: one that belongs to the text.
            cell.append(byte)
            quoteSeen = false
        } else {
            if quoted { (quoted, quoteSeen) = (false, false) }
            switch byte {
            case UInt8(ascii: "\"") where cell.isEmpty: quoted = true
            case separator: try endCell()
            case UInt8(ascii: "\n"):
                line += 1
                try endRecord(record)
            case UInt8(ascii: "\r"): break
            default: cell.append(byte)
            }
        }
        if cell.count > Self.recordMax { throw unended }
    }

    /// A record without an end.
    private var unended: Refusal {
        Refusal(
            .invalid, code: "no_table",
            "Line \(begin) does not end. Check that the file is comma-separated text and that every quotation mark is closed."
        )
    }

    private mutating func endCell() throws {
        guard let text = String(validating: cell, as: UTF8.self), !text.utf8.contains(0) else {
            throw Refusal(
                .invalid, code: "no_text",
                "Line \(begin) holds characters that are not UTF-8 text. Save the file as CSV UTF-8 and try again.")
        }
        cells.append(text)
        cell.removeAll(keepingCapacity: true)
    }

    private mutating func endRecord(_ record: (Record) throws -> Void) throws {
        try endCell()
        let complete = Record(line: begin, cells: cells)
        cells.removeAll(keepingCapacity: true)
        begin = line
        try record(complete)
    }
}
