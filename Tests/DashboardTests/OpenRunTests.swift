import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

@Suite("An open run during answers")
struct OpenRunTests {
    private let ended = PollEvent.cycleEnded(CycleReport())
    private let listTasks = Effect.poll(.listTasks(of: OneRun.key))

    private func answer(_ run: JobRun) -> PollEvent { .runs([run], of: [OneRun.job.id], at: Sample.now) }

    private func listed(_ tasks: [TaskRun], after seconds: Double = 0) -> PollEvent {
        .tasksListed(tasks, of: OneRun.key, at: Sample.now.addingTimeInterval(seconds))
    }

    // MARK: The root cause

    @Test(
        "e shows the root cause, and still does when the tasks arrive",
        arguments: [0, 1, 4, 20],
        [Size(rows: 24, columns: 80), Size(rows: 12, columns: 40), Size(rows: 5, columns: 20)])
    func causeStays(_ tasks: Int, _ size: Size) throws {
        for trace in [
            Sample.trace, OneRun.longTrace, "KeyError: 'id'", "KeyError: 'id'\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10",
        ] {
            var state = OneRun.state(OneRun.run(trace: trace), size, .character("e"))
            let cause = trace == Sample.trace ? "Caused by: java.io." : "KeyError: 'id'"
            let before = try #require(state.rowIndex(of: cause))
            state.feed(listed(OneRun.tasks(tasks)))
            let after = try #require(state.rowIndex(of: cause), "\(tasks) tasks, \(size)")
            #expect(after == before)
        }
    }

    @Test("the cause is below three lines of context, and the header counts the visible lines")
    func context() {
        var state = OneRun.state(OneRun.run(trace: OneRun.longTrace), Size(rows: 24, columns: 80), .character("e"))
        #expect(state.rowIndex(of: "KeyError") == 5)
        #expect(state.rowIndex(of: "before 58") == 2)
        let first = state.linesInSight
        #expect(first[1] - first[0] == 20)
        state.feed(listed(OneRun.tasks(4)))
        #expect(state.rowIndex(of: "KeyError") == 5)
        #expect(state.linesInSight == [first[0] + 3, first[1] + 3, first[2] + 3])
    }

    @Test("a failed refresh adds a line to the facts, and the visible trace stays")
    func staleLine() throws {
        var state = OneRun.state(OneRun.run(trace: OneRun.longTrace), Size(rows: 24, columns: 80), .enter, .enter)
        for _ in 0..<3 { state.press(.pageDown) }
        func firstLine() -> String {
            let arranged = state.arranged()
            return arranged.rows()[arranged.layout.text.top]
        }
        let before = firstLine()
        #expect(before.hasPrefix("before "))
        state.feed(.runsFailed(Sample.expiredToken, of: [OneRun.job.id], at: Sample.now))
        #expect(firstLine() == before)
        state.feed(answer(OneRun.run(trace: OneRun.longTrace)))
        #expect(firstLine() == before)
    }

    @Test("at the end of the text the header counts the drawn lines, and the first Up scrolls")
    func endOfText() {
        let trace = "KeyError: 'id'\n" + (1...10).map { "after \($0)" }.joined(separator: "\n")
        var state = OneRun.state(OneRun.run(trace: trace), Size(rows: 24, columns: 80), .character("e"))
        state.feed(listed([]))
        state.feed(listed(OneRun.tasks(7)))
        state.feed(listed(OneRun.tasks(2)))
        let lines = state.linesInSight
        #expect(lines[1] == lines[2])
        #expect(lines[1] - lines[0] == 20)
        state.press(.up)
        #expect(state.linesInSight == [lines[0] - 1, lines[1] - 1, lines[2]])
        // A list that becomes shorter leaves no empty rows at the end.
        state.press(.character("G"))
        state.feed(listed([]))
        #expect(state.linesInSight[1] == state.linesInSight[2])
        #expect(state.linesInSight[1] - state.linesInSight[0] == 20)
    }

    @Test("t shows the tasks, and still does when they arrive")
    func tasksAreFollowed() {
        var state = OneRun.state(OneRun.run(trace: OneRun.longTrace), Size(rows: 24, columns: 80), .enter, .enter)
        state.press(.character("t"))
        #expect(state.rowIndex(of: "Tasks") == 4)
        state.feed(listed(OneRun.tasks(9)))
        #expect(state.rowIndex(of: "Tasks (9)") == 4)
        state.feed(listed(OneRun.tasks(30)))
        #expect(state.rowIndex(of: "Tasks (30)") == 4)
    }

    @Test("a partly visible trace stays in place")
    func traceInSight() throws {
        var state = OneRun.state(OneRun.run(trace: OneRun.longTrace), Size(rows: 24, columns: 80), .enter, .enter)
        state.press(.character("t"), .up)
        let before = try #require(state.rowIndex(of: "before 3"))
        state.feed(listed(OneRun.tasks(9)))
        #expect(state.rowIndex(of: "before 3") == before)
    }

    @Test("at the end a larger screen or a shorter text leaves no empty rows, and the first Up scrolls")
    func shorter() {
        let wide = Array(repeating: String(repeating: "x", count: 300), count: 30).joined(separator: "\n")
        for change in ["larger", "unwrapped"] {
            var state = OneRun.state(OneRun.run(trace: wide), Size(rows: 24, columns: 80), .enter, .enter)
            state.press(.character("w"), .character("G"))
            if change == "larger" { state.resize(rows: 44, columns: 80) }
            if change == "unwrapped" { state.press(.character("w")) }
            let lines = state.linesInSight
            #expect(lines[1] == lines[2], "\(change)")
            if change == "unwrapped" { #expect(lines[1] - lines[0] == 20) }
            let rows = state.rows()
            state.press(.up)
            #expect(state.rows()[3] == rows[2], "\(change)")
        }
    }

    @Test("a change of size keeps the cause visible, and so does wrapping")
    func resizing() {
        var state = OneRun.state(OneRun.run(trace: OneRun.longTrace), Size(rows: 24, columns: 80), .character("e"))
        state.resize(rows: 8, columns: 30)
        #expect(state.rowIndex(of: "KeyError") != nil)
        state.press(.character("w"))
        #expect(state.rowIndex(of: "KeyError") != nil)
        #expect(state.rowIndex(of: "KeyError") != nil)
        state = OneRun.state(OneRun.run(trace: OneRun.longTrace), Size(rows: 24, columns: 80), .character("e"), .right)
        state.resize(rows: 5, columns: 20)
        #expect(state.rowIndex(of: "KeyError") != nil, "scrolling sideways does not leave it")
    }

    @Test("after scrolling, the visible lines stay when the tasks arrive", arguments: [Key.up, .down, .pageUp])
    func scrolled(_ key: Key) {
        var state = OneRun.state(OneRun.run(trace: OneRun.longTrace), Size(rows: 24, columns: 80), .character("e"), key)
        let before = state.rows()
        state.feed(listed(OneRun.tasks(9)))
        #expect(state.rows().dropFirst(2) == before.dropFirst(2))
    }

    @Test("a search, and t, also leave the cause", arguments: [false, true])
    func leavingTheCause(_ searches: Bool) {
        var state = OneRun.state(OneRun.run(trace: OneRun.longTrace), Size(rows: 24, columns: 80), .character("e"))
        if searches {
            state.press(.character("/"))
            state.type("after 60")
            state.press(.enter)
            state.feed(listed(OneRun.tasks(2)))
            #expect(state.rowIndex(of: "after 60") != nil)
            state.press(.character("c"), .character("n"))
            #expect(state.rowIndex(of: "after 60") != nil)
        } else {
            state.press(.character("t"))
            state.feed(listed(OneRun.tasks(2)))
            #expect(state.rowIndex(of: "Tasks") != nil)
        }
    }

    @Test("at the start of a run, the start stays visible")
    func startStays() {
        var state = OneRun.state(
            OneRun.run(trace: "KeyError: 'id'"), Size(rows: 40, columns: 80), .enter, .enter)
        #expect(state.rowIndex(of: "KeyError") != nil)
        state.feed(listed(OneRun.tasks(30)))
        #expect(state.linesInSight.first == 1)
    }

    @Test("visible tasks stay when lines are added above them")
    func tasksStay() throws {
        var state = OneRun.state(OneRun.run(trace: OneRun.longTrace), Size(rows: 24, columns: 80), .enter, .enter)
        state.feed(listed(OneRun.tasks(30)))
        state.press(.character("t"))
        let before = try #require(state.rowIndex(of: "Tasks (30)"))
        state.feed(answer(OneRun.run(trace: OneRun.longTrace, message: "a message\nof two lines")))
        #expect(state.rowIndex(of: "Tasks (30)") == before)
        state.feed(answer(OneRun.run(trace: OneRun.longTrace)))
        #expect(state.rowIndex(of: "Tasks (30)") == before)
    }

    @Test("a match moves with its line when the tasks arrive, and n continues from it")
    func matchMoves() throws {
        var state = OneRun.state(OneRun.run(trace: OneRun.longTrace), Size(rows: 24, columns: 80), .enter, .enter)
        state.press(.character("/"))
        state.type("after")
        state.press(.enter)
        #expect(state.reversedText() == "after")
        let row = try #require(state.rowIndex(of: "after 1"))
        state.feed(listed(OneRun.tasks(5)))
        #expect(state.rowIndex(of: "after 1") == row)
        let canvas = state.drawn()
        #expect(canvas[row, 0].style.attributes.contains(.reverse))
        state.press(.character("n"))
        let next = try #require(state.rowIndex(of: "after 2"))
        #expect(state.drawn()[next, 0].style.attributes.contains(.reverse))
    }

    @Test("c without a cause shows the end of the trace and a message; without a trace, a message")
    func noCause() {
        let trace = (1...80).map { "line \($0)" }.joined(separator: "\n")
        var state = OneRun.state(OneRun.run(trace: trace), Size(rows: 24, columns: 80), .character("e"))
        #expect(state.rowIndex(of: "line 80") != nil)
        #expect(state.screenText().contains("No line of the trace names a cause; this is its end."))
        state.feed(listed(OneRun.tasks(9)))
        #expect(state.rowIndex(of: "line 80") != nil)
        state = OneRun.state(OneRun.run(), Size(rows: 24, columns: 80), .enter, .enter, .character("c"))
        #expect(state.screenText().contains("This run has no error trace."))
        #expect(state.linesInSight.first == 1)
    }

    @Test("a run that fails while it is open shows its trace, and c finds the cause")
    func failsWhileOpen() {
        var state = OneRun.state(OneRun.run(.running), Size(rows: 40, columns: 80), .enter, .enter)
        #expect(state.screenText().contains("No error trace"))
        state.feed(answer(OneRun.run(trace: "Traceback\nKeyError: 'id'")))
        let text = state.screenText()
        #expect(text.contains("Error trace (2 lines)"))
        #expect(text.contains("\nKeyError: 'id'"))
        #expect(text.contains("Cause       KeyError: 'id'"))
        #expect(text.contains("✗ FAILED  orders"))
        state.press(.character("c"))
        #expect(!state.screenText().contains("no error trace"))
        #expect(state.rowIndex(of: "KeyError") != nil)
    }

    // MARK: Tasks

    @Test("requests the tasks of an active run once per cycle, those of a finished run once more")
    func tasksAskedAgain() {
        var state = OneRun.state(OneRun.run(.running), Size(rows: 40, columns: 80), .enter, .enter)
        state.feed(listed(OneRun.tasks(2, .running)))
        #expect(state.feed(ended, after: 15) == [listTasks])
        #expect(state.feed(ended, after: 30) == [listTasks])
        #expect(state.feed(answer(OneRun.run(.success)), after: 45) == [])
        #expect(state.feed(ended, after: 45) == [listTasks])
        state.feed(listed(OneRun.tasks(2), after: 46))
        #expect(state.feed(ended, after: 60) == [])
        #expect(state.feed(answer(OneRun.run(.success)), after: 75) == [], "nothing has changed")
        #expect(state.feed(ended, after: 75) == [])
        #expect(state.feed(answer(OneRun.run(.success) { $0.updated = Sample.now }), after: 90) == [])
        #expect(state.feed(ended, after: 90) == [listTasks])
    }

    @Test("retries a failed request for tasks after the next cycle, and deletes nothing")
    func tasksFailed() {
        let failed = PollEvent.tasksFailed(Sample.expiredToken, of: OneRun.key, at: Sample.now)
        var state = OneRun.state(OneRun.run(.success), Size(rows: 40, columns: 80), .enter, .enter)
        #expect(state.screenText().contains("Tasks\n  asking the service"))
        #expect(state.feed(ended, after: 1) == [], "the first request is under way")
        state.feed(failed)
        #expect(state.screenText().contains("Tasks\n  not listed: recentJobRuns: 401"))
        #expect(!state.screenText().contains("asking the service"))
        #expect(state.feed(ended, after: 15) == [listTasks])
        state.feed(listed(OneRun.tasks(2)))
        #expect(!state.screenText().contains("not listed"))
        #expect(state.feed(ended, after: 30) == [])
        state.feed(failed)
        let text = state.screenText()
        #expect(text.contains("not refreshed: recentJobRuns: 401"))
        #expect(text.contains("task-1"))
        #expect(state.feed(ended, after: 45) == [listTasks])
    }

    @Test("requests no tasks for the table, but those of a run below the help")
    func tasksOfOpenRunsOnly() {
        var state = OneRun.state(OneRun.run(.running))
        #expect(state.feed(ended, after: 1) == [])
        state.press(.enter, .enter, .character("?"))
        #expect(state.feed(ended, after: 1) == [listTasks])
    }

    @Test("the list of tasks shows their number and their age")
    func tasksAge() {
        var state = OneRun.state(OneRun.run(.running), Size(rows: 40, columns: 80), .enter, .enter)
        state.feed(listed(OneRun.tasks(2, .running)))
        state.tick(after: 12)
        #expect(state.screenText().contains("Tasks (2), 12s old"))
        state.feed(listed([], after: 12), after: 12)
        #expect(state.screenText().contains("Tasks (0), 0s old\n  the service lists none"))
        state.feed(.tasksListed([], of: OneRun.key, at: Sample.now, note: "listTaskRuns: cut"), after: 13)
        #expect(state.screenText().contains("\n  listTaskRuns: cut\n"))
        state.feed(listed([], after: 14), after: 14)
        #expect(!state.screenText().contains("listTaskRuns: cut"))
    }

    @Test("the tasks of a run count while it is active, not after its end or a failure")
    func tasksTick() {
        func took(_ state: DashboardState) -> String {
            state.rows().first { $0.contains("task-0") }.map { row in
                row.split(separator: " ").first { $0.hasSuffix("s") }.map(String.init) ?? ""
            } ?? ""
        }
        var state = OneRun.state(OneRun.run(.running), Size(rows: 40, columns: 80), .enter, .enter)
        state.feed(listed(OneRun.tasks(1, .running)))
        #expect(took(state) == "1m40s")
        state.tick(after: 10)
        #expect(took(state) == "1m50s")
        state.feed(.tasksFailed(Sample.expiredToken, of: OneRun.key, at: Sample.now), after: 20)
        #expect(took(state) == "1m40s")
        state.feed(listed(OneRun.tasks(1, .running)))
        state.feed(answer(OneRun.run(.success)), after: 20)
        state.tick(after: 3_600)
        #expect(took(state) == "1m40s")
    }

    @Test("r in a run also refreshes its tasks")
    func refresh() {
        var state = OneRun.state(OneRun.run(), Size(rows: 24, columns: 80), .enter, .enter)
        expect(&state, pressing: .character("r"), gives: [.poll(.refreshNow), listTasks])
    }

    @Test(
        "a task shows its name, else its task key, else its own key, with retries and message on one line",
        arguments: [
            ("name", "task", 0, nil, "name"), ("", "task", 1, nil, "task  (retry 1)"),
            (nil, nil, 2, "out of\nmemory", "key  (retry 2)  out of memory"),
            (nil, "", nil, "\u{1B}[31mred\u{1B}[0m", "key  red"), ("name", nil, nil, "", "name"),
        ] as [(String?, String?, Int?, String?, String)])
    func taskLine(_ name: String?, _ taskKey: String?, _ retry: Int?, _ message: String?, _ shown: String) {
        var state = OneRun.state(OneRun.run(), Size(rows: 40, columns: 80), .enter, .enter)
        var task = TaskRun(key: "key", status: .blocked)
        (task.name, task.taskKey, task.retryAttempt, task.stateMessage) = (name, taskKey, retry, message)
        state.feed(listed([task]))
        #expect(state.rowIndex(of: "  ■ BLOCKED           –                    " + shown) != nil)
        #expect(state.rows().contains { $0.hasSuffix(" " + shown) })
    }

    // MARK: A run that is no longer listed

    @Test("a run whose job is no longer listed says so, and stops its clock at the last answer")
    func jobGone() {
        var state = OneRun.state(OneRun.run(.running), Size(rows: 40, columns: 80), .enter, .enter)
        state.feed(listed(OneRun.tasks(1, .running)))
        #expect(state.screenText().contains("Took        3m48s"))
        state.tick(after: 10)
        #expect(state.screenText().contains("Took        3m58s"))
        state.feed(.jobsListed([], at: Sample.now), after: 20)
        state.tick(after: 36_000)
        let text = state.screenText()
        #expect(text.contains("The service no longer lists this job: the run as it was 10h ago."))
        #expect(text.contains("Took        3m48s"))
        #expect(text.contains("Data        10h old"))
        #expect(text.contains("1m40s"))
        #expect(text.contains("task-0"))
        #expect(!text.contains("Stale"))
        #expect(state.feed(ended, after: 36_000) == [], "there is nothing to ask for")
        // The job comes back.
        state.feed(.jobsListed([OneRun.job], at: Sample.now), after: 36_000)
        state.feed(
            .runs([OneRun.run(.running)], of: [OneRun.job.id], at: Sample.now.addingTimeInterval(36_000)),
            after: 36_000)
        #expect(state.screenText().contains("Took        10h03m"))
        #expect(state.screenText().contains("Data        0s old"))
        #expect(!state.screenText().contains("no longer"))
    }

    @Test("a run displaced by newer ones says so, stops its clock, and recovers")
    func unlisted() {
        var state = OneRun.state(OneRun.run(.pending) { $0.started = nil }, Size(rows: 40, columns: 80), .enter, .enter)
        #expect(state.screenText().contains("Waited      4m00s"))
        state.feed(.runs([], of: [OneRun.job.id], at: Sample.now.addingTimeInterval(60)), after: 60)
        let text = state.screenText()
        #expect(text.contains("No longer among the job's recent runs: the run as it was 60s ago."))
        #expect(text.contains("Waited      4m00s"))
        #expect(text.contains("PENDING"))
        state.feed(answer(OneRun.run(.pending) { $0.started = nil }), after: 60)
        #expect(!state.screenText().contains("No longer"))
        #expect(state.screenText().contains("Waited      5m00s"))
    }

    @Test("a run displaced before it was opened says so too")
    func openedUnlisted() {
        var state = OneRun.state(OneRun.run(.running), Size(rows: 40, columns: 80))
        let newer = (1...3).map { index in
            var run = JobRun(id: RunID("newer-\(index)", of: OneRun.job.id), status: .skipped)
            run.created = Sample.now.addingTimeInterval(Double(index))
            return run
        }
        state.feed(.runs(newer, of: [OneRun.job.id], at: Sample.now.addingTimeInterval(60)), after: 60)
        state.press(.enter, .character("G"))
        #expect(state.update(.key(.enter), at: Sample.now.addingTimeInterval(60)) == [listTasks])
        let text = state.screenText()
        #expect(text.contains("No longer among the job's recent runs: the run as last seen."))
        #expect(text.contains("Run key     run\n"))
        #expect(text.contains("Data        –"))
        #expect(state.feed(ended, after: 75) == [])
    }

    @Test("an answer for another job changes nothing")
    func otherJob() {
        var state = OneRun.state(OneRun.run(.running), Size(rows: 40, columns: 80), .enter, .enter)
        state.feed(.runs([], of: [JobID("other")], at: Sample.now))
        #expect(!state.screenText().contains("No longer"))
        state.feed(.tasksListed(OneRun.tasks(3), of: RunID("other"), at: Sample.now))
        #expect(state.screenText().contains("asking the service"))
    }
}
