import Crypto

/// SHA-256 and HMAC-SHA-256, for entity tags, form tokens and the identity of a repeated request.
enum Digest {
    /// SHA-256.
    static func sha256(_ bytes: some Sequence<UInt8>) -> [UInt8] { Array(SHA256.hash(data: Array(bytes))) }

    /// HMAC-SHA-256, in hex.
    static func mac(key: some Sequence<UInt8>, _ message: String) -> String {
        hex(HMAC<SHA256>.authenticationCode(for: Array(message.utf8), using: SymmetricKey(data: Array(key))))
    }

    /// Lower-case hex.
    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        var digits: [UInt8] = []
        for byte in bytes {
            for half in [byte >> 4, byte & 15] { digits.append(half < 10 ? 48 + half : 87 + half) }
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// Whether two texts are equal, in a time that does not tell where they differ.
    static func equal(_ left: String, _ right: String) -> Bool {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

/// Keys for one purpose each, made from an installation's one secret key.
public enum FormKey {
    /// 32 bytes that tell nothing about the key or about those for other purposes.
    public static func derive(_ purpose: String, from key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(purpose.utf8), using: SymmetricKey(data: key)))
    }
}
