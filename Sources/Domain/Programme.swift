/// A programme: the reason for a fund, the officer who answers for it, and its money by year.
public struct Programme: Hashable, Sendable {
    /// Its identity.
    public let id: ProgrammeID
    /// `PRG-2026-0001`.
    public let reference: String
    /// The department that runs it.
    public let organisation: OrganisationID
    /// Where it stands.
    public let state: State
    /// Goes up by one with each change.
    public let version: Int
    /// Who wrote it.
    public let author: PersonID
    /// What it says.
    public let content: Content

    /// A programme with its parts.
    public init(
        id: ProgrammeID, reference: String, organisation: OrganisationID, state: State, version: Int, author: PersonID,
        content: Content
    ) {
        self.id = id
        self.reference = reference
        self.organisation = organisation
        self.state = state
        self.version = version
        self.author = author
        self.content = content
    }

    /// Exits: draft → inApproval; inApproval → approved, rejected, draft; approved → open; open → suspended, closing;
    /// suspended → open; closing → closed; closed → archived.
    public enum State: String, Sendable, CaseIterable, Codable {
        case draft, inApproval = "in_approval", approved, rejected, open, suspended, closing, closed, archived
    }

    /// What a programme officer writes. Everything may be blank in a draft; `problems` says what approval needs.
    public struct Content: Hashable, Sendable, Codable {
        public var title = ""
        public var summary = ""
        public var seniorOfficer: PersonID?
        public var ggisSchemeReference: String?
        public var allocationMethod: AllocationMethod?
        public var allocationReason = ""
        public var powers: Powers?
        public var powersDetail = ""
        public var conditionality: Conditionality?
        public var businessCase = BusinessCase()
        public var evaluationBudget: Money?
        public var screening = SpendScreening()
        public var consent: ExternalConsent?
        public var adviceStatus: GrantAdvice?
        public var adviceReference = ""
        public var fraudRiskInherent: RiskLevel?
        public var fraudRiskResidual: RiskLevel?
        public var fraudRiskNextReview: Day?
        public var riskProfile: RiskLevel?
        public var aims: [Aim] = []
        public var budget: [BudgetLine] = []

        /// An empty draft.
        public init() {}

        /// The whole-life sum: all years, resource and capital.
        public var wholeLife: Money { budget.map(\.amount).total }
    }

    /// The five cases.
    public struct BusinessCase: Hashable, Sendable, Codable {
        public var strategic = ""
        public var economic = ""
        public var commercial = ""
        public var financial = ""
        public var management = ""
        /// Five empty cases.
        public init() {}
    }

    /// One aim, the indicator that will show it, and which of the four tests it serves.
    public struct Aim: Hashable, Sendable, Codable {
        public var aim: String
        public var indicatorCode: String
        public var test: ValueTest
        /// An aim with its indicator.
        public init(aim: String, indicatorCode: String, test: ValueTest) {
            self.aim = aim
            self.indicatorCode = indicatorCode
            self.test = test
        }
    }

    /// What a fund must still demonstrate: (a) local evaluative capacity, (b) better use of public money,
    /// (c) wider dissemination of good practice, (d) improved outcomes for children.
    public enum ValueTest: String, Sendable, CaseIterable, Codable { case a, b, c, d }
    public enum AllocationMethod: String, Sendable, CaseIterable, Codable {
        case competed, uncompeted, criteriaBased = "criteria_based", formula, grantInAid = "grant_in_aid"
    }
    public enum Powers: String, Sendable, CaseIterable, Codable {
        case section31 = "s31_lga_2003", section14 = "s14_education_act_2002", other
    }
    public enum Conditionality: String, Sendable, CaseIterable, Codable { case ringfenced, unringfenced, agreement }
    public enum GrantAdvice: String, Sendable, CaseIterable, Codable {
        case notRequired = "not_required", considered, referred, advised
    }
}

/// Low, medium or high.
public enum RiskLevel: String, Sendable, CaseIterable, Codable { case low, medium, high }

/// Money of one kind in one financial year.
public struct BudgetLine: Hashable, Sendable, Codable {
    public var year: FinancialYear
    public var kind: Kind
    public var amount: Money
    /// A line.
    public init(year: FinancialYear, kind: Kind = .resource, amount: Money) {
        self.year = year
        self.kind = kind
        self.amount = amount
    }
    /// Day-to-day money, or money for assets.
    public enum Kind: String, Sendable, CaseIterable, Codable { case resource, capital }
}

/// The three questions whose "yes" takes a decision out of every delegation. Nil is not yet answered.
public struct SpendScreening: Hashable, Sendable, Codable {
    public var novel: Bool?
    public var contentious: Bool?
    public var repercussive: Bool?
    public var rationale = ""
    /// Unanswered.
    public init() {}
    /// Answered.
    public init(novel: Bool, contentious: Bool, repercussive: Bool, rationale: String) {
        self.novel = novel
        self.contentious = contentious
        self.repercussive = repercussive
        self.rationale = rationale
    }
    /// Whether all three are answered, with a reason.
    public var isComplete: Bool { novel != nil && contentious != nil && repercussive != nil && !rationale.isEmpty }
    /// Whether consent from outside is needed, whatever the amount.
    public var needsConsent: Bool { novel == true || contentious == true || repercussive == true }
}

/// A consent given outside this system, such as by the Treasury: recorded by reference and date.
public struct ExternalConsent: Hashable, Sendable, Codable {
    public var reference: String
    public var date: Day
    /// A consent.
    public init(reference: String, date: Day) {
        self.reference = reference
        self.date = date
    }
}
