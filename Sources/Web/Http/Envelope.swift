import Domain
import HTTPTypes
import Hummingbird
import Logging
import Services

/// Around every request, found or not: its id and its origin are settled first, every error becomes an answer of ours, and
/// every answer leaves with the same headers.
struct Envelope: RouterMiddleware {
    typealias Context = WebContext
    let front: Front
    let table: [Route]

    @concurrent func handle(
        _ request: Request, context: WebContext, next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let started = ContinuousClock.now
        var context = context
        // One call for chance, not eight: each asks the kernel.
        let chance = UInt64.random(in: .min ... .max)
        context.requestID = Digest.hex((0..<8).map { UInt8(truncatingIfNeeded: chance >> ($0 * 8)) })
        context.logger[metadataKey: "request"] = "\(context.requestID)"
        context.address = address(request, context)
        if let bearer = SessionCookie.bearer(from: request.headers) {
            context.token = .init(value: bearer, source: .bearer)
        } else if request.headers[.authorization] == nil,
            let cookie = SessionCookie.read(SessionCookie.name, from: request.headers)
        {
            context.token = .init(value: cookie, source: .cookie)
        }
        var response: Response
        do {
            try checkHost(request)
            try checkQuery(request)
            response = try await next(request, context)
        } catch {
            response = await answer(to: error, request, context)
        }
        decorate(&response, request, context)
        log(request, response, context, since: started)
        return response
    }

    /// Who called: the connection's peer, or, when that is a proxy of ours, whom the nearest proxy saw.
    private func address(_ request: Request, _ context: WebContext) -> String? {
        guard let peer = context.peer, front.settings.trustedProxies.contains(peer) else { return context.peer }
        let seen = request.headers[values: .forwardedFor]
            .flatMap { $0.split(separator: ",").map { part in part.filter { $0 != " " } } }
        let client = seen.last { !front.settings.trustedProxies.contains($0) }
        guard let client, client.utf8.count <= 45, client.utf8.allSatisfy({ $0.isHexDigit || $0 == 46 || $0 == 58 })
        else { return peer }
        return client
    }

    /// RFC 9112 §3.2: exactly one Host, and it must be a host. RFC 9110 §7.4: and a name of ours, so that no page is
    /// ever served, and no link ever made, under a name that somebody else chose.
    private func checkHost(_ request: Request) throws {
        guard request.headers[.hostName] == nil, let host = request.head.authority, HostName.isValid(host) else {
            throw WebRefusal(
                status: .badRequest, code: "host_malformed",
                sentence: "Send one Host field with the name of this server.",
                headers: [("Connection", "close")])
        }
        guard front.settings.serves(host) else {
            throw WebRefusal(
                status: .misdirectedRequest, code: "host_unknown",
                sentence: "This server does not serve that name. Check the address, and ask whoever runs the service.",
                headers: [("Connection", "close")])
        }
    }

    private func checkQuery(_ request: Request) throws {
        guard (request.uri.query ?? "").utf8.count <= Limit.queryBytes else {
            throw WebRefusal(status: .uriTooLong, code: "query_too_long", sentence: "Send a shorter address.")
        }
    }

    private func answer(to error: any Error, _ request: Request, _ context: WebContext) async -> Response {
        let problem = problem(for: error, request, context)
        if wantsProblem(request) { return problem.response(instance: "/requests/\(context.requestID)") }
        if problem.status == .unauthorized, let next = signInAgain(problem, request) { return next }
        let subject: Subject?
        if problem.status.code < 500, let signedIn = try? SignedInContext(context: context) {
            subject = try? await front.core.subject(signedIn.actor)
        } else {
            subject = nil
        }
        let csrf = context.token.map { CSRF.token(session: $0.value) } ?? ""
        var response = ErrorPages.page(for: problem, requestID: context.requestID).response(
            status: problem.status, front: front, path: request.uri.path, subject: subject, csrf: csrf)
        problem.decorate(&response)
        return response
    }

    /// Every error's answer. What is not ours is a fault, and its words stay in the log.
    private func problem(for error: any Error, _ request: Request, _ context: WebContext) -> Problem {
        switch error {
        case let refusal as Refusal: return Problem(refusal)
        case let refusal as WebRefusal: return Problem(refusal)
        case let error as HTTPError where error.status == .notFound: return notFound(request)
        case let error as HTTPError where error.status == .contentTooLarge: return Problem(.tooLarge)
        case let error as any HTTPResponseError where error.status.code < 500:
            return Problem(
                WebRefusal(status: error.status, code: "refused", sentence: "The request could not be understood."))
        case is CancellationError:
            return Problem(
                Refusal(
                    .unavailable, code: "stopping", "The service is restarting. Try again in a moment.", retryAfter: 5))
        default:
            context.logger.error(
                "request failed", metadata: ["error": "\(String(reflecting: type(of: error)))", "detail": "\(error)"])
            return .fault
        }
    }

    /// No route: is it the address or the method that nobody declared?
    private func notFound(_ request: Request) -> Problem {
        let allowed = table.filter { $0.matches(request.uri.path) }.flatMap {
            $0.method == .get ? ["GET", "HEAD"] : [$0.method.rawValue]
        }
        guard !allowed.isEmpty else { return Problem(.notFound) }
        return Problem(.method(Set(allowed).sorted()))
    }

    /// Whether the client is a program.
    private func wantsProblem(_ request: Request) -> Bool {
        let path = request.uri.path
        return path.hasPrefix("/api/v1") || path.hasPrefix("/health") || path == "/metrics" || path == "/openapi.json"
            || request.headers[.autosave] != nil || !["GET", "HEAD", "POST"].contains(request.method.rawValue)
    }

    /// To sign in, or to prove again who one is, and then back.
    private func signInAgain(_ problem: Problem, _ request: Request) -> Response? {
        let back = request.method == .get ? request.uri.string : refererPath(request) ?? request.uri.path
        let next = URLText.encode(URLText.relative(back))
        let stepUp = problem.code.contains("step_up")
        var response = Response(
            status: .seeOther, headers: [.location: stepUp ? "/account/step-up?next=\(next)" : "/sign-in?next=\(next)"])
        if !stepUp { response.headers.append(.init(name: .setCookie, value: SessionCookie.clear)) }
        return response
    }

    private func refererPath(_ request: Request) -> String? {
        guard let referer = request.headers[.referer], let host = request.head.authority else { return nil }
        for scheme in ["http://", "https://"] where referer.hasPrefix(scheme + host + "/") {
            return String(referer.dropFirst(scheme.count + host.count))
        }
        return nil
    }

    private func decorate(_ response: inout Response, _ request: Request, _ context: WebContext) {
        response.headers[.requestID] = context.requestID
        response.headers[.contentSecurityPolicy] = Self.policy
        response.headers[.contentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "same-origin"
        response.headers[.strictTransportSecurity] = "max-age=31536000; includeSubDomains"
        response.headers[.openerPolicy] = "same-origin"
        response.headers[.resourcePolicy] = "same-origin"
        response.headers[.frameOptions] = "DENY"
        response.headers[.permissionsPolicy] = "camera=(), geolocation=(), microphone=()"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        if response.status.code == 400 || response.status.code == 413 || response.status.code == 408 {
            response.headers[.connection] = "close"
        }
    }

    /// `connect-src` lets a draft save itself; nothing else may be fetched by a script.
    static let policy =
        "default-src 'none'; script-src 'self' 'sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw='; style-src 'self'; "
        + "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        + "frame-ancestors 'none'"

    /// One line for each request: the declared address, never the query, a body or a header.
    private func log(
        _ request: Request, _ response: Response, _ context: WebContext, since started: ContinuousClock.Instant
    ) {
        let spent = ContinuousClock.now - started
        let milliseconds = Int(spent.components.seconds * 1000 + spent.components.attoseconds / 1_000_000_000_000_000)
        context.logger.info(
            "request",
            metadata: [
                "method": "\(request.method.rawValue.prefix(16))", "route": "\(context.endpointPath ?? "none")",
                "status": "\(response.status.code)", "ms": "\(milliseconds)", "address": "\(context.address ?? "")",
            ])
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool {
        (48...57).contains(self) || (65...70).contains(self) || (97...102).contains(self)
    }
}

/// The `Host` of a request.
enum HostName {
    /// Whether it is a name, an IPv4 or a bracketed IPv6 address, with or without a port.
    static func isValid(_ host: String) -> Bool {
        var rest = Substring(host)
        guard !rest.isEmpty, rest.utf8.count <= 255 else { return false }
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]"),
                rest[rest.index(after: rest.startIndex)..<end].utf8.allSatisfy({ $0.isHexDigit || $0 == 58 || $0 == 46 }
                ), end > rest.index(after: rest.startIndex)
            else { return false }
            rest = rest[rest.index(after: end)...]
        } else {
            let name = rest.prefix { $0 != ":" }
            guard !name.isEmpty, name.utf8.allSatisfy({ isNameByte($0) }) else { return false }
            rest = rest[name.endIndex...]
        }
        guard !rest.isEmpty else { return true }
        let port = rest.dropFirst()
        return rest.first == ":" && (1...5).contains(port.count)
            && (Int(port).map { (0...65_535).contains($0) } ?? false)
            && port.utf8.allSatisfy { (48...57).contains($0) }
    }

    /// The name alone, in lower case. For hosts that are valid.
    static func withoutPort(_ host: String) -> String {
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        return name.lowercased()
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45 || byte == 46
            || byte == 95
    }
}
