/// One check of a return, as the catalogue has it: data, so that a fund can soften or harden it without a release.
public struct ReturnRule: Hashable, Sendable {
    /// Permanent code.
    public let code: Code
    /// How hard it is.
    public let severity: Severity
    /// The number that it goes by, where it has one.
    public let number: ExactDecimal?
    /// What it says; `{name}` stands for a value.
    public let sentence: String
    /// How to put it right.
    public let fix: String

    /// A rule with its parts.
    public init(code: Code, severity: Severity, number: ExactDecimal? = nil, sentence: String, fix: String) {
        self.code = code
        self.severity = severity
        self.number = number
        self.sentence = sentence
        self.fix = fix
    }

    /// How hard a rule is. A new one begins as beta, warns, and then blocks.
    public enum Severity: String, Sendable, CaseIterable, Codable {
        /// Only counted and shown.
        case beta
        /// Wants a reason.
        case soft
        /// Blocks.
        case hard
    }

    /// What is checked. The catalogue has a row for each.
    public enum Code: String, Sendable, CaseIterable, Codable {
        case valueOrReason = "value_or_reason", numberReadable = "number_readable", countsTogether = "counts_together",
            valueAndReason = "value_and_reason", numeratorWithinDenominator = "numerator_within_denominator",
            denominatorPositive = "denominator_positive", percentWithinRange = "percent_within_range",
            valueAgrees = "value_agrees", plausibleBand = "plausible_band", definitionBand = "definition_band",
            changedMuch = "changed_much", smallNumbers = "small_numbers"
        case reachedAtLeastTarget = "reached_at_least_target", reachGiven = "reach_given"
        case spendGiven = "spend_given", spendToDateMonotone = "spend_to_date_monotone", spendAddsUp = "spend_adds_up",
            forecastCoversSpend = "forecast_covers_spend", varianceExplained = "variance_explained"
        case milestoneComplete = "milestone_complete", milestoneCodeOnce = "milestone_code_once", riskComplete =
            "risk_complete"
        case evaluatorAccessSaid = "evaluator_access_said", evaluatorWithoutAccess = "evaluator_without_access"
    }
}

/// What one rule found at one field.
public struct ReturnFinding: Hashable, Sendable {
    /// Which rule.
    public let rule: ReturnRule.Code
    /// How hard it is.
    public let severity: ReturnRule.Severity
    /// Dotted path of the field; also the id of the input, and of the row of the sheet.
    public let field: String
    /// What is so.
    public let sentence: String
    /// What to do.
    public let fix: String
    /// The reason that was given for it, if any.
    public let reason: String?

    /// A finding with its parts.
    public init(
        rule: ReturnRule.Code, severity: ReturnRule.Severity, field: String, sentence: String, fix: String,
        reason: String? = nil
    ) {
        self.rule = rule
        self.severity = severity
        self.field = field
        self.sentence = sentence
        self.fix = fix
        self.reason = reason
    }

    /// Whether certification cannot go on with it.
    public var blocks: Bool {
        switch severity {
        case .hard: true
        case .soft: reason == nil
        case .beta: false
        }
    }

    /// As a problem of its field.
    public var problem: FieldProblem { FieldProblem(field, "\(sentence) \(fix)") }

    /// The section that it is about.
    public var section: ReturnSection? {
        field.split(separator: ".").first.flatMap { ReturnSection(rawValue: String($0)) }
    }
}

/// One indicator that a return must report, as it was defined when the return was planned.
public struct ReturnIndicator: Hashable, Sendable {
    /// Code.
    public let code: String
    /// Which definition.
    public let version: Int
    /// As people read it.
    public let name: String
    /// What is counted.
    public let numerator: String
    /// Among whom; empty for a plain count.
    public let denominator: String
    /// What a value counts.
    public let unit: Indicator.Unit
    /// Decimal places.
    public let decimals: Int
    /// What the quotient is multiplied by; 0 where the value is entered itself.
    public let scale: Int
    /// Counts below this, but not nought, are small.
    public let threshold: Int
    /// The plausible band of the definition.
    public let plausible: (low: ExactDecimal?, high: ExactDecimal?)
    /// How authorities differ: mean and standard deviation of their newest figures.
    public let spread: (mean: ExactDecimal, deviation: ExactDecimal)?
    /// Whether it is a primary outcome of the award.
    public let isPrimary: Bool

    /// An indicator with its parts.
    public init(
        code: String, version: Int, name: String, numerator: String, denominator: String, unit: Indicator.Unit,
        decimals: Int,
        scale: Int, threshold: Int = 5, plausible: (low: ExactDecimal?, high: ExactDecimal?) = (nil, nil),
        spread: (mean: ExactDecimal, deviation: ExactDecimal)? = nil, isPrimary: Bool = false
    ) {
        self.code = code
        self.version = version
        self.name = name
        self.numerator = numerator
        self.denominator = denominator
        self.unit = unit
        self.decimals = decimals
        self.scale = scale
        self.threshold = threshold
        self.plausible = plausible
        self.spread = spread
        self.isPrimary = isPrimary
    }

    /// Whether the figure is worked out from two counts.
    public var hasCounts: Bool { scale > 0 }

    /// By definition: code and version.
    public static func == (left: ReturnIndicator, right: ReturnIndicator) -> Bool {
        left.code == right.code && left.version == right.version
    }

    /// By definition.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(version)
    }
}

/// What a return is held against.
public struct ReturnNeeds: Sendable {
    /// What must be reported.
    public let indicators: [ReturnIndicator]
    /// The catalogue.
    public let rules: [ReturnRule.Code: ReturnRule]
    /// The period of this return, as people say it.
    public let period: String
    /// What the award comes to.
    public let award: Money?
    /// The newest earlier return that was certified.
    public let last: Last?

    /// Needs with their parts.
    public init(indicators: [ReturnIndicator], rules: [ReturnRule], period: String, award: Money?, last: Last?) {
        self.indicators = indicators
        self.rules = Dictionary(rules.map { ($0.code, $0) }) { first, _ in first }
        self.period = period
        self.award = award
        self.last = last
    }

    /// What was reported before.
    public struct Last: Hashable, Sendable {
        /// Its period, as people say it.
        public let period: String
        /// Figures by indicator.
        public let values: [String: ExactDecimal]
        /// Spend from the start to its end.
        public let spendToDate: Money?

        /// An earlier return with its parts.
        public init(period: String, values: [String: ExactDecimal], spendToDate: Money?) {
            self.period = period
            self.values = values
            self.spendToDate = spendToDate
        }
    }
}
