import Foundation
import Runs
import TestSupport
import Testing

/// A repaired run is an old run that is active again: what it did before the repair is not counted as waiting or running.
@Suite("Repaired runs")
struct RepairTests {
    /// A job whose run failed five hours ago, seen then, and repaired a minute ago.
    private func entry(then status: RunStatus, started: Double?) throws -> JobEntry {
        var failed = run("broken", .failed, ago: 18_000, took: 60)
        failed.updated = failed.ended
        var board = board([failed] + successes(Array(repeating: 60, count: 8)))
        var repaired = failed
        (repaired.status, repaired.ended) = (status, nil)
        repaired.updated = now.addingTimeInterval(-60)
        repaired.started = started.map { now.addingTimeInterval($0) }
        board.record([repaired] + successes(Array(repeating: 60, count: 8)), of: [JobID("job")], at: now)
        return try #require(board[JobID("job")])
    }

    @Test("waits since its repair, and is not stuck because it was created long ago")
    func waits() throws {
        let entry = try entry(then: .queued, started: nil)
        let latest = try #require(entry.latest)
        #expect(latest.queueWait(at: now) == .seconds(60))
        #expect(!entry.isLate(at: now))
        #expect(entry.isLate(at: now.addingTimeInterval(7_200)))
    }

    @Test("runs since its repair, where the service keeps the start of the first attempt")
    func keptStart() throws {
        let entry = try entry(then: .running, started: -18_000)
        let latest = try #require(entry.latest)
        #expect(latest.duration(at: now) == .seconds(60))
        #expect(!entry.isLate(at: now))
    }

    @Test("runs since it started again, where the service says when")
    func newStart() throws {
        let entry = try entry(then: .running, started: -10)
        let latest = try #require(entry.latest)
        #expect(latest.duration(at: now) == .seconds(10))
        #expect(latest.queueWait(at: now) == .seconds(50))
    }

    @Test("is known as repaired in later answers, and its start teaches nothing of how long runs wait")
    func laterAnswers() throws {
        var failed = run("broken", .failed, ago: 18_000, took: 60)
        failed.updated = failed.ended
        var board = board([failed])
        var later = failed
        (later.status, later.ended, later.started, later.updated) = (.queued, nil, nil, now)
        board.record([later], of: [JobID("job")], at: now)
        (later.status, later.updated) = (.running, now.addingTimeInterval(20))
        later.started = now.addingTimeInterval(20)
        board.record([later], of: [JobID("job")], at: now.addingTimeInterval(30))
        #expect(board[JobID("job")]?.latest?.repaired == now)
        (later.status, later.ended) = (.success, now.addingTimeInterval(80))
        board.record([later], of: [JobID("job")], at: now.addingTimeInterval(90))
        let entry = try #require(board[JobID("job")])
        #expect(entry.latest?.repaired == now)
        #expect(entry.latest?.queueWait(at: now) == .seconds(20))
        #expect(entry.history.runs.map(\.wait) == [nil])
        #expect(!entry.isLate(at: now.addingTimeInterval(90)))
    }

    @Test("a run that only goes on is not taken for a repaired one")
    func goesOn() throws {
        var waiting = run("new", .queued, ago: 600)
        (waiting.started, waiting.updated) = (nil, now.addingTimeInterval(-600))
        var board = board([waiting])
        (waiting.status, waiting.updated) = (.blocked, now)
        board.record([waiting], of: [JobID("job")], at: now)
        #expect(board[JobID("job")]?.latest?.repaired == nil)
        #expect(board[JobID("job")]?.latest?.queueWait(at: now) == .seconds(600))
    }
}
