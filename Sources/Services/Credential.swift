import Crypto

/// What a session token becomes before it leaves the front: its SHA-256. The token itself never reaches the database,
/// and the database keeps only the SHA-256 of this, so neither its tables nor its logs hold anything that signs in.
public struct Credential: Hashable, Sendable {
    let bytes: [UInt8]

    /// The credential of a token.
    public init(token: String) {
        bytes = Array(SHA256.hash(data: Array(token.utf8)))
    }

    /// What the session table keeps.
    var key: [UInt8] { Array(SHA256.hash(data: bytes)) }
}

/// Random tokens for cookies, API access and invitations.
public enum Tokens {
    /// 256 bits from the system's generator, in base64url without padding (43 characters).
    public static func fresh() -> String {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        return String((0..<43).map { _ in alphabet[Int(generator.next() & 63)] })
    }
}
