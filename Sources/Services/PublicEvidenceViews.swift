public import Domain

/// A practice as anybody may know it.
public struct PublicPractice: Hashable, Sendable {
    /// Its identity.
    public let id: PracticeID
    /// `PRA-2026-0003`.
    public let reference: String
    /// Its name.
    public let name: String
    /// What it is.
    public let summary: String
    /// What makes it this practice.
    public let coreComponents: [String]
    /// What each place may change.
    public let adaptableComponents: [String]
    /// For whom it is.
    public let population: String
    /// What one case costs, of what, in the prices of which year.
    public let unitCost: Money?
    /// Of what that is the cost.
    public let costUnit: String
    /// In whose prices.
    public let priceYear: String?
    /// Who is needed.
    public let staffNeeded: String
    /// Where it comes from.
    public let originator: String
    /// When the card was published.
    public let publishedAt: Instant
    /// Whether it is retired.
    public let state: Practice.State
    /// Level of evidence; nil while it is not rated.
    public let level: EvidenceLevel?
    /// Strength of method.
    public let sms: Int?
    /// Padlocks.
    public let padlock: Int?
    /// What the results say together.
    public let direction: ResultDirection?
}

/// A rating as anybody may know it.
public struct PublicRating: Sendable {
    /// `RAT-2026-0005`.
    public let reference: String
    /// The practice's reference.
    public let practiceReference: String
    /// Its name.
    public let practice: String
    /// Which rating of the practice.
    public let number: Int
    /// Whether it stands, needs review or is superseded.
    public let state: EvidenceRating.State
    /// What was agreed.
    public let content: EvidenceRating.Content
    /// Whether enough strong studies found it to work.
    public let replicated: Bool
    /// When it was agreed.
    public let agreedAt: Instant?
    /// When it is looked at again.
    public let nextReviewOn: Day?
    /// Why it needs review.
    public let cause: String?
    /// The reports it rests on, with their versions.
    public let reports: [Report]

    /// A report that a rating rests on.
    public struct Report: Hashable, Sendable, Codable {
        /// `EVR-2026-0002`.
        public let reference: String
        /// Its title.
        public let title: String
        /// In which version it was read.
        public let version: Int
        /// What it found.
        public let direction: String?
    }
}

/// A roll-out decision as anybody may know it.
public struct PublicDecision: Sendable {
    /// `ROL-2026-0001`.
    public let reference: String
    /// The option.
    public let title: String
    /// The practice.
    public let practice: String
    /// The practice's reference.
    public let practiceReference: String
    /// The programme.
    public let programme: String
    /// What was asked.
    public let question: String
    /// What was decided, why, and any override.
    public let advice: AdoptionDecision.Advice
    /// What it was expected to cost.
    public let expectedCost: Money?
    /// How many authorities it would reach.
    public let reachAuthorities: Int?
    /// Whom it would reach and whom not.
    public let equity: String
    /// What was known at that moment.
    public let standing: AdoptionDecisionRules.Standing
    /// Padlocks at that moment.
    public let padlock: Int?
    /// Whether the evidence bore it.
    public let sufficient: Bool
    /// When it was decided.
    public let decidedAt: Instant?
    /// When it was announced.
    public let announcedAt: Instant?
    /// When it is looked at again.
    public let reviewOn: Day?
    /// When it was looked at last.
    public let reviewedAt: Instant?
    /// What that found.
    public let reviewOutcome: String
    /// What changed beneath it since, if anything.
    public let change: EvidenceChange?
    /// When that changed.
    public let changedAt: Instant?
}

/// An adoption as anybody may know it.
public struct PublicAdoption: Hashable, Sendable {
    /// The practice.
    public let practice: String
    /// The authority.
    public let organisation: String
    /// The step, as the authority says.
    public let state: Adoption.State
    /// Since when.
    public let since: Instant?
    /// Who found it so, if anybody.
    public let verified: Adoption.Verification?
    /// Share of those for whom it is meant who can get it, in hundredths of a per cent.
    public let coverage: Int?
}

/// Something found in the public record.
public struct PublicHit: Hashable, Sendable {
    /// What kind of thing: award, protocol, report, practice, rating, decision.
    public let kind: String
    /// Its reference.
    public let reference: String
    /// Its title.
    public let title: String
    /// A few words of it.
    public let excerpt: String
}

/// How much there is to read.
public struct PublicCounts: Hashable, Sendable {
    /// Awards.
    public let awards: Int
    /// Protocols.
    public let protocols: Int
    /// Reports.
    public let reports: Int
    /// Reports that are overdue or delayed.
    public let overdue: Int
    /// Practices.
    public let practices: Int
    /// Decisions.
    public let decisions: Int
}
