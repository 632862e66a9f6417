/// Identity of a practice.
public typealias PracticeID = Identifier<Practice>
/// Identity of one version of a rating.
public typealias EvidenceRatingID = Identifier<EvidenceRating>
/// Identity of a roll-out decision.
public typealias AdoptionDecisionID = Identifier<AdoptionDecision>
/// Identity of an item of an evidence pack.
public typealias DecisionEvidenceID = Identifier<DecisionEvidence>
/// Identity of one authority's adoption of one practice.
public typealias AdoptionID = Identifier<Adoption>
/// Identity of a capacity assessment.
public typealias CapacityAssessmentID = Identifier<CapacityAssessment>
/// Identity of a follow-up.
public typealias FollowUpID = Identifier<FollowUp>

/// What happens to a practice card.
public enum PracticeEvent: String, WorkflowEvent, Codable {
    case create, check
    case sendBack = "return"
    case publish
    case beginReview = "begin_review"
    case retire
    /// Where a card can stand.
    public typealias State = Practice.State
    /// The machine of practices.
    public static var machine: Machine { .practice }
}

/// What happens to a rating.
public enum EvidenceRatingEvent: String, WorkflowEvent, Codable {
    case open, propose
    case sendToPanel = "send_to_panel"
    case sendBack = "return"
    case agree, flag, supersede
    /// Where a rating can stand.
    public typealias State = EvidenceRating.State
    /// The machine of ratings.
    public static var machine: Machine { .evidenceRating }
}

/// What happens to a roll-out decision.
public enum AdoptionDecisionEvent: String, WorkflowEvent, Codable {
    case identify, assemble, recommend
    case sendBack = "return"
    case approve, announce, review
    /// Where a decision can stand.
    public typealias State = AdoptionDecision.State
    /// The machine of decisions.
    public static var machine: Machine { .adoptionDecision }
}

/// What happens to an authority's adoption of a practice.
public enum AdoptionEvent: String, WorkflowEvent, Codable {
    case declare, consider, pilot, adopt, sustain, confirm, stop, reject, reconsider
    /// Steps of the ladder.
    public typealias State = Adoption.State
    /// The machine of adoptions.
    public static var machine: Machine { .laAdoption }
}

/// What happens to a capacity assessment.
public enum CapacityAssessmentEvent: String, WorkflowEvent, Codable {
    case open, begin, certify, reopen, moderate, lock
    /// Where an assessment can stand.
    public typealias State = CapacityAssessment.State
    /// The machine of assessments.
    public static var machine: Machine { .capacityAssessment }
}

/// What happens to a follow-up.
public enum FollowUpEvent: String, WorkflowEvent, Codable {
    case schedule, open, answer
    case sendBack = "return"
    case accept
    case giveUp = "give_up"
    /// Where a follow-up can stand.
    public typealias State = FollowUp.State
    /// The machine of follow-ups.
    public static var machine: Machine { .followUp }
}
