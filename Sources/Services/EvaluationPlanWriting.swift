public import Domain
import Postgres

// What evaluator and authority do with a plan.

extension EvaluationPlans {
    /// Begins the plan: its author declares that they are independent of what they evaluate.
    public func start(_ actor: Actor, _ id: EvaluationPlanID, version: Int, declares: Bool, note: String? = nil)
        async throws
    {
        try await act(.start, actor, id, version) { act, record, tx in
            guard declares else {
                throw Refusal.invalid([
                    FieldProblem(
                        "independent",
                        "Confirm that you are independent of the practice and of the authority. If you are not, do not evaluate it."
                    )
                ])
            }
            try Duty.check(.authoredEvaluation, by: act.subject.person, ledger: act.ledger).enforce()
            return ", independence_declared = true, independence_note = \(note)"
        }
    }

    /// Saves one part of the draft; answers its new version. `version` is the one that was opened, 0 before the first
    /// saving. Only the part's own answers are looked at.
    public func savePart(
        _ actor: Actor, _ id: EvaluationPlanID, _ code: String, _ answers: Questionnaire.Answers, version: Int
    ) async throws -> Int {
        try await platform.write("evaluation_plans.save_part", actor, on: .evaluationPlan(id)) { tx, open in
            let (subject, found, saved, ledger, designs, indicators, settings) = try tx.pipeline(
                open, EvaluationPlanStatements.lock(id).optional, EvaluationPaperStatements.sections(.plan(id)).many,
                EvaluationPlanStatements.ledger(of: id).many, EvaluationStatements.designs.many,
                BidSectionStatements.indicators.many, EvaluationStatements.settings.many)
            let (record, grant) = try Self.authorise(.evaluationPlanEdit, found, subject)
            guard record.plan.state.isEditable else { throw Self.notEditable("plan") }
            try Duty.check(.authoredEvaluation, by: subject.person, ledger: ledger).enforce()
            let form = EvaluationReference(designs, indicators, settings).planForm
            let section = try form.section(code).orNotFound("part")
            let new = try EvaluationPapers.save(
                .plan(id), section, answers, form: form, saved: saved, version: version, by: subject, tx)
            tx.queue(
                Record(subject, actor).event(
                    "evaluation_plan.edit", on: .evaluationPlan(id), as: grant.capacity,
                    detail: ["part": code, "version": "\(new)"]))
            return new
        }
    }

    /// Asks the authority for its comments.
    public func sendForComment(_ actor: Actor, _ id: EvaluationPlanID, version: Int) async throws {
        try await act(.sendForComment, actor, id, version) { act, record, tx in
            try act.problems().mustBeEmpty()
            return ""
        }
    }

    /// Adds a comment of the authority.
    public func comment(_ actor: Actor, _ id: EvaluationPlanID, section: String?, body: String) async throws
        -> EvaluationCommentID
    {
        let comment = EvaluationCommentID.fresh()
        return try await platform.write("evaluation_plans.comment", actor, on: .evaluationPlan(id)) { tx, open in
            let (subject, found, designs, indicators, settings) = try tx.pipeline(
                open, EvaluationPlanStatements.lock(id).optional, EvaluationStatements.designs.many,
                BidSectionStatements.indicators.many, EvaluationStatements.settings.many)
            let (record, grant) = try Self.authorise(.evaluationPlanComment, found, subject)
            guard record.plan.state == .laComment else { throw Self.notCommentable }
            let form = EvaluationReference(designs, indicators, settings).planForm
            try EvaluationPapers.comment(body, section: section, form: form).mustBeEmpty()
            tx.queue(
                EvaluationPaperStatements.insertComment(
                    comment, on: .plan(id), section: section, body: body, by: subject
                )
                .done)
            tx.queue(
                Record(subject, actor).event(
                    "evaluation_plan.comment", on: .evaluationPlan(id), as: grant.capacity,
                    detail: ["comment": "\(comment)", "part": section ?? ""]))
            return comment
        }
    }

    /// Says that the authority has no more comments.
    public func finishComments(_ actor: Actor, _ id: EvaluationPlanID, version: Int) async throws {
        try await act(.finishComments, actor, id, version) { _, _, _ in "" }
    }

    /// Answers a comment.
    public func answer(_ actor: Actor, _ id: EvaluationPlanID, _ comment: EvaluationCommentID, body: String)
        async throws
    {
        try await platform.write("evaluation_plans.answer", actor, on: .evaluationPlan(id)) { tx, open in
            let (subject, found, comments) = try tx.pipeline(
                open, EvaluationPlanStatements.lock(id).optional, EvaluationPaperStatements.comments(.plan(id)).many)
            let (_, grant) = try Self.authorise(.evaluationPlanAnswer, found, subject)
            guard comments.contains(where: { $0.id == comment }) else { throw Refusal.notFound("comment") }
            try Self.answerProblems(body).mustBeEmpty()
            tx.queue(EvaluationPaperStatements.insertAnswer(to: comment, body, by: subject.person).done)
            tx.queue(
                Record(subject, actor).event(
                    "evaluation_plan.answer", on: .evaluationPlan(id), as: grant.capacity,
                    detail: ["comment": "\(comment)"]))
        }
    }

    /// Submits the draft for review: freezes it with its digest, which is answered in hex.
    public func submit(_ actor: Actor, _ id: EvaluationPlanID, version: Int, once: IdempotencyKey? = nil) async throws
        -> String
    {
        try await freeze(.submit, actor, id, version, once: once) { act, record in
            try EvaluationPapers.commentsAnswered(
                act.comments, finished: act.commentsFinished,
                dueOn: record.plan.state == .laComment ? record.commentDueOn : nil, today: act.subject.now.londonDay
            ).enforce()
        }
    }

    /// Adopts an amendment that nothing has to be reviewed of; the answer is the digest in hex.
    public func adopt(_ actor: Actor, _ id: EvaluationPlanID, version: Int, once: IdempotencyKey? = nil) async throws
        -> String
    {
        try await freeze(.adopt, actor, id, version, once: once) { act, record in
            let changed = try act.changedKeys()
            if changed.isEmpty {
                throw Refusal(
                    .conflict, code: Guard.amendmentExplained.rawValue, "Nothing has changed since the last version.")
            }
            if Questionnaire.needsReview(changed, reviewed: act.reference.rereviewKeys) {
                throw Refusal(
                    .conflict, code: Guard.noReviewNeeded.rawValue,
                    "The amendment changes what was reviewed: \(changed.joined(separator: ", ")). Send it for comment and "
                        + "review.")
            }
        }
    }

    /// Opens an amendment: what changes is written in the draft, beside the version in force.
    public func amend(
        _ actor: Actor, _ id: EvaluationPlanID, version: Int, reason: String, beforeUnblinding: Bool
    ) async throws {
        try await act(.amend, actor, id, version, reason: reason) { act, record, tx in
            try Rules.reason(reason).enforce()
            if beforeUnblinding, let seen = record.of.unblindedOn, seen <= act.subject.now.londonDay {
                throw Refusal.invalid([
                    FieldProblem(
                        "beforeUnblinding",
                        "Results by group were first seen on \(seen.spoken), so this is after unblinding.")
                ])
            }
            tx.queue(
                EvaluationPlanStatements.insertAmendment(
                    id, number: record.plan.approvedVersion + 1, reason: reason, beforeUnblinding: beforeUnblinding,
                    by: act.subject.person
                ).done)
            return ""
        }
    }

    /// Records the entry of the approved version on a public register. Registered before the first data it is
    /// pre-registered, else retrospective; nobody types which.
    public func register(_ actor: Actor, _ id: EvaluationPlanID, version: Int, _ entry: RegistrationEntry) async throws
    {
        try await act(.register, actor, id, version) { act, record, tx in
            try Self.problems(entry, today: act.subject.now.londonDay).mustBeEmpty()
            guard (record.of.evaluation.actualStart ?? record.of.evaluation.plannedStart) != nil else {
                throw Refusal(
                    .conflict, code: Guard.registrationRecorded.rawValue,
                    "Record first on which day data collection is to begin, on the page of the evaluation.")
            }
            tx.queue(EvaluationPlanStatements.insertRegistration(id, entry, by: act.subject.person).done)
            return ""
        }
    }

    /// Says that data collection has begun.
    public func begin(_ actor: Actor, _ id: EvaluationPlanID, version: Int) async throws {
        try await act(.begin, actor, id, version) { _, _, _ in "" }
    }

    /// Says that the evaluation is complete: its final report is signed off.
    public func complete(_ actor: Actor, _ id: EvaluationPlanID, version: Int) async throws {
        try await act(.complete, actor, id, version) { _, _, _ in "" }
    }

    static let notCommentable = Refusal(
        .conflict, code: "not_commentable",
        "Comments are made while they are asked for. This document is not waiting for any.")

    static func notEditable(_ noun: String) -> Refusal {
        Refusal(
            .conflict, code: "\(noun)_not_editable",
            "This \(noun) cannot be changed now. Look at where it stands to see what comes next.")
    }

    static func answerProblems(_ body: String) -> [FieldProblem] {
        let isBlank = body.allSatisfy(\.isWhitespace)
        return isBlank || body.unicodeScalars.count > Rules.longestText
            ? [FieldProblem("body", "Enter an answer of at most \(Rules.longestText) characters.")] : []
    }

    private static func problems(_ entry: RegistrationEntry, today: Day) -> [FieldProblem] {
        var problems: [FieldProblem] = []
        let number = entry.number
        let isISRCTN =
            number.count == 14 && number.hasPrefix("ISRCTN")
            && number.dropFirst(6).utf8.allSatisfy { (48...57).contains($0) }
        if entry.registry == .isrctn, !isISRCTN {
            problems.append(FieldProblem("number", "Enter the number as ISRCTN followed by 8 digits."))
        } else if number.allSatisfy(\.isWhitespace) || number.unicodeScalars.count > 140 {
            problems.append(FieldProblem("number", "Enter the number on the register."))
        }
        if entry.on > today { problems.append(FieldProblem("on", "Enter a day that is not in the future.")) }
        if let url = entry.url, !url.hasPrefix("https://") || url.unicodeScalars.count > 500 {
            problems.append(FieldProblem("url", "Enter an address that begins with https://, or leave it blank."))
        }
        return problems
    }
}
