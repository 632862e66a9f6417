/// What must be true of a roll-out decision: it says what it rests on, and what will follow where that falls short.
public enum AdoptionDecisionRules {
    /// What was known of the evidence at one moment.
    public struct Standing: Hashable, Sendable {
        /// The level of the rating in force; nil when the practice is not rated.
        public let level: EvidenceLevel?
        /// Its strength of method.
        public let sms: Int?
        /// Whether enough strong studies found the practice to work.
        public let replicated: Bool

        /// A standing with its parts.
        public init(level: EvidenceLevel?, sms: Int?, replicated: Bool) {
            self.level = level
            self.sms = sms
            self.replicated = replicated
        }

        /// Nothing is rated.
        public static let unrated = Standing(level: nil, sms: nil, replicated: false)
    }

    /// Why the evidence does not bear a recommendation; nil when it does. Only scaling asks for more than being cited.
    public static func shortfall(
        _ recommendation: AdoptionDecision.Recommendation, _ standing: Standing, standard: EvidenceStandard = .standard
    ) -> String? {
        guard recommendation == .scale else { return nil }
        if standing.replicated { return nil }
        if let level = standing.level, level.rank >= standard.level.rank { return nil }
        let now = standing.level.map { "It is rated \($0.rawValue)" } ?? "It is not rated"
        return "Scaling needs level \(standard.level.rawValue) or more, or \(standard.studies) studies of strength "
            + "\(standard.sms) or more that found it to work. \(now)."
    }

    /// What keeps an option from being written down.
    public static func problems(_ content: AdoptionDecision.Content) -> [FieldProblem] {
        var problems = Problems()
        problems.text(content.title, "title", "Enter the option in a line.")
        problems.length(content.title, "title", "option", 140)
        problems.text(content.question, "question", "Enter the question that is to be decided.")
        problems.length(content.question, "question", "question", 2000)
        problems.length(content.equity, "equity", "text on equity")
        problems.need(
            content.expectedCost.map { ProgrammeRules.isStorable($0) } ?? true, "expectedCost",
            "Enter the cost in pounds, or leave it blank.")
        problems.need(
            content.reachAuthorities.map { (0...500).contains($0) } ?? true, "reachAuthorities",
            "Enter how many authorities it would reach, at most 500.")
        return problems.found
    }

    /// What keeps a recommendation from being made. `pack` is what was assembled; `shortfall` why scaling is short, if it is.
    public static func problems(
        _ advice: AdoptionDecision.Advice, content: AdoptionDecision.Content, pack: [DecisionEvidenceID],
        shortfall: String?, on today: Day
    ) -> [FieldProblem] {
        var problems = Problems()
        problems.need(advice.recommendation != nil, "recommendation", "Choose what you recommend.")
        problems.need(
            advice.reason.trimmed.count >= Rules.shortestReason, "reason",
            "Say in at least \(Rules.shortestReason) characters why you recommend it.")
        problems.length(advice.reason, "reason", "reason")
        problems.need(
            !advice.citations.isEmpty, "citations",
            "Cite at least one item of the evidence pack. A decision that rests on nothing cannot be recorded.")
        problems.need(
            Set(advice.citations.map(\.evidence)).count == advice.citations.count
                && advice.citations.allSatisfy { pack.contains($0.evidence) }, "citations",
            "Cite each item once, from the pack as it stands now.")
        for (index, citation) in advice.citations.enumerated() {
            problems.length(citation.note, "citations.\(index).note", "note", 2000)
        }
        problems.length(advice.externalReference, "externalReference", "reference", 140)
        if advice.recommendation == .scale {
            problems.need(
                content.expectedCost != nil && content.reachAuthorities != nil, "recommendation",
                "Say what it would cost and how many authorities it would reach before you recommend to scale it.")
        }
        if let shortfall {
            problems.add(overrideProblems(advice.override, shortfall: shortfall, on: today))
        } else {
            problems.need(
                advice.override == nil, "override",
                "The evidence bears this recommendation, so it needs no override. Leave those answers out.")
        }
        return problems.found
    }

    private static func overrideProblems(
        _ override: AdoptionDecision.Override?, shortfall: String, on today: Day
    ) -> [FieldProblem] {
        guard let override else {
            return [
                FieldProblem(
                    "override",
                    "\(shortfall) Recommend something else, or go ahead with an override: why, which evidence will follow and by when, and a stop rule."
                )
            ]
        }
        var problems = Problems()
        let least = Rules.shortestReason
        problems.need(
            override.reason.trimmed.count >= least, "overrideReason",
            "Say in at least \(least) characters why it goes ahead although the evidence is short.")
        problems.need(
            override.evidenceToFollow.trimmed.count >= least, "evidenceToFollow",
            "Say in at least \(least) characters which evidence will follow.")
        problems.need(
            override.evidenceDue.map { $0 > today } ?? false, "evidenceDue",
            "Enter by when the evidence will be there, a day to come.")
        problems.need(
            override.stopRule.trimmed.count >= least, "stopRule",
            "Say in at least \(least) characters what will make it stop.")
        problems.length(override.reason, "overrideReason", "reason")
        problems.length(override.evidenceToFollow, "evidenceToFollow", "text")
        problems.length(override.stopRule, "stopRule", "stop rule")
        return problems.found
    }

    /// Whoever ran an award behind the practice may recommend, but not alone.
    public static func needsSecond(_ recommender: PersonID, ledger: [Duty.Performed]) -> Bool {
        ledger.contains { $0.person == recommender && [.prepared, .signed, .verified].contains($0.duty) }
    }

    /// Whether this person may second: somebody else, who did not run an award behind the practice either.
    public static func second(
        _ decision: AdoptionDecision, by person: PersonID, ledger: [Duty.Performed]
    ) -> Refusal? {
        if decision.recommender == person || needsSecond(person, ledger: ledger) {
            return Refusal(
                .forbidden, code: "not_a_second",
                "A recommendation is seconded by somebody else, who did not run an award behind the practice.")
        }
        guard decision.state == .recommended, decision.second == nil else {
            return Refusal(.conflict, code: "not_waiting", "This recommendation is not waiting for a second.")
        }
        return Duty.check(.recommendedRollOut, by: person, ledger: ledger)
    }

    /// Whether this person may approve: with no part in the recommendation, and a second where one is needed.
    public static func approval(
        _ decision: AdoptionDecision, by person: PersonID, ledger: [Duty.Performed]
    ) -> Refusal? {
        if decision.recommender == person || decision.second == person {
            return Duty.refusal(already: .recommendedRollOut, new: .approvedRollOut)
        }
        if let refusal = Duty.check(.approvedRollOut, by: person, ledger: ledger) { return refusal }
        if let recommender = decision.recommender, needsSecond(recommender, ledger: ledger), decision.second == nil {
            return Refusal(
                .conflict, code: "second_needed",
                "Whoever managed the award cannot recommend alone. Ask a colleague who did not to second it first.")
        }
        return nil
    }
}
