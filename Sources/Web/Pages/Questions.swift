import Domain

/// Makes the fields of a form: each shows what was typed and what is wrong with it.
struct Questions: Sendable {
    let form: Form
    let problems: [FieldProblem]

    /// Questions of a form as it was typed.
    init(_ form: Form, problems: [FieldProblem] = []) {
        self.form = form
        self.problems = problems
    }

    /// What is wrong with a field, in its sentences.
    func error(_ name: String) -> String? {
        let sentences = problems.filter { $0.field == name }.map(\.sentence)
        return sentences.isEmpty ? nil : sentences.joined(separator: " ")
    }

    func text(
        _ name: String, _ label: String, hint: String? = nil, width: Component.Width? = nil,
        size: Component.Size? = .small
    ) -> any Markup {
        Component.TextInput(
            name: name, label: label, value: form[name], hint: hint, error: error(name), width: width, labelSize: size)
    }

    func money(_ name: String, _ label: String, hint: String? = nil, size: Component.Size? = .small) -> any Markup {
        Component.money(name, label, value: form[name], hint: hint, error: error(name), labelSize: size)
    }

    /// A whole number, or with `decimal` a figure with decimals.
    func number(
        _ name: String, _ label: String, hint: String? = nil, decimal: Bool = false, suffix: String? = nil,
        size: Component.Size? = .small
    ) -> any Markup {
        Component.TextInput(
            name: name, label: label, value: form[name], hint: hint, error: error(name), width: .five, suffix: suffix,
            inputMode: decimal ? "decimal" : "numeric", spellcheck: false, labelSize: size)
    }

    /// Several lines. With `least`, says how many characters there must be and how many there are.
    func area(
        _ name: String, _ label: String, hint: String? = nil, rows: Int = 5, most: Int? = 4000, least: Int? = nil,
        size: Component.Size? = .small
    ) -> any Markup {
        let used = form[name].count
        let enough = least.map { "Write at least \($0) characters. You have written \(Words.grouped(used))." }
        let hints = [hint, enough].compactMap(\.self)
        return Component.Textarea(
            name: name, label: label, value: form[name], hint: hints.isEmpty ? nil : hints.joined(separator: " "),
            error: error(name), rows: rows, maximum: least == nil ? most : nil, labelSize: size)
    }

    func select(
        _ name: String, _ label: String, hint: String? = nil, _ options: [Component.Choice],
        size: Component.Size? = .small
    ) -> any Markup {
        let chosen = form[name]
        let known = chosen.isEmpty || options.contains { $0.value == chosen }
        return Component.Select(
            name: name, label: label, choices: known ? options : options + [Component.Choice(chosen, chosen)],
            value: chosen,
            hint: hint, error: error(name), labelSize: size)
    }

    func radios(
        _ name: String, _ legend: String, hint: String? = nil, inline: Bool = false, _ options: [Component.Choice],
        size: Component.Size = .small
    ) -> any Markup {
        Component.Radios(
            name: name, legend: legend, choices: options, value: form[name], hint: hint, error: error(name),
            legendSize: size, inline: inline)
    }

    func yesNo(_ name: String, _ legend: String, hint: String? = nil) -> any Markup {
        radios(name, legend, hint: hint, inline: true, [Component.Choice("yes", "Yes"), Component.Choice("no", "No")])
    }

    func boxes(_ name: String, _ legend: String, hint: String? = nil, _ options: [Component.Choice]) -> any Markup {
        Component.Checkboxes(
            name: name, legend: legend, choices: options, values: form.all(name), hint: hint, error: error(name),
            legendSize: .small)
    }

    /// One box that says yes.
    func flag(_ name: String, _ label: String) -> any Markup {
        Component.Checkboxes(
            name: name, legend: "", choices: [Component.Choice("yes", label)], values: form.all(name),
            error: error(name),
            small: true)
    }

    func date(_ name: String, _ legend: String, hint: String? = "For example, 27 11 2026") -> any Markup {
        Component.DateInput(
            name: name, legend: legend, day: form["\(name)-day"], month: form["\(name)-month"],
            year: form["\(name)-year"], hint: hint, error: error(name), legendSize: .small)
    }

    /// A day and a London time of day, `name` and `name-time`.
    func moment(_ name: String, _ legend: String, hint: String? = nil, timeHint: String) -> [any Markup] {
        [
            date(name, legend, hint: hint ?? "For example, 27 11 2026"),
            Component.TextInput(
                name: "\(name)-time", label: "Time", value: form["\(name)-time"], hint: timeHint,
                error: error("\(name)-time"), width: .ten),
        ]
    }

    /// Rows that can be added to and taken away, with or without JavaScript.
    func list(
        _ name: String, _ title: String, hint: String? = nil, add: String, row: String, least: Int = 1,
        parts: (_ path: String, _ number: Int) -> [any Markup]
    ) -> any Markup {
        var numbers = form.rows(name)
        while numbers.count < least { numbers.append((numbers.last ?? -1) + 1) }
        let wrong = error(name)
        let described = [hint == nil ? nil : "\(name)-hint", wrong == nil ? nil : "\(name)-error"].compactMap(\.self)
        let rows = numbers.enumerated().map { index, number -> Fields in
            let path = "\(name).\(number)"
            return [
                "path": .text(path), "title": .text("\(row) \(index + 1)"), "partsHTML": .parts(parts(path, index + 1)),
                "removable": .flag(numbers.count > 1), "error": .text(error(path)),
            ]
        }
        return Templates.Filled(
            name: "fund-rows",
            fields: [
                "name": .text(name), "title": .text(title), "hint": .text(hint), "error": .text(wrong),
                "add": .text(add),
                "describedBy": .text(described.joined(separator: " ")), "rows": .rows(rows),
            ])
    }

    /// The button that Enter presses: without it, Enter in a field would press the first "add" or "remove" button.
    static let firstButton: any Markup = Templates.Filled(name: "fund-first-button", fields: [:])
}

/// Lists to choose from.
enum Options {
    /// Every case of a code with its words.
    static func of<Code: RawRepresentable<String> & CaseIterable>(_ type: Code.Type, _ label: (Code) -> String)
        -> [Component.Choice]
    {
        type.allCases.map { Component.Choice($0.rawValue, label($0)) }
    }
}

/// Finds, for each problem, the input of the page on which it can be put right.
enum ErrorLinks {
    /// Problems with the id of an input that the markup really has: the field itself, one below it, or the first of the
    /// list that it is about. A problem whose field is not on the page is shown without a link.
    static func resolve(_ problems: [FieldProblem], in html: HTML) -> [(field: String?, sentence: String)] {
        problems.map { problem in
            var path = problem.field
            while !path.isEmpty {
                if let id = find(path, in: html.source) { return (id, problem.sentence) }
                guard let dot = path.lastIndex(of: ".") else { break }
                path = String(path[..<dot])
            }
            return (nil, problem.sentence)
        }
    }

    private static func find(_ path: String, in source: String) -> String? {
        let inputs = ["<input", "<textarea", "<select"]
        var below: String?
        for tag in source.split(separator: "<", omittingEmptySubsequences: true) {
            guard inputs.contains(where: { ("<" + tag).hasPrefix($0) }), let start = tag.firstRange(of: " id=\"") else {
                continue
            }
            let id = tag[start.upperBound...].prefix { $0 != "\"" }
            if id == path { return path }
            if below == nil, id.hasPrefix(path + ".") || id.hasPrefix(path + "-") { below = String(id) }
        }
        return below
    }
}
