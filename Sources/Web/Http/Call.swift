import Domain
import FoundationEssentials
import Hummingbird
import Services

/// A request to something that is neither a page nor needs a credential.
struct OpenCall: Sendable {
    let request: Request
    let context: WebContext
    let front: Front
    /// A part of the path.
    func text(_ name: String) -> String { context.parameters.get(name) ?? "" }
}

/// One call of the API, checked against its row of the route table: the one argument of every API handler.
struct Call: Sendable {
    let request: Request
    let context: SignedInContext
    let front: Front
    /// The body as its schema wants it, with everything that was left out filled in.
    let json: JSON
    /// The parameters of the query.
    let parameters: Form
    /// The version from `If-Match`; -1 when the route does not ask for it.
    let version: Int
    /// From `Idempotency-Key`.
    let once: IdempotencyKey?

    var core: Touchstone { front.core }
    var actor: Services.Actor { context.actor }

    /// The identity in the path.
    func id<Kind>(_ name: String = "id") throws -> Identifier<Kind> {
        guard let id = context.parameters.get(name).flatMap({ Identifier<Kind>($0) }) else { throw WebRefusal.notFound }
        return id
    }

    /// A part of the path.
    func text(_ name: String) -> String { context.parameters.get(name) ?? "" }

    /// Where a list continues.
    var list: Services.PageRequest {
        Services.PageRequest(
            after: parameters.optional("after"), size: parameters.optional("size").flatMap { Int($0) } ?? 20,
            sort: parameters.optional("sort"))
    }

    /// A text of the body.
    func body(_ name: String) -> String { json[name]?.string ?? "" }

    /// A text of the body that may be null.
    func optional(_ name: String) -> String? { json[name]?.string.flatMap { $0.isEmpty ? nil : $0 } }

    /// An identity in the body. The schema has looked at its form.
    func bodyID<Kind>(_ name: String, as type: Identifier<Kind>.Type = Identifier<Kind>.self) throws -> Identifier<Kind>
    {
        guard let id = json[name]?.string.flatMap({ Identifier<Kind>($0) }) else {
            throw WebRefusal.malformed(
                "body_not_acceptable", "Send an id.",
                problems: [FieldProblem(name, "Send an id, as it was given to you.")])
        }
        return id
    }

    /// A day in the body.
    func day(_ name: String) -> Day? { json[name]?.string.flatMap { Day($0) } }

    /// The body as a value of Domain. The schema has looked at its form already, so what still fails is a rule.
    func content<Value: Decodable>(_ type: Value.Type, of name: String? = nil) throws -> Value {
        let part = name.flatMap { json[$0] } ?? json
        do {
            return try JSONDecoder().decode(type, from: Data(part.bytes))
        } catch {
            throw WebRefusal.malformed(
                "body_not_acceptable", "The JSON does not have the form that is wanted.",
                problems: [FieldProblem(name ?? "", "Look at the description of this operation in /openapi.json.")])
        }
    }

    /// A page of a list, with `Link` to the next.
    func rows<Row>(_ page: Services.Page<Row>, _ one: (Row) -> JSON) -> Response {
        var response = Response.json(.object([("items", .list(page.rows, one)), ("next", .text(page.next))]))
        link(page.next, &response)
        return response
    }

    /// Adds `Link` with the next page.
    func link(_ next: String?, _ response: inout Response) {
        guard let next else { return }
        let kept = parameters.names.filter { $0 != "after" }.map { "\($0)=\(URLText.encode(parameters[$0]))" }
        let query = (kept + ["after=\(URLText.encode(next))"]).joined(separator: "&")
        response.headers[.link] = "<\(request.uri.path)?\(query)>; rel=\"next\""
    }
}

/// Text inside an address.
enum URLText {
    /// Percent-encodes everything but letters, digits, `-`, `.`, `_` and `~`.
    static func encode(_ text: String) -> String {
        var out = ""
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126: out.unicodeScalars.append(Unicode.Scalar(byte))
            default: out += "%" + Digest.hex([byte]).uppercased()
            }
        }
        return out
    }

    /// A path of ours to return to: starts with one slash, no host, no control characters. Anything else is the home page.
    static func relative(_ path: String?) -> String {
        guard let path, path.utf8.first == UInt8(ascii: "/"), path.utf8.count <= 500, !path.hasPrefix("//"),
            path.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "\"") })
        else { return "/" }
        return path
    }
}
