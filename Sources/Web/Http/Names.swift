import HTTPTypes
import Hummingbird

extension HTTPField.Name {
    /// Header names that HTTPTypes does not know. All are valid tokens, so the fallback is never used.
    private static func named(_ name: String) -> HTTPField.Name { HTTPField.Name(name) ?? .from }

    static let autosave = named("X-Touchstone-Autosave")
    static let csrfToken = named("X-CSRF-Token")
    static let secFetchSite = named("Sec-Fetch-Site")
    static let hostName = named("Host")
    static let forwardedFor = named("X-Forwarded-For")
    static let requestID = named("X-Request-ID")
    static let idempotencyKey = named("Idempotency-Key")
    static let link = named("Link")
    static let contentSecurityPolicy = named("Content-Security-Policy")
    static let contentTypeOptions = named("X-Content-Type-Options")
    static let referrerPolicy = named("Referrer-Policy")
    static let openerPolicy = named("Cross-Origin-Opener-Policy")
    static let resourcePolicy = named("Cross-Origin-Resource-Policy")
    static let frameOptions = named("X-Frame-Options")
    static let permissionsPolicy = named("Permissions-Policy")
    static let clearSiteData = named("Clear-Site-Data")
}
