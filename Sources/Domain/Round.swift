/// A round: a call for bids under a programme.
public struct Round: Hashable, Sendable {
    /// Its identity.
    public let id: RoundID
    /// `RND-2026-0001`.
    public let reference: String
    /// The programme that pays.
    public let programme: ProgrammeID
    /// Where it stands.
    public let state: State
    /// Goes up by one with each change.
    public let version: Int
    /// Who wrote it.
    public let author: PersonID
    /// What it says; frozen once approved, but for the closing time.
    public let content: Content

    /// A round with its parts.
    public init(
        id: RoundID, reference: String, programme: ProgrammeID, state: State, version: Int, author: PersonID,
        content: Content
    ) {
        self.id = id
        self.reference = reference
        self.programme = programme
        self.state = state
        self.version = version
        self.author = author
        self.content = content
    }

    /// Exits: draft → approved → scheduled → open → closed → appraising → decided → announced; any before decided →
    /// cancelled.
    public enum State: String, Sendable, CaseIterable, Codable {
        case draft, approved, scheduled, open, closed, appraising, decided, announced, cancelled
    }

    /// What a programme officer writes.
    public struct Content: Hashable, Sendable, Codable {
        /// At most 140 characters.
        public var title = ""
        /// What applicants read before they bid.
        public var prospectus = ""
        /// The first moment at which a bid counts.
        public var opensAt: Instant?
        /// The first moment that is too late.
        public var closesAt: Instant?
        /// Least that a bid may ask for.
        public var minimumAward: Money?
        /// Most that a bid may ask for.
        public var maximumAward: Money?
        /// What all awards of the round may come to.
        public var budget: Money?
        /// What bids are judged by; weights sum to 100.00.
        public var criteria: [Criterion] = []
        /// What a bid must satisfy to be judged at all.
        public var rules: [EligibilityRule] = []
        /// An empty draft.
        public init() {}
    }

    /// Whether bids may be submitted at a moment: from opening until, and not at, the closing second.
    public func isOpen(at now: Instant) -> Bool {
        guard state == .open, let opens = content.opensAt, let closes = content.closesAt else { return false }
        return opens <= now && now < closes
    }
}

/// One thing that bids are scored on.
public struct Criterion: Hashable, Sendable, Codable {
    /// Its identity; nil until it is stored.
    public var id: CriterionID?
    /// Permanent code, such as `evaluation`.
    public var code: String
    /// As scorers and applicants read it.
    public var title: String
    /// Share of the total in hundredths of a per cent: 2500 is 25.00.
    public var weightBasisPoints: Int
    /// Lowest mean score, 0-5, with which a bid can still pass.
    public var passMark: Int
    /// Who scores it.
    public var scorer: Scorer
    /// Shown beside the score.
    public var guidance: String

    /// A criterion with its parts.
    public init(
        id: CriterionID? = nil, code: String, title: String, weightBasisPoints: Int, passMark: Int, scorer: Scorer,
        guidance: String
    ) {
        self.id = id
        self.code = code
        self.title = title
        self.weightBasisPoints = weightBasisPoints
        self.passMark = passMark
        self.scorer = scorer
        self.guidance = guidance
    }

    /// Who scores it.
    public enum Scorer: String, Sendable, CaseIterable, Codable { case appraiser, whatWorks = "what_works" }
}
