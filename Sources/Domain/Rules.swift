/// What rules of several nouns share.
public enum Rules {
    /// Fewest characters of a reason, so that it says something.
    public static let shortestReason = 20
    /// Most characters of a long answer.
    public static let longestText = 4000

    /// A reason that will be read by the person it concerns, and by auditors.
    public static func reason(_ reason: String) -> Refusal? {
        let length = reason.trimmed.unicodeScalars.count
        if length < shortestReason {
            return .invalid([
                FieldProblem(
                    "reason", "Enter a reason of at least \(shortestReason) characters, so that others understand it.")
            ])
        }
        return tooLong(reason, "reason", "reason", longestText).map { .invalid([$0]) }
    }

    /// Lengths are counted in code points, as the database counts them.
    static func tooLong(_ text: String, _ field: String, _ name: String, _ limit: Int) -> FieldProblem? {
        let length = text.unicodeScalars.count
        if length > limit {
            return FieldProblem(
                field, "Shorten the \(name) to \(grouped(limit)) characters or fewer. It has \(grouped(length)).")
        }
        return text.unicodeScalars.contains("\0")
            ? FieldProblem(field, "Take the invisible characters out of the \(name), for example by typing it again.")
            : nil
    }

    /// `1,000`.
    static func grouped(_ number: Int) -> String {
        var digits = String(number)
        var groups = ""
        while digits.count > 3 {
            groups = "," + digits.suffix(3) + groups
            digits.removeLast(3)
        }
        return digits + groups
    }

    /// `1 day`, `2 days`.
    static func counted(_ number: Int, _ noun: String) -> String {
        "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }
}

/// Collects problems, so that rules read as a list of questions.
struct Problems {
    private(set) var found: [FieldProblem] = []

    mutating func add(_ problem: FieldProblem?) { if let problem { found.append(problem) } }

    mutating func add(_ problems: [FieldProblem]) { found += problems }

    /// Says so unless the condition holds.
    mutating func need(_ condition: Bool, _ field: String, _ sentence: String) {
        if !condition { found.append(FieldProblem(field, sentence)) }
    }

    /// Says so when a text is blank.
    mutating func text(_ text: String, _ field: String, _ sentence: String) {
        need(!text.isBlank, field, sentence)
    }

    /// Says so when a text cannot be stored.
    mutating func length(_ text: String, _ field: String, _ name: String, _ limit: Int = Rules.longestText) {
        add(Rules.tooLong(text, field, name, limit))
    }
}

extension String {
    /// Without white space at either end.
    var trimmed: Substring {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return rest
    }

    /// Whether there is nothing to read.
    var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
