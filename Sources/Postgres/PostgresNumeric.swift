/// An exact decimal: `numeric`, as text, so that nothing is rounded on the way.
public struct PostgresNumeric: PostgresValue, Hashable, CustomStringConvertible {
    /// Decimal digits with an optional sign and point, such as `-12.50`.
    public let text: String

    /// A number by its text, checked when it is sent.
    public init(_ text: String) {
        self.text = text
    }

    /// A number by its text, checked when it is sent.
    public init(text: String) {
        self.text = text
    }

    /// The text.
    public var description: String { text }

    /// `numeric`.
    public static var oid: OID { .numeric }
    /// `numeric[]`.
    public static var arrayOID: OID { .numericArray }

    /// PostgreSQL's limits for a numeric without a declared precision.
    private static let digitsMax = (whole: 131_072, fraction: 16_383)

    /// Four decimal digits to a 16-bit word, and a header of count, weight, sign and scale.
    public func _encode(into bytes: inout [UInt8]) throws(StatementError) -> Bool {
        let (negative, whole, fraction) = try parts()
        // Words are aligned to the point: pad the whole part in front and the fraction behind.
        let front = (4 - whole.count % 4) % 4
        let back = (4 - fraction.count % 4) % 4
        let digits = [UInt8](repeating: 0, count: front) + whole + fraction + [UInt8](repeating: 0, count: back)
        var words: [UInt16] = stride(from: 0, to: digits.count, by: 4).map { index in
            digits[index..<index + 4].reduce(0) { $0 * 10 + UInt16($1) }
        }
        var weight = (whole.count + front) / 4 - 1
        while words.last == 0 { words.removeLast() }
        let leading = words.prefix { $0 == 0 }.count
        words.removeFirst(leading)
        weight = words.isEmpty ? 0 : weight - leading
        bytes.append(bigEndian: UInt16(words.count))
        bytes.append(bigEndian: Int16(weight))
        bytes.append(bigEndian: negative && !words.isEmpty ? 0x4000 as UInt16 : 0)
        bytes.append(bigEndian: UInt16(fraction.count))
        for word in words { bytes.append(bigEndian: word) }
        return true
    }

    /// The sign, and the digits before and after the point.
    private func parts() throws(StatementError) -> (negative: Bool, whole: [UInt8], fraction: [UInt8]) {
        var rest = text.utf8[...]
        let negative = rest.first == UInt8(ascii: "-")
        if negative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        var whole: [UInt8] = []
        var fraction: [UInt8] = []
        var afterPoint = false
        for byte in rest {
            if byte == UInt8(ascii: "."), !afterPoint {
                afterPoint = true
                continue
            }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else {
                throw .parameter("text that is no decimal")
            }
            if afterPoint { fraction.append(byte - 48) } else { whole.append(byte - 48) }
        }
        whole = Array(whole.drop { $0 == 0 })
        guard rest.contains(where: { $0 != UInt8(ascii: ".") }) else { throw .parameter("text that is no decimal") }
        guard whole.count <= Self.digitsMax.whole, fraction.count <= Self.digitsMax.fraction else {
            throw .parameter("decimal with too many digits")
        }
        return (negative, whole, fraction)
    }

    /// The digits, with as many after the point as the column's scale says.
    public static func _decode(_ bytes: RawSpan, _ oid: OID) throws(StatementError) -> PostgresNumeric {
        guard bytes.byteCount >= 8 else { throw .decoding("a numeric without its header") }
        let count = Int(bytes.bigEndian(as: UInt16.self))
        let weight = Int(bytes.bigEndian(at: 2, as: Int16.self))
        let sign = bytes.bigEndian(at: 4, as: UInt16.self)
        let scale = Int(bytes.bigEndian(at: 6, as: UInt16.self))
        guard sign == 0 || sign == 0x4000 else { throw .decoding("a numeric that is NaN or infinite") }
        guard bytes.byteCount == 8 + 2 * count else { throw .decoding("a numeric of the wrong length") }
        var words: [UInt16] = []
        words.reserveCapacity(count)
        for place in 0..<count { words.append(bytes.bigEndian(at: 8 + 2 * place, as: UInt16.self)) }
        var text: [UInt8] = sign == 0x4000 ? [UInt8(ascii: "-")] : []
        appendWhole(words, weight: weight, to: &text)
        if scale > 0 { text.append(UInt8(ascii: ".")) }
        appendFraction(words, weight: weight, scale: scale, to: &text)
        return PostgresNumeric(String(decoding: text, as: UTF8.self))
    }

    /// The digits before the point, without leading zeros.
    private static func appendWhole(_ words: [UInt16], weight: Int, to text: inout [UInt8]) {
        var started = false
        for place in stride(from: 0, through: weight, by: 1) {
            let word = place < words.count ? words[place] : 0
            for power: UInt16 in [1000, 100, 10, 1] {
                let digit = UInt8(truncatingIfNeeded: word / power % 10)
                started = started || digit != 0
                if started { text.append(48 + digit) }
            }
        }
        if !started { text.append(48) }
    }

    /// The digits after the point, exactly `scale` of them. Word `i` stands at weight `weight - i`, so the first one
    /// after the point is `weight + 1`, which is before the first word when the number is small.
    private static func appendFraction(_ words: [UInt16], weight: Int, scale: Int, to text: inout [UInt8]) {
        for position in 0..<scale {
            let place = weight + 1 + position / 4
            let word = words.indices.contains(place) ? words[place] : 0
            let power: UInt16 = [1000, 100, 10, 1][position % 4]
            text.append(48 + UInt8(truncatingIfNeeded: word / power % 10))
        }
    }
}
