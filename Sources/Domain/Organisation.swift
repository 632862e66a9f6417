/// An organisation: authority, department, What Works centre, evaluator and so on.
public struct Organisation: Hashable, Sendable {
    /// Its identity.
    public let id: OrganisationID
    /// What kind it is.
    public let kind: Kind
    /// Three-digit education code of an authority: the stable key.
    public let dfeCode: String?
    /// Its name today.
    public let name: String
    /// First day of existence, where known.
    public let activeFrom: Day?
    /// First day on which it no longer exists, where known.
    public let activeTo: Day?

    /// An organisation with its parts.
    public init(id: OrganisationID, kind: Kind, dfeCode: String?, name: String, activeFrom: Day?, activeTo: Day?) {
        self.id = id
        self.kind = kind
        self.dfeCode = dfeCode
        self.name = name
        self.activeFrom = activeFrom
        self.activeTo = activeTo
    }

    /// Kinds of organisation.
    public enum Kind: String, Sendable, CaseIterable, Codable {
        case localAuthority = "local_authority", childrensTrust = "childrens_trust", charity, company, evaluator,
            whatWorks = "what_works", department, combinedAuthority = "combined_authority", police, icb,
            auditBody = "audit_body"

        /// The roles that its people may have.
        public var roles: [Role] {
            switch self {
            // Its people may evaluate too: their own project, marked as such.
            case .localAuthority, .childrensTrust, .charity, .combinedAuthority: [.localAuthority, .evaluator]
            case .company, .evaluator: [.evaluator]
            // A What Works centre may evaluate; then others review.
            case .whatWorks: [.whatWorks, .evaluator]
            case .department: [.department, .administrator, .auditor]
            case .auditBody: [.auditor]
            case .police, .icb: []
            }
        }
    }

    /// Whether it exists on a day. A closed organisation cannot submit.
    public func isActive(on day: Day) -> Bool { (activeFrom ?? day) <= day && day < (activeTo ?? Day(number: .max)) }
}

/// A dated fact about an organisation.
public enum OrganisationFact: String, Sendable, CaseIterable, Codable {
    case gssCode = "gss_code", laType = "la_type", region, subRegion = "sub_region", ofstedOverall = "ofsted_overall",
        section114 = "section_114"
}
