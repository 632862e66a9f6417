import Mustache

/// What one template sees: named texts, flags, rows and finished markup.
///
/// A `Fields` answers every name, with nothing where it has nothing: Mustache would otherwise look the name up in the
/// surrounding rows, and one row's missing hint would show another's. A name that ends in `HTML` holds markup and may be
/// written with three braces; no other name ever holds markup, so three braces anywhere else are a defect that a test finds.
struct Fields: Sendable, ExpressibleByDictionaryLiteral, MustacheParent {
    /// One named thing.
    enum Slot: Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByBooleanLiteral {
        case text(String?)
        case flag(Bool)
        case rows([Fields])
        case texts([String])
        case markup(HTML)

        init(stringLiteral value: String) { self = .text(value) }
        init(booleanLiteral value: Bool) { self = .flag(value) }

        /// A number as text.
        static func number(_ value: Int) -> Slot { .text(String(value)) }
        /// Rendered parts, one after the other.
        static func parts(_ parts: [any Markup]) -> Slot { .markup(.joined(parts)) }
    }

    private var slots: [String: Slot]

    init(dictionaryLiteral elements: (String, Slot)...) {
        slots = Dictionary(elements) { _, last in last }
    }

    /// A slot by name.
    subscript(name: String) -> Slot? {
        get { slots[name] }
        set { slots[name] = newValue }
    }

    /// The same with more in it.
    func adding(_ more: Fields) -> Fields {
        var result = self
        result.slots.merge(more.slots) { _, new in new }
        return result
    }

    /// What Mustache asks for.
    func child(named name: String) -> Any? {
        let wantsMarkup = name.hasSuffix("HTML")
        switch slots[name] {
        case .markup(let html) where wantsMarkup && !html.source.isEmpty: return Raw(renderText: html.source)
        case .text(let text?) where !wantsMarkup && !text.isEmpty: return text
        case .flag(let flag) where !wantsMarkup: return flag
        case .rows(let rows) where !wantsMarkup: return rows
        case .texts(let texts) where !wantsMarkup: return texts
        default: return Nothing()
        }
    }

    private struct Raw: MustacheCustomRenderable {
        let renderText: String
        var isNull: Bool { false }
    }

    private struct Nothing: MustacheCustomRenderable {
        var renderText: String { "" }
        var isNull: Bool { true }
    }
}
