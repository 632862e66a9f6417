/// Reads JSON (RFC 8259) strictly: one value, no name twice, no lone surrogates, no NUL, bounded in depth and size.
struct JSONReader {
    private let bytes: [UInt8]
    private var position = 0
    private var values = 0
    private let most: Int

    /// Reads one document. What others send has at most so many values; our own description has more.
    static func read(_ bytes: [UInt8], values most: Int = Limit.jsonValues) throws -> JSON {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw WebRefusal.malformed("not_utf8", "Send JSON in UTF-8.")
        }
        var reader = JSONReader(bytes: bytes, most: most)
        let value = try reader.value(depth: 0)
        reader.space()
        guard reader.position == bytes.count else { throw reader.broken("something after the end of the document") }
        return value
    }

    private init(bytes: [UInt8], most: Int) {
        self.bytes = bytes
        self.most = most
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func space() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func broken(_ what: String) -> WebRefusal {
        .malformed("json_malformed", "The JSON cannot be read: \(what) at byte \(position + 1).")
    }

    private mutating func value(depth: Int) throws -> JSON {
        guard depth < Limit.jsonDepth else {
            throw WebRefusal.malformed("json_too_deep", "Nest JSON at most \(Limit.jsonDepth) levels deep.")
        }
        values += 1
        guard values <= most else {
            throw WebRefusal.malformed("json_too_large", "Send at most \(most) values in one document.")
        }
        space()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .flag(true))
        case UInt8(ascii: "f"): return try word("false", .flag(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-")?, (0x30...0x39)?: return try number()
        case nil: throw broken("it ends too early")
        default: throw broken("an unexpected character")
        }
    }

    private mutating func word(_ word: String, _ value: JSON) throws -> JSON {
        guard bytes[position...].starts(with: word.utf8) else { throw broken("an unexpected character") }
        position += word.utf8.count
        return value
    }

    private mutating func object(depth: Int) throws -> JSON {
        position += 1
        var members: [JSON.Member] = []
        var names: Set<String> = []
        space()
        if next == UInt8(ascii: "}") {
            position += 1
            return .object(members)
        }
        while true {
            space()
            guard next == UInt8(ascii: "\"") else { throw broken("a name was expected") }
            let name = try text()
            guard names.insert(name).inserted else {
                throw WebRefusal.malformed("json_name_twice", "A name stands twice in one object; send it once.")
            }
            space()
            guard next == UInt8(ascii: ":") else { throw broken("a colon was expected") }
            position += 1
            members.append(.init(name: name, value: try value(depth: depth + 1)))
            space()
            switch next {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "}"):
                position += 1
                return .object(members)
            default: throw broken("a comma or a closing brace was expected")
            }
        }
    }

    private mutating func array(depth: Int) throws -> JSON {
        position += 1
        var elements: [JSON] = []
        space()
        if next == UInt8(ascii: "]") {
            position += 1
            return .array(elements)
        }
        while true {
            elements.append(try value(depth: depth + 1))
            space()
            switch next {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "]"):
                position += 1
                return .array(elements)
            default: throw broken("a comma or a closing bracket was expected")
            }
        }
    }

    private mutating func number() throws -> JSON {
        let start = position
        if next == UInt8(ascii: "-") { position += 1 }
        let whole = digits()
        guard whole > 0, whole == 1 || bytes[position - whole] != 0x30 else { throw broken("a number is malformed") }
        if next == UInt8(ascii: ".") {
            position += 1
            guard digits() > 0 else { throw broken("a number is malformed") }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            guard digits() > 0 else { throw broken("a number is malformed") }
        }
        return .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
        return position - start
    }

    private mutating func text() throws -> String {
        position += 1
        var out: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: out, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(to: &out)
            case 0..<0x20: throw broken("a control character in a text")
            default: out.append(byte)
            }
        }
        throw broken("a text does not end")
    }

    private mutating func escape(to out: inout [UInt8]) throws {
        guard let byte = next else { throw broken("a text does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(byte)
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0C)
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hex()
            if (0xD800...0xDBFF).contains(code) {
                guard bytes[position...].starts(with: "\\u".utf8) else { throw broken("half a character") }
                position += 2
                let low = try hex()
                guard (0xDC00...0xDFFF).contains(low) else { throw broken("half a character") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard code != 0, let scalar = Unicode.Scalar(code) else {
                throw broken("a character that no text may have")
            }
            out += Array(String(Character(scalar)).utf8)
        default: throw broken("an unknown escape")
        }
    }

    private mutating func hex() throws -> UInt32 {
        guard position + 4 <= bytes.count,
            let code = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16),
            bytes[position] != UInt8(ascii: "+"), bytes[position] != UInt8(ascii: "-")
        else { throw broken("an unknown escape") }
        position += 4
        return code
    }
}
