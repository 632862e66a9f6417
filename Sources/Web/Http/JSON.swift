import Domain

/// JSON as a value. Objects keep their order; numbers keep their text, so nothing is rounded on the way.
enum JSON: Hashable, Sendable {
    case null
    case flag(Bool)
    case number(String)
    case text(String)
    case array([JSON])
    case object([Member])
    /// JSON that is already written, as PostgreSQL or an encoder built it.
    case raw([UInt8])

    /// One name with its value.
    struct Member: Hashable, Sendable {
        let name: String
        let value: JSON
    }

    /// An object from pairs.
    static func object(_ pairs: [(String, JSON)]) -> JSON { .object(pairs.map { Member(name: $0.0, value: $0.1) }) }
    /// A whole number.
    static func int(_ value: Int) -> JSON { .number(String(value)) }
    /// A text, or null.
    static func text(_ value: String?) -> JSON { value.map { JSON.text($0) } ?? .null }
    /// How a value writes itself: identities, days, instants, years.
    static func of(_ value: (some CustomStringConvertible)?) -> JSON { value.map { .text($0.description) } ?? .null }
    /// Money as a decimal text, `"1250.50"`.
    static func money(_ value: Money?) -> JSON { value.map { .text($0.decimal) } ?? .null }
    /// A code.
    static func code<Value: RawRepresentable>(_ value: Value?) -> JSON where Value.RawValue == String {
        value.map { .text($0.rawValue) } ?? .null
    }
    /// Several.
    static func list<Element>(_ elements: some Sequence<Element>, _ one: (Element) -> JSON) -> JSON {
        .array(elements.map(one))
    }

    /// The value of a name of an object.
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text, when it is one.
    var string: String? {
        if case .text(let text) = self { return text }
        return nil
    }

    /// The whole number, when it is one that fits.
    var integer: Int? {
        if case .number(let text) = self { return Int(text) }
        return nil
    }

    /// The truth value, when it is one.
    var bool: Bool? {
        if case .flag(let flag) = self { return flag }
        return nil
    }

    /// UTF-8, without spaces.
    var bytes: [UInt8] {
        var out: [UInt8] = []
        write(to: &out)
        return out
    }

    private func write(to out: inout [UInt8]) {
        switch self {
        case .null: out += "null".utf8
        case .flag(let flag): out += (flag ? "true" : "false").utf8
        case .number(let text): out += text.utf8
        case .text(let text): JSON.quote(text, to: &out)
        case .raw(let bytes): out += bytes
        case .array(let elements):
            out.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                element.write(to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                JSON.quote(member.name, to: &out)
                out.append(UInt8(ascii: ":"))
                member.value.write(to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    private static func quote(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): out += "\\\"".utf8
            case UInt8(ascii: "\\"): out += "\\\\".utf8
            case 0x0A: out += "\\n".utf8
            case 0x0D: out += "\\r".utf8
            case 0x09: out += "\\t".utf8
            case 0..<0x20: out += "\\u00\(Digest.hex([byte]))".utf8
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}
