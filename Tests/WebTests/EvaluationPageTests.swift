import Domain
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Postgres
import Testing

@testable import Services
@testable import Web

/// Evaluations on pages and by the API: for those who take part, and for everybody.
@Suite struct EvaluationPageTests {
    /// A session of its own for an actor of the stage.
    private func token(_ made: EvaluationStage, _ actor: Services.Actor) async throws -> String {
        let token = Tokens.fresh()
        _ = try await made.test.signIn(try await made.test.person(of: actor), token: token)
        return token
    }

    @Test(
        "every page of a whole evaluation opens for those who take part, and no reviewer's name is on those of others")
    func pages() async throws {
        try await EvaluationStage.run { made in
            try await made.registeredPlan()
            let report = try await made.publishedReport()
            let reviews: [ReviewID] = try await made.test.value("select array_agg(id order by created_at) from review")
            let detail = try await made.services.evaluationReports.detail(made.author, report)
            let plan = try await made.services.evaluationPlans.detail(made.author, made.plan)
            let base = [
                "/", "/evaluations", "/evaluations/\(made.evaluation)", "/evaluation-plans/\(made.plan)",
                "/evaluation-plans/\(made.plan)/content", "/evaluation-plans/\(made.plan)/parts/design",
                "/evaluation-plans/\(made.plan)/amendment", "/evaluation-reports", "/evaluation-reports/\(report)",
                "/evaluation-reports/\(report)/content", "/evaluation-reports/\(report)/parts/results",
                "/history/evaluation_plan/\(made.plan)", "/history/evaluation_report/\(report)",
            ]
            let desk = [
                "/reviews", "/reviews/\(reviews[0])", "/evaluation-plans/\(made.plan)/reviews",
                "/evaluation-reports/\(report)/reviews", "/reviews/\(reviews[0])/interests",
            ]
            let api = [
                "/api/v1/evaluations", "/api/v1/evaluations/\(made.evaluation)",
                "/api/v1/evaluation-plans/\(made.plan)",
                "/api/v1/evaluation-plans/\(made.plan)/parts/outcomes", "/api/v1/evaluation-reports/\(report)",
                "/api/v1/evaluation-plans/\(made.plan)/reviews", "/api/v1/reviews/\(reviews[0])",
                "/api/v1/review-agreement",
                "/api/v1/review-desk", "/api/v1/reviews",
            ]
            let award: String = try await made.test.value(
                "select reference from award where id = \(made.award.award)")
            let open = [
                "/public/protocols", "/public/protocols/\(plan.plan.reference)", "/public/reports",
                "/public/reports/\(detail.report.reference)", "/public/overdue", "/api/v1/public/protocols",
                "/api/v1/public/protocols/\(plan.plan.reference)", "/api/v1/public/reports",
                "/api/v1/public/reports/\(detail.report.reference)", "/api/v1/public/overdue",
                "/public/awards", "/public/awards/\(award)", "/public/awards.csv", "/public/protocols.csv",
                "/public/reports.csv", "/public/overdue.csv", "/api/v1/public/awards", "/api/v1/public/awards/\(award)",
            ]
            let people: [(name: String, actor: Services.Actor, knows: Bool)] = [
                ("author", made.author, false), ("editor", try made.award.editor, false),
                ("officer", try made.stage.actor("officer"), false), ("senior", try made.stage.actor("senior"), false),
                ("lead", made.lead, true), ("reviewer", made.reviewers[0], true),
                ("auditor", try made.stage.actor("auditor"), true),
            ]
            try await WebStage.run(made.test.core) { web in
                for path in open {
                    let answer = try await web.send(.get, path)
                    #expect(answer.status == .ok, "\(path) \(answer.status)")
                    #expect(answer.headers[.cacheControl] == "public, max-age=60", "\(path)")
                    #expect(answer.headers[.setCookie] == nil, "\(path)")
                    for canary in EvaluationStage.canaries { #expect(!answer.text.contains(canary), "\(path)") }
                }
                // Page, data and file of one award and of the reports say the same.
                let reference = detail.report.reference
                for path in ["/public/awards/\(award)", "/api/v1/public/awards/\(award)", "/public/reports.csv"] {
                    #expect(try await web.send(.get, path).text.contains(reference), "\(path)")
                }
                let file = try await web.send(.get, "/public/reports.csv").text
                #expect(file.hasPrefix("\u{FEFF}reference,title,kind,authorityName,evaluatorName,state,direction,sms"))
                // The award's page leads to all of it, and names who was appointed.
                let officer = try await token(made, try made.stage.actor("officer"))
                let story = try await web.send(.get, "/awards/\(made.award.award)", as: .cookie(officer)).text
                for part in ["/evaluation-plans/\(made.plan)", "/evaluation-reports/\(report)", "Institute of Trials"] {
                    #expect(story.contains(part), "\(part)")
                }
                for person in people {
                    let token = try await token(made, person.actor)
                    for path in base + desk + api {
                        let answer = try await web.send(
                            .get, path, as: path.hasPrefix("/api") ? .bearer(token) : .cookie(token))
                        #expect(answer.status.code < 500, "\(path) as \(person.name): \(answer.status)")
                        guard !person.knows else { continue }
                        for canary in EvaluationStage.canaries {
                            #expect(!answer.text.contains(canary), "\(path) as \(person.name)")
                        }
                    }
                }
                let lead = try await web.send(
                    .get, "/evaluation-plans/\(made.plan)/reviews", as: .cookie(try await token(made, made.lead)))
                #expect(lead.status == .ok && lead.text.contains(EvaluationStage.canaries[0]), "who may, does")
            }
        }
    }

    @Test("a null result stands on the same page as any other: plain language first, interval, flow, table")
    func nullResult() async throws {
        try await EvaluationStage.run { made in
            try await made.approvedPlan()
            let report = try await made.publishedReport {
                $0["summary.plainLanguage"] = "There was no difference worth having."
                $0["results.results.0.arms.0.mean"] = "44.8"
                $0["results.results.0.effect"] = "0"
                $0["results.results.0.ciLow"] = "-4.9"
                $0["results.results.0.ciHigh"] = "4.9"
                $0["results.results.0.p"] = "0.99"
            }
            let reference = try await made.services.evaluationReports.detail(made.author, report).report.reference
            try await WebStage.run(made.test.core) { web in
                let page = try await web.send(.get, "/public/reports/\(reference)")
                let text = page.text
                #expect(
                    text.contains("No worthwhile difference") && text.contains("There was no difference worth having."))
                let plain = try #require(text.firstRange(of: "In plain language"))
                let results = try #require(text.firstRange(of: "Results</h2>"))
                #expect(plain.lowerBound < results.lowerBound)
                #expect(text.contains("app-forest__interval") && text.contains("app-flow__box"))
                let tag = try #require(page.headers[.eTag])
                let again = try await web.send(.get, "/public/reports/\(reference)", headers: [("If-None-Match", tag)])
                #expect(again.status == .notModified)
                #expect(try await web.send(.get, "/public/reports/EVR-2026-9999").status == .notFound)
            }
        }
    }

    @Test("a part of a plan is written with a form, row by row, and what is wrong is said at its field")
    func writing() async throws {
        try await EvaluationStage.run { made in
            try await made.services.evaluationPlans.start(
                made.author, made.plan, version: try await made.planVersion(), declares: true)
            let token = try await token(made, made.author)
            let path = "/evaluation-plans/\(made.plan)/parts/outcomes"
            try await WebStage.run(made.test.core) { web in
                let empty = try await web.send(.get, path, as: .cookie(token))
                #expect(empty.status == .ok && empty.text.contains("outcomes.primary.0.code"))
                let added = try await web.form(
                    path, as: token,
                    [("_version", "0"), ("outcomes.primary.0.code", "P1"), ("_add", "outcomes.secondary")])
                #expect(added.status == .ok && added.text.contains("outcomes.secondary.0.code"))
                let wrong = try await web.form(
                    path, as: token,
                    [
                        ("_version", "1"), ("outcomes.primary.0.code", "P1"),
                        ("outcomes.primary.0.smallestWorthwhileEffect", "five"),
                    ])
                #expect(wrong.status.code == 422 && wrong.text.contains("Enter a number from 0"))
                let stale = try await web.form(
                    path, as: token, [("_version", "0"), ("outcomes.primary.0.code", "P2")])
                #expect(stale.status == .conflict && stale.text.contains("Somebody else saved this part"))
                let saved = try await web.form(
                    path, as: token, [("_version", "1"), ("outcomes.primary.0.code", "P2"), ("_later", "yes")])
                #expect(saved.status == .seeOther)
                let read = try await web.call(.get, "/api/v1/evaluation-plans/\(made.plan)/parts/outcomes", as: token)
                #expect(read.text.contains("\"code\":\"P2\""))
                let put = try await web.call(
                    .put, "/api/v1/evaluation-plans/\(made.plan)/parts/design", as: token,
                    json: #"{"impact": true, "design": "rct_individual", "rationale": "Chance makes groups alike."}"#,
                    ifMatch: "\"0\"")
                #expect(put.status == .ok, "\(put.text)")
            }
        }
    }
}
