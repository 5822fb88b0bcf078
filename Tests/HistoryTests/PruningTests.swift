import Foundation
import Runs
import Testing

@testable import History

@Suite("Old runs are removed")
struct PruningTests {
    private let folder: HistoryFolder
    private let day = 86_400.0

    init() throws { folder = try HistoryFolder() }

    private func run(_ key: String, daysAgo: Double, trace: String? = nil) -> JobRun {
        var run = Sample.run(key, trace == nil ? .success : .failed, ago: daysAgo * day)
        run.errorTrace = trace
        return run
    }

    @Test("Runs before a time are removed, with their traces and status changes, and jobs that are no longer seen")
    func byAge() async throws {
        let history = folder.history(limits: SQLiteHistory.Limits(retention: .seconds(1_000 * 86_400)))
        let old = run("old", daysAgo: 100, trace: "only the old one")
        try await history.record(
            Sample.cycle(
                [
                    old, run("shared-old", daysAgo: 100, trace: "both"), run("shared-new", daysAgo: 1, trace: "both"),
                    run("new", daysAgo: 89),
                ], imported: true))
        try await history.record(
            SeenCycle(place: Sample.place, at: Sample.now.addingTimeInterval(-95 * day), jobs: [Sample.job("gone")]))
        let result = try await history.prune(before: Sample.now.addingTimeInterval(-90 * day))
        #expect((result.runs, result.jobs) == (2, 1))
        #expect(try await history.runs().keys.sorted() == ["new", "shared-new"])
        #expect(try await history.runs()["shared-new"]?.errorTrace == "both")
        #expect(try await history.statistics().traces == 1)
        #expect(try await history.jobs(of: Sample.place).map(\.id.key) == ["job-1"])
        for table in ["run", "status_change", "sighting"] {
            #expect(
                try folder.value("SELECT count(*) FROM \(table) WHERE job NOT IN (SELECT id FROM job)", Int.self) == 0)
        }
    }

    @Test("A store prunes by its retention, once an hour for all processes that share the file, not after an import")
    func byItself() async throws {
        let limits = SQLiteHistory.Limits(retention: .seconds(90 * 86_400))
        let first = folder.history(limits: limits)
        try await first.record(Sample.cycle([run("imported", daysAgo: 400)], imported: true))
        #expect(try await first.runs().count == 1)
        try await first.record(Sample.cycle([run("a", daysAgo: 100), run("b", daysAgo: 1)]))
        #expect(try await first.runs().keys.sorted() == ["b"])
        let soon = folder.history(limits: limits, now: Sample.now.addingTimeInterval(3_599))
        try await soon.record(Sample.cycle([run("c", daysAgo: 100)]))
        #expect(try await soon.runs().keys.sorted() == ["b", "c"])
        let later = folder.history(limits: limits, now: Sample.now.addingTimeInterval(3_600))
        try await later.record(Sample.cycle([run("d", daysAgo: 2)]))
        #expect(try await soon.runs().keys.sorted() == ["b", "d"])
    }

    @Test("The oldest runs of a file that is too large are removed, and the file gets smaller")
    func bySize() async throws {
        let history = folder.history(limits: SQLiteHistory.Limits(bytes: 400_000))
        let runs = (0..<6_000).map { number in
            Sample.run("\(number)", of: "job-\(number % 7)", ago: Double(number) * 60)
        }
        // An import does not prune, so that the file is too large.
        try await history.record(Sample.cycle(runs, imported: true))
        #expect(try await history.statistics().bytes > 1_000_000)
        try await history.record(Sample.cycle([Sample.run("newest", ago: 1)]))
        let statistics = try await history.statistics()
        #expect(statistics.bytes < 500_000)
        #expect(1_000..<6_000 ~= statistics.runs)
        let kept = try await history.runs()
        #expect(kept["newest"] != nil)
        #expect(kept["0"] != nil)
        #expect(kept["5999"] == nil)
    }
}
