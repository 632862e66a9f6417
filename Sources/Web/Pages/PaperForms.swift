import Domain
import Services

/// A part of a plan or report as a form, made from its questions: answers to fields and back.
enum PaperForms {
    /// A part's answers as a form shows them.
    static func form(_ section: Questionnaire.Section, _ answers: Questionnaire.Answers) -> Form {
        var form = FormWriter()
        for question in section.questions { put(question, question.key, answers, in: &form) }
        for list in section.allLists {
            for row in 0..<answers.rows(list.key) {
                form.row("\(list.key).\(row)")
                for question in list.questions {
                    put(question, Questionnaire.Answers.key(list.key, row, question.key), answers, in: &form)
                }
            }
        }
        return form.form
    }

    private static func put(
        _ question: Questionnaire.Question, _ key: String, _ answers: Questionnaire.Answers, in form: inout FormWriter
    ) {
        if case .day = question.kind { form.put(key, Day(answers[key])) } else { form.put(key, answers[key]) }
    }

    /// What a form says, with a sentence for each date that is none. Blank rows close up, and problems keep to them.
    static func answers(_ section: Questionnaire.Section, _ form: Form) -> (
        answers: Questionnaire.Answers, problems: [FieldProblem]
    ) {
        var reader = Form.Reader(form)
        var answers = Questionnaire.Answers()
        func read(_ question: Questionnaire.Question, _ field: String, as key: String) {
            if case .day = question.kind {
                answers[key] = reader.day(field)?.description ?? ""
            } else {
                answers[key] = question.kind.isFigure ? form[field].filter { $0 != "," } : form[field]
            }
        }
        for question in section.questions { read(question, question.key, as: question.key) }
        for list in section.allLists {
            var row = 0
            for number in form.rows(list.key) {
                let filled = list.questions.contains { question in
                    form.names.contains { $0.hasPrefix("\(list.key).\(number).\(question.key)") && !form[$0].isEmpty }
                }
                guard filled else { continue }
                for question in list.questions {
                    read(
                        question, "\(list.key).\(number).\(question.key)",
                        as: Questionnaire.Answers.key(list.key, row, question.key))
                }
                row += 1
            }
        }
        return (answers, reader.problems)
    }

    /// The fields of a part.
    static func fields(_ section: Questionnaire.Section, _ ask: Questions) -> [any Markup] {
        section.items.map { item -> any Markup in
            switch item {
            case .question(let question): field(question, question.key, ask)
            case .list(let list): self.list(list, ask, least: 1)
            }
        } + section.allLists.filter { $0.key == section.reasonsKey }.map { list($0, ask, least: 0) }
    }

    private static func list(_ list: Questionnaire.List, _ ask: Questions, least: Int) -> any Markup {
        ask.list(
            list.key, list.label, hint: list.hint, add: "Add another \(list.row.lowercased())", row: list.row,
            least: least
        ) { path, _ in
            list.questions.map { field($0, "\(path).\($0.key)", ask, size: nil) }
        }
    }

    private static func field(
        _ question: Questionnaire.Question, _ name: String, _ ask: Questions, size: Component.Size? = .small
    ) -> any Markup {
        let label = question.label + (question.need == .never ? " (optional)" : "")
        switch question.kind {
        case .line, .address: return ask.text(name, label, hint: question.hint, size: size)
        case .text(let most):
            return ask.area(name, label, hint: question.hint, rows: most > 2000 ? 8 : 4, most: most, size: size)
        case .choice(let choices):
            let options = choices.map { Component.Choice($0.code, $0.label) }
            return choices.count <= 6 && size != nil
                ? ask.radios(name, label, hint: question.hint, options)
                : ask.select(name, label, hint: question.hint, options, size: size)
        case .yesNo: return ask.yesNo(name, label, hint: question.hint)
        case .count: return ask.number(name, label, hint: question.hint, size: size)
        case .decimal: return ask.number(name, label, hint: question.hint, decimal: true, size: size)
        case .money: return ask.money(name, label, hint: question.hint, size: size)
        case .day: return ask.date(name, label, hint: question.hint ?? "For example, 27 11 2026")
        case .month:
            return ask.text(
                name, label, hint: question.hint ?? "Year and month, for example 2026-09", width: .ten, size: size)
        }
    }
}

extension Questionnaire.Kind {
    /// Whether people may write it with commas between thousands.
    fileprivate var isFigure: Bool {
        switch self {
        case .count, .decimal, .money: true
        default: false
        }
    }
}

/// A plan or report to read: its parts with the answers that were given.
struct PaperReading: Markup {
    let form: Questionnaire
    let answers: Questionnaire.Answers
    /// Parts that are not shown; a page may show them in a better way.
    var without: Set<String> = []
    var level = 2
    /// Where a part can be changed.
    var edit: (@Sendable (String) -> String)?

    var html: HTML {
        .joined(
            form.sections.filter { !without.contains($0.code) }.flatMap { section -> [any Markup] in
                let change = edit.map { FundParts.link("Change", $0(section.code), hidden: section.title.lowercased()) }
                return [Component.Heading(section.title, level: level)] + [change].compactMap(\.self)
                    + Self.parts(form, section, answers)
            })
    }

    /// One part: answers in a list, and a list of things as a table of its own where it has few questions.
    static func parts(_ form: Questionnaire, _ section: Questionnaire.Section, _ answers: Questionnaire.Answers)
        -> [any Markup]
    {
        let questions = section.questions.filter { !answers[$0.key].isEmpty }
        let single: [any Markup] =
            questions.isEmpty
            ? []
            : [Component.SummaryList(questions.map { .init($0.label, $0.kind.words(answers[$0.key])) })]
        let lists = section.allLists.filter { answers.rows($0.key) > 0 }.map { table($0, answers) }
        let nothing: [any Markup] =
            single.isEmpty && lists.isEmpty ? [Component.Paragraph("Nothing is written here yet.")] : []
        return single + lists + nothing
    }

    private static func table(_ list: Questionnaire.List, _ answers: Questionnaire.Answers) -> any Markup {
        let used = list.questions.filter { question in
            (0..<answers.rows(list.key)).contains { !answers.row(list.key, $0, question.key).isEmpty }
        }
        guard used.count <= 4 else {
            return HTML.joined(
                (0..<answers.rows(list.key)).map { row in
                    Component.SummaryList(
                        used.filter { !answers.row(list.key, row, $0.key).isEmpty }.map {
                            .init($0.label, words($0, answers.row(list.key, row, $0.key)))
                        }, card: "\(list.row) \(row + 1)")
                })
        }
        return Component.Table(
            caption: list.label, columns: used.map { .init($0.label) },
            rows: (0..<answers.rows(list.key)).map { row in
                Words.cells(used.map { words($0, answers.row(list.key, row, $0.key)) })
            }, captionSize: .small, firstCellIsHeader: true)
    }

    private static func words(_ question: Questionnaire.Question, _ value: String) -> String {
        value.isEmpty ? "" : question.kind.words(value)
    }
}

/// What differs between two versions, side by side.
struct PaperChanges: Markup {
    let caption: String
    let changes: [Questionnaire.Change]
    var before = "Before"
    var after = "After"

    var html: HTML {
        Component.Table(
            caption: caption, columns: [.init("What"), .init(before), .init(after)],
            rows: changes.map { change in
                [
                    HTML(text: change.label), Component.Prose(text: change.before ?? "", absent: "Nothing"),
                    Component.Prose(text: change.after ?? "", absent: "Nothing"),
                ]
            }, captionSize: .small, firstCellIsHeader: true, empty: "Nothing has changed."
        ).html
    }
}
