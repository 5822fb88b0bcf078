import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

@Suite("Repairing chosen tasks of a run")
struct TaskRepairTests {
    /// The table of tasks of the sample's failed run, where `transform` failed, with actions allowed or not.
    private func state(_ size: Size = Size(rows: 24, columns: 80), allows: Bool = true) -> DashboardState {
        var state = TaskScreenTests.state(size)
        state.actions = ActionsState(isAllowed: allows)
        return state
    }

    /// The message to the operator, which may take several rows.
    private func notice(of state: DashboardState) -> String { state.notice?.text.plainText ?? "" }

    /// The tasks that the only request repairs.
    private func tasks(_ effects: [Effect]) -> [String]? {
        let requests = DashboardState.requests(effects)
        guard requests.count == 1, case .repair(let repair) = requests[0].action.verb, repair.mode == .resume else {
            return nil
        }
        #expect(requests[0].action.target.run == TaskScreenTests.run)
        #expect(requests[0].action.target.known?.status == .internalError)
        return repair.tasks
    }

    @Test("R repairs the selected task that failed, by its key; the question names it, its run and what runs again")
    func selected() {
        var state = state()
        state.press(.character("R"))
        let text = state.screenText()
        for expected in [
            "Repair the task transform?", "run   job-4-run-5", "The task transform runs again, and those after it.",
        ] {
            #expect(text.contains(expected), "missing: \(expected)\n\(text)")
        }
        #expect(!text.contains("left out"), "publish only waited for it")
        state.look()
        #expect(tasks(state.sayYes()) == ["transform"])
    }

    @Test("space marks tasks, R repairs those that are marked in the order of the table, and the marks are gone")
    func marked() {
        var state = state()
        state.press(.character("G"), .up, .up, .character(" "), .character("g"), .character(" "))
        #expect(state.rows()[1].contains("2 marked"))
        #expect(state.tableRows.count { $0.hasPrefix("*") } == 2)
        state.press(.character("R"))
        #expect(state.screenText().contains("Repair these 2 tasks?"))
        #expect(state.screenText().contains("The tasks extract, notify run again"))
        #expect(state.screenText().contains("1 other failed task is left out: “:repair” is for all of the run."))
        state.look()
        #expect(tasks(state.sayYes()) == ["extract", "notify"])
        #expect(!state.rows()[1].contains("marked"))
    }

    @Test("Esc takes the marks away, then goes back; a run in the table cannot be marked")
    func unmarked() {
        var state = state()
        state.press(.character(" "), .escape)
        #expect(state.context == .tasks)
        #expect(!state.rows()[1].contains("marked"))
        state.press(.character("G"), .character(" "))
        #expect(state.lastRow == " Only tasks can be marked here.")
        state.press(.escape)
        #expect(state.context == .run)
    }

    @Test("without a mark, a task that did not fail is not repaired alone: it says what is")
    func notFailed() {
        var state = state()
        state.press(.up, .character("R"))
        #expect(!state.isAsking)
        #expect(notice(of: state).hasPrefix("extract is SUCCESS. Mark tasks with space, or type “:repair”"))
        state.press(.down, .down, .character("R"))
        #expect(!state.isAsking)
        #expect(notice(of: state).hasPrefix("publish did not run, for a task before it failed"))
        state.press(.character("G"), .character("R"))
        #expect(notice(of: state).hasPrefix("No task that has run is selected."))
    }

    @Test(":repair is for the whole run, :repair KEY for the tasks that it names")
    func command() {
        var state = state()
        state.enter("repair", at: ":")
        #expect(state.screenText().contains("Repair this run?"))
        #expect(state.screenText().contains("The tasks that did not succeed run again"))
        state.look()
        #expect(tasks(state.sayYes()) == [])
        state.enter("repair publish", at: ":")
        state.look()
        #expect(tasks(state.sayYes()) == ["publish"])
    }

    @Test("on what a task printed, R repairs that task")
    func output() {
        var state = state()
        state.press(.enter, .character("R"))
        #expect(state.screenText().contains("Repair the task transform?"))
        state.look()
        #expect(tasks(state.sayYes()) == ["transform"])
    }

    @Test("the question is frozen: it is refused when the run has changed, and tasks that come meanwhile are not in it")
    func frozen() {
        var state = state()
        state.press(.character(" "), .character("R"))
        state.look()
        var newer = TaskScreenTests.tasks
        newer[1].taskKey = "other"
        var unchanged = state
        unchanged.feed(.tasksListed(newer, of: TaskScreenTests.run, at: Sample.now))
        #expect(unchanged.screenText().contains("Repair the task transform?"))
        #expect(tasks(unchanged.sayYes()) == ["transform"])
        var runs = Sample.runs(of: Sample.jobs[4])
        runs[0].status = .running
        state.feed(.runs(runs, of: [JobID("job-4")], at: Sample.now))
        #expect(state.sayYes() == [])
        #expect(state.lastRow.contains("Nothing was sent."))
    }

    @Test("a mark is dropped, with a word, when its task is gone; the key acts on no other")
    func staleMark() {
        var state = state()
        state.press(.character(" "))
        var others = TaskScreenTests.tasks
        others.remove(at: 1)
        state.feed(.inspected(.graph(of: TaskScreenTests.run.job), .graph([]), at: Sample.now))
        state.feed(.tasksListed(others, of: TaskScreenTests.run, at: Sample.now))
        _ = state.frame()
        #expect(state.lastRow == " 1 mark dropped: its row is gone.")
        #expect(!state.rows()[1].contains("marked"))
    }

    @Test("read-only, R is refused")
    func readOnly() {
        var state = state(allows: false)
        state.press(.character(" "))
        expect(&state, pressing: .character("R"), gives: [])
        #expect(notice(of: state).hasPrefix("Read-only: to allow actions"))
    }

    @Test("of many tasks the question names as many as there is room for, and counts the others")
    func many() {
        let keys = (1...40).map { "task-number-\($0)" }
        let target = ActionTarget(job: OneRun.job.id, jobName: "orders", run: OneRun.key, known: .init(status: .failed))
        let prompt = ActionPrompt(number: 1, actions: [RunAction(.repair(RunRepair(.resume, tasks: keys)), of: target)])
        let lines = prompt.lines(place: "p", yes: "y", problem: nil, width: 60, rows: 20).map(\.text.plainText)
        let text = lines.joined(separator: " ")
        #expect(lines.first == "Repair these 40 tasks?")
        let named = text.matches(of: /task-number-/).count
        #expect((5..<20).contains(named))
        #expect(text.contains("and \(40 - named) more run again, and those after them."), "\(text)")
    }

    @Test("the marked tasks and the question look as accepted", arguments: GoldenScreenTests.sizes)
    func looks(_ size: Size) {
        var state = state(size)
        state.press(.character(" "), .character(" "))
        Golden.check(state.drawn(), "actions/tasks-marked-\(size.columns)x\(size.rows)")
        state.press(.character("R"))
        Golden.check(state.drawn(), "actions/tasks-repair-\(size.columns)x\(size.rows)")
    }
}
