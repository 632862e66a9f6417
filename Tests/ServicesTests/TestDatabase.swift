import Foundation
import Logging
import Postgres
import Schema
import Testing

@testable import Services

/// A real PostgreSQL for tests: one template for each shape of the schema, a fresh copy of it for each test.
///
/// `TOUCHSTONE_TEST_DATABASE` is the conninfo of a superuser, such as `host=/tmp/pg port=5432 user=postgres dbname=postgres`.
enum TestDatabase {
    /// The passwords of the roles; the cluster is there for tests only.
    static let password = "touchstone-test"

    /// What is missing or wrong.
    struct Unusable: Error, CustomStringConvertible {
        let description: String
    }

    /// The superuser's conninfo, if it points at this machine and nowhere else.
    static func superuser() throws -> [String: String] {
        guard let text = ProcessInfo.processInfo.environment["TOUCHSTONE_TEST_DATABASE"] else {
            throw Unusable(description: "set TOUCHSTONE_TEST_DATABASE to the conninfo of a superuser")
        }
        var parts: [String: String] = [:]
        for part in text.split(separator: " ") {
            let pair = part.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { parts[String(pair[0])] = String(pair[1]) }
        }
        let host = parts["host"] ?? ""
        guard host.hasPrefix("/") || host == "localhost" || host == "127.0.0.1" || host == "::1" else {
            throw Unusable(description: "tests drop databases; \(host.isEmpty ? "no host" : host) is not this machine")
        }
        return parts
    }

    /// The conninfo of a role on a database.
    static func conninfo(_ database: String, role: String? = nil) throws -> String {
        var parts = try superuser()
        parts["dbname"] = database
        if let role {
            parts["user"] = role
            parts["password"] = password
        }
        return parts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }

    /// Runs SQL as the superuser, outside any transaction, by psql: creating databases allows no other way.
    @discardableResult
    static func psql(
        _ arguments: [String], database: String = "postgres", role: String? = nil
    ) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", try conninfo(database, role: role)] + arguments
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let complaints = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Unusable(description: String(decoding: complaints, as: UTF8.self))
        }
        return String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Where the repository's `sql` folder is.
    static let sqlFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("sql")

    /// The template for the schema of this binary, made once. Several processes may make it at the same time: whoever
    /// renames first wins, and the others drop theirs.
    static let template = Task { () async throws -> String in
        let scripts = Schema.migrations + Schema.repeatables + Schema.reference
        let name = "ts_template_" + Hex.text(Array(digest(of: scripts.flatMap(\.checksum)).prefix(6)))
        if try psql(["-c", "select 1 from pg_database where datname = '\(name)'"]) == "1" { return name }
        sweep()
        let draft = try await empty(prefix: "ts_draft")
        do {
            try await migrate(draft)
            try psql(["-c", "alter database \(draft) rename to \(name)"])
        } catch {
            try psql(["-c", "drop database if exists \(draft) with (force)"])
            guard try psql(["-c", "select 1 from pg_database where datname = '\(name)'"]) == "1" else { throw error }
        }
        return name
    }

    /// A database that the owner may fill.
    static func empty(prefix: String = "ts_empty") async throws -> String {
        try await roles.value
        let name = fresh(prefix)
        try psql(["-c", "create database \(name) owner touchstone_owner template template0"])
        try open(name)
        return name
    }

    /// Who may connect; privileges on a database are not copied from its template.
    private static func open(_ name: String) throws {
        try psql([
            "-c", "revoke all on database \(name) from public",
            "-c", "grant connect on database \(name) to touchstone_app, touchstone_worker, touchstone_reader",
        ])
    }

    /// Roles belong to the whole cluster: made by whoever finds that they cannot sign in. Two processes at the same moment
    /// can collide, so it is tried again.
    private static let roles = Task { () async throws in
        let file = sqlFolder.appendingPathComponent("roles.sql").path
        for attempt in 1... {
            if (try? psql(["-c", "select 1"], database: "postgres", role: "touchstone_owner")) != nil { return }
            do {
                try psql(["-v", "database=touchstone_test"] + passwords + ["-f", file])
                try psql(["-c", "grant connect on database postgres to touchstone_owner"])
                return
            } catch  where attempt < 5 {
                try await Task.sleep(for: .milliseconds(200 * attempt))
            }
        }
    }

    private static let passwords = ["owner", "app", "worker", "reader"].flatMap {
        ["-v", "\($0)_password=\(password)"]
    }

    private static func migrate(_ name: String) async throws {
        let logger = Logger(label: "template") { _ in SwiftLogNoOpLogHandler() }
        let owner = try database(name, role: "touchstone_owner")
        do {
            _ = try await Migrations(owner, logger: logger).migrate()
            let core = Touchstone(
                database: owner, configuration: ServicesConfiguration(sealingKey: Fund.sealingKey), logger: logger)
            _ = try await ReferenceLoader(core).load()
        } catch {
            await owner.shutdown()
            throw error
        }
        // Nobody may be connected to a template while it is copied.
        await owner.shutdown()
    }

    /// A connection pool of a role, small: many tests run at the same time.
    static func database(_ name: String, role: String) throws -> Database {
        var configuration = DatabaseConfiguration(connection: try conninfo(name, role: role))
        configuration.readConnections = 1
        configuration.writeConnections = 8
        configuration.reportConnections = 1
        return Database(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// A copy of the template.
    static func clone() async throws -> String {
        let template = try await template.value
        let name = fresh("ts_test")
        try psql(["-c", "create database \(name) owner touchstone_owner template \(template) strategy file_copy"])
        try open(name)
        return name
    }

    /// Takes away what processes that were killed left behind: the process is in the name.
    private static func sweep() {
        let names =
            (try? psql(["-c", "select datname from pg_database where datname ~ '^ts_(draft|empty|test)_[0-9]+_'"]))
            ?? ""
        for name in names.split(separator: "\n") {
            let process = name.split(separator: "_")[2]
            if !FileManager.default.fileExists(atPath: "/proc/\(process)") { drop(String(name)) }
        }
    }

    static func drop(_ name: String) {
        _ = try? psql(["-c", "drop database if exists \(name) with (force)"])
    }

    private static func fresh(_ prefix: String) -> String {
        "\(prefix)_\(ProcessInfo.processInfo.processIdentifier)_\(UInt32.random(in: 0 ... .max))"
    }
}
