import Dispatch
import Domain
import Synchronization
import argon2

/// Argon2id on threads of its own: each run is tens of milliseconds of pure computing, which would hold up everything
/// else on the cooperative pool. So many run at the same time, so many wait, and the rest are turned away.
final class PassphraseHashing: Sendable {
    private let threads: [DispatchQueue]
    private let most: Int
    private let load = Mutex<(accepted: Int, next: Int)>((0, 0))

    init(threads: Int, waitersMax: Int) {
        self.threads = (0..<max(1, threads)).map { DispatchQueue(label: "touchstone.argon2.\($0)") }
        most = max(1, threads) + waitersMax
    }

    /// The 32 bytes that a passphrase and a salt give. The passphrase is taken exactly as it was typed.
    func hash(_ passphrase: String, salt: [UInt8], cost: Argon2Cost) async throws -> [UInt8] {
        let thread: DispatchQueue? = load.withLock { load in
            guard load.accepted < most else { return nil }
            load.accepted += 1
            load.next = (load.next + 1) % threads.count
            return threads[load.next]
        }
        guard let thread else { throw Refusals.unavailable }
        defer { load.withLock { $0.accepted -= 1 } }
        let output = await withCheckedContinuation { continuation in
            thread.async { continuation.resume(returning: Self.argon2id(passphrase, salt: salt, cost: cost)) }
        }
        guard let output else { throw HashingFailed() }
        return output
    }

    private static func argon2id(_ passphrase: String, salt: [UInt8], cost: Argon2Cost) -> [UInt8]? {
        let password = Array(passphrase.utf8)
        var output = [UInt8](repeating: 0, count: 32)
        let status = argon2id_hash_raw(
            UInt32(cost.iterations), UInt32(cost.memoryKiB), UInt32(cost.parallelism), password, password.count, salt,
            salt.count, &output, output.count)
        return status == ARGON2_OK.rawValue ? output : nil
    }

    /// Argon2 refused its parameters or got no memory.
    struct HashingFailed: Error {}
}

/// Bytes from the system's generator.
func randomBytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
}
