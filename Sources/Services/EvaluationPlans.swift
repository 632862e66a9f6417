public import Domain
import Postgres

/// Plans of evaluations: what a person reads of them.
public struct EvaluationPlans: Sendable {
    let platform: Platform

    /// Everything a plan's page shows, in one flight.
    public func detail(_ actor: Actor, _ id: EvaluationPlanID) async throws -> EvaluationPlanDetail {
        let paper = EvaluationPaper.plan(id)
        let (
            subject, found, saved, sent, versions, comments, finished, registrations, amendment, progress, feedback,
            designs, indicators, settings
        ) = try await platform.read(
            "evaluation_plans.detail", actor, EvaluationPlanStatements.find(id).optional,
            EvaluationPaperStatements.sections(paper).many, EvaluationPaperStatements.submission(paper).optional,
            EvaluationPlanStatements.versions(id).many, EvaluationPaperStatements.comments(paper).many,
            EvaluationPlanStatements.commentsFinished(id).one, EvaluationPlanStatements.registrations(id).many,
            EvaluationPlanStatements.amendment(id).optional, EvaluationPaperStatements.progress(paper).optional,
            EvaluationPaperStatements.feedback(paper).many, EvaluationStatements.designs.many,
            BidSectionStatements.indicators.many, EvaluationStatements.settings.many)
        let record = try found.orNotFound("plan")
        let facts = record.of.facts(for: subject)
        _ = try Permission.authorise(.evaluationPlanRead, subject: subject, facts: facts)
        let reference = EvaluationReference(designs, indicators, settings)
        let form = reference.planForm
        let isAuthor = Permission.allows(.evaluationPlanEdit, subject: subject, facts: facts)
        let draft = try saved.answers(form)
        let seesDraft = record.plan.state.isEditable && !saved.isEmpty
        let answers = seesDraft ? draft : try sent.map { try form.answers(json: $0.json) }
        let approved = try versions.map { try Self.version($0, versions, reference) }
        let problems =
            isAuthor
            ? EvaluationPlanRules.problems(
                draft, form, designs: designs, version: record.plan.approvedVersion + 1,
                thresholds: reference.thresholds)
            : []
        let read = answers.map { PlanFacts($0, designs: designs) }
        let changes =
            record.plan.approvedVersion > 0 && record.plan.state != .approved && seesDraft
            ? form.changes(from: approved.first?.answers ?? Questionnaire.Answers(), to: draft) : []
        return EvaluationPlanDetail(
            plan: record.plan, evaluation: record.of.evaluation, authorityName: record.of.authorityName,
            evaluatorName: record.of.evaluatorName, form: form,
            parts: isAuthor || seesDraft ? form.parts(saved, draft, problems: problems) : [], answers: answers,
            problems: problems,
            warnings: read.map { EvaluationPlanRules.warnings($0, thresholds: reference.thresholds) } ?? [],
            facts: read,
            draftChanges: changes,
            needsReview: !changes.isEmpty
                && Questionnaire.needsReview(
                    form.changedKeys(from: approved.first?.answers ?? Questionnaire.Answers(), to: draft),
                    reviewed: reference.rereviewKeys),
            comments: comments, commentsFinished: finished, commentDueOn: record.commentDueOn,
            reviewDueOn: record.reviewDueOn, decisionReason: record.decisionReason, abandonReason: record.abandonReason,
            lessons: record.lessons, versions: approved, registrations: registrations,
            amendment: amendment.flatMap { $0.number > record.plan.approvedVersion ? $0 : nil }, progress: progress,
            feedback: feedback, allowed: Self.allowed(record, subject), isAuthor: isAuthor,
            mayComment: record.plan.state == .laComment
                && Permission.allows(.evaluationPlanComment, subject: subject, facts: facts))
    }

    /// One part of the draft, for its page.
    public func part(_ actor: Actor, _ id: EvaluationPlanID, _ code: String) async throws -> PaperPartView {
        let (subject, found, saved, designs, indicators, settings) = try await platform.read(
            "evaluation_plans.part", actor, EvaluationPlanStatements.find(id).optional,
            EvaluationPaperStatements.sections(.plan(id)).many, EvaluationStatements.designs.many,
            BidSectionStatements.indicators.many, EvaluationStatements.settings.many)
        let record = try found.orNotFound("plan")
        let facts = record.of.facts(for: subject)
        _ = try Permission.authorise(.evaluationPlanRead, subject: subject, facts: facts)
        let reference = EvaluationReference(designs, indicators, settings)
        let section = try reference.planForm.section(code).orNotFound("part")
        let isAuthor = Permission.allows(.evaluationPlanEdit, subject: subject, facts: facts)
        // Before anything is saved only the author knows that there is a draft.
        guard isAuthor || !saved.isEmpty else { throw Refusal.notFound("part") }
        let answers = try saved.answers(reference.planForm)
        let row = saved.first { $0.section == code }
        let problems = EvaluationPlanRules.problems(
            answers, reference.planForm, designs: designs, version: record.plan.approvedVersion + 1,
            thresholds: reference.thresholds)
        return PaperPartView(
            section: section, reference: record.plan.reference, title: record.of.evaluation.title, answers: answers,
            version: row?.version ?? 0, editedBy: row?.editedBy, editedAt: row?.editedAt,
            problems: isAuthor ? problems.filter { $0.field.hasPrefix(code + ".") } : [], messages: [],
            isEditable: isAuthor && record.plan.state.isEditable)
    }

    /// Sees the plan, and may do this to it.
    static func authorise(_ action: Action, _ found: EvaluationPlanRecord?, _ subject: Subject) throws -> (
        EvaluationPlanRecord, Grant
    ) {
        let record = try found.orNotFound("plan")
        let facts = record.of.facts(for: subject)
        _ = try Permission.authorise(.evaluationPlanRead, subject: subject, facts: facts)
        return (record, try Permission.authorise(action, subject: subject, facts: facts))
    }

    private static func allowed(_ record: EvaluationPlanRecord, _ subject: Subject) -> [EvaluationPlanEvent] {
        offered(
            EvaluationPlanEvent.self, from: record.plan.state, to: subject, facts: record.of.facts(for: subject),
            as: \.action)
    }

    static func version(
        _ record: PlanVersionRecord, _ all: [PlanVersionRecord], _ reference: EvaluationReference
    ) throws -> PlanVersion {
        let form = reference.planForm
        let answers = try form.answers(json: record.json)
        let before = try all.first { $0.number == record.number - 1 }.map { try form.answers(json: $0.json) }
        let facts = PlanFacts(answers, designs: reference.designs)
        return PlanVersion(
            number: record.number, answers: answers, digest: record.digest,
            changes: before.map { form.changes(from: $0, to: answers) } ?? [], reason: record.reason,
            beforeUnblinding: record.beforeUnblinding, neededReview: record.neededReview, approvedAt: record.approvedAt,
            plannedSMS: facts.plannedSMS, fallbackSMS: facts.fallbackSMS)
    }
}

extension EvaluationPlanEvent {
    /// The permission that the event needs; nil when nobody does it by hand.
    var action: Action? {
        switch self {
        case .create: nil
        case .start: .evaluationPlanStart
        case .sendForComment: .evaluationPlanSendForComment
        case .finishComments: .evaluationPlanFinishComments
        case .submit: .evaluationPlanSubmit
        case .beginReview: .evaluationPlanBeginReview
        case .askToRevise: .evaluationPlanAskToRevise
        case .approve: .evaluationPlanApprove
        case .register: .evaluationPlanRegister
        case .begin: .evaluationPlanBegin
        case .amend: .evaluationPlanAmend
        case .adopt: .evaluationPlanAdopt
        case .complete: .evaluationPlanComplete
        case .agreeToAbandon: .evaluationPlanAgreeToAbandon
        case .abandon: .evaluationPlanAbandon
        }
    }
}
