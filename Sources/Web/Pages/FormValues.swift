import Domain

/// Writes values of the domain into a form, so that a page shows what is stored in the way in which it shows what was typed.
struct FormWriter {
    private var pairs: [(String, String)] = []

    /// The form as written so far.
    var form: Form { Form(pairs) }

    mutating func put(_ name: String, _ text: String?) {
        if let text, !text.isEmpty { pairs.append((name, text)) }
    }

    /// Several values under one name, as of checkboxes.
    mutating func put(_ name: String, all values: [String]) {
        for value in values { pairs.append((name, value)) }
    }

    /// A blank answer that still counts as a row of its list.
    mutating func row(_ name: String) { pairs.append((name, "")) }

    mutating func put(_ name: String, _ money: Money?) {
        guard let decimal = money?.decimal else { return }
        pairs.append((name, decimal.hasSuffix(".00") ? String(decimal.dropLast(3)) : decimal))
    }

    mutating func put(_ name: String, _ number: Int?) {
        if let number { pairs.append((name, "\(number)")) }
    }

    mutating func put(_ name: String, _ answer: Bool?) {
        if let answer { pairs.append((name, answer ? "yes" : "no")) }
    }

    mutating func put<Code: RawRepresentable<String>>(_ name: String, _ code: Code?) { put(name, code?.rawValue) }

    /// A tick, or nothing.
    mutating func tick(_ name: String, _ ticked: Bool) {
        if ticked { pairs.append((name, "yes")) }
    }

    mutating func put(_ name: String, _ day: Day?) {
        guard let parts = day?.parts else { return }
        pairs += [
            ("\(name)-day", "\(parts.day)"), ("\(name)-month", "\(parts.month)"), ("\(name)-year", "\(parts.year)"),
        ]
    }

    /// A moment as London date and time. As a deadline, midnight is shown as 11:59pm of the day that ends.
    mutating func put(_ name: String, _ instant: Instant?, isDeadline: Bool = false) {
        guard let instant else { return }
        var wall = LondonTime(instant)
        if isDeadline, wall.hour == 0, wall.minute == 0 { wall = LondonTime(instant.adding(seconds: -60)) }
        put(name, wall.day)
        let clock = wall.hour % 12 == 0 ? 12 : wall.hour % 12
        let minutes = wall.minute < 10 ? "0\(wall.minute)" : "\(wall.minute)"
        pairs.append(("\(name)-time", "\(clock):\(minutes)\(wall.hour < 12 ? "am" : "pm")"))
    }
}

extension Form {
    /// The same form without one row of a list, such as `costs.lines.2`.
    func without(row: String) -> Form { keeping { $0 != row && !$0.hasPrefix(row + ".") } }

    /// The same form with a further, blank row at the end of a list.
    func adding(rowTo list: String) -> Form {
        let next = (rows(list).last ?? -1) + 1
        return Form(pairsNow + [("\(list).\(next)", "")])
    }

    /// The fields whose names a test keeps.
    func keeping(_ keeps: (String) -> Bool) -> Form { Form(pairsNow.filter { keeps($0.0) }) }

    private var pairsNow: [(String, String)] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }.flatMap { name in all(name).map { (name, $0) } }
    }
}

extension Form.Reader {
    /// Whether a box is ticked.
    func ticked(_ field: String) -> Bool { form[field] == "yes" }

    /// A whole number of things or people.
    mutating func count(_ field: String) -> Int? {
        number(field, in: 0...9_999_999, "Enter a whole number, such as 120")
    }

    /// A financial year such as 2026-27.
    mutating func year(_ field: String) -> FinancialYear? {
        guard let text = form.optional(field) else { return nil }
        if let year = FinancialYear(text) { return year }
        refuse(field, "Enter a financial year, such as 2026-27")
        return nil
    }

    /// A deadline: London wall time, `field` and `field-time`. The last minute of a day means all of it, so 11:59pm becomes
    /// midnight, the first moment that is too late.
    mutating func deadline(_ field: String) -> Instant? {
        guard form.optional("\(field)-day") != nil || form.optional("\(field)-time") == nil else {
            refuse(field, "Enter the date as well as the time")
            return nil
        }
        guard let instant = londonTime(field, time: "\(field)-time") else { return nil }
        let wall = LondonTime(instant)
        let whole = wall.hour == 23 && wall.minute == 59 && wall.second == 0
        return whole ? instant.adding(seconds: 60) : instant
    }
}
