/// A change of what was agreed, while an award runs: asked for by one person, assessed by a second, decided by a third, and
/// in effect as a new version of the agreement.
public struct Variation: Hashable, Sendable {
    /// Its identity.
    public let id: VariationID
    /// `VAR-2026-0002`.
    public let reference: String
    /// The award that it changes.
    public let award: AwardID
    /// Where it stands.
    public let state: State
    /// Goes up by one with each change.
    public let version: Int
    /// Who asked for it; neither assesses nor decides it.
    public let requester: PersonID
    /// Who assessed it; does not decide it.
    public let assessor: PersonID?
    /// What is to change.
    public let content: Content

    /// A variation with its parts.
    public init(
        id: VariationID, reference: String, award: AwardID, state: State, version: Int, requester: PersonID,
        assessor: PersonID?, content: Content
    ) {
        self.id = id
        self.reference = reference
        self.award = award
        self.state = state
        self.version = version
        self.requester = requester
        self.assessor = assessor
        self.content = content
    }

    /// Exits are in `Workflow.variation`.
    public enum State: String, Sendable, CaseIterable, Codable {
        case draft, submitted, assessed, approved, rejected, withdrawn, inEffect = "in_effect"
    }

    /// What kind of change it is. Other kinds come later.
    public enum Kind: String, Sendable, CaseIterable, Codable {
        case moneyUp = "money_up", dates
    }

    /// What the requester writes.
    public struct Content: Hashable, Sendable, Codable {
        /// More money, or other dates.
        public var kind: Kind = .dates
        /// Why.
        public var reason = ""
        /// How much more, for more money.
        public var increase: Money?
        /// The new first day, where it changes.
        public var starts: Day?
        /// The new last day, where it changes.
        public var ends: Day?
        /// From when the change counts; before today it is retrospective, and is shown so.
        public var effectiveOn: Day?
        /// The whole schedule as it is to be. Instalments that are claimed or paid stay as they are.
        public var instalments: [Instalment] = []
        /// Nothing entered yet.
        public init() {}
    }
}

/// Identity of a variation.
public typealias VariationID = Identifier<Variation>
