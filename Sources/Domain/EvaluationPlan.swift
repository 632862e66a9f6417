/// The plan of an evaluation, its protocol: drafted in sections, frozen by digest when it is approved, changed only by
/// amendments that stand beside what they change.
public struct EvaluationPlan: Hashable, Sendable {
    /// Its identity.
    public let id: EvaluationPlanID
    /// `EPL-2026-0001`.
    public let reference: String
    /// The evaluation that it is for.
    public let evaluation: EvaluationID
    /// The bid behind the award: the case in which duties are kept apart.
    public let bid: BidID
    /// Where it stands.
    public let state: State
    /// How often it was submitted; reviews belong to one submission.
    public let submission: Int
    /// The version in force; 0 before the first approval.
    public let approvedVersion: Int
    /// Goes up by one with each change.
    public let version: Int

    /// A plan with its parts.
    public init(
        id: EvaluationPlanID, reference: String, evaluation: EvaluationID, bid: BidID, state: State, submission: Int,
        approvedVersion: Int, version: Int
    ) {
        self.id = id
        self.reference = reference
        self.evaluation = evaluation
        self.bid = bid
        self.state = state
        self.submission = submission
        self.approvedVersion = approvedVersion
        self.version = version
    }

    /// Exits are in `Workflow.evaluationPlan`.
    public enum State: String, Sendable, CaseIterable, Codable {
        case notStarted = "not_started", drafting, laComment = "la_comment", submitted, inReview = "in_review", revise,
            approved, registered, active, amended, completed, abandoned

        /// Whether the evaluator may write in its sections.
        public var isEditable: Bool { [.drafting, .laComment, .revise, .amended].contains(self) }
        /// Whether it goes on no further.
        public var isOver: Bool { self == .completed || self == .abandoned }
    }
}

/// Identity of a plan of an evaluation.
public typealias EvaluationPlanID = Identifier<EvaluationPlan>
