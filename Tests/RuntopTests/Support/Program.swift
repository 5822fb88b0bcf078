import Foundation
import Testing

/// The built program, and other programs a test runs.
enum Program {
    /// `RUNTOP_BINARY`, the program as it is used; else the one built along with the tests.
    static let runtop: String = {
        if let binary = ProcessInfo.processInfo.environment["RUNTOP_BINARY"] { return binary }
        let beside = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "runtop").path
        if FileManager.default.isExecutableFile(atPath: beside) { return beside }
        return URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: ".build/debug/runtop").path
    }()

    struct Ended {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Runs a program to its end, with nothing to read and ten minutes at most.
    static func run(_ path: String, _ arguments: [String], environment: [String: String] = [:]) throws -> Ended {
        let folder = try TemporaryFolder()
        let (output, errors) = (folder.file("output"), folder.file("errors"))
        let process = try ChildProcess(
            "timeout", ["600", path] + arguments, environment: inherited.merging(environment) { _, ours in ours },
            output: output, errors: errors)
        return Ended(
            status: process.wait(), output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8))
    }

    /// Our own environment without what would point runtop at somebody's tenancy or settings.
    static let inherited: [String: String] = ProcessInfo.processInfo.environment
        .filter { name, _ in
            !["OCI_", "AIDP_", "XDG_", "NO_COLOR", "TMUX", "SSL_CERT", "REQUESTS_CA", "HTTPS_PROXY", "https_proxy"]
                .contains {
                    name.hasPrefix($0)
                }
        }
        .merging(["HOME": "/nonexistent", "LC_ALL": "C.UTF-8", "TZ": "UTC"]) { _, ours in ours }
}

/// A private folder that goes when its owner does.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "runtop-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String) -> URL { url.appending(path: name) }
}

/// Waits for something that is about to happen, on a busy machine as well; says what never happened.
func eventually<Value>(
    _ what: String, within limit: Duration = .seconds(120), sourceLocation: SourceLocation = #_sourceLocation,
    _ look: () throws -> Value?
) throws -> Value {
    let deadline = ContinuousClock.now + limit
    while true {
        if let value = try look() { return value }
        guard ContinuousClock.now < deadline else { throw NeverHappened(what: what) }
        usleep(50_000)
    }
}

struct NeverHappened: Error, CustomStringConvertible {
    let what: String
    var description: String { "never happened: \(what)" }
}
