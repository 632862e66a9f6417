import FoundationEssentials

@testable import Domain

// Values that tests begin from: complete, so that each test takes away or changes the one thing it is about.

extension Identifier {
    /// The n-th identity of its kind: readable in a failure, the same in every run.
    static func number(_ n: UInt8) -> Self {
        Self(rawValue: UUID(uuid: (1, 0x99, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, n)))
    }
}

func day(_ text: String) -> Day { Day(text)! }
func instant(_ text: String) -> Instant { Instant(text)! }
func year(_ text: String) -> FinancialYear { FinancialYear(text)! }
func london(_ date: String, _ hour: Int, _ minute: Int, _ second: Int = 0) -> Instant {
    LondonTime(day(date), hour: hour, minute: minute, second: second)!.instant
}

let noon = instant("2026-11-24T12:00:00Z")
let dept: OrganisationID = .number(1)
let authority: OrganisationID = .number(2)
let otherAuthority: OrganisationID = .number(3)
let centre: OrganisationID = .number(4)

func subject(
    _ role: Role, _ capacities: [Capacity] = [], person: PersonID = .number(9), organisation: OrganisationID? = nil,
    scope: HeldCapacity.Scope? = nil, mayWrite: Bool = true, secondFactor: Bool = true, steppedUpAt: Instant? = noon,
    now: Instant = noon
) -> Subject {
    let home: OrganisationID =
        switch role {
        case .department, .administrator, .auditor: dept
        case .localAuthority: authority
        case .whatWorks, .evaluator: centre
        }
    return Subject(
        person: person, name: "Ada", organisation: organisation ?? home, organisationName: "Home", role: role,
        capacities: capacities.map { HeldCapacity($0, scope: scope) }, session: .number(8), mayWrite: mayWrite,
        hasSecondFactor: secondFactor, steppedUpAt: steppedUpAt, now: now)
}

let rereferral = Indicator(
    code: "REREF", name: "Re-referrals within 12 months", unit: .percent, decimals: 1, polarity: .low, source: "CIN")
let stability = Indicator(
    code: "PLACSTAB", name: "Same placement for two years", unit: .percent, decimals: 0, polarity: .high, source: "903")
let inCare = Indicator(
    code: "CLA_R", name: "Looked after per 10,000", unit: .per10k, decimals: 0, polarity: .context, source: "903")

let needs = BidNeeds(
    indicators: [rereferral, stability, inCare], minimum: Money(pounds: 50_000), maximum: Money(pounds: 500_000),
    years: [year("2026-27"), year("2027-28")])

func costLine(
    _ category: BidContent.CostLine.Category, _ fy: String, _ pounds: Int, inKind: Bool = false
) -> BidContent.CostLine {
    var line = BidContent.CostLine()
    line.category = category
    line.year = year(fy)
    line.amount = Money(pounds: pounds)
    line.inKind = inKind
    return line
}

func outcome(_ code: String, _ baseline: String, _ target: String, primary: Bool = true) -> BidContent.Outcome {
    var outcome = BidContent.Outcome()
    outcome.indicatorCode = code
    outcome.isPrimary = primary
    outcome.baseline = baseline
    outcome.baselinePeriod = "2024-25"
    outcome.target = target
    outcome.targetPeriod = "2027-28"
    return outcome
}

/// A bid that lacks nothing.
var completeBid: BidContent {
    var bid = BidContent()
    bid.summary.title = "Family group conferences before proceedings"
    bid.summary.summary = "Conferences for every family before care proceedings."
    bid.summary.maturity = .testAndImprove
    bid.summary.focusAreas = [.familyGroupDecisionMaking]
    bid.need.problem = "Too many children come into care."
    bid.need.population = "Families before proceedings."
    bid.need.expectedNumber = 120
    for list in [
        \BidContent.TheoryOfChange.inputs, \.activities, \.outputs, \.outcomes, \.impact, \.assumptions,
        \.externalFactors,
    ] {
        bid.theoryOfChange[keyPath: list] = ["One thing"]
    }
    bid.outcomes.outcomes = [outcome("REREF", "22.6", "18")]
    bid.costs.requested = Money(pounds: 100_000)
    bid.costs.lines = [
        costLine(.staff, "2026-27", 60_000), costLine(.evaluation, "2027-28", 20_000),
        costLine(.overhead, "2026-27", 15_000), costLine(.contingency, "2027-28", 5_000),
        costLine(.premises, "2026-27", 9_000, inKind: true),
    ]
    bid.evaluation.question = "Do fewer children come into care?"
    bid.evaluation.comparator = .waitlist
    bid.evaluation.comparatorIdea = "Families who wait."
    bid.evaluation.numberAvailable = 120
    bid.evaluation.dataAccess = .inDiscussion
    bid.evaluation.approach = "Compare by time of referral."
    bid.delivery.partners = "None."
    bid.delivery.partnersSignedOff = true
    bid.delivery.plan = "Recruit, train, begin."
    bid.delivery.sustainability = "The service takes it over."
    bid.delivery.exitCost = .zero
    bid.delivery.childrensVoice = "A young people's board chose the questions."
    bid.dataProtection.dpiaStatus = .inProgress
    bid.dataProtection.lawfulBasis = .publicTask
    bid.dataProtection.equalityImpact = "None foreseen."
    return bid
}

func bid(_ state: Bid.State, lastEditor: PersonID? = .number(20), contentVersion: Int = 1) -> Bid {
    Bid(
        id: .number(30), reference: "BID-2026-0042", round: .number(31), organisation: authority, title: "Conferences",
        state: state, version: 3, lastEditor: lastEditor, requested: Money(pounds: 100_000),
        contentVersion: contentVersion)
}

var completeRound: Round.Content {
    var content = Round.Content()
    content.title = "Pathfinders"
    content.prospectus = "Read this first."
    content.opensAt = london("2026-09-01", 9, 0)
    content.closesAt = london("2026-10-25", 23, 59, 59).adding(seconds: 1)
    content.minimumAward = Money(pounds: 50_000)
    content.maximumAward = Money(pounds: 500_000)
    content.budget = Money(pounds: 2_000_000)
    content.criteria = [
        Criterion(
            id: .number(41), code: "need", title: "Need and fit", weightBasisPoints: 4000, passMark: 2,
            scorer: .appraiser, guidance: "Look for figures."),
        Criterion(
            id: .number(42), code: "value_for_money", title: "Value for money", weightBasisPoints: 3500, passMark: 0,
            scorer: .appraiser, guidance: "Look for unit costs."),
        Criterion(
            id: .number(43), code: "evaluation", title: "Evaluation", weightBasisPoints: 2500, passMark: 3,
            scorer: .whatWorks, guidance: "Look for a comparison."),
    ]
    content.rules = [
        EligibilityRule(
            code: "ofsted", sentence: "Ofsted grade at least requires improvement.",
            predicate: .factIn(.ofstedOverall, OfstedGrade.atLeast(.requiresImprovement)), source: "Prospectus, page 4")
    ]
    return content
}

func round(_ state: Round.State, _ content: Round.Content = completeRound) -> Round {
    Round(
        id: .number(31), reference: "RND-2026-0001", programme: .number(32), state: state, version: 1,
        author: .number(33), content: content)
}

let roomy = RoundLimits(budget: Money(pounds: 5_000_000), committed: .zero, workingDays: 10)

var completeProgramme: Programme.Content {
    var content = Programme.Content()
    content.title = "Families first"
    content.summary = "Help earlier."
    content.seniorOfficer = .number(50)
    content.allocationMethod = .competed
    content.powers = .section31
    content.conditionality = .ringfenced
    content.businessCase.strategic = "a"
    content.businessCase.economic = "b"
    content.businessCase.commercial = "c"
    content.businessCase.financial = "d"
    content.businessCase.management = "e"
    content.evaluationBudget = Money(pounds: 200_000)
    content.screening = SpendScreening(novel: false, contentious: false, repercussive: false, rationale: "As before.")
    content.adviceStatus = .considered
    content.fraudRiskInherent = .medium
    content.fraudRiskResidual = .low
    content.fraudRiskNextReview = day("2027-04-01")
    content.riskProfile = .medium
    content.aims = [.init(aim: "Fewer re-referrals", indicatorCode: "REREF", test: .d)]
    content.budget = [BudgetLine(year: year("2026-27"), amount: Money(pounds: 1_000_000))]
    return content
}

func programme(_ content: Programme.Content = completeProgramme, _ state: Programme.State = .inApproval) -> Programme {
    Programme(
        id: .number(32), reference: "PRG-2026-0001", organisation: dept, state: state, version: 1, author: .number(51),
        content: content)
}

func delegation(
    _ pounds: Int, of person: PersonID = .number(60), from: String = "2026-04-01", to: String = "2027-03-31"
)
    -> Delegation
{
    Delegation(
        id: .number(61), person: person, tier: "Grade 6", limit: Money(pounds: pounds), validFrom: day(from),
        validTo: day(to), state: .active)
}

var completeCase: Approval.Content {
    var content = Approval.Content()
    content.amount = Money(pounds: 90_000)
    content.years = [
        BudgetLine(year: year("2026-27"), amount: Money(pounds: 60_000)),
        BudgetLine(year: year("2027-28"), amount: Money(pounds: 30_000)),
    ]
    content.recommendation = "Fund it."
    content.subsidyControl = .notApplicable
    content.screening = SpendScreening(novel: false, contentious: false, repercussive: false, rationale: "As before.")
    return content
}

func approval(_ pence: Int, _ state: Approval.State = .financeCleared, _ content: Approval.Content = completeCase)
    -> Approval
{
    Approval(
        id: .number(70), reference: "APR-2026-0001", bid: .number(30), programme: .number(32), state: state, version: 2,
        preparer: .number(71), clearer: .number(72), wholeLife: Money(pence: pence), contentHash: "00", content: content
    )
}

extension Result where Failure == Refusal {
    /// The refusal, if it is one.
    var refusal: Refusal? { if case .failure(let refusal) = self { refusal } else { nil } }
}

func attempt<Value>(_ body: () throws(Refusal) -> Value) -> Result<Value, Refusal> { Result(catching: body) }
