import Domain
import Foundation
import Postgres
import Schema
import Testing

@testable import Services

@Suite("Migrations")
struct MigrationTests {
    private func withEmpty(_ body: (String) async throws -> Void) async throws {
        let name = try await TestDatabase.empty()
        do {
            try await body(name)
            TestDatabase.drop(name)
        } catch {
            TestDatabase.drop(name)
            throw error
        }
    }

    private func migrations(
        _ name: String, _ scripts: [Schema.Script] = Schema.migrations,
        repeatables: [Schema.Script] = Schema.repeatables
    ) throws -> (Migrations, Database) {
        let database = try TestDatabase.database(name, role: "touchstone_owner")
        return (Migrations(database, logger: Fund.logger, migrations: scripts, repeatables: repeatables), database)
    }

    @Test("the list is the folder")
    func listIsFolder() throws {
        func names(_ folder: String, _ ending: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(
                atPath: TestDatabase.sqlFolder.appendingPathComponent(folder).path
            ).filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
        }
        #expect(Schema.migrations.map(\.name) == (try names("migrations", ".sql")))
        #expect(Schema.repeatables.map(\.name) == (try names("policies", ".sql") + names("reports", ".sql")))
        #expect(Schema.reference.map(\.name).sorted() == (try names("reference", ".csv")))
    }

    @Test("each script is applied once; a second run does nothing; a dry run does nothing")
    func once() async throws {
        try await withEmpty { name in
            let (migrations, database) = try migrations(name)
            let all = (Schema.migrations + Schema.repeatables).map(\.name)
            let dry = try await migrations.migrate(dryRun: true)
            #expect(dry.pending == all)
            #expect(dry.applied.isEmpty)
            #expect(try await migrations.status().applied.isEmpty)
            #expect(try await migrations.migrate().applied == all)
            #expect(try await migrations.migrate().applied.isEmpty)
            let status = try await migrations.status()
            #expect(status.applied == Schema.migrations.map(\.name))
            #expect(status.pending.isEmpty)
            let health = await Touchstone(
                database: database, configuration: .init(sealingKey: Fund.sealingKey), logger: Fund.logger
            ).health.ready()
            #expect(health.isReady)
            await database.shutdown()
        }
    }

    @Test("four at the same time: each script is applied by one of them")
    func four() async throws {
        try await withEmpty { name in
            let applied = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        let (migrations, database) = try migrations(name)
                        let report = try await migrations.migrate()
                        await database.shutdown()
                        return report.applied
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied.sorted() == (Schema.migrations + Schema.repeatables).map(\.name).sorted())
        }
    }

    @Test("a failing script leaves nothing behind and names itself")
    func failing() async throws {
        try await withEmpty { name in
            let bad = Schema.Script(
                name: "m999_bad", bytes: Array("create table public.left_over (); select 1 / 0;".utf8))
            let (migrations, database) = try migrations(name, Schema.migrations + [bad])
            let failure = await #expect(throws: MigrationFailed.self) { try await migrations.migrate() }
            #expect(failure?.script == "m999_bad")
            let left = try await database.transaction("t") { tx in
                try tx.run(
                    Statement("t", "select to_regclass('public.left_over') is null") { try $0.read(Bool.self) }.one)
            }
            #expect(left)
            #expect(try await migrations.status().pending.contains("m999_bad"))
            await database.shutdown()
        }
    }

    @Test("refuses a newer database and a migration that was changed")
    func refuses() async throws {
        try await withEmpty { name in
            let extra = Schema.Script(name: "m998_extra", bytes: Array("select 1;".utf8))
            let (newer, first) = try migrations(name, Schema.migrations + [extra])
            _ = try await newer.migrate()
            let (older, second) = try migrations(name)
            let refusal = await #expect(throws: Refusal.self) { try await older.migrate() }
            #expect(refusal?.code == "database_is_newer")
            let changed = Schema.Script(name: "m998_extra", bytes: Array("select 2;".utf8))
            let (edited, third) = try migrations(name, Schema.migrations + [changed])
            let other = await #expect(throws: Refusal.self) { try await edited.migrate() }
            #expect(other?.code == "migration_changed")
            for database in [first, second, third] { await database.shutdown() }
        }
    }

    @Test("a changed repeatable script is applied again")
    func repeatable() async throws {
        try await withEmpty { name in
            let (plain, first) = try migrations(name)
            _ = try await plain.migrate()
            let last = try #require(Schema.repeatables.last)
            let changed = Schema.Script(name: last.name, bytes: last.bytes + Array("\n-- again\n".utf8))
            let (edited, second) = try migrations(name, repeatables: Schema.repeatables.dropLast() + [changed])
            #expect(try await edited.migrate().applied == [last.name])
            #expect(try await edited.migrate().applied.isEmpty)
            for database in [first, second] { await database.shutdown() }
        }
    }
}
