import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

/// Keys act on what is on the screen, and say a word when there is nothing.
@Suite("Keys on a table")
struct TableKeyTests {
    let size = Size(rows: 24, columns: 80)

    @Test(
        "without jobs, the keys that need one show a message and do nothing",
        arguments: [Key.enter, .character("e"), .character("y")])
    func nothingShown(key: Key) {
        var state = Sample.state(size)
        state.press(.down)
        state.enter("zzz", at: "/")
        #expect(state.press(key) == [])
        #expect(state.screenShown == .jobs)
        #expect(state.lastRow == " No job matches. Esc shows all of them.")
        state.press(.escape, .character("3"))
        state.enter("healed", at: "/")
        state.press(key)
        #expect(state.lastRow == " No job matches. Esc shows all of them.")
        state = Sample.state(size, board: false)
        state.feed(.jobsListed([], at: Sample.now))
        #expect(state.press(key) == [])
        #expect(state.lastRow == " There is no job in the list.")
    }

    @Test("a focus without jobs names itself")
    func emptyFocus() {
        var state = Sample.state(size)
        state.feed(.jobsListed([Job(id: Sample.healedJob, name: "payments_healed")], at: Sample.now))
        for (key, word) in [("2", "broken"), ("3", "late"), ("4", "active")] {
            state.press(.character(Character(key)))
            #expect(state.screenText().contains("  No job is \(word). Esc shows all of them."))
        }
    }

    @Test("without runs, the keys that need one show a message", arguments: [Key.enter, .character("y")])
    func noRuns(key: Key) {
        var state = Sample.state(size)
        state.enter("gdpr", at: "/")
        state.press(.enter)
        #expect(state.screenText().contains(" no data"))
        #expect(state.press(key) == [])
        #expect(state.lastRow == " There is no run in the list.")
        state.press(.character("e"))
        #expect(state.lastRow == " No failed run of gdpr_erasure_requests is known.")
    }

    private func open(_ name: String) -> DashboardState {
        var state = Sample.state(size)
        state.enter(name, at: "/")
        state.press(.enter)
        return state
    }

    @Test(
        "Enter selects the run that shows the job's health",
        arguments: [
            ("payments_healed", "✓ SUCCESS 12:30:56"), ("orders_retry", "✗ FAILED 11:30:56"),
            ("ledger_stuck", "► RUNNING 09:30:56"), ("silver_customers", "► RUNNING 12:28:56"),
        ] as [(String, String)])
    func enter(name: String, row: String) {
        let state = open(name)
        #expect(state.screenShown == .runs)
        let selected = state.rows().first { $0.hasPrefix(">") } ?? ""
        #expect(selected.split(separator: " ").joined(separator: " ").contains(row))
    }

    @Test("e opens the newest failure, from the table and from any run of the job")
    func trace() {
        for keys: [Key] in [[.character("e")], [.enter, .character("g"), .character("e")]] {
            var state = Sample.state(size)
            state.enter("payments_healed", at: "/")
            let failed = RunID("job-healed-run-3", of: Sample.healedJob)
            #expect(state.press(keys) == [.poll(.listTasks(of: failed))])
            #expect(state.screenShown == .run)
            state.press(.character("g"))
            #expect(state.rowIndex(of: "Run key     job-healed-run-3") != nil)
        }
    }

    @Test("y copies the key of the job or the run, and the message says which")
    func copy() {
        var state = open("payments_healed")
        #expect(state.press(.character("y")) == [.copy("job-healed-run-5", what: "the run key")])
        _ = state.update(.copied("the run key", by: .tmux), at: Sample.now)
        #expect(state.lastRow == " Copied the run key.")
        state.press(.escape)
        #expect(state.press(.character("y")) == [.copy("job-healed", what: "the job key")])
        _ = state.update(.copied("the job key", by: .tmux), at: Sample.now)
        #expect(state.lastRow == " Copied the job key.")
    }

    @Test("Tab goes to the next job, but not past the last")
    func tab() {
        var state = Sample.state(size)
        let order = state.jobsOnScreen
        #expect(order.count == Sample.jobs.count)
        state.press(.enter)
        for key in order.dropFirst() {
            state.press(.tab)
            #expect(Sample.jobKey(in: state.rows()[3]) == key)
        }
        state.press(.tab)
        #expect(state.lastRow == " This is the last job of the table.")
        state.press(.escape)
        #expect(state.screenShown == .jobs)
        #expect(state.selectedJobOnScreen == order.last)
    }

    @Test("Tab from a job that the filter hides goes to the one at its place")
    func tabFromVanished() {
        var state = Sample.state(size)
        state.press(.character("2"))
        let broken = state.jobsOnScreen
        #expect(broken[1] == "job-7")
        state.press(.down, .enter)
        var healed = Sample.runs(of: Sample.jobs[7])
        healed[0].status = .success
        state.feed(.runs(healed, of: [JobID("job-7")], at: Sample.now))
        _ = state.frame()
        state.press(.tab)
        #expect(Sample.jobKey(in: state.rows()[3]) == broken[2])
    }

    @Test("a job with a late run shows the reason above its runs")
    func lateWords() {
        #expect(open("ledger_stuck").rows()[3] == "  ledger_stuck  late: running for 3h03m, the longest took 2m")
        var waiting = open("gold_inventory")
        #expect(waiting.rows()[3] == "  gold_inventory_snapshot")
        waiting.tick(after: 1_800)
        #expect(waiting.rows()[3] == "  gold_inventory_snapshot  late: waiting for 39m, usually 12s")
        #expect(open("payments_healed").rows()[3] == "  payments_healed")
    }

    @Test("a run in its last known state is marked as stale in the table of runs")
    func lastSeen() throws {
        var state = open("ledger_stuck")
        var queued = Sample.run(
            of: Job(id: Sample.stuckJob, name: "ledger_stuck"), index: 0, age: 0, status: .queued)
        queued.created = Sample.now
        state.feed(.runs([queued], of: [Sample.stuckJob], at: Sample.now))
        _ = state.frame()
        let rows = state.rows()
        #expect(rows.contains { $0.hasPrefix(">~L► RUNNING") })
        #expect(rows.contains { $0.hasPrefix("   ◔ QUEUED") })
        state.press(.escape)
        let row = try #require(state.rows().firstIndex { $0.contains(/RUNNING +ledger_stuck/) })
        #expect(state.rows()[row].hasPrefix(">~L► RUNNING"), "so is the job's row")
        state.feed(.runs(Sample.runs(of: Job(id: Sample.stuckJob)), of: [Sample.stuckJob], at: Sample.now))
        _ = state.frame()
        #expect(state.rows()[row].hasPrefix("> L► RUNNING"))
    }

    @Test("the table of runs has status, creation, time, ratio, wait, trigger, who, cause and message")
    func runRows() {
        var state = Sample.state(Size(rows: 24, columns: 149))
        state.press(.enter)
        func words(_ text: String) -> String { text.split(separator: " ").joined(separator: " ") }
        #expect(words(state.rows()[2]) == "STATUS CREATED▼ TIME VS WAIT TRIGGER WHO CAUSE MESSAGE")
        let failed = words(state.rows()[4])
        #expect(failed.hasPrefix("> ※ INTERNAL_ERROR 12:26:56 1m00s 0.6× 12s schedule svc_schedul"))
        #expect(failed.contains("IOException: No space left") && failed.contains("Task transform"))
        #expect(words(state.rows()[5]).hasPrefix("✓ SUCCESS 11:26:56 1m30s 0.9× 12s schedule svc_schedul"))
        state.press(.escape)
        state.enter("gold_inventory", at: "/")
        state.press(.enter)
        #expect(words(state.rows()[4]) == "> ■ BLOCKED 12:25:56 w9m00s – 9m00s schedule Jörg Müller")
    }

    @Test("S and the sort menu order the runs, not the jobs")
    func sortRuns() {
        var state = open("ledger_stuck")
        func statuses() -> [String] {
            state.rows().dropFirst(4).compactMap { row in
                ["RUNNING", "SKIPPED", "QUEUED", "SUCCESS"].first { row.contains($0) }
            }
        }
        let newest = ["QUEUED", "SKIPPED", "SKIPPED", "RUNNING", "SUCCESS", "SUCCESS", "SUCCESS"]
        #expect(statuses() == newest)
        state.press(.character("S"))
        #expect(statuses() == newest.reversed())
        #expect(state.rows()[1].hasSuffix("by CREATED, reversed"))
        state.press(.character("s"), .down, .down, .enter)
        #expect(statuses().prefix(2) == ["RUNNING", "SUCCESS"], "by duration")
        #expect(state.rows()[1].hasSuffix("by TIME"))
        state.press(.escape)
        #expect(state.rows()[1].contains(" by worst"))
    }

    @Test("the sort menu has the titles of the columns, and wraps around")
    func sortMenu() {
        for keys: [Key] in [[], [.enter]] {
            var state = Sample.state(Size(rows: 19, columns: 260))
            state.press(keys)
            let titles = state.columnTitles
            state.press(.character("s"))
            let choices = state.rows().compactMap { $0.firstMatch(of: /│[> ] ([\w ]+?) *│/).map { String($0.1) } }
            #expect(choices.count == (keys.isEmpty ? JobSortKey.allCases.count : RunSortKey.allCases.count))
            // REASON stands in place of VS, and the order "worst" is by no column.
            for choice in choices where !["worst", "VS"].contains(choice) {
                #expect(titles.contains(choice.replacing(" ", with: "_")), "\(choice)")
            }
        }
        var state = Sample.state(size)
        func picked() -> String { state.rows().first { $0.contains("│>") } ?? "" }
        state.press(.character("s"))
        #expect(picked().contains("worst"))
        state.press(.up)
        #expect(picked().contains("LAST OK"))
        state.press(.down)
        #expect(picked().contains("worst"))
        state.press(.character("G"))
        #expect(picked().contains("LAST OK"))
        state.press(.character("g"), .character("j"))
        #expect(picked().contains("STATUS"))
        for key: Key in [.escape, .character("q")] {
            state.press(key)
            #expect(picked().isEmpty)
            #expect(state.rows()[1].hasSuffix(" by worst"))
            state.press(.character("s"), .character("j"))
        }
        state.press(.character(" "))
        #expect(state.rows()[1].hasSuffix(" by STATUS"))
        state.press(.character("s"))
        #expect(picked().contains("STATUS"), "the menu opens on the order there is")
    }

    @Test(
        "the arrow points up if the smallest or A is first, as in htop",
        arguments: [
            (JobSortKey.status, "STATUS", "▼"), (.name, "JOB", "▲"), (.started, "STARTED", "▼"),
            (.duration, "TIME", "▼"),
            (.trigger, "TRIGGER", "▲"), (.who, "WHO", "▲"), (.nextStart, "NEXT", "▲"), (.lastSuccess, "LAST OK", "▲"),
        ] as [(JobSortKey, String, String)])
    func arrows(key: JobSortKey, title: String, arrow: String) {
        var state = Sample.state(Size(rows: 19, columns: 260))
        state.press(.character("s"))
        for _ in 0..<(JobSortKey.allCases.firstIndex(of: key) ?? 0) { state.press(.down) }
        state.press(.enter)
        #expect(state.rows()[2].contains(title + arrow))
        state.press(.character("S"))
        #expect(state.rows()[2].contains(title + (arrow == "▼" ? "▲" : "▼")))
        #expect(state.rows()[2].filter { "▲▼".contains($0) }.count == 1)
    }

    @Test(
        "the arrow of the runs' columns is at the title in the menu",
        arguments: [
            (RunSortKey.created, "CREATED▼"), (.status, "STATUS▼"), (.duration, "TIME▼"), (.wait, "WAIT▼"),
            (.trigger, "TRIGGER▲"), (.who, "WHO▲"),
        ] as [(RunSortKey, String)])
    func runArrows(key: RunSortKey, title: String) {
        var state = Sample.state(Size(rows: 19, columns: 260))
        state.press(.enter, .character("s"))
        for _ in 0..<(RunSortKey.allCases.firstIndex(of: key) ?? 0) { state.press(.down) }
        #expect(state.rows().contains { $0.contains("│> \(title.dropLast())") })
        state.press(.enter)
        #expect(state.rows()[2].contains(title))
        #expect(state.rows()[1].hasSuffix("by \(title.dropLast())"))
    }

    @Test("when the selected last row is removed, the new last one is selected")
    func lastVanishes() {
        var state = Sample.state(size)
        state.press(.character("G"))
        let jobs = state.jobsOnScreen
        #expect(state.selectedJobOnScreen == jobs.last)
        state.feed(.jobsListed(Sample.jobs.filter { $0.id.key != jobs.last }, at: Sample.now))
        #expect(state.selectedJobOnScreen == jobs.dropLast().last)
    }

    @Test("after e the job is still selected, wherever its row is")
    func selectedAfterTrace() {
        var state = Sample.state(size)
        state.press(.character("e"), .escape)
        let job = state.selectedJobOnScreen
        #expect(job == "job-4")
        state.press(.character("S"))
        #expect(state.selectedJobOnScreen == job)
        #expect(state.selectedTableRow != 0)
    }

    @Test("a warning stays for ten seconds")
    func warning() {
        var state = Sample.state(size)
        state.press(.character(":"), .character("x"), .enter)
        for second in 1...9 { state.tick(after: Double(second)) }
        #expect(state.lastRow == " No command “x”; : lists them.")
        state.tick(after: 10)
        #expect(state.lastRow.hasPrefix(" ? help"))
    }

    @Test("a key removes the message, and so do some seconds")
    func notices() {
        var state = Sample.state(size)
        state.press(.character("+"))
        #expect(state.lastRow == " Polling every 10s.")
        state.press(.down)
        #expect(state.lastRow.hasPrefix(" ? help"))
        state.press(.character("-"))
        for second in 1...5 {
            state.tick(after: Double(second))
            #expect(state.lastRow == " Polling every 15s.")
        }
        state.tick(after: 6)
        #expect(state.lastRow.hasPrefix(" ? help"))
    }

    @Test("a job that is no longer listed says so on its own screen")
    func vanished() {
        var state = open("ledger_stuck")
        state.feed(.jobsListed([], at: Sample.now))
        _ = state.frame()
        #expect(state.screenText().contains("The service no longer lists this job. Esc goes back."))
    }
}
