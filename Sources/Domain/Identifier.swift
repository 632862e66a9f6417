public import FoundationEssentials

/// The identity of one thing of one kind: a UUIDv7 made by the service that creates it. An id of a bid does not fit where
/// an id of a round is wanted.
public struct Identifier<Kind>: RawRepresentable, Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The UUID itself.
    public let rawValue: UUID

    /// Wraps a UUID as the identity of a `Kind`.
    public init(rawValue: UUID) { self.rawValue = rawValue }

    /// Reads the usual 8-4-4-4-12 form; nil for anything else.
    public init?(_ text: some StringProtocol) {
        guard let uuid = UUID(uuidString: String(text)) else { return nil }
        self.init(rawValue: uuid)
    }

    /// Lower-case 8-4-4-4-12 form, as in addresses and JSON.
    public var description: String { rawValue.uuidString.lowercased() }

    /// Decodes the 8-4-4-4-12 form.
    public init(from decoder: any Decoder) throws {
        self.init(rawValue: try UUID(from: decoder))
    }

    /// Encodes the lower-case 8-4-4-4-12 form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// By byte, which for UUIDv7 is by time of creation.
    public static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}

/// Names for the kinds of identity, so that signatures read as sentences.
public typealias OrganisationID = Identifier<Organisation>
/// Identity of a person.
public typealias PersonID = Identifier<Person>
/// Identity of one grant of a capacity to a person.
public typealias CapacityID = Identifier<HeldCapacity>
/// Identity of a delegation of a spending limit.
public typealias DelegationID = Identifier<Delegation>
/// Identity of a programme.
public typealias ProgrammeID = Identifier<Programme>
/// Identity of a round.
public typealias RoundID = Identifier<Round>
/// Identity of a criterion within a round.
public typealias CriterionID = Identifier<Criterion>
/// Identity of a bid, and of the case (the life of the award) that grows from it.
public typealias BidID = Identifier<Bid>
/// Identity of one person's appraisal of one bid.
public typealias AppraisalID = Identifier<Appraisal>
/// Identity of an approval.
public typealias ApprovalID = Identifier<Approval>
/// Identity of a signed-in session or API token.
public typealias SessionID = Identifier<Session>
/// Identity of an audit event.
public typealias AuditEventID = Identifier<AuditEvent>

/// Kinds that have an identity but no value of their own in this module.
public enum Session: Sendable {}
/// An entry of the audit trail.
public enum AuditEvent: Sendable {}
