extension Questionnaire {
    /// What differs between two versions of a document, one answer at a time.
    public struct Change: Hashable, Sendable {
        /// The key, with a row named by its first answer: `outcomes.primary[P1].timePoint`.
        public let key: String
        /// The question, and the row where there is one.
        public let label: String
        /// As it was; nil where there was no answer.
        public let before: String?
        /// As it is; nil where there is none any more.
        public let after: String?
    }

    /// The answers that differ, in the order of the document. Rows of lists are matched by their first answer and not by
    /// place, so that a row that moves is no change.
    public func changes(from old: Answers, to new: Answers) -> [Change] {
        let before = named(old)
        let after = named(new)
        let earlier = Dictionary(before.map { ($0.key, $0) }) { first, _ in first }
        let later = Dictionary(after.map { ($0.key, $0) }) { first, _ in first }
        let gone = before.filter { later[$0.key] == nil }
        let order = Dictionary(sections.enumerated().map { ($0.element.code, $0.offset) }) { first, _ in first }
        func place(_ key: String) -> Int { order[String(key.prefix { $0 != "." })] ?? order.count }
        let all = (after + gone).enumerated().sorted {
            (place($0.element.key), $0.offset) < (place($1.element.key), $1.offset)
        }
        return all.map(\.element).compactMap { line in
            let (was, now) = (earlier[line.key], later[line.key])
            return was?.value == now?.value
                ? nil : Change(key: line.key, label: line.label, before: was?.words, after: now?.words)
        }
    }

    /// The keys of a part's top level that changed, `design.clusters`, as the record of an amendment names them.
    public func changedKeys(from old: Answers, to new: Answers) -> [String] {
        var seen: Set<String> = []
        return changes(from: old, to: new).map { change in
            let parts = change.key.split(separator: ".", maxSplits: 2)
            return parts.prefix(2).map { $0.prefix { $0 != "[" } }.joined(separator: ".")
        }.filter { seen.insert($0).inserted }
    }

    /// Whether a change touches what reviewers agreed to: a key is one of these, or below one of them.
    public static func needsReview(_ changed: [String], reviewed: [String]) -> Bool {
        changed.contains { key in reviewed.contains { key == $0 || key.hasPrefix($0 + ".") } }
    }

    private func named(_ answers: Answers) -> [Line] {
        sections.flatMap { section in
            section.questions.flatMap { question in
                lines(answers, in: section).filter { $0.key == question.key }
            }
                + section.allLists.flatMap { list in rowLines(list, answers, section) }
        }
    }

    private func rowLines(_ list: List, _ answers: Answers, _ section: Section) -> [Line] {
        guard let first = list.questions.first else { return [] }
        let all = lines(answers, in: section)
        var names: Set<String> = []
        return (0..<answers.rows(list.key)).flatMap { row -> [Line] in
            var name = answers.row(list.key, row, first.key)
            if name.isEmpty || !names.insert(name).inserted { name = "\(row + 1)" }
            let prefix = "\(list.key).\(row)."
            return all.filter { $0.key.hasPrefix(prefix) }.map { line in
                let label = line.label.drop { $0 != ":" }.dropFirst().trimmedText
                return Line(
                    key: "\(list.key)[\(name)].\(line.key.dropFirst(prefix.count))",
                    label: "\(list.row) \(name): \(label)", value: line.value, words: line.words)
            }
        }
    }
}

extension Substring {
    fileprivate var trimmedText: String { String(String(self).trimmed) }
}
