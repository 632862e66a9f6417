public import Domain
import Postgres

// What review leads and senior officers decide about a plan, and how every act on a plan is done.

extension EvaluationPlans {
    /// Begins the review: two reviewers have accepted and are free of interests.
    public func beginReview(_ actor: Actor, _ id: EvaluationPlanID, version: Int) async throws {
        try await act(.beginReview, actor, id, version) { act, _, _ in
            try Duty.check(.ledReview, by: act.subject.person, ledger: act.ledger).enforce()
            return ""
        }
    }

    /// Sends the plan back to its author, with what must change.
    public func askToRevise(_ actor: Actor, _ id: EvaluationPlanID, version: Int, reason: String) async throws {
        try await act(.askToRevise, actor, id, version, reason: reason) { act, _, _ in
            try Rules.reason(reason).enforce()
            try Duty.check(.ledReview, by: act.subject.person, ledger: act.ledger).enforce()
            return ", decision_reason = \(reason)"
        }
    }

    /// Approves the plan: what was submitted is frozen as its next version, and money that waits for it may move.
    /// With few clusters a reason is needed.
    public func approve(
        _ actor: Actor, _ id: EvaluationPlanID, version: Int, reason: String? = nil, once: IdempotencyKey? = nil
    ) async throws {
        try await act(.approve, actor, id, version, reason: reason, once: once) { act, record, _ in
            try Duty.check(.ledReview, by: act.subject.person, ledger: act.ledger).enforce()
            let facts = PlanFacts(try act.submitted(), designs: act.reference.designs)
            let isExplained = (reason?.unicodeScalars.count ?? 0) >= Rules.shortestReason
            if EvaluationPlanRules.hasFewClusters(facts, thresholds: act.reference.thresholds), !isExplained {
                throw Refusal.invalid([
                    FieldProblem(
                        "reason",
                        "Few groups are allocated. Say in at least \(Rules.shortestReason) characters why the plan is approved "
                            + "all the same.")
                ])
            }
            if !EvaluationPlanRules.powerIsEnough(facts) {
                throw Refusal(
                    .conflict, code: Guard.powerSufficient.rawValue,
                    "The smallest effect that the study can find is larger than the smallest that is worth having. Send the plan "
                        + "back.")
            }
            return ", decision_reason = coalesce(\(reason), decision_reason)"
        }
    }

    /// Agrees that the evaluation is given up; the senior officer responsible may then do so.
    public func agreeToAbandon(_ actor: Actor, _ id: EvaluationPlanID, version: Int, reason: String) async throws {
        try await act(.agreeToAbandon, actor, id, version, reason: reason) { _, _, _ in
            try Rules.reason(reason).enforce()
            return ", decision_reason = \(reason)"
        }
    }

    /// Gives the evaluation up. What can be learnt from it is written down and published.
    public func abandon(_ actor: Actor, _ id: EvaluationPlanID, version: Int, reason: String, lessons: String)
        async throws
    {
        try await act(.abandon, actor, id, version, reason: reason) { _, _, _ in
            try Rules.reason(reason).enforce()
            if lessons.unicodeScalars.count < 50 || lessons.unicodeScalars.count > 8000 {
                throw Refusal.invalid([
                    FieldProblem(
                        "lessons", "Write down what can be learnt from it, in at least 50 characters. It is published.")
                ])
            }
            return ", abandon_reason = \(reason), lessons = \(lessons)"
        }
    }

    /// What an act on a plan has at hand.
    struct Act: Sendable {
        let subject: Subject
        let record: EvaluationPlanRecord
        let ledger: [Duty.Performed]
        let saved: [PaperSection]
        let sent: PaperSubmission?
        let versions: [PlanVersionRecord]
        let comments: [CommentView]
        let commentsFinished: Bool
        let reference: EvaluationReference

        var draft: Questionnaire.Answers { get throws { try saved.answers(reference.planForm) } }

        /// What submission still needs.
        func problems() throws -> [FieldProblem] {
            EvaluationPlanRules.problems(
                try draft, reference.planForm, designs: reference.designs, version: record.plan.approvedVersion + 1,
                thresholds: reference.thresholds)
        }

        /// What was submitted last.
        func submitted() throws -> Questionnaire.Answers {
            try reference.planForm.answers(json: try sent.orNotFound("submission").json)
        }

        /// What the draft changes of the version in force.
        func changedKeys() throws -> [String] {
            let form = reference.planForm
            let now = try versions.first.map { try form.answers(json: $0.json) } ?? Questionnaire.Answers()
            return form.changedKeys(from: now, to: try draft)
        }
    }

    /// Locks the plan, loads what its rules look at, and checks state, version and permission.
    private static func load(
        _ event: EvaluationPlanEvent, _ id: EvaluationPlanID, _ version: Int, _ tx: borrowing Transaction,
        _ open: Step<Subject>
    ) throws -> (act: Act, grant: Grant, move: (state: EvaluationPlan.State, transition: Transition)) {
        let paper = EvaluationPaper.plan(id)
        let (subject, found, ledger, saved, sent, versions, comments, finished, designs, indicators, settings) =
            try tx.pipeline(
                open, EvaluationPlanStatements.lock(id).optional, EvaluationPlanStatements.ledger(of: id).many,
                EvaluationPaperStatements.sections(paper).many, EvaluationPaperStatements.submission(paper).optional,
                EvaluationPlanStatements.versions(id).many, EvaluationPaperStatements.comments(paper).many,
                EvaluationPlanStatements.commentsFinished(id).one, EvaluationStatements.designs.many,
                BidSectionStatements.indicators.many, EvaluationStatements.settings.many)
        guard let action = event.action else { throw Refusal.notFound("plan") }
        let (record, grant) = try authorise(action, found, subject)
        try version.mustEqual(record.plan.version, "plan")
        let move = try Workflow.move(event, from: record.plan.state)
        let act = Act(
            subject: subject, record: record, ledger: ledger, saved: saved, sent: sent, versions: versions,
            comments: comments, commentsFinished: finished,
            reference: EvaluationReference(designs, indicators, settings))
        return (act, grant, move)
    }

    /// One move of a plan. `decide` checks what the event asks, queues what belongs to it, and answers what the row takes
    /// besides.
    func act(
        _ event: EvaluationPlanEvent, _ actor: Actor, _ id: EvaluationPlanID, _ version: Int, reason: String? = nil,
        once: IdempotencyKey? = nil,
        _ decide: @escaping @Sendable (Act, EvaluationPlanRecord, borrowing Transaction) throws -> SQL
    ) async throws {
        _ = try await platform.write("evaluation_plans.act", actor, on: .evaluationPlan(id), once: once) { tx, open in
            let (act, grant, move) = try Self.load(event, id, version, tx, open)
            let more = try decide(act, act.record, tx)
            tx.queue(EvaluationPlanStatements.move(id, event, to: move.state, more: more).affecting(1))
            Self.record(event, move, act, actor, grant, reason: reason, tx)
            return true
        }
    }

    /// A move that freezes the draft; answers the digest in hex.
    func freeze(
        _ event: EvaluationPlanEvent, _ actor: Actor, _ id: EvaluationPlanID, _ version: Int, once: IdempotencyKey?,
        _ check: @escaping @Sendable (Act, EvaluationPlanRecord) throws -> Void
    ) async throws -> String {
        try await platform.write("evaluation_plans.freeze", actor, on: .evaluationPlan(id), once: once) { tx, open in
            let (act, grant, move) = try Self.load(event, id, version, tx, open)
            try Duty.check(.authoredEvaluation, by: act.subject.person, ledger: act.ledger).enforce()
            try check(act, act.record)
            try act.problems().mustBeEmpty()
            let number = act.record.plan.submission + 1
            let hash = try EvaluationPapers.submit(
                .plan(id), number: number, saved: act.saved, answers: try act.draft, form: act.reference.planForm,
                by: act.subject, tx)
            tx.queue(
                EvaluationPlanStatements.move(
                    id, event, to: move.state, more: ", submission = \(number), content_hash = \(Bytes(hash))"
                ).affecting(1))
            Self.record(event, move, act, actor, grant, after: hash, tx)
            return Hex.text(hash)
        }
    }

    private static func record(
        _ event: EvaluationPlanEvent, _ move: (state: EvaluationPlan.State, transition: Transition), _ act: Act,
        _ actor: Actor, _ grant: Grant, reason: String? = nil, after: [UInt8]? = nil, _ tx: borrowing Transaction
    ) {
        let plan = act.record.plan
        EvidenceAct(
            subject: act.subject, actor: actor, grant: grant, object: .evaluationPlan(plan.id), name: plan.reference
        ).move(
            event, move, from: plan.state, version: plan.version, reason: reason, after: after,
            detail: ["bid": "\(plan.bid)"],
            says: "The evaluation plan \(plan.reference) of “\(act.record.of.evaluation.title)” \(event.headline).", tx)
    }
}

extension EvaluationPlanEvent {
    /// As a notice says it.
    var headline: String {
        switch self {
        case .create: "is to be written"
        case .start: "is being written"
        case .sendForComment: "waits for the authority’s comments"
        case .finishComments: "has all the authority’s comments"
        case .submit: "was submitted for review"
        case .beginReview: "is under review"
        case .askToRevise: "was sent back to be revised"
        case .approve: "was approved"
        case .register: "is registered"
        case .begin: "is under way: data collection has begun"
        case .amend: "is being amended"
        case .adopt: "has an amendment in force"
        case .complete: "is complete"
        case .agreeToAbandon: "may be abandoned: the review lead agrees"
        case .abandon: "was abandoned"
        }
    }
}
