public import Domain

/// A roll-out decision in a list.
public struct AdoptionDecisionRow: Hashable, Sendable {
    /// Its identity.
    public let id: AdoptionDecisionID
    /// `ROL-2026-0001`.
    public let reference: String
    /// The option in a line.
    public let title: String
    /// The practice that it is about.
    public let practice: PracticeID
    /// Its name.
    public let practiceName: String
    /// Where it stands.
    public let state: AdoptionDecision.State
    /// What is recommended or decided.
    public let recommendation: AdoptionDecision.Recommendation?
    /// The level of evidence when it was recommended.
    public let level: EvidenceLevel?
    /// Whether the evidence bore it.
    public let sufficient: Bool?
    /// Whether what it rests on has changed since.
    public let evidenceChanged: Bool
    /// When it was begun.
    public let createdAt: Instant
}

/// One item of an evidence pack.
public struct EvidenceItem: Hashable, Sendable {
    /// What it is.
    public enum Kind: String, Sendable, CaseIterable, Codable {
        case report, overdueReport = "overdue_report", rating
    }

    /// Its identity; what a citation names.
    public let id: DecisionEvidenceID
    /// What it is.
    public let kind: Kind
    /// The report, where it is one.
    public let report: EvaluationReportID?
    /// In which version it was read.
    public let reportVersion: Int?
    /// The rating, where it is one.
    public let rating: EvidenceRatingID?
    /// Which rating of the practice.
    public let ratingNumber: Int?
    /// Its title.
    public let title: String
    /// What it found.
    public let direction: ResultDirection?
    /// Strength of method.
    public let sms: Int?
    /// By when an overdue report should have been published.
    public let dueOn: Day?
    /// How it bears on the recommendation; nil where it was not cited.
    public let bearing: AdoptionDecision.Bearing?
    /// What was said of it.
    public let note: String?
}

/// Why a decision no longer rests on what it did.
public struct EvidenceFlag: Hashable, Sendable {
    /// What changed.
    public let cause: EvidenceChange
    /// When.
    public let at: Instant
    /// Whether the decision has not been reviewed since.
    public let isOpen: Bool
}

/// A roll-out decision with what it rests on.
public struct AdoptionDecisionDetail: Sendable {
    /// The decision.
    public let decision: AdoptionDecision
    /// The name of the practice.
    public let practiceName: String
    /// The title of the programme.
    public let programmeTitle: String
    /// What is recommended, with its reasons.
    public let advice: AdoptionDecision.Advice
    /// What was known when it was recommended; nil before.
    public let standing: AdoptionDecisionRules.Standing?
    /// The padlocks when it was recommended.
    public let padlock: Int?
    /// Whether the evidence bore the recommendation; nil before.
    public let sufficient: Bool?
    /// Why the evidence would not bear scaling now; nil when it does.
    public let shortfall: String?
    /// The pack as it was assembled last.
    public let pack: [EvidenceItem]
    /// Whether something was published, corrected, withdrawn or rated anew since the pack was assembled.
    public let packIsStale: Bool
    /// Every published report on the practice now.
    public let reports: [EvidenceReport]
    /// Who recommended, where the actor may know.
    public let recommenderName: String?
    /// Who seconded.
    public let secondName: String?
    /// Whether the recommendation needs a second.
    public let needsSecond: Bool
    /// Who decided.
    public let deciderName: String?
    /// When it was decided.
    public let decidedAt: Instant?
    /// When it was announced.
    public let announcedAt: Instant?
    /// When it is to be looked at again.
    public let reviewOn: Day?
    /// When it was looked at last.
    public let reviewedAt: Instant?
    /// What that found.
    public let reviewOutcome: String
    /// Why it was sent back.
    public let reason: String?
    /// What changed beneath it, newest first.
    public let flags: [EvidenceFlag]
    /// Whether the actor may write what is asked now.
    public let mayEdit: Bool
    /// Whether the actor may second it now.
    public let maySecond: Bool
    /// What this actor could do with it now.
    public let allowed: [AdoptionDecisionEvent]

    /// Whether what it rests on has changed and nobody has looked at it since.
    public var evidenceChanged: Bool { flags.contains(where: \.isOpen) }
}
