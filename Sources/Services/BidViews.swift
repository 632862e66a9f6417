public import Domain

/// A bid in a list.
public struct BidRow: Hashable, Sendable {
    public let id: BidID
    public let reference: String
    public let title: String
    public let organisation: OrganisationID
    public let organisationName: String
    public let round: RoundID
    public let roundTitle: String
    public let state: Bid.State
    public let version: Int
    public let requested: Money?
    public let updatedAt: Instant
    public let closesAt: Instant?
}

/// Which bids to list; nil means any.
public struct BidFilter: Hashable, Sendable {
    public var round: RoundID?
    public var state: Bid.State?
    public var organisation: OrganisationID?

    /// A filter.
    public init(round: RoundID? = nil, state: Bid.State? = nil, organisation: OrganisationID? = nil) {
        self.round = round
        self.state = state
        self.organisation = organisation
    }
}

/// How far one section of the draft is.
public struct SectionStatus: Hashable, Sendable {
    public let section: BidSection
    /// 0 before the first saving.
    public let version: Int
    public let status: BidSection.Progress
    public let editedBy: String?
    public let editedAt: Instant?
}

/// What the authority keeps as proof.
public struct Receipt: Hashable, Sendable, Codable {
    /// `BID-2026-0042`.
    public let reference: String
    /// Which submission of this bid.
    public let number: Int
    /// SHA-256 of the canonical text, in hex.
    public let hash: String
    public let submittedAt: Instant
    public let certifiedBy: String
}

/// Everything a bid's own page shows. Content is read by `content` and `section`.
public struct BidDetail: Hashable, Sendable {
    public let bid: Bid
    public let roundTitle: String
    public let roundReference: String
    public let roundState: Round.State
    public let opensAt: Instant?
    public let closesAt: Instant?
    public let organisationName: String
    public let lastEditorName: String?
    /// Why the certifier sent it back, or why it was declined, withdrawn or put on the reserve list.
    public let reason: String?
    /// Empty for those who may not see the draft.
    public let sections: [SectionStatus]
    public let allowed: [BidEvent]
    public let findings: [FindingView]
    /// The newest submission.
    public let receipt: Receipt?
    /// Empty for the authority.
    public let appraisals: [AppraisalRow]
    /// Empty for the authority.
    public let approvals: [ApprovalRow]
    /// Who could certify it: active certifiers of the authority who did not edit it last.
    public let certifiers: [PersonChoice]
    /// Whether content may be read by this actor at this moment.
    public let contentVisible: Bool
}

/// What was found on one eligibility rule.
public struct FindingView: Hashable, Sendable, Codable {
    public let code: String
    public let sentence: String
    public let passed: Bool
    /// What it rests on, in words, with the source's date.
    public let evidence: String
    public let asAt: Day
    public let recordedAt: Instant
    public let recordedBy: String
}

/// One section, for its page.
public struct SectionView: Hashable, Sendable {
    public let bid: Bid
    public let organisationName: String
    public let roundTitle: String
    public let closesAt: Instant?
    public let section: BidSection
    /// Only that section is filled; for costs and evaluation, the other parts that its checks need are too.
    public let content: BidContent
    /// To send back with the next saving; 0 before the first.
    public let version: Int
    public let editedBy: String?
    public let editedAt: Instant?
    /// What certification still needs from this section.
    public let problems: [FieldProblem]
    public let editable: Bool
    /// For outcomes: what to choose from. Empty otherwise.
    public let indicators: [Indicator]
    /// For costs: the years of the programme's budget. Empty otherwise.
    public let years: [FinancialYear]
}

/// A whole bid, for "check your answers" and for readers.
public struct BidContentView: Hashable, Sendable {
    public let bid: Bid
    public let organisationName: String
    public let roundTitle: String
    public let content: BidContent
    /// Which sections this reader sees; the rest of `content` is blank.
    public let sections: [BidSection]
    /// What certification still needs.
    public let problems: [FieldProblem]
    /// Whether this is the submitted text (true) or the draft (false).
    public let isSubmitted: Bool
}
