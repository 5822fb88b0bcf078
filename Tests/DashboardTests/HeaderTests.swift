import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

/// The two lines at the top: what matters keeps its place at every width.
@Suite("The header")
struct HeaderTests {
    private func state(_ columns: Int, rows: Int = 24) -> DashboardState {
        Sample.state(Size(rows: rows, columns: columns))
    }

    @Test(
        "the counts, the age and the phase of the poller are whole at every width",
        arguments: [40, 50, 60, 80, 100, 132, 200])
    func everyWidth(columns: Int) {
        var state = state(columns)
        for (key, widthForCauses) in [
            (Key.enter, 50), (.enter, 60), (.escape, 100), (.escape, 60), (.character("/"), 50),
        ] {
            let rows = state.rows()
            let broken = columns >= widthForCauses ? "5 broken, 1 cause" : "5 broken"
            #expect(rows[1].hasPrefix(" 20 jobs  \(broken)  2 late  8 active"), "\(rows[1])")
            #expect(rows[0].contains("data 3s old"), "\(rows[0])")
            #expect(rows[0].hasSuffix("next in 12s"), "\(rows[0])")
            #expect(rows[0].contains("lakehouse-prod") || columns <= 50, "\(rows[0])")
            state.press(key)
        }
    }

    @Test(
        "omits the profile first, then the region, to show the poller, but never the workspace",
        arguments: [
            (132, " runtop  read-only  us-ashburn-1 · lakehouse-prod · profile DEFAULT "),
            (80, " read-only  us-ashburn-1 · lakehouse-prod  "),
            (60, " lakehouse-prod "), (70, " read-only  lakehouse-prod "), (45, " lakehouse-prod "), (40, " lakehouse"),
        ])
    func place(columns: Int, beginning: String) {
        #expect(state(columns).rows()[0].hasPrefix(beginning), "\(state(columns).rows()[0])")
    }

    @Test("the title of a run is shortened, but not the position in it", arguments: [60, 80, 100])
    func runTitle(columns: Int) {
        var state = state(columns)
        state.feed(
            .jobsListed(
                Sample.jobs.map { Job(id: $0.id, name: $0.name.map { $0 + String(repeating: "x", count: 90) }) },
                at: Sample.now))
        state.press(.enter, .enter)
        let row = state.rows()[1]
        #expect(row.contains("5 broken  2 late  8 active"), "the run's title comes before the causes")
        #expect(row.contains(#/ · 1-\d+/\d+$/#), "\(row)")
        #expect(row.contains("※ gold_rev") || columns == 60, "\(row)")
        #expect(row.contains("…"))
    }

    @Test("a long filter is shortened, but not the number of shown jobs", arguments: [60, 80, 132])
    func longFilter(columns: Int) {
        var state = state(columns)
        state.press(.character("/"))
        state.type("_ !" + String(repeating: "z", count: 100))
        state.press(.enter, .character("f"))
        let row = state.rows()[1]
        #expect(row.contains("5 broken  2 late  8 active"), "the filter comes before the causes")
        #expect(row.contains("5 shown"), "\(row)")
        if columns > 60 {
            #expect(row.contains("filter _ !zz"), "\(row)")
            #expect(row.contains("… · only broken"), "\(row)")
        }
        if columns > 100 { #expect(row.hasSuffix("by worst")) }
    }

    @Test("a short filter is whole, with the focus, the count and the order")
    func shortFilter() {
        var state = state(132)
        state.press(.character("/"))
        state.type("gold")
        state.press(.enter)
        #expect(state.rows()[1].hasSuffix("filter gold · 2 shown · by worst"))
        state.press(.character("f"), .character("S"))
        #expect(state.rows()[1].hasSuffix("filter gold · only broken · 1 shown · by worst, reversed"))
        state.press(.escape)
        state.press(.character("f"))
        #expect(state.rows()[1].hasSuffix("only broken · 5 shown · by worst, reversed"))
    }

    @Test("counts jobs not requested yet, so that \"0 broken\" does not mislead")
    func notAsked() {
        for columns in [36, 60, 80, 132] {
            var state = Sample.state(Size(rows: 24, columns: columns), board: false)
            #expect(state.rows()[1].hasPrefix(" no jobs listed yet"))
            state.feed(.jobsListed(Sample.jobs, at: Sample.now))
            state.feed(.runs([], of: [Sample.jobs[0].id], at: Sample.now))
            #expect(state.rows()[1].contains("19 not asked yet"), "\(state.rows()[1])")
            #expect(state.rows()[1].contains("0 broken"))
            state.feed(.runs([], of: Sample.jobs.dropFirst(2).map(\.id), at: Sample.now))
            #expect(state.rows()[1].contains("1 not asked yet"), "\(state.rows()[1])")
            state.feed(.runsFailed(Sample.expiredToken, of: [Sample.jobs[1].id], at: Sample.now))
            #expect(!state.rows()[1].contains("not asked"))
        }
    }

    @Test("shows the progress of the backfill while it runs, if it fits", arguments: [60, 80, 132])
    func past(columns: Int) {
        var state = state(columns)
        func progress(days: Double, of whole: Double, stopped: String? = nil) -> PollEvent {
            .backfill(
                BackfillProgress(
                    since: Sample.now, until: Sample.now, reached: Sample.now, done: .seconds(days * 86_400),
                    whole: .seconds(whole * 86_400), stopped: stopped))
        }
        let without = state.rows()[1]
        state.feed(progress(days: 3.5, of: 90.01))
        #expect(state.rows()[1].contains("history 3 of 90 days") == (columns > 60), "\(state.rows()[1])")
        #expect(state.rows()[1].hasSuffix("by worst") == (columns != 80), "the order gives way to it")
        #expect(without.hasSuffix("by worst"))
        state.feed(progress(days: 0.5, of: 1.5))
        #expect(state.rows()[1].contains("history 12 of 36 hours") == (columns > 60))
        state.feed(progress(days: 1, of: 90, stopped: "listJobRuns: 404"))
        #expect(state.rows()[1] == without)
        state.feed(progress(days: 90, of: 90))
        #expect(state.rows()[1] == without)
    }

    @Test("on a narrow screen the focus stays visible beside the counts", arguments: [40, 50, 60])
    func narrowFocus(_ columns: Int) {
        var state = Sample.state(Size(rows: 24, columns: columns))
        state.press(.character("2"))
        #expect(state.rows()[1].contains("5 broken"))
        #expect(state.rows()[1].hasSuffix(" 5 shown") || state.rows()[1].contains("only broken · 5 shown"))
    }

    @Test("an empty list of jobs has an age, which differs from no data")
    func emptyList() {
        var state = Sample.state(Size(rows: 24, columns: 80), board: false)
        #expect(state.rows()[0].contains("no data yet"))
        state.feed(.jobsListed([], at: Sample.now))
        #expect(state.rows()[0].contains("list 0s old"))
        #expect(!state.rows()[0].contains("no data yet"))
    }

    @Test("counts stale jobs from the first on, with the right singular")
    func staleCount() {
        var state = state(100)
        #expect(!state.rows()[1].contains("stale"))
        state.feed(.runsFailed(Sample.expiredToken, of: [Sample.jobs[0].id], at: Sample.now))
        #expect(state.rows()[1].contains("1 stale"))
        state.feed(.jobsListed([Sample.jobs[0]], at: Sample.now))
        #expect(state.rows()[1].hasPrefix(" 1 job  0 broken"))
        state.feed(.jobsListed([], at: Sample.now))
        #expect(state.rows()[1].hasPrefix(" 0 jobs  0 broken  0 late  0 active"))
    }

    @Test("a count has its colour only above zero")
    func figureColours() {
        let theme = Theme(.dark)
        func style(_ state: DashboardState, _ word: String) -> Style? {
            let canvas = state.drawn()
            guard let range = canvas.text(row: 1).range(of: word) else { return nil }
            let text = canvas.text(row: 1)
            return canvas[1, text.distance(from: text.startIndex, to: range.lowerBound)].style
        }
        let full = state(100)
        #expect(style(full, "5 broken") == theme.style(.broken))
        #expect(style(full, "2 late") == theme.style(.late))
        #expect(style(full, "8 active") == theme.style(.running))
        var empty = state(100)
        empty.feed(.jobsListed([Sample.jobs[16]], at: Sample.now))
        #expect(style(empty, "0 broken") == theme.style(.quiet))
        #expect(style(empty, "0 late") == theme.style(.quiet))
    }

    @Test("a job becomes late on the screen by time alone")
    func becomesLate() {
        var state = Sample.state(Size(rows: 24, columns: 100), board: false)
        let job = Sample.jobs[0]
        var runs = (1...4).map { Sample.run(of: job, index: 0, age: $0, status: .success) }
        var running = Sample.run(of: job, index: 0, age: 0, status: .running)
        running.started = Sample.now
        running.created = Sample.now
        runs.append(running)
        state.feed(.jobsListed([job], at: Sample.now))
        state.feed(.runs(runs, of: [job.id], at: Sample.now))
        #expect(state.frame().text(row: 1).contains("0 late"))
        state.tick(after: 1200)
        #expect(state.frame().text(row: 1).contains("1 late"), "\(state.rows()[1])")
    }

    @Test(
        "the phase of the poller in words",
        arguments: [
            (PollerPhase.starting, "starting", "starting"),
            (.polling(since: Sample.now, done: 3, of: 9), "polling 3/9", "polling 3/9"),
            (.waiting(next: Sample.now + 12), "every 15s, next in 12s", "next in 12s"),
            (
                .backingOff(next: Sample.now + 60, reason: .rateLimited), "rate-limited, next try 12:35:56",
                "next try 12:35:56"
            ),
            (
                .backingOff(next: Sample.now + 60, reason: .breakerOpen(cycles: 2)), "backing off, next try 12:35:56",
                "next try 12:35:56"
            ),
            (
                .backingOff(next: Sample.now + 60, reason: .credentials), "not signed in, next try 12:35:56",
                "next try 12:35:56"
            ),
            (.pausing, "PAUSING, p resumes", "PAUSED"), (.paused, "PAUSED, p resumes", "PAUSED"),
        ])
    func phases(phase: PollerPhase, wide: String, narrow: String) {
        for (columns, words) in [(80, wide), (60, wide), (59, narrow)] {
            var state = state(columns)
            state.feed(.phase(phase))
            #expect(state.rows()[0].hasSuffix("data 3s old · " + words), "\(state.rows()[0])")
        }
    }

    @Test("shows the ages of the oldest and newest answer if the oldest is three intervals old", arguments: [45, 46])
    func spreadOfAges(seconds: Int) {
        var state = state(100)
        _ = state.update(
            .poll(.runs([], of: [Sample.jobs[0].id], at: Sample.now.addingTimeInterval(Double(seconds) - 5))),
            at: Sample.now.addingTimeInterval(Double(seconds) - 3))
        let expected = seconds == 45 ? "data 45s old" : "data 2s to 46s old"
        #expect(state.rows()[0].contains(expected), "\(state.rows()[0])")
        _ = state.update(.resized(Size(rows: 24, columns: 59)), at: Sample.now.addingTimeInterval(Double(seconds) - 3))
        #expect(state.rows()[0].contains("data \(seconds)s old"))
    }

    @Test("on the narrowest screens: problems and the age")
    func narrowest() {
        var state = state(31, rows: 8)
        #expect(state.rows()[0] == " 5 broken  2 late           3s")
        _ = state.update(.session(ends: Sample.now.addingTimeInterval(90)), at: Sample.now)
        #expect(state.rows()[0] == " 5 broken  2 late token 90s 3s")
        state.feed(.jobsListed(Sample.jobs + [Job(id: JobID("new"))], at: Sample.now))
        #expect(state.rows()[0] == " 5 broken         token 90s 3s")
        _ = state.update(.session(ends: nil), at: Sample.now)
        #expect(state.rows()[0] == " 1 not asked yet 5 broken   3s")
        state.resize(rows: 5, columns: 20)
        #expect(state.rows()[0] == " 5 broken        3s")
        state.feed(.jobsListed(Sample.jobs, at: Sample.now))
        #expect(state.rows()[0] == " 5 broken 2 late 3s")
    }

    @Test("the workspace's name replaces its key")
    func workspaceName() {
        var state = state(132)
        state.feed(.workspaceNamed("retail\u{202E}production"))
        let row = state.rows()[0]
        let beginning = " runtop  read-only  us-ashburn-1 · retail<U+202E>production · profile DEFAULT"
        #expect(row.hasPrefix(beginning), "\(row)")
    }

    @Test("p pauses and resumes, even before the poller has answered")
    func pauseKey() {
        var state = state(120)
        expect(&state, pressing: .character("p"), gives: [.poll(.pause)])
        #expect(state.rows()[0].hasSuffix("PAUSING, p resumes"))
        #expect(state.rows()[23].contains("p resume"))
        expect(&state, pressing: .character("p"), gives: [.poll(.resume)])
        #expect(state.rows()[23].contains("p pause"))
        expect(&state, pressing: .character("p"), gives: [.poll(.pause)])
        state.feed(.phase(.pausing))
        expect(&state, pressing: .character("p"), gives: [.poll(.resume)])
        state.feed(.phase(.paused))
        #expect(state.rows()[0].hasSuffix("PAUSED, p resumes"))
        expect(&state, pressing: .character("p"), gives: [.poll(.resume)])
        state.feed(.phase(.polling(since: Sample.now, done: 0, of: 1)))
        #expect(state.rows()[23].contains("p pause"))
        expect(&state, pressing: .character("p"), gives: [.poll(.pause)])
    }
}
