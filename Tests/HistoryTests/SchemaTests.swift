import Foundation
import GRDB
import Runs
import Testing

@testable import History

/// Files with every released schema can be opened and migrated without loss.
@Suite("Released schemas")
struct SchemaTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    /// Creates a file with a released schema from its dump.
    private func make(_ version: Int, in folder: HistoryFolder) throws {
        let dump = try String(contentsOf: Self.fixtures.appending(path: "schema-\(version).sql"), encoding: .utf8)
        let queue = try DatabaseQueue(path: folder.path)
        try queue.writeWithoutTransaction { try $0.execute(sql: dump) }
        try queue.close()
    }

    @Test("A file with each released schema opens with its rows, and accepts new ones", arguments: 1...Schema.version)
    func opens(_ version: Int) async throws {
        let folder = try HistoryFolder()
        try make(version, in: folder)
        let history = folder.history()
        let runs = try await history.runs()
        #expect(runs.keys.sorted() == ["3f2504e0-4f89-41d3-9a0c-0305e82c3301", "running", "succeeded"])
        let failed = try #require(runs["3f2504e0-4f89-41d3-9a0c-0305e82c3301"])
        #expect(failed.status == .failed)
        #expect(failed.name == "orders_3f2504e0-4f89-41d3-9a0c-0305e82c3301")
        #expect(failed.errorTrace?.hasSuffix("KeyError: 'id'") == true)
        #expect(failed.created == Sample.now.addingTimeInterval(-600))
        let past = try await history.pastRuns(of: Sample.place, jobs: nil, mostRuns: 1)
        #expect(past.values.first?.first?.key == "running")
        #expect(
            try await history.jobs(of: Sample.place).first?.schedule
                == JobSchedule(quartzCronExpression: "0 0 2 * * ?", timeZoneID: "Europe/Berlin", isPaused: false))
        #expect(try await history.places().map(\.name) == ["sales"])
        #expect(try await history.statusChanges(of: failed.id).map(\.status) == [.running, .failed])
        let actions = try await history.newestActions(10)
        #expect(actions.map(\.outcome) == (version < 2 ? [] : [.confirmed]))
        #expect(actions.allSatisfy { $0.action.target.run?.key == failed.id.key && $0.action.word == "repair" })
        try await history.record(Sample.cycle([Sample.run("new")]))
        #expect(try await history.runs().count == 4)
    }

    @Test("A file with each released schema can be read without changing it", arguments: 1...Schema.version)
    func onlyRead(_ version: Int) async throws {
        let folder = try HistoryFolder()
        try make(version, in: folder)
        let history = folder.history(access: .reads)
        #expect(try await history.runs().count == 3)
        #expect(try await history.newestActions(10).count == (version < 2 ? 0 : 1))
        #expect(try folder.value("PRAGMA user_version", Int.self) == version)
    }

    @Test("A migrated file has the same tables as a new one", arguments: 1...Schema.version)
    func sameTables(_ version: Int) async throws {
        let (old, new) = (try HistoryFolder(), try HistoryFolder())
        try make(version, in: old)
        func tables(_ folder: HistoryFolder) async throws -> [String] {
            let history = folder.history()
            try await history.record(Sample.cycle([]))
            await history.close()
            return try await DatabaseQueue(path: folder.path).read { database in
                try String.fetchAll(
                    database,
                    sql: "SELECT name || ': ' || ifnull(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite%'")
            }.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }.sorted()
        }
        #expect(try await tables(old) == (try await tables(new)))
    }
}
