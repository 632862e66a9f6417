/// One rule that decides whether a bid may be considered: data, with its sentence and its source.
public struct EligibilityRule: Hashable, Sendable, Codable {
    /// Permanent code within the round.
    public var code: String
    /// What applicants read.
    public var sentence: String
    /// What must hold, as data.
    public var predicate: EligibilityPredicate
    /// Where the rule comes from.
    public var source: String

    /// A rule with its parts.
    public init(code: String, sentence: String, predicate: EligibilityPredicate, source: String) {
        self.code = code
        self.sentence = sentence
        self.predicate = predicate
        self.source = source
    }
}

/// The rule language: a predicate over facts of the organisation as at a day, and over the bid. Deterministic.
public indirect enum EligibilityPredicate: Hashable, Sendable, Codable {
    /// The lead organisation is of one of these kinds.
    case organisationKind([Organisation.Kind])
    /// It exists on the day.
    case organisationActive
    /// A dated fact has one of these values on the day.
    case factIn(OrganisationFact, [String])
    /// A dated fact has no value on the day (such as a section 114 notice).
    case factAbsent(OrganisationFact)
    /// The sum asked for is at least this.
    case requestedAtLeast(Money)
    /// The sum asked for is at most this.
    case requestedAtMost(Money)
    /// The partners named have signed off.
    case partnersSignedOff
    case all([EligibilityPredicate])
    case any([EligibilityPredicate])
    case not(EligibilityPredicate)
}
