import Foundation
import Testing

/// A throw-away PostgreSQL for the tests of one suite: they stop it, start it and freeze parts of it.
struct OwnCluster: SuiteTrait, TestScoping {
    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let cluster = try Cluster()
        do {
            try await Cluster.$current.withValue(cluster) { try await function() }
        } catch {
            cluster.remove()
            throw error
        }
        cluster.remove()
    }
}

/// One PostgreSQL of our own, on loopback and a socket in its directory.
final class Cluster: Sendable {
    @TaskLocal static var current: Cluster?

    let port: UInt16
    private let directory: String
    private let binaries: String

    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    init() throws {
        binaries = try Self.run("/usr/bin/env", ["pg_config", "--bindir"])
            .trimmingCharacters(in: .whitespacesAndNewlines)
        port = try TCP.freePort()
        directory = "/tmp/touchstone-pg-\(getpid())-\(port)"
        try asPostgres("initdb", ["-D", directory, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8"])
        try start()
    }

    static func required() throws -> Cluster {
        try #require(current, "the suite has no cluster")
    }

    /// How to reach it over loopback, perhaps through another port.
    func connection(port other: UInt16? = nil) -> String {
        "host=127.0.0.1 port=\(other ?? port) dbname=postgres user=postgres sslmode=disable gssencmode=disable"
    }

    func start() throws {
        let options = "-p \(port) -c listen_addresses=127.0.0.1 -c unix_socket_directories=\(directory) -c fsync=off"
        try asPostgres("pg_ctl", ["-D", directory, "-w", "-l", directory + "/log", "-o", options, "start"])
    }

    func stop() throws {
        try asPostgres("pg_ctl", ["-D", directory, "-w", "-m", "immediate", "stop"])
    }

    func remove() {
        try? stop()
        _ = try? asPostgres("rm", ["-rf", directory], bare: true)
    }

    /// PostgreSQL refuses to run as root.
    private func asPostgres(_ tool: String, _ arguments: [String], bare: Bool = false) throws {
        let path = bare ? tool : binaries + "/" + tool
        let words = getuid() == 0 ? ["runuser", "-u", "postgres", "--", path] : [path]
        _ = try Self.run("/usr/bin/env", words + arguments)
    }

    /// Runs a program to its end; its output goes to a file. Not Foundation's `Process`, which waits until the last
    /// descendant has closed what it inherited: a server that was started would be waited for.
    private static func run(_ path: String, _ arguments: [String]) throws -> String {
        let output = "/tmp/touchstone-pg-output-\(getpid())"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process = pid_t()
        guard posix_spawn(&process, path, &actions, nil, &words, environ) == 0 else {
            throw Failed(description: "cannot run \(path)")
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        guard status == 0 else { throw Failed(description: "\(arguments.joined(separator: " ")): \(text)") }
        return text
    }
}

/// Stops and continues a process, as a debugger or a swapping machine would.
func freeze(_ process: Int) {
    kill(pid_t(process), SIGSTOP)
}

func thaw(_ process: Int) {
    kill(pid_t(process), SIGCONT)
}

/// For transaction bodies, which run on a thread of their own and may block.
func pauseThread(milliseconds: UInt32) {
    usleep(milliseconds * 1000)
}
