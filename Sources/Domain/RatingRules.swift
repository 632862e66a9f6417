/// What the rules make of the reports on a practice. A proposer starts from it, a panel agrees or departs with a reason.
public struct RatingProposal: Hashable, Sendable, Codable {
    /// Strength of method of the strongest study.
    public var sms: Int
    /// Padlocks of the strongest study; 0 where a figure that it needs is missing.
    public var padlock: Int
    /// Level of evidence of all studies together.
    public var level: EvidenceLevel
    /// What the strongest studies say together.
    public var direction: ResultDirection
    /// Whether all studies say the same.
    public var consistency: EvidenceRating.Consistency
    /// Whether enough strong studies found it to work.
    public var replicated: Bool
    /// By the thresholds in force; nil where the cost is not known.
    public var costBand: Int?
    /// How each was arrived at, a sentence each.
    public var because: [String]
}

/// From which evidence on a decision to scale needs no override. Rows of `setting`, with their source.
public struct EvidenceStandard: Hashable, Sendable {
    /// The level that suffices.
    public var level: EvidenceLevel
    /// Strength of method from which a study counts towards replication.
    public var sms: Int
    /// So many such studies with a positive result are a replication.
    public var studies: Int

    /// The defaults of this product.
    public static let standard = EvidenceStandard(level: .three, sms: 3, studies: 2)

    /// A standard with its parts.
    public init(level: EvidenceLevel, sms: Int, studies: Int) {
        self.level = level
        self.sms = sms
        self.studies = studies
    }
}

extension EvidenceLevel {
    /// Its place in the order from “no benefit found” to “4+”.
    public var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// What it means, for everybody.
    public var sentence: String {
        switch self {
        case .noEffect: "A strong study looked for a benefit and found none."
        case .notLevelTwo: "There is no study yet that can say whether it works."
        case .two: "There are first signs that it works. They do not prove that it is the cause."
        case .twoPlus: "There are good signs that it works, from more than the least that is asked."
        case .three: "One strong study found that it works."
        case .threePlus: "One strong study found that it works, and there is more to support it."
        case .four: "Two or more strong studies found that it works, one of them over a year or longer."
        case .fourPlus: "Several strong studies found that it works, over the long term and in different places."
        }
    }
}

/// Rating the evidence on a practice.
public enum RatingRules {
    /// Band of a cost in pounds: the first whose bound it stays below, else the one after the last. `bounds` lowest first.
    public static func costBand(_ cost: Money?, bounds: [Money]) -> Int? {
        guard let cost else { return nil }
        return (bounds.firstIndex { cost < $0 } ?? bounds.count) + 1
    }

    /// The proposal by rule; nil when no report is published, because then there is nothing to rate.
    public static func propose(
        _ studies: [RatedStudy], unitCost: Money?, costBounds: [Money], thresholds: EvidenceThresholds = .standard,
        standard: EvidenceStandard = .standard
    ) -> RatingProposal? {
        guard !studies.isEmpty else { return nil }
        let rated = studies.map { ($0, sms($0), padlock($0, thresholds)) }
        let best = rated.max { ($0.1, $0.2 ?? -1) < ($1.1, $1.2 ?? -1) } ?? rated[0]
        let strong = studies.filter { sms($0) >= standard.sms }
        let speaking = (strong.isEmpty ? studies : strong).compactMap(\.direction)
        let directions = Set(studies.compactMap(\.direction))
        let replications = strong.count { $0.direction == .positive }
        let level = EvidenceLevel.proposed(studies.compactMap(study), thresholds: thresholds)
        return RatingProposal(
            sms: best.1, padlock: best.2 ?? 0, level: level,
            direction: ResultDirection.of(speaking) ?? .uninformative,
            consistency: studies.count == 1 ? .single : directions.count <= 1 ? .consistent : .inconsistent,
            replicated: replications >= standard.studies, costBand: costBand(unitCost, bounds: costBounds),
            because: reasons(studies, best: best, strong: strong.count, replications: replications, standard))
    }

    private static func reasons(
        _ studies: [RatedStudy], best: (RatedStudy, Int, Int?), strong: Int, replications: Int,
        _ standard: EvidenceStandard
    ) -> [String] {
        var reasons = [
            "\(Rules.counted(studies.count, "published report")) \(studies.count == 1 ? "speaks" : "speak") about the practice.",
            "The strongest method is \(best.1) of 5, in \(best.0.reference).",
            best.2.map { "That study has \(Rules.counted($0, "padlock"))." }
                ?? "Its padlocks cannot be worked out: the smallest detectable effect or the attrition is missing. They count as none.",
            "\(replications == 1 ? "1 study" : "\(replications) studies") of strength \(standard.sms) or more found it to work; \(standard.studies) make a replication.",
        ]
        if strong == 0 {
            reasons.append("No study is of strength \(standard.sms) or more, so the direction is that of all reports.")
        }
        if studies.contains(where: \.isSelfEvaluation) {
            reasons.append("An authority that evaluates itself counts as strength 1 and bears no level above NL2.")
        }
        return reasons
    }

    /// A self-evaluation bears no more than 1.
    static func sms(_ study: RatedStudy) -> Int { study.isSelfEvaluation ? 1 : study.sms ?? 1 }

    static func padlock(_ study: RatedStudy, _ thresholds: EvidenceThresholds) -> Int? {
        EvidenceSecurity.padlock(
            design: sms(study), smallestDetectableEffect: study.detectableEffect, attrition: study.attrition,
            threats: study.threats, thresholds: thresholds)
    }

    /// The study as the level looks at it; what is not reported counts as the worst.
    private static func study(_ study: RatedStudy) -> EvidenceLevel.Study? {
        guard let direction = study.direction else { return nil }
        return EvidenceLevel.Study(
            sms: sms(study), direction: direction, smallestArm: study.smallestArm ?? 0, attrition: study.attrition ?? 1,
            followUpMonths: study.followUpMonths ?? 0)
    }

    /// What keeps a rating from being proposed.
    public static func problems(_ content: EvidenceRating.Content, proposal: RatingProposal) -> [FieldProblem] {
        var problems = Problems()
        problems.need(
            content.sms.map { (1...5).contains($0) } ?? false, "sms", "Choose the strength of method, 1 to 5.")
        problems.need(content.padlock.map { (0...5).contains($0) } ?? false, "padlock", "Choose 0 to 5 padlocks.")
        problems.need(content.level != nil, "level", "Choose the level of evidence.")
        problems.need(content.direction != nil, "direction", "Choose what the results say together.")
        problems.need(content.consistency != nil, "consistency", "Choose whether the studies say the same.")
        problems.need(
            content.costBand.map { (1...5).contains($0) } ?? true, "costBand", "Choose a cost band from 1 to 5.")
        for letter in content.emmie.letters {
            problems.need(
                letter.finding.quality.map { (0...4).contains($0) } ?? true, "emmie.\(letter.code).quality",
                "Choose how well this is known, 0 to 4.")
            problems.length(letter.finding.note, "emmie.\(letter.code).note", "note", 2000)
        }
        problems.need(
            content.rationale.trimmed.count >= 50, "rationale", "Say in at least 50 characters why this is the rating.")
        problems.length(content.rationale, "rationale", "rationale", 8000)
        problems.length(content.departureReason, "departureReason", "reason", 4000)
        problems.need(
            !departs(content, from: proposal) || content.departureReason.trimmed.count >= Rules.shortestReason,
            "departureReason",
            "The rules propose something else. Say in at least \(Rules.shortestReason) characters why you depart from it."
        )
        return problems.found
    }

    /// Whether a rating is other than what the rules propose. A plus is a judgement that no rule proposes.
    public static func departs(_ content: EvidenceRating.Content, from proposal: RatingProposal) -> Bool {
        content.sms != proposal.sms || content.padlock != proposal.padlock || content.level != proposal.level
            || content.direction != proposal.direction
    }

    /// What the panel agrees to: the digest of this text.
    public static func canonicalText(
        _ content: EvidenceRating.Content, practice: PracticeID, studies: [RatedStudy]
    ) -> String {
        var text = CanonicalText("evidence_rating-1")
        text.add(practice.description)
        text.list(studies.sorted { $0.report < $1.report }) { text, study in
            text.add(study.report.description)
            text.add(study.version)
        }
        text.add(content.sms)
        text.add(content.padlock)
        text.add(content.level)
        text.add(content.direction)
        text.add(content.consistency)
        text.add(content.costBand)
        text.list(content.emmie.letters) { text, letter in
            text.add(letter.finding.quality)
            text.add(letter.finding.note)
        }
        text.add(content.rationale)
        text.add(content.departureReason)
        return text.text
    }

    /// Whether this person may sit on the panel: not the proposer, and with no part in any of the cases behind the reports.
    public static func mayVote(_ person: PersonID, on rating: EvidenceRating, ledger: [Duty.Performed]) -> Refusal? {
        if rating.proposer == person {
            return Refusal(
                .forbidden, code: "own_proposal",
                "You proposed this rating, so you are not on its panel. Two other members decide.")
        }
        return Duty.check(.rated, by: person, ledger: ledger)
    }
}
