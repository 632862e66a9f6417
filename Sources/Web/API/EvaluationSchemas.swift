import Domain
import Services

/// The JSON that operations on evaluations take.
enum EvaluationSchema {
    static let appointment = Schema.object([
        .required("evaluator", .id), .required("contract", .text(most: 140, least: 1)),
        .optional("reportDue", .nullable(.day)),
    ])
    static let dates = Schema.object([
        .optional("planned", .nullable(.day)), .optional("actual", .nullable(.day)),
        .optional("unblinded", .nullable(.day)),
    ])
    static let independence = Schema.object([
        .required("independent", .flag, "The author is independent of the practice and of the authority."),
        .optional("note", .text(most: 4000)),
    ])
    static let comment = Schema.object([
        .optional("section", .nullable(.text(most: 40)), "The part it is about."),
        .required("body", .text(most: 4000, least: 1)),
    ])
    static let answer = Schema.object([.required("body", .text(most: 4000, least: 1))])
    static let registration = Schema.object([
        .required("registry", .codes(Evaluation.Registry.self)), .required("number", .text(most: 140, least: 1)),
        .required("registeredOn", .day), .optional("url", .nullable(.text(most: 500))),
    ])
    static let amendment = Schema.object([
        .required("reason", .text(most: 4000, least: 1)),
        .required("beforeUnblinding", .flag, "Decided before anybody who analyses saw results by group."),
    ])
    static let approval = Schema.object([
        .optional("reason", .nullable(.text(most: 4000)), "Needed where few groups are allocated.")
    ])
    static let abandonment = Schema.object([
        .required("reason", .text(most: 4000, least: 1)), .required("lessons", .text(most: 8000, least: 1)),
    ])
    static let newReport = Schema.object([
        .required("kind", .codes(EvaluationReport.Kind.self)), .required("title", .text(most: 200, least: 1)),
    ])
    static let schedule = Schema.object([.required("on", .day)])
    static let delay = Schema.object([
        .required("reason", .codes(EvaluationReport.DelayReason.self)), .optional("text", .text(most: 4000)),
        .required("until", .day, "At most twelve weeks from today."),
    ])
    static let correction = Schema.object([.required("note", .text(most: 4000, least: 1), "What it corrects, and why.")]
    )
    static let pressure = Schema.object([.required("body", .text(most: 4000, least: 1))])

    static let invitation = Schema.object([
        .required("reviewer", .id), .required("dueOn", .day), .optional("isThird", .flag),
    ])
    static let interests = Schema.object([
        .optional("kinds", .list(.codes(Review.Interest.self), most: 5), "Empty: nothing stands in the way."),
        .optional("detail", .text(most: 4000)),
    ])
    static let ruling = Schema.object([
        .required("outcome", .code(["managed", "recused"])), .required("reason", .text(most: 4000, least: 1)),
    ])
    static let scores = Schema.object([
        .required(
            "scores",
            .list(
                .object([
                    .required("criterion", .text(most: 40, least: 1)), .required("value", .nullable(.integer(0...4))),
                    .optional("rationale", .text(most: 8000)),
                ]), most: 30))
    ])
    static let point = Schema.object([
        .required("kind", .code(["must_fix", "should_fix"])), .optional("criterion", .nullable(.text(most: 40))),
        .required("body", .text(most: 4000, least: 1)),
    ])
    static let closure = Schema.object([.required("note", .text(most: 4000, least: 1))])
    static let adjudication = Schema.object([
        .required("criterion", .text(most: 40, least: 1)), .required("value", .integer(0...4)),
        .required("reason", .text(most: 4000, least: 1)),
    ])
}

extension Questionnaire.Section {
    /// The JSON of a part: every answer is text, truth values are truth values, lists are lists of objects.
    var schema: Schema {
        .object(
            Schema.properties(questions.map { (path: Array($0.key.split(separator: ".").dropFirst()), kind: $0.kind) })
                + allLists.map { list in
                    .optional(
                        list.key.split(separator: ".").dropFirst().joined(separator: "."),
                        .list(
                            .object(Schema.properties(list.questions.map { ($0.key.split(separator: "."), $0.kind) })),
                            most: list.most))
                })
    }
}

extension Schema {
    /// Names of an object from paths such as `arms.0.mean`: a number in a path means a list.
    fileprivate static func properties(_ paths: [(path: [Substring], kind: Questionnaire.Kind)]) -> [Property] {
        var names: [Substring] = []
        for (path, _) in paths { if let first = path.first, !names.contains(first) { names.append(first) } }
        return names.map { name in
            let mine = paths.filter { $0.path.first == name }
            if mine.count == 1, mine[0].path.count == 1 { return .optional(String(name), mine[0].kind.schema) }
            let rows = Dictionary(grouping: mine) { $0.path.count > 1 ? $0.path[1] : "0" }
            let one = rows.values.first.map { $0.map { (path: Array($0.path.dropFirst(2)), kind: $0.kind) } } ?? []
            return .optional(String(name), .list(.object(properties(one)), most: rows.count))
        }
    }
}

extension Questionnaire.Kind {
    fileprivate var schema: Schema {
        switch self {
        case .line(let most), .text(let most): .text(most: most)
        case .choice(let choices):
            choices.isEmpty ? .text(most: 60) : .nullable(.code([""] + choices.map(\.code)))
        case .count, .decimal, .money: .text(most: 30)
        case .day, .month: .text(most: 10)
        case .yesNo: .nullable(.flag)
        case .address: .text(most: 500)
        }
    }
}
