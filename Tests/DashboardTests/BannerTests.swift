import Foundation
import Polling
import Runs
import Screen
import Testing

@testable import Dashboard

/// What keeps the data from being up to date, and what a cycle has to say besides.
@Suite("The banner")
struct BannerTests {
    private let size = Size(rows: 24, columns: 80)
    private let keys = Sample.jobs.map(\.id)

    private func error(
        _ summary: String, operation: String = "recentJobRuns", id: String? = nil, advice: String = ""
    ) -> RequestFailure {
        RequestFailure(
            summary: "\(operation): 404 NotAuthorizedOrNotFound: \(summary)", short: "404 NotAuthorizedOrNotFound",
            advice: advice, opcRequestID: id)
    }

    private func report(_ notes: String..., flaws: Int = 0, firstFlaw: String? = nil) -> PollEvent {
        .cycleEnded(CycleReport(flaws: flaws, firstFlaw: firstFlaw, notes: notes))
    }

    /// The lines between the header and the table.
    private func banner(_ state: DashboardState) -> [String] {
        let rows = state.rows()
        let end = rows.firstIndex { $0.contains("STATUS") } ?? rows.count
        return Array(rows[2..<end])
    }

    @Test("shows a real opc-request-id whole at 80x24, with any other lines", arguments: [24, 18])
    func wholeID(rows: Int) {
        let id = (1...3).map { String(repeating: "\($0)A", count: 16) }.joined(separator: "/")
        let long = error(
            String(repeating: "Authorization failed or requested resource not found. ", count: 4), id: id,
            advice: "Wrong instance id or workspace key, no permission, or an instance on an older API version "
                + "(try --api-version 20240831).")
        var state = Sample.state(Size(rows: rows, columns: 80))
        state.feed(.runsFailed(long, of: keys, at: Sample.now))
        state.feed(report("a note"))
        let lines = banner(state)
        let text = lines.map { $0.trimmingCharacters(in: .whitespaces) }.joined()
        #expect(text.contains(id), "\(lines)")
        #expect(text.contains("404 NotAuthorizedOrNotFound"))
        #expect(text.contains("Failing for 0s."))
        #expect(lines.last == " ! a note")
        #expect(lines.count == (rows == 24 ? 6 : 4))
        if rows == 24 { #expect(text.contains("Wrong instance id")) }
    }

    @Test("shows what failed first, then the id, since when, and what to do")
    func order() {
        var state = Sample.state(Size(rows: 24, columns: 200))
        state.feed(.runsFailed(error("gone", id: "ID1", advice: "Look."), of: keys, at: Sample.now))
        #expect(
            banner(state) == [
                " ✗ recentJobRuns: 404 NotAuthorizedOrNotFound: gone", " opc-request-id ID1  Failing for 0s.",
                " Look.",
            ])
    }

    @Test("counts failures of another kind, and a failure lasts since its first cycle")
    func sinceTheFirst() {
        var state = Sample.state(size)
        state.feed(.runsFailed(error("one"), of: [keys[0]], at: Sample.now), after: 0)
        state.feed(.runsFailed(error("one"), of: [keys[1]], at: Sample.now), after: 1)
        #expect(!state.screenText().contains("more)"))
        state.feed(.runsFailed(error("two"), of: [keys[2]], at: Sample.now), after: 1)
        state.feed(.runsFailed(error("two"), of: [keys[2]], at: Sample.now), after: 1)
        #expect(state.screenText().contains("one  (and 2 more)"))
        state.feed(report(), after: 2)
        state.feed(.runsFailed(error("two"), of: [keys[2]], at: Sample.now), after: 60)
        #expect(state.screenText().contains("Failing for 60s."))
        #expect(state.screenText().contains("404 NotAuthorizedOrNotFound: two"), "the newest cycle's first")
        #expect(!state.screenText().contains("more)"))
        state.feed(report(), after: 61)
        state.tick(after: 120)
        #expect(state.screenText().contains("Failing for 2m."))
        state.feed(report(), after: 121)
        #expect(banner(state).isEmpty)
        state.feed(.runsFailed(error("three"), of: [keys[2]], at: Sample.now), after: 200)
        #expect(state.screenText().contains("Failing for 0s."))
    }

    @Test("a failing list of jobs stays visible with its age until it is answered, even if runs are answered")
    func failingList() {
        var state = Sample.state(size)
        let failure = error("no list", operation: "listJobs")
        for minute in 0..<5 {
            state.feed(.jobListFailed(failure, at: Sample.now), after: Double(minute * 60))
            for cycle in 0..<4 {
                state.feed(report(), after: Double(minute * 60 + cycle * 15 + 5))
                let text = state.screenText()
                #expect(text.contains("listJobs: 404 NotAuthorizedOrNotFound: no list"))
                #expect(!text.contains("more)"))
            }
        }
        #expect(state.screenText().contains("Failing for 4m.  The list of jobs is 5m old."), "\(banner(state))")
        // Failing runs come first, and since when either has failed.
        state.feed(.runsFailed(error("no runs"), of: keys, at: Sample.now), after: 291)
        #expect(banner(state)[0].hasSuffix("no runs  (and 1 more)"))
        #expect(state.screenText().contains("Failing for 4m.  The list of jobs is 5m old."))
        state.feed(report(), after: 292)
        state.feed(report(), after: 310)
        #expect(banner(state)[0].hasSuffix("no list"))
        state.feed(.jobsListed(Sample.jobs, at: Sample.now.addingTimeInterval(320)), after: 320)
        #expect(banner(state).isEmpty)
    }

    @Test("shows the same reason for the list and the runs once")
    func sameReason() {
        var state = Sample.state(size)
        state.feed(.jobListFailed(Sample.expiredToken, at: Sample.now))
        state.feed(.runsFailed(Sample.expiredToken, of: keys, at: Sample.now))
        #expect(!state.screenText().contains("more)"))
    }

    @Test("shows the notes of a cycle until the next one, below an error or alone")
    func notes() {
        var state = Sample.state(size)
        state.feed(report("12 jobs not asked for this time: paused"))
        #expect(banner(state) == [" ! 12 jobs not asked for this time: paused"])
        let canvas = state.drawn()
        #expect(canvas[2, 1].style == Theme(.dark).style(.late), "not the style of an error")
        #expect(canvas[2, 79].style == .plain)
        state.feed(report("one", "two"))
        #expect(banner(state) == [" ! one; two"])
        state.feed(.runsFailed(error("gone"), of: keys, at: Sample.now))
        #expect(
            banner(state) == [" ✗ recentJobRuns: 404 NotAuthorizedOrNotFound: gone", " Failing for 0s.", " ! one; two"])
        #expect(state.drawn()[2, 79].style == Theme(.dark).style(.banner))
        state.feed(report())
        state.feed(report())
        #expect(banner(state).isEmpty)
    }

    @Test(
        "counts unreadable items, with the first reason unless a note contains it",
        arguments: [
            (
                1, "items[0].key is missing", [],
                " ! 1 item or field could not be used, the first: items[0].key is missing"
            ),
            (7, "x", ["n"], " ! n; 7 items or fields could not be used, the first: x"),
            (7, "x", ["x"], " ! x"), (2, nil, [], " ! 2 items or fields could not be used"),
        ] as [(Int, String?, [String], String)])
    func flaws(count: Int, first: String?, notes: [String], line: String) {
        var state = Sample.state(Size(rows: 24, columns: 120))
        state.feed(
            .cycleEnded(CycleReport(flaws: count, firstFlaw: first, notes: notes)))
        #expect(banner(state) == [line])
    }

    @Test("many notes get two lines, and the table keeps its rows")
    func manyNotes() {
        var state = Sample.state(size)
        let note = String(repeating: "word ", count: 20)
        state.feed(report(note, note + "2", note + "3", note + "4"))
        let lines = banner(state)
        #expect(lines.count == 2)
        #expect(lines[1].hasSuffix("…"))
        let long = error(
            String(repeating: "word ", count: 40), id: String(repeating: "I", count: 98), advice: note + note)
        state.feed(.runsFailed(long, of: keys, at: Sample.now))
        #expect(banner(state).count == 6)
        #expect(banner(state)[5].hasPrefix(" ! word"))
        #expect(state.tableRows.count == 14)
    }

    @Test(
        "a banner has one line below 10 rows, two below 16, four below 20, else six",
        arguments: [
            (9, 1), (10, 2), (15, 2), (16, 4), (19, 4), (20, 6),
        ])
    func room(rows: Int, expected: Int) {
        var state = Sample.state(Size(rows: rows, columns: 80))
        let long = error(
            String(repeating: "word ", count: 40), id: String(repeating: "I", count: 98),
            advice: String(repeating: "do this ", count: 40))
        state.feed(.runsFailed(long, of: keys, at: Sample.now))
        // Below the header, of two rows from ten rows on, and above the first row of the table or its titles.
        func bannerRows() -> Int {
            let rows = state.rows()
            let end = state.titlesRow ?? rows.firstIndex { $0.hasPrefix(">") } ?? 0
            return end - (rows.count >= 10 ? 2 : 1)
        }
        #expect(bannerRows() == expected)
        state.feed(report("a note"))
        #expect(bannerRows() == expected)
        let isTold = state.screenText().contains("! a note")
        #expect(isTold == (rows >= 16), "where there is no room the error comes first")
    }

    @Test("the narrowest screens show the status and the code, or the first note")
    func narrow() {
        var state = Sample.state(Size(rows: 8, columns: 30))
        state.feed(report("5 jobs not asked for this time"))
        #expect(state.rows()[1].hasPrefix(" ! 5 jobs not asked for"))
        state.feed(.runsFailed(error("gone"), of: keys, at: Sample.now))
        #expect(state.rows()[1].hasPrefix(" ✗ 404 NotAuthorizedOrNotFou"))
        var other = error("gone")
        other.short = "404 gone"
        state.feed(report())
        state.feed(.runsFailed(other, of: keys, at: Sample.now))
        #expect(state.rows()[1] == " ✗ 404 gone")
    }

    @Test("jobs missing in an answer keep their runs, marked stale with the reason")
    func missingJobs() {
        var state = Sample.state(size)
        let before = state.board[keys[0]]?.runs
        #expect(before?.isEmpty == false)
        state.feed(.runsMissing(reason: "recentJobRuns: stopped", of: [keys[0]], at: Sample.now))
        #expect(state.board[keys[0]]?.runs == before)
        #expect(state.rows()[1].contains("1 stale"))
        #expect(banner(state).isEmpty, "it is no failure: the cycle's note says why")
        #expect(state.row(of: "bronze_ingest_o").hasPrefix(" ~ ○ PENDING"))
        state.resize(rows: 40, columns: 80)
        state.enter("ingest_orders", at: "/")
        state.press(.enter, .enter)
        #expect(state.screenText().contains("Stale       recentJobRuns: stopped"))
    }
}
