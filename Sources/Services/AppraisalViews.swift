public import Domain

/// An appraisal in a list.
public struct AppraisalRow: Hashable, Sendable {
    public let id: AppraisalID
    public let bid: BidID
    public let bidReference: String
    public let bidTitle: String
    public let organisationName: String
    public let roundTitle: String
    public let appraiser: PersonID
    public let appraiserName: String
    public let kind: Criterion.Scorer
    public let dueOn: Day
    public let state: Appraisal.State
    public let version: Int
}

/// Everything an appraisal's page shows.
public struct AppraisalDetail: Hashable, Sendable {
    public let appraisal: Appraisal
    public let bidReference: String
    public let bidTitle: String
    public let organisationName: String
    public let roundTitle: String
    public let appraiserName: String
    /// Those that this appraiser scores, with guidance.
    public let criteria: [Criterion]
    /// One for each criterion. Empty while they are somebody else's and not yet final.
    public let scores: [Score]
    public let scoresVisible: Bool
    public let content: BidContent
    /// Which sections this reader sees; What Works sees the evaluation section.
    public let sections: [BidSection]
    /// What submitting still needs.
    public let problems: [FieldProblem]
    public let returnReason: String?
    public let allowed: [AppraisalEvent]
    /// Whether this actor is the appraiser.
    public let isOwn: Bool
}

/// The scores of one bid, once all are final.
public struct ScoreSummary: Hashable, Sendable {
    public let bid: BidID
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
    public let criterion: Criterion
    /// Mean of the scores as a decimal, rounded half up: `3.50`.
    public let mean: String
    /// Highest less lowest.
    public let spread: Int
    public let count: Int
    public let belowPassMark: Bool
    public let needsModeration: Bool
}

/// One score by one person.
public struct GivenScore: Hashable, Sendable {
    public let appraiserName: String
    public let criterionCode: String
    public let value: Int
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
