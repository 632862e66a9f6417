import Logging
import Postgres
import Schema

/// Whether this instance can work, for load balancers and operators.
public struct HealthReport: Hashable, Sendable {
    /// Whether the database answers and has the expected shape.
    public var isReady: Bool { databaseAnswers && revision == expectedRevision }
    /// Whether the database answers.
    public let databaseAnswers: Bool
    /// The shape that the database has; nil when it does not answer or was never migrated.
    public let revision: String?
    /// The shape that this binary expects.
    public let expectedRevision: String
}

/// Readiness.
public struct Health: Sendable {
    let platform: Platform

    /// How long the database may take to answer before it counts as down.
    private static let patience: Duration = .seconds(2)

    /// Asks the database once. Does not throw: no answer is an answer.
    public func ready() async -> HealthReport {
        var revision: String?
        var answers = false
        do {
            let applied = try await platform.database.read(
                "health.ready", deadline: Self.patience, MigrationStatements.applied.many)
            answers = true
            revision = Self.revision(applied.map { ($0.name, $0.checksum) })
        } catch let error as StatementError {
            // It answers, and has no table of migrations or does not let us read it.
            answers = true
            platform.logger.warning("not migrated", metadata: ["error": "\(error)"])
        } catch {
            platform.logger.warning("not ready", metadata: ["error": "\(error)"])
        }
        return HealthReport(databaseAnswers: answers, revision: revision, expectedRevision: Self.expected)
    }

    /// Computed once: the scripts do not change while the program runs.
    private static let expected =
        revision(
            (Schema.migrations + Schema.repeatables).map { ($0.name, $0.checksum) }) ?? ""

    /// The last migration and a digest of everything: `m010_approvals-1f2e3d4c5b6a`.
    static func revision(_ scripts: [(name: String, checksum: [UInt8])]) -> String? {
        let sorted = scripts.sorted { $0.name < $1.name }
        guard let last = sorted.last(where: { $0.name.hasPrefix("m") }) else { return nil }
        var all: [UInt8] = []
        for script in sorted { all += Array(script.name.utf8) + [0] + script.checksum }
        return "\(last.name)-\(Hex.text(Array(digest(of: all).prefix(6))))"
    }
}
