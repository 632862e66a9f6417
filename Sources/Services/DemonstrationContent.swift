import Domain
import FoundationEssentials

// What the demonstration's people write: complete, plausible and made up, around the names and grants of real projects.

extension DemonstrationFund {
    /// The financial year of today and the two after it.
    var years: [FinancialYear] {
        guard let first = FinancialYear(of: today) else { return [] }
        return [first, first.next, first.next.next]
    }

    func programmeContent(_ title: String, budget: Money, senior: PersonID) -> Programme.Content {
        var content = Programme.Content()
        content.title = title
        content.summary = """
            Funds local authorities to try, test and spread better ways of supporting children and families, with an \
            independent evaluation of every project as a condition of the money.
            """
        content.seniorOfficer = senior
        content.allocationMethod = .competed
        content.powers = .section31
        content.conditionality = .ringfenced
        content.businessCase.strategic = "Authorities need evidence of what works before they change services for good."
        content.businessCase.economic = "Earlier help that works costs less than late help; each option was appraised."
        content.businessCase.commercial = "Grants to public bodies; evaluators are appointed by open competition."
        content.businessCase.financial = "The budget is within the settlement and phased over three years."
        content.businessCase.management =
            "A programme board meets monthly and reports to the senior officer responsible."
        content.evaluationBudget = Money(pence: budget.pence / 100 * 15)
        content.screening = SpendScreening(
            novel: false, contentious: false, repercussive: false,
            rationale: "The programme repeats an approach that was approved before.")
        content.adviceStatus = .considered
        content.fraudRiskInherent = .medium
        content.fraudRiskResidual = .low
        content.fraudRiskNextReview = today.adding(days: 180)
        content.riskProfile = .medium
        content.aims = indicators.prefix(2).enumerated().map { index, code in
            Programme.Aim(
                aim: index == 0
                    ? "Fewer children need the same help twice." : "More families are supported before a crisis.",
                indicatorCode: code, test: index == 0 ? .d : .b)
        }
        let share = Money(pence: budget.pence / 3)
        content.budget = years.enumerated().map { index, year in
            BudgetLine(year: year, amount: index == 0 ? budget - share - share : share)
        }
        return content
    }

    func roundContent(_ title: String, budget: Money, opensIn: Int, openFor: Int) -> Round.Content {
        var content = Round.Content()
        content.title = title
        content.prospectus = """
            Bids are invited from local authorities in England for projects that change how children and families are \
            supported. Every project is evaluated independently, and the evaluation is published whatever it finds.
            """
        content.opensAt = LondonTime(today.adding(days: opensIn), hour: 9)?.instant
        content.closesAt = LondonTime(today.adding(days: opensIn + openFor), hour: 23, minute: 59)?.instant
        content.minimumAward = Money(pounds: 50_000)
        content.maximumAward = Money(pounds: 5_000_000)
        content.budget = budget
        content.criteria = Self.criteria
        content.rules = Self.rules
        return content
    }

    private static let criteria: [Criterion] = [
        criterion("need_fit", "Need and fit", 1000, "Is the need shown with local figures, and does the idea fit it?"),
        criterion("idea", "Idea and theory of change", 1500, "Is it clear how the activities lead to the outcomes?"),
        criterion("deliverability", "Deliverability and leadership", 1500, "Can these people do this in this time?"),
        criterion(
            "evaluation", "Evaluation plan and data readiness", 2500,
            "Is there a credible comparison, with enough people and agreed access to data?", pass: 3, scorer: .whatWorks
        ),
        criterion("value", "Value for money and costs", 1500, "Are the costs justified and the benefits worth them?"),
        criterion("sustainability", "Sustainability and scalability", 1000, "What happens when the money ends?"),
        criterion(
            "voice", "Children's voice, equality and safeguarding", 1000, "Were children heard, and are they safe?"),
    ]

    private static func criterion(
        _ code: String, _ title: String, _ weight: Int, _ guidance: String, pass: Int = 2,
        scorer: Criterion.Scorer = .appraiser
    ) -> Criterion {
        Criterion(
            code: code, title: title, weightBasisPoints: weight, passMark: pass, scorer: scorer,
            guidance: guidance + " 0 absent, 1 poor, 2 weak, 3 adequate, 4 good, 5 excellent.")
    }

    private static let rules: [EligibilityRule] = [
        EligibilityRule(
            code: "local_authority", sentence: "The lead is a local authority with duties for children's social care.",
            predicate: .all([.organisationKind([.localAuthority]), .organisationActive]),
            source: "Prospectus, section 2"),
        EligibilityRule(
            code: "ofsted", sentence: "The lead was not judged inadequate by Ofsted on the last day of the window.",
            predicate: .not(.factIn(.ofstedOverall, ["Inadequate"])), source: "Prospectus, section 2"),
        EligibilityRule(
            code: "section_114", sentence: "No section 114 notice was in force on the last day of the window.",
            predicate: .factAbsent(.section114), source: "Prospectus, section 2"),
        EligibilityRule(
            code: "amount", sentence: "The sum asked for is at most £3 million.",
            predicate: .requestedAtMost(Money(pounds: 3_000_000)), source: "Prospectus, section 4"),
        EligibilityRule(
            code: "partners", sentence: "Partners that are named have signed off.", predicate: .partnersSignedOff,
            source: "Prospectus, section 3"),
    ]

    /// A bid that certification accepts.
    func bidContent(_ title: String, requested: Money) -> BidContent {
        var content = BidContent()
        content.summary.title = title
        content.summary.summary = """
            A new team works alongside social workers with families who would otherwise return within a year. \
            It builds on what the authority learnt in an earlier pilot.
            """
        content.summary.maturity = .testAndImprove
        content.summary.focusAreas = [.socialWorkPractice, .adolescents]
        content.need.problem = "One referral in five repeats within twelve months, more than among similar authorities."
        content.need.population = "Families with children aged 5 to 15 who were referred in the last two years."
        content.need.expectedNumber = 240
        content.theoryOfChange = Self.theory
        content.outcomes.outcomes = [outcome(isPrimary: true)].compactMap(\.self)
        content.costs = costs(requested)
        content.evaluation.question = "Does the new team lower the share of referrals that repeat within twelve months?"
        content.evaluation.comparator = .waitlist
        content.evaluation.comparatorIdea =
            "Teams join in random order over eighteen months; those who wait are compared."
        content.evaluation.numberAvailable = 480
        content.evaluation.dataAccess = .agreed
        content.evaluation.approach = "An independent evaluator follows a protocol that is registered before it starts."
        content.delivery.partners = "Schools, health visiting, the police and a local charity for families."
        content.delivery.partnersSignedOff = true
        content.delivery.plan = "Recruit in the first quarter, start with two teams, add a team each quarter."
        content.delivery.sustainability =
            "Savings on repeat assessments are set aside to keep the team after the grant."
        content.delivery.exitCost = Money(pounds: 120_000)
        content.delivery.childrensVoice =
            "Young people's panels chose the priorities and will review progress twice a year."
        content.delivery.burdenHours = "36.5"
        content.dataProtection.dpiaStatus = .inProgress
        content.dataProtection.lawfulBasis = .publicTask
        content.dataProtection.equalityImpact = "An equality impact assessment found no group that would lose."
        return content
    }

    private static var theory: BidContent.TheoryOfChange {
        var theory = BidContent.TheoryOfChange()
        theory.inputs = ["A team of eight practitioners", "Training and supervision"]
        theory.activities = ["Weekly work with each family", "A joint plan with school and health"]
        theory.outputs = ["240 families with a plan that they wrote themselves"]
        theory.outcomes = ["Fewer families are referred again within a year"]
        theory.impact = ["Children are safer and stay with their families"]
        theory.assumptions = ["Families agree to take part", "Social workers refer in good time"]
        theory.externalFactors = ["Changes of policy in benefits and housing"]
        return theory
    }

    private func outcome(isPrimary: Bool) -> BidContent.Outcome? {
        guard let code = indicators.first else { return nil }
        var outcome = BidContent.Outcome()
        outcome.indicatorCode = code
        outcome.isPrimary = isPrimary
        outcome.baseline = "22.6"
        outcome.baselinePeriod = "Year to 31 March \(today.parts.year - 1)"
        outcome.target = "19.0"
        outcome.targetPeriod = "Year to 31 March \(today.parts.year + 2)"
        return outcome
    }

    private func costs(_ requested: Money) -> BidContent.Costs {
        var costs = BidContent.Costs()
        costs.requested = requested
        let shares: [(BidContent.CostLine.Category, Int)] = [
            (.training, 10), (.evaluation, 15), (.dataIT, 10), (.overhead, 8), (.contingency, 3),
        ]
        for (year, sum) in split(requested) {
            var rest = sum
            for (category, percent) in shares {
                let amount = Money(pence: sum.pence / 100 * percent)
                costs.lines.append(line(category, year, amount))
                rest = rest - amount
            }
            costs.lines.append(line(.staff, year, rest))
        }
        return costs
    }

    private func line(_ category: BidContent.CostLine.Category, _ year: FinancialYear, _ amount: Money)
        -> BidContent.CostLine
    {
        var line = BidContent.CostLine()
        line.category = category
        line.year = year
        line.amount = amount
        line.recurrent = category == .staff
        return line
    }

    /// A sum over this year and the next.
    func split(_ sum: Money) -> [(FinancialYear, Money)] {
        let half = Money(pence: sum.pence / 2)
        return zip(years, [half, sum - half]).map { ($0, $1) }
    }

    func approvalContent(_ amount: Money, kind: Approval.Kind = .award) -> Approval.Content {
        var content = Approval.Content()
        content.kind = kind
        content.amount = amount
        content.years = split(amount).map { BudgetLine(year: $0.0, amount: $0.1) }
        content.conditions = "The evaluation protocol is approved before the first family takes part."
        content.recommendation = "Recommended: a strong case with a comparison that is feasible in this authority."
        content.subsidyControl = .notApplicable
        content.screening = SpendScreening(
            novel: false, contentious: false, repercussive: false, rationale: "A grant like others of this programme.")
        return content
    }

    static let rationale = "The answer is specific, refers to local figures, and says who will do what by when."
    static let reason = "Decided by the panel after discussion of the scores and of the money that is left."
}
