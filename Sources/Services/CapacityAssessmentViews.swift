public import Domain

/// A capacity assessment in a list.
public struct CapacityAssessmentRow: Hashable, Sendable {
    /// Its identity.
    public let id: CapacityAssessmentID
    /// `CAP-2026-0007`.
    public let reference: String
    /// The authority's name.
    public let organisationName: String
    /// Why it was made.
    public let wave: CapacityAssessment.Wave
    /// Where it stands.
    public let state: CapacityAssessment.State
    /// By when it is due.
    public let dueOn: Day
    /// When it was opened.
    public let createdAt: Instant
    /// When it was certified.
    public let certifiedAt: Instant?
}

/// What one person said of one dimension, with their name.
public struct CapacityVoiceView: Hashable, Sendable {
    /// What was said.
    public let voice: CapacityVoice
    /// Who said it.
    public let personName: String
}

/// An authority to choose.
public struct AuthorityChoice: Hashable, Sendable {
    /// Its identity.
    public let id: OrganisationID
    /// Its name.
    public let name: String
}

/// How an assessment compares with an earlier one of the same authority.
public struct CapacityComparison: Sendable {
    /// The earlier one.
    public let earlier: CapacityAssessmentRow
    /// How each dimension moved; nil where the rubric changed in between, so that there is nothing to compare.
    public let changes: [CapacityChange]?
}

/// A capacity assessment with its answers.
public struct CapacityAssessmentDetail: Sendable {
    /// The assessment.
    public let assessment: CapacityAssessment
    /// The authority's name.
    public let organisationName: String
    /// The name of the peer that was asked.
    public let peerName: String?
    /// The circumstances.
    public let context: CapacityAssessment.Context
    /// By when it is due.
    public let dueOn: Day
    /// The dimensions of its rubric, in order.
    public let rubric: [CapacityDimension]
    /// What this actor answered.
    public let own: [CapacityAnswer]
    /// This actor's team, as they gave it.
    public let ownTeam: String
    /// What was answered: everybody's, once it is certified or for the certifier; else one's own.
    public let voices: [CapacityVoiceView]
    /// The certified levels; empty before.
    public let levels: [CapacityAnswer]
    /// When it was certified.
    public let certifiedAt: Instant?
    /// What the peer found.
    public let moderationNote: String
    /// Why it was reopened.
    public let reason: String?
    /// Against the certified assessment before it.
    public let comparison: CapacityComparison?
    /// Authorities that could be asked as a peer.
    public let peers: [AuthorityChoice]
    /// What this actor could do with it now.
    public let allowed: [CapacityAssessmentEvent]

    /// Whether this actor may answer now.
    public var mayAnswer: Bool { assessment.state == .inProgress && allowed.contains(.begin) }
    /// Whether this actor may ask a peer now.
    public var mayAskPeer: Bool { allowed.contains(.reopen) && assessment.peer == nil }
}

/// Capacity of the authorities of one region in one dimension; nothing below the minimum number of authorities.
public struct RegionalCapacity: Hashable, Sendable {
    /// The region.
    public let region: String
    /// The dimension.
    public let dimension: String
    /// Under which rubric.
    public let rubricVersion: Int
    /// How many authorities.
    public let authorities: Int
    /// How many at level 1, 2, 3 and 4.
    public let levels: [Int]
    /// How many were assessed twice; nil when too few.
    public let twice: Int?
    /// How many of those improved.
    public let improved: Int?
    /// How many stayed.
    public let unchanged: Int?
    /// How many fell.
    public let fell: Int?
}
