/// A rule that turns a figure into points: the first step whose bound the figure does not pass. Bounds are data with their
/// source, because those who publish such scales change them.
public struct EvidenceScale: Hashable, Sendable {
    /// One step.
    public struct Step: Hashable, Sendable {
        /// The most that still gives it.
        public let bound: Double
        /// The points.
        public let gives: Int

        /// A step with its bound.
        public init(_ bound: Double, gives: Int) {
            self.bound = bound
            self.gives = gives
        }
    }

    /// From the best step to the worst.
    public let steps: [Step]
    /// Whether a figure equal to the bound still gives the step.
    public let includesBound: Bool
    /// Where the bounds are from.
    public let source: String

    /// A scale with its steps, the best first.
    public init(_ steps: [Step], includesBound: Bool, source: String) {
        self.steps = steps
        self.includesBound = includesBound
        self.source = source
    }

    /// The points of a figure; 0 beyond the last step.
    public func points(_ figure: Double) -> Int {
        steps.first { includesBound ? figure <= $0.bound : figure < $0.bound }?.gives ?? 0
    }
}

/// What the thresholds of an evaluation are. All of them are data: the service passes what the installation has set.
public struct EvidenceThresholds: Hashable, Sendable {
    /// Points for the smallest effect that a trial could find.
    public var detectableEffect: EvidenceScale
    /// Points for the share of people who were lost.
    public var attrition: EvidenceScale
    /// Fewest groups in each arm of a trial in groups before the review lead must give a reason.
    public var fewestClusters: Int
    /// The share by which the entered smallest detectable effect may differ from the computed one.
    public var detectableEffectTolerance: Double
    /// Fewest people in each group for a level of 2.
    public var smallestArm: Int
    /// Most attrition for a level of 2.
    public var mostAttrition: Double
    /// Differences in attrition between groups above which a result is treated with caution.
    public var differentialAttrition: Double
    /// Strength of method from which a study is rigorous, for levels of 3 and 4.
    public var rigorousMethod = 4
    /// How long, in months, one of the studies behind a level of 4 follows people.
    public var longFollowUp = 12

    /// The thresholds unless an installation sets others. [K] thresholds of the padlock and the level; [D] the others.
    public static let standard = EvidenceThresholds(
        detectableEffect: EvidenceScale(
            [
                .init(0.2, gives: 5), .init(0.3, gives: 4), .init(0.4, gives: 3), .init(0.5, gives: 2),
                .init(0.6, gives: 1),
            ],
            includesBound: false, source: "Education Endowment Foundation pattern [K]"),
        attrition: EvidenceScale(
            [
                .init(0.1, gives: 5), .init(0.2, gives: 4), .init(0.3, gives: 3), .init(0.4, gives: 2),
                .init(0.5, gives: 1),
            ],
            includesBound: true, source: "Education Endowment Foundation pattern [K]"),
        fewestClusters: 8, detectableEffectTolerance: 0.05, smallestArm: 20, mostAttrition: 0.4,
        differentialAttrition: 0.05)
}

/// A weakness of a study that was found in review.
public struct ValidityThreat: Hashable, Sendable, Codable {
    /// How grave it is.
    public enum Level: String, Sendable, CaseIterable, Codable { case low, moderate, high }
    /// Which way it may have moved the result.
    public enum Bias: String, Sendable, CaseIterable, Codable { case unknown, opposite, same }

    /// How grave it is.
    public let level: Level
    /// Which way it may have moved the result.
    public let bias: Bias

    /// A threat with its weight.
    public init(_ level: Level, bias: Bias = .unknown) {
        self.level = level
        self.bias = bias
    }
}

/// How far a study's result can be trusted. These are proposals by rule; a panel agrees or departs from them with a
/// reason. They measure confidence, never size or success: a null result of a strong trial is secure.
public enum EvidenceSecurity {
    /// The padlock from 0 to 5: the lowest of design, detectable effect and attrition, less up to two for threats to
    /// validity. Nil while a figure that it needs is missing.
    public static func padlock(
        design: Int, smallestDetectableEffect: Double?, attrition: Double?, threats: [ValidityThreat] = [],
        thresholds: EvidenceThresholds = .standard
    ) -> Int? {
        guard let effect = smallestDetectableEffect, let attrition else { return nil }
        let start = min(
            designPoints(design), thresholds.detectableEffect.points(effect), thresholds.attrition.points(attrition))
        return max(0, start - drop(threats))
    }

    /// Points for the design: as on the Maryland scale, where before and after alone bears none.
    public static func designPoints(_ sms: Int) -> Int { sms <= 1 ? 0 : min(sms, 5) }

    /// How many points threats to validity cost, at most two.
    public static func drop(_ threats: [ValidityThreat]) -> Int {
        let high = threats.count { $0.level == .high }
        let moderate = threats.filter { $0.level == .moderate }
        let sameWay = moderate.count { $0.bias == .same }
        if high >= 2 || (high == 1 && moderate.count >= 2) || moderate.count > 4 || sameWay > 2 { return 2 }
        return high == 1 || sameWay > 0 || moderate.count > 2 ? 1 : 0
    }

    /// The Maryland scale that a report reached: what its design allows, and no more than its comparator bears.
    public static func sms(design: EvaluationDesign?, comparator: EvaluationComparator?, wellImplemented: Bool = true)
        -> Int
    {
        guard let design, let comparator else { return 1 }
        let ceiling = min(design.highestSMS, comparator.highestSMS)
        return ceiling == 5 && !wellImplemented ? 4 : ceiling
    }
}

/// The level of evidence that studies of one practice bear, after the published standards of evidence.
public enum EvidenceLevel: String, Sendable, CaseIterable, Codable {
    /// A robust study found no benefit.
    case noEffect = "NE"
    /// No level two yet.
    case notLevelTwo = "NL2"
    case two = "2"
    case twoPlus = "2+"
    case three = "3"
    case threePlus = "3+"
    case four = "4"
    case fourPlus = "4+"

    /// One study, as far as the level looks at it.
    public struct Study: Hashable, Sendable {
        /// Achieved on the Maryland scale.
        public let sms: Int
        /// Of its primary outcome.
        public let direction: ResultDirection
        /// People in the smaller group at the end.
        public let smallestArm: Int
        /// From 0 to 1.
        public let attrition: Double
        /// How long after the start the outcome was measured.
        public let followUpMonths: Int

        /// A study with its figures.
        public init(sms: Int, direction: ResultDirection, smallestArm: Int, attrition: Double, followUpMonths: Int) {
            self.sms = sms
            self.direction = direction
            self.smallestArm = smallestArm
            self.attrition = attrition
            self.followUpMonths = followUpMonths
        }
    }

    /// The level proposed by rule. Plus levels are a panel's judgement and never proposed.
    public static func proposed(_ studies: [Study], thresholds: EvidenceThresholds = .standard) -> EvidenceLevel {
        let sound = studies.filter {
            $0.smallestArm >= thresholds.smallestArm && $0.attrition <= thresholds.mostAttrition
        }
        let rigorous = sound.filter { $0.sms >= thresholds.rigorousMethod }
        let good = rigorous.filter { $0.direction == .positive }
        if good.isEmpty, rigorous.contains(where: { [.null, .negative].contains($0.direction) }) { return .noEffect }
        if good.count >= 2, good.contains(where: { $0.followUpMonths >= thresholds.longFollowUp }) { return .four }
        if !good.isEmpty { return .three }
        return sound.contains { $0.direction == .positive && $0.sms >= 2 } ? .two : .notLevelTwo
    }
}
