public import Domain
import Postgres
import Schema

/// Reports: SQL under version control, run as the reader, so that it counts what the reader may see.
public struct Reports: Sendable {
    let platform: Platform

    /// No report is asked about a later moment than this: 1 January 2100.
    private static let latest = Instant(seconds: 4_102_444_800)

    /// Runs a report as things stood at a moment; now, unless one is given. Filters are those of ``ReportCode/filters``.
    public func run(
        _ actor: Actor, _ code: ReportCode, asAt: Instant? = nil, filters: [String: String] = [:]
    ) async throws -> ReportTable {
        let report = code.definition
        let query = ReportQuery(asAt: asAt, filters: try ReportFilters(filters, of: report))
        if let asAt, asAt > Self.latest {
            throw Refusal.invalid([FieldProblem("asAt", "Enter a day before the year 2100.")])
        }
        let lines = report.lines(query).many
        guard let totals = report.totals else {
            let (subject, found) = try await platform.report("reports.run", actor, lines)
            _ = try Permission.authorise(report.action, subject: subject)
            return Self.table(code, report, query, subject, found, found.map(\.counts))
        }
        let (subject, found, counts) = try await platform.report("reports.run", actor, lines, totals(query).many)
        _ = try Permission.authorise(report.action, subject: subject)
        return Self.table(code, report, query, subject, found, counts)
    }

    private static func table(
        _ code: ReportCode, _ report: ReportDefinition, _ query: ReportQuery, _ subject: Subject, _ lines: [ReportLine],
        _ counts: [ReportCounts]
    ) -> ReportTable {
        var notes: [String] = []
        for note in counts.compactMap(\.why) + report.reading where !note.isEmpty && !notes.contains(note) {
            notes.append(note)
        }
        return ReportTable(
            code: code, title: report.title, question: report.question, asAt: query.asAt ?? subject.now,
            filters: query.filters.given, columns: report.columns, rows: lines.filter(\.isShown).map(\.cells),
            measure: report.measure, numerator: counts.map(\.numerator).reduce(0, +),
            denominator: counts.map(\.denominator).reduce(0, +),
            excluded: counts.map(\.excluded).reduce(0, +), notes: notes, sqlHash: sqlHash(code))
    }

    private static func sqlHash(_ code: ReportCode) -> String {
        let script = Schema.repeatables.first { $0.name.hasPrefix(code.rawValue + "_") }
        return Hex.text(digest(of: script?.bytes ?? []))
    }
}
