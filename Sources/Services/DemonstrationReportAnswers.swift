import Domain

// What the reports of the demonstration say. No figure is given that no source gives: an outcome without one is reported as
// not analysed here, with the reason.

extension DemonstrationStudy {
    /// Parts that an interim report is made of.
    static let interimParts: Set = ["summary", "context", "methods", "deviations"]

    /// A complete report.
    func reportAnswers(_ title: String, today: Day) -> Questionnaire.Answers {
        let parts = [summaryAnswers(title, today), methodAnswers, resultAnswers, flowAnswers, closingAnswers]
        return Questionnaire.Answers(parts.reduce(into: [:]) { all, part in all.merge(part) { first, _ in first } })
    }

    private func summaryAnswers(_ title: String, _ today: Day) -> [String: String] {
        [
            "summary.plainLanguage": finding, "summary.keyMessages.0.message": finding,
            "summary.keyMessages.1.message": caution,
            "summary.executive": "\(title). \(finding) \(caution)",
            "summary.authors.0.name": author.name,
            "summary.authors.0.organisation": author.organisation, "summary.date": "\(today)",
            "context.project": self.title, "context.aims": "That children are safe and well with their families.",
            "context.activities": said("Workers meet families early, and stay with them."),
            "context.questions": "What is seen in those who are offered it: \(outcome.lowercased())?",
            "deviations.none": "yes",
        ]
    }

    /// What a made-up study says; of a real one only where it can be read.
    private func said(_ words: String) -> String {
        source.map { "This demonstration repeats nothing on this from the publication: see \($0)." } ?? words
    }

    private var methodAnswers: [String: String] {
        let facts = source.map { " The facts of this study are taken from \($0); everything else is a demonstration." }
        var answers = [
            "methods.designUsed": design, "methods.wellImplemented": isTrial ? "yes" : "no",
            "methods.methods": said("As the protocol says: records of everybody, and interviews with some."),
            "methods.changes": said("None."),
            "methods.limitations": caution + (facts ?? "") + (result == nil ? "" : computed),
        ]
        if timePoint.hasPrefix("12 months") {
            answers["methods.followUpMonths"] = "12"
        } else {
            answers["methods.notApplicable.0.question"] = "methods.followUpMonths"
            answers["methods.notApplicable.0.reason"] = Self.notGiven
        }
        return answers
    }

    private static let notGiven = "The public summary of the study does not give it."

    /// How the interval came about.
    private var computed: String {
        " The interval is computed from the two percentages and the numbers of people, the groups being taken as equal "
            + "halves; it does not allow for anything else."
    }

    private var resultAnswers: [String: String] {
        guard let result, let interval else {
            return [
                "results.notAnalysed.0.outcomeCode": "P1",
                "results.notAnalysed.0.reason":
                    "The public summary of the study gives no figure for this outcome, and none is made up here.",
            ]
        }
        let key = "results.results.0"
        var answers = [
            "\(key).outcomeCode": "P1", "\(key).outcome": outcome, "\(key).timePoint": timePoint,
            "\(key).headline": "yes", "\(key).metric": measure, "\(key).effect": result.effect,
            "\(key).ciLow": Self.decimal(interval.low), "\(key).ciHigh": Self.decimal(interval.high),
            "\(key).ciLevel": "95", "\(key).analysisSet": "itt",
        ]
        for (index, group) in groups(of: analysed.map { [$0] } ?? included).enumerated() {
            answers["\(key).arms.\(index).arm"] = group.name
            answers["\(key).arms.\(index).n"] = "\(group.number)"
            answers["\(key).arms.\(index).mean"] = Self.decimal(index == 0 ? result.treated : result.control)
        }
        return answers
    }

    /// Of the difference in percentage points.
    private var interval: (low: Double, high: Double)? {
        let numbers = groups(of: analysed.map { [$0] } ?? included).map(\.number)
        guard let result, numbers.count == 2, let treated = GroupShare(count: numbers[0], share: result.treated / 100),
            let control = GroupShare(count: numbers[1], share: result.control / 100)
        else { return nil }
        let found = Comparison.difference(treated, control).interval
        return (found.low * 100, found.high * 100)
    }

    private var flowAnswers: [String: String] {
        let groups = groups(of: included)
        let ends = self.groups(of: analysed.map { [$0] } ?? included)
        var answers = ["flow.randomised": "\(groups.map(\.number).reduce(0, +))"]
        for (index, (begin, end)) in zip(groups, ends).enumerated() {
            answers["flow.arms.\(index).arm"] = begin.name
            answers["flow.arms.\(index).allocated"] = "\(begin.number)"
            answers["flow.arms.\(index).lost"] = "\(begin.number - end.number)"
            answers["flow.arms.\(index).analysed"] = "\(end.number)"
        }
        guard isReal else {
            answers["flow.assessed"] = "1020"
            answers["balance.variables.0.variable"] = "Age of the youngest child"
            answers["balance.variables.0.smd"] = "0.03"
            return answers
        }
        for (section, question) in [("flow", "flow.assessed"), ("balance", "balance.variables")] {
            answers["\(section).notApplicable.0.question"] = question
            answers["\(section).notApplicable.0.reason"] = Self.notGiven
        }
        return answers
    }

    private var closingAnswers: [String: String] {
        var answers = [
            "findings.findings": finding,
            "findings.features": said("One worker throughout; meetings where families live."),
            "people.harms": said("No harm was recorded in the log of concerns."),
            "people.equitySubgroups": said("No difference between groups of families was seen."),
            "people.voice": said("Families said that they were asked, and that somebody listened."),
            "lessons.lessons": said("Begin early, and give workers the time for it."),
            "lessons.implications": "Whoever takes this up should go on counting what is seen. \(caution)",
            "access.statement": said("Data stay with the authority; tables are available on request."),
            "appendices.theory": "As in the protocol.", "appendices.costBenefit": said("In a paper of its own."),
        ]
        guard !isReal else {
            answers["cost.absenceReason"] = "Costs of the study are not repeated in this demonstration."
            return answers
        }
        answers["cost.perspective"] = "The authority"
        answers["cost.perUnit"] = "412.50"
        return answers
    }

    /// With a minus that forms read.
    private static func decimal(_ value: Double) -> String {
        (value < 0 ? "-" : "") + Rounded.text(abs(value), places: 2)
    }
}
