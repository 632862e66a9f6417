/// How far along a practice is, and with that what an evaluation can be expected to say.
public enum EvaluationStage: String, Sendable, CaseIterable, Codable {
    case theory, feasibility, pilot, efficacy, effectiveness, scaleUp = "scale_up"

    /// As people say it.
    public var label: String {
        switch self {
        case .theory: "Theory: does the idea hold together?"
        case .feasibility: "Feasibility: can it be delivered?"
        case .pilot: "Pilot: does it show promise, and could a trial be run?"
        case .efficacy: "Efficacy: does it work in good conditions?"
        case .effectiveness: "Effectiveness: does it work in ordinary conditions?"
        case .scaleUp: "Scale-up: does it still work when many deliver it?"
        }
    }

    /// Whether its plan may be approved without being able to find the smallest worthwhile effect.
    public var isBeforeImpact: Bool { [.theory, .feasibility, .pilot].contains(self) }
}

/// With whom the outcomes of those who took part are compared.
public enum EvaluationComparator: String, Sendable, CaseIterable, Codable {
    case usualService = "business_as_usual", waitlist, stepped, matched, synthetic, historical, none

    /// As people say it.
    public var label: String {
        switch self {
        case .usualService: "People who get the usual service at the same time"
        case .waitlist: "People on a waiting list"
        case .stepped: "Places that start later"
        case .matched: "Similar people or places, matched"
        case .synthetic: "A weighted mix of other places (synthetic control)"
        case .historical: "Earlier years"
        case .none: "Nobody"
        }
    }

    /// The most that the Maryland scale gives with it: without a comparison group at most 1, with earlier years 2.
    public var highestSMS: Int {
        switch self {
        case .usualService, .waitlist, .stepped: 5
        case .matched, .synthetic: 4
        case .historical: 2
        case .none: 1
        }
    }
}

/// One design of the taxonomy: a row of data with what follows from it.
public struct EvaluationDesign: Hashable, Sendable {
    /// The question that a design answers.
    public enum Family: String, Sendable, CaseIterable, Codable { case impact, process, economic }
    /// How it answers it.
    public enum Branch: String, Sendable, CaseIterable, Codable {
        case randomised, quasiExperimental = "quasi_experimental", theoryBased = "theory_based", generic, process,
            economic
    }

    /// Permanent code.
    public let code: String
    /// The question that it answers.
    public let family: Family
    /// How.
    public let branch: Branch
    /// As people say it.
    public let title: String
    /// The most that the Maryland scale gives a study of this design, well done.
    public let highestSMS: Int
    /// Whether whole groups are allocated.
    public let isClustered: Bool

    /// A design with its parts.
    public init(code: String, family: Family, branch: Branch, title: String, highestSMS: Int, isClustered: Bool) {
        self.code = code
        self.family = family
        self.branch = branch
        self.title = title
        self.highestSMS = highestSMS
        self.isClustered = isClustered
    }

    /// Whether it can answer a question about impact.
    public var isImpact: Bool { family == .impact }
    /// Whether chance decides who takes part.
    public var isRandomised: Bool { branch == .randomised }
}
