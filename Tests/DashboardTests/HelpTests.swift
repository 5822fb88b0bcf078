import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

@Suite("The help")
struct HelpTests {
    private func text(_ size: Size, theme: Theme.Name = .dark, glyphs: Glyphs = .utf8, keys: [Key] = []) -> [String] {
        var state = Sample.state(size, theme: Theme(theme), glyphs: glyphs)
        state.press(keys)
        state.press(.character("?"))
        let canvas = state.frame()
        return (0..<size.rows).map { canvas.text(row: $0) }
    }

    @Test("on a narrow screen texts continue below, without cut words", arguments: [40, 60, 80, 200])
    func narrow(columns: Int) {
        let rows = text(Size(rows: 400, columns: columns)).dropFirst(2).dropLast()
        let titles = ["Keys", "Words", "Statuses", "Columns", "Commands", "Actions"]
        for row in rows where !row.hasPrefix("  ") {
            #expect(titles.contains { row.hasPrefix($0) }, "\(row)")
        }
        let words = Set(rows.flatMap { $0.split(separator: " ").map(String.init) })
        for word in ["newest", "succeeded", "schedule", "median", "clipboard:", "UPSTREAM_CANCELED", "high-contrast,"] {
            #expect(words.contains(word), "\(word)")
        }
    }

    @Test("a text of two rows has its own column")
    func twoRows() throws {
        let rows = text(Size(rows: 60, columns: 40))
        let first = try #require(rows.firstIndex { $0.hasPrefix("  e ") })
        #expect(rows[first].trimmed == "  e          open the error trace of")
        #expect(rows[first + 1].trimmed == "             the newest failure")
    }

    @Test("explains broken, late, active and stale, and every mark")
    func definitions() {
        let rows = text(Size(rows: 200, columns: 200))
        for start in [
            "  broken       the job's last finished run",
            "  late         a run of the job is slow",
            "  active       a run is running or waiting",
            "  stale        the last refresh", "  no data      the service", "  L            late:",
            "  W            late:",
            "  M            a start was missed", "  F            the job is flapping",
            "  from history from an earlier session",
            "  !            the job is broken",
            "  ~            the row is as last seen",
            "  TIME      how long the run took or has taken so far; w4m00s: it has waited 4m",
        ] {
            #expect(rows.contains { $0.hasPrefix(start) }, "\(start)")
        }
        let late = rows.joined().split(separator: " ").joined(separator: " ")
        for words in [
            "three times the longest", "never before 1m", "5m of running or 15m of waiting", "after 30m",
        ] {
            #expect(late.contains(words))
        }
    }

    @Test("lists the commands of its screen with their values, and all names for the settings file")
    func names() throws {
        let jobs = text(Size(rows: 250, columns: 120))
        for start in [
            "  focus late ", "  sort time ", "  theme light ", "  interval 30s ", "  filter gold ", "  trace ",
        ] {
            #expect(jobs.contains { $0.hasPrefix(start) }, "\(start)")
        }
        let names = try #require(jobs.firstIndex { $0.hasPrefix("Actions that keys can be bound to") })
        let listed = jobs[(names + 1)...].compactMap { $0.hasPrefix("  ") ? $0.split(separator: " ").first : nil }
        #expect(listed.map(String.init) == Intent.allCases.map(\.rawValue))
        let run = text(Size(rows: 250, columns: 120), keys: [.enter, .enter])
        let cause = try #require(run.first { $0.hasPrefix("  root-cause ") })
        #expect(cause.contains("; also :cause"))
        #expect(!run.contains { $0.hasPrefix("  focus late ") })
    }

    @Test("does not call a strip of glyphs colour and height")
    func strip() {
        let words = "colour is the status, height the duration"
        for (theme, glyphs, isColoured) in [
            (Theme.Name.dark, Glyphs.utf8, true), (.mono, .utf8, false), (.dark, .ascii, false),
        ] {
            let rows = text(Size(rows: 200, columns: 120), theme: theme, glyphs: glyphs)
            #expect(rows.contains { $0.contains(words) } == isColoured)
            #expect(rows.contains { $0.contains("oldest to newest: each one's status") } != isColoured)
        }
    }

    @Test("no status looks like the mark of the selection, of a stale row or of a failure")
    func glyphs() {
        for glyphs in Glyphs.allCases {
            for status in RunStatus.documented + [.unknown("X"), .missing] {
                #expect(![glyphs.selected, glyphs.stale, "!", "L", "W"].contains(glyphs.status(status)), "\(status)")
            }
        }
    }

    @Test("shows which lines are visible, and scrolls by its keys")
    func position() {
        var state = Sample.state(Size(rows: 24, columns: 80))
        state.press(.character("?"))
        #expect(state.rows()[1].contains("help · 1-21/"))
        state.press(.down)
        #expect(state.rows()[1].contains("help · 2-22/"))
        #expect(state.rows()[2].hasPrefix("  enter "))
        state.press(.character("?"))
        #expect(state.screenShown == .jobs)
    }
}

extension String {
    fileprivate var trimmed: String { String(reversed().drop { $0 == " " }.reversed()) }
}
