import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

@Suite("Moving in a long text")
struct PagerTests {
    /// 21 rows of text on this screen.
    private let size = Size(rows: 24, columns: 80)

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
        var state = OneRun.reading()
        state.press(keys)
        #expect(state.linesInSight.count == 3)
        #expect(state.linesInSight.prefix(2) == [first, first + 20])
    }

    @Test(
        "the end is the last full page",
        arguments: [
            ([.character("G")], 0), ([.end], 0), ([.character("G"), .down], 0), ([.character("G"), .pageDown], 0),
            ([.character("G"), .up], 1), ([.character("G"), .pageUp], 20), ([.character("G"), .control("u")], 10),
        ] as [([Key], Int)])
    func end(_ keys: [Key], _ fromEnd: Int) {
        var state = OneRun.reading()
        state.press(keys)
        let lines = state.linesInSight
        #expect(lines[2] - lines[1] == fromEnd)
        #expect(lines[1] - lines[0] == 20)
        if fromEnd == 0 { #expect(state.rows()[22] == "line 100.") }
    }

    @Test("on the smallest screens a page is at least a row")
    func smallPages() {
        var state = OneRun.reading(OneRun.lines, Size(rows: 5, columns: 20))
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

    @Test("a short text does not scroll")
    func short() {
        var state = OneRun.reading(["x"], Size(rows: 40, columns: 80))
        let before = state.rows()
        for key: Key in [.down, .pageDown, .character("G"), .control("d"), .right, .character("$")] { state.press(key) }
        #expect(state.rows() == before)
    }

    @Test("t goes to the tasks, with three lines above their title")
    func tasks() {
        var state = OneRun.reading(OneRun.lines, size, .character("G"))
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
        "long lines scroll sideways by half a screen, up to the end of the longest",
        arguments: [
            ([], 0), ([.right], 40), ([.character("l")], 40), ([.right, .right], 80), ([.right, .left], 0),
            ([.right, .character("h")], 0), ([.left], 0), ([.character("$")], 223), ([.character("$"), .right], 223),
            ([.character("$"), .left], 183), ([.character("$"), .character("0")], 0),
            ([.character("$"), .character("w"), .character("w")], 0),
        ] as [([Key], Int)])
    func sideways(_ keys: [Key], _ left: Int) {
        var state = OneRun.reading([Self.wide], size, .character("G"))
        state.press(keys)
        #expect(firstRow(of: state) == Self.shown(from: left))
    }

    @Test("w wraps long lines, and then nothing scrolls sideways")
    func wrapping() {
        var state = OneRun.reading(["short", Self.wide], Size(rows: 40, columns: 80), .character("w"))
        func isWrapped() -> Bool { state.screenText().contains("\nshort\n" + wrapped + "\n") }
        let wrapped = stride(from: 0, to: Self.wide.count, by: 80).map { Self.wide.dropFirst($0).prefix(80) }
            .joined(separator: "\n")
        #expect(isWrapped())
        for key: Key in [.right, .character("$"), .character("l")] {
            state.press(key)
            #expect(isWrapped())
        }
        state.press(.character("w"))
        #expect(firstRow(of: state) == Self.shown(from: 0))
    }

    @Test("wrapped lines scroll by rows, and the header counts lines")
    func movingInWrapped() {
        var state = OneRun.reading(Array(repeating: Self.wide, count: 20), size, .character("w"), .character("G"))
        #expect(state.rows()[22].hasSuffix("END"))
        let lines = state.linesInSight
        #expect(lines[1] == lines[2])
        #expect(lines[1] - lines[0] == 5)
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

    @Test("the root cause wraps even if other lines scroll, and stays then")
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
            #expect(rows[line - 1] == first)
            #expect(rows[line + 2] == first)
        }
        try expectWrapped(Self.shown(from: 0))
        state.press(.character("$"))
        try expectWrapped(String(Self.wide.suffix(80)))
        // Its rows have its style, and its label has the label's.
        let theme = Theme(.dark)
        let canvas = state.drawn()
        let fact = try #require(state.rowIndex(of: "Cause"))
        #expect(canvas[fact, 11].style == theme.style(.quiet))
        #expect(canvas[fact, 12].style == theme.style(.broken))
        #expect(canvas[fact + 1, 0].style == theme.style(.broken))
        // Only other lines count for the way to the right.
        state = OneRun.state(OneRun.run(trace: cause), Size(rows: 60, columns: 80), .enter, .enter, .character("$"))
        #expect(state.rowIndex(of: "Caused by") != nil)
    }

    @Test("c after scrolling sideways shows the start of the cause")
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

    // MARK: Going to older runs

    @Test("Tab goes through older runs, and one Esc returns")
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
        #expect(state.screenShown == .runs)
    }

    // MARK: The layout

    private static func layout(_ lines: [SafeText], wraps: Bool) -> PagerLayout {
        PagerLayout(
            Document(lines.map { DocumentLine(text: $0) }), size: Size(rows: 2, columns: 5), wraps: wraps)
    }

    private static let wrapped = layout(["one", "four rows of ten", "", "last"], wraps: true)

    @Test(
        "a position moves by rows, through wrapped lines, within the text",
        arguments: [
            (from: (0, 0), by: 1, to: (1, 0)), ((0, 0), 2, (1, 1)), ((1, 0), 3, (1, 3)), ((1, 0), 4, (2, 0)),
            ((1, 3), 2, (3, 0)), ((0, 0), 99, (3, 0)), ((3, 0), -1, (2, 0)), ((3, 0), -2, (1, 3)),
            ((1, 2), -2, (1, 0)), ((1, 0), -1, (0, 0)), ((3, 0), -99, (0, 0)), ((9, 9), 0, (3, 0)),
            ((-4, 0), 0, (0, 0)), ((1, 9), 0, (1, 3)),
        ] as [(from: (Int, Int), by: Int, to: (Int, Int))])
    func positions(_ move: (from: (Int, Int), by: Int, to: (Int, Int))) {
        let start = Pager.Position(line: move.from.0, row: move.from.1)
        let end = Pager.Position(line: move.to.0, row: move.to.1)
        #expect(Self.wrapped.position(start, movedBy: move.by) == end)
    }

    @Test(
        "a match is in the row of its first column", arguments: [(0, 0), (4, 0), (5, 1), (12, 2), (15, 3)])
    func matchPosition(column: Int, row: Int) {
        let match = Pager.Match(line: 1, columns: column..<column + 1)
        #expect(Self.wrapped.position(of: match) == Pager.Position(line: 1, row: row))
    }

    @Test("the first rows of a text, and the top of its last page")
    func firstAndLastPage() {
        #expect(Self.wrapped.rows(from: Pager.Position(), left: 0).map(\.text.plainText) == ["one", "four "])
        #expect(Self.wrapped.lastTop == Pager.Position(line: 2))
    }

    @Test("a text without lines has no rows, and does not scroll")
    func noLines() {
        let none = Self.layout([], wraps: false)
        #expect(none.lastTop == Pager.Position())
        #expect(none.rows(from: Pager.Position(), left: 0).isEmpty)
        #expect(none.position(Pager.Position(line: 3), movedBy: 2) == Pager.Position())
        #expect(none.lastLeft(from: Pager.Position()) == 0)
    }
}
