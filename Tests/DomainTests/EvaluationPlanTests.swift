import Testing

@testable import Domain

@Suite("Evaluation plans")
struct EvaluationPlanTests {
    func problems(version: Int = 1, _ change: (inout Questionnaire.Answers) -> Void = { _ in }) -> [String] {
        EvaluationPlanRules.problems(planAnswers(change), planForm, designs: designs, version: version).map(\.field)
    }

    @Test("the sample is complete")
    func complete() {
        #expect(EvaluationPlanRules.problems(planAnswers(), planForm, designs: designs) == [])
        #expect(EvaluationPlanRules.warnings(planFacts()).isEmpty)
    }

    @Test("every answer that is taken away is asked for, unless it may be left out")
    func missing() {
        let free: Set<String> = ["outcomes.secondary.0.instrument"]
        for section in planForm.sections {
            for question in section.questions where !planAnswers()[question.key].isEmpty {
                guard question.need != .never else { continue }
                #expect(problems { $0[question.key] = "" }.contains(question.key), "\(question.key)")
            }
        }
        #expect(problems { $0["outcomes.secondary.0.instrument"] = "" } == Array(free))
        #expect(problems { $0["outcomes.primary.0.smallestWorthwhileEffect"] = "" }.count == 1)
    }

    @Test("the detectable effect is computed again and must agree within 5 %")
    func detectableEffect() throws {
        let computed = try #require(planFacts().computedMDES)
        #expect(abs(computed - 0.1477) < 0.0005)
        #expect(problems { $0["sample.mdes"] = "0.155" }.isEmpty)
        #expect(problems { $0["sample.mdes"] = "0.12" } == ["sample.mdes"])
    }

    @Test("groups: t with J−2, an ICC, and the design effect")
    func clusters() throws {
        func change(_ answers: inout Questionnaire.Answers) {
            answers["design.design"] = "rct_cluster"
            answers["design.clusters"] = "40"
            answers["sample.icc"] = "0.05"
        }
        let facts = planFacts(change)
        #expect(facts.power?.clusters == 40)
        let effect = try #require(facts.designEffect)
        #expect(abs(effect - (1 + (1440.0 / 40 - 1) * 0.05)) < 1e-9)
        #expect(problems(change) == ["sample.mdes"], "the effect entered for people one by one is too small")
        #expect(
            problems {
                change(&$0)
                $0["design.clusters"] = "2"
            }.contains("design.clusters"))
    }

    @Test("scenario 15: five groups warn, and approving needs the review lead's reason")
    func fewClusters() {
        let facts = planFacts {
            $0["design.design"] = "rct_cluster"
            $0["design.clusters"] = "5"
            $0["sample.icc"] = "0.05"
        }
        #expect(EvaluationPlanRules.hasFewClusters(facts))
        #expect(EvaluationPlanRules.warnings(facts).contains { $0.hasPrefix("Only 5 groups") })
        #expect(!EvaluationPlanRules.hasFewClusters(planFacts()))
    }

    @Test("without a comparator the Maryland scale ends at 1")
    func noComparator() {
        #expect(planFacts { $0["design.comparator"] = "none" }.plannedSMS == 1)
        #expect(planFacts { $0["design.comparator"] = "historical" }.plannedSMS == 2)
        #expect(planFacts().plannedSMS == 5)
        #expect(PlanFacts(Questionnaire.Answers(), designs: designs).plannedSMS == 1)
    }

    @Test("scenario 13: stepped wedge planned for 5, difference in difference as fallback for 3")
    func fallback() {
        let facts = planFacts {
            $0["design.design"] = "rct_stepped_wedge"
            $0["design.clusters"] = "24"
            $0["design.comparator"] = "stepped"
            $0["design.fallback"] = "qed_difference_in_difference"
        }
        #expect(facts.plannedSMS == 5 && facts.fallbackSMS == 3)
        #expect(
            EvaluationPlanRules.warnings(facts).contains(
                "Planned: 5 on the Maryland scale. If the fallback design is used: 3."))
    }

    @Test(
        "power is enough where the detectable effect is no larger than the worthwhile one, or the stage asks for none")
    func power() {
        #expect(EvaluationPlanRules.powerIsEnough(planFacts()))
        #expect(!EvaluationPlanRules.powerIsEnough(planFacts { $0["sample.worthwhileEffect"] = "0.1" }))
        #expect(
            EvaluationPlanRules.powerIsEnough(
                planFacts {
                    $0["sample.worthwhileEffect"] = "0.1"
                    $0["overview.stage"] = "pilot"
                }))
        #expect(EvaluationPlanRules.powerIsEnough(planFacts { $0["design.impact"] = "no" }))
    }

    @Test("milestones come in order, ages too, and who delivers does not draw the lots")
    func order() {
        #expect(problems { $0["timetable.analysisEnd"] = "2028-01" } == ["timetable.analysisEnd"])
        #expect(problems { $0["timetable.interventionEnd"] = "2026-01" } == ["timetable.interventionEnd"])
        #expect(problems { $0["participants.ageTo"] = "0" }.isEmpty)
        #expect(
            problems {
                $0["participants.ageFrom"] = "12"
                $0["participants.ageTo"] = "5"
            } == ["participants.ageTo"])
        #expect(problems { $0["design.randomisedByDeliverer"] = "yes" } == ["design.randomisedBy"])
        #expect(problems { $0["design.design"] = "process_interviews" }.contains("design.design"))
    }

    @Test("the second version says what changed")
    func secondVersion() {
        #expect(problems(version: 2) == ["overview.changes"])
        #expect(problems(version: 2) { $0["overview.changes"] = "A later time point." }.isEmpty)
    }

    @Test("codes of outcomes are unique and well formed")
    func codes() {
        #expect(problems { $0["outcomes.secondary.0.code"] = "P1" } == ["outcomes.secondary.0.code"])
        #expect(problems { $0["outcomes.secondary.0.code"] = "s1" } == ["outcomes.secondary.0.code"])
    }
}
