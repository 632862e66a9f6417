/// What a protocol says, as far as rules look at it.
public struct PlanFacts: Hashable, Sendable {
    /// One outcome that was set beforehand.
    public struct Outcome: Hashable, Sendable {
        /// The code by which the report refers to it.
        public let code: String
        /// As people read it.
        public let name: String
        /// Whether the practice is judged on it.
        public let isPrimary: Bool
        /// When it is measured.
        public let timePoint: String
        /// Whether more of it is better.
        public let higherIsBetter: Bool
        /// In what its effect is counted.
        public let metric: EffectMetric?
        /// The smallest effect worth having; nil when nobody said.
        public let smallestWorthwhile: Double?

        /// An outcome with its parts.
        public init(
            code: String, name: String, isPrimary: Bool, timePoint: String = "", higherIsBetter: Bool,
            metric: EffectMetric?, smallestWorthwhile: Double?
        ) {
            self.code = code
            self.name = name
            self.isPrimary = isPrimary
            self.timePoint = timePoint
            self.higherIsBetter = higherIsBetter
            self.metric = metric
            self.smallestWorthwhile = smallestWorthwhile
        }
    }

    /// How far along the practice is.
    public let stage: EvaluationStage?
    /// Whether an effect is estimated.
    public let estimatesImpact: Bool
    /// The design.
    public let design: EvaluationDesign?
    /// The design if that one cannot be carried out.
    public let fallback: EvaluationDesign?
    /// With whom outcomes are compared.
    public let comparator: EvaluationComparator?
    /// How many groups are allocated.
    public let clusters: Int?
    /// Planned numbers by group.
    public let planned: [Int]
    /// The entered smallest detectable effect.
    public let enteredMDES: Double?
    /// The smallest effect worth having, on the same scale.
    public let worthwhileEffect: Double?
    /// The figures of power; nil while one is missing.
    public let power: StatisticalPower?
    /// Outcomes in the order of the document, primary ones first.
    public let outcomes: [Outcome]

    /// Reads a protocol's answers.
    public init(_ answers: Questionnaire.Answers, designs: [EvaluationDesign]) {
        func number(_ key: String) -> Double? { TypedDecimal.value(answers[key]) }
        stage = EvaluationStage(rawValue: answers["overview.stage"])
        estimatesImpact = answers["design.impact"] == "yes"
        let design = designs.first { $0.code == answers["design.design"] }
        self.design = design
        fallback = designs.first { $0.code == answers["design.fallback"] }
        comparator = EvaluationComparator(rawValue: answers["design.comparator"])
        clusters = Int(answers["design.clusters"])
        let planned = (0..<answers.rows("sample.arms")).compactMap { Int(answers.row("sample.arms", $0, "planned")) }
        self.planned = planned
        enteredMDES = number("sample.mdes")
        worthwhileEffect = number("sample.worthwhileEffect")
        power = Self.power(answers, planned, design, clusters)
        outcomes =
            [("outcomes.primary", true), ("outcomes.secondary", false)].flatMap { list, isPrimary in
                (0..<answers.rows(list)).map { Self.outcome(answers, list, $0, isPrimary) }
            }
    }

    /// The smallest effect that could be found, computed from the figures of the protocol.
    public var computedMDES: Double? { power?.smallestDetectableEffect }
    /// How much larger the trial must be because groups are allocated; nil where none are.
    public var designEffect: Double? {
        guard let power, let clusters = power.clusters, clusters > 0 else { return nil }
        return StatisticalPower.designEffect(
            clusterSize: power.units / Double(clusters), intraclassCorrelation: power.intraclassCorrelation)
    }
    /// The most that the Maryland scale gives the plan.
    public var plannedSMS: Int { EvidenceSecurity.sms(design: design, comparator: comparator) }
    /// The most that it gives the design that was set for the case that this one fails.
    public var fallbackSMS: Int? {
        fallback.map { EvidenceSecurity.sms(design: $0, comparator: comparator) }
    }

    private static func power(
        _ answers: Questionnaire.Answers, _ planned: [Int], _ design: EvaluationDesign?, _ clusters: Int?
    ) -> StatisticalPower? {
        func number(_ key: String) -> Double? { TypedDecimal.value(answers["sample.\(key)"]) }
        guard let alpha = number("alpha"), let power = number("power"), let first = planned.first, planned.count >= 2,
            let lost = number("attritionAllowance")
        else { return nil }
        let total = Double(planned.reduce(0, +))
        guard total > 0 else { return nil }
        let isClustered = design?.isClustered == true
        if isClustered, clusters == nil { return nil }
        return StatisticalPower(
            alpha: alpha, power: power, allocation: Double(first) / total, units: total * (1 - lost / 100),
            clusters: isClustered ? clusters : nil, intraclassCorrelation: isClustered ? number("icc") ?? 0 : 0,
            baselineR2: number("baselineR2") ?? 0)
    }

    private static func outcome(_ answers: Questionnaire.Answers, _ list: String, _ row: Int, _ isPrimary: Bool)
        -> Outcome
    {
        Outcome(
            code: answers.row(list, row, "code"), name: answers.row(list, row, "name"), isPrimary: isPrimary,
            timePoint: answers.row(list, row, "timePoint"),
            higherIsBetter: answers.row(list, row, "beneficial") != "lower",
            metric: EffectMetric(rawValue: answers.row(list, row, "metric")),
            smallestWorthwhile: TypedDecimal.value(answers.row(list, row, "smallestWorthwhileEffect")))
    }
}

/// What must be true of a protocol, beyond that each question has its answer.
public enum EvaluationPlanRules {
    /// Everything that submission still needs, field by field.
    public static func problems(
        _ answers: Questionnaire.Answers, _ form: Questionnaire, designs: [EvaluationDesign], version: Int = 1,
        thresholds: EvidenceThresholds = .standard
    ) -> [FieldProblem] {
        var problems = Problems()
        problems.add(form.problems(answers))
        let facts = PlanFacts(answers, designs: designs)
        problems.need(
            version < 2 || !answers["overview.changes"].isEmpty, "overview.changes",
            "Enter what changed since the version before.")
        problems.add(designProblems(answers, facts))
        problems.add(outcomeProblems(answers))
        problems.add(powerProblems(facts, thresholds))
        problems.add(timetableProblems(answers))
        return problems.found
    }

    /// What a reader must know although it stops nothing: few groups, no comparison, power that is short.
    public static func warnings(_ facts: PlanFacts, thresholds: EvidenceThresholds = .standard) -> [String] {
        var warnings: [String] = []
        if hasFewClusters(facts, thresholds: thresholds), let clusters = facts.clusters {
            warnings.append(
                "Only \(clusters) groups are allocated. With fewer than \(thresholds.fewestClusters) in each arm, a "
                    + "difference between groups can look like an effect. To approve this, the review lead must give a reason."
            )
        }
        if facts.comparator == .some(.none) {
            warnings.append(
                "Nobody is compared with. Whatever comes out, this design reaches at most 1 on the Maryland scale.")
        }
        if facts.estimatesImpact, !powerIsEnough(facts) {
            warnings.append(
                "The smallest effect that could be found is larger than the smallest effect worth having. "
                    + "Only a theory, feasibility or pilot study can be approved like this.")
        }
        if let fallback = facts.fallbackSMS, fallback < facts.plannedSMS {
            warnings.append(
                "Planned: \(facts.plannedSMS) on the Maryland scale. If the fallback design is used: \(fallback).")
        }
        return warnings
    }

    /// Whether so few groups are allocated that approving needs a reason.
    public static func hasFewClusters(_ facts: PlanFacts, thresholds: EvidenceThresholds = .standard) -> Bool {
        guard facts.design?.isClustered == true || facts.clusters != nil else { return false }
        return (facts.clusters ?? 0) < thresholds.fewestClusters * max(facts.planned.count, 2)
    }

    /// Whether the study could find the smallest effect worth having, or is one from which that is not expected.
    public static func powerIsEnough(_ facts: PlanFacts) -> Bool {
        guard facts.estimatesImpact, facts.stage?.isBeforeImpact != true else { return true }
        guard let found = facts.computedMDES ?? facts.enteredMDES, let wanted = facts.worthwhileEffect else {
            return false
        }
        return found <= wanted + 1e-9
    }

    private static func designProblems(_ answers: Questionnaire.Answers, _ facts: PlanFacts) -> [FieldProblem] {
        var problems = Problems()
        if let design = facts.design, !answers["design.impact"].isEmpty {
            problems.need(
                !facts.estimatesImpact || design.isImpact, "design.design",
                "Choose a design that estimates impact, or say that the evaluation does not estimate it.")
        }
        problems.need(
            answers["design.randomisedByDeliverer"] != "yes", "design.randomisedBy",
            "Have the random allocation made by somebody who does not deliver the practice.")
        if let from = Int(answers["participants.ageFrom"]), let to = Int(answers["participants.ageTo"]) {
            problems.need(from <= to, "participants.ageTo", "Enter an oldest age that is not below the youngest.")
        }
        return problems.found
    }

    private static func outcomeProblems(_ answers: Questionnaire.Answers) -> [FieldProblem] {
        var problems = Problems()
        var seen: Set<String> = []
        for list in ["outcomes.primary", "outcomes.secondary"] {
            for row in 0..<answers.rows(list) {
                let code = answers.row(list, row, "code")
                problems.need(
                    code.isEmpty || seen.insert(code).inserted, "\(list).\(row).code", "Give each outcome its own code."
                )
                problems.need(
                    code.isEmpty || isCode(code), "\(list).\(row).code",
                    "Enter a code that begins with a capital letter, such as P1, with at most 8 letters and digits.")
                problems.need(
                    !answers.row(list, row, "indicatorCode").isEmpty || !answers.row(list, row, "instrument").isEmpty,
                    "\(list).\(row).instrument", "Choose a standard indicator, or enter the instrument.")
                problems.need(
                    list == "outcomes.secondary"
                        || !answers.row(list, row, "smallestWorthwhileEffect").isEmpty
                        || answers["design.impact"] != "yes", "\(list).\(row).smallestWorthwhileEffect",
                    "Enter the smallest effect that would be worth having.")
            }
        }
        return problems.found
    }

    private static func isCode(_ code: String) -> Bool {
        let bytes = Array(code.utf8)
        return (1...8).contains(bytes.count) && (65...90).contains(bytes[0])
            && bytes.allSatisfy { (65...90).contains($0) || (48...57).contains($0) }
    }

    private static func powerProblems(_ facts: PlanFacts, _ thresholds: EvidenceThresholds) -> [FieldProblem] {
        var problems = Problems()
        if facts.design?.isClustered == true, let clusters = facts.clusters {
            problems.need(
                clusters >= 3, "design.clusters", "Enter at least 3 groups: with fewer, no effect can be estimated.")
            let units = facts.planned.reduce(0, +)
            problems.need(
                units == 0 || units >= clusters, "sample.arms",
                "Plan at least one person in each of the \(Rules.grouped(clusters)) groups.")
        }
        if let entered = facts.enteredMDES, let computed = facts.computedMDES {
            problems.need(
                StatisticalPower.agrees(entered, with: computed, within: thresholds.detectableEffectTolerance),
                "sample.mdes",
                "Check the figures: from them the smallest effect that could be found is \(Rounded.text(computed)), "
                    + "and you entered \(Rounded.text(entered)).")
        }
        return problems.found
    }

    private static func timetableProblems(_ answers: Questionnaire.Answers) -> [FieldProblem] {
        var problems = Problems()
        var latest: (label: String, month: Month)?
        // Interim steps overlap with the main line, so they are not held to its order.
        for step in Questionnaire.milestones where !step.key.hasPrefix("interim") {
            guard let month = Month(answers["timetable.\(step.key)"]) else { continue }
            if let before = latest {
                problems.need(
                    month >= before.month, "timetable.\(step.key)",
                    "Enter a month that is not before \(before.month.spoken), when “\(before.label.lowercased())” is planned."
                )
            }
            if latest.map({ month > $0.month }) ?? true { latest = (step.label, month) }
        }
        if let start = Month(answers["timetable.interventionStart"]),
            let end = Month(answers["timetable.interventionEnd"])
        {
            problems.need(
                end >= start, "timetable.interventionEnd", "Enter a month that is not before delivery starts.")
        }
        return problems.found
    }
}
