import Domain
import Hummingbird

/// One row of the route table: everything that is declared about one address and method. The router, the OpenAPI document
/// and the access matrix are made from these rows, so a route that has none does not exist.
struct Route: Sendable {
    /// A page, an operation of the API, or something for machines that watch.
    enum Face: String, Sendable { case page, api, system }

    /// The method.
    let method: HTTPRequest.Method
    /// The address, with its variable parts in braces.
    let path: String
    /// Permanent name, unique in the table; the `operationId` of the API.
    let operation: String
    /// What it does, in a few words.
    let summary: String
    /// Page, API or system.
    let face: Face
    /// Whether a credential is needed to reach the handler.
    let needsSignIn: Bool
    /// What the core asks permission for, where it is one action.
    var action: Domain.Action?
    /// Parameters of the query that it understands.
    var query: [Parameter] = []
    /// The JSON that it takes.
    var body: Schema?
    /// The JSON that it gives, by name in the OpenAPI document.
    var gives: Answer = .nothing
    /// Whether `If-Match` is required.
    var versioned = false
    /// Whether `Idempotency-Key` is required.
    var once = false
    let handler: Handler

    /// What runs.
    enum Handler: Sendable {
        case open(@Sendable (OpenVisit) async throws -> Response)
        case visit(@Sendable (Visit) async throws -> Response)
        case call(@Sendable (Call) async throws -> Response)
        case openCall(@Sendable (OpenCall) async throws -> Response)
    }

    /// One parameter of a query.
    struct Parameter: Sendable {
        let name: String
        let about: String
        let schema: Schema

        static let list = [
            Parameter(
                name: "after", about: "Where the previous page ended: take it from the Link header.",
                schema: .text(most: 500, least: 1)),
            Parameter(name: "size", about: "How many rows.", schema: .integer(1...Limit.pageSize)),
        ]
    }

    /// What the answer to success is.
    enum Answer: Sendable {
        case nothing
        case one(String)
        case list(String)
        case created(String)
        case file(String)
    }

    /// The tag under which the API's description groups it: the first noun of the address.
    var tag: String {
        let parts = path.split(separator: "/").map(String.init)
        return face == .api ? (parts.count > 2 ? parts[2] : "service") : face.rawValue
    }

    /// Names of the variable parts.
    var pathParameters: [String] {
        path.split(separator: "/").compactMap { $0.hasPrefix("{") ? String($0.dropFirst().prefix { $0 != "}" }) : nil }
    }

    /// Whether an address is this route's.
    func matches(_ address: String) -> Bool {
        let mine = path.split(separator: "/")
        let theirs = address.split(separator: "/")
        guard mine.count == theirs.count else { return false }
        return zip(mine, theirs).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
}

extension Route {
    /// A page for people who are signed in.
    static func page(
        _ method: HTTPRequest.Method, _ path: String, _ operation: String, _ summary: String,
        _ action: Domain.Action? = nil, _ handler: @escaping @Sendable (Visit) async throws -> Response
    ) -> Route {
        Route(
            method: method, path: path, operation: operation, summary: summary, face: .page, needsSignIn: true,
            action: action, handler: .visit(handler))
    }

    /// The same, opened by its address.
    static func page(
        _ path: String, _ operation: String, _ summary: String, _ action: Domain.Action? = nil,
        _ handler: @escaping @Sendable (Visit) async throws -> Response
    ) -> Route {
        page(.get, path, operation, summary, action, handler)
    }

    /// A page for anybody, opened by its address.
    static func open(
        _ path: String, _ operation: String, _ summary: String,
        _ handler: @escaping @Sendable (OpenVisit) async throws -> Response
    ) -> Route {
        open(.get, path, operation, summary, handler)
    }

    /// A page for anybody.
    static func open(
        _ method: HTTPRequest.Method, _ path: String, _ operation: String, _ summary: String,
        _ handler: @escaping @Sendable (OpenVisit) async throws -> Response
    ) -> Route {
        Route(
            method: method, path: path, operation: operation, summary: summary, face: .page, needsSignIn: false,
            handler: .open(handler))
    }

    /// An operation of the API.
    static func api(
        _ method: HTTPRequest.Method, _ path: String, _ operation: String, _ summary: String,
        _ action: Domain.Action? = nil, query: [Parameter] = [], body: Schema? = nil, gives: Answer = .nothing,
        versioned: Bool = false, once: Bool = false, _ handler: @escaping @Sendable (Call) async throws -> Response
    ) -> Route {
        Route(
            method: method, path: "/api/v1" + path, operation: operation, summary: summary, face: .api,
            needsSignIn: true, action: action, query: query, body: body, gives: gives, versioned: versioned, once: once,
            handler: .call(handler))
    }

    /// Something for anybody that is not a page: health, the API's description.
    static func system(
        _ path: String, _ operation: String, _ summary: String, face: Face = .system,
        _ handler: @escaping @Sendable (OpenCall) async throws -> Response
    ) -> Route {
        Route(
            method: .get, path: path, operation: operation, summary: summary, face: face, needsSignIn: false,
            handler: .openCall(handler))
    }
}
