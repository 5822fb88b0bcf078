import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

/// A text of megabytes is read elsewhere, so that no key waits for it: the effect asks, the event answers.
@Suite("Long texts, read where no key waits for them")
struct LongTextReadingTests {
    private static let filler = (0..<4_000).map { "line \($0) of what was printed\n" }.joined()
    private static let error = "Traceback (most recent call last):\n  File \"etl.py\", line 3\nKeyError: 'id'"

    private static func output(_ text: String = filler, error: String? = error) -> PollEvent {
        var output = TaskOutput(text: text)
        output.errorTrace = error
        return .inspected(.output(of: TaskScreenTests.transform), .output(output), at: Sample.now)
    }

    private func unread(_ effects: [Effect]) -> [UnreadText] {
        effects.compactMap { if case .readText(let unread) = $0 { unread } else { nil } }
    }

    private func opened() -> DashboardState {
        var state = TaskScreenTests.state()
        state.press(.enter)
        return state
    }

    @Test("an output is asked to be read once, is shown at its cause when it was, and keys work meanwhile")
    func output() throws {
        var state = opened()
        let asked = unread(state.update(.poll(Self.output()), at: Sample.now))
        #expect(asked.count == 1)
        #expect(state.screenText().contains("\nReading the output"))
        #expect(unread(state.update(.tick, at: Sample.now)).isEmpty)
        state.press(.down, .character("y"))
        #expect(state.lastRow == " The text is still being read.")
        _ = state.update(.textRead(try #require(asked.first).read()), at: Sample.now)
        #expect(state.screenText().contains("\nKeyError: 'id'"))
        #expect(state.screenText().contains("4,0") == false)
        state.press(.character("g"))
        #expect(state.screenText().contains("Output (4000 lines), then the error trace (3 lines)"))
    }

    @Test("an answer for a screen that was left, or for an older text, is dropped")
    func dropped() throws {
        var state = opened()
        let first = try #require(unread(state.update(.poll(Self.output()), at: Sample.now)).first)
        state.press(.escape, .enter)
        #expect(state.screenText().contains("Asking the service for the output"))
        _ = state.update(.textRead(first.read()), at: Sample.now)
        #expect(state.screenText().contains("Asking the service for the output"), "it was for the screen before")
        let second = try #require(unread(state.update(.poll(Self.output()), at: Sample.now)).first)
        let third = try #require(
            unread(state.update(.poll(Self.output(Self.filler + "more\n")), at: Sample.now)).first)
        _ = state.update(.textRead(second.read()), at: Sample.now)
        #expect(state.screenText().contains("Reading the output"), "a newer one is being read")
        _ = state.update(.textRead(third.read()), at: Sample.now)
        #expect(state.screenText().contains("KeyError: 'id'"))
        _ = state.update(.textRead(second.read()), at: Sample.now)
        state.press(.character("g"))
        #expect(state.screenText().contains("Output (4001 lines)"))
        state.press(.escape, .escape, .escape, .escape)
        _ = state.update(.textRead(third.read()), at: Sample.now)
        #expect(state.screenShown == .jobs)
    }

    @Test("what is in sight stays while a grown output is being read, and its search goes on with it")
    func grows() {
        var state = opened()
        state.feed(Self.output(error: nil))
        state.enter("line 399\\d ", at: "/")
        while state.isSearching { _ = state.update(.searchOn, at: Sample.now) }
        #expect(state.rows()[1].contains("match 1/10 "))
        let row = state.matchedRow
        let asked = unread(
            state.update(.poll(Self.output(Self.filler + "line 3999 again\n", error: nil)), at: Sample.now))
        #expect(state.matchedRow == row)
        for text in asked { _ = state.update(.textRead(text.read()), at: Sample.now) }
        _ = state.frame()
        while state.isSearching { _ = state.update(.searchOn, at: Sample.now) }
        #expect(state.matchedRow == row)
        #expect(state.rows()[1].contains("match 1/11 "))
    }

    @Test("a run's long trace opens at its cause once it was read; a short one at once")
    func trace() throws {
        let trace = Self.filler + Self.error
        var state = OneRun.state(OneRun.run(trace: trace))
        let effects = state.update(.key(.character("e")), at: Sample.now)
        let asked = try #require(unread(effects).first)
        #expect(state.screenText().contains("Reading the error trace"))
        #expect(state.lastRow != " This run has no error trace.")
        _ = state.update(.textRead(asked.read()), at: Sample.now)
        #expect(state.screenText().contains("\nKeyError: 'id'"))
        var short = OneRun.state(OneRun.run(trace: Self.error))
        #expect(unread(short.update(.key(.character("e")), at: Sample.now)).isEmpty)
        #expect(short.screenText().contains("\nKeyError: 'id'"))
    }
}
