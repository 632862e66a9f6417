public import Domain
import FoundationEssentials

/// Which people are wanted.
public struct PeopleFilter: Hashable, Sendable {
    /// Of this organisation.
    public var organisation: OrganisationID?
    /// With this role.
    public var role: Role?
    /// In this state.
    public var state: Person.State?
    /// Whose name or address contains this.
    public var search: String?

    /// A filter; nil asks for all.
    public init(
        organisation: OrganisationID? = nil, role: Role? = nil, state: Person.State? = nil, search: String? = nil
    ) {
        self.organisation = organisation
        self.role = role
        self.state = state
        self.search = search
    }
}

/// A person in a list.
public struct PersonRow: Hashable, Sendable {
    /// Their identity.
    public let id: PersonID
    /// Their name.
    public let name: String
    /// Their address.
    public let email: String
    /// Their organisation.
    public let organisation: OrganisationID
    /// Its name.
    public let organisationName: String
    /// Their role.
    public let role: Role
    /// Where the account stands.
    public let state: Person.State
    /// What they may act as today.
    public let capacities: [Capacity]

    /// A row with its parts.
    public init(
        id: PersonID, name: String, email: String, organisation: OrganisationID, organisationName: String, role: Role,
        state: Person.State, capacities: [Capacity]
    ) {
        self.id = id
        self.name = name
        self.email = email
        self.organisation = organisation
        self.organisationName = organisationName
        self.role = role
        self.state = state
        self.capacities = capacities
    }
}

/// A capacity as it was granted, now or earlier.
public struct CapacityRow: Hashable, Sendable {
    /// Its identity.
    public let id: CapacityID
    /// Which.
    public let capacity: Capacity
    /// Where it reaches; nil is everywhere that the role reaches.
    public let scope: HeldCapacity.Scope?
    /// First day.
    public let validFrom: Day
    /// Last day; nil is open.
    public let validTo: Day?
    /// Last day on which the training for it counts.
    public let trainingValidUntil: Day?
    /// Who granted it, where the reader may know.
    public let grantedByName: String?
    /// Why it ended.
    public let endReason: String?
    /// Goes up by one with each change.
    public let version: Int
}

/// A person with all that belongs to the account.
public struct PersonDetail: Hashable, Sendable {
    /// The person.
    public let person: Person
    /// The organisation's name.
    public let organisationName: String
    /// Whether a contractor.
    public let isContractor: Bool
    /// Capacities, the newest first.
    public let capacities: [CapacityRow]
    /// Delegated limits, the newest first.
    public let delegations: [DelegationRow]
    /// What the actor may do with the account from where it stands.
    public let allowed: [PersonEvent]
}

/// Somebody to invite.
public struct NewPerson: Hashable, Sendable {
    /// Where they belong.
    public let organisation: OrganisationID
    /// The role of the account, for life.
    public let role: Role
    /// Their address.
    public let email: String
    /// Their name.
    public let name: String
    /// Whether they work under contract.
    public let isContractor: Bool
    /// What they may act as, from today.
    public let capacities: [Capacity]

    /// Somebody to invite.
    public init(
        organisation: OrganisationID, role: Role, email: String, name: String, isContractor: Bool = false,
        capacities: [Capacity] = []
    ) {
        self.organisation = organisation
        self.role = role
        self.email = email
        self.name = name
        self.isContractor = isContractor
        self.capacities = capacities
    }
}
