import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

@Suite("Causes in the dashboard")
struct CausesScreenTests {
    @Test("the header counts the causes of broken jobs; those that differ in numbers and paths count once")
    func header() {
        #expect(CauseSample.state().rows()[1].contains("3 broken, 2 causes"))
    }

    @Test("a narrow row shows the cause in place of its reason, a wide one in its own column")
    func column() {
        let narrow = CauseSample.state()
        #expect(!narrow.columnTitles.contains("CAUSE"))
        #expect(narrow.row(of: "prices").contains("KeyError: 'price'"))
        let wide = CauseSample.state(Size(rows: 24, columns: 140))
        #expect(wide.columnTitles.contains("CAUSE"))
        #expect(wide.row(of: "prices").contains("KeyError: 'price'"))
        #expect(wide.row(of: "prices").contains("failed, last OK"))
        #expect(!wide.row(of: "ledger").contains("MemoryError"), "the job is healed")
    }

    @Test("the runs of a job show why each failed")
    func runs() {
        var state = CauseSample.state()
        state.press(.character("G"))
        state.enter("ledger", at: "/")
        state.press(.enter)
        #expect(state.columnTitles.contains("CAUSE"))
        #expect(state.screenText().contains("MemoryError"))
    }

    @Test("parses a trace once per run, and again after a change")
    func onceForATrace() throws {
        var board = JobBoard()
        board.watch(CauseSample.jobs)
        var read: [String] = []
        func record(_ runs: [JobRun]) {
            board.record(runs, of: [JobID("orders")], at: Sample.now) { run in
                read.append(run.id.key)
                return FailureCause(of: run)
            }
        }
        let runs = CauseSample.runs.filter { $0.job == JobID("orders") }
        record(runs)
        #expect(read == ["orders-1", "orders-3"])
        record(runs + [CauseSample.run("orders", hoursAgo: 0)])
        #expect(read == ["orders-1", "orders-3"])
        record([CauseSample.run("orders", hoursAgo: 1, cause: "ValueError: x")] + runs.dropFirst())
        #expect(read.dropFirst(2) == ["orders-1"])
        #expect(board[JobID("orders")]?.currentCause?.text == "ValueError: x")
    }

    @Test("current causes come first; Enter shows their jobs, Esc returns step by step")
    func enterAndBack() {
        var state = CauseSample.state()
        state.press(.character("f"), .character("f"))
        let before = state.screenText()
        state.press(.character("C"))
        let rows = state.tableRows
        #expect(rows.count == 3)
        #expect(rows[0].contains("No space left on"))
        #expect(rows[1].contains("KeyError"))
        #expect(rows[2].contains("MemoryError"))
        #expect(rows[0].split(separator: " ").prefix(4) == [">", "2", "2", "3"])
        #expect(rows[2].split(separator: " ").prefix(3) == ["–", "2", "2"], "though it has broken more jobs")
        let causes = state.screenText()
        state.press(.enter)
        #expect(state.screenText().contains("orders") && state.screenText().contains("stock"))
        #expect(!state.screenText().contains("prices"))
        #expect(state.rows()[1].contains("cause ") && state.rows()[1].contains("2 shown"))
        state.press(.escape)
        #expect(state.screenText() == causes)
        state.press(.escape)
        #expect(state.screenText() == before)
    }

    @Test("a cause without broken jobs leads to those it broke before")
    func past() {
        var state = CauseSample.state()
        state.press(.character("C"), .character("G"), .enter)
        #expect(state.screenText().contains("ledger") && state.screenText().contains("audit"))
        #expect(state.rows()[1].contains("2 shown"))
    }

    @Test("the table of causes has the same filter and sorting as others")
    func filteredAndSorted() {
        var state = CauseSample.state()
        state.press(.character("C"))
        state.press(.character("/"))
        state.type("memory")
        #expect(state.tableRows.count == 1)
        state.press(.escape)
        #expect(state.tableRows.count == 3)
        state.enter("sort cause", at: ":")
        #expect(state.tableRows.first?.contains("KeyError") == true)
        state.press(.character("S"))
        #expect(state.tableRows.last?.contains("KeyError") == true)
        state.press(.character("s"), .enter)
        #expect(state.tableRows.count == 3)
        state.enter("filter none", at: ":")
        #expect(state.screenText().contains("No cause matches"))
    }

    @Test("`cause:` filters the jobs by the cause of their failure")
    func filter() {
        var state = CauseSample.state()
        state.enter("cause:\"left on\"", at: "/")
        #expect(state.tableRows.count == 2)
        state.press(.escape)
        state.enter("cause:space !stock", at: "/")
        #expect(state.tableRows.count == 1)
        state.press(.escape)
        state.enter("!cause:space", at: "/")
        #expect(state.tableRows.count == 3)
    }

    @Test("a run and a job show whether the cause is new, and how the job recovered before")
    func recurrence() {
        var state = CauseSample.state(Size(rows: 40, columns: 120))
        #expect(state.row(of: "prices").contains("KeyError"))
        state.enter("orders", at: "/")
        state.press(.character("e"), .character("g"))
        #expect(state.screenText().contains("seen 3h ago, healed by the next run, after 1h00m"))
        state.press(.escape, .character("d"))
        #expect(state.screenText().contains("seen 3h ago, healed by the next run, after 1h00m"))
        state.press(.escape, .escape)
        state.enter("prices", at: "/")
        state.press(.character("e"), .character("g"))
        #expect(state.screenText().contains("new cause"))
    }
}
