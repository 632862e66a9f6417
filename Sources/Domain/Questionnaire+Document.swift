extension Questionnaire {
    /// Answers as they are stored and sent: objects and lists, nested. Truth values are truth values; every other answer
    /// is text, so that no figure is rounded on the way.
    public indirect enum Document: Hashable, Sendable, Codable {
        case text(String)
        case flag(Bool)
        case list([Document])
        case object([String: Document])

        /// Reads JSON. A number becomes the text of it; null is as if it were not there.
        public init(from decoder: any Decoder) throws {
            if let object = try? decoder.container(keyedBy: Key.self) {
                var members: [String: Document] = [:]
                for key in object.allKeys where try !object.decodeNil(forKey: key) {
                    members[key.stringValue] = try object.decode(Document.self, forKey: key)
                }
                self = .object(members)
                return
            }
            if var list = try? decoder.unkeyedContainer() {
                var elements: [Document] = []
                while !list.isAtEnd { elements.append(try list.decode(Document.self)) }
                self = .list(elements)
                return
            }
            let value = try decoder.singleValueContainer()
            if let flag = try? value.decode(Bool.self) {
                self = .flag(flag)
            } else if let text = try? value.decode(String.self) {
                self = .text(text)
            } else if let whole = try? value.decode(Int.self) {
                self = .text(String(whole))
            } else {
                self = .text(String(try value.decode(Double.self)))
            }
        }

        /// Writes JSON.
        public func encode(to encoder: any Encoder) throws {
            switch self {
            case .object(let members):
                var container = encoder.container(keyedBy: Key.self)
                for (name, value) in members { try container.encode(value, forKey: Key(stringValue: name)) }
            case .list(let elements):
                var container = encoder.unkeyedContainer()
                for element in elements { try container.encode(element) }
            case .text(let text):
                var container = encoder.singleValueContainer()
                try container.encode(text)
            case .flag(let flag):
                var container = encoder.singleValueContainer()
                try container.encode(flag)
            }
        }

        private struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
    }

    /// One part's answers, nested, as its row keeps them.
    public func document(_ answers: Answers, in section: Section) -> Document {
        var part = Document.object([:])
        for line in lines(answers, in: section) {
            let path = line.key.split(separator: ".").dropFirst().map(String.init)
            part.put(isFlag(line.key, in: section) ? .flag(line.value == "yes") : .text(line.value), at: path[...])
        }
        return part
    }

    /// The whole document, nested: one object for each of these parts.
    public func document(_ answers: Answers, sections codes: [String]) -> Document {
        .object(
            Dictionary(
                sections.filter { codes.contains($0.code) }.map { ($0.code, document(answers, in: $0)) }
            ) { first, _ in first })
    }

    /// The answers in one part's nested form; what belongs to no question is left out.
    public func answers(_ document: Document, in section: Section) -> Answers {
        var flat: [String: String] = [:]
        document.flatten(section.code, into: &flat)
        return cleaned(Answers(flat), in: section)
    }

    /// The answers in the whole document's nested form.
    public func answers(_ document: Document) -> Answers {
        guard case .object(let parts) = document else { return Answers() }
        return sections.reduce(Answers()) { whole, section in
            guard let part = parts[section.code] else { return whole }
            return whole.replacing(section, with: answers(part, in: section))
        }
    }

    private func isFlag(_ key: String, in section: Section) -> Bool {
        if let question = section.questions.first(where: { $0.key == key }) { return question.kind.isFlag }
        for list in section.allLists where key.hasPrefix(list.key + ".") {
            let inRow = key.dropFirst(list.key.count + 1).drop { $0 != "." }.dropFirst()
            return list.questions.first { $0.key == inRow }?.kind.isFlag ?? false
        }
        return false
    }
}

extension Questionnaire.Kind {
    fileprivate var isFlag: Bool { if case .yesNo = self { true } else { false } }
}

extension Questionnaire.Document {
    /// Puts a value where a path of names and row numbers leads, making objects and lists on the way.
    fileprivate mutating func put(_ value: Questionnaire.Document, at path: ArraySlice<String>) {
        guard let name = path.first else {
            self = value
            return
        }
        let rest = path.dropFirst()
        // What comes next in the path says whether this name holds a list or an object.
        let fresh: Questionnaire.Document = rest.first.map { Int($0) == nil ? .object([:]) : .list([]) } ?? value
        if let row = Int(name) {
            guard case .list(var elements) = self else { return }
            while elements.count <= row { elements.append(.object([:])) }
            elements[row].put(value, at: rest)
            self = .list(elements)
        } else {
            guard case .object(var members) = self else { return }
            var member = members[name] ?? fresh
            member.put(value, at: rest)
            members[name] = member
            self = .object(members)
        }
    }

    fileprivate func flatten(_ key: String, into flat: inout [String: String]) {
        switch self {
        case .text(let text): flat[key] = text
        case .flag(let flag): flat[key] = flag ? "yes" : "no"
        case .list(let elements):
            for (index, element) in elements.enumerated() { element.flatten("\(key).\(index)", into: &flat) }
        case .object(let members):
            for (name, member) in members { member.flatten("\(key).\(name)", into: &flat) }
        }
    }
}
