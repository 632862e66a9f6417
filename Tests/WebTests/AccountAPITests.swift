import Domain
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Postgres
import Testing

@testable import Services
@testable import Web

/// One's own account through the API: fresh proofs, passphrases, second factors and tokens.
@Suite struct AccountAPITests {
    /// Somebody with a passphrase that is known, and a session of theirs.
    private static func run(
        _ capacities: [Capacity],
        _ body: @Sendable (Fund, WebStage, _ person: PersonID, _ token: String) async throws -> Void
    ) async throws {
        try await withFund { fund in
            try await WebStage.run(PageTests.quick(fund)) { web in
                let email = try await PageTests.account(fund, web, capacities)
                let person: PersonID = try await fund.value("select id from person where email = \(email)")
                let token = Tokens.fresh()
                _ = try await fund.signIn(person, token: token, steppedUp: false)
                try await body(fund, web, person, token)
            }
        }
    }

    private static func json(_ pairs: (String, String)...) -> String {
        String(decoding: Web.JSON.object(pairs.map { ($0.0, .text($0.1)) }).bytes, as: UTF8.self)
    }

    @Test("A session in a cookie proves itself again: the cookie changes, and with it the token against forgery")
    func cookieProof() async throws {
        try await Self.run([.programmeOfficer]) { _, web, _, token in
            let body = Self.json(("passphrase", PageTests.passphrase))
            let headers = [("Content-Type", "application/json"), ("X-CSRF-Token", CSRF.token(session: token))]
            let answer = try await web.send(
                .post, "/api/v1/me/proofs", as: .cookie(token), headers: headers, body: body)
            #expect(answer.status == .ok)
            #expect(answer.json?["token"] == .null)
            let cookie = try #require(answer.cookie(SessionCookie.name))
            let next = String(cookie.dropFirst(SessionCookie.name.count + 1).prefix { $0 != ";" })
            #expect(answer.json?["csrfToken"]?.string == CSRF.token(session: next))
            #expect(!answer.text.contains(next))
            let old = try await web.send(.get, "/api/v1/me", as: .cookie(token))
            #expect(old.status == .unauthorized)
            let me = try await web.send(.get, "/api/v1/me", as: .cookie(next))
            #expect(me.json?["steppedUpAt"]?.string != nil)
        }
    }

    @Test("A token that may write proves itself again: the new one is given once, and decisions are open to it")
    func tokenProof() async throws {
        try await withFund { fund in
            let department = try await fund.organisation(.department)
            let person = try await fund.person(in: department, role: .department, [.seniorOfficerResponsible])
            let token = Tokens.fresh()
            _ = try await fund.signIn(person, token: token, kind: "api", idle: .seconds(3600))
            try await fund.sql("update auth.session set stepped_up_at = now() - interval '16 minutes'")
            try await WebStage.run(fund.core) { web in
                let wrong = try await web.call(
                    .post, "/api/v1/me/proofs", as: token, json: Self.json(("code", "000000")))
                #expect(wrong.status.code == 422)
                #expect(wrong.code == "wrong_proof")
                let code = try await fund.totpCode()
                let answer = try await web.call(.post, "/api/v1/me/proofs", as: token, json: Self.json(("code", code)))
                #expect(answer.status == .ok, "\(answer.text)")
                #expect(answer.headers[.cacheControl] == "no-store")
                #expect(answer.headers[.setCookie] == nil)
                #expect(answer.json?["csrfToken"] == .null)
                let next = try #require(answer.json?["token"]?.string)
                let dead = try await web.call(.get, "/api/v1/me", as: token)
                #expect(dead.status == .unauthorized)
                let me = try await web.call(.get, "/api/v1/me", as: next)
                let at = try #require(me.json?["steppedUpAt"]?.string.flatMap { Instant($0) })
                let now: Instant = try await fund.value("select now()")
                #expect(now.seconds - at.seconds < 60)
                // What it is for and how long it lives are as they were.
                let kept: Bool = try await fund.value(
                    """
                    select kind = 'api' and scope = 'write' and expires_at < now() + interval '12 hours 1 minute'
                    from auth.session where ended_at is null and person_id = \(person)
                    """)
                #expect(kept)
            }
        }
    }

    @Test("A token for reading has nothing to prove")
    func readingToken() async throws {
        try await Self.run([.programmeOfficer]) { fund, web, person, _ in
            let token = Tokens.fresh()
            _ = try await fund.signIn(person, token: token, scope: .read, kind: "api")
            let answer = try await web.call(
                .post, "/api/v1/me/proofs", as: token, json: Self.json(("passphrase", PageTests.passphrase)))
            #expect(answer.status == .forbidden)
            #expect(answer.code == "read_only_token")
        }
    }

    @Test("A token never changes how its owner signs in, and makes no tokens, however fresh its proof")
    func tokensChangeNothing() async throws {
        try await Self.run([.programmeOfficer]) { fund, web, person, _ in
            let token = Tokens.fresh()
            _ = try await fund.signIn(person, token: token, kind: "api")
            for (method, path, body) in [
                (
                    HTTPRequest.Method.put, "/api/v1/me/passphrase",
                    Self.json(("current", PageTests.passphrase), ("new", "another good passphrase")) as String?
                ),
                (.post, "/api/v1/me/second-factor", nil),
                (.post, "/api/v1/me/second-factor/confirmation", Self.json(("code", "000000"))),
                (.post, "/api/v1/me/recovery-codes", nil),
                (.post, "/api/v1/me/tokens", #"{"label":"Another","scope":"write","days":30}"#),
            ] {
                let answer = try await web.call(method, path, as: token, json: body)
                #expect(answer.status == .forbidden, "\(path): \(answer.text)")
                #expect(answer.code == "session_needed", "\(path)")
            }
        }
    }

    @Test("From a session: a second factor, recovery codes, a token, a new passphrase")
    func session() async throws {
        try await Self.run([.programmeOfficer]) { fund, web, person, begun in
            let proved = try await web.call(
                .post, "/api/v1/me/proofs", as: begun, json: Self.json(("passphrase", PageTests.passphrase)))
            var token = try #require(proved.json?["token"]?.string)
            let enrolment = try await web.call(.post, "/api/v1/me/second-factor", as: token)
            #expect(enrolment.json?["uri"]?.string?.hasPrefix("otpauth://totp/") == true)
            #expect(enrolment.json?["secret"]?.string?.count == 32)
            // The app knows the seed that it was shown; the test's app knows one of its own.
            let sealed = try SeedSealer(key: Fund.sealingKey).seal(Fund.totpSeed, for: person)
            try await fund.sql("update auth.totp set pending = \(Bytes(sealed)) where person_id = \(person)")
            let confirmed = try await web.call(
                .post, "/api/v1/me/second-factor/confirmation", as: token,
                json: Self.json(("code", try await fund.totpCode())))
            #expect(confirmed.status == .ok, "\(confirmed.text)")
            token = try #require(confirmed.json?["token"]?.string)
            let codes = confirmed.json?["recoveryCodes"]
            #expect(codes != .array([]))
            let renewed = try await web.call(.post, "/api/v1/me/recovery-codes", as: token)
            #expect(renewed.status == .ok && renewed.json?["recoveryCodes"] != codes)
            let made = try await web.call(
                .post, "/api/v1/me/tokens", as: token, json: #"{"label":"Nightly","scope":"read","days":30}"#)
            #expect(made.status == .created)
            let program = try #require(made.json?["token"]?.string)
            let listed = try await web.call(.get, "/api/v1/me/tokens", as: token)
            #expect(listed.text.contains("Nightly") && !listed.text.contains(program))
            let wrong = try await web.call(
                .put, "/api/v1/me/passphrase", as: token,
                json: Self.json(("current", "not mine at all, ever"), ("new", "another good passphrase")))
            #expect(wrong.status.code == 422 && wrong.text.contains("\"field\":\"current\""))
            let changed = try await web.call(
                .put, "/api/v1/me/passphrase", as: token,
                json: Self.json(("current", PageTests.passphrase), ("new", "another good passphrase")))
            #expect(changed.status == .noContent)
            let gone = try await web.call(.get, "/api/v1/me", as: program)
            #expect(gone.status == .unauthorized)
            let out = try await web.call(.delete, "/api/v1/me/sessions", as: token)
            #expect(out.status == .noContent)
            let dead = try await web.call(.get, "/api/v1/me", as: token)
            #expect(dead.status == .unauthorized)
            let left: Int = try await fund.value(
                "select count(*) from auth.session where person_id = \(person) and ended_at is null")
            #expect(left == 0)
        }
    }

    // MARK: Invitations

    @Test("The link of an invitation goes to the person invited: no page, answer or table that others see has it")
    func invitationLink() async throws {
        try await withFund { fund in
            let department = try await fund.organisation(.department)
            let administrator = try await fund.person(in: department, role: .administrator, [.administrator])
            let token = Tokens.fresh()
            _ = try await fund.signIn(administrator, token: token)
            try await WebStage.run(PageTests.quick(fund)) { web in
                let byPage = try await web.form(
                    "/people/new", as: token,
                    [
                        ("name", "Paige Form"), ("email", "paige@example.gov.uk"), ("organisation", "\(department)"),
                        ("role", "department"), ("_once", Tokens.fresh()),
                    ])
                let location = try #require(byPage.headers[.location])
                let person = try await web.send(.get, location, as: .cookie(token))
                #expect(person.text.contains("on its way to paige@example.gov.uk"))
                #expect(person.text.contains("for 7 days"))
                let body =
                    #"{"organisation":"\#(department)","role":"department","email":"ada@example.gov.uk","name":"Ada Api"}"#
                let byAPI = try await web.call(.post, "/api/v1/people", as: token, json: body, key: "\"k1\"")
                #expect(byAPI.json?["sentTo"]?.string == "ada@example.gov.uk")
                #expect(byAPI.json?["validForDays"]?.integer == 7)
                let id = try #require(byAPI.json?["id"]?.string)
                let again = try await web.call(.post, "/api/v1/people/\(id)/invitation", as: token)
                #expect(again.status == .created)
                let inbox = try await web.send(.get, "/inbox", as: .cookie(token))
                for answer in [byPage, person, byAPI, again, inbox] {
                    #expect(!answer.text.contains("/invitations/"), "\(answer.text)")
                }
                // The development inbox stands for the mail of the person invited.
                let mail = try await web.send(.get, "/development/inbox")
                let links = mail.text.matches(of: #/href="(/invitations/[^"]+)"/#).map { String($0.1) }
                #expect(links.count == 3)
                let kept: String = try await fund.value("select string_agg(n::text, ' ') from public.outbox n")
                for link in links { #expect(!kept.contains(link.dropFirst("/invitations/".count))) }
                // The newest link of each works; the one that it replaced does not.
                let newest = try await web.send(.get, links[0])
                #expect(newest.status == .ok && newest.text.contains("ada@example.gov.uk"))
                let accepted = try await web.openForm(links[0], [("passphrase", PageTests.passphrase)])
                #expect(accepted.status == .seeOther)
                let own = Tokens.fresh()
                _ = try await fund.signIn(try #require(PersonID(id)), token: own)
                let notices = try await web.send(.get, "/inbox", as: .cookie(own))
                #expect(notices.text.contains("You are invited") && !notices.text.contains("/invitations/"))
            }
        }
    }

    // MARK: The audit trail

    @Test("An auditor takes the whole trail away, a document a line, and it verifies; nobody else does")
    func auditExport() async throws {
        try await withFund { fund in
            let home = try await fund.organisation(.auditBody)
            let auditor = Tokens.fresh()
            _ = try await fund.signIn(
                try await fund.person(in: home, role: .auditor, [.auditor]), token: auditor, scope: .read, kind: "api")
            let administrator = Tokens.fresh()
            let department = try await fund.organisation(.department)
            let keeper = try await fund.person(in: department, role: .administrator, [.administrator])
            _ = try await fund.signIn(keeper, token: administrator)
            try await fund.sql(
                """
                insert into audit.event (id, action, object_kind, detail)
                select public.uuid7(), 'test.event', 'bid', '{}' from generate_series(1, 2100)
                """)
            try await fund.workerCore.audit.seal()
            try await WebStage.run(fund.core) { web in
                let answer = try await web.call(.get, "/api/v1/audit/export", as: auditor)
                #expect(answer.status == .ok)
                #expect(answer.headers[.contentType] == "application/jsonl; charset=utf-8")
                #expect(answer.headers[.contentDisposition] == "attachment; filename=\"audit.jsonl\"")
                let lines = answer.text.split(separator: "\n").map(String.init)
                #expect(lines.count > 2100, "more than two pages of events")
                #expect(Audit.verify(lines).isSound)
                let recorded: Int = try await fund.value(
                    "select count(*) from audit.event where action = 'audit.export'")
                #expect(recorded == 1)
                let refused = try await web.call(.get, "/api/v1/audit/export", as: administrator)
                #expect(refused.status == .forbidden)
                #expect(refused.headers[.contentType] == "application/problem+json; charset=utf-8")
            }
        }
    }
}
