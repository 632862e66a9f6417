// What a report must say. A null and a negative result answer the same questions as a positive one.

extension Questionnaire {
    /// The questions of an evaluation report. Designs are reference data of the installation.
    public static func evaluationReport(designs: [EvaluationDesign]) -> Questionnaire {
        Questionnaire(
            edition: "evaluation-report-1",
            sections: [
                summary, project, methods(designs), results, flow, balance, deviations, cost, findings, people, lessons,
                access, appendices,
            ])
    }

    private static let summary = Section(
        "summary", "Summary", "What everybody should know, first.",
        [
            .ask(
                "summary.plainLanguage", "Plain-language summary", .text(4000),
                hint: "For families and staff: what was tried, what was seen, how sure we are.",
                ask: "Enter the plain-language summary."),
            .each(
                "summary.keyMessages", "Key messages", row: "Message", most: 7,
                [.of("message", "Message", .text(600), ask: "Enter the message, or remove it.")]),
            .ask("summary.executive", "Executive summary", .text(12_000), ask: "Enter the executive summary."),
            .each(
                "summary.authors", "Authors", row: "Author",
                [
                    .of("name", "Name", .line(140), ask: "Enter the author’s name."),
                    .of("organisation", "Organisation", .line(200), ask: "Enter where the author works."),
                ]),
            .ask("summary.reportNumber", "Report number", .line(60), .never),
            .ask("summary.date", "Date of the report", .day, ask: "Enter the date of the report."),
        ])

    private static let project = Section(
        "context", "The project", "What was done, and why.",
        [
            .ask("context.project", "Project and context", .text(8000), ask: "Enter the project and its context."),
            .ask("context.aims", "Aims and intended outcomes", .text(4000), ask: "Enter the aims."),
            .ask("context.activities", "Activities", .text(8000), ask: "Enter what was done."),
            .ask("context.questions", "Evaluation questions", .text(4000), ask: "Enter the evaluation questions."),
        ])

    private static func methods(_ designs: [EvaluationDesign]) -> Section {
        Section(
            "methods", "Methods", "How it was evaluated in the end.",
            [
                .ask(
                    "methods.designUsed", "Design that was carried out",
                    .choice(designs.map { Choice($0.code, $0.title) }),
                    ask: "Choose the design that was carried out."),
                .ask(
                    "methods.wellImplemented", "Was it carried out as planned?", .yesNo,
                    hint: "A randomised trial that went wrong reaches 4, not 5, on the Maryland scale.",
                    ask: "Say whether the design was carried out as planned."),
                .ask("methods.methods", "Methods", .text(12_000), ask: "Enter the methods."),
                .ask(
                    "methods.changes", "Changes to the methods", .text(4000), .orReason, ask: "Enter what was changed."),
                .ask("methods.limitations", "Limitations", .text(8000), ask: "Enter the limitations."),
                .ask(
                    "methods.followUpMonths", "Months from start to the last measurement", .count(0...240), .orReason,
                    ask: "Enter the months of follow-up."),
            ])
    }

    private static let results = Section(
        "results", "Results", "Every outcome of the protocol, and every other one marked as added.",
        [
            .each("results.results", "Results", row: "Result", .never, most: 60, resultQuestions),
            .each(
                "results.notAnalysed", "Outcomes that were not analysed", row: "Outcome", .never,
                [
                    .of("outcomeCode", "Code in the protocol", .line(8), ask: "Enter the code of the outcome."),
                    .of("reason", "Why it was not analysed", .text(1000), ask: "Enter why it was not analysed."),
                ]),
        ])

    private static let resultQuestions: [Question] =
        [
            .of("outcomeCode", "Code in the protocol", .line(8), .never, hint: "Blank for an outcome that was added."),
            .of("outcome", "Outcome", .line(300), ask: "Enter the outcome."),
            .of("timePoint", "Measured when", .line(140), ask: "Enter when it was measured."),
            .of(
                "headline", "This is the main result for this outcome", .yesNo, .never,
                hint: "One for each primary outcome."),
            .of(
                "metric", "The effect is counted in", .choice(Choice.of(EffectMetric.self, \.label)),
                ask: "Choose in what the effect is counted."),
        ] + arm(0, "Intervention group") + arm(1, "Comparison group") + [
            .of("effect", "Effect", .decimal(-1_000_000...1_000_000), ask: "Enter the effect."),
            .of(
                "ciLow", "Interval from", .decimal(-1_000_000...1_000_000), ask: "Enter the lower end of the interval."),
            .of("ciHigh", "Interval to", .decimal(-1_000_000...1_000_000), ask: "Enter the upper end of the interval."),
            .of(
                "ciLevel", "Level of the interval, in per cent", .decimal(50...99.9),
                ask: "Enter the level, such as 95."),
            .of("p", "p value", .decimal(0...1), .never, hint: "Leave blank for a Bayesian analysis."),
            .of("pNote", "Note on the p value", .text(600), .never),
            .of("adjusted", "The effect is adjusted by a model", .yesNo, .never),
            .of("model", "Model", .text(600), .when("adjusted", ["yes"]), ask: "Enter the model."),
            .of(
                "analysisSet", "Analysed",
                .choice([
                    Choice("itt", "Everybody as allocated (intention to treat)"),
                    Choice("pp", "Those who took part as planned (per protocol)"), Choice("other", "Others"),
                ]), ask: "Choose who was analysed."),
            .of(
                "beneficial", "Better is", .choice([Choice("higher", "Higher"), Choice("lower", "Lower")]), .never,
                hint: "Only for an outcome that was added: the protocol says it for the others."),
        ]

    private static func arm(_ index: Int, _ title: String) -> [Question] {
        [
            .of("arms.\(index).arm", "\(title): name", .line(60), .never),
            .of("arms.\(index).n", "\(title): number analysed", .count(0...10_000_000), .never),
            .of(
                "arms.\(index).mean", "\(title): mean, or per cent", .decimal(-1_000_000...1_000_000), .never,
                hint: index == 0 ? "Per cent for percentage points and ratios." : nil),
            .of("arms.\(index).sd", "\(title): standard deviation", .decimal(0...1_000_000), .never),
        ]
    }

    private static let flow = Section(
        "flow", "Flow of participants", "From those who could take part to those who were analysed.",
        [
            .ask("flow.assessed", "Assessed", .count(0...10_000_000), .orReason, ask: "Enter how many were assessed."),
            .ask(
                "flow.randomised", "Randomised, or included", .count(0...10_000_000),
                ask: "Enter how many were randomised or included."),
            .each(
                "flow.arms", "Groups", row: "Group",
                [
                    .of("arm", "Group", .line(60), ask: "Enter the name of the group."),
                    .of("allocated", "Allocated", .count(0...10_000_000), ask: "Enter how many were allocated."),
                    .of("lost", "Lost", .count(0...10_000_000), ask: "Enter how many were lost."),
                    .of("analysed", "Analysed", .count(0...10_000_000), ask: "Enter how many were analysed."),
                ]),
        ])

    private static let balance = Section(
        "balance", "Balance at the start", "Whether the groups were alike before anything was done.",
        [
            .each(
                "balance.variables", "Characteristics", row: "Characteristic", .orReason,
                [
                    .of("variable", "Characteristic", .line(140), ask: "Enter the characteristic."),
                    .of(
                        "smd", "Standardised difference", .decimal(-10...10), ask: "Enter the standardised difference."),
                ])
        ])

    private static let deviations = Section(
        "deviations", "Deviations from the protocol",
        "Each one, against the version of the protocol that it departs from.",
        [
            .ask("deviations.none", "Everything was done as the protocol says", .yesNo, .never),
            .each(
                "deviations.deviations", "Deviations", row: "Deviation", .never,
                [
                    .of("planVersion", "Version of the protocol", .count(1...1000), ask: "Enter the version."),
                    .of("key", "What the protocol says there", .line(140), ask: "Enter what it concerns."),
                    .of("what", "What was done instead", .text(2000), ask: "Enter what was done instead."),
                    .of("why", "Why", .text(2000), ask: "Enter why."),
                    .of(
                        "beforeUnblinding", "Decided before anybody saw the results by group?", .yesNo,
                        ask: "Say whether it was decided before unblinding."),
                ]),
        ])

    private static let cost = Section(
        "cost", "Cost", "What the practice costs, or why the report cannot say.",
        [
            .ask(
                "cost.perspective", "Whose costs", .line(200), .never, hint: "Such as: the authority, the public purse."
            ),
            .ask("cost.priceYear", "Price year", .line(10), .never, hint: "Such as 2026-27."),
            .ask("cost.setup", "To set up", .money, .never), .ask("cost.recurrent", "Each year", .money, .never),
            .ask("cost.perUnit", "For each child or family", .money, .never),
            .ask("cost.fiscalSaving", "Saved elsewhere", .money, .never),
            .ask("cost.bcr", "Benefit–cost ratio", .decimal(-1000...1000), .never),
            .ask("cost.paybackMonths", "Months until it pays for itself", .count(0...1200), .never),
            .ask("cost.confidenceGrade", "Confidence grade, 1 to 6", .count(1...6), .never),
            .ask("cost.optimismBias", "Optimism bias, in per cent", .decimal(0...200), .never),
            .ask("cost.absenceReason", "Why there are no costs", .text(1000), .never),
        ])

    private static let findings = Section(
        "findings", "Findings", "What was found, in words.",
        [
            .ask("findings.findings", "Findings", .text(12_000), ask: "Enter the findings."),
            .ask("findings.features", "Features of practice and outcomes", .text(6000), .orReason, ask: "Enter them."),
        ])

    private static let people = Section(
        "people", "People", "Harm, fairness and voice.",
        [
            .ask("people.harms", "Harms", .text(4000), hint: "Say so if there were none.", ask: "Enter the harms."),
            .ask(
                "people.equitySubgroups", "Differences between groups of people", .text(4000),
                ask: "Enter what was found for different groups of people."),
            .ask("people.voice", "Voice of children and families", .text(4000), ask: "Enter what children said."),
        ])

    private static let lessons = Section(
        "lessons", "Lessons", "What others can do with this.",
        [
            .ask("lessons.lessons", "Lessons", .text(8000), ask: "Enter the lessons."),
            .ask("lessons.implications", "Implications", .text(8000), ask: "Enter the implications."),
        ])

    private static let access = Section(
        "access", "Access to data", "Whether others can check this.",
        [
            .ask("access.statement", "Data access statement", .text(2000), ask: "Enter the data access statement."),
            .ask("access.openData", "Open data", .address, .never),
            .ask("access.code", "Code of the analysis", .address, .never),
            .ask("access.licence", "Licence", .line(140), .never),
        ])

    private static let appendices = Section(
        "appendices", "Appendices", "What supports the rest.",
        [
            .ask("appendices.theory", "Theory of change", .text(8000), .orReason, ask: "Enter the theory of change."),
            .ask("appendices.costBenefit", "Cost–benefit analysis", .text(8000), .orReason, ask: "Enter the analysis."),
        ])
}
