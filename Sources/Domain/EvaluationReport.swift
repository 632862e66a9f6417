/// The report of an evaluation. Once it is signed off, nothing leads anywhere but to publication.
public struct EvaluationReport: Hashable, Sendable {
    /// Its identity.
    public let id: EvaluationReportID
    /// `EVR-2026-0001`.
    public let reference: String
    /// The evaluation that it reports.
    public let evaluation: EvaluationID
    /// The bid behind the award: the case in which duties are kept apart.
    public let bid: BidID
    /// An interim report, or the final one.
    public let kind: Kind
    /// Its title, under which it is listed when it is overdue.
    public let title: String
    /// Where it stands.
    public let state: State
    /// How often it was submitted; reviews belong to one submission.
    public let submission: Int
    /// The version in public; 0 before publication.
    public let publishedVersion: Int
    /// What the primary outcome says; computed, never typed.
    public let direction: ResultDirection?
    /// The day by which it is published, 84 days after sign-off.
    public let publishDue: Day?
    /// Goes up by one with each change.
    public let version: Int

    /// A report with its parts.
    public init(
        id: EvaluationReportID, reference: String, evaluation: EvaluationID, bid: BidID, kind: Kind, title: String,
        state: State, submission: Int, publishedVersion: Int, direction: ResultDirection?, publishDue: Day?,
        version: Int
    ) {
        self.id = id
        self.reference = reference
        self.evaluation = evaluation
        self.bid = bid
        self.kind = kind
        self.title = title
        self.state = state
        self.submission = submission
        self.publishedVersion = publishedVersion
        self.direction = direction
        self.publishDue = publishDue
        self.version = version
    }

    /// Which report of the evaluation.
    public enum Kind: String, Sendable, CaseIterable, Codable { case interim, final }

    /// Exits are in `Workflow.evaluationReport`.
    public enum State: String, Sendable, CaseIterable, Codable {
        case drafting, laFactCheck = "la_fact_check", submitted, peerReview = "peer_review", revise,
            signedOff = "signed_off", publicationScheduled = "publication_scheduled", published, delayed, corrected,
            withdrawn

        /// Whether the evaluator may write in its sections; after publication that is the draft of a correction.
        public var isEditable: Bool { [.drafting, .laFactCheck, .revise, .published, .corrected].contains(self) }
        /// Whether the review lead accepted it.
        public var isSignedOff: Bool {
            [.signedOff, .publicationScheduled, .published, .delayed, .corrected].contains(self)
        }
        /// Whether everybody can read it, or the notice that it was withdrawn.
        public var isPublic: Bool { [.published, .corrected, .withdrawn].contains(self) }
    }

    /// The only grounds on which publication may be put off, as the evaluation registry counts them.
    public enum DelayReason: String, Sendable, CaseIterable, Codable {
        case signOffDelays = "sign_off_delays", procurementDelays = "procurement_delays",
            resourceConstraints = "resource_constraints", qualityIssues = "quality_issues",
            policyChanges = "policy_changes", other

        /// Whether it must be said in words what it is.
        public var needsWords: Bool { self == .qualityIssues || self == .other }
    }
}

/// Identity of a report of an evaluation.
public typealias EvaluationReportID = Identifier<EvaluationReport>
