/// One answer of a return: its id, what is asked, and how it is read from and written to the content. Sheets are made
/// from these.
struct ReturnField: Sendable {
    let id: String
    let question: String
    let how: String
    let read: @Sendable (ReturnContent) -> String
    /// Nil when the answer fits; else what it should be and how to put it right.
    let write: @Sendable (inout ReturnContent, String) -> Misfit?

    /// Why an answer does not fit.
    struct Misfit: Sendable {
        /// What it is not: "a whole number".
        let what: String
        /// What to do.
        let fix: String
    }

    static let wholeNumber = Misfit(what: "a whole number", fix: "Enter digits only, such as 142.")
    static let amount = Misfit(what: "an amount in pounds", fix: "Enter it as 1250.50.")
    static let day = Misfit(what: "a date", fix: "Enter it as 2026-03-31.")

    /// All answers of a return.
    static func all(_ indicators: [ReturnIndicator], milestones: Int, risks: Int) -> [ReturnField] {
        indicators.flatMap(outcome) + reach + spend + (0..<milestones).flatMap(milestone) + (0..<risks).flatMap(risk)
            + learning
    }

    private static func outcome(_ indicator: ReturnIndicator) -> [ReturnField] {
        func field(
            _ name: String, _ question: String, _ how: String,
            _ read: @escaping @Sendable (ReturnContent.Value) -> String,
            _ write: @escaping @Sendable (inout ReturnContent.Value, String) -> Misfit?
        ) -> ReturnField {
            let code = indicator.code
            return ReturnField(
                id: "outcomes.\(code).\(name)", question: "\(indicator.name): \(question)", how: how,
                read: { read($0.outcomes.value(of: code)) },
                write: { content, answer in
                    var value = content.outcomes.value(of: code)
                    let misfit = write(&value, answer)
                    content.outcomes.set(value)
                    return misfit
                })
        }
        func text(
            _ name: String, _ question: String, _ how: String,
            _ path: any WritableKeyPath<ReturnContent.Value, String> & Sendable
        )
            -> ReturnField
        {
            field(name, question, how, { $0[keyPath: path] }) { value, answer in
                value[keyPath: path] = answer
                return nil
            }
        }
        let counts =
            indicator.hasCounts
            ? [
                text("numerator", indicator.numerator, "A number.", \.numerator),
                text("denominator", indicator.denominator, "A number above 0.", \.denominator),
            ] : []
        return counts + [
            text(
                "value", "the figure",
                counts.isEmpty ? "A number." : "Leave it empty: it is worked out from the two counts.",
                \.value),
            field("status", "provisional or final", "provisional or outturn", { $0.status.rawValue }) { value, answer in
                choose(answer, { value.status = $0 })
            },
            field(
                "missingReason", "why there is no figure",
                "Empty, or one of: \(codes(ReturnContent.MissingReason.self)).", { $0.missingReason?.rawValue ?? "" }
            ) { value, answer in choose(answer, { value.missingReason = $0 }) },
            text("comment", "what happened", "Needed when it changed much.", \.comment),
            text(
                "confirmation", "why an unusual figure is right", "Needed when the figure is unusual.", \.confirmation),
            text("source", "where it comes from", "Words.", \.source),
        ]
    }

    private static let reach: [ReturnField] = [
        number("reach.peopleReached", "People reached in the period", \.reach.peopleReached),
        number("reach.ofWhichTarget", "Of those, people of the target group", \.reach.ofWhichTarget),
        number("reach.sitesLive", "Sites where the project runs", \.reach.sitesLive),
        number("reach.staffTrained", "Staff trained in the period", \.reach.staffTrained),
        number("reach.fidelityPercent", "Share of the model delivered as designed, per cent", \.reach.fidelityPercent),
    ]

    private static let spend: [ReturnField] = [
        money("spend.period", "Spend in the period", \.spend.period),
        money("spend.toDate", "Spend from the start to the end of the period", \.spend.toDate),
        money("spend.forecast", "Forecast for the whole project", \.spend.forecast),
        words("spend.varianceReason", "Why the forecast differs from the award", \.spend.varianceReason),
        words("spend.confirmation", "Why unusual spend is right", \.spend.confirmation),
    ]

    private static let learning: [ReturnField] = [
        words("learning.note", "What was learnt", \.learning.note),
        ReturnField(
            id: "learning.evaluatorAccess", question: "Does the evaluator have the access that the evaluation needs?",
            how: "yes or no", read: { $0.learning.evaluatorAccess.map { $0 ? "yes" : "no" } ?? "" },
            write: { content, answer in
                switch answer.lowercased() {
                case "yes": content.learning.evaluatorAccess = true
                case "no": content.learning.evaluatorAccess = false
                default: return Misfit(what: "yes or no", fix: "Enter yes or no.")
                }
                return nil
            }),
        words("learning.confirmation", "If not, what is being done", \.learning.confirmation),
        number("learning.burdenHours", "Hours that this return took", \.learning.burdenHours),
    ]

    private static func milestone(_ index: Int) -> [ReturnField] {
        let id = "milestones.lines.\(index)"
        let name = "Milestone \(index + 1)"
        return [
            words("\(id).code", "\(name): short name, the same in every return", \.milestones[milestone: index].code),
            words("\(id).title", "\(name): what it is", \.milestones[milestone: index].title),
            date("\(id).planned", "\(name): planned for", \.milestones[milestone: index].planned),
            date("\(id).forecast", "\(name): expected now", \.milestones[milestone: index].forecast),
            date("\(id).actual", "\(name): happened", \.milestones[milestone: index].actual),
            code("\(id).rating", "\(name): how it stands", \.milestones[milestone: index].rating),
        ]
    }

    private static func risk(_ index: Int) -> [ReturnField] {
        let id = "risks.lines.\(index)"
        let name = "Risk \(index + 1)"
        return [
            code("\(id).category", "\(name): kind", \.risks[risk: index].category),
            words("\(id).title", "\(name): what may happen", \.risks[risk: index].title),
            number("\(id).likelihood", "\(name): likelihood, 1 to 5", \.risks[risk: index].likelihood),
            number("\(id).impact", "\(name): impact, 1 to 5", \.risks[risk: index].impact),
            words("\(id).proximity", "\(name): how soon", \.risks[risk: index].proximity),
            words("\(id).mitigation", "\(name): what is done about it", \.risks[risk: index].mitigation),
            words("\(id).owner", "\(name): who sees to it", \.risks[risk: index].owner),
            date("\(id).raised", "\(name): raised on", \.risks[risk: index].raised),
            date("\(id).closed", "\(name): closed on", \.risks[risk: index].closed),
        ]
    }

    private typealias Path<Value> = any WritableKeyPath<ReturnContent, Value> & Sendable

    private static func number(_ id: String, _ question: String, _ path: Path<Int?>) -> ReturnField {
        parsed(id, question, "A whole number.", path, { String($0) }, { Int($0.replacing(",", with: "")) }, wholeNumber)
    }

    private static func money(_ id: String, _ question: String, _ path: Path<Money?>) -> ReturnField {
        parsed(id, question, "Pounds, such as 1250.50.", path, \.decimal, { Money($0) }, amount)
    }

    private static func date(_ id: String, _ question: String, _ path: Path<Day?>) -> ReturnField {
        parsed(id, question, "A date, such as 2026-03-31.", path, \.description, { Day($0) ?? spoken($0) }, day)
    }

    private static func code<Code: RawRepresentable<String> & CaseIterable & Sendable>(
        _ id: String, _ question: String, _ path: Path<Code?>
    ) -> ReturnField {
        let codes = codes(Code.self)
        return parsed(
            id, question, "One of: \(codes).", path, \.rawValue, { Code(rawValue: $0.lowercased()) },
            Misfit(what: "one of the choices", fix: "Enter one of: \(codes)."))
    }

    private static func words(_ id: String, _ question: String, _ path: Path<String>) -> ReturnField {
        ReturnField(
            id: id, question: question, how: "Words.", read: { $0[keyPath: path] },
            write: { content, answer in
                content[keyPath: path] = answer
                return nil
            })
    }

    private static func parsed<Value>(
        _ id: String, _ question: String, _ how: String, _ path: Path<Value?>,
        _ text: @escaping @Sendable (Value) -> String, _ parse: @escaping @Sendable (String) -> Value?, _ misfit: Misfit
    ) -> ReturnField {
        ReturnField(
            id: id, question: question, how: how, read: { $0[keyPath: path].map(text) ?? "" },
            write: { content, answer in
                guard let value = parse(answer) else { return misfit }
                content[keyPath: path] = value
                return nil
            })
    }

    private static func choose<Code: RawRepresentable<String> & CaseIterable>(_ answer: String, _ take: (Code) -> Void)
        -> Misfit?
    {
        guard let code = Code(rawValue: answer.lowercased()) else {
            return Misfit(what: "one of the choices", fix: "Enter one of: \(codes(Code.self)).")
        }
        take(code)
        return nil
    }

    private static func codes<Code: RawRepresentable<String> & CaseIterable>(_ type: Code.Type) -> String {
        Code.allCases.map(\.rawValue).joined(separator: ", ")
    }

    /// `31/03/2026`, as spreadsheets like to make of it.
    private static func spoken(_ text: String) -> Day? {
        let parts = text.split(separator: "/").compactMap { Int($0) }
        return parts.count == 3 ? Day(year: parts[2], month: parts[1], day: parts[0]) : nil
    }
}

extension ReturnContent.Outcomes {
    /// Puts a value in the place of the one of its indicator.
    public mutating func set(_ value: ReturnContent.Value) {
        if let index = values.firstIndex(where: { $0.indicatorCode == value.indicatorCode }) {
            values[index] = value
        } else {
            values.append(value)
        }
    }
}

extension ReturnContent.Milestones {
    /// A line, blank where there is none; a line is made when one is written.
    subscript(milestone index: Int) -> ReturnContent.Milestone {
        get { index < lines.count ? lines[index] : ReturnContent.Milestone() }
        set {
            while lines.count <= index { lines.append(ReturnContent.Milestone()) }
            lines[index] = newValue
        }
    }
}

extension ReturnContent.Risks {
    /// A line, blank where there is none; a line is made when one is written.
    subscript(risk index: Int) -> ReturnContent.Risk {
        get { index < lines.count ? lines[index] : ReturnContent.Risk() }
        set {
            while lines.count <= index { lines.append(ReturnContent.Risk()) }
            lines[index] = newValue
        }
    }
}
