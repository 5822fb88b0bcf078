// swift-tools-version: 6.2
import PackageDescription

/// In CI a warning in our own code is an error; a dependency's warnings are its own.
let settings: [SwiftSetting] =
    [.enableUpcomingFeature("MemberImportVisibility")]
    + (Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)])

/// The modules, in the order data flows through them. ARCHITECTURE.md draws the same picture.
let package = Package(
    name: "runtop",
    products: [
        .executable(name: "runtop", targets: ["runtop"]),
        // The client, the way to sign in and the transport's settings: the only modules with a public interface.
        .library(name: "AIDP", targets: ["AIDP", "OCIAuth", "HTTP"]),
    ],
    // Each is held below its next minor version: every build of a commit uses the same interfaces, and takes fixes.
    dependencies: [
        // HTTP, with our own three guards around it.
        .package(url: "https://github.com/swift-server/async-http-client", .upToNextMinor(from: "1.37.0")),
        // The event loops beneath HTTP, and the channel handler that guards a response's status.
        .package(url: "https://github.com/apple/swift-nio", .upToNextMinor(from: "2.101.2")),
        // The way through a proxy to a TLS handshake; names the errors of HTTP decompression.
        .package(url: "https://github.com/apple/swift-nio-extras", .upToNextMinor(from: "1.35.2")),
        // Private keys in the encrypted forms that swift-crypto does not read; TLS roots.
        .package(url: "https://github.com/apple/swift-nio-ssl", .upToNextMinor(from: "2.37.6")),
        // RSA signatures and digests.
        .package(url: "https://github.com/apple/swift-crypto", .upToNextMinor(from: "4.5.2")),
        // The certificates of instances, and of TLS.
        .package(url: "https://github.com/apple/swift-certificates.git", .upToNextMinor(from: "1.21.1")),
        // DER and PEM, which certificates are written in.
        .package(url: "https://github.com/apple/swift-asn1", .upToNextMinor(from: "1.7.4")),
        // The embedded service.
        .package(url: "https://github.com/hummingbird-project/hummingbird", .upToNextMinor(from: "2.28.1")),
        // The heads of the embedded service's requests and responses.
        .package(url: "https://github.com/apple/swift-http-types.git", .upToNextMinor(from: "1.8.0")),
        // Runs the embedded service.
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", .upToNextMinor(from: "2.13.0")),
        // The command line.
        .package(url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.2")),
        // What the libraries beneath us log, kept off the screen.
        .package(url: "https://github.com/apple/swift-log", .upToNextMinor(from: "1.16.2")),
        // The settings file, with the names, types and lines of its mistakes.
        .package(url: "https://github.com/jpsim/Yams", .upToNextMinor(from: "6.2.2")),
        // The history: SQLite, its migrations and its transactions.
        .package(url: "https://github.com/groue/GRDB.swift", .upToNextMinor(from: "7.10.0")),
    ],
    targets: [
        // JSON, read and written.
        .target(name: "JSON", swiftSettings: settings),
        // One exchange over HTTP, and what stands in its way.
        .target(
            name: "HTTP",
            dependencies: [
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            swiftSettings: settings),
        // Who we are.
        .target(
            name: "OCIAuth",
            dependencies: [
                "HTTP",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            swiftSettings: settings),
        // The REST operations.
        .target(
            name: "AIDP",
            dependencies: [
                "HTTP", "JSON", "OCIAuth", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        // How another program uses them: it sees what is public, and nothing else.
        .executableTarget(
            name: "AIDPExample", dependencies: ["AIDP", "OCIAuth"], packageAccess: false, swiftSettings: settings),
        // The same contract, served on loopback.
        .target(
            name: "AIDPSimulator",
            dependencies: [
                "JSON",
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            swiftSettings: settings),
        // Jobs and their runs, as values.
        .target(name: "Runs", swiftSettings: settings),
        // zlib, for error traces.
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // What was seen, kept.
        .target(
            name: "History",
            dependencies: [
                "CZlib", "Runs", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        // What to ask for and when.
        .target(name: "Polling", dependencies: ["AIDP", "Runs"], swiftSettings: settings),
        // Why a log failed.
        .target(name: "Causes", swiftSettings: settings),
        // What changes runs, and the gate before it.
        .target(name: "Actions", dependencies: ["AIDP", "Runs"], swiftSettings: settings),
        // Text made safe, and the grid of cells that takes nothing else.
        .target(name: "Screen", dependencies: ["JSON"], swiftSettings: settings),
        // State and event in, state and canvas out.
        .target(
            name: "Dashboard", dependencies: ["Causes", "Polling", "Runs", "Screen"], swiftSettings: settings),
        // What keeps runtop from working, check by check.
        .target(
            name: "Doctor", dependencies: ["AIDP", "HTTP", "OCIAuth", "Screen"], swiftSettings: settings),
        // What is written down of requests, for later.
        .target(
            name: "Logs", dependencies: ["AIDP", "HTTP", "Screen", .product(name: "Logging", package: "swift-log")],
            swiftSettings: settings),
        // ncurses, and nothing but.
        .systemLibrary(name: "CNcurses", pkgConfig: "ncursesw", providers: [.apt(["libncurses-dev"])]),
        // Two signal handlers, which cannot be Swift.
        .target(name: "CSignals"),
        .target(
            name: "Terminal", dependencies: ["CNcurses", "CSignals", "Screen"],
            swiftSettings: settings),
        // The command line, and the wiring.
        .executableTarget(
            name: "runtop",
            dependencies: [
                "HTTP", "JSON", "OCIAuth", "AIDP", "AIDPSimulator", "Causes", "Polling", "Runs", "Actions", "Dashboard",
                "Screen", "Terminal", "Doctor", "History", "Logs",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings),

        // What the tests of several modules share: identities, a server that misbehaves, certificates, time, threads.
        .target(
            name: "TestSupport",
            dependencies: [
                "AIDPSimulator", "HTTP", "Runs",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            path: "Tests/TestSupport", swiftSettings: settings),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: settings),
        .testTarget(
            name: "HTTPTests",
            dependencies: [
                "HTTP", "TestSupport", .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "OCIAuthTests",
            dependencies: [
                "HTTP", "OCIAuth", "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            resources: [.copy("Fixtures")],
            swiftSettings: settings),
        .testTarget(
            name: "AIDPTests",
            dependencies: [
                "AIDP", "AIDPSimulator", "HTTP", "JSON", "OCIAuth", "TestSupport",
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "AIDPSimulatorTests",
            dependencies: [
                "AIDPSimulator", "JSON", "Runs", "TestSupport",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "DoctorTests",
            dependencies: [
                "Doctor", "AIDP", "AIDPSimulator", "HTTP", "OCIAuth", "Screen", "TestSupport",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "LogsTests",
            dependencies: ["Logs", "AIDP", "HTTP", "Screen", .product(name: "Logging", package: "swift-log")],
            swiftSettings: settings),
        // A small program that writes a history, which the tests kill.
        .executableTarget(
            name: "HistoryProbe", dependencies: ["History", "Runs"], path: "Tests/HistoryProbe",
            swiftSettings: settings),
        .testTarget(
            name: "HistoryTests",
            dependencies: [
                "History", "HistoryProbe", "Runs", "TestSupport", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["Fixtures"],
            swiftSettings: settings),
        .testTarget(name: "RunsTests", dependencies: ["Runs", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "PollingTests", dependencies: ["AIDP", "Polling", "Runs", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "CausesTests", dependencies: ["Causes"], resources: [.copy("Fixtures")],
            swiftSettings: settings),
        .testTarget(
            name: "ActionsTests", dependencies: ["AIDP", "Actions", "Runs"], swiftSettings: settings),
        .testTarget(
            name: "ScreenTests", dependencies: ["Screen"], resources: [.copy("Fixtures")],
            swiftSettings: settings),
        .testTarget(
            name: "DashboardTests", dependencies: ["Dashboard", "Polling", "Runs", "Screen", "TestSupport"],
            exclude: ["Golden"],
            swiftSettings: settings),
        // A small program on a terminal, which the tests run on a pseudo-terminal and let die.
        .executableTarget(
            name: "TerminalProbe", dependencies: ["Screen", "Terminal"], path: "Tests/TerminalProbe",
            swiftSettings: settings),
        .testTarget(
            name: "TerminalTests", dependencies: ["CNcurses", "Screen", "Terminal", "TerminalProbe", "TestSupport"],
            swiftSettings: settings),
        // How much memory the C library has handed out.
        .systemLibrary(name: "CMalloc", path: "Tests/CMalloc"),
        .testTarget(
            name: "RuntopTests",
            dependencies: [
                "CMalloc", "runtop", "AIDP", "AIDPExample", "AIDPSimulator", "Actions", "Dashboard", "HTTP", "History",
                "JSON",
                "OCIAuth", "Polling", "Runs", "Screen", "Terminal", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ], exclude: ["Contract"],
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
