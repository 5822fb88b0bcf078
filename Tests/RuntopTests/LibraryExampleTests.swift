import Foundation
import TestSupport
import Testing

/// The example of the library `AIDP`, which uses only its public interface.
@Suite("The library's example", .blocking)
struct LibraryExampleTests {
    private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The example, built together with the tests.
    private static let example: String = {
        let beside = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "AIDPExample")
        if FileManager.default.isExecutableFile(atPath: beside.path) { return beside.path }
        return package.appending(path: ".build/debug/AIDPExample").path
    }()

    @Test("prints the newest run of every job, failed ones first")
    func newestRuns() throws {
        let service = try Service("--jobs", "300")
        let ended = try Program.run(Self.example, [], environment: service.environment)
        #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
        let rows = ended.output.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
        #expect(rows.count == 300)
        #expect(rows.allSatisfy { $0.count == 3 })
        #expect(Set(rows.map { $0[1] }).count == 300, "one row a job")
        let failures = rows.prefix { ["FAILED", "INTERNAL_ERROR", "TIMED_OUT", "UPSTREAM_FAILED"].contains($0[0]) }
        #expect(!failures.isEmpty)
        #expect(!rows.dropFirst(failures.count).contains { $0[0].hasSuffix("FAILED") })
    }

    @Test("prints what is wrong and what to do if it cannot sign in")
    func noConfiguration() throws {
        let ended = try Program.run(Self.example, [])
        #expect(ended.status == 1)
        #expect(ended.output.contains("oci setup config"), "\(ended.output)")
    }

    @Test("is the same as on the library's page")
    func page() throws {
        let code = try String(
            contentsOf: Self.package.appending(path: "Sources/AIDPExample/main.swift"), encoding: .utf8)
        let page = try String(
            contentsOf: Self.package.appending(path: "Sources/AIDP/AIDP.docc/AIDP.md"), encoding: .utf8)
        #expect(page.contains("```swift\n\(code)```\n"))
    }
}
