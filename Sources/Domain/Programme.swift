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
        /// At most 140 characters.
        public var title = ""
        /// What it is for, in short.
        public var summary = ""
        /// Who answers for it through its whole life; does not approve it.
        public var seniorOfficer: PersonID?
        /// `SCH-000005439`: its entry on the government grants register, needed before it opens.
        public var ggisSchemeReference: String?
        /// How the money reaches those who get it.
        public var allocationMethod: AllocationMethod?
        /// Why it is not competed for, where it is not.
        public var allocationReason = ""
        /// The power under which the money is paid.
        public var powers: Powers?
        /// Which other power, where it is another.
        public var powersDetail = ""
        /// Which strings the money carries.
        public var conditionality: Conditionality?
        /// Why, whether it is worth it, and how.
        public var businessCase = BusinessCase()
        /// Money set aside to learn whether it works.
        public var evaluationBudget: Money?
        /// The three questions that can take the decision out of every delegation.
        public var screening = SpendScreening()
        /// Consent from outside, where one was needed.
        public var consent: ExternalConsent?
        /// Whether the panel that advises on grants was asked.
        public var adviceStatus: GrantAdvice?
        /// The reference of that advice.
        public var adviceReference = ""
        /// Risk of fraud before controls.
        public var fraudRiskInherent: RiskLevel?
        /// Risk of fraud after controls.
        public var fraudRiskResidual: RiskLevel?
        /// When that risk is looked at again.
        public var fraudRiskNextReview: Day?
        /// How closely the programme is watched.
        public var riskProfile: RiskLevel?
        /// What it wants to change, each aim with its indicator.
        public var aims: [Aim] = []
        /// Its money by financial year and kind.
        public var budget: [BudgetLine] = []

        /// An empty draft.
        public init() {}

        /// The whole-life sum: all years, resource and capital.
        public var wholeLife: Money { budget.map(\.amount).total }
    }

    /// The five cases.
    public struct BusinessCase: Hashable, Sendable, Codable {
        /// Why change is needed.
        public var strategic = ""
        /// Why this way is worth the money.
        public var economic = ""
        /// How it is bought or granted.
        public var commercial = ""
        /// How it is paid for.
        public var financial = ""
        /// How it is run.
        public var management = ""
        /// Five empty cases.
        public init() {}
    }

    /// One aim, the indicator that will show it, and which of the four tests it serves.
    public struct Aim: Hashable, Sendable, Codable {
        /// What is to change.
        public var aim: String
        /// Code of the indicator that will show it.
        public var indicatorCode: String
        /// Which of the four tests it serves.
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
    /// How money reaches those who get it; anything but competition needs a reason.
    public enum AllocationMethod: String, Sendable, CaseIterable, Codable {
        case competed, uncompeted, criteriaBased = "criteria_based", formula, grantInAid = "grant_in_aid"
    }
    /// Acts of Parliament under which the money is paid.
    public enum Powers: String, Sendable, CaseIterable, Codable {
        case section31 = "s31_lga_2003", section14 = "s14_education_act_2002", other
    }
    /// Which strings the money carries.
    public enum Conditionality: String, Sendable, CaseIterable, Codable { case ringfenced, unringfenced, agreement }
    /// Whether the panel that advises on grants was asked.
    public enum GrantAdvice: String, Sendable, CaseIterable, Codable {
        case notRequired = "not_required", considered, referred, advised
    }
}

/// Low, medium or high.
public enum RiskLevel: String, Sendable, CaseIterable, Codable { case low, medium, high }

/// Money of one kind in one financial year.
public struct BudgetLine: Hashable, Sendable, Codable {
    /// In which year.
    public var year: FinancialYear
    /// Resource or capital; the two are never mixed.
    public var kind: Kind
    /// How much.
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
    /// Whether nothing like it was done before.
    public var novel: Bool?
    /// Whether it could cause public or parliamentary concern.
    public var contentious: Bool?
    /// Whether others could ask for the same.
    public var repercussive: Bool?
    /// Why the answers are as they are.
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
    /// As the consenting body wrote it.
    public var reference: String
    /// When it was given.
    public var date: Day
    /// A consent.
    public init(reference: String, date: Day) {
        self.reference = reference
        self.date = date
    }
}
