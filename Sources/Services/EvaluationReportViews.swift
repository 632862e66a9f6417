public import Domain

/// One delay of a publication.
public struct DelayView: Hashable, Sendable {
    /// 1, 2, …
    public let number: Int
    /// The coded reason.
    public let reason: EvaluationReport.DelayReason
    /// The reason in words.
    public let text: String?
    /// Until when.
    public let until: Day
    /// When it was decided.
    public let at: Instant
}

/// One version of a report that is or was public.
public struct ReportVersionView: Hashable, Sendable {
    /// 1, 2, …
    public let number: Int
    /// Hex digest of its canonical text.
    public let digest: String
    /// What it said.
    public let direction: ResultDirection?
    /// What a correction corrected.
    public let note: String?
    /// When it became public.
    public let publishedAt: Instant
}

/// Pressure that somebody reported.
public struct PressureView: Hashable, Sendable {
    /// What happened.
    public let body: String
    /// When it was reported.
    public let at: Instant
}

/// Everything a report's page shows.
public struct EvaluationReportDetail: Sendable {
    /// The report.
    public let report: EvaluationReport
    /// Its evaluation.
    public let evaluation: Evaluation
    /// The authority.
    public let authorityName: String
    /// Who evaluates.
    public let evaluatorName: String?
    /// The plan that it answers to.
    public let plan: EvaluationPlanID
    /// The questions that it answers.
    public let form: Questionnaire
    /// The parts of the draft; empty for those who do not write or check it.
    public let parts: [PaperPart]
    /// What it says, as far as this actor may read it: the draft, or what was submitted last.
    public let answers: Questionnaire.Answers?
    /// The outcomes that the protocol promised.
    public let outcomes: [PlanFacts.Outcome]
    /// What the report says in figures.
    public let facts: ReportFacts?
    /// What the rules compute from them.
    public let computed: ReportComputation?
    /// What submission still needs; only for its authors.
    public let problems: [FieldProblem]
    /// What the figures say about each other.
    public let messages: [EvaluationReportRules.Message]
    /// Codes of what keeps the submission from being signed off.
    public let gaps: [String]
    /// Comments on facts, oldest first.
    public let comments: [CommentView]
    /// Whether the authority said that its check is done.
    public let factCheckFinished: Bool
    /// Until when facts may be checked.
    public let factCheckDueOn: Day?
    /// Until when reviews are due.
    public let reviewDueOn: Day?
    /// Why it was sent back.
    public let decisionReason: String?
    /// When it was signed off.
    public let signedOffAt: Instant?
    /// The planned day of publication.
    public let plannedOn: Day?
    /// When it became public.
    public let publishedAt: Instant?
    /// Why it was withdrawn.
    public let withdrawalReason: String?
    /// Delays, oldest first.
    public let delays: [DelayView]
    /// Public versions, newest first.
    public let versions: [ReportVersionView]
    /// Pressure that was reported, for those who may know.
    public let pressure: [PressureView]
    /// How far reviews are.
    public let progress: ReviewProgress?
    /// What reviewers said about submissions that were decided.
    public let feedback: [FeedbackLine]
    /// Whether a correction waits for the review lead.
    public let correctionWaits: Bool
    /// What this actor could do with it now.
    public let allowed: [EvaluationReportEvent]
    /// Whether this actor writes it.
    public let isAuthor: Bool
    /// Whether this actor may comment on its facts now.
    public let mayComment: Bool
    /// Whether this actor may report pressure.
    public let mayFlagPressure: Bool
}

/// What the rules compute from a report's figures.
public struct ReportComputation: Hashable, Sendable {
    /// What the primary outcomes say together.
    public let direction: ResultDirection?
    /// Each result by itself, in the order of the document.
    public let directions: [ResultDirection?]
    /// Whether each result was promised.
    public let prespecified: [Bool]
    /// The most that the Maryland scale gave the plan.
    public let plannedSMS: Int
    /// What it gives the report.
    public let sms: Int
    /// Where the padlock starts.
    public let padlock: Int?
    /// Who was lost.
    public let attrition: Proportion?
    /// How far apart the groups are in that.
    public let differentialAttrition: Double?

    init(_ facts: ReportFacts, _ plan: PlanFacts, _ thresholds: EvidenceThresholds) {
        direction = EvaluationReportRules.direction(facts, plan)
        directions = facts.results.map { EvaluationReportRules.direction($0, plan) }
        prespecified = facts.results.map { EvaluationReportRules.isPrespecified($0, plan) }
        plannedSMS = plan.plannedSMS
        sms = EvaluationReportRules.sms(facts, plan)
        padlock = EvaluationReportRules.padlock(facts, plan, thresholds: thresholds)
        attrition = facts.flow?.attrition
        differentialAttrition = facts.flow?.differentialAttrition
    }
}
