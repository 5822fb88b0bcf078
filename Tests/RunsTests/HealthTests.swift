import Foundation
import Runs
import Testing

@Suite("Health")
struct HealthTests {
    @Test("a failure breaks the job", arguments: [RunStatus.failed, .internalError, .timedOut, .upstreamFailed])
    func broken(status: RunStatus) {
        #expect(entry([run("r", status, took: 1)] + successes([60, 60, 60])).health(at: now) == .broken)
    }

    @Test(
        "a run under way, canceled, skipped or unheard of does not heal a broken job",
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

    @Test("a run is late when it has outlasted what is usual, by the time alone")
    func late() {
        let entry = entry([run("r", .running, ago: 199)] + successes([100, 100, 100]))
        #expect(entry.health(at: now) == .running)
        #expect(entry.health(at: now.addingTimeInterval(2)) == .late)
    }

    @Test("a run that waits too long to start is late as well")
    func lateInTheQueue() {
        var queued = run("r", .queued, ago: 1000)
        queued.started = nil
        #expect(entry([queued] + successes([100, 100, 100])).health(at: now) == .late)
    }

    @Test("where nothing is usual, nothing is late")
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
        "what the newest run says when nothing is wrong",
        arguments: [
            (RunStatus.running, JobHealth.running), (.canceling, .running), (.queued, .waiting), (.pending, .waiting),
            (.blocked, .waiting), (.pausedMaintenance, .waiting), (.success, .healthy), (.canceled, .healthy),
            (.skipped, .healthy), (.unknown("MELTED"), .unclear), (.missing, .unclear),
        ])
    func newest(status: RunStatus, expected: JobHealth) {
        #expect(entry([run("r", status, ago: 10)] + successes([100])).health(at: now) == expected)
    }

    @Test("only runs that say nothing are inconclusive; no runs are no data")
    func nothingKnown() {
        #expect(entry([run("a", .canceled), run("b", .skipped, ago: 200)]).health(at: now) == .inconclusive)
        #expect(entry([]).health(at: now) == .noData)
    }

    @Test("worst first")
    func order() {
        #expect(JobHealth.allCases.sorted() == JobHealth.allCases)
        #expect(JobHealth.allCases.first == .broken && JobHealth.allCases.last == .noData)
    }
}
