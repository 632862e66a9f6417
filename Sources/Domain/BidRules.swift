/// What must be true of a bid before it moves.
public enum BidRules {
    /// Most characters of a title.
    public static let longestTitle = 140
    /// Most characters of a summary.
    public static let longestSummary = 1000

    /// Whether the other side may not yet open a bid. Content is sealed until the round has closed, and what was never
    /// submitted stays with its authority for good.
    public static func isSealed(_ bid: Bid, round: Round.State) -> Bool {
        isSealed(bid.state, contentVersion: bid.contentVersion, round: round)
    }

    /// The same for a bid of which only the state and the number of the submitted version are known.
    public static func isSealed(_ state: Bid.State, contentVersion: Int, round: Round.State) -> Bool {
        switch round {
        case .draft, .approved, .scheduled, .open, .cancelled: return true
        case .closed, .appraising, .decided, .announced: break
        }
        switch state {
        case .draft, .inCertification, .notSubmitted: return true
        case .withdrawn: return contentVersion == 0
        case .submitted, .eligibilityCheck, .eligible, .ineligible, .appraised, .approvedForOffer, .reserve, .declined,
            .offered:
            return contentVersion == 0
        }
    }

    /// Most characters of the reason for which an auditor opens a sealed bid; the database asks for the same.
    public static let longestSealedReadingReason = 2000

    /// Why an auditor opens a sealed bid: as long as any reason, and short enough for the record.
    public static func sealedReadingReason(_ reason: String) -> Refusal? {
        if let refusal = Rules.reason(reason) { return refusal }
        return Rules.tooLong(reason, "reason", "reason", longestSealedReadingReason).map { .invalid([$0]) }
    }

    /// A bid is edited only while it is a draft.
    public static func editable(_ state: Bid.State) -> Refusal? {
        guard state != .draft else { return nil }
        let advice: String =
            switch state {
            case .inCertification: "Ask a certifier to send it back."
            case .submitted: "Ask a certifier to reopen it while the round is open."
            default: "Its text stays as it is."
            }
        return Refusal(.conflict, code: "bid_not_draft", "A bid is changed only while it is a draft. \(advice)")
    }

    /// A submission counts only while the round is open: at the opening second, and not at the closing one.
    public static func roundOpen(_ round: Round, at now: Instant) -> Refusal? {
        round.isOpen(at: now) ? nil : RoundRules.notOpen
    }

    /// A new bid's title.
    public static func titleProblems(_ title: String) -> [FieldProblem] {
        var problems = Problems()
        problems.text(title, "title", "Enter a title for the bid.")
        problems.length(title, "title", "title", longestTitle)
        return problems.found
    }

    /// The statement that the certifier agrees to, by its edition.
    public static func declarationProblems(_ version: String) -> [FieldProblem] {
        version == Declaration.version
            ? []
            : [
                FieldProblem(
                    "declaration",
                    "Read the declaration of today (version \(Declaration.version)) and confirm it before you submit.")
            ]
    }

    /// Whether somebody may certify: they edited nothing of this version, and not last either.
    public static func certifier(_ person: PersonID, bid: Bid, ledger: [Duty.Performed]) -> Refusal? {
        if bid.lastEditor == person { return Duty.refusal(already: .wrote, new: .certified) }
        return Duty.check(.certified, by: person, version: bid.contentVersion + 1, ledger: ledger)
    }

    /// Whether a bid may be found eligible: rules were checked, and each is met.
    public static func rulesPassed(_ passed: [Bool]) -> Refusal? {
        let unmet = passed.filter { !$0 }.count
        if passed.isEmpty {
            return Refusal(.conflict, code: "rules_unchecked", "Check the eligibility rules of this bid first.")
        }
        guard unmet > 0 else { return nil }
        return Refusal(
            .conflict, code: "rules_unmet",
            "\(Rules.counted(unmet, "eligibility rule")) \(unmet == 1 ? "is" : "are") not met, "
                + "so this bid cannot be found eligible. Look at the findings.")
    }

    /// The same, naming what is not met.
    public static func rulesPassed(_ findings: [EligibilityFinding]) -> Refusal? {
        let unmet = findings.filter { !$0.passed }
        guard !unmet.isEmpty else { return rulesPassed(findings.map(\.passed)) }
        return Refusal(
            .conflict, code: "rules_unmet",
            "This bid cannot be found eligible. Not met: \(unmet.map(\.sentence).joined(separator: " "))")
    }

    /// Ineligibility needs two officers: the one who checked does not also find.
    public static func secondOfficer(_ person: PersonID, checker: PersonID?) -> Refusal? {
        guard let checker else {
            return Refusal(.conflict, code: "rules_unchecked", "Check the eligibility rules of this bid first.")
        }
        return person == checker
            ? Refusal(
                .forbidden, code: "second_officer",
                "You checked this bid, so a second officer must find it ineligible. Ask another programme officer.")
            : nil
    }
}

extension Bid {
    /// The number that the version being drafted will have: duties of writing and certifying are recorded for it.
    public var draftVersion: Int { contentVersion + 1 }
}

/// What a complete bid is held against: the registry of indicators, and the limits of its round.
public struct BidNeeds: Hashable, Sendable {
    /// Indicators that bids choose from, by code.
    public let indicators: [String: Indicator]
    /// Least that may be asked for.
    public let minimum: Money?
    /// Most that may be asked for.
    public let maximum: Money?
    /// Financial years in which the programme has money; empty when any will do.
    public let years: [FinancialYear]
    /// Largest share of the request for contingency, per cent.
    public let contingencyPercent: Int
    /// Largest share of the request for overheads, per cent.
    public let overheadPercent: Int

    /// Needs with their parts; the shares are defaults that an installation may change.
    public init(
        indicators: [Indicator], minimum: Money? = nil, maximum: Money? = nil, years: [FinancialYear] = [],
        contingencyPercent: Int = 5, overheadPercent: Int = 15
    ) {
        self.indicators = Dictionary(indicators.map { ($0.code, $0) }) { first, _ in first }
        self.minimum = minimum
        self.maximum = maximum
        self.years = years
        self.contingencyPercent = contingencyPercent
        self.overheadPercent = overheadPercent
    }

    /// The needs of bids in a round.
    public init(indicators: [Indicator], round: Round.Content, years: [FinancialYear] = []) {
        self.init(indicators: indicators, minimum: round.minimumAward, maximum: round.maximumAward, years: years)
    }
}
