/// One person's appraisal of one bid.
public struct Appraisal: Hashable, Sendable {
    public let id: AppraisalID
    public let bid: BidID
    public let appraiser: PersonID
    public let kind: Criterion.Scorer
    public let dueOn: Day
    public let state: State
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
