public import Domain
import Postgres

/// One report as data: what it asks, what it shows, which filters it knows and the SQL that answers.
///
/// A report is two files: `sql/reports/rNN_name.sql`, a function that counts, and a definition here that names its columns.
public struct ReportDefinition: Sendable {
    let title: String
    let question: String
    /// Who may run it.
    let action: Action
    /// What its totals are in.
    let measure: ReportMeasure
    let filters: [String]
    let columns: [ReportColumn]
    /// What is true of the report whatever it finds, for people who read it.
    let reading: [String]
    /// The lines. The statement answers the columns in their order, without the computed ones (a link is its words and its
    /// path), and then `numerator, denominator, excluded, why`. A line whose first column is null is counted and not shown.
    let lines: @Sendable (ReportQuery) -> Statement<ReportLine>
    /// Counts of the whole, for a report whose lines are only a page of it.
    let totals: (@Sendable (ReportQuery) -> Statement<ReportCounts>)?

    init(
        _ title: String, _ question: String, action: Action = .reportRead, measure: ReportMeasure = .count,
        filters: [String] = ["programme"], columns: [ReportColumn], reading: [String] = [],
        totals: (@Sendable (ReportQuery) -> Statement<ReportCounts>)? = nil,
        lines: @escaping @Sendable (ReportQuery) -> (StaticString, SQL)
    ) {
        self.title = title
        self.question = question
        self.action = action
        self.measure = measure
        self.filters = filters
        self.columns = columns
        self.reading = reading
        self.totals = totals
        self.lines = { query in
            let (name, sql) = lines(query)
            return Statement(name, sql) { row in try ReportLine(&row, columns) }
        }
    }
}

/// What a report is asked.
struct ReportQuery: Sendable {
    /// The moment; nil is now, by the database's clock.
    let asAt: Instant?
    let filters: ReportFilters
}

/// What was counted, and what was not.
struct ReportCounts: Sendable {
    let numerator: Int
    let denominator: Int
    let excluded: Int
    let why: String?

    init(_ row: inout RowReader) throws {
        numerator = try row.read()
        denominator = try row.read()
        excluded = try row.read()
        why = try row.read()
    }
}

/// A line of a report, as the database answers it.
struct ReportLine: Sendable {
    let cells: [ReportCell]
    let counts: ReportCounts

    /// Whether it is a line to show, or only counts to add.
    var isShown: Bool { cells.first != ReportCell.none }

    init(_ row: inout RowReader, _ columns: [ReportColumn]) throws {
        var cells: [ReportCell] = []
        for column in columns { cells.append(column.computed == nil ? try column.kind.cell(&row) : .none) }
        for (index, column) in columns.enumerated() {
            if let computed = column.computed { cells[index] = computed.cell(columns, cells) }
        }
        self.cells = cells
        counts = try ReportCounts(&row)
    }
}

extension ReportColumn.Kind {
    /// Reads a cell; null is nothing.
    fileprivate func cell(_ row: inout RowReader) throws -> ReportCell {
        switch self {
        case .text: try row.read(String?.self).map { .text($0) } ?? .none
        case .count: try row.read(Int?.self).map { .count($0) } ?? .none
        case .money: try row.read(Money?.self).map { .money($0) } ?? .none
        case .percent: try row.read(String?.self).map { .percent($0) } ?? .none
        case .decimal: try row.read(String?.self).map { .decimal($0) } ?? .none
        case .instant: try row.read(Instant?.self).map { .instant($0) } ?? .none
        case .day: try row.read(Day?.self).map { .day($0) } ?? .none
        case .link: try link(&row)
        }
    }

    private func link(_ row: inout RowReader) throws -> ReportCell {
        let words = try row.read(String?.self)
        let path = try row.read(String?.self)
        guard let words else { return .none }
        return path.map { .link(words, path: $0) } ?? .text(words)
    }
}

extension ReportColumn.Computed {
    fileprivate func cell(_ columns: [ReportColumn], _ cells: [ReportCell]) -> ReportCell {
        func count(_ key: String) -> Int? {
            guard let index = columns.firstIndex(where: { $0.key == key }), case .count(let count) = cells[index] else {
                return nil
            }
            return count
        }
        switch self {
        case .share(let part, of: let whole):
            guard let part = count(part), let whole = count(whole) else { return .none }
            return Decimals.quotient(part * 100, by: whole, places: 1).map { .percent($0) } ?? .none
        case .interval(let part, of: let whole):
            // Pounds are no sample of cases.
            let isMoney = zip(columns, cells).contains { $0.key == "unit" && $1 == .text("pounds") }
            guard !isMoney, let part = count(part), let whole = count(whole), let share = Proportion(part, of: whole)
            else { return .none }
            return share.interval.map { .text($0) } ?? .none
        }
    }
}

extension Proportion {
    /// The Wilson interval in percent, to one place, as text: `66.7% to 87.5%`. Nil for 0 of 0.
    public var interval: String? {
        wilson95.map { "\(Self.percent($0.low))% to \(Self.percent($0.high))%" }
    }

    private static func percent(_ share: Double) -> String {
        let tenths = Int((share * 1000).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
