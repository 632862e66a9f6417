import Domain
import Postgres
import Testing

@testable import Services

/// Somebody who took over the server: the application's password and no live token.
@Suite("The application's password alone")
struct EvilServerTests {
    @Test("sees no row of anybody's and changes nothing")
    func nothing() async throws {
        try await withFund { fund in
            let administrator = try await fund.administrator()
            _ = try await fund.core.people.list(administrator)
            let tables: [String] = try await fund.value(
                """
                select array_agg(format('%I.%I', n.nspname, c.relname) order by 1)
                from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where c.relkind = 'r' and c.relrowsecurity
                """)
            #expect(tables.count > 20)
            for table in tables {
                #expect(try await refused(fund, "perform 1 from \(table) limit 1; if found then raise 'seen'; end if;"))
                #expect(try await refused(fund, "delete from \(table);"), "delete from \(table)")
                #expect(try await refused(fund, "truncate \(table);"), "truncate \(table)")
            }
        }
    }

    /// Whether a block does nothing or is refused. Text that is put together does not go through the driver: psql takes
    /// it, as the application's role.
    private func refused(_ fund: Fund, _ block: String) async throws -> Bool {
        do {
            try TestDatabase.psql(
                [
                    "-c",
                    "do $$ declare n bigint; begin \(block) get diagnostics n = row_count; if n > 0 then raise 'seen'; end if; end $$",
                ],
                database: fund.name, role: "touchstone_app")
            return true
        } catch let error as TestDatabase.Unusable {
            return error.description.contains("permission denied") || error.description.contains("rows are facts")
        }
    }

    @Test(
        "cannot make up who it is",
        arguments: [
            "select set_config('touchstone.actor', repeat('0', 64), true)",
            "select set_config('touchstone.system', repeat('0', 64), true)",
            "set local role touchstone_owner", "set session authorization touchstone_owner",
            "set local session_replication_role = replica",
        ] as [SQL])
    func forged(attempt: SQL) async throws {
        try await withFund { fund in
            let person = try await fund.person(in: try await fund.organisation(), role: .localAuthority)
            do {
                let seen = try await fund.app.transaction("evil") { tx in
                    try tx.run(Statement("evil.forge", attempt).done)
                    return try tx.run(
                        Statement("evil.look", "select count(*) from public.person where id = \(person)") { row in
                            try row.read(Int.self)
                        }.one)
                }
                #expect(seen == 0)
            } catch let error as StatementError {
                #expect(error.sqlState == "42501" || error.sqlState == "22023")
            }
        }
    }

    @Test("with one person's token it is that person and nobody else")
    func oneToken() async throws {
        try await withFund { fund in
            let home = try await fund.organisation()
            let actor = try await fund.actor(.laEditor, in: home)
            _ = try await fund.person(in: try await fund.organisation(), role: .localAuthority)
            let organisations = try await fund.app.transaction("evil") { tx in
                _ = try tx.run(ActorStatements.open(actor.credential).one)
                return try tx.run(
                    Statement("evil.people", "select distinct p.organisation_id from public.person p") { row in
                        try row.read(OrganisationID.self)
                    }.many)
            }
            #expect(organisations == [home])
            // The next transaction on the same connection starts as nobody.
            let after = try await fund.app.transaction("evil") { tx in
                try tx.run(Statement("evil.after", "select count(*) from public.person") { try $0.read(Int.self) }.one)
            }
            #expect(after == 0)
        }
    }
}
