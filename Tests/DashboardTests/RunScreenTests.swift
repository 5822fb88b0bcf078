import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

@Suite("Runs and one run")
struct RunScreenTests {
    let size = Size(rows: 24, columns: 80)

    @Test("from the start to the root cause of the newest failure with two keys, or with one")
    func rootCauseInFewKeys() {
        var state = Sample.state(size)
        let effects = state.press(.enter, .enter)
        #expect(effects == [.poll(.listTasks(of: RunID("job-4-run-5", of: JobID("job-4"))))])
        #expect(state.screenText().contains("Cause       Caused by: java.io.IOException: No space left"))
        state = Sample.state(size)
        state.press(.character("e"))
        #expect(state.screenText().contains("\nCaused by: java.io.IOException: No space left"))
    }

    @Test("Esc returns one step at a time, q quits only at the top")
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

    @Test("a run shows all fields of the service")
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

    @Test("the visible trace stays in place when the tasks arrive")
    func tasksDoNotMoveTheTrace() {
        var state = Sample.state(size)
        state.press(.character("e"))
        let before = state.rows()
        state.feed(.tasksListed(Sample.tasks, of: RunID("job-4-run-5", of: JobID("job-4")), at: Sample.now))
        let after = state.rows()
        let line = "Caused by: java.io.IOException: No space left on device: /mnt/spark-local/blockm"
        #expect(before.firstIndex { $0.hasPrefix(line) } == after.firstIndex { $0.hasPrefix(line) })
    }

    @Test("a search shows its matches, n and N wrap, and there is a message without a match")
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

    @Test("long lines scroll sideways or wrap")
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

    @Test("a run that is no longer listed stays visible, and says so")
    func unlistedRun() {
        var state = Sample.state(size)
        state.press(.enter, .enter)
        state.feed(.runs([], of: [JobID("job-4")], at: Sample.now))
        #expect(state.screenText().contains("No longer among the job's recent runs"))
        #expect(state.screenText().contains("INTERNAL_ERROR"))
    }

    @Test("Tab goes to the next job's runs, and to the previous run")
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
        "the cause of a trace is its line on the screen, whatever terminal output it contains",
        arguments: [
            ("Traceback\nKeyError: 'a'\nCaused by: x\n at y\nCaused by: z\n\t... 3 more", 4),
            ("x\nORA-00942: table or view does not exist\n", 1),
            ("x\r\n\u{1B}[1;31mERROR:\u{1B}[0m no space\r\nexit 1", 1),
            ("10%\r100%\n\n12:00:00 KeyError: 'id'", 2),
        ])
    func rootCause(_ trace: String, _ line: Int) {
        #expect(ErrorTrace(trace).rootCause == line)
    }

    @Test("says that there is no cause, without guessing")
    func noRootCause() {
        #expect(ErrorTrace("all is well\nbye").rootCause == nil)
        #expect(ErrorTrace("").rootCause == nil)
        #expect(ErrorTrace(nil).rootCause == nil)
        #expect(ErrorTrace(nil).lines.isEmpty)
    }

    @Test("the cause of a failure is that of its trace, else of its message, else the message's first line")
    func failureCauses() {
        func cause(trace: String?, message: String?) -> String? {
            failureCause(of: OneRun.run(trace: trace, message: message))
        }
        #expect(cause(trace: "x\nKeyError: 'id'", message: "Task failed") == "KeyError: 'id'")
        #expect(cause(trace: "x", message: "Run 7 ended\nReason: no space left") == "Reason: no space left")
        #expect(cause(trace: nil, message: "\n  Cluster is gone") == "Cluster is gone")
        #expect(cause(trace: nil, message: " \n") == nil)
        #expect(cause(trace: "KeyError: " + String(repeating: "a", count: 900), message: nil)?.count == 300)
    }
}
