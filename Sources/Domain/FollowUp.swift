/// A question put to an authority some time after its award ended: does it still run, and what came of it? Silence is an
/// answer too: it stays in the denominator as unknown.
public struct FollowUp: Hashable, Sendable {
    /// Its identity.
    public let id: FollowUpID
    /// `FUP-2026-0004`.
    public let reference: String
    /// The award that ended.
    public let award: AwardID
    /// The bid behind it.
    public let bid: BidID
    /// The authority that had it.
    public let organisation: OrganisationID
    /// How many months after the end.
    public let months: Int
    /// From when it can be answered.
    public let opensOn: Day
    /// By when it should be.
    public let dueOn: Day
    /// Where it stands.
    public let state: State
    /// Goes up by one with each change.
    public let version: Int
    /// How often it was answered.
    public let answers: Int
    /// What was answered.
    public let content: Content

    /// A follow-up with its parts.
    public init(
        id: FollowUpID, reference: String, award: AwardID, bid: BidID, organisation: OrganisationID, months: Int,
        opensOn: Day, dueOn: Day, state: State, version: Int, answers: Int, content: Content
    ) {
        self.id = id
        self.reference = reference
        self.award = award
        self.bid = bid
        self.organisation = organisation
        self.months = months
        self.opensOn = opensOn
        self.dueOn = dueOn
        self.state = state
        self.version = version
        self.answers = answers
        self.content = content
    }

    /// Exits are in `Workflow.followUp`.
    public enum State: String, Sendable, CaseIterable, Codable {
        case scheduled, open, returned, accepted, noResponse = "no_response"
    }

    /// Whether what was funded still runs.
    public enum Running: String, Sendable, CaseIterable, Codable {
        case yes, partly, no

        /// As people say it.
        public var label: String {
            switch self {
            case .yes: "Yes, as it was"
            case .partly: "In part, or in fewer places"
            case .no: "No, it stopped"
            }
        }
    }

    /// How many of the staff are still there.
    public enum Staff: String, Sendable, CaseIterable, Codable { case all, most, some, none }

    /// One figure.
    public struct Value: Hashable, Sendable, Codable {
        /// Where a figure comes from.
        public enum Source: String, Sendable, CaseIterable, Codable { case published, authority }

        /// Which indicator.
        public var indicator: String
        /// For which period.
        public var period: String
        /// The figure, as people write it: `64.2`. Blank where there is none.
        public var value: String
        /// Why there is none.
        public var missing: Missing?
        /// Where it comes from.
        public var source: Source

        /// A figure with its parts.
        public init(indicator: String, period: String, value: String, missing: Missing?, source: Source) {
            self.indicator = indicator
            self.period = period
            self.value = value
            self.missing = missing
            self.source = source
        }
    }

    /// Why a figure is missing.
    public enum Missing: String, Sendable, CaseIterable, Codable {
        case notYetAvailable = "not_yet_available", tooFew = "too_few", systemChange = "system_change",
            partnerNotSupplied = "partner_not_supplied", notCollected = "not_collected", notApplicable =
            "not_applicable", refused
    }

    /// What was answered.
    public struct Content: Hashable, Sendable, Codable {
        /// Whether it still runs.
        public var running: Running?
        /// Who pays now.
        public var funder = ""
        /// Share of those for whom it is meant who can get it, in hundredths of a per cent.
        public var coverage: Int?
        /// How many of the staff are still there.
        public var staff: Staff?
        /// Whether the ability to evaluate was kept.
        public var capacityKept: Running?
        /// Anything else.
        public var comment = ""
        /// The outcome indicators of the award.
        public var values: [Value] = []
        /// Nothing yet.
        public init() {}
    }
}

/// What must be true of a follow-up, and what follow-ups say together.
public enum FollowUpRules {
    /// Months after the end at which is asked.
    public static let marks = [6, 12, 24, 36]
    /// So many reminders come before silence is taken for an answer.
    public static let remindersMost = 3

    /// When each is asked, and by when it should be answered, for an award that closed on a day.
    public static func schedule(closedOn day: Day, daysToAnswer: Int) -> [(months: Int, opens: Day, due: Day)] {
        marks.map { months in
            let opens = day.adding(months: months)
            return (months, opens, opens.adding(days: daysToAnswer))
        }
    }

    /// What keeps an answer from being taken.
    public static func problems(_ content: FollowUp.Content, indicators: [String]) -> [FieldProblem] {
        var problems = Problems()
        problems.need(content.running != nil, "running", "Say whether it still runs.")
        problems.need(
            content.running == .no || !content.funder.isBlank || content.running == nil, "funder",
            "Enter who pays for it now.")
        problems.length(content.funder, "funder", "name of who pays", 200)
        problems.need(
            content.coverage.map { (0...10_000).contains($0) } ?? true, "coverage",
            "Enter a share from 0 to 100 per cent.")
        problems.need(content.staff != nil, "staff", "Say how many of the staff are still there.")
        problems.need(content.capacityKept != nil, "capacityKept", "Say whether your ability to evaluate was kept.")
        problems.length(content.comment, "comment", "comment")
        for code in indicators {
            let given = content.values.first { $0.indicator == code }
            let field = "values.\(code)"
            problems.need(
                given.map { !$0.value.isBlank || $0.missing != nil } ?? false, field,
                "Enter the figure for \(code), or why there is none.")
            problems.need(
                given.map { $0.value.isBlank || $0.missing == nil } ?? true, field,
                "Enter the figure or a reason, not both.")
            problems.need(
                given.map { $0.value.isBlank || Decimals.hundredths($0.value) != nil } ?? true, field,
                "Enter a number, such as 64.2.")
            problems.need(
                given.map { !$0.period.isBlank && $0.period.count <= 40 } ?? true, "\(field).period",
                "Enter the period, such as 2028.")
        }
        problems.need(
            content.values.allSatisfy { indicators.contains($0.indicator) }, "values",
            "Answer for the indicators of this award only.")
        return problems.found
    }

    /// What is known of awards that ended long enough ago. Those that did not answer are counted, as unknown.
    public struct Survival: Hashable, Sendable {
        /// How many were due: the denominator.
        public var due = 0
        /// Still running as they were.
        public var running = 0
        /// Running in part.
        public var partly = 0
        /// Stopped.
        public var stopped = 0
        /// No answer, or none yet.
        public var unknown = 0

        /// Running in whole or part, of all that were due.
        public var proportion: Proportion? { Proportion(running + partly, of: due) }
    }

    /// Counts follow-ups of one mark whose day has come. Nobody drops out for keeping silent.
    public static func survival(_ followUps: [(state: FollowUp.State, running: FollowUp.Running?)]) -> Survival {
        var survival = Survival()
        for followUp in followUps where followUp.state != .scheduled {
            survival.due += 1
            switch (followUp.state, followUp.running) {
            case (.returned, .yes?), (.accepted, .yes?): survival.running += 1
            case (.returned, .partly?), (.accepted, .partly?): survival.partly += 1
            case (.returned, .no?), (.accepted, .no?): survival.stopped += 1
            default: survival.unknown += 1
            }
        }
        return survival
    }
}
