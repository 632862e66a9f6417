extension Questionnaire {
    /// What keeps answers of a part from being stored: too long, no number, too many rows. A draft may be as incomplete
    /// as it likes.
    public func storageProblems(_ answers: Answers, in section: Section) -> [FieldProblem] {
        var problems = Problems()
        for question in section.questions {
            problems.add(question.problem(with: answers[question.key], at: question.key))
        }
        for list in section.allLists {
            let rows = answers.rows(list.key)
            problems.need(rows <= list.most, list.key, "Give at most \(list.most) here.")
            for row in 0..<min(rows, list.most) {
                for question in list.questions {
                    let key = Answers.key(list.key, row, question.key)
                    problems.add(question.problem(with: answers[key], at: key))
                }
            }
        }
        return problems.found
    }

    /// What a part still needs: each answer that must be there, or the reason why it is not.
    public func problems(_ answers: Answers, in section: Section) -> [FieldProblem] {
        var problems = Problems()
        let storage = storageProblems(answers, in: section)
        problems.add(storage)
        for item in section.items {
            switch item {
            case .question(let question):
                if lacks(question.key, question.need, answers[question.key].isEmpty, answers, section) {
                    problems.need(false, question.key, question.ask)
                }
            case .list(let list):
                if lacks(list.key, list.need, answers.rows(list.key) == 0, answers, section) {
                    problems.need(false, list.key, "Add at least one \(list.row.lowercased()).")
                }
                problems.add(rowProblems(list, answers))
            }
        }
        problems.add(reasonProblems(answers, section))
        var seen: Set<FieldProblem> = []
        return problems.found.filter { seen.insert($0).inserted }
    }

    /// What the whole document still needs.
    public func problems(_ answers: Answers) -> [FieldProblem] { sections.flatMap { problems(answers, in: $0) } }

    /// How far a part is, where these are the problems that its readers would have with it.
    public func progress(_ answers: Answers, in section: Section, problems: [FieldProblem]) -> Progress {
        if answers.of(section).isEmpty { return .notStarted }
        return problems.contains { $0.field.hasPrefix(section.code + ".") } ? .inProgress : .complete
    }

    /// How far a part is.
    public enum Progress: String, Sendable, CaseIterable, Codable {
        case notStarted = "not_started", inProgress = "in_progress", complete
    }

    private func lacks(_ key: String, _ need: Need, _ isBlank: Bool, _ answers: Answers, _ section: Section) -> Bool {
        guard isBlank else { return false }
        switch need {
        case .never: return false
        case .always: return true
        case .orReason: return answers.reason(for: key, in: section) == nil
        case .when(let other, let codes):
            return codes.contains(answers[other]) && answers.reason(for: key, in: section) == nil
        }
    }

    private func rowProblems(_ list: List, _ answers: Answers) -> [FieldProblem] {
        var problems = Problems()
        for row in 0..<answers.rows(list.key) {
            for question in list.questions {
                let key = Answers.key(list.key, row, question.key)
                let needed =
                    switch question.need {
                    case .always: true
                    case .orReason, .never: false
                    case .when(let sibling, let codes): codes.contains(answers.row(list.key, row, sibling))
                    }
                problems.need(!needed || !answers[key].isEmpty, key, question.ask)
            }
        }
        return problems.found
    }

    private func reasonProblems(_ answers: Answers, _ section: Section) -> [FieldProblem] {
        var problems = Problems()
        for row in 0..<answers.rows(section.reasonsKey) {
            let key = Answers.key(section.reasonsKey, row, "reason")
            problems.need(
                answers[key].unicodeScalars.count >= Rules.shortestReason, key,
                "Explain in at least \(Rules.shortestReason) characters why the question does not apply.")
        }
        return problems.found
    }
}

extension Questionnaire.Question {
    /// Why an answer cannot be kept; nil when it can, and when there is none.
    func problem(with answer: String, at key: String) -> FieldProblem? {
        guard !answer.isEmpty else { return nil }
        func refuse(_ sentence: String) -> FieldProblem { FieldProblem(key, sentence) }
        switch kind {
        case .line(let most), .text(let most): return Rules.tooLong(answer, key, "answer", most)
        case .address:
            let isWeb = answer.hasPrefix("https://") || answer.hasPrefix("http://")
            return isWeb && !answer.contains(where: \.isWhitespace)
                ? Rules.tooLong(answer, key, "address", 500)
                : refuse("Enter an address that begins with https://.")
        case .choice(let choices):
            return choices.contains { $0.code == answer } ? nil : refuse("Choose one of the answers offered.")
        case .yesNo: return ["yes", "no"].contains(answer) ? nil : refuse("Choose yes or no.")
        case .count(let range):
            return Int(answer).map(range.contains) == true
                ? nil
                : refuse(
                    "Enter a whole number from \(Rules.grouped(range.lowerBound)) to \(Rules.grouped(range.upperBound))."
                )
        case .decimal(let range):
            return TypedDecimal.value(answer).map(range.contains) == true
                ? nil
                : refuse("Enter a number from \(Rounded.text(range.lowerBound)) to \(Rounded.text(range.upperBound)).")
        case .money:
            return Money(answer).map { $0.pence >= 0 && ProgrammeRules.isStorable($0) } == true
                ? nil : refuse("Enter an amount in pounds, such as 1250 or 1250.50.")
        case .day: return Day(answer) == nil ? refuse("Enter a date, such as 27 11 2026.") : nil
        case .month: return Month(answer) == nil ? refuse("Enter a year and a month, such as 2026-09.") : nil
        }
    }
}

/// Estimates as people read them.
public enum Rounded {
    /// A number to so many decimal places, halves away from zero, without trailing zeros unless they are kept.
    public static func text(_ value: Double, places: Int = 3, keepingZeros: Bool = false) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return value.isNaN ? "–" : value < 0 ? "−∞" : "∞" }
        let scale = (0..<max(0, places)).reduce(1.0) { power, _ in power * 10 }
        let rounded = (abs(value) * scale).rounded(.toNearestOrAwayFromZero)
        let whole = Int(rounded / scale)
        var digits = places == 0 ? "" : padded(Int(rounded - Double(whole) * scale), places)
        if !keepingZeros { while digits.hasSuffix("0") { digits.removeLast() } }
        let sign = value < 0 && rounded > 0 ? "−" : ""
        return sign + String(whole) + (digits.isEmpty ? "" : "." + digits)
    }
}
