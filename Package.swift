// swift-tools-version:6.2
import PackageDescription

/// One set of language rules for every target: Swift 6 mode, explicit existentials and imports, warnings are errors.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// Only the libpq wrapper touches pointers, and it must say `unsafe` each time.
let wrapperSettings = settings + [.strictMemorySafety()]

let package = Package(
    name: "touchstone",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "touchstone-server", targets: ["touchstone-server"]),
        .executable(name: "touchstone", targets: ["touchstone"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-structured-headers", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(
            name: "argon2", path: "Sources/Services/Argon2", pkgConfig: "libargon2",
            providers: [.apt(["libargon2-dev"])]),
        .target(
            name: "Postgres",
            dependencies: [
                "CPostgres",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: wrapperSettings),
        .target(name: "Domain", swiftSettings: settings),
        .target(
            name: "Schema", path: "sql", exclude: ["tests", "README.md", "roles.sql"],
            resources: [
                .embedInCode("migrations"), .embedInCode("policies"), .embedInCode("reports"),
                .embedInCode("reference"),
            ],
            swiftSettings: settings),
        .target(
            name: "Services",
            dependencies: [
                "Domain", "Postgres", "Schema", "argon2",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["Argon2"],
            swiftSettings: settings),
        .target(
            name: "Web",
            dependencies: [
                "Services", "Domain",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "StructuredFieldValues", package: "swift-http-structured-headers"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            resources: [.embedInCode("Templates")],
            swiftSettings: settings),
        .executableTarget(
            name: "touchstone-server",
            dependencies: [
                "Web", "Services", "Domain", "Postgres",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Hummingbird", package: "hummingbird"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "touchstone",
            dependencies: [
                "Web", "Services", "Domain", "Postgres", "Schema",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
            ],
            swiftSettings: settings),
        .testTarget(name: "PostgresTests", dependencies: ["Postgres"], swiftSettings: settings),
        .testTarget(
            name: "DomainTests", dependencies: ["Domain"], exclude: ["permissions.golden.tsv"], swiftSettings: settings),
        .testTarget(
            name: "ServicesTests",
            dependencies: [
                "Services", "Domain", "Postgres", "Schema", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "WebTests",
            dependencies: [
                "Web", "Services", "Domain", "Postgres", "Schema",
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ],
            exclude: ["access.golden.tsv"], swiftSettings: settings),
        .testTarget(name: "HouseTests", dependencies: ["Domain", "Schema"], swiftSettings: settings),
    ]
)
