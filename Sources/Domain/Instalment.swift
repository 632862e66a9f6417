/// One payment that an agreement plans, and the evaluation milestone that it waits for.
public struct Instalment: Hashable, Sendable, Codable {
    /// The day on which it falls due.
    public var dueOn: Day?
    /// How much, at most.
    public var amount: Money?
    /// From which kind of money: day-to-day, or for assets.
    public var kind: BudgetLine.Kind = .resource
    /// What the evaluation must have reached before it is paid.
    public var milestone: EvaluationMilestone = .none

    /// Nothing planned yet.
    public init() {}

    /// A planned payment.
    public init(dueOn: Day, amount: Money, kind: BudgetLine.Kind = .resource, milestone: EvaluationMilestone) {
        self.dueOn = dueOn
        self.amount = amount
        self.kind = kind
        self.milestone = milestone
    }

    /// Where an instalment stands; not a machine, since it follows from its claim.
    public enum Status: String, Sendable, CaseIterable, Codable {
        case planned, due, overdue, claimed, paid, skipped
    }
}

/// What an evaluation must have reached before money moves. In order: each is later than the one before.
public enum EvaluationMilestone: String, Sendable, CaseIterable, Codable, Comparable {
    case none, protocolApproved = "protocol_approved", interimReport = "interim_report",
        finalReportAccepted = "final_report_accepted"

    /// Earlier before later.
    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .none: 0
        case .protocolApproved: 1
        case .interimReport: 2
        case .finalReportAccepted: 3
        }
    }

    /// As agreements and refusals name it: "a current approved protocol".
    public var phrase: String {
        switch self {
        case .none: "nothing"
        case .protocolApproved: "a current, approved evaluation protocol"
        case .interimReport: "an interim evaluation report"
        case .finalReportAccepted: "an accepted final evaluation report"
        }
    }
}

/// Whether an instalment's milestone is reached, and if not, whose turn it is and since when.
public struct EvaluationGate: Hashable, Sendable {
    /// What is waited for.
    public let milestone: EvaluationMilestone
    /// Whether it is reached now.
    public let isOpen: Bool
    /// Whose turn it is, in plain words: "the evaluator".
    public let waitingOn: String
    /// Since when it is their turn.
    public let since: Instant?

    /// A gate with its parts.
    public init(milestone: EvaluationMilestone, isOpen: Bool, waitingOn: String = "", since: Instant? = nil) {
        self.milestone = milestone
        self.isOpen = isOpen
        self.waitingOn = waitingOn
        self.since = since
    }

    /// What the page and the refusal say: which milestone, whose turn, since when.
    public var sentence: String {
        guard !isOpen else {
            return milestone == .none
                ? "This instalment waits for nothing from the evaluation."
                : "This instalment needs \(milestone.phrase), and there is one."
        }
        let turn =
            waitingOn.isEmpty
            ? "" : " It is the turn of \(waitingOn)\(since.map { ", since \($0.londonDay.spoken)" } ?? "")."
        return "This instalment needs \(milestone.phrase) before it is paid, and there is none.\(turn)"
    }

    /// The refusal while it is closed; its code names the milestone: `gate_protocol_approved`.
    public var refusal: Refusal? {
        isOpen ? nil : Refusal(.conflict, code: "gate_\(milestone.rawValue)", sentence)
    }
}
