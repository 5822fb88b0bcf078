import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

@Suite("The facts of a run, and copying and saving its text")
struct RunFactsTests {
    private let size = Size(rows: 50, columns: 100)

    private func state(_ run: JobRun, _ keys: Key...) -> DashboardState {
        var state = OneRun.state(run, size, .enter, .enter)
        state.press(keys)
        return state
    }

    // MARK: Facts

    @Test("each field of a run has its own label")
    func facts() {
        let run = OneRun.run {
            $0.name = "orders #7"
            $0.launch = .manual
            $0.createdBy = "ocid1.user.a"
            $0.createdByName = "ana"
            $0.runAs = "ocid1.user.b"
            $0.updated = Sample.now.addingTimeInterval(-10)
        }
        let rows = state(run).rows()
        for expected in [
            "✗ FAILED  orders", "Run         orders #7", "Run key     run", "Job key     job", "Trigger     MANUAL",
            "Created by  ana  ocid1.user.a", "Runs as     ocid1.user.b", "Created     2026-05-01 12:30:56  (4m ago)",
            "Waited      12s", "Started     2026-05-01 12:31:08  (3m ago)", "Ended       2026-05-01 12:32:08  (2m ago)",
            "Took        1m00s", "Usually     –", "Updated     2026-05-01 12:34:46  (10s ago)", "Data        0s old",
        ] {
            #expect(rows.contains(expected), "missing: \(expected)")
        }
    }

    @Test("a missing field is a dash, and rare fields are omitted")
    func missing() {
        var run = JobRun(id: OneRun.key, status: .failed)
        run.isUserCanceledOrTimedOut = false
        let rows = state(run).rows()
        for label in ["Run         ", "Trigger     ", "Created by  ", "Runs as     ", "Created     ", "Waited      "] {
            #expect(rows.contains(label + "–"), "\(label)")
        }
        #expect(rows.contains("Ended       –"))
        #expect(rows.contains("Took        –"))
        for label in ["Canceled", "Stale", "Cause"] {
            #expect(!rows.contains { $0.hasPrefix(label) }, "\(label)")
        }
    }

    @Test("shows a cancellation, a failed refresh and a missing end")
    func rareFacts() {
        var state = state(OneRun.run(.running) { $0.isUserCanceledOrTimedOut = true })
        #expect(state.screenText().contains("Canceled    by a user, or by its time-out"))
        #expect(state.screenText().contains("Ended       not yet"))
        state.feed(.runsFailed(Sample.expiredToken, of: [OneRun.job.id], at: Sample.now))
        #expect(state.screenText().contains("Stale       recentJobRuns: 401"))
    }

    @Test("shows what is usual, and compares this run with it")
    func usual() {
        let runs = (0..<4).map { age in
            var run = JobRun(id: RunID("run-\(age)", of: OneRun.job.id), status: age == 0 ? .failed : .success)
            run.created = Sample.now.addingTimeInterval(Double(-3_600 * (age + 1)))
            run.started = run.created
            run.ended = run.created?.addingTimeInterval(age == 0 ? 150 : 60)
            return run
        }
        var state = OneRun.state(OneRun.run(), size)
        state.feed(.runs(runs, of: [OneRun.job.id], at: Sample.now))
        state.press(.enter, .enter)
        #expect(state.screenText().contains("Usually     median 1m00s, 9 of 10 within 1m00s (3 runs); this one 2.5×"))
    }

    @Test("a message has its title and its lines, an empty one is omitted")
    func message() {
        let text = state(OneRun.run(message: "\u{1B}[31mone\u{1B}[0m\ntwo")).screenText()
        #expect(text.contains("\n\nState message\none\ntwo\n\nTasks"))
        #expect(!state(OneRun.run(message: "")).screenText().contains("State message"))
    }

    @Test("the trace has a title with its number of lines, in singular and plural")
    func traceTitle() {
        #expect(state(OneRun.run(trace: "x")).screenText().contains("\n\nError trace (1 line)\nx"))
        #expect(state(OneRun.run(trace: "x\ny")).screenText().contains("Error trace (2 lines)\nx\ny"))
        #expect(state(OneRun.run()).screenText().contains("No error trace"))
    }

    @Test("labels are quiet, the title has the status's style, the cause is broken")
    func styles() throws {
        let state = state(OneRun.run(trace: "  KeyError: 'id'\nnext"))
        let canvas = state.drawn()
        let theme = Theme(.dark)
        let label = try #require(state.rowIndex(of: "Run key"))
        #expect(canvas[label, 0].style == theme.style(.quiet))
        #expect(canvas[label, 12].style == theme.style(.text))
        #expect(canvas[2, 0].style == theme.style(.status(.failed)))
        let cause = try #require(state.rowIndex(of: "Cause       KeyError: 'id'"))
        #expect(canvas[cause, 12].style == theme.style(.broken))
        let line = try #require(state.rowIndex(of: "  KeyError"))
        #expect(canvas[line, 2].style == theme.style(.broken))
        #expect(canvas[line + 1, 0].style == theme.style(.text))
    }

    @Test("a direction override looks different from text that spells it, in every fact and line")
    func escapesStandOut() {
        func reversed(_ text: String) -> String {
            let run = OneRun.run(trace: "Caused by: \(text)", message: text) {
                $0.name = text
                $0.createdBy = text
                $0.createdByName = text
                $0.runAs = text
                $0.launch = .unknown(text)
            }
            return state(run).reversedText()
        }
        #expect(reversed("a<U+202E>b").isEmpty)
        let hostile = reversed("a\u{202E}b").split(separator: "\n")
        #expect(
            hostile == ["<U+202E>", "<U+202E>", "<U+202E>", "<U+202E><U+202E>", "<U+202E>", "<U+202E>", "<U+202E>"])
    }

    // MARK: Copying and saving

    private static let hostile =
        "\u{1B}[31merror:\u{1B}[0m no space\r\nx \u{1B}[201~\u{1B}c\u{7}\u{202E}\n\tat y\u{9B}2J\n10%\r100%\n"

    @Test("y copies and s saves the text as shown: no byte controls a terminal")
    func shownText() throws {
        let shown = "error: no space\nx <U+001B>c<U+0007><U+202E>\n        at y<U+009B>2J\n100%"
        var state = state(OneRun.run(trace: Self.hostile))
        for line in shown.split(separator: "\n") { #expect(state.screenText().contains("\n" + line)) }
        expect(&state, pressing: .character("y"), gives: [.copy(shown, what: "the trace (4 lines)")])
        state.press(.character("s"))
        #expect(state.press(.enter).savedText == [shown, "runtop-orders-run.txt"])
    }

    @Test("without a trace they use the message, else the run's key, made safe as well")
    func shownTextOfOthers() {
        var message = state(OneRun.run(message: "a\u{1B}]0;x\u{7}b\u{0}"))
        expect(&message, pressing: .character("y"), gives: [.copy("ab<U+0000>", what: "the state message (1 line)")])
        var run = JobRun(id: RunID("r\u{1B}[201~", of: OneRun.job.id), status: .failed)
        run.errorTrace = ""
        run.stateMessage = ""
        var key = state(run)
        expect(&key, pressing: .character("y"), gives: [.copy("r<U+001B>[201~", what: "the run key")])
    }

    @Test("y on tables copies a key that is safe to paste")
    func tableKeys() {
        let job = Job(id: JobID("j\u{1B}\n"), name: "x")
        var state = Sample.state(size, board: false)
        state.feed(.jobsListed([job], at: Sample.now))
        let run = JobRun(id: RunID("r\u{7}", of: job.id), status: .failed)
        state.feed(.runs([run], of: [job.id], at: Sample.now))
        state.press(.up)
        expect(&state, pressing: .character("y"), gives: [.copy("j<U+001B><U+000A>", what: "the job key")])
        state.press(.enter)
        expect(&state, pressing: .character("y"), gives: [.copy("r<U+0007>", what: "the run key")])
    }

    @Test("the message says what was copied, and when only the terminal knows whether it was")
    func copyNotices() {
        var state = state(OneRun.run(trace: "x\ny"))
        _ = state.update(.copied("the trace (2 lines)", by: .tmux), at: Sample.now)
        #expect(state.lastRow == " Copied the trace (2 lines).")
        _ = state.update(.copied("the job key", by: .terminal), at: Sample.now)
        #expect(state.lastRow == " Copied the job key, if this terminal allows it (OSC 52).")
        _ = state.update(.copyFailed, at: Sample.now)
        #expect(state.lastRow == " Too long for the clipboard; save it to a file instead.")
    }

    @Test(":save-raw saves the original bytes, and needs a run and a file name")
    func saveRaw() {
        func typed(_ command: String, _ state: inout DashboardState) -> [Effect] {
            state.enter(command, at: ":")
        }
        var state = state(OneRun.run(trace: Self.hostile, message: "m"))
        #expect(typed("save-raw  ~/a b.txt ", &state) == [.saveRaw(Self.hostile, path: "~/a b.txt")])
        #expect(typed("save-raw", &state) == [])
        #expect(state.lastRow == " save-raw takes the name of a file to write.")
        state.press(.character("?"))
        state.resize(rows: 200, columns: 120)
        #expect(state.screenText().contains("save-raw FILE"))
        state.press(.escape, .escape)
        #expect(typed("save-raw x", &state) == [])
        #expect(state.lastRow == " save-raw does nothing on this screen.")
        var message = self.state(OneRun.run(trace: "", message: "m\u{7}"))
        #expect(typed("save-raw x", &message) == [.saveRaw("m\u{7}", path: "x")])
        var nothing = self.state(OneRun.run())
        #expect(typed("save-raw x", &nothing) == [])
        #expect(nothing.rows().last == " This run has no error trace.")
    }

    @Test("the message of a failed save starts with its reason, so that a long path does not hide it")
    func saveFailed() {
        var state = Sample.state(Size(rows: 24, columns: 80))
        let path = "runtop-ingest_orders_kafka-36935a53-1205-4eb5-a387-d55dc464d907.txt"
        _ = state.update(
            .saveFailed(path: path, reason: "there is a file of that name; choose another"), at: Sample.now)
        #expect(
            state.lastRow.hasPrefix(" Not saved: there is a file of that name; choose another (runtop-"))
        _ = state.update(.saved(path: path), at: Sample.now)
        #expect(state.lastRow == " Saved to \(path).")
    }

    @Test("saves nothing without a file name, or after Esc")
    func savePrompt() {
        var state = state(OneRun.run(trace: "x"), .character("s"), .control("u"), .character(" "))
        expect(&state, pressing: .enter, gives: [])
        #expect(state.lastRow == " Not saved: the file has no name.")
        state.press(.character("s"))
        expect(&state, pressing: .escape, gives: [])
        #expect(!state.lastRow.contains("save to"))
        state.press(.character("s"), .control("u"))
        state.type("a.txt")
        #expect(state.press(.enter).savedText == ["x", "a.txt"])
    }

    @Test(
        "a file name has the letters of the job's name and the run's key, and no folder",
        arguments: [
            ("etl/daily", "run", "runtop-etl-daily-run.txt"), ("../../x", "a/b", "runtop-..-..-x-a-b.txt"),
            ("Ünï \u{7}_1.b", "é", "runtop--n---_1.b--.txt"),
            (String(repeating: "n", count: 99), "r", "runtop-\(String(repeating: "n", count: 60))-r.txt"),
        ])
    func fileName(_ job: String, _ run: String, _ name: String) {
        func offered(_ jobName: String?) -> String {
            var failed = JobRun(id: RunID(run, of: JobID("key")), status: .failed)
            failed.jobName = jobName
            failed.errorTrace = "x"
            var state = Sample.state(size, board: false)
            state.feed(.jobsListed([Job(id: failed.job)], at: Sample.now))
            state.feed(.runs([failed], of: [failed.job], at: Sample.now))
            state.press(.enter, .enter, .character("s"))
            guard case .save(_, let path)? = state.press(.enter).first else { return "" }
            return path
        }
        #expect(offered(job) == name)
        #expect(offered(nil).hasPrefix("runtop-key-"))
    }
}
