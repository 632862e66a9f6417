/// A bid by one authority in one round.
public struct Bid: Hashable, Sendable {
    public let id: BidID
    /// `BID-2026-0042`.
    public let reference: String
    public let round: RoundID
    public let organisation: OrganisationID
    public let title: String
    public let state: State
    public let version: Int
    /// Who last changed any section; may not certify.
    public let lastEditor: PersonID?
    public let requested: Money?
    /// Number of the submitted version; 0 before the first.
    public let contentVersion: Int

    /// A bid with its parts.
    public init(
        id: BidID, reference: String, round: RoundID, organisation: OrganisationID, title: String, state: State,
        version: Int,
        lastEditor: PersonID?, requested: Money?, contentVersion: Int
    ) {
        self.id = id
        self.reference = reference
        self.round = round
        self.organisation = organisation
        self.title = title
        self.state = state
        self.version = version
        self.lastEditor = lastEditor
        self.requested = requested
        self.contentVersion = contentVersion
    }

    /// Exits are in `Workflow.bid`. `offered` and later belong to the award.
    public enum State: String, Sendable, CaseIterable, Codable {
        case draft, inCertification = "in_certification", submitted, notSubmitted = "not_submitted",
            eligibilityCheck = "eligibility_check", eligible, ineligible, appraised,
            approvedForOffer = "approved_for_offer", reserve, declined, offered, withdrawn
    }
}

/// The parts in which a bid is drafted, saved and locked.
public enum BidSection: String, Sendable, CaseIterable, Codable {
    case summary, need, theoryOfChange = "theory_of_change", outcomes, costs, evaluation, delivery,
        dataProtection = "data_protection"

    /// As the task list shows it.
    public var title: String {
        switch self {
        case .summary: "Summary"
        case .need: "Need and population"
        case .theoryOfChange: "Theory of change"
        case .outcomes: "Outcomes"
        case .costs: "Costs and funding"
        case .evaluation: "Evaluation outline"
        case .delivery: "Delivery and sustainability"
        case .dataProtection: "Data protection and equality"
        }
    }
}

/// Everything a bid says. Drafts may leave anything blank; `problems(in:)` says what certification needs.
public struct BidContent: Hashable, Sendable, Codable {
    public var summary = Summary()
    public var need = Need()
    public var theoryOfChange = TheoryOfChange()
    public var outcomes = Outcomes()
    public var costs = Costs()
    public var evaluation = Evaluation()
    public var delivery = Delivery()
    public var dataProtection = DataProtection()
    /// A blank bid.
    public init() {}

    public struct Summary: Hashable, Sendable, Codable {
        /// At most 140 characters.
        public var title = ""
        /// At most 1,000 characters.
        public var summary = ""
        public var maturity: Maturity?
        public var focusAreas: [FocusArea] = []
        public init() {}
    }

    /// How far along an innovation is: i1 develop, i2 test and improve, i3 scale and spread.
    public enum Maturity: String, Sendable, CaseIterable, Codable {
        case develop = "i1", testAndImprove = "i2", scaleAndSpread = "i3"
    }

    public enum FocusArea: String, Sendable, CaseIterable, Codable {
        case socialWorkPractice = "social_work_practice", adolescents, fosteringAndAdoption = "fostering_adoption",
            careLeavers = "care_leavers", residential, exploitation, mentalHealth = "mental_health",
            domesticAbuse = "domestic_abuse", workforce, commissioning, dataAndDigital = "data_digital",
            familyGroupDecisionMaking = "family_group_decision_making", familyDrugAndAlcohol = "family_drug_alcohol",
            repeatRemovals = "repeat_removals"
    }

    public struct Need: Hashable, Sendable, Codable {
        public var problem = ""
        public var population = ""
        /// Children or families expected to take part, at least 1.
        public var expectedNumber: Int?
        public init() {}
    }

    /// Inputs to impact, with what is assumed and what else could explain it.
    public struct TheoryOfChange: Hashable, Sendable, Codable {
        public var inputs: [String] = []
        public var activities: [String] = []
        public var outputs: [String] = []
        public var outcomes: [String] = []
        public var impact: [String] = []
        public var assumptions: [String] = []
        public var externalFactors: [String] = []
        public init() {}
    }

    public struct Outcomes: Hashable, Sendable, Codable {
        public var outcomes: [Outcome] = []
        public init() {}
    }

    /// One promised change, on a registered indicator. Figures are decimals kept as text, as typed: `22.6`.
    public struct Outcome: Hashable, Sendable, Codable {
        public var indicatorCode = ""
        public var isPrimary = false
        public var baseline = ""
        public var baselinePeriod = ""
        public var target = ""
        public var targetPeriod = ""
        public init() {}
    }

    public struct Costs: Hashable, Sendable, Codable {
        public var requested: Money?
        public var lines: [CostLine] = []
        public var matchFunding: [MatchFunding] = []
        public init() {}
    }

    public struct CostLine: Hashable, Sendable, Codable {
        public var category: Category?
        public var year: FinancialYear?
        public var amount: Money?
        public var recurrent = false
        /// Given in kind: part of the cost, not of the request.
        public var inKind = false
        public init() {}

        public enum Category: String, Sendable, CaseIterable, Codable {
            case staff, training, evaluation, dataIT = "data_it", premises, commissionedService =
                "commissioned_service",
                overhead, contingency
        }
    }

    public struct MatchFunding: Hashable, Sendable, Codable {
        public var source = ""
        public var amount: Money?
        public var confirmed = false
        public init() {}
    }

    public struct Evaluation: Hashable, Sendable, Codable {
        public var question = ""
        public var comparator: Comparator?
        public var comparatorIdea = ""
        /// People available to be compared, at least 1.
        public var numberAvailable: Int?
        public var dataAccess: DataAccess?
        public var approach = ""
        public init() {}
    }

    public enum Comparator: String, Sendable, CaseIterable, Codable {
        case businessAsUsual = "business_as_usual", waitlist, stepped, matched, synthetic, historical, none
    }

    public enum DataAccess: String, Sendable, CaseIterable, Codable {
        case agreed, inDiscussion = "in_discussion", notStarted = "not_started"
    }

    public struct Delivery: Hashable, Sendable, Codable {
        public var partners = ""
        /// Partners named above have signed off, or there are none.
        public var partnersSignedOff: Bool?
        public var plan = ""
        public var sustainability = ""
        /// Yearly cost after the funding ends.
        public var exitCost: Money?
        public var childrensVoice = ""
        /// Hours spent on this bid so far; how heavy the process is, is reported.
        public var burdenHours = ""
        public init() {}
    }

    public struct DataProtection: Hashable, Sendable, Codable {
        public var dpiaStatus: DPIAStatus?
        public var lawfulBasis: LawfulBasis?
        public var equalityImpact = ""
        public init() {}
    }

    public enum DPIAStatus: String, Sendable, CaseIterable, Codable {
        case complete, inProgress = "in_progress", notStarted = "not_started", notNeeded = "not_needed"
    }

    public enum LawfulBasis: String, Sendable, CaseIterable, Codable {
        case publicTask = "public_task", legalObligation = "legal_obligation", consent, legitimateInterests =
            "legitimate_interests"
    }
}
