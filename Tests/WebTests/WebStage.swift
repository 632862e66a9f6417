import Domain
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Services
import Testing

@testable import Web

/// The web front over a core, with a client that knows sessions, forms and JSON.
struct WebStage: Sendable {
    let client: any TestClientProtocol
    let core: Touchstone

    static let formKey = [UInt8](repeating: 9, count: 32)

    static var settings: WebConfiguration {
        var settings = WebConfiguration(secretKey: formKey)
        settings.isDemonstration = true
        settings.metricsText = { "# nothing counted\n" }
        return settings
    }

    /// Runs a test with the router over a core.
    static func run(
        _ core: Touchstone, settings: WebConfiguration = WebStage.settings,
        _ body: @Sendable (WebStage) async throws -> Void
    ) async throws {
        let application = Application(router: RouteTable.router(core: core, settings: settings), logger: Fund.logger)
        try await application.test(.router) { client in try await body(WebStage(client: client, core: core)) }
    }

    /// Who sends a request.
    enum Sender: Sendable {
        case nobody
        case cookie(String)
        case bearer(String)
    }

    /// Sends a request as it is given.
    func send(
        _ method: HTTPRequest.Method, _ path: String, as sender: Sender = .nobody, headers: [(String, String)] = [],
        body: String? = nil
    ) async throws -> TestResponse {
        var fields = HTTPFields()
        switch sender {
        case .nobody: break
        case .cookie(let token): fields[.cookie] = "\(SessionCookie.name)=\(token)"
        case .bearer(let token): fields[.authorization] = "Bearer \(token)"
        }
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        return try await client.execute(
            uri: path, method: method, headers: fields, body: body.map { ByteBuffer(string: $0) })
    }

    /// Calls the API with JSON.
    func call(
        _ method: HTTPRequest.Method, _ path: String, as token: String, json: String? = nil, ifMatch: String? = nil,
        key: String? = nil
    ) async throws -> TestResponse {
        var headers: [(String, String)] = []
        if json != nil { headers.append(("Content-Type", "application/json")) }
        if let ifMatch { headers.append(("If-Match", ifMatch)) }
        if let key { headers.append(("Idempotency-Key", key)) }
        return try await send(method, path, as: .bearer(token), headers: headers, body: json)
    }

    /// Sends a form of a page as a browser would.
    func form(_ path: String, as token: String, _ fields: [(String, String)], csrf: String? = nil) async throws
        -> TestResponse
    {
        let all = fields + [("_csrf", csrf ?? CSRF.token(session: token))]
        return try await send(
            .post, path, as: .cookie(token), headers: [("Content-Type", "application/x-www-form-urlencoded")],
            body: all.map { "\(URLText.encode($0.0))=\(URLText.encode($0.1))" }.joined(separator: "&"))
    }

    /// Sends a form of a page that needs no session.
    func openForm(_ path: String, _ fields: [(String, String)]) async throws -> TestResponse {
        let cookie = String(repeating: "f", count: 43)
        let all = fields + [("_csrf", CSRF.token(form: cookie, key: Self.formKey))]
        return try await send(
            .post, path,
            headers: [
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("Cookie", "\(SessionCookie.formName)=\(cookie)"),
            ], body: all.map { "\(URLText.encode($0.0))=\(URLText.encode($0.1))" }.joined(separator: "&"))
    }
}

extension TestResponse {
    /// The body as text.
    var text: String { String(buffer: body) }
    /// The body as JSON.
    var json: JSON? { try? JSONReader.read(Array(body.readableBytesView)) }
    /// The code of a problem.
    var code: String? { json?["code"]?.string }
    /// What a `Set-Cookie` sets, by the cookie's name.
    func cookie(_ name: String) -> String? {
        headers[values: .setCookie].first { $0.hasPrefix(name + "=") }
    }
}

extension Schema {
    /// A document that has the right form, so that what comes back is about permission and state.
    var sample: JSON {
        switch self {
        case .text(_, let least): .text(String(repeating: "word ", count: max(1, (least + 4) / 5)))
        case .code(let codes): .text(codes[0])
        case .integer(let range): .int(range.lowerBound)
        case .flag: .flag(false)
        case .money: .text("1000.00")
        case .day: .text("2030-01-01")
        case .instant: .text("2030-01-01T12:00:00Z")
        case .year: .text("2030-31")
        case .id: .text("0190b0a0-0000-7000-8000-000000000000")
        case .hash: .text(String(repeating: "0", count: 64))
        case .list: .array([])
        case .nullable: .null
        case .predicate: .object([("organisationActive", .object([JSON.Member]()))])
        case .object(let properties):
            .object(properties.filter(\.required).map { JSON.Member(name: $0.name, value: $0.schema.sample) })
        }
    }
}
