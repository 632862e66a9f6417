public import Domain

/// A follow-up in a list.
public struct FollowUpRow: Hashable, Sendable {
    /// Its identity.
    public let id: FollowUpID
    /// `FUP-2026-0004`.
    public let reference: String
    /// The award's title.
    public let awardTitle: String
    /// The authority's name.
    public let organisationName: String
    /// How many months after the end.
    public let months: Int
    /// Where it stands.
    public let state: FollowUp.State
    /// From when it can be answered.
    public let opensOn: Day
    /// By when it should be.
    public let dueOn: Day
    /// How many reminders went out.
    public let reminders: Int
    /// Whether it still runs, once answered.
    public let running: FollowUp.Running?
}

/// An indicator of the award with what is published of it, so that nobody types what is known.
public struct FollowUpIndicator: Hashable, Sendable {
    /// Its code.
    public let code: String
    /// Its name.
    public let name: String
    /// The newest period that is published for the authority; nil where nothing is.
    public let period: String?
    /// The published figure; nil where it is suppressed or not published.
    public let figure: String?
}

/// A follow-up with what was asked and answered.
public struct FollowUpDetail: Sendable {
    /// The follow-up.
    public let followUp: FollowUp
    /// The award's reference and title.
    public let awardTitle: String
    /// The authority's name.
    public let organisationName: String
    /// What the award promised to change, with what is published of it.
    public let indicators: [FollowUpIndicator]
    /// When reminders went out.
    public let reminders: [Instant]
    /// When it was answered last.
    public let answeredAt: Instant?
    /// Why it was sent back.
    public let reason: String?
    /// What this actor could do with it now.
    public let allowed: [FollowUpEvent]
}
