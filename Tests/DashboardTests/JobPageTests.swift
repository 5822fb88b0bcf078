import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

/// The page of a job: how it is reached and left, what it says, and what it says where little is known.
@Suite("The page of a job")
struct JobPageTests {
    private let size = Size(rows: 24, columns: 80)

    private func page(_ name: String, _ size: Size = Size(rows: 70, columns: 100)) -> DashboardState {
        var state = PastSample.state(size)
        state.enter(name, at: "/")
        state.press(.character("d"))
        return state
    }

    @Test("d opens it from the jobs and from the runs, Esc returns to that screen")
    func wayInAndOut() {
        var state = PastSample.state(size)
        state.press(.character("d"))
        #expect(state.screenShown == .job)
        state.press(.escape)
        #expect(state.screenShown == .jobs)
        state.press(.enter, .character("d"))
        #expect(state.screenShown == .job)
        state.press(.escape)
        #expect(state.screenShown == .runs)
        state.press(.escape)
        #expect(state.screenShown == .jobs)
    }

    @Test("Enter opens the runs, and the two screens do not stack up")
    func betweenPageAndRuns() {
        var state = PastSample.state(size)
        state.press(.character("d"), .enter)
        #expect(state.screenShown == .runs)
        state.press(.character("d"))
        #expect(state.screenShown == .job)
        state.press(.enter, .character("d"), .enter, .character("d"), .escape)
        #expect(state.screenShown == .jobs)
        state.press(.enter, .character("d"), .enter, .character("d"), .enter, .escape)
        #expect(state.screenShown == .jobs)
    }

    @Test("Tab goes to the next job's page, e to the newest failure, y copies the key")
    func keys() {
        var state = PastSample.state(size)
        state.press(.character("d"))
        let first = state.rows()[2]
        expect(&state, pressing: .character("y"), gives: [.copy("job-4", what: "the job key")])
        state.press(.tab)
        #expect(state.screenShown == .job)
        #expect(state.rows()[2] != first)
        state.press(.character("e"))
        #expect(state.screenShown == .run)
        state.press(.escape, .escape)
        #expect(state.screenShown == .jobs)
        #expect(state.selectedTableRow == 1, "the job of the page is selected")
    }

    @Test("requests all runs from the history once per job, and shows them when they arrive")
    func recall() {
        var state = PastSample.state(Size(rows: 70, columns: 100))
        expect(&state, pressing: .character("d"), gives: [.recallPast(of: JobID("job-4"))])
        #expect(state.row(of: "Known").contains("105 runs since 2026-03-24"))
        let old = (200...300).map { PastSample.run(age: $0, of: 4) }
        _ = state.update(.pastRecalled(old, of: JobID("job-4")), at: Sample.now)
        #expect(state.row(of: "Known").contains("206 runs since 2026-01-08"))
        _ = state.update(.pastRecalled(old, of: JobID("job-5")), at: Sample.now)
        #expect(state.row(of: "Known").contains("206 runs"), "another job's past is not this one's")
        state.tick(after: 1)
        #expect(state.row(of: "Known").contains("206 runs"))
    }

    @Test("shows new runs of an answer at once")
    func newRuns() {
        var state = page("payments_healed")
        #expect(state.row(of: "Known").contains("105 runs"))
        var runs = Sample.runs(of: Job(id: Sample.healedJob, name: "payments_healed"))
        var failed = JobRun(id: RunID("new", of: Sample.healedJob), status: .failed)
        failed.created = Sample.now.addingTimeInterval(-60)
        failed.started = failed.created
        failed.ended = Sample.now.addingTimeInterval(-30)
        runs.append(failed)
        state.feed(.runs(runs, of: [Sample.healedJob], at: Sample.now))
        #expect(state.row(of: "Known").contains("106 runs"))
        #expect(state.screenText().contains("failing"))
    }

    @Test("groups failures by cause, regardless of numbers")
    func causes() {
        let text = page("orders_retry").screenText()
        #expect(text.contains("Failures by cause (15)"))
        #expect(text.contains("     7×  "))
        #expect(text.contains("No space left on device"))
        #expect(text.contains("FAILED, and no line of a trace that names the cause"))
    }

    @Test("shows the schedule, whether it is paused, or that there is none")
    func schedules() {
        #expect(
            page("bronze_ingest_orders").row(of: "Schedule")
                .contains("every 6 hours, Europe/Berlin (0 0 0/6 * * ?)"))
        #expect(page("silver_customers").row(of: "Schedule").contains("PAUSED: every 6 hours, UTC"))
        #expect(page("silver_customers").row(of: "Next start").contains("none while the schedule is paused"))
        #expect(page("silver_payments").row(of: "Schedule").contains("none"))
    }

    @Test("shows no statistics with too few runs, and no chart without runs")
    func few() {
        var state = Sample.state(Size(rows: 60, columns: 100), board: false)
        let job = Job(id: JobID("job"), name: "orders")
        state.feed(.jobsListed([job], at: Sample.now))
        state.press(.character("d"))
        #expect(state.screenText().contains("not asked  orders"))
        #expect(state.screenText().contains("No run is known."))
        #expect(!state.screenText().contains("Statistics"))
        state.feed(.runs([OneRun.run(.success)], of: [job.id], at: Sample.now))
        let text = state.screenText()
        #expect(text.contains("Statistics, of the last run"))
        #expect(state.row(of: "Duration").contains("too few runs to say"))
        #expect(state.row(of: "Wait").contains("too few runs to say"))
        #expect(text.contains("When it usually runs: too few runs to say"))
        #expect(text.contains("No failure is known"))
        #expect(!text.contains("median"))
    }

    @Test("a row from history shows that, with its age, as do the header and the table")
    func remembered() {
        let state = PastSample.remembered(Size(rows: 24, columns: 100))
        #expect(state.rows()[0].contains("from history, 3h old"), "\(state.rows()[0])")
        #expect(state.rows()[1].contains("20 from history"), "\(state.rows()[1])")
        #expect(state.columnTitles.contains("AGE"))
        #expect(state.row(of: "gold_revenue_daily").hasSuffix(" 3h"))
        #expect(state.tableRows.allSatisfy { $0.dropFirst().hasPrefix("~") })
        var open = state
        open.press(.character("d"))
        #expect(open.screenText().contains("From history, as it was 3h ago: the service has not answered yet."))
        var answered = state
        let job = Sample.jobs[4]
        let now = Sample.now.addingTimeInterval(10_800)
        answered.feed(.runs(Sample.runs(of: job), of: [job.id], at: now))
        #expect(answered.rows()[1].contains("19 from history"))
        #expect(answered.rows()[0].contains("data <1h to 3h old"))
        #expect(answered.row(of: "gold_revenue_daily").hasPrefix(">  ※"))
    }

    @Test("a job that is no longer listed keeps its page, which says so")
    func vanished() {
        var state = page("orders_retry")
        state.feed(.jobsListed([], at: Sample.now))
        #expect(state.screenText().contains("The service no longer lists this job: it is as it was last seen."))
        #expect(state.row(of: "Known").contains("105 runs"))
        state.press(.enter, .character("e"), .tab)
        #expect(state.screenShown == .job)
    }

    @Test("makes the service's text safe, with visible escapes")
    func hostile() {
        var state = Sample.state(Size(rows: 60, columns: 100), board: false)
        var job = Job(id: JobID("key\u{202E}"), name: "na\u{1B}[31mme", path: "/a\u{9B}b")
        job.schedule = JobSchedule(quartzCronExpression: "0 0\n2", timeZoneID: "Eu\u{7}rope")
        var failed = OneRun.run(.failed, trace: "KeyError: '\u{202E}id'")
        failed = JobRun(id: RunID("r", of: job.id), status: .failed)
        failed.created = Sample.now
        failed.errorTrace = "KeyError: '\u{202E}id'"
        state.feed(.jobsListed([job], at: Sample.now))
        state.feed(.runs([failed], of: [job.id], at: Sample.now))
        state.press(.character("d"))
        let text = state.screenText()
        for escape in ["<U+202E>", "<U+001B>", "<U+009B>", "<U+0007>", "<U+000A>"] {
            #expect(text.contains(escape), "\(escape)")
        }
        #expect(text.contains("KeyError: '<U+202E>id'"))
        #expect(state.reversedText().contains("<U+202E>"))
    }

    @Test("is shown beside the runs from 150 columns on, and d opens it whole", arguments: [149, 150, 200])
    func beside(columns: Int) {
        var state = PastSample.state(Size(rows: 40, columns: columns))
        let effects = state.press(.enter)
        #expect(effects == (columns >= 150 ? [.recallPast(of: JobID("job-4"))] : []))
        #expect(state.screenText().contains("How long its runs took") == (columns >= 150))
        #expect(state.screenShown == .runs)
        state.press(.character("d"))
        #expect(state.screenShown == .job)
        state.resize(rows: 40, columns: 80)
        #expect(state.screenText().contains("How long its runs took"))
    }

    @Test("is drawn at every size, from its top to its end", arguments: [20, 27, 40, 60, 80, 120, 149, 150, 250])
    func sizes(columns: Int) {
        for rows in [5, 12, 24, 60] {
            var state = PastSample.state(Size(rows: rows, columns: columns))
            state.press(.character("d"))
            for key: Key in [.down, .pageDown, .character("G"), .pageUp, .character("g")] {
                state.press(key)
                #expect(state.drawn().size == Size(rows: rows, columns: columns))
            }
            state.press(.character("G"))
            let body = state.rows().dropFirst(rows >= 10 ? 2 : 1).dropLast()
            #expect(body.contains { !$0.isEmpty })
        }
    }
}

@Suite("Failures by cause")
struct FailureGroupTests {
    private func failure(_ key: String, _ cause: String?, hoursAgo: Double = 1) -> PastRun {
        var run = PastRun(key: key, status: .failed)
        run.created = Sample.now.addingTimeInterval(-hoursAgo * 3_600)
        run.cause = cause
        return run
    }

    @Test("causes that differ only in numbers are one, with the text of the newest")
    func numbers() {
        let groups = FailureGroup.groups(
            of: [
                failure("a", "executor 7 lost at 0xdeadbeef12", hoursAgo: 3),
                failure("b", "executor 12 lost at 0x00ffee9911", hoursAgo: 2), failure("c", "disk full"),
            ], causes: [:])
        #expect(groups.map(\.count) == [2, 1])
        #expect(groups[0].cause.plainText == "executor 12 lost at 0x00ffee9911")
        #expect(groups[0].newest == Sample.now.addingTimeInterval(-7_200))
    }

    @Test("different words are different causes, and a failure without a cause counts by its status")
    func words() {
        var timedOut = failure("d", nil)
        timedOut.status = .timedOut
        let groups = FailureGroup.groups(
            of: [failure("a", "table a"), failure("b", "table b"), failure("c", ""), timedOut], causes: ["d": "slow"])
        #expect(
            Set(groups.map(\.cause.plainText))
                == ["table a", "table b", "FAILED, and no line of a trace that names the cause", "slow"])
    }
}
