import Foundation
import Runs
import TestSupport
import Testing

@Suite("Filters")
struct FilterTests {
    private let entry: JobEntry = {
        var newest = run("r", .failed, of: "ocid1.job.xyz", took: 5)
        newest.createdByName = "Ada Lovelace"
        newest.launch = .scheduled
        var board = JobBoard()
        board.watch([Job(id: JobID("ocid1.job.xyz"), name: "Load Orders", path: "/etl/nightly")])
        board.record([newest], of: [JobID("ocid1.job.xyz")], at: now)
        return board[JobID("ocid1.job.xyz")] ?? JobEntry(job: Job(id: JobID("")))
    }()

    @Test(
        "every word must be in the row, regardless of case; a word after ! must not",
        arguments: [
            ("", true), ("   ", true), ("orders", true), ("ORDERS", true), ("load orders", true), ("orders load", true),
            ("nightly", false), ("/nightly", true), ("etl/", true), ("etl/daily", false), ("!/nightly", false),
            ("xyz", false), ("ocid1.job.x", true), ("OCID1.JOB.XYZ", true), ("failed", true), ("fail", true),
            ("ailed", false), ("!ailed", true), ("lovelace", true), ("scheduled", true),
            ("orders payments", false), ("payments", false), ("!payments", true), ("!orders", false),
            ("load !failed", false), ("load !success", true), ("!", true), ("load !", true), ("!!", true),
            (".*", false), ("load\torders", true), ("\u{0}", false),
        ])
    func words(text: String, isShown: Bool) {
        #expect(JobFilter(text: text).matches(entry, at: now) == isShown)
    }

    @Test("finds a status by the start of any of its words, and by its word on the screen")
    func statuses() {
        let entry = RunsTests.entry([run("r", .upstreamFailed, took: 1)], name: "x")
        for (text, isFound) in [
            ("upstream", true), ("failed", true), ("upstream_failed", true), ("_failed", false), ("stream", false),
            ("d", false), ("up-fail", true), ("pfail", false), ("fail", true),
        ] {
            let isShown = JobFilter(text: text).matches(entry, at: now) { _, run in
                run == nil ? [] : ["UP-FAIL"]
            }
            #expect(isShown == isFound, "\(text)")
        }
        #expect(!JobFilter(text: "up-fail").matches(entry, at: now))
        let repeated = RunsTests.entry([run("r", .unknown("XA_XA_A"), took: 1)], name: "x")
        #expect(JobFilter(text: "a").matches(repeated, at: now), "a later word begins so")
    }

    @Test("searches the run in the row, not a skipped one before it")
    func leadingRun() {
        let entry = RunsTests.entry([run("s", .skipped, ago: 5), run("r", .running, ago: 50)], name: "x")
        #expect(JobFilter(text: "running").matches(entry, at: now))
        #expect(!JobFilter(text: "skipped").matches(entry, at: now))
    }

    @Test("finds who triggered a run by name, else by OCID")
    func who() {
        var mine = run("r", .success, took: 1)
        mine.createdBy = "ocid1.user.abc"
        #expect(JobFilter(text: "user.abc").matches(RunsTests.entry([mine]), at: now))
        mine.createdByName = "Ada"
        #expect(JobFilter(text: "ada").matches(RunsTests.entry([mine]), at: now))
        #expect(!JobFilter(text: "user.abc").matches(RunsTests.entry([mine]), at: now), "the row shows the name")
        mine.createdByName = ""
        #expect(JobFilter(text: "user.abc").matches(RunsTests.entry([mine]), at: now))
    }

    @Test("finds a job without runs by its known fields")
    func withoutRuns() {
        let bare = JobEntry(job: Job(id: JobID("k-1")))
        #expect(JobFilter(text: "k-1").matches(bare, at: now))
        #expect(!JobFilter(text: "success").matches(bare, at: now))
        #expect(JobFilter(text: "!success").matches(bare, at: now))
    }

    @Test(
        "a focus shows one group of jobs",
        arguments: [
            (JobFilter.Focus.all, ["broken", "late", "queued", "behind", "fine"]), (.broken, ["broken"]),
            (.late, ["late"]),
            (.active, ["broken", "late", "queued", "behind"]),
        ])
    func focus(focus: JobFilter.Focus, expected: [String]) {
        let jobs = [
            JobEntry.of([run("1", .running, ago: 5), run("2", .failed, ago: 60, took: 1)], "broken"),
            .of([run("3", .running, ago: 5000)] + successes([60, 60, 60]), "late"),
            .of([run("4", .queued)], "queued"),
            .of([run("6", .skipped, ago: 1), run("7", .running, ago: 9)], "behind"),
            .of([run("5", .success, took: 1)], "fine"),
        ]
        #expect(jobs.filter { JobFilter(focus: focus).matches($0, at: now) }.map(\.name) == expected)
    }

    @Test(
        "a word finds the jobs with a verdict that starts with it",
        arguments: [("stuck", true), ("stu", true), ("tuck", false), ("slow", false), ("!stuck", false)])
    func verdicts(text: String, isShown: Bool) {
        let known = successes([60, 61, 59, 60, 62, 61])
        let stuck = RunsTests.entry([run("now", .running, ago: 40_000)] + known, name: "orders")
        #expect(stuck.assessment(at: now).verdicts.map(\.kind) == [.stuck])
        #expect(JobFilter(text: text).matches(stuck, at: now) == isShown)
        #expect(JobFilter(text: text).matches(RunsTests.entry(known), at: now) == text.hasPrefix("!"))
    }

    @Test("flapping jobs are a separate group")
    func flapping() {
        let turns = (0..<20).map {
            run("\($0)", $0 % 2 == 0 ? .success : .failed, ago: 3_600 * Double($0 + 1), took: 60)
        }
        let jobs = [JobEntry.of(turns, "turns"), .of(successes([60, 60, 60, 60, 60, 60]), "fine")]
        #expect(jobs.filter { JobFilter(focus: .flapping).matches($0, at: now) }.map(\.name) == ["turns"])
    }

    @Test("a job must match the text and the focus")
    func both() {
        #expect(JobFilter(text: "orders", focus: .broken).matches(entry, at: now))
        #expect(!JobFilter(text: "orders", focus: .late).matches(entry, at: now))
        #expect(!JobFilter(text: "payments", focus: .broken).matches(entry, at: now))
    }

    @Test("a filter without words and focus is empty")
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

extension FilterTests {
    @Test("the ASCII search gives the same result as the general search, for any characters")
    func sameAsGeneralSearch() {
        let texts = [
            "a", "A", "ab", "aB", "é", "É", "k", "\u{212A}", "ß", "ss", "i", "İ", "x-y", "orders", "Orders", "日本", "日",
            "naïve", "NAÏVE", "nai\u{308}ve", "\u{7F}", "0",
        ]
        for word in texts {
            for field in texts + ["load_Orders_日本", "a\u{301}b", "xaBx"] {
                let entry = RunsTests.entry([run("r", .success, of: "-", took: 1)], of: "-", name: field)
                let options: String.CompareOptions = [.caseInsensitive, .literal]
                let isFound = field.range(of: word, options: options) != nil || "success".hasPrefix(word.lowercased())
                #expect(JobFilter(text: word).matches(entry, at: now) == isFound, "\(word) in \(field)")
            }
        }
    }
}
