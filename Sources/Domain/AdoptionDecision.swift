/// A department's decision on a practice: to scale it, test it further, adapt it, stop it, or not to decide. It says which
/// evidence it rests on, in which version.
public struct AdoptionDecision: Hashable, Sendable {
    /// Its identity.
    public let id: AdoptionDecisionID
    /// `ROL-2026-0001`.
    public let reference: String
    /// The practice that it is about.
    public let practice: PracticeID
    /// The programme whose money it concerns.
    public let programme: ProgrammeID
    /// Where it stands.
    public let state: State
    /// Goes up by one with each change.
    public let version: Int
    /// What is asked.
    public let content: Content
    /// Who recommended; does not approve.
    public let recommender: PersonID?
    /// Who seconded the recommendation; does not approve.
    public let second: PersonID?

    /// A decision with its parts.
    public init(
        id: AdoptionDecisionID, reference: String, practice: PracticeID, programme: ProgrammeID, state: State,
        version: Int,
        content: Content, recommender: PersonID?, second: PersonID?
    ) {
        self.id = id
        self.reference = reference
        self.practice = practice
        self.programme = programme
        self.state = state
        self.version = version
        self.content = content
        self.recommender = recommender
        self.second = second
    }

    /// Exits are in `Workflow.adoptionDecision`.
    public enum State: String, Sendable, CaseIterable, Codable {
        case optionIdentified = "option_identified", evidencePack = "evidence_pack", recommended, approved, announced,
            reviewed

        /// Whether everybody may see it.
        public var isPublic: Bool { self == .announced || self == .reviewed }
    }

    /// What can be recommended.
    public enum Recommendation: String, Sendable, CaseIterable, Codable {
        case scale, testFurther = "test_further", adapt, stop, noDecision = "no_decision"

        /// As people say it.
        public var label: String {
            switch self {
            case .scale: "Scale it"
            case .testFurther: "Test it further"
            case .adapt: "Adapt it"
            case .stop: "Stop it"
            case .noDecision: "Decide nothing now"
            }
        }
    }

    /// What is asked, and what each answer would cost and reach.
    public struct Content: Hashable, Sendable, Codable {
        /// The option in a line.
        public var title = ""
        /// The question to be decided.
        public var question = ""
        /// What the option would cost.
        public var expectedCost: Money?
        /// How many authorities it would reach.
        public var reachAuthorities: Int?
        /// Whom it would reach and whom not.
        public var equity = ""
        /// Nothing yet.
        public init() {}
    }

    /// How a piece of evidence bears on the recommendation.
    public enum Bearing: String, Sendable, CaseIterable, Codable {
        case supports, against, context

        /// As people say it.
        public var label: String {
            switch self {
            case .supports: "Supports it"
            case .against: "Speaks against it"
            case .context: "Context"
            }
        }
    }

    /// One item of the evidence pack, cited.
    public struct Citation: Hashable, Sendable, Codable {
        /// The item.
        public var evidence: DecisionEvidenceID
        /// How it bears on the recommendation.
        public var bearing: Bearing
        /// What it says here.
        public var note: String

        /// A citation with its parts.
        public init(evidence: DecisionEvidenceID, bearing: Bearing, note: String = "") {
            self.evidence = evidence
            self.bearing = bearing
            self.note = note
        }
    }

    /// Going ahead although the evidence is short: why, what will follow, and when to stop.
    public struct Override: Hashable, Sendable, Codable {
        /// Why it cannot wait.
        public var reason = ""
        /// Which evidence will follow.
        public var evidenceToFollow = ""
        /// By when.
        public var evidenceDue: Day?
        /// What makes it stop.
        public var stopRule = ""
        /// Nothing yet.
        public init() {}
    }

    /// A recommendation with what it rests on.
    public struct Advice: Hashable, Sendable, Codable {
        /// What is recommended.
        public var recommendation: Recommendation?
        /// Why.
        public var reason = ""
        /// What it rests on.
        public var citations: [Citation] = []
        /// Only where the evidence falls short of scaling.
        public var override: Override?
        /// The reference of a minister's decision, which is taken elsewhere and recorded here.
        public var externalReference = ""
        /// Nothing yet.
        public init() {}
    }
}

/// A row of an evidence pack.
public enum DecisionEvidence: Sendable {}

/// What a decision rests on is not what it was.
public enum EvidenceChange: String, Sendable, CaseIterable, Codable {
    case reportCorrected = "report_corrected", reportWithdrawn = "report_withdrawn", reportPublished =
        "report_published",
        ratingReview = "rating_review", ratingChanged = "rating_changed"

    /// As a sentence for the public.
    public var sentence: String {
        switch self {
        case .reportCorrected: "A report that this decision cites has been corrected since."
        case .reportWithdrawn: "A report that this decision cites has been withdrawn since."
        case .reportPublished: "A report that this decision cites has been published in a new version since."
        case .ratingReview: "The rating that this decision rests on is being reviewed."
        case .ratingChanged: "The rating that this decision rests on has been replaced by another."
        }
    }
}
