import Foundation
import Runs
import Testing

@Suite("Orders of jobs")
struct JobOrderTests {
    /// Five jobs that differ in everything there is to sort by.
    private let entries: [JobEntry] = {
        func job(_ key: String, _ name: String, _ runs: [JobRun], _ launch: Launch?, _ who: String?) -> JobEntry {
            var newest = runs
            if !newest.isEmpty {
                newest[0].launch = launch
                newest[0].createdByName = who
            }
            return entry(newest, of: key, name: name)
        }
        return [
            job("1", "delta", [run("a", .success, of: "1", ago: 500, took: 30)], .scheduled, "bo"),
            job(
                "2", "Alpha", [run("b", .running, of: "2", ago: 90)] + successes([60, 60, 60], of: "2"), .manual, "cy"),
            job("3", "charlie", [run("c", .failed, of: "3", ago: 400, took: 300)], .unknown("API"), nil),
            job("4", "bravo", [], nil, nil),
            job("5", "echo", [run("e", .failed, of: "5", ago: 50, took: 5)], nil, "ada"),
        ]
    }()

    private func names(_ order: JobOrder, of entries: [JobEntry]) -> [String] {
        order.sorted(entries, at: now).map(\.name)
    }

    @Test(
        "each key has its order, whatever the initial order",
        arguments: [
            // Broken ones, the newest event first; then running, healthy, without data.
            (JobSortKey.risk, ["echo", "charlie", "Alpha", "delta", "bravo"]),
            (.status, ["charlie", "echo", "Alpha", "delta", "bravo"]),
            (.name, ["Alpha", "bravo", "charlie", "delta", "echo"]),
            (.started, ["echo", "Alpha", "charlie", "delta", "bravo"]),
            (.duration, ["charlie", "Alpha", "delta", "echo", "bravo"]),
            // Only one has a usual duration; the rest by name.
            (.ratio, ["Alpha", "bravo", "charlie", "delta", "echo"]),
            (.trigger, ["charlie", "Alpha", "delta", "bravo", "echo"]),
            (.who, ["echo", "delta", "Alpha", "bravo", "charlie"]),
        ])
    func keys(key: JobSortKey, expected: [String]) {
        #expect(names(JobOrder(key), of: entries) == expected)
        #expect(names(JobOrder(key), of: entries.reversed()) == expected)
        #expect(names(JobOrder(key, isReversed: true), of: entries) == expected.reversed())
    }

    @Test(
        "equal jobs are ordered by key, so that a refresh never reorders them", arguments: JobSortKey.allCases)
    func ties(key: JobSortKey) {
        let alike = ["c", "a", "d", "b"].map { entry([run("r", .success, of: $0, took: 5)], of: $0, name: "Same") }
        for isReversed in [false, true] {
            let order = JobOrder(key, isReversed: isReversed)
            let expected = isReversed ? ["d", "c", "b", "a"] : ["a", "b", "c", "d"]
            #expect(order.sorted(alike, at: now).map(\.job.id.key) == expected)
            #expect(order.sorted(alike.reversed(), at: now).map(\.job.id.key) == expected)
        }
    }

    @Test("the broken job whose failure ended last comes first, whenever its run started")
    func newestFailure() {
        let jobs = [
            entry([run("a", .failed, of: "a", ago: 100, took: 10)], of: "a", name: "began last"),
            entry([run("b", .failed, of: "b", ago: 900, took: 890)], of: "b", name: "ended last"),
        ]
        #expect(names(JobOrder(.risk), of: jobs) == ["ended last", "began last"])
    }

    @Test("a job that failed because of an upstream run comes after those that failed themselves")
    func upstream() {
        let jobs = [
            entry([run("a", .upstreamFailed, of: "a", ago: 10, took: 1)], of: "a", name: "upstream"),
            entry([run("b", .failed, of: "b", ago: 900, took: 1)], of: "b", name: "itself"),
        ]
        #expect(names(JobOrder(.risk), of: jobs) == ["itself", "upstream"])
    }

    @Test("broken, late, unclear, waiting, running, healthy, inconclusive, no data: in this order")
    func worstFirst() {
        var queued = run("q", .queued, of: "waiting", ago: 1)
        queued.started = nil
        let jobs: [(String, [JobRun])] = [
            ("broken", [run("1", .failed, of: "broken", ago: 90_000, took: 1)]),
            ("late", [run("2", .running, of: "late", ago: 5_000)] + successes([1, 1, 1], of: "late")),
            ("unclear", [run("3", .unknown("X"), of: "unclear", ago: 1)]), ("waiting", [queued]),
            ("running", [run("4", .running, of: "running", ago: 1)]),
            ("healthy", [run("5", .success, of: "healthy", ago: 1, took: 1)]),
            ("inconclusive", [run("6", .canceled, of: "inconclusive", ago: 1)]), ("no data", []),
        ]
        let entries = jobs.map { entry($1, of: $0, name: $0) }
        #expect(names(JobOrder(.risk), of: entries.reversed()) == jobs.map(\.0))
    }

    @Test("a row is ordered by the run it shows: the stuck one, not those skipped behind it")
    func leadingRun() {
        func job(_ name: String, _ runs: [JobRun], who: String, _ launch: Launch) -> JobEntry {
            var runs = runs
            for index in runs.indices where runs[index].status == .running {
                (runs[index].createdByName, runs[index].launch) = (who, launch)
            }
            return entry(runs + successes([60, 60, 60], of: name), of: name, name: name)
        }
        let jobs = [
            job(
                "stuck", [run("s", .skipped, of: "stuck", ago: 1), run("r", .running, of: "stuck", ago: 900)],
                who: "abe", .manual),
            job("short", [run("t", .running, of: "short", ago: 50)], who: "zoe", .scheduled),
        ]
        for key in [JobSortKey.risk, .duration, .ratio, .who, .trigger] {
            #expect(names(JobOrder(key), of: jobs) == ["stuck", "short"], "\(key)")
        }
        #expect(names(JobOrder(.started), of: jobs) == ["short", "stuck"])
        #expect(names(JobOrder(.status), of: jobs) == ["short", "stuck"], "both run: by name")
        #expect(jobs[0].duration(at: now) == .seconds(900))
        #expect(jobs[0].ratio(at: now) == 15)
    }

    @Test("5,000 jobs keep all their rows")
    func many() {
        let many = (0..<5000).map {
            entry([run("r", .success, of: "\($0)", ago: Double($0 % 7), took: 1)], of: "\($0)")
        }
        #expect(Set(JobOrder(.risk).sorted(many, at: now).map(\.job.id)).count == 5000)
    }
}

@Suite("Orders of runs")
struct RunOrderTests {
    /// Newest first, as the board keeps them.
    private let runs: [JobRun] = {
        var runs = [
            run("1", .running, ago: 10), run("2", .success, ago: 100, took: 60), run("3", .failed, ago: 200, took: 90),
            run("4", .success, ago: 300, took: 60), run("5", .queued, ago: 400),
        ]
        runs[4].started = nil
        runs[1].created = runs[1].created?.addingTimeInterval(-30)
        (runs[1].launch, runs[2].launch) = (.scheduled, .manual)
        (runs[0].createdByName, runs[3].createdBy) = ("zoe", "ocid1.ann")
        return runs
    }()

    @Test(
        "each key has its order; equal runs are ordered newest first",
        arguments: [
            (RunSortKey.created, "12345"), (.status, "31524"), (.duration, "32415"), (.wait, "52134"),
            (.trigger, "32145"), (.who, "41235"),
        ])
    func keys(key: RunSortKey, expected: String) {
        #expect(RunOrder(key).sorted(runs, at: now).map(\.id.key).joined() == expected)
        let reversed = RunOrder(key, isReversed: true).sorted(runs, at: now).map(\.id.key).joined()
        #expect(reversed == String(expected.reversed()))
    }
}
