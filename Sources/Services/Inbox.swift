public import Domain
public import FoundationEssentials
import Postgres

/// A notice to a person.
public struct Notice: Hashable, Sendable {
    /// Its identity.
    public let id: UUID
    /// What happened, such as `round.opened`.
    public let event: String
    /// To whom.
    public let recipient: PersonID
    /// Their name, where the reader may know.
    public let recipientName: String?
    /// One line.
    public let subject: String
    /// What to do.
    public let body: String
    /// What it is about.
    public let object: ObjectReference
    /// When it was written.
    public let createdAt: Instant
    /// The address on this service that the delivered message ends with, where it has one. Only for whoever delivers: an
    /// invitation's link is for the person invited and for nobody else.
    public internal(set) var link: String?
}

/// Notices: what mail will deliver, already readable here.
public struct Inbox: Sendable {
    let platform: Platform
    let worker: Database?

    /// One's own notices, the newest first.
    public func list(_ actor: Actor, page: PageRequest = PageRequest()) async throws -> Page<Notice> {
        let keys = try page.keys(2)
        let (subject, rows) = try await platform.read(
            "inbox.list", actor, InboxStatements.own(after: keys, limit: page.limit).many)
        _ = try Permission.authorise(.inboxRead, subject: subject, facts: .init(person: subject.person))
        return Page(rows, page) { [$0.createdAt.description, $0.id.uuidString] }
    }

    /// Everybody's notices: only where the core was given the worker's connection for it, as a demonstration is. Elsewhere
    /// there is no such page.
    public func development(page: PageRequest = PageRequest()) async throws -> Page<Notice> {
        guard let worker else { throw Refusal.notFound("page") }
        let keys = try page.keys(2)
        let rows = try await Refusals.mapped {
            try await worker.read("inbox.development", InboxStatements.all(after: keys, limit: page.limit).many)
        }
        let delivered = rows.map { row in
            var notice = row
            notice.link = InvitationNotice.path(row.object, platform.configuration)
            return notice
        }
        return Page(delivered, page) { [$0.createdAt.description, $0.id.uuidString] }
    }
}
