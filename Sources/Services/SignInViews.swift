public import Domain

/// What came of a passphrase.
public enum SignInResult: Sendable {
    /// Signed in; the token is the cookie.
    case signedIn(token: String, person: PersonID)
    /// The passphrase was right. The token leads to ``SignIn/secondFactor(token:code:source:)`` and nowhere else; when
    /// `toEnrol`, to setting up a second factor first.
    case secondFactorNeeded(token: String, toEnrol: Bool)
}

/// What the page behind an invitation link shows.
public struct InvitationView: Hashable, Sendable {
    /// The address invited.
    public let email: String
    /// The person's name.
    public let name: String
    /// The organisation's name.
    public let organisation: String
    /// The role of the account.
    public let role: Role
    /// Whether the account is there already and only the passphrase is set anew.
    public let isReset: Bool
    /// Whether it can no longer be used.
    public let expired: Bool
}

/// A session or API token of one's own.
public struct SessionView: Hashable, Sendable {
    /// Its identity.
    public let id: SessionID
    /// Whether it is an API token.
    public let isToken: Bool
    /// What its owner called it.
    public let label: String
    /// What it may do.
    public let scope: TokenScope
    /// When it began.
    public let createdAt: Instant
    /// When it was last used, to the minute.
    public let lastSeenAt: Instant
    /// When it ends at the latest.
    public let expiresAt: Instant
    /// Whether it is the one that asks.
    public let isCurrent: Bool
}

/// What an API token may do.
public enum TokenScope: String, Sendable, CaseIterable, Codable {
    /// Look.
    case read
    /// Look and change, as its owner may.
    case write
}

/// A second factor that waits for its first code.
public struct TotpEnrolment: Hashable, Sendable {
    /// For typing in: base32.
    public let secret: String
    /// For scanning: `otpauth://`.
    public let uri: String
}
