import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

@Suite("The filter prompt")
struct FilterPromptTests {
    let size = Size(rows: 24, columns: 80)

    private func shown(_ text: String) -> Set<String> {
        var state = Sample.state(size)
        state.press(.character("/"))
        state.type(text)
        return Set(state.jobsOnScreen)
    }

    @Test(
        "finds what the screen shows: name, long and short status, trigger, who",
        arguments: [
            ("gold", ["job-4", "job-5"]), ("up-fail", ["job-11"]), ("UPSTREAM_F", ["job-11"]), ("stream", ["job-1"]),
            ("canceling", ["job-8"]), ("cancelng", ["job-8"]), ("timeout", ["job-13"]), ("archived", ["job-15"]),
            ("no data", ["job-none"]), ("manual ml_", []), ("manual dbt", ["job-6"]), ("müller ml_", ["job-8"]),
            ("ml_ !müller", ["job-7"]), ("job-stuck", ["job-stuck"]), ("skipped", ["job-3"]),
            ("running", ["job-2", "job-retried", "job-stuck"]), ("silver /", []),
        ] as [(String, Set<String>)])
    func finds(text: String, keys: Set<String>) {
        #expect(shown(text) == keys)
    }

    @Test("the arrows and page keys move the selection; letters are text")
    func moving() {
        var state = Sample.state(Size(rows: 10, columns: 80))
        state.press(.character("/"))
        for (key, row) in [(Key.down, 2), (.pageDown, 8), (.up, 7), (.pageUp, 1)] {
            state.press(key)
            #expect(state.rows()[1].hasSuffix(" \(row)/20"))
        }
        state.press(.down)
        let chosen = state.selectedJobOnScreen
        #expect(chosen != nil)
        state.type("jk")
        #expect(state.lastRow.hasPrefix("/jk "))
        #expect(state.rows()[1].contains("filter jk"))
        state.press(.backspace, .backspace, .enter, .character("S"))
        #expect(state.selectedJobOnScreen == chosen, "it was chosen")
    }

    @Test(
        "Esc and ^C restore the previous filter, Enter keeps the new one",
        arguments: [Key.escape, .control("c"), .enter])
    func ending(key: Key) {
        var state = Sample.state(size)
        state.enter("gold", at: "/")
        state.press(.character("/"))
        #expect(state.lastRow.hasPrefix("/gold "), "it can be changed")
        state.type("_rev")
        state.press(key)
        #expect(state.rows()[1].contains(key == .enter ? "filter gold_rev · 1 shown" : "filter gold · 2 shown"))
        #expect(state.lastRow.hasPrefix(" ? help"))
    }

    @Test("Backspace in an empty prompt does nothing: holding it down closes no screen", arguments: ["/", ":"])
    func heldBackspace(prompt: String) {
        var state = Sample.state(size)
        state.press(.enter, .enter)
        state.press(.character(Character(prompt)))
        state.type("trace")
        for _ in 0..<40 { state.press(.backspace) }
        #expect(state.screenShown == .run)
        state.type("x")
        #expect(state.lastRow.hasPrefix(prompt == "/" ? "search /x" : ":x"), "the prompt is still there")
        state.press(.escape)
        #expect(state.lastRow.hasPrefix(" ? help"))
        #expect(state.screenShown == .run)
        state.press(.escape, .escape, .character("/"))
        for _ in 0..<40 { state.press(.backspace) }
        #expect(state.screenShown == .jobs)
        #expect(state.lastRow.hasPrefix("/ "), "the prompt is still there")
    }

    @Test("^P and ^N show earlier filters, and return to the current input")
    func history() {
        var state = Sample.state(size)
        for text in ["gold", "ml", "gold", " "] {
            state.press(.character("/"), .control("u"))
            state.type(text)
            state.press(.enter)
        }
        state.press(.character("/"), .control("u"))
        state.type("dr")
        for (key, text) in [
            (Key.control("p"), "gold"), (.control("p"), "ml"), (.control("p"), "ml"), (.control("n"), "gold"),
            (.control("n"), "dr"), (.control("n"), "dr"),
        ] {
            state.press(key)
            #expect(state.lastRow.hasPrefix("/\(text) "))
            #expect(state.rows()[1].contains("filter \(text) · "))
        }
        #expect(state.lastRow.contains("^P earlier"))
        state = Sample.state(size)
        state.press(.character("/"))
        #expect(state.lastRow == "/                                         Enter applies  Esc cancels  ^U clears")
    }

    @Test("keeps fifty lines for each prompt")
    func bounded() {
        var typed = TypedHistory()
        for index in 0..<60 {
            typed.addFilter("f\(index)")
            typed.addSearch("s\(index)")
            typed.addCommand("c\(index)")
        }
        typed.addCommand("  ")
        #expect(typed.filters == (10..<60).map { "f\($0)" })
        #expect(typed.searches == (10..<60).map { "s\($0)" })
        #expect(typed.commands == (10..<60).map { "c\($0)" })
    }

    @Test("a search starts at the scroll position, not at the last match; an empty one repeats the last")
    func newSearch() {
        var state = Sample.state(Size(rows: 60, columns: 80))
        state.press(.character("e"))
        state.enter("no space left", at: "/")
        state.press(.character("g"))
        state.enter("task", at: "/")
        let first = state.matchedRow
        #expect(first == "Task transform failed: KeyError: 'customer_id'")
        state.enter("", at: "/")
        #expect(state.matchedRow == "Tasks", "it goes on from the first")
        state.press(.character("g"))
        state.enter("task", at: "/")
        #expect(state.matchedRow == first)
    }

    @Test("an empty file name saves nothing")
    func emptyName() {
        var state = Sample.state(size)
        state.press(.character("e"), .character("s"), .control("u"))
        #expect(state.lastRow.contains("Enter saves  Esc cancels  ^U clears"))
        #expect(state.press(.enter) == [])
        #expect(!state.lastRow.contains("save to"))
    }

    @Test("keeps searches too")
    func searches() {
        var state = Sample.state(size)
        state.press(.character("e"))
        state.enter("Caused", at: "/")
        state.press(.character("/"), .up)
        #expect(state.lastRow.hasPrefix("search /Caused"))
    }
}
