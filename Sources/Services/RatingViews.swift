public import Domain

/// A rating in a list.
public struct RatingRow: Hashable, Sendable {
    /// The rating.
    public let brief: RatingBrief
    /// What is rated.
    public let practice: PracticeID
    /// Its name.
    public let practiceName: String
    /// When it is to be looked at again.
    public let nextReviewOn: Day?
}

/// One member's vote.
public struct RatingVote: Hashable, Sendable {
    /// Who.
    public let person: PersonID
    /// Their name.
    public let personName: String
    /// Whether they agree.
    public let agrees: Bool
    /// What they said.
    public let note: String
    /// Whether it is for what is proposed now.
    public let counts: Bool
    /// When.
    public let at: Instant
}

/// A threshold of the rules, with where it comes from.
public struct EvidenceThreshold: Hashable, Sendable {
    /// What is measured.
    public let measure: String
    /// What it gives.
    public let gives: Int
    /// The bound.
    public let bound: String
    /// What the bound means.
    public let meaning: String
    /// Where it comes from.
    public let source: String
    /// K: common practice, to be checked. D: a default of this product. S: read in the source.
    public let mark: String
}

/// A rating with what it rests on.
public struct RatingDetail: Sendable {
    /// The rating.
    public let rating: EvidenceRating
    /// The name of the practice.
    public let practiceName: String
    /// Whether enough strong studies found it to work.
    public let replicated: Bool
    /// Who proposed it; What Works and auditors only.
    public let proposerName: String?
    /// When it was agreed.
    public let agreedAt: Instant?
    /// When it is to be looked at again.
    public let nextReviewOn: Day?
    /// Why it was sent back or needs review.
    public let reason: String?
    /// Every published report on the practice now.
    public let studies: [RatedStudy]
    /// The reports that were read for what is proposed, with their versions.
    public let read: [EvidenceReport]
    /// What the rules propose now; nil without a published report.
    public let proposal: RatingProposal?
    /// What the rules proposed when it was proposed.
    public let proposed: RatingProposal?
    /// The votes of the panel; What Works and auditors only.
    public let votes: [RatingVote]
    /// So many must agree.
    public let quorum: Int
    /// The thresholds in force.
    public let thresholds: [EvidenceThreshold]
    /// Whether this actor may vote now.
    public let mayVote: Bool
    /// What this actor could do with it now.
    public let allowed: [EvidenceRatingEvent]
}
