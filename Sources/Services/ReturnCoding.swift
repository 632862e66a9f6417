import Domain

// A return's content as the database keeps it: one JSON document for each section.

extension ReturnContent {
    /// One section as JSON.
    func encoded(_ section: ReturnSection) throws -> String {
        switch section {
        case .outcomes: try JSON.encode(outcomes)
        case .reach: try JSON.encode(reach)
        case .spend: try JSON.encode(spend)
        case .milestones: try JSON.encode(milestones)
        case .risks: try JSON.encode(risks)
        case .learning: try JSON.encode(learning)
        }
    }

    /// Takes one section from its JSON.
    mutating func decode(_ section: ReturnSection, _ json: String) throws {
        switch section {
        case .outcomes: outcomes = try JSON.value(json)
        case .reach: reach = try JSON.value(json)
        case .spend: spend = try JSON.value(json)
        case .milestones: milestones = try JSON.value(json)
        case .risks: risks = try JSON.value(json)
        case .learning: learning = try JSON.value(json)
        }
    }
}

extension Sequence<ReturnSectionRecord> {
    /// The draft that the saved sections make.
    func content() throws -> ReturnContent {
        var content = ReturnContent()
        for record in self { try content.decode(record.section, record.json) }
        return content
    }
}

extension ReturnTable {
    /// The table as it may be passed on. Where counts came withheld already, nothing is added up: a total could give
    /// them away.
    init(_ definition: IndicatorDefinition, _ rows: [ReturnWritingStatements.CountRow], isFull: Bool, threshold: Int) {
        let authorities = rows.map(\.authority).reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
        let periods = Set(rows.map(\.period)).sorted()
        // An authority has one return for a period of an award; several awards are added up.
        let counts: [[Int?]] = authorities.map { authority in
            periods.map { period in
                let here = rows.filter { $0.authority == authority && $0.period == period }.compactMap(\.count)
                return here.isEmpty ? nil : here.reduce(ExactDecimal(units: 0), +).rounded(to: 0).units
            }
        }
        let withheld: [[Bool]] = authorities.map { authority in
            periods.map { period in
                rows.contains { $0.authority == authority && $0.period == period && $0.isWithheld }
            }
        }
        let missing = counts.flatMap(\.self).filter { $0 == nil }.count
        let names = periods.map(\.description)
        guard isFull else {
            self.init(
                code: definition.code, name: definition.name, authorities: authorities, periods: names,
                cells: zip(counts, withheld).map {
                    zip($0, $1).map { $1 ? SuppressedTable.letter : $0.map(String.init) ?? "" }
                },
                rowTotals: [], columnTotals: [], withheld: withheld.flatMap(\.self).filter { $0 }.count,
                missing: missing - withheld.flatMap(\.self).filter { $0 }.count)
            return
        }
        // What was not reported counts as nought in the sums, and shows as blank.
        let released = Suppression.release(
            counts.map { $0.map { $0 ?? 0 } }, shown: [.rows, .columns, .all], threshold: threshold)
        let cells = zip(counts, released.cells).map { zip($0, $1).map { $0 == nil ? "" : SuppressedTable.text($1) } }
        self.init(
            code: definition.code, name: definition.name, authorities: authorities, periods: names, cells: cells,
            rowTotals: released.rowTotals.map(SuppressedTable.text),
            columnTotals: released.columnTotals.map(SuppressedTable.text) + [SuppressedTable.text(released.total)],
            withheld: released.withheld, missing: missing)
    }
}
