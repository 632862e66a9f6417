/// What happens to an award.
public enum AwardEvent: String, WorkflowEvent, Codable {
    case draft
    case qualityCheck = "quality_check"
    case sendBack = "return"
    case offer, accept, decline, expire, sign, activate, suspend, resume
    case declareComplete = "declare_complete"
    case complete, reconcile, close, terminate
    /// Where an award can stand.
    public typealias State = Award.State
    /// The award machine.
    public static var machine: Machine { .award }
}

/// What happens to a variation.
public enum VariationEvent: String, WorkflowEvent, Codable {
    case draft, submit, assess, approve, reject, withdraw
    case takeEffect = "take_effect"
    /// Where a variation can stand.
    public typealias State = Variation.State
    /// The variation machine.
    public static var machine: Machine { .variation }
}

/// What happens to a claim.
public enum ClaimEvent: String, WorkflowEvent, Codable {
    case start
    case sendForCertification = "send_for_certification"
    case declineCertification = "decline_certification"
    case submit
    case beginCheck = "begin_check"
    case query, answer, verify
    case partVerify = "part_verify"
    case reject
    case sendBack = "return"
    case approve, batch, unbatch, pay
    case requestReversal = "request_reversal"
    case reverse
    /// Where a claim can stand.
    public typealias State = Claim.State
    /// The claim machine.
    public static var machine: Machine { .claim }
}

/// What happens to a payment batch.
public enum PaymentBatchEvent: String, WorkflowEvent, Codable {
    case assemble, release, cancel, confirm
    /// Where a batch can stand.
    public typealias State = PaymentBatch.State
    /// The payment batch machine.
    public static var machine: Machine { .paymentBatch }
}
