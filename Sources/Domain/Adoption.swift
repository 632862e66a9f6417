/// One authority's way with one practice, from having heard of it to doing it without the fund's money. The authority says
/// where it stands; whether somebody else found it so is kept apart.
public struct Adoption: Hashable, Sendable {
    /// Its identity.
    public let id: AdoptionID
    /// `ADO-2026-0012`.
    public let reference: String
    /// The practice.
    public let practice: PracticeID
    /// The authority.
    public let organisation: OrganisationID
    /// The step of the ladder.
    public let state: State
    /// Goes up by one with each change.
    public let version: Int
    /// What the authority says.
    public let content: Content

    /// An adoption with its parts.
    public init(
        id: AdoptionID, reference: String, practice: PracticeID, organisation: OrganisationID, state: State,
        version: Int,
        content: Content
    ) {
        self.id = id
        self.reference = reference
        self.practice = practice
        self.organisation = organisation
        self.state = state
        self.version = version
        self.content = content
    }

    /// Steps of the ladder. Exits are in `Workflow.laAdoption`.
    public enum State: String, Sendable, CaseIterable, Codable {
        case aware, considering, adoptedPilot = "adopted_pilot", adoptedFull = "adopted_full", sustained, stopped,
            rejected

        /// Whether the practice is being delivered.
        public var isRunning: Bool { [.adoptedPilot, .adoptedFull, .sustained].contains(self) }
        /// Whether somebody else can find it to be so.
        public var canBeVerified: Bool { isRunning || self == .stopped }
    }

    /// Where an authority heard of it.
    public enum Source: String, Sendable, CaseIterable, Codable {
        case event, guide, webinar, siteVisit = "site_visit", peerSupport = "peer_support", publication, other
    }

    /// What the authority says.
    public struct Content: Hashable, Sendable, Codable {
        /// Since when it is delivered.
        public var startedOn: Day?
        /// Share of those for whom it is meant who can get it, in hundredths of a per cent.
        public var coverage: Int?
        /// What was changed.
        public var adaptations = ""
        /// How much of the core is delivered, 1 to 5, in its own judgement.
        public var fidelity: Int?
        /// What it costs here in a year.
        public var localCost: Money?
        /// Who pays.
        public var fundedBy = ""
        /// When outside funding ended.
        public var fundingEndedOn: Day?
        /// Where it heard of the practice.
        public var awarenessSource: Source?
        /// Reports that were read before deciding.
        public var evidenceRead: [EvaluationReportID] = []
        /// Nothing yet.
        public init() {}
    }

    /// Who found it to be so.
    public enum Verification: String, Sendable, CaseIterable, Codable {
        case originator, sampleCheck = "sample_check"

        /// As people say it.
        public var label: String {
            switch self {
            case .originator: "Verified by the originator"
            case .sampleCheck: "Verified in a sample check"
            }
        }
    }
}

/// What must be true of an adoption before it moves.
public enum AdoptionRules {
    /// How long a practice must run after its funding ended to be sustained. [D]
    public static let sustainedMonths = 12

    /// Who may declare it: no authority adopts what it developed itself, so that it is not counted as an adopter.
    public static func declarable(originator: OrganisationID?, by organisation: OrganisationID) -> Refusal? {
        guard originator == organisation else { return nil }
        return Refusal(
            .conflict, code: "own_practice",
            "Your authority developed this practice, so it is counted as its originator and not among those who took it up."
        )
    }

    /// What keeps an event from happening with these answers.
    public static func problems(
        _ content: Adoption.Content, for event: AdoptionEvent, on today: Day, sustainedMonths: Int = sustainedMonths
    ) -> [FieldProblem] {
        var problems = Problems()
        problems.need(
            content.startedOn.map { $0 <= today } ?? true, "startedOn", "Enter a day that is not in the future.")
        problems.need(
            content.fundingEndedOn.map { $0 <= today } ?? true, "fundingEndedOn",
            "Enter a day that is not in the future.")
        problems.need(
            content.coverage.map { (0...10_000).contains($0) } ?? true, "coverage",
            "Enter a share from 0 to 100 per cent.")
        problems.need(
            content.fidelity.map { (1...5).contains($0) } ?? true, "fidelity",
            "Choose how much of the core you deliver, 1 to 5.")
        problems.length(content.adaptations, "adaptations", "adaptations")
        problems.length(content.fundedBy, "fundedBy", "name of who pays", 200)
        switch event {
        case .pilot, .adopt:
            problems.need(content.startedOn != nil, "startedOn", "Enter since when it is delivered.")
            problems.need(
                content.coverage != nil, "coverage",
                "Enter how many of those for whom it is meant can get it, in per cent.")
        case .sustain:
            let sustained = content.fundingEndedOn.map { $0.adding(months: sustainedMonths) <= today } ?? false
            problems.need(
                sustained, "fundingEndedOn",
                "A practice is sustained when it still runs \(sustainedMonths) months after its funding ended. Enter the day on which it ended, or wait."
            )
        default: break
        }
        return problems.found
    }

    /// Whether this person's organisation may say that it found it so.
    public static func verifiable(
        _ adoption: Adoption, originator: OrganisationID?, by subject: Subject
    ) throws(Refusal) -> Adoption.Verification {
        guard adoption.organisation != subject.organisation else {
            throw Refusal(.forbidden, code: "own_declaration", "Nobody verifies what their own authority declared.")
        }
        guard adoption.state.canBeVerified else {
            throw Refusal(
                .conflict, code: "nothing_to_verify",
                "Only what is delivered, or was, can be verified. This is “\(Workflow.words(adoption.state.rawValue))”."
            )
        }
        if subject.role == .localAuthority {
            guard originator == subject.organisation else {
                throw Refusal(
                    .forbidden, code: "not_the_originator",
                    "Only the authority that developed the practice, the department or What Works can verify an adoption."
                )
            }
            return .originator
        }
        return .sampleCheck
    }
}

extension Day {
    /// The same day of a later month; the last of the month where it is shorter.
    public func adding(months: Int) -> Day {
        let (year, month, day) = parts
        let index = year * 12 + month - 1 + months
        let (newYear, newMonth) = (index.floorDivided(by: 12), index - index.floorDivided(by: 12) * 12 + 1)
        let last = Day.length(of: newMonth, in: newYear)
        return Day(year: newYear, month: newMonth, day: min(day, last)) ?? self
    }
}
