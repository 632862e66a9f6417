public import Domain

/// A round in a list.
public struct RoundRow: Hashable, Sendable {
    public let id: RoundID
    public let reference: String
    public let title: String
    public let programme: ProgrammeID
    public let programmeTitle: String
    public let state: Round.State
    public let opensAt: Instant?
    /// The first moment that is too late.
    public let closesAt: Instant?
    public let budget: Money?
    /// How many of its bids this actor may see.
    public let bids: Int
}

/// Everything a round's page shows.
public struct RoundDetail: Hashable, Sendable {
    public let round: Round
    public let programmeTitle: String
    public let programmeReference: String
    public let authorName: String
    /// What approval still needs; empty when it can be approved.
    public let problems: [FieldProblem]
    /// What this actor could do with it now.
    public let allowed: [RoundEvent]
    /// How many bids stand where. For an authority: its own.
    public let bidCounts: [BidCount]
    /// The bids that this actor may see, newest first, at most 100.
    public let bids: [BidRow]
    /// The sum of what has been approved in this round.
    public let awarded: Money
    /// Whether bids may be started and submitted at this moment.
    public let isOpen: Bool

    public var criteria: [Criterion] { round.content.criteria }
    public var rules: [EligibilityRule] { round.content.rules }
}

/// How many bids stand in one state.
public struct BidCount: Hashable, Sendable {
    public let state: Bid.State
    public let count: Int
}
