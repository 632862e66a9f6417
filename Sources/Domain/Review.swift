/// One reviewer's review of one submission of a protocol or report. Reviewers are blind to each other until both are final.
public struct Review: Hashable, Sendable {
    /// Its identity.
    public let id: ReviewID
    /// `REV-2026-0001`.
    public let reference: String
    /// What is reviewed.
    public let kind: Kind
    /// The evaluation that it is about.
    public let evaluation: EvaluationID
    /// The bid behind the award: the case in which duties are kept apart.
    public let bid: BidID
    /// Which submission.
    public let submission: Int
    /// Who reviews.
    public let reviewer: PersonID
    /// Whether it was asked for because the first two disagreed.
    public let isThird: Bool
    /// Last day to hand it in.
    public let dueOn: Day
    /// Where it stands.
    public let state: State
    /// Goes up by one with each change.
    public let version: Int

    /// A review with its parts.
    public init(
        id: ReviewID, reference: String, kind: Kind, evaluation: EvaluationID, bid: BidID, submission: Int,
        reviewer: PersonID, isThird: Bool, dueOn: Day, state: State, version: Int
    ) {
        self.id = id
        self.reference = reference
        self.kind = kind
        self.evaluation = evaluation
        self.bid = bid
        self.submission = submission
        self.reviewer = reviewer
        self.isThird = isThird
        self.dueOn = dueOn
        self.state = state
        self.version = version
    }

    /// What a review is about.
    public enum Kind: String, Sendable, CaseIterable, Codable { case `protocol`, report }

    /// Exits are in `Workflow.review`.
    public enum State: String, Sendable, CaseIterable, Codable {
        case invited, accepted, declined, coiChecked = "coi_checked", inProgress = "in_progress", submitted,
            clarification, final, locked, withdrawn

        /// Whether the reviewer may read what is to be reviewed: their interests are declared and clear.
        public var opensContent: Bool {
            [.coiChecked, .inProgress, .submitted, .clarification, .final].contains(self)
        }
        /// Whether it still counts, or may come to count.
        public var isLive: Bool { self != .declined && self != .withdrawn }
    }

    /// What stands between a reviewer and an evaluation.
    public enum Interest: String, Sendable, CaseIterable, Codable {
        case employment, financial, personal, priorInvolvement = "prior_involvement", academic
    }
}

/// Identity of one review.
public typealias ReviewID = Identifier<Review>
