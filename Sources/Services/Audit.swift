import Domain
import Postgres

/// The audit trail: export, seal, verify.
public struct Audit: Sendable {
    let platform: Platform

    /// Rows fetched at a time; bounds the memory of an export.
    static let pageSize = 1000

    /// Writes all events in order and then all seals, one JSON line each, for an auditor. The export itself is recorded.
    public func export(_ actor: Actor, to sink: (String) async throws -> Void) async throws {
        let subject: Subject = try await platform.read("audit.export", actor)
        _ = try Permission.authorise(.auditExport, subject: subject)
        _ = try await platform.systemWrite("audit.export", actor) { tx in
            tx.queue(Record(subject, actor).event("audit.export", on: .person(subject.person)))
        }
        let platform = platform
        try await Self.export(
            to: sink,
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
    public func export(to sink: (String) async throws -> Void) async throws {
        let platform = platform
        try await Self.export(
            to: sink,
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

    /// A seal can name ten thousand events, so few are fetched at a time.
    private static let sealPageSize = 10

    /// The last batch is fixed first: everything that it and those before it sealed was committed by then, so whatever is
    /// sealed while the export runs cannot look like something missing.
    private static func export(
        to sink: (String) async throws -> Void, last: () async throws -> Int64,
        events: (Int64) async throws -> [AuditLine], seals: (Int64) async throws -> [AuditSealLine]
    ) async throws {
        let lastBatch = try await last()
        var seq = Int64.min
        while true {
            let page = try await events(seq)
            for event in page { try await sink(try JSON.encode(event)) }
            guard let end = page.last, page.count == pageSize else { break }
            seq = end.seq
        }
        var batch = Int64(0)
        while batch < lastBatch {
            let page = try await seals(batch)
            for seal in page where seal.batch <= lastBatch { try await sink(try JSON.encode(seal)) }
            guard let end = page.last else { break }
            batch = end.batch
        }
    }

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
