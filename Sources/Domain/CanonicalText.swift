/// Text from which a digest is made: the same values give the same text, other values another, on every machine and for
/// good. Each part is written with its length before it (`5:hello,`, as netstrings), so that no two lists of parts can run
/// together into the same text. The first part names the kind and the edition of the form.
struct CanonicalText {
    private(set) var text = ""

    /// Begins a text of a kind, such as `bid-1`.
    init(_ kind: String) { add(kind) }

    /// A text.
    mutating func add(_ part: String) { text += "\(part.utf8.count):\(part)," }

    /// A value that may be absent: absence differs from every text, the empty one too.
    mutating func add(_ part: String?) {
        if let part { add(part) } else { text += "-," }
    }

    mutating func add(_ number: Int?) { add(number.map(String.init)) }
    mutating func add(_ flag: Bool?) { add(flag.map { $0 ? "yes" : "no" }) }
    mutating func add(_ money: Money?) { add(money?.decimal) }
    mutating func add<Code: RawRepresentable<String>>(_ code: Code?) { add(code?.rawValue) }

    /// A list: how many, then each.
    mutating func list<Element>(_ elements: [Element], _ each: (inout CanonicalText, Element) -> Void) {
        add(elements.count)
        for element in elements { each(&self, element) }
    }
}
