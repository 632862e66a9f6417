public import Domain

/// An approval in a list.
public struct ApprovalRow: Hashable, Sendable {
    /// Its identity.
    public let id: ApprovalID
    /// Human reference.
    public let reference: String
    /// What kind it is.
    public let kind: Approval.Kind
    /// The bid.
    public let bid: BidID
    /// `BID-2026-0042`.
    public let bidReference: String
    /// The bid's title.
    public let bidTitle: String
    /// The authority's name.
    public let organisationName: String
    /// The sum of this approval.
    public let amount: Money
    /// All that this award has been promised, with this.
    public let wholeLife: Money
    /// Where it stands.
    public let state: Approval.State
    /// Goes up by one with each change; acts name the one that was seen.
    public let version: Int
    /// Who prepared it.
    public let preparerName: String
    /// When it was made.
    public let createdAt: Instant
    /// When it lapses without an accepted offer.
    public let lapsesAt: Instant?
}

/// One turn of one key.
public struct KeyTurned: Hashable, Sendable {
    /// Who.
    public let person: PersonID
    /// Their name.
    public let personName: String
    /// The tier of the delegation that was used.
    public let tier: String
    /// When.
    public let at: Instant
    /// Whether it was turned for the content as it stands.
    public let counts: Bool
}

/// Another award to the same recipient within the splitting window.
public struct OtherAward: Hashable, Sendable {
    /// The approval.
    public let approval: ApprovalID
    /// Human reference.
    public let reference: String
    /// The bid's title.
    public let bidTitle: String
    /// The sum of this approval.
    public let amount: Money
    /// Where it stands.
    public let state: Approval.State
    /// When.
    public let at: Instant
}

/// Awards that stay under a limit one by one and pass it together. A hint for the approver, never a refusal.
public struct SplittingHint: Hashable, Sendable {
    /// What they come to, with this one.
    public let together: Money
    /// The limit that they pass together.
    public let limit: Money
    /// Within how many days.
    public let days: Int
}

/// The whole case on one page.
public struct ApprovalDetail: Hashable, Sendable {
    /// The approval.
    public let approval: Approval
    /// The bid.
    public let bid: BidRow
    /// The programme's title.
    public let programmeTitle: String
    /// Who prepared it.
    public let preparerName: String
    /// Who cleared it for finance.
    public let clearerName: String?
    /// What was submitted.
    public let content: BidContent
    /// Nil until all appraisals are final.
    public let scores: ScoreSummary?
    /// The newest finding on each eligibility rule.
    public let findings: [FindingView]
    /// The lines that this approval draws on, with what is left.
    public let budget: [BudgetPosition]
    /// The keys that were turned.
    public let keys: [KeyTurned]
    /// How many approvers it takes.
    public let keysNeeded: Int
    /// This actor's own delegation today, if any.
    public let delegation: Delegation?
    /// Where this case goes when this actor says yes.
    public let route: ApprovalRoute?
    /// Who could approve it when this actor cannot.
    public let couldApprove: [PersonChoice]
    /// Other awards to the same recipient within the splitting window.
    public let otherAwards: [OtherAward]
    /// What this award and the others come to together, where that is above a limit that none of them exceeds alone.
    public let splitting: SplittingHint?
    /// What this actor could do with it now.
    public let allowed: [ApprovalEvent]
    /// Why it was rejected or returned.
    public let decisionReason: String?
    /// When it was decided.
    public let decidedAt: Instant?
    /// When it lapses without an accepted offer.
    public let lapsesAt: Instant?
    /// Its changes of state, oldest first.
    public let history: [HistoryEntry]
}
