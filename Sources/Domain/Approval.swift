/// The approval of an award: what is promised, to whom, in which years, and on what terms.
public struct Approval: Hashable, Sendable {
    /// Its identity.
    public let id: ApprovalID
    /// `APR-2026-0007`.
    public let reference: String
    /// The bid that is to become an award.
    public let bid: BidID
    /// The programme whose budget pays.
    public let programme: ProgrammeID
    /// Where it stands.
    public let state: State
    /// Goes up by one with each change.
    public let version: Int
    /// Who prepared it; may neither clear nor approve it.
    public let preparer: PersonID
    /// Who cleared it for finance; may not approve it.
    public let clearer: PersonID?
    /// All that this award has been promised, plus this. Limits are tested on it.
    public let wholeLife: Money
    /// Hex digest of the content; what approvers sign.
    public let contentHash: String
    /// What is approved.
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
        /// A first promise, or more money for an earlier one.
        public var kind: Kind = .award
        /// What this approval promises; earlier promises are not in it.
        public var amount: Money?
        /// The amount by financial year, each against its own budget.
        public var years: [BudgetLine] = []
        /// What the authority must do or accept; part of what is signed.
        public var conditions = ""
        /// What the preparer advises, and why.
        public var recommendation = ""
        /// How the rules on subsidies apply to the money.
        public var subsidyControl: SubsidyControl?
        /// The three questions that can take the decision out of every delegation.
        public var screening = SpendScreening()
        /// Consent from outside, where one was needed.
        public var consent: ExternalConsent?
        /// An empty case.
        public init() {}
    }

    /// A first promise, or more money for the same award.
    public enum Kind: String, Sendable, CaseIterable, Codable { case award, uplift }
    /// How the rules on subsidies apply.
    public enum SubsidyControl: String, Sendable, CaseIterable, Codable {
        case notApplicable = "not_applicable", standalone, minimalFinancialAssistance = "mfa_speia", scheme
    }
}
