/// What must be true of an appraisal before it moves, and what scores come to.
public enum AppraisalRules {
    /// Fewest characters of a rationale.
    public static let shortestRationale = 50
    /// Most characters of a rationale.
    public static let longestRationale = 8000
    /// Highest score.
    public static let highestScore = 5

    /// Whether somebody can be given a bid to score: it is eligible, they have no part in it, and they do not have it yet.
    public static func assignable(
        scorer: PersonID, organisation: OrganisationID, bid: Bid, kind: Criterion.Scorer, already: [PersonID],
        ledger: [Duty.Performed], dueOn: Day, today: Day
    ) -> Refusal? {
        guard bid.state == .eligible else {
            return Refusal(
                .conflict, code: "bid_not_eligible",
                "Only a bid that was found eligible, and is not decided, is appraised.")
        }
        if organisation == bid.organisation {
            return .invalid([FieldProblem("person", "Choose somebody who does not work for the bidding organisation.")])
        }
        if already.contains(scorer) {
            return .invalid([FieldProblem("person", "Choose somebody else: this person has the bid already.")])
        }
        if let refusal = Duty.check(.appraised, by: scorer, ledger: ledger) {
            return Refusal(
                refusal.kind, code: refusal.code,
                "This person has a part in the case already. Choose somebody who has none.")
        }
        return dueOn >= today ? nil : .invalid([FieldProblem("dueOn", "Enter a due date that is not in the past.")])
    }

    /// Scores are saved only while the appraisal is in hand.
    public static func scorable(_ state: Appraisal.State) -> Refusal? {
        guard state != .inProgress else { return nil }
        let advice =
            switch state {
            case .assigned: "Begin it first."
            case .returned: "Resume it first."
            case .inProgress, .submitted, .final: "It has been handed in."
            }
        return Refusal(
            .conflict, code: "appraisal_not_in_progress",
            "Scores are saved only while the appraisal is in progress. \(advice)")
    }

    /// An appraisal goes back to its appraiser only before the bid is decided on.
    public static func beforeDecision(_ bid: Bid.State) -> Refusal? {
        bid == .eligible
            ? nil
            : Refusal(
                .conflict, code: "appraisal_closed",
                "The appraisal of this bid is closed, so no part of it can be returned.")
    }

    /// What keeps scores from being stored. Fields are `scores.<criterion code>.value` and `.rationale`.
    public static func storageProblems(_ scores: [Score], criteria: [Criterion]) -> [FieldProblem] {
        var problems = Problems()
        var seen: Set<CriterionID> = []
        for score in scores {
            guard let criterion = criteria.first(where: { $0.id == score.criterion }) else {
                problems.need(false, "scores", "Score only the criteria that are yours in this appraisal.")
                continue
            }
            let field = "scores.\(criterion.code)"
            problems.need(seen.insert(score.criterion).inserted, field, "Score each criterion once.")
            if let value = score.value {
                problems.need(
                    (0...highestScore).contains(value), "\(field).value", "Choose a score from 0 to \(highestScore).")
            }
            problems.length(score.rationale, "\(field).rationale", "rationale", longestRationale)
        }
        return problems.found
    }

    /// What handing in still needs: each criterion of one's kind scored, with a rationale.
    public static func problems(_ scores: [Score], criteria: [Criterion]) -> [FieldProblem] {
        var problems = Problems()
        problems.add(storageProblems(scores, criteria: criteria))
        for criterion in criteria {
            let score = scores.first { $0.criterion == criterion.id }
            let field = "scores.\(criterion.code)"
            problems.need(
                score?.value != nil, "\(field).value",
                "Choose a score from 0 to \(highestScore) for “\(criterion.title)”.")
            problems.need(
                (score?.rationale.trimmed.unicodeScalars.count ?? 0) >= shortestRationale, "\(field).rationale",
                "Explain the score for “\(criterion.title)” in at least \(shortestRationale) characters.")
        }
        return problems.found
    }

    /// The criteria that somebody of a kind scores: What Works only its own, appraisers all others.
    public static func criteria(_ criteria: [Criterion], for kind: Criterion.Scorer) -> [Criterion] {
        criteria.filter { $0.scorer == kind }
    }

    /// Whether a bid's appraisal is complete: enough scorers of each kind, every one of them final.
    public static func allFinal(_ appraisals: [(Criterion.Scorer, Appraisal.State)]) -> Bool {
        appraisals.allSatisfy { $0.1 == .final }
            && appraisals.filter { $0.0 == .appraiser }.count >= RoundRules.fewestAppraisers
            && appraisals.contains { $0.0 == .whatWorks }
    }

    /// Whether a person may see one appraisal's scores. Blindness holds until one's own appraisal is final:
    /// one's own always; an appraiser of the department, whose own is final, those that are final; the programme officer, who
    /// checks them, once they are handed in; those who decide, once all are final; auditors. Others never.
    public static func maySeeScores(of appraisal: Appraisal, by subject: Subject, siblings: [Appraisal]) -> Bool {
        if appraisal.appraiser == subject.person { return true }
        switch subject.role {
        case .auditor: return true
        case .localAuthority, .whatWorks, .evaluator, .administrator: return false
        case .department: break
        }
        if let own = siblings.first(where: { $0.bid == appraisal.bid && $0.appraiser == subject.person }) {
            guard own.state == .final else { return false }
            if appraisal.state == .final { return true }
        }
        if subject.holds(.programmeOfficer), [.submitted, .returned, .final].contains(appraisal.state) { return true }
        return deciders.contains(where: subject.holds) && siblings.allSatisfy { $0.state == .final }
    }

    /// Whether a person may see all scores of a bid.
    public static func maySeeScores(_ subject: Subject, appraisals: [Appraisal]) -> Bool {
        !appraisals.isEmpty
            && appraisals.allSatisfy { maySeeScores(of: $0, by: subject, siblings: appraisals) }
    }

    private static let deciders: [Capacity] = [
        .programmeOfficer, .approver, .finance, .seniorOfficerResponsible, .panelChair,
    ]
}
