public import Domain

/// Which organisations are wanted.
public struct OrganisationFilter: Hashable, Sendable {
    /// Of this kind.
    public var kind: Organisation.Kind?
    /// In this region today.
    public var region: String?
    /// Whose name contains this, or whose DfE code it is.
    public var search: String?
    /// Only those that exist today.
    public var activeOnly: Bool

    /// A filter; nil asks for all.
    public init(
        kind: Organisation.Kind? = nil, region: String? = nil, search: String? = nil, activeOnly: Bool = false
    ) {
        self.kind = kind
        self.region = region
        self.search = search
        self.activeOnly = activeOnly
    }
}

/// An organisation in a list.
public struct OrganisationRow: Hashable, Sendable {
    /// The organisation.
    public let organisation: Organisation
    /// Its region today.
    public let region: String?
}

/// What is known of an organisation, when it was so, and from where.
public struct OrganisationFactRow: Hashable, Sendable {
    /// Which fact.
    public let fact: OrganisationFact
    /// What it is.
    public let value: String
    /// First day on which it is so.
    public let validFrom: Day
    /// First day on which it is no longer so; nil while it is.
    public let validTo: Day?
    /// Where it comes from.
    public let source: String
    /// When it was recorded here.
    public let recordedAt: Instant
}

/// Another organisation, as a link.
public struct OrganisationLink: Hashable, Sendable {
    /// Its identity.
    public let id: OrganisationID
    /// Its name.
    public let name: String
    /// The day on which one followed the other; nil for neighbours.
    public let effectiveOn: Day?
}

/// An organisation with its dated facts.
public struct OrganisationDetail: Hashable, Sendable {
    /// The organisation.
    public let organisation: Organisation
    /// Other names that it goes by.
    public let otherNames: [String]
    /// The day that the facts are for.
    public let asAt: Day
    /// The facts of that day.
    public let facts: [OrganisationFactRow]
    /// Everything that was ever recorded, the newest first.
    public let history: [OrganisationFactRow]
    /// Ranked statistical neighbours, nearest first.
    public let neighbours: [OrganisationLink]
    /// Those that it followed.
    public let predecessors: [OrganisationLink]
    /// Those that followed it.
    public let successors: [OrganisationLink]
}
