import Crypto
import Domain
import FoundationEssentials

/// Codes of an authenticator app: RFC 6238 with HMAC-SHA-1, six digits and steps of thirty seconds, which is what the
/// apps people have can do.
enum OneTimePassword {
    static let stepSeconds: Int64 = 30
    static let seedBytes = 20
    /// Steps before and after now that are still good, for clocks that differ.
    static let tolerance: Int64 = 1

    static func code(seed: [UInt8], step: Int64) -> String {
        let counter = bigEndian(step)
        let mac = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: seed)))
        let offset = Int(mac[19] & 0x0f)
        let number = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        let digits = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// The step that the code is right for; nil when there is none near now.
    static func step(of code: String, seed: [UInt8], now: Int64) -> Int64? {
        let current = now / stepSeconds
        var found: Int64?
        // All steps are tried whatever the outcome, and digits are compared without stopping at the first difference.
        for step in current - tolerance...current + tolerance where isSame(self.code(seed: seed, step: step), code) {
            found = step
        }
        return found
    }

    private static func bigEndian(_ step: Int64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - 8 * $0)) }
    }

    private static func isSame(_ left: String, _ right: String) -> Bool {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// What the app reads from a picture or a link.
    static func uri(seed: [UInt8], account: String, issuer: String) -> String {
        let account = escaped(account)
        let issuer = escaped(issuer)
        return
            "otpauth://totp/\(issuer):\(account)?secret=\(base32(seed))&issuer=\(issuer)&algorithm=SHA1&digits=6&period=30"
    }

    /// RFC 4648 without padding.
    static func base32(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var text = ""
        var buffer = 0
        var bits = 0
        for byte in bytes {
            buffer = (buffer << 8 | Int(byte)) & 0xfff
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[buffer >> bits & 31])
            }
        }
        if bits > 0 { text.append(alphabet[buffer << (5 - bits) & 31]) }
        return text
    }

    private static func escaped(_ text: String) -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        return text.utf8.map { byte in
            plain.contains(byte) ? String(Character(UnicodeScalar(byte))) : "%" + Hex.text([byte]).uppercased()
        }.joined()
    }
}

/// Seals the seeds of authenticator apps, so that a copy of the database makes no codes. Bound to the person: a sealed
/// seed moved to another account does not open.
struct SeedSealer: Sendable {
    let key: [UInt8]

    func seal(_ seed: [UInt8], for person: PersonID) throws -> [UInt8] {
        let box = try AES.GCM.seal(seed, using: SymmetricKey(data: key), authenticating: Array(person.description.utf8))
        guard let combined = box.combined else { throw SealingFailed() }
        return Array(combined)
    }

    func open(_ sealed: [UInt8], for person: PersonID) throws -> [UInt8] {
        let box = try AES.GCM.SealedBox(combined: sealed)
        return Array(
            try AES.GCM.open(box, using: SymmetricKey(data: key), authenticating: Array(person.description.utf8)))
    }

    /// The nonce was not of the usual size, which does not happen.
    struct SealingFailed: Error {}
}

/// Codes to keep on paper for the day the phone is lost: 128 bits each, good once.
enum RecoveryCodes {
    static let count = 10

    /// Groups of five letters and digits, 26 characters in all.
    static func fresh() -> [String] {
        (0..<count).map { _ in
            let code = Array(OneTimePassword.base32(randomBytes(16)).lowercased())
            return stride(from: 0, to: code.count, by: 5).map { String(code[$0..<min($0 + 5, code.count)]) }
                .joined(separator: "-")
        }
    }

    /// SHA-256 of the code as made, whatever case and separators it was typed with.
    static func hash(_ typed: String) -> [UInt8] {
        digest(of: Array(typed.lowercased().filter { $0.isLetter || $0.isNumber }.utf8))
    }
}

/// SHA-256.
func digest(of bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
