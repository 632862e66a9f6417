public import Domain
import Postgres

/// The reports that exist so far; the number is that of `spec/reports.md`.
public enum ReportCode: String, Sendable, CaseIterable, Codable {
    /// Compliance with delegated limits and consent.
    case r11
    /// Segregation of duties.
    case r12
    /// The audit trail.
    case r59

    /// As a page is headed.
    public var title: String {
        switch self {
        case .r11: "Delegated limits and consent"
        case .r12: "Segregation of duties"
        case .r59: "Audit trail"
        }
    }

    /// What it answers.
    public var question: String {
        switch self {
        case .r11: "How many approvals were within the approver's delegated limit and, where needed, had consent first?"
        case .r12: "How many acts in scope were refused because duties must be separate, and did any get through?"
        case .r59: "What happened, to what, by whom, and is it sealed?"
        }
    }
}

/// A column of a report.
public struct ReportColumn: Hashable, Sendable, Codable {
    /// What its cells hold.
    public enum Kind: String, Sendable, CaseIterable, Codable { case text, count, money, percent, instant, day }

    /// Permanent name, for programs.
    public let key: String
    /// As people read it.
    public let title: String
    /// What its cells hold.
    public let kind: Kind
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
    /// A moment.
    case instant(Instant)
    /// A day.
    case day(Day)

    /// The plain form, for CSV.
    public var plain: String {
        switch self {
        case .none: ""
        case .text(let text): text
        case .count(let count): String(count)
        case .money(let money): money.decimal
        case .percent(let text): text
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
    /// Of all rows together.
    public let numerator: Int
    /// Of all rows together.
    public let denominator: Int
    /// How many were left out.
    public let excluded: Int
    /// What was left out and why, and how to read the numbers.
    public let notes: [String]
    /// SHA-256 of the SQL, in hex: the same question is the same digest.
    public let sqlHash: String
}

/// Reports: SQL under version control, run as the reader.
public struct Reports: Sendable {
    let platform: Platform
}
