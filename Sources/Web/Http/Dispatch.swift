import Domain
import HTTPTypes
import Hummingbird
import Services
import StructuredFieldValues

/// Puts routes into Hummingbird's router. What a row of the table declares is checked here, before its handler runs.
struct Dispatch: Sendable {
    let front: Front

    /// Adds one route.
    func add(_ route: Route, to router: Router<WebContext>, _ signedIn: RouterGroup<SignedInContext>) {
        let path = RouterPath(stringLiteral: route.path)
        switch route.handler {
        case .open(let handler):
            router.on(path, method: route.method) { try await handler(openVisit($0, $1, route)) }
        case .openCall(let handler):
            router.on(path, method: route.method) {
                try await handler(OpenCall(request: $0, context: $1, front: front))
            }
        case .visit(let handler):
            signedIn.on(path, method: route.method) { try await handler(visit($0, $1, route)) }
        case .call(let handler):
            signedIn.on(path, method: route.method) { try await handler(call($0, $1, route)) }
        }
    }

    private func openVisit(_ request: Request, _ context: WebContext, _ route: Route) async throws -> OpenVisit {
        let cookie = SessionCookie.read(SessionCookie.formName, from: request.headers)
        let query = try query(request)
        guard route.method != .get else {
            return OpenVisit(
                request: request, context: context, front: front, form: .empty, parameters: query,
                formCookie: (cookie ?? Tokens.fresh(), cookie == nil))
        }
        let form = try await form(request)
        guard let cookie, CSRF.isOurs(request),
            Digest.equal(form.raw("_csrf"), CSRF.token(form: cookie, key: front.settings.secretKey))
        else { throw WebRefusal.forgedForm }
        return OpenVisit(
            request: request, context: context, front: front, form: form, parameters: query, formCookie: (cookie, false)
        )
    }

    private func visit(_ request: Request, _ context: SignedInContext, _ route: Route) async throws -> Visit {
        guard context.token.source == .cookie else { throw WebRefusal.notSignedIn }
        let query = try query(request)
        var sent = Form.empty
        if route.method != .get {
            sent = try await form(request)
            guard CSRF.isOurs(request), Digest.equal(sent.raw("_csrf"), CSRF.token(session: context.token.value)) else {
                throw WebRefusal.forgedForm
            }
        }
        let subject = try await front.core.subject(context.actor)
        // Before somebody fills in a form that needs a fresh proof of identity, not after.
        if route.method == .get, route.action?.permission.needsStepUp == true, !subject.isFresh {
            throw Refusal(.stepUpRequired, code: "step_up_required", "Confirm that it is you first.")
        }
        return Visit(request: request, context: context, front: front, subject: subject, form: sent, parameters: query)
    }

    private func call(_ request: Request, _ context: SignedInContext, _ route: Route) async throws -> Call {
        let parameters = try query(request)
        try check(parameters, against: route.query)
        let changes = route.method != .get
        if changes, context.token.source == .cookie {
            guard CSRF.isOurs(request),
                Digest.equal(request.headers[.csrfToken] ?? "", CSRF.token(session: context.token.value))
            else { throw WebRefusal.forgedForm }
        }
        let version = route.versioned ? try Precondition.version(request.headers) : -1
        var json = JSON.null
        var bytes: [UInt8] = []
        if changes {
            bytes = try await body(request)
            if let schema = route.body {
                try Self.wantJSON(request.headers)
                json = try schema.check(try JSONReader.read(bytes))
            } else if !bytes.isEmpty {
                try Self.wantJSON(request.headers)
                json = try Schema.object([]).check(try JSONReader.read(bytes))
            }
        }
        let once = try Precondition.idempotency(request.headers, required: route.once).map {
            IdempotencyKey(
                key: $0,
                requestHash: Digest.sha256(
                    Array("\(request.method.rawValue) \(request.uri.path) \(version)\n".utf8) + bytes))
        }
        return Call(
            request: request, context: context, front: front, json: json, parameters: parameters, version: version,
            once: once)
    }

    private static func wantJSON(_ headers: HTTPFields) throws {
        let type = (headers[.contentType] ?? "").lowercased().prefix { $0 != ";" }.filter { $0 != " " }
        guard type == "application/json" else { throw WebRefusal.formToAPI }
    }

    private func form(_ request: Request) async throws -> Form {
        let type = (request.headers[.contentType] ?? "").lowercased().prefix { $0 != ";" }.filter { $0 != " " }
        if let boundary = Form.boundary(of: request.headers[.contentType] ?? "") {
            return try Form(multipart: try await body(request), boundary: boundary)
        }
        guard type == "application/x-www-form-urlencoded" else { throw WebRefusal.notAcceptable }
        let bytes = try await body(request)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw WebRefusal.malformed("form_malformed", "Send the form in UTF-8.")
        }
        return try Form(encoded: text)
    }

    /// The whole body, no longer than the limit whether or not its length was announced.
    private func body(_ request: Request) async throws -> [UInt8] {
        if let announced = request.headers[.contentLength].flatMap({ Int($0) }), announced > Limit.bodyBytes {
            throw WebRefusal.tooLarge
        }
        var bytes: [UInt8] = []
        for try await part in request.body {
            guard bytes.count + part.readableBytes <= Limit.bodyBytes else { throw WebRefusal.tooLarge }
            bytes.append(contentsOf: part.readableBytesView)
        }
        return bytes
    }

    /// The query, with no name twice.
    private func query(_ request: Request) throws -> Form {
        let form = try Form(encoded: request.uri.query ?? "", most: 50)
        guard Set(form.names).count == form.names.count else {
            throw WebRefusal.malformed("parameter_twice", "A parameter stands twice in the address; send it once.")
        }
        return form
    }

    private func check(_ parameters: Form, against declared: [Route.Parameter]) throws {
        var problems: [FieldProblem] = []
        for name in parameters.names {
            guard let parameter = declared.first(where: { $0.name == name }) else {
                problems.append(FieldProblem(name, "There is no such parameter here; leave it out."))
                continue
            }
            let raw = parameters.raw(name)
            if case .integer = parameter.schema {
                let number =
                    raw.utf8.allSatisfy({ (48...57).contains($0) }) && (1...18).contains(raw.count)
                    ? JSON.number(raw) : .null
                problems += Self.problems(parameter.schema, number, name)
            } else {
                problems += Self.problems(parameter.schema, .text(raw), name)
            }
        }
        guard problems.isEmpty else {
            throw WebRefusal.malformed(
                "query_not_acceptable", "The parameters of the address are not those that are wanted.",
                problems: problems)
        }
    }

    private static func problems(_ schema: Schema, _ value: JSON, _ name: String) -> [FieldProblem] {
        do {
            _ = try schema.check(value)
            return []
        } catch let refusal as WebRefusal {
            return refusal.problems.map { FieldProblem(name, $0.sentence) }
        } catch {
            return []
        }
    }
}

extension Subject {
    /// Whether identity was proved so lately that the permission table calls it fresh.
    fileprivate var isFresh: Bool {
        steppedUpAt.map { now.seconds - $0.seconds < Permission.stepUpMinutes * 60 } ?? false
    }
}

/// Headers that guard a write.
enum Precondition {
    /// The version in `If-Match`: one strong tag, as `"3"`.
    static func version(_ headers: HTTPFields) throws -> Int {
        guard let value = headers[.ifMatch] else { throw WebRefusal.preconditionRequired }
        guard value.count >= 3, value.first == "\"", value.last == "\"",
            let version = Int(value.dropFirst().dropLast()), version >= 0,
            "\"\(version)\"" == value
        else {
            throw WebRefusal.malformed(
                "if_match_malformed", "Send If-Match with one ETag as it was given, such as \"3\" in quotes.")
        }
        return version
    }

    /// The key in `Idempotency-Key`: a structured-field string, so in quotes.
    static func idempotency(_ headers: HTTPFields, required: Bool) throws -> String? {
        let values = headers[values: .idempotencyKey]
        guard let value = values.first else {
            if required { throw WebRefusal.keyRequired }
            return nil
        }
        // The decoder would also take a bare token for a string; the field is defined as a string, in quotes.
        guard values.count == 1, value.first == "\"",
            let key = try? StructuredFieldValueDecoder().decode(KeyField.self, from: Array(value.utf8)).item,
            (1...Limit.idempotencyKey).contains(key.count)
        else {
            throw WebRefusal.malformed(
                "idempotency_key_malformed",
                "Send Idempotency-Key as a quoted string of at most \(Limit.idempotencyKey) characters, such as \"4f1c…\"."
            )
        }
        return key
    }

    private struct KeyField: StructuredFieldValue {
        static let structuredFieldType: StructuredFieldType = .item
        var item: String
    }
}
