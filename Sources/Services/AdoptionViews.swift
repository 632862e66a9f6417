public import Domain

/// An adoption in the register.
public struct AdoptionRow: Hashable, Sendable {
    /// Its identity.
    public let id: AdoptionID
    /// `ADO-2026-0012`.
    public let reference: String
    /// The practice.
    public let practice: PracticeID
    /// Its name.
    public let practiceName: String
    /// The authority.
    public let organisation: OrganisationID
    /// Its name.
    public let organisationName: String
    /// The step of the ladder, as the authority says.
    public let state: Adoption.State
    /// Since when it stands there.
    public let since: Instant
    /// Who found it so, if anybody.
    public let verified: Adoption.Verification?
}

/// Which adoptions to list; nil means any.
public struct AdoptionFilter: Hashable, Sendable {
    /// Of this practice.
    public var practice: PracticeID?
    /// Of this authority.
    public var organisation: OrganisationID?
    /// At this step.
    public var state: Adoption.State?

    /// A filter.
    public init(practice: PracticeID? = nil, organisation: OrganisationID? = nil, state: Adoption.State? = nil) {
        self.practice = practice
        self.organisation = organisation
        self.state = state
    }
}

/// What somebody else found.
public struct AdoptionFinding: Hashable, Sendable {
    /// The step that was found so.
    public let state: Adoption.State
    /// Who found it so.
    public let kind: Adoption.Verification
    /// Of which organisation.
    public let organisationName: String
    /// What was looked at.
    public let note: String
    /// When.
    public let at: Instant
}

/// An adoption with what was said and found.
public struct AdoptionDetail: Sendable {
    /// The adoption.
    public let adoption: Adoption
    /// The name of the practice.
    public let practiceName: String
    /// The name of the authority.
    public let organisationName: String
    /// Since when it stands there.
    public let since: Instant
    /// Why it was stopped or rejected.
    public let reason: String?
    /// What others found, newest first.
    public let findings: [AdoptionFinding]
    /// Whether the step as it stands was found so by somebody else.
    public let isVerified: Bool
    /// Reports on the practice, to say which were read.
    public let reports: [EvidenceReport]
    /// Every step that was declared, oldest first.
    public let history: [HistoryEntry]
    /// Whether this actor may say that they found it so.
    public let mayVerify: Bool
    /// What this actor could declare now.
    public let allowed: [AdoptionEvent]
}

/// Something that is done so that others hear of a practice.
public struct DisseminationActivity: Hashable, Sendable {
    /// What is done.
    public enum Kind: String, Sendable, CaseIterable, Codable {
        case event, guide, webinar, siteVisit = "site_visit", peerSupport = "peer_support", publication

        /// As people say it.
        public var label: String {
            switch self {
            case .event: "Event"
            case .guide: "Guide"
            case .webinar: "Webinar"
            case .siteVisit: "Site visit"
            case .peerSupport: "Peer support"
            case .publication: "Publication"
            }
        }
    }

    /// Its identity.
    public let id: Identifier<DisseminationActivity>
    /// What is done.
    public let kind: Kind
    /// Its title.
    public let title: String
    /// For which day it was planned.
    public let plannedOn: Day
    /// When it was done; nil while it is planned.
    public let deliveredOn: Day?
    /// How many took part.
    public let attendance: Int?
    /// What it cost.
    public let cost: Money?
    /// How many authorities it reached.
    public let authorities: Int
    /// How many were asked afterwards.
    public let surveyed: Int?
    /// How many of those use it.
    public let usingIt: Int?
}
