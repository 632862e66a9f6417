public import Domain
public import FoundationEssentials
import Postgres

/// One change of state.
public struct HistoryEntry: Hashable, Sendable {
    /// When.
    public let at: Instant
    /// Who, where the reader may know; nil also for the system.
    public let personName: String?
    /// What happened.
    public let event: String
    /// From which state; empty at the beginning.
    public let from: String
    /// To which state.
    public let to: String
    /// Why, where a reason was given.
    public let reason: String?
    /// The object's version after it.
    public let version: Int

    /// A change with its parts.
    public init(
        at: Instant, personName: String?, event: String, from: String, to: String, reason: String?, version: Int
    ) {
        self.at = at
        self.personName = personName
        self.event = event
        self.from = from
        self.to = to
        self.reason = reason
        self.version = version
    }
}

/// What happened to an object, for whoever may see the object.
public struct History: Sendable {
    let platform: Platform

    /// The most changes that are shown; no object comes near it.
    static let entriesMax = 500

    /// The changes of an object's state, oldest first. Kinds are those of ``Domain/Machine``.
    public func of(_ actor: Actor, kind: String, id: UUID) async throws -> [HistoryEntry] {
        let (subject, entries) = try await platform.read(
            "history.of", actor, HistoryStatements.of(kind: kind, id: id, limit: Self.entriesMax).many)
        _ = try Permission.authorise(.historyRead, subject: subject)
        guard !entries.isEmpty else { throw Refusal.notFound(kind) }
        return entries
    }
}
