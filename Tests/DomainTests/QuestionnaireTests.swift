import Foundation
import Testing

@testable import Domain

@Suite("Questionnaires")
struct QuestionnaireTests {
    @Test("a document survives its nested form and JSON, truth values as such", arguments: [true, false])
    func roundTrip(isPlan: Bool) throws {
        let form = isPlan ? planForm : reportForm
        let answers = isPlan ? planAnswers() : reportAnswers()
        let document = form.document(answers, sections: form.sections.map(\.code))
        let json = try JSONEncoder().encode(document)
        let back = try JSONDecoder().decode(Questionnaire.Document.self, from: json)
        #expect(back == document)
        #expect(form.answers(back) == answers)
        if isPlan {
            let section = try #require(form.section("design"))
            guard case .object(let design) = form.document(answers, in: section) else {
                Issue.record("no object")
                return
            }
            #expect(design["impact"] == .flag(true) && design["design"] == .text("rct_individual"))
        }
    }

    @Test("numbers sent as numbers, nulls and unknown names are taken as they are meant")
    func lenient() throws {
        let section = try #require(planForm.section("sample"))
        let json =
            #"{"mdes": 0.148, "arms": [{"arm": "A", "planned": 800}, {}, {"arm": "B"}], "unknown": 1, "icc": null}"#
        let document = try JSONDecoder().decode(Questionnaire.Document.self, from: Data(json.utf8))
        let answers = planForm.answers(document, in: section)
        #expect(answers["sample.mdes"] == "0.148" && answers.row("sample.arms", 0, "planned") == "800")
        #expect(answers.rows("sample.arms") == 2 && answers.row("sample.arms", 1, "arm") == "B")
        #expect(answers["sample.unknown"].isEmpty && answers["sample.icc"].isEmpty)
    }

    @Test("the canonical text changes with every answer and with nothing else")
    func canonical() {
        let text = planForm.canonicalText(planAnswers())
        #expect(text.hasPrefix("17:evaluation-plan-1,"))
        for key in planAnswers().keys {
            let changed = planAnswers { $0[key] = $0[key] + "1" }
            #expect(planForm.canonicalText(changed) != text, "\(key)")
        }
        #expect(planForm.canonicalText(planAnswers { $0["no.such"] = "x" }) == text)
        #expect(planForm.canonicalText(planAnswers { $0["overview.changes"] = "   " }) == text)
    }

    @Test("keys are unique, and every condition names a question")
    func keys() {
        for form in [planForm, reportForm] {
            let keys = form.sections.flatMap { $0.questions.map(\.key) + $0.lists.map(\.key) }
            #expect(Set(keys).count == keys.count)
            for section in form.sections {
                #expect(section.questions.allSatisfy { $0.key.hasPrefix(section.code + ".") })
                #expect(section.lists.allSatisfy { $0.key.hasPrefix(section.code + ".") })
                for question in section.questions {
                    if case .when(let other, _) = question.need { #expect(keys.contains(other), "\(question.key)") }
                }
                for list in section.lists {
                    #expect(Set(list.questions.map(\.key)).count == list.questions.count)
                }
            }
        }
    }

    @Test("a question may be left out for a reason, and only for one")
    func reasons() throws {
        let section = try #require(planForm.section("participants"))
        let without = planAnswers { $0["participants.exclusion"] = "" }
        #expect(planForm.problems(without, in: section).map(\.field) == ["participants.exclusion"])
        var reasoned = without
        reasoned["participants.notApplicable.0.question"] = "participants.exclusion"
        reasoned["participants.notApplicable.0.reason"] = "Too short"
        #expect(planForm.problems(reasoned, in: section).map(\.field) == ["participants.notApplicable.0.reason"])
        reasoned["participants.notApplicable.0.reason"] = "Nobody is excluded from this study."
        #expect(planForm.problems(reasoned, in: section).isEmpty)
        let always = planAnswers { $0["participants.inclusion"] = "" }
        #expect(planForm.problems(always, in: section).map(\.field) == ["participants.inclusion"])
    }

    @Test("what cannot be kept is refused at its field, and a draft may be blank")
    func storage() throws {
        for section in planForm.sections {
            #expect(planForm.storageProblems(Questionnaire.Answers(), in: section).isEmpty)
        }
        let sample = try #require(planForm.section("sample"))
        let bad = planAnswers {
            $0["sample.mdes"] = "about 0.2"
            $0["sample.alpha"] = "7"
            $0["sample.arms.0.planned"] = "many"
        }
        #expect(
            Set(planForm.storageProblems(bad, in: sample).map(\.field)) == [
                "sample.mdes", "sample.alpha", "sample.arms.0.planned",
            ])
    }

    @Test("a row that only moves is no change; a changed row is named by its first answer")
    func changes() {
        let old = planAnswers {
            $0["outcomes.secondary.1.code"] = "S2"
            $0["outcomes.secondary.1.name"] = "School"
        }
        let moved = planAnswers {
            for question in ["name", "instrument", "timePoint", "beneficial", "metric", "code"] {
                $0["outcomes.secondary.1.\(question)"] = $0["outcomes.secondary.0.\(question)"]
                $0["outcomes.secondary.0.\(question)"] = ""
            }
            $0["outcomes.secondary.0.code"] = "S2"
            $0["outcomes.secondary.0.name"] = "School"
        }
        #expect(planForm.changes(from: old, to: moved).isEmpty)
        let changed = planAnswers {
            $0["design.fallback"] = "qed_difference_in_difference"
            $0["outcomes.primary.0.timePoint"] = "18 months"
        }
        let changes = planForm.changes(from: planAnswers(), to: changed)
        #expect(changes.map(\.key) == ["design.fallback", "outcomes.primary[P1].timePoint"])
        #expect(changes[1].before == "12 months" && changes[1].after == "18 months")
        #expect(planForm.changedKeys(from: planAnswers(), to: changed) == ["design.fallback", "outcomes.primary"])
    }

    @Test("review again follows the list of keys, by prefix of whole names")
    func rereview() {
        let reviewed = ["outcomes.primary", "sample", "design.clusters"]
        #expect(Questionnaire.needsReview(["sample.mdes"], reviewed: reviewed))
        #expect(Questionnaire.needsReview(["outcomes.primary"], reviewed: reviewed))
        #expect(!Questionnaire.needsReview(["outcomes.secondary", "samples.x", "design.fallback"], reviewed: reviewed))
    }
}
