import Domain
import FoundationEssentials

/// Which part of a list is wanted: keyset paging, so that rows that come and go meanwhile shift nothing.
public struct PageRequest: Hashable, Sendable {
    /// Where the previous page ended, as ``Page/next`` gave it; nil for the first page.
    public let after: String?
    /// How many rows; at most ``sizeMax``.
    public let size: Int
    /// The order by name, where the list offers any.
    public let sort: String?

    /// Rows on a page unless asked otherwise.
    public static let sizeDefault = 20
    /// The most rows on a page.
    public static let sizeMax = 100

    /// A part of a list; sizes outside 1…100 are brought within.
    public init(after: String? = nil, size: Int = PageRequest.sizeDefault, sort: String? = nil) {
        self.after = after
        self.size = min(max(size, 1), Self.sizeMax)
        self.sort = sort
    }

    /// One more row than wanted is asked for, so that it is known whether there is another page.
    var limit: Int { size + 1 }

    /// The keys of the last row of the previous page; nil on the first page. Refuses what is no cursor of `count` keys.
    func keys(_ count: Int) throws -> [String]? {
        guard let after else { return nil }
        var text = after.replacing("-", with: "+").replacing("_", with: "/")
        while text.utf8.count % 4 != 0 { text += "=" }
        guard let data = Data(base64Encoded: text), let keys = try? JSONDecoder().decode([String].self, from: data),
            keys.count == count, !keys.contains(where: { $0.utf8.contains(0) })
        else {
            throw Refusal(.invalid, code: "bad_cursor", "Start again from the first page of the list.")
        }
        return keys
    }
}

/// A part of a list.
public struct Page<Row: Sendable>: Sendable {
    /// The rows, in the list's order.
    public let rows: [Row]
    /// What to send as ``PageRequest/after`` for the next page; nil on the last.
    public let next: String?

    /// A page with its parts.
    public init(rows: [Row], next: String?) {
        self.rows = rows
        self.next = next
    }

    /// The page from ``PageRequest/limit`` rows and the keys by which the list is ordered.
    init(_ rows: [Row], _ request: PageRequest, keys: (Row) -> [String]) {
        let more = rows.count > request.size
        self.rows = more ? Array(rows.prefix(request.size)) : rows
        next = more ? self.rows.last.flatMap { Self.cursor(keys($0)) } : nil
    }

    private static func cursor(_ keys: [String]) -> String? {
        guard let data = try? JSONEncoder().encode(keys) else { return nil }
        return String(
            data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").prefix { $0 != "=" })
    }

    /// The same page with other rows.
    public func map<Other: Sendable>(_ transform: (Row) throws -> Other) rethrows -> Page<Other> {
        Page<Other>(rows: try rows.map(transform), next: next)
    }
}
