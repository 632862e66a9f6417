public import Domain
import Postgres

// What evaluator, authority and department do with a report until it is signed off.

extension EvaluationReports {
    /// Starts a report on an approved plan.
    public func start(
        _ actor: Actor, _ evaluation: EvaluationID, kind: EvaluationReport.Kind, title: String,
        once: IdempotencyKey? = nil
    ) async throws -> EvaluationReportID {
        try Self.titleProblems(title).mustBeEmpty()
        let id = EvaluationReportID.fresh()
        return try await platform.write("evaluation_reports.start", actor, on: .evaluation(evaluation), once: once) {
            tx, open in
            let (subject, foundPlan, others) = try tx.pipeline(
                open, EvaluationPlanStatements.find(ofEvaluation: evaluation).optional,
                EvaluationReportStatements.ofEvaluation(evaluation).many)
            let plan = try foundPlan.orNotFound("evaluation")
            let facts = plan.of.facts(for: subject)
            _ = try Permission.authorise(.evaluationRead, subject: subject, facts: facts)
            let grant = try Permission.authorise(.evaluationReportStart, subject: subject, facts: facts)
            let move = try Workflow.move(EvaluationReportEvent.start, from: nil)
            guard plan.plan.approvedVersion > 0, plan.plan.state != .abandoned else {
                throw Refusal(
                    .conflict, code: Guard.planApproved.rawValue,
                    "A report answers to an approved plan. Have the plan approved first.")
            }
            if kind == .final, others.contains(where: { $0.kind == .final && $0.state != .withdrawn }) {
                throw Refusal(
                    .conflict, code: "final_report_exists", "There is a final report already. Continue with that one.")
            }
            tx.queue(EvaluationReportStatements.insert(id, of: plan, kind: kind, title: title, by: subject.person).done)
            EvidenceAct(
                subject: subject, actor: actor, grant: grant, object: .evaluationReport(id),
                name: "The \(kind.rawValue) report"
            ).move(
                EvaluationReportEvent.start, move, from: nil, version: 1, detail: ["evaluation": "\(evaluation)"], tx)
            return id
        }
    }

    /// Changes the title while the report is drafted. Answers the new version.
    public func retitle(_ actor: Actor, _ id: EvaluationReportID, version: Int, title: String) async throws -> Int {
        try Self.titleProblems(title).mustBeEmpty()
        return try await platform.write("evaluation_reports.retitle", actor, on: .evaluationReport(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, EvaluationReportStatements.lock(id).optional)
            let (record, grant) = try Self.authorise(.evaluationReportEdit, found, subject)
            try version.mustEqual(record.report.version, "report")
            guard [.drafting, .laFactCheck, .revise].contains(record.report.state) else {
                throw EvaluationPlans.notEditable("report")
            }
            tx.queue(EvaluationReportStatements.retitle(id, title).affecting(1))
            tx.queue(
                Record(subject, actor).event(
                    "evaluation_report.edit", on: .evaluationReport(id), as: grant.capacity, detail: ["part": "title"]))
            return record.report.version + 1
        }
    }

    /// Saves one part of the draft; answers its new version.
    public func savePart(
        _ actor: Actor, _ id: EvaluationReportID, _ code: String, _ answers: Questionnaire.Answers, version: Int
    ) async throws -> Int {
        try await platform.write("evaluation_reports.save_part", actor, on: .evaluationReport(id)) { tx, open in
            let (subject, found, saved, ledger, designs, indicators, settings) = try tx.pipeline(
                open, EvaluationReportStatements.lock(id).optional,
                EvaluationPaperStatements.sections(.report(id)).many,
                EvaluationReportStatements.ledger(of: id).many, EvaluationStatements.designs.many,
                BidSectionStatements.indicators.many, EvaluationStatements.settings.many)
            let (record, grant) = try Self.authorise(.evaluationReportEdit, found, subject)
            guard record.report.state.isEditable else { throw EvaluationPlans.notEditable("report") }
            try Duty.check(.authoredEvaluation, by: subject.person, ledger: ledger).enforce()
            let form = EvaluationReference(designs, indicators, settings).reportForm
            let section = try form.section(code).orNotFound("part")
            let new = try EvaluationPapers.save(
                .report(id), section, answers, form: form, saved: saved, version: version, by: subject, tx)
            tx.queue(
                Record(subject, actor).event(
                    "evaluation_report.edit", on: .evaluationReport(id), as: grant.capacity,
                    detail: ["part": code, "version": "\(new)"]))
            return new
        }
    }

    /// Asks the authority and the department to check the facts.
    public func sendForFactCheck(_ actor: Actor, _ id: EvaluationReportID, version: Int) async throws {
        try await act(.sendForFactCheck, actor, id, version) { act, _, _ in
            try act.problems().mustBeEmpty()
            return ""
        }
    }

    /// Adds a comment on a fact. Conclusions are the author's.
    public func comment(_ actor: Actor, _ id: EvaluationReportID, section: String?, body: String) async throws
        -> EvaluationCommentID
    {
        let comment = EvaluationCommentID.fresh()
        return try await platform.write("evaluation_reports.comment", actor, on: .evaluationReport(id)) { tx, open in
            let (subject, found, designs, indicators, settings) = try tx.pipeline(
                open, EvaluationReportStatements.lock(id).optional, EvaluationStatements.designs.many,
                BidSectionStatements.indicators.many, EvaluationStatements.settings.many)
            let (record, grant) = try Self.authorise(.evaluationReportComment, found, subject)
            guard record.report.state == .laFactCheck else { throw EvaluationPlans.notCommentable }
            let form = EvaluationReference(designs, indicators, settings).reportForm
            try EvaluationPapers.comment(body, section: section, form: form).mustBeEmpty()
            tx.queue(
                EvaluationPaperStatements.insertComment(
                    comment, on: .report(id), section: section, body: body, by: subject
                ).done)
            tx.queue(
                Record(subject, actor).event(
                    "evaluation_report.comment", on: .evaluationReport(id), as: grant.capacity,
                    detail: ["comment": "\(comment)", "part": section ?? ""]))
            return comment
        }
    }

    /// Says that the authority's check is done.
    public func finishFactCheck(_ actor: Actor, _ id: EvaluationReportID, version: Int) async throws {
        try await act(.finishFactCheck, actor, id, version) { _, _, _ in "" }
    }

    /// Answers a comment.
    public func answer(_ actor: Actor, _ id: EvaluationReportID, _ comment: EvaluationCommentID, body: String)
        async throws
    {
        try await platform.write("evaluation_reports.answer", actor, on: .evaluationReport(id)) { tx, open in
            let (subject, found, comments) = try tx.pipeline(
                open, EvaluationReportStatements.lock(id).optional, EvaluationPaperStatements.comments(.report(id)).many
            )
            let (_, grant) = try Self.authorise(.evaluationReportAnswer, found, subject)
            guard comments.contains(where: { $0.id == comment }) else { throw Refusal.notFound("comment") }
            try EvaluationPlans.answerProblems(body).mustBeEmpty()
            tx.queue(EvaluationPaperStatements.insertAnswer(to: comment, body, by: subject.person).done)
            tx.queue(
                Record(subject, actor).event(
                    "evaluation_report.answer", on: .evaluationReport(id), as: grant.capacity,
                    detail: ["comment": "\(comment)"]))
        }
    }

    /// Submits the draft for peer review: freezes it with its digest, which is answered in hex.
    public func submit(_ actor: Actor, _ id: EvaluationReportID, version: Int, once: IdempotencyKey? = nil) async throws
        -> String
    {
        try await freeze(.submit, actor, id, version, note: nil, once: once) { act, record in
            try EvaluationPapers.commentsAnswered(
                act.comments, finished: act.factCheckFinished,
                dueOn: record.report.state == .laFactCheck ? record.factCheckDueOn : nil,
                today: act.subject.now.londonDay
            ).enforce()
        }
    }

    /// Proposes a correction of what is public; the answer is the digest in hex.
    public func proposeCorrection(
        _ actor: Actor, _ id: EvaluationReportID, version: Int, note: String, once: IdempotencyKey? = nil
    ) async throws -> String {
        try await freeze(.proposeCorrection, actor, id, version, note: note, once: once) { _, _ in
            try Rules.reason(note).enforce()
        }
    }

    /// Tells the senior officer responsible and auditors that somebody pressed for other conclusions.
    public func flagPressure(_ actor: Actor, _ id: EvaluationReportID, body: String) async throws {
        try await platform.write("evaluation_reports.flag_pressure", actor, on: .evaluationReport(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, EvaluationReportStatements.find(id).optional)
            let (record, grant) = try Self.authorise(.evaluationReportFlagPressure, found, subject)
            guard body.unicodeScalars.count >= Rules.shortestReason, body.unicodeScalars.count <= Rules.longestText
            else {
                throw Refusal.invalid([
                    FieldProblem("body", "Describe what happened in at least \(Rules.shortestReason) characters.")
                ])
            }
            tx.queue(EvaluationReportStatements.insertPressure(on: id, body, by: subject.person).done)
            tx.queue(
                Record(subject, actor).event(
                    "evaluation_report.flag_pressure", on: .evaluationReport(id), as: grant.capacity))
            let notice = Outbox(
                "evaluation_report.flag_pressure", on: .evaluationReport(id),
                subject: "Pressure on \(record.report.reference) was reported",
                body:
                    "Somebody reports that they were pressed to change the conclusions of “\(record.report.title)”. Sign in "
                    + "to read it.", dedupe: "evaluation_report.flag_pressure:\(id):\(subject.now)")
            for step in notice.to([.seniorOfficer, .auditors]) { tx.queue(step) }
        }
    }

    private static func titleProblems(_ title: String) -> [FieldProblem] {
        title.allSatisfy(\.isWhitespace) || title.unicodeScalars.count > 200
            ? [FieldProblem("title", "Enter a title of at most 200 characters.")] : []
    }
}
