extension Questionnaire {
    /// Answers by key. Rows of lists are counted from 0: `outcomes.outcome.0.name`. Blank answers are absent, so that
    /// equal documents are equal values.
    public struct Answers: Hashable, Sendable, Codable {
        private var values: [String: String] = [:]

        /// No answers.
        public init() {}

        /// Answers by key; blank ones are left out.
        public init(_ values: [String: String]) {
            for (key, value) in values { self[key] = value }
        }

        /// An answer; empty when there is none.
        public subscript(key: String) -> String {
            get { values[key] ?? "" }
            set { values[key] = newValue.isBlank ? nil : String(newValue.trimmed) }
        }

        /// Whether nothing is answered.
        public var isEmpty: Bool { values.isEmpty }
        /// The keys that have answers.
        public var keys: Set<String> { Set(values.keys) }

        /// How many rows a list has.
        public func rows(_ list: String) -> Int {
            let prefix = list + "."
            let numbers = values.keys.compactMap { key -> Int? in
                key.hasPrefix(prefix) ? Int(key.dropFirst(prefix.count).prefix { $0 != "." }) : nil
            }
            return (numbers.max() ?? -1) + 1
        }

        /// The key of an answer in a row.
        public static func key(_ list: String, _ row: Int, _ question: String) -> String {
            "\(list).\(row).\(question)"
        }

        /// An answer in a row.
        public func row(_ list: String, _ row: Int, _ question: String) -> String {
            self[Self.key(list, row, question)]
        }

        /// The answers of one part.
        public func of(_ section: Section) -> Answers {
            var part = Answers()
            part.values = values.filter { $0.key.hasPrefix(section.code + ".") }
            return part
        }

        /// These with the answers of one part in place of what it had.
        public func replacing(_ section: Section, with part: Answers) -> Answers {
            var whole = self
            whole.values = values.filter { !$0.key.hasPrefix(section.code + ".") }
            for (key, value) in part.values where key.hasPrefix(section.code + ".") { whole.values[key] = value }
            return whole
        }

        /// Why a question does not apply; nil when nobody said that it does not.
        public func reason(for key: String, in section: Section) -> String? {
            (0..<rows(section.reasonsKey)).first { row(section.reasonsKey, $0, "question") == key }
                .map { row(section.reasonsKey, $0, "reason") }
        }

        /// Decodes an object of texts.
        public init(from decoder: any Decoder) throws {
            self.init(try decoder.singleValueContainer().decode([String: String].self))
        }

        /// Encodes an object of texts.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(values)
        }
    }

    /// One answer of a document with the words around it.
    public struct Line: Hashable, Sendable {
        /// Its key.
        public let key: String
        /// The question; in a list preceded by the row.
        public let label: String
        /// The answer as it is stored.
        public let value: String
        /// The answer as people read it.
        public let words: String
    }

    /// The answers of a part that belong to a question of it, in order; others are left out.
    public func lines(_ answers: Answers, in section: Section) -> [Line] {
        section.items.flatMap { item in
            switch item {
            case .question(let question): [line(question, question.key, question.label, answers)].compactMap(\.self)
            case .list(let list): rows(of: list, answers)
            }
        } + section.allLists.filter { $0.key == section.reasonsKey }.flatMap { rows(of: $0, answers) }
    }

    /// All answers in order.
    public func lines(_ answers: Answers) -> [Line] { sections.flatMap { lines(answers, in: $0) } }

    private func rows(of list: List, _ answers: Answers) -> [Line] {
        (0..<answers.rows(list.key)).flatMap { row in
            list.questions.compactMap { question in
                line(
                    question, Answers.key(list.key, row, question.key), "\(list.row) \(row + 1): \(question.label)",
                    answers)
            }
        }
    }

    private func line(_ question: Question, _ key: String, _ label: String, _ answers: Answers) -> Line? {
        let value = answers[key]
        return value.isEmpty ? nil : Line(key: key, label: label, value: value, words: question.kind.words(value))
    }

    /// The whole document as text for its digest: every question that has an answer, with its key, in a fixed order.
    /// Whoever holds the answers can make the same text again.
    public func canonicalText(_ answers: Answers) -> String {
        var text = CanonicalText(edition)
        text.list(lines(answers)) { text, line in
            text.add(line.key)
            text.add(line.value)
        }
        return text.text
    }

    /// Only answers to questions of one part, with the rows of lists closed up: what a form or a program sent.
    public func cleaned(_ answers: Answers, in section: Section) -> Answers {
        var clean = Answers()
        for question in section.questions { clean[question.key] = answers[question.key] }
        for list in section.allLists {
            var next = 0
            for row in 0..<answers.rows(list.key) {
                let filled = list.questions.filter { !answers.row(list.key, row, $0.key).isEmpty }
                guard !filled.isEmpty else { continue }
                for question in filled {
                    clean[Answers.key(list.key, next, question.key)] = answers.row(list.key, row, question.key)
                }
                next += 1
            }
        }
        return clean
    }
}

extension Questionnaire.Kind {
    /// An answer as people read it.
    public func words(_ value: String) -> String {
        switch self {
        case .choice(let choices): choices.first { $0.code == value }?.label ?? value
        case .yesNo: value == "yes" ? "Yes" : "No"
        case .day: Day(value)?.spoken ?? value
        case .month: Month(value)?.spoken ?? value
        case .money: Money(value)?.description ?? value
        case .count: Int(value).map(Rules.grouped) ?? value
        case .line, .text, .decimal, .address: value
        }
    }
}

/// A month of a year, as plans name them.
public struct Month: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The first day of it.
    public let first: Day

    /// Reads `2026-09`; nil for anything else.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 7, let day = Day("\(text)-01") else { return nil }
        first = day
    }

    /// `2026-09`.
    public var description: String { String(first.description.prefix(7)) }
    /// `September 2026`.
    public var spoken: String { String(first.spoken.drop { $0 != " " }.dropFirst()) }
    /// Earlier before later.
    public static func < (left: Month, right: Month) -> Bool { left.first < right.first }
}

/// A decimal as people type it, with a sign where one is allowed.
public enum TypedDecimal {
    /// Most digits on either side of the point.
    private static let mostDigits = 9

    /// Its value; nil for anything but digits, at most one point and a leading minus.
    public static func value(_ text: String) -> Double? {
        let trimmed = text.trimmed
        let digits = trimmed.hasPrefix("-") || trimmed.hasPrefix("−") ? trimmed.dropFirst() : trimmed
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count),
            parts.allSatisfy({ part in
                (1...mostDigits).contains(part.count) && part.utf8.allSatisfy { (48...57).contains($0) }
            }), let value = Double(digits)
        else { return nil }
        return digits.count == trimmed.count ? value : -value
    }
}
