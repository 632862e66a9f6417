public import Domain

/// An appraisal in a list.
public struct AppraisalRow: Hashable, Sendable {
    /// Its identity.
    public let id: AppraisalID
    /// The bid.
    public let bid: BidID
    /// `BID-2026-0042`.
    public let bidReference: String
    /// The bid's title.
    public let bidTitle: String
    /// The authority's name.
    public let organisationName: String
    /// The round's title.
    public let roundTitle: String
    /// Who scores.
    public let appraiser: PersonID
    /// Who scores, by name.
    public let appraiserName: String
    /// What kind it is.
    public let kind: Criterion.Scorer
    /// When it is due.
    public let dueOn: Day
    /// Where it stands.
    public let state: Appraisal.State
    /// Goes up by one with each change; acts name the one that was seen.
    public let version: Int
}

/// Everything an appraisal's page shows.
public struct AppraisalDetail: Hashable, Sendable {
    /// The appraisal.
    public let appraisal: Appraisal
    /// `BID-2026-0042`.
    public let bidReference: String
    /// The bid's title.
    public let bidTitle: String
    /// The authority's name.
    public let organisationName: String
    /// The round's title.
    public let roundTitle: String
    /// Who scores, by name.
    public let appraiserName: String
    /// Those that this appraiser scores, with guidance.
    public let criteria: [Criterion]
    /// One for each criterion. Empty while they are somebody else's and not yet final.
    public let scores: [Score]
    /// Whether the scores are open to this actor.
    public let scoresVisible: Bool
    /// What it says, as far as this reader may see.
    public let content: BidContent
    /// Which sections this reader sees; What Works sees the evaluation section.
    public let sections: [BidSection]
    /// What submitting still needs.
    public let problems: [FieldProblem]
    /// Why it was sent back, if it was.
    public let returnReason: String?
    /// What this actor could do with it now.
    public let allowed: [AppraisalEvent]
    /// Whether this actor is the appraiser.
    public let isOwn: Bool
}

/// The scores of one bid, once all are final.
public struct ScoreSummary: Hashable, Sendable {
    /// The bid.
    public let bid: BidID
    /// What bids are scored on.
    public let criteria: [CriterionSummary]
    /// Weighted total out of 100, as a decimal: `72.50`.
    public let total: String
    /// Whether every criterion reaches its pass mark.
    public let passes: Bool
    /// Whether any criterion's scores are so far apart that they need moderation.
    public let needsModeration: Bool
    /// What each appraiser gave.
    public let given: [GivenScore]
}

/// One criterion's scores.
public struct CriterionSummary: Hashable, Sendable {
    /// The criterion.
    public let criterion: Criterion
    /// Mean of the scores as a decimal, rounded half up: `3.50`.
    public let mean: String
    /// Highest less lowest.
    public let spread: Int
    /// How many.
    public let count: Int
    /// Whether the mean is below the pass mark.
    public let belowPassMark: Bool
    /// Whether scores are so far apart that they need moderation.
    public let needsModeration: Bool
}

/// One score by one person.
public struct GivenScore: Hashable, Sendable {
    /// Who scores, by name.
    public let appraiserName: String
    /// The criterion's code.
    public let criterionCode: String
    /// The score, 0–5.
    public let value: Int
    /// Why.
    public let rationale: String
}

/// Somebody who could be given a bid to score.
public struct AssignablePerson: Hashable, Sendable {
    /// Who.
    public let id: PersonID
    /// Their name.
    public let name: String
    /// Where they work.
    public let organisationName: String
    /// Which criteria they would score.
    public let kind: Criterion.Scorer
}

extension Appraisal.State {
    /// Whether its appraiser has done their part.
    public var isDone: Bool { self == .submitted || self == .final }
}
