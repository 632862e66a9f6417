public import Domain

/// A published report as evidence.
public struct EvidenceReport: Hashable, Sendable {
    /// Its identity.
    public let id: EvaluationReportID
    /// Which version is public.
    public let version: Int
    /// `EVR-2026-0002`.
    public let reference: String
    /// Its title.
    public let title: String
    /// What it found, by rule.
    public let direction: ResultDirection?
    /// Strength of method that it achieved.
    public let sms: Int?
    /// Its padlocks, where they are known.
    public let padlock: Int?
    /// When it was published.
    public let publishedAt: Instant?
}

/// A report that should be public by now and is not.
public struct OverdueReport: Hashable, Sendable {
    /// Its identity.
    public let id: EvaluationReportID
    /// Its title.
    public let title: String
    /// By when it should have been published.
    public let dueOn: Day?
}

/// A rating in brief.
public struct RatingBrief: Hashable, Sendable {
    /// Its identity.
    public let id: EvidenceRatingID
    /// `RAT-2026-0005`.
    public let reference: String
    /// Which rating of the practice.
    public let number: Int
    /// Where it stands.
    public let state: EvidenceRating.State
    /// Level of evidence.
    public let level: EvidenceLevel?
    /// Strength of method.
    public let sms: Int?
    /// Padlocks.
    public let padlock: Int?
    /// What the results say together.
    public let direction: ResultDirection?
    /// Whether enough strong studies found it to work.
    public let replicated: Bool
    /// When it was agreed.
    public let agreedAt: Instant?
}

/// A practice in a list.
public struct PracticeRow: Hashable, Sendable {
    /// Its identity.
    public let id: PracticeID
    /// `PRA-2026-0003`.
    public let reference: String
    /// Its name.
    public let name: String
    /// What it is.
    public let summary: String
    /// Where the card stands.
    public let state: Practice.State
    /// The organisation that it comes from.
    public let originatorName: String?
    /// The rating in force.
    public let rating: RatingBrief?
}

/// Which practices to list; nil means any.
public struct PracticeFilter: Hashable, Sendable {
    /// Words in its name, summary or features.
    public var search: String?
    /// Where the card stands.
    public var state: Practice.State?

    /// A filter.
    public init(search: String? = nil, state: Practice.State? = nil) {
        self.search = search
        self.state = state
    }
}

/// An award that a practice was part of.
public struct PracticeAward: Hashable, Sendable {
    /// The bid behind it.
    public let bid: BidID
    /// The award, where the actor may see it.
    public let award: AwardID?
    /// How it is named, where the actor may see it.
    public let title: String?
    /// How it is part of the practice's story.
    public let part: Practice.Part
}

/// An award that could be linked to a practice.
public struct LinkableAward: Hashable, Sendable {
    /// The bid behind it.
    public let bid: BidID
    /// Its reference, title and authority.
    public let title: String
}

/// How many authorities stand at a step of the ladder.
public struct AdoptionCount: Hashable, Sendable {
    /// The step.
    public let state: Adoption.State
    /// How many say so.
    public let declared: Int
    /// For how many somebody else found it so.
    public let verified: Int
}

/// A practice with all that is known about it.
public struct PracticeDetail: Sendable {
    /// The card.
    public let practice: Practice
    /// The organisation that it comes from.
    public let originatorName: String?
    /// When the card was published last.
    public let publishedAt: Instant?
    /// Why it was sent back, taken under review or retired.
    public let reason: String?
    /// The rating in force.
    public let rating: RatingBrief?
    /// All its ratings, newest first.
    public let ratings: [RatingBrief]
    /// Every published report on it.
    public let reports: [EvidenceReport]
    /// Reports that are overdue.
    public let overdue: [OverdueReport]
    /// Awards that it was part of.
    public let awards: [PracticeAward]
    /// Awards that could be linked; for whoever may.
    public let linkable: [LinkableAward]
    /// Roll-out decisions on it that the actor may see.
    public let decisions: [AdoptionDecisionRow]
    /// How many authorities stand where.
    public let adoptions: [AdoptionCount]
    /// What was done so that others hear of it.
    public let activities: [DisseminationActivity]
    /// The actor's own authority's adoption, if any.
    public let ownAdoption: AdoptionID?
    /// What the card still needs.
    public let problems: [FieldProblem]
    /// What this actor could do with it now.
    public let allowed: [PracticeEvent]
    /// Whether this actor may write the card now.
    public let mayEdit: Bool
    /// Whether this actor may say which awards it was part of.
    public let mayLink: Bool
    /// Whether this actor may begin a rating now.
    public let mayRate: Bool
    /// Whether this actor may record what was done to spread the word.
    public let mayRecord: Bool
}
