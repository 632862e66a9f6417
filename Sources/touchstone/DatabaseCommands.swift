import ArgumentParser
import Services

/// Brings the database to the shape that this binary expects.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Apply the migrations and policies that the database lacks.")

    @Flag(help: "Only say what would be applied.") var dryRun = false
    @OptionGroup var output: OutputOptions

    func run() async throws {
        struct Result: Encodable { let applied: [String], pending: [String], dryRun: Bool }
        let report = try await Connections.withOwner { database in
            try await Migrations(database, logger: Connections.logger).migrate(dryRun: dryRun)
        }
        let sentence =
            if report.dryRun {
                report.pending.isEmpty
                    ? "Nothing to apply." : "Would apply: \(report.pending.joined(separator: ", "))."
            } else {
                report.applied.isEmpty
                    ? "The schema is current. Nothing was applied."
                    : "Applied: \(report.applied.joined(separator: ", "))."
            }
        try output.say(sentence, Result(applied: report.applied, pending: report.pending, dryRun: report.dryRun))
    }
}

/// How the database and this binary compare.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what is migrated and what is not.")

    @OptionGroup var output: OutputOptions

    func run() async throws {
        struct Result: Encodable { let applied: [String], pending: [String], changed: [String], unknown: [String] }
        let status = try await Connections.withOwner { database in
            try await Migrations(database, logger: Connections.logger).status()
        }
        var lines = ["\(status.applied.count) migrations applied."]
        lines.append(
            status.pending.isEmpty ? "Nothing pending." : "Pending: \(status.pending.joined(separator: ", ")).")
        if !status.changed.isEmpty { lines.append("Changed after release: \(status.changed.joined(separator: ", ")).") }
        if !status.unknown.isEmpty { lines.append("Of a newer version: \(status.unknown.joined(separator: ", ")).") }
        try output.say(
            lines.joined(separator: "\n"),
            Result(
                applied: status.applied, pending: status.pending, changed: status.changed, unknown: status.unknown))
        if !(status.pending + status.changed + status.unknown).isEmpty { throw ExitCode.failure }
    }
}

/// Looks for what would keep the service from working, and says what to do about each.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check the installation and say what to put right.")

    @OptionGroup var output: OutputOptions

    func run() async throws {
        struct Finding: Encodable { let check: String, sound: Bool, advice: String }
        var findings: [Finding] = []
        func check(_ name: String, _ advice: String, _ body: () async throws -> Bool) async {
            let sound = (try? await body()) ?? false
            findings.append(Finding(check: name, sound: sound, advice: sound ? "" : advice))
        }
        await check("sealing key", "Set TOUCHSTONE_SECRET_KEY_FILE to a file with 64 hexadecimal digits, mode 0600.") {
            try !Connections.services().sealingKey.isEmpty
        }
        await check("owner's connection", "Check TOUCHSTONE_DATABASE_OWNER, and that PostgreSQL runs.") {
            _ = try await Connections.withOwner { database in
                try await Migrations(database, logger: Connections.logger).status()
            }
            return true
        }
        await check("schema", "Run touchstone migrate.") {
            try await Connections.withApplication { core in await core.health.ready().isReady }
        }
        await check("worker's connection", "Check TOUCHSTONE_DATABASE_WORKER: rounds open and close by it.") {
            try await Connections.with("TOUCHSTONE_DATABASE_WORKER", "the connection of scheduled work") { database in
                await Touchstone(
                    database: database, configuration: try Connections.services(), logger: Connections.logger
                ).health.ready().databaseAnswers
            }
        }
        let rows = findings.map { [$0.sound ? "ok" : "FAULT", $0.check, $0.advice] }
        try output.say(Output.table(["", "check", "what to do"], rows), findings)
        if findings.contains(where: { !$0.sound }) { throw ExitCode.failure }
    }
}

/// Facts about the world.
struct ReferenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reference", abstract: "Authorities, neighbours and indicators.", subcommands: [Load.self])

    struct Load: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Load the reference files that are built in; loading again changes nothing.")

        @OptionGroup var output: OutputOptions

        func run() async throws {
            let reports = try await Connections.withOperator { try await ReferenceLoader($0).load() }
            let rows = reports.map { report in
                [
                    report.file, String(report.added.count), String(report.changed.count), String(report.unchanged),
                    report.gssChanges.isEmpty ? "" : "\(report.gssChanges.count) GSS codes moved",
                ]
            }
            try output.say(Output.table(["file", "added", "changed", "unchanged", ""], rows), reports)
        }
    }
}
