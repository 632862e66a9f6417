/// A bid by one authority in one round.
public struct Bid: Hashable, Sendable {
    /// Its identity.
    public let id: BidID
    /// `BID-2026-0042`.
    public let reference: String
    /// The round it answers.
    public let round: RoundID
    /// The authority that leads it.
    public let organisation: OrganisationID
    /// As in its summary; unique for an authority in a round.
    public let title: String
    /// Where it stands.
    public let state: State
    /// Goes up by one with each change of state.
    public let version: Int
    /// Who last changed any section; may not certify.
    public let lastEditor: PersonID?
    /// The sum asked for, once the costs say it.
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

/// Everything a bid says. Drafts may leave anything blank; `problems(for:)` says what certification needs.
public struct BidContent: Hashable, Sendable, Codable {
    /// What the project is, in short.
    public var summary = Summary()
    /// Which problem it answers, and whose.
    public var need = Need()
    /// Why it should work.
    public var theoryOfChange = TheoryOfChange()
    /// What it promises to change, in figures.
    public var outcomes = Outcomes()
    /// What it costs, and who pays.
    public var costs = Costs()
    /// How anybody will know whether it worked.
    public var evaluation = Evaluation()
    /// How it is done, with whom, and what comes after.
    public var delivery = Delivery()
    /// How people's data and rights are looked after.
    public var dataProtection = DataProtection()
    /// A blank bid.
    public init() {}

    /// The project in short: what every list and reader sees first.
    public struct Summary: Hashable, Sendable, Codable {
        /// At most 140 characters.
        public var title = ""
        /// At most 1,000 characters.
        public var summary = ""
        /// How far along the idea is.
        public var maturity: Maturity?
        /// What it is about; at least one.
        public var focusAreas: [FocusArea] = []
        /// Nothing entered yet.
        public init() {}
    }

    /// How far along an innovation is: i1 develop, i2 test and improve, i3 scale and spread.
    public enum Maturity: String, Sendable, CaseIterable, Codable {
        case develop = "i1", testAndImprove = "i2", scaleAndSpread = "i3"
    }

    /// Subjects of the first rounds of the programme, kept so that portfolios can be compared.
    public enum FocusArea: String, Sendable, CaseIterable, Codable {
        case socialWorkPractice = "social_work_practice", adolescents, fosteringAndAdoption = "fostering_adoption",
            careLeavers = "care_leavers", residential, exploitation, mentalHealth = "mental_health",
            domesticAbuse = "domestic_abuse", workforce, commissioning, dataAndDigital = "data_digital",
            familyGroupDecisionMaking = "family_group_decision_making", familyDrugAndAlcohol = "family_drug_alcohol",
            repeatRemovals = "repeat_removals"
    }

    /// The problem and the people.
    public struct Need: Hashable, Sendable, Codable {
        /// What is wrong today, with figures where there are some.
        public var problem = ""
        /// Which children, families or staff it is for.
        public var population = ""
        /// Children or families expected to take part, at least 1.
        public var expectedNumber: Int?
        /// Nothing entered yet.
        public init() {}
    }

    /// Inputs to impact, with what is assumed and what else could explain it.
    public struct TheoryOfChange: Hashable, Sendable, Codable {
        /// What goes in: people, money, partners.
        public var inputs: [String] = []
        /// What is done.
        public var activities: [String] = []
        /// What that produces.
        public var outputs: [String] = []
        /// What changes for children and families.
        public var outcomes: [String] = []
        /// What changes in the long run.
        public var impact: [String] = []
        /// What must be true for one step to lead to the next.
        public var assumptions: [String] = []
        /// What else could explain the change.
        public var externalFactors: [String] = []
        /// Nothing entered yet.
        public init() {}
    }

    /// The promised changes.
    public struct Outcomes: Hashable, Sendable, Codable {
        /// At least one of them primary.
        public var outcomes: [Outcome] = []
        /// Nothing entered yet.
        public init() {}
    }

    /// One promised change, on a registered indicator. Figures are decimals kept as text, as typed: `22.6`.
    public struct Outcome: Hashable, Sendable, Codable {
        /// Code of a registered indicator.
        public var indicatorCode = ""
        /// Whether success is judged by it.
        public var isPrimary = false
        /// Where things stand before.
        public var baseline = ""
        /// When that was measured.
        public var baselinePeriod = ""
        /// Where they are to stand after; on the better side of the baseline.
        public var target = ""
        /// When that will be measured.
        public var targetPeriod = ""
        /// Nothing entered yet.
        public init() {}
    }

    /// The costs, the request and other money.
    public struct Costs: Hashable, Sendable, Codable {
        /// The sum asked for; the lines that are not in kind come to exactly this.
        public var requested: Money?
        /// What it is spent on, by year.
        public var lines: [CostLine] = []
        /// Money from elsewhere.
        public var matchFunding: [MatchFunding] = []
        /// Nothing entered yet.
        public init() {}
    }

    /// One cost in one year.
    public struct CostLine: Hashable, Sendable, Codable {
        /// What it is for; limits apply to some.
        public var category: Category?
        /// The financial year in which it is spent.
        public var year: FinancialYear?
        /// How much.
        public var amount: Money?
        /// Whether it comes back every year.
        public var recurrent = false
        /// Given in kind: part of the cost, not of the request.
        public var inKind = false
        /// Nothing entered yet.
        public init() {}

        /// Eligible kinds of cost.
        public enum Category: String, Sendable, CaseIterable, Codable {
            case staff, training, evaluation, dataIT = "data_it", premises, commissionedService =
                "commissioned_service",
                overhead, contingency
        }
    }

    /// Money from elsewhere.
    public struct MatchFunding: Hashable, Sendable, Codable {
        /// Who gives it.
        public var source = ""
        /// How much.
        public var amount: Money?
        /// Whether it is promised firmly.
        public var confirmed = false
        /// Nothing entered yet.
        public init() {}
    }

    /// An outline of the evaluation; an independent evaluator makes the plan later.
    public struct Evaluation: Hashable, Sendable, Codable {
        /// What is to be found out.
        public var question = ""
        /// With whom results could be compared.
        public var comparator: Comparator?
        /// How that comparison would work, or why there can be none.
        public var comparatorIdea = ""
        /// People available to be compared, at least 1.
        public var numberAvailable: Int?
        /// How far access to the data is agreed.
        public var dataAccess: DataAccess?
        /// How it would be done.
        public var approach = ""
        /// Nothing entered yet.
        public init() {}
    }

    /// With whom results are compared; decides how strong the evidence can become.
    public enum Comparator: String, Sendable, CaseIterable, Codable {
        case businessAsUsual = "business_as_usual", waitlist, stepped, matched, synthetic, historical, none
    }

    /// How far access to the data is agreed.
    public enum DataAccess: String, Sendable, CaseIterable, Codable {
        case agreed, inDiscussion = "in_discussion", notStarted = "not_started"
    }

    /// How the project is carried out and carried on.
    public struct Delivery: Hashable, Sendable, Codable {
        /// Who else takes part, and what each does.
        public var partners = ""
        /// Partners named above have signed off, or there are none.
        public var partnersSignedOff: Bool?
        /// Main steps, with dates and who leads them.
        public var plan = ""
        /// What happens when the funding ends.
        public var sustainability = ""
        /// Yearly cost after the funding ends.
        public var exitCost: Money?
        /// How children and families shaped it.
        public var childrensVoice = ""
        /// Hours spent on this bid so far; how heavy the process is, is reported.
        public var burdenHours = ""
        /// Nothing entered yet.
        public init() {}
    }

    /// People's data and rights.
    public struct DataProtection: Hashable, Sendable, Codable {
        /// Where the assessment of risks to people's data stands.
        public var dpiaStatus: DPIAStatus?
        /// What allows the use of the data.
        public var lawfulBasis: LawfulBasis?
        /// Who might gain or lose more than others.
        public var equalityImpact = ""
        /// Nothing entered yet.
        public init() {}
    }

    /// Where a data protection impact assessment stands.
    public enum DPIAStatus: String, Sendable, CaseIterable, Codable {
        case complete, inProgress = "in_progress", notStarted = "not_started", notNeeded = "not_needed"
    }

    /// Grounds of the UK GDPR, article 6, that a public body can use.
    public enum LawfulBasis: String, Sendable, CaseIterable, Codable {
        case publicTask = "public_task", legalObligation = "legal_obligation", consent, legitimateInterests =
            "legitimate_interests"
    }
}
