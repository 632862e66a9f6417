public import Domain
import FoundationEssentials
import Postgres

/// One thing that waits for the actor.
public struct HomeTask: Hashable, Sendable {
    /// What is to be done.
    public enum Kind: String, Sendable, CaseIterable, Codable {
        // Authority.
        case bidToStart = "bid_to_start", bidToComplete = "bid_to_complete", bidToCertify = "bid_to_certify"
        // Programme officer.
        case programmeToComplete = "programme_to_complete", roundToComplete = "round_to_complete",
            bidToCheck = "bid_to_check", bidToFind = "bid_to_find", appraisalsToAssign = "appraisals_to_assign",
            roundToAppraise = "round_to_appraise", appraisalToFinalise = "appraisal_to_finalise",
            approvalToPrepare = "approval_to_prepare", approvalToRevise = "approval_to_revise"
        // Finance.
        case approvalToClear = "approval_to_clear"
        // Approver.
        case programmeToApprove = "programme_to_approve", roundToApprove = "round_to_approve",
            approvalToApprove = "approval_to_approve", approvalToReferUp = "approval_to_refer_up",
            roundToDecide = "round_to_decide"
        // Senior officer responsible.
        case programmeToOpen = "programme_to_open"
        // Appraiser and reviewer.
        case appraisalToScore = "appraisal_to_score"
        // Administrator and senior officer.
        case delegationToActivate = "delegation_to_activate", invitationPending = "invitation_pending",
            capacityEnding = "capacity_ending"

        /// The task as a link's words.
        public var title: String {
            switch self {
            case .bidToStart: "Bid in this round"
            case .bidToComplete: "Complete this bid"
            case .bidToCertify: "Certify this bid"
            case .programmeToComplete: "Complete this programme"
            case .roundToComplete: "Complete this round"
            case .bidToCheck: "Check eligibility"
            case .bidToFind: "Decide on eligibility"
            case .appraisalsToAssign: "Assign appraisers"
            case .roundToAppraise: "Begin appraisal"
            case .appraisalToFinalise: "Make this appraisal final"
            case .approvalToPrepare: "Prepare the approval"
            case .approvalToRevise: "Revise this approval"
            case .approvalToClear: "Clear this approval"
            case .programmeToApprove: "Approve this programme"
            case .roundToApprove: "Approve this round"
            case .approvalToApprove: "Decide this award"
            case .approvalToReferUp: "Refer this award up"
            case .roundToDecide: "Record that this round is decided"
            case .programmeToOpen: "Open this programme"
            case .appraisalToScore: "Score this bid"
            case .delegationToActivate: "Activate this delegation"
            case .invitationPending: "Invitation not yet accepted"
            case .capacityEnding: "Capacity about to end"
            }
        }
    }

    /// What is to be done.
    public let kind: Kind
    /// What it is about.
    public let object: ObjectReference
    /// Its name.
    public let title: String
    /// Its reference and whose it is.
    public let detail: String
    /// When it must be done; nil when nothing presses.
    public let due: Instant?
    /// Since when it waits.
    public let since: Instant
}

/// One number on a home page.
public struct HomeCount: Hashable, Sendable {
    /// A permanent code, such as `bids_submitted`.
    public let code: String
    /// What is counted.
    public let label: String
    /// How many.
    public let value: Int
}

/// What a person sees first.
public struct Home: Sendable {
    /// Who they are.
    public let subject: Subject
    /// What waits for them: what has a due date first, by that date, then what waits longest.
    public let tasks: [HomeTask]
    /// Whether there are more tasks than these.
    public let hasMore: Bool
    /// A few numbers for their role.
    public let counts: [HomeCount]
    /// An authority's newest submissions, with their receipts.
    public let receipts: [HomeReceipt]
}

/// A submission, for the list of receipts.
public struct HomeReceipt: Hashable, Sendable {
    /// The bid.
    public let bid: BidID
    /// Its title.
    public let title: String
    /// What was received.
    public let receipt: Receipt
}

extension Touchstone {
    /// The most tasks that a home page lists.
    static let homeTasksMax = 100

    /// The actor's tasks by due date, and a few numbers. One round trip.
    public func home(_ actor: Actor) async throws -> Home {
        let (subject, tasks, counts, receipts) = try await platform.read(
            "home", actor, HomeStatements.tasks(limit: Self.homeTasksMax + 1).many, HomeStatements.counts.many,
            HomeStatements.receipts.many)
        _ = try Permission.authorise(.homeRead, subject: subject)
        return Home(
            subject: subject, tasks: Array(tasks.prefix(Self.homeTasksMax)), hasMore: tasks.count > Self.homeTasksMax,
            counts: counts, receipts: receipts)
    }
}
