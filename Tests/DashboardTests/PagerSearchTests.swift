import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

@Suite("Searching in a long text")
struct PagerSearchTests {
    /// 21 rows of text on this screen.
    private let size = Size(rows: 24, columns: 80)

    private static let wide = (0..<30).map { "\($0 % 10)123456789" }.joined() + "END"

    private func search(_ text: String, _ state: inout DashboardState) { state.enter(text, at: "/") }

    @Test("n and N go from match to match, and show when they wrap")
    func nextAndPrevious() {
        var state = OneRun.reading(["a needle", "b", "c needle needle", "d"])
        search("needle", &state)
        #expect(state.matchedRow == "a needle")
        #expect(!state.lastRow.contains("Wrapped"))
        #expect(state.reversedText() == "needle")
        state.press(.character("n"))
        #expect(state.matchedRow == "c needle needle")
        let first = state.drawn()
        state.press(.character("n"))
        #expect(state.matchedRow == "c needle needle")
        #expect(state.drawn() != first, "it is the other match in the row")
        #expect(!state.lastRow.contains("Wrapped"))
        state.press(.character("n"))
        #expect(state.matchedRow == "a needle")
        #expect(state.lastRow == " Wrapped to the top.")
        state.press(.character("N"))
        #expect(state.matchedRow == "c needle needle")
        #expect(state.lastRow == " Wrapped to the end.")
        state.press(.character("N"))
        #expect(state.matchedRow == "c needle needle")
        #expect(!state.lastRow.contains("Wrapped"))
        state.press(.character("N"))
        #expect(state.matchedRow == "a needle")
        #expect(!state.lastRow.contains("Wrapped"))
    }

    @Test("reaches a match on the first line backwards without wrapping")
    func backToTheFirstLine() {
        var state = OneRun.reading(["orders"])
        search("orders", &state)
        #expect(state.matchedRow == "✗ FAILED  orders")
        state.press(.character("n"), .character("N"))
        #expect(state.matchedRow == "✗ FAILED  orders")
        #expect(!state.lastRow.contains("Wrapped"))
        state.press(.character("N"))
        #expect(state.matchedRow == "orders")
        #expect(state.lastRow == " Wrapped to the end.")
        state.press(.character("n"))
        #expect(state.matchedRow == "✗ FAILED  orders")
        #expect(state.lastRow == " Wrapped to the top.")
    }

    @Test("finds a single match again, with a message")
    func onlyMatch() {
        var state = OneRun.reading(["a needle"])
        search("needle", &state)
        for _ in 0..<2 {
            state.press(.character("n"))
            #expect(state.matchedRow == "a needle")
            #expect(state.lastRow == " Wrapped to the top.")
        }
    }

    @Test("a new search starts at the top of the screen, not at the last match")
    func newSearch() {
        var state = OneRun.reading()
        search("line 90.", &state)
        #expect(state.matchedRow == "line 90.")
        state.press(.character("g"))
        search("line 5", &state)
        #expect(state.matchedRow == "line 5.")
        #expect(!state.lastRow.contains("Wrapped"))
        // From the middle, what stands above comes last.
        state.press(.character("g"), .pageDown, .pageDown, .pageDown)
        search("line 1\\.", &state)
        #expect(state.matchedRow == "line 1.")
        #expect(state.lastRow == " Wrapped to the top.")
    }

    @Test("Enter on an empty search repeats the last one")
    func repeatedSearch() {
        var state = OneRun.reading(["a needle", "b needle"])
        search("needle", &state)
        search("", &state)
        #expect(state.matchedRow == "b needle")
    }

    @Test("lower-case letters match any case, a capital only itself")
    func letterCase() {
        var state = OneRun.reading(["needle", "Needle"])
        search("needle", &state)
        #expect(state.matchedRow == "needle")
        state.press(.character("n"))
        #expect(state.matchedRow == "Needle")
        state.press(.character("g"))
        search("Needle", &state)
        #expect(state.matchedRow == "Needle")
        state.press(.character("n"))
        #expect(state.matchedRow == "Needle")
        #expect(state.lastRow == " Wrapped to the top.")
    }

    @Test("no match and no search have messages with the key to press")
    func nothingFound() throws {
        var state = OneRun.reading()
        state.press(.character("n"))
        #expect(state.lastRow == " No search yet: press /")
        search("nowhere", &state)
        #expect(state.lastRow == " “nowhere” is not in this text.")
        #expect(state.linesInSight.first == 1)
        search("a\u{202E}", &state)
        #expect(state.lastRow == " “a<U+202E>” is not in this text.")
    }

    @Test("scrolls to an invisible match, and not to a visible one")
    func revealing() {
        var state = OneRun.reading()
        search("line 1.", &state)
        let before = state.linesInSight
        #expect(before.first != 1)
        search("line 10.", &state)
        #expect(state.linesInSight == before)
        // The last row is in sight, the one below it is not.
        let last = state.rows()[22]
        search(last, &state)
        #expect(state.rows()[22] == last)
        #expect(state.linesInSight == before)
        search("line 60.", &state)
        #expect(state.rowIndex(of: "line 60.") == 5, "below three lines")
        state.press(.character("g"))
        search("line 2.", &state)
        #expect(state.matchedRow == "line 2.")
    }

    @Test("scrolls right to a match beyond the edge, and back")
    func revealingSideways() {
        var state = OneRun.reading(["begin", Self.wide, "near END"])
        search("9END", &state)
        #expect(state.reversedText() == "9END")
        search("begin", &state)
        #expect(state.matchedRow == "begin")
        search("END", &state)
        #expect(state.reversedText() == "END")
        state.press(.character("n"))
        #expect(state.matchedRow == "near END")
    }

    @Test("scrolls to the row of a match in a wrapped line")
    func revealingWrapped() {
        let lines = [String(repeating: "x", count: 4_000) + "needle"] + OneRun.lines
        var state = OneRun.reading(lines, size, .character("w"))
        search("needle", &state)
        #expect(state.reversedText() == "needle")
        state.press(.character("G"), .character("N"))
        #expect(state.reversedText() == "needle")
    }

    @Test("marks all visible matches, the current one differently")
    func marks() throws {
        var state = OneRun.reading(["needle needle", "needle"])
        search("needle", &state)
        let theme = Theme(.dark)
        let row = try #require(state.rowIndex(of: "needle needle"))
        let canvas = state.drawn()
        #expect(canvas[row, 0].style.attributes.isSuperset(of: [.reverse, .bold]))
        #expect(canvas[row, 5].style == canvas[row, 0].style)
        #expect(canvas[row, 6].style == .plain)
        #expect(canvas[row, 7].style.background == theme.style(.match).background)
        #expect(!canvas[row, 7].style.attributes.contains(.reverse))
        #expect(canvas[row + 1, 0].style == canvas[row, 7].style)
        #expect(canvas[row + 1, 6].style == .plain)
        state.press(.character("n"))
        #expect(state.drawn()[row, 7].style.attributes.contains(.reverse))
        #expect(!state.drawn()[row, 0].style.attributes.contains(.reverse))
    }

    @Test("the marks of matches move when the text scrolls sideways")
    func marksSideways() throws {
        var state = OneRun.reading([String(repeating: "x", count: 100) + "needle" + String(repeating: "y", count: 100)])
        search("needle", &state)
        #expect(state.reversedText() == "needle")
        state.press(.right)
        #expect(state.reversedText() == "needle" || state.reversedText().isEmpty)
        state.press(.character("0"))
        #expect(state.reversedText().isEmpty)
    }

    @Test("Esc cancels a search, and keeps the previous one")
    func escape() {
        var state = OneRun.reading(["a needle", "b needle", "other"])
        search("needle", &state)
        state.press(.character("/"))
        state.type("other")
        state.press(.escape, .character("n"))
        #expect(state.matchedRow == "b needle")
    }
}
