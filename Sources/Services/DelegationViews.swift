public import Domain

/// A delegated limit.
public struct DelegationRow: Hashable, Sendable {
    /// The delegation itself.
    public let delegation: Delegation
    /// Its holder's name.
    public let personName: String
    /// Letter or minute that it rests on.
    public let instrument: String
    /// Who proposed it, where the reader may know.
    public let proposedByName: String?
    /// Who put it into force.
    public let activatedByName: String?
    /// Goes up by one with each change.
    public let version: Int
    /// Whether it can be used today.
    public let isValidToday: Bool
}

/// A delegated limit to propose.
public struct NewDelegation: Hashable, Sendable {
    /// Who is to hold it.
    public let person: PersonID
    /// The tier's name, as the installation calls it.
    public let tier: String
    /// The most that a whole-life sum may be.
    public let limit: Money
    /// Letter or minute that it rests on.
    public let instrument: String
    /// First day.
    public let from: Day
    /// Last day.
    public let to: Day

    /// A delegated limit to propose.
    public init(person: PersonID, tier: String, limit: Money, instrument: String, from: Day, to: Day) {
        self.person = person
        self.tier = tier
        self.limit = limit
        self.instrument = instrument
        self.from = from
        self.to = to
    }
}
