import Crypto
public import Domain
import FoundationEssentials
import Postgres

/// Published figures: what the department and the statistics office say about every authority.
public struct Statistics: Sendable {
    let platform: Platform

    /// The registry: every indicator with the definition in force.
    public func registry(_ actor: Actor) async throws -> [IndicatorDefinition] {
        let (subject, rows) = try await platform.read("statistics.registry", actor, StatisticStatements.registry.many)
        _ = try Permission.authorise(.indicatorList, subject: subject)
        return rows
    }

    /// One indicator: its definitions, and what authorities published for one period (the newest when nil), by name.
    public func indicator(_ actor: Actor, _ code: String, period: String? = nil, cohort: String = "") async throws
        -> IndicatorFigures
    {
        let (subject, versions, periods, figures, pooled, loads) = try await platform.read(
            "statistics.indicator", actor, StatisticStatements.definitions(code).many,
            StatisticStatements.periods(code).many,
            StatisticStatements.figures(code, period: period, cohort: cohort).many,
            StatisticStatements.pooled(code, period: period, cohort: cohort).optional,
            StatisticStatements.loads(code).many)
        _ = try Permission.authorise(.statisticList, subject: subject)
        guard let current = versions.first else { throw Refusal.notFound("indicator") }
        return IndicatorFigures(
            definition: current, versions: versions, periods: periods, period: period ?? periods.first?.period,
            cohort: cohort,
            figures: figures, pooled: pooled, loads: loads)
    }

    /// What was published about one authority: the newest period of each indicator beside England, its region and the
    /// middle of its statistical neighbours.
    public func authority(_ actor: Actor, _ id: OrganisationID) async throws -> AuthorityFigures {
        let (subject, name, rows) = try await platform.read(
            "statistics.authority", actor, StatisticStatements.name(id).optional, StatisticStatements.authority(id).many
        )
        _ = try Permission.authorise(.statisticList, subject: subject)
        guard let name else { throw Refusal.notFound("authority") }
        return AuthorityFigures(organisation: id, name: name, rows: rows)
    }

    /// Loads one published file, given piece by piece: `next` answers the following bytes, nil at the end. Recognised
    /// by its header, copied into staging in chunks, checked as a set, compared with what is on record. The same file
    /// again changes nothing; a file with one bad line changes nothing. Operator only.
    public func load(
        file: String, dryRun: Bool = false, progress: @escaping @Sendable (Int) -> Void = { _ in },
        next: @escaping @Sendable () throws -> [UInt8]?
    ) async throws -> StatisticsReport {
        let id = Identifier<StatisticsReport>.fresh()
        return try await Refusals.mapped {
            try await platform.database.importing("statistics.load") { tx in
                let catalogue = try tx.run(StatisticStatements.catalogue.many)
                let read = try Self.stage(id, catalogue, tx, progress: progress, next: next)
                let json = try tx.run(
                    StatisticStatements.accept(
                        id, file: file, format: read.format, hash: read.hash, rows: read.rows, dryRun: dryRun
                    ).one)
                let report = StatisticsReport(
                    file: file, sha256: Hex.text(read.hash),
                    content: try JSON.decode(StatisticsReport.Content.self, json),
                    json: json)
                if report.content.accepted, !dryRun, report.content.changedAnything {
                    tx.queue(
                        Record().event(
                            "statistics.load", on: ObjectReference(kind: "statistics_load", id: id.rawValue),
                            after: read.hash,
                            detail: [
                                "file": file, "format": read.format, "rows": "\(read.rows)",
                                "added": "\(report.content.added ?? 0)", "changed": "\(report.content.changed ?? 0)",
                            ]))
                }
                return report
            }
        }
    }

    /// Copies the file into staging. Memory holds one chunk and one record.
    private static func stage(
        _ id: Identifier<StatisticsReport>, _ catalogue: [StatisticsFile.Series], _ tx: borrowing Transaction,
        progress: (Int) -> Void, next: () throws -> [UInt8]?
    ) throws -> (format: String, rows: Int, hash: [UInt8]) {
        var text = DelimitedText()
        var sha = SHA256()
        var file: StatisticsFile?
        var rows = 0
        let load = id.rawValue.uuidString.lowercased()
        // The header comes first, so that a file of no known format is refused before anything is sent.
        var pending: [DelimitedText.Record] = []
        func take(_ record: DelimitedText.Record) throws {
            if file == nil {
                file = try StatisticsFile(header: record.cells, catalogue: catalogue)
            } else if !record.isBlank {
                pending.append(record)
            }
        }
        while file == nil, let bytes = try next() {
            sha.update(data: bytes)
            try text.take(bytes, take)
        }
        if file == nil { try text.finish(take) }
        guard let recognised = file else {
            throw Refusal(.invalid, code: "empty_file", "The file is empty. Nothing was loaded.")
        }
        _ = try tx.copy("statistics.stage", into: StatisticStatements.staging) { staging in
            func write() throws {
                for record in pending {
                    rows += 1
                    for staged in try recognised.staged(record) { try Self.write(staged, load, record.line, &staging) }
                }
                pending.removeAll(keepingCapacity: true)
                progress(rows)
            }
            try write()
            while let bytes = try next() {
                sha.update(data: bytes)
                try text.take(bytes, take)
                try write()
            }
            try text.finish(take)
            try write()
        }
        return (recognised.format, rows, Array(sha.finalize()))
    }

    private static func write(
        _ staged: StatisticsFile.Staged, _ load: String, _ line: Int, _ staging: inout CopyWriter
    ) throws {
        try staging.row(
            load, String(line), staged.series, staged.part, staged.period, staged.geography, staged.dfeCode,
            staged.gssCode,
            staged.areaName, staged.numerator, staged.denominator, staged.value)
    }
}
