import Foundation
import Polling
import Runs
import Screen
import TestSupport
import Testing

@testable import Dashboard

/// Whole screens against accepted ones: every view, size class and theme.
@Suite("Golden screens")
struct GoldenScreenTests {
    static let sizes = [Size(rows: 5, columns: 20), Size(rows: 24, columns: 80), Size(rows: 60, columns: 200)]

    enum View: String, CaseIterable {
        case jobs, runs, run, trace, help, filter, sort, trouble
    }

    static func state(_ view: View, _ size: Size, _ theme: Theme.Name, glyphs: Glyphs = .utf8) -> DashboardState {
        var state = Sample.state(size, theme: theme, glyphs: glyphs)
        switch view {
        case .jobs: break
        case .runs: state.press(.enter)
        case .run:
            state.press(.enter, .enter)
            state.feed(.tasksListed(Sample.tasks, of: RunID("job-4-run-5", of: JobID("job-4")), at: Sample.now))
        case .trace:
            state.press(.character("e"), .character("/"))
            state.type("java")
            state.press(.enter)
        case .help: state.press(.character("?"))
        case .filter:
            state.press(.character("/"))
            state.type("gold")
        case .sort: state.press(.character("s"), .character("j"))
        case .trouble:
            state.feed(.runsFailed(Sample.expiredToken, of: Array(Sample.jobs.prefix(9).map(\.id)), at: Sample.now))
            state.feed(.phase(.backingOff(next: Sample.now.addingTimeInterval(60), reason: .credentials)))
        }
        return state
    }

    @Test("every view looks as accepted", arguments: View.allCases, Theme.Name.allCases)
    func view(_ view: View, _ theme: Theme.Name) {
        for size in Self.sizes {
            var state = Self.state(view, size, theme)
            Golden.check(state.frame(), "\(theme.rawValue)/\(view.rawValue)-\(size.columns)x\(size.rows)")
        }
    }

    @Test("every view without UTF-8 looks as accepted, in ASCII alone", arguments: View.allCases)
    func ascii(_ view: View) {
        var state = Self.state(view, Self.sizes[1], .mono, glyphs: .ascii)
        let canvas = state.frame()
        Golden.check(canvas, "ascii/\(view.rawValue)-80x24")
        let ours = canvas.description.filter { !$0.isASCII && !"Jörg Müller…".contains($0) }
        #expect(ours.isEmpty, "not ASCII: \(ours)")
    }

    @Test("before the first answer, and below the smallest size")
    func beginnings() {
        var empty = Sample.state(Self.sizes[1], board: false)
        Golden.check(empty.frame(), "dark/empty-80x24")
        var small = Sample.state(Size(rows: 4, columns: 19))
        Golden.check(small.frame(), "dark/too-small-19x4")
    }
}
