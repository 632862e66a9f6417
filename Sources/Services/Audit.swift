import Domain
import Postgres

/// The audit trail: export, seal, verify.
public struct Audit: Sendable {
    let platform: Platform

    /// Rows fetched at a time; bounds the memory of an export.
    static let pageSize = 1000

    /// All events in order and then all seals, one JSON line each, for an auditor. That they may is settled, and the export
    /// recorded, before anything comes back: a front can answer with a refusal until then.
    public func export(_ actor: Actor) async throws -> AuditExport {
        let subject: Subject = try await platform.read("audit.export", actor)
        _ = try Permission.authorise(.auditExport, subject: subject)
        _ = try await platform.systemWrite("audit.export", actor) { tx in
            tx.queue(Record(subject, actor).event("audit.export", on: .person(subject.person)))
        }
        let platform = platform
        return AuditExport(
            last: {
                let (_, last) = try await platform.read("audit.export", actor, AuditStatements.lastBatch.one)
                return last
            },
            events: { after in
                let (_, rows) = try await platform.report(
                    "audit.export", actor, AuditStatements.events(after: after, limit: Self.pageSize).many)
                return rows
            },
            seals: { after in
                let (_, rows) = try await platform.report(
                    "audit.export", actor, AuditStatements.seals(after: after, limit: Self.sealPageSize).many)
                return rows
            })
    }

    /// The same for the operator on the host: the core stands on the owner's connection.
    public func export() -> AuditExport {
        let platform = platform
        return AuditExport(
            last: { try await platform.systemRead("audit.export", AuditStatements.lastBatch.one) },
            events: { after in
                try await platform.systemRead(
                    "audit.export", AuditStatements.events(after: after, limit: Self.pageSize).many)
            },
            seals: { after in
                try await platform.systemRead(
                    "audit.export", AuditStatements.seals(after: after, limit: Self.sealPageSize).many)
            })
    }

    /// Writes the lines of an auditor's export to a sink.
    public func export(_ actor: Actor, to sink: (String) async throws -> Void) async throws {
        for try await page in try await export(actor) { for line in page { try await sink(line) } }
    }

    /// Writes the lines of the operator's export to a sink.
    public func export(to sink: (String) async throws -> Void) async throws {
        for try await page in export() { for line in page { try await sink(line) } }
    }

    /// A seal can name ten thousand events, so few are fetched at a time.
    private static let sealPageSize = 10

    /// Seals what is committed and not yet sealed; on the worker's or the owner's connection. Answers with the number of
    /// events sealed.
    @discardableResult
    public func seal() async throws -> Int {
        var sealed = 0
        while true {
            let batch = try await platform.system("audit.seal") { tx in try tx.run(AuditStatements.seal.one) }
            sealed += batch
            if batch == 0 { return sealed }
        }
    }

    /// Verifies an export, offline.
    public static func verify(_ lines: some Sequence<String>, checkpoint: AuditCheckpoint? = nil) -> AuditVerdict {
        var verifier = AuditVerifier(checkpoint: checkpoint)
        for line in lines { verifier.take(line) }
        return verifier.verdict()
    }
}

/// The lines of an export, fetched a page at a time as they are asked for.
///
/// The last batch is fixed first: everything that it and those before it sealed was committed by then, so whatever is
/// sealed while the export runs cannot look like something missing.
public struct AuditExport: AsyncSequence, Sendable {
    let last: @Sendable () async throws -> Int64
    let events: @Sendable (Int64) async throws -> [AuditLine]
    let seals: @Sendable (Int64) async throws -> [AuditSealLine]

    /// From the beginning.
    public func makeAsyncIterator() -> Iterator { Iterator(export: self) }

    /// Where an export is.
    public struct Iterator: AsyncIteratorProtocol {
        private enum Phase {
            /// Nothing is fetched. Exits: events.
            case begin
            /// Events after this number. Exits: seals.
            case events(after: Int64, last: Int64)
            /// Seals after this batch. Exits: done.
            case seals(after: Int64, last: Int64)
            case done
        }

        let export: AuditExport
        private var phase = Phase.begin

        init(export: AuditExport) { self.export = export }

        /// The next lines; nil after the last.
        public mutating func next() async throws -> [String]? {
            while true {
                switch phase {
                case .begin: phase = .events(after: .min, last: try await export.last())
                case .events(let seq, let last):
                    let page = try await export.events(seq)
                    let end = page.last.flatMap { page.count == Audit.pageSize ? $0.seq : nil }
                    phase = end.map { .events(after: $0, last: last) } ?? .seals(after: 0, last: last)
                    if !page.isEmpty { return try page.map { try JSON.encode($0) } }
                case .seals(let batch, let last):
                    let page = batch < last ? try await export.seals(batch) : []
                    phase = page.last.map { .seals(after: $0.batch, last: last) } ?? .done
                    let wanted = page.filter { $0.batch <= last }
                    if !wanted.isEmpty { return try wanted.map { try JSON.encode($0) } }
                case .done: return nil
                }
            }
        }
    }
}
