import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

@Suite("The tasks of a run, their output, and related runs")
struct TaskScreenTests {
    static let run = RunID("job-4-run-5", of: JobID("job-4"))
    static let transform = TaskRunID(run: run, key: "t2")

    static let nodes = [
        TaskNode(key: "publish", kind: "JOB_TASK", after: ["transform", "extract"]),
        TaskNode(key: "extract", kind: "PYTHON_TASK"),
        TaskNode(key: "transform", kind: "NOTEBOOK_TASK", after: ["extract"]),
        TaskNode(key: "notify", after: ["publish"]),
    ]

    static let tasks: [TaskRun] = Sample.tasks.map { task in
        var task = task
        task.taskKey = task.name
        return task
    }

    static var details: RunDetails {
        var details = RunDetails(run: Sample.runs(of: Sample.jobs[4])[4])
        (details.setup, details.execution, details.cleanup) = (.seconds(12), .seconds(60), .seconds(3))
        details.parameters = [
            RunParameter(name: "cluster", value: "etl"), RunParameter(name: "day", value: "x\u{202E}y"),
        ]
        (details.parent, details.root) = ("parent-run", "root-run")
        var first = RunAttempt(status: .failed)
        (first.number, first.kind, first.started) = (0, "ORIGINAL", Sample.now.addingTimeInterval(-900))
        first.ended = Sample.now.addingTimeInterval(-840)
        var second = first
        (second.number, second.kind, second.status) = (1, "REPAIR", .failed)
        details.attempts = [first, second]
        return details
    }

    static var output: TaskOutput {
        var output = TaskOutput(text: "12:27:10 INFO read 200 rows\n12:27:11 INFO join\u{1B}[31m!\u{1B}[0m\n")
        output.errorTrace = "Traceback (most recent call last):\n  File \"etl.py\", line 3\nKeyError: 'customer_id'"
        output.isTruncated = true
        (output.setup, output.execution, output.cleanup) = (.seconds(1), .seconds(58), .seconds(1))
        var earlier = RunAttempt(status: .failed)
        (earlier.number, earlier.started) = (0, Sample.now.addingTimeInterval(-200))
        earlier.ended = Sample.now.addingTimeInterval(-190)
        earlier.message = "Timed out"
        output.earlierTries = [earlier]
        return output
    }

    /// The run of the sample with its tasks and details, and the table of tasks opened.
    static func state(
        _ size: Size = Size(rows: 24, columns: 80), theme: Theme = Theme(.dark), glyphs: Glyphs = .utf8
    ) -> DashboardState {
        var state = Sample.state(size, theme: theme, glyphs: glyphs)
        state.press(.enter, .enter)
        state.feed(.tasksListed(tasks, of: run, at: Sample.now))
        state.feed(.inspected(.graph(of: run.job), .graph(nodes), at: Sample.now))
        state.feed(.inspected(.run(run), .run(details), at: Sample.now))
        state.press(.enter)
        return state
    }

    @Test("tasks are below those they wait for, the failed one is selected, and Esc returns to the run")
    func table() {
        var state = Self.state()
        #expect(state.context == .tasks)
        let rows = state.rows()
        let places = ["extract", "└ transform", "└ publish", "└ notify"].map { name in
            rows.firstIndex { $0.contains(name) } ?? -1
        }
        #expect(places == places.sorted() && !places.contains(-1))
        #expect(rows[places[1]].hasPrefix(">"))
        #expect(rows[places[3]].contains("not run"))
        #expect(rows[places[0]].contains("SUCCESS"))
        state.press(.escape)
        #expect(state.screenShown == .run)
    }

    @Test("bars share a time axis and have their status's colour, in ASCII too")
    func bars() throws {
        let tree = TaskTree(Self.tasks, nodes: Self.nodes, glyphs: .ascii, at: Sample.now)
        let bars = tree.rows.compactMap(\.task).map { tree.bar(of: $0, width: 11, glyphs: .ascii, at: Sample.now) }
        // From -230 s to -120 s: 50 of 110 seconds, then 60.
        #expect(bars.map { $0.map(\.text).joined().plainText } == ["#####......", "     ######", ""])
        #expect(bars[1].last?.role == .status(.failed))
    }

    @Test("a task that waits for itself or for a missing task is shown once")
    func cycles() {
        let nodes = [
            TaskNode(key: "a", after: ["b"]), TaskNode(key: "b", after: ["a"]),
            TaskNode(key: "c", after: ["c", "gone"]),
        ]
        let tree = TaskTree([], nodes: nodes, glyphs: .utf8, at: Sample.now)
        #expect(tree.rows.map(\.name.plainText).sorted() == ["a", "b", "c"])
    }

    @Test("orders a chain of a thousand tasks")
    func deep() {
        let nodes = (0..<1_000).map { TaskNode(key: "\($0)", after: $0 > 0 ? ["\($0 - 1)"] : []) }
        let tree = TaskTree([], nodes: nodes.shuffled(), glyphs: .utf8, at: Sample.now)
        #expect(tree.rows.map(\.name.plainText) == (0..<1_000).map(String.init))
    }

    @Test("Enter on a task opens its output at the cause, and shows if the service cut it")
    func opensOutput() {
        var state = Self.state()
        expect(&state, pressing: .enter, gives: [.poll(.inspect(.output(of: Self.transform)))])
        #expect(state.context == .output)
        #expect(state.screenText().contains("Asking the service for the output"))
        state.feed(.inspected(.output(of: Self.transform), .output(Self.output), at: Sample.now))
        let text = state.screenText()
        #expect(text.contains("Cause       KeyError: 'customer_id'"))
        #expect(text.contains("The service kept only a part of this output: 57 characters."))
        #expect(text.contains("Output (2 lines), then the error trace (3 lines)"))
        #expect(text.contains("12:27:11 INFO join!"))
        #expect(text.contains("\nKeyError: 'customer_id'"))
        #expect(text.contains("Earlier tries (1)"))
        expect(
            &state, pressing: .character("y"),
            gives: [
                .copy(
                    "12:27:10 INFO read 200 rows\n12:27:11 INFO join!\nTraceback (most recent call last):\n"
                        + "  File \"etl.py\", line 3\nKeyError: 'customer_id'", what: "the output (5 lines)")
            ])
        state.press(.escape)
        #expect(state.context == .tasks)
    }

    @Test("an output that cannot be requested shows the reason, and is requested again with the next cycle")
    func failed() {
        var state = Self.state()
        state.press(.enter)
        state.feed(.inspected(.output(of: Self.transform), .failed(Sample.expiredToken), at: Sample.now))
        #expect(state.screenText().replacing("\n", with: "").contains("The output was not fetched: recentJobRuns: 401"))
        let effects = state.feed(.cycleEnded(CycleReport()))
        #expect(effects.contains(.poll(.inspect(.output(of: Self.transform)))))
    }

    @Test("a task without an output, or with an empty one, says so")
    func nothing() {
        var state = Self.state()
        state.press(.enter)
        var none = TaskOutput(text: "")
        none.exists = false
        state.feed(.inspected(.output(of: Self.transform), .output(none), at: Sample.now))
        #expect(state.screenText().contains("The service has no output of this task."))
        #expect(state.screenText().contains("It printed nothing"))
        state.press(.escape, .down, .down, .enter)
        #expect(state.lastRow == " This task has not run in this run.")
    }

    @Test("Enter on the parent requests and opens it, and Esc returns to the tasks")
    func follows() {
        var state = Self.state()
        state.press(.character("G"), .up)
        expect(&state, pressing: .enter, gives: [.poll(.inspect(.named(key: "parent-run", by: Self.run)))])
        var parent = RunDetails(run: JobRun(id: RunID("parent-run", of: JobID("job-far")), status: .success))
        parent.run.jobName = "nightly"
        let effects = state.feed(.inspected(.named(key: "parent-run", by: Self.run), .run(parent), at: Sample.now))
        #expect(effects == [.poll(.listTasks(of: parent.run.id))])
        #expect(state.screenText().contains("Run key     parent-run"))
        state.press(.escape)
        #expect(state.context == .tasks)
        state.press(.enter, .escape)
        state.feed(.inspected(.named(key: "parent-run", by: Self.run), .run(parent), at: Sample.now))
        #expect(state.context == .run, "an answer that comes when one has gone elsewhere opens nothing")
        #expect(state.screenText().contains("Run key     job-4-run-5"))
    }

    @Test("a parent that cannot be opened shows the reason")
    func followFails() {
        var state = Self.state()
        state.press(.character("G"), .enter)
        state.feed(.inspected(.named(key: "root-run", by: Self.run), .failed(Sample.expiredToken), at: Sample.now))
        #expect(state.lastRow.contains("The run root-run cannot be opened"))
    }

    @Test("the run shows its times, parameters, attempts, parent and root, or why they are unknown")
    func details() {
        var state = Self.state(Size(rows: 60, columns: 130))
        state.press(.escape)
        let text = state.screenText()
        for expected in [
            "Times       setup 12s, execution 1m00s, clean-up 3s", "Parent run  parent-run", "Root run    root-run",
            "Parameters  cluster = etl", "day = x<U+202E>y", "Attempts (2)", "ORIGINAL", "REPAIR", "└ transform",
        ] {
            #expect(text.contains(expected), "missing: \(expected)")
        }
        state.feed(.inspected(.run(Self.run), .failed(Sample.expiredToken), at: Sample.now))
        #expect(state.screenText().contains("Details     not read: recentJobRuns: 401"))
    }

    @Test("the screen follows the end of a growing output, and stays elsewhere")
    func grows() {
        var state = Self.state()
        state.press(.enter)
        var output = TaskOutput(text: OneRun.lines.joined(separator: "\n") + "\n")
        state.feed(.inspected(.output(of: Self.transform), .output(output), at: Sample.now))
        state.press(.character("G"))
        output.text += "line 101.\n"
        state.feed(.inspected(.output(of: Self.transform), .output(output), at: Sample.now))
        #expect(state.rows()[22] == "line 101.")
        state.press(.pageUp)
        let before = state.rows()[5]
        output.text += "line 102.\n"
        state.feed(.inspected(.output(of: Self.transform), .output(output), at: Sample.now))
        #expect(state.rows()[5] == before)
    }
}
