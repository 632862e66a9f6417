import Domain
import Services

/// What a form sent: names with their values, in order, decoded once.
struct Form: Sendable {
    private let pairs: [(name: String, value: String)]
    private let files: [String: [UInt8]]

    /// An empty form, as of a page that was only opened.
    static let empty = Form(pairs: [])

    private init(pairs: [(name: String, value: String)]) {
        self.pairs = pairs
        files = [:]
    }

    /// A form from its pairs, for tests and for showing what is stored.
    init(_ pairs: [(String, String)], files: [String: [UInt8]] = [:]) {
        self.pairs = pairs.map { (name: $0.0, value: $0.1) }
        self.files = files
    }

    /// Reads `application/x-www-form-urlencoded`.
    init(encoded text: String, most: Int = Limit.formFields) throws {
        var pairs: [(name: String, value: String)] = []
        for part in text.split(separator: "&") {
            guard pairs.count < most else { throw WebRefusal.malformed("too_many_fields", "Send fewer fields.") }
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Form.decode(halves[0]), let value = halves.count == 2 ? Form.decode(halves[1]) : "" else {
                throw WebRefusal.malformed("form_malformed", "The form could not be read. Go back and send it again.")
            }
            // Browsers send line ends as CR LF; the rest of the product has LF.
            pairs.append((name, value.replacing("\r\n", with: "\n")))
        }
        self.pairs = pairs
        files = [:]
    }

    /// The bytes of a file that was sent; nil when none was chosen.
    func file(_ name: String) -> [UInt8]? { files[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// The first value of a name; empty when it was not sent. Spaces at both ends are gone; see `raw` for passphrases.
    subscript(name: String) -> String { trim(raw(name)) }

    /// The first value of a name exactly as it was typed.
    func raw(_ name: String) -> String { pairs.first { $0.name == name }?.value ?? "" }

    /// All values of a name, as of checkboxes.
    func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    /// Whether a name was sent, as by the button that was pressed.
    func has(_ name: String) -> Bool { pairs.contains { $0.name == name } }

    /// All names, in order.
    var names: [String] { pairs.map(\.name) }

    /// Nil when empty.
    func optional(_ name: String) -> String? {
        let value = self[name]
        return value.isEmpty ? nil : value
    }

    /// The version that the page was made from, from the hidden field that `PostForm(version:)` writes.
    var version: Int { Int(self["_version"]) ?? -1 }

    /// The token that makes a double submit one deed, from the hidden field that `PostForm(once: true)` writes.
    func once(_ path: String) -> IdempotencyKey? {
        guard let key = optional("_once"), key.utf8.count <= Limit.idempotencyKey else { return nil }
        let body = pairs.filter { $0.name != "_csrf" }.map {
            "\($0.name.utf8.count):\($0.name)=\($0.value.utf8.count):\($0.value)"
        }
        return IdempotencyKey(key: key, requestHash: Digest.sha256((path + "\n" + body.joined(separator: "\n")).utf8))
    }

    /// The rows of a repeated group: `lines.0.amount`, `lines.1.amount` … give the numbers 0, 1 …
    func rows(_ group: String) -> [Int] {
        let numbers = pairs.compactMap { pair -> Int? in
            guard pair.name.hasPrefix(group + ".") else { return nil }
            return Int(pair.name.dropFirst(group.count + 1).prefix { $0.isNumber })
        }
        return Set(numbers).sorted()
    }

    private func trim(_ text: String) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }

    private static func decode(_ part: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = part.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(hex), let low = rest.popFirst().flatMap(hex) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        guard !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}

extension Form {
    /// Reads answers into a value and collects what is wrong, each sentence at its field. Blank is nil and no problem:
    /// drafts may be incomplete, and Domain says what is still needed.
    struct Reader {
        let form: Form
        private(set) var problems: [FieldProblem] = []

        init(_ form: Form) { self.form = form }

        /// Adds a problem.
        mutating func refuse(_ field: String, _ sentence: String) { problems.append(FieldProblem(field, sentence)) }

        /// An amount of money.
        mutating func money(
            _ field: String, _ sentence: String = "Enter the amount in pounds, such as 1250 or 1,250.50"
        ) -> Money? {
            guard let text = form.optional(field) else { return nil }
            guard let money = Money(text), money.pence >= 0 else {
                refuse(field, sentence)
                return nil
            }
            return money
        }

        /// A whole number in a range.
        mutating func number(_ field: String, in range: ClosedRange<Int>, _ sentence: String) -> Int? {
            guard let text = form.optional(field) else { return nil }
            guard let number = Int(text.filter { $0 != "," }), range.contains(number) else {
                refuse(field, sentence)
                return nil
            }
            return number
        }

        /// One of the codes of an enumeration.
        mutating func choice<Value: RawRepresentable>(_ field: String, as type: Value.Type = Value.self) -> Value?
        where Value.RawValue == String {
            guard let text = form.optional(field) else { return nil }
            guard let value = Value(rawValue: text) else {
                refuse(field, "Choose one of the answers offered")
                return nil
            }
            return value
        }

        /// Several of the codes of an enumeration.
        mutating func choices<Value: RawRepresentable>(_ field: String, as type: Value.Type = Value.self) -> [Value]
        where Value.RawValue == String {
            form.all(field).compactMap { Value(rawValue: $0) }
        }

        /// `yes` or `no`.
        mutating func yesNo(_ field: String) -> Bool? {
            switch form[field] {
            case "yes": true
            case "no": false
            default: nil
            }
        }

        /// A day from three boxes.
        mutating func day(_ field: String) -> Day? {
            let parts = ["day", "month", "year"].map { form["\(field)-\($0)"] }
            guard parts.contains(where: { !$0.isEmpty }) else { return nil }
            guard let number = Int(parts[0]), let month = Int(parts[1]), let year = Int(parts[2]), parts[2].count == 4,
                let day = Day(year: year, month: month, day: number)
            else {
                refuse(field, "Enter a real date, such as 27 3 2026")
                return nil
            }
            return day
        }

        /// London wall time from a day in three boxes and a time of day as `17:00`, `5pm` or `11:59pm`.
        mutating func londonTime(_ field: String, time timeField: String) -> Instant? {
            guard let day = day(field) else { return nil }
            guard let (hour, minute, second) = Self.clock(form[timeField]),
                let local = LondonTime(day, hour: hour, minute: minute, second: second)
            else {
                refuse(timeField, "Enter a time, such as 5pm or 23:59")
                return nil
            }
            return local.instant
        }

        /// The identity of something, as in a hidden field or a choice.
        mutating func id<Kind>(_ field: String, as type: Identifier<Kind>.Type = Identifier<Kind>.self) -> Identifier<
            Kind
        >? {
            guard let text = form.optional(field) else { return nil }
            guard let id = Identifier<Kind>(text) else {
                refuse(field, "Choose one of the answers offered")
                return nil
            }
            return id
        }

        /// Throws what was wrong, if anything was.
        func check() throws {
            guard problems.isEmpty else { throw Refusal.invalid(problems) }
        }

        static func clock(_ text: String) -> (Int, Int, Int)? {
            var text = text.lowercased().filter { $0 != " " }.replacing(".", with: ":")
            if text == "midday" { return (12, 0, 0) }
            let half: Int? = text.hasSuffix("am") ? 0 : text.hasSuffix("pm") ? 12 : nil
            if half != nil { text.removeLast(2) }
            let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
            guard (1...3).contains(parts.count), !parts.contains(nil), half != nil || parts.count > 1 else {
                return nil
            }
            var numbers = parts.compactMap(\.self)
            while numbers.count < 3 { numbers.append(0) }
            if let half {
                guard (1...12).contains(numbers[0]) else { return nil }
                numbers[0] = numbers[0] % 12 + half
            }
            guard (0..<24).contains(numbers[0]), (0..<60).contains(numbers[1]), (0..<60).contains(numbers[2]) else {
                return nil
            }
            return (numbers[0], numbers[1], numbers[2])
        }
    }
}
