import Testing

/// The dependency rule of the house. SwiftPM lets a target import what its dependencies depend on, so the wall is held here.
@Suite struct WallTests {
    /// Parts of the toolchain that any room may use.
    static let toolchain = [
        "Swift", "Synchronization", "Dispatch", "Glibc", "Foundation", "FoundationEssentials", "_Concurrency",
    ]

    /// Who may import whom. Nothing else may.
    static let table: [(room: String, modules: [String])] = [
        (
            "Postgres",
            [
                "CPostgres", "Logging", "Metrics", "CoreMetrics", "ServiceLifecycle", "Synchronization", "Dispatch",
                "Glibc",
            ]
        ),
        ("Domain", ["FoundationEssentials"]),
        ("Services", ["Domain", "Postgres", "Schema", "Crypto", "argon2", "Logging"] + toolchain),
        (
            "Web",
            [
                "Services", "Domain", "Hummingbird", "HummingbirdCore", "HTTPTypes", "Mustache", "Logging", "Metrics",
                "StructuredFieldValues", "NIOCore", "NIOHTTP1", "NIOHTTPTypes", "NIOPosix", "ServiceLifecycle",
                "Crypto",
            ]
                + toolchain
        ),
    ]

    @Test("A room imports only what the table allows", arguments: table.map(\.room))
    func imports(room: String) throws {
        let allowed = try #require(Self.table.first { $0.room == room }).modules
        let files = House.swiftFiles("Sources/\(room)")
        #expect(!files.isEmpty)
        for file in files {
            for module in House.imports(in: file.text) where !allowed.contains(module) {
                Issue.record("\(file.path) imports \(module), which \(room) may not")
            }
        }
    }

    @Test("The reader of imports sees every form of import")
    func reader() {
        let text =
            "import A\npublic import B\n@preconcurrency import C\ninternal import struct D.E\n// import F\nlet x = 1"
        #expect(House.imports(in: text) == ["A", "B", "C", "D"])
    }

    @Test("Pages and services know nothing of SQL wire types; only the driver touches memory by hand")
    func pointers() {
        for file in House.swiftFiles("Sources") where !file.path.hasPrefix("Sources/Postgres/") {
            #expect(!file.text.contains("Unsafe"), "\(file.path) names an unsafe type")
        }
    }
}
