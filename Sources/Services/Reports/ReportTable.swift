public import Domain

/// A column of a report.
public struct ReportColumn: Hashable, Sendable, Codable {
    /// What its cells hold.
    public enum Kind: String, Sendable, CaseIterable, Codable {
        case text, count, money, percent, decimal, instant, day, link
    }

    /// A column that the core works out from two counts of the same row, so that no report does its own arithmetic.
    enum Computed: Hashable, Sendable, Codable {
        /// The first column as a share of the second, in percent, half up.
        case share(String, of: String)
        /// The 95 % Wilson interval of that share.
        case interval(String, of: String)
    }

    /// Permanent name, for programs.
    public let key: String
    /// As people read it.
    public let title: String
    /// What its cells hold.
    public let kind: Kind
    let computed: Computed?

    /// A column that the query answers.
    static func of(_ kind: Kind, _ key: String, _ title: String) -> ReportColumn {
        ReportColumn(key: key, title: title, kind: kind, computed: nil)
    }

    /// One count as a share of another.
    static func share(
        _ numerator: String, of denominator: String, _ title: String = "Share", key: String = "share"
    ) -> ReportColumn {
        ReportColumn(key: key, title: title, kind: .percent, computed: .share(numerator, of: denominator))
    }

    /// How sure the share is.
    static func interval(_ numerator: String, of denominator: String) -> ReportColumn {
        ReportColumn(
            key: "interval", title: "95% interval (Wilson)", kind: .text,
            computed: .interval(numerator, of: denominator))
    }
}

/// What the totals of a report are in.
public enum ReportMeasure: String, Sendable, CaseIterable, Codable {
    /// Things.
    case count
    /// Pence.
    case money
}

/// One cell of a report.
public enum ReportCell: Hashable, Sendable {
    /// Nothing to say, with no reason to guess.
    case none
    /// Words.
    case text(String)
    /// A count.
    case count(Int)
    /// A sum.
    case money(Money)
    /// An exact decimal, as text: `66.7`.
    case percent(String)
    /// An exact decimal with a unit of its own, as text: `-25.80`.
    case decimal(String)
    /// A moment.
    case instant(Instant)
    /// A day.
    case day(Day)
    /// Words that lead to the rows behind them, by a path of the pages.
    case link(String, path: String)

    /// The plain form, for CSV.
    public var plain: String {
        switch self {
        case .none: ""
        case .text(let text): text
        case .count(let count): String(count)
        case .money(let money): money.decimal
        case .percent(let text), .decimal(let text), .link(let text, path: _): text
        case .instant(let instant): instant.description
        case .day(let day): day.description
        }
    }
}

/// A report as one value: page, chart, JSON and CSV are made of it.
public struct ReportTable: Hashable, Sendable {
    /// Which.
    public let code: ReportCode
    /// As a page is headed.
    public let title: String
    /// What it answers.
    public let question: String
    /// The moment that it describes.
    public let asAt: Instant
    /// What was asked for.
    public let filters: [String: String]
    /// The columns.
    public let columns: [ReportColumn]
    /// The rows, each as long as the columns.
    public let rows: [[ReportCell]]
    /// What numerator and denominator are in.
    public let measure: ReportMeasure
    /// Of all rows together.
    public let numerator: Int
    /// Of all rows together.
    public let denominator: Int
    /// How many were left out; always things, never money.
    public let excluded: Int
    /// What was left out and why, and how to read the numbers.
    public let notes: [String]
    /// SHA-256 of the SQL, in hex: the same question is the same digest.
    public let sqlHash: String
}
