/// Grades of an inspection of children's services, from worst to best. Raw values are those of the statistics.
public enum OfstedGrade: String, Sendable, CaseIterable, Comparable, Codable {
    case inadequate = "Inadequate"
    case requiresImprovement = "Requires improvement to be good"
    case good = "Good"
    case outstanding = "Outstanding"

    /// Worse before better.
    public static func < (left: OfstedGrade, right: OfstedGrade) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }

    /// The values that a rule "at least this grade" lists.
    public static func atLeast(_ grade: OfstedGrade) -> [String] { allCases.filter { $0 >= grade }.map(\.rawValue) }
}

/// What is known of a bid and its lead organisation on one day: all that rules may look at.
public struct EligibilityFacts: Hashable, Sendable {
    /// The lead organisation.
    public let organisation: Organisation
    /// Its dated facts as they stood on the day; a fact that had no value is not here.
    public let values: [OrganisationFact: Dated]
    /// The sum asked for.
    public let requested: Money?
    /// Whether the partners named have signed off; nil when unanswered.
    public let partnersSignedOff: Bool?
    /// The day: the last day of the round.
    public let asAt: Day

    /// A fact's value, since when, and who says so.
    public struct Dated: Hashable, Sendable {
        /// The value on the day.
        public let value: String
        /// First day on which it held.
        public let validFrom: Day
        /// Where it comes from.
        public let source: String

        /// A value with its evidence.
        public init(value: String, validFrom: Day, source: String) {
            self.value = value
            self.validFrom = validFrom
            self.source = source
        }
    }

    /// Facts as at a day.
    public init(
        organisation: Organisation, values: [OrganisationFact: Dated], requested: Money?, partnersSignedOff: Bool?,
        asAt: Day
    ) {
        self.organisation = organisation
        self.values = values
        self.requested = requested
        self.partnersSignedOff = partnersSignedOff
        self.asAt = asAt
    }
}

/// What was found on one rule, with what the finding rests on.
public struct EligibilityFinding: Hashable, Sendable {
    /// The rule.
    public let code: String
    /// The rule as applicants read it.
    public let sentence: String
    /// Whether it is met.
    public let passed: Bool
    /// What was so on the day, in words; at most 500 characters.
    public let evidence: String
    /// The day.
    public let asAt: Day
    /// The conditions within the rule that are not met, each by name.
    public let unmet: [String]
}

/// Evaluates eligibility rules: deterministic, as at a day, each finding with its evidence.
public enum EligibilityRules {
    /// Most characters of evidence that are kept.
    public static let longestEvidence = 500
    /// How deep rules may nest.
    public static let deepestRule = 6

    /// Every rule, in order.
    public static func evaluate(_ rules: [EligibilityRule], _ facts: EligibilityFacts) -> [EligibilityFinding] {
        rules.map { evaluate($0, facts) }
    }

    /// One rule.
    public static func evaluate(_ rule: EligibilityRule, _ facts: EligibilityFacts) -> EligibilityFinding {
        let answer = answer(rule.predicate, facts)
        let text = answer.evidence.joined(separator: " ")
        let evidence =
            text.unicodeScalars.count <= longestEvidence
            ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(longestEvidence - 1))) + "…"
        return EligibilityFinding(
            code: rule.code, sentence: rule.sentence, passed: answer.holds, evidence: evidence, asAt: facts.asAt,
            unmet: answer.unmet)
    }

    /// What is wrong with a rule as such: empty lists and too much nesting.
    static func predicateProblems(_ predicate: EligibilityPredicate, _ field: String, depth: Int = 1) -> [FieldProblem]
    {
        guard depth <= deepestRule else {
            return [FieldProblem(field, "Nest conditions at most \(deepestRule) levels deep.")]
        }
        switch predicate {
        case .organisationKind(let kinds):
            return kinds.isEmpty ? [FieldProblem(field, "Choose at least one kind of organisation.")] : []
        case .factIn(_, let values):
            return values.isEmpty ? [FieldProblem(field, "Give at least one value that is acceptable.")] : []
        case .all(let rules), .any(let rules):
            guard !rules.isEmpty else { return [FieldProblem(field, "Give at least one condition.")] }
            return rules.flatMap { predicateProblems($0, field, depth: depth + 1) }
        case .not(let rule): return predicateProblems(rule, field, depth: depth + 1)
        case .organisationActive, .factAbsent, .requestedAtLeast, .requestedAtMost, .partnersSignedOff: return []
        }
    }

    private struct Answer {
        var holds: Bool
        var evidence: [String]
        var unmet: [String]

        init(_ holds: Bool, _ evidence: String, _ condition: String) {
            self.holds = holds
            self.evidence = [evidence]
            unmet = holds ? [] : [condition]
        }
    }

    private static func answer(_ predicate: EligibilityPredicate, _ facts: EligibilityFacts) -> Answer {
        let name = facts.organisation.name
        let day = facts.asAt.spoken
        switch predicate {
        case .organisationKind(let kinds):
            return Answer(
                kinds.contains(facts.organisation.kind),
                "The kind of \(name) on \(day) was \(words(facts.organisation.kind.rawValue)).",
                "The lead organisation is one of: \(kinds.map { words($0.rawValue) }.joined(separator: ", ")).")
        case .organisationActive:
            let active = facts.organisation.isActive(on: facts.asAt)
            return Answer(
                active, "\(name) \(active ? "existed" : "did not exist") on \(day).", "The lead organisation exists.")
        case .factIn(let fact, let values):
            return Answer(
                facts.values[fact].map { values.contains($0.value) } ?? false, evidence(fact, facts),
                "\(fact.label) is one of: \(values.joined(separator: ", ")).")
        case .factAbsent(let fact):
            return Answer(facts.values[fact] == nil, evidence(fact, facts), "There is no \(fact.noun).")
        case .requestedAtLeast(let least):
            return Answer(
                facts.requested.map { $0 >= least } ?? false, asked(facts), "The sum asked for is at least \(least).")
        case .requestedAtMost(let most):
            return Answer(
                facts.requested.map { $0 <= most } ?? false, asked(facts), "The sum asked for is at most \(most).")
        case .partnersSignedOff:
            let signed = facts.partnersSignedOff == true
            return Answer(
                signed, "The bid \(signed ? "says" : "does not say") that its partners have signed off.",
                "The partners have signed off.")
        case .all(let rules): return join(rules.map { answer($0, facts) }) { $0.allSatisfy(\.holds) }
        case .any(let rules): return join(rules.map { answer($0, facts) }) { $0.contains(where: \.holds) }
        case .not(let rule):
            let inner = answer(rule, facts)
            var result = Answer(!inner.holds, "", "It must not be so: \(inner.evidence.joined(separator: " "))")
            result.evidence = inner.evidence
            return result
        }
    }

    private static func join(_ answers: [Answer], _ holds: ([Answer]) -> Bool) -> Answer {
        var result = Answer(holds(answers), "", "")
        result.evidence = answers.flatMap(\.evidence)
        result.unmet = result.holds ? [] : answers.flatMap(\.unmet)
        return result
    }

    private static func evidence(_ fact: OrganisationFact, _ facts: EligibilityFacts) -> String {
        guard let dated = facts.values[fact] else {
            return "\(facts.organisation.name) had no \(fact.noun) on \(facts.asAt.spoken)."
        }
        return "\(fact.label) of \(facts.organisation.name) on \(facts.asAt.spoken) was \(dated.value) "
            + "(since \(dated.validFrom.spoken); \(dated.source))."
    }

    private static func asked(_ facts: EligibilityFacts) -> String {
        facts.requested.map { "The bid asks for \($0)." } ?? "The bid does not say how much it asks for."
    }

    private static func words(_ code: String) -> String { Workflow.words(code) }
}

extension OrganisationFact {
    /// As people say it.
    public var label: String {
        switch self {
        case .gssCode: "GSS code"
        case .laType: "Type of authority"
        case .region: "Region"
        case .subRegion: "Sub-region"
        case .ofstedOverall: "Ofsted overall grade"
        case .section114: "Section 114 notice"
        }
    }

    /// The same within a sentence.
    var noun: String {
        switch self {
        case .gssCode, .ofstedOverall: label
        case .laType: "type of authority"
        case .region: "region"
        case .subRegion: "sub-region"
        case .section114: "section 114 notice"
        }
    }
}
