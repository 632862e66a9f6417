/// An authority's own view of how able it is to evaluate: eight dimensions, four levels each, several voices, and something
/// to show for every level. There is no overall score, and no league table.
public struct CapacityAssessment: Hashable, Sendable {
    /// Its identity.
    public let id: CapacityAssessmentID
    /// `CAP-2026-0007`.
    public let reference: String
    /// The authority.
    public let organisation: OrganisationID
    /// Why it is made now.
    public let wave: Wave
    /// Where it stands.
    public let state: State
    /// Goes up by one with each change.
    public let version: Int
    /// Which rubric it uses. Another version cannot be compared with it.
    public let rubricVersion: Int
    /// An authority that was asked to look at it.
    public let peer: OrganisationID?

    /// An assessment with its parts.
    public init(
        id: CapacityAssessmentID, reference: String, organisation: OrganisationID, wave: Wave, state: State,
        version: Int,
        rubricVersion: Int, peer: OrganisationID?
    ) {
        self.id = id
        self.reference = reference
        self.organisation = organisation
        self.wave = wave
        self.state = state
        self.version = version
        self.rubricVersion = rubricVersion
        self.peer = peer
    }

    /// Exits are in `Workflow.capacityAssessment`.
    public enum State: String, Sendable, CaseIterable, Codable {
        case opened, inProgress = "in_progress", certified, moderated, locked

        /// Whether levels were certified.
        public var isCertified: Bool { self == .certified || self == .moderated || self == .locked }
    }

    /// Why it is made now.
    public enum Wave: String, Sendable, CaseIterable, Codable {
        case baseline, yearly, close, afterTwelveMonths = "after_12_months", voluntary

        /// As people say it.
        public var label: String {
            switch self {
            case .baseline: "When the award began"
            case .yearly: "Yearly"
            case .close: "When the award closed"
            case .afterTwelveMonths: "A year after the award closed"
            case .voluntary: "Unasked"
            }
        }
    }

    /// Who did the evaluation.
    public enum Doer: String, Sendable, CaseIterable, Codable {
        case inHouse = "in_house", commissioned, whatWorks = "what_works", mixed, none

        /// As people say it.
        public var label: String {
            switch self {
            case .inHouse: "Our own staff"
            case .commissioned: "An evaluator that we commissioned"
            case .whatWorks: "What Works"
            case .mixed: "Our own staff together with others"
            case .none: "Nobody yet"
            }
        }
    }

    /// What the authority says of its circumstances.
    public struct Context: Hashable, Sendable, Codable {
        /// Who did the evaluation.
        public var doneBy: Doer?
        /// What help it had.
        public var support = ""
        /// How ready its data are.
        public var dataReadiness = ""
        /// Nothing yet.
        public init() {}
    }
}

/// One dimension of the rubric: a row of data.
public struct CapacityDimension: Hashable, Sendable {
    /// Permanent code, such as `data_access`.
    public let code: String
    /// As people say it.
    public let title: String
    /// What each level looks like, the lowest first; four of them.
    public let levels: [String]
    /// Where the words are from.
    public let source: String

    /// A dimension with its parts.
    public init(code: String, title: String, levels: [String], source: String) {
        self.code = code
        self.title = title
        self.levels = levels
        self.source = source
    }
}

/// One person's view of one dimension.
public struct CapacityAnswer: Hashable, Sendable, Codable {
    /// The dimension.
    public var dimension: String
    /// 1 to 4.
    public var level: Int?
    /// What shows it.
    public var evidence: String

    /// A view with its parts.
    public init(dimension: String, level: Int?, evidence: String) {
        self.dimension = dimension
        self.level = level
        self.evidence = evidence
    }
}

/// A view that was given: whose, of which team.
public struct CapacityVoice: Hashable, Sendable {
    /// Who.
    public let person: PersonID
    /// Their team.
    public let team: String
    /// What they said.
    public let answer: CapacityAnswer

    /// A voice with its parts.
    public init(person: PersonID, team: String, answer: CapacityAnswer) {
        self.person = person
        self.team = team
        self.answer = answer
    }
}

/// How one dimension moved between two assessments under the same rubric.
public struct CapacityChange: Hashable, Sendable {
    /// Which way.
    public enum Direction: String, Sendable, CaseIterable, Codable { case improved, unchanged, fell }

    /// The dimension.
    public let dimension: String
    /// What was shown, and the level, before.
    public let before: CapacityAnswer
    /// The same now.
    public let after: CapacityAnswer

    /// Which way it moved.
    public var direction: Direction {
        let (was, now) = (before.level ?? 0, after.level ?? 0)
        return now > was ? .improved : now < was ? .fell : .unchanged
    }
}
