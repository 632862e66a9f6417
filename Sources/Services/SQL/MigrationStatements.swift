import Domain
import Postgres

/// What `touchstone migrate` does to a database.
enum MigrationStatements {
    struct Applied: Sendable {
        let name: String
        let checksum: [UInt8]
        let repeatable: Bool
    }

    static let isThere = Statement<Bool>(
        "migrate.is_there", "select to_regclass('public.schema_change') is not null"
    ) { row in try row.read() }

    static let applied = Statement<Applied>(
        "migrate.applied",
        "select c.name, c.checksum, c.repeatable from public.schema_change c order by c.name collate \"C\""
    ) { row in
        Applied(name: try row.read(), checksum: try row.read(Bytes.self).value, repeatable: try row.read())
    }

    /// One migrator at a time; the others wait for it as long as it takes.
    static let lock: [Statement<Void>] = [
        Statement("migrate.patience", "set local lock_timeout = 0"),
        Statement("migrate.lock", "select pg_advisory_xact_lock(hashtextextended('touchstone.migrate', 0))"),
        // A migration that waits for a table lock makes everybody else wait behind it: better to fail and be run again.
        Statement("migrate.impatience", "set local lock_timeout = '3s'"),
    ]

    /// A script has many statements and no parameters, which the protocol of parameters does not take; the server runs it.
    static let runner = Statement<Void>(
        "migrate.runner",
        """
        create or replace function pg_temp.run_script(script text) returns void language plpgsql as
        $$ begin execute script; end $$
        """)

    static func run(_ text: String) -> Statement<Void> {
        Statement("migrate.run", "select pg_temp.run_script(\(text))")
    }

    static func record(name: String, checksum: [UInt8], repeatable: Bool) -> Statement<Void> {
        Statement(
            "migrate.record",
            """
            insert into public.schema_change (name, checksum, repeatable) values (\(name), \(Bytes(checksum)), \(repeatable))
            on conflict (name) do update set checksum = excluded.checksum, applied_at = clock_timestamp()
            """)
    }
}
