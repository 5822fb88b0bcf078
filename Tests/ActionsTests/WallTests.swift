import Foundation
import Testing

/// Only the service behind the gate calls the client's operations that change something.
@Suite("The wall around changes")
struct WallTests {
    private static let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources")

    @Test("only one file calls the client's operations that change something")
    func callers() throws {
        let call = /\b(runJob|cancelJobRun|repairJobRun)\s*\(/
        // Except the client, its example, and the simulator.
        let others = ["AIDP/", "AIDPExample/", "AIDPSimulator/"]
        let files = FileManager.default.enumerator(atPath: Self.sources.path)?.compactMap { $0 as? String } ?? []
        let callers = try files.filter { file in
            guard file.hasSuffix(".swift"), !others.contains(where: file.hasPrefix) else { return false }
            return try String(contentsOf: Self.sources.appending(path: file), encoding: .utf8).contains(call)
        }
        #expect(callers == ["Actions/ActionService.swift"])
    }
}
