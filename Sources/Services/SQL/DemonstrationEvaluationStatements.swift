import Domain
import Postgres

// Versions and identities that the demonstration names when it moves evaluations, reviews and reports. Nothing is changed.

extension DemonstrationStatements {
    /// An award's evaluation with its plan.
    struct EvaluationHead: Sendable {
        let id: EvaluationID
        let plan: EvaluationPlanID
        let version: Int
    }

    static func evaluation(of award: AwardID) -> Statement<EvaluationHead> {
        Statement(
            "demonstration.evaluation",
            """
            select e.id, p.id, e.version from evaluation e join evaluation_plan p on p.evaluation_id = e.id
            where e.award_id = \(award)
            """
        ) { row in try EvaluationHead(id: row.read(), plan: row.read(), version: row.read()) }
    }

    static func planVersion(_ id: EvaluationPlanID) -> Statement<Int> {
        Statement("demonstration.plan_version", "select version from evaluation_plan where id = \(id)") { row in
            try row.read()
        }
    }

    static func reviewVersion(_ id: ReviewID) -> Statement<Int> {
        Statement("demonstration.review_version", "select version from review where id = \(id)") { row in
            try row.read()
        }
    }

    static func reportVersion(_ id: EvaluationReportID) -> Statement<Int> {
        Statement("demonstration.report_version", "select version from evaluation_report where id = \(id)") { row in
            try row.read()
        }
    }
}
