import Domain
public import Logging
public import Postgres
public import Schema

/// Brings a database to the shape that this binary expects. Runs as the owner, from the command line, never at start-up.
public struct Migrations: Sendable {
    private let database: Database
    private let logger: Logger
    private let migrations: [Schema.Script]
    private let repeatables: [Schema.Script]

    /// A migration may rewrite a table; it is stopped when it is still not done after this.
    private static let deadline: Duration = .seconds(15 * 60)

    /// Migrations of this binary on the owner's connection.
    public init(
        _ database: Database, logger: Logger, migrations: [Schema.Script] = Schema.migrations,
        repeatables: [Schema.Script] = Schema.repeatables
    ) {
        self.database = database
        self.logger = logger
        self.migrations = migrations
        self.repeatables = repeatables
    }

    /// Applies what is missing. Several at the same time are safe: each script is applied by one of them. A dry run only
    /// says what would be done.
    public func migrate(dryRun: Bool = false) async throws -> MigrationReport {
        let before = try await status()
        try before.check()
        guard !dryRun else { return MigrationReport(applied: [], pending: before.pending, dryRun: true) }
        var applied: [String] = []
        for script in migrations where try await apply(script) { applied.append(script.name) }
        applied += try await applyRepeatables()
        return MigrationReport(applied: applied, pending: [], dryRun: false)
    }

    /// What is applied, what is not, and what does not fit.
    public func status() async throws -> MigrationStatus {
        let applied = try await database.transaction("migrate.status") { tx in
            try tx.run(MigrationStatements.isThere.one) ? try tx.run(MigrationStatements.applied.many) : []
        }
        return status(applied)
    }

    private func status(_ applied: [MigrationStatements.Applied]) -> MigrationStatus {
        let known = Dictionary(uniqueKeysWithValues: applied.map { ($0.name, $0.checksum) })
        return MigrationStatus(
            applied: migrations.map(\.name).filter { known[$0] != nil },
            pending: (migrations.filter { known[$0.name] == nil }
                + repeatables.filter { known[$0.name] != $0.checksum }).map(\.name),
            changed: migrations.filter { known[$0.name].map { [checksum = $0.checksum] in $0 != checksum } ?? false }
                .map(\.name),
            unknown: applied.filter { row in !row.repeatable && !migrations.contains { $0.name == row.name } }.map(
                \.name))
    }

    private func apply(_ script: Schema.Script) async throws -> Bool {
        let done = try await database.transaction("migrate.apply", deadline: Self.deadline) { tx in
            let applied = try Self.lock(tx)
            try status(applied).check()
            guard !applied.contains(where: { $0.name == script.name }) else { return false }
            try Self.run(script, repeatable: false, tx)
            return true
        }
        if done { logger.info("applied", metadata: ["migration": "\(script.name)"]) }
        return done
    }

    /// All in one transaction: nobody sees half of the old policies and half of the new.
    private func applyRepeatables() async throws -> [String] {
        let names = try await database.transaction("migrate.repeat", deadline: Self.deadline) { tx in
            let applied = try Self.lock(tx)
            try status(applied).check()
            let changed = repeatables.filter { script in
                !applied.contains { $0.name == script.name && $0.checksum == script.checksum }
            }
            for script in changed { try Self.run(script, repeatable: true, tx) }
            return changed.map(\.name)
        }
        for name in names { logger.info("applied again", metadata: ["script": "\(name)"]) }
        return names
    }

    private static func lock(_ tx: borrowing Transaction) throws -> [MigrationStatements.Applied] {
        for statement in MigrationStatements.lock { tx.queue(statement.done) }
        tx.queue(MigrationStatements.runner.done)
        return try tx.run(MigrationStatements.isThere.one) ? try tx.run(MigrationStatements.applied.many) : []
    }

    private static func run(_ script: Schema.Script, repeatable: Bool, _ tx: borrowing Transaction) throws {
        do {
            try tx.run(MigrationStatements.run(script.text).done)
        } catch let error as StatementError {
            throw MigrationFailed(script: script.name, message: error.message)
        }
        // The first of all makes the table that this goes into.
        tx.queue(
            MigrationStatements.record(name: script.name, checksum: script.checksum, repeatable: repeatable).done)
    }
}

extension Schema.Script {
    /// SHA-256 of the bytes.
    var checksum: [UInt8] { digest(of: bytes) }
}

/// A script did not run; the database is as it was before it.
public struct MigrationFailed: Error, CustomStringConvertible {
    /// Which script.
    public let script: String
    /// What PostgreSQL said.
    public let message: String

    /// Both in a line.
    public var description: String { "\(script) failed: \(message)" }
}

/// How a database and this binary compare.
public struct MigrationStatus: Hashable, Sendable {
    /// Migrations that both have.
    public let applied: [String]
    /// Scripts that the database lacks, or has in an older form where that is allowed.
    public let pending: [String]
    /// Migrations that were changed after they were applied. Never allowed.
    public let changed: [String]
    /// Migrations of a newer binary.
    public let unknown: [String]

    /// Refuses what must not be gone on with.
    func check() throws {
        if !unknown.isEmpty {
            throw Refusal(
                .conflict, code: "database_is_newer",
                "The database was migrated by a newer version (\(unknown.joined(separator: ", "))). Use that version.")
        }
        if !changed.isEmpty {
            throw Refusal(
                .conflict, code: "migration_changed",
                "These migrations were changed after they were applied: \(changed.joined(separator: ", ")). "
                    + "Restore their files; put the change into a new migration.")
        }
    }
}

/// What a run of migrations did.
public struct MigrationReport: Hashable, Sendable {
    /// Scripts applied by this run, in order.
    public let applied: [String]
    /// For a dry run: what would be applied.
    public let pending: [String]
    /// Whether nothing was done on purpose.
    public let dryRun: Bool
}
