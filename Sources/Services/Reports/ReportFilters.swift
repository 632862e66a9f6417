import Domain
import FoundationEssentials

/// Filters of a report, read from text.
struct ReportFilters: Sendable {
    let given: [String: String]
    private(set) var programme: ProgrammeID?
    private(set) var round: RoundID?
    private(set) var practice: PracticeID?
    private(set) var organisation: OrganisationID?
    private(set) var indicator: String?
    private(set) var from: String?
    private(set) var to: String?
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

    init(_ filters: [String: String], of report: ReportDefinition) throws(Refusal) {
        given = filters.filter { !$0.value.isEmpty }
        for (name, value) in given {
            guard report.filters.contains(name) else {
                throw .invalid([
                    FieldProblem(
                        name, "This report has no such filter. It has: \(report.filters.joined(separator: ", ")).")
                ])
            }
            guard read(name, value) else {
                throw .invalid([FieldProblem(name, "Enter a value that this filter understands.")])
            }
        }
    }

    private static func isYear(_ text: String) -> Bool { text.count == 4 && text.allSatisfy(\.isNumber) }

    private mutating func read(_ name: String, _ value: String) -> Bool {
        switch name {
        case "programme":
            programme = ProgrammeID(value)
            return programme != nil
        case "round":
            round = RoundID(value)
            return round != nil
        case "practice":
            practice = PracticeID(value)
            return practice != nil
        case "organisation":
            organisation = OrganisationID(value)
            return organisation != nil
        case "indicator": indicator = value
        case "from":
            from = value
            return Self.isYear(value)
        case "to":
            to = value
            return Self.isYear(value)
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
