public import Domain
import FoundationEssentials
import Postgres
import Schema

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

/// Reports: SQL under version control, run as the reader, so that it counts what the reader may see.
public struct Reports: Sendable {
    let platform: Platform

    /// No report is asked about a later moment than this: 1 January 2100.
    private static let latest = Instant(seconds: 4_102_444_800)

    /// Runs a report as things stood at a moment; now, unless one is given. Filters are those of
    /// ``ReportCode/filters``.
    public func run(
        _ actor: Actor, _ code: ReportCode, asAt: Instant? = nil, filters: [String: String] = [:]
    ) async throws -> ReportTable {
        let wanted = try ReportFilters(filters, of: code)
        if let asAt, asAt > Self.latest {
            throw Refusal.invalid([FieldProblem("asAt", "Enter a day before the year 2100.")])
        }
        switch code {
        case .r11: return try await delegatedLimits(actor, asAt, wanted)
        case .r12: return try await segregation(actor, asAt, wanted)
        case .r59: return try await auditTrail(actor, asAt, wanted)
        }
    }

    private func delegatedLimits(_ actor: Actor, _ asAt: Instant?, _ filters: ReportFilters) async throws -> ReportTable
    {
        let (subject, rows) = try await platform.report(
            "reports.r11", actor, ReportStatements.delegatedLimits(asAt: asAt, programme: filters.programme).many)
        _ = try Permission.authorise(.reportRead, subject: subject)
        let shown = rows.filter { !$0.tier.isEmpty }
        return table(
            .r11, asAt ?? subject.now, filters, columns: ReportColumn.delegatedLimits,
            rows: shown.map { row in
                [
                    .text(row.year), .text(row.tier), .count(row.numerator), .count(row.denominator),
                    Self.share(row.numerator, row.denominator), .count(row.excluded), .money(row.amount),
                    .text(row.outside.joined(separator: ", ")),
                ]
            },
            counts: rows.map { ($0.numerator, $0.denominator, $0.excluded) }, why: rows.compactMap(\.why))
    }

    private func segregation(_ actor: Actor, _ asAt: Instant?, _ filters: ReportFilters) async throws -> ReportTable {
        let (subject, rows) = try await platform.report(
            "reports.r12", actor, ReportStatements.segregation(asAt: asAt, programme: filters.programme).many)
        _ = try Permission.authorise(.reportRead, subject: subject)
        let shown = rows.filter { !$0.duty.isEmpty }
        let violations = shown.map(\.violations).reduce(0, +)
        return table(
            .r12, asAt ?? subject.now, filters, columns: ReportColumn.segregation,
            rows: shown.map { row in
                [
                    .day(row.month), .text("\(row.duty) and \(row.other)"), .count(row.numerator),
                    .count(row.violations),
                    .count(row.denominator), Self.share(row.numerator, row.denominator),
                ]
            },
            counts: rows.map { ($0.numerator, $0.denominator, $0.excluded) },
            why: rows.compactMap(\.why) + ["Violations must be 0; there are \(violations)."])
    }

    private func auditTrail(_ actor: Actor, _ asAt: Instant?, _ filters: ReportFilters) async throws -> ReportTable {
        let (subject, rows, totals) = try await platform.report(
            "reports.r59", actor, ReportStatements.auditTrail(asAt: asAt, filters).many,
            ReportStatements.auditTotals(asAt: asAt, filters).many)
        _ = try Permission.authorise(.reportRead, subject: subject)
        return table(
            .r59, asAt ?? subject.now, filters, columns: ReportColumn.auditTrail, rows: rows,
            counts: totals.map { ($0.numerator, $0.denominator, $0.excluded) }, why: totals.compactMap(\.why))
    }

    private func table(
        _ code: ReportCode, _ asAt: Instant, _ filters: ReportFilters, columns: [ReportColumn], rows: [[ReportCell]],
        counts: [(Int, Int, Int)], why: [String]
    ) -> ReportTable {
        var notes: [String] = []
        for note in why where !note.isEmpty && !notes.contains(note) { notes.append(note) }
        let script = Schema.repeatables.first { $0.name.hasPrefix(code.rawValue + "_") }
        return ReportTable(
            code: code, title: code.title, question: code.question, asAt: asAt, filters: filters.given,
            columns: columns,
            rows: rows, numerator: counts.map(\.0).reduce(0, +), denominator: counts.map(\.1).reduce(0, +),
            excluded: counts.map(\.2).reduce(0, +), notes: notes, sqlHash: Hex.text(digest(of: script?.bytes ?? [])))
    }

    private static func share(_ numerator: Int, _ denominator: Int) -> ReportCell {
        Decimals.quotient(numerator * 100, by: denominator, places: 1).map { .percent($0) } ?? .none
    }
}

extension ReportColumn {
    fileprivate static let delegatedLimits = [
        ReportColumn(key: "financial_year", title: "Financial year", kind: .text),
        ReportColumn(key: "tier", title: "Tier", kind: .text),
        ReportColumn(key: "compliant", title: "Within limit and consent", kind: .count),
        ReportColumn(key: "approvals", title: "All approvals", kind: .count),
        ReportColumn(key: "share", title: "Share", kind: .percent),
        ReportColumn(key: "excluded", title: "Left out", kind: .count),
        ReportColumn(key: "amount", title: "Sum approved", kind: .money),
        ReportColumn(key: "outside", title: "Outside", kind: .text),
    ]

    fileprivate static let segregation = [
        ReportColumn(key: "month", title: "Month", kind: .day),
        ReportColumn(key: "pair", title: "Duties", kind: .text),
        ReportColumn(key: "denied", title: "Refused attempts", kind: .count),
        ReportColumn(key: "violations", title: "Violations", kind: .count),
        ReportColumn(key: "acts", title: "Acts in scope", kind: .count),
        ReportColumn(key: "share", title: "Share refused", kind: .percent),
    ]

    fileprivate static let auditTrail = [
        ReportColumn(key: "seq", title: "Number", kind: .count),
        ReportColumn(key: "at", title: "When", kind: .instant),
        ReportColumn(key: "person", title: "Who", kind: .text),
        ReportColumn(key: "organisation", title: "Organisation", kind: .text),
        ReportColumn(key: "capacity", title: "Acting as", kind: .text),
        ReportColumn(key: "action", title: "Action", kind: .text),
        ReportColumn(key: "object", title: "Object", kind: .text),
        ReportColumn(key: "from", title: "From", kind: .text),
        ReportColumn(key: "to", title: "To", kind: .text),
        ReportColumn(key: "reason", title: "Reason", kind: .text),
        ReportColumn(key: "sealed_in", title: "Sealed in batch", kind: .count),
    ]
}

extension ReportCode {
    /// The filters that it knows.
    public var filters: [String] {
        switch self {
        case .r11, .r12: ["programme"]
        case .r59: ["kind", "id", "person", "action", "since", "until", "before", "size"]
        }
    }
}

/// Filters of a report, read from text.
struct ReportFilters: Sendable {
    let given: [String: String]
    private(set) var programme: ProgrammeID?
    private(set) var kind: String?
    private(set) var object: UUID?
    private(set) var person: PersonID?
    private(set) var action: String?
    private(set) var since: Instant?
    private(set) var until: Instant?
    private(set) var before: Int?
    private(set) var size = 100

    /// The most rows of the audit trail at once.
    static let sizeMax = 1000

    init(_ filters: [String: String], of code: ReportCode) throws(Refusal) {
        given = filters.filter { !$0.value.isEmpty }
        for (name, value) in given {
            guard code.filters.contains(name) else {
                throw .invalid([
                    FieldProblem(
                        name, "This report has no such filter. It has: \(code.filters.joined(separator: ", ")).")
                ])
            }
            guard read(name, value) else {
                throw .invalid([FieldProblem(name, "Enter a value that this filter understands.")])
            }
        }
    }

    private mutating func read(_ name: String, _ value: String) -> Bool {
        switch name {
        case "programme":
            programme = ProgrammeID(value)
            return programme != nil
        case "kind": kind = value
        case "id":
            object = UUID(uuidString: value)
            return object != nil
        case "person":
            person = PersonID(value)
            return person != nil
        case "action": action = value
        case "since":
            since = Instant(value)
            return since != nil
        case "until":
            until = Instant(value)
            return until != nil
        case "before":
            before = Int(value)
            return before != nil
        default:
            size = min(Int(value) ?? 0, Self.sizeMax)
            return size > 0
        }
        return true
    }
}
