@testable import Domain

// A protocol and a report that are complete, so that each test changes the one thing it is about. The figures of the
// report are those of the published trial of family group conferences (scenario 24).

let designs = [
    EvaluationDesign(
        code: "rct_individual", family: .impact, branch: .randomised, title: "Randomised trial: individual",
        highestSMS: 5, isClustered: false),
    EvaluationDesign(
        code: "rct_cluster", family: .impact, branch: .randomised, title: "Randomised trial: cluster", highestSMS: 5,
        isClustered: true),
    EvaluationDesign(
        code: "rct_stepped_wedge", family: .impact, branch: .randomised, title: "Randomised trial: stepped wedge",
        highestSMS: 5, isClustered: true),
    EvaluationDesign(
        code: "qed_difference_in_difference", family: .impact, branch: .quasiExperimental,
        title: "Quasi-experiment: difference in difference", highestSMS: 3, isClustered: false),
    EvaluationDesign(
        code: "generic_before_after", family: .impact, branch: .generic, title: "Before and after", highestSMS: 1,
        isClustered: false),
    EvaluationDesign(
        code: "process_interviews", family: .process, branch: .process, title: "Interviews", highestSMS: 1,
        isClustered: false),
]

let planForm = Questionnaire.evaluationPlan(designs: designs, indicators: [rereferral, stability, inCare])
let reportForm = Questionnaire.evaluationReport(designs: designs)

func planFacts(_ change: (inout Questionnaire.Answers) -> Void = { _ in }) -> PlanFacts {
    PlanFacts(planAnswers(change), designs: designs)
}

func reportFacts(_ change: (inout Questionnaire.Answers) -> Void = { _ in }) -> ReportFacts {
    ReportFacts(reportAnswers(change), designs: designs)
}
