/// The evaluation that an award must have: who does it, and by when what is due. One for each award.
public struct Evaluation: Hashable, Sendable {
    /// Its identity.
    public let id: EvaluationID
    /// `EVL-2026-0001`.
    public let reference: String
    /// The award on whose money it rests.
    public let award: AwardID
    /// The bid behind the award: the case in which duties are kept apart.
    public let bid: BidID
    /// The authority that gets the money.
    public let recipient: OrganisationID
    /// Who evaluates; nil until somebody is appointed. What Works may evaluate, and then others review.
    public let evaluator: OrganisationID?
    /// What is evaluated, in a line.
    public let title: String
    /// Whether the authority evaluates itself, which caps how far the result can be trusted. Set by the database.
    public let isSelfEvaluation: Bool
    /// Last day for the plan to be submitted.
    public let protocolDue: Day
    /// The day on which collecting data is to begin.
    public let plannedStart: Day?
    /// The day on which it began.
    public let actualStart: Day?
    /// Whether it was registered before data were collected. Computed by the database, never typed.
    public let registration: RegistrationStatus
    /// Goes up by one with each change.
    public let version: Int

    /// An evaluation with its parts.
    public init(
        id: EvaluationID, reference: String, award: AwardID, bid: BidID, recipient: OrganisationID,
        evaluator: OrganisationID?, title: String, isSelfEvaluation: Bool, protocolDue: Day, plannedStart: Day?,
        actualStart: Day?, registration: RegistrationStatus, version: Int
    ) {
        self.id = id
        self.reference = reference
        self.award = award
        self.bid = bid
        self.recipient = recipient
        self.evaluator = evaluator
        self.title = title
        self.isSelfEvaluation = isSelfEvaluation
        self.protocolDue = protocolDue
        self.plannedStart = plannedStart
        self.actualStart = actualStart
        self.registration = registration
        self.version = version
    }

    /// Whether a public register knew of the plan before the first data were collected.
    public enum RegistrationStatus: String, Sendable, CaseIterable, Codable {
        case unregistered, preRegistered = "pre_registered", retrospective
    }

    /// Public registers of evaluations.
    public enum Registry: String, Sendable, CaseIterable, Codable {
        case isrctn, osf, evaluationRegistry = "evaluation_registry", other
    }
}

/// Identity of an evaluation.
public typealias EvaluationID = Identifier<Evaluation>
