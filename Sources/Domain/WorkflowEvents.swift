/// What happens to a programme.
public enum ProgrammeEvent: String, WorkflowEvent, Codable {
    case create, submit, approve, reject
    case sendBack = "return"
    case open, suspend, resume
    case beginClosing = "begin_closing"
    /// Where a programme can stand.
    public typealias State = Programme.State
    /// The programme machine.
    public static var machine: Machine { .programme }
}

/// What happens to a round.
public enum RoundEvent: String, WorkflowEvent, Codable {
    case create, approve, schedule, open, extend, close
    case beginAppraisal = "begin_appraisal"
    case decide, cancel
    /// Where a round can stand.
    public typealias State = Round.State
    /// The round machine.
    public static var machine: Machine { .round }
}

/// What happens to a bid.
public enum BidEvent: String, WorkflowEvent, Codable {
    case start
    case sendForCertification = "send_for_certification"
    case declineCertification = "decline_certification"
    case submit, reopen, expire, check
    case findEligible = "find_eligible"
    case findIneligible = "find_ineligible"
    case appraise, approve, reserve, decline, offer, withdraw
    /// Where a bid can stand.
    public typealias State = Bid.State
    /// The bid machine.
    public static var machine: Machine { .bid }
}

/// What happens to an appraisal.
public enum AppraisalEvent: String, WorkflowEvent, Codable {
    case assign, begin, submit
    case sendBack = "return"
    case resume, finalise
    /// Where an appraisal can stand.
    public typealias State = Appraisal.State
    /// The appraisal machine.
    public static var machine: Machine { .appraisal }
}

/// What happens to an approval.
public enum ApprovalEvent: String, WorkflowEvent, Codable {
    case prepare, clear
    case referUp = "refer_up"
    case firstKey = "first_key"
    case approve, reject
    case sendBack = "return"
    case revise, lapse
    /// Where an approval can stand.
    public typealias State = Approval.State
    /// The approval machine.
    public static var machine: Machine { .approval }
}

/// What happens to an account.
public enum PersonEvent: String, WorkflowEvent, Codable {
    case invite, activate, suspend, reinstate, leave
    /// Where an account can stand.
    public typealias State = Person.State
    /// The person machine.
    public static var machine: Machine { .person }
}

/// What happens to a delegation.
public enum DelegationEvent: String, WorkflowEvent, Codable {
    case propose, activate, revoke, expire
    /// Where a delegation can stand.
    public typealias State = Delegation.State
    /// The delegation machine.
    public static var machine: Machine { .delegation }
}
