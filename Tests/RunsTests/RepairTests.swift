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

    @Test("waits since its repair, and is not stuck because of its early creation")
    func waits() throws {
        let entry = try entry(then: .queued, started: nil)
        let latest = try #require(entry.latest)
        #expect(latest.queueWait(at: now) == .seconds(60))
        #expect(!entry.isLate(at: now))
        #expect(entry.isLate(at: now.addingTimeInterval(7_200)))
    }

    @Test("runs since its repair if the service keeps the start of the first attempt")
    func keptStart() throws {
        let entry = try entry(then: .running, started: -18_000)
        let latest = try #require(entry.latest)
        #expect(latest.duration(at: now) == .seconds(60))
        #expect(!entry.isLate(at: now))
    }

    @Test("runs since its new start if the service sends it")
    func newStart() throws {
        let entry = try entry(then: .running, started: -10)
        let latest = try #require(entry.latest)
        #expect(latest.duration(at: now) == .seconds(10))
        #expect(latest.queueWait(at: now) == .seconds(50))
    }

    @Test("stays known as repaired in later answers, and its start does not count as a wait")
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

    @Test("a job stays broken while its failed run is repaired, and is healed by its success")
    func staysBroken() throws {
        let entry = try entry(then: .queued, started: nil)
        #expect(entry.health(at: now) == .broken)
        #expect(entry.isUnderRepair)
        var failed = run("broken", .failed, ago: 600, took: 60)
        failed.updated = failed.ended
        var board = board([failed])
        (failed.status, failed.ended, failed.updated) = (.running, nil, now)
        board.record([failed], of: [JobID("job")], at: now)
        #expect(board.counts(at: now).broken == 1)
        (failed.status, failed.ended) = (.success, now.addingTimeInterval(30))
        board.record([failed], of: [JobID("job")], at: now.addingTimeInterval(40))
        #expect(board.counts(at: now).broken == 0)
    }

    @Test("an older run under repair does not break a job that has succeeded since")
    func olderRepair() throws {
        var failed = run("old", .failed, ago: 6_000, took: 60)
        failed.updated = failed.ended
        let success = run("new", .success, ago: 600, took: 60)
        var board = board([success, failed])
        (failed.status, failed.ended, failed.updated) = (.running, nil, now)
        board.record([success, failed], of: [JobID("job")], at: now)
        #expect(board[JobID("job")]?.health(at: now) == .running)
    }

    @Test("a run that only continues is not repaired")
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
