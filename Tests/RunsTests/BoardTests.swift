import Foundation
import Runs
import TestSupport
import Testing

@Suite("The board")
struct BoardTests {
    private let key = JobID("job")

    @Test("orders runs newest first, one row per run, using the last one sent")
    func newestFirst() {
        let runs = [
            run("old", .success, ago: 300), run("new", .running, ago: 10), run("new", .failed, ago: 10),
            run("middle", .success, ago: 200),
        ]
        let entry = board(runs)[key]
        #expect(entry?.runs.map(\.id.key) == ["new", "middle", "old"])
        #expect(entry?.latest?.status == .failed)
        #expect(entry?.latestFailure?.id == RunID("new"))
    }

    @Test("a confirmed job is as fresh as the lists and keeps its rows; one without an answer stays so")
    func confirmed() {
        var board = board([run("r", .failed)])
        let later = now.addingTimeInterval(60)
        board.recordFailure(of: [key], reason: "down")
        board.confirm([key, JobID("unknown")], at: later)
        #expect(board[key]?.freshness == .fresh(at: later))
        #expect(board[key]?.runs.map(\.id.key) == ["r"])
        board.confirm([key], at: later.addingTimeInterval(-30))
        #expect(board[key]?.freshness == .fresh(at: later), "never older")
        var never = JobBoard()
        never.watch([Job(id: key)])
        never.confirm([key], at: later)
        #expect(never[key]?.freshness == .never)
        never.recordFailure(of: [key], reason: "down")
        never.confirm([key], at: later)
        #expect(never[key]?.freshness == .unavailable(reason: "down"))
    }

    @Test("orders runs without a date last, and equal ones by key, in any order of arrival")
    func undated() {
        var undated = run("z", .success)
        (undated.created, undated.started, undated.ended) = (nil, nil, nil)
        let letters = "abcdefghijklmnop".map(String.init)
        let runs = [undated] + letters.map { run($0, .success) }
        let expected = letters.reversed() + ["z"]
        #expect(board(runs)[key]?.runs.map(\.id.key) == expected)
        #expect(board(runs.reversed())[key]?.runs.map(\.id.key) == expected)
    }

    @Test("each job gets its own rows; a job without runs is fresh and empty, and other jobs' rows are ignored")
    func ownRows() {
        var board = JobBoard()
        board.watch([Job(id: JobID("a")), Job(id: JobID("b")), Job(id: JobID("c"))])
        board.record(
            [run("1", .success, of: "a"), run("2", .success, of: "zzz"), run("3", .success, of: "c")],
            of: [JobID("a"), JobID("b")], at: now)
        #expect(board[JobID("a")]?.runs.count == 1)
        #expect(board[JobID("b")]?.runs.isEmpty == true)
        #expect(board[JobID("b")]?.freshness == .fresh(at: now))
        #expect(board[JobID("c")]?.freshness == .never)
        #expect(board[JobID("c")]?.runs.isEmpty == true, "nobody asked for it")
        #expect(board.entries.count == 3)
    }

    @Test("a failure keeps the rows and their age, and adds the reason")
    func failureKeepsRows() {
        var board = board([run("r", .success, took: 5)])
        board.recordFailure(of: [key, JobID("unheard of")], reason: "HTTP 500")
        board.recordFailure(of: [key], reason: "HTTP 502")
        #expect(board[key]?.runs.count == 1)
        #expect(board[key]?.freshness == .stale(since: now, reason: "HTTP 502"))
        #expect(board.entries.count == 1)
        let later = now.addingTimeInterval(60)
        board.record([run("r", .success, took: 5)], of: [key], at: later)
        #expect(board[key]?.freshness == .fresh(at: later))
    }

    @Test("the list adds and removes jobs, and renames the others without changing their runs")
    func watch() {
        var board = JobBoard()
        board.watch([Job(id: JobID("a"), name: "A"), Job(id: JobID("b"))])
        board.record([run("1", .success, of: "a")], of: [JobID("a")], at: now)
        board.watch([Job(id: JobID("a"), name: "Alpha"), Job(id: JobID("c"))])
        #expect(Set(board.entries.keys) == [JobID("a"), JobID("c")])
        #expect(board[JobID("a")]?.name == "Alpha")
        #expect(board[JobID("a")]?.runs.count == 1)
        board.record([run("2", .success, of: "b")], of: [JobID("b")], at: now)
        #expect(board[JobID("b")] == nil)
    }

    @Test("after an answer the rows show it: a new run, a changed status, an older row")
    func changes() {
        var board = board([run("1", .running, ago: 100), run("0", .success, ago: 200)])
        let answer = [
            run("1", .failed, ago: 100, took: 50), run("2", .queued, ago: 5), run("0", .success, ago: 200),
            run("older", .failed, ago: 900),
        ]
        board.record(answer, of: [key], at: now)
        #expect(board[key]?.runs == [answer[1], answer[0], answer[2], answer[3]])
    }

    @Test("a change during a failure is visible when the service answers again")
    func changeAfterFailure() {
        var board = board([run("1", .running)])
        board.recordFailure(of: [key], reason: "down")
        let ended = run("1", .success, took: 9)
        board.record([ended], of: [key], at: now)
        #expect(board[key]?.runs == [ended])
    }

    @Test("a job that is removed and listed again starts without its old runs")
    func forgotten() {
        var board = board(successes([60, 60, 60]) + [run("r", .running, ago: 10)])
        #expect(board[key]?.statistics.duration?.median == .seconds(60))
        board.watch([])
        board.watch([Job(id: key)])
        board.record([run("r", .running, ago: 10)], of: [key], at: now)
        #expect(board[key] != nil)
        #expect(board[key]?.statistics.duration == nil)
        #expect(board[key]?.statistics.wait == nil)
    }

    @Test("a job's name is its own, else that of its newest run, else its key")
    func names() {
        var named = run("r", .success)
        named.jobName = "From the run"
        #expect(entry([named], name: "Own").name == "Own")
        #expect(entry([named], name: "").name == "From the run")
        #expect(entry([named]).name == "From the run")
        named.jobName = ""
        #expect(entry([named]).name == "job")
    }

    @Test("the counts of the header")
    func counts() {
        var board = JobBoard()
        let keys = ["broken", "late", "running", "fine", "stale", "new"].map { JobID($0) }
        board.watch(keys.map { Job(id: $0) })
        let rows =
            [run("1", .running, of: "broken", ago: 5), run("2", .failed, of: "broken", ago: 50, took: 1)]
            + [run("3", .running, of: "late", ago: 5000)] + successes([60, 60, 60], of: "late")
            + [run("4", .queued, of: "running"), run("5", .success, of: "fine", took: 1)]
        board.record(rows, of: Array(keys.dropLast()), at: now)
        board.recordFailure(of: [JobID("stale")], reason: "down")
        let counts = board.counts(at: now)
        #expect(counts.jobs == 6)
        #expect(counts.broken == 1)
        #expect(counts.late == 1)
        #expect(counts.active == 3)
        #expect(counts.stale == 1, "never answered, and failed")
        board.recordFailure(of: [JobID("fine")], reason: "down")
        #expect(board.counts(at: now).stale == 2)
    }

    @Test("a job with an older active run is active, whatever its newest run")
    func activeBehindSkipped() {
        let board = board([run("s", .skipped, ago: 5), run("r", .running, ago: 50)])
        #expect(board.counts(at: now).active == 1)
        #expect(board[key]?.isActive == true)
    }

    @Test("the longest history is the largest number of runs of a job")
    func longestHistory() {
        #expect(JobBoard().longestHistory == 0)
        #expect(board(successes([1, 2, 3])).longestHistory == 3)
    }
}

/// A job whose answers hold few runs: what newer runs push out is not forgotten as long as it matters.
@Suite("Runs missing in the answer")
struct LastSeenTests {
    private let key = JobID("job")

    /// A run that is still waiting.
    private func waiting(_ name: String, _ status: RunStatus = .queued, ago: Double) -> JobRun {
        var waiting = run(name, status, ago: ago)
        waiting.started = nil
        return waiting
    }

    private func keys(_ board: JobBoard) -> [String] { board[key]?.runs.map(\.id.key) ?? [] }

    @Test("an active run stays in its last known state while newer ones are skipped or queue behind it")
    func stuckRunStays() {
        var board = board([run("stuck", .running, ago: 5000)])
        for (name, status) in [("s1", RunStatus.skipped), ("q", .queued), ("c", .canceled), ("x", .unknown("MELTED"))] {
            board.record([waiting(name, status, ago: 10)], of: [key], at: now)
            #expect(keys(board).last == "stuck")
            #expect(board[key]?.lastSeen.contains(RunID("stuck")) == true)
            #expect(board[key]?.listedRuns.map(\.id.key) == [name])
            #expect(board[key]?.isActive == true)
        }
    }

    @Test(
        "removes that run when a newer one has started, succeeded or failed",
        arguments: [
            run("new", .running, ago: 10), run("new", .success, ago: 10, took: 1),
            run("new", .failed, ago: 10, took: 1),
            run("new", .canceled, ago: 10, took: 1),
        ])
    func newerRunEnds(newer: JobRun) {
        var board = board([run("stuck", .running, ago: 5000)])
        board.record([newer], of: [key], at: now)
        #expect(keys(board) == ["new"])
        #expect(board[key]?.lastSeen == [])
        var unstarted = newer
        unstarted.started = nil
        board = RunsTests.board([run("stuck", .running, ago: 5000)])
        board.record([unstarted], of: [key], at: now)
        #expect(keys(board) == (newer.status == .success || newer.status == .failed ? ["new"] : ["new", "stuck"]))
    }

    @Test("removes a missing run that no newer runs have displaced: the service deleted it")
    func removed() {
        var board = board([run("new", .running, ago: 10), run("old", .success, ago: 500, took: 9)])
        board.record([run("old", .success, ago: 500, took: 9)], of: [key], at: now)
        #expect(keys(board) == ["old"])
        board.record([], of: [key], at: now)
        #expect(keys(board) == [])
    }

    @Test("a run that is in the answer again has the answer's state")
    func comesBack() {
        var board = board([run("stuck", .running, ago: 5000)])
        board.record([waiting("q", ago: 10)], of: [key], at: now)
        let ended = run("stuck", .failed, ago: 5000, took: 4000)
        board.record([waiting("q", ago: 10), ended], of: [key], at: now)
        #expect(keys(board) == ["q", "stuck"])
        #expect(board[key]?.runs.last == ended)
        #expect(board[key]?.lastSeen == [])
        #expect(board[key]?.health(at: now) == .broken)
    }

    @Test("a failed job stays broken, and a healthy one healthy, while inconclusive runs fill the answer")
    func conclusiveStays() {
        for (status, health) in [(RunStatus.failed, JobHealth.broken), (.success, .healthy)] {
            var board = board([run("ended", status, ago: 5000, took: 9), run("before", .success, ago: 9000, took: 9)])
            for name in ["s1", "s2", "s3"] {
                board.record([waiting(name, .skipped, ago: 10)], of: [key], at: now)
                #expect(keys(board) == [name, "ended"], "the newest that succeeded or failed, and no other")
                #expect(board[key]?.health(at: now) == health)
            }
            board.record([run("new", .success, ago: 5, took: 1)], of: [key], at: now)
            #expect(keys(board) == ["new"])
        }
    }

    @Test("with one run per answer, the next attempt does not heal a failure")
    func oneRunAnAnswer() {
        var board = board([run("bad", .failed, ago: 100, took: 1)])
        board.record([run("again", .running, ago: 10)], of: [key], at: now)
        #expect(board[key]?.health(at: now) == .broken)
        #expect(board[key]?.latestFailure?.id == RunID("bad"))
    }

    @Test("keeps the three oldest of many queued runs")
    func bounded() {
        var board = board([])
        for index in 0..<20 {
            board.record([waiting("q\(index)", ago: Double(100 - index))], of: [key], at: now)
        }
        #expect(keys(board) == ["q19", "q2", "q1", "q0"])
    }
}

@Suite("Freshness")
struct FreshnessTests {
    @Test("never → unavailable; fresh → stale with its own age; stale keeps its age and takes the new reason")
    func failures() {
        #expect(Freshness.never.failed("x") == .unavailable(reason: "x"))
        #expect(Freshness.unavailable(reason: "x").failed("y") == .unavailable(reason: "y"))
        #expect(Freshness.fresh(at: now).failed("x") == .stale(since: now, reason: "x"))
        #expect(Freshness.stale(since: now, reason: "x").failed("y") == .stale(since: now, reason: "y"))
    }

    @Test("the last answer and the reason of each state")
    func figures() {
        #expect(Freshness.never.lastAnswer == nil)
        #expect(Freshness.never.reason == nil)
        #expect(Freshness.fresh(at: now).lastAnswer == now)
        #expect(Freshness.fresh(at: now).reason == nil)
        #expect(Freshness.stale(since: now, reason: "x").lastAnswer == now)
        #expect(Freshness.stale(since: now, reason: "x").reason == "x")
        #expect(Freshness.unavailable(reason: "x").lastAnswer == nil)
        #expect(Freshness.unavailable(reason: "x").reason == "x")
    }
}

@Suite("Jobs from the history")
struct RecallTests {
    private let key = JobID("job")
    private let seen = now.addingTimeInterval(-7_200)

    private func remembered(_ runs: [JobRun]) -> RememberedJob {
        RememberedJob(job: Job(id: key, name: "Remembered"), lastSeen: seen, newest: runs)
    }

    @Test("shows a job in its last known state with its age, and judges it as of then")
    func recalled() {
        var board = JobBoard()
        board.recall([remembered([run("r", .running, ago: 7_300)] + successes([600, 600, 600]))])
        #expect(board[key]?.freshness == .remembered(at: seen))
        #expect(board[key]?.freshness.isCurrent == false)
        #expect(board[key]?.name == "Remembered")
        #expect(board[key]?.health(at: now) == .running, "100 seconds old when it was seen")
        #expect(board[key]?.history.runs.count == 4)
    }

    @Test("the first answer replaces it, the first failure gives the reason for its age")
    func replaced() {
        var board = JobBoard()
        board.recall([remembered(successes([60, 60, 60]))])
        var failed = board
        failed.recordFailure(of: [key], reason: "down")
        #expect(failed[key]?.freshness == .stale(since: seen, reason: "down"))
        board.record([run("new", .success, ago: 5, took: 1)], of: [key], at: now)
        #expect(board[key]?.freshness == .fresh(at: now))
        #expect(board[key]?.runs.map(\.id.key) == ["new"])
        #expect(board[key]?.history.runs.map(\.key) == ["ok-2", "ok-1", "ok-0", "new"])
    }

    @Test("does not search for a cause that was found in advance")
    func causeFoundBefore() {
        var (board, asked) = (JobBoard(), [String]())
        var job = remembered([run("a", .failed, ago: 100, took: 1), run("b", .failed, ago: 200, took: 1)])
        job.causes["a"] = FailureCause(text: "known", signature: "known")
        board.recall([job]) { run in
            asked.append(run.id.key)
            return FailureCause(text: "found", signature: "found")
        }
        #expect(asked == ["b"])
        let entry = board[key]
        #expect(entry?.runs.map { entry?.cause(of: $0)?.text } == ["known", "found"])
    }

    @Test("does not change jobs that were answered already")
    func tooLate() {
        var board = board([run("new", .success, ago: 5, took: 1)])
        let answered = board
        board.recall([remembered(successes([60]))])
        #expect(board == answered)
    }

    @Test("adds past runs to the history of their job, the newest 120, without changing rows")
    func past() {
        var board = board(successes([60]))
        let rows = board[key]?.runs
        let runs = (0..<200).map { PastRun(run("p\($0)", .success, ago: 1_000 * Double(200 - $0), took: 9)) }
        board.learn(past: [key: runs, JobID("another"): runs])
        #expect(board[key]?.runs == rows)
        #expect(board[key]?.history.runs.count == 120)
        #expect(board[key]?.history.runs.last?.key == "p199")
        #expect(board[key]?.statistics.runs == 120)
        #expect(board.entries.count == 1)
    }
}

extension BoardTests {
    @Test("a copy of a run changes independently, and runs are equal by their fields")
    func copies() {
        let original = run("r", .running)
        var copy = original
        #expect(copy == original)
        copy.status = .failed
        #expect(original.status == .running && copy.status == .failed && copy != original)
        copy.status = .running
        #expect(copy == original && copy.hashValue == original.hashValue)
    }
}
