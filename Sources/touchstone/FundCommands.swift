import ArgumentParser
import Domain
import Foundation
import Services
import Web

/// The audit trail.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Seal, export and verify the audit trail.",
        subcommands: [Seal.self, Export.self, Verify.self])

    struct Seal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Seal what is committed and not yet sealed.")

        @OptionGroup var output: OutputOptions

        func run() async throws {
            let sealed = try await Connections.withOperator { try await $0.audit.seal() }
            try output.say("Sealed \(sealed) events.", ["sealed": sealed])
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write every event and seal, one JSON line each, to standard output.")

        func run() async throws {
            try await Connections.withOperator { core in
                try await core.audit.export { line in print(line) }
            }
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Verify an export, offline; names the first bad row.",
            discussion:
                "Keep the checkpoint that it prints outside the database: with it the next run also finds a cut tail.")

        @Argument(help: "The export; standard input when left out.") var file: String?
        @Option(help: "A checkpoint that an earlier run wrote.") var checkpoint: String?
        @Option(help: "Write the new checkpoint here.") var writeCheckpoint: String?
        @OptionGroup var output: OutputOptions

        func run() async throws {
            struct Verdict: Encodable {
                let sound: Bool, verified: Int, unsealed: Int, seq: Int64?, batch: Int64?, sentence: String?
                let checkpoint: AuditCheckpoint?
            }
            var verifier = AuditVerifier(checkpoint: try checkpoint.map(Self.read))
            try LineReader(file).forEach { verifier.take($0) }
            let verdict = verifier.verdict()
            if let writeCheckpoint, let new = verdict.checkpoint {
                try Data(try Output.json(new).utf8).write(to: URL(filePath: writeCheckpoint))
            }
            try output.say(
                verdict.fault.map { "NOT SOUND: \($0.sentence)" }
                    ?? "Sound: \(verdict.verified) events verified, \(verdict.unsealed) not yet sealed.",
                Verdict(
                    sound: verdict.isSound, verified: verdict.verified, unsealed: verdict.unsealed,
                    seq: verdict.fault?.seq, batch: verdict.fault?.batch, sentence: verdict.fault?.sentence,
                    checkpoint: verdict.checkpoint))
            if !verdict.isSound { throw ExitCode.failure }
        }

        private static func read(_ path: String) throws -> AuditCheckpoint {
            try JSONDecoder().decode(AuditCheckpoint.self, from: Data(contentsOf: URL(filePath: path)))
        }
    }
}

/// The demonstration fund.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "The demonstration fund and its accounts.",
        subcommands: [Load.self, SignIns.self, TokensCommand.self])

    struct Load: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Load the demonstration fund; loading again changes nothing.")

        @OptionGroup var output: OutputOptions

        func run() async throws {
            let loaded = try await DemoCommand.with { demonstration in
                try await demonstration.load { Output.progress($0) }
            }
            try output.say(
                loaded ? "The demonstration fund is loaded." : "The demonstration fund is there already.",
                ["loaded": loaded])
        }
    }

    struct SignIns: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sign-ins", abstract: "Print the demonstration accounts.")

        @OptionGroup var output: OutputOptions

        func run() async throws {
            struct SignIn: Encodable {
                let name: String, email: String, role: Role, capacities: [Capacity], passphrase: String
                let totp_secret: String?
            }
            let accounts = try await DemoCommand.with { $0.signIns }
            let rows = accounts.map { account in
                [
                    account.email, account.capacities.map(\.label).joined(separator: ", "), account.passphrase,
                    account.secondFactorSecret ?? "–",
                ]
            }
            try output.say(
                Output.table(["sign in as", "to act as", "passphrase", "second-factor secret"], rows),
                accounts.map {
                    SignIn(
                        name: $0.name, email: $0.email, role: $0.role, capacities: $0.capacities,
                        passphrase: $0.passphrase, totp_secret: $0.secondFactorSecret)
                })
        }
    }

    struct TokensCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "tokens", abstract: "Make API tokens of the demonstration accounts, one a role.")

        @Flag(help: "One for each account, by address.") var all = false
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let tokens = try await DemoCommand.with { try await $0.tokens() }
            let pairs = tokens.map { (all ? $0.email : $0.role.rawValue, $0.token) }
            let byName = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
            try output.say(
                Output.table(["", "token"], byName.sorted { $0.key < $1.key }.map { [$0.key, $0.value] }), byName)
        }
    }

    /// The demonstration needs all three logins.
    private static func with<Result>(_ body: (Demonstration) async throws -> Result) async throws -> Result {
        let configuration = try Connections.services()
        return try await Connections.withOwner { owner in
            try await Connections.with("TOUCHSTONE_DATABASE_APP", "the connection of the application") { application in
                try await Connections.with("TOUCHSTONE_DATABASE_WORKER", "the connection of scheduled work") { worker in
                    try await body(
                        Demonstration(
                            owner: owner, application: application, worker: worker, configuration: configuration,
                            logger: Connections.logger))
                }
            }
        }
    }
}

/// Runs a report.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Run a report as the owner of the token.")

    @Argument(help: "Which, by its number: r11.") var code: String
    @Option(help: "As things stood at this moment, as 2026-03-31T23:00:00Z.") var asAt: Instant?
    @OptionGroup var output: OutputOptions

    func run() async throws {
        struct Result: Encodable {
            let code: String, title: String, asAt: Instant, columns: [String], rows: [[String]], numerator: Int
            let denominator: Int, excluded: Int, notes: [String], sqlHash: String
        }
        guard let report = ReportCode(rawValue: code) else {
            throw ValidationError(
                "There is no report \(code): use \(ReportCode.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        let table = try await Connections.withApplication { core in
            try await core.reports.run(try Connections.actor(), report, asAt: asAt)
        }
        let rows = table.rows.map { $0.map(\.plain) }
        try output.say(
            ([
                table.title,
                "As at \(table.asAt): \(table.numerator) of \(table.denominator), \(table.excluded) left out.",
                Output.table(table.columns.map(\.title), rows),
            ] + table.notes).joined(separator: "\n"),
            Result(
                code: code, title: table.title, asAt: table.asAt, columns: table.columns.map(\.key), rows: rows,
                numerator: table.numerator, denominator: table.denominator, excluded: table.excluded,
                notes: table.notes,
                sqlHash: table.sqlHash))
    }
}

/// Prints the description of the API.
struct OpenAPICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "Print the OpenAPI 3.1 description of the API, from its route table.")

    func run() throws {
        print(String(decoding: OpenAPI.bytes, as: UTF8.self))
    }
}

/// Prints the SQL of the measured paths.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Print the product's own SQL of the measured paths, for a load generator.")

    @OptionGroup var output: OutputOptions

    func run() throws {
        struct Row: Encodable { let path: String, name: String, text: String, parameters: [String], startsFlight: Bool }
        let statements = Touchstone.benchSQL
        try output.say(
            statements.map { "-- \($0.path) \($0.name)\($0.startsFlight ? " (new flight)" : "")\n\($0.text);" }
                .joined(separator: "\n\n"),
            statements.map {
                Row(
                    path: $0.path, name: $0.name, text: $0.text, parameters: $0.parameters,
                    startsFlight: $0.startsFlight)
            })
    }
}
