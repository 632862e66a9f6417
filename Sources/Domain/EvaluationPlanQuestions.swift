// What a protocol must say. Each question is a row; who reads a protocol finds its answers in this order.

extension Questionnaire {
    /// The questions of an evaluation plan. Designs and indicators are reference data of the installation.
    public static func evaluationPlan(designs: [EvaluationDesign], indicators: [Indicator]) -> Questionnaire {
        Questionnaire(
            edition: "evaluation-plan-1",
            sections: [
                overview, questions, design(designs), participants, outcomes(indicators), sample, analysis(designs),
                strands, data, timetable, context,
            ])
    }

    private static let overview = Section(
        "overview", "Overview", "Who evaluates what, and how far along the practice is.",
        [
            .ask("overview.summary", "What is evaluated, in plain words", .text(2000), ask: "Enter what is evaluated."),
            .ask(
                "overview.stage", "Stage of the evidence", .choice(Choice.of(EvaluationStage.self, \.label)),
                ask: "Choose the stage of the evidence."),
            .ask(
                "overview.developer", "Who developed the practice", .line(200), .orReason,
                ask: "Enter who developed the practice."),
            .ask(
                "overview.delivery", "Who delivers it", .text(1000), ask: "Enter the organisations that deliver it."),
            .ask(
                "overview.principalInvestigator", "Principal investigator", .line(140),
                ask: "Enter the principal investigator."),
            .each(
                "overview.authors", "Authors", row: "Author",
                [
                    .of("name", "Name", .line(140), ask: "Enter the author’s name."),
                    .of("organisation", "Organisation", .line(200), ask: "Enter where the author works."),
                ]),
            .ask(
                "overview.changes", "What changed since the version before", .text(4000), .never,
                hint: "Needed from the second version on."),
        ])

    private static let questions = Section(
        "questions", "Questions and theory of change",
        "What the evaluation will answer, and why the practice should work.",
        [
            .each(
                "questions.question", "Research questions", row: "Question",
                [
                    .of("question", "Question", .text(600), ask: "Enter the question."),
                    .of(
                        "kind", "It is about",
                        .choice([
                            Choice("impact", "Impact: what difference it makes"),
                            Choice("feasibility", "Feasibility: whether it can be delivered"),
                            Choice("promise", "Promise: whether it may work"),
                            Choice("readiness", "Readiness for a trial"),
                            Choice("process", "Process: how it is delivered"),
                            Choice("economic", "Cost and value"),
                        ]), ask: "Choose what the question is about."),
                ]),
            .ask(
                "questions.theory", "Theory of change", .text(8000),
                hint: "From activities to outcomes, step by step, with what must be true for each step.",
                ask: "Enter the theory of change."),
        ])

    private static func design(_ designs: [EvaluationDesign]) -> Section {
        let trials = designs.filter(\.isRandomised).map(\.code)
        return Section(
            "design", "Design", "How the difference that the practice makes will be told from everything else.",
            [
                .ask(
                    "design.impact", "Does the evaluation estimate impact?", .yesNo,
                    ask: "Say whether the evaluation estimates impact."),
                .ask("design.design", "Design", choice(designs), ask: "Choose the design."),
                .ask(
                    "design.fallback", "Design if this one cannot be carried out", choice(designs), .never,
                    hint: "Said beforehand, so that nobody has to choose it after seeing the data."),
                .ask(
                    "design.rationale", "Why this design", .text(4000),
                    hint: "And what else could explain the same result.", ask: "Explain why this design was chosen."),
                .ask(
                    "design.comparator", "Compared with", .choice(Choice.of(EvaluationComparator.self, \.label)),
                    ask: "Choose with whom outcomes are compared."),
                .ask(
                    "design.unitOfAllocation", "What is allocated",
                    .choice([
                        Choice("child", "Children"), Choice("family", "Families"), Choice("team", "Teams"),
                        Choice("school", "Schools"), Choice("la", "Local authorities"),
                    ]), .orReason, ask: "Choose what is allocated."),
                .ask(
                    "design.clusters", "Number of groups (clusters), all arms", .count(1...100_000),
                    .when("design.design", designs.filter(\.isClustered).map(\.code)),
                    ask: "Enter how many groups are allocated."),
                .ask(
                    "design.randomisationMethod", "How chance decides", .text(2000), .when("design.design", trials),
                    ask: "Enter how the random allocation is made."),
                .ask(
                    "design.randomisedBy", "Who makes the random allocation", .line(200),
                    .when("design.design", trials),
                    hint: "Not somebody who delivers the practice.", ask: "Enter who makes the random allocation."),
                .ask(
                    "design.randomisedByDeliverer", "Do they also deliver the practice?", .yesNo,
                    .when("design.design", trials), ask: "Say whether they also deliver the practice."),
                .ask(
                    "design.randomisationMonth", "Month of the random allocation", .month,
                    .when("design.design", trials), ask: "Enter the month of the random allocation."),
                .ask(
                    "design.concealed", "Is the allocation concealed until people are enrolled?", .yesNo,
                    .when("design.design", trials), ask: "Say whether the allocation is concealed."),
                .ask(
                    "design.contamination", "How is contamination between the groups handled?", .text(2000),
                    .when("design.impact", ["yes"]), ask: "Enter how contamination is handled."),
            ])
    }

    private static func choice(_ designs: [EvaluationDesign]) -> Kind {
        .choice(designs.map { Choice($0.code, $0.title) })
    }

    private static let participants = Section(
        "participants", "Participants", "Who takes part, and how they are found.",
        [
            .ask(
                "participants.ageFrom", "Youngest, in years", .count(0...25), .orReason, ask: "Enter the youngest age."),
            .ask("participants.ageTo", "Oldest, in years", .count(0...25), .orReason, ask: "Enter the oldest age."),
            .ask(
                "participants.status", "Their status", .line(300), hint: "Such as: child in need, care leaver.",
                ask: "Enter the status of those who take part."),
            .ask("participants.inclusion", "Who is included", .text(2000), ask: "Enter who is included."),
            .ask("participants.exclusion", "Who is not", .text(2000), .orReason, ask: "Enter who is excluded."),
            .ask("participants.recruitment", "How they are found", .text(2000), ask: "Enter how people are found."),
        ])

    /// What is asked of each outcome.
    static func outcomeQuestions(_ indicators: [Indicator]) -> [Question] {
        [
            .of(
                "code", "Short code", .line(8),
                hint: "Such as P1: a capital letter, then letters or digits. The report refers to it.",
                ask: "Enter a short code."),
            .of("name", "Outcome", .line(300), ask: "Enter the outcome."),
            .of(
                "indicatorCode", "Standard indicator",
                .choice(indicators.map { Choice($0.code, "\($0.name) (\($0.code))") }), .never,
                hint: "Leave blank where none fits, and name the instrument."),
            .of(
                "instrument", "Instrument", .text(600), .never,
                hint: "Its name, who answers it, and its range of scores."),
            .of(
                "timePoint", "Measured when", .line(140), hint: "Such as: 12 months after referral.",
                ask: "Enter when the outcome is measured."),
            .of(
                "beneficial", "Better is",
                .choice([Choice("higher", "Higher"), Choice("lower", "Lower")]), ask: "Choose which way is better."),
            .of(
                "metric", "The effect is counted in", .choice(Choice.of(EffectMetric.self, \.label)),
                ask: "Choose in what the effect is counted."),
            .of(
                "smallestWorthwhileEffect", "Smallest effect that would be worth having", .decimal(0...100_000), .never,
                hint: "In the same measure. It decides whether a result counts as “no worthwhile difference”."),
        ]
    }

    private static func outcomes(_ indicators: [Indicator]) -> Section {
        Section(
            "outcomes", "Outcomes", "What is measured. The report must account for each of these, whatever comes out.",
            [
                .each(
                    "outcomes.primary", "Primary outcomes", row: "Primary outcome",
                    hint: "One, or two at most: what the practice will be judged on.", most: 2,
                    outcomeQuestions(indicators)),
                .each(
                    "outcomes.secondary", "Secondary outcomes", row: "Secondary outcome", .never, most: 20,
                    outcomeQuestions(indicators)),
            ])
    }

    private static let sample = Section(
        "sample", "Sample and power", "How many take part, and how small an effect could be found.",
        [
            .each(
                "sample.arms", "Groups and planned numbers", row: "Group",
                [
                    .of("arm", "Group", .line(60), ask: "Enter the name of the group."),
                    .of("planned", "Planned", .count(0...10_000_000), ask: "Enter how many are planned."),
                ]),
            power("alpha", "Accepted chance of a false alarm (alpha)", 0.000_1...0.5, "Usually 0.05."),
            power("power", "Chance of finding an effect that is there (power)", 0.1...0.999, "Usually 0.8."),
            .ask(
                "sample.icc", "How alike members of a group are (ICC)", .decimal(0...1), .never,
                hint: "Needed where groups are allocated."),
            power("baselineR2", "Variance explained at the start (R²)", 0...0.99, "0 where nothing is adjusted for."),
            power("attritionAllowance", "Share expected to be lost, in per cent", 0...90, "Such as 15."),
            power(
                "mdes", "Smallest effect that could be found (MDES)", 0...10,
                "In standard deviations. It is computed again from these figures and must agree within 5%."),
            power(
                "worthwhileEffect", "Smallest effect worth having, in standard deviations", 0...10,
                "The study should be able to find an effect of this size."),
            .ask(
                "sample.basis", "Where these figures come from", .text(2000), .when("design.impact", ["yes"]),
                ask: "Enter the source of the ICC and of the smallest effect worth having."),
        ])

    private static func power(_ key: String, _ label: String, _ range: ClosedRange<Double>, _ hint: String) -> Item {
        .ask(
            "sample.\(key)", label, .decimal(range), .when("design.impact", ["yes"]), hint: hint,
            ask: "Enter “\(label)”, or say why it does not apply.")
    }

    private static func analysis(_ designs: [EvaluationDesign]) -> Section {
        Section(
            "analysis", "Analysis", "How the data will be analysed, decided before anybody sees them.",
            [
                .ask("analysis.plan", "Analysis of the outcomes", .text(8000), ask: "Enter how outcomes are analysed."),
                .ask(
                    "analysis.missing", "Missing data", .text(2000), .when("design.impact", ["yes"]),
                    ask: "Enter how missing data are handled."),
                .ask(
                    "analysis.multiplicity", "Several outcomes or comparisons", .text(2000),
                    .when("design.impact", ["yes"]), ask: "Enter how several comparisons are handled."),
                .ask(
                    "analysis.subgroups", "Sub-groups set beforehand", .text(2000), .orReason,
                    ask: "Enter the sub-groups that are looked at."),
            ])
    }

    private static let strands = Section(
        "strands", "Process and cost", "How delivery is studied, and what it costs.",
        [
            .ask(
                "strands.process", "Implementation and process", .text(4000), .orReason,
                hint: "Fidelity, dose, reach and adaptation.", ask: "Enter how delivery is studied."),
            .ask("strands.economic", "Cost and value", .text(4000), .orReason, ask: "Enter how cost is studied."),
        ])

    private static let data = Section(
        "data", "Data and ethics", "Where data come from, and how people are protected.",
        [
            .each(
                "data.sources", "Data sources", row: "Data source",
                [
                    .of("source", "Source", .line(300), ask: "Enter the data source."),
                    .of(
                        "access", "Access",
                        .choice([
                            Choice("agreed", "Agreed"), Choice("requested", "Requested"),
                            Choice("not_requested", "Not yet requested"),
                        ]), ask: "Choose how far access is agreed."),
                ]),
            .ask("data.linkage", "Linkage of data", .text(2000), .orReason, ask: "Enter how data are linked."),
            .ask(
                "data.dpia", "Data protection impact assessment",
                .choice([
                    Choice("done", "Done"), Choice("in_progress", "In progress"), Choice("not_needed", "Not needed"),
                ]), ask: "Choose how far the impact assessment is."),
            .ask(
                "data.ethics", "Ethics approval", .line(300), .orReason,
                ask: "Enter the reference of the ethics approval."),
            .ask("data.consent", "Consent", .text(2000), .orReason, ask: "Enter how consent is sought."),
            .ask("data.voice", "Voice of children and families", .text(2000), ask: "Enter how children are heard."),
            .ask("data.harms", "How harm is noticed and acted on", .text(2000), ask: "Enter how harm is noticed."),
        ])

    /// The steps of an evaluation in the order in which they must come.
    static let milestones: [(key: String, label: String, need: Need)] = [
        ("evaluationStart", "Evaluation starts", .always), ("firstRecruitment", "First person takes part", .orReason),
        ("lastRecruitment", "Last person takes part", .orReason), ("interimExtract", "Interim data", .never),
        ("finalExtract", "Final data", .always), ("analysisStart", "Analysis starts", .always),
        ("analysisEnd", "Analysis ends", .always), ("interimPublication", "Interim report", .never),
        ("finalPublication", "Final report", .always),
    ]

    private static let timetable = Section(
        "timetable", "Timetable", "When each step is intended to happen, and when it did.",
        milestones.map {
            .ask(
                "timetable.\($0.key)", $0.label, .month, $0.need, ask: "Enter the month of “\($0.label.lowercased())”.")
        } + [
            .ask(
                "timetable.interventionStart", "Delivery starts", .month,
                ask: "Enter the month in which delivery starts."),
            .ask(
                "timetable.interventionEnd", "Delivery ends", .month, .orReason,
                ask: "Enter the month in which it ends."),
            .each(
                "timetable.actual", "What has happened", row: "Step", .never,
                [
                    .of(
                        "step", "Step", .choice(milestones.map { Choice($0.key, $0.label) }), ask: "Choose the step."),
                    .of("month", "Month in which it happened", .month, ask: "Enter the month."),
                ]),
        ])

    private static let context = Section(
        "context", "Context, risks and cost",
        "What else is going on, what may go wrong, and what the evaluation costs.",
        [
            .ask(
                "context.factors", "Contextual factors", .text(2000),
                ask: "Enter what else could influence the results."),
            .ask("context.risks", "Risks", .text(4000), ask: "Enter the risks and what is done about them."),
            .ask("context.cost", "Cost of the evaluation", .money, ask: "Enter the cost of the evaluation."),
        ])
}
