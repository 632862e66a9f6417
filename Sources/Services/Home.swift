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
        // Awards, claims and payments.
        case awardToDraft = "award_to_draft", agreementToComplete = "agreement_to_complete",
            agreementToCheck = "agreement_to_check", awardToOffer = "award_to_offer", offerToAccept = "offer_to_accept",
            bankToVerify = "bank_to_verify", awardToSign = "award_to_sign", awardToActivate = "award_to_activate",
            instalmentToClaim = "instalment_to_claim", claimToComplete = "claim_to_complete",
            claimToCertify = "claim_to_certify", claimToAnswer = "claim_to_answer", claimToCheck = "claim_to_check",
            claimToApprove = "claim_to_approve", claimToPay = "claim_to_pay", paymentsToRelease = "payments_to_release",
            paymentsToConfirm = "payments_to_confirm", variationToAssess = "variation_to_assess",
            variationToDecide = "variation_to_decide", variationToEffect = "variation_to_effect",
            reversalToDecide = "reversal_to_decide", awardToReconcile = "award_to_reconcile",
            awardToClose = "award_to_close"
        // Evaluation: officer, evaluator, authority, review lead, reviewer.
        case evaluatorToAppoint = "evaluator_to_appoint", planToWrite = "plan_to_write", planToComment =
            "plan_to_comment",
            planToReview = "plan_to_review", planToRegister = "plan_to_register", reportToWrite = "report_to_write",
            reportToCheck = "report_to_check", reportToReview = "report_to_review", reportToPublish =
            "report_to_publish",
            reviewToDo = "review_to_do", interestToRule = "interest_to_rule"
        // Monitoring returns.
        case returnToWrite = "return_to_write", returnToCertify = "return_to_certify", returnToReview =
            "return_to_review",
            returnOverdue = "return_overdue"
        // Administrator and senior officer.
        case delegationToActivate = "delegation_to_activate", invitationPending = "invitation_pending",
            capacityEnding = "capacity_ending"
        // Evidence, decisions, adoption.
        case practiceToCheck = "practice_to_check", practiceToPublish = "practice_to_publish",
            ratingToPropose = "rating_to_propose", ratingToVote = "rating_to_vote", ratingToRenew = "rating_to_renew",
            decisionToAssemble = "decision_to_assemble", decisionToRecommend = "decision_to_recommend",
            decisionToApprove = "decision_to_approve", decisionToAnnounce = "decision_to_announce",
            decisionToReview = "decision_to_review", adoptionToConfirm = "adoption_to_confirm",
            adoptionToVerify = "adoption_to_verify", capacityToAnswer = "capacity_to_answer",
            capacityToCertify = "capacity_to_certify", followUpToAnswer = "follow_up_to_answer",
            followUpToAccept = "follow_up_to_accept"

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
            case .evaluatorToAppoint: "Appoint an evaluator"
            case .planToWrite: "Continue this evaluation plan"
            case .planToComment: "Comment on this evaluation plan"
            case .planToReview: "Lead the review of this plan"
            case .planToRegister: "Register this plan in public"
            case .reportToWrite: "Continue this report"
            case .reportToCheck: "Check the facts of this report"
            case .reportToReview: "Lead the review of this report"
            case .reportToPublish: "Publish this report"
            case .reviewToDo: "Review this"
            case .interestToRule: "Rule on a declared interest"
            case .awardToDraft: "Start this award"
            case .agreementToComplete: "Complete this agreement"
            case .agreementToCheck: "Check this agreement"
            case .awardToOffer: "Offer this award"
            case .offerToAccept: "Accept or decline this award"
            case .bankToVerify: "Verify bank details"
            case .awardToSign: "Sign this agreement"
            case .awardToActivate: "Put this award into force"
            case .instalmentToClaim: "Claim this instalment"
            case .claimToComplete: "Complete this claim"
            case .claimToCertify: "Certify this claim"
            case .claimToAnswer: "Answer a question on this claim"
            case .claimToCheck: "Check this claim"
            case .claimToApprove: "Approve this claim for payment"
            case .claimToPay: "Put this claim into a batch of payments"
            case .paymentsToRelease: "Release these payments"
            case .paymentsToConfirm: "Record that these payments were made"
            case .variationToAssess: "Assess this variation"
            case .variationToDecide: "Decide this variation"
            case .variationToEffect: "Put this variation into effect"
            case .reversalToDecide: "Decide this reversal"
            case .awardToReconcile: "Reconcile this award"
            case .awardToClose: "Close this award"
            case .returnToWrite: "Write this return"
            case .returnToCertify: "Certify this return"
            case .returnToReview: "Review this return"
            case .returnOverdue: "Chase this return"
            case .delegationToActivate: "Activate this delegation"
            case .invitationPending: "Invitation not yet accepted"
            case .capacityEnding: "Capacity about to end"
            case .practiceToCheck: "Check this practice card"
            case .practiceToPublish: "Publish this practice card"
            case .ratingToPropose: "Propose this rating"
            case .ratingToVote: "Vote on this rating"
            case .ratingToRenew: "Rate this practice anew"
            case .decisionToAssemble: "Assemble the evidence pack"
            case .decisionToRecommend: "Recommend a decision"
            case .decisionToApprove: "Decide on this roll-out"
            case .decisionToAnnounce: "Announce this decision"
            case .decisionToReview: "Review this decision"
            case .adoptionToConfirm: "Confirm that this still runs"
            case .adoptionToVerify: "Verify this adoption"
            case .capacityToAnswer: "Answer the capacity assessment"
            case .capacityToCertify: "Certify the capacity assessment"
            case .followUpToAnswer: "Answer this follow-up"
            case .followUpToAccept: "Look at this follow-up"
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
