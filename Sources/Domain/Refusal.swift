/// Why something was not done, in words for the person who asked. Every refusal in the product is one of these.
public struct Refusal: Error, Hashable, Sendable {
    /// What kind of no it is; the fronts turn this into a status and nothing else.
    public enum Kind: String, Sendable, CaseIterable, Codable {
        /// Nobody is signed in, or the session is over.
        case unauthenticated
        /// The act needs a fresh proof of identity first.
        case stepUpRequired = "step_up_required"
        /// There is no such thing, or none that this actor may see.
        case notFound = "not_found"
        /// The thing may be seen, but this may not be done by this actor.
        case forbidden
        /// A guard is not met: the state, the time, the money or another fact says no.
        case conflict
        /// Somebody else changed it first.
        case stale
        /// What was sent is not acceptable; the problems say which fields and why.
        case invalid
        /// The same idempotency key came with another body.
        case keyReused = "key_reused"
        /// Too many attempts.
        case rateLimited = "rate_limited"
        /// Not now; the same request may work later.
        case unavailable
    }

    /// The kind of refusal.
    public let kind: Kind
    /// A stable code such as `SOD_W_CE` or `round_closed`, for programs and tests.
    public let code: String
    /// A plain sentence that says what is wrong and what to do.
    public let sentence: String
    /// For `invalid`: what is wrong with which field.
    public let problems: [FieldProblem]
    /// For `rateLimited` and `unavailable`: seconds after which to try again.
    public let retryAfter: Int?

    /// A refusal with its parts.
    public init(_ kind: Kind, code: String, _ sentence: String, problems: [FieldProblem] = [], retryAfter: Int? = nil) {
        self.kind = kind
        self.code = code
        self.sentence = sentence
        self.problems = problems
        self.retryAfter = retryAfter
    }

    /// The one answer for what is absent and for what may not be seen.
    public static func notFound(_ what: String) -> Refusal {
        Refusal(.notFound, code: "not_found", "There is no such \(what), or you cannot see it.")
    }

    /// What was sent has these problems.
    public static func invalid(_ problems: [FieldProblem]) -> Refusal {
        Refusal(.invalid, code: "invalid", "Some answers need changing.", problems: problems)
    }

    /// Somebody saved first.
    public static func stale(_ what: String) -> Refusal {
        Refusal(
            .stale, code: "stale",
            "Somebody else changed this \(what) after you opened it. Look at their version, then make your change again."
        )
    }
}

/// What is wrong with one field, as a sentence that tells how to put it right.
public struct FieldProblem: Hashable, Sendable, Codable {
    /// Dotted path of the field, such as `costs.lines.2.amount`; also the id of the input on the page.
    public let field: String
    /// A plain sentence that starts with what to do: "Enter the amount in pounds".
    public let sentence: String

    /// A problem with a field.
    public init(_ field: String, _ sentence: String) {
        self.field = field
        self.sentence = sentence
    }
}
