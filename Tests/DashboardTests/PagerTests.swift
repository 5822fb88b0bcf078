import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

@Suite("Moving and searching in a long text")
struct PagerTests {
    /// 21 rows of text on this screen.
    private let size = Size(rows: 24, columns: 80)

    private static let lines = (1...100).map { "line \($0)." }

    private func state(_ lines: [String] = Self.lines, _ size: Size = Size(rows: 24, columns: 80), _ keys: Key...)
        -> DashboardState
    {
        var state = OneRun.state(OneRun.run(trace: lines.joined(separator: "\n")), size, .enter, .enter)
        for key in keys { state.press(key) }
        return state
    }

    // MARK: Moving

    @Test(
        "keys move by a row, half a page and a page, which keeps one row, and stop at the ends",
        arguments: [
            ([], 1), ([.down], 2), ([.character("j")], 2), ([.character("j"), .character("j"), .character("k")], 2),
            ([.up], 1), ([.pageDown], 21), ([.character(" "), .control("f")], 41), ([.pageDown, .pageUp], 1),
            ([.pageDown, .control("b")], 1), ([.control("d")], 11), ([.control("d"), .control("u")], 1),
            ([.pageDown, .control("u")], 11), ([.pageDown, .up], 20), ([.pageUp], 1), ([.character("G"), .home], 1),
            ([.end, .character("g")], 1),
        ] as [([Key], Int)])
    func moves(_ keys: [Key], _ first: Int) {
        var state = state()
        for key in keys { state.press(key) }
        #expect(state.linesInSight.first == first)
        #expect(state.linesInSight.count == 3 && state.linesInSight[1] == first + 20)
    }

    @Test(
        "the end is the last full page",
        arguments: [
            ([.character("G")], 0), ([.end], 0), ([.character("G"), .down], 0), ([.character("G"), .pageDown], 0),
            ([.character("G"), .up], 1), ([.character("G"), .pageUp], 20), ([.character("G"), .control("u")], 10),
        ] as [([Key], Int)])
    func end(_ keys: [Key], _ fromEnd: Int) {
        var state = state()
        for key in keys { state.press(key) }
        let lines = state.linesInSight
        #expect(lines[2] - lines[1] == fromEnd)
        #expect(lines[1] - lines[0] == 20)
        if fromEnd == 0 { #expect(state.rows()[22] == "line 100.") }
    }

    @Test("on the smallest screens a page is at least a row")
    func smallPages() {
        var state = state(Self.lines, Size(rows: 5, columns: 20))
        // Three rows of text, and no line numbers.
        state.press(.pageDown)
        #expect(state.rows()[1].hasPrefix("Run         "))
        state.press(.control("d"))
        #expect(state.rows()[1].hasPrefix("Run key"))
        state.press(.control("u"))
        #expect(state.rows()[1].hasPrefix("Run         "))
        state.press(.pageUp)
        #expect(state.rows()[1].hasPrefix("✗ FAILED"))
    }

    @Test("a short text does not move")
    func short() {
        var state = state(["x"], Size(rows: 40, columns: 80))
        let before = state.rows()
        for key: Key in [.down, .pageDown, .character("G"), .control("d"), .right, .character("$")] { state.press(key) }
        #expect(state.rows() == before)
    }

    @Test("t goes to the tasks, whose title stands below three other lines")
    func tasks() {
        var state = state(Self.lines, size, .character("G"))
        state.press(.character("t"))
        #expect(state.rowIndex(of: "Tasks") == 4)
    }

    // MARK: Long lines

    private static let wide = (0..<30).map { "\($0 % 10)123456789" }.joined() + "END"

    /// What a row of the screen shows of it.
    private static func shown(from left: Int) -> String {
        let rest = wide.dropFirst(left)
        return rest.count > 80 ? rest.prefix(79) + "…" : String(rest)
    }

    private func firstRow(of state: DashboardState) -> String? {
        state.rows().dropLast().last { !$0.isEmpty }
    }

    @Test(
        "long lines scroll sideways by half a screen, and no further than the longest",
        arguments: [
            ([], 0), ([.right], 40), ([.character("l")], 40), ([.right, .right], 80), ([.right, .left], 0),
            ([.right, .character("h")], 0), ([.left], 0), ([.character("$")], 223), ([.character("$"), .right], 223),
            ([.character("$"), .left], 183), ([.character("$"), .character("0")], 0),
            ([.character("$"), .character("w"), .character("w")], 0),
        ] as [([Key], Int)])
    func sideways(_ keys: [Key], _ left: Int) {
        var state = state([Self.wide], size, .character("G"))
        for key in keys { state.press(key) }
        #expect(firstRow(of: state) == Self.shown(from: left))
    }

    @Test("w wraps long lines, and then nothing moves sideways")
    func wrapping() {
        var state = state(["short", Self.wide], Size(rows: 40, columns: 80), .character("w"))
        func isWrapped() -> Bool {
            let rows = state.rows()
            guard let row = state.rowIndex(of: "0123456789") else { return false }
            return rows[row..<row + 4].joined() == Self.wide && rows[row - 1] == "short"
        }
        #expect(isWrapped())
        for key: Key in [.right, .character("$"), .character("l")] {
            state.press(key)
            #expect(isWrapped())
        }
        state.press(.character("w"))
        #expect(firstRow(of: state) == Self.shown(from: 0))
    }

    @Test("wrapped rows are counted by rows, and the header counts lines")
    func movingInWrapped() {
        var state = state(Array(repeating: Self.wide, count: 20), size, .character("w"), .character("G"))
        #expect(state.rows()[22].hasSuffix("END"))
        let lines = state.linesInSight
        #expect(lines[1] == lines[2] && lines[1] - lines[0] == 5)
        #expect(state.rows()[2].hasSuffix("END"), "21 rows, four a line: the last of the line before comes first")
        state.press(.up)
        #expect(state.rows()[3].hasSuffix("END"))
        state.press(.down, .pageUp)
        #expect(state.rows()[22].hasSuffix("END"))
        state.press(.pageUp, .pageDown, .pageDown, .up, .up, .up)
        #expect(state.rows()[5].hasSuffix("END"))
        // Unwrapped, the line that was first in sight still is.
        let first = state.linesInSight[0]
        state.press(.character("w"))
        #expect(state.linesInSight[0] <= first)
    }

    @Test("the root cause wraps where other lines scroll, and stays when they do")
    func causeWraps() throws {
        let cause =
            "Caused by: java.io.FileNotFoundException: File does not exist: oci://lake/"
            + String(repeating: "x", count: 60) + "/END"
        var state = OneRun.state(
            OneRun.run(trace: Self.wide + "\n" + cause + "\n" + Self.wide), Size(rows: 60, columns: 80), .enter, .enter)
        func expectWrapped(_ first: String) throws {
            let rows = state.rows()
            let fact = try #require(state.rowIndex(of: "Cause       Caused by"))
            #expect(rows[fact].dropFirst(12) + rows[fact + 1] == cause)
            let line = try #require(state.rowIndex(of: "Caused by"))
            #expect(rows[line] + rows[line + 1] == cause)
            #expect(rows[line - 1] == first && rows[line + 2] == first)
        }
        try expectWrapped(Self.shown(from: 0))
        state.press(.character("$"))
        try expectWrapped(String(Self.wide.suffix(80)))
        // Its rows have its style, and its label has the label's.
        let theme = state.appearance.theme
        let canvas = state.drawn()
        let fact = try #require(state.rowIndex(of: "Cause"))
        #expect(canvas[fact, 11].style == theme.style(.quiet) && canvas[fact, 12].style == theme.style(.broken))
        #expect(canvas[fact + 1, 0].style == theme.style(.broken))
        // Only other lines count for the way to the right.
        state = OneRun.state(OneRun.run(trace: cause), Size(rows: 60, columns: 80), .enter, .enter, .character("$"))
        #expect(state.rowIndex(of: "Caused by") != nil)
    }

    @Test("c after scrolling sideways shows the cause from its beginning")
    func causeFromItsBeginning() {
        var state = OneRun.state(
            OneRun.run(trace: Self.wide + "\nKeyError: 'id'"), size, .enter, .enter, .character("$"), .character("c"))
        #expect(state.rowIndex(of: "KeyError") != nil)
        #expect(state.rowIndex(of: "0123456789") != nil)
        state.press(.right)
        #expect(state.rowIndex(of: "KeyError") != nil, "it wraps, and does not move")
        #expect(firstRow(of: state) == "KeyError: 'id'")
        #expect(state.rows().contains(Self.shown(from: 40)), "the others do")
    }

    // MARK: Searching

    private func search(_ text: String, _ state: inout DashboardState) {
        state.press(.character("/"))
        state.type(text)
        state.press(.enter)
    }

    /// Where the current match stands: the text of its row.
    private func matchedRow(_ state: DashboardState) -> String? {
        let canvas = state.drawn()
        return (2..<canvas.size.rows - 1).first { row in
            canvas[row: row].contains { $0.style.attributes.contains(.reverse) }
        }.map { state.rows()[$0] }
    }

    private var notice: (DashboardState) -> String { { $0.rows().last ?? "" } }

    @Test("n and N go from match to match, and say when they wrap")
    func nextAndPrevious() {
        var state = state(["a needle", "b", "c needle needle", "d"])
        search("needle", &state)
        #expect(matchedRow(state) == "a needle")
        #expect(!notice(state).contains("Wrapped"))
        #expect(state.reversedText() == "needle")
        state.press(.character("n"))
        #expect(matchedRow(state) == "c needle needle")
        let first = state.drawn()
        state.press(.character("n"))
        #expect(matchedRow(state) == "c needle needle" && state.drawn() != first)
        #expect(!notice(state).contains("Wrapped"))
        state.press(.character("n"))
        #expect(matchedRow(state) == "a needle" && notice(state) == " Wrapped to the top.")
        state.press(.character("N"))
        #expect(matchedRow(state) == "c needle needle" && notice(state) == " Wrapped to the end.")
        state.press(.character("N"))
        #expect(matchedRow(state) == "c needle needle" && !notice(state).contains("Wrapped"))
        state.press(.character("N"))
        #expect(matchedRow(state) == "a needle" && !notice(state).contains("Wrapped"))
    }

    @Test("a match on the first line is reached backwards without wrapping")
    func backToTheFirstLine() {
        var state = state(["orders"])
        search("orders", &state)
        #expect(matchedRow(state) == "✗ FAILED  orders")
        state.press(.character("n"), .character("N"))
        #expect(matchedRow(state) == "✗ FAILED  orders" && !notice(state).contains("Wrapped"))
        state.press(.character("N"))
        #expect(matchedRow(state) == "orders" && notice(state) == " Wrapped to the end.")
        state.press(.character("n"))
        #expect(matchedRow(state) == "✗ FAILED  orders" && notice(state) == " Wrapped to the top.")
    }

    @Test("one match alone is found again, and that is said")
    func onlyMatch() {
        var state = state(["a needle"])
        search("needle", &state)
        for _ in 0..<2 {
            state.press(.character("n"))
            #expect(matchedRow(state) == "a needle" && notice(state) == " Wrapped to the top.")
        }
    }

    @Test("a new search begins at the top of the screen, not at the match before")
    func newSearch() {
        var state = state()
        search("line 90.", &state)
        #expect(matchedRow(state) == "line 90.")
        state.press(.character("g"))
        search("line 5", &state)
        #expect(matchedRow(state) == "line 5." && !notice(state).contains("Wrapped"))
        // From the middle, what stands above comes last.
        state.press(.character("g"), .pageDown, .pageDown, .pageDown)
        search("line 1.", &state)
        #expect(matchedRow(state) == "line 1." && notice(state) == " Wrapped to the top.")
    }

    @Test("Enter on an empty search repeats the one before")
    func repeatedSearch() {
        var state = state(["a needle", "b needle"])
        search("needle", &state)
        search("", &state)
        #expect(matchedRow(state) == "b needle")
    }

    @Test("small letters find any case, a capital itself alone")
    func letterCase() {
        var state = state(["needle", "Needle"])
        search("needle", &state)
        #expect(matchedRow(state) == "needle")
        state.press(.character("n"))
        #expect(matchedRow(state) == "Needle")
        state.press(.character("g"))
        search("Needle", &state)
        #expect(matchedRow(state) == "Needle")
        state.press(.character("n"))
        #expect(matchedRow(state) == "Needle" && notice(state) == " Wrapped to the top.")
    }

    @Test("nothing found, and nothing searched for, are said, with the key to press")
    func nothingFound() throws {
        var state = state()
        state.press(.character("n"))
        #expect(notice(state) == " No search yet: press /")
        search("nowhere", &state)
        #expect(notice(state) == " “nowhere” is not in this text.")
        #expect(state.linesInSight.first == 1)
        search("a\u{202E}", &state)
        #expect(notice(state) == " “a<U+202E>” is not in this text.")
    }

    @Test("a match out of sight is brought in sight, one in sight moves nothing")
    func revealing() {
        var state = state()
        search("line 1.", &state)
        let before = state.linesInSight
        #expect(before.first != 1)
        state.press(.character("/"))
        state.type("line 10.")
        state.press(.enter)
        #expect(state.linesInSight == before)
        // The last row is in sight, the one below it is not.
        let last = state.rows()[22]
        search(last, &state)
        #expect(state.rows()[22] == last && state.linesInSight == before)
        state.press(.character("/"))
        state.type("line 60.")
        state.press(.enter)
        #expect(state.rowIndex(of: "line 60.") == 5, "below three lines")
        state.press(.character("g"))
        search("line 2.", &state)
        #expect(matchedRow(state) == "line 2.")
    }

    @Test("a match beyond the right edge is scrolled to, and the left edge comes back")
    func revealingSideways() {
        var state = state(["begin", Self.wide, "near END"])
        search("9END", &state)
        #expect(state.reversedText() == "9END")
        search("begin", &state)
        #expect(matchedRow(state) == "begin")
        search("END", &state)
        #expect(state.reversedText() == "END")
        state.press(.character("n"))
        #expect(matchedRow(state) == "near END")
    }

    @Test("a match deep in a wrapped line is brought in sight by its row")
    func revealingWrapped() {
        let lines = [String(repeating: "x", count: 4_000) + "needle"] + Self.lines
        var state = state(lines, size, .character("w"))
        search("needle", &state)
        #expect(state.reversedText() == "needle")
        state.press(.character("G"), .character("N"))
        #expect(state.reversedText() == "needle")
    }

    @Test("all matches in sight are marked, the current one otherwise")
    func marks() throws {
        var state = state(["needle needle", "needle"])
        search("needle", &state)
        let theme = state.appearance.theme
        let row = try #require(state.rowIndex(of: "needle needle"))
        let canvas = state.drawn()
        #expect(canvas[row, 0].style.attributes.isSuperset(of: [.reverse, .bold]))
        #expect(canvas[row, 5].style == canvas[row, 0].style && canvas[row, 6].style == .plain)
        #expect(canvas[row, 7].style.background == theme.style(.match).background)
        #expect(!canvas[row, 7].style.attributes.contains(.reverse))
        #expect(canvas[row + 1, 0].style == canvas[row, 7].style && canvas[row + 1, 6].style == .plain)
        state.press(.character("n"))
        #expect(state.drawn()[row, 7].style.attributes.contains(.reverse))
        #expect(!state.drawn()[row, 0].style.attributes.contains(.reverse))
    }

    @Test("the marks of matches move with the text when it scrolls sideways")
    func marksSideways() throws {
        var state = state([String(repeating: "x", count: 100) + "needle" + String(repeating: "y", count: 100)])
        search("needle", &state)
        #expect(state.reversedText() == "needle")
        state.press(.right)
        #expect(state.reversedText() == "needle" || state.reversedText().isEmpty)
        state.press(.character("0"))
        #expect(state.reversedText().isEmpty)
    }

    @Test("Esc gives a search up, and what was searched for stays")
    func escape() {
        var state = state(["a needle", "b needle", "other"])
        search("needle", &state)
        state.press(.character("/"))
        state.type("other")
        state.press(.escape, .character("n"))
        #expect(matchedRow(state) == "b needle")
    }

    // MARK: Going to older runs

    @Test("Tab goes through the older runs, and one Esc comes back")
    func olderRuns() {
        var state = Sample.state(size, board: true)
        state.press(.enter, .enter)
        #expect(state.screenText().contains("Run key     job-4-run-5"))
        expect(&state, pressing: .tab, gives: [.poll(.listTasks(of: RunID("job-4-run-4", of: JobID("job-4"))))])
        #expect(state.screenText().contains("Run key     job-4-run-4"))
        state.press(.tab, .tab, .tab)
        #expect(state.screenText().contains("Run key     job-4-run-1"))
        expect(&state, pressing: .tab, gives: [])
        #expect(state.screenText().contains("This is the oldest known run."))
        #expect(state.screenText().contains("Run key     job-4-run-1"))
        state.press(.escape)
        #expect(state.context == .runs)
    }

    // MARK: The layout

    @Test("a position moves by rows, through wrapped lines, and stays in the text")
    func positions() {
        let lines: [SafeText] = ["one", "four rows of ten", "", "last"]
        let layout = PagerLayout(
            Document(lines.map { DocumentLine(text: $0) }), size: Size(rows: 2, columns: 5), wraps: true)
        let rows = layout.rows(from: Pager.Position(), left: 0).map(\.text.description)
        #expect(rows == ["one", "four "])
        func moved(_ line: Int, _ row: Int, _ distance: Int) -> [Int] {
            let position = layout.position(Pager.Position(line: line, row: row), movedBy: distance)
            return [position.line, position.row]
        }
        #expect(moved(0, 0, 1) == [1, 0] && moved(0, 0, 2) == [1, 1] && moved(1, 0, 3) == [1, 3])
        #expect(moved(1, 0, 4) == [2, 0] && moved(1, 3, 2) == [3, 0] && moved(0, 0, 99) == [3, 0])
        #expect(moved(3, 0, -1) == [2, 0] && moved(3, 0, -2) == [1, 3] && moved(1, 2, -2) == [1, 0])
        #expect(moved(1, 0, -1) == [0, 0] && moved(3, 0, -99) == [0, 0])
        #expect(moved(9, 9, 0) == [3, 0] && moved(-4, 0, 0) == [0, 0] && moved(1, 9, 0) == [1, 3])
        #expect(layout.lastTop == Pager.Position(line: 2))
        for (column, row) in [(0, 0), (4, 0), (5, 1), (12, 2), (15, 3)] {
            let match = Pager.Match(line: 1, columns: column..<column + 1)
            #expect(layout.position(of: match) == Pager.Position(line: 1, row: row), "column \(column)")
        }
        let none = PagerLayout(Document(), size: Size(rows: 2, columns: 5), wraps: false)
        #expect(none.lastTop == Pager.Position() && none.rows(from: Pager.Position(), left: 0).isEmpty)
        #expect(none.position(Pager.Position(line: 3), movedBy: 2) == Pager.Position() && none.lastLeft == 0)
    }
}
