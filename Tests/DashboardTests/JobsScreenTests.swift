import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

@Suite("The table of jobs")
struct JobsScreenTests {
    let size = Size(rows: 24, columns: 80)

    @Test("the worst job is first and selected at the start")
    func worstFirst() {
        let state = Sample.state(size)
        #expect(state.selectedTableRow == 0)
        #expect(state.tableRows.first?.hasPrefix(">  ※ INTERNAL gold_revenue_daily") == true)
    }

    @Test("the first row is selected until the user selects one, and again after g")
    func leftAlone() throws {
        var state = Sample.state(Size(rows: 10, columns: 80))
        func turnRound() {
            state.press(.character("S"))
            state.feed(.jobsListed(Sample.jobs, at: Sample.now))
            _ = state.frame()
        }
        let worst = try #require(state.selectedJobOnScreen)
        turnRound()
        #expect(state.selectedTableRow == 0)
        #expect(state.rows()[1].contains(" 1/20"), "the table stands at its beginning")
        #expect(state.selectedJobOnScreen != worst)
        state.press(.down)
        let chosen = state.selectedJobOnScreen
        turnRound()
        #expect(state.selectedJobOnScreen == chosen)
        state.press(.character("g"))
        turnRound()
        #expect(state.selectedTableRow == 0)
        #expect(state.rows()[1].contains(" 1/20"))
    }

    @Test("the opened job is selected when the user returns, wherever its row is by then")
    func openedJob() {
        var state = Sample.state(size)
        #expect(state.selectedJobOnScreen == "job-4")
        state.press(.enter)
        var healed = Sample.runs(of: Sample.jobs[4])
        healed[0].status = .success
        state.feed(.runs(healed, of: [JobID("job-4")], at: Sample.now))
        _ = state.frame()
        state.press(.escape)
        #expect(state.selectedJobOnScreen == "job-4")
        #expect(state.selectedTableRow != 0)
    }

    @Test("the selection follows its job when rows move")
    func selectionFollows() {
        var state = Sample.state(size)
        state.press(.down, .down, .down)
        #expect(state.selectedTableRow == 3)
        let selected = state.selectedJobOnScreen
        state.press(.character("S"))
        #expect(state.selectedJobOnScreen == selected)
        #expect(state.selectedTableRow == 16, "of twenty rows, the fourth from the end")
    }

    @Test("when the selected job is removed, the row at its place is selected")
    func selectionOfVanished() {
        var state = Sample.state(size)
        state.press(.down, .down)
        let gone = state.selectedJobOnScreen
        let next = state.jobsOnScreen[3]
        state.feed(.jobsListed(Sample.jobs.filter { $0.id.key != gone }, at: Sample.now))
        #expect(state.selectedJobOnScreen == next)
    }

    @Test("a filter works while typing, Enter keeps it, Esc removes it")
    func filter() {
        var state = Sample.state(size)
        #expect(state.jobsOnScreen.count == Sample.jobs.count)
        state.press(.character("/"))
        state.type("gold")
        #expect(state.jobsOnScreen == ["job-4", "job-5"])
        state.press(.escape)
        #expect(state.jobsOnScreen.count == Sample.jobs.count)
        state.enter("!gold", at: "/")
        #expect(state.jobsOnScreen.count == Sample.jobs.count - 2)
        state.press(.escape)
        #expect(state.jobsOnScreen.count == Sample.jobs.count)
    }

    @Test("f shows the broken, late, flapping and active jobs, then all; 1 to 4 show each at once")
    func focus() {
        let shown: [(JobFilter.Focus, Set<String>)] = [
            (.broken, ["job-4", "job-7", "job-11", "job-13", "job-retried"]),
            (.late, ["job-8", "job-stuck"]),
            (.flapping, []),
            (
                .active,
                ["job-0", "job-1", "job-2", "job-5", "job-8", "job-14", "job-retried", "job-stuck"]
            ),
            (.all, Set(Sample.jobs.map(\.id.key))),
        ]
        var state = Sample.state(Size(rows: 30, columns: 80))
        func expect(_ focus: JobFilter.Focus, _ keys: Set<String>) {
            #expect(Set(state.jobsOnScreen) == keys)
            #expect(state.screenText().contains("only \(focus.rawValue)") == (focus != .all))
        }
        for (focus, keys) in shown {
            state.press(.character("f"))
            expect(focus, keys)
        }
        let direct: [JobFilter.Focus: Character] = [.all: "1", .broken: "2", .late: "3", .active: "4"]
        for (focus, keys) in shown {
            guard let key = direct[focus] else { continue }
            state.press(.character(key))
            expect(focus, keys)
        }
    }

    @Test("every key of the sort menu sorts by it", arguments: JobSortKey.allCases)
    func sort(_ key: JobSortKey) throws {
        var state = Sample.state(size)
        state.press(.character("s"))
        for _ in 0..<(try #require(JobSortKey.allCases.firstIndex(of: key))) { state.press(.down) }
        state.press(.enter)
        #expect(state.screenText().contains("by \(key.title.plainText)"))
        let jobs = state.jobsOnScreen
        let expected = JobOrder(key).sorted(Array(state.board.entries.values), at: Sample.now)
        #expect(jobs == expected.map(\.job.id.key))
        state.press(.character("S"))
        #expect(state.screenText().contains("by \(key.title.plainText), reversed"))
        #expect(state.jobsOnScreen == jobs.reversed())
    }

    @Test("pages move by the visible rows, and stop at the ends")
    func paging() {
        var state = Sample.state(Size(rows: 10, columns: 80))
        #expect(state.tableRows.count == 6)
        state.press(.pageDown)
        #expect(state.rows()[1].hasSuffix(" 7/20"))
        state.press(.pageDown, .pageDown, .pageDown, .pageDown)
        #expect(state.rows()[1].hasSuffix(" 20/20"))
        state.press(.control("u"))
        #expect(state.rows()[1].hasSuffix(" 17/20"))
        state.press(.character("g"))
        #expect(state.rows()[1].hasSuffix(" 1/20"))
    }

    @Test("no jobs, no answer and no match have different messages")
    func emptiness() {
        var state = Sample.state(size, board: false)
        #expect(state.screenText().contains("Asking the service for the jobs."))
        state.feed(.jobListFailed(Sample.expiredToken, at: Sample.now))
        #expect(state.screenText().contains("No data yet"))
        state.feed(.jobsListed([], at: Sample.now))
        #expect(state.screenText().contains("lists no jobs here"))
        state.feed(.jobsListed(Sample.jobs, at: Sample.now))
        #expect(state.screenText().contains("not asked"))
        state.feed(.runs([], of: Sample.jobs.map(\.id), at: Sample.now))
        #expect(state.screenText().contains("no data"))
        state.press(.character("/"))
        state.type("zzz")
        #expect(state.screenText().contains("No job matches"))
    }

    @Test("a failure keeps all rows, marks the affected ones, and says what to do")
    func failureKeepsRows() {
        var state = Sample.state(size)
        let before = Set(state.rows().filter { $0.contains("_") }.map { $0.dropFirst(2) })
        let concerned = Sample.jobs.prefix(2).map(\.id)
        state.feed(.runsFailed(Sample.expiredToken, of: concerned, at: Sample.now))
        _ = state.frame()
        let text = state.screenText()
        #expect(text.contains("oci session authenticate"))
        #expect(text.contains("8B1F0C/77AA/0001"))
        #expect(text.contains("2 stale"))
        let after = state.rows().filter { $0.contains("_") }
        #expect(after.filter { before.contains($0.dropFirst(2)) }.isEmpty, "the column of ages is shown now")
        let marked = after.filter { $0.dropFirst().hasPrefix("~") }
        #expect(marked.count == 2)
        #expect(Set(marked.compactMap(Sample.jobKey(in:))) == ["job-0", "job-1"])
        #expect(marked.allSatisfy { $0.hasSuffix(" 3s") }, "\(marked)")
        state.resize(rows: 40, columns: 80)
        #expect(Set(state.jobsOnScreen) == Set(Sample.jobs.map(\.id.key)))
    }

    @Test("the outage ends with the first successful cycle")
    func troubleEnds() {
        var state = Sample.state(size)
        state.feed(.runsFailed(Sample.expiredToken, of: [Sample.jobs[0].id], at: Sample.now))
        state.feed(.cycleEnded(CycleReport()))
        #expect(state.screenText().contains("401 NotAuthenticated"))
        state.feed(.runs([], of: [Sample.jobs[0].id], at: Sample.now))
        state.feed(.cycleEnded(CycleReport()))
        #expect(!state.screenText().contains("401 NotAuthenticated"))
    }

    @Test("active durations and ages count")
    func ticking() {
        var state = Sample.state(Size(rows: 40, columns: 120))
        let before = state.screenText()
        state.tick(after: 1)
        let after = state.screenText()
        #expect(before.contains("data 3s old"))
        #expect(before.contains("next in 12s"))
        #expect(before.contains(" 3h03m "))
        #expect(before.contains(" 5m48s "))
        #expect(after.contains("data 4s old"))
        #expect(after.contains("next in 11s"))
        #expect(after.contains(" 5m49s "))
    }

    @Test("keys pause and resume polling, refresh, and change the interval")
    func pollerKeys() {
        var state = Sample.state(size)
        expect(&state, pressing: .character("p"), gives: [.poll(.pause)])
        state.feed(.phase(.paused))
        #expect(state.screenText().contains("PAUSED"))
        expect(&state, pressing: .character("p"), gives: [.poll(.resume)])
        expect(&state, pressing: .character("r"), gives: [.poll(.refreshNow)])
        expect(&state, pressing: .character("+"), gives: [.poll(.setInterval(.seconds(10)))])
        expect(&state, pressing: .character("-"), gives: [.poll(.setInterval(.seconds(15)))])
    }

    @Test(
        "hostile job names do not move the columns beside them",
        arguments: ["a\u{202E}b", "日本語ジョブ名", "e\u{301}\u{301}", "x\u{1B}[31my", "\r\n\t", "👨‍👩‍👧‍👦 family"])
    func hostileNames(_ name: String) {
        func frame(named name: String) -> Canvas {
            var state = Sample.state(Size(rows: 24, columns: 100))
            state.feed(
                .jobsListed(
                    Sample.jobs.map { Job(id: $0.id, name: $0.id == Sample.jobs[7].id ? name : $0.name) },
                    at: Sample.now))
            state.press(.character("s"), .enter)
            return state.frame()
        }
        let (plain, hostile) = (frame(named: "plain"), frame(named: name))
        let text = plain.text(row: 4)
        #expect(text.contains("plain"))
        for row in 0..<24 {
            for column in [0, 1, 2, 60, 70, 80, 90, 99] where row != 4 || column < 14 || column > 45 {
                #expect(plain[row, column] == hostile[row, column], "row \(row), column \(column)")
            }
        }
    }
}
