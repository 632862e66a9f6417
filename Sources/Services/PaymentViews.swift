public import Domain

/// A batch of payments in a list.
public struct PaymentBatchRow: Hashable, Sendable {
    /// The batch.
    public let batch: PaymentBatch
    /// The programme that pays.
    public let programmeTitle: String
    /// Who put it together.
    public let creatorName: String
    /// The same, as an identity.
    public let creator: PersonID
    /// When.
    public let createdAt: Instant
    /// When it left.
    public let releasedAt: Instant?
    /// When it was paid.
    public let paidAt: Instant?
}

/// One payment of a batch.
public struct PaymentRow: Hashable, Sendable {
    /// Its reference in the file.
    public let reference: String
    /// The claim that it pays.
    public let claim: ClaimID
    /// `CLM-2026-0003`.
    public let claimReference: String
    /// The award.
    public let award: AwardID
    /// `AWD-2026-0001`.
    public let awardReference: String
    /// To whom.
    public let payee: String
    /// Into which account, `••••1234`.
    public let masked: String
    /// How much.
    public let amount: Money
}

/// A claim that waits to be put into a batch.
public struct PayableClaim: Hashable, Sendable {
    /// The claim.
    public let claim: ClaimID
    /// `CLM-2026-0003`.
    public let reference: String
    /// `AWD-2026-0001`.
    public let awardReference: String
    /// The authority's name.
    public let organisationName: String
    /// The programme that pays.
    public let programme: ProgrammeID
    /// The programme's title.
    public let programmeTitle: String
    /// How much.
    public let amount: Money
    /// By when it is paid.
    public let payBy: Day?
}

/// A batch on one page.
public struct PaymentBatchDetail: Sendable {
    /// The batch.
    public let row: PaymentBatchRow
    /// Its payments.
    public let payments: [PaymentRow]
    /// Hex digest of the file of the payments.
    public let exportHash: String?
    /// Who released it.
    public let releaserName: String?
    /// Who confirmed it.
    public let confirmerName: String?
    /// Why it was cancelled.
    public let reason: String?
    /// What this actor could do with it now.
    public let allowed: [PaymentBatchEvent]
    /// Whether this actor may take the file of the payments again.
    public let mayExport: Bool
    /// Its changes of state, oldest first.
    public let history: [HistoryEntry]
}

/// The file of a batch, with its digest.
public struct PaymentExport: Hashable, Sendable {
    /// `PAY-2026-0001.csv`.
    public let name: String
    /// The CSV.
    public let csv: String
    /// Hex SHA-256 of its bytes.
    public let hash: String
}

/// What became of a file that says payments were made.
public struct PaymentConfirmation: Hashable, Sendable, Codable {
    /// How many payments the batch has.
    public let payments: Int
    /// What they come to.
    public let total: Money
    /// Whether the same file had been read before, so that nothing changed now.
    public let wasKnown: Bool

    /// An outcome with its parts.
    public init(payments: Int, total: Money, wasKnown: Bool) {
        self.payments = payments
        self.total = total
        self.wasKnown = wasKnown
    }
}
