import Domain
import Hummingbird

/// Refusals that only HTTP knows: about the form of a request, not about what it asks.
struct WebRefusal: Error {
    let status: HTTPResponse.Status
    let code: String
    let sentence: String
    var problems: [FieldProblem] = []
    var headers: [(String, String)] = []

    static let notSignedIn = WebRefusal(
        status: .unauthorized, code: "not_signed_in", sentence: "Sign in first, or send an API token.")

    static let notFound = WebRefusal(
        status: .notFound, code: "not_found",
        sentence: "There is no such page. Check the address, or start from the home page.")

    static func malformed(_ code: String, _ sentence: String, problems: [FieldProblem] = []) -> WebRefusal {
        WebRefusal(status: .badRequest, code: code, sentence: sentence, problems: problems)
    }

    static let tooLarge = WebRefusal(
        status: .contentTooLarge, code: "body_too_large", sentence: "Send at most 1 MiB in one request.")

    static let forgedForm = WebRefusal(
        status: .forbidden, code: "form_expired",
        sentence: "This form was opened too long ago or by another sign-in. Go back, reload the page and try again.")

    static let formToAPI = WebRefusal(
        status: .unsupportedMediaType, code: "json_wanted", sentence: "Send JSON with Content-Type: application/json.")

    static let notAcceptable = WebRefusal(
        status: .unsupportedMediaType, code: "form_wanted",
        sentence: "Send the form with Content-Type: application/x-www-form-urlencoded.")

    static let preconditionRequired = WebRefusal(
        status: .init(code: 428, reasonPhrase: "Precondition Required"), code: "if_match_required",
        sentence: "Send If-Match with the ETag of the version that you read, so that nobody's change is lost.")

    static let keyRequired = WebRefusal(
        status: .badRequest, code: "idempotency_key_required",
        sentence: "Send an Idempotency-Key, a quoted string of your own, so that a repeated request is done once.")

    static func method(_ allowed: [String]) -> WebRefusal {
        WebRefusal(
            status: .methodNotAllowed, code: "method_not_allowed",
            sentence: "This address answers \(allowed.joined(separator: ", ")) only.",
            headers: [("Allow", allowed.joined(separator: ", "))])
    }
}

extension Refusal.Kind {
    /// The status that says it over HTTP.
    var status: HTTPResponse.Status {
        switch self {
        case .unauthenticated: .unauthorized
        case .stepUpRequired: .unauthorized
        case .notFound: .notFound
        case .forbidden: .forbidden
        case .conflict: .conflict
        case .stale: .preconditionFailed
        case .invalid, .keyReused: .unprocessableContent
        case .rateLimited: .tooManyRequests
        case .unavailable: .serviceUnavailable
        }
    }
}
