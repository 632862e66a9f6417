public import Domain

/// A claim in a list.
public struct ClaimRow: Hashable, Sendable {
    /// Its identity.
    public let id: ClaimID
    /// `CLM-2026-0003`.
    public let reference: String
    /// The award.
    public let award: AwardID
    /// `AWD-2026-0001`.
    public let awardReference: String
    /// The project's title.
    public let title: String
    /// The authority's name.
    public let organisationName: String
    /// Which instalment, from 1.
    public let position: Int
    /// Where it stands.
    public let state: Claim.State
    /// Goes up by one with each change.
    public let version: Int
    /// What is claimed; nil while it is drafted.
    public let amount: Money?
    /// What was verified.
    public let verified: Money?
    /// First day of the period.
    public let from: Day?
    /// Last day of the period.
    public let to: Day?
    /// By when it is paid.
    public let payBy: Day?
    /// When it changed last.
    public let updatedAt: Instant
}

/// Which claims to list; nil means any.
public struct ClaimFilter: Hashable, Sendable {
    /// Where it stands.
    public var state: Claim.State?
    /// The award.
    public var award: AwardID?

    /// A filter.
    public init(state: Claim.State? = nil, award: AwardID? = nil) {
        self.state = state
        self.award = award
    }
}

/// One line of a claim with what was found of it.
public struct ClaimLineView: Hashable, Sendable {
    /// Its number, from 1.
    public let number: Int
    /// What the authority wrote.
    public let line: Claim.Line
    /// Whether it is in the sample.
    public let isSampled: Bool
    /// What was found; nil while nobody looked.
    public let finding: Claim.Finding?
}

/// A payment of a claim.
public struct PaymentView: Hashable, Sendable {
    /// Its reference in the file.
    public let reference: String
    /// The batch that it is in.
    public let batch: PaymentBatchID
    /// The batch's reference.
    public let batchReference: String
    /// Where the batch stands.
    public let state: PaymentBatch.State
    /// How much.
    public let amount: Money
    /// To whom.
    public let payee: String
    /// Into which account, `••••1234`.
    public let masked: String
    /// When it left.
    public let releasedAt: Instant?
}

/// A claim on one page.
public struct ClaimDetail: Sendable {
    /// The claim.
    public let claim: Claim
    /// The award.
    public let award: AwardRow
    /// The instalment with its gate.
    public let instalment: InstalmentView?
    /// The lines with what was found.
    public let lines: [ClaimLineView]
    /// What the lines come to, once certified.
    public let amount: Money?
    /// What is paid of it, once verified.
    public let verified: Money?
    /// The seed of the sample, so that the choice can be repeated.
    public let sampleSeed: UInt64?
    /// Which part of the lines is checked, in hundredths.
    public let samplePercent: Int?
    /// Kinds of cost that the agreement allows.
    public let categories: [BidContent.CostLine.Category]
    /// What certification still needs.
    public let problems: [FieldProblem]
    /// Who last changed it.
    public let lastEditorName: String?
    /// Who certified it.
    public let certifierName: String?
    /// When it was submitted.
    public let submittedAt: Instant?
    /// Who checks or has verified it.
    public let checkerName: String?
    /// What the department asked.
    public let query: String?
    /// By when that is answered.
    public let queryBy: Day?
    /// Why it was sent back, rejected or reversed.
    public let reason: String?
    /// By when it is paid.
    public let payBy: Day?
    /// Whether the monitoring return of its period is accepted.
    public let isReturnAccepted: Bool
    /// Conditions that come before any payment and are not met.
    public let unmetConditions: [ConditionView]
    /// The bank details that count.
    public let bank: BankStanding?
    /// Payments of it.
    public let payments: [PaymentView]
    /// Whether finance has asked for its reversal.
    public let isReversalRequested: Bool
    /// What this actor could do with it now.
    public let allowed: [ClaimEvent]
    /// Whether this actor may change it now.
    public let editable: Bool
    /// Its changes of state, oldest first.
    public let history: [HistoryEntry]
}
