import Domain

// What the protocols of the demonstration say. Of real studies only what their public pages say is said as theirs; what the
// form asks besides is marked as an assumption of this demonstration.

extension DemonstrationStudy {
    /// A complete protocol. Months are counted from today, money is of the demonstration's award.
    func protocolAnswers(today: Day, cost: Money) -> Questionnaire.Answers {
        let parts = [overviewAnswers, designAnswers(today), outcomeAnswers, sampleAnswers, conductAnswers(today, cost)]
        return Questionnaire.Answers(parts.reduce(into: [:]) { all, part in all.merge(part) { first, _ in first } })
    }

    private var overviewAnswers: [String: String] {
        [
            "overview.summary": "Whether “\(title)” changes this: \(outcome.lowercased())."
                + (source.map { " Facts of the study are from \($0); the rest is written for the demonstration." } ?? ""),
            "overview.stage": isTrial ? "effectiveness" : "pilot", "overview.developer": "The authority",
            "overview.delivery": "Social workers and family workers of the authority.",
            "overview.principalInvestigator": author.name, "overview.authors.0.name": author.name,
            "overview.authors.0.organisation": author.organisation,
            "questions.question.0.question": "What is seen in those who are offered it: \(outcome.lowercased())?",
            "questions.question.0.kind": estimatesImpact ? "impact" : "promise",
            "questions.question.1.question": "How is it delivered, and to whom?",
            "questions.question.1.kind": "process",
            "questions.theory":
                "Families are met early and with respect, so they say what they need; what they need is then arranged, "
                + "so difficulties do not grow. This holds only where workers have time for it.",
            "participants.ageFrom": "0", "participants.ageTo": "17",
            "participants.status": "Children known to children's services and their families",
            "participants.inclusion": "Families who are offered the practice or the usual service.",
            "participants.exclusion": "Families who move away before it begins.",
            "participants.recruitment": "By the worker who knows the family.",
        ]
    }

    private func designAnswers(_ today: Day) -> [String: String] {
        var answers = [
            "design.impact": estimatesImpact ? "yes" : "no", "design.design": design, "design.comparator": comparator,
            "design.rationale": "The strongest design that was possible where the practice is delivered. \(caution)",
            "design.unitOfAllocation": unit,
            "design.contamination": "Teams that offer the practice do not work with families of the other group.",
        ]
        if let clusters { answers["design.clusters"] = "\(clusters)" }
        guard isTrial else { return answers }
        answers["design.randomisationMethod"] = "A list made by computer, in blocks."
        answers["design.randomisedBy"] = "A statistician who does not meet the families"
        answers["design.randomisedByDeliverer"] = "no"
        answers["design.randomisationMonth"] = Self.month(today, 1)
        answers["design.concealed"] = "yes"
        return answers
    }

    private var outcomeAnswers: [String: String] {
        let key = "outcomes.primary.0"
        return [
            "\(key).code": "P1", "\(key).name": outcome,
            "\(key).instrument": "Records that are kept for everybody alike",
            "\(key).timePoint": timePoint, "\(key).beneficial": better, "\(key).metric": measure,
            "\(key).smallestWorthwhileEffect": ["pp": "5", "smd": "0.2", "rr": "0.9"][measure] ?? "",
        ]
    }

    /// Power as it follows from the numbers and the usual conventions; where there are no numbers, the reason.
    private var sampleAnswers: [String: String] {
        var answers: [String: String] = [:]
        let groups = groups(of: included)
        for (index, group) in groups.enumerated() {
            answers["sample.arms.\(index).arm"] = group.name
            answers["sample.arms.\(index).planned"] = "\(group.number)"
        }
        guard estimatesImpact else { return answers }
        guard let found = detectable(groups.map(\.number)) else {
            let asked = ["alpha", "power", "baselineR2", "attritionAllowance", "mdes", "worthwhileEffect"]
            for (index, name) in asked.enumerated() {
                answers["sample.notApplicable.\(index).question"] = "sample.\(name)"
                answers["sample.notApplicable.\(index).reason"] = "The public summary of the study does not give it."
            }
            answers["sample.basis"] = "The public summary of the study gives no figures of power."
            return answers
        }
        answers["sample.alpha"] = "0.05"
        answers["sample.power"] = "0.8"
        answers["sample.baselineR2"] = "0"
        answers["sample.attritionAllowance"] = "0"
        answers["sample.mdes"] = Rounded.text(found)
        answers["sample.worthwhileEffect"] = found <= 0.2 ? "0.2" : "0.4"
        if clusters != nil { answers["sample.icc"] = "0.01" }
        answers["sample.basis"] =
            "Computed from the numbers of families with the usual conventions. The smallest effect worth having"
            + (clusters == nil ? "" : " and how alike members of a group are")
            + " are assumptions of this demonstration"
            + (isReal ? ", not statements of the study. Numbers: \(source ?? "")." : ".")
        return answers
    }

    private func detectable(_ numbers: [Int]) -> Double? {
        guard numbers.count == 2, let first = numbers.first else { return nil }
        let total = Double(numbers.reduce(0, +))
        return StatisticalPower(
            allocation: Double(first) / total, units: total, clusters: clusters,
            intraclassCorrelation: clusters == nil ? 0 : 0.01
        ).smallestDetectableEffect
    }

    private func conductAnswers(_ today: Day, _ cost: Money) -> [String: String] {
        let months = [
            ("evaluationStart", 0), ("firstRecruitment", 1), ("lastRecruitment", 9), ("finalExtract", 21),
            ("analysisStart", 22), ("analysisEnd", 25), ("finalPublication", 28), ("interventionStart", 1),
            ("interventionEnd", 12),
        ]
        var answers = [
            "analysis.plan": "Groups are compared as they were allocated, with intervals at 95 per cent.",
            "analysis.missing": "Multiple imputation, and a count of what is missing in each group.",
            "analysis.multiplicity": "One primary outcome is set beforehand.",
            "analysis.subgroups": "Age of the youngest child, and disability.",
            "strands.process": "Interviews with families and workers; how much of the practice reached whom.",
            "strands.economic": "Cost for each family, from the authority's own accounts.",
            "data.sources.0.source": "Case records of the authority", "data.sources.0.access": "agreed",
            "data.linkage": "By the child's number, inside the authority.", "data.dpia": "done",
            "data.ethics": "Approved by the evaluator's ethics committee",
            "data.consent": "Families are told and may object.",
            "data.voice": "A panel of young people reads the questions before they are asked.",
            "data.harms": "A log of concerns is read each month by somebody outside the team.",
            "context.factors": "New duties on family help came into force in the same year.",
            "context.risks": "Fewer families than planned; then recruitment goes on for three months.",
            "context.cost": cost.decimal,
        ]
        for (step, later) in months { answers["timetable.\(step)"] = Self.month(today, later) }
        return answers
    }

    private static func month(_ today: Day, _ later: Int) -> String {
        String(today.adding(days: -200).adding(months: later).description.prefix(7))
    }
}
