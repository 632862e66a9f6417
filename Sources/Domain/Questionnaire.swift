/// A long document that is written as answers to questions: a protocol, a report. The questions are data, and everything
/// that is done with the answers is made from them: the form, what is still missing, the text for the digest, the
/// comparison of two versions, the page for readers, the JSON.
public struct Questionnaire: Sendable {
    /// The kind and edition that stand first in the canonical text: `protocol-1`.
    public let edition: String
    /// The parts, in the order of the document.
    public let sections: [Section]

    /// A document with its parts.
    public init(edition: String, sections: [Section]) {
        self.edition = edition
        self.sections = sections
    }

    /// A part of the document, written and saved by itself.
    public struct Section: Sendable {
        /// Permanent code, the first part of each answer's key.
        public let code: String
        /// Its heading.
        public let title: String
        /// What it is for, in a sentence or two.
        public let lead: String
        /// Its questions and lists, in order.
        public let items: [Item]

        /// A part with its questions.
        public init(_ code: String, _ title: String, _ lead: String, _ items: [Item]) {
            self.code = code
            self.title = title
            self.lead = lead
            self.items = items
        }
    }

    /// A question, or a list of things with a few questions each.
    public enum Item: Sendable {
        case question(Question)
        case list(List)
    }

    /// One question.
    public struct Question: Sendable {
        /// Its key: `design.comparator`; in a list its name within the row.
        public let key: String
        /// The question.
        public let label: String
        /// How to answer it.
        public let hint: String?
        /// What an answer looks like.
        public let kind: Kind
        /// Whether there must be one.
        public let need: Need
        /// What a missing answer's message asks for: "Enter the mean of the comparison group."
        public let ask: String
    }

    /// A list of things of one kind.
    public struct List: Sendable {
        /// Its key: `outcomes.outcome`.
        public let key: String
        /// Its heading.
        public let label: String
        /// How to fill it.
        public let hint: String?
        /// What one row is: "Outcome".
        public let row: String
        /// Whether at least one row is needed.
        public let need: Need
        /// Most rows.
        public let most: Int
        /// Asked of each row. The first names the row when two versions are compared.
        public let questions: [Question]
    }

    /// What an answer looks like. Every answer travels as text.
    public enum Kind: Sendable {
        /// One line.
        case line(Int)
        /// Several lines.
        case text(Int)
        /// One of these.
        case choice([Choice])
        /// A whole number.
        case count(ClosedRange<Int>)
        /// A decimal, as it is typed, within a range.
        case decimal(ClosedRange<Double>)
        case money
        case day
        /// `2026-09`.
        case month
        case yesNo
        /// An address on the web.
        case address
    }

    /// One answer of a list to choose from.
    public struct Choice: Hashable, Sendable {
        /// Its permanent code.
        public let code: String
        /// Its words.
        public let label: String

        /// An answer with its words.
        public init(_ code: String, _ label: String) {
            self.code = code
            self.label = label
        }
    }

    /// Whether there must be an answer.
    public enum Need: Hashable, Sendable {
        case always
        /// An answer, or a reason why the question does not apply.
        case orReason
        /// The same, only where another answer is one of these.
        case when(String, [String])
        case never
    }

    /// A part by its code.
    public func section(_ code: String) -> Section? { sections.first { $0.code == code } }
}

extension Questionnaire.Section {
    /// The questions that are not in lists.
    public var questions: [Questionnaire.Question] {
        items.compactMap { if case .question(let question) = $0 { question } else { nil } }
    }

    /// The lists.
    public var lists: [Questionnaire.List] {
        items.compactMap { if case .list(let list) = $0 { list } else { nil } }
    }

    /// Keys and words of the questions and lists that may be left out for a reason.
    public var mayNotApply: [Questionnaire.Choice] {
        items.compactMap { item in
            switch item {
            case .question(let question) where question.need.takesReason:
                Questionnaire.Choice(question.key, question.label)
            case .list(let list) where list.need.takesReason: Questionnaire.Choice(list.key, list.label)
            default: nil
            }
        }
    }

    /// The key of this part's list of questions that do not apply.
    public var reasonsKey: String { "\(code).notApplicable" }

    /// The lists, and the list of what does not apply where anything may be left out.
    public var allLists: [Questionnaire.List] {
        mayNotApply.isEmpty
            ? lists
            : lists + [
                Questionnaire.List(
                    key: reasonsKey, label: "Questions that do not apply",
                    hint: "Choose a question of this part and say why it does not apply to this evaluation.",
                    row: "Question", need: .never, most: 30,
                    questions: [
                        .of("question", "Question", .choice(mayNotApply), .always, ask: "Choose the question."),
                        .of(
                            "reason", "Why it does not apply", .text(1000), .always, ask: "Enter why it does not apply."
                        ),
                    ])
            ]
    }
}

extension Questionnaire.Need {
    /// Whether a reason may stand for the answer.
    var takesReason: Bool {
        switch self {
        case .orReason, .when: true
        case .always, .never: false
        }
    }
}

// How the lists of questions are written down.
extension Questionnaire.Question {
    static func of(
        _ key: String, _ label: String, _ kind: Questionnaire.Kind, _ need: Questionnaire.Need = .always,
        hint: String? = nil, ask: String? = nil
    ) -> Questionnaire.Question {
        Questionnaire.Question(
            key: key, label: label, hint: hint, kind: kind, need: need, ask: ask ?? "Answer “\(label)”.")
    }
}

extension Questionnaire.Item {
    static func ask(
        _ key: String, _ label: String, _ kind: Questionnaire.Kind, _ need: Questionnaire.Need = .always,
        hint: String? = nil, ask: String? = nil
    ) -> Questionnaire.Item {
        .question(.of(key, label, kind, need, hint: hint, ask: ask))
    }

    static func each(
        _ key: String, _ label: String, row: String, hint: String? = nil, most: Int = 30,
        _ questions: [Questionnaire.Question]
    ) -> Questionnaire.Item {
        each(key, label, row: row, .always, hint: hint, most: most, questions)
    }

    static func each(
        _ key: String, _ label: String, row: String, _ need: Questionnaire.Need, hint: String? = nil, most: Int = 30,
        _ questions: [Questionnaire.Question]
    ) -> Questionnaire.Item {
        .list(
            Questionnaire.List(
                key: key, label: label, hint: hint, row: row, need: need, most: most, questions: questions))
    }
}

extension Questionnaire.Choice {
    /// The cases of a code with their words.
    static func of<Code: RawRepresentable<String> & CaseIterable>(
        _ type: Code.Type, _ label: (Code) -> String
    ) -> [Questionnaire.Choice] {
        type.allCases.map { Questionnaire.Choice($0.rawValue, label($0)) }
    }
}
