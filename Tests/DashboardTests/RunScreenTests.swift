import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

@Suite("Runs, and one run")
struct RunScreenTests {
    let size = Size(rows: 24, columns: 80)

    @Test("from start to the root cause of the newest failure in two keys, and by one")
    func rootCauseInFewKeys() {
        var state = Sample.state(size)
        let effects = state.press(.enter, .enter)
        #expect(effects == [.poll(.listTasks(of: RunID("job-4-run-5", of: JobID("job-4"))))])
        #expect(state.screenText().contains("Cause       Caused by: java.io.IOException: No space left"))
        state = Sample.state(size)
        state.press(.character("e"))
        #expect(state.screenText().contains("\nCaused by: java.io.IOException: No space left"))
    }

    @Test("Esc goes back one step at a time, q quits from the top only")
    func goingBack() {
        var state = Sample.state(size)
        state.press(.enter, .enter, .character("?"))
        #expect(state.screenShown == .help)
        state.press(.escape)
        #expect(state.screenShown == .run)
        state.press(.character("q"))
        #expect(state.screenShown == .runs)
        state.press(.escape)
        #expect(state.screenShown == .jobs)
        expect(&state, pressing: .escape, gives: [])
        expect(&state, pressing: .character("q"), gives: [.quit])
    }

    @Test("a run shows every field the service sends")
    func everyField() {
        var state = Sample.state(Size(rows: 60, columns: 160))
        state.press(.enter, .enter)
        state.feed(.tasksListed(Sample.tasks, of: RunID("job-4-run-5", of: JobID("job-4")), at: Sample.now))
        let text = state.screenText()
        for expected in [
            "INTERNAL_ERROR", "job-4-run-5", "job-4", "gold_revenue_daily #5", "SCHEDULED", "svc_scheduler",
            "ocid1.user.oc1..aaaa4",
            "ocid1.user.oc1..runner", "2026-05-01 12:26:56", "2026-05-01 12:27:08", "12s", "1m00s",
            "Task transform failed", "Tasks (3)", "UPSTREAM_FAILED", "(retry 2)", "Error trace (13 lines)",
        ] {
            #expect(text.contains(expected), "missing: \(expected)")
        }
    }

    @Test("the trace being read stays where it is when the tasks come in")
    func tasksDoNotMoveTheTrace() {
        var state = Sample.state(size)
        state.press(.character("e"))
        let before = state.rows()
        state.feed(.tasksListed(Sample.tasks, of: RunID("job-4-run-5", of: JobID("job-4")), at: Sample.now))
        let after = state.rows()
        let line = "Caused by: java.io.IOException: No space left on device: /mnt/spark-local/blockm"
        #expect(before.firstIndex { $0.hasPrefix(line) } == after.firstIndex { $0.hasPrefix(line) })
    }

    @Test("search shows its matches, n and N go round, and no match says so")
    func search() {
        var state = Sample.state(size)
        state.press(.character("e"), .character("g"))
        state.enter("caused by", at: "/")
        func isAtFact() -> Bool { state.matchedRow?.hasPrefix("Cause       Caused by: java.io.IOEx") == true }
        #expect(isAtFact(), "the Cause among the facts matches too")
        state.press(.character("n"))
        #expect(state.matchedRow?.hasPrefix("Caused by: java.lang.IllegalStateException") == true)
        state.press(.character("n"))
        #expect(state.matchedRow?.hasPrefix("Caused by: java.io.IOException") == true)
        state.press(.character("n"))
        #expect(isAtFact())
        #expect(state.screenText().contains("Wrapped to the top."))
        state.press(.character("N"))
        #expect(state.matchedRow?.hasPrefix("Caused by: java.io.IOException") == true)
        state.enter("nowhere", at: "/")
        #expect(state.screenText().contains("is not in this text"))
    }

    @Test("long lines scroll sideways, or wrap")
    func sideways() {
        var state = Sample.state(size)
        state.press(.character("e"), .character("g"))
        state.enter("return merge", at: "/")
        let end = "left_index=left_index)"
        #expect(!state.screenText().contains(end))
        state.press(.character("w"))
        #expect(state.screenText().replacing("\n", with: "").contains(end))
        state.press(.character("w"), .character("$"))
        #expect(state.screenText().contains(end))
        state.press(.character("0"))
        #expect(!state.screenText().contains(end))
    }

    @Test("a run that is no longer listed stays, and says so")
    func unlistedRun() {
        var state = Sample.state(size)
        state.press(.enter, .enter)
        state.feed(.runs([], of: [JobID("job-4")], at: Sample.now))
        #expect(state.screenText().contains("No longer among the job's recent runs"))
        #expect(state.screenText().contains("INTERNAL_ERROR"))
    }

    @Test("Tab goes to the next job's runs, and to the run before")
    func nextView() {
        var state = Sample.state(size)
        state.press(.enter)
        let first = state.screenText()
        state.press(.tab)
        #expect(state.screenShown == .runs)
        #expect(state.screenText() != first)
        state.press(.enter)
        let effects = state.press(.tab)
        #expect(effects.count == 1)
        for _ in 0..<6 { state.press(.tab) }
        #expect(state.screenText().contains("oldest known run"))
    }

    @Test(
        "the root cause is the last Caused by, else the last exception, else an error line",
        arguments: [
            ("Traceback\nKeyError: 'a'\nCaused by: x\n at y\nCaused by: z\n\t... 3 more", 4),
            ("Traceback (most recent call last):\n  File \"a.py\"\npandas.errors.MergeError: keys", 2),
            ("x\nORA-00942: table or view does not exist\n", 1),
            ("java.lang.OutOfMemoryError: Java heap space\n\tat a.b(C.java)", 0),
            ("+ cp a b\ncp: error: no such file\nexit 1", 1),
            ("fatal: not a git repository\nexit 128", 0), ("x\n\u{1B}[1;31mERROR:\u{1B}[0m no space\nexit 1", 1),
            ("error: a\nfatal: b\nerrors: c", 1), ("warning: x\nrsync error: some files\nbye", 1),
            ("KeyError: 'a'\nerror: exit", 0), ("[ERROR] x\n[INFO] y\nerror: z", 2),
            ("oracledb.exceptions.DatabaseError: ORA-00001: unique\nORA-06512: at line 1\nHelp: x", 0),
            ("ORA-06512: at line 1\nPLS-00201: identifier\n", 1), ("ORA-00942 and more\nerror: x", 1),
            ("14:02:11  Runtime Error in model fct (models/fct.sql)\n14:02:11  Done. ERROR=1", 0),
            ("14:02:11  Failure in test not_null_id (models/x.yml)\nDone.", 0),
            ("Database Error in model x\nfatal: y", 0),
            ("Compilation Error in model x (y)\n", 0), ("No Error in model x\nerror: y", 1),
            ("Runtime Error in model x\n  [DELTA_FAILED_TO_MERGE_FIELDS] Failed to merge\n  compiled code", 1),
            ("[PARSE_ERROR.X] y\n[not_one] z\n[X_Y]z\n[2026_05_01] z\n[A_B", 0),
            ("Exception in thread \"main\" java.lang.IllegalStateException: x\n\tat a.b(C.java)", 0),
            ("Py4JJavaError: An error occurred\n: org.apache.spark.SparkException: Job aborted\n\tat x", 1),
            ("java.net.SocketTimeout\nx", 0), ("SystemExit: 1", 0), ("KeyboardInterrupt", 0), ("a.BuildFailure: x", 0),
            ("lower.error: x\nFailed with Error\nerror: y", 2), ("Error in x\nerror: y", 1),
        ])
    func rootCause(_ trace: String, _ line: Int) {
        #expect(ErrorTrace(trace).rootCause == line)
    }

    @Test("no cause is said, not guessed")
    func noRootCause() {
        #expect(ErrorTrace("all is well\nbye").rootCause == nil)
        #expect(ErrorTrace("12:00:00  Error without a name\n: \n[]\n[A_B]\nException in thread \"x").rootCause == nil)
        #expect(ErrorTrace("").rootCause == nil)
        #expect(ErrorTrace(nil).rootCause == nil)
        #expect(ErrorTrace(nil).lines.isEmpty)
    }
}
