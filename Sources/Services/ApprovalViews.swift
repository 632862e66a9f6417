public import Domain

/// An approval in a list.
public struct ApprovalRow: Hashable, Sendable {
    public let id: ApprovalID
    public let reference: String
    public let kind: Approval.Kind
    public let bid: BidID
    public let bidReference: String
    public let bidTitle: String
    public let organisationName: String
    public let amount: Money
    public let wholeLife: Money
    public let state: Approval.State
    public let version: Int
    public let preparerName: String
    public let createdAt: Instant
    public let lapsesAt: Instant?
}

/// One turn of one key.
public struct KeyTurned: Hashable, Sendable {
    public let person: PersonID
    public let personName: String
    public let tier: String
    public let at: Instant
    /// Whether it was turned for the content as it stands.
    public let counts: Bool
}

/// Another award to the same recipient within the splitting window.
public struct OtherAward: Hashable, Sendable {
    public let approval: ApprovalID
    public let reference: String
    public let bidTitle: String
    public let amount: Money
    public let state: Approval.State
    public let at: Instant
}

/// The whole case on one page.
public struct ApprovalDetail: Hashable, Sendable {
    public let approval: Approval
    public let bid: BidRow
    public let programmeTitle: String
    public let preparerName: String
    public let clearerName: String?
    /// What was submitted.
    public let content: BidContent
    /// Nil until all appraisals are final.
    public let scores: ScoreSummary?
    public let findings: [FindingView]
    /// The lines that this approval draws on, with what is left.
    public let budget: [BudgetPosition]
    public let keys: [KeyTurned]
    public let keysNeeded: Int
    /// This actor's own delegation today, if any.
    public let delegation: Delegation?
    /// Where this case goes when this actor says yes.
    public let route: ApprovalRoute?
    /// Who could approve it when this actor cannot.
    public let couldApprove: [PersonChoice]
    public let otherAwards: [OtherAward]
    public let allowed: [ApprovalEvent]
    public let decisionReason: String?
    public let decidedAt: Instant?
    public let lapsesAt: Instant?
    public let history: [HistoryEntry]
}
