public import Domain

/// A bid in a list.
public struct BidRow: Hashable, Sendable {
    /// Its identity.
    public let id: BidID
    /// Human reference.
    public let reference: String
    /// Its title.
    public let title: String
    /// The authority.
    public let organisation: OrganisationID
    /// The authority's name.
    public let organisationName: String
    /// The round.
    public let round: RoundID
    /// The round's title.
    public let roundTitle: String
    /// Where it stands.
    public let state: Bid.State
    /// Goes up by one with each change; acts name the one that was seen.
    public let version: Int
    /// The sum asked for.
    public let requested: Money?
    /// When it changed last.
    public let updatedAt: Instant
    /// When the round closes.
    public let closesAt: Instant?
}

/// Which bids to list; nil means any.
public struct BidFilter: Hashable, Sendable {
    /// The round.
    public var round: RoundID?
    /// Where it stands.
    public var state: Bid.State?
    /// The authority.
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
    /// Which section.
    public let section: BidSection
    /// 0 before the first saving.
    public let version: Int
    /// How far it is.
    public let status: BidSection.Progress
    /// Who saved it last.
    public let editedBy: String?
    /// When it was saved last.
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
    /// When it was submitted.
    public let submittedAt: Instant
    /// Who certified it.
    public let certifiedBy: String
}

/// Everything a bid's own page shows. Content is read by `content` and `section`.
public struct BidDetail: Hashable, Sendable {
    /// The bid.
    public let bid: Bid
    /// The round's title.
    public let roundTitle: String
    /// `RND-2026-0001`.
    public let roundReference: String
    /// Where the round stands.
    public let roundState: Round.State
    /// When the round opens.
    public let opensAt: Instant?
    /// When the round closes.
    public let closesAt: Instant?
    /// The authority's name.
    public let organisationName: String
    /// Who changed any section last.
    public let lastEditorName: String?
    /// Why the certifier sent it back, or why it was declined, withdrawn or put on the reserve list.
    public let reason: String?
    /// Empty for those who may not see the draft.
    public let sections: [SectionStatus]
    /// What this actor could do with it now.
    public let allowed: [BidEvent]
    /// The newest finding on each eligibility rule.
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
    /// The award that grew from it, if the actor may see it.
    public let award: AwardID?
}

/// What was found on one eligibility rule.
public struct FindingView: Hashable, Sendable, Codable {
    /// The rule's code.
    public let code: String
    /// The rule as applicants read it.
    public let sentence: String
    /// Whether the rule is met.
    public let passed: Bool
    /// What it rests on, in words, with the source's date.
    public let evidence: String
    /// The day for which it was judged.
    public let asAt: Day
    /// When it was recorded.
    public let recordedAt: Instant
    /// Who recorded it.
    public let recordedBy: String
}

/// One section, for its page.
public struct SectionView: Hashable, Sendable {
    /// The bid.
    public let bid: Bid
    /// The authority's name.
    public let organisationName: String
    /// The round's title.
    public let roundTitle: String
    /// When the round closes.
    public let closesAt: Instant?
    /// Which section.
    public let section: BidSection
    /// Only that section is filled; for costs and evaluation, the other parts that its checks need are too.
    public let content: BidContent
    /// To send back with the next saving; 0 before the first.
    public let version: Int
    /// Who saved it last.
    public let editedBy: String?
    /// When it was saved last.
    public let editedAt: Instant?
    /// What certification still needs from this section.
    public let problems: [FieldProblem]
    /// Whether this actor may save it now.
    public let editable: Bool
    /// For outcomes: what to choose from. Empty otherwise.
    public let indicators: [Indicator]
    /// For costs: the years of the programme's budget. Empty otherwise.
    public let years: [FinancialYear]
}

/// A whole bid, for "check your answers" and for readers.
public struct BidContentView: Hashable, Sendable {
    /// The bid.
    public let bid: Bid
    /// The authority's name.
    public let organisationName: String
    /// The round's title.
    public let roundTitle: String
    /// What it says, as far as this reader may see.
    public let content: BidContent
    /// Which sections this reader sees; the rest of `content` is blank.
    public let sections: [BidSection]
    /// What certification still needs.
    public let problems: [FieldProblem]
    /// Whether this is the submitted text (true) or the draft (false).
    public let isSubmitted: Bool
}
