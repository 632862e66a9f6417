import Domain
import Postgres

// Protocols, reviews and reports of the demonstration, one in every state.

extension DemonstrationFund {
    /// What evaluators, authorities and reviewers do for awards in force.
    func evaluations(_ awards: [DemonstrationAward]) async throws { try await beginPlan() }

    /// An evaluator is appointed and begins the plan.
    private func beginPlan() async throws {
        let officer = try cast.actor("officer")
        guard let row = try await touchstone.evaluations.list(officer).rows.first else { return }
        let detail = try await touchstone.evaluations.detail(officer, row.id)
        let evaluator = try await owner.transaction("demonstration.evaluator") { tx in
            try tx.run(DemonstrationStatements.organisation(named: DemonstrationCast.evaluators).one)
        }
        _ = try await touchstone.evaluations.appoint(
            officer, row.id, version: detail.evaluation.version, evaluator: evaluator, contract: "EVAL-7833")
        guard let plan = detail.plan else { return }
        let author = try cast.actor("evaluator")
        let found = try await touchstone.evaluationPlans.detail(author, plan.id)
        try await touchstone.evaluationPlans.start(author, plan.id, version: found.plan.version, declares: true)
    }
}
