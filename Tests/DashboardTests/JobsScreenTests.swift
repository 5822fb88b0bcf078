import Foundation
import Polling
import Runs
import Screen
import Testing

@testable import Dashboard

@Suite("The table of jobs")
struct JobsScreenTests {
    let size = Size(rows: 24, columns: 80)

    @Test("the worst stands first and is selected from the start")
    func worstFirst() {
        var state = Sample.state(size)
        _ = state.frame()
        #expect(state.jobs.rows.first == state.jobs.cursor.selection)
        #expect(state.selectedJob?.health(at: Sample.now) == .broken)
    }

    @Test("until a row is chosen, and again after g, the first row is selected")
    func leftAlone() throws {
        var state = Sample.state(size)
        _ = state.frame()
        let worst = try #require(state.jobs.cursor.selection)
        func turnRound() {
            state.jobs.order.isReversed.toggle()
            state.feed(.jobsListed(Sample.jobs, at: Sample.now))
            _ = state.frame()
        }
        turnRound()
        #expect(state.jobs.cursor.selection == state.jobs.rows.first && state.jobs.cursor.top == 0)
        #expect(state.jobs.cursor.selection != worst)
        state.press(.down)
        let chosen = state.jobs.cursor.selection
        turnRound()
        #expect(state.jobs.cursor.selection == chosen)
        state.press(.character("g"))
        turnRound()
        #expect(state.jobs.cursor.selection == state.jobs.rows.first)
        // The job that was opened is selected when the operator comes back.
        state.press(.enter)
        let opened = state.jobs.cursor.selection
        turnRound()
        state.press(.escape)
        #expect(state.jobs.cursor.selection == opened)
    }

    @Test("the selection follows its job when rows move")
    func selectionFollows() {
        var state = Sample.state(size)
        state.press(.down, .down, .down)
        let selected = state.jobs.cursor.selection
        state.press(.character("S"))
        _ = state.frame()
        #expect(state.jobs.cursor.selection == selected)
        #expect(state.jobs.rows[state.jobs.cursor.index] == selected)
        #expect(state.jobs.cursor.index > 3)
    }

    @Test("when the selected job vanishes, the row in its place is selected")
    func selectionOfVanished() {
        var state = Sample.state(size)
        state.press(.down, .down)
        let gone = state.jobs.cursor.selection
        let next = state.jobs.rows[3]
        state.feed(.jobsListed(Sample.jobs.filter { $0.id != gone }, at: Sample.now))
        _ = state.frame()
        #expect(state.jobs.cursor.selection == next)
    }

    @Test("a filter works as it is typed, Enter applies, Esc removes it")
    func filter() {
        var state = Sample.state(size)
        _ = state.frame()
        let all = state.jobs.rows.count
        state.press(.character("/"))
        state.type("gold")
        _ = state.frame()
        #expect(state.jobs.rows.count == 2)
        state.press(.escape)
        _ = state.frame()
        #expect(state.jobs.rows.count == all)
        state.press(.character("/"))
        state.type("!gold")
        state.press(.enter)
        _ = state.frame()
        #expect(state.jobs.rows.count == all - 2)
        state.press(.escape)
        _ = state.frame()
        #expect(state.jobs.rows.count == all)
    }

    @Test("f shows the broken, the late, the active and all again; 1 to 4 show each at once")
    func focus() {
        let shown: [(JobFilter.Focus, Set<String>)] = [
            (.broken, ["job-4", "job-7", "job-11", "job-13", "job-retried"]),
            (.late, ["job-2", "job-5", "job-8", "job-14", "job-stuck"]),
            (
                .active,
                ["job-0", "job-1", "job-2", "job-5", "job-8", "job-14", "job-retried", "job-stuck"]
            ),
            (.all, Set(Sample.jobs.map(\.id.key))),
        ]
        var state = Sample.state(Size(rows: 30, columns: 80))
        func expect(_ focus: JobFilter.Focus, _ keys: Set<String>) {
            _ = state.frame()
            #expect(Set(state.jobs.rows.map(\.key)) == keys)
            #expect(state.screenText().contains("only \(focus.rawValue)") == (focus != .all))
        }
        for (focus, keys) in shown {
            state.press(.character("f"))
            expect(focus, keys)
        }
        for (focus, keys) in shown {
            state.press(.character(["2", "3", "4", "1"][shown.firstIndex { $0.0 == focus } ?? 0]))
            expect(focus, keys)
        }
    }

    @Test("every key of the sort menu sorts by it", arguments: JobSortKey.allCases)
    func sort(_ key: JobSortKey) throws {
        var state = Sample.state(size)
        state.press(.character("s"))
        for _ in 0..<(try #require(JobSortKey.allCases.firstIndex(of: key))) { state.press(.down) }
        state.press(.enter)
        #expect(state.jobs.order == JobOrder(key))
        #expect(state.screenText().contains("by \(key.title.description)"))
        _ = state.frame()
        let rows = state.jobs.rows
        state.press(.character("S"))
        _ = state.frame()
        #expect(state.screenText().contains("by \(key.title.description), reversed"))
        #expect(state.jobs.rows == rows.reversed())
    }

    @Test("paging moves by what is in sight, and stops at the ends")
    func paging() {
        var state = Sample.state(Size(rows: 10, columns: 80))
        _ = state.frame()
        let page = state.jobsTableHeight
        state.press(.pageDown)
        #expect(state.jobs.cursor.index == page)
        state.press(.pageDown, .pageDown, .pageDown, .pageDown)
        #expect(state.jobs.cursor.index == state.jobs.rows.count - 1)
        state.press(.control("u"))
        #expect(state.jobs.cursor.index == state.jobs.rows.count - 1 - page / 2)
        state.press(.character("g"))
        #expect(state.jobs.cursor.index == 0)
    }

    @Test("no jobs, no answer and no match are different words")
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

    @Test("a failure keeps every row, marks those it concerns, and says what to do")
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
        #expect(state.jobs.rows.count == Sample.jobs.count)
        let after = state.rows().filter { $0.contains("_") }
        #expect(after.filter { before.contains($0.dropFirst(2)) }.isEmpty, "the column of ages is shown now")
        let marked = after.filter { $0.dropFirst().hasPrefix("~") }
        #expect(marked.count == 2)
        for job in Sample.jobs.prefix(2) {
            #expect(marked.contains { $0.contains((job.name ?? "").prefix(15)) && $0.hasSuffix(" 3s") }, "\(marked)")
        }
    }

    @Test("the trouble ends with the first cycle that goes through")
    func troubleEnds() {
        var state = Sample.state(size)
        state.feed(.runsFailed(Sample.expiredToken, of: [Sample.jobs[0].id], at: Sample.now))
        state.feed(.cycleEnded(CycleReport()))
        #expect(state.poller.outage != nil)
        state.feed(.runs([], of: [Sample.jobs[0].id], at: Sample.now))
        state.feed(.cycleEnded(CycleReport()))
        #expect(state.poller.outage == nil)
    }

    @Test("active durations and ages tick")
    func ticking() {
        var state = Sample.state(Size(rows: 40, columns: 120))
        let before = state.screenText()
        _ = state.update(.tick, at: Sample.now.addingTimeInterval(1))
        let after = state.screenText()
        #expect(before.contains("data 3s old") && after.contains("data 4s old"))
        #expect(before.contains("next in 12s") && after.contains("next in 11s"))
    }

    @Test("keys pause and resume polling, refresh, and poll more or less often")
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
        "no hostile job name moves the columns beside it",
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
