public import Domain

/// A person to choose or to name: no more than that.
public struct PersonChoice: Hashable, Sendable {
    public let id: PersonID
    public let name: String
}

/// A programme in a list.
public struct ProgrammeRow: Hashable, Sendable {
    public let id: ProgrammeID
    public let reference: String
    public let title: String
    public let state: Programme.State
    /// All years, resource and capital.
    public let wholeLife: Money
    /// How many rounds it has.
    public let rounds: Int
    public let createdAt: Instant
}

/// A budget line and what is already spoken for.
public struct BudgetPosition: Hashable, Sendable {
    public let line: BudgetLine
    /// Reserved by approvals that finance has cleared or approvers have approved.
    public let reserved: Money

    /// What can still be promised.
    public var left: Money { line.amount - reserved }
}

/// Everything a programme's page shows.
public struct ProgrammeDetail: Hashable, Sendable {
    public let programme: Programme
    public let authorName: String
    public let seniorOfficerName: String?
    /// What approval still needs; empty when it can be submitted.
    public let problems: [FieldProblem]
    public let budget: [BudgetPosition]
    public let rounds: [RoundRow]
    /// What this actor could do with it now.
    public let allowed: [ProgrammeEvent]
    /// Whom a form may offer as the senior officer responsible.
    public let seniorOfficers: [PersonChoice]
}
