import Domain
import FoundationEssentials

/// What a load has to write, worked out from the files and from what is there. Pure: the same input, the same plan.
struct ReferencePlan {
    /// An organisation to add.
    struct NewOrganisation: Hashable {
        let id: OrganisationID
        let dfeCode: String
        let name: String
        let from: Day?
        let to: Day?
    }

    /// A name or lifetime to change.
    struct Renamed: Hashable {
        let id: OrganisationID
        let name: String
        let from: Day?
        let to: Day?
    }

    /// A dated fact.
    struct Fact: Hashable {
        let organisation: OrganisationID
        let fact: OrganisationFact
        let value: String
        let from: Day
        let to: Day?
        let source: String

        /// What makes it the same fact, wherever it comes from.
        var key: String {
            "\(organisation)|\(fact.rawValue)|\(value)|\(from)|\(to?.description ?? "")"
        }
    }

    /// An organisation that is there.
    struct Known: Sendable, Hashable {
        let id: OrganisationID
        let dfeCode: String
        let name: String
        let from: Day?
        let to: Day?
    }

    private(set) var added: [NewOrganisation] = []
    private(set) var renamed: [Renamed] = []
    private(set) var facts: [Fact] = []
    private(set) var report: ReferenceReport
    private(set) var ids: [String: OrganisationID]
    private let known: [String: Known]
    private let knownFacts: [Fact]

    init(file: String, known: [Known], facts: [Fact]) {
        self.known = Dictionary(known.map { ($0.dfeCode, $0) }, uniquingKeysWith: { first, _ in first })
        ids = self.known.mapValues(\.id)
        knownFacts = facts
        report = ReferenceReport(file: file)
    }

    /// The day from which facts are dated when a file gives none.
    private static let beginning = Day(number: 14_245)  // 1 January 2009, the floor of the codes file

    /// Authorities match on the DfE code alone: GSS codes move, and a file that is older or newer than the record must not
    /// make a second authority.
    mutating func take(_ rows: [AuthorityRow], source: String, today: Day) {
        let byCode = Dictionary(grouping: rows, by: \.dfeCode)
        let was = Dictionary(grouping: knownFacts, by: \.organisation)
        var keys = Set(knownFacts.map(\.key))
        for (code, rows) in byCode.sorted(by: { $0.key < $1.key }) {
            let rows = rows.sorted { ($0.from ?? Self.beginning) < ($1.from ?? Self.beginning) }
            guard let newest = rows.last else { continue }
            let from = rows.compactMap(\.from).min()
            let to = newest.until.map { $0.adding(days: 1) }
            let id = organisation(code, newest.name, from: from, to: to, rows: rows)
            let before = was[id] ?? []
            let count = facts.count
            for row in rows {
                for fact in Self.facts(of: row, id, source: source) {
                    if fact.fact == .gssCode, let other = differentCode(fact, before, code, newest.name, today) {
                        report.gssChanges.append(other)
                        // A code that is on record for an earlier time is an old file, not news.
                        if before.contains(where: { $0.fact == .gssCode && $0.value == fact.value }) { continue }
                    }
                    if Self.isOnRecord(fact, before) { continue }
                    if keys.insert(fact.key).inserted { facts.append(fact) }
                }
            }
            if known[code] != nil, facts.count == count, renamed.last?.id != id { report.unchanged += 1 }
            if known[code] != nil, facts.count > count {
                for fact in facts[count...] {
                    let current = Self.current(fact.fact, before, today)?.value
                    report.changed.append(
                        .init(
                            key: "\(code) \(newest.name)", field: fact.fact.rawValue, before: current, after: fact.value
                        ))
                }
            }
        }
    }

    private mutating func organisation(
        _ code: String, _ name: String, from: Day?, to: Day?, rows: [AuthorityRow]
    ) -> OrganisationID {
        guard let there = known[code] else {
            let new = NewOrganisation(id: .fresh(), dfeCode: code, name: name, from: from, to: to)
            added.append(new)
            ids[code] = new.id
            report.added.append("\(code) \(name)")
            return new.id
        }
        // A file with fewer codes knows less about beginnings; it does not move them.
        let earliest = [there.from, from].compactMap(\.self).min()
        let end = to ?? there.to
        let title = rows.count == 1 && there.to != nil ? there.name : name
        if title != there.name || earliest != there.from || end != there.to {
            renamed.append(Renamed(id: there.id, name: title, from: earliest, to: end))
            if title != there.name {
                report.changed.append(.init(key: code, field: "name", before: there.name, after: title))
            }
            if earliest != there.from {
                report.changed.append(
                    .init(
                        key: code, field: "active_from", before: there.from?.description, after: earliest?.description))
            }
            if end != there.to {
                report.changed.append(
                    .init(key: code, field: "active_to", before: there.to?.description, after: end?.description))
            }
        }
        return there.id
    }

    /// The same value on the same first day is on record, perhaps with an end that this file does not know.
    private static func isOnRecord(_ fact: Fact, _ before: [Fact]) -> Bool {
        before.contains { there in
            there.fact == fact.fact && there.value == fact.value && (fact.to == nil || there.to == fact.to)
                && (there.from == fact.from || (fact.fact != .gssCode && fact.to == nil && there.from <= fact.from))
        }
    }

    private static func current(_ fact: OrganisationFact, _ facts: [Fact], _ today: Day) -> Fact? {
        facts.filter { $0.fact == fact && $0.from <= today && ($0.to.map { today < $0 } ?? true) }.max {
            $0.from < $1.from
        }
    }

    private func differentCode(
        _ fact: Fact, _ before: [Fact], _ code: String, _ name: String, _ today: Day
    ) -> ReferenceReport.GSSChange? {
        // An ended code of the lifetimes file is history and says so itself.
        guard fact.to == nil, let current = Self.current(.gssCode, before, today), current.value != fact.value else {
            return nil
        }
        return .init(dfeCode: code, name: name, onRecord: current.value, inFile: fact.value)
    }

    private static func facts(of row: AuthorityRow, _ id: OrganisationID, source: String) -> [Fact] {
        let from = row.from ?? beginning
        let to = row.until.map { $0.adding(days: 1) }
        var facts = [Fact(organisation: id, fact: .gssCode, value: row.gssCode, from: from, to: to, source: source)]
        if let type = row.type {
            facts.append(Fact(organisation: id, fact: .laType, value: type, from: from, to: to, source: source))
        }
        if let region = row.region {
            facts.append(Fact(organisation: id, fact: .region, value: region, from: from, to: to, source: source))
        }
        if let grade = row.ofsted, let inspected = row.inspected {
            facts.append(
                Fact(organisation: id, fact: .ofstedOverall, value: grade, from: inspected, to: nil, source: source))
        }
        return facts
    }
}

/// What a load of one file did.
public struct ReferenceReport: Hashable, Sendable, Codable {
    /// The file.
    public let file: String
    /// What was not there before.
    public internal(set) var added: [String] = []
    /// What is different now.
    public internal(set) var changed: [Change] = []
    /// How many rows say what is on record.
    public internal(set) var unchanged = 0
    /// Authorities whose GSS code on record is not the file's. They matched on their DfE code.
    public internal(set) var gssChanges: [GSSChange] = []

    init(file: String) { self.file = file }

    /// Whether anything was written.
    public var changedAnything: Bool { !added.isEmpty || !changed.isEmpty }

    /// One difference.
    public struct Change: Hashable, Sendable, Codable {
        /// What it is about.
        public let key: String
        /// Which field.
        public let field: String
        /// What was on record.
        public let before: String?
        /// What is now.
        public let after: String?
    }

    /// A GSS code that moved.
    public struct GSSChange: Hashable, Sendable, Codable {
        /// The stable key.
        public let dfeCode: String
        /// The authority.
        public let name: String
        /// The code on record for today.
        public let onRecord: String
        /// The code in the file.
        public let inFile: String
    }
}
