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
        let noun = Event.machine == .person ? "account" : Event.machine.rawValue
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
