import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

@Suite("The reader: folds, line numbers, marks, and regular expressions")
struct ReaderTests {
    private static let spark = (1...23).map { index in
        index.isMultiple(of: 4)
            ? "\tat java.base/java.util.concurrent.F\(index).run(F.java:\(index))"
            : "\tat org.apache.spark.rdd.RDD\(index).iterator(RDD.scala:\(index))"
    }

    private static let trace =
        ["org.apache.spark.SparkException: Job aborted", "\tat com.acme.Orders.load(Orders.scala:9)"] + spark
        + ["\tat com.acme.Main.main(Main.scala:3)", "Caused by: java.io.IOException: No space left", "\t... 12 more"]

    private func state(_ lines: [String] = trace, _ size: Size = Size(rows: 50, columns: 100)) -> DashboardState {
        OneRun.reading(lines, size)
    }

    // MARK: Frames of frameworks

    @Test("framework frames are one line that z opens and closes, and Z all of them")
    func folding() {
        var state = state()
        let fold = "    … 23 frames of Spark and the JVM"
        #expect(state.rowIndex(of: fold) != nil)
        #expect(!state.screenText().contains("RDD1.iterator"))
        #expect(state.screenText().contains("com.acme.Orders.load"))
        #expect(state.screenText().contains("com.acme.Main.main"))
        state.press(.character("z"))
        #expect(state.screenText().contains("RDD1.iterator"))
        #expect(state.rowIndex(of: fold) == nil)
        state.press(.character("z"))
        #expect(state.rowIndex(of: fold) != nil)
        state.press(.character("Z"))
        #expect(state.screenText().contains("RDD1.iterator"))
        state.press(.character("Z"))
        #expect(state.rowIndex(of: fold) != nil)
        var plain = self.state(["x"])
        plain.press(.character("z"))
        #expect(plain.lastRow == " No folded stack frames are in view.")
    }

    @Test("folds a Python frame with its source, but not the user's own")
    func pythonFolds() {
        let installed = (1...3).flatMap { index in
            ["  File \"/x/site-packages/pandas/f\(index).py\", line 1, in f", "    return g(x)", "    ^^^^"]
        }
        let lines =
            ["Traceback (most recent call last):", "  File \"/w/etl.py\", line 3, in <module>", "    merge()"]
            + installed
            + ["KeyError: 'id'"]
        let folds = FrameFold.folds(in: LongText(lines.joined(separator: "\n")), keeping: 12)
        #expect(folds == [FrameFold(lines: 3..<12, frames: 3, frameworks: ["pandas"])])
        #expect(FrameFold.folds(in: LongText(lines.joined(separator: "\n")), keeping: 4).map(\.lines) == [6..<12])
    }

    @Test("folds notebook frames with their numbered source and empty lines")
    func notebookFolds() {
        let lines = """
            Cell In[3], line 1
            ----> 1 load("orders")

            File ~/etl/orders.py:12, in load(name)
                 11 frame = read(name)
            ---> 12 return frame.merge(lookup)

            File /opt/conda/lib/python3.11/site-packages/pandas/core/frame.py:10832, in DataFrame.merge(self)
              10830 from pandas.core.reshape.merge import merge
            > 10832 return merge(
              10833     self,

            File /opt/conda/lib/python3.11/site-packages/pandas/core/reshape/merge.py:184, in merge(left)
                183 else:
            --> 184     op = _MergeOperation(

            KeyError: 'id'
            """.replacing("\n> 10832", with: "\n-> 10832")
        let folds = FrameFold.folds(in: LongText(lines), keeping: nil)
        #expect(folds == [FrameFold(lines: 7..<15, frames: 2, frameworks: ["pandas"])])
    }

    @Test("a match inside a fold opens it")
    func searchOpens() {
        var state = state()
        state.enter("RDD11.iterator", at: "/")
        #expect(state.matchedRow?.contains("RDD11.iterator") == true)
        #expect(state.screenText().contains("RDD1.iterator"))
    }

    @Test("movement passes a fold as one row")
    func moving() {
        var state = state(Self.trace + OneRun.lines, Size(rows: 24, columns: 80))
        state.press(.character("G"), .character("g"))
        for _ in 0..<21 { state.press(.down) }
        let text = state.screenText()
        #expect(text.contains("… 23 frames") || text.contains("line 1."))
        #expect(!text.contains("RDD"))
    }

    // MARK: Numbers

    @Test("lines have editor numbers if they fit, and # switches them")
    func numbers() {
        var wide = state(Self.trace, Size(rows: 50, columns: 130))
        #expect(wide.screenText().contains("\n  2         at com.acme.Orders.load"))
        #expect(wide.screenText().contains("\n 26         at com.acme.Main.main"), "a fold counts with all its lines")
        wide.press(.character("#"))
        #expect(wide.screenText().contains("\n        at com.acme.Orders.load"))
        var narrow = state(Self.trace, Size(rows: 50, columns: 80))
        #expect(narrow.screenText().contains("\n        at com.acme.Orders.load"))
        narrow.press(.character("#"))
        #expect(narrow.screenText().contains("\n  2         at com.acme.Orders.load"))
    }

    // MARK: Marking

    @Test("v marks lines, movement marks more, y copies only those and ends the marking")
    func copyMarked() {
        var state = state(OneRun.lines, Size(rows: 24, columns: 80))
        state.enter("line 40", at: "/")
        state.press(.character("v"), .down, .character("j"))
        #expect(state.rows()[1].contains("3 marked"))
        #expect(state.lastRow.contains("esc end marking"))
        expect(&state, pressing: .character("y"), gives: [.copy("line 40.\nline 41.\nline 42.", what: "3 lines")])
        #expect(!state.rows()[1].contains("marked"))
        state.press(.character("v"), .up)
        #expect(state.press(.character("y")) == [.copy("line 39.\nline 40.", what: "2 lines")])
    }

    @Test("s saves the marked lines, Esc ends marking and keeps the screen")
    func saveMarked() {
        var state = state(OneRun.lines, Size(rows: 24, columns: 80))
        state.enter("line 40", at: "/")
        state.press(.character("v"), .character("s"), .control("u"))
        state.type("a.txt")
        #expect(state.press(.enter).savedText == ["line 40.", "a.txt"])
        state.press(.character("v"), .escape)
        #expect(state.screenShown == .run)
        #expect(!state.rows()[1].contains("marked"))
        #expect(state.rows()[1].contains("match"))
        state.press(.escape)
        #expect(!state.rows()[1].contains("match"), "Esc ends the search before it leaves the screen")
        state.press(.escape)
        #expect(state.screenShown == .runs)
    }

    @Test("the screen follows the marking, which takes all lines of a fold")
    func markedFold() throws {
        var state = state(Self.trace, Size(rows: 24, columns: 80))
        state.enter("com.acme.Orders", at: "/")
        state.press(.character("v"), .down, .down)
        let taken = try #require(state.arranged().takenText)
        #expect(taken.text.count == 25)
        #expect(taken.text.plainText.hasSuffix("at com.acme.Main.main(Main.scala:3)"))
        state.press(.character("G"))
        #expect(state.rows()[22].contains("12 more"))
        state.press(.character("g"))
        #expect(state.linesInSight.first == 1)
    }

    // MARK: Expressions

    @Test("a search is a regular expression, and shows the number of the match and of all matches")
    func expression() {
        var state = state(OneRun.lines, Size(rows: 24, columns: 80))
        state.enter("line [1-3]\\.", at: "/")
        #expect(state.matchedRow == "line 1.")
        #expect(state.rows()[1].contains("match 1/3 "))
        state.press(.character("n"), .character("n"))
        #expect(state.matchedRow == "line 3.")
        #expect(state.rows()[1].contains("match 3/3 "))
        state.enter("\\Sine 7\\d", at: "/")
        #expect(state.matchedRow == "line 70.", "a class in a capital does not ask for the case")
    }

    @Test(
        "shows an invalid expression while typing, and Enter keeps it in the prompt",
        arguments: [
            ("a(", "a ( is not closed"), ("[x", "a [ is not closed"), ("*x", "nothing before *"),
            ("x)", "a ) closes nothing"), ("x\\", "something must follow"),
        ])
    func mistakes(_ typed: String, _ reason: String) {
        var state = state(OneRun.lines, Size(rows: 24, columns: 80))
        state.press(.character("/"))
        state.type(typed)
        #expect(state.lastRow.contains(reason))
        state.press(.enter)
        #expect(state.lastRow.contains(reason))
        state.press(.escape)
        #expect(!state.lastRow.contains(reason))
    }

    @Test("gives up on a line that an expression would search for ever")
    func hardExpression() throws {
        let pattern = try SearchPattern("(a+)+$")
        var work = 0
        #expect(pattern.ranges(in: SafeText(String(repeating: "a", count: 200) + "b"), work: &work).isEmpty)
        #expect(work > TextSearch.slice)
    }

    @Test("searches a long text in slices from the user's position, and shows the match when found")
    func slices() {
        let filler = String(repeating: "x", count: 90)
        var lines = (0..<20_000).map { "\($0) \(filler)" }
        lines[15_000] += " needle"
        lines[3] += " needle"
        var state = state(lines, Size(rows: 24, columns: 130))
        state.enter("needle", at: "/")
        #expect(state.isSearching)
        #expect(state.matchedRow?.contains("3 x") == true)
        #expect(state.rows()[1].contains("match 1/1+"))
        state.press(.character("n"))
        #expect(state.lastRow == " Searching…")
        var steps = 0
        while state.isSearching {
            _ = state.update(.searchOn, at: Sample.now)
            steps += 1
        }
        #expect(steps > 5)
        #expect(state.matchedRow?.contains("15000 x") == true)
        #expect(state.rows()[1].contains("match 2/2 "))
        state.press(.character("n"))
        #expect(state.lastRow == " Wrapped to the top.")
    }

    /// The row of the match after a key, before the whole text is searched.
    private func matchWhileSearching(_ state: inout DashboardState, _ keys: Key...) -> String? {
        state.press(keys)
        for _ in 0..<3 { _ = state.update(.searchOn, at: Sample.now) }
        #expect(state.isSearching)
        return state.matchedRow?.split(separator: " ").dropLast(2).last.map(String.init)
    }

    @Test("searches first where the wanted match is: before the position, or beyond the ends of the text")
    func nearestFirst() {
        let filler = String(repeating: "x", count: 90)
        var lines = (0..<40_000).map { "line\($0) \(filler)" }
        for line in [2, 20_010, 39_990] { lines[line] += " needle" }
        var state = state(lines, Size(rows: 24, columns: 130))
        state.enter("needle", at: "/")
        #expect(matchWhileSearching(&state, .character("N")) == "line39990")
        #expect(matchWhileSearching(&state, .character("n")) == "line2", "beyond the end")
        while state.isSearching { _ = state.update(.searchOn, at: Sample.now) }
        #expect(state.rows()[1].contains("match 1/3 "), "\(state.rows()[1])")
        state.press(.character("n"))
        #expect(state.rows()[1].contains("match 2/3 "), "\(state.rows()[1])")
        state.press(.character("N"), .character("N"))
        #expect(state.rows()[1].contains("match 3/3 "), "\(state.rows()[1])")
    }

    // MARK: Other programs

    @Test("P and E hand over the text, or the marked lines")
    func handOver() {
        var state = state(OneRun.lines, Size(rows: 24, columns: 80))
        let all = LongText(OneRun.lines.joined(separator: "\n"))
        #expect(state.press(.character("P")) == [.handOver(all, to: .pager, name: "runtop-orders-run.txt")])
        state.enter("line 40", at: "/")
        state.press(.character("v"))
        #expect(
            state.press(.character("E"))
                == [.handOver(LongText("line 40."), to: .editor, name: "runtop-orders-run.txt")])
    }
}
