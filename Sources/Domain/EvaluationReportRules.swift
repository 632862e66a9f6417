/// What must be true of a report. A disagreement between figures is always said, and never corrected in silence.
public enum EvaluationReportRules {
    /// Something that a check found.
    public struct Message: Hashable, Sendable {
        /// The answer that it is about.
        public let field: String
        /// What is wrong, or worth knowing.
        public let sentence: String
        /// What it keeps from happening.
        public let weight: Weight

        /// What a message keeps from happening.
        public enum Weight: String, Sendable, CaseIterable, Codable {
            /// The report cannot be submitted like this.
            case submission
            /// It can be submitted, and not signed off.
            case signOff = "sign_off"
            /// Nothing: readers should know.
            case nothing
        }

        /// A message about an answer.
        public init(_ field: String, _ sentence: String, stops weight: Weight) {
            self.field = field
            self.sentence = sentence
            self.weight = weight
        }
    }

    /// Parts that an interim report must have; it may have the others too.
    public static let interimParts = ["summary", "context", "methods", "deviations"]

    /// What submission still needs: every question answered, and in a final report every outcome of the protocol accounted
    /// for.
    public static func problems(
        _ answers: Questionnaire.Answers, _ form: Questionnaire, kind: EvaluationReport.Kind = .final, plan: PlanFacts,
        planVersion: Int, designs: [EvaluationDesign], phrases: [String] = CausalWording.phrases
    ) -> [FieldProblem] {
        var problems = Problems()
        let isFinal = kind == .final
        for section in form.sections {
            let isNeeded = isFinal || interimParts.contains(section.code)
            problems.add(
                isNeeded ? form.problems(answers, in: section) : form.storageProblems(answers, in: section))
        }
        let facts = ReportFacts(answers, designs: designs)
        if isFinal { problems.add(outcomeProblems(facts, plan)) }
        problems.add(
            messages(facts, plan: plan).filter { $0.weight == .submission }.map { FieldProblem($0.field, $0.sentence) })
        problems.add(deviationProblems(answers, planVersion))
        let costs = ["perspective", "setup", "recurrent", "perUnit"].contains { !answers["cost.\($0)"].isEmpty }
        problems.need(
            !isFinal || costs || answers["cost.absenceReason"].unicodeScalars.count >= Rules.shortestReason,
            "cost.absenceReason",
            "Enter the costs, or in at least \(Rules.shortestReason) characters why the report cannot give them.")
        let reached = sms(facts, plan)
        for key in wordedForReaders(answers) {
            problems.add(CausalWording.problem(answers[key], at: key, sms: reached, phrases: phrases))
        }
        return problems.found
    }

    /// What the figures say about each other, and what readers should know.
    public static func messages(
        _ facts: ReportFacts, plan: PlanFacts, thresholds: EvidenceThresholds = .standard
    ) -> [Message] {
        facts.results.flatMap { ReportFigures.messages($0) } + added(facts, plan)
            + (facts.flow.map { ReportFigures.messages($0, facts.results, thresholds: thresholds) } ?? [])
            + ReportFigures.messages(balance: facts.balance)
    }

    /// Results of outcomes that the protocol does not name.
    public static func isPrespecified(_ result: ReportFacts.Result, _ plan: PlanFacts) -> Bool {
        plan.outcomes.contains { $0.code == result.code && $0.timePoint == result.timePoint }
    }

    /// What one result says by itself; nil until it has an interval and it is known which way is better.
    public static func direction(_ result: ReportFacts.Result, _ plan: PlanFacts) -> ResultDirection? {
        guard let metric = result.metric, let interval = result.interval else { return nil }
        let outcome = plan.outcomes.first { $0.code == result.code }
        guard let better = outcome?.higherIsBetter ?? result.higherIsBetter,
            let turned = metric.beneficial(interval, higherIsBetter: better)
        else { return nil }
        // In another measure than the protocol's, the smallest worthwhile effect says nothing.
        let worthwhile = outcome.flatMap { $0.metric == nil || $0.metric == metric ? $0.smallestWorthwhile : nil }
        return .of(turned, smallestWorthwhile: worthwhile.map(metric.size))
    }

    /// What the report says: the primary outcomes together. Nil while one of them has no main result; uninformative where
    /// every one was left out for a reason.
    public static func direction(_ facts: ReportFacts, _ plan: PlanFacts) -> ResultDirection? {
        let primaries = plan.outcomes.filter(\.isPrimary)
        let analysed = primaries.filter { facts.notAnalysed[$0.code] == nil }
        if analysed.isEmpty { return primaries.isEmpty ? nil : .uninformative }
        let found = analysed.compactMap { outcome in
            facts.results.first { $0.code == outcome.code && $0.isHeadline }.flatMap { direction($0, plan) }
        }
        return found.count == analysed.count ? .of(found) : nil
    }

    /// The Maryland scale that the report reached.
    public static func sms(_ facts: ReportFacts, _ plan: PlanFacts) -> Int {
        EvidenceSecurity.sms(
            design: facts.design, comparator: plan.comparator, wellImplemented: facts.wellImplemented)
    }

    /// The padlock that it starts from; threats to validity are for the panel.
    public static func padlock(
        _ facts: ReportFacts, _ plan: PlanFacts, thresholds: EvidenceThresholds = .standard
    ) -> Int? {
        EvidenceSecurity.padlock(
            design: sms(facts, plan), smallestDetectableEffect: plan.computedMDES ?? plan.enteredMDES,
            attrition: facts.flow?.attrition?.share, thresholds: thresholds)
    }

    /// The answers that readers take for conclusions.
    private static func wordedForReaders(_ answers: Questionnaire.Answers) -> [String] {
        let messages = (0..<answers.rows("summary.keyMessages")).map { "summary.keyMessages.\($0).message" }
        return ["summary.plainLanguage"] + messages + [
            "summary.executive", "findings.findings", "lessons.implications",
        ]
    }

    private static func outcomeProblems(_ facts: ReportFacts, _ plan: PlanFacts) -> [FieldProblem] {
        var problems = Problems()
        for outcome in plan.outcomes {
            let results = facts.results.filter { $0.code == outcome.code }
            let reason = facts.notAnalysed[outcome.code]
            problems.need(
                !results.isEmpty || reason != nil, "results.results",
                "Give the result for “\(outcome.name)” (\(outcome.code)), or say why it was not analysed: the protocol "
                    + "promises it.")
            if let reason {
                problems.need(
                    reason.unicodeScalars.count >= Rules.shortestReason, "results.notAnalysed",
                    "Explain in at least \(Rules.shortestReason) characters why “\(outcome.name)” was not analysed.")
                problems.need(
                    results.isEmpty, "results.notAnalysed",
                    "“\(outcome.name)” has a result, so take it out of the outcomes that were not analysed.")
            }
            guard let first = results.first else { continue }
            problems.need(
                results.contains { $0.timePoint == outcome.timePoint }, "results.results.\(first.row).timePoint",
                "Give the result for “\(outcome.name)” at the time that the protocol names: \(outcome.timePoint).")
            if outcome.isPrimary {
                problems.need(
                    results.count(where: \.isHeadline) == 1, "results.results.\(first.row).headline",
                    "Mark exactly one result as the main one for “\(outcome.name)”.")
            }
        }
        return problems.found
    }

    private static func deviationProblems(_ answers: Questionnaire.Answers, _ planVersion: Int) -> [FieldProblem] {
        var problems = Problems()
        let rows = answers.rows("deviations.deviations")
        let none = answers["deviations.none"] == "yes"
        problems.need(
            rows > 0 || none, "deviations.none", "Give each deviation from the protocol, or say that there were none.")
        problems.need(
            rows == 0 || !none, "deviations.none", "You give deviations, so do not say that there were none.")
        for row in 0..<rows {
            if let version = Int(answers.row("deviations.deviations", row, "planVersion")) {
                problems.need(
                    (1...max(planVersion, 1)).contains(version), "deviations.deviations.\(row).planVersion",
                    "Enter a version of the protocol that was approved: 1 to \(max(planVersion, 1)).")
            }
        }
        return problems.found
    }

    private static func added(_ facts: ReportFacts, _ plan: PlanFacts) -> [Message] {
        facts.results.filter { !isPrespecified($0, plan) }.map { result in
            Message(
                "results.results.\(result.row).outcome",
                "“\(result.outcome)” is not in the protocol. It is published, marked “not pre-specified”.",
                stops: .nothing)
        }
    }
}
