public import Domain
import Postgres

// What is decided about a report, and how every act on a report is done.

extension EvaluationReports {
    /// Begins the peer review.
    public func beginReview(_ actor: Actor, _ id: EvaluationReportID, version: Int) async throws {
        try await act(.beginReview, actor, id, version) { act, _, _ in
            try Duty.check(.ledReview, by: act.subject.person, ledger: act.ledger).enforce()
            return ""
        }
    }

    /// Sends the report back to its author, with what must change.
    public func askToRevise(_ actor: Actor, _ id: EvaluationReportID, version: Int, reason: String) async throws {
        try await act(.askToRevise, actor, id, version, reason: reason) { act, _, _ in
            try Rules.reason(reason).enforce()
            try Duty.check(.ledReview, by: act.subject.person, ledger: act.ledger).enforce()
            return ", decision_reason = \(reason)"
        }
    }

    /// Signs the report off. From then on nothing leads anywhere but to publication, whatever the result is.
    public func signOff(
        _ actor: Actor, _ id: EvaluationReportID, version: Int, reason: String? = nil, once: IdempotencyKey? = nil
    ) async throws {
        try await act(.signOff, actor, id, version, reason: reason, once: once) { act, _, _ in
            try Duty.check(.ledReview, by: act.subject.person, ledger: act.ledger).enforce()
            let blocking = try act.blocking()
            guard blocking.isEmpty else { throw Refusal.invalid(blocking) }
            return ", signed_off_by = \(act.subject.person), decision_reason = coalesce(\(reason), decision_reason)"
        }
    }

    /// Sets the day of publication.
    public func schedule(_ actor: Actor, _ id: EvaluationReportID, version: Int, on day: Day) async throws {
        try await act(.schedule, actor, id, version) { act, record, _ in
            let today = act.subject.now.londonDay
            let latest = max(record.report.publishDue ?? today, record.delayUntil ?? today, today)
            guard (today...latest).contains(day) else {
                throw Refusal.invalid([
                    FieldProblem("on", "Enter a day from today to \(latest.spoken), by when the report must be public.")
                ])
            }
            return ", planned_on = \(day)"
        }
    }

    /// Publishes the report now.
    public func publish(_ actor: Actor, _ id: EvaluationReportID, version: Int, once: IdempotencyKey? = nil)
        async throws
    {
        try await act(.publish, actor, id, version, once: once) { _, _, _ in "" }
    }

    /// Delays publication for one of six reasons and at most twelve weeks; it is listed to the public by title. A delay
    /// in force is renewed by the senior officer responsible alone.
    public func delay(
        _ actor: Actor, _ id: EvaluationReportID, version: Int, reason: EvaluationReport.DelayReason, text: String,
        until: Day, once: IdempotencyKey? = nil
    ) async throws {
        let (subject, found) = try await platform.read(
            "evaluation_reports.find", actor, EvaluationReportStatements.find(id).optional)
        let record = try found.orNotFound("report")
        _ = try Permission.authorise(.evaluationReportRead, subject: subject, facts: record.of.facts(for: subject))
        let event: EvaluationReportEvent = record.report.state == .delayed ? .renewDelay : .delay
        try await act(event, actor, id, version, reason: text.isEmpty ? nil : text, once: once) { act, _, _ in
            let today = act.subject.now.londonDay
            let latest = today.adding(days: Self.longestDelay)
            var problems: [FieldProblem] = []
            if !(today.adding(days: 1)...latest).contains(until) {
                problems.append(
                    FieldProblem(
                        "until",
                        "Enter a day after today and no later than \(latest.spoken): a delay lasts at most twelve weeks."
                    )
                )
            }
            if reason.needsWords, text.unicodeScalars.count < Rules.shortestReason {
                problems.append(
                    FieldProblem(
                        "text",
                        "Explain the reason in at least \(Rules.shortestReason) characters. The public reads it."))
            }
            try problems.mustBeEmpty()
            let words: String? = text.isEmpty ? nil : text
            return ", delay_reason = \(reason.rawValue), delay_text = \(words), delay_until = \(until)"
        }
    }

    /// Most days of one delay.
    static let longestDelay = 84

    /// Publishes a proposed correction as the next version; the one before stays within reach.
    public func correct(_ actor: Actor, _ id: EvaluationReportID, version: Int, once: IdempotencyKey? = nil)
        async throws
    {
        try await act(.correct, actor, id, version, once: once) { act, _, _ in
            try Duty.check(.ledReview, by: act.subject.person, ledger: act.ledger).enforce()
            let blocking = try act.blocking()
            guard blocking.isEmpty else { throw Refusal.invalid(blocking) }
            return ""
        }
    }

    /// Withdraws what is public. The notice stays in public, with its reason.
    public func withdraw(
        _ actor: Actor, _ id: EvaluationReportID, version: Int, reason: String, once: IdempotencyKey? = nil
    ) async throws {
        try await act(.withdraw, actor, id, version, reason: reason, once: once) { act, _, _ in
            try Rules.reason(reason).enforce()
            try Duty.check(.ledReview, by: act.subject.person, ledger: act.ledger).enforce()
            return ", withdrawal_reason = \(reason)"
        }
    }

    /// What an act on a report has at hand.
    struct Act: Sendable {
        let subject: Subject
        let record: EvaluationReportRecord
        let ledger: [Duty.Performed]
        let saved: [PaperSection]
        let sent: PaperSubmission?
        let planned: PlanVersionRecord?
        let comments: [CommentView]
        let factCheckFinished: Bool
        let reference: EvaluationReference

        var draft: Questionnaire.Answers { get throws { try saved.answers(reference.reportForm) } }

        private var plan: PlanFacts {
            get throws {
                PlanFacts(
                    try planned.map { try reference.planForm.answers(json: $0.json) } ?? Questionnaire.Answers(),
                    designs: reference.designs)
            }
        }

        /// What submission still needs.
        func problems() throws -> [FieldProblem] {
            EvaluationReports.problems(try draft, record, try plan, planned, reference)
        }

        /// What keeps the submission from being signed off: what is missing, and what contradicts itself.
        func blocking() throws -> [FieldProblem] {
            let answers = try reference.reportForm.answers(json: try sent.orNotFound("submission").json)
            let facts = ReportFacts(answers, designs: reference.designs)
            let messages = EvaluationReportRules.messages(facts, plan: try plan, thresholds: reference.thresholds)
            return EvaluationReports.problems(answers, record, try plan, planned, reference)
                + messages.filter { $0.weight == .signOff }.map { FieldProblem($0.field, $0.sentence) }
        }
    }

    private static func load(
        _ event: EvaluationReportEvent, _ id: EvaluationReportID, _ version: Int, _ tx: borrowing Transaction,
        _ open: Step<Subject>
    ) throws -> (act: Act, grant: Grant, move: (state: EvaluationReport.State, transition: Transition)) {
        let paper = EvaluationPaper.report(id)
        let (subject, found, ledger, saved, sent, planned, comments, finished, designs, indicators, settings) =
            try tx.pipeline(
                open, EvaluationReportStatements.lock(id).optional, EvaluationReportStatements.ledger(of: id).many,
                EvaluationPaperStatements.sections(paper).many, EvaluationPaperStatements.submission(paper).optional,
                EvaluationPlanStatements.version(of: id).optional, EvaluationPaperStatements.comments(paper).many,
                EvaluationReportStatements.factCheckFinished(id).one, EvaluationStatements.designs.many,
                BidSectionStatements.indicators.many, EvaluationStatements.settings.many)
        guard let action = event.action else { throw Refusal.notFound("report") }
        let (record, grant) = try authorise(action, found, subject)
        try version.mustEqual(record.report.version, "report")
        let move = try Workflow.move(event, from: record.report.state)
        let act = Act(
            subject: subject, record: record, ledger: ledger, saved: saved, sent: sent, planned: planned,
            comments: comments, factCheckFinished: finished,
            reference: EvaluationReference(designs, indicators, settings))
        return (act, grant, move)
    }

    /// One move of a report; see the same of plans.
    func act(
        _ event: EvaluationReportEvent, _ actor: Actor, _ id: EvaluationReportID, _ version: Int, reason: String? = nil,
        once: IdempotencyKey? = nil,
        _ decide: @escaping @Sendable (Act, EvaluationReportRecord, borrowing Transaction) throws -> SQL
    ) async throws {
        _ = try await platform.write("evaluation_reports.act", actor, on: .evaluationReport(id), once: once) {
            tx, open in
            let (act, grant, move) = try Self.load(event, id, version, tx, open)
            let more = try decide(act, act.record, tx)
            tx.queue(EvaluationReportStatements.move(id, event, to: move.state, more: more).affecting(1))
            Self.record(event, move, act, actor, grant, reason: reason, tx)
            return true
        }
    }

    /// A move that freezes the draft; answers the digest in hex.
    func freeze(
        _ event: EvaluationReportEvent, _ actor: Actor, _ id: EvaluationReportID, _ version: Int, note: String?,
        once: IdempotencyKey?, _ check: @escaping @Sendable (Act, EvaluationReportRecord) throws -> Void
    ) async throws -> String {
        try await platform.write("evaluation_reports.freeze", actor, on: .evaluationReport(id), once: once) {
            tx, open in
            let (act, grant, move) = try Self.load(event, id, version, tx, open)
            try Duty.check(.authoredEvaluation, by: act.subject.person, ledger: act.ledger).enforce()
            try check(act, act.record)
            try act.problems().mustBeEmpty()
            let number = act.record.report.submission + 1
            let hash = try EvaluationPapers.submit(
                .report(id), number: number, saved: act.saved, answers: try act.draft, form: act.reference.reportForm,
                note: note, by: act.subject, tx)
            tx.queue(
                EvaluationReportStatements.move(
                    id, event, to: move.state, more: ", submission = \(number), content_hash = \(Bytes(hash))"
                ).affecting(1))
            Self.record(event, move, act, actor, grant, reason: note, after: hash, tx)
            return Hex.text(hash)
        }
    }

    private static func record(
        _ event: EvaluationReportEvent, _ move: (state: EvaluationReport.State, transition: Transition), _ act: Act,
        _ actor: Actor, _ grant: Grant, reason: String? = nil, after: [UInt8]? = nil, _ tx: borrowing Transaction
    ) {
        let report = act.record.report
        EvidenceAct(
            subject: act.subject, actor: actor, grant: grant, object: .evaluationReport(report.id),
            name: report.reference
        ).move(
            event, move, from: report.state, version: report.version, reason: reason, after: after,
            detail: ["bid": "\(report.bid)"],
            says: "The report \(report.reference), “\(report.title)”, \(event.headline).",
            tx)
    }
}
