public import Domain
public import FoundationEssentials

/// A declaration of interests.
public enum ConflictDeclaration: Sendable {}
/// Identity of a declaration of interests.
public typealias DeclarationID = Identifier<ConflictDeclaration>

/// A review in its reviewer's list.
public struct ReviewRow: Hashable, Sendable {
    /// Its identity.
    public let id: ReviewID
    /// `REV-2026-0001`.
    public let reference: String
    /// Of a protocol or a report.
    public let kind: Review.Kind
    /// What is reviewed.
    public let title: String
    /// The authority.
    public let authorityName: String
    /// When it is due.
    public let dueOn: Day
    /// Where it stands.
    public let state: Review.State
    /// Whether it was asked for because the first two disagreed.
    public let isThird: Bool
}

/// What waits for a review lead.
public struct DeskRow: Hashable, Sendable {
    /// Protocol or report.
    public let kind: Review.Kind
    /// The plan's or report's identity.
    public let id: UUID
    /// Its reference.
    public let reference: String
    /// What is evaluated.
    public let title: String
    /// The authority.
    public let authorityName: String
    /// Who evaluates.
    public let evaluatorName: String?
    /// Where it stands.
    public let state: String
    /// Which submission.
    public let submission: Int
    /// Live reviews of it.
    public let reviews: Int
    /// Those that are final.
    public let finals: Int
    /// Those that wait for a ruling on interests.
    public let locked: Int
}

/// Somebody who could review.
public struct ReviewerChoice: Hashable, Sendable {
    /// Who.
    public let id: PersonID
    /// Their name.
    public let name: String
    /// Where they work.
    public let organisationName: String
    /// How many reviews they have in hand.
    public let inHand: Int
}

/// What a reviewer declared, and what was ruled on it.
public struct DeclarationView: Hashable, Sendable {
    /// Its identity.
    public let id: DeclarationID
    /// Whether an interest was declared; false says that there is none.
    public let isDeclared: Bool
    /// Which kinds of interest.
    public let kinds: [String]
    /// In words.
    public let detail: String
    /// When.
    public let at: Instant
    /// `managed` or `recused`; nil while it waits.
    public let ruling: String?
    /// How it is managed, or why it excludes.
    public let rulingReason: String?
}

/// A point that a reviewer raised.
public struct ReviewItemView: Hashable, Sendable {
    /// Its identity.
    public let id: ReviewItemID
    /// Whose it is.
    public let review: ReviewID
    /// On which submission.
    public let submission: Int
    /// Whether it must be put right before approval.
    public let isMustFix: Bool
    /// Which criterion it is about.
    public let criterion: String?
    /// What it says.
    public let body: String
    /// What the review lead noted when closing it; nil while it is open.
    public let closedWith: String?
}

/// A ruling on a disagreement.
public struct AdjudicationView: Hashable, Sendable {
    /// On which submission.
    public let submission: Int
    /// Which criterion.
    public let criterion: String
    /// The score that counts.
    public let value: Int
    /// Why.
    public let reason: String
}

/// Everything a review's page shows.
public struct ReviewDetail: Sendable {
    /// The review.
    public let review: Review
    /// What is reviewed.
    public let title: String
    /// Its reference.
    public let paperReference: String
    /// The plan, for a protocol.
    public let plan: EvaluationPlanID?
    /// The report, for a report.
    public let report: EvaluationReportID?
    /// The authority.
    public let authorityName: String
    /// The reviewer, for those who may know.
    public let reviewerName: String?
    /// Where the reviewer works.
    public let reviewerOrganisation: String?
    /// The rubric that it is scored on.
    public let rubric: Rubric
    /// Whether an effect is claimed, so that the comparison's gates count.
    public let estimatesImpact: Bool
    /// The scores, as far as they are open.
    public let scores: [ReviewScore]
    /// Whether they are.
    public let scoresVisible: Bool
    /// Points that the reviewer raised.
    public let items: [ReviewItemView]
    /// Confidential notes to the review lead.
    public let notes: [String]
    /// The reviewer's declarations in this case, newest first.
    public let declarations: [DeclarationView]
    /// The questions of what is reviewed.
    public let form: Questionnaire
    /// What it says; nil until the reviewer's interests are declared and clear.
    public let answers: Questionnaire.Answers?
    /// What figures say about each other, for a report.
    public let messages: [EvaluationReportRules.Message]
    /// What readers must know, for a protocol.
    public let warnings: [String]
    /// What handing in still needs.
    public let problems: [FieldProblem]
    /// Why it was declined, sent back or released.
    public let reason: String?
    /// When it was handed in.
    public let signedAt: Instant?
    /// What this actor could do with it now.
    public let allowed: [ReviewEvent]
    /// Whether this actor is the reviewer.
    public let isOwn: Bool
}

/// A review as the review lead sees it on the desk.
public struct DeskReview: Hashable, Sendable {
    /// The review.
    public let review: Review
    /// Who reviews.
    public let reviewerName: String?
    /// Where they work.
    public let reviewerOrganisation: String?
    /// What this actor could do with it now.
    public let allowed: [ReviewEvent]
}

/// The review lead's desk for one plan or report.
public struct DeskDetail: Sendable {
    /// Protocol or report.
    public let kind: Review.Kind
    /// Its reference.
    public let reference: String
    /// What is evaluated.
    public let title: String
    /// The authority.
    public let authorityName: String
    /// Where it stands.
    public let state: String
    /// Its version, for the decision.
    public let version: Int
    /// The submission under review.
    public let submission: Int
    /// Reviews of every submission, newest first.
    public let reviews: [DeskReview]
    /// What the final reviews of this submission come to.
    public let verdict: ReviewRules.Verdict
    /// Rulings on disagreements.
    public let rulings: [AdjudicationView]
    /// Points raised, the open ones of this submission among them.
    public let items: [ReviewItemView]
    /// Agreement of the two reviewers of this submission.
    public let agreement: RaterAgreement.Kappa
    /// Who could be asked; empty when nobody may be.
    public let candidates: [ReviewerChoice]
    /// What the figures of a report say about each other.
    public let messages: [EvaluationReportRules.Message]
    /// What readers must know of a protocol.
    public let warnings: [String]
    /// Whether a reason is needed to approve.
    public let needsReason: Bool
    /// What this actor could decide about a plan now.
    public let planEvents: [EvaluationPlanEvent]
    /// The same about a report.
    public let reportEvents: [EvaluationReportEvent]
    /// Whether reviewers may be invited now.
    public let mayInvite: Bool
}

/// How far reviewers agree over many submissions.
public struct RaterAgreementView: Sendable {
    /// All criteria together, by distance.
    public let linear: RaterAgreement.Kappa
    /// All criteria together, by squared distance.
    public let quadratic: RaterAgreement.Kappa
    /// Criterion by criterion, by squared distance.
    public let criteria: [(code: String, title: String, kappa: RaterAgreement.Kappa)]
}
