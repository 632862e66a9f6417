import Domain

/// Who calls, and from where. A front makes it from a cookie or a bearer token; it proves nothing until a transaction
/// opens with it and the database finds the session behind it.
public struct Actor: Sendable {
    /// What the caller presented.
    public let credential: Credential
    /// Ties log lines, audit events and the answer together.
    public let requestID: String
    /// The caller's network address, as far as the front trusts it.
    public let address: String?

    /// A caller.
    public init(credential: Credential, requestID: String, address: String? = nil) {
        self.credential = credential
        self.requestID = requestID
        self.address = address
    }
}
