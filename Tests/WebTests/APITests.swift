import Domain
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Services
import Testing

@testable import Web

/// Versions, keys and bodies of the API.
@Suite struct APITests {
    /// A programme officer with a token.
    static func run(_ body: @Sendable (WebStage, String) async throws -> Void) async throws {
        try await withFund { fund in
            let department = try await fund.organisation(.department)
            let token = Tokens.fresh()
            _ = try await fund.signIn(
                try await fund.person(in: department, role: .department, [.programmeOfficer]), token: token)
            try await WebStage.run(fund.core) { web in try await body(web, token) }
        }
    }

    @Test("The same key is done once and answered the same; another body with it is refused")
    func idempotency() async throws {
        try await Self.run { web, token in
            let first = try await web.call(
                .post, "/api/v1/programmes", as: token, json: "{\"title\":\"One\"}", key: "\"k1\"")
            #expect(first.status == .created)
            let again = try await web.call(
                .post, "/api/v1/programmes", as: token, json: "{\"title\":\"One\"}", key: "\"k1\"")
            #expect(again.status == .created)
            #expect(again.json?["id"] == first.json?["id"])
            let other = try await web.call(
                .post, "/api/v1/programmes", as: token, json: "{\"title\":\"Two\"}", key: "\"k1\"")
            #expect(other.status == .unprocessableContent)
            #expect(other.code == "key_reused")
            let list = try await web.call(.get, "/api/v1/programmes", as: token)
            guard case .array(let items) = list.json?["items"] else {
                throw TestDatabase.Unusable(description: list.text)
            }
            #expect(items.count == 1)
        }
    }

    @Test(
        "A key is a quoted string",
        arguments: [
            (nil, "idempotency_key_required"), ("k1", "idempotency_key_malformed"),
            ("\"\"", "idempotency_key_malformed"),
            ("\"\(String(repeating: "a", count: 201))\"", "idempotency_key_malformed"),
        ] as [(String?, String)])
    func keys(_ key: String?, _ code: String) async throws {
        try await Self.run { web, token in
            let response = try await web.call(
                .post, "/api/v1/programmes", as: token, json: "{\"title\":\"One\"}", key: key)
            #expect(response.status == .badRequest)
            #expect(response.code == code)
        }
    }

    @Test("A change needs the version that was read")
    func versions() async throws {
        try await Self.run { web, token in
            let made = try await web.call(
                .post, "/api/v1/programmes", as: token, json: "{\"title\":\"One\"}", key: "\"k1\"")
            let path = try #require(made.headers[.location])
            let read = try await web.call(.get, path, as: token)
            let etag = try #require(read.headers[.eTag])
            #expect(etag == "\"\(read.json?["version"]?.integer ?? -1)\"")
            let answer1 = try await web.call(.put, path, as: token, json: "{\"title\":\"A\"}")
            #expect(answer1.status.code == 428)
            for wrong in ["3", "W/\"1\"", "*", "\"1\", \"2\"", "\"x\"", "\"01\""] {
                let response = try await web.call(.put, path, as: token, json: "{\"title\":\"A\"}", ifMatch: wrong)
                #expect(response.status == .badRequest, "\(wrong)")
            }
            let saved = try await web.call(.put, path, as: token, json: "{\"title\":\"A\"}", ifMatch: etag)
            #expect(saved.status == .ok)
            #expect(saved.headers[.eTag] != etag)
            let stale = try await web.call(.put, path, as: token, json: "{\"title\":\"B\"}", ifMatch: etag)
            #expect(stale.status == .preconditionFailed)
            #expect(stale.code == "stale")
        }
    }

    @Test(
        "Bodies that are not what is wanted are refused at the field, in our own words",
        arguments: [
            ("{\"title\":\"x\",\"colour\":\"red\"}", "body_not_acceptable", "colour"),
            ("{\"title\":5}", "body_not_acceptable", "title"), ("{}", "body_not_acceptable", "title"),
            (
                "{\"title\":\"x\",\"budget\":[{\"year\":\"2026-28\",\"kind\":\"resource\",\"amount\":\"1.00\"}]}",
                "body_not_acceptable", "budget.0.year"
            ),
            ("{\"title\":\"x\",\"evaluationBudget\":12.5}", "body_not_acceptable", "evaluationBudget"),
            ("{\"title\":\"x\",\"title\":\"y\"}", "json_name_twice", nil),
            ("{\"title\":\"\\ud800\"}", "json_malformed", nil),
            ("{\"title\":\"a\\u0000b\"}", "json_malformed", nil), ("{\"title\":", "json_malformed", nil),
            ("", "json_malformed", nil),
            ("5", "body_not_acceptable", nil), ("{\"title\":01}", "json_malformed", nil),
            ("{\"title\":\"x\"} x", "json_malformed", nil),
            (String(repeating: "[", count: 200_000), "json_too_deep", nil),
            (String(repeating: "{\"a\":", count: 40) + "1" + String(repeating: "}", count: 40), "json_too_deep", nil),
        ] as [(String, String, String?)])
    func bodies(_ body: String, _ code: String, _ field: String?) async throws {
        try await Self.run { web, token in
            let response = try await web.call(.post, "/api/v1/programmes", as: token, json: body, key: "\"k\"")
            #expect(response.status == .badRequest)
            #expect(response.code == code)
            if let field { #expect(response.text.contains("\"field\":\"\(field)\"")) }
            for word in ["DecodingError", "keyNotFound", "Swift", "SQL", "expected `"] {
                #expect(!response.text.contains(word))
            }
        }
    }

    @Test("A body over the limit is refused, announced or not")
    func size() async throws {
        try await Self.run { web, token in
            let body = "{\"title\":\"\(String(repeating: "x", count: Limit.bodyBytes))\"}"
            let response = try await web.call(.post, "/api/v1/programmes", as: token, json: body, key: "\"k\"")
            #expect(response.status == .contentTooLarge)
        }
    }

    @Test("Parameters that are unknown or stand twice are refused; lists page by the Link header")
    func lists() async throws {
        try await Self.run { web, token in
            let answer2 = try await web.call(.get, "/api/v1/programmes?colour=red", as: token)
            #expect(answer2.status == .badRequest)
            let answer3 = try await web.call(.get, "/api/v1/programmes?size=1&size=2", as: token)
            #expect(answer3.code == "parameter_twice")
            let answer4 = try await web.call(.get, "/api/v1/programmes?size=0", as: token)
            #expect(answer4.status == .badRequest)
            let answer5 = try await web.call(.get, "/api/v1/programmes?after=%00", as: token)
            #expect(answer5.status == .badRequest)
            let answer6 = try await web.call(.get, "/api/v1/programmes?after=nonsense", as: token)
            #expect(answer6.status.code == 422)
            for n in 1...3 {
                _ = try await web.call(
                    .post, "/api/v1/programmes", as: token, json: "{\"title\":\"\(n)\"}", key: "\"k\(n)\"")
            }
            var path: String? = "/api/v1/programmes?size=2"
            var seen: [String] = []
            while let next = path {
                let page = try await web.call(.get, next, as: token)
                guard case .array(let items) = page.json?["items"] else { break }
                seen += items.compactMap { $0["id"]?.string }
                path = page.headers[.link].map { String($0.dropFirst().prefix { $0 != ">" }) }
            }
            #expect(seen.count == 3)
            #expect(Set(seen).count == 3)
        }
    }

    @Test("What is not there and what may not be seen are the same")
    func absent() async throws {
        try await Self.run { web, token in
            for path in [
                "/api/v1/bids/0190b0a0-0000-7000-8000-000000000000", "/api/v1/bids/x", "/api/v1/programmes/%2e%2e",
            ] {
                let answer7 = try await web.call(.get, path, as: token)
                #expect(answer7.status == .notFound, "\(path)")
            }
        }
    }

    @Test("The description names every operation, and every answer that it names is described")
    func description() throws {
        let document = try JSONReader.read(OpenAPI.bytes, values: 200_000)
        guard case .object(let paths) = document["paths"] else { throw TestDatabase.Unusable(description: "no paths") }
        var operations: Set<String> = []
        for path in paths {
            guard case .object(let methods) = path.value else { continue }
            for method in methods {
                if let name = method.value["operationId"]?.string { operations.insert(name) }
            }
        }
        let api = RouteTable.routes.filter { $0.face == .api }
        #expect(Set(api.map(\.operation)).isSubset(of: operations))
        for route in api {
            switch route.gives {
            case .one(let name), .list(let name), .created(let name):
                #expect(OpenAPISchemas.names.contains(name), "\(route.operation) gives \(name)")
            case .nothing, .file: break
            }
        }
    }
}
