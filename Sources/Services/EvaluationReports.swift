public import Domain
import Postgres

/// Reports of evaluations: what a person reads of them.
public struct EvaluationReports: Sendable {
    let platform: Platform

    /// Newest first: those in whose evaluation the actor has a part.
    public func list(_ actor: Actor, page: PageRequest = PageRequest()) async throws -> Page<EvaluationReportRow> {
        let after = try page.keys(1).map { try Keys.id($0[0], of: EvaluationReport.self) }
        let (subject, rows) = try await platform.read(
            "evaluation_reports.list", actor, EvaluationReportStatements.list(after: after, limit: page.limit).many)
        _ = try Permission.authorise(.evaluationReportList, subject: subject)
        return Page(rows, page) { ["\($0.id)"] }
    }

    /// Everything a report's page shows, in one flight.
    public func detail(_ actor: Actor, _ id: EvaluationReportID) async throws -> EvaluationReportDetail {
        let paper = EvaluationPaper.report(id)
        let (
            subject, found, saved, sent, planned, comments, finished, gaps, delays, versions, pressure, progress,
            feedback,
            designs, indicators, settings
        ) = try await platform.read(
            "evaluation_reports.detail", actor, EvaluationReportStatements.find(id).optional,
            EvaluationPaperStatements.sections(paper).many, EvaluationPaperStatements.submission(paper).optional,
            EvaluationPlanStatements.version(of: id).optional, EvaluationPaperStatements.comments(paper).many,
            EvaluationReportStatements.factCheckFinished(id).one, EvaluationReportStatements.gaps(id).one,
            EvaluationReportStatements.delays(id).many, EvaluationReportStatements.versions(id).many,
            EvaluationReportStatements.pressure(on: id).many, EvaluationPaperStatements.progress(paper).optional,
            EvaluationPaperStatements.feedback(paper).many, EvaluationStatements.designs.many,
            BidSectionStatements.indicators.many, EvaluationStatements.settings.many)
        let record = try found.orNotFound("report")
        let facts = record.of.facts(for: subject)
        _ = try Permission.authorise(.evaluationReportRead, subject: subject, facts: facts)
        let reference = EvaluationReference(designs, indicators, settings)
        let form = reference.reportForm
        let isAuthor = Permission.allows(.evaluationReportEdit, subject: subject, facts: facts)
        let draft = try saved.answers(form)
        let seesDraft = record.report.state.isEditable && !saved.isEmpty
        let answers = seesDraft ? draft : try sent.map { try form.answers(json: $0.json) }
        let plan = PlanFacts(
            try planned.map { try reference.planForm.answers(json: $0.json) } ?? Questionnaire.Answers(),
            designs: designs)
        let problems =
            isAuthor && record.report.state.isEditable
            ? Self.problems(draft, record, plan, planned, reference) : []
        let read = answers.map { ReportFacts($0, designs: designs) }
        return EvaluationReportDetail(
            report: record.report, evaluation: record.of.evaluation, authorityName: record.of.authorityName,
            evaluatorName: record.of.evaluatorName, plan: record.plan, form: form,
            parts: isAuthor || seesDraft ? form.parts(saved, draft, problems: problems) : [], answers: answers,
            outcomes: plan.outcomes, facts: read,
            computed: read.map { ReportComputation($0, plan, reference.thresholds) }, problems: problems,
            messages: read.map { EvaluationReportRules.messages($0, plan: plan, thresholds: reference.thresholds) }
                ?? [],
            gaps: record.report.submission > 0 ? gaps ?? [] : [], comments: comments, factCheckFinished: finished,
            factCheckDueOn: record.factCheckDueOn, reviewDueOn: record.reviewDueOn,
            decisionReason: record.decisionReason, signedOffAt: record.signedOffAt, plannedOn: record.plannedOn,
            publishedAt: record.publishedAt, withdrawalReason: record.withdrawalReason, delays: delays,
            versions: versions, pressure: pressure, progress: progress, feedback: feedback,
            correctionWaits: Self.correctionWaits(record, sent, versions),
            allowed: Self.allowed(record, subject, sent, versions),
            isAuthor: isAuthor,
            mayComment: record.report.state == .laFactCheck
                && Permission.allows(.evaluationReportComment, subject: subject, facts: facts),
            mayFlagPressure: Permission.allows(.evaluationReportFlagPressure, subject: subject, facts: facts))
    }

    /// One part of the draft, for its page.
    public func part(_ actor: Actor, _ id: EvaluationReportID, _ code: String) async throws -> PaperPartView {
        let (subject, found, saved, planned, designs, indicators, settings) = try await platform.read(
            "evaluation_reports.part", actor, EvaluationReportStatements.find(id).optional,
            EvaluationPaperStatements.sections(.report(id)).many, EvaluationPlanStatements.version(of: id).optional,
            EvaluationStatements.designs.many, BidSectionStatements.indicators.many, EvaluationStatements.settings.many)
        let record = try found.orNotFound("report")
        let facts = record.of.facts(for: subject)
        _ = try Permission.authorise(.evaluationReportRead, subject: subject, facts: facts)
        let reference = EvaluationReference(designs, indicators, settings)
        let section = try reference.reportForm.section(code).orNotFound("part")
        let isAuthor = Permission.allows(.evaluationReportEdit, subject: subject, facts: facts)
        guard isAuthor || !saved.isEmpty else { throw Refusal.notFound("part") }
        let answers = try saved.answers(reference.reportForm)
        let plan = PlanFacts(
            try planned.map { try reference.planForm.answers(json: $0.json) } ?? Questionnaire.Answers(),
            designs: designs)
        let row = saved.first { $0.section == code }
        let problems = isAuthor ? Self.problems(answers, record, plan, planned, reference) : []
        let messages = EvaluationReportRules.messages(
            ReportFacts(answers, designs: designs), plan: plan, thresholds: reference.thresholds)
        return PaperPartView(
            section: section, reference: record.report.reference, title: record.report.title, answers: answers,
            version: row?.version ?? 0, editedBy: row?.editedBy, editedAt: row?.editedAt,
            problems: problems.filter { $0.field.hasPrefix(code + ".") },
            messages: messages.filter { $0.field.hasPrefix(code + ".") },
            isEditable: isAuthor && record.report.state.isEditable)
    }

    /// What submission still needs.
    static func problems(
        _ answers: Questionnaire.Answers, _ record: EvaluationReportRecord, _ plan: PlanFacts,
        _ planned: PlanVersionRecord?, _ reference: EvaluationReference
    ) -> [FieldProblem] {
        EvaluationReportRules.problems(
            answers, reference.reportForm, kind: record.report.kind, plan: plan, planVersion: planned?.number ?? 0,
            designs: reference.designs, phrases: reference.phrases)
    }

    /// Sees the report, and may do this to it.
    static func authorise(_ action: Action, _ found: EvaluationReportRecord?, _ subject: Subject) throws -> (
        EvaluationReportRecord, Grant
    ) {
        let record = try found.orNotFound("report")
        let facts = record.of.facts(for: subject)
        _ = try Permission.authorise(.evaluationReportRead, subject: subject, facts: facts)
        return (record, try Permission.authorise(action, subject: subject, facts: facts))
    }

    /// A correction was proposed, and is not public yet.
    static func correctionWaits(
        _ record: EvaluationReportRecord, _ sent: PaperSubmission?, _ versions: [ReportVersionView]
    ) -> Bool {
        [.published, .corrected].contains(record.report.state) && sent?.note != nil
            && (sent.map { Hex.text($0.hash) } ?? "") != versions.first?.digest
    }

    private static func allowed(
        _ record: EvaluationReportRecord, _ subject: Subject, _ sent: PaperSubmission?, _ versions: [ReportVersionView]
    ) -> [EvaluationReportEvent] {
        offered(
            EvaluationReportEvent.self, from: record.report.state, to: subject, facts: record.of.facts(for: subject),
            as: \.action
        ).filter { event in
            switch event {
            case .correct: correctionWaits(record, sent, versions)
            case .publish:
                record.report.state != .delayed || record.delayUntil.map { $0 <= subject.now.londonDay } ?? true
            default: true
            }
        }
    }
}

extension EvaluationReportEvent {
    /// The permission that the event needs.
    var action: Action? {
        switch self {
        case .start: .evaluationReportStart
        case .sendForFactCheck: .evaluationReportSendForFactCheck
        case .finishFactCheck: .evaluationReportFinishFactCheck
        case .submit: .evaluationReportSubmit
        case .beginReview: .evaluationReportBeginReview
        case .askToRevise: .evaluationReportAskToRevise
        case .signOff: .evaluationReportSignOff
        case .schedule: .evaluationReportSchedule
        case .publish: .evaluationReportPublish
        case .delay: .evaluationReportDelay
        case .renewDelay: .evaluationReportRenewDelay
        case .proposeCorrection: .evaluationReportProposeCorrection
        case .correct: .evaluationReportCorrect
        case .withdraw: .evaluationReportWithdraw
        }
    }

    /// As a notice says it.
    var headline: String {
        switch self {
        case .start: "is being written"
        case .sendForFactCheck: "waits for its facts to be checked"
        case .finishFactCheck: "has all the authority’s comments"
        case .submit: "was submitted for review"
        case .beginReview: "is under review"
        case .askToRevise: "was sent back to be revised"
        case .signOff: "was signed off"
        case .schedule: "has a day of publication"
        case .publish: "is public"
        case .delay: "is delayed, which is listed in public"
        case .renewDelay: "is delayed again, which is listed in public"
        case .proposeCorrection: "has a correction that waits for the review lead"
        case .correct: "was corrected in public"
        case .withdraw: "was withdrawn; the notice stays in public"
        }
    }
}
