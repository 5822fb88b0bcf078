import Foundation
import GRDB
import Runs
import Synchronization
import Testing

@testable import History

@Suite("The results of a cycle are stored")
struct RecordTests {
    private let folder: HistoryFolder

    init() throws { folder = try HistoryFolder() }

    @Test("Every field of a run is read back unchanged")
    func fields() async throws {
        let history = folder.history()
        var full = Sample.run("3f2504e0-4f89-41d3-9a0c-0305e82c3301", .failed)
        full.stateMessage = "Task “load” failed"
        full.errorTrace = String(repeating: "  at line\n", count: 500) + "KeyError: 'id'"
        full.isUserCanceledOrTimedOut = false
        var bare = JobRun(id: RunID(job: full.job, key: "3F2504E0-4F89-41D3-9A0C-0305E82C3301"), status: .missing)
        bare.errorTrace = ""
        var odd = Sample.run("key\u{0}with NUL", .unknown("NEW\u{0}STATUS"))
        odd.launch = .unknown("BY_API")
        odd.name = "another name\u{0}"
        odd.jobName = "\u{0}"
        odd.stateMessage = "\u{0}"
        odd.errorTrace = "a\u{0}b"
        var canceled = Sample.run("canceled", .canceled)
        canceled.isUserCanceledOrTimedOut = true
        canceled.name = "orders"
        try await history.record(Sample.cycle([full, bare, odd, canceled]))
        // Another instance reads only the file, without this one's memory.
        let runs = try await folder.history().runs()
        #expect(runs.count == 4)
        for run in [full, bare, odd, canceled] { #expect(runs[run.id.key] == run) }
    }

    @Test("record tells how many runs were new, how many changed, and how many were known")
    func counted() async throws {
        let history = folder.history()
        let first = [Sample.run("a", .running), Sample.run("b"), Sample.run("c")]
        #expect(try await history.record(Sample.cycle(first, imported: true)) == RecordedRuns(new: 3))
        let second = [Sample.run("a"), Sample.run("b"), Sample.run("d")]
        let expected = RecordedRuns(new: 1, changed: 1, known: 1)
        #expect(try await history.record(Sample.cycle(second, imported: true)) == expected)
        // An earlier state than the stored one changes nothing.
        #expect(try await history.record(Sample.cycle(first, imported: true)) == RecordedRuns(known: 3))
        // The second time, the runs of a cycle are not even compared with the file.
        #expect(try await history.record(Sample.cycle(second)) == RecordedRuns(known: 3))
        #expect(try await history.record(Sample.cycle(second)) == RecordedRuns(known: 3))
    }

    @Test(
        "A key whose stored form looks like another key's is read back unchanged",
        arguments: [
            "", "a", "0123456789abcde\u{0}", "0123456789abcd\u{0}", "00112233-4455-6677-8899-aabbccddeeff",
            "00112233-4455-6677-8899-AABBCCDDEEFF", "00112233_4455-6677-8899-aabbccddeeff",
            "00112233-4455-6677-8899-aabbccddeefg", "\u{0}", "ключ", "1234",
        ])
    func keys(_ key: String) {
        #expect(StoredText.text(StoredText.key(key)) == key)
        #expect(StoredText.text(StoredText.value(key)) == key)
    }

    @Test(
        "The name of a run is stored without its job's name if it begins with it",
        arguments: [
            ("orders_1", "orders", "+_1"), ("orders", "orders", "+"), ("other", "orders", "=other"), ("x", "", "=x"),
            ("e\u{301}tude", "e", "+\u{301}tude"), ("e\u{301}", "\u{E9}", "=e\u{301}"),
        ])
    func names(_ name: String, _ jobName: String, _ stored: String) {
        let value = StoredName.value(name, jobName: jobName)
        #expect(value == stored.databaseValue)
        #expect(StoredName.name(value, jobName: jobName).map { Array($0.utf8) } == Array(name.utf8))
    }

    @Test("A changed status is stored with the time when it was seen; an unchanged one is not written again")
    func changes() async throws {
        let history = folder.history()
        func cycle(_ status: RunStatus, after seconds: Double) -> SeenCycle {
            var run = Sample.run("r", status)
            run.updated = Sample.now.addingTimeInterval(status == .queued ? 0 : seconds)
            return Sample.cycle([run], at: Sample.now.addingTimeInterval(seconds))
        }
        for (status, seconds) in [(RunStatus.queued, 0.0), (.running, 15), (.running, 15), (.success, 45)] {
            try await history.record(cycle(status, after: seconds))
        }
        let run = RunID(job: JobID(place: Sample.place, key: "job-1"), key: "r")
        #expect(
            try await history.statusChanges(of: run) == [
                StatusChange(.queued, seen: Sample.now),
                StatusChange(.running, seen: Sample.now.addingTimeInterval(15)),
                StatusChange(.success, seen: Sample.now.addingTimeInterval(45)),
            ])
        let before = try folder.value("SELECT seen FROM run", Int.self)
        // Another process sees the same later.
        try await folder.history().record(cycle(.success, after: 45))
        #expect(try folder.value("SELECT seen FROM run", Int.self) == before)
        #expect(try await history.statusChanges(of: run).count == 3)
    }

    @Test("Equal traces are stored once, compressed, and their cause is computed once")
    func traces() async throws {
        let history = folder.history { run in run.errorTrace.map { "cause: \($0.suffix(9))" } ?? run.stateMessage }
        let trace = String(repeating: "at some.very.long.line(of: Code)\n", count: 300) + "the cause"
        let runs = (1...20).map { number in
            var run = Sample.run("\(number)", .failed, ago: Double(number))
            run.errorTrace = trace
            return run
        }
        var message = Sample.run("message", .timedOut, ago: 30)
        message.stateMessage = "It took too long"
        var canceled = Sample.run("canceled", .canceled, ago: 31)
        canceled.errorTrace = trace
        try await history.record(Sample.cycle(runs + [message, canceled]))
        let statistics = try await history.statistics()
        #expect(statistics.traces == 1)
        #expect(statistics.traceBytes < 300)
        let past = try await history.pastRuns(of: Sample.place, jobs: nil, mostRuns: nil)
        let job = JobID(place: Sample.place, key: "job-1")
        let causes = Dictionary((past[job] ?? []).map { ($0.key, $0.cause) }) { first, _ in first }
        #expect(causes["1"] == "cause: the cause")
        #expect(causes["message"] == "It took too long")
        #expect(causes["canceled"] == .some(nil), "a run that did not fail has no cause of a failure")
        #expect(try await history.runs()["20"]?.errorTrace == trace)
    }

    @Test("Jobs have their schedule, are separated by place, and are not removed by a list of keys")
    func jobs() async throws {
        let history = folder.history()
        let schedule = JobSchedule(
            quartzCronExpression: "0 0 2 * * ?", timeZoneID: "Europe/Berlin", isPaused: true)
        let elsewhere = Place(instanceID: Sample.place.instanceID, workspaceKey: "other")
        try await history.record(
            SeenCycle(
                place: Sample.place, at: Sample.now, placeName: "sales",
                jobs: [Sample.job("job-1", name: "orders", schedule: schedule), Sample.job("job-2")],
                runs: [Sample.run("r")]))
        try await history.record(Sample.cycle([Sample.run("r", .failed, in: elsewhere)]))
        try await history.record(
            SeenCycle(place: Sample.place, at: Sample.now, jobs: [Job(id: JobID(place: Sample.place, key: "job-1"))]))
        #expect(
            try await history.jobs(of: Sample.place) == [
                Sample.job("job-1", name: "orders", schedule: schedule), Sample.job("job-2"),
            ])
        #expect(try await history.runs()["r"]?.status == .success)
        #expect(try await history.runs(of: elsewhere)["r"]?.status == .failed)
        #expect(try await history.places().map(\.name) == ["sales", "other"])
        #expect(try await history.places().map(\.place) == [Sample.place, elsewhere])
        let statistics = try await history.statistics()
        #expect((statistics.jobs, statistics.runs) == (3, 2))
        #expect(statistics.first == Sample.now.addingTimeInterval(-600))
        #expect(statistics.bytes > 0)
        #expect(try folder.value("SELECT count(*) FROM pragma_foreign_key_check", Int.self) == 0)
    }

    @Test("The board has the newest runs, when they were received, and no job that was deleted long ago")
    func board() async throws {
        let history = folder.history()
        try await history.record(
            SeenCycle(place: Sample.place, at: Sample.now.addingTimeInterval(-90_000), jobs: [Sample.job("gone")]))
        let runs = (1...8).map { Sample.run("\($0)", ago: Double($0) * 60) }
        let answered = Sample.now.addingTimeInterval(-100)
        try await history.record(
            SeenCycle(
                place: Sample.place, at: answered, jobs: [Sample.job("job-1"), Sample.job("silent")],
                answered: ["job-1": answered], runs: runs))
        // The list is received again, but not the runs.
        try await history.record(
            SeenCycle(place: Sample.place, at: Sample.now, jobs: [Sample.job("job-1"), Sample.job("silent")]))
        let board = try await history.board(of: Sample.place, newestRuns: 3)
        #expect(board.map(\.job.id.key) == ["job-1", "silent"])
        #expect(board[0].newest.map(\.id.key) == ["1", "2", "3"])
        #expect(board.map(\.lastSeen) == [answered, Sample.now])
        let past = try await history.pastRuns(of: Sample.place, jobs: ["job-1", "nothing"], mostRuns: 2)
        #expect(past.mapValues { $0.map(\.key) } == [JobID(place: Sample.place, key: "job-1"): ["1", "2"]])
        #expect(past.values.first?.first == PastRun(runs[0]))
    }

    @Test("The periods of the past that are left are stored per place, with the time when the place was last seen")
    func pastLeft() async throws {
        let history = folder.history()
        #expect(try await history.pastLeft(of: Sample.place) == PastLeft())
        try await history.record(Sample.cycle([Sample.run("a", .success)]))
        let seen = try await history.pastLeft(of: Sample.place)
        #expect(seen.stretches == nil)
        #expect(seen.lastSeen != nil)
        let left = [Sample.now.addingTimeInterval(-60)...Sample.now, Date(timeIntervalSince1970: 1)...Sample.now]
        for stretches in [left, []] {
            try await history.record(SeenCycle(place: Sample.place, at: Sample.now, pastLeft: stretches))
            // A cycle without these periods does not change them.
            try await history.record(SeenCycle(place: Sample.place, at: Sample.now))
            #expect(try await folder.history().pastLeft(of: Sample.place).stretches == stretches)
        }
        let other = Place(instanceID: Sample.place.instanceID, workspaceKey: "other")
        #expect(try await history.pastLeft(of: other) == PastLeft())
        #expect(history.retention == .seconds(90 * 86_400))
    }

    @Test("All runs are returned job by job, oldest first, from a time on")
    func batches() async throws {
        let history = folder.history()
        let runs = (0..<1_234).map { Sample.run("\($0)", of: "job-\($0 % 2)", ago: Double(10_000 - $0)) }
        try await history.record(Sample.cycle(runs))
        let collected = Collected()
        let count = try await history.forEachRun(of: RunSelection(place: Sample.place)) { collected.append($0) }
        #expect(count == 1_234)
        let expected = runs.filter { $0.job.key == "job-0" } + runs.filter { $0.job.key == "job-1" }
        #expect(collected.runs == expected)
        let few = Collected()
        _ = try await history.forEachRun(
            of: RunSelection(place: Sample.place, job: "job-1", since: Sample.now.addingTimeInterval(-8_770))
        ) { few.append($0) }
        #expect(few.runs.map(\.id.key) == ["1231", "1233"])
    }
}

/// Collects runs from another thread.
final class Collected: Sendable {
    private let state = Mutex<[JobRun]>([])

    var runs: [JobRun] { state.withLock { $0 } }

    func append(_ runs: [JobRun]) { state.withLock { $0 += runs } }
}
