/// A claim by an authority for one instalment: what was spent in a period, line by line, certified by a second person.
public struct Claim: Hashable, Sendable {
    /// Its identity.
    public let id: ClaimID
    /// `CLM-2026-0003`.
    public let reference: String
    /// The award it draws on.
    public let award: AwardID
    /// The instalment it is for.
    public let instalment: InstalmentID
    /// Where it stands.
    public let state: State
    /// Goes up by one with each change.
    public let version: Int
    /// Who last changed a line; may not certify.
    public let lastEditor: PersonID?
    /// What is claimed.
    public let content: Content

    /// A claim with its parts.
    public init(
        id: ClaimID, reference: String, award: AwardID, instalment: InstalmentID, state: State, version: Int,
        lastEditor: PersonID?, content: Content
    ) {
        self.id = id
        self.reference = reference
        self.award = award
        self.instalment = instalment
        self.state = state
        self.version = version
        self.lastEditor = lastEditor
        self.content = content
    }

    /// Exits are in `Workflow.claim`.
    public enum State: String, Sendable, CaseIterable, Codable {
        case draft, inCertification = "in_certification", submitted, checking, queried, verified,
            partVerified = "part_verified", rejected, approvedForPayment = "approved_for_payment",
            paymentBatch = "payment_batch", paid, reversed
    }

    /// What the authority writes.
    public struct Content: Hashable, Sendable, Codable {
        /// The first day of spending.
        public var from: Day?
        /// The last day of spending.
        public var to: Day?
        /// What was bought or paid.
        public var lines: [Line] = []
        /// Nothing entered yet.
        public init() {}

        /// What the lines come to.
        public var total: Money { lines.compactMap(\.amount).total }
    }

    /// One payment that the authority made.
    public struct Line: Hashable, Sendable, Codable {
        /// When it was paid.
        public var date: Day?
        /// What kind of cost it is.
        public var category: BidContent.CostLine.Category?
        /// How much, without the VAT that the authority gets back.
        public var amount: Money?
        /// VAT that the authority cannot get back, part of the amount.
        public var vat: Money?
        /// To whom.
        public var supplier = ""
        /// The entry in the authority's own ledger; the same entry is never claimed twice.
        public var ledgerReference = ""
        /// Where the evidence is kept: a document's name or number.
        public var evidence = ""
        /// Nothing entered yet.
        public init() {}
    }

    /// What the officer found about one line.
    public enum Verdict: String, Sendable, CaseIterable, Codable { case allowed, disallowed }

    /// The finding on one line, with what is not paid of it and why.
    public struct Finding: Hashable, Sendable, Codable {
        /// The line's number, from 1.
        public let line: Int
        /// What was found.
        public let verdict: Verdict
        /// How much of it is not paid; the whole line unless less is said.
        public let disallowed: Money?
        /// Why not.
        public let reason: String

        /// A finding on a line.
        public init(line: Int, verdict: Verdict, disallowed: Money? = nil, reason: String = "") {
            self.line = line
            self.verdict = verdict
            self.disallowed = disallowed
            self.reason = reason
        }
    }

    /// What a claim's own declaration says; kept by its edition with each submission.
    public enum Declaration {
        /// The edition in force.
        public static let version = "claim-2026-1"
        /// What the certifier confirms, point by point.
        public static let points = [
            "Every line is spending of my authority for this project, in this period, and of a kind that the agreement allows.",
            "No line is paid for by another grant, and none was claimed before.",
            "The evidence named in each line is kept and will be shown when asked.",
            "I did not edit this claim.",
        ]
    }
}

extension Claim.State {
    /// Whether the authority may still change it.
    public var isDraft: Bool { self == .draft }
    /// Whether it counts against the award: everything that was not refused or given back.
    public var counts: Bool { self != .rejected && self != .reversed }
}

/// Identity of a claim.
public typealias ClaimID = Identifier<Claim>
/// Identity of one line of a claim.
public typealias ClaimLineID = Identifier<Claim.Line>
