public import Domain

/// A protocol in the public list.
public struct PublishedProtocolRow: Hashable, Sendable {
    /// `EPL-2026-0001`.
    public let reference: String
    /// What is evaluated.
    public let title: String
    /// The authority.
    public let authorityName: String
    /// Who evaluates.
    public let evaluatorName: String?
    /// The version in force.
    public let version: Int
    /// How far along the practice is.
    public let stage: EvaluationStage?
    /// Whether it was registered in time.
    public let registration: Evaluation.RegistrationStatus
    /// When this version was approved.
    public let approvedAt: Instant
    /// Whether the evaluation was given up.
    public let isAbandoned: Bool
}

/// What holds for all versions of a protocol.
public struct PublishedProtocolHead: Hashable, Sendable {
    /// `EPL-2026-0001`.
    public let reference: String
    /// What is evaluated.
    public let title: String
    /// The award's reference.
    public let award: String
    /// The authority.
    public let authorityName: String
    /// Who evaluates.
    public let evaluatorName: String?
    /// Whether the authority evaluates itself.
    public let isSelfEvaluation: Bool
    /// Whether it was registered in time.
    public let registration: Evaluation.RegistrationStatus
    /// Where it is registered.
    public let registry: Evaluation.Registry?
    /// Its number there.
    public let registryNumber: String?
    /// When it was registered.
    public let registeredOn: Day?
    /// Where it can be read there.
    public let url: String?
    /// When data collection began, or is to begin.
    public let firstDataCollection: Day?
    /// Whether the evaluation was given up.
    public let isAbandoned: Bool
    /// Why.
    public let abandonReason: String?
    /// What can be learnt from it.
    public let lessons: String?
}

/// A protocol with all its versions.
public struct PublishedProtocol: Sendable {
    /// What holds for all of them.
    public let head: PublishedProtocolHead
    /// The questions that it answers.
    public let form: Questionnaire
    /// Newest first.
    public let versions: [PlanVersion]
    /// The text of each version from which its digest is made, by number.
    public let canonicalTexts: [Int: String]
}

/// A report in the public list.
public struct PublishedReportRow: Hashable, Sendable {
    /// `EVR-2026-0001`.
    public let reference: String
    /// Its title.
    public let title: String
    /// Interim or final.
    public let kind: EvaluationReport.Kind
    /// The authority.
    public let authorityName: String
    /// Who evaluated.
    public let evaluatorName: String?
    /// Published, corrected or withdrawn.
    public let state: EvaluationReport.State
    /// What it says.
    public let direction: ResultDirection?
    /// What the Maryland scale gives it.
    public let sms: Int?
    /// Where the padlock starts.
    public let padlock: Int?
    /// Its version.
    public let version: Int
    /// When it became public.
    public let publishedAt: Instant
    /// In plain language.
    public let summary: String?
}

/// What stands at the head of a public report.
public struct PublishedReportHead: Hashable, Sendable {
    /// `EVR-2026-0001`.
    public let reference: String
    /// Its title.
    public let title: String
    /// Interim or final.
    public let kind: EvaluationReport.Kind
    /// Its version.
    public let version: Int
    /// The award's reference.
    public let award: String
    /// The authority.
    public let authorityName: String
    /// Who evaluated.
    public let evaluatorName: String?
    /// Whether the authority evaluated itself.
    public let isSelfEvaluation: Bool
    /// Published, corrected or withdrawn.
    public let state: EvaluationReport.State
    /// What it says.
    public let direction: ResultDirection?
    /// What the Maryland scale gave the plan.
    public let plannedSMS: Int?
    /// What it gives the report.
    public let sms: Int?
    /// Where the padlock starts.
    public let padlock: Int?
    /// Whether the protocol was registered in time.
    public let registration: Evaluation.RegistrationStatus
    /// The protocol's reference.
    public let plan: String
    /// The version of the protocol that it answers to.
    public let planVersion: Int
    /// When it was signed off.
    public let signedOffOn: Day?
    /// When it became public.
    public let publishedAt: Instant?
    /// When this version became public.
    public let versionAt: Instant
    /// Where else it can be read.
    public let url: String?
    /// Its DOI.
    public let doi: String?
    /// Hex digest of its canonical text.
    public let digest: String
    /// What this version corrects.
    public let correctionNote: String?
    /// Why it was withdrawn.
    public let withdrawalReason: String?
}

/// One result of a public report, as the database unfolded it.
public struct PublishedResult: Hashable, Sendable {
    /// From 1.
    public let position: Int
    /// The code in the protocol; nil for an outcome that was added.
    public let code: String?
    /// The outcome.
    public let outcome: String
    /// When it was measured.
    public let timePoint: String
    /// Whether it is the main result for its outcome.
    public let isHeadline: Bool
    /// Whether the protocol promised it.
    public let isPrespecified: Bool
    /// Whether the practice is judged on it.
    public let isPrimary: Bool
    /// In what the effect is counted.
    public let metric: EffectMetric
    /// The effect.
    public let effect: Double
    /// Where it may lie.
    public let interval: ConfidenceInterval
    /// The p value.
    public let p: Double?
    /// Whether a model adjusted it.
    public let isAdjusted: Bool
    /// Who was analysed.
    public let analysisSet: String?
    /// What it says by itself.
    public let direction: ResultDirection?
}

/// A public report.
public struct PublishedReport: Sendable {
    /// What stands at its head.
    public let head: PublishedReportHead
    /// The questions that it answers.
    public let form: Questionnaire
    /// What it says; nil once it is withdrawn.
    public let answers: Questionnaire.Answers?
    /// The same in figures.
    public let facts: ReportFacts?
    /// Its results.
    public let results: [PublishedResult]
    /// Its versions, newest first.
    public let versions: [ReportVersionView]
    /// The thresholds by which it is judged.
    public let thresholds: EvidenceThresholds
}

/// A report that should be public and is not.
public struct OverduePublication: Hashable, Sendable {
    /// `EVR-2026-0001`.
    public let reference: String
    /// Its title.
    public let title: String
    /// The authority.
    public let authorityName: String
    /// Who evaluated.
    public let evaluatorName: String?
    /// When it was signed off.
    public let signedOffOn: Day
    /// By when it had to be public.
    public let dueOn: Day
    /// How many days it is late.
    public let daysOverdue: Int
    /// Whether it is late.
    public let isOverdue: Bool
    /// The coded reason of a delay.
    public let delayReason: EvaluationReport.DelayReason?
    /// The reason in words.
    public let delayText: String?
    /// Until when it is delayed.
    public let delayUntil: Day?
    /// How often the delay was renewed.
    public let renewals: Int
}

/// An evaluation in the public list.
public struct PublishedEvaluationRow: Hashable, Sendable {
    /// `EVL-2026-0001`.
    public let reference: String
    /// What is evaluated.
    public let title: String
    /// The authority.
    public let authorityName: String
    /// Who evaluates.
    public let evaluatorName: String?
    /// planned, live, completed or abandoned.
    public let phase: String
    /// Whether it was registered in time.
    public let registration: Evaluation.RegistrationStatus
    /// The plan's reference.
    public let plan: String
    /// Whether its protocol is public.
    public let hasProtocol: Bool
    /// Why it was given up.
    public let abandonReason: String?
    /// What can be learnt from it.
    public let lessons: String?
}
