import Domain
import HTTPTypes
import Hummingbird

extension Response {
    /// JSON with a status.
    static func json(_ json: JSON, status: HTTPResponse.Status = .ok, etag: Int? = nil) -> Response {
        bytes(json.bytes, type: "application/json; charset=utf-8", status: status, etag: etag)
    }

    /// Bytes of a type.
    static func bytes(
        _ bytes: [UInt8], type: String, status: HTTPResponse.Status = .ok, etag: Int? = nil
    ) -> Response {
        var headers: HTTPFields = [.contentType: type]
        if let etag { headers[.eTag] = "\"\(etag)\"" }
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// A page of HTML.
    static func html(_ html: HTML, status: HTTPResponse.Status = .ok) -> Response {
        bytes(Array(html.source.utf8), type: "text/html; charset=utf-8", status: status)
    }

    /// A file to keep. The name is ours: letters, digits, dots and dashes.
    static func download(_ text: String, type: String, name: String) -> Response {
        var response = bytes(Array(text.utf8), type: type)
        response.headers[.contentDisposition] = "attachment; filename=\"\(name)\""
        return response
    }

    /// A file whose lines are fetched as they are sent, however many they are. What fails on the way cuts the connection,
    /// so that half a file does not look whole.
    static func lines<Pages: AsyncSequence & Sendable>(
        _ pages: Pages, type: String, name: String
    ) -> Response where Pages.Element == [String] {
        var headers: HTTPFields = [.contentType: type]
        headers[.contentDisposition] = "attachment; filename=\"\(name)\""
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                for try await lines in pages {
                    var part = ByteBuffer()
                    for line in lines {
                        part.writeString(line)
                        part.writeString("\n")
                    }
                    try await writer.write(part)
                }
                try await writer.finish(nil)
            })
    }

    /// Done, nothing to say.
    static func noContent(etag: Int? = nil) -> Response {
        var response = Response(status: .noContent)
        if let etag { response.headers[.eTag] = "\"\(etag)\"" }
        return response
    }

    /// Made; where it is.
    static func created(_ location: String, _ json: JSON, etag: Int? = nil) -> Response {
        var response = Response.json(json, status: .created, etag: etag)
        response.headers[.location] = location
        return response
    }
}

/// An error as the API says it: RFC 9457.
struct Problem: Sendable {
    let status: HTTPResponse.Status
    let code: String
    let sentence: String
    var problems: [FieldProblem] = []
    var retryAfter: Int?
    var headers: [(String, String)] = []

    init(_ refusal: Refusal) {
        status = refusal.kind.status
        code = refusal.code
        sentence = refusal.sentence
        problems = refusal.problems
        retryAfter = refusal.retryAfter ?? (refusal.kind == .unavailable ? 1 : nil)
        if refusal.kind == .unauthenticated { headers = [("WWW-Authenticate", "Bearer")] }
        if refusal.kind == .stepUpRequired {
            headers = [("WWW-Authenticate", "Bearer error=\"insufficient_user_authentication\"")]
        }
    }

    init(_ refusal: WebRefusal) {
        status = refusal.status
        code = refusal.code
        sentence = refusal.sentence
        problems = refusal.problems
        headers = refusal.headers + (refusal.status == .unauthorized ? [("WWW-Authenticate", "Bearer")] : [])
    }

    /// Something broke on our side. What, is in the log under the request's id.
    static let fault = Problem(
        WebRefusal(
            status: .internalServerError, code: "fault",
            sentence:
                "Something went wrong on our side. It is recorded; try again, and tell us the request id if it goes on."
        ))

    var title: String { status.reasonPhrase.isEmpty ? String(status.code) : status.reasonPhrase }

    /// The document.
    func json(instance: String) -> JSON {
        .object([
            ("type", .text("/problems/\(code)")), ("title", .text(title)), ("status", .int(status.code)),
            ("detail", .text(sentence)), ("instance", .text(instance)), ("code", .text(code)),
            ("problems", .list(problems) { .object([("field", .text($0.field)), ("sentence", .text($0.sentence))]) }),
        ])
    }

    /// As an answer of the API.
    func response(instance: String) -> Response {
        var response = Response.bytes(
            json(instance: instance).bytes, type: "application/problem+json; charset=utf-8", status: status)
        decorate(&response)
        return response
    }

    /// Headers that go with it, on a page too.
    func decorate(_ response: inout Response) {
        if let retryAfter { response.headers[.retryAfter] = String(retryAfter) }
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { response.headers[name] = value }
        }
    }
}
