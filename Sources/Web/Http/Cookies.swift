import Hummingbird

/// Our three cookies. All are bound to this host, sent only over secure connections (loopback counts) and out of reach of
/// scripts.
enum SessionCookie {
    /// The session's token.
    static let name = "__Host-touchstone"
    /// What a sign-in form is bound to before there is a session.
    static let formName = "__Host-touchstone-form"

    private static let flags = "Path=/; Secure; HttpOnly; SameSite=Lax"

    /// Sets the session's token for as long as the browser runs; the database ends it earlier.
    static func set(_ token: String) -> String { "\(name)=\(token); \(flags)" }
    /// Forgets it.
    static var clear: String { "\(name)=; Max-Age=0; \(flags)" }
    /// Sets the form's token.
    static func setForm(_ token: String) -> String { "\(formName)=\(token); Max-Age=3600; \(flags)" }
    /// What a passphrase alone gives: a token that leads to the second factor and nowhere else.
    static let halfName = "__Host-touchstone-half"

    /// Sets the half-way token.
    static func setHalf(_ token: String) -> String { "\(halfName)=\(token); Max-Age=900; \(flags)" }
    /// Forgets it.
    static var clearHalf: String { "\(halfName)=; Max-Age=0; \(flags)" }
    /// Forgets the form's token.
    static var clearForm: String { "\(formName)=; Max-Age=0; \(flags)" }

    /// The value of a cookie, if it looks like a token of ours. Twice the same name is nothing.
    static func read(_ name: String, from headers: HTTPFields) -> String? {
        let values = headers[values: .cookie].flatMap { $0.split(separator: ";") }
            .compactMap { pair -> String? in
                let trimmed = pair.drop { $0 == " " }
                guard trimmed.hasPrefix(name + "=") else { return nil }
                return String(trimmed.dropFirst(name.count + 1))
            }
        guard values.count == 1, let value = values.first, isToken(value) else { return nil }
        return value
    }

    /// The token of `Authorization: Bearer …`, if it looks like one of ours.
    static func bearer(from headers: HTTPFields) -> String? {
        guard let value = headers[.authorization] else { return nil }
        let parts = value.split(separator: " ")
        guard parts.count == 2, parts[0].lowercased() == "bearer", isToken(String(parts[1])) else { return nil }
        return String(parts[1])
    }

    /// Tokens are base64url; anything else never reaches the database.
    private static func isToken(_ text: String) -> Bool {
        (20...200).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                ($0 >= 48 && $0 <= 57) || ($0 >= 65 && $0 <= 90) || ($0 >= 97 && $0 <= 122) || $0 == 45 || $0 == 95
            }
    }
}
