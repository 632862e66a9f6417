import Domain

// Answers of a protocol and a report that are complete; other test targets borrow this file by a link. The figures of the
// report are those of the published trial of family group conferences.

/// A complete protocol of a trial, people allocated one by one.
func planAnswers(_ change: (inout Questionnaire.Answers) -> Void = { _ in }) -> Questionnaire.Answers {
    var answers = Questionnaire.Answers([
        "overview.summary": "Whether meetings of the family before court keep children at home.",
        "overview.stage": "effectiveness", "overview.developer": "Leeds", "overview.delivery": "Two authorities",
        "overview.principalInvestigator": "Dr Ada", "overview.authors.0.name": "Dr Ada",
        "overview.authors.0.organisation": "Institute",
        "questions.question.0.question": "Do fewer children enter care?", "questions.question.0.kind": "impact",
        "questions.theory": "The family makes a plan, and keeps the child safe.",
        "design.impact": "yes", "design.design": "rct_individual", "design.rationale": "Chance makes groups alike.",
        "design.comparator": "business_as_usual", "design.unitOfAllocation": "family",
        "design.randomisationMethod": "A list made by computer.", "design.randomisedBy": "The trials unit",
        "design.randomisedByDeliverer": "no", "design.randomisationMonth": "2026-10", "design.concealed": "yes",
        "design.contamination": "Teams do not share cases.",
        "participants.ageFrom": "0", "participants.ageTo": "17", "participants.status": "Letter before proceedings",
        "participants.inclusion": "All families with a letter.", "participants.exclusion": "Unborn children.",
        "participants.recruitment": "By the social worker.",
        "outcomes.primary.0.code": "P1", "outcomes.primary.0.name": "Child in care at 12 months",
        "outcomes.primary.0.indicatorCode": "CLA_R", "outcomes.primary.0.timePoint": "12 months",
        "outcomes.primary.0.beneficial": "lower", "outcomes.primary.0.metric": "pp",
        "outcomes.primary.0.smallestWorthwhileEffect": "5",
        "outcomes.secondary.0.code": "S1", "outcomes.secondary.0.name": "Parental wellbeing",
        "outcomes.secondary.0.instrument": "Short scale, parent, 7 to 35",
        "outcomes.secondary.0.timePoint": "12 months",
        "outcomes.secondary.0.beneficial": "higher", "outcomes.secondary.0.metric": "smd",
        "sample.arms.0.arm": "Meeting", "sample.arms.0.planned": "800", "sample.arms.1.arm": "Usual service",
        "sample.arms.1.planned": "800", "sample.alpha": "0.05", "sample.power": "0.8", "sample.baselineR2": "0",
        "sample.attritionAllowance": "10", "sample.mdes": "0.148", "sample.worthwhileEffect": "0.2",
        "sample.basis": "Earlier trials.",
        "analysis.plan": "Logistic regression by intention to treat.", "analysis.missing": "Multiple imputation.",
        "analysis.multiplicity": "One primary outcome.", "analysis.subgroups": "Age of the youngest child.",
        "strands.process": "Fidelity and dose.", "strands.economic": "Cost for each family.",
        "data.sources.0.source": "Returns on children in care", "data.sources.0.access": "agreed",
        "data.linkage": "By the child’s number.", "data.dpia": "done", "data.ethics": "REC 12/34",
        "data.consent": "Opt out.", "data.voice": "A panel of young people.", "data.harms": "A log read each month.",
        "timetable.evaluationStart": "2026-09", "timetable.firstRecruitment": "2026-10",
        "timetable.lastRecruitment": "2027-10", "timetable.finalExtract": "2028-11",
        "timetable.analysisStart": "2028-11",
        "timetable.analysisEnd": "2029-02", "timetable.finalPublication": "2029-05",
        "timetable.interventionStart": "2026-10", "timetable.interventionEnd": "2027-12",
        "context.factors": "A new law.", "context.risks": "Few referrals.", "context.cost": "250000",
    ])
    change(&answers)
    return answers
}

/// A complete report of that trial: 36.2 % against 44.8 %.
func reportAnswers(_ change: (inout Questionnaire.Answers) -> Void = { _ in }) -> Questionnaire.Answers {
    var answers = Questionnaire.Answers([
        "summary.plainLanguage": "Children whose family met were in care less often.",
        "summary.keyMessages.0.message": "Fewer children entered care.", "summary.executive": "A trial of meetings.",
        "summary.authors.0.name": "Dr Ada", "summary.authors.0.organisation": "Institute", "summary.date": "2029-05-01",
        "context.project": "Meetings of the family.", "context.aims": "To keep children safe at home.",
        "context.activities": "One meeting for each family.", "context.questions": "Do fewer children enter care?",
        "methods.designUsed": "rct_individual", "methods.wellImplemented": "yes", "methods.methods": "A trial.",
        "methods.changes": "None.", "methods.limitations": "Two authorities are not all.",
        "methods.followUpMonths": "12",
        "results.results.0.outcomeCode": "P1", "results.results.0.outcome": "Child in care at 12 months",
        "results.results.0.timePoint": "12 months", "results.results.0.headline": "yes",
        "results.results.0.metric": "pp",
        "results.results.0.arms.0.arm": "Meeting", "results.results.0.arms.0.n": "755",
        "results.results.0.arms.0.mean": "36.2", "results.results.0.arms.1.arm": "Usual service",
        "results.results.0.arms.1.n": "756", "results.results.0.arms.1.mean": "44.8",
        "results.results.0.effect": "-8.6",
        "results.results.0.ciLow": "-13.5", "results.results.0.ciHigh": "-3.7", "results.results.0.ciLevel": "95",
        "results.results.0.p": "0.001", "results.results.0.analysisSet": "itt",
        "results.notAnalysed.0.outcomeCode": "S1",
        "results.notAnalysed.0.reason": "Fewer than one in ten parents answered the scale.",
        "flow.assessed": "1700", "flow.randomised": "1511", "flow.arms.0.arm": "Meeting",
        "flow.arms.0.allocated": "755",
        "flow.arms.0.lost": "20", "flow.arms.0.analysed": "735", "flow.arms.1.arm": "Usual service",
        "flow.arms.1.allocated": "756", "flow.arms.1.lost": "20", "flow.arms.1.analysed": "736",
        "balance.variables.0.variable": "Age of the youngest child", "balance.variables.0.smd": "0.04",
        "deviations.none": "yes", "cost.perspective": "Authority", "cost.perUnit": "612.50",
        "findings.findings": "36 in 100 children were in care, against 45.", "findings.features": "Strengths first.",
        "people.harms": "None was noticed.", "people.equitySubgroups": "Alike for all ages.",
        "people.voice": "Children said that they were heard.", "lessons.lessons": "Offer the meeting early.",
        "lessons.implications": "Others may offer it.", "access.statement": "On request.",
        "appendices.theory": "As in the protocol.", "appendices.costBenefit": "In a separate paper.",
    ])
    change(&answers)
    return answers
}
