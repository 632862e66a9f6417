public import Domain

/// A round in a list.
public struct RoundRow: Hashable, Sendable {
    /// Its identity.
    public let id: RoundID
    /// Human reference.
    public let reference: String
    /// Its title.
    public let title: String
    /// The programme.
    public let programme: ProgrammeID
    /// The programme's title.
    public let programmeTitle: String
    /// Where it stands.
    public let state: Round.State
    /// When the round opens.
    public let opensAt: Instant?
    /// The first moment that is too late.
    public let closesAt: Instant?
    /// The money.
    public let budget: Money?
    /// How many of its bids this actor may see.
    public let bids: Int
}

/// Everything a round's page shows.
public struct RoundDetail: Hashable, Sendable {
    /// The round.
    public let round: Round
    /// The programme's title.
    public let programmeTitle: String
    /// `PRG-2026-0001`.
    public let programmeReference: String
    /// Who wrote it.
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

    /// What bids are scored on.
    public var criteria: [Criterion] { round.content.criteria }
    /// What makes a bid eligible.
    public var rules: [EligibilityRule] { round.content.rules }
}

/// How many bids stand in one state.
public struct BidCount: Hashable, Sendable {
    /// Where they stand.
    public let state: Bid.State
    /// How many.
    public let count: Int
}
