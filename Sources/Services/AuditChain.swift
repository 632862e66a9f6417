import Domain
import FoundationEssentials

/// An event of the audit trail as it stands in an export: one line of JSON, every field that the seal covers.
public struct AuditLine: Hashable, Sendable, Codable {
    /// Its number; gaps are normal, they come from transactions that were rolled back.
    public let seq: Int64
    let id: String
    /// Microseconds since 1970.
    let at: Int64
    let person: String?
    let organisation: String?
    let capacity: String?
    let action: String
    let objectKind: String
    let objectId: String?
    let from: String?
    let to: String?
    let reason: String?
    let before: String?
    let after: String?
    /// The JSON as PostgreSQL writes it, whose bytes are sealed.
    let detail: String
    let address: String?
    let request: String?

    /// Netstrings in a fixed order, `-` for what is absent: the same bytes as `audit.canonical` in the database.
    var canonical: String {
        [
            String(seq), id, String(at), person, organisation, capacity, action, objectKind, objectId, from, to, reason,
            before, after, detail, address, request,
        ].map(Self.netstring).joined()
    }

    private static func netstring(_ part: String?) -> String { part.map { "\($0.utf8.count):\($0)," } ?? "-," }

    var digest: [UInt8] { Services.digest(of: Array(canonical.utf8)) }
}

/// A seal as it stands in an export: a batch of events, chained to the batch before.
public struct AuditSealLine: Hashable, Sendable, Codable {
    /// Its number, from 1 without gaps.
    public let batch: Int64
    /// Numbers of the events in it.
    let members: [Int64]
    /// SHA-256 of each, in hex.
    let digests: [String]
    /// The head of the batch before.
    let previous: String
    /// The fold of `sha256(head || digest)` over the members, then with the time of sealing, in hex.
    public let head: String
    /// Microseconds since 1970; part of the chain.
    let sealedAt: Int64
}

/// What is kept outside the database, so that the newest rows cannot be cut off unseen.
public struct AuditCheckpoint: Hashable, Sendable, Codable {
    /// The last batch.
    public let batch: Int64
    /// Its head, in hex.
    public let head: String
    /// How many events were sealed by then.
    public let count: Int

    /// A checkpoint with its parts.
    public init(batch: Int64, head: String, count: Int) {
        self.batch = batch
        self.head = head
        self.count = count
    }
}

/// What came of a verification.
public struct AuditVerdict: Hashable, Sendable {
    /// Events that are sealed and as they were.
    public let verified: Int
    /// Events too new to be sealed.
    public let unsealed: Int
    /// Where the chain stands now: keep it for the next time. Nil when nothing is sealed or something is wrong.
    public let checkpoint: AuditCheckpoint?
    /// The first thing that is wrong; nil when all is well.
    public let fault: Fault?

    /// Something that is wrong, and where.
    public struct Fault: Hashable, Sendable {
        /// The event's number, where it concerns one.
        public let seq: Int64?
        /// The batch, where it concerns one.
        public let batch: Int64?
        /// In words.
        public let sentence: String
    }

    /// Whether nothing is wrong.
    public var isSound: Bool { fault == nil }
}

/// Reads an export line by line and finds what was edited, inserted, removed or moved. Keeps a digest of each event, and
/// nothing else of it.
public struct AuditVerifier: Sendable {
    /// An event can be inserted this long before its transaction ends, and therefore before it can be sealed. Transactions
    /// end within seconds: the server gives each a deadline, and PostgreSQL ends those that sit idle.
    private static let transactionLongest: Int64 = 2 * 60 * 1_000_000

    private var digests: [Int64: [UInt8]] = [:]
    private var times: [Int64: Int64] = [:]
    private var lastSeq = Int64.min
    private var lastBatch: Int64 = 0
    private var head = digest(of: [])
    private var lastSealedAt = Int64.min
    private var verified = 0
    private var checkpointMet: Bool
    private var fault: AuditVerdict.Fault?
    private let checkpoint: AuditCheckpoint?

    /// A verifier; with a checkpoint it also finds that the newest rows are gone.
    public init(checkpoint: AuditCheckpoint? = nil) {
        self.checkpoint = checkpoint
        checkpointMet = checkpoint == nil
    }

    /// Takes the next line; lines after the first fault change nothing.
    public mutating func take(_ line: some StringProtocol) {
        guard fault == nil, !line.isEmpty else { return }
        let text = String(line)
        if let event = try? JSON.decode(AuditLine.self, text) {
            take(event)
        } else if let seal = try? JSON.decode(AuditSealLine.self, text) {
            take(seal)
        } else {
            fail("a line is neither an event nor a seal: \(text.prefix(40))", seq: lastSeq == .min ? nil : lastSeq)
        }
    }

    private mutating func take(_ event: AuditLine) {
        guard event.seq > lastSeq else {
            return fail("event \(event.seq) comes after \(lastSeq): the order was changed", seq: event.seq)
        }
        guard lastBatch == 0 else { return fail("event \(event.seq) comes after the seals", seq: event.seq) }
        lastSeq = event.seq
        digests[event.seq] = event.digest
        times[event.seq] = event.at
    }

    private mutating func take(_ seal: AuditSealLine) {
        guard seal.batch == lastBatch + 1 else {
            return fail("batch \(lastBatch + 1) is missing", batch: lastBatch + 1)
        }
        guard seal.previous == Hex.text(head) else {
            return fail("batch \(seal.batch) does not follow batch \(lastBatch)", batch: seal.batch)
        }
        guard seal.members.count == seal.digests.count else {
            return fail("batch \(seal.batch) does not count its own members right", batch: seal.batch)
        }
        for (seq, sealed) in zip(seal.members, seal.digests) {
            guard let found = digests[seq] else {
                return fail("event \(seq) was sealed and is gone", seq: seq, batch: seal.batch)
            }
            guard Hex.text(found) == sealed else {
                return fail("event \(seq) is not as it was sealed", seq: seq, batch: seal.batch)
            }
            if let at = times[seq], lastBatch > 0, at < lastSealedAt - Self.transactionLongest {
                return fail(
                    "event \(seq) is older than batch \(lastBatch), which was sealed without it: it was inserted afterwards",
                    seq: seq, batch: seal.batch)
            }
            head = digest(of: head + found)
            digests[seq] = nil
            times[seq] = nil
            verified += 1
        }
        head = digest(of: head + Array(String(seal.sealedAt).utf8))
        guard seal.head == Hex.text(head) else {
            return fail("the head of batch \(seal.batch) is not that of its members", batch: seal.batch)
        }
        lastBatch = seal.batch
        lastSealedAt = max(lastSealedAt, seal.sealedAt)
        if let checkpoint, checkpoint.batch == seal.batch {
            guard checkpoint.head == seal.head, checkpoint.count == verified else {
                return fail("batch \(seal.batch) is not the one of the checkpoint", batch: seal.batch)
            }
            checkpointMet = true
        }
    }

    private mutating func fail(_ sentence: String, seq: Int64? = nil, batch: Int64? = nil) {
        fault = AuditVerdict.Fault(seq: seq, batch: batch, sentence: sentence)
    }

    /// The verdict, after the last line.
    public mutating func verdict() -> AuditVerdict {
        if fault == nil, !checkpointMet, let checkpoint {
            fail(
                "batch \(checkpoint.batch) of the checkpoint is gone: \(verified) events are sealed where there were "
                    + "\(checkpoint.count)", batch: checkpoint.batch)
        }
        // Whatever is not sealed must be new. What is older than any transaction can be was slipped in later.
        if fault == nil, lastBatch > 0,
            let old = times.keys.sorted().first(where: { (times[$0] ?? 0) < lastSealedAt - Self.transactionLongest })
        {
            fail("event \(old) is older than the last seal and not in it: it was inserted afterwards", seq: old)
        }
        let sound = fault == nil && lastBatch > 0
        return AuditVerdict(
            verified: verified, unsealed: digests.count,
            checkpoint: sound ? AuditCheckpoint(batch: lastBatch, head: Hex.text(head), count: verified) : nil,
            fault: fault)
    }
}
