import Domain

/// How a history reads: each change in plain words, and where the thing stood after it.
extension Words {
    /// What happened, from the codes of a history. A code that is not known reads as it is written.
    static func event(_ machine: Machine, _ code: String) -> String {
        let words: String? =
            switch machine {
            case .programme: ProgrammeEvent(rawValue: code).map(said)
            case .round: RoundEvent(rawValue: code).map(said)
            case .bid: BidEvent(rawValue: code).map(said)
            case .appraisal: AppraisalEvent(rawValue: code).map(said)
            case .approval: ApprovalEvent(rawValue: code).map(said)
            case .person: PersonEvent(rawValue: code).map(said)
            case .delegation: DelegationEvent(rawValue: code).map(said)
            case .practice: PracticeEvent(rawValue: code).map(said)
            case .evidenceRating: EvidenceRatingEvent(rawValue: code).map(said)
            case .adoptionDecision: AdoptionDecisionEvent(rawValue: code).map(said)
            case .laAdoption: AdoptionEvent(rawValue: code).map(said)
            case .capacityAssessment: CapacityAssessmentEvent(rawValue: code).map(said)
            case .followUp: FollowUpEvent(rawValue: code).map(said)
            case .award: AwardEvent(rawValue: code).map(said)
            case .variation: VariationEvent(rawValue: code).map(said)
            case .claim: ClaimEvent(rawValue: code).map(said)
            case .paymentBatch: PaymentBatchEvent(rawValue: code).map(said)
            case .evaluationPlan: EvaluationPlanEvent(rawValue: code).map(said)
            case .review: ReviewEvent(rawValue: code).map(said)
            case .evaluationReport: EvaluationReportEvent(rawValue: code).map(said)
            case .monitoringReturn: MonitoringReturnEvent(rawValue: code).map(said)
            }
        return words ?? plain(code)
    }

    /// Where a thing stands, as on its own page.
    static func state(_ machine: Machine, _ code: String) -> any Markup {
        let tag: Tag? =
            switch machine {
            case .programme: Programme.State(rawValue: code).map(tag)
            case .round: Round.State(rawValue: code).map(tag)
            case .bid: Bid.State(rawValue: code).map(tag)
            case .appraisal: Appraisal.State(rawValue: code).map(tag)
            case .approval: Approval.State(rawValue: code).map(tag)
            case .person: Person.State(rawValue: code).map(\.tag)
            case .delegation: Delegation.State(rawValue: code).map(\.tag)
            case .practice: Practice.State(rawValue: code).map(tag)
            case .evidenceRating: EvidenceRating.State(rawValue: code).map(tag)
            case .adoptionDecision: AdoptionDecision.State(rawValue: code).map(tag)
            case .laAdoption: Adoption.State(rawValue: code).map(tag)
            case .capacityAssessment: CapacityAssessment.State(rawValue: code).map(tag)
            case .followUp: FollowUp.State(rawValue: code).map(tag)
            case .award: Award.State(rawValue: code).map(tag)
            case .variation: Variation.State(rawValue: code).map(tag)
            case .claim: Claim.State(rawValue: code).map(tag)
            case .paymentBatch: PaymentBatch.State(rawValue: code).map(tag)
            case .evaluationPlan: EvaluationPlan.State(rawValue: code).map(tag)
            case .review: Review.State(rawValue: code).map(tag)
            case .evaluationReport: EvaluationReport.State(rawValue: code).map(tag)
            case .monitoringReturn: MonitoringReturn.State(rawValue: code).map(tag)
            }
        return tag ?? HTML(text: plain(code))
    }

    private static func said(_ event: ProgrammeEvent) -> String {
        switch event {
        case .create: "Programme started"
        case .submit: "Sent to an approver"
        case .approve: "Approved"
        case .reject: "Rejected"
        case .sendBack: "Sent back for changes"
        case .open: "Opened"
        case .suspend: "Suspended"
        case .resume: "Opened again"
        case .beginClosing: "Closing begun"
        }
    }

    private static func said(_ event: RoundEvent) -> String {
        switch event {
        case .create: "Round started"
        case .approve: "Approved"
        case .schedule: "Opening time fixed"
        case .open: "Opened to bids"
        case .extend: "Closing time moved later"
        case .close: "Closed to bids"
        case .beginAppraisal: "Appraisal begun"
        case .decide: "All bids decided"
        case .cancel: "Cancelled"
        }
    }

    private static func said(_ event: BidEvent) -> String {
        switch event {
        case .start: "Bid started"
        case .sendForCertification: "Sent to a certifier"
        case .declineCertification: "Sent back by the certifier"
        case .submit: "Certified and submitted"
        case .reopen: "Reopened to be changed"
        case .expire: "Round closed before it was submitted"
        case .check: "Eligibility check begun"
        case .findEligible: "Found eligible"
        case .findIneligible: "Found not eligible"
        case .appraise: "All appraisals final"
        case .approve: "Award approved"
        case .offer: "Award offered"
        case .reserve: "Put on the reserve list"
        case .decline: "Declined"
        case .withdraw: "Withdrawn"
        }
    }

    private static func said(_ event: AppraisalEvent) -> String {
        switch event {
        case .assign: "Given to an appraiser"
        case .begin: "Scoring begun"
        case .submit: "Scores handed in"
        case .sendBack: "Sent back for changes"
        case .resume: "Scoring taken up again"
        case .finalise: "Scores made final"
        }
    }

    private static func said(_ event: ApprovalEvent) -> String {
        switch event {
        case .prepare: "Case prepared and sent to finance"
        case .clear: "Cleared by finance: the budget has the money"
        case .referUp: "Referred up: the sum is above the approver’s limit"
        case .firstKey: "Approved by the first of two approvers"
        case .approve: "Approved"
        case .reject: "Rejected"
        case .sendBack: "Sent back to the preparer"
        case .revise: "Case changed and sent to finance again"
        case .lapse: "Lapsed: no offer was accepted in time"
        }
    }

    private static func said(_ event: PersonEvent) -> String {
        switch event {
        case .invite: "Invited"
        case .activate: "Invitation accepted"
        case .suspend: "Suspended"
        case .reinstate: "Suspension ended"
        case .leave: "Left"
        }
    }

    private static func said(_ event: DelegationEvent) -> String {
        switch event {
        case .propose: "Limit proposed"
        case .activate: "Limit put into force"
        case .revoke: "Limit taken away"
        case .expire: "Limit ran out"
        }
    }
}
