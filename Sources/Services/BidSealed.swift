public import Domain
import Postgres

// What an auditor may see of a bid before its round closes: that it is there, and with a recorded reason what it says.

/// A sealed bid from outside: what is known of it without opening it.
public struct SealedBid: Hashable, Sendable {
    /// Its identity.
    public let id: BidID
    /// `BID-2026-0042`.
    public let reference: String
    /// Where it stands.
    public let state: Bid.State
    /// The authority's name.
    public let organisationName: String
    /// The round.
    public let round: RoundID
    /// The round's title.
    public let roundTitle: String
    /// When the round closes.
    public let closesAt: Instant?
    /// When it changed last.
    public let updatedAt: Instant
}

/// What a sealed bid says, to an auditor who gave a reason.
public struct SealedReading: Hashable, Sendable {
    /// The bid from outside.
    public let bid: SealedBid
    /// Its title.
    public let title: String
    /// The draft as it stands, or what was submitted last: the sections that have been saved.
    public let content: BidContent
    /// Which sections have been saved; the rest of `content` is blank.
    public let sections: [BidSection]
    /// The reason that was recorded.
    public let reason: String
}

extension Bids {
    /// A sealed bid from outside, for an auditor. One that is open to them anyway is a conflict: no reason is needed.
    public func sealed(_ actor: Actor, _ id: BidID) async throws -> SealedBid {
        let (subject, found) = try await platform.read("bids.sealed", actor, BidStatements.find(id).optional)
        return try Self.sealed(found, subject)
    }

    /// Opens a sealed bid for an auditor. The database records the reason in the statement that hands out the text, and
    /// nothing is shown before that is committed.
    public func readSealed(_ actor: Actor, _ id: BidID, reason: String) async throws -> SealedReading {
        let (subject, found) = try await platform.read("bids.read_sealed", actor, BidStatements.find(id).optional)
        let bid = try Self.sealed(found, subject)
        try BidRules.sealedReadingReason(reason).enforce()
        let (_, rows) = try await platform.systemWrite("bids.read_sealed", actor) { tx in
            try tx.run(
                BidSectionStatements.readSealed(
                    id, reason: reason, address: actor.address, requestID: actor.requestID
                ).many)
        }
        let first = try rows.first.orNotFound("bid")
        let sections = rows.compactMap(\.section)
        return SealedReading(
            bid: bid, title: first.title, content: try sections.content(), sections: sections.map(\.section),
            reason: reason)
    }

    /// Sees the bid's row, audits, and the bid is sealed.
    private static func sealed(_ found: BidRecord?, _ subject: Subject) throws -> SealedBid {
        let record = try found.orNotFound("bid")
        _ = try Permission.authorise(.bidReadSealed, subject: subject, facts: record.facts)
        guard record.isSealed else { throw notSealed }
        return SealedBid(
            id: record.bid.id, reference: record.bid.reference, state: record.bid.state,
            organisationName: record.organisationName, round: record.bid.round, roundTitle: record.roundTitle,
            closesAt: record.closesAt, updatedAt: record.updatedAt)
    }

    private static let notSealed = Refusal(
        .conflict, code: "not_sealed", "This bid is not sealed any more, so it needs no reason. Open the bid itself.")
}
