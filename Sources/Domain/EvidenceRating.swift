/// How far what is known about a practice can be trusted. One of these for each version; it measures confidence, not size
/// or success.
public struct EvidenceRating: Hashable, Sendable {
    /// Its identity.
    public let id: EvidenceRatingID
    /// `RAT-2026-0005`.
    public let reference: String
    /// What is rated.
    public let practice: PracticeID
    /// First, second … rating of the practice.
    public let number: Int
    /// Where it stands.
    public let state: State
    /// Goes up by one with each change.
    public let version: Int
    /// Who proposed it; is not on its panel.
    public let proposer: PersonID?
    /// Hex digest of what was proposed; what the panel agrees to.
    public let contentHash: String?
    /// What is proposed or agreed.
    public let content: Content

    /// A rating with its parts.
    public init(
        id: EvidenceRatingID, reference: String, practice: PracticeID, number: Int, state: State, version: Int,
        proposer: PersonID?, contentHash: String?, content: Content
    ) {
        self.id = id
        self.reference = reference
        self.practice = practice
        self.number = number
        self.state = state
        self.version = version
        self.proposer = proposer
        self.contentHash = contentHash
        self.content = content
    }

    /// Exits are in `Workflow.evidenceRating`.
    public enum State: String, Sendable, CaseIterable, Codable {
        case notRated = "not_rated", proposed, panel, agreed, reviewNeeded = "review_needed", superseded

        /// Whether everybody may see it.
        public var isPublic: Bool { self == .agreed || self == .reviewNeeded || self == .superseded }
    }

    /// Whether the studies say the same.
    public enum Consistency: String, Sendable, CaseIterable, Codable {
        case single, consistent, inconsistent

        /// As people say it.
        public var label: String {
            switch self {
            case .single: "One study only"
            case .consistent: "The studies point the same way"
            case .inconsistent: "The studies disagree"
            }
        }
    }

    /// One letter of EMMIE: what is known, and how well.
    public struct Finding: Hashable, Sendable, Codable {
        /// 0 nothing … 4 very well known; nil not judged.
        public var quality: Int?
        /// What is known.
        public var note = ""
        /// Nothing yet.
        public init() {}
        /// A finding.
        public init(quality: Int?, note: String) {
            self.quality = quality
            self.note = note
        }
    }

    /// Effect, mechanism, moderators, implementation, economic cost.
    public struct Emmie: Hashable, Sendable, Codable {
        /// What it changes.
        public var effect = Finding()
        /// How it works.
        public var mechanism = Finding()
        /// For whom and where it works better or worse.
        public var moderators = Finding()
        /// What it takes to deliver.
        public var implementation = Finding()
        /// What it costs, against what it saves.
        public var economic = Finding()
        /// Nothing yet.
        public init() {}

        /// The five with their names, in order.
        public var letters: [(code: String, title: String, finding: Finding)] {
            [
                ("effect", "Effect", effect), ("mechanism", "Mechanism", mechanism),
                ("moderators", "Moderators", moderators),
                ("implementation", "Implementation", implementation), ("economic", "Economic cost", economic),
            ]
        }
    }

    /// What is proposed or agreed.
    public struct Content: Hashable, Sendable, Codable {
        /// Strength of method on the Maryland scale, 1 to 5.
        public var sms: Int?
        /// Security from 0 to 5 padlocks.
        public var padlock: Int?
        /// Level of evidence.
        public var level: EvidenceLevel?
        /// What is known of each letter.
        public var emmie = Emmie()
        /// 1 cheap … 5 expensive, by the thresholds in force; nil where the cost is not known.
        public var costBand: Int?
        /// What the results say together.
        public var direction: ResultDirection?
        /// Whether they say the same.
        public var consistency: Consistency?
        /// Why this rating.
        public var rationale = ""
        /// Why it is not what the rules propose; blank where it is.
        public var departureReason = ""
        /// Nothing yet.
        public init() {}
    }
}

/// One study as a rating looks at it: a published report, in one version.
public struct RatedStudy: Hashable, Sendable {
    /// The report.
    public let report: EvaluationReportID
    /// `EVR-2026-0002`.
    public let reference: String
    /// Its title.
    public let title: String
    /// Which version was read.
    public let version: Int
    /// Strength of method that it achieved.
    public let sms: Int?
    /// Smallest effect that it could find, in standard deviations.
    public let detectableEffect: Double?
    /// Share of people who were lost, 0 to 1.
    public let attrition: Double?
    /// People in the smaller group at the end.
    public let smallestArm: Int?
    /// How long after the start the outcome was measured.
    public let followUpMonths: Int?
    /// Of its primary outcome.
    public let direction: ResultDirection?
    /// Whether the authority evaluated itself, which caps what it can bear.
    public let isSelfEvaluation: Bool
    /// Weaknesses found in review.
    public let threats: [ValidityThreat]

    /// A study with its figures.
    public init(
        report: EvaluationReportID, reference: String, title: String, version: Int, sms: Int?,
        detectableEffect: Double?,
        attrition: Double?, smallestArm: Int?, followUpMonths: Int?, direction: ResultDirection?,
        isSelfEvaluation: Bool = false, threats: [ValidityThreat] = []
    ) {
        self.report = report
        self.reference = reference
        self.title = title
        self.version = version
        self.sms = sms
        self.detectableEffect = detectableEffect
        self.attrition = attrition
        self.smallestArm = smallestArm
        self.followUpMonths = followUpMonths
        self.direction = direction
        self.isSelfEvaluation = isSelfEvaluation
        self.threats = threats
    }
}
