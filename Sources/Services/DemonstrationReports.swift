import Domain
import Postgres

// Reports of the demonstration: those of real evaluations in review or published, and made-up ones in every other state.

/// A report that the story needs.
struct DemonstrationReport: Sendable {
    /// Short name of the award.
    let key: String
    let kind: EvaluationReport.Kind
    /// Of a made-up one; a real one has its study's.
    let title: String?
    let rest: EvaluationReport.State

    init(_ key: String, _ kind: EvaluationReport.Kind, _ title: String?, _ rest: EvaluationReport.State) {
        (self.key, self.kind, self.title, self.rest) = (key, kind, title, rest)
    }

    /// What is delayed, corrected or withdrawn is never a real one.
    static let all = [
        DemonstrationReport("conferencing", .final, nil, .published),
        DemonstrationReport("drug_court", .final, nil, .published),
        DemonstrationReport("early_help", .final, nil, .published),
        DemonstrationReport("safeguarding", .final, nil, .published),
        DemonstrationReport("pause", .final, nil, .published),
        DemonstrationReport("lifestory", .interim, nil, .peerReview),
        DemonstrationReport("homework", .final, "Rooms for homework: a trial", .published),
        DemonstrationReport("mentors", .interim, "Peer mentors: the first year", .corrected),
        DemonstrationReport("mentors", .interim, "Peer mentors: what mentors say", .laFactCheck),
        DemonstrationReport("mentors", .interim, "Peer mentors: who was not reached", .drafting),
        DemonstrationReport("mentors", .interim, "Peer mentors: work and training", .publicationScheduled),
        DemonstrationReport("mentors", .final, "Peer mentors: a trial", .delayed),
        DemonstrationReport("kinship", .interim, "Grandparents: the first referrals", .submitted),
        DemonstrationReport("kinship", .interim, "Grandparents: money and housing", .revise),
        DemonstrationReport("kinship", .interim, "Grandparents: the first year", .signedOff),
        DemonstrationReport("kinship", .interim, "Grandparents: a survey by telephone", .withdrawn),
    ]
}

extension DemonstrationFund {
    /// The reports of one evaluation, each as far as it goes.
    func reports(of evaluation: DemonstrationEvaluation) async throws {
        for report in DemonstrationReport.all where report.key == evaluation.study.key {
            try await take(report, of: evaluation)
        }
    }

    private func take(_ report: DemonstrationReport, of evaluation: DemonstrationEvaluation) async throws {
        let reports = touchstone.evaluationReports
        let (author, lead) = (try cast.actor("evaluator"), try cast.actor("lead"))
        let title = report.title ?? evaluation.study.title
        let id = try await reports.start(author, evaluation.id, kind: report.kind, title: title)
        try await write(id, evaluation.study.reportAnswers(title, today: today), report)
        guard report.rest != .drafting else { return }
        try await reports.sendForFactCheck(author, id, version: try await version(id))
        let editor = try cast.actor(evaluation.editor)
        if report.rest == .laFactCheck {
            _ = try await reports.comment(
                editor, id, section: "context", body: "The service opened in March, not in May.")
            return
        }
        try await reports.finishFactCheck(editor, id, version: try await version(id))
        _ = try await reports.submit(author, id, version: try await version(id))
        guard report.rest != .submitted else { return }
        try await review(.report(id)) {
            try await reports.beginReview(lead, id, version: try await version(id))
        }
        guard report.rest != .peerReview else { return }
        guard report.rest != .revise else {
            return try await reports.askToRevise(
                lead, id, version: try await version(id),
                reason: "Say for how many families the accounts were complete.")
        }
        try await reports.signOff(lead, id, version: try await version(id))
        try await publish(id, as: report.rest)
    }

    /// What follows sign-off.
    private func publish(_ id: EvaluationReportID, as rest: EvaluationReport.State) async throws {
        let reports = touchstone.evaluationReports
        let (author, lead) = (try cast.actor("evaluator"), try cast.actor("lead"))
        switch rest {
        case .publicationScheduled:
            return try await reports.schedule(lead, id, version: try await version(id), on: today.adding(days: 30))
        case .delayed:
            return try await reports.delay(
                try cast.actor("officer"), id, version: try await version(id), reason: .resourceConstraints, text: "",
                until: today.adding(days: 40))
        case .published, .corrected, .withdrawn:
            try await reports.publish(lead, id, version: try await version(id))
        default: return
        }
        if rest == .corrected {
            try await correctLimitations(id)
            _ = try await reports.proposeCorrection(
                author, id, version: try await version(id),
                note: "A limitation was missing: two teams had begun before the others.")
            try await reports.correct(lead, id, version: try await version(id))
        } else if rest == .withdrawn {
            try await reports.withdraw(
                lead, id, version: try await version(id),
                reason: "Some answers were counted twice, and cannot be told apart any more.")
        }
    }

    // MARK: Writing

    private func write(_ id: EvaluationReportID, _ answers: Questionnaire.Answers, _ report: DemonstrationReport)
        async throws
    {
        let author = try cast.actor("evaluator")
        let detail = try await touchstone.evaluationReports.detail(author, id)
        for section in detail.form.sections
        where report.kind == .final || DemonstrationStudy.interimParts.contains(section.code) {
            _ = try await touchstone.evaluationReports.savePart(
                author, id, section.code, answers.of(section), version: 0)
        }
    }

    private func correctLimitations(_ id: EvaluationReportID) async throws {
        let author = try cast.actor("evaluator")
        let part = try await touchstone.evaluationReports.part(author, id, "methods")
        var answers = part.answers
        answers["methods.limitations"] += " Two teams had begun before the others."
        _ = try await touchstone.evaluationReports.savePart(
            author, id, "methods", answers.of(part.section), version: part.version)
    }

    private func version(_ id: EvaluationReportID) async throws -> Int {
        try await ask(DemonstrationStatements.reportVersion(id))
    }
}
