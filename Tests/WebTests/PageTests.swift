import Domain
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Postgres
import Testing

@testable import Services
@testable import Web

/// Signing in and the pages that everybody has.
@Suite struct PageTests {
    static let passphrase = "correct horse battery staple"

    /// Invites somebody as the operator does and accepts the invitation over HTTP.
    static func account(_ fund: Fund, _ web: WebStage, _ capacities: [Capacity] = [.programmeOfficer]) async throws
        -> String
    {
        let administrator = try await fund.administrator()
        let organisation = try await fund.organisation(.department)
        let email = "\(UUID().uuidString.lowercased())@example.gov.uk"
        let (_, token) = try await fund.core.people.invite(
            administrator,
            NewPerson(
                organisation: organisation, role: .department, email: email, name: "New Person", capacities: capacities)
        )
        let page = try await web.send(.get, "/invitations/\(token)")
        #expect(page.status == .ok)
        #expect(page.text.contains(email))
        let short = try await web.openForm("/invitations/\(token)", [("passphrase", "short")])
        #expect(short.status.code == 422)
        #expect(short.text.contains("href=\"#passphrase\""))
        #expect(short.text.contains("<title>Error: "))
        let accepted = try await web.openForm("/invitations/\(token)", [("passphrase", passphrase)])
        #expect(accepted.status == .seeOther)
        return email
    }

    static func quick(_ fund: Fund) -> Touchstone {
        var configuration = fund.configuration
        configuration.argon2 = Argon2Cost(memoryKiB: 64, iterations: 1, parallelism: 1)
        return Touchstone(database: fund.app, worker: fund.worker, configuration: configuration, logger: Fund.logger)
    }

    @Test("From an invitation to a session, and out again")
    func signIn() async throws {
        try await withFund { fund in
            try await WebStage.run(Self.quick(fund)) { web in
                let email = try await Self.account(fund, web)
                let wrong = try await web.openForm(
                    "/sign-in", [("email", email), ("passphrase", "not this one at all")])
                let unknown = try await web.openForm(
                    "/sign-in", [("email", "nobody@example.gov.uk"), ("passphrase", Self.passphrase)])
                #expect(wrong.status.code == 422)
                #expect(unknown.status.code == 422)
                #expect(
                    wrong.text.replacing(email, with: "") == unknown.text.replacing("nobody@example.gov.uk", with: ""))
                let right = try await web.openForm(
                    "/sign-in", [("email", email), ("passphrase", Self.passphrase), ("next", "//evil.example")])
                #expect(right.status == .seeOther)
                #expect(right.headers[.location] == "/")
                let cookie = try #require(right.cookie(SessionCookie.name))
                for flag in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] { #expect(cookie.contains("; \(flag)")) }
                let token = String(cookie.dropFirst(SessionCookie.name.count + 1).prefix { $0 != ";" })
                let answer1 = try await web.send(.get, "/account", as: .cookie(token))
                #expect(answer1.status == .ok)
                let out = try await web.form("/sign-out", as: token, [])
                #expect(out.status == .seeOther)
                #expect(out.cookie(SessionCookie.name)?.contains("Max-Age=0") == true)
                let after = try await web.send(.get, "/account", as: .cookie(token))
                #expect(after.headers[.location] == "/sign-in?next=%2Faccount")
            }
        }
    }

    @Test("Whoever needs a second factor sets it up before the session counts, and needs it from then on")
    func secondFactor() async throws {
        try await withFund { fund in
            try await WebStage.run(Self.quick(fund)) { web in
                let email = try await Self.account(fund, web, [.finance])
                let half = try await web.openForm("/sign-in", [("email", email), ("passphrase", Self.passphrase)])
                #expect(half.headers[.location]?.hasPrefix("/sign-in/set-up") == true)
                #expect(half.cookie(SessionCookie.name) == nil)
                #expect(half.cookie(SessionCookie.halfName) != nil)
            }
        }
    }

    @Test("A page that needs a sign-in leads there and back, by a path of ours only")
    func next() async throws {
        try await withFund { fund in
            try await WebStage.run(fund.core) { web in
                let response = try await web.send(.get, "/people?role=auditor")
                #expect(response.status == .seeOther)
                #expect(response.headers[.location] == "/sign-in?next=%2Fpeople%3Frole%3Dauditor")
                for path in ["//a.example", "https://a.example", "/\\a.example", "a", "/a\nb", ""] {
                    #expect(URLText.relative(path) == "/", "\(path)")
                }
                #expect(URLText.relative("/people?role=auditor") == "/people?role=auditor")
            }
        }
    }

    @Test("Whatever people write is shown as text")
    func escaping() {
        let nasty = "<script>alert('x')</script> \"&"
        let html = HTML.joined([
            Component.TextInput(name: "a", label: nasty, value: nasty, hint: nasty, error: nasty),
            Component.Textarea(name: "b", label: nasty, value: nasty), Component.Paragraph(nasty),
            Component.Prose(text: nasty),
            Component.Select(name: "c", label: nasty, choices: [.init(nasty, nasty)]),
            Component.Radios(name: "d", legend: nasty, choices: [.init(nasty, nasty, hint: nasty)]),
            Component.Table(caption: nasty, columns: [.init(nasty)], rows: [[HTML(text: nasty)]]),
            Component.Link(nasty, nasty),
            Component.SummaryList([.init(nasty, nasty)], card: nasty), Component.Tag(nasty),
            Component.TaskList(tasks: [.init(title: nasty, href: nasty, hint: nasty, status: nasty)]),
            Component.ErrorSummary(problems: [("a", nasty)]), Component.Heading(nasty),
            Component.Details(summary: nasty, parts: []),
        ]).source
        #expect(!html.contains("<script"))
        #expect(!html.contains("('x')"))
    }

    @Test("Three braces stand only where markup is meant, and every template parses")
    func templates() {
        for (name, source) in Templates.sources {
            #expect(Templates.exists(name), "\(name)")
            for part in source.split(separator: "{{{").dropFirst() where source.contains("{{{") {
                let slot = part.prefix { $0 != "}" }
                if part.contains("}}}") { #expect(slot.hasSuffix("HTML"), "\(name): \(slot)") }
            }
            for word in [" style=", " onclick=", "javascript:"] {
                #expect(!source.contains(word), "\(name) has \(word)")
            }
        }
    }

    @Test(
        "Cells that a spreadsheet would calculate are disarmed; numbers stay numbers",
        arguments: [
            ("=1+1", "'=1+1"), ("-5", "-5"), ("-5.25", "-5.25"), ("+44 20", "'+44 20"), ("@a", "'@a"), ("\tx", "'\tx"),
            ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("＝1", "'＝1"), ("-", "'-"), ("-1-1", "'-1-1"),
            ("", ""),
        ])
    func csv(_ text: String, _ cell: String) { #expect(CSV.cell(text) == cell) }
}

/// What people see first in the demonstration fund.
@Suite struct HomeLinkTests {
    @Test("Whatever waits for somebody, and every number at a glance, leads to a page that they may open")
    func links() async throws {
        try await withFund { fund in
            let demonstration = fund.demonstration
            try await demonstration.load()
            try await WebStage.run(fund.core) { web in
                for person in demonstration.signIns {
                    let id: PersonID = try await fund.value("select id from person where email = \(person.email)")
                    let token = Tokens.fresh()
                    _ = try await fund.signIn(id, token: token)
                    let home = try await web.send(.get, "/", as: .cookie(token))
                    #expect(home.status == .ok, "\(person.email)")
                    for match in home.text.matches(of: #/<main[\s\S]*</main>/#).flatMap({
                        $0.output.matches(of: #/href="(/[^"#]*)"/#)
                    }) {
                        let address = String(match.1).replacing("&amp;", with: "&")
                        let page = try await web.send(.get, address, as: .cookie(token))
                        #expect(page.status == .ok, "\(person.email): \(address) answers \(page.status)")
                    }
                }
            }
        }
    }
}

/// The phases of a connection, without a clock.
@Suite struct PhaseTests {
    @Test("A request that arrives whole gets the answer's time, and then the idle time")
    func whole() {
        var machine = PhaseMachine()
        #expect(machine.opened() == .within(seconds: Limit.idleSeconds))
        #expect(machine.head() == .receiving(seconds: Limit.requestSeconds))
        #expect(machine.end() == .within(seconds: Limit.answerSeconds))
        #expect(machine.answered() == .within(seconds: Limit.idleSeconds))
        #expect(machine.phase == .waiting)
    }

    @Test("A body that drips is too slow; one that flows is not")
    func pace() {
        var machine = PhaseMachine()
        _ = machine.head()
        machine.body(bytes: 5)
        #expect(machine.pulse() == .tooSlow)
        machine.body(bytes: 100_000)
        #expect(machine.pulse() == .fine)
        #expect(machine.pulse() == .tooSlow)
        _ = machine.end()
        #expect(machine.pulse() == .notReceiving)
    }

    @Test("An answer that closes hangs up; a stop hastens what is not wholly here")
    func ends() {
        var machine = PhaseMachine()
        _ = machine.head()
        #expect(machine.quiesce() == .within(seconds: 5))
        machine.answering(closing: true)
        #expect(machine.answered() == .hangUp)
    }

    @Test("Requests sent ahead are answered one after the other under the same rule")
    func pipelined() {
        var machine = PhaseMachine()
        _ = machine.head()
        _ = machine.end()
        #expect(machine.head() == .none)
        #expect(machine.end() == .none)
        #expect(machine.answered() == .within(seconds: Limit.answerSeconds))
        #expect(machine.answered() == .within(seconds: Limit.idleSeconds))
    }

    @Test("No client can keep a connection for thirty seconds without a request being done")
    func bounds() {
        #expect(Limit.idleSeconds < 30)
        #expect(Limit.requestSeconds < 30)
        #expect(Limit.answerSeconds < 30)
        #expect(Limit.drainSeconds + 5 < 30)
    }
}
