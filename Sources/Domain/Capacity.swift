/// The side of the table that a person's account sits on. One account has one role for life.
public enum Role: String, Sendable, CaseIterable, Codable {
    case department, localAuthority = "local_authority", whatWorks = "what_works", evaluator, auditor, administrator

    /// As people say it.
    public var label: String {
        switch self {
        case .department: "Department"
        case .localAuthority: "Local authority"
        case .whatWorks: "What Works reviewer"
        case .evaluator: "Evaluator"
        case .auditor: "Auditor"
        case .administrator: "Administrator"
        }
    }
}

/// What a person may act as, from a day to a day. Codes are permanent; see `label` for words.
public enum Capacity: String, Sendable, CaseIterable, Codable {
    case programmeOfficer = "programme_officer", appraiser, panelMember = "panel_member", panelChair = "panel_chair",
        finance, approver, seniorOfficerResponsible = "senior_officer_responsible", signatory,
        paymentReleaser = "payment_releaser"
    case laEditor = "la_editor", laCertifier = "la_certifier", laReader = "la_reader",
        laUserAdministrator = "la_user_administrator"
    case reviewer, reviewLead = "review_lead", ratingPanel = "rating_panel"
    case evaluationAuthor = "evaluation_author"
    case auditor, administrator

    /// The role that may hold it; no other can.
    public var role: Role {
        switch self {
        case .programmeOfficer, .appraiser, .panelMember, .panelChair, .finance, .approver, .seniorOfficerResponsible,
            .signatory, .paymentReleaser:
            .department
        case .laEditor, .laCertifier, .laReader, .laUserAdministrator: .localAuthority
        case .reviewer, .reviewLead, .ratingPanel: .whatWorks
        case .evaluationAuthor: .evaluator
        case .auditor: .auditor
        case .administrator: .administrator
        }
    }

    /// Whether its holder must sign in with a second factor.
    public var needsSecondFactor: Bool {
        switch self {
        case .finance, .approver, .seniorOfficerResponsible, .signatory, .paymentReleaser, .reviewLead, .administrator:
            true
        default: false
        }
    }

    /// As people say it.
    public var label: String {
        switch self {
        case .programmeOfficer: "Programme officer"
        case .appraiser: "Appraiser"
        case .panelMember: "Panel member"
        case .panelChair: "Panel chair"
        case .finance: "Finance officer"
        case .approver: "Approver"
        case .seniorOfficerResponsible: "Senior officer responsible"
        case .signatory: "Signatory"
        case .paymentReleaser: "Payment releaser"
        case .laEditor: "Editor"
        case .laCertifier: "Certifier"
        case .laReader: "Reader"
        case .laUserAdministrator: "User administrator"
        case .reviewer: "Reviewer"
        case .reviewLead: "Review lead"
        case .ratingPanel: "Rating panel member"
        case .evaluationAuthor: "Evaluation author"
        case .auditor: "Auditor"
        case .administrator: "Administrator"
        }
    }
}

/// A capacity that a person holds at this moment, and where.
public struct HeldCapacity: Hashable, Sendable {
    /// Which capacity.
    public let capacity: Capacity
    /// Where it reaches; nil is everywhere that the role reaches.
    public let scope: Scope?

    /// A held capacity.
    public init(_ capacity: Capacity, scope: Scope? = nil) {
        self.capacity = capacity
        self.scope = scope
    }

    /// The one object that a capacity is limited to.
    public enum Scope: Hashable, Sendable {
        case programme(ProgrammeID), round(RoundID), bid(BidID), organisation(OrganisationID)
    }
}

/// Who is asking, as the database knows them in this transaction.
public struct Subject: Hashable, Sendable {
    /// The person.
    public let person: PersonID
    /// Their name, for pages.
    public let name: String
    /// Their organisation.
    public let organisation: OrganisationID
    /// Its name, for pages.
    public let organisationName: String
    /// Their role.
    public let role: Role
    /// What they hold today.
    public let capacities: [HeldCapacity]
    /// The session or token they use.
    public let session: SessionID
    /// Whether that session may write; API tokens may be for reading only.
    public let mayWrite: Bool
    /// Whether a second factor is set up.
    public let hasSecondFactor: Bool
    /// When they last proved who they are within this session.
    public let steppedUpAt: Instant?
    /// The database's clock when this was read.
    public let now: Instant

    /// A subject with its parts.
    public init(
        person: PersonID, name: String, organisation: OrganisationID, organisationName: String, role: Role,
        capacities: [HeldCapacity], session: SessionID, mayWrite: Bool = true, hasSecondFactor: Bool = false,
        steppedUpAt: Instant? = nil, now: Instant
    ) {
        self.person = person
        self.name = name
        self.organisation = organisation
        self.organisationName = organisationName
        self.role = role
        self.capacities = capacities
        self.session = session
        self.mayWrite = mayWrite
        self.hasSecondFactor = hasSecondFactor
        self.steppedUpAt = steppedUpAt
        self.now = now
    }

    /// Whether they hold a capacity anywhere.
    public func holds(_ capacity: Capacity) -> Bool { capacities.contains { $0.capacity == capacity } }
}
