import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

/// What a row of the table of jobs says, as the screen has it.
@Suite("Rows of the table of jobs")
struct JobRowTests {
    @Test(
        "each row says how the job is: mark, status, name, start, time, ratio, trigger, who",
        arguments: [
            ("bronze_ingest_orders", "  ○ PENDING bronze_ingest_orders ▄█▇▅▁ not started w4m00s – manual ana.lima"),
            (
                "bronze_ingest_clickstream",
                "  ◔ QUEUED bronze_ingest_clickstream ▅▄█▇▁ not started w5m00s – schedule svc_scheduler"
            ),
            (
                "silver_customers_scd2",
                "  L► RUNNING silver_customers_scd2 ▃▃▂▄█ 12:29:08 5m48s 3.3× schedule Jörg Müller"
            ),
            ("silver_payments_dedup", "  » SKIPPED silver_payments_dedup █▇▅▄▁ – – – manual ana.lima"),
            (
                "gold_revenue_daily",
                "> ※ INTERNAL_ERROR gold_revenue_daily ▄█▇▅▄ 12:27:08 1m00s 0.6× schedule svc_scheduler"
            ),
            (
                "gold_inventory_snapshot",
                "  W■ BLOCKED gold_inventory_snapshot ▅▄█▇▁ not started w9m00s – schedule Jörg Müller"
            ),
            ("dbt_marts_finance", "  ✓ SUCCESS dbt_marts_finance ▇▅▄█▇ 12:25:08 2m00s 1.0× manual ana.lima"),
            ("ml_churn_features", "  ✗ FAILED ml_churn_features █▇▅▄█ 12:24:08 2m30s 1.4× schedule svc_scheduler"),
            ("ml_fraud_scoring", "  L◌ CANCELING ml_fraud_scoring ▁▂▂▂█ 12:23:08 11m48s 6.7× schedule Jörg Müller"),
            ("geo_enrichment", "  ◷ TIMED_OUT geo_enrichment ▅▄█▇▅ 12:18:08 1m30s 0.9× schedule svc_scheduler"),
            (
                "quality_checks_nightly",
                "  W‖ PAUSED quality_checks_nightly ▇▅▄█▁ not started w18m00s – schedule Jörg Müller"
            ),
            ("gdpr_erasure_requests", "  no data gdpr_erasure_requests – – – – –"),
            ("orders_retry", "  !► RUNNING orders_retry ▃▆▅▄█ 12:31:08 3m48s 1.9× manual ana.lima"),
            ("payments_healed", "  ✓ SUCCESS payments_healed ▄█▇▅▄ 12:31:08 1m00s 0.8× manual ana.lima"),
            ("ledger_stuck", "  L► RUNNING ledger_stuck ▁▁▁█▁▁▁ 09:31:08 3h03m >99× manual ana.lima"),
        ] as [(String, String)])
    func row(name: String, expected: String) {
        var state = Sample.state(Size(rows: 30, columns: 180))
        _ = state.frame()
        func words(_ text: String) -> String { text.split(separator: " ").joined(separator: " ") }
        let row = state.row(of: name)
        #expect(words(row) == words(expected))
        #expect(
            row.prefix(2) == expected.prefix(2) || expected.contains("L") || expected.contains("W"),
            "the marks stand first")
    }
}

/// The marks of late, stale and broken rows, on every kind of terminal.
@Suite("Marks of the rows")
struct RowMarkTests {
    @Test(
        "a late row is marked L or W in every theme, in ASCII, and where no ratio is shown",
        arguments: Theme.Name.allCases, Glyphs.allCases)
    func late(_ theme: Theme.Name, _ glyphs: Glyphs) {
        for columns in [20, 40, 80, 200] {
            var state = Sample.state(Size(rows: 30, columns: columns), theme: theme, glyphs: glyphs)
            state.press(.character("3"), .character("s"))
            for _ in 0..<2 { state.press(.down) }
            state.press(.enter)
            _ = state.frame()
            #expect(state.jobs.rows.map(\.key) == ["job-5", "job-stuck", "job-8", "job-14", "job-2"])
            let titles = state.layout.titles?.top ?? 0
            let marks = (0..<5).map { state.rows()[titles + 1 + $0].dropFirst(2).prefix(1) }
            #expect(marks == ["W", "L", "L", "W", "L"], "\(columns) columns")
        }
    }

    @Test("a row that is not late has no such mark")
    func notLate() {
        var state = Sample.state(Size(rows: 30, columns: 120))
        _ = state.frame()
        for name in ["bronze_ingest_orders", "catalog_sync", "dbt_marts_finance", "gdpr_erasure"] {
            #expect(state.row(of: name).dropFirst(2).first == " ", "\(name)")
        }
    }

    @Test("a job that waits becomes late by the time alone: the row and the header say so")
    func becomesLate() {
        var state = Sample.state(Size(rows: 30, columns: 120))
        _ = state.frame()
        #expect(state.screenText().contains("  5 late"))
        #expect(!state.row(of: "bronze_ingest_clickstream").contains("W◔"))
        _ = state.update(.tick, at: Sample.now.addingTimeInterval(1))
        _ = state.frame()
        #expect(state.screenText().contains("  6 late"))
        #expect(state.row(of: "bronze_ingest_clickstream").contains("W◔ QUEUED"))
        #expect(state.row(of: "bronze_ingest_clickstream").contains(" w5m01s "))
    }

    @Test("late times are in the colour of late")
    func lateColour() throws {
        var state = Sample.state(Size(rows: 30, columns: 120))
        let canvas = state.frame()
        let late = state.appearance.theme.style(.late)
        for (name, time) in [("ledger_stuck", "3h03m"), ("gold_inventory", "w9m00s"), ("orders_retry", "3m48s")] {
            let row = try #require(state.rows().firstIndex { $0.contains(name) })
            let text = Array(canvas.text(row: row))
            let column = try #require(text.indices.first { String(text[$0...]).hasPrefix(" " + time) }) + 1
            #expect((canvas[row, column].style == late) == (name != "orders_retry"), "\(name)")
            #expect((canvas[row, 2].style == late) == (name != "orders_retry"), "\(name)")
        }
    }

    @Test("a failure that a new try hides is marked, and the mark goes with a success")
    func hiddenFailure() {
        var state = Sample.state(Size(rows: 30, columns: 120))
        #expect(state.row(of: "orders_retry").hasPrefix("  !► RUNNING"))
        #expect(state.rows().filter { $0.dropFirst(2).first == "!" }.count == 1)
        state.feed(.runsFailed(Sample.expiredToken, of: [Sample.retriedJob], at: Sample.now))
        _ = state.frame()
        #expect(state.row(of: "orders_retry").hasPrefix(" ~!► RUNNING"), "a stale row keeps it")
        var runs = Sample.runs(of: Job(id: Sample.retriedJob, name: "orders_retry"))
        runs[0].status = .success
        state.feed(.runs(runs, of: [Sample.retriedJob], at: Sample.now))
        _ = state.frame()
        #expect(!state.row(of: "orders_retry").contains("!"))
    }

    @Test("the times of a stale row stand still, and it is not late by them; others go on")
    func staleStandsStill() {
        var state = Sample.state(Size(rows: 30, columns: 120))
        state.feed(.runsFailed(Sample.expiredToken, of: [JobID("job-1"), JobID("job-2")], at: Sample.now))
        _ = state.update(.tick, at: Sample.now.addingTimeInterval(60))
        _ = state.frame()
        #expect(state.row(of: "bronze_ingest_clickstream").hasPrefix(" ~ ◔ QUEUED"))
        #expect(state.row(of: "bronze_ingest_clickstream").contains(" w4m57s "), "as of the answer, 3 s before")
        #expect(state.row(of: "silver_customers_scd2").hasPrefix(" ~L► RUNNING"))
        #expect(state.row(of: "silver_customers_scd2").contains(" 5m45s "))
        #expect(state.row(of: "ml_fraud_scoring").contains(" 12m48s "))
        #expect(state.row(of: "silver_customers_scd2").contains(" 63s "), "its age")
        #expect(state.row(of: "ml_fraud_scoring").contains(" 63s "), "no answer for four intervals")
    }

    @Test("ages are shown where they differ from the header's: stale, or without an answer for three intervals")
    func ages() {
        var state = Sample.state(Size(rows: 30, columns: 120))
        _ = state.frame()
        #expect(!state.screenText().contains("AGE"))
        _ = state.update(.tick, at: Sample.now.addingTimeInterval(42))
        _ = state.frame()
        #expect(!state.screenText().contains("AGE"), "45 s is three intervals of 15 s")
        _ = state.update(.tick, at: Sample.now.addingTimeInterval(43))
        state.feed(.runs([], of: [JobID("job-none")], at: Sample.now.addingTimeInterval(43)))
        _ = state.frame()
        #expect(state.screenText().contains("AGE"))
        #expect(state.row(of: "ledger_stuck").contains(" 46s"))
        #expect(!state.row(of: "gdpr_erasure_requests").contains(" 0s"))
    }

    @Test("a job that was never answered says so, and has no age")
    func noAnswer() {
        var state = Sample.state(Size(rows: 30, columns: 120), board: false)
        state.feed(
            .jobsListed([Job(id: JobID("a"), name: "first"), Job(id: JobID("b"), name: "second")], at: Sample.now))
        state.feed(.runsFailed(Sample.expiredToken, of: [JobID("a")], at: Sample.now))
        _ = state.frame()
        #expect(state.row(of: "first").hasPrefix(">~ no answer"))
        #expect(state.row(of: "second").hasPrefix("   not asked"))
    }
}

/// The selection, and which rows are in sight, at every height.
@Suite("Moving in a table")
struct TableMovingTests {
    private func selectedRow(_ state: DashboardState) -> String? { state.rows().first { $0.hasPrefix(">") } }

    @Test("the selected row is on the screen wherever the keys go", arguments: [5, 8, 9, 10, 12, 16, 24])
    func inSight(rows: Int) {
        var state = Sample.state(Size(rows: rows, columns: 80))
        _ = state.frame()
        let keys: [Key] =
            Array(repeating: .down, count: 21) + Array(repeating: .up, count: 12) + [.pageDown, .pageDown, .pageUp]
            + [.character("G"), .character("g"), .control("d"), .control("d"), .control("u"), .character("k")]
        for key in keys {
            state.press(key)
            _ = state.frame()
            let name = state.selectedJob?.name.prefix(14) ?? ""
            #expect(selectedRow(state)?.contains(name) == true, "\(key): \(name)")
        }
    }

    @Test("a move past the last row in sight scrolls by one row")
    func scrollsByOne() {
        var state = Sample.state(Size(rows: 10, columns: 80))
        _ = state.frame()
        let height = state.jobsTableHeight
        for _ in 0..<height { state.press(.down) }
        _ = state.frame()
        #expect(state.jobs.cursor.index == height && state.jobs.cursor.top == 1)
        #expect(state.rows()[3 + height - 1].hasPrefix(">"))
        for _ in 0..<(height - 1) { state.press(.up) }
        _ = state.frame()
        #expect(state.jobs.cursor.top == 1, "still in sight")
        state.press(.up)
        _ = state.frame()
        #expect(state.jobs.cursor.top == 0)
    }

    @Test("the end of the table is never past the last row")
    func end() {
        var state = Sample.state(Size(rows: 10, columns: 80))
        state.press(.character("G"))
        _ = state.frame()
        #expect(state.jobs.cursor.top == Sample.jobs.count - state.jobsTableHeight)
        _ = state.update(.resized(Size(rows: 40, columns: 80)), at: Sample.now)
        _ = state.frame()
        #expect(state.jobs.cursor.top == 0)
    }

    @Test(
        "each key of moving moves as far as it should",
        arguments: [
            (Key.down, 1), (.character("j"), 1), (.control("n"), 1), (.pageDown, 6), (.control("f"), 6),
            (.character(" "), 6), (.control("d"), 3), (.character("G"), 19), (.end, 19),
        ] as [(Key, Int)])
    func steps(key: Key, distance: Int) {
        var state = Sample.state(Size(rows: 10, columns: 80))
        _ = state.frame()
        #expect(state.jobsTableHeight == 6)
        state.press(key)
        #expect(state.jobs.cursor.index == distance)
        let back: [Key: Key] = [
            .down: .up, .character("j"): .character("k"), .control("n"): .control("p"), .pageDown: .pageUp,
            .control("f"): .control("b"), .character(" "): .pageUp, .control("d"): .control("u"),
            .character("G"): .character("g"), .end: .home,
        ]
        state.press(back[key] ?? .up)
        #expect(state.jobs.cursor.index == 0)
    }

    @Test("a long table says which row of how many is selected; one in sight as a whole does not")
    func position() {
        var state = Sample.state(Size(rows: 12, columns: 80))
        state.press(.down, .down)
        #expect(state.rows()[1].hasSuffix(" 3/20"))
        _ = state.update(.resized(Size(rows: 24, columns: 80)), at: Sample.now)
        #expect(!state.rows()[1].contains("/20"), "20 rows fit")
        _ = state.update(.resized(Size(rows: 23, columns: 80)), at: Sample.now)
        #expect(state.rows()[1].hasSuffix(" 3/20"))
    }

    @Test("a long table of runs says which is selected")
    func runsPosition() {
        var state = Sample.state(Size(rows: 10, columns: 80))
        state.press(.character("/"))
        state.type("ledger_stuck")
        state.press(.enter, .enter)
        #expect(state.rows()[3].hasSuffix(" 4/7"), "the late run is selected")
        state.press(.character("G"))
        #expect(state.rows()[3].hasSuffix(" 7/7"))
        #expect(state.screenText().contains("\n>"))
        _ = state.update(.resized(Size(rows: 24, columns: 80)), at: Sample.now)
        #expect(!state.rows()[3].contains("/7"))
    }

    @Test("Esc on the table ends the filter and the focus, and goes back to the worst")
    func escape() {
        var state = Sample.state(Size(rows: 24, columns: 80))
        state.press(.character("f"), .character("/"))
        state.type("ml")
        state.press(.enter, .down, .escape)
        _ = state.frame()
        #expect(state.jobs.rows.count == Sample.jobs.count)
        #expect(state.jobs.filter == JobFilter())
        state.press(.character("S"))
        _ = state.frame()
        #expect(state.jobs.cursor.index == 0, "the first row is selected, whichever it is")
    }

    @Test("the selection is that of a row, not of a number: a table that was empty has it again")
    func emptyAndBack() {
        var state = Sample.state(Size(rows: 24, columns: 80))
        state.press(.down, .down, .down)
        let selected = state.selectedJob?.id
        state.press(.character("/"), .paste("zzz"))
        _ = state.frame()
        #expect(state.selectedJob == nil)
        state.press(.escape)
        _ = state.frame()
        #expect(state.selectedJob?.id == selected)
    }
}

/// Keys act on what is on the screen, and say a word when there is nothing.
@Suite("Keys on a table")
struct TableKeyTests {
    let size = Size(rows: 24, columns: 80)

    @Test(
        "with no job shown, the keys that need one say so and do nothing",
        arguments: [Key.enter, .character("e"), .character("y")])
    func nothingShown(key: Key) {
        var state = Sample.state(size)
        state.press(.down, .character("/"))
        state.type("zzz")
        state.press(.enter)
        #expect(state.press(key) == [])
        #expect(state.context == .jobs)
        #expect(state.rows().last == " No job matches. Esc shows all of them.")
        state.press(.escape, .character("3"), .character("/"))
        state.type("healed")
        state.press(.enter, key)
        #expect(state.rows().last == " No job matches. Esc shows all of them.")
        state = Sample.state(size, board: false)
        state.feed(.jobsListed([], at: Sample.now))
        #expect(state.press(key) == [])
        #expect(state.rows().last == " There is no job in the list.")
    }

    @Test("a focus without jobs says which")
    func emptyFocus() {
        var state = Sample.state(size)
        state.feed(.jobsListed([Job(id: Sample.healedJob, name: "payments_healed")], at: Sample.now))
        for (key, word) in [("2", "broken"), ("3", "late"), ("4", "active")] {
            state.press(.character(Character(key)))
            #expect(state.screenText().contains("  No job is \(word). Esc shows all of them."))
        }
    }

    @Test("with no run shown, the keys that need one say so", arguments: [Key.enter, .character("y")])
    func noRuns(key: Key) {
        var state = Sample.state(size)
        state.press(.character("/"))
        state.type("gdpr")
        state.press(.enter, .enter)
        #expect(state.screenText().contains(" no data"))
        #expect(state.press(key) == [])
        #expect(state.rows().last == " There is no run in the list.")
        state.press(.character("e"))
        #expect(state.rows().last == " No failed run of gdpr_erasure_requests is known.")
    }

    private func open(_ name: String) -> DashboardState {
        var state = Sample.state(size)
        state.press(.character("/"))
        state.type(name)
        state.press(.enter, .enter)
        return state
    }

    @Test(
        "Enter selects the run that says how the job is",
        arguments: [
            ("payments_healed", "✓ SUCCESS 12:30:56"), ("orders_retry", "✗ FAILED 11:30:56"),
            ("ledger_stuck", "► RUNNING 09:30:56"), ("silver_customers", "► RUNNING 12:28:56"),
        ] as [(String, String)])
    func enter(name: String, row: String) {
        let state = open(name)
        #expect(state.context == .runs)
        let selected = state.rows().first { $0.hasPrefix(">") } ?? ""
        #expect(selected.split(separator: " ").joined(separator: " ").contains(row))
    }

    @Test("e opens the newest failure, from the table and from any run of the job")
    func trace() {
        for keys: [Key] in [[.character("e")], [.enter, .character("g"), .character("e")]] {
            var state = Sample.state(size)
            state.press(.character("/"))
            state.type("payments_healed")
            state.press(.enter)
            #expect(state.press(keys[0]) + state.press(keys.last ?? .enter) != [])
            while state.context == .runs { state.press(.character("e")) }
            guard case .run(let view) = state.inner.last else {
                Issue.record("no run is open")
                continue
            }
            #expect(view.run.id == RunID("job-healed-run-3", of: JobID("job-healed")))
        }
    }

    @Test("y copies the key of the job, or of the run, and the notice says which")
    func copy() {
        var state = open("payments_healed")
        #expect(state.press(.character("y")) == [.copy("job-healed-run-5", what: "the run key")])
        _ = state.update(.copied("the run key", by: .tmux), at: Sample.now)
        #expect(state.rows().last == " Copied the run key.")
        state.press(.escape)
        #expect(state.press(.character("y")) == [.copy("job-healed", what: "the job key")])
        _ = state.update(.copied("the job key", by: .tmux), at: Sample.now)
        #expect(state.rows().last == " Copied the job key.")
    }

    @Test("Tab goes to the job below, and to no job past the last")
    func tab() {
        var state = Sample.state(size)
        state.press(.enter)
        let order = state.jobs.rows
        for key in order.dropFirst() {
            state.press(.tab)
            guard case .runs(let view) = state.inner.last else {
                Issue.record("no runs are open")
                return
            }
            #expect(view.job == key)
        }
        state.press(.tab)
        #expect(state.rows().last == " This is the last job of the table.")
        state.press(.escape)
        #expect(state.selectedJob?.id == order.last && state.context == .jobs)
    }

    @Test("Tab from a job that the filter no longer shows goes to the one that took its place")
    func tabFromVanished() {
        var state = Sample.state(size)
        state.press(.character("2"), .down, .enter)
        let broken = state.jobs.rows
        var healed = Sample.runs(of: Sample.jobs[7])
        healed[0].status = .success
        #expect(broken[1] == JobID("job-7"))
        state.feed(.runs(healed, of: [broken[1]], at: Sample.now))
        _ = state.frame()
        state.press(.tab)
        guard case .runs(let view) = state.inner.last else {
            Issue.record("no runs are open")
            return
        }
        #expect(view.job == broken[2])
    }

    @Test("a job whose run is late says why above its runs")
    func lateWords() {
        #expect(open("ledger_stuck").rows()[3] == "  ledger_stuck  late: runs longer than 3m00s")
        #expect(open("gold_inventory").rows()[3] == "  gold_inventory_snapshot  late: waits longer than 5m00s to start")
        #expect(open("payments_healed").rows()[3] == "  payments_healed")
    }

    @Test("a run that is only last seen is marked as stale in the table of runs")
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
        let row = try #require(state.rows().firstIndex { $0.contains("ledger_stuck") && $0.contains("RUNNING") })
        #expect(state.rows()[row].hasPrefix(">~L► RUNNING"), "so is the job's row")
        state.feed(.runs(Sample.runs(of: Job(id: Sample.stuckJob)), of: [Sample.stuckJob], at: Sample.now))
        _ = state.frame()
        #expect(state.rows()[row].hasPrefix("> L► RUNNING"))
    }

    @Test("the table of runs: each row says status, creation, time, ratio, wait, trigger, who and message")
    func runRows() {
        var state = Sample.state(Size(rows: 24, columns: 160))
        state.press(.enter)
        func words(_ text: String) -> String { text.split(separator: " ").joined(separator: " ") }
        #expect(words(state.rows()[2]) == "STATUS CREATED▼ TIME VS WAIT TRIGGER WHO MESSAGE")
        #expect(
            words(state.rows()[4])
                == "> ※ INTERNAL_ERROR 12:26:56 1m00s 0.6× 12s schedule svc_scheduler Task transform failed: KeyError: 'customer_id'"
        )
        #expect(words(state.rows()[5]) == "✓ SUCCESS 11:26:56 1m30s 0.9× 12s schedule svc_scheduler")
        state.press(.escape, .character("/"))
        state.type("gold_inventory")
        state.press(.enter, .enter)
        #expect(words(state.rows()[4]) == "> W■ BLOCKED 12:25:56 w9m00s – 9m00s schedule Jörg Müller")
    }

    @Test("S and the sort menu order the runs, and leave the jobs as they are")
    func sortRuns() {
        var state = open("ledger_stuck")
        func statuses() -> [String] {
            _ = state.drawn()
            return state.rows().dropFirst(4).compactMap { row in
                ["RUNNING", "SKIPPED", "QUEUED", "SUCCESS"].first { row.contains($0) }
            }
        }
        let newest = ["QUEUED", "SKIPPED", "SKIPPED", "RUNNING", "SUCCESS", "SUCCESS", "SUCCESS"]
        #expect(statuses() == newest)
        state.press(.character("S"))
        _ = state.frame()
        #expect(statuses() == newest.reversed())
        #expect(state.rows()[1].hasSuffix("by CREATED, reversed"))
        state.press(.character("s"), .down, .down, .enter)
        _ = state.frame()
        #expect(statuses().first == "RUNNING" && statuses()[1] == "SUCCESS", "by duration")
        #expect(state.rows()[1].hasSuffix("by TIME"))
        state.press(.escape)
        #expect(state.jobs.order == JobOrder(.worst))
    }

    @Test("the sort menu has the titles of the columns, and moves round")
    func sortMenu() {
        for (keys, context) in [([Key](), KeyContext.jobs), ([Key.enter], .runs)] {
            var state = Sample.state(Size(rows: 24, columns: 160))
            for key in keys { state.press(key) }
            let titles = state.rows()[2]
            state.press(.character("s"))
            for choice in state.sortChoices where choice != "worst" {
                #expect(titles.contains(choice.description), "\(context): \(choice)")
                #expect(state.rows().contains { $0.contains("│") && $0.contains(choice.description) })
            }
        }
        var state = Sample.state(size)
        func picked() -> String { state.rows().first { $0.contains("│>") }.map { String($0) } ?? "" }
        state.press(.character("s"))
        #expect(picked().contains("worst"))
        state.press(.up)
        #expect(picked().contains("WHO"))
        state.press(.down)
        #expect(picked().contains("worst"))
        state.press(.character("G"))
        #expect(picked().contains("WHO"))
        state.press(.character("g"), .character("j"))
        #expect(picked().contains("STATUS"))
        for key: Key in [.escape, .character("q")] {
            state.press(key)
            #expect(state.overlay == nil && state.jobs.order == JobOrder(.worst))
            state.press(.character("s"), .character("j"))
        }
        state.press(.character(" "))
        #expect(state.jobs.order == JobOrder(.status))
        state.press(.character("s"))
        #expect(picked().contains("STATUS"), "the menu opens on the order there is")
    }

    @Test(
        "the arrow points up where the smallest or A stands first, as in htop",
        arguments: [
            (JobSortKey.status, "STATUS", "▼"), (.name, "JOB", "▲"), (.started, "STARTED", "▼"),
            (.duration, "TIME", "▼"),
            (.ratio, "VS", "▼"), (.trigger, "TRIGGER", "▲"), (.who, "WHO", "▲"),
        ] as [(JobSortKey, String, String)])
    func arrows(key: JobSortKey, title: String, arrow: String) {
        var state = Sample.state(Size(rows: 24, columns: 160))
        state.press(.character("s"))
        for _ in 0..<(JobSortKey.allCases.firstIndex(of: key) ?? 0) { state.press(.down) }
        state.press(.enter)
        #expect(state.rows()[2].contains(title + arrow))
        state.press(.character("S"))
        #expect(state.rows()[2].contains(title + (arrow == "▼" ? "▲" : "▼")))
        #expect(state.rows()[2].filter { "▲▼".contains($0) }.count == 1)
    }

    @Test(
        "the arrow of the runs' columns stands at the title the menu names",
        arguments: [
            (RunSortKey.created, "CREATED▼"), (.status, "STATUS▼"), (.duration, "TIME▼"), (.wait, "WAIT▼"),
            (.trigger, "TRIGGER▲"), (.who, "WHO▲"),
        ] as [(RunSortKey, String)])
    func runArrows(key: RunSortKey, title: String) {
        var state = Sample.state(Size(rows: 24, columns: 160))
        state.press(.enter, .character("s"))
        for _ in 0..<(RunSortKey.allCases.firstIndex(of: key) ?? 0) { state.press(.down) }
        #expect(state.rows().contains { $0.contains("│> \(title.dropLast())") })
        state.press(.enter)
        #expect(state.rows()[2].contains(title))
        #expect(state.rows()[1].hasSuffix("by \(title.dropLast())"))
    }

    @Test("when the selected last row vanishes, the new last one is selected")
    func lastVanishes() {
        var state = Sample.state(size)
        state.press(.character("G"))
        let rows = state.jobs.rows
        state.feed(.jobsListed(Sample.jobs.filter { $0.id != rows.last }, at: Sample.now))
        _ = state.frame()
        #expect(state.selectedJob?.id == rows.dropLast().last)
    }

    @Test("after e the job is still selected, wherever it moves")
    func selectedAfterTrace() {
        var state = Sample.state(size)
        state.press(.character("e"), .escape)
        let job = state.selectedJob?.id
        state.press(.character("S"))
        _ = state.frame()
        #expect(state.selectedJob?.id == job && state.jobs.cursor.index > 0)
    }

    @Test("a warning stays for ten seconds")
    func warning() {
        var state = Sample.state(size)
        state.press(.character(":"), .character("x"), .enter)
        for second in 1...9 { _ = state.update(.tick, at: Sample.now.addingTimeInterval(Double(second))) }
        #expect(state.rows().last == " No command “x”; : lists them.")
        _ = state.update(.tick, at: Sample.now.addingTimeInterval(10))
        #expect(state.rows().last?.hasPrefix(" ? help") == true)
    }

    @Test("a key ends the notice, and so do some seconds")
    func notices() {
        var state = Sample.state(size)
        state.press(.character("+"))
        #expect(state.rows().last == " Polling every 10s.")
        state.press(.down)
        #expect(state.rows().last?.hasPrefix(" ? help") == true)
        state.press(.character("-"))
        for second in 1...5 {
            _ = state.update(.tick, at: Sample.now.addingTimeInterval(Double(second)))
            #expect(state.rows().last == " Polling every 15s.")
        }
        _ = state.update(.tick, at: Sample.now.addingTimeInterval(6))
        #expect(state.rows().last?.hasPrefix(" ? help") == true)
    }

    @Test("a job that the list no longer has says so on its own screen")
    func vanished() {
        var state = open("ledger_stuck")
        state.feed(.jobsListed([], at: Sample.now))
        _ = state.frame()
        #expect(state.screenText().contains("The service no longer lists this job. Esc goes back."))
    }
}

/// What a row looks like besides its words.
@Suite("Looks of the rows")
struct RowLooksTests {
    private func styles(of name: String, in state: DashboardState) -> [Style] {
        let canvas = state.drawn()
        guard let row = state.rows().indices.dropFirst(2).first(where: { state.rows()[$0].contains(name) }) else {
            return []
        }
        return (0..<canvas.size.columns).map { canvas[row, $0].style }
    }

    @Test(
        "the selected row stands out from its first column to its last, and no other does",
        arguments: Theme.Name.allCases)
    func selected(theme: Theme.Name) {
        var state = Sample.state(Size(rows: 30, columns: 100), theme: theme)
        state.press(.down)
        _ = state.frame()
        func isSelected(_ style: Style) -> Bool { state.appearance.theme.selected(style) == style }
        let selected = state.selectedJob?.name ?? ""
        #expect(styles(of: selected, in: state).allSatisfy(isSelected))
        #expect(!styles(of: "gold_revenue_daily", in: state).contains(where: isSelected))
        #expect(selected == "ml_churn_features")
    }

    @Test("a stale row has the look of what is old, in every column", arguments: Theme.Name.allCases)
    func stale(theme: Theme.Name) {
        var state = Sample.state(Size(rows: 30, columns: 100), theme: theme)
        state.feed(.runsFailed(Sample.expiredToken, of: [JobID("job-2")], at: Sample.now))
        _ = state.frame()
        let stale = state.appearance.theme.style(.stale)
        #expect(styles(of: "silver_customers", in: state).allSatisfy { $0 == stale })
        #expect(!styles(of: "ml_fraud", in: state).allSatisfy { $0 == stale })
    }

    @Test("a ratio is in the colour of late from 2 on")
    func ratio() throws {
        let state = {
            var state = Sample.state(Size(rows: 30, columns: 120))
            _ = state.frame()
            return state
        }()
        for (name, ratio, isLate) in [
            ("orders_retry", "1.9×", false), ("silver_customers", "3.3×", true), ("ml_fraud", "6.7×", true),
        ] {
            let text = Array(state.row(of: name))
            let column = try #require(text.indices.first { String(text[$0...]).hasPrefix(ratio) })
            #expect((styles(of: name, in: state)[column] == state.appearance.theme.style(.late)) == isLate, "\(name)")
        }
    }

    @Test("a trigger that runtop does not know is shown as it came")
    func unknownTrigger() {
        var state = Sample.state(Size(rows: 30, columns: 120))
        var runs = Sample.runs(of: Sample.jobs[6])
        runs[0].launch = .unknown("API")
        runs[0].createdByName = nil
        state.feed(.runs(runs, of: [JobID("job-6")], at: Sample.now))
        _ = state.frame()
        #expect(state.row(of: "dbt_marts").contains(" API "))
        #expect(state.row(of: "dbt_marts").hasSuffix("ocid1.user.oc1..aaaa6"))
        runs[0].launch = nil
        runs[0].createdBy = nil
        state.feed(.runs(runs, of: [JobID("job-6")], at: Sample.now))
        _ = state.frame()
        #expect(state.row(of: "dbt_marts").hasSuffix(" –         –"))
    }

    @Test("the strip has five cells at least, ten at most", arguments: [(1, 5), (5, 5), (8, 8), (10, 10), (14, 10)])
    func stripWidth(runs: Int, width: Int) throws {
        var state = Sample.state(Size(rows: 30, columns: 120), board: false)
        let job = Sample.jobs[6]
        state.feed(.jobsListed([job], at: Sample.now))
        let known = (0..<runs).map { Sample.run(of: job, index: 6, age: $0, status: .success) }
        state.feed(.runs(known, of: [job.id], at: Sample.now))
        _ = state.frame()
        let strip = try #require(
            TableLayout.place(state.jobColumns, in: 2..<120).first { $0.column.title == "RUNS" })
        #expect(strip.width == width)
    }

    @Test("the sort menu of a small screen shows what is picked")
    func smallSortMenu() {
        var state = Sample.state(Size(rows: 6, columns: 40))
        state.press(.character("s"))
        for key in JobSortKey.allCases {
            #expect(state.rows().contains { $0.contains("│> \(key.title.description)") }, "\(key)")
            state.press(.down)
        }
    }

    @Test("a screen that is too small says so")
    func tooSmall() {
        for (size, isTooSmall) in [
            (Size(rows: 4, columns: 80), true), (Size(rows: 24, columns: 19), true),
            (Size(rows: 5, columns: 20), false),
        ] {
            let text = Sample.state(size).rows().map { $0.split(separator: " ").joined(separator: " ") }
            #expect(text.joined(separator: " ").contains("Too small") == isTooSmall)
        }
    }
}

@Suite("Columns on screens of every width")
struct ColumnTests {
    @Test(
        "the least important columns go first",
        arguments: [
            (20...39, "STATUS JOB"), (40...45, "STATUS JOB TIME"), (46...53, "STATUS JOB TIME VS"),
            (54...65, "STATUS JOB RUNS TIME VS"), (66...74, "STATUS JOB RUNS STARTED TIME VS"),
            (75...87, "STATUS JOB RUNS STARTED TIME VS TRIGGER"),
            (88...200, "STATUS JOB RUNS STARTED TIME VS TRIGGER WHO"),
        ] as [(ClosedRange<Int>, String)])
    func shown(widths: ClosedRange<Int>, titles: String) {
        for columns in widths {
            var state = Sample.state(Size(rows: 24, columns: columns))
            _ = state.frame()
            let shown = TableLayout.place(state.jobColumns, in: 2..<columns).map(\.column.title.description)
            // Seven runs are known of a job, so the strip is seven wide.
            #expect(shown.joined(separator: " ") == " " + titles, "\(columns) columns")
        }
    }

    @Test("the name has the room before the long word of the status has it")
    func nameFirst() {
        var state = Sample.state(Size(rows: 24, columns: 80))
        _ = state.frame()
        #expect(state.row(of: "UP-FAIL").contains("↯ UP-FAIL  reconcile_ledger"))
        #expect(state.row(of: "silver_customers").contains(" silver_customers_scd2 "))
    }

    @Test("columns stand in their order, a space apart, within the screen", arguments: 20...220)
    func placed(columns: Int) {
        var state = Sample.state(Size(rows: 24, columns: columns))
        state.feed(.runsFailed(Sample.expiredToken, of: [JobID("job-1")], at: Sample.now))
        _ = state.frame()
        let placed = TableLayout.place(state.jobColumns, in: 2..<columns)
        var next = 2
        for column in placed {
            #expect(column.start == next)
            #expect(
                column.width >= column.column.minimum
                    && column.width <= max(column.column.ideal, column.column.comfortable))
            next = column.start + column.width + 1
        }
        #expect(next - 1 <= columns)
        #expect(placed.count >= 2)
    }

    @Test("the name takes no more than the longest has, so that others are not cut")
    func longestName() {
        var state = Sample.state(Size(rows: 30, columns: 120))
        _ = state.frame()
        #expect(state.jobs.longestName == "bronze_ingest_clickstream".count)
        #expect(
            state.row(of: "bronze_ingest_clickstream").contains("bronze_ingest_clickstream   ▅"),
            "not cut; the strip has seven cells")
        #expect(state.row(of: "silver_customers_scd2").hasSuffix("Jörg Müller"))
        state.press(.character("/"))
        state.type("ml")
        _ = state.frame()
        #expect(state.jobs.longestName == "bronze_ingest_clickstream".count, "a filter moves no column")
        let long = Job(id: JobID("long"), name: String(repeating: "x", count: 90))
        state.feed(.jobsListed([long], at: Sample.now))
        state.press(.escape)
        _ = state.update(.resized(Size(rows: 30, columns: 200)), at: Sample.now)
        _ = state.frame()
        #expect(state.row(of: "xxx").contains(String(repeating: "x", count: 43) + "…"))
    }

    @Test("on the narrowest screen the name has the room, and the status its glyph")
    func narrowest() {
        var state = Sample.state(Size(rows: 10, columns: 20))
        _ = state.frame()
        #expect(state.rows()[3] == ">  ※ gold_revenue_d…")
    }

    @Test("a styled text is aligned and cut as one")
    func styledText() {
        let bold = Style(attributes: .bold)
        let text = StyledText([("ab", .plain), ("cd", bold)])
        #expect(text.width == 4)
        func written(width: Int, _ alignment: Canvas.Alignment) -> String {
            var canvas = Canvas(size: Size(rows: 1, columns: 8))
            canvas.write(text, row: 0, column: 1, width: width, alignment: alignment)
            return canvas.text(row: 0)
        }
        #expect(written(width: 6, .leading) == " abcd   ")
        #expect(written(width: 6, .trailing) == "   abcd ")
        #expect(written(width: 3, .leading) == " abc    " || written(width: 3, .leading) == " ab…    ")
        #expect(written(width: 3, .trailing) == written(width: 3, .leading))
        #expect(written(width: 2, .leading) == " ab     ")
        var canvas = Canvas(size: Size(rows: 1, columns: 8))
        canvas.write(text, row: 0, column: 1, width: 6)
        #expect(canvas[0, 1].style == .plain && canvas[0, 3].style == bold)
    }
}
