public import Domain
public import Postgres

// The nouns of evaluation: evaluations, plans, reviews, reports, and what everybody may read of them.

extension Touchstone {
    /// Evaluations.
    public var evaluations: Evaluations { Evaluations(platform: platform) }
    /// Their plans.
    public var evaluationPlans: EvaluationPlans { EvaluationPlans(platform: platform) }
    /// Reviews of plans and reports.
    public var reviews: Reviews { Reviews(platform: platform) }
    /// Their reports.
    public var evaluationReports: EvaluationReports { EvaluationReports(platform: platform) }
    /// What anybody may know of evaluations.
    public var publicEvaluations: PublicEvaluations { PublicEvaluations(platform: platform) }
}

extension ObjectReference {
    /// An evaluation.
    public static func evaluation(_ id: EvaluationID) -> Self { Self(kind: "evaluation", id: id.rawValue) }
    /// A plan of an evaluation.
    public static func evaluationPlan(_ id: EvaluationPlanID) -> Self { Self(kind: "evaluation_plan", id: id.rawValue) }
    /// A review.
    public static func review(_ id: ReviewID) -> Self { Self(kind: "review", id: id.rawValue) }
    /// A report of an evaluation.
    public static func evaluationReport(_ id: EvaluationReportID) -> Self {
        Self(kind: "evaluation_report", id: id.rawValue)
    }
}

extension Evaluation.RegistrationStatus: PostgresConvertible {}
extension Evaluation.Registry: PostgresConvertible {}
extension EvaluationPlan.State: PostgresConvertible {}
extension EvaluationPlanEvent: PostgresConvertible {}
extension Review.State: PostgresConvertible {}
extension Review.Kind: PostgresConvertible {}
extension Review.Interest: PostgresConvertible {}
extension ReviewEvent: PostgresConvertible {}
extension EvaluationReport.State: PostgresConvertible {}
extension EvaluationReport.Kind: PostgresConvertible {}
extension EvaluationReport.DelayReason: PostgresConvertible {}
extension EvaluationReportEvent: PostgresConvertible {}
extension EvaluationDesign.Family: PostgresConvertible {}
extension EvaluationDesign.Branch: PostgresConvertible {}
extension EffectMetric: PostgresConvertible {}
extension ResultDirection: PostgresConvertible {}
extension Rubric.Gate: PostgresConvertible {}

/// What the database says when a guard of an evaluation is not met: `GUARD <name>` and the sentence for the person; or
/// that somebody is not independent.
enum EvaluationRefusals {
    /// The refusal that a failed statement stands for; nil when it is none of these.
    static func refusal(_ error: StatementError) -> Refusal? {
        let words = error.message.split(separator: " ").map(String.init)
        guard words.count == 2 else { return nil }
        switch words[0] {
        case "GUARD":
            let known = Guard(rawValue: words[1])?.sentence
            return (error.detail ?? known).map { Refusal(.conflict, code: words[1], $0) }
        case "INDEPENDENCE": return Refusal(.forbidden, code: "not_independent", sentence(words[1]))
        default: return nil
        }
    }

    private static func sentence(_ cause: String) -> String {
        switch cause {
        case "evaluator": "Nobody from the evaluator’s organisation has a part in the review. Choose somebody else."
        case "recipient": "Nobody from the authority’s organisation has a part in the review. Choose somebody else."
        default: "At most one reviewer of a report has reviewed its protocol. Choose somebody else."
        }
    }
}
