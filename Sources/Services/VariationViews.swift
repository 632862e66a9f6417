public import Domain

/// A variation in a list.
public struct VariationRow: Hashable, Sendable {
    /// Its identity.
    public let id: VariationID
    /// `VAR-2026-0002`.
    public let reference: String
    /// The award.
    public let award: AwardID
    /// What kind of change.
    public let kind: Variation.Kind
    /// Where it stands.
    public let state: Variation.State
    /// Goes up by one with each change.
    public let version: Int
    /// How much more money.
    public let increase: Money?
    /// By when it is decided.
    public let decideBy: Day?
    /// Whether it concerns something that has happened already.
    public let isRetrospective: Bool
    /// When it was made.
    public let createdAt: Instant
}

/// A variation on one page.
public struct VariationDetail: Sendable {
    /// The variation.
    public let variation: Variation
    /// The award.
    public let award: AwardRow
    /// What would change, as before and after.
    public let changes: [VariationChange]
    /// What submission still needs.
    public let problems: [FieldProblem]
    /// What the assessor found.
    public let assessment: String?
    /// Why it was decided so.
    public let decisionReason: String?
    /// By when it is decided.
    public let decideBy: Day?
    /// Whether it concerns something that has happened already.
    public let isRetrospective: Bool
    /// Who asked for it.
    public let requesterName: String?
    /// Who assessed it.
    public let assessorName: String?
    /// Approved uplifts that no variation has used.
    public let uplifts: [UpliftChoice]
    /// The agreement as it stands.
    public let agreement: Agreement
    /// How many instalments at the head of the schedule are claimed or paid: they stay.
    public let used: Int
    /// What this actor could do with it now.
    public let allowed: [VariationEvent]
    /// Whether this actor may change it now.
    public let editable: Bool
    /// Its changes of state, oldest first.
    public let history: [HistoryEntry]
}

/// One thing that a variation changes.
public struct VariationChange: Hashable, Sendable {
    /// What.
    public let what: String
    /// As it is.
    public let before: String
    /// As it would be.
    public let after: String
}

/// An approved uplift that a variation could rest on.
public struct UpliftChoice: Hashable, Sendable {
    /// The approval.
    public let approval: ApprovalID
    /// `APR-2026-0009`.
    public let reference: String
    /// How much.
    public let amount: Money
}
