import Domain
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Services
import Testing

@testable import Web

/// What holds of every answer, whoever asks for whatever.
@Suite struct HTTPRuleTests {
    static let wanted = [
        "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Strict-Transport-Security",
        "Cross-Origin-Opener-Policy", "Cache-Control", "X-Request-ID",
    ]

    @Test("Every answer carries the security headers, found or not")
    func headers() async throws {
        try await withFund { fund in
            try await WebStage.run(fund.core) { web in
                let paths = RouteTable.routes.map { $0.path.replacing("{", with: "").replacing("}", with: "") }
                for path in paths + ["/no-such-page", "/api/v1/no-such-thing", "/assets/x/nothing.css"] {
                    for method in [HTTPRequest.Method.get, .post, .delete] {
                        let response = try await web.send(method, path)
                        for name in Self.wanted {
                            let field = try #require(HTTPField.Name(name))
                            #expect(response.headers[field] != nil, "\(method) \(path) has no \(name)")
                        }
                        #expect(
                            response.status.code < 500 || path == "/health/ready",
                            "\(method) \(path): \(response.status)")
                        #expect(response.headers[.server] == nil)
                        #expect(response.headers[.accessControlAllowOrigin] == nil)
                    }
                }
            }
        }
    }

    @Test("The policy for scripts and styles allows nothing inline but the one script that it names")
    func policy() {
        #expect(Envelope.policy.hasPrefix("default-src 'none'; script-src 'self' 'sha256-"))
        #expect(!Envelope.policy.contains("unsafe"))
        let script = Templates.sources.first { $0.name == "layout" }?.source
            .split(separator: "<script>").dropFirst().first?.split(separator: "</script>").first
        let digest = Data(Digest.sha256((script ?? "").utf8)).base64EncodedString()
        #expect(Envelope.policy.contains("'sha256-\(digest)'"))
    }

    @Test("Problems have the shape of RFC 9457 and a sentence of ours")
    func problems() async throws {
        try await withFund { fund in
            try await WebStage.run(fund.core) { web in
                for (path, method, code) in [
                    ("/api/v1/bids", HTTPRequest.Method.get, "not_signed_in"), ("/api/v1/nothing", .get, "not_found"),
                    ("/api/v1/bids", .delete, "method_not_allowed"),
                ] {
                    let response = try await web.send(method, path)
                    #expect(response.headers[.contentType] == "application/problem+json; charset=utf-8")
                    #expect(response.code == code)
                    #expect(response.json?["status"]?.integer == response.status.code)
                    for name in ["type", "title", "detail", "instance"] {
                        #expect(response.json?[name]?.string?.isEmpty == false)
                    }
                }
                let refused = try await web.send(.delete, "/api/v1/bids")
                #expect(refused.status == .methodNotAllowed)
                #expect(refused.headers[.allow] == "GET, HEAD, POST")
                let unknown = try await web.send(.trace, "/")
                #expect(unknown.status == .methodNotAllowed && unknown.headers[.allow] != nil)
            }
        }
    }

    @Test(
        "A host is a name or an address with an optional port",
        arguments: [
            ("localhost", true), ("127.0.0.1:8080", true), ("[::1]:8080", true), ("a.example", true), ("", false),
            ("a/b@c", false), ("admin@127.0.0.1", false), ("one two", false), ("one,two", false),
            ("127.0.0.1:http", false),
            ("127.0.0.1:99999999", false), ("127.0.0.1?x", false), ("[::1", false), ("[]", false), ("a:", false),
            (":80", false),
        ])
    func host(_ text: String, _ isGood: Bool) { #expect(HostName.isValid(text) == isGood) }

    @Test(
        "A request is for us when it names us, whatever the port and the case",
        arguments: [
            ("localhost", true), ("LOCALHOST:8080", true), ("127.0.0.1:1", true), ("[::1]:80", true), ("[::1]", true),
            ("Fund.Example.gov.uk:443", true), ("elsewhere.example", false), ("localhost.elsewhere.example", false),
            ("fund.example.gov.uk.elsewhere.example", false), ("[::2]", false), ("elsewhere.example:8080", false),
            ("fund.example.gov.uk.", false),
        ])
    func ourHost(_ host: String, _ isOurs: Bool) {
        var settings = WebStage.settings
        settings.allowedHosts.insert("fund.example.gov.uk")
        #expect(settings.serves(host) == isOurs)
    }

    @Test(
        "A request for somebody else's name is misdirected, as a page and as a problem, and nothing of it is repeated")
    func misdirected() async throws {
        try await withFund { fund in
            // The test client asks for localhost.
            var settings = WebStage.settings
            settings.allowedHosts = ["fund.example.gov.uk"]
            try await WebStage.run(fund.core, settings: settings) { web in
                for path in ["/", "/accessibility", "/api/v1/me", "/health/ready", "/no-such-page"] {
                    let response = try await web.send(.get, path)
                    #expect(response.status == .misdirectedRequest, "\(path): \(response.status)")
                    #expect(response.headers[.connection] == "close")
                    #expect(!response.text.contains("localhost"))
                }
                let problem = try await web.send(.get, "/api/v1/me")
                #expect(problem.code == "host_unknown")
            }
        }
    }

    @Test("Hosts are configured as names without ports, in any case")
    func configuredHosts() {
        #expect(WebConfiguration.hosts(named: ["Fund.Example", "[::1]"]) == ["fund.example", "[::1]"])
        for wrong in ["a:80", "a b", "https://a", "*", "[::1"] {
            #expect(WebConfiguration.hosts(named: [wrong]) == nil, "\(wrong)")
        }
        #expect(WebConfiguration.hosts(of: "10.0.0.1").contains("10.0.0.1"))
        #expect(WebConfiguration.hosts(of: "::1") == WebConfiguration.loopbackHosts)
    }

    @Test("Two hosts are refused and the connection closed")
    func twoHosts() async throws {
        try await withFund { fund in
            try await WebStage.run(fund.core) { web in
                let response = try await web.send(.get, "/", headers: [("Host", "elsewhere.example")])
                #expect(response.status == .badRequest)
                #expect(response.headers[.connection] == "close")
            }
        }
    }

    @Test("HEAD answers as GET does, without the body")
    func head() async throws {
        try await withFund { fund in
            try await WebStage.run(fund.core) { web in
                let response = try await web.send(.head, "/accessibility")
                #expect(response.status == .ok)
                #expect(response.body.readableBytes == 0)
            }
        }
    }

    @Test("A form that did not come from a page of the same session changes nothing")
    func forgery() async throws {
        try await withFund { fund in
            let department = try await fund.organisation(.department)
            let person = try await fund.person(in: department, role: .department, [.programmeOfficer])
            let token = Tokens.fresh()
            _ = try await fund.signIn(person, token: token)
            let other = Tokens.fresh()
            _ = try await fund.signIn(person, token: other)
            try await WebStage.run(fund.core) { web in
                for route in RouteTable.routes where route.face == .page && route.method == .post {
                    let path = route.path.replacing("{", with: "").replacing("}", with: "")
                    let missing = try await web.form(path, as: token, [], csrf: "")
                    let wrong = try await web.form(path, as: token, [], csrf: CSRF.token(session: other))
                    #expect(missing.status == .forbidden, "\(path) without a token: \(missing.status)")
                    #expect(wrong.status == .forbidden, "\(path) with another session's token: \(wrong.status)")
                    let foreign = try await web.send(
                        .post, path, as: .cookie(token),
                        headers: [
                            ("Content-Type", "application/x-www-form-urlencoded"), ("Origin", "https://evil.example"),
                            ("Sec-Fetch-Site", "cross-site"),
                        ], body: "_csrf=\(CSRF.token(session: token))")
                    #expect(foreign.status == .forbidden, "\(path) from another site: \(foreign.status)")
                }
                // Still signed in: the forms for signing out did nothing.
                let answer2 = try await web.send(.get, "/account", as: .cookie(token))
                #expect(answer2.status == .ok)
            }
        }
    }

    @Test("The API takes no form, and a cookie there needs the form's token")
    func apiForgery() async throws {
        try await withFund { fund in
            let department = try await fund.organisation(.department)
            let token = Tokens.fresh()
            _ = try await fund.signIn(
                try await fund.person(in: department, role: .department, [.programmeOfficer]), token: token)
            try await WebStage.run(fund.core) { web in
                for type in ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain", ""] {
                    let response = try await web.send(
                        .post, "/api/v1/programmes", as: .bearer(token),
                        headers: [("Content-Type", type), ("Idempotency-Key", "\"a\"")], body: "{\"title\":\"x\"}")
                    #expect(response.status == .unsupportedMediaType)
                }
                let response = try await web.send(
                    .post, "/api/v1/programmes", as: .cookie(token),
                    headers: [("Content-Type", "application/json"), ("Idempotency-Key", "\"a\"")],
                    body: "{\"title\":\"x\"}")
                #expect(response.status == .forbidden)
            }
        }
    }
}
