import Testing

@testable import Domain

@Suite("Evaluation reports")
struct EvaluationReportTests {
    func problems(_ change: (inout Questionnaire.Answers) -> Void = { _ in }) -> [String] {
        EvaluationReportRules.problems(
            reportAnswers(change), reportForm, plan: planFacts(), planVersion: 1, designs: designs
        ).map(\.field)
    }

    func messages(_ change: (inout Questionnaire.Answers) -> Void = { _ in }) -> [EvaluationReportRules.Message] {
        EvaluationReportRules.messages(reportFacts(change), plan: planFacts())
    }

    @Test("scenario 24: −8.6 points, positive, 5 on the Maryland scale, 2.6 % lost, 5 padlocks for attrition")
    func familyGroupConferences() throws {
        #expect(problems() == [])
        #expect(messages() == [])
        let facts = reportFacts()
        let computed = try #require(facts.results[0].recomputed)
        #expect(Rounded.text(computed.value, places: 1) == "−8.6")
        #expect(EvaluationReportRules.direction(facts, planFacts()) == .positive)
        #expect(EvaluationReportRules.sms(facts, planFacts()) == 5)
        let attrition = try #require(facts.flow?.attrition)
        #expect(attrition.numerator == 40 && attrition.percent(places: 1) == "2.6")
        #expect(EvidenceThresholds.standard.attrition.points(try #require(attrition.share)) == 5)
        #expect(EvaluationReportRules.padlock(facts, planFacts()) == 5)
    }

    @Test("scenario 25: p = .03 with an interval from −1 to 4 stops sign-off, and says so")
    func contradiction() {
        let found = messages {
            $0["results.results.0.arms.0.mean"] = ""
            $0["results.results.0.effect"] = "1.5"
            $0["results.results.0.ciLow"] = "-1"
            $0["results.results.0.ciHigh"] = "4"
            $0["results.results.0.p"] = "0.03"
        }
        #expect(found.map(\.field) == ["results.results.0.p"] && found[0].weight == .signOff)
        #expect(found[0].sentence.contains("p = 0.03") && found[0].sentence.contains("from −1 to 4"))
    }

    @Test("p and the interval agree within rounding, at other levels too, and for ratios about 1")
    func agreement() {
        func disagrees(_ p: Double, _ low: Double, _ high: Double, _ metric: EffectMetric = .percentagePoints) -> Bool {
            ReportFigures.disagrees(p, ConfidenceInterval(low: low, high: high), metric)
        }
        #expect(!disagrees(0.03, 0.2, 4) && !disagrees(0.3, -1, 4) && disagrees(0.3, 1, 4))
        #expect(!disagrees(0.049, 0, 4), "an end at zero proves nothing")
        #expect(disagrees(0.01, 0.8, 1.4, .riskRatio) && !disagrees(0.01, 0.5, 0.8, .riskRatio))
        let ninety = ConfidenceInterval(low: 0.3, high: 4, level: 0.9)
        #expect(!ReportFigures.disagrees(0.08, ninety, .percentagePoints))
    }

    @Test("every outcome of the protocol is accounted for, one main result for each primary one")
    func accounted() {
        #expect(problems { $0["results.notAnalysed.0.outcomeCode"] = "S9" }.contains("results.results"))
        #expect(problems { $0["results.notAnalysed.0.reason"] = "Too few" }.contains("results.notAnalysed"))
        #expect(problems { $0["results.results.0.headline"] = "no" } == ["results.results.0.headline"])
        #expect(
            problems {
                $0["results.notAnalysed.1.outcomeCode"] = "P1"
                $0["results.notAnalysed.1.reason"] = "The data were lost in a move of servers."
            }.contains("results.notAnalysed"), "a result and a reason at once")
    }

    @Test("an added outcome is marked, and stops nothing")
    func added() {
        let found = messages {
            for (key, value) in [
                ("outcome", "School attendance"), ("timePoint", "12 months"), ("metric", "pp"), ("effect", "2"),
                ("ciLow", "-1"), ("ciHigh", "5"), ("ciLevel", "95"), ("analysisSet", "itt"), ("beneficial", "higher"),
            ] { $0["results.results.1.\(key)"] = value }
        }
        #expect(found.count == 1 && found[0].weight == .nothing)
        #expect(found[0].sentence.contains("“not pre-specified”"))
    }

    @Test("deviations, costs and the other duties of a report are asked for")
    func duties() {
        #expect(problems { $0["deviations.none"] = "" } == ["deviations.none"])
        #expect(
            problems {
                $0["cost.perspective"] = ""
                $0["cost.perUnit"] = ""
            } == ["cost.absenceReason"])
        for key in [
            "summary.plainLanguage", "methods.limitations", "people.voice", "people.harms", "people.equitySubgroups",
            "access.statement", "flow.randomised",
        ] {
            #expect(problems { $0[key] = "" }.contains(key), "\(key)")
        }
        let deviation = [
            "planVersion": "3", "key": "Time point", "what": "18 months", "why": "Late data", "beforeUnblinding": "yes",
        ]
        let later = problems {
            $0["deviations.none"] = ""
            for (key, value) in deviation { $0["deviations.deviations.0.\(key)"] = value }
        }
        #expect(later == ["deviations.deviations.0.planVersion"])
    }

    @Test("figures that contradict each other cannot be submitted")
    func impossible() {
        #expect(problems { $0["results.results.0.effect"] = "-20" }.contains("results.results.0.effect"))
        #expect(problems { $0["flow.arms.0.analysed"] = "900" }.contains("flow.arms.0.analysed"))
        #expect(problems { $0["flow.randomised"] = "1600" } == ["flow.randomised"])
        #expect(problems { $0["flow.assessed"] = "100" } == ["flow.assessed"])
        let found = messages { $0["results.results.0.metric"] = "rr" }
        #expect(found.contains { $0.weight == .submission && $0.sentence.contains("a ratio is always above zero") })
    }

    @Test("a figure that differs from the groups' own is a message; a model makes it a note")
    func recomputed() {
        func change(_ answers: inout Questionnaire.Answers) {
            answers["results.results.0.effect"] = "-6.1"
            answers["results.results.0.ciLow"] = "-11"
            answers["results.results.0.ciHigh"] = "-1.2"
        }
        #expect(messages(change).map(\.weight) == [.signOff])
        let adjusted = messages {
            change(&$0)
            $0["results.results.0.adjusted"] = "yes"
        }
        #expect(adjusted.map(\.weight) == [.nothing] && adjusted[0].sentence.contains("−8.6"))
        let wider = messages {
            $0["results.results.0.ciLow"] = "-17"
            $0["results.results.0.ciHigh"] = "-0.2"
            $0["results.results.0.p"] = "0.045"
        }
        #expect(wider.map(\.weight) == [.nothing], "a wider interval allows for groups")
    }

    @Test("attrition, unequal loss and imbalance are said, and stop nothing")
    func cautions() {
        let lost = messages {
            $0["flow.arms.0.analysed"] = "400"
            $0["flow.arms.1.analysed"] = "500"
        }
        #expect(lost.allSatisfy { $0.weight == .nothing })
        #expect(lost.contains { $0.sentence.contains("40.4%") } && lost.contains { $0.sentence.contains("13.2") })
        #expect(messages { $0["balance.variables.0.smd"] = "-0.3" }.map(\.weight) == [.nothing])
    }

    // The same golden table as in the database: interval, which way is better, smallest worthwhile effect, result.
    @Test(
        "the direction follows from the interval",
        arguments: [
            (1.0, 5.0, true, 2.0 as Double?, EffectMetric.percentagePoints, ResultDirection.positive),
            (-5.0, -1.0, true, 2.0, .percentagePoints, .negative),
            (-5.0, -1.0, false, 2.0, .percentagePoints, .positive),
            (-1.0, 1.5, true, 2.0, .percentagePoints, .null), (-1.0, 2.0, true, 2.0, .percentagePoints, .uninformative),
            (-1.0, 4.0, true, 2.0, .percentagePoints, .uninformative), (-3.0, 0.0, true, 2.0, .percentagePoints, .null),
            (-1.0, 1.5, true, nil, .percentagePoints, .uninformative), (0.7, 0.9, false, 0.9, .riskRatio, .positive),
            (1.1, 1.4, false, 0.9, .riskRatio, .negative), (0.95, 1.05, false, 0.9, .riskRatio, .null),
            (0.85, 1.05, false, 0.9, .riskRatio, .uninformative), (0.8, 1.3, true, 1.2, .oddsRatio, .uninformative),
        ])
    func direction(
        low: Double, high: Double, higher: Bool, worthwhile: Double?, metric: EffectMetric, wanted: ResultDirection
    ) throws {
        let turned = try #require(
            metric.beneficial(ConfidenceInterval(low: low, high: high), higherIsBetter: higher))
        #expect(ResultDirection.of(turned, smallestWorthwhile: worthwhile.map(metric.size)) == wanted)
    }

    @Test("primary outcomes that disagree are mixed; none analysed is uninformative; one without a main result is open")
    func together() {
        #expect(ResultDirection.of([.positive, .positive]) == .positive)
        #expect(ResultDirection.of([.positive, .null]) == .mixed)
        let omitted = reportFacts {
            $0["results.results.0.outcomeCode"] = "S1"
            $0["results.notAnalysed.0.outcomeCode"] = "P1"
        }
        #expect(EvaluationReportRules.direction(omitted, planFacts()) == .uninformative)
        #expect(
            EvaluationReportRules.direction(reportFacts { $0["results.results.0.headline"] = "no" }, planFacts()) == nil
        )
    }

    @Test("words that claim a cause are refused where the design does not bear them")
    func causes() {
        let text = "The service reduced entries to care."
        #expect(CausalWording.claims(in: text) == ["reduced"])
        #expect(CausalWording.claims(in: "Entries were lower. Unreduced, they say.").isEmpty)
        #expect(CausalWording.claims(in: "It LED  to change") == ["led to"])
        #expect(CausalWording.problem(text, at: "summary.plainLanguage", sms: 3) == nil)
        let weak = problems {
            $0["methods.designUsed"] = "generic_before_after"
            $0["summary.plainLanguage"] = text
            $0["summary.keyMessages.0.message"] = "It led to fewer entries."
        }
        #expect(weak == ["summary.plainLanguage", "summary.keyMessages.0.message"])
        #expect(problems { $0["summary.plainLanguage"] = text }.isEmpty, "a trial may say so")
    }

    @Test("the padlock begins at the lowest of three and loses at most two; a null trial can have all five")
    func padlock() {
        func padlock(_ design: Int, _ effect: Double?, _ lost: Double?, _ threats: [ValidityThreat] = []) -> Int? {
            EvidenceSecurity.padlock(
                design: design, smallestDetectableEffect: effect, attrition: lost, threats: threats)
        }
        #expect(padlock(5, 0.19, 0.10) == 5 && padlock(5, 0.2, 0.10) == 4 && padlock(5, 0.19, 0.11) == 4)
        #expect(padlock(3, 0.1, 0) == 3 && padlock(1, 0.1, 0) == 0 && padlock(5, 0.7, 0) == 0)
        #expect(padlock(5, nil, 0) == nil && padlock(5, 0.1, nil) == nil)
        let high = ValidityThreat(.high)
        let moderate = ValidityThreat(.moderate)
        let same = ValidityThreat(.moderate, bias: .same)
        #expect(
            padlock(5, 0.1, 0, [moderate, moderate]) == 5 && padlock(5, 0.1, 0, [moderate, moderate, moderate]) == 4)
        #expect(padlock(5, 0.1, 0, [same]) == 4 && padlock(5, 0.1, 0, [high]) == 4)
        #expect(padlock(5, 0.1, 0, [high, high]) == 3 && padlock(5, 0.1, 0, [high, moderate, moderate]) == 3)
        #expect(padlock(5, 0.1, 0, [high, high, high, moderate]) == 3 && padlock(2, 0.1, 0, [high, high]) == 0)
    }

    @Test("levels are proposed by rule")
    func levels() {
        func study(_ sms: Int, _ direction: ResultDirection, _ arm: Int = 100, lost: Double = 0.1, months: Int = 12)
            -> EvidenceLevel.Study
        {
            EvidenceLevel.Study(
                sms: sms, direction: direction, smallestArm: arm, attrition: lost, followUpMonths: months)
        }
        #expect(EvidenceLevel.proposed([]) == .notLevelTwo)
        #expect(EvidenceLevel.proposed([study(5, .null)]) == .noEffect)
        #expect(EvidenceLevel.proposed([study(5, .positive, months: 6)]) == .three)
        #expect(EvidenceLevel.proposed([study(5, .positive), study(4, .positive)]) == .four)
        #expect(EvidenceLevel.proposed([study(5, .positive, months: 6), study(4, .positive, months: 6)]) == .three)
        #expect(EvidenceLevel.proposed([study(3, .positive)]) == .two)
        #expect(EvidenceLevel.proposed([study(3, .positive, 19)]) == .notLevelTwo)
        #expect(EvidenceLevel.proposed([study(3, .positive, lost: 0.41)]) == .notLevelTwo)
        #expect(EvidenceLevel.proposed([study(5, .uninformative)]) == .notLevelTwo)
    }
}
