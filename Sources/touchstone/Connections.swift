import ArgumentParser
import Configuration
import Domain
import Foundation
import Logging
import Postgres
import Services

/// Where the command line finds its databases and its token: the environment, the same keys as the server.
enum Connections {
    private static let config = ConfigReader(provider: EnvironmentVariablesProvider())

    /// The value of an environment key, or a sentence that says how to set it.
    static func required(_ key: String, _ meaning: String) throws -> String {
        guard let value = value(key), !value.isEmpty else {
            throw ValidationError("Set \(key): \(meaning).")
        }
        return value
    }

    /// The value of an environment key, if set. All are read as secrets: connection strings hold passwords.
    static func value(_ key: String) -> String? {
        config.string(forKey: ConfigKey(key.lowercased().split(separator: "_").map(String.init)), isSecret: true)
    }

    /// Runs a body with the owner's database and closes it afterwards.
    static func withOwner<Result>(_ body: (Database) async throws -> Result) async throws -> Result {
        try await with("TOUCHSTONE_DATABASE_OWNER", "the connection of the database owner", body)
    }

    /// Runs a body with the core on the owner's database: what the operator on the host may do without signing in.
    static func withOperator<Result>(_ body: (Touchstone) async throws -> Result) async throws -> Result {
        try await withOwner { database in
            try await body(Touchstone(database: database, configuration: try services(), logger: logger))
        }
    }

    /// Runs a body with the application's database and closes it afterwards.
    static func withApplication<Result>(_ body: (Touchstone) async throws -> Result) async throws -> Result {
        try await with("TOUCHSTONE_DATABASE_APP", "the connection of the application") { database in
            try await body(Touchstone(database: database, configuration: try services(), logger: logger))
        }
    }

    /// Who the command acts as: the owner of the token in the environment.
    static func actor() throws -> Actor {
        let token = try required("TOUCHSTONE_TOKEN", "a personal API token, made on your account page")
        return Actor(credential: Credential(token: token), requestID: "cli-\(UUID().uuidString.lowercased())")
    }

    /// Links are made with the sealing key: without it, one would be printed that no server knows and others could guess.
    static func needSealingKey() throws {
        _ = try required("TOUCHSTONE_SECRET_KEY_FILE", "the file with the sealing key, from which links are made")
    }

    /// The core's configuration, with the sealing key where there is one.
    static func services() throws -> ServicesConfiguration {
        guard let path = value("TOUCHSTONE_SECRET_KEY_FILE") else {
            return ServicesConfiguration(sealingKey: [])
        }
        let text = try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        var bytes: [UInt8] = []
        var rest = Substring(text)
        while let byte = UInt8(rest.prefix(2), radix: 16) {
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        guard bytes.count == 32, rest.isEmpty else {
            throw ValidationError("The file in TOUCHSTONE_SECRET_KEY_FILE must hold 32 bytes as 64 hexadecimal digits.")
        }
        return ServicesConfiguration(sealingKey: bytes)
    }

    static let logger = {
        var logger = Logger(label: "touchstone") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        return logger
    }()

    /// Opens a database for one command.
    static func with<Result>(
        _ key: String, _ meaning: String, _ body: (Database) async throws -> Result
    ) async throws -> Result {
        var configuration = DatabaseConfiguration(connection: try required(key, meaning))
        configuration.readConnections = 1
        configuration.writeConnections = 2
        configuration.reportConnections = 1
        let database = Database(configuration, logger: logger)
        do {
            let result = try await body(database)
            await database.shutdown()
            return result
        } catch {
            await database.shutdown()
            throw error
        }
    }
}
