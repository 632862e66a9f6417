/// An amount of pounds sterling, kept in whole pence. Never floating point.
///
/// Range: ±£999,999,999,999.99, the range of `numeric(14,2)` in the database.
public struct Money: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The amount in pence; may be negative only for differences and reversals.
    public let pence: Int

    /// The largest amount that can be stored, in pence.
    public static let maximumPence = 99_999_999_999_999

    /// No money.
    public static let zero = Money(pence: 0)

    /// An amount in pence.
    public init(pence: Int) { self.pence = pence }

    /// An amount in whole pounds.
    public init(pounds: Int) { self.init(pence: pounds * 100) }

    /// Reads what people write: `1250`, `1,250.5`, `£1,250.50`. Nil when it is not an amount, has more than two decimal
    /// places, or is outside the range.
    public init?(_ text: some StringProtocol) {
        var digits = ""
        var decimals: Int?
        var negative = false
        for (index, character) in text.enumerated() {
            switch character {
            case "£" where digits.isEmpty && decimals == nil, ",", " ": continue
            case "-" where index == 0: negative = true
            case "." where decimals == nil: decimals = 0
            case "0"..."9" where character.isASCII:
                digits.append(character)
                if let places = decimals { decimals = places + 1 }
            default: return nil
            }
        }
        let places = decimals ?? 0
        guard !digits.isEmpty, places <= 2, digits.count <= 16, let value = Int(digits) else { return nil }
        let scale = [100, 10, 1][places]
        let (pence, overflow) = value.multipliedReportingOverflow(by: scale)
        guard !overflow, pence <= Self.maximumPence else { return nil }
        self.init(pence: negative ? -pence : pence)
    }

    /// `1250.50`: the form of the database and of JSON.
    public var decimal: String {
        let size = pence.magnitude
        return "\(pence < 0 ? "-" : "")\(size / 100).\(size % 100 < 10 ? "0" : "")\(size % 100)"
    }

    /// `£1,250.50`, or `£1,250` when there are no odd pence: the form for people.
    public var description: String {
        let size = pence.magnitude
        var pounds = String(size / 100)
        var grouped = ""
        while pounds.count > 3 {
            grouped = "," + pounds.suffix(3) + grouped
            pounds.removeLast(3)
        }
        let odd = size % 100
        let tail = odd == 0 ? "" : ".\(odd < 10 ? "0" : "")\(odd)"
        return "\(pence < 0 ? "-" : "")£\(pounds)\(grouped)\(tail)"
    }

    /// Decodes `"1250.50"`; a bare JSON number is refused, since it may already have lost pence.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let money = Money(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an amount of money")
        }
        self = money
    }

    /// Encodes `"1250.50"`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(decimal)
    }

    /// By amount.
    public static func < (left: Money, right: Money) -> Bool { left.pence < right.pence }
    /// Sum; amounts within range cannot overflow 64 bits.
    public static func + (left: Money, right: Money) -> Money { Money(pence: left.pence + right.pence) }
    /// Difference.
    public static func - (left: Money, right: Money) -> Money { Money(pence: left.pence - right.pence) }
}

extension Sequence where Element == Money {
    /// The total, zero when empty.
    public var total: Money { reduce(.zero, +) }
}
