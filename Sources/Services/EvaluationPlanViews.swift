public import Domain

/// An entry on a public register, as it is recorded.
public struct RegistrationEntry: Hashable, Sendable {
    /// Which register.
    public let registry: Evaluation.Registry
    /// The number there.
    public let number: String
    /// The day on which it was registered.
    public let on: Day
    /// Where it can be read.
    public let url: String?

    /// An entry with its parts.
    public init(registry: Evaluation.Registry, number: String, on: Day, url: String?) {
        self.registry = registry
        self.number = number
        self.on = on
        self.url = url
    }
}

/// An entry on a public register.
public struct RegistrationView: Hashable, Sendable {
    /// Of which version of the protocol.
    public let version: Int
    /// Which register.
    public let registry: Evaluation.Registry
    /// The number there.
    public let number: String
    /// The day on which it was registered.
    public let on: Day
    /// Where it can be read.
    public let url: String?
}

/// An amendment in hand.
public struct AmendmentView: Hashable, Sendable {
    /// The version that it makes.
    public let number: Int
    /// Why.
    public let reason: String
    /// Whether nobody had seen results by group.
    public let beforeUnblinding: Bool
    /// When it was opened.
    public let openedAt: Instant
}

/// An approved version of a protocol.
public struct PlanVersion: Hashable, Sendable {
    /// 1, 2, …
    public let number: Int
    /// What it says.
    public let answers: Questionnaire.Answers
    /// Hex digest of its canonical text.
    public let digest: String
    /// What changed since the version before.
    public let changes: [Questionnaire.Change]
    /// Why.
    public let reason: String?
    /// Whether nobody had seen results by group; nil for the first version.
    public let beforeUnblinding: Bool?
    /// Whether it was reviewed.
    public let neededReview: Bool
    /// When it was approved.
    public let approvedAt: Instant
    /// The most that the Maryland scale gives it, and its fallback design if that is used.
    public let plannedSMS: Int
    /// The same for the fallback design; nil without one.
    public let fallbackSMS: Int?
}

/// Everything a plan's page shows.
public struct EvaluationPlanDetail: Sendable {
    /// The plan.
    public let plan: EvaluationPlan
    /// Its evaluation.
    public let evaluation: Evaluation
    /// The authority.
    public let authorityName: String
    /// Who evaluates.
    public let evaluatorName: String?
    /// The questions that it answers.
    public let form: Questionnaire
    /// The parts of the draft, with how far each is; empty for those who do not write or comment on it.
    public let parts: [PaperPart]
    /// What it says, as far as this actor may read it: the draft, or what was submitted last.
    public let answers: Questionnaire.Answers?
    /// What submission still needs; only for its authors.
    public let problems: [FieldProblem]
    /// What readers must know although it stops nothing.
    public let warnings: [String]
    /// What is computed from the figures.
    public let facts: PlanFacts?
    /// What differs between the draft and the approved version, while it is amended.
    public let draftChanges: [Questionnaire.Change]
    /// Whether that must be reviewed again.
    public let needsReview: Bool
    /// Comments, oldest first.
    public let comments: [CommentView]
    /// Whether the authority said that it is done.
    public let commentsFinished: Bool
    /// Until when the authority may comment.
    public let commentDueOn: Day?
    /// Until when reviews are due.
    public let reviewDueOn: Day?
    /// Why it was sent back, or approved all the same.
    public let decisionReason: String?
    /// Why it was abandoned, and what can be learnt from it.
    public let abandonReason: String?
    /// What can be learnt from it.
    public let lessons: String?
    /// Approved versions, newest first.
    public let versions: [PlanVersion]
    /// Entries on registers.
    public let registrations: [RegistrationView]
    /// The amendment in hand.
    public let amendment: AmendmentView?
    /// How far reviews are.
    public let progress: ReviewProgress?
    /// What reviewers said about submissions that were decided.
    public let feedback: [FeedbackLine]
    /// What this actor could do with it now.
    public let allowed: [EvaluationPlanEvent]
    /// Whether this actor writes it.
    public let isAuthor: Bool
    /// Whether this actor may comment now.
    public let mayComment: Bool
}

/// One part of a plan or report, for its page.
public struct PaperPartView: Sendable {
    /// The part with its questions.
    public let section: Questionnaire.Section
    /// `EPL-2026-0001`.
    public let reference: String
    /// What is evaluated.
    public let title: String
    /// The whole draft: what one part needs depends on others.
    public let answers: Questionnaire.Answers
    /// The part's version; 0 before the first saving.
    public let version: Int
    /// Who saved it last.
    public let editedBy: String?
    /// When.
    public let editedAt: Instant?
    /// What the part still needs.
    public let problems: [FieldProblem]
    /// What its figures say about each other.
    public let messages: [EvaluationReportRules.Message]
    /// Whether this actor may change it now.
    public let isEditable: Bool
}
