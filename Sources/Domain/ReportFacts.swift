/// What a report says in figures.
public struct ReportFacts: Hashable, Sendable {
    /// One result, intervention against comparison.
    public struct Result: Hashable, Sendable {
        /// Its place, from 0.
        public let row: Int
        /// The code in the protocol; empty for an outcome that was added.
        public let code: String
        /// As people read it.
        public let outcome: String
        /// When it was measured.
        public let timePoint: String
        /// Whether it is the main result for its outcome.
        public let isHeadline: Bool
        /// In what the effect is counted.
        public let metric: EffectMetric?
        /// The intervention group, then the comparison group.
        public let arms: [Arm]
        /// The effect as entered.
        public let effect: Double?
        /// The interval as entered.
        public let interval: ConfidenceInterval?
        /// The p value.
        public let p: Double?
        /// What is said about the p value.
        public let pNote: String
        /// Whether a model adjusted the effect.
        public let isAdjusted: Bool
        /// Which way is better; nil where the report does not say.
        public let higherIsBetter: Bool?
    }

    /// One group's figures in a result.
    public struct Arm: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// How many were analysed.
        public let count: Int?
        /// Mean, or per cent.
        public let mean: Double?
        /// Standard deviation.
        public let deviation: Double?
    }

    /// One group on its way through the study.
    public struct FlowArm: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// Who was allocated to it.
        public let allocated: Int
        /// Who was lost.
        public let lost: Int
        /// Who was analysed.
        public let analysed: Int

        /// A group with its figures.
        public init(name: String, allocated: Int, lost: Int, analysed: Int) {
            self.name = name
            self.allocated = allocated
            self.lost = lost
            self.analysed = analysed
        }
    }

    /// How far apart the groups were in one thing before anything was done.
    public struct Characteristic: Hashable, Sendable {
        /// What it is.
        public let variable: String
        /// The difference in standard deviations.
        public let difference: Double

        /// A characteristic with its difference.
        public init(variable: String, difference: Double) {
            self.variable = variable
            self.difference = difference
        }
    }

    /// The way from those who could take part to those who were analysed.
    public struct Flow: Hashable, Sendable {
        /// Who could have taken part.
        public let assessed: Int?
        /// Who was randomised, or included.
        public let randomised: Int
        /// The groups.
        public let arms: [FlowArm]

        /// A flow with its figures.
        public init(assessed: Int?, randomised: Int, arms: [FlowArm]) {
            self.assessed = assessed
            self.randomised = randomised
            self.arms = arms
        }

        /// Who was lost, of those who were randomised; nil where the figures contradict each other.
        public var attrition: Proportion? {
            let analysed = arms.map(\.analysed).reduce(0, +)
            return randomised > 0 ? Proportion(randomised - analysed, of: randomised) : nil
        }

        /// How far apart the groups are in the share that was lost, from 0 to 1; nil with fewer than two.
        public var differentialAttrition: Double? {
            let lost = arms.compactMap { Proportion($0.allocated - $0.analysed, of: $0.allocated)?.share }
            guard arms.count >= 2, lost.count == arms.count, let most = lost.max(), let least = lost.min() else {
                return nil
            }
            return most - least
        }
    }

    /// Results in the order of the document.
    public let results: [Result]
    /// Why an outcome was not analysed, by its code.
    public let notAnalysed: [String: String]
    /// The flow; nil until it is entered.
    public let flow: Flow?
    /// Standardised differences at the start, by characteristic.
    public let balance: [Characteristic]
    /// The design that was carried out.
    public let design: EvaluationDesign?
    /// Whether it was carried out as planned.
    public let wellImplemented: Bool

    /// Reads a report's answers.
    public init(_ answers: Questionnaire.Answers, designs: [EvaluationDesign]) {
        results = (0..<answers.rows("results.results")).map { Self.result(answers, $0) }
        notAnalysed = Dictionary(
            (0..<answers.rows("results.notAnalysed")).map {
                (
                    answers.row("results.notAnalysed", $0, "outcomeCode"),
                    answers.row("results.notAnalysed", $0, "reason")
                )
            }
        ) { first, _ in first }
        flow = Self.flow(answers)
        balance = (0..<answers.rows("balance.variables")).compactMap { row in
            TypedDecimal.value(answers.row("balance.variables", row, "smd")).map {
                Characteristic(variable: answers.row("balance.variables", row, "variable"), difference: $0)
            }
        }
        design = designs.first { $0.code == answers["methods.designUsed"] }
        wellImplemented = answers["methods.wellImplemented"] == "yes"
    }

    private static func result(_ answers: Questionnaire.Answers, _ row: Int) -> Result {
        func text(_ name: String) -> String { answers.row("results.results", row, name) }
        func number(_ name: String) -> Double? { TypedDecimal.value(text(name)) }
        let interval: ConfidenceInterval? =
            if let low = number("ciLow"), let high = number("ciHigh") {
                ConfidenceInterval(low: low, high: high, level: (number("ciLevel") ?? 95) / 100)
            } else {
                nil
            }
        return Result(
            row: row, code: text("outcomeCode"), outcome: text("outcome"), timePoint: text("timePoint"),
            isHeadline: text("headline") == "yes", metric: EffectMetric(rawValue: text("metric")),
            arms: (0..<2).map {
                Arm(
                    name: text("arms.\($0).arm"), count: Int(text("arms.\($0).n")), mean: number("arms.\($0).mean"),
                    deviation: number("arms.\($0).sd"))
            },
            effect: number("effect"), interval: interval, p: number("p"), pNote: text("pNote"),
            isAdjusted: text("adjusted") == "yes",
            higherIsBetter: text("beneficial").isEmpty ? nil : text("beneficial") == "higher")
    }

    private static func flow(_ answers: Questionnaire.Answers) -> Flow? {
        guard let randomised = Int(answers["flow.randomised"]) else { return nil }
        let arms = (0..<answers.rows("flow.arms")).compactMap { row -> FlowArm? in
            guard let allocated = Int(answers.row("flow.arms", row, "allocated")),
                let analysed = Int(answers.row("flow.arms", row, "analysed"))
            else { return nil }
            return FlowArm(
                name: answers.row("flow.arms", row, "arm"), allocated: allocated,
                lost: Int(answers.row("flow.arms", row, "lost")) ?? 0, analysed: analysed)
        }
        return Flow(assessed: Int(answers["flow.assessed"]), randomised: randomised, arms: arms)
    }
}

extension ReportFacts.Result {
    /// The effect computed again from the groups' figures; nil where these are not given, or bear none.
    public var recomputed: Estimate? {
        guard let metric, arms.count == 2, let level = Optional(interval?.level ?? 0.95) else { return nil }
        switch metric {
        case .percentagePoints:
            guard let shares else { return nil }
            let estimate = Comparison.difference(shares.0, shares.1, level: level)
            let interval = estimate.interval
            return Estimate(
                value: estimate.value * 100, standardError: estimate.standardError * 100,
                interval: ConfidenceInterval(low: interval.low * 100, high: interval.high * 100, level: level))
        case .riskRatio: return shares.flatMap { Comparison.riskRatio($0.0, $0.1, level: level) }
        case .oddsRatio: return shares.flatMap { Comparison.oddsRatio($0.0, $0.1, level: level) }
        case .meanDifference, .pounds: return means.flatMap { Comparison.meanDifference($0.0, $0.1, level: level) }
        case .standardised: return means.flatMap { Comparison.hedgesG($0.0, $0.1, level: level) }
        }
    }

    private var shares: (GroupShare, GroupShare)? {
        let groups = arms.compactMap { arm -> GroupShare? in
            guard let count = arm.count, let mean = arm.mean else { return nil }
            return GroupShare(count: count, share: mean / 100)
        }
        return groups.count == 2 ? (groups[0], groups[1]) : nil
    }

    private var means: (GroupMean, GroupMean)? {
        let groups = arms.compactMap { arm -> GroupMean? in
            guard let count = arm.count, let mean = arm.mean, let deviation = arm.deviation else { return nil }
            return GroupMean(count: count, mean: mean, deviation: deviation)
        }
        return groups.count == 2 ? (groups[0], groups[1]) : nil
    }
}
