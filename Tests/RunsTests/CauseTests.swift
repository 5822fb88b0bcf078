import Foundation
import TestSupport
import Testing

@testable import Runs

@Suite("Causes of failures")
struct CauseTests {
    private let start = Date(timeIntervalSince1970: 1_700_000_000)

    private func run(_ hour: Int, _ cause: String? = nil, launch: Launch? = .scheduled) -> PastRun {
        var run = PastRun(key: "\(hour)", status: cause == nil ? .success : .failed)
        run.created = start.addingTimeInterval(Double(hour) * 3_600)
        run.started = run.created
        run.ended = run.created?.addingTimeInterval(60)
        run.launch = launch
        run.cause = cause
        return run
    }

    private func recurrence(_ runs: [PastRun], of cause: String = "x") -> CauseRecurrence? {
        CauseRecurrence(ofRun: runs.last?.key ?? "", signature: cause, among: runs) { $0.cause }
    }

    @Test("a cause is new if earlier runs are known and none failed for it")
    func new() {
        #expect(recurrence([run(0), run(1, "x")]) == .new)
        #expect(recurrence([run(0, "y"), run(1, "x")]) == .new)
        #expect(recurrence([run(1, "x")]) == nil, "nothing is known before")
    }

    @Test("the first success after the earlier failure counts as its recovery")
    func healed() {
        let seen = start.addingTimeInterval(60)
        #expect(
            recurrence([run(0, "x"), run(1), run(2, "x")])
                == .seen(at: seen, healing: .init(runs: 1, time: .seconds(3_600), isManual: false)))
        #expect(
            recurrence([run(0, "x"), run(1, "y"), run(3, launch: .manual), run(4, "x")])
                == .seen(at: seen, healing: .init(runs: 2, time: .seconds(3 * 3_600), isManual: true)))
        #expect(recurrence([run(0, "x"), run(1, "x")]) == .seen(at: seen, healing: nil))
    }

    @Test("the newest of several earlier failures counts; a canceled run is no recovery")
    func newest() {
        var canceled = run(3)
        canceled.status = .canceled
        #expect(
            recurrence([run(0, "x"), run(1), run(2, "x"), canceled, run(4, "x")])
                == .seen(at: start.addingTimeInterval(2 * 3_600 + 60), healing: nil))
    }

    @Test("what only follows from another job's failure comes after its cause, and is not counted as a cause")
    func consequences() throws {
        func failed(_ key: String, _ status: RunStatus, _ cause: String, of job: String) -> JobRun {
            var run = JobRun(id: RunID(key, of: JobID(job)), status: status)
            (run.created, run.started, run.ended, run.stateMessage) = (
                start, start, start.addingTimeInterval(60), cause
            )
            return run
        }
        var board = JobBoard()
        let jobs = ["load", "clean", "join"]
        board.watch(jobs.map { Job(id: JobID($0)) })
        let finder: FailureCause.Finder = {
            FailureCause(text: $0.stateMessage ?? "", signature: $0.stateMessage ?? "")
        }
        for (job, status, cause) in [
            ("load", RunStatus.failed, "disk full"), ("clean", .upstreamFailed, "load failed"),
            ("join", .upstreamFailed, "load failed"),
        ] {
            board.record([failed(job, status, cause, of: job)], of: [JobID(job)], at: start, cause: finder)
        }
        let groups = CauseOrder(.broken).sorted(CauseGroup.groups(of: board.entries.values) { $0 })
        #expect(groups.map(\.text) == ["disk full", "load failed"])
        #expect(groups.map(\.isConsequence) == [false, true])
        #expect(board.counts(at: start).causes == 1)
    }

    @Test("a cause that breaks more jobs now comes before one that more jobs have failed for")
    func brokenJobs() {
        var board = JobBoard()
        board.watch(["a", "b", "c"].map { Job(id: JobID($0)) })
        for (job, cause) in [("a", "disk"), ("b", "disk"), ("c", "net")] {
            var newest = JobRun(id: RunID("9", of: JobID(job)), status: .failed)
            newest.created = start.addingTimeInterval(9 * 3_600)
            (newest.started, newest.ended) = (newest.created, newest.created)
            board.record([newest], of: [JobID(job)], at: start.addingTimeInterval(36_000)) { _ in
                FailureCause(text: cause, signature: cause)
            }
        }
        board.learn(past: [JobID("a"): [run(1, "net"), run(2)], JobID("b"): [run(1, "net"), run(2)]])
        let groups = CauseOrder(.broken).sorted(CauseGroup.groups(of: board.entries.values) { $0 })
        #expect(groups.map(\.text) == ["disk", "net"])
        #expect(groups.map(\.broken.count) == [2, 1])
        #expect(groups.map(\.jobs.count) == [2, 3])
    }

    @Test("groups the failures of all jobs by signature, including past ones")
    func groups() throws {
        var entry = JobEntry(job: Job(id: JobID("a")))
        entry.learn(past: [run(0, "disk 1"), run(1), run(2, "disk 2"), run(3)])
        var other = JobEntry(job: Job(id: JobID("b")))
        other.learn(past: [run(1, "disk 3"), run(4, "net")])
        let groups = CauseOrder(.broken).sorted(
            CauseGroup.groups(of: [entry, other]) { $0.filter { !$0.isNumber } })
        #expect(groups.map(\.signature) == ["disk ", "net"])
        let disk = try #require(groups.first)
        #expect(disk.text == "disk 2")
        #expect((disk.jobs.count, disk.broken.count, disk.failures) == (2, 0, 3))
        #expect(disk.first == start.addingTimeInterval(60))
        #expect(disk.last == start.addingTimeInterval(2 * 3_600 + 60))
    }
}
