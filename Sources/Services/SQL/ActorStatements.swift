import Domain
import FoundationEssentials
import Postgres

/// Opening a transaction as somebody.
enum ActorStatements {
    /// The columns of `actor.open` that ``subject(_:)`` reads, in its order.
    static let columns: SQL = """
        o.level, o.person_id, o.name, o.organisation_id, o.organisation_name, o.role, o.capacities, o.session_id, o.scope,
        o.has_second_factor, o.stepped_up_at, o.now
        """

    /// Proves the credential and fixes who acts for the rest of the transaction. TS001 when no session is behind it.
    static func open(_ credential: Credential) -> Statement<Subject> {
        Statement("actor.open", "select \(sql: columns) from actor.open(\(Bytes(credential.bytes))) as o") { row in
            try subject(&row)
        }
    }

    /// The same, and when the session was last seen before now.
    static func openAndSeen(_ credential: Credential) -> Statement<(subject: Subject, seen: Instant)> {
        Statement(
            "actor.open_and_seen",
            "select \(sql: columns), o.last_seen_at from actor.open(\(Bytes(credential.bytes))) as o"
        ) { row in (try subject(&row), try row.read()) }
    }

    /// The same, refused when the session or token is for reading only.
    static func openForWriting(_ credential: Credential) -> Statement<Subject> {
        Statement("actor.open", "select \(sql: columns) from actor.open(\(Bytes(credential.bytes))) as o") { row in
            try writer(&row)
        }
    }

    /// A subject that may write.
    static func writer(_ row: inout RowReader) throws -> Subject {
        let subject = try subject(&row)
        guard subject.mayWrite else { throw readOnly(subject.role) }
        return subject
    }

    /// The columns of ``columns``. A session that has proved only the passphrase is nobody yet.
    static func subject(_ row: inout RowReader) throws -> Subject {
        let level: String = try row.read()
        guard level == "full" else { throw Refusals.secondFactorNeeded }
        let person: PersonID = try row.read()
        let name: String = try row.read()
        let organisation: OrganisationID = try row.read()
        let organisationName: String = try row.read()
        let role: Role = try row.read()
        let held: [String] = try row.read()
        let session: SessionID = try row.read()
        let scope: String = try row.read()
        return Subject(
            person: person, name: name, organisation: organisation, organisationName: organisationName, role: role,
            capacities: try held.map(heldCapacity), session: session, mayWrite: scope == "write" && role != .auditor,
            hasSecondFactor: try row.read(), steppedUpAt: try row.read(), now: try row.read())
    }

    /// `approver`, or `programme_officer@programme:0190…` where the capacity has a scope.
    static func heldCapacity(_ text: String) throws -> HeldCapacity {
        let parts = text.split(separator: "@", maxSplits: 1)
        guard let code = parts.first, let capacity = Capacity(rawValue: String(code)) else {
            throw WireError(what: "a capacity")
        }
        guard parts.count == 2 else { return HeldCapacity(capacity) }
        let scope = parts[1].split(separator: ":", maxSplits: 1)
        guard scope.count == 2, let id = UUID(uuidString: String(scope[1])) else { throw WireError(what: "a scope") }
        return HeldCapacity(capacity, scope: try self.scope(String(scope[0]), id))
    }

    /// The scope from its two columns.
    static func scope(_ kind: String?, _ id: UUID?) throws -> HeldCapacity.Scope? {
        guard let kind, let id else { return nil }
        switch kind {
        case "programme": return .programme(ProgrammeID(rawValue: id))
        case "round": return .round(RoundID(rawValue: id))
        case "bid": return .bid(BidID(rawValue: id))
        case "organisation": return .organisation(OrganisationID(rawValue: id))
        default: throw WireError(what: "a scope")
        }
    }

    private static func readOnly(_ role: Role) -> Refusal {
        role == .auditor
            ? Refusal(.forbidden, code: "auditor_reads_only", "Auditors look at everything and change nothing.")
            : Refusal(
                .forbidden, code: "read_only_token",
                "This token is for reading only. Use a token that may write, or sign in.")
    }
}
