/// The kinds of thing that have a state. Raw values are the `machine` of the database's `workflow.transition`.
public enum Machine: String, Sendable, CaseIterable, Codable {
    /// A reason for a fund.
    case programme
    /// A call for bids.
    case round
    /// A bid.
    case bid
    /// One person's appraisal of one bid.
    case appraisal
    /// The approval of an award.
    case approval
    /// An account.
    case person
    /// A spending limit.
    case delegation
    /// The promise of money for one bid, with its agreement.
    case award
    /// A change of what was agreed.
    case variation
    /// A claim for one instalment.
    case claim
    /// Payments that leave together.
    case paymentBatch = "payment_batch"
    /// What an award reports about one period.
    case monitoringReturn = "monitoring_return"
    /// The plan of an evaluation.
    case evaluationPlan = "evaluation_plan"
    /// One reviewer's review of a plan or report.
    case review
    /// The report of an evaluation.
    case evaluationReport = "evaluation_report"
    /// A way of working that can be described, evaluated and taken up.
    case practice
    /// How far what is known about a practice can be trusted.
    case evidenceRating = "evidence_rating"
    /// A decision to roll out, test further, adapt or stop.
    case adoptionDecision = "adoption_decision"
    /// One authority's adoption of one practice.
    case laAdoption = "la_adoption"
    /// An authority's view of its own capacity to evaluate.
    case capacityAssessment = "capacity_assessment"
    /// A question some time after an award ended.
    case followUp = "follow_up"

    /// Every state, in the order of declaration.
    public var states: [String] {
        switch self {
        case .programme: Programme.State.allCases.map(\.rawValue)
        case .round: Round.State.allCases.map(\.rawValue)
        case .bid: Bid.State.allCases.map(\.rawValue)
        case .appraisal: Appraisal.State.allCases.map(\.rawValue)
        case .approval: Approval.State.allCases.map(\.rawValue)
        case .person: Person.State.allCases.map(\.rawValue)
        case .delegation: Delegation.State.allCases.map(\.rawValue)
        case .award: Award.State.allCases.map(\.rawValue)
        case .variation: Variation.State.allCases.map(\.rawValue)
        case .claim: Claim.State.allCases.map(\.rawValue)
        case .paymentBatch: PaymentBatch.State.allCases.map(\.rawValue)
        case .monitoringReturn: MonitoringReturn.State.allCases.map(\.rawValue)
        case .evaluationPlan: EvaluationPlan.State.allCases.map(\.rawValue)
        case .review: Review.State.allCases.map(\.rawValue)
        case .evaluationReport: EvaluationReport.State.allCases.map(\.rawValue)
        case .practice: Practice.State.allCases.map(\.rawValue)
        case .evidenceRating: EvidenceRating.State.allCases.map(\.rawValue)
        case .adoptionDecision: AdoptionDecision.State.allCases.map(\.rawValue)
        case .laAdoption: Adoption.State.allCases.map(\.rawValue)
        case .capacityAssessment: CapacityAssessment.State.allCases.map(\.rawValue)
        case .followUp: FollowUp.State.allCases.map(\.rawValue)
        }
    }

    /// Every event, in the order of declaration.
    public var events: [String] {
        switch self {
        case .programme: ProgrammeEvent.allCases.map(\.rawValue)
        case .round: RoundEvent.allCases.map(\.rawValue)
        case .bid: BidEvent.allCases.map(\.rawValue)
        case .appraisal: AppraisalEvent.allCases.map(\.rawValue)
        case .approval: ApprovalEvent.allCases.map(\.rawValue)
        case .person: PersonEvent.allCases.map(\.rawValue)
        case .delegation: DelegationEvent.allCases.map(\.rawValue)
        case .award: AwardEvent.allCases.map(\.rawValue)
        case .variation: VariationEvent.allCases.map(\.rawValue)
        case .claim: ClaimEvent.allCases.map(\.rawValue)
        case .paymentBatch: PaymentBatchEvent.allCases.map(\.rawValue)
        case .monitoringReturn: MonitoringReturnEvent.allCases.map(\.rawValue)
        case .evaluationPlan: EvaluationPlanEvent.allCases.map(\.rawValue)
        case .review: ReviewEvent.allCases.map(\.rawValue)
        case .evaluationReport: EvaluationReportEvent.allCases.map(\.rawValue)
        case .practice: PracticeEvent.allCases.map(\.rawValue)
        case .evidenceRating: EvidenceRatingEvent.allCases.map(\.rawValue)
        case .adoptionDecision: AdoptionDecisionEvent.allCases.map(\.rawValue)
        case .laAdoption: AdoptionEvent.allCases.map(\.rawValue)
        case .capacityAssessment: CapacityAssessmentEvent.allCases.map(\.rawValue)
        case .followUp: FollowUpEvent.allCases.map(\.rawValue)
        }
    }
}

/// One permitted change of state, as data: printed, tested exhaustively, and held equal to the database's rows.
public struct Transition: Hashable, Sendable {
    /// Which machine.
    public let machine: Machine
    /// The state it leaves; `""` where the object is created.
    public let from: String
    /// What happens.
    public let event: String
    /// The state it reaches.
    public let to: String
    /// Any one of these may do it.
    public let capacities: [Capacity]
    /// Whether the scheduled worker, or the service as a consequence of something else, does it.
    public let bySystem: Bool
    /// What the ledger of duties records for the person who did it.
    public let duty: Duty?
    /// What must be true besides; each is a named pure function in the rules of the noun.
    public let guards: [Guard]
    /// Who hears of it.
    public let notifies: [Audience]

    /// Capacities as the database keeps them: codes, and `system` for the worker.
    public var actors: [String] { capacities.map(\.rawValue) + (bySystem ? ["system"] : []) }
}

/// Who hears of a transition. The service turns each into the people who are meant at that moment.
public enum Audience: String, Sendable, CaseIterable, Codable {
    /// Whoever wrote the object.
    case author
    /// The person that the object concerns: an account's owner, a delegation's holder.
    case subject
    /// Programme officers of the department.
    case programmeOfficers = "programme_officers"
    /// Finance officers.
    case finance
    /// Approvers.
    case approvers
    /// The senior officer responsible for the programme.
    case seniorOfficer = "senior_officer"
    /// Everyone in the department.
    case department
    /// Editors of the bidding authority.
    case bidEditors = "bid_editors"
    /// Certifiers of the bidding authority.
    case bidCertifiers = "bid_certifiers"
    /// Editors of every authority that started a bid in the round.
    case roundBidders = "round_bidders"
    /// Editors and certifiers of every authority.
    case everyAuthority = "every_authority"
    /// The person to whom an appraisal is assigned.
    case appraiser
    /// The person who is asked to review.
    case reviewer
    /// Review leads of What Works who are independent of the evaluation.
    case reviewLeads = "review_leads"
    /// Authors of the evaluation.
    case evaluationAuthors = "evaluation_authors"
    /// Those who sign agreements for the department.
    case signatories
    /// Those who release payments.
    case paymentReleasers = "payment_releasers"
    /// Reviewers and review leads of What Works.
    case whatWorks = "what_works"
    /// Members of the rating panel.
    case ratingPanel = "rating_panel"
    /// Certifiers of the authority that a practice comes from.
    case originators
    /// Auditors.
    case auditors
}

/// An event of one machine, with the states it moves between.
public protocol WorkflowEvent: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    /// The states of the machine.
    associatedtype State: RawRepresentable<String> & CaseIterable & Hashable & Sendable
    /// The machine that the event belongs to.
    static var machine: Machine { get }
}

/// Which changes of state there are. Nothing else moves an object: the database refuses what is not in these tables.
public enum Workflow {
    /// The table of one machine, in a stable order.
    public static func table(_ machine: Machine) -> [Transition] {
        switch machine {
        case .programme: programme
        case .round: round
        case .bid: bid
        case .appraisal: appraisal
        case .approval: approval
        case .person: person
        case .delegation: delegation
        case .award: award
        case .variation: variation
        case .claim: claim
        case .paymentBatch: paymentBatch
        case .monitoringReturn: monitoringReturn
        case .evaluationPlan: evaluationPlan
        case .review: review
        case .evaluationReport: evaluationReport
        case .practice: practice
        case .evidenceRating: evidenceRating
        case .adoptionDecision: adoptionDecision
        case .laAdoption: laAdoption
        case .capacityAssessment: capacityAssessment
        case .followUp: followUp
        }
    }

    /// All tables, one after the other.
    public static var transitions: [Transition] { Machine.allCases.flatMap(table) }

    /// The row for an event in a state; nil when there is none. `from` is `""` for creation.
    public static func next(_ machine: Machine, from: String, event: String) -> Transition? {
        table(machine).first { $0.from == from && $0.event == event }
    }

    /// The row for an event in a state; `from` is nil for creation.
    public static func next<Event: WorkflowEvent>(_ event: Event, from: Event.State?) -> Transition? {
        next(Event.machine, from: from?.rawValue ?? "", event: event.rawValue)
    }

    /// The state that an event leads to, or a refusal that says where the object stands now.
    public static func move<Event: WorkflowEvent>(
        _ event: Event, from: Event.State?
    ) throws(Refusal) -> (state: Event.State, transition: Transition) {
        guard let row = next(event, from: from), let state = Event.State(rawValue: row.to) else {
            throw wrongState(event, from: from)
        }
        return (state, row)
    }

    /// The events that can happen in a state, for pages that offer only what can be done.
    public static func events<Event: WorkflowEvent>(_ type: Event.Type, from: Event.State) -> [Event] {
        table(Event.machine).filter { $0.from == from.rawValue }.compactMap { Event(rawValue: $0.event) }
    }

    private static func wrongState<Event: WorkflowEvent>(_ event: Event, from: Event.State?) -> Refusal {
        let noun = Event.machine == .person ? "account" : words(Event.machine.rawValue)
        guard let from else {
            return Refusal(
                .conflict, code: "wrong_state", "A new \(noun) cannot start with “\(words(event.rawValue))”.")
        }
        return Refusal(
            .conflict, code: "wrong_state",
            "This \(noun) is now “\(words(from.rawValue))”, and “\(words(event.rawValue))” cannot be done from there. "
                + "Open it again to see what can be done.")
    }

    static func words(_ code: String) -> String { code.split(separator: "_").joined(separator: " ") }
}
