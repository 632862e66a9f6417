import Domain
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Postgres
import Testing

@testable import Services
@testable import Web

/// From a published report to a decision, an adoption and the public record, on pages and by the API.
@Suite struct EvidencePageTests {
    private typealias Browser = MoneyPageTests.Browser

    private func browser(_ web: WebStage, _ stage: EvidenceStage, _ key: String) async throws -> MoneyPageTests.Browser
    {
        Browser(web: web, token: try await stage.award.stage.signedIn(key))
    }

    @Test("Rating, decision and announcement by forms alone; a decision with no citation is shown again with why")
    func decide() async throws {
        try await EvidenceStage.run { stage in
            try await WebStage.run(stage.services) { web in
                let practice = try await stage.practice()
                let reviewer = try await browser(web, stage, "reviewer2")
                try await reviewer.act("/practices/\(practice)", to: "/practices/\(practice)/ratings")
                let rating: EvidenceRatingID = try await stage.test.value("select id from evidence_rating")
                try await reviewer.act(
                    "/ratings/\(rating)/proposal",
                    [
                        ("level", "3"), ("sms", "5"), ("padlock", "5"), ("direction", "positive"),
                        ("consistency", "single"),
                        ("rationale", "One large trial in five places, with little attrition and a clear result."),
                    ])
                try await reviewer.act("/ratings/\(rating)/panel")
                for key in ["panel", "panel2"] {
                    let member = try await browser(web, stage, key)
                    try await member.act("/ratings/\(rating)", to: "/ratings/\(rating)/votes", [("agrees", "yes")])
                }
                let officer = try await browser(web, stage, "officer2")
                let programme = try await stage.award.programme
                try await officer.act(
                    "/practices/\(practice)/roll-out-decisions/new",
                    [
                        ("programme", "\(programme)"), ("title", "Conferences everywhere"),
                        ("question", "Should every authority offer them?"),
                        ("expectedCost", "2000000"), ("reachAuthorities", "100"),
                    ])
                let decision: AdoptionDecisionID = try await stage.test.value("select id from adoption_decision")
                let path = "/roll-out-decisions/\(decision)"
                try await officer.act("\(path)/pack")
                let page = try await officer.open("\(path)/recommendation")
                let form = try #require(Browser.form("\(path)/recommendation", in: page))
                let answers = [("recommendation", "scale"), ("reason", "The trial found fewer children in care.")]
                let uncited = try await web.form(
                    "\(path)/recommendation", as: officer.token, Browser.hidden(form) + answers)
                #expect(uncited.status == .unprocessableContent)
                #expect(uncited.text.contains("Cite at least one item of the evidence pack."))
                try await officer.act("\(path)/recommendation", answers + [("citations.1.bearing", "supports")])
                try await browser(web, stage, "approver2").act("\(path)/approval")
                try await browser(web, stage, "senior").act("\(path)/announcement")
                let log = try await web.send(.get, "/public/decisions")
                #expect(log.text.contains("Conferences everywhere") && log.text.contains("Level 3"))
            }
        }
    }

    @Test("Public pages need nobody signed in, are cacheable, and say 304 when nothing changed")
    func publicPages() async throws {
        try await EvidenceStage.run { stage in
            let practice = try await stage.practice()
            _ = try await stage.agreed(practice)
            _ = try await stage.announced(practice)
            _ = try await stage.adopted(practice)
            let reference: String = try await stage.test.value("select reference from practice")
            let rating: String = try await stage.test.value("select reference from evidence_rating")
            let decision: String = try await stage.test.value("select reference from adoption_decision")
            try await WebStage.run(stage.services) { web in
                for path in [
                    "/public", "/public/practices", "/public/practices/\(reference)", "/public/ratings",
                    "/public/ratings/\(rating)", "/public/decisions",
                    "/public/decisions/\(decision)", "/public/search?q=conferences",
                ] {
                    let response = try await web.send(.get, path)
                    #expect(response.status == .ok, "\(path)")
                    #expect(response.headers[.cacheControl] == "public, max-age=60", "\(path)")
                    let tag = try #require(response.headers[.eTag])
                    let again = try await web.send(.get, path, headers: [("If-None-Match", tag)])
                    #expect(again.status == .notModified, "\(path)")
                    #expect(response.headers[.setCookie] == nil, "\(path)")
                    let ids = Browser.values("id", in: response.text)
                    #expect(Set(ids).count == ids.count, "\(path)")
                }
                let found = try await web.send(.get, "/public/search?q=conferences")
                #expect(found.text.contains("/public/practices/\(reference)"))
                for (list, row) in [("practices", reference), ("ratings", rating), ("decisions", decision)] {
                    let file = try await web.send(.get, "/public/\(list).csv").text
                    #expect(file.contains("\r\n\(row),"), "\(file)")
                }
                let json = try await web.send(.get, "/api/v1/public/decisions/\(decision)")
                #expect(json.text.contains(#""sufficient":true"#) && json.text.contains(#""bearing":"supports""#))
                #expect(try await web.send(.get, "/public/decisions/ROL-2020-0001").status == .notFound)
            }
        }
    }

    @Test("Pages of adoption, capacity, follow-up, the chain and the authority's home open for those they are for")
    func pages() async throws {
        try await EvidenceStage.run { stage in
            let practice = try await stage.practice()
            _ = try await stage.agreed(practice)
            let decision = try await stage.announced(practice)
            let adoption = try await stage.adopted(practice)
            let followUp = try stage.openFollowUp()
            try await WebStage.run(stage.services) { web in
                let certifier = Browser(
                    web: web, token: try await stage.award.stage.signedIn("\(stage.award.bid.authority).certifier"))
                let editor = Browser(
                    web: web, token: try await stage.award.stage.signedIn("\(stage.award.bid.authority).editor"))
                let assessment: CapacityAssessmentID = try await stage.test.value("select id from capacity_assessment")
                for path in [
                    "/my-authority", "/practices", "/practices/\(practice)", "/adoptions", "/capacity-assessments",
                    "/follow-ups", "/ratings", "/roll-out-decisions",
                ] {
                    _ = try await certifier.open(path)
                }
                let dimensions = [
                    "leadership", "skills", "data_access", "linkage", "theory_of_change", "design", "costing",
                    "using_findings",
                ]
                for (who, team) in [(editor, "Analysis"), (certifier, "Finance")] {
                    let answers = dimensions.flatMap {
                        [("answers.\($0).level", "2"), ("answers.\($0).evidence", "The policy of 2025 says so")]
                    }
                    try await who.act("/capacity-assessments/\(assessment)/answers", [("team", team)] + answers)
                }
                let levels = dimensions.flatMap {
                    [("levels.\($0).level", "2"), ("levels.\($0).evidence", "The policy of 2025 says so")]
                }
                try await certifier.act("/capacity-assessments/\(assessment)/certification", levels)
                #expect(try await certifier.open("/capacity-assessments/\(assessment)").contains("Certified levels"))
                let form = try #require(
                    Browser.form(
                        "/follow-ups/\(followUp)/answer", in: try await editor.open("/follow-ups/\(followUp)/answer")))
                let codes = Browser.values("name", in: form).filter { $0.hasSuffix(".missing") }
                let periods =
                    codes.map { ($0.replacing(".missing", with: ".period"), "2028") }
                    + codes.map { ($0, "not_yet_available") }
                try await editor.act(
                    "/follow-ups/\(followUp)/answer",
                    [("running", "yes"), ("funder", "The council"), ("staff", "most"), ("capacityKept", "yes")]
                        + periods)
                let officer = Browser(web: web, token: try await stage.award.stage.signedIn("officer"))
                try await officer.act("/follow-ups/\(followUp)/acceptance")
                for path in [
                    "/chain/award/\(stage.award.award)", "/chain/la_adoption/\(adoption)", "/adoptions/\(adoption)",
                    "/roll-out-decisions/\(decision)",
                    "/history/adoption_decision/\(decision)",
                ] { _ = try await officer.open(path) }
                let adopter = Browser(web: web, token: try await stage.award.stage.signedIn("840.certifier"))
                try await adopter.act(
                    "/adoptions/\(adoption)/confirmation",
                    [
                        ("coverage", "62.5"), ("startedOn-day", "1"), ("startedOn-month", "9"),
                        ("startedOn-year", "2026"),
                    ])
                try await Browser(web: web, token: try await stage.award.stage.signedIn("919.certifier")).act(
                    "/adoptions/\(adoption)/verification", [("note", "We visited two teams and saw it.")])
                #expect(
                    try await web.send(.get, "/api/v1/chain/award/\(stage.award.award)", as: .bearer(officer.token))
                        .text.contains("\"adoption_decision\""))
            }
        }
    }
}
