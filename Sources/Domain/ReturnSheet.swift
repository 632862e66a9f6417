/// A return as a sheet: one row for each answer, made from the definition, filled in elsewhere and read back. Rows
/// are known by their id, so that it does not matter in which order they come, what stands between them or what was
/// written around them.
public struct ReturnSheet: Sendable {
    /// Which return.
    public let reference: String
    /// The rows, in order.
    public let rows: [Row]

    /// One row.
    public struct Row: Hashable, Sendable {
        /// The dotted path of the answer; the same as the id of its field on the page.
        public let id: String
        /// What is asked.
        public let question: String
        /// How to answer.
        public let how: String
        /// The answer.
        public let answer: String
    }

    /// The headings of the columns.
    public static let header = ["id", "question", "how to answer", "answer"]
    /// The column that is read, as a spreadsheet calls it.
    public static let answerColumn = "D"
    /// The row that says which return it is.
    public static let referenceID = "return"
    /// Lines for milestones and for risks beyond those that are filled in.
    static let spareLines = 5
    /// The most bytes and rows of a file that is read.
    public static let bytesMax = 1 << 20
    /// The most rows of a file that is read.
    public static let rowsMax = 5000

    /// The sheet of a return, with the answers that are there.
    public init(reference: String, content: ReturnContent, indicators: [ReturnIndicator]) {
        self.reference = reference
        let fields = ReturnField.all(
            indicators, milestones: content.milestones.lines.count + Self.spareLines,
            risks: content.risks.lines.count + Self.spareLines)
        rows =
            [
                Row(
                    id: Self.referenceID, question: "Which return is this?", how: "Leave this as it is.",
                    answer: reference)
            ]
            + fields.map { Row(id: $0.id, question: $0.question, how: $0.how, answer: $0.read(content)) }
    }

    /// As comma-separated text. An answer that a spreadsheet would take for a formula is marked as text.
    public var csv: String {
        let lines = [Self.header] + rows.map { [$0.id, $0.question, $0.how, Self.guarded($0.answer)] }
        return "\u{feff}" + lines.map { $0.map(Self.quoted).joined(separator: ",") }.joined(separator: "\r\n") + "\r\n"
    }

    private static func quoted(_ cell: String) -> String {
        cell.contains { "\",\n\r".contains($0) } || cell.first == " " || cell.last == " "
            ? "\"\(cell.replacing("\"", with: "\"\""))\"" : cell
    }

    /// `=1+1` becomes `'=1+1`, and comes back as it was.
    private static func guarded(_ cell: String) -> String {
        guard let first = cell.first else { return cell }
        return "=+-@\t'".contains(first) ? "'\(cell)" : cell
    }

    static func unguarded(_ cell: String) -> String { cell.first == "'" ? String(cell.dropFirst()) : cell }

    /// What a formula begins with. A negative number begins like one and is none.
    static func isFormula(_ cell: String) -> Bool {
        guard let first = cell.first else { return false }
        return "=+@".contains(first) || (first == "-" && ExactDecimal(cell) == nil)
    }
}

/// What is wrong with a row of a sheet, in words that say where and what to do.
public struct SheetMessage: Hashable, Sendable, Codable {
    /// How much it matters.
    public enum Kind: String, Sendable, Codable {
        /// The sheet cannot be read here: nothing is taken from it.
        case unreadable
        /// It keeps the return from certification.
        case blocks
        /// It wants a reason.
        case warns
        /// It is only said.
        case notes
    }

    /// How much it matters.
    public let kind: Kind
    /// The row, counted from 1 as a spreadsheet does; 0 for the whole file.
    public let row: Int
    /// The column, as a spreadsheet calls it.
    public let column: String
    /// The id of the answer; empty where there is none.
    public let id: String
    /// What is so.
    public let sentence: String
    /// What to do.
    public let fix: String

    /// A message with its parts.
    public init(
        _ kind: Kind, row: Int, column: String = ReturnSheet.answerColumn, id: String, _ sentence: String, fix: String
    ) {
        self.kind = kind
        self.row = row
        self.column = column
        self.id = id
        self.sentence = sentence
        self.fix = fix
    }
}

/// What was read from a sheet.
public struct SheetReading: Sendable {
    /// The answers; blank where there were none.
    public let content: ReturnContent
    /// What is wrong, row by row. One message for one cause.
    public let messages: [SheetMessage]

    /// A reading.
    init(content: ReturnContent, messages: [SheetMessage]) {
        self.content = content
        self.messages = messages
    }

    /// Of a file that is no sheet at all.
    public init(unreadable sentence: String) {
        self.init(
            content: ReturnContent(),
            messages: [SheetMessage(.unreadable, row: 0, column: "A", id: "", sentence, fix: "")])
    }

    /// Whether the answers can be taken.
    public var isReadable: Bool { !messages.contains { $0.kind == .unreadable } }
}

extension ReturnSheet {
    /// Reads a sheet back. `lines` are the rows with the numbers that a spreadsheet shows; blank ones do not matter.
    public static func read(
        _ lines: [(row: Int, cells: [String])], reference: String, needs: ReturnNeeds
    ) -> SheetReading {
        var reader = SheetReader(needs: needs)
        reader.read(lines, reference: reference)
        reader.checkRules(needs)
        return SheetReading(content: reader.content, messages: reader.messages.sorted { $0.row < $1.row })
    }
}

/// Takes a sheet row by row.
private struct SheetReader {
    var content = ReturnContent()
    var messages: [SheetMessage] = []
    private let fields: [String: ReturnField]
    /// Where each answer stood.
    private var rows: [String: Int] = [:]
    private var answers: [String: String] = [:]
    /// Lines of milestones and risks that were filled in, by their place in the content.
    private var places: [String: [Int]] = [:]
    private var lastRow = 0

    init(needs: ReturnNeeds) {
        let all = ReturnField.all(needs.indicators, milestones: 50, risks: 50)
        fields = Dictionary(all.map { ($0.id, $0) }) { first, _ in first }
    }

    mutating func read(_ lines: [(row: Int, cells: [String])], reference: String) {
        var lines = lines.filter { line in !line.cells.allSatisfy(\.isBlank) }
        guard !lines.isEmpty else { return refuse(0, "The file is empty.", "Download the template and fill it in.") }
        let header = lines.removeFirst()
        let names = header.cells.map { String($0.trimmed).lowercased() }
        guard let id = names.firstIndex(of: "id"), let answer = names.firstIndex(of: "answer") else {
            return refuse(
                header.row, "The first row does not have the headings “id” and “answer”.",
                "Use the template of this return and leave its first row as it is.")
        }
        for line in lines {
            lastRow = max(lastRow, line.row)
            let key = id < line.cells.count ? String(line.cells[id].trimmed) : ""
            let raw = answer < line.cells.count ? String(line.cells[answer].trimmed) : ""
            take(line.row, key, raw, reference)
        }
        guard rows[ReturnSheet.referenceID] != nil else {
            return refuse(
                0, "The row “\(ReturnSheet.referenceID)” is missing, so it is not known which return this is.",
                "Use the template of \(reference).")
        }
        fill()
    }

    private mutating func take(_ row: Int, _ key: String, _ raw: String, _ reference: String) {
        if key.isEmpty {
            if !raw.isEmpty {
                say(
                    .unreadable, row, "", "The answer “\(short(raw))” has no id.",
                    "Put it into the row of its question.")
            }
            return
        }
        if let first = rows[key] {
            return say(
                .unreadable, row, key, "“\(key)” stands in row \(first) already.", "Keep one of the two rows.")
        }
        rows[key] = row
        if ReturnSheet.isFormula(raw) {
            return say(
                .unreadable, row, key, "The answer is a formula (\(short(raw))).",
                "Put the value in its place: copy the cell and paste values only.")
        }
        let value = ReturnSheet.unguarded(raw)
        if key == ReturnSheet.referenceID {
            if value != reference {
                say(
                    .unreadable, row, key,
                    "This sheet is for \(value.isEmpty ? "no return" : value), not for \(reference).",
                    "Upload it to the return that it is for, or use the template of \(reference).")
            }
        } else if fields[key] == nil {
            say(
                .unreadable, row, key, "Nothing is asked under the id “\(short(key))”.",
                "Use the template of this return and leave its ids as they are.")
        } else {
            answers[key] = value
        }
    }

    /// Writes the answers; lines that are blank throughout are left out.
    private mutating func fill() {
        for list in ["milestones", "risks"] {
            let filled = answers.filter { $0.key.hasPrefix("\(list).lines.") && !$0.value.isEmpty }
                .compactMap { Int($0.key.split(separator: ".")[2]) }
            places[list] = Set(filled).sorted()
        }
        content.milestones.lines = places["milestones", default: []].map { _ in ReturnContent.Milestone() }
        content.risks.lines = places["risks", default: []].map { _ in ReturnContent.Risk() }
        for (id, answer) in answers.sorted(by: { rows[$0.key, default: 0] < rows[$1.key, default: 0] })
        where !answer.isEmpty {
            guard let field = fields[id] else { continue }
            let target = fields[placed(id)] ?? field
            if let problem = target.write(&content, answer) {
                say(.unreadable, rows[id] ?? 0, id, "“\(short(answer))” is not \(problem.what).", problem.fix)
            }
        }
    }

    /// The id under which a line's answer stands in the content, where blank lines are left out.
    private func placed(_ id: String) -> String {
        let parts = id.split(separator: ".").map(String.init)
        guard parts.count == 4, parts[1] == "lines", let line = Int(parts[2]),
            let place = places[parts[0]]?.firstIndex(of: line)
        else { return id }
        return "\(parts[0]).lines.\(place).\(parts[3])"
    }

    /// The id in the sheet of a field of the content.
    private func sheetID(_ field: String) -> String {
        let parts = field.split(separator: ".").map(String.init)
        guard parts.count >= 3, parts[1] == "lines", let place = Int(parts[2]),
            let lines = places[parts[0]], place < lines.count
        else { return field }
        return ([parts[0], "lines", String(lines[place])] + parts.dropFirst(3)).joined(separator: ".")
    }

    /// What the rules say, at the rows where it was said. An answer that could not be read has its message already.
    mutating func checkRules(_ needs: ReturnNeeds) {
        guard !messages.contains(where: { $0.column == "A" || $0.id == ReturnSheet.referenceID }) else { return }
        let unread = Set(messages.filter { $0.kind == .unreadable }.map(\.id))
        let sections = ReturnSection.allCases
        for section in sections {
            for problem in content.storageProblems(in: section) where !unread.contains(sheetID(problem.field)) {
                say(.unreadable, rows[sheetID(problem.field)] ?? 0, sheetID(problem.field), problem.sentence, "")
            }
            for finding in content.findings(in: section, needs) {
                let id = sheetID(finding.field)
                let about = id.split(separator: ".").dropLast().joined(separator: ".")
                guard !unread.contains(id), !unread.contains(where: { $0.hasPrefix("\(about).") }) else { continue }
                let kind: SheetMessage.Kind =
                    finding.severity == .hard
                    ? .blocks : finding.severity == .soft && finding.reason == nil ? .warns : .notes
                say(kind, rows[id] ?? lastRow, id, finding.sentence, finding.fix)
            }
        }
    }

    private mutating func refuse(_ row: Int, _ sentence: String, _ fix: String) {
        messages.append(SheetMessage(.unreadable, row: row, column: "A", id: "", sentence, fix: fix))
    }

    private mutating func say(_ kind: SheetMessage.Kind, _ row: Int, _ id: String, _ sentence: String, _ fix: String) {
        messages.append(SheetMessage(kind, row: row, id: id, sentence, fix: fix))
    }

    private func short(_ text: String) -> String { text.count > 40 ? "\(text.prefix(40))…" : text }
}
