import Domain
import Postgres

// Protocols of the demonstration: those of nine real evaluations, and one in every other state.

/// An evaluation of the demonstration.
struct DemonstrationEvaluation: Sendable {
    let study: DemonstrationStudy
    let award: DemonstrationAward
    let id: EvaluationID
    let plan: EvaluationPlanID

    var editor: String { "\(award.authority).editor" }
}

extension DemonstrationFund {
    /// Where the plan of each award comes to rest.
    static let plans: [String: EvaluationPlan.State] = [
        "conferencing": .completed, "safeguarding_trial": .active, "valued": .active, "lifestory": .active,
        "schools": .active, "drug_court": .approved, "early_help": .approved, "safeguarding": .approved,
        "pause": .approved, "mentors": .active, "kinship": .amended, "short_breaks": .submitted, "siblings": .inReview,
        "hubs": .revise, "fathers": .registered, "night_team": .abandoned, "letters": .drafting,
        "foster_line": .laComment, "respite": .notStarted, "homework": .completed,
    ]

    /// What evaluators, authorities and reviewers do for awards in force.
    func evaluations(_ awards: [DemonstrationAward]) async throws {
        let real = try DemonstrationStudy.all()
        let evaluator = try await ask(DemonstrationStatements.organisation(named: DemonstrationCast.evaluators))
        for award in awards {
            guard let rest = Self.plans[award.plot.key] else { continue }
            let head = try await ask(DemonstrationStatements.evaluation(of: award.id))
            let evaluation = DemonstrationEvaluation(
                study: real[award.plot.key] ?? DemonstrationStudy(madeUp: award.plot), award: award, id: head.id,
                plan: head.plan)
            guard rest != .notStarted else { continue }
            _ = try await touchstone.evaluations.appoint(
                try cast.actor("officer"), head.id, version: head.version, evaluator: evaluator, contract: "EVAL-7833")
            try await plan(evaluation, to: rest)
            try await reports(of: evaluation)
            try await end(evaluation, as: rest)
        }
    }

    // MARK: The way of a plan

    /// From its start to where it rests; amended, completed and abandoned plans are left one step before.
    private func plan(_ evaluation: DemonstrationEvaluation, to rest: EvaluationPlan.State) async throws {
        let plans = touchstone.evaluationPlans
        let (author, id) = (try cast.actor("evaluator"), evaluation.plan)
        try await plans.start(author, id, version: try await version(id), declares: true)
        try await write(evaluation, only: rest == .drafting ? ["overview", "questions"] : nil)
        guard rest != .drafting else { return }
        try await plans.sendForComment(author, id, version: try await version(id))
        let editor = try cast.actor(evaluation.editor)
        if rest == .laComment {
            _ = try await plans.comment(
                editor, id, section: "design", body: "Our teams share an office; how are the groups kept apart?")
            return
        }
        if evaluation.study.isReal {
            let comment = try await plans.comment(
                editor, id, section: "data", body: "Who reads what families say before it is printed?")
            try await plans.answer(author, id, comment, body: "The panel of young people, and nobody of the service.")
        }
        try await plans.finishComments(editor, id, version: try await version(id))
        _ = try await plans.submit(author, id, version: try await version(id))
        if rest == .submitted { return try await reviewsInWaiting(id) }
        if rest == .inReview { return try await reviewsInHand(id) { try await beginReview(id) } }
        if rest == .revise { try await releasedReview(id) }
        try await review(.plan(id)) { try await beginReview(id) }
        let lead = try cast.actor("lead")
        guard rest != .revise else {
            return try await plans.askToRevise(
                lead, id, version: try await version(id),
                reason: "Say how families were chosen, and where the smallest worthwhile effect comes from.")
        }
        let few = evaluation.study.clusters.map { $0 < 16 } ?? false
        try await plans.approve(
            lead, id, version: try await version(id),
            reason: few ? "No more authorities were ready, and the protocol says what five can bear." : nil)
        guard rest != .approved, rest != .abandoned else { return }
        try await register(evaluation, begins: rest != .registered)
    }

    private func beginReview(_ id: EvaluationPlanID) async throws {
        try await touchstone.evaluationPlans.beginReview(
            try cast.actor("lead"), id, version: try await version(id))
    }

    /// Saves the parts of a protocol.
    private func write(_ evaluation: DemonstrationEvaluation, only: Set<String>? = nil) async throws {
        let author = try cast.actor("evaluator")
        let cost = Money(pounds: evaluation.award.plot.pounds / 10)
        let answers = evaluation.study.protocolAnswers(today: today, cost: cost)
        let detail = try await touchstone.evaluationPlans.detail(author, evaluation.plan)
        for section in detail.form.sections where only?.contains(section.code) ?? true {
            _ = try await touchstone.evaluationPlans.savePart(
                author, evaluation.plan, section.code, answers.of(section), version: 0)
        }
    }

    /// Entered in a register, on the day that a source gives or before the first data; then data collection begins, or is
    /// to begin.
    private func register(_ evaluation: DemonstrationEvaluation, begins: Bool) async throws {
        guard let entry = evaluation.study.registration else { return }
        let (author, id) = (try cast.actor("evaluator"), evaluation.plan)
        let head = try await ask(DemonstrationStatements.evaluation(of: evaluation.award.id))
        _ = try await touchstone.evaluations.recordDates(
            author, evaluation.id, version: head.version, planned: begins ? nil : today.adding(days: 30),
            actual: begins ? evaluation.study.dataFrom ?? today.adding(days: -150) : nil, unblinded: nil)
        let recorded = RegistrationEntry(
            registry: entry.registry, number: entry.number, on: entry.on ?? today.adding(days: -160),
            url: entry.registry == .isrctn
                ? "https://www.isrctn.com/\(entry.number)"
                : evaluation.study.source ?? "https://registry.example/\(entry.number)")
        try await touchstone.evaluationPlans.register(author, id, version: try await version(id), recorded)
        guard begins else { return }
        if evaluation.study.key == "valued" {
            try await amend(evaluation)
            try await touchstone.evaluationPlans.register(author, id, version: try await version(id), recorded)
        }
        try await touchstone.evaluationPlans.begin(author, id, version: try await version(id))
    }

    /// The steps were supplemented by a matched comparison, before anybody saw results by group.
    private func amend(_ evaluation: DemonstrationEvaluation) async throws {
        let author = try cast.actor("evaluator")
        try await openAmendment(
            evaluation, because: "The steps could not be kept to; a matched comparison supplements them.",
            ["overview.changes": "A matched comparison is named.", "design.fallback": "qed_difference_in_difference"])
        _ = try await touchstone.evaluationPlans.adopt(
            author, evaluation.plan, version: try await version(evaluation.plan))
    }

    /// An amendment with what changes, written in the draft.
    private func openAmendment(
        _ evaluation: DemonstrationEvaluation, because reason: String, _ changes: [String: String]
    ) async throws {
        let author = try cast.actor("evaluator")
        try await touchstone.evaluationPlans.amend(
            author, evaluation.plan, version: try await version(evaluation.plan), reason: reason,
            beforeUnblinding: true)
        let detail = try await touchstone.evaluationPlans.detail(author, evaluation.plan)
        var answers = evaluation.study.protocolAnswers(
            today: today, cost: Money(pounds: evaluation.award.plot.pounds / 10))
        for (key, value) in changes { answers[key] = value }
        let codes = Set(changes.keys.map { String($0.prefix { $0 != "." }) })
        for section in detail.form.sections where codes.contains(section.code) {
            let part = detail.parts.first { $0.section == section.code }
            _ = try await touchstone.evaluationPlans.savePart(
                author, evaluation.plan, section.code, answers.of(section), version: part?.version ?? 0)
        }
    }

    // MARK: The last step

    /// Completed, being amended, or given up.
    private func end(_ evaluation: DemonstrationEvaluation, as rest: EvaluationPlan.State) async throws {
        let plans = touchstone.evaluationPlans
        let id = evaluation.plan
        switch rest {
        case .completed:
            try await plans.complete(try cast.actor("evaluator"), id, version: try await version(id))
        case .amended:
            try await openAmendment(
                evaluation, because: "Families asked for the last measurement to be made later.",
                ["overview.changes": "Measured later.", "outcomes.primary.0.timePoint": "18 months"])
        case .abandoned:
            try await plans.agreeToAbandon(
                try cast.actor("lead"), id, version: try await version(id),
                reason: "Only twelve families could be found in half a year.")
            try await plans.abandon(
                try cast.actor("senior"), id, version: try await version(id),
                reason: "The service sees too few families for a trial.",
                lessons: "Count the families of the last two years before a trial is planned, and ask the night staff.")
        default: break
        }
    }

    func version(_ id: EvaluationPlanID) async throws -> Int {
        try await ask(DemonstrationStatements.planVersion(id))
    }
}
