import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

@Suite("The tries of a task, whose outputs are read one after another")
struct TaskTriesTests {
    private static let task = TaskScreenTests.transform

    private static func answer(_ text: String, earlierTry: Int? = nil, tries: Int = 2) -> PollEvent {
        var output = TaskOutput(text: text)
        output.earlierTries = (0..<tries).map { number in
            var attempt = RunAttempt(status: number == 0 ? .timedOut : .failed)
            (attempt.number, attempt.message) = (number, "try \(number) was too slow")
            attempt.started = Sample.now.addingTimeInterval(Double(number) * 60 - 900)
            attempt.ended = attempt.started?.addingTimeInterval(30)
            return attempt
        }
        return .inspected(.output(of: task, earlierTry: earlierTry), .output(output), at: Sample.now)
    }

    private func opened(tries: Int = 2) -> DashboardState {
        var state = TaskScreenTests.state()
        state.press(.enter)
        state.feed(Self.answer("newest\n", tries: tries))
        return state
    }

    @Test("Tab asks for the try before, and says which of how many it is; after the oldest comes the newest again")
    func steps() {
        var state = opened()
        #expect(state.rows()[1].contains("try 3 of 3 · "))
        #expect(state.screenText().contains("FAILED  transform  try 3 of 3"))
        expect(&state, pressing: .tab, gives: [.poll(.inspect(.output(of: Self.task, earlierTry: 1)))])
        #expect(state.rows()[1].contains("try 2 of 3 · "))
        #expect(state.screenText().contains("Asking the service for the output"))
        #expect(state.screenText().contains("Message     try 1 was too slow"))
        #expect(state.screenText().contains("Took        30s"))
        state.feed(Self.answer("second\n", earlierTry: 1))
        #expect(state.screenText().contains("\nsecond"))
        expect(&state, pressing: .tab, gives: [.poll(.inspect(.output(of: Self.task, earlierTry: 0)))])
        state.feed(Self.answer("first\n", earlierTry: 0))
        #expect(state.screenText().contains("TIMED_OUT  transform  try 1 of 3"))
        expect(&state, pressing: .tab, gives: [.poll(.inspect(.output(of: Self.task)))])
        #expect(state.lastRow == " The newest try again.")
        #expect(state.rows()[1].contains("try 3 of 3 · "))
    }

    @Test("an answer for another try than the one shown is dropped")
    func otherTry() {
        var state = opened()
        state.press(.tab)
        state.feed(Self.answer("newest, later\n"))
        #expect(!state.screenText().contains("newest"))
        state.feed(.inspected(.output(of: Self.task), .failed(Sample.expiredToken), at: Sample.now))
        #expect(!state.screenText().contains("not fetched"))
        state.feed(Self.answer("second\n", earlierTry: 1))
        #expect(state.screenText().contains("\nsecond"))
    }

    @Test("an older try is asked for again only where that failed; the newest as before")
    func refreshed() {
        var state = opened()
        state.press(.tab)
        let again = Effect.poll(.inspect(.output(of: Self.task, earlierTry: 1)))
        state.feed(.inspected(.output(of: Self.task, earlierTry: 1), .failed(Sample.expiredToken), at: Sample.now))
        #expect(state.feed(.cycleEnded(CycleReport())).contains(again))
        state.feed(Self.answer("second\n", earlierTry: 1))
        var changed = TaskScreenTests.tasks
        changed[1].status = .running
        state.feed(.tasksListed(changed, of: TaskScreenTests.run, at: Sample.now))
        #expect(!state.feed(.cycleEnded(CycleReport())).contains(again))
        expect(&state, pressing: .character("r"), gives: [.poll(.refreshNow), again])
    }

    @Test("a task that was tried once says so, and has no number")
    func once() {
        var state = TaskScreenTests.state()
        state.press(.up, .enter)
        var tasks = TaskScreenTests.tasks
        tasks[0].retryAttempt = 0
        state.feed(.tasksListed(tasks, of: TaskScreenTests.run, at: Sample.now))
        let id = TaskRunID(run: TaskScreenTests.run, key: "t1")
        state.feed(.inspected(.output(of: id), .output(TaskOutput(text: "x\n")), at: Sample.now))
        expect(&state, pressing: .tab, gives: [])
        #expect(state.lastRow == " No earlier try of this task is known.")
        #expect(!state.screenText().contains("try 1"))
    }

    @Test("an older try is saved under a name of its own, and one without an output says so")
    func names() {
        var state = opened()
        state.press(.tab)
        var none = TaskOutput(text: "")
        none.exists = false
        state.feed(.inspected(.output(of: Self.task, earlierTry: 1), .output(none), at: Sample.now))
        #expect(state.screenText().contains("The service has no output of this try."))
        state.press(.tab)
        state.press(.tab)
        state.feed(Self.answer("newest\n"))
        state.press(.tab)
        state.feed(Self.answer("second\n", earlierTry: 1))
        state.press(.character("s"))
        #expect(state.press(.enter).savedText?.last?.hasSuffix("-transform-try-2-of-3.txt") == true)
    }

    @Test("the older try looks as accepted", arguments: [Size(rows: 24, columns: 80), Size(rows: 60, columns: 200)])
    func looks(_ size: Size) {
        var state = TaskScreenTests.state(size)
        state.press(.enter)
        state.feed(Self.answer("newest\n"))
        state.press(.tab)
        state.feed(Self.answer("reading\nKeyError: 'id'\n", earlierTry: 1))
        Golden.check(state.drawn(), "dark/older-try-\(size.columns)x\(size.rows)")
    }
}
