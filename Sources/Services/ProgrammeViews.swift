public import Domain

/// A person to choose or to name: no more than that.
public struct PersonChoice: Hashable, Sendable {
    /// Its identity.
    public let id: PersonID
    /// Their name.
    public let name: String
}

/// A programme in a list.
public struct ProgrammeRow: Hashable, Sendable {
    /// Its identity.
    public let id: ProgrammeID
    /// Human reference.
    public let reference: String
    /// Its title.
    public let title: String
    /// Where it stands.
    public let state: Programme.State
    /// All years, resource and capital.
    public let wholeLife: Money
    /// How many rounds it has.
    public let rounds: Int
    /// When it was made.
    public let createdAt: Instant
}

/// A budget line and what is already spoken for.
public struct BudgetPosition: Hashable, Sendable {
    /// Year, kind and sum.
    public let line: BudgetLine
    /// Reserved by approvals that finance has cleared or approvers have approved.
    public let reserved: Money

    /// What can still be promised.
    public var left: Money { line.amount - reserved }
}

/// Everything a programme's page shows.
public struct ProgrammeDetail: Hashable, Sendable {
    /// The programme.
    public let programme: Programme
    /// Who wrote it.
    public let authorName: String
    /// Who answers for it.
    public let seniorOfficerName: String?
    /// What approval still needs; empty when it can be submitted.
    public let problems: [FieldProblem]
    /// The money.
    public let budget: [BudgetPosition]
    /// Its rounds, newest first.
    public let rounds: [RoundRow]
    /// What this actor could do with it now.
    public let allowed: [ProgrammeEvent]
    /// Whom a form may offer as the senior officer responsible.
    public let seniorOfficers: [PersonChoice]
}
