/// A person with an account.
public struct Person: Hashable, Sendable {
    /// Their identity.
    public let id: PersonID
    /// Where they belong.
    public let organisation: OrganisationID
    /// The side they sit on.
    public let role: Role
    /// Lower-case address; the name of the account.
    public let email: String
    /// As they write it.
    public let name: String
    /// Where the account stands.
    public let state: State
    /// Goes up by one with each change.
    public let version: Int

    /// A person with their parts.
    public init(
        id: PersonID, organisation: OrganisationID, role: Role, email: String, name: String, state: State, version: Int
    ) {
        self.id = id
        self.organisation = organisation
        self.role = role
        self.email = email
        self.name = name
        self.state = state
        self.version = version
    }

    /// Where an account stands. Exits: invited → active, left; active → suspended, left; suspended → active, left.
    public enum State: String, Sendable, CaseIterable, Codable {
        case invited, active, suspended, left
    }
}

/// A dated limit up to which a person may promise money, from an instrument such as a delegation letter.
public struct Delegation: Hashable, Sendable {
    /// Its identity.
    public let id: DelegationID
    /// Who holds it.
    public let person: PersonID
    /// The tier's name, as the installation calls it.
    public let tier: String
    /// The most that a whole-life sum may be.
    public let limit: Money
    /// First day of validity.
    public let validFrom: Day
    /// Last day of validity.
    public let validTo: Day
    /// Where it stands.
    public let state: State

    /// A delegation with its parts.
    public init(
        id: DelegationID, person: PersonID, tier: String, limit: Money, validFrom: Day, validTo: Day, state: State
    ) {
        self.id = id
        self.person = person
        self.tier = tier
        self.limit = limit
        self.validFrom = validFrom
        self.validTo = validTo
        self.state = state
    }

    /// Exits: proposed → active, revoked; active → revoked, expired.
    public enum State: String, Sendable, CaseIterable, Codable {
        case proposed, active, revoked, expired
    }

    /// Whether it can be used on a day.
    public func isValid(on day: Day) -> Bool { state == .active && validFrom <= day && day <= validTo }
}
