/// What an award reports about one period: written by the authority, certified by a second person, reviewed by the
/// department.
public struct MonitoringReturn: Hashable, Sendable {
    /// Its identity.
    public let id: MonitoringReturnID
    /// `RET-2026-0001`.
    public let reference: String
    /// The award that it reports on.
    public let award: AwardID
    /// The bid that the award grew from: the case in which duties are kept apart.
    public let bid: BidID
    /// The authority that reports.
    public let organisation: OrganisationID
    /// The first return of an award is 1.
    public let sequence: Int
    /// First day of the period.
    public let from: Day
    /// Last day of the period.
    public let to: Day
    /// Last day on which it is in time.
    public let due: Day
    /// Where it stands.
    public let state: State
    /// Goes up by one with each change.
    public let version: Int
    /// The newest certified version; 0 before the first.
    public let contentVersion: Int
    /// Who changed it last.
    public let lastEditor: PersonID?

    /// A return with its parts.
    public init(
        id: MonitoringReturnID, reference: String, award: AwardID, bid: BidID, organisation: OrganisationID,
        sequence: Int,
        from: Day, to: Day, due: Day, state: State, version: Int, contentVersion: Int, lastEditor: PersonID?
    ) {
        self.id = id
        self.reference = reference
        self.award = award
        self.bid = bid
        self.organisation = organisation
        self.sequence = sequence
        self.from = from
        self.to = to
        self.due = due
        self.state = state
        self.version = version
        self.contentVersion = contentVersion
        self.lastEditor = lastEditor
    }

    /// Exits are in `Workflow.monitoringReturn`. Being overdue is no state: it follows from the due date.
    public enum State: String, Sendable, CaseIterable, Codable {
        case scheduled, open, inProgress = "in_progress", inCertification = "in_certification", submitted,
            underReview = "under_review", changesRequested = "changes_requested", accepted,
            acceptedWithIssues = "accepted_with_issues", reopened, waived
    }

    /// The number of this draft in the ledger of duties. The case is the award's, so each version of each return
    /// needs a number that no version of the bid has.
    public var dutyVersion: Int { Self.dutyVersion(sequence: sequence, number: contentVersion + 1) }

    /// The number of one version of one return in the ledger of duties.
    public static func dutyVersion(sequence: Int, number: Int) -> Int { sequence * 1000 + number }

    /// The period as people say it.
    public var period: String { "\(from.spoken) to \(to.spoken)" }
}

/// Identity of a monitoring return.
public typealias MonitoringReturnID = Identifier<MonitoringReturn>

extension MonitoringReturn.State {
    /// Whether the authority may write in it, or may begin to.
    public var isEditable: Bool {
        switch self {
        case .open, .inProgress, .changesRequested, .reopened: true
        case .scheduled, .inCertification, .submitted, .underReview, .accepted, .acceptedWithIssues, .waived: false
        }
    }

    /// Whether nobody waits for the authority any more.
    public var isIn: Bool {
        switch self {
        case .submitted, .underReview, .accepted, .acceptedWithIssues, .waived: true
        case .scheduled, .open, .inProgress, .inCertification, .changesRequested, .reopened: false
        }
    }

    /// Whether its figures count.
    public var isAccepted: Bool { self == .accepted || self == .acceptedWithIssues }
}

/// A part of a return that is saved by itself.
public enum ReturnSection: String, Sendable, CaseIterable, Codable {
    case outcomes, reach, spend, milestones, risks, learning
}

/// What happens to a monitoring return.
public enum MonitoringReturnEvent: String, WorkflowEvent, Codable {
    case plan, open, begin
    case sendForCertification = "send_for_certification"
    case declineCertification = "decline_certification"
    case submit
    case beginReview = "begin_review"
    case requestChanges = "request_changes"
    case accept
    case acceptWithIssues = "accept_with_issues"
    case resume, reopen, waive
    /// Where a return can stand.
    public typealias State = MonitoringReturn.State
    /// The machine of returns.
    public static var machine: Machine { .monitoringReturn }
}
