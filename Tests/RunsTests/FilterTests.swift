import Foundation
import Runs
import Testing

@Suite("Filters")
struct FilterTests {
    private let entry: JobEntry = {
        var newest = run("r", .failed, of: "ocid1.job.xyz", took: 5)
        newest.createdByName = "Ada Lovelace"
        newest.launch = .scheduled
        var board = JobBoard()
        board.watch([Job(key: JobKey("ocid1.job.xyz"), name: "Load Orders", path: "/etl/nightly")])
        board.record([newest], of: [JobKey("ocid1.job.xyz")], at: now)
        return board[JobKey("ocid1.job.xyz")] ?? JobEntry(job: Job(key: JobKey("")))
    }()

    @Test(
        "every word must be found, in any field, whatever its case; a word after ! must not",
        arguments: [
            ("", true), ("   ", true), ("orders", true), ("ORDERS", true), ("load orders", true), ("orders load", true),
            ("nightly", true), ("xyz", true), ("failed", true), ("lovelace", true), ("scheduled", true),
            ("orders payments", false), ("payments", false), ("!payments", true), ("!orders", false),
            ("load !failed", false), ("load !success", true), ("!", true), ("load !", true), ("!!", true),
            (".*", false), ("load\torders", true), ("\u{0}", false),
        ])
    func words(text: String, isShown: Bool) {
        #expect(JobFilter(text: text).matches(entry, at: now) == isShown)
    }

    @Test("a job without runs is found by what is known of it")
    func withoutRuns() {
        let bare = JobEntry(job: Job(key: JobKey("k-1")))
        #expect(JobFilter(text: "k-1").matches(bare, at: now))
        #expect(!JobFilter(text: "success").matches(bare, at: now))
        #expect(JobFilter(text: "!success").matches(bare, at: now))
    }

    @Test(
        "a focus shows the jobs of one kind",
        arguments: [
            (JobFilter.Focus.all, ["broken", "late", "queued", "fine"]), (.broken, ["broken"]), (.late, ["late"]),
            (.running, ["broken", "late", "queued"]),
        ])
    func focus(focus: JobFilter.Focus, expected: [String]) {
        let jobs = [
            JobEntry.of([run("1", .running, ago: 5), run("2", .failed, ago: 60, took: 1)], "broken"),
            .of([run("3", .running, ago: 5000)] + successes([60, 60, 60]), "late"),
            .of([run("4", .queued)], "queued"), .of([run("5", .success, took: 1)], "fine"),
        ]
        #expect(jobs.filter { JobFilter(focus: focus).matches($0, at: now) }.map(\.name) == expected)
    }

    @Test("text and focus hold together")
    func both() {
        #expect(JobFilter(text: "orders", focus: .broken).matches(entry, at: now))
        #expect(!JobFilter(text: "orders", focus: .late).matches(entry, at: now))
        #expect(!JobFilter(text: "payments", focus: .broken).matches(entry, at: now))
    }

    @Test("a filter without words or focus is empty")
    func isEmpty() {
        #expect(JobFilter().isEmpty)
        #expect(JobFilter(text: " \t").isEmpty)
        #expect(!JobFilter(text: "x").isEmpty)
        #expect(!JobFilter(focus: .late).isEmpty)
    }
}

extension JobEntry {
    fileprivate static func of(_ runs: [JobRun], _ name: String) -> JobEntry { entry(runs, name: name) }
}
