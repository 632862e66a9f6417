import Domain
import FoundationEssentials
import Postgres
public import Schema

/// Loads facts about the world: authorities with their dated facts, their neighbours, the registry of indicators. Loading
/// the same files again changes nothing. Runs as the owner.
public struct ReferenceLoader: Sendable {
    let platform: Platform

    /// The year of the neighbours' model.
    private static let neighbourYear = 2025

    /// A loader on the core that stands on the owner's connection.
    public init(_ core: Touchstone) {
        platform = core.platform
    }

    /// Loads everything that is built in, in one transaction.
    public func load() async throws -> [ReferenceReport] {
        try await load(Schema.reference)
    }

    /// Loads these files, by name: `authorities`, `lifetimes`, `successors`, `neighbours`, `indicators`, `indicator_versions`, `statistic_series`,
    /// `return_rules`, `bank_holidays`; others are left out.
    public func load(_ scripts: [Schema.Script]) async throws -> [ReferenceReport] {
        try await platform.system("reference.load") { tx in
            tx.queue(ReferenceStatements.lock.done)
            var reports: [ReferenceReport] = []
            for script in scripts {
                let file = ReferenceFile(name: script.name, text: script.text)
                guard let report = try Self.load(file, tx) else { continue }
                reports.append(report)
                tx.queue(
                    ReferenceStatements.record(
                        name: script.name, sha256: script.checksum, rows: file.rows.count,
                        changes: PostgresJSON(try JSON.encode(report))
                    ).done)
                guard report.changedAnything else { continue }
                tx.queue(
                    Record().event(
                        "reference.load", on: ObjectReference(kind: "organisation", id: nil), after: script.checksum,
                        detail: [
                            "file": script.name, "added": "\(report.added.count)", "changed": "\(report.changed.count)",
                        ]))
            }
            return reports
        }
    }

    private static func load(_ file: ReferenceFile, _ tx: borrowing Transaction) throws -> ReferenceReport? {
        switch file.name {
        case "authorities": try authorities(file, AuthorityRow.authorities(file), tx)
        case "lifetimes": try authorities(file, AuthorityRow.lifetimes(file), tx)
        case "successors": try successors(file, tx)
        case "neighbours": try neighbours(file, tx)
        case "indicators": try indicators(file, tx)
        case "bank_holidays": try bankHolidays(file, tx)
        case "indicator_versions": try indicatorVersions(file, tx)
        case "statistic_series": try statisticSeries(file, tx)
        case "return_rules": try returnRules(file, tx)
        default: nil
        }
    }

    private static func authorities(
        _ file: ReferenceFile, _ rows: [AuthorityRow], _ tx: borrowing Transaction
    ) throws -> ReferenceReport {
        let (today, known, facts) = try tx.pipeline(
            ReferenceStatements.today.one, ReferenceStatements.known.many, ReferenceStatements.facts.many)
        var plan = ReferencePlan(file: file.name, known: known, facts: facts)
        plan.take(rows, source: "Reference file \(file.name)", today: today)
        if !plan.added.isEmpty { tx.queue(ReferenceStatements.add(plan.added).done) }
        if !plan.renamed.isEmpty { tx.queue(ReferenceStatements.rename(plan.renamed).done) }
        if !plan.facts.isEmpty { tx.queue(ReferenceStatements.addFacts(plan.facts).done) }
        return plan.report
    }

    private static func codes(_ tx: borrowing Transaction) throws -> [String: OrganisationID] {
        let known = try tx.run(ReferenceStatements.known.many)
        return Dictionary(known.map { ($0.dfeCode, $0.id) }, uniquingKeysWith: { first, _ in first })
    }

    private static func find(
        _ code: String, in codes: [String: OrganisationID], _ file: ReferenceFile, line: Int
    ) throws -> OrganisationID {
        guard let id = codes[code] else {
            throw Refusal(
                .invalid, code: "unknown_authority",
                "Line \(line) of \(file.name) names the DfE code \(code), which no authority has. Nothing was loaded.")
        }
        return id
    }

    private static func neighbours(_ file: ReferenceFile, _ tx: borrowing Transaction) throws -> ReferenceReport {
        try file.requireColumns(["old_la_code", "SN_1", "SN_10"])
        let codes = try codes(tx)
        let there = Set(try tx.run(ReferenceStatements.neighbours(year: neighbourYear).many))
        var report = ReferenceReport(file: file.name)
        var rows: [ReferenceStatements.Neighbour] = []
        for row in file.rows {
            let organisation = try find(row["old_la_code"], in: codes, file, line: row.line)
            for rank in 1...10 {
                let other = try find(row["SN_\(rank)"], in: codes, file, line: row.line)
                let new = ReferenceStatements.Neighbour(organisation: organisation, rank: rank, neighbour: other)
                guard !there.contains(new) else {
                    report.unchanged += 1
                    continue
                }
                rows.append(new)
                let what = "\(row["old_la_code"]) neighbour \(rank)"
                if there.contains(where: { $0.organisation == organisation && $0.rank == rank }) {
                    report.changed.append(.init(key: what, field: "neighbour", before: nil, after: row["SN_\(rank)"]))
                } else {
                    report.added.append(what)
                }
            }
        }
        if !rows.isEmpty { tx.queue(ReferenceStatements.putNeighbours(rows, year: neighbourYear).done) }
        return report
    }

    private static func successors(_ file: ReferenceFile, _ tx: borrowing Transaction) throws -> ReferenceReport {
        try file.requireColumns(["predecessor", "successor", "effective_on"])
        let codes = try codes(tx)
        let there = Set(try tx.run(ReferenceStatements.successions.many))
        var report = ReferenceReport(file: file.name)
        var rows: [ReferenceStatements.Succession] = []
        for row in file.rows {
            guard let day = Day(row["effective_on"]) else {
                throw Refusal(
                    .invalid, code: "bad_reference_row",
                    "Line \(row.line) of \(file.name) has no date. Nothing was loaded.")
            }
            let new = ReferenceStatements.Succession(
                predecessor: try find(row["predecessor"], in: codes, file, line: row.line),
                successor: try find(row["successor"], in: codes, file, line: row.line), on: day)
            guard !there.contains(new) else {
                report.unchanged += 1
                continue
            }
            rows.append(new)
            report.added.append("\(row["predecessor"]) to \(row["successor"])")
        }
        if !rows.isEmpty { tx.queue(ReferenceStatements.putSuccessions(rows).done) }
        return report
    }

    private static func bankHolidays(_ file: ReferenceFile, _ tx: borrowing Transaction) throws -> ReferenceReport {
        try file.requireColumns(["date", "name"])
        let there = Set(try tx.run(ReferenceStatements.bankHolidays.many))
        var report = ReferenceReport(file: file.name)
        var days: [Day] = []
        var names: [String] = []
        for row in file.rows {
            guard let day = Day(row["date"]) else {
                throw Refusal(
                    .invalid, code: "bad_reference_row",
                    "Line \(row.line) of \(file.name) has no date. Nothing was loaded.")
            }
            guard !there.contains(day) else {
                report.unchanged += 1
                continue
            }
            days.append(day)
            names.append(row["name"])
            report.added.append(day.description)
        }
        if !days.isEmpty { tx.queue(ReferenceStatements.putBankHolidays(days, names).done) }
        return report
    }

    private static func indicators(_ file: ReferenceFile, _ tx: borrowing Transaction) throws -> ReferenceReport {
        try file.requireColumns(["code", "name", "unit", "decimals", "polarity", "source"])
        let known = try tx.run(OrganisationStatements.indicators.many)
        let there = Dictionary(uniqueKeysWithValues: known.map { ($0.code, $0) })
        var report = ReferenceReport(file: file.name)
        var rows: [Indicator] = []
        for row in file.rows {
            guard let unit = Indicator.Unit(rawValue: row["unit"]), let decimals = Int(row["decimals"]),
                let polarity = Indicator.Polarity(rawValue: row["polarity"])
            else {
                throw Refusal(
                    .invalid, code: "bad_reference_row",
                    "Line \(row.line) of \(file.name) has a unit, decimals or polarity that does not exist. "
                        + "Nothing was loaded.")
            }
            let new = Indicator(
                code: row["code"], name: row["name"], unit: unit, decimals: decimals, polarity: polarity,
                source: row["source"])
            switch there[new.code] {
            case new: report.unchanged += 1
            case nil:
                rows.append(new)
                report.added.append(new.code)
            case let old?:
                rows.append(new)
                report.changed.append(.init(key: new.code, field: "name", before: old.name, after: new.name))
            }
        }
        if !rows.isEmpty { tx.queue(ReferenceStatements.putIndicators(rows).done) }
        return report
    }
}
