/// The promise of money to one authority for one bid: from the first draft of its agreement to its close.
public struct Award: Hashable, Sendable {
    /// Its identity.
    public let id: AwardID
    /// `AWD-2026-0001`.
    public let reference: String
    /// The bid that it grew from; also the case in which duties are kept apart.
    public let bid: BidID
    /// The authority that gets the money.
    public let organisation: OrganisationID
    /// The programme that pays.
    public let programme: ProgrammeID
    /// The round in which it was won.
    public let round: RoundID
    /// The approval on which the first promise rests.
    public let approval: ApprovalID
    /// Where it stands.
    public let state: State
    /// Goes up by one with each change.
    public let version: Int
    /// Who drafted the agreement; another officer checks it.
    public let drafter: PersonID
    /// All that approvals have promised so far.
    public let amount: Money

    /// An award with its parts.
    public init(
        id: AwardID, reference: String, bid: BidID, organisation: OrganisationID, programme: ProgrammeID,
        round: RoundID, approval: ApprovalID, state: State, version: Int, drafter: PersonID, amount: Money
    ) {
        self.id = id
        self.reference = reference
        self.bid = bid
        self.organisation = organisation
        self.programme = programme
        self.round = round
        self.approval = approval
        self.state = state
        self.version = version
        self.drafter = drafter
        self.amount = amount
    }

    /// Exits are in `Workflow.award`.
    public enum State: String, Sendable, CaseIterable, Codable {
        case drafting, qualityChecked = "quality_checked", offered, accepted, declined, expired,
            signedDept = "signed_dept", active, suspended, completed, closed, terminated
    }
}

extension Award.State {
    /// Whether the agreement may still be written.
    public var isDraft: Bool { self == .drafting }
    /// Whether both sides have bound themselves, so that everybody may know of it.
    public var isAgreed: Bool {
        switch self {
        case .accepted, .signedDept, .active, .suspended, .completed, .closed, .terminated: true
        case .drafting, .qualityChecked, .offered, .declined, .expired: false
        }
    }
    /// Whether claims can be made and varied terms agreed.
    public var isRunning: Bool { self == .active || self == .suspended }
    /// Whether claims can still be made: the last one comes after the end date.
    public var takesClaims: Bool { self == .active || self == .completed }
}

/// Identity of an award.
public typealias AwardID = Identifier<Award>
/// Identity of one version of its agreement.
public typealias AgreementVersionID = Identifier<Agreement>
/// Identity of an instalment.
public typealias InstalmentID = Identifier<Instalment>
/// Identity of one entry of bank details.
public typealias BankAccountID = Identifier<BankDetails>
