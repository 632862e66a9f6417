import Domain
import FoundationEssentials

/// A CSV file with a header line: RFC 4180, with or without a byte-order mark.
struct ReferenceFile {
    let name: String
    private let header: [String: Int]
    let rows: [Row]

    /// One line of the file.
    struct Row {
        fileprivate let header: [String: Int]
        fileprivate let cells: [String]
        /// Counted from 1, with the header.
        let line: Int

        /// The cell of a column, trimmed; empty when the column is not there.
        subscript(_ column: String) -> String {
            guard let index = header[column], index < cells.count else { return "" }
            return cells[index]
        }
    }

    init(name: String, text: String) {
        self.name = name
        var records = Self.records(text)
        let names = records.isEmpty ? [] : records.removeFirst()
        let header = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        self.header = header
        rows = records.enumerated().map { Row(header: header, cells: $1, line: $0 + 2) }
    }

    /// Refuses a file that is not the one that was meant.
    func requireColumns(_ columns: [String]) throws {
        let missing = columns.filter { header[$0] == nil }
        guard missing.isEmpty else {
            throw Refusal(
                .invalid, code: "bad_reference_file",
                "\(name) lacks the columns \(missing.joined(separator: ", ")). Check that it is the right file.")
        }
    }

    private static func records(_ text: String) -> [[String]] {
        var records: [[String]] = []
        var record: [String] = []
        var cell = ""
        var quoted = false
        var scalars = text.unicodeScalars.drop { $0 == "\u{feff}" }
        func trimmed(_ cell: String) -> String {
            String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        func endRecord() {
            record.append(trimmed(cell))
            cell = ""
            if record != [""] { records.append(record) }
            record = []
        }
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\"" where quoted && scalars.first == "\"": cell.unicodeScalars.append(scalars.removeFirst())
            case "\"": quoted.toggle()
            case "," where !quoted:
                record.append(trimmed(cell))
                cell = ""
            case "\n" where !quoted: endRecord()
            case "\r" where !quoted: continue
            default: cell.unicodeScalars.append(scalar)
            }
        }
        if !cell.isEmpty || !record.isEmpty { endRecord() }
        return records
    }
}

/// An authority as files describe it.
struct AuthorityRow: Hashable {
    let dfeCode: String
    let gssCode: String
    let name: String
    let type: String?
    let region: String?
    let from: Day?
    /// Last day of that code.
    let until: Day?
    let ofsted: String?
    let inspected: Day?

    /// The authorities of `authorities.csv`.
    static func authorities(_ file: ReferenceFile) throws -> [AuthorityRow] {
        try file.requireColumns(["gss_code", "dfe_code", "la_name", "la_type", "region_name", "date_of_operation"])
        return try file.rows.map { row in
            guard row["dfe_code"].utf8.count == 3, Int(row["dfe_code"]) != nil, !row["la_name"].isEmpty else {
                throw Refusal(
                    .invalid, code: "bad_reference_row",
                    "Line \(row.line) of \(file.name) has no three-digit DfE code or no name. Nothing was loaded.")
            }
            return AuthorityRow(
                dfeCode: row["dfe_code"], gssCode: row["gss_code"], name: row["la_name"], type: type(row["la_type"]),
                region: row["region_name"].isEmpty ? nil : row["region_name"], from: day(row["date_of_operation"]),
                until: nil, ofsted: row["ofsted_overall"].isEmpty ? nil : row["ofsted_overall"],
                inspected: Day(row["ofsted_inspection_date"]))
        }
    }

    /// All codes that ever were, of `lifetimes.csv`.
    static func lifetimes(_ file: ReferenceFile) throws -> [AuthorityRow] {
        try file.requireColumns(["new_la_code", "la_name", "date_of_operation", "date_of_termination", "old_la_code"])
        return file.rows.filter {
            // Joint rows carry two codes, and the forces post office none.
            $0["old_la_code"].utf8.count == 3 && Int($0["old_la_code"]) != nil && $0["new_la_code"].hasPrefix("E")
        }.map { row in
            AuthorityRow(
                dfeCode: row["old_la_code"], gssCode: row["new_la_code"], name: row["la_name"],
                type: type(row["entity_description"]), region: nil, from: day(row["date_of_operation"]),
                until: day(row["date_of_termination"]), ofsted: nil, inspected: nil)
        }
    }

    /// Joint rows, and places that are no authority, have other things in these columns.
    private static func isOne(_ dfeCode: String, _ gssCode: String) -> Bool {
        dfeCode.utf8.count == 3 && Int(dfeCode) != nil && gssCode.utf8.count == 9 && gssCode.first == "E"
    }

    private static func type(_ words: String) -> String? {
        switch words {
        case "Unitary Authorities": "UA"
        case "Metropolitan Districts": "MD"
        case "London Boroughs": "LB"
        case "Counties": "SC"
        default: nil
        }
    }

    /// `31/03/2023`.
    private static func day(_ text: String) -> Day? {
        let parts = text.split(separator: "/").compactMap { Int($0) }
        return parts.count == 3 ? Day(year: parts[2], month: parts[1], day: parts[0]) : nil
    }
}
