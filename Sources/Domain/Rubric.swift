/// What reviewers score, 0 (absent or fatal) to 4 (exemplary). A version of it is reference data and never changes.
public struct Rubric: Hashable, Sendable {
    /// Whether a criterion must reach a least score, whatever the total.
    public enum Gate: String, Sendable, CaseIterable, Codable {
        case never, always
        /// Only where the evaluation claims an effect.
        case impact
    }

    /// One criterion.
    public struct Criterion: Hashable, Sendable {
        /// Permanent code.
        public let code: String
        /// As people read it.
        public let title: String
        /// Its weight, of 100 in all, for a protocol.
        public let protocolWeight: Int
        /// Its weight for a report.
        public let reportWeight: Int
        /// Whether it is a gate for a protocol.
        public let protocolGate: Gate
        /// Whether it is a gate for a report.
        public let reportGate: Gate
        /// What a 4 looks like.
        public let best: String
        /// What a 0 looks like.
        public let worst: String

        /// A criterion with its parts.
        public init(
            code: String, title: String, protocolWeight: Int, reportWeight: Int, protocolGate: Gate, reportGate: Gate,
            best: String, worst: String
        ) {
            self.code = code
            self.title = title
            self.protocolWeight = protocolWeight
            self.reportWeight = reportWeight
            self.protocolGate = protocolGate
            self.reportGate = reportGate
            self.best = best
            self.worst = worst
        }

        /// Its weight for what is reviewed.
        public func weight(_ kind: Review.Kind) -> Int { kind == .protocol ? protocolWeight : reportWeight }

        /// Whether it is a gate for what is reviewed.
        public func isGate(_ kind: Review.Kind, estimatesImpact: Bool) -> Bool {
            switch kind == .protocol ? protocolGate : reportGate {
            case .never: false
            case .always: true
            case .impact: estimatesImpact
            }
        }
    }

    /// Its version.
    public let version: Int
    /// The criteria in order.
    public let criteria: [Criterion]
    /// What each score means, from 0 on.
    public let anchors: [String]

    /// A rubric with its parts.
    public init(version: Int, criteria: [Criterion], anchors: [String]) {
        self.version = version
        self.criteria = criteria
        self.anchors = anchors
    }

    /// The highest score.
    public static let highest = 4

    /// The criteria that count for what is reviewed.
    public func criteria(for kind: Review.Kind) -> [Criterion] { criteria.filter { $0.weight(kind) > 0 } }
}

/// What decides over a review; each number is a setting of the installation.
public struct ReviewThresholds: Hashable, Sendable {
    /// Least score of a gate.
    public var gate = 2
    /// From this total, out of 100, a submission can be approved.
    public var pass = 65
    /// Below this total it is rejected or staged anew.
    public var revise = 50
    /// Scores so far apart need a ruling or a third reviewer.
    public var disagreement = 2
    /// So many final reviews are needed.
    public var minimum = 2

    /// The thresholds unless an installation sets others.
    public init() {}
}
