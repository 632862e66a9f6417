/// One person's appraisal of one bid.
public struct Appraisal: Hashable, Sendable {
    /// Its identity.
    public let id: AppraisalID
    /// The bid that is scored.
    public let bid: BidID
    /// Who scores it; scores are theirs alone.
    public let appraiser: PersonID
    /// Which criteria they score: the department's, or the one of What Works.
    public let kind: Criterion.Scorer
    /// Last day to hand it in.
    public let dueOn: Day
    /// Where it stands.
    public let state: State
    /// Goes up by one with each change.
    public let version: Int

    /// An appraisal with its parts.
    public init(
        id: AppraisalID, bid: BidID, appraiser: PersonID, kind: Criterion.Scorer, dueOn: Day, state: State, version: Int
    ) {
        self.id = id
        self.bid = bid
        self.appraiser = appraiser
        self.kind = kind
        self.dueOn = dueOn
        self.state = state
        self.version = version
    }

    /// Exits: assigned → inProgress → submitted → final, returned; returned → inProgress.
    public enum State: String, Sendable, CaseIterable, Codable {
        case assigned, inProgress = "in_progress", submitted, returned, final
    }
}

/// A score on one criterion, 0 (absent) to 5 (excellent), with its reason.
public struct Score: Hashable, Sendable, Codable {
    /// Which criterion of the round.
    public var criterion: CriterionID
    /// 0-5; nil while undecided.
    public var value: Int?
    /// At least 50 characters before the appraisal can be submitted.
    public var rationale: String

    /// A score.
    public init(criterion: CriterionID, value: Int?, rationale: String) {
        self.criterion = criterion
        self.value = value
        self.rationale = rationale
    }
}
