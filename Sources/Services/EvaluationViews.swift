public import Domain

/// A comment of the authority, or of the department on facts.
public enum EvaluationComment: Sendable {}
/// Identity of a comment on a plan or report.
public typealias EvaluationCommentID = Identifier<EvaluationComment>
/// A point that a reviewer raised.
public enum ReviewItem: Sendable {}
/// Identity of a point that a reviewer raised.
public typealias ReviewItemID = Identifier<ReviewItem>

/// An evaluation in a list.
public struct EvaluationRow: Hashable, Sendable {
    /// Its identity.
    public let id: EvaluationID
    /// `EVL-2026-0001`.
    public let reference: String
    /// What is evaluated.
    public let title: String
    /// The authority that gets the money.
    public let authorityName: String
    /// Who evaluates.
    public let evaluatorName: String?
    /// Its plan.
    public let plan: EvaluationPlanID?
    /// Where the plan stands.
    public let planState: EvaluationPlan.State?
    /// Where the report stands.
    public let reportState: EvaluationReport.State?
    /// Whether it was registered in time.
    public let registration: Evaluation.RegistrationStatus
    /// When the protocol is due.
    public let protocolDue: Day
    /// When the award became active.
    public let createdAt: Instant
}

/// An organisation to choose.
public struct OrganisationChoice: Hashable, Sendable {
    /// Its identity.
    public let id: OrganisationID
    /// Its name.
    public let name: String
}

/// What money waits for.
public struct MilestoneView: Hashable, Sendable {
    /// `protocol_approved`, `interim_report` or `final_report_accepted`.
    public let code: String
    /// Whether it is reached.
    public let isMet: Bool
    /// Whose turn it is, in plain words.
    public let waitingOn: String?
    /// Since when.
    public let since: Instant?
}

/// Everything an evaluation's page shows.
public struct EvaluationDetail: Hashable, Sendable {
    /// The evaluation.
    public let evaluation: Evaluation
    /// The authority.
    public let authorityName: String
    /// Who evaluates.
    public let evaluatorName: String?
    /// Under which contract.
    public let contractRef: String?
    /// The stage of the approved protocol.
    public let stage: EvaluationStage?
    /// When the report is due.
    public let reportDue: Day?
    /// When results by group were first seen.
    public let unblindedOn: Day?
    /// Its plan.
    public let plan: EvaluationPlanRow?
    /// Its reports, newest first.
    public let reports: [EvaluationReportRow]
    /// What money waits for.
    public let milestones: [MilestoneView]
    /// Whom one could appoint; empty for those who appoint nobody.
    public let evaluators: [OrganisationChoice]
    /// What this actor may do.
    public let may: Set<Action>
}

/// A plan in a list.
public struct EvaluationPlanRow: Hashable, Sendable {
    /// Its identity.
    public let id: EvaluationPlanID
    /// `EPL-2026-0001`.
    public let reference: String
    /// Where it stands.
    public let state: EvaluationPlan.State
    /// The version in force.
    public let approvedVersion: Int
    /// How often it was submitted.
    public let submission: Int
}

/// A report in a list.
public struct EvaluationReportRow: Hashable, Sendable {
    /// Its identity.
    public let id: EvaluationReportID
    /// `EVR-2026-0001`.
    public let reference: String
    /// Its title.
    public let title: String
    /// Interim or final.
    public let kind: EvaluationReport.Kind
    /// Where it stands.
    public let state: EvaluationReport.State
    /// What it says.
    public let direction: ResultDirection?
    /// When it must be public.
    public let publishDue: Day?
}

/// How far a part of a document is.
public struct PaperPart: Hashable, Sendable {
    /// The part's code.
    public let section: String
    /// Its heading.
    public let title: String
    /// Its version; 0 before the first saving.
    public let version: Int
    /// How far it is.
    public let progress: Questionnaire.Progress
    /// Who saved it last, where one may know.
    public let editedBy: String?
    /// When.
    public let editedAt: Instant?
}

/// A comment with its answers.
public struct CommentView: Hashable, Sendable {
    /// Its identity.
    public let id: EvaluationCommentID
    /// The submission that it is for.
    public let round: Int
    /// The part that it is about.
    public let section: String?
    /// What it says.
    public let body: String
    /// For whom it speaks.
    public let organisationName: String?
    /// Who wrote it, where one may know.
    public let personName: String?
    /// When.
    public let at: Instant
    /// What the author answered.
    public let answers: [String]
}

/// What reviewers said, without a name.
public struct FeedbackLine: Hashable, Sendable {
    /// On which submission.
    public let submission: Int
    /// A number that says nothing about who it is.
    public let reviewer: Int
    /// The criterion.
    public let criterion: String?
    /// The score.
    public let value: Int?
    /// Why.
    public let rationale: String?
    /// The point raised.
    public let item: ReviewItemID?
    /// `must_fix` or `should_fix`.
    public let itemKind: String?
    /// What the point says.
    public let body: String?
    /// Whether the review lead closed it.
    public let isClosed: Bool?
}

/// How far the reviews of a submission are, without a name.
public struct ReviewProgress: Hashable, Sendable {
    /// Which submission.
    public let submission: Int
    /// Asked and not answered yet.
    public let invited: Int
    /// At work.
    public let inHand: Int
    /// Final.
    public let final: Int
}
