import Domain
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Postgres
import Testing

@testable import Services
@testable import Web

/// From an approved bid to a paid claim on pages alone, each act by the form of the page that asks.
@Suite struct MoneyPageTests {
    /// Somebody at a browser without JavaScript.
    struct Browser {
        let web: WebStage
        let token: String

        /// Opens a page, and holds what must be true of every page.
        func open(_ path: String) async throws -> String {
            let response = try await web.send(.get, path, as: .cookie(token))
            #expect(response.status == .ok, "\(path): \(response.status) \(response.headers[.location] ?? "")")
            let text = response.text
            let ids = Self.values("id", in: text)
            let twice = Dictionary(grouping: ids) { $0 }.filter { $1.count > 1 }.keys
            #expect(twice.isEmpty, "\(path) uses ids twice: \(twice.sorted())")
            let targets = Self.values("for", in: text)
            #expect(Set(targets).isSubset(of: Set(ids)), "\(path): \(Set(targets).subtracting(ids))")
            #expect(text.split(separator: "<h1").count == 2, "\(path) has one h1")
            return text
        }

        /// Opens the page of an act and sends its form, with what it hides and what is typed.
        @discardableResult
        func act(_ path: String, to action: String? = nil, _ typed: [(String, String)] = []) async throws
            -> TestResponse
        {
            let page = try await open(path)
            let target = action ?? path
            let form = try #require(Self.form(target, in: page), "\(path) has a form for \(target)")
            let response = try await web.form(target, as: token, Self.hidden(form) + typed)
            #expect(response.status == .seeOther, "\(target): \(response.status) \(Self.summary(response.text))")
            return response
        }

        static func values(_ attribute: String, in text: String) -> [String] {
            text.components(separatedBy: " \(attribute)=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
        }

        static func form(_ action: String, in page: String) -> String? {
            page.components(separatedBy: "<form").dropFirst().first { $0.contains("action=\"\(action)\"") }.map {
                $0.components(separatedBy: "</form>")[0]
            }
        }

        static func hidden(_ form: String) -> [(String, String)] {
            form.components(separatedBy: "<input").dropFirst().filter { $0.contains("type=\"hidden\"") }.compactMap {
                tag in
                guard let name = values("name", in: tag).first, name != "_csrf" else { return nil }
                return (name, values("value", in: tag).first ?? "")
            }
        }

        /// What the head of a page that was sent back says.
        static func summary(_ text: String) -> String {
            guard let start = text.range(of: "govuk-error-summary__list") else { return "" }
            return String(text[start.upperBound...].prefix(600))
        }
    }

    private static func browsers(_ made: AwardStage, _ web: WebStage, _ keys: [String]) async throws -> [String:
        Browser]
    {
        var browsers: [String: Browser] = [:]
        for key in keys { browsers[key] = Browser(web: web, token: try await made.stage.signedIn(key)) }
        return browsers
    }

    private static func day(_ name: String, _ day: Day) -> [(String, String)] {
        let parts = day.parts
        return [
            ("\(name)-day", "\(parts.day)"), ("\(name)-month", "\(parts.month)"), ("\(name)-year", "\(parts.year)"),
        ]
    }

    @Test(
        "The whole path on pages, without JavaScript: agreement, offer, bank details, signatures, claim, check, payment"
    )
    func journey() async throws {
        try await AwardStage.run { made in
            try await WebStage.run(made.services) { web in
                let authority = made.bid.authority
                let keys = [
                    "officer", "officer2", "senior", "signatory", "finance", "finance2", "releaser",
                    "\(authority).editor", "\(authority).certifier",
                ]
                let people = try await Self.browsers(made, web, keys)
                func person(_ key: String) throws -> Browser {
                    let found = people[key]
                    return try #require(found)
                }
                let editor = try person("\(authority).editor")
                let certifier = try person("\(authority).certifier")
                let award = "/awards/\(made.award)"
                let today = try await made.services.subject(try made.actor("officer")).now.londonDay
                try await Self.agree(made, award, person, editor, certifier, today)
                try await Self.claim(made, award, person, editor, certifier, today)
                for key in keys {
                    _ = try await person(key).open(award)
                    _ = try await person(key).open("/awards")
                    _ = try await person(key).open("/claims")
                    _ = try await person(key).open("/")
                }
                let published = try await web.send(.get, "/public/awards")
                #expect(published.status == .ok)
                #expect(published.headers[.cacheControl] == "public, max-age=60")
                let reference = try await made.services.awards.detail(try made.actor("officer"), made.award).award
                    .reference
                #expect(published.text.contains(reference))
                #expect(try await web.send(.get, "/public/awards/\(reference)").status == .ok)
            }
        }
    }

    private static func agree(
        _ made: AwardStage, _ award: String, _ person: (String) throws -> Browser, _ editor: Browser,
        _ certifier: Browser, _ today: Day
    ) async throws {
        let draft = try await person("officer").open("\(award)/agreement/edit")
        #expect(draft.contains("Paid once there is"))
        #expect(
            try await person("officer").open("\(award)/agreement").contains("Still needed before it can be checked"))
        try await made.completeDraft()
        _ = try await person("senior").open("\(award)/departures/new")
        try await person("officer2").act("\(award)/quality-check")
        try await person("senior").act("\(award)/offer")
        _ = try await certifier.open("\(award)/agreement?version=1")
        let bank = [("name", "Anytown Council"), ("sortCode", "20-00-00"), ("account", "12345678")]
        try await editor.act("\(award)/bank", bank)
        try await certifier.act("\(award)/bank", to: "\(award)/bank/verification", bank)
        try await person("finance").act("\(award)/bank", to: "\(award)/bank/verification", bank)
        let masked = try await person("finance").open("\(award)/bank")
        #expect(masked.contains("••••5678") && !masked.contains("12345678"))
        try await certifier.act("\(award)/acceptance")
        try await person("signatory").act(
            "\(award)/signature",
            [("ggisReference", "AWD-000012345"), ("evaluatorName", "An evaluator")]
                + day("protocolDueOn", today.adding(days: 90)))
        try await person("signatory").act("\(award)/activation")
        #expect(try await made.state() == .active)
    }

    private static func claim(
        _ made: AwardStage, _ award: String, _ person: (String) throws -> Browser, _ editor: Browser,
        _ certifier: Browser, _ today: Day
    ) async throws {
        let started = try await editor.act("\(award)/claims/new", [("position", "1")])
        let edit = try #require(started.headers[.location])
        let claim = edit.replacing("/edit", with: "")
        let spent = today.adding(days: -5)
        let line: [(String, String)] =
            day("lines.0.date", spent) + [
                ("lines.0.category", "staff"), ("lines.0.amount", "1,250.50"), ("lines.0.supplier", "Family workers"),
                ("lines.0.ledgerReference", "INV 1"), ("lines.0.evidence", "Payroll"),
            ]
        try await editor.act(edit, day("from", spent) + day("to", spent) + line)
        #expect(try await editor.open(claim).contains("£1,250.50"))
        try await editor.act("\(claim)/certification")
        try await certifier.act("\(claim)/submission")
        _ = try await person("officer").open(claim)
        try await person("officer").act("\(claim)/checking")
        try await person("officer").act("\(claim)/query", [("reason", AwardStage.reason)])
        try await editor.act("\(claim)/answer", [("evidence.1", "Payroll, page 7"), ("reason", AwardStage.reason)])
        let missing = try await person("officer").web.form(
            "\(claim)/check", as: try person("officer").token,
            Browser.hidden(
                try #require(Browser.form("\(claim)/check", in: try await person("officer").open("\(claim)/check")))))
        #expect(missing.status.code == 422 && missing.text.contains("it is in the sample"))
        try await person("officer").act("\(claim)/check", [("findings.1.verdict", "allowed")])
        try await person("finance2").act("\(claim)/approval")
        let payments = try await person("finance2").open("/payments")
        let id = claim.split(separator: "/").last.map(String.init) ?? ""
        #expect(payments.contains(id))
        let made2 = try await person("finance2").act("/payments", [("claims0", id)])
        let batch = try #require(made2.headers[.location]?.split(separator: "?").first.map(String.init))
        try await person("releaser").act("\(batch)/release", [("count", "1"), ("total", "1250.50")])
        let file = try await person("finance2").web.form("\(batch)/file", as: try person("finance2").token, [])
        #expect(file.headers[.contentType]?.hasPrefix("text/csv") == true)
        #expect(file.text.contains("\"200000\",\"12345678\",\"1250.50\""))
        try await person("releaser").act("\(batch)/confirmation", [("file", file.text)])
        #expect(try await made.paid() == Money(pence: 125_050))
        _ = try await person("finance").open(batch)
        _ = try await editor.open(claim)
    }

    @Test("A variation on pages, and the closed gate on a page says whose turn it is and since when")
    func variationAndGate() async throws {
        try await AwardStage.runActive { made in
            let claim = try await made.verified(2, [Money(pounds: 100)])
            try await WebStage.run(made.services) { web in
                let people = try await Self.browsers(
                    made, web,
                    ["finance2", "\(made.bid.authority).editor", "\(made.bid.authority).certifier", "officer2"])
                let finance = try #require(people["finance2"])
                let page = try await finance.open("/claims/\(claim)")
                #expect(page.contains("the What Works review lead, since 3 November 2026"))
                let form = try #require(
                    Browser.form("/claims/\(claim)/approval", in: try await finance.open("/claims/\(claim)/approval")))
                let refused = try await web.form(
                    "/claims/\(claim)/approval", as: finance.token, Browser.hidden(form))
                #expect(refused.status == .conflict)
                #expect(refused.text.contains("approved evaluation protocol before it is paid, and there is none"))
                let editor = try #require(people["\(made.bid.authority).editor"])
                _ = try await editor.open("/awards/\(made.award)/variations/new")
                var content = Variation.Content()
                content.kind = .dates
                content.reason = AwardStage.reason
                let today = try await made.services.subject(try made.editor).now.londonDay
                content.ends = today.adding(days: 600)
                content.effectiveOn = today
                let id = try await made.services.variations.draft(try made.editor, made.award, content)
                _ = try await editor.open("/variations/\(id)/edit")
                try await (try #require(people["\(made.bid.authority).certifier"])).act("/variations/\(id)/submission")
                try await (try #require(people["officer2"])).act(
                    "/variations/\(id)/assessment", [("reason", AwardStage.reason)])
                _ = try await editor.open("/variations/\(id)")
            }
        }
    }

    @Test("The API does the same: the agreement's digest is signed, the gate is a problem with its code")
    func api() async throws {
        try await AwardStage.runActive { made in
            let claim = try await made.verified(2, [Money(pounds: 100)])
            try await WebStage.run(made.services) { web in
                let token = try await made.stage.signedIn("finance2")
                let award = try await web.call(.get, "/api/v1/awards/\(made.award)", as: token)
                #expect(award.status == .ok)
                #expect(award.json?["position"]?["promised"]?.string == "100000.00")
                let version = try await made.claimVersion(claim)
                let refused = try await web.call(
                    .post, "/api/v1/claims/\(claim)/approval", as: token, ifMatch: "\"\(version)\"", key: "\"k1\"")
                #expect(refused.status == .conflict && refused.code == "gate_protocol_approved")
                for path in [
                    "/awards", "/claims", "/payments", "/payable-claims", "/claims/\(claim)",
                    "/awards/\(made.award)/agreement",
                ] {
                    #expect(try await web.call(.get, "/api/v1\(path)", as: token).status == .ok, "\(path)")
                }
            }
        }
    }
}
