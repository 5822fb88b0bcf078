import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

/// The selection, and which rows are in sight, at every height.
@Suite("Moving in a table")
struct TableMovingTests {
    @Test("the selected row is always visible", arguments: [5, 8, 9, 10, 12, 16, 24])
    func inSight(rows: Int) {
        var state = Sample.state(Size(rows: rows, columns: 80))
        _ = state.frame()
        let keys: [Key] =
            Array(repeating: .down, count: 21) + Array(repeating: .up, count: 12) + [.pageDown, .pageDown, .pageUp]
            + [.character("G"), .character("g"), .control("d"), .control("d"), .control("u"), .character("k")]
        for key in keys {
            state.press(key)
            _ = state.frame()
            #expect(state.selectedTableRow != nil, "\(key)")
            // The keys act on the job whose row is selected.
            let job = state.selectedJobOnScreen ?? "none"
            var copying = state
            #expect(copying.press(.character("y")) == [.copy(job, what: "the job key")], "\(key)")
        }
    }

    @Test("moving past the last visible row scrolls by one row")
    func scrollsByOne() {
        let all = Sample.state(Size(rows: 24, columns: 80)).jobsOnScreen
        var state = Sample.state(Size(rows: 10, columns: 80))
        #expect(state.jobsOnScreen == Array(all[0..<6]))
        for _ in 0..<6 { state.press(.down) }
        _ = state.frame()
        #expect(state.jobsOnScreen == Array(all[1..<7]))
        #expect(state.selectedTableRow == 5)
        for _ in 0..<5 { state.press(.up) }
        _ = state.frame()
        #expect(state.jobsOnScreen == Array(all[1..<7]), "the selected row is still in sight")
        #expect(state.selectedTableRow == 0)
        state.press(.up)
        #expect(state.jobsOnScreen == Array(all[0..<6]))
        #expect(state.selectedTableRow == 0)
    }

    @Test("the end of the table is never past the last row")
    func end() {
        var state = Sample.state(Size(rows: 10, columns: 80))
        let all = Sample.state(Size(rows: 24, columns: 80)).jobsOnScreen
        state.press(.character("G"))
        _ = state.frame()
        #expect(state.jobsOnScreen == Array(all.suffix(6)))
        state.resize(rows: 40, columns: 80)
        #expect(state.jobsOnScreen == all)
    }

    @Test(
        "each movement key moves by its distance",
        arguments: [
            (Key.down, 1), (.character("j"), 1), (.control("n"), 1), (.pageDown, 6), (.control("f"), 6),
            (.control("d"), 3), (.character("G"), 19), (.end, 19),
        ] as [(Key, Int)])
    func steps(key: Key, distance: Int) {
        var state = Sample.state(Size(rows: 10, columns: 80))
        _ = state.frame()
        #expect(state.tableRows.count == 6)
        state.press(key)
        #expect(state.rows()[1].hasSuffix(" \(distance + 1)/20"))
        let back: [Key: Key] = [
            .down: .up, .character("j"): .character("k"), .control("n"): .control("p"), .pageDown: .pageUp,
            .control("f"): .control("b"), .control("d"): .control("u"),
            .character("G"): .character("g"), .end: .home,
        ]
        state.press(back[key] ?? .up)
        #expect(state.rows()[1].hasSuffix(" 1/20"))
    }

    @Test("a long table shows the position of the selected row; a fully visible one does not")
    func position() {
        var state = Sample.state(Size(rows: 12, columns: 80))
        state.press(.down, .down)
        #expect(state.rows()[1].hasSuffix(" 3/20"))
        state.resize(rows: 24, columns: 80)
        #expect(!state.rows()[1].contains("/20"), "20 rows fit")
        state.resize(rows: 23, columns: 80)
        #expect(state.rows()[1].hasSuffix(" 3/20"))
    }

    @Test("a long table of runs shows the position of the selected one")
    func runsPosition() {
        var state = Sample.state(Size(rows: 10, columns: 80))
        state.enter("ledger_stuck", at: "/")
        state.press(.enter)
        #expect(state.rows()[3].hasSuffix(" 4/7"), "the late run is selected")
        state.press(.character("G"))
        #expect(state.rows()[3].hasSuffix(" 7/7"))
        #expect(state.screenText().contains("\n>"))
        state.resize(rows: 24, columns: 80)
        #expect(!state.rows()[3].contains("/7"))
    }

    @Test("Esc on the table removes the filter and the focus, and selects the worst job")
    func escape() {
        var state = Sample.state(Size(rows: 24, columns: 80))
        state.press(.character("f"))
        state.enter("ml", at: "/")
        state.press(.down, .escape)
        #expect(state.jobsOnScreen.count == Sample.jobs.count)
        #expect(!state.rows()[1].contains("filter"))
        #expect(!state.rows()[1].contains("only"))
        state.press(.character("S"))
        #expect(state.selectedTableRow == 0, "the first row is selected, whichever it is")
    }

    @Test("the selection belongs to a row, not an index: it returns after the table was empty")
    func emptyAndBack() {
        var state = Sample.state(Size(rows: 24, columns: 80))
        state.press(.down, .down, .down)
        let selected = state.selectedJobOnScreen
        #expect(selected != nil)
        state.press(.character("/"), .paste("zzz"))
        _ = state.frame()
        #expect(state.selectedTableRow == nil)
        state.press(.escape)
        #expect(state.selectedJobOnScreen == selected)
    }

    @Test("a key moves among the visible rows; new data changes their order only after it")
    func keyBeforeNews() throws {
        var state = Sample.state(Size(rows: 24, columns: 80))
        _ = state.frame()
        let shown = state.jobsOnScreen
        // The last of the jobs fails.
        let failing = try #require(Sample.jobs.first { $0.id.key == shown.last })
        var failed = JobRun(id: RunID(job: failing.id, key: "newest"), status: .failed)
        (failed.created, failed.ended) = (Sample.now, Sample.now)
        state.feed(.runs([failed], of: [failing.id], at: Sample.now))
        state.press(.down, .down)
        func jobs(_ canvas: Canvas) -> [String] {
            (0..<24).map { canvas.text(row: $0) }.compactMap { Sample.jobKey(in: $0) }
        }
        #expect(jobs(state.frame(keepsOrder: true)) == shown)
        #expect(jobs(state.frame(keepsOrder: true)) == shown, "for as long as they are held back")
        let selected = shown[2]
        let after = jobs(state.frame())
        #expect(after.first == failing.id.key)
        #expect(after != shown)
        #expect(state.selectedJobOnScreen == selected)
    }

    @Test("the first jobs are shown at once, even after a key press")
    func firstJobs() {
        var state = Sample.state(Size(rows: 24, columns: 80), board: false)
        state.press(.down)
        _ = state.frame()
        state.feed(.jobsListed(Sample.jobs, at: Sample.now))
        state.press(.down)
        let canvas = state.frame(keepsOrder: true)
        #expect((0..<24).contains { Sample.jobKey(in: canvas.text(row: $0)) != nil })
    }

    @Test("a key on a row whose job was just removed says so")
    func vanished() throws {
        var state = Sample.state(Size(rows: 24, columns: 80))
        _ = state.frame()
        let gone = try #require(state.selectedJobOnScreen)
        state.feed(.jobsListed(Sample.jobs.filter { $0.id.key != gone }, at: Sample.now))
        #expect(state.press(.enter).isEmpty)
        #expect(state.inner.isEmpty)
        #expect(state.notice?.text.plainText == "The service no longer lists this job.")
    }
}
