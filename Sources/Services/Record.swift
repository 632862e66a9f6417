public import Domain
public import FoundationEssentials
import Postgres

/// The thing that an event, a notice or a refusal is about.
public struct ObjectReference: Hashable, Sendable {
    /// Kind, such as `bid`.
    public let kind: String
    /// Identity; nil where there is none, as for a failed sign-in of nobody.
    public let id: UUID?

    /// A thing by kind and identity.
    public init(kind: String, id: UUID?) {
        self.kind = kind
        self.id = id
    }

    /// An organisation.
    public static func organisation(_ id: OrganisationID) -> Self { Self(kind: "organisation", id: id.rawValue) }
    /// A person.
    public static func person(_ id: PersonID) -> Self { Self(kind: "person", id: id.rawValue) }
    /// A granted capacity.
    public static func capacity(_ id: CapacityID) -> Self { Self(kind: "capacity", id: id.rawValue) }
    /// A delegation.
    public static func delegation(_ id: DelegationID) -> Self { Self(kind: "delegation", id: id.rawValue) }
    /// A session or API token.
    public static func session(_ id: SessionID) -> Self { Self(kind: "session", id: id.rawValue) }
    /// A programme.
    public static func programme(_ id: ProgrammeID) -> Self { Self(kind: "programme", id: id.rawValue) }
    /// A round.
    public static func round(_ id: RoundID) -> Self { Self(kind: "round", id: id.rawValue) }
    /// A bid.
    public static func bid(_ id: BidID) -> Self { Self(kind: "bid", id: id.rawValue) }
    /// An appraisal.
    public static func appraisal(_ id: AppraisalID) -> Self { Self(kind: "appraisal", id: id.rawValue) }
    /// An approval.
    public static func approval(_ id: ApprovalID) -> Self { Self(kind: "approval", id: id.rawValue) }
}

/// Writes the audit trail: events are queued in the transaction that did the thing, so either both are there or neither.
///
///     let record = Record(subject, actor)
///     tx.queue(record.event("bid.submit", on: .bid(id), from: "certifying", to: "submitted"))
struct Record: Sendable {
    let person: PersonID?
    let organisation: OrganisationID?
    let address: String?
    let requestID: String?

    /// What this subject did, calling from there.
    init(_ subject: Subject, _ actor: Actor) {
        person = subject.person
        organisation = subject.organisation
        address = actor.address
        requestID = actor.requestID
    }

    /// What nobody in particular did: scheduled work, the command line.
    init(requestID: String? = nil) {
        person = nil
        organisation = nil
        address = nil
        self.requestID = requestID
    }

    /// One event. `detail` holds codes, numbers and ids, never secrets or free text about people.
    func event(
        _ action: String, on object: ObjectReference, as capacity: Capacity? = nil, from: String? = nil,
        to: String? = nil, reason: String? = nil, before: [UInt8]? = nil, after: [UInt8]? = nil,
        detail: [String: String] = [:]
    ) -> Step<Void> {
        AuditStatements.insert(
            AuditStatements.NewEvent(
                id: .fresh(), person: person, organisation: organisation, capacity: capacity, action: action,
                object: object, from: from, to: to, reason: reason, before: before, after: after,
                detail: JSON.text(detail), address: address, requestID: requestID)
        ).done
    }
}

/// JSON as text, for `jsonb` columns.
enum JSON {
    /// A flat object; keys are sorted, so the same content is the same text.
    static func text(_ object: [String: String]) -> PostgresJSON {
        // A dictionary of strings always encodes.
        PostgresJSON((try? encode(object)) ?? "{}")
    }

    /// Any value; keys are sorted.
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// The value that ``encode(_:)`` wrote.
    static func decode<Value: Decodable>(_ type: Value.Type = Value.self, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
