import Foundation
import Runs
import TestSupport
import Testing

@Suite("Health")
struct HealthTests {
    @Test("a failure breaks the job", arguments: [RunStatus.failed, .internalError, .timedOut, .upstreamFailed])
    func broken(status: RunStatus) {
        #expect(entry([run("r", status, took: 1)] + successes([60, 60, 60])).health(at: now) == .broken)
    }

    @Test(
        "an active, canceled, skipped or unknown run does not heal a broken job",
        arguments: [
            RunStatus.running, .queued, .blocked, .canceling, .pausedMaintenance, .canceled, .skipped, .excluded,
            .upstreamCanceled, .unknown("MELTED"), .missing,
        ])
    func notHealed(status: RunStatus) {
        let runs = [run("new", status, ago: 10), run("bad", .failed, ago: 100, took: 1)] + successes([60])
        #expect(entry(runs).health(at: now) == .broken)
    }

    @Test("a success heals")
    func healed() {
        let runs = [run("new", .success, ago: 50, took: 10), run("bad", .failed, ago: 100, took: 1)]
        #expect(entry(runs).health(at: now) == .healthy)
    }

    @Test("a run becomes late by time alone when it takes longer than usual")
    func late() {
        let entry = entry([run("r", .running, ago: 298)] + successes([100, 100, 100]))
        #expect(entry.health(at: now) == .running)
        #expect(entry.health(at: now.addingTimeInterval(1)) == .running)
        #expect(entry.health(at: now.addingTimeInterval(2)) == .late)
        #expect(entry.lateness(of: entry.runs[0], at: now.addingTimeInterval(2)) == .running)
    }

    @Test("no running run is late if too few runs have succeeded")
    func neverLate() {
        #expect(entry([run("r", .running, ago: 80_000)] + successes([100, 100])).health(at: now) == .running)
    }

    @Test("broken is worse than late")
    func brokenAndLate() {
        let runs =
            [run("r", .running, ago: 5000), run("bad", .failed, ago: 6000, took: 1)] + successes([100, 100, 100])
        let entry = entry(runs)
        #expect(entry.isLate(at: now))
        #expect(entry.health(at: now) == .broken)
    }

    @Test(
        "the newest run decides if there is no problem",
        arguments: [
            (RunStatus.running, JobHealth.running), (.canceling, .running), (.queued, .waiting), (.pending, .waiting),
            (.blocked, .waiting), (.pausedMaintenance, .waiting), (.success, .healthy), (.canceled, .healthy),
            (.skipped, .healthy), (.unknown("MELTED"), .unclear), (.missing, .unclear),
        ])
    func newest(status: RunStatus, expected: JobHealth) {
        #expect(entry([run("r", status, ago: 10)] + successes([100])).health(at: now) == expected)
    }

    @Test("a running run stays visible behind skipped or queued ones, and can make the job late")
    func behindOthers() {
        for status in [RunStatus.skipped, .canceled, .queued, .pending, .unknown("MELTED")] {
            var newest = run("newest", status, ago: 10)
            newest.started = nil
            let entry = entry([newest, run("stuck", .running, ago: 150)] + successes([100, 100, 100]))
            #expect(entry.health(at: now) == (status == .unknown("MELTED") ? .unclear : .running), "\(status)")
            let later = now.addingTimeInterval(200)
            #expect(entry.health(at: later) == .late, "\(status)")
            #expect(entry.lateRun(at: later)?.id == RunID("stuck"))
            #expect(entry.leadingRun(at: later)?.id == RunID("stuck"))
        }
    }

    @Test("the row shows the late run, else the running one, else the waiting one, else the newest")
    func leadingRun() {
        func waiting(_ key: String, ago: Double) -> JobRun {
            var waiting = run(key, .queued, ago: ago)
            waiting.started = nil
            return waiting
        }
        func leading(_ runs: [JobRun]) -> String? {
            entry(runs + successes([100, 100, 100])).leadingRun(at: now)?.id.key
        }
        #expect(leading([]) == "ok-0")
        #expect(leading([run("s", .skipped, ago: 5)]) == "s")
        #expect(leading([run("s", .skipped, ago: 5), waiting("q", ago: 9)]) == "q")
        #expect(leading([waiting("q", ago: 5), run("r", .running, ago: 9)]) == "r")
        #expect(leading([run("new", .running, ago: 5), run("old", .running, ago: 9)]) == "new")
        #expect(leading([run("new", .running, ago: 5), run("old", .running, ago: 900)]) == "old")
        #expect(leading([run("new", .running, ago: 700), run("old", .running, ago: 900)]) == "old")
        #expect(
            leading([run("r", .running, ago: 900), waiting("q", ago: 5_000)]) == "r", "too long a run before a wait")
        #expect(leading([waiting("new", ago: 4_000), waiting("old", ago: 5_000)]) == "old")
        #expect(leading([run("x", .unknown("MELTED"), ago: 5), run("r", .running, ago: 9)]) == "x")
        #expect(leading([run("f", .failed, ago: 5, took: 1), run("r", .running, ago: 900)]) == "f")
        #expect(leading([run("s", .success, ago: 5, took: 1), run("r", .running, ago: 9)]) == "r")
        #expect(entry([]).leadingRun(at: now) == nil)
    }

    @Test("after a failed request, time does not make a job late; the next answer does")
    func staleIsJudgedAtItsAnswer() {
        var board = board([run("r", .running, ago: 150)] + successes([100, 100, 100]))
        let key = JobID("job")
        let later = now.addingTimeInterval(3_600)
        board.recordFailure(of: [key], reason: "down")
        #expect(board[key]?.health(at: later) == .running)
        #expect(board[key]?.duration(at: later) == .seconds(150))
        #expect(board[key]?.ratio(at: later) == 1.5)
        #expect(board[key]?.moment(at: later) == now)
        #expect(board[key]?.moment(at: now.addingTimeInterval(-9)) == now.addingTimeInterval(-9))
        board.record([run("r", .running, ago: 150)] + successes([100, 100, 100]), of: [key], at: later)
        #expect(board[key]?.health(at: later) == .late)
        #expect(board[key]?.duration(at: later) == .seconds(3_750))
    }

    @Test("with only canceled and skipped runs a job is inconclusive, without runs it has no data")
    func nothingKnown() {
        #expect(entry([run("a", .canceled), run("b", .skipped, ago: 200)]).health(at: now) == .inconclusive)
        #expect(entry([]).health(at: now) == .noData)
    }

    @Test("worst first")
    func order() {
        #expect(JobHealth.allCases.sorted() == JobHealth.allCases)
        #expect(JobHealth.allCases.first == .broken)
        #expect(JobHealth.allCases.last == .noData)
    }
}

/// What a job's runs taught stays known when the answers hold too few of them to learn from.
@Suite("What the history keeps")
struct MemoryTests {
    private let key = JobID("job")

    /// A job that runs every half hour for a quarter of one, asked for `window` runs an answer; the last run hangs, and
    /// each later one is `then`. Gives the health at the end of each half hour since the hang.
    private func healths(window: Int, then: RunStatus) -> [JobHealth] {
        var board = JobBoard()
        board.watch([Job(id: key)])
        var runs: [JobRun] = []
        func at(_ minute: Double) -> Date { now.addingTimeInterval(minute * 60) }
        func add(_ name: String, _ status: RunStatus, at minute: Double) {
            var run = JobRun(id: RunID(name, of: key), status: status)
            run.created = at(minute)
            if status == .success || status == .running { run.started = at(minute) }
            if status == .success { run.ended = at(minute + 15) }
            runs.insert(run, at: 0)
        }
        for index in 0..<6 {
            add("ok\(index)", .success, at: Double(index) * 30 - 180)
            board.record(Array(runs.prefix(window)), of: [key], at: at(Double(index) * 30 - 160))
        }
        add("stuck", .running, at: 0)
        board.record(Array(runs.prefix(window)), of: [key], at: at(1))
        return (1...12).map { half in
            add("later\(half)", then, at: Double(half) * 30)
            let moment = at(Double(half) * 30 + 29)
            board.record(Array(runs.prefix(window)), of: [key], at: moment)
            return board[key]?.health(at: moment) ?? .noData
        }
    }

    @Test(
        "a stuck job is late from its expected end for as long as it hangs, with any number of runs",
        arguments: [1, 2, 3, 5, 10], [RunStatus.skipped, .queued])
    func stuckStaysLate(window: Int, then: RunStatus) {
        let healths = healths(window: window, then: then)
        #expect(healths.allSatisfy { $0 == .late }, "\(healths)")
    }

    @Test("the usual duration and wait stay known if an answer has none")
    func remembered() {
        var board = board(successes([60, 70, 80]))
        #expect(board[key]?.statistics.duration?.median == .seconds(70))
        board.record([run("r", .running, ago: 5)], of: [key], at: now)
        #expect(board[key]?.statistics.duration?.median == .seconds(70))
        board.record([], of: [key], at: now)
        #expect(board[key]?.statistics.duration?.median == .seconds(70))
        #expect(board[key]?.statistics.wait?.median == .zero)
    }

    @Test("counts each run once, in its last state, and only the newest sixty")
    func newestSixty() {
        var board = board(successes([10, 10]))
        for _ in 0..<5 { board.record(successes([10, 30]), of: [key], at: now) }
        #expect(board[key]?.statistics.duration == nil, "two runs are two, however often they are seen")
        board.record([run("third", .success, ago: 10, took: 20)], of: [key], at: now)
        #expect(board[key]?.statistics.duration?.median == .seconds(20))
        #expect(board[key]?.statistics.duration?.longest == .seconds(30))
        for index in 0..<60 {
            board.record([run("new\(index)", .success, ago: 9 - Double(index) / 10, took: 7)], of: [key], at: now)
        }
        #expect(board[key]?.statistics.duration?.longest == .seconds(7), "sixty newer ones")
    }

    @Test("an older success that arrives later does not replace a newer one")
    func olderLast() {
        var board = board((0..<60).map { run("n\($0)", .success, ago: 100 + Double($0), took: 50) })
        board.record([run("old", .success, ago: 90_000, took: 5_000)], of: [key], at: now)
        #expect(board[key]?.statistics.duration?.longest == .seconds(50))
    }
}

@Suite("Waits")
struct WaitTests {
    /// A run that started after so many seconds, or waits.
    private func waiting(_ key: String, _ status: RunStatus = .queued, ago: Double, started: Double? = nil) -> JobRun {
        var waiting = run(key, status, ago: ago, took: status.isActive ? nil : ago - 1)
        waiting.started = started.map { now.addingTimeInterval(-ago + $0) }
        return waiting
    }

    private func started(_ waits: [Double], _ status: RunStatus = .failed) -> [JobRun] {
        waits.enumerated().map { waiting("w\($0)", status, ago: 86_400 * Double($0 + 1), started: $1) }
    }

    @Test(
        "a wait is stuck past twice its limit and 15 minutes; with too few runs, past three times the longest",
        arguments: [
            ([10, 12, 8, 11, 9, 10], 900.0), ([0, 0, 0], 1_800), ([700, 700, 700], 2_100), ([0, 1_000], 1_800),
            ([], 1_800),
        ] as [([Double], Double)])
    func stuckAfter(waits: [Double], limit: Double) {
        let entry = entry([waiting("q", ago: limit)] + started(waits))
        #expect(entry.statistics.wait.map { $0.limit == .seconds(limit) } ?? true)
        let before = now.addingTimeInterval(-1)
        #expect(entry.lateness(of: entry.runs[0], at: before) == nil)
        #expect(entry.lateness(of: entry.runs[0], at: now) == .waiting)
        #expect(entry.lateRun(at: now)?.id == RunID("q"))
    }

    @Test("learns waits from every run that started, and only from those")
    func whoTeaches() {
        let runs = [
            waiting("a", .running, ago: 1_000, started: 600), waiting("b", .success, ago: 2_000, started: 600),
            waiting("c", .canceled, ago: 3_000, started: 600), waiting("d", .skipped, ago: 4_000),
            waiting("e", .queued, ago: 9_000),
        ]
        #expect(entry(runs).statistics.wait?.median == .seconds(600))
        #expect(entry(Array(runs.dropFirst())).statistics.wait == nil)
    }

    @Test(
        "all waiting statuses become late in the same way, except for a maintenance, which may take long",
        arguments: [
            (RunStatus.pending, 1_800.0), (.queued, 1_800), (.blocked, 1_800), (.pausedMaintenance, 86_400),
        ])
    func waitingStatuses(status: RunStatus, limit: Double) {
        let entry = entry([waiting("q", status, ago: limit + 1)] + started([0, 0, 0], .success))
        #expect(entry.health(at: now) == .late)
        #expect(entry.health(at: now.addingTimeInterval(-2)) == .waiting)
    }

    @Test("a run that is paused after its start is judged by its duration")
    func pausedAfterStart() {
        let entry = entry([run("p", .pausedMaintenance, ago: 500)] + successes([100, 100, 100]))
        #expect(entry.lateness(of: entry.runs[0], at: now) == .running)
    }

    @Test("a running run without a start time has run since its creation")
    func noStart() {
        let entry = entry([waiting("r", .running, ago: 500)] + successes([100, 100, 100]))
        #expect(entry.lateness(of: entry.runs[0], at: now) == .running)
        #expect(RunsTests.entry([waiting("r", .running, ago: 9_000)]).lateness(of: entry.runs[0], at: now) == nil)
    }

    @Test("a finished run, or a waiting one without a creation time, is not late")
    func notLate() {
        var undated = waiting("q", ago: 90_000)
        undated.created = nil
        let entry = entry([undated, run("s", .success, ago: 90_000, took: 80_000)] + successes([1, 1, 1]))
        #expect(entry.runs.allSatisfy { entry.lateness(of: $0, at: now) == nil })
        #expect(entry.health(at: now) == .waiting)
    }
}
