/// What happens to the plan of an evaluation.
public enum EvaluationPlanEvent: String, WorkflowEvent, Codable {
    case create, start
    case sendForComment = "send_for_comment"
    case finishComments = "finish_comments"
    case submit
    case beginReview = "begin_review"
    case askToRevise = "ask_to_revise"
    case approve, register, begin, amend, adopt, complete
    case agreeToAbandon = "agree_to_abandon"
    case abandon
    /// Where a plan can stand.
    public typealias State = EvaluationPlan.State
    /// The machine of plans.
    public static var machine: Machine { .evaluationPlan }
}

/// What happens to a review.
public enum ReviewEvent: String, WorkflowEvent, Codable {
    case invite, accept, decline
    case checkInterests = "check_interests"
    case begin, submit
    case askToClarify = "ask_to_clarify"
    case clarify, finalise
    case declareInterest = "declare_interest"
    case manage, recuse, release
    /// Where a review can stand.
    public typealias State = Review.State
    /// The machine of reviews.
    public static var machine: Machine { .review }
}

/// What happens to the report of an evaluation.
public enum EvaluationReportEvent: String, WorkflowEvent, Codable {
    case start
    case sendForFactCheck = "send_for_fact_check"
    case finishFactCheck = "finish_fact_check"
    case submit
    case beginReview = "begin_review"
    case askToRevise = "ask_to_revise"
    case signOff = "sign_off"
    case schedule, publish, delay
    case renewDelay = "renew_delay"
    case proposeCorrection = "propose_correction"
    case correct, withdraw
    /// Where a report can stand.
    public typealias State = EvaluationReport.State
    /// The machine of reports.
    public static var machine: Machine { .evaluationReport }
}
