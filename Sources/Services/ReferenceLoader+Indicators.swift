import Domain
import Postgres

// Definitions of indicators, how files become figures, and the catalogue of checks.

extension ReferenceLoader {
    /// A definition that is on record never changes: a better one is the next number.
    static func indicatorVersions(_ file: ReferenceFile, _ tx: borrowing Transaction) throws -> ReferenceReport {
        try file.requireColumns([
            "code", "number", "numerator", "denominator", "population_basis", "scale", "rounding", "period_type",
            "available_after_months", "small_number_threshold", "plausible_min", "plausible_max", "tags", "valid_from",
        ])
        let there = try tx.run(IndicatorReferenceStatements.versions.many)
        let known = Dictionary(there.map { ($0.key, $0.words) }) { first, _ in first }
        var report = ReferenceReport(file: file.name)
        var new: [IndicatorReferenceStatements.Version] = []
        for row in file.rows {
            guard let number = Int(row["number"]), let scale = Int(row["scale"]),
                let months = Int(row["available_after_months"]), let threshold = Int(row["small_number_threshold"]),
                let from = Day(row["valid_from"])
            else { throw badRow(row, file, "a number or a date that is none") }
            let version = IndicatorReferenceStatements.Version(
                code: row["code"], number: number, numerator: row["numerator"], denominator: row["denominator"],
                populationBasis: row["population_basis"], scale: scale, rounding: row["rounding"],
                periodType: row["period_type"], availableAfterMonths: months, threshold: threshold,
                low: row["plausible_min"],
                high: row["plausible_max"], tags: row["tags"], framework: row["framework_version"],
                comparators: row["comparators"], from: from)
            switch known[version.key] {
            case nil:
                new.append(version)
                report.added.append(version.key)
            case version.words: report.unchanged += 1
            default:
                throw Refusal(
                    .invalid, code: "definition_fixed",
                    "Line \(row.line) of \(file.name) changes the definition \(version.key), which is on record. "
                        + "Give the new definition the next number. Nothing was loaded.")
            }
        }
        if !new.isEmpty { tx.queue(IndicatorReferenceStatements.add(new).done) }
        return report
    }

    static func statisticSeries(_ file: ReferenceFile, _ tx: borrowing Transaction) throws -> ReferenceReport {
        let columns = [
            "code", "format", "layout", "indicator_code", "cohort", "numerator_column", "denominator_column",
            "value_column",
            "filters", "denominator_filters", "priority", "source",
        ]
        try file.requireColumns(columns)
        let rows = file.rows.map { row in columns.map { row[$0] } }
        for row in file.rows where Int(row["priority"]) == nil {
            throw badRow(row, file, "a priority that is no number")
        }
        return try put(file, rows, there: IndicatorReferenceStatements.series, tx) {
            IndicatorReferenceStatements.putSeries($0)
        }
    }

    static func returnRules(_ file: ReferenceFile, _ tx: borrowing Transaction) throws -> ReferenceReport {
        let columns = ["code", "severity", "number", "meaning", "sentence", "fix", "source"]
        try file.requireColumns(columns)
        for row in file.rows
        where ReturnRule.Code(rawValue: row["code"]) == nil || ReturnRule.Severity(rawValue: row["severity"]) == nil {
            throw badRow(row, file, "a rule or a severity that does not exist")
        }
        return try put(
            file, file.rows.map { row in columns.map { row[$0] } }, there: IndicatorReferenceStatements.rules, tx
        ) {
            IndicatorReferenceStatements.putRules($0)
        }
    }

    /// Adds and changes rows of texts whose first column is the key.
    private static func put(
        _ file: ReferenceFile, _ rows: [[String]], there: Statement<[String]>, _ tx: borrowing Transaction,
        _ statement: ([[String]]) -> Statement<Void>
    ) throws -> ReferenceReport {
        let known = Dictionary(try tx.run(there.many).map { ($0[0], $0) }) { first, _ in first }
        var report = ReferenceReport(file: file.name)
        var new: [[String]] = []
        for row in rows {
            guard known[row[0]] != row else {
                report.unchanged += 1
                continue
            }
            new.append(row)
            if let old = known[row[0]] {
                let place = zip(old, row).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? 0
                report.changed.append(.init(key: row[0], field: "\(place + 1)", before: old[place], after: row[place]))
            } else {
                report.added.append(row[0])
            }
        }
        if !new.isEmpty { tx.queue(statement(new).done) }
        return report
    }

    private static func badRow(_ row: ReferenceFile.Row, _ file: ReferenceFile, _ what: String) -> Refusal {
        Refusal(
            .invalid, code: "bad_reference_row", "Line \(row.line) of \(file.name) has \(what). Nothing was loaded.")
    }
}
