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
        "each row shows the job's mark, status, name, start, time and ratio",
        arguments: [
            ("bronze_ingest_orders", "  ○ PENDING bronze_ingest_orders ▄█▇▅▁ not started w4m00s –"),
            (
                "bronze_ingest_clickstream",
                "  ◔ QUEUED bronze_ingest_clickstream ▅▄█▇▁ not started w5m00s –"
            ),
            (
                "silver_customers_scd2",
                "  ► RUNNING silver_customers_scd2 ▃▃▂▄█ 12:29:08 5m48s 3.3×"
            ),
            ("silver_payments_dedup", "  » SKIPPED silver_payments_dedup █▇▅▄▁ – – –"),
            (
                "gold_revenue_daily",
                "> ※ INTERNAL gold_revenue_daily ▄█▇▅▄ 12:27:08 1m00s 0.6×"
            ),
            (
                "gold_inventory_snapshot",
                "  ■ BLOCKED gold_inventory_snapshot ▅▄█▇▁ not started w9m00s –"
            ),
            ("dbt_marts_finance", "  ✓ SUCCESS dbt_marts_finance ▇▅▄█▇ 12:25:08 2m00s 1.0×"),
            ("ml_churn_features", "  ✗ FAILED ml_churn_features █▇▅▄█ 12:24:08 2m30s 1.4×"),
            ("ml_fraud_scoring", "  L◌ CANCELNG ml_fraud_scoring ▁▂▂▂█ 12:23:08 11m48s 6.7×"),
            ("geo_enrichment", "  ◷ TIMEOUT geo_enrichment ▅▄█▇▅ 12:18:08 1m30s 0.9×"),
            (
                "quality_checks_nightly",
                "  ‖ PAUSED quality_checks_nightly ▇▅▄█▁ not started w18m00s –"
            ),
            ("gdpr_erasure_requests", "  no data gdpr_erasure_requests – – –"),
            ("orders_retry", "  !► RUNNING orders_retry ▃▆▅▄█ 12:31:08 3m48s 1.9×"),
            ("payments_healed", "  ✓ SUCCESS payments_healed ▄█▇▅▄ 12:31:08 1m00s 0.8×"),
            ("ledger_stuck", "  L► RUNNING ledger_stuck ▁▁▁█▁▁▁ 09:31:08 3h03m >99×"),
        ] as [(String, String)])
    func row(name: String, expected: String) {
        var state = Sample.state(Size(rows: 30, columns: 74))
        _ = state.frame()
        func words(_ text: String) -> String { text.split(separator: " ").joined(separator: " ") }
        let row = state.row(of: String(name.prefix(17)))
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
        "marks a late row L or W in every theme, in ASCII, and without a ratio",
        arguments: Theme.Name.allCases, Glyphs.allCases)
    func late(_ theme: Theme.Name, _ glyphs: Glyphs) {
        for columns in [20, 40, 80, 200] {
            var state = Sample.state(Size(rows: 30, columns: columns), theme: Theme(theme), glyphs: glyphs)
            state.press(.character("3"), .character("s"), .down, .down, .enter)
            #expect(state.jobsOnScreen == ["job-stuck", "job-8"])
            state.tick(after: 1_800)
            if columns >= 80 {
                #expect(state.jobsOnScreen == ["job-1", "job-0", "job-5", "job-stuck", "job-8", "job-2"])
            }
            let marks = state.tableRows.map { $0.dropFirst(2).prefix(1) }
            #expect(marks == ["W", "W", "W", "L", "L", "L"], "\(columns) columns")
        }
    }

    @Test("a row that is not late has neither mark")
    func notLate() {
        var state = Sample.state(Size(rows: 30, columns: 120))
        _ = state.frame()
        for name in ["bronze_ingest_orders", "catalog_sync", "dbt_marts_finance", "gdpr_erasure"] {
            #expect(state.row(of: name).dropFirst(2).first == " ", "\(name)")
        }
    }

    @Test("a waiting job becomes late by time alone: the row and the header show it")
    func becomesLate() {
        var state = Sample.state(Size(rows: 30, columns: 120))
        _ = state.frame()
        state.tick(after: 1_499)
        _ = state.frame()
        #expect(state.screenText().contains("  4 late"))
        #expect(!state.row(of: "bronze_ingest_clickstream").contains("W◔"))
        state.tick(after: 1_500)
        _ = state.frame()
        #expect(state.screenText().contains("  5 late"))
        #expect(state.row(of: "bronze_ingest_clickstream").contains("W◔ QUEUED"))
        #expect(state.row(of: "bronze_ingest_clickstream").contains(" w30m00s "))
    }

    @Test("late times have the colour of late")
    func lateColour() throws {
        var state = Sample.state(Size(rows: 30, columns: 120))
        let canvas = state.frame()
        let late = Theme(.dark).style(.late)
        for (name, time) in [("ledger_stuck", "3h03m"), ("ml_fraud", "11m48s"), ("orders_retry", "3m48s")] {
            let row = try #require(state.rows().firstIndex { $0.contains(name) })
            let text = Array(canvas.text(row: row))
            let column = try #require(text.indices.first { String(text[$0...]).hasPrefix(" " + time) }) + 1
            #expect((canvas[row, column].style == late) == (name != "orders_retry"), "the time of \(name)")
            #expect((canvas[row, 2].style == late) == (name != "orders_retry"), "the mark of \(name)")
        }
    }

    @Test("marks a failure hidden by a new attempt until a success")
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

    @Test("the times of a stale row stop, and do not make it late; others continue")
    func staleStandsStill() {
        var state = Sample.state(Size(rows: 30, columns: 120))
        state.feed(.runsFailed(Sample.expiredToken, of: [JobID("job-1"), JobID("job-8")], at: Sample.now))
        state.tick(after: 60)
        _ = state.frame()
        #expect(state.row(of: "bronze_ingest_clickstream").hasPrefix(" ~ ◔ QUEUED"))
        #expect(state.row(of: "bronze_ingest_clickstream").contains(" w4m57s "), "as of the answer, 3 s before")
        #expect(state.row(of: "ml_fraud_scoring").hasPrefix(" ~L◌ CANCEL"))
        #expect(state.row(of: "ml_fraud_scoring").contains(" 11m45s "))
        #expect(state.row(of: "silver_customers_scd2").contains(" 6m48s "))
        #expect(state.row(of: "silver_customers_scd2").hasSuffix(" 63s"), "its age")
        #expect(state.row(of: "ml_fraud_scoring").hasSuffix(" 63s"), "no answer for four intervals")
    }

    @Test("shows ages that differ from the header's: stale, or without an answer for three intervals")
    func ages() {
        var state = Sample.state(Size(rows: 30, columns: 120))
        _ = state.frame()
        #expect(!state.screenText().contains("AGE"))
        state.tick(after: 42)
        _ = state.frame()
        #expect(!state.screenText().contains("AGE"), "45 s is three intervals of 15 s")
        state.tick(after: 43)
        state.feed(.runs([], of: [JobID("job-none")], at: Sample.now.addingTimeInterval(43)))
        _ = state.frame()
        #expect(state.screenText().contains("AGE"))
        #expect(state.row(of: "ledger_stuck").contains(" 46s"))
        #expect(!state.row(of: "gdpr_erasure_requests").contains(" 0s"))
    }

    @Test("a job without any answer says so, and has no age")
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
        "highlights the selected row from its first to its last column, and no other row",
        arguments: Theme.Name.allCases)
    func selected(theme: Theme.Name) {
        var state = Sample.state(Size(rows: 30, columns: 100), theme: Theme(theme))
        state.press(.down)
        func isSelected(_ style: Style) -> Bool { Theme(theme).selected(style) == style }
        #expect(state.selectedJobOnScreen == "job-7")
        #expect(styles(of: "ml_churn_features", in: state).allSatisfy(isSelected))
        #expect(!styles(of: "gold_revenue_daily", in: state).contains(where: isSelected))
    }

    @Test("a stale row has the stale style in every column", arguments: Theme.Name.allCases)
    func stale(theme: Theme.Name) {
        var state = Sample.state(Size(rows: 30, columns: 100), theme: Theme(theme))
        state.feed(.runsFailed(Sample.expiredToken, of: [JobID("job-2")], at: Sample.now))
        let stale = Theme(theme).style(.stale)
        #expect(styles(of: "silver_customers", in: state).allSatisfy { $0 == stale })
        #expect(!styles(of: "ml_fraud", in: state).allSatisfy { $0 == stale })
    }

    @Test("a ratio has the colour of late from 2 on")
    func ratio() throws {
        let state = Sample.state(Size(rows: 30, columns: 74))
        for (name, ratio, isLate) in [
            ("orders_retry", "1.9×", false), ("silver_cust", "3.3×", true), ("ml_fraud", "6.7×", true),
        ] {
            let text = Array(state.row(of: name))
            let column = try #require(text.indices.first { String(text[$0...]).hasPrefix(ratio) })
            #expect((styles(of: name, in: state)[column] == Theme(.dark).style(.late)) == isLate, "\(name)")
        }
    }

    @Test("shows an unknown trigger unchanged")
    func unknownTrigger() {
        var state = Sample.state(Size(rows: 30, columns: 300))
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

    @Test(
        "the strip has at least five cells, and as many as fit",
        arguments: [(1, 5), (5, 5), (8, 8), (14, 14)])
    func stripWidth(runs: Int, width: Int) throws {
        var state = Sample.state(Size(rows: 30, columns: 200), board: false)
        let job = Sample.jobs[6]
        state.feed(.jobsListed([job], at: Sample.now))
        let known = (0..<runs).map { Sample.run(of: job, index: 6, age: $0, status: .success) }
        state.feed(.runs(known, of: [job.id], at: Sample.now))
        // The next column begins behind the strip and a space.
        let strip = try #require(state.columns(from: "RUNS", through: "STARTED"))
        #expect(strip.count == width + 1 + "STARTED".count)
    }

    @Test("the sort menu of a small screen shows the selected entry")
    func smallSortMenu() {
        var state = Sample.state(Size(rows: 6, columns: 40))
        state.press(.character("s"))
        for key in JobSortKey.allCases {
            #expect(state.rows().contains { $0.contains("│> \(key.title.plainText)") }, "\(key)")
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
