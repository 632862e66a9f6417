/// The approval of an award: what is promised, to whom, in which years, and on what terms.
public struct Approval: Hashable, Sendable {
    public let id: ApprovalID
    /// `APR-2026-0007`.
    public let reference: String
    public let bid: BidID
    public let programme: ProgrammeID
    public let state: State
    public let version: Int
    public let preparer: PersonID
    public let clearer: PersonID?
    /// All that this award has been promised, plus this. Limits are tested on it.
    public let wholeLife: Money
    /// Hex digest of the content; what approvers sign.
    public let contentHash: String
    public let content: Content

    /// An approval with its parts.
    public init(
        id: ApprovalID, reference: String, bid: BidID, programme: ProgrammeID, state: State, version: Int,
        preparer: PersonID,
        clearer: PersonID?, wholeLife: Money, contentHash: String, content: Content
    ) {
        self.id = id
        self.reference = reference
        self.bid = bid
        self.programme = programme
        self.state = state
        self.version = version
        self.preparer = preparer
        self.clearer = clearer
        self.wholeLife = wholeLife
        self.contentHash = contentHash
        self.content = content
    }

    /// Exits are in `Workflow.approval`.
    public enum State: String, Sendable, CaseIterable, Codable {
        case prepared, financeCleared = "finance_cleared", referredUp = "referred_up",
            awaitingSecondKey = "awaiting_second_key", approved, rejected, returned, lapsed
    }

    /// What the preparer writes and the approver signs.
    public struct Content: Hashable, Sendable, Codable {
        public var kind: Kind = .award
        public var amount: Money?
        public var years: [BudgetLine] = []
        public var conditions = ""
        public var recommendation = ""
        public var subsidyControl: SubsidyControl?
        public var screening = SpendScreening()
        public var consent: ExternalConsent?
        /// An empty case.
        public init() {}
    }

    /// A first promise, or more money for the same award.
    public enum Kind: String, Sendable, CaseIterable, Codable { case award, uplift }
    public enum SubsidyControl: String, Sendable, CaseIterable, Codable {
        case notApplicable = "not_applicable", standalone, minimalFinancialAssistance = "mfa_speia", scheme
    }
}
