public import Domain

/// The reports that there are; the number is that of the catalogue of views.
public enum ReportCode: String, Sendable, CaseIterable, Codable {
    /// The four tests.
    case r01
    /// Commitment and spend.
    case r02
    /// Money to evaluation.
    case r03
    /// Compliance with delegated limits and consent.
    case r11
    /// Segregation of duties.
    case r12
    /// Timeliness of returns.
    case r18
    /// Completeness of outcome data.
    case r19
    /// Evaluation built in at award.
    case r21
    /// Pre-registration.
    case r22
    /// Outcomes reported.
    case r27
    /// Direction of results.
    case r28
    /// Publication.
    case r29
    /// Outcomes beside statistical neighbours.
    case r36
    /// Pooled outcome.
    case r37
    /// Evidence and roll-out decisions.
    case r41
    /// Adoption ladder.
    case r44
    /// Change in evaluative capacity.
    case r49
    /// My authority.
    case r55
    /// The audit trail.
    case r59

    /// What it is made of.
    public var definition: ReportDefinition {
        switch self {
        case .r01: .scorecard
        case .r02: .commitmentSpend
        case .r03: .moneyToEvaluation
        case .r11: .delegatedLimits
        case .r12: .segregation
        case .r18: .returnTimeliness
        case .r19: .dataCompleteness
        case .r21: .evaluationBuiltIn
        case .r22: .preRegistration
        case .r27: .outcomesReported
        case .r28: .directionOfResults
        case .r29: .publication
        case .r36: .trendAgainstNeighbours
        case .r37: .pooledOutcome
        case .r41: .decisionLog
        case .r44: .adoptionLadder
        case .r49: .capacityChange
        case .r55: .myAuthority
        case .r59: .auditTrail
        }
    }

    /// As a page is headed.
    public var title: String { definition.title }

    /// What it answers.
    public var question: String { definition.question }

    /// What somebody must be allowed to run it.
    public var action: Action { definition.action }

    /// The filters that it knows.
    public var filters: [String] { definition.filters }
}
