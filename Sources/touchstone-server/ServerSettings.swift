import Configuration
import Foundation
import Services
import Web

/// Why the server does not start, with what to do.
struct StartProblem: Error {
    let sentence: String
    init(_ sentence: String) { self.sentence = sentence }
}

/// What the environment says.
///
/// | key | meaning | default |
/// |---|---|---|
/// | TOUCHSTONE_DATABASE_APP | libpq connection of the application's role | needed |
/// | TOUCHSTONE_DATABASE_WORKER | libpq connection of the worker's role | needed |
/// | TOUCHSTONE_SECRET_KEY_FILE | file with 32 bytes in hexadecimal, readable by its owner only | needed |
/// | TOUCHSTONE_HOST, TOUCHSTONE_PORT | where to listen | 127.0.0.1, 8080 |
/// | TOUCHSTONE_ASSETS | folder with GOV.UK Frontend | plain pages |
/// | TOUCHSTONE_DEMO | 1 in a demonstration | 0 |
/// | TOUCHSTONE_TRUSTED_PROXIES | addresses whose X-Forwarded-For is believed, with commas | none |
/// | TOUCHSTONE_ALLOWED_HOSTS | names that requests may be for, with commas | the host, localhost, 127.0.0.1, [::1] |
/// | TOUCHSTONE_BEHIND_TLS | 1 when a proxy in front ends TLS; needed to listen beyond this machine | 0 |
/// | TOUCHSTONE_CONTACT | who answers for accessibility, for the statement | – |
/// | TOUCHSTONE_BLOCKLIST | file of passphrases that attackers try first, one a line | none |
/// | TOUCHSTONE_SESSION_IDLE_MINUTES | an unused session ends after so many | 15; 60 in a demonstration |
struct ServerSettings: Sendable {
    let applicationConnection: String
    let workerConnection: String
    let host: String
    let port: Int
    let assetsFolder: String?
    let isDemonstration: Bool
    /// Whether a proxy in front ends TLS.
    let isBehindTLS: Bool
    let trustedProxies: Set<String>
    /// Names that requests may be for.
    let allowedHosts: Set<String>
    /// Whether these were set, and are not the default.
    let namesItsHosts: Bool
    let contact: String
    /// Binds sign-in forms; another key than the one that seals seeds.
    let secretKey: [UInt8]
    let services: ServicesConfiguration

    static func read() throws -> ServerSettings {
        try ServerSettings(ConfigReader(provider: EnvironmentVariablesProvider()).scoped(to: "touchstone"))
    }

    private init(_ config: ConfigReader) throws {
        applicationConnection = try Self.required(config, "database.app", "the connection of the application's role")
        workerConnection = try Self.required(config, "database.worker", "the connection of the worker's role")
        host = config.string(forKey: "host", default: "127.0.0.1")
        port = config.int(forKey: "port", default: 8080)
        guard (1...65_535).contains(port) else {
            throw StartProblem("Set TOUCHSTONE_PORT to a number from 1 to 65535.")
        }
        let isLoopback = ["127.0.0.1", "::1", "localhost"].contains(host)
        isBehindTLS = Self.flag(config, "behind.tls")
        guard isLoopback || isBehindTLS else {
            throw StartProblem(
                "TOUCHSTONE_HOST is not this machine and the server speaks plain HTTP. Put a proxy with TLS before it and set "
                    + "TOUCHSTONE_BEHIND_TLS=1, or listen on 127.0.0.1.")
        }
        assetsFolder = config.string(forKey: "assets")
        isDemonstration = Self.flag(config, "demo")
        trustedProxies = Set(
            config.string(forKey: "trusted.proxies", default: "").split(separator: ",")
                .map { $0.trimmingCharacters(in: .whitespaces) })
        let named = try Self.hosts(config.string(forKey: "allowed.hosts", default: ""))
        namesItsHosts = !named.isEmpty
        allowedHosts = named.isEmpty ? WebConfiguration.hosts(of: host) : named
        contact = config.string(forKey: "contact", default: "the team that runs this service")
        let key = try Self.key(try Self.required(config, "secret.key.file", "a file with 32 bytes in hexadecimal"))
        secretKey = Self.derive("touchstone forms", from: key)
        var services = ServicesConfiguration(sealingKey: key)
        let idle = config.int(forKey: "session.idle.minutes", default: isDemonstration ? 60 : 15)
        services.sessionIdle = .seconds(Int64(max(1, min(idle, 12 * 60))) * 60)
        services.blocklist = try config.string(forKey: "blocklist").map(Self.blocklist) ?? []
        self.services = services
    }

    /// Names with commas between them, without ports.
    private static func hosts(_ text: String) throws -> Set<String> {
        let names = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        guard let hosts = WebConfiguration.hosts(named: names) else {
            throw StartProblem(
                "Set TOUCHSTONE_ALLOWED_HOSTS to names without ports, with commas between them, such as "
                    + "fund.example.gov.uk,127.0.0.1.")
        }
        return hosts
    }

    private static func blocklist(_ path: String) throws -> Set<String> {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw StartProblem("The file at TOUCHSTONE_BLOCKLIST cannot be read, or is not UTF-8.")
        }
        return Set(text.split(whereSeparator: \.isNewline).map { $0.lowercased() })
    }

    private static func flag(_ config: ConfigReader, _ key: ConfigKey) -> Bool {
        ["1", "true", "yes"].contains(config.string(forKey: key, default: "0").lowercased())
    }

    private static func required(_ config: ConfigReader, _ key: ConfigKey, _ meaning: String) throws -> String {
        guard let value = config.string(forKey: key, isSecret: true), !value.isEmpty else {
            let name = "TOUCHSTONE_" + key.components.joined(separator: "_").uppercased()
            throw StartProblem("Set \(name): \(meaning).")
        }
        return value
    }

    /// Reads the key and refuses a file that others can read.
    private static func key(_ path: String) throws -> [UInt8] {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue
        else { throw StartProblem("There is no file at TOUCHSTONE_SECRET_KEY_FILE.") }
        guard mode & 0o077 == 0 else {
            throw StartProblem("Others can read the file at TOUCHSTONE_SECRET_KEY_FILE. Run: chmod 600 on it.")
        }
        guard
            let text = try? String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(
                in: .whitespacesAndNewlines),
            text.utf8.count == 64
        else { throw StartProblem("The file at TOUCHSTONE_SECRET_KEY_FILE must hold 64 hexadecimal digits.") }
        var bytes: [UInt8] = []
        var rest = Substring(text)
        while let byte = UInt8(rest.prefix(2), radix: 16), rest.count >= 2 {
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        guard bytes.count == 32 else {
            throw StartProblem("The file at TOUCHSTONE_SECRET_KEY_FILE must hold 64 hexadecimal digits.")
        }
        return bytes
    }

    private static func derive(_ purpose: String, from key: [UInt8]) -> [UInt8] {
        FormKey.derive(purpose, from: key)
    }
}
