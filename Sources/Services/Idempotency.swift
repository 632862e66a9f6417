import Crypto
import Domain
import Postgres

/// Makes a command safe to send again: the key that the caller chose, and what the command was.
public struct IdempotencyKey: Hashable, Sendable {
    /// The caller's key, at most 200 characters.
    public let key: String
    /// SHA-256 of method, path and body; the same key with another hash is refused.
    public let requestHash: [UInt8]

    /// A key with the SHA-256 of the request.
    public init(key: String, requestHash: [UInt8]) {
        self.key = key
        self.requestHash = requestHash
    }
}

/// The command was carried out before: what was kept of it. Thrown by the decoder of the opening step, which ends the
/// transaction before anything is done.
struct Replay: Error {
    let requestHash: [UInt8]
    let result: String
}

enum Idempotency {
    /// Times that a command is tried when its key is taken in the moment between looking and inserting, or when the
    /// connection went away during COMMIT. Each of these ends with the kept answer, so two is one more than needed.
    private static let attemptsMax = 3

    static func run<R: Codable & Sendable>(
        _ once: IdempotencyKey, as type: R.Type, _ attempt: () async throws -> R
    ) async throws -> R {
        for _ in 1..<attemptsMax {
            do {
                return try await attempt()
            } catch let replay as Replay {
                return try answer(replay, once)
            } catch let error as StatementError where error.constraint == "idempotency_key_pkey" {
                continue
            } catch let error as ConnectionLost where error.outcomeUnknown {
                continue
            }
        }
        do {
            return try await attempt()
        } catch let replay as Replay {
            return try answer(replay, once)
        }
    }

    private static func answer<R: Codable>(_ replay: Replay, _ once: IdempotencyKey) throws -> R {
        guard replay.requestHash == once.requestHash else {
            throw Refusal(
                .keyReused, code: "key_reused",
                "This Idempotency-Key was used for another request. Use a new key for each command.")
        }
        return try JSON.decode([R].self, replay.result)[0]
    }
}
